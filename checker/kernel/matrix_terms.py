"""Matrix terms: their shapes, and their entries as terms in indices.

A matrix term is a family over one or two index ranges (a vector of length n is n x 1), a ``lambda`` over
index ranges, or a head of ``MATRIX`` over such terms.  Its shape is a pair of size terms; ``shape`` is the
type check, and an ill-typed term has none.  A term of shape 1 x 1 stands for its only entry.

``entry`` defines what the heads mean: (A B)_ij = sum_k A_ik B_kj, (A^T)_ij = A_ji, ... so a statement about
matrices is a statement about indices, except for inverses, determinants and ranks.  The rows of a Kronecker
product are pairs of rows, the rows of a block matrix are the rows of either block; both are index *places*
here, and no arithmetic of indices is needed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from .term import (
    ONE, TRUE, ZERO, App, Bind, Index, Malformed, Map, Num, Scalar, Sort, Term, Var, add, alpha, app, fresh,
    free_names, mul, num, show, substitute, subterms,
)

#: Heads whose value is a matrix; ``at`` of them is an entry.
MATRIX = frozenset((
    "matmul", "matadd", "scale", "transpose", "inverse", "matpow", "hadamard", "kron", "diag", "diagonal", "vec",
    "identity", "zeros", "ones", "block",
))
#: Numbers that depend on a whole matrix, and statements about matrices.
OF_MATRIX = frozenset(("trace", "det", "rank", "maxeig"))
ABOUT_MATRIX = frozenset(("mat=", "invertible", "psd", "pd"))
MAX_POWER = 12

Shape: TypeAlias = tuple[Term, Term]


class IllTyped(Malformed):
    """Shapes that do not fit; the message names both."""


# ------------------------------------------------------------------------------- shapes


def size_key(t: Term) -> str:
    """Sizes are equal if their polynomials are: n*m and m*n name one size."""
    return repr(sorted(_polynomial(t).items()))


def _polynomial(t: Term) -> dict[tuple[str, ...], Fraction]:
    match t:
        case Num(value):
            return {(): value} if value else {}
        case App("add", args):
            out: dict[tuple[str, ...], Fraction] = {}
            for a in args:
                for m, c in _polynomial(a).items():
                    out[m] = out.get(m, Fraction(0)) + c
            return {m: c for m, c in out.items() if c}
        case App("neg", (a,)):
            return {m: -c for m, c in _polynomial(a).items()}
        case App("mul", args):
            product: dict[tuple[str, ...], Fraction] = {(): Fraction(1)}
            for a in args:
                other = _polynomial(a)
                new: dict[tuple[str, ...], Fraction] = {}
                for m, c in product.items():
                    for k, d in other.items():
                        both = tuple(sorted(m + k))
                        new[both] = new.get(both, Fraction(0)) + c * d
                product = new
                if len(product) > 200:
                    raise IllTyped(f"a size of too many terms: {show(t)[:60]}")
            return {m: c for m, c in product.items() if c}
        case _:
            return {(repr(alpha(t)),): Fraction(1)}        # not as it is shown: a name may look like a term


def same_size(a: Term, b: Term) -> bool:
    return a == b or size_key(a) == size_key(b)


def is_one(size: Term) -> bool:
    return size == ONE


def said(shape_: Shape) -> str:
    return f"{show(shape_[0])} x {show(shape_[1])}"


def is_matrix(t: Term, sorts: Mapping[str, Sort]) -> bool:
    """Whether the term is of the kinds that have a shape (it may still be ill-typed)."""
    match t:
        case Var(name):
            s = sorts.get(name)
            return isinstance(s, Map) and _fits(s.args) and isinstance(s.result, Scalar)
        case Bind("lambda"):
            return _fits(t.sorts)
        case App(head, _):
            return head in MATRIX
        case _:
            return False


def _fits(sorts: tuple[Sort, ...]) -> bool:
    return len(sorts) in (1, 2) and all(isinstance(s, Index) for s in sorts)


def shape(t: Term, sorts: Mapping[str, Sort]) -> Shape:
    """Rows and columns.  Raises :class:`IllTyped`."""
    match t:
        case Var(name) if is_matrix(t, sorts):
            s = sorts[name]
            return _of_sorts(s.args if isinstance(s, Map) else ())
        case Bind("lambda") if _fits(t.sorts):
            return _of_sorts(t.sorts)
        case App("matmul", args):
            rows, inner = shape(args[0], sorts)
            for left, right in itertools.pairwise(args):
                r, c = shape(right, sorts)
                if not same_size(inner, r):
                    raise IllTyped(f"{show(left)[:60]} is {said(shape(left, sorts))} and {show(right)[:60]} is "
                                   f"{said((r, c))}: they cannot be multiplied")
                inner = c
            return rows, inner
        case App("matadd" | "hadamard", args):
            first = shape(args[0], sorts)
            for a in args[1:]:
                _same(args[0], first, a, shape(a, sorts))
            return first
        case App("scale", (_, a)):
            return shape(a, sorts)
        case App("transpose", (a,)):
            rows, columns = shape(a, sorts)
            return columns, rows
        case App("inverse", (a,)):
            return _square(a, sorts)
        case App("matpow", (a, _)):
            return _square(a, sorts)
        case App("kron", (a, b)):
            (n, m), (p, q) = shape(a, sorts), shape(b, sorts)
            return _times(n, p), _times(m, q)
        case App("vec", (a,)):
            rows, columns = shape(a, sorts)
            return _times(columns, rows), ONE
        case App("diag", (a,)):
            rows, columns = shape(a, sorts)
            if not is_one(columns):
                raise IllTyped(f"diag of {show(a)[:60]}, which is {said((rows, columns))}: a vector is needed")
            return rows, rows
        case App("diagonal", (a,)):
            return _square(a, sorts)[0], ONE
        case App("identity", (n,)):
            return n, n
        case App("zeros" | "ones", (n, m)):
            return n, m
        case App("block", (a, b, c, d)):
            (n, k), (n2, m), (p, k2), (p2, m2) = (shape(x, sorts) for x in (a, b, c, d))
            if not (same_size(n, n2) and same_size(p, p2) and same_size(k, k2) and same_size(m, m2)):
                raise IllTyped(f"blocks {said((n, k))}, {said((n2, m))}; {said((p, k2))}, {said((p2, m2))} do not fit")
            return add(n, p), add(k, m)
        case _:
            raise IllTyped(f"{show(t)[:60]} is no matrix")


def _of_sorts(sorts: tuple[Sort, ...]) -> Shape:
    sizes = [s.size for s in sorts if isinstance(s, Index)]
    return (sizes[0], sizes[1]) if len(sizes) == 2 else (sizes[0], ONE)


def _times(n: Term, p: Term) -> Term:
    return p if is_one(n) else n if is_one(p) else mul(n, p)


def _same(a: Term, s: Shape, b: Term, t: Shape) -> None:
    if not (same_size(s[0], t[0]) and same_size(s[1], t[1])):
        raise IllTyped(f"{show(a)[:60]} is {said(s)} and {show(b)[:60]} is {said(t)}")


def _square(a: Term, sorts: Mapping[str, Sort]) -> Shape:
    rows, columns = shape(a, sorts)
    if not same_size(rows, columns):
        raise IllTyped(f"{show(a)[:60]} is {said((rows, columns))}, where a square matrix is needed")
    return rows, columns


def check_types(t: Term, sorts: Mapping[str, Sort]) -> None:
    """Every matrix inside ``t`` is well typed.  Raises :class:`IllTyped`."""
    match t:
        case App(head, args):
            if head in MATRIX:
                shape(t, sorts)
            elif head in ("trace", "det", "maxeig", "invertible", "psd", "pd"):
                _square(args[0], sorts)
            elif head == "rank":
                shape(args[0], sorts)
            elif head == "mat=":
                _same(args[0], shape(args[0], sorts), args[1], shape(args[1], sorts))
            elif head == "at" and not isinstance(args[0], (Var, Bind)):
                rows, columns = shape(args[0], sorts)
                if len(args) != (2 if is_one(columns) else 3):
                    raise IllTyped(f"{show(args[0])[:60]} is {said((rows, columns))}: an entry takes other indices")
            for a in args:
                check_types(a, sorts)
        case Bind():
            inside = {**sorts, **dict(zip(t.names, t.sorts, strict=True))}
            for u in t.outer:
                check_types(u, sorts)
            for u in t.inner:
                check_types(u, inside)


def factors(t: Term) -> list[Term]:
    """The factors of a product, transposes at the factors."""
    match t:
        case App("matmul", args):
            return [f for a in args for f in factors(a)]
        case App("transpose", (App("transpose", (a,)),)):
            return factors(a)
        case App("transpose", (App("matmul", args),)):
            return [f for a in reversed(args) for f in factors(app("transpose", a))]
        case _:
            return [t]


def is_square(t: Term) -> bool:
    """Whether the product is written as u^T u."""
    parts = factors(t)
    n = len(parts) // 2
    return len(parts) % 2 == 0 and n > 0 and [
        f for a in reversed(parts[n:]) for f in factors(app("transpose", a))] == parts[:n]


def is_scalar_shape(s: Shape) -> bool:
    return is_one(s[0]) and is_one(s[1])


def about_matrices(t: Term) -> bool:
    """Whether a head of this module stands in ``t``."""
    return any(isinstance(u, App) and (u.head in MATRIX or u.head in OF_MATRIX or u.head in ABOUT_MATRIX)
               for u in subterms(t))


# ------------------------------------------------------------------------------- entries


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of a Kronecker product, of matrices with so many rows: n*m is m*n, but its pairs are others."""

    first: Place
    second: Place
    sizes: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Side:
    """A row of a block matrix: of the upper (left) blocks, or of the lower (right) ones, with so many rows each."""

    lower: bool
    place: Place
    sizes: tuple[str, str]


#: Where an entry stands: an index term, or a pair of places, or a side of a block.
Place: TypeAlias = "Term | Pair | Side"


class NoEntries(Exception):
    """No term in indices says this entry."""


class Entries:
    """Entries of matrix terms, with bound indices that capture nothing."""

    def __init__(self, sorts: Mapping[str, Sort], taken: frozenset[str] = frozenset()) -> None:
        self.sorts = dict(sorts)
        self.taken = set(sorts) | set(taken)

    def places(self, size: Term, like: Term | None, rows: bool, stem: str = "i"
               ) -> Iterator[tuple[tuple[tuple[str, Sort], ...], Place]]:
        """The places of a range: new index names with their sorts, and the place they name.  Several only
        for a range that blocks divide; ``like`` is a matrix term that has the range as its rows or columns."""
        structure = self._structure(like, rows) if like is not None else None
        yield from self._places(size, structure, stem)

    def _places(self, size: Term, structure: Any, stem: str) -> Iterator[tuple[tuple[tuple[str, Sort], ...], Place]]:
        if is_one(size):
            yield (), ONE
            return
        match structure:
            case ("pair", (n, s), (m, t)):
                for one, p in self._places(n, s, stem):
                    for two, q in self._places(m, t, stem):
                        yield one + two, Pair(p, q, (size_key(n), size_key(m)))
            case ("side", (n, s), (m, t)):
                for one, p in self._places(n, s, stem):
                    yield one, Side(False, p, (size_key(n), size_key(m)))
                for two, q in self._places(m, t, stem):
                    yield two, Side(True, q, (size_key(n), size_key(m)))
            case _:
                name = fresh(stem, self.taken)
                self.taken.add(name)
                yield ((name, Index(size)),), Var(name)

    def _structure(self, t: Term, rows: bool) -> Any:
        """How the rows (columns) of ``t`` are made of ranges: ("pair", ..), ("side", ..) or None."""
        match t:
            case App("kron", (a, b)):
                n, m = (shape(x, self.sorts)[0 if rows else 1] for x in (a, b))
                if is_one(n):
                    return self._structure(b, rows)
                if is_one(m):
                    return self._structure(a, rows)
                return "pair", (n, self._structure(a, rows)), (m, self._structure(b, rows))
            case App("vec", (a,)) if rows:
                n, m = shape(a, self.sorts)
                if is_one(m) or is_one(n):
                    return self._structure(a, is_one(m))
                return "pair", (m, self._structure(a, False)), (n, self._structure(a, True))
            case App("block", (a, b, c, _)):
                other = c if rows else b
                n, m = (shape(x, self.sorts)[0 if rows else 1] for x in (a, other))
                return "side", (n, self._structure(a, rows)), (m, self._structure(other, rows))
            case App("matmul", args):
                return self._structure(args[0] if rows else args[-1], rows)
            case App("matadd" | "hadamard", args):
                return next((s for a in args if (s := self._structure(a, rows)) is not None), None)
            case App("transpose", (a,)):
                return self._structure(a, not rows)
            case App("scale", (_, a)):
                return self._structure(a, rows)
            case _:
                return None

    def inner(self, left: Term, right: Term) -> Any:
        """The structure of the range between two factors."""
        return self._structure(left, False) or self._structure(right, True)

    def entry(self, t: Term, i: Place, j: Place) -> Term:
        """The entry of ``t`` at row ``i`` and column ``j``.  Raises :class:`NoEntries`, :class:`IllTyped`."""
        match t:
            case Var():
                return app("at", t, *self._indices(t, i, j))
            case Bind("lambda"):
                indices = self._indices(t, i, j)
                return substitute(t.inner[0], dict(zip(t.names, indices, strict=True)))
            case App("matmul", (first, *rest)) if not rest:
                return self.entry(first, i, j)
            case App("matmul", (first, *rest)):
                tail = rest[0] if len(rest) == 1 else App("matmul", tuple(rest))
                size = shape(first, self.sorts)[1]
                parts = [_sum(names, mul(self.entry(first, i, k), self.entry(tail, k, j)))
                         for names, k in self._places(size, self.inner(first, tail), "k")]
                return add(*parts)
            case App("matadd", args):
                return add(*(self.entry(a, i, j) for a in args))
            case App("hadamard", args):
                return mul(*(self.entry(a, i, j) for a in args))
            case App("scale", (c, a)):
                return mul(c, self.entry(a, i, j))
            case App("transpose", (a,)):
                return self.entry(a, j, i)
            case App("identity", _):
                return self.equal(i, j)
            case App("zeros", _):
                return ZERO
            case App("ones", _):
                return ONE
            case App("diag", (a,)):
                return mul(self.equal(i, j), self.entry(a, i, ONE))
            case App("diagonal", (a,)):
                return self.entry(a, i, i)
            case App("kron", (a, b)):
                (i1, i2), (j1, j2) = self._split(a, b, i, 0), self._split(a, b, j, 1)
                return mul(self.entry(a, i1, j1), self.entry(b, i2, j2))
            case App("vec", (a,)):
                rows, columns = shape(a, self.sorts)
                if is_one(columns):
                    return self.entry(a, i, ONE)
                if is_one(rows):
                    return self.entry(a, ONE, i)
                if not isinstance(i, Pair) or i.sizes != (size_key(columns), size_key(rows)):
                    raise NoEntries("an entry of vec at an index that is no pair of its column and row")
                return self.entry(a, i.second, i.first)
            case App("block", parts):
                (n, m), (p, _), (_, k) = (shape(parts[at], self.sorts) for at in (0, 2, 1))
                if not (isinstance(i, Side) and i.sizes == (size_key(n), size_key(p))
                        and isinstance(j, Side) and j.sizes == (size_key(m), size_key(k))):
                    raise NoEntries("an entry of blocks at an index of no side of theirs")
                return self.entry(parts[2 * i.lower + j.lower], i.place, j.place)
            case App("matpow", (a, Num(k))) if k.denominator == 1 and 0 <= k <= MAX_POWER:
                n = shape(t, self.sorts)[0]
                whole = App("identity", (n,)) if k == 0 else App("matmul", (a,) * int(k))
                return self.entry(whole, i, j)
            case App("inverse" | "matpow", _):
                return app("at", t, *self._indices(t, i, j))
            case _:
                raise NoEntries(f"{show(t)[:60]} has no entries")

    def _split(self, a: Term, b: Term, i: Place, axis: int) -> tuple[Place, Place]:
        n, m = shape(a, self.sorts)[axis], shape(b, self.sorts)[axis]
        if is_one(n):
            return ONE, i
        if is_one(m):
            return i, ONE
        if not isinstance(i, Pair) or i.sizes != (size_key(n), size_key(m)):
            raise NoEntries("an entry of a Kronecker product at an index that is no pair of its rows")
        return i.first, i.second

    def equal(self, i: Place, j: Place) -> Term:
        match i, j:
            case Pair(a, b, s), Pair(c, d, t) if s == t:
                return mul(self.equal(a, c), self.equal(b, d))
            case Side(low, a, s), Side(high, b, t) if s == t:
                return self.equal(a, b) if low == high else ZERO
            case (Pair() | Side(), _) | (_, Pair() | Side()):
                raise NoEntries("an identity whose rows and columns are made differently")
            case _:
                return ONE if i == j else app("delta", i, j)

    def _indices(self, t: Term, i: Place, j: Place) -> list[Term]:
        two = isinstance(t, Bind) and len(t.names) == 2 or isinstance(t, App)
        if isinstance(t, Var):
            s = self.sorts[t.name]
            two = isinstance(s, Map) and len(s.args) == 2
        out = []
        for p in (i, j) if two else (i,):
            if isinstance(p, (Pair, Side)):
                raise NoEntries(f"{show(t)[:60]} is indexed by one index, and a pair or side stands there")
            out.append(p)
        return out

    # ------------------------------------------------------------------ whole terms

    def expand(self, t: Term) -> Term:
        """``t`` with every number that matrices make written as sums over indices.  Inverses, determinants
        and ranks stay.  Raises :class:`NoEntries`."""
        match t:
            case App("mat=", (a, b)):
                return self.equation(a, b)
            case App("trace", (a,)):
                n = shape(a, self.sorts)[0]
                structure = self._structure(a, True) or self._structure(a, False)
                parts = [_sum(names, self.entry(a, k, k)) for names, k in self._places(n, structure, "k")]
                return self.expand(add(*parts))
            case App("det" | "rank" | "maxeig" | "inverse" | "matpow" | "invertible" | "psd" | "pd", _):
                return t
            case App("at", (App() as a, i)):
                opened = self.entry(a, i, ONE)
                return opened if opened == t else self.expand(opened)
            case App("at", (App() as a, i, j)):
                opened = self.entry(a, i, j)
                return opened if opened == t else self.expand(opened)
            case App("at", (Bind("lambda") as f, *indices)) if len(indices) == len(f.names) and all(
                    isinstance(x, Index) for x in f.sorts):
                return self.expand(substitute(f.inner[0], dict(zip(f.names, indices, strict=True))))
            case App(head, _) if head in MATRIX:
                if not is_scalar_shape(shape(t, self.sorts)):
                    raise NoEntries(f"{show(t)[:60]} is no number")
                opened = self.entry(t, ONE, ONE)
                return opened if opened == app("at", t, ONE, ONE) else self.expand(opened)
            case App(head, args):
                return App(head, tuple(a if is_matrix(a, self.sorts) and not isinstance(a, App) else self.expand(a)
                                       for a in args))
            case Bind():
                names: list[str] = list(t.names)
                by: dict[str, Term] = {}
                for k, name in enumerate(t.names):
                    if name in self.taken:      # made anew, so that no index above is captured
                        names[k] = fresh(name, self.taken)
                        by[name] = Var(names[k])
                    self.taken.add(names[k])
                outer = tuple(self.expand(u) for u in t.outer)
                before = dict(self.sorts)
                self.sorts.update(zip(names, t.sorts, strict=True))
                inner = tuple(self.expand(substitute(u, by)) for u in t.inner)
                self.sorts = before
                return Bind(t.head, tuple(names), t.sorts, outer, inner)
            case _:
                return t

    def equation(self, a: Term, b: Term) -> Term:
        """A = B as statements about all entries."""
        rows, columns = shape(a, self.sorts)
        structures = [self._structure(a, r) or self._structure(b, r) for r in (True, False)]
        out = []
        for one, i in self._places(rows, structures[0], "i"):
            for two, j in self._places(columns, structures[1], "j"):
                names = (*one, *two)
                before = dict(self.sorts)
                self.sorts.update(names)
                body = app("=", self.expand(self.entry(a, i, j)), self.expand(self.entry(b, i, j)))
                self.sorts = before
                out.append(Bind("forall", tuple(n for n, _ in names), tuple(s for _, s in names), (), (TRUE, body))
                           if names else body)
        return out[0] if len(out) == 1 else App("and", tuple(out))


def has_entries(t: Term) -> bool:
    """Whether a matrix head, or an entry of one, stands in ``t``."""
    return any(isinstance(u, App) and (
        u.head in MATRIX or u.head in OF_MATRIX or u.head == "at" and isinstance(u.args[0], (App, Bind)))
        for u in subterms(t))


def _sum(names: tuple[tuple[str, Sort], ...], body: Term) -> Term:
    for name, sort in reversed(names):
        body = Bind("sum", (name,), (sort,), (), (TRUE, body))
    return body


def taken_in(*ts: Term) -> frozenset[str]:
    """Every name, free or bound, of the terms."""
    out: set[str] = set()
    for t in ts:
        out |= free_names(t)
        for u in subterms(t):
            if isinstance(u, Bind):
                out |= set(u.names)
    return frozenset(out)


__all__ = [
    "ABOUT_MATRIX", "MATRIX", "OF_MATRIX", "Entries", "IllTyped", "NoEntries", "Pair", "Place", "Shape", "Side",
    "about_matrices", "check_types", "factors", "has_entries", "is_matrix", "is_one", "is_scalar_shape", "is_square",
    "num", "said", "same_size", "shape", "size_key", "taken_in",
]
