"""Floats for the search among inequalities: which claims look false, and where.

Method: terms become closures on floats; a name's admissible values come from its own bounds; equations
linear in a name are solved for it.  Everything here suggests; the kernel decides at exact points.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.effort import spend
from ..kernel.term import App, Bind, Index, Num, Scalar, Term, Var, conjuncts, free_names

Point = Mapping[str, float]
Compiled = Callable[[Point], float]

_NAN = float("nan")
_UNARY: dict[str, Callable[[float], float]] = {
    "exp": math.exp, "sin": math.sin, "cos": math.cos, "tan": math.tan, "atan": math.atan, "asin": math.asin,
    "acos": math.acos, "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh, "asinh": math.asinh,
    "acosh": math.acosh, "atanh": math.atanh, "abs": abs, "erf": math.erf, "neg": lambda x: -x,
    "floor": math.floor, "ceiling": math.ceil, "relu": lambda x: max(x, 0.0), "gamma": math.gamma,
    "sign": lambda x: float((x > 0) - (x < 0)), "re": lambda x: x, "conj": lambda x: x,
    "log": lambda x: math.log(x) if x > 0 else _NAN, "sqrt": lambda x: math.sqrt(x) if x >= 0 else _NAN,
    "factorial": lambda x: math.gamma(x + 1), "cot": lambda x: 1/math.tan(x), "sec": lambda x: 1/math.cos(x),
    "csc": lambda x: 1/math.sin(x), "coth": lambda x: 1/math.tanh(x), "acot": lambda x: math.atan(1/x),
}


class Unsupported(ValueError):
    """A head without a float."""


def compiled(t: Term) -> Compiled:
    """Raises :class:`Unsupported`.  The closure gives nan where the term has no real value."""
    inner = _compile(t, {})

    def guarded(point: Point) -> float:
        spend(1)
        try:
            return inner(point)
        except (ArithmeticError, ValueError, KeyError, TypeError):
            return _NAN

    return guarded


def _compile(t: Term, seen: dict[Term, Compiled]) -> Compiled:
    found = seen.get(t)
    if found is None:
        found = seen[t] = _compile_new(t, seen)
    return found


def _compile_new(t: Term, seen: dict[Term, Compiled]) -> Compiled:
    match t:
        case Num(value):
            c = float(value)
            return lambda p: c
        case Var(name):
            return lambda p: p[name]
        case App("pi", ()):
            return lambda p: math.pi
        case App("e", ()):
            return lambda p: math.e
        case App("add", args):
            parts = [_compile(a, seen) for a in args]
            return lambda p: math.fsum(f(p) for f in parts)
        case App("mul", args):
            parts = [_compile(a, seen) for a in args]
            return lambda p: math.prod(f(p) for f in parts)
        case App("div", (a, b)):
            f, g = _compile(a, seen), _compile(b, seen)
            return lambda p: f(p) / g(p)
        case App("pow", (a, b)):
            f, g = _compile(a, seen), _compile(b, seen)
            return lambda p: _power(f(p), g(p))
        case App("max" | "min" as head, args):
            parts = [_compile(a, seen) for a in args]
            choose = max if head == "max" else min
            return lambda p: choose(f(p) for f in parts)
        case App(head, (a,)) if head in _UNARY:
            f, h = _compile(a, seen), _UNARY[head]
            return lambda p: h(f(p))
        case Bind("sum" | "prod", (name,), _, (low, high), (App("true", ()), body)):
            lo, hi, one = _compile(low, seen), _compile(high, seen), _compile(body, {})
            together = math.fsum if t.head == "sum" else math.prod
            longest = int(400 ** (1 / _nested(t)))     # nested sums multiply

            def series(p: Point) -> float:
                n = hi(p)
                if n - lo(p) > longest:
                    return _NAN
                return together(one({**p, name: float(k)}) for k in range(int(lo(p)), int(n) + 1))

            return series
        case _:
            raise Unsupported(str(getattr(t, "head", t)))


def _nested(t: Term) -> int:
    """How deep sums and products stand inside each other."""
    if isinstance(t, App):
        return max((_nested(a) for a in t.args), default=0)
    if isinstance(t, Bind):
        return (t.head in ("sum", "prod")) + max(_nested(u) for u in (*t.outer, *t.inner))
    return 0


def _power(x: float, y: float) -> float:
    if x < 0 and y != int(y):
        return _NAN
    value = x**y
    return value if isinstance(value, float) else _NAN


# ------------------------------------------------------------------------- relations


def holds(relation: str, difference: float, slack: float) -> bool:
    """``left R right`` by the float left - right; unclear values count as true."""
    match relation:
        case "<" | "<=":
            return not difference > slack
        case ">" | ">=":
            return not difference < -slack
        case "=":
            return not abs(difference) > slack
        case _:
            return True


class Relation:
    """A compiled relation: ``margin`` is negative where it is clearly false, nan where undefined."""

    def __init__(self, t: App) -> None:
        self.head = t.head
        self.left, self.right = (compiled(a) for a in t.args)

    def margin(self, p: Point) -> float:
        a, b = self.left(p), self.right(p)
        if math.isnan(a) or math.isnan(b) or math.isinf(a) or math.isinf(b):
            return _NAN
        d = a - b
        slack = 1e-9 * (1e-3 + abs(a) + abs(b))
        match self.head:
            case "<" | "<=":
                return -d if abs(d) > slack else 0.0
            case ">" | ">=":
                return d if abs(d) > slack else 0.0
            case "=":
                return -abs(d) if abs(d) > slack else 0.0
            case _:
                return 1.0 if abs(d) > slack else 0.0


BASE = [1.0, 2.0, 0.5, 3.0, 0.0, -1.0, -2.0, -0.5, 1.5, 0.25, -3.0, 5.0, 0.75, 10.0, -10.0, 0.1, -0.1, 100.0,
        0.01, -0.01, 1.25, -1.5, 7.0, -5.0, -100.0, 0.9, 1.1, 1000.0, 0.001, -0.001, 4.0, 6.0]
FINE = [1e-4, -1e-4, 1e4, -1e4, 1e-6, 1e6, 0.99, 1.01, 0.6, 0.7, 0.8, 0.3, 0.4, 1.2, 1.4, 1.6, 1.8, 2.5, 3.5,
        -0.9, -1.1, -0.25, -0.75, 20.0, 50.0, -20.0, -50.0]


class Sampler:
    """Float points of the declared scalars that satisfy the assumptions (those that can be compiled)."""

    def __init__(self, s: Sequent) -> None:
        self.s = s
        self.names = [n for n, k in s.declarations.items() if isinstance(k, (Scalar, Index))]
        if len(self.names) != len(s.declarations) or any(
                k == Scalar("complex") for k in s.declarations.values()):
            raise Unsupported("names that are no real numbers")
        self.integer = {n for n in self.names if s.declarations[n] == Scalar("integer")
                        or isinstance(s.declarations[n], Index)}
        self.tests: list[Relation] = []
        self.own: dict[str, list[Relation]] = {n: [] for n in self.names}
        self.solved: dict[str, Compiled] = {}
        self.special: dict[str, list[float]] = {n: [] for n in self.names}
        for a in s.assumptions:
            for c in conjuncts(a):
                self._add(c)
        self.free = [n for n in self.names if n not in self.solved]

    def _add(self, c: Term) -> None:
        if not (isinstance(c, App) and c.head in ("<", "<=", ">", ">=", "=", "!=") and len(c.args) == 2):
            return
        try:
            relation = Relation(c)
        except Unsupported:
            return
        names = free_names(c)
        if c.head == "=" and (found := self._solve(c)) is not None:
            self.solved[found[0]] = found[1]
            return
        self.tests.append(relation)
        if len(names) == 1:
            (name,) = names
            if name in self.own:
                self.own[name].append(relation)
                for side in c.args:
                    if not free_names(side):
                        v = compiled(side)({})
                        if math.isfinite(v):
                            self.special[name] += [
                                v, v + 1e-3, v - 1e-3, v + 0.1, v - 0.1, v + 1, v - 1, v * 0.5, v * 0.99,
                                v * 0.75, v * 0.25, v + 1e-6, v - 1e-6, v * 2, v + 10]

    def _solve(self, c: App) -> tuple[str, Compiled] | None:
        """A name in which the difference is affine, solved from two values."""
        taken = {n for f in self.solved for n in (f,)}
        for name in reversed(self.names):
            if name in taken or name in self.integer or name not in free_names(c) or self._nonlinear(c, name):
                continue
            left, right = compiled(c.args[0]), compiled(c.args[1])

            def value(p: Point, name: str = name, left: Compiled = left, right: Compiled = right) -> float:
                at0 = left({**p, name: 0.0}) - right({**p, name: 0.0})
                at1 = left({**p, name: 1.0}) - right({**p, name: 1.0})
                return -at0 / (at1 - at0)

            return name, value
        return None

    @staticmethod
    def _nonlinear(c: App, name: str) -> bool:
        def degree(t: Term) -> int:
            if name not in free_names(t):
                return 0
            match t:
                case Var():
                    return 1
                case App("add" | "neg", args):
                    return max(map(degree, args))
                case App("mul", args):
                    return sum(map(degree, args))
                case App("div", (a, b)) if name not in free_names(b):
                    return degree(a)
                case _:
                    return 9
        return max(degree(c.args[0]), degree(c.args[1])) != 1

    def pool(self, name: str, fine: bool) -> list[float]:
        values = [*BASE, *self.special[name], *(FINE if fine else ())]
        if name in self.integer:
            values = [*map(float, range(-6, 13)), *(v for v in values if v == int(v))]
            values.sort(key=abs)
        out = []
        for v in dict.fromkeys(values):
            ok = True
            for r in self.own[name]:
                try:
                    m = r.margin({name: v})
                except Exception:
                    m = 0.0
                if m < 0 or (m == 0 and r.head in ("<", ">", "!=")) or math.isnan(m):
                    ok = False
            if ok:
                out.append(v)
        return out

    def complete(self, p: dict[str, float]) -> dict[str, float] | None:
        """With the solved names put in; None if an assumption is clearly false."""
        try:
            for n, f in self.solved.items():
                p[n] = f(p)
        except (ArithmeticError, ValueError, KeyError):
            return None
        for r in self.tests:
            m = r.margin(p)
            if m < 0 or math.isnan(m) or (m == 0 and r.head in ("<", ">", "!=")):
                return None
        return p

    def points(self, limit: int, fine: bool = False, seed: int = 0) -> Iterator[dict[str, float]]:
        """First the product of small pools, then random mixtures."""
        pools = [self.pool(n, fine) for n in self.free]
        if any(not p for p in pools):
            return
        count = 0
        small = [p[: max(2, round(limit ** (1 / max(1, len(pools)))))] for p in pools]
        for values in itertools.islice(itertools.product(*small), limit):
            q = self.complete(dict(zip(self.free, values, strict=True)))
            if q is not None:
                yield q
            count += 1
        rng = random.Random(seed)  # noqa: S311
        for _ in range(limit if len(pools) > 1 or fine else 0):
            point = {}
            for n, p in zip(self.free, pools, strict=True):
                v = rng.choice(p)
                if n not in self.integer and rng.random() < 0.5:
                    v = v * (1 + rng.uniform(-0.3, 0.3)) + rng.uniform(-0.05, 0.05)
                point[n] = v
            q = self.complete(point)
            if q is not None:
                yield q


def relation_of(goal: Term) -> App | None:
    if isinstance(goal, App) and goal.head in ("<", "<=", ">", ">=", "=", "!="):
        return goal
    return None


def looks_false(s: Sequent, limit: int = 300) -> dict[str, float] | None:
    """A float point where the goal is clearly false; None also where nothing can be said."""
    goal = relation_of(s.goal)
    if goal is None:
        return None
    try:
        sampler, relation = Sampler(s), Relation(goal)
    except Unsupported:
        return None
    for p in sampler.points(limit, fine=len(sampler.free) <= 1):
        if relation.margin(p) < 0:
            return p
    return None


def rationals(x: float) -> list[Fraction]:
    """Near fractions, simplest first."""
    if not math.isfinite(x):
        return []
    f = Fraction(x)
    return list(dict.fromkeys(f.limit_denominator(d) for d in (1, 2, 4, 10, 100, 10_000, 10**8)))


__all__ = ["Any", "Relation", "Sampler", "Unsupported", "compiled", "holds", "looks_false", "rationals",
           "relation_of"]
