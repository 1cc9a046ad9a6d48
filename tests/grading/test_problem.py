"""Problem files: what is read, and what the errors say."""

from __future__ import annotations

import datetime
from fractions import Fraction
from pathlib import Path

import pytest

from checker.grading.problem import ProblemError, read_problems

GOOD = r"""
id: square
title: A square completed
points: 4
notation: |
  x: real
given: ["x > 0"]
start: x^2 - 6x + 10
goal: (x - 3)^2 + 1
milestones:
  - {id: halve, latex: 'x^2 - 2 \cdot 3x + 9 + 1', points: 2.5, feedback: Add and subtract a square.}
policy: {follow_through: 0.25, conditions: deduct, deduct: 1/2}
feedback: {before: marks, after: witness, deadline: 2026-12-01}
"""


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "problem.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_problem(tmp_path: Path) -> None:
    (p,) = read_problems(_file(tmp_path, GOOD))
    assert (p.id, p.points, p.given, p.goal) == ("square", 4, ("x > 0",), "(x - 3)^2 + 1")
    assert p.milestones[0].points == Fraction(5, 2) and p.policy.follow_through == Fraction(1, 4)
    assert p.levels.at(datetime.datetime(2026, 12, 1, 12)) == "marks"
    assert p.levels.at(datetime.datetime(2026, 12, 2)) == "witness"


def test_the_version_is_of_what_is_graded(tmp_path: Path) -> None:
    def version(text: str) -> str:
        return read_problems(_file(tmp_path, text))[0].version

    assert version(GOOD) == version(GOOD.replace("A square completed", "Squares").replace("marks", "line"))
    assert version(GOOD) != version(GOOD.replace("2.5", "2"))
    assert version(GOOD) != version(GOOD.replace("(x - 3)^2 + 1", "(x - 3)^2"))


def test_several_problems_share_a_notation(tmp_path: Path) -> None:
    text = "notation: 'x: real'\nproblems:\n  - id: a\n  - {id: b, notation: 'y: real'}\n"
    a, b = read_problems(_file(tmp_path, text))
    assert (a.notation, b.notation, a.points) == ("x: real", "y: real", 1)


@pytest.mark.parametrize(("text", "told"), [
    ("", "the file is made of"), ("- a\n- b\n", "is made of"), ("title: x\n", "needs an id"),
    ("id: a\nmilestone: []\n", "did you mean milestones"), ("id: a\npoints: many\n", "'many' is no number of points"),
    ("id: a\npoints: -1\n", "no number"), ("id: a\npoints: true\n", "no number"), ("id: a\npoints: 1e999\n", "no number"),
    ("id: a\nmilestones: [{points: 1}]\n", "needs latex"),
    ("id: a\npoints: 1\nmilestones: [{latex: x, points: 2}]\n", "2 points in all, the problem 1"),
    ("id: a\nmilestones: [{latex: x, id: m}, {latex: y, id: m}]\n", "two milestones are called m"),
    ("id: a\nfeedback: everything\n", "one of marks, line, witness, repair"),
    ("id: a\nfeedback: {deadline: soon}\n", "deadline is a date"), ("id: a\npolicy: {conditions: maybe}\n", "conditions is one of"),
    ("id: a\npolicy: {follow_through: 2}\n", "a share from 0 to 1"), ("id: a\ngoal: [1]\n", "goal is text"),
    ("id: a\nnotation: course.notation\n", "notation is the block itself, not a file"),
    ("id: a\ngoal: x: y\n", "line 2"), ("problems: [{id: a}, {id: a}]\n", "two problems are called a"),
    ("id: &a x\ntitle: *a\n", "without & and *"), ("id: !!python/object/apply:os.system [ls]\n", "a key has no tags"),
    ("id: a\nmilestones: [{latex: x, by: position}]\n", "has no key by"), ("id: a\nreference: x\n", "has no key reference"),
])
def test_errors_say_what_and_where(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ProblemError) as error:
        read_problems(_file(tmp_path, text))
    assert told in str(error.value) and "problem.yaml" in str(error.value)


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="No such file"):
        read_problems(tmp_path / "none.yaml")
    (tmp_path / "b.yaml").write_bytes(b"id: \xff")
    with pytest.raises(ProblemError, match="not UTF-8"):
        read_problems(tmp_path / "b.yaml")
    (tmp_path / "c.yaml").write_text("id: a\ntitle: " + "x" * 300_000)
    with pytest.raises(ProblemError, match="at most"):
        read_problems(tmp_path / "c.yaml")
