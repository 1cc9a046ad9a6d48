"""Powers beyond those that are written out as products keep their value: x^17 was read as 1."""

from __future__ import annotations

import pytest
import sympy
from sympy import Integral, Rational, exp, factorial, oo, symbols

from checker import Derivation, E, beta_law, chi_squared, exponential
from tests.kernel.statements import verdict

X = symbols("x", real=True)
B = symbols("b", positive=True)
with sympy.evaluate(False):
    ROWS = [
        (Integral(X**17*exp(-X), (X, 0, oo)), "=", factorial(17), "proved"),
        (Integral(X**17*exp(-X), (X, 0, oo)), "=", 1, "refuted"),
        (Integral(X**16*exp(-X), (X, 0, oo)), "=", factorial(16), "proved"),
        (E(X, chi_squared(X, 36)), "=", 36, "proved"),
        (E(X, chi_squared(X, 36)), "=", 35, "refuted"),
        (E(X, beta_law(X, 20, 20)), "=", Rational(1, 2), "proved"),
        (E(X**17, exponential(X, B)), "=", factorial(17)/B**17, "proved"),
        (E(X**20, exponential(X, 1)), "<=", 1, "refuted"),
    ]


@pytest.mark.parametrize(("left", "relation", "right", "expected"), ROWS)
def test_high_powers(left: object, relation: str, right: object, expected: str) -> None:
    D = Derivation("rows")
    with sympy.evaluate(False):
        D.claim("row", left, relation, right)
    assert verdict(D.claims[0].claim)[0] == expected
