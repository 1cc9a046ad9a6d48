"""Terms to formulas: what is printed, with its brackets, in all four formats."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser

import pytest

from checker.kernel.claim import Claim
from checker.kernel.term import INTEGER, OO, REAL, TRUE, Bind, Index, Map, Term, Var, add, app, mul, num, sub
from checker.reporting import latex, mathml, text, typst
from checker.reporting.breaking import broken
from checker.reporting.compose import layout
from checker.reporting.context import EMPTY, Context, context_of
from checker.reporting.fold import Folder
from checker.reporting.latex import statement_latex
from checker.reporting.layout import Lines
from checker.reporting.text import statement_text

from .samples import CLAIMS, ELBO, NEVER_ZERO, PERIOD, SOFTMAX, WEIGHT_LIMIT, every_binder, every_head

x, y, z, a, b = map(Var, "x y z a b".split())


def power(t: Term, k: int | str) -> Term:
    return app("pow", t, num(k))


def neg(t: Term) -> Term:
    return app("neg", t)


SUM_J = Bind("sum", ("j",), (INTEGER,), (num(1), Var("n")), (TRUE, Var("j")))

#: term, text, LaTeX
ROWS: list[tuple[Term, str, str]] = [
    (add(x, neg(y)), "x − y", "x - y"),
    (add(x, neg(add(y, z))), "x − (y + z)", "x - (y + z)"),
    (sub(x, sub(y, z)), "x − (y − z)", "x - (y - z)"),
    (mul(add(x, y), z), "(x + y)·z", "(x + y) z"),
    (mul(num(2), num(3)), "2·3", r"2 \cdot 3"),
    (mul(x, num(2)), "x·2", r"x \cdot 2"),
    (mul(num(-2), x), "−2·x", "-2 x"),
    (add(x, mul(num(-1), y)), "x − y", "x - y"),
    (add(x, num(-2)), "x − 2", "x - 2"),
    (mul(neg(x), y), "(−x)·y", "(-x) y"),
    (mul(x, neg(y)), "x·(−y)", r"x \, (-y)"),
    (neg(neg(x)), "−(−x)", "-(-x)"),
    (app("div", x, app("div", y, z)), "x/(y/z)", r"\frac{x}{\frac{y}{z}}"),
    (app("div", app("div", x, y), z), "(x/y)/z", r"\frac{\frac{x}{y}}{z}"),
    (app("div", x, mul(y, z)), "x/(y·z)", r"\frac{x}{y z}"),
    (app("div", add(x, y), z), "(x + y)/z", r"\frac{x + y}{z}"),
    (mul(app("div", x, y), z), "(x/y)·z", r"\frac{x}{y} z"),
    (mul(x, power(y, -1)), "x/y", r"\frac{x}{y}"),
    (mul(x, power(y, -2)), "x/y²", r"\frac{x}{y^{2}}"),
    (power(add(x, y), 2), "(x + y)²", "(x + y)^{2}"),
    (power(neg(x), 2), "(−x)²", "(-x)^{2}"),
    (neg(power(x, 2)), "−x²", "-x^{2}"),
    (power(num(-1), 2), "(−1)²", "(-1)^{2}"),
    (power(num("1/2"), 2), "(1/2)²", r"\left(\frac{1}{2}\right)^{2}"),
    (power(power(x, 2), 3), "(x²)³", "(x^{2})^{3}"),
    (power(x, "1/2"), "x^(1/2)", "x^{1/2}"),
    (app("pow", x, add(y, z)), "x^(y + z)", "x^{y + z}"),
    (app("pow", app("exp", x), num(2)), "(e^x)²", r"(\mathrm{e}^{x})^{2}"),
    (power(app("sin", x), 2), "sin²(x)", r"\sin^{2}(x)"),
    (power(app("log", x), 2), "(log(x))²", r"(\log x)^{2}"),
    (mul(app("log", x), y), "(log(x))·y", r"(\log x) y"),
    (mul(y, app("log", x)), "y·log(x)", r"y \, \log x"),
    (app("log", add(x, y)), "log(x + y)", r"\log(x + y)"),
    (app("abs", add(x, y)), "|x + y|", r"\vert x + y\vert"),
    (app("factorial", add(x, y)), "(x + y)!", "(x + y)!"),
    (app("conj", x), "conj(x)", r"\overline{x}"),
    (app("sqrt", add(x, y)), "√(x + y)", r"\sqrt{x + y}"),
    (mul(SUM_J, x), "(∑[j=1..n] j)·x", r"\left(\sum_{j = 1}^{n}j\right) x"),
    (mul(x, SUM_J), "x·∑[j=1..n] j", r"x \sum_{j = 1}^{n}j"),
    (app("=", app("and", x, y), z), "(x ∧ y) = z", r"(x \land y) = z"),
    (app("implies", app("or", x, y), z), "x ∨ y ⟹ z", r"x \lor y \implies z"),
    (app("and", app("or", x, y), z), "(x ∨ y) ∧ z", r"(x \lor y) \land z"),
    (app("not", app("in", x, app("integers"))), "x ∉ ℤ", r"x \notin \mathbb{Z}"),
    (app("at", Var("k"), num(1)), "k_1", "k_{1}"),
    (Var("sigma2"), "σ_2", r"\sigma_{2}"),
    (Var("alpha_a"), "α_a", r"\alpha_{a}"),
    (Var("x'1"), "x′", r"x^{\prime}"),
    (Var("x'2"), "x′′", r"x^{\prime\prime}"),
    (Var("W_Q"), "W_Q", "W_{Q}"),
    (Var("score"), "score", r"\mathrm{score}"),
]


@pytest.mark.parametrize(("term", "plain", "tex"), ROWS, ids=[r[1] for r in ROWS])
def test_brackets_and_names(term: Term, plain: str, tex: str) -> None:
    assert text.text(term) == plain
    assert latex.latex(term) == tex


def test_sorts_decide_between_entry_and_value() -> None:
    t = app("at", Var("f"), x)
    size = Index(Var("m"))
    assert latex.latex(t, Context({"f": Map((size,), REAL)})) == "f_{x}"
    assert latex.latex(t, Context({"f": Map((REAL,), REAL)})) == "f(x)"
    assert latex.latex(t, Context({"f": Map((INTEGER,), REAL)})) == "f_{x}"
    both = app("at", Var("f"), x, y)
    assert latex.latex(both, Context({"f": Map((size, REAL), REAL)})) == "f_{x}(y)"


def test_statements() -> None:
    assert statement_text(WEIGHT_LIMIT) == "lim[c → ∞] e^c/(2·e^c + m − 2) = 1/2"
    assert statement_text(PERIOD) == "Φ⁶(p, q) = (p, q),  Φ: q ← q + p; p ← p − q"
    assert statement_text(PERIOD, unicode=False).isascii()
    assert statement_text(NEVER_ZERO).startswith("∀n ∈ ℤ, n ≥ 0: q_n ≠ 0,  (p_n, q_n) ≔ Φ^n(1, 1)")
    assert statement_text(SOFTMAX) == "α_a < 1"
    assert statement_latex(ELBO).endswith(r"- \operatorname{KL}(q(z \mid x) \parallel p(z))")


def test_sides_of_limits_and_guards() -> None:
    above = Bind("limit", ("x",), (REAL,), (num(0), app("from-above")), (app("div", num(1), x),))
    assert latex.latex(above) == r"\lim_{x \to 0^{+}}\frac{1}{x}"
    guarded = Bind("sum", ("j",), (Index(Var("m")),), (), (app("!=", Var("j"), a), Var("j")))
    assert latex.latex(guarded) == r"\sum_{\substack{j = 1 \\ j \ne a}}^{m}j"
    assert (
        latex.latex(Bind("limit", ("x",), (REAL,), (OO, app("two-sided")), (x,))) == r"\lim_{x \to \infty}x"
    )


def test_wide_formulas_break_after_quantifiers_and_before_relations() -> None:
    families = Map((Index(Var("m")), Index(Var("d"))), REAL)
    entry = app("at", Var("x"), Var("i"), Var("r"))
    long = add(*[app("pow", entry, num(k)) for k in range(2, 12)])
    body = Bind("forall", ("i", "r"), (Index(Var("m")), Index(Var("d"))), (), (TRUE, app("=", long, long)))
    lines = broken(layout(Bind("forall", ("x",), (families,), (), (TRUE, body)), EMPTY))
    assert isinstance(lines, Lines)
    shown = [text.spell(right) for _, right in lines.rows]
    assert shown[0] == "∀x ∈ ℝ^(m × d):"
    assert shown[1] == "∀i ∈ {1, …, m}, r ∈ {1, …, d}:"
    assert any(line.startswith("= x[i, r]²") for line in shown)
    assert broken(layout(x, EMPTY)) == layout(x, EMPTY)


def test_definitions_fold_back() -> None:
    folder = Folder({d.name: d for d in SOFTMAX.definitions})
    assert folder(SOFTMAX.sequent.goal) == SOFTMAX.statement
    assert folder(add(x, y)) == add(x, y)


def test_every_head_and_binder_in_every_format() -> None:
    for t in (*every_head(), *every_binder()):
        node = layout(t, EMPTY)
        assert latex.spell(node)
        assert latex.spell(node, github=True)
        assert text.spell(node)
        assert text.spell(node, unicode=False).isascii(), t
        assert typst.spell(node)
        assert well_formed(mathml.element(node)), t


def test_github_latex_has_no_sign_that_markdown_reads() -> None:
    for t in (*every_head(), *every_binder(), Var("a`b$c|d<e")):
        shown = latex.spell(layout(t, EMPTY), github=True)
        assert not set("$`<>|") & set(shown), shown


def test_typst_compiles_every_head_and_binder(tmp_path: object) -> None:
    compiler = pytest.importorskip("typst")
    terms = [(t, EMPTY) for t in (*every_head(), *every_binder())]
    terms += [(c.statement, context_of(c)) for c in CLAIMS]
    source = "".join(f"$ {typst.spell(layout(t, context))} $\n\n" for t, context in terms)
    assert compiler.compile(source.encode()).startswith(b"%PDF")


def test_reporting_loads_no_algebra_system() -> None:
    code = "import sys, checker.reporting.build; sys.exit('sympy' in sys.modules or 'flint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_two_names_of_one_letter_stay_apart() -> None:
    shown = {text.text(Var(name)) for name in ("x", "x'", "x''", "x'3", "x_1", "x*")}
    assert len(shown) == 6


class _Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fine = True

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.fine = self.fine and bool(self.open) and self.open.pop() == tag


def well_formed(markup: str) -> bool:
    parser = _Balance()
    parser.feed(markup)
    return parser.fine and not parser.open


def test_a_claim_with_a_clashing_letter_names_its_iteration_otherwise() -> None:
    claim = Claim((("Φ", REAL), *PERIOD.declarations), (), PERIOD.statement)
    assert statement_text(claim).startswith("Ψ⁶(p, q)")
