"""Matrices of symbolic size: proofs by entries.

Class decided: equations between products, transposes, sums, traces, Hadamard and Kronecker products, blocks,
which are equations between sums over indices.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.matrix_terms import IllTyped, NoEntries, about_matrices
from ..kernel.rule_entries import expanded
from ..kernel.rule_matrix_form import MatrixForm
from ..kernel.term import RELATIONS, App
from ..kernel.words import OverBudget

if TYPE_CHECKING:
    from .search import Searcher


def by_entries(s: Sequent, search: Searcher) -> Iterator[dict[str, Any]]:
    if not (isinstance(s.goal, App) and s.goal.head in (*RELATIONS, "mat=") and about_matrices(s.goal)):
        return
    try:
        opened = expanded(s.goal, s)
    except (NoEntries, IllTyped):
        return
    if opened == s.goal:
        return
    known = []
    for a in s.assumptions:
        if about_matrices(a):
            try:
                known.append(expanded(a, s))
            except (NoEntries, IllTyped):
                continue
    proof = search.prove(s.assuming(*known).with_goal(opened))
    if proof is not None:
        yield {"rule": "entries", "proof": proof}


def by_words(s: Sequent, search: Searcher) -> Iterator[dict[str, Any]]:
    """Normal forms of words: plain, then multiplied by what is inverted."""
    if not (isinstance(s.goal, App) and s.goal.head in ("=", "mat=") and about_matrices(s.goal)):
        return
    yield {"rule": "matrix-form"}
    try:
        work = MatrixForm(s, {})
        work.difference(*s.goal.args)
    except (Reject, IllTyped, OverBudget, ZeroDivisionError, ValueError):
        return
    compounds = [n for n, b in work.reader.bases.items() if b.compound is not None]
    if s.goal.head == "=":
        return
    sides = [(side, n) for n in compounds[:3] for side in ("left", "right")]
    for first in sides:
        yield {"rule": "matrix-form", "multiply": [list(first)]}
    for first in sides:
        for second in sides:
            if first < second:
                yield {"rule": "matrix-form", "multiply": [list(first), list(second)]}


__all__ = ["by_entries", "by_words"]
