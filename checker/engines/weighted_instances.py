"""Laws with a weight, put at the points and weights of the claim: convexity, f(tu + (1-t)v) <= t f(u) + (1-t) f(v).

Class: relations between values f(a), f(b), ... of unknown functions under assumed laws "for all numbers u, v, t: ...
f(u) ... f(p(u, v, t))": names that stand alone below f become arguments of the claim's values; one name more becomes a
number of the claim (a weight, 1 minus it, a rational number) with which p is an argument, too.
The kernel replays the instances (``instance``); what is left is linear in the values.
Cannot do: points that the claim does not mention, laws with two weights.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.term import (
    ONE, REAL, RELATIONS, TRUE, App, Bind, Map, Num, Scalar, Term, Var, app, free_names, num, sub, substitute,
    subterms, to_json,
)

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
MAX_POINTS, MAX_INSTANCES, MAX_WEIGHTS = 4, 6, 8


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    if not (isinstance(s.goal, App) and s.goal.head in RELATIONS):
        return
    functions = {n for n, k in s.declarations.items() if k == Map((REAL,), REAL)}
    laws = [(k, a) for k, a in enumerate(s.assumptions) if isinstance(a, Bind) and a.head == "forall"
            and all(isinstance(x, Scalar) for x in a.sorts) and free_names(a) & functions]
    if not laws or search.depth > 8:
        return
    found: list[tuple[int, dict[str, Term], Certificate | None, Term]] = []
    for k, law in laws:
        for by in _values(s, law, functions, search):
            guard, body = (substitute(x, by) for x in law.inner)
            if body in s.assumptions or any(body == f[3] for f in found) or len(found) >= MAX_INSTANCES:
                continue
            shown = None if guard == TRUE else search.unconditionally(s.with_goal(guard))
            if guard == TRUE or shown is not None:
                found.append((k, by, shown, body))
            else:
                yield from _at_the_ends(s, search, by)
    if not found:
        return
    proof = search.prove(s.assuming(*(f[3] for f in found)))
    if proof is None:
        return
    for k, by, shown, _ in reversed(found):
        proof = {"rule": "instance", "assumption": k, "terms": {n: to_json(t) for n, t in by.items()},
                 **({} if shown is None else {"guard": shown}), "proof": proof}
    yield proof


def _at_the_ends(s: Sequent, search: Searcher, by: dict[str, Term]) -> Iterator[Certificate]:
    """A weight between 0 and 1, which may be 0 or 1: these are cases of their own."""
    for t in by.values():
        ends = [app("=", t, num(0)), app("=", t, num(1))]
        inside = [app("!=", *e.args) for e in ends]
        if not isinstance(t, Var) or app(">=", t, num(0)) not in s.assumptions or set(inside) & set(s.assumptions):
            continue
        first = _put(s.assuming(ends[0]), search, t)
        second = None if first is None else _put(s.assuming(inside[0], ends[1]), search, t)
        third = None if second is None else search.prove(s.assuming(*inside))
        if third is not None:
            yield {"rule": "cases", "on": to_json(ends[0]), "parts": [first, {
                "rule": "cases", "on": to_json(ends[1]), "parts": [second, third]}]}


def _put(s: Sequent, search: Searcher, t: Var) -> Certificate | None:
    """By the value of ``t``, which is assumed last."""
    k = len(s.assumptions) - 1
    equation = s.assumptions[k]
    if not isinstance(equation, App):
        return None
    by = {t.name: equation.args[1]}
    kept = tuple(substitute(a, by) for a in s.assumptions)
    here = Sequent(s.declarations, (*kept, equation), substitute(s.goal, by))
    visible: Certificate = {"rule": "sign"}
    proof = visible if search.accepted(here, visible) is not None else search.prove(here)
    return None if proof is None else {"rule": "substitute", "assumption": k, "proof": proof}


def _arguments(t: Term, functions: set[str], name: str | None = None) -> list[Term]:
    """The arguments of the functions in ``t``, each once."""
    wanted = functions if name is None else {name}
    return list(dict.fromkeys(
        u.args[1] for u in subterms(t) if isinstance(u, App) and u.head == "at" and len(u.args) == 2
        and isinstance(u.args[0], Var) and u.args[0].name in wanted))


def _values(s: Sequent, law: Bind, functions: set[str], search: Searcher) -> Iterator[dict[str, Term]]:
    own = [n for n in functions if n in free_names(law)]
    if len(own) != 1:
        return
    points = [p for p in _arguments(s.goal, functions, own[0]) if free_names(p) <= set(s.declarations)][:MAX_POINTS]
    patterns = _arguments(law.inner[1], functions, own[0])
    alone = [p.name for p in patterns if isinstance(p, Var) and p.name in law.names]
    rest = [n for n in law.names if n not in alone]
    if not alone or len(alone) > 2 or len(rest) > 1:
        return
    for chosen in itertools.permutations(points, len(alone)):
        by = dict(zip(alone, chosen, strict=True))
        if not rest:
            yield by
            continue
        compound = [p for p in patterns if rest[0] in free_names(p)]
        others = [p for p in points if p not in chosen]
        for weight in _weights(s):
            there = {**by, rest[0]: weight}
            if compound and any(_equal(s, substitute(compound[0], there), p, search) for p in others):
                yield there
                break


def _weights(s: Sequent) -> list[Term]:
    numbers = [u for u in subterms(s.goal) if isinstance(u, Num) and 0 < u.value < 1]
    parts = [App("div", (ONE, u)) for u in subterms(s.goal) if isinstance(u, Num) and u.value > 1]
    names = [Var(n) for n, k in s.declarations.items() if k == REAL and n in free_names(s.goal)]
    found = [*numbers, *(num(1 / p.args[1].value) for p in parts if isinstance(p.args[1], Num)), *names]
    return [w for x in dict.fromkeys(found) for w in (x, sub(ONE, x))][:2*MAX_WEIGHTS]


def _equal(s: Sequent, a: Term, b: Term, search: Searcher) -> bool:
    return a == b or search.accepted(s.with_goal(app("=", a, b)), {"rule": "field"}) is not None


__all__ = ["proofs"]
