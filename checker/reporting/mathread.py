r"""A person's TeX formula to a layout: TeX --(math-core)--> MathML --(the walk below)--> layout.

So a formula in somebody's prose never reaches a report as TeX: every printer spells a layout that
this module has understood.  What it does not understand (``\input``, matrices, ...) raises
:class:`Unreadable`, and the report shows the source as code instead of a guess.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

from .layout import (
    FENCES, SIGNS, Accent, Big, Call, Cases, Fence, Frac, Ident, Layout, Lines, Number, Root, Row, Script,
    Sign, Space, Text, Times, row,
)

MAX_SOURCE = 4_000
MAX_DEPTH = 60
_ACCENTS = {
    "\u02c6": "hat",
    "^": "hat",
    "~": "tilde",
    "\u02dc": "tilde",
    "\u00af": "bar",
    "\u0332": "bar",
    "_": "bar",
    "\u2192": "vec",
    "\u20d7": "vec",
    "\u02d9": "dot",
    "\u0307": "dot",
    "\u203e": "bar",
}
_ALIASES = {
    "\u223c": "similar",
    "~": "similar",
    "|": "mid",
    "\u2223": "mid",
    "\u2016": "parallel",
    "*": "cdot",
    "\u22c5": "cdot",
    "\u2219": "cdot",
    "\u22ef": "dots",
    "=": "=",
    "\u2062": "",
    "\u2061": "",
    "\u2063": "",
    "-": "-",
    "\u21d2": "implies",
    "\u21d4": "iff",
    "'": "prime",
    ".": ".",
}
_BY_CHARACTER = {
    entry[3]: key for key, entry in SIGNS.items() if key not in ("neg", "plus-side", "minus-side")
}
_OPEN = {"(": "(", "[": "[", "{": "{", "\u27e8": "angle(", "\u230a": "floor(", "\u2308": "ceil("}
_CLOSE = {")": ")", "]": "]", "}": "}", "\u27e9": "angle)", "\u230b": "floor)", "\u2309": "ceil)"}
_BIG = {"\u2211": "sum", "\u220f": "prod", "\u222b": "integral", "lim": "limit", "max": "max", "min": "min"}


class Unreadable(ValueError):
    """A formula that is not understood."""


@dataclass
class _Element:
    tag: str
    attributes: dict[str, str]
    children: list[_Element] = field(default_factory=list)
    text: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Element("root", {})
        self.stack = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, {k: v or "" for k, v in attrs})
        self.stack[-1].children.append(element)
        self.stack.append(element)
        if len(self.stack) > MAX_DEPTH:
            raise Unreadable("nested too deep")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.stack[-1].children.append(_Element(tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if len(self.stack) < 2 or self.stack[-1].tag != tag:
            raise Unreadable(f"unexpected end of {tag}")
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        self.stack[-1].text += data


@lru_cache(maxsize=4096)
def read_tex(source: str) -> Layout:
    """Raises :class:`Unreadable`."""
    try:
        from math_core import LatexError, LatexToMathML
    except ImportError as error:
        raise Unreadable("math-core is not installed") from error
    if len(source) > MAX_SOURCE:
        raise Unreadable("too long")
    try:
        markup = LatexToMathML(fancy_error=False).convert_with_local_state(source, displaystyle=False)
    except LatexError as error:
        raise Unreadable(str(error)) from error
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return _row([_walk(c) for c in _content(reader.root)])


def _content(root: _Element) -> list[_Element]:
    if len(root.children) != 1 or root.children[0].tag != "math":
        raise Unreadable("no formula")
    return root.children[0].children


def _walk(e: _Element) -> Layout:
    match e.tag, e.children:
        case "mrow" | "mstyle" | "mpadded", children:
            return _mrow(children)
        case "mi", _:
            return _identifier(e.text)
        case "mn", _ if e.text.replace(".", "", 1).isdigit():
            return Number(e.text)
        case "mo", _:
            return _operator(e.text)
        case "mtext", _:
            return Text(e.text.replace("\u00a0", " "))
        case "mspace", _:
            return _space(e.attributes.get("width", ""))
        case "mfrac", [a, b]:
            return Frac(_whole(a), _whole(b), e.attributes.get("linethickness", "") not in ("0", "0px"))
        case "msqrt", children:
            return Root(_row([_mrow(children)]))
        case "msub" | "munder", [a, b]:
            return _scripted(a, b, None)
        case "msup", [a, b]:
            return _scripted(a, None, b)
        case "mover", [a, b]:
            if e.attributes.get("accent") == "true" and b.text in _ACCENTS:
                return Accent(_whole(a), _ACCENTS[b.text])
            return _scripted(a, None, b)
        case "msubsup" | "munderover", [a, b, c]:
            return _scripted(a, b, c)
        case "mtable", rows if e.attributes.get("displaystyle") == "true":
            return Lines(tuple(_pair(r) for r in rows))
        case _:
            raise Unreadable(f"<{e.tag}>")


def _whole(e: _Element) -> Layout:
    return _row([_walk(e)])


def _mrow(children: list[_Element]) -> Layout:
    shown = [c for c in children if c.tag != "mspace" or c.attributes]
    if len(shown) >= 2 and shown[0].tag == "mo" and shown[0].text == "{" and shown[1].tag == "mtable":
        return Cases(tuple(_pair(r) for r in shown[1].children))
    if len(shown) >= 2 and shown[0].tag == shown[-1].tag == "mo" and "stretchy" not in shown[0].attributes:
        left, right = shown[0].text, shown[-1].text
        bars = {"|": "|", "\u2223": "|", "\u2016": "||", "": "", ".": ""}
        opening = _OPEN.get(left, bars.get(left))
        closing = _CLOSE.get(right, bars.get(right))
        if opening is not None and closing is not None and (opening or closing) and left not in ("",):
            return Fence(opening, _row([_walk(c) for c in shown[1:-1]]), closing)
    return row(*[_walk(c) for c in shown]) if shown else Row(())


def _pair(r: _Element) -> tuple[Layout, Layout]:
    if r.tag != "mtr" or not 1 <= len(r.children) <= 2:
        raise Unreadable("a matrix")
    cells = [_row([_mrow(d.children)]) for d in r.children]
    return (cells[0], cells[1]) if len(cells) == 2 else (Row(()), cells[0])


def _operator(text: str) -> Layout:
    text = text.strip()
    if text in _OPEN or text in _CLOSE:
        return Text("\x00" + text)  # a bracket: paired by _row
    key = _ALIASES.get(text, _BY_CHARACTER.get(text))
    if key == "":
        return Row(())
    if key == ".":
        return Text(".")
    if key is None:
        raise Unreadable(f"the sign {text!r}")
    return Sign(key)


def _identifier(text: str) -> Layout:
    text = "".join(c for c in text.strip() if unicodedata.category(c) != "Mn")
    if text in (".", "!", "?"):
        return Text(text) if text != "!" else Sign("!")
    if text in _BIG:
        return Big(_BIG[text])
    if text in ("\u221e", "\u2202", "\u211d", "\u2124", "\u211a", "\u2102", "\u22a4", "\u22a5", "\U0001d53c"):
        return Sign(_BY_CHARACTER[text])
    if not text or not all(c.isalnum() or c in " -" for c in text):
        if text in _BY_CHARACTER:
            return Sign(_BY_CHARACTER[text])
        raise Unreadable(f"the identifier {text!r}")
    return Ident(text)


def _space(size: str) -> Layout:
    if not size:
        return Row(())
    try:
        wide = float(size.removesuffix("em")) >= 0.9
    except ValueError:
        raise Unreadable(f"a space of {size!r}") from None
    return Space("quad" if wide else "thin")


def _scripted(base: _Element, low: _Element | None, high: _Element | None) -> Layout:
    sub = _whole(low) if low is not None else None
    sup = _whole(high) if high is not None else None
    if base.tag in ("mo", "mi") and base.text.strip() in _BIG:
        return Big(_BIG[base.text.strip()], sub, sup)
    inside = _walk(base)
    if isinstance(inside, Big) and inside.under is None and inside.over is None:
        return Big(inside.sign, sub, sup)
    if isinstance(inside, Text) and inside.text.startswith("\x00"):
        # a script on a closing bracket: _row puts it on the pair
        return Script(inside, sub, sup)
    return Script(inside, sub, sup)


def _row(parts: list[Layout]) -> Layout:
    """Parts side by side; brackets are paired, operator words take what follows."""
    stack: list[tuple[str, list[Layout]]] = [("", [])]
    for part in _flattened(parts):
        bracket, sub, sup = _bracket_of(part)
        if bracket in _OPEN:
            stack.append((_OPEN[bracket], []))
        elif bracket in _CLOSE:
            if len(stack) < 2:
                raise Unreadable(f"an unpaired {bracket}")
            left, inside = stack.pop()
            pair: Layout = Fence(left, _words(inside), _CLOSE[bracket])
            stack[-1][1].append(Script(pair, sub, sup) if sub or sup else pair)
        else:
            stack[-1][1].append(part)
    if len(stack) != 1:
        raise Unreadable(f"an unpaired {stack[-1][0]}")
    return _words(stack[0][1])


def _flattened(parts: list[Layout]) -> list[Layout]:
    whole = row(*parts) if parts else Row(())
    return list(whole.items) if isinstance(whole, Row) else [whole]


def _bracket_of(part: Layout) -> tuple[str, Layout | None, Layout | None]:
    match part:
        case Text(text) if text.startswith("\x00"):
            return text[1:], None, None
        case Script(Text(text), sub, sup) if text.startswith("\x00"):
            return text[1:], sub, sup
        case _:
            return "", None, None


def _words(parts: list[Layout]) -> Layout:
    """What a row of signs means to a typesetter: operator words take what follows, bars are paired,
    a minus at the start is a prefix, three full stops are an ellipsis."""
    todo = _flattened(parts)
    out: list[Layout] = []
    while todo:
        part = todo.pop(0)
        starts = not out or (
            isinstance(out[-1], Sign) and SIGNS[out[-1].key][0] in ("rel", "bin", "punct", "pre")
        )
        if starts and part == Sign("-"):
            part = Sign("neg")
        elif starts and part == Sign("mid") and Sign("mid") in todo:
            end = todo.index(Sign("mid"))
            part, todo = Fence("|", _words(todo[:end]), "|"), todo[end + 1:]
        elif todo[:2] == [Text("."), Text(".")] and part == Text("."):
            part, todo = Sign("dots"), todo[2:]
        elif _is_word(part) and todo:
            part, todo = _applied(part, todo)
        if (
            out
            and isinstance(part, (Ident, Script, Call))
            and isinstance(out[-1], (Ident, Number, Script, Call))
        ):
            out.append(Times("thin" if isinstance(part, Call) else "none"))
        out.append(part)
    return row(*out) if out else Row(())


def _is_word(part: Layout) -> bool:
    word = part.base if isinstance(part, Script) else part
    return isinstance(word, Ident) and len(word.text) > 1


def _applied(word: Layout, rest: list[Layout]) -> tuple[Layout, list[Layout]]:
    following = rest[0]
    if isinstance(following, Fence) and following.left == "(" and following.right == ")":
        return Call(word, following.body), rest[1:]
    if isinstance(following, (Ident, Script)) and len(rest) > 1 and isinstance(rest[1], Fence):
        return Call(word, row(following, rest[1]), bare=True), rest[2:]  # log p(x)
    if isinstance(following, (Ident, Number, Script, Frac)):
        return Call(word, following, bare=True), rest[1:]
    return word, rest


assert set(_OPEN.values()) | set(_CLOSE.values()) <= set(FENCES)  # noqa: S101 - a typing slip
