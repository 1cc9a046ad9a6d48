"""Normal form over C: :class:`~.field.Field` with principal branches, conjugates and exact constants.

What it adds, each an identity wherever the raw term is defined:

1. **Inverse functions** by their logarithmic definitions (DLMF 4.23(iv), 4.37(iv)), valid on the cuts too:
   asin z = -i log(i z + sqrt(1 - z^2)),  acos z = pi/2 - asin z,  atan z = (i/2)(log(1 - i z) - log(1 + i z)),
   asinh z = log(z + sqrt(z^2 + 1)),  acosh z = log(z + sqrt(z - 1) sqrt(z + 1)),
   atanh z = (log(1 + z) - log(1 - z))/2,  acot z = atan(1/z) where z != 0,  atan2(y, x) = arg(x + i y).
2. **Conjugates** generator by generator: i to -i, z to a generator of its own, exp(e) to exp(conj e),
   log w to log |w|^2 - log w (w != 0 where log w is defined), a root g of w, off the cut, to the root of conj w.
   re, im, arg and |.| from these; |u v| = |u| |v|, |exp e| = exp(re e).
3. **Logarithms and roots of products** by arguments (``angles``): each factor f is r exp(i A); where the sum of
   the A lies in (2m - 1, 2m + 1] pi, log of the product is the sum of the log r + i A less 2 pi i m.
4. z^w = exp(w log z) (w not an integer; or z known to be nonzero), exp(i pi n) with g^2 = 1 for integer n.
5. A polynomial is 0 if the coefficients, algebraic numbers, are (``algebraic``); signs of constants by balls.

FAILURE: as for ``Field``.  A conjugate that is not known makes the form fail (:class:`CannotNormalise`).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import lcm
from typing import cast

from flint import arb, ctx, fmpq, fmpq_mpoly

from .algebraic import Numbers
from .angles import ALL, LOWER, PRINCIPAL, REAL, RIGHT, UPPER, Interval, exactly
from .claim import Sequent
from .evaluate import Undefined, Unknown, real_ball, to_ball, value
from .field import _CTX, _GENS, _ONE, CannotNormalise, Field, Frac, Generator, _primes, _Restart
from .kinds import is_integer, kind
from .signs import _FLIP, Fact, Signs, product
from .term import App, Num, Term, Var, add, app, free_names, mul, num, sub

HALF = Fraction(1, 2)
MAX_WORK = 4_000        # operations of one normal form, restarts included
#: The signs of a - b for which a relation holds, and those for which it fails.
_TRUE_FOR = {"=": ("0",), "!=": ("+", "-", "+-"), "<": ("-",), "<=": ("-", "0-", "0"), ">": ("+",),
             ">=": ("+", "0+", "0")}
_FALSE_FOR = {"=": _TRUE_FOR["!="], "!=": _TRUE_FOR["="], "<": _TRUE_FOR[">="], "<=": _TRUE_FOR[">"],
              ">": _TRUE_FOR["<="], ">=": _TRUE_FOR["<"]}


def inverse_function(head: str, z: Term) -> Term:
    """The logarithmic definition of an inverse function, as a term."""
    i, one = app("i"), num(1)
    square = app("pow", z, num(2))
    match head:
        case "asin":
            return mul(app("neg", i), app("log", add(mul(i, z), app("sqrt", sub(one, square)))))
        case "acos":
            return sub(app("div", app("pi"), num(2)), app("asin", z))
        case "atan":
            return mul(app("div", i, num(2)), sub(app("log", sub(one, mul(i, z))), app("log", add(one, mul(i, z)))))
        case "asinh":
            return app("log", add(z, app("sqrt", add(one, square))))
        case "acosh":
            return app("log", add(z, mul(app("sqrt", sub(z, one)), app("sqrt", add(z, one)))))
        case _:     # atanh
            return app("div", sub(app("log", add(one, z)), app("log", sub(one, z))), num(2))


class Principal(Field):
    """The normal form for one sequent, over C."""

    work = 0

    def _reset(self) -> None:
        super()._reset()
        self.numbers = Numbers(self)
        self._conjugates: dict[int, Frac] = {}
        self._pending: set[int] = set()
        self._ranges: dict[str, Interval] | None = None
        self._quadrants: dict[tuple[str, str], tuple[str | None, str | None]] = {}

    @property
    def signs(self) -> PrincipalSigns:
        if self._signs is None:
            self._signs = PrincipalSigns(self)
        return cast(PrincipalSigns, self._signs)

    # ------------------------------------------------------------------ questions

    def is_zero(self, t: Term) -> bool:
        return self._settled(lambda: self.vanishes(self.frac(t)))

    def equal(self, a: Term, b: Term) -> bool:
        return self._settled(lambda: self.vanishes(self._subtract(self.frac(a), self.frac(b))))

    def differ(self, a: Term, b: Term) -> bool:
        """Whether a - b is seen to be nonzero wherever it is defined."""
        return self._settled(lambda: self.nonzero(self._subtract(self.frac(a), self.frac(b))))

    def vanishes(self, u: Frac) -> bool:
        return self.numbers.zero(u.num) or self.numbers.zero(self.signs.cartesian(u).num)

    def _make(self, n: fmpq_mpoly, d: fmpq_mpoly) -> Frac:
        """As in ``Field``, with no factor i in the denominator."""
        self.work += 1
        if self.work > MAX_WORK:
            raise CannotNormalise(f"more than {MAX_WORK} operations")
        made = super()._make(n, d)
        k = self.table.get("i")
        if k is not None and not made.den.is_constant() and divmod(made.den, _GENS[k])[1] == 0:
            return super()._make(made.num * _GENS[k], made.den * _GENS[k])
        return made

    # ------------------------------------------------------------------ terms

    def _frac(self, t: Term) -> Frac:
        match t:
            case App("conj", (a,)):
                return self.conj(self.frac(a))
            case App("re", (a,)):
                return self.real_part(self.frac(a))
            case App("im", (a,)):
                return self.imaginary_part(self.frac(a))
            case App("abs", (a,)):
                return self.size(self.frac(a))
            case App("arg", (a,)):
                return self.argument(self.frac(a))
            case App("atan2", (y, x)):
                return self.argument(self.frac(add(x, mul(app("i"), y))))
            case App("sign", (a,)):
                return self._sign_function(self.frac(a), t)
            case App("acot", (a,)):
                u = self.frac(a)
                if not self.nonzero(u):
                    return self.opaque(t, ("acot", self.key(u)))
                return self.frac(app("atan", app("div", num(1), a)))
            case App("cases", args) if (chosen := self._case(args)) is not None:
                return self.frac(chosen)
            case App("asin" | "acos" | "atan" | "asinh" | "acosh" | "atanh" as head, (a,)):
                return self.frac(inverse_function(head, a))
        return super()._frac(t)

    def _case(self, args: tuple[Term, ...]) -> Term | None:
        """The value of the first guard that holds, where the assumptions decide the guards up to it."""
        for branch, guard in zip(args[0::2], args[1::2], strict=True):
            known = self.holds(guard)
            if known is None:
                return None
            if known:
                return branch
        return None

    def holds(self, guard: Term) -> bool | None:
        """Whether a guard is true everywhere, false everywhere, or neither is seen."""
        match guard:
            case App("true", ()):
                return True
            case App("false", ()):
                return False
            case App("not", (a,)):
                known = self.holds(a)
                return None if known is None else not known
            case App("and" | "or" as head, args):
                found = [self.holds(a) for a in args]
                if (head == "or") in found:
                    return head == "or"
                return None if None in found else head == "and"
            case App("=" | "!=" | "<" | "<=" | ">" | ">=" as head, (a, b)):
                sign = self.signs.frac(self._subtract(self.frac(a), self.frac(b)))
                if sign is None:
                    return None
                if sign in _TRUE_FOR[head]:
                    return True
                return False if sign in _FALSE_FOR[head] else None
            case _:
                return None

    def _sign_function(self, u: Frac, t: Term) -> Frac:
        known = self.signs.frac(u)
        if known in ("+", "-", "0"):
            return self.constant({"+": 1, "-": -1, "0": 0}[known])
        if self.nonzero(u):
            return self.times(u, self._inverse(self.modulus(u)))
        return self.opaque(t, ("sign", self.key(u)))

    def _absolute(self, u: Frac, a: Term) -> Frac:
        return self.size(u)

    def size(self, u: Frac) -> Frac:
        """|u|: u or -u where its sign is known."""
        match self.signs.frac(u):
            case "+" | "0+" | "0":
                return u
            case "-" | "0-":
                return Frac(-u.num, u.den)
            case _:
                return self.modulus(u)

    # ------------------------------------------------------------------ conjugates

    def conj(self, u: Frac) -> Frac:
        top, bottom = self._conj_polynomial(u.num), self._conj_polynomial(u.den)
        return self.times(top, self._inverse(bottom))

    def _conj_polynomial(self, p: fmpq_mpoly) -> Frac:
        strange = [k for k in self.signs._used(p) if not self.generators[k].real]
        if not strange:
            return Frac(p, _ONE)
        parts: dict[tuple[int, ...], dict[tuple[int, ...], fmpq]] = {}
        for exponents, c in p.to_dict().items():
            e = list(map(int, exponents))
            powers = tuple(e[k] for k in strange)
            for k in strange:
                e[k] = 0
            parts.setdefault(powers, {})[tuple(e)] = c
        total = self.constant(0)
        for powers, terms in parts.items():
            part = Frac(_CTX.from_dict(terms), _ONE)
            for k, n in zip(strange, powers, strict=True):
                if n:
                    part = self.times(part, self.natural_power(self._conj_generator(k), n))
            total = self._plus(total, part)
        return total

    def _conj_generator(self, k: int) -> Frac:
        found = self._conjugates.get(k)
        if found is None:
            if k in self._pending:
                raise CannotNormalise("a conjugate that rests on itself")
            self._pending.add(k)
            try:
                found = self._conjugates[k] = self._conjugate(k)
            finally:
                self._pending.discard(k)
        return found

    def _conjugate(self, k: int) -> Frac:
        g, own = self.generators[k], self._as_frac(k)
        match g.kind:
            case "imaginary":
                return Frac(-_GENS[k], _ONE)
            case "name" | "opaque":
                j = self._generator(("conj", k), Generator(app("conj", g.term), "conj", False, None))
                self._conjugates[j] = own
                return self._as_frac(j)
            case "exp" if g.value is not None:
                return self.exponential(self.conj(g.value))
            case "log" if g.value is not None:
                return self._subtract(self.times(self.constant(2), self._log_modulus(g.value)), own)
            case "turns":
                return self._inverse(own)
            case "root" if g.value is not None and self.off_cut(g.value):
                return self.root(self.conj(g.value), Fraction(1, g.power))
            case "root" if g.value is not None and self.nonzero(g.value):
                norm = self.natural_power(self.modulus(g.value), 2)
                return self.times(self.root(norm, Fraction(1, g.power)), self._inverse(own))
        raise CannotNormalise("a conjugate on a cut")

    def real_part(self, u: Frac) -> Frac:
        return self.times(self._plus(u, self.conj(u)), self.constant(HALF))

    def imaginary_part(self, u: Frac) -> Frac:
        below = self.times(self.constant(2), self._imaginary())
        return self.times(self._subtract(u, self.conj(u)), self._inverse(below))

    def is_real(self, u: Frac) -> bool:
        if all(self.generators[k].real for p in (u.num, u.den) for k in self.signs._used(p)):
            return True
        try:
            return self.vanishes(self._subtract(u, self.conj(u)))
        except CannotNormalise:
            return False

    # ------------------------------------------------------------------ modulus and argument

    def modulus(self, u: Frac) -> Frac:
        """|u|, factor by factor."""
        result = self.constant(1)
        for p, direction in ((u.num, 1), (u.den, -1)):
            if p == 0:
                return self.constant(0)
            content, factors = self._factors(p)
            result = self.times(result, self.natural_power(self.constant(abs(content)), direction))
            for f, e in factors:
                result = self.times(result, self.natural_power(self._modulus_factor(Frac(f, _ONE)), direction * e))
        return result

    def _modulus_factor(self, f: Frac) -> Frac:
        used = self.signs._used(f.num)
        if all(self.generators[k].real for k in used):
            return self._signed(f)
        if len(used) == 1 and f.num == _GENS[used[0]]:
            g = self.generators[used[0]]
            if g.kind == "imaginary":
                return self.constant(1)
            if g.kind == "exp" and g.value is not None:
                return self.exponential(self.real_part(g.value))
            if g.kind == "root" and g.value is not None and g.power:
                return self.root(self.modulus(g.value), Fraction(1, g.power))
        norm = self.times(f, self.conj(f))
        if (root := self._square(norm)) is not None:
            return self._signed(root)
        if all(self.generators[k].real for p in (norm.num, norm.den) for k in self.signs._used(p)) and (
                self.signs.frac(norm) in ("+", "0+")):
            return self.root(norm, HALF)
        sign = "+" if self.nonzero(f) else "0+"
        g = Generator(app("abs", Var("...")), "root", True, sign, False, 2, norm)
        return self._as_frac(self._generator(("modulus", self.key(norm)), g))

    def _signed(self, w: Frac) -> Frac:
        """|w| for a real w in whose normal form complex generators may stand."""
        match self.signs.frac(w):
            case "+" | "0+" | "0":
                return w
            case "-" | "0-":
                return Frac(-w.num, w.den)
            case sign:
                g = Generator(app("abs", Var("...")), "root", True, "+" if sign == "+-" else "0+", False, 2,
                              self.times(w, w))
                return self._as_frac(self._generator(("abs", *sorted((self.key(w), self.key(Frac(-w.num, w.den))))), g))

    def _log_modulus(self, u: Frac) -> Frac:
        return self._log_factor(self.modulus(u))

    def _log_factor(self, r: Frac) -> Frac:
        """log r for an r that is positive wherever it is nonzero: factor by factor if each factor is."""
        pieces: list[tuple[Frac, int]] = []
        for p, direction in ((r.num, 1), (r.den, -1)):
            content, factors = self._factors(p)
            if content < 0 or any(self.signs.polynomial(f) not in ("+", "0+") for f, _ in factors):
                return self._log_generator(r, True)
            pieces += [(self.constant(prime), e * direction) for prime, e in _primes(content)]
            pieces += [(Frac(f, _ONE), e * direction) for f, e in factors]
        total = self.constant(0)
        for f, e in pieces:
            total = self._plus(total, self.times(self.constant(e), self._log_positive(f)))
        return total

    def _log_positive(self, f: Frac) -> Frac:
        used = self.signs._used(f.num)
        if f.den == _ONE and len(used) == 1 and f.num == _GENS[used[0]]:
            g = self.generators[used[0]]
            if g.kind == "root":
                if g.value is None or g.term == app("abs", Var("...")) or not all(
                        self.generators[k].real for k in self.signs._used(g.value.num)):
                    return self._log_generator(f, True)
                return self.times(self.constant(Fraction(1, g.power)), self._log_factor(g.value))
        return super()._log_positive(f)

    def argument(self, u: Frac) -> Frac:
        """arg u = (log u - log |u|)/i."""
        turned = self._subtract(self.logarithm(u), self._log_modulus(u))
        return self.times(turned, self._inverse(self._imaginary()))

    # ------------------------------------------------------------------ where a value lies

    def nonzero(self, u: Frac) -> bool:
        if u.num == 0:
            return False
        if self.signs.frac(u) in ("+", "-", "+-"):
            return True
        used = [*self.signs._used(u.num), *self.signs._used(u.den)]
        if used and all(map(self.numbers.constant, used)):
            return self.numbers.nonzero(u)
        _, factors = self._factors(u.num)
        return all(self._nonzero_factor(f) for f, _ in factors)

    def _nonzero_factor(self, f: fmpq_mpoly) -> bool:
        used = self.signs._used(f)
        if len(used) == 1 and f == _GENS[used[0]]:
            g = self.generators[used[0]]
            if g.kind in ("exp", "imaginary"):
                return True
            if g.kind == "root" and g.value is not None and self.nonzero(g.value):
                return True
            if not self.signs.formulas:
                return g.sign in ("+", "-", "+-")
        whole = Frac(f, _ONE)
        if self.signs.polynomial(f) in ("+", "-", "+-"):
            return True
        try:
            return any(self.signs.frac(part(whole)) in ("+", "-", "+-")
                       for part in (self.imaginary_part, self.real_part))
        except CannotNormalise:
            return False

    def off_cut(self, u: Frac) -> bool:
        """u is not on (-oo, 0] (where the principal branches are not continuous)."""
        place = self.place(u)
        return place is not None and place.within(Fraction(-1), Fraction(1), True, True)

    def place(self, u: Frac) -> Interval | None:
        """An interval for the principal argument of u, from the signs of its parts; None if nothing is known."""
        return self._place(u, *self._signs_of_parts(u))

    def _signs_of_parts(self, u: Frac) -> tuple[str | None, str | None]:
        """The signs of re u and im u."""
        key = self.key(u)
        if key not in self._quadrants:
            self._quadrants[key] = (None, None)     # a question inside its own answer: nothing is known
            try:
                mirror = self.conj(u)
                below = self.times(self.constant(2), self._imaginary())
                re = self.signs.frac(self._plus(u, mirror))
                im = self.signs.frac(self.times(self._subtract(u, mirror), self._inverse(below)))
            except CannotNormalise:
                return None, None
            if self.signs._collecting:
                del self._quadrants[key]
                return re, im
            self._quadrants[key] = re, im
        return self._quadrants[key]

    def _place(self, u: Frac, re: str | None, im: str | None) -> Interval | None:
        if im == "0" and re in ("+", "-"):
            return exactly(0 if re == "+" else 1)
        if im == "0":
            return REAL if re == "+-" or self.signs._nonzero_by_facts(u) else None
        where: Interval | None = None
        match re:
            case "+":
                where = RIGHT
            case "0+" if im in ("+", "-", "+-"):
                where = Interval(-HALF, HALF)
        match im:
            case "+":
                where = UPPER if where is None else where.meet(UPPER)
            case "-":
                where = LOWER if where is None else where.meet(LOWER)
            case "0+" if where is not None:
                where = where.meet(Interval(Fraction(0), Fraction(1)))
            case "0-" if where is not None:
                where = where.meet(Interval(Fraction(-1), Fraction(0), True, False))
            case "0+" if self.nonzero(u):
                where = REAL
        if im == "+" and re in ("-", "0-"):
            where = Interval(HALF, Fraction(1), re == "-", True)
        if im == "-" and re in ("-", "0-"):
            where = Interval(Fraction(-1), -HALF, True, re == "-")
        return where

    # ------------------------------------------------------------------ angles

    def ranges(self) -> dict[str, Interval]:
        """For each real name its range in units of pi, from bounds that are assumed."""
        if self._ranges is None:
            self._ranges = {}
            for left, relation, right in self.signs.formulas:
                for x, c, upper in ((left, right, False), (right, left, True)):
                    if relation != "!=" and isinstance(x, Var) and not free_names(c):
                        bound = self._in_pi(c, upper)
                        if bound is None:
                            continue
                        strict = relation == ">"
                        here = Interval(-ALL.high, bound, True, strict) if upper else Interval(
                            bound, ALL.high, strict, True)
                        self._ranges[x.name] = self._ranges.get(x.name, ALL).meet(here)
        return self._ranges

    @staticmethod
    def _in_pi(c: Term, upper: bool) -> Fraction | None:
        """c/pi: exactly if it is rational by form, else rounded outward."""
        plain = Field(Sequent({}, (), c))
        try:
            q = Field.as_rational(plain.times(plain.frac(c), plain._inverse(plain.frac(App("pi", ())))))
            if q is not None:
                return q
            old = ctx.prec
            try:
                ctx.prec = 64
                x = real_ball(to_ball(value(c, {}, {}))) / arb.pi()
            finally:
                ctx.prec = old
            scaled = ((x * 2**30).upper().ceil() if upper else (x * 2**30).lower().floor()).unique_fmpz()
            return None if scaled is None else Fraction(int(scaled), 2**30)
        except (CannotNormalise, _Restart, Undefined, Unknown, ValueError, TypeError):
            return None

    def span(self, theta: Frac) -> Interval:
        """The range of a linear form in real names and pi, in units of pi."""
        if not theta.den.is_constant():
            return ALL
        total = exactly(0)
        lead = theta.den.leading_coefficient()
        pi = self.table.get(App("pi", ()))
        for exponents, c in theta.num.to_dict().items():
            used = [(k, int(e)) for k, e in enumerate(exponents) if e]
            c = c / lead
            q = Fraction(int(c.p), int(c.q))
            if len(used) != 1 or used[0][1] != 1:
                return exactly(0) if not used and q == 0 else ALL
            k = used[0][0]
            term = self.generators[k].term
            if k == pi:
                total += exactly(q)
            elif isinstance(term, Var) and self.generators[k].real:
                total += self.ranges().get(term.name, ALL).times(q)
            else:
                return ALL
        return total

    def _turning(self, f: fmpq_mpoly) -> tuple[Frac, Frac] | None:
        """f = R exp(i A) with R real and A a real form, for f of two terms in exponentials exp(i ...)."""
        terms = list(f.to_dict().items())
        if len(terms) != 2 or abs(terms[0][1]) != abs(terms[1][1]):
            return None
        halves = self.constant(0)
        for k, (e1, e2) in enumerate(zip(terms[0][0], terms[1][0], strict=True)):
            if not e1 and not e2:
                continue
            g = self.generators[k]
            if g.kind != "exp" or g.value is None or (int(e1) + int(e2)) % 2:
                return None
            halves = self._plus(halves, self.times(g.value, self.constant((int(e1) + int(e2)) // 2)))
        if terms[0][1] * terms[1][1] < 0:
            pi = self.opaque(App("pi", ()), sign="+")
            quarter = self.times(self.times(self._imaginary(), pi), self.constant(HALF))
            halves = self._plus(halves, quarter)
        angle = self.times(halves, self._inverse(self._imaginary()))
        if not self.is_real(angle):
            return None
        radius = self.times(Frac(f, _ONE), self.exponential(Frac(-halves.num, halves.den)))
        return radius, angle

    def _grouped(self, factors: list[tuple[fmpq_mpoly, int]]) -> list[tuple[fmpq_mpoly, int]]:
        """Factors of equal multiplicity whose product has two terms are left together: exp(2 i x) - 1."""
        strange = [(f, e) for f, e in factors if len(f) == 2 and any(
            self.generators[k].kind == "exp" for k in self.signs._used(f))]
        out = [pair for pair in factors if pair not in strange]
        for e in dict.fromkeys(e for _, e in strange):
            alike = [f for f, n in strange if n == e]
            whole = _ONE
            for f in alike:
                whole *= f
            out += [(whole, e)] if len(whole) == 2 else [(f, e) for f in alike]
        return out

    def _radius_sign(self, f: fmpq_mpoly, angle: Frac) -> str | None:
        """The sign of R = c (exp(i d) + exp(-i d)) = 2 c cos d, from the range of d (see ``_turning``)."""
        e1, c1 = next(iter(f.to_dict().items()))
        first = self.constant(0)
        for k, e in enumerate(e1):
            if e:
                exponent = cast(Frac, self.generators[k].value)      # an exponential: see ``_turning``
                first = self._plus(first, self.times(exponent, self.constant(int(e))))
        # exp(first) = exp(i angle) exp(i d)
        d = self._subtract(self.times(first, self._inverse(self._imaginary())), angle)
        r = self.span(d)
        if abs(r.low) == ALL.high or abs(r.high) == ALL.high:
            return None
        m = round((Fraction(r.low) + Fraction(r.high)) / 2)
        if not r.within(m - HALF, m + HALF, False, False):
            return None
        open_ = r.within(m - HALF, m + HALF, True, True)
        positive = (m % 2 == 0) == (c1 > 0)
        return ("" if open_ else "0") + ("+" if positive else "-")

    # ------------------------------------------------------------------ products: logarithms and roots

    def _parts(self, u: Frac, weak: bool) -> tuple[list[tuple[Frac, int]], list[tuple[Frac, int]], Interval, Frac]:
        """u as positive factors, other factors, and exp(i A): (positive, others, range of A, A in radians).

        ``weak``: nonnegative factors count as positive (roots with a positive exponent; a factor of the
        denominator is nonzero where u is defined).
        """
        positive: list[tuple[Frac, int]] = []
        others: dict[str, tuple[Frac, int]] = {}
        angle = self.constant(0)
        constant = Fraction(1)
        pi = self.opaque(App("pi", ()), sign="+")

        def turn(a: Frac, e: int) -> None:
            nonlocal angle
            angle = self._plus(angle, self.times(a, self.constant(e)))

        for p, direction in ((u.num, 1), (u.den, -1)):
            c, factors = self._factors(p)
            constant *= c if direction == 1 else 1 / c
            for f, e in self._grouped(factors):
                e *= direction
                whole = Frac(f, _ONE)
                used = self.signs._used(f)
                if len(used) == 1 and f == _GENS[used[0]]:
                    g = self.generators[used[0]]
                    if g.kind == "imaginary":
                        turn(self.times(pi, self.constant(HALF)), e)
                        continue
                    if g.kind == "exp" and not g.real and g.value is not None:
                        im = self.imaginary_part(g.value)
                        size = self.exponential(self.real_part(g.value))
                        if size.num != _ONE or size.den != _ONE:
                            positive.append((size, e))
                        turn(im, e)
                        continue
                sign = self.signs.polynomial(f)
                allowed = ("+",) if not weak and e > 0 else ("+", "0+")
                if sign in ("-", "0-") and {"-": "+", "0-": "0+"}[sign] in allowed:
                    whole, sign = Frac(-f, _ONE), {"-": "+", "0-": "0+"}[sign]
                    turn(pi, e)
                if sign in allowed:
                    positive.append((whole, e))
                    continue
                if len(used) and all(self.generators[k].real for k in used):
                    if e % 2 == 0 and (weak or e < 0 or self.nonzero(whole)):
                        positive.append((self.modulus(whole), e))
                        continue
                elif (turned := self._turning(f)) is not None:
                    radius, a = turned
                    sign = self._radius_sign(f, a)
                    if sign in ("-", "0-"):
                        radius, sign = Frac(-radius.num, radius.den), sign.replace("-", "+")
                        turn(pi, e)
                    if sign in allowed:
                        positive.append((radius, e))
                        turn(a, e)
                        continue
                others[str(f)] = (whole, others.get(str(f), (whole, 0))[1] + e)
        for prime, e in _primes(abs(constant)):
            positive.append((self.constant(prime), e))
        if constant < 0:
            turn(pi, 1)
        self._pair(positive, others)
        rest: list[tuple[Frac, int]] = [pair for pair in others.values() if pair[1]]
        return positive, rest, self.span(angle), angle

    def _pair(self, positive: list[tuple[Frac, int]], others: dict[str, tuple[Frac, int]]) -> None:
        """f conj(f) = |f|^2."""
        for key, (f, e) in list(others.items()):
            if e == 0 or others[key][1] == 0:
                continue
            try:
                mirror = self.conj(f)
            except CannotNormalise:
                continue
            other = str(mirror.num) if mirror.den == _ONE else ""
            if other == key or other not in others or others[other][1] * e <= 0:
                continue
            n = min(abs(e), abs(others[other][1])) * (1 if e > 0 else -1)
            if not self.nonzero(f):
                continue
            positive.append((self.modulus(f), 2 * n))
            others[key] = (f, e - n)
            others[other] = (others[other][0], others[other][1] - n)

    def _canonical(self, f: Frac) -> tuple[int, bool, Frac]:
        """f = i^k h, or i^k conj(h) if the flag is set: h is the same for f, i f, -f, -i f and conjugates."""
        re, im = self._signs_of_parts(f)
        mirrors: list[tuple[bool, Frac]] = [(False, f)]
        if self.off_cut(f):
            mirrored = self.conj(f)
            if mirrored.den == _ONE:
                mirrors.append((True, mirrored))
        choices: list[tuple[tuple[int, str], int, bool, Frac]] = []
        for flipped, h in mirrors:
            x, y = (re, _FLIP[im]) if flipped else (re, im)
            for k in range(4) if "i" in self.table else (0, 2):
                g = self.times(h, self.natural_power(self._imaginary(), -k % 4)) if k else h
                # i^(-k) (x + i y)
                place = self._place(g, *((x, y), (y, _FLIP[x]), (_FLIP[x], _FLIP[y]), (_FLIP[y], x))[k])
                on_cut = place is None or not place.within(Fraction(-1), Fraction(1), True, True)
                choices.append(((int(on_cut), str(g.num)), k, flipped, g))
        _, k, flipped, h = min(choices, key=lambda c: c[0])
        # conj(f) = i^k h  means  f = i^(-k) conj(h)
        return (-k % 4 if flipped else k), flipped, h

    def _angle(self, f: Frac) -> Interval:
        """The range of the principal argument of a factor."""
        used = self.signs._used(f.num)
        if len(used) == 1 and f.num == _GENS[used[0]]:
            g = self.generators[used[0]]
            if g.kind == "root" and g.value is not None and g.power:
                inner = self.place(g.value) or PRINCIPAL
                return inner.times(Fraction(1, g.power))
        if all(self.numbers.constant(k) for k in used):
            return self.place(f) or PRINCIPAL
        if all(self.generators[k].real for k in used):
            return REAL
        return self.place(f) or PRINCIPAL

    def _analysed(self, rest: Iterable[tuple[Frac, int]]) -> tuple[list[tuple[Frac, bool, Fraction, int]], Interval]:
        """Factors (h, mirrored, quarters/2, e) and the range of the sum of e A."""
        out: list[tuple[Frac, bool, Fraction, int]] = []
        total = exactly(0)
        for f, e in rest:
            k, flipped, h = self._canonical(f)
            inside = self._angle(h)
            here = inside.times(Fraction(-1)) if flipped else inside
            plain = self._angle(f)
            turned = here + exactly(Fraction(k, 2))
            m = turned.turns()
            quarter = Fraction(k, 2)
            if m is not None:       # less m full turns it is the principal argument of f
                quarter -= 2 * m
                turned = (turned + exactly(-2 * m)).meet(plain)
            out.append((h, flipped, quarter, e))
            total += turned.times(Fraction(e))
        return out, total

    def logarithm(self, u: Frac) -> Frac:
        if u.num == 0:
            raise CannotNormalise("log of 0")
        positive, rest, span, angle = self._parts(u, False)
        total = self.constant(0)
        for r, e in positive:
            total = self._plus(total, self.times(self.constant(e), self._log_factor(r)))
        factors, inner = self._analysed(rest)
        m = (span + inner).turns()
        pi_i = self.times(self._imaginary(), self.opaque(App("pi", ()), sign="+"))
        if m is not None and len(rest) <= 8:
            for h, flipped, quarter, e in factors:
                one = self._log_generator(h, self.signs.frac(h) == "+")
                if flipped:
                    one = self._subtract(self.times(self.constant(2), self._log_modulus(h)), one)
                one = self._plus(one, self.times(pi_i, self.constant(quarter)))
                total = self._plus(total, self.times(self.constant(e), one))
            total = self._plus(total, self.times(self._imaginary(), angle))
            return self._plus(total, self.times(pi_i, self.constant(-2 * m)))
        return self._plus(total, self._log_generator(self._remaining(rest, angle), False))

    def _remaining(self, rest: list[tuple[Frac, int]], angle: Frac) -> Frac:
        whole = self.exponential(self.times(self._imaginary(), angle))
        for f, e in rest:
            whole = self.times(whole, self.natural_power(f, e))
        return whole

    def root(self, u: Frac, q: Fraction) -> Frac:
        if q.denominator == 1:
            return self.natural_power(u, int(q))
        if u.num == 0:
            if q < 0:
                raise CannotNormalise("a negative power of 0")
            return self.constant(0)
        positive, rest, span, angle = self._parts(u, q > 0)
        result = self.constant(1)
        for r, e in positive:
            result = self.times(result, self._root_factor(r, q * e))
        factors, inner = self._analysed(rest)
        m = (span + inner).turns()
        pi_i = self.times(self._imaginary(), self.opaque(App("pi", ()), sign="+"))
        if m is not None and len(rest) <= 8:
            for h, flipped, quarter, e in factors:
                if flipped:
                    result = self.times(result, self.natural_power(self._root_factor(self.modulus(h), q * e), 2))
                    result = self.times(result, self._inverse(self._root_of(h, q * e)))
                else:
                    result = self.times(result, self._root_of(h, q * e))
                result = self.times(result, self.exponential(self.times(pi_i, self.constant(quarter * q * e))))
            turn = self._plus(self.times(self._imaginary(), angle), self.times(pi_i, self.constant(-2 * m)))
            return self.times(result, self.exponential(self.times(turn, self.constant(q))))
        remaining = self._remaining(rest, angle)
        if q.denominator == 2 and (w := self._square(remaining)) is not None:
            return self.times(result, self.natural_power(self.size(w), q.numerator))
        g = Generator(app("sqrt", Var("...")), "root", False, None, False, q.denominator, remaining)
        k = self._generator(("root", self.key(remaining), q.denominator), g)
        return self.times(result, self.natural_power(self._as_frac(k), q.numerator))

    def _root_of(self, h: Frac, q: Fraction) -> Frac:
        """h^q, principal; exponents of one h add up."""
        if q.denominator == 1:
            return self.natural_power(h, int(q))
        key = ("root-of", self.key(h))
        named = (key[0], str(key[1]))
        scale = self.scale.get(named, 2)
        if scale % q.denominator:
            self.scale[named] = lcm(scale, q.denominator)
            raise _Restart
        real = self.signs.frac(h)
        sign = real if real in ("+", "0+") else None
        k = self._generator(key, Generator(app("sqrt", Var("...")), "root", sign is not None, sign, False, scale, h))
        return self.natural_power(self._as_frac(k), int(q * scale))

    def _root_factor(self, r: Frac, q: Fraction) -> Frac:
        """r^q for r >= 0 (r > 0 if q < 0), factor by factor where each is >= 0."""
        if q.denominator == 1:
            return self.natural_power(r, int(q))
        rational = self.as_rational(r)
        if rational is not None:
            result = self.constant(1)
            for prime, e in _primes(rational):
                result = self.times(result, self._nonnegative_power(self.constant(prime), q * e))
            return result
        pieces: list[tuple[Frac, Fraction]] = []
        for p, direction in ((r.num, 1), (r.den, -1)):
            content, factors = self._factors(p)
            if content != 1:
                pieces.append((self.constant(content), q * direction))
            pieces += [(Frac(f, _ONE), q * direction * e) for f, e in factors]
        if len(pieces) > 1 and all(self.signs.frac(f) in ("+", "0+") for f, _ in pieces):
            result = self.constant(1)
            for f, power in pieces:
                result = self.times(result, self._root_factor(f, power))
            return result
        if len(pieces) == 1 and pieces[0][0] == r and r.den == _ONE:
            return self._nonnegative_power(r, q)
        if q.denominator == 2 and (w := self._square(r)) is not None:
            return self.natural_power(self._signed(w), q.numerator)
        return self._nonnegative_power(r, q)

    def _positive_power(self, f: Frac, q: Fraction) -> Frac:
        return self._root_factor(f, q)

    def _nonnegative_power(self, r: Frac, q: Fraction) -> Frac:
        """r^q for one factor r >= 0: an exponential or a root of real values is opened, else a new generator."""
        if q.denominator == 1:
            return self.natural_power(r, int(q))
        used = self.signs._used(r.num)
        if r.den == _ONE and len(used) == 1 and r.num == _GENS[used[0]]:
            g = self.generators[used[0]]
            if g.kind == "exp" and g.value is not None:
                return self.exponential(self.times(g.value, self.constant(q)))
            if g.kind == "root" and g.value is not None and g.term != app("abs", Var("...")) and all(
                    self.generators[k].real for k in self.signs._used(g.value.num)):
                return self._root_factor(g.value, q / g.power)
        key = ("root-of", self.key(r))
        named = (key[0], str(key[1]))
        scale = self.scale.get(named, 2)        # most roots are square roots: no restart for these
        if scale % q.denominator:
            self.scale[named] = lcm(scale, q.denominator)
            raise _Restart
        sign = "+" if self.signs.frac(r) == "+" else "0+"
        k = self._generator(key, Generator(app("sqrt", Var("...")), "root", True, sign, False, scale, r))
        return self.natural_power(self._as_frac(k), int(q * scale))

    def _square(self, u: Frac) -> Frac | None:
        """w with w^2 = u and w real, if u is a square (up to -1) in the field."""
        from .field import _sqrt_fraction

        root = self.constant(1)
        for p, direction in ((u.num, 1), (u.den, -1)):
            content, factors = self._factors(p)
            size = _sqrt_fraction(abs(content))
            if size is None or any(e % 2 for _, e in factors):
                return None
            w = self.constant(size)
            if content < 0:
                w = self.times(w, self._imaginary())
            for f, e in factors:
                w = self.times(w, self.natural_power(Frac(f, _ONE), e // 2))
            root = self.times(root, w if direction == 1 else self._inverse(w))
        return root if self.is_real(root) and self.vanishes(self._subtract(self.times(root, root), u)) else None

    # ------------------------------------------------------------------ powers and exponentials

    def _power(self, base: Term, exponent: Term) -> Frac:
        if base == App("e", ()) or isinstance(exponent, Num):
            return super()._power(base, exponent)
        e, b = self.frac(exponent), self.frac(base)
        q = self.as_rational(e)
        if q is not None or b.num == 0:
            return super()._power(base, exponent)
        if kind(exponent, self.sequent.declarations) in ("integer", "rational"):    # then b may be 0
            if not self.nonzero(b):
                return super()._power(base, exponent)
            if is_integer(exponent, self.sequent.declarations):
                return self._integer_exponent(b, e)
        return self.exponential(self.times(e, self.logarithm(b)))      # b != 0 where the power is defined

    def _integer_exponent(self, b: Frac, e: Frac) -> Frac:
        """b^e for an integer e and b != 0: exp(e L) for *any* L with exp(L) = b."""
        positive, rest, _, angle = self._parts(b, False)
        total = self.times(self._imaginary(), angle)
        for r, n in positive:
            total = self._plus(total, self.times(self.constant(n), self._log_factor(r)))
        for f, n in rest:
            total = self._plus(total, self.times(
                self.constant(n), self._log_generator(f, self.signs.frac(f) == "+")))
        return self.exponential(self.times(e, total))

    def exponential(self, u: Frac) -> Frac:
        """Complex names in their parts: then |exp(z)| = exp(x) for z = x + i y."""
        return super().exponential(self.signs.cartesian(u))

    def _exp_monomial(self, m: Frac, c: Fraction) -> Frac:
        used = [(k, int(d)) for k, d in enumerate(m.num.degrees()) if d] if m.num != 0 else []
        if m.den.is_constant() and len(used) >= 3:
            whole = [k for k, _ in used if self.generators[k].integer]
            heads = {getattr(self.generators[k].term, "head", "") for k, d in used if k not in whole and d == 1}
            if heads == {"i", "pi"} and len(used) == len(whole) + 2:
                return self._integer_turns([(k, d) for k, d in used if k in whole], c)
        return super()._exp_monomial(m, c)

    def _integer_turns(self, integers: list[tuple[int, int]], c: Fraction) -> Frac:
        """exp(i pi c N), N a product of integers: g^(2s) = 1, s the denominator of the c that occur."""
        if c.denominator == 1:
            integers = [(k, 1) for k, _ in integers]       # n^2 = n modulo 2
        key = ("turns", *integers)
        named = ("turns", str(integers))
        scale = self.scale.get(named, 1)
        if scale % c.denominator:
            self.scale[named] = lcm(scale, c.denominator)
            raise _Restart
        g = Generator(app("exp", Var("...")), "turns", scale == 1, "+-" if scale == 1 else None, scale == 1,
                      2 * scale, self.constant(1))
        k = self._generator(key, g)
        return self.natural_power(self._as_frac(k), int(c * scale) % (2 * scale))


class PrincipalSigns(Signs):
    """Signs in a :class:`Principal`: complex names by their parts, constants by balls."""

    field: Principal

    def __init__(self, field: Principal) -> None:
        super().__init__(field)
        self._known: dict[str, str | None] = {}
        self._parts: dict[int, Frac] = {}

    def real(self, a: Frac) -> bool:
        return self.field.is_real(a)

    def facts(self) -> list[Fact]:
        if self._facts is None and not self._collecting:
            self._collecting = True
            facts: list[Fact] = []
            nonzero: list[fmpq_mpoly] = []
            try:
                for left, relation, right in self.formulas:
                    try:
                        d = self.field._subtract(self.field.frac(left), self.field.frac(right))
                        if relation == "!=":
                            nonzero += self._with_norm(d)
                            continue
                        d = self.cartesian(d)
                        den = self.polynomial(d.den)
                    except CannotNormalise:
                        continue
                    if den not in ("+", "-") or not self.real(d):
                        continue
                    p = d.num if den == "+" else -d.num
                    integer = all(self._integer_generator(k) for k in self._used(p)) and all(
                        int(c.q) == 1 for c in p.coeffs())
                    facts.append(Fact(p, relation == ">", integer))
            finally:
                self._collecting = False
                self._known.clear()
            self._facts, self._nonzero = facts, nonzero
        return self._facts or []

    def _with_norm(self, d: Frac) -> list[fmpq_mpoly]:
        """What is nonzero with d: d itself, in parts, and d conj(d)."""
        found = [d.num]
        try:
            c = self.cartesian(d)
            found.append(c.num)
            found.append(self.cartesian(self.field.times(d, self.field.conj(d))).num)
        except CannotNormalise:
            pass
        return found

    def cartesian(self, a: Frac) -> Frac:
        """Complex names and their conjugates written x + i y, x - i y."""
        return self.field.times(self._cartesian(a.num), self.field._inverse(self._cartesian(a.den)))

    def _cartesian(self, p: fmpq_mpoly) -> Frac:
        field = self.field
        strange = [k for k in self._used(p) if field.generators[k].kind in ("name", "conj")
                   and not field.generators[k].real]
        if not strange:
            return Frac(p, _ONE)
        total = field.constant(0)
        for exponents, c in p.to_dict().items():
            e = list(map(int, exponents))
            powers = [(k, e[k]) for k in strange if e[k]]
            for k in strange:
                e[k] = 0
            part = Frac(_CTX.from_dict({tuple(e): c}), _ONE)
            for k, n in powers:
                part = field.times(part, field.natural_power(self._in_parts(k), n))
            total = field._plus(total, part)
        return total

    def _in_parts(self, k: int) -> Frac:
        if k not in self._parts:
            field = self.field
            g = field.generators[k]
            own = g.kind == "name"
            j = k if own else next(j for j, c in field._conjugates.items() if c.num == _GENS[k] and c.den == _ONE)
            term = field.generators[j].term
            x = field._as_frac(field._generator(("re", j), Generator(app("re", term), "part", True, None)))
            y = field._as_frac(field._generator(("im", j), Generator(app("im", term), "part", True, None)))
            iy = field.times(field._imaginary(), y)
            self._parts[k] = field._plus(x, iy) if own else field._subtract(x, iy)
        return self._parts[k]

    def frac(self, a: Frac) -> str | None:
        if a.num == 0:
            return "0"
        key = f"{a.num}/{a.den}"
        if key not in self._known:
            self._known[key] = None         # a question inside its own answer: nothing is known
            answer = self._frac(a)
            if self._collecting:
                del self._known[key]
                return answer
            self._known[key] = answer
        return self._known[key]

    def _frac(self, a: Frac) -> str | None:
        used = [*self._used(a.num), *self._used(a.den)]
        if self.field.numbers.zero(a.num):
            return "0"
        if used and all(map(self.field.numbers.constant, used)):
            return self.field.numbers.sign(a) if self.real(a) else None
        plain = product(self.polynomial(a.num), self.polynomial(a.den))
        if plain is not None or all(self.field.generators[k].real for k in used):
            return plain
        if any(self.field.generators[k].kind in ("name", "conj") and not self.field.generators[k].real
               for k in used):
            moved = self.cartesian(a)
            if moved != a:
                return self.frac(moved)
        if any(self.field.generators[k].kind == "exp" for k in used) and self.real(a):
            return self._by_angle(a)
        return None

    def polynomial(self, p: fmpq_mpoly) -> str | None:
        sign = super().polynomial(p)
        if sign in ("0+", "0-") and self._known_nonzero(p):
            return sign[1]
        if sign is None and p != 0:
            if (step := self._exponential_step(p)) is not None:
                return step
            used = self._used(p)
            if used and all(map(self.field.numbers.constant, used)) and self.real(Frac(p, _ONE)):
                return self.field.numbers.sign(Frac(p, _ONE))
        return sign

    def _exponential_step(self, p: fmpq_mpoly) -> str | None:
        """c (exp(u) - exp(v)) has the sign of c (u - v), for real u and v."""
        terms = list(p.to_dict().items())
        if len(terms) != 2 or terms[0][1] != -terms[1][1]:
            return None
        field, gap, found = self.field, self.field.constant(0), False
        for k, (e1, e2) in enumerate(zip(terms[0][0], terms[1][0], strict=True)):
            g = field.generators[k] if e1 != e2 else None
            if g is None:
                continue
            if g.kind != "exp" or not g.real or g.value is None:
                return None
            found = True
            gap = field._plus(gap, field.times(g.value, field.constant(int(e1) - int(e2))))
        sign = self.frac(gap) if found else None
        common = _CTX.from_dict({tuple(min(a, b) for a, b in zip(terms[0][0], terms[1][0], strict=True)): terms[0][1]})
        return product(sign, self._monomials(common, {}))

    def _nonzero_by_facts(self, u: Frac) -> bool:
        return self._known_nonzero(u.num) is not None

    def _by_angle(self, a: Frac) -> str | None:
        """The sign of a real product whose factors turn (see ``Principal._turning``)."""
        field = self.field
        try:
            positive, rest, span, _ = field._parts(a, True)
        except CannotNormalise:
            return None
        if rest or span.low != span.high or span.low.__class__ is float or Fraction(span.low).denominator != 1:
            return None
        strict = all(self.frac(r) == "+" or field.as_rational(r) is not None for r, _ in positive)
        return ("" if strict else "0") + ("+" if int(span.low) % 2 == 0 else "-")


__all__ = ["Principal", "PrincipalSigns", "inverse_function"]
