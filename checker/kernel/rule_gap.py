"""Inequalities as gaps: what one side exceeds the other by is a sum of terms that are not negative.

``gap``: columns k, each with indices j over ranges of symbolic size, a guard, a weight w_k and a term t_k

    G, j, guard |- w_k >= 0    G, j, guard |- t_k >= 0         (each k, without conditions)
    G |- (large - small) - sum_k S_{j: guard} w_k t_k >= 0     (or = 0; its conditions are the goal's own)
    ------------------------------------------------------------------------------------------------------
    G |- small <= large    conditions: its definedness         <: a column that is positive, w_k > 0, t_k > 0,
                                                                  without a guard (a range has at least one index)

``gap-zero``: where both sides are equal nothing is left for any column

    the premises of ``gap`` for A, B;  A = B in G;   G, j, guard |- w_c > 0;   G, j, guard, a != b |- t_c > 0
    G, (forall j, guard: a = b) |- P          (without a guard: for those j that a = b speaks of)
    ------------------------------------------------------------------------------------------------------
    G |- P

``above-tangent``: a convex function lies above its tangents

    G, lower < t < upper |- phi, phi', phi'' are defined;  phi'' >= 0;      G |- lower < u, v < upper
    --------------------------------------------------------------------------------------------------
    G |- phi(u) - phi(v) - phi'(v) (u - v) >= 0                >: phi'' > 0 and u != v

(Boyd, Vandenberghe, Convex Optimization, 3.1.3 first-order and 3.1.4 second-order condition, 4.2.3 optimality,
5.5.3 multipliers: a multiplier times a constraint is a column.  The gap of a convex function is Bregman's,
USSR Comput. Math. Math. Phys. 7 (1967) 200-217.)

FAILURE: a part that is shown under a condition only; a tangent whose second derivative has its sign at the point
alone and not on the whole interval; an interval with a pole in it.  Stationarity alone proves nothing here: the
remainder is compared for every w.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness, real_conditions
from .derivative import NoDerivative, derivative
from .evidence import Evidence, Reject
from .rule_monotone import between
from .rule_sos import declared, sides
from .term import (
    FALSE, OO, REAL, TRUE, ZERO, App, Bind, Index, Sort, Term, add, app, check_name, conjuncts, free_names,
    from_json, mul, num, show, sort_from_json, sort_terms, sub, substitute, subterms,
)

if TYPE_CHECKING:
    from .prove import Prover

MAX_COLUMNS = 24


# ------------------------------------------------------------------ columns


class Column:
    """One column of a certificate: its indices, guard, weight and term, read and in scope."""

    def __init__(self, s: Sequent, c: Mapping[str, Any], rule: str) -> None:
        self.names = tuple(str(n) for n in c.get("names", ()))
        sorts = tuple(sort_from_json(x) for x in c.get("sorts", ()))
        if len(sorts) != len(self.names) or len(set(self.names)) != len(self.names):
            raise Reject(rule, "names", "one sort for each name")
        for n, sort in zip(self.names, sorts, strict=True):
            check_name(n)
            if not isinstance(sort, Index) or any(free_names(t) - set(s.declarations) for t in sort_terms(sort)):
                raise Reject(rule, "sorts", f"{n} is no index over a declared size")
        self.sorts: tuple[Sort, ...] = sorts
        inside = s.declaring(dict(zip(self.names, sorts, strict=True)))
        self.guard = declared(from_json(c["guard"]), inside, rule) if "guard" in c else TRUE
        self.inside = inside.assuming(*conjuncts(self.guard))
        self.weight = declared(from_json(c["weight"]), self.inside, rule) if "weight" in c else num(1)
        self.term = declared(from_json(c["term"]), self.inside, rule)
        if any(OO in subterms(t) for t in (self.weight, self.term)):
            raise Reject(rule, "term", "oo is no number")

    def total(self) -> Term:
        body = self.term if self.weight == num(1) else mul(self.weight, self.term)
        return Bind("sum", self.names, self.sorts, (), (self.guard, body)) if self.names else body

    def shown(self, c: Mapping[str, Any], prove: Prover, strict: bool, rule: str) -> Evidence:
        """The weight and the term are not negative; with ``strict`` they are positive."""
        relation = ">" if strict else ">="
        evidence = Evidence()
        if self.weight != num(1):
            goal = app(relation, self.weight, ZERO)
            evidence += unconditional(self.inside.with_goal(goal), c["positive"], prove, rule)
        return evidence + unconditional(self.inside.with_goal(app(relation, self.term, ZERO)), c["proof"], prove, rule)


def unconditional(s: Sequent, proof: Any, prove: Prover, rule: str) -> Evidence:
    shown = prove(s, proof)
    if shown.conditions:
        raise Reject(rule, show(s.goal)[:80], f"is shown only if {show(shown.conditions[0])[:80]}")
    return shown


def read_columns(s: Sequent, c: Mapping[str, Any], rule: str) -> list[tuple[Column, Mapping[str, Any]]]:
    data = c["columns"]
    if not isinstance(data, (list, tuple)) or not 1 <= len(data) <= MAX_COLUMNS:
        raise Reject(rule, "columns", f"between 1 and {MAX_COLUMNS} columns")
    return [(Column(s, x, rule), x) for x in data]


def remainder(small: Term, large: Term, columns: list[Term], exact: bool) -> Term:
    """What the columns leave of the gap: nothing (``exact``), or nothing negative."""
    return app("=" if exact else ">=", sub(sub(large, small), add(*columns)), ZERO)


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    small, large, strict = sides(s.goal, "gap")
    columns = read_columns(s, c, "gap")
    evidence = Evidence()
    positive = False
    for column, data in columns:
        sure = data.get("strict") is True and column.guard == TRUE
        evidence += column.shown(data, prove, sure, "gap")
        positive = positive or sure and all(_nonempty(x, s) for x in column.sorts)
    if strict and not positive:
        raise Reject("gap", "columns", "none is positive, and the goal is strict")
    left = remainder(small, large, [k.total() for k, _ in columns], c.get("exact") is True)
    shown = prove(s.with_goal(left), c["rest"])
    needed = definedness(s.goal, s)     # a difference may be real where the sides are not
    if foreign := [x for x in shown.conditions if x not in needed]:
        raise Reject("gap", "rest", f"{show(foreign[0])[:80]} is no condition of the goal")
    return Evidence(_missing(needed, s)) + evidence + shown


def _nonempty(sort: Sort, s: Sequent) -> bool:
    return isinstance(sort, Index) and not _missing((app(">=", sort.size, num(1)),), s)


def check_zero(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    k = c["assumption"]
    if type(k) is not int or not 0 <= k < len(s.assumptions):
        raise Reject("gap-zero", "assumption", f"there is no assumption {k}")
    equation = s.assumptions[k]
    if not (isinstance(equation, App) and equation.head == "="):
        raise Reject("gap-zero", "assumption", "is no equation")
    small, large = equation.args[::-1] if c.get("flip") is True else equation.args
    columns = read_columns(s, c, "gap-zero")
    evidence = Evidence()
    for column, data in columns:
        evidence += column.shown(data, prove, False, "gap-zero")
    evidence += unconditional(s.with_goal(remainder(small, large, [x.total() for x, _ in columns],
                                                    c.get("exact") is True)), c["rest"], prove, "gap-zero")
    chosen = c["column"]
    if type(chosen) is not int or not 0 <= chosen < len(columns):
        raise Reject("gap-zero", "column", f"there is no column {chosen}")
    column, _ = columns[chosen]
    a, b = (declared(from_json(t), column.inside, "gap-zero") for t in c["then"])
    inside = column.inside
    for side in (a, b):
        if left := _missing((*definedness(side, inside), *real_conditions(side, dict(inside.declarations))), inside):
            raise Reject("gap-zero", "then", f"{show(side)[:60]} is defined and real only if {show(left[0])[:80]}")
    if column.weight != num(1):
        evidence += unconditional(inside.with_goal(app(">", column.weight, ZERO)), c["weight"], prove, "gap-zero")
    evidence += unconditional(inside.assuming(app("!=", a, b)).with_goal(app(">", column.term, ZERO)), c["apart"],
                              prove, "gap-zero")
    return evidence + prove(s.assuming(emptied(column, a, b, s)), c["proof"])


def emptied(column: Column, a: Term, b: Term, s: Sequent) -> Term:
    """a = b for all indices of the column; for those that neither speaks of it says the same once (a range has at
    least one index)."""
    equal = app("=", a, b)
    kept = [(n, sort) for n, sort in zip(column.names, column.sorts, strict=True) if not (
        column.guard == TRUE and n not in free_names(equal) and _nonempty(sort, s)
        and not any(n in free_names(t) for k in column.sorts for t in sort_terms(k)))]
    if not kept:
        return equal
    return Bind("forall", tuple(n for n, _ in kept), tuple(k for _, k in kept), (), (column.guard, equal))


def _missing(conditions: tuple[Term, ...], s: Sequent) -> tuple[Term, ...]:
    from .prove import discharge

    return discharge(conditions, s)


# ------------------------------------------------------------------ tangents


def above_tangent(phi: Term, t: str, u: Term, v: Term, s: Sequent) -> Term:
    """phi(u) - phi(v) - phi'(v) (u - v).  Raises NoDerivative."""
    slope, _ = derivative(phi, t, {**s.declarations, t: REAL})
    return add(substitute(phi, {t: u}), app("neg", substitute(phi, {t: v})),
               app("neg", mul(substitute(slope, {t: v}), sub(u, v))))


def bend(phi: Term, t: str, s: Sequent) -> tuple[Term, tuple[Term, ...]]:
    """phi'', and what must hold on the interval: phi, phi' and phi'' are defined and real.  Raises NoDerivative."""
    inside = {**s.declarations, t: REAL}
    here = Sequent(inside, s.assumptions, FALSE)
    slope, guards = derivative(phi, t, inside)
    second, more = derivative(slope, t, inside)
    needed = (*definedness(phi, here), *real_conditions(phi, dict(inside)), *guards, *definedness(slope, here), *more,
              *definedness(second, here))
    return second, tuple(dict.fromkeys(needed))


def check_tangent(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    rule = "above-tangent"
    t = c["variable"]
    if not isinstance(t, str) or t in s.declarations:
        raise Reject(rule, "variable", "is no new name")
    check_name(t)
    phi = from_json(c["function"])
    if t not in free_names(phi) or free_names(phi) - {t} - set(s.declarations) or OO in subterms(phi):
        raise Reject(rule, "function", "is no function of the variable and declared names")
    u, v = (declared(from_json(c[key]), s, rule) for key in ("point", "at"))
    try:
        wanted = above_tangent(phi, t, u, v, s)
        second, needed = bend(phi, t, s)
    except NoDerivative as error:
        raise Reject(rule, "function", str(error)) from error
    if s.goal not in (app(">=", wanted, ZERO), app(">", wanted, ZERO)):
        raise Reject(rule, show(s.goal)[:80], "is not the distance from this tangent")
    strict = isinstance(s.goal, App) and s.goal.head == ">"
    evidence = Evidence()
    ends: dict[str, Term] = {}
    for key in ("lower", "upper"):
        if key in c:
            end = ends[key] = declared(from_json(c[key]["at"]), s, rule)
            for point, proof in zip((u, v), c[key]["proofs"], strict=True):
                order = (end, point) if key == "lower" else (point, end)
                evidence += unconditional(s.with_goal(app("<", *order)), proof, prove, rule)
    for point in (u, v):
        conditions = (*definedness(point, s), *real_conditions(point, dict(s.declarations)))
        if not ends and (left := _missing(conditions, s)):
            raise Reject(rule, show(point)[:80], f"is real only if {show(left[0])[:80]}")
    inside = between(s, t, ends.get("lower"), ends.get("upper"))
    if left := _missing(needed, inside):
        raise Reject(rule, "function", f"is smooth on the interval only if {show(left[0])[:80]}")
    evidence += unconditional(inside.with_goal(app(">" if strict else ">=", second, ZERO)), c["bend"], prove, rule)
    if strict:
        evidence += unconditional(s.with_goal(app("!=", u, v)), c["different"], prove, rule)
    return evidence


__all__ = ["above_tangent", "bend", "check", "check_tangent", "check_zero", "emptied", "remainder"]
