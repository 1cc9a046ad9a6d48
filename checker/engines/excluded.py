"""Why nothing is lost at the points that a proof leaves out (``kernel.excluded``).

Method, for each condition that is sufficient only: the closed relation by continuity, else a derivative that is
missing there (``slopes``), else the claim itself there.  Cannot do: corners at points with no simple equation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.excluded import closed, derivatives, doubtful, outside
from ..kernel.term import RELATIONS, App, Term, app, to_json
from .outcome import Budget

if TYPE_CHECKING:
    from .search import Searcher

Reason = dict[str, Any]


def reasons(s: Sequent, conditions: tuple[Term, ...], search: Searcher) -> list[Reason] | None:
    """A reason for each doubtful condition, none if continuity is the reason; None where one was not found."""
    open_ = doubtful(s, conditions)
    try:
        if open_:
            closed(s, conditions, open_)
        return []
    except Reject as error:
        search.notes.setdefault("excluded", error.message)
    found = [_reason(s, c, search) for c in open_]
    return None if None in found else [f for f in found if f is not None]


def _reason(s: Sequent, c: Term, search: Searcher) -> Reason | None:
    there = outside(s, c)
    if isinstance(s.goal, App) and s.goal.head in RELATIONS:
        for t in derivatives(s.goal):
            proof = _search(search, 200).unconditionally(there.with_goal(app("not", app("finite", t))))
            if proof is not None:
                return {"by": "diff", "term": to_json(t), "proof": proof}
    proof = _search(search, 60).unconditionally(there)
    return None if proof is None else {"by": "goal", "proof": proof}


def _search(search: Searcher, checks: int) -> Searcher:
    """A small search of its own: the question is easy or out of reach."""
    return type(search)(search.lemmas, Budget(checks=checks))


__all__ = ["reasons"]
