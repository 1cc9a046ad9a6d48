"""Tokens: what a formula may hold, and what it may not."""

from __future__ import annotations

import pytest

from checker.reading.latex.source import Place, Unread
from checker.reading.latex.tokens import tokenize
from tests.reading.documents.outline import shown

READ = [
    (r"\frac{1}{2}x", r"\frac { 1 } { 2 } x"),
    (r"x^10 + x_12", "x ^ 10 + x _ 12"),                       # never split: the grammar refuses it
    ("x=.5, 0.25, 12.", "x = .5 , 0.25 , 12 ."),
    ("i = 1...5", "i = 1 . . . 5"),
    ("f(x).5", "f ( x ) . 5"),
    (r"\alpha*x", r"\alpha * x"),                              # the star is a product ...
    (r"\operatorname*{argmax}_x", r"\operatorname { a r g m a x } _ x"),    # ... but not here
    (r"a \\[2pt] b \\* c \\[x, y]", r"a \\ b \\ c \\ [ x , y ]"),
    (r"x \text{ for all } y", 'x " for all " y'),
    (r"\text{if $x > 0$ and }y", '"if " x > 0 " and " y'),
    (r"x_\text{a $b$}", 'x _ { "a " b }'),
    (r"\mbox{50\% of~them}", '"50% of them"'),
    (r"\begin{cases} 1 & x \\ 0 \end{cases}", r'\begin { "cases" } 1 & x \\ 0 \end { "cases" }'),
    ("x % a comment }{\n + y", "x + y"),
    (r"x\mkern-4mu y\kern 1.5em z", "x y z"),
    ("θ ≤ 3 − 2·α, ℝ", r"\theta \le 3 - 2 \cdot \alpha , \mathbb { R }"),
    ("f'' x~y\u00a0z", "f ' ' x ~ y z"),
    (r"\text{für alle}\text{для всех}", '"für alle" "для всех"'),
    (r"2^{10} e^{-10000} 3^{2^4} 10^{-9}", "2 ^ { 10 } e ^ { - 10000 } 3 ^ { 2 ^ 4 } 10 ^ { - 9 }"),
    ("1" * 60, "1" * 60),
    ("(" * 59 + "x" + ")" * 59, " ".join("(" * 59 + "x" + ")" * 59)),
    (r"[0, 1) \cup ]0, 1[", r"[ 0 , 1 ) \cup ] 0 , 1 ["),
    (r"\label{eq:a_1} \ref{x} x", r'\label { "eq:a_1" } \ref { "x" } x'),
    (r"\stackrel{?}{=}", r"\stackrel { ? } { = }"),
    ("", ""),
]


@pytest.mark.parametrize(("source", "tokens"), READ)
def test_read(source: str, tokens: str) -> None:
    assert shown(tokenize(source)) == tokens


REFUSED = [
    ("x\0", "null", "U+0000"),
    ("x\u202ey", "bidi", "U+202E"),
    ("x\u2066y", "bidi", "U+2066"),
    ("x\u200by", "invisible", "U+200B"),
    ("x\xady", "invisible", "U+00AD"),
    ("x\ufeff", "invisible", "U+FEFF"),
    ("x\ud800", "invisible", "U+D800"),
    ("x\udce9", "encoding", "0xe9"),
    ("а + b", "look-alike", "U+0430 CYRILLIC SMALL LETTER A looks like a"),
    ("Β", "look-alike", "looks like B"),                        # a Greek capital beta
    ("ｘ", "look-alike", "looks like x"),
    ("𝑥", "look-alike", "looks like x"),
    ("x²", "character", "U+00B2"),
    ("x₁", "character", "U+2081"),
    ("3 – 2", "character", "EN DASH"),
    ("f’", "character", "RIGHT SINGLE"),
    ("x\u0302", "character", "combining"),
    ("日", "character", "U+65E5"),
    ("√2", "character", "SQUARE ROOT"),
    ('f"', "character", '"'),
    ("a # b", "character", "#"),
    ("x $y$", "character", "$"),
    ("\\", "character", "backslash"),
    ("\\а", "character", "U+0430"),
    (r"\text{nа}", "look-alike", "two alphabets"),
    ("\\text{a\u202eb}", "bidi", "U+202E"),
    ("{x", "brace", "not closed"),
    ("x}", "brace", "closes nothing"),
    (r"\text{x", "brace", "not closed"),
    ("{" * 61 + "}" * 61, "depth", "60"),
    ("(" * 61, "depth", "60"),
    (r"\left" * 61, "depth", "60"),
    ("1" * 61, "digits", "61"),
    ("x+" * 1500, "too-long", "tokens"),
    ("x+" * 3000, "too-long", "characters"),
    ("9^{9^{9^9}}", "exponent", "10,000"),
    ("2^{10^9}", "exponent", "10,000"),
    (r"\gcd(10^{10^9}, 3)", "exponent", "10,000"),
    ("x^{10001}", "exponent", "10,000"),
    ("x^10001", "exponent", "10,000"),
    ("x^{a + 20000}", "exponent", "10,000"),
]


@pytest.mark.parametrize(("source", "code", "says"), REFUSED, ids=[ascii(r[0])[:24] for r in REFUSED])
def test_refused(source: str, code: str, says: str) -> None:
    with pytest.raises(Unread) as refusal:
        tokenize(source)
    assert refusal.value.code == code
    assert says in refusal.value.message
    assert refusal.value.place is not None
    assert refusal.value.message.isprintable()


def test_places_count_from_one_in_the_file() -> None:
    tokens = tokenize("x +\n  \\alpha y% c\n z", Place(7, 5))
    assert [(t.place.line, t.place.column) for t in tokens] == [(7, 5), (7, 7), (8, 3), (8, 10), (9, 2)]
    assert [t.space for t in tokens] == [False, True, True, True, True]
