"""Absolute values, signs, extremes and cases whose choice the assumptions show (rule ``resolve``).

Method: the facts that would decide one of them are asked of the visible signs only; where both signs are
possible and the argument is a real term, the goal is split on it.  Cannot do: more than ``MAX_FACTS``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.rule_resolve import used
from ..kernel.term import TRUE, App, Term, app, free_names, negate, num, subterms, to_json

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
MAX_FACTS = 8


def facts(t: Term) -> Iterator[Term]:
    """What would decide a part of ``t``."""
    for u in dict.fromkeys(subterms(t)):
        match u:
            case App("abs" | "relu", (v,)):
                yield from (app(">=", v, num(0)), app("<=", v, num(0)))
            case App("sign", (v,)):
                yield from (app(">", v, num(0)), app("<", v, num(0)))
            case App("max" | "min", (a, b)):
                yield from (app(">=", a, b), app(">=", b, a))
            case App("cases", args):
                yield from (g for guard in args[1::2] if guard != TRUE for g in (guard, negate(guard)))


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    goal, found = s.goal, []
    for _ in range(MAX_FACTS):
        for fact in facts(goal):
            new = used(goal, fact)
            if new == goal:
                continue
            proof = next((c for c in ({"rule": "assumption"}, {"rule": "sign"}) if (
                shown := search.accepted(s.with_goal(fact), c)) is not None and not shown.conditions), None)
            if proof is not None:
                found.append({"fact": to_json(fact), "proof": proof})
                goal = new
                break
        else:
            break
    if found:
        inner = search.prove(s.with_goal(goal))
        if inner is not None:
            yield {"rule": "resolve", "facts": found, "proof": inner}
            return
    yield from _by_guard(s, search)


def _by_guard(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Cases by the condition of a case that is not decided."""
    key = app("cases by condition")
    if search.depth > 6 or search.in_vain.get(key, 0) >= MAX_FACTS:
        return
    guards = [g for u in subterms(s.goal) if isinstance(u, App) and u.head == "cases" for g in u.args[1::2]
              if g != TRUE and free_names(g) <= s.declarations.keys() and g not in s.assumptions
              and negate(g) not in s.assumptions and not definedness(g, s)]
    for guard in list(dict.fromkeys(guards))[:1]:
        search.in_vain[key] = search.in_vain.get(key, 0) + 1
        parts = []
        for branch in (guard, negate(guard)):
            proof = search.unconditionally(s.assuming(branch))
            if proof is None:
                return
            parts.append(proof)
        yield {"rule": "cases", "on": to_json(guard), "parts": parts}


__all__ = ["facts", "proofs"]
