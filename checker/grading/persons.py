"""What people decided where the checker does not know: recorded with a reason, reused for equal lines.

A record is one line of JSON in a file beside the key.  It names the problem, the version of the key, and the line by
its *meaning*: the form of its statement (``matching.form``), or its source where it could not be read.  So a decision
about one student's line serves every student who wrote the same.  When the key changes, the decision still counts and
the line is flagged: a person looks once more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ..kernel.claim import Claim, unfold
from .matching import form
from .problem import GradedProblem
from .score import Judged, Reason

VERDICTS = ("right", "wrong")


class PersonError(ValueError):
    """A record that cannot be read or written."""


@dataclass(frozen=True, slots=True)
class PersonDecision:
    problem: str
    line: str          # the key of the line, see ``line_key``
    verdict: str       # right | wrong
    reason: str
    version: str       # of the key when it was decided
    source: str = ""   # of the line, for people
    date: str = ""


def line_key(judged: Judged) -> str:
    """What identifies a line for people: the meaning of its claims, or its source where it was not read."""
    if not judged.decisions:
        words = "".join(judged.line.source.split())
        return "source:" + hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]
    meanings = repr([_meaning(d.stated.claim) for d in judged.decisions])
    return "form:" + hashlib.sha256(meanings.encode()).hexdigest()[:16]


def _meaning(claim: Claim) -> Any:
    table = {d.name: d for d in claim.definitions}
    return form(unfold(claim.statement, table)), sorted(repr(form(unfold(a, table))) for a in claim.assumptions)


def read_decisions(path: Path) -> list[PersonDecision]:
    """All records of a file, [] where there is none.  Raises :class:`PersonError` with the line that is no record."""
    if not path.exists():
        return []
    out = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PersonError(f"{path.name}: cannot be read ({error})") from error
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            record = PersonDecision(**json.loads(text, object_pairs_hook=_texts))
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise PersonError(f"{path.name}, line {number}: not a decision ({str(error)[:200]})") from error
        if record.verdict not in VERDICTS:
            raise PersonError(f"{path.name}, line {number}: a verdict is right or wrong, not {record.verdict!r}")
        out.append(record)
    return out


def _texts(pairs: list[tuple[str, Any]]) -> dict[str, str]:
    if len(dict(pairs)) < len(pairs) or not all(isinstance(v, str) for _, v in pairs):
        raise ValueError("each key stands once, with a text")
    return dict(pairs)


def record(path: Path, decision: PersonDecision) -> None:
    """Append one decision.  Raises :class:`PersonError` for one without a reason."""
    if not decision.reason.strip():
        raise PersonError("a decision needs a reason: it is shown to the next person, and to the student")
    if decision.verdict not in VERDICTS:
        raise PersonError(f"a verdict is right or wrong, not {decision.verdict!r}")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as f:
        f.write(json.dumps(asdict(decision), ensure_ascii=False) + "\n")


def applied(problem: GradedProblem, lines: Iterable[Judged], decisions: Iterable[PersonDecision]
            ) -> tuple[tuple[Judged, ...], tuple[Reason, ...]]:
    """The lines with what people decided put in for what the checker does not know, and what has to be looked at
    again because the key changed.  A verdict of the checker is never overruled: it comes with a proof."""
    known: Mapping[str, PersonDecision] = {d.line: d for d in decisions if d.problem == problem.id}   # the last one
    out: list[Judged] = []
    again: list[Reason] = []
    slipped = False
    for judged in lines:
        decided = known.get(line_key(judged)) if judged.status in ("undecided", "unread") else None
        if decided is not None:
            judged = replace(judged, status="right" if decided.verdict == "right" else "wrong")
            if decided.version != problem.version:
                again.append(Reason("key", f"a person decided this line for an earlier key: {decided.reason}",
                                    judged.line.line))
        out.append(replace(judged, after_slip=slipped))
        slipped = slipped or judged.status == "wrong"
    return tuple(out), tuple(again)


__all__ = ["VERDICTS", "PersonDecision", "PersonError", "applied", "line_key", "read_decisions", "record"]
