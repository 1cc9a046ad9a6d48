"""A decision in a few words: what every terminal format shows of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..kernel.claim import Claim
from ..kernel.term import App, Bind, Malformed, from_json
from ..records import Decision, Run
from ..reporting.context import context_of
from ..reporting.text import statement_text, text


#: ``statement_text`` puts two spaces between a statement and what its letters stand for.
_AND, _LETTER = ",  ", re.compile(r"\w: ")


#: Parts of conjunctions up to this length are written out.
SHORT = 80


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


def legends(claims: Sequence[Claim]) -> list[str]:
    """What the letters of the statements stand for (``Φ: q ← q + p; p ← p − q``), where one line can
    say it for all the claims: no letter has two meanings."""
    parts = (part for c in claims for part in statement(c).split(_AND)[1:])
    found = dict.fromkeys(part for part in parts if _LETTER.match(part))
    letters = [part[0] for part in found]
    return list(found) if len(set(letters)) == len(letters) else []


def without(text_: str, known: Sequence[str]) -> str:
    """A statement without the legends that stand above it."""
    return _AND.join(part for part in text_.split(_AND) if part not in known)


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


#: Rules that only put others together: what a proof rests on are the others.
_LOGIC = frozenset({
    "and", "or", "implies", "iff", "forall", "exists", "cases", "split", "instance", "have", "substitute",
    "through", "assumption", "lemma", "contradiction", "cells", "absurd", "unfold", "obtain", "member", "defined",
    "conflict", "where-defined", "congruent",
})
_WORDS = {
    "field": "normal form", "evaluate": "exact evaluation", "sign": "signs", "ideal": "cofactors",
    "periodic": "periodic orbit", "not-convergent": "a periodic orbit that is not constant",
    "index-form": "index normal form", "density-equal": "equal densities", "gibbs": "log u ≤ u − 1",
    "principal": "normal form over C", "branches": "equal branches on a connected domain",
    "injective": "an injective function", "sine": "the zeros of the sine", "intermediate": "intermediate values",
    "both-sides": "a monotone function", "limit": "a limit", "domination": "domination of monomials",
}


def rules(certificate: Any) -> list[str]:
    """The rules of mathematics in a certificate, each once, outermost first."""
    found: dict[str, None] = {}
    stack = [certificate]
    while stack:
        value = stack.pop()
        if isinstance(value, Mapping):
            if isinstance(rule := value.get("rule"), str):
                found.setdefault(rule)
            stack += list(value.values())[::-1]
        elif isinstance(value, list):
            stack += value[::-1]
    names = [r for r in found if r not in _LOGIC] or list(found)
    return [_WORDS.get(r, r.replace("-", " ")) for r in names]


def vacuity(claim: Claim) -> str:
    """What it means that this statement holds vacuously."""
    statement_ = claim.sequent.goal
    while isinstance(statement_, Bind) and statement_.head == "forall":
        statement_ = statement_.inner[1]
    if isinstance(statement_, App) and statement_.head == "iff":
        return "nothing satisfies either side"
    return "nothing satisfies the premise"


def _proved(decision: Decision) -> list[str]:
    parts = [", ".join(rules((decision.certificate or {}).get("proof")))]
    if found := conditions(decision):
        parts.append("where " + ", ".join(found))
    if decision.vacuous:
        parts.append("vacuous: " + vacuity(decision.stated.claim))
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


_SOLUTIONS = {
    "gained": "gained, for {holds} there and not {fails}", "lost": "lost, for {holds} there and not {fails}",
    "premise": "the premise {holds} holds and the conclusion {fails} does not",
}


def solution_text(witness: Mapping[str, Any]) -> str:
    """Which side of an equivalence or implication the point satisfies: a root gained, lost, or not shared."""
    solution = witness.get("solution")
    if not isinstance(solution, Mapping):
        return ""
    try:
        holds, fails = (text(from_json(solution[k])) for k in ("holds", "fails"))
    except (Malformed, KeyError):
        return ""
    return _SOLUTIONS.get(str(solution.get("kind")), "").format(holds=holds, fails=fails)


def witness_text(witness: Mapping[str, Any] | None) -> str:
    """``p = 1, q = -2: left -2, right 3``"""
    if not witness:
        return "the negation is proved"
    parts = []
    if found := point(witness):
        parts.append(", ".join(named_text(name, value) for name, value in found.items()))
    if isinstance(ray := witness.get("ray"), Mapping):
        path = ", ".join(f"{name} = {value}" for name, value in ray.items())
        parts.append(f"no constant serves along {path} as s → ∞")
    if "condition" in witness:
        parts.append(f"never defined: {witness['condition']} fails at every admissible point")
    if told := solution_text(witness):
        parts.append(told)
    if told := part_text(witness):
        parts.append(told)
    sides = [f"{side} {witness[side]}" for side in ("left", "right") if side in witness]
    if sides and "entry" in witness:
        sides[0] = f"entry {value_text([str(k) for k in witness['entry']])}: {sides[0]}"
    if sides:
        parts.append(", ".join(sides))
    if not parts:
        parts.append(str(witness.get("kind", "")))
    return ": ".join(parts)


def part_text(witness: Mapping[str, Any]) -> str:
    """Which part of a conjunction fails: the part itself, if it is short."""
    match witness.get("part"):
        case {"number": int(k), "fails": fails}:
            words = _term_text(fails)
            return f"part {k} fails" + (f", {words}" if len(words) <= SHORT else "")
        case _:
            return ""


def named_text(name: str, value: Any) -> str:
    """
    >>> named_text("m", {"sequence": {"0": "0", "1": "1/2"}})
    'm(0) = 0, m(1) = 1/2'
    >>> named_text("p", {"law": [["1/2", "0"], ["0", "1/2"]], "of": "x, y"})
    'p(x, y) = ((1/2, 0), (0, 1/2))'
    >>> named_text("x_cdot", {"table": ["0", "1"]})  # the family x_i beside a number x
    'x_· = (0, 1)'
    """
    name = name.removesuffix("cdot") + "·" if name.endswith("_cdot") else name
    match value:
        case {"sequence": Mapping() as values}:
            return ", ".join(f"{name}({k}) = {v}" for k, v in values.items())
        case {"law": _, "of": str(places)}:
            return f"{name}({places}) = {value_text(value)}"
        case _:
            return f"{name} = {value_text(value)}"


def point(witness: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the declared names, then those of bound names."""
    found: dict[str, Any] = {}
    for key in ("point", "instance"):
        if isinstance(part := witness.get(key), Mapping):
            found.update(part)
    return found


def value_text(value: Any) -> str:
    """A value as a certificate has it: numbers as text, terms, tables, finite laws.

    >>> value_text({"table": ["1", "1/2"]}), value_text({"term": ["sqrt", "2"]})
    ('(1, 1/2)', '√2')
    >>> value_text({"law": ["1/3", "2/3"], "slope": ["-1", "1"], "curve": ["0", "0"]})
    '(1/3, 2/3) with derivatives (-1, 1)'
    >>> value_text({"law": ["1/4", "3/4"], "cell": "1/2"})
    '(1/4, 3/4) on cells of width 1/2'
    """
    match value:
        case str():
            return value
        case {"law": masses, "slope": slope, "curve": curve}:
            second = f" and {value_text(curve)}" if set(_leaves(curve)) != {"0"} else ""
            return f"{value_text(masses)} with derivatives {value_text(slope)}{second}"
        case {"law": masses, "cell": str(width)}:
            return f"{value_text(masses)} on cells of width {width}"
        case {"table": rows_} | {"law": rows_}:
            return value_text(rows_)
        case {"joint": [*atoms]}:
            return ", ".join(f"{value_text(v[0] if len(v) == 1 else v)} with probability {m}" for m, v in atoms)
        case {"joints": [*laws]}:
            return "; ".join(value_text({"joint" if isinstance(r[0][0], str) else "joints": r}) for r in laws)
        case {"one of": [*values]}:
            return " or ".join(map(value_text, values))
        case {"term": t} | {"lambda": t}:
            return _term_text(t)
        case Mapping() if "v" in value or "b" in value:
            return _term_text(value)
        case Mapping():
            return "{" + ", ".join(f"{k}: {value_text(v)}" for k, v in value.items()) + "}"
        case Sequence():
            return "(" + ", ".join(value_text(v) for v in value) + ")"
        case _:
            return str(value)


def _leaves(data: Any) -> Iterator[Any]:
    if isinstance(data, list):
        for d in data:
            yield from _leaves(d)
    else:
        yield data


def _term_text(data: Any) -> str:
    try:
        return text(from_json(data))
    except Malformed:
        return str(data)


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
    unread = {line.unread for d in run.documents for line in d.lines if line.unread is not None}
    if any(p not in unread for p in run.problems):
        steps.append("mend the errors above: what they concern is not decided, the other claims are")
    elif run.problems:
        steps.append("write the lines that were not read as the hints say; the others are decided all the same")
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
