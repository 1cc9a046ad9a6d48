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

Layers, put together from these (an operation is a multiplication or an addition; bias and gain included unless
``bias=False``); a layer's ``weights`` are its parameters:

* ``dense(rows, n, m)``; ``low_rank(rows, n, m, r)``: n -> r -> m without bias; ``embedding(entries, width)``;
* ``convolution(positions, kernel, inputs, outputs, groups=1)``: each of positions*outputs numbers is a sum of
  kernel*inputs/groups products, ``kernel`` being the number of its taps (k**2 in two dimensions);
  ``depthwise_separable(positions, kernel, inputs, outputs)`` is one of groups=inputs, then one of 1 tap;
* ``normalisation(rows, width)``: mean, centred, mean square, root, quotient, gain and bias of each row;
* ``attention(queries, keys, width, heads=1)``: scores, scaled, softmax, weighted sum, for heads of width/heads;
  ``multi_head_attention(tokens, width, heads)`` with its four projections (no bias);
* ``feed_forward(tokens, width, hidden)``; ``transformer_block(tokens, width, heads, hidden)`` (two normalisations);
* ``gated(gates, inputs, hidden)``: one step of a recurrent cell, 4 gates for an LSTM, 3 for a GRU.

``output_size(n, kernel, stride, padding, dilation)`` and ``receptive_field([(kernel, stride, dilation), ...])`` are
numbers.  The expressions stay as they are written (sums over tokens included): the claim's proof counts, not SymPy.
Read and write counts, data types, parallel time are not modelled.
"""

from __future__ import annotations

from collections.abc import Sequence
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


def dense(rows: Any, inputs: Any, outputs: Any, bias: bool = True) -> Cost:
    """rows x inputs times inputs x outputs, plus a bias."""
    cost = multiply(rows, inputs, outputs) + weights(_product(inputs, outputs))
    return cost + add(rows, outputs) + weights(outputs) if bias else cost


def low_rank(rows: Any, inputs: Any, outputs: Any, rank: Any) -> Cost:
    """The product of an inputs x rank and a rank x outputs matrix in place of one matrix."""
    return dense(rows, inputs, rank, bias=False) + dense(rows, rank, outputs, bias=False)


def embedding(entries: Any, width: Any) -> Cost:
    """A table: nothing is computed."""
    return weights(_product(entries, width))


def convolution(positions: Any, kernel: Any, inputs: Any, outputs: Any, groups: Any = 1, bias: bool = True) -> Cost:
    """``kernel`` taps at each of ``positions`` places of the output."""
    inner = _product(kernel, inputs) if groups == 1 else _over(_product(kernel, inputs), groups)
    return dense(positions, inner, outputs, bias)


def depthwise_separable(positions: Any, kernel: Any, inputs: Any, outputs: Any, bias: bool = True) -> Cost:
    """Each channel by itself, then one tap over all channels."""
    return dense(positions, kernel, inputs, bias) + convolution(positions, 1, inputs, outputs, bias=bias)


def normalisation(rows: Any, width: Any) -> Cost:
    """Layer norm: 3 width + 2 products or quotients, 4 width - 1 sums and a root for each row; gain and bias."""
    twice = sympy.Add(_product(3, width), 2, evaluate=False)
    sums = sympy.Add(_product(4, width), -1, evaluate=False)
    return Cost(_product(rows, twice), _product(rows, sums), sympy.sympify(rows)) + weights(_product(2, width))


def attention(queries: Any, keys: Any, width: Any, heads: Any = 1) -> Cost:
    """softmax(Q K^T/sqrt(d)) V in each head of width/heads."""
    each = width if heads == 1 else _over(width, heads)
    one = multiply(queries, each, keys) + scale(queries, keys) + softmax(queries, keys) + multiply(queries, keys, each)
    return times(heads, one)


def multi_head_attention(tokens: Any, width: Any, heads: Any = 1) -> Cost:
    """Queries, keys, values and output are projections of width x width."""
    return times(4, dense(tokens, width, width, bias=False)) + attention(tokens, tokens, width, heads)


def feed_forward(tokens: Any, width: Any, hidden: Any, bias: bool = True) -> Cost:
    """Two dense layers with a function between."""
    return dense(tokens, width, hidden, bias) + apply(tokens, hidden) + dense(tokens, hidden, width, bias)


def transformer_block(tokens: Any, width: Any, heads: Any, hidden: Any) -> Cost:
    """Attention and feed-forward, each with a normalisation and a residual sum."""
    around = normalisation(tokens, width) + add(tokens, width)
    return multi_head_attention(tokens, width, heads) + feed_forward(tokens, width, hidden) + times(2, around)


def gated(gates: Any, inputs: Any, hidden: Any) -> Cost:
    """The matrices, biases and functions of one step; the few products between gates are not counted."""
    both = sympy.Add(inputs, hidden, evaluate=False)
    return times(gates, dense(1, both, hidden) + apply(1, hidden))


def output_size(size: Any, kernel: Any, stride: Any = 1, padding: Any = 0, dilation: Any = 1) -> Any:
    """floor((n + 2p - d(k - 1) - 1)/s) + 1."""
    reach = _product(dilation, sympy.Add(kernel, -1, evaluate=False))
    free = sympy.Add(size, _product(2, padding), _product(-1, reach), -1, evaluate=False)
    return sympy.Add(sympy.floor(_over(free, stride), evaluate=False), 1, evaluate=False)


def receptive_field(layers: Sequence[tuple[Any, ...]]) -> Any:
    """1 + the sum over layers of d(k - 1) times the strides before; a layer is (k, stride=1, dilation=1)."""
    total: list[Any] = [sympy.Integer(1)]
    jump: list[Any] = []
    for layer in layers:
        if not isinstance(layer, tuple) or not 1 <= len(layer) <= 3:
            raise StatementError(f"{layer} is no layer: write (kernel, stride, dilation)", "cost")
        kernel, stride, dilation = (*layer, 1, 1)[:3]
        total.append(_product(dilation, sympy.Add(kernel, -1, evaluate=False), *jump))
        jump.append(stride)
    return sympy.Add(*total, evaluate=False)


def _over(a: Any, b: Any) -> Any:
    return a if b == 1 else sympy.Mul(a, sympy.Pow(b, -1, evaluate=False), evaluate=False)


def backward(cost: Cost) -> Cost:
    """Going back through what cost ``cost`` to go forward through."""
    return Cost(*(
        _product(2, part) if part != 0 else part
        for part in (cost.multiplications, cost.additions, cost.functions)))


__all__ = [
    "Cost", "add", "apply", "attention", "backward", "convolution", "dense", "depthwise_separable", "embedding",
    "feed_forward", "gated", "keep", "low_rank", "multi_head_attention", "multiply", "normalisation", "output_size",
    "over", "receptive_field", "scale", "softmax", "times", "transformer_block", "weights",
]
