"""Typical slips: a refuted line, and the repair that is proved."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from checker import and_, eq, iff
from checker.engines.portfolio import decide
from checker.engines import repairs
from checker.kernel.claim import Claim
from checker.kernel.term import show
from checker.language.derivation import read_claim
from tests.kernel.statements import namespace, statement


def repair(claim: Claim, witness: dict[str, Any] | None) -> repairs.Repair | None:
    found = repairs.repair(claim, witness)
    return None if found is None else found[0]


#: left, relation, right, assumptions; the kind of slip and what stands in the right side instead
SLIPS = [
    ("x - (y - c)", "=", "x - y - c", (), "sign", "x - y + c"),
    ("Derivative(exp(-x), x)", "=", "exp(-x)", (), "sign", "-exp(-x)"),
    ("log(a/b)", "=", "log(b) - log(a)", (), "sign", "-(log(b) - log(a))"),
    ("(x + y)**2", "=", "x**2 + y**2", (), "term-missing", "x^2 + y^2 + 2*x*y"),
    ("(x + y)**2", "=", "x**2 + x*y + y**2", (), "factor", "2*x*y"),
    ("Derivative(x*log(a*x), x)", "=", "log(a*x)", ("x > 0",), "term-missing", "log(a*x) + 1"),
    ("sin(2*x)", "=", "sin(x)*cos(x)", (), "factor", "2*sin(x)*cos(x)"),
    ("x**2*x**3", "=", "x**6", (), "exponent", "5"),
    ("Integral(x**2, (x, 0, p))", "=", "p**2/3", (), "exponent", "3"),
    ("Derivative(1/(1 + exp(-x)), x)", "=", "exp(-x)/(1 + exp(-x))", (), "exponent", "(exp(-x) + 1)^2"),
    ("Derivative(sin(x**2), x)", "=", "cos(x**2)", (), "inner-derivative", "cos(x^2)*diff(x over x: x^2)"),
    ("Sum(2**k, (k, 0, n))", "=", "2**n - 1", ("n >= 0",), "factor", "2*2^n"),
    ("exp(a + b)", "=", "exp(a) + exp(b)", (), "operation", "exp(a)*exp(b)"),
    ("sqrt(x**2)", "=", "x", (), "function", "abs(x)"),
    ("1/(1 + exp(-x))", "=", "exp(-x)/(1 + exp(-x))", (), "factor", "1/(exp(-x) + 1)"),
    ("x*y", ">", "(x**2 + y**2)/2", (), "direction", "x*y <= (x^2 + y^2)/2"),
    ("x**2", ">", "0", (), "strictness", "x^2 >= 0"),
    ("x*Abs(x)", "=", "x**2", (), "condition", "x >= 0"),
]


def _refuted(claim: Claim) -> dict[str, object]:
    certificate = decide(claim, {}).certificate
    assert certificate is not None and certificate["verdict"] == "refuted"
    witness = certificate["witness"]
    assert isinstance(witness, dict)
    return witness


@pytest.mark.parametrize(("left", "relation", "right", "given", "kind", "new"), SLIPS)
def test_a_typical_slip_is_named(left: str, relation: str, right: str, given: tuple[str, ...], kind: str, new: str) -> None:
    claim = statement(left, relation, right, given)
    found = repair(claim, _refuted(claim))
    assert found is not None
    assert (found.kind, show(found.new)) == (kind, new)


@pytest.mark.parametrize(("before", "after", "kind"), [
    ("Eq(x**2, 4)", "Eq(x, 2)", "loses"), ("Eq(x, 2)", "Eq(x**2, 4)", "gains"), ("Eq(2*x + 4, 6)", "Eq(x, 2)", "factor"),
    ("-2*x < 6", "x < -3", "direction"), ("Eq(2*x + 4, 10)", "Eq(2*x, 14)", "number"),
])
def test_a_step_between_equations(before: str, after: str, kind: str) -> None:
    names = {**namespace(), "iff": iff, "eq": eq, "and_": and_}
    with sympy.evaluate(False):
        stated = iff(eval(before, {}, names), eval(after, {}, names))
    claim = read_claim((stated,), (), {})[0]
    found = repair(claim, _refuted(claim))
    assert found is not None and found.kind == kind


def test_every_repair_is_itself_proved() -> None:
    """The repaired statement goes through the mint, the original does not."""
    claim = statement("(x + y)**2", "=", "x**2 + y**2")
    found = repair(claim, _refuted(claim))
    assert found is not None
    repaired = Claim(claim.declarations, claim.assumptions, found.statement)
    certificate = decide(repaired, {}).certificate
    assert certificate is not None and certificate["verdict"] == "proved"


@pytest.mark.parametrize(("left", "right"), [("sin(x)", "x**7 + 3*y"), ("x", "Integral(exp(p**2), (p, 0, y))")])
def test_no_repair_is_better_than_a_wrong_one(left: str, right: str) -> None:
    claim = statement(left, "=", right)
    assert repair(claim, _refuted(claim)) is None


def test_a_witness_that_does_not_fit_costs_nothing() -> None:
    claim = statement("x - (y - c)", "=", "x - y - c")
    for witness in (None, {}, {"kind": "ray"}, {"point": {"x": "1"}}, {"point": "nonsense"}):
        found = repair(claim, witness)
        assert found is not None and found.kind == "sign"
