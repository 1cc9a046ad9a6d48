"""Points: milestones, follow-through, and that ignorance of the checker costs nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest

from checker.grading.problem import GradedProblem, Policy
from tests.grading.rows import CHAIN, PROBLEM, graded

@pytest.mark.parametrize(("verdicts", "points", "person"), [
    ("ppp", 4, False),                         # all milestones, and the point for the whole
    ("pcp", 4, False),                         # conditions are noted
    ("upp", 4 - Fraction(1) + Fraction(1), True),      # an undecided line costs nothing but a person's time
    ("xpp", 3 - Fraction(1) + Fraction(1, 1), True),   # nor does one that was not read; its milestone is not there to see
    ("rpp", Fraction(1) + Fraction(1, 3), False),      # expand by follow-through, a third of the rest twice halved
    ("prp", 1 + 1 + Fraction(1, 2), False),
    ("ppr", 1 + Fraction(2, 3), False),                # the last line is wrong: its milestone is not earned
])
def test_points(verdicts: str, points: Fraction, person: bool) -> None:
    found = graded(verdicts)
    assert found.provisional is person
    if not person:
        assert found.points == points
    else:
        assert found.points > 0


def test_another_route_is_for_a_person_and_never_nothing() -> None:
    found = graded("pp", (CHAIN[0], "x**2 + 2*x*y + y**2 - y**2", CHAIN[3]))
    assert [r.code for r in found.reasons] == ["route"] and found.points > 0
    assert "factor" in found.reasons[0].text


def test_a_slip_is_punished_once() -> None:
    wrong = graded("prp")
    assert wrong.first_wrong is not None and wrong.first_wrong.line.line == 2
    assert [x.after_slip for x in wrong.lines] == [False, False, True]
    assert [(e.milestone, e.follow_through) for e in wrong.earned] == [("factor", False), ("expand", True)]


def test_no_follow_through_past_a_second_slip() -> None:
    assert [e.milestone for e in graded("rrp").earned if not e.follow_through] == []


def test_an_empty_derivation_is_named() -> None:
    found = graded("")
    assert found.points == 0 and "was handed in" in found.notes[0]


def test_the_goal() -> None:
    assert "does not end at what was asked" in graded("pp", CHAIN[:3], goal="missed").notes[0]
    missed = graded("ppp", goal="missed")
    assert [r.code for r in missed.reasons] == ["goal"]


def test_policies() -> None:
    person = GradedProblem("square", "f", milestones=PROBLEM.milestones, points=Fraction(3), policy=Policy(conditions="person"))
    assert [r.code for r in graded("pcp", problem=person).reasons] == ["conditions"]
    deduct = GradedProblem("square", "f", milestones=PROBLEM.milestones, points=Fraction(3), policy=Policy(conditions="deduct"))
    assert graded("pcp", problem=deduct).points == Fraction(5, 2)
    jumps = GradedProblem("square", "f", milestones=PROBLEM.milestones, points=Fraction(3), policy=Policy(jumps=3))
    assert [r.code for r in graded("p", (CHAIN[0], CHAIN[3]), problem=jumps).reasons] == ["route", "jumps"]
    none = GradedProblem("square", "f", milestones=PROBLEM.milestones, points=Fraction(3), policy=Policy(follow_through=Fraction(0)))
    assert graded("rpp", problem=none).points == 0
