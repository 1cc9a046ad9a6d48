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
    COMPLEX, INTEGER, ONE, REAL, TRUE, App, Bind, Index, Joint, Map, Num, Term, Var, add, app, from_json, mul, num, show,
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


PLAIN: dict[str, Any] = {
    "n": INTEGER, "m": INTEGER, "b": REAL, "c": REAL, "z": COMPLEX, "law of X": Joint(("X",), ((),)),
    "law of Y": Joint(("Y",), ((),)), "a": Map((INTEGER,), REAL), "f": Map((REAL,), COMPLEX)}
FIELD: dict[str, Any] = {"rule": "moments", "proof": {"rule": "field"}}


def one(body: Term) -> Bind:
    return mean(body, REAL)


def up_to(i: str, high: Term, body: Term) -> Term:
    return Bind("sum", (i,), (INTEGER,), (ONE, high), (TRUE, body))


def below_the_diagonal(name: str, size: Term) -> Term:
    """E of the sum over j <= i <= size of a_j X_i X_j: for mean 0 and variance 1 the sum of the first a."""
    draws = App("at", (Var(name), Var("i"))), App("at", (Var(name), Var("j")))
    body = up_to("i", size, up_to("j", Var("i"), mul(App("at", (Var("a"), Var("j"))), *draws)))
    return Bind("expect", (name,), (Map((Index(size),), REAL),), (App("tuple", (Var(f"law of {name}"),)),), (body,))


def standard(name: str) -> tuple[Term, ...]:
    def power(k: int) -> Term:
        return Bind("expect", (name,), (REAL,), (App("tuple", (Var(f"law of {name}"),)),),
                    (app("pow", Var(name), num(k)),))

    return app("=", power(1), num(0)), app("=", power(2), num(1))


def defined(k: int) -> dict[str, Any]:
    """b != 0 because 1/b stands in what is known."""
    return {"rule": "moments", "proof": {"rule": "defined", "assumption": k, "proof": {
        "rule": "or", "index": 0, "proof": {"rule": "assumption"}}}}


SCALED = one(app("pow", app("div", Var("X"), Var("b")), num(2)))
NEVER_ZERO = app("!=", Var("b"), num(0))
CASES = one(App("cases", (app("div", Var("X"), Var("b")), app(">", Var("c"), num(0)), num(0), TRUE)))
DIVIDED = one(up_to("k", Var("m"), app("div", Var("X"), Var("b"))))
SERIES = one(up_to("k", App("oo", ()), mul(App("at", (Var("a"), Var("k"))), Var("X"))))
BOUNDED = App("finite", (one(app("pow", App("at", (Var("f"), Var("X"))), num(8))),))
ATTACKS: dict[str, tuple[dict[str, Any], tuple[Term, ...], Term, dict[str, Any]]] = {
    "a range that ends at another bound index": (
        PLAIN, (POSITIVE, app(">=", Var("m"), ONE), *standard("X"), *standard("Y")),
        app("=", below_the_diagonal("X", N), below_the_diagonal("Y", Var("m"))), FIELD),
    "a series that need not converge": (PLAIN, (), app("=", SERIES, SERIES), FIELD),
    "a square that is undefined at b = 0": (
        PLAIN, (), app("or", NEVER_ZERO, app("=", SCALED, num(5))), defined(1)),
    "a case that is not chosen": (
        PLAIN, (app("=", CASES, num(0)),), app("or", NEVER_ZERO, app("=", one(Var("X")), num(5))), defined(0)),
    "a sum without summands": (
        PLAIN, (app("=", DIVIDED, num(0)), app(">=", Var("m"), num(0))),
        app("or", NEVER_ZERO, app("=", one(Var("X")), num(5))), defined(0)),
    "a bound name that is the name of a moment": (
        PLAIN, (), Bind("forall", ("E[X]",), (REAL,), (), (TRUE, app("=", one(Var("X")), Var("E[X]")))),
        {"rule": "moments", "proof": {"rule": "forall", "proof": {"rule": "field"}}}),
    "a mean that is given for the first law of a family only": (
        {"n": INTEGER, "law of X": Map((Index(N),), Joint(("X",), ((),))), "k": Index(N)},
        (POSITIVE, Bind("forall", ("i",), (Index(ONE),), (), (TRUE, app("=", mean(entry("i")), num(0))))),
        app("=", mean(entry("k")), num(0)), FIELD),
    "a complex function": (PLAIN, (BOUNDED,), app("!=", app("pow", one(App("at", (Var("f"), Var("X")))), num(2)), num(-1)),
                           {"rule": "moments", "proof": {"rule": "sign"}}),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_are_rejected(name: str) -> None:
    declared, assumed, goal, certificate = ATTACKS[name]
    with pytest.raises(Reject):
        prove(Sequent(declared, assumed, goal), certificate, {}, None)


def test_a_limit_has_no_more_draws_than_there_are() -> None:
    """E X_k, k -> oo, of a sample of n: nothing says that there is such a draw."""
    def limit(body: Term) -> Term:
        return app("=", Bind("limit", ("k",), (INTEGER,), (App("oo", ()), App("two-sided", ())), (body,)), num(0))

    growing = Map((Index(Var("k")),), REAL)
    total_ = up_to("i", Var("k"), entry("i"))
    reduce(Sequent(PLAIN, (POSITIVE,), limit(app("div", mean(total_, growing), Var("k")))))
    for body in (mean(entry("k")), app("div", mean(total_), Var("k"))):
        with pytest.raises(Reject, match="may be no draw"):
            reduce(Sequent(PLAIN, (POSITIVE,), limit(body)))


def test_under_a_limit_nothing_undefined_is_dropped() -> None:
    body = add(mean(mul(num(0), app("div", entry("i"), Var("b")))), app("div", num(1), Var("k")))
    limit = Bind("limit", ("k",), (INTEGER,), (App("oo", ()), App("two-sided", ())), (body,))
    goal = reduce(Sequent({**BASE, "b": REAL}, (POSITIVE,), app("=", limit, num(0)))).sequent.goal
    assert "1/b" in show(goal)


def test_the_square_of_something_complex_is_no_fact() -> None:
    square = one(app("pow", mul(Var("z"), Var("X")), num(2)))
    known = reduce(Sequent(PLAIN, (), app("!=", square, num(-1)))).sequent.assumptions
    assert not any("z" in show(a) for a in known)


def test_terms_and_sorts_round_trip() -> None:
    sort = Map((Index(N),), Joint(("X", "Y"), ((), (Index(N),)), (Fraction(1, 2),), (None, Fraction(3))))
    assert sort_from_json(sort_to_json(sort)) == sort
    from checker.kernel.term import to_json

    t = add(mean(entry("i")), num(1))
    assert from_json(to_json(t)) == t
