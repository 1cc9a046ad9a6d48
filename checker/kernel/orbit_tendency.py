"""What an orbit of a map g of one real variable tends to: monotone, contracting, running away, ending in a
cycle; and what it cannot tend to.  Premises of ``rule_orbit_limit``.

Throughout x_k is the state after k steps (k literal, the steps shown to be defined), t is a new real
name, "on I" means: proved for every t of I, without conditions; g is continuous where it is defined and
real, for it is composed of the heads in ``CONTINUOUS``.
The sequence may be a polynomial f in x_n, x_{n+1}, ...: it tends to f(V, V, ...) where x_n tends to V.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .derivative import NoDerivative, derivative
from .evidence import Reject
from .kinds import is_real
from .orbit_system import RULE
from .prove import discharge
from .rule_iteration import MAX_PERIOD, closed_orbit, offset
from .rule_monotone import CONTINUOUS
from .term import (
    REAL, App, Bind, Num, Term, Var, alpha, app, free_names, fresh, num, rebuild, show, sub, substitute, subterms,
)

if TYPE_CHECKING:
    from .rule_orbit_limit import Question, Tendency

MAX_STEPS, MAX_WRITTEN = 60, 3
_POLYNOMIAL = ("add", "mul", "neg", "pow")


class Line:
    """The map g of one real variable and its orbit."""

    def __init__(self, q: Question) -> None:
        self.q, self.orbit = q, q.orbit
        if len(self.orbit.names) != 1 or self.orbit.sorts[0] != REAL:
            raise Reject(RULE, "orbit", "is not one of a real variable")
        self.t = fresh("t", set(q.s.declarations) | {q.name} | free_names(self.orbit) | set(self.orbit.names))
        self.steps = int(q.c.get("steps", 0))
        if not 0 <= self.steps <= MAX_STEPS:
            raise Reject(RULE, "steps", f"not from 0 to {MAX_STEPS}")
        here = self.map(Var(self.t))
        for u in subterms(here):
            if isinstance(u, Bind) or isinstance(u, App) and u.head not in CONTINUOUS and self.t in free_names(u):
                raise Reject(RULE, "orbit", f"{show(u)[:60]} need not be continuous")
        self.reached = self.state_after(self.steps)

    def state_after(self, steps: int) -> Term:
        """x_k: written out for few steps from a start with names, so that rules for terms can read it."""
        start = self.orbit.outer[1]
        if steps > MAX_WRITTEN or not (isinstance(start, App) and start.head == "tuple" and free_names(start)):
            return app("item", closed_orbit(self.orbit, num(steps)), num(1))
        state = start.args[0]
        for _ in range(steps):
            state = self.map(state)
        return state

    def map(self, t: Term) -> Term:
        current = t
        for line in self.orbit.inner:
            match line:
                case App("assign", (Var(), value)):
                    current = substitute(value, {self.orbit.names[0]: current})
                case _:
                    raise Reject(RULE, "orbit", "a line that assigns several names")
        return current

    def begins(self) -> None:
        """The first steps are defined (and the start is real)."""
        goal = app(">", app("item", closed_orbit(self.orbit, num(self.steps)), num(1)), num(0))
        self.q.show_all(discharge(definedness(goal, self.q.s), self.q.s), self.q.c.get("begins", []), "begins")

    def on(self, *where: Term) -> Sequent:
        return self.q.s.declaring({self.t: REAL}).assuming(*where)

    def smooth(self, inside: Sequent) -> None:
        """g is defined and real on ``inside``."""
        goal = app(">", self.map(Var(self.t)), num(0))
        self.q.show_all(discharge(definedness(goal, inside), inside), self.q.c.get("smooth", []), "smooth", inside)

    def body(self, value: Term) -> tuple[Term, bool]:
        """f(value, value, ...), and whether f is the state itself."""
        mark = alpha(closed_orbit(self.orbit, num(0)))

        def go(u: Term) -> Term:
            match u:
                case App("item", (Bind("iterate") as o, Num(k))) if (
                        k == 1 and alpha(closed_orbit(o, num(0))) == mark):
                    shift = offset(o.outer[0], self.q.name, self.q.inner)
                    if shift is None or shift < 0:
                        raise Reject(RULE, "body", f"{show(o.outer[0])[:40]} steps")
                    return value
                case _ if self.q.name not in free_names(u):
                    return u
                case App(head, (_, Num(e))) if head == "pow" and (e < 0 or e.denominator > 1):
                    raise Reject(RULE, "body", "is no polynomial in the state")
                case App("pow", (_, e)) if not isinstance(e, Num):
                    raise Reject(RULE, "body", "is no polynomial in the state")
                case App(head, _) if head in _POLYNOMIAL:
                    return rebuild(u, go)
            raise Reject(RULE, "body", f"{show(u)[:60]} is no polynomial in the state")

        found = go(self.q.body)
        if left := discharge(definedness(found, self.q.s), self.q.s):
            raise Reject(RULE, "body", f"is defined only if {show(left[0])}")
        return found, isinstance(self.q.body, App) and self.q.body.head == "item"

    def tends(self, value: Term) -> Tendency:
        from .rule_orbit_limit import Tendency

        return Tendency(limit=self.body(value)[0])

    def state_itself(self) -> None:
        if not self.body(num(0))[1]:
            raise Reject(RULE, "body", "is not the state itself")


def monotone(q: Question) -> Tendency:
    """
        lo < x_k <= L   (or lo <= x_k; or no lo at all);   g(L) = L
        on I = {t: lo < t < L}:  g is defined and real,  t < g(t) <= L
        --------------------------------------------------------------      (below; above: all turned round)
        x_n tends to L
    If some x_n is L, so are all later ones.  Else x_k < x_{k+1} < ... < L; the limit M has x_k < M <= L, and M < L
    would lie in I, where g is continuous: g(M) = M, against M < g(M).  (Rudin, Principles of Mathematical Analysis,
    3rd ed., Theorem 3.14.)  x_k itself is in I or equals L: a start that jumps elsewhere is not covered.
    """
    line = Line(q)
    value = q.finite("value")
    below = q.c["side"] == "below"
    if not below and q.c["side"] != "above":
        raise Reject(RULE, "side", "neither below nor above")

    def less(a: Term, b: Term, strict: bool = True) -> Term:
        return app("<" if strict else "<=", a, b) if below else app(">" if strict else ">=", a, b)

    line.begins()
    t = Var(line.t)
    where = [less(t, value)]
    if "bound" in q.c:
        bound, strict = q.finite("bound"), q.c["bound-strict"] is True
        q.show(less(bound, line.reached, strict), q.c["start"], "start")
        where.append(less(bound, t, strict))
    q.show(less(line.reached, value, False), q.c["beside"], "beside")
    q.show(app("=", line.map(value), value), q.c["fixed"], "fixed")
    inside = line.on(*where)
    line.smooth(inside)
    q.show(less(t, line.map(t)), q.c["moves"], "moves", inside)
    q.show(less(line.map(t), value, False), q.c["stays"], "stays", inside)
    return line.tends(value)


def contraction(q: Question) -> Tendency:
    """
        lo <= x_k <= hi;   on I = [lo, hi]:  g is differentiable,  lo <= g(t) <= hi,  -r <= g'(t) <= r
        0 <= r < 1 a rational number;   (lo <= L <= hi,  g(L) = L)
        ------------------------------------------------------------------------------------------------
        x_n converges  (to L)
    Banach's fixed point theorem with the mean value theorem (Rudin, Theorems 9.23 and 5.10).  FAILURE: |g'| < 1
    without one r < 1 for all of I; an interval that g does not map into itself.
    """
    from .rule_orbit_limit import Tendency

    line = Line(q)
    low, high = q.finite("lower"), q.finite("upper")
    rate = q.declared("rate")
    if not (isinstance(rate, Num) and 0 <= rate.value < 1):
        raise Reject(RULE, "rate", "is no number from 0 to 1")
    line.begins()
    t = Var(line.t)
    q.show_all([app("<=", low, line.reached), app("<=", line.reached, high)], q.c["start"], "start")
    inside = line.on(app("<=", low, t), app("<=", t, high))
    line.smooth(inside)
    q.show_all([app("<=", low, line.map(t)), app("<=", line.map(t), high)], q.c["stays"], "stays", inside)
    try:
        slope, guards = derivative(line.map(t), line.t, inside.declarations)
    except NoDerivative as error:
        raise Reject(RULE, "slope", str(error)) from error
    q.show_all(discharge(tuple(dict.fromkeys(guards)), inside), q.c.get("guards", []), "guards", inside)
    q.show_all([app("<=", slope, rate), app(">=", slope, num(-rate.value))], q.c["slope"], "slope", inside)
    if "value" not in q.c:
        line.body(num(0))
        return Tendency(exists=True)
    value = q.finite("value")
    q.show_all([app("<=", low, value), app("<=", value, high)], q.c["between"], "between")
    q.show(app("=", line.map(value), value), q.c["fixed"], "fixed")
    return line.tends(value)


def unbounded(q: Question) -> Tendency:
    """
        x_k >= lo;   on {t: t >= lo}:  g is defined and real,  g(t) - t >= step;   step > 0 free of t
        ------------------------------------------------------------------------------------------------
        x_n tends to oo                                                (downwards: all turned round, -oo)
    x_{k+j} >= lo + j step by induction.
    """
    from .rule_orbit_limit import Tendency

    line = Line(q)
    line.state_itself()
    bound, step = q.finite("bound"), q.finite("step")
    up = q.c["up"] is True
    relation = ">=" if up else "<="
    line.begins()
    t = Var(line.t)
    q.show(app(relation, line.reached, bound), q.c["start"], "start")
    q.show(app(">" if up else "<", step, num(0)), q.c["positive"], "positive")
    inside = line.on(app(relation, t, bound))
    line.smooth(inside)
    q.show(app(relation, sub(line.map(t), t), step), q.c["moves"], "moves", inside)
    return Tendency(infinite=1 if up else -1)


def not_fixed(q: Question) -> Tendency:
    """
        x_k in J = {t: lo <= t <= hi} (either end may be missing);   on J:  g is defined and real, g(t) in J
        g(W) is defined and real, g(W) != W;   or W < lo;   or W > hi
        --------------------------------------------------------------------------------------------------
        x_n does not tend to W
    If x_n tends to W then g(x_n) = x_{n+1} does, and g is continuous at W within its domain: g(W) = W.  J is
    closed, so it contains every limit of the orbit.
    """
    from .rule_orbit_limit import Tendency

    line = Line(q)
    line.state_itself()
    value = q.finite("value")
    if not is_real(value, q.s.declarations):
        raise Reject(RULE, "value", f"{show(value)[:60]} is not certainly real")
    line.begins()
    t = Var(line.t)
    ends = [(key, relation, q.finite(key)) for key, relation in (("lower", ">="), ("upper", "<=")) if key in q.c]
    q.show_all([app(r, line.reached, end) for _, r, end in ends], q.c.get("start", []), "start")
    inside = line.on(*(app(r, t, end) for _, r, end in ends))
    line.smooth(inside)
    q.show_all([app(r, line.map(t), end) for _, r, end in ends], q.c.get("stays", []), "stays", inside)
    if "outside" in q.c:
        key, _, end = next(e for e in ends if e[0] == q.c["outside"])
        q.show(app("<" if key == "lower" else ">", value, end), q.c["apart"], "apart")
    else:
        image = line.map(value)
        needed = discharge(definedness(app(">", image, num(0)), q.s), q.s)
        q.show_all(needed, q.c.get("image", []), "image")
        q.show(app("!=", image, value), q.c["apart"], "apart")
    return Tendency(never=value)


def cycle(q: Question) -> Tendency:
    """
        the first k + N steps are defined;   orbit(k + N) = orbit(k), N >= 1
        ----------------------------------------------------------------------
        u(n) has period N for n >= k: if u(k), ..., u(k + N) are equal it tends to u(k), else it has no limit
    Any number of variables.  ``constant``: proof that all are equal; or ``moves``: that some two are not.
    """
    from .rule_orbit_limit import Tendency

    first, period = int(q.c.get("steps", 0)), int(q.c["period"])
    if not (0 <= first <= 500 and 1 <= period <= MAX_PERIOD):
        raise Reject(RULE, "period", f"not from 1 to {MAX_PERIOD}, after at most 500 steps")
    end = closed_orbit(q.orbit, num(first + period))
    q.show_all(discharge(definedness(end, q.s), q.s), q.c.get("begins", []), "begins")
    again = closed_orbit(q.orbit, num(first))
    q.show_all([app("=", app("item", end, num(k)), app("item", again, num(k)))
                for k in range(1, len(q.orbit.names) + 1)], q.c["back"], "back")
    put = _placed(q, first, period)
    values = [put(r) for r in range(period)]
    for v in values:
        if q.name in free_names(v):
            raise Reject(RULE, "body", "moves in other ways than by the orbit")
        if left := discharge(definedness(v, q.s), q.s):
            raise Reject(RULE, "body", f"is defined only if {show(left[0])[:80]}")
    pairs = [(values[r], values[(r + 1) % period]) for r in range(period)]
    if "constant" in q.c:
        q.show_all([app("=", a, b) for a, b in pairs], q.c["constant"], "constant")
        value = q.finite("value")
        q.show(app("=", value, values[0]), q.c["equal"], "equal")
        return Tendency(limit=value)
    wanted = App("or", tuple(app("!=", a, b) for a, b in pairs))
    q.show(wanted, q.c["moves"], "moves")
    return Tendency(none=True)


def _placed(q: Question, first: int, period: int) -> Callable[[int], Term]:
    """The sequence at n = first + r (+ a multiple of the period)."""
    mark = alpha(q.orbit)

    def put(r: int) -> Term:
        def go(u: Term) -> Term:
            if isinstance(u, Bind) and u.head == "iterate" and alpha(closed_orbit(u, num(0))) == mark:
                c = offset(u.outer[0], q.name, q.inner)
                if c is not None and c >= 0:
                    return closed_orbit(u, num(first + (r + c) % period))
            if isinstance(u, Bind) and (free_names(q.orbit) | {q.name}) & set(u.names):
                return u
            return rebuild(u, go)

        return go(q.body)

    return put


__all__: list[Any] = ["contraction", "cycle", "monotone", "not_fixed", "unbounded"]
