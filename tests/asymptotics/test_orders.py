"""Orders of growth: true ones are proved, false ones refuted by a ray, vacuous ones neither."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Sum, cos, exp, factorial, log, sin, sqrt, symbols

from checker.kernel.verdict import Refuted
from checker.language.logic import eq
from checker.language.orders import O, Omega, Theta, o, similar

from .claims import read, verdict

t, n, l, s = symbols("t n l s", integer=True, positive=True)
a, b = symbols("a b", positive=True)
x = symbols("x", real=True)

with sympy.evaluate(False):
    PROVED: list[Any] = [
        (t*n**2*l, O(t*n**2*l)),
        (4*t*n**2*l + 3*t*n*l + 7, O(t*n**2*l)),
        (l*(t**2*n + t*n**2), O(t**2*n*l), eq(n, O(t))),
        (l*(t**2*n + t*n**2), O(t**2*n*l), n <= t),
        (l*(3*t**2*n + 12*t*n**2 - 5*t*n), Theta(l*(t**2*n + t*n**2))),
        (2**n, O(2**t), n <= t),
        (2**n, O(2**t), n <= t + 5),
        (log(n), O(log(t)), eq(n, O(t))),
        (n*t, O(n + t, fixed=[n])),
        (n**3*log(n)*log(t), O(n**3*log(n)**2 + n*t**2)),
        (n**2, o(n**2*log(n))),
        (n**2 + n, similar(n**2)),
        (2**n, o(3**n)),
        (2**n*n**9, O(3**n)),
        (4**n, Theta(2**(2*n))),
        (n**5, o(2**n)),
        (n**100, O(exp(sqrt(n)))),
        (exp(log(n)**2), o(2**n)),
        (log(n)**7, o(sqrt(n))),
        (log(log(n)), o(log(n))),
        (t**2*l, O(t*l*n), eq(t, O(n))),
        (factorial(n), o(n**n)),
        (n*log(n), Theta(log(factorial(n)))),
        (Sum(s*n, (s, 1, t)), Theta(n*t**2)),
        (Sum(Sum(s, (s, 1, t)), (l, 1, n)), Theta(n*t**2)),
        ((n + t)**2, Theta(n**2 + t**2)),
        (log(n + t), Theta(log(n) + log(t))),
        (t*sqrt(n + t), O(t*sqrt(n) + t*sqrt(t))),
        (n*t/(n + 1), Theta(t)),
        (n**2 - n*t, O(n**2), t <= n),
        (t, O(n), eq(t, n)),
        (t, Theta(n), eq(t, Theta(n))),
        (n**2, Omega(n*t), t <= n),
        (n*(2 + sin(n)), O(n)),
        (a*n**2 + b*n, Theta(n**2)),
        (n**2/2 - 3*n, Theta(n**2)),
        (x**3 - x, similar(x**3)),
        (n*log(n), O(n**(1 + a))),
        (sqrt(n**2 + n) - n, O(sympy.Integer(1), growing=[n])),
        (Sum(1/s, (s, 1, n)), similar(log(n))),
        (n*(2 + sin(n)), Theta(n)),
        (n**2*(3 + sin(n) - (-1)**n), Omega(n**2)),
        ((n + sin(n))*cos(n), o(n**2)),
        (Sum(log(s), (s, 1, n)), Theta(n*log(n))),
        (Sum(s*log(s), (s, 1, n)), similar(n**2*log(n)/2)),
        (Sum(s*2**s, (s, 0, n)), Theta(n*2**n)),
        (Sum(1/s**2, (s, 1, n)), O(sympy.Integer(1), growing=[n])),
        (Sum(s**t, (s, 1, n)), Theta(n**(t + 1), fixed=[t])),
        (Sum(n/s, (s, 1, 2*n)), Theta(n*log(n))),
    ]
    REFUTED: list[Any] = [
        (l*(t**2*n + t*n**2), O(t**2*n*l)),
        (n*t, O(n**2)),                        # t = 1 is no ray: t grows
        (2**n, O(2**t), eq(n, O(t))),          # a constant is lost additively only
        (n*t, O(n*(t - n)), t > n),            # on the boundary t = n + 1
        (n*t, O(n + t)),
        (n**2, o(n**2)),
        (n**2 + n*t, similar(n**2)),
        (3**n, O(2**n)),
        (t**2*l, O(t*l*n)),
        (t**2*l, O(t*l*n), t >= n),
        (factorial(n), O(2**n)),
        (n**2, O(n**2 - n*t), t <= n),
        (t, Theta(n), eq(t, O(n))),
        (n*t, Omega(n**2)),
        (n*log(n), O(n)),
        (n, o(n*(2 + 1/n))),
        (2*n, similar(n)),
        (Sum(s*n, (s, 1, t)), O(n*t)),
        (n**a, O(n)),                          # not for every a
        (x**2, O(x)),
        (n*(2 + sin(n)), O(sqrt(n))),
        (n*(2 + sin(n)), o(n)),
        (n*(1 + (-1)**n), Omega(n)),           # 0 at odd n
        (Sum(1/s, (s, 1, n)), O(sympy.Integer(1), growing=[n])),
        (Sum(sqrt(s), (s, 1, n)), O(n)),
        (Sum(2**s, (s, 0, n)), Omega(n*2**n)),
    ]
    NEITHER: list[Any] = [
        (t, O(n), t < n, t > n),               # vacuous: the regime is empty
        (t, O(n), t <= 5),                     # t cannot grow
        (n*(1 + sin(n)), Theta(n)),            # false: no ray of ours comes near enough to 0
        (n*(1 + sin(n)), Omega(n)),
        (Sum(n*(s - 5)/(s - 5), (s, 1, n)), O(n**2)),      # undefined at s = 5
    ]


@pytest.mark.parametrize("row", PROVED, ids=str)
def test_proved(row: Any) -> None:
    f, order, *given = row
    found, minted = verdict(read(f, "=", order, given=given))
    assert found == "proved", minted


@pytest.mark.parametrize("row", REFUTED, ids=str)
def test_refuted(row: Any) -> None:
    f, order, *given = row
    found, minted = verdict(read(f, "=", order, given=given))
    assert found == "refuted", minted
    assert isinstance(minted, Refuted) and minted.rule == "ray"


@pytest.mark.parametrize("row", NEITHER, ids=str)
def test_neither(row: Any) -> None:
    f, order, *given = row
    assert verdict(read(f, "=", order, given=given))[0] == "undecided"


@pytest.mark.parametrize("row", REFUTED[:8], ids=str)
def test_the_opposite_is_proved(row: Any) -> None:
    f, order, *given = row
    claim = read(f, "!=", order, given=given)
    if "K" not in [name for name, _ in claim.declarations]:
        assert verdict(claim)[0] == "proved"


@pytest.mark.parametrize("row", PROVED[:6], ids=str)
def test_the_opposite_is_not_proved(row: Any) -> None:
    f, order, *given = row
    assert verdict(read(f, "!=", order, given=given))[0] != "proved"
