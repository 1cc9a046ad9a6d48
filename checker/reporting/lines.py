"""A derivation in LaTeX for the report: its prose, and each display as a table of lines with their verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..lines import GIVEN, UNREAD, LineVerdict, first_wrong, verdicts
from ..records import Decision, Document
from .blocks import Block, Code, Grid, Inline, Math, Para, Str, Strong
from .compose import layout as layout_of
from .mathread import Unreadable, read_tex
from .mistakes import repair_sentence
from .notation import Notation
from .prose import read_line, read_prose
from .witness import witness_sentence

_PLACE = re.compile(r'^\{\{ lines\("(\d+)-(\d+)"\) \}\}$', re.MULTILINE)
_MARKS = {"proved": "✓ right", "refuted": "✗ wrong", "undecided": "? not decided", UNREAD: "! not read", GIVEN: "given"}
_HEAD = ("Line", "We read", "Verdict", "Why")


def derivation_blocks(document: Document, decided: Mapping[str, Decision], notation: Notation) -> list[Block]:
    """The prose with the lines in their places, and what is wrong first."""
    found = verdicts(document, decided)
    out: list[Block] = []
    place = 0
    shown: set[int] = set()
    for m in _PLACE.finditer(document.prose):
        out += read_prose(document.prose[place:m.start()])
        part = range(int(m[1]), min(int(m[2]), len(found)))
        out.append(_grid([found[k] for k in part], notation))
        shown |= set(part)
        place = m.end()
    out += read_prose(document.prose[place:])
    if rest := [v for k, v in enumerate(found) if k not in shown]:
        out.append(_grid(rest, notation))
    wrong = first_wrong(found)
    words = f"First wrong line: {wrong.line.line}." if wrong is not None else _without_fault(found)
    out.append(Para((Strong((Str(words),)),)))
    if document.goal is not None:
        out.append(Para(tuple(_goal(document.goal))))
    return out


def _without_fault(found: list[LineVerdict]) -> str:
    open_ = [str(v.line.line) for v in found if v.verdict in (UNREAD, "undecided")]
    meant = [str(v.line.line) for v in found if v.verdict == "refuted"]
    said = f" besides what is marked as wrong (line {', '.join(meant)})" if meant else ""
    if open_:
        return f"No line is known to be wrong{said}; for a person: line {', '.join(open_)}."
    return f"No line is wrong{said}."


def _goal(goal: Mapping[str, object]) -> Iterator[Inline]:
    words = {"reached": "is reached", "missed": "is not reached", "circular": "is assumed, not shown",
             "empty": "is not begun", "unknown": "may be reached by lines that were not read"}
    yield Str(f"What line {goal['line']} asks, ")
    yield _formula(str(goal["read_as"]))
    yield Str(f", {words[str(goal['status'])]}.")


def _grid(found: list[LineVerdict], notation: Notation) -> Grid:
    head = tuple((Str(word),) for word in _HEAD)
    return Grid((head, *(_row(v, notation) for v in found)))


def _row(v: LineVerdict, notation: Notation) -> tuple[tuple[Inline, ...], ...]:
    line = v.line
    where = f"{line.file}:{line.line}" if line.file else str(line.line)
    return (Str(where),), tuple(_read(v, notation)), (Str(_mark(v)),), tuple(_why(v, notation))


def _mark(v: LineVerdict) -> str:
    return _MARKS[v.verdict] + (", as said" if v.verdict == v.expected == "refuted" else "")


def _read(v: LineVerdict, notation: Notation) -> Iterator[Inline]:
    """The statements that were decided; of other lines what was read."""
    own = [d for d in v.decisions if not d.stated.id.endswith((".reason", ".answer"))] or list(v.decisions)
    shown = dict.fromkeys(layout_of(d.stated.claim.statement, notation.context(d.stated.claim)) for d in own)
    for k, layout in enumerate(shown):
        if k:
            yield Str("; ")
        yield Math(layout)
    if not own:
        yield _formula(v.line.read_as) if v.line.read_as else Code(" ".join(v.line.source.split()).replace("|", "¦"))


def _why(v: LineVerdict, notation: Notation) -> Iterator[Inline]:
    d = v.decision
    if v.line.unread is not None:
        yield Str(v.line.unread.message.replace("|", "¦"))
    elif v.verdict == "refuted" and d is not None:
        context = notation.context(d.stated.claim)
        yield from witness_sentence(d, context)
        if repaired := repair_sentence(d, context):
            yield Str(" ")
            yield from repaired
    elif v.verdict == "undecided" and d is not None:
        yield Str(d.evidence or d.cause or "nothing was found")
    else:
        seen = False
        for note in (*v.line.notes, *(["with the conditions below"] if any(x.conditions for x in v.decisions) else [])):
            if seen:
                yield Str(" ")
            yield from read_line(_as_prose(note))
            seen = True


def _as_prose(note: str) -> str:
    """A note that shows an assumption ("under a > 0 (line 3)") has it as LaTeX."""
    m = re.fullmatch(r"under (.+) \((.+)\)", note)
    return f"under ${m[1]}$ ({m[2]})" if m else note


def _formula(source: str) -> Inline:
    try:
        return Math(read_tex(source))
    except Unreadable:
        return Code(source.replace("|", "¦"))
