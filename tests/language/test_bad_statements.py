"""Statements that cannot be read: each an error that says what and what would help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy
from sympy import Abs, Function, I, Matrix, S, Symbol, Tuple, im, log, re, sqrt, symbols

from checker import eq, forall, implies, limit, lt
from checker.engines.portfolio import decide
from checker.language.derivation import read_claim
from checker.language.errors import StatementError

x, y = symbols("x y", real=True)
z, w = symbols("z w")
f = Function("f")

#: what is stated (unevaluated), code of the error
BAD: list[tuple[Callable[[], tuple[Any, ...]], str]] = [
    (lambda: ("x", "=", x), "text"),
    (lambda: (x, "=", "__import__('os').getpid()"), "text"),
    (lambda: (eq("x", x),), "text"),
    (lambda: (limit("1/x", x, 0), "=", 0), "text"),
    (lambda: (x, "=", [1]), "no-expression"),
    (lambda: (x, "=", object()), "no-expression"),
    (lambda: (x, "=", None), "no-expression"),
    (lambda: (x, "=", Matrix([[1]])), "unknown-head"),
    (lambda: (x, "=", 0.5), "float"),
    (lambda: (x + 0.1, "=", x), "float"),
    (lambda: (x, "=", sympy.nan), "evaluated"),
    (lambda: (x, "=", sympy.zoo), "evaluated"),
    (lambda: (x, "=", True), "sides"),
    (lambda: (x, "=", sympy.Gt(x, 0)), "sides"),
    (lambda: (sympy.Gt(x, 0), "=", sympy.Gt(y, 0)), "sides"),
    (lambda: (True,), "evaluated"),
    (lambda: (f(x, x), "=", f(x)), "name-clash"),
    (lambda: (Symbol("x", positive=True), "=", Symbol("x", negative=True)), "name-clash"),
    (lambda: (Symbol("x"), "=", x), "name-clash"),
    (lambda: (z, "<", w), "order-of-complex"),
    (lambda: (z**2, ">=", 0), "order-of-complex"),
    (lambda: (I, "<", 2*I), "order-of-complex"),
    (lambda: (implies(lt(z, 1), eq(z, z)),), "order-of-complex"),
    (lambda: (forall(z, lt(z, 1)),), "order-of-complex"),
    (lambda: (sqrt(z), ">=", 0), "order-of-complex"),
    (lambda: (limit(limit(x, x, x), x, 2), "=", 2), "side"),
    (lambda: (Symbol("A", commutative=False), "=", x), "statement"),
    (lambda: (Symbol("n", prime=True), ">", 1), "statement"),
    (lambda: (S.Reals, "=", S.Reals), "unknown-head"),
    (lambda: (Function("P", positive=True)(x), ">", 0), "unread-assumption"),
]

GOOD: list[Callable[[], tuple[Any, ...]]] = [
    lambda: (Abs(z), ">=", 0),
    lambda: (re(z) + im(w), "<=", Abs(z) + Abs(w)),
    lambda: (forall(z, lt(-1, Abs(z))),),
    lambda: (log(x), "<=", x),
    lambda: (sqrt(x), ">=", 0),
    lambda: (f(f(x)), "=", f(f(x))),
    lambda: (Symbol("変数", real=True)**2, ">=", 0),
    lambda: (Symbol("sin", real=True), "=", Symbol("sin", real=True)),
    lambda: (Tuple(x, y), "=", Tuple(x, y)),
]


@pytest.mark.parametrize("number", range(len(BAD)))
def test_each_is_an_error(number: int) -> None:
    make, code = BAD[number]
    with pytest.raises(StatementError) as error, sympy.evaluate(False):
        read_claim(make(), [], {})
    assert error.value.code == code
    assert str(error.value)


@pytest.mark.parametrize("number", range(len(GOOD)))
def test_these_are_read(number: int) -> None:
    with sympy.evaluate(False):
        read_claim(GOOD[number](), [], {})


@pytest.mark.parametrize("bad", ["x > 0", lt(z, 0)])
def test_assumptions_too(bad: Any) -> None:
    with pytest.raises(StatementError):
        read_claim((x, "=", x), [bad], {})


def test_a_quotient_of_literals_in_an_exponent_is_a_literal() -> None:
    """A real exponent that is no literal needs a positive base: (-8)**(1/3) would be undefined."""
    third, half = sympy.Integer(3)**-1, sympy.Integer(2)**-1
    with sympy.evaluate(False):
        power = sympy.Pow(-8, sympy.Integer(1)/3)
        root = sympy.Pow(x, -(sympy.Integer(1)/2))
    for written, plain in ((power, sympy.Pow(-8, third, evaluate=False)), (root, sympy.Pow(x, -half))):
        assert read_claim((written, "=", 0), [], {})[0].statement == read_claim((plain, "=", 0), [], {})[0].statement


def test_a_power_of_a_negative_number_is_no_proof_of_being_undefined() -> None:
    """4**x = 2**x 2**x also for the negatives, on the principal branch and at integers."""
    with sympy.evaluate(False):
        for t in (x, z):
            negative = sympy.Pow(-4, t)/sympy.Pow(-2, t)/sympy.Pow(2, t)
            for statement in ((negative, "=", 1), (sympy.Pow(0, 2*t), "=", sympy.Pow(0, t))):
                claim = read_claim(statement, [], {})[0]
                assert decide(claim, {}).certificate is None
