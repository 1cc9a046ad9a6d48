"""Orders of growth refuted along a ray into infinity, inside the regime.

    n_i = r_i(s), s = 1, 2, ...;  every r_i -> oo, integer where n_i is;  the regime holds on the ray
    from some s on;  |f/g| -> oo along it                                 (for O; for Omega: |g/f| -> oo;
    for Theta either; for o: f/g -> L != 0 or +-oo; for ~: f/g -> L != 1 or +-oo; or the divisor is 0 from some
    s on and the dividend is not)
    -----------------------------------------------------------------------------------------------------
    not (f = O(g))

All growing variables grow on the ray: t = 1 is no ray.  Regimes such as t > n need rays along their
boundary (t = s + 1, n = s).  Certificate: ``{"rule": "ray", "ray": {"n": "s", ...}, "side": "upper" or
"lower", "order": N, "limit": value}``; the expansions are computed here.

FAILURE: a variable that stays bounded or is not certainly an integer, a regime not shown on the ray, a
quotient whose limit is not shown.  Cannot do: refutations that need several rays, or rays of reals for
integer variables (t = floor(s^(3/2)) is allowed).
Source: the negation of the definition in ``rule_domination``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .closed_sum import closed
from .constants import Constants, Nowhere, Open
from .corners import corners
from .evaluate import Undefined, Unknown, truth
from .evidence import Evidence, Reject
from .expand import Expander
from .expansion import Lost, Unexpandable
from .field import CannotNormalise, Field
from .kinds import is_real
from .limit_case import expander, settled
from .term import (
    INTEGER, OO, App, Num, Scalar, Term, Var, app, free_names, fresh, from_json, num, show, substitute,
)

if TYPE_CHECKING:
    from .rule_domination import Opened

RULE = "ray"
MAX_ORDER = 24


def check(sequent: Sequent, c: Mapping[str, Any], prove: Callable[[Sequent, Any], Evidence]) -> Evidence:
    from .rule_domination import open_order, order_conditions

    goal = sequent.goal
    if not (isinstance(goal, App) and goal.head == "not"):
        raise Reject(RULE, "goal", f"{show(goal)[:80]} is no negation")
    inner = sequent.with_goal(goal.args[0])
    if missing := order_conditions(inner):
        raise Reject(RULE, "conditions", f"rests on {show(missing[0])}")
    o = open_order(inner)
    side = c.get("side", "upper")
    if (o.head, side) not in (("big-o", "upper"), ("big-omega", "lower"), ("big-theta", "upper"),
                              ("big-theta", "lower"), ("little-o", "upper"), ("similar", "upper")):
        raise Reject(RULE, "side", f"{side} does not refute {o.head}")
    ray = Ray(o, c)
    ray.inside()
    top, bottom = (o.f, o.g) if side == "upper" else (o.g, o.f)
    strict = o.head in ("big-o", "big-omega", "big-theta")

    def separates(e: Expander) -> bool:
        if e.expand(ray.along(bottom)).zero:        # |top| <= C*0 fails where top is not 0; so does top/0 -> L
            e.leading(e.expand(ray.along(top)))
            return True
        if c.get("between") is True:        # n (2 + sin n) is at least n: at every corner it is no O(sqrt n)
            ends = [e.expand(t) for t in corners(e, ray.along(top))]
            below = e.inverse(e.expand(ray.along(bottom)))
            limits = [e.limit(e.times(t, below)) for t in ends]
            return len({e.eventual_sign(t) for t in ends}) == 1 and o.head != "similar" and all(
                v.infinite or o.head == "little-o" and v.value is not None and 0 not in e.c.signs(v.value)
                for v in limits)
        found = e.limit(e.expand(ray.along(app("div", top, bottom))))
        if found.infinite:
            return True
        if strict or found.value is None:
            return False
        target = e.c.zero if o.head == "little-o" else e.c.one
        return 0 not in e.c.signs(e.c.minus(found.value, target))

    if not ray.ask(separates):
        raise Reject(RULE, "limit", f"{show(top)[:60]} / {show(bottom)[:60]} does not show it on this ray")
    return Evidence()


def check_path(sequent: Sequent, o: Opened, c: Mapping[str, Any]) -> None:
    """A ray inside the regime, perhaps for one admissible value of each parameter (``at``): the regime is
    not empty near infinity, so the claim is not vacuous."""
    from .rule_domination import open_order

    at = c.get("at") or {}
    if at:
        if set(at) != set(sequent.declarations):
            raise Reject(RULE, "at", "needs a value for every declared name")
        values = {n: from_json(v) for n, v in at.items()}
        for n, v in values.items():
            sort = sequent.declarations[n]
            if not (isinstance(v, Num) and isinstance(sort, Scalar)) or (
                    sort == INTEGER and v.value.denominator != 1):
                raise Reject(RULE, "at", f"{n} needs a rational value in its domain")
        for a in sequent.assumptions:
            try:
                if truth(substitute(a, values), {}, {}):
                    continue
            except (Undefined, Unknown):
                pass
            raise Reject(RULE, "at", f"{show(a)[:60]} does not hold there")
        o = open_order(Sequent({}, (), substitute(sequent.goal, values)))
    Ray(o, c).inside()


class Ray:
    def __init__(self, o: Opened, c: Mapping[str, Any]) -> None:
        self.o = o
        self.parameter = fresh("s", set(o.s.declarations))
        given = c["ray"]
        if not isinstance(given, Mapping) or set(given) != set(o.names):
            raise Reject(RULE, "ray", f"gives other variables than {', '.join(o.names)}")
        self.order = int(c.get("order", 3))
        if not 1 <= self.order <= MAX_ORDER:
            raise Reject(RULE, "order", f"must be from 1 to {MAX_ORDER}")
        self.by: dict[str, Term] = {}
        for name in o.names:
            t = from_json(given[name])
            if free_names(t) - {"s"}:
                raise Reject(RULE, name, "a ray is given in s alone")
            self.by[name] = substitute(t, {"s": Var(self.parameter)})
        self.sorts = {**o.s.declarations, self.parameter: INTEGER}

    def along(self, t: Term) -> Term:
        """``t`` on the ray; sums are closed first, where s is large."""
        return closed(substitute(t, self.by), self.o.s.declaring({self.parameter: INTEGER}).assuming(
            app(">=", Var(self.parameter), num(16))))

    def ask(self, question: Callable[[Expander], Any]) -> Any:
        # the facts about the growing names are replaced by what they are on the ray
        s = Sequent({n: k for n, k in self.o.s.declarations.items() if n not in self.o.names}, tuple(
            a for a in self.o.s.assumptions if not free_names(a) & set(self.o.names)), self.o.s.goal)
        field = Field(s)
        try:
            return settled(field, lambda: question(
                expander(Constants(field), self.parameter, ("up", OO), self.order, True)))
        except (Open, Nowhere, Lost, Unexpandable, CannotNormalise) as error:
            raise Reject(RULE, "expansion", f"{type(error).__name__}: {error}") from error

    def inside(self) -> None:
        """Every variable tends to infinity, in its domain; the regime holds from some s on."""
        for name, t in self.by.items():
            if self.o.s.declarations[name] == INTEGER:
                if not integer_valued(t, self.parameter):
                    raise Reject(RULE, name, f"{show(t)} is not certainly an integer")
            elif not is_real(t, self.sorts):
                raise Reject(RULE, name, f"{show(t)} may be non-real")
            if self._tends(t) != 1:
                raise Reject(RULE, name, f"{show(t)} does not tend to infinity")
        for relation in self.o.regime:
            if not self._eventually(relation):
                raise Reject(RULE, "regime", f"{show(relation)[:60]} fails on the ray")

    def _tends(self, t: Term) -> int:
        infinite: int = self.ask(lambda e: e.limit(e.expand(t)).infinite)
        return infinite

    def _eventually(self, relation: Term) -> bool:
        return bool(self.ask(lambda e: e.eventually(self.along(relation))))


def integer_valued(t: Term, parameter: str) -> bool:
    """An integer at every large integer value of the parameter, by form."""
    match t:
        case Num(q):
            return q.denominator == 1
        case Var(name):
            return name == parameter
        case App("add" | "mul" | "neg" | "max" | "min", args):
            return all(integer_valued(a, parameter) for a in args)
        case App("pow", (a, b)):
            # the exponent is an integer and tends to infinity or is a natural literal
            natural = isinstance(b, Num) and b.value >= 0 and b.value.denominator == 1
            return integer_valued(a, parameter) and (natural or _natural(b, parameter))
        case App("floor" | "ceiling", (a,)):
            return is_real(a, {parameter: INTEGER})
        case App("factorial", (a,)):
            return _natural(a, parameter)
        case _:
            return False


def _natural(t: Term, parameter: str) -> bool:
    """A natural number at every natural value of the parameter, by form."""
    match t:
        case Num(q):
            return q.denominator == 1 and q >= 0
        case Var(name):
            return name == parameter
        case App("add" | "mul", args):
            return all(_natural(a, parameter) for a in args)
        case App("pow", (a, b)):
            return _natural(a, parameter) and _natural(b, parameter)
        case App("factorial", (a,)):
            return _natural(a, parameter)
        case _:
            return False


__all__ = ["Ray", "check", "check_path", "integer_valued"]
