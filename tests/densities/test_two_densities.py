"""Divergences of two densities: claims end to end, and the rule's own guards."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import sqrt, symbols

from checker.engines.portfolio import decide
from checker.kernel.claim import Claim, Sequent
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.rule_two_densities import premises
from checker.kernel.term import App, Bind, Law, Malformed, Space, Var, add, app, from_json, mul, num, to_json
from checker.kernel.verdict import verify
from checker.language.densities import KL, E, densities, variables
from checker.language.derivation import read_claim
from checker.language.information import TV, chi2, hellinger

x, y = variables("x y")
p, q, r = densities("p q r")
b = symbols("b", positive=True)
P, Q = p(x), q(x)


def read(left: Any, relation: str, right: Any, given: tuple[Any, ...] = ()) -> Any:
    with sympy.evaluate(False):
        return read_claim((left, relation, right), given, {})[0]


with sympy.evaluate(False):
    TRUE = [
        (TV(P, Q)**2, "<=", KL(P, Q)/2),                     # Pinsker
        (TV(P, Q), "<=", sqrt(KL(Q, P)/2)),
        (4*TV(P, Q)**2, "<=", chi2(P, Q)),
        (TV(P, Q)**2, "<=", 2*hellinger(P, Q)),              # Le Cam
        (2*hellinger(p(x, y), q(x, y)), "<=", KL(p(x, y), q(x, y))),
    ]
    FALSE = [
        (TV(P, Q)**2, "<=", KL(P, Q)/4),
        (TV(P, Q), "<=", KL(P, Q)/2),
        (5*TV(P, Q)**2, "<=", chi2(P, Q)),
        (KL(P, Q), "<=", 2*TV(P, Q)),                        # may be infinite
    ]
    #: true or false, but nothing for this rule
    OTHERS = [
        (TV(P, Q)**2, "<", KL(P, Q)/2, "strict"),
        (TV(P, r(x))**2, "<=", KL(P, Q)/2, "third density"),
        (TV(p(x | y), q(x | y))**2, "<=", KL(p(x | y), q(x | y))/2, "no density of all"),
        (TV(P, Q)**2, "<=", b*KL(P, Q), "no linear form"),
        (E(x, x, P), "<=", KL(P, Q), "no function of the densities"),
        (TV(P, Q)**2, "<=", E(sympy.log(P), x, P), "not homogeneous"),
        (KL(P, Q), "<=", 2*TV(P, Q), "may be infinite"),
    ]


@pytest.mark.parametrize("row", TRUE, ids=str)
def test_true(row: tuple[Any, str, Any]) -> None:
    claim = read(*row)
    certificate = decide(claim, {}).certificate
    assert certificate is not None and certificate["verdict"] == "proved"
    verify(claim, certificate)


@pytest.mark.parametrize("row", FALSE, ids=str)
def test_false(row: tuple[Any, str, Any]) -> None:
    certificate = decide(read(*row), {}).certificate
    assert certificate is not None and certificate["verdict"] == "refuted"


@pytest.mark.parametrize("left, relation, right, message", OTHERS)
def test_rejected(left: Any, relation: str, right: Any, message: str) -> None:
    s = read(left, relation, right).sequent
    square = "**2" in str(left) or "^2" in str(left)
    certificate = {"rule": "two-densities", "units": [to_json(num(0))]*2, "proofs": [{"rule": "sign"}],
                   **({"share": [to_json(num("1/2"))]*2} if square else {})}
    with pytest.raises(Reject, match=message):
        prove(s, certificate)


def proof_of(row: tuple[Any, str, Any]) -> tuple[Any, dict[str, Any]]:
    claim = read(*row)
    found: Any = decide(claim, {}).certificate
    proof = found["proof"]
    while proof["rule"] != "two-densities":
        proof = proof["proof"]
    return claim.sequent, proof


def test_edited_certificates() -> None:
    s, proof = proof_of(TRUE[0])
    prove(s, proof)
    one = from_json(proof["share"][0])
    edits = [{"units": [to_json(num(1))]*2}, {"share": [to_json(num(2))]*2}, {"share": [to_json(num(0))]*2},
             {"share": [to_json(num(-1)), to_json(num(2))]}, {"proofs": []}, {"proofs": [{"rule": "sign"}]},
             {"share": [proof["share"][1], to_json(one)]}]
    for edit in edits:
        with pytest.raises((Reject, ValueError)):
            prove(s, {**proof, **edit})
    for row in FALSE:
        with pytest.raises((Reject, KeyError)):
            prove(read(*row).sequent, proof)


def _zero_to_zero() -> Any:
    """E_p (0^0/p) is the size of the support of p: 10 for a uniform density on [0, 10], not at most 2."""
    at = [App("density", (Var(law), num(1), Var("x"))) for law in ("p", "q")]
    size = Bind("E", ("x",), (Space("lebesgue"),), (), (at[0], app("div", app("pow", num(0), num(0)), at[0])))
    one = Bind("E", ("x",), (Space("lebesgue"),), (), (at[1], num(1)))
    return Sequent({"p": Law(("x",)), "q": Law(("x",))}, (), app("<=", add(size, mul(num(0), one)), num(2)))


def test_names_of_the_claim_are_no_densities() -> None:
    """A number called q', a point called x'0: with them for the density q the false claims had a true premise."""
    weight = sympy.Symbol("q'", positive=True)
    with sympy.evaluate(False):
        rows = [read(0, "<=", E(sympy.log(P/weight), x, P)),
                read(0, "<=", E(sympy.log(P/q(variables("x'0"))), x, P))]
    for claim in rows:
        with pytest.raises(Reject, match="is no"):
            premises(claim.sequent, {"units": [to_json(num(-1)), to_json(num(1))]})


def test_zero_to_zero_has_a_degree() -> None:
    with pytest.raises(Reject, match="not homogeneous"):
        premises(_zero_to_zero(), {"units": [to_json(num(1))]*2})


@pytest.mark.parametrize("name", ["~0.0", "~1.0", "#p"])
def test_names_of_normal_forms_cannot_be_declared(name: str) -> None:
    """With z called ~0.0 the normal form of E_p exp f(y, z) was that of E_p exp f(y, y)."""
    with pytest.raises(Malformed, match="not a name"):
        from_json({"v": name})
    with pytest.raises(Malformed, match="not a name"):
        Claim(((name, Space("lebesgue")),), (), app("=", num(0), num(0))).check_scope()
