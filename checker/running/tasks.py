"""What a worker can be asked to do.  Imported once by the server that workers are forked from: this
is where SymPy enters, and the only modules that see it are the reading, the language and the engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy  # noqa: F401  (paid for once, before the fork)

from ..engines import portfolio, repairs
from ..kernel.claim import Claim
from ..kernel.verdict import Proved, verify
from ..language import derivation  # noqa: F401
from .loading import load_file

__all__ = ["load_file", "repair", "search"]

portfolio.load()
_lemmas: dict[str, Proved] = {}


def search(
    claim: Mapping[str, Any], lemmas: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
    by: Sequence[str],
) -> dict[str, Any]:
    """Ask the engines for a certificate.  ``lemmas``: (claim, certificate) pairs, earlier ones first;
    they are minted here again, for what a process is sent is not a proof."""
    for lemma, certificate in lemmas:
        stated = Claim.from_json(lemma)
        if stated.hash not in _lemmas:
            minted = verify(stated, certificate, _lemmas)
            if isinstance(minted, Proved):
                _lemmas[stated.hash] = minted
    outcome = portfolio.decide(Claim.from_json(claim), _lemmas, tuple(by))
    return {
        "certificate": outcome.certificate, "tried": list(outcome.tried), "evidence": outcome.evidence,
        "next_steps": list(outcome.next_steps), "cause": outcome.cause, "problem": outcome.problem,
    }


def repair(claim: Mapping[str, Any], witness: Mapping[str, Any] | None) -> dict[str, Any]:
    """What kind of mistake a refuted claim looks like: ``{"repair": {...} or None, "certificate": its proof}``."""
    found = repairs.repair(Claim.from_json(claim), witness)
    return {"repair": None, "certificate": None} if found is None else {
        "repair": found[0].to_json(), "certificate": found[1]}
