"""A derivation with chosen verdicts, graded."""

from __future__ import annotations

from fractions import Fraction

from checker.grading.problem import GradedProblem, Milestone
from checker.grading.results import Graded
from checker.grading.score import Goal, Score, judge, score
from checker.kernel.term import Term, Var, app, num, to_json
from checker.records import Decision, Document, Line, Problem, StatedClaim
from tests.kernel.statements import statement

#: (right side, verdict) of each line of a chain that starts at (x + y)**2 - y**2
CHAIN = ("(x + y)**2 - y**2", "(x + y - y)*(x + y + y)", "x*(x + 2*y)", "x**2 + 2*x*y")
KEY = {"factor": "(x + y - y)*(x + y + y)", "expand": "x**2 + 2*x*y"}
PROBLEM = GradedProblem("square", "problem.yaml", "A square", Fraction(4), milestones=(
    Milestone("factor", "", Fraction(1)), Milestone("expand", "", Fraction(2))))


def side(source: str) -> Term:
    return statement(source, "=", "0").statement.args[0]  # type: ignore[union-attr]


def graded(verdicts: str, sides: tuple[str, ...] = CHAIN, problem: GradedProblem = PROBLEM, goal: Goal = "reached") -> Score:
    """``verdicts``: a letter for each link: p(roved), r(efuted), u(ndecided), c(ondition), x (not read)."""
    decisions, lines = {}, []
    for k, v in enumerate(verdicts, 1):
        id = f"s.{k}"
        claim = statement(sides[k - 1], "=", sides[k])
        if v == "x":
            lines.append(Line(k, 1, sides[k], unread=Problem("s.tex", k, 1, "unread", "not read")))
            continue
        verdict = {"p": "proved", "c": "proved", "r": "refuted", "u": "undecided"}[v]
        decisions[id] = Decision(StatedClaim(id, claim, "s.tex", k), verdict, conditions=(to_json(app("!=", Var("x"), num(0))),) if v == "c" else (),
                                 witness={"kind": "point", "point": {"x": "1", "y": "2"}, "left": "5", "right": "7"}
                                 if v == "r" else None, cause="search" if v == "u" else None)
        lines.append(Line(k, 1, sides[k], sides[k], "=", (id,)))
    document = Document("s", "", "", "s.tex", tuple(d.stated for d in decisions.values()), lines=tuple(lines))
    return score(problem, {k: side(t) for k, t in KEY.items()}, judge(document, decisions), goal)


def result(verdicts: str, student: str = "s-1", problem: GradedProblem = PROBLEM) -> Graded:
    found = graded(verdicts, problem=problem)
    return Graded(student, problem, found, {x.line.line: ("At x = 1 it fails.", "") for x in found.lines if x.status == "wrong"})
