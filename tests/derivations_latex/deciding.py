"""A document in LaTeX, decided within the test's process."""

from __future__ import annotations

from pathlib import Path

import sympy

from checker.engines import portfolio
from checker.kernel.verdict import Proved, Refuted, verify
from checker.lines import LineVerdict, first_wrong, settle, verdicts, waiting
from checker.reading.derivations import derivations
from checker.reading.documents import read_page
from checker.records import Decision, Document, Problem

portfolio.load()

#: What the rows of the tables use.
NOTATION = r"""% notation:
%   x, y, a, b, c, t, u, v: real
%   n, k: integer >= 1
%   p: real, 0 < p < 1
%   \mu, \lambda: real > 0
%   X, Y: random
"""

#: Of rows from learning theory.
LEARNING = r"""% notation:
%   w, b, x, y, t, z, a, c: real
%   n, m, d: integer >= 1
%   i, j: index 1..n
%   x_i: real
%   \mu: real
%   \sigma: real > 0
%   X, Y: random
%   p, q: density
"""


def align(*rows: str) -> str:
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}\n"


def read(text: str, folder: Path, name: str = "solution.tex") -> tuple[list[Document], list[Problem]]:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    with sympy.evaluate(False):
        return derivations(read_page(file, folder), name)


def decide(document: Document) -> list[LineVerdict]:
    """The verdicts of the lines, each with the reading that holds."""
    claims = {c.id: c for c in document.claims}
    decided: dict[str, Decision] = {}
    while todo := list(dict.fromkeys(waiting(document, decided))):
        for name in todo:
            decided[name] = _decision(claims[name])
    return verdicts(settle(document, decided), decided)


def _decision(stated: object) -> Decision:
    from checker.records import StatedClaim

    if not isinstance(stated, StatedClaim):
        raise TypeError(stated)
    found = portfolio.decide(stated.claim, {}, ())
    minted = verify(stated.claim, found.certificate, {}) if found.certificate is not None else None
    match minted:
        case Proved():
            return Decision(stated, "proved", conditions=tuple(map(str, minted.conditions)), vacuous=minted.vacuous)
        case Refuted():
            return Decision(stated, "refuted", witness=minted.witness)
        case _:
            return Decision(stated, "undecided", evidence=found.evidence)


def rows_of(text: str, folder: Path) -> tuple[list[LineVerdict], list[Problem]]:
    """All lines of all derivations of a text."""
    documents, problems = read(text, folder)
    return [v for d in documents for v in decide(d)], problems


def wrong_row(found: list[LineVerdict]) -> int | None:
    """The first wrong row, counted from 1 over all displays."""
    first = first_wrong(found)
    return None if first is None else found.index(first) + 1
