"""Conditional independences that follow from assumed factorisations of one law.

    p(V) = p(S) m,  the value of v occurs in p(S) only
    ---------------------------------------------------      PEEL  (integrate v out: p(V - v) = p(S - v) m)
    v _|_ V - S | S - v;   p(V - v) = p(S - v) m

    i _|_ j | K + l,  i _|_ l | K                i _|_ j | K,  i _|_ l | K + j
    ------------------------------  CONTRACTION, WEAK UNION, DECOMPOSITION: each pair gives the other
    i _|_ j | K,  i _|_ l | K + j                i _|_ j | K + l,  i _|_ l | K

Statements between single variables carry all others: i _|_ B | K iff i _|_ b | K' for each b in B and each K' between K
and K + B - b (Dawid 1979; Pearl, Probabilistic Reasoning in Intelligent Systems, 1988, sec. 3.1: these steps give every
d-separation of a directed acyclic graph).  They hold for every law; the intersection property, which does not
(x = y = z a fair bit), is not among them.

FAILURE: a factorisation in which no variable can be peeled off; more than ``MAX_LABELS`` variables.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from .density_form import Density, Mono, Relation, mass, mono, names_in, times

MAX_LABELS = 6
Triple = tuple[str, str, frozenset[str]]      # i < j, given K


def derived(relations: Iterable[Relation]) -> list[Relation]:
    """Further equalities of densities J(ijK) = J(iK) J(jK)/J(K)."""
    relations = list(relations)
    out: list[Relation] = []
    for law, given in dict.fromkeys((r.atom.law, r.atom.given) for r in relations):
        here = [r for r in relations if (r.atom.law, r.atom.given) == (law, given)]
        triples = {t for r in here for t in _read_off(r)}
        labels = sorted({k for i, j, rest in triples for k in (i, j, *rest)})
        if not triples or len(labels) > MAX_LABELS:
            continue
        names = {k: f"~7.{n}" for n, k in enumerate(labels)}
        for i, j, rest in sorted(_closed(triples, labels), key=lambda t: (-len(t[2]), t[0], t[1], sorted(t[2]))):
            value = [_at(law, given, names, (i, *rest)), _at(law, given, names, (j, *rest))]
            below = [(_at(law, given, names, tuple(rest)), -1)] if rest else []
            atom = _at(law, given, names, (i, j, *rest))
            out.append(Relation(frozenset(names[k] for k in (i, j, *rest)), atom,
                                mono([*((a, 1) for a in value), *below])))
    return out


def _at(law: str, given: tuple[tuple[str, str], ...], names: dict[str, str], labels: tuple[str, ...]) -> Density:
    return Density(law, tuple(sorted((k, names[k]) for k in labels)), given)


def _read_off(r: Relation) -> Iterator[Triple]:
    """The independences of a factorisation that holds for almost all values."""
    whole, m = dict(r.atom.own), r.value
    if not set(whole.values()) <= r.names or any(v in r.names for _, v in r.atom.given):
        return
    if any(not isinstance(a, Density) or a.law != r.atom.law or a.given != r.atom.given
           or any(whole.get(k) != v for k, v in a.own) for a, _ in m):
        return
    progress = True
    while progress:
        progress = False
        for v in sorted(whole):
            holders = [(a, e) for a, e in m if whole[v] in names_in(a)]
            if len(holders) != 1 or holders[0][1] != 1 or not isinstance(holders[0][0], Density):
                continue
            inside = {k for k, _ in holders[0][0].own}
            yield from _single(v, set(whole) - inside, inside - {v})
            m = _without(m, holders[0][0], whole[v])
            del whole[v]
            progress = True
            break


def _without(m: Mono, a: Density, value: str) -> Mono:
    summed = mass(((a, 1),), [value]).value
    return times(mono(f for f in m if f[0] != a), summed)


def _single(v: str, others: set[str], given: set[str]) -> Iterator[Triple]:
    """v _|_ others | given, as statements between single variables."""
    for b in others:
        rest = sorted(others - {b})
        for n in range(len(rest) + 1):
            for more in itertools.combinations(rest, n):
                yield _triple(v, b, frozenset(given) | set(more))


def _triple(i: str, j: str, rest: frozenset[str]) -> Triple:
    return (i, j, rest) if i < j else (j, i, rest)


def _closed(triples: set[Triple], labels: list[str]) -> set[Triple]:
    known, todo = set(triples), list(triples)
    while todo:
        i, j, rest = todo.pop()
        for a, b in ((i, j), (j, i)):
            for other in labels:
                if other in (i, j):
                    continue
                if other in rest:       # a _|_ b | K + other  with  a _|_ other | K
                    less = rest - {other}
                    pair = _triple(a, other, less)
                    new = (_triple(a, b, less), _triple(a, other, less | {b}))
                else:                   # a _|_ b | K  with  a _|_ other | K + b
                    pair = _triple(a, other, rest | {b})
                    new = (_triple(a, b, rest | {other}), _triple(a, other, rest))
                if pair in known:
                    for t in new:
                        if t not in known:
                            known.add(t)
                            todo.append(t)
    return known


__all__ = ["derived"]
