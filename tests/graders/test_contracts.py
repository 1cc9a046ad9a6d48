"""The folders of ``checker grade --init``, called as Gradescope and PrairieLearn call them, and what they leave."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checker.console.init_course import Course, default_install, init, points_of_assignment
from checker.grading.problem import read_problems
from checker.running.loader import UsageError

from .machine import run_inside, why_not

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
PROBLEMS = r"""
problems:
  - {id: square, title: A square, points: 4, notation: "x, y: real", start: (x + y)^2 - y^2, goal: x (x + 2y),
     milestones: [{id: collect, latex: x^2 + 2xy, points: 2}]}
  - {id: equation, title: An equation, points: 2, notation: "x: real", start: 2x + 4 = 10, goal: x = 3}
"""
SLIP = r"""
\section*{Square}
\begin{align*}
(x+y)^2 - y^2 &= x^2 + xy \\
&= x(x + y)
\end{align*}
\section*{Equation}
\begin{align*}
2x + 4 &= 10 \\
x &= 3
\end{align*}
"""
UNREAD = "# square\n$$ a/bc = 1 $$\n"
#: What Gradescope says of a submission, by its documentation.
METADATA = {
    "id": 123456, "created_at": "2026-11-01T14:22:32.365935-07:00", "submission_method": "upload",
    "assignment": {"due_date": "2026-12-31T23:00:00.000000-07:00", "group_size": 1, "group_submission": False,
                   "id": 25828, "course_id": 1234, "late_due_date": None, "release_date": "2026-10-02T00:00:00-07:00",
                   "title": "Sheet 5", "total_points": "6.0"},
    "users": [{"email": "student@example.com", "id": 1234, "name": "A Student"}], "previous_submissions": [],
}
#: In place of what setup.sh installs (``make test-graders`` runs setup.sh): this checkout.
STUB = f'#!/bin/sh\nPYTHONPATH={REPOSITORY} exec {sys.executable} -P -m checker "$@"\n'
#: As the harness does: the archive's files in source, run_autograder copied, called from /autograder.
GRADESCOPE = """
mkdir -p /autograder/source /autograder/results /autograder/submission /autograder/venv/bin
cp -r /exchange/source/. /autograder/source; cp /autograder/source/run_autograder /autograder/
cp /exchange/submission/* /autograder/submission/; cp /exchange/metadata.json /autograder/submission_metadata.json
cp /exchange/stub /autograder/venv/bin/checker; chmod +x /autograder/venv/bin/checker /autograder/run_autograder
cd /autograder && ./run_autograder > /autograder/results/stdout 2>&1 || true
cp /autograder/results/* /exchange/
"""
#: As the grader does: the question's tests, the student's files, data.json; the entrypoint of info.json; no network.
PRAIRIELEARN = """
mkdir -p /grade/data /opt/checker/bin; cp -r /exchange/question/tests /grade/tests
cp -r /exchange/submission /grade/student; echo '{"params": {}, "submitted_answers": {}}' > /grade/data/data.json
cp /exchange/stub /opt/checker/bin/checker; chmod +x /opt/checker/bin/checker; export PATH=/usr/bin:/bin
chmod +x ENTRYPOINT; cd / && ENTRYPOINT > /exchange/stdout 2>&1 || true
cp /grade/results/* /exchange/
"""
needs_a_machine = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")


def checker(folder: Path, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "checker", "grade", *arguments], cwd=folder, capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def valid(name: str, path: Path) -> dict[str, Any]:
    data = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(data, json.loads((HERE / "schemas" / f"{name}-results.json").read_text()))
    assert path.stat().st_size < 1_000_000
    return data


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    (folder / "problems.yaml").write_text(PROBLEMS)
    course = Course(folder / "problems.yaml", folder / "decisions.jsonl", "", default_install(), 10)
    init("gradescope", folder / "autograder", course, folder / "autograder.zip")
    init("prairielearn", folder / "question", course)
    return folder


def exchange(course: Path, tmp_path: Path, name: str, text: str) -> Path:
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / name).write_text(text)
    (tmp_path / "metadata.json").write_text(json.dumps(METADATA))
    (tmp_path / "stub").write_text(STUB)
    zipfile.ZipFile(course / "autograder.zip").extractall(tmp_path / "source")
    shutil.copytree(course / "question", tmp_path / "question")
    return tmp_path


def gradescope(course: Path, tmp_path: Path, name: str, text: str) -> dict[str, Any]:
    done = run_inside(exchange(course, tmp_path, name, text), GRADESCOPE)
    assert done.returncode == 0, done.stderr
    return valid("gradescope", tmp_path / "results.json")


def prairielearn(course: Path, tmp_path: Path, name: str, text: str) -> dict[str, Any]:
    options = json.loads((course / "question/info.json").read_text())["externalGradingOptions"]
    done = run_inside(exchange(course, tmp_path, name, text), PRAIRIELEARN.replace("ENTRYPOINT", options["entrypoint"]))
    assert done.returncode == 0, done.stderr
    return valid("prairielearn", tmp_path / "results.json")


def test_the_archive_has_its_files_at_the_root(course: Path) -> None:
    with zipfile.ZipFile(course / "autograder.zip") as z:
        mode = {i.filename: i.external_attr >> 16 & 0o777 for i in z.infolist()}
    assert mode == {"problems.yaml": 0o644, "run_autograder": 0o755, "setup.sh": 0o755}


@needs_a_machine
def test_gradescope_grades_a_slip(course: Path, tmp_path: Path) -> None:
    data = gradescope(course, tmp_path, "homework.tex", SLIP)
    tests = data["tests"]
    assert sum(t["max_score"] for t in tests) == 6
    assert data["score"] == pytest.approx(sum(t["score"] for t in tests)) and 2 <= data["score"] < 6
    assert "first that does not follow" in tests[0]["output"] and tests[0]["status"] == "failed"
    assert [t["visibility"] for t in tests] == ["visible", "after_due_date"] * 2
    assert "A Student" not in json.dumps(data)
    assert "6 points, as the problem file" in (tmp_path / "stdout").read_text()


@needs_a_machine
def test_gradescope_leaves_what_it_cannot_read_to_a_person(course: Path, tmp_path: Path) -> None:
    data = gradescope(course, tmp_path, "essay.docx", "PK")
    assert data["score"] == 0 and "Needs a person: A square, An equation" in data["output"]
    assert sum(t["max_score"] for t in data["tests"]) == 6


@needs_a_machine
def test_prairielearn_grades_a_slip(course: Path, tmp_path: Path) -> None:
    data = prairielearn(course, tmp_path, "solution.tex", SLIP)
    assert data["gradable"] and 0 < data["score"] < 1
    assert data["score"] == pytest.approx(sum(t["points"] for t in data["tests"]) / 6, abs=1e-4)


@needs_a_machine
def test_prairielearn_costs_no_attempt_for_what_cannot_be_read(course: Path, tmp_path: Path) -> None:
    data = prairielearn(course, tmp_path, "solution.md", UNREAD)
    assert data["gradable"] is False and data["format_errors"][0].startswith("line 2: ")


def test_results_are_written_as_they_come(course: Path, tmp_path: Path) -> None:
    """A run without time leaves a whole file: what is not decided is a person's, with the sum of points kept."""
    (tmp_path / "homework.tex").write_text(SLIP)
    checker(course, "problems.yaml", str(tmp_path), "--one-student", "--output-format", "gradescope", "--write",
            str(tmp_path / "results.json"), "--finish-within", "0.001")
    data = valid("gradescope", tmp_path / "results.json")
    assert data["output"].startswith("Needs a person: A square, An equation.")
    assert sum(t["max_score"] for t in data["tests"]) == 6


def test_the_file_is_whole_before_anything_is_decided(course: Path) -> None:
    from checker.console.gradebooks import to_gradescope, to_prairielearn

    problems = read_problems(course / "problems.yaml")
    schema = {n: json.loads((HERE / "schemas" / f"{n}-results.json").read_text()) for n in ("gradescope", "prairielearn")}
    for name, render in (("gradescope", to_gradescope), ("prairielearn", to_prairielearn)):
        jsonschema.validate(json.loads(render([], "line", problems)), schema[name])
    data = json.loads(to_gradescope([], "line", problems))
    assert sum(t["max_score"] for t in data["tests"]) == 6 and data["score"] == 0


def test_the_points_of_the_assignment_are_compared(course: Path, tmp_path: Path) -> None:
    problems = read_problems(course / "problems.yaml")
    path = tmp_path / "metadata.json"
    path.write_text(json.dumps({"assignment": {"total_points": "20.0"}}))
    assert "20 points in Gradescope and 6 in the problem file" in points_of_assignment(path, problems)
    assert "should be 6" in points_of_assignment(tmp_path / "none.json", problems)


def test_a_wheel_is_taken_along(course: Path, tmp_path: Path) -> None:
    wheel = tmp_path / "derivation_checker-0-py3-none-any.whl"
    wheel.write_bytes(b"PK")
    (tmp_path / "github").mkdir()
    shutil.copy(course / "problems.yaml", tmp_path / "github")
    with_wheel = Course(tmp_path / "github/problems.yaml", course / "none", "submissions", str(wheel), 10)
    for kind, script, place in (("gradescope", "setup.sh", ""), ("prairielearn", "Dockerfile", ""),
                                ("github", ".github/workflows/derivations.yml", ".github/checker")):
        init(kind, tmp_path / kind, with_wheel)
        assert wheel.name in (tmp_path / kind / script).read_text()
        assert (tmp_path / kind / place / wheel.name).exists()


def test_the_workflow_names_files_as_the_repository_does(course: Path, tmp_path: Path) -> None:
    inside = Course(course / "problems.yaml", course / "none", str(course / "hand-ins"), "derivation-checker", 10)
    init("github", course, inside)
    assert 'checker grade "problems.yaml" "hand-ins"' in (course / ".github/workflows/derivations.yml").read_text()
    with pytest.raises(UsageError, match="the workflow runs in the repository"):
        init("github", tmp_path, inside)
