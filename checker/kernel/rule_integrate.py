"""Integrals against normal densities replaced by their values.

    each E, KL or integral over the real line whose weight is a normal density with a variance that is
    certainly positive, of a polynomial (density_gaussian):  its value put in its place
    ---------------------------------------------------------------------------------------------------
    G |- P    from    G |- P with the values

The values converge absolutely, so nothing is added to what P needs to be defined.
FAILURE: nothing to replace; an integrand that is no polynomial; the premise shown only under a
condition that is no condition of P.  For laws that are not explicit see ``rule_density_equal``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .claim import Sequent
from .definedness import definedness
from .density_form import poly_names
from .density_reading import Reader
from .density_terms import over_variables
from .evidence import Evidence, Reject
from .term import App, Bind, Sort, Space, Term, apart, rebuild, show, subterms

RULE = "integrate"


def check(s: Sequent, certificate: Mapping[str, Any], prove: Callable[..., Evidence]) -> Evidence:
    goal = values_put_in(s)
    shown = prove(s.with_goal(goal), certificate["proof"])
    own = set(definedness(s.goal, s))
    if foreign := [c for c in shown.conditions if c not in own]:
        raise Reject(RULE, "conditions", f"{show(foreign[0])} is no condition of the goal")
    return shown


def values_put_in(s: Sequent) -> Term:
    """The goal with every such integral replaced.  Raises :class:`Reject` if there is none."""
    goal = apart(s.goal, set(s.declarations))
    out = _replace(goal, s, dict(s.declarations))
    if out == goal:
        raise Reject(RULE, "goal", "there is no integral against a normal density")
    return out


def _replace(t: Term, s: Sequent, sorts: dict[str, Sort]) -> Term:
    if isinstance(t, Bind):
        if t.head in ("E", "KL", "integral") and over_variables(t) and Space("lebesgue") in t.sorts:
            value = _value(t, Sequent(sorts, s.assumptions, t))
            if value is not None:
                return value
        inside = sorts | dict(zip(t.names, t.sorts, strict=True))
        return Bind(t.head, t.names, t.sorts, tuple(_replace(u, s, sorts) for u in t.outer),
                    tuple(_replace(u, s, inside) for u in t.inner))
    return rebuild(t, lambda u: _replace(u, s, sorts)) if isinstance(t, App) else t


def _value(t: Bind, s: Sequent) -> Term | None:
    try:
        reader = Reader(s)
        value, needs = reader.value(t)
        term = reader.poly_term(value)
    except Reject:
        return None
    if not poly_names(value) <= s.declarations.keys() or any(reader.condition(n) for n in needs):
        return None
    if any(isinstance(u, Bind) and over_variables(u) for u in subterms(term)):
        return None
    return term


__all__ = ["check", "values_put_in"]
