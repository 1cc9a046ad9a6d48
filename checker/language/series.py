"""Convergence in statements.

    converges(x, n)                     the sequence x in the integer symbol n, from 0 on, has a finite limit
    converges(Sum(f, (k, a, oo)))       the series: every term is defined and the partial sums have a finite limit
    diverges(...)                       the opposite of either
"""

from __future__ import annotations

from typing import Any

import sympy

from .errors import StatementError
from .logic import not_
from .nodes import BinderStatement, Statement


def converges(what: Any, n: Any = None) -> Any:
    """The statement that a series, or a sequence in ``n``, has a finite limit."""
    if n is None:
        if not isinstance(what, sympy.Sum):
            raise StatementError(
                "converges takes a series, converges(Sum(f, (k, 1, oo))), or a sequence and its integer symbol, "
                "converges(x, n)", "converges")
        if len(what.limits) != 1 or len(what.limits[0]) != 3 or what.limits[0][2] != sympy.oo:
            raise StatementError(f"a series is one sum up to oo, not {what}", "converges")
        return Statement("finite", what)
    if not (isinstance(n, sympy.Symbol) and n.is_integer):
        raise StatementError(f"converges needs an integer symbol, e.g. Symbol('n', integer=True), not {n}")
    return BinderStatement("converges", (n,), (), (what,))


def diverges(what: Any, n: Any = None) -> Any:
    """The statement that a series, or a sequence in ``n``, has no finite limit."""
    return not_(converges(what, n))


__all__ = ["converges", "diverges"]
