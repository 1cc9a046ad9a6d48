"""The records that flow from a derivation file to a report.

    derivation file -> Document of StatedClaims -> Decision per claim -> table, JSON, report

Plain data, JSON at every process boundary; only the kernel says what a claim means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from .kernel.claim import Claim


@dataclass(frozen=True, slots=True)
class Problem:
    """An error in an input file: what, where, and what would help."""

    file: str
    line: int | None
    column: int | None
    code: str  # e.g. syntax, unknown-name, duplicate-id, contradiction, load-timeout, load-crash, output
    message: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class StatedClaim:
    """A claim as a derivation file states it (a link of a chain is a claim with ``parent``)."""

    id: str
    claim: Claim
    file: str
    line: int
    expected: str = "proved"
    parent: str | None = None
    source: str = ""      # where the claim stands in the source document
    erratum: str = ""     # for a claim that is expected to be refuted: the correction in words
    text: str = ""        # an optional sentence shown with the claim
    using: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    labels: tuple[tuple[int, str], ...] = ()  # names of assumptions, by position
    fallback: bool = False  # of a line in LaTeX: decided only where the reading before it is not proved

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id, "claim": self.claim.to_json(), "file": self.file, "line": self.line,
            "expected": self.expected, "parent": self.parent, "source": self.source,
            "erratum": self.erratum, "text": self.text, "using": list(self.using),
            "by": list(self.by), "labels": [list(x) for x in self.labels], "fallback": self.fallback,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> StatedClaim:
        return StatedClaim(
            data["id"], Claim.from_json(data["claim"]), data["file"], data["line"], data["expected"],
            data["parent"], data["source"], data["erratum"], data["text"], tuple(data["using"]),
            tuple(data["by"]), tuple((int(k), str(v)) for k, v in data["labels"]), data.get("fallback", False),
        )


@dataclass(frozen=True, slots=True)
class Option:
    """One way in which what a line needs can hold: all of ``claims`` are proved; none: it is taken as given.
    ``note`` is then said of the line.  ``rests``: earlier lines of the same chain that are assumed: from a wrong one
    the step does not follow."""

    claims: tuple[str, ...] = ()
    note: str = ""
    rests: tuple[int, ...] = ()


#: The code of a line that has no meaning with the sizes declared, while the line before it has.
ILL_FORMED = "sizes-do-not-fit"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a derivation that was written in LaTeX, and what it became.

    ``relation``: how the line hangs together with what stands before it (``=``, ``<=``, ..., ``implies``, ``iff``,
    ``given``, ``define``, ``statement``).  ``claims``: the ids of the claims it states, none for a line that is taken
    as given, that defines a name, or that was not read.

    What a student means by two equations one below the other has several sound readings (the second by itself, or
    from the first).  ``needs`` lists what the line needs and for each need the readings under which it is right, the
    most likely first; when all is decided, ``lines.settle`` keeps one of them, and its claims are ``claims``.
    ``never``: of a line that rests on words that were not read, the claim that it holds nowhere: then no words mend it.
    """

    line: int
    column: int
    source: str                          # as written
    read_as: str = ""                    # our own LaTeX of what was read, "" if it was not
    relation: str = ""
    claims: tuple[str, ...] = ()
    unread: Problem | None = None        # why it was not read, with the hint
    notes: tuple[str, ...] = ()          # inferred declarations, assumptions in force, "follows from line 3"
    file: str = ""                       # "" for the document's own file
    needs: tuple[tuple[Option, ...], ...] = ()
    tree: str = ""                       # what the grammar read, for ``checker explain FILE:LINE``
    never: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Line:
        unread = Problem(**data["unread"]) if data["unread"] else None
        needs = tuple(tuple(Option(tuple(o["claims"]), o["note"], tuple(o.get("rests", ()))) for o in need)
                      for need in data.get("needs", ()))
        return Line(data["line"], data["column"], data["source"], data["read_as"], data["relation"],
                    tuple(data["claims"]), unread, tuple(data["notes"]), data["file"], needs, data.get("tree", ""),
                    data.get("never", ""))


@dataclass(frozen=True, slots=True)
class Document:
    """One derivation: its claims in order, and its prose (Markdown with slots ``{{ claim("id") }}``)."""

    id: str
    title: str
    source: str
    file: str
    claims: tuple[StatedClaim, ...]
    prose: str = ""                       # the Markdown text itself, "" if there is none
    prose_file: str = ""
    plots: tuple[Mapping[str, Any], ...] = ()  # declarative plot requests, see reporting/plots.py
    lines: tuple[Line, ...] = ()          # of a derivation in LaTeX
    goal: Mapping[str, Any] | None = None  # of a derivation in LaTeX: what is asked, and whether it is reached

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id, "title": self.title, "source": self.source, "file": self.file,
            "claims": [c.to_json() for c in self.claims], "prose": self.prose,
            "prose_file": self.prose_file, "plots": [dict(p) for p in self.plots],
            "lines": [line.to_json() for line in self.lines], "goal": self.goal,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Document:
        return Document(
            data["id"], data["title"], data["source"], data["file"],
            tuple(StatedClaim.from_json(c) for c in data["claims"]), data["prose"],
            data["prose_file"], tuple(data["plots"]), tuple(Line.from_json(x) for x in data["lines"]),
            data.get("goal"),
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What is known of one stated claim.  ``certificate`` is the kernel's JSON, or None."""

    stated: StatedClaim
    verdict: str                                   # proved | refuted | undecided
    rule: str | None = None
    conditions: tuple[Any, ...] = ()               # terms, as JSON
    axioms: tuple[str, ...] = ()
    witness: Mapping[str, Any] | None = None       # for people: exact values, left and right side
    cause: str | None = None                       # undecided: time, memory, crash, search, lemma, ...
    evidence: str | None = None                    # undecided: what speaks for or against
    tried: tuple[str, ...] = ()                    # undecided: which engines, and what stopped each
    next_steps: tuple[str, ...] = ()
    certificate: Mapping[str, Any] | None = None
    seconds: float = 0.0
    vacuous: bool = False                          # proved because nothing satisfies its premise
    repair: Mapping[str, Any] | None = None        # refuted: a typical slip, its repair proved

    @property
    def as_expected(self) -> bool:
        return self.stated.fallback or self.verdict == self.stated.expected


@dataclass(frozen=True, slots=True)
class Run:
    """All decisions of one run, with the documents they belong to and the errors met."""

    documents: Sequence[Document]
    decisions: Sequence[Decision]
    problems: Sequence[Problem] = field(default_factory=tuple)
    notes: Sequence[str] = ()                      # for the person at the terminal; no part of the result
