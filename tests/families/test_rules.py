"""The rules ``functional`` and ``products`` on their own: what they must accept and what they must reject."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Piecewise, exp, log, oo, sqrt, symbols

from checker import KL, pdf
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.rule_divergence import premise
from checker.kernel.rule_functional import values_put_in
from checker.kernel.term import show
from checker.language.derivation import read_claim

from . import rows
from .test_rows import read

FIELD = {"rule": "field"}
FUNCTIONAL = {"rule": "functional", "proof": FIELD}
PRODUCTS = {"rule": "products", "proof": FIELD}
DIVERGENCE = {"rule": "divergence", "proof": {"rule": "functional", "proof": {"rule": "sign"}}}


def shown(row: rows.Row, certificate: dict[str, Any]) -> bool:
    """Proved by the rule without a condition."""
    try:
        return not prove(read(row).sequent, certificate, {}, None).conditions
    except Reject:
        return False


@pytest.mark.parametrize("row", rows.DOUBTFUL, ids=lambda r: r[0])
def test_doubtful_rows_are_rejected(row: rows.Row) -> None:
    assert not shown(row, FUNCTIONAL)
    assert not shown(row, PRODUCTS)
    assert not shown(row, DIVERGENCE)


def test_false_rows_are_rejected() -> None:
    assert [row[0] for row in rows.FALSE[::3] if any(
        shown(row, c) for c in (FUNCTIONAL, PRODUCTS, DIVERGENCE))] == []


def test_most_true_rows_need_no_more_than_the_values() -> None:
    accepted = [row[0] for row in rows.TRUE[::3] if any(
        shown(row, c) for c in (FUNCTIONAL, PRODUCTS, DIVERGENCE))]
    assert len(accepted) > 0.8*len(rows.TRUE[::3])


x, y, m = symbols("x y m", real=True)
a, b = symbols("a b", positive=True)
k = symbols("k", integer=True)

with sympy.evaluate(False):
    VALUES: list[tuple[Any, str]] = [
        (sympy.Integral(x**3*exp(-b*x), (x, 0, oo)), "6/b^4"),
        (sympy.Integral(x*exp(-b*(x - 1)), (x, 1, oo)), "(b + 1)/b^2"),
        (sympy.Integral(x*exp(b*x), (x, -oo, 0)), "(-1)/b^2"),
        (sympy.Integral(exp(-abs(x - m)), (x, -oo, oo)), "2"),
        (sympy.Integral(log(x), (x, 0, 1)), "-1"),
        (sympy.Sum(k**2/sympy.Integer(2)**k, (k, 0, oo)), "6"),
        (sympy.Integral(sympy.Integral(x*y*exp(-x - y), (x, 0, oo)), (y, 0, oo)), "1"),
    ]


@pytest.mark.parametrize("integral, value", VALUES, ids=[v for _, v in VALUES])
def test_values(integral: Any, value: str) -> None:
    goal = values_put_in(read_claim((integral, "=", sympy.Integer(0)), [], {})[0].sequent)[0]
    assert show(goal) == f"{value} = 0"


with sympy.evaluate(False):
    UNREAD: list[Any] = [
        sympy.Integral(exp(-m*x), (x, 0, oo)),                                     # the sign of m
        sympy.Integral(x**m*exp(-x), (x, 0, oo)),                                  # m > -1
        sympy.Integral(sqrt(x)*exp(-x**2), (x, -oo, oo)),                          # a root of something negative
        sympy.Integral(Piecewise((1, x < 1), (2, True))*exp(-x), (x, 0, oo)),      # a jump inside
        sympy.Integral(abs(x - a)*exp(-x)*abs(x - b), (x, 0, oo)),                 # two kinks
        sympy.Integral(exp(-x)/(1 + x), (x, 0, oo)),
        sympy.Integral(log(x)*log(1 + x)*exp(-x), (x, 0, oo)),
        sympy.Sum(a**k, (k, 0, oo)),                                               # a < 1
        sympy.Sum(k/k*2**(-k), (k, 0, oo)),                                        # undefined at 0
        sympy.Sum(a**k/sympy.factorial(2*k), (k, 0, oo)),
        sympy.Integral(x**(a - 1)*exp(-x), (x, 1, oo)),                            # an incomplete gamma function
    ]


@pytest.mark.parametrize("integral", UNREAD, ids=str)
def test_left_alone(integral: Any) -> None:
    with pytest.raises(Reject):
        values_put_in(read_claim((integral, "=", sympy.Integer(0)), [], {})[0].sequent)


def test_a_condition_of_the_raw_claim_stays() -> None:
    """1/m under the integral: m != 0 is not shown by the integral over x."""
    with sympy.evaluate(False):
        claim = read_claim((sympy.Integral(exp(-x)/m, (x, 0, oo)), "=", 1/m), [], {})[0]
    shown_with = prove(claim.sequent, FUNCTIONAL, {}, None)
    assert [show(c) for c in shown_with.conditions] == ["m != 0"]


def test_products_need_positive_sides() -> None:
    with sympy.evaluate(False):
        claim = read_claim((sqrt(x**2)*exp(y), "=", x*exp(y)), [], {})[0]
        whole = read_claim((exp(x**2/(a + b))*exp(-x**2/a), "=", exp(-x**2*b/(a*(a + b)))), [], {})[0]
    with pytest.raises(Reject):
        prove(claim.sequent, PRODUCTS, {}, None)
    assert not prove(whole.sequent, PRODUCTS, {}, None).conditions


with sympy.evaluate(False):
    NO_DIVERGENCE: list[Any] = [
        sympy.Integral(2*x*log(2*x/exp(y)), (x, 1, 0)),                 # the range runs backwards
        KL(pdf(m*exp(-x), x, 0, oo), pdf(exp(-x), x, 0, oo)),           # of unknown sign
    ]


@pytest.mark.parametrize("integral", NO_DIVERGENCE, ids=["backwards", "signed"])
def test_a_divergence_is_of_positive_densities(integral: Any) -> None:
    with sympy.evaluate(False):
        goal = read_claim((integral, ">=", sympy.Integer(0)), [], {})[0].sequent
    with pytest.raises(Reject) as error:
        premise(goal)
    assert error.value.where == "range" or "positive" in error.value.message
