"""For people: the table on a terminal, plain lines elsewhere, then what went wrong and what to do."""

from __future__ import annotations

import itertools
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from ..records import Decision, Document, Problem, Run
from ..reporting.escape import terminal
from . import derivations, printed, rows
from .machine import place
from .printed import styled

#: With more claims than fit a few screens, a document is one line, and what is not as expected under it.
MANY = 120
_STYLES = {"proved": "green", "refuted": "magenta", "undecided": "yellow"}


def is_terminal(stream: TextIO) -> bool:
    return stream.isatty() and "CI" not in os.environ and os.environ.get("TERM") != "dumb"


def full(run: Run, root: Path, out: TextIO) -> None:
    """The table (on a terminal) or a line per claim, the errors with their source, the summary."""
    stated = _without_lines(run)
    if stated.decisions:
        (_table if is_terminal(out) else _lines)(stated, out)
    write = _writer(out)
    derivations.show(run, root, out, write, is_terminal(out))
    for problem in stated.problems:
        write("")
        for line in problem_lines(problem, root):
            write(line)
    for decision in stated.decisions:
        if not decision.as_expected and decision.cause != "contradiction":  # that one is an error above
            write("")
            for line in surprise_lines(decision, root):
                write(line)
    write("")
    for line in rows.first_failures(stated):
        write(line)
    write(rows.summary(run))
    if words := derivations.summary(run):
        write(words)
    if is_terminal(out) and len(run.decisions) > MANY:
        write("claim by claim: checker check FILE")
    for line in rows.what_next(run):
        write(f"next: {line}")


def _without_lines(run: Run) -> Run:
    """The run without the derivations in LaTeX, which are shown line by line."""
    shown = {c.id for d in derivations.written(run) for c in d.claims}
    unread = {line.unread for d in derivations.written(run) for line in d.lines if line.unread is not None}
    return Run(tuple(d for d in run.documents if not d.lines and not d.goal),
               tuple(d for d in run.decisions if d.stated.id not in shown),
               tuple(p for p in run.problems if p not in unread))


def concise(run: Run, out: TextIO) -> None:
    """One line for each error and each claim."""
    write = _writer(out)
    for p in run.problems:
        write(f"{place(p)}: error {p.code}: {p.message}")
    for d in run.decisions:
        odd = "" if d.as_expected else f" (expected {d.stated.expected})"
        write(f"{d.stated.file}:{d.stated.line}: {d.verdict} {d.stated.id}{odd}: {rows.because(d)}")
    write(rows.summary(run))
    if words := derivations.summary(run):
        write(words)


# ------------------------------------------------------------------------------------ the table


def _table(run: Run, out: TextIO) -> None:
    from rich.padding import Padding
    from rich.rule import Rule

    console = printed.console(out)
    found = {r.id: r for r in rows.rows(run)}
    widths = _widths(run, console.width)
    folded = len(run.decisions) > MANY
    for k, document in enumerate(d for d in run.documents if d.claims):
        if folded and all(found[c.id].as_expected for c in document.claims):
            console.print(_folded(document, found), soft_wrap=True)
            continue
        if k:
            console.print()
        if k == 0 or folded:
            titles = "claim", "statement", "verdict", "rests on, or the witness", ""
            console.print(_grid([tuple(styled(t, "bold") for t in titles)], widths))
            console.print(Rule(style="dim", characters="─"))
        heading = styled(document.title or document.id, "bold")
        heading.append(styled(f"   {document.source}" if document.source else "", "dim"))
        console.print(heading)
        legends = rows.legends([c.claim for c in document.claims])
        for legend in legends:
            console.print(Padding(styled(legend, "dim"), (0, 0, 0, 2)))
        lines = []
        for claim in document.claims:
            row = found[claim.id]
            if folded and row.as_expected:
                continue
            lines.append((
                styled(claim.id.removeprefix(document.id + ".")),
                styled(rows.clip(rows.without(row.statement, legends), 220)),
                styled(row.verdict, _STYLES[row.verdict]),
                styled(rows.clip(row.because, 180), "dim" if row.verdict == "proved" else ""),
                styled("✓", "green") if row.as_expected else styled(f"✗ not {row.expected}", "bold red"),
            ))
        console.print(_grid(lines, widths))


def _folded(document: Document, found: Mapping[str, rows.Row]) -> Any:
    """A document's title, file and count on one line."""
    counts = Counter(found[c.id].verdict for c in document.claims)
    line = styled("✓ ", "green")
    line.append(styled(document.title or document.id, "bold"))
    line.append(styled(f"   {document.claims[0].file}   ", "dim"))
    for n, verdict in enumerate(v for v in _STYLES if counts[v]):
        line.append(", " if n else "").append(f"{counts[verdict]} {verdict}", _STYLES[verdict])
    return line


def _widths(run: Run, total: int) -> tuple[int, int, int, int, int]:
    """Columns of one width in every document: ids as they are up to a third, the rest shared."""
    prefix = {c.id: len(d.id) + 1 for d in run.documents for c in d.claims}
    ids = max(len(d.stated.id) - prefix[d.stated.id] for d in run.decisions)
    verdict = max(len(d.verdict) for d in run.decisions)
    mark = max(1 if d.as_expected else 6 + len(d.stated.expected) for d in run.decisions)
    first = max(12, min(ids, (total - verdict - mark) // 3))
    rest = max(24, total - first - verdict - mark - 2 * 5)
    return first, rest * 56 // 100, verdict, rest - rest * 56 // 100, mark


def _grid(lines: Iterable[tuple[Any, ...]], widths: tuple[int, ...]) -> Any:
    from rich.padding import Padding
    from rich.table import Table

    grid = Table.grid(padding=(0, 2, 0, 0))
    for k, width in enumerate(widths):
        grid.add_column(width=width, overflow="fold", no_wrap=k in (2, 4))
    for line in lines:
        grid.add_row(*line)
    return Padding(grid, (0, 0, 0, 2))


def _lines(run: Run, out: TextIO) -> None:
    """No box, no colour, no wrapping: for logs and for grep."""
    write = _writer(out)
    found = rows.rows(run)
    width = min(56, max(len(r.id) for r in found))
    for r in found:
        mark, odd = ("ok", "") if r.as_expected else ("!!", f"  (expected {r.expected})")
        write(f"{mark}  {r.verdict:9} {r.id:{width}}  {r.statement}  [{r.because}]{odd}")


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
    if decision.repair is not None:
        from ..reporting.mistakes import repair_text

        yield f"  {repair_text(decision)}"
    for step in decision.next_steps:
        yield f"  help: {step}"


def source_frame(file: Path, line: int | None, column: int | None) -> Iterator[str]:
    if line is None or file.suffix in (".zip", ".ipynb"):    # their lines are not those of the file
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


def rate(done: int, seconds: float) -> str:
    """``12 a second``, ``4 a minute``; nothing before there is something to say."""
    if not done or seconds < 0.5:
        return ""
    each = done / seconds
    return f"{each:.0f} a second" if each >= 2 else f"{60 * each:.0f} a minute"


class ProgressLine:
    """A bar on a terminal, with count, rate and remaining time; silence elsewhere (the result's lines are the log)."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._progress: object | None = None
        self._task: object | None = None
        self._began = 0.0

    def __call__(self, done: int, total: int, name: str) -> None:
        if not is_terminal(self._stream):
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        if not isinstance(self._progress, Progress):
            self._began = time.monotonic()
            self._progress = Progress(
                TextColumn("deciding"), BarColumn(bar_width=30), MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"), TimeRemainingColumn(elapsed_when_finished=True),
                TextColumn("{task.fields[name]}", markup=False), console=printed.console(self._stream),
                transient=True,
            )
            self._progress.start()
            self._task = self._progress.add_task("", total=total, name="", rate="")
        self._progress.update(
            self._task, completed=done, total=total, name=terminal(name),  # type: ignore[arg-type]
            rate=rate(done, time.monotonic() - self._began))

    def close(self) -> None:
        stop = getattr(self._progress, "stop", None)
        if stop is not None:
            stop()


def _writer(out: TextIO) -> Callable[[str], None]:
    def write(text: str) -> None:
        out.write(text + "\n")

    return write
