"""Indices, families, vectors and matrices of symbolic size.

    m, d = sizes("m d");  i, j = index("i j", m);  a, b = index("a b", m, distinct=True)
    k, v = vectors("k v", m, d)             k[i] is a vector, k[i, r] an entry
    W = matrix("W", n, d);  apply(W, x[i])  the vector W x_i
    dot(k[i], k[j]);  total(j, expression, where=u <= i);  delta(i, j)
    softmax(s[j], over=j)[i];  relu(u);  layer_norm(u, eps, gain, bias)
    independent(out, of=x, at=j)            out does not change with x_j: two runs, no derivative
    depends(out, of=x, at=j, choosing=[W])  for some x and W it does

A vector is an ordinary SymPy expression: ``c*(k[a] + k[b])``, ``(v[a] + v[b])/2``.  Nothing is
evaluated; ``component(u, r)`` is the entry of ``u`` at the index ``r``, and an error names both sizes
where two vectors do not fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sympy
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel import term as T
from .errors import ShapeMismatch, StatementError
from .logic import and_, eq, exists, forall, ne, several
from .matrix_nodes import MatrixBinder, MatrixLike, MatrixNode, NumberNode
from .nodes import Binder, BinderStatement, Declared, IndexName, Node, Shaped, Statement, expression

# ------------------------------------------------------------------ declarations


def sizes(names: str) -> Any:
    """Sizes: integers of at least 1."""
    return sympy.symbols(names, integer=True, positive=True)


def _size_term(size: Any) -> T.Term:
    from ..reading.sympy_reader import Reading

    return Reading().term(size)


def index(names: str, size: Any, distinct: bool = False) -> Any:
    """Indices from 1 to ``size``; ``distinct``: pairwise different (so ``size`` is at least their number)."""
    sort = T.Index(_size_term(size))
    words = _words(names)
    out = []
    for k, word in enumerate(words):
        # a fact is used where both its names are: whoever is not mentioned changes nothing
        others = [sorted((h, k)) for h in range(len(words)) if h != k] if distinct else []
        one = IndexName(word, sort, [T.app("!=", T.Var(words[g]), T.Var(words[h])) for g, h in others])
        one.needs = (size,)
        out.append(one)
    return out[0] if len(out) == 1 else tuple(out)


def _words(names: str) -> list[str]:
    words = names.replace(",", " ").split()
    if not words or len(set(words)) != len(words):
        raise StatementError(f"{names!r}: names with a space between, each once", "names")
    return words


class Family(MatrixLike, Declared):
    """A family over index ranges, with some of its last slots kept private: those make its members
    vectors or matrices.  ``x[i]`` is a member, ``x[i, r]`` an entry."""

    def __getitem__(self, indices: Any) -> Any:
        given = indices if isinstance(indices, tuple) else (indices,)
        slots = self.sort.args
        if len(given) > len(slots):
            raise StatementError(f"{self.name} takes {len(slots)} indices, not {len(given)}", "indices")
        for g, s in zip(given, slots, strict=False):
            if isinstance(s, T.Index):
                _check_index(self.name, g, s)
        if len(given) == len(slots):
            return Node("at", self, *given)
        if not all(isinstance(s, T.Index) for s in slots[len(given) :]):
            raise StatementError(f"{self.name} takes {len(slots)} arguments, not {len(given)}", "indices")
        return Member("member", self, *given)

    def entry(self, *at: Any) -> Any:
        return Node("at", self, *at)

    @property
    def slots(self) -> tuple[T.Index, ...]:
        return tuple(s for s in self.sort.args if isinstance(s, T.Index))


class Member(MatrixLike, Node):
    """``k[a]``: a vector or matrix of a family."""

    def __getitem__(self, indices: Any) -> Any:
        return self._entry(indices)

    def _sympystr(self, printer: Any) -> str:
        family, *indices = self.operands
        return f"{family.name}[{', '.join(map(str, indices))}]"


def _check_index(name: str, given: Any, slot: T.Index) -> None:
    if isinstance(given, IndexName) and given.sort != slot and not _within(given.sort.size, slot.size):
        raise StatementError(
            f"{name} takes an index up to {T.show(slot.size)}, and {given.name} is an index up to "
            f"{T.show(given.sort.size)}",
            "index-sort",
        )


def _within(size: T.Term, slot: T.Term) -> bool:
    """Whether an index up to ``size`` is one up to ``slot`` for all values of the names: T - 1 and T."""
    from ..kernel.index_facts import place

    a, b = (place(t, lambda n: n) for t in (size, slot))
    return a is not None and b is not None and a[0] == b[0] and a[1] <= b[1]


def family(names: str, *over: Any, kind: str = "real") -> Any:
    """Numbers for every index: ``s = family("s", m)``, ``w = family("w", n, m)``.  A slot ``S.Reals`` is a
    number: ``s = family("s", m, S.Reals)`` is a function ``s[i, c]`` of ``c`` for every index."""
    sort = T.Map(
        tuple(T.REAL if s is sympy.S.Reals else T.Index(_size_term(s)) for s in over), T.Scalar(kind)
    )
    out = []
    for word in _words(names):
        one = Family(word, sort)
        one.needs = tuple(s for s in over if s is not sympy.S.Reals)
        out.append(one)
    return out[0] if len(out) == 1 else tuple(out)


def vectors(names: str, count: Any, dimension: Any) -> Any:
    """``count`` vectors of length ``dimension`` under each name: ``k[i]``."""
    return family(names, count, dimension)


def vector(names: str, dimension: Any, **properties: bool) -> Any:
    """A vector under each name: ``g``; ``unit=True``, ``nonzero=True``, ``positive=True`` may be said of it."""
    from .matrices import vector as declared

    return declared(names, dimension, **properties)


def matrix(names: str, rows: Any, columns: Any = None, **properties: bool) -> Any:
    """A matrix under each name: ``W @ u``, ``W[i, j]``; square if ``columns`` is left out.  Properties
    (``symmetric=True``, ...) are listed in ``matrices``."""
    from .matrices import matrix as declared

    return declared(names, rows, columns, **properties)


class FunctionName(Declared):
    """An unknown real function: ``phi(u)``, entry by entry of a vector; ``phi.prime(u)`` is its derivative."""

    def __call__(self, u: Any) -> Any:
        u = expression(u)
        return Mapped("mapped", self, 0, u) if shape(u) else Node("at", self, u)

    def prime(self, u: Any, order: int = 1) -> Any:
        """The derivative of this function at ``u`` (entry by entry), of the given order."""
        if not isinstance(order, int) or not 1 <= order <= 4:
            raise StatementError(f"{self.name}.prime(u, {order}): an order from 1 to 4", "order")
        u = expression(u)
        return Mapped("mapped", self, order, u) if shape(u) else Slope("slope", self, order, u)

    def __getitem__(self, indices: Any) -> Any:
        raise StatementError(f"{self.name} is a function: {self.name}(u) is its value at u", "function")


class Slope(Node):
    """phi'(u): operands are phi, the order, u."""

    def read_into(self, reading: Any) -> T.Term:
        f, order, u = self.operands
        head, point = reading.term(f), reading.term(u)
        out: T.Term = T.app("at", head, T.Var("y"))
        for k in range(last := int(order)):
            out = T.Bind("diff", ("y",), (T.REAL,), (point if k == last - 1 else T.Var("y"),), (out,))
        return out

    def _sympystr(self, printer: Any) -> str:
        f, order, u = self.operands
        return f"{f}{chr(39) * int(order)}({u})"


class Mapped(MatrixLike, Shaped):
    """A function (or one of its derivatives) of every entry."""

    def own_shape(self) -> tuple[T.Index, ...]:
        return shape(self.operands[2])

    def entry(self, *at: Any) -> Any:
        f, order, u = self.operands
        return f.prime(component(u, *at), int(order)) if order else f(component(u, *at))

    def __getitem__(self, indices: Any) -> Any:
        return self._entry(indices)

    def _sympystr(self, printer: Any) -> str:
        f, order, u = self.operands
        return f"{f}{chr(39) * int(order)}({u})"


def function(names: str) -> Any:
    """Unknown real functions of a real number, activations for instance: ``phi = D.function("phi")``."""
    out = [FunctionName(word, T.Map((T.REAL,), T.REAL)) for word in _words(names)]
    return out[0] if len(out) == 1 else tuple(out)


# ------------------------------------------------------------------ vectors


def shape(e: Any) -> tuple[T.Index, ...]:
    """The index sorts of a vector or matrix expression; () for a number."""
    if isinstance(e, Family):
        return e.slots if len(e.slots) == len(e.sort.args) else ()
    if isinstance(e, Shaped):
        return e.own_shape()
    if isinstance(e, NumberNode):
        return ()
    if isinstance(e, MatrixNode):
        from .matrices import node_shape

        return shape(e.operands[0])[1:] if e.head == "row" else node_shape(e)
    if getattr(e, "is_Matrix", False):
        from .matrices import from_sympy

        return shape(from_sympy(e))
    if isinstance(e, (sympy.Trace, sympy.Determinant, MatrixElement)):
        return ()
    if isinstance(e, Node):
        match e.head:
            case "member":
                return e.operands[0].slots[len(e.operands) - 1 :]
            case "vector":
                return tuple(_sort_of(r) for r in e.operands[1])
            case "matvec":
                return shape(e.operands[0])[:1]
            case "hadamard" | "elementwise" | "put":
                return shape(e.operands[0] if e.head == "put" else e.operands[-1])
            case "broadcast":
                return (_sort_of(e.operands[0]),)
        return ()
    if isinstance(e, Binder):
        return shape(e.args[3][-1])
    if isinstance(e, sympy.Limit):
        return shape(e.args[0])
    if isinstance(e, sympy.Add):
        return _common(e.args)
    if isinstance(e, sympy.Mul):
        found = [s for s in map(shape, e.args) if s]
        if len(found) > 1:
            raise StatementError(
                f"{e} multiplies {len(found)} vectors or matrices: write A @ B for the matrix product, dot(u, v), or "
                "hadamard(u, v) for the product entry by entry",
                "product",
            )
        return found[0] if found else ()
    if isinstance(e, sympy.Basic) and not isinstance(e, sympy.Atom):
        inner = [found for a in e.args if isinstance(a, sympy.Expr) and (found := shape(a))]    # once: terms are deep
        if inner and _of_one_number(e) and len(inner[0]) == 1:
            return inner[0]
        if inner:
            raise StatementError(f"{type(e).__name__} takes numbers, and {e} has a vector in it", "vector")
    return ()


def _of_one_number(e: Any) -> bool:
    return isinstance(e, (sympy.Function, sympy.exp)) and len(e.args) == 1 and type(e).__name__ in ENTRYWISE


def _entrywise(e: Any) -> bool:
    """SymPy's function of one number, of a vector: it is taken entry by entry.  (Of a matrix exp is another thing.)"""
    return _of_one_number(e) and len(shape(e.args[0])) == 1


#: Functions of a number that are read entry by entry of a vector.
ENTRYWISE = {"exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan", "erf", "Abs", "sign"}


def _sort_of(tag: Any) -> T.Index:
    """A private index stands for its sort inside nodes."""
    sort: T.Index = tag.sort
    return sort


def _common(parts: Sequence[Any]) -> tuple[T.Index, ...]:
    found = [(shape(p), p) for p in parts]
    first, sample = found[0]
    for other, p in found[1:]:
        if other != first:
            wide = [sum(not _is_one(i) for i in s) for s in (first, other)]
            entrywise = _in_every_entry(sample, other) if not first else _in_every_entry(p, first) if not other else ""
            raise ShapeMismatch(
                f"{sample} is {_said(first)} and {p} is {_said(other)}: they cannot be added or compared{entrywise}",
                broadcast=wide[0] != wide[1])
    return first


def _is_one(i: T.Index) -> bool:
    return isinstance(i.size, T.Num) and i.size.value == 1


def _in_every_entry(number: Any, slots: tuple[T.Index, ...]) -> str:
    """What to write for the vector or matrix that has a number in every entry."""
    ones = f"ones({', '.join(T.show(i.size) for i in slots)})"
    return f" ({ones if number == 1 else f'{number}*{ones}'} has it in every entry)"


def _said(s: tuple[T.Index, ...]) -> str:
    if not s:
        return "a number"
    what = "a vector of length" if len(s) == 1 else "a matrix"
    return f"{what} {' x '.join(T.show(x.size) for x in s)}"


def component(e: Any, *at: Any) -> Any:
    """The entry of a vector or matrix expression at the indices ``at``."""
    if not at:
        return e
    if isinstance(e, (Family, Shaped)):
        return e.entry(*at)
    if _entrywise(e):
        return e.func(component(e.args[0], *at), evaluate=False)
    if isinstance(e, MatrixNode):
        from .matrices import entry_of_node

        return entry_of_node(e, *at)
    if getattr(e, "is_Matrix", False):
        from .matrices import from_sympy

        return component(from_sympy(e), *at)
    if isinstance(e, Node):
        match e.head:
            case "member":
                return e.operands[0][(*e.operands[1:], *at)]
            case "vector":
                return Node(str(e.operands[0]), *e.operands[2:], *at)
            case "matvec":
                w, u = e.operands
                s = _private(shape(w)[1], e, *at)
                return total(s, sympy.Mul(component(w, *at, s), component(u, s), evaluate=False))
            case "hadamard":
                return sympy.Mul(*(component(u, *at) for u in e.operands), evaluate=False)
            case "elementwise":
                return Node(str(e.operands[0]), component(e.operands[1], *at))
            case "broadcast":
                return e.operands[1]
            case "put":
                return Put("put", component(e.operands[0], *at), *e.operands[1:])
    if isinstance(e, Binder):
        head, names, outer, inner = e.head, e.args[1], e.args[2], e.args[3]
        return Binder(head, tuple(names), tuple(outer), (*inner[:-1], component(inner[-1], *at)))
    if isinstance(e, sympy.Limit):
        f, x, point, side = e.args
        return sympy.Limit(component(f, *at), x, point, str(side))
    if isinstance(e, sympy.Add):
        return sympy.Add(*(component(a, *at) for a in e.args), evaluate=False)
    if isinstance(e, sympy.Mul):
        return sympy.Mul(*(component(a, *at) if shape(a) else a for a in e.args), evaluate=False)
    raise StatementError(f"{e} is no vector", "vector")


def _names_in(*es: Any) -> Iterator[str]:
    for e in es:
        if isinstance(e, (Declared, sympy.Symbol)):
            yield e.name
            for size in T.sort_terms(e.sort) if isinstance(e, Declared) else ():
                yield from T.free_names(size)
        elif isinstance(e, sympy.Basic):
            yield from _names_in(*e.args)


def _private(sort: T.Index, *avoid: Any, stem: str = "r") -> Any:
    """An index that nothing in ``avoid`` mentions."""
    taken, name, k = set(_names_in(*avoid)), stem, 0
    while name in taken:
        k += 1
        name = f"{stem}_{k}"
    one = IndexName(name, sort)
    one.needs = tuple(_size_symbol(n, avoid) for n in sorted(T.free_names(sort.size)))
    return one


def _size_symbol(name: str, es: Sequence[Any]) -> Any:
    """The symbol that a declaration among ``es`` uses for this size."""
    for e in es:
        for d in _declared_in(e):
            for size in getattr(d, "needs", ()):
                for s in sympy.sympify(size).free_symbols:
                    if s.name == name:
                        return s
    return sympy.Symbol(name, integer=True, positive=True)


def _declared_in(e: Any) -> Iterator[Declared]:
    if isinstance(e, Declared):
        yield e
    elif isinstance(e, sympy.Basic):
        for a in e.args:
            yield from _declared_in(a)


def privately(left: Any, right: Any) -> tuple[Any, Any, Any]:
    """The two sides of a relation at private indices: (left, right, indices), None for numbers.
    A number stands for itself in every entry only where it is 0."""
    left, right = expression(left), expression(right)
    a, b = shape(left), shape(right)
    if not a and not b:
        return left, right, None
    sorts = a or b if left == 0 or right == 0 else _common((left, right))
    at: list[Any] = []
    for sort in sorts:
        at.append(_private(sort, left, right, *at))
    return (component(left, *at) if a else left), (component(right, *at) if b else right), tuple(at)


# ------------------------------------------------------------------ sums and functions


def total(over: Any, body: Any, *more: Any, where: Any = None) -> Any:
    """The sum over all values of the index (or indices) ``over`` that satisfy ``where``: ``total(i, x[i])``,
    ``total(i, j, A[i, j])``."""
    over, body, where = several(over, body, more, where, lambda last: isinstance(last, sympy.Expr))
    names = tuple(over) if isinstance(over, (tuple, list, sympy.Tuple)) else (over,)
    _indices(names)
    kind = MatrixBinder if shape(body) else Binder
    return kind("sum", names, (), (sympy.true if where is None else where, body))


def prod(over: Any, body: Any, *more: Any, where: Any = None) -> Any:
    """The product over all values of the index."""
    over, body, where = several(over, body, more, where, lambda last: isinstance(last, sympy.Expr))
    names = tuple(over) if isinstance(over, (tuple, list, sympy.Tuple)) else (over,)
    _indices(names)
    return Binder("prod", names, (), (sympy.true if where is None else where, body))


def max_over(over: Any, body: Any) -> Any:
    """The largest value over the index (or indices) ``over``: ``max_over(a, Q[s, a])``."""
    names = tuple(over) if isinstance(over, (tuple, list, sympy.Tuple)) else (over,)
    _indices(names)
    if shape(body):
        over = ", ".join(map(str, names))
        raise StatementError(f"the values of a maximum over {over} are numbers, not {_said(shape(body))}", "shape")
    return Binder("maximum", names, (), (body,))


def min_over(over: Any, body: Any) -> Any:
    """The least value over the index."""
    return sympy.Mul(-1, max_over(over, sympy.Mul(-1, body, evaluate=False)), evaluate=False)


def norm_inf(u: Any) -> Any:
    """The largest modulus of the entries of a vector or matrix."""
    at: list[Any] = []
    for sort in shape(u):
        at.append(_private(sort, u, *at))
    if not at:
        raise StatementError(f"{u} is a number: norm_inf takes a vector; for an index write max_over(i, f)", "shape")
    return max_over(tuple(at), sympy.Abs(component(u, *at), evaluate=False))


def _indices(names: Sequence[Any]) -> None:
    for n in names:
        if not isinstance(n, IndexName):
            raise StatementError(f'{n} is no index: declare it with index("{n}", size)', "index")


def delta(i: Any, j: Any) -> Any:
    """Kronecker's delta: 1 if the indices are equal, else 0."""
    if isinstance(i, IndexName) and isinstance(j, IndexName) and i.sort != j.sort:
        raise StatementError(
            f"delta({i.name}, {j.name}): {i.name} is an index up to {T.show(i.sort.size)} and {j.name} up to "
            f"{T.show(j.sort.size)}",
            "index-sort",
        )
    return Node("delta", i, j)


def dot(u: Any, v: Any) -> Any:
    """The inner product of two vectors."""
    from .matrices import has_matrix_nodes, product, transpose

    (sort,) = _vector(u, v)
    if has_matrix_nodes(u) or has_matrix_nodes(v):
        return product(transpose(u), v)
    r = _private(sort, u, v)
    return total(r, sympy.Mul(component(u, r), component(v, r), evaluate=False))


def _vector(*us: Any) -> tuple[T.Index, ...]:
    for u in us:
        if len(shape(u)) != 1:
            raise StatementError(f"{u} is {_said(shape(u))}, where a vector is needed", "shape")
    return _common(us)


def norm(u: Any) -> Any:
    """The Euclidean length of a vector; of a matrix, the root of the sum of its squared entries (Frobenius)."""
    from .matrices import from_sympy, inner

    u = from_sympy(sympy.sympify(u))
    if len(shape(u)) == 2:
        return sympy.Pow(inner(u, u), sympy.Rational(1, 2), evaluate=False)
    return sympy.Pow(dot(u, u), sympy.Rational(1, 2), evaluate=False)


def apply(w: Any, u: Any) -> Any:
    """The matrix ``w`` times the vector ``u``."""
    s = shape(w)
    if len(s) != 2 or shape(u) != s[1:]:
        raise ShapeMismatch(f"{w} is {_said(s)} and {u} is {_said(shape(u))}: their product is not formed")
    return Hadamard("matvec", w, u)


matvec = apply


def hadamard(u: Any, v: Any) -> Any:
    """The product entry by entry, of vectors or matrices."""
    from .matrices import hadamard_matrices, has_matrix_nodes

    if len(shape(u)) == 2 or has_matrix_nodes(u) or has_matrix_nodes(v):
        return hadamard_matrices(u, v)
    _vector(u, v)
    return Hadamard("hadamard", u, v)


class Hadamard(MatrixLike, Node):
    """A product of vectors entry by entry, or a function of numbers at each entry."""

    def __getitem__(self, indices: Any) -> Any:
        return self._entry(indices)


def elementwise(head: str, u: Any) -> Any:
    """A function of numbers, entry by entry: ``elementwise("tanh", u)``."""
    if head not in T.HEADS or T.HEADS[head] != (1, 1):
        raise StatementError(f"{head} is no function of one number", "unknown-head")
    return Hadamard("elementwise", sympy.Symbol(head), u) if shape(u) else Node(head, u)


class ByEntries(MatrixLike, Shaped):
    """The vector whose entry at an index is an expression in that index."""

    def own_shape(self) -> tuple[T.Index, ...]:
        return (_sort_of(self.operands[0]),)

    def entry(self, *at: Any) -> Any:
        i, body = self.operands
        return body if at[0] == i else put(body, {i: at[0]})

    def __getitem__(self, indices: Any) -> Any:
        return self._entry(indices)

    def _sympystr(self, printer: Any) -> str:
        return f"({self.operands[1]})_{self.operands[0]}"


def relu(u: Any) -> Any:
    """max(0, u), for a number or entry by entry."""
    return elementwise("relu", sympy.sympify(u))


def ones(u: Any, columns: Any = None) -> Any:
    """The vector of ones that fits the vector ``u``; ``ones(n)`` the vector of n ones, ``ones(n, m)`` the matrix."""
    from .matrices import ones_of

    u = sympy.sympify(u)
    if not shape(u):
        return ones_of(u, 1 if columns is None else columns)
    return broadcast(1, u)


def broadcast(value: Any, u: Any) -> Any:
    """The vector that fits ``u`` with ``value`` in every component."""
    (sort,) = _vector(u)
    return Hadamard("broadcast", _private(sort, u, sympy.sympify(value)), value)


def length(u: Any) -> Any:
    """The number of components of ``u``, as a number."""
    (sort,) = _vector(u)
    return total(_private(sort, u), sympy.Integer(1))


def mean(u: Any) -> Any:
    """The mean of the components of ``u``."""
    (sort,) = _vector(u)
    r = _private(sort, u)
    return _over(total(r, component(u, r)), sort, u)


def variance(u: Any) -> Any:
    """The mean of the squared deviations of the components from their mean."""
    (sort,) = _vector(u)
    r = _private(sort, u)
    mu = mean(u)
    deviation = sympy.Add(component(u, r), sympy.Mul(-1, mu, evaluate=False), evaluate=False)
    return _over(total(r, sympy.Pow(deviation, 2, evaluate=False)), sort, u)


def _over(value: Any, sort: T.Index, u: Any) -> Any:
    """``value`` divided by the size of the sort."""
    match sort.size:
        case T.Num(n):
            size = sympy.Integer(int(n))
        case T.Var(name):
            size = _size_symbol(name, (u,))
        case _:
            size = length(u)
    return sympy.Mul(value, sympy.Pow(size, -1, evaluate=False), evaluate=False)


def layer_norm(u: Any, eps: Any, gain: Any = None, bias: Any = None) -> Any:
    """(u - mean)/sqrt(variance + eps), then times ``gain`` and plus ``bias`` entry by entry."""
    mu = broadcast(mean(u), u)
    centred = sympy.Add(u, sympy.Mul(-1, mu, evaluate=False), evaluate=False)
    spread = sympy.Pow(sympy.Add(variance(u), eps, evaluate=False), sympy.Rational(-1, 2), evaluate=False)
    out = sympy.Mul(spread, centred, evaluate=False)
    if gain is not None:
        out = hadamard(gain, out)
    return out if bias is None else sympy.Add(out, bias, evaluate=False)


class softmax:
    """``softmax(scores, over=j)[i]``: exp(score_i) over the sum; with a mask ``where`` the sum is
    over what it lets through, and the weight of the rest is 0.  Of a vector, ``softmax(z)``, it is a vector."""

    def __new__(cls, scores: Any, over: Any = None, where: Any = None) -> Any:
        if over is not None:
            return super().__new__(cls)
        (sort,) = _vector(expression(scores))
        i = _private(sort, scores, stem="s")
        return softmax(component(scores, i), over=i, where=where).vector()

    def __init__(self, scores: Any, over: Any, where: Any = None) -> None:
        _indices((over,))
        self.scores, self.over, self.where = scores, over, where

    __iter__ = None     # else Python asks for entries 0, 1, 2, ... without end

    def vector(self) -> Any:
        """All weights as one vector."""
        return ByEntries("entries", self.over, self[self.over])

    def _sympy_(self) -> Any:
        return self.vector()

    def __getitem__(self, i: Any) -> Any:
        e = sympy.exp(self.scores, evaluate=False)
        top = e if i == self.over else put(e, {self.over: i})
        everywhere = self.where is None
        mask = sympy.Integer(0) if everywhere else self.where
        other = _private(self.over.sort, e, i, mask, stem=f"{self.over.name}'")
        bottom = total(
            other, put(e, {self.over: other}), None if everywhere else put(mask, {self.over: other})
        )
        weight = sympy.Mul(top, sympy.Pow(bottom, -1, evaluate=False), evaluate=False)
        if everywhere:
            return weight
        here = mask if i == self.over else put(mask, {self.over: i})
        return Node("cases", weight, here, 0, sympy.true)


def sigmoid(u: Any) -> Any:
    """1/(1 + exp(-u)), of a vector entry by entry."""
    u = expression(u)
    if shape(u):
        (sort,) = _vector(u)
        i = _private(sort, u, stem="s")
        return ByEntries("entries", i, sigmoid(component(u, i)))
    e = sympy.exp(sympy.Mul(-1, u, evaluate=False), evaluate=False)
    return sympy.Pow(sympy.Add(1, e, evaluate=False), -1, evaluate=False)


def logsumexp(u: Any) -> Any:
    """log of the sum of exp(u_i) over the entries of a vector."""
    u = expression(u)
    (sort,) = _vector(u)
    i = _private(sort, u)
    return sympy.log(total(i, sympy.exp(component(u, i), evaluate=False)), evaluate=False)


# ------------------------------------------------------------------ two runs


class Put(Node):
    """``put(e, old, new)``: see :func:`put`."""

    def read_into(self, reading: Any) -> T.Term:
        return _read_put(self, reading)


class PutStatement(Statement):
    """The same for a formula."""

    def read_into(self, reading: Any) -> T.Term:
        return _read_put(self, reading)


def _read_put(e: Any, reading: Any) -> T.Term:
    """Read the expression with ``old`` bound and substitute: nothing is captured, and a definition that
    speaks of ``old`` gets it as a parameter."""
    inner, old, new = e.operands
    name, sort = reading._bound_name(old)
    body = reading.bind([(name, sort, old)], lambda: reading.term(inner))
    return T.substitute(body, {name: reading.term(new)})


def put(e: Any, by: dict[Any, Any]) -> Any:
    """``e`` with other things for declared names, also inside its definitions; the reader does it,
    without capture.  Each replacement must be of the same sort."""
    for old, new in by.items():
        if not isinstance(old, Declared):
            raise StatementError(f"{old} is no declared name", "put")
        if isinstance(new, Declared) and new.sort != old.sort:
            raise StatementError(f"{new} is of another sort than {old}", "put")
        kind = PutStatement if isinstance(e, sympy.logic.boolalg.Boolean) else Put
        e = kind("put", e, old, new)
    return e


def _copy(x: Any, suffix: str) -> Any:
    twin = type(x)(x.name + suffix, x.sort, ())
    twin.needs = getattr(x, "needs", ())
    return twin


def _agree(x: Any, other: Any, at: Any, avoid: Any) -> Any:
    """``x`` and ``other`` agree everywhere but at index ``at`` of the first slot."""
    places: list[Any] = []
    for k, s in enumerate(x.slots):
        places.append(_private(s, avoid, x, at, *places, stem="u" if k == 0 else "r"))
    if isinstance(at, IndexName) and at.sort != x.slots[0]:
        raise StatementError(
            f"{x.name} is indexed up to {T.show(x.slots[0].size)}, and {at.name} is an index up to "
            f"{T.show(at.sort.size)}",
            "index-sort",
        )
    return forall(tuple(places), eq(other[tuple(places)], x[tuple(places)]), where=ne(places[0], at))


def _checked(out: Any, of: Any) -> None:
    if not isinstance(of, Family):
        raise StatementError(f"of={of}: a declared family is needed", "family")


def independent(out: Any, of: Any, at: Any) -> Any:
    """``out`` does not change with ``of[at]``: two runs whose inputs agree elsewhere give the same."""
    _checked(out, of)
    other = _copy(of, "'")
    return forall(other, eq(put(out, {of: of}), put(out, {of: other})), where=_agree(of, other, at, out))


def depends(out: Any, of: Any, at: Any, choosing: Sequence[Any] = ()) -> Any:
    """For some input (and some values of ``choosing``), ``out`` changes when only ``of[at]`` does."""
    _checked(out, of)
    chosen = {w: _copy(w, "*") for w in choosing}
    first, second = _copy(of, "'"), _copy(of, "''")
    one = put(out, {**chosen, of: first})
    two = put(out, {**chosen, of: second})
    return exists((*chosen.values(), first, second), ne(one, two), where=_agree(first, second, at, out))


# ------------------------------------------------------------------ for Derivation


def defined_vector(name: str, body: Any, params: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]] | None:
    """A definition of a vector or matrix as one of its entries at private last indices; None for a number."""
    if not isinstance(body, sympy.Expr):
        return None
    at: list[Any] = []
    for sort in shape(body):
        at.append(_private(sort, body, *params, *at))
    return (component(body, *at), (*params, *at)) if at else None


class VectorDefinition:
    """``z[i]`` where ``z`` is defined as a vector (or matrix) for every index."""

    def __init__(self, name: str, private: tuple[Any, ...], count: int) -> None:
        self.name, self.private, self.count = name, private, count

    def __getitem__(self, indices: Any) -> Any:
        args = indices if isinstance(indices, tuple) else (indices,)
        if len(args) == self.count:
            return DefinedVector("vector", sympy.Symbol("@" + self.name), sympy.Tuple(*self.private), *args)
        if len(args) == self.count + len(self.private):
            return Node("@" + self.name, *args)
        raise StatementError(f"{self.name} takes {self.count} indices, not {len(args)}", "indices")

    __call__ = __getitem__
    __iter__ = None


class DefinedVector(Node):
    """A defined vector or matrix itself; ``z[r]`` is an entry."""

    def __getitem__(self, indices: Any) -> Any:
        at = indices if isinstance(indices, tuple) else (indices,)
        head, private, *args = self.operands
        if len(at) != len(private):
            raise StatementError(f"{str(head)[1:]} takes {len(private)} indices, not {len(at)}", "indices")
        for i, r in zip(at, private, strict=True):
            _check_index(str(head)[1:], i, _sort_of(r))
        return Node(str(head), *args, *at)


class Indices:
    """The declarations above as methods: ``m, d = D.sizes("m d")``."""

    sizes = staticmethod(sizes)
    index = staticmethod(index)
    family = staticmethod(family)
    function = staticmethod(function)
    vectors = staticmethod(vectors)
    vector = staticmethod(vector)
    matrix = staticmethod(matrix)
    matrices = staticmethod(matrix)


__all__ = [
    "BinderStatement",
    "Family",
    "Indices",
    "max_over",
    "min_over",
    "norm_inf",
    "and_",
    "apply",
    "broadcast",
    "component",
    "delta",
    "depends",
    "dot",
    "elementwise",
    "family",
    "function",
    "hadamard",
    "independent",
    "index",
    "layer_norm",
    "length",
    "matrix",
    "matvec",
    "mean",
    "norm",
    "ones",
    "privately",
    "prod",
    "put",
    "relu",
    "shape",
    "sizes",
    "softmax",
    "total",
    "variance",
    "vector",
    "vectors",
]
