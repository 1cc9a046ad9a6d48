"""A submission is read once: each derivation with the notation of its problem; and batches change no result."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import sympy

from checker.console import grade as grading
from checker.console.keys import read_keys
from checker.console.spool import Pages, writing
from checker.console.submissions import find_submissions
from checker.grading.problem import read_problems
from checker.grading.results import Roster
from checker.reading.derivations import derivations, pages
from checker.reading.documents import read_page
from checker.running.config import Options
from checker.running.headings import Asked, answered
from checker.running.loader import UsageError

PROBLEMS = """
problems:
  - {id: "1 (a)", title: Roots, points: 1, notation: "x: real > 0"}
  - {id: two, title: Signs, points: 1, notation: "x: real"}
"""
SHEET = """
# Roots
$$ \\sqrt{x^2} = x $$
# {two}
$$ \\sqrt{x^2} = |x| $$
# Else
$$ y = y $$
# Chapter
$$ x = x $$
## two
$$ x^2 = |x|^2 $$
"""


def test_each_derivation_is_read_with_its_own_notation_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text(SHEET.replace("{two}", "Signs"))
    asked = Asked([("1 (a)", "Roots", "x: real > 0"), ("two", "Signs", "x: real")])
    asked.write(tmp_path / "asked")
    asked = Asked.read(tmp_path / "asked")
    times: Counter[str] = Counter()
    read = pages.read_section
    monkeypatch.setattr(pages, "read_section", lambda page, parts, id, title, *more: (
        times.update([title]), read(page, parts, id, title, *more))[1])
    found = []
    with sympy.evaluate(False):
        for notation in asked.notations():
            documents, _ = derivations(read_page(tmp_path / "a.md", tmp_path), "a.md", notation,
                                       lambda id, title, n=notation: asked.wanted(id, title, n))
            found += [(d.title, notation) for d in documents]
    assert sorted(found) == [("Chapter", "x: real > 0"), ("Else", "x: real > 0"), ("Roots", "x: real > 0"),
                             ("Signs", "x: real"), ("two", "x: real")]
    assert times == {"Roots": 1, "Signs": 1, "Else": 1, "Chapter": 2, "two": 1}       # what stands above holds below


@pytest.mark.parametrize(("id", "title", "place"), [
    ("hw.Roots", "x", 0), ("hw", "Problem 1 (a)", 0), ("hw.two", "", 1), ("two.hw", "", 1), ("hw", "sign", None)])
def test_which_problem_is_answered(id: str, title: str, place: int | None) -> None:
    assert answered(id, title, [("1 (a)", "Roots"), ("two", "Signs")]) == place
    assert answered(id, title, [("7", "Other")]) == 0


def test_batches_change_nothing_and_ids_may_have_spaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "problems.yaml").write_text(PROBLEMS)
    (tmp_path / "homework").mkdir()
    for name, two in (("a b", "Signs"), ("a-b", "two"), ("c", "neither")):
        (tmp_path / "homework" / f"{name}.md").write_text(SHEET.replace("{two}", two))
    problems, options = read_problems(tmp_path / "problems.yaml"), Options(tmp_path)
    found = find_submissions(tmp_path / "homework", Roster(tmp_path / "r", True))
    keys = read_keys(problems, options)
    told = []
    for together in (64, 1):
        monkeypatch.setattr(grading, "TOGETHER", together)
        told.append([g.to_json() for g in grading.grade(problems, keys, found, options)])
    assert told[0] == told[1] and len({r["student"] for r in told[0]}) == 3
    statuses = {(r["student"][:3], r["problem"]): [x["status"] for x in r["lines"]] for r in told[0]}
    assert statuses["a-b", "1 (a)"] == ["right"] and statuses["c", "two"] == ["right"]


def test_what_cannot_be_written_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(UsageError, match="out cannot be written .*: make room, or name another place"):
        Pages(tmp_path / "out", {})
    with pytest.raises(BrokenPipeError), writing("x"):
        raise BrokenPipeError
    assert (tmp_path / "out").read_text() == "a file"
