"""The largest of finitely many values is one of them.

    G', j0 : S, forall j : S: f(j) <= f(j0)  |-  P'
    -----------------------------------------------   (j0 new)
    G  |-  P

m is the term ``maximum`` of f over the index sort S, and has no bound name in it; G' and P' are G and P with f(j0) for
m, wherever it stands.  A finite set of real numbers that is not empty has a largest one, so j0 exists wherever m is
defined (Halmos, Naive Set Theory, sec. 13-14: finite ordered sets; no page).

Conditions: the definedness of m, if it is not visible: it must be among that of the goal.
FAILURE: m does not occur; it has a name that is bound around it; S may be empty, f undefined or not real at some index
and the goal does not need it; a condition of the premise names j0.

Certificate: ``term``: m; ``proof``: of the premise; ``bare``: true if the premise does without the bound on f.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .term import (
    TRUE, App, Bind, Sort, Term, Var, alpha, app, free_names, fresh, from_json, rebuild, show, substitute,
    substitute_sort,
)

if TYPE_CHECKING:
    from .prove import Prover

RULE = "greatest"


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    from .prove import discharge

    m = from_json(c["term"])
    premise, names = opened(s, m, c.get("bare") is True)
    needed = discharge(definedness(app("=", m, m), s), s)
    of_goal = definedness(s.goal, s)
    if foreign := [x for x in needed if x not in of_goal]:
        raise Reject(RULE, show(m)[:80], f"is defined only if {show(foreign[0])[:80]}")
    shown = prove(premise.assuming(*needed), c["proof"])
    for x in shown.conditions:
        if free_names(x) & set(names):
            raise Reject(RULE, show(x)[:80], "is a condition on the index that was chosen")
    return Evidence(needed) + shown


def opened(s: Sequent, m: Term, bare: bool = False) -> tuple[Sequent, tuple[str, ...]]:
    """The premise, and the names of the indices where f is largest."""
    if not (isinstance(m, Bind) and m.head == "maximum"):
        raise Reject(RULE, "term", "is no maximum over an index")
    if loose := free_names(m) - set(s.declarations):
        raise Reject(RULE, "term", f"{', '.join(sorted(loose))} is not declared")
    taken = set(s.declarations) | free_names(m) | set(m.names)
    names: list[str] = []
    by: dict[str, Term] = {}
    sorts: dict[str, Sort] = {}
    for name, sort in zip(m.names, m.sorts, strict=True):
        names.append(fresh(name, taken))
        taken.add(names[-1])
        sorts[names[-1]] = substitute_sort(sort, by)
        by[name] = Var(names[-1])
    value = substitute(m.inner[0], by)
    goal = replaced(s.goal, m, value)
    given = tuple(replaced(a, m, value) for a in s.assumptions)
    if goal == s.goal and given == s.assumptions:
        raise Reject(RULE, show(m)[:80], "does not occur")
    largest = Bind("forall", m.names, m.sorts, (), (TRUE, app("<=", m.inner[0], value)))
    inner = Sequent(s.declarations, given, goal).declaring(sorts)
    return inner if bare else inner.assuming(largest), tuple(names)


def replaced(t: Term, m: Term, value: Term) -> Term:
    """``t`` with ``value`` for ``m``; under a binder of one of their names ``m`` is another term."""
    wanted, kept = alpha(m), free_names(m) | free_names(value)

    def go(u: Term) -> Term:
        if isinstance(u, Bind):
            if u.head == "maximum" and alpha(u) == wanted:
                return value
            if set(u.names) & kept:
                return u
        return rebuild(u, go) if isinstance(u, (App, Bind)) else u

    return go(t)


__all__ = ["check", "opened", "replaced"]
