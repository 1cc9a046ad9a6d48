r"""Fractions, roots and binomials, and the arguments that TeX gives them."""

from __future__ import annotations

from fractions import Fraction
from ..tree import Tree
from . import derivatives, expressions, integrals, names
from .cursor import Cursor



def argument(c: Cursor, command: str) -> Tree:
    r"""An argument of ``\frac``, ``\sqrt``, ``\binom``: a group, or one token as TeX takes it."""
    t = c.token
    if t.text == "{" and t.kind == "symbol":
        return group_content(c, command)
    if t.kind == "number" and len(t.text) > 1:
        c.fail("braces", f"TeX gives {command} only the first digit of {t.text}", t.place, "write braces",
               (f"{command}{{{t.text}}}", f"{command}{{{t.text[0]}}} {t.text[1:]}"))
    if t.kind in ("letter", "name"):
        c.pos += 1
        if c.role(t.text) is None:
            return names.unscripted_alone(c, t)
        return Tree("name", (), t.text, t.place)
    if t.kind == "number":
        return number_alone(c)
    c.fail("braces", f"{command} without braces", t.place, f"write {command}{{...}}")


def number_alone(c: Cursor) -> Tree:
    t = c.token
    c.pos += 1
    return Tree("number", (), Fraction(t.text), t.place)


def group_content(c: Cursor, what: str) -> Tree:
    stop = c.match[c.pos]
    if stop == c.pos + 1:
        c.fail("empty", f"empty braces behind {what}", c.token.place)
    c.pos += 1
    with c.inside():
        found = expressions.expression(c)
    c.loose = frozenset()
    if c.pos != stop:
        if c.at(r"\choose") or c.at(r"\over"):
            return over(c, found, stop)
        c.unexpected()
    c.pos += 1
    return found


def frac(c: Cursor) -> Tree:
    t = c.token
    c.pos += 1
    if c.token.kind == "number" and len(c.token.text) == 2 and c.token.text.isdigit():
        digits = c.token.text                     # \frac12
        place = c.token.place
        c.pos += 1
        return Tree("div", (names.number(int(digits[0]), place), names.number(int(digits[1]), place)), None, t.place)
    if c.token.kind == "number" and len(c.token.text) > 2:
        c.fail("braces", rf"\frac{c.token.text}: TeX takes one digit each", c.token.place, r"write \frac{..}{..}")
    derivative = derivatives.leibniz(c)
    if derivative is not None:
        return derivative
    top = argument(c, r"\frac") if c.mark is None else integrals.numerator(c)
    bottom = argument(c, r"\frac")
    return Tree("div", (top, bottom), None, t.place)


def sqrt(c: Cursor) -> Tree:
    t = c.token
    c.pos += 1
    if c.at("["):
        stop = c.match[c.pos]
        c.pos += 1
        degree = expressions.expression(c)
        if c.pos != stop:
            c.unexpected()
        c.pos += 1
        radicand = argument(c, r"\sqrt")
        return Tree("root", (radicand, degree), None, t.place)
    return Tree("sqrt", (argument(c, r"\sqrt"),), None, t.place)


def binom(c: Cursor) -> Tree:
    t = c.token
    c.pos += 1
    if c.token.kind == "number" and len(c.token.text) == 2:
        digits = c.token.text
        c.pos += 1
        return Tree("function", (names.number(int(digits[0])), names.number(int(digits[1]))), "binom", t.place)
    top = argument(c, r"\binom")
    return Tree("function", (top, argument(c, r"\binom")), "binom", t.place)


def over(c: Cursor, left: Tree, stop: int) -> Tree:
    t = c.token
    c.pos += 1
    with c.inside():
        right = expressions.expression(c)
    if c.pos != stop:
        c.unexpected()
    c.pos += 1
    if t.text == r"\over":
        return Tree("div", (left, right), None, t.place)
    return Tree("function", (left, right), "binom", t.place)
