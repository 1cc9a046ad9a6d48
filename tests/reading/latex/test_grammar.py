"""The grammar: tables of formulas read and refused, what is inferred, and trees that come back from their LaTeX."""

from __future__ import annotations

import random
import time

import pytest

from checker.reading.latex import readback
from checker.reading.latex.declarations import read_notation
from checker.reading.latex.grammar import Reading, read, read_expression
from checker.reading.latex.notation import Notation
from checker.reading.latex.source import Unread
from checker.reading.latex.tokens import tokenize
from checker.reading.latex.tree import Tree

from .grammar_rows import COURSE, LECTURE, READ, REFUSED

NOTATIONS = {"LECTURE": read_notation(LECTURE)[0], "COURSE": read_notation(COURSE)[0], "NOTHING": Notation()}


def short(t: Tree) -> str:
    """A tree as ``(head:value part part)``; a constant with a # before it."""
    if t.head in ("number", "name"):
        return str(t.value)
    if t.head == "constant":
        return f"#{t.value}"
    value = "" if t.value is None else f":{t.value}"
    return "(" + " ".join([t.head + value, *map(short, t.parts)]) + ")"


def reading(latex: str, notation: str | Notation = "LECTURE") -> Reading:
    return read(tokenize(latex), NOTATIONS[notation] if isinstance(notation, str) else notation)


def refused(latex: str, notation: str | Notation = "LECTURE") -> Unread:
    with pytest.raises(Unread) as found:
        reading(latex, notation)
    return found.value


@pytest.mark.parametrize("notation, latex, tree", [(n, *row) for n, rows in READ.items() for row in rows])
def test_read(notation: str, latex: str, tree: str) -> None:
    assert short(reading(latex, notation).tree) == tree


@pytest.mark.parametrize("notation, latex, code", [(n, *row) for n, rows in REFUSED.items() for row in rows])
def test_refused(notation: str, latex: str, code: str) -> None:
    problem = refused(latex, notation)
    assert problem.code == code
    assert problem.message and problem.place is not None


@pytest.mark.parametrize("plain, typed", [
    (r"x + y", r"x\,+\;y"), (r"(x)", r"\left(x\right)"), (r"(x)", r"\bigl( x \bigr)"), (r"\frac{a}{b}", r"\dfrac ab"),
    (r"x \le y", r"x \leq y"), (r"x \cdot y", r"x \times y"), (r"\|w\|", r"\lVert w \rVert"), (r"\|w\|", r"\left\| w \right\|"),
    (r"p(x|z)", r"p(x \,|\, z)"), (r"p(x|z)", r"p\left(x \middle| z\right)"), (r"\mathbb E[Z]", r"\operatorname{E}\left[ Z \right]"),
    (r"\sum_{i=1}^n w_i", r"\sum\limits_{i=1}^{n} {w}_{i}"), (r"w^\top w", r"w^{\top} w"), (r"x > 0", r"x \gt 0"),
    (r"\frac{d}{dx} x^2", r"\frac{\mathrm{d}}{\mathrm{d}x} x^2"), (r"\operatorname{Var}(Z)", r"\mathrm{Var}\!\left(Z\right)"),
    (r"D_{KL}(q\|p)", r"D_{\mathrm{KL}}\left(q \,\|\, p\right)"), (r"\max_i w_i", r"\max\limits_{i} w_{i}"),
    (r"x = y", r"x &= y"), (r"x + y", r"{x} + {y}"), (r"x \to 0", r"x \rightarrow 0"), (r"\log x", r"\ln x"),
])
def test_spelling_does_not_matter(plain: str, typed: str) -> None:
    assert reading(plain).tree == reading(typed).tree


@pytest.mark.parametrize("latex, other", [
    ("p(x|z)", "p(x,z)"), ("p(x|z)", "p(z|x)"), ("p(x)", "q(x)"), ("A B", "B A"), ("x^2 y", "x^{2y}"), (r"\sin x^2", r"\sin^2 x"),
    ("A_{ij}", "A_{ji}"), (r"\mathbb E[Z^2]", r"\mathbb E[Z]^2"), (r"D_{KL}(q\|p)", r"D_{KL}(p\|q)"), ("n(n-1)!", "(n(n-1))!"),
    ("a - (b - c)", "a - b - c"), ("-x^2", "(-x)^2"), ("2^{n+1}", "2^n + 1"), ("x_0", "x"), (r"\bar x", "x"),
    (r"\sum_{k=1}^n k + 1", r"\sum_{k=1}^n (k + 1)"), (r"\sqrt{x} + y", r"\sqrt{x + y}"), (r"\frac{a}{b} c", r"\frac{a}{b c}"),
])
def test_what_differs_stays_different(latex: str, other: str) -> None:
    assert reading(latex).tree != reading(other).tree


@pytest.mark.parametrize("latex, hint", [
    ("xq + foo", "foo"), (r"\thetaa", r"did you mean \theta?"), (r"\alhpa + x", r"did you mean \alpha?"), ("foo", "foo: o not declared, so"), ("a/bc", ""), (r"\theta + \tau", "real"),
])
def test_a_refusal_helps(latex: str, hint: str) -> None:
    problem = refused(latex)
    assert hint in problem.message + problem.hint
    assert problem.hint or problem.readings


def test_both_readings_are_shown_and_can_be_read() -> None:
    for latex in ("a/bc", r"\sin x y", "x^10", r"\sin(x)^2", "a/b/c", r"\log p(x) q(x)"):
        problem = refused(latex)
        assert len(problem.readings) == 2
        first, second = (reading(r).tree for r in problem.readings)
        assert first != second


def test_what_nobody_declared_is_shown() -> None:
    found = reading(r"\sum_{i=1}^n x_i = m a", "NOTHING").inferred
    assert {k: (r.kind, r.domain) for k, r in found.items()} == {
        "n": ("scalar", "integer"), "x": ("family", "real"), "m": ("scalar", "real"), "a": ("scalar", "real")}
    assert all(r.inferred for r in found.values())


def test_places_are_those_of_the_source() -> None:
    problem = refused("x + y + a/bc")
    assert (problem.place.line, problem.place.column) == (1, 12)
    tree = reading("x + \\frac{a}{b}").tree
    assert tree.parts[1].place.column == 5


def test_one_side_takes_no_relation() -> None:
    with pytest.raises(Unread):
        read_expression(tokenize("x = y"), NOTATIONS["LECTURE"])


@pytest.mark.parametrize("hostile", [
    "{" * 700 + "x" + "}" * 700, "(" * 700 + "x" + ")" * 700, r"\sin" * 1400 + " x", "-" * 1400 + "x", "x+" * 700 + "x",
    r"\frac{" * 400 + "x", "x^" * 700 + "x", "|" * 1400, r"\sqrt{" * 200 + "x" + "}" * 200, r"\neg" * 1000 + " x", "n" + "!" * 1400,
    r"\sum_{i=1}^n" * 300 + "w_i", "f(" * 300 + "x" + ")" * 300, "a/b" * 400, r"\log" * 300 + " x", r"x = " * 400 + "x",
    r"\forall x \in \mathbb R: " * 100 + "x > 0", r"\hat{" * 200 + "x" + "}" * 200, r"\int " * 300 + "x" + " dx" * 300,
])
def test_hostile_formulas_end_at_once(hostile: str) -> None:
    start = time.process_time()
    try:
        reading(hostile)
    except Unread:
        pass
    assert time.process_time() - start < 1


@pytest.mark.parametrize("notation, latex", [(n, row[0]) for n, rows in READ.items() for row in rows])
def test_what_is_printed_back_reads_the_same(notation: str, latex: str) -> None:
    found = reading(latex, notation)
    names = NOTATIONS[notation]
    printed = readback.latex(found.tree)
    again = reading(printed, Notation({**found.inferred, **names.roles}, names.settings, names.complete)).tree
    assert short(again) == short(found.tree), printed


WORDS = r"""x y a f g A w n i j \theta 2 3 10 ( ) [ ] \{ \} { } | \| + - = < \le , ; : / ^ _ ! ' \cdot \frac \sqrt \sum \prod \int \lim \max \log \sin
\exp \mathbb{E} \operatorname{Var} \Pr p q D_{KL} H I O \nabla \partial \frac{d}{dx} dx d \infty e \in \mathbb{R} \to \implies \forall \neg \left( \right)
\left| \right| \left. \right. \big| \mid \dots \begin{cases} \end{cases} \begin{pmatrix} \end{pmatrix} & \\ \text{if} \text{for all} \top ^{-1} _i _{ij} ^2
^{(i)} _{i=1}^n _{x\to0} _{z\sim q} \mathbf{x} \bar \mathcal{N} \sim \mathbf{1} \delta \lfloor \rfloor \binom{n}{k} \choose \circ \quad \substack{i} \not""".split()


def broken(chance: random.Random) -> str:
    """A formula of the table with a piece put in, left out or exchanged; or words at random."""
    rows = READ["LECTURE"]
    if chance.random() < 0.4:
        return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 12)))
    text = chance.choice(rows)[0]
    for _ in range(chance.randint(1, 3)):
        k = chance.randrange(len(text) + 1)
        kind = chance.randrange(3)
        other = chance.choice(rows)[0]
        text = text[:k] + (f" {chance.choice(WORDS)} " + text[k:] if kind == 0 else text[k + chance.randint(1, 4):] if kind == 1
                           else other[chance.randrange(len(other) + 1):])
    return text


@pytest.mark.parametrize("seed", range(6))
def test_broken_formulas_are_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(700):
        text = broken(chance)
        try:
            reading(text, chance.choice(("LECTURE", "NOTHING")))
        except Unread as problem:
            assert problem.message, text
