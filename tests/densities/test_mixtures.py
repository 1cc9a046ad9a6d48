"""Mixtures: c q + (1 - c) p is a law for 0 <= c <= 1, which the claim then says; expectations are decided to the ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy
from sympy import Rational, symbols

from checker import E, Var, eq, forall, implies, le
from checker.engines.portfolio import decide
from checker.kernel.term import show
from checker.kernel.verdict import Proved, Refuted, verify
from checker.language.densities import KL, densities, functions, variables
from checker.language.derivation import read_claim
from checker.language.errors import StatementError

x, z = variables("x z")
p, q, r = densities("p q r")
f = functions("f", z)
c, d = symbols("c d", real=True)
a, b = symbols("a b", positive=True)
HALF = Rational(1, 2)


def mixed(u: Any, v: Any) -> Any:
    return u*q(z) + v*p(z)


#: law, given, a part of the remedy
REFUSED: list[tuple[Callable[[], Any], Callable[[], tuple[Any, ...]], str]] = [
    (lambda: mixed(symbols("u"), 1 - symbols("u")), lambda: (), 'symbols("u", real=True)'),
    (lambda: mixed(c, d), lambda: (), "given=[eq(c + d, 1)]"),
    (lambda: mixed(a, b), lambda: (), "given=[eq(a + b, 1)]"),
    (lambda: mixed(1, 1), lambda: (), "its weights add up to 2"),
    (lambda: 2*q(z), lambda: (), "its weights add up to 2"),
    (lambda: mixed(2, -1), lambda: (), "the weight -1 is negative"),
]
#: law, given, the assumptions that the claim has
READ: list[tuple[Callable[[], Any], Callable[[], tuple[Any, ...]], list[str]]] = [
    (lambda: mixed(c, 1 - c), lambda: (), ["c >= 0", "c <= 1"]),
    (lambda: mixed(c, 1 - c), lambda: (c >= 0, c <= 1), ["c >= 0", "c <= 1"]),
    (lambda: mixed(c, 1 - c), lambda: (c < 1,), ["c >= 0", "c < 1"]),
    (lambda: HALF*mixed(1, 1)*c + (1 - c)*r(z), lambda: (c > 0,), ["c <= 1", "c > 0"]),
    (lambda: mixed(c, 1 - c)*r(x), lambda: (), ["c >= 0", "c <= 1"]),
    (lambda: mixed(HALF, HALF), lambda: (), []),
    (lambda: HALF*mixed(1, 1), lambda: (), []),
    (lambda: mixed(a/(a + b), b/(a + b)), lambda: (), ["a > 0", "b > 0"]),
    (lambda: mixed(c, d), lambda: (c >= 0, d >= 0, eq(c + d, 1)), ["c >= 0", "d >= 0", "c + d = 1"]),
    (lambda: q(z)*p(x), lambda: (), []),
]


def read(law: Callable[[], Any], given: Callable[[], tuple[Any, ...]]) -> list[str]:
    with sympy.evaluate(False):
        claim, _ = read_claim((E(f(z), law()), ">=", 0), given(), {})
    return [show(t) for t in claim.assumptions]


@pytest.mark.parametrize("row", range(len(REFUSED)))
def test_a_sum_that_is_no_law_is_refused(row: int) -> None:
    law, given, part = REFUSED[row]
    with pytest.raises(StatementError) as error:
        read(law, given)
    assert part in str(error.value)


@pytest.mark.parametrize("row", range(len(READ)))
def test_what_a_law_needs_of_its_weights_is_assumed(row: int) -> None:
    law, given, assumed = READ[row]
    assert read(law, given) == assumed


def test_what_is_divided_by_need_not_have_mass_one() -> None:
    with sympy.evaluate(False):
        read_claim((KL(r(z), mixed(1, 1)), "<=", KL(r(z), p(z))), (), {})
        assert read_claim((KL(r(z), mixed(c, 1 - c)), ">=", 0), (), {})[0].assumptions


def test_of_a_bound_name_nothing_is_assumed() -> None:
    between = sympy.And(c >= 0, c <= 1)
    with sympy.evaluate(False):
        body = le(0, E(f(z)**2, z, mixed(c, 1 - c)))
        assert read_claim((forall(c, implies(between, body)),), (), {})[0].assumptions == ()
        with pytest.raises(StatementError, match="where c is bound"):
            read_claim((forall(c, body),), (), {})


def mean(*law: Any) -> Any:
    return E(f(z), z, *law)


CLAIMS: list[tuple[Callable[[], tuple[Any, ...]], type]] = [
    (lambda: (mean(mixed(c, 1 - c)), "=", c*mean(q(z)) + (1 - c)*mean(p(z))), Proved),
    (lambda: (mean(mixed(c, 1 - c)), "=", (1 - c)*mean(q(z)) + c*mean(p(z))), Refuted),
    (lambda: (E(1, z, mixed(c, 1 - c)), "=", 1), Proved),
    (lambda: (Var(f(z), z, mixed(c, 1 - c)), "=", c*Var(f(z), z, q(z)) + (1 - c)*Var(f(z), z, p(z))), Refuted),
]


@pytest.mark.parametrize("row", range(len(CLAIMS)))
def test_equations_under_a_mixture(row: int) -> None:
    make, verdict = CLAIMS[row]
    with sympy.evaluate(False):
        claim, _ = read_claim(make(), (), {})
    certificate = decide(claim, {}).certificate
    assert certificate is not None
    assert isinstance(verify(claim, certificate), verdict)
