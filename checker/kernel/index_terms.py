"""The data of the index normal form: a finite map from index terms to rationals, in canonical order.

========  =====================================================================================
``Atom``  one factor: an entry ``x[i, j]``, a scalar, ``delta(i, j)``, ``[i < j]``, ``exp`` of one
          summand, the inverse of a sum, the value of an opaque function, ...
``Mono``  bound indices with their sizes, and powers of atoms: a sum over all bound indices of a
          product.  All binders stand in front; none is nested in the product itself
``Poly``  a sum of rational multiples of monos
========  =====================================================================================

Index tokens are strings without delimiters, so that ``key`` is injective: ``v3`` a declared name,
``=2`` a literal, ``~7`` an opened bound index (fresh), ``#d.p`` a bound index in a stored mono:
position ``p`` of the ``d``-th enclosing mono (locally nameless, de Bruijn, Indag. Math. 34 (1972)
381-392).  Two monos are equal up to renaming and reordering of bound indices if their keys are
equal; the converse holds up to the number of leaves examined (colour, refine, individualise: McKay
and Piperno, J. Symb. Comp. 60 (2014) 94).  Soundness rests on "equal keys" alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .effort import spend

MAX_LEAVES = 720
MAX_KEY = 200_000


class Budget(Exception):
    """The form grew over a limit: nothing was shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    kind: str  # scalar, number, entry, delta, less, truth, exp, inverse, apply
    head: str
    indices: tuple[str, ...] = ()
    parts: tuple[Poly, ...] = ()
    key: str = field(init=False)
    free: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        inner = "|".join(p.key for p in self.parts)
        key = f"{self.kind}:{self.head}[{','.join(self.indices)}]({inner})"
        if len(key) > MAX_KEY:
            raise Budget("an atom of the normal form grows too large")
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "free", frozenset(self.indices).union(*(p.free for p in self.parts)))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Atom) and self.key == other.key


Factors = Mapping[Atom, Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class Mono:
    """Only :func:`close` and :func:`_canonical` build these."""

    bounds: tuple[Poly, ...]  # the sizes of the bound indices, by position
    factors: tuple[tuple[Atom, Fraction], ...]
    key: str = field(init=False)
    free: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        bounds = ",".join(b.key for b in self.bounds)
        factors = "*".join(f"{a.key}^{e}" for a, e in self.factors)
        object.__setattr__(self, "key", f"<{bounds};{factors}>")
        if len(self.key) > MAX_KEY:
            raise Budget("a product of the normal form grows too large")
        free: set[str] = set()
        for a, _ in self.factors:
            free |= a.free
        object.__setattr__(self, "free", frozenset(_lowered(free)))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mono) and self.key == other.key


@dataclass(frozen=True, slots=True, eq=False)
class Poly:
    terms: tuple[tuple[Mono, Fraction], ...]
    key: str = field(init=False)
    free: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", "{" + "+".join(f"{c}{m.key}" for m, c in self.terms) + "}")
        object.__setattr__(self, "free", frozenset().union(*(m.free for m, _ in self.terms)))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Poly) and self.key == other.key

    @property
    def constant(self) -> Fraction | None:
        """The value, if this is a rational number."""
        if not self.terms:
            return Fraction(0)
        if len(self.terms) == 1 and self.terms[0][0] == UNIT:
            return self.terms[0][1]
        return None

    @property
    def is_zero(self) -> bool:
        return not self.terms


def poly(terms: Mapping[Mono, Fraction] | Iterable[tuple[Mono, Fraction]]) -> Poly:
    table: dict[Mono, Fraction] = {}
    for m, c in terms.items() if isinstance(terms, Mapping) else terms:
        table[m] = table.get(m, Fraction(0)) + c
    spend(3 + len(table)//4)
    return Poly(tuple(sorted(((m, c) for m, c in table.items() if c != 0), key=lambda t: t[0].key)))


# ------------------------------------------------------------------ names of bound indices


def _lowered(tokens: Iterable[str]) -> set[str]:
    """Free tokens of a mono from those of its factors: its own are gone, outer ones one nearer."""
    out = set()
    for t in tokens:
        if t.startswith("#"):
            depth, _, position = t[1:].partition(".")
            if depth == "0":
                continue
            t = f"#{int(depth) - 1}.{position}"
        out.add(t)
    return out


def _deeper(t: str) -> str:
    if not t.startswith("#"):
        return t
    depth, _, position = t[1:].partition(".")
    return f"#{int(depth) + 1}.{position}"


def rename_atom(a: Atom, to: Mapping[str, str]) -> Atom:
    """Rename tokens one for one (new names must be fresh: nothing is identified here)."""
    if a.free.isdisjoint(to):
        return a
    return Atom(
        a.kind,
        a.head,
        _in_order(a.kind, tuple(to.get(i, i) for i in a.indices)),
        _sorted_parts(a.head, tuple(rename_poly(p, to) for p in a.parts)),
    )


def _in_order(kind: str, indices: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(indices)) if kind == "delta" else indices


def _sorted_parts(head: str, parts: tuple[Poly, ...]) -> tuple[Poly, ...]:
    return tuple(sorted(parts, key=lambda p: p.key)) if head in ("max", "min") else parts


def rename_poly(p: Poly, to: Mapping[str, str]) -> Poly:
    if p.free.isdisjoint(to):
        return p
    return poly([(rename_mono(m, to), c) for m, c in p.terms])


def rename_mono(m: Mono, to: Mapping[str, str]) -> Mono:
    if m.free.isdisjoint(to):
        return m
    inside = {_deeper(k): _deeper(v) for k, v in to.items()}
    return _canonical(m.bounds, [(rename_atom(a, inside), e) for a, e in m.factors])


def open_mono(m: Mono, names: tuple[str, ...]) -> dict[Atom, Fraction]:
    """The factors of ``m`` with ``names`` for its bound indices.  Only for monos that stand alone:
    all work is done on these, so that no reference to an outer mono is ever left hanging."""
    if any(t.startswith("#") for t in m.free):
        raise Budget("an index is used outside its sum")
    to = {f"#0.{k}": n for k, n in enumerate(names)}
    out: dict[Atom, Fraction] = {}
    for a, e in m.factors:
        b = rename_atom(a, to)
        out[b] = out.get(b, Fraction(0)) + e
    return out


def close(bounds: Mapping[str, Poly], factors: Factors) -> Mono:
    """The mono that binds the tokens ``bounds`` (each must occur in ``factors``)."""
    to = {n: f"#0.{k}" for k, n in enumerate(bounds)}
    return _canonical(tuple(bounds.values()), [(rename_atom(a, to), e) for a, e in factors.items() if e != 0])


def only_atom(p: Poly) -> Atom | None:
    """The atom, if ``p`` is one atom and nothing else."""
    if len(p.terms) == 1 and p.terms[0][1] == 1:
        m = p.terms[0][0]
        if not m.bounds and len(m.factors) == 1 and m.factors[0][1] == 1:
            return m.factors[0][0]
    return None


# ------------------------------------------------------------------ canonical order

_Listed = list[tuple[Atom, Fraction]]


def _canonical(bounds: tuple[Poly, ...], factors: _Listed) -> Mono:
    """Number the bound indices so that alpha-equal monos get equal keys."""
    if len(bounds) <= 1:
        return Mono(bounds, tuple(sorted(factors, key=_factor_key)))
    pieces = sorted(
        (_canonical_component(component, bounds, own) for component, own in _components(bounds, factors)),
        key=lambda m: m.key,
    )
    out = sorted((f for f in factors if not any(t.startswith("#0.") for t in f[0].free)), key=_factor_key)
    sizes: list[Poly] = []
    for piece in pieces:
        to = {f"#0.{k}": f"#0.{k + len(sizes)}" for k in range(len(piece.bounds))}
        out += [(rename_atom(a, to), e) for a, e in piece.factors]
        sizes += piece.bounds
    return Mono(tuple(sizes), tuple(out))


def _factor_key(f: tuple[Atom, Fraction]) -> tuple[str, Fraction]:
    return f[0].key, f[1]


def _own(a: Atom) -> frozenset[str]:
    return frozenset(t for t in a.free if t.startswith("#0."))


def _components(bounds: tuple[Poly, ...], factors: _Listed) -> list[tuple[list[str], _Listed]]:
    """Factors grouped by shared bound indices: (S_j x_j)^6 is six equal components."""
    leader = {f"#0.{k}": f"#0.{k}" for k in range(len(bounds))}

    def find(t: str) -> str:
        while leader[t] != t:
            t = leader[t]
        return t

    for a, _ in factors:
        own = sorted(_own(a))
        for t in own[1:]:
            leader[find(t)] = find(own[0])
    groups: dict[str, tuple[list[str], _Listed]] = {}
    for t in leader:
        groups.setdefault(find(t), ([], []))[0].append(t)
    for f in factors:
        own = sorted(_own(f[0]))
        if own:
            groups[find(own[0])][1].append(f)
    return list(groups.values())


def _canonical_component(names: list[str], bounds: tuple[Poly, ...], factors: _Listed) -> Mono:
    colours = _refined(names, bounds, factors)
    classes: dict[str, list[str]] = {}
    for n in names:
        classes.setdefault(colours[n], []).append(n)
    best: Mono | None = None
    leaves = itertools.product(*(itertools.permutations(classes[c]) for c in sorted(classes)))
    for leaf in itertools.islice(leaves, MAX_LEAVES):
        order = [n for group in leaf for n in group]
        to = {n: f"#0.{k}" for k, n in enumerate(order)}
        sizes = tuple(bounds[int(n[3:])] for n in order)
        candidate = Mono(sizes, tuple(sorted(((rename_atom(a, to), e) for a, e in factors), key=_factor_key)))
        if best is None or candidate.key < best.key:
            best = candidate
    if best is None:  # pragma: no cover - permutations of a list are never none
        raise Budget("no order of the bound indices")
    return best


def _refined(names: list[str], bounds: tuple[Poly, ...], factors: _Listed) -> dict[str, str]:
    """A colour per index that does not depend on how the indices are numbered."""
    colours = {n: bounds[int(n[3:])].key for n in names}
    if len(names) == 1:
        return colours
    for _ in range(3):
        ranks = {c: k for k, c in enumerate(sorted(set(colours.values())))}
        new = {}
        for n in names:
            signature = []
            for a, e in factors:
                if n in a.free:
                    to = {u: f"~c{ranks[colours[u]]}" for u in names if u in a.free and u != n}
                    signature.append(f"{rename_atom(a, {**to, n: '~me'}).key}^{e}")
            new[n] = f"{ranks[colours[n]]}:{'*'.join(sorted(signature))}"
        if len(set(new.values())) == len(set(colours.values())):
            return new
        colours = new
        if len(set(colours.values())) == len(names):
            break
    return colours


UNIT = Mono((), ())
ZERO_POLY = Poly(())
ONE_POLY = Poly(((UNIT, Fraction(1)),))

__all__ = [
    "ONE_POLY",
    "UNIT",
    "ZERO_POLY",
    "Atom",
    "Budget",
    "Factors",
    "Mono",
    "Poly",
    "only_atom",
    "close",
    "open_mono",
    "poly",
    "rename_atom",
    "rename_mono",
    "rename_poly",
]
