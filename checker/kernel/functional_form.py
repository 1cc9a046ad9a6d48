"""Integrands as sums of generators: what a linear functional on a family of functions is applied to.

On an open range where x > 0 and, on the unit range, 1 - x > 0, an integrand is read as a sum of

    c * x^s * (1-x)^t * exp(sum_k e_k x^k) * (log x)^i * (log(1-x))^j * others        (``Part``)

with c, s, t, e_k free of x.  Over integers the others are what a summand may contain: 1/k!, binomial
coefficients, gamma(k + r), and powers b^(a k + d) with a literal a.  Powers and logarithms of products
are split only where every factor is certainly positive (Bronstein, Symbolic Integration I, 2nd ed., 2005,
ch. 9, for elementary generators).

    log(a b) = log a + log b,  (a b)^s = a^s b^s      a > 0, b > 0
    log exp u = u, exp(u)^s = exp(s u)                u real, s real
    |u| = u, -u;  cases: the branch                   the sign, the guards known on the whole range

FAILURE (:class:`CannotRead`): a factor of unknown sign, a kink or a jump inside the range, a divisor that is
a sum (unless it is a multiple of 1 - x), any other function of x.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from .claim import Sequent
from .definedness import definedness
from .derivative import NoDerivative, at_point
from .effort import spend
from .field import CannotNormalise, Field
from .field_terms import in_order
from .kinds import is_integer, is_real
from .prove import discharge
from .term import ONE, TRUE, ZERO, App, Bind, Num, Term, Var, add, app, free_names, mul, negate, num, substitute

MAX_PARTS = 240
MAX_POWER = 16


class CannotRead(Exception):
    """The integrand is none of the sums that this reading knows."""


@dataclass(frozen=True, slots=True)
class Part:
    """One summand.  ``exponents``: (k, e_k), with e_0 for a constant factor; ``others``: (factor, integer exponent);
    ``powers``: (base, a, d) for base^(a k + d)."""

    factors: tuple[Term, ...] = ()
    power: Term = ZERO
    co_power: Term = ZERO
    exponents: tuple[tuple[Fraction, Term], ...] = ()
    logs: int = 0
    co_logs: int = 0
    others: tuple[tuple[Term, int], ...] = ()
    powers: tuple[tuple[Term, int, Term], ...] = ()

    @property
    def coefficient(self) -> Term:
        return product(*self.factors)


def plus(*terms: Term) -> Term:
    """The sum, with literals put together and opposite terms left out."""
    literal = Fraction(0)
    rest: list[tuple[int, Term]] = []
    for t in terms:
        for sign, u in flat(t):
            if isinstance(u, Num):
                literal += sign * u.value
            elif (-sign, u) in rest:
                rest.remove((-sign, u))
            else:
                rest.append((sign, u))
    parts: list[Term] = [u if sign > 0 else app("neg", u) for sign, u in rest]
    if literal or not parts:
        parts.append(Num(literal))
    return add(*parts)


def flat(t: Term, sign: int = 1) -> list[tuple[int, Term]]:
    """The summands with their signs."""
    match t:
        case App("add", args):
            return [x for a in args for x in flat(a, sign)]
        case App("neg", (a,)):
            return flat(a, -sign)
        case App("mul", (Num(c), App("add", args))):
            return [x for a in args for x in flat(product(Num(c), a), sign)]
        case _:
            return [(sign, t)]


def negative(a: Term) -> Term:
    return product(num(-1), a)


def product(*terms: Term) -> Term:
    """The product, with literals put together."""
    literal, above, below = Fraction(1), [], []
    for t in terms:
        c, upper, lower = _factored(t)
        literal *= c
        above += upper
        below += lower
    if not literal:
        return ZERO
    sign, literal = (-1, -literal) if literal < 0 else (1, literal)
    above = ([] if literal.numerator == 1 else [num(literal.numerator)]) + above
    below = ([] if literal.denominator == 1 else [num(literal.denominator)]) + below
    value: Term = mul(*above)
    if below:
        value = app("div", value, mul(*below))
    return value if sign > 0 else Num(-value.value) if isinstance(value, Num) else app("neg", value)


def _factored(t: Term) -> tuple[Fraction, list[Term], list[Term]]:
    """A literal, the factors above and those below the line."""
    match t:
        case Num(value):
            return value, [], []
        case App("neg", (a,)):
            c, above, below = _factored(a)
            return -c, above, below
        case App("mul", args):
            c, above, below = Fraction(1), [], []
            for a in args:
                d, more, less = _factored(a)
                c, above, below = c * d, above + more, below + less
            return c, above, below
        case App("div", (a, b)):
            (c, above, below), (d, more, less) = _factored(a), _factored(b)
            if d:
                return c / d, above + less, below + more
    return Fraction(1), [t], []


@dataclass
class Reading:
    """Reads integrands in ``x`` under the sequent's assumptions, which say where x lies.

    ``unit``: x lies between 0 and 1; ``positive``: x > 0; ``integer``: x runs over integers."""

    sequent: Sequent
    x: str
    positive: bool = False
    unit: bool = False
    integer: bool = False
    _field: Field = field(init=False)

    def __post_init__(self) -> None:
        self._field = Field(self.sequent)

    # ------------------------------------------------------------------ what is known

    def sign(self, t: Term) -> str | None:
        """Certain at every admissible point of the range."""
        if isinstance(t, Num):
            return "+" if t.value > 0 else "-" if t.value < 0 else "0"
        try:
            found = self._field.sign(t)
        except CannotNormalise:
            found = None
        if found in ("+", "-", "0"):
            return found
        if not discharge((app(">", t, ZERO),), self.sequent):
            return "+"
        if not discharge((app("<", t, ZERO),), self.sequent):
            return "-"
        return found

    def is_positive(self, t: Term) -> bool:
        return self.sign(t) == "+"

    def is_zero(self, t: Term) -> bool:
        try:
            return self._field.is_zero(t)
        except CannotNormalise:
            return t == ZERO

    def equal(self, a: Term, b: Term) -> bool:
        return a == b or self.is_zero(plus(a, negative(b)))

    def real(self, t: Term) -> bool:
        try:
            return is_real(t, self.sequent.declarations) or self._field.real(t)
        except CannotNormalise:
            return False

    def rational(self, t: Term) -> Term:
        """A closed rational term as a number; other terms stay."""
        if not isinstance(t, Num) and not free_names(t):
            try:
                found = self._field.as_rational(self._field.frac(t))
            except CannotNormalise:
                found = None
            return t if found is None else Num(found)
        return t

    def in_order(self, t: Term) -> Term:
        """Written from its normal form, where that is possible."""
        return in_order(self._field, t) or t

    def is_natural(self, t: Term) -> bool:
        return not discharge((app(">=", t, ZERO),), self.sequent)

    def free(self, t: Term) -> bool:
        return self.x not in free_names(t)

    # ------------------------------------------------------------------ sums and products

    def parts(self, t: Term) -> list[Part]:
        """Raises :class:`CannotRead`."""
        spend(2)
        if self.free(t):
            if isinstance(t, App) and t.head == "exp" and self.real(t.args[0]):
                return [Part(exponents=((Fraction(0), t.args[0]),))]
            return [] if t == ZERO else [Part() if t == ONE else Part((t,))]
        match t:
            case Var():
                return [Part(power=ONE)]
            case App("add", args):
                return self._bounded([p for a in args for p in self.parts(a)])
            case App("neg", (a,)):
                return [scaled(p, num(-1)) for p in self.parts(a)]
            case App("mul", args):
                out = [Part()]
                for a in args:
                    out = self._products(out, self.parts(a))
                return out
            case App("div", (a, b)):
                return self._products(self.parts(a), [self._inverse(b)])
            case App("pow", (base, e)):
                return self._power(base, e)
            case App("sqrt", (base,)):
                return self._power(base, num("1/2"))
            case App("exp", (u,)):
                return [self._exponential(u)]
            case App("log", (u,)):
                return self._bounded(self.log(u))
            case App("abs", (u,)) if self.real(u) and (known := self.sign(u)) in ("+", "-", "0", "0+", "0-"):
                return self.parts(u) if known in ("+", "0+", "0") else [scaled(p, num(-1)) for p in self.parts(u)]
            case App("cases", args):
                return self.parts(self._branch(args))
            case App("factorial" | "binomial" | "gamma") if self.integer and self._positive_special(t):
                return [Part(others=((t, 1),))]
            case Bind("diff") if t.names != (self.x,):
                return self.parts(self._derivative(t))
        raise CannotRead

    def _derivative(self, t: Bind) -> Term:
        """A derivative by a parameter, by the rules, whose guards hold on the whole range."""
        try:
            result, guards = at_point(t, self.sequent.declarations)
        except NoDerivative as error:
            raise CannotRead from error
        if discharge((*guards, *definedness(substitute(t.inner[0], {t.names[0]: t.outer[0]}), self.sequent)),
                     self.sequent):
            raise CannotRead
        return result

    @staticmethod
    def _bounded(parts: list[Part]) -> list[Part]:
        if len(parts) > MAX_PARTS:
            raise CannotRead
        return parts

    def _products(self, a: list[Part], b: list[Part]) -> list[Part]:
        if len(a) * len(b) > MAX_PARTS:
            raise CannotRead
        spend(len(a) * len(b))
        return [self.times(p, q) for p in a for q in b]

    def times(self, p: Part, q: Part) -> Part:
        exponents = dict(p.exponents)
        for k, e in q.exponents:
            exponents[k] = plus(exponents.get(k, ZERO), e)
        others = dict(p.others)
        for f, n in q.others:
            others[f] = others.get(f, 0) + n
        return Part(
            p.factors + q.factors, plus(p.power, q.power), plus(p.co_power, q.co_power),
            tuple(sorted(((k, e) for k, e in exponents.items() if e != ZERO), key=lambda f: f[0])),
            p.logs + q.logs, p.co_logs + q.co_logs,
            tuple(sorted(((f, n) for f, n in others.items() if n), key=repr)), p.powers + q.powers)

    def _inverse(self, t: Term) -> Part:
        """1/t for a single part.  Over integers x may be 0, so only what never vanishes is inverted."""
        if self.free(t):
            return Part((app("div", ONE, t),))
        p = self._single(t)
        if p.logs or p.co_logs or self.integer and (p.power != ZERO or p.co_power != ZERO):
            raise CannotRead
        if not (self.positive or p.power == ZERO):
            raise CannotRead
        if p.factors and not self._nonzero(p.coefficient):
            raise CannotRead
        if any(not self._nonzero(b) for b, _, _ in p.powers):
            raise CannotRead
        return Part(
            (product(app("div", ONE, p.coefficient)),) if p.factors else (), negative(p.power), negative(p.co_power),
            tuple((k, negative(e)) for k, e in p.exponents), 0, 0,
            tuple((f, -n) for f, n in p.others), tuple((b, -a, negative(d)) for b, a, d in p.powers))

    def _nonzero(self, t: Term) -> bool:
        return self.sign(t) in ("+", "-", "+-")

    def _single(self, t: Term) -> Part:
        """A product, or a multiple of 1 - x."""
        parts = self.parts(t)
        if len(parts) == 1:
            return parts[0]
        if self.unit:
            ends = [self.rational(substitute(t, {self.x: num(k)})) for k in (0, 1)]
            if self._affine(parts) and self.is_zero(ends[1]):
                return Part((ends[0],), co_power=ONE)
            if self._affine(parts) and self.is_zero(ends[0]):
                return Part((ends[1],), power=ONE)
        raise CannotRead

    @staticmethod
    def _affine(parts: Iterable[Part]) -> bool:
        return all(p == Part(p.factors, p.power) and p.power in (ZERO, ONE) for p in parts)

    # ------------------------------------------------------------------ powers, exp, log

    def _power(self, base: Term, e: Term) -> list[Part]:
        e = self.rational(e)
        if self.free(base):
            return [self._of_constant(base, e)]
        if not self.free(e):
            raise CannotRead
        if isinstance(e, Num) and e.value.denominator == 1 and 0 <= e.value <= MAX_POWER:
            factor, out = self.parts(base), [Part()]
            try:
                factor = [self._single(base)]
            except CannotRead:
                pass
            for _ in range(int(e.value)):
                out = self._products(out, factor)
            return out
        if isinstance(e, Num) and e.value.denominator == 1 and e.value < 0:
            if -e.value > MAX_POWER:
                raise CannotRead
            below, whole = self._inverse(base), Part()
            for _ in range(int(-e.value)):
                whole = self.times(whole, below)
            return [whole]
        p = self._single(base)
        if self.integer or not self.real(e) or p.logs or p.co_logs or p.others or p.powers:
            raise CannotRead
        if p.power != ZERO and not self.positive or not all(self.real(u) for _, u in p.exponents):
            raise CannotRead
        c = ONE if self.equal(p.coefficient, ONE) else p.coefficient
        if c != ONE and not self.is_positive(c):
            raise CannotRead
        return [Part(
            () if c == ONE else (app("pow", c, e),), product(p.power, e), product(p.co_power, e),
            tuple((k, product(u, e)) for k, u in p.exponents))]

    def _of_constant(self, base: Term, e: Term) -> Part:
        """base^e for an e that moves with x."""
        if self.integer and is_integer(e, self.sequent.declarations):
            rate, rest = self._integer_slope(e)
            if not (self._nonzero(base) or self.sign(e) in ("+", "0+", "0") or self.is_natural(e)):
                raise CannotRead
            return Part(powers=((base, rate, rest),))
        if not self.is_positive(base):
            raise CannotRead
        return self._exponential(mul(e, app("log", base)))

    def _integer_slope(self, e: Term) -> tuple[int, Term]:
        """e = a x + d with a literal a."""
        rate = Fraction(0)
        rest: Term = ZERO
        for p in self.parts(e):
            c = p.coefficient
            if p == Part(p.factors):
                rest = plus(rest, c)
            elif p == Part(p.factors, ONE) and (a := self._literal(p.factors)) is not None:
                rate += a
            else:
                raise CannotRead
        if rate.denominator != 1 or abs(rate) > MAX_POWER:
            raise CannotRead
        return int(rate), rest

    @staticmethod
    def _literal(factors: tuple[Term, ...]) -> Fraction | None:
        value = Fraction(1)
        for f in factors:
            if not isinstance(f, Num):
                return None
            value *= f.value
        return value

    def _exponential(self, u: Term) -> Part:
        out = Part()
        for p in self.parts(u):
            c = product(p.coefficient, *(app("exp", e) for _, e in p.exponents))
            if p.others or p.powers or any(k for k, _ in p.exponents) or p.co_power != ZERO or not self.real(c):
                raise CannotRead
            if p.logs + p.co_logs == 1 and p.power == ZERO and not self.integer:
                q = Part(power=c) if p.logs else Part(co_power=c)
            elif p.logs or p.co_logs:
                raise CannotRead
            elif p.power == ZERO:
                q = Part(exponents=((Fraction(0), c),))
            elif isinstance(p.power, Num) and self.integer and p.power == ONE:
                q = Part(powers=((app("exp", c), 1, ZERO),))
            elif isinstance(p.power, Num) and not self.integer and abs(p.power.value) <= MAX_POWER:
                q = Part(exponents=((p.power.value, c),))
            else:
                raise CannotRead
            out = self.times(out, q)
        return out

    def log(self, u: Term) -> list[Part]:
        match u:
            case App("mul", args):
                return [p for a in args for p in self.log(a)]
            case App("div", (a, b)):
                return self.log(a) + [scaled(p, num(-1)) for p in self.log(b)]
            case App("pow", (base, e)):
                if not self.real(e):
                    raise CannotRead
                return self._products(self.parts(e), self.log(base))
            case App("sqrt", (a,)):
                return [scaled(p, num("1/2")) for p in self.log(a)]
            case App("exp", (v,)) if self.real(v):
                return self.parts(v)
            case App("cases", args):
                return self.log(self._branch(args))
            case App("factorial" | "binomial" | "gamma") if (
                    self.integer and not self.free(u) and self._positive_special(u)):
                return [Part(others=((app("log", u), 1),))]
        if self.free(u):
            if not self.is_positive(u):
                raise CannotRead
            return [] if u == ONE else [Part((app("log", u),))]
        if self.integer:
            raise CannotRead
        p = self._single(u)
        if p.others or p.powers or p.logs or p.co_logs or p.power != ZERO and not self.positive:
            raise CannotRead
        total = [Part((e,), power=Num(k)) for k, e in p.exponents]
        if p.factors:
            total += self.log(p.coefficient)
        if p.power != ZERO:
            total.append(Part((p.power,), logs=1))
        if p.co_power != ZERO:
            total.append(Part((p.co_power,), co_logs=1))
        return total

    def _positive_special(self, t: App) -> bool:
        """k!, binomial(n, k), gamma(k + r), certainly positive on the whole range."""
        if not all(self.real(a) for a in t.args):
            return False
        match t:
            case App("factorial", (a,)):
                return self.sign(a) in ("+", "0+", "0") and is_integer(a, self.sequent.declarations)
            case App("gamma", (a,)):
                return self.sign(a) == "+"
            case App("binomial", (n, k)):
                whole = all(is_integer(a, self.sequent.declarations) for a in (n, k))
                return whole and all(self.sign(a) in ("+", "0+", "0") for a in (k, plus(n, negative(k))))
        return False

    def _branch(self, args: tuple[Term, ...]) -> Term:
        """The branch that is taken on the whole range."""
        for value, guard in zip(args[0::2], args[1::2], strict=True):
            if guard == TRUE or not discharge((guard,), self.sequent):
                return value
            if discharge((negate(guard),), self.sequent):
                break
        raise CannotRead

    # ------------------------------------------------------------------ equal parts

    def collected(self, parts: list[Part]) -> list[Part]:
        """Parts that agree but for their constants put together; those that vanish are dropped."""
        groups: list[tuple[Part, list[Term]]] = []
        for p in map(self._plain, parts):
            for q, constants in groups:
                if self._alike(p, q):
                    constants.append(p.coefficient)
                    break
            else:
                groups.append((p, [p.coefficient]))
        out = []
        for p, constants in groups:
            total = plus(*constants)
            if len(constants) > 1 and self.is_zero(total):
                continue
            out.append(replace(p, factors=() if total == ONE else (total,)))
        return out

    def _plain(self, p: Part) -> Part:
        return replace(
            p, power=self.rational(p.power), co_power=self.rational(p.co_power),
            exponents=tuple((k, e) for k, e in p.exponents if not self.is_zero(e)))

    def _alike(self, p: Part, q: Part) -> bool:
        return (p.logs, p.co_logs, len(p.powers)) == (q.logs, q.co_logs, len(q.powers)) and (
            [k for k, _ in p.exponents] == [k for k, _ in q.exponents]) and p.others == q.others and all(
                a[1] == b[1] and self.equal(a[0], b[0]) and self.equal(a[2], b[2])
                for a, b in zip(p.powers, q.powers, strict=True)) and (
                self.equal(p.power, q.power) and self.equal(p.co_power, q.co_power)) and all(
                    self.equal(a, b) for (_, a), (_, b) in zip(p.exponents, q.exponents, strict=True))


def scaled(p: Part, c: Term) -> Part:
    return replace(p, factors=(c, *p.factors))


__all__ = ["CannotRead", "Part", "Reading", "flat", "negative", "plus", "product", "scaled"]
