"""Derivatives at corners, by the limit of the difference quotient (rules ``slopes``, ``no-slope``).

Method: only derivatives whose rules fail at their point are asked for; the limit engine finds the value, or
two sides that differ.  Cannot do: bodies that the limit engine cannot expand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.derivative import NoDerivative, at_point
from ..kernel.evidence import Reject
from ..kernel.rule_integral import put_in
from ..kernel.rule_slope import quotient
from ..kernel.term import OO, REAL, RELATIONS, App, Bind, Term, Var, alpha, app, fresh, subterms, to_json
from .limits import value_of

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
MAX_ATTEMPTS = 4
_INFINITE = (OO, app("neg", OO))


def stuck(t: Term, s: Sequent) -> list[Bind]:
    """The derivatives under no binder to which no rule applies at their point."""
    if isinstance(t, Bind):
        if t.head != "diff":
            return []
        try:
            at_point(t, s.declarations)
        except NoDerivative:
            return [t]
        return []
    return list(dict.fromkeys(u for a in t.args for u in stuck(a, s))) if isinstance(t, App) else []


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    match s.goal:
        case App("not", (App("finite", (Bind("diff") as t,)),)):
            yield from _none(s, t, search)
        case App(head, _) if head in RELATIONS:
            yield from _values(s, search)


def _values(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    entries, table = [], {}
    for t in stuck(s.goal, s):
        key = alpha(t)
        if search.in_vain.get(key, 0) >= MAX_ATTEMPTS:
            return
        search.in_vain[key] = search.in_vain.get(key, 0) + 1
        try:
            limit = quotient(t, s)
        except Reject:
            return
        value = value_of(s, limit, search)
        if value is None or OO in subterms(value):
            return
        proof = search.unconditionally(s.with_goal(app("=", limit, value)))
        if proof is None:
            return
        entries.append({"term": to_json(t), "value": to_json(value), "proof": proof})
        table[alpha(t)] = value
    if not entries:
        return
    proof = search.prove(s.with_goal(put_in(s.goal, table)))
    if proof is not None:
        yield {"rule": "slopes", "values": entries, "proof": proof}


def _none(s: Sequent, t: Bind, search: Searcher) -> Iterator[Certificate]:
    try:
        limit = quotient(t, s)
    except Reject:
        return
    value = value_of(s, limit, search)
    if value in _INFINITE:
        proof = search.unconditionally(s.with_goal(app("=", limit, value)))      # type: ignore[arg-type]
        if proof is not None:
            yield {"rule": "no-slope", "to": to_json(value), "proof": proof}      # type: ignore[arg-type]
            return
    name = fresh("L", set(s.declarations))
    question = s.declaring({name: REAL}).with_goal(app("not", app("=", limit, Var(name))))
    proof = search.unconditionally(question)
    if proof is not None:
        yield {"rule": "no-slope", "to": "nothing", "proof": proof}


__all__ = ["proofs", "stuck"]
