"""Partial derivatives: taken by the rules, and what is left is asked again.

Method: the kernel's rule ``differentiate`` (``derivative``); nothing is searched.  Cannot do: functions without
a rule; a goal whose derivatives exist only beside a corner.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.rule_differentiate import differentiated
from ..kernel.definedness import definedness
from ..kernel.prove import discharge
from ..kernel.term import Bind, subterms

if TYPE_CHECKING:
    from .search import Searcher


def proofs(s: Sequent, search: Searcher) -> Iterator[dict[str, Any]]:
    if not any(isinstance(t, Bind) and t.head == "partial" for f in (s.goal, *s.assumptions) for t in subterms(f)):
        return
    yield {"rule": "index-form"}
    new = differentiated(s)
    if new.goal == s.goal and new.assumptions == s.assumptions:
        return
    own = discharge(definedness(s.goal, s), s)
    proof = search.prove(new.assuming(*own))
    if proof is not None:
        yield {"rule": "differentiate", "proof": proof}


__all__ = ["proofs"]
