"""What ``checker grade`` does with its options: grade, record, compare, set up, forget."""

from __future__ import annotations

import datetime
import itertools
import os
import re
import shlex
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..grading.persons import PersonDecision, PersonError, read_decisions, record
from ..grading.problem import LEVELS, GradedProblem, ProblemError, read_problems, shown
from ..grading.results import Change, Graded, GradesError, Roster, compare, json_parts, purge, read_grades, summary
from ..reporting.feedback import render_class
from ..running.config import Options, parse_timeout
from ..running.loader import UsageError
from ..running.loading import relative
from ..running.shards import parse_shard
from . import gradebooks
from .grade import grade
from .init_course import FOLDERS, Course, default_install, init, next_step, people_of, points_of_assignment
from .keys import read_keys
from .printed import commands
from .screen import ProgressLine
from .spool import Pages, Spool, writing
from .submissions import Submission, find_submissions

OK, FALLS, USAGE, NONE = 0, 1, 2, 5


#: As ``persons.line_key`` writes it; what is mistyped would decide no line, and nobody would hear of it.
_LINE_KEY = re.compile(r"(form|source):[0-9a-f]{16}")


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
            out = FOLDERS[asked["init_kind"]] if out == Path("build/grades") else out    # grades go there, no workflow
            course = Course(problems, people_of(problems), str(submissions or "submissions"),
                            asked["install"] or default_install(), options.limits.seconds)
            for path in init(asked["init_kind"], out, course, asked["zip"]):
                print(f"wrote {path}")
            print(next_step(asked["init_kind"], course, sum((p.points for p in key), Fraction(0)), asked["zip"]))
            return OK
        people = asked["decisions"] or people_of(problems)
        if asked["decide"]:
            return _decide(people, key, asked["decide"], asked["reason"])
        if submissions is None:
            raise UsageError("name the submissions: a file, or a folder with a file or folder per student")
        return _grade(options, key, submissions, read_decisions(people), out, {**asked, "problems": problems})
    except (ProblemError, PersonError, GradesError) as error:
        raise UsageError(str(error)) from error


def _decide(people: Path, key: Sequence[GradedProblem], said: tuple[str, str, str], reason: str) -> int:
    problem = next((p for p in key if p.id == said[0]), None)
    if problem is None:
        raise UsageError(f"there is no problem {said[0]}; there are {', '.join(p.id for p in key)}")
    if _LINE_KEY.fullmatch(said[1]) is None:
        raise UsageError(f"{said[1]!r} is no key of a line: form: or source: and 16 digits, as the class page "
                         "shows it")
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
    level = _levels(key, asked)
    if asked["finish_within"] is not None:
        options = replace(options, finish_by=time.monotonic() + parse_timeout(asked["finish_within"]))
    if asked["submission_metadata"] is not None:
        print(points_of_assignment(asked["submission_metadata"], key))
    with closing(Spool()) as spool:
        pages = Pages(out, level) if asked["output_format"] == "full" and asked["merge"] is None else None
        try:
            errors, formal = _run(options, key, found, people, asked, level, spool, pages)
            return _hand_out(spool, pages, errors, formal, key, found, roster, shard, out, asked)
        finally:
            if pages is not None:
                pages.drop()


def _run(options: Options, key: Sequence[GradedProblem], found: Sequence[Submission],
         people: Sequence[PersonDecision], asked: Mapping[str, Any], level: Mapping[str, str], spool: Spool,
         pages: Pages | None) -> tuple[bool, str]:
    """Grade, and put every result where it is wanted.  Whether the key has errors; the output of the formats that need
    more of a result than its JSON."""
    keys = read_keys(key, options)
    errors = [p for k in keys.values() for p in k.problems]
    for p in sorted(errors, key=lambda p: ", notation: " not in p.message):      # the others may come from it
        print(f"{p.file}: {p.message}", file=sys.stderr)
    so_far = _as_it_goes(key, level, asked)
    kept = _Kept(asked["output_format"], found, options.root, _lowest(level))
    progress = ProgressLine(sys.stderr)
    results = grade(key, keys, found, replace(options, certificates=None), people, progress, so_far is not None)
    with closing(results), closing(progress):
        for _, group in itertools.groupby(results, key=lambda g: g.student):
            own = []
            for graded in group:
                own.append(graded)
                spool.add(graded)
                kept.add(graded)
                if so_far is not None:
                    so_far(own)
            if pages is not None:
                pages.add(own)
    return bool(errors), kept.text()


class _Kept:
    """Results for the formats that systems of courses take: those of one submission, or the first few of a kind."""

    def __init__(self, form: str, submissions: Sequence[Submission], root: Path, level: str) -> None:
        self._form, self._level = form, level
        self._files = {s.student: _shown(s, root) for s in submissions} if form == "github" else {}
        self._results: list[Graded] = []
        self._wrong = self._waiting = 0

    def add(self, graded: Graded) -> None:
        if self._form in ("gradescope", "prairielearn"):
            self._results.append(graded)
        elif self._form == "github":
            wrong, waiting = graded.score.first_wrong is not None, graded.score.provisional
            if wrong and self._wrong < gradebooks.MOST_ANNOTATIONS or (
                    waiting and self._waiting < gradebooks.MOST_ANNOTATIONS):
                self._results.append(graded)
            self._wrong += wrong
            self._waiting += waiting

    def text(self) -> str:
        match self._form:
            case "gradescope":
                return gradebooks.to_gradescope(self._results, self._level)
            case "prairielearn":
                return gradebooks.to_prairielearn(self._results, self._level)
            case "github":
                return gradebooks.to_github(self._results, self._files) + "\n"
        return ""


def _shown(s: Submission, root: Path) -> str:
    """A path to show beside annotations."""
    return relative(str(s.files[0] if s.files else s.images[0] if s.images else Path()), str(root))


def _hand_out(spool: Spool, pages: Pages | None, errors: bool, formal: str, key: Sequence[GradedProblem],
              found: Sequence[Submission], roster: Roster, shard: Mapping[str, Any] | None, out: Path,
              asked: Mapping[str, Any]) -> int:
    if asked["compare"] is not None:
        changes = compare(read_grades(asked["compare"]), spool)
        for change in changes:
            print(_change(change))
        falling = [c for c in changes if c.falls]
        if falling and not asked["confirm"]:
            print(f"{len(falling)} scores fall; nothing is written. Look at them, then run again with --confirm")
            return FALLS
    if asked["merge"] is not None:
        return _merge(spool, roster, asked)
    form = asked["output_format"]
    parts = [formal] if formal else _output(spool, form, key, asked["problems"])
    if asked["summary"] is not None:
        _replace(asked["summary"], [_class(spool, "md", asked["problems"])])
    if asked["write"] is not None:
        parts = [*parts] if form == "full" else parts          # it is shown, too
        _replace(asked["write"], parts)
    if pages is not None:
        written = _write(spool, pages, out, roster, asked["problems"], shard)
        for part in parts:
            print(part, end="")
        print()
        for path in written:
            print(f"wrote {path}")
    elif asked["write"] is None and form == "github":
        commands("".join(parts).rstrip("\n"))
    elif asked["write"] is None:
        for part in parts:
            sys.stdout.write(part)
    if errors:
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
        _replace(path, [render(results, _lowest(level), [p for p in key if p.id not in done])])

    so_far([])
    return so_far


def _replace(path: Path, parts: Iterable[str]) -> None:
    """At every moment the old text stands there, or the new one."""
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        there = path.exists() and not path.is_file()     # /dev/stdout, a pipe
        draft = path if there else path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with draft.open("w", encoding="utf-8") as f:
                f.writelines(parts)
        except BaseException:                            # a full disk
            if not there:
                draft.unlink(missing_ok=True)
            raise
        if not there:
            draft.replace(path)


def _merge(results: Spool, roster: Roster, asked: Mapping[str, Any]) -> int:
    """Totals into an exported gradebook, by the names of the submissions; what waits for a person is said."""
    if not asked["column"] or asked["write"] is None:
        raise UsageError("--merge needs --column NAME (of the export) and --write FILE (never the export itself)")
    if asked["write"].resolve() == asked["merge"].resolve():
        raise UsageError("--write is the export itself: name another file")
    totals: dict[str, Fraction] = {}
    waiting = 0
    for r in results:
        name = roster.name(r["student"]) or r["student"]
        totals[name] = totals.get(name, Fraction(0)) + Fraction(r["points"])
        waiting += r["provisional"]
    try:
        text = gradebooks.merge(asked["merge"].read_text(encoding="utf-8"), asked["column"], asked["id_column"], totals)
    except (OSError, UnicodeDecodeError, gradebooks.GradebookError) as error:
        raise UsageError(f"{asked['merge']}: {error}") from error
    asked["write"].write_text(text, encoding="utf-8")
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


def _output(results: Spool, form: str, key: Sequence[GradedProblem], problems: Path) -> Iterable[str]:
    match form:
        case "json":
            return json_parts(results)
        case "csv":
            return [gradebooks.to_csv(results)]
        case "markdown":
            return [_class(results, "md", problems)]
        case "junit":
            return gradebooks.to_junit(results, len(results))
    return _lines(results, key)


def _lines(results: Iterable[Mapping[str, Any]], key: Sequence[GradedProblem]) -> Iterator[str]:
    """The first screen: a line for each student and problem, then what waits for a person."""
    width = max((len(p.id) for p in key), default=0)
    count, waiting, students = 0, 0, 0
    last = None
    shown: list[str] = []
    for r in results:
        count, students, last = count + 1, students + (r["student"] != last), r["student"]
        line = r["first_wrong_line"]
        told = "no wrong line" if r["lines"] else "nothing handed in for it"
        if lost := [str(x["line"]) for x in r["lines"] if x["status"] in ("unread", "undecided")]:
            told += f"; not judged: line{'s' if len(lost) > 1 else ''} {', '.join(lost[:5])}"
            told += f" and {len(lost) - 5} more" if len(lost) > 5 else ""
        if line is not None:
            first = next(x for x in r["lines"] if x["line"] == line and x["status"] == "wrong")
            words = " ".join(filter(None, (first["witness"], first["repair"])))
            told = ": ".join(filter(None, (f"first wrong line {line}", words)))
        points = f"{r['points']}/{r['of']}"
        yield f"{r['student']}  {r['problem']:{width}}  {points:>8}{'?' if r['provisional'] else ' '} {told}\n"
        if r["provisional"]:
            waiting += 1
            if waiting <= 10:
                shown += [f"  {r['student']} {r['problem']}" + ("" if x["line"] is None else f" line {x['line']}")
                          + f": {x['text']}" for x in r["reasons"][:2]]
    more = [f"  and {waiting - 10} more: see the class page"] if waiting > 10 else []
    counts = f"{_many(students, 'student')}, {_many(len(key), 'problem')}: {_many(waiting, 'derivation')}"
    yield "\n".join(["", f"{counts} wait{'s' if waiting == 1 else ''} for a person (?), {count - waiting} "
                     f"{'is' if count - waiting == 1 else 'are'} graded.", *shown, *more])


def _many(n: int, word: str) -> str:
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


def _class(results: Iterable[Mapping[str, Any]], name: str, problems: Path) -> str:
    return render_class(name, {**summary(results), "title": "Grades", "key": shlex.quote(str(problems))})


def write_class(results: Iterable[Mapping[str, Any]], out: Path, problems: Path = Path("PROBLEMS"),
                shard: Mapping[str, Any] | None = None) -> None:
    """grades.json, grades.csv and the page for the class, from the results as JSON, which are gone through more than
    once."""
    _replace(out / "grades.json", json_parts(results, shard))
    shown = {**summary(results), "title": "Grades", "key": shlex.quote(str(problems))}
    for name in ("md", "html"):
        _replace(out / f"class.{name}", [render_class(name, shown)])
    _replace(out / "grades.csv", [gradebooks.to_csv(results)])


def _write(spool: Spool, pages: Pages, out: Path, roster: Roster, problems: Path,
           shard: Mapping[str, Any] | None = None) -> list[Path]:
    """grades.json, the pages, and the roster."""
    pages.publish()
    write_class(spool, out, problems, shard)
    roster.save()
    names = ("grades.json", "grades.csv", "class.md", "class.html", "students", "roster.csv")
    return [out / n for n in names if (out / n).exists()]


def _change(c: Change) -> str:
    sign = "falls" if c.falls else "gains" if c.after > c.before else "keeps its points"
    return f"{c.student} {c.problem}: {shown(c.before)} -> {shown(c.after)} ({sign}): {c.why}"


__all__ = ["grade_command", "write_class"]
