"""Partial derivatives in the terms that the rules of ``derivative`` give.

    G', C |- P'        P', G': P, G with every partial derivative taken;  C: the definedness of P
    ------------------------------------------------------------------------------------------------
    G |- P                                                                         conditions: C

A partial derivative is defined where its rules apply (``term``, ``derivative``), so P' has the value of P wherever
P is defined, and an assumption that holds has its derivatives defined.
FAILURE: no derivative is known to the rules; P' is shown only under a condition that is none of P's.
Source: Magnus and Neudecker, *Matrix Differential Calculus*, ch. 5 (rules of differentials; no page).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .derivative import without_partials
from .evidence import Evidence, Reject
from .term import show

if TYPE_CHECKING:
    from .prove import Prover

RULE = "differentiate"


def differentiated(s: Sequent) -> Sequent:
    """The sequent with its partial derivatives taken; itself where there are none that rules know."""
    return Sequent(s.declarations, tuple(without_partials(a, s.declarations) for a in s.assumptions),
                   without_partials(s.goal, s.declarations))


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    from .prove import discharge

    new = differentiated(s)
    if new.goal == s.goal and new.assumptions == s.assumptions:
        raise Reject(RULE, show(s.goal)[:80], "has no partial derivative that the rules know")
    own = discharge(definedness(s.goal, s), s)
    shown = prove(new.assuming(*own), c["proof"])
    if foreign := [x for x in shown.conditions if x not in own]:
        raise Reject(RULE, "proof", f"{show(foreign[0])[:80]} is no condition of the goal")
    return Evidence(own) + Evidence((), shown.axioms)


__all__ = ["check", "differentiated"]
