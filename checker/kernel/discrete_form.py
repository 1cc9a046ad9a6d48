"""Normal form for discrete mathematics: gammas, integer powers, Fibonacci numbers, finite sums and products.

Extends :class:`~.field.Field` by generators for which the relations below hold.  Each says where it is
right; soundness never uses that generators are independent.

*Gamma.*  rgamma(u) = 1/gamma(u) is entire (0 at 0, -1, -2, ...), and rgamma(u) = u (u+1) ... (u+k-1)
rgamma(u+k) holds everywhere (DLMF 5.5.1).  So every argument of one class (equal up to an integer) is
shifted **up** to the largest one: no pole is ever met, and gamma(u) = 1/rgamma(u) where the raw term is
defined.  If the least argument of a class is proved positive, gamma of that one is the generator instead
(its sign is then known).  binomial(n, k) = gamma(n+1) rgamma(k+1) rgamma(n-k+1) for every integer k needs
that n+1 is **not a pole**: proved positive, visibly no integer, or generic (see ``rule_discrete``).  Without
that proof nothing is opened: binomial(n+k-1, k) = binomial(n+k-1, n-1) is false at n = k = 0.
Reflection (5.5.3) only between gammas of the raw term (then neither argument is an integer) or at visibly
nonintegral arguments; duplication (5.5.5) holds for rgamma everywhere.

*Integer powers.*  (fg)^m = f^m g^m for an integer m wherever the left side is defined; f^(m+k) = f^m f^k
for f known nonzero (or m, k >= 0).  (-1)^m has square 1; monomials in integers count modulo 2 (n^2 = n);
i^m has square (-1)^m.  (a + b sqrt D)^m for b/a < 0 goes through the conjugate.  exp(i pi m) = (-1)^m.
Fibonacci: F(m) = (phi^m - (-1/phi)^m)/sqrt 5, phi = (1 + sqrt 5)/2, all integers m.

*Sums.*  Sum_{k=a}^{b} f is split over the monomials of f in what depends on k; constants go out front if
they are defined also when the range is empty.  Where a <= b + 1 is proved, a sum of h is P(b) - P(a-1), P(u)
the sum of h~ from 1 to u (minus the sum from u+1 to 0 for u < 0), h~ = h where h is defined, else 0; and
P(u+1) = P(u) + h(u+1) is used where h(u+1) is proved defined.  Powers of k are summed (Faulhaber).
*Products.*  Likewise by factors: constants, powers, k + w by gammas, the others by peeling the last factor.

FAILURE: :class:`CannotNormalise`, budgets.  Not covered: sums over guards, infinite sums (rule_summation),
sums whose range is not known to be at worst empty (they stay opaque), roots of unity beyond i.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import fmpq, fmpq_mpoly

from .claim import Sequent
from .closed_sum import power_sum
from .discrete_special import double_factorial, recurrent
from .effort import memory
from .field import _CTX, _GENS, _ONE, GENERATORS, CannotNormalise, Field, Frac, Generator, _Restart
from .kinds import is_integer, is_real
from .term import (
    INTEGER, NEGATED, ONE, OO, TRUE, App, Bind, Num, Term, Var, add, alpha, app, conjuncts, free_names, fresh, mul, num,
    sub, substitute, subterms,
)

MAX_SHIFT = 60
MAX_BODIES = 14
MAX_PASSES = 30
MAX_SUM_DEGREE = 12
MAX_NESTING = 4
MAX_REMEMBERED = 40_000
_ZERO_EXPONENT = (0,) * GENERATORS
_POSITIVE, _NATURAL = ("+",), ("+", "0+", "0")
#: relation -> signs of left - right that show it
_GOAL_SIGNS = {"<": ("-",), "<=": ("-", "0-", "0"), ">": ("+",), ">=": ("+", "0+", "0"), "!=": ("+", "-", "+-")}


_REMEMBERED: dict[object, Any] = memory()


def remembered(key: object, compute: Callable[[], Any]) -> Any:
    """``compute()``, a function of ``key`` alone: sums recur in every premise of an induction."""
    if key in _REMEMBERED:
        found = _REMEMBERED[key]
    else:
        if len(_REMEMBERED) >= MAX_REMEMBERED:
            _REMEMBERED.clear()
        try:
            found = compute()
        except CannotNormalise as error:
            found = error
        _REMEMBERED[key] = found
    if isinstance(found, CannotNormalise):
        raise CannotNormalise(str(found))
    return found


def context(s: Sequent) -> object:
    """What a normal form depends on besides the term."""
    return (tuple(s.declarations.items()), s.assumptions)


class Discrete(Field):
    """``generic``: names whose values avoid every countable set (``rule_discrete`` says why this is enough).
    ``nested``: inside the body of a sum, where sums that have no closed form stay opaque.
    ``recurrent``: Fibonacci numbers by their recurrence instead of Binet's form."""

    def __init__(self, sequent: Sequent, generic: frozenset[str] = frozenset(), nested: int = 0,
                 recurrent: bool = False) -> None:
        self.generic, self.nested, self.recurrent = generic, nested, recurrent
        self.assumed = context(sequent)
        self.context = (self.assumed, generic, nested, recurrent)
        self.fractional = [c.args[0].args[0] for a in sequent.assumptions for c in conjuncts(a)
                           if isinstance(c, App) and c.head == "not" and isinstance(c.args[0], App)
                           and c.args[0].head == "in" and c.args[0].args[1] == App("integers", ())]
        self.most: dict[object, int] = {}                # class of gamma arguments -> largest shift
        self.least: dict[object, tuple[int, Term]] = {}  # ... -> smallest shift, and that argument
        self.raw: dict[object, int] = {}                 # ... -> smallest shift of a gamma of the claim
        self.rests: dict[object, Term] = {}              # class -> argument with shift 0
        self.lowest: dict[object, int] = {}              # class of indices of a recurrent sequence -> smallest shift
        self.dirty = False
        super().__init__(sequent)

    def within(self, inner: Sequent) -> Discrete:
        """The field of a summand."""
        return Discrete(inner, self.generic, self.nested + 1, self.recurrent)

    def _reset(self) -> None:
        super()._reset()
        self.bodies: list[tuple[str, Term]] = []
        self.partial: dict[object, list[tuple[int, Frac]]] = {}
        self.dirty = False

    def _settled(self, question: Callable[[], Any]) -> Any:
        for _ in range(MAX_PASSES):
            try:
                result = question()
                if not self.dirty:
                    return result
                self._reset()
            except _Restart:
                self._reset()
            except CannotNormalise:
                if not self.dirty:
                    raise
                self._reset()
            except RecursionError as error:
                raise CannotNormalise("nested too deep") from error
        raise CannotNormalise("the arguments do not settle")

    # ------------------------------------------------------------------ dispatch

    def _frac(self, t: Term) -> Frac:
        match t:
            case App("factorial", (u,)):
                return self._inverse(self.reciprocal_gamma(add(u, ONE), True))
            case App("gamma", (u,)):
                return self._inverse(self.reciprocal_gamma(u, True))
            case App("rgamma", (u,)):
                return self.reciprocal_gamma(u, False)
            case App("binomial", (n, k)):
                return self._binomial(n, k, t)
            case App("rising", (x, k)):
                return self._rising(x, k, t)
            case App("falling", (x, k)):
                return self._falling(x, k, t)
            case App("harmonic" | "digamma" as head, (u,)):
                return self._harmonic(head, u)
            case App("fibonacci", (u,)) if not self.recurrent:
                return self._fibonacci(u)
            case App("fibonacci" | "tribonacci" as head, (u,)):
                return recurrent(self, head, u)
            case App("factorial2", (u,)):
                return double_factorial(self, u)
            case App("floor", (u,)):
                return self._floor(u)
            case App("ceiling", (u,)):
                f = self._floor(app("neg", u))
                return Frac(-f.num, f.den)
            case App("mod", (a, Num(q))) if q != 0:
                whole = self._floor(app("div", a, Num(q)))
                return self._subtract(self.frac(a), self.times(self.constant(q), whole))
            case App("cases" | "item", args):
                raw = dict(self.raw)       # a branch not taken defines nothing
                taken = self._branch(args) if t.head == "cases" else None
                result = super()._frac(t) if taken is None else self.frac(taken)
                self.raw = raw
                return result
            case Bind("sum" | "prod", (_,), _, (low, high), (guard, _)) if guard == TRUE:
                if isinstance(low, Num) and isinstance(high, Num) and high.value - low.value <= MAX_SHIFT:
                    return super()._frac(t)
                return self._sum(t) if t.head == "sum" else self._product(t)
            case _:
                return super()._frac(t)

    def _branch(self, args: tuple[Term, ...]) -> Term | None:
        """The first value whose guard holds, if that is visible: the guards before it fail."""
        for branch, guard in zip(args[0::2], args[1::2], strict=True):
            known = self._visible(guard)
            if known is True:
                return branch
            if known is None:
                return None
        return None

    def _visible(self, guard: Term) -> bool | None:
        match guard:
            case App("true", ()):
                return True
            case App("=" | "!=" | "<" | "<=" | ">" | ">=" as head, (a, b)):
                sign = self.signs.frac(self._subtract(self.frac(a), self.frac(b)))
                if sign in _GOAL_SIGNS[head] or head == "=" and sign == "0":
                    return True
                opposite = NEGATED[head]
                return False if sign in _GOAL_SIGNS.get(opposite, ("0",)) else None
            case App("and", parts):
                found = [self._visible(p) for p in parts]
                return False if False in found else None if None in found else True
            case App("in", (a, App("integers", ()))) if self.visibly_integral(self.frac(a)):
                return True
        return None

    # ------------------------------------------------------------------ integers

    def _integral_parts(self, f: Frac) -> tuple[list[tuple[Fraction, list[int]]], Fraction] | None:
        """``f`` as a sum of rational multiples of products of integer generators, plus a constant."""
        if not f.den.is_constant():
            return None
        parts: list[tuple[Fraction, list[int]]] = []
        constant = Fraction(0)
        lead = f.den.leading_coefficient()
        for exponents, c in f.num.to_dict().items():
            c = c / lead
            q = Fraction(int(c.p), int(c.q))
            used = [k for k, e in enumerate(exponents) if e]
            if not used:
                constant = q
            elif all(self.generators[k].integer for k in used):
                parts.append((q, list(map(int, exponents))))
            else:
                return None
        return parts, constant

    def integral(self, t: Term) -> bool:
        """Certainly an integer: by form, or an integer polynomial in integer generators."""
        if is_integer(t, self.sequent.declarations):
            return True
        return bool(self._settled(lambda: self.visibly_integral(self.frac(t))))

    def visibly_integral(self, f: Frac) -> bool:
        parts = self._integral_parts(f)
        return parts is not None and parts[1].denominator == 1 and all(
            q.denominator == 1 for q, _ in parts[0])

    def nonzero(self, t: Term) -> bool:
        """N/D with N known nonzero: D is a finite number, so the quotient is not 0 (1/rgamma, say)."""
        return bool(self._settled(lambda: self.signs.polynomial(self.frac(t).num) in ("+", "-", "+-")))

    def _monomial(self, exponents: list[int]) -> Frac:
        return Frac(_CTX.from_dict({tuple(exponents): fmpq(1)}), _ONE)

    def _constant_part(self, f: Frac) -> Fraction:
        if not f.den.is_constant():
            return Fraction(0)
        c = f.num.to_dict().get(_ZERO_EXPONENT, fmpq(0)) / f.den.leading_coefficient()
        return Fraction(int(c.p), int(c.q))

    # ------------------------------------------------------------------ gamma

    def not_a_pole(self, u: Term) -> bool:
        """gamma(u) is finite: u > 0, visibly no integer, or generic."""
        f = self.frac(u)
        q = self.as_rational(f)
        if q is not None:
            return q > 0 or q.denominator > 1
        return self._generic(f) or self._not_an_integer(f) or self._plain_sign(u) in _POSITIVE

    def _plain_sign(self, u: Term) -> str | None:
        """By the plain normal form: no discrete head need be opened to see the sign of an argument."""
        try:
            sign: str | None = remembered(("sign", self.assumed, u), lambda: Field(self.sequent).sign(u))
            return sign
        except CannotNormalise:
            return None

    def _generic(self, f: Frac) -> bool:
        """Linear with a rational coefficient in some generic name, of which the rest is free."""
        if not self.generic or not f.den.is_constant():
            return False
        for k, g in enumerate(self.generators):
            if g.kind == "name" and isinstance(g.term, Var) and g.term.name in self.generic:
                unit = tuple(int(j == k) for j in range(GENERATORS))
                terms = {tuple(map(int, e)) for e in f.num.to_dict()}
                if unit in terms and not any(
                        e != unit and any(d and self._mentions(j, g.term.name) for j, d in enumerate(e))
                        for e in terms):
                    return True
        return False

    def generic_value(self, t: Term) -> bool:
        return bool(self._settled(lambda: self._generic(self.frac(t))))

    def _mentions(self, k: int, name: str) -> bool:
        """Whether generator k may depend on ``name``."""
        g = self.generators[k]
        if g.value is not None and g.kind in ("exp", "log", "root"):
            return any(self._mentions(j, name) for p in (g.value.num, g.value.den) if p != 0
                       for j, d in enumerate(p.degrees()) if d)
        return name in free_names(g.term) or g.term == App("pow", ())

    def reciprocal_gamma(self, u: Term, raw: bool) -> Frac:
        """rgamma(u) as (polynomial) * generator.  ``raw``: gamma(u) itself stands in the claim."""
        f = self.frac(u)
        q = self.as_rational(f)
        if q is not None and q.denominator == 1:
            if q <= 0:
                return self.constant(0)
            if q > 400:
                raise CannotNormalise("a factorial of too many digits")
            product = 1
            for j in range(2, int(q)):
                product *= j
            return self.constant(Fraction(1, product))
        if q is not None and q.denominator == 2:
            return self._half_integral(q)
        if q is None and not self.generic and is_integer(u, self.sequent.declarations) and self._plain_sign(
                u) in ("-", "0-", "0"):
            return self.constant(0)
        constant = self._constant_part(f)
        shift = constant.numerator // constant.denominator
        rest = self._subtract(f, self.constant(shift))
        cls = self.key(rest)
        new = cls not in self.rests
        if new:      # nothing was made of this class yet, unless its double was
            self.rests[cls] = self._written_rest(rest, u, shift)
            self.least[cls], self.most[cls] = (shift, u), shift
            self.dirty = self.dirty or self._doubled(rest) in self.rests
        if raw and shift < self.raw.get(cls, shift + 1):
            self.raw[cls] = shift
            self.dirty = self.dirty or not new
        if shift < self.least[cls][0]:
            self.least[cls] = (shift, u)
            self.dirty = True
        if shift > self.most[cls]:
            self.most[cls] = shift
            self.dirty = True
        if q is None and (other := self._duplicated(rest, shift)) is not None:
            return other
        if (other := self._reflected(u, f, q, cls, shift)) is not None:
            return other
        low, lowest = self.least[cls]
        if not self.nested and (self._plain_sign(lowest) in _POSITIVE if q is None else q + low - shift > 0):
            g = Generator(app("gamma", self._shifted_term(cls, low)), "discrete", self.signs.real(f), "+")
            base = self._as_frac(self._generator(("gamma", cls, low), g))
            return self._inverse(self.times(base, self._rising_product(rest, low, shift)))
        top = self.most[cls]
        g = Generator(app("rgamma", self._shifted_term(cls, top)), "discrete", self.signs.real(f), None)
        base = self._as_frac(self._generator(("rgamma", cls, top), g))
        return self.times(base, self._rising_product(rest, shift, top))

    def _written_rest(self, rest: Frac, u: Term, shift: int) -> Term:
        try:
            return self.write(rest)
        except CannotNormalise:
            return sub(u, num(shift))

    def _half_integral(self, q: Fraction) -> Frac:
        """From gamma(1/2) = sqrt(pi)."""
        if abs(q) > 200:
            raise CannotNormalise("a gamma at a large argument")
        product, x = Fraction(1), Fraction(1, 2)
        while x < q:
            product, x = product/x, x + 1
        while x > q:
            x -= 1
            product *= x
        pi = self.opaque(App("pi", ()), sign="+")
        return self.times(self.constant(product), self._inverse(self.root(pi, Fraction(1, 2))))

    def _shifted_term(self, cls: object, shift: int) -> Term:
        rest = self.rests[cls]
        return add(rest, num(shift)) if shift else rest

    def _rising_product(self, rest: Frac, start: int, end: int) -> Frac:
        """(rest + start)(rest + start + 1) ... (rest + end - 1)."""
        if end - start > MAX_SHIFT:
            raise CannotNormalise(f"a shift by more than {MAX_SHIFT}")
        product = self.constant(1)
        for j in range(start, end):
            product = self.times(product, self._plus(rest, self.constant(j)))
        return product

    def _doubled(self, rest: Frac) -> object:
        twice = self.times(rest, self.constant(2))
        constant = self._constant_part(twice)
        return self.key(self._subtract(twice, self.constant(constant.numerator // constant.denominator)))

    def _duplicated(self, rest: Frac, shift: int) -> Frac | None:
        """rgamma(2w) = 2^(1-2w) sqrt(pi) rgamma(w) rgamma(w+1/2), where w's class occurs too."""
        half = self.times(rest, self.constant(Fraction(1, 2)))
        constant = self._constant_part(half)
        down = constant.numerator // constant.denominator
        base = self._subtract(half, self.constant(down))
        key = self.key(base)
        other = self._plus(base, self.constant(Fraction(1, 2)))
        c2 = self._constant_part(other)
        other = self._subtract(other, self.constant(c2.numerator // c2.denominator))
        if self.nested or key == self.key(rest) or not {key, self.key(other)} & set(self.rests):
            return None
        w = self.write(self._plus(half, self.constant(Fraction(shift, 2))))
        two_w = self._plus(rest, self.constant(shift))
        two = self.constant(2)
        power = self.exponential(self.times(self._subtract(self.constant(1), two_w), self.logarithm(two)))
        result = self.times(power, self.root(self.opaque(App("pi", ()), sign="+"), Fraction(1, 2)))
        for part in (w, add(w, Num(Fraction(1, 2)))):
            result = self.times(result, self.reciprocal_gamma(part, False))
        return result

    def _reflected(self, u: Term, f: Frac, q: Fraction | None, cls: object, shift: int) -> Frac | None:
        """rgamma(u) = sin(pi u)/(pi rgamma(1-u)) for u no integer, where 1 - u's class is the lesser one."""
        mirror = Frac(-f.num, f.den)
        constant = self._constant_part(mirror)
        down = constant.numerator // constant.denominator
        rest = self._subtract(mirror, self.constant(down))
        key = self.key(rest)
        if key == cls or key not in self.rests:
            if q is None or q.denominator <= 2 or (q - shift) < Fraction(1, 2):
                return None
        elif q is None:
            classes = list(self.rests)       # of the two classes the later one is rewritten
            if classes.index(key) > classes.index(cls):
                return None
            if not (self._generic(f) or self._not_an_integer(f) or self._never_both(cls, key)):
                return None
        elif (q - shift) < Fraction(1, 2):
            return None
        mirrored = sub(ONE, u)
        sine = self.frac(app("sin", mul(app("pi"), u)))
        pi = self.opaque(App("pi", ()), sign="+")
        return self.times(sine, self._inverse(self.times(pi, self.reciprocal_gamma(mirrored, False))))

    def _never_both(self, cls: object, key: object) -> bool:
        """gamma(u) and gamma(v) both stand in the claim, u + v an integer <= 1: at an integer u one of them
        is a pole.  (For u + v = 3 both are finite at u = 1.)"""
        if cls not in self.raw or key not in self.raw:
            return False
        u, v = (self.frac(self._shifted_term(c, self.raw[c])) for c in (cls, key))
        total = self.as_rational(self._plus(u, v))
        return total is not None and total <= 1

    def _not_an_integer(self, f: Frac) -> bool:
        """An integer polynomial plus a proper fraction; or assumed to be none, up to an integer and the sign."""
        parts = self._integral_parts(f)
        if parts is not None and parts[1].denominator > 1 and all(c.denominator == 1 for c, _ in parts[0]):
            return True
        for v in self.fractional:
            g = self.frac(v)
            if self.visibly_integral(self._subtract(f, g)) or self.visibly_integral(self._plus(f, g)):
                return True
        return False

    def not_an_integer(self, t: Term) -> bool:
        return bool(self._settled(lambda: self._not_an_integer(self.frac(t))))

    def _binomial(self, n: Term, k: Term, t: Term) -> Frac:
        low = self.as_rational(self.frac(k))
        if low is not None and low.denominator == 1:       # a polynomial in n
            if low < 0:
                return self.constant(0)
            if low <= MAX_SHIFT:
                return self._falling_product(self.frac(n), int(low), True)
        if not self.not_a_pole(add(n, ONE)):
            if is_integer(k, self.sequent.declarations) and self._plain_sign(k) in _NATURAL and self.not_a_pole(
                    sub(k, n)):
                # for k >= 0: (-1)^k (-n)(1-n)...(k-1-n)/k!
                sign = self.integer_power(self.constant(-1), self.frac(k))
                upper = self._inverse(self.reciprocal_gamma(sub(k, n), False))
                rest = self.times(self.reciprocal_gamma(add(k, ONE), False),
                                  self.reciprocal_gamma(app("neg", n), False))
                return self.times(sign, self.times(upper, rest))
            return self._congruent("binomial", (n, k), t)
        top = self._inverse(self.reciprocal_gamma(add(n, ONE), False))
        result = self.times(top, self.reciprocal_gamma(add(k, ONE), False))
        return self.times(result, self.reciprocal_gamma(add(n, app("neg", k), ONE), False))

    def _falling_product(self, x: Frac, count: int, over_factorial: bool) -> Frac:
        product = self.constant(1)
        for j in range(count):
            product = self.times(product, self._plus(x, self.constant(-j)))
            if over_factorial:
                product = self.times(product, self.constant(Fraction(1, j + 1)))
        return product

    def _rising(self, x: Term, k: Term, t: Term) -> Frac:
        q = self.as_rational(self.frac(k))
        if q is not None and q.denominator == 1 and 0 <= q <= MAX_SHIFT:
            return self._rising_product(self.frac(x), 0, int(q))
        if not self.not_a_pole(add(x, k)):
            return self._congruent("rising", (x, k), t)
        return self.times(self._inverse(self.reciprocal_gamma(add(x, k), False)), self.reciprocal_gamma(x, False))

    def _falling(self, x: Term, k: Term, t: Term) -> Frac:
        q = self.as_rational(self.frac(k))
        if q is not None and q.denominator == 1 and 0 <= q <= MAX_SHIFT:
            return self._falling_product(self.frac(x), int(q), False)
        if not self.not_a_pole(add(x, ONE)):
            return self._congruent("falling", (x, k), t)
        return self.times(self._inverse(self.reciprocal_gamma(add(x, ONE), False)),
                          self.reciprocal_gamma(add(x, app("neg", k), ONE), False))

    def _harmonic(self, head: str, u: Term) -> Frac:
        """H(u) = H(u+k) - 1/(u+1) - ... - 1/(u+k), psi(u) = psi(u+k) - 1/u - ... - 1/(u+k-1): right
        wherever the left side is defined (DLMF 5.5.2)."""
        f = self.frac(u)
        q = self.as_rational(f)
        first = 1 if head == "harmonic" else 0
        if head == "harmonic" and q is not None and q.denominator == 1 and 0 <= q <= 300:
            return self.constant(sum((Fraction(1, j) for j in range(1, int(q) + 1)), Fraction(0)))
        constant = self._constant_part(f)
        shift = constant.numerator // constant.denominator
        rest = self._subtract(f, self.constant(shift))
        cls = (head, self.key(rest))
        if cls not in self.rests:
            self.rests[cls] = self._written_rest(rest, u, shift)
        if shift > self.most.setdefault(cls, shift):
            self.most[cls] = shift
            self.dirty = True
        top = self.most[cls]
        if top - shift > MAX_SHIFT:
            raise CannotNormalise(f"a shift by more than {MAX_SHIFT}")
        g = Generator(app(head, self._shifted_term(cls, top)), "discrete", self.signs.real(f), None)
        total = self._as_frac(self._generator((cls, top), g))
        for j in range(shift, top):
            total = self._subtract(total, self._inverse(self._plus(rest, self.constant(j + first))))
        return total

    def _fibonacci(self, u: Term) -> Frac:
        e = self.frac(u)
        five = self.root(self.constant(5), Fraction(1, 2))
        half = self.constant(Fraction(1, 2))
        phi = self.times(half, self._plus(self.constant(1), five))
        q = self.as_rational(e)
        if q is not None:
            if q.denominator != 1:
                raise CannotNormalise("a Fibonacci number at no integer")
            power = self.natural_power(phi, int(q))
            sign = self.constant(-1 if q % 2 else 1)
        else:
            power = self.integer_power(phi, e)
            sign = self.integer_power(self.constant(-1), e)
        return self.times(self._subtract(power, self.times(sign, self._inverse(power))), self._inverse(five))

    def _floor(self, u: Term) -> Frac:
        """floor(m + r) = m + floor(r) for an integer m."""
        f = self.frac(u)
        parts = self._integral_parts(f)
        whole = self.constant(0)
        if parts is not None:
            monomials, constant = parts
            down = constant.numerator // constant.denominator
            whole = self.constant(down)
            for c, exponents in monomials:
                whole = self._plus(whole, self.times(
                    self.constant(c.numerator // c.denominator), self._monomial(exponents)))
        rest = self._subtract(f, whole)
        q = self.as_rational(rest)
        if q is not None:
            return self._plus(whole, self.constant(q.numerator // q.denominator))
        g = Generator(app("floor", self.write(rest)), "discrete", True, None, True)
        return self._plus(whole, self._as_frac(self._generator(("floor", self.key(rest)), g)))

    # ------------------------------------------------------------------ integer powers

    def _power(self, base: Term, exponent: Term) -> Frac:
        if base != App("e", ()) and not isinstance(exponent, Num) and is_integer(
                exponent, self.sequent.declarations):
            e = self.frac(exponent)
            if self.as_rational(e) is None:
                return self.integer_power(self.frac(base), e)
        return super()._power(base, exponent)

    def integer_power(self, b: Frac, e: Frac) -> Frac:
        """b^e for an e all of whose values are integers."""
        q = self.as_rational(e)
        if q is not None and q.denominator == 1:
            return self.natural_power(b, int(q)) if b.num != 0 or q != 0 else self.constant(1)
        if b.num == 0:
            raise CannotNormalise("a symbolic power of 0")
        r = self.as_rational(b)
        if r == -1:
            return self._sign_power(e)
        if r == 1:
            return self.constant(1)
        if (pair := self._conjugate(b)) is not None:
            sign, norm, base = pair
            power = self.exponential(self.times(e, self.logarithm(base)))
            if norm is not None:
                power = self.times(self.exponential(self.times(e, self.logarithm(norm))), self._inverse(power))
            return self.times(self._sign_power(e), power) if sign < 0 else power
        sign_b = self.signs.frac(b)
        if sign_b == "+":
            return self.exponential(self.times(e, self.logarithm(b)))
        result = self.constant(1)
        for p, direction in ((b.num, 1), (b.den, -1)):
            content, factors = self._factors(p)
            exponent = e if direction == 1 else Frac(-e.num, e.den)
            if content < 0:
                result = self.times(result, self._sign_power(e))
            if abs(content) != 1:
                result = self.times(result, self.exponential(
                    self.times(exponent, self.logarithm(self.constant(abs(content))))))
            for f, multiplicity in factors:
                one = self.times(exponent, self.constant(multiplicity))
                result = self.times(result, self._factor_power(Frac(f, _ONE), one, direction == -1))
        return result

    def _factor_power(self, f: Frac, e: Frac, divisor: bool) -> Frac:
        """``divisor``: f stands in a denominator, so it is not 0 where the term is defined."""
        match self.signs.frac(f):
            case "+":
                return self.exponential(self.times(e, self.logarithm(f)))
            case "-":
                positive = Frac(-f.num, f.den)
                return self.times(self._sign_power(e), self.exponential(self.times(e, self.logarithm(positive))))
            case known:
                nonzero = known == "+-" or divisor
        used = [k for k, d in enumerate(f.num.degrees()) if d]
        if len(used) == 1 and self.generators[used[0]].kind == "imaginary" and f.num == _GENS[used[0]]:
            return self._imaginary_power(e)
        if len(used) == 1 and self.generators[used[0]].kind == "exp" and f.num == _GENS[used[0]]:
            value = self.generators[used[0]].value
            if value is not None:                       # exp(v)^m = exp(m v) for an integer m
                return self.exponential(self.times(e, value))
        parts = self._integral_parts(e)
        if parts is None or any(c.denominator != 1 for c, _ in parts[0]) or parts[1].denominator != 1:
            return self._opaque_power(f, e, nonzero)
        monomials, constant = parts
        natural = constant >= 0 and all(
            c > 0 and self.signs.frac(self._monomial(m)) in _NATURAL for c, m in monomials)
        if not (nonzero or natural):
            # f^(m+k) = f^m f^k only from an m that is known to be >= 0
            rest = self._subtract(e, self.constant(constant))
            if constant > 0 and self.signs.frac(rest) in _NATURAL:
                return self.times(self._opaque_power(f, rest, False), self.natural_power(f, int(constant)))
            return self._opaque_power(f, e, False)
        result = self.natural_power(f, int(constant))
        for c, m in monomials:
            result = self.times(result, self.natural_power(self._opaque_power(f, self._monomial(m), nonzero), int(c)))
        return result

    def _opaque_power(self, f: Frac, e: Frac, nonzero: bool) -> Frac:
        g = Generator(app("pow", self.write(f), self.write(e)), "discrete", self.signs.real(f),
                      "+-" if nonzero else self.signs.frac(f) if self.signs.frac(f) == "0+" else None)
        return self._as_frac(self._generator(("power", self.key(f), self.key(e)), g))

    def _sign_power(self, e: Frac) -> Frac:
        """(-1)^e: a product of generators with square 1, one for each product of integers."""
        parts = self._integral_parts(e)
        if parts is None:
            return self._parity(e, ("parity", self.key(e)))
        monomials, constant = parts
        odd: set[tuple[int, ...]] = set()
        left = self.constant(0)
        whole = 0
        down = constant.numerator // constant.denominator
        whole += down
        left = self._plus(left, self.constant(constant - down))
        for c, m in monomials:
            down = c.numerator // c.denominator
            if down % 2:
                odd ^= {tuple(min(d, 1) for d in m)}
            if c != down:
                left = self._plus(left, self.times(self.constant(c - down), self._monomial(m)))
        result = self.constant(-1 if whole % 2 else 1)
        for reduced in sorted(odd):
            product = self._monomial(list(reduced))
            result = self.times(result, self._parity(product, ("parity", reduced)))
        if left.num != 0:
            result = self.times(result, self._parity(left, ("parity", self.key(left))))
        return result

    def _parity(self, e: Frac, key: object) -> Frac:
        g = Generator(app("pow", num(-1), self.write(e)), "discrete", True, "+-", True, 2, self.constant(1))
        return self._as_frac(self._generator(key, g))

    def _imaginary_power(self, e: Frac) -> Frac:
        """i^e: generators with square (-1)^m; a coefficient counts modulo 4."""
        parts = self._integral_parts(e)
        if parts is None or parts[1].denominator != 1 or any(c.denominator != 1 for c, _ in parts[0]):
            return self._opaque_power(self._imaginary(), e, True)
        result = self.natural_power(self._imaginary(), int(parts[1]) % 4)
        for c, m in parts[0]:
            n = int(c) % 4
            if n % 2:
                monomial = self._monomial(m)
                g = Generator(app("pow", App("i", ()), self.write(monomial)), "discrete", False, None, False, 2,
                              self._sign_power(monomial))
                result = self.times(result, self._as_frac(self._generator(("i-power", tuple(m)), g)))
            if n >= 2:
                result = self.times(result, self._sign_power(self._monomial(m)))
        return result

    def _conjugate(self, b: Frac) -> tuple[int, Frac | None, Frac] | None:
        """b = a + c sqrt(D): (sign, N, base) with b = sign*base, or b = sign*N/base, N, base > 0."""
        if not b.den.is_constant():
            return None
        used = [k for k, d in enumerate(b.num.degrees()) if d]
        if len(used) != 1 or int(b.num.degrees()[used[0]]) != 1:
            return None
        g = self.generators[used[0]]
        if g.kind != "root" or g.power != 2 or g.value is None:
            return None
        d = self.as_rational(g.value)
        if d is None or d <= 0:
            return None
        lead = b.den.leading_coefficient()
        c = a = Fraction(0)
        for exponents, v in b.num.to_dict().items():
            v = v / lead
            if any(exponents):
                c = Fraction(int(v.p), int(v.q))
            else:
                a = Fraction(int(v.p), int(v.q))
        root = Frac(_GENS[used[0]], _ONE)
        base = self._plus(self.constant(abs(a)), self.times(self.constant(abs(c)), root))
        if a == 0 or (a > 0) == (c > 0):
            return (1 if c > 0 else -1), None, base
        norm = a * a - c * c * d            # (|a| - |c| r)(|a| + |c| r)
        if norm == 0:
            return None
        sign = (1 if norm > 0 else -1) * (1 if a > 0 else -1)
        return sign, self.constant(abs(norm)), base

    def _exp_monomial(self, m: Frac, c: Fraction) -> Frac:
        """exp(i pi m) = (-1)^m for a product m of integers."""
        if m.den.is_constant() and m.num != 0 and (2 * c).denominator == 1:
            ((exponents, _),) = m.num.to_dict().items()
            e = list(map(int, exponents))
            used = [k for k, d in enumerate(e) if d]
            special = [k for k in used if self.generators[k].kind == "imaginary"
                       or self.generators[k].term == App("pi", ())]
            others = [k for k in used if k not in special]
            if len(special) == 2 and others and all(e[k] == 1 for k in special) and all(
                    self.generators[k].integer for k in others):
                for k in special:
                    e[k] = 0
                rest = self._monomial(e)
                if c.denominator == 1:
                    return self._sign_power(self.times(self.constant(c), rest))
                return self._imaginary_power(self.times(self.constant(2 * c), rest))
        return super()._exp_monomial(m, c)

    # ------------------------------------------------------------------ writing back

    def write(self, a: Frac) -> Term:
        """A term with this value, defined wherever the fraction's generators and denominator are."""
        top, bottom = a.num, a.den
        extra: list[Term] = []
        if not bottom.is_constant():
            # a power of rgamma in the denominator is a power of gamma
            exponents = list(map(int, bottom.term_content().to_dict().popitem()[0])) if len(bottom) else []
            for k, e in enumerate(exponents):
                g = self.generators[k] if e else None
                if g is not None and isinstance(g.term, App) and g.term.head == "rgamma":
                    bottom = divmod(bottom, _GENS[k]**e)[0]
                    one = app("gamma", g.term.args[0])
                    extra.append(one if e == 1 else app("pow", one, num(e)))
        n, d = self._written(top), self._written(bottom)
        n = mul(*extra) if n == ONE and extra else mul(n, *extra)
        return n if d == ONE else app("div", n, d)

    def _written(self, p: fmpq_mpoly) -> Term:
        parts: list[Term] = []
        for exponents, c in p.to_dict().items():
            q = Fraction(int(c.p), int(c.q))
            factors: list[Term] = [] if abs(q) == 1 and any(exponents) else [Num(abs(q))]
            for k, e in enumerate(exponents):
                if e:
                    g = self.written_generator(k)
                    factors.append(g if e == 1 else app("pow", g, num(int(e))))
            parts.append(app("neg", mul(*factors)) if q < 0 else mul(*factors))
        return add(*parts)

    def written_generator(self, k: int) -> Term:
        g = self.generators[k]
        if g.kind in ("exp", "log") and g.value is not None:
            return app(g.kind, self.write(g.value))
        if g.kind == "root" and g.value is not None:
            return app("pow", self.write(g.value), Num(Fraction(1, g.power)))
        if g.kind == "partial" or g.term == App("pow", ()):
            raise CannotNormalise("a value without a name")
        return g.term

    # ------------------------------------------------------------------ sums and products

    def _opened_range(self, t: Bind) -> tuple[str, Term, Term, Discrete, bool, bool]:
        """(name, low, high, field of the body, whether low <= high + 1 and low <= high are known)."""
        if self.nested >= MAX_NESTING:
            raise CannotNormalise("sums nested too deep")
        low, high = t.outer
        decls = self.sequent.declarations
        if any(u in (OO, app("neg", OO)) or not is_integer(u, decls) for u in t.outer):
            raise CannotNormalise("a range whose ends are not certainly integers")
        name = fresh(t.names[0], set(decls) | free_names(low) | free_names(high))
        inner = self.sequent.declaring({name: INTEGER}).assuming(
            app("<=", low, Var(name)), app("<=", Var(name), high))
        length = self._plain_sign(sub(high, low))
        fits = length in _NATURAL or self._plain_sign(add(high, app("neg", low), ONE)) in _NATURAL
        child = self.within(inner)
        return name, low, high, child, fits, length in _NATURAL

    def _sum(self, t: Bind) -> Frac:
        try:
            name, low, high, child, fits, inhabited = self._opened_range(t)
            body = substitute(t.inner[1], {t.names[0]: Var(name)})
            if descending(body, name):                       # the same range, walked from its other end
                body = substitute(body, {name: add(low, high, app("neg", Var(name)))})
            parts: list[tuple[Term, Term, int | None]] = remembered(
                ("summands", child.context, body, name),
                lambda: child._settled(lambda: child.summands(child.frac(body), name)))
        except CannotNormalise:
            return self._opaque_sum(t)
        total = self.constant(0)
        for outside, inside, degree in parts:
            if not inhabited and not self.defined(outside):
                outside, inside, degree = ONE, inside if outside == ONE else mul(outside, inside), None
            value = self._basic_sum(name, low, high, inside, degree, fits, child.sequent)
            total = self._plus(total, self.times(self.frac(outside), value))
        return total

    def _opaque_sum(self, t: Bind) -> Frac:
        return self.opaque(t)

    def defined(self, t: Term) -> bool:
        from .rule_discrete import defined

        return bool(remembered(("defined", self.assumed, t), lambda: defined(t, self.sequent)))

    def summands(self, f: Frac, name: str) -> list[tuple[Term, Term, int | None]]:
        """``f`` as a sum of (free of name) * (depends on name); the degree if that is a power of name."""
        inside_den, outside_den = _ONE, _ONE
        if not f.den.is_constant():
            content, factors = f.den.factor()
            outside_den = outside_den * content
            for p, multiplicity in factors:
                if self.depends(p, name):
                    inside_den = inside_den * p ** int(multiplicity)
                else:
                    outside_den = outside_den * p ** int(multiplicity)
        groups: dict[tuple[int, ...], dict[tuple[int, ...], fmpq]] = {}
        moving = [self._mentions(k, name) for k in range(len(self.generators))]
        for exponents, c in f.num.to_dict().items():
            e = tuple(map(int, exponents))
            within = tuple(d if k < len(moving) and moving[k] else 0 for k, d in enumerate(e))
            groups.setdefault(within, {})[tuple(d - i for d, i in zip(e, within, strict=True))] = c
        out: list[tuple[Term, Term, int | None]] = []
        for within, terms in groups.items():
            used = [k for k, d in enumerate(within) if d]
            degree = None
            if inside_den.is_constant() and all(self.generators[k].term == Var(name) for k in used):
                degree = sum(within)
            outside = self.write(Frac(_CTX.from_dict(terms), outside_den))
            out.append((outside, self.write(Frac(_CTX.from_dict({within: fmpq(1)}), inside_den)), degree))
        return out

    def depends(self, p: fmpq_mpoly, name: str) -> bool:
        return any(d and self._mentions(k, name) for k, d in enumerate(p.degrees())) if p != 0 else False

    def _basic_sum(self, name: str, low: Term, high: Term, body: Term, degree: int | None, fits: bool,
                   inner: Sequent) -> Frac:
        a, b = self.frac(low), self.frac(high)
        if not fits:
            return self._unknown_range("sum", name, low, high, body, inner)
        before = sub(low, ONE)
        if degree is not None and degree <= MAX_SUM_DEGREE:
            f = power_sum(degree)
            return self._subtract(self._polynomial_at(f, b), self._polynomial_at(f, self.frac(before)))
        if (c := _harmonic_shift(body, name)) is not None and self._plain_sign(add(low, num(c))) in _POSITIVE:
            return self._subtract(self.frac(app("harmonic", add(high, num(c)))),
                                  self.frac(app("harmonic", add(before, num(c)))))
        if self.nested:
            return self.opaque(Bind("sum", (name,), (INTEGER,), (low, high), (TRUE, body)), (
                "sum", self.key(a), self.key(b), alpha(Bind("lambda", (name,), (INTEGER,), (), (body,)))))
        if (convolved := self._convolution(name, low, high, body, inner)) is not None:
            return convolved
        # flipped or not: sum of h(k) = sum of h(low + high - k), and one of them is the known body at k + shift
        index, shift, _ = self._body(name, low, high, body, inner)
        top, bottom = add(high, num(shift)), add(before, num(shift))
        return self._subtract(self._partial_sum(index, top), self._partial_sum(index, bottom))

    def _polynomial_at(self, f: list[Fraction], u: Frac) -> Frac:
        total = self.constant(0)
        for c in reversed(f):
            total = self._plus(self.times(total, u), self.constant(c))
        return total

    def _unknown_range(self, head: str, name: str, low: Term, high: Term, body: Term, inner: Sequent) -> Frac:
        """A range that may be reversed (then the value is 0, or 1): body(low + k) for k from 0 to high - low, and
        the same backwards, so that shifted and reversed ranges are compared; nothing is peeled."""
        t = Bind(head, (name,), (INTEGER,), (low, high), (TRUE, body))
        span = sub(high, low)
        free = tuple(a for a in inner.assumptions if name not in free_names(a))
        moved = Sequent(inner.declarations, free, inner.goal).assuming(
            app("<=", num(0), Var(name)), app("<=", Var(name), span))
        started = substitute(body, {name: add(low, Var(name))}) if self.frac(low).num != 0 else body
        index, _, _ = self._body(name, num(0), span, started, moved, False, True)
        return self.opaque(t, (head, index, self.key(self.frac(span))))

    def _body(self, name: str, low: Term, high: Term, body: Term, inner: Sequent,
              shifts: bool = True, flips: bool | None = None) -> tuple[int, int, bool]:
        """(index, c, flipped) with body(k) = known body(k + c) on the range (flipped: body(low+high-k))."""
        for j, (other, known) in enumerate(self.bodies):
            if substitute(known, {other: Var(name)}) == body:
                return j, 0, False
        field = self.within(inner)

        def same(here: Term, moved: Term) -> bool:
            return bool(remembered(("same", field.context, here, moved),
                                   lambda: field.equal(here, moved) and field.defined(moved)))

        for flip in (False, True) if (shifts if flips is None else flips) else (False,):
            here = substitute(body, {name: sub(add(low, high), Var(name))}) if flip else body
            for c in (0, -1, 1, -2, 2) if shifts else (0,):
                for j, (other, known) in enumerate(self.bodies):
                    moved = substitute(known, {other: add(Var(name), num(c)) if c else Var(name)})
                    try:
                        if same(here, moved):
                            return j, c, flip
                    except CannotNormalise:
                        continue
        if len(self.bodies) >= MAX_BODIES:
            raise CannotNormalise(f"more than {MAX_BODIES} different summands")
        self.bodies.append((name, body))
        return len(self.bodies) - 1, 0, False

    def _partial_sum(self, index: int, u: Term) -> Frac:
        """P(u), relative to the first argument of its class from which every step is defined."""
        name, body = self.bodies[index]
        f = self.frac(u)
        constant = self._constant_part(f)
        if constant.denominator != 1:
            raise CannotNormalise("a bound that is no integer")
        shift = int(constant)
        rest = self._subtract(f, self.constant(shift))
        key = ("sum", index, self.key(rest))
        bases = self.partial.setdefault(key, [(0, self.constant(0))] if rest.num == 0 else [])
        rest_term = sub(u, num(shift)) if rest.num != 0 else num(0)
        for base, value in bases:
            if abs(shift - base) > MAX_SHIFT:
                continue
            start, end = min(base, shift), max(base, shift)
            steps = [substitute(body, {name: add(rest_term, num(j)) if rest.num != 0 else num(j)})
                     for j in range(start + 1, end + 1)]
            if all(self.defined(x) for x in steps):
                for x in steps:
                    one = self.frac(x)
                    value = self._plus(value, one) if shift > base else self._subtract(value, one)
                return value
        inside = self.sequent.declaring({name: INTEGER}) if name not in self.sequent.declarations else self.sequent
        g = Generator(app("tuple", body, u), "partial", is_real(body, inside.declarations), None)
        value = self._as_frac(self._generator((key, shift), g))
        bases.append((shift, value))
        return value

    def _convolution(self, name: str, low: Term, high: Term, body: Term, inner: Sequent) -> Frac | None:
        """sum_{k=a}^{m} b^(w-k) h(k) with w >= m, where b may be 0: b^(w-m) C(m), C(u) = sum_{k=a}^{u} b^(u-k) h(k),
        C(a-1) = 0 and C(u+1) = b C(u) + h(u+1).  None for a body without such a power."""
        top, bottom = body.args if isinstance(body, App) and body.head == "div" else (body, ONE)
        bases: list[Term] = []
        outside, rest = self.constant(1), []
        for factor in top.args if isinstance(top, App) and top.head == "mul" else (top,):
            found = self._descending_power(name, factor)
            if found is None:
                rest.append(factor)
                continue
            b, rate, w = found
            surplus = sub(w, mul(num(rate), high))
            if self._plain_sign(surplus) not in _NATURAL:
                return None
            bases.append(b if rate == 1 else app("pow", b, num(rate)))
            outside = self.times(outside, self.integer_power(self.frac(b), self.frac(surplus)))
        if not bases:
            return None
        h = mul(*rest) if bottom == ONE else app("div", mul(*rest), bottom)
        if name in free_names(h):
            index, _, _ = self._body(name, low, high, h, inner, False)
            known: tuple[str, Term] = self.bodies[index]
            summand: object = index
        else:
            known, summand = (name, h), ("constant", self.key(self.frac(h)))
        base, f = self.frac(mul(*bases)), self.frac(high)
        shift = int(self._constant_part(f))
        key = ("convolution", summand, self.key(base), self.key(self.frac(low)), self.key(
            self._subtract(f, self.constant(shift))))
        values = self.partial.setdefault(key, [])
        empty = self.as_rational(self._subtract(self.frac(sub(low, ONE)), self._subtract(f, self.constant(shift))))
        if empty is not None and not values:
            values.append((int(empty), self.constant(0)))
        still = sub(high, num(shift))
        for start, value in values:
            steps = [substitute(known[1], {known[0]: add(still, num(j))}) for j in range(start + 1, shift + 1)]
            if start > shift or len(steps) > MAX_SHIFT or self._plain_sign(
                    add(still, num(start + 1), app("neg", low))) not in _NATURAL or not all(map(self.defined, steps)):
                continue
            for x in steps:
                value = self._plus(self.times(base, value), self.frac(x))
            return self.times(outside, value)
        real = is_real(mul(h, *bases), inner.declarations)
        value = self._as_frac(self._generator((key, shift), Generator(app("tuple", body, high), "partial", real, None)))
        values.append((shift, value))
        return self.times(outside, value)

    def _descending_power(self, name: str, factor: Term) -> tuple[Term, int, Term] | None:
        """(b, c, w) if ``factor`` is b^(w - c k) with a literal c > 0 and b, w free of k."""
        match factor:
            case App("pow", (App("pow", (b, e)), Num(q))) if q.denominator == 1 and q > 0:
                e = mul(Num(q), e)
            case App("pow", (b, e)):
                pass
            case _:
                return None
        if name in free_names(b) or name not in free_names(e):
            return None
        inside = Discrete(self.sequent.declaring({name: INTEGER}), self.generic, self.nested + 1, self.recurrent)
        rate = inside._settled(lambda: inside.as_rational(inside._subtract(
            inside.frac(e), inside.frac(substitute(e, {name: add(Var(name), ONE)})))))
        if not isinstance(rate, Fraction) or rate.denominator != 1 or rate <= 0:
            return None
        w = substitute(e, {name: num(0)})
        if not is_integer(w, self.sequent.declarations):
            return None
        if not inside._settled(lambda: inside._subtract(
                inside.frac(e), inside.frac(sub(w, mul(Num(rate), Var(name))))).num == 0):
            return None
        return b, int(rate), w

    def _product(self, t: Bind) -> Frac:
        try:
            name, low, high, child, fits, inhabited = self._opened_range(t)
            body = substitute(t.inner[1], {t.names[0]: Var(name)})
            factors: list[tuple[Term, int]] = remembered(
                ("factors", child.context, body),
                lambda: child._settled(lambda: child.factored(child.frac(body))))
            if not inhabited and not all(self.defined(substitute(u, {name: low})) for u, _ in factors):
                return self.opaque(t)      # constants go out front only if they exist when nothing is multiplied
        except CannotNormalise:
            return self.opaque(t)
        count = add(high, app("neg", low), ONE)
        result = self.constant(1)
        if not fits:       # c^count would be wrong for a reversed range
            if not all(name in free_names(u) for u, _ in factors):
                return self._unknown_range("prod", name, low, high, body, child.sequent)
            for base, e in factors:
                one = self._unknown_range("prod", name, low, high, base, child.sequent)
                result = self.times(result, self.natural_power(one, e))
            return result
        for base, e in factors:
            one = self._basic_product(name, low, high, base, count, child.sequent)
            result = self.times(result, self.natural_power(one, e))
        return result

    def factored(self, f: Frac) -> list[tuple[Term, int]]:
        if f.num == 0:
            return [(num(0), 1)]
        out: list[tuple[Term, int]] = []
        for p, direction in ((f.num, 1), (f.den, -1)):
            content, factors = self._factors(p)
            if content != 1:
                out.append((Num(content), direction))
            out += [(self.write(Frac(q, _ONE)), direction * e) for q, e in factors]
        return out

    def _basic_product(self, name: str, low: Term, high: Term, base: Term, count: Term, inner: Sequent) -> Frac:
        """The product of ``base`` over the range (low <= high + 1 is known)."""
        n = self.frac(count)
        if name not in free_names(base):
            b = self.frac(base)
            if b.num == 0:                                   # 0^n: 1 for n = 0
                return self._peeled(name, low, high, base, inner)
            return self.integer_power(b, n)
        match base:
            case App("exp", (v,)):
                return self.exponential(self.frac(Bind("sum", (name,), (INTEGER,), (low, high), (TRUE, v))))
            case App("pow", (Num(q), e)) if q != 0 and is_integer(e, inner.declarations):
                return self.integer_power(self.constant(q), self.frac(
                    Bind("sum", (name,), (INTEGER,), (low, high), (TRUE, e))))
            case App("pow", (c, e)) if name not in free_names(c) and is_integer(e, inner.declarations) and (
                    self.signs.frac(self.frac(c)) in ("+", "-", "+-")):
                return self.integer_power(self.frac(c), self.frac(
                    Bind("sum", (name,), (INTEGER,), (low, high), (TRUE, e))))
        if (linear := self._linear(name, base)) is not None:
            alpha_, w = linear
            last, first = add(high, ONE, w), add(low, w)
            if self.not_a_pole(last):
                ratio = self.times(self._inverse(self.reciprocal_gamma(last, False)),
                                   self.reciprocal_gamma(first, False))
                return self.times(self.integer_power(self.constant(alpha_), n), ratio)
        return self._peeled(name, low, high, base, inner)

    def _linear(self, name: str, base: Term) -> tuple[Fraction, Term] | None:
        """base = c (k + w) with a rational c and w free of k."""
        inner = self.within(self.sequent.declaring({name: INTEGER}))

        def ask() -> tuple[Fraction, Term] | None:
            f = inner.frac(base)
            k = inner.table.get(Var(name))
            if k is None or not f.den.is_constant():
                return None
            unit = tuple(int(j == k) for j in range(GENERATORS))
            terms = {tuple(map(int, e)): c for e, c in f.num.to_dict().items()}
            if unit not in terms or any(e != unit and any(
                    d and inner._mentions(j, name) for j, d in enumerate(e)) for e in terms):
                return None
            lead = terms.pop(unit)
            rest = inner.write(Frac(_CTX.from_dict(terms) / lead, _ONE))
            c = lead / f.den.leading_coefficient()
            return Fraction(int(c.p), int(c.q)), rest

        result: tuple[Fraction, Term] | None = remembered(
            ("linear", inner.context, base, name), lambda: inner._settled(ask))
        return result

    def _peeled(self, name: str, low: Term, high: Term, base: Term, inner: Sequent) -> Frac:
        """The product up to high = (the product up to a known bound) * (the factors between)."""
        t = Bind("prod", (name,), (INTEGER,), (low, high), (TRUE, base))
        if self.nested:
            return self.opaque(t)
        index, _, _ = self._body(name, low, high, base, inner, False)
        name, base = self.bodies[index]
        f = self.frac(high)
        shift = int(self._constant_part(f))
        rest = self._subtract(f, self.constant(shift))
        key = ("prod", index, self.key(self.frac(low)), self.key(rest))
        bases = self.partial.setdefault(key, [])
        empty = self.as_rational(self._subtract(self.frac(sub(low, ONE)), rest))
        if empty is not None and not bases:
            bases.append((int(empty), self.constant(1)))
        rest_term = sub(high, num(shift))
        for start, value in bases:
            steps = range(min(start, shift) + 1, max(start, shift) + 1)
            if len(steps) > MAX_SHIFT or self._plain_sign(
                    add(rest_term, num(min(start, shift) + 1), app("neg", low))) not in _NATURAL:
                continue
            factors = [self.frac(substitute(base, {name: add(rest_term, num(j))})) for j in steps]
            if shift < start and not all(self.signs.frac(x) in ("+", "-", "+-") for x in factors):
                continue
            for x in factors:
                value = self.times(value, x if shift > start else self._inverse(x))
            return value
        value = self._as_frac(self._generator((key, shift), Generator(
            t, "partial", is_real(t, self.sequent.declarations), None)))
        bases.append((shift, value))
        return value


def descending(body: Term, name: str) -> bool:
    """Whether sequences stand in ``body`` at places w - k only, w free of k."""
    places = [u.args[1] for u in subterms(body) if isinstance(u, App) and u.head == "at" and len(u.args) == 2
              and name in free_names(u)]
    return bool(places) and all(app("neg", Var(name)) in summands_of(u) and not any(
        name in free_names(v) for v in summands_of(u) if v != app("neg", Var(name))) for u in places)


def summands_of(t: Term) -> list[Term]:
    match t:
        case App("add", args):
            return [u for a in args for u in summands_of(a)]
        case App("neg", (App("add", args),)):
            return [v for a in args for u in summands_of(a) for v in (_opposite(u),)]
        case _:
            return [t]


def _opposite(t: Term) -> Term:
    return t.args[0] if isinstance(t, App) and t.head == "neg" else app("neg", t)


def _harmonic_shift(body: Term, name: str) -> int | None:
    """c with body = 1/(k + c)."""
    match body:
        case App("div", (Num(one), Var(k))) if one == 1 and k == name:
            return 0
        case App("div", (Num(one), App("add", (x, y)))) if one == 1:
            for p, q in ((x, y), (y, x)):
                if p == Var(name):
                    match q:
                        case Num(c) if c.denominator == 1:
                            return int(c)
                        case App("neg", (Num(c),)) if c.denominator == 1:
                            return -int(c)
    return None


__all__ = ["Discrete"]
