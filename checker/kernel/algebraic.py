"""Numbers among the generators of a normal form: enclosures, and an exact test for 0 of algebraic ones.

A generator is *constant* if it is i, pi, or a root, logarithm or exponential of constants; *algebraic* if it
is i, exp(i pi p/q) or a root of algebraic ones.

    P a polynomial over Q in algebraic generators;   |P| < 1/(u^(D - 1) l)
    -----------------------------------------------------------------------
    P = 0

Write each generator as U/L, U and L algebraic integers, with bounds u and l for *all* conjugates of U and L:
i and exp(i pi p/q) have u = l = 1; a root g of g^k = U/L has (g L)^k = U L^(k-1), so u' = (u l^(k-1))^(1/k) and
l' = l; sums and products by their definition.  D is the product of the degrees of the generators that are used.
If P = U/L is not 0 the norm of U is an integer, at least 1 in absolute value, so |U| >= 1/u^(D-1).  (Burnikel,
Fleischer, Mehlhorn and Schirra, A strong and easily computable separation bound for arithmetic expressions
involving radicals, Algorithmica 27 (2000) 87-99; no page at hand.)  No branch is ever chosen by the bound: the
ball is of the principal values, and every branch is a conjugate.

FAILURE: "not shown to be 0" where the bound asks for more than ``MAX_BITS`` digits, or a ball straddles a cut.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING

from flint import acb, arb, ctx, fmpq, fmpq_mpoly, fmpz

from .term import App, Term

if TYPE_CHECKING:
    from .field import Field, Frac

MAX_BITS = 12_000
MAX_DEGREE = 4_096
PRECISIONS = (80, 320)


class NoBall(Exception):
    """No enclosure: a generator that is no constant, a division by 0, a value that is not finite."""


@dataclass(frozen=True, slots=True)
class Size:
    """Binary logarithms, rounded up, of bounds for the conjugates of U and L."""

    u: int
    l: int


class Numbers:
    """Questions about the constants of one :class:`~.field.Field`."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self._algebraic: dict[int, bool] = {}
        self._constant: dict[int, bool] = {}
        self._sizes: dict[int, Size] = {}
        self._balls: dict[tuple[int, int], acb] = {}

    # ------------------------------------------------------------------ which generators

    @staticmethod
    def used(p: fmpq_mpoly) -> list[int]:
        return [k for k, d in enumerate(p.degrees()) if d] if p != 0 else []

    def unit_angle(self, k: int) -> Fraction | None:
        """c where generator k is exp(i pi c)."""
        g = self.field.generators[k]
        if g.kind != "exp" or g.value is None or not g.value.den.is_constant():
            return None
        terms = list(g.value.num.to_dict().items())
        if len(terms) != 1:
            return None
        exponents, c = terms[0]
        named = {_head(self.field.generators[j].term): int(d) for j, d in enumerate(exponents) if d}
        d = g.value.den.leading_coefficient()
        return Fraction(int((c / d).p), int((c / d).q)) if named == {"i": 1, "pi": 1} else None

    def algebraic(self, k: int) -> bool:
        if k not in self._algebraic:
            g = self.field.generators[k]
            self._algebraic[k] = False      # a generator is no part of its own definition
            if g.kind == "imaginary" or self.unit_angle(k) is not None:
                self._algebraic[k] = True
            elif g.kind == "root" and g.power and g.value is not None:
                self._algebraic[k] = all(map(self.algebraic, self._within(g.value)))
        return self._algebraic[k]

    def constant(self, k: int) -> bool:
        if k not in self._constant:
            g = self.field.generators[k]
            self._constant[k] = False
            if g.kind == "imaginary" or g.kind == "opaque" and _head(g.term) == "pi":
                self._constant[k] = True
            elif g.kind in ("root", "log", "exp") and g.value is not None:
                self._constant[k] = all(map(self.constant, self._within(g.value)))
        return self._constant[k]

    def _within(self, a: Frac) -> list[int]:
        return [*self.used(a.num), *self.used(a.den)]

    # ------------------------------------------------------------------ enclosures

    def ball(self, a: Frac) -> acb:
        """Raises :class:`NoBall`."""
        top, bottom = self.polynomial(a.num), self.polynomial(a.den)
        if bottom.contains(acb(0)):
            raise NoBall
        return top / bottom

    def polynomial(self, p: fmpq_mpoly) -> acb:
        total = acb(0)
        for exponents, c in p.to_dict().items():
            term = acb(arb(c))
            for k, e in enumerate(exponents):
                if e:
                    term *= self.generator(k) ** int(e)
            total += term
        return total

    def generator(self, k: int) -> acb:
        key = (k, ctx.prec)
        if key not in self._balls:
            z = self._generator(k)
            if not z.is_finite():
                raise NoBall
            self._balls[key] = z
        return self._balls[key]

    def _generator(self, k: int) -> acb:
        g = self.field.generators[k]
        if not self.constant(k):
            raise NoBall
        if g.kind == "imaginary":
            return acb(0, 1)
        if g.value is None:
            return acb(arb.pi())
        c = self.unit_angle(k)
        if c is not None:
            return acb(arb(fmpq(c.numerator, c.denominator))).exp_pi_i()
        value = self.ball(g.value)
        if g.real and g.kind != "exp":
            value = acb(value.real) if self._positive(g.value, value) else value
        match g.kind:
            case "exp":
                return value.exp()
            case "log":
                if value.contains(acb(0)):
                    raise NoBall
                return value.log()
            case _:
                return value.sqrt() if g.power == 2 else value.root(g.power) if hasattr(value, "root") else (
                    value.log() / g.power).exp()

    def _positive(self, a: Frac, value: acb) -> bool:
        """A real generator is a root or logarithm of a positive number: its imaginary part is exactly 0."""
        return bool(value.real > 0)

    def sign(self, a: Frac) -> str | None:
        """The sign of a constant that is known to be real (its real part is looked at)."""
        if not all(map(self.constant, self._within(a))):
            return None

        def question() -> str | None:
            x = self.ball(a).real
            return "+" if x > 0 else "-" if x < 0 else None

        return self._at_precisions(question)

    def nonzero(self, a: Frac) -> bool:
        """Whether a ball around a constant excludes 0."""
        return self._at_precisions(lambda: None if self.ball(a).contains(acb(0)) else "nonzero") is not None

    @staticmethod
    def _at_precisions(question: Callable[[], str | None]) -> str | None:
        """The first answer at rising precision; None where there is none, or no ball."""
        old = ctx.prec
        try:
            for precision in PRECISIONS:
                ctx.prec = precision
                if (answer := question()) is not None:
                    return answer
        except (NoBall, ZeroDivisionError, ValueError, OverflowError):
            return None
        finally:
            ctx.prec = old
        return None

    # ------------------------------------------------------------------ zero

    def zero(self, p: fmpq_mpoly) -> bool:
        """Whether p is shown to be 0: the coefficient of every monomial in the other generators is."""
        if p == 0:
            return True
        if all(self.field.generators[k].kind == "imaginary" for k in self.used(p) if self.algebraic(k)):
            return False        # a + b i, reduced, is 0 only if a and b are
        parts: dict[tuple[int, ...], dict[tuple[int, ...], fmpq]] = {}
        for exponents, c in p.to_dict().items():
            e = tuple(map(int, exponents))
            own = tuple(d if d and self.algebraic(k) else 0 for k, d in enumerate(e))
            rest = tuple(d - o for d, o in zip(e, own, strict=True))
            part = parts.setdefault(rest, {})
            part[own] = part.get(own, fmpq(0)) + c
        return all(self._number_is_zero(p.context().from_dict(part)) for part in parts.values())

    def _number_is_zero(self, p: fmpq_mpoly) -> bool:
        if p == 0:
            return True
        gens = self.used(p)
        if not gens:
            return False
        old = ctx.prec
        try:
            ctx.prec = PRECISIONS[0]
            if not self.polynomial(p).contains(acb(0)):
                return False
            degree = self._degree(gens)
            size = self._size(p)
            bits = (degree - 1) * max(size.u, 0) + size.l
            if degree > MAX_DEGREE or bits > MAX_BITS:
                return False
            for slack in (64, 512, bits + 512):
                ctx.prec = bits + slack
                if abs(self.polynomial(p)) < arb(2) ** -bits:
                    return True
        except (NoBall, ZeroDivisionError, ValueError, OverflowError):
            return False
        finally:
            ctx.prec = old
        return False

    def _degree(self, gens: list[int]) -> int:
        """A bound for the degree of the field that the generators, and what they are made of, span."""
        seen: set[int] = set()
        degree = 1

        def visit(k: int) -> None:
            nonlocal degree
            if k in seen:
                return
            seen.add(k)
            g = self.field.generators[k]
            c = self.unit_angle(k)
            if c is not None:
                degree *= int(fmpz(2 * c.denominator // gcd(c.numerator, 2)).euler_phi())
            elif g.kind == "imaginary":
                degree *= 2
            elif g.value is not None:
                degree *= g.power
                for j in self._within(g.value):
                    visit(j)

        for k in gens:
            visit(k)
        return degree

    def _generator_size(self, k: int) -> Size:
        if k not in self._sizes:
            g = self.field.generators[k]
            if g.kind == "imaginary" or g.kind == "exp" or g.value is None:
                self._sizes[k] = Size(0, 0)
            else:
                top, bottom = self._size(g.value.num), self._size(g.value.den)
                u, l = top.u + bottom.l, top.l + bottom.u
                self._sizes[k] = Size(-(-(u + (g.power - 1) * l) // g.power), l)
        return self._sizes[k]

    def _size(self, p: fmpq_mpoly) -> Size:
        denominator = 1
        for c in p.coeffs():
            denominator = denominator * int(c.q) // gcd(denominator, int(c.q))
        degrees = [int(d) for d in p.degrees()]
        lower = denominator.bit_length()
        for k, d in enumerate(degrees):
            if d:
                lower += d * self._generator_size(k).l
        upper = 0
        for exponents, c in p.to_dict().items():
            bits = int(abs(c * denominator).p).bit_length()
            for k, d in enumerate(degrees):
                if d:
                    size, e = self._generator_size(k), int(exponents[k])
                    bits += e * size.u + (d - e) * size.l
            upper = max(upper, bits)
        return Size(upper + len(p).bit_length(), lower)


def _head(t: Term) -> str:
    return t.head if isinstance(t, App) and not t.args else ""


__all__ = ["NoBall", "Numbers", "Size"]
