"""A decision in a few words: what every terminal format shows of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..kernel.claim import Claim
from ..kernel.term import from_json
from ..records import Decision, Run
from ..reporting.context import context_of
from ..reporting.text import statement_text, text


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    statement: str
    verdict: str
    because: str  # what it rests on, the witness, or the cause
    as_expected: bool
    expected: str


def rows(run: Run) -> list[Row]:
    return [
        Row(d.stated.id, statement(d.stated.claim), d.verdict, because(d), d.as_expected, d.stated.expected)
        for d in run.decisions
    ]


def statement(claim: Claim) -> str:
    """The statement as one line of text, definitions folded."""
    return statement_text(claim)


def conditions(decision: Decision, *, unicode: bool = True) -> list[str]:
    context = context_of(decision.stated.claim)
    return [text(from_json(c), context, unicode) for c in decision.conditions]


def because(decision: Decision) -> str:
    match decision.verdict:
        case "proved":
            return "; ".join(_proved(decision))
        case "refuted":
            return witness_text(decision.witness)
        case _:
            return ": ".join(filter(None, (cause_text(decision.cause), decision.evidence)))


def _proved(decision: Decision) -> list[str]:
    parts = [(decision.rule or "").replace("_", " ").replace("-", " ")]
    if found := conditions(decision):
        parts.append("where " + ", ".join(found))
    if decision.axioms:
        parts.append("assuming " + ", ".join(decision.axioms))
    if decision.stated.using:
        parts.append("from " + ", ".join(decision.stated.using))
    return parts


_CAUSES = {
    "time": "time ran out", "memory": "memory ran out", "crash": "the search crashed",
    "error": "the search failed", "search": "nothing found", "lemma": "", "rejected": "",
    "contradiction": "",
}


def cause_text(cause: str | None) -> str:
    return _CAUSES.get(cause or "search", (cause or "").replace("-", " "))


def witness_text(witness: Mapping[str, Any] | None) -> str:
    """``p = 1, q = -2: left -2, right 3``"""
    if not witness:
        return "the negation is proved"
    point = witness.get("point")
    parts = []
    if isinstance(point, Mapping) and point:
        parts.append(", ".join(f"{name} = {value_text(value)}" for name, value in point.items()))
    if "condition" in witness:
        parts.append(f"{witness['condition']} fails everywhere: never defined")
    sides = [f"{side} {witness[side]}" for side in ("left", "right") if side in witness]
    if sides:
        parts.append(", ".join(sides))
    if not parts:
        parts.append(str(witness.get("kind", "")))
    return ": ".join(parts)


def value_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return "[" + ", ".join(value_text(v) for v in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k}: {value_text(v)}" for k, v in value.items()) + "}"
    return str(value)


def clip(words: str, length: int) -> str:
    return words if len(words) <= length else words[: length - 1] + "…"


# ------------------------------------------------------------------------------ the whole run


def summary(run: Run) -> str:
    """``70 claims: 58 proved, 11 refuted, 1 undecided. 1 is not as expected. 2 errors.``"""
    count = {v: sum(d.verdict == v for d in run.decisions) for v in ("proved", "refuted", "undecided")}
    total = len(run.decisions)
    line = f"{total} claim{'s' if total != 1 else ''}"
    if total:
        line += ": " + ", ".join(f"{n} {v}" for v, n in count.items() if n) + "."
        odd = sum(not d.as_expected for d in run.decisions)
        line += (
            " All as expected." if not odd else f" {odd} {'is' if odd == 1 else 'are'} not as expected."
        )
    else:
        line = "No claims."
    if run.problems:
        line += f" {len(run.problems)} error{'s' if len(run.problems) != 1 else ''}."
    return line


def what_next(run: Run) -> list[str]:
    """What a person would do now."""
    steps = []
    odd = [d for d in run.decisions if not d.as_expected]
    if run.problems:
        steps.append("mend the errors above: the claims of a failing file are not decided")
    if odd:
        first = odd[0].stated.id
        more = f" (and {len(odd) - 1} more)" if len(odd) > 1 else ""
        steps.append(f"checker explain {first}{more}")
    elif run.decisions and not run.problems:
        steps.append("checker report writes the solutions document; checker explain ID shows a proof")
    if not run.decisions and not run.problems:
        steps.append("state a claim in derivations/*.py, or name other paths; see checker check --help")
    return steps


def first_failures(run: Run) -> list[str]:
    """For each chain that does not hold as a whole: its first link that is not proved."""
    seen: set[str] = set()
    lines = []
    for d in run.decisions:
        parent = d.stated.parent
        if parent is not None and parent not in seen and d.verdict != "proved":
            seen.add(parent)
            lines.append(f"chain {parent}: the first link that is not proved is {d.stated.id} ({d.verdict})")
    return lines
