"""Orbits of a map of one real variable: the side, the first steps, the interval, the rate.

Method: run the map in floating point from a few admissible starts; what the runs share (from which step on they
move to the same value from one side, or stay in an interval where |g'| < 1, or grow by a fixed step, or are back
where they were) becomes the premises of ``kernel/orbit_tendency``, which the searcher proves.  Starts on both
sides of the limit are split into cases.  Fixed points: rational or with one square root, from the factors of the
numerator of g(t) - t.

Cannot: maps of several variables; intervals whose ends depend on parameters otherwise than the start does.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.derivative import NoDerivative, derivative
from ..kernel.evaluate import Evaluator, Undefined, Unknown, to_ball
from ..kernel.evidence import Reject
from ..kernel.field import CannotNormalise, Field
from ..kernel.prove import discharge
from ..kernel.rule_iteration import closed_orbit
from ..kernel.orbit_tendency import MAX_WRITTEN
from ..kernel.rule_monotone import CONTINUOUS
from ..kernel.term import (
    OO, REAL, TRUE, App, Bind, Num, Scalar, Term, Var, add, app, conjuncts, free_names, fresh, mul, num, sub,
    substitute, subterms, to_json,
)
from .points import points

if TYPE_CHECKING:
    from .orbit_limits import Goal
    from .search import Searcher

Certificate = dict[str, Any]
MINUS_OO = app("neg", OO)
RUN, STARTS, HUGE = 60, 6, 1e9
_FLIP = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass
class Run:
    values: dict[str, Term]      # of the declared names
    states: list[float]
    ended: bool                  # a step was undefined
    escaped: bool                # the values grew beyond all bounds


class Line:
    def __init__(self, goal: Goal, orbit: Bind, search: Searcher, quick: bool) -> None:
        self.goal, self.orbit, self.search, self.s, self.quick = goal, orbit, search, goal.s, quick
        self.t = fresh("t", set(self.s.declarations) | {goal.name} | free_names(orbit) | set(orbit.names))
        self.start = app("item", orbit.outer[1], num(1))
        self.runs = list(self._runs())

    # ------------------------------------------------------------------ the map and its runs

    def map(self, t: Term) -> Term:
        current = t
        for line in self.orbit.inner:
            if isinstance(line, App) and isinstance(line.args[0], Var):
                current = substitute(line.args[1], {self.orbit.names[0]: current})
        return current

    def after(self, k: int) -> Term:
        start = self.orbit.outer[1]
        if k > MAX_WRITTEN or not (isinstance(start, App) and start.head == "tuple" and free_names(start)):
            return app("item", closed_orbit(self.orbit, num(k)), num(1))
        state = start.args[0]
        for _ in range(k):
            state = self.map(state)
        return state

    def number(self, t: Term, values: dict[str, Term]) -> float | None:
        try:
            z = to_ball(Evaluator(values, self.s.declarations, 64).number(t))
        except (Undefined, Unknown, ArithmeticError, ValueError):
            return None
        x = float(z.real.mid())
        return x if abs(float(z.imag.mid())) < 1e-12 and math.isfinite(x) else None

    def _runs(self) -> Iterator[Run]:
        plain = Sequent({n: k for n, k in self.s.declarations.items() if isinstance(k, Scalar)},
                        self.s.assumptions, TRUE)
        here = self.map(Var(self.t))
        for witness in itertools.islice(points(plain, STARTS), STARTS):
            from ..kernel.term import from_json

            values: dict[str, Term] = {
                n: from_json(v["term"] if isinstance(v, dict) else v) for n, v in witness["point"].items()}
            x = self.number(self.start, values)
            states, ended = [], x is None
            while x is not None and len(states) < RUN and abs(x) < HUGE:
                states.append(x)
                x = self.number(here, {**values, self.t: Num(Fraction(x).limit_denominator(10**15))})
                ended = x is None
            if states:
                yield Run(values, states, ended, not ended and len(states) < RUN or abs(states[-1]) > 1e6)

    # ------------------------------------------------------------------ questions

    def ask(self, goal: Term, *where: Term) -> Certificate | None:
        s = self.s
        if where:
            s = s.declaring({self.t: REAL}).assuming(*where)
        question = s.with_goal(goal)
        if not free_names(goal) and not where:
            for proof in ({"rule": "evaluate"}, {"rule": "field"}, {"rule": "sign"}):
                shown = self.search.accepted(question, proof)
                if shown is not None and not shown.conditions:
                    return proof
        return self.search.unconditionally(question)

    def ask_all(self, goals: list[Term], *where: Term) -> list[Certificate] | None:
        out = []
        for g in goals:
            proof = self.ask(g, *where)
            if proof is None:
                return None
            out.append(proof)
        return out

    def begins(self, k: int) -> list[Certificate] | None:
        state = app("item", closed_orbit(self.orbit, num(k)), num(1))
        return self.ask_all(list(discharge(definedness(app(">", state, num(0)), self.s), self.s)))

    def smooth(self, *where: Term) -> list[Certificate] | None:
        inside = self.s.declaring({self.t: REAL}).assuming(*where)
        needed = discharge(definedness(app(">", self.map(Var(self.t)), num(0)), inside), inside)
        return self.ask_all(list(needed), *where)

    # ------------------------------------------------------------------ fixed points

    def fixed_points(self) -> Iterator[Term]:
        """Zeros of g(t) - t: by its linear and quadratic factors; small rational numbers where a run ends."""
        found: dict[Term, None] = {}
        for t in itertools.chain(self._ends(), self._zeros()):
            found.setdefault(t)
        yield from found

    def _ends(self) -> Iterator[Term]:
        for run in self.runs[:2]:
            x = run.states[-1]
            q = Fraction(x).limit_denominator(60) if abs(x) < 1e6 else None
            if q is not None and abs(float(q) - x) < 1e-7 and len(run.states) > 20:
                image = self.number(self.map(Var(self.t)), {**run.values, self.t: Num(q)})
                if image is not None and abs(image - float(q)) < 1e-12:
                    yield Num(q)

    def _zeros(self) -> Iterator[Term]:
        s = self.s.declaring({self.t: REAL})
        field = Field(s)
        try:
            gap = field._settled(lambda: field.frac(sub(self.map(Var(self.t)), Var(self.t))))
            _, factors = field._factors(gap.num)
        except CannotNormalise:
            return
        from ..kernel.constants import Constants

        where = next((k for k, g in enumerate(field.generators) if g.term == Var(self.t)), None)
        if where is None:
            return
        constants = Constants(field)
        for f, _ in factors:
            parts: dict[int, dict[tuple[int, ...], Any]] = {}
            for exponents, c in f.to_dict().items():
                e = list(map(int, exponents))
                d, e[where] = e[where], 0
                parts.setdefault(d, {})[tuple(e)] = c
            try:
                a, b, c2 = (constants._polynomial(f.context().from_dict(parts.get(d, {}))) if parts.get(d)
                            else num(0) for d in (2, 1, 0))
            except CannotNormalise:
                continue
            if max(parts) == 1:
                yield self._plain(app("neg", app("div", c2, b)))
            elif max(parts) == 2:
                gap_ = add(app("pow", b, num(2)), app("neg", mul(num(4), a, c2)))
                for sign in (1, -1):
                    root = app("sqrt", gap_)
                    yield self._plain(app("div", add(app("neg", b), root if sign == 1 else app("neg", root)),
                                          mul(num(2), a)))

    def _plain(self, t: Term) -> Term:
        from ..kernel.constants import Constants

        field = Field(self.s)
        try:
            return field._settled(lambda: Constants(field).term(field.frac(t)))
        except CannotNormalise:
            return t

    def limits(self) -> list[Term]:
        """Candidates: the claim's own value (where it may be right), then fixed points near the runs' ends."""
        found = []
        own = self.goal.other
        if own is not None and own not in (OO, MINUS_OO) and not self.goal.negated:
            return [own] if self.near(own) else []
        found += [t for t in self.fixed_points() if self.near(t)]
        return found[:2]

    def near(self, t: Term) -> bool:
        """Some run comes close to it, none that is long ends elsewhere."""
        if not self.runs:
            return False
        for run in self.runs:
            x = self.number(t, run.values)
            if x is None or run.ended:
                return False
            far = abs(run.states[-1] - x)
            if far > 0.2 * (1 + abs(x)) and far > 0.9 * abs(run.states[0] - x):
                return False
        return True


def line_proofs(goal: Goal, orbit: Bind, search: Searcher, quick: bool) -> Iterator[Certificate]:
    yield from cycles(goal, orbit, search)
    if len(orbit.names) != 1 or orbit.sorts[0] != REAL:
        return
    line = Line(goal, orbit, search, quick)
    here = line.map(Var(line.t))
    if any(isinstance(u, Bind) or isinstance(u, App) and u.head not in CONTINUOUS and line.t in free_names(u)
           for u in subterms(here)):
        return
    if not line.runs:
        return
    if goal.wants_divergence and goal.other is not None:
        yield from not_fixed(line)
    if all(r.escaped for r in line.runs):
        yield from unbounded(line)
        return
    values = line.limits()
    for value in values:
        yield from monotone(line, value)
    if not quick or not goal.negated:
        for value2 in [*values, None]:
            yield from contraction(line, value2)


# ------------------------------------------------------------------------------ monotone


def monotone(line: Line, value: Term) -> Iterator[Certificate]:
    goal = line.goal
    more = goal.compared(line_value(line, value), line.search)
    if more is None or not _defined(line, value):
        return
    ends = [(line.number(value, r.values), r.states) for r in line.runs]
    for k in range(4):
        sides = set()
        for x, states in ends:
            if x is None or len(states) <= k:
                return
            state = states[k]
            sides.add("at" if abs(state - x) < 1e-12 * (1 + abs(x)) else "below" if state < x else "above")
        sides.discard("at")
        if len(sides) == 2:
            if k < 3 and _later_one_side(ends, k):
                continue
            on = app("<=", line.after(k), value)
            if line.begins(k) is None:
                return
            parts = [line.search.prove(line.s.assuming(f).with_goal(line.s.goal)) for f in (
                on, app(">", line.after(k), value))]
            if line.goal.s.goal == line.s.goal and all(parts):
                yield {"rule": "cases", "on": to_json(on), "parts": parts}
            return
        for side in sorted(sides) or ["below"]:
            c = _monotone(line, value, side, k)
            if c is not None:
                yield {**c, **more}
                return


def line_value(line: Line, value: Term) -> Term:
    """What the sequence itself tends to: a polynomial in the state at ``value``."""

    def go(u: Term) -> Term:
        match u:
            case App("item", (Bind("iterate"), Num())):
                return value
            case App(head, args):
                return App(head, tuple(go(a) for a in args))
            case _:
                return u

    return go(line.goal.body)


def _later_one_side(ends: list[Any], k: int) -> bool:
    for later in range(k + 1, 4):
        sides = {states[later] < x for x, states in ends if len(states) > later and abs(states[later] - x) > 1e-12}
        if len(sides) == 1:
            return True
    return False


def _defined(line: Line, value: Term) -> bool:
    return not discharge(definedness(value, line.s), line.s)


def _monotone(line: Line, value: Term, side: str, k: int) -> Certificate | None:
    below = side == "below"
    t, g = Var(line.t), line.map(Var(line.t))

    def less(a: Term, b: Term, strict: bool = True) -> Term:
        return app("<" if strict else "<=", a, b) if below else app(">" if strict else ">=", a, b)

    begins = line.begins(k)
    if begins is None:
        return None
    beside = line.ask(less(line.after(k), value, False))
    fixed = line.ask(app("=", line.map(value), value))
    if beside is None or fixed is None:
        return None
    for bound, strict in bounds(line, k, below):
        start: Certificate = {}
        where = [less(t, value)]
        if bound is not None:
            proof = line.ask(less(bound, line.after(k), strict))
            if proof is None:
                continue
            start = {"bound": to_json(bound), "bound-strict": strict, "start": proof}
            where.append(less(bound, t, strict))
        if not _plausible(line, value, bound, below):
            continue
        smooth = line.smooth(*where)
        if smooth is None:
            continue
        moves = line.ask(less(t, g), *where)
        if moves is None:
            continue
        stays = line.ask(less(g, value, False), *where)
        if stays is None:
            continue
        return {"how": "monotone", "steps": k, "side": side, "value": to_json(value), "begins": begins,
                "beside": beside, "fixed": fixed, "smooth": smooth, "moves": moves, "stays": stays, **start}
    return None


def bounds(line: Line, k: int, below: bool) -> Iterator[tuple[Term | None, bool]]:
    """Ends of the interval on the far side: the state itself if it is a number, bounds that the start has,
    0, none."""
    reached = line.after(k)
    if not free_names(reached):
        yield reached, False
    names = free_names(line.start)
    for a in line.s.assumptions:
        for f in conjuncts(a):
            match f:
                case App("<" | "<=" | ">" | ">=" as head, (x, y)):
                    for one, other, relation in ((x, y, head), (y, x, _FLIP[head])):
                        if free_names(one) == names and isinstance(one, Var) and (
                                relation[0] == (">" if below else "<")):
                            yield other, len(relation) == 1
    yield num(0), True
    if free_names(reached):
        yield reached, False
    yield None, False


def _plausible(line: Line, value: Term, bound: Term | None, below: bool) -> bool:
    """The premises at a few numbers of the interval."""
    g = line.map(Var(line.t))
    for run in line.runs[:3]:
        x = line.number(value, run.values)
        if x is None:
            return False
        if bound is None:
            far = x - 50 if below else x + 50
        else:
            found = line.number(bound, run.values)
            if found is None:
                return False
            far = found
        for share in (0.99, 0.75, 0.5, 0.25, 0.05, 0.01):
            t = x + (far - x) * share
            if t == x:
                continue
            y = line.number(g, {**run.values, line.t: Num(Fraction(t).limit_denominator(10**12))})
            if y is None:
                return False
            if below and not (t < y <= x + 1e-9 * (1 + abs(x))) or not below and not (
                    t > y >= x - 1e-9 * (1 + abs(x))):
                return False
    return True


# ------------------------------------------------------------------------------ contraction


def contraction(line: Line, value: Term | None) -> Iterator[Certificate]:
    goal = line.goal
    if value is None and (goal.other is not None and not (goal.negated and goal.other in (OO, MINUS_OO)) or (
            goal.other is None and goal.negated)):
        return
    more: Certificate | None = {}
    if value is not None:
        more = goal.compared(line_value(line, value), line.search)
        if more is None or not _defined(line, value):
            return
    t = Var(line.t)
    g = line.map(t)
    try:
        slope, guards = derivative(g, line.t, {**line.s.declarations, line.t: REAL})
    except NoDerivative:
        return
    for k, low, high, rate in _intervals(line, slope):
        where = (app("<=", low, t), app("<=", t, high))
        begins = line.begins(k)
        start = line.ask_all([app("<=", low, line.after(k)), app("<=", line.after(k), high)])
        if begins is None or start is None:
            continue
        inside = line.s.declaring({line.t: REAL}).assuming(*where)
        smooth = line.smooth(*where)
        guarded = line.ask_all(list(discharge(tuple(dict.fromkeys(guards)), inside)), *where)
        stays = line.ask_all([app("<=", low, g), app("<=", g, high)], *where)
        if smooth is None or guarded is None or stays is None:
            continue
        steep = line.ask_all([app("<=", slope, rate), app(">=", slope, num(-rate.value))], *where)
        if steep is None:
            continue
        c: Certificate = {
            "how": "contraction", "steps": k, "lower": to_json(low), "upper": to_json(high), "rate": to_json(rate),
            "begins": begins, "start": start, "smooth": smooth, "stays": stays, "guards": guarded, "slope": steep}
        if value is not None:
            between = line.ask_all([app("<=", low, value), app("<=", value, high)])
            fixed = line.ask(app("=", line.map(value), value))
            if between is None or fixed is None:
                continue
            c |= {"value": to_json(value), "between": between, "fixed": fixed}
        yield {**c, **(more or {})}
        return


def _intervals(line: Line, slope: Term) -> Iterator[tuple[int, Num, Num, Num]]:
    """Rational intervals that the runs stay in from step k on, mapped into themselves, with |g'| < 1."""
    g = line.map(Var(line.t))
    for k in (0, 1, 2, 3, 5, 8):
        tails = [r.states[k:] for r in line.runs if len(r.states) > k + 1]
        if len(tails) < len(line.runs):
            return
        least, most = min(map(min, tails)), max(map(max, tails))
        for denominator in (1, 2, 4, 8, 16, 64):
            low = Fraction(math.floor(least * denominator + 1e-9), denominator)
            high = Fraction(math.ceil(most * denominator - 1e-9), denominator)
            grid = [low + (high - low) * Fraction(j, 16) for j in range(17)]
            images, slopes = [], []
            for run in line.runs[:2]:
                for x in grid:
                    images.append(line.number(g, {**run.values, line.t: Num(x)}))
                    slopes.append(line.number(slope, {**run.values, line.t: Num(x)}))
            if any(y is None or not low - 1e-12 <= y <= high + 1e-12 for y in images) or None in slopes:
                continue
            steepest = max(abs(x) for x in slopes if x is not None)
            rate = Fraction(math.floor(steepest * 20 + 1e-9) + 1, 20)
            if abs(steepest - round(steepest * 20) / 20) < 1e-12:
                rate = Fraction(round(steepest * 20), 20)
            if rate < 1:
                yield k, Num(low), Num(high), Num(rate)
                break


# ------------------------------------------------------------------------------ away from a value, to infinity


def not_fixed(line: Line) -> Iterator[Certificate]:
    other = line.goal.other
    if other is None or other in (OO, MINUS_OO) or line.goal.relation != "=" or not _defined(line, other):
        return
    image = line.map(other)
    apart = line.ask(app("!=", image, other)) if not free_names(other) else None
    if apart is None:
        return
    t, g = Var(line.t), line.map(Var(line.t))
    needed = list(discharge(definedness(app(">", image, num(0)), line.s), line.s))
    shown = line.ask_all(needed)
    if shown is None:
        return
    states = line.runs[0].states
    low, high = num(math.floor(min(states))), num(math.ceil(max(states)))
    relation = {"lower": ">=", "upper": "<="}
    ends: dict[str, Term]
    for ends in ({}, {"lower": num(0)}, {"lower": low}, {"upper": high}, {"lower": low, "upper": high}):
        begins = line.begins(0)
        where = tuple(app(relation[key], t, e) for key, e in ends.items())
        start = line.ask_all([app(relation[key], line.after(0), e) for key, e in ends.items()])
        if begins is None or start is None:
            continue
        smooth = line.smooth(*where) if where else line.smooth(TRUE)
        stays = None if smooth is None else line.ask_all(
            [app(relation[key], g, e) for key, e in ends.items()], *where)
        if smooth is None or stays is None:
            continue
        yield {"how": "not-fixed", "value": to_json(other), "begins": begins, "start": start, "smooth": smooth,
               "stays": stays, "image": shown, "apart": apart, **{k: to_json(e) for k, e in ends.items()}}
        return


def unbounded(line: Line) -> Iterator[Certificate]:
    goal = line.goal
    up = all(r.states[-1] > 0 for r in line.runs)
    if goal.other is not None and not goal.negated and goal.other != (OO if up else MINUS_OO):
        return
    relation = ">=" if up else "<="
    t, g = Var(line.t), line.map(Var(line.t))
    for k in (0, 1, 2):
        bound = line._plain(line.after(k))
        step = line._plain(sub(line.map(bound), bound))
        if not _defined(line, bound) or not _defined(line, step):
            return
        begins = line.begins(k)
        start = line.ask(app(relation, line.after(k), bound))
        positive = line.ask(app(">" if up else "<", step, num(0)))
        if begins is None or start is None or positive is None:
            continue
        where = (app(relation, t, bound),)
        smooth = line.smooth(*where)
        moves = None if smooth is None else line.ask(app(relation, sub(g, t), step), *where)
        if moves is None:
            continue
        yield {"how": "unbounded", "steps": k, "up": up, "bound": to_json(bound), "step": to_json(step),
               "begins": begins, "start": start, "positive": positive, "smooth": smooth, "moves": moves}
        return


# ------------------------------------------------------------------------------ cycles


def cycles(goal: Goal, orbit: Bind, search: Searcher) -> Iterator[Certificate]:
    """An exact start that comes back to where it was."""
    found = preperiod(orbit, goal.s)
    if found is None:
        return
    first, period = found

    def all_of(goals: list[Term]) -> list[Certificate] | None:
        out = []
        for g in goals:
            proof = search.unconditionally(goal.s.with_goal(g))
            if proof is None:
                return None
            out.append(proof)
        return out

    end, again = closed_orbit(orbit, num(first + period)), closed_orbit(orbit, num(first))
    begins = all_of(list(discharge(definedness(end, goal.s), goal.s)))
    back = all_of([app("=", app("item", end, num(k)), app("item", again, num(k)))
                   for k in range(1, len(orbit.names) + 1)])
    if begins is None or back is None:
        return
    from ..kernel.rule_iteration import offset
    from ..kernel.term import alpha, rebuild

    mark = alpha(orbit)

    def put(u: Term, r: int) -> Term:
        if isinstance(u, Bind) and u.head == "iterate" and alpha(closed_orbit(u, num(0))) == mark:
            c = offset(u.outer[0], goal.name, goal.inner)
            if c is not None and c >= 0:
                return closed_orbit(u, num(first + (r + c) % period))
        return rebuild(u, lambda v: put(v, r))

    try:
        values = [put(goal.body, r) for r in range(period)]
    except (CannotNormalise, Reject):
        return
    base: Certificate = {"how": "cycle", "steps": first, "period": period, "begins": begins, "back": back}
    pairs = [(values[r], values[(r + 1) % period]) for r in range(period)]
    constant = all_of([app("=", a, b) for a, b in pairs]) if period == 1 or not goal.wants_divergence else None
    if constant is not None:
        value = goal.other if goal.other is not None and not goal.negated else _value_of(values[0], goal.s)
        if value is None or discharge(definedness(value, goal.s), goal.s):
            return
        equal = all_of([app("=", value, values[0])])
        more = goal.compared(value, search)
        if equal is not None and more is not None:
            yield {**base, "constant": constant, "value": to_json(value), "equal": equal[0], **more}
        return
    if goal.wants_divergence:
        moves = all_of([App("or", tuple(app("!=", a, b) for a, b in pairs))])
        if moves is not None:
            yield {**base, "moves": moves[0]}


def _value_of(t: Term, s: Sequent) -> Term | None:
    from ..kernel.constants import Constants

    field = Field(s)
    try:
        return field._settled(lambda: Constants(field).term(field.frac(t)))
    except CannotNormalise:
        return None


def preperiod(orbit: Bind, s: Sequent) -> tuple[int, int] | None:
    """(k, N) with orbit(k + N) = orbit(k), for a start that is a number; by exact or very precise values."""
    if free_names(orbit):
        return None
    seen: dict[Any, int] = {}
    state: Term = orbit.outer[1]
    for k in range(120):
        try:
            values = Evaluator({}, {}, 256).items(closed_orbit(
                Bind(orbit.head, orbit.names, orbit.sorts, (num(0), state), orbit.inner), num(0 if k == 0 else 1)))
        except (Undefined, Unknown, ArithmeticError):
            return None
        key = tuple(v if isinstance(v, Fraction) else (
            round(float(v.real.mid()), 12), round(float(v.imag.mid()), 12)) for v in values)
        if key in seen:
            return seen[key], k - seen[key]
        seen[key] = k
        if all(isinstance(v, Fraction) for v in values):
            if any(v.numerator.bit_length() + v.denominator.bit_length() > 4_000 for v in values):
                return None
            state = App("tuple", tuple(Num(v) for v in values))
        elif k < 12:
            state = App("tuple", tuple(
                app("item", closed_orbit(orbit, num(k)), num(j + 1)) for j in range(len(values))))
        else:
            return None
    return None


__all__ = ["line_proofs", "preperiod"]
