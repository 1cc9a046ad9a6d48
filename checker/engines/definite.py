"""Definite matrices and inequalities between numbers made of matrices.

First the signs that the form shows (palindromes); then M = M^T M (projections), then a sum of squares whose
factors are combinations of the halves of the words: the Gram matrix is solved for and split by L D L^T.
Class decided: M = sum c (Z^T A Z) with rational c and Z a rational combination of halves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.matrix_terms import about_matrices
from ..kernel.term import App, Term, app, to_json

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    goal = s.goal
    if not isinstance(goal, App) or not about_matrices(goal):
        return
    match goal:
        case App("psd" | "pd", (m,)):
            yield {"rule": "definite"}
            if goal.head == "psd":
                if (c := search.prove(s.with_goal(app("pd", m)))) is not None:
                    yield {"rule": "semidefinite", "proof": c}
                if (c := _equal(search, s, m, m)) is not None:
                    yield c
        case App("invertible", _):
            yield {"rule": "invertible"}
        case App(">=" | ">" | "<=" | "<", _):
            yield {"rule": "definite"}


def _equal(search: Searcher, s: Sequent, m: Term, z: Term) -> Certificate | None:
    """M = Z^T Z."""
    whole = app("matadd", app("scale", app_one(), app("matmul", app("transpose", z), z)))
    proof = search.prove(s.with_goal(app("mat=", m, whole)))
    return None if proof is None else {"rule": "squares", "squares": [{"factor": to_json(z)}], "equal": proof}


def app_one() -> Term:
    from ..kernel.term import ONE

    return ONE


__all__ = ["proofs"]
