"""A strictly increasing function on both sides.

    G |- a > 0   G |- b > 0   G |- log a < log b        G |- exp a < exp b
    ----------------------------------------------      ------------------      (or <=)
    G |- a < b                                          G |- a < b

    G |- b >= 0   G |- a^n < b^n          G |- a^n < b^n      n odd, a and b real
    ----------------------------          ---------------
    G |- a < b                            G |- a < b

n is a positive integer (if a >= b >= 0 then a^n >= b^n), or 1/2 with a, b >= 0.  Conditions: the definedness of
the goal's own sides, which the premises may use (an order needs real sides); nothing else.
FAILURE: a side that is not proved positive (log); an even n where b may be negative ((-3)^2 > 1^2); a premise
under a condition.  (Hardy, Littlewood, Polya, Inequalities, ch. 1.)

Certificate: ``function``: "log", "exp" or "power" (``power``: n); ``small``, ``large``: proofs of the sides'
positivity (log) or nonnegativity (1/2; ``large`` alone for even n); ``proof``: of the premise.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness, real_conditions
from .evidence import Evidence, Reject
from .rule_sos import sides
from .term import App, Num, app, from_json, num, show

if TYPE_CHECKING:
    from .prove import Prover


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    from .prove import discharge

    small, large, strict = sides(s.goal, "both-sides")
    conditions = discharge(definedness(s.goal, s), s)
    here = s.assuming(*conditions)
    function = c["function"]
    if function not in ("log", "exp", "power"):
        raise Reject("both-sides", "function", "neither log nor exp nor a power")
    n = Fraction(1)
    if function == "power":
        exponent = from_json(c["power"])
        if isinstance(exponent, Num):
            n = exponent.value
        if exponent != Num(n) or n != Fraction(1, 2) and not (n.denominator == 1 and 1 <= n <= 60):
            raise Reject("both-sides", "power", "is neither 1/2 nor from 1 to 60")
        images = [app("pow", t, exponent) for t in (small, large)]
    else:
        images = [app(function, t) for t in (small, large)]
    goals = [(app("<" if strict else "<=", *images), c["proof"])]
    if function == "log":
        goals += [(app(">", small, num(0)), c["small"]), (app(">", large, num(0)), c["large"])]
    elif function == "power" and (n.denominator > 1 or n % 2 == 0):
        goals += [(app(">=", large, num(0)), c["large"])]
        if n.denominator > 1:
            goals += [(app(">=", small, num(0)), c["small"])]
    evidence = Evidence(conditions)
    for goal, proof in goals:
        shown = prove(here.with_goal(goal), proof)
        if shown.conditions:
            raise Reject("both-sides", show(goal)[:80], f"is shown only if {show(shown.conditions[0])}")
        evidence += shown
    return evidence


def check_largest(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    """
        G |- a_k R b for each k         G |- u R b   G |- -u R b         G |- b R a_k for each k
        -----------------------         -----------------------         -----------------------
        G |- max(a_1, ...) R b          G |- |u| R b  (u real)          G |- b R min(a_1, ...)

    R is < or <=.  Conditions: the goal's own.  FAILURE: another shape; u not certainly real.
    """
    from .prove import discharge

    small, large, strict = sides(s.goal, "largest")
    relation = "<" if strict else "<="
    match small, large:
        case App("abs", (u,)), b:
            if left := discharge(tuple(real_conditions(u, dict(s.declarations))), s):
                raise Reject("largest", show(u)[:80], f"is real only if {show(left[0])}")
            goals = [app(relation, u, b), app(relation, app("neg", u), b)]
        case App("max", args), b:
            goals = [app(relation, a, b) for a in args]
        case b, App("min", args):
            goals = [app(relation, b, a) for a in args]
        case _:
            raise Reject("largest", show(s.goal)[:80], "no modulus, maximum or minimum on its side")
    conditions = discharge(definedness(s.goal, s), s)
    here = s.assuming(*conditions)
    if len(goals) != len(c["parts"]):
        raise Reject("largest", "parts", f"{len(goals)} parts, {len(c['parts'])} proofs")
    evidence = Evidence(conditions)
    for goal, proof in zip(goals, c["parts"], strict=True):
        shown = prove(here.with_goal(goal), proof)
        if shown.conditions:
            raise Reject("largest", show(goal)[:80], f"is shown only if {show(shown.conditions[0])}")
        evidence += shown
    return evidence


__all__ = ["check", "check_largest"]
