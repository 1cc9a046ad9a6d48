"""Matrices of symbolic size: proofs by entries.

Class decided: equations between products, transposes, sums, traces, Hadamard and Kronecker products, blocks,
which are equations between sums over indices.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.matrix_terms import IllTyped, NoEntries, about_matrices
from ..kernel.rule_entries import expanded, stated
from ..kernel.rule_matrix_form import MatrixForm
from ..kernel.term import RELATIONS, App, Bind, Var, free_names, subterms
from ..kernel.word_reading import Reader
from ..kernel.words import UNIT, Form, Letter, OverBudget

if TYPE_CHECKING:
    from .search import Searcher

BEAM, MAX_PRODUCTS, MAX_MULTIPLES = 14, 3, 10


def by_entries(s: Sequent, search: Searcher) -> Iterator[dict[str, Any]]:
    inner = in_entries(s)
    if inner is None or inner.goal == s.goal:
        return
    proof = search.prove(inner)
    if proof is not None:
        yield {"rule": "entries", "proof": proof}


def in_entries(s: Sequent) -> Sequent | None:
    """The goal and what is assumed, with sums in place of products and traces; None if nothing is new."""
    relation = isinstance(s.goal, App) and s.goal.head in RELATIONS
    if not (stated(s.goal) or relation and any(map(about_matrices, s.assumptions))):
        return None
    try:
        opened = expanded(s.goal, s) if about_matrices(s.goal) else s.goal
    except (NoEntries, IllTyped):
        return None
    known = []
    for a in s.assumptions:
        if about_matrices(a):
            try:
                known.append(expanded(a, s))
            except (NoEntries, IllTyped):
                continue
    inner = s.assuming(*known).with_goal(opened)
    return None if inner == s or set(inner.assumptions) == set(s.assumptions) and opened == s.goal else inner


def by_words(s: Sequent, search: Searcher) -> Iterator[dict[str, Any]]:
    """Normal forms of words: plain, then multiplied by what is inverted."""
    if isinstance(s.goal, App) and s.goal.head in ("=", "mat=") and (about_matrices(s.goal) or has_known_entries(s)):
        yield from _words(s)


def has_known_entries(s: Sequent) -> bool:
    """Whether the goal has an entry A_ij of a matrix of which something is assumed: it is e_i^T A e_j."""
    entries = {u.args[0].name for u in subterms(s.goal)
               if isinstance(u, App) and u.head == "at" and len(u.args) == 3 and isinstance(u.args[0], Var)}
    return bool(entries) and any(about_matrices(a) and entries & free_names(a) for a in s.assumptions)


def sums_by_words(s: Sequent, search: Searcher) -> Iterator[dict[str, Any]]:
    """The same for sums over indices, which are products of vectors: after their own normal form."""
    if isinstance(s.goal, App) and s.goal.head == "=" and not about_matrices(s.goal) and any(
            isinstance(u, Bind) and u.head == "sum" and not u.outer for u in subterms(s.goal)):
        yield from _words(s)


def _words(s: Sequent) -> Iterator[dict[str, Any]]:
    if not isinstance(s.goal, App):
        return
    yield {"rule": "matrix-form"}
    try:
        work = MatrixForm(s, {})
        work.difference(*s.goal.args)
    except (Reject, IllTyped, OverBudget, ZeroDivisionError, ValueError):
        return
    yield from _with_consequences(work.reader)
    yield from _from_the_left(s)
    if s.goal.head == "=":
        yield from _overlaps(s)
    if s.goal.head == "mat=":
        yield from _multiplied(s)


def _with_consequences(r: Reader) -> Iterator[dict[str, Any]]:
    """Relations of an inverse of L + u v^T, applied to L^-1 u: then S u is known up to a number."""
    derived = []
    for name, base in list(r.bases.items()):
        if base.compound is None:
            continue
        words = [w for _, w in base.compound.terms]
        inverses = [x for w in words if len(w) == 1 for x in [_inverse_letter(r, w[0])] if x is not None]
        for w in words:
            cuts = [k for k in range(1, len(w)) if r.shape(w[k])[0] == UNIT]
            for x in inverses[:2]:
                for k in cuts[:1]:
                    derived.append({"terms": [["1", [], f"{name}L", [*map(list, (x, *w[:k]))]]]})
    if derived:
        yield {"rule": "matrix-form", "derived": derived[:4]}


def _from_the_left(s: Sequent) -> Iterator[dict[str, Any]]:
    """Assumed equations of vectors times letters: P Q x = x gives P x = P P Q x, which other relations take further."""
    if not isinstance(s.goal, App):
        return
    try:
        work = MatrixForm(s, {})
        f = work.difference(*s.goal.args)
        work.prepare()
        r = work.reader
        if not r.again(f).terms:
            return
        derived: list[dict[str, Any]] = []
        kept = []
        for name, relation in r.relations.items():
            if relation.columns != UNIT or relation.rows == UNIT:
                continue
            letters = {x for g in r.relations.values() for _, w in g.terms for x in w}
            for x in sorted(letters):
                if r.square(x) and r.shape(x)[1] == relation.rows:
                    h = r.again(r.product(r.letter(*x), relation))
                    if h.terms and len(derived) < MAX_MULTIPLES:
                        derived.append({"terms": [["1", [list(x)], name, []]]})
                        kept.append(name)
    except (Reject, IllTyped, OverBudget, ZeroDivisionError, ValueError):
        return
    if derived:
        yield {"rule": "matrix-form", "derived": derived}
        own: list[dict[str, Any]] = [{"terms": [["1", [], name, []]]} for name in dict.fromkeys(kept)]
        yield {"rule": "matrix-form", "keep": list(dict.fromkeys(kept)), "derived": [*derived, *own[:2]]}


def _overlaps(s: Sequent) -> Iterator[dict[str, Any]]:
    """An assumed equation of vectors times a vector: u^T S v is read from the left and from the right."""
    if not isinstance(s.goal, App):
        return
    try:
        work = MatrixForm(s, {})
        f = work.difference(*s.goal.args)
        work.prepare()
        r = work.reader
        f = r.again(f)
        if not f.terms:
            return
        vectors = [x for (t, _) in f.terms for a, _ in t if a[0] == "q" for x in (a[1][0], a[1][-1])]
        for name, relation in work.turned.items():
            if relation.rows != UNIT or relation.columns == UNIT:
                continue
            for x in dict.fromkeys((n, False) for n, _ in vectors):
                if r.shape(x) != (relation.columns, UNIT):
                    continue
                h = r.again(r.product(relation, r.letter(*x)))
                key = next(iter(f.terms))
                if key in h.terms and not r.minus(f, r.times(h, f.terms[key] / h.terms[key])).terms:
                    yield {"rule": "matrix-form",
                           "minus": [[str(f.terms[key] / h.terms[key]), [], name, [list(x)]]]}
    except (Reject, IllTyped, OverBudget, ZeroDivisionError, ValueError):
        return


def _inverse_letter(r: Reader, x: Letter) -> Letter | None:
    base = r.bases[x[0]]
    if base.inverse is None:
        return None
    name, transposed = base.inverse
    return name, transposed != x[1]


def _multiplied(s: Sequent) -> Iterator[dict[str, Any]]:
    """Multiplied from the left or right by what is inverted; products with few inverses are followed up."""
    if not isinstance(s.goal, App):
        return
    try:
        work = MatrixForm(s, {})
        f = work.difference(*s.goal.args)
        work.prepare()
        f = work.reader.again(f)
        r = work.reader
        letters = {x for _, w in f.terms for x, _ in w}
        by = [n for n in r.bases if r.bases[n].compound is not None and n in letters]
        by += [n for n, b in r.bases.items() if b.regular and b.compound is None and b.rows == b.columns and (
            n in letters or b.inverse is not None and b.inverse[0] in letters)]
        seen: set[str] = {f.key}
        level: list[tuple[Form, list[list[str]]]] = [(f, [])]
        for _ in range(MAX_PRODUCTS):
            following: list[tuple[int, Form, list[list[str]]]] = []
            for (g, path), side, name in itertools.product(level, ("left", "right"), by[:7]):
                base = r.bases[name]
                factor = base.compound if base.compound is not None else r.letter(name)
                if (factor.columns != g.rows) if side == "left" else (g.columns != factor.rows):
                    continue
                h = r.product(factor, g) if side == "left" else r.product(g, factor)
                new = [*path, [side, name]]
                if not h.terms or any(a[0] == "inv" for (t, _) in h.terms for a, _ in t):
                    yield {"rule": "matrix-form", "multiply": new}
                if not h.terms:
                    return
                if h.key not in seen:
                    seen.add(h.key)
                    inverses = sum(r.bases[x].compound is not None or x.endswith("^-1")
                                   for _, w in h.terms for x, _ in w)
                    following.append((inverses, h, new))
            level = [(h, new) for _, h, new in sorted(following, key=lambda one: one[0])[:BEAM]]
    except (Reject, IllTyped, OverBudget, ZeroDivisionError, ValueError):
        return


__all__ = ["by_entries", "by_words", "has_known_entries", "sums_by_words"]
