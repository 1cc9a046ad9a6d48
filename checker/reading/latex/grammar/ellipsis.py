r"""Dots whose meaning is certain: ``x_1 + x_2 + \dots + x_n``, ``1 + 2 + \dots + n``, ``a_1 \cdots a_n``.

The last two terms shown and the term behind the dots must be one expression with 1, 2 (or k, k + 1) and the last
index in the same places; then the sum is written with that expression as its body.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NoReturn

from ..tree import Tree
from . import expressions
from .cursor import Cursor

FREE = ("k", "j", "i", "l", "r")


def total(c: Cursor, terms: list[Tree], sign: str, start: int) -> Tree:
    r"""At ``\dots`` behind ``a_1 + a_2 +``."""
    c.pos += 1
    if sign == "-" or not c.at("+"):
        unsure(c)
    c.pos += 1
    last = expressions.term(c)
    return series(c, "sum", terms, last)


def product(c: Cursor, factors: list[Tree], start: int) -> Tree:
    c.pos += 1
    if c.token.text in expressions.TIMES:
        c.pos += 1
    last = expressions.factor(c)
    return series(c, "prod", factors, last)


def unsure(c: Cursor) -> NoReturn:
    c.fail("dots", "what the dots stand for is not certain", c.token.place,
           r"write a sum \sum_{k=1}^n, or two terms before the dots and one after them")


def series(c: Cursor, head: str, shown: list[Tree], last: Tree) -> Tree:
    used = {n.value for t in (*shown, last) for n in t.walk() if n.head == "name"}
    k = next((f for f in FREE if c.role(f) is None and f not in used), None) or next(
        (f for f in FREE if f not in used), None)
    if k is None:
        unsure(c)
    for start in dict.fromkeys((0, len(shown) - 1)):         # 1 + x + x^2 + ... + x^n: the first one is special
        holes: list[tuple[Tree, Tree]] = []
        body = differ(shown[start], last, str(k), holes)
        if body is None or not same(holes):
            continue
        first, end = holes[0]
        if first.head != "number" or first.value.denominator != 1 or end.head == "number" or not integral(c, end):
            continue
        low = first.value - start
        if all(fits(put(body, str(k), low + n), t) for n, t in enumerate(shown)) and (len(shown) > 1 or indexed(shown[0])):
            name = Tree("name", (), k)
            return Tree(head, (Tree("binding", (name, Tree("number", (), Fraction(low)), end), "range"), body), None,
                        last.place)
    unsure(c)


def integral(c: Cursor, t: Tree) -> bool:
    """Is the last index an integer, as far as is known?"""
    for n in t.walk():
        if n.head == "name":
            role = c.role(str(n.value))
            if role is not None and not role.inferred and role.kind != "index" and role.domain not in ("integer", "natural"):
                return False
        elif n.head not in ("number", "add", "neg", "mul"):
            return False
    return True


def indexed(t: Tree) -> bool:
    """One term before the dots is enough for ``x_1 + \\dots + x_n``."""
    return any(n.head == "entry" for n in t.walk())


def differ(a: Tree, b: Tree, k: str, holes: list[tuple[Tree, Tree]]) -> Tree | None:
    """The expression that ``a`` and ``b`` share, with ``k`` where they differ."""
    if a == b:
        return a
    if a.head == "number":
        holes.append((a, b))
        return Tree("name", (), k)
    if a.head != b.head or a.value != b.value or len(a.parts) != len(b.parts):
        return None
    parts = []
    for p, q in zip(a.parts, b.parts, strict=True):
        r = differ(p, q, k, holes)
        if r is None:
            return None
        parts.append(r)
    return Tree(a.head, tuple(parts), a.value, a.place)


def same(holes: list[tuple[Tree, Tree]]) -> bool:
    return bool(holes) and all(h == holes[0] for h in holes)


def put(t: Tree, k: str, value: Any) -> Tree:
    if t.head == "name" and t.value == k:
        return Tree("number", (), Fraction(value))
    return Tree(t.head, tuple(put(p, k, value) for p in t.parts), t.value)


def fits(made: Tree, shown: Tree) -> bool:
    """Are they the same, but for x^1 = x, x^0 = 1, 1/1 = 1, 1 x = x?"""
    return plain(made) == plain(shown)


def plain(t: Tree) -> Tree:
    one = Tree("number", (), Fraction(1))
    parts = tuple(plain(p) for p in t.parts)
    if t.head == "pow" and parts[1].head == "number":
        if parts[1].value == 1:
            return parts[0]
        if parts[1].value == 0 or parts[0] == one:
            return one
    if t.head == "div" and parts[1] == one:
        return parts[0]
    if t.head == "factorial" and parts[0] == one:
        return one
    if t.head == "mul":
        rest = tuple(p for p in parts if p != one)
        return one if not rest else rest[0] if len(rest) == 1 else Tree("mul", rest, t.value)
    return Tree(t.head, parts, t.value)


def listed_range(before: list[Tree], after: list[Tree]) -> tuple[Tree, ...] | None:
    r"""``1, \dots, n`` and ``1, 2, \dots, n``: one range.  ``0, \dots, n-1`` too; anything else is not certain."""
    if len(after) != 1 or not 1 <= len(before) <= 3:
        return None
    first, last = before[0], after[0]
    for n, t in enumerate(before):
        if t.head != "number" or t.value != first.value + n or t.value.denominator != 1:
            return None
    return (Tree("range", (first, last), None, first.place),)
