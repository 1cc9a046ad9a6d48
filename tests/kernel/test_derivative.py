"""Derivatives: rows with their conditions, and the false rows that a rule without guards accepts."""

from __future__ import annotations

import pytest

from checker.kernel.term import show

from .statements import statement, verdict

PROVED = [
    ("Derivative(x**3, x)", "3*x**2", (), []),
    ("Derivative(x*y, x)", "y", (), []),
    ("Derivative(exp(-x**2/2), x)", "-x*exp(-x**2/2)", (), []),
    ("Derivative(log(x), x)", "1/x", (), ["x != 0"]),
    ("Derivative(sqrt(a), a)", "1/(2*sqrt(a))", (), []),
    ("Derivative(1/(1 + exp(-x)), x)", "exp(-x)/(1 + exp(-x))**2", (), []),
    ("Derivative(tan(x), x)", "1 + tan(x)**2", (), ["cos(x) != 0"]),
    ("Derivative(Abs(x), x)", "x/Abs(x)", (), ["x != 0", "abs(x) != 0"]),
    ("Derivative(Abs(x), x)", "1", ("x > 0",), []),
    ("Derivative(a**x, x)", "a**x*log(a)", (), []),
    ("Derivative(x*log(x) - x, x)", "log(x)", ("x > 0",), []),
    ("Derivative(atan(x), x)", "1/(1 + x**2)", (), []),
    ("Derivative(sin(x)**2, x)", "2*sin(x)*cos(x)", (), []),
    ("Derivative(log(1 + exp(x)), x)", "1/(1 + exp(-x))", (), []),
    ("Derivative(Derivative(exp(2*x), x), x)", "4*exp(2*x)", (), []),
]

FALSE = [
    ("Derivative(x**3, x)", "3*x**3", ()),
    ("Derivative(exp(-x**2/2), x)", "x*exp(-x**2/2)", ()),
    ("Derivative(1/x, x)", "1/x**2", ()),
    ("Derivative(log(2*x), x)", "1/(2*x)", ("x > 0",)),
    ("Derivative(sin(x)*cos(x), x)", "-sin(x)*cos(x)", ()),
    ("Derivative(1/(1 + exp(-x)), x)", "exp(-x)/(1 + exp(-x))", ()),
    ("Derivative(Abs(x), x)", "1", ()),
]


@pytest.mark.parametrize(("left", "right", "given", "conditions"), PROVED)
def test_proved(left: str, right: str, given: tuple[str, ...], conditions: list[str]) -> None:
    found, shown = verdict(statement(left, "=", right, given))
    assert found == "proved"
    assert sorted(show(c) for c in shown) == sorted(conditions)


@pytest.mark.parametrize(("left", "right", "given"), FALSE)
def test_refuted(left: str, right: str, given: tuple[str, ...]) -> None:
    assert verdict(statement(left, "=", right, given))[0] == "refuted"


@pytest.mark.parametrize(("left", "right"), [
    ("Derivative(sign(x), x)", "0"),             # false at 0, where there is a jump
    ("Derivative(floor(x), x)", "0"),
    ("Derivative(log(exp(I*x)), x)", "I"),       # false where the cut is crossed
    ("Derivative(Max(x, 0), x)", "1"),
])
def test_never_proved(left: str, right: str) -> None:
    found, shown = verdict(statement(left, "=", right))
    assert found != "proved" or shown
