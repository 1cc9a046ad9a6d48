"""Growth of functions of several variables that all tend to infinity: sums of monomials.

A *size* is a product of powers of n, log n, log log n, ... over the growing variables (rational
exponents).  A *monomial* is exp of a sum of constants times sizes: n^2 = exp(2 * log n), 2^t =
exp(log 2 * t), n! about exp(n log n - n + log n / 2).  So the logarithm of a monomial is a vector, with
a constant for each size, and products of powers of monomials are sums of vectors.

A *form* is a finite sum of constant * monomial * powers of *classes*.  A class stands for a function
that is eventually positive and of the order (Theta) of a sum of monomials: log(n + t), sqrt(n + t),
1/(n + 1), floor(n/2), n!.  Forms are exact (equal to the term for all large values of the variables),
so differences cancel exactly; only ``orders`` passes to the order of a class.

Why the classes are right, all variables large and independent or in any regime (P a sum of monomials
with positive coefficients): P^r is of the order of sum m^r for r > 0, and for r < 0 of m^r where m is
the largest; log P of the order of sum log m (where the logarithms are sums with nonnegative
coefficients, one of them positive: P >= c m, P <= C max m, log m -> oo); floor and ceiling differ by
less than 1 from an argument of an order that tends to infinity; n! by Stirling.

FAILURE: ``NoForm``.  Cannot do: logs of things of unknown sign, classes with cancellation inside
(log(n^2 - n t)), powers with growing base and exponent other than exp(e log b) with monomial b.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .constants import Constants
from .field import Field, Frac
from .term import App, Num, Term, Var, app, free_names, show

MAX_TERMS = 400
MAX_POWER = 12

#: ((name, level), exponent): level 0 is n, 1 log n, 2 log log n
Size = tuple[tuple[tuple[str, int], Fraction], ...]


class NoForm(Exception):
    """Outside the class."""


@dataclass(frozen=True, slots=True, eq=False)
class Mono:
    """exp(sum of coefficient * size)."""

    powers: Mapping[Size, Frac]
    key: tuple[tuple[Size, tuple[str, str]], ...]

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mono) and self.key == other.key


#: classes in a product: (number, exponent)
Classes = tuple[tuple[int, Fraction], ...]
Form = dict[tuple[Mono, Classes], Frac]


class Growth:
    """Reads terms in the growing ``names``; everything else is a constant of ``field``."""

    def __init__(self, field: Field, names: tuple[str, ...]) -> None:
        self.field, self.names = field, names
        self.c = Constants(field)
        self.one = self.mono({})
        self.classes: list[tuple[Mono, ...]] = []     # the order of each class: a sum of these
        self._class_of: dict[Term, int] = {}

    # ------------------------------------------------------------------ monomials

    def mono(self, powers: Mapping[Size, Frac]) -> Mono:
        kept = {s: powers[s] for s in sorted(powers) if powers[s].num != 0}
        return Mono(kept, tuple((s, self.c.key(e)) for s, e in kept.items()))

    def log_size(self, name: str, level: int) -> Size:
        return (((name, level), Fraction(1)),)

    def variable(self, name: str, level: int = 0) -> Mono:
        """n, log n, ...: exp of its logarithm."""
        return self.mono({self.log_size(name, level + 1): self.c.one})

    def times(self, a: Mono, b: Mono) -> Mono:
        powers = dict(a.powers)
        for s, e in b.powers.items():
            powers[s] = self.c.plus(powers[s], e) if s in powers else e
        return self.mono(powers)

    def power(self, a: Mono, r: Frac) -> Mono:
        return self.mono({s: self.c.times(e, r) for s, e in a.powers.items()})

    def size(self, a: Mono) -> Size:
        """A monomial without exponentials, as a size."""
        out: dict[tuple[str, int], Fraction] = {}
        for s, e in a.powers.items():
            q = self.c.rational(e)
            if len(s) != 1 or s[0][1] != 1 or s[0][0][1] < 1 or q is None:
                raise NoForm("an exponential inside an exponent, or a symbolic power there")
            (name, level), _ = s[0]
            out[name, level - 1] = q
        return tuple(sorted(out.items()))

    # ------------------------------------------------------------------ forms

    def constant(self, a: Frac) -> Form:
        return {(self.one, ()): a} if a.num != 0 else {}

    def plus(self, f: Form, g: Form) -> Form:
        out = dict(f)
        for k, a in g.items():
            total = self.c.plus(out[k], a) if k in out else a
            if total.num == 0:
                out.pop(k, None)
            else:
                out[k] = total
        return out

    def scaled(self, f: Form, a: Frac) -> Form:
        return {k: self.c.times(b, a) for k, b in f.items()} if a.num != 0 else {}

    def product(self, f: Form, g: Form) -> Form:
        if len(f) * len(g) > 20 * MAX_TERMS:
            raise NoForm("too many terms")
        out: Form = {}
        for (m, p), a in f.items():
            for (n, q), b in g.items():
                powers = dict(p)
                for k, e in q:
                    powers[k] = powers.get(k, Fraction(0)) + e
                key = (self.times(m, n), tuple(sorted((k, e) for k, e in powers.items() if e)))
                total = self.c.plus(out[key], self.c.times(a, b)) if key in out else self.c.times(a, b)
                if total.num == 0:
                    out.pop(key, None)
                else:
                    out[key] = total
        if len(out) > MAX_TERMS:
            raise NoForm("too many terms")
        return out

    def single(self, f: Form) -> tuple[Mono, Frac] | None:
        """The monomial and coefficient of a form of one term without classes."""
        if len(f) == 1:
            ((m, classes), a), = f.items()
            if not classes:
                return m, a
        return None

    # ------------------------------------------------------------------ reading

    def read(self, t: Term) -> Form:
        if not free_names(t) & set(self.names):
            return self.constant(self.c.read(t))
        match t:
            case Var(name):
                return {(self.variable(name), ()): self.c.one}
            case App("add", args):
                total: Form = {}
                for a in args:
                    total = self.plus(total, self.read(a))
                return total
            case App("mul", args):
                product = self.constant(self.c.one)
                for f in [self.read(a) for a in args]:
                    product = self.product(product, f)
                return product
            case App("neg", (a,)):
                return self.scaled(self.read(a), self.c.number(-1))
            case App("div", (a, b)):
                return self.product(self.read(a), self.real_power(b, Fraction(-1)))
            case App("sqrt", (a,)):
                return self.real_power(a, Fraction(1, 2))
            case App("exp", (a,)):
                return self.exponential(self.read(a))
            case App("pow", (a, b)):
                return self._power(a, b)
            case App("log", (a,)):
                return self.logarithm(a)
            case App("factorial", (a,)):
                return self._factorial(a)
            case App("binomial", (a, Num(k))) if k.denominator == 1 and 0 <= k <= MAX_POWER:
                product, top = self.constant(self.c.one), self.read(a)
                for j in range(int(k)):
                    factor = self.plus(top, self.constant(self.c.number(-j)))
                    product = self.scaled(self.product(product, factor), self.c.number(Fraction(1, j + 1)))
                return product
            case App("floor" | "ceiling", (a,)):
                order = self._positive(a)
                if not any(self.tends_to_infinity(m) for m in order):
                    raise NoForm(f"{show(t)[:60]}: the argument may stay bounded")
                return self._class(t, order)
            case App("max", args):
                return self._class(t, tuple(m for a in args for m in self._positive(a)))
            case App("harmonic", (Var(name),)):
                return self._class(t, (self.variable(name, 1),))
        raise NoForm(f"{show(t)[:60]} is outside the class of monomials")

    def _class(self, t: Term, order: tuple[Mono, ...]) -> Form:
        if t not in self._class_of:
            self._class_of[t] = len(self.classes)
            self.classes.append(tuple(dict.fromkeys(order)))
        return {(self.one, ((self._class_of[t], Fraction(1)),)): self.c.one}

    def _positive(self, t: Term) -> tuple[Mono, ...]:
        """The order of a term that is a sum with positive coefficients."""
        f = self.read(t)
        if not f or any(self.c.signs(a) != {1} for a in f.values()):
            raise NoForm(f"{show(t)[:60]} may not be a sum of positive terms")
        return tuple(dict.fromkeys(m for k in f for m in self.order(k)))

    def real_power(self, t: Term, r: Fraction) -> Form:
        f = self.read(t)
        if not f:
            raise NoForm("a power of 0")
        exponent = self.c.number(r)
        alone = self.single(f)
        if alone is not None:
            m, a = alone
            return {(self.power(m, exponent), ()): self.c.power(a, exponent)}
        if len(f) == 1:
            ((m, classes), a), = f.items()
            powers = tuple((k, e * r) for k, e in classes)
            return {(self.power(m, exponent), powers): self.c.power(a, exponent)}
        order = self._positive(t)
        form = self._class(t, order)
        ((m, ((k, _),)), a), = form.items()
        return {(m, ((k, r),)): a}

    def _power(self, a: Term, b: Term) -> Form:
        if free_names(b) & set(self.names):
            if a == App("e", ()):
                return self.exponential(self.read(b))
            return self.exponential(self.product(self.read(b), self.logarithm(a)))
        exponent = self.c.read(b)
        q = self.c.rational(exponent)
        if q is not None and q.denominator == 1 and 0 <= q <= MAX_POWER:
            result, base = self.constant(self.c.one), self.read(a)
            for _ in range(int(q)):
                result = self.product(result, base)
            return result
        if q is not None:
            return self.real_power(a, q)
        alone = self.single(self.read(a))
        if alone is None:
            raise NoForm("a symbolic power of a sum")
        if not self.c.real(exponent):
            raise NoForm("a complex exponent")
        return {(self.power(alone[0], exponent), ()): self.c.power(alone[1], exponent)}

    def exponential(self, f: Form) -> Form:
        powers: dict[Size, Frac] = {}
        constant = self.c.zero
        for (m, classes), a in f.items():
            if classes:
                raise NoForm("an exponent known only up to its order")
            if m == self.one:
                constant = self.c.plus(constant, a)
                continue
            if not self.c.real(a):
                raise NoForm("a complex exponent")
            s = self.size(m)
            powers[s] = self.c.plus(powers[s], a) if s in powers else a
        return {(self.mono(powers), ()): self.c.exp(constant)}

    def logarithm(self, t: Term) -> Form:
        if not free_names(t) & set(self.names):
            return self.constant(self.c.log(self.c.read(t)))
        f = self.read(t)
        alone = self.single(f)
        if alone is not None:
            m, a = alone
            self.c.need_positive(a)
            total = self.constant(self.c.log(a))
            for s, e in m.powers.items():
                total = self.plus(total, {(self.of_size(s), ()): e})
            return total
        orders: list[Mono] = []
        for m in self._positive(t):
            up = False
            for s, e in m.powers.items():
                if self.c.signs(e) != {1}:
                    raise NoForm("the logarithm of a sum with a term that may not tend to infinity")
                up = up or self.size_grows(s)
                orders.append(self.of_size(s))
            if not up and m != self.one:
                raise NoForm("the logarithm of a sum with a term that may stay bounded")
        if not orders:
            raise NoForm("the logarithm of a bounded sum")
        return self._class(app("log", t), tuple(orders))

    def of_size(self, s: Size) -> Mono:
        return self.mono({self.log_size(n, level + 1): self.c.number(e) for (n, level), e in s})

    def _factorial(self, t: Term) -> Form:
        """n! = Theta(n^n e^-n sqrt n), also for a positive integer multiple of a variable."""
        alone = self.single(self.read(t))
        if alone is None:
            raise NoForm("the factorial of a sum")
        m, a = alone
        q = self.c.rational(a)
        if q is None or q <= 0 or len(self.size(m)) != 1 or self.size(m)[0][0][1] != 0 or (
                self.size(m)[0][1] <= 0):
            raise NoForm("the factorial of something else than a multiple of a power of one variable")
        log = self.logarithm(t)
        stirling = self.product(self.read(t), self.plus(log, self.constant(self.c.number(-1))))
        exponent = self.plus(stirling, self.scaled(log, self.c.number(Fraction(1, 2))))
        ((order, _),) = self.exponential(exponent)
        return self._class(app("factorial", t), (order,))

    # ------------------------------------------------------------------ orders

    def order(self, key: tuple[Mono, Classes]) -> tuple[Mono, ...]:
        """The order of monomial * classes: a sum of monomials."""
        m, classes = key
        result = [m]
        for k, r in classes:
            parts = self.classes[k]
            exponent = self.c.number(r)
            if r < 0:
                parts = (self.largest(parts),)
            result = [self.times(a, self.power(b, exponent)) for a in result for b in parts]
            if len(result) > MAX_TERMS:
                raise NoForm("too many terms")
        return tuple(dict.fromkeys(result))

    def largest(self, parts: tuple[Mono, ...]) -> Mono:
        for m in parts:
            if all(self.below(n, m) for n in parts):
                return m
        raise NoForm("a divisor without a largest term")

    def below(self, a: Mono, b: Mono) -> bool:
        """a = O(b) because log b - log a is a sum of sizes with nonnegative coefficients."""
        ratio = self.times(b, self.power(a, self.c.number(-1)))
        return all(self.c.signs(e) <= {0, 1} for e in ratio.powers.values())

    def size_grows(self, s: Size) -> bool:
        """The size tends to infinity with all its variables: in each variable the first exponent that
        is not 0, from n to log n to log log n, is positive."""
        signs = self.leading_exponents(s)
        return bool(signs) and all(e > 0 for e in signs)

    @staticmethod
    def leading_exponents(s: Size) -> list[Fraction]:
        out: dict[str, Fraction] = {}
        for (name, _), e in sorted(s):
            if e:
                out.setdefault(name, e)
        return list(out.values())

    def negligible(self, small: Size, big: Size) -> bool:
        """small/big -> 0 as all variables grow."""
        ratio = dict(small)
        for k, e in big:
            ratio[k] = ratio.get(k, Fraction(0)) - e
        signs = self.leading_exponents(tuple(ratio.items()))
        return bool(signs) and all(e < 0 for e in signs)

    def tends_to_infinity(self, m: Mono) -> bool:
        return all(self.c.signs(e) <= {0, 1} for e in m.powers.values()) and any(
            self.c.signs(e) == {1} and self.size_grows(s) for s, e in m.powers.items())


__all__ = ["Classes", "Form", "Growth", "Mono", "NoForm", "Size"]
