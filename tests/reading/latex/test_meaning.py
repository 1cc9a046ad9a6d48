"""What lines of LaTeX mean: kernel terms, nothing evaluated; refusals; reading back what was read."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from checker.kernel.claim import Claim
from checker.kernel.term import alpha, from_json, show, spoken, to_json
from checker.reading.latex import readback
from checker.reading.latex.declarations import read_notation
from checker.reading.latex.grammar import read
from checker.reading.latex.inference import supplied
from checker.reading.latex.meaning import Meaning
from checker.reading.latex.notation import Notation
from checker.reading.latex.source import Unread
from checker.reading.latex.tokens import tokenize
from checker.reading.latex.tree import Tree
from checker.reporting.latex import statement_latex
from tests.kernel.statements import verdict

from .meaning_rows import NOTATIONS, READ, REFUSED
from .trees import tree


@cache
def notation(text: str) -> Notation:
    found, problems = read_notation(text.strip())
    assert not problems, problems
    return found


def parsed(source: str, names: Notation) -> tuple[Tree, Notation]:
    reading = read(tokenize(source), names)
    return reading.tree, replace(names, roles={**reading.inferred, **names.roles})


def meant(source: str, names: Notation) -> tuple[Claim, Meaning]:
    t, names = parsed(source, names)
    return of_tree(t, names)


def of_tree(t: Tree, names: Notation) -> tuple[Claim, Meaning]:
    meaning = Meaning(names)
    parts = meaning.link(t.parts[0], t.value, t.parts[1]) if t.head == "relation" else (meaning.statement(t),)
    return meaning.claim(parts), meaning


ROWS = [(kind, source, term) for kind, rows in READ.items() for source, term in rows]


@pytest.mark.parametrize("kind, source, term", ROWS, ids=[s for _, s, _ in ROWS])
def test_line_becomes_this_term(kind: str, source: str, term: str) -> None:
    assert show(meant(source, notation(NOTATIONS[kind]))[0].statement) == term


@pytest.mark.parametrize("kind, source, term", ROWS, ids=[s for _, s, _ in ROWS])
def test_what_was_read_is_printed_and_read_again(kind: str, source: str, term: str) -> None:
    names = notation(NOTATIONS[kind])
    t, _ = parsed(source, names)
    again, _ = parsed(readback.latex(t, names.settings), names)
    assert again == t


BACK = [(kind, source, code) for kind, rows in REFUSED.items() for source, code in rows]


@pytest.mark.parametrize("kind, source, code", BACK, ids=[s for _, s, _ in BACK])
def test_line_is_refused(kind: str, source: str, code: str) -> None:
    with pytest.raises(Unread) as caught:
        meant(source, notation(NOTATIONS[kind]))
    assert caught.value.code == code
    assert caught.value.hint or code not in ("no-meaning", "product", "undeclared"), caught.value.message


# ------------------------------------------------------------------ nothing is evaluated

KEPT = [
    ("(div x x)", "x/x"), ("(mul 0 (call f x))", "0*f[x]"), ("(add x (neg x))", "x - x"), ("(pow 2 3)", "2^3"),
    ("(pow x 0)", "x^0"), ("(add 0 x)", "0 + x"), ("(mul 1 x)", "1*x"), ("(add 1 2)", "1 + 2"), ("(div 6 3)", "6/3"),
    ("(div 2 4)", "2/4"), ("(div 1 2)", "1/2"), ("(neg (neg x))", "x"), ("(neg 0)", "-0"),
    ("(sqrt (pow x 2))", "sqrt(x^2)"), ("(pow (sqrt x) 2)", "sqrt(x)^2"), ("(pow (pow x 2) (div 1 2))", "sqrt(x^2)"),
    ("(function:exp (function:log x))", "exp(log(x))"), ("(function:log (function:exp x))", "log(exp(x))"),
    ("(function:exp 0)", "exp(0)"), ("(function:log 1)", "log(1)"), ("(function:sin 0)", "sin(0)"),
    ("(function:cos (neg x))", "cos(-x)"), ("(function:asin (function:sin x))", "asin(sin(x))"),
    ("(function:max x x)", "max(x, x)"), ("(function:max 1 2)", "max(1, 2)"), ("(function:min x)", "x"),
    ("(abs (neg 1))", "abs(-1)"), ("(abs (abs x))", "abs(abs(x))"), ("(function:sign 2)", "sign(2)"),
    ("(function:floor 1/2)", "floor(1/2)"), ("(factorial:1 3)", "factorial(3)"), ("(factorial:2 5)", "factorial2(5)"),
    ("(function:binomial 4 2)", "binomial(4, 2)"), ("(function:mod 7 2)", "mod(7, 2)"),
    ("(sum (binding:range k 1 1) k)", "sum(k over 1, 1: k)"), ("(sum (binding:range k 5 1) k)", "sum(k over 5, 1: k)"),
    ("(sum (binding:range k 1 n) 0)", "sum(k over 1, n: 0)"), ("(prod (binding:range k 1 0) k)", "prod(k over 1, 0: k)"),
    ("(integral (binding:range x 1 1) x)", "integral(x over 1, 1: x)"),
    ("(integral (binding:range x 0 1) 0)", "integral(x over 0, 1: 0)"),
    ("(integral (binding:range x 1 0) x)", "integral(x over 1, 0: x)"),
    ("(derivative:total (number-of-5) x)", ""), ("(derivative:partial (pow x 2) x)", "diff(x over x: x^2)"),
    ("(derivative:total (derivative:total x x) x)", "diff(x over x: diff(x over x: x))"),
    ("(limit x 0 1)", "limit(x over 0, two-sided: 1)"), ("(limit x oo (div 1 x))", "limit(x over oo, two-sided: 1/x)"),
    ("(evaluated (derivative:total (pow x 2) x) x 0)", "diff(x over 0: x^2)"),
    ("(div (div a b) x)", "a/(b*x)"), ("(mul a (div b x))", "(a*b)/x"), ("(pow x (neg 2))", "1/x^2"),
    ("(pow (function:exp x) 2)", "exp(x)^2"), ("(mul (pow x a) (pow x b))", "x^a*x^b"),
    ("(cases x (constant:true))", "cases(x, true)"),
]
KEPT = [row for row in KEPT if row[1]]


@pytest.mark.parametrize("text, term", KEPT, ids=[t for t, _ in KEPT])
def test_nothing_is_evaluated(text: str, term: str) -> None:
    names = notation("x, a, b: real\nn: integer >= 1\nf: function")
    claim, _ = of_tree(Tree("relation", (tree(text), tree("x")), "="), names)
    assert show(claim.statement.args[0]) == term                                    # type: ignore[union-attr]


# ------------------------------------------------------------------ decided

DECIDED = [
    ("scalars", r"\frac{d}{dx}e^{-x^2} = -2xe^{-x^2}", "proved"), ("scalars", r"\frac{d}{dx}e^{-x^2} = 2xe^{-x^2}", "refuted"),
    ("scalars", r"\sum_{k=1}^{n}k=\frac{n(n+1)}{2}", "proved"), ("scalars", r"\sum_{k=1}^{n}k=\frac{n(n-1)}{2}", "refuted"),
    ("scalars", r"\sqrt{x^2}=|x|", "proved"), ("scalars", r"\sqrt{x^2}=x", "refuted"),
    ("scalars", r"\int_0^1 x^2\,dx=\frac13", "proved"), ("scalars", r"\int_0^1 x^2\,dx=\frac12", "refuted"),
    ("scalars", r"\int x\cos x\,dx=x\sin x+\cos x+c", "proved"), ("scalars", r"\int x\cos x\,dx=x\sin x-\cos x+c", "refuted"),
    ("scalars", r"\lim_{x\to0}\frac{\sin x}{x}=1", "proved"), ("scalars", r"\lim_{x\to0}\frac{|x|}{x}=1", "refuted"),
    ("scalars", r"x^2=4\iff x=2\vee x=-2", "proved"), ("scalars", r"x^2=4\iff x=2", "refuted"),
    ("scalars", r"\frac{ds}{dx}=s(1-s)", "proved"), ("scalars", r"\sigma'(x)=\sigma(x)(1+\sigma(x))", "refuted"),
    ("scalars", r"n^2+3n=O(n^2)", "proved"), ("scalars", r"n^2\log n=O(n^2)", "refuted"),
    ("scalars", r"\arg\min_x(x-a)^2=a", "proved"), ("scalars", r"\arg\min_x(x-a)^2=2a", "refuted"),
    ("scalars", r"\forall x>0:x+\frac1x\ge2", "proved"), ("scalars", r"\forall x\in\mathbb{R}:x^2>0", "refuted"),
    ("matrices", r"\nabla_w\|y-Xw\|^2=2X^\top(Xw-y)", "proved"), ("matrices", r"\nabla_w\|y-Xw\|^2=2X^\top(y-Xw)", "refuted"),
    ("matrices", r"(AB)^\top=B^\top A^\top", "proved"), ("matrices", r"(AB)^\top=A^\top B^\top", "refuted"),
    ("matrices", r"\operatorname{tr}(AB)=\operatorname{tr}(BA)", "proved"), ("matrices", r"AB=BA", "refuted"),
    ("matrices", r"\frac{\partial\alpha_i}{\partial z_j}=\alpha_i(\delta_{ij}-\alpha_j)", "proved"),
    ("matrices", r"\frac{\partial\alpha_i}{\partial z_j}=\alpha_i(1-\alpha_j)", "refuted"),
    ("matrices", r"X^\top X\succeq0", "proved"), ("matrices", r"A\succeq0", "refuted"),
    ("matrices", r"\sum_{j\ne i}x_j=\sum_jx_j-x_i", "proved"), ("matrices", r"(\sum_ix_i)^2=\sum_ix_i^2", "refuted"),
    ("matrices", r"H^2=H", "proved"), ("matrices", r"H=I", "refuted"),
    ("chance", r"\mathbb{E}_{z\sim q(z|x)}\left[\log\frac{p(x,z)}{q(z|x)}\right]\le\log p(x)", "proved"),
    ("chance", r"\mathbb{E}_{z\sim q(z|x)}\left[\log\frac{p(x,z)}{q(z|x)}\right]=\log p(x)-\mathrm{KL}(q(z|x)\|p(z|x))", "proved"),
    ("chance", r"\mathbb{E}_{q}[\log p(x,z)-\log q(z|x)]=\log p(x)-\mathrm{KL}(p(z|x)\|q(z|x))", "refuted"),
    ("chance", r"\mathrm{Var}(X+Y)=\mathrm{Var}(X)+\mathrm{Var}(Y)+2\mathrm{Cov}(X,Y)", "proved"),
    ("chance", r"\mathrm{Var}(X+Y)=\mathrm{Var}(X)+\mathrm{Var}(Y)", "refuted"),
    ("chance", r"\mathrm{Var}(B)=b(1-b)", "proved"), ("chance", r"\mathrm{Var}(B)=b^2", "refuted"),
    ("chance", r"\mathrm{Var}\Bigl(\frac1n\sum_{i=1}^nT_i\Bigr)=\frac{\mathrm{Var}(T_1)}{n}", "proved"),
    ("chance", r"\mathrm{Var}\Bigl(\frac1n\sum_{i=1}^nT_i\Bigr)=\frac{\mathrm{Var}(T_1)}{n^2}", "refuted"),
    ("chance", r"\mathbb{E}[V^\top AV]=\operatorname{tr}(AS)+w^\top Aw", "proved"),
    ("chance", r"\mathbb{E}[V^\top AV]=w^\top Aw", "refuted"),
    ("samples", r"\mathbb{E}[T_1^2]=\mu^2+\sigma^2", "proved"), ("samples", r"\mathbb{E}[T_1^2]=\mu^2+\sigma", "refuted"),
    ("samples", r"f(y)\ge f(x)+\nabla f(x)^\top(y-x)", "proved"), ("samples", r"f(y)\le f(x)+\nabla f(x)^\top(y-x)", "refuted"),
    ("points", r"\nabla_w L(\hat w)=2\hat w", "proved"), ("points", r"\nabla_w L(\hat w)=0", "refuted"),
    ("points", r"\nabla L(w)=2w", "proved"), ("points", r"\frac{\partial q_i}{\partial w_j}=q_i(\delta_{ij}-q_j)", "proved"),
    ("chance", r"\mathbb{E}_{q_\mu(z|x)}[\log p_\theta(x|z)]-\mathrm{KL}(q_\mu(z|x)\|p(z))\le\log p_\theta(x)", "proved"),
    ("chance", r"\mathrm{KL}(p(x)\|p_\theta(x))=0", "refuted"), ("chance", r"\log p_\theta(x,z)=\log p_\theta(x|z)+\log p(z)", "proved"),
    ("chance", r"I(X;Y)=H(X)-H(X|Y)", "proved"), ("chance", r"I(X;Y)=H(X)-H(Y|X)", "refuted"),
]


@pytest.mark.parametrize("kind, source, expected", DECIDED, ids=[s for _, s, _ in DECIDED])
def test_line_is_decided(kind: str, source: str, expected: str) -> None:
    assert verdict(meant(source, notation(NOTATIONS[kind]))[0])[0] == expected


# ------------------------------------------------------------------ names that nobody declared

INFERRED = [
    (r"\sum_{i=1}^n i=\frac{n(n+1)}{2}", "sum(i over 1, n: i) = (n*(n + 1))/2", ["n"]),
    (r"\sum_{i=1}^n x_i y_i \le \sum_{i=1}^n x_i^2", "sum(i: x[i]*y[i]) <= sum(i: x[i]^2)", ["n", "x", "y"]),
    (r"\sum_{i=1}^{n-1}(x_{i+1}-x_i)=x_n-x_1", "sum(i: i <= n - 1; x[i + 1] - x[i]) = x[n] - x[1]", ["n", "x"]),
    (r"\sum_{k=0}^n a_k x^k=0", "sum(k over 0, n: a[k]*x^k) = 0", ["n", "a", "x"]),
    (r"\mathrm{Var}(X)=\mathbb{E}[X^2]-\mathbb{E}[X]^2",
     "E(X: density(P, 1, X); (X - E(X: density(P, 1, X); X))^2) = "
     "E(X: density(P, 1, X); X^2) - E(X: density(P, 1, X); X)^2", ["X"]),
    (r"\int_0^\infty e^{-x}\,dx=1", "integral(x over 0, oo: exp(-x)) = 1", []),
    (r"f'(x)=\frac{d}{dx}f(x)", "diff(y over x: f[y]) = diff(x over x: f[x])", ["f", "x"]),
    (r"n^2=O(n^3)", "big-o(n: n^2; n^3)", ["n"]),
    (r"\mathbb{E}_{x\sim\mathcal{N}(0,1)}[x^2]=1", "E(x: normal(x, 0, 1); x^2) = 1", ["x"]),
]


@pytest.mark.parametrize("source, term, shown", INFERRED, ids=[s for s, _, _ in INFERRED])
def test_names_that_nobody_declared(source: str, term: str, shown: list[str]) -> None:
    claim, meaning = meant(source, Notation())
    assert show(claim.statement) == term
    assert sorted(n.split(" is read as ")[0] for n in meaning.notes if " is read as " in n) == sorted(shown)


@pytest.mark.parametrize("source", [r"\|y-Xw\|^2=y^\top y", r"\sigma(x)=1-\sigma(-x)", r"x^\top y=0"])
def test_what_cannot_be_inferred_is_refused(source: str) -> None:
    with pytest.raises(Unread) as caught:
        meant(source, Notation())
    assert caught.value.code in ("undeclared", "run-of-letters", "call-or-product") and "declare" in caught.value.hint


def test_all_formulas_of_a_problem_say_what_a_name_is() -> None:
    first, names = parsed(r"\sum_{i=1}^n i=1", Notation())
    second, names = parsed(r"(-1)^{2n}=1", names)
    names = supplied(names, [first, second])
    assert verdict(of_tree(second, names)[0])[0] == "proved"


# ------------------------------------------------------------------ our own LaTeX of the kernel's term, read again

#: forms that the reports print otherwise than a person writes them
_OWN = ("quad", "substack", "normal", r"\colon", r"\sqrt{\sum", "P(", r"\sqrt{x")


@pytest.mark.parametrize("kind, source, term", [r for r in ROWS if r[0] == "scalars"],
                         ids=[s for k, s, _ in ROWS if k == "scalars"])
def test_the_reports_latex_is_the_same_term(kind: str, source: str, term: str) -> None:
    names = notation(NOTATIONS[kind])
    claim, meaning = meant(source, names)
    text = statement_latex(claim)
    if any(mark in text for mark in _OWN) or meaning.definitions or "slope" in term or "bar z" in term:
        pytest.skip("printed in a form of the reports")
    assert alpha(meant(text, names)[0].statement) == alpha(claim.statement)



def test_conditions_can_be_written_and_read_again() -> None:
    for kind, source, _ in ROWS[::9]:
        t = meant(source, notation(NOTATIONS[kind]))[0].statement
        again = spoken(alpha(t))                # what a rule leaves behind that compares terms up to their bound names
        assert from_json(to_json(again)) == again and alpha(again) == alpha(t)
