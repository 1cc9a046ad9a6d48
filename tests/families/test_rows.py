"""Every row end to end: searched, certified, replayed from JSON."""

from __future__ import annotations

import json

import pytest
import sympy

from checker.engines.portfolio import decide
from checker.kernel.claim import Claim
from checker.kernel.term import show
from checker.kernel.verdict import Proved, Refuted, verify
from checker.language.derivation import read_claim

from . import rows


def read(row: rows.Row) -> Claim:
    with sympy.evaluate(False):
        return read_claim(row[1], list(row[2]), {})[0]


def replayed(claim: Claim) -> Proved | Refuted | None:
    outcome = decide(claim, {})
    if outcome.certificate is None:
        return None
    again = Claim.from_json(json.loads(json.dumps(claim.to_json())))
    return verify(again, json.loads(json.dumps(outcome.certificate)))


@pytest.mark.parametrize("row", rows.TRUE, ids=lambda r: r[0])
def test_true(row: rows.Row) -> None:
    verdict = replayed(read(row))
    assert isinstance(verdict, Proved)
    assert not verdict.conditions, [show(c) for c in verdict.conditions]


@pytest.mark.parametrize("row", rows.FALSE, ids=lambda r: r[0])
def test_false(row: rows.Row) -> None:
    assert isinstance(replayed(read(row)), Refuted)
