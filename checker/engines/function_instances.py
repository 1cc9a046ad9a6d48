"""Universal assumptions about unknown functions of numbers, at the values that the claim speaks of.

    f(x) >= f(y) + f'(y)(x - y) for all x, y    gives    f(3) >= f(1) + 2 f'(1)

Class: claims that follow from finitely many instances of ``forall x, y: P`` (x, y numbers), where each instance puts
arguments of f that stand in the claim for the arguments of f in P (E-matching; Detlefs, Nelson and Saxe, Simplify,
J. ACM 52, 2005, sec. 5.1).  Cannot: instances at values that the claim does not name; an argument ``x + y`` is met only
where the claim has a sum, or x and y stand in P as arguments by themselves.  What is said for all integers is left to
the engines for sequences.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.model import beta
from ..kernel.prove import discharge
from ..kernel.term import (
    TRUE, App, Bind, Map, Scalar, Term, Var, free_names, from_json, num, substitute, subterms, to_json,
)
from .lemma_instances import match
from .search import Certificate, Searcher

MAX_INSTANCES, MAX_VALUES, MAX_NAMES, DEEPEST = 16, 6, 3, 6


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    if search.depth > DEEPEST:
        return
    steps = _instances(s, search)
    if steps:
        c = search.prove(s.assuming(*(body for _, body in steps)))
        if c is not None:
            for step, _ in reversed(steps):
                c = {**step, "proof": c}
            yield c
        elif any(discharge(definedness(from_json(t), s), s) for step, _ in steps for t in step["terms"].values()):
            c = search.where_defined(s)                # f(g(a)): an instance at g(a) needs that g(a) is defined
            if c is not None:
                yield c


def _instances(s: Sequent, search: Searcher) -> list[tuple[Certificate, Term]]:
    """Steps and what each adds, none of which is assumed already."""
    functions = {n for n, k in s.declarations.items()
                 if isinstance(k, Map) and k.args and all(isinstance(a, Scalar) for a in k.args)}
    laws = [(k, a) for k, a in enumerate(s.assumptions) if _is_law(a, functions)]
    if not laws:
        return []
    places = [u for t in (s.goal, *(a for a in s.assumptions if not _is_law(a, functions))) for u in subterms(t)
              if _applied(u, functions) and free_names(u) <= set(s.declarations)]
    out: list[tuple[Certificate, Term]] = []
    for k, law in laws:
        for values in _values(law, list(dict.fromkeys(places)), functions, s):
            guard, body = (beta(substitute(x, values), s.declarations) for x in law.inner)
            if body in s.assumptions or any(body == b for _, b in out):
                continue
            step: Certificate = {"rule": "instance", "assumption": k,
                                 "terms": {n: to_json(t) for n, t in values.items()}}
            if guard != TRUE:
                shown = search.unconditionally(s.with_goal(guard))
                if shown is None:
                    continue
                step["guard"] = shown
            out.append((step, body))
            if len(out) >= MAX_INSTANCES:
                return out
    return out


def _is_law(a: Term, functions: set[str]) -> bool:
    return (isinstance(a, Bind) and a.head == "forall" and 0 < len(a.names) <= MAX_NAMES
            and all(isinstance(k, Scalar) and k.kind in ("real", "complex") for k in a.sorts)
            and any(_applied(u, functions) for u in subterms(a.inner[1])))


def _applied(u: Term, functions: set[str]) -> bool:
    return isinstance(u, App) and u.head == "at" and isinstance(u.args[0], Var) and u.args[0].name in functions


def _values(law: Bind, places: Sequence[Term], functions: set[str], s: Sequent) -> Iterator[dict[str, Term]]:
    """Values of the law's names, those first under which most of its patterns stand in the claim."""
    names = dict(zip(law.names, law.sorts, strict=True))
    patterns = [u for u in dict.fromkeys(subterms(law.inner[1]))
                if _applied(u, functions) and free_names(u) & set(names)]
    found: dict[str, list[Term]] = {n: [] for n in names}
    for p in patterns:
        for place in places:
            for by in match(p, place, {}, names, s.declarations, frozenset()):
                for n, t in by.items():
                    if t not in found[n]:
                        found[n].append(t)
    if not any(found.values()):
        return
    pools = [found[n][:MAX_VALUES] or [num(Fraction(1, 2)), num(0), num(1)] for n in names]
    for choice in itertools.islice(itertools.product(*pools), MAX_INSTANCES):
        yield dict(zip(names, choice, strict=True))
