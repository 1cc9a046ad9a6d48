"""A row whose sizes do not fit, below one that has a meaning, is the first wrong one; its verdict stays ``unread``."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.lines import first_wrong
from checker.records import ILL_FORMED

from .deciding import align, rows_of

DATA = r"Let $X \in \mathbb{R}^{n \times d}$, $w \in \mathbb{R}^d$, $y \in \mathbb{R}^n$, $v \in \mathbb{R}^n$. "

WRONG = [
    (DATA, [r"\nabla_w \|y - Xw\|^2 &= -2 X^\top (y - Xw)", r"&= -2 y^\top X + 2 X^\top X w", r"&= 2 X^\top X w - 2 y^\top X"], 1),
    (DATA, [r"\nabla_w \|y - Xw\|^2 &= 2 X^\top X w - 2 X y"], 0),
    (DATA, [r"y^\top X w &= (X^\top y)^\top w", r"&= (X y)^\top w"], 1),
    (r"Let $A \in \mathbb{R}^{m \times n}$, $B \in \mathbb{R}^{n \times p}$. ", [r"(AB)^\top &= A^\top B^\top"], 0),
]
LEFT_OPEN = [
    (DATA, [r"X - w &= X - w"]),                                        # spread over the rows, as programs do
    (DATA, [r"y v &= v y"]),                                            # for the product of two vectors
    (DATA, [r"\nabla_w (w^\top w) &= 2 w^\top"]),                       # gradients may be rows
    (DATA + "Suppose $d = n$. ", [r"X^\top y + X y &= (X + X^\top) y"]),
]


@pytest.mark.parametrize(("text", "rows", "wrong"), WRONG)
def test_sizes_that_do_not_fit_are_the_first_wrong_line(text: str, rows: list[str], wrong: int, tmp_path: Path) -> None:
    found, _ = rows_of(text + align(*rows), tmp_path)
    first = first_wrong(found)
    assert first is not None and first.line == found[wrong].line and first.verdict == "unread"
    told = first.line.unread
    assert told is not None and told.code == ILL_FORMED and " x " in told.message


@pytest.mark.parametrize(("text", "rows"), LEFT_OPEN)
def test_ways_of_writing_are_not_wrong(text: str, rows: list[str], tmp_path: Path) -> None:
    found, _ = rows_of(text + align(*rows), tmp_path)
    assert first_wrong(found) is None
