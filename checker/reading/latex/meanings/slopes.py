r"""Derivatives: d/dx and \partial/\partial x_j, gradients, Jacobians, Hessians, values at a point.

Along a number the derivative is the limit of difference quotients (the kernel's ``diff``), along an entry or a vector
the one of the chain rule (``partial``), as in the language.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sympy

from ....kernel import term as T
from ....language import gradients as G
from ....language.densities import RandomVariable
from ....language.functions import VectorFunction
from ....language.indices import Family, put, shape
from ....language.nodes import Binder, Declared, Node
from .. import readback
from ..source import Unread
from ..tree import Tree
from .common import AtPoint, key_of, names_in, no_meaning
from .scalars import function_object, vector_argument

if TYPE_CHECKING:
    from ..meaning import Meaning

MAX_ORDER = 12


def along(body: Any, x: Any, point: Any = None) -> Any:
    """The derivative of a number along a symbol, at the point."""
    return Binder("diff", (x,), (x if point is None else point,), (body,))


def slope_of(f: Callable[[Any], Any], x: Any, point: Any, order: int) -> Any:
    """f^(order) at the point, for f given as an expression of its argument."""
    out = f(x)
    for k in range(order):
        out = along(out, x, point if k == order - 1 else x)
    return out


def derivative(m: Meaning, t: Tree) -> Any:
    body, *variables = t.parts
    if len(variables) > MAX_ORDER:
        raise no_meaning(f"a derivative of order {len(variables)}", t)
    body = _applied(m, body, variables)
    refuse_unrelated(m, body, variables, t)
    f = m.read(body)
    for v in reversed(variables):           # d^2 f/(dx dy): along y first
        f = _one_derivative(m, f, target(m, v), v, t)
    return f


def _applied(m: Meaning, body: Tree, variables: list[Tree]) -> Tree:
    r"""``\frac{df}{dx}`` of a function or a definition of one number: of f(x)."""
    if m.objects.kind(body) not in ("function", "definition") or any(v != variables[0] for v in variables):
        return body
    role = m.objects.role(body.value)
    one = role.params == (variables[0],) if role.kind == "definition" else len(role.sizes) <= 1
    if one and m.objects.kind(variables[0]) == "scalar":
        return Tree("call", (body, variables[0]), None, body.place)
    return body


def _one_derivative(m: Meaning, f: Any, x: Any, v: Tree, t: Tree) -> Any:
    if isinstance(x, sympy.Symbol):
        if x.is_integer or x.is_rational:
            raise no_meaning(f"a derivative along {x}, which moves in steps", v, f"declare  {x}: real")
        if shape(f):
            return G.partial(f, x)
        return along(f, x)
    if shape(x):
        if shape(f):
            if len(shape(f)) != 1 or len(shape(x)) != 1:
                raise no_meaning("a derivative of a matrix by a matrix", t, "write it for the entries")
            m.note("the derivative of a vector by a vector has the entry (i, j) = derivative of entry i along entry j")
            return G.jacobian(f, x)
        return G.grad(f, x)
    return G.partial(f, x)


def target(m: Meaning, v: Tree) -> Any:
    """What is differentiated by: a number, an entry, a vector or matrix."""
    if v.head == "transpose":
        return target(m, v.parts[0])
    if v.head not in ("name", "entry"):
        raise no_meaning("a derivative along a formula", v, "name it, and differentiate by the name")
    x = m.read(v)
    if isinstance(x, RandomVariable):
        raise no_meaning(f"a derivative along the random variable {x}", v,
                         "declare it as a number: densities with formulas are functions of a real number")
    if isinstance(x, Node) and x.head.startswith("@"):
        raise Unread("partial-defined", f"a derivative along {x.head[1:]}, which is defined: what is held while it "
                     "moves?", v.place, "differentiate by a declared name, or declare it and state its definition")
    if isinstance(x, (sympy.Symbol, Family)) or isinstance(x, Node) and x.head in ("at", "member"):
        return x
    if isinstance(x, Declared):
        raise no_meaning(f"a derivative along {x}", v)
    raise no_meaning("a derivative along this", v, "name a number, an entry or a vector")


def refuse_unrelated(m: Meaning, body: Tree, variables: list[Tree], t: Tree) -> None:
    r"""``\frac{dy}{dx}`` of a number y that is declared beside x would be 0: hardly what is meant."""
    names = reached(m, body)
    away = [v for v in variables if not names_in(v) & names]
    if not names or not away:
        return
    of = readback.latex(away[0])
    if body.head == "entry" and body.parts[0].head == "name":
        raise Unread("unrelated", f"{body.parts[0].value} and {of} are declared apart: this derivative would be 0",
                     t.place, f"define {readback.latex(body)} by a formula in {of}, {body.parts[0].value} := ...")
    if body.head == "name":
        raise Unread("unrelated", f"{body.value} is declared as a number of its own: its derivative along {of} would "
                     "be 0", t.place, f"define it, {body.value} := ..., or declare  {body.value}: function  and write "
                     f"{body.value}({of})")
    held = t.head != "derivative" or t.value == "partial"
    if not held or any(u.head in ("call", "prime") for u in body.walk()):
        raise Unread("unrelated", f"{of} does not occur in what is derived: its derivative would be 0", t.place,
                     f"a derivative at a point is written f'(a), or \\left. ... \\right|_{{{of} = a}}")
    if not _said_to_vanish(m, away, t):
        raise Unread("unrelated", f"{of} does not occur in what is derived: its derivative would be 0", t.place,
                     f"define what depends on {of} by a formula in it, y := ...")
    m.note(f"{readback.latex(body)} does not depend on {of}: they are declared apart")


def _said_to_vanish(m: Meaning, away: list[Tree], t: Tree) -> bool:
    r"""Does the line show that it means names declared apart: ``\frac{\partial}{\partial x} y^2 = 0``, or a term of a
    sum whose other derivatives along x are worked out?  Else a dependence that nobody declared would be lost."""
    if any(tree == Tree("number", (), Fraction(0)) for tree in m.line):
        return True
    others = [u for tree in m.line for u in tree.walk() if u.head in ("derivative", "gradient") and u != t
              and set(u.parts[1:]) & set(away)]
    return any(names_in(v) & reached(m, u.parts[0]) for u in others for v in u.parts[1:])


def reached(m: Meaning, t: Tree) -> set[str]:
    """The names in a tree, and in the definitions that it uses."""
    out: set[str] = set()
    todo = list(names_in(t))
    while todo:
        key = todo.pop()
        if key in out:
            continue
        out.add(key)
        role = m.notation.role(key)
        if role is not None and role.kind == "definition" and isinstance(role.value, Tree):
            todo += names_in(role.value) - {p.value for p in role.params}
    return {k for k in out if (r := m.notation.role(k)) is None or r.kind not in ("function", "alias", "density")}


_INFINITY = Tree("constant", (), "oo")


def evaluated(m: Meaning, t: Tree) -> Any:
    """A value at a point: the names move in the body, and there only."""
    body, *pairs = t.parts
    if len(pairs) == 1 and pairs[0].head == "tuple":
        pairs = list(pairs[0].parts)
    names, values = pairs[0::2], pairs[1::2]
    if len(names) == 1 and (values[0] == _INFINITY or values[0] == Tree("neg", (_INFINITY,))):
        return m.read(Tree("limit", (names[0], values[0], body), "", t.place))     # [F(x)]_0^\infty
    if pairs and all(p.head == "relation" and p.value == "=" for p in pairs):
        names, values = [p.parts[0] for p in pairs], [p.parts[1] for p in pairs]
    points = [m.read(v) for v in values]
    symbols = []
    for n in names:
        x = target(m, n)
        if not isinstance(x, sympy.Symbol):
            raise no_meaning("a value at a vector", n, "define the function, f(x) := ..., and write f(a)")
        symbols.append(x)
    f = m.read(body)
    if shape(f) or any(map(shape, points)):
        raise no_meaning("a vector or matrix at a point", t, "write it for the entries")
    return AtPoint("at-point", f, sympy.Tuple(*symbols), sympy.Tuple(*points))


def _declared_function(m: Meaning, body: Tree, primes: str) -> Any:
    """``\\nabla f(x)`` of a declared function of a vector: (the function, its argument), None for anything else."""
    if body.head != "call" or len(body.parts) != 2 or body.parts[0].head != "name":
        return None
    key = body.parts[0].value
    role = m.notation.role(key)
    if m.bound(key) is not None or role is None or role.kind != "function" or not vector_argument(m, role):
        return None
    f = function_object(m, role, [], body)
    return (f, m.read(body.parts[1])) if isinstance(f, VectorFunction) else None


def gradient(m: Meaning, t: Tree) -> Any:
    body, by = t.parts[0], t.parts[1:]
    if by:
        return _by(m, t, G.grad)
    found = _declared_function(m, body, "grad")
    if found is None and (along_ := _own_argument(m, body)) is not None:
        return _by(m, Tree("gradient", (body, along_), None, t.place), G.grad)
    if found is None:
        raise Unread("gradient", "a gradient: along what?", t.place, r"write \nabla_w")
    f, u = found
    return f.jacobian(u) if f.slots else f.grad(u)


def _own_argument(m: Meaning, body: Tree) -> Tree | None:
    r"""``\nabla L(w)`` with L(w) := ... and a declared w: along w."""
    if body.head != "call" or len(body.parts) != 2 or body.parts[0].head != "name" or body.parts[1].head != "name":
        return None
    role = m.notation.role(body.parts[0].value)
    if m.bound(body.parts[0].value) is not None or role is None or role.kind != "definition" or len(role.params) != 1:
        return None
    return body.parts[1] if m.objects.kind(body.parts[1]) in ("scalar", "vector", "matrix") else None


def _elsewhere(m: Meaning, body: Tree, by: Tree) -> bool:
    r"""``\nabla_w L(v)`` with L(w) := ... and a declared v like w: the gradient of L at v."""
    if body.head != "call" or len(body.parts) != 2 or body.parts[0].head != "name" or by.head != "name":
        return False
    role, argument = m.notation.role(body.parts[0].value), body.parts[1]
    if m.bound(body.parts[0].value) is not None or role is None or role.kind != "definition" or role.params != (by,):
        return False
    if argument == by or m.objects.kind(argument) not in ("vector", "matrix") or m.objects.kind(by) != m.objects.kind(
            argument):
        return False
    return bool(m.read(by).sort == m.read(argument).sort)


def _by(m: Meaning, t: Tree, operation: Any) -> Any:
    body, by = t.parts[0], t.parts[1]
    if _elsewhere(m, body, by):
        x, point = m.read(by), m.read(body.parts[1])
        here = Tree(t.head, (Tree("call", (body.parts[0], by), None, body.place), by), t.value, t.place)
        return put(_by(m, here, operation), {x: point})
    refuse_unrelated(m, body, [by], t)
    x = target(m, by)
    f = m.read(body)
    if isinstance(x, sympy.Symbol) and not shape(f) and operation in (G.grad, G.hessian):
        out = _one_derivative(m, f, x, by, t)
        return out if operation is G.grad else _one_derivative(m, out, x, by, t)
    return operation(f, x)


def hessian(m: Meaning, t: Tree) -> Any:
    return _along_or_declared(m, t, G.hessian, "a Hessian", r"write \nabla_w^2")


def jacobian(m: Meaning, t: Tree) -> Any:
    return _along_or_declared(m, t, G.jacobian, "a Jacobian", r"write J_x, or \frac{\partial u}{\partial x}")


def laplacian(m: Meaning, t: Tree) -> Any:
    return _along_or_declared(m, t, G.laplacian, "a Laplacian", r"write \Delta_x")


def divergence(m: Meaning, t: Tree) -> Any:
    return _along_or_declared(m, t, G.divergence, "a divergence", r"write \nabla_x \cdot u")


def _along_or_declared(m: Meaning, t: Tree, operation: Any, what: str, hint: str) -> Any:
    """Along the variable that is named; a Hessian or Jacobian of a declared function at a point names none."""
    if len(t.parts) > 1:
        return _by(m, t, operation)
    found = _declared_function(m, t.parts[0], t.head) if t.head in ("hessian", "jacobian") else None
    if found is None:
        raise Unread("gradient", f"{what}: along what?", t.place, hint)
    return getattr(found[0], t.head)(found[1])


READS = {"derivative": derivative, "evaluated": evaluated, "gradient": gradient, "hessian": hessian,
         "jacobian": jacobian, "laplacian": laplacian, "divergence-of": divergence}

__all__ = ["READS", "T", "along", "key_of", "names_in", "slope_of"]
