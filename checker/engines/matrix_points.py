"""Small rational matrices that have their assumed structure by construction.

orthogonal: signed permutations and (I - K)(I + K)^-1 of a skew rational K (Cayley), rows with their signs
flipped (Cayley alone gives determinant 1 only; Liebeck and Osborne, Amer. Math. Monthly 98 (1991) 131-133);
orthonormal columns: the first columns of one; positive (semi)definite: L L^T (+ I) of every rank, 0 included;
projections B (B^T B)^-1 B^T of every rank; idempotents V diag(1, .., 0) V^-1.  Small entries come first.
The kernel evaluates the assumptions again; nothing here is believed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias

from ..kernel.evaluate import Undefined, Unknown
from ..kernel.matrix_values import determinant, identity
from ..kernel.term import App, Num, Term, Var

Rows: TypeAlias = list[list[Fraction]]
_F = Fraction
POOLS: tuple[tuple[int, ...], ...] = ((0, 1), (0, 1, -1), (0, 1, -1, 2), (0, 1, -1, 2, -2, 3))


def structure(name: str, assumptions: Sequence[Term]) -> frozenset[str]:
    """What the assumptions say of the matrix ``name`` alone, in the words of :data:`DRAWN`."""
    x = Var(name)
    found = set()
    for a in assumptions:
        match a:
            case App("pd" | "psd" | "invertible" as head, (t,)) if t == x:
                found.add(head)
            case App("mat=", (App("transpose", (t,)), u)) if t == x:
                if u == x:
                    found.add("symmetric")
                elif u == App("scale", (Num(_F(-1)), x)):
                    found.add("skew")
                elif u == App("inverse", (x,)):
                    found.add("orthogonal")
            case App("mat=", (App("matmul", (App("transpose", (t,)), u)), App("identity", _))) if t == u == x:
                found.add("semiorthogonal")
            case App("mat=", (App("matmul", (t, App("transpose", (u,)))), App("identity", _))) if t == u == x:
                found.add("orthonormal rows")
            case App("mat=", (App("matmul", (t, u)), v)) if t == u == v == x:
                found.add("idempotent")
            case App("mat=", (App("matmul", (t, u)), App("identity", _))) if t == u == x:
                found.add("involution")
            case App("mat=", (t, App("diag", (App("diagonal", (u,)),)))) if t == u == x:
                found.add("diagonal")
    if {"idempotent", "symmetric"} <= found:
        found.add("projection")
    return frozenset(found)


def drawn(kinds: frozenset[str], shape: tuple[int, ...], rng: random.Random, round_: int) -> Rows | None:
    """A matrix of the structure, or None if it has none that is known here."""
    n, m = shape[0], shape[-1]
    pool = POOLS[min(round_, len(POOLS) - 1)]
    if "orthonormal rows" in kinds and n <= m:
        return [list(r) for r in zip(*_columns(_orthogonal(m, rng, round_), n, rng), strict=True)]
    if "semiorthogonal" in kinds and n >= m:
        return _columns(_orthogonal(n, rng, round_), m, rng)
    if n != m:
        return None
    for kind, make in DRAWN:
        if kind in kinds:
            try:
                return make(n, rng, pool, kinds)
            except (Undefined, Unknown, ZeroDivisionError):
                return None
    return None


def bounded(name: str, assumptions: Sequence[Term]) -> tuple[str, int, bool] | None:
    """(other, 1 or -1, strict) where the assumptions say that ``name`` is at least (at most) ``other`` in Loewner's
    order."""
    for a in assumptions:
        match a:
            case App("psd" | "pd" as head, (App("matadd", (Var(high), App("scale", (Num(c), Var(low))))),)) if c == -1:
                if name == high:
                    return low, 1, head == "pd"
                if name == low:
                    return high, -1, head == "pd"
    return None


def moved(base: Rows, sign: int, strict: bool, rng: random.Random, round_: int) -> Rows:
    """``base`` plus (minus) a semidefinite matrix, as Loewner's order asks."""
    pool = POOLS[min(round_, len(POOLS) - 1)]
    step = (_spd if strict else _psd)(len(base), rng, pool, frozenset())
    return [[x + sign * y for x, y in zip(r, q, strict=True)] for r, q in zip(base, step, strict=True)]


Eigenpair: TypeAlias = tuple[str, str, str]        # matrix, number, vector


def eigenpairs(assumptions: Sequence[Term]) -> list[Eigenpair]:
    """The assumptions A v = lam v between declared names."""
    found = []
    for a in assumptions:
        match a:
            case App("mat=", (App("matmul", (Var(m), Var(v))), App("scale", (Var(lam), Var(w))))) if v == w:
                found.append((m, lam, v))
    return found


def with_eigenvalues(wanted: Sequence[Fraction], n: int, kinds: frozenset[str], rng: random.Random, round_: int
                     ) -> Rows | None:
    """A matrix with these eigenvalues among its own, symmetric where the structure asks for it."""
    pool = POOLS[min(round_, len(POOLS) - 1)]
    values = list(dict.fromkeys(wanted))[:n]
    rest: Sequence[int] = (1, 2) if "pd" in kinds else (0, 1) if {"psd", "projection"} & kinds else pool
    values += [_F(rng.choice(rest)) for _ in range(n - len(values))]
    if {"symmetric", "pd", "psd", "projection"} & kinds:
        q = _orthogonal(n, rng, round_)
        return product(product(q, _diagonal(n, values)), transpose(q))
    v = [[_F(rng.choice(pool)) if j > i else _F(int(i == j)) for j in range(n)] for i in range(n)]
    try:
        return product(product(v, _diagonal(n, values)), inverse(v))
    except ZeroDivisionError:
        return None


def eigenvector_of(a: Rows, lam: Fraction, rng: random.Random) -> list[Fraction] | None:
    """A vector v with A v = lam v, not 0 if there is one: a combination of a basis of the kernel of A - lam I."""
    n = len(a)
    work = [[x - (lam if i == j else 0) for j, x in enumerate(r)] for i, r in enumerate(a)]
    pivots: list[int] = []
    for k in range(n):
        at = len(pivots)
        p = next((r for r in range(at, n) if work[r][k] != 0), None)
        if p is None:
            continue
        work[at], work[p] = work[p], work[at]
        work[at] = [x / work[at][k] for x in work[at]]
        for r in range(n):
            if r != at and work[r][k] != 0:
                work[r] = [x - work[r][k] * y for x, y in zip(work[r], work[at], strict=True)]
        pivots.append(k)
    free = [k for k in range(n) if k not in pivots]
    if not free:
        return None
    c = {k: _F(rng.choice((1, 1, 0, -1, 2))) for k in free}
    c[rng.choice(free)] = _F(1)
    return [c[k] if k in c else -sum((work[pivots.index(k)][j] * c[j] for j in free), _F(0)) for k in range(n)]


def _random(n: int, m: int, rng: random.Random, pool: Sequence[int]) -> Rows:
    return [[_F(rng.choice(pool)) for _ in range(m)] for _ in range(n)]


def product(a: Rows, b: Rows) -> Rows:
    return [[sum((x * y for x, y in zip(r, c, strict=True)), _F(0)) for c in zip(*b, strict=True)] for r in a]


def transpose(a: Rows) -> Rows:
    return [list(c) for c in zip(*a, strict=True)]


def inverse(a: Rows) -> Rows:
    """By elimination.  Raises ZeroDivisionError."""
    n = len(a)
    work = [list(r) + e for r, e in zip(a, identity(n), strict=True)]
    for k in range(n):
        p = next((r for r in range(k, n) if work[r][k] != 0), None)
        if p is None:
            raise ZeroDivisionError("a singular matrix")
        work[k], work[p] = work[p], work[k]
        work[k] = [x / work[k][k] for x in work[k]]
        for r in range(n):
            if r != k:
                work[r] = [x - work[r][k] * y for x, y in zip(work[r], work[k], strict=True)]
    return [r[n:] for r in work]


def _columns(q: Rows, m: int, rng: random.Random) -> Rows:
    chosen = list(range(m)) if rng.random() < 0.5 else rng.sample(range(len(q)), m)
    return [[r[c] for c in chosen] for r in q]


def _orthogonal(n: int, rng: random.Random, round_: int) -> Rows:
    signs = [rng.choice((1, 1, -1)) for _ in range(n)]
    if round_ == 0 or rng.random() < 0.4 or n == 1:
        order = list(range(n))
        rng.shuffle(order)
        return [[_F(s if order[i] == j else 0) for j in range(n)] for i, s in enumerate(signs)]
    k = [[_F(0)] * n for _ in range(n)]
    for i in range(n):
        for j in range(i):
            x = rng.choice((_F(0), _F(1), _F(-1), _F(1, 2), _F(2)))
            k[i][j], k[j][i] = x, -x
    one = identity(n)
    minus = [[x - y for x, y in zip(r, s, strict=True)] for r, s in zip(one, k, strict=True)]
    plus = [[x + y for x, y in zip(r, s, strict=True)] for r, s in zip(one, k, strict=True)]
    q = product(minus, inverse(plus))
    return [[s * x for x in r] for s, r in zip(signs, q, strict=True)]


def _spd(n: int, rng: random.Random, pool: Sequence[int], kinds: frozenset[str]) -> Rows:
    if "diagonal" in kinds:
        return _diagonal(n, [_F(rng.choice((1, 2, 3))) for _ in range(n)])
    low = [[_F(rng.choice((1, 1, 2)) if i == j else rng.choice(pool) if j < i else 0) for j in range(n)]
           for i in range(n)]
    return product(low, transpose(low))


def _psd(n: int, rng: random.Random, pool: Sequence[int], kinds: frozenset[str]) -> Rows:
    if "diagonal" in kinds:
        return _diagonal(n, [_F(rng.choice((0, 1, 2))) for _ in range(n)])
    low = _random(n, rng.randint(1, n), rng, pool)
    return product(low, transpose(low))


def _projection(n: int, rng: random.Random, pool: Sequence[int], kinds: frozenset[str]) -> Rows:
    r = rng.randint(0, n)
    if r == 0:
        return [[_F(0)] * n for _ in range(n)]
    b = _random(n, r, rng, pool)
    return product(product(b, inverse(product(transpose(b), b))), transpose(b))


def _idempotent(n: int, rng: random.Random, pool: Sequence[int], kinds: frozenset[str]) -> Rows:
    v, r = _random(n, n, rng, pool), rng.randint(0, n)
    return product(product(v, _diagonal(n, [_F(int(i < r)) for i in range(n)])), inverse(v))


def _involution(n: int, rng: random.Random, pool: Sequence[int], kinds: frozenset[str]) -> Rows:
    p = (_projection if "symmetric" in kinds else _idempotent)(n, rng, pool, kinds)
    return [[2 * x - int(i == j) for j, x in enumerate(r)] for i, r in enumerate(p)]


def _skew(n: int, rng: random.Random, pool: Sequence[int], kinds: frozenset[str]) -> Rows:
    a = _random(n, n, rng, pool)
    return [[a[i][j] if j < i else -a[j][i] if j > i else _F(0) for j in range(n)] for i in range(n)]


def _symmetric(n: int, rng: random.Random, pool: Sequence[int], kinds: frozenset[str]) -> Rows:
    a = _random(n, n, rng, pool)
    out = [[a[max(i, j)][min(i, j)] for j in range(n)] for i in range(n)]
    return _regular(out) if "invertible" in kinds else out


def _invertible(n: int, rng: random.Random, pool: Sequence[int], kinds: frozenset[str]) -> Rows:
    return _regular(_random(n, n, rng, pool))


def _regular(a: Rows) -> Rows:
    """``a`` with the unit matrix added until it has an inverse: symmetry stays."""
    while determinant(a) == 0:
        a = [[x + int(i == j) for j, x in enumerate(r)] for i, r in enumerate(a)]
    return a


def _diagonal(n: int, x: Sequence[Fraction]) -> Rows:
    return [[x[i] if i == j else _F(0) for j in range(n)] for i in range(n)]


def _any_diagonal(n: int, rng: random.Random, pool: Sequence[int], kinds: frozenset[str]) -> Rows:
    x = [_F(rng.choice(pool)) for _ in range(n)]
    return _diagonal(n, [y or _F(1) for y in x] if "invertible" in kinds else x)


def _orthogonal_drawn(n: int, rng: random.Random, pool: Sequence[int], kinds: frozenset[str]) -> Rows:
    if "symmetric" in kinds:
        return _involution(n, rng, pool, kinds)
    return _orthogonal(n, rng, POOLS.index(tuple(pool)) if tuple(pool) in POOLS else 0)


#: The strongest structure first.
DRAWN: tuple[tuple[str, Callable[[int, random.Random, Sequence[int], frozenset[str]], Rows]], ...] = (
    ("pd", _spd), ("orthogonal", _orthogonal_drawn), ("projection", _projection), ("involution", _involution),
    ("psd", _psd), ("idempotent", _idempotent), ("skew", _skew), ("diagonal", _any_diagonal),
    ("symmetric", _symmetric), ("invertible", _invertible),
)

__all__ = ["DRAWN", "bounded", "drawn", "eigenpairs", "eigenvector_of", "moved", "structure", "with_eigenvalues"]
