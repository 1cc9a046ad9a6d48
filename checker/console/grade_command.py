"""What ``checker grade`` does with its options: grade, record, compare, set up, forget."""

from __future__ import annotations

import datetime
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..grading.persons import PersonDecision, PersonError, read_decisions, record
from ..grading.problem import LEVELS, GradedProblem, ProblemError, read_problems, shown
from ..grading.results import Change, Graded, GradesError, Roster, compare, purge, read_grades, summary, to_json
from ..reporting.feedback import feedback_of, render_class, render_feedback
from ..running.config import Options, parse_timeout
from ..running.loader import UsageError
from ..running.shards import parse_shard
from . import gradebooks
from .grade import Grading, grade
from .init_course import Course, default_install, init, next_step, people_of, points_of_assignment
from .printed import commands
from .screen import ProgressLine
from .submissions import find_submissions

OK, FALLS, USAGE, NONE = 0, 1, 2, 5


def grade_command(options: Options, problems: Path | None, submissions: Path | None, asked: Mapping[str, Any]) -> int:
    """The exit code.  Raises :class:`UsageError`."""
    out: Path = asked["out"]
    if asked["purge"]:
        for path in purge(out):
            print(f"deleted {path}")
        return OK
    if problems is None:
        raise UsageError("name the problem file: checker grade PROBLEMS SUBMISSIONS (see checker grade --help)")
    try:
        key = read_problems(problems)
        if asked["init_kind"]:
            course = Course(problems, people_of(problems), str(submissions or "submissions"),
                            asked["install"] or default_install(), options.limits.seconds)
            for path in init(asked["init_kind"], out, course, asked["zip"]):
                print(f"wrote {path}")
            print(next_step(asked["init_kind"], course.install))
            return OK
        people = asked["decisions"] or people_of(problems)
        if asked["decide"]:
            return _decide(people, key, asked["decide"], asked["reason"])
        if submissions is None:
            raise UsageError("name the submissions: a file, or a folder with a file or folder per student")
        return _grade(options, key, submissions, read_decisions(people), out, asked)
    except (ProblemError, PersonError, GradesError) as error:
        raise UsageError(str(error)) from error


def _decide(people: Path, key: Sequence[GradedProblem], said: tuple[str, str, str], reason: str) -> int:
    problem = next((p for p in key if p.id == said[0]), None)
    if problem is None:
        raise UsageError(f"there is no problem {said[0]}; there are {', '.join(p.id for p in key)}")
    today = datetime.date.today().isoformat()
    record(people, PersonDecision(problem.id, said[1], said[2], reason, problem.version, date=today))
    print(f"recorded in {people}: {said[0]} {said[1]} is {said[2]}; every equal line is decided by it")
    return OK


def _grade(options: Options, key: Sequence[GradedProblem], submissions: Path, people: Sequence[PersonDecision],
           out: Path, asked: Mapping[str, Any]) -> int:
    roster = Roster(out / "roster.csv", asked["names"])
    found = everybody = find_submissions(submissions, roster, asked["one_student"])
    shard = None
    if asked["shard"] is not None:
        part = parse_shard(asked["shard"])
        found, shard = part.share(everybody), part.header([s.student for s in everybody])
    progress = ProgressLine(sys.stderr)
    level = _levels(key, asked)
    if asked["finish_within"] is not None:
        options = replace(options, finish_by=time.monotonic() + parse_timeout(asked["finish_within"]))
    if asked["submission_metadata"] is not None:
        print(points_of_assignment(asked["submission_metadata"], key))
    try:
        grading = grade(key, found, replace(options, certificates=None), people, progress,
                        _as_it_goes(key, level, asked))
    finally:
        progress.close()
    for p in grading.problems:
        print(f"{p.file}: {p.message}", file=sys.stderr)
    text = _output(grading, level, asked["output_format"], key)
    if asked["compare"] is not None:
        changes = compare(read_grades(asked["compare"]), _plain(grading))
        for change in changes:
            print(_change(change))
        falling = [c for c in changes if c.falls]
        if falling and not asked["confirm"]:
            print(f"{len(falling)} scores fall; nothing is written. Look at them, then run again with --confirm")
            return FALLS
    if asked["merge"] is not None:
        return _merge(grading.results, roster, asked)
    for name, page in (("write", text), ("summary", _class(_plain(grading), "md") if asked["summary"] else "")):
        if asked[name] is not None:
            _replace(asked[name], page)
    if asked["output_format"] == "full":
        written = _write(grading, level, out, roster, shard)
        print(text)
        for path in written:
            print(f"wrote {path}")
    elif asked["write"] is None and asked["output_format"] == "github":
        commands(text.rstrip("\n"))
    elif asked["write"] is None:
        sys.stdout.write(text)
    if grading.problems:
        return USAGE
    return OK if found or shard is not None else NONE


def _as_it_goes(key: Sequence[GradedProblem], level: Mapping[str, str], asked: Mapping[str, Any]
                ) -> Callable[[Sequence[Graded]], None] | None:
    """Write what is graded so far, for systems that end a run at its limit and show what then stands in the file."""
    form, path = asked["output_format"], asked["write"]
    if form not in ("gradescope", "prairielearn") or path is None or not asked["one_student"] or asked["compare"]:
        return None
    render = gradebooks.to_gradescope if form == "gradescope" else gradebooks.to_prairielearn

    def so_far(results: Sequence[Graded]) -> None:
        done = {g.problem.id for g in results}
        _replace(path, render(results, _lowest(level), [p for p in key if p.id not in done]))

    so_far([])
    return so_far


def _replace(path: Path, text: str) -> None:
    """At every moment the old text stands there, or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not path.is_file():     # /dev/stdout, a pipe
        path.write_text(text, encoding="utf-8")
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _merge(results: Sequence[Graded], roster: Roster, asked: Mapping[str, Any]) -> int:
    """Totals into an exported gradebook, by the names of the submissions; what waits for a person is said."""
    if not asked["column"] or asked["write"] is None:
        raise UsageError("--merge needs --column NAME (of the export) and --write FILE (never the export itself)")
    if asked["write"].resolve() == asked["merge"].resolve():
        raise UsageError("--write is the export itself: name another file")
    totals: dict[str, Fraction] = {}
    for g in results:
        name = roster.name(g.student) or g.student
        totals[name] = totals.get(name, Fraction(0)) + g.score.points
    try:
        text = gradebooks.merge(asked["merge"].read_text(encoding="utf-8"), asked["column"], asked["id_column"], totals)
    except (OSError, UnicodeDecodeError, gradebooks.GradebookError) as error:
        raise UsageError(f"{asked['merge']}: {error}") from error
    asked["write"].write_text(text, encoding="utf-8")
    waiting = sum(1 for g in results if g.score.provisional)
    print(f"wrote {asked['write']}: {len(totals)} totals"
          + (f"; {waiting} derivations wait for a person" if waiting else ""))
    return OK


def _levels(key: Sequence[GradedProblem], asked: Mapping[str, Any]) -> dict[str, str]:
    if asked["level"]:
        return {p.id: asked["level"] for p in key}
    try:
        now = datetime.datetime.fromisoformat(asked["now"]) if asked["now"] else datetime.datetime.now()
    except ValueError as error:
        raise UsageError(f"--now {asked['now']!r} is no date such as 2026-12-01T12:00") from error
    return {p.id: p.levels.at(now) for p in key}


def _lowest(level: Mapping[str, str]) -> str:
    return min(level.values(), key=LEVELS.index) if level else "line"


def _output(grading: Grading, level: Mapping[str, str], form: str, key: Sequence[GradedProblem]) -> str:
    lowest = _lowest(level)
    results = grading.results
    match form:
        case "json":
            return to_json(_plain(grading))
        case "csv":
            return gradebooks.to_csv(_plain(grading))
        case "markdown":
            return _class(_plain(grading), "md")
        case "github":
            return gradebooks.to_github(results, grading.files) + "\n"
        case "junit":
            return gradebooks.to_junit(results)
        case "gradescope":
            return gradebooks.to_gradescope(results, lowest)
        case "prairielearn":
            return gradebooks.to_prairielearn(results, lowest)
    return "\n".join(_lines(results, key))


def _lines(results: Sequence[Graded], key: Sequence[GradedProblem]) -> list[str]:
    """The first screen: a line for each student and problem, then what waits for a person."""
    out = []
    width = max((len(p.id) for p in key), default=0)
    for g in results:
        first = g.score.first_wrong
        told = "no wrong line" if g.score.lines else "nothing handed in for it"
        if first is not None:
            told = f"first wrong line {first.line.line}"
        if first is not None and (words := " ".join(filter(None, g.told.get(first.line.line, ())))):
            told += f": {words}"
        mark = "?" if g.score.provisional else " "
        points = f"{shown(g.score.points)}/{shown(g.score.of)}"
        out.append(f"{g.student}  {g.problem.id:{width}}  {points:>8}{mark} {told}")
    waiting = [g for g in results if g.score.provisional]
    students = len({g.student for g in results})
    out.append("")
    out.append(f"{students} students, {len(key)} problems: {len(waiting)} derivations wait for a person (?), the other "
               f"{len(results) - len(waiting)} are graded.")
    for g in waiting[:10]:
        for r in g.score.reasons[:2]:
            where = f" line {r.line}" if r.line is not None else ""
            out.append(f"  {g.student} {g.problem.id}{where}: {r.text}")
    if len(waiting) > 10:
        out.append(f"  and {len(waiting) - 10} more: see the class page")
    return out


def _plain(grading: Grading) -> list[dict[str, Any]]:
    return [g.to_json() for g in grading.results]


def _class(results: Sequence[Mapping[str, Any]], name: str) -> str:
    return render_class(name, {**summary(results), "title": "Grades"})


def write_class(results: Sequence[Mapping[str, Any]], out: Path, shard: Mapping[str, Any] | None = None) -> None:
    """grades.json, grades.csv and the page for the class, from the results as JSON."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "grades.json").write_text(to_json(results, shard), encoding="utf-8")
    for name in ("md", "html"):
        (out / f"class.{name}").write_text(_class(results, name), encoding="utf-8")
    (out / "grades.csv").write_text(gradebooks.to_csv(results), encoding="utf-8")


def _write(grading: Grading, level: Mapping[str, str], out: Path, roster: Roster,
           shard: Mapping[str, Any] | None = None) -> list[Path]:
    """grades.json, the pages, and the roster."""
    pages = out / "students"
    pages.mkdir(parents=True, exist_ok=True)
    write_class(_plain(grading), out, shard)
    by: dict[str, list[Graded]] = {}
    for g in grading.results:
        by.setdefault(g.student, []).append(g)
    for student, own in by.items():
        views = [feedback_of(g.problem, g.score, level[g.problem.id]) for g in own]
        (pages / f"{student}.md").write_text("\n".join(render_feedback("md", v) for v in views), encoding="utf-8")
        for g, v in zip(own, views, strict=True):
            (pages / f"{student}.{g.problem.id}.html").write_text(render_feedback("html", v), encoding="utf-8")
    roster.save()
    names = ("grades.json", "grades.csv", "class.md", "class.html", "students", "roster.csv")
    return [out / n for n in names if (out / n).exists()]


def _change(c: Change) -> str:
    sign = "falls" if c.falls else "gains" if c.after > c.before else "keeps its points"
    return f"{c.student} {c.problem}: {shown(c.before)} -> {shown(c.after)} ({sign}): {c.why}"


__all__ = ["grade_command", "write_class"]
