"""What a student reads at each level: the tone, and that nothing of a higher level slips out."""

from __future__ import annotations

import re

import pytest

from checker.reporting.feedback import feedback_of, render_class, render_feedback
from checker.grading.results import summary
from tests.grading.rows import PROBLEM, graded, result

HARSH = re.compile(r"\b(obviously|invalid|clearly|trivial|just|simply|error|fail(ed|ure))\b", re.I)


def _page(verdicts: str, level: str, name: str = "md") -> str:
    return render_feedback(name, feedback_of(PROBLEM, graded(verdicts), level))


@pytest.mark.parametrize(("level", "told", "hidden"), [
    ("marks", ("2.5 of 4 points",), ("Line 2", "left side", "x*(x + 2*y)")),
    ("line", ("**Line 2** is the first", "x*(x + 2*y)", "The first step is right", "Put small numbers"), ("left side is",)),
    ("witness", ("left side is", "$`5`$", "$`7`$", "Put the values above"), ("It looks like",)),
    ("repair", ("left side is",), ()),
])
def test_levels(level: str, told: tuple[str, ...], hidden: tuple[str, ...]) -> None:
    page = _page("prp", level)
    for words in told:
        assert words in page
    for words in hidden:
        assert words not in page


@pytest.mark.parametrize("verdicts", ["ppp", "prp", "upp", "xpp", "rrr", "pcp", ""])
@pytest.mark.parametrize("level", ["marks", "line", "witness", "repair"])
def test_the_tone(verdicts: str, level: str) -> None:
    assert not HARSH.search(_page(verdicts, level))


def test_what_is_not_known_is_said_to_cost_nothing() -> None:
    page = _page("upp", "line")
    assert "nothing that was not understood has cost a point" in page and "A person will look at it" in page


def test_a_condition_is_named() -> None:
    assert "is right wherever" in _page("pcp", "line")


def test_the_slip_counts_once() -> None:
    assert "the slip counts once" in _page("prp", "line")


def test_html_is_one_page_without_script() -> None:
    page = _page("prp", "repair", "html")
    assert "<script" not in page and "Content-Security-Policy" in page and "<math" in page


def test_a_class_sees_no_names_and_counts_equal_lines_together() -> None:
    results = [result("prp", "s-1"), result("prp", "s-2"), result("upp", "s-3")]
    c = {**summary([g.to_json() for g in results]), "title": "Homework 5", "key": "hw5.yaml"}
    assert [w["count"] for w in c["wrong"]] == [2] and len(c["waiting"]) == 1
    page = render_class("md", c)
    assert "2 × in square" in page and "checker grade hw5.yaml --decide square form:" in page
    assert "<script" not in render_class("html", c)
