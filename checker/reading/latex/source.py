"""Places in a source file, tokens of TeX, and the refusal to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


MESSAGE = 600       # characters of a message, of a hint


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: line and column count from 1, in the file a person edits."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Token:
    r"""One token of TeX, after macros.  A token that a macro brought has the place of the macro's use.

    ========== ======================= =========================================================
    kind       text                    examples
    ========== ======================= =========================================================
    command    with its backslash      ``\frac`` ``\alpha`` ``\left`` ``\,`` ``\{`` ``\\``
    letter     one character           ``x``
    number     digits, maybe a point   ``12`` ``0.5`` (never split: ``x^10`` is ``x ^ 10``)
    symbol     one character           ``+ - = < > ( ) [ ] | / , ; : ! ' & ^ _ { } * . ~``
    text       the words               of ``\text{for all}``, ``\mbox``, ``\textrm``, ``\intertext``
    name       a whole name            ``\theta`` ``\hat x`` ``\mathbf x``: made by grammar/tidy.py only
    word       upright letters         ``Var`` of ``\operatorname{Var}``: made by grammar/tidy.py only
    ========== ======================= =========================================================

    ``space``: white space stood before it.
    """

    kind: Literal["command", "letter", "number", "symbol", "text", "name", "word"]
    text: str
    place: Place
    space: bool = False
    file: str = ""      # "" for the page's own file; else the file that was \input


class Unread(Exception):
    """A formula, or a part of a document, that is refused: what, where, and what would help.

    ``readings``: where the source has several meanings, each of them as LaTeX that can be written
    instead (``a/bc``: ``a/(bc)``, ``(a/b)c``).
    """

    def __init__(self, code: str, message: str, place: Place | None = None, hint: str = "",
                 readings: tuple[str, ...] = ()) -> None:
        message, hint = _cut(message), _cut(hint)
        super().__init__(message)
        self.code, self.message, self.place, self.hint = code, message, place, hint
        self.readings = tuple(map(_cut, readings))


def _cut(text: str) -> str:
    """One line that can be shown: some messages quote what they refuse."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " if c.isspace() else f"<U+{ord(c):04X}>" for c in text)
    return text if len(text) <= MESSAGE else text[:MESSAGE] + " ..."
