"""Random elementary terms, and the value of a normal form at a point, generator by generator."""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction

from flint import acb, arb, ctx, fmpq

from checker.kernel.claim import Sequent
from checker.kernel.field import Frac
from checker.kernel.principal import Principal
from checker.kernel.term import COMPLEX, INTEGER, REAL, App, Num, Term, Var, add, app, mul, num, sub

DECLARATIONS = {"z": COMPLEX, "w": COMPLEX, "x": REAL, "y": REAL, "a": REAL, "n": INTEGER}
POSITIVE = app(">", Var("a"), num(0))
_LEAVES: tuple[Term, ...] = (
    *map(Var, ("z", "w", "x", "y", "a", "z", "x")), num(1), num(2), num(-1), num(Fraction(1, 2)), App("i", ()),
    App("pi", ()))
_ONE = ("log", "sqrt", "exp", "abs", "conj", "re", "im", "arg", "neg", "sin", "cos", "asin", "acos", "atan", "asinh",
        "acosh", "atanh", "acot", "sqrt", "log", "sign", "tanh")


def random_term(r: random.Random, depth: int) -> Term:
    if depth == 0 or r.random() < 0.1:
        return r.choice(_LEAVES)
    match r.randrange(10):
        case 0 | 1:
            return add(random_term(r, depth - 1), random_term(r, depth - 1))
        case 2:
            return sub(random_term(r, depth - 1), random_term(r, depth - 1))
        case 3 | 4:
            return mul(random_term(r, depth - 1), random_term(r, depth - 1))
        case 5:
            return app("div", random_term(r, depth - 1), random_term(r, depth - 1))
        case 6:
            e = r.choice((2, 3, -1, Fraction(1, 2), Fraction(1, 3), Fraction(-1, 2), Fraction(3, 2)))
            return app("pow", random_term(r, depth - 1), num(e))
        case _:
            return app(r.choice(_ONE), random_term(r, depth - 1))


class NoValue(Exception):
    pass


class Values:
    """The generators of a form at a point; enclosures, so that a cut is never on one side by rounding."""

    def __init__(self, field: Principal, point: Mapping[str, acb]) -> None:
        self.field, self.point = field, point
        self.known: dict[int, acb] = {}

    def of(self, a: Frac) -> acb:
        bottom = self._polynomial(a.den)
        if bottom.contains(acb(0)):
            raise NoValue
        return self._polynomial(a.num) / bottom

    def _polynomial(self, p: object) -> acb:
        total = acb(0)
        for exponents, c in p.to_dict().items():      # type: ignore[attr-defined]
            term = acb(arb(c))
            for k, e in enumerate(exponents):
                if e:
                    term *= self.generator(k) ** int(e)
            total += term
        return total

    def generator(self, k: int) -> acb:
        if k not in self.known:
            z = self._generator(k)
            if not z.is_finite():
                raise NoValue
            self.known[k] = z
        return self.known[k]

    def _generator(self, k: int) -> acb:
        g = self.field.generators[k]
        match g.kind, g.term:
            case "imaginary", _:
                return acb(0, 1)
            case "name", Var(name):
                return self.point[name]
            case "conj", App("conj", (Var(name),)):
                return self.point[name].conjugate()
            case "part", App("re" | "im" as head, (Var(name),)):
                return acb(self.point[name].real if head == "re" else self.point[name].imag)
            case "opaque", App("pi", ()):
                return acb(arb.pi())
        if g.value is None or g.kind == "turns":
            raise NoValue
        value = self.of(g.value)
        if g.kind == "exp":
            return value.exp()
        if g.real:
            if not value.imag.contains(arb(0)):
                raise AssertionError(f"a generator called real is not: {g}")
            value = acb(value.real)
        if g.kind == "log":
            if value.contains(acb(0)):
                raise NoValue
            return value.log()
        if value.contains(acb(0)) and not value == 0:
            raise NoValue
        return value.root(g.power)


def point(r: random.Random) -> dict[str, Fraction | tuple[Fraction, Fraction]]:
    """Dyadic, often on a cut or at 0."""
    def q() -> Fraction:
        return Fraction(r.choice((-3, -2, -1, 0, 1, 2, 3, -6, 5)), r.choice((1, 1, 2, 4)))

    def complex_() -> tuple[Fraction, Fraction]:
        return (q(), r.choice((Fraction(0), q(), q())))

    return {"z": complex_(), "w": complex_(), "x": q(), "y": q(), "a": abs(q()) + Fraction(1, 4), "n": Fraction(r.randrange(-3, 4))}


def exact(q: Fraction) -> arb:
    return arb(fmpq(q.numerator, q.denominator))


def as_term(v: Fraction | tuple[Fraction, Fraction]) -> Term:
    if isinstance(v, Fraction):
        return Num(v)
    return add(Num(v[0]), mul(Num(v[1]), app("i"))) if v[1] else Num(v[0])


def as_ball(v: Fraction | tuple[Fraction, Fraction]) -> acb:
    return acb(exact(v)) if isinstance(v, Fraction) else acb(exact(v[0]), exact(v[1]))


def sequent(goal: Term, *assumptions: Term) -> Sequent:
    return Sequent(DECLARATIONS, (POSITIVE, *assumptions), goal)


__all__ = ["DECLARATIONS", "NoValue", "Values", "as_ball", "as_term", "ctx", "point", "random_term", "sequent"]
