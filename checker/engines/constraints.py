"""Multipliers of assumed inequalities between numbers made of vectors: what is left of a gap is mu (b - a'w).

Method: both sides are read as words; the multiplier is what the words of the constraint are multiplied by in the goal.
Source: Boyd, Vandenberghe, Convex Optimization, 5.5.3 (no page): the multipliers of Karush, Kuhn and Tucker.
Why it convinces: rule ``sos``: mu >= 0 is proved, and goal = mu (b - a'w) is an identity.
Cannot: several constraints at once (``multipliers`` solves for these where all is numbers and sums).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.matrix_terms import IllTyped
from ..kernel.rule_sos import assumed_orders
from ..kernel.term import ZERO, Bind, Term, add, app, free_names, num, sub, subterms, to_json
from ..kernel.words import Form, OverBudget
from . import word_terms
from .zero_vectors import read_words

if TYPE_CHECKING:
    from .search import Searcher

MAX_CONSTRAINTS = 4
_FAULTS = (Reject, IllTyped, OverBudget, ZeroDivisionError, ValueError, KeyError, word_terms.NoTerm)


def constrained(s: Sequent, search: Searcher) -> dict[str, Any] | None:
    """A proof of ``t >= 0`` from one assumed inequality about vectors."""
    known = [(k, sub(large, small)) for k, (small, large, _) in enumerate(assumed_orders(s)) if any(
        isinstance(u, Bind) or getattr(u, "head", "") == "matmul" for side in (small, large) for u in subterms(side))]
    if not known:
        return None
    goal = s.goal.args[0]  # type: ignore[union-attr]
    try:
        work, target = read_words(s, goal)
    except _FAULTS:
        return None
    for k, slack in known[:MAX_CONSTRAINTS]:
        multiplier = _multiplier(s, slack, target, work.reader)
        if multiplier is None or free_names(multiplier) - set(s.declarations):
            continue
        shown = search.unconditionally(s.with_goal(app(">=", multiplier, ZERO)))
        if shown is None:
            continue
        for identity in ("matrix-form", "index-form"):
            factor = {"term": to_json(multiplier), "strict": False, "proof": shown}
            proof = {"rule": "sos", "facts": [{"given": k}, factor], "sum": [[to_json(num(1)), [0, 1], None]],
                     "identity": {"rule": identity}}
            found = search.accepted(s, proof)
            if found is not None and not found.conditions:
                return proof
    return None


def _multiplier(s: Sequent, slack: Term, target: Form, r: Any) -> Term | None:
    try:
        _, form = read_words(s, slack)
        for (scalars, word), c in form.terms.items():
            if word or len(scalars) != 1 or scalars[0][0][0] != "q" or scalars[0][1] != 1:
                continue
            parts = []
            for (others, w), d in target.terms.items():
                if not w and scalars[0] in others:
                    parts.append(word_terms.scalars(r, tuple(p for p in others if p != scalars[0]), d/c))
            if parts:
                return add(*parts)
    except _FAULTS:
        return None
    return None


__all__ = ["constrained"]
