"""Derivations in LaTeX, line by line, for people: what was read, what is wrong first, and where.

    Wrong square   homework.tex
      12 ✗ (x+y)^2 - x^2 &= x^2 + y^2 + xy - x^2
           read as  (x + y)² − x² = x² + y² + xy − x²
           wrong at x = 1, y = 1: left 3, right 2
      13 ✓ &= y(x+y)
           read as  y² + xy = y(x + y)
    first wrong line: 12
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from ..lines import GIVEN, UNREAD, LineVerdict, first_wrong, verdicts
from ..records import Decision, Document, Run
from . import printed, rows

MARKS = {"proved": "✓", "refuted": "✗", "undecided": "?", UNREAD: "!", GIVEN: "·"}
STYLES = {"proved": "green", "refuted": "bold red", "undecided": "yellow", UNREAD: "bold yellow", GIVEN: "dim"}


def decisions_by_id(run: Run) -> dict[str, Decision]:
    return {d.stated.id: d for d in run.decisions}


def written(run: Run) -> list[Document]:
    """The derivations in LaTeX of a run."""
    return [d for d in run.documents if d.lines or d.goal]


def view(document: Document, decided: Mapping[str, Decision], root: Path) -> Iterator[tuple[str, str]]:
    """Lines of text with their style."""
    found = verdicts(document, decided)
    yield "   ".join(filter(None, (document.title or document.id, document.file, document.source))), "bold"
    width = max((len(str(v.line.line)) for v in found), default=1)
    for v in found:
        yield from _line(document, v, width, root)
    yield from _end(document, found)


def _line(document: Document, v: LineVerdict, width: int, root: Path) -> Iterator[tuple[str, str]]:
    line, pad = v.line, " " * (width + 5)
    odd = "" if v.as_expected or v.expected == "proved" else f"   (expected {v.expected})"
    source = " ".join(line.source.split()) or "(not read)"
    where = f"{line.file}: " if line.file else ""
    yield f"  {line.line:>{width}} {MARKS[v.verdict]} {where}{rows.clip(source, 140)}{odd}", STYLES[v.verdict]
    if line.unread is not None:
        yield from ((pad + text, "") for text in _unread(document, v, root))
        return
    for text in _read_as(v):
        yield f"{pad}read as  {rows.clip(text, 160)}", "dim"
    if v.verdict == GIVEN:
        yield f"{pad}{_first(line.notes) or 'taken as given'}", "dim"
        return
    d = v.decision
    if v.verdict == "refuted" and d is not None:
        yield f"{pad}wrong{_at(d)}", ""
        if d.repair is not None:
            from ..reporting.mistakes import repair_text

            yield pad + repair_text(d), ""
    elif v.verdict == "undecided":
        cause = "" if d is None else ": ".join(filter(None, (rows.cause_text(d.cause), d.evidence)))
        yield f"{pad}not decided{': ' + cause if cause else ''}", ""
    elif found := [c for d in v.decisions for c in rows.conditions(d)]:
        yield f"{pad}right where {', '.join(dict.fromkeys(found))}", ""
    for note in line.notes:
        yield f"{pad}{note}", "dim"


def _first(notes: tuple[str, ...]) -> str:
    return notes[0] if notes else ""


def _at(d: Decision) -> str:
    text = rows.witness_text(d.witness)
    return f": {text}" if text.startswith(("never", "the", "no ", "left")) else f" at {text}"


def _read_as(v: LineVerdict) -> list[str]:
    """The statements that are decided; of a line that claims nothing, what was read, as LaTeX."""
    if not v.decisions:
        return [v.line.read_as] if v.line.read_as else []
    own = [d for d in v.decisions if not d.stated.id.endswith((".reason", ".answer"))] or list(v.decisions)
    return list(dict.fromkeys(rows.statement(d.stated.claim) for d in own))


def _unread(document: Document, v: LineVerdict, root: Path) -> Iterator[str]:
    from .screen import source_frame

    problem = v.line.unread
    if problem is None:
        return
    yield f"not read: {problem.message} [{problem.code}]"
    yield from (text[2:] for text in source_frame(root / problem.file, problem.line, problem.column))


def _end(document: Document, found: list[LineVerdict]) -> Iterator[tuple[str, str]]:
    wrong = first_wrong(found)
    if document.goal is not None:
        words = {"reached": "reached", "missed": "not reached", "circular": "circular", "empty": "nothing was done",
                 "unknown": "not known"}[str(document.goal["status"])]
        more = f": {document.goal['message']}" if document.goal["message"] else ""
        yield f"  asked in line {document.goal['line']}: {words}{more}", "" if words == "reached" else "yellow"
    unread = [v.line.line for v in found if v.verdict == UNREAD]
    if wrong is not None:
        yield f"  first wrong line: {wrong.line.line}", "bold red"
    elif found:
        open_ = [v.line.line for v in found if v.verdict == "undecided"]
        meant = [v.line.line for v in found if v.verdict == "refuted"]
        words = "no wrong line" + (f" besides what is marked as wrong: {', '.join(map(str, meant))}" if meant else "")
        if open_ or unread:
            words += "; not decided: " + ", ".join(map(str, open_)) if open_ else ""
            words += "; not read: " + ", ".join(map(str, unread)) if unread else ""
        yield f"  {words}", "green" if not (open_ or unread) else "yellow"


def show(run: Run, root: Path, out: TextIO, write: Callable[[str], None], terminal: bool) -> None:
    """Every derivation in LaTeX, with colours on a terminal."""
    found = written(run)
    decided = decisions_by_id(run)
    paint = _painter(out) if terminal else None
    for k, document in enumerate(found):
        if k or any(d.stated.file != document.file for d in run.decisions):
            write("")
        for text, style in view(document, decided, root):
            if paint is None:
                write(text)
            else:
                paint(text, style)


def _painter(out: TextIO) -> Callable[[str, str], None]:
    console = printed.console(out)
    return lambda text, style: console.print(printed.styled(text, style), soft_wrap=True)


def summary(run: Run) -> str:
    """``2 derivations, 1 with a wrong line. First wrong lines: a.square line 12.``, "" if there are none."""
    found = written(run)
    if not found:
        return ""
    decided = decisions_by_id(run)
    lines = [(d, verdicts(d, decided)) for d in found]
    wrong = [(d, w) for d, vs in lines if (w := first_wrong(vs)) is not None]
    unread = sum(v.verdict == UNREAD for _, vs in lines for v in vs)
    lost = f"{unread} line{' was' if unread == 1 else 's were'} not read" if unread else ""
    if len(found) == 1:
        words = f"first wrong line: {wrong[0][1].line.line}" if wrong else "no wrong line"
        return words + (f"; {lost}" if lost else "")
    words = f"{len(found)} derivations"
    if not wrong:
        return words + ", none with a wrong line" + (f"; {lost}." if lost else ".")
    where = ", ".join(f"{d.id} line {w.line.line}" for d, w in wrong)
    return f"{words}, {len(wrong)} with a wrong line. First wrong lines: {where}" + (f"; {lost}." if lost else ".")


def to_json(run: Run) -> list[dict[str, Any]]:
    """``derivations`` of ``checker check --output-format json``."""
    decided = decisions_by_id(run)
    return [_derivation(d, verdicts(d, decided)) for d in written(run)]


def _derivation(document: Document, found: list[LineVerdict]) -> dict[str, Any]:
    wrong = first_wrong(found)
    return {
        "id": document.id, "title": document.title, "file": document.file,
        "first_wrong_line": None if wrong is None else wrong.line.line,
        "goal": document.goal,
        "lines": [_json_line(v) for v in found],
    }


def _json_line(v: LineVerdict) -> dict[str, Any]:
    from ..reporting import mistakes

    line, d, unread = v.line, v.decision, v.line.unread
    found = [c for x in v.decisions for c in rows.conditions(x, unicode=False)]
    data: dict[str, Any] = {
        "line": line.line, "column": line.column, "source": line.source, "read_as": line.read_as,
        "relation": line.relation, "verdict": v.verdict, "expected": v.expected, "as_expected": v.as_expected,
        "conditions": list(dict.fromkeys(found)), "witness": d.witness if d is not None and v.wrong else None,
        "repair": mistakes.as_json(d) if d is not None and v.wrong else None,
        "claims": list(line.claims), "notes": list(line.notes), "hint": None,
    }
    if line.file:
        data["file"] = line.file
    if unread is not None:
        data |= {"hint": unread.message, "code": unread.code, "line": line.line, "column": unread.column}
    return data


def columns(run: Run) -> dict[str, int]:
    """Where the lines of the claims begin."""
    return {c: line.column for d in written(run) for line in d.lines for c in line.claims}


def explain_line(run: Run, file: str, number: int, root: Path, out: TextIO) -> None:
    """What ``checker explain FILE:LINE`` prints."""
    decided = decisions_by_id(run)
    for document in written(run):
        for v in verdicts(document, decided):
            if v.line.line == number:
                for text in _explained(document, v, root):
                    out.write(text + "\n")


def _explained(document: Document, v: LineVerdict, root: Path) -> Iterator[str]:
    from .explain import lines as explained     # the proofs' sentences, which `check` need not load

    line = v.line
    yield f"{line.file or document.file}:{line.line}:{line.column}   {document.title or document.id}"
    yield from _part("source", line.source.splitlines())
    if line.unread is not None:
        yield from _part("not read", list(_unread(document, v, root)))
        return
    yield from _part("read as", [line.read_as])
    goes_on = line.read_as.startswith(_RELATIONS)
    yield from _part("how it hangs together", [_HANGS.get(
        line.relation, "goes on from the line before" if goes_on else "a statement of its own")])
    yield from _part("the tree", line.tree.splitlines())
    yield from _part("notes", list(line.notes))
    yield from _part("verdict", [v.verdict + ("" if v.as_expected else f" (expected {v.expected})")])
    for d in v.decisions:
        yield ""
        yield from (f"  {text}" if text else "" for text in explained(d))


_RELATIONS = ("=", "<", ">", r"\le", r"\ge", r"\ne", r"\propto", r"\in", r"\sim")
_HANGS = {
    "given": "taken as given", "define": "a definition", "implies": "follows from the line before",
    "iff": "has the same solutions as the line before", "implied": "the line before follows from it",
    "statement": "a statement of its own", "expression": "a chain begins here",
}


def _part(title: str, body: list[str]) -> Iterator[str]:
    if body:
        yield ""
        yield f"{title}:"
        yield from (f"  {text}" for text in body)
