"""The rows end to end: true ones are proved, false ones refuted, within the search's own budgets."""

from __future__ import annotations

import pytest

from tests.kernel.statements import verdict

from .build import read
from .rows import FALSE, OPEN, TRUE, Row

#: Every third row: the whole table takes a minute.
STEP = 3


def name(row: Row) -> str:
    return row[0] + (f" given {', '.join(row[1:])}" if len(row) > 1 else "")


@pytest.mark.parametrize("row", [r for r in TRUE if r not in OPEN][::STEP], ids=name)
def test_a_true_row_is_proved(row: Row) -> None:
    assert verdict(read(*row))[0] == "proved"


@pytest.mark.parametrize("row", [r for r in FALSE if r not in OPEN][::STEP], ids=name)
def test_a_false_row_is_refuted(row: Row) -> None:
    assert verdict(read(*row))[0] == "refuted"


@pytest.mark.parametrize("row", [r for r in OPEN if r in TRUE][::2], ids=name)
def test_what_is_not_decided_is_at_least_not_refuted(row: Row) -> None:
    assert verdict(read(*row))[0] != "refuted"
