"""Data processing for divergences: the slope of their function.

Method.  The kernel says what function of the two densities is compared (kernel/rule_processing); its slope at r is the
derivative, with that of |a| by cases a >= 0 and a < 0, and the other engines show that the function lies above its
tangents.

What it cannot do: unknown convex functions; channels that are conditionals of a joint law.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.derivative import NoDerivative, derivative
from ..kernel.evidence import Reject
from ..kernel.field import CannotNormalise, Field
from ..kernel.rule_processing import RULE, compared, premises
from ..kernel.rule_two_densities import FIRST, SECOND
from ..kernel.term import (
    ONE, REAL, TRUE, ZERO, App, Bind, Malformed, Space, Term, Var, add, app, mul, num, rebuild, substitute, subterms,
    to_json,
)
from .algebra import Unwritable, written

Certificate = dict[str, Any]
_FAILURES = (Reject, Malformed, NoDerivative, KeyError, IndexError, ValueError, RecursionError, ArithmeticError)


def proofs(s: Sequent, search: Any) -> Iterator[Certificate]:
    if not (isinstance(s.goal, App) and s.goal.head in ("<=", ">=") and any(
            isinstance(t, Bind) and any(isinstance(k, Space) for k in t.sorts) for t in subterms(s.goal))):
        return
    try:
        certificate: Certificate = {"rule": RULE, "slope": to_json(slope(s))}
        goals = premises(s, certificate)
    except _FAILURES:
        return
    found = []
    for goal in goals:
        proof = search.prove(goal)
        if proof is None:
            return
        found.append(proof)
    yield {**certificate, "proofs": found}


def slope(s: Sequent) -> Term:
    by: dict[str, Term] = {FIRST.name: Var("r"), SECOND.name: ONE}
    whole = add(*(mul(num(p.c), substitute(p.weight, by), substitute(p.rest, by)) for p in compared(s)))
    found = derivative(_by_cases(whole), "r", {"r": REAL})[0]
    field = Field(Sequent({"r": REAL}, (app(">", Var("r"), ZERO),), TRUE))
    try:
        simpler: Term = field._settled(lambda: written(field, field.frac(found)))
        return simpler
    except (CannotNormalise, Unwritable):
        return found


def _by_cases(t: Term) -> Term:
    if isinstance(t, App) and t.head == "abs":
        a = _by_cases(t.args[0])
        return app("cases", a, app(">=", a, ZERO), app("neg", a), TRUE)
    return rebuild(t, _by_cases) if isinstance(t, App) else t


__all__ = ["proofs", "slope"]
