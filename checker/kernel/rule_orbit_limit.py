"""Limits and convergence of a sequence u(n) along an orbit: what u tends to, and what follows.

    u tends to V  (or: to oo, -oo; converges; has no finite limit; does not tend to W)
    ----------------------------------------------------------------------------------
    limit(u, n -> oo) R W,   not (limit(u, n -> oo) R W),   converges(u),   not converges(u)

``how`` names the reason, each with its premises in a function below or in ``orbit_tendency``:

* ``recurrence``: u satisfies a linear recurrence with a Schur polynomial (and at most one root 1);
* ``repelling``: u(n+1) - u(n) satisfies a linear recurrence all of whose roots have |z| >= 1;
* ``rational``: u(n) is rational; its least recurrence decides;
* ``monotone``, ``contraction``, ``unbounded``, ``cycle``, ``not-fixed``: maps of one variable.

FAILURE: the orbit is not shown to be defined for all n; a premise is not shown, or only under a condition.
The certificate's ``value`` must be defined where the claim is; its definedness is a condition only where
it is the claim's own other side.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import fmpq, fmpq_mat

from .claim import Sequent
from .constants import Constants
from .definedness import definedness
from .evidence import Evidence, Reject
from .field import Field, Frac
from .kinds import is_real
from .orbit_system import RULE, System, find_orbit, system
from .prove import discharge
from .schur_cohn import conditions, is_schur
from .term import (
    INTEGER, OO, App, Bind, Term, Var, add, app, free_names, fresh, from_json, num, show, substitute, subterms,
)

if TYPE_CHECKING:
    from .prove import Prover

MINUS_OO = app("neg", OO)
MAX_ORDER = 10
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_FLIP = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class Tendency:
    """``limit``: the finite limit; ``infinite``: 1 or -1; ``exists``: there is a finite limit, which one
    is not said; ``none``: there is no finite limit; ``never``: the limit, if any, is not that value."""

    limit: Term | None = None
    infinite: int = 0
    exists: bool = False
    none: bool = False
    never: Term | None = None


class Question:
    """The sequence ``body`` in the integer ``name``, under ``s``; proofs are asked for without conditions."""

    def __init__(self, s: Sequent, sequence: Bind, c: Mapping[str, Any], prove: Prover,
                 needed: tuple[Term, ...]) -> None:
        self.name = fresh(sequence.names[0], set(s.declarations))
        self.body = substitute(sequence.inner[0 if sequence.head == "converges" else -1],
                               {sequence.names[0]: self._step(c)})
        if OO in subterms(self.body):
            raise Reject(RULE, "body", "an infinite value inside the limit")
        self.s = s.assuming(*needed)
        self.c, self.prove = c, prove
        self.evidence = Evidence()
        self.orbit = find_orbit(self.body, self.name)
        self.inner = self.s.declaring({self.name: INTEGER}).assuming(app(">=", Var(self.name), num(0)))

    def _step(self, c: Mapping[str, Any]) -> Term:
        """n, or n + shift: a sequence without its first terms has the same limit."""
        shift = c.get("shift", 0)
        if not isinstance(shift, int) or not 0 <= shift <= 12:
            raise Reject(RULE, "shift", "not from 0 to 12")
        return add(Var(self.name), num(shift)) if shift else Var(self.name)

    def show(self, goal: Term, proof: Any, where: str, s: Sequent | None = None) -> None:
        """``goal`` holds, without conditions."""
        shown = self.prove((s or self.s).with_goal(goal), proof)
        if shown.conditions:
            raise Reject(RULE, where, f"rests on {show(shown.conditions[0])}")
        self.evidence += shown

    def show_all(self, goals: Sequence[Term], proofs: Any, where: str, s: Sequent | None = None) -> None:
        if len(goals) != len(proofs):
            raise Reject(RULE, where, f"{len(goals)} premises, {len(proofs)} proofs: "
                         + "; ".join(show(g)[:60] for g in goals[:3]))
        for goal, proof in zip(goals, proofs, strict=True):
            self.show(goal, proof, where, s)

    def declared(self, key: str) -> Term:
        t = from_json(self.c[key])
        if loose := free_names(t) - set(self.s.declarations):
            raise Reject(RULE, key, f"{', '.join(sorted(loose))} is not declared")
        if t not in (OO, MINUS_OO) and OO in subterms(t):
            raise Reject(RULE, key, "is no number")
        return t

    def finite(self, key: str) -> Term:
        t = self.declared(key)
        if t in (OO, MINUS_OO):
            raise Reject(RULE, key, "is infinite")
        if left := discharge(definedness(t, self.s), self.s):
            raise Reject(RULE, key, f"is defined only if {show(left[0])}")
        return t


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    from . import orbit_tendency as reasons

    goal, negated = s.goal, False
    if isinstance(goal, App) and goal.head == "not":
        goal, negated = goal.args[0], True
    match goal:
        case Bind("converges"):
            sequence, relation, other = goal, "", None
        case App(relation, (Bind("limit") as sequence, other)) if relation in _FLIP:
            pass
        case App(head, (other, Bind("limit") as sequence)) if head in _FLIP:
            relation = _FLIP[head]
        case _:
            raise Reject(RULE, "goal", f"{show(s.goal)[:80]} says nothing about a limit")
    if len(sequence.names) != 1 or sequence.sorts[0] != INTEGER or (
            sequence.head == "limit" and sequence.outer[0] != OO):
        raise Reject(RULE, "goal", "is not about a sequence")
    if other is not None and any(isinstance(u, Bind) and u.head == "limit" for u in subterms(other)):
        raise Reject(RULE, "goal", "the other side contains a limit")
    needed: tuple[Term, ...] = ()
    if other is not None and other not in (OO, MINUS_OO):
        needed = discharge(definedness(other, s), s)
        shown = c.get("shown", {})
        for k, condition in enumerate(needed):
            if str(k) in shown and prove(s.with_goal(condition), shown[str(k)]).conditions:
                raise Reject(RULE, "shown", "rests on a condition")
        proved = tuple(x for k, x in enumerate(needed) if str(k) in shown)
        s = s.assuming(*proved)
        needed = tuple(x for x in needed if x not in proved)
    if negated and needed:
        raise Reject(RULE, "goal", f"the claim is defined only if {show(needed[0])}")
    q = Question(s, sequence, c, prove, needed)
    match c["how"]:
        case "recurrence":
            found = recurrence(q)
        case "repelling":
            found = repelling(q)
        case "rational":
            found = rational(q)
        case "monotone":
            found = reasons.monotone(q)
        case "contraction":
            found = reasons.contraction(q)
        case "unbounded":
            found = reasons.unbounded(q)
        case "cycle":
            found = reasons.cycle(q)
        case "not-fixed":
            found = reasons.not_fixed(q)
        case how:
            raise Reject(RULE, "how", f"{str(how)[:40]!r} is no reason")
    if other is None:
        good = found.none or bool(found.infinite) if negated else found.exists or found.limit is not None
        if not good:
            raise Reject(RULE, "goal", "does not follow")
    else:
        _conclude(q, found, relation, other, negated)
    return Evidence(needed) + q.evidence


def _conclude(q: Question, found: Tendency, relation: str, other: Term, negated: bool) -> None:
    """``limit R other``, or its negation, from what was found."""
    infinite = other in (OO, MINUS_OO)
    if not negated:
        if found.infinite and relation == "=" and other == (OO if found.infinite == 1 else MINUS_OO):
            return
        if found.limit is None or infinite:
            raise Reject(RULE, "goal", "does not follow")
        if relation == "=" and found.limit == other:
            return
        q.show(app(relation, found.limit, other), q.c["compare"], "compare")
        return
    if relation == "=":
        if found.never is not None and found.never == other or found.none and not infinite:
            return
        if found.infinite and other != (OO if found.infinite == 1 else MINUS_OO):
            return
        if (found.exists or found.limit is not None) and infinite:
            return
    if found.limit is None or infinite:
        raise Reject(RULE, "goal", "does not follow")
    q.show(app(_OPPOSITE[relation], found.limit, other), q.c["compare"], "compare")


# --------------------------------------------------------------------------- linear recurrences


def _defined_orbit(q: Question) -> None:
    """The start is defined, and so is one step from *any* state of the declared sorts (a line that takes an
    integer to a half is not): then every step is.  What this needs of the parameters is proved."""
    needed = orbit_conditions(q.orbit, q.body, q.name, q.s, q.inner)
    if moving := [x for x in needed if free_names(x) - set(q.s.declarations)]:
        raise Reject(RULE, "orbit", f"is defined only if {show(moving[0])[:80]}")
    q.show_all(needed, q.c.get("defined", []), "defined")


def orbit_conditions(orbit: Bind, body: Term, name: str, s: Sequent, inner: Sequent) -> list[Term]:
    """What the start, a step from a state with new names, and the sequence itself need."""
    names: list[str] = []
    for old in orbit.names:
        taken = {*s.declarations, name, *orbit.names, *names, *free_names(orbit)}
        names.append(fresh(f"{old}'1", taken))
    inside = s.declaring(dict(zip(names, orbit.sorts, strict=True)))
    zero = Bind(orbit.head, orbit.names, orbit.sorts, (num(0), orbit.outer[1]), orbit.inner)
    one = Bind(orbit.head, orbit.names, orbit.sorts, (num(1), App("tuple", tuple(map(Var, names)))), orbit.inner)
    needed = [*discharge(definedness(zero, s), s), *discharge(definedness(one, inside), inside)]
    for x in discharge(definedness(_without_orbits(body, name), inner), inner):
        if x not in needed:
            needed.append(x)
    return list(dict.fromkeys(needed))


def _without_orbits(t: Term, name: str) -> Term:
    """``t`` with a number for the components of moving orbits: what else it needs to be defined."""
    match t:
        case App("item", (Bind("iterate") as o, _)) if name in free_names(o.outer[0]):
            return num(1)
        case App(head, args):
            return App(head, tuple(_without_orbits(a, name) for a in args))
        case _:
            return t


def _coefficients(q: Question, key: str) -> list[Term]:
    out = []
    if not 1 <= len(q.c[key]) <= MAX_ORDER:
        raise Reject(RULE, key, f"from 1 to {MAX_ORDER} coefficients")
    for data in q.c[key]:
        t = from_json(data)
        if free_names(t) - set(q.s.declarations):
            raise Reject(RULE, key, "has undeclared names")
        if discharge(definedness(t, q.s), q.s) or not is_real(t, q.s.declarations):
            raise Reject(RULE, key, f"{show(t)[:60]} is not certainly a defined real number")
        out.append(t)
    return out


def _times_difference(field: Field, p: list[Frac]) -> list[Frac]:
    """The coefficients of (z - 1) p(z)."""
    zero = field.constant(0)
    shifted, own = [zero, *p], [*p, zero]
    return [field._subtract(a, b) for a, b in zip(shifted, own, strict=True)]


def _terms(field: Field, fracs: Sequence[Frac]) -> list[Term]:
    constants = Constants(field)
    return [constants.term(f) for f in fracs]


def recurrence(q: Question) -> Tendency:
    """
        (E - 1)^e p(E) u = 0, e = 0 or 1, p monic with real coefficients;   p is Schur (``schur_cohn``)
        V p(1) = sum p_i u(i)   (V = 0 if e = 0)
        ------------------------------------------------------------------------------------------------
        u tends to V
    v = p(E) u is constant (0 if e = 0); u - v(0)/p(1) satisfies p(E) w = 0, so it tends to 0.
    Certificate: ``polynomial``: p_0, p_1, ... (the leading 1 is left out; none: u is constant), ``one``: e,
    ``value``, ``stable``: proofs.
    """
    one = q.c["one"] is True
    lower = _coefficients(q, "polynomial") if q.c["polynomial"] else []
    value = q.finite("value")
    field = Field(q.s)

    def ask() -> list[Term]:
        u = system(field, q.orbit, q.body, q.name, q.inner)
        p = [*map(field.frac, lower), field.constant(1)]
        if not u.annihilated(_times_difference(field, p) if one else p):
            raise Reject(RULE, "recurrence", "does not hold")
        first = u._dot(p, u.values(len(p)))
        total = field.constant(0)
        for x in p:
            total = field._plus(total, x)
        if field._subtract(field.times(field.frac(value), total), first).num != 0:
            raise Reject(RULE, "value", f"the limit is not {show(value)[:60]}")
        return [app(">", t, num(0)) for t in _terms(field, conditions(field, p))]

    _defined_orbit(q)
    q.show_all(field._settled(ask), q.c["stable"], "stable")
    return Tendency(limit=value)


def repelling(q: Question) -> Tendency:
    """
        p(E) (u(n+1) - u(n)) = 0, p(0) != 0, p of degree r with real coefficients, all its roots |z| >= 1
        u(j+1) != u(j) for some j < r
        --------------------------------------------------------------------------------------------------
        u has no finite limit
    If u converged, w(n) = u(n+1) - u(n) would tend to 0.  w is a combination of n^i z^n over the roots of p;
    with all |z| >= 1 it tends to 0 only if it is 0 (Elaydi, section 2.3), that is if w(0), ..., w(r-1) are.
    All roots |z| >= 1: the reversed polynomial has all roots |z| <= 1; for r <= 2 by the weak inequalities of
    ``schur_cohn``, else by the strict ones; its leading coefficient p(0) is made positive by its sign.
    Certificate: ``polynomial``, ``constant-sign`` (of p(0)): 1 or -1 with proof ``constant``; ``stable``;
    ``moves``: proof of "some u(j+1) - u(j) != 0".
    """
    lower = _coefficients(q, "polynomial")
    positive = q.c["constant-sign"] == 1
    field = Field(q.s)

    def ask() -> tuple[list[Term], list[Term]]:
        u = system(field, q.orbit, q.body, q.name, q.inner)
        p = [*map(field.frac, lower), field.constant(1)]
        if not u.annihilated(_times_difference(field, p)):
            raise Reject(RULE, "recurrence", "does not hold")
        back = p[::-1] if positive else [field.times(field.constant(-1), x) for x in p[::-1]]
        values = u.values(len(p))
        steps = [field._subtract(b, a) for a, b in itertools.pairwise(values)]
        return _terms(field, conditions(field, back)), _terms(field, steps)

    _defined_orbit(q)
    q.show(app(">" if positive else "<", lower[0], num(0)), q.c["constant"], "constant")
    needed, steps = field._settled(ask)
    relation = ">=" if len(lower) <= 2 else ">"
    q.show_all([app(relation, t, num(0)) for t in needed], q.c["stable"], "stable")
    moves = [app("!=", t, num(0)) for t in steps]
    q.show(moves[0] if len(moves) == 1 else App("or", tuple(moves)), q.c["moves"], "moves")
    return Tendency(none=True)


def rational(q: Question) -> Tendency:
    """
        u(n) is rational for all n;   p(E) u = 0 for no p of lower degree
        ---------------------------------------------------------------------------------
        u tends to its limit if p = (z - 1)^e q, e <= 1, q Schur;   else it has no finite limit
    u is a combination of n^i z^n in which every root of the least p occurs, with its full multiplicity.  So u
    converges only if each root has |z| < 1 or is a simple root 1 (Elaydi, section 2.3).  That p is least: the
    Hankel matrix of u has full rank (Kronecker; Gantmacher, Theory of Matrices II, ch. XV.10, no page).
    Certificate: ``polynomial`` (rational numbers), ``value`` if there is a limit.
    """
    lower = _coefficients(q, "polynomial") if q.c["polynomial"] else []
    field = Field(q.s)
    _defined_orbit(q)

    def ask() -> tuple[list[Fraction], list[Fraction]]:
        u: System = system(field, q.orbit, q.body, q.name, q.inner)
        p = [*map(field.frac, lower), field.constant(1)]
        if not u.annihilated(p):
            raise Reject(RULE, "recurrence", "does not hold")
        return _rationals(field, u.values(2 * len(p))), _rationals(field, p)

    values, p = field._settled(ask)
    order = len(p) - 1
    hankel = fmpq_mat(order, order, [
        fmpq(x.numerator, x.denominator) for i in range(order) for x in values[i:i + order]])
    if order and hankel.det() == 0:
        raise Reject(RULE, "polynomial", "is not the least one")
    one = sum(p) == 0
    if one:
        p = _divide_by_difference(p)
    if not is_schur(p):
        return Tendency(none=True)
    value = q.finite("value")
    limit = sum((a * b for a, b in zip(p, values, strict=False)), Fraction(0)) / sum(p)
    if not Field(q.s).equal(value, num(limit)):
        raise Reject(RULE, "value", f"the limit is {limit}")
    return Tendency(limit=value)


def _rationals(field: Field, fracs: Sequence[Frac]) -> list[Fraction]:
    out = []
    for f in fracs:
        value = field.as_rational(f)
        if value is None:
            raise Reject(RULE, "recurrence", "is not rational")
        out.append(value)
    return out


def _divide_by_difference(p: Sequence[Fraction]) -> list[Fraction]:
    """p(z)/(z - 1), where p(1) = 0."""
    out: list[Fraction] = []
    carry = Fraction(0)
    for a in reversed(p[1:]):
        carry += a
        out.append(carry)
    return out[::-1]


__all__ = ["MINUS_OO", "Question", "Tendency", "check"]
