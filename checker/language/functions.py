"""Functions of vectors: f: R^n -> R and F: R^n -> R^m of which only properties are known.

    f = D.function("f", n);  f, g = D.functions("f g", n)        real functions of a vector of length n
    F = D.function("F", n, to=m)                                 vector-valued ones
    f(x), F(x)                        values at a vector expression
    grad(f, x), f.grad(x)             the gradient;   jacobian(F, x), F.jacobian(x);   hessian(f, x), f.hessian(x)
    convex(f)   strongly_convex(f, mu)   concave(f)   smooth(f, L)   lipschitz(f, L)   monotone(F)
    minimiser(f, x)   stationary(f, x)   bounded_below(f, c)   polyak_lojasiewicz(f, mu, c)   subgradient(f, g, x)

A function is continuously differentiable unless ``differentiable=False``; it is twice so where its Hessian is spoken
of.  The properties are quantified inequalities over all vectors (``kernel/function_laws``), to be assumed or claimed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


from ..kernel import term as T
from ..kernel.function_laws import Laws, derivative_name, derivative_of, derivative_sort
from ..kernel.matrix_terms import Entries, NoEntries
from .errors import StatementError
from .indices import Family, _check_index, _private, _said, _size_term, _words, component, shape
from .matrix_nodes import MatrixLike
from .nodes import Declared, Node, Shaped, Statement, expression


class VectorFunction(Declared):
    """A declared function of a vector: ``f(x)`` is a number, ``F(x)`` a vector."""

    derivative: VectorFunction | None = None
    parent: VectorFunction | None = None
    needs: tuple[Any, ...] = ()

    def __call__(self, *args: Any) -> Any:
        if len(args) != 1:
            raise StatementError(f"{self.name} takes one vector, not {len(args)} arguments", "arguments")
        u = expression(args[0])
        if isinstance(u, VectorFunction):
            raise StatementError(f"{self.name}({u.name}): its argument is a vector, and {u.name} is a function: write "
                                 f"{self.name}({u.name}(x))", "arguments")
        if shape(u) != self.domain:
            raise StatementError(
                f"{self.name} takes {_said(self.domain)}, and {u} is {_said(shape(u))}", "shape")
        return VectorValue("value", self, u) if self.slots else ScalarValue("value", self, u)

    def __getitem__(self, indices: Any) -> Any:
        raise StatementError(f"{self.name} is a function: {self.name}(x) is its value at a vector, "
                             f"grad({self.name}, x) its gradient", "arguments")

    @property
    def domain(self) -> tuple[Any, ...]:
        return tuple(self.sort.args[0].args)

    @property
    def slots(self) -> tuple[Any, ...]:
        return tuple(self.sort.args[1:])

    def slope(self, order: int = 1) -> VectorFunction:
        """The derivative: its gradient, its Jacobian, its Hessian."""
        if self.derivative is None:
            raise StatementError(
                f"{self.name} was declared with differentiable=False: it has no gradient here; "
                f"subgradient({self.name}, g, x) says that g is a subgradient at x", "differentiable")
        return self.derivative if order == 1 else self.derivative.slope(order - 1)

    def grad(self, x: Any) -> Any:
        if self.slots:
            raise StatementError(f"{self.name} has vectors as values: its derivative is jacobian({self.name}, x)",
                                 "shape")
        return self.slope()(x)

    gradient = grad

    def jacobian(self, x: Any) -> Any:
        return self.slope()(x)

    def hessian(self, x: Any) -> Any:
        if self.slots:
            raise StatementError(f"{self.name} has vectors as values: a Hessian is of a real function", "shape")
        return self.slope(2)(x)

    def read_into(self, reading: Any) -> T.Term:
        """Declared with its derivative, so that it is known to be differentiable; a derivative with its function."""
        for size in self.needs:
            reading.term(size)
        if self.parent is not None:
            self.parent.read_into(reading)
            fact = derivative_of(T.Var(self.name), T.Var(self.parent.name))
            return reading.declare(self.name, self.sort, (fact,), self)
        me = reading.declare(self.name, self.sort, (), self)
        if (d := self.derivative) is not None:
            reading.declare(d.name, d.sort, (derivative_of(T.Var(d.name), me),), d)
        return me


def _made(name: str, sort: T.Map, needs: tuple[Any, ...], orders: int) -> VectorFunction:
    f: VectorFunction = VectorFunction(name, sort)
    f.needs = needs
    if orders:
        f.derivative = _made(derivative_name(name, sort), derivative_sort(sort), needs, orders - 1)
        f.derivative.parent = f
    return f


def functions(names: str, n: Any, to: Any = None, differentiable: bool = True) -> Any:
    """Functions of vectors of length ``n``, with values in R or (``to=m``) in R^m."""
    if isinstance(n, (Declared, VectorFunction)) and not n.is_integer:
        raise StatementError(f"{n} is no size: D.function({names!r}, n) takes the length of the vectors", "size")
    slots = () if to is None else (T.Index(_size_term(to)),)
    sort = T.Map((T.Map((T.Index(_size_term(n)),), T.REAL), *slots), T.REAL)
    needs = (n,) if to is None else (n, to)
    out = [_made(word, sort, needs, 3 if differentiable else 0) for word in _words(names)]
    return out[0] if len(out) == 1 else tuple(out)


class ScalarValue(Node):
    """f(x), or an entry of F(x): operands are the function, the vector, the indices."""

    def read_into(self, reading: Any) -> T.Term:
        f, u, *indices = self.operands
        head = reading.term(f)
        point = vector_term(u, reading)
        return T.App("at", (head, point, *(reading.term(i) for i in indices)))

    def _sympystr(self, printer: Any) -> str:
        f, u, *indices = self.operands
        return f"{f.name}({u}){[*indices] if indices else ''}"


class VectorValue(MatrixLike, Shaped):
    """F(x), grad(f, x), a Jacobian, a Hessian."""

    def own_shape(self) -> tuple[Any, ...]:
        return self.operands[0].slots

    def entry(self, *at: Any) -> Any:
        return ScalarValue("value", *self.operands, *at)

    def __getitem__(self, indices: Any) -> Any:
        at = indices if isinstance(indices, tuple) else (indices,)
        if len(at) != len(self.own_shape()):
            raise StatementError(f"{self} takes {len(self.own_shape())} indices, not {len(at)}", "indices")
        for i, s in zip(at, self.own_shape(), strict=True):
            _check_index(str(self), i, s)
        return self.entry(*at)

    def _sympystr(self, printer: Any) -> str:
        return f"{self.operands[0].name}({self.operands[1]})"


def vector_term(u: Any, reading: Any) -> T.Term:
    """A vector as the argument of a function: a declared name, or a lambda of its entries."""
    if isinstance(u, Family):
        return reading.term(u)
    indices: list[Any] = []
    for sort in shape(u):
        indices.append(_private(sort, u, *indices))
    bound = [(*reading._bound_name(i), i) for i in indices]
    body = reading.bind(bound, lambda: reading.term(component(u, *indices)))
    sorts = {**reading.declarations, **{n: k for scope in reading._bound for n, (k, _) in scope.items()},
             **{n: k for n, k, _ in bound}}
    try:                       # a product A x by its entries: the function's argument is a vector of numbers
        body = Entries(sorts, T.free_names(body)).expand(body)
    except NoEntries:
        pass
    return T.Bind("lambda", tuple(n for n, _, _ in bound), tuple(s for _, s, _ in bound), (), (body,))


# ------------------------------------------------------------------ properties


class Property(Statement):
    """A property of a declared function; operands are the function and what the property names beside it."""

    def read_into(self, reading: Any) -> T.Term:
        f, *others = self.operands
        head = reading.term(f)
        slope = T.Var(f.derivative.name) if f.derivative is not None else None
        read = [vector_term(o, reading) if shape(o) else reading.term(o) for o in others]
        laws = Laws(f.domain[0].size, head, slope, *read)
        return _FORMULAS[self.head](laws, f, head, slope, *read)


def _sum_of(laws: Laws, u: T.Term, v: Callable[[T.Term], T.Term]) -> T.Term:
    return laws.over(lambda i: T.mul(T.app("at", u, i), v(i)))


def _monotone(laws: Laws, f: Any, head: T.Term, slope: Any, *mu: T.Term) -> T.Term:
    x, y = (T.Var(n) for n in laws.names("x", "y"))
    product = laws.over(lambda i: T.mul(T.sub(T.app("at", head, x, i), T.app("at", head, y, i)),
                                        T.sub(T.app("at", x, i), T.app("at", y, i))))
    least = T.mul(mu[0], laws.distance(x, y)) if mu else T.num(0)
    return laws.forall((x.name, y.name), T.app(">=", product, least))


def _subgradient(laws: Laws, f: Any, head: T.Term, slope: Any, g: T.Term, x: T.Term) -> T.Term:
    (y,) = (T.Var(n) for n in laws.names("y"))
    line = T.add(T.app("at", head, x), _sum_of(laws, g, lambda i: T.sub(T.app("at", y, i), T.app("at", x, i))))
    return laws.forall((y.name,), T.app(">=", T.app("at", head, y), line))


def _strongly(laws: Laws, f: Any, head: T.Term, slope: Any, mu: T.Term) -> T.Term:
    return T.conj(T.app("<", T.num(0), mu), laws.convex(head, mu))


def _bounded(laws: Laws, f: Any, head: T.Term, slope: Any, c: T.Term) -> T.Term:
    (x,) = laws.names("x")
    return laws.forall((x,), T.app("<=", c, T.app("at", head, T.Var(x))))


def _dominated(laws: Laws, f: Any, head: T.Term, slope: Any, mu: T.Term, c: T.Term) -> T.Term:
    (x,) = laws.names("x")
    gap = T.mul(T.num(2), mu, T.sub(T.app("at", head, T.Var(x)), c))
    return laws.forall((x,), T.app(">=", laws.square(lambda i: T.app("at", slope, T.Var(x), i)), gap))


_FORMULAS: dict[str, Callable[..., T.Term]] = {
    "convex": lambda laws, f, head, slope: laws.convex(head),
    "concave": lambda laws, f, head, slope: laws.convex(head, turned=True),
    "strongly-convex": _strongly,
    "smooth": lambda laws, f, head, slope, bound: laws.lipschitz(slope, bound, *f.domain),
    "lipschitz": lambda laws, f, head, slope, bound: laws.lipschitz(head, bound, *f.slots),
    "monotone": _monotone,
    "minimiser": lambda laws, f, head, slope, x: laws.minimiser(head, x),
    "stationary": lambda laws, f, head, slope, x: laws.stationary(slope, x),
    "bounded-below": _bounded,
    "dominated": _dominated,
    "subgradient": _subgradient,
}


def _property(kind: str, f: Any, *others: Any, values: int = 0, slope: bool = False, vectors: int = 0) -> Any:
    """``values``: how many indices f's values have; the first ``vectors`` of the others are vectors of its domain."""
    said = kind.replace("-", "_")
    if not isinstance(f, VectorFunction):
        raise StatementError(f'{said}(f, ...) takes a function declared by D.function("f", n), not {f}', "function")
    if len(f.slots) != values:
        raise StatementError(f"{said}({f.name}): {f.name} has {'vectors' if f.slots else 'numbers'} as values",
                             "shape")
    if slope:
        f.slope()
    read = [expression(o) for o in others]
    for k, o in enumerate(read):
        if shape(o) != (f.domain if k < vectors else ()):
            wanted = _said(f.domain) if k < vectors else "a number"
            raise StatementError(f"{said}({f.name}, ...): {o} is {_said(shape(o))}, where {wanted} is needed", "shape")
    return Property(kind, f, *read)


def strongly_convex(f: Any, mu: Any) -> Any:
    """0 < mu and f - mu/2 |x|^2 is convex."""
    return _property("strongly-convex", f, mu)


def smooth(f: Any, L: Any) -> Any:
    """The gradient of f is Lipschitz with the constant L."""
    return _property("smooth", f, L, slope=True)


def lipschitz(f: Any, L: Any) -> Any:
    """|f(x) - f(y)| <= L |x - y|."""
    return _property("lipschitz", f, L, values=len(f.slots) if isinstance(f, VectorFunction) else 0)


def monotone(F: Any, mu: Any = None) -> Any:
    """<F(x) - F(y), x - y> >= 0, or >= mu |x - y|^2."""
    if isinstance(F, VectorFunction) and F.slots and F.slots[0] != F.domain[0]:
        raise StatementError(f"monotone({F.name}): its values are not of the length of its argument", "shape")
    return _property("monotone", F, *([] if mu is None else [mu]), values=1)


def minimiser(f: Any, x: Any) -> Any:
    """f(x) <= f(y) for every y."""
    return _property("minimiser", f, x, vectors=1)


minimizer = minimiser


def bounded_below(f: Any, c: Any) -> Any:
    """c <= f(x) for every x."""
    return _property("bounded-below", f, c)


def polyak_lojasiewicz(f: Any, mu: Any, least: Any) -> Any:
    """|grad f(x)|^2 >= 2 mu (f(x) - least) for every x."""
    return _property("dominated", f, mu, least, slope=True)


def subgradient(f: Any, g: Any, x: Any) -> Any:
    """f(y) >= f(x) + <g, y - x> for every y."""
    return _property("subgradient", f, g, x, vectors=2)


def own_property(kind: str, f: Any, *others: Any) -> Any:
    """``convex(f)``, ``concave(f)``, ``stationary(f, x)`` of a declared function: see language/optimality."""
    return _property(kind, f, *others, slope=kind == "stationary", vectors=len(others))


def convex(f: Any) -> Any:
    return own_property("convex", f)


def concave(f: Any) -> Any:
    return own_property("concave", f)


def stationary(f: Any, x: Any) -> Any:
    """The gradient of f is 0 at x."""
    return own_property("stationary", f, x)


__all__ = ["VectorFunction", "bounded_below", "concave", "convex", "functions", "lipschitz", "minimiser", "minimizer",
           "monotone", "polyak_lojasiewicz", "smooth", "stationary", "strongly_convex", "subgradient"]
