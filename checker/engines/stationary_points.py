"""Assumed derivatives in terms that the other engines know: "f'(m) = 0" as an equation.

Method: a derivative by a number in an assumed equation is written out by the rules of differentiation, and the equation
that results is a further assumption.
Cannot: derivatives at corners.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.derivative import NoDerivative, expanded
from ..kernel.term import App, Bind, app, subterms, to_json

if TYPE_CHECKING:
    from .search import Searcher


def proofs(s: Sequent, search: Searcher) -> Iterator[dict[str, Any]]:
    goal = s.goal
    if search.model is not None or not isinstance(goal, (App, Bind)):
        return
    for a in s.assumptions:
        if not (isinstance(a, App) and a.head == "=" and any(isinstance(u, Bind) and u.head == "diff"
                                                           for u in subterms(a))):
            continue
        try:
            left, right = (expanded(t, s.declarations) for t in a.args)
        except NoDerivative:
            continue
        fact = app("=", left, right)
        if fact == a or fact in s.assumptions:
            continue
        because = _rewritten(s, a, fact, search)
        if because is None:
            continue
        found = search.prove(s.assuming(fact))
        if found is not None:
            yield {"rule": "have", "fact": to_json(fact), "because": because, "proof": found}
        return


def _rewritten(s: Sequent, a: App, fact: App, search: Searcher) -> dict[str, Any] | None:
    """left = left' = right' = right, the outer links by the rules of differentiation."""
    parts = []
    for x, y in ((fact.args[0], a.args[0]), (a.args[1], fact.args[1])):
        shown = search.unconditionally(Sequent(s.declarations, tuple(
            b for b in s.assumptions if b != a), app("=", x, y)))
        if shown is None:
            return None
        parts.append(shown)
    return {"rule": "through", "terms": [to_json(a.args[0]), to_json(a.args[1])], "relations": ["=", "=", "="],
            "parts": [parts[0], {"rule": "assumption"}, parts[1]]}


__all__ = ["proofs"]
