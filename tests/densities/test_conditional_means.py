"""Assumed conditional means: read for all values that are taken, used under expectations, refuted by laws that have them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import sympy
from sympy import symbols

from checker import Cov, E, Pr, Var, eq, forall, independent
from checker.engines.portfolio import decide
from checker.kernel.claim import Claim
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.term import show
from checker.kernel.verdict import Proved, Refuted, verify
from checker.language.densities import densities, functions, variables
from checker.language.derivation import read_claim

N, S, x, y, z = variables("N S x y z")
p, q = densities("p q")
f = functions("f", x)
a, b, c, mu, s2 = symbols("a b c mu s2", real=True)


def read(parts: Sequence[Any], given: Sequence[Any]) -> Claim:
    with sympy.evaluate(False):
        return read_claim(parts, given, {})[0]


#: statement, given, the assumptions that the claim has
READ: list[tuple[Callable[[], tuple[Any, ...]], Callable[[], list[Any]], list[str]]] = [
    (lambda: (E(S), "=", E(N)), lambda: [eq(E(S | N), N)],
     ["forall(N: (density(P, 1, N) > 0) implies (E(S: density(P, 2, S, given, 1, N); S) = N))"]),
    (lambda: (E(S), "=", E(N)), lambda: [forall(N, eq(E(S | N), N))],
     ["forall(N: (density(P, 1, N) > 0) implies (E(S: density(P, 2, S, given, 1, N); S) = N))"]),
    (lambda: (E(x), ">=", 0), lambda: [x >= 0], ["forall(x: (density(P, 1, x) > 0) implies (x >= 0))"]),
    (lambda: (E(z), ">=", 0), lambda: [forall(x, x >= 0)],
     ["forall(x: (density(P, 1, x) > 0) implies (x >= 0))"]),
    (lambda: (E(x), ">=", 0), lambda: [forall(x, x >= 0)], ["forall(x: x >= 0)"]),
    (lambda: (E(y | x), ">=", 0), lambda: [x >= 0], ["x >= 0"]),                # the value that the statement names
    (lambda: (E(f(x)), ">=", 0), lambda: [f(x) >= 0], ["f[x] >= 0"]),
    (lambda: (E(z, z, q(z)), "=", 0), lambda: [eq(q(z), p(z))], ["density(q, 1, z) = density(p, 1, z)"]),
]


@pytest.mark.parametrize("row", range(len(READ)))
def test_what_is_assumed(row: int) -> None:
    parts, given, assumed = READ[row]
    assert [show(t) for t in read(parts(), given()).assumptions] == assumed


MEAN = [eq(E(S | N), mu*N)]
CLAIMS: dict[str, tuple[Callable[[], tuple[Any, ...]], Callable[[], list[Any]], type]] = {
    "sum": (lambda: (E(S), "=", mu*E(N)), lambda: MEAN, Proved),
    "sum of squares": (lambda: (E(S), "=", mu*E(N)**2), lambda: MEAN, Refuted),
    "product": (lambda: (E(S*N), "=", mu*E(N**2)), lambda: MEAN, Proved),
    "product apart": (lambda: (E(S*N), "=", mu*E(N)**2), lambda: MEAN, Refuted),
    "martingale": (lambda: (Var(S), ">=", Var(N)), lambda: [eq(E(S | N), N)], Proved),
    "variances equal": (lambda: (Var(S), "=", Var(N)), lambda: [eq(E(S | N), N)], Refuted),
    "below": (lambda: (E(y), ">=", 0), lambda: [E(y | x) >= x**2], Proved),
    "at one value": (lambda: (E(y | x), "=", E(y)), lambda: [eq(Cov(x, y), 0)], Refuted),
    "of another variable": (lambda: (E(z), ">=", 0), lambda: [forall(x, x >= 0)], Refuted),
    "of that variable": (lambda: (Pr(x >= a), "<=", E(x)/a), lambda: [x >= 0, a > 0], Proved),
    "not the variance": (lambda: (Var(S), "=", s2*E(N)), lambda: [*MEAN, eq(Var(S | N), s2*N)], Refuted),
    "not independent": (lambda: (independent(x, y),), lambda: [eq(E(y | x), E(y))], Refuted),
}


@cache
def decided(name: str) -> tuple[Claim, dict[str, Any] | None]:
    parts, given, _ = CLAIMS[name]
    claim = read(parts(), given())
    return claim, decide(claim, {}).certificate


@pytest.mark.parametrize("name", CLAIMS)
def test_claims(name: str) -> None:
    claim, certificate = decided(name)
    assert certificate is not None
    assert isinstance(verify(claim, certificate), CLAIMS[name][2])


def proof_of(name: str) -> tuple[Claim, dict[str, Any]]:
    claim, certificate = decided(name)
    assert certificate is not None
    return claim, json.loads(json.dumps(certificate["proof"]))


@pytest.mark.parametrize("name", ["sum", "product", "below"])
def test_the_proof_rests_on_the_assumption_and_on_the_statement(name: str) -> None:
    claim, proof = proof_of(name)
    prove(claim.sequent, proof)
    with pytest.raises(Reject):
        prove(replace(claim.sequent, assumptions=()), proof)
    for other in ("sum of squares", "product apart", "variances equal", "martingale", "sum", "product"):
        if other != name:
            with pytest.raises(Reject):
                prove(decided(other)[0].sequent, proof)


def test_at_one_value_it_says_nothing_of_the_others() -> None:
    """The equation itself, not for all values: the kernel does not take it for more."""
    claim, proof = proof_of("sum")
    (everywhere,) = claim.assumptions
    assert show(everywhere).startswith("forall(N: ")
    one = everywhere.inner[1].args[1]  # type: ignore[union-attr]
    with pytest.raises(Reject):
        prove(replace(claim.sequent, assumptions=(one,)), proof)
