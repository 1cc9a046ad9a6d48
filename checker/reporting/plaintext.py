"""Exact values that arrive as one line of text (``-3/4*log(3)``) back to terms.

Witnesses for people hold such lines.  The small grammar is Python's for numbers, names, ``+ - * / ^``
and calls of the kernel's own functions; anything else is not understood, and is shown as it is.
"""

from __future__ import annotations

import ast
from fractions import Fraction

from ..kernel.term import HEADS, App, Num, Term, Var

MAX_LENGTH = 300
_BINARY = {ast.Add: "add", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow"}


def read_line(text: str) -> Term | None:
    """The term that a line spells, or None."""
    if len(text) > MAX_LENGTH or not text.isascii() or any(c in text for c in "_.\"'#@:="):
        return None
    try:
        return _term(ast.parse(text.replace("^", "**"), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _term(node: ast.expr) -> Term:
    match node:
        case ast.Constant(int() as value) if not isinstance(value, bool):
            return Num(Fraction(value))
        case ast.Name(name):
            return App(name, ()) if name in ("pi", "e", "oo", "i") else Var(name)
        case ast.UnaryOp(ast.USub(), operand):
            inside = _term(operand)
            return Num(-inside.value) if isinstance(inside, Num) else App("neg", (inside,))
        case ast.BinOp(left, ast.Sub(), right):
            return App("add", (_term(left), App("neg", (_term(right),))))
        case ast.BinOp(left, operator, right) if type(operator) in _BINARY:
            a, b = _term(left), _term(right)
            if isinstance(operator, ast.Div) and isinstance(a, Num) and isinstance(b, Num) and b.value:
                return Num(a.value / b.value)
            return App(_BINARY[type(operator)], (a, b))
        case ast.Tuple(items):
            return App("tuple", tuple(map(_term, items)))
        case ast.Call(ast.Name(name), args, []) if name in HEADS:
            least, most = HEADS[name]
            if least <= len(args) and (most is None or len(args) <= most):
                return App(name, tuple(map(_term, args)))
    raise ValueError("not understood")
