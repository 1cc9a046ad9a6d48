"""A small float evaluator for plots.  Plots suggest, they never decide: no verdict reads this.

``value(term, point)`` takes the names' values from ``point``: floats, or lists for families (from
index 1).  Raises :class:`NoValue` for what it cannot do; bounded by a step budget.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ..kernel.term import TRUE, App, Bind, Index, Num, Term, Var

MAX_STEPS = 1_500_000
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "exp": math.exp, "log": math.log, "sqrt": math.sqrt, "sin": math.sin, "cos": math.cos, "tan": math.tan,
    "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh, "asin": math.asin, "acos": math.acos,
    "atan": math.atan, "atan2": math.atan2, "asinh": math.asinh, "acosh": math.acosh, "atanh": math.atanh,
    "erf": math.erf, "abs": abs, "floor": math.floor, "ceiling": math.ceil, "max": max, "min": min,
    "gamma": math.gamma, "neg": lambda x: -x, "relu": lambda x: max(x, 0.0), "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b, "delta": lambda a, b: float(a == b), "mod": lambda a, b: a % b,
    "factorial": lambda n: math.gamma(n + 1), "sign": lambda x: math.copysign(1.0, x) if x else 0.0,
    "add": lambda *xs: math.fsum(xs), "mul": lambda *xs: math.prod(xs),
}
_CONSTANTS = {"pi": math.pi, "e": math.e, "oo": math.inf}
_RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}


class NoValue(ValueError):
    """There is no float for this term here."""


class TooMuch(NoValue):
    """The step budget has ended."""


class Budget:
    """Steps left, shared by all values of a figure."""

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.steps = steps

    def spend(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise TooMuch("too many steps")


def value(t: Term, point: Mapping[str, Any], budget: Budget | None = None) -> float:
    try:
        out = _Evaluator(budget or Budget()).number(t, point)
    except (OverflowError, ZeroDivisionError, ValueError, TypeError) as error:
        raise error if isinstance(error, NoValue) else NoValue(str(error)) from error
    if isinstance(out, complex) or math.isnan(out):
        raise NoValue("not a real number")
    return out


def orbit(t: Term, point: Mapping[str, Any], budget: Budget | None = None) -> list[list[float]]:
    """The states of an iteration, from its start on."""
    if not (isinstance(t, Bind) and t.head == "iterate" and len(t.outer) == 2):
        raise NoValue("no iteration")
    try:
        return _Evaluator(budget or Budget()).states(t, point)
    except (OverflowError, ZeroDivisionError, TypeError) as error:
        raise NoValue(str(error)) from error


class _Evaluator:
    def __init__(self, budget: Budget) -> None:
        self.budget = budget

    def number(self, t: Term, point: Mapping[str, Any]) -> float:
        self.budget.spend()
        match t:
            case Num(v):
                return float(v)
            case Var(name):
                if not isinstance(point.get(name), (int, float)):
                    raise NoValue(f"{name} has no value")
                return float(point[name])
            case App(head, ()) if head in _CONSTANTS:
                return _CONSTANTS[head]
            case App("cases", args):
                for result, guard in zip(args[0::2], args[1::2], strict=True):
                    if self.truth(guard, point):
                        return self.number(result, point)
                raise NoValue("no case applies")
            case App("at", (Var(name), *where)):
                entry = point.get(name)
                for k in where:
                    if not isinstance(entry, (list, tuple)):
                        raise NoValue(f"{name} has no entries")
                    entry = entry[int(self.number(k, point)) - 1]
                return float(entry)  # type: ignore[arg-type]
            case App("item", (whole, k)):
                return self.items(whole, point)[int(self.number(k, point)) - 1]
            case App(head, args) if head in _FUNCTIONS:
                return _FUNCTIONS[head](*(self.number(a, point) for a in args))
            case Bind("sum" | "prod"):
                fast = self.polynomial_sum(t, point) if t.head == "sum" else None
                if fast is not None:
                    return fast
                parts = self.range(t, point)
                return math.fsum(parts) if t.head == "sum" else math.prod(parts)
            case _:
                raise NoValue("no float for this term")

    def range(self, t: Bind, point: Mapping[str, Any]) -> list[float]:
        points = [dict(point)]
        for name, sort in zip(t.names, t.sorts, strict=True):
            if t.outer:
                low, high = (int(self.number(u, point)) for u in t.outer)
            elif isinstance(sort, Index):
                low, high = 1, int(self.number(sort.size, point))
            else:
                raise NoValue("no range")
            if (high - low + 1) * len(points) > 100_000:
                raise NoValue("too many terms")
            points = [{**p, name: k} for p in points for k in range(low, high + 1)]
        guard, body = t.inner
        return [self.number(body, p) for p in points if guard == TRUE or self.truth(guard, p)]

    def polynomial_sum(self, t: Bind, point: Mapping[str, Any]) -> float | None:
        """A long sum of a polynomial in its index, by Newton's forward differences; None if the body
        does not behave like one (of degree 5 at most)."""
        if len(t.names) != 1 or t.inner[0] != TRUE or not (t.outer or isinstance(t.sorts[0], Index)):
            return None
        bounds = t.outer or (
            Num(Fraction(1)),
            t.sorts[0].size if isinstance(t.sorts[0], Index) else Num(Fraction(0)),
        )
        low, high = (math.floor(self.number(u, point)) for u in bounds)
        count = high - low + 1
        if count < 40:
            return None

        def body(k: int) -> float:
            return self.number(t.inner[1], {**point, t.names[0]: k})

        row = [body(low + k) for k in range(7)]
        differences = []
        while row:
            differences.append(row[0])
            row = [b - a for a, b in pairwise(row)]
        for far in (count - 1, count // 2):
            expected = body(low + far)
            guess = sum(d * math.comb(far, k) for k, d in enumerate(differences[:6]))
            if not math.isclose(guess, expected, rel_tol=1e-9, abs_tol=1e-9):
                return None
        return sum(d * math.comb(count, k + 1) for k, d in enumerate(differences[:6]))

    def truth(self, t: Term, point: Mapping[str, Any]) -> bool:
        match t:
            case App("true" | "false", ()):
                return t == TRUE
            case App(head, (a, b)) if head in _RELATIONS:
                return _RELATIONS[head](self.number(a, point), self.number(b, point))
            case App("and", args):
                return all(self.truth(a, point) for a in args)
            case App("or", args):
                return any(self.truth(a, point) for a in args)
            case App("not", (a,)):
                return not self.truth(a, point)
            case _:
                raise NoValue("no truth value")

    def items(self, t: Term, point: Mapping[str, Any]) -> list[float]:
        match t:
            case App("tuple", args):
                return [self.number(a, point) for a in args]
            case Bind("iterate"):
                return self.states(t, point)[-1]
            case _:
                raise NoValue("no tuple")

    def states(self, t: Bind, point: Mapping[str, Any]) -> list[list[float]]:
        steps = int(self.number(t.outer[0], point))
        if not 0 <= steps <= 10_000:
            raise NoValue("too many rounds")
        state = dict(zip(t.names, self.items(t.outer[1], point), strict=True))
        out = [list(state.values())]
        for _ in range(steps):
            for line in t.inner:
                if not (isinstance(line, App) and line.head == "assign"):
                    raise NoValue("no line of an iteration")
                target, expression = line.args
                inside = {**point, **state}
                if isinstance(target, App):
                    new = self.items(expression, inside)
                    state.update(
                        {v.name: x for v, x in zip(target.args, new, strict=True) if isinstance(v, Var)}
                    )
                elif isinstance(target, Var):
                    state[target.name] = self.number(expression, inside)
            out.append([state[n] for n in t.names])
        return out
