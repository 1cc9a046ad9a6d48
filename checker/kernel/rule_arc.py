"""The sign of sine and cosine on an arc.

    k pi < u < (k + 1) pi                      (k - 1/2) pi < u < (k + 1/2) pi
    -------------------------                  -------------------------------
    (-1)^k sin u > 0                           (-1)^k cos u > 0

With <= in the premises, >= in the conclusion.  The goal is sin u or cos u against 0, in either direction or
as "!= 0".  (DLMF 4.17, 4.16.)

FAILURE: a bound that is shown only under a condition; the wrong parity; a strict goal from weak bounds.
Certificate: ``k``: an integer; ``lower``, ``upper``: proofs of the bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .evidence import Evidence, Reject
from .term import App, Num, Term, app, mul, num, show

if TYPE_CHECKING:
    from .prove import Prover

RULE = "arc"
#: relation -> (sign of the function, strict)
_RELATIONS = {">": (1, True), ">=": (1, False), "<": (-1, True), "<=": (-1, False), "!=": (0, True)}
_TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "!=": "!="}


def read(goal: Term) -> tuple[str, Term, int, bool] | None:
    """``(function, argument, sign, strict)`` for a goal of the right form."""
    if not (isinstance(goal, App) and goal.head in _RELATIONS):
        return None
    a, b = goal.args
    relation = goal.head
    if a == num(0):
        a, b, relation = b, a, _TURNED[relation]
    match a:
        case App("sin" | "cos" as function, (u,)) if b == num(0):
            return (function, u, *_RELATIONS[relation])
        case _:
            return None


def ends(function: str, k: int) -> tuple[Term, Term]:
    """The ends of the arc on which (-1)^k times the function is positive."""
    shift = Fraction(0) if function == "sin" else Fraction(-1, 2)
    low, high = (mul(Num(k + shift + step), app("pi")) for step in (0, 1))
    return low, high


def bounds(function: str, u: Term, k: int, strict: bool) -> tuple[Term, Term]:
    low, high = ends(function, k)
    relation = "<" if strict else "<="
    return app(relation, low, u), app(relation, u, high)


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    asked = read(s.goal)
    if asked is None:
        raise Reject(RULE, show(s.goal)[:80], "is no sign of a sine or cosine")
    function, u, sign, strict = asked
    k = c["k"]
    if not isinstance(k, int) or isinstance(k, bool) or abs(k) > 10**6:
        raise Reject(RULE, "k", "is no integer of reasonable size")
    if sign and sign != (1 if k % 2 == 0 else -1):
        raise Reject(RULE, "k", "has the wrong parity")
    evidence = Evidence()
    for key, goal in zip(("lower", "upper"), bounds(function, u, k, strict), strict=True):
        shown = prove(s.with_goal(goal), c[key])
        if shown.conditions:
            raise Reject(RULE, key, f"is shown only if {show(shown.conditions[0])}")
        evidence += shown
    return evidence


__all__ = ["bounds", "check", "ends", "read"]
