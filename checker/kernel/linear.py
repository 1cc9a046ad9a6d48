"""Exact linear programming over the rationals: a small dense simplex with Bland's rule.

Finds ``x >= 0`` with ``A x = b`` and, among those, one on which ``c x`` is positive if there is one.
The rules that call it check the answer again by substitution, so a fault here loses proofs, not
soundness.  Bland, New finite pivoting rules for the simplex method, Math. Oper. Res. 2 (1977) 103-107.

What it cannot do: large problems.  ``MAX_PIVOTS`` bounds the work; beyond it the answer is ``None``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

MAX_PIVOTS = 400
MAX_CELLS = 60_000

_ZERO, _ONE = Fraction(0), Fraction(1)


def nonnegative_solution(
    a: Sequence[Sequence[Fraction]], b: Sequence[Fraction], c: Sequence[Fraction] | None = None
) -> list[Fraction] | None:
    """``x >= 0`` with ``A x = b``; with ``c >= 0``, the search goes on until ``c x > 0`` or no more is
    possible (then the best vertex is returned).  ``None``: there is none, or the budget ended."""
    rows, columns = len(a), len(a[0]) if a else len(c or ())
    if rows * (columns + rows) > MAX_CELLS:
        return None
    # columns: x, then one artificial variable per row, then the right side
    table = []
    for k in range(rows):
        sign = -1 if b[k] < 0 else 1
        unit = [_ONE if j == k else _ZERO for j in range(rows)]
        table.append([sign * v for v in a[k]] + unit + [sign * b[k]])
    basis = [columns + k for k in range(rows)]
    pivots = [MAX_PIVOTS]

    price = [_ZERO] * (columns + rows + 1)
    for row in table:
        price = [p - v for p, v in zip(price, row, strict=True)]
    for k in range(rows):
        price[columns + k] = _ZERO
    if not _descend(table, basis, price, columns, pivots, None) or price[-1] != 0:
        return None
    for k in range(rows):  # an artificial variable left in the basis (at 0) leaves it if it can
        if basis[k] >= columns:
            entering = next((j for j in range(columns) if table[k][j] != 0), None)
            if entering is not None:
                _pivot(table, basis, price, k, entering)
    if c is not None:
        price = [-v for v in c] + [_ZERO] * (rows + 1)
        for k in range(rows):
            weight = price[basis[k]]
            if weight:
                price = [p - weight * v for p, v in zip(price, table[k], strict=True)]
        _descend(table, basis, price, columns, pivots, c)
    x = [_ZERO] * columns
    for k in range(len(basis)):
        if basis[k] < columns:
            x[basis[k]] = table[k][-1]
    return x


def _descend(
    table: list[list[Fraction]], basis: list[int], price: list[Fraction], columns: int,
    pivots: list[int], goal: Sequence[Fraction] | None,
) -> bool:
    """Pivot until no reduced price is negative; with ``goal``, until the goal is positive."""
    while True:
        if goal is not None and price[-1] > 0:
            return True
        entering = next((j for j in range(columns) if price[j] < 0), None)
        if entering is None:
            return True
        best: tuple[Fraction, int, int] | None = None
        for k, row in enumerate(table):
            if row[entering] > 0:
                found = (row[-1] / row[entering], basis[k], k)
                if best is None or found < best:
                    best = found
        if best is None:
            if goal is None:
                return False
            # unbounded: one step along the ray is enough to make the goal positive
            _along_ray(table, basis, entering, len(price))
            return True
        pivots[0] -= 1
        if pivots[0] < 0:
            return goal is not None
        _pivot(table, basis, price, best[2], entering)


def _along_ray(table: list[list[Fraction]], basis: list[int], entering: int, width: int) -> None:
    """Move to the entering variable = 1 by making it basic in a row of its own."""
    for row in table:
        row[-1] -= row[entering]
    table.append([_ONE if j == entering else _ZERO for j in range(width - 1)] + [_ONE])
    basis.append(entering)


def _pivot(
    table: list[list[Fraction]], basis: list[int], price: list[Fraction], k: int, entering: int
) -> None:
    factor = table[k][entering]
    table[k] = [v / factor for v in table[k]]
    for j, row in enumerate(table):
        if j != k and row[entering]:
            f = row[entering]
            table[j] = [v - f * w if w else v for v, w in zip(row, table[k], strict=True)]
    f = price[entering]
    if f:
        price[:] = [v - f * w if w else v for v, w in zip(price, table[k], strict=True)]
    basis[k] = entering


__all__ = ["nonnegative_solution"]
