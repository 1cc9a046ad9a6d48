r"""What every kind of document comes down to: problems with prose and displayed rows, each with its place.

    file bytes --(gate)--> text --(tex | markdown | notebook | archive)--> Page

Nothing here knows what a formula means; macros are expanded and rows are cut, that is all.
In a notebook line 3007 is line 7 of cell 3 (cells count from 1, code cells too).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..latex.source import Place, Token, Unread
from .macros import Macros


@dataclass(frozen=True, slots=True)
class Inline:
    """A formula within a sentence: ``$x > 0$``."""

    tokens: tuple[Token, ...]
    source: str
    place: Place


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph: words and inline formulas in order."""

    pieces: tuple[str | Inline | Refused, ...]
    place: Place
    within: str = ""              # the innermost named part: problem, theorem, proof, solution, hint, ...; "" outside
    item: str = ""                # the item of a list it stands in: "1", "a", "2.b"; "" outside
    file: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    r"""One row of a display, between ``\\`` and ``\\``; ``source`` as written, without label and tag.
    Tokens hold the alignment marks ``&``; text tokens hold ``\text``.  An environment that stands within a
    formula (``cases``, ``pmatrix``, ``array``, ``aligned`` inside brackets) stays among the tokens as
    ``\begin`` ``{cases}`` ... ``\end`` ``{cases}``, the environment's name being one text token."""

    tokens: tuple[Token, ...]
    source: str
    place: Place
    file: str = ""                # "" for the page's own file
    label: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Display:
    """A displayed formula: its environment (align, equation, gather, display, ...) and its rows."""

    environment: str
    rows: tuple[Row | Refused, ...]   # a row that cannot be read does not take its neighbours along
    place: Place
    marks: Mapping[str, str] = field(default_factory=dict)   # from a comment ``% checker: expected=refuted``
    within: str = ""              # as of a Prose
    item: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A part of the document that could not be cut into rows; the other parts are read all the same."""

    code: str
    message: str
    place: Place
    hint: str = ""
    source: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One problem: what stands below a heading, a label or in a problem environment."""

    id: str                       # from \label{...} or {#...}, else from the title, else its number
    title: str
    place: Place
    parts: tuple[Prose | Display | Refused, ...]
    notation: str = ""            # a notation block of its own, "" if there is none
    notation_place: Place | None = None
    level: int = 1                # of its heading: a deeper one stands within the one before; 0 before any heading


@dataclass(frozen=True, slots=True)
class Page:
    """A whole document.  ``meta``: the front matter's other keys (title, source, course notation file, ...)."""

    file: str
    sections: tuple[Section, ...]
    notation: str = ""
    notation_place: Place | None = None
    meta: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()  # other files that were read (\input, notation files)
    macros: Macros = field(default_factory=Macros)   # expanded already, in rows and in notation blocks
    course: str = ""              # the notation file that is shared (``notation: ../course.notation``), and its name
    course_file: str = ""
    course_lost: Unread | None = None   # such a file is named and cannot be read: what its names stand for is not known
