"""Points for one derivation: milestones on sound lines, follow-through after a slip, and what a person must see.

Principles, in this order.  Nothing that the checker does not know costs a point: a line that is undecided or could not
be read is passed over, and a person looks at it.  A slip is punished once: later lines are judged from the student's
own line.  A sound derivation that reaches the goal by a route without the milestones is for a person, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from ..kernel.term import RELATIONS, App, Term
from ..lines import GIVEN, UNREAD, verdict
from ..records import Decision, Document, Line
from .matching import same_form, same_statement, says_nothing, sides
from .problem import GradedProblem

Status = Literal["right", "wrong", "condition", "undecided", "unread", "stated"]
Goal = Literal["reached", "missed", "unknown", "none"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person is asked: ``code`` is undecided, unread, route, conditions, jumps, goal, form (PDF, handwriting)
    heading (it stands under no problem's heading), assumption (a line rests on more than the problem grants)
    or key (the key changed since a person decided)."""

    code: str
    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Earned:
    """The points of one milestone: on which line, and whether by follow-through."""

    milestone: str
    points: Fraction
    of: Fraction
    line: int | None = None
    follow_through: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """One line with what became of it.  ``decisions``: those of its claims, in order; ``telling``: the one that says
    the most about the line."""

    line: Line
    status: Status
    decisions: tuple[Decision, ...] = ()
    after_slip: bool = False              # it stands below the first wrong line, and is judged from there
    telling: Decision | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """What one derivation earned.  ``provisional``: a person has to confirm it (``reasons`` say why)."""

    problem: str
    points: Fraction
    of: Fraction
    lines: tuple[Judged, ...]
    earned: tuple[Earned, ...] = ()
    reasons: tuple[Reason, ...] = ()
    goal: Goal = "none"
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def provisional(self) -> bool:
        return bool(self.reasons)

    @property
    def first_wrong(self) -> Judged | None:
        return next((x for x in self.lines if x.status == "wrong"), None)


#: What the verdict on a line is called where points are given.
_STATUS: Mapping[str, Status] = {"refuted": "wrong", "undecided": "undecided", UNREAD: "unread", GIVEN: "stated"}


def judge(document: Document, decisions: Mapping[str, Decision]) -> tuple[Judged, ...]:
    """Every line with its verdict."""
    out: list[Judged] = []
    slipped = False
    for line in document.lines:
        v = verdict(line, decisions)
        right: Status = "condition" if v.decision is not None and v.decision.conditions else "right"
        status = _STATUS.get(v.verdict, right)
        out.append(Judged(line, status, v.decisions, slipped, v.decision))
        slipped = slipped or status == "wrong"
    return tuple(out)


def score(problem: GradedProblem, key: Mapping[str, Term], lines: tuple[Judged, ...], goal: Goal = "none",
          circular: bool = False, again: Sequence[Reason] = ()) -> Score:
    """The points of a derivation whose lines are judged (``judge``, then ``persons.applied``).

    ``key``: the milestones as terms, by id (a milestone that is not there could not be read: a person looks).
    ``goal``: whether the derivation ends at what was asked, as far as it is known.  ``again``: what a person has
    to look at once more.
    """
    reasons = [*_about_lines(problem, lines), *again]
    steps = [x for x in lines if x.status != "stated"]
    if not steps:
        empty = f"nothing under the heading or label {problem.id!r} was handed in"
        if lines:
            empty = "the derivation takes no step"
        if any(r.code == "form" for r in reasons):
            empty = "a person reads what was handed in"
        return Score(problem.id, Fraction(0), problem.points, lines, (), tuple(reasons), "missed", (empty,))
    earned = _earned(problem, key, lines)
    clean = all(x.status in ("right", "condition", "stated") for x in lines)
    slipped = any(x.status == "wrong" for x in lines)
    total = sum((e.points for e in earned), Fraction(0))
    full = sum((m.points for m in problem.milestones), Fraction(0))
    missing = [m for m in problem.milestones if m.id not in {e.milestone for e in earned}]
    rest = problem.points - full            # what the milestones do not say: for a sound derivation to the goal
    notes: list[str] = []
    if circular:
        notes.append("the derivation assumes what it should show")
        reasons.append(Reason("goal", "the derivation uses the claim that it should show"))
    if goal == "missed":
        notes.append("the derivation does not end at what was asked")
        if not slipped and not missing:
            reasons.append(Reason("goal", "every line is right, and the last one is not what was asked"))
    if clean and goal in ("reached", "none") and not circular:
        if missing:
            names = ", ".join(m.id for m in missing)
            reasons.append(Reason("route", f"a sound derivation by another route: no line has the form of {names}"))
        total += rest
    elif rest and (slipped or goal != "missed"):
        total += rest * _share(lines, problem.policy.follow_through)
    if problem.policy.conditions == "deduct":
        total -= problem.policy.deduct * sum(1 for x in lines if x.status == "condition")
    trusted = [x for x in steps if x.status == "right" and x.line.unread is not None]
    if trusted and (missing or goal == "missed"):
        reasons.append(Reason("route", "a person called this line right, and it was not read: which steps it has, and "
                              "what they earn, is for a person, too", trusted[0].line.line))
    unreadable = [m.id for m in problem.milestones if m.id not in key]
    if unreadable:
        reasons.append(Reason("key", f"the key's {', '.join(unreadable)} cannot be read"))
    if 0 < len(steps) < problem.policy.jumps:
        reasons.append(Reason("jumps", f"{len(steps)} lines; the course wishes to see {problem.policy.jumps}"))
    return Score(problem.id, min(max(total, Fraction(0)), problem.points), problem.points, lines, earned,
                 tuple(reasons), goal, tuple(notes))


def _about_lines(problem: GradedProblem, lines: Sequence[Judged]) -> list[Reason]:
    out = []
    for x in lines:
        match x.status:
            case "unread":
                told = x.line.unread.message if x.line.unread is not None else "not read"
                out.append(Reason("unread", told, x.line.line))
            case "undecided":
                cause = x.telling.cause if x.telling is not None else None
                out.append(Reason("undecided", f"neither proved nor refuted ({cause or 'search'})", x.line.line))
            case "condition" if problem.policy.conditions == "person":
                out.append(Reason("conditions", "right under a condition that is not stated", x.line.line))
    return out


def _earned(problem: GradedProblem, key: Mapping[str, Term], lines: Sequence[Judged]) -> tuple[Earned, ...]:
    out: list[Earned] = []
    found = {m.id: next((x for x in lines if m.id in key and _says(x, key[m.id])), None) for m in problem.milestones}
    sound = [k for k, m in enumerate(problem.milestones) if (x := found[m.id]) is not None and not x.after_slip
             and x.status != "wrong"]
    for k, m in enumerate(problem.milestones):
        at = found[m.id]
        if k in sound and at is not None:
            out.append(Earned(m.id, m.points, m.points, at.line.line))
        elif at is not None and at.status != "wrong" or (
                at is None and k > max(sound, default=-1) and _followed_through(lines)):
            share = m.points * problem.policy.follow_through
            if share:
                out.append(Earned(m.id, share, m.points, at.line.line if at is not None else None, True))
    return tuple(out)


def _followed_through(lines: Sequence[Judged]) -> bool:
    """Something stands below the slip, and all of it follows from the student's own line."""
    below = [x for x in lines if x.after_slip and x.status != "stated"]
    return bool(below) and all(x.status in ("right", "condition") for x in below)


def _share(lines: Sequence[Judged], follow_through: Fraction) -> Fraction:
    """The share of lines that are not wrong, those below a slip counted by ``follow_through``."""
    steps = [x for x in lines if x.status != "stated"]
    worth = [Fraction(0) if x.status == "wrong" else follow_through if x.after_slip else Fraction(1) for x in steps]
    return sum(worth, Fraction(0)) / len(steps)


def _says(judged: Judged, milestone: Term) -> bool:
    """Whether the line's statement is the milestone's, or has a side of its form."""
    statements = [s for d in judged.decisions if not says_nothing(s := d.stated.claim.statement)]
    if isinstance(milestone, App) and milestone.head in (*RELATIONS, "and", "or", "implies", "iff", "mat="):
        return any(same_statement(part, milestone) for s in statements for part in _statements(s))
    return any(same_form(side, milestone) for s in statements for side in sides(s))


def _statements(t: Term) -> list[Term]:
    """A statement, and what an implication or equivalence (a step between two lines) relates."""
    if isinstance(t, App) and t.head in ("implies", "iff"):
        return [t, *(s for part in t.args for s in _statements(part))]
    return [t]


__all__ = ["Earned", "Goal", "Judged", "Reason", "Score", "Status", "judge", "score"]
