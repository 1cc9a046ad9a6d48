"""Eigenvalues and the norms they give.

    eigenvalue(A, lam, v)                 A @ v = lam*v, v not 0
    lambda_max(M)   lambda_min(M)         of a symmetric matrix
    spectral_norm(A)                      sqrt(lambda_max(A.T @ A)), the largest of |A x|/|x|
"""

from __future__ import annotations

from typing import Any

import sympy

from .errors import StatementError
from .indices import shape
from .logic import and_, not_
from .matrices import _matrix, _short, _square, equation, product, said, transpose, type_of
from .matrix_nodes import NumberNode
from .nodes import expression


def eigenvalue(a: Any, number: Any, vector: Any) -> Any:
    """A @ v = lam*v with v not 0: ``eigenvalue(A, lam, v)``."""
    a = _matrix(a, "eigenvalue")
    _square("eigenvalue", a)
    number, vector = expression(number), expression(vector)
    if shape(number) and not shape(vector):
        number, vector = vector, number        # eigenvalue(A, v, lam)
    if shape(number):
        raise StatementError(f"eigenvalue: {_short(number)} is {said(type_of(number))}, where a number is needed: "
                             "eigenvalue(A, lam, v)", "shape")
    vector = _matrix(vector, "eigenvalue")
    return and_(equation(product(a, vector), number*vector), not_(equation(vector, 0)))


eigenvector = eigenvalue


def lambda_max(m: Any) -> Any:
    """The largest eigenvalue of a symmetric matrix (of no other: that M.T = M becomes a condition)."""
    m = _matrix(m, "lambda_max")
    _square("lambda_max", m)
    return NumberNode("maxeig", m)


def lambda_min(m: Any) -> Any:
    """The smallest eigenvalue of a symmetric matrix."""
    return -lambda_max(-_matrix(m, "lambda_min"))


def spectral_norm(a: Any) -> Any:
    """The largest factor by which A stretches a vector: sqrt(lambda_max(A.T @ A))."""
    a = _matrix(a, "spectral_norm")
    return sympy.sqrt(lambda_max(product(transpose(a), a)), evaluate=False)


operator_norm = spectral_norm

__all__ = ["eigenvalue", "eigenvector", "lambda_max", "lambda_min", "operator_norm", "spectral_norm"]
