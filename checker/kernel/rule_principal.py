"""Equality over C by the normal form with principal branches.

    the normal form (``principal``) of a - b is 0
    ----------------------------------------------      conditions: the definedness of a and b
    G |- a = b

FAILURE: ``Principal`` cannot normalise a side (a conjugate on a cut), or the difference is not seen to be 0.
Source: DLMF 4.23(iv), 4.37(iv) (inverse functions), 4.2(iv) and 4.8 (logarithms and powers of products).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .principal import Principal
from .term import App, show

if TYPE_CHECKING:
    from .prove import Prover


def check(s: Sequent, c: Any, prove: Prover) -> Evidence:
    from .prove import components, discharge

    if not (isinstance(s.goal, App) and s.goal.head == "="):
        raise Reject("principal", show(s.goal)[:80], "is no equation")
    conditions = discharge(definedness(s.goal, s), s)
    field = Principal(s.assuming(*conditions))
    left, right = s.goal.args
    for a, b in components(left, right, s):
        if not field.equal(a, b):
            raise Reject("principal", show(s.goal)[:80], "the difference does not reduce to 0")
    return Evidence(conditions)
