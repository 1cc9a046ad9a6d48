r"""Expansions at 0: ``\log(1 + x) = x - \frac{x^2}{2} + O(x^3)``.

O(x^3) speaks of x that tends to 0 where the row says so, or where the terms beside it are powers of x below the third:
as x tends to infinity they would all be lost in it.  ``x^2 + 3x = O(x^2)`` by itself says neither, and is refused.

f = O(x^k) at 0 is decided as a limit: f / x^(k-1) -> 0.  For a quotient of functions that are analytic at 0 this is the
same, as such an f is x^m g(x) with an integer m and g(0) != 0.  It is not for sqrt(x), which is O(x^(1/2)) and no O(x).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from .tree import Tree

ZERO = Tree("number", (), Fraction(0))
_MOST = 40
_COUNTING = frozenset("nmkNMKijl")
#: Functions that are analytic on the reals.
_ENTIRE: dict[str, Callable[[float], float]] = {
    "exp": math.exp, "sin": math.sin, "cos": math.cos, "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh,
    "arctan": math.atan, "sigmoid": lambda v: 1 / (1 + math.exp(-v)), "softplus": lambda v: math.log(1 + math.exp(v)),
}


class _Unknown(Exception):
    """The value at 0 is not known, or the function may have a kink there."""


def order_of(t: Tree) -> tuple[str, int] | None:
    """Of O(x^k), o(x^k): x and k; None if it is the order of something else."""
    g = t.parts[0]
    if g.head == "name":
        return str(g.value), 1
    if g.head == "pow" and g.parts[0].head == "name" and g.parts[1].head == "number":
        k = g.parts[1].value
        return (str(g.parts[0].value), int(k)) if k == int(k) and 0 < k <= _MOST else None
    return None


def at_zero(right: Tree) -> str:
    """The name that tends to 0 in ``1 + x + O(x^2)``, "" if that does not show."""
    orders = [p for p in right.parts if p.head == "order"] if right.head == "add" else []
    found = order_of(orders[0]) if len(orders) == 1 and orders[0].value in ("O", "o") else None
    if found is None:
        return ""
    x, k = found
    if x in _COUNTING:
        return ""                                           # 1 + O(n): the cost of a loop
    degrees = [_degree(p, x) for p in right.parts if p.head != "order"]
    lower = all(d is not None and d < k + (orders[0].value == "o") for d in degrees)
    return x if lower else ""


def _degree(t: Tree, x: str) -> int | None:
    """Of a term that is a power of x with a factor; None of anything else."""
    if not any(u.head == "name" and u.value == x for u in t.walk()):
        return 0
    match t.head:
        case "name":
            return 1
        case "neg":
            return _degree(t.parts[0], x)
        case "pow" if t.parts[0] == Tree("name", (), x) and t.parts[1].head == "number":
            k = t.parts[1].value
            return int(k) if k == int(k) and 0 <= k <= _MOST else None
        case "mul":
            degrees = [_degree(p, x) for p in t.parts]
            return None if None in degrees else sum(d for d in degrees if d is not None)
        case "div" if _degree(t.parts[1], x) == 0:
            return _degree(t.parts[0], x)
    return None


def meromorphic(t: Tree, x: str) -> bool:
    """Is it surely a quotient of functions of x that are analytic at 0?"""
    match t.head:
        case "add" | "mul" | "neg" | "div":
            return all(meromorphic(p, x) for p in t.parts)
        case "pow" if t.parts[1].head == "number" and t.parts[1].value == int(t.parts[1].value):
            return meromorphic(t.parts[0], x)
    return _analytic(t, x)


def _analytic(t: Tree, x: str) -> bool:
    if not any(u.head == "name" and u.value == x for u in t.walk()):
        return all(u.head not in ("call", "prime", "order") for u in t.walk())
    try:
        match t.head:
            case "name":
                return True
            case "add" | "mul" | "neg":
                return all(_analytic(p, x) for p in t.parts)
            case "div":
                return all(_analytic(p, x) for p in t.parts) and abs(_value(t.parts[1], x)) > 1e-6
            case "pow" if t.parts[1].head == "number" and t.parts[1].value == int(t.parts[1].value) > 0:
                return _analytic(t.parts[0], x)
            case "pow":
                base, exponent = t.parts
                positive = base == Tree("constant", (), "e") or _value(base, x) > 1e-6
                return positive and (base.head == "constant" or _analytic(base, x)) and _analytic(exponent, x)
            case "sqrt" | "root":
                return _analytic(t.parts[0], x) and _value(t.parts[0], x) > 1e-6
            case "function" if t.value in ("log", "ln") and len(t.parts) == 1:
                return _analytic(t.parts[0], x) and _value(t.parts[0], x) > 1e-6
            case "function" if t.value == "tan" and len(t.parts) == 1:
                return _analytic(t.parts[0], x) and abs(math.cos(_value(t.parts[0], x))) > 1e-6
            case "function" if t.value in _ENTIRE and len(t.parts) == 1:
                return _analytic(t.parts[0], x)
    except (_Unknown, ArithmeticError, ValueError):
        return False
    return False


def _value(t: Tree, x: str) -> float:
    """At x = 0, roughly."""
    match t.head:
        case "number":
            return float(t.value)
        case "constant" if t.value in ("e", "pi"):
            return math.e if t.value == "e" else math.pi
        case "name" if t.value == x:
            return 0.0
        case "add":
            return sum(_value(p, x) for p in t.parts)
        case "neg":
            return -_value(t.parts[0], x)
        case "mul":
            values = []
            for p in t.parts:
                try:
                    values.append(_value(p, x))
                except _Unknown:
                    values.append(math.nan)
            if 0.0 in values:
                return 0.0                                   # a x, with an a that nobody knows
            if any(map(math.isnan, values)):
                raise _Unknown
            return math.prod(values)
        case "div":
            return _value(t.parts[0], x) / _value(t.parts[1], x)
        case "pow" if t.parts[0] == Tree("constant", (), "e"):
            return math.exp(_value(t.parts[1], x))
        case "pow" if t.parts[1].head == "number" and abs(t.parts[1].value) <= _MOST:
            return float(_value(t.parts[0], x) ** float(t.parts[1].value))
        case "sqrt":
            return math.sqrt(_value(t.parts[0], x))
        case "function" if t.value in ("log", "ln") and len(t.parts) == 1:
            return math.log(_value(t.parts[0], x))
        case "function" if t.value in _ENTIRE and len(t.parts) == 1:
            return _ENTIRE[str(t.value)](_value(t.parts[0], x))
    raise _Unknown
