"""Big sums and products, integrals, limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sympy

from ....language.densities import integral as integral_over_states
from ....language.indices import prod, shape, total
from ....language.limits import limit
from ....language.nodes import Binder
from ..source import Unread
from ..tree import Tree
from .bindings import Bound, Item, fresh_name, guard_of, plan, split
from .common import RealIntegral, key_of, names_in, no_meaning, plus, times

if TYPE_CHECKING:
    from ..meaning import Meaning


def sum_(m: Meaning, t: Tree) -> Any:
    return _big(m, t, "sum")


def product(m: Meaning, t: Tree) -> Any:
    return _big(m, t, "prod")


def _big(m: Meaning, t: Tree, head: str) -> Any:
    binding, body = t.parts
    variables, conditions = split(binding)
    ends = [e for v in variables for e in (v.lower, v.upper) if e is not None]
    return _nested(m, t, head, variables, conditions, body, [body, *conditions, *ends], [])


def _nested(m: Meaning, t: Tree, head: str, variables: list[Item], conditions: list[Tree], body: Tree,
            used: list[Tree], bounds: list[Bound]) -> Any:
    """From the outermost variable inwards: a range may speak of those before it."""
    if not variables:
        guard = guard_of(m, conditions, bounds)
        return _wrapped(m, t, head, bounds, guard, m.read(body))
    bound = plan(m, variables[0], used, t)
    if bound.kind == "values":
        terms = []
        for value in bound.values:
            with m.scope({bound.key: value}):
                terms.append(_nested(m, t, head, variables[1:], conditions, body, used, bounds))
        return plus(*terms) if head == "sum" else times(*terms)
    with m.scope({bound.key: bound.object}):
        return _nested(m, t, head, variables[1:], conditions, body, used, [*bounds, bound])


def _wrapped(m: Meaning, t: Tree, head: str, bounds: list[Bound], guard: Any, body: Any) -> Any:
    kinds = {b.kind for b in bounds}
    if not bounds:
        if guard is not None:
            raise no_meaning("a condition on a listed set", t)
        return body
    if kinds == {"index"}:
        names = tuple(b.object for b in bounds)
        return (total if head == "sum" else prod)(names, body, where=guard)
    if kinds == {"states"}:
        if head != "sum" or guard is not None:
            raise no_meaning("a product, or a condition, over the values of a random variable", t)
        return integral_over_states(body, *(b.object for b in bounds))
    if "states" in kinds:
        raise no_meaning("a sum over indices and values of a random variable at once", t, "write two sums")
    if shape(body):
        raise no_meaning("a sum of vectors or matrices over integers", t,
                         "declare the family that is summed, or write it for the entries")
    for k, b in enumerate(reversed(bounds)):
        where = guard if k == 0 else None
        if b.kind == "index":
            body = (total if head == "sum" else prod)(b.object, body, where=where)
        else:
            body = Binder(head, (b.object,), (b.lower, b.upper), (sympy.true if where is None else where, body))
    return body


# ------------------------------------------------------------------ integrals


def integral(m: Meaning, t: Tree) -> Any:
    binding, body = t.parts
    variables, conditions = split(binding)
    if conditions:
        raise no_meaning("an integral over the points with a condition", t, "write the ends of the range")
    return _integral(m, t, variables, body)


def _integral(m: Meaning, t: Tree, variables: list[Item], body: Tree) -> Any:
    if not variables:
        return m.read(body)
    item, *rest = variables
    lower, upper, states = ends(m, item, body, t)
    if states:
        x = m.objects.variable(item.key, item.variable)
        others = [v for v in rest if ends(m, v, body, t)[2]]
        if len(others) != len(rest):
            inner = _integral(m, t, rest, body)
            return integral_over_states(inner, x)
        return integral_over_states(m.read(body), x, *(m.objects.variable(v.key, v.variable) for v in others))
    if lower is None:
        raise Unread("bounds", f"an integral over {item.key} without ends names a function only up to a constant",
                     t.place, r"write the ends, or the whole line  \int f \, dx = F + c")
    x = _variable(m, item)
    with m.scope({item.key: x}):
        inner = _integral(m, t, rest, body)
    if shape(inner):
        raise no_meaning("an integral of a vector or matrix", t, "write it for the entries")
    return RealIntegral("integral", x, lower, upper, inner)


def _variable(m: Meaning, item: Item) -> Any:
    """A real number that an integral binds: the declared one, so that definitions that speak of it move with it."""
    name = fresh_name(m, item.key)
    role = m.notation.role(item.key)
    if role is not None and role.kind == "scalar" and role.domain == "real" and name == m.objects.name(item.key):
        x = m.objects.get(item.key, item.variable)
        if isinstance(x, sympy.Symbol):
            return x
    return sympy.Symbol(name, real=True)


def ends(m: Meaning, item: Item, body: Tree, t: Tree) -> tuple[Any, Any, bool]:
    """The ends of an integral, and whether it goes over all values of a random variable."""
    key = item.key
    role = m.notation.role(key)
    random = (role is not None and role.kind == "random") or in_density(key, body)
    if m.bound(key) is not None and not in_density(key, body):
        random = False
    if item.within is not None:
        match item.within.head:
            case "constant" if item.within.value == "R":
                return (None, None, True) if random else (-sympy.oo, sympy.oo, False)
            case "interval":
                a, b = item.within.parts
                if not random:
                    return m.read(a), m.read(b), False
            case "name" if random:
                return None, None, True
        raise no_meaning(f"an integral over {key} in this set", t, "write the ends of the range")
    if item.lower is None or item.upper is None:
        return None, None, random
    lower, upper = m.read(item.lower), m.read(item.upper)
    if not random:
        return lower, upper, False
    if (lower, upper) == (-sympy.oo, sympy.oo):
        return None, None, True
    raise no_meaning(f"an integral over a part of the values of the random variable {key}", t,
                     r"use an indicator: \int 1[x > a] p(x) \, dx, or  \Pr(X > a)")


def in_density(key: str, body: Tree) -> bool:
    """Whether a name stands in an unspecified density."""
    return any(t.head == "density" and any(key in names_in(p) for p in t.parts[1:3]) for t in body.walk())


def indefinite(m: Meaning, t: Tree) -> bool:
    """An integral that names a function up to a constant."""
    if t.head != "integral":
        return False
    variables, conditions = split(t.parts[0])
    return len(variables) == 1 and not conditions and ends(m, variables[0], t.parts[1], t) == (None, None, False)


# ------------------------------------------------------------------ limits


def limit_(m: Meaning, t: Tree) -> Any:
    variable, point, body = t.parts
    x = moving(m, variable, "the variable of a limit")
    a = m.read(point)
    with m.scope({key_of(variable, "the variable of a limit"): x}):
        f = m.read(body)
    return limit(f, x, a, str(t.value) or None)


def moving(m: Meaning, variable: Tree, what: str) -> Any:
    """A symbol that moves: the declared one."""
    key = key_of(variable, what)
    bound = m.bound(key)
    if bound is not None:
        if isinstance(bound, sympy.Symbol):
            return bound
        raise no_meaning(f"{what} is bound here and is no number", variable)
    role = m.notation.role(key)
    if role is None:
        return sympy.Symbol(m.objects.name(key), real=True)
    x = m.objects.get(key, variable)
    if not isinstance(x, sympy.Symbol):
        raise no_meaning(f"{what} must be a number", variable)
    if m.objects._given.get(key):
        raise no_meaning(f"{key} is declared with a condition, and moves here", variable,
                         "declare it without the condition, and state that where it matters")
    return x


def parts_of(binding: Tree) -> Iterator[Item]:
    yield from split(binding)[0]


READS = {"sum": sum_, "prod": product, "integral": integral, "limit": limit_}

__all__ = ["READS", "in_density", "indefinite", "moving"]
