"""Lines of a derivation in LaTeX, when their claims are decided: which reading holds, what is wrong first.

    needs of a line --(decisions)--> the reading that is proved, else the most likely one --> claims, verdict
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .records import ILL_FORMED, Decision, Document, Line, Option

#: Verdicts of a line: those of claims; ``unread``; ``given`` for one that claims nothing.
UNREAD, GIVEN = "unread", "given"


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """``decision``: the one that says most about the line (refuted before undecided before proved)."""

    line: Line
    verdict: str
    expected: str = "proved"
    decision: Decision | None = None
    decisions: tuple[Decision, ...] = ()

    @property
    def as_expected(self) -> bool:
        return self.verdict == GIVEN or self.verdict == self.expected

    @property
    def wrong(self) -> bool:
        """Refuted, and not shown as an example of a slip (``expected=refuted``); or without a meaning, as a product of
        sizes that do not fit: no claim can be made of it, so its verdict is ``unread``, and it costs no points."""
        if self.line.unread is not None:
            return self.line.unread.code == ILL_FORMED
        return self.verdict == "refuted" and self.expected != "refuted"


def waiting(document: Document, decided: Mapping[str, Decision]) -> Iterator[str]:
    """The claims that have to be decided next: of each need the first reading, then the others if it is not proved."""
    for line in document.lines:
        for need in line.needs:
            tried: list[Option] = []
            for option in need:
                if any(_holds(o, decided, n == 0) for n, o in enumerate(tried)):
                    break
                open_ = [c for c in option.claims if c not in decided]
                if open_:
                    yield from open_
                    break
                tried.append(option)
        if line.never and line.never not in decided and any(_refuted(o, decided) for need in line.needs
                                                            for o in need[:1]):
            yield line.never


def settle(document: Document, decided: Mapping[str, Decision]) -> Document:
    """Each line with the claims of the reading that holds; the claims of the others are dropped."""
    lines: list[Line] = []
    wrong: set[int] = set()
    for line in document.lines:
        settled = _settled(line, decided, wrong)
        if any(d is not None and d.verdict == "refuted" for d in map(decided.get, settled.claims)):
            wrong.add(line.line)
        lines.append(settled)
    kept = {c for line in lines for c in line.claims}
    mine = {c for line in document.lines for need in line.needs for option in need for c in option.claims}
    mine |= {line.never for line in document.lines}
    stated = [c for c in document.claims if c.id in kept or c.id not in mine]
    together = Counter(c.parent for c in stated)
    claims = tuple(replace(c, fallback=False, parent=c.parent if together[c.parent] > 1 else None) for c in stated)
    return replace(document, lines=tuple(lines), claims=claims)


def _settled(line: Line, decided: Mapping[str, Decision], wrong: Collection[int]) -> Line:
    """``wrong``: the lines above that are; then the answer is not that of the first line, and is not held against this
    one, and no step of a chain follows from a wrong line of that chain."""
    if line.unread is not None:
        # it goes on from a row that was not read: what is proved over that row stands, nothing else is said
        proved = [next((o for o in need if _holds(o, decided, True)), None) for need in line.needs]
        never = decided.get(line.never)
        if (not proved or None in proved) and (never is None or never.verdict != "proved" or never.vacuous):
            return replace(line, claims=(), notes=())
        line = replace(line, unread=None)
    claims: list[str] = []
    notes: list[str] = list(line.notes)
    for need in line.needs:
        if wrong:
            need = tuple(o for o in need if not o.claims or any(not c.endswith(".answer") for c in o.claims))
            if not need:
                continue
        usable = [o for n, o in enumerate(need) if not n or not set(o.rests) & set(wrong)]
        chosen = next((o for n, o in enumerate(usable) if _holds(o, decided, n == 0)), need[0])
        claims += chosen.claims
        if chosen.note:
            notes.append(chosen.note)
    return replace(line, claims=tuple(dict.fromkeys(claims)), notes=tuple(dict.fromkeys(notes)))


def _refuted(option: Option, decided: Mapping[str, Decision]) -> bool:
    return any((d := decided.get(c)) is not None and d.verdict == "refuted" for c in option.claims)


def _holds(option: Option, decided: Mapping[str, Decision], first: bool) -> bool:
    """All of its claims are proved.  From premises that cannot be met anything follows: that excuses nothing."""
    found = [decided.get(c) for c in option.claims]
    return all(d is not None and d.verdict == "proved" and (first or not d.vacuous) for d in found)


def verdicts(document: Document, decided: Mapping[str, Decision]) -> list[LineVerdict]:
    """The verdict of each line of a settled document."""
    return [verdict(line, decided) for line in document.lines]


def verdict(line: Line, decided: Mapping[str, Decision]) -> LineVerdict:
    if line.unread is not None:
        return LineVerdict(line, UNREAD)
    found = tuple(decided[c] for c in line.claims if c in decided)
    if not line.claims:
        return LineVerdict(line, GIVEN)
    expected = found[0].stated.expected if found else "proved"
    for kind in ("refuted", "undecided"):
        telling = next((d for d in found if d.verdict == kind), None)
        if telling is not None:
            return LineVerdict(line, kind, expected, telling, found)
    if len(found) < len(line.claims):
        return LineVerdict(line, "undecided", expected, None, found)
    telling = next((d for d in found if d.conditions), found[0])
    return LineVerdict(line, "proved", expected, telling, found)


def first_wrong(found: Sequence[LineVerdict]) -> LineVerdict | None:
    """The first line that is refuted, or that has no meaning."""
    return next((v for v in found if v.wrong), None)
