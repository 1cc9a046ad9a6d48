"""What makes a family with one or two index ranges a vector or a matrix in SymPy's arithmetic.

``A + B``, ``c*A``, ``A @ x``, ``A.T`` keep what was written: ``MatrixSum`` and ``MatrixMultiple`` are SymPy sums
and products that still know ``@`` and ``.T``.  A product that leaves one number is an ordinary ``Node``.
"""

from __future__ import annotations

from typing import Any

import sympy

from .errors import StatementError
from .nodes import Binder, Node, expression


class MatrixLike:
    """The operators of vectors and matrices; ``checker.language.matrices`` has what they build."""

    _op_priority = 30.0
    _operand = True

    def _mine(self) -> bool:
        """Whether this is a vector or matrix: a family of functions is none."""
        from .indices import shape

        return bool(shape(self))

    def __add__(self, other: Any) -> Any:
        return _added(self, other) if self._mine() else super().__add__(other)  # type: ignore[misc]

    def __radd__(self, other: Any) -> Any:
        return _added(other, self) if self._mine() else super().__radd__(other)  # type: ignore[misc]

    def __sub__(self, other: Any) -> Any:
        return _added(self, _negative(other)) if self._mine() else super().__sub__(other)  # type: ignore[misc]

    def __rsub__(self, other: Any) -> Any:
        return _added(other, _negative(self)) if self._mine() else super().__rsub__(other)  # type: ignore[misc]

    def __neg__(self) -> Any:
        return _negative(self) if self._mine() else super().__neg__()  # type: ignore[misc]

    def __mul__(self, other: Any) -> Any:
        return _multiple(self, other) if self._mine() else super().__mul__(other)  # type: ignore[misc]

    def __rmul__(self, other: Any) -> Any:
        return _multiple(other, self) if self._mine() else super().__rmul__(other)  # type: ignore[misc]

    def __truediv__(self, other: Any) -> Any:
        if not self._mine():
            return super().__truediv__(other)  # type: ignore[misc]
        from .indices import shape

        if shape(expression(other)):
            raise StatementError(f"{self}/{other}: a matrix is no divisor; write inverse({other}) on its side",
                                 "product")
        return _multiple(sympy.Pow(other, -1, evaluate=False), self)

    def __rtruediv__(self, other: Any) -> Any:
        if not self._mine():
            return super().__rtruediv__(other)  # type: ignore[misc]
        raise StatementError(f"{other}/{self}: a matrix is no divisor; write inverse({self}) on its side", "product")

    def __pow__(self, exponent: Any, mod: Any = None) -> Any:
        if not self._mine():
            return super().__pow__(exponent)  # type: ignore[misc]
        from .matrices import power

        return power(self, exponent)

    def __matmul__(self, other: Any) -> Any:
        from .matrices import product

        return product(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        from .matrices import product

        return product(other, self)

    @property
    def T(self) -> Any:
        from .matrices import transpose

        return transpose(self)

    @property
    def I(self) -> Any:  # noqa: E743 - as in SymPy
        from .matrices import inverse

        return inverse(self)

    def transpose(self) -> Any:
        return self.T

    def inv(self) -> Any:
        return self.I

    inverse = inv

    def trace(self) -> Any:
        from .matrices import trace

        return trace(self)

    def det(self) -> Any:
        from .matrices import det

        return det(self)

    def norm(self) -> Any:
        from .indices import norm

        return norm(self)

    def _entry(self, indices: Any) -> Any:
        from .matrices import entry

        return entry(self, indices if isinstance(indices, tuple) else (indices,))


class MatrixNode(MatrixLike, Node):
    """A kernel head of matrices whose value is a vector or matrix."""

    def _sympystr(self, printer: Any) -> str:
        return _written(self)

    def read_into(self, reading: Any) -> Any:
        from .matrices import read

        return read(self, reading)

    def __getitem__(self, indices: Any) -> Any:
        return self._entry(indices)


class NumberNode(Node):
    """A kernel head of matrices whose value is a number: trace(A), x.T @ y."""

    def _sympystr(self, printer: Any) -> str:
        return _written(self)

    def read_into(self, reading: Any) -> Any:
        from .matrices import read

        return read(self, reading)


class MatrixSum(MatrixLike, sympy.Add):
    def __getitem__(self, indices: Any) -> Any:
        return self._entry(indices)


class MatrixMultiple(MatrixLike, sympy.Mul):
    def __getitem__(self, indices: Any) -> Any:
        return self._entry(indices)


class MatrixBinder(MatrixLike, Binder):
    """A sum of vectors or matrices over an index."""

    def __getitem__(self, indices: Any) -> Any:
        return self._entry(indices)


def _written(e: Node) -> str:
    """As it is typed: ``(X @ w - y).T``."""
    def tight(a: Any) -> str:
        return f"({a})" if isinstance(a, (sympy.Add, sympy.Mul)) else str(a)

    match e.head:
        case "matmul":
            return " @ ".join(map(tight, e.operands))
        case "transpose":
            a = e.operands[0]
            product = isinstance(a, Node) and a.head == "matmul"
            return f"({a}).T" if product else f"{tight(a)}.T"
        case head if head.startswith("@"):
            return head[1:]
        case "row":
            return f"{tight(e.operands[0])}[{e.operands[1]}]"
        case head:
            return f"{head}({', '.join(map(str, e.operands))})"


def _added(a: Any, b: Any) -> Any:
    from .indices import shape

    a, b = expression(a), expression(b)
    for one, other in ((a, b), (b, a)):
        if one.is_zero and not shape(one):
            return other
    parts = [p for x in (a, b) for p in (x.args if isinstance(x, MatrixSum) else (x,))]
    out = MatrixSum(*parts, evaluate=False)
    shape(out)      # the error names both shapes
    return out


def _negative(a: Any) -> Any:
    return _multiple(sympy.Integer(-1), a)


def _multiple(a: Any, b: Any) -> Any:
    from .indices import shape

    a, b = expression(a), expression(b)
    if shape(a) and shape(b):
        raise StatementError(
            f"{a} * {b} multiplies 2 vectors or matrices: write {a} @ {b} for the matrix product (x.T @ y for a "
            "number), hadamard(A, B) for the product entry by entry", "product")
    for one, other in ((a, b), (b, a)):
        if one == 1 and not shape(one):
            return other
    kind = MatrixMultiple if shape(a) or shape(b) else sympy.Mul
    return kind(a, b, evaluate=False)


__all__ = ["MatrixBinder", "MatrixLike", "MatrixMultiple", "MatrixNode", "MatrixSum", "NumberNode"]
