"""False neighbours of a true row: one small change on one side, as a slip of the pen would make it.

A mutant is a candidate only: it is false when label.py finds a point where the sides differ.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import sympy
from sympy import Add, Integer, Mul, Pow, Product, Rational, Sum

from .rows import Row, evaluate, namespace

SWAPS = {sympy.sin: sympy.cos, sympy.cos: sympy.sin, sympy.sinh: sympy.cosh, sympy.cosh: sympy.sinh,
         sympy.log: sympy.exp, sympy.tan: sympy.cot, sympy.asin: sympy.acos, sympy.Max: sympy.Min,
         sympy.Min: sympy.Max, sympy.floor: sympy.ceiling, sympy.gamma: sympy.factorial}


def sign(e: Any) -> Any:
    """A term of a sum changes its sign."""
    if isinstance(e, Add):
        return Add(*e.args[:-1], Mul(Integer(-1), e.args[-1]))
    return None


def dropped(e: Any) -> Any:
    if isinstance(e, Add) and len(e.args) > 1:
        return Add(*e.args[1:]) if len(e.args) > 2 else e.args[0]
    return None


def factor(e: Any) -> Any:
    """A factor is lost."""
    if isinstance(e, Mul) and len(e.args) > 1:
        return Mul(*e.args[1:]) if len(e.args) > 2 else e.args[1]
    return None


def coefficient(e: Any) -> Any:
    if isinstance(e, Rational) and not isinstance(e, sympy.Float):
        return Rational(int(e.p) + 1, int(e.q))
    return None


def exponent(e: Any) -> Any:
    if isinstance(e, Pow) and isinstance(e.args[1], Rational) and e.args[1] != -1:
        return Pow(e.args[0], e.args[1] + 1)
    return None


def doubled(e: Any) -> Any:
    if isinstance(e, sympy.Symbol):
        return Mul(Integer(2), e)
    return None


def shifted(e: Any) -> Any:
    """A bound of a sum or product moves by one; an integer symbol does."""
    if isinstance(e, (Sum, Product)):
        (k, low, high), *rest = e.limits
        return type(e)(e.function, (k, low + 1, high) if high == sympy.oo else (k, low, high - 1), *rest)
    if isinstance(e, sympy.Symbol) and e.is_integer:
        return Add(e, Integer(1))
    return None


def swapped(e: Any) -> Any:
    other = SWAPS.get(type(e))
    return other(*e.args) if other is not None else None


CHANGES: tuple[Callable[[Any], Any], ...] = (sign, coefficient, exponent, dropped, factor, shifted, doubled, swapped)


def places(e: Any, change: Callable[[Any], Any]) -> Iterator[Any]:
    """The expression with the change applied at one node, for every node where it applies."""
    here = change(e)
    if here is not None:
        yield here
    if isinstance(e, (Sum, Product, sympy.Integral, sympy.Limit, sympy.Derivative)):
        bound, rest = e.args[0], e.args[1:]
        for inner in places(bound, change):
            yield type(e)(inner, *rest)
        return
    for k, a in enumerate(e.args):
        if isinstance(a, sympy.Expr):
            for changed in places(a, change):
                yield e.func(*e.args[:k], changed, *e.args[k + 1:])


def mutants(row: Row, count: int = 3) -> Iterator[Row]:
    """At most ``count`` candidates, of different kinds, the same ones every time."""
    if not row.relation:
        return
    r = random.Random(row.id + row.text)
    names = namespace()
    left, right = evaluate(row.left, names), evaluate(row.right, names)
    found: list[Row] = []
    with sympy.evaluate(False):
        if row.relation in ("<=", ">="):
            found.append(replace(row, relation=row.relation[0], mutation="strict"))
        if row.relation in ("<", "<=", ">", ">="):
            turned = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}[row.relation]
            found.append(replace(row, relation=turned, mutation="reversed"))
        if row.relation in ("=", "<", "<=", ">", ">="):
            changes = list(CHANGES)
            r.shuffle(changes)
            for change in changes:
                side = "right" if right.args or right.is_Number and right != 0 else "left"
                options = list(places(right if side == "right" else left, change))
                if options:
                    text = sympy.srepr(r.choice(options), order="none")
                    found.append(replace(row, **{side: text}, mutation=change.__name__))
        if row.given:
            found.append(replace(row, given=row.given[:-1], mutation="condition"))
    for k, m in enumerate(found[:count + 2 if row.given or row.relation != "=" else count]):
        yield replace(m, id=f"{row.id}~{k}", label=None)


__all__ = ["mutants"]
