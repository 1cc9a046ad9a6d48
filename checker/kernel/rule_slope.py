"""Derivatives at one point as limits of difference quotients: at corners, where the rules have no answer.

    G |- limit((f(a + h) - f(a))/h, h -> 0) = V  (V finite, defined),   G |- goal with V for diff(x at a: f)
    ---------------------------------------------------------------------------------------------   slopes
    G |- goal                                       conditions: the definedness of the goal without finite(diff)

    f real near a;  G, L real |- not (limit((f(a + h) - f(a))/h, h -> 0) = L)
    or the limit is oo or -oo
    -------------------------------------------------------------------------   no-slope
    G |- not finite(diff(x at a: f))

The definition (Rudin, Principles of Mathematical Analysis, 3rd ed., Definition 5.1); the limit is
two-sided, over real h.  FAILURE: a variable that is not real; a point that is not certainly real; f(a) that is
not certainly defined (no-slope needs nothing of it: without f(a) there is no derivative); a limit that is
not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .kinds import is_real
from .rule_integral import plain, put_in, read_value
from .term import (
    OO, REAL, App, Bind, Term, Var, add, alpha, app, free_names, fresh, from_json, num, show, sub, substitute,
)

if TYPE_CHECKING:
    from .prove import Prover

RULE = "slopes"
_INFINITE = (OO, app("neg", OO))


def quotient(t: Term, s: Sequent) -> Bind:
    """The limit that the derivative ``t`` is."""
    if not (isinstance(t, Bind) and t.head == "diff" and t.sorts == (REAL,)):
        raise Reject(RULE, show(t)[:60], "is no derivative along the real line")
    if loose := free_names(t) - set(s.declarations):
        raise Reject(RULE, show(t)[:60], f"{', '.join(sorted(loose))} is not declared")
    (x,), (f,), (a,) = t.names, t.inner, t.outer
    if not is_real(a, s.declarations):
        raise Reject(RULE, show(a)[:60], "is not certainly real")
    h = fresh("h", set(s.declarations) | free_names(t))
    moved = a if a == num(0) else add(a, Var(h))
    change = sub(substitute(f, {x: Var(h) if a == num(0) else moved}), substitute(f, {x: a}))
    return Bind("limit", (h,), (REAL,), (num(0), app("two-sided")), (app("div", change, Var(h)),))


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    from .prove import discharge

    table: dict[Term, Term] = {}
    finite = set()
    entries = []
    for e in c["values"]:
        t, value = from_json(e["term"]), read_value(e["value"], s)
        entries.append((t, value, e))
        table[alpha(t)] = value
        finite.add(alpha(app("finite", t)))
    conditions = definedness(s.goal, s)
    own = tuple(x for x in conditions if alpha(x) not in finite)
    given = s.assuming(*own)
    total = Evidence(discharge(own, s))
    for t, value, e in entries:
        limit = quotient(t, given)
        if isinstance(t, Bind):
            at = substitute(t.inner[0], {t.names[0]: t.outer[0]})
            if left := discharge((*definedness(t.outer[0], given), *definedness(at, given)), given):
                raise Reject(RULE, show(at)[:60], f"is defined only if {show(left[0])[:60]}")
        total += plain(prove(given.with_goal(app("=", limit, value)), e["proof"]), "limit")
        if left := discharge(definedness(value, given), given):
            raise Reject(RULE, "value", f"needs {show(left[0])[:60]}")
    goal = put_in(s.goal, table)
    if goal == s.goal:
        raise Reject(RULE, "values", "no such derivative stands in the goal")
    shown = prove(given.with_goal(goal), c["proof"])
    if foreign := [x for x in shown.conditions if x not in conditions]:
        raise Reject(RULE, "proof", f"{show(foreign[0])} is no condition of the goal")
    return total + shown


def check_none(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    match s.goal:
        case App("not", (App("finite", (Bind("diff") as t,)),)):
            limit = quotient(t, s)
        case _:
            raise Reject("no-slope", show(s.goal)[:80], "does not say that a derivative is missing")
    if c["to"] == "nothing":
        (x,), (f,) = t.names, t.inner
        if not is_real(f, {**s.declarations, x: REAL}):
            raise Reject("no-slope", show(f)[:60], "is not certainly real")
        name = fresh("L", set(s.declarations))
        question = s.declaring({name: REAL}).with_goal(app("not", app("=", limit, Var(name))))
    else:
        value = from_json(c["to"])
        if value not in _INFINITE:
            raise Reject("no-slope", "to", "is not infinite")
        question = s.with_goal(app("=", limit, value))
    return plain(prove(question, c["proof"]), "limit")


__all__ = ["check", "check_none", "quotient"]
