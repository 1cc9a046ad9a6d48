"""Equality over C by the normal form with principal branches.

    the normal form (``principal``) of a - b is 0   [is nonzero at every point]
    ---------------------------------------------------------------------------      conditions: the definedness
    G |- a = b   [a != b]                                                            of a and b

FAILURE: ``Principal`` cannot normalise a side (a conjugate on a cut), or the difference is not seen to be 0.
Source: DLMF 4.23(iv), 4.37(iv) (inverse functions), 4.2(iv) and 4.8 (logarithms and powers of products).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .field import CannotNormalise
from .principal import Principal
from .term import COMPLEX, App, Bind, Term, Var, show, subterms

if TYPE_CHECKING:
    from .prove import Prover


#: Heads for which the normal form over C sees more than the one over R.
_COMPLEX = {"i", "re", "im", "arg", "conj", "abs", "asin", "acos", "atan", "asinh", "acosh", "atanh", "log", "sqrt"}


def nonzero(c: Term, s: Sequent) -> bool:
    """Whether ``a != b`` is seen under the assumptions; asked only for elementary terms over C."""
    found = False
    for u in subterms(c):
        if isinstance(u, Bind) or isinstance(u, App) and u.head in ("at", "density", "oo", "cases", "item", "tuple"):
            return False
        found = found or isinstance(u, App) and u.head in _COMPLEX or isinstance(u, Var) and (
            s.declarations.get(u.name) == COMPLEX)
    if not found or not isinstance(c, App) or c.head != "!=" or definedness(c, s):
        return False
    try:
        return Principal(s).differ(*c.args)
    except CannotNormalise:
        return False


def check(s: Sequent, c: Any, prove: Prover) -> Evidence:
    from .prove import components, discharge

    if not (isinstance(s.goal, App) and s.goal.head in ("=", "!=")):
        raise Reject("principal", show(s.goal)[:80], "is no equation")
    conditions = discharge(definedness(s.goal, s), s)
    field = Principal(s.assuming(*conditions))
    if s.goal.head == "!=":
        if not field.differ(*s.goal.args):
            raise Reject("principal", show(s.goal)[:80], "the difference is not seen to be nonzero")
        return Evidence(conditions)
    left, right = s.goal.args
    for a, b in components(left, right, s):
        if not field.equal(a, b):
            raise Reject("principal", show(s.goal)[:80], "the difference does not reduce to 0")
    return Evidence(conditions)
