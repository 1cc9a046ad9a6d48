"""Positive products compared by their logarithms.

    log a = L_a,  log b = L_b,  read off the factors:   log(u v) = log u + log v,  log(u/v) = log u - log v,
    log exp(u) = u,  log sqrt(u) = (log u)/2,  log u^e = e log u      every factor u, v > 0;  every exponent real
    G |- L_a = L_b
    ----------------------------------------------------------------------------------------------------------
    G |- a = b                                conditions: the definedness of a = b

The logarithm is injective on the positive numbers.  Exponents over different denominators add up here (in the
normal form of a product each exponential of a monomial stands by itself): so products of normal densities
compare by completing the square.

FAILURE: a factor that is not certainly positive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .field import CannotNormalise, Field
from .kinds import is_real
from .prove import discharge
from .term import App, Term, add, app, mul, num, show

RULE = "products"


def check(s: Sequent, c: Mapping[str, Any], prove: Callable[[Sequent, Any], Evidence]) -> Evidence:
    if not (isinstance(s.goal, App) and s.goal.head == "="):
        raise Reject(RULE, "goal", "is no equation")
    conditions = discharge(definedness(s.goal, s), s)
    given = s.assuming(*conditions)
    a, b = (logarithm(t, given) for t in s.goal.args)
    shown = prove(given.with_goal(app("=", a, b)), c["proof"])
    if foreign := discharge(shown.conditions, given):
        raise Reject(RULE, "proof", f"{show(foreign[0])} is no condition of the goal")
    return Evidence(conditions, shown.axioms)


def logarithm(t: Term, s: Sequent) -> Term:
    """Raises :class:`Reject`."""
    match t:
        case App("mul", args) if args:
            return add(*(logarithm(a, s) for a in args))
        case App("div", (a, b)):
            return add(logarithm(a, s), app("neg", logarithm(b, s)))
        case App("exp", (u,)) if is_real(u, s.declarations):
            return u
        case App("sqrt", (u,)):
            return app("div", logarithm(u, s), num(2))
        case App("pow", (u, e)) if is_real(e, s.declarations):
            return mul(e, logarithm(u, s))
    try:
        sign = Field(s).sign(t)
    except CannotNormalise:
        sign = None
    if sign != "+" and discharge((app(">", t, num(0)),), s):
        raise Reject(RULE, show(t)[:60], "is not certainly positive")
    return app("log", t)


__all__ = ["check", "logarithm"]
