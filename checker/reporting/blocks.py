"""What a report is made of: blocks of running text with formulas, independent of the format.

The prose of a document (``prose.py``) and the sentences of proofs (``sentences.py``) both become
these; the macros in ``templates/`` write them in each format.  ``kind`` is what a macro asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from .layout import Layout

# ------------------------------------------------------------------------------- in a line


@dataclass(frozen=True, slots=True)
class Str:
    text: str
    kind: ClassVar[str] = "text"


@dataclass(frozen=True, slots=True)
class Math:
    """A formula in a line, or (``display``) on a line of its own."""

    layout: Layout
    display: bool = False
    kind: ClassVar[str] = "math"


@dataclass(frozen=True, slots=True)
class Code:
    text: str
    kind: ClassVar[str] = "code"


@dataclass(frozen=True, slots=True)
class Emph:
    items: tuple[Inline, ...]
    kind: ClassVar[str] = "emph"


@dataclass(frozen=True, slots=True)
class Strong:
    items: tuple[Inline, ...]
    kind: ClassVar[str] = "strong"


@dataclass(frozen=True, slots=True)
class Link:
    items: tuple[Inline, ...]
    href: str
    kind: ClassVar[str] = "link"


@dataclass(frozen=True, slots=True)
class Ref:
    """A claim named in running text."""

    id: str
    kind: ClassVar[str] = "ref"


Inline: TypeAlias = Str | Math | Code | Emph | Strong | Link | Ref

# --------------------------------------------------------------------------------- blocks


@dataclass(frozen=True, slots=True)
class Para:
    items: tuple[Inline, ...]
    kind: ClassVar[str] = "para"


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    items: tuple[Inline, ...]
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True, slots=True)
class Items:
    ordered: bool
    items: tuple[tuple[Block, ...], ...]
    kind: ClassVar[str] = "list"


@dataclass(frozen=True, slots=True)
class Quote:
    items: tuple[Block, ...]
    kind: ClassVar[str] = "quote"


@dataclass(frozen=True, slots=True)
class CodeBlock:
    text: str
    kind: ClassVar[str] = "codeblock"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first row is its head."""

    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    kind: ClassVar[str] = "grid"


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a claim."""

    id: str
    kind: ClassVar[str] = "slot"


@dataclass(frozen=True, slots=True)
class PlotSlot:
    """The place of a plot."""

    id: str
    kind: ClassVar[str] = "plotslot"


Block: TypeAlias = Para | Heading | Items | Quote | CodeBlock | Grid | Slot | PlotSlot
