"""The tables of docs/latex.md: what they call read is read, what they call refused is refused with that code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker.reading.latex.declarations import read_notation
from checker.reading.latex.grammar import read
from checker.reading.latex.source import Unread
from checker.reading.latex.tokens import tokenize

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "latex.md").read_text(encoding="utf-8")
NOTATION, PROBLEMS = read_notation(re.search(r"## Notation block.*?```notation\n(.*?)```", PAGE, re.DOTALL)[1])  # type: ignore[index]


def first_cell(line: str) -> list[str]:
    """The formulas in backticks of a row's first cell (which may hold bars)."""
    out, at = [], 1
    while (m := re.match(r"[ ,]*`([^`]*)`", line[at:])) is not None:
        out.append(m[1])
        at += m.end()
    return out


def lines(heading: str) -> list[str]:
    part = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [line for line in part.split("\n") if line.startswith("| `")]


def test_the_pages_block_is_read() -> None:
    assert not PROBLEMS and NOTATION.complete


@pytest.mark.parametrize("formula", [f for line in lines("What is read") for f in first_cell(line)])
def test_read(formula: str) -> None:
    read(tokenize(formula), NOTATION)


@pytest.mark.parametrize("formula, code", [
    (f, re.search(r"` \| `([a-z-]+)` \|", line)[1]) for line in lines("What is refused and why") for f in first_cell(line)])  # type: ignore[index]
def test_refused(formula: str, code: str) -> None:
    with pytest.raises(Unread) as found:
        read(tokenize(formula), NOTATION)
    assert found.value.code == code


@pytest.mark.parametrize("line", lines("Notation block"))
def test_a_declaration_of_the_table(line: str) -> None:
    for said in first_cell(line):
        _, problems = read_notation(said + "\n" + "mu: real\nsigma: real > 0\nw: vector n\nx: real")
        assert [p for p in problems if p.code != "notation-twice"] == []
