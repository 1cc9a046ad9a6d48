"""Bounds of one function value, each known for every argument of the domain named with it.

    u is defined and real (and u > 0 or u != 0 where the table says so)
    -------------------------------------------------------------------
    an entry of the table, as >= or, where the table says so, >

====================  ==============================================================================
``log-tangent``       log u <= u - 1 for u > 0; strict if u != 1
``exp-tangent``       exp u >= 1 + u; strict if u != 0
``abs``               |u| >= u, |u| >= -u
``max``, ``min``      max >= each argument, min <= each argument
``relu``              relu u >= u, relu u >= 0
``sin``, ``cos``      -1 <= sin u, cos u <= 1
``sin-positive``      sin u > 0 for 0 < u < pi
``cos-positive``      cos u > 0 for -pi/2 < u < pi/2
``tanh``              -1 < tanh u < 1
``floor``             floor u <= u < floor u + 1
``ceiling``           ceiling u - 1 < u <= ceiling u
====================  ==============================================================================

(log t <= t - 1 and exp t >= 1 + t: the tangents at 1 and 0 of a concave and a convex function; Hardy,
Littlewood, Polya, Inequalities, ch. 4.)  FAILURE: the goal is not the entry; u may be undefined or
non-real; the bound used in the other direction.

Certificate: ``kind`` (a name of the table), ``argument``: the term that stands under the function
(for abs, max, min, relu, floor, ceiling, sin, cos, tanh: the whole value), ``side`` where there are several,
``positive``, ``different``: proofs of u > 0, of u != 1 or u != 0; ``lower``, ``upper``: of the range of u.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import real_conditions
from .evidence import Evidence, Reject
from .field import Field
from .rule_sos import declared, sides
from .term import App, Term, app, children, from_json, num, show, sub

if TYPE_CHECKING:
    from .prove import Prover

_PI = app("pi")


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    from .prove import discharge

    small, large, strict = sides(s.goal, "bound")
    t = declared(from_json(c["argument"]), s, "bound")
    # the arguments too: sin(pi/2 + iy) = cosh y is real, and above 1
    for part in (t, *children(t)):
        if left := discharge(tuple(real_conditions(part, dict(s.declarations))), s):
            raise Reject("bound", show(part)[:80], f"is real only if {show(left[0])}")
    evidence = Evidence()

    def needed(goal: Term, key: str) -> None:
        nonlocal evidence
        shown = prove(s.with_goal(goal), c[key])
        if shown.conditions:
            raise Reject("bound", key, f"is shown only if {show(shown.conditions[0])}")
        evidence += shown

    match c["kind"]:
        case "log-tangent":
            needed(app(">", t, num(0)), "positive")
            bound, sharp = sub(sub(t, num(1)), app("log", t)), False
            if strict:
                needed(app("!=", t, num(1)), "different")
                sharp = True
        case "exp-tangent":
            bound, sharp = sub(app("exp", t), app("add", num(1), t)), False
            if strict:
                needed(app("!=", t, num(0)), "different")
                sharp = True
        case "sin-positive":
            needed(app(">", t, num(0)), "lower")
            needed(app("<", t, _PI), "upper")
            bound, sharp = app("sin", t), True
        case "cos-positive":
            needed(app("<", app("neg", app("div", _PI, num(2))), t), "lower")
            needed(app("<", t, app("div", _PI, num(2))), "upper")
            bound, sharp = app("cos", t), True
        case _:
            bound, sharp = entry(t, c.get("side", 0))
    if strict and not sharp:
        raise Reject("bound", show(s.goal)[:80], "the bound is not strict")
    # the sides of the goal are those of the bound, up to the normal form: difference - bound = 0
    conditions = discharge(tuple(real_conditions(sub(large, small), dict(s.declarations))), s)
    if conditions:
        raise Reject("bound", show(s.goal)[:80], f"is real only if {show(conditions[0])}")
    declared(sub(large, small), s, "bound")
    if not Field(s).equal(sub(large, small), bound):
        raise Reject("bound", show(s.goal)[:80], "is not the bound")
    return evidence


def entry(t: Term, side: Any) -> tuple[Term, bool]:
    """``(nonnegative term, positive)`` of the table, for a value t of one function."""
    match t, side:
        case App("abs", (u,)), 0:
            return sub(t, u), False
        case App("abs", (u,)), 1:
            return app("add", t, u), False
        case App("max", args), int(k) if 0 <= k < len(args):
            return sub(t, args[k]), False
        case App("min", args), int(k) if 0 <= k < len(args):
            return sub(args[k], t), False
        case App("relu", (u,)), 0:
            return sub(t, u), False
        case App("relu", (u,)), 1:
            return t, False
        case App("sin" | "cos", _), 0:
            return sub(num(1), t), False
        case App("sin" | "cos", _), 1:
            return app("add", num(1), t), False
        case App("tanh", _), 0:
            return sub(num(1), t), True
        case App("tanh", _), 1:
            return app("add", num(1), t), True
        case App("floor", (u,)), 0:
            return sub(u, t), False
        case App("floor", (u,)), 1:
            return sub(app("add", t, num(1)), u), True
        case App("ceiling", (u,)), 0:
            return sub(t, u), False
        case App("ceiling", (u,)), 1:
            return sub(app("add", u, num(1)), t), True
    raise Reject("bound", show(t)[:80], "has no such bound")


__all__ = ["check", "entry"]
