"""Every row is decided as theory says; the open ones may be undecided, never wrong.  Attacks are never proved."""

from __future__ import annotations

import pytest

from checker.language.derivation import read_claim

from ..kernel.statements import verdict
from .attacks import NEVER
from .rows import FALSE, OPEN, SLOW, TRUE, Row


@pytest.mark.parametrize("row", [r for r in TRUE if r[0] not in SLOW], ids=lambda r: r[0])
def test_true(row: Row) -> None:
    found, _ = verdict(read_claim(row[1], row[2], {})[0])
    assert found == "proved" or found == "undecided" and row[0] in OPEN


@pytest.mark.parametrize("row", [r for r in FALSE if r[0] not in SLOW], ids=lambda r: r[0])
def test_false(row: Row) -> None:
    found, _ = verdict(read_claim(row[1], row[2], {})[0])
    assert found == "refuted" or found == "undecided" and row[0] in OPEN


@pytest.mark.parametrize("row", [r for r in NEVER if r[0] not in SLOW], ids=lambda r: r[0])
def test_attack(row: Row) -> None:
    found, conditions = verdict(read_claim(row[1], row[2], {})[0])
    assert found != "proved" or conditions
