"""Normal form of scalar expressions: fractions of polynomials over Q in generators with relations.

A generator stands for a name, for ``exp`` of a monomial, for the logarithm of a positive factor, for
a root, for i, or for a subterm the rules cannot open (an opaque value; equal arguments in normal
form give the same generator).  Relations ``g^d = N/D`` (``i^2 = -1``, ``r^q = u``) reduce polynomials.

    num(a) * den(b) - num(b) * den(a) reduces to 0
    ----------------------------------------------------------   (wherever a and b are defined)
    a = b

Denominators arise only from divisors of the raw terms, so where the raw terms are defined
(``definedness``) no denominator is 0.  Soundness never uses that generators are independent: a
polynomial that reduces to 0 is 0 at all values (Bronstein, Symbolic Integration I, 2nd ed., 2005,
ch. 9 for the relations).  Splits of logs and roots use only factors proved positive (``signs``).

FAILURE: :class:`CannotNormalise` when a budget is used up; a wrong "not 0" is possible (a missing
relation), a wrong "0" is not.  Not covered: special functions' own relations, branch cuts by cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, TypeVar

from flint import fmpq, fmpq_mpoly, fmpq_mpoly_ctx, fmpz

from .claim import Sequent
from .effort import spend
from .kinds import is_integer, is_real
from .term import App, Bind, Num, Term, Var, add, alpha, app, free_names, fresh, mul, num, show, substitute

if TYPE_CHECKING:
    from .signs import Signs

_Answer = TypeVar("_Answer")

GENERATORS = 64
MAX_TERMS = 4_000
MAX_POWER = 80
MAX_STEPS = 200
MAX_FACTORED = 250
MAX_BITS = 60_000

#: Formulas, tuples and marks: none has a value that could be added or multiplied.  In particular oo.
_NOT_NUMBERS = {
    "=", "!=", "<", "<=", ">", ">=", "and", "or", "not", "implies", "iff", "true", "false", "in", "integers",
    "rationals", "reals", "tuple", "assign", "oo", "two-sided", "from-above", "from-below", "unstated-side",
    "given", "finite",
}

#: relation -> the signs of the difference with which it holds, and with which it fails
_DECIDED = {
    "<": (("-",), ("+", "0+", "0")), "<=": (("-", "0-", "0"), ("+",)), ">": (("+",), ("-", "0-", "0")),
    ">=": (("+", "0+", "0"), ("-",)), "=": (("0",), ("+", "-", "+-")), "!=": (("+", "-", "+-"), ("0",)),
}

_CTX = fmpq_mpoly_ctx.get([f"g{k}" for k in range(GENERATORS)], "degrevlex")
_GENS = _CTX.gens()
_ZERO, _ONE = _CTX.constant(0), _CTX.constant(1)


class CannotNormalise(Exception):
    """A budget is used up, or a subterm divides by something that is 0 in normal form."""


class _Restart(Exception):
    """An exponent needs a finer common denominator: start again with what was learned."""


@dataclass(frozen=True, slots=True)
class Frac:
    num: fmpq_mpoly
    den: fmpq_mpoly


@dataclass(frozen=True, slots=True)
class Generator:
    term: Term
    kind: str                        # name, opaque, exp, log, root, imaginary
    real: bool
    sign: str | None                 # "+" positive, "0+" nonnegative, None unknown
    integer: bool = False
    power: int = 0                   # relation: g^power = value (0: none)
    value: Frac | None = None        # exp: the exponent; log: the argument; root: see power


class Field:
    """The normal form for one sequent: its declarations give realness, its assumptions signs."""

    def __init__(self, sequent: Sequent) -> None:
        spend(3)
        self.sequent = sequent
        self.scale: dict[tuple[str, str], int] = {}   # exponent monomial -> common denominator
        self.earliest: dict[object, int] = {}         # orbit with a symbolic number of steps -> see _first_steps
        self._reset()

    def _reset(self) -> None:
        self.generators: list[Generator] = []
        self.relations: list[tuple[int, int]] = []      # generators with g^power = value, newest first
        self.table: dict[object, int] = {}
        self._signs: Signs | None = None
        self._marks = 0
        self._open_integrals = 0
        self._cache: dict[Term, Frac] = {}

    @property
    def signs(self) -> Signs:
        if self._signs is None:
            from .signs import Signs

            self._signs = Signs(self)
        return self._signs

    # ------------------------------------------------------------------ questions

    def is_zero(self, t: Term) -> bool:
        return self._settled(lambda: self.frac(t).num == 0)

    def equal(self, a: Term, b: Term) -> bool:
        return self._settled(lambda: self._subtract(self.frac(a), self.frac(b)).num == 0)

    def real(self, t: Term) -> bool:
        """Whether every generator of the normal form is real."""
        return self._settled(lambda: self.signs.real(self.frac(t)))

    def sign(self, t: Term) -> str | None:
        """``+``, ``-``, ``0``, ``0+`` (>= 0), ``0-`` (<= 0), ``+-`` (nonzero) or None."""
        return self._settled(lambda: self.signs.frac(self.frac(t)))

    def _settled(self, question: Callable[[], _Answer]) -> _Answer:
        for _ in range(10):
            try:
                return question()
            except _Restart:
                self._reset()
            except RecursionError as error:
                raise CannotNormalise("nested too deep") from error
        raise CannotNormalise("the exponents have no common denominator in sight")

    # ------------------------------------------------------------------ generators

    def _generator(self, key: object, g: Generator) -> int:
        k = self.table.get(key)
        if k is None:
            k = len(self.generators)
            if k >= GENERATORS:
                raise CannotNormalise(f"more than {GENERATORS} generators")
            self.generators.append(g)
            self.table[key] = k
            if g.power:
                self.relations.insert(0, (k, g.power))
        return k

    def _as_frac(self, k: int) -> Frac:
        return Frac(_GENS[k], _ONE)

    def _name(self, t: Var) -> Frac:
        decls = self.sequent.declarations
        real = is_real(t, decls)
        sign = self.signs.of_name(t.name) if real else None
        g = Generator(t, "name", real, sign, is_integer(t, decls))
        return self._as_frac(self._generator(t, g))

    def opaque(self, t: Term, key: object = None, sign: str | None = None) -> Frac:
        decls = self.sequent.declarations
        g = Generator(t, "opaque", is_real(t, decls), sign, is_integer(t, decls))
        return self._as_frac(self._generator(alpha(t) if key is None else key, g))

    # ------------------------------------------------------------------ arithmetic

    def _bounded(self, p: fmpq_mpoly) -> fmpq_mpoly:
        if len(p) > MAX_TERMS:
            raise CannotNormalise(f"more than {MAX_TERMS} terms")
        if p != 0 and _bits(p.leading_coefficient()) > MAX_BITS:
            raise CannotNormalise("a number of too many digits")
        return p

    def _make(self, n: fmpq_mpoly, d: fmpq_mpoly) -> Frac:
        """Reduce by the relations, cancel, make the denominator monic."""
        spend(4 + (len(n) + len(d))//4)
        if self.relations:
            top, bottom = self._reduce(n), self._reduce(d)
            n, d = top.num * bottom.den, bottom.num * top.den
        if d == 0:
            raise CannotNormalise("a divisor is 0 in normal form")
        if n == 0:
            return Frac(_ZERO, _ONE)
        if d == _ONE:
            return Frac(self._bounded(n), d)
        if not d.is_constant():
            g = n.gcd(d)
            if not g.is_constant():
                n, d = divmod(n, g)[0], divmod(d, g)[0]
        lead = d.leading_coefficient()
        return Frac(self._bounded(n / lead), self._bounded(d / lead))

    def _reduce(self, p: fmpq_mpoly) -> Frac:
        den = _ONE
        for _ in range(40):
            if p.is_constant():
                return Frac(p, den)
            spend(2 + len(p)//2)
            degrees = p.degrees()
            worst = next((k for k, power in self.relations if degrees[k] >= power), None)
            if worst is None:
                return Frac(p, den)
            g = self.generators[worst]
            value = g.value if g.value is not None else Frac(_ZERO, _ONE)
            top = int(degrees[worst]) // g.power
            parts: dict[int, dict[tuple[int, ...], fmpq]] = {}
            for exponents, c in p.to_dict().items():
                e = list(map(int, exponents))
                q, e[worst] = divmod(e[worst], g.power)
                part = parts.setdefault(q, {})
                part[tuple(e)] = part.get(tuple(e), fmpq(0)) + c
            total = _ZERO
            for q, terms in parts.items():
                total += _CTX.from_dict(terms) * value.num**q * value.den ** (top - q)
            p = self._bounded(total)
            den = den * value.den**top
        raise CannotNormalise("the relations do not come to an end")

    def _plus(self, a: Frac, b: Frac) -> Frac:
        if a.den == b.den:
            return self._make(a.num + b.num, a.den)
        return self._make(a.num * b.den + b.num * a.den, a.den * b.den)

    def _subtract(self, a: Frac, b: Frac) -> Frac:
        return self._plus(a, Frac(-b.num, b.den))

    def times(self, a: Frac, b: Frac) -> Frac:
        return self._make(a.num * b.num, a.den * b.den)

    def _inverse(self, a: Frac) -> Frac:
        if a.num == 0:
            raise CannotNormalise("a divisor is 0 in normal form")
        return self._make(a.den, a.num)

    def natural_power(self, a: Frac, n: int) -> Frac:
        if n < 0:
            return self.natural_power(self._inverse(a), -n)
        weight = max(len(a.num), len(a.den))
        if n > 1 and n * _height(a) > MAX_BITS:
            raise CannotNormalise(f"a power with exponent {n}")
        if n > MAX_POWER and weight > 1 or n > 100_000 or weight**min(n, 12) > 10**9:
            raise CannotNormalise(f"a power with exponent {n}")
        result = Frac(_ONE, _ONE)
        base = a
        while n:
            if n & 1:
                result = self.times(result, base)
            n >>= 1
            if n:
                base = self.times(base, base)
        return result

    def constant(self, q: Fraction | int) -> Frac:
        q = Fraction(q)
        return Frac(_CTX.constant(fmpq(q.numerator, q.denominator)), _ONE)

    @staticmethod
    def as_rational(a: Frac) -> Fraction | None:
        if a.num.is_constant() and a.den.is_constant():
            c = a.num.leading_coefficient() if a.num != 0 else fmpq(0)
            d = a.den.leading_coefficient()
            q = c / d
            return Fraction(int(q.p), int(q.q))
        return None

    # ------------------------------------------------------------------ terms to fractions

    def frac(self, t: Term) -> Frac:
        found = self._cache.get(t)
        if found is None:
            found = self._cache[t] = self._frac(t)
        return found

    def _frac(self, t: Term) -> Frac:
        match t:
            case Num(value):
                return self.constant(value)
            case Var():
                return self._name(t)
            case App("add", args):
                total = self.constant(0)
                for a in args:
                    total = self._plus(total, self.frac(a))
                return total
            case App("mul", args):
                product = self.constant(1)
                for a in args:
                    product = self.times(product, self.frac(a))
                return product
            case App("neg", (a,)):
                f = self.frac(a)
                return Frac(-f.num, f.den)
            case App("div", (a, b)):
                return self.times(self.frac(a), self._inverse(self.frac(b)))
            case App("pow", (base, exponent)):
                return self._power(base, exponent)
            case App("sqrt", (a,)):
                return self.root(self.frac(a), Fraction(1, 2))
            case App("exp", (a,)):
                return self.exponential(self.frac(a))
            case App("e", ()):
                return self.exponential(self.constant(1))
            case App("log", (a,)):
                return self.logarithm(self.frac(a))
            case App("pi", ()):
                return self.opaque(t, sign="+")
            case App("i", ()):
                return self._imaginary()
            case App("sin" | "cos" | "tan" | "cot" | "sec" | "csc" | "sinh" | "cosh" | "tanh" | "coth" as f,
                     (a,)):
                return self._trigonometric(f, self.frac(a))
            case App("abs", (a,)):
                return self._absolute(self.frac(a), a)
            case App("relu", (a,)):
                return self._relu(self.frac(a), t)
            case App("max" | "min", args) if (chosen := self._extreme(t.head, args)) is not None:
                return chosen
            case App("cases", args) if (chosen_case := self._selected(args)) is not None:
                return self.frac(chosen_case)
            case App("sign", (a,)) if (known := self.signs.frac(self.frac(a))) in ("+", "-", "0"):
                return self.constant({"+": 1, "-": -1, "0": 0}[known])
            case App("item", (whole, Num(k))) if k.denominator == 1:
                return self._item(whole, int(k), t)
            case App("conj" | "re" | "im" as part, (a,)) if is_real(
                    a, self.sequent.declarations) or self.signs.real(self.frac(a)):
                return self.constant(0) if part == "im" else self.frac(a)
            case App("asin" | "atan" | "asinh" | "atanh" | "erf", (a,)) if self.frac(a).num == 0:
                return self.constant(0)
            case Bind("sum" | "prod", _, _, (Num(low), Num(high)), _) if (
                    high - low <= 60 and low.denominator == high.denominator == 1):
                return self._written_out(t, int(low), int(high))
            case Bind("sum" | "prod", _, _, (low, high), (App("true", ()), body)):
                return self._opaque_range(t, low, high, body)
            case Bind("diff"):
                return self._derivative(t)
            case Bind("integral", _, _, (low, high), (body,)):
                return self._integral(t, low, high, body)
            case App(head, _) if head in _NOT_NUMBERS:
                raise CannotNormalise(f"{show(t)[:60]} is no number")
            case App(head, args) if args:
                return self._congruent(head, args, t)
            case _:
                return self.opaque(t)

    def key(self, a: Frac) -> tuple[str, str]:
        return (str(a.num), str(a.den))

    def _congruent(self, head: str, args: tuple[Term, ...], t: Term) -> Frac:
        """An opaque value; equal arguments in normal form make it the same generator."""
        parts: list[object] = []
        for a in args:
            match a:
                case Var() if a.name in self.sequent.declarations and not is_real(
                        a, self.sequent.declarations):
                    parts.append(("name", a.name))
                case Num() | Var() | App() if not (isinstance(a, App) and a.head in _NOT_NUMBERS):
                    parts.append(self.key(self.frac(a)))
                case _:
                    parts.append(alpha(a))
        sign = None
        if head in ("density",) or (head == "delta"):
            sign = "0+"
        if head == "gamma" and self.signs.frac(self.frac(args[0])) == "+" or head == "factorial" and (
                self.signs.frac(self.frac(args[0])) in ("+", "0+", "0")):
            sign = "+"
        if head == "binomial" and all(is_integer(a, self.sequent.declarations) for a in args):
            n, k = map(self.frac, args)
            if all(self.signs.frac(f) in ("+", "0+", "0") for f in (k, self._subtract(n, k))):
                sign = "+"        # 0 <= k <= n
        if head == "max" and any(self.signs.frac(self.frac(a)) in ("+", "0+", "0") for a in args):
            sign = "0+"       # the arguments of max are real
        return self.opaque(t, (head, *parts), sign)

    def _imaginary(self) -> Frac:
        g = Generator(App("i", ()), "imaginary", False, None, False, 2, self.constant(-1))
        return self._as_frac(self._generator("i", g))

    def _trigonometric(self, f: str, u: Frac) -> Frac:
        i = self._imaginary()
        v = u if f in ("sinh", "cosh", "tanh", "coth") else self.times(i, u)
        e = self.exponential(v)
        back = self._inverse(e)
        minus, plus = self._subtract(e, back), self._plus(e, back)
        half = self.constant(Fraction(1, 2))
        match f:
            case "sinh":
                return self.times(minus, half)
            case "cosh":
                return self.times(plus, half)
            case "tanh":
                return self.times(minus, self._inverse(plus))
            case "coth":
                return self.times(plus, self._inverse(minus))
        sine = self.times(self.times(minus, half), self._inverse(i))
        cosine = self.times(plus, half)
        match f:
            case "sin":
                return sine
            case "cos":
                return cosine
            case "tan":
                return self.times(sine, self._inverse(cosine))
            case "cot":
                return self.times(cosine, self._inverse(sine))
            case "sec":
                return self._inverse(cosine)
            case _:
                return self._inverse(sine)

    def _absolute(self, u: Frac, a: Term) -> Frac:
        sign = self.signs.frac(u)
        if sign in ("+", "0+", "0"):
            return u
        if sign in ("-", "0-"):
            return Frac(-u.num, u.den)
        if not self.signs.real(u):
            return self.opaque(app("abs", a), ("abs", self.key(u)), "0+")
        result = self.constant(1)
        for p, direction in ((u.num, 1), (u.den, -1)):       # |u v| = |u| |v|
            content, factors = self._factors(p)
            result = self.times(result, self.natural_power(self.constant(abs(content)), direction))
            for f, e in factors:
                one = self._absolute_factor(Frac(f, _ONE), a)
                result = self.times(result, self.natural_power(one, direction * e))
        return result

    def _absolute_factor(self, u: Frac, a: Term) -> Frac:
        match self.signs.frac(u):
            case "+" | "0+":
                return u
            case "-" | "0-":
                return Frac(-u.num, u.den)
            case sign:
                nonzero = sign == "+-"
        g = Generator(app("abs", a), "root", True, "+" if nonzero else "0+", False, 2, self.times(u, u))
        return self._as_frac(self._generator(("abs", self.key(u)), g))

    def _relu(self, u: Frac, t: Term) -> Frac:
        match self.signs.frac(u):
            case "+" | "0+":
                return u
            case "-" | "0-" | "0":
                return self.constant(0)
            case _:
                return self.opaque(t, ("relu", self.key(u)), "0+")

    def _extreme(self, head: str, args: tuple[Term, ...]) -> Frac | None:
        """The argument that is proved to be the greatest (least); the arguments are real."""
        best = self.frac(args[0])
        for a in args[1:]:
            other = self.frac(a)
            match self.signs.frac(self._subtract(other, best)):
                case "+" | "0+":
                    best = other if head == "max" else best
                case "-" | "0-" | "0":
                    best = best if head == "max" else other
                case _:
                    return None
        return best

    def _selected(self, args: tuple[Term, ...]) -> Term | None:
        """The value of the first case that certainly applies, if those before certainly do not."""
        for value, guard in zip(args[0::2], args[1::2], strict=True):
            match guard:
                case App("true", ()):
                    return value
                case App(relation, (a, b)) if relation in _DECIDED:
                    sign = self.signs.frac(self._subtract(self.frac(a), self.frac(b)))
                    holds, fails = _DECIDED[relation]
                    if sign in holds:
                        return value
                    if sign not in fails:
                        return None
                case _:
                    return None
        return None

    def _written_out(self, t: Bind, low: int, high: int) -> Frac:
        if t.inner[0] != App("true", ()):
            return self.opaque(t)
        total = self.constant(0 if t.head == "sum" else 1)
        for k in range(low, high + 1):
            term = self.frac(substitute(t.inner[1], {t.names[0]: num(k)}))
            total = self._plus(total, term) if t.head == "sum" else self.times(total, term)
        return total

    def _derivative(self, t: Bind) -> Frac:
        from .derivative import NoDerivative, at_point

        try:
            return self.frac(at_point(t, self.sequent.declarations)[0])
        except NoDerivative:
            body = alpha(Bind(t.head, t.names, t.sorts, (num(0),), t.inner))
            return self.opaque(t, ("diff", body, self.key(self.frac(t.outer[0]))))

    # ------------------------------------------------------------------ integrals

    def _integral(self, t: Bind, low: Term, high: Term, body: Term) -> Frac:
        """integral(a to b: sum c_m m) = sum c_m (P_m(b) - P_m(a)), with a generator P_m(e) for each part m of
        the integrand and each end e.

        P_m(e) stands for no number: m alone need not be integrable.  But a relation between these formal
        values is one between the integrals, as far as these converge: at a fixed point of the parameters
        the relation says of every stretch between neighbouring ends that the integrands there, with their
        factors, add up to 0; so does the sum of the integrals.  (A linear relation; a polynomial one then
        holds for some numbers in place of the P_m(e) that give all the integrals their values.)  So this
        is linearity, additivity and reversal of the range at once, wherever the raw integrals converge.
        """
        mark = fresh(f"\0{self._open_integrals}", free_names(body) | set(self.sequent.declarations))
        self._open_integrals += 1
        try:
            f = self.frac(substitute(body, {t.names[0]: Var(mark)}))
        finally:
            self._open_integrals -= 1
        names = free_names(t)
        moving = [k for k, g in enumerate(self.generators) if self._depends(g, mark)]
        const, rest = _ONE, _ONE
        content, factors = self._factors(f.den)
        const = const * _CTX.constant(fmpq(content.numerator, content.denominator))
        for p, multiplicity in factors:
            if any(int(p.degrees()[k]) for k in moving):
                rest = rest * p**multiplicity
            else:
                const = const * p**multiplicity
        parts: dict[tuple[int, ...], fmpq_mpoly] = {}
        for exponents, c in f.num.to_dict().items():
            e = list(map(int, exponents))
            m = [0] * GENERATORS
            for k in moving:
                m[k], e[k] = e[k], 0
            key = tuple(m)
            parts[key] = parts.get(key, _ZERO) + _CTX.from_dict({tuple(e): c})
        ends = [self._end(u) for u in (low, high)]
        total = self.constant(0)
        for monomial, coefficient in parts.items():
            part = (str(_CTX.from_dict({monomial: fmpq(1)})), str(rest))
            one, other = (
                self._as_frac(self._generator(("antiderivative", mark, part, end), Generator(
                    App("#antiderivative", tuple(map(Var, sorted(names)))), "opaque", False, None)))
                for end in ends)
            factor = self._make(coefficient, const)
            total = self._plus(total, self.times(factor, self._subtract(other, one)))
        return total

    def _opaque_range(self, t: Bind, low: Term, high: Term, body: Term) -> Frac:
        """A sum or product over a range: opaque; equal ends and summands in normal form make it the same."""
        mark = fresh(f"\0{self._open_integrals}", free_names(body) | set(self.sequent.declarations))
        self._open_integrals += 1
        try:
            summand = self.key(self.frac(substitute(body, {t.names[0]: Var(mark)})))
            ends = self._end(low), self._end(high)
        except CannotNormalise:
            return self.opaque(t)
        finally:
            self._open_integrals -= 1
        return self.opaque(t, (t.head, mark, *ends, summand))

    def _end(self, end: Term) -> object:
        if end == App("oo", ()) or end == App("neg", (App("oo", ()),)):
            return end
        return self.key(self.frac(end))

    def _depends(self, g: Generator, name: str) -> bool:
        """Whether the generator's value may move with the name; a generator without a term of its own may."""
        if name in free_names(g.term) or g.kind == "opaque" and g.term == App("pow", ()):
            return True
        return g.value is not None and any(
            d and self._depends(self.generators[k], name)
            for p in (g.value.num, g.value.den) if p != 0 for k, d in enumerate(map(int, p.degrees())))

    # ------------------------------------------------------------------ iterations

    def _item(self, whole: Term, k: int, t: Term) -> Frac:
        match whole:
            case App("tuple", parts) if 1 <= k <= len(parts):
                return self.frac(parts[k - 1])
            case Bind("iterate") if 1 <= k <= len(whole.names):
                state = self._state(whole)
                return state[whole.names[k - 1]]
            case _:
                return self.opaque(t)

    def _state(self, t: Bind) -> dict[str, Frac]:
        """The state after the steps: the literal part of the step count is carried out."""
        steps, start = t.outer
        n = self.frac(steps)
        if not n.den.is_constant():
            raise CannotNormalise("a step count that is not a polynomial")
        zero = (0,) * GENERATORS
        constant = n.num.to_dict().get(zero, fmpq(0))
        count = Fraction(int(constant.p), int(constant.q))
        rest = self._subtract(n, self.constant(count))
        if count.denominator != 1 or count > MAX_STEPS or rest.num == 0 and count < 0:
            raise CannotNormalise(f"{count} steps")
        match start:
            case App("tuple", parts) if len(parts) == len(t.names):
                begin = [self.frac(p) for p in parts]
            case Bind("iterate"):
                begin = list(self._state(start).values())
            case _:
                begin = [self.opaque(app("item", start, num(j + 1))) for j in range(len(t.names))]
        if rest.num == 0:
            state = dict(zip(t.names, begin, strict=True))
        else:
            body = alpha(Bind(t.head, t.names, t.sorts, (num(0), num(0)), t.inner))
            begun = tuple(self.key(b) for b in begin)
            first = self._first_steps(n, rest, int(count), ("orbit", body, self.key(rest), begun))
            key = ("orbit", body, self.key(rest), first, begun)
            here = t if first == count else Bind(
                t.head, t.names, t.sorts, (add(steps, num(first - int(count))), start), t.inner)
            state = {}
            for j, name in enumerate(t.names):
                g = Generator(app("item", here, num(j + 1)), "opaque", self._real_state(t), None)
                state[name] = self._as_frac(self._generator((key, j), g))
            count -= first
        for _ in range(int(count)):
            state = self._step(t, state)
        return state

    def _first_steps(self, n: Frac, rest: Frac, count: int, orbit: object) -> int:
        """c for which orbit(rest + c) is the generator: the least of those seen, and 0 where rest >= 0.

        orbit(m + 1) is a step from orbit(m) only where there is an orbit(m): m >= 0.
        """
        natural = ("+", "0+", "0")
        if self.signs.frac(rest) in natural and count >= 0:
            least = 0
        elif self.signs.frac(n) in natural:
            least = count
        else:
            return count
        known = self.earliest.setdefault(orbit, least)
        if least < known:
            self.earliest[orbit] = least
            raise _Restart
        return known if known <= count else count

    def _real_state(self, t: Bind) -> bool:
        inside = dict(self.sequent.declarations) | dict(zip(t.names, t.sorts, strict=True))
        return all(is_real(Var(n), inside) for n in t.names)

    def _step(self, t: Bind, state: dict[str, Frac]) -> dict[str, Frac]:
        current = dict(state)
        for line in t.inner:
            if not (isinstance(line, App) and line.head == "assign"):
                raise CannotNormalise("an iteration line that assigns nothing")
            target, value = line.args
            targets = target.args if isinstance(target, App) else (target,)
            values = value.args if isinstance(target, App) and isinstance(value, App) else (value,)
            new = [self._with_state(v, current) for v in values]
            for name, v in zip(targets, new, strict=True):
                if isinstance(name, Var):
                    current[name.name] = v
        return current

    def _with_state(self, t: Term, state: dict[str, Frac]) -> Frac:
        """``t`` with fractions put in for the state's names (through opaque marks, so that every
        head of ``frac`` works on states too)."""
        marks: dict[str, Term] = {}
        for name, f in state.items():
            self._marks += 1
            mark = App("#state", (num(self._marks), Var(name)))
            marks[name] = mark
            self._cache[mark] = f
        return self.frac(substitute(t, marks))

    # ------------------------------------------------------------------ powers, roots, exp, log

    def _power(self, base: Term, exponent: Term) -> Frac:
        if base == App("e", ()):
            return self.exponential(self.frac(exponent))
        e = self.frac(exponent)
        q = self.as_rational(e)
        b = self.frac(base)
        if q is not None:
            if q.denominator == 1:
                if b.num == 0 and q == 0:
                    return self.constant(1)
                return self.natural_power(b, int(q))
            return self.root(b, q)
        if b.num == 0:
            if self.signs.frac(e) == "+":
                return self.constant(0)
            raise CannotNormalise("a symbolic power of 0")
        integer = is_integer(exponent, self.sequent.declarations)
        if self.signs.frac(b) == "+":
            return self.exponential(self.times(e, self.logarithm(b)))
        if integer:
            return self._integer_power(b, e)
        return self.opaque(app("pow", base, exponent), ("pow", self.key(b), self.key(e)))

    def _integer_power(self, b: Frac, e: Frac) -> Frac:
        """b^(n + k) = b^n * b^k for a literal k; the rest is opaque: b may be 0 or negative."""
        zero = (0,) * GENERATORS
        if not e.den.is_constant():
            return self.opaque(App("pow", ()), ("power", self.key(b), self.key(e)))
        constant = e.num.to_dict().get(zero, fmpq(0))
        k = Fraction(int(constant.p), int(constant.q))
        rest = self._subtract(e, self.constant(k))
        nonzero = self.signs.frac(b) in ("+", "-", "+-")
        natural = k > 0 and self.signs.frac(rest) in ("+", "0+")     # then b may be 0
        if k.denominator != 1 or not (nonzero or natural):
            key = ("power", self.key(b), self.key(e))
            whole = Generator(App("pow", ()), "opaque", self.signs.real(b), None)
            return self._as_frac(self._generator(key, whole))
        key = ("power", self.key(b), self.key(rest))
        opaque = self._generator(key, Generator(App("pow", ()), "opaque", self.signs.real(b), None))
        return self.times(self._as_frac(opaque), self.natural_power(b, int(k)))

    def exponential(self, u: Frac) -> Frac:
        """exp of a sum of monomials over one denominator: a product of powers of generators."""
        result = self.constant(1)
        for exponents, c in u.num.to_dict().items():
            coefficient = Fraction(int(c.p), int(c.q))
            e = tuple(map(int, exponents))
            monomial = self._make(_CTX.from_dict({e: fmpq(1)}), u.den)
            result = self.times(result, self._exp_monomial(monomial, coefficient))
        return result

    def _exp_monomial(self, m: Frac, c: Fraction) -> Frac:
        used = [k for k, d in enumerate(m.num.degrees()) if d] if m.num != 0 else []
        plain = m.den.is_constant()
        if plain and len(used) == 1 and int(m.num.degrees()[used[0]]) == 1:
            g = self.generators[used[0]]
            if g.kind == "log" and g.value is not None:      # exp(c log w) = w^c
                return self.root(g.value, c) if c.denominator > 1 else self.natural_power(g.value, int(c))
        if plain and len(used) == 2 and all(int(m.num.degrees()[k]) == 1 for k in used):
            kinds = {self.generators[k].kind for k in used}
            terms = {self.generators[k].term for k in used}
            if kinds == {"imaginary", "opaque"} and App("pi", ()) in terms and (2 * c).denominator == 1:
                return self.natural_power(self._imaginary(), int(2 * c) % 4)    # exp(i pi/2) = i
        key = self.key(m)
        scale = self.scale.get(key, 1)
        if scale % c.denominator:
            self.scale[key] = lcm(scale, c.denominator)
            raise _Restart
        real = self.signs.real(m)
        exponent = self.times(m, self.constant(Fraction(1, scale)))
        g = Generator(app("exp", Var("...")), "exp", real, "+" if real else "+-", False, 0, exponent)
        k = self._generator(("exp", key), g)
        n = int(c * scale)
        if abs(n) > 5_000:
            raise CannotNormalise("an exponential to a very high power")
        return self.natural_power(self._as_frac(k), n)

    def _factors(self, p: fmpq_mpoly) -> tuple[Fraction, list[tuple[fmpq_mpoly, int]]]:
        if len(p) > 1 and max(map(int, p.degrees())) > MAX_FACTORED:
            raise CannotNormalise(f"factors of a polynomial of degree above {MAX_FACTORED}")
        spend(5 + len(p))
        content, factors = p.factor()
        return Fraction(int(content.p), int(content.q)), [(f, int(e)) for f, e in factors]

    def split(self, u: Frac) -> tuple[list[tuple[Frac, int]], Frac]:
        """``u = product of f^e * rest`` with every f proved positive (primes of the constant too)."""
        positive: list[tuple[Frac, int]] = []
        rest = self.constant(1)
        constant = Fraction(1)
        for p, direction in ((u.num, 1), (u.den, -1)):
            c, factors = self._factors(p)
            constant *= c if direction == 1 else 1 / c
            for f, e in factors:
                lead = Frac(f, _ONE)
                sign = self.signs.frac(lead)
                if sign == "-":
                    lead, sign = Frac(-f, _ONE), "+"
                    constant *= -1 if e % 2 else 1
                if sign == "+":
                    positive.append((lead, direction * e))
                else:
                    rest = self.times(rest, self.natural_power(lead, direction * e))
        for prime, e in _primes(abs(constant)):
            positive.append((self.constant(prime), e))
        if constant < 0:
            rest = Frac(-rest.num, rest.den)
        return positive, rest

    def root(self, u: Frac, q: Fraction) -> Frac:
        """The principal value of u^q, q rational: positive factors split off."""
        if q.denominator == 1:
            return self.natural_power(u, int(q))
        if u.num == 0:
            if q < 0:
                raise CannotNormalise("a negative power of 0")
            return self.constant(0)
        positive, rest = self.split(u)
        result = self.constant(1)
        for f, e in positive:
            result = self.times(result, self._positive_power(f, q * e))
        r = self.as_rational(rest)
        if r == 1:
            return result
        if r == -1 and q.denominator == 2:
            return self.times(result, self.natural_power(self._imaginary(), q.numerator % 4))
        real_rest = self.signs.frac(rest)
        if real_rest == "0+" and (w := self._square(rest)) is not None and q.denominator == 2:
            # rest = w^2 with w real: sqrt(rest) = |w|
            return self.times(result, self.natural_power(self._absolute(w, App("e", ())), q.numerator))
        g = Generator(app("sqrt", Var("...")), "root", real_rest in ("+", "0+"), real_rest if real_rest in (
            "+", "0+") else None, False, q.denominator, rest)
        k = self._generator(("root", self.key(rest), q.denominator), g)
        return self.times(result, self.natural_power(self._as_frac(k), q.numerator))

    def _square(self, u: Frac) -> Frac | None:
        """w with w^2 = u and w real, if u is a square in the field."""
        parts = []
        for p in (u.num, u.den):
            content, factors = self._factors(p)
            if content < 0 or any(e % 2 for _, e in factors):
                return None
            root = _sqrt_fraction(content)
            if root is None:
                return None
            w = self.constant(root)
            for f, e in factors:
                w = self.times(w, self.natural_power(Frac(f, _ONE), e // 2))
            parts.append(w)
        w = self.times(parts[0], self._inverse(parts[1]))
        return w if self.signs.real(w) else None

    def _positive_power(self, f: Frac, q: Fraction) -> Frac:
        """f^q for a factor proved positive: exponents add up, (f^a)^b = f^(ab)."""
        if q.denominator == 1:
            return self.natural_power(f, int(q))
        used = [k for k, d in enumerate(f.num.degrees()) if d]
        if f.den == _ONE and f.num == (_GENS[used[0]] if len(used) == 1 else _ZERO):
            g = self.generators[used[0]]
            if g.kind == "exp" and g.value is not None:
                return self.exponential(self.times(g.value, self.constant(q)))
            if g.kind == "root" and g.value is not None and g.sign == "+" and self.signs.frac(g.value) == "+":
                return self.root(g.value, q / g.power)
        key = ("root-of", self.key(f))
        scale = self.scale.get((key[0], str(key[1])), 1)
        if scale % q.denominator:
            self.scale[(key[0], str(key[1]))] = lcm(scale, q.denominator)
            raise _Restart
        g = Generator(app("sqrt", Var("...")), "root", True, "+", False, scale, f)
        k = self._generator(key, g)
        return self.natural_power(self._as_frac(k), int(q * scale))

    def logarithm(self, u: Frac) -> Frac:
        if u.num == 0:
            raise CannotNormalise("log of 0")
        positive, rest = self.split(u)
        total = self.constant(0)
        for f, e in positive:
            total = self._plus(total, self.times(self.constant(e), self._log_positive(f)))
        r = self.as_rational(rest)
        if r == 1:
            return total
        if r == -1:
            pi = self.opaque(App("pi", ()), sign="+")
            return self._plus(total, self.times(self._imaginary(), pi))
        return self._plus(total, self._log_generator(rest, False))

    def _log_positive(self, f: Frac) -> Frac:
        used = [k for k, d in enumerate(f.num.degrees()) if d]
        if f.den == _ONE and len(used) == 1 and f.num == _GENS[used[0]]:
            g = self.generators[used[0]]
            if g.kind == "exp" and g.value is not None and g.real:
                return g.value
            if g.kind == "root" and g.value is not None and g.sign == "+" and self.signs.frac(g.value) == "+":
                return self.times(self.constant(Fraction(1, g.power)), self.logarithm(g.value))
        return self._log_generator(f, True)

    def _log_generator(self, f: Frac, real: bool) -> Frac:
        g = Generator(app("log", Var("...")), "log", real, None, False, 0, f)
        q = self.as_rational(f)
        if q is not None and q > 1:
            g = Generator(g.term, "log", True, "+", False, 0, f)
        return self._as_frac(self._generator(("log", self.key(f)), g))

    def describe(self, a: Frac) -> str:
        return f"({a.num})/({a.den})"


def _bits(c: fmpq) -> int:
    return max(int(c.p).bit_length(), int(c.q).bit_length())


def _height(a: Frac) -> int:
    """Digits of the leading coefficients: 0 for 1."""
    return max((_bits(p.leading_coefficient()) - 1 for p in (a.num, a.den) if p != 0), default=0)


def _primes(q: Fraction) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for n, direction in ((q.numerator, 1), (q.denominator, -1)):
        if n == 1:
            continue
        if n.bit_length() > 120:
            out.append((n, direction))
            continue
        out += [(int(p), direction * int(e)) for p, e in fmpz(n).factor()]
    return out


def _sqrt_fraction(q: Fraction) -> Fraction | None:
    a, b = fmpz(q.numerator), fmpz(q.denominator)
    ra, rb = a.isqrt(), b.isqrt()
    return Fraction(int(ra), int(rb)) if ra * ra == a and rb * rb == b else None


__all__ = ["CannotNormalise", "Field", "Frac", "Generator", "mul", "show"]
