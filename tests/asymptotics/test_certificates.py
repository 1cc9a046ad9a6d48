"""Certificates hold choices: none carries over to a false claim, and no edit of one proves a false claim."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
import sympy
from sympy import Sum, exp, log, oo, symbols

from checker.engines.portfolio import decide
from checker.kernel.claim import Claim
from checker.kernel.evidence import Reject
from checker.kernel.term import to_json
from checker.kernel.verdict import Proved, Refuted, verify
from checker.language.limits import limit
from checker.language.logic import eq
from checker.language.orders import O, Theta, o

from .claims import read

p, q, c, x = symbols("p q c x", real=True)
t, n, s = symbols("t n s", integer=True, positive=True)
k = symbols("k", integer=True)

with sympy.evaluate(False):
    soft = limit(exp(p*c)/(exp(p*c) + exp(q*c)), c, oo)
    TRUE: list[Any] = [
        ((soft, "=", 1), [p > q]), ((soft, "=", 0), [p < q]),
        ((limit((p*x + 1)/(q*x + 1), x, oo), "=", p/q), []),
        ((limit(sympy.atan(p*x), x, oo), "=", sympy.pi/2*sympy.sign(p)), []),
        ((limit(sympy.Abs(x)/x, x, 0, "+"), "=", 1), []),
        ((limit((1 - sympy.cos(x))/x**2, x, 0), "=", limit(sympy.sin(x)/(2*x), x, 0)), []),
        ((n*t, "=", O(n*t)), []), ((2**n, "=", O(2**t)), [n <= t]), ((n, "=", O(t)), [eq(n, O(t))]),
        ((n**2*t, "=", o(n**3)), [t <= log(n)]), ((n**2 + n*t, "=", Theta(n**2)), [t <= n]),
        ((Sum(s, (s, 1, t)), "=", t*(t + 1)/2), []),
    ]
    FALSE: list[Any] = [
        ((soft, "=", 1), [p >= q]), ((soft, "=", 1), []), ((soft, "=", 0), []), ((soft, "=", 1), [p < q]),
        ((limit((p*x + 1)/(q*x + 1), x, oo), "=", q/p), []),
        ((limit(sympy.atan(p*x), x, oo), "=", sympy.pi/2), []),
        ((limit((1 - sympy.cos(x))/x**2, x, 0), "=", limit(sympy.sin(x)/x, x, 0)), []),
        ((limit(sympy.Abs(x)/x, x, 0), "=", 1), []), ((limit(sympy.Abs(x)/x, x, 0, "-"), "=", 1), []),
        ((n*t, "=", O(n**2)), []), ((2**n, "=", O(2**t)), [eq(n, O(t))]), ((n, "=", O(t)), []),
        ((n**2*t, "=", o(n**3)), [t <= n]), ((n**2 + n*t, "=", Theta(n**2)), []), ((n, "=", o(t)), [n <= t]),
        ((Sum(s, (s, 1, t)), "=", t**2/2), []), ((Sum(k, (k, 1, k)), "=", k*(k + 1)/2), []),
    ]


@pytest.fixture(scope="module")
def certificates() -> list[tuple[Claim, dict[str, Any]]]:
    out = []
    for parts, given in TRUE:
        claim = read(*parts, given=given)
        certificate = decide(claim, {}).certificate
        assert certificate is not None and isinstance(verify(claim, certificate), Proved), parts
        out.append((claim, dict(certificate)))
    return out


def test_none_carries_over_to_a_false_claim(certificates: list[tuple[Claim, dict[str, Any]]]) -> None:
    for parts, given in FALSE:
        claim = read(*parts, given=given)
        for _, certificate in certificates:
            with pytest.raises(Reject):
                verify(claim, certificate)


def test_no_edit_proves_a_false_claim(certificates: list[tuple[Claim, dict[str, Any]]]) -> None:
    rng = random.Random(3)
    for parts, given in FALSE:
        claim = read(*parts, given=given)
        for _, certificate in certificates:
            for _ in range(6):
                edited = mutated(copy.deepcopy(certificate), rng)
                try:
                    found = verify(claim, edited)
                except Reject:
                    continue
                assert isinstance(found, Refuted), (parts, edited)


def test_no_edit_refutes_a_true_claim(certificates: list[tuple[Claim, dict[str, Any]]]) -> None:
    rng = random.Random(4)
    for parts, given in FALSE:
        outcome = decide(read(*parts, given=given), {}).certificate
        if outcome is None:
            continue
        for claim, _ in certificates:
            for step in range(5):
                edited = dict(outcome) if step == 0 else mutated(copy.deepcopy(dict(outcome)), rng)
                try:
                    found = verify(claim, edited)
                except Reject:
                    continue
                assert isinstance(found, Proved), (claim.statement, edited)


def mutated(data: Any, rng: random.Random) -> Any:
    """One place changed: a number, a sign of a split, an order, an exchanged or dropped part."""
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        items = list(node.items()) if isinstance(node, dict) else list(enumerate(node))
        for key, child in items:
            places.append((node, key))
            if isinstance(child, (dict, list)):
                walk(child)

    walk(data)
    node, key = rng.choice(places)
    child = node[key]
    match child:
        case bool():
            node[key] = not child
        case int():
            node[key] = child + rng.choice([-1, 1, 5])
        case str():
            other = rng.choice(places)
            texts = ["0", "1", "-1", "2", "1/2", "<", ">", "+", "s", "p", "t", "upper", "lower"]
            found = other[0][other[1]]
            node[key] = rng.choice([*texts, found if isinstance(found, str) else "n"])
        case _:
            source, other_key = rng.choice(places)
            node[key] = copy.deepcopy(source[other_key])
    return data


def test_a_value_that_is_chosen_adds_no_condition() -> None:
    """limit(sign(p)^2 + 1/x) = 1 is false at p = 0, where all of it is defined: the value p/p, which the
    claim does not name, may not bring p != 0 in."""
    with sympy.evaluate(False):
        body = limit(sympy.sign(p)**2 + 1/x, x, oo)
        claim, chosen = read(body, "=", 1), read(body, "=", p/p)
    inner = decide(chosen, {}).certificate
    assert inner is not None
    left, right = chosen.sequent.goal.args                       # type: ignore[union-attr]
    value = {"limit": to_json(left), "value": to_json(right), "proof": inner["proof"]}
    certificate = {"verdict": "proved", "inhabitant": {"point": {"p": "1"}},
                   "proof": {"rule": "limit", "values": [value], "proof": {"rule": "field"}}}
    with pytest.raises(Reject, match="the claim does not"):
        verify(claim, certificate)


def test_a_closed_sum_keeps_the_conditions_of_its_terms() -> None:
    """sum_{s=0}^{m} s/s is undefined; s/s is 1 in the normal form."""
    m = symbols("m", integer=True, nonnegative=True)
    with sympy.evaluate(False):
        claim = read(Sum(k/k, (k, 0, m)), "=", m + 1)
    certificate = {"verdict": "proved", "inhabitant": {"point": {"m": "1"}},
                   "proof": {"rule": "closed-sum", "proof": {"rule": "field"}}}
    with pytest.raises(Reject):
        verify(claim, certificate)
