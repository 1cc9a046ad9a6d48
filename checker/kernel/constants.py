"""Constants of a limit: terms free of its variable, in normal form, with the signs they may have.

A constant is a :class:`~.field.Frac` of one :class:`~.field.Field`.  ``signs`` answers with the *set*
of signs that are still possible: {1} is "proved positive", {-1, 1} "proved nonzero", {-1, 0, 1}
"nothing known".  A sign comes from the normal form (0), from the assumptions (``signs.py``), or, for
numbers without parameters, from a ball that does not contain 0.  Nothing is ever taken to be nonzero
because it does not look like 0.

:class:`Open` is raised where a rule needs a sign that is not known: it carries the polynomial whose
three signs a case split should try.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from flint import acb, arb, ctx, fmpq_mpoly

from .evaluate import Undefined, Unknown, value
from .field import CannotNormalise, Field, Frac, Generator
from .kinds import is_integer
from .linear import nonnegative_solution
from .term import ONE, App, Term, Var, add, app, free_names, mul, num

_SETS: dict[str | None, frozenset[int]] = {
    "+": frozenset((1,)), "-": frozenset((-1,)), "0": frozenset((0,)), "0+": frozenset((0, 1)),
    "0-": frozenset((-1, 0)), "+-": frozenset((-1, 1)), None: frozenset((-1, 0, 1)),
}
ANY = _SETS[None]
MAX_FACTS = 40
_PRECISIONS = (96, 384, 1536)


class Open(Exception):
    """The sign of ``poly`` is needed and not known."""

    def __init__(self, poly: Term, nonzero: bool = False) -> None:
        super().__init__("an open sign")
        self.poly, self.nonzero = poly, nonzero


class Nowhere(Exception):
    """The term has no value: a division by 0, log 0."""


class Constants:
    """Arithmetic and signs of constants under the assumptions of ``sequent``."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.zero, self.one = field.constant(0), field.constant(1)
        self._signs: dict[tuple[str, str], frozenset[int]] = {}
        self._terms: dict[Term, Frac] = {}
        #: questions whose answer would simplify a constant (|p|, max(p, q)); nothing rests on them
        self.doubts: list[Open] = []
        self._facts: list[tuple[dict[int, Fraction], bool]] | None = None

    # ---------------------------------------------------------------- arithmetic

    def number(self, q: int | Fraction) -> Frac:
        return self.field.constant(q)

    def plus(self, a: Frac, b: Frac) -> Frac:
        if a.num == 0:
            return b
        if b.num == 0:
            return a
        return self.field._plus(a, b)

    def minus(self, a: Frac, b: Frac) -> Frac:
        return self.plus(a, Frac(-b.num, b.den))

    def times(self, a: Frac, b: Frac) -> Frac:
        if a.num == 0 or b.num == 0:
            return self.zero
        if a == self.one:
            return b
        if b == self.one:
            return a
        return self.field.times(a, b)

    def negative(self, a: Frac) -> Frac:
        return Frac(-a.num, a.den)

    def inverse(self, a: Frac) -> Frac:
        """1/a; a must be proved nonzero."""
        if a.num == 0:
            raise Nowhere("a division by 0")
        if 0 in self.signs(a):
            raise self.open(a, nonzero=True)
        return self.field.times(self.one, self.field._inverse(a))

    def power(self, a: Frac, q: Frac) -> Frac:
        """a^q: any a for natural q, nonzero a for integer q, else positive a."""
        r = self.rational(q)
        if r is not None and r.denominator == 1:
            return self.field.natural_power(a if r >= 0 else self.inverse(a), abs(int(r)))
        if a.num == 0 and r is not None and r > 0:
            return self.zero
        self.need_positive(a)
        if r is not None:
            return self.field.root(a, r)
        return self.field.exponential(self.field.times(q, self.field.logarithm(a)))

    def log(self, a: Frac) -> Frac:
        """The principal logarithm of a value proved nonzero."""
        if a.num == 0:
            raise Nowhere("log 0")
        if 0 in self.signs(a):
            raise self.open(a, nonzero=True)
        return self.field.logarithm(a)

    def exp(self, a: Frac) -> Frac:
        return self.field.exponential(a)

    @staticmethod
    def rational(a: Frac) -> Fraction | None:
        return Field.as_rational(a)

    def key(self, a: Frac) -> tuple[str, str]:
        return self.field.key(a)

    # ---------------------------------------------------------------- terms

    def read(self, t: Term) -> Frac:
        """The normal form of ``t``, every divisor and root in it proved to be defined and real."""
        found = self._terms.get(t)
        if found is None:
            found = self._terms[t] = self._read(t)
        return found

    def _read(self, t: Term) -> Frac:
        match t:
            case App("add", args):
                total = self.zero
                for a in args:
                    total = self.plus(total, self.read(a))
                return total
            case App("mul", args):
                product = self.one
                for a in args:
                    product = self.times(product, self.read(a))
                return product
            case App("neg", (a,)):
                return self.negative(self.read(a))
            case App("div", (a, b)):
                return self.times(self.read(a), self.inverse(self.read(b)))
            case App("pow", (a, b)):
                if a == App("e", ()):
                    return self.exp(self.read(b))
                base, exponent = self.read(a), self.read(b)
                r = self.rational(exponent)
                if is_integer(b, self.field.sequent.declarations) and r is None and (
                        self.signs(base) != {1}):
                    if 0 in self.signs(base):
                        raise self.open(base, nonzero=True)
                    return self.field.frac(t)
                return self.zero if base.num == 0 and r is not None and r > 0 else self.power(base, exponent)
            case App("sqrt", (a,)):
                inside = self.read(a)
                return self.zero if inside.num == 0 else self.power(inside, self.number(Fraction(1, 2)))
            case App("log", (a,)):
                return self.log(self.read(a))
            case App("exp", (a,)):
                return self.exp(self.read(a))
            case App("abs" | "sign" | "relu" | "max" | "min" as head, args):
                return self._by_sign(head, args, t)
            case _:
                return self.field.frac(t)

    def _by_sign(self, head: str, args: tuple[Term, ...], t: Term) -> Frac:
        """The branch that the known signs select; else an opaque value, and a doubt to split on."""
        values = [self.read(a) for a in args]
        best = values[0]
        if all(map(self.real, values)):
            other = values[1:] if head in ("max", "min") else [self.zero]
            for b in other:
                found = self.signs(self.minus(best, b))
                if found <= {0, 1} or found <= {-1, 0}:
                    up = found <= {0, 1}
                    match head:
                        case "abs":
                            best = best if up else self.negative(best)
                        case "relu":
                            best = best if up else self.zero
                        case "sign" if len(found) == 1:
                            best = self.number(next(iter(found)))
                        case "max" | "min":
                            best = best if up == (head == "max") else b
                        case _:
                            self.doubts.append(self.open(self.minus(best, b)))
                            return self.field.frac(t)
                else:
                    self.doubts.append(self.open(self.minus(best, b)))
                    return self.field.frac(t)
            return best
        return self.field.frac(t)

    def term(self, a: Frac) -> Term:
        """A term with this value.  Raises CannotNormalise for values without a name."""
        top, bottom = self._polynomial(a.num), self._polynomial(a.den)
        return top if bottom == ONE else app("div", top, bottom)

    def _polynomial(self, p: fmpq_mpoly) -> Term:
        parts: list[Term] = []
        for exponents, c in p.to_dict().items():
            q = Fraction(int(c.p), int(c.q))
            factors: list[Term] = [] if abs(q) == 1 and any(exponents) else [num(abs(q))]
            for k, e in enumerate(exponents):
                if e:
                    g = self._generator(self.field.generators[k])
                    factors.append(g if e == 1 else app("pow", g, num(int(e))))
            parts.append(app("neg", mul(*factors)) if q < 0 else mul(*factors))
        return add(*parts)

    def _generator(self, g: Generator) -> Term:
        if g.kind in ("name", "opaque", "imaginary"):
            if _nameless(g):
                raise CannotNormalise("a value without a name")
            return g.term
        if g.value is None:
            raise CannotNormalise("a value without a name")
        if g.kind == "root":
            return app("pow", self.term(g.value), num(Fraction(1, g.power)))
        return app(g.kind, self.term(g.value))

    # ---------------------------------------------------------------- signs

    def open(self, a: Frac, nonzero: bool = False) -> Open:
        """The question to split on: a factor of the numerator whose sign is not known."""
        for p in (a.num, a.den):
            if p == 0 or p.is_constant():
                continue
            for f, _ in p.factor()[1]:
                one = Frac(f, self.one.den)
                if (0 in self.signs(one)) if nonzero else len(self.signs(one)) > 1:
                    ratio = self._of_logs(one)
                    if ratio is not None:
                        return self.open(ratio, nonzero)
                    return Open(self.term(one), nonzero)
        return Open(self.term(a), nonzero)

    def need_positive(self, a: Frac) -> None:
        """log and real powers of a constant: at 0 undefined, below 0 outside the class (complex)."""
        found = self.signs(a)
        if a.num == 0:
            raise Nowhere("log 0, or a real power of 0")
        if found == _SETS["0"]:     # its roots are 0: nothing is undefined
            raise CannotNormalise("a power of a value that is 0, which its normal form does not show")
        if found == _SETS["-"] or not self.real(a):
            raise CannotNormalise("log or a real power of a value that is not positive")
        if found != _SETS["+"]:
            raise self.open(a)

    def sign(self, a: Frac) -> int:
        """The sign, or :class:`Open`."""
        found = self.signs(a)
        if len(found) != 1:
            raise self.open(a)
        return next(iter(found))

    def real(self, a: Frac) -> bool:
        return self.field.signs.real(a)

    def signs(self, a: Frac) -> frozenset[int]:
        if a.num == 0:
            return _SETS["0"]
        r = self.rational(a)
        if r is not None:
            return _SETS["+" if r > 0 else "-"]
        key = self.key(a)
        found = self._signs.get(key)
        if found is None:
            affine = self._affine(a.num) if a.den.is_constant() else None
            found = self._farkas(affine) if affine is not None else _SETS[self.field.signs.frac(a)]
            if len(found) > 1:
                found = self._by_factors(a, found)
            if len(found) > 1 and (ratio := self._of_logs(a)) is not None:
                found &= self.signs(ratio)
            self._signs[key] = found
        return found

    def _of_logs(self, a: Frac) -> Frac | None:
        """c_1 log u_1 + ... + c_n log u_n has the sign of u_1^(k c_1) ... u_n^(k c_n) - 1, for k > 0
        that makes the exponents integers (u_i > 0)."""
        if not a.den.is_constant():
            return None
        affine = self._affine(a.num / a.den.leading_coefficient())
        if affine is None or -1 in affine:
            return None
        scale = lcm(*(c.denominator for c in affine.values()))
        product = self.one
        for k, c in affine.items():
            g = self.field.generators[k]
            if g.kind != "log" or g.value is None or not g.real or abs(c * scale) > 200:
                return None
            product = self.field.times(product, self.field.natural_power(g.value, int(c * scale)))
        return self.minus(product, self.one)

    # ---------------------------------------------------------------- affine forms

    def _affine(self, p: fmpq_mpoly) -> dict[int, Fraction] | None:
        """Coefficients by generator (-1: the constant), if p has degree 1 in real generators."""
        if p == 0 or int(p.total_degree()) > 1:
            return None
        out: dict[int, Fraction] = {}
        for exponents, c in p.to_dict().items():
            k = next((k for k, e in enumerate(exponents) if e), -1)
            if k >= 0 and not self.field.generators[k].real:
                return None
            out[k] = Fraction(int(c.p), int(c.q))
        return out

    def _farkas(self, p: dict[int, Fraction]) -> frozenset[int]:
        """
            p = l_0 + sum l_i h_i,   l_i >= 0,   h_i >= 0 (or > 0) affine facts
            --------------------------------------------------------------------
            p >= 0;  p > 0 if l_0 > 0 or some strict fact has l_i > 0

        The multipliers come from an exact linear program and are checked here.
        """
        facts = self._affine_facts(p)
        up, down = (_conic(q, facts) for q in (p, {k: -c for k, c in p.items()}))
        if up == 1 or down == 1:
            return _SETS["+" if up == 1 else "-"]
        return frozenset(s for s in (-1, 0, 1) if not (up == 0 and s < 0) and not (down == 0 and s > 0))

    def _affine_facts(self, p: dict[int, Fraction]) -> list[tuple[dict[int, Fraction], bool]]:
        """The affine facts that share generators with p, directly or through others."""
        if self._facts is None:
            self._facts = [
                (affine, f.strict and not f.integer) for f in self.field.signs.facts()
                if (affine := self._affine(f.poly - 1 if f.strict and f.integer else f.poly)) is not None
            ]
        known = set(p)
        used: list[tuple[dict[int, Fraction], bool]] = []
        grew = True
        while grew:
            grew = False
            for fact in self._facts:
                if fact not in used and set(fact[0]) & (known - {-1}):
                    used.append(fact)
                    known |= set(fact[0])
                    grew = True
        for k in sorted(known - {-1}):
            sign = self.field.generators[k].sign
            if sign in ("+", "0+"):
                used.append(({k: Fraction(1)}, sign == "+"))
            elif sign in ("-", "0-"):
                used.append(({k: Fraction(-1)}, sign == "-"))
        return used[:MAX_FACTS]

    def _by_factors(self, a: Frac, known: frozenset[int]) -> frozenset[int]:
        """Numbers without parameters among the factors are enclosed in balls."""
        result = _SETS["+"]
        for p in (a.num, a.den):
            if p.is_constant():
                result = _multiplied(result, _SETS["+" if p.leading_coefficient() > 0 else "-"])
                continue
            content, factors = p.factor()
            result = _multiplied(result, _SETS["+" if content > 0 else "-"])
            for f, e in factors:
                one = _SETS[self.field.signs.polynomial(f)]
                if len(one) > 1:
                    one = one & self._by_ball(f)
                if len(one) > 1 and (difference := self._of_exponentials(f)) is not None:
                    one = one & self.signs(difference)
                if int(e) % 2 == 0:
                    real = self.real(Frac(f, self.one.den))
                    one = frozenset(s * s for s in one) if real else (ANY if 0 in one else _SETS["+-"])
                result = _multiplied(result, one)
        return known & result

    def _of_exponentials(self, p: fmpq_mpoly) -> Frac | None:
        """e^u - e^v has the sign of u - v (u, v real): that difference, for two products of exponentials."""
        terms = p.to_dict()
        if len(terms) != 2:
            return None
        total, coefficients = self.zero, list(terms.values())
        if coefficients[0] != -coefficients[1]:
            return None
        for sign, exponents in zip((1, -1) if coefficients[0] > 0 else (-1, 1), terms, strict=True):
            for k, e in enumerate(exponents):
                if not e:
                    continue
                g = self.field.generators[k]
                if g.kind != "exp" or g.value is None or not self.real(g.value):
                    return None
                total = self.plus(total, self.times(g.value, self.number(sign * int(e))))
        return total

    def _by_ball(self, p: fmpq_mpoly) -> frozenset[int]:
        used = [k for k, d in enumerate(p.degrees()) if d]
        if not all(self._closed(self.field.generators[k]) for k in used):
            return ANY
        old = ctx.prec
        try:
            for precision in _PRECISIONS:
                ctx.prec = precision
                try:
                    z = self._ball(Frac(p, self.one.den))
                except (Unknown, Undefined):
                    continue
                if not z.is_finite() or z.contains(acb(0)):
                    continue
                real = self.real(Frac(p, self.one.den))
                if real and z.real > 0:
                    return _SETS["+"]
                if real and z.real < 0:
                    return _SETS["-"]
                return _SETS["+-"]
            return ANY
        finally:
            ctx.prec = old

    def _closed(self, g: Generator) -> bool:
        if g.kind in ("name", "opaque"):
            return not isinstance(g.term, Var) and not free_names(g.term) and not _nameless(g) and not (
                isinstance(g.term, App) and (not g.term.args and g.term.head != "pi"))
        if g.kind == "imaginary":
            return True
        return g.value is not None and all(
            self._closed(self.field.generators[k])
            for p in (g.value.num, g.value.den) for k, d in enumerate(p.degrees()) if d)

    def _ball(self, a: Frac) -> acb:
        bottom = self._ball_polynomial(a.den)
        if bottom.contains(acb(0)):
            raise Unknown("a divisor not told from 0")
        return self._ball_polynomial(a.num) / bottom

    def _ball_polynomial(self, p: fmpq_mpoly) -> acb:
        total = acb(0)
        for exponents, c in p.to_dict().items():
            z = acb(arb(int(c.p)) / int(c.q))
            for k, e in enumerate(exponents):
                if e:
                    z *= self._ball_generator(self.field.generators[k]) ** int(e)
            total += z
        return total

    def _ball_generator(self, g: Generator) -> acb:
        if g.kind == "imaginary":
            return acb(0, 1)
        if g.kind in ("name", "opaque"):
            if g.term == App("pi", ()):
                return acb(arb.pi())
            v = value(g.term, {}, {})
            return acb(arb(v.numerator) / v.denominator) if isinstance(v, Fraction) else acb(v)
        if g.value is None:
            raise Unknown("a value without a name")
        inside = self._ball(g.value)
        match g.kind:
            case "exp":
                return inside.exp()
            case "log":
                if inside.contains(acb(0)):
                    raise Unknown("log of a ball around 0")
                return inside.log()
            case _:
                return inside.sqrt() if g.power == 2 else inside.root(g.power) if hasattr(
                    inside, "root") else (inside.log() / g.power).exp()


def _nameless(g: Generator) -> bool:
    """The field's stand-in for a symbolic power: its term is no name of its value."""
    return g.kind == "opaque" and isinstance(g.term, App) and (g.term.head.startswith("#") or
        g.term.head == "pow" and (not g.term.args or g.term.args[0] == num(0)))


def _conic(p: dict[int, Fraction], facts: list[tuple[dict[int, Fraction], bool]]) -> int | None:
    """1: p > 0 follows, 0: p >= 0 follows, None: neither is found."""
    columns: list[tuple[dict[int, Fraction], bool]] = [*facts, ({-1: Fraction(1)}, True)]
    rows = sorted(set(p).union(*(c for c, _ in columns)))
    zero = Fraction(0)
    x = nonnegative_solution(
        [[c.get(k, zero) for c, _ in columns] for k in rows], [p.get(k, zero) for k in rows],
        [Fraction(int(strict)) for _, strict in columns])
    if x is None or min(x) < 0 or any(
            sum((v * c.get(k, zero) for v, (c, _) in zip(x, columns, strict=True)), zero) != p.get(k, zero)
            for k in rows):
        return None
    return int(any(v > 0 and strict for v, (_, strict) in zip(x, columns, strict=True)))


def _multiplied(a: frozenset[int], b: frozenset[int]) -> frozenset[int]:
    return frozenset(x * y for x in a for y in b)


__all__ = ["ANY", "Constants", "Nowhere", "Open"]
