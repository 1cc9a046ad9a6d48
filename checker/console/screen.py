"""For people: the table on a terminal, plain lines elsewhere, then what went wrong and what to do."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from ..records import Decision, Problem, Run
from . import rows
from .machine import place

MARKS = {True: "✓", False: "✗"}
_STYLES = {"proved": "green", "refuted": "magenta", "undecided": "yellow"}


def is_terminal(stream: TextIO) -> bool:
    return stream.isatty() and "CI" not in os.environ and os.environ.get("TERM") != "dumb"


def full(run: Run, root: Path, out: TextIO) -> None:
    """The table (on a terminal) or a line per claim, the errors with their source, the summary."""
    if run.decisions:
        (_table if is_terminal(out) else _lines)(run, out)
    write = _writer(out)
    for problem in run.problems:
        write("")
        for line in problem_lines(problem, root):
            write(line)
    for decision in run.decisions:
        if not decision.as_expected and decision.cause != "contradiction":  # that one is an error above
            write("")
            for line in surprise_lines(decision, root):
                write(line)
    write("")
    for line in rows.first_failures(run):
        write(line)
    write(rows.summary(run))
    for line in rows.what_next(run):
        write(f"next: {line}")


def concise(run: Run, out: TextIO) -> None:
    """One line for each error and each claim."""
    write = _writer(out)
    for p in run.problems:
        write(f"{place(p)}: error {p.code}: {p.message}")
    for d in run.decisions:
        odd = "" if d.as_expected else f" (expected {d.stated.expected})"
        write(f"{d.stated.file}:{d.stated.line}: {d.verdict} {d.stated.id}{odd}: {rows.because(d)}")
    write(rows.summary(run))


# ------------------------------------------------------------------------------------ the table


def _table(run: Run, out: TextIO) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=out, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), expand=False)
    width = console.width
    by_id = {r.id: r for r in rows.rows(run)}
    table.add_column("claim", overflow="fold", max_width=max(16, width * 26 // 100))
    table.add_column("statement", overflow="fold", max_width=max(16, width * 36 // 100))
    table.add_column("verdict", no_wrap=True)
    table.add_column("rests on, or the witness", overflow="fold", ratio=1)
    table.add_column("", no_wrap=True)  # as expected?
    for document in run.documents:
        if not document.claims:
            continue
        title = f"{document.title or document.id}" + (f" ({document.source})" if document.source else "")
        table.add_row(Text(document.id, "bold"), Text(title, "bold"), "", "", "")
        for claim in document.claims:
            row = by_id.get(claim.id)
            if row is None:
                continue
            mark = Text("✓", "green") if row.as_expected else Text(f"✗ not {row.expected}", "bold red")
            table.add_row(
                Text("  " + claim.id.removeprefix(document.id + ".")),
                Text(rows.clip(row.statement, 220)),
                Text(row.verdict, _STYLES[row.verdict]),
                Text(rows.clip(row.because, 180), "dim" if row.verdict == "proved" else ""),
                mark,
            )
        table.add_section()
    console.print(table)


def _lines(run: Run, out: TextIO) -> None:
    """No box, no colour, no wrapping: for logs and for grep."""
    write = _writer(out)
    found = rows.rows(run)
    width = min(56, max(len(r.id) for r in found))
    for r in found:
        odd = "ok " if r.as_expected else "NOT"
        write(f"{odd} {r.verdict:9} {r.id:{width}}  {r.statement}  [{r.because}]")


# ------------------------------------------------------------------- errors, with their source


def problem_lines(problem: Problem, root: Path) -> Iterator[str]:
    """``file:line:column: message``, then the line it happened on."""
    yield f"{place(problem)}: error: {problem.message} [{problem.code}]"
    yield from source_frame(root / problem.file, problem.line, problem.column)


def surprise_lines(decision: Decision, root: Path) -> Iterator[str]:
    """A verdict that is not as expected: where it stands, why, and what would help."""
    stated = decision.stated
    yield (f"{stated.file}:{stated.line}: {stated.id} is {decision.verdict}, expected {stated.expected}: "
           f"{rows.because(decision)}")
    yield from source_frame(root / stated.file, stated.line, None)
    for step in decision.next_steps:
        yield f"  help: {step}"


def source_frame(file: Path, line: int | None, column: int | None) -> Iterator[str]:
    if line is None:
        return
    try:
        with file.open(encoding="utf-8", errors="replace") as f:
            text = next(itertools.islice(f, line - 1, line), None)
    except (OSError, ValueError):
        return
    if text is None:
        return
    text = "".join(c if c.isprintable() else " " for c in text.rstrip("\r\n").replace("\t", "    "))
    gutter = " " * len(str(line))
    yield f"  {gutter} |"
    yield f"  {line} | {rows.clip(text, 160)}"
    if column is not None and 0 < column <= min(len(text) + 1, 160):
        yield f"  {gutter} | {' ' * (column - 1)}^"


class ProgressLine:
    """A bar on a terminal; silence elsewhere (the lines of the result are the log)."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._progress: object | None = None
        self._task: object | None = None

    def __call__(self, done: int, total: int, name: str) -> None:
        if not is_terminal(self._stream):
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        if not isinstance(self._progress, Progress):
            self._progress = Progress(
                TextColumn("deciding"), BarColumn(bar_width=30), MofNCompleteColumn(), TimeElapsedColumn(),
                TextColumn("{task.fields[name]}"), console=Console(file=self._stream), transient=True,
            )
            self._progress.start()
            self._task = self._progress.add_task("", total=total, name="")
        self._progress.update(self._task, completed=done, total=total, name=name)  # type: ignore[arg-type]

    def close(self) -> None:
        stop = getattr(self._progress, "stop", None)
        if stop is not None:
            stop()


def _writer(out: TextIO):  # type: ignore[no-untyped-def]
    """Print, whatever the stream can spell."""
    encoding = getattr(out, "encoding", None) or "utf-8"

    def write(text: str) -> None:
        out.write(text.encode(encoding, "replace").decode(encoding) + "\n")

    return write


def stdout() -> TextIO:
    return sys.stdout
