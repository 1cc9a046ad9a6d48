"""Equations that follow from equations: a polynomial combination of the assumptions.

    h_1 = 0, ..., h_n = 0, s_1 != 0, ..., s_k != 0  among the assumptions
    s * (a - b)^e  =  c_1 h_1 + ... + c_n h_n         (normal form; s a product of powers of the s_j)
    -----------------------------------------------------------------------------------------------
    a = b;     with  s = c_1 h_1 + ... + c_n h_n :  the assumptions contradict each other
    a_1 = b_1 or ... or a_m = b_m,  if the identity holds with the product of the (a_j - b_j) for a - b

FAILURE: the identity does not reduce to 0; an s_j is not known to be nonzero; e < 1.
The goal ``p != 0`` is shown by assuming p = 0 and a contradiction.  Over a field without zero
divisors (R, C), hence the power e (Hilbert's Nullstellensatz; Cox, Little, O'Shea, Ideals,
Varieties, and Algorithms, ch. 4, sec. 1).

Certificate: ``cofactors``: [[position of the equation, cofactor term], ...] where equations are the
assumptions of the form ``=`` in order; ``power`` e; ``nonzero``: [term, ...].
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .field import Field
from .term import FALSE, App, Num, Term, add, app, conjuncts, free_names, from_json, mul, num, show, sub

if TYPE_CHECKING:
    from .prove import Prover

MAX_ALTERNATIVES = 24


def equations(s: Sequent) -> list[tuple[Term, Term]]:
    """The assumed equations (tuples component by component), in order."""
    from .prove import components

    out: list[tuple[Term, Term]] = []
    for a in s.assumptions:
        for c in conjuncts(a):
            if isinstance(c, App) and c.head == "=":
                out += components(c.args[0], c.args[1], s)
    return out


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    from .prove import components, discharge

    goals: list[Term]
    match s.goal:
        case App("=", (a, b)):
            goals = [sub(x, y) for x, y in components(a, b, s)]
            conditions = discharge(definedness(s.goal, s), s)
        case App("!=", (a, b)):
            if len(components(a, b, s)) != 1:
                raise Reject("ideal", show(s.goal)[:80], "tuples: show one component different")
            conditions = discharge(definedness(s.goal, s), s)
            s = s.assuming(app("=", a, b)).with_goal(FALSE)
            goals = [num(1)]
        case App("false", ()):
            goals, conditions = [num(1)], ()
        case App("or", parts) if parts and all(isinstance(p, App) and p.head == "=" for p in parts):
            pairs = [q for p in parts if isinstance(p, App) for q in components(p.args[0], p.args[1], s)]
            if len(pairs) != len(parts) or len(parts) > MAX_ALTERNATIVES:
                raise Reject("ideal", "goal", "tuples, or too many alternatives")
            goals, conditions = [mul(*(sub(x, y) for x, y in pairs))], discharge(definedness(s.goal, s), s)
        case _:
            raise Reject("ideal", show(s.goal)[:80], "is no equation")
    # only assumptions that are defined where they are assumed: conditions of equations are given
    known = equations(s)
    certificates = c["parts"] if "parts" in c else [c]
    if len(certificates) != len(goals):
        raise Reject("ideal", "parts", f"{len(goals)} components, {len(certificates)} certificates")
    field = Field(s)
    for goal, part in zip(goals, certificates, strict=True):
        power = part.get("power", 1)
        if not (isinstance(power, int) and 1 <= power <= 12):
            raise Reject("ideal", "power", "is not from 1 to 12")
        left: list[Term] = [app("pow", goal, Num(_q(power)))]
        for text in part.get("nonzero", []):
            factor = _closed(from_json(text), s)
            if field.sign(factor) not in ("+", "-", "+-"):
                raise Reject("ideal", show(factor), "is not known to be nonzero")
            left.append(factor)
        right: list[Term] = []
        for position, cofactor in part["cofactors"]:
            if not (isinstance(position, int) and 0 <= position < len(known)):
                raise Reject("ideal", "cofactors", f"there is no equation {position}")
            x, y = known[position]
            right.append(mul(_closed(from_json(cofactor), s), sub(x, y)))
        if not field.equal(mul(*left), add(*right)):
            raise Reject("ideal", show(s.goal)[:80], "the combination does not give the goal")
    return Evidence(conditions)


def _closed(t: Term, s: Sequent) -> Term:
    if loose := free_names(t) - set(s.declarations):
        raise Reject("ideal", show(t), f"{', '.join(sorted(loose))} is not declared")
    from .prove import discharge

    if left := discharge(definedness(t, s), s):
        raise Reject("ideal", show(t), f"is defined only if {show(left[0])}")
    return t


def _q(n: int):  # type: ignore[no-untyped-def]
    from fractions import Fraction

    return Fraction(n)
