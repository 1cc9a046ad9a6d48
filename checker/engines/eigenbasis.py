"""Numbers made of one symmetric matrix, or of a definite and a symmetric one, as sums and products over eigenvalues.

Method: simultaneous diagonalisation by congruence (rule ``eigenbasis``); what is left is an inequality between sums
over one index.  Class decided: traces, determinants, log-determinants, Loewner's order of words in two matrices whose
bases cancel: log det S <= tr S - n, concavity of log det, divergences between normal laws, det S <= det R, tr(M S).
Cannot do: three matrices; words in which bases do not cancel, such as M S M + S.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.matrix_terms import IllTyped
from ..kernel.rule_eigenbasis import NotDiagonal, Reduction
from ..kernel.term import RELATIONS, App, Index, Map, Var, app, free_names, subterms
from . import one_sum

if TYPE_CHECKING:
    from .search import Searcher

SPECTRAL_HEADS = ("det", "trace", "inverse", "matpow", "psd", "pd")


def proofs(s: Sequent, search: Searcher) -> Iterator[dict[str, Any]]:
    goal = s.goal
    if not isinstance(goal, App) or goal.head not in (*RELATIONS, "psd", "pd") or goal.head == "!=" or not any(
            isinstance(u, App) and u.head in SPECTRAL_HEADS for u in subterms(goal)):
        return
    matrices = [n for n in sorted(free_names(goal)) if isinstance(k := s.declarations.get(n), Map)
                and len(k.args) == 2 and all(isinstance(a, Index) for a in k.args)]
    definite = [n for n in matrices if app("pd", Var(n)) in s.assumptions]
    if len(matrices) == 1:
        choices: list[tuple[str | None, str | None]] = [(None, matrices[0])]
    elif len(matrices) == 2:
        choices = [(n, next(m for m in matrices if m != n)) for n in definite]
    else:
        return
    for dual, (one, other) in itertools.product((False, True) if len(matrices) == 2 else (False,), choices):
        try:
            work = Reduction(s, one, other, dual)
            inner = work.sequent()
        except (Reject, NotDiagonal, IllTyped):
            continue
        positive = [search.unconditionally(inner.with_goal(f)) for f in work.positive]
        if None in positive:
            continue
        # what is left is mostly one sum over the eigenvalues: the other engines spend much on it
        proof = next((c for c in one_sum.proofs(inner, search) if search.accepted(inner, c)), None)
        if proof is not None or (proof := search.prove(inner)) is not None:
            yield {"rule": "eigenbasis", "definite": one, "other": other, "positive": positive, "proof": proof,
                   **({"dual": True} if dual else {})}


__all__ = ["proofs"]
