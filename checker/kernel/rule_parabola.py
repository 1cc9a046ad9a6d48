"""What a minimum says of a quadratic function; equations of vectors by their entries.

``parabola``: a parabola through 0 that is nowhere negative has slope 0 there

    (forall w, guard: a <= b) in G            w(t) terms of their sorts, t a new real name
    G, t |- guard[w(t)]                       G, t |- b[w(t)] - a[w(t)] = t L + t^2 Q       (no conditions)
    G, L = 0 |- P                             L and Q do not speak of t
    ------------------------------------------------------------------------------------------------------
    G |- P

For all real t, t L + t^2 Q >= 0; divided by t > 0 and by t < 0 this gives L + t Q >= 0 and L + t Q <= 0 for small
|t|, so L = 0.  With a = f(w0), b = f(w), w(t) = w0 + t h this is "the derivative of f at its minimum is 0 in every
direction", for quadratic f without any theorem on derivatives (Boyd, Vandenberghe, Convex Optimization, 4.2.3; no
page).
FAILURE: a guard that holds for t >= 0 only (a minimum at the edge need not be stationary); an L or Q with t in it.

``rows``:

    G |- (L_i)_i = (R_i)_i  as vectors (or matrices)
    ------------------------------------------------      conditions: the definedness of the goal
    G |- forall i: L_i = R_i
FAILURE: a guard on the indices; a premise under another condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .rule_sos import declared
from .term import (
    REAL, TRUE, App, Bind, Index, Sort, Term, Var, add, app, check_name, free_names, from_json, mul, num, show,
    sort_terms, sub, substitute_sort,
)

if TYPE_CHECKING:
    from .prove import Prover

RULE = "parabola"


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    law, by, inside, evidence = path(s, c, prove)
    t = Var(c["name"])
    guard, small, large = (prove.put(x, by, inside) for x in law)
    linear, quadratic = (declared(from_json(c[key]), s, RULE) for key in ("linear", "quadratic"))
    if guard != TRUE:
        evidence += _plainly(inside.with_goal(guard), c["guard"], prove)
    along = add(mul(t, linear), mul(app("pow", t, num(2)), quadratic))
    evidence += _plainly(inside.with_goal(app("=", sub(large, small), along)), c["equal"], prove)
    return evidence + prove(s.assuming(app("=", linear, num(0))), c["proof"])


def path(s: Sequent, c: Mapping[str, Any], prove: Prover
         ) -> tuple[tuple[Term, Term, Term], dict[str, Term], Sequent, Evidence]:
    """Guard, smaller and larger side of the assumed law; the terms w(t); the sequent with t.  Raises Reject."""
    k = c["assumption"]
    if type(k) is not int or not 0 <= k < len(s.assumptions):
        raise Reject(RULE, "assumption", f"there is no assumption {k}")
    match s.assumptions[k]:
        case Bind("forall", names, sorts, (), (guard, App("<=" | ">=" as relation, (a, b)))):
            law = (guard, a, b) if relation == "<=" else (guard, b, a)
        case other:
            raise Reject(RULE, show(other)[:80], "does not say that one side is never larger")
    name = c["name"]
    if not isinstance(name, str) or name in s.declarations:
        raise Reject(RULE, "name", "is no new name")
    check_name(name)
    inside = s.declaring({name: REAL})
    by: dict[str, Term] = {}
    evidence = Evidence()
    for n, sort in zip(names, sorts, strict=True):
        point = declared(from_json(c["path"][n]), inside, RULE)
        evidence += prove.member(inside, point, substitute_sort(sort, by), c, n)
        by[n] = point
    prove.keeps_meaning(law, {**s.declarations, **dict(zip(names, sorts, strict=True))}, by, inside, RULE)
    return law, by, inside, evidence


def _plainly(s: Sequent, proof: Any, prove: Prover) -> Evidence:
    shown = prove(s, proof)
    if shown.conditions:
        raise Reject(RULE, show(s.goal)[:80], f"is shown only if {show(shown.conditions[0])[:80]}")
    return shown


def as_rows(goal: Term) -> Term:
    """The equation of vectors or matrices whose entries the goal equates.  Raises Reject."""
    match goal:
        case Bind("forall", names, sorts, (), (guard, App("=", (left, right)))) if (
                guard == TRUE and 1 <= len(names) <= 2 and all(isinstance(k, Index) for k in sorts)
                and not any(free_names(t) & set(names) for k in sorts for t in sort_terms(k))):
            return app("mat=", *(_whole(names, sorts, t) for t in (left, right)))
    raise Reject("rows", show(goal)[:80], "does not equate the entries of two vectors")


def _whole(names: tuple[str, ...], sorts: tuple[Sort, ...], t: Term) -> Term:
    """The family of the entries: u for u_i."""
    match t:
        case App("at", (u, *where)) if where == [Var(n) for n in names] and not free_names(u) & set(names):
            return u
        case _ if t == num(0):
            sizes = [k.size for k in sorts if isinstance(k, Index)]
            return app("zeros", *sizes, *([num(1)] if len(sizes) == 1 else []))
    return Bind("lambda", names, sorts, (), (t,))


def check_rows(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    from .prove import discharge

    needed = discharge(definedness(s.goal, s), s)
    given = s.assuming(*needed)
    shown = prove(given.with_goal(as_rows(s.goal)), c["proof"])
    if foreign := discharge(shown.conditions, given):
        raise Reject("rows", "proof", f"{show(foreign[0])[:80]} is no condition of the goal")
    return Evidence(needed, shown.axioms)


__all__ = ["as_rows", "check", "check_rows", "path"]
