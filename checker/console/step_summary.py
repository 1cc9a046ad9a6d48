"""``checker check --output-format markdown``: a page for a pull request or a workflow's summary.

Counts, then a table of what is not as expected and of what could not be read; bounded, for GitHub takes 1 MiB at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..records import Run
from ..reporting.escape import markdown
from . import derivations, rows
from .machine import place

MOST_ROWS, MOST_LETTERS = 100, 300


def to_markdown(run: Run) -> str:
    """Statements and messages stand in ``<code>``, escaped: whatever they hold is shown, not rendered."""
    odd = sorted((d for d in run.decisions if not d.as_expected), key=lambda d: d.verdict != "refuted")
    lines = ["# Derivations", "", _text(" ".join(filter(None, [rows.summary(run), derivations.summary(run)])))]
    found = [(f"{d.stated.file}:{d.stated.line}", d.stated.id, f"{d.verdict}, expected {d.stated.expected}",
              rows.statement(d.stated.claim), rows.because(d)) for d in odd]
    lines += _table(("Where", "Claim", "Verdict", "Statement", "Witness, or what is missing"), found)
    lines += _table(("Where", "Not read"), [(place(p), f"{p.message} [{p.code}]") for p in run.problems])
    return "\n".join(lines)


def _table(head: tuple[str, ...], found: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if not found:
        return
    yield from ("", f"| {' | '.join(head)} |", "|" + "---|" * len(head))
    for row in found[:MOST_ROWS]:
        yield f"| {' | '.join(f'<code>{_text(cell)}</code>' for cell in row)} |"
    if len(found) > MOST_ROWS:
        yield from ("", f"{len(found) - MOST_ROWS} more: `checker check` shows them.")


def _text(text: str) -> str:
    return markdown(rows.clip(" ".join(text.split()), MOST_LETTERS))


__all__ = ["to_markdown"]
