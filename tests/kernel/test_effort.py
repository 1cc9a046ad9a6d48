"""Steps are counted once for everything, end a search and never change what is found."""

from __future__ import annotations

import json

import pytest

from checker.engines import portfolio
from checker.kernel.effort import Spent, allowance, left, spend, unlimited
from checker.kernel.term import app, num
from checker.kernel.verdict import verify

from .statements import statement

ROWS = [
    ("sqrt(2 + 2*cos(x))", "=", "2*Abs(cos(x/2))", ()),
    ("Integral(1/t, (t, a, b))", "=", "log(b/a)", ()),
    ("Sum(1/k**2, (k, 1, n))", "<=", "2 - 1/n", ("n >= 1",)),
    ("x**2 + y**2", ">=", "2*x*y + R(1, 10)", ()),
]


def test_an_allowance_inside_another_pays_from_it() -> None:
    with allowance(10):
        with allowance(4):
            spend(3)
            assert left() == 1
        assert left() == 7
        with pytest.raises(Spent), allowance(100):
            spend(8)
        with unlimited():
            spend(1_000)
        assert left() == 0
        with pytest.raises(Spent):
            spend(1)
    spend(10**9)


def test_no_rule_goes_on_when_the_steps_are_used_up() -> None:
    claim = statement(*ROWS[1])
    found = portfolio.decide(claim, {}).certificate
    assert found is not None
    with pytest.raises(Spent), allowance(20):
        verify(claim, found)
    assert verify(claim, found).claim is claim


def test_a_search_without_steps_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(portfolio.STEPS, "all", 5)
    outcome = portfolio.decide(statement(*ROWS[0]), {})
    assert outcome.certificate is None and any("steps are used up" in line for line in outcome.tried)


def test_the_same_certificate_after_other_claims() -> None:
    claims = [statement(*row) for row in ROWS]
    first = [portfolio.decide(c, {}).certificate for c in claims]
    again = [portfolio.decide(c, {}).certificate for c in reversed(claims)][::-1]
    assert [json.dumps(c) for c in first] == [json.dumps(c) for c in again]
    assert [c and c["verdict"] for c in first] == ["proved", "proved", "proved", "refuted"]


def test_free_names_are_kept_with_the_term() -> None:
    from checker.kernel.term import REAL, Bind, Var, free_names

    body = app("add", Var("x"), Var("y"))
    integral = Bind("integral", ("x",), (REAL,), (num(0), Var("z")), (body,))
    for _ in range(2):
        assert free_names(body) == {"x", "y"} and free_names(integral) == {"y", "z"}
