"""Random claims: what is proved, no finite model refutes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.engines.finite_laws import candidates, inhabit_finite, refute_finite
from checker.engines.outcome import Budget
from checker.engines.search import Searcher
from checker.kernel.evaluate import Undefined, Unknown
from checker.kernel.evidence import Reject
from checker.kernel.model import read_model
from checker.kernel.prove import prove
from checker.kernel.term import show
from checker.kernel.verdict import verify

from .random_claims import claim

#: Seeds whose claims were once both proved and refuted, or undefined in a telling way.
REGRESSIONS = {663: "p s = p r s gives p = p r only where s > 0"}


@pytest.mark.parametrize("seed", [*REGRESSIONS, *range(24)])
def test_never_both(seed: int) -> None:
    check(seed)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.integers(100_000, 10_000_000))
def test_never_both_at_random(seed: int) -> None:
    check(seed)


def check(seed: int) -> None:
    c = claim(seed)
    if c is None:
        return
    s = c.sequent
    proof = Searcher({}, Budget(checks=300)).prove(s)
    if proof is None:
        return
    conditions = prove(s, proof).conditions
    for witness in refute_finite(s):
        try:
            verify(c, {"verdict": "refuted", "witness": witness, "proof": {"rule": "evaluate"}})
        except Reject:
            continue
        raise AssertionError(f"proved and refuted: {show(s.goal)} at {witness}")
    # where the conditions hold the claim is defined and true
    for witness, _ in zip(candidates(s), range(25), strict=False):
        try:
            model = read_model(s, witness)
            if all(model.truth(a) for a in (*s.assumptions, *conditions)):
                assert model.truth(s.goal), (show(s.goal), witness)
        except (Reject, Undefined, Unknown):
            continue


def test_the_uniform_law_inhabits() -> None:
    done = 0
    for seed in range(40):
        c = claim(seed)
        if c is not None and not c.assumptions:
            assert next(inhabit_finite(c.sequent), None) is not None
            done += 1
    assert done > 10
