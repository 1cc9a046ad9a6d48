"""Sentences for the rules about functions of vectors (see ``proof_rules``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..kernel.evidence import Reject
from ..kernel.function_laws import Laws
from ..kernel.rule_unroll import entries
from ..kernel.rule_values import named_values, open_conditions
from ..kernel.term import App, Index, Map, Term, Var, app, from_json
from .proof_rules import C, told

if TYPE_CHECKING:
    from ..kernel.claim import Sequent
    from .proof import Narrator, Step


def values(n: Narrator, s: Sequent, c: C) -> Step:
    try:
        named = named_values(s.assuming(*open_conditions(s)))
    except Reject:
        return n.generic(s, c)
    shown = [app("=", Var(new), app("at", Var(f), u)) for new, (f, u) in named.values.items()]
    return told(n, s, c, n.tell(named.sequent, c["proof"]), named=shown)


def unroll(n: Narrator, s: Sequent, c: C) -> Step:
    try:
        inner = entries(s)
    except Reject:
        return n.generic(s, c)
    return told(n, s, c, n.tell(inner, c["proof"]), written=inner.goal)


def gradient(n: Narrator, s: Sequent, c: C) -> Step:
    return told(n, s, c)


def _theorem(n: Narrator, s: Sequent, c: C) -> Step:
    """One of the four theorems, and what it says here."""
    f, g = Var(str(c["function"])), Var(str(c["derivative"]))
    match s.declarations.get(f.name):
        case Map((Map((Index(size),), _),), _):
            pass
        case _:
            return n.generic(s, c)
    other = next((from_json(c[k]) for k in ("modulus", "bound", "at") if c.get(k) is not None), None)
    second = Var(str(c["second"])) if "second" in c else None
    laws = Laws(size, f, g, other, second)
    facts: tuple[Term, ...]
    match c["rule"]:
        case "tangent":
            facts = (laws.tangent(f, g, other, c.get("turned") is True),)
        case "taylor" if other is not None:
            facts = laws.taylor(f, g, other)
        case "fermat" if other is not None:
            facts = (laws.stationary(g, other),)
        case _ if second is not None:
            facts = (laws.symmetric(second),)
        case _:
            return n.generic(s, c)
    whole = facts[0] if len(facts) == 1 else App("and", facts)
    return told(n, s, c, n.tell(s.assuming(*facts), c["proof"]), function=f, fact=whole)


RULES: dict[str, Callable[[Narrator, Sequent, C], Step]] = {
    "values": values, "unroll": unroll, "gradient": gradient, "tangent": _theorem, "taylor": _theorem,
    "fermat": _theorem, "schwarz": _theorem,
}

__all__ = ["RULES"]
