"""Largest values over an index: the index where one is attained gets a name.

Method: a maximum of the goal that has no bound name in it is opened by the kernel's rule ``greatest``, the outermost
first; a law for every index in which a maximum stands (V[s] = max_a Q[s, a]) is taken at the indices in scope first.
What is left are claims about instances, for ``weighted_bounds`` and the others.
Source: rule ``greatest`` in the kernel; Puterman, Markov Decision Processes, sec. 6.2 (the argument for contractions).
Cannot: a maximum under a sum whose index it depends on, unless a law is at hand for it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.rule_greatest import opened
from ..kernel.matrix_terms import has_entries
from ..kernel.model import beta
from ..kernel.rule_sos import sides
from ..kernel.term import (
    RELATIONS, TRUE, App, Bind, Index, Term, Var, app, free_names, substitute, subterms, to_json,
)

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
MAX_INSTANCES, MAX_DEPTH = 8, 11


def _outermost(t: Term, scope: frozenset[str]) -> Iterator[Bind]:
    """Maxima without bound names in them, those that contain others first."""
    if isinstance(t, Bind) and t.head == "maximum" and free_names(t) <= scope:
        yield t
    parts = t.args if isinstance(t, App) else (*t.outer, *t.inner) if isinstance(t, Bind) else ()
    for u in parts:
        yield from _outermost(u, scope)


def _has_maximum(t: Term) -> bool:
    return any(isinstance(u, Bind) and u.head == "maximum" for u in subterms(t))


def in_the_goal(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Maxima of the goal."""
    if search.depth > MAX_DEPTH or search.model is not None or not _has_maximum(s.goal):
        return
    scope = frozenset(s.declarations)
    if isinstance(s.goal, App) and s.goal.head == "=" and len(s.goal.args) == 2 and _has_maximum(s.goal):
        parts = [search.prove(s.with_goal(app("<=", *pair))) for pair in (s.goal.args, s.goal.args[::-1])]
        if None not in parts:
            yield {"rule": "antisymmetric", "up": parts[0], "down": parts[1]}
        return
    m = next(_outermost(s.goal, scope), None)
    if m is not None:
        yield from _opened(s, m, search)


def in_assumptions(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Maxima of what is assumed, once the goal has none."""
    if search.depth > MAX_DEPTH or search.model is not None or _has_maximum(s.goal) or not (
            isinstance(s.goal, App) and s.goal.head in RELATIONS):
        return
    scope = frozenset(s.declarations)
    for t in s.assumptions:
        if not isinstance(t, Bind) and (m := next(_outermost(t, scope), None)) is not None:
            yield from _opened(s, m, search)
            return
    yield from _laws(s, search)


def _only_smaller(goal: Term, m: Bind) -> bool:
    if not (isinstance(goal, App) and goal.head in ("<", "<=", ">", ">=")):
        return False
    small, large, _ = sides(goal, "gap")

    def summand(t: Term) -> bool:
        return t == m or isinstance(t, App) and t.head in ("add", "mul") and any(map(summand, t.args))

    return summand(small) and m not in subterms(large)


def _opened(s: Sequent, m: Bind, search: Searcher) -> Iterator[Certificate]:
    # a bound between maxima would have to be opened again; a matrix in it costs too much where
    # the maximum is on the smaller side only
    bare = _has_maximum(m.inner[0]) or has_entries(m) and _only_smaller(s.goal, m)
    try:
        premise, _ = opened(s, m, bare)
    except Reject:
        return
    c = search.prove(premise)
    if c is not None:
        yield {"rule": "greatest", "term": to_json(m), "proof": c, **({"bare": True} if bare else {})}


def _laws(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Every law with a maximum in it, at every index in scope, all at once."""
    indices = [(Var(n), k) for n, k in s.declarations.items() if isinstance(k, Index)]
    taken: set[Any] = search.__dict__.setdefault("largest_laws", set())
    steps: list[tuple[int, dict[str, Term]]] = []
    inner = s
    for k, law in enumerate(s.assumptions):
        if not (isinstance(law, Bind) and law.head == "forall" and law.inner[0] == TRUE and _has_maximum(law)
                and all(isinstance(x, Index) for x in law.sorts)):
            continue
        options = [[t for t, sort in indices if sort == wanted] for wanted in law.sorts]
        for values in itertools.islice(itertools.product(*options), MAX_INSTANCES):
            by: dict[str, Term] = dict(zip(law.names, values, strict=True))
            body = beta(substitute(law.inner[1], by), s.declarations)
            if body not in inner.assumptions and (law, values) not in taken:
                inner = inner.assuming(body)
                steps.append((k, by))
    if not steps or len(steps) > MAX_INSTANCES:
        return
    now = {(s.assumptions[k], tuple(by.values())) for k, by in steps}
    taken |= now
    c = search.prove(inner)
    taken -= now
    if c is None:
        return
    for k, by in reversed(steps):
        c = {"rule": "instance", "assumption": k, "terms": {n: to_json(t) for n, t in by.items()}, "proof": c}
    yield c


__all__ = ["in_assumptions", "in_the_goal"]
