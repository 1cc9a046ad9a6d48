"""Gradients from the language to the verdict; each false twin is refuted by its value at a small point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sympy

from checker.engines.portfolio import decide
from checker.kernel.term import show
from checker.kernel.verdict import Proved, verify
from checker.language.derivation import Derivation, read_claim
from checker.language.errors import StatementError
from checker.language.gradients import grad, hessian, jacobian, partial
from checker.language.indices import dot, family, function, index, relu, sizes, softmax, total, vector
from checker.language.logic import eq

from .claims import layers, networks


@pytest.fixture(autouse=True)
def unevaluated() -> Iterator[None]:
    with sympy.evaluate(False):
        yield


with sympy.evaluate(False):
    ROWS = {**layers(), **networks()}


@pytest.mark.parametrize("name", list(ROWS))
def test_a_claim_gets_its_verdict(name: str) -> None:
    parts, given, expected = ROWS[name]
    claim, _ = read_claim(parts, given, {})
    certificate = decide(claim, {}).certificate
    assert (certificate or {}).get("verdict", "undecided") == expected
    verify(claim, certificate or {})


def test_a_corner_is_a_condition_and_only_where_it_moves() -> None:
    m = sizes("m")
    i, j = index("i j", m)
    x = vector("x", m)
    parts = (partial(total(i, relu(x[i])), x[j]), "=", sympy.Piecewise((1, x[j] > 0), (0, True)))
    claim, _ = read_claim(parts, [], {})
    proved = verify(claim, decide(claim, {}).certificate or {})
    assert isinstance(proved, Proved)
    assert [show(c) for c in proved.conditions] == ["x[j] != 0"]


def test_definitions_are_differentiated_through() -> None:
    d = Derivation("through")
    m = d.sizes("m")
    i, j = d.index("i j", m)
    z, y = d.vector("z y", m)
    p = d.define("p", softmax(z[j], over=j)[i], over=i)
    d.claim("cross-entropy", grad(-total(i, y[i]*sympy.log(p[i])), z)[j], "=", p[j] - y[j],
            given=[eq(total(i, y[i]), 1)])
    (stated,) = d.claims
    assert [p.name for p in stated.claim.definitions] == ["p"]      # kept, though z is bound in one use and free in one
    certificate = decide(stated.claim, {}).certificate or {}
    assert certificate.get("verdict") == "proved"


def test_two_names_bound_in_two_uses_of_a_definition_stay_apart() -> None:
    """limit(f, c, ..) and limit(f, t, ..): the parameter of one use is not that of the other."""
    d = Derivation("apart")
    c, t = d.real("c t")
    f = d.define("f", c*t)
    d.claim("apart", partial(f, c) + partial(f, t), "=", t + c)
    claim = d.claims[0].claim
    assert (decide(claim, {}).certificate or {}).get("verdict") == "proved"


M = sizes("m")
I, J = index("i j", M)
X, Z = vector("x z", M)
N = sizes("n")
A = index("a", N)


def defined() -> Any:
    return Derivation("bad").define("h", 2*X)


@pytest.mark.parametrize("build, part", [
    (lambda: partial(dot(X, X), I), "which is an index"),
    (lambda: partial(dot(X, X), X), "grad(f, x) is the derivative by all of them"),
    (lambda: grad(X, X), "jacobian(x, x) is the matrix of its derivatives"),
    (lambda: partial(dot(X, X), X[A]), "x takes an index up to m, and a is an index up to n"),
    (lambda: hessian(dot(X, X), X)[I, A], "a is an index up to n"),
    (lambda: grad(dot(X, X), X)[I, J], "takes 1 indices, not 2"),
    (lambda: jacobian(X, X, layout="columns"), "numerator (entry (i, j) is d u_i/d x_j)"),
    (lambda: partial(dot(X, X), defined()), "is defined: what is held while it moves?"),
    (lambda: partial(dot(X, X), defined()[I]), "is defined: what is held while it moves?"),
    (lambda: partial(sympy.Symbol("c")**2, sympy.Symbol("c")), "declare it real"),
    (lambda: partial(dot(X, X), 2*X[I]), "name a declared vector"),
    (lambda: partial(function("phi")(X[I]), function("phi")(X[I])), "the value of a function"),
    (lambda: partial(total(I, X[I]**2), X[I]), "i is bound in"),
    (lambda: partial(sympy.Integral(sympy.Symbol("s", real=True), (sympy.Symbol("s", real=True), 0, 1)),
                     sympy.Symbol("s", real=True)), "s is bound in"),
    (lambda: read_claim((partial(family("c", M, kind="complex")[I], family("c", M, kind="complex")[I]), "=", 1), [], {}),
     "which is not declared real"),
])
def test_a_derivative_that_means_nothing_is_told(build: Any, part: str) -> None:
    with pytest.raises(StatementError) as error:
        build()
    assert part in str(error.value)
