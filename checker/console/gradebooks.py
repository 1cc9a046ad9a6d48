"""Grades for the systems of a course: Gradescope, PrairieLearn, GitHub, JUnit, and a column in an exported gradebook.

The schemas are those the systems document (Gradescope autograder ``results.json``, PrairieLearn external grader
``results.json``, GitHub workflow commands); tests validate against copies of them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..grading.problem import GradedProblem, shown
from ..grading.results import Graded, Table, harmless, total
from ..reporting.escape import json_text
from ..reporting.feedback import feedback_of, render_feedback
from .machine import annotation, attribute, xml_text

#: GitHub shows at most so many annotations of a kind per step.
MOST_ANNOTATIONS = 10
MAX_RESULT = 900_000       # bytes; PrairieLearn takes 1 MB
STOPPED = "The grading was stopped before this was decided"


class GradebookError(ValueError):
    """An exported gradebook that cannot be merged into."""


def to_gradescope(results: Sequence[Graded], level: str, ungraded: Sequence[GradedProblem] = (), *,
                  after: str = "after_due_date") -> str:
    """One submission's results: a test for each problem, and its whole feedback for after the due date.

    The sum of ``max_score`` is the sum of the problems' points.  What needs a person says so; its score is what it
    has so far.  ``ungraded``: problems that are not decided yet; they stand in the file while the others are.
    """
    tests: list[dict[str, Any]] = []
    for number, g in enumerate(results, 1):
        text = render_feedback("md", feedback_of(g.problem, g.score, level))
        passed = g.score.points == g.score.of and not g.score.provisional
        tests.append({
            "name": g.problem.title, "number": str(number), "score": _float(g.score.points),
            "max_score": _float(g.score.of), "status": "passed" if passed else "failed",
            "output": text, "output_format": "md", "tags": ["needs-a-person"] if g.score.provisional else [],
            "visibility": "visible",
        })
        if level != "repair" and after:
            tests.append(_hidden_until(g, number, after))
    for number, p in enumerate(ungraded, len(results) + 1):
        tests.append({
            "name": p.title, "number": str(number), "score": 0.0, "max_score": _float(p.points), "status": "failed",
            "output": f"{STOPPED}. A person grades this problem; nothing is lost.", "output_format": "text",
            "tags": ["needs-a-person"], "visibility": "visible",
        })
    waiting = [*(g.problem.title for g in results if g.score.provisional), *(p.title for p in ungraded)]
    note = f"Needs a person: {', '.join(waiting)}. No point was lost by that." if waiting else ""
    score = _float(sum((g.score.points for g in results), Fraction(0)))
    data = {"score": score, "output": note, "output_format": "text", "visibility": "visible",
            "stdout_visibility": "hidden", "tests": tests}
    return json_text(json.dumps(data, indent=1, ensure_ascii=False)) + "\n"


def _hidden_until(g: Graded, number: int, visibility: str) -> dict[str, Any]:
    """The whole feedback, shown when the system says it is time; it carries no points."""
    return {"name": f"{g.problem.title}: in full", "number": f"{number}.1", "score": 0.0, "max_score": 0.0,
            "status": "passed", "output": render_feedback("md", feedback_of(g.problem, g.score, "repair")),
            "output_format": "md", "tags": [], "visibility": visibility}


def to_prairielearn(results: Sequence[Graded], level: str, ungraded: Sequence[GradedProblem] = ()) -> str:
    """The external grader's results: a score in [0, 1]; a submission that could not be read at all, or not be decided
    in time (``ungraded``), is not gradable, which costs no attempt."""
    if ungraded:
        names = ", ".join(p.title for p in ungraded)
        return _not_gradable([f"{STOPPED}: {names}. This costs no attempt: submit again, or ask for a person"])
    read = [g for g in results if any(x.status not in ("unread", "stated") for x in g.score.lines)]
    if not read:
        told = [f"line {x.line.line}: {x.line.unread.message}" for g in results for x in g.score.lines
                if x.line.unread is not None]
        told += [r.text for g in results for r in g.score.reasons if r.code in ("form", "heading")]
        return _not_gradable(told or ["no derivation was found in the submission"])
    points = sum((g.score.points for g in results), Fraction(0))
    of = sum((g.score.of for g in results), Fraction(0))
    tests = [{"name": g.problem.title, "points": _float(g.score.points), "max_points": _float(g.score.of),
              "message": render_feedback("md", feedback_of(g.problem, g.score, level))} for g in results]
    message = f"{shown(points)} of {shown(of)} points"
    if waiting := [g.problem.title for g in results if g.score.provisional]:
        message += f" so far; a person looks at {', '.join(waiting)}"
    data: dict[str, Any] = {"gradable": True, "score": _float(points / of if of else Fraction(0)),
                            "message": message, "output": "", "tests": tests}
    for test in tests:
        if len(json.dumps(data).encode()) > MAX_RESULT:
            test["message"] = "too long to show here; ask for the feedback page"
    return json_text(json.dumps(data, indent=1, ensure_ascii=False)) + "\n"


def _not_gradable(errors: Sequence[str]) -> str:
    most = [e if len(e) <= 1000 else e[:1000] + "…" for e in dict.fromkeys(errors)][:50]
    return json_text(json.dumps({"gradable": False, "format_errors": most}, indent=1, ensure_ascii=False)) + "\n"


def to_github(results: Sequence[Graded], files: Mapping[str, str]) -> str:
    """Workflow commands for the first wrong lines, then those for a person; ``files``: student -> path."""
    wrong, waiting = [], []
    for g in results:
        file = files.get(g.student, "")
        first = g.score.first_wrong
        if first is not None:
            told = " ".join(filter(None, g.told.get(first.line.line, ())))
            wrong.append(annotation("error", file, first.line.line, first.line.column, "first wrong line",
                                    told or "this line does not follow"))
        for r in g.score.reasons:
            waiting.append(annotation("warning", file, r.line, None, r.code, r.text))
    return "\n".join([*wrong[:MOST_ANNOTATIONS], *waiting[:MOST_ANNOTATIONS]])


def to_junit(results: Iterable[Mapping[str, Any]], count: int) -> Iterator[str]:
    """A case for each derivation, from the results as JSON: less than full points is a failure, one for a person is
    skipped."""
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites><testsuite name="grades" tests="{count}">\n'
    for r in results:
        head = f"<testcase classname={attribute(r['student'])} name={attribute(r['problem'])}"
        told = f"{r['points']} of {r['of']} points"
        if r["provisional"]:
            yield f"{head}><skipped message={attribute(told + ', for a person')}/></testcase>\n"
        elif Fraction(r["points"]) < Fraction(r["of"]):
            words = xml_text(next((x["source"] for x in r["lines"] if x["status"] == "wrong"), ""))
            yield f"{head}><failure message={attribute(told)}>{words}</failure></testcase>\n"
        else:
            yield f"{head}/>\n"
    yield "</testsuite></testsuites>\n"


def to_csv(results: Iterable[Mapping[str, Any]]) -> str:
    """A row for each student, from the results as JSON: pseudonym, points by problem, total, whether a person has to
    look."""
    table = Table(results)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["student", *map(harmless, table.problems), "total", "needs a person"])
    for student, cells in table.rows():
        waits = "yes" if any(c is not None and c.provisional for c in cells) else "no"
        writer.writerow([student, *("" if c is None else c.points for c in cells), shown(total(cells)), waits])
    return out.getvalue()


def merge(exported: str, column: str, id_column: str, totals: Mapping[str, Fraction]) -> str:
    """The exported gradebook of Canvas or Moodle with one column filled in.

    ``totals``: points by the id that the export has in ``id_column``.  Rows and ids are never invented: an id that the
    export does not have is an error, as is a column that it does not have.  Raises :class:`GradebookError`.
    """
    try:
        rows = list(csv.reader(io.StringIO(exported.removeprefix("\ufeff"))))
    except csv.Error as error:
        raise GradebookError(f"the exported gradebook is no CSV: {error}") from error
    if not rows:
        raise GradebookError("the exported gradebook is empty")
    head = rows[0]
    for name in (column, id_column):
        if head.count(name) != 1:
            many = "more than one" if name in head else "no"
            raise GradebookError(f"the export has {many} column {name!r}; its columns are {', '.join(head)[:1_000]}")
    at, who = head.index(column), head.index(id_column)
    ids = [row[who].strip() for row in rows[1:] if len(row) > max(at, who)]
    if twice := sorted({i for i in ids if i in totals and ids.count(i) > 1}):
        raise GradebookError(f"twice in the export's column {id_column}: {', '.join(twice[:5])}")
    known = {row[who].strip(): row for row in rows[1:] if len(row) > max(at, who) and row[who].strip()}
    strangers = sorted(set(totals) - set(known))
    if strangers:
        raise GradebookError(f"not in the export's column {id_column}: {', '.join(strangers[:5])}")
    for id, points in totals.items():
        known[id][at] = shown(points)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _float(x: Fraction) -> float:
    return round(float(x), 4)


__all__ = ["GradebookError", "merge", "to_csv", "to_github", "to_gradescope", "to_junit", "to_prairielearn"]
