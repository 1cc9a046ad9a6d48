"""The assumptions at a point: evaluated where that is possible, else proved there.

A point is a witness only if every assumption holds at it.  What no evaluation decides (a law for all vectors, an
assumed recurrence) needs a proof, which goes with the witness under ``because``.
"""

from __future__ import annotations

from typing import Any

from ..kernel.claim import Sequent
from ..kernel.evaluate import Undefined, Unknown
from ..kernel.evidence import Reject
from ..kernel.model import Model, read_model
from ..kernel.term import Malformed
from .outcome import Budget
from .search import Certificate, Searcher


def shown_at(s: Sequent, model: Model, checks: int) -> Certificate | None:
    """A proof for each assumption, by its position, that evaluation leaves open; None if one fails or stays open."""
    because: Certificate = {}
    for k, a in enumerate(s.assumptions):
        try:
            if model.truth(a):
                continue
            return None
        except Undefined:
            return None
        except Unknown:
            pass
        try:
            here = model.instance(Sequent(s.declarations, (), a))
        except Reject:
            return None
        proof = Searcher({}, Budget(checks=checks), model).unconditionally(here)
        if proof is None:
            return None
        because[str(k)] = proof
    return because


def with_proofs(s: Sequent, witness: dict[str, Any], checks: int = 300) -> dict[str, Any] | None:
    """The witness with the proofs it needs; None if it is none."""
    try:
        model = read_model(s, witness)
    except (Reject, Malformed):
        return None
    because = shown_at(s, model, checks)
    if because is None:
        return None
    return {**witness, "because": because} if because else witness


__all__ = ["shown_at", "with_proofs"]
