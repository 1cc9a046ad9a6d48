"""Goals with sums of polynomials over integer ranges: the sums are closed, the rest goes to the searcher."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.closed_sum import closed, written_conditions
from ..kernel.evidence import Reject
from ..kernel.field import CannotNormalise
from ..kernel.term import INTEGER, RELATIONS, App, Bind, subterms

if TYPE_CHECKING:
    from .search import Searcher


def proofs(s: Sequent, search: Searcher) -> Iterator[dict[str, Any]]:
    """Certificates ``closed-sum`` for relations (engine of the portfolio)."""
    goal = s.goal
    if not (isinstance(goal, App) and goal.head in RELATIONS) or not any(
            isinstance(u, Bind) and u.head == "sum" and u.sorts == (INTEGER,) for u in subterms(goal)):
        return
    try:
        given = s.assuming(*written_conditions(s))
        new = closed(goal, given)
    except (Reject, CannotNormalise, RecursionError):
        return
    if new == goal:
        return
    proof = search.prove(given.with_goal(new))
    if proof is not None:
        yield {"rule": "closed-sum", "proof": proof}


__all__ = ["proofs"]
