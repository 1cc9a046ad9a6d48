"""Sentences for the rules about gaps and tangents (see ``proof_rules``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..kernel.claim import Sequent
from ..kernel.rule_gap import bend, emptied, read_columns, remainder
from ..kernel.rule_monotone import between
from ..kernel.rule_parabola import as_rows
from ..kernel.rule_sos import sides
from ..kernel.term import ONE, REAL, ZERO, App, Term, app, from_json, sub
from .proof_rules import C, told

if TYPE_CHECKING:
    from .proof import Narrator, Step


def _columns(n: Narrator, s: Sequent, c: C, small: Term, large: Term) -> tuple[list[Term], list[Step]]:
    """The summands of the gap, and why each is not negative; then what they leave."""
    terms: list[Term] = []
    children: list[Step] = []
    columns = read_columns(s, c, "gap")
    for column, data in columns:
        terms.append(column.total())
        relation = ">" if data.get("strict") is True else ">="
        if column.weight != ONE:
            children.append(n.tell(column.inside.with_goal(app(relation, column.weight, ZERO)), data["positive"]))
        children.append(n.tell(column.inside.with_goal(app(relation, column.term, ZERO)), data["proof"]))
    left = remainder(small, large, terms, c.get("exact") is True)
    children.append(n.tell(s.with_goal(left), c["rest"]))
    return terms, children


def gap(n: Narrator, s: Sequent, c: C) -> Step:
    small, large, strict = sides(s.goal, "gap")
    terms, children = _columns(n, s, c, small, large)
    return told(n, s, c, *children, difference=large if small == ZERO else sub(large, small), terms=terms,
                exact=c.get("exact") is True, strict=strict)


def gap_zero(n: Narrator, s: Sequent, c: C) -> Step:
    equation = s.assumptions[c["assumption"]]
    sides_ = equation.args if isinstance(equation, App) else (ZERO, ZERO)
    small, large = sides_[::-1] if c.get("flip") is True else sides_
    terms, children = _columns(n, s, c, small, large)
    column, _ = read_columns(s, c, "gap-zero")[c["column"]]
    a, b = (from_json(t) for t in c["then"])
    children.append(n.tell(s.assuming(emptied(column, a, b, s)), c["proof"]))
    return told(n, s, c, *children, equation=equation, terms=terms, equal=app("=", a, b))


def above_tangent(n: Narrator, s: Sequent, c: C) -> Step:
    phi, t = from_json(c["function"]), str(c["variable"])
    lower, upper = (from_json(c[k]["at"]) if k in c else None for k in ("lower", "upper"))
    inside = between(s, t, lower, upper)
    strict = isinstance(s.goal, App) and s.goal.head == ">"
    second, _ = bend(phi, t, Sequent({**s.declarations, t: REAL}, s.assumptions, s.goal))
    child = n.tell(inside.with_goal(app(">" if strict else ">=", second, ZERO)), c["bend"])
    return told(n, s, c, child, function=phi, at=from_json(c["at"]), strict=strict)


def parabola(n: Narrator, s: Sequent, c: C) -> Step:
    linear = app("=", from_json(c["linear"]), ZERO)
    return told(n, s, c, n.tell(s.assuming(linear), c["proof"]), law=s.assumptions[c["assumption"]], slope=linear)


def rows(n: Narrator, s: Sequent, c: C) -> Step:
    whole = as_rows(s.goal)
    return told(n, s, c, n.tell(s.with_goal(whole), c["proof"]), whole=whole)


RULES: dict[str, Callable[[Narrator, Sequent, C], Step]] = {
    "gap": gap, "gap-zero": gap_zero, "above-tangent": above_tangent, "parabola": parabola, "rows": rows,
}

__all__ = ["RULES"]
