"""Jupyter notebooks: their Markdown cells, as one Markdown document.  Code cells are not looked at, let alone run.

A place in the file's JSON would help nobody, so a line's number names the cell: line 3007 is line 7 of
cell 3.  Cells count from 1, code cells too, as a person counts them on the screen.
"""

from __future__ import annotations

import json
from typing import Any

from ..latex.source import Place, Unread
from ..latex.tokens import Source
from .builder import Builder
from .files import Files
from .gate import text_of
from .markdown import read_text

CELL = 1000         # lines of a cell, and what the number of its cell is multiplied by
_CELLS = 2_000


def read_notebook(name: str, files: Files) -> Builder:
    """The document in a notebook.  Raises ``Unread`` where nothing of it can be read."""
    cells = _cells(text_of(files.read(name)))
    builder = Builder(name)
    for k, cell in enumerate(cells, 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "markdown":
            continue
        text = _text(cell.get("source", ""))
        before = k * CELL
        if text.count("\n") >= CELL - 1:
            refusal = Unread("too-large", f"cell {k} has more than {CELL - 1} lines", Place(before + 1, 1),
                             "divide the cell")
            builder.refuse_part(refusal, Source.of("", Place(before + 1, 1)))
        else:
            read_text(builder, files, text, name, before)
    return builder


def _cells(text: str) -> list[Any]:
    start = Place(1, 1)
    try:
        # no number is needed, and an integer of a million digits would take minutes
        data = json.loads(text, parse_int=len, parse_float=len)
    except (ValueError, RecursionError):
        raise Unread("not-text", "this is no notebook: its JSON cannot be read", start,
                     "save the notebook again with Jupyter") from None
    cells = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(cells, list):
        raise Unread("kind", "a notebook without cells (or of format 3)", start, "save the notebook again with Jupyter")
    if len(cells) > _CELLS:
        raise Unread("too-large", f"a notebook of {len(cells):,} cells; {_CELLS:,} are read", start)
    return cells


def _text(source: object) -> str:
    if isinstance(source, list):
        source = "".join(x for x in source if isinstance(x, str))
    return source.replace("\r\n", "\n").replace("\r", "\n") if isinstance(source, str) else ""
