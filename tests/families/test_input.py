"""Bad input: every message says what, where, and what would help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy
from sympy import Rational, oo, symbols

from checker import (
    KL, E, Pr, bernoulli, beta_law, binomial_law, categorical, exponential, gamma_law, geometric, integral, pdf,
    pmf, poisson, uniform, variables)
from checker.language.derivation import read_claim
from checker.language.errors import StatementError

x, y, m = symbols("x y m", real=True)
a, p = symbols("a p", positive=True)
k = symbols("k", integer=True)
X = variables("X", measure="lebesgue")


def read(*parts: Any) -> None:
    with sympy.evaluate(False):
        read_claim(parts, [], {})


BAD: list[tuple[str, Callable[[], Any], str]] = [
    ("negative rate", lambda: exponential(x, -1), "the rate -1 is not positive"),
    ("no rate", lambda: exponential(x), "give the rate, or scale="),
    ("rate and scale", lambda: gamma_law(x, 2, 3, scale=1), "one of the two"),
    ("probability 2", lambda: bernoulli(k, 2), "2 is no probability"),
    ("shape 0", lambda: beta_law(x, 0, 1), "the parameter 0 is not positive"),
    ("empty interval", lambda: uniform(x, 2, 1), "2 is not below 1"),
    ("trials", lambda: binomial_law(k, a, p), "symbols('a', integer=True)"),
    ("start", lambda: geometric(k, p, start=2), "counts from 0 (failures) or from 1 (trials)"),
    ("mass 1/2", lambda: pdf(x, x, 0, 1), "has the total mass 1/2, not 1"),
    ("mass 6", lambda: pmf(k, k, 1, 3), "has the total mass 6, not 1"),
    ("probabilities", lambda: categorical(k, [Rational(1, 2), Rational(1, 3)]), "add up to 5/6"),
    ("counts of a real variable", lambda: poisson(X, a), "declare X = symbols(\"X\", integer=True)"),
    ("no density in x", lambda: read(E(x, x, exponential(y, a)), "=", 1), "is no density in x"),
    ("a formula without support", lambda: read(integral(sympy.exp(-x), x), "=", 1), "pdf(formula, x, 0, oo)"),
    ("an event in another form", lambda: read(Pr(x**2 > 1, exponential(x, a)), "=", 1), "state bounds on x"),
    ("support of a square", lambda: read(integral(exponential(x**2, a), x), "=", 1), "x + c or c - x"),
    ("half an integer", lambda: read(poisson(k/2, a), "=", 0), "k/2 is no integer"),
    ("a count at real points", lambda: read(E(poisson(x, a), x, exponential(x, 1)), "=", 0), "x is no integer"),
    ("two measures", lambda: read(integral(poisson(k, a)*exponential(k, 1), k), "=", 1), "of integers and of real"),
    ("an infinite divergence", lambda: read(KL(categorical(k, [0, Rational(1, 2), Rational(1, 2)]),
                                               categorical(k, [1, 0, 0])), ">=", 1), "is infinite"),
    ("pdf of a number", lambda: pdf(x, 2*x, 0, oo), "is no variable"),
]


@pytest.mark.parametrize("make, message", [(b, c) for _, b, c in BAD], ids=[a for a, _, _ in BAD])
def test_bad_input(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(StatementError) as error:
        make()
    assert message in str(error.value)


def test_parameters_bring_what_they_satisfy() -> None:
    from checker.kernel.term import show

    with sympy.evaluate(False):
        claim = read_claim((E(x, exponential(x, m)), "=", 1/m), [], {})[0]
    assert [show(c) for c in claim.assumptions] == ["m > 0"]
