"""The largest eigenvalue of a symmetric matrix with rational entries: exact where it is rational, else a ball.

The characteristic polynomial is factored over Q (python-flint); its roots are enclosed factor by factor.  All of
them are real (Horn and Johnson, Matrix Analysis, 4.1.3; no page).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import acb, arb, fmpq, fmpq_mat

from .evaluate import Number, Undefined, Unknown

MAX_ROWS = 5


def largest_eigenvalue(a: list[list[Fraction]]) -> Number:
    """Raises Undefined for a matrix that is not symmetric, Unknown for a large one."""
    n = len(a)
    if any(len(row) != n for row in a) or any(a[i][j] != a[j][i] for i in range(n) for j in range(i)):
        raise Undefined("eigenvalues are ordered for symmetric matrices only")
    if n > MAX_ROWS:
        raise Unknown("the eigenvalues of a large matrix")
    p = fmpq_mat(n, n, [fmpq(x.numerator, x.denominator) for row in a for x in row]).charpoly()
    exact: list[Fraction] = []
    balls: list[arb] = []
    for factor, _ in p.numer().factor()[1]:
        if factor.degree() == 1:
            exact.append(Fraction(-int(factor[0]), int(factor[1])))
        else:
            roots: Any = factor.complex_roots()       # pairs of a root and its multiplicity
            balls += [root.real for root, _ in roots]
    if not exact:
        return acb(_largest(balls))
    top = max(exact)
    if not balls:
        return top
    ball, value = _largest(balls), arb(fmpq(top.numerator, top.denominator))
    return top if value > ball else acb(ball if ball > value else ball.max(value))


def _largest(balls: list[arb]) -> arb:
    top = balls[0]
    for one in balls[1:]:
        top = top.max(one)
    return top


__all__ = ["largest_eigenvalue"]
