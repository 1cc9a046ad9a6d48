r"""Keys of the notation (``\theta``, ``\bar x``, ``W^{(1)}``) to the names that terms and reports carry.

``theta``, an x with a combining bar, ``W^(1)``: what text shows as it is, and ``reporting/names.py`` typesets again.
"""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]+|\d+|\S", re.ASCII)
#: accents as combining characters
_ACCENTS = {"hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0304", "tilde": "\u0303",
            "widetilde": "\u0303", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308", "check": "\u030c",
            "breve": "\u0306", "acute": "\u0301", "grave": "\u0300", "mathring": "\u030a"}
_WORDS = {"mathrm", "text", "mathit", "textrm", "operatorname", "mathsf", "mathtt", "textit", "mbox"}
_STYLES = {"mathbf": "BOLD", "boldsymbol": "BOLD", "bm": "BOLD", "symbf": "BOLD", "mathcal": "SCRIPT",
           "mathscr": "SCRIPT", "mathbb": "DOUBLE-STRUCK", "mathfrak": "FRAKTUR"}
_MARKS = {"star": "*", "ast": "*", "prime": "'", "dagger": "dagger"}


def kernel_name(key: str) -> str:
    """The name of a key.  Different keys of a document may have one name: ``objects`` refuses that."""
    return _Key(_TOKEN.findall(key)).all()


class _Key:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at = tokens, 0

    def all(self) -> str:
        out = ""
        while self.at < len(self.tokens):
            out += self.one(out)
        return out.strip() or "?"

    def next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else ""

    def group(self) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at] == "{":
            self.at += 1
            out = ""
            while self.at < len(self.tokens) and self.tokens[self.at] != "}":
                out += self.one(out)
            self.at += 1
            return out
        return self.one("")

    def one(self, before: str) -> str:
        token = self.next()
        match token:
            case "_":
                return "_" + self.group()
            case "^":
                mark = self.group()
                return mark if mark in ("*", "'", "''") else "^" + mark
            case "{" | "}":
                return ""
        if not token.startswith("\\"):
            return token
        word = token[1:]
        if word in _ACCENTS:
            return self.group() + _ACCENTS[word]
        if word in _WORDS:
            return self.group()
        if word in _STYLES:
            return _styled(self.group(), _STYLES[word])
        return _MARKS.get(word, word)


def _styled(text: str, style: str) -> str:
    if text.isascii() and text.isalpha():
        size = "CAPITAL" if text[0].isupper() else "SMALL"
        for kind in (f"MATHEMATICAL {style} {size} {text.upper()}", f"{style} {size} {text.upper()}"):
            try:
                return unicodedata.lookup(kind)
            except KeyError:
                continue
    return f"{style.lower()}-{text}"


__all__ = ["kernel_name"]
