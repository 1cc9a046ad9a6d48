r"""Rows that could be read in silence with another meaning: each with the verdict of the right one, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from .deciding import align, rows_of

N = "n: size; a_i: real; i, j: index 1..n; A: matrix n x n"

#: (notation, words before the rows, rows, verdicts)
READ: list[tuple[str, str, list[str], list[str]]] = [
    # sums over pairs, and over one index while the other is fixed
    (N, "", [r"\left(\sum_{i=1}^n a_i\right)^2 = \sum_{i=1}^n a_i^2 + \sum_{i \neq j} a_i a_j"], ["proved"]),
    (N, "", [r"\left(\sum_{i=1}^n a_i\right)^2 = \sum_{i=1}^n a_i^2 + 2 \sum_{i \neq j} a_i a_j"], ["refuted"]),
    ("n: size; a_i: real", "", [r"(\sum_{i=1}^n a_i)^2 = \sum_{i=1}^n a_i^2 + \sum_{i \neq j} a_i a_j"], ["proved"]),
    (N, "", [r"\sum_{i=1}^n a_i - a_j = \sum_{i \neq j} a_i"], ["proved"]),
    (N, "", [r"\sum_{i \ne j} a_i a_j &= a_j \sum_{i \ne j} a_i", r"&= a_j \left(\sum_{i=1}^n a_i - a_j\right)"],
     ["proved", "proved"]),
    (N + r"; S := \sum_{i \ne j} A_{ij}; R_j := \sum_{i \ne j} A_{ij}", "",
     [r"S + \operatorname{tr}(A) = \sum_{i,j} A_{ij}", r"R_j + A_{jj} = \sum_i A_{ij}"], ["proved", "proved"]),
    (N, "", [r"\sum_{j=1}^n \sum_{i \ne j} A_{ij} + \operatorname{tr}(A) = \sum_{i,j} A_{ij}"], ["proved"]),
    # declarations
    (r"x: real, x \neq \pm 1", "", [r"\frac{x^2-1}{(x - 1)(x + 1)} = 1"], ["proved"]),
    ("x, y: real", r"Let $x \neq \pm 1$.", [r"(x^2 - 1)^2 > 0"], ["proved"]),
    ("n: size; x_i: natural", "", [r"\sum_{i=1}^n x_i \ge 0", r"\sum_{i=1}^n x_i \ge 1"], ["proved", "refuted"]),
    ("n: size; i: index 1..n; x_i: natural", "", [r"x_i^2 \ge x_i"], ["proved"]),
    ("n: size; i: index 1..n; x_i: real", "", [r"x_i^2 \ge x_i"], ["refuted"]),
    # T beside ^T
    (r"^T: transpose; n: size; T: matrix n x n; x: vector n", "", [r"x^T T x = x^T T^T x"], ["proved"]),
    (r"^T: transpose; T: function; t, c: real", "", [r"T(t) + c = c + T(t)"], ["proved"]),
    (r"T: sequence; t: integer >= 1; n: size; A: matrix n x n", "", [r"(A^T)^T = A", r"T_t + 1 = 1 + T_t"],
     ["proved", "proved"]),
    # a connective on one row: one statement
    ("a, b: real", "", [r"0 < a < b \implies a^2 < b^2"], ["proved"]),
    ("a, b: real", "Show that the following holds.", [r"a > b \implies a + 1 > b + 1"], ["proved"]),
    ("a, b: real", "", [r"a^2 = b^2 \iff |a| = |b|", r"a^2 = b^2 \iff a = b"], ["proved", "refuted"]),
    ("a, b: real", "", [r"0 < a < b \implies a^2 < b^2", r"a^2 < b^2"], ["proved", "refuted"]),
    ("x: real", "", [r"2x - 4 = 0 \implies x = 2", r"x + 1 = 3"], ["proved", "proved"]),
    ("x: real", "Let $f(x) = x^2 - 2x$.", [r"f'(x) = 2x - 3 = 0 \implies x = 3/2"], ["refuted"]),
    # what a derivative holds
    ("n: size; x: vector n; W: matrix n x n; a := W x; i, j: index 1..n", "",
     [r"\frac{\partial a_i}{\partial x_j} = 0", r"\frac{\partial a_i}{\partial x_j} = W_{ij}"], ["refuted", "proved"]),
    # how they are typed
    ("n, k: integer >= 1", "", [r"\sum_{k=0}^n \binom nk 2^k = 3^n"], ["proved"]),
    ("n, k: integer >= 1", "", [r"\sum_{k=1}^n k \binom{n}{k} = n\,2^{n-1}"], ["proved"]),
    ("x: real", "", [r"\int_{x=0}^{x=2} x \, dx = 2"], ["proved"]),
    ("x: real", "", [r"x \in \{2,3\} \implies x^2 - 5x + 6 = 0"], ["proved"]),
    ("x: real", "", [r"x^2 = 4 \iff x = 2 \quad\text{or}\quad x = -2"], ["proved"]),
    ("x, y: real", "", [r"\begin{cases} x + y = 3 \\ x - y = 1 \end{cases} \implies x = 2"], ["proved"]),
    ("x, y: real", "", [r"\begin{cases} x + y = 3 \\ x - y = 1 \end{cases} \iff x = 1"], ["refuted"]),
    ("x, y: real", "", [r"\begin{cases} x + y = 3 \\ x - y = 1 \end{cases} \iff x = 2, y = 1"], ["proved"]),
    # entries of a family of vectors
    ("n, d: size; x_i: vector d; i: index 1..n; j: index 1..d", "", [r"\sum_{j=1}^d x_{ij}^2 = \|x_i\|^2", r"x_{ij} = x_{i,j}"],
     ["proved", "proved"]),
    ("n, d: size; x_i: vector d; i: index 1..n; j: index 1..d", "", [r"\sum_{j=1}^d x_{ij}^2 = 2 \|x_i\|^2"], ["refuted"]),
    # a bound on a random quantity holds for all its values
    (r"X: random, X \ge 0; a: real > 0", "", [r"\Pr(X \ge a) \le \frac{\mathbb{E}[X]}{a}"], ["proved"]),
    ("X: random; a: real > 0", "", [r"\Pr(X \ge a) \le \frac{\mathbb{E}[X]}{a} \quad \text{for } X \ge 0"], ["proved"]),
    ("X: random; a: real > 0", "", [r"\Pr(X \ge a) \le \frac{\mathbb{E}[X]}{a}"], ["refuted"]),
    ("X: random", r"Assume that $X \ge 0$.", ["X + 1 > 0"], ["proved"]),
]

#: (notation, words before the rows, row, code)
REFUSED: list[tuple[str, str, str, str]] = [
    (N, "", r"\sum_{i \neq j} a_i = \sum_{i=1}^n a_i", "pair"),
    (N, "", r"\sum_{i \neq j} a_j = \sum_{k=1}^n a_k - a_i", "pair"),
    (N, "", r"a_i a_j + \sum_{i \neq j} a_i a_j = 0", "pair"),
    ("X, Y: random", "", r"\mathbb{E}[X] \le \mathbb{E}[Y] \quad \text{for } X \le Y", "random-condition"),
    ("n: size; x, a: vector n; W: matrix n x n; i, j: index 1..n", "Assume that $a = W x$.",
     r"\frac{\partial a_i}{\partial x_j} = 0", "intermediate"),
    ("n: size; x, a: vector n; i, j: index 1..n", "", r"\frac{\partial a_i}{\partial x_j} = 0", "unrelated"),
    ("x: real", "", "x2^3 = 8x", "number-after"),
    ("x: real", "", r"\sin x 2^3 = 8 \sin x", "function-argument"),
    ("n, d: size; x_i: vector d; i: index 1..n; j: index 1..d", "", "x_{ijj} = 0", "too-many-indices"),
    ("X: random", "", r"X \ge 0 \iff \mathbb{E}[X] \ge 0", "random-condition"),
    (r"n: size; i: index 1..n; X_i: random, X_i \ge 0", "", r"\mathbb{E}[X_i] \ge 0", "no-meaning"),
]


def document(notation: str, words: str, rows: list[str]) -> str:
    block = "".join(f"%   {line.strip()}\n" for line in notation.split(";"))
    return f"% notation:\n{block}\n{words}\n{align(*rows)}"


@pytest.mark.parametrize("notation, words, rows, verdicts", READ, ids=[r[2][0] for r in READ])
def test_rows_mean_this(tmp_path: Path, notation: str, words: str, rows: list[str], verdicts: list[str]) -> None:
    found, problems = rows_of(document(notation, words, rows), tmp_path)
    assert not problems, [p.message for p in problems]
    assert [v.verdict for v in found] == verdicts, [(v.line.read_as, v.line.notes) for v in found]


@pytest.mark.parametrize("notation, words, row, code", REFUSED, ids=[r[2] for r in REFUSED])
def test_row_is_refused(tmp_path: Path, notation: str, words: str, row: str, code: str) -> None:
    found, problems = rows_of(document(notation, words, [row]), tmp_path)
    assert code in {p.code for p in problems}, [(v.verdict, v.line.read_as) for v in found]
    assert all(v.verdict == "unread" for v in found[-1:])
