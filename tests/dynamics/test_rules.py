"""The rules about orbits on certificates: accepted as found, rejected when a choice is edited or the claim is not so."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest

from checker.engines.orbit_limits import massey
from checker.engines.outcome import Budget
from checker.engines.search import Searcher
from checker.kernel.claim import Sequent
from checker.kernel.evidence import Reject
from checker.kernel.field import Field
from checker.kernel.prove import prove
from checker.kernel.schur_cohn import conditions, is_schur
from checker.kernel.term import app, to_json
from checker.language.derivation import read_claim

from .rows import FALSE, TRUE, Row

ROWS: dict[str, Row] = {r[0]: r for r in (*TRUE, *FALSE)}


def sequent(name: str) -> Sequent:
    _, parts, given = ROWS[name]
    return read_claim(parts, given, {})[0].sequent


def found(name: str) -> tuple[Sequent, Any]:
    s = sequent(name)
    c = Searcher({}, Budget()).prove(s)
    assert c is not None
    return s, c


#: (row, what the certificate says, edits each of which must be refused)
EDITED: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("lim-gd", "recurrence", [{"polynomial": ["1/2"]}, {"value": "1"}, {"how": "rational"}, {"stable": []},
                              {"how": "nothing"}, {"polynomial": [{"v": "z"}]}]),
    ("lim-sim", "repelling", [{"constant-sign": -1}, {"stable": []}, {"polynomial": ["1", "0"]}]),
    ("lim-markov-1", "rational", [{"polynomial": ["7/10"]}, {"value": "1/3"}, {"polynomial": ["0", "7/10", "-17/10"]}]),
    ("lim-heron", "monotone", [{"side": "below"}, {"value": "1"}, {"steps": 0}, {"steps": -1}, {"steps": 900}]),
    ("lim-cos", "contraction", [{"rate": "1"}, {"rate": "1/2"}, {"lower": "2"}, {"upper": "1/2"}, {"value": "3/4"}]),
    ("lim-square-1", "cycle", [{"period": 0}, {"value": "2"}, {"period": 100}]),
    ("mono-heron", "", [{"least": -1}, {"invariant": to_json(app("true"))}, {"names": ["x"]}, {"names": ["a", "b"]}]),
    ("rec-limit", "", [{"starts": []}, {"law": 1}, {"function": "B"}, {"starts": [0]}]),
]


@pytest.mark.parametrize(("name", "how", "edits"), EDITED, ids=lambda e: e if isinstance(e, str) else "")
def test_edited(name: str, how: str, edits: list[dict[str, Any]]) -> None:
    s, c = found(name)
    assert c.get("how", "") == how
    prove(s, c)
    for edit in edits:
        broken = {**copy.deepcopy(c), **edit}
        with pytest.raises(Reject):
            prove(s, broken)


#: A certificate of the first does not prove the second.
OTHER = [
    ("lim-gd", "lim-gd-slip"), ("lim-gd", "lim-gd-3"), ("lim-heavy", "lim-heavy-closed"), ("lim-heavy", "lim-heavy-beta"),
    ("lim-extragrad", "lim-extragrad-closed"), ("lim-ogda", "lim-ogda-slip"), ("lim-heron", "lim-heron-any"),
    ("lim-sim", "conv-sim"), ("lim-square", "lim-square-closed"), ("div-affine", "div-affine-ever"),
    ("lim-logistic2-x", "lim-logistic2-closed"), ("lim-logistic2-x", "lim-logistic2-jump"), ("bound-heron", "bound-heron-slip"),
    ("lyness-kept", "lyness-kept-slip"), ("affine-n", "affine-n-slip"), ("rec-limit", "rec-limit-slip"),
]


@pytest.mark.parametrize(("true", "false"), OTHER)
def test_of_another_claim(true: str, false: str) -> None:
    _, c = found(true)
    with pytest.raises(Reject):
        prove(sequent(false), c)


def test_least_recurrence() -> None:
    fibonacci = [Fraction(x) for x in (0, 1, 1, 2, 3, 5, 8, 13, 21, 34)]
    assert massey(fibonacci) == [-1, -1, 1]
    assert massey([Fraction(1)] * 6) == [-1, 1]
    assert massey([Fraction(0)] * 6) == [1]


@pytest.mark.parametrize(("roots", "inside"), [
    ((), True), ((Fraction(1, 2),), True), ((Fraction(1),), False), ((Fraction(-1),), False),
    ((Fraction(1, 2), Fraction(-9, 10), Fraction(0)), True), ((Fraction(1, 2), Fraction(2)), False), ((Fraction(2),), False),
    ((Fraction(-2),), False), ((Fraction(-3, 2), Fraction(0)), False), ((Fraction(3, 2), Fraction(1, 9)), False),
    ((Fraction(1, 2), Fraction(2), Fraction(1, 3), Fraction(1, 5)), False), ((Fraction(-1), Fraction(1, 4), Fraction(1, 5)), False),
])
def test_schur(roots: tuple[Fraction, ...], inside: bool) -> None:
    p = [Fraction(1)]
    for r in roots:
        p = [a - r * b for a, b in zip([Fraction(0), *p], [*p, Fraction(0)], strict=True)]
    assert is_schur(p) is inside
    field = Field(Sequent({}, (), app("true")))
    found_ = [field.as_rational(c) for c in conditions(field, [field.constant(a) for a in p])]
    assert all(c is not None and c > 0 for c in found_) is inside
