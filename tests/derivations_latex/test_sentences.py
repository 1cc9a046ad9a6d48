r"""What sentences do: claims are decided, assumptions hold, and what words say of a name is doubt, no alarm.

(name, notation, text, first wrong line of the text or None, verdicts or None)
"""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.lines import first_wrong
from checker.reading.derivations.vocabulary import properties

from .deciding import align, rows_of

RECURSION = "Let $a_0 = 0$ and $a_n = 2a_{n-1} + 1$ for $n \\ge 1$. Assume $a_k = 2^k - 1$. Then\n"
STARTED = "Define $T_0 = 1$ and $T_n = T_{n-1} + 2n$ for $n \\ge 1$.\n"
ROOT = "Let $x$ be the larger root of the quadratic above.\n"
SYSTEM = "Solve the system in $x, y$:\n" + align("x + y &= 5", "x - y &= 1") + "\nAdding, we get\n"
PRESENT = r"I(X;Y) &= \sum_{x,y} p(x,y) \log "

ROWS: list[tuple[str, str, str, int | None, list[str] | None]] = [
    # what words claim is decided
    ("note-w", "x, y: real", "Note that $x^2 = x$. Hence\n" + align("x^2 + y &= x + y"), 1, None),
    ("clearly-w", "x, y: real", "Clearly $(x+y)^2 = x^2 + y^2$.\n" + align("(x+y)^2 - x^2 &= y^2"), 1, None),
    ("recall", "x: real", "Recall that $\\sin^2 x + \\cos^2 x = 1$.\n" + align("\\sin^2 x &= 1 - \\cos^2 x"), None,
     ["proved", "proved"]),
    ("recall-w", "x: real", "Recall that $\\sin^2 x - \\cos^2 x = 1$.\n" + align("\\sin^2 x &= 1 + \\cos^2 x"), 1, None),
    ("computed-w", "w, a: real", "Let $J(w) = (w - a)^2$. Its derivative is $J'(w) = w - a$.\n\nSetting it to zero gives"
     " $w = a$.\n", 1, None),
    ("denied", "a, b: real", "Note that $(a+b)^2 = a^2 + b^2$ is false.\n" + align("(a+b)^2 &= a^2 + 2ab + b^2"), None,
     ["proved"]),
    ("cited-w", "x: real", align("x^2 &= x \\tag{1}", "x^3 &= x \\quad \\text{by (1)}"), 2, None),
    # a condition on names is no claim
    ("assumed", "x: real", "Assume that $x^2 = x$.\n" + align("x^3 &= x^2"), None, ["proved"]),
    ("known-condition", "x, y: real", "We know that $x + y = 5$.\n" + align("2x + 2y &= 10"), None, ["proved"]),
    # words that are not read
    ("root", "x, y: real", ROOT + align("x &\\ge 1", "x^2 + 1 &> 0"), None, ["unread", "proved"]),
    ("never-w", "x: real", ROOT + align("(x-1)^2 &= x^2 - 2x - 1"), 3, None),
    ("root-w", "x, y: real", ROOT + align("(y + 1)^2 &= y^2 + 1"), 3, None),
    ("orthogonal", "n: size; u, v: vector n", "Assume $u$ and $v$ are orthogonal.\n"
     + align("\\|u + v\\|^2 &= \\|u\\|^2 + \\|v\\|^2"), None, ["proved"]),
    ("smooth", "n: size; x, y: vector n", "Let $f: \\mathbb{R}^n \\to \\mathbb{R}$ be smooth in the wide sense.\n"
     + align("f(y) &\\le f(x)"), None, ["unread"]),
    ("not-read", "x, y: real", "Assume that $\\mystery{x} = 1$.\n" + align("x &= 1", "y &= y + 1"), 4, None),
    ("plain-w", "x, y: real", "Let $x$ and $y$ be arbitrary real numbers.\n" + align("(x + y)^2 &= x^2 + y^2"), 3, None),
    # systems
    ("system", "x, y: real", SYSTEM + align("2x &= 6", "x &= 3", "y &= 2"), None, None),
    ("system-w", "x, y: real", SYSTEM + align("2x &= 6", "x &= 3", "y &= 3"), 11, None),
    ("one-row", "x, y: real", align("x + y = 5, \\quad x - y = 1", "2x = 6", "x = 3, \\quad y = 2"), None,
     ["given", "proved", "proved"]),
    ("one-row-w", "x, y: real", align("x + y = 5, \\quad x - y = 1", "2x = 4", "x = 2, \\quad y = 3"), 3, None),
    ("bound-w", "x: real", "Solve $\\frac1x > 2$.\n" + align("1 &> 2x", "x &< \\frac12"), 3, None),
    ("values-w", "x, y: real", align("x = 1, \\quad y = 2", "x + y = 4"), 3, None),
    ("values-row", "", align("a_1 = 1; a_2 = 3; a_1 + a_2 = 4"), None, ["proved"]),
    ("values-row-w", "", align("a_1 = 1; a_2 = 3; a_1 + a_2 = 5"), 2, None),
    # recursions
    ("recursion", "", RECURSION + align("a_{k+1} &= 2a_k + 1", "&= 2(2^k - 1) + 1", "&= 2^{k+1} - 1"), None,
     ["proved"] * 3),
    ("recursion-w", "", RECURSION + align("a_{k+1} &= 2a_k + 1", "&= 2(2^k - 1) + 1", "&= 2^{k+1} + 1"), 5, None),
    ("in-notation", "a: sequence; n, k: integer >= 0; a_0 = 1; a_{n+1} = 3 a_n", "Assume that $a_k = 3^k$.\n"
     + align("a_{k+1} &= 3 a_k", "&= 3^{k+1}", "&= 3^k + 3"), 5, ["proved", "proved", "refuted"]),
    ("notation-not-read", "x: real; a line that says something of $x$", align("x^2 &= 1"), None, ["unread"]),
    ("started", "", STARTED + align("T_1 &= 3", "T_2 &= 7"), None, ["proved", "proved"]),
    ("started-w", "", STARTED + align("T_1 &= 3", "T_2 &= 5"), 4, None),
    # how long a chosen value holds
    ("hence", "L, \\eta: real > 0", "For $\\eta = \\frac1L$ we have\n" + align(r"\eta - \frac{L\eta^2}{2} &= \frac{1}{2L}")
     + "\nHence,\n" + align("1 - L\\eta &= 0"), None, ["proved", "proved"]),
    ("setting-w", "x: real", "Setting $x = 1$ gives\n" + align("x^2 &= x") + "\nTherefore, in general,\n"
     + align("x^3 &= x^2"), 8, None),
    ("in-general-w", "x, y: real", "WLOG $y = 0$. Then\n" + align("(x+y)^2 &= x^2") + "\nSo for arbitrary $y$\n"
     + align("(x+y)^2 &= x^2"), 8, None),
    # a condition that stands below its display; one that has ended
    ("for-below", "", "\\[ \\sqrt{x y} = \\sqrt{x}\\sqrt{y} \\]\nwhenever $x, y \\ge 0$.\n\nSo\n"
     + align("\\sqrt{4y} &= 2\\sqrt{y}"), None, ["proved", "proved"]),
    ("if-below-w", "x: real", "\\[ |x| = x \\]\nif $x \\ge 0$. Moreover,\n" + align("|x| &= -x"), 4, ["proved", "refuted"]),
    ("since-below", "x: real", "\\[ |x - 1| = 1 - x \\]\nsince $x < 1$.\n", None, ["proved"]),
    ("leads-on-w", "x: real", "\\[ |x| = x \\]\nfor $x \\ge 0$ we have\n" + align("|x| &= x"), 1, None),
    ("still", "x: real", "For $x > 0$ we have\n" + align("|x| &= x") + "\nMoreover,\n" + align("\\sqrt{x^2} &= x"), None,
     ["proved", "proved"]),
    ("ended-w", "x: real", "For $x > 0$ we have\n" + align("|x| &= x") + "\nIn general,\n" + align("\\sqrt{x^2} &= x"), 8,
     None),
    ("iff", "x: real", "Let $f(x) = x^3 - 3x$. Hence $f'(x) = 0$ if and only if $x = \\pm 1$.\n", None, ["proved"]),
    ("iff-w", "x: real", "Let $f(x) = x^3 - 3x$. Hence $f'(x) = 0$ iff $x = 1$.\n", 1, ["refuted"]),
    # where a derivative is zero; what is asked, as induction hypothesis; what the end of a sentence declares
    ("critical", "x: real", "Let $f(x) = x^3 - 3x$. The critical points satisfy $f'(x) = 0$, hence $x^2 = 1$.\n", None, ["proved"]),
    ("critical-w", "x: real", "Let $f(x) = x^3 - 3x$. The critical points satisfy $f'(x) = 0$, hence $x^2 = 3$.\n", 1, ["refuted"]),
    ("optimum", "", "Consider the quadratic function $f(w) = w^\\top Q w - 2 b^\\top w$ where $Q \\in \\mathbb{R}^{n \\times n}$ is symmetric,"
     " $b \\in \\mathbb{R}^n$ and $w \\in \\mathbb{R}^n$. Then\n" + align("\\nabla f(w) &= 2 Q w - 2 b") + "\nAt the optimum $\\nabla"
     " f(w) = 0$, thus $Q w = b$.\n", None, ["proved", "proved"]),
    ("hypothesis", "", "We prove $n! \\ge 2^{n-1}$ for all $n \\ge 1$. Suppose that the claim holds for some $k$. Then\n"
     + align("(k+1)! &= (k+1) \\, k!", "&\\ge (k+1) \\, 2^{k-1}"), None, ["proved", "proved"]),
    ("hypothesis-w", "", "We prove $n! \\ge 2^{n-1}$ for all $n \\ge 1$. Suppose that the claim holds for some $k$. Then\n"
     + align("(k+1)! &= (k+1) \\, k!", "&\\ge (k+1) \\, 2^{k+1}"), 4, None),
    ("no-hypothesis", "", "We prove $n! \\ge 2^{n-1}$ for all $n \\ge 1$. It is not assumed that the claim holds for $k$. Then\n"
     + align("k! &\\ge 3^{k-1}"), 3, None),
    ("differential", "", "Substituting $u = \\cos x$, $du = -\\sin x \\, dx$:\n" + align(
        "\\int_0^{\\pi/2} \\sin x \\cos^2 x \\, dx &= \\int_0^1 u^2 \\, du"), None, ["proved"]),
    ("limits-w", "", align(r"\lim_{x \to 0} \frac{1 - \cos x}{x^2} &= \lim_{x \to 0} \frac{\sin x}{x}", "&= 1"), 2,
     ["refuted", "proved"]),
    # parity, cases, variables and their values
    ("even", "n: integer", "Let $n$ be even.\n" + align("(-1)^n &= 1"), None, ["proved"]),
    ("odd-w", "n: integer", "Let $n$ be odd.\n" + align("(-1)^n &= 1"), 3, None),
    ("case", "n: integer >= 1; i, j: index 1..n", "Case $i \\ne j$. Then\n" + align("\\delta_{ij} &= 0"), None, ["proved"]),
    ("information", "X, Y: random; x, y: real; p: density", align(PRESENT + r"\frac{p(x,y)}{p(x)p(y)}"), None, ["proved"]),
    ("information-w", "X, Y: random; x, y: real; p: density", align(PRESENT + r"\frac{p(x)p(y)}{p(x,y)}"), 2, None),
]


@pytest.mark.parametrize("name, notation, text, wrong, said", ROWS, ids=[r[0] for r in ROWS])
def test_a_sentence_does_this(name: str, notation: str, text: str, wrong: int | None, said: list[str] | None,
                              tmp_path: Path) -> None:
    block = "".join(f"% {line.strip()}\n" for line in ("notation:", *notation.split(";"))) + "\n" if notation else ""
    found, _ = rows_of(block + text, tmp_path)
    first = first_wrong(found)
    above = block.count("\n")
    at = None if first is None else first.line.line - above
    assert at == wrong, [(v.line.line - above, v.verdict, v.line.read_as) for v in found]
    assert said is None or [v.verdict for v in found] == said


@pytest.mark.parametrize(("words", "found"), [
    ("Let X be symmetric and let X", {0: "symmetric"}),
    ("Let X be symmetric and X be orthogonal", {0: "symmetric", 1: "orthogonal"}),
    ("Suppose that X is symmetric, X", {0: "symmetric"}),
    ("For symmetric matrices X, X", {0: "symmetric", 1: "symmetric"}),
    ("Let X be a real symmetric matrix with eigenvalues X", {0: "symmetric"}),
    ("where X is not symmetric", {}),
    ("Let X be symmetric or orthogonal", {}),
    ("Let X be either symmetric or orthogonal", {}),
    ("The product of X and X is symmetric", {}),
    ("the distance from X to X is even", {}),
    ("Let X be an orthogonal projection", {}),
    ("Let X be any unit vector and X non-singular", {0: "unit", 1: "invertible"}),
    ("Let X be idempotent", {0: "idempotent"}),
])
def test_a_property_belongs_to_the_names_it_is_said_of(words: str, found: dict[int, str]) -> None:
    assert {k: " ".join(sorted(v)) for k, v in properties(words).items()} == found


@pytest.mark.parametrize(("text", "verdict"), [
    (r"Let $A \in \mathbb{R}^{n\times n}$ be symmetric and let $u, v \in \mathbb{R}^n$.", "proved"),
    (r"Let $A \in \mathbb{R}^{n\times n}$ be a symmetric matrix. Let $u, v \in \mathbb{R}^n$.", "proved"),
    (r"Let $A \in \mathbb{R}^{n\times n}$ and let $u, v \in \mathbb{R}^n$.", "refuted"),
    (r"Let $A, B \in \mathbb{R}^{n\times n}$, let $B$ be symmetric and let $u, v \in \mathbb{R}^n$.", "refuted"),
])
def test_a_matrix_has_its_property_where_it_is_declared(text: str, verdict: str, tmp_path: Path) -> None:
    found, problems = rows_of(text + "\n\\[ u^\\top A^\\top v = u^\\top A v \\]", tmp_path)
    assert [v.verdict for v in found] == [verdict] and not problems


MATRICES = r"Let $A \in \mathbb{R}^{n\times n}$ and $x, y \in \mathbb{R}^n$. "
SYMMETRIC = r"x^\top A y = y^\top A x"


@pytest.mark.parametrize(("text", "verdicts"), [
    (r"Let $A \in \mathbb{R}^{n\times n}$ be idempotent.\[ (I - A)(I - A) = I - A \]", ["proved"]),
    (r"Let $A \in \mathbb{R}^{n\times n}$ be blessed.\[ A A = A \]", ["unread"]),                # what that means is not read
    (r"Let $A \in \mathbb{R}^{n\times n}$ be a given matrix.\[ A A = A \]", ["refuted"]),
    (r"Let $a \in \mathbb{R}$ be positive.\[ |a| = a \]", ["proved"]),
    (r"Let $a \in \mathbb{R}$ be negative.\[ |a| = a \]", ["refuted"]),
    # a property that is supposed for a display holds up to what contrasts with it
    (rf"{MATRICES}If $A$ is symmetric, then\[ {SYMMETRIC} \]Hence\[ 2 {SYMMETRIC.replace('=', '= 2')} \]", ["proved"]*2),
    (rf"{MATRICES}If $A$ is symmetric, then\[ {SYMMETRIC} \]For general $A$ we have\[ 2 {SYMMETRIC.replace('=', '= 2')} \]",
     ["proved", "refuted"]),
    (rf"{MATRICES}\[ {SYMMETRIC} \]if $A$ is symmetric. In general,\[ 2 {SYMMETRIC.replace('=', '= 2')} \]",
     ["proved", "refuted"]),
    (r"Let $A$ be an invertible $n \times n$ matrix.\[ (A^\top)^{-1} = (A^{-1})^\top \]", ["proved"]),
    (r"Let $A$ be a real $n \times n$ matrix and $x$ a vector in $\mathbb{R}^n$.\[ x^\top A x = 2 x^\top A^\top x \]", ["refuted"]),
    (r"Let $A$ be an $n \times d$ matrix of rank $d$.\[ \det(A^\top A) = 0 \]", ["unread"]),
    # a row that goes on from a side with a name that only words describe rests on them, too
    (r"Let $x$ be the larger root of the quadratic above.\begin{align*}x^2 + x &= x(x+1) \\ &= 5\end{align*}",
     ["proved", "unread"]),
    (r"Let $X \sim \mathcal{N}(0, 1)$ and $Y \sim \mathcal{N}(0, 4)$ be independent.\[ \operatorname{Var}(2X - Y) = 8 \]", ["proved"]),
    (r"Let $X \sim \mathcal{N}(0, 1)$ and $Y \sim \mathcal{N}(0, 4)$.\[ \operatorname{Var}(2X - Y) = 8 \]", ["unread"]),
    (rf"{MATRICES}Suppose $x$ is an eigenvector of $A$ with eigenvalue $\lambda$.\[ A^2 x = \lambda^2 x \]", ["proved"]),
    (rf"{MATRICES}Suppose $x$ is an eigenvector of $A$ with eigenvalue $\lambda$.\[ A y = \lambda y \]", ["refuted"]),
    (rf"{MATRICES}Let $x$ be orthogonal to $y$.\[ \|x + y\|^2 = \|x\|^2 + \|y\|^2 \]", ["proved"]),
    (rf"{MATRICES}Let $x$ and $A y$ be orthogonal.\[ \|x + y\|^2 = \|x\|^2 + \|y\|^2 \]", ["unread"]),
    (r"Let $X$ and $Y$ be uncorrelated.\[ \mathbb{E}[X] + 2 \operatorname{Cov}(X, Y) = \mathbb{E}[X] \]", ["proved"]),
    (r"Let $X$ be a random variable with zero mean.\[ 2 \mathbb{E}[X] = 0 \]", ["proved"]),
])
def test_what_words_say_of_names(text: str, verdicts: list[str], tmp_path: Path) -> None:
    found, _ = rows_of(text.replace(r"\]", "\\]\n"), tmp_path)
    assert [v.verdict for v in found] == verdicts


def test_a_size_may_be_more_than_one(tmp_path: Path) -> None:
    text = "% notation:\n%   n: integer >= 2\n%   A, B: invertible matrix n x n\n\n\\[ (AB)^{-1} = B^{-1} A^{-1} \\]"
    found, problems = rows_of(text, tmp_path)
    assert [v.verdict for v in found] == ["proved"] and not problems


SAMPLE = r"Suppose $X_1,\dots,X_n$ are i.i.d. with mean $\mu$ and variance $\sigma^2$. Let $\bar X = \frac1n \sum_{i=1}^n X_i$."


@pytest.mark.parametrize(("text", "row", "verdict"), [
    (SAMPLE, r"\operatorname{Var}(\bar X) = \frac{\sigma^2}{n}", "proved"),
    (SAMPLE, r"\operatorname{Var}(\bar X) = \frac{\sigma^2}{n^2}", "refuted"),
    (SAMPLE.replace("i.i.d. with", "i.i.d.\\ with a common"), r"\mathbb{E}[X_1^2] = \sigma^2 + \mu^2", "proved"),
    (r"Let $X$ be a random variable with mean $\mu$.", r"\mathbb{E}[2X] = \mu", "refuted"),
    (r"Let $X$ be a random variable with mean $\mu$.", r"\mathbb{E}[2X] = 2\mu", "proved"),
    # what is said of several at once is not read for one of them
    (r"Let $X$ and $Y$ be independent with mean $\mu$.", r"\mathbb{E}[XY] = \mu^2", "unread"),
    # neither the law nor the independence of a list may be made up
    (r"Let $X_1, \dots, X_n$ be independent random variables with mean $\mu$.", r"\mathbb{E}[X_1^2] = \mathbb{E}[X_2^2]",
     "unread"),
    (r"Let $X_1, \dots, X_n$ be identically distributed with variance $\sigma^2$.",
     r"\operatorname{Var}\left(\sum_{i=1}^n X_i\right) = n\sigma^2", "unread"),
    (r"Let $X_1, \dots, X_n$ be random variables with mean $\mu$ and variance $\sigma^2$.",
     r"\operatorname{Var}\left(\sum_{i=1}^n X_i\right) = n\sigma^2", "unread"),
    (r"Let $X$ be a skewed random variable with mean $\mu$.", r"\mathbb{E}[X^2] = \mu", "unread"),
    (r"Let $\theta>0$ and let $X$ be uniformly distributed on $(0,\theta)$, that is $X\sim\mathrm{Uniform}(0,\theta)$.",
     r"\operatorname{Var}(X) = \frac{\theta^2}{3}", "refuted"),
    (r"Let $u, v \in \mathbb{R}^n$. The squared distance of $u$ to the line through $v$ is", r"u^\top v = v^\top v", "refuted"),
    (r"Let $u, v \in \mathbb{R}^n$. The vector $u$ is an idempotent thing.", r"u^\top v = v^\top v", "unread"),
])
def test_means_and_variances_in_words(text: str, row: str, verdict: str, tmp_path: Path) -> None:
    found, _ = rows_of(f"{text}\n\\[ {row} \\]", tmp_path)
    assert [v.verdict for v in found] == [verdict]


def test_no_step_of_a_chain_follows_from_a_wrong_line_of_it(tmp_path: Path) -> None:
    rows = align(r"(x-y)^3 &= x^3 - 3x^2y + 3xy^2 + y^3", r"&= x^3 - y^3 - 3xy(x - y)", r"&= (x-y)(x^2 - 2xy + y^2)")
    found, _ = rows_of("% notation:\n%   x, y: real\n\n" + rows, tmp_path)
    assert [v.verdict for v in found] == ["refuted", "refuted", "proved"]


@pytest.mark.parametrize(("text", "verdict"), [
    (r"Suppose that $x = 1 \implies y = 2$.", "refuted"),
    (r"Suppose that $x = 1 \implies y = 2$ and that $x = 1$.", "proved"),
    (r"Suppose that $x = 1 \iff y = 2$.", "refuted"),
])
def test_an_assumed_implication_assumes_none_of_its_parts(text: str, verdict: str, tmp_path: Path) -> None:
    found, _ = rows_of(f"% notation:\n%   x, y: real\n\n{text}\n\\[ y = 2 \\]", tmp_path)
    assert [v.verdict for v in found] == [verdict]


@pytest.mark.parametrize(("words", "row", "verdict"), [
    ("Suppose $x > 0$ or $y > 0$.", "x + y > 0", "refuted"),
    ("Suppose $x > 1$ or $x < -1$.", "x^2 > 1", "proved"),
    ("Suppose $x \\ge 0$ only if $y > 0$.", "x + y > 0", "refuted"),
    ("Suppose $x > 0$ implies $y > 0$.", "x + y > 0", "refuted"),
    ("Suppose $x > 0$ whenever $y > 0$. Let $y > 0$.", "x + y > 0", "proved"),
    ("Suppose $x > 0$ whenever $y > 0$.", "x + y > 0", "refuted"),
    ("Let $x > 0$. If $y > 0$, then", "x + y > 0", "proved"),
    ("Suppose that at least one of $x > 0$ and $y > 0$ holds.", "x + y > 0", "unread"),
    ("Suppose that either $x > 0$ or $y > 0$.", "x + y > 0", "unread"),
    ("Suppose neither $x > 0$ nor $y > 0$.", "x + y > 0", "unread"),
    ("Suppose that $x > 0$ does not hold.", "x \\le 0", "unread"),
    ("Suppose $x$ or $y$ is positive.", "x + y > 0", "unread"),
    ("Suppose $x$ is positive if $y > 0$.", "x > 0", "unread"),
    ("Here one of $x = 0$ and $y = 0$ is true.", "x y + 1 = y + 1", "refuted"),
    ("Hence $x^2 < 0$ does not hold.", "x^2 \\ge 0", "proved"),
])
def test_two_formulas_of_a_sentence_are_not_always_both_said(words: str, row: str, verdict: str, tmp_path: Path) -> None:
    found, _ = rows_of(f"Let $x$ and $y$ be real numbers. {words}\n\\[ {row} \\]", tmp_path)
    assert [v.verdict for v in found] == [verdict]


JOINT = "Let $p(x,z)$ be a joint density and let $q(z)$ be "
SPLIT = r"\log \int p(x,z)\,dz = \log \int q(z)\,\frac{p(x,z)}{q(z)}\,dz"


@pytest.mark.parametrize(("words", "row", "verdict"), [
    ("any positive density.", SPLIT, "proved"),
    ("a density with $q(z) > 0$ for all $z$.", SPLIT, "proved"),
    ("a density such that $q(z) > 0$ whenever $p(x,z) > 0$.", SPLIT, "proved"),
    ("a density such that $p(x,z) > 0$ whenever $q(z) > 0$.", SPLIT, "unread"),
    ("a density.", SPLIT, "refuted"),
    ("a density. Let $p(x,z)$ and $q(z)$ be positive.", SPLIT, "proved"),
    ("a positive density.", r"\int q(z) \log p(x,z)\,dz = \log p(x)", "refuted"),
])
def test_what_is_said_of_a_density_is_said_of_all_its_values(words: str, row: str, verdict: str, tmp_path: Path) -> None:
    found, _ = rows_of(f"{JOINT}{words} Then\n\\[ {row} \\]", tmp_path)
    assert [v.verdict for v in found] == [verdict]


@pytest.mark.parametrize(("text", "verdict"), [
    ("Let $x_1, \\dots, x_n$ be positive real numbers.\\[ \\log \\prod_{i=1}^n x_i = \\sum_{i=1}^n \\log x_i \\]", "proved"),
    ("Let $a_1, \\dots, a_n$ be positive integers.\\[ \\sum_{i=1}^n a_i \\ge n \\]", "unread"),
    ("Let $f(x)$ be positive.\\[ f(1) + 1 > 0 \\]", "unread"),
])
def test_what_words_declare_has_an_effect_or_is_doubted(text: str, verdict: str, tmp_path: Path) -> None:
    found, _ = rows_of(text, tmp_path)
    assert [v.verdict for v in found] == [verdict]


LIKELIHOOD = r"""Let $\lambda > 0$ and let $x_1, \dots, x_n > 0$. The log-likelihood is
\[ \log\prod_{i=1}^n \left(\lambda e^{-\lambda x_i}\right) = n\log\lambda - \lambda\sum_{i=1}^n x_i \]
and its derivative
\[ \frac{\partial}{\partial\lambda}\left(n\log\lambda - \lambda\sum_{i=1}^n x_i\right) = \frac{n}{\lambda} - \sum_{i=1}^n x_i . \]
Setting the derivative to zero:
"""


@pytest.mark.parametrize(("rows", "verdicts"), [
    ((r"\frac{n}{\lambda} &= \sum_{i=1}^n x_i", r"\lambda &= \frac{n}{\sum_{i=1}^n x_i}"), ["proved", "proved"]),
    ((r"\frac{n}{\lambda} &= \sum_{i=1}^n x_i", r"\lambda &= \frac1n \sum_{i=1}^n x_i"), ["proved", "refuted"]),
    ((r"\frac{n}{\lambda} &= 2\sum_{i=1}^n x_i", r"\lambda &= \frac{n}{2\sum_{i=1}^n x_i}"), ["refuted"]),
])
def test_the_equation_to_solve_is_the_one_below_the_words(rows: tuple[str, ...], verdicts: list[str],
                                                         tmp_path: Path) -> None:
    found, _ = rows_of(LIKELIHOOD + align(*rows), tmp_path)
    assert [v.verdict for v in found][:len(verdicts) + 2] == ["proved", "proved", *verdicts]


@pytest.mark.parametrize(("text", "verdicts"), [
    (r"Suppose $f(x) > 0$ for all $x$.\[ f(3) + f(5) > 0 \]\[ f(3) > 1 \]", ["proved", "refuted"]),
    (r"Suppose $f(x) \le f(y)$ for all $x \le y$.\[ f(1) \le f(2) \]\[ f(2) \le f(1) \]", ["proved", "refuted"]),
    (r"Assume $|f(x) - f(y)| \le L |x - y|$ for all $x, y$.\[ |f(3) - f(1)| \le 2L \]\[ |f(3) - f(1)| \le L \]",
     ["proved", "refuted"]),
    (r"Let $A$ be symmetric. The matrix $B$ is arbitrary.\[ A B = B A \]", ["unread"]),
    (r"The vectors $u$ and $v$ are given.\[ 2 u v = v u + u v \]", ["unread"]),
    (r"Let $x$ be real. At $x = 1$ we have $x^2 = 1$. In general\[ x^2 = 1 \]", ["proved", "refuted"]),
    (r"Suppose $f(x) > 0$ for large $x$.\[ f(x) > -1 \]", ["unread"]),
    (r"Let $x, y$ be real. Suppose $x = y$ approximately.\[ 2x = 2y \]", ["unread"]),
    (r"Let $x, y$ be real. The case $x > y$ is similar.\[ x + 1 > y \]", ["unread"]),
    (r"\[ \forall x \in \mathbb{R} : x > 1 \implies x^2 > 1 \]", ["proved"]),
    (r"\[ \forall x \in \mathbb{R} : x > 1 \implies x^2 < 0 \]", ["refuted"]),
    (r"\[ \exists x \in \mathbb{R} : x > 1 \wedge x < 0 \]", ["refuted"]),
])
def test_all_and_some(text: str, verdicts: list[str], tmp_path: Path) -> None:
    found, _ = rows_of(text.replace(r"\]", "\\]\n"), tmp_path)
    assert [v.verdict for v in found] == verdicts
