"""The measured wrong answers of computer algebra systems, as claims that must not become verdicts.

Each row is the wrong value or the dropped condition, end to end.  ``no-proof``: the claim is false, or
undefined somewhere that the row does not exclude.  ``no-refutation``: the claim is true.
"""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from checker.kernel.claim import Claim
from checker.kernel.term import show
from checker.language.derivation import read_claim
from checker.language.errors import StatementError
from checker.language.logic import eq, exists, forall

from .statements import namespace, statement, verdict

FALSE = [
    # wrong values
    ("Integral(Abs(sin(x)), (x, 0, 3*pi))", "=", "2", ()),
    ("Integral(1/(sqrt(2) + cos(x)), (x, 0, 2*pi))", "=", "0", ()),
    ("Integral(exp(exp(I*x)), (x, 0, 2*pi))", "=", "0", ()),
    ("Integral(1/(x**2 - 1), (x, 0, 2))", "=", "-log(3)/2", ()),
    ("Limit(exp(p*c)/(exp(p*c) + exp(q*c)), c, oo)", "=", "0", ("p > 0", "q > 0")),
    ("Limit(factorial(n)/factorial(n), n, oo)", "=", "0", ()),
    ("Limit(sin(x)**2 + cos(x)**2, x, oo)", "=", "0", ()),
    ("Sum((-1)**k*binomial(n, k), (k, 0, n))", "=", "0", ("n >= 0",)),
    ("Abs(x)**2 - x*conjugate(x)", "!=", "0", ()),
    ("Max(p, q) - Min(p, q) - Abs(p - q)", "!=", "0", ()),
    ("atan(p) + atan(1/p) - pi/2", "!=", "0", ("p > 0",)),
    ("im(sqrt(x))", "=", "0", ()),
    # dropped conditions
    ("(x - x)**0*(1/x)*x", "=", "2", ()),
    ("0*Integral(1/x, (x, 0, 1))", "=", "0", ()),
    ("0*Sum(1/k, (k, 1, oo))", "=", "0", ()),
    ("sqrt(x**2)", "=", "x", ()),
    ("Sum(k, (k, 5, 1))", "=", "-9", ()),
    ("Derivative(Abs(x), x)", "=", "0", ("Eq(x, 0)",)),
    ("Subs(Derivative(Piecewise((0, x < 0), (1, True)), x), x, 0)", "=", "0", ()),
    ("Integral(y + 1/x, (x, 0, 1))", "=", "y + Integral(1/x, (x, 0, 1))", ()),
    ("acos(cos(x))", "=", "x", ()),
    ("log(exp(z))", "=", "z", ()),
    ("log(exp(I*x))", "=", "I*x", ()),
    # integers are not dense; zero under a sign; cuts
    ("binomial(n + k - 1, k)", "=", "binomial(n + k - 1, n - 1)", ("n >= 0", "k >= 0")),
    ("sign(x)**2", "=", "1", ()),
    ("log(z) - log(-z)", "=", "I*pi*sign(im(z))", ()),
    ("sqrt(x - 1)", "=", "I*sqrt(1 - x)", ()),
    ("arg(z**2)", "=", "2*arg(z)", ()),
    ("(z*w)**z", "=", "z**z*w**z", ()),
    ("Abs(z)", "=", "z", ()),
    ("sqrt(z**2 - 1)", "=", "sqrt(z - 1)*sqrt(z + 1)", ()),
    ("acot(x)", "=", "pi/2 - atan(x)", ()),
    ("x**n", ">=", "1", ("x**n > 0",)),
    ("x**13", ">=", "0", ("x >= -1",)),
]

TRUE = [
    ("Derivative(Piecewise((0, x < 0), (1, True)), x)", "=", "0", ()),       # proved, with the condition x != 0
    ("Integral(Abs(sin(x)), (x, 0, 3*pi))", "=", "6", ()),
    ("Limit(sin(x)**2 + cos(x)**2, x, oo)", "=", "1", ()),
    ("Abs(x)**2", "=", "x*conjugate(x)", ()),
    ("atan(p) + atan(1/p)", "=", "pi/2", ("p > 0",)),
    ("Max(p, q) - Min(p, q)", "=", "Abs(p - q)", ()),
    ("fibonacci(n + 1)", "=", "fibonacci(n) + fibonacci(n - 1)", ()),
    ("Sum(k, (k, 5, 1))", "=", "0", ()),
    ("x**0", "=", "1", ()),
    ("x**y", ">", "0", ("x > 0",)),
    ("x**y*x**(-y)", "=", "1", ()),
    ("(x*y)**p", "=", "x**p*y**p", ()),
    ("(x**2)**y", "=", "x**(2*y)", ()),
    ("R(1, 10)*x + R(1, 5)*x", "=", "R(3, 10)*x", ()),
]


def _id(row: Any) -> str:
    return " ".join(row[:3])


@pytest.mark.parametrize("row", FALSE, ids=_id)
def test_false_is_never_proved(row: Any) -> None:
    found, conditions = verdict(statement(*row))
    assert found != "proved", [show(c) for c in conditions]


def test_the_derivative_of_a_jump_keeps_its_condition() -> None:
    found, conditions = verdict(statement("Derivative(Piecewise((0, x < 0), (1, True)), x)", "=", "0"))
    assert (found, [show(c) for c in conditions]) == ("proved", ["x != 0"])


@pytest.mark.parametrize("row", TRUE, ids=_id)
def test_true_is_never_refuted(row: Any) -> None:
    assert verdict(statement(*row))[0] != "refuted"


@pytest.mark.parametrize(
    ("row", "conditions"),
    [
        # a jump: there is no derivative at 0, and only there
        (("Derivative(Piecewise((0, x < 0), (1, True)), x)", "=", "0", ()), ["x != 0"]),
        (("x/x", "=", "1", ()), ["x != 0"]),
        (("(x**2 - 1)/(x - 1)", "=", "x + 1", ()), ["x - 1 != 0"]),
        (("log(x)", "<", "log(x) + 1", ()), ["x > 0"]),
        (("(x - x)**0", "=", "1", ()), []),
        (("Limit((p*x + 1)/(q*x + 1), x, oo)", "=", "p/q", ()), ["q != 0"]),
        (
            ("Derivative(log(exp(I*x)), x)", "=", "I", ()),
            ["(im(exp(i*x)) != 0) or (re(exp(i*x)) > 0)"],
        ),
    ],
    ids=str,
)
def test_conditions_are_not_dropped(row: Any, conditions: list[str]) -> None:
    found, shown = verdict(statement(*row))
    assert (found, [show(c) for c in shown]) == ("proved", conditions)


@pytest.mark.parametrize("text", ["0.1*x", "x + 0.5"])
def test_floats_are_refused(text: str) -> None:
    with pytest.raises(StatementError):
        statement(text, "=", "x")


@pytest.mark.parametrize("statement_", [True, False, sympy.true, sympy.false])
def test_what_was_evaluated_before_it_was_read_is_refused(statement_: Any) -> None:
    with pytest.raises(StatementError):
        read_claim((statement_,), (), {})


# -------------------------------------------------- the domain of a symbol is part of the claim


def read(make: Any, *given: Any) -> Claim:
    with sympy.evaluate(False):
        return read_claim(make(), given, {})[0]


EVEN, ODD = sympy.Symbol("n", even=True), sympy.Symbol("n", odd=True)
OTHER = sympy.Symbol("z", zero=False)


@pytest.mark.parametrize(
    "make",
    [
        lambda: (forall(EVEN, eq((-1) ** EVEN, 1)),),
        lambda: ((-1) ** EVEN, "=", 1),
        lambda: (sympy.Abs(OTHER), "!=", 0),
        lambda: (forall(OTHER, sympy.Ne(sympy.Abs(OTHER), 0)),),
    ],
)
def test_true_on_its_domain_is_never_refuted(make: Any) -> None:
    assert verdict(read(make))[0] != "refuted"


def test_false_on_its_domain_is_never_proved() -> None:
    assert verdict(read(lambda: (exists(ODD, eq(ODD, 2)),)))[0] != "proved"


@pytest.mark.parametrize(
    "assumptions",
    [
        {"real": True, "integer": False},
        {"real": False},
        {"prime": True},
        {"rational": False, "real": True},
        {"positive": False},
        {"imaginary": True},
        {"infinite": True},
        {"commutative": False},
    ],
    ids=str,
)
def test_assumptions_that_nothing_reads_are_errors(assumptions: dict[str, bool]) -> None:
    s = sympy.Symbol("s", **assumptions)
    with pytest.raises(StatementError):
        read(lambda: (s, "=", s))


@pytest.mark.parametrize(
    "assumptions",
    [
        {},
        {"complex": True},
        {"real": True},
        {"positive": True},
        {"nonnegative": True, "integer": True},
        {"negative": True},
        {"nonzero": True},
        {"rational": True},
        {"even": True},
        {"odd": True, "positive": True},
        {"zero": True},
        {"zero": False},
        {"real": True, "positive": False},
        {"extended_real": True},
        {"finite": True},
        {"real": True, "finite": True},
    ],
    ids=str,
)
def test_assumptions_that_are_read(assumptions: dict[str, bool]) -> None:
    s = sympy.Symbol("s", **assumptions)
    assert read(lambda: (s, "=", s)).hash


def test_one_name_has_one_meaning_inside_a_sum() -> None:
    k, other = sympy.Symbol("k", integer=True), sympy.Symbol("k", real=True)
    with pytest.raises(StatementError, match="two different symbols"):
        read(lambda: (sympy.Sum(other, (k, 1, 3)), "=", 3 * other))


def test_names_of_the_namespace_are_plain() -> None:
    assert namespace()["z"].is_real is None
