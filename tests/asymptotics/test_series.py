"""Series that converge and series that diverge: each is proved, and its opposite refuted."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Abs, Rational, Sum, binomial, cos, exp, factorial, log, oo, sin, sqrt, symbols

from checker.kernel.claim import Sequent
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.language.errors import StatementError
from checker.language.series import converges, diverges

from .claims import read, verdict

k, j = symbols("k j", integer=True)
p, x = symbols("p x", real=True)
a = symbols("a", positive=True)

with sympy.evaluate(False):
    CONVERGENT: list[Any] = [
        (1/k**2, 1), (1/k**Rational(3, 2), 1), (1/(k*log(k)**2), 2), (k**5/3**k, 0), (2**k/factorial(k), 0),
        (factorial(k)/k**k, 1), (factorial(k)**2/factorial(2*k), 0), (exp(-sqrt(k)), 0), (1/log(k)**log(k), 2),
        ((-1)**k/sqrt(k), 1), ((-1)**(k + 1)*log(k)/k, 1), (sin(k)/k, 1),            # SymPy says the last diverges
        (cos(k**2)/k**2, 1), (1 - cos(1/k), 1), (1/k - log(1 + 1/k), 1), ((-1)**k/k + 1/k**2, 1),
        (1/k**p, 1, p > 1), (k*p**k, 0, Abs(p) < 1), (x**k/k, 1, x >= -1, x < 1), (exp(-a*k), 0),
        (binomial(2*k, k)/5**k, 0), (sin(k)*cos(k)/k**2, 1),
    ]
    DIVERGENT: list[Any] = [
        (1/k, 1), (1/(k*log(k)), 2), (k/(k + 1), 0), ((-1)**k, 0), (cos(1/k), 1), (factorial(k)/2**k, 0),
        (k**k/factorial(k)/2**k, 1), (1/k**(1 + 1/k), 1), (sin(1/k), 1), (sqrt(k + 1) - sqrt(k), 1),
        ((-1)**k/k + 1/k, 1), (sin(k)**2/k, 1), (binomial(2*k, k)/4**k, 0), (1/k**p, 1, p <= 1),
        (x**k/k, 1, x > 1), (1/(k - 5)**2, 1),                                        # undefined at k = 5
    ]
    NEITHER: list[Any] = [
        ((-1)**k/(sqrt(k) + (-1)**k), 2),         # diverges: alternating, and not monotone
        (sin(k)*sin(k)/k, 1),                     # partial sums of sin^2 are not bounded
        (cos(2*sympy.pi*k)/sqrt(k), 1, p > 1),    # whole turns: it is 1/sqrt(k)
        (1/k**p, 1),                              # depends on p
    ]


@pytest.mark.parametrize("row", CONVERGENT, ids=str)
def test_convergent(row: Any) -> None:
    f, start, *given = row
    with sympy.evaluate(False):
        s = Sum(f, (k, start, oo))
    assert verdict(read(converges(s), given=given))[0] == "proved"
    assert verdict(read(diverges(s), given=given))[0] == "refuted"


@pytest.mark.parametrize("row", DIVERGENT, ids=str)
def test_divergent(row: Any) -> None:
    f, start, *given = row
    with sympy.evaluate(False):
        s = Sum(f, (k, start, oo))
    found, minted = verdict(read(converges(s), given=given))
    assert found == "refuted", minted
    if start != 1 or f != 1/(k - 5)**2:
        assert verdict(read(diverges(s), given=given))[0] == "proved"


@pytest.mark.parametrize("row", NEITHER, ids=str)
def test_convergence_is_not_proved(row: Any) -> None:
    f, start, *given = row
    with sympy.evaluate(False):
        s = Sum(f, (k, start, oo))
    assert verdict(read(converges(s), given=given))[0] != "proved"


def sequent(f: Any, start: int = 1, diverging: bool = False) -> Sequent:
    with sympy.evaluate(False):
        s = Sum(f, (k, start, oo))
    return read(diverges(s) if diverging else converges(s)).sequent


def leaf(test: str, order: int = 2) -> dict[str, Any]:
    return {"rule": "series", "defined": [], "tree": {"test": test, "order": order}}


with sympy.evaluate(False):
    REJECTED: list[Any] = [
        (1/k, 1, False, leaf("comparison")),                          # the border
        (1/k**2, 1, True, leaf("comparison")),
        (1/k**2, 0, False, leaf("comparison")),                       # the first term
        ((-1)**k/k, 1, True, leaf("comparison")),
        ((-1)**k/k, 1, True, leaf("dirichlet")),
        ((-1)**(2*k)/k, 1, False, leaf("dirichlet")),                 # no change of sign
        (cos(2*sympy.pi*k)/k, 1, False, leaf("dirichlet")),           # whole turns
        ((-1)**k*(1 + 1/k), 1, False, leaf("dirichlet")),             # does not tend to 0
        ((-1)**k*(2 + sin(k))/k, 1, False, leaf("dirichlet")),        # not monotone
        (1/k**2, 1, False, leaf("comparison", 99)),
        (1/k**2, 1, False, {"rule": "series", "defined": [], "tree": {"test": "parts", "of": []}}),
        (1/k + 1/k**2, 1, False, {"rule": "series", "defined": [], "tree": {"test": "parts", "of": [
            [False, {"test": "comparison", "order": 2}], [True, {"test": "comparison", "order": 2}]]}}),
        (1/k**2, 1, False, {**leaf("comparison"), "rewrite": {       # the same only where k is not 1
            "body": ["div", ["add", {"v": "k"}, "-1"], ["mul", ["add", {"v": "k"}, "-1"], ["pow", {"v": "k"}, "2"]]],
            "proof": {"rule": "field"}}}),
        (1/k, 1, True, {"rule": "series", "tree": {
            "test": "undefined", "at": 0, "condition": 0, "proof": {"rule": "evaluate"}}}),
        (1/k, 1, False, {**leaf("comparison"), "rewrite": {"body": "0", "proof": {"rule": "field"}}}),
    ]


@pytest.mark.parametrize("row", REJECTED, ids=str)
def test_rejected(row: Any) -> None:
    f, start, diverging, certificate = row
    with pytest.raises(Reject):
        prove(sequent(f, start, diverging), certificate)


def test_accepted() -> None:
    prove(sequent(1/k**2), leaf("comparison"))
    prove(sequent(1/k, diverging=True), leaf("comparison"))
    prove(sequent((-1)**k/k), leaf("dirichlet"))


def test_errors() -> None:
    with pytest.raises(StatementError):
        converges(Sum(1/k, (k, 1, j)))
    with pytest.raises(StatementError):
        converges(1/k)
