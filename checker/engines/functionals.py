"""Integrals and series of known generators: their values put in, the rest left to the other engines.

Method: linear functionals on generators (kernel/functional_values.py): gamma, beta and Gaussian integrals,
exponential, geometric and binomial series, with polynomial and logarithmic factors.  So moments, entropies,
divergences, generating functions and normalisers of the named families come out as terms in their parameters.

The certificate holds the proof of what is left; the kernel computes the values again.  What it cannot do:
integrals over part of the range of a gamma or beta density (incomplete gamma functions), squares of
logarithms under them, two kinks of absolute values in unknown order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.rule_functional import values_put_in
from ..kernel.term import Bind, subterms, to_json


def proofs(s: Sequent, search: Any) -> Iterator[dict[str, Any]]:
    if not any(isinstance(u, Bind) and u.head in ("integral", "sum") and u.outer for u in subterms(s.goal)):
        return
    try:
        goal, _ = values_put_in(s)
    except Reject:
        return
    proof = search.prove(s.with_goal(goal))
    if proof is not None:
        yield {"rule": "functional", "proof": proof}


__all__ = ["proofs"]
