"""Orbits: periods found by running them, statements about all steps by cases or induction.

Method: run the iteration symbolically for 1, 2, ..., 24 steps and compare with the start; a period N
turns a statement about every step into N statements.  Otherwise induction on the step number.
Certificates: ``periodic``, ``induction``, ``not-convergent``.  The kernel repeats the run.
Cannot: orbits that are neither periodic nor kept by a polynomial identity; partial maps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.field import CannotNormalise, Field
from ..kernel.rule_iteration import at_remainder, closed_orbit
from ..kernel.term import (
    INTEGER, App, Bind, Num, Term, Var, add, alpha, app, free_names, fresh, num, substitute, subterms, to_json,
)

MAX_PERIOD = 24
Prove = Callable[[Sequent], dict[str, Any] | None]


def orbits(t: Term) -> list[Bind]:
    """The different iterations in ``t`` whose number of steps is not a literal."""
    found: dict[Term, Bind] = {}
    for u in subterms(t):
        if isinstance(u, Bind) and u.head == "iterate" and not isinstance(u.outer[0], Num):
            found.setdefault(alpha(closed_orbit(u, num(0))), u)
    return list(found.values())


def period(orbit: Bind, s: Sequent) -> int | None:
    """The least period, if it is at most 24."""
    if not free_names(orbit.outer[1]) <= set(s.declarations):
        return None
    for n in range(1, MAX_PERIOD + 1):
        field = Field(s)
        back = closed_orbit(orbit, num(n))
        try:
            if all(field.equal(app("item", back, num(k)), app("item", orbit.outer[1], num(k)))
                   for k in range(1, len(orbit.names) + 1)):
                return n
        except CannotNormalise:
            return None
    return None


def _put(t: Term, orbit: Bind, name: str, remainder: int, period: int, s: Sequent) -> Term:
    return at_remainder(t, orbit, name, remainder, period, s, "periodic")


def by_period(s: Sequent, prove: Prove) -> Iterator[dict[str, Any]]:
    """Split a goal about orbit(n) by the remainder of n modulo the period."""
    for orbit in orbits(s.goal):
        name = _step_name(orbit, s)
        if name is None or (n := period(orbit, s)) is None:
            continue
        if orbits(_put(s.goal, orbit, name, 0, n, s)) == orbits(s.goal):      # nothing would change
            continue
        parts = []
        for r in range(n):
            put = partial(_put, orbit=orbit, name=name, remainder=r, period=n, s=s)
            proof = prove(Sequent(s.declarations, tuple(put(a) for a in s.assumptions), put(s.goal)))
            if proof is None:
                break
            parts.append(proof)
        else:
            yield {"rule": "periodic", "name": name, "period": n,
                   "orbit": to_json(closed_orbit(orbit, num(0))), "parts": parts}


def by_induction(s: Sequent, prove: Prove) -> Iterator[dict[str, Any]]:
    """Induction on the step number of an orbit, from 0 or 1."""
    names = dict.fromkeys(n for o in orbits(s.goal) if (n := _step_name(o, s)) is not None)
    for name in names:
        rest = tuple(a for a in s.assumptions if name not in free_names(a))
        for least in (0, 1):
            base = prove(Sequent(s.declarations, rest, substitute(s.goal, {name: num(least)})))
            if base is None:
                continue
            step = prove(Sequent(
                s.declarations, (*rest, app(">=", Var(name), num(least)), s.goal),
                substitute(s.goal, {name: add(Var(name), num(1))})))
            if step is not None:
                yield {"rule": "induction", "name": name, "least": least, "base": base, "step": step}


def convergence(s: Sequent, prove: Prove) -> Iterator[dict[str, Any]]:
    """``converges`` and its negation, for sequences along a periodic orbit."""
    goal, negative = s.goal, False
    if isinstance(goal, App) and goal.head == "not":
        goal, negative = goal.args[0], True
    if not (isinstance(goal, Bind) and goal.head == "converges"):
        return
    name = fresh(goal.names[0], set(s.declarations))
    body = substitute(goal.inner[0], {goal.names[0]: Var(name)})
    inside = s.declaring({name: INTEGER}).assuming(app(">=", Var(name), num(0)))
    for orbit in orbits(body):
        n = period(orbit, s)
        if n is None:
            continue
        values = [at_remainder(body, orbit, name, r, n, inside, "not-convergent") for r in range(n)]
        pairs = [(values[r], values[(r + 1) % n]) for r in range(n)]
        head, relation = ("or", "!=") if negative else ("and", "=")
        proof = prove(s.with_goal(App(head, tuple(app(relation, a, b) for a, b in pairs))))
        if proof is not None:
            yield {"rule": "not-convergent", "period": n, "orbit": to_json(closed_orbit(orbit, num(0))),
                   "proof": proof}


def _step_name(orbit: Bind, s: Sequent) -> str | None:
    names = [n for n in sorted(free_names(orbit.outer[0])) if s.declarations.get(n) == INTEGER]
    return names[0] if len(names) == 1 else None
