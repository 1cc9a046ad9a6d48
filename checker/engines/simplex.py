"""A nonnegative solution of linear equations: the support in floats, the values over Q.

Method: the two-phase simplex algorithm on floats (Dantzig's rule, Bland's after many degenerate steps) finds a
basis; the equations are then solved exactly on its columns.  Much faster than exact pivots where there are
hundreds of columns.  Source: Chvatal, Linear Programming, 1983, ch. 2-3, 8 (no page).
Cannot: bases that floats misjudge; then ``None``, though there may be a solution.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import fmpq, fmpq_mat

from ..kernel.effort import spend

Column = dict[int, Fraction]
EPS = 1e-9
PIVOTS = 400
CELLS = 7_000_000      # pivots times the size of the table


def solve(columns: Sequence[Column], right: Sequence[Fraction], wanted: Sequence[int] = ()
          ) -> list[Fraction] | None:
    """x >= 0 with ``sum x_j column_j = right``; with ``wanted``, one of these x_j is positive."""
    rows = len(right)
    turn = [-1.0 if b < 0 else 1.0 for b in right]
    table = [[0.0] * len(columns) for _ in range(rows)]
    for j, column in enumerate(columns):
        for i, v in column.items():
            table[i][j] = float(v) * turn[i]
    values = [abs(float(b)) for b in right]
    for i, row in enumerate(table):
        size = max((abs(v) for v in row), default=0.0)
        if size == 0:
            if values[i] > 0:
                return None
            continue
        table[i] = [v / size for v in row]
        values[i] /= size
    basis = [-1] * rows                       # -1: an artificial column
    cost = [-sum(row[j] for row in table) for j in range(len(columns))]
    left = _descend(table, values, basis, cost, sum(values), lambda v: v < 1e-10)
    if left > 1e-7:
        return None
    for i, b in enumerate(basis):             # artificial columns at 0: out, where a pivot is there
        if b < 0:
            row = table[i]
            j = max(range(len(columns)), key=lambda j: abs(row[j]))
            if abs(row[j]) > 1e-7:
                _pivot(table, values, basis, cost, i, j)
    if wanted and not any(values[i] > 1e-9 for i, b in enumerate(basis) if b in set(wanted)):
        aim = set(wanted)
        cost = [-1.0 if j in aim else 0.0 for j in range(len(columns))]
        for i, b in enumerate(basis):
            if b in aim:
                cost = [c + v for c, v in zip(cost, table[i], strict=True)]
        _descend(table, values, basis, cost, 0.0, lambda v: v < -1e-9)
    exact = _exactly(columns, right, sorted(b for b in basis if b >= 0))
    if exact is None or wanted and not any(exact[j] > 0 for j in wanted):
        return None
    return exact


def _descend(table: list[list[float]], values: list[float], basis: list[int], cost: list[float],
             start: float, done: object) -> float:
    value, still = start, 0
    for _ in range(min(PIVOTS, CELLS // (1 + len(table) * len(cost)))):
        if done(value):  # type: ignore[operator]
            break
        if still < 40:
            j = min(range(len(cost)), key=cost.__getitem__)
            if cost[j] > -EPS:
                break
        else:
            j = next((k for k, c in enumerate(cost) if c < -EPS), -1)
            if j < 0:
                break
        best, row = None, -1
        for i, r in enumerate(table):
            a = r[j]
            if a > 1e-8:
                q = values[i] / a
                if best is None or q < best - 1e-12 or (q < best + 1e-12 and a > table[row][j]):
                    best, row = q, i
        if best is None:
            break
        step = best * cost[j]
        _pivot(table, values, basis, cost, row, j)
        value += step
        still = still + 1 if step > -1e-12 else 0
    return value


def _pivot(table: list[list[float]], values: list[float], basis: list[int], cost: list[float],
           row: int, j: int) -> None:
    pivot = table[row][j]
    here = table[row] = [v / pivot for v in table[row]]
    values[row] /= pivot
    spots = [(k, v) for k, v in enumerate(here) if abs(v) > 1e-13]
    spend(1 + len(table)*len(spots)//100)
    for i, r in enumerate(table):
        f = r[j]
        if i != row and abs(f) > 1e-13:
            for k, v in spots:
                r[k] -= f * v
            r[j] = 0.0
            values[i] = max(0.0, values[i] - f * values[row])
    f = cost[j]
    for k, v in spots:
        cost[k] -= f * v
    cost[j] = 0.0
    basis[row] = j


def _exactly(columns: Sequence[Column], right: Sequence[Fraction], chosen: list[int]) -> list[Fraction] | None:
    """The solution on the chosen columns, if it is nonnegative."""
    out = [Fraction(0)] * len(columns)
    if not chosen:
        return out if not any(right) else None
    matrix = fmpq_mat(len(right), len(chosen) + 1)
    for k, j in enumerate(chosen):
        for i, v in columns[j].items():
            matrix[i, k] = fmpq(v.numerator, v.denominator)
    for i, b in enumerate(right):
        matrix[i, len(chosen)] = fmpq(b.numerator, b.denominator)
    reduced, rank = matrix.rref()
    for r in range(rank):
        k = next(c for c in range(len(chosen) + 1) if reduced[r, c] != 0)
        if k == len(chosen):
            return None
        v = reduced[r, len(chosen)]
        if v < 0:
            return None
        out[chosen[k]] = Fraction(int(v.p), int(v.q))
    return out


__all__ = ["solve"]
