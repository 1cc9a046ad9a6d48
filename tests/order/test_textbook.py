"""A sample of the textbook rows end to end (tests/order/textbook.py; the whole table is for measuring)."""

from __future__ import annotations

import pytest

from tests.kernel.statements import statement, verdict

from .textbook import FALSE, TRUE, Row

STEP = 25
ROWS = [("proved", r) for part in TRUE.values() for r in part][::STEP] + [
    ("refuted", r) for part in FALSE.values() for r in part][::STEP]


@pytest.mark.parametrize(("wanted", "row"), ROWS, ids=lambda v: " ".join(map(str, v)) if isinstance(v, tuple) else v)
def test_a_row(wanted: str, row: Row) -> None:
    assert verdict(statement(*row))[0] in (wanted, "undecided")
