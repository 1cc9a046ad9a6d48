"""What people see of a refutation: the point with the names that are quantified, and both sides there."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Function, Integral, Sum, exp, oo, symbols

from checker import KL, Derivation, and_, entropy, eq, forall, inverse, invertible, minimises
from checker.console.rows import witness_text
from checker.engines.account import _counting
from checker.engines.portfolio import decide
from checker.kernel.verdict import Refuted, verify
from checker.language.derivation import read_claim
from checker.running.witness import for_people

D = Derivation("shown")
n, d = D.sizes("n d")
A, B = D.matrix("A", n, n), D.matrix("B", n, n)
X, y, u = D.matrix("X", n, d), D.vector("y", n), D.vector("u", d)
w, x, beta = symbols("w x beta", real=True)
rate = symbols("lambda", positive=True)
s = symbols("s", integer=True)
N = symbols("N", integer=True, nonnegative=True)
m, g = Function("m", real=True), Function("g", real=True)
a, b = D.variables("a b")
law, other = D.densities("l o")
MOMENTUM = [forall(s, eq(m(s + 1), beta*m(s) + g(s)), where=s >= 0), eq(m(0), 0)]
BEST = inverse(X.T @ X) @ X.T @ y

with sympy.evaluate(False):
    ROWS: list[tuple[str, Any, list[Any], list[str]]] = [
        ("a better point", minimises((y - X @ u).T @ (y - X @ u), {u: 2*BEST}), [invertible(X.T @ X)],
         ["u = (", "left ", "right "]),
        ("which part", and_(w**2 >= 0, w**2 >= w), [], ["w = 1/2", "part 2 fails, w² ≥ w", "left 1/4, right 1/2"]),
        ("matrices", eq(A @ B, B @ A), [], ["left ((", "right (("]),
        ("values of a sequence", eq(m(2), g(1) + beta**2*g(0)), MOMENTUM, ["m(0) = 0, m(1) = ", "left ", "right "]),
        ("cells of a continuous law", entropy(law(a)) >= 0, [], ["on cells of width 1/2"]),
        ("axes of a table", KL(law(a | b), other(a | b)) <= 0, [], ["l(a | b) = (("]),
        ("an integral", eq(Integral(x*rate*exp(-rate*x), (x, 0, oo)), 2/rate), [], ["left 1, right 2"]),
        ("not by 0^0", eq(Sum(beta**s, (s, 0, N)), (1 - beta**N)/(1 - beta)), [beta >= 0, beta < 1], ["beta = 1/2"]),
    ]


@pytest.mark.parametrize(("claim", "given", "parts"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_shown(claim: Any, given: list[Any], parts: list[str]) -> None:
    read = read_claim((claim,), given, {})[0]
    certificate = decide(read, {}).certificate
    assert certificate is not None
    refuted = verify(read, certificate)
    assert isinstance(refuted, Refuted)
    line = witness_text(for_people(refuted, certificate))
    assert all(p in line for p in parts), line


def test_many_logarithms_have_their_size_beside_them() -> None:
    from fractions import Fraction

    from checker.running.logs import _with_size

    two, three = {2: Fraction(1), 3: Fraction(-1)}, {2: Fraction(1), 3: Fraction(-1), 5: Fraction(1)}
    assert _with_size(two) == "log(2) - log(3)"
    assert _with_size(three) == "log(2) - log(3) + log(5) ≈ 1.20397"


def test_induction_is_suggested_where_it_can_help() -> None:
    """Over a power, not over the size of a vector."""
    power = read_claim((2**N, ">", N), [], {})[0]
    vector = read_claim((y.T @ y, ">", 1), [], {})[0]
    assert _counting(power.sequent) == ["N"]
    assert _counting(vector.sequent) == []
