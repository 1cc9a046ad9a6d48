"""Macros: definitions that are read, expansions, and the two guards."""

from __future__ import annotations

import pytest

from checker.reading.documents.macros import Macros, definitions
from checker.reading.latex.source import Unread
from checker.reading.latex.tokens import Source, tokenize
from tests.reading.documents.outline import shown


def expanded(definition: str, use: str) -> str:
    macros, source, at = Macros(), Source.of(definition), 0
    for m in definitions(definition):
        if m.start() >= at:
            at = macros.define(source, m.start())
    return shown(macros.expand(tokenize(use)))


READ = [
    (r"\newcommand{\E}{\mathbb{E}}", r"\E x", r"\mathbb { E } x"),
    (r"\newcommand\E{\mathbb E}", r"\E x", r"\mathbb E x"),
    (r"\newcommand*{\sq}[1]{#1^2}", r"\sq{a+b}, \sq xy", "a + b ^ 2 , x ^ 2 y"),     # as TeX shows it
    (r"\newcommand{\sq}[1]{#1^2}", r"\sq12", "1 ^ 2 2"),
    (r"\newcommand{\Ex}[2][x]{E_{#1}[#2]}", r"\Ex{f} \Ex[z]{\Ex{g}}", "E _ { x } [ f ] E _ { z } [ E _ { x } [ g ] ]"),
    (r"\def\R{\mathbb R}\def\pr#1#2{(#1, #2)}", r"\R\pr{a}{b}", r"\mathbb R ( a , b )"),
    (r"\newcommand{\a}{x}\renewcommand{\a}{y}\providecommand{\a}{z}", r"\a", "y"),
    (r"\let\oldhat\hat\renewcommand{\hat}[1]{\oldhat{\mathbf{#1}}}", r"\hat x", r"\hat { \mathbf { x } }"),
    (r"\renewcommand{\epsilon}{\varepsilon}", r"\epsilon", r"\varepsilon"),
    (r"\DeclareMathOperator*{\argmax}{arg\,max}", r"\argmax_x", r"\operatorname { a r g \, m a x } _ x"),
    (r"\DeclareMathOperator{\E}{\mathbb{E}}", r"\E x", r"\mathbb { E } x"),
    (r"\DeclarePairedDelimiter{\ab}{\lvert}{\rvert}", r"\ab*{x}\ab[\big]{y}",
     r"\left \lvert x \right \rvert \left \lvert y \right \rvert"),
    (r"\newcommand{\for}[1]{\text{for #1}}", r"\for{x>0}", '"for x>0"'),
    (r"\newcommand{\KL}[2]{D(#1\,\|\,#2)}", r"\KL{q}{\KL{p}{r}}", r"D ( q \, \| \, D ( p \, \| \, r ) )"),
    ("", r"\dv{f}{x} \dv[2]{f}{x} \dv x",
     r"\frac { \mathrm { d } f } { \mathrm { d } x } \frac { \mathrm { d } ^ { 2 } f } { \mathrm { d } x ^ { 2 } } "
     r"\frac { \mathrm { d } } { \mathrm { d } x }"),
    ("", r"\pdv{f}{x}{y}", r"\frac { \partial ^ { 2 } f } { \partial x \, \partial y }"),
    ("", r"\qty(x(y)) \qty[x] \qty{x} \qty|x|",
     r"\left ( x ( y ) \right ) \left [ x \right ] \left \{ x \right \} \left | x \right |"),
    ("", r"\abs{x} \abs*{x} \norm{x}_2^2", r"\left \lvert x \right \rvert \left \lvert x \right \rvert "
     r"\left \lVert x \right \rVert _ 2 ^ 2"),
    ("", r"\mqty(a & b \\ c & d)", r'\begin { "pmatrix" } a & b \\ c & d \end { "pmatrix" }'),
    ("", r"\sum\limits_i \displaystyle x \hspace{1cm} y \phantom{z}", r"\sum _ i x y"),
    ("", r"\boxed{x = 1}", "x = 1"),
    ("", r"\boxed{a + b}^2", "{ a + b } ^ 2"),
    ("", r"2\boxed{a + b}, \frac{\boxed{a}}{2}", r"2 { a + b } , \frac { a } { 2 }"),
    ("", r"2\textcolor{red}{x + 1}, x^\textcolor{red}{12}", "2 x + 1 , x ^ { 12 }"),      # as it is seen
    ("", r"x \coloneqq y", "x := y"),
    (r"\newcommand{\abs}[1]{A(#1)}", r"\abs{x}", "A ( x )"),        # the document's own comes first
]


@pytest.mark.parametrize(("definition", "use", "tokens"), READ)
def test_read(definition: str, use: str, tokens: str) -> None:
    assert expanded(definition, use) == tokens.replace(":=", ": =")


REFUSED = [
    (r"\def\x{\x}", r"\x", "macro-recursion"),
    (r"\def\x{\y}\newcommand{\y}{a\x}", r"1 + \y", "macro-recursion"),
    ("".join(rf"\def\{a}{{\{b}\{b}\{b}\{b}}}" for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + r"\def\i{x}",
     r"\a", "macro-budget"),
    (r"\newcommand{\sq}[1]{#1^2}", r"\sq", "macro-arguments"),
    (r"\newcommand{\Ex}[2][x]{#1#2}", r"\Ex[z", "macro-arguments"),
    (r"\newcommand{\sq}[1]{#2}", r"\sq{x}", "macro-form"),
    (r"\def\f(#1){#1}", r"\f(x)", "macro-form"),
    (r"\NewDocumentCommand{\f}{m}{#1}", r"\f{x}", "macro-form"),
    (r"\edef\f{x}", r"\f", "macro-form"),
    ("\\newcommand{\\f}{а}", r"\f", "macro-form"),
    ("", r"\qty(x", "macro-arguments"),
    ("", r"\pdv", "macro-arguments"),
    ("", "^".join([r"\dv{x}{y}"] * 700), "too-long"),
]


@pytest.mark.parametrize(("definition", "use", "code"), REFUSED)
def test_refused(definition: str, use: str, code: str) -> None:
    with pytest.raises(Unread) as refusal:
        expanded(definition, use)
    assert refusal.value.code == code


def test_a_token_of_a_macro_has_the_place_of_its_use() -> None:
    macros = Macros()
    macros.define(Source.of(r"\newcommand{\two}[1]{(#1 + 2)}"), 0)
    tokens = macros.expand(tokenize(r"a \two{b}"))
    assert [(t.text, t.place.column) for t in tokens] == [
        ("a", 1), ("(", 3), ("b", 8), ("+", 3), ("2", 3), (")", 3)]


def test_macros_in_a_notation_block_are_written_out() -> None:
    macros = Macros()
    for text in (r"\newcommand{\bx}{\mathbf{x}}", r"\newcommand{\b}[1]{\bar{#1}}", r"\def\x{\x}", r"\newcommand{\th}{\theta}"):
        macros.define(Source.of(text), 0)
    assert macros.written_out("\\bx, \\b{y}: vector n\n\\x, \\th_1, \\alpha: real") == (
        "\\mathbf {x}, \\bar {y}: vector n\n\\x, \\theta_1, \\alpha: real")
