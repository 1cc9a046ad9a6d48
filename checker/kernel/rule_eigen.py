"""A matrix that maps a vector other than 0 to 0 has no inverse."""

from __future__ import annotations

from typing import Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .matrix_terms import is_one, same_size, shape
from .prove import Prover, discharge
from .term import ONE, ZERO, App, app, free_names, from_json


def check_singular(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        N v = 0      v is not 0
        -----------------------          (or: N is not invertible)
        det(N) = 0
    FAILURE: a v that may be 0; an N that is not square.
    Source: Horn and Johnson, Matrix Analysis, 0.5 (no page).
    """
    match s.goal:
        case App("=", (App("det", (n,)), zero)) | App("=", (zero, App("det", (n,)))) if zero == ZERO:
            pass
        case App("not", (App("invertible", (n,)),)):
            pass
        case _:
            raise Reject("singular", "goal", "does not say that a determinant is 0")
    v = from_json(c["vector"])
    if not free_names(v) <= set(s.declarations):
        raise Reject("singular", "vector", "speaks of undeclared names")
    rows, columns = shape(n, s.declarations)
    length, one = shape(v, s.declarations)
    if not (same_size(rows, columns) and same_size(columns, length) and is_one(one)):
        raise Reject("singular", "vector", "does not fit")
    zero = app("zeros", rows, ONE)
    return (prover(s.with_goal(app("mat=", app("matmul", n, v), zero)), c["kernel"])
            + prover(s.with_goal(app("not", app("mat=", v, zero))), c["nonzero"])
            + Evidence(tuple(discharge(definedness(s.goal, s), s))))


__all__ = ["check_singular"]
