"""Limits, stated and decided: rows that must be proved, rows that must be refuted, rows that must be
neither.  The refuted ones are what a naive check accepts."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import (
    Abs, E, Max, Min, Ne, Piecewise, Rational, Sum, Symbol, acot, atan, binomial, ceiling, cos, exp, factorial,
    floor, harmonic, log, oo, pi, sign, sin, sqrt, symbols, tan, tanh,
)

from checker.kernel.term import show
from checker.language.limits import limit

from .claims import read, verdict

c, p, q, r, x = symbols("c p q r x", real=True)
u, v = symbols("u v", positive=True)
n, k, s = symbols("n k s", integer=True)
m = symbols("m", integer=True, positive=True)

with sympy.evaluate(False):
    softmax = exp(p*c)/(exp(p*c) + exp(q*c))
    three = exp(p*c)/(exp(p*c) + exp(q*c) + exp(r*c))
    PROVED: list[Any] = [
        (limit(exp(c)/(2*exp(c) + m - 2), c, oo), "=", Rational(1, 2), [m >= 2], []),
        (limit(1/(2*exp(c) + m - 2), c, oo), "=", 0, [m >= 3], []),
        (limit(softmax, c, oo), "=", 1, [p > q], []),
        (limit(softmax, c, oo), "=", 0, [p < q], []),
        (limit(softmax, c, oo), "=", Rational(1, 2), [sympy.Eq(p, q)], []),
        (limit(three, c, oo), "=", 1, [p > q, p > r], []),
        (limit(three, c, oo), "=", Rational(1, 2), [sympy.Eq(p, q), p > r], []),
        (limit((p*x + 1)/(q*x + 1), x, oo), "=", p/q, [], ["q != 0"]),
        (limit(1/(p*x), x, oo), "=", 0, [], ["p != 0"]),
        (limit(log(p)/x, x, oo), "=", 0, [], ["p != 0"]),
        (limit(sqrt(x**2)/x, x, 0, "+"), "=", 1, [], []),
        (limit(sqrt(x**2)/x, x, 0, "-"), "=", -1, [], []),
        (limit(sin(x)/x, x, 0), "=", 1, [], []),
        (limit(sin(x)/x, x, oo), "=", 0, [], []),
        (limit((1 - cos(x))/x**2, x, 0), "=", Rational(1, 2), [], []),
        (limit((exp(x) - 1 - x)/x**2, x, 0), "=", Rational(1, 2), [], []),
        (limit((tan(x) - x)/x**3, x, 0), "=", Rational(1, 3), [], []),
        (limit((1 + x)**(1/x), x, 0), "=", E, [], []),
        (limit((1 + p/x)**x, x, oo), "=", exp(p), [], []),
        (limit((1 + p/n)**n, n, oo), "=", exp(p), [], []),
        (limit(x**p*exp(-x), x, oo), "=", 0, [], []),
        (limit(log(x)/x**p, x, oo), "=", 0, [p > 0], []),
        (limit(x*log(x), x, 0, "+"), "=", 0, [], []),
        (limit(x**x, x, 0, "+"), "=", 1, [], []),
        (limit(sqrt(x**2 + x) - x, x, oo), "=", Rational(1, 2), [], []),
        (limit(x, x, -oo), "=", -oo, [], []),
        (limit(p*x, x, oo), "=", oo, [p > 0], []),
        (limit(1/x, x, 0, "-"), "=", -oo, [], []),
        (limit(atan(p*x), x, oo), "=", pi/2*sign(p), [], []),
        (limit(tanh(x), x, -oo), "=", -1, [], []),
        (limit(u**n, n, oo), "=", 0, [u < 1], []),
        (limit(p**n, n, oo), "=", 0, [Abs(p) < 1], []),
        (limit(u**(1/n), n, oo), "=", 1, [], []),
        (limit((u**n + v**n)**(1/n), n, oo), "=", Max(u, v), [], []),
        (limit((2**x + 3**x)**(1/x), x, oo), "=", 3, [], []),
        (limit(sin(pi*n), n, oo), "=", 0, [], []),
        (limit((-1)**(2*n), n, oo), "=", 1, [], []),
        (limit((-1)**n/n, n, oo), "=", 0, [], []),
        (limit(floor(x)/x, x, oo), "=", 1, [], []),
        (limit(harmonic(n)/log(n), n, oo), "=", 1, [], []),
        (limit(factorial(n)**(1/n)/n, n, oo), "=", 1/E, [], []),
        (limit(binomial(2*n, n)*sqrt(n)/4**n, n, oo), "=", 1/sqrt(pi), [], []),
        (limit(sin(x)**2 + cos(x)**2, x, oo), "=", 1, [], []),
        (limit(exp(c)/(2*exp(c) + m - 2), c, oo), "<", 1, [m >= 2], []),
        (limit(x/(x + p), x, oo), "=", limit(x/(x + q), x, oo), [], []),
        (limit(x/(2*x + p), x, oo), "<", limit(x/(x + q), x, oo), [], []),
        (limit(Min(x, p), x, oo), "=", p, [], []),
        (limit(sin(x)/x, x, 0), "!=", 0, [], []),
        (limit(Sum(1/k, (k, 1, n))/log(n), n, oo), "=", 1, [], []),
        (limit(x*(2 + sin(x)), x, oo), "=", oo, [], []),
        (limit(n*(2 + (-1)**n), n, oo), "=", oo, [], []),
        (limit((x + sin(x)*cos(x**2))/(x*(3 - cos(x))*x), x, oo), "=", 0, [], []),
        (limit(Sum(sqrt(k), (k, 1, n))/n**Rational(3, 2), n, oo), "=", Rational(2, 3), [], []),
        (limit(Sum((k/n)**2, (k, 1, n))/n, n, oo), "=", Rational(1, 3), [], []),
    ]
    REFUTED: list[Any] = [
        (limit(softmax, c, oo), "=", 0, [p > 0, q > 0]),          # both tend to oo; it depends on p against q
        (limit(softmax, c, oo), "=", 1, [p >= q]),                # equal exponents must merge
        (limit(1 + exp(-c*r), c, oo), "=", 1, [r >= 0]),
        (limit(sqrt(x**2)/x, x, 0), "=", 1, []),                  # one side only
        (limit(Abs(x)/x, x, 0), "=", 1, []),
        (limit(1/x, x, 0), "=", oo, []),
        (limit(sin(x), x, oo), "=", 0, []),
        (limit(sin(1/x), x, 0), "=", 0, []),
        (limit((-1)**n, n, oo), "=", 1, []),
        (limit(cos(pi*n), n, oo), "=", 1, []),
        (limit(sin(pi*x), x, oo), "=", 0, []),                    # over the reals there is none
        (limit(p*x, x, oo), "=", oo, []),
        (limit(atan(p*x), x, oo), "=", pi/2, []),
        (limit(p**n, n, oo), "=", 0, [p >= -1, p < 1]),
        (limit(u**n, n, oo), "=", 0, []),
        (limit((u**n + v**n)**(1/n), n, oo), "=", u, []),
        (limit((p*x + 1)/(q*x + 1), x, oo), "=", 1, [q > 0]),
        (limit(exp(c)/(2*exp(c) + m - 2), c, oo), "<", Rational(1, 2), []),
        (limit(exp(c)/(2*exp(c) + m - 2), c, oo), "=", Rational(1, 3), [m >= 2]),
        (limit(floor(x), x, 1), "=", 1, []),
        (limit(sin(x), x, oo), "!=", 5, []),                      # != asserts that the limit exists
        (limit(x, x, oo), "=", 5, []),
        (limit(x*sin(x), x, oo), "=", oo, []),
        (limit(sin(n), n, oo), "=", 0, []),                       # windows: no rational subsequence closes
        (limit(3 - 2*cos(5*n + 1), n, oo), "=", 1, []),
        (limit(sin(3*n), n, oo), "=", 0, []),
        (limit(x - floor(x), x, oo), "=", 0, []),
        (limit((1 + 1/n)**n, n, oo), "=", Rational(27182818, 10**7), []),
        (limit(harmonic(n) - log(n), n, oo), "=", Rational(1, 2), []),
        (limit(acot(p*x), x, oo), "=", 0, []),                    # acot 0 = pi/2
        (limit(Piecewise((p/p + 1/x, Ne(p, 0)), (5, True)), x, oo), "=", 1, []),     # at p = 0 it is 5
        (limit(x*(1 + sin(x)), x, oo), "=", oo, []),              # 0 again and again
        (limit(x*(2 - sin(x)), x, oo), "=", -oo, []),
        (limit(Sum(1/k, (k, 1, n))/log(n), n, oo), "=", 2, []),
        (limit(Sum(sqrt(k), (k, 1, n))/n**2, n, oo), "=", Rational(2, 3), []),
    ]
    OPEN: list[Any] = [
        (limit(x*(1 + sin(x)*sin(x)), x, oo), "=", oo, []),       # true; twice in a product
        (limit(x/(1 + sin(x)), x, oo), "=", oo, []),
        (limit(p*x, x, oo), "=", oo*sign(p), []),    # oo stands alone: inside a product it is no value
        (limit(x, x, oo), "=", sympy.Mul(2, oo), []),
        (limit(x, x, oo), "!=", 5, []),              # oo is a value only where it is written
        (limit(x, x, oo), ">", 5, []),
        (limit(sin(n**2), n, oo), "=", 0, []),       # false, and no rule of ours shows it
        (limit((-1)**floor(2*sin(n)), n, oo), "=", 1, []),      # an exponent known up to O(1) has no parity
        (limit((-1)**ceiling(sin(n)), n, oo), "=", 1, []),
        # undefined at s = 5, though (s - 5)/(s - 5) is a polynomial in its normal form
        (limit(Sum(n*(s - 5)/(s - 5), (s, 1, n))/n**2, n, oo), "=", 1, []),
        # p = 0 is admissible and everything is defined there: p != 0 is no condition of these
        (limit(Piecewise((5, x < 0), (p/p, True)), x, -oo), "=", 6 - sign(p)**2, []),
        (sympy.Limit(Abs(x)/x, x, 0), "=", 1, []),   # SymPy's default side: proved only if two-sided
    ]


@pytest.mark.parametrize("row", PROVED, ids=str)
def test_proved(row: Any) -> None:
    left, relation, right, given, conditions = row
    found, minted = verdict(read(left, relation, right, given=given))
    assert found == "proved", minted
    assert [show(t) for t in minted.conditions] == conditions


@pytest.mark.parametrize("row", REFUTED, ids=str)
def test_refuted(row: Any) -> None:
    left, relation, right, given = row
    found, minted = verdict(read(left, relation, right, given=given))
    assert found == "refuted", minted


@pytest.mark.parametrize("row", OPEN, ids=str)
def test_neither(row: Any) -> None:
    left, relation, right, given = row
    assert verdict(read(left, relation, right, given=given))[0] == "undecided"


def test_default_side_of_sympy() -> None:
    """Limit(f, x, 0) equals Limit(f, x, 0, "+"): proved two-sided, refuted from above."""
    assert verdict(read(sympy.Limit(sin(x)/x, x, 0), "=", 1))[0] == "proved"
    assert verdict(read(sympy.Limit(Abs(x)/x, x, 0), "=", -1))[0] == "refuted"
    assert verdict(read(sympy.Limit(Abs(x)/x, x, 0, "-"), "=", -1))[0] == "proved"


def test_a_plain_symbol_moves_along_the_reals() -> None:
    z = Symbol("z")
    assert verdict(read(limit(z/(z + 1), z, oo), "=", 1))[0] == "proved"
    assert verdict(read(limit(k/(k + 1), k, oo), "=", 1))[0] == "proved"
