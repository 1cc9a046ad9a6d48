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
from ..kernel.evaluate import Undefined, Unknown
from ..kernel.evidence import Reject
from ..kernel.model import read_model
from ..kernel.rule_divergence import premise
from ..kernel.rule_functional import values_put_in
from ..kernel.term import App, Bind, Term, subterms
from .points import may_hold, points

POINTS = 40


def proofs(s: Sequent, search: Any) -> Iterator[dict[str, Any]]:
    try:
        premise(s)
        yield {"rule": "divergence", "proof": {"rule": "functional", "proof": {"rule": "sign"}}}
    except Reject:
        pass        # no divergence
    goal = closed_form(s)
    if goal is not None:
        proof = search.prove(s.with_goal(goal))
        if proof is not None:
            yield {"rule": "functional", "proof": proof}
    elif isinstance(s.goal, App) and s.goal.head == "=" and _exponentials(s.goal) > 1:
        # exponents over different denominators: compared as logarithms
        yield {"rule": "products", "proof": {"rule": "field"}}


def closed_form(s: Sequent) -> Term | None:
    """The goal with values for its integrals and series; None if there are none."""
    if not any(isinstance(u, Bind) and u.head in ("integral", "sum") and u.outer for u in subterms(s.goal)):
        return None
    try:
        return values_put_in(s)[0]
    except Reject:
        return None


def refute(s: Sequent) -> Iterator[dict[str, Any]]:
    """Points at which the closed forms differ."""
    goal = closed_form(s)
    if goal is None or any(isinstance(u, Bind) and u.head != "diff" for u in subterms(goal)):
        return
    for witness in points(s, POINTS):
        try:
            if may_hold(goal, read_model(s, witness)):
                continue
        except (Reject, Undefined, Unknown):
            continue
        yield {"witness": witness, "proof": {"rule": "functional", "proof": {"rule": "evaluate"}}}


def _exponentials(t: Term) -> int:
    return sum(isinstance(u, App) and u.head == "exp" for u in subterms(t))


__all__ = ["closed_form", "proofs", "refute"]
