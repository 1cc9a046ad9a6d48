"""Sequences known by a law, series, special numbers: rows end to end, and the rules' own certificates."""

from __future__ import annotations

from typing import Any

import pytest

from checker.engines.portfolio import decide
from checker.kernel.claim import Claim
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.verdict import verify

from .rows_known import ATTACKS, ROWS, STATEMENTS
from .state import said, state
from .test_rules import rejects, term

DIRECT: dict[str, Any] = {"rule": "discrete"}


def verdict(claim: Claim) -> str:
    certificate = decide(claim, {}).certificate
    if certificate is None:
        return "undecided"
    verify(claim, certificate)
    return str(certificate["verdict"])


@pytest.mark.parametrize("row", ROWS, ids=lambda r: " ".join(r[:3]))
def test_true(row: Any) -> None:
    assert verdict(state(*row[:4])) == "proved"


@pytest.mark.parametrize("row", [(*r[:2], wrong, r[3]) for r in ROWS for wrong in r[4]], ids=lambda r: " ".join(r[:3]))
def test_false(row: Any) -> None:
    assert verdict(state(*row)) == "refuted"


@pytest.mark.parametrize(("true", "false", "given"), STATEMENTS)
def test_statements(true: str, false: str, given: tuple[str, ...]) -> None:
    assert verdict(said(true, given)) == "proved"
    assert verdict(said(false, given)) == "refuted"


@pytest.mark.parametrize("row", ATTACKS, ids=lambda r: " ".join(r[:3]))
def test_attacks(row: Any) -> None:
    assert verdict(state(*row)) != "proved"


@pytest.mark.parametrize(("row", "expected"), [
    (("Sum(1/k, (k, 1, oo))", "=", "oo", ()), "undecided"),           # true: a divergent sum has this value
    (("Sum(-k, (k, 1, oo))", "=", "-oo", ()), "undecided"),
    (("Sum(1/k, (k, 1, oo))", "=", "2", ()), "refuted"),
])
def test_compared_with_infinity(row: Any, expected: str) -> None:
    assert verdict(state(*row)) == expected


# ---------------------------------------------------------------------------- exponential series

SERIES = ("Sum(k*x**k/factorial(k), (k, 1, oo))", "=", "x*exp(x)", ())


def series(**changes: Any) -> dict[str, Any]:
    return {"rule": "exponential-series", "sum": 0, "name": "k", "u": term("x"), "coefficients": ["0", "1"],
            "step": DIRECT, "proof": DIRECT, **changes}


def test_exponential_series_accepts() -> None:
    assert not prove(state(*SERIES).sequent, series()).conditions


@pytest.mark.parametrize(("row", "changes"), [
    (SERIES, {"coefficients": ["1", "1"]}),
    (SERIES, {"coefficients": []}),
    (SERIES, {"u": term("2*x")}),
    (SERIES, {"u": term("x*k")}),                              # not free of k
    (SERIES, {"name": "x"}),
    (("Sum(k*x**k/factorial(k), (k, 1, n))", "=", "x*exp(x)", ()), {}),             # a finite sum
    (("Sum(k*x**k/factorial(k), (k, 1, oo))", "=", "x*exp(x) + x", ()), {}),
    (("Sum(x**k/factorial(k), (k, 1, oo))", "=", "exp(x)", ()), {"coefficients": ["1"]}),   # the term at 0 is lost
    (("Sum(x**k/factorial(k), (k, n, oo))", "=", "exp(x)", ("n >= 0",)), {"coefficients": ["1"]}),
    (("Sum(k*x**k/factorial(k), (k, 1, oo))", "=", "x*exp(x) + m - m", ()), {"coefficients": ["0", term("m/m")]}),
])
def test_exponential_series_rejects(row: Any, changes: dict[str, Any]) -> None:
    assert rejects(row, series(**changes))


# ---------------------------------------------------------------------------- combinations and rests

BERNOULLI = ("(1 + x)**(n + 1)", ">=", "1 + (n + 1)*x", ("n >= 0", "x >= 0", "(1 + x)**n >= 1 + n*x"))


def test_rest_accepts() -> None:
    certificate = {"rule": "discrete", "multipliers": [[2, term("1 + x")]], "rest": {"rule": "sign"}}
    assert not prove(state(*BERNOULLI).sequent, certificate).conditions


@pytest.mark.parametrize(("row", "certificate"), [
    (BERNOULLI, {"multipliers": [[2, term("-1 - x")]], "rest": {"rule": "sign"}}),        # a negative factor
    (BERNOULLI, {"multipliers": [[2, term("1 + x + n/m")]], "rest": {"rule": "sign"}}),   # undefined at m = 0
    (BERNOULLI, {"multipliers": [[9, "1"]], "rest": {"rule": "sign"}}),
    (("(1 + x)**(n + 1)", ">", "1 + (n + 1)*x", BERNOULLI[3]),                              # x = 0: equality
     {"multipliers": [[2, term("1 + x")]], "rest": {"rule": "sign"}}),
    (("x*y", ">=", "x", ("y >= 1",)), {"multipliers": [[0, term("x")]]}),                 # x may be negative
    (("fibonacci(n + 2) + fibonacci(n)", ">", "fibonacci(n + 1)", ("n >= 0",)), {"recurrent": True}),     # n = 0
    (("fibonacci(n + 2) + fibonacci(n)", ">=", "fibonacci(n + 1)", ()), {"recurrent": True}),
])
def test_combinations_reject(row: Any, certificate: dict[str, Any]) -> None:
    assert rejects(row, {"rule": "discrete", **certificate})


def test_recurrence_accepts() -> None:
    row = ("fibonacci(n + 2) + fibonacci(n)", ">=", "fibonacci(n + 1)", ("n >= 0",))
    assert not prove(state(*row).sequent, {"rule": "discrete", "recurrent": True}).conditions


# ---------------------------------------------------------------------------- moduli, witnesses

@pytest.mark.parametrize(("text", "modulus", "accepted"), [
    ("ne(k**2, 4*n + 3)", 4, True),
    ("ne(k**2, 4*n + 3)", 3, False),
    ("ne(k**2, 4*n + 1)", 4, False),
    ("ne(k/2, n)", 2, False),
    ("ne(x, 2*n + 1)", 2, False),
    ("ne(k**2, 4*n + 3)", 0, False),
    ("ne(k**2, 4*n + 3)", -4, False),
    ("eq(k, 4*n + k)", 4, False),
])
def test_modulus(text: str, modulus: int, accepted: bool) -> None:
    certificate = {"rule": "modular", "modulus": modulus}
    try:
        prove(said(text).sequent, certificate)
        found = True
    except Reject:
        found = False
    assert found == accepted


@pytest.mark.parametrize(("text", "witness", "accepted"), [
    ("exists(k, eq(n**2 + n, 2*k))", "(n**2 + n)/2", True),
    ("exists(k, eq(n, 2*k))", "n/2", False),
    ("exists(k, eq(3**n, 2*k + 1))", "(3**n - 1)/2", False),          # n < 0
    ("exists(k, eq(4**n, 3*k + 1))", "(4**n - 1)/3", False),          # n < 0
])
def test_witness(text: str, witness: str, accepted: bool) -> None:
    certificate = {"rule": "exists", "witness": {"k": term(witness)}, "proof": DIRECT}
    try:
        prove(said(text).sequent, certificate)
        found = True
    except Reject:
        found = False
    assert found == accepted
