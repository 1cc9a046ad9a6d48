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
from collections.abc import Mapping, Sequence
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


def to_json(results: Sequence[Mapping[str, Any]], shard: Mapping[str, Any] | None = None) -> str:
    """The file of grades: same submissions, same bytes.  ``shard``: of a part of a class, which part it is."""
    data = {"schema": SCHEMA, **({"shard": shard} if shard is not None else {}), "results": list(results)}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


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
        if self._plain:
            return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "student"
        digest = hmac.new(self._secret.encode(), name.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
        found = f"s-{digest[:8]}"
        self._names[found] = name
        return found

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


def summary(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a class sees: a table, the most frequent wrong lines by meaning, the lines that wait for a person."""
    problems: dict[str, list[Mapping[str, Any]]] = {}
    for r in results:
        problems.setdefault(r["problem"], []).append(r)
    wrong: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], Mapping[str, Any]] = {}
    waiting: dict[tuple[str, str], dict[str, Any]] = {}
    for r in results:
        seen: set[str] = set()
        for line in r["lines"]:
            where = r["problem"], line["key"]
            if line["status"] == "wrong" and not line["after_slip"] and line["key"] not in seen:
                seen.add(line["key"])
                wrong[where] += 1
                examples.setdefault(where, line)
            if line["status"] in ("undecided", "unread"):
                entry = waiting.setdefault(where, {"problem": r["problem"], "line": line, "students": []})
                if r["student"] not in entry["students"]:
                    entry["students"].append(r["student"])
    return {
        "problems": [_problem_row(id, rows) for id, rows in problems.items()],
        "students": _student_rows(results, list(problems)),
        "wrong": [{"problem": p, "count": n, "line": examples[(p, k)]} for (p, k), n in wrong.most_common(20)],
        "waiting": list(waiting.values()),
        "routes": [{"problem": r["problem"], "student": r["student"], "text": x["text"]} for r in results
                   for x in r["reasons"] if x["code"] not in ("undecided", "unread")],
    }


def _problem_row(id: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    of = rows[0]["of"]
    rows = [r for r in rows if r["lines"] or r["provisional"]]      # the others handed in nothing for it
    points = [Fraction(r["points"]) for r in rows]
    return {"id": id, "of": of, "graded": len(rows), "mean": shown(Fraction(sum(points), max(1, len(points)))),
            "full": sum(1 for r, p in zip(rows, points, strict=True) if p == Fraction(r["of"])),
            "wrong": sum(1 for r in rows if r["first_wrong_line"] is not None),
            "waiting": sum(1 for r in rows if r["provisional"])}


def _student_rows(results: Sequence[Mapping[str, Any]], problems: Sequence[str]) -> list[dict[str, Any]]:
    by: dict[str, dict[str, Mapping[str, Any]]] = {}
    for r in results:
        by.setdefault(r["student"], {})[r["problem"]] = r
    return [{"student": s, "total": shown(sum((Fraction(r["points"]) for r in own.values()), Fraction(0))),
             "cells": [None if p not in own else {"points": own[p]["points"], "line": own[p]["first_wrong_line"],
                                                  "provisional": own[p]["provisional"]} for p in problems]}
            for s, own in sorted(by.items())]


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


def compare(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[Change]:
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
    "SCHEMA", "Change", "Graded", "GradesError", "Roster", "compare", "harmless", "purge", "read_grades", "summary",
    "to_json",
]
