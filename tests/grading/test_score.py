"""Points: milestones, follow-through, and that ignorance of the checker costs nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest

from checker.grading.problem import GradedProblem, Milestone, Policy
from checker.grading.score import Goal, Score, judge, score
from checker.kernel.term import Term
from checker.records import Decision, Document, Line, Problem, StatedClaim
from tests.kernel.statements import statement

#: (right side, verdict) of each line of a chain that starts at (x + y)**2 - y**2
CHAIN = ("(x + y)**2 - y**2", "(x + y - y)*(x + y + y)", "x*(x + 2*y)", "x**2 + 2*x*y")
KEY = {"factor": "(x + y - y)*(x + y + y)", "expand": "x**2 + 2*x*y"}
PROBLEM = GradedProblem("square", "problem.yaml", "A square", Fraction(4), milestones=(
    Milestone("factor", "", Fraction(1)), Milestone("expand", "", Fraction(2))))


def _side(source: str) -> Term:
    return statement(source, "=", "0").statement.args[0]  # type: ignore[union-attr]


def _graded(verdicts: str, sides: tuple[str, ...] = CHAIN, problem: GradedProblem = PROBLEM, goal: Goal = "reached") -> Score:
    """``verdicts``: a letter for each link: p(roved), r(efuted), u(ndecided), c(ondition), x (not read)."""
    decisions, lines = {}, []
    for k, v in enumerate(verdicts, 1):
        id = f"s.{k}"
        claim = statement(sides[k - 1], "=", sides[k])
        if v == "x":
            lines.append(Line(k, 1, sides[k], unread=Problem("s.tex", k, 1, "unread", "not read")))
            continue
        verdict = {"p": "proved", "c": "proved", "r": "refuted", "u": "undecided"}[v]
        decisions[id] = Decision(StatedClaim(id, claim, "s.tex", k), verdict, conditions=("c",) if v == "c" else ())
        lines.append(Line(k, 1, sides[k], sides[k], "=", (id,)))
    document = Document("s", "", "", "s.tex", tuple(d.stated for d in decisions.values()), lines=tuple(lines))
    return score(problem, {k: _side(t) for k, t in KEY.items()}, judge(document, decisions), goal)


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
    found = _graded(verdicts)
    assert found.provisional is person
    if not person:
        assert found.points == points
    else:
        assert found.points > 0


def test_another_route_is_for_a_person_and_never_nothing() -> None:
    found = _graded("pp", (CHAIN[0], "x**2 + 2*x*y + y**2 - y**2", CHAIN[3]))
    assert [r.code for r in found.reasons] == ["route"] and found.points > 0
    assert "factor" in found.reasons[0].text


def test_a_slip_is_punished_once() -> None:
    wrong = _graded("prp")
    assert wrong.first_wrong is not None and wrong.first_wrong.line.line == 2
    assert [x.after_slip for x in wrong.lines] == [False, False, True]
    assert [(e.milestone, e.follow_through) for e in wrong.earned] == [("factor", False), ("expand", True)]


def test_no_follow_through_past_a_second_slip() -> None:
    assert [e.milestone for e in _graded("rrp").earned if not e.follow_through] == []


def test_an_empty_derivation_is_named() -> None:
    found = _graded("")
    assert found.points == 0 and found.notes == ("no line of a derivation was found",)


def test_the_goal() -> None:
    assert "does not end at what was asked" in _graded("pp", CHAIN[:3], goal="missed").notes[0]
    missed = _graded("ppp", goal="missed")
    assert [r.code for r in missed.reasons] == ["goal"]


def test_policies() -> None:
    person = GradedProblem("square", "f", milestones=PROBLEM.milestones, points=Fraction(3), policy=Policy(conditions="person"))
    assert [r.code for r in _graded("pcp", problem=person).reasons] == ["conditions"]
    deduct = GradedProblem("square", "f", milestones=PROBLEM.milestones, points=Fraction(3), policy=Policy(conditions="deduct"))
    assert _graded("pcp", problem=deduct).points == Fraction(5, 2)
    jumps = GradedProblem("square", "f", milestones=PROBLEM.milestones, points=Fraction(3), policy=Policy(jumps=3))
    assert [r.code for r in _graded("p", (CHAIN[0], CHAIN[3]), problem=jumps).reasons] == ["route", "jumps"]
    none = GradedProblem("square", "f", milestones=PROBLEM.milestones, points=Fraction(3), policy=Policy(follow_through=Fraction(0)))
    assert _graded("rpp", problem=none).points == 0
