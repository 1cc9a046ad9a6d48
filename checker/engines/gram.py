"""Gram matrices over Q: a polynomial as a sum of squares times given polynomials, modulo equations.

Method (Peyrl, Parrilo, Theoret. Comput. Sci. 409 (2008) 269-281): the Gram matrices of one polynomial are an
affine space; it is parametrised exactly over Q.  In floats, the least eigenvalue is maximised by Newton
steps on a logarithmic barrier; the parameters are rounded to small denominators, so that the identity stays
exact, and LDL^T over Q decides.  Where the best least eigenvalue is 0, the face is found: at known zeros of
the polynomial every square vanishes; otherwise null vectors are rounded.  Then the basis shrinks.

What it cannot do: more than ``MAX_BASIS`` basis elements; certificates that need irrational numbers.
A wrong guess costs a proof only: the kernel multiplies out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb_mat, fmpq, fmpq_mat

from ..kernel.effort import spend

Exponents = tuple[int, ...]
Poly = dict[Exponents, Fraction]

MAX_BASIS = 24
MAX_FREE = 130
MAX_ROWS = 400
MAX_COST = 60_000
DENOMINATORS = (1, 2, 3, 4, 6, 12, 60, 2**8, 2**12, 2**20, 2**30)


@dataclass
class Block:
    """``factor * (sum of squares of combinations of basis)``."""

    factor: Poly
    basis: list[Poly]
    #: the factor is positive at these zeros of the target, so the squares vanish there
    label: object = None


@dataclass
class Solution:
    squares: list[tuple[Fraction, int, Poly]]       # weight, block, polynomial
    cofactors: list[tuple[int, Poly]]


def times(a: Poly, b: Poly) -> Poly:
    spend(1 + len(a)*len(b)//4)
    out: Poly = {}
    for m, c in a.items():
        for n, d in b.items():
            k = tuple(map(int.__add__, m, n))
            out[k] = out.get(k, Fraction(0)) + c * d
    return {k: v for k, v in out.items() if v}


def plus(a: Poly, b: Poly, factor: Fraction = Fraction(1)) -> Poly:
    out = dict(a)
    for k, v in b.items():
        out[k] = out.get(k, Fraction(0)) + factor * v
    return {k: v for k, v in out.items() if v}


def value(p: Poly, at: Sequence[Fraction]) -> Fraction:
    spend(1 + len(p)*len(at)//4)
    total = Fraction(0)
    for m, c in p.items():
        for x, e in zip(at, m, strict=True):
            if e:
                c *= x**e
        total += c
    return total


def monomials(width: int, degree: int, caps: Sequence[int] | None = None) -> list[Exponents]:
    out: list[Exponents] = []

    def go(prefix: tuple[int, ...], left: int) -> None:
        if len(prefix) == width:
            out.append(prefix)
            return
        top = left if caps is None else min(left, caps[len(prefix)])
        for e in range(top + 1):
            go((*prefix, e), left - e)

    go((), degree)
    return sorted(out, key=lambda m: (sum(m), m))


def half_basis(target: Poly, width: int, extra: Sequence[Poly] = ()) -> list[Poly]:
    """Monomials whose square may occur: degrees halved, then the ones without partner dropped."""
    support = set(target)
    for p in extra:
        support |= set(p)
    if not support:
        return []
    top = max(map(sum, support)) // 2
    bottom = -(-min(map(sum, support)) // 2)
    caps = [max(m[k] for m in support) // 2 for k in range(width)]
    pairs = [(j, k) for j in range(width) for k in range(j)]
    pair_top = {jk: max(m[jk[0]] + m[jk[1]] for m in support) for jk in pairs}
    least = [min(m[k] for m in support) for k in range(width)]
    found = [m for m in monomials(width, top, caps) if sum(m) >= bottom
             and all(2 * e >= lo for e, lo in zip(m, least, strict=True))
             and all(2 * (m[j] + m[k]) <= pair_top[j, k] for j, k in pairs)]
    while True:
        inside = set(found)
        kept = []
        for m in found:
            square = tuple(2 * e for e in m)
            mixed = any(n != m and tuple(map(int.__sub__, square, n)) in inside for n in found)
            if square in support or mixed:
                kept.append(m)
        if len(kept) == len(found):
            return [{m: Fraction(1)} for m in kept]
        found = kept


def by_parity(basis: list[Poly], support: Sequence[Exponents]) -> list[list[Poly]]:
    """The basis in classes whose products can meet: sign changes x -> -x that keep the target split it."""
    span: list[int] = []
    for m in support:
        v = _bits(m)
        for s in span:
            v = min(v, v ^ s)
        if v:
            span.append(v)
    classes: dict[int, list[Poly]] = {}
    for p in basis:
        v = _bits(next(iter(p)))
        for s in sorted(span, reverse=True):
            v = min(v, v ^ s)
        classes.setdefault(v, []).append(p)
    return list(classes.values())


def _bits(m: Exponents) -> int:
    return sum((e & 1) << k for k, e in enumerate(m))


# ------------------------------------------------------------------------- the affine space


class _Space:
    """All (cofactors, Gram matrices) with  target = sum factor z^T G z + sum cofactor h."""

    def __init__(self, target: Poly, blocks: list[Block], equations: list[tuple[Poly, list[Exponents]]]) -> None:
        self.blocks = blocks
        columns: list[Poly] = []
        self.where: list[tuple[int, int, int]] = []        # block, i, j
        self.free_parts: list[tuple[int, Exponents]] = []
        for k, (h, multipliers) in enumerate(equations):
            for m in multipliers:
                columns.append(times(h, {m: Fraction(1)}))
                self.free_parts.append((k, m))
        self.shift = len(columns)
        for b, block in enumerate(blocks):
            n = len(block.basis)
            for i in range(n):
                fi = times(block.factor, block.basis[i])
                for j in range(i, n):
                    p = times(fi, block.basis[j])
                    columns.append(p if i == j else {m: 2 * c for m, c in p.items()})
                    self.where.append((b, i, j))
        rows: dict[Exponents, int] = {}
        for p in [target, *columns]:
            for m in p:
                rows.setdefault(m, len(rows))
        self.ok = False
        width = len(columns)
        if len(rows) > MAX_ROWS or width > 900 or not columns:
            return
        matrix = fmpq_mat(len(rows), width + 1)
        for j, p in enumerate(columns):
            for m, c in p.items():
                matrix[rows[m], j] = fmpq(c.numerator, c.denominator)
        for m, c in target.items():
            matrix[rows[m], width] = fmpq(c.numerator, c.denominator)
        reduced, rank = matrix.rref()
        pivots: list[int] = []
        for r in range(rank):
            start = pivots[-1] + 1 if pivots else 0
            pivots.append(next(j for j in range(start, width + 1) if reduced[r, j] != 0))
        if pivots and pivots[-1] == width:
            return
        is_pivot = set(pivots)
        self.free = [j for j in range(width) if j not in is_pivot and j >= self.shift]
        if len(self.free) > MAX_FREE:
            return
        self.constant = {p: _fraction(reduced[r, width]) for r, p in enumerate(pivots)}
        self.directions: list[dict[int, Fraction]] = []
        for f in self.free:
            d = {f: Fraction(1)}
            for r, p in enumerate(pivots):
                if p < f and (v := reduced[r, f]) != 0:
                    d[p] = -_fraction(v)
            self.directions.append(d)
        self.ok = True

    def cost(self) -> int:
        """Float operations of one Newton step, about."""
        sizes = [len(b.basis) for b in self.blocks]
        d = len(self.directions)
        images = sum(2 * sizes[self.where[j - self.shift][0]] ** 2 for e in self.directions for j in e
                     if j >= self.shift)
        entries = sum(len(e) for e in self.directions)
        return images + d * entries // 2 + d**3 // 100 + sum(n**3 for n in sizes)

    def solution(self, y: Sequence[Fraction]) -> dict[int, Fraction]:
        out = dict(self.constant)
        for c, d in zip(y, self.directions, strict=True):
            if c:
                for j, v in d.items():
                    out[j] = out.get(j, Fraction(0)) + c * v
        return out

    def matrices(self, solution: dict[int, Fraction]) -> list[list[list[Fraction]]]:
        out = [[[Fraction(0)] * len(b.basis) for _ in b.basis] for b in self.blocks]
        for j, v in solution.items():
            if j >= self.shift:
                b, i, k = self.where[j - self.shift]
                out[b][i][k] = out[b][k][i] = v
        return out


def _fraction(q: fmpq) -> Fraction:
    return Fraction(int(q.p), int(q.q))


def ldl(g: list[list[Fraction]]) -> list[tuple[Fraction, list[Fraction]]] | None:
    """``g = sum d v v^T`` with d > 0, or None if g is not positive semidefinite: a negative pivot, or a
    pivot 0 whose row is not 0."""
    n = len(g)
    g = [row[:] for row in g]
    out = []
    for k in range(n):
        d = g[k][k]
        if d < 0 or d == 0 and any(g[k][j] for j in range(k, n)):
            return None
        if d == 0:
            continue
        v = [Fraction(0)] * k + [g[k][j] / d for j in range(k, n)]
        out.append((d, v))
        for i in range(k, n):
            if v[i]:
                for j in range(i, n):
                    g[i][j] -= d * v[i] * v[j]
                    g[j][i] = g[i][j]
    return out


# ------------------------------------------------------------------------- search


def search(target: Poly, blocks: list[Block], equations: list[tuple[Poly, list[Exponents]]],
           zeros: Sequence[Sequence[Fraction]] = (), rounds: int = 4,
           wanted: Callable[[Solution], bool] | None = None) -> Solution | None:
    """Squares and cofactors that add up to the target (and are ``wanted``), or None."""
    blocks = [Block(b.factor, _vanishing(b, zeros), b.label) for b in blocks]
    for _ in range(rounds):
        if not any(b.basis for b in blocks) and not equations:
            return None
        if any(len(b.basis) > MAX_BASIS for b in blocks):
            return None
        space = _Space(target, blocks, equations)
        if not space.ok:
            return None
        if space.cost() > MAX_COST:
            return None
        try:
            y, margin, g = _centre(space)
        except (OverflowError, ZeroDivisionError, ValueError):
            return None
        if y is None:
            return None
        if margin > -1e-4:
            for d in DENOMINATORS:
                exact = [Fraction(round(v * d), d) for v in y]
                solution = space.solution(exact)
                parts = [ldl(m) for m in space.matrices(solution)]
                if all(p is not None for p in parts):
                    result = _result(space, solution, parts)
                    if wanted is None or wanted(result):
                        return result
        if margin < -1e-3 or margin > 1e-5:
            return None
        smaller = [Block(b.factor, _face(b.basis, m), b.label) for b, m in zip(blocks, g, strict=True)]
        if all(len(a.basis) == len(b.basis) for a, b in zip(smaller, blocks, strict=True)):
            return None
        blocks = smaller
    return None


def _result(space: _Space, solution: dict[int, Fraction],
            parts: Sequence[list[tuple[Fraction, list[Fraction]]] | None]) -> Solution:
    squares = []
    for b, rows in enumerate(parts):
        for d, v in rows or ():
            p: Poly = {}
            for c, z in zip(v, space.blocks[b].basis, strict=True):
                p = plus(p, z, c)
            squares.append((d, b, p))
    cofactors: dict[int, Poly] = {}
    for j, v in solution.items():
        if j < space.shift and v:
            k, m = space.free_parts[j]
            cofactors[k] = plus(cofactors.get(k, {}), {m: v})
    return Solution(squares, sorted(cofactors.items()))


def _vanishing(block: Block, zeros: Sequence[Sequence[Fraction]]) -> list[Poly]:
    """Facial reduction: combinations of the basis that vanish at the zeros where the factor is positive."""
    rows = [[value(z, at) for z in block.basis] for at in zeros if value(block.factor, at) > 0]
    return _complement(block.basis, rows) if rows else block.basis


def _complement(basis: list[Poly], rows: list[list[Fraction]]) -> list[Poly]:
    """The combinations of the basis orthogonal to the rows."""
    n = len(basis)
    if not n:
        return []
    matrix = fmpq_mat(len(rows), n, [fmpq(v.numerator, v.denominator) for row in rows for v in row])
    reduced, rank = matrix.rref()
    pivots: list[int] = []
    for r in range(rank):
        start = pivots[-1] + 1 if pivots else 0
        pivots.append(next(j for j in range(start, n) if reduced[r, j] != 0))
    out = []
    for f in range(n):
        if f in pivots:
            continue
        p = dict(basis[f])
        for r, j in enumerate(pivots):
            if reduced[r, f] != 0:
                p = plus(p, basis[j], -_fraction(reduced[r, f]))
        out.append(p)
    return out


def _face(basis: list[Poly], g: list[list[float]]) -> list[Poly]:
    """Drop the directions in which the matrix at the centre is almost 0, rounded to small fractions."""
    values, vectors = _eigen(g)
    size = max([1e-9, *map(abs, values)])
    order = sorted(range(len(values)), key=lambda k: values[k])
    small = [k for k in order if values[k] < 2e-3 * size]
    if not small:
        return basis
    rows = [[vectors[i][k] for i in range(len(basis))] for k in small]
    reduced = _float_rref(rows)
    exact = []
    for row in reduced:
        fractions = [Fraction(v).limit_denominator(12) for v in row]
        if any(abs(float(a) - b) > 2e-2 for a, b in zip(fractions, row, strict=True)):
            return basis
        exact.append(fractions)
    return _complement(basis, exact)


def _float_rref(rows: list[list[float]]) -> list[list[float]]:
    rows = [r[:] for r in rows]
    used: list[int] = []
    for k in range(len(rows)):
        best = max(((abs(rows[i][j]), i, j) for i in range(k, len(rows)) for j in range(len(rows[0]))
                    if j not in used), default=(0.0, 0, 0))
        if best[0] < 1e-6:
            return rows[:k]
        _, i, j = best
        rows[k], rows[i] = rows[i], rows[k]
        pivot = rows[k][j]
        rows[k] = [v / pivot for v in rows[k]]
        used.append(j)
        for r in range(len(rows)):
            if r != k and rows[r][j]:
                f = rows[r][j]
                rows[r] = [a - f * b for a, b in zip(rows[r], rows[k], strict=True)]
    return rows


def _eigen(a: list[list[float]]) -> tuple[list[float], list[list[float]]]:
    """Jacobi's method for symmetric matrices."""
    n = len(a)
    a = [row[:] for row in a]
    v = [[float(i == j) for j in range(n)] for i in range(n)]
    for _ in range(30):
        off = sum(a[i][j] ** 2 for i in range(n) for j in range(i))
        if off < 1e-22 * (1 + sum(a[i][i] ** 2 for i in range(n))):
            break
        for p in range(n):
            for q in range(p + 1, n):
                if abs(a[p][q]) < 1e-300:
                    continue
                theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
                t = (1.0 if theta >= 0 else -1.0) / (abs(theta) + math.sqrt(theta * theta + 1))
                c = 1 / math.sqrt(t * t + 1)
                s = t * c
                for k in range(n):
                    x, y = a[k][p], a[k][q]
                    a[k][p], a[k][q] = c * x - s * y, s * x + c * y
                for k in range(n):
                    x, y = a[p][k], a[q][k]
                    a[p][k], a[q][k] = c * x - s * y, s * x + c * y
                for k in range(n):
                    x, y = v[k][p], v[k][q]
                    v[k][p], v[k][q] = c * x - s * y, s * x + c * y
    return [a[i][i] for i in range(n)], v


def _cholesky(a: list[list[float]]) -> list[list[float]] | None:
    n = len(a)
    spend(1 + n**3//400)
    low = [[0.0] * n for _ in range(n)]
    for i in range(n):
        li = low[i]
        for j in range(i + 1):
            lj = low[j]
            total = a[i][j]
            for k in range(j):
                total -= li[k] * lj[k]
            if i == j:
                if total <= 0:
                    return None
                li[i] = math.sqrt(total)
            else:
                li[j] = total / lj[j]
    return low


def _inverse(low: list[list[float]]) -> list[list[float]]:
    n = len(low)
    spend(1 + n**3//200)
    inv = [[0.0] * n for _ in range(n)]
    for j in range(n):
        inv[j][j] = 1 / low[j][j]
        for i in range(j + 1, n):
            total = 0.0
            for k in range(j, i):
                total -= low[i][k] * inv[k][j]
            inv[i][j] = total / low[i][i]
    out = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            total = 0.0
            for k in range(i, n):
                total += inv[k][i] * inv[k][j]
            out[i][j] = out[j][i] = total
    return out


def _centre(space: _Space) -> tuple[list[float] | None, float, list[list[list[float]]]]:
    """Parameters that maximise the least eigenvalue t of all blocks (t <= 1), near the central path."""
    sizes = [len(b.basis) for b in space.blocks]
    start = [[[float(v) for v in row] for row in m] for m in space.matrices(dict(space.constant))]
    directions: list[list[tuple[int, int, int, float]]] = []
    for d in space.directions:
        entries = []
        for j, v in d.items():
            if j >= space.shift:
                b, i, k = space.where[j - space.shift]
                entries.append((b, i, k, float(v)))
        directions.append(entries)
    dim = len(directions)
    y = [0.0] * dim
    scale = max([1.0, *(abs(v) for m in start for row in m for v in row)])
    top = scale

    def gram(y: list[float]) -> list[list[list[float]]]:
        g = [[row[:] for row in m] for m in start]
        for c, entries in zip(y, directions, strict=True):
            if c:
                for b, i, k, v in entries:
                    g[b][i][k] += c * v
                    if i != k:
                        g[b][k][i] += c * v
        return g

    def barrier(y: list[float], t: float) -> tuple[float, list[list[list[float]]]] | None:
        if t >= top:
            return None
        total = -math.log(top - t)
        lows = []
        for m, n in zip(gram(y), sizes, strict=True):
            for i in range(n):
                m[i][i] -= t
            low = _cholesky(m)
            if low is None:
                return None
            total -= 2 * sum(math.log(low[i][i]) for i in range(n))
            lows.append(low)
        return total + 1e-9 * sum(v * v for v in y), lows

    t = -2 * scale * max(sizes) - 1
    kappa = 1.0 / scale
    steps = 0
    reached: tuple[list[float], float] = (y, t)
    limit = sum(sizes) + 1
    while steps < 90:
        for _ in range(6):
            steps += 1
            here = barrier(y, t)
            if here is None:
                return None, -1.0, []
            f0, lows = here
            inverses = [_inverse(low) for low in lows]
            grad = [0.0] * (dim + 1)
            hess = [[0.0] * (dim + 1) for _ in range(dim + 1)]
            images = []
            for entries in directions:
                image: dict[int, list[list[float]]] = {}
                for b, i, k, v in entries:
                    p, n = inverses[b], sizes[b]
                    w = image.setdefault(b, [[0.0] * n for _ in range(n)])
                    pi, pk = p[i], p[k]
                    if i == k:
                        for r in range(n):
                            x = v * pi[r]
                            if x:
                                wr = w[r]
                                for c in range(n):
                                    wr[c] += x * pi[c]
                    else:
                        for r in range(n):
                            x1, x2 = v * pi[r], v * pk[r]
                            wr = w[r]
                            for c in range(n):
                                wr[c] += x1 * pk[c] + x2 * pi[c]
                images.append(image)
            for a, entries in enumerate(directions):
                total = 0.0
                for b, i, k, v in entries:
                    total += v * inverses[b][i][k] * (1 if i == k else 2)
                grad[a] = -total + 2e-9 * y[a]
                image = images[a]
                for l in range(a, dim):
                    h = 0.0
                    for b, i, k, v in directions[l]:
                        w2 = image.get(b)
                        if w2 is not None:
                            h += v * w2[i][k] * (1 if i == k else 2)
                    hess[a][l] = hess[l][a] = h
                hess[a][a] += 2e-9
                hess[a][dim] = hess[dim][a] = -sum(w[r][r] for w in image.values() for r in range(len(w)))
            trace = sum(p[r][r] for p in inverses for r in range(len(p)))
            square = sum(x * x for p in inverses for row in p for x in row)
            grad[dim] = -kappa + trace + 1 / (top - t)
            hess[dim][dim] = square + 1 / (top - t) ** 2
            step = _solve(hess, [-g for g in grad])
            if step is None:
                return reached[0], reached[1] / scale, gram(reached[0])
            slope = sum(a * b for a, b in zip(grad, step, strict=True))
            size = 1.0
            moved = False
            for _ in range(40):
                y2 = [a + size * b for a, b in zip(y, step, strict=False)]
                t2 = t + size * step[dim]
                new = barrier(y2, t2)
                if new is not None and new[0] - kappa * t2 <= f0 - kappa * t + 0.2 * size * slope + 1e-12:
                    y, t, moved = y2, t2, True
                    break
                size *= 0.5
            if not moved or -slope < 0.05:
                break
        reached = (y, t)
        if t > 0.02 * scale or (t > 0 and kappa * t > 40 * limit):
            break
        if t + 2 * limit / kappa < -1e-3 * scale:
            return None, -1.0, []
        if limit / kappa < 2e-8 * scale:
            break
        kappa *= 5
    return y, t / scale, gram(y)


def _solve(a: list[list[float]], b: list[float]) -> list[float] | None:
    n = len(b)
    spend(1 + n*n//20)
    try:
        x = arb_mat(n, n, [v for row in a for v in row]).solve(arb_mat(n, 1, b), algorithm="approx")
    except (ZeroDivisionError, ValueError):
        return None
    out = [float(x[i, 0].mid()) for i in range(n)]
    return out if all(map(math.isfinite, out)) else None


__all__ = [
    "Block", "Poly", "Solution", "by_parity", "half_basis", "ldl",
    "monomials", "plus", "search", "times", "value",
]
