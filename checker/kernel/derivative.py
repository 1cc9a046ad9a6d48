"""The structural derivative, with the guards under which each step is right.

    d/dx of the body, at a point where every guard holds, is the term that the rules give
    ----------------------------------------------------------------------------------------
    diff(x at a: body) = derivative(body, x)[a/x]                conditions: the guards at a

Guards: a denominator, a log or a root stands on a nonzero argument that is real near the point (along
the cut the principal branch of a real argument of one sign is smooth) or off the cut (-oo, 0]; abs, relu,
max, min off their corners; asin, acos, acosh, atanh inside their domains.  (DLMF 4.7, 4.20, 4.24, 4.34,
4.38 for the formulas.)

FAILURE: :class:`NoDerivative` for heads without a rule here (floor, an opaque function, a bound that
moves with x, a guard of a sum that mentions x).  Naive versions "prove" d|x|/dx = sign x at 0 and
d log(exp(ix))/dx = i where the cut is crossed.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from .kinds import is_integer, is_real
from .term import (
    App, Bind, Num, Sort, Term, Var, add, app, free_names, fresh, mul, num, sub, substitute,
)


class NoDerivative(ValueError):
    """No rule for this head."""


def derivative(t: Term, x: str, declarations: Mapping[str, Sort]) -> tuple[Term, tuple[Term, ...]]:
    """``(dt/dx, guards)``; ``declarations`` include ``x``.  Raises :class:`NoDerivative`."""
    d = _Derivative(x, dict(declarations))
    result = d.of(t)
    return result, tuple(dict.fromkeys(d.guards))


def at_point(t: Bind, declarations: Mapping[str, Sort]) -> tuple[Term, tuple[Term, ...]]:
    """The derivative that a ``diff`` term stands for, and its guards, at its point."""
    name = fresh(t.names[0], set(declarations) | free_names(t))
    body = substitute(t.inner[0], {t.names[0]: Var(name)})
    result, guards = derivative(body, name, {**declarations, name: t.sorts[0]})
    by = {name: t.outer[0]}
    return substitute(result, by), tuple(substitute(g, by) for g in guards)


class _Derivative:
    def __init__(self, x: str, declarations: dict[str, Sort]) -> None:
        self.x, self.decls = x, declarations
        self.guards: list[Term] = []

    def of(self, t: Term) -> Term:
        if self.x not in free_names(t):
            return num(0)
        match t:
            case Var():
                return num(1)
            case App("add", args):
                return _sum(self.of(a) for a in args)
            case App("neg", (a,)):
                return app("neg", self.of(a))
            case App("mul", args):
                return _sum(
                    mul(*args[:k], d, *args[k + 1:]) for k, a in enumerate(args)
                    if (d := self.of(a)) != num(0))
            case App("div", (a, b)):
                self.guard(app("!=", b, num(0)))
                da, db = self.of(a), self.of(b)
                if db == num(0):
                    return app("div", da, b)
                return app("div", sub(mul(da, b), mul(a, db)), app("pow", b, num(2)))
            case App("pow", (base, exponent)):
                return self._power(base, exponent)
            case App("cases" | "floor" | "ceiling" | "sign" | "at" | "mod", _):
                raise NoDerivative(f"there is no derivative rule for {t.head}")
            case App(head, (u,)):
                return self._chain(head, u)
            case App("max" | "min" as head, (a, b)):
                self.guard(app("!=", a, b))
                return app("cases", self.of(a), app(">" if head == "max" else "<", a, b),
                           self.of(b), app("true"))
            case Bind("sum") if not any(self.x in free_names(u) for u in (*t.outer, t.inner[0])):
                return self._sum(t)
            case Bind("diff"):
                # the guards are strict relations between continuous terms: they hold near the point
                inner, guards = at_point(t, self.decls)
                self.guards += guards
                return self.of(inner)
            case _:
                raise NoDerivative("there is no derivative rule for this term")

    def guard(self, formula: Term) -> None:
        if self.x in free_names(formula):
            self.guards.append(formula)

    def _sum(self, t: Bind) -> Term:
        """A finite sum, term by term; infinite ones need a theorem about uniform convergence."""
        if any(u == App("oo", ()) or u == app("neg", App("oo", ())) for u in t.outer):
            raise NoDerivative("an infinite sum is not differentiated term by term here")
        if set(t.names) & set(self.decls):
            raise NoDerivative("a bound name that is declared outside")
        inner = _Derivative(self.x, {**self.decls, **dict(zip(t.names, t.sorts, strict=True))})
        body = inner.of(t.inner[1])
        for g in inner.guards:
            if not free_names(g) & set(t.names):
                self.guards.append(g)
                continue
            guard = t.inner[0]
            if t.outer:
                k = Var(t.names[0])
                guard = app("and", app("<=", t.outer[0], k), app("<=", k, t.outer[1]), guard)
            self.guards.append(Bind("forall", t.names, t.sorts, (), (guard, g)))
        return Bind("sum", t.names, t.sorts, t.outer, (t.inner[0], body))

    def _off_cut(self, u: Term) -> None:
        """log and roots: u real and nonzero, or off (-oo, 0]."""
        if is_real(u, self.decls):
            self.guard(app("!=", u, num(0)))
        else:
            self.guard(app("or", app("!=", app("im", u), num(0)), app(">", app("re", u), num(0))))

    def _power(self, base: Term, exponent: Term) -> Term:
        db, de = self.of(base), self.of(exponent)
        if de == num(0):
            if isinstance(exponent, Num) and exponent.value.denominator == 1:
                if exponent.value < 0:
                    self.guard(app("!=", base, num(0)))
                if exponent.value == 0:
                    return num(0)
            elif is_integer(exponent, self.decls):
                self.guard(app("!=", base, num(0)))
            elif isinstance(exponent, Num):
                self._off_cut(base)
            else:
                self.guard(app(">", base, num(0)))
                if not is_real(base, self.decls):
                    raise NoDerivative("a symbolic power of a base that may be complex")
            less = Num(exponent.value - 1) if isinstance(exponent, Num) else sub(exponent, num(1))
            return mul(exponent, app("pow", base, less), db)
        if base != App("e", ()) and not (isinstance(base, Num) and base.value > 0):
            if not is_real(base, self.decls):
                raise NoDerivative("a power of a base that may be complex")
            if self.x in free_names(base):
                self.guard(app(">", base, num(0)))
            else:
                self.guards.append(app(">", base, num(0)))
        growth = mul(de, app("log", base))
        if db != num(0):
            growth = add(growth, app("div", mul(exponent, db), base))
        return mul(app("pow", base, exponent), growth)

    def _chain(self, head: str, u: Term) -> Term:
        du = self.of(u)
        square = app("pow", u, num(2))
        real = is_real(u, self.decls)
        match head:
            case "exp":
                outer: Term = app("exp", u)
            case "log":
                self._off_cut(u)
                return app("div", du, u)
            case "sqrt":
                self._off_cut(u)
                return app("div", du, mul(num(2), app("sqrt", u)))
            case "sin":
                outer = app("cos", u)
            case "cos":
                outer = app("neg", app("sin", u))
            case "tan":
                self.guard(app("!=", app("cos", u), num(0)))
                outer = add(num(1), app("pow", app("tan", u), num(2)))
            case "cot":
                self.guard(app("!=", app("sin", u), num(0)))
                outer = app("neg", add(num(1), app("pow", app("cot", u), num(2))))
            case "sec":
                self.guard(app("!=", app("cos", u), num(0)))
                outer = mul(app("sec", u), app("tan", u))
            case "csc":
                self.guard(app("!=", app("sin", u), num(0)))
                outer = app("neg", mul(app("csc", u), app("cot", u)))
            case "sinh":
                outer = app("cosh", u)
            case "cosh":
                outer = app("sinh", u)
            case "tanh":
                outer = sub(num(1), app("pow", app("tanh", u), num(2)))
            case "atan" if real:
                return app("div", du, add(num(1), square))
            case "asinh" if real:
                return app("div", du, app("sqrt", add(num(1), square)))
            case ("asin" | "acos") if real:
                self.guards += [app("<", num(-1), u), app("<", u, num(1))]
                d = app("div", du, app("sqrt", sub(num(1), square)))
                return d if head == "asin" else app("neg", d)
            case "acosh" if real:
                self.guards.append(app(">", u, num(1)))
                return app("div", du, mul(app("sqrt", sub(u, num(1))), app("sqrt", add(u, num(1)))))
            case "atanh" if real:
                self.guards += [app("<", num(-1), u), app("<", u, num(1))]
                return app("div", du, sub(num(1), square))
            case "erf" if real:
                outer = app("div", mul(num(2), app("exp", app("neg", square))), app("sqrt", app("pi")))
            case "abs" if real:
                self.guard(app("!=", u, num(0)))
                outer = app("div", u, app("abs", u))
            case "relu" if real:
                self.guard(app("!=", u, num(0)))
                outer = app("cases", num(1), app(">", u, num(0)), num(0), app("true"))
            case _:
                raise NoDerivative(f"there is no derivative rule for {head}")
        return outer if du == num(1) else mul(outer, du)


def _sum(terms: object) -> Term:
    parts = [t for t in terms if t != num(0)]  # type: ignore[attr-defined]
    return add(*parts)


__all__ = ["Fraction", "NoDerivative", "at_point", "derivative"]
