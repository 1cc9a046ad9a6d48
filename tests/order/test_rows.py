"""The rows end to end: true ones are proved, false ones refuted, within the search's own budgets."""

from __future__ import annotations

import pytest

from tests.kernel.statements import statement, verdict

from .rows import ATTACKS, FALSE, OPEN, TRUE, Row


def name(row: Row) -> str:
    return " ".join(row[:3]) + (f" given {', '.join(row[3])}" if row[3] else "")


@pytest.mark.parametrize("row", [r for r in TRUE if r not in OPEN], ids=name)
def test_a_true_row_is_proved(row: Row) -> None:
    assert verdict(statement(*row))[0] == "proved"


@pytest.mark.parametrize("row", FALSE + ATTACKS, ids=name)
def test_a_false_row_is_refuted(row: Row) -> None:
    assert verdict(statement(*row))[0] == "refuted"


@pytest.mark.parametrize("row", OPEN, ids=name)
def test_what_is_not_decided_is_at_least_not_refuted(row: Row) -> None:
    assert verdict(statement(*row))[0] != "refuted"
