"""Layouts to LaTeX mathematics (amsmath, amssymb).

``latex(term, context)`` is what the JSON's ``statement`` holds.  ``github=True`` keeps to what
GitHub's Markdown lets through: no ``<``, ``>``, ``|``, dollar sign or backquote in the source.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from ..kernel.claim import Claim
from ..kernel.term import Term
from . import escape
from .compose import layout as layout_of
from .context import EMPTY, Context, context_of
from .layout import (
    FENCES, GREEK_LATEX, SIGNS, Accent, Big, Call, Cases, Fence, Frac, Ident, Layout, Line, Lines, Matrix,
    Number, Root, Row, Script, Sign, Space, Stack, Text, Times, is_tall,
)

_OPERATORS = {
    "log", "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh",
    "coth", "arg", "max", "min", "exp",
}
_SPACES = re.compile(r"(?<!\\) +")
_COMMAND_END = re.compile(r"\\[A-Za-z]+$")
_PLAIN = {"<": "<", ">": ">"}


def latex(t: Term, context: Context = EMPTY) -> str:
    """A term as LaTeX on one line."""
    return spell(layout_of(t, context))


def statement_latex(claim: Claim) -> str:
    return latex(claim.statement, context_of(claim))


def spell(node: Layout, github: bool = False) -> str:
    """The LaTeX of a layout."""

    def go(n: Layout | None) -> str:
        return "" if n is None else _spell(n, go, github)

    return _SPACES.sub(" ", go(node)).strip()


def _spell(n: Layout, go: Callable[[Layout | None], str], github: bool) -> str:
    match n:
        case Ident(text):
            return _ident(text, github)
        case Number(text):
            return text
        case Sign(key):
            sign = _PLAIN[key] if key in _PLAIN and not github else SIGNS[key][1]
            kind = SIGNS[key][0]
            return f" {sign} " if kind in ("rel", "bin") else f"{sign} " if kind == "punct" else sign
        case Text(text):
            return rf"\text{{{_words(text, github)}}}"
        case Space(kind):
            return r"\quad " if kind == "quad" else r"\,"
        case Times(kind):
            return {"none": " ", "thin": r" \, ", "dot": r" \cdot "}[kind]
        case Row(items):
            return _together([go(i) for i in items])
        case Frac(top, bottom, line):
            return rf"\{'frac' if line else 'genfrac{}{}{0pt}{}'}{{{go(top)}}}{{{go(bottom)}}}"
        case Root(body):
            return rf"\sqrt{{{go(body)}}}"
        case Script(base, sub, sup):
            shown = go(base)
            if isinstance(base, (Row, Frac, Root, Call, Cases)):
                shown = f"{{{shown}}}"
            return shown + (f"_{{{go(sub)}}}" if sub else "") + (f"^{{{go(sup)}}}" if sup else "")
        case Fence("(", Frac(top, bottom, False), ")"):
            return rf"\binom{{{go(top)}}}{{{go(bottom)}}}"
        case Fence(left, body, right):
            grow = is_tall(body) or not left or not right
            return _together(
                [_fence(left, r"\left" if grow else ""), go(body), _fence(right, r"\right" if grow else "")]
            )
        case Call(name, body, bare):
            word = _operator(name, go, github)
            if bare:
                return _together([word, go(body)])
            return _together([word, go(Fence("(", body, ")"))])
        case Big(sign, under, over):
            mark = SIGNS[sign][1]
            return mark + (f"_{{{go(under)}}}" if under else "") + (f"^{{{go(over)}}}" if over else "")
        case Stack(rows):
            return r"\substack{" + r" \\ ".join(map(go, rows)) + "}"
        case Cases(pairs):
            return r"\begin{cases} " + r" \\ ".join(f"{go(a)} & {go(b)}" for a, b in pairs) + r" \end{cases}"
        case Line(body, where):
            return rf"\{'under' if where == 'under' else 'over'}line{{{go(body)}}}"
        case Matrix(rows):
            return (
                r"\begin{pmatrix} " + r" \\ ".join(" & ".join(map(go, r)) for r in rows) + r" \end{pmatrix}"
            )
        case Accent(body, mark):
            return rf"\{mark}{{{go(body)}}}"
        case Lines(pairs):
            lines = " \\\\\n".join(f"{go(a)} & {go(b)}" for a, b in pairs)
            return f"\\begin{{aligned}}\n{lines}\n\\end{{aligned}}"


def _together(parts: list[str]) -> str:
    """Parts side by side: a space where a command would swallow the next letter; the spaces around
    relations and between factors are for the reader of the source."""
    out = ""
    for part in parts:
        if out and part and _COMMAND_END.search(out) and part[0].isalpha():
            out += " "
        out += part
    return out


def _ident(text: str, github: bool) -> str:
    if text in GREEK_LATEX:
        return GREEK_LATEX[text]
    if len(text) == 1 and text.isascii() and text.isalpha():
        return text
    if styled := _alphabet(text):
        return styled
    return (
        rf"\mathrm{{{_words(text, github)}}}"
        if text.isascii() and text.isalnum()
        else rf"\text{{{_words(text, github)}}}"
    )


def _alphabet(text: str) -> str | None:
    """A letter of one of Unicode's mathematical alphabets, e.g. a bold v."""
    plain = unicodedata.normalize("NFKC", text)
    if len(text) != 1 or not (len(plain) == 1 and plain.isascii() and plain.isalpha()):
        return None
    kind = unicodedata.name(text, "")
    styles = (("DOUBLE-STRUCK", "mathbb"), ("SCRIPT", "mathcal"), ("FRAKTUR", "mathfrak"), ("BOLD", "mathbf"))
    return next((rf"\{command}{{{plain}}}" for word, command in styles if word in kind), None)


def _words(text: str, github: bool) -> str:
    if github:
        safe = text.translate(
            {
                ord("$"): "\ufe69",
                ord("`"): "\u02cb",
                ord("<"): "\u2039",
                ord(">"): "\u203a",
                ord("|"): "\u01c0",
            }
        )
        return "".join(f"\\{c}" if c in "{}#%&_" else " " if c in "\\^~" else c for c in escape.clean(safe))
    return escape.tex(text)


def _operator(name: Layout, go: Callable[[Layout | None], str], github: bool) -> str:
    match name:
        case Ident(text) if text in _OPERATORS:
            return f"\\{text}"
        case Ident(text) if len(text) > 1 and text.isascii() and text.isalnum():
            return rf"\operatorname{{{text}}}"
        case Script(Ident() as base, sub, sup):
            word = _operator(base, go, github)
            return word + (f"_{{{go(sub)}}}" if sub else "") + (f"^{{{go(sup)}}}" if sup else "")
        case _:
            return go(name)


def _fence(key: str, size: str) -> str:
    if not key:
        return f"{size}." if size else ""
    return f"{size}{FENCES[key][0]}"
