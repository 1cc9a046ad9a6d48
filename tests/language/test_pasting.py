"""Next steps are source text: what is written reads back as the same term."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Abs, Rational, exp, log, symbols

import checker
from checker.engines.pasting import source
from checker.language.derivation import read_claim

x, y = symbols("x y", real=True)
n = symbols("n", integer=True)
m = checker.sizes("m")
i, j = checker.index("i j", m)
a, w = checker.family("a", m), checker.family("w", m, m)
u, v = checker.variables("u v")
p, q = checker.densities("p q")
NAMES = {"x": x, "y": y, "n": n, "i": i, "j": j, "a": a, "w": w, "u": u, "v": v, "p": p, "q": q, "m": m}
NAMES |= {name: getattr(sympy, name) for name in ("Abs", "Rational", "exp", "log", "sqrt", "factorial", "Max")}
NAMES |= {name: getattr(checker, name) for name in ("eq", "ne", "and_", "or_", "forall", "exists", "implies", "total",
                                                    "integral", "E", "KL", "delta")}
with sympy.evaluate(False):
    ROWS = [
        checker.le(x/y - Rational(1, 2), Abs(x - 1)*(y + 2)), checker.eq(-(x + y)**2/x, exp(-x)),
        checker.forall(i, checker.implies(checker.ne(i, j), a[i] < w[i, j])),
        checker.eq(checker.total(j, a[j], where=j <= i), checker.delta(i, j)), checker.exists(n, checker.eq(n**2, n)),
        checker.eq(checker.integral(p(u, v), u), p(v)), checker.le(checker.E(log(p(u | v)), u, q(u | v)), 0),
        checker.eq(checker.KL(q(u), p(u)), 0),
    ]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_is_written_reads_back(row: Any) -> None:
    claim = read_claim((row,), (), {})[0]
    text = source(claim.sequent.goal, claim.sequent.declarations)
    assert text is not None
    with sympy.evaluate(False):
        again = read_claim((eval(text, {"__builtins__": {}}, NAMES),), (), {})[0]
    assert again.statement == claim.statement


def test_what_has_no_form_is_left_out() -> None:
    long = checker.eq(sympy.Add(*(x**k for k in range(2, 60)), evaluate=False), 0)
    claim = read_claim((long,), (), {})[0]
    assert source(claim.sequent.goal, claim.sequent.declarations) is None
