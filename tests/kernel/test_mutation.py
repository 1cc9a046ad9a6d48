"""Mutation: every field of a real certificate changed, presented with the false mutants of its claim.

None may be accepted: for a false claim no certificate may prove, for a true one none may refute.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from checker.engines.portfolio import decide
from checker.kernel.claim import Claim
from checker.kernel.term import RELATIONS, App, Num, Term, app, num, rebuild
from checker.kernel.verdict import Proved, Refuted

from .forms import claim, outcome
from .statements import statement

IT = (
    "(item (iterate ((p real) (q real)) ({} (tuple x y)) (assign q (add q p)) (assign p (add p (neg q)))) {})"
)
#: Claims that are true at every admissible point at which they are defined, by elementary means.
TRUE = [
    statement("x*(x + 1)", "=", "x**2 + x"),
    statement("(x**2 - 1)/(x - 1)", "=", "x + 1"),
    statement("log(a**2/b)", "=", "2*log(a) - log(b)"),
    statement("sqrt(x**2)", "=", "Abs(x)"),
    statement("m - 2", ">", "0", ("m >= 3",)),
    statement("x**2 - x + 1", ">", "0"),
    statement("x + y", "=", "3", ("Eq(x, 1)", "Eq(y, 2)")),
    statement("p", "=", "0", ("Eq(p*q, 0)", "Ne(q, 0)")),
    claim("x real, y real", f"(= {IT.format(3, 1)} (neg x))"),
    claim("n integer, x real, y real", f"(= {IT.format('(add n 6)', 1)} {IT.format('n', 1)})", "(>= n 0)"),
    claim("x real", "(or (< x 0) (>= x 0))"),
    claim("", "(exists ((x integer)) (> x 0) (= (pow x 2) 9))"),
    claim("", "(forall ((x real)) (> x 1) (> (pow x 2) 1))"),
    claim("x real", "(implies (= (pow x 2) 0) (= x 0))"),
    claim("x real", "(iff (= (mul 2 x) 4) (= x 2))"),
    claim("n integer", f"(!= {IT.format('n', 1).replace('x y', '1 1')} 0)", "(>= n 0)"),
]


def false_mutants(c: Claim) -> Iterator[Claim]:
    """The claim with one relation, number or operation changed: kept only where a point refutes it."""
    for changed in variants(c.statement):
        mutant = Claim(c.declarations, c.assumptions, changed)
        found = decide(mutant, {})
        if found.certificate is not None and found.certificate["verdict"] == "refuted":
            yield mutant


def variants(t: Term) -> Iterator[Term]:
    if isinstance(t, App):
        if t.head in RELATIONS:
            for other in {
                "=": ("!=",),
                "!=": ("=",),
                "<": (">=",),
                ">": ("<=", "<"),
                ">=": ("<",),
                "<=": (">",),
            }[t.head]:
                yield App(other, t.args)
            if t.head == "=":
                yield app("=", t.args[0], app("add", t.args[1], num(1)))
                yield app("=", t.args[0], app("neg", t.args[1]))
            return
        for k, a in enumerate(t.args):
            for v in variants(a):
                yield App(t.head, (*t.args[:k], v, *t.args[k + 1 :]))
    elif not isinstance(t, Num) and hasattr(t, "inner"):
        for v in variants(t.inner[-1]):
            yield rebuild(t, lambda u, v=v: v if u is t.inner[-1] else u)


VALUES: list[Any] = [
    "0",
    "1",
    "-1",
    "1/2",
    True,
    0,
    1,
    -1,
    2,
    60,
    None,
    [],
    {},
    "field",
    "sign",
    "assumption",
    "evaluate",
    ["pi"],
    ["true"],
    {"v": "x"},
    {"v": "n"},
    {"rule": "field"},
    {"rule": "assumption"},
    {"rule": "evaluate"},
    {"rule": "sign"},
]


def mutations(data: Any) -> Iterator[Any]:
    """Every field replaced by every value, dropped, or doubled."""
    if isinstance(data, dict):
        for k, v in data.items():
            for w in VALUES:
                yield {**data, k: w}
            yield {j: u for j, u in data.items() if j != k}
            for w in mutations(v):
                yield {**data, k: w}
    elif isinstance(data, list):
        for k, v in enumerate(data):
            yield data[:k] + data[k + 1 :]
            yield data[:k] + [v, v] + data[k + 1 :]
            for w in mutations(v):
                yield data[:k] + [w] + data[k + 1 :]


CASES = [(c, json.loads(json.dumps(decide(c, {}).certificate)), list(false_mutants(c))) for c in TRUE]
MOST = 250


def spread(items: list[Any], most: int) -> list[Any]:
    return items[:: max(1, len(items) // most)]


@pytest.mark.parametrize("case", CASES, ids=lambda c: json.dumps(c[0].to_json()["statement"])[:60])
def test_no_mutated_certificate_turns_a_verdict(case: tuple[Claim, Any, list[Claim]]) -> None:
    c, certificate, mutants = case
    assert certificate is not None and certificate["verdict"] == "proved"
    assert mutants, "no false mutant: the row tests nothing"
    changed = [certificate, *spread(list(mutations(certificate)), MOST)]
    for f in changed:
        f = copy.deepcopy(f)
        for false in mutants[:4]:
            found = outcome(false, f)
            assert not isinstance(found, Proved), (false.to_json(), f)
        found = outcome(c, f)
        assert not isinstance(found, Refuted), (c.to_json(), f)


def test_no_certificate_of_one_claim_proves_a_false_mutant_of_another() -> None:
    for _, certificate, _ in CASES:
        for _, _, mutants in CASES:
            for false in mutants:
                assert not isinstance(outcome(false, certificate), Proved)
