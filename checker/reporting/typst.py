"""Layouts to Typst mathematics, directly (not through LaTeX).

Commas, semicolons and brackets separate arguments in Typst's mathematics, so they are written by
name (``comma``, ``paren.l``) or as strings everywhere; text enters only as a string literal.
"""

from __future__ import annotations

from collections.abc import Callable

from ..kernel.term import Term
from . import escape
from .compose import layout as layout_of
from .context import EMPTY, Context
from .layout import (
    SIGNS, Accent, Big, Call, Cases, Fence, Frac, Ident, Layout, Line, Lines, Matrix, Number, Root, Row,
    Script, Sign, Space, Stack, Text, Times, is_tall,
)

_OPERATORS = {
    "log", "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh",
    "coth", "arg", "exp",
}
_SIGNS = {
    ",": "comma", ";": "semi", ":": "colon", "/": "slash", "!": "excl", ":=": "colon.eq", "=": "eq",
    "+": "plus", "-": "minus", "neg": "minus", "<": "lt", ">": "gt", "<=": "lt.eq", ">=": "gt.eq",
    "to": "arrow.r", "maps-to": "arrow.r.bar", "gets": "arrow.l", "implies": "arrow.r.double.long",
    "iff": "arrow.l.r.double.long", "d": "dif", "plus-side": "plus", "minus-side": "minus",
}
_ACCENTS = {"hat": "hat", "tilde": "tilde", "bar": "overline", "vec": "arrow", "dot": "dot"}
_FENCES = {
    "(": "paren.l", ")": "paren.r", "[": "bracket.l", "]": "bracket.r", "{": "brace.l", "}": "brace.r",
    "|": "bar.v", "||": "bar.v.double", "floor(": "floor.l", "floor)": "floor.r", "ceil(": "ceil.l",
    "ceil)": "ceil.r", "angle(": "\u27e8", "angle)": "\u27e9",
}


def typst(t: Term, context: Context = EMPTY) -> str:
    """A term as the inside of a Typst equation."""
    return spell(layout_of(t, context))


def spell(node: Layout) -> str:
    return " ".join(_spell(node, spell).split(" ")).strip()


def _spell(n: Layout, go: Callable[[Layout], str]) -> str:
    match n:
        case Ident(text):
            single = len(text) == 1 and text.isalpha()
            return text if single else f"upright({escape.typst_string(text)})"
        case Number(text):
            return text
        case Sign(key):
            return _SIGNS.get(key, SIGNS[key][2])
        case Text(text):
            return escape.typst_string(text.strip())
        case Space(kind):
            return kind
        case Times(kind):
            return {"none": "", "thin": "thin", "dot": "dot.c"}[kind]
        case Row(items):
            return " ".join(p for p in map(go, items) if p)
        case Frac(top, bottom, line):
            if line:
                return f"frac({go(top)}, {go(bottom)})"
            return f"mat(delim: #none, {go(top)}; {go(bottom)})"
        case Root(body):
            return f"sqrt({go(body)})"
        case Script(base, sub, sup):
            return _attach(_group(base, go), sub, sup, go)
        case Fence(left, body, right):
            inside = f"{_FENCES.get(left, '')} {go(body)} {_FENCES.get(right, '')}".strip()
            scaled = is_tall(body) or left in ("", "|", "||") or not right
            return f"lr({inside})" if scaled else _unscaled(left, go(body), right)
        case Call(name, body, bare):
            word = _operator(name, go)
            return f"{word} {go(body)}" if bare else f"{word} {go(Fence('(', body, ')'))}"
        case Big(sign, under, over):
            return _attach(SIGNS[sign][2], under, over, go)
        case Stack(rows):
            return " \\ ".join(map(go, rows))
        case Cases(pairs):
            return "cases(" + ", ".join(f"{go(a)} quad & {go(b)}" for a, b in pairs) + ")"
        case Line(body, where):
            return f"{'under' if where == 'under' else 'over'}line({go(body)})"
        case Matrix(rows):
            return "mat(" + "; ".join(", ".join(map(go, r)) for r in rows) + ")"
        case Accent(body, mark):
            return f"{_ACCENTS[mark]}({go(body)})"
        case Lines(pairs):
            return " \\\n".join(f"{go(a)} & {go(b)}" for a, b in pairs)


def _unscaled(left: str, inside: str, right: str) -> str:
    return f"{_FENCES[left]} {inside} {_FENCES[right]}"


def _group(base: Layout, go: Callable[[Layout], str]) -> str:
    shown = go(base)
    return f"lr({shown})" if isinstance(base, Fence) else shown


def _attach(base: str, sub: Layout | None, sup: Layout | None, go: Callable[[Layout], str]) -> str:
    if sub is None and sup is None:
        return base
    below = f", b: {go(sub)}" if sub is not None else ""
    above = f", t: {go(sup)}" if sup is not None else ""
    return f"attach({base}{below}{above})"


def _operator(name: Layout, go: Callable[[Layout], str]) -> str:
    match name:
        case Ident(text) if text in _OPERATORS:
            return text
        case Ident(text) if len(text) > 1:
            return f"op({escape.typst_string(text)})"
        case Script(Ident() as base, sub, sup):
            return _attach(_operator(base, go), sub, sup, go)
        case _:
            return go(name)
