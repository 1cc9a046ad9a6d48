"""Counting the cost of layers from the shapes of their matrices.

A :class:`Cost` holds five counts, each a SymPy expression in the sizes:

=================  =========================================================================
``multiplications``  products and quotients of numbers
``additions``        sums and differences of numbers
``functions``        values of exp, tanh, ReLU, ... (one per entry)
``kept``             numbers that must stay in memory: activations, caches
``weights``          parameters
=================  =========================================================================

Costs add up with ``+``; ``times(n, c)`` is the cost of n copies, ``over(s, a, b, c)`` the sum of c for
s = a, ..., b (an empty range costs 0).  ``c.operations`` is multiplications + additions.

What is counted, and nothing else:

* ``multiply(r, k, c)``: a matrix of r x k times one of k x c, by the definition: every one of the r*c
  entries is a sum of k products: r*k*c multiplications and r*(k - 1)*c additions;
* ``add(r, c)``, ``scale(r, c)``, ``apply(r, c)``: one addition, one multiplication, one function value
  for each entry of an r x c matrix;
* ``softmax(r, c)``: for each of the r rows c exponentials, c - 1 additions, c divisions;
* ``keep(n)``, ``weights(n)``: n numbers of memory;
* ``backward(c)``: the gradients of a product A B take two products of the same size (one for A, one for
  B), so going back costs twice the multiplications, additions and function values of going forward;
  it keeps nothing new.

The expressions stay as they are written (sums over tokens included): the claim's proof counts, not SymPy.
Read and write counts, data types, parallel time are not modelled.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import sympy

from .errors import StatementError


_NOTHING = sympy.Integer(0)


@dataclass(frozen=True)
class Cost:
    multiplications: Any = _NOTHING
    additions: Any = _NOTHING
    functions: Any = _NOTHING
    kept: Any = _NOTHING
    weights: Any = _NOTHING

    def __add__(self, other: Cost) -> Cost:
        if not isinstance(other, Cost):
            raise StatementError(f"a cost and {other!r} do not add up: wrap it (keep, weights, ...)", "cost")
        return Cost(*(_plus(a, b) for a, b in zip(_parts(self), _parts(other), strict=True)))

    @property
    def operations(self) -> Any:
        return _plus(self.multiplications, self.additions)


def _parts(cost: Cost) -> tuple[Any, ...]:
    return tuple(getattr(cost, f.name) for f in fields(Cost))


def _plus(a: Any, b: Any) -> Any:
    return b if a == 0 else a if b == 0 else sympy.Add(a, b, evaluate=False)


def _product(*factors: Any) -> Any:
    kept = [sympy.sympify(f) for f in factors if f != 1]
    return sympy.Integer(1) if not kept else kept[0] if len(kept) == 1 else sympy.Mul(*kept, evaluate=False)


def multiply(rows: Any, inner: Any, columns: Any) -> Cost:
    """A rows x inner matrix times an inner x columns matrix."""
    fewer = sympy.Add(inner, -1, evaluate=False)
    return Cost(_product(rows, inner, columns), _product(rows, fewer, columns))


def add(rows: Any, columns: Any) -> Cost:
    """Two rows x columns matrices added."""
    return Cost(additions=_product(rows, columns))


def scale(rows: Any, columns: Any) -> Cost:
    """A rows x columns matrix times a number."""
    return Cost(multiplications=_product(rows, columns))


def apply(rows: Any, columns: Any) -> Cost:
    """A function (tanh, ReLU, exp) of every entry of a rows x columns matrix."""
    return Cost(functions=_product(rows, columns))


def softmax(rows: Any, columns: Any) -> Cost:
    """Each row becomes exp(entry)/sum of the row's exponentials."""
    fewer = sympy.Add(columns, -1, evaluate=False)
    return Cost(_product(rows, columns), _product(rows, fewer), _product(rows, columns))


def keep(numbers: Any) -> Cost:
    """Numbers that must stay in memory."""
    return Cost(kept=sympy.sympify(numbers))


def weights(numbers: Any) -> Cost:
    """Parameters."""
    return Cost(weights=sympy.sympify(numbers))


def times(count: Any, cost: Cost) -> Cost:
    """``count`` copies of ``cost``: layers, heads, tokens that cost the same."""
    return Cost(*(part if part == 0 else _product(count, part) for part in _parts(cost)))


def over(index: Any, first: Any, last: Any, cost: Cost) -> Cost:
    """The sum of ``cost``, which may depend on ``index``, for index = first, ..., last."""
    if not (isinstance(index, sympy.Symbol) and index.is_integer):
        raise StatementError(f"{index} must be an integer symbol to be summed over", "cost")
    return Cost(*(part if part == 0 else sympy.Sum(part, (index, first, last)) for part in _parts(cost)))


def backward(cost: Cost) -> Cost:
    """Going back through what cost ``cost`` to go forward through."""
    return Cost(*(
        _product(2, part) if part != 0 else part
        for part in (cost.multiplications, cost.additions, cost.functions)))


__all__ = [
    "Cost", "add", "apply", "backward", "keep", "multiply", "over", "scale", "softmax", "times", "weights",
]
