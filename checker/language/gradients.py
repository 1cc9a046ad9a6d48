"""Derivatives in index form: partial, gradient, Jacobian, Hessian, directional.

    partial(f, x[j])        the derivative of f along the entry x_j, every other declared name held
    grad(f, x)              the same for every entry, in the shape of x: grad(f, x)[j] is partial(f, x[j])
    jacobian(u, x)          entry (i, j) is partial(u_i, x[j]);  layout="denominator": its transpose
    hessian(f, x)           entry (i, j) is partial(partial(f, x[i]), x[j])
    directional(f, x, u)    sum_j u_j partial(f, x[j])
    laplacian(f, x), divergence(u, x)

``x`` is a declared vector, matrix or family, a member ``k[a]`` of one, or a real symbol.  Definitions are
unfolded first, so ``f`` may be a defined name; what is differentiated by is a declared one.  Derivatives follow
the chain rule: where an argument of relu, Abs, Max that moves is at its corner they have no value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import sympy

from ..kernel import term as T
from .errors import StatementError
from .functions import VectorFunction
from .indices import Family, VectorDefinition, _check_index, _private, _sort_of, _vector, component, shape, total
from .matrix_nodes import MatrixLike
from .matrices import transpose
from .nodes import Binder, BinderStatement, Declared, IndexName, Node, Shaped, expression


class Partial(Node):
    """``partial(f, x[j])``: operands are f, the family (or the symbol), and the entry's indices."""

    def read_into(self, reading: Any) -> T.Term:
        f, x, *indices = self.operands
        return self.of(reading, lambda: reading.term(f), x, *indices)

    @staticmethod
    def of(reading: Any, body: Callable[[], T.Term], x: Any, *indices: Any) -> T.Term:
        """The derivative of what ``body`` reads, along an entry of ``x``."""
        name, sort = reading._bound_name(x)
        if isinstance(sort, T.Map) and sort.result != T.REAL or isinstance(sort, T.Scalar) and sort != T.REAL:
            raise StatementError(f"a partial derivative along {name}, which is not declared real", "partial")
        point = reading.term(x)
        entry = T.App("tuple", tuple(reading.term(i) for i in indices))
        inner = reading.bind([(name, sort, x)], body)
        return T.Bind("partial", (name,), (sort,), (point, entry), (inner,))

    def _sympystr(self, printer: Any) -> str:
        f, x, *indices = self.operands
        return f"partial({f}, {x}{[*indices] if indices else ''})"


class Gradient(MatrixLike, Shaped):
    """Derivatives of every entry of f along every entry of each of the targets, in this order of indices."""

    def own_shape(self) -> tuple[T.Index, ...]:
        f, *targets = self.operands
        return shape(f) + tuple(s for x in targets for s in shape(x))

    def entry(self, *at: Any) -> Any:
        f, *targets = self.operands
        first, rest = at[: len(shape(f))], list(at[len(shape(f)):])
        out = component(f, *first)
        for x in targets:
            mine, rest = rest[: len(shape(x))], rest[len(shape(x)):]
            out = _along(out, component(x, *mine))
        return out

    def __getitem__(self, indices: Any) -> Any:
        return _item(self, indices)

    def _sympystr(self, printer: Any) -> str:
        return f"grad({', '.join(map(str, self.operands))})"


class Transposed(MatrixLike, Shaped):
    """A matrix of derivatives with its two groups of indices exchanged: the other layout."""

    def own_shape(self) -> tuple[T.Index, ...]:
        whole, front = shape(self.operands[0]), len(shape(self.operands[0].operands[0]))
        return whole[front:] + whole[:front]

    def entry(self, *at: Any) -> Any:
        (of,) = self.operands
        back = len(shape(of)) - len(shape(of.operands[0]))
        return component(of, *at[back:], *at[:back])

    def __getitem__(self, indices: Any) -> Any:
        return _item(self, indices)


def _item(e: Any, indices: Any) -> Any:
    at = indices if isinstance(indices, tuple) else (indices,)
    slots = shape(e)
    if len(at) != len(slots):
        raise StatementError(f"{e} takes {len(slots)} indices, not {len(at)}", "indices")
    for i, s in zip(at, slots, strict=True):
        _check_index(str(e), i, s)
    return component(e, *at)


def _along(f: Any, x: Any) -> Any:
    """The derivative of a number along one declared entry or symbol."""
    if isinstance(x, Node) and x.head == "at":
        family, *indices = x.operands
        return Partial("partial", f, family, *indices)
    return Partial("partial", f, x)


def _target(x: Any) -> Any:
    """What may be differentiated by.  Raises :class:`StatementError` with what would help."""
    if isinstance(x, VectorDefinition) or type(x).__name__ == "Defined":
        raise _by_defined(x.name)
    x = expression(x)
    if isinstance(x, Node) and (x.head.startswith("@") or x.head == "vector"):
        raise _by_defined((str(x.operands[0]) if x.head == "vector" else x.head).lstrip("@"))
    if isinstance(x, IndexName):
        raise StatementError(
            f"a derivative along {x.name}, which is an index: name the entry that moves, x[{x.name}] of a declared x",
            "partial")
    if isinstance(x, Node) and x.head == "at":
        family = x.operands[0]
        if not isinstance(family, Declared) or not all(isinstance(s, T.Index) for s in family.sort.args):
            raise StatementError(
                f"a derivative along {x}, the value of a function: name the declared number that moves, or write "
                "the function of its argument and differentiate by that", "partial")
        return x
    if isinstance(x, Family):
        if len(x.slots) != len(x.sort.args):
            raise StatementError(f"a derivative along {x.name}, which is a function", "partial")
        return x
    if isinstance(x, Node) and x.head == "member":
        return x
    if isinstance(x, sympy.Symbol):
        if not x.is_real:
            raise StatementError(
                f"a partial derivative along {x}, which is complex: declare it real, symbols({x.name!r}, real=True)",
                "partial")
        if x.is_integer or x.is_rational:
            raise StatementError(f"a derivative along {x}, which moves in steps: declare it real", "partial")
        return x
    raise StatementError(
        f"a derivative along {x}: name a declared vector, matrix or family, an entry x[j] of one, or a real symbol",
        "partial")


def _by_defined(name: str) -> StatementError:
    return StatementError(
        f"a derivative along {name}, which is defined: what is held while it moves?  Declare {name} as a vector or "
        f"number of its own and state its definition in given=[...] (the partial derivative, all else held), or "
        f"differentiate by the declared names it is made of (the total derivative)", "partial-defined")


#: Names that the language itself gives to indices of its sums (``indices._private``).
_OWN = re.compile(r"r(_\d+)?")


def _free_of_bound(f: Any, x: Any) -> Any:
    """``f`` with the indices of the language's own sums out of the way of ``x``.

    The i of ``partial(total(i, x[i]), x[i])`` is two things, and the bound one moves nothing: an error; but
    who writes ``norm(z)`` has bound no name."""
    moved = {x, *(x.operands[1:] if isinstance(x, Node) else ())}
    for e in sympy.preorder_traversal(f):
        if isinstance(e, (Binder, BinderStatement)):
            bound = set(e.args[1])
        elif isinstance(e, (sympy.Sum, sympy.Product, sympy.Integral)):
            bound = {limit[0] for limit in e.limits}
        else:
            continue
        for n in bound & moved:
            if isinstance(e, Binder) and isinstance(n, IndexName) and _OWN.fullmatch(n.name):
                other = _private(_sort_of(n), f, x)
                return _free_of_bound(_renamed(f, n, other), x)
            raise StatementError(
                f"partial(f, {x}): {n} is bound in {e}; what is differentiated by needs a name of its own, another "
                f"index than {n}" if isinstance(n, IndexName) else
                f"partial(f, {x}): {n} is bound in {e}, which is no function of it: name what moves, a parameter or "
                "an end of the range", "partial-bound")
    return f


def _renamed(f: Any, old: Any, new: Any) -> Any:
    """``f`` with ``new`` for ``old`` wherever a sum binds ``old``."""
    if isinstance(f, Binder) and old in f.args[1]:
        return f.xreplace({old: new})
    if not isinstance(f, sympy.Basic) or not f.args:
        return f
    args = [_renamed(a, old, new) for a in f.args]
    return f if all(a is b for a, b in zip(args, f.args, strict=True)) else f.func(*args)


def _function(f: Any) -> Any:
    if isinstance(f, (int, float)) and not isinstance(f, bool):
        f = sympy.sympify(f)
    return expression(f)


def partial(f: Any, x: Any, *more: Any) -> Any:
    """The derivative of ``f`` along the entry ``x[j]`` or the real symbol ``x``; ``partial(f, x[i], x[j])`` is the
    second one, along ``x[i]`` first."""
    f = _function(f)
    for y in (x, *more):
        y = _target(y)
        f = _free_of_bound(f, y)
        if shape(y):
            raise StatementError(
                f"partial(f, {y}): {y} has many entries; grad(f, {y}) is the derivative by all of them, "
                f"partial(f, {y}[j]) by one", "partial")
        f = Gradient("gradient", f, y) if shape(f) else _along(f, y)
    return f


def grad(f: Any, x: Any) -> Any:
    """The gradient of a number, in the shape of ``x``."""
    if isinstance(f, VectorFunction):
        return f.grad(x)
    f, x = _function(f), _target(x)
    if shape(f):
        raise StatementError(
            f"grad({f}, {x}): {f} is no number; jacobian({f}, {x}) is the matrix of its derivatives, entry (i, j) "
            "the derivative of entry i along entry j", "shape")
    return Gradient("gradient", f, x) if shape(x) else _along(f, x)


gradient = grad


def jacobian(u: Any, x: Any, layout: str = "numerator") -> Any:
    """Entry (i, j) is the derivative of u_i along x_j; with layout="denominator" that is entry (j, i)."""
    if layout not in ("numerator", "denominator"):
        raise StatementError(
            f"layout={layout!r}: it is numerator (entry (i, j) is d u_i/d x_j) or denominator (its transpose)",
            "layout")
    if isinstance(u, VectorFunction):
        return transpose(u.jacobian(x)) if layout == "denominator" and u.slots else u.jacobian(x)
    u, x = _function(u), _target(x)
    whole = Gradient("gradient", u, x)
    if not shape(whole):
        return _along(u, x)
    return Transposed("transposed", whole) if layout == "denominator" and shape(u) and shape(x) else whole


def hessian(f: Any, x: Any) -> Any:
    """The second derivatives of a number, entry (i, j) along x_i, then x_j."""
    if isinstance(f, VectorFunction):
        return f.hessian(x)
    f, x = _function(f), _target(x)
    if shape(f):
        raise StatementError(f"hessian({f}, {x}): {f} is no number", "shape")
    return Gradient("gradient", f, x, x) if shape(x) else _along(_along(f, x), x)


def directional(f: Any, x: Any, u: Any) -> Any:
    """The derivative of ``f`` at ``x`` in the direction ``u``: sum_j u_j d f/d x_j (no length is divided by)."""
    f, x, u = _function(f), _target(x), expression(u)
    if not shape(x):
        return sympy.Mul(u, _along(f, x), evaluate=False)
    if shape(u) != shape(x):
        raise StatementError(f"directional(f, {x}, {u}): the direction is not of the shape of {x}", "shape")
    at: list[Any] = []
    for sort in shape(x):
        at.append(_private(sort, f, x, u, *at))
    if shape(f):
        raise StatementError(f"directional({f}, {x}, {u}): {f} is no number; use jacobian", "shape")
    return total(tuple(at), sympy.Mul(component(u, *at), _along(f, component(x, *at)), evaluate=False))


def laplacian(f: Any, x: Any) -> Any:
    """The sum of the second derivatives along each entry."""
    f, x = _function(f), _target(x)
    at: list[Any] = []
    for sort in shape(x):
        at.append(_private(sort, f, x, *at))
    one = component(x, *at)
    return total(tuple(at), _along(_along(f, one), one)) if at else _along(_along(f, x), x)


def divergence(u: Any, x: Any) -> Any:
    """sum_j d u_j/d x_j."""
    u, x = expression(u), _target(x)
    (sort,) = _vector(u, x)
    r = _private(sort, u, x)
    return total(r, _along(component(u, r), component(x, r)))


__all__ = ["directional", "divergence", "grad", "gradient", "hessian", "jacobian", "laplacian", "partial"]
