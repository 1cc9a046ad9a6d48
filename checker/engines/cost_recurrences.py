"""Search for the order of a recurrence: which theorem, and the number p or q that solves its equation.

Method: equal shares, or one lag: p = log(sum a)/log b, q = (sum a)^(1/h); several: small rationals, then the
roots of a quadratic.  Everything is checked by ``kernel/rule_order_recurrence``, which names the sources.
Cannot do: roots of higher degree, and all that the rule cannot.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.constants import Constants
from ..kernel.evidence import Reject
from ..kernel.expansion import Lost, Unexpandable
from ..kernel.field import Field
from ..kernel.limit_case import expander
from ..kernel.rule_order_recurrence import Recurrence, read, share_and_offset
from ..kernel.term import INTEGER, OO, App, Bind, Map, Term, app, negate, num, to_json

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
ORDERS = (1, 3, 6)


def proofs(s: Sequent, search: Searcher | None) -> Iterator[Certificate]:
    """Certificates ``order-recurrence`` (engine of the portfolio)."""
    goal = s.goal.args[0] if isinstance(s.goal, App) and s.goal.head == "not" else s.goal
    if isinstance(goal, Bind) and goal.head == "exists":
        goal = Bind("forall", goal.names, goal.sorts, goal.outer, (goal.inner[0], negate(goal.inner[1])))
    if not (isinstance(goal, Bind) and goal.head == "forall" and len(goal.sorts) == 1 and isinstance(goal.sorts[0], Map)
            and goal.sorts[0].args == (INTEGER,)):
        return
    try:
        r = read(goal, s)
        lines = [(a, *share_and_offset(_expander(s, r), argument)) for a, argument in r.calls]
    except (Reject, Lost, Unexpandable):
        return
    for kind, root in kinds(lines):
        for order in ORDERS:
            c: Certificate = {"rule": "order-recurrence", "kind": kind, "order": order}
            yield c if root is None else {**c, "root": to_json(root)}


def refute_at_once(s: Sequent) -> Iterator[Certificate]:
    """Refutations, before a proof is sought: the theorem is the same."""
    from .points import points

    for c in proofs(s.with_goal(negate(s.goal)), None):
        for witness in points(s, 1):
            yield {"witness": witness, "proof": c}


def _expander(s: Sequent, r: Recurrence) -> Any:
    return expander(Constants(Field(s.declaring({r.n: INTEGER}))), r.n, ("up", OO), 1, True)


def kinds(lines: list[tuple[Fraction, Fraction, Fraction]]) -> Iterator[tuple[str, Term | None]]:
    if all(share == 1 for _, share, _ in lines):
        if len(lines) == 1:
            yield "step", None
        for q in _lag_roots([(a, int(-offset)) for a, _, offset in lines]):
            yield "lags", q
        return
    shares = {share for _, share, _ in lines}
    total = sum((a for a, _, _ in lines), Fraction(0))
    if len(shares) == 1:
        if total == 1:
            yield "divide", num(0)
        else:
            yield "divide", app("div", app("log", num(total)), app("log", num(1/next(iter(shares)))))
        return
    yield "divide", None
    for p in (Fraction(n, d) for d in (1, 2, 3, 4) for n in range(-4*d, 5*d)):
        value = sum(float(a)*float(share)**float(p) for a, share, _ in lines)
        if abs(value - 1) < 1e-9:
            yield "divide", num(p)


def _lag_roots(lags: list[tuple[Fraction, int]]) -> Iterator[Term]:
    by_lag: dict[int, Fraction] = {}
    for a, h in lags:
        by_lag[h] = by_lag.get(h, Fraction(0)) + a
    if len(by_lag) == 1:
        (h, a), = by_lag.items()
        yield num(a) if h == 1 else app("pow", num(a), num(Fraction(1, h)))
        return
    for q in (Fraction(n, d) for d in (1, 2, 3) for n in range(1, 8*d)):
        if sum((a/q**h for h, a in by_lag.items()), Fraction(0)) == 1:
            yield num(q)
    if set(by_lag) == {1, 2}:       # q^2 = a q + b
        a, b = by_lag[1], by_lag[2]
        yield app("div", app("add", num(a), app("sqrt", num(a*a + 4*b))), num(2))


__all__ = ["kinds", "proofs"]
