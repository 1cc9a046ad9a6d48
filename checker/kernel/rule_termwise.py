"""A sum of nonnegative terms.

    G, u : Index(n) (u new), guard |- f(u) >= 0  without conditions
    ---------------------------------------------------------------
    G |- sum_u f(u) >= 0

    strict: the premise f(u) > 0, no guard, and G |- n >= 1 for every size

Several names at once; ranges are indices of symbolic size.  The premise shows that every term is defined and
real, so the sum is.  FAILURE: an integer range (its bounds need not be integers, it may be empty); a premise
under a condition; a strict goal under a guard, or over a size that is not visibly at least 1.
(Hardy, Littlewood, Polya, Inequalities, ch. 1.)

Certificate: ``term``: proof of the premise; strict: ``sizes``: proofs of n >= 1, one for each name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .evidence import Evidence, Reject
from .term import TRUE, App, Bind, Index, Num, Term, app, num, show

if TYPE_CHECKING:
    from .prove import Prover


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    from .prove import introduce

    match s.goal:
        case App(">" | ">=" as relation, (Bind("sum") as whole, Num(z))) if z == 0:
            pass
        case _:
            raise Reject("termwise", show(s.goal)[:80], "is no sum compared with 0")
    if whole.outer or not all(isinstance(k, Index) for k in whole.sorts):
        raise Reject("termwise", show(whole)[:80], "does not run over indices")
    guard, body = whole.inner
    closed = Bind("forall", whole.names, whole.sorts, (), (guard, app(relation, body, num(0))))
    inner, _ = introduce(s, closed)
    evidence = _plain(prove(inner, c["term"]), "term")
    if relation == ">":
        if guard != TRUE:
            raise Reject("termwise", "guard", "may leave no term")
        sizes: list[Term] = [k.size for k in whole.sorts if isinstance(k, Index)]
        if len(c["sizes"]) != len(sizes):
            raise Reject("termwise", "sizes", f"{len(sizes)} sizes, {len(c['sizes'])} proofs")
        for size, proof in zip(sizes, c["sizes"], strict=True):
            evidence += _plain(prove(s.with_goal(app(">=", size, num(1))), proof), "sizes")
    return evidence


def _plain(shown: Evidence, where: str) -> Evidence:
    if shown.conditions:
        raise Reject("termwise", where, f"is shown only if {show(shown.conditions[0])}")
    return shown


__all__ = ["check"]
