"""No certificate, whatever its origin, makes a false claim proved; closed forms agree with direct summation."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.engines.gosper import antidifference
from checker.engines.portfolio import decide
from checker.kernel.claim import Claim, Sequent
from checker.kernel.evaluate import value
from checker.kernel.evidence import Reject
from checker.kernel.term import (
    INTEGER, TRUE, App, Bind, Term, Var, add, app, mul, num, sub, substitute,
)
from checker.kernel.verdict import Proved, verify

from .rows import BINOMIAL, BINOMIAL_SUMS, DIVISIBLE, FIBONACCI, GAMMA, INEQUALITIES, PRODUCTS, SUMS, Row
from .state import state

CHOSEN = [*GAMMA[::6], *BINOMIAL[::5], *DIVISIBLE[::5], *FIBONACCI[1::6], *SUMS[::5], *BINOMIAL_SUMS[:4], *PRODUCTS[::5],
          *INEQUALITIES[::4]]


def mutants(data: Any, rng: random.Random) -> Iterator[Any]:
    """Certificates with one leaf changed: a number, a rule, a name, a list shortened or swapped."""
    places: list[tuple[Any, Any]] = []

    def walk(x: Any) -> None:
        items = list(x.items()) if isinstance(x, dict) else list(enumerate(x)) if isinstance(x, list) else []
        for key, v in items:
            places.append((x, key))
            walk(v)

    fresh = copy.deepcopy(data)
    walk(fresh)
    rng.shuffle(places)
    for holder, key in places[:25]:
        old = holder[key]
        match old:
            case bool():
                holder[key] = not old
            case int():
                holder[key] = old + rng.choice((-1, 1))
            case str() if old.lstrip("-").isdigit():
                holder[key] = str(int(old) + rng.choice((-1, 1, 2)))
            case str():
                holder[key] = rng.choice(["field", "discrete", "assumption", "sign", "add", "mul", "neg", "n", "k"])
            case list() if len(old) > 1:
                holder[key] = old[::-1] if rng.random() < 0.5 else old[:-1]
            case _:
                continue
        yield fresh
        holder[key] = old


@pytest.mark.parametrize("row", CHOSEN, ids=lambda r: " ".join(r[:3]))
def test_no_certificate_proves_a_false_neighbour(row: Row) -> None:
    left, relation, right, assumptions, wrong = row
    certificate = decide(state(left, relation, right, assumptions), {}).certificate
    assert certificate is not None
    rng = random.Random(left)
    for text in wrong:
        false: Claim = state(left, relation, text, assumptions)
        for c in [certificate, *mutants(certificate, rng)]:
            try:
                minted = verify(false, c)
            except Reject:
                continue
            assert not isinstance(minted, Proved), c


K = Var("k")


@st.composite
def summands(draw: st.DrawFn) -> Term:
    """Polynomials in k times powers, and reciprocals of products of neighbours."""
    small = st.integers(-3, 3)
    polynomial = add(*(mul(num(draw(small)), app("pow", K, num(d))) for d in range(draw(st.integers(1, 4)))))
    match draw(st.sampled_from(("polynomial", "geometric", "reciprocal", "factorial"))):
        case "geometric":
            base = draw(st.sampled_from((2, 3, -2, Fraction(1, 2), -1)))
            return mul(polynomial, app("pow", num(base), K))
        case "reciprocal":
            c = draw(st.integers(1, 4))
            return app("div", num(draw(st.integers(1, 5))), mul(add(K, num(c)), add(K, num(c + 1))))
        case "factorial":
            return mul(K, app("factorial", K))
    return polynomial


def by_hand(body: Term, low: int, high: int) -> Any:
    return sum((value(body, {"k": Fraction(k)}, {"k": INTEGER}) for k in range(low, high + 1)), Fraction(0))


@settings(max_examples=60, deadline=None)
@given(summands(), st.integers(0, 4), st.integers(0, 6))
def test_antidifferences_agree_with_direct_summation(body: Term, low: int, length: int) -> None:
    s = Sequent({"k": INTEGER}, (app(">=", K, num(0)),), TRUE)
    t = antidifference(body, "k", s)
    if t is None:
        return
    high = low + length
    total = sub(substitute(t, {"k": num(high + 1)}), substitute(t, {"k": num(low)}))
    difference = sub(total, num(by_hand(body, low, high)))
    claim = Claim((), (), app("=", difference, num(0)))
    certificate = decide(claim, {}).certificate
    assert certificate is not None
    assert certificate["verdict"] == "proved"


@settings(max_examples=25, deadline=None)
@given(summands(), st.integers(-2, 2))
def test_closed_forms_are_proved_and_their_neighbours_are_not(body: Term, wrong: int) -> None:
    n = Var("n")
    inside = Sequent({"n": INTEGER, "k": INTEGER}, (app(">=", K, num(0)),), TRUE)
    t = antidifference(body, "k", inside)
    if t is None:
        return
    closed = sub(substitute(t, {"k": add(n, num(1))}), substitute(t, {"k": num(0)}))
    whole = Bind("sum", ("k",), (INTEGER,), (num(0), n), (TRUE, body))
    claim = Claim((("n", INTEGER),), (app(">=", n, num(0)),), app("=", whole, add(closed, num(wrong))))
    certificate = decide(claim, {}).certificate
    assert certificate is not None
    assert certificate["verdict"] == ("refuted" if wrong else "proved")


def test_the_mutants_change_something() -> None:
    data = {"rule": "summation", "sum": 0, "antidifference": ["neg", "1"]}
    assert all(m != data for m in map(copy.deepcopy, mutants(data, random.Random(0))))
    assert App("true", ()) == TRUE
