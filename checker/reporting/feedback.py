"""What a student is told about one derivation, and what a class sees (``templates/feedback.*``, ``class.*``).

How much is told depends on the level of the day: ``marks`` (points only), ``line`` (which line is the first wrong
one), ``witness`` (a counterexample with both sides' values), ``repair`` (what slip it looks like).  The tone: quote
the line, say what is right so far, one counterexample, one next step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..grading.problem import LEVELS, GradedProblem, shown
from ..grading.score import Judged, Score
from ..kernel.term import Malformed, from_json
from ..records import Decision
from .blocks import Inline
from .breaking import broken
from .compose import layout as layout_of
from .context import context_of
from .layout import Layout
from .mistakes import plain, repair_sentence
from .witness import witness_sentence

#: As people call the verdicts on lines.
STATUS = {"right": "right", "wrong": "not right", "condition": "right under a condition", "undecided": "for a person",
          "unread": "not read", "stated": "taken as stated"}


@dataclass(frozen=True, slots=True)
class LineView:
    """One line, as far as the level tells of it."""

    number: int
    source: str
    status: str
    statement: Layout | None = None
    conditions: tuple[Layout, ...] = ()
    witness: tuple[Inline, ...] = ()
    repair: tuple[Inline, ...] = ()
    hint: str = ""
    follows: bool = False


@dataclass(frozen=True, slots=True)
class FeedbackView:
    title: str
    points: str
    of: str
    provisional: bool
    level: str
    right_before: int                          # how many lines are right before the first wrong one
    wrong: LineView | None
    lines: tuple[LineView, ...]
    open: tuple[LineView, ...]                 # for a person: unread or undecided
    conditional: tuple[LineView, ...]
    follow_through: bool
    goal: str
    notes: tuple[str, ...]
    milestones: tuple[tuple[str, str, str, str], ...]   # id, points, of, feedback (of those not reached)
    next_step: str


def feedback_of(problem: GradedProblem, score: Score, level: str) -> FeedbackView:
    """What to tell at this level."""
    if level not in LEVELS:
        raise ValueError(f"no such level: {level}")
    depth = LEVELS.index(level)
    lines = tuple(_line(x, depth) for x in score.lines) if depth else ()
    first = score.first_wrong
    wrong = _line(first, depth) if first is not None and depth else None
    before = [x for x in score.lines if x.status in ("right", "condition") and not x.after_slip]
    earned = {e.milestone: e for e in score.earned}
    milestones = tuple(
        (m.id, shown(earned[m.id].points if m.id in earned else Fraction(0)), shown(m.points),
         m.feedback if depth >= LEVELS.index("repair") and m.id not in earned else "")
        for m in problem.milestones)
    rest = problem.points - sum((m.points for m in problem.milestones), Fraction(0))
    more = score.points - sum((e.points for e in score.earned), Fraction(0))
    if milestones and rest > 0 and 0 <= more <= rest and problem.policy.conditions != "deduct":
        milestones += ("sound lines to what was asked", shown(more), shown(rest), ""),
    notes = score.notes + tuple(r.text for r in score.reasons if r.code in ("form", "heading"))
    return FeedbackView(
        problem.title, shown(score.points), shown(score.of), score.provisional, level, len(before) if depth else 0,
        wrong, lines, tuple(x for x in lines if x.status in (STATUS["unread"], STATUS["undecided"])),
        tuple(x for x in lines if x.conditions), any(x.follows for x in lines), score.goal if depth else "none",
        notes if depth else (), milestones, _next_step(score, depth))


def _line(judged: Judged, depth: int) -> LineView:
    line, decision = judged.line, judged.telling
    follows = judged.after_slip and judged.status in ("right", "condition")
    told = LineView(line.line, line.source, STATUS[judged.status], follows=follows)
    if judged.status == "unread" and line.unread is not None:
        return LineView(line.line, line.source, told.status, hint=line.unread.message)
    if decision is None:
        return told
    context = context_of(decision.stated.claim)
    statement = broken(layout_of(decision.stated.claim.statement, context))
    wrong = judged.status == "wrong"
    return LineView(
        line.line, line.source, told.status, statement, _conditions(judged) if judged.status == "condition" else (),
        witness_sentence(decision, context) if wrong and depth >= LEVELS.index("witness") else (),
        repair_sentence(decision, context) if wrong and depth >= LEVELS.index("repair") else (), follows=told.follows)


def _conditions(judged: Judged) -> tuple[Layout, ...]:
    out = []
    for d in judged.decisions:
        for c in d.conditions:
            try:
                out.append(layout_of(from_json(c), context_of(d.stated.claim)))
            except Malformed:
                continue
    return tuple(out)


def _next_step(score: Score, depth: int) -> str:
    """One thing to do."""
    first = score.first_wrong
    if not depth:
        return ""
    if first is not None:
        what = "the values above" if depth >= LEVELS.index("witness") else "small numbers"
        return f"Put {what} into both sides of line {first.line.line}, and look at what was done to get there."
    unread = next((x for x in score.lines if x.status == "unread"), None)
    if unread is not None:
        return f"Write line {unread.line.line} as the hint says, so that it can be read."
    if score.goal == "missed" and score.lines:
        return "Go on to what was asked: the last line is not there yet."
    return ""


def told_plainly(decision: Decision) -> tuple[str, str]:
    """The witness and the repair of a refuted line as text."""
    context = context_of(decision.stated.claim)
    return plain(witness_sentence(decision, context)), plain(repair_sentence(decision, context))


def render_feedback(name: str, view: FeedbackView, student: str = "") -> str:
    """The page for one student and problem: ``md`` or ``html``."""
    from .formats import fill

    return fill(f"feedback.{name}.j2", name, {"view": view, "student": student})


def render_class(name: str, summary: Mapping[str, Any]) -> str:
    """The page for a class, from grading/classes.py's summary."""
    from .formats import fill

    return fill(f"class.{name}.j2", name, {"c": summary})


__all__ = ["FeedbackView", "LineView", "feedback_of", "render_class", "render_feedback", "told_plainly"]
