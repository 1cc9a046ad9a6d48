"""Equal derivatives and one common value (rule ``equal-derivative``).

Method: the ends of the interval are the bounds that the assumptions give a real name; the difference of
the sides has the derivative 0 in normal form; the common value is sought at simple points inside, then as a
limit at an end.  For functions without an algebraic relation: inverse functions, erf, integrals with a
moving end.  (Rudin, Principles of Mathematical Analysis, 3rd ed., Theorem 5.11.)

Cannot do: an assumption on x that is no bound by a closed term; a common value that no other method shows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.field import CannotNormalise, Field
from ..kernel.rule_equal_derivative import needs
from ..kernel.rule_monotone import between, limit_at, without
from ..kernel.term import (
    REAL, App, Bind, Num, Term, Var, app, conjuncts, free_names, num, sub, substitute, subterms, to_json,
)
from .order_numeric import Unsupported, compiled

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
MAX_ATTEMPTS = 8
_HEADS = ("atan", "asin", "acos", "acot", "asinh", "acosh", "atanh", "erf", "log", "atan2")
_POINTS = [Fraction(p) for p in (0, 1, -1, 2, "1/2", -2, "-1/2", 3)]


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    goal = s.goal
    if not (isinstance(goal, App) and goal.head == "="):
        return
    names = {n for u in subterms(goal) if (
        isinstance(u, App) and u.head in _HEADS or isinstance(u, Bind) and u.head == "integral")
        for n in free_names(u) if s.declarations.get(n) == REAL}
    key = app("equal derivatives")
    for x in sorted(names):
        if search.depth > 6 or search.in_vain.get(key, 0) >= MAX_ATTEMPTS:
            return
        found = _on_interval(s, goal, x, search)
        if found is not None:
            yield found


def _on_interval(s: Sequent, goal: App, x: str, search: Searcher) -> Certificate | None:
    ends = bounds(s, x)
    if ends is None:
        return None
    (lower, low_proof), (upper, high_proof) = ends
    inside, apart = between(s, x, lower, upper), without(s, x)
    f = sub(*goal.args)
    try:
        slope, needed = needs(f, x, inside)
        if not Field(inside).is_zero(slope):
            return None
    except (Reject, CannotNormalise):
        return None
    key = app("equal derivatives")       # counted only here: the test so far is cheap
    search.in_vain[key] = search.in_vain.get(key, 0) + 1
    c: Certificate = {"rule": "equal-derivative", "variable": x}
    if lower is not None:
        c["lower"] = {"at": to_json(lower), "proof": low_proof}
    if upper is not None:
        c["upper"] = {"at": to_json(upper), "proof": high_proof}
    common = _common(f, goal, x, lower, upper, apart, search)
    if common is None:
        return None
    smooth = []
    for question in needed:
        proof = search.unconditionally(question)
        if proof is None:
            return None
        smooth.append(proof)
    slope_goal = inside.with_goal(app("=", slope, num(0)))
    shown = search.accepted(slope_goal, {"rule": "field"})
    if shown is None:
        return None
    zero: Certificate = {"rule": "field"}
    for condition in reversed(shown.conditions):
        because = search.unconditionally(inside.with_goal(condition))
        if because is None:
            return None
        zero = {"rule": "have", "fact": to_json(condition), "because": because, "proof": zero}
    return {**c, "smooth": smooth, "slope": zero, "at": common}


def bounds(s: Sequent, x: str) -> tuple[tuple[Term | None, Certificate], tuple[Term | None, Certificate]] | None:
    """The strict bounds that the assumptions give x; None if a bound is weak or moves."""
    low: Term | None = None
    high: Term | None = None
    for c in (f for a in s.assumptions for f in conjuncts(a)):
        match c:
            case App("<" | ">" | "<=" | ">=" as relation, (a, b)):
                if a == Var(x):
                    below, end = relation in (">", ">="), b
                elif b == Var(x):
                    below, end = relation in ("<", "<="), a
                else:
                    continue
                if x in free_names(end):
                    continue
                if relation in ("<=", ">="):
                    return None
                if below:
                    low = end if low is None else low
                else:
                    high = end if high is None else high
    return (low, {"rule": "sign"}), (high, {"rule": "sign"})


def _number(t: Term) -> float:
    try:
        return compiled(t)({})
    except Unsupported:
        return math.nan


def _common(f: Term, goal: App, x: str, lower: Term | None, upper: Term | None, apart: Sequent, search: Searcher
            ) -> Certificate | None:
    low = -math.inf if lower is None else _number(lower)
    high = math.inf if upper is None else _number(upper)
    points = [Num(p) for p in _POINTS if low < p < high]
    if lower is not None and upper is not None:
        points.append(app("div", app("add", lower, upper), num(2)))      # type: ignore[arg-type]
    elif lower is not None:
        points.append(app("add", lower, num(1)))                          # type: ignore[arg-type]
    elif upper is not None:
        points.append(app("add", upper, num(-1)))                         # type: ignore[arg-type]
    points += [u for u in (v.outer[0] for v in subterms(f) if isinstance(v, Bind) and v.head == "integral" and v.outer)
               if x not in free_names(u) and low < _number(u) < high][:1]          # type: ignore[arg-type]
    for point in list(dict.fromkeys(points))[:5]:
        value = apart.with_goal(app("=", *(substitute(side, {x: point}) for side in goal.args)))
        proof = search.unconditionally(value)
        if proof is None:
            continue
        out: Certificate = {"point": to_json(point), "proof": proof}
        for key, a, b in (("above", lower, point), ("below", point, upper)):
            if a is None or b is None:
                continue
            shown = search.unconditionally(apart.with_goal(app("<", a, b)))
            if shown is None:
                return None
            out[key] = shown
        return out
    for key, end in (("lower", lower), ("upper", upper)):
        limit = limit_at(f, x, end, key == "lower", set(apart.declarations))
        proof = search.unconditionally(apart.with_goal(app("=", limit, num(0))))
        if proof is not None:
            return {"end": key, "proof": proof}
    return None


__all__ = ["bounds", "proofs"]
