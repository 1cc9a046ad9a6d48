"""Elementary inequalities in one real variable, on intervals and half-lines: the ladder of derivatives.

Method: f = larger - smaller is split into factors in normal form, those of visible sign are dropped, each
other factor g is shown to have one sign on the interval: by its visible sign, a sign table, division by the
coefficient of a logarithm or an arctangent (whose derivative is rational), one rung of rule ``monotone``
(value or limit at an end, sign of g' by recursion), rule ``cover`` (balls) away from zeros, tails where sine
and cosine are replaced by +-1, logarithms of both sides, or by splitting the interval.
Floats choose the rung; the kernel checks every step.  Cannot: several variables; zeros of g at points that
are neither ends nor small fractions; oscillation that must cancel.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import fmpq_mpoly

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.evaluate import Undefined, Unknown, value
from ..kernel.evidence import Reject
from ..kernel.field import _ONE, CannotNormalise
from ..kernel.kinds import is_real
from ..kernel.prove import discharge
from ..kernel.rule_cover import covered
from ..kernel.rule_monotone import between, limit_at, slope_goal, smooth_conditions, without
from ..kernel.rule_sos import sides
from ..kernel.term import (
    REAL, App, Bind, Num, Term, Var, app, conjuncts, free_names, mul, num, show, sub, substitute, subterms,
    to_json,
)
from .order_numeric import Compiled, Unsupported, compiled
from .order_view import Unreadable, View, as_difference

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
ORDER = ("<", "<=", ">", ">=")
DEPTH = 12
NODES = 60


def one_variable(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    goal = s.goal
    if not (isinstance(goal, App) and goal.head in ORDER) or search.depth > 8:
        return
    names = sorted(n for n in free_names(goal) if is_real(Var(n), s.declarations))
    if not names or len(names) > 3 or len(names) != len(free_names(goal)):
        return
    if any(isinstance(u, Bind) for u in subterms(goal)):
        return
    from .order import spend

    for x in names[::-1]:

        if not spend(search, 100):
            return
        try:
            hunt = Ladder(s, search, x)
        except (Unsupported, Unreadable):
            continue
        if len(names) > 1:
            hunt.nodes, hunt.whole = 20, False
        found = hunt.claim()
        if found is not None:
            yield found


class End:
    """An end of an interval: a term without the variable, or None (infinite); ``at``: values of its names."""

    def __init__(self, term: Term | None, up: bool, at: Mapping[str, float] | None = None) -> None:
        self.term = term
        if term is None:
            self.value = math.inf if up else -math.inf
        else:
            self.value = compiled(term)(at or {})
            if not math.isfinite(self.value):
                raise Unsupported("an end without a float")


class Ladder:
    def __init__(self, s: Sequent, search: Searcher, x: str) -> None:
        self.s, self.search, self.x = s, search, x
        self.nodes = NODES
        self.failed: set[Any] = set()
        self.whole = True            # splits and covers too
        self.lower, self.upper = End(None, False), End(None, True)
        self.closed = {"lower": False, "upper": False}
        self.holes: list[Term] = []
        for a in s.assumptions:
            for c in conjuncts(a):
                if isinstance(c, App) and c.head in (*ORDER, "!=") and len(c.args) == 2:
                    self._bound(c)

    def _bound(self, c: App) -> None:
        left, right = c.args
        relation = c.head
        match left, right:                   # x - y <= 0 says x <= y
            case App("add", (u, App("neg", (v,)))), Num(z) if z == 0:
                left, right = u, v
            case Num(z), App("add", (u, App("neg", (v,)))) if z == 0:
                left, right = v, u
        if right == Var(self.x) and self.x not in free_names(left):
            left, right = right, left
            relation = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "!=": "!="}[relation]
        if left != Var(self.x) or self.x in free_names(right):
            return
        try:
            end = End(right, relation in ("<", "<="), self._others())
        except Unsupported:
            return
        if relation == "!=":
            self.holes.append(right)
        elif relation in (">", ">="):
            if end.value > self.lower.value or (end.value == self.lower.value and relation == ">"):
                self.lower = end
                self.closed["lower"] = relation == ">="
        elif end.value < self.upper.value or (end.value == self.upper.value and relation == "<"):
            self.upper = end
            self.closed["upper"] = relation == "<="

    # ------------------------------------------------------------------ the whole claim

    def claim(self) -> Certificate | None:
        """Closed ends and interior zeros are points of their own; then open intervals."""
        points: list[Term] = []
        for key, end in (("lower", self.lower), ("upper", self.upper)):
            if self.closed[key] and end.term is not None:
                points.append(end.term)
        points += self._zeros()
        return self._split(self.s, points, self.lower, self.upper)

    def _zeros(self) -> list[Term]:
        """Simple numbers inside the interval at which the two sides agree."""
        small, large, _ = sides(self.s.goal, "elementary")
        f = compiled(sub(large, small))
        others = sorted(free_names(self.s.goal) - {self.x})
        out: list[Term] = []
        for t in [*map(Var, others), *(Num(Fraction(q)) for q in (
                0, 1, -1, 2, Fraction(1, 2), 3, -2, Fraction(-1, 2)))]:
            v = compiled(t)(self._others())
            if self.lower.value < v < self.upper.value and abs(f({**self._others(), self.x: v})) < 1e-12:
                out.append(t)
        return out[:3]

    def _split(self, s: Sequent, points: list[Term], lower: End, upper: End) -> Certificate | None:
        x = Var(self.x)
        points = [p for p in points if not any(
            isinstance(c, App) and c.head == "!=" and set(c.args) == {x, p} for a in s.assumptions
            for c in conjuncts(a))]
        if not points:
            return self.interval(s, lower, upper)
        p, rest = points[0], points[1:]
        v = self._at(p)
        at_end = v <= lower.value or v >= upper.value
        equation = app("=", x, p)
        here = self.search.prove(s.assuming(equation))
        if here is None:
            return None
        if at_end:
            other = self._split(s.assuming(app("!=", x, p)), rest, lower, upper)
            return None if other is None else {
                "rule": "cases", "on": to_json(equation), "parts": [here, other]}
        below = self._split(s.assuming(app("<", sub(x, p), num(0))),
                            [q for q in rest if self._at(q) < v], lower, End(p, True, self._others()))
        if below is None:
            return None
        above = self._split(s.assuming(app(">", sub(x, p), num(0))),
                            [q for q in rest if self._at(q) > v], End(p, False, self._others()), upper)
        if above is None:
            return None
        zero = self.search.prove(s.assuming(app("=", sub(x, p), num(0)))) if p != num(0) else None
        zero = zero or self._at_point(s.assuming(app("=", sub(x, p), num(0))), p)
        if zero is None:
            return None
        return {"rule": "cases", "on": to_json(sub(x, p)), "parts": [below, zero, above]}

    def _at(self, p: Term) -> float:
        return compiled(p)(self._others())

    def _at_point(self, s: Sequent, p: Term) -> Certificate | None:
        """x - p = 0 is assumed: x = p, put in."""
        equation = app("=", Var(self.x), p)
        inner = self.search.prove(s.assuming(equation))
        if inner is None:
            return None
        return {"rule": "have", "fact": to_json(equation), "because": {"rule": "ideal", "cofactors": [
            [len([1 for a in s.assumptions for c in conjuncts(a) if isinstance(c, App) and c.head == "="]) - 1,
             "1"]]}, "proof": inner}

    # ------------------------------------------------------------------ bounds of x

    def _inside(self, s: Sequent, lower: End, upper: End) -> dict[str, Certificate] | None:
        """The ``lower`` and ``upper`` of rule ``monotone``."""
        out: dict[str, Certificate] = {}
        x = Var(self.x)
        for key, end in (("lower", lower), ("upper", upper)):
            if end.term is None:
                continue
            goal = app("<", end.term, x) if key == "lower" else app("<", x, end.term)
            proof = self._shown(s.with_goal(goal))
            if proof is None:
                return None
            out[key] = {"at": to_json(end.term), "proof": proof}
        return out

    def _shown(self, s: Sequent) -> Certificate | None:
        if isinstance(s.goal, App) and s.goal.head in ("<", ">") and Var(self.x) in s.goal.args:
            small, large, _ = sides(s.goal, "elementary")
            if s.goal.head == "<" and (found := self._less(s, small, large)) is not None:
                return found
        for c in ({"rule": "assumption"}, {"rule": "sign"}):
            found = self.search.accepted(s, c)
            if found is not None and not found.conditions:
                return c
        return self.search.unconditionally(s)

    # ------------------------------------------------------------------ open intervals

    def interval(self, s: Sequent, lower: End, upper: End) -> Certificate | None:
        """The goal of s, where lower < x < upper follows from s."""
        small, large, strict = sides(s.goal, "elementary")
        for missing in discharge(definedness(s.goal, s), s):
            because = self._condition(s.with_goal(missing), lower, upper, 4)
            inner = None if because is None else self.interval(s.assuming(missing), lower, upper)
            return None if inner is None else {
                "rule": "have", "fact": to_json(missing), "because": because, "proof": inner}
        found = self.positive(s, sub(large, small), strict, lower, upper, DEPTH)
        if found is None:
            found = self._logarithms(s, small, large, strict, lower, upper)
        if found is None:
            return None
        # the certificate is for "difference > 0": as a sum of one fact it gives the goal
        relation_free = {"rule": "sos", "facts": [
            {"term": to_json(sub(large, small)), "strict": strict, "proof": found}], "sum": [["1", [0], None]]}
        return relation_free

    def _logarithms(self, s: Sequent, small: Term, large: Term, strict: bool, lower: End, upper: End
                    ) -> Certificate | None:
        if not any(isinstance(u, App) and u.head in ("exp", "pow", "cosh", "sinh", "sqrt")
                   for u in subterms(s.goal)):
            return None
        for t in (small, large):
            if any(not v > 0 for v in self._values(t, lower, upper)):
                return None
        relation = "<" if strict else "<="
        goal = s.with_goal(app(relation, app("log", small), app("log", large)))
        inner = self.positive(goal, sub(app("log", large), app("log", small)), strict, lower, upper, DEPTH - 1)
        if inner is None:
            return None
        parts = {}
        for key, t in (("small", small), ("large", large)):
            proof = self._shown(s.with_goal(app(">", t, num(0)))) or self.positive(s, t, True, lower, upper, 3)
            if proof is None:
                return None
            parts[key] = proof
        whole = {"rule": "sos", "facts": [{
            "term": to_json(sub(app("log", large), app("log", small))), "strict": strict, "proof": inner}],
            "sum": [["1", [0], None]]}
        outer = {"rule": "both-sides", "function": "log", "proof": whole, **parts}
        return as_difference(s, outer, small, large, relation)

    # ------------------------------------------------------------------ one function

    def _samples(self, lower: End, upper: End) -> list[float]:
        a, b = lower.value, upper.value
        if math.isinf(a) and math.isinf(b):
            half = [0.01, 0.1, 0.3, 0.7, 1.0, 1.5, 2.2, 3.0, 4.5, 7.0, 12.0, 25.0]
            return sorted([-v for v in half] + half)
        if math.isinf(b):
            return [a + d for d in (1e-3, 1e-2, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0, 1.5, 2.2, 3.1, 4.5, 7, 12, 30, 90)]
        if math.isinf(a):
            return sorted(b - d for d in (1e-3, 1e-2, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0, 1.5, 2.2, 3.1, 4.5, 7, 12, 30))
        return [a + (b - a) * t for t in (1e-3, 1e-2, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95,
                                         0.99, 0.999)]

    def _values(self, t: Term, lower: End, upper: End) -> list[float]:
        try:
            f = compiled(t)
        except Unsupported:
            return [math.nan]
        return [f({self.x: v, **self._others()}) for v in self._samples(lower, upper)]

    def _others(self) -> dict[str, float]:
        """A sample value for the parameters."""
        if not hasattr(self, "_parameters"):
            from .order_numeric import Sampler

            self._parameters: dict[str, float] = {}
            try:
                for p in Sampler(self.s).points(40):
                    self._parameters = {k: v for k, v in p.items() if k != self.x}
                    if all(abs(v) not in (0.0, 1.0) for v in self._parameters.values()):
                        break
            except Unsupported:
                pass
        return self._parameters

    def _sign(self, t: Term, lower: End, upper: End) -> int:
        """1 or -1 if the samples have that sign (0 counts as either), else 0."""
        found = self._values(t, lower, upper)
        finite = [v for v in found if math.isfinite(v)]        # a float may overflow where the term does not
        values = [v for v in finite if abs(v) > 1e-13]
        if not values or 2 * len(finite) < len(found):
            return 0
        return 1 if all(v > 0 for v in values) else -1 if all(v < 0 for v in values) else 0

    def _touches(self, f: Term, lower: End, upper: End) -> bool:
        """1 - cos x is 0 again and again: not > 0, whatever the samples say."""
        if not any(isinstance(u, App) and u.head in ("sin", "cos") for u in subterms(f)):
            return False
        try:
            c = compiled(f)
        except Unsupported:
            return False
        points = [k * math.pi / 2 for k in range(-8, 9)]
        return any(abs(c({**self._others(), self.x: v})) < 1e-12 for v in points
                   if lower.value + 0.5 < v < upper.value - 0.5)

    def positive(self, s: Sequent, f: Term, strict: bool, lower: End, upper: End, depth: int
                 ) -> Certificate | None:
        """A certificate for ``f > 0`` (``>= 0``) on s; lower < x < upper follows from s."""
        goal = s.with_goal(app(">" if strict else ">=", f, num(0)))
        for c in ({"rule": "sign"}, ):
            shown = self.search.accepted(goal, c)
            if shown is not None and not shown.conditions:
                return c
        self.nodes -= 1
        from .order import spend

        if self.nodes < 0 or depth <= 0 or not spend(self.search, 50):
            return None
        if self._sign(f, lower, upper) != 1 or strict and self._touches(f, lower, upper):
            return None
        for missing in discharge(definedness(goal.goal, goal), goal):      # tan x before pi/2: cos x != 0
            because = self._condition(s.with_goal(missing), lower, upper, min(depth, 4) - 1)
            inner = None if because is None else self.positive(s.assuming(missing), f, strict, lower, upper, depth)
            return None if inner is None else {
                "rule": "have", "fact": to_json(missing), "because": because, "proof": inner}
        for way in (self._table, self._factors):
            found = way(goal, f, strict, lower, upper, depth)
            if found is not None:
                shown = self.search.accepted(goal, found)
                if shown is not None and not shown.conditions:
                    return found
        return None

    def _table(self, s: Sequent, f: Term, strict: bool, lower: End, upper: End, depth: int
               ) -> Certificate | None:
        from .order import _attempt, _linear, _one_variable

        for c in _one_variable(s):
            if self.search.accepted(s, c) is not None:
                return c
        if depth >= DEPTH - 2:
            for c in _attempt(s, _linear):
                if self.search.accepted(s, c) is not None:
                    return c
        return None

    def _factors(self, s: Sequent, f: Term, strict: bool, lower: End, upper: End, depth: int
                 ) -> Certificate | None:
        """f = product of factors over a denominator: each factor of one sign."""
        try:
            view = View(s)
            parts = view.settled(lambda: self._decompose(view, f))
        except Unreadable:
            return None
        constant, top, bottom = parts
        if len(top) == 1 and not bottom and top[0][1] == 1 and abs(constant) == 1:
            g = top[0][0]
            g = g if constant > 0 else app("neg", g)
            direct = self._factor(s, f if _simple(f) <= _simple(g) else g, strict, lower, upper, depth, view)
            if direct is None:
                return None
            term, proof = direct
            return {"rule": "sos", "facts": [{"term": to_json(term), "strict": strict, "proof": proof}],
                    "sum": [["1", [0], None]]}
        facts: list[Certificate] = []
        product: list[int] = []
        multiplier: list[int] = []
        sign = 1 if constant > 0 else -1
        for factors, into in ((top, product), (bottom, multiplier)):
            for g, e in factors:
                direction = self._sign(g, lower, upper)
                if direction == 0:
                    return None
                if e % 2 and direction < 0:
                    sign = -sign
                t = g if direction > 0 else app("neg", g)
                found = self._factor(s, t, True, lower, upper, depth, view)
                if found is None:
                    return None
                if found[0] != t:
                    return None
                facts.append({"term": to_json(t), "strict": True, "proof": found[1]})
                into += [len(facts) - 1] * e
        if sign < 0 or len(product) > 8 or len(multiplier) > 8:
            return None
        out: Certificate = {"rule": "sos", "facts": facts, "sum": [[str(abs(constant)), product, None]]}
        if multiplier:
            out["multiplier"] = multiplier
        return out

    @staticmethod
    def _decompose(view: View, f: Term) -> tuple[Fraction, list[tuple[Term, int]], list[tuple[Term, int]]]:
        d = view.frac(f)
        constant = Fraction(1)
        out: list[list[tuple[Term, int]]] = [[], []]
        for side, (p, direction) in enumerate(((d.num, 1), (d.den, -1))):
            p = _on_circle(view, p)
            c, factors = view.field._factors(p)
            constant *= c if direction == 1 else 1 / c
            for g, e in factors:
                out[side].append((view.written(g), e))
        return constant, out[0], out[1]

    def _factor(self, s: Sequent, g: Term, strict: bool, lower: End, upper: End, depth: int, view: View
                ) -> tuple[Term, Certificate] | None:
        """``(g, proof of g > 0)`` for one factor."""
        goal = s.with_goal(app(">" if strict else ">=", g, num(0)))
        shown = self.search.accepted(goal, {"rule": "sign"})
        if shown is not None and not shown.conditions:
            return g, {"rule": "sign"}
        if self._sign(g, lower, upper) != 1:
            return None
        key = (goal.goal, s.assumptions)
        if key in self.failed:
            return None
        from .order import spend

        if not spend(self.search, 30):
            return None
        self.failed.add(key)       # until it is shown: no proof may come back to its own goal
        endless = math.isinf(lower.value) or math.isinf(upper.value)
        circular = any(isinstance(u, App) and u.head in ("sin", "cos") for u in subterms(g))
        first = (self._tail, self._rung) if endless and circular else (self._balls, self._rung)
        for way in (self._quarter, self._monomials, self._table, self._divided, *first, self._halves):
            found = way(goal, g, strict, lower, upper, depth)
            if found is not None:
                shown = self.search.accepted(goal, found)
                if shown is not None and not shown.conditions:
                    self.failed.discard(key)
                    return g, found
        return None

    # ------------------------------------------------------------------ ways

    def _quarter(self, s: Sequent, g: Term, strict: bool, lower: End, upper: End, depth: int
                 ) -> Certificate | None:
        """sin x on (0, pi), cos x on (-pi/2, pi/2)."""
        x = Var(self.x)
        half = app("div", app("pi"), num(2))
        match g:
            case App("sin", (u,)) if u == x:
                ends, kind = ((num(0), x), (x, app("pi"))), "sin-positive"
            case App("cos", (u,)) if u == x:
                ends, kind = ((app("neg", half), x), (x, half)), "cos-positive"
            case _:
                return None
        low, high = (self._less(s, a, b) for a, b in ends)
        if kind == "sin-positive":      # the rule asks for x > 0, not for 0 < x
            low = self._shown(s.with_goal(app(">", x, num(0))))
        if low is None or high is None:
            return None
        return {"rule": "bound", "kind": kind, "argument": to_json(x), "lower": low, "upper": high}

    def _monomials(self, s: Sequent, g: Term, strict: bool, lower: End, upper: End, depth: int
                   ) -> Certificate | None:
        """Every term a product of factors of known sign: x cos x + 5 sin x before pi/2."""
        try:
            view = View(s)
            return view.settled(lambda: self._products(view, s, g, lower, upper))  # type: ignore[no-any-return]
        except Unreadable:
            return None

    def _products(self, view: View, s: Sequent, g: Term, lower: End, upper: End) -> Certificate | None:
        p = view.frac(g)
        if not p.den.is_constant() or p.num == 0 or p.den.leading_coefficient() < 0 or len(p.num) > 12:
            return None
        place: dict[int, tuple[int, int]] = {}              # generator -> (fact, its sign)
        facts: list[Certificate] = []
        for k in view.used(p.num):
            t = view.back(view.generator(k))
            direction = self._sign(t, lower, upper)
            t = t if direction > 0 else app("neg", t)
            proof = self._quarter(s, t, True, lower, upper, 0) if direction else None
            if direction and proof is None:
                shown = self.search.accepted(s.with_goal(app(">", t, num(0))), {"rule": "sign"})
                proof = {"rule": "sign"} if shown is not None and not shown.conditions else None
            if proof is None:
                return None
            place[k] = len(facts), direction
            facts.append({"term": to_json(t), "strict": True, "proof": proof})
        total: list[list[Any]] = []
        for e, c in p.num.to_dict().items():
            factors, weight = [], Fraction(int(c.p), int(c.q))
            for k, d in enumerate(map(int, e)):
                if d:
                    factors += [place[k][0]] * d
                    weight *= place[k][1] ** d
            if weight < 0 or len(factors) > 8:
                return None
            total.append([str(weight / Fraction(int(p.den.leading_coefficient().p),
                                                int(p.den.leading_coefficient().q))), factors, None])
        return {"rule": "sos", "facts": facts, "sum": total}

    def _less(self, s: Sequent, a: Term, b: Term) -> Certificate | None:
        """a < b, one of them the variable, through an assumed bound."""
        goal = s.with_goal(app("<", a, b))
        for c in ({"rule": "assumption"}, {"rule": "sign"}):
            shown = self.search.accepted(goal, c)
            if shown is not None and not shown.conditions:
                return c
        x = Var(self.x)
        for f in s.assumptions:
            for c in conjuncts(f):
                if not (isinstance(c, App) and c.head in ORDER and x in c.args):
                    continue
                low, high, sharp = sides(c, "elementary")
                middle = high if low == x else low
                if free_names(middle) or (low == x) != (a == x):
                    continue
                first = {"rule": "assumption"}, {"rule": "evaluate"}
                relations = ["<" if sharp else "<=", "<=" if sharp else "<"]
                relation = c.head
                if relation in (">", ">="):      # assumed as high > low: turned by the sign rule
                    first = {"rule": "sign"}, {"rule": "evaluate"}
                parts = list(first) if a == x else [first[1], first[0]]
                if a != x:
                    relations.reverse()
                found = {"rule": "through", "terms": [to_json(middle)], "relations": relations, "parts": parts}
                shown = self.search.accepted(goal, found)
                if shown is not None and not shown.conditions:
                    return found
        return None

    def _divided(self, s: Sequent, g: Term, strict: bool, lower: End, upper: End, depth: int
                 ) -> Certificate | None:
        """A log u + B with A of one sign: log u + B/A."""
        try:
            view = View(s)
            found = view.settled(lambda: self._quotient(view, g))
        except Unreadable:
            return None
        if found is None:
            return None
        a, h = found
        direction = self._sign(a, lower, upper)
        if direction == 0:
            return None
        if direction < 0:
            a, h = app("neg", a), app("neg", h)
        first = self.positive(s, a, True, lower, upper, depth - 2)
        if first is None:
            return None
        # h is one factor already: its rung, not its decomposition
        goal = s.with_goal(app(">" if strict else ">=", h, num(0)))
        second = self._rung(goal, h, strict, lower, upper, depth)
        if second is None:
            return None
        return {"rule": "sos", "facts": [
            {"term": to_json(a), "strict": True, "proof": first},
            {"term": to_json(h), "strict": strict, "proof": second}], "sum": [["1", [0, 1], None]]}

    def _quotient(self, view: View, g: Term) -> tuple[Term, Term] | None:
        p = view.frac(g)
        if not p.den.is_constant():
            return None
        for k in view.used(p.num):
            gen = view.field.generators[k]
            arctangent = isinstance(gen.term, Var) and isinstance(
                view.names.get(gen.term.name), App) and view.names[gen.term.name].head in ("atan", "erf")  # type: ignore[union-attr]
            if (gen.kind == "log" or arctangent) and int(p.num.degrees()[k]) == 1:
                a = p.num.derivative(k)
                if a.is_constant() or self.x not in free_names(view.written(a)):
                    continue
                if any(view.field.generators[j].kind == "log" for j in view.used(a)):
                    continue
                rest = p.num - a * p.num.context().gens()[k]
                h = app("add", view.back(view.generator(k)), app("div", view.written(rest), view.written(a)))
                return view.written(a), h
        return None

    def _rung(self, s: Sequent, g: Term, strict: bool, lower: End, upper: End, depth: int
              ) -> Certificate | None:
        """Rule ``monotone`` from the end where g is smaller."""
        if depth <= 1:
            return None
        inside = self._inside(s, lower, upper)
        if inside is None:
            return None
        open_ = between(s, self.x, lower.term, upper.term)
        open_ = Sequent(open_.declarations, open_.assumptions, s.goal)
        for key, end, rising in (("lower", lower, True), ("upper", upper, False)):
            try:
                goal, guards = slope_goal(sub(g, num(0)), self.x, open_, rising, strict)
            except Reject:
                return None
            if not isinstance(goal, App):
                return None
            slope = goal.args[0]
            if self._sign(slope, lower, upper) != (1 if rising else -1):
                continue
            found = self._end(s, g, key, end, strict)
            if found is None:
                continue
            kind, end_strict, end_proof = found
            signed = slope if rising else app("neg", slope)
            if end_strict and strict:
                goal, guards = slope_goal(sub(g, num(0)), self.x, open_, rising, False)
            proof = self.positive(open_, signed, strict and not end_strict, lower, upper, depth - 1)
            if proof is None:
                continue
            if not rising:
                proof = _negated(proof, slope, strict and not end_strict)
            closed = between(s, self.x, lower.term, upper.term, key if kind == "value" else "")
            smooth = []
            for need in smooth_conditions(sub(g, num(0)), guards, open_, closed):
                p = self._condition(need, lower, upper, depth - 2)
                if p is None:
                    break
                smooth.append(p)
            else:
                return {"rule": "monotone", "variable": self.x, **inside, "from": key,
                        "slope": {"strict": strict and not end_strict, "proof": proof},
                        "end": {"kind": kind, "strict": end_strict, "proof": end_proof}, "smooth": smooth}
        return None

    def _condition(self, s: Sequent, lower: End, upper: End, depth: int) -> Certificate | None:
        found = self.search.unconditionally(s) if s.goal != self.s.goal else None
        if found is not None:
            return found
        match s.goal:
            case App(">" | ">=" as r, (u, Num(z))) if z == 0:
                return self.positive(s, u, r == ">", lower, upper, depth)
            case App("!=", (u, Num(z))) if z == 0 and (sign := self._sign(u, lower, upper)):
                goal = app(">" if sign > 0 else "<", u, num(0))
                t = u if sign > 0 else app("neg", u)
                proof = self.positive(s, t, True, lower, upper, depth)
                if proof is None:
                    return None
                if sign < 0:
                    proof = _negated(proof, u)
                return {"rule": "through", "terms": [], "relations": [goal.head], "parts": [proof]}  # type: ignore[union-attr]
        return None

    def _end(self, s: Sequent, g: Term, key: str, end: End, strict: bool
             ) -> tuple[str, bool, Certificate] | None:
        """``(kind, strict, proof)``: the value or the limit at the end is >= 0."""
        apart = without(s, self.x)
        f = sub(g, num(0))
        if end.term is not None:
            at = substitute(f, {self.x: end.term})
            try:
                number = compiled(at)(self._others())
            except Unsupported:
                number = math.nan
            if strict and number > 1e-3:
                proof = self._shown(apart.with_goal(app(">", at, num(0))))
                if proof is not None:
                    return "value", True, proof
            if not math.isnan(number) and number >= -1e-9:
                proof = self._shown(apart.with_goal(app(">=", at, num(0))))
                if proof is not None:
                    return "value", False, proof
            elif not math.isnan(number):
                return None
        limit = limit_at(f, self.x, end.term, key == "lower", set(s.declarations))
        near = self._near(f, key, end)
        if near < -1e-4:
            return None
        from .limits import proofs as limit_proofs
        from .order import spend

        if not spend(self.search, 500):
            return None

        goal = apart.with_goal(app(">=", limit, num(0)))
        for c in limit_proofs(goal, self.search):
            shown = self.search.accepted(goal, c)
            if shown is not None and not shown.conditions:
                return "limit", False, c
        return None

    def _near(self, f: Term, key: str, end: End) -> float:
        try:
            c = compiled(f)
        except Unsupported:
            return 0.0
        if end.term is None:
            at = 1e6 if key == "upper" else -1e6
        else:
            at = end.value + (1e-7 if key == "lower" else -1e-7)
        v = c({self.x: at, **self._others()})
        return 0.0 if math.isnan(v) else v

    def _balls(self, s: Sequent, g: Term, strict: bool, lower: End, upper: End, depth: int
               ) -> Certificate | None:
        if not (math.isfinite(lower.value) and math.isfinite(upper.value)) or free_names(g) != {self.x}:
            return None
        box = []
        for end, direction in ((lower, -1), (upper, 1)):
            if isinstance(end.term, Num):
                box.append(end.term.value)
            else:
                from .order_view import around

                try:
                    box.append(around(end.term, direction) if end.term is not None else Fraction(0))
                except (Undefined, Unknown):
                    return None
        from .order import spend

        values = self._values(g, lower, upper)
        if min(values) < 1e-3 * max(map(abs, values)) or not spend(self.search, 60):
            return None
        goal = app(">" if strict else ">=", g, num(0))
        if not covered(goal, [self.x], ((box[0], box[1]),), s.declarations, 300):
            return None
        x = Var(self.x)
        low = self._shown(s.with_goal(app("<=", Num(box[0]), x)))
        high = self._shown(s.with_goal(app("<=", x, Num(box[1]))))
        if low is None or high is None:
            return None
        return {"rule": "cover", "box": {self.x: {
            "from": str(box[0]), "to": str(box[1]), "lower": low, "upper": high}}}

    def _tail(self, s: Sequent, g: Term, strict: bool, lower: End, upper: End, depth: int
              ) -> Certificate | None:
        """On a half-line: sine and cosine, where they stand linearly, replaced by +-1."""
        if math.isfinite(lower.value) and math.isfinite(upper.value):
            return None
        circular = [u for u in dict.fromkeys(subterms(g)) if isinstance(u, App) and u.head in ("sin", "cos")]
        if not circular or len(circular) > 2 or depth < 3:
            return None
        from itertools import product

        for signs in product((1, -1), repeat=len(circular)):
            h, rest = g, []
            for u, k in zip(circular, signs, strict=True):
                h = _put(h, u, num(-k))
                rest.append((u, k))
            if any(self._sign(mul(num(k), sub(_put(g, u, num(1)), _put(g, u, num(0)))), lower, upper) < 0
                   for u, k in rest) or self._sign(h, lower, upper) != 1:
                continue
            first = self.positive(s, h, strict, lower, upper, depth - 2)
            if first is None:
                continue
            # g = h + sum a_u k (u + k ...): the kernel's identity needs the coefficient a_u >= 0
            facts = [{"term": to_json(h), "strict": strict, "proof": first}]
            total: list[list[Any]] = [["1", [0], None]]
            fits = True
            for u, k in rest:
                a = mul(Num(Fraction(k)), sub(_put(g, u, num(1)), _put(g, u, num(0))))
                coefficient = self.positive(s, a, False, lower, upper, 2) if self.x in free_names(
                    a) else self._shown(s.with_goal(app(">=", a, num(0))))
                if coefficient is None:
                    fits = False
                    break
                bound = app("add", num(1), mul(Num(Fraction(k)), u))
                facts += [{"term": to_json(a), "strict": False, "proof": coefficient},
                          {"term": to_json(bound), "strict": False, "proof": {
                              "rule": "bound", "kind": "entry", "argument": to_json(u),
                              "side": 1 if k == 1 else 0}}]
                total.append(["1", [len(facts) - 2, len(facts) - 1], None])
            if fits:
                return {"rule": "sos", "facts": facts, "sum": total}
        return None

    def _halves(self, s: Sequent, g: Term, strict: bool, lower: End, upper: End, depth: int
                ) -> Certificate | None:
        """Split where the slope changes, or to leave an end with a zero."""
        if depth < 3 or not self.whole:
            return None
        x = Var(self.x)
        for m in self._cuts(s, g, lower, upper):
            on = app("<=", x, Num(m))
            left_end = End(Num(m + Fraction(1, 64)), True)
            left = self._part(s.assuming(on), g, strict, lower, left_end, depth - 2)
            if left is None:
                continue
            right = self._part(s.assuming(app(">", x, Num(m))), g, strict, End(Num(m), False), upper, depth - 2)
            if right is not None:
                return {"rule": "cases", "on": to_json(on), "parts": [left, right]}
        return None

    def _part(self, s: Sequent, g: Term, strict: bool, lower: End, upper: End, depth: int
              ) -> Certificate | None:
        view_free = self._factor(s, g, strict, lower, upper, depth, None)  # type: ignore[arg-type]
        return None if view_free is None else view_free[1]

    def _cuts(self, s: Sequent, g: Term, lower: End, upper: End) -> list[Fraction]:
        samples = self._samples(lower, upper)
        values = self._values(g, lower, upper)
        out: list[float] = []
        slopes = [b - a for a, b in itertools.pairwise(values)]
        turns: list[float] = []
        for k in range(1, len(slopes)):
            if slopes[k - 1] * slopes[k] < 0:
                turns += self._beside_turn(g, samples[k - 1], samples[k + 1])
        out += turns
        if math.isinf(upper.value):
            out += [max(1.0, lower.value + 1), max(4.0, lower.value + 4)]
        elif math.isinf(lower.value):
            out += [upper.value - 1, upper.value - 4]
        else:
            out += [(lower.value + upper.value) / 2]
        cuts = []
        for v in out:
            q = Fraction(v).limit_denominator(4)
            if not lower.value < q < upper.value or v in turns:
                q = Fraction(v).limit_denominator(64)
            if lower.value < q < upper.value - 0.02 and q not in cuts:
                cuts.append(q)
        return cuts[:4]

    def _beside_turn(self, g: Term, a: float, b: float) -> list[float]:
        """Shortly before and after the place between a and b at which g has its turn."""
        f = compiled(g)
        low, high = a, b

        def slope(v: float) -> float:
            h = 1e-5 * (b - a)
            return f({**self._others(), self.x: v + h}) - f({**self._others(), self.x: v - h})

        first = slope(low + 1e-4 * (b - a))
        for _ in range(40):
            middle = (low + high) / 2
            if slope(middle) * first > 0:
                low = middle
            else:
                high = middle
        return [low - 0.15 * (low - a), low + 0.15 * (b - low), low]


def _on_circle(view: View, p: fmpq_mpoly) -> fmpq_mpoly:
    """Powers of sines above 1 replaced by cosines."""
    by_name = {g.term.name: k for k, g in enumerate(view.field.generators) if isinstance(g.term, Var)}
    for s, c in view.circles.values():
        if s.name not in by_name or c.name not in by_name:
            continue
        k, j = by_name[s.name], by_name[c.name]
        if p == 0 or int(p.degrees()[k]) < 2:
            continue
        gens = p.context().gens()
        total = p * 0
        for e, v in p.to_dict().items():
            n = list(map(int, e))
            half, n[k] = divmod(n[k], 2)
            total += p.context().from_dict({tuple(n): v}) * (_ONE - gens[j] ** 2) ** half
        p = total
    return p


def _simple(t: Term) -> int:
    return sum(1 for _ in subterms(t))


def _put(t: Term, old: Term, new: Term) -> Term:
    if t == old:
        return new
    return App(t.head, tuple(_put(a, old, new) for a in t.args)) if isinstance(t, App) else t


def _negated(proof: Certificate, slope: Term, strict: bool = True) -> Certificate:
    """From ``-d > 0`` to ``d < 0`` (or >=, <=)."""
    return {"rule": "sos", "facts": [{"term": to_json(app("neg", slope)), "strict": strict, "proof": proof}],
            "sum": [["1", [0], None]]}


__all__ = ["REAL", "CannotNormalise", "Compiled", "Ladder", "one_variable", "show", "value"]
