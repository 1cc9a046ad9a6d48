r"""Problem files: what was asked, which steps earn points, and how a course wants to be graded.

A problem file is YAML.  Formulas are LaTeX, read with the notation of the problem::

    id: square
    title: A square completed
    points: 4
    notation: |
      x: real
    given: ["x > 0"]
    start: x^2 - 6x + 10
    goal: (x - 3)^2 + 1
    milestones:
      - id: halve
        latex: x^2 - 2 \cdot 3x + 9 + 1
        points: 2
        feedback: Add and subtract the square of half the coefficient of x.
    policy: {follow_through: 0.5, conditions: note}
    feedback: {before: line, after: repair, deadline: 2026-12-01T23:59}

Nothing in it is executed.  Everything but ``id`` has a default.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

LEVELS = ("marks", "line", "witness", "repair")
CONDITIONS = ("accept", "note", "person", "deduct")
MAX_FILE = 200_000
MAX_DEPTH = 20
MAX_LISTED = 200            # problems, milestones, given statements
_ID = re.compile(r"\w[\w .,:()'+-]{0,79}")     # it is part of the names of files


class ProblemError(ValueError):
    """A problem file that cannot be used: what, where, and what would help."""

    def __init__(self, message: str) -> None:
        super().__init__(message if len(message) <= 1_000 else message[:1_000] + " ...")    # some quote much


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step that earns points: an expression or statement that stands in some line, the same terms up to order and
    arithmetic of numbers."""

    id: str
    latex: str
    points: Fraction
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """How a course grades.

    ``conditions``: a line that is right under a condition only is accepted, noted, left to a person, or costs
    ``deduct`` points.  ``follow_through``: the share of points for what follows rightly from the student's own wrong
    line.  ``jumps``: the least number of lines of a derivation that is not looked at by a person; 0 for no such wish.
    """

    conditions: str = "note"
    deduct: Fraction = Fraction(1, 2)
    follow_through: Fraction = Fraction(1, 2)
    jumps: int = 0


@dataclass(frozen=True, slots=True)
class Levels:
    """How much a student is told before and after the deadline."""

    before: str = "line"
    after: str = "repair"
    deadline: datetime.datetime | None = None

    def at(self, now: datetime.datetime) -> str:
        if self.deadline is None:
            return self.before
        deadline = self.deadline
        if deadline.tzinfo is None:
            now = now.replace(tzinfo=None)
        return self.after if now >= deadline else self.before


@dataclass(frozen=True, slots=True)
class GradedProblem:
    """One problem of a key.  ``version`` changes with everything that can change a score."""

    id: str
    file: str
    title: str = ""
    points: Fraction = Fraction(1)
    notation: str = ""
    given: tuple[str, ...] = ()
    start: str = ""
    goal: str = ""
    milestones: tuple[Milestone, ...] = ()
    policy: Policy = field(default_factory=Policy)
    levels: Levels = field(default_factory=Levels)
    version: str = ""


def read_problems(path: Path) -> list[GradedProblem]:
    """The problems of a YAML file: one, or a list under ``problems`` with a common ``notation``.

    Raises :class:`ProblemError`.
    """
    data = _yaml(path)
    if "problems" in data:
        common = {k: data[k] for k in ("notation", "policy", "feedback") if k in data}
        _known(data, {"problems", "title", *common}, path, "the file")
        listed = data["problems"]
        if not isinstance(listed, list) or not listed or len(listed) > MAX_LISTED:
            raise ProblemError(f"{path.name}: problems is a list of problems, each with an id, at most {MAX_LISTED}")
        found = [_problem({**common, **_mapping(p, path, "a problem")}, path) for p in listed]
    else:
        found = [_problem(data, path)]
    ids = [p.id for p in found]
    for id in ids:
        if ids.count(id) > 1:
            raise ProblemError(f"{path.name}: two problems are called {id}")
    return found


class _Refused(yaml.MarkedYAMLError):
    """What YAML has, and a key has not."""


class _Plain(yaml.SafeLoader):
    """YAML without what a key does not need and an attack does: anchors, tags, merged and repeated keys, numbers of
    any length, nesting of any depth."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._refusal(event, "write values out, without & and *: repeated parts can grow without end")
        if getattr(event, "tag", None) not in (None, "!"):
            raise self._refusal(event, f"{str(event.tag)[:60]}: a key has no tags")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._refusal(event, f"nested more than {MAX_DEPTH} deep")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise self._refusal(key, f"{key.value[:60]} stands twice")
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)

    @staticmethod
    def _refusal(at: Any, told: str) -> _Refused:
        return _Refused(None, None, told, at.start_mark)


_Plain.yaml_implicit_resolvers = {}
for _tag, _form, _first in (
        ("bool", r"(?:true|false|yes|no|on|off)$", "tfyno"), ("null", r"(?:~|null|)$", ["~", "n", ""]),
        ("int", r"[-+]?[0-9]{1,18}$", "-+0123456789"), ("float", r"[-+]?[0-9]{1,18}\.[0-9]{0,18}$", "-+0123456789"),
        ("timestamp", r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[-+]\d\d(?::?\d\d)?)?)?$",
         "0123456789")):
    _Plain.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_form, re.ASCII), list(_first))


def _yaml(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > MAX_FILE:
            raise ProblemError(f"{path.name}: a problem file has at most {MAX_FILE} bytes")
        data = yaml.load(path.read_text(encoding="utf-8"), _Plain)  # noqa: S506 - a safe loader, and less
    except OSError as error:
        raise ProblemError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ProblemError(f"{path.name}: not UTF-8 text (byte {error.start})") from error
    except ValueError as error:         # a date that is none
        raise ProblemError(f"{path.name}: {error}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark is not None else ""
        told = str(getattr(error, "problem", None) or "not YAML")[:300]
        hint = "; LaTeX with : or # stands best after | on lines of its own, or in 'single quotes'"
        raise ProblemError(f"{path.name}{where}: {told}{'' if isinstance(error, _Refused) else hint}") from error
    return _mapping(data, path, "the file")


def _mapping(data: Any, path: Path, what: str) -> Mapping[str, Any]:
    if not isinstance(data, dict) or not all(isinstance(k, str) for k in data):
        raise ProblemError(f"{path.name}: {what} is made of `key: value` lines (id, points, notation, ...)")
    return data


def _known(data: Mapping[str, Any], keys: set[str], path: Path, where: str) -> None:
    import difflib

    for key in data:
        if key not in keys:
            near = difflib.get_close_matches(key[:60], keys, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(keys))}"
            raise ProblemError(f"{path.name}: {where} has no key {key[:60]}; {hint}")


_KEYS = {"id", "title", "points", "notation", "given", "start", "goal", "milestones", "policy", "feedback"}


def _problem(data: Mapping[str, Any], path: Path) -> GradedProblem:
    if not isinstance(data.get("id"), str) or not data["id"]:
        raise ProblemError(f"{path.name}: a problem needs an id: the heading or label it has in the submissions")
    id = data["id"]
    if not _ID.fullmatch(id):
        raise ProblemError(f"{path.name}: an id is letters, digits, spaces, . , : - _, at most 80: not {id[:40]!r}")
    where = f"problem {id}"
    _known(data, _KEYS, path, where)
    milestones = tuple(_milestone(_mapping(m, path, f"a milestone of {id}"), k, path, id)
                       for k, m in enumerate(_list(data.get("milestones"), path, f"{where}: milestones"), 1))
    ids = [m.id for m in milestones]
    for name in ids:
        if ids.count(name) > 1:
            raise ProblemError(f"{path.name}: {where}: two milestones are called {name}")
    total = sum((m.points for m in milestones), Fraction(0))
    points = _number(data["points"], path, f"{where}: points") if "points" in data else total or Fraction(1)
    if total > points:
        raise ProblemError(f"{path.name}: {where}: its milestones have {shown(total)} points in all, the problem "
                           f"{shown(points)}")
    for key in ("title", "notation", "start", "goal"):
        if not isinstance(data.get(key, ""), str):
            raise ProblemError(f"{path.name}: {where}: {key} is text: put it in 'single quotes' or after |")
    if re.fullmatch(r"[\w./-]+\.[a-z]+", data.get("notation", "").strip()):
        raise ProblemError(f"{path.name}: {where}: notation is the block itself, not a file: write notation: | and "
                           f"below it, indented, what stands in {data['notation'].strip()}")
    given = tuple(_text(g, path, f"{where}: given") for g in _list(data.get("given"), path, f"{where}: given"))
    version = hashlib.sha256(json.dumps(
        {k: data[k] for k in sorted(data) if k not in ("title", "feedback")}, sort_keys=True, default=str,
    ).encode()).hexdigest()[:12]
    return GradedProblem(
        id, str(path), data.get("title", "") or id, points, data.get("notation", ""), given, data.get("start", ""),
        data.get("goal", ""), milestones, _policy(data.get("policy"), path, where),
        _levels(data.get("feedback"), path, where), version)


def _milestone(data: Mapping[str, Any], k: int, path: Path, problem: str) -> Milestone:
    where = f"milestone {data.get('id', k)} of {problem}"
    _known(data, {"id", "latex", "points", "feedback"}, path, where)
    if "latex" not in data:
        raise ProblemError(f"{path.name}: {where} needs latex: the expression or statement that earns the points")
    points = _number(data.get("points", 1), path, where)
    return Milestone(str(data.get("id", k)), _text(data["latex"], path, where), points,
                     _text(data.get("feedback", ""), path, where))


def _policy(data: Any, path: Path, where: str) -> Policy:
    if data is None:
        return Policy()
    data = _mapping(data, path, f"{where}: policy")
    _known(data, {"conditions", "deduct", "follow_through", "jumps"}, path, f"{where}: policy")
    conditions = data.get("conditions", "note")
    if conditions not in CONDITIONS:
        raise ProblemError(f"{path.name}: {where}: conditions is one of {', '.join(CONDITIONS)}, not {conditions!r}")
    share = _number(data.get("follow_through", "1/2"), path, f"{where}: follow_through")
    if share > 1:
        raise ProblemError(f"{path.name}: {where}: follow_through is a share from 0 to 1")
    jumps = data.get("jumps", 0)
    if not isinstance(jumps, int) or isinstance(jumps, bool) or jumps < 0:
        raise ProblemError(f"{path.name}: {where}: jumps is a number of lines")
    return Policy(conditions, _number(data.get("deduct", "1/2"), path, f"{where}: deduct"), share, jumps)


def _levels(data: Any, path: Path, where: str) -> Levels:
    if data is None:
        return Levels()
    data = {"before": data, "after": data} if isinstance(data, str) else _mapping(data, path, f"{where}: feedback")
    _known(data, {"before", "after", "deadline"}, path, f"{where}: feedback")
    before, after = data.get("before", "line"), data.get("after", "repair")
    for level in (before, after):
        if level not in LEVELS:
            raise ProblemError(f"{path.name}: {where}: a feedback level is one of {', '.join(LEVELS)}, not {level!r}")
    return Levels(before, after, _date(data.get("deadline"), path, where))


def _date(data: Any, path: Path, where: str) -> datetime.datetime | None:
    match data:
        case None:
            return None
        case datetime.datetime():
            return data
        case datetime.date():
            return datetime.datetime.combine(data, datetime.time(23, 59, 59))
        case str():
            try:
                return datetime.datetime.fromisoformat(data)
            except ValueError:
                pass
    raise ProblemError(f"{path.name}: {where}: deadline is a date such as 2026-12-01T23:59")


def _number(data: Any, path: Path, where: str) -> Fraction:
    try:
        if isinstance(data, bool):
            raise ValueError
        value = Fraction(str(data)) if isinstance(data, (int, float, str)) and len(str(data)) < 20 else None
    except (ValueError, ZeroDivisionError):
        value = None
    if value is None or value < 0 or value > 10_000:
        raise ProblemError(f"{path.name}: {where}: {str(data)[:30]!r} is no number of points")
    return value


def _list(data: Any, path: Path, where: str) -> list[Any]:
    if data is None:
        return []
    if isinstance(data, str):
        return [data]
    if not isinstance(data, list):
        raise ProblemError(f"{path.name}: {where} is a list, one `- ...` a line")
    if len(data) > MAX_LISTED:
        raise ProblemError(f"{path.name}: {where}: more than {MAX_LISTED}")
    return data


def _text(data: Any, path: Path, where: str) -> str:
    if not isinstance(data, str):
        raise ProblemError(f"{path.name}: {where}: {str(data)[:30]!r} is no text: put formulas in 'single quotes'")
    return data


def shown(x: Fraction) -> str:
    """A number of points as people write it: 2, 0.5."""
    return str(x.numerator) if x.denominator == 1 else f"{float(x):.2f}".rstrip("0")


__all__ = [
    "CONDITIONS", "LEVELS", "GradedProblem", "Levels", "Milestone", "Policy", "ProblemError", "read_problems", "shown",
]
