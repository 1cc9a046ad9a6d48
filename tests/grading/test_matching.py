"""Which lines say the same: pairs of one form, and pairs that a step lies between."""

from __future__ import annotations

import pytest

from checker.grading.matching import same_form, same_statement
from checker.kernel.term import Term
from tests.kernel.statements import statement


def _side(source: str) -> Term:
    t = statement(source, "=", "0").statement
    return t.args[0]  # type: ignore[union-attr]


@pytest.mark.parametrize(("a", "b"), [
    ("x + y", "y + x"), ("x - y", "-y + x"), ("x/2", "R(1, 2)*x"), ("2*x + 3*x", "5*x"), ("x*y*x", "x**2*y"),
    ("x/y", "x*y**(-1)"), ("sqrt(x)", "x**R(1, 2)"), ("-(x + y)", "-y - x"), ("3*(x + y)", "(y + x)*3"),
    ("Sum(k**2, (k, 1, n))", "Sum(m**2, (m, 1, n))"), ("Integral(exp(x*p), (x, 0, 1))", "Integral(exp(p*y), (y, 0, 1))"),
    ("x - x + y", "y"), ("2**3*x", "8*x"), ("x*exp(y)/2", "exp(y)*x/2"), ("Max(x, y)", "Max(y, x)"),
    ("(x + y)*(x + y)", "(x + y)**2"), ("(x - y)/a - 1", "-1 + (x - y)/a"),
])
def test_one_form(a: str, b: str) -> None:
    assert same_form(_side(a), _side(b))


@pytest.mark.parametrize(("a", "b"), [
    ("x*(y + c)", "x*y + x*c"), ("log(a*b)", "log(a) + log(b)"), ("(x + y)**2", "x**2 + 2*x*y + y**2"), ("x/x", "1"),
    ("a/b + x/b", "(a + x)/b"), ("exp(x + y)", "exp(x)*exp(y)"), ("x - y", "y - x"), ("x/y", "y/x"), ("x**2", "x"),
    ("Sum(k, (k, 1, n))", "n*(n + 1)/2"), ("Sum(k, (k, 1, n))", "Sum(k, (k, 0, n))"), ("sin(x)**2 + cos(x)**2", "1"),
    ("x", "y"), ("sqrt(x**2)", "x"), ("2*x", "3*x"), ("x*y/y", "x"),
])
def test_a_step_lies_between(a: str, b: str) -> None:
    assert not same_form(_side(a), _side(b))


@pytest.mark.parametrize(("a", "b", "same"), [
    (("x**2 - 5*x + 6", "=", "0"), ("x**2 + 6", "=", "5*x"), True),
    (("2*x", "=", "4"), ("x", "=", "2"), True),
    (("x", "=", "2"), ("2", "=", "x"), True),
    (("x", "<", "y"), ("y", ">", "x"), True),
    (("x - y", "<", "0"), ("x", "<", "y"), True),
    (("2*x", "<=", "4"), ("x", "<=", "2"), True),
    (("x", "<", "y"), ("x", ">", "y"), False),
    (("x", "<", "y"), ("x", "<=", "y"), False),
    (("-x", "<", "1"), ("x", "<", "-1"), False),
    (("x*(x - 1)", "=", "0"), ("x**2 - x", "=", "0"), False),
    (("x", "=", "2"), ("x", "=", "3"), False),
])
def test_statements(a: tuple[str, str, str], b: tuple[str, str, str], same: bool) -> None:
    assert same_statement(statement(*a).statement, statement(*b).statement) is same
