"""Equal derivatives and one common value: equality on an interval.

    G |- lo < x < hi;   G0: what G assumes without x
    G0, lo < x < hi |- f = a - b is defined and differentiable (``smooth``),  f' = 0 (``slope``)
    G0 |- lo < t < hi and f(t) = 0;   or  lim f = 0 at an end from inside                  (``at``)
    --------------------------------------------------------------------------------------------
    G |- a = b

An interval is connected, and the guards of ``derivative`` keep cuts, poles, corners and jumps out of it:
without them ``log(exp(i x)) = i x`` follows from its value at 0, and ``atan x + atan(1/x) = pi/2`` for all
x != 0 from its value at 1.  (Rudin, Principles of Mathematical Analysis, 3rd ed., Theorem 5.11, for real
and imaginary part.)  Only what is proved on the whole interval counts; no condition of the goal is assumed.

FAILURE: a condition of definedness or a guard that is not proved on the interval; x is a size; the point is
outside; the common value is not exact.

Certificate: ``variable``; ``lower``, ``upper`` as in ``rule_monotone``; ``slope``: proof; ``smooth``:
proofs of what is not visible; ``at``: {"point": term, "above": p, "below": p, "proof": p} or {"end":
"lower" | "upper", "proof": p}.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .derivative import NoDerivative, derivative
from .evidence import Evidence, Reject
from .kinds import is_real
from .rule_monotone import between, interval, limit_at, without
from .rule_sos import declared
from .term import (
    OO, REAL, App, Term, Var, app, free_names, from_json, num, show, sort_terms, sub, substitute, subterms,
)

if TYPE_CHECKING:
    from .prove import Prover

RULE = "equal-derivative"


def needs(f: Term, x: str, inside: Sequent) -> tuple[Term, list[Sequent]]:
    """f', and what must hold on the interval, without what is visible."""
    from .prove import discharge

    try:
        slope, guards = derivative(f, x, inside.declarations)
    except NoDerivative as error:
        raise Reject(RULE, "slope", str(error)) from error
    whole = tuple(dict.fromkeys((*definedness(f, inside), *guards)))
    return slope, [inside.with_goal(g) for g in discharge(whole, inside)]


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    goal = s.goal
    if not (isinstance(goal, App) and goal.head == "="):
        raise Reject(RULE, show(goal)[:80], "is no equation")
    x = c["variable"]
    if not isinstance(x, str) or s.declarations.get(x) != REAL:
        raise Reject(RULE, "variable", f"{str(x)[:40]!r} is no real name")
    if any(x in free_names(u) for k in s.declarations.values() for u in sort_terms(k)):
        raise Reject(RULE, "variable", "is a size")
    f = sub(*goal.args)
    if OO in subterms(f):
        raise Reject(RULE, "goal", "an infinite value")
    lower, upper, evidence = interval(s, c, prove, Var(x), RULE)
    inside, apart = between(s, x, lower, upper), without(s, x)
    slope, needed = needs(f, x, inside)
    proofs = c.get("smooth", [])
    if len(proofs) != len(needed):
        raise Reject(RULE, "smooth", f"{len(needed)} conditions, {len(proofs)} proofs: "
                     + "; ".join(show(n.goal)[:60] for n in needed[:3]))
    for question, proof in zip(needed, proofs, strict=True):
        evidence += _plain(prove(question, proof), "smooth")
    evidence += _plain(prove(inside.with_goal(app("=", slope, num(0))), c["slope"]), "slope")
    match c["at"]:
        case {"point": data, "proof": proof} as at:
            point = declared(from_json(data), s, RULE)
            if x in free_names(point) or not is_real(point, s.declarations):
                raise Reject(RULE, "at", "the point moves, or is not certainly real")
            if lower is not None:
                evidence += _plain(prove(apart.with_goal(app("<", lower, point)), at["above"]), "above")
            if upper is not None:
                evidence += _plain(prove(apart.with_goal(app("<", point, upper)), at["below"]), "below")
            question = apart.with_goal(app("=", *(substitute(side, {x: point}) for side in goal.args)))
        case {"end": ("lower" | "upper") as end, "proof": proof}:
            low = end == "lower"
            limit = limit_at(f, x, lower if low else upper, low, set(s.declarations))
            question = apart.with_goal(app("=", limit, num(0)))
        case _:
            raise Reject(RULE, "at", "neither a point nor an end")
    return evidence + _plain(prove(question, proof), "at")


def _plain(shown: Evidence, where: str) -> Evidence:
    if shown.conditions:
        raise Reject(RULE, where, f"is shown only if {show(shown.conditions[0])[:80]}")
    return shown


__all__ = ["check", "needs"]
