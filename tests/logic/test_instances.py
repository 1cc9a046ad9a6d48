"""A false ``forall`` falls at a small instance, without a search."""

from __future__ import annotations

import pytest

from checker.engines.instances import refute_at_once
from checker.kernel.verdict import Refuted, verify

from .build import read

FALSE = [
    "forall(x, implies(x > 0, x > 1))",
    "forall((n, m), le(n, m))",
    "forall(n, forall(m, ne(n + m, 7)))",
    "forall(n, le(n, y))",                                       # y is free: the point names it
    "and_(forall(x, le(0, x**2)), forall(y, lt(0, y**2)))",
    "forall(x, implies(x > 2, x > 3), where=x > 1)",             # a guard
]
TRUE = [
    "forall(x, le(0, x**2))",
    "forall(x, implies(x > 1, x > 0))",
    "forall(x, eq(x/x, 1))",                                     # undefined at 0 is no counterexample
    "forall(x, x > 3, where=x > 3)",
]


@pytest.mark.parametrize("text", FALSE)
def test_a_counterexample_is_certified(text: str) -> None:
    claim = read(text)
    found = next(refute_at_once(claim.sequent))
    assert isinstance(verify(claim, {"verdict": "refuted", **found}), Refuted)


@pytest.mark.parametrize("text", TRUE)
def test_a_true_statement_has_none(text: str) -> None:
    assert list(refute_at_once(read(text).sequent)) == []
