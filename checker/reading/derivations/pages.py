"""A page to its derivations: one for each problem that has lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TypeAlias

from ...records import Document, Line, Problem
from ..documents.pages import Display, Page, Prose, Refused, Section
from ..latex import limits
from ..latex.characters import visible
from ..latex.notation import Notation
from ..latex.declarations import read_notation
from ..latex.source import Place, Unread
from .lines import problem, refusal
from .scope import Fact, Scope
from .sentences import names_in
from .sections import read_section


#: Of an id and a title: is that derivation asked for?
Wanted: TypeAlias = Callable[[str, str], bool]


def derivations(page: Page, file: str, shared: str = "", wanted: Wanted | None = None
                ) -> tuple[list[Document], list[Problem]]:
    """The page's derivations, and what could not be read, line by line.

    ``file``: the page's name as people write it; ``shared``: a notation block for pages without one, or whose own
    cannot be had; without it such a page is refused, for what its names stand for would be a guess.
    ``wanted``: of an id and a title, whether that derivation is asked for; others are read only where what they
    say holds below them.
    """
    problems: list[Problem] = []
    documents: list[Document] = []
    start = _notation(page.course or shared, Place(1, 1), Scope(Notation()), page.course_file or file, problems)
    start = _notation(page.notation, page.notation_place, start, file, problems)
    # the headings a section stands below; of one that could not be read why: what it assumed is not known below it
    without = page.course_lost if not (page.course or shared).strip() else None
    above: list[tuple[int, Scope, Unread | None]] = [(-1, start, without)]
    stem = _id(str(page.meta.get("id", ""))) or _id(PurePosixPath(file).stem) or "derivation"
    several = sum(any(isinstance(p, Display) for p in s.parts) for s in page.sections) > 1
    for section, below in zip(page.sections, [*page.sections[1:], None], strict=False):     # of an empty page none
        while above[-1][0] >= section.level:
            above.pop()
        # what is inferred in a problem is of that problem: the x of the next one may be something else
        scope, lost = replace(above[-1][1], inferred=dict(above[-1][1].inferred)), above[-1][2]
        named = [(*_named(section, item, stem, several, str(page.meta.get("title", ""))), item, parts)
                 for item, parts in _items(section)]
        if wanted is not None and (below is None or below.level <= section.level) and not any(
                wanted(id, title) for id, title, _, _ in named):
            continue
        if section.notation:
            scope = _notation(section.notation, section.notation_place, scope, file, problems)
        for id, title, item, parts in named:
            try:
                if lost is not None:
                    raise lost
                document, after = read_section(page, parts, id, title, scope, file)
            except Exception as error:  # as in lines.read_row: one problem's text costs that problem
                why = refusal(error)
                if lost is not None and not any(isinstance(p, Display) for p in parts):
                    continue
                lost = lost if item else why
                document, after = _lost(problem(why, file, section.place), id, title, section), scope
            if not item:
                scope = after                 # what stands before the items holds in each of them
            if document is not None and (document.lines or document.goal) and (wanted is None or wanted(id, title)):
                documents.append(document)
                problems += [line.unread for line in document.lines if line.unread is not None and not line.needs]
        above.append((section.level, scope, lost))    # it holds below this heading, up to the next of its level
    return documents, problems


def _named(section: Section, item: str, stem: str, several: bool, page: str) -> tuple[str, str]:
    """Id and title of a section's derivation, or of an item's in it."""
    title = section.title or page or stem
    return (".".join(filter(None, (stem, _id(section.id) if several else "", _id(item)))),
            title + (f" ({item})" if item else ""))


def _lost(why: Problem, id: str, title: str, section: Section) -> Document:
    """A problem of which nothing can be judged: one line that says why, so that nobody takes it for left out."""
    line = Line(section.place.line, section.place.column, visible(section.title), unread=why)
    return Document(id, title, "", why.file, (), "", "", (), (line,), None)


def _items(section: Section) -> list[tuple[str, list[Prose | Display | Refused]]]:
    """The parts outside a list, then those of each item."""
    found: dict[str, list[Prose | Display | Refused]] = {"": []}
    displayed = {p.item.split(".")[0] for p in section.parts if isinstance(p, Display) and p.item}
    for part in section.parts:
        item = "" if isinstance(part, Refused) else part.item.split(".")[0]
        found.setdefault(item if item in displayed and len(displayed) > 1 else "", []).append(part)
    return list(found.items())


def _notation(text: str, where: Place | None, base: Scope, file: str, problems: list[Problem]) -> Scope:
    """What a notation block adds.  A line of it that is not read leaves its names in doubt."""
    if not text.strip():
        return base
    begin = where or Place(1, 1)
    notation, refused = read_notation(text, begin, base.notation)
    problems += [problem(error, file, begin) for error in refused[:limits.NOTATION_FAULTS]]
    if (more := len(refused) - limits.NOTATION_FAULTS) > 0:
        told = Unread("notation", f"{more:,} more faults of this notation", refused[-1].place)
        problems.append(problem(told, file, begin))
    rows = text.split("\n")
    doubted = dict(base.doubted)
    for error in refused:
        at = (error.place or begin).line
        row = rows[at - begin.line] if 0 <= at - begin.line < len(rows) else ""
        for key in names_in(row.partition(":")[0]):
            doubted.setdefault(key, at)
    facts: list[Fact] = []
    roles = dict(notation.roles)
    for key, role in roles.items():                    # a_0 = 1, a_{n+1} = 3 a_n: for every n, as in a sentence
        if role.kind == "sequence" and role.conditions:
            facts += [Fact(c, "the notation") for c in role.conditions]
            roles[key] = replace(role, conditions=())
    if len(base.facts) + len(facts) > limits.FACTS:
        return replace(base, notation=notation, doubted=doubted)
    return replace(base, notation=replace(notation, roles=roles), doubted=doubted).assuming(facts)


def _id(text: str) -> str:
    """
    >>> _id("Problem 1: bounds")
    'Problem-1-bounds'
    """
    out = "".join(c if c.isascii() and (c.isalnum() or c in "._") else "-" for c in text)
    while "--" in out:
        out = out.replace("--", "-")
    return out.strip("-._")[:60]
