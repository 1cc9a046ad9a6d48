"""Vectors and matrices of symbolic size.

    n, d = D.sizes("n d");  X = D.matrix("X", n, d);  y = D.vector("y", n);  x = D.vector("x", d)
    S = D.matrix("S", d, positive_definite=True)        also symmetric, invertible, orthogonal, projection, ...
    X.T @ X    inverse(X.T @ X) @ X.T @ y    A + B    2*A    A**2    trace(A)    det(A)    rank(A)
    x.T @ S @ x      a number      norm(x)      norm(A), the Frobenius norm      (A @ B)[i, j]      an entry
    outer(x, y)   inner(x, y)   hadamard(A, B)   kron(A, B)   vec(A)   diag(x)   diagonal(A)
    identity(n)   zeros(n, m)   ones(n)   ones(n, m)   block([[A, B], [C, D]])
    positive_definite(M)   positive_semidefinite(M)   invertible(M)   symmetric(M)   orthogonal(Q)   ...
    A >= B between symmetric matrices (Loewner's order): loewner(A, ">=", B), or in a chain

They are the families of ``indices``: ``X[i, j]`` is an entry, ``X[i]`` the i-th row as a vector.  A vector
of length n is a column, n x 1.  SymPy's MatrixSymbol and its matrix expressions are read as well.
Shapes that do not fit are an error that names both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sympy
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel import matrix_terms as M
from ..kernel import term as T
from .errors import ShapeMismatch, StatementError
from .indices import (
    Family, Node, _check_index, _private, _size_symbol, _size_term, component, elementwise, family, shape,
)
from .logic import and_, forall, gt, le
from .matrix_nodes import MatrixBinder, MatrixMultiple, MatrixNode, MatrixSum, NumberNode
from .nodes import Declared, IndexName, Statement, expression

ONE = T.Index(T.ONE)
Type = tuple[T.Index, T.Index]


# ------------------------------------------------------------------ shapes


def type_of(e: Any) -> Type:
    """(rows, columns); a vector is a column, a number 1 x 1."""
    s = shape(e)
    if len(s) > 2:
        raise StatementError(f"{_short(e)} has {len(s)} indices: a vector or matrix has one or two", "shape")
    return (ONE, ONE) if not s else (s[0], ONE) if len(s) == 1 else (s[0], s[1])


def slots_of(rows: T.Index, columns: T.Index) -> tuple[T.Index, ...]:
    """The shape as ``indices.shape`` says it."""
    if M.is_one(columns.size):
        return () if M.is_one(rows.size) else (rows,)
    return rows, columns


def _node_type(head: str, args: Sequence[Any]) -> Type:
    """The shape of a node of this module."""
    if head in ("identity", "zeros", "ones"):
        sizes = [T.Index(_size_term(a)) for a in args]
        return sizes[0], sizes[-1]
    types = [type_of(a) for a in args]
    match head:
        case "matmul":
            for a, b, s, t in zip(args, args[1:], types, types[1:], strict=False):
                if not M.same_size(s[1].size, t[0].size):
                    raise ShapeMismatch(
                        f"{_short(a)} is {said(s)} and {_short(b)} is {said(t)}: they cannot be multiplied"
                        + _hint(a, b, s, t), broadcast=_equal(s, t) and M.is_one(s[1].size))
            return types[0][0], types[-1][1]
        case "transpose":
            return types[0][1], types[0][0]
        case "hadamard":
            for a, s in zip(args, types, strict=True):
                if not _equal(s, types[0]):
                    raise StatementError(f"{_short(args[0])} is {said(types[0])} and {_short(a)} is {said(s)}: they "
                                         "have no product entry by entry", "shape")
            return types[0]
        case "inverse" | "matpow":
            return _square(head, args[0], types[0])
        case "kron":
            (n, m), (p, q) = types
            return _product_size(n, p), _product_size(m, q)
        case "vec":
            return _product_size(types[0][1], types[0][0]), ONE
        case "diag":
            if not M.is_one(types[0][1].size):
                raise StatementError(f"diag({_short(args[0])}): {_short(args[0])} is {said(types[0])}, where a vector "
                                     "is needed (diagonal(A) is the vector of the diagonal of a matrix)", "shape")
            return types[0][0], types[0][0]
        case "diagonal":
            return _square(head, args[0], types[0])[0], ONE
        case "block":
            return _block_type(args, types)
    raise StatementError(f"{head} has no shape", "shape")


def _product_size(n: T.Index, p: T.Index) -> T.Index:
    return p if M.is_one(n.size) else n if M.is_one(p.size) else T.Index(T.mul(n.size, p.size))


def _block_type(args: Sequence[Any], types: Sequence[Type]) -> Type:
    (n, k), (n2, m), (p, k2), (p2, m2) = types
    for one, other, a, b, what in ((n, n2, 0, 1, "rows"), (p, p2, 2, 3, "rows"), (k, k2, 0, 2, "columns"),
                                   (m, m2, 1, 3, "columns")):
        if not M.same_size(one.size, other.size):
            raise StatementError(f"block: {_short(args[a])} is {said(types[a])} and {_short(args[b])} is "
                                 f"{said(types[b])}: their {what} do not fit", "shape")
    return T.Index(T.add(n.size, p.size)), T.Index(T.add(k.size, m.size))


def _equal(s: Type, t: Type) -> bool:
    return M.same_size(s[0].size, t[0].size) and M.same_size(s[1].size, t[1].size)


def said(t: Type) -> str:
    if M.is_one(t[0].size) and M.is_one(t[1].size):
        return "a number"
    return f"{T.show(t[0].size)} x {T.show(t[1].size)}"


def _short(e: Any) -> str:
    text = str(e)
    return text if len(text) <= 60 else text[:57] + "..."


def _hint(a: Any, b: Any, s: Type, t: Type) -> str:
    if M.same_size(s[0].size, t[0].size):
        return f" ({_short(a)}.T @ {_short(b)} can)"
    if M.same_size(s[1].size, t[1].size):
        return f" ({_short(a)} @ {_short(b)}.T can)"
    return ""


def _square(what: str, a: Any, known: Type | None = None) -> Type:
    """``known``: its type, where it was worked out (twice at every level doubles)."""
    t = type_of(a) if known is None else known
    if not M.same_size(t[0].size, t[1].size):
        raise StatementError(f"{what}({_short(a)}): {_short(a)} is {said(t)}, where a square matrix is needed", "shape")
    return t


class MatrixDefinition(MatrixNode):
    """A defined vector or matrix, ``H = D.define("H", X @ inverse(X.T @ X) @ X.T)``."""

    def __new__(cls, name: str, slots: tuple[T.Index, ...]) -> Any:
        self = Node.__new__(cls, "@" + name)
        self.slots = slots
        return self

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*super()._hashable_content(), str(self.slots))

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.head[1:], self.slots)

    def _sympystr(self, printer: Any) -> str:
        return self.head[1:]


def node_shape(e: Any) -> tuple[T.Index, ...]:
    """What ``indices.shape`` says of a node of this module."""
    return e.slots if isinstance(e, MatrixDefinition) else slots_of(*_node_type(e.head, e.operands))


def _made(head: str, *args: Any) -> Any:
    """A node: of numbers if its shape is 1 x 1."""
    args = tuple(expression(a) for a in args)
    rows, columns = _node_type(head, args)
    return (MatrixNode if slots_of(rows, columns) else NumberNode)(head, *args)


def _matrix(a: Any, what: str) -> Any:
    a = from_sympy(expression(a))
    if not shape(a):
        raise StatementError(f"{what}: {_short(a)} is a number, where a vector or matrix is needed", "shape")
    return a


# ------------------------------------------------------------------ operations


def product(a: Any, b: Any) -> Any:
    """The matrix product ``a @ b``."""
    a, b = from_sympy(expression(a)), from_sympy(expression(b))
    if not shape(a) or not shape(b):
        number, other = (a, b) if not shape(a) else (b, a)
        if not shape(other) or not number.is_number and not isinstance(number, (NumberNode, Node)):
            raise StatementError(f"{_short(a)} @ {_short(b)}: {_short(number)} is a number; write *", "product")
        return other * number
    parts = [p for x in (a, b) for p in (x.operands if isinstance(x, MatrixNode) and x.head == "matmul" else (x,))]
    return _made("matmul", *parts)


def transpose(a: Any) -> Any:
    """``A.T``."""
    a = expression(a)
    if not shape(a):
        return a
    if isinstance(a, MatrixNode) and a.head == "transpose":
        return a.operands[0]
    return _made("transpose", a)


def inverse(a: Any) -> Any:
    """The inverse of a square matrix; that it exists is a condition unless it follows."""
    a = from_sympy(expression(a))
    if not shape(a):
        return sympy.Pow(a, -1, evaluate=False)
    return _made("inverse", a)


inv = inverse


def power(a: Any, k: Any) -> Any:
    """``A**k``, the matrix product of k factors; ``A**-1`` is the inverse."""
    k = expression(k)
    if not k.is_integer:
        raise StatementError(f"{_short(a)}**{k}: a matrix power needs an integer exponent", "power")
    return inverse(a) if k == -1 else a if k == 1 else _made("matpow", a, k)


def trace(a: Any) -> Any:
    """The sum of the diagonal."""
    a = from_sympy(expression(a))
    if not shape(a):
        return a
    _square("trace", a)
    return NumberNode("trace", a)


tr = trace


def det(a: Any) -> Any:
    """The determinant."""
    a = from_sympy(expression(a))
    if not shape(a):
        return a
    _square("det", a)
    return NumberNode("det", a)


def logdet(a: Any) -> Any:
    """log det(A)."""
    return sympy.log(det(a), evaluate=False)


def rank(a: Any) -> Any:
    """The rank."""
    return NumberNode("rank", _matrix(a, "rank"))


def inner(x: Any, y: Any) -> Any:
    """x.T @ y for vectors, trace(A.T @ B) for matrices."""
    x, y = _matrix(x, "inner"), _matrix(y, "inner")
    if len(shape(x)) == 1:
        return product(transpose(x), y)
    return trace(product(transpose(x), y))


def outer(x: Any, y: Any) -> Any:
    """x @ y.T for vectors."""
    x, y = _matrix(x, "outer"), _matrix(y, "outer")
    for v in (x, y):
        if len(shape(v)) != 1:
            raise StatementError(f"outer: {_short(v)} is {said(type_of(v))}, where a vector is needed", "shape")
    return product(x, transpose(y))


def quadratic_form(x: Any, a: Any) -> Any:
    """x.T @ A @ x."""
    return product(product(transpose(x), a), x)


def kron(a: Any, b: Any) -> Any:
    """The Kronecker product."""
    return _made("kron", _matrix(a, "kron"), _matrix(b, "kron"))


def vec(a: Any) -> Any:
    """The columns below one another."""
    return _made("vec", _matrix(a, "vec"))


def diag(x: Any) -> Any:
    """The diagonal matrix of a vector; of a matrix, the vector of its diagonal."""
    x = _matrix(x, "diag")
    return diagonal(x) if len(shape(x)) == 2 else _made("diag", x)


def diagonal(a: Any) -> Any:
    """The diagonal of a square matrix as a vector."""
    return _made("diagonal", _matrix(a, "diagonal"))


def hadamard_matrices(a: Any, b: Any) -> Any:
    """The product entry by entry."""
    return _made("hadamard", a, b)


def identity(n: Any) -> Any:
    """The n x n identity matrix."""
    return MatrixNode("identity", expression(n))


eye = identity


def zeros(n: Any, m: Any = 1) -> Any:
    """The n x m matrix (the vector of length n) of zeros."""
    return MatrixNode("zeros", expression(n), expression(m))


def ones_of(n: Any, m: Any = 1) -> Any:
    """The n x m matrix (the vector of length n) of ones."""
    return MatrixNode("ones", expression(n), expression(m))


def block(rows: Sequence[Sequence[Any]]) -> Any:
    """``block([[A, B], [C, D]])``; 0 stands for a block of zeros that fits."""
    if len(rows) != 2 or any(not isinstance(r, (list, tuple)) or len(r) != 2 for r in rows):
        raise StatementError(
            "block takes two rows of two blocks: block([[A, B], [C, D]]); more are blocks inside blocks, and what is "
            "said of one row or column of blocks is written with the blocks: A @ x + B @ z for [A, B] times (x, z), "
            "norm(y - X @ w)**2 + lam*norm(w)**2 for the rows of lam added below X", "block")
    parts = [[from_sympy(expression(a)) for a in r] for r in rows]
    for i in (0, 1):
        for j in (0, 1):
            if not shape(parts[i][j]) and parts[i][j] == 0:
                beside, above = type_of(parts[i][1 - j]), type_of(parts[1 - i][j])
                n, m = beside[0].size, above[1].size
                parts[i][j] = zeros(*(_size_expression(s, [p for r in parts for p in r]) for s in (n, m)))
    return _made("block", *parts[0], *parts[1])


def _size_expression(size: T.Term, within: Sequence[Any]) -> Any:
    match size:
        case T.Num(value):
            return sympy.Integer(int(value))
        case T.Var(name):
            return _size_symbol(name, within)
        case T.App("add", args):
            return sympy.Add(*(_size_expression(a, within) for a in args), evaluate=False)
        case T.App("mul", args):
            return sympy.Mul(*(_size_expression(a, within) for a in args), evaluate=False)
    raise StatementError(f"the size {T.show(size)} is not written as an expression", "shape")


def entry(a: Any, indices: tuple[Any, ...]) -> Any:
    """``(A @ B)[i, j]``; of a matrix, ``(A @ B)[i]`` is its i-th row as a vector."""
    slots = shape(a)
    if len(indices) > len(slots):
        raise StatementError(f"{_short(a)} is {said(type_of(a))}: it takes {len(slots)} indices", "indices")
    for given, slot in zip(indices, slots, strict=False):
        _check_index(_short(a), given, slot)
    if len(indices) < len(slots):
        return MatrixNode("row", a, *indices)
    return component(a, *indices)


def entry_of_node(e: Any, *at: Any) -> Any:
    """What ``indices.component`` says of a node of this module."""
    if e.head == "row":
        return component(e.operands[0], e.operands[1], *at)
    if e.head == "transpose" and len(at) == 2:
        inside = shape(e.operands[0])
        return component(e.operands[0], *((at[1],) if len(inside) == 1 else (at[1], at[0])))
    if e.head == "hadamard":
        return sympy.Mul(*(component(u, *at) for u in e.operands), evaluate=False)
    return Node("at", e, *at)


# ------------------------------------------------------------------ statements


class MatrixStatement(Statement):
    """A statement about matrices."""

    def read_into(self, reading: Any) -> T.Term:
        return T.App(self.head, tuple(matrix_term(a, reading) for a in self.operands))


def equation(a: Any, b: Any) -> Any:
    """A = B, entry by entry; a number 0 stands for the zero matrix."""
    a, b = from_sympy(expression(a)), from_sympy(expression(b))
    if not shape(a) and not shape(b):
        return Statement("=", a, b)
    (rows, columns) = type_of(a if shape(a) else b)
    sides = []
    for x in (a, b):
        if not shape(x):
            if x != 0:
                raise StatementError(
                    f"{_short(a)} is {said(type_of(a))} and {_short(b)} is {said(type_of(b))}: they cannot be compared"
                    + (" (c*identity(n) is the matrix)" if len(shape(a if shape(a) else b)) == 2 else ""), "shape")
            x = _Zero("zeros", *(_size_expression(s.size, (a, b)) for s in (rows, columns)))
        sides.append(x)
    if not _equal(type_of(sides[0]), type_of(sides[1])):
        raise StatementError(f"{_short(a)} is {said(type_of(a))} and {_short(b)} is {said(type_of(b))}: they cannot be "
                             "compared", "shape")
    return MatrixStatement("mat=", *sides)


class _Zero(MatrixNode):
    """The zero matrix that a number 0 stands for."""


def _about(head: str, a: Any, what: str) -> Any:
    a = _matrix(a, what)
    _square(what, a)
    return MatrixStatement(head, a)


def invertible(a: Any) -> Any:
    """The inverse exists."""
    return _about("invertible", a, "invertible")


def positive_semidefinite(a: Any) -> Any:
    """Symmetric, and x.T @ A @ x >= 0 for every x."""
    return _about("psd", a, "positive_semidefinite")


def positive_definite(a: Any) -> Any:
    """Symmetric, and x.T @ A @ x > 0 for every x other than 0."""
    return _about("pd", a, "positive_definite")


psd, spd, pd = positive_semidefinite, positive_definite, positive_definite


def negative_semidefinite(a: Any) -> Any:
    return positive_semidefinite(-_matrix(a, "negative_semidefinite"))


def negative_definite(a: Any) -> Any:
    return positive_definite(-_matrix(a, "negative_definite"))


def symmetric(a: Any) -> Any:
    """A.T = A."""
    a = _matrix(a, "symmetric")
    _square("symmetric", a)
    return equation(transpose(a), a)


def skew_symmetric(a: Any) -> Any:
    """A.T = -A."""
    a = _matrix(a, "skew_symmetric")
    _square("skew_symmetric", a)
    return equation(transpose(a), -a)


skew = skew_symmetric


def semiorthogonal(q: Any) -> Any:
    """Orthonormal columns: Q.T @ Q = I."""
    q = _matrix(q, "semiorthogonal")
    return equation(transpose(q) @ q, _identity_like(q, 1))


def orthogonal(q: Any) -> Any:
    """Square with Q.T @ Q = I."""
    q = _matrix(q, "orthogonal")
    _square("orthogonal", q)
    return semiorthogonal(q)


def idempotent(p: Any) -> Any:
    """P @ P = P."""
    p = _matrix(p, "idempotent")
    _square("idempotent", p)
    return equation(product(p, p), p)


def projection(p: Any) -> Any:
    """An orthogonal projection: P @ P = P and P.T = P."""
    return and_(idempotent(p), symmetric(p))


def is_diagonal(a: Any) -> Any:
    """A = diag(diagonal(A))."""
    a = _matrix(a, "is_diagonal")
    return equation(a, _made("diag", diagonal(a)))


def _identity_like(a: Any, axis: int) -> Any:
    return identity(_size_expression(type_of(a)[axis].size, (a,)))


def loewner(a: Any, relation: str, b: Any = 0) -> Any:
    """Loewner's order: ``loewner(A, ">=", B)`` says that A - B is positive semidefinite."""
    if relation in ("<=", "<"):
        a, relation, b = b, ">=" if relation == "<=" else ">", a
    a, b = from_sympy(expression(a)), from_sympy(expression(b))
    if not shape(a):
        difference = -b if a == 0 else None
    elif not shape(b):
        difference = a if b == 0 else None
    else:
        difference = a - b
    if difference is None:
        raise StatementError(f"{_short(a)} is {said(type_of(a))} and {_short(b)} is {said(type_of(b))}: compare with "
                             "c*identity(n)", "shape")
    _square("an order of matrices", difference)
    return positive_semidefinite(difference) if relation == ">=" else positive_definite(difference)


def body_term(body: Any, reading: Any) -> T.Term:
    """The body of a definition, a number or a matrix."""
    whole = isinstance(body, sympy.Expr) and bool(shape(from_sympy(body)))
    return matrix_term(body, reading) if whole else reading.term(body)


def defined_matrix(name: str, body: Any) -> Any:
    """The name of a matrix, or of a vector that is written with matrices; None for anything else."""
    body = from_sympy(body) if isinstance(body, sympy.Basic) else body
    if not isinstance(body, sympy.Expr):
        return None
    slots = shape(body)
    if not slots or len(slots) == 1 and not has_matrix_nodes(body):
        return None
    return MatrixDefinition(name, slots)


#: A relation between matrices in a chain or statement; None where both sides are numbers.
def relation(left: Any, sign: str, right: Any) -> Any:
    sides = [from_sympy(expression(x)) for x in (left, right)]
    shapes = [shape(x) for x in sides]
    if not any(shapes):
        return None
    if sign in ("=", "!="):
        whole = any(map(has_matrix_nodes, sides)) or any(len(s) == 2 for s in shapes)
        if not whole:
            return None         # vectors by their components
        e = equation(*sides)
        return e if sign == "=" else Statement("not", e)
    if any(len(s) == 1 for s in shapes):
        raise StatementError(f"{_short(left)} {sign} {_short(right)}: an order between vectors is not read; state it "
                             "for their entries", "vector")
    return loewner(sides[0], sign, sides[1])


def has_matrix_nodes(e: Any) -> bool:
    if isinstance(e, (MatrixNode, NumberNode)):
        return True
    return isinstance(e, sympy.Basic) and not isinstance(e, sympy.Atom) and any(map(has_matrix_nodes, e.args))


# ------------------------------------------------------------------ reading


def read(e: Any, reading: Any) -> T.Term:
    """A node of this module as a kernel term."""
    if e.head == "row":
        return matrix_term(e, reading)
    if e.head.startswith("@"):
        return reading._node(e.head, ())
    if e.head in ("identity", "zeros", "ones"):
        return T.App(e.head, tuple(reading.term(a) for a in e.operands))
    if e.head == "matpow":
        return T.App(e.head, (matrix_term(e.operands[0], reading), reading.term(e.operands[1])))
    return T.App(e.head, tuple(matrix_term(a, reading) for a in e.operands))


def matrix_term(e: Any, reading: Any) -> T.Term:
    """A vector or matrix expression as a matrix term of the kernel."""
    e = from_sympy(expression(e))
    slots = shape(e)
    if not slots:
        raise StatementError(f"{_short(e)} is a number, where a vector or matrix is needed", "shape")
    if isinstance(e, Family):
        return reading.declared(e)
    if isinstance(e, MatrixNode) and e.head != "row":
        return read(e, reading)
    if isinstance(e, Node):
        match e.head:
            case "matvec":
                return T.App("matmul", tuple(matrix_term(a, reading) for a in e.operands))
            case "hadamard":
                return T.App("hadamard", tuple(matrix_term(a, reading) for a in e.operands))
            case "broadcast" if e.operands[1] == 1:
                return T.App("ones", (slots[0].size, T.ONE))
    if isinstance(e, sympy.Add):
        return T.App("matadd", tuple(matrix_term(a, reading) for a in e.args))
    if isinstance(e, sympy.Mul):
        numbers = [a for a in e.args if not shape(a)]
        (whole,) = (a for a in e.args if shape(a))
        inner_term = matrix_term(whole, reading)
        if not numbers:
            return inner_term
        return T.App("scale", (reading.term(sympy.Mul(*numbers, evaluate=False)), inner_term))
    # by its entries: members of families, functions entry by entry, sums over indices
    at: list[Any] = []
    for s in slots:
        at.append(_private(s, e, *at))
    names = [(*reading._bound_name(r), r) for r in at]
    body = reading.bind(names, lambda: reading.term(component(e, *at)))
    return T.Bind("lambda", tuple(n for n, _, _ in names), tuple(s for _, s, _ in names), (), (body,))


# ------------------------------------------------------------------ SymPy's matrices


def from_sympy(e: Any) -> Any:
    """SymPy's matrix expressions as those of this module; anything else as it is."""
    if not getattr(e, "is_Matrix", False) and not isinstance(e, (sympy.Trace, sympy.Determinant, MatrixElement)):
        return e
    return _from(e)


def _from(e: Any) -> Any:
    from sympy.matrices import expressions as X

    match e:
        case X.MatrixSymbol():
            rows, columns = e.shape
            one = Family(e.name, T.Map(tuple(T.Index(_size_term(s)) for s in (
                (rows,) if columns == 1 and rows != 1 else (rows, columns))), T.REAL))
            one.needs = (rows, columns)
            return one
        case X.MatAdd():
            out = _from(e.args[0])
            for a in e.args[1:]:
                out = out + _from(a)
            return out
        case X.MatMul():
            numbers = [a for a in e.args if not a.is_Matrix]
            out = None
            for a in e.args:
                if a.is_Matrix:
                    out = _from(a) if out is None else product(out, _from(a))
            return out if not numbers else sympy.Mul(*numbers, evaluate=False) * out if shape(out) else sympy.Mul(
                *numbers, out, evaluate=False)
        case X.Transpose():
            return transpose(_from(e.arg))
        case X.Inverse():
            return inverse(_from(e.arg))
        case X.MatPow():
            if isinstance(e.exp, sympy.Add) and e.exp.is_number and all(k.is_Integer and k > 0 for k in e.exp.args):
                return power(_from(e.base), sympy.Integer(sum(map(int, e.exp.args))))     # M*M arrives as M**(1 + 1)
            if isinstance(e.exp, sympy.Add) and e.exp.is_number:
                raise StatementError(f"{e}: SymPy put two powers together before they could be read; write the product "
                                     "as A @ B of matrices declared with D.matrix", "evaluated")
            return power(_from(e.base), e.exp)
        case X.Trace():
            return trace(_from(e.arg))
        case X.Determinant():
            return det(_from(e.arg))
        case X.HadamardProduct():
            out = _from(e.args[0])
            for a in e.args[1:]:
                out = hadamard_matrices(out, _from(a))
            return out
        case X.KroneckerProduct():
            out = _from(e.args[0])
            for a in e.args[1:]:
                out = kron(out, _from(a))
            return out
        case X.Identity():
            return identity(e.shape[0])
        case X.ZeroMatrix():
            return zeros(*e.shape)
        case X.OneMatrix():
            return ones_of(*e.shape)
        case MatrixElement():
            i, j = (sympy.Add(k, 1) for k in e.args[1:])      # SymPy counts from 0
            whole = _from(e.args[0])
            return component(whole, i) if len(shape(whole)) == 1 else component(whole, i, j)
    if isinstance(e, sympy.MatrixBase):
        raise StatementError(f"{_short(e)} is a matrix of numbers: declare it, and state its entries in"
                             " given", "unknown-head")
    raise StatementError(f"{type(e).__name__} is not in the checker's language: {_short(e)}", "unknown-head")


# ------------------------------------------------------------------ declarations

#: what may be said of a declared matrix, and by which statement
PROPERTIES: dict[str, tuple[Callable[[Any], Any], bool]] = {        # (statement, square only)
    "symmetric": (symmetric, True), "skew_symmetric": (skew_symmetric, True), "invertible": (invertible, True),
    "orthogonal": (orthogonal, True), "semiorthogonal": (semiorthogonal, False), "idempotent": (idempotent, True),
    "projection": (projection, True), "positive_definite": (positive_definite, True),
    "positive_semidefinite": (positive_semidefinite, True), "diagonal": (is_diagonal, True),
}
_SYNONYMS = {"skew": "skew_symmetric", "antisymmetric": "skew_symmetric", "nonsingular": "invertible",
             "spd": "positive_definite", "pd": "positive_definite", "psd": "positive_semidefinite",
             "orthonormal": "semiorthogonal", "orthonormal_columns": "semiorthogonal"}
_OF_VECTORS = ("unit", "nonzero", "positive", "nonnegative")


def matrix(names: str, rows: Any, columns: Any = None, **properties: bool) -> Any:
    """A matrix under each name: ``W @ u``, ``W[i, j]``; square if ``columns`` is left out.  Properties:
    ``D.matrix("S", d, positive_definite=True)``."""
    columns = rows if columns is None else columns
    made = family(names, rows, columns)
    _declare(made if isinstance(made, tuple) else (made,), properties)
    return made


def vector(names: str, dimension: Any, **properties: bool) -> Any:
    """A vector under each name; ``unit=True``: of length 1, ``nonzero=True``, ``positive=True``."""
    made = family(names, dimension)
    for one in made if isinstance(made, tuple) else (made,):
        facts = []
        for word, holds in properties.items():
            if word not in _OF_VECTORS or holds is not True:
                raise StatementError(f"vector: {word}={holds} is not known; known: {', '.join(_OF_VECTORS)}",
                                     "property")
            facts += _vector_facts(one, word)
        one.facts = (*one.facts, *facts)
    return made


def _vector_facts(x: Any, word: str) -> list[T.Term]:
    from ..reading.sympy_reader import Reading

    match word:
        case "unit":
            statement: Any = Statement("=", inner(x, x), sympy.Integer(1))
        case "nonzero":
            statement = Statement("not", equation(x, 0))
        case _:
            r = _private(shape(x)[0], x)
            statement = forall(r, gt(x[r], 0) if word == "positive" else le(0, x[r]))
    return [Reading().formula(statement)]


def _declare(made: Sequence[Any], properties: dict[str, bool]) -> None:
    from ..reading.sympy_reader import Reading

    for word, holds in properties.items():
        name = _SYNONYMS.get(word, word)
        if word in ("positive", "nonnegative"):
            for one in made:
                i, j = (_private(s, one, stem=stem) for s, stem in zip(shape(one), "ij", strict=True))
                statement = forall((i, j), gt(one[i, j], 0) if word == "positive" else le(0, one[i, j]))
                one.facts = (*one.facts, Reading().formula(statement))
            continue
        if name not in PROPERTIES or holds is not True:
            raise StatementError(f"matrix: {word}={holds} is not known; known: {', '.join(PROPERTIES)}", "property")
        say, square = PROPERTIES[name]
        for one in made:
            t = type_of(one)
            if square and not M.same_size(t[0].size, t[1].size):
                raise StatementError(
                    f"{one.name} is {said(t)}, and {word} is said of square matrices"
                    + (" (semiorthogonal=True: orthonormal columns)" if name == "orthogonal" else ""), "shape")
            one.facts = (*one.facts, *T.conjuncts(Reading().formula(say(_plain(one)))))


def _plain(one: Any) -> Any:
    """The same name without its facts: a fact is read on its own."""
    twin = Family(one.name, one.sort)
    twin.needs = one.needs
    return twin


__all__ = [
    "Declared", "IndexName", "MatrixBinder", "MatrixMultiple", "MatrixNode", "MatrixStatement", "MatrixSum",
    "PROPERTIES", "block", "det", "diag", "diagonal", "elementwise", "entry", "equation", "eye", "from_sympy",
    "has_matrix_nodes",
    "hadamard_matrices", "idempotent", "identity", "inner", "inv", "inverse", "invertible", "is_diagonal", "kron",
    "loewner", "logdet", "matrix", "matrix_term", "negative_definite", "negative_semidefinite", "ones_of",
    "orthogonal", "outer", "pd", "positive_definite", "positive_semidefinite", "power", "product", "projection", "psd",
    "quadratic_form", "rank", "relation", "semiorthogonal", "skew", "skew_symmetric", "spd", "symmetric", "tr", "trace",
    "transpose", "type_of", "vec", "vector", "zeros",
]
