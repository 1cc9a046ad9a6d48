"""Lemmas at other values: the lemma's names are matched with parts of the goal.

Class: a lemma ``H |- l R r`` whose scalar and index names can be read off by matching l or r, as they are
written, with a subterm of the goal (first-order matching without theories; Baader and Nipkow, Term Rewriting and
All That, sec. 4.7); names that neither side has keep theirs.  Cannot: matching up to commutativity beyond the two
orders of a sum or product of two, laws and variables under other names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.kinds import ORDER, kind
from ..kernel.model import beta
from ..kernel.term import (
    RELATIONS, App, Bind, Index, Scalar, Sort, Term, Var, app, free_names, num, subterms, substitute, to_json,
)
from .search import Certificate, Searcher

MAX_INSTANCES, MAX_SUBTERMS = 12, 400
Values = dict[str, Term]


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    if search.depth > 2:
        return
    for name, proved in search.lemmas.items():
        source = proved.claim.sequent
        for by in _instances(source, s):
            c = at(search, s, name, proved, by)
            if c is not None:
                yield c


def at(search: Searcher, s: Sequent, name: str, proved: Any, by: Mapping[str, Term],
       prove: Any = None) -> Certificate | None:
    """The goal from the lemma with ``by`` put in: its premises shown here, its statement assumed."""
    source = proved.claim.sequent
    full = {n: by.get(n, Var(n)) for n in source.declarations}
    if any(t == Var(n) and s.declarations.get(n) is None for n, t in full.items()):
        return None
    statement = beta(substitute(source.goal, full), s.declarations)
    if statement in s.assumptions:
        return None
    premises = []
    for p in (*source.assumptions, *proved.conditions):
        here = beta(substitute(p, full), s.declarations)
        c = search.unconditionally(s.with_goal(here))
        if c is None:
            search.notes.setdefault("lemma", f"{name[:8]} needs a premise that is not shown here")
            return None
        premises.append(c)
    proof = (prove or search.prove)(s.assuming(statement))
    if proof is None:
        return None
    given = {n: t for n, t in full.items() if t != Var(n)}
    return {"rule": "lemma", "hash": name, "premises": premises, "proof": proof,
            "terms": {n: to_json(t) for n, t in given.items()},
            "range": ranges(search, s, source.declarations, given)}


def ranges(search: Searcher, s: Sequent, sorts: Mapping[str, Sort], by: Mapping[str, Term]) -> dict[str, Certificate]:
    """Proofs that what stands for an index is in its range."""
    out = {}
    for name, t in by.items():
        sort = sorts[name]
        if isinstance(sort, Index):
            goal = app("and", app("<=", num(1), t), app("<=", t, sort.size))
            if (c := search.unconditionally(s.with_goal(goal))) is not None:
                out[name] = c
    return out


def _instances(source: Sequent, s: Sequent) -> list[Values]:
    """Values of the lemma's names, its own names first."""
    found: list[Values] = []
    if all(s.declarations.get(n) == sort for n, sort in source.declarations.items()):
        found.append({})
    goal = source.goal
    sides = goal.args if isinstance(goal, App) and goal.head in RELATIONS else ()
    places = list(dict.fromkeys(t for t in subterms(s.goal) if not isinstance(t, Var)))[:MAX_SUBTERMS]
    for side in sorted(sides, key=lambda t: -sum(1 for _ in subterms(t))):
        if isinstance(side, Var):
            continue
        for place in places:
            for by in match(side, place, {}, source.declarations, s.declarations, frozenset()):
                if by not in found and _complete(by, source, s):
                    found.append(by)
                    if len(found) >= MAX_INSTANCES:
                        return found
    return found


def _complete(by: Values, source: Sequent, s: Sequent) -> bool:
    return all(n in by or s.declarations.get(n) == sort for n, sort in source.declarations.items())


def match(p: Term, t: Term, by: Values, names: Mapping[str, Sort], here: Mapping[str, Sort],
           bound: frozenset[str]) -> Iterator[Values]:
    """Extensions of ``by`` under which the pattern ``p`` is ``t``."""
    match p, t:
        case Var(name), _ if name in names and name not in bound:
            if name in by:
                if by[name] == t:
                    yield by
            elif not free_names(t) & bound and _fits(names[name], t, here):
                yield {**by, name: t}
        case App(), App() if p.head == t.head and len(p.args) == len(t.args):
            orders = [t.args, t.args[::-1]] if p.head in ("add", "mul") and len(t.args) == 2 else [t.args]
            for args in orders:
                yield from _all(p.args, args, by, names, here, bound)
        case Bind(), Bind() if p.head == t.head and len(p.names) == len(t.names) and (
                len(p.inner) == len(t.inner) and len(p.outer) == len(t.outer)):
            renamed = {a: Var(b) for a, b in zip(t.names, p.names, strict=True)}
            if set(p.names) & (free_names(t) | set(here)):
                return
            inner = tuple(substitute(x, renamed) for x in t.inner)
            for found in _all(p.outer, t.outer, by, names, here, bound):
                yield from _all(p.inner, inner, found, names, here, bound | set(p.names))
        case _ if p == t:
            yield by


def _all(ps: tuple[Term, ...], ts: tuple[Term, ...], by: Values, names: Mapping[str, Sort],
         here: Mapping[str, Sort], bound: frozenset[str]) -> Iterator[Values]:
    if not ps:
        yield by
        return
    for found in match(ps[0], ts[0], by, names, here, bound):
        yield from _all(ps[1:], ts[1:], found, names, here, bound)


def _fits(sort: Sort, t: Term, here: Mapping[str, Sort]) -> bool:
    match sort:
        case Scalar(wanted):
            found = kind(t, here)
            return found != "other" and ORDER.index(found) <= ORDER.index(wanted)
        case Index():
            return not isinstance(t, Var) or here.get(t.name) == sort
    return isinstance(t, Var) and here.get(t.name) == sort


__all__ = ["at", "match", "proofs", "ranges"]
