"""A function on the integers given by a recurrence and first values is an orbit.

    G has:  forall n with guard:  f(n + a + r) = g(n, f(n + a), ..., f(n + a + r - 1))
            f(m) = v_0, ..., f(m + r - 1) = v_{r-1}          (m a literal integer)
    n >= m - a  gives the guard;   every f(u) in P has u integer and u >= m
    G' |- P[f(u) := component of orbit(u - m)]               (without conditions)
    -----------------------------------------------------------------------------------------------------
    G |- P            G': the assumptions without f

The orbit starts at (v_0, ..., v_{r-1}), with m before them if g mentions n, and a step is
(s_0, ..., s_{r-1}) -> (s_1, ..., s_{r-1}, g); the counter goes up by 1.  By induction f(m + j) is the
component of orbit(j) for all j >= 0: where the assumption holds, both its sides are defined.
In a limit at oo, and in ``converges``, u >= m need only hold from some n on.

FAILURE: the recurrence is not solved for its last value; f occurs in g or P in another way; u >= m is not
visible; the proof rests on a condition.
Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., ch. 7.3 (no page).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .evidence import Evidence, Reject
from .field import Field
from .kinds import is_integer
from .prove import discharge
from .sequence_values import Values
from .term import (
    INTEGER, App, Bind, Map, Num, Scalar, Term, Var, add, app, conjuncts, free_names, fresh, num, show, sub, substitute,
)

if TYPE_CHECKING:
    from .prove import Prover

RULE = "recurrence"
MAX_ORDER = 6


class Recurrence(Values):
    """The orbit of f, read from the assumptions."""

    rule = RULE

    def __init__(self, s: Sequent, f: str, law: Term, starts: list[Term]) -> None:
        sort = s.declarations.get(f)
        if not (isinstance(sort, Map) and sort.args == (INTEGER,) and isinstance(sort.result, Scalar)):
            raise Reject(RULE, "function", f"{f} is no function of an integer")
        self.f, self.s = f, s
        if not (isinstance(law, Bind) and law.head == "forall" and law.sorts == (INTEGER,)):
            raise Reject(RULE, "law", "does not hold for all integers of a range")
        n = fresh("n", set(s.declarations) | free_names(law))
        guard, body = (substitute(t, {law.names[0]: Var(n)}) for t in law.inner)
        self.first, values = self._starts(starts)
        self.order = len(values)
        low, right = self._solved(body, n)
        inside = s.declaring({n: INTEGER}).assuming(app(">=", Var(n), num(self.first - low)))
        if left := discharge(tuple(conjuncts(guard)), inside):
            raise Reject(RULE, "law", f"need not hold at the first step: {show(left[0])}")
        taken = set(s.declarations) | {n} | free_names(right)
        names = []
        for j in range(self.order):
            names.append(fresh(f"s'{j + 1}", taken))
            taken.add(names[-1])
        step = self._placed(right, n, low, names)
        counter = fresh("k'0", taken) if n in free_names(step) else None
        step = substitute(step, {n: sub(Var(counter), num(low))} if counter else {})
        if f in free_names(step):
            raise Reject(RULE, "law", f"{f} occurs in it at other places")
        state = [*([counter] if counter else []), *names]
        new: list[Term] = [*([add(Var(counter), num(1))] if counter else []), *map(Var, names[1:]), step]
        begin = [*([num(self.first)] if counter else []), *values]
        sorts = tuple(INTEGER if name == counter else sort.result for name in state)
        line = app("assign", Var(state[0]), new[0]) if len(state) == 1 else app(
            "assign", App("tuple", tuple(map(Var, state))), App("tuple", tuple(new)))
        self.orbit = Bind("iterate", tuple(state), sorts, (num(0), App("tuple", tuple(begin))), (line,))
        self.component = 2 if counter else 1

    def at(self, u: Term) -> Term:
        """f(u) as a component of the orbit."""
        steps = u if self.first == 0 else sub(u, num(self.first))
        o = self.orbit
        return app("item", Bind(o.head, o.names, o.sorts, (steps, o.outer[1]), o.inner), num(self.component))

    def _starts(self, starts: list[Term]) -> tuple[int, list[Term]]:
        found: dict[int, Term] = {}
        for a in starts:
            match a:
                case App("=", (App("at", (Var(f), Num(k))), v)) if f == self.f and k.denominator == 1:
                    pass
                case App("=", (v, App("at", (Var(f), Num(k))))) if f == self.f and k.denominator == 1:
                    pass
                case _:
                    raise Reject(RULE, "starts", f"{show(a)[:60]} gives no value of {self.f}")
            if self.f in free_names(v):
                raise Reject(RULE, "starts", f"{show(a)[:60]} gives no value of {self.f}")
            found[int(k)] = v
        if not 1 <= len(found) <= MAX_ORDER or max(found) - min(found) != len(found) - 1:
            raise Reject(RULE, "starts", f"from 1 to {MAX_ORDER} values in a row")
        return min(found), [found[k] for k in sorted(found)]

    def _shift(self, t: Term, n: str) -> int:
        field = Field(self.s.declaring({n: INTEGER}))
        shift = field._settled(lambda: field.as_rational(field.frac(sub(t, Var(n)))))
        if not isinstance(shift, Fraction) or shift.denominator != 1 or abs(shift) > 100:
            raise Reject(RULE, "law", f"{self.f} at {show(t)[:40]}")
        return int(shift)

    def _solved(self, body: Term, n: str) -> tuple[int, Term]:
        """(a, right side) of the equation, solved for the last value; r is the number of first values."""
        if not (isinstance(body, App) and body.head == "="):
            raise Reject(RULE, "law", "is no equation")
        for left, right in (body.args, body.args[::-1]):
            match left:
                case App("at", (Var(f), u)) if f == self.f:
                    last = self._shift(u, n)
                    shifts = self._shifts(right, n)
                    if shifts and max(shifts) < last:
                        low = last - self.order
                        if min(shifts) < low:
                            raise Reject(RULE, "starts", "more first values are needed")
                        return low, right
                    if not shifts:
                        return last - self.order, right
        raise Reject(RULE, "law", "is not solved for its last value")

    def _shifts(self, t: Term, n: str) -> list[int]:
        match t:
            case App("at", (Var(f), u)) if f == self.f:
                return [self._shift(u, n)]
            case App(_, args):
                return [k for a in args for k in self._shifts(a, n)]
            case Bind() if self.f in free_names(t):
                raise Reject(RULE, "law", f"{self.f} stands under a binder")
        return []

    def _placed(self, t: Term, n: str, low: int, names: list[str]) -> Term:
        match t:
            case App("at", (Var(f), u)) if f == self.f:
                return Var(names[self._shift(u, n) - low])
            case App(head, args):
                return App(head, tuple(self._placed(a, n, low, names) for a in args))
            case _:
                return t

    def value(self, u: Term, here: Sequent) -> Term:
        if not is_integer(u, here.declarations) or discharge((app(">=", u, num(self.first)),), here):
            raise Reject(RULE, show(u)[:60], f"is not visibly an integer from {self.first} on")
        return self.at(u)


def as_orbit(s: Sequent, f: str, law: int, starts: list[int]) -> tuple[Recurrence, Sequent]:
    """The premise of the rule.  Raises :class:`Reject`."""
    for k in (law, *starts):
        if not (isinstance(k, int) and 0 <= k < len(s.assumptions)):
            raise Reject(RULE, "assumptions", "names no assumption")
    r = Recurrence(s, f, s.assumptions[law], [s.assumptions[k] for k in starts])
    rest = tuple(a for a in s.assumptions if f not in free_names(a))
    here = Sequent(s.declarations, rest, s.goal)
    return r, here.with_goal(r.put(s.goal, here))


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    _, premise = as_orbit(s, str(c["function"]), c["law"], list(c["starts"]))
    shown = prove(premise, c["proof"])
    if shown.conditions:
        raise Reject(RULE, "proof", f"rests on {show(shown.conditions[0])}")
    return shown


__all__ = ["Recurrence", "as_orbit", "check"]
