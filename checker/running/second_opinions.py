"""What the second reader of LaTeX says of the lines of a run: notes, never verdicts.

It is asked only where ``checker check --second-reader`` says so: a process with it costs about two seconds to start,
more than reading a whole sheet.  One process answers until it meets a line that it cannot read; then another one goes
on with the rest (see reading/latex/second_reader.py), a few times at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..records import Document, Line, Run
from .limits import GIB, Ended, Limits
from .workers import Workers

MODULE = "checker.reading.latex.second_reader"
LIMITS = Limits(seconds=20.0, memory=GIB)
PROCESSES = 12


def with_second_opinions(run: Run) -> Run:
    """The run, with notes on the lines that another reader reads otherwise."""
    lines = [(k, n) for k, d in enumerate(run.documents) for n, line in enumerate(d.lines)
             if line.read_as and not line.unread]
    asked = [(run.documents[k].lines[n].source, run.documents[k].lines[n].read_as) for k, n in lines]
    notes = {place: note for place, note in zip(lines, opinions(asked), strict=True) if note}
    return replace(run, documents=tuple(_noted(d, k, notes) for k, d in enumerate(run.documents))) if notes else run


def _noted(document: Document, k: int, notes: dict[tuple[int, int], str]) -> Document:
    def one(n: int, line: Line) -> Line:
        note = notes.get((k, n))
        return line if note is None else replace(line, notes=(*line.notes, note))

    return replace(document, lines=tuple(one(n, line) for n, line in enumerate(document.lines)))


def opinions(rows: Sequence[tuple[str, str]]) -> list[str | None]:
    """One note, or None, for each row."""
    found: list[str | None] = []
    with Workers(1, LIMITS, fresh=True, module=MODULE) as workers:
        for _ in range(PROCESSES):
            if len(found) == len(rows):
                break
            result = workers.submit("opinions", list(rows[len(found):])).result()
            notes = result.value if isinstance(result, Ended) and isinstance(result.value, list) else []
            found += [n if isinstance(n, str) else None for n in notes[:len(rows) - len(found)]] or [None]
    return found + [None]*(len(rows) - len(found))


__all__ = ["opinions", "with_second_opinions"]
