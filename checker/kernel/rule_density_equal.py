"""Equality of integrals against densities, and of densities, by their normal form.

    all integrals of a - b lifted and merged (density_groups);  in each group the integrands add up to
    a constant c_g in the log/Laurent normal form;  sum of c_g * mass(mu_g) + scalars = 0
    ---------------------------------------------------------------------------------------------------
    a = b                 conditions: each written integral finite, each divisor and argument of a log
                          positive where its weight is

Equality of densities is almost everywhere; a free random variable stands for almost every value.
The pointwise step cancels a density only if it was written as a divisor (then it is a condition that
it is positive) or is dominated by the weight: exponents are compared, never spans of relations,
which would cancel atoms that may be 0 (x = y = z a fair bit has x _|_ y | z and x _|_ z | y, but x, (y, z)
are dependent).  Cover & Thomas, Elements of Information Theory, 2nd ed., ch. 2.

FAILURE: a residual that depends on the variables; a lift that is not exact (``density_groups``).
It cannot use finiteness of integrals that the claim does not contain, and so does not split.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .claim import Sequent
from .density_form import Poly
from .density_groups import assumed, constant_part, difference, gather, settled
from .density_reading import Reader
from .evidence import Evidence, Reject
from .term import ZERO, app

RULE = "density-equal"


def check(s: Sequent, certificate: Mapping[str, Any], prove: Callable[..., Evidence]) -> Evidence:
    from .prove import discharge

    reader = Reader(s, certificate.get("keep-normal") is True)
    pieces = difference(reader, s.goal, ("=",), RULE)
    conditions = reader.conditions(pieces)
    for p in pieces:
        reader.known.learn(reader.needed_facts(p))
    pieces += assumed(reader, s, certificate, RULE)
    groups, total = gather(reader, pieces, certificate, RULE)
    for g in groups:
        if g.entries:
            raise Reject(RULE, "terms", "an equality has no inequalities in it")
        total = total + constant_part(reader, g, g.integrand, RULE)
    return Evidence(discharge(conditions, s)) + remainder(reader, total, certificate, prove, RULE)


def remainder(reader: Reader, total: Poly, certificate: Mapping[str, Any],
              prove: Callable[..., Evidence], rule: str) -> Evidence:
    """What is left of the scalars is 0: in normal form, or by a proof of its own."""
    left = settled(reader, total)
    if not left.terms:
        return Evidence()
    proof = certificate.get("remainder")
    if not isinstance(proof, Mapping):
        raise Reject(rule, "remainder", "the scalars do not add up to 0")
    goal = app("=", reader.poly_term(left), ZERO)
    shown = prove(Sequent(reader.sorts, reader.sequent.assumptions, goal), proof)
    if shown.conditions:
        raise Reject(rule, "remainder", "is shown only under a condition")
    return shown


__all__ = ["check"]
