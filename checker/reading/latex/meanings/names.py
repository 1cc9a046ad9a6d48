r"""Keys of the notation (``\theta``, ``\bar x``, ``W^{(1)}``) to the names that terms and reports carry.

``theta``, ``bar x``, ``W^(1)``: what a person can say aloud, and what ``reporting/names.py`` typesets again.
"""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]+|\d+|\S", re.ASCII)
_ACCENTS = {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde",
            "vec": "vec", "dot": "dot", "ddot": "ddot", "check": "check", "breve": "breve"}
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
            return f"{_ACCENTS[word]} {self.group()}"
        if word in _WORDS:
            return self.group()
        if word in _STYLES:
            return _styled(self.group(), _STYLES[word])
        return _MARKS.get(word, word)


def _styled(text: str, style: str) -> str:
    if len(text) == 1 and text.isascii() and text.isalpha():
        size = "CAPITAL" if text.isupper() else "SMALL"
        for kind in (f"MATHEMATICAL {style} {size} {text.upper()}", f"{style} {size} {text.upper()}"):
            try:
                return unicodedata.lookup(kind)
            except KeyError:
                continue
    return f"{style.lower()} {text}"


__all__ = ["kernel_name"]
