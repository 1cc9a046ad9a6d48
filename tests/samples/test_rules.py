"""The rule ``moments``: what it accepts, what it rejects, and edited witnesses."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from checker.engines.portfolio import decide
from checker.kernel.claim import Claim, Sequent
from checker.kernel.evidence import Reject
from checker.kernel.expectation import cumulant_of_values
from checker.kernel.prove import prove
from checker.kernel.rule_moments import reduce
from checker.kernel.term import (
    INTEGER, ONE, REAL, TRUE, App, Bind, Index, Joint, Map, Num, Term, Var, add, app, from_json, mul, num, show,
    sort_from_json, sort_to_json, sub,
)
from checker.kernel.verdict import verify

from .claims import FALSE
from .test_claims import claim

N = Var("n")
SAMPLE = Map((Index(N),), REAL)
BASE: dict[str, Any] = {"n": INTEGER, "law of X": Joint(("X",), ((),)), "i": Index(N), "j": Index(N)}
POSITIVE = app(">=", N, num(1))


def mean(body: Term, sort: Any = SAMPLE) -> Bind:
    return Bind("expect", ("X",), (sort,), (App("tuple", (Var("law of X"),)),), (body,))


def entry(i: str) -> Term:
    return App("at", (Var("X"), Var(i)))


def total(i: str, body: Term, guard: Term = TRUE) -> Term:
    return Bind("sum", (i,), (Index(N),), (), (guard, body))


def value(body: Term, *assumptions: Term) -> str:
    return show(reduce(Sequent(BASE, (POSITIVE, *assumptions), app("=", mean(body), num(0)))).sequent.goal.args[0])  # type: ignore[union-attr]


@pytest.mark.parametrize(("body", "expected"), [
    (entry("i"), "E[X]"),
    (mul(entry("i"), entry("i")), "E[X]*E[X] + Var[X]"),
    (mul(entry("i"), entry("j")), "E[X]*E[X] + Var[X]*delta(j, i)"),
    (total("i", entry("i")), "E[X]*n"),
    (mul(total("i", entry("i")), total("i", entry("i"))), "E[X]*E[X]*n*n + Var[X]*n"),      # two sums, one name
    (mul(total("i", entry("i")), entry("i")), "E[X]*E[X]*n + Var[X]"),                      # i bound and free
    (app("pow", entry("i"), num(0)), "1"),
])
def test_values(body: Term, expected: str) -> None:
    assert value(body) == expected


def test_a_guard_survives_the_contraction_of_its_index() -> None:
    """sum over k of [k != i] X_k X_i: the draw at k = i is left out."""
    body = mul(total("k", entry("k"), app("!=", Var("k"), Var("i"))), entry("i"))
    goal = app("=", mean(body), mul(sub(N, ONE), mean(entry("i")), mean(entry("i"))))
    assert prove(Sequent(BASE, (POSITIVE,), goal), {"rule": "moments", "proof": {"rule": "index-form"}}, {}, None)


@pytest.mark.parametrize("goal", [
    app("=", mean(app("div", num(1), entry("i"))), num(0)),                   # no polynomial
    app("=", mean(app("exp", entry("i"))), num(0)),
    app("=", mean(app("pow", entry("i"), num(9))), num(0)),                   # over the budget
    app("=", mean(Var("X"), Map((Index(Var("i")),), REAL)), num(0)),          # a family where a number is needed
    app("=", num(0), num(0)),                                                 # nothing to do
])
def test_rejected(goal: Term) -> None:
    with pytest.raises(Reject):
        prove(Sequent(BASE, (POSITIVE,), goal), {"rule": "moments", "proof": {"rule": "field"}}, {}, None)


def test_a_sum_needs_a_size_that_is_natural() -> None:
    with pytest.raises(Reject, match="natural"):
        empty = {n: s for n, s in BASE.items() if n not in ("i", "j")}      # an index would say that n >= 1
        reduce(Sequent(empty, (), app("=", mean(total("i", entry("i"))), num(0))))


def test_a_function_needs_its_moments() -> None:
    goal = app("=", mean(App("at", (Var("f"), entry("i")))), num(0))
    with pytest.raises(Reject, match="finite"):
        reduce(Sequent({**BASE, "f": Map((REAL,), REAL)}, (POSITIVE,), goal))


def test_one_law_twice_is_no_product() -> None:
    pair = Bind("expect", ("X", "Y"), (REAL, REAL), (App("tuple", (Var("law of X"),)*2),), (mul(Var("X"), Var("Y")),))
    with pytest.raises(Reject, match="twice"):
        reduce(Sequent(BASE, (), app("=", pair, num(0))))


@pytest.mark.parametrize("values", [(0, 1), (-1, 1), (0, 1, 3)])
def test_cumulants_of_known_values(values: tuple[int, ...]) -> None:
    """Against the moments of an actual law: k_4 = m_4 - 4 m_3 m_1 - 3 m_2^2 + 12 m_2 m_1^2 - 6 m_1^4."""
    weights = [Fraction(k + 1) for k in range(len(values))]
    m = [sum((w * v**k for w, v in zip(weights, values, strict=True)), Fraction(0)) / sum(weights) for k in range(5)]
    first = [m[1], m[2] - m[1]**2][:len(values) - 1]
    term = cumulant_of_values(tuple(map(Fraction, values)), [Num(c) for c in first], 4)
    expected = m[4] - 4*m[3]*m[1] - 3*m[2]**2 + 12*m[2]*m[1]**2 - 6*m[1]**4
    assert prove(Sequent({}, (), app("=", term, Num(expected))), {"rule": "evaluate"}, {}, None)


@pytest.mark.parametrize("law", [
    {"joint": [["1/2", ["0"]], ["1/4", ["1"]]]},               # masses that do not add up to 1
    {"joint": [["3/2", ["0"]], ["-1/2", ["1"]]]},
    {"joint": [["1/2", ["0", "1"]], ["1/2", ["1", "0"]]]},     # two values for one quantity
    {"joint": []},
    {"joints": [[["1", ["0"]]]]},                              # no family of laws
    {"table": ["0", "1"]},
])
def test_edited_laws_are_rejected(law: Any) -> None:
    stated: Claim = claim(*FALSE[0])
    certificate = decide(stated, {}).certificate or {}
    assert verify(stated, certificate)
    witness = certificate["witness"]
    edited = {**witness, "point": {**witness["point"], "law of X": law}}
    with pytest.raises(Reject):
        verify(stated, {**certificate, "witness": edited})


def test_terms_and_sorts_round_trip() -> None:
    sort = Map((Index(N),), Joint(("X", "Y"), ((), (Index(N),)), (Fraction(1, 2),), (None, Fraction(3))))
    assert sort_from_json(sort_to_json(sort)) == sort
    from checker.kernel.term import to_json

    t = add(mean(entry("i")), num(1))
    assert from_json(to_json(t)) == t
