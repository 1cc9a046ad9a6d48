"""Orders of recurrences: each true one is proved, its opposite refuted; each false one the other way round."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Function, Rational, ceiling, floor, log, sqrt, symbols

from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.term import num, to_json
from checker.language.errors import StatementError
from checker.language.orders import O, Omega, Theta, o
from checker.language.recurrences import recurrence

from .claims import read, verdict

n = symbols("n", integer=True, positive=True)
x = symbols("x", real=True)
T, S = Function("T"), Function("S")

with sympy.evaluate(False):
    TRUE: list[Any] = [
        (2*T(n/2) + n, Theta(n*log(n))),
        (2*T(n/2) + Theta(n), Theta(n*log(n))),
        (2*T(n/2) + O(n), O(n*log(n))),
        (T(floor(n/2)) + T(ceiling(n/2)) + n, Theta(n*log(n))),
        (2*T(floor(n/2) + 17) + n, Theta(n*log(n))),
        (2*T(n/2) + n*log(n), Theta(n*log(n)**2)),
        (2*T(n/2) + n/log(n), Theta(n*log(log(n)))),
        (2*T(n/2) + n/log(n)**2, Theta(n)),
        (7*T(n/2) + n**2, Theta(n**(log(7)/log(2)))),
        (T(2*n/3) + 1, Theta(log(n))),
        (T(n/3) + T(2*n/3) + n, Theta(n*log(n))),
        (T(n/5) + T(7*n/10) + n, Theta(n)),
        (T(n - 1) + n, Theta(n**2)),
        (T(n - 1) + 1/n, Theta(log(n))),
        (T(n - 2) + n, Theta(n**2)),
        (2*T(n - 1) + 1, Theta(2**n)),
        (2*T(n - 1) + 2**n, Theta(n*2**n)),
        (T(n - 1) + T(n - 2) + 1, Theta(((1 + sqrt(5))/2)**n)),
        (2*T(n/2) + n, o(n**2)),
        (3*T(n - 1) + 1, Omega(2**n)),
    ]
    FALSE: list[Any] = [
        (2*T(n/2) + n, Theta(n)),
        (2*T(n/2) + Theta(n), O(n)),
        (2*T(n/2) + n/log(n), Theta(n)),
        (2*T(n/2) + n/log(n)**2, Theta(n*log(log(n)))),
        (4*T(n/2) + n**2, Theta(n**2)),
        (7*T(n/2) + n**2, O(n**Rational(14, 5))),
        (7*T(n/2) + n**2, Omega(n**Rational(281, 100))),
        (T(n/2) + n, Theta(n*log(n))),
        (T(n/5) + T(7*n/10) + n, Theta(n*log(n))),
        (T(n - 1) + log(n), Theta(n)),
        (2*T(n - 1) + 2**n, Theta(2**n)),
        (T(n - 1) + T(n - 2), Theta(2**n)),
        (2*T(n/2) + n, o(n*log(n))),
    ]
    NEITHER: list[Any] = [
        (2*T(n/2) - n, Theta(n*log(n))),          # such T need not exist
        (T(n + 1) + n, Theta(n)),
        (T(n) + 1, Theta(n)),
        (2*T(n/2) + O(n), Theta(n*log(n))),       # only bounded above
        (T(n/2)*T(n/2) + n, Theta(n)),
        (n*T(n - 1) + 1, Theta(n)),
        (T(sqrt(n)) + 1, Theta(log(log(n)))),     # true, and outside the rules
        (T(n - 1) - T(n - 2) + 5, O(n)),
        (T(n/2) + 2**n, O(n)),                    # no powers of n: the theorem does not apply
    ]


def claim(right: Any, order: Any, relation: str = "=") -> Any:
    return read(T(n), relation, order, given=[recurrence(T(n), right)])


@pytest.mark.parametrize("row", TRUE, ids=str)
def test_true(row: Any) -> None:
    found, minted = verdict(claim(*row))
    assert found == "proved", minted
    assert verdict(claim(*row, "!="))[0] == "refuted"


@pytest.mark.parametrize("row", FALSE, ids=str)
def test_false(row: Any) -> None:
    assert verdict(claim(*row))[0] == "refuted"


@pytest.mark.parametrize("row", FALSE[2:7], ids=str)
def test_the_opposite_of_a_false_one(row: Any) -> None:
    assert verdict(claim(*row, "!="))[0] == "proved"


@pytest.mark.parametrize("row", NEITHER, ids=str)
@pytest.mark.parametrize("kind", ["divide", "step", "lags"])
def test_neither(row: Any, kind: str) -> None:
    s = claim(*row).sequent
    for root in (0, 1, 2):
        with pytest.raises(Reject):
            prove(s, {"rule": "order-recurrence", "kind": kind, "order": 3, "root": to_json(num(root))})


@pytest.mark.parametrize("c", [
    {"kind": "divide", "root": num(2)}, {"kind": "divide", "root": num(0)}, {"kind": "step"}, {"kind": "lags", "root": num(1)},
    {"kind": "divide"}, {"kind": "other"}, {"kind": "divide", "root": num(1), "order": 99}], ids=str)
def test_edited(c: dict[str, Any]) -> None:
    """T(n) = 2 T(n/2) + n has p = 1, and its driving cost does not dominate."""
    edited = {"order": 3, **c, **({"root": to_json(c["root"])} if "root" in c else {})}
    with pytest.raises(Reject):
        prove(claim(*TRUE[0]).sequent, {"rule": "order-recurrence", **edited})


def test_accepted() -> None:
    shown = prove(claim(*TRUE[0]).sequent,
                  {"rule": "order-recurrence", "kind": "divide", "root": to_json(num(1)), "order": 3})
    assert shown.axioms and not shown.conditions


def test_errors() -> None:
    with pytest.raises(StatementError):
        recurrence(T(x), T(x - 1))
    with pytest.raises(StatementError):
        recurrence(T(n), S(n - 1))
    with pytest.raises(StatementError):
        read(S(n), "=", O(n), given=[recurrence(T(n), T(n - 1) + 1)])
    with pytest.raises(StatementError):
        read(T(n), "=", n, given=[recurrence(T(n), T(n - 1) + 1)])


@pytest.mark.parametrize(("right", "order", "kind", "root"), [
    (2*T(n/2) + n, Theta(n**2), "divide", 2), (2*T(n/2) + n, Theta(n), "divide", 0),
    (T(n - 1) + T(n - 2), Theta(2**n), "lags", 2),
    (T(n - 1) + T(n - 2), O(sympy.Integer(1), growing=[n]), "lags", 1)], ids=str)
def test_wrong_roots(right: Any, order: Any, kind: str, root: int) -> None:
    with pytest.raises(Reject):
        prove(claim(right, order).sequent,
              {"rule": "order-recurrence", "kind": kind, "root": to_json(num(root)), "order": 3})
