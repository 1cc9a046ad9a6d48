"""A sequence that an assumption defines by others is replaced by its definition, also under sums and quantifiers.

    G has:  forall n with guard:  f(n + a) = h(n)        (h free of f)
    every f(u) in P has u integer, and guard[u - a] follows from what holds at that place
    G' |- P[f(u) := h(u - a)]
    -------------------------------------------------------------------------------------    (without conditions)
    G |- P                G': the assumptions of G with the same done to them, those in which f is left dropped

Where the assumption holds both its sides are defined, and f(u) = h(u - a): at every place the value is the same.
FAILURE: f occurs in h; the guard does not follow at some place of P; a power of h that means something else with
u put in; the proof rests on a condition.  (An assumption in which f cannot be replaced is not used.)
Source: replacement of equals; for terms that may be undefined see docs/meaning.md.

Certificate: ``function``: f; ``law``: position of the assumption; ``proof``.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .evidence import Evidence, Reject
from .field import CannotNormalise, Field
from .kinds import is_integer
from .prove import Prover as _Prover
from .rule_discrete import holds
from .sequence_values import Values
from .term import (
    INTEGER, TRUE, App, Bind, Map, Scalar, Term, Var, free_names, fresh, num, show, sub, substitute,
)

if TYPE_CHECKING:
    from .prove import Prover

RULE = "definition"


class Definition(Values):
    """f(n + a) = h(n) where the guard holds, read from the assumption."""

    rule = RULE

    def __init__(self, s: Sequent, f: str, law: Term) -> None:
        sort = s.declarations.get(f)
        if not (isinstance(sort, Map) and sort.args == (INTEGER,) and isinstance(sort.result, Scalar)):
            raise Reject(RULE, "function", f"{f} is no function of an integer")
        if not (isinstance(law, Bind) and law.head == "forall" and law.sorts == (INTEGER,)):
            raise Reject(RULE, "law", "does not hold for all integers of a range")
        self.f, self.s = f, s
        self.n = fresh("n", set(s.declarations) | free_names(law))
        self.guard, body = (substitute(t, {law.names[0]: Var(self.n)}) for t in law.inner)
        self.shift, self.right = self._read(body)

    def _read(self, body: Term) -> tuple[int, Term]:
        match body:
            case App("=", (left, right)):
                for x, y in ((left, right), (right, left)):
                    match x:
                        case App("at", (Var(f), u)) if f == self.f and f not in free_names(y):
                            return self._offset(u), y
        raise Reject(RULE, "law", f"is no equation of {self.f} at one place with what is free of {self.f}")

    def _offset(self, u: Term) -> int:
        field = Field(self.s.declaring({self.n: INTEGER}))
        q = field._settled(lambda: field.as_rational(field.frac(sub(u, Var(self.n)))))
        if not isinstance(q, Fraction) or q.denominator != 1:
            raise Reject(RULE, "law", f"{self.f} at {show(u)[:40]}")
        return int(q)

    def value(self, u: Term, here: Sequent) -> Term:
        if not is_integer(u, here.declarations):
            raise Reject(RULE, show(u)[:60], "is not certainly an integer")
        by: dict[str, Term] = {self.n: sub(u, num(self.shift)) if self.shift else u}
        general = {**here.declarations, self.n: INTEGER}
        _Prover.keeps_meaning((self.guard, self.right), general, by, here, RULE)
        if self.guard != TRUE and not holds(substitute(self.guard, by), here):
            raise Reject(RULE, show(u)[:60], f"{self.f} is not visibly known there")
        return substitute(self.right, by)


def replaced(s: Sequent, f: str, law: int) -> Sequent:
    """The premise of the rule.  Raises :class:`Reject`."""
    if not (isinstance(law, int) and 0 <= law < len(s.assumptions)):
        raise Reject(RULE, "law", "names no assumption")
    d = Definition(s, f, s.assumptions[law])
    goal = d.put(s.goal, Sequent(s.declarations, tuple(a for a in s.assumptions if f not in free_names(a)), s.goal))
    kept: list[Term] = []
    for k, a in enumerate(s.assumptions):
        if k == law:
            continue
        try:
            kept.append(d.put(a, Sequent(s.declarations, (), a)))
        except (Reject, CannotNormalise):
            continue
    return Sequent(s.declarations, tuple(kept), goal)


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    shown = prove(replaced(s, str(c["function"]), c["law"]), c["proof"])
    if shown.conditions:
        raise Reject(RULE, "proof", f"rests on {show(shown.conditions[0])}")
    return shown


__all__ = ["Definition", "check", "replaced"]
