"""What keeps the sign: congruence by a matrix with an inverse, a positive factor of both sides."""

from __future__ import annotations

from typing import Any

from .claim import Sequent
from .evidence import Evidence, Reject
from .kinds import real_entries
from .matrix_terms import same_size, shape
from .prove import Prover, grounded
from .term import RELATIONS, ZERO, App, app, free_names, from_json, mul, sub


def check(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        N is invertible      N^T M N = K      K is positive semidefinite
        ----------------------------------------------------------------
        M is positive semidefinite                  (definite: of both)
    With v = N w: v^T M v = w^T K w, and every v is such a product; M^T = M since N^T (M^T - M) N = K^T - K = 0.
    FAILURE: an N that is not real (N = i I turns every sign) or not square, or that has an inverse only under a
    condition that the goal does not bring.
    Source: Horn and Johnson, Matrix Analysis, 4.5 and 7.1 (Sylvester's law of inertia; no page).
    """
    match s.goal:
        case App("psd" | "pd" as head, (m,)):
            pass
        case _:
            raise Reject("congruence", "goal", "does not say that a matrix is positive semidefinite")
    by, new = from_json(c["by"]), from_json(c["new"])
    if not free_names(by) | free_names(new) <= set(s.declarations):
        raise Reject("congruence", "by", "speaks of undeclared names")
    if not (real_entries(by, s.declarations) and real_entries(m, s.declarations)):
        raise Reject("congruence", "by", "may not be real")
    n, k = shape(by, s.declarations)
    if not (same_size(n, k) and same_size(n, shape(m, s.declarations)[0])):
        raise Reject("congruence", "by", "is not square, or does not fit")
    whole = app("matmul", app("transpose", by), m, by)
    shown = (prover(s.with_goal(app("invertible", by)), c["regular"])
             + prover(s.with_goal(app("mat=", whole, new)), c["equal"])
             + prover(s.with_goal(app(head, new)), c["proof"]))
    return grounded(s, shown, "congruence")


def check_cancel(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        f > 0      f (a - b) = t      t rel 0                  f != 0      f (a - b) = 0
        -------------------------------------                  -------------------------
        a rel b          (rel one of < <= > >=)                a = b
    The last premise may be shown without one of the assumptions (which would turn t back).
    FAILURE: f >= 0 only (0 times anything is 0); an f that is defined only under a condition.
    """
    match s.goal:
        case App(relation, (a, b)) if relation in RELATIONS and relation != "!=":
            pass
        case _:
            raise Reject("cancel", "goal", "does not compare two numbers")
    factor = from_json(c["factor"])
    new = ZERO if relation == "=" else from_json(c["new"])
    if not free_names(factor) | free_names(new) <= set(s.declarations):
        raise Reject("cancel", "factor", "speaks of undeclared names")
    sign = app("!=" if relation == "=" and c.get("positive") is not True else ">", factor, ZERO)
    shown = (prover(s.with_goal(sign), c["sign"])
             + prover(s.with_goal(app("=", mul(factor, sub(a, b)), new)), c["equal"]))
    if relation != "=":
        kept = tuple(a for k, a in enumerate(s.assumptions) if k != c.get("without"))
        shown += prover(Sequent(s.declarations, kept, app(relation, new, ZERO)), c["proof"])
    return grounded(s, shown, "cancel")


__all__ = ["check", "check_cancel"]
