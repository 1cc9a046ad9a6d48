"""Telescoping: a sum replaced by what its summand is the difference of.

    a <= b + 1, integers     k integer, a <= k <= b |- f(k) = c_1 g_1(k) + ... + c_r g_r(k) + T(k+1) - T(k)
    -------------------------------------------------------------------------------------------------------
    sum_{k=a}^{b} f  =  c_1 sum_{k=a}^{b} g_1 + ... + c_r sum_{k=a}^{b} g_r + T(b+1) - T(a)

    k integer, a <= k |- f(k) = T(k+1) - T(k)          T(k) -> l as k -> oo
    ------------------------------------------------------------------------
    sum_{k=a}^{oo} f  =  l - T(a)               (the partial sums are T(N+1) - T(a))

The goal with the sum replaced is then proved.  The last p summands may be left out of the range first
(``peel``; a <= b + 1 - p is needed then) and are added as they are: Zeilberger's step often holds for k <= n
only.  With r = 0 this is Gosper's summation; with g_j(k) = F(n+j, k), f = F(n+r, k) it is one step of
Zeilberger's method, in an induction over n.
T and the g_j must be defined on the whole range (the step equation is proved without conditions), so a T
with a pole inside the range fails; T(b+1) and T(a) must be defined also if the range is empty.  Reversed
ranges (a > b + 1) are refused: the sum is 0 there, T(b+1) - T(a) need not be.

FAILURE: as said; the sum stands under a binder of a name it uses; a guard.
Sources: Gosper, Decision procedure for indefinite hypergeometric summation, PNAS 75 (1978) 40-42;
Petkovsek, Wilf, Zeilberger, A = B, ch. 5 and 6.

Certificate: ``sum``: position of the sum among the goal's (``sums``); ``name``: k; ``antidifference``: T;
``rest``: [[c_j, g_j], ...]; ``peel``: p; ``step``, ``proof``; for an infinite sum ``value`` (l) and ``limit``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .kinds import is_integer
from .rule_discrete import holds, undischarged
from .term import (
    INTEGER, ONE, OO, TRUE, App, Bind, Term, Var, add, app, check_name, free_names, from_json, mul, num, rebuild, show,
    sub, substitute, subterms,
)

if TYPE_CHECKING:
    from .prove import Prover

RULE = "summation"
MAX_REST = 4
MAX_PEELED = 3


def sums(t: Term) -> list[Bind]:
    """The different sums over integer ranges without a guard, in the order of a walk through ``t``."""
    found = [u for u in subterms(t) if isinstance(u, Bind) and u.head == "sum" and len(u.outer) == 2
             and u.sorts == (INTEGER,) and u.inner[0] == TRUE]
    return list(dict.fromkeys(found))


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    goal = s.goal
    if not (isinstance(goal, App) and goal.head in ("=", "!=", "<", "<=", ">", ">=")):
        raise Reject(RULE, "goal", "is no relation")
    found = sums(goal)
    k = c["sum"]
    if not (isinstance(k, int) and 0 <= k < len(found)):
        raise Reject(RULE, "sum", f"there is no sum {k}")
    target = found[k]
    if free_names(target) - set(s.declarations):
        raise Reject(RULE, "sum", "uses a name bound outside it")
    name = check_name(c["name"])
    if name in s.declarations or name in free_names(target):
        raise Reject(RULE, "name", f"{name} is taken")
    t = from_json(c["antidifference"])
    rest = [(from_json(a), from_json(b)) for a, b in c.get("rest", ())]
    _closed(s, name, t, rest)
    conditions = undischarged(goal, s)
    here = s.assuming(*conditions)
    low, high = target.outer
    if high == OO:
        return _infinite(here, c, prove, target, name, t, conditions, bool(rest))
    peel = c.get("peel", 0)
    if not (isinstance(peel, int) and 0 <= peel <= MAX_PEELED):
        raise Reject(RULE, "peel", f"is not from 0 to {MAX_PEELED}")
    equation, new = replacement(here, target, name, t, rest, peel)
    shown = prove(equation, c["step"])
    if shown.conditions:
        raise Reject(RULE, "step", f"rests on {show(shown.conditions[0])}")
    if not holds(app("<=", low, add(high, num(1 - peel))), here):
        raise Reject(RULE, "sum", f"{show(low)[:40]} <= {show(high)[:40]} + {1 - peel} is not visible")
    final = prove(here.with_goal(replaced(goal, target, new)), c["proof"])
    if final.conditions:
        raise Reject(RULE, "proof", f"rests on {show(final.conditions[0])}")
    return Evidence(conditions) + Evidence((), (shown + final).axioms)


def _closed(s: Sequent, name: str, t: Term, rest: list[tuple[Term, Term]]) -> None:
    known = set(s.declarations)
    if len(rest) > MAX_REST:
        raise Reject(RULE, "rest", f"more than {MAX_REST} sums")
    for u in (t, *(g for _, g in rest)):
        if loose := free_names(u) - known - {name}:
            raise Reject(RULE, "antidifference", f"{', '.join(sorted(loose))} is not declared")
    for factor, _ in rest:
        if loose := free_names(factor) - known:
            raise Reject(RULE, "rest", f"{', '.join(sorted(loose))} may not stand before the sum")


def replacement(s: Sequent, target: Bind, name: str, t: Term,
                rest: list[tuple[Term, Term]], peel: int = 0) -> tuple[Sequent, Term]:
    """The step to be shown, and what replaces the (finite) sum."""
    low, high = target.outer
    last = high
    high = add(high, num(-peel)) if peel else high
    if not all(is_integer(u, s.declarations) for u in target.outer):
        raise Reject(RULE, "sum", "its ends are not certainly integers")
    n = Var(name)
    body = substitute(target.inner[1], {target.names[0]: n})
    inner = s.declaring({name: INTEGER}).assuming(app("<=", low, n), app("<=", n, high))
    inner = inner.assuming(*definedness(body, inner))      # the goal's sum is defined: its summands are
    later = substitute(t, {name: add(n, ONE)})
    right = add(*(mul(a, g) for a, g in rest), later, app("neg", t))
    equation = inner.with_goal(app("=", body, right))
    new = add(*(mul(a, Bind("sum", (name,), (INTEGER,), (low, high), (TRUE, g))) for a, g in rest),
              substitute(t, {name: add(last, num(1 - peel)) if peel != 1 else last}),
              app("neg", substitute(t, {name: low})),
              *(substitute(body, {name: add(last, num(-j)) if j else last}) for j in range(peel)))
    return equation, new


def _infinite(s: Sequent, c: Mapping[str, Any], prove: Prover, target: Bind, name: str, t: Term,
              conditions: tuple[Term, ...], rest: bool) -> Evidence:
    low, _ = target.outer
    if rest or not is_integer(low, s.declarations):
        raise Reject(RULE, "sum", "an infinite sum has an integer lower end and is telescoped whole")
    equation, limit, new = series(s, target, name, t, from_json(c["value"]))
    step = prove(equation, c["step"])
    converges = prove(limit, c["limit"])
    final = prove(s.with_goal(replaced(s.goal, target, new)), c["proof"])
    for where, shown in (("step", step), ("limit", converges), ("proof", final)):
        if shown.conditions:
            raise Reject(RULE, where, f"rests on {show(shown.conditions[0])}")
    left = tuple(x for x in conditions if x != app("finite", target))
    return Evidence(left) + Evidence((), (step + converges + final).axioms)


def series(s: Sequent, target: Bind, name: str, t: Term, value: Term) -> tuple[Sequent, Sequent, Term]:
    """Step, limit, and what replaces the infinite sum."""
    if loose := free_names(value) - set(s.declarations):
        raise Reject(RULE, "value", f"{', '.join(sorted(loose))} is not declared")
    low, _ = target.outer
    finite = app("finite", target)      # what is to be shown may not be used
    s = Sequent(s.declarations, tuple(a for a in s.assumptions if a != finite), s.goal)
    n = Var(name)
    body = substitute(target.inner[1], {target.names[0]: n})
    inner = s.declaring({name: INTEGER}).assuming(app("<=", low, n))
    equation = inner.with_goal(app("=", body, sub(substitute(t, {name: add(n, ONE)}), t)))
    limit = s.with_goal(app("=", Bind("limit", (name,), (INTEGER,), (OO, App("two-sided", ())), (t,)), value))
    return equation, limit, sub(value, substitute(t, {name: low}))


def replaced(t: Term, target: Bind, new: Term) -> Term:
    """``t`` with ``new`` for ``target``, wherever no binder between takes a name of either."""
    names = free_names(target) | free_names(new)

    def go(u: Term) -> Term:
        if u == target:
            return new
        if isinstance(u, Bind) and names & set(u.names):
            return Bind(u.head, u.names, u.sorts, tuple(go(v) for v in u.outer), u.inner)
        return rebuild(u, go) if isinstance(u, (App, Bind)) else u

    return go(t)


__all__ = ["check", "replaced", "replacement", "series", "sums"]
