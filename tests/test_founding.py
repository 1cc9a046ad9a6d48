"""The founding document: every claim of assignment 5 is stated, and decided as its mathematics demands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]

PROVED = """
costs.rnn.train.time costs.rnn.train.space costs.rnn.test.time costs.rnn.test.space
costs.transformer.train.time.exact costs.transformer.train.time.long costs.transformer.train.space.short
costs.transformer.train.space.recomputed costs.transformer.test.time.long costs.transformer.test.space
costs.rnn-cheaper-when-long costs.equal-at-t-n costs.rnn-cheaper-counted
tokens.causal-mask tokens.causal-mask-sees-the-past tokens.feed-forward-is-per-token
tokens.layer-norm-is-per-token tokens.decoding-work-grows
attention.copy-in-the-limit attention.never-exactly-one attention.inner-product attention.weight
attention.weight-limit attention.other-weight-limit attention.output-limit attention.half-exactly-two-keys
attention.below-half
elbo.chain.1 elbo.chain.2 elbo.chain.3 elbo.kl-nonnegative elbo.kl-zero-only-when-equal
elbo.kl-zero-when-equal elbo.gaussian-kl elbo.gaussian-reconstruction elbo.evidence-gap elbo.lower-bound
game.table game.period-six game.does-not-converge game.invariant game.fixed-point-condition
game.q-never-zero game.only-equilibrium
""".split()

REFUTED = """
costs.rnn.train.space.with-weights costs.transformer.train.time costs.transformer.train.space
costs.transformer.train.space.recomputed-whole-layer costs.transformer.test.time
costs.rnn-cheaper-when-short costs.equal-at-t-n-counted
tokens.attention-is-per-token
attention.inner-product-orthogonal-only attention.half-exactly attention.copy-impossible-if-distinct
elbo.joint-in-reconstruction elbo.marginal-in-kl
game.shorter-period game.condition-forces-zero game.condition-never-met game.one-zero-is-equilibrium
""".split()


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    certificates = tmp_path_factory.mktemp("certificates")
    done = subprocess.run(
        [sys.executable, "-m", "checker", "check", *sorted(map(str, ROOT.glob("derivations/*.py"))), "--no-store",
         "--output-format", "json", "--certificates", str(certificates)],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    out = json.loads(done.stdout)
    assert out["schema"] == "checker/1" and out["errors"] == []
    return {c["id"]: c for c in out["claims"]}


@pytest.mark.parametrize("name", PROVED)
def test_proved(claims: dict[str, dict[str, Any]], name: str) -> None:
    assert claims[name]["verdict"] == "proved"


@pytest.mark.parametrize("name", REFUTED)
def test_refuted_with_a_witness_that_a_person_can_use(claims: dict[str, dict[str, Any]], name: str) -> None:
    claim = claims[name]
    assert (claim["verdict"], claim["expected"]) == ("refuted", "refuted")
    witness = claim["witness"]
    assert witness["kind"]
    assert any(witness.get(k) for k in ("point", "instance", "ray", "left"))


def test_the_elbos_conditions_are_the_definedness_of_its_terms(claims: dict[str, dict[str, Any]]) -> None:
    assert any("q" in c and "p" in c for c in claims["elbo.chain.1"]["conditions"])
    assert claims["elbo.evidence-gap"]["conditions"]
    assert claims["elbo.kl-nonnegative"]["conditions"] == []


def test_two_tokens_show_that_attention_is_not_per_token(claims: dict[str, dict[str, Any]]) -> None:
    assert claims["tokens.attention-is-per-token"]["witness"]["point"]["t"] == "2"
