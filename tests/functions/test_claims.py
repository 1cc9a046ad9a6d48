"""Functions of vectors from the language to the verdict; each false twin is refuted by a small polynomial."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sympy

from checker.engines.portfolio import decide
from checker.kernel.verdict import Proved, verify
from checker.language.derivation import Derivation, read_claim
from checker.language.errors import StatementError
from checker.language.functions import functions, minimiser, monotone, smooth, strongly_convex, subgradient
from checker.language.gradients import grad, hessian, jacobian
from checker.language.indices import sizes, vector

from .rows import chain_rule, methods


@pytest.fixture(autouse=True)
def unevaluated() -> Iterator[None]:
    with sympy.evaluate(False):
        yield


with sympy.evaluate(False):
    ROWS = {**methods(), **chain_rule()}


@pytest.mark.parametrize("name", list(ROWS))
def test_a_claim_gets_its_verdict(name: str) -> None:
    parts, given, expected = ROWS[name]
    claim, _ = read_claim(parts, given, {})
    certificate = decide(claim, {}).certificate
    assert (certificate or {}).get("verdict", "undecided") == expected
    minted = verify(claim, certificate or {})
    if isinstance(minted, Proved):
        assert not minted.conditions or name == "residual block"       # where the activation has a derivative


def test_theorems_that_are_used_are_named() -> None:
    parts, given, _ = ROWS["gap"]
    claim, _ = read_claim(parts, given, {})
    minted = verify(claim, decide(claim, {}).certificate or {})
    assert set(minted.axioms) == {"first-order condition of convexity",
                                  "a differentiable function is stationary at its minimum"}


N, M = sizes("n m")
f, F, phi = functions("f", N), functions("F", N, to=M), functions("phi", N, differentiable=False)
X, Z = vector("x", N), vector("z", M)


@pytest.mark.parametrize("build, part", [
    (lambda: f(Z), "f takes a vector of length n, and z is a vector of length m"),
    (lambda: f(X, X), "f takes one vector, not 2 arguments"),
    (lambda: f(f), "write f(f(x))"),
    (lambda: f[1], "f(x) is its value at a vector"),
    (lambda: F.grad(X), "its derivative is jacobian(F, x)"),
    (lambda: hessian(F, X), "a Hessian is of a real function"),
    (lambda: grad(phi, X), "differentiable=False"),
    (lambda: smooth(phi, 1), "differentiable=False"),
    (lambda: smooth(X, 1), "takes a function declared by D.function"),
    (lambda: strongly_convex(F, 1), "F has vectors as values"),
    (lambda: minimiser(f, Z), "where a vector of length n is needed"),
    (lambda: strongly_convex(f, X), "where a number is needed"),
    (lambda: subgradient(phi, X, Z), "z is a vector of length m"),
    (lambda: monotone(F), "not of the length of its argument"),
    (lambda: jacobian(F, X)[1, 2, 3], "takes 2 indices, not 3"),
    (lambda: functions("f", X), "takes the length of the vectors"),
])
def test_a_statement_that_means_nothing_is_told(build: Any, part: str) -> None:
    with pytest.raises(StatementError) as error:
        build()
    assert part in str(error.value)


def test_one_name_for_functions_of_numbers_and_of_vectors() -> None:
    d = Derivation("names")
    n = d.sizes("n")
    x = d.vector("x", n)
    activation, loss = d.function("sigma"), d.function("ell", n)
    d.claim("both", loss(activation(x)), "=", loss(activation(x)))
    assert (decide(d.claims[0].claim, {}).certificate or {}).get("verdict") == "proved"
