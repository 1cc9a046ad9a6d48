"""The results of one grading as plain data: what is stored, compared and shown to a class.

    {"schema": "checker-grades/1", "results": [{"student", "problem", "version", "points", "of", "provisional", ...}]}

Students are pseudonyms; which file is whose stands in a roster of its own that never leaves the course's folder.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from .persons import line_key
from .problem import GradedProblem, shown
from .score import Judged, Score

SCHEMA = "checker-grades/1"


_POINTS = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)


class GradesError(ValueError):
    """A file of grades that cannot be used."""


@dataclass(frozen=True, slots=True)
class Graded:
    """One student's derivation for one problem.  ``told``: for each wrong line its witness and repair as text."""

    student: str
    problem: GradedProblem
    score: Score
    told: Mapping[int, tuple[str, str]]
    transcript: bool = False             # a typed transcription of handwriting

    def to_json(self) -> dict[str, Any]:
        s = self.score
        first = s.first_wrong
        return {
            "student": self.student, "problem": self.problem.id, "version": self.problem.version,
            "points": shown(s.points), "of": shown(s.of), "provisional": s.provisional, "goal": s.goal,
            "first_wrong_line": first.line.line if first is not None else None,
            "reasons": [{"code": r.code, "line": r.line, "text": r.text} for r in s.reasons],
            "milestones": [{"id": e.milestone, "points": shown(e.points), "of": shown(e.of), "line": e.line,
                            "follow_through": e.follow_through} for e in s.earned],
            "notes": list(s.notes), "transcript": self.transcript,
            "lines": [self._line(x) for x in s.lines],
        }

    def _line(self, x: Judged) -> dict[str, Any]:
        witness, repair = self.told.get(x.line.line, ("", ""))
        return {
            "line": x.line.line, "source": x.line.source, "read_as": x.line.read_as, "relation": x.line.relation,
            "status": x.status, "after_slip": x.after_slip, "key": line_key(x), "witness": witness, "repair": repair,
            "hint": x.line.unread.message if x.line.unread is not None else "",
        }


def json_parts(results: Iterable[Mapping[str, Any]], shard: Mapping[str, Any] | None = None) -> Iterator[str]:
    """The file of grades, in pieces: same submissions, same bytes.  ``shard``: of a part of a class, which part it
    is."""
    part = {"shard": shard} if shard is not None else {}
    head = json.dumps({"schema": SCHEMA, **part}, indent=1, ensure_ascii=False)
    yield head.removesuffix("\n}") + ',\n "results": ['
    before = "\n  "
    for result in results:
        yield before + json.dumps(result, indent=1, ensure_ascii=False).replace("\n", "\n  ")
        before = ",\n  "
    yield ("]" if before == "\n  " else "\n ]") + "\n}\n"


def read_grades(path: Path) -> list[dict[str, Any]]:
    """The results of a file of grades.  Raises :class:`GradesError`."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["schema"] != SCHEMA:
            raise GradesError(f"{path.name}: schema {str(data['schema'])[:60]!r}; this version reads {SCHEMA}")
        return [_result(r) for r in data["results"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, ZeroDivisionError) as error:
        if isinstance(error, GradesError):
            raise
        told = f"{type(error).__name__}: {error}"[:200]
        raise GradesError(f"{path.name}: no file of grades ({told})") from error


def _result(data: Mapping[str, Any]) -> dict[str, Any]:
    """One earlier result, as far as a comparison looks at it."""
    for key in ("student", "problem", "version"):
        if not isinstance(data[key], str):
            raise ValueError(f"{key} is no text")
    for key in ("points", "of"):
        if not _POINTS.fullmatch(data[key]):
            raise ValueError(f"{key} is no number of points")
    if not isinstance(data["first_wrong_line"], int | None):
        raise ValueError("first_wrong_line is no line")
    lines = [{"line": int(x["line"]), "status": str(x["status"])} for x in data["lines"]]
    milestones = [{"id": str(m["id"]), "points": str(m["points"])} for m in data["milestones"]]
    return {**data, "lines": lines, "milestones": milestones}


# --------------------------------------------------------------------------- pseudonyms


class Roster:
    """Pseudonyms for the files of a course: stable, and meaningless without the roster's secret.

    Kept in ``roster.csv`` (secret first) in the course's own folder; ``purge`` deletes it, and with it every way back.
    """

    def __init__(self, path: Path, plain: bool = False) -> None:
        self._path, self._plain = path, plain
        self._names: dict[str, str] = {}
        self._secret = secrets.token_hex(16)
        if path.exists():
            rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
            if rows and rows[0][:1] == ["secret"] and len(rows[0]) == 2:
                self._secret = rows[0][1]
                self._names = {row[0]: row[1] for row in rows[1:] if len(row) == 2}

    def pseudonym(self, name: str) -> str:
        """Stable and meaningless; with ``plain`` the name itself, kept to what a file name may hold."""
        return self.pseudonyms([name])[name]

    def pseudonyms(self, names: Sequence[str]) -> dict[str, str]:
        """Of a whole class.  Those that would be one (``a b`` and ``a-b`` as names of files, ``Ada`` and ``ada`` where
        the system knows no capitals, two of many thousand by chance) are told apart, whatever their order."""
        short = {name: self._pseudonym(name, 8) for name in names}
        taken = Counter(found.casefold() for found in short.values())
        made = {name: found if taken[found.casefold()] == 1 else self._pseudonym(name, 24)
                for name, found in short.items()}
        self._names |= {found: name for name, found in made.items()}
        return made

    def _pseudonym(self, name: str, digits: int) -> str:
        spelled = name.encode("utf-8", "surrogatepass")
        if self._plain:
            found = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:100] or "student"
            return found if digits == 8 else f"{found}-{hashlib.sha256(spelled).hexdigest()[:8]}"
        return f"s-{hmac.new(self._secret.encode(), spelled, hashlib.sha256).hexdigest()[:digits]}"

    def save(self) -> None:
        self.save_as(self._path)

    def save_as(self, path: Path) -> None:
        """Nothing, if the names are shown as they are."""
        if self._plain:
            return
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["secret", self._secret])
        for pseudonym, name in sorted(self._names.items()):
            writer.writerow([pseudonym, harmless(name.encode("utf-8", "backslashreplace").decode())])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(out.getvalue(), encoding="utf-8")
        path.chmod(0o600)

    def name(self, pseudonym: str) -> str | None:
        return self._names.get(pseudonym)


def purge(folder: Path) -> list[Path]:
    """Delete what ties results to people: the roster and the pages for single students."""
    gone = []
    for path in [folder / "roster.csv", *sorted((folder / "students").glob("s-*.*"))]:
        if path.is_file():
            path.unlink()
            gone.append(path)
    return gone


#: What begins a formula in some spreadsheet, full-width signs too, or is dropped before it.
_BEGINS = frozenset("=+-@\t\r\n\v\f\0\ufeff\u200b\uff1d\uff0b\uff0d\uff20")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell[:1] in _BEGINS else cell


# --------------------------------------------------------------------------- a class


@dataclass(frozen=True, slots=True)
class Cell:
    """What tables say of one result."""

    points: str
    line: int | None
    provisional: bool


class Table:
    """Students in alphabetical order, with a cell for each problem."""

    def __init__(self, results: Iterable[Mapping[str, Any]] = ()) -> None:
        self._columns: dict[str, int] = {}
        self._rows: dict[str, list[Cell | None]] = {}
        self._cells: dict[Cell, Cell] = {}             # equal ones are one
        for r in results:
            self.add(r)

    def add(self, result: Mapping[str, Any]) -> None:
        k = self._columns.setdefault(result["problem"], len(self._columns))
        row = self._rows.setdefault(result["student"], [])
        row += [None] * (k + 1 - len(row))
        cell = Cell(result["points"], result["first_wrong_line"], result["provisional"])
        row[k] = self._cells.setdefault(cell, cell)

    @property
    def problems(self) -> list[str]:
        return list(self._columns)

    def rows(self) -> Iterator[tuple[str, list[Cell | None]]]:
        for student, row in sorted(self._rows.items()):
            yield student, row + [None] * (len(self._columns) - len(row))


def total(cells: Iterable[Cell | None]) -> Fraction:
    return sum((Fraction(c.points) for c in cells if c is not None), Fraction(0))


class _Tally:
    """What is counted of a problem."""

    def __init__(self, id: str, of: str) -> None:
        self.id, self.of, self.points = id, of, Fraction(0)
        self.graded = self.full = self.wrong = self.waiting = 0

    def add(self, r: Mapping[str, Any]) -> None:
        if not r["lines"] and not r["provisional"]:
            return                                      # nothing was handed in for it
        self.graded += 1
        self.points += Fraction(r["points"])
        self.full += Fraction(r["points"]) == Fraction(r["of"])
        self.wrong += r["first_wrong_line"] is not None
        self.waiting += r["provisional"]

    def row(self) -> dict[str, Any]:
        return {"id": self.id, "of": self.of, "graded": self.graded, "mean": shown(self.points / max(1, self.graded)),
                "full": self.full, "wrong": self.wrong, "waiting": self.waiting}


def summary(results: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What a class sees: a table, the most frequent wrong lines by meaning, the lines that wait for a person.
    The results are gone through twice, one at a time."""
    problems: dict[str, _Tally] = {}
    table = Table()
    wrong: Counter[tuple[str, str]] = Counter()
    waiting: dict[tuple[str, str], dict[str, Any]] = {}
    routes = []
    for r in results:
        problems.setdefault(r["problem"], _Tally(r["problem"], r["of"])).add(r)
        table.add(r)
        wrong.update(_first_slips(r).keys())
        for line in r["lines"]:
            if line["status"] in ("undecided", "unread"):
                entry = waiting.setdefault((r["problem"], line["key"]),
                                           {"problem": r["problem"], "line": line, "students": {}})
                entry["students"][r["student"]] = None
        routes += [{"problem": r["problem"], "student": r["student"], "text": x["text"]} for x in r["reasons"]
                   if x["code"] not in ("undecided", "unread")]
    most = wrong.most_common(20)
    examples = _examples(results, {where for where, _ in most})
    return {
        "problems": [p.row() for p in problems.values()],
        "students": [{"student": s, "total": shown(total(cells)), "cells": cells} for s, cells in table.rows()],
        "wrong": [{"problem": where[0], "count": n, "line": examples[where]} for where, n in most],
        "waiting": [{**w, "students": list(w["students"])} for w in waiting.values()],
        "routes": routes,
    }


def _first_slips(r: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Its wrong lines that follow from no earlier slip, by problem and meaning."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for line in r["lines"]:
        if line["status"] == "wrong" and not line["after_slip"]:
            found.setdefault((r["problem"], line["key"]), line)
    return found


def _examples(results: Iterable[Mapping[str, Any]], wanted: set[tuple[str, str]]
              ) -> dict[tuple[str, str], Mapping[str, Any]]:
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for r in results if wanted else ():
        for where, line in _first_slips(r).items():
            if where in wanted:
                found.setdefault(where, line)
        if len(found) == len(wanted):
            break
    return found


# --------------------------------------------------------------------------- what a new key changes


@dataclass(frozen=True, slots=True)
class Change:
    """What a new key or new rules change for one derivation."""

    student: str
    problem: str
    before: Fraction
    after: Fraction
    why: str

    @property
    def falls(self) -> bool:
        return self.after < self.before


def compare(old: Sequence[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]) -> list[Change]:
    """Who gains or loses, by which line and why; unchanged results are left out."""
    before = {(r["student"], r["problem"]): r for r in old}
    out = []
    for r in new:
        was = before.pop((r["student"], r["problem"]), None)
        if was is None:
            continue
        a, b = Fraction(was["points"]), Fraction(r["points"])
        if a != b or was["first_wrong_line"] != r["first_wrong_line"]:
            out.append(Change(r["student"], r["problem"], a, b, _why(was, r)))
    out += [Change(s, p, Fraction(r["points"]), Fraction(0), "no longer among the submissions")
            for (s, p), r in before.items()]
    return sorted(out, key=lambda c: (c.after - c.before, c.student, c.problem))


def _why(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    parts = []
    then = {x["line"]: x for x in was["lines"]}
    for x in now["lines"]:
        earlier = then.get(x["line"])
        if earlier is not None and earlier["status"] != x["status"]:
            parts.append(f"line {x['line']} was {earlier['status']}, is {x['status']}")
    a = {m["id"]: m["points"] for m in was["milestones"]}
    b = {m["id"]: m["points"] for m in now["milestones"]}
    for id in sorted(a.keys() | b.keys()):
        if a.get(id, "0") != b.get(id, "0"):
            parts.append(f"{id}: {a.get(id, '0')} then, {b.get(id, '0')} now")
    if was["version"] != now["version"]:
        parts.append("the key changed")
    return "; ".join(parts) or "its policy changed"


__all__ = [
    "SCHEMA", "Cell", "Change", "Graded", "GradesError", "Roster", "Table", "compare", "harmless", "json_parts",
    "purge", "read_grades", "summary", "total",
]
