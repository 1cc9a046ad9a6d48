"""Claims about random quantities end to end: true ones are proved, false ones refuted by small laws."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from checker import Cov, Derivation, E, Var, eq, forall, independent, mean, total, trace
from checker.kernel.claim import Claim
from checker.kernel.definedness import definedness
from checker.language.derivation import read_claim
from checker.language.errors import StatementError
from tests.kernel.statements import verdict

from .claims import FALSE, TRUE, names

with sympy.evaluate(False):
    NAMES = names()


def claim(left: str, relation: str, right: str, given: tuple[str, ...]) -> Claim:
    with sympy.evaluate(False):
        sides = [eval(s, {"__builtins__": {}}, NAMES) for s in (left, right)]  # noqa: S307
        assumptions = [eval(g, {"__builtins__": {}}, NAMES) for g in given]  # noqa: S307
        return read_claim((sides[0], relation, sides[1]), assumptions, {})[0]


@pytest.mark.parametrize("row", TRUE, ids=lambda r: f"{r[0]}{r[1]}{r[2]}"[:60])
def test_true_claims_are_proved(row: Any) -> None:
    assert verdict(claim(*row))[0] == "proved"


@pytest.mark.parametrize("row", FALSE, ids=lambda r: f"{r[0]}{r[1]}{r[2]}"[:60])
def test_false_claims_are_refuted(row: Any) -> None:
    assert verdict(claim(*row))[0] == "refuted"


def test_covariances_that_are_given_are_symmetric() -> None:
    D = Derivation("symmetric")
    d = D.sizes("d")
    i, j = D.index("i j", d)
    m, S, A = D.vector("m", d), D.matrix("S", d, d), D.matrix("A", d, d)
    z = D.random("z", d, mean=m)
    given = forall((i, j), eq(Cov(z[i], z[j]), S[i, j]))
    for covariance in (S, S.T):
        statement = E(z.T @ A @ z), "=", trace(A @ covariance) + m.T @ A @ m
        assert verdict(read_claim(statement, [given], {})[0])[0] == "proved"
    once = read_claim(statement, [forall((i, j), eq(E(z[i]*z[j]**2), S[i, j]))], {})[0]
    assert len(once.assumptions) == 1 + sum(1 for f in z.block.facts) + 1          # no symmetry, and d >= 1


def test_what_takes_finitely_many_values_has_an_expectation() -> None:
    q = sympy.Symbol("q", real=True)

    def conditions(f: Any, **law: Any) -> int:
        with sympy.evaluate(False):
            stated = read_claim((E(f(Derivation("finite").random("B", mean=q, **law))), "=", q), [], {})[0]
        return len(definedness(stated.sequent.goal, stated.sequent))

    assert conditions(sympy.exp, values=(0, 1)) == 0
    assert conditions(sympy.exp) == conditions(sympy.exp, nonnegative=True) == 1
    assert conditions(sympy.log, values=(0, 1)) == 1          # log 0
    T = Derivation("another").random("T")
    with sympy.evaluate(False):
        B = Derivation("finite").random("B", values=(0, 1))
        both = read_claim((E(sympy.exp(B*T)), "=", q), [independent(B, T)], {})[0].sequent
    assert len(definedness(both.goal, both)) == 1             # one of the two takes any value


def test_a_condition_of_the_claim_is_listed() -> None:
    found, conditions = verdict(claim("E(total(i, (X[i] - mean(X))**2)/(n - 1))", "=", "s2", ()))
    assert found == "proved" and len(conditions) == 1


def bad(work: Any) -> str:
    with sympy.evaluate(False), pytest.raises(StatementError) as error:
        work(Derivation("bad"))
    return str(error.value)


def test_messages_name_the_remedy() -> None:
    n, m = sympy.symbols("n m", integer=True, positive=True)

    def two_samples(D: Derivation) -> None:
        X, Y = D.sample("X", n), D.sample("Y", m)
        D.claim("a", Var(mean(X) - mean(Y)), "=", Var(mean(X)))

    assert "independent(X, Y)" in bad(two_samples)

    def pairwise(D: Derivation) -> None:
        P, Q, R = D.random("P Q R")
        D.claim("a", Var(P + Q + R), "=", Var(P), given=[independent(P, Q)])

    assert "may depend on R" in bad(pairwise)
    assert "no positive integer" in bad(lambda D: D.sample("X", sympy.Symbol("k")))
    assert "D.random" in bad(lambda D: D.sample("X"))
    assert "D.sample" in bad(lambda D: D.random("X")[1])
    assert "declared random quantities" in bad(lambda D: independent(D.random("X"), sympy.Symbol("y")))

    def growing(D: Derivation) -> None:
        Z = D.random("Z", n)
        D.claim("a", sympy.Limit(E(total(D.index("i", n), Z[D.index("i", n)])), n, sympy.oo), "=", 0)

    assert "is bound here" in bad(growing)
