"""Induction over an integer, from a bound that may be a term, upwards or downwards.

    n >= a     G |- P(a), ..., P(a+r-1)     G, n >= a, P(n), ..., P(n+r-1) |- P(n+r)
    --------------------------------------------------------------------------------    (all without conditions)
    P(n)

Downwards the same with n <= a, a - 1, n - 1, ...  G: the assumptions free of n, and with them those of
``carry``, A(n), for which A(n+1) visibly gives A(n) (n <= m, say): P(n) stands under A(n) then,

    G, A(a+j) |- P(a+j)            G, n >= a, A(n+r), ..., A(n), P(n), ..., P(n+r-1) |- P(n+r)

FAILURE: n >= a does not follow; a is not certainly a defined integer, or names n; a base or the step is
not proved, or only under a condition; a family or an index has a size with n in it.  A step that holds
only from n = 2 on does not get past: its premise is n >= a for the a of the certificate.

Certificate: ``name``, ``least`` (term), ``down`` (bool), ``bases``: r proofs, ``step``, ``carry``: positions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .evidence import Evidence, Reject
from .kinds import is_integer
from .rule_discrete import holds, undischarged
from .term import INTEGER, Term, Var, add, app, free_names, from_json, num, show, sort_terms, substitute

if TYPE_CHECKING:
    from .prove import Prover

RULE = "integer-induction"
MAX_ORDER = 4


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    name = str(c["name"])
    bases = c["bases"]
    premises, step = parts(s, name, from_json(c["least"]), len(bases), c.get("down") is True, c.get("carry", ()))
    total = Evidence()
    for k, (sequent, proof) in enumerate([*zip(premises, bases, strict=True), (step, c["step"])]):
        shown = prove(sequent, proof)
        if shown.conditions:
            where = f"base {k}" if k < len(bases) else "step"
            raise Reject(RULE, where, f"rests on {show(shown.conditions[0])}")
        total += shown
    return total


def parts(s: Sequent, name: str, least: Term, order: int, down: bool,
          carry: Any = ()) -> tuple[list[Sequent], Sequent]:
    """The premises: bases and step.  Raises :class:`Reject` if the bound or the carried do not fit."""
    if s.declarations.get(name) != INTEGER:
        raise Reject(RULE, "name", f"{name} is not declared as an integer")
    if not 1 <= order <= MAX_ORDER:
        raise Reject(RULE, "bases", f"from 1 to {MAX_ORDER} of them")
    if any(name in free_names(t) for sort in s.declarations.values() for t in sort_terms(sort)):
        raise Reject(RULE, "name", f"a family or an index has the size {name}: it would stay as it is")
    if loose := free_names(least) - (set(s.declarations) - {name}):
        raise Reject(RULE, "least", f"{', '.join(sorted(loose))} may not stand in the bound")
    if not is_integer(least, s.declarations) or undischarged(least, s):
        raise Reject(RULE, "least", f"{show(least)[:60]} is not certainly a defined integer")
    n = Var(name)
    beyond = app("<=" if down else ">=", n, least)
    if not holds(beyond, s):
        raise Reject(RULE, "least", f"{show(beyond)} does not follow from the assumptions")
    if any(not (isinstance(k, int) and 0 <= k < len(s.assumptions)) for k in carry):
        raise Reject(RULE, "carry", "names no assumption")
    carried = [s.assumptions[k] for k in carry]
    rest = tuple(a for a in s.assumptions if name not in free_names(a))

    def at(t: Term, where: Term) -> Term:
        return substitute(t, {name: where})

    def shifted(start: Term, j: int) -> Term:
        return start if j == 0 else add(start, num(-j if down else j))

    for a in carried:
        before = Sequent(s.declarations, (*rest, beyond, at(a, shifted(n, 1))), a)
        if not holds(a, before):
            raise Reject(RULE, "carry", f"{show(a)[:60]} does not visibly follow from its next instance")
    starts = [shifted(least, j) for j in range(order)]
    first = [Sequent(s.declarations, (*rest, *(at(a, t) for a in carried)), at(s.goal, t)) for t in starts]
    given = [at(a, shifted(n, j)) for a in carried for j in range(order + 1)]
    hypotheses = [at(s.goal, shifted(n, j)) for j in range(order)]
    step = Sequent(s.declarations, (*rest, beyond, *given, *hypotheses), at(s.goal, shifted(n, order)))
    return first, step


__all__ = ["check", "parts"]
