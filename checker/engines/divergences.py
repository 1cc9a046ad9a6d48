"""Inequalities between divergences of two densities: at each point, or squared by Cauchy-Schwarz.

Method.  Both sides are integrals of functions of u = p/q (kernel/rule_two_densities).  What may be added is e (p - q),
whose integral is 0: e is the slope at u = 1 where both sides agree there, as they do for divergences.  For a square,
TV^2 <= R, a share of p and q is tried, 1/2, 1/3, ...; floats choose, and the other engines prove the premise in u.
A root on the larger side is squared first.  Tsybakov, Introduction to Nonparametric Estimation, 2.4 (no page).

What it cannot do: three densities, conditional ones, functions of the variable, parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.rule_two_densities import FIRST, RULE, SECOND, Claim, Part, pointwise, squared
from ..kernel.term import (
    ONE, REAL, ZERO, App, Malformed, Num, Term, Var, app, mul, num, substitute, to_json,
)
from .densities import about_densities
from .elementary import compiled

Certificate = dict[str, Any]
SHARES = [Fraction(t) for t in ("1/2", "1/3", "2/3", "0", "1", "1/4", "3/4")]
PLACES = [10.0**(k/4) for k in range(-16, 17)] + [0.8, 0.9, 0.99, 1.0, 1.01, 1.1, 1.3]
SLACK = 1e-9
_FAILURES = (Reject, Malformed, KeyError, IndexError, ValueError, RecursionError, ArithmeticError)


def proofs(s: Sequent, search: Any) -> Iterator[Certificate]:
    if not (about_densities(s) and isinstance(s.goal, App) and s.goal.head in ("<=", ">=")):
        return
    try:
        small, large = s.goal.args if s.goal.head == "<=" else s.goal.args[::-1]
        if isinstance(large, App) and (large.head == "sqrt" or large.head in ("mul", "div") and any(
                isinstance(a, App) and a.head == "sqrt" for a in large.args)):
            yield from _under_a_root(s, small, large, search)
        else:
            yield from _certificates(s, small, search)
    except _FAILURES:
        return


def _certificates(s: Sequent, small: Term, search: Any) -> Iterator[Certificate]:
    inside = small.args if isinstance(small, App) else ()
    square = any(isinstance(a, App) and a.head == "pow" for a in (small, *inside))
    for goals, certificate in _squares(s) if square else _linear(s):
        found = []
        for goal in goals:
            proof = search.prove(Sequent({"u": REAL}, (app(">", Var("u"), ZERO),), goal))
            if proof is None:
                break
            found.append(proof)
        else:
            yield {"rule": RULE, **certificate, "proofs": found}
            return


def _under_a_root(s: Sequent, small: Term, large: Term, search: Any) -> Iterator[Certificate]:
    """M <= sqrt(R) from M^2 <= R."""
    from ..kernel.definedness import definedness
    from ..kernel.prove import discharge

    here = s.assuming(*discharge(definedness(s.goal, s), s))
    positive = search.prove(here.with_goal(app(">=", large, ZERO)))
    if positive is None:
        return
    goal = app("<=", app("pow", small, num(2)), app("pow", large, num(2)))
    for proof in _certificates(here.with_goal(goal), app("pow", small, num(2)), search):
        yield {"rule": "both-sides", "function": "power", "power": to_json(num(2)), "large": positive, "proof": proof}


def _function(parts: list[Part]) -> Callable[[float], float]:
    by: dict[str, Term] = {FIRST.name: Var("u"), SECOND.name: ONE}
    term = app("add", *(substitute(mul(num(p.c), p.weight, p.rest), by) for p in parts), ZERO)
    at = compiled(term)
    return lambda u: at({"u": u})


def _slope(f: Callable[[float], float]) -> Fraction:
    return Fraction((f(1 + 1e-6) - f(1 - 1e-6))/2e-6).limit_denominator(24)


def _units(f: Callable[[float], float], number: Fraction) -> Iterator[tuple[Fraction, Fraction]]:
    """e p + e' q with e + e' the number: the tangent at 1, or an even share."""
    for e in dict.fromkeys((-_slope(f), number/2, number, Fraction(0))):
        yield e, number - e


def _linear(s: Sequent) -> Iterator[tuple[list[Term], Certificate]]:
    claim = Claim(s)
    right, n = claim.linear(claim.large)
    left, m = claim.linear(claim.small, Fraction(-1))
    g = _function([*right, *left])
    for e, other in _units(g, n + m):
        if all(g(u) + float(e)*u + float(other) >= -SLACK*(1 + u) for u in PLACES):
            yield pointwise(Claim(s), (e, other)), {"units": [to_json(num(e)), to_json(num(other))]}


def _squares(s: Sequent) -> Iterator[tuple[list[Term], Certificate]]:
    claim = Claim(s)
    c, root = _square(claim.small)
    f = _function(claim.linear(root)[0])
    right, number = claim.linear(claim.large)
    b = _function(right)
    for e, other in _units(b, number):
        for share in SHARES:
            one, two = share/c, (1 - share)/c
            if all(f(u)**2 <= (float(one)*u + float(two))*(b(u) + float(e)*u + float(other)) + SLACK*(1 + u*u)
                   for u in PLACES):
                yield squared(Claim(s), (e, other), (one, two)), {
                    "units": [to_json(num(e)), to_json(num(other))], "share": [to_json(num(one)), to_json(num(two))]}


def _square(t: Term) -> tuple[Fraction, Term]:
    match t:
        case App("pow", (m, Num(k))) if k == 2:
            return Fraction(1), m
        case App("mul", (Num(c), App("pow", (m, Num(k))))) if k == 2:
            return c, m
        case App("div", (App("pow", (m, Num(k))), Num(d))) if k == 2:
            return 1/d, m
    raise Reject(RULE, "goal", "has no square on its smaller side")


__all__ = ["proofs"]
