"""Claims of calculus end to end: true rows are proved, false ones refuted (a part of each table, for time)."""

from __future__ import annotations

import pytest

from checker.kernel.term import show

from ..kernel.statements import statement, verdict
from .rows import DERIVATIVES, EQUATIONS, FALSE, IMPROPER, PROPER, Row, mutants

#: what no method here decides yet
OPEN: set[str] = set()
PROVED = [r for r in [*DERIVATIVES, *EQUATIONS, *PROPER[:9], *IMPROPER[::4]] if r[0] not in OPEN]


@pytest.mark.parametrize("row", PROVED, ids=lambda r: r[0])
def test_proved(row: Row) -> None:
    found, conditions = verdict(statement(row[0], "=", row[1], row[2]))
    assert found == "proved", [show(c) for c in conditions]


@pytest.mark.parametrize("row", [r for r in FALSE if r[0] not in OPEN][::2], ids=lambda r: r[0])
def test_false(row: Row) -> None:
    assert verdict(statement(row[0], "=", row[1], row[2]))[0] == "refuted"


@pytest.mark.parametrize("row", [m for r in PROVED[::6] for m in list(mutants(r))[:1]], ids=lambda r: r[0] + " = " + r[1])
def test_mutants(row: Row) -> None:
    assert verdict(statement(row[0], "=", row[1], row[2]))[0] != "proved"


@pytest.mark.parametrize(("left", "right", "given"), [
    ("Derivative(x*Abs(x), x)", "0", ("Eq(x, 0)",)),        # true: only the rules' guard fails at 0
    ("Derivative(x**k, x)", "0", ("Eq(x, 0)", "k >= 2")),
    ("Derivative(Sum(x**k, (k, 0, n)), x)", "1", ("Eq(x, 0)", "n >= 2")),
])
def test_a_guard_that_fails_refutes_nothing(left: str, right: str, given: tuple[str, ...]) -> None:
    assert verdict(statement(left, "=", right, given))[0] != "refuted"


@pytest.mark.parametrize(("left", "right", "expected"), [
    ("Subs(Derivative(x*Abs(x), x), x, 0)", "0", "proved"),              # a corner of the rules, not of the function
    ("Subs(Derivative(Abs(x), x), x, 0)", "0", "refuted"),
    ("Subs(Derivative(sign(x), x), x, 0)", "0", "refuted"),
    ("Subs(Derivative(Piecewise((x**2, x < 0), (x**3, True)), x), x, 0)", "0", "proved"),
    ("Subs(Derivative(Piecewise((x, x < 0), (x**3, True)), x), x, 0)", "0", "refuted"),
    ("Subs(Derivative(sin(x), x, 3), x, 0)", "-1", "proved"),
    ("Subs(Derivative(exp(x**2), x, 2), x, 0)", "1", "refuted"),
])
def test_at_a_point(left: str, right: str, expected: str) -> None:
    assert verdict(statement(left, "=", right))[0] == expected
