"""A run as a report: questions, their claims in the order of the prose, errata, a summary.

Everything here is data for the templates: layouts, sentences, blocks and words, no markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from ..kernel.claim import Claim
from ..kernel.term import RELATIONS, TRUE, App, Bind, Malformed, Term, from_json
from ..records import Decision, Document, Problem, Run
from .blocks import Block, Emph, Inline, Items, Link, Math, Para, PlotSlot, Quote, Ref, Slot, Str, Strong
from .compose import layout as layout_of
from .context import Context, context_of
from .escape import slug
from .breaking import broken
from .layout import Layout, Lines, Row, Sign, Stack, row
from .lines import derivation_blocks
from .notation import Notation, notation_of, where_lines
from .proof import Step, narrate
from .prose import read_line, read_prose
from .witness import witness_sentence

VERDICTS = ("proved", "refuted", "undecided")
MARKS = {"proved": "✓", "refuted": "✗", "undecided": "?"}


@dataclass(frozen=True)
class LinkView:
    """One decided claim: a claim of its own, or one link of a chain."""

    decision: Decision
    statement: Layout           # as a display, perhaps over several lines
    line: Layout                # the same on one line
    given: tuple[tuple[str, Layout | None], ...]  # (label, assumption; None: shown with the notation)
    where: tuple[Layout, ...]
    proof: Step | None
    witness: tuple[Inline, ...]
    conditions: tuple[Layout, ...]
    number: str = ""

    @property
    def id(self) -> str:
        return self.decision.stated.id

    @property
    def anchor(self) -> str:
        return slug(self.id)

    @property
    def verdict(self) -> str:
        return self.decision.verdict

    @property
    def expected(self) -> str:
        return self.decision.stated.expected

    @property
    def as_expected(self) -> bool:
        return self.decision.as_expected

    @property
    def both_sides(self) -> bool:
        """The statement is an equivalence (what holds vacuously then has two empty sides)."""
        goal = self.decision.stated.claim.sequent.goal
        while isinstance(goal, Bind) and goal.head == "forall":
            goal = goal.inner[1]
        return isinstance(goal, App) and goal.head == "iff"

    @property
    def mark(self) -> str:
        return MARKS.get(self.verdict, "?")

    @property
    def erratum(self) -> tuple[Inline, ...]:
        return read_line(self.decision.stated.erratum)

    @property
    def tried(self) -> str:
        """The methods without more to say about them."""
        return ", ".join(x for x in self.decision.tried if ":" not in x)

    @property
    def stopped(self) -> list[str]:
        """The methods with what stopped each."""
        return [x for x in self.decision.tried if ":" in x]

    @property
    def rests_on(self) -> str:
        """The rule, or what stands in its place."""
        match self.verdict:
            case "proved":
                return (self.decision.rule or "proof").replace("-", " ")
            case "refuted":
                kind = str((self.decision.witness or {}).get("kind", "witness"))
                return {"point": "counterexample", "undefined": "never defined"}.get(
                    kind, kind.replace("-", " ")
                )
            case _:
                return (self.decision.cause or "not decided").replace("-", " ")


@dataclass(frozen=True)
class ClaimBox:
    """What stands at a slot: a claim, or a chain with its links."""

    id: str
    title: str
    links: tuple[LinkView, ...]
    chain: Layout | None = None

    @property
    def anchor(self) -> str:
        return slug(self.id)

    @property
    def verdict(self) -> str:
        verdicts = {link.verdict for link in self.links}
        return (
            next(v for v in ("refuted", "undecided", "proved") if v in verdicts) if verdicts else "undecided"
        )

    @property
    def mark(self) -> str:
        return MARKS[self.verdict]

    @property
    def as_expected(self) -> bool:
        return all(link.as_expected for link in self.links)

    @property
    def source(self) -> str:
        return self.links[0].decision.stated.source if self.links else ""

    @property
    def text(self) -> tuple[Inline, ...]:
        return read_line(self.links[0].decision.stated.text) if self.links else ()

    @cached_property
    def shared(self) -> tuple[LinkView, ...]:
        """The link whose assumptions and definitions stand for all (they are the chain's)."""
        return self.links[:1]


@dataclass(frozen=True)
class Question:
    document: Document
    blocks: tuple[Block, ...]
    boxes: Mapping[str, ClaimBox]
    unplaced: tuple[ClaimBox, ...]
    notation: Notation
    plots: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        return "q-" + slug(self.document.id)

    @property
    def links(self) -> list[LinkView]:
        return [link for box in self.boxes.values() for link in box.links]

    def count(self, verdict: str) -> int:
        return sum(link.verdict == verdict for link in self.links)

    @property
    def unexpected(self) -> int:
        return sum(not link.as_expected for link in self.links)


@dataclass(frozen=True)
class Report:
    title: str
    questions: tuple[Question, ...]
    problems: tuple[Problem, ...]
    unplaced_slots: tuple[str, ...] = field(default=())

    @cached_property
    def links(self) -> list[LinkView]:
        return [link for q in self.questions for link in q.links]

    def count(self, verdict: str) -> int:
        return sum(link.verdict == verdict for link in self.links)

    @property
    def unexpected(self) -> list[LinkView]:
        return [link for link in self.links if not link.as_expected]

    @property
    def errata(self) -> list[LinkView]:
        """Claims of the source that were expected to be false, and are."""
        return [
            k for k in self.links if k.verdict == "refuted" and k.as_expected and k.decision.stated.erratum
        ]

    @property
    def axioms(self) -> list[str]:
        return sorted({a for link in self.links for a in link.decision.axioms})


# -------------------------------------------------------------------------------- building


def report_of(run: Run, title: str = "") -> Report:
    ids = {d.stated.claim.hash: d.stated.id for d in run.decisions}
    decided = {d.stated.id: d for d in run.decisions}
    missing: list[str] = []
    documents = sorted((d for d in run.documents if d.claims or d.lines), key=_source_order)
    questions = tuple(_question(doc, decided, ids, missing) for doc in documents)
    sources = sorted({d.source.split(",")[0].strip() for d in run.documents if d.source})
    heading = title or (f"{sources[0]}: solutions, checked" if len(sources) == 1 else "Solutions, checked")
    return Report(heading, questions, tuple(run.problems), tuple(missing))


def _source_order(document: Document) -> tuple[bool, list[tuple[int, str]]]:
    """Questions in the order of their source: "Q2" before "Q10"; documents without one at the end."""
    parts = re.findall(r"\d+|\D+", document.source)
    return not document.source, [(int(p), "") if p.isdecimal() else (0, p) for p in parts]


def _question(document: Document, decided: Mapping[str, Decision], ids: Mapping[str, str], missing: list[str]
              ) -> Question:
    found = [decided[c.id] for c in document.claims if c.id in decided]
    notation = notation_of([d.stated for d in found])
    groups: dict[str, list[LinkView]] = {}
    for d in found:
        groups.setdefault(d.stated.parent or d.stated.id, []).append(link_view(d, notation, ids))
    boxes = {key: _box(document, key, links) for key, links in groups.items()}
    read = derivation_blocks(document, decided, notation) if document.lines else read_prose(document.prose)
    blocks = _placed(read, document, boxes, missing)
    placed = {b.id for b in slots(blocks) if isinstance(b, Slot)}
    rest = tuple(box for key, box in boxes.items() if key not in placed)
    names = tuple(str(p.get("id") or p.get("kind")) for p in document.plots)
    return Question(document, blocks, boxes, rest, notation, names)


def link_view(d: Decision, notation: Notation, ids: Mapping[str, str]) -> LinkView:
    claim = d.stated.claim
    context = notation.context(claim)
    labels = dict(d.stated.labels)
    given = tuple(
        (label, None if label and notation.named.get(label) == a else broken(layout_of(a, context)))
        for k, a in enumerate(claim.assumptions) if a not in notation.throughout and a != TRUE
        for label in (labels.get(k, ""),)
    )
    number = d.stated.id.removeprefix(f"{d.stated.parent}.") if d.stated.parent else ""
    return LinkView(
        d, broken(layout_of(claim.statement, context)), layout_of(claim.statement, context), given,
        tuple(where_lines(claim, notation)), _proof(d, claim, context, ids),
        _witness(d, context) if d.verdict == "refuted" else (),
        tuple(x for c in d.conditions if (x := _condition(c, context)) is not None), number,
    )


def _witness(d: Decision, context: Context) -> tuple[Inline, ...]:
    """The witness sentence; empty where the proof of the negation says it all."""
    witness = d.witness or {}
    if (
        d.certificate is not None
        and not witness.get("point")
        and witness.get("kind") in (None, "point", "ray", "proof")
    ):
        told = witness_sentence(d, context)
        return () if "left" not in witness and len(told) == 1 else told
    return witness_sentence(d, context)


def _condition(data: object, context: Context) -> Layout | None:
    try:
        return layout_of(from_json(data), context)
    except Malformed:
        return None


def _proof(d: Decision, claim: Claim, context: Context, ids: Mapping[str, str]) -> Step | None:
    if d.certificate is None or d.verdict not in ("proved", "refuted"):
        return None
    step = narrate(claim.sequent, d.certificate, context, ids)
    if d.verdict == "refuted" and step is not None and (
            _only(step, {"evaluate"}) or (_only(step, {"exists", "evaluate"}) and _is_wide(step))):
        return None  # the witness sentence says it
    return step


def _only(step: Step, rules: set[str]) -> bool:
    return step.rule in rules and all(_only(c, rules) for c in step.children)


def _is_wide(step: Step) -> bool:
    here = any(isinstance(i, Math) and i.display for i in step.sentence)
    return here or any(_is_wide(c) for c in step.children)


def _box(document: Document, key: str, links: list[LinkView]) -> ClaimBox:
    chain = _chain([link.decision.stated.claim for link in links], links) if len(links) > 1 else None
    return ClaimBox(key, key.removeprefix(f"{document.id}."), tuple(links), chain)


def _chain(claims: Sequence[Claim], links: Sequence[LinkView]) -> Layout | None:
    """``a = b <= c`` over several lines, if the links are one chain."""
    relations: list[tuple[str, Term, Term]] = []
    for claim in claims:
        s = claim.statement
        if not (isinstance(s, App) and s.head in RELATIONS):
            return None
        if relations and relations[-1][2] != s.args[0]:
            return None
        relations.append((s.head, s.args[0], s.args[1]))
    context = context_of(claims[0])
    rows: list[tuple[Layout, Layout]] = []
    for k, (relation, left, right) in enumerate(relations):
        first = layout_of(left, context) if k == 0 else Row(())
        rows.append((first, row(Sign(relation), layout_of(right, context))))
    return Lines(tuple(rows))


# ------------------------------------------------------------------------------ slots


def _placed(blocks: Sequence[Block], document: Document, boxes: Mapping[str, ClaimBox], missing: list[str]
            ) -> tuple[Block, ...]:
    """The prose with each slot's full id; a slot is filled once, later ones become references."""
    seen: set[str] = set()

    def full(id_: str) -> str | None:
        for name in (f"{document.id}.{id_}", id_):
            if name in boxes:
                return name
            for key, box in boxes.items():
                if any(link.id == name for link in box.links):
                    return key
        return None

    def line(items: tuple[Inline, ...]) -> tuple[Inline, ...]:
        out: list[Inline] = []
        for item in items:
            if isinstance(item, Ref):
                name = full(item.id)
                if name is None:
                    missing.append(f"{document.id}: {item.id}")
                out.append(Ref(name) if name else Str(f"[no claim is named {item.id}]"))
            elif isinstance(item, (Emph, Strong, Link)):
                out.append(replace(item, items=line(item.items)))
            else:
                out.append(item)
        return tuple(out)

    def go(b: Block) -> Block:
        match b:
            case Slot(id_):
                name = full(id_)
                if name is None:
                    missing.append(f"{document.id}: {id_}")
                    return Para((Str(f"[no claim is named {id_}]"),))
                if name in seen:
                    return Para((Ref(name),))
                seen.add(name)
                return Slot(name)
            case Para(items):
                return Para(line(items))
            case Items(ordered, parts):
                return Items(ordered, tuple(tuple(go(x) for x in part) for part in parts))
            case Quote(items):
                return Quote(tuple(go(x) for x in items))
            case _:
                return b

    return tuple(go(b) for b in blocks)


def slots(blocks: Sequence[Block]) -> list[Slot | PlotSlot]:
    out: list[Slot | PlotSlot] = []
    for b in blocks:
        match b:
            case Slot() | PlotSlot():
                out.append(b)
            case Quote(items):
                out += slots(items)
            case Items(_, parts):
                out += [s for part in parts for s in slots(part)]
    return out


__all__ = ["MARKS", "VERDICTS", "Question", "Report", "Stack", "report_of"]
