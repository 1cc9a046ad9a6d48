"""Statements about every step of an orbit, from a set that the map does not leave; and closed forms.

``orbit-invariant``.  Inv is a formula in new names t (one for each component), F the map of one step.

    n >= a;   the first a steps are defined;   G' |- Inv(orbit(a))
    G', Inv(t) |- F(t) is defined,   G', Inv(t) |- Inv(F(t))
    either  G, Inv(t) |- P[orbit(n + c) := F^c(t)]                                                 (direct)
    or      G' |- P(a)   and   G', n >= a, Inv(t), P(n)[...] |- P(n + 1)[orbit(n + c) := F^(c+1)(t)]   (step)
    ------------------------------------------------------------------------------------------------------
    G |- P(n)                      G': the assumptions without n;   every premise without conditions

``orbit-closed``.  u(n) is a polynomial in the state of a polynomial map (``orbit_system``), w free of it.

    n >= 0;   p(E) u = 0, p monic of degree r;   w(i) = u(i), i < r
    G', n >= 0 |- w(n + r) = - sum p_i w(n + i)
    -----------------------------------------------------------------
    G |- u(n) = w(n)

FAILURE: n occurs in the map or the start; orbit(n + c) with c < 0 or above 4; a premise under a condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .constants import Constants
from .definedness import definedness
from .evidence import Evidence, Reject
from .field import Field, Frac
from .orbit_system import find_orbit, system
from .prove import discharge
from .rule_iteration import _needs_natural, _read_orbit, closed_orbit, offset
from .rule_orbit_limit import Question, _coefficients, _defined_orbit
from .term import (
    INTEGER, TRUE, App, Bind, Num, Sort, Term, Var, add, alpha, app, check_name, free_names, from_json, mul, num,
    rebuild, show, sort_terms, sub, substitute,
)

if TYPE_CHECKING:
    from .prove import Prover

RULE = "orbit-invariant"
MAX_SHIFT, MAX_WRITTEN = 4, 3


def step_terms(orbit: Bind, state: list[Term]) -> list[Term]:
    """One step, line by line, from the terms of ``state``."""
    current: dict[str, Term] = dict(zip(orbit.names, state, strict=True))
    for line in orbit.inner:
        match line:
            case App("assign", (Var(name), value)):
                current[name] = substitute(value, current)
            case App("assign", (App("tuple", targets), App("tuple", values))) if len(targets) == len(values):
                new = [substitute(v, current) for v in values]
                for t, v in zip(targets, new, strict=True):
                    if isinstance(t, Var):
                        current[t.name] = v
            case _:
                raise Reject(RULE, "orbit", "a line that does not write its values out")
    return [current[name] for name in orbit.names]


def start_terms(orbit: Bind, steps: int) -> list[Term]:
    """The state after the first steps: written out if they are few."""
    begin = orbit.outer[1]
    if not (isinstance(begin, App) and begin.head == "tuple") or steps > MAX_WRITTEN:
        whole = closed_orbit(orbit, num(steps))
        return [app("item", whole, num(k + 1)) for k in range(len(orbit.names))]
    state = list(begin.args)
    for _ in range(steps):
        state = step_terms(orbit, state)
    return state


def placed(t: Term, orbit: Bind, name: str, state: list[Term], s: Sequent) -> Term:
    """``t`` with F^c(state) for orbit(name + c)."""
    mark = alpha(closed_orbit(orbit, num(0)))
    after = [state]
    meant = free_names(orbit) | {name} | frozenset().union(*map(free_names, state))

    def at(u: Bind) -> list[Term]:
        c = offset(u.outer[0], name, s)
        if c is None or not 0 <= c <= MAX_SHIFT:
            raise Reject(RULE, show(u)[:60], f"is not from 0 to {MAX_SHIFT} steps after {name}")
        while len(after) <= c:
            after.append(step_terms(orbit, after[-1]))
        return after[c]

    def go(u: Term) -> Term:
        match u:
            case App("item", (Bind("iterate") as o, Num(k))) if alpha(closed_orbit(o, num(0))) == mark:
                if name in free_names(o.outer[0]) and 1 <= k <= len(o.names):
                    return at(o)[int(k) - 1]
            case Bind("iterate") if alpha(closed_orbit(u, num(0))) == mark and name in free_names(u.outer[0]):
                return App("tuple", tuple(at(u)))
        if isinstance(u, Bind) and meant & set(u.names):
            if mark in {alpha(closed_orbit(v, num(0))) for v in _orbits(u)}:
                raise Reject(RULE, show(u)[:60], "an orbit under a binder that means its names differently")
            return u
        return rebuild(u, go)

    return go(t)


def _orbits(t: Term) -> list[Bind]:
    from .term import subterms

    return [u for u in subterms(t) if isinstance(u, Bind) and u.head == "iterate"]


class Premises:
    """The premises of ``orbit-invariant``, for the kernel and for the search."""

    def __init__(self, s: Sequent, orbit: Bind, name: str, least: int, names: list[str], invariant: Term) -> None:
        _needs_natural(s, name, least, RULE)
        if not 0 <= least <= 60:
            raise Reject(RULE, "least", "not from 0 to 60")
        if name in free_names(orbit):
            raise Reject(RULE, "orbit", f"depends on {name} in other ways than by its steps")
        if any(name in free_names(t) for sort in s.declarations.values() for t in sort_terms(sort)):
            raise Reject(RULE, "name", f"a family or an index has the size {name}")
        for t in names:
            check_name(t)
        if len(set(names)) != len(orbit.names) or set(names) & set(s.declarations):
            raise Reject(RULE, "names", "are not new, one for each component")
        if loose := free_names(invariant) - set(names) - set(s.declarations):
            raise Reject(RULE, "invariant", f"{', '.join(sorted(loose))} is not declared")
        if name in free_names(invariant):
            raise Reject(RULE, "invariant", f"moves with {name}")
        self.s, self.orbit, self.name, self.least, self.invariant = s, orbit, name, least, invariant
        self.names = names
        state: list[Term] = [Var(t) for t in names]
        sorts: dict[str, Sort] = dict(zip(names, orbit.sorts, strict=True))
        self.rest = Sequent(s.declarations, tuple(a for a in s.assumptions if name not in free_names(a)), s.goal)
        self.inside = self.rest.declaring(sorts).assuming(invariant)
        self.here = s.declaring(sorts).assuming(invariant)
        self.state, self.next = state, step_terms(orbit, state)
        self.first = start_terms(orbit, least)

    def at(self, state: list[Term]) -> Term:
        return substitute(self.invariant, dict(zip(self.names, state, strict=True)))

    def begins(self) -> list[Sequent]:
        end = closed_orbit(self.orbit, num(self.least))
        goal = App("and", tuple(app("=", app("item", end, num(k + 1)), num(0)) for k in range(len(self.names))))
        return [self.rest.with_goal(x) for x in discharge(definedness(goal, self.rest), self.rest)]

    def start(self) -> Sequent:
        return self.rest.with_goal(self.at(self.first))

    def smooth(self) -> list[Sequent]:
        o = self.orbit
        one = Bind(o.head, o.names, o.sorts, (num(1), App("tuple", tuple(self.state))), o.inner)
        return [self.inside.with_goal(x) for x in discharge(definedness(one, self.inside), self.inside)]

    def stays(self) -> Sequent:
        return self.inside.with_goal(self.at(self.next))

    def direct(self) -> Sequent:
        return self.here.with_goal(placed(self.s.goal, self.orbit, self.name, self.state, self.s))

    def base(self) -> Sequent:
        goal = placed(self.s.goal, self.orbit, self.name, self.first, self.s)
        return self.rest.with_goal(substitute(goal, {self.name: num(self.least)}))

    def step(self) -> Sequent:
        now = placed(self.s.goal, self.orbit, self.name, self.state, self.s)
        then = substitute(placed(self.s.goal, self.orbit, self.name, self.next, self.s),
                          {self.name: add(Var(self.name), num(1))})
        return self.inside.assuming(app(">=", Var(self.name), num(self.least)), now).with_goal(then)


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    orbit = closed_orbit(_read_orbit(c["orbit"], s, RULE), num(0))
    p = Premises(s, orbit, str(c["name"]), int(c["least"]), [str(t) for t in c["names"]], from_json(c["invariant"]))
    total = Evidence()

    def show_all(questions: list[Sequent], proofs: Any, where: str) -> None:
        nonlocal total
        if len(questions) != len(proofs):
            raise Reject(RULE, where, f"{len(questions)} premises, {len(proofs)} proofs")
        for question, proof in zip(questions, proofs, strict=True):
            shown = prove(question, proof)
            if shown.conditions:
                raise Reject(RULE, where, f"rests on {show(shown.conditions[0])}")
            total += shown

    show_all(p.begins(), c.get("begins", []), "begins")
    show_all([p.start()], [c["start"]], "start")
    show_all(p.smooth(), c.get("smooth", []), "smooth")
    show_all([p.stays()], [c["stays"]], "stays")
    if "direct" in c:
        show_all([p.direct()], [c["direct"]], "direct")
    else:
        show_all([p.base(), p.step()], [c["base"], c["step"]], "step")
    return total


def closed_premises(s: Sequent, q: Question, right: Term, lower: list[Term]) -> tuple[list[Sequent], Sequent]:
    """Bases and step of ``orbit-closed``."""
    field = Field(q.s)

    def ask() -> list[Term]:
        u = system(field, q.orbit, q.body, q.name, q.inner)
        p: list[Frac] = [*map(field.frac, lower), field.constant(1)]
        if not u.annihilated(p):
            raise Reject("orbit-closed", "recurrence", "does not hold")
        constants = Constants(field)
        return [constants.term(x) for x in u.values(len(lower))]

    values = field._settled(ask)
    bases = [q.s.with_goal(app("=", v, substitute(right, {q.name: num(i)}))) for i, v in enumerate(values)]
    shifted = [substitute(right, {q.name: add(Var(q.name), num(i))} if i else {}) for i in range(len(lower) + 1)]
    total = add(num(0), *(app("neg", mul(a, w)) for a, w in zip(lower, shifted, strict=False)))
    return bases, q.inner.with_goal(app("=", shifted[-1], total))


def closed_question(s: Sequent, name: str, left: Term, right: Term, c: Mapping[str, Any], prove: Prover) -> Question:
    """u - w as a question about u, under the assumptions without n."""
    _needs_natural(s, name, 0, "orbit-closed")
    if any(name in free_names(t) for sort in s.declarations.values() for t in sort_terms(sort)):
        raise Reject("orbit-closed", "name", f"a family or an index has the size {name}")
    rest = Sequent({n: k for n, k in s.declarations.items() if n != name},
                   tuple(a for a in s.assumptions if name not in free_names(a)), TRUE)
    q = Question(rest, Bind("converges", (name,), (INTEGER,), (), (left,)), c, prove, ())
    if _orbits(right) and any(name in free_names(o) for o in _orbits(right)):
        raise Reject("orbit-closed", "goal", "the other side moves along an orbit too")
    return q


def check_closed(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    name, goal = str(c["name"]), s.goal
    if not (isinstance(goal, App) and goal.head == "="):
        raise Reject("orbit-closed", "goal", "is no equation")
    left, right = goal.args[::-1] if c.get("flip") is True else goal.args
    q = closed_question(s, name, left, right, c, prove)
    right = substitute(right, {name: Var(q.name)})
    _defined_orbit(q)
    lower = _coefficients(q, "polynomial")
    bases, step = closed_premises(s, q, right, lower)
    if len(bases) != len(c["bases"]):
        raise Reject("orbit-closed", "bases", f"{len(bases)} of them")
    total = q.evidence
    for question, proof in zip([*bases, step], [*c["bases"], c["step"]], strict=True):
        shown = prove(question, proof)
        if shown.conditions:
            raise Reject("orbit-closed", "premises", f"rests on {show(shown.conditions[0])}")
        total += shown
    return total


__all__ = ["Premises", "check", "check_closed", "closed_premises", "closed_question", "find_orbit", "sub"]
