"""Every row of the claims table, end to end: searched, certified, replayed from JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from checker.engines.portfolio import decide
from checker.kernel.claim import Claim
from checker.kernel.evidence import Reject
from checker.kernel.term import App, show
from checker.kernel.verdict import Proved, Refuted, verify

from . import claims


def replayed(claim: Claim) -> Proved | Refuted:
    outcome = decide(claim, {})
    assert outcome.certificate is not None, (show(claim.statement), outcome.tried)
    again = Claim.from_json(json.loads(json.dumps(claim.to_json())))
    return verify(again, json.loads(json.dumps(outcome.certificate)))


@pytest.mark.parametrize("row", list(claims.true_claims()), ids=lambda r: r[0])
def test_true(row: claims.Row) -> None:
    assert isinstance(replayed(claims.read(row)), Proved)


@pytest.mark.parametrize("row", list(claims.false_claims()), ids=lambda r: r[0])
def test_false(row: claims.Row) -> None:
    verdict = replayed(claims.read(row))
    assert isinstance(verdict, Refuted)
    assert verdict.rule == "evaluate"


@pytest.mark.parametrize("row", list(claims.gaussian_claims()), ids=lambda r: r[0])
def test_families(row: claims.Row) -> None:
    verdict = replayed(claims.read(row))
    assert isinstance(verdict, Refuted if row[0].endswith("!") else Proved)


@pytest.fixture(scope="module")
def false() -> list[Claim]:
    return [claims.read(r) for r in claims.false_claims()]


@pytest.mark.parametrize("row", list(claims.true_claims()), ids=lambda r: r[0])
def test_a_proof_proves_no_other_claim(row: claims.Row, false: list[Claim]) -> None:
    """Each proof, tried on every false row."""
    certificate = decide(claims.read(row), {}).certificate
    for claim in false:
        with pytest.raises(Reject):
            verify(claim, certificate or {})


CONDITIONS = {
    "chain.1": ["forall(z: (density(p, 1, x, 2, z) = 0) implies (density(q, 1, z, given, 2, x) = 0))",
                "finite"],
    "gap": ["density(p, 1, x) > 0", "forall(z: ", "finite"],
    "bound": ["density(p, 1, x) > 0", "forall(z: ", "finite"],
    "kl": [], "kl.only": [], "kl.when": [], "normalised": [], "importance.support": [], "mi.nonnegative": [],
    "mi": ["finite", "finite", "finite"],
    "bayes": ["density(p, 1, x) > 0", "density(p, 2, z) > 0"],
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_conditions_are_the_definedness_of_what_is_written(name: str) -> None:
    row = next(r for r in claims.true_claims() if r[0] == name)
    verdict = replayed(claims.read(row))
    assert isinstance(verdict, Proved)
    shown = sorted(show(c) for c in verdict.conditions)
    wanted = sorted(CONDITIONS[name])
    assert len(shown) == len(wanted)
    assert all(any(s.startswith(w) for s in shown) for w in wanted)


def test_the_finiteness_of_a_split_is_a_condition_of_the_split_only() -> None:
    """I(X; Y) = H(X) - H(X|Y) needs both entropies finite: for infinite ones it is oo - oo."""
    row = next(r for r in claims.true_claims() if r[0] == "mi")
    verdict = replayed(claims.read(row))
    assert isinstance(verdict, Proved)
    assert all(isinstance(c, App) and c.head == "finite" for c in verdict.conditions)


@pytest.mark.parametrize("relation, left, right, holds", [
    ("=", True, True, True), ("=", True, False, False), ("!=", True, False, True), ("<", True, True, False),
    ("<=", True, True, True), ("<", True, False, False), ("<", False, True, True), ("<=", False, True, True),
    ("<=", True, False, False), (">", True, False, True), (">=", False, True, False), (">=", True, True, True),
])
def test_relations_of_infinite_divergences(relation: str, left: bool, right: bool, holds: bool) -> None:
    from checker.kernel.evaluate import _of_infinite

    assert _of_infinite(relation, left, right) is holds


def test_an_infinite_divergence_has_a_value_alone_on_its_side_only() -> None:
    """KL is oo here: as a side it is a value, in a sum it is undefined, beside an undefined side nothing is decided."""
    from checker.kernel.evaluate import Undefined
    from checker.kernel.model import read_model

    with claims.sympy.evaluate(False):
        one = claims.KL(claims.p(claims.x), claims.q(claims.x))
        rows = [((one, "<=", 10), False), ((one, ">=", claims.log(2)), True), ((one/2, "<=", 10), None),
                ((one, "<=", claims.log(0)), None)]
    witness = {"kind": "distribution", "point": {"p": {"law": ["1/2", "1/2"]}, "q": {"law": ["1", "0"]},
                                                 "x": {"state": 1}}}
    for claim, holds in rows:
        s = claims.read(("row", claim, ())).sequent
        model = read_model(s, witness)
        if holds is None:
            with pytest.raises(Undefined):
                model.truth(s.goal)
        else:
            assert model.truth(s.goal) is holds


def test_zero_times_an_entropy_needs_the_entropy() -> None:
    with claims.sympy.evaluate(False):
        row = ("row", (0*claims.entropy(claims.p(claims.x)), "<=", claims.KL(claims.p(claims.x), claims.q(claims.x))), ())
    verdict = replayed(claims.read(row))
    assert isinstance(verdict, Proved)
    assert [show(c).split(":")[0] for c in verdict.conditions] == ["finite(E(x"]


@pytest.mark.parametrize("missing", [{"beta >= 0"}, {"beta <= 1"}, {"beta >= 0", "beta <= 1"}])
def test_weights_of_a_mixture_are_positive(missing: set[str]) -> None:
    """Without 0 <= beta <= 1, which the language adds, nothing says that beta p + (1 - beta) q is a density."""
    from checker.kernel.density_reading import Reader
    from checker.kernel.term import Bind, subterms

    with claims.sympy.evaluate(False):
        mixed = claims.beta*claims.p(claims.z) + (1 - claims.beta)*claims.q(claims.z)
        sequent = claims.read(("row", (claims.entropy(mixed, claims.z), ">=", 0), ())).sequent
    kept = tuple(a for a in sequent.assumptions if show(a) not in missing)
    assert len(kept) == len(sequent.assumptions) - len(missing)
    e = next(t for t in subterms(sequent.goal) if isinstance(t, Bind))
    with pytest.raises(Reject, match="not certainly nonnegative"):
        Reader(replace(sequent, assumptions=kept)).pieces(e)


def test_laws_of_one_name_in_two_documents_are_two() -> None:
    """SymPy remembers log(p(x)) of the first document; the second has a p of its own."""
    from sympy import log

    from checker import KL, Derivation, E

    for id in ("first", "second"):
        D = Derivation(id)
        x, z = D.variables("x z")
        p, q = D.densities("p q")
        D.claim("elbo", log(p(x)), "=", E(log(p(x, z)/q(z | x)), z, q(z | x)) + KL(q(z | x), p(z | x)))
        assert len(D.claims) == 1
