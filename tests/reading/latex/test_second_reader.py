"""The second reader: what it is asked, when it disagrees, and that it stays out of the way."""

from __future__ import annotations

import sys

import pytest

from checker.reading.latex import second_reader
from checker.running.second_opinions import opinions

pytest.importorskip("latex2sympy2")

FITS = [r"x^2+2xy", r"\frac{1}{2}x", r"\sin 2x", r"-\theta^2", r"\sqrt{x}", r"x_1+x_2", "n!"]
TOO_MUCH = [r"\sum_{i=1}^n x_i", r"p(x|z)", r"x_i", r"\mathbb{E}[X]", r"X^\top X", r"\int_0^1 x\,dx", r"\log_2 x", r"f'(x)",
            "9^{9^{9^9}}" + "1"*9, "x"*400, "{"*20 + "x" + "}"*20, r"x\in A", r"\begin{cases}x\end{cases}", ""]


@pytest.mark.parametrize("side", FITS)
def test_plain_algebra_is_asked_about(side: str) -> None:
    assert second_reader.fits(side)


@pytest.mark.parametrize("side", TOO_MUCH)
def test_everything_else_is_not(side: str) -> None:
    assert not second_reader.fits(side)


def test_a_row_is_cut_at_its_relations() -> None:
    assert second_reader.sides(r"(x+y)^2 &= x^2 \le 1. \label{eq:a}") == ["(x+y)^2", "x^2", "1"]


ROWS = [
    (r"(x+y)^2 &= x^2+2xy+y^2", r"(x + y)^{2} = x^{2} + 2 x y + y^{2}", False),
    (r"\log x^2", r"\log(x^{2})", False), (r"\sin 2x", r"\sin(2 x)", False), (r"-x^2", r"-x^{2}", False),
    (r"a/b+c = 1", r"\frac{a}{b + c} = 1", True), (r"\frac{1}{2}x", r"\frac{1}{2 x}", True), ("-x^2", "(-x)^{2}", True),
    (r"x^y^z", "x", False), (r"\sum_i x_i", "x", False), (r"\frac{x}{x}", "1", False), (r"a+b", "a", False),
    (r"a/b+c = 1", r"\frac{a}{b + c} = 1", True),           # after a line that it cannot read
]


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="it does not run there")
def test_a_disagreement_is_a_note_with_both_readings() -> None:
    found = opinions([(source, read_as) for source, read_as, _ in ROWS])
    assert [note is not None for note in found] == [apart for _, _, apart in ROWS]
    assert found[4] is not None and found[4].startswith("two readings: ") and found[4].endswith("; write brackets")
    assert opinions([]) == []
