"""Per rule, certificates that it must accept and certificates that it must reject (attacks at cuts, zeros, ends)."""

from __future__ import annotations

from typing import Any

import pytest

from checker.engines.points import points
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.term import App, mul, num, to_json

from .rows import ATTACKS
from .state import state

I, TWO_I = to_json(App("i", ())), to_json(mul(num(2), App("i", ())))
P: dict[str, Any] = {"rule": "principal"}
FIELD: dict[str, Any] = {"rule": "field"}


def logarithm(multiplier: Any, **point: Any) -> dict[str, Any]:
    return {"rule": "branches", "kind": "logarithm", "multiplier": multiplier, "point": point}


def power(q: int, **point: Any) -> dict[str, Any]:
    return {"rule": "branches", "kind": "power", "power": q, "point": point}


def cells(name: str, points_: list[Any], *parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"rule": "cells", "name": name, "points": points_, "parts": list(parts), **more}


Row = tuple[str, str, str, tuple[str, ...], dict[str, Any]]
X_PLUS = ("x > 0",)

ACCEPTED: list[Row] = [
    ("atan(x) + atan(1/x)", "=", "pi/2", X_PLUS, logarithm(TWO_I, x="1")),
    ("atan(x) + atan((1 - x)/(1 + x))", "=", "pi/4", ("x > -1",), logarithm(TWO_I, x="0")),
    ("4*atan(R(1, 5)) - atan(R(1, 239))", "=", "pi/4", (), logarithm(TWO_I)),
    ("sqrt(x + 2*sqrt(x) + 1)", "=", "sqrt(x) + 1", ("x >= 0",), power(2, x="1")),
    ("sqrt(1 - z**2)", "=", "sqrt(1 - z)*sqrt(1 + z)", ("im(z) > 0",), P),
    ("asin(-z)", "=", "-asin(z)", ("im(z) > 0",), logarithm(I, z=I)),
    ("sqrt(x**2)", "=", "Abs(x)", (), cells("x", ["0"], FIELD, FIELD, FIELD)),
    ("sqrt(z**2)", "=", "-z", ("re(z) < 0",), P),
    ("sqrt(x**4)", "=", "x**2", ("x > 1",), cells("x", ["0"], *[
        {"rule": "absurd", "assumption": 0, "proof": {"rule": r}} for r in ("sign", "evaluate")], FIELD)),
    ("log(-1)", "!=", "0", (), P),
    ("sqrt(3 + 2*sqrt(2))", "=", "1 + sqrt(2)", (), P),
    ("Piecewise((1, x > 0), (0, Eq(x, 0)), (-1, True))", "=", "sign(x)", (), cells("x", ["0"], P, P, P)),
]

REJECTED: list[Row] = [
    # branches: the domain is not connected, or is given by an assumption that describes no convex set
    ("atan(x) + atan(1/x)", "=", "pi/2", ("Ne(x, 0)",), logarithm(TWO_I, x="1")),
    ("atan(x) + atan(1/x)", "=", "pi/2", ("x**2 > 0",), logarithm(TWO_I, x="1")),
    ("atan(x) + atan(y)", "=", "atan((x + y)/(1 - x*y))", ("Ne(x*y, 1)",), logarithm(TWO_I, x="0", y="0")),
    ("atan(x) + atan(1/x)", "=", "pi/2", ("x*x > 0",), logarithm(TWO_I, x="1")),
    ("cos(pi*n)", "=", "1", (), power(2, n="0")),
    # ... the point is outside, the sides differ there, the relation says nothing, the ball is of another multiplier
    ("atan(x) + atan(1/x)", "=", "pi/2", X_PLUS, logarithm(TWO_I, x="-1")),
    ("atan(x) + atan(1/x)", "=", "-pi/2", X_PLUS, logarithm(TWO_I, x="-1")),
    ("atan(x) + atan(1/x)", "=", "-pi/2", X_PLUS, logarithm(TWO_I, x="1")),
    ("sqrt(x**2 + 1)", "=", "-sqrt(x**2 + 1)", (), power(2, x="0")),
    ("atan(x) + atan(1/x)", "=", "pi/4", X_PLUS, logarithm(TWO_I, x="1")),
    ("atan(x) + atan(1/x)", "=", "pi/2", X_PLUS, logarithm("0", x="1")),
    ("atan(x) + atan(1/x)", "=", "pi/2", X_PLUS, logarithm({"v": "x"}, x="1")),
    ("atan(x) + atan(1/x)", "=", "pi/2", X_PLUS, logarithm(TWO_I)),
    ("x", "=", "x + 2*pi", (), logarithm(I, x="0")),
    # ... a side is not continuous
    ("log(exp(I*x))", "=", "I*x", (), logarithm("1", x="0")),
    ("sqrt(z**2 - 1)", "=", "sqrt(z - 1)*sqrt(z + 1)", (), power(2, z="2")),
    ("sqrt(z**2)", "=", "z", ("re(z) >= 0",), power(2, z="1")),
    ("acot(x)", "=", "pi/2 - atan(x)", (), logarithm(TWO_I, x="1")),
    ("sign(x)", "=", "1", (), power(2, x="1")),
    ("floor(x)*2*pi", "=", "0", (), logarithm(I, x="1/2")),
    ("asin(z)", "=", "atan(z/sqrt(1 - z**2))", (), logarithm(TWO_I, z="0")),
    ("acosh(z)", "=", "log(z + sqrt(z**2 - 1))", (), logarithm("1", z="2")),
    # ... both sides vanish somewhere, so the ratio may jump
    ("Abs(x)", "=", "x", (), power(2, x="1")),
    ("sqrt(x**2)", "=", "x", (), power(2, x="1")),
    ("Abs(x)", "=", "-x", ("x >= 0",), power(2, x="1")),
    ("(-1)**R(1, 13)", "=", "1", (), power(26)),
    # cells: a case is missing, or is false, or the point is no real number
    ("sqrt(x**2)", "=", "Abs(x)", (), cells("x", ["0"], FIELD, FIELD)),
    ("Abs(x)", "=", "x", (), cells("x", ["0"], FIELD, FIELD, FIELD)),
    ("sign(x)", "=", "1", ("x >= 0",), cells("x", ["0"], FIELD, FIELD, FIELD)),
    ("sqrt(x**2)", "=", "Abs(x)", (), cells("x", [{"v": "y"}], FIELD, FIELD, FIELD)),
    ("sqrt(x**2)", "=", "Abs(x)", (), cells("x", [I], FIELD, FIELD, FIELD)),
    ("sqrt(x**2)", "=", "Abs(x)", (), cells("x", [["div", "1", "0"]], FIELD, FIELD, FIELD)),
    ("sqrt(x**2)", "=", "Abs(x)", (), cells("x", [], FIELD)),
    ("x/x", "=", "1", (), cells("x", ["0"], FIELD, FIELD, FIELD)),
    ("log(z) - log(-z)", "=", "I*pi*sign(im(z))", ("Ne(z, 0)",), cells("z", [], P, P, P)),
    ("sqrt(z**2)", "=", "z", ("re(z) >= 0",), cells("z", [], P, P, P, part="re")),
    # absurd: the assumptions do not contradict each other
    ("x", "=", "1", ("x > 0", "x < 2"), {"rule": "absurd", "assumption": 0, "proof": {"rule": "sign"}}),
    ("x", "=", "1", ("x > 0",), {"rule": "absurd", "assumption": 1, "proof": {"rule": "sign"}}),
    # principal: nonzero at every point, not only at most
    ("z", "!=", "0", (), P),
    ("exp(z)", "!=", "1", (), P),
    ("sqrt(3 + 2*sqrt(2))", "!=", "1 + sqrt(2)", (), P),
    ("sqrt(10**40 + 1)", "=", "10**20", (), P),
]


@pytest.mark.parametrize("row", ACCEPTED, ids=lambda r: " ".join(r[:3]))
def test_accepted(row: Row) -> None:
    assert not prove(state(*row[:4]).sequent, row[4]).conditions


@pytest.mark.parametrize("row", REJECTED, ids=lambda r: " ".join(map(str, r)))
def test_rejected(row: Row) -> None:
    try:
        shown = prove(state(*row[:4]).sequent, row[4])
    except Reject:
        return
    assert row[:3] == ("x/x", "=", "1") and shown.conditions


@pytest.mark.parametrize("row", ATTACKS, ids=lambda r: " ".join(r[:3]))
def test_no_certificate_shows_an_attack(row: tuple[str, str, str, tuple[str, ...]]) -> None:
    s = state(*row).sequent
    tried = [P]
    for witness in points(s, 1):
        at = {n: v if isinstance(v, str) else v["term"] for n, v in witness["point"].items()}
        tried += [logarithm(m, **at) for m in ("1", "2", I, TWO_I)] + [power(q, **at) for q in (2, 4)]
    for certificate in tried:
        try:
            conditions = prove(s, certificate).conditions
        except Reject:
            continue
        assert conditions
