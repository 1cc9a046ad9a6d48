"""Data processing for divergences: claims end to end, and the rule's own guards."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import sqrt

from checker.engines.portfolio import decide
from checker.engines.processing import slope
from checker.kernel.evaluate import truth
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.rule_processing import premises
from checker.kernel.term import num, show, to_json
from checker.kernel.verdict import Proved, Refuted, verify
from checker.language.densities import KL, E, densities, mixture, variables
from checker.language.derivation import read_claim
from checker.language.information import TV, chi2, hellinger

x, y, z = variables("x y z")
n = variables("n", measure="discrete")
p, q, r, k, j = densities("p q r k j")
P, Q, PQ = p(x), q(x), (p(x, y), q(x, y))


def read(left: Any, relation: str, right: Any) -> Any:
    with sympy.evaluate(False):
        return read_claim((left, relation, right), (), {})[0]


with sympy.evaluate(False):
    through = [mixture(k(y | x), x, u) for u in (P, Q)]
    TRUE = {
        "total variation": (TV(P, Q), "<=", TV(*PQ)),
        "chi squared, through a channel": (chi2(*through), "<=", chi2(P, Q)),
        "affinity": (E(sqrt(P/Q), x, Q), ">=", E(sqrt(PQ[0]/PQ[1]), (x, y), PQ[1])),
    }
    FALSE = [
        (TV(*PQ), "<=", TV(P, Q)),
        (TV(mixture(k(y | x), x, P), mixture(j(y | x), x, Q)), "<=", TV(P, Q)),
        (TV(*through), ">=", TV(P, Q)),
    ]
    #: true or false, but nothing for this rule
    OTHERS = [
        (TV(P, Q), "<", TV(*PQ), "strict"),
        (TV(P, Q), "<=", 2*TV(*PQ), "not the same function"),
        (TV(P, Q), "<=", TV(*PQ) + 1, "not the same function"),
        (TV(P, r(x)), "<=", TV(*PQ), "of other laws"),
        (TV(p(x, z), q(x, z)), "<=", TV(*PQ), "do not come from those"),
        (TV(p(x | y), q(x | y)), "<=", TV(*PQ), "no density of all"),
        (TV(P, q(y)), "<=", TV(*PQ), "no density of all"),
        (KL(P, Q), "<=", KL(*PQ), "may be infinite"),
        (TV(mixture(k(y | x), x, P), mixture(j(y | x), x, Q)), "<=", TV(P, Q), "in the same way"),
        (TV(mixture(k(y | x), x, P), Q), "<=", TV(P, Q), "no density of all"),
        (TV(mixture(p(y | x), x, P), mixture(p(y | x), x, Q)), "<=", TV(P, Q), "no family"),
        (TV(mixture(k(y | x), x, P), mixture(k(y | x), x, Q)), "<=", TV(*PQ), "do not come from those"),
        (E(x*sqrt(P/Q), x, Q), ">=", E(x*sqrt(PQ[0]/PQ[1]), (x, y), PQ[1]), "no function of the densities"),
        (E(P/Q, x, Q), "<=", E(P, x, Q), "not the same function"),
    ]


@pytest.mark.parametrize("name", TRUE)
def test_true(name: str) -> None:
    claim = read(*TRUE[name])
    certificate = decide(claim, {}).certificate
    assert certificate is not None
    assert isinstance(verify(claim, certificate), Proved)


@pytest.mark.parametrize("row", FALSE, ids=str)
def test_false(row: tuple[Any, str, Any]) -> None:
    claim = read(*row)
    certificate = decide(claim, {}).certificate
    assert certificate is not None
    assert isinstance(verify(claim, certificate), Refuted)


@pytest.mark.parametrize("row", OTHERS, ids=str)
def test_nothing_for_this_rule(row: tuple[Any, str, Any, str]) -> None:
    *sides, reason = row
    with pytest.raises(Reject, match=reason):
        premises(read(*sides).sequent, {"slope": to_json(num(0))})


def test_premises() -> None:
    """phi above its tangents, and what that is where one density is 0."""
    s = read(hellinger(P, Q), "<=", hellinger(*PQ)).sequent
    shown = [show(g.goal) for g in premises(s, {"slope": to_json(slope(s))})]
    assert len(shown) == 3
    with pytest.raises(Reject, match="no term in r"):
        premises(s, {"slope": {"v": "u"}})
    # E_q (p/q)^2 leaves out where q = 0 < p: a premise is false, and so is the claim
    with sympy.evaluate(False):
        square = read(E((P/Q)**2, x, Q), "<=", E((PQ[0]/PQ[1])**2, (x, y), PQ[1])).sequent
    goals = premises(square, {"slope": to_json(slope(square))})
    assert show(goals[2].goal).startswith("0 >= ")
    assert not truth(goals[2].goal, {"r": num(1), "u": num(1)}, goals[2].declarations)
    with pytest.raises(Reject):
        prove(square, {"rule": "processing", "slope": to_json(slope(square)), "proofs": [{"rule": "field"}]*3})
