"""Statements about every step of an orbit: closed forms by recurrence, sets that the map does not leave.

Closed forms: the least linear recurrence of the side along the orbit (``orbit_limits``), which the other side must
satisfy too.  Invariant sets: for a map of one variable intervals whose ends are bounds of the start, the start, 0,
or a fixed point, filtered by runs in floating point; for several variables what the start satisfies, the signs of
the start, and the goal's own conserved quantity.

Certificates: ``orbit-closed``, ``orbit-invariant``.  Cannot: invariant sets of other shapes; curved ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evaluate import Evaluator, Undefined, Unknown
from ..kernel.evidence import Reject
from ..kernel.field import CannotNormalise, Field
from ..kernel.rule_iteration import closed_orbit
from ..kernel.rule_orbit_invariant import Premises, closed_premises, closed_question
from ..kernel.rule_orbit_limit import _defined_orbit
from ..kernel.term import (
    INTEGER, RELATIONS, TRUE, App, Bind, Num, Term, Var, alpha, app, conj, conjuncts, free_names, fresh, mul, num,
    substitute, to_json,
)
from .dynamics import orbits
from .orbit_limits import Goal, _defined, _least
from .orbit_lines import Line

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
MAX_TRIED = 4
_CAUGHT = (Reject, CannotNormalise, ZeroDivisionError, ValueError)


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Certificates for goals about all steps of one orbit (engine of the portfolio)."""
    if not (isinstance(s.goal, App) and s.goal.head in (*RELATIONS, "or", "implies")):
        return
    found = orbits(s.goal)
    if len({alpha(closed_orbit(o, num(0))) for o in found}) != 1:
        return
    names = [n for n in sorted(free_names(found[0].outer[0])) if s.declarations.get(n) == INTEGER]
    if len(names) != 1:
        return
    orbit, name = closed_orbit(found[0], num(0)), names[0]
    yield from closed_forms(s, name, search)
    yield from invariants(s, orbit, name, search)


# ------------------------------------------------------------------------------ closed forms


def closed_forms(s: Sequent, name: str, search: Searcher) -> Iterator[Certificate]:
    if not (isinstance(s.goal, App) and s.goal.head == "="):
        return
    for flip in (False, True):
        left, right = s.goal.args[::-1] if flip else s.goal.args
        if not any(name in free_names(o) for o in orbits(left)):
            continue
        try:
            q = closed_question(s, name, left, right, {}, lambda *_: None)      # type: ignore[arg-type]
            goal = Goal(q.s, Bind("converges", (name,), (INTEGER,), (), (left,)), "", None, False)
            field = Field(q.s)
            found = field._settled(lambda field=field, goal=goal, q=q: _least(field, q.orbit, goal, False))
            if found is None:
                continue
            lower: list[Term] = found[0]
            defined = _defined(goal, q.orbit, search)
            bases, step = closed_premises(s, q, right, lower)
        except _CAUGHT:
            continue
        if defined is None:
            continue
        parts = []
        for question in (*bases, step):
            proof = search.unconditionally(question)
            if proof is None:
                break
            parts.append(proof)
        else:
            yield {"rule": "orbit-closed", "name": name, "flip": flip, "polynomial": list(map(to_json, lower)),
                   "defined": defined, "bases": parts[:-1], "step": parts[-1]}


# ------------------------------------------------------------------------------ invariant sets


def invariants(s: Sequent, orbit: Bind, name: str, search: Searcher) -> Iterator[Certificate]:
    taken = set(s.declarations) | free_names(orbit) | set(orbit.names)
    names: list[str] = []
    for old in orbit.names:
        names.append(fresh(f"{old}'1", taken | set(names)))
    for least in (0, 1):
        tried = 0
        for inv in _candidates(s, orbit, name, names, least, search):
            try:
                p = Premises(s, orbit, name, least, names, inv)
            except _CAUGHT:
                break
            tried += 1
            if tried > MAX_TRIED:
                break
            c = _proved(p, search)
            if c is not None:
                yield {"rule": "orbit-invariant", "name": name, "least": least, "orbit": to_json(orbit),
                       "names": names, "invariant": to_json(inv), **c}
                return


def _proved(p: Premises, search: Searcher) -> Certificate | None:
    def all_of(questions: list[Sequent]) -> list[Certificate] | None:
        out = []
        for question in questions:
            proof = search.unconditionally(question)
            if proof is None:
                return None
            out.append(proof)
        return out

    try:
        first = all_of([*p.begins(), p.start()])
        if first is None:
            return None
        smooth, stays = all_of(p.smooth()), all_of([p.stays()])
        if smooth is None or stays is None:
            return None
        base: Certificate = {"begins": first[:-1], "start": first[-1], "smooth": smooth, "stays": stays[0]}
        direct = all_of([p.direct()])
        if direct is not None:
            return {**base, "direct": direct[0]}
        if p.name not in free_names(_without_orbits(p.s.goal, p.name)):
            return None
        start = all_of([p.base()])
        if start is None:
            return None
        step = _by_ratio(p.step(), p.name, search) or search.unconditionally(p.step())
        return None if step is None else {**base, "base": start[0], "step": step}
    except _CAUGHT:
        return None


def _by_ratio(s: Sequent, name: str, search: Searcher) -> Certificate | None:
    """f(t) <= w(n) gives f(F(t)) <= w(n + 1) = r w(n) by f(F(t)) <= r f(t), for a rational r."""
    now, then = s.assumptions[-1], s.goal
    if not (isinstance(now, App) and isinstance(then, App) and now.head == then.head and now.head in ("<=", "<")):
        return None
    (f, w), (after, next_) = now.args, then.args
    if name in free_names(f) or name in free_names(after):
        return None
    field = Field(s)
    ratio = field._settled(lambda: field.as_rational(field.times(field.frac(next_), field._inverse(field.frac(w)))))
    if ratio is None or ratio < 0:
        return None
    terms = [mul(Num(ratio), f), mul(Num(ratio), w)]
    links = [app("<=", after, terms[0]), app(now.head if ratio > 0 else "<=", *terms), app("=", terms[1], next_)]
    parts = []
    for link in (links[2], links[0], links[1]):      # the cheap one first
        proof = search.unconditionally(s.with_goal(link))
        if proof is None:
            return None
        parts.append(proof)
    return {"rule": "through", "terms": list(map(to_json, terms)), "relations": [str(x.head) for x in links],
            "parts": [parts[1], parts[2], parts[0]]}


def _without_orbits(t: Term, name: str) -> Term:
    match t:
        case Bind("iterate"):
            return num(0)
        case App(head, args):
            return App(head, tuple(_without_orbits(a, name) for a in args))
        case _:
            return t


def _candidates(s: Sequent, orbit: Bind, name: str, names: list[str], least: int, search: Searcher) -> Iterator[Term]:
    rest = Sequent({n: k for n, k in s.declarations.items() if n != name},
                   tuple(a for a in s.assumptions if name not in free_names(a)), TRUE)
    begin = orbit.outer[1]
    parts = begin.args if isinstance(begin, App) and begin.head == "tuple" else ()
    inherited = []
    by: dict[str, Term] = {p.name: Var(t) for p, t in zip(parts, names, strict=False) if isinstance(p, Var)}
    for a in rest.assumptions:
        inherited += [substitute(f, by) for f in conjuncts(a) if free_names(f) & set(by)]
    if least == 0:
        if isinstance(s.goal, App) and s.goal.head == "=":
            kept = _conserved(s, orbit, name, names)
            if kept is not None:
                yield conj(*inherited, kept)
        if inherited:
            yield conj(*inherited)
        if len(names) > 1 and all(isinstance(p, Num) and p.value >= 0 for p in parts):
            yield conj(*(app(">=", Var(t), num(0)) for t in names))
        if not inherited and len(names) == 1 and free_names(begin):
            yield TRUE
    if len(names) == 1:
        yield from _intervals(Line(_as_goal(rest, orbit, name), orbit, search, False), s, orbit, name, names[0], least)


def _as_goal(rest: Sequent, orbit: Bind, name: str) -> Goal:
    body = app("item", Bind(orbit.head, orbit.names, orbit.sorts, (Var(name), orbit.outer[1]), orbit.inner), num(1))
    return Goal(rest, Bind("converges", (name,), (INTEGER,), (), (body,)), "", None, False)


def _conserved(s: Sequent, orbit: Bind, name: str, names: list[str]) -> Term | None:
    """I(t) = I(start) for a goal I(orbit(n)) = I(start)."""
    from ..kernel.rule_orbit_invariant import placed

    try:
        goal = placed(s.goal, orbit, name, [Var(t) for t in names], s)
    except _CAUGHT:
        return None
    return goal if goal != s.goal and name not in free_names(goal) else None


def _intervals(line: Line, s: Sequent, orbit: Bind, name: str, t: str, least: int) -> Iterator[Term]:
    if not line.runs:
        return
    fixed = list(line.fixed_points())[:3]
    begin = [line.after(least)] if not free_names(line.after(least)) or least == 0 else []
    ends: list[Term | None] = [num(0), *begin, *fixed, num(1), None]
    own = [f for a in line.s.assumptions for f in conjuncts(a) if isinstance(f, App) and f.head in "<=>="]
    for f in own:
        ends += [x for x in f.args if not free_names(x) and x not in ends]
    for low, high in itertools.product(ends, ends):
        if low == high:
            continue
        for strict in ((True, True), (False, False), (False, True), (True, False)):
            if low is None and strict[0] or high is None and strict[1]:
                continue
            if not _fits(line, low, high, strict, least):
                continue
            parts = []
            if low is not None:
                parts.append(app("<" if strict[0] else "<=", low, Var(t)))
            if high is not None:
                parts.append(app("<" if strict[1] else "<=", Var(t), high))
            if _true_on(line, s, orbit, name, t, low, high):
                yield conj(*parts)


def _bound(line: Line, end: Term | None, values: dict[str, Term]) -> float | None:
    return None if end is None else line.number(end, values)


def _fits(line: Line, low: Term | None, high: Term | None, strict: tuple[bool, bool], least: int) -> bool:
    """The runs lie in the interval; the map keeps a few numbers of it inside."""
    g = line.map(Var(line.t))
    for run in line.runs[:4]:
        a, b = _bound(line, low, run.values), _bound(line, high, run.values)
        if (low is not None and a is None) or (high is not None and b is None) or len(run.states) <= least:
            return False
        states = run.states[least:]
        tiny = 1e-9
        if a is not None and (min(states) < a - tiny or strict[0] and states[0] <= a):
            return False
        if b is not None and (max(states) > b + tiny or strict[1] and states[0] >= b):
            return False
        left = a if a is not None else (b if b is not None else states[0]) - 10
        right = b if b is not None else left + 20
        for j in range(9):
            if strict[0] and j == 0 or strict[1] and j == 8:
                continue
            x = left + (right - left) * j / 8
            y = line.number(g, {**run.values, line.t: Num(Fraction(x).limit_denominator(10**12))})
            if y is None or a is not None and y < a - tiny or b is not None and y > b + tiny:
                return False
    return True


def _true_on(line: Line, s: Sequent, orbit: Bind, name: str, t: str, low: Term | None, high: Term | None) -> bool:
    """The goal holds at a few numbers of the interval (or mentions n itself: then induction may do)."""
    from ..kernel.rule_orbit_invariant import placed

    try:
        goal = placed(s.goal, orbit, name, [Var(t)], s)
    except _CAUGHT:
        return False
    if name in free_names(goal):
        return True
    for run in line.runs[:2]:
        a, b = _bound(line, low, run.values), _bound(line, high, run.values)
        left = a if a is not None else (b if b is not None else 0.0) - 10
        right = b if b is not None else left + 20
        for share in (0.03, 0.3, 0.6, 0.97):
            x = Fraction(left + (right - left) * share).limit_denominator(10**9)
            try:
                if not Evaluator({**run.values, t: Num(x)}, {**line.s.declarations}, 128).truth(goal):
                    return False
            except (Undefined, ArithmeticError):
                return False
            except Unknown:
                continue
    return True


__all__ = ["_defined_orbit", "closed_forms", "invariants", "proofs"]
