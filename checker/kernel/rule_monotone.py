"""Inequalities of one real variable by the sign of a derivative: one rung of the ladder.

    G |- lo < x < hi;   G0: what G assumes without x
    G0, lo < x < hi |- f = b - a is defined, real and differentiable                    (``smooth``)
    G0, lo < x < hi |- f' > 0  (or >= 0)                                                 (``slope``)
    G0 |- f(lo) >= 0, f continuous on [lo, hi);   or  G0 |- lim f at lo from above >= 0   (``end``)
    ------------------------------------------------------------------------------------------------
    G |- a < b  (or a <= b)

From the other end: f' < 0 and the limit at hi.  Strict if the slope is strict or the end is > 0
(mean value theorem; Rudin, Principles of Mathematical Analysis, 3rd ed., Theorem 5.11).  Only what is
proved on the whole interval counts: a pole or a kink between x and the end breaks the conclusion, so no
condition of the goal may be assumed here, not even the goal's own.

FAILURE: a guard of the derivative or a condition of definedness is not proved on the interval; the value
at an end where f need not be continuous (a head outside ``CONTINUOUS``); no rule for the derivative.

Certificate: ``variable``; ``lower``, ``upper``: {"at": term, "proof": p} or absent (-oo, oo); ``from``:
"lower" or "upper"; ``slope``: {"strict": bool, "proof"}; ``end``: {"kind": "value" or "limit", "strict":
bool, "proof"}; ``smooth``: proofs of the conditions that are not visible, in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .derivative import NoDerivative, derivative
from .evidence import Evidence, Reject
from .kinds import is_real
from .rule_sos import declared, sides
from .term import (
    OO, REAL, App, Bind, Num, Term, Var, app, conjuncts, free_names, fresh, from_json, num, show,
    sort_terms, sub, substitute, subterms,
)

if TYPE_CHECKING:
    from .prove import Prover

#: Continuous wherever they are defined and real, as functions of real arguments.
CONTINUOUS = {
    "add", "mul", "neg", "div", "pow", "sqrt", "exp", "log", "sin", "cos", "tan", "cot", "sec", "csc", "sinh",
    "cosh", "tanh", "coth", "asinh", "atan", "erf", "abs", "max", "min", "relu", "pi", "e",
}


def interval(s: Sequent, c: Mapping[str, Any], prove: Prover, x: Term, rule: str
             ) -> tuple[Term | None, Term | None, Evidence]:
    """The ends that the certificate names, once x is shown to lie between them."""
    evidence = Evidence()
    ends: list[Term | None] = []
    for key in ("lower", "upper"):
        if key not in c:
            ends.append(None)
            continue
        end = declared(from_json(c[key]["at"]), s, rule)
        if isinstance(x, Var) and x.name in free_names(end):
            raise Reject(rule, key, "the end moves with the variable")
        if not is_real(end, s.declarations):
            raise Reject(rule, key, f"{show(end)} is not certainly real")
        goal = app("<", end, x) if key == "lower" else app("<", x, end)
        shown = prove(s.with_goal(goal), c[key]["proof"])
        if shown.conditions:
            raise Reject(rule, key, f"is shown only if {show(shown.conditions[0])}")
        evidence += shown
        ends.append(end)
    return ends[0], ends[1], evidence


def between(s: Sequent, x: str, lower: Term | None, upper: Term | None, closed: str = "") -> Sequent:
    """What G assumes without x, and lower < x < upper (``closed``: the end that belongs to it)."""
    kept = tuple(f for a in s.assumptions for f in conjuncts(a) if x not in free_names(f))
    new = []
    if lower is not None:
        new.append(app("<=" if closed == "lower" else "<", lower, Var(x)))
    if upper is not None:
        new.append(app("<=" if closed == "upper" else "<", Var(x), upper))
    return Sequent({**s.declarations, x: REAL}, (*kept, *new), s.goal)


def without(s: Sequent, x: str) -> Sequent:
    return Sequent(s.declarations, tuple(
        f for a in s.assumptions for f in conjuncts(a) if x not in free_names(f)), s.goal)


def limit_at(f: Term, x: str, end: Term | None, low: bool, taken: set[str]) -> Bind:
    """The one-sided limit of f at an end of the interval (None: -oo or oo)."""
    t = fresh("t", taken | free_names(f))
    body = substitute(f, {x: Var(t)})
    point = end if end is not None else app("neg", OO) if low else OO
    side = "two-sided" if end is None else "from-above" if low else "from-below"
    return Bind("limit", (t,), (REAL,), (point, app(side)), (body,))


def slope_goal(f: Term, x: str, s: Sequent, rising: bool, strict: bool) -> tuple[Term, tuple[Term, ...]]:
    """``f' > 0`` (or f' < 0), and what must hold on the interval for it to mean what it says."""
    try:
        d, guards = derivative(f, x, s.declarations)
    except NoDerivative as error:
        raise Reject("monotone", "slope", str(error)) from error
    relation = (">" if rising else "<") + ("" if strict else "=")
    return app(relation, d, num(0)), guards


def smooth_conditions(f: Term, guards: tuple[Term, ...], s: Sequent, closed: Sequent) -> list[Sequent]:
    """The goals of ``smooth``: definedness and realness on the closed interval, guards on the open one,
    without those that are visible."""
    from .prove import discharge

    real = tuple(definedness(app(">", f, num(0)), closed))
    out = [closed.with_goal(g) for g in discharge(real, closed)]
    return out + [s.with_goal(g) for g in discharge(tuple(dict.fromkeys(guards)), s)]


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    small, large, strict = sides(s.goal, "monotone")
    x = c["variable"]
    sort = s.declarations.get(x)
    if not isinstance(x, str) or sort is None or not is_real(Var(x), s.declarations):
        raise Reject("monotone", "variable", f"{str(x)[:40]!r} is no real name")
    f = sub(large, small)
    lower, upper, evidence = interval(s, c, prove, Var(x), "monotone")
    low = c["from"] == "lower"
    if not low and c["from"] != "upper":
        raise Reject("monotone", "from", "neither lower nor upper")
    end, kind = c["end"], c["end"]["kind"]
    if kind not in ("value", "limit"):
        raise Reject("monotone", "end", "neither a value nor a limit")
    at = lower if low else upper
    open_ = between(s, x, lower, upper)
    if OO in subterms(f):
        raise Reject("monotone", "goal", "an infinite value")
    sharp_slope, sharp_end = c["slope"]["strict"] is True, end["strict"] is True
    if any(x in free_names(u) for k in s.declarations.values() for u in sort_terms(k)) or any(
            isinstance(u, Bind) and x in free_names(u) for u in subterms(f)):
        raise Reject("monotone", "variable", "is a size, or stands under a binder")
    goal, guards = slope_goal(f, x, open_, low, sharp_slope)
    closed = open_
    if kind == "value":
        if at is None:
            raise Reject("monotone", "end", "there is no value at infinity")
        for u in subterms(f):
            if isinstance(u, App) and u.head not in CONTINUOUS and x in free_names(u):
                raise Reject("monotone", "end", f"{show(u)[:60]} need not be continuous at the end")
        closed = between(s, x, lower, upper, "lower" if low else "upper")
    needed = smooth_conditions(f, guards, open_, closed)
    proofs = c.get("smooth", [])
    if len(proofs) != len(needed):
        raise Reject("monotone", "smooth", f"{len(needed)} conditions, {len(proofs)} proofs: "
                     + "; ".join(show(n.goal)[:60] for n in needed[:3]))
    for question, proof in zip(needed, proofs, strict=True):
        evidence += _plain(prove(question, proof), "smooth")
    evidence += _plain(prove(open_.with_goal(goal), c["slope"]["proof"]), "slope")
    apart = without(s, x)
    if kind == "value" and at is not None:
        value = substitute(f, {x: at})
        if x in free_names(value):
            raise Reject("monotone", "end", "the value still mentions the variable")
    else:
        value = limit_at(f, x, at, low, set(s.declarations))
    relation = ">" if sharp_end else ">="
    evidence += _plain(prove(apart.with_goal(app(relation, value, num(0))), end["proof"]), "end")
    if strict and not (sharp_slope or sharp_end):
        raise Reject("monotone", "goal", "neither the slope nor the end is strict")
    return evidence


def _plain(shown: Evidence, where: str) -> Evidence:
    if shown.conditions:
        raise Reject("monotone", where, f"is shown only if {show(shown.conditions[0])}")
    return shown


__all__ = ["CONTINUOUS", "Num", "between", "check", "interval", "limit_at", "slope_goal", "smooth_conditions"]
