r"""What stands behind ``_``, ``^`` and ``'``: the ranges of tokens, each once, as TeX takes them."""

from __future__ import annotations

from ..source import Place, Token
from . import words
from .cursor import Cursor



class Scripts:
    """The scripts behind a name, as token ranges: (start, stop), braces not included."""

    __slots__ = ("primed", "primes", "raised_first", "sub", "sup")

    def __init__(self) -> None:
        self.sub: tuple[int, int] | None = None
        self.sup: tuple[int, int] | None = None
        self.primes = 0
        self.raised_first = False
        self.primed: Place | None = None


def script(c: Cursor, what: str) -> tuple[int, int]:
    """Behind ``_`` or ``^``: the range of the argument, which is passed."""
    t = c.token
    if t.text == "{" and t.kind == "symbol":
        start, stop = c.pos + 1, c.match[c.pos]
        if start == stop:
            c.fail("empty", f"an empty {what}", t.place)
        c.pos = stop + 1
        return start, stop
    if not t.text or t.text in ("}", ")", "]", "&", "^", "_"):
        c.fail("unfinished", f"a {what} is missing", t.place)
    if t.kind == "number" and len(t.text) > 1:
        sign, first, rest = ("_" if what == "subscript" else "^"), t.text[0], t.text[1:]
        base = c.source(max(c.pos - 2, 0), c.pos - 1)
        c.fail("script-digits", f"TeX sets {sign}{t.text} with only the {first} {'below' if sign == '_' else 'above'}",
               t.place, f"write {sign}{{{t.text}}}", (f"{base}{sign}{{{t.text}}}", rf"{base}{sign}{{{first}}} \cdot {rest}"))
    if what == "superscript" and t.text == "1" and c.ahead(1).text == "/" and c.ahead(2).kind == "number":
        base = c.source(max(c.pos - 2, 0), c.pos - 1)
        c.fail("script-slash", f"TeX raises only the 1 of 1/{c.ahead(2).text}", t.place, "write braces",
               (f"{base}^{{1/{c.ahead(2).text}}}", rf"\frac{{{base}}}{{{c.ahead(2).text}}}"))
    if t.text in ("-", "+") and what == "superscript" and c.ahead(1).kind in ("letter", "number", "name"):
        c.fail("script-sign", f"TeX raises only the {t.text}", t.place, f"write ^{{{t.text}{c.ahead(1).text}}}")
    c.pos += 1
    if t.text in (r"\frac", r"\sqrt", r"\mathbb"):
        c.fail("script-braces", f"{t.text} as a {what} needs braces", t.place, "write braces around it")
    return c.pos - 1, c.pos


def scripts(c: Cursor, superscript: bool = True) -> Scripts:
    """Collect ``_``, ``^`` and primes in any order, each once."""
    s = Scripts()
    while True:
        t = c.token
        if t.kind != "symbol" and t.text != r"\prime":
            return s
        if t.text == "_":
            if s.sub is not None:
                c.fail("double-script", "two subscripts", t.place, "put both into one pair of braces")
            c.pos += 1
            s.sub = script(c, "subscript")
        elif t.text == "^" and superscript:
            if s.sup is not None:
                return s
            c.pos += 1
            at = c.pos
            start, stop = script(c, "superscript")
            inner = c.tokens[start:stop]
            if all(u.text == r"\prime" or u.text == "'" for u in inner):
                s.primes += len(inner)
                s.primed = s.primed or c.tokens[at].place
            else:
                s.sup = (start, stop)
                s.raised_first = s.sub is None
        elif t.text == "'":
            s.primes += 1
            s.primed = s.primed or t.place
            c.pos += 1
        else:
            return s


def script_key(tokens: list[Token]) -> str:
    """A script as it stands in a key: one token bare, more in braces; upright words as ``\\text``."""
    pieces = []
    for t in tokens:
        if t.kind in ("text", "word"):
            pieces.append(rf"\text{{{t.text.strip()}}}")
        else:
            pieces.append(t.text)
    out = ""
    for p in pieces:
        if out[-1:].isalpha() and p[:1].isalpha() and "\\" in out:
            out += " "
        out += p
    return out if len(tokens) == 1 and tokens[0].kind not in ("text", "word") and len(tokens[0].text) == 1 \
        or len(tokens) == 1 and tokens[0].text in words.GREEK else "{" + out + "}"
