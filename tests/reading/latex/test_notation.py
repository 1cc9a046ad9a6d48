"""The notation block: what each line declares, and the lines that are refused."""

from __future__ import annotations

import pytest

from checker.reading.latex.assumed import let
from checker.reading.latex.declarations import read_notation
from checker.reading.latex.notation import Notation, Role
from checker.reading.latex.source import Place, Unread
from checker.reading.latex.tokens import tokenize
from checker.reading.latex.tree import Tree

from .test_grammar import short


def told(r: Role) -> str:
    """A role in one line: kind, domain if not real, sizes, conditions, properties, parameters, value."""
    out = [r.kind]
    if r.domain != "real":
        out.append(r.domain)
    out += ["x".join(map(short, r.sizes))] if r.sizes else []
    out += [short(c) for c in r.conditions]
    out += sorted(r.properties)
    out += [f"of {short(p)}" for p in r.params]
    if r.value is not None:
        out.append("= " + (short(r.value) if isinstance(r.value, Tree) else r.value))
    return " ".join(out)


DECLARED = [
    ("x: real", "x", "scalar"),
    ("x, y: reals", "y", "scalar"),
    ("a, b: real > 0", "b", "scalar (relation:> b 0)"),
    ("x: positive real", "x", "scalar (relation:> x 0)"),
    ("p: real, 0 < p < 1", "p", "scalar (chain:('<', '<') 0 p 1)"),
    ("x: real > 0, < 1", "x", "scalar (relation:> x 0) (relation:< x 1)"),
    ("x: real in (0, 1)", "x", "scalar (relation:in x (interval:() 0 1))"),
    ("x: real, nonzero", "x", "scalar (relation:!= x 0)"),
    ("n: integer >= 1", "n", "scalar integer (relation:>= n 1)"),
    ("k: integer, 0 <= k <= n\nn: natural", "k", "scalar integer (chain:('<=', '<=') 0 k n)"),
    ("z: complex", "z", "scalar complex"),
    ("N: size", "N", "scalar integer (relation:>= N 1)"),
    ("p: probability", "p", "scalar (relation:>= p 0) (relation:<= p 1)"),
    ("P: probability", "P", "alias = Pr"),
    ("E: expectation", "E", "alias = E"),
    ("i, j: index 1..n", "j", "index integer 1xn"),
    ("i: index 0..n-1", "i", "index integer 0x(add n (neg 1))"),
    ("f: function", "f", "function"),
    ("f: function of x, y", "f", "function xxy"),
    ("f(x, y): function", "f", "function xxy"),
    ("f: differentiable convex function", "f", "function convex differentiable"),
    ("f: R^d -> R", "f", "function d of vectors"),
    ("w: vector d", "w", "vector d"),
    ("w: real vector of length d", "w", "vector d"),
    (r"w \in \mathbb{R}^d", "w", "vector d"),
    ("A: matrix n x m", "A", "matrix nxm"),
    ("A: n x m matrix", "A", "matrix nxm"),
    ("A: symmetric positive definite matrix n", "A", "matrix nxn positive definite symmetric"),
    ("A: matrix n x n, invertible", "A", "matrix nxn invertible"),
    (r"A \in \mathbb{R}^{n \times m}", "A", "matrix nxm"),
    ("x_i: real\ni: index 1..n", "x", "family n"),
    ("x: real\nx_i: real", r"x_\cdot", "family"),
    ("u_i: real > 0", "u", "family (relation:> u 0)"),
    ("u_i: integer >= 0", "u", "family integer (relation:>= u 0)"),
    ("u_i: real, u_i > 0", "u", "family (relation:> u 0)"),
    ("x^{(i)}: vector d", r"x^{(\cdot)}", "family d vector"),
    ("x_t: sequence", "x", "sequence"),
    ("x: sequence from 1", "x", "sequence 1"),
    ("X: random", "X", "random"),
    ("X: discrete random variable", "X", "random discrete"),
    ("X: random ~ Normal(mu, sigma^2)\nmu: real\nsigma: real > 0", "X", r"random = (named-law:Normal \mu (pow \sigma 2))"),
    ("p, q: density", "q", "density"),
    (r"p_\theta: density", r"p_\theta", "density"),
    (r"\sigma: sigmoid", r"\sigma", "alias = sigmoid"),
    (r"sigma: sigmoid", r"\sigma", "alias = sigmoid"),
    ("I: identity", "I", "constant identity"),
    ("s := 1/(1 + e^{-x})\nx: real", "s", "definition = (div 1 (add 1 (pow #e (neg x))))"),
    ("f(x) := x^2", "f", "definition of x = (pow x 2)"),
    (r"\alpha_i := w_i^2" + "\nw: vector n", r"\alpha", "definition indexed of i = (pow (entry w i) 2)"),
    ("loss: real", r"\mathrm{loss}", "scalar"),
    (r"\hat{\mathbf{w}}: vector d", r"\hat{\mathbf w}", "vector d"),
    ("w^*: vector d", "w^*", "vector d"),
    (r"D_{\mathrm{train}}: real", r"D_{\text{train}}", "scalar"),
    ("% x: real.", "x", "scalar"),
    ("- $x$: real", "x", "scalar"),
]

SETTINGS = [(r"\log: natural", r"\log", "natural"), (r"\log: base 2", r"\log", "base 2"), ("e: euler", "e", "euler"),
            ("i: imaginary unit", "i", "imaginary"), ("': transpose", "'", "transpose"), ("^T: power", "^T", "power"),
            (r"\nabla^2: hessian", r"\nabla^2", "hessian"), ("undeclared: inferred", "undeclared", "inferred")]

REFUSED = [
    ("x real", "notation"), ("x, y", "notation"), ("x:", "notation"), (": real", "notation-name"), ("x0: real", "notation-name"),
    ("2x: real", "notation-name"), ("x: rael", "notation-kind"), ("x: integer mod 3", "notation-kind"), ("x: real >", "expected"),
    ("x: real, symetric", "notation-condition"), ("x: real\nx: vector n", "notation-twice"), ("f := f + 1", "notation-definition"),
    ("s :=", "notation-definition"), ("s := q + 1", "undeclared"), (r"\log: base x", "notation-setting"),
    ("': foo", "notation-setting"), ("i: index 1", "notation-index"), ("A: matrix n x m x k", "notation-size"),
    ("x: bounded real", "notation-word"), ("u_i: unit vector d", "notation-word"), ("X: random, independent", "notation-word"),
    ("a: increasing sequence", "notation-word"), ("X: rational random", "notation-word"),
    ("X: random ~ Norml(0, 1)", "notation-law"), ("x: real, x < y", "undeclared"), ("s := a/bc\na, b, c: real", "slash"),
]


@pytest.mark.parametrize("block, name, role", DECLARED)
def test_declared(block: str, name: str, role: str) -> None:
    notation, problems = read_notation(block)
    assert not problems
    assert told(notation.roles[name]) == role
    assert notation.complete


@pytest.mark.parametrize("line, name, value", SETTINGS)
def test_settings(line: str, name: str, value: str) -> None:
    notation, problems = read_notation(line)
    assert not problems and notation.settings[name] == value
    assert not notation.complete


@pytest.mark.parametrize("block, code", REFUSED)
def test_refused(block: str, code: str) -> None:
    _, problems = read_notation(block, Place(10, 3))
    assert [p.code for p in problems] == [code]
    assert problems[0].place is not None and problems[0].place.line >= 10
    assert problems[0].hint or problems[0].readings


def test_one_bad_line_leaves_the_others() -> None:
    notation, problems = read_notation("x: real\ny: foo\nz: real")
    assert set(notation.roles) == {"x", "z"} and problems[0].place == Place(2, 3)


@pytest.mark.parametrize("typed, key", [
    ("alpha", r"\alpha"), (r"\alpha", r"\alpha"), ("x_{0}", "x_0"), (r"\hat{\theta}", r"\hat\theta"), (r"\hat x", r"\hat x"),
    ("W^{(1)}", "W^{(1)}"), (r"D_{\mathrm{train}}", r"D_{\text{train}}"), (r"\mathbf{x}", r"\mathbf x"), ("x'", "x'"),
    (r"\bm\theta", r"\boldsymbol\theta"), ("loss", r"\mathrm{loss}"), (r"\operatorname{loss}", r"\mathrm{loss}")])
def test_keys(typed: str, key: str) -> None:
    assert Notation.key(typed) == key


@pytest.mark.parametrize("said, name, role", [
    ("x > 0", "x", "scalar (relation:> x 0)"), ("0 < p < 1", "p", "scalar (chain:('<', '<') 0 p 1)"),
    (r"x, y \in \mathbb R", "y", "scalar"), (r"n \in \mathbb{N}", "n", "scalar natural"),
    (r"v \in \mathbb R^d", "v", "vector d"), (r"A \in \mathbb R^{n\times m}", "A", "matrix nxm"),
    (r"X \sim \mathcal N(0,1)", "X", "random = (named-law:Normal 0 1)"), (r"f : \mathbb R \to \mathbb R", "f", "function 1"),
    (r"t \in [0,1]", "t", "scalar (relation:in t (interval:[] 0 1))"),
    (r"k \in \{1,\dots,n\}", "k", "scalar integer (relation:in k (set (range 1 n)))"),
    (r"a \ne 0, b > 0", "b", "scalar (relation:> b 0)")])
def test_let(said: str, name: str, role: str) -> None:
    assert told(let(Notation(), tokenize(said)).roles[name]) == role


def test_let_adds_to_what_is_declared() -> None:
    notation, _ = read_notation("x: real\nn: integer")
    assert told(let(notation, tokenize("x > 0")).roles["x"]) == "scalar (relation:> x 0)"
    assert told(notation.roles["x"]) == "scalar"
    with pytest.raises(Unread):
        let(notation, tokenize("x + 1"))


def test_a_block_stands_on_another() -> None:
    course, _ = read_notation("x: real\n\\log: base 2")
    sheet, problems = read_notation("y: real, y > x", base=course)
    assert not problems and set(sheet.roles) == {"x", "y"} and sheet.settings[r"\log"] == "base 2"
