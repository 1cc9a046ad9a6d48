"""Matrices written out by their entries: what they become, and what is refused beside them."""

from __future__ import annotations

import pytest

from checker.reading.latex import readback
from checker.reading.latex.declarations import read_notation
from checker.reading.latex.grammar import read
from checker.reading.latex.meanings.written import written_out
from checker.reading.latex.source import Unread
from checker.reading.latex.tokens import tokenize

NOTATION, _ = read_notation(r"""
a, b, c, d, x, \lambda: real
u: vector 2
v: vector n
M: matrix n x n
f: function of a, b
A := \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}
e_1 := \begin{pmatrix} 1 \\ 0 \end{pmatrix}
""")
AB = r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}"
E = r"\begin{pmatrix} 1 \\ 1 \end{pmatrix}"


def meant(latex: str) -> str:
    return readback.latex(written_out(NOTATION, read(tokenize(latex), NOTATION).tree))


@pytest.mark.parametrize("latex, entries", [
    (rf"{AB} = A", r"a = 1 \wedge b = 2 \wedge c = 3 \wedge d = 4"),
    (rf"A {E} = x {E}", r"3 = x \wedge 7 = x"),
    (rf"A e_1 = {E}", r"1 = 1 \wedge 3 = 1"),
    (rf"A u = {E}", r"u_{1} + 2 u_{2} = 1 \wedge 3 u_{1} + 4 u_{2} = 1"),
    (rf"\det {AB} = x", r"a d - b c = x"),
    (rf"|{AB}| = x", r"a d - b c = x"),
    (rf"\operatorname{{tr}} {AB} = x", r"a + d = x"),
    (rf"{AB}^\top = A", r"a = 1 \wedge c = 2 \wedge b = 3 \wedge d = 4"),
    (r"A^2 = A", r"7 = 1 \wedge 10 = 2 \wedge 15 = 3 \wedge 22 = 4"),
    (rf"A - \lambda I = {AB}", r"1 - \lambda = a \wedge 2 = b \wedge 3 = c \wedge 4 - \lambda = d"),
    (r"A = 0", r"1 = 0 \wedge 2 = 0 \wedge 3 = 0 \wedge 4 = 0"),
    (rf"{E}^\top A {E} = x", "10 = x"),
    (rf"{E}^\top {E} = x", "2 = x"),
    (r"A_{12} = x", "2 = x"),
    (rf"\|{E}\|^2 = 2", r"(\sqrt{1^{2} + 1^{2}})^{2} = 2"),
    (r"v = M v", "v = M v"),
])
def test_written_out(latex: str, entries: str) -> None:
    assert meant(latex) == entries


def test_inverse_is_the_adjugate_over_the_determinant() -> None:
    assert meant(rf"{AB}^{{-1}} = A").startswith(r"\frac{d}{a d - b c} = 1 \wedge \frac{-b}{a d - b c} = 2")


@pytest.mark.parametrize("latex, code", [
    (rf"A {E} = v", "shape"), (rf"M {AB} = A", "no-meaning"), (rf"v^\top {AB} = A", "no-meaning"), (rf"{E} {E} = 2", "product"), (rf"{E} A = 0", "shape"),
    (r"A = 2", "shape"), (r"A + 1 = A", "shape"), (r"e^A = A", "no-meaning"), (r"A \ge 0", "no-meaning"), (r"A v = 2 v", "shape"),
    (r"A^x = A", "no-meaning"), (r"\begin{pmatrix} 1 & 2 \end{pmatrix}^{-1} = 1", "shape"), (r"A_{13} = 2", "no-meaning"),
    (r"A^9 = A", "no-meaning"), (r"A", "no-meaning"), (rf"(1, 1) = {AB}", "shape"),
])
def test_refused(latex: str, code: str) -> None:
    with pytest.raises(Unread) as caught:
        meant(latex)
    assert caught.value.code == code and caught.value.message
