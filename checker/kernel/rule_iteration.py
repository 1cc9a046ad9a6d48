"""Iterations: periodic orbits, induction, convergence of periodic sequences.

Throughout, ``orbit(n)`` is an ``iterate`` term with n steps of a map F from a start x, where every
update line is defined everywhere (no division, no log): partial maps are left to explicit steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .field import Field
from .kinds import is_integer
from .term import (
    INTEGER, App, Bind, Num, Term, Var, add, alpha, app, free_names, fresh, from_json, mul, num, rebuild,
    show, sort_terms, sub, substitute,
)

if TYPE_CHECKING:
    from .prove import Prover

MAX_PERIOD = 60


def closed_orbit(orbit: Bind, steps: Term) -> Bind:
    return Bind(orbit.head, orbit.names, orbit.sorts, (steps, orbit.outer[1]), orbit.inner)


def _read_orbit(data: Any, s: Sequent, rule: str) -> Bind:
    orbit = from_json(data)
    if not (isinstance(orbit, Bind) and orbit.head == "iterate" and len(orbit.outer) == 2):
        raise Reject(rule, "orbit", "is no iteration")
    if loose := free_names(orbit) - set(s.declarations):
        raise Reject(rule, "orbit", f"{', '.join(sorted(loose))} is not declared")
    return orbit


def _check_period(orbit: Bind, period: int, s: Sequent, rule: str) -> None:
    """F is total and F^period(x) = x: then orbit(n + period) = orbit(n) for all n >= 0."""
    if not 1 <= period <= MAX_PERIOD:
        raise Reject(rule, "period", f"is not from 1 to {MAX_PERIOD}")
    if definedness(closed_orbit(orbit, num(max(3, period))), s):
        raise Reject(rule, "orbit", "a step is not defined everywhere")
    field = Field(s)
    back = closed_orbit(orbit, num(period))
    for k in range(1, len(orbit.names) + 1):
        if not field.equal(app("item", back, num(k)), app("item", orbit.outer[1], num(k))):
            raise Reject(rule, "period", f"the orbit is not back at its start after {period} steps")


def offset(steps: Term, name: str, s: Sequent) -> int | None:
    """c if ``steps`` is ``name + c`` with an integer c, else None."""
    field = Field(s)
    shift = field._settled(lambda: field.as_rational(field.frac(sub(steps, Var(name)))))
    return int(shift) if isinstance(shift, Fraction) and shift.denominator == 1 else None


def linear_steps(steps: Term, name: str, s: Sequent) -> tuple[int, int] | None:
    """(a, c) if ``steps`` is ``a name + c`` with integers a >= 1 and c, else None."""
    field = Field(s)

    def ask() -> tuple[Fraction | None, Fraction | None]:
        c = field.as_rational(field.frac(substitute(steps, {name: num(0)})))
        one = field.as_rational(field.frac(substitute(steps, {name: num(1)})))
        if c is None or one is None:
            return None, None
        line = add(mul(Num(one - c), Var(name)), Num(c))
        same = field._subtract(field.frac(steps), field.frac(line)).num == 0
        return (one - c, c) if same else (None, None)

    a, c = field._settled(ask)
    if a is None or c is None or a.denominator != 1 or c.denominator != 1 or a < 1:
        return None
    return int(a), int(c)


def at_remainder(t: Term, orbit: Bind, name: str, remainder: int, period: int, s: Sequent,
                 rule: str) -> Term:
    """``t`` with orbit(a name + c) replaced by orbit((a remainder + c) mod period), a >= 1, c >= 0."""
    mark = alpha(closed_orbit(orbit, num(0)))
    meant = free_names(orbit) | {name}

    def go(u: Term) -> Term:
        if isinstance(u, Bind) and u.head == "iterate" and alpha(closed_orbit(u, num(0))) == mark:
            steps = linear_steps(u.outer[0], name, s)
            if steps is not None:
                a, c = steps
                if c < 0:
                    raise Reject(rule, show(u)[:80], "reads the orbit before its start")
                return closed_orbit(u, num((a * remainder + c) % period))
        if isinstance(u, Bind) and meant & set(u.names):     # inside, these names mean something else
            return Bind(u.head, u.names, u.sorts, tuple(go(v) for v in u.outer), u.inner)
        return rebuild(u, go)

    return go(t)


def check_periodic(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    """
        n >= 0 integer;  F^N(x) = x;  P with orbit(a n + c) replaced by orbit((a r + c) mod N), r = 0..N-1
        -----------------------------------------------------------------------------------------------
        P(n)
    FAILURE: F not defined everywhere; the orbit not back after N steps; a part not proved.
    """
    name, period = str(c["name"]), int(c["period"])
    orbit = _read_orbit(c["orbit"], s, "periodic")
    if name in free_names(orbit.outer[1]):
        raise Reject("periodic", "orbit", "its start moves with n")
    _needs_natural(s, name, 0, "periodic")
    _check_period(orbit, period, s, "periodic")
    if len(c["parts"]) != period:
        raise Reject("periodic", "parts", f"{period} remainders, {len(c['parts'])} proofs")
    total = Evidence()
    for r, proof in enumerate(c["parts"]):
        def put(t: Term, r: int = r) -> Term:
            return at_remainder(t, orbit, name, r, period, s, "periodic")

        shown = prove(Sequent(s.declarations, tuple(put(a) for a in s.assumptions), put(s.goal)), proof)
        if shown.conditions:
            raise Reject("periodic", f"part {r}", f"rests on {show(shown.conditions[0])}")
        total += shown
    return total


def _needs_natural(s: Sequent, name: str, least: int, rule: str) -> None:
    if not is_integer(Var(name), s.declarations):
        raise Reject(rule, "name", f"{name} is not an integer")
    if Field(s).sign(sub(Var(name), num(least))) not in ("+", "0+", "0"):
        raise Reject(rule, "name", f"{name} >= {least} does not follow from the assumptions")


def check_induction(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    """
        n >= a integer;   G |- P(a);   G, n >= a, P(n) |- P(n + 1)         (both without conditions)
        ------------------------------------------------------------
        P(n)
    G: the assumptions that do not contain n.
    FAILURE: n >= a does not follow; base or step not proved, or only under a condition.
    """
    name, least = str(c["name"]), int(c["least"])
    _needs_natural(s, name, least, "induction")
    if any(name in free_names(t) for sort in s.declarations.values() for t in sort_terms(sort)):
        raise Reject("induction", "name", f"a family or an index has the size {name}: it would stay as it is")
    rest = tuple(a for a in s.assumptions if name not in free_names(a))
    base = prove(Sequent(s.declarations, rest, substitute(s.goal, {name: num(least)})), c["base"])
    after = substitute(s.goal, {name: add(Var(name), num(1))})
    step = prove(
        Sequent(s.declarations, (*rest, app(">=", Var(name), num(least)), s.goal), after), c["step"])
    if base.conditions or step.conditions:
        raise Reject("induction", "conditions", f"rests on {show((base + step).conditions[0])}")
    return base + step


def check_not_convergent(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    """
        x(n) reads n only through orbits of period N;   x(r) != x(r + 1) for some r < N
        ------------------------------------------------------------------------------
        not converges(n: x(n))

        x(r) = x(r + 1) for all r < N
        ------------------------------       (a constant sequence)
        converges(n: x(n))
    A convergent periodic sequence is constant.  FAILURE: n occurs elsewhere; x is not total.
    """
    goal, negative = s.goal, False
    if isinstance(goal, App) and goal.head == "not":
        goal, negative = goal.args[0], True
    if not (isinstance(goal, Bind) and goal.head == "converges"):
        raise Reject("not-convergent", show(s.goal)[:80], "is no statement of convergence")
    name = fresh(goal.names[0], set(s.declarations))
    body = substitute(goal.inner[0], {goal.names[0]: Var(name)})
    inside = s.declaring({name: INTEGER}).assuming(app(">=", Var(name), num(0)))
    orbit = _read_orbit(c["orbit"], s, "not-convergent")
    period = int(c["period"])
    _check_period(orbit, period, s, "not-convergent")
    values = [
        at_remainder(body, orbit, name, r, period, inside, "not-convergent") for r in range(period)
    ]
    for v in values:
        if name in free_names(v):
            raise Reject("not-convergent", "orbit", f"{name} occurs outside the orbit")
        if left := definedness(v, s):
            raise Reject("not-convergent", "sequence", f"is defined only if {show(left[0])}")
    pairs = [(values[r], values[(r + 1) % period]) for r in range(period)]
    if negative:
        wanted: Term = App("or", tuple(app("!=", a, b) for a, b in pairs))
    else:
        wanted = App("and", tuple(app("=", a, b) for a, b in pairs))
    shown = prove(s.with_goal(wanted), c["proof"])
    if shown.conditions:
        raise Reject("not-convergent", "proof", f"rests on {show(shown.conditions[0])}")
    return shown


__all__ = ["Num", "check_induction", "check_not_convergent", "check_periodic"]
