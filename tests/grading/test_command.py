"""``checker grade`` as people use it: a small class, graded once, then looked at from all sides."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

PROBLEMS = r"""
problems:
  - id: square
    title: A square
    points: 4
    notation: "x, y: real"
    start: (x + y)^2 - y^2
    goal: x (x + 2y)
    milestones:
      - {id: expand, latex: 'x^2 + 2xy + y^2 - y^2', points: 1, feedback: Multiply out first.}
      - {id: collect, latex: 'x^2 + 2xy', points: 2}
  - id: equation
    title: An equation
    points: 2
    notation: "x: real"
    start: 2x + 4 = 10
    goal: x = 3
"""
HOMEWORK = {
    "right.tex": r"""
\section*{Square}
\begin{align*}
(x+y)^2 - y^2 &= x^2 + 2xy + y^2 - y^2 \\
&= x^2 + 2xy \\
&= x(x + 2y)
\end{align*}
\section*{Equation}
\begin{align*}
2x + 4 &= 10 \\
2x &= 6 \\
x &= 3
\end{align*}
""",
    "slip.md": r"""
# square
$$
\begin{aligned}
(x+y)^2 - y^2 &= x^2 + 2xy + y^2 - y^2 \\
&= x^2 + xy \\
&= x(x + y)
\end{aligned}
$$
# equation
$$ a/bc = 1 $$
""",
    "scan.pdf": "%PDF",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    (folder / "problems.yaml").write_text(PROBLEMS)
    (folder / "homework").mkdir()
    for name, text in HOMEWORK.items():
        (folder / "homework" / name).write_text(text)
    done = grade(folder, "problems.yaml", "homework", "--out", "grades")
    assert done.returncode == 0, done.stderr
    (folder / "screen.txt").write_text(done.stdout)
    return folder


def grade(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "checker", "grade", *args], cwd=folder, capture_output=True, text=True,
                          timeout=120)


def results(folder: Path) -> dict[tuple[str, str], dict[str, object]]:
    roster = dict(csv.reader((folder / "grades" / "roster.csv").open()))
    data = json.loads((folder / "grades" / "grades.json").read_text())
    return {(roster[r["student"]], r["problem"]): r for r in data["results"]}


def test_points_and_first_wrong_lines(course: Path) -> None:
    found = results(course)
    right, slip, scan = (found[name, "square"] for name in ("right", "slip", "scan"))
    assert (right["points"], right["provisional"], right["goal"]) == ("4", False, "reached")
    assert slip["first_wrong_line"] == 6 and not slip["provisional"]
    assert [m["id"] for m in slip["milestones"]] == ["expand", "collect"]           # the second by follow-through
    assert scan["provisional"] and scan["reasons"][0]["code"] == "form"
    assert found["right", "equation"]["points"] == "2"
    assert found["slip", "equation"]["provisional"]                                     # not read: for a person


def test_the_first_screen(course: Path) -> None:
    screen = (course / "screen.txt").read_text()
    assert "first wrong line 6: At " in screen and "It looks like a factor" in screen
    assert "wait for a person" in screen and "wrote grades/grades.json" in screen


def test_pages_name_nobody(course: Path) -> None:
    pages = [*(course / "grades").glob("*.md"), *(course / "grades" / "students").iterdir(), course / "grades" / "class.html"]
    assert len(pages) >= 5
    for page in pages:
        assert "right.tex" not in page.read_text() and "slip.md" not in page.read_text()
    assert "| square | 4 |" in (course / "grades" / "class.md").read_text()


def test_feedback_before_the_deadline_names_the_line_and_no_repair(course: Path) -> None:
    roster = {name: student for student, name in csv.reader((course / "grades" / "roster.csv").open())}
    page = (course / "grades" / "students" / f"{roster['slip']}.md").read_text()
    assert "**Line 6** is the first that does not follow" in page and "It looks like" not in page


def test_a_person_decides_and_the_line_counts(course: Path) -> None:
    line = next(x for x in results(course)["slip", "equation"]["lines"] if x["status"] == "unread")
    done = grade(course, "problems.yaml", "--decide", "equation", line["key"], "right", "--decisions", "people.jsonl")
    assert done.returncode == 2 and "needs a reason" in done.stderr
    done = grade(course, "problems.yaml", "--decide", "equation", line["key"], "right", "--decisions", "people.jsonl",
                 "--reason", "read by hand")
    assert done.returncode == 0 and "people.jsonl" in done.stdout
    # what the line says was never read: its steps, and so the points, are for a person, too
    done = grade(course, "problems.yaml", "homework", "--decisions", "people.jsonl", "--output-format", "json")
    found = {x["line"]: x["status"] for r in json.loads(done.stdout)["results"] for x in r["lines"] if x["key"] == line["key"]}
    assert set(found.values()) == {"right"}
    judged = [r for r in json.loads(done.stdout)["results"] if any(x["key"] == line["key"] for x in r["lines"])]
    assert all(r["provisional"] and any("a person called this line right" in x["text"] for x in r["reasons"]) for r in judged
               if r["points"] != r["of"])


def test_the_class_page_has_the_command_to_paste(course: Path) -> None:
    page = (course / "grades" / "class.md").read_text()
    assert "checker grade problems.yaml --decide equation source:" in page


def test_a_key_that_changes_is_compared_line_by_line(course: Path) -> None:
    (course / "changed.yaml").write_text(PROBLEMS.replace("points: 1, feedback", "points: 0, feedback"))
    done = grade(course, "changed.yaml", "homework/right.tex", "--compare", "grades/grades.json", "--out", "again",
                 "--write", "again.txt")
    assert not (course / "again.txt").exists()
    assert done.returncode == 1 and "--confirm" in done.stdout and not (course / "again" / "grades.json").exists()


@pytest.mark.parametrize(("args", "told"), [
    ((), "name the problem file"), (("problems.yaml",), "name the submissions"), (("none.yaml", "homework"), "No such file"),
    (("problems.yaml", "nowhere"), "there are no submissions"), (("problems.yaml", "homework", "--now", "soon"), "is no date"),
    (("problems.yaml", "--decide", "circle", "form:1", "right", "--reason", "x"), "there is no problem circle"),
    (("problems.yaml", "--decide", "square", "form:3f2a", "right", "--reason", "x"), "is no key of a line"),
    (("problems.yaml", "--init", "github", "--out", "new", "--install", "a`b"), "cannot stand in a script"),
    (("problems.yaml", "--init", "github", "--out", "new", "--install", "no.whl"), "`make wheel` in a checkout builds one"),
    (("problems.yaml", "--init", "github", "--out", "new", "--zip", "x.zip"), "--zip goes with --init gradescope"),
])
def test_errors(course: Path, args: tuple[str, ...], told: str) -> None:
    done = grade(course, *args)
    assert done.returncode == 2 and told in done.stderr


def test_folders_for_other_systems(course: Path) -> None:
    done = grade(course, "problems.yaml", "--init", "gradescope", "--out", "autograder")
    assert done.returncode == 0
    assert sorted(p.name for p in (course / "autograder").iterdir()) == ["problems.yaml", "run_autograder", "setup.sh"]
    script = (course / "autograder" / "run_autograder").read_text()
    assert "/autograder/source/problems.yaml" in script and "--one-student" in script and "$" not in script
    assert "next: upload an archive" in done.stdout and "set its points to " in done.stdout
    assert grade(course, "problems.yaml", "--init", "gradescope", "--out", "autograder").returncode == 0   # all as it is
    (course / "autograder" / "setup.sh").write_text("# our own")
    assert grade(course, "problems.yaml", "--init", "gradescope", "--out", "autograder").returncode == 2   # nothing overwritten
    assert grade(course, "problems.yaml", "homework", "--init", "github", "--out", "repo").returncode == 0
    workflow = (course / "repo" / ".github" / "workflows" / "derivations.yml").read_text()
    assert "pull_request:" in workflow and "contents: read" in workflow and "secrets" not in workflow


def test_totals_into_an_exported_gradebook(course: Path) -> None:
    (course / "export.csv").write_text("Student,SIS Login ID,HW 5 (12)\nDoe,right,\nRoe,slip,\nPoe,scan,\n")
    args = ("problems.yaml", "homework", "--merge", "export.csv", "--column", "HW 5 (12)", "--id-column", "SIS Login ID")
    done = grade(course, *args, "--write", "filled.csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader((course / "filled.csv").open()))
    assert rows[0]["HW 5 (12)"] == "6" and "wait for a person" in done.stdout
    assert grade(course, *args, "--write", "export.csv").returncode == 2
    (course / "short.csv").write_text("Student,SIS Login ID,HW 5 (12)\nDoe,right,\n")
    done = grade(course, "problems.yaml", "homework", "--merge", "short.csv", "--column", "HW 5 (12)", "--id-column",
                 "SIS Login ID", "--write", "filled2.csv")
    assert done.returncode == 2 and "slip" in done.stderr and not (course / "filled2.csv").exists()


def test_purge(course: Path) -> None:
    (course / "old" / "students").mkdir(parents=True)
    for name in ("roster.csv", "students/s-1.md", "grades.json"):
        (course / "old" / name).write_text("")
    assert grade(course, "--purge", "--out", "old").returncode == 0
    assert [p.name for p in (course / "old").rglob("*") if p.is_file()] == ["grades.json"]
