"""Expansions of terms: one case for each head, built on ``expansion`` and ``expansion_special``.

    the expansions of the arguments
    -------------------------------     the head is defined and, where the rule needs it, real from some t on
    the expansion of the term

Heads without an analytic expansion are bounded where they are: sin and cos of something unbounded,
(-1)^n, floor (within 1 of its argument), mod: O(1).  |f|, max, Piecewise follow the sign that f has from
some t on.  Over the integers sin(k pi n + c) and (-1)^(k n) lose their whole turns.
A sum over k = a..u with u -> +oo whose summand is a product of a function of k and one of the variable:
``expansion_sums``.
FAILURE: ``Unexpandable`` for every other head, for non-real arguments of the heads above, for other sums
whose number of terms moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from .constants import Constants, Nowhere
from .expansion import MAX_POWER, Expansion, Lost, Monomial, Unexpandable
from .expansion_sums import Sums
from .field import CannotNormalise, Frac
from .kinds import is_integer, is_real
from .term import (
    INTEGER, REAL, TRUE, App, Bind, Index, Num, Sort, Term, Var, app, free_names, fresh, num, show, sub,
    substitute,
)

MAX_SUMMANDS = 60


class Expander(Sums):
    """Expands terms in one variable.  ``at``: what the variable is, in t."""

    def __init__(self, constants: Constants, variable: str, order: int, integer: bool = False) -> None:
        super().__init__(constants, order)
        self.variable, self.integer = variable, integer
        self.decls: dict[str, Sort] = dict(constants.field.sequent.declarations)
        self.decls[variable] = INTEGER if integer else REAL
        self._memo: dict[Term, Expansion] = {}
        self._bound = 0
        self.at = self.power_of_t(1)

    # ------------------------------------------------------------------ real values

    def sign_of(self, t: Term) -> int:
        self.need_real(t)
        return self.eventual_sign(self.expand(t))

    def need_real(self, *terms: Term) -> None:
        for t in terms:
            if not self.is_real(t):
                raise Unexpandable(f"{show(t)[:60]} may be non-real")

    def is_real(self, t: Term) -> bool:
        """Real from some t on: by form, or because what stands under a log or root is positive."""
        if is_real(t, self.decls):
            return True
        if self.variable not in free_names(t):
            return self.c.real(self.c.read(t))
        match t:
            case App("add" | "mul" | "neg" | "div" | "max" | "min" | "exp" | "sin" | "cos" | "tan" | "cot"
                     | "sec" | "csc" | "sinh" | "cosh" | "tanh" | "coth" | "atan" | "acot" | "asinh" | "erf"
                     | "gamma" | "factorial" | "digamma" | "harmonic" | "binomial" | "mod" | "relu"
                     | "sign", args):
                return all(self.is_real(a) for a in args)
            case App("floor" | "ceiling" | "abs" | "re" | "im" | "fibonacci", _):
                return True
            case App("log" | "sqrt", (a,)):
                return self.sign_of(a) >= 0
            case App("pow", (a, b)):
                if is_integer(b, self.decls):
                    return self.is_real(a)
                return self.is_real(b) and self.sign_of(a) >= 0
            case App("asin" | "acos", (a,)):       # expanded only where the argument tends to 0
                return self.is_real(a) and self.finite(self.expand(a))[0].num == 0
            case App("acosh", (a,)):
                return self.sign_of(app("add", a, num(-1))) >= 0
            case App("atanh", (a,)):
                return self.sign_of(app("add", num(1), a)) > 0 and self.sign_of(sub(num(1), a)) > 0
            case App("cases", args):
                return all(self.is_real(a) for a in args[0::2])
        return False

    def sine(self, argument: Term, cosine: bool) -> Expansion:
        """sin or cos; O(1) of an unbounded real argument; whole turns dropped over the integers."""
        self.need_real(argument)
        f = self.expand(argument)
        factor = self.number(1)
        try:
            large, constant, small = self.split(f)
        except Lost:
            return Expansion({}, frozenset((self.one,)))
        if large:
            turns = self._half_turns(large)
            if turns is None:
                return Expansion({}, frozenset((self.one,)))
            if turns == "odd":
                factor = Expansion({}, frozenset((self.one,)))
        trig = self.c.field._trigonometric
        derivatives = [trig(name, constant) for name in ("sin", "cos")]
        derivatives += [self.c.negative(a) for a in derivatives]
        fact, coefficients = Fraction(1), []
        for k in range(self.order):
            coefficients.append(self.c.times(derivatives[(k + cosine) % 4], self.c.number(fact)))
            fact /= k + 1
        return self.times(factor, self.series(small, coefficients))

    def _half_turns(self, large: Mapping[Monomial, Frac]) -> str | None:
        """The large part is k*pi*t with an integer k and integer t: its parity, or odd if unknown."""
        if not self.integer or self.at != self.power_of_t(1):
            return None
        (m, a), *others = large.items()
        if others or m != next(iter(self.at.terms)):
            return None
        k = self.c.times(a, self.c.inverse(self.c.read(App("pi", ()))))
        q = self.c.rational(k)
        if q is not None:
            return None if q.denominator != 1 else "even" if q % 2 == 0 else "odd"
        try:
            return "odd" if is_integer(self.c.term(k), self.decls) else None
        except CannotNormalise:       # a value without a name: nothing is known of it
            return None

    # ------------------------------------------------------------------ terms

    def expand(self, t: Term) -> Expansion:
        found = self._memo.get(t)
        if found is None:
            if self.variable in free_names(t):
                found = self._expand(t)
            else:
                found = self.constant(self.c.read(t))
            self._memo[t] = found
        return found

    def _expand(self, t: Term) -> Expansion:
        e = self.expand
        match t:
            case Var():
                return self.at
            case App("add", args):
                total = Expansion({})
                for a in args:
                    total = self.plus(total, e(a))
                return total
            case App("mul", args):
                product = self.number(1)
                for a in args:
                    product = self.times(product, e(a))
                return product
            case App("neg", (a,)):
                return self.negative(e(a))
            case App("div", (a, b)):
                return self.times(e(a), self.inverse(e(b)))
            case App("sqrt", (a,)):
                return self.power(e(a), self.c.number(Fraction(1, 2)))
            case App("pow", (a, b)):
                return self._power_term(a, b)
            case App("exp", (a,)):
                return self.exp(e(a))
            case App("log", (a,)):
                return self.log(e(a))
            case App("sin" | "cos" as head, (a,)):
                return self.sine(a, head == "cos")
            case App("tan", (a,)):
                return self.times(self.sine(a, False), self.inverse(self.sine(a, True)))
            case App("cot", (a,)):
                return self.times(self.sine(a, True), self.inverse(self.sine(a, False)))
            case App("sec" | "csc" as head, (a,)):
                return self.inverse(self.sine(a, head == "sec"))
            case App("sinh" | "cosh" | "tanh" | "coth" as head, (a,)):
                return self._hyperbolic(head, e(a))
            case App("atan", (a,)):
                self.need_real(a)
                return self.arctangent(e(a))
            case App("acot", (a,)):
                self.need_real(a)
                if e(a).zero:
                    half = self.c.times(self.c.read(App("pi", ())), self.c.number(Fraction(1, 2)))
                    return self.constant(half)
                return self.arctangent(self.inverse(e(a)))
            case App("asin", (a,)):
                return self.arcsine(e(a))
            case App("acos", (a,)):
                half = self.c.times(self.c.read(App("pi", ())), self.c.number(Fraction(1, 2)))
                return self.plus(self.constant(half), self.negative(self.arcsine(e(a))))
            case App("asinh", (a,)):
                f, back = e(a), self.sign_of(a) < 0
                if f.zero:
                    return f
                g = self.negative(f) if back else f
                root = self.power(self.plus(self.times(g, g), self.number(1)), self.c.number(Fraction(1, 2)))
                value = self.log(self.plus(g, root))
                return self.negative(value) if back else value
            case App("acosh", (a,)):
                f = e(a)
                inside = self.plus(self.times(f, f), self.number(-1))
                if self.sign_of(a) < 0 or self.eventual_sign(inside) < 0:
                    raise Unexpandable("acosh below 1")
                return self.log(self.plus(f, self.power(inside, self.c.number(Fraction(1, 2)))))
            case App("atanh", (a,)):
                up = self.log(self.plus(self.number(1), e(a)))
                down = self.log(self.plus(self.number(1), self.negative(e(a))))
                return self.scaled(self.plus(up, self.negative(down)), self.c.number(Fraction(1, 2)))
            case App("erf", (a,)):
                self.need_real(a)
                return self.error_function(e(a))
            case App("gamma", (a,)):
                self.need_real(a)
                return self.exp(self.log_gamma(e(a), 0))
            case App("factorial", (a,)):
                self.need_real(a)
                return self.exp(self.log_gamma(e(a), 1))
            case App("binomial", (a, b)):
                return self._binomial(a, b)
            case App("digamma", (a,)):
                self.need_real(a)
                return self.digamma(e(a), 0)
            case App("harmonic", (a,)):
                self.need_real(a)
                euler = self.c.negative(self.c.field.frac(app("digamma", num(1))))
                return self.plus(self.constant(euler), self.digamma(e(a), 1))
            case App("fibonacci", (a,)):
                return self._fibonacci(a)
            case App("abs", (App("mul", args),)):
                product = self.number(1)
                for a in args:
                    product = self.times(product, e(app("abs", a)))
                return product
            case App("abs", (App("div", (a, b)),)):
                return self.times(e(app("abs", a)), self.inverse(e(app("abs", b))))
            case App("abs", (App("pow", (a, b)),)) if is_integer(b, self.decls):       # |a^b| = |a|^b
                return self._power_term(app("abs", a), b)
            case App("abs" | "sign" | "relu" | "max" | "min" as head, args):
                return self._by_sign(head, args)
            case App("conj" | "re", (a,)) if self.is_real(a):
                return e(a)
            case App("floor" | "ceiling" as head, (a,)):
                return self._rounded(head, a)
            case App("mod", (a, b)):
                self.need_real(a)
                e(a)
                if self.sign_of(b) > 0 and self.bounded(e(b)):
                    return Expansion({}, frozenset((self.one,)))
            case App("cases", args):
                return self._piecewise(args)
            case Bind("sum"):
                return self._sum(t)
            case App("pi" | "e", ()):
                return self.constant(self.c.read(t))
        raise Unexpandable(f"{t.head if isinstance(t, (App, Bind)) else show(t)} of the variable")

    def _power_term(self, a: Term, b: Term) -> Expansion:
        if a == App("e", ()):
            return self.exp(self.expand(b))
        if self.variable not in free_names(b):
            if b == num(0):
                self.expand(a)
                return self.number(1)
            return self.power(self.expand(a), self.c.read(b))
        base, exponent = self.expand(a), self.expand(b)
        if base.zero:
            if is_integer(b, self.decls) and self.sign_of(b) > 0:
                return base
            raise Unexpandable("0 to a moving power")
        if self.sign_of(a) > 0:
            return self.exp(self.times(exponent, self.log(base)))
        if not (self.integer and is_integer(b, self.decls)):
            raise Unexpandable("a moving power of a negative base")
        size = self.exp(self.times(exponent, self.log(self.negative(base))))
        match self._parity(exponent):
            case 0:
                return size
            case 1:
                return self.negative(size)
            case _:
                return self.times(Expansion({}, frozenset((self.one,))), size)

    def _parity(self, f: Expansion) -> int | None:
        """0 or 1 if f is a polynomial in t whose coefficients make it always even, always odd."""
        if f.error:
            return None
        constant = Fraction(0)
        for m, a in f.terms.items():
            q = self.c.rational(a)
            if q is None or q.denominator != 1:
                return None
            if m == self.one:
                constant = q
            elif q % 2 or not self._natural(m):
                return None
        return int(constant) % 2

    def _whole_part(self, f: Expansion) -> Expansion | None:
        """The part of f besides a rational constant, if that part is an integer at integer t."""
        if not self.integer or f.error or self.at != self.power_of_t(1):
            return None
        for m, a in f.terms.items():
            q = self.c.rational(a)
            if q is None or (m != self.one and (q.denominator != 1 or not self._natural(m))):
                return None
        return Expansion({m: a for m, a in f.terms.items() if m != self.one})

    def _natural(self, m: Monomial) -> bool:
        """t^k with natural k: an integer at integer t."""
        if set(m.powers) - {self.element(0)}:
            return False
        q = self.c.rational(m.powers[self.element(0)])
        return q is not None and q.denominator == 1 and q > 0

    def _hyperbolic(self, head: str, f: Expansion) -> Expansion:
        up, down = self.exp(f), self.exp(self.negative(f))
        plus, minus = self.plus(up, down), self.plus(up, self.negative(down))
        half = self.c.number(Fraction(1, 2))
        match head:
            case "sinh":
                return self.scaled(minus, half)
            case "cosh":
                return self.scaled(plus, half)
            case "tanh":
                return self.times(minus, self.inverse(plus))
            case _:
                return self.times(plus, self.inverse(minus))

    def _binomial(self, a: Term, b: Term) -> Expansion:
        match b:
            case Num(k) if k.denominator == 1 and 0 <= k <= MAX_POWER:
                product, top = self.number(1), self.expand(a)
                for j in range(int(k)):
                    factor = self.plus(top, self.number(-j))
                    product = self.scaled(self.times(product, factor), self.c.number(Fraction(1, j + 1)))
                return product
        self.need_real(a, b)
        top, down = self.expand(a), self.expand(b)
        rest = self.plus(top, self.negative(down))
        total = self.plus(self.log_gamma(top, 1), self.negative(self.log_gamma(rest, 1)))
        if self.variable in free_names(b):
            return self.exp(self.plus(total, self.negative(self.log_gamma(down, 1))))
        if not (is_integer(b, self.decls) and self.c.signs(self.c.read(b)) <= {0, 1}):
            raise Unexpandable("a binomial coefficient with a lower index that may be negative")
        below = self.c.field._inverse(self.c.field.frac(app("factorial", b)))     # b! > 0
        return self.times(self.exp(total), self.constant(below))

    def _fibonacci(self, a: Term) -> Expansion:
        """F_n = (phi^n - (-1/phi)^n)/sqrt 5 at integers n -> oo."""
        f = self.expand(a)
        if not is_integer(a, self.decls) or self.limit(f).infinite != 1:
            raise Unexpandable("a Fibonacci number away from +oo")
        five = self.c.power(self.c.number(5), self.c.number(Fraction(1, 2)))
        phi = self.c.times(self.c.plus(self.c.one, five), self.c.number(Fraction(1, 2)))
        up = self.exp(self.scaled(f, self.c.log(phi)))
        down = self.times(Expansion({}, frozenset((self.one,))), self.inverse(up))
        return self.scaled(self.plus(up, down), self.c.inverse(five))

    def _by_sign(self, head: str, args: tuple[Term, ...]) -> Expansion:
        self.need_real(*args)
        f = self.expand(args[0])
        match head:
            case "abs" | "relu" | "sign":
                try:
                    sign = self.eventual_sign(f)
                except Lost:
                    if head == "sign":
                        return Expansion({}, frozenset((self.one,)))
                    bound = self._pruned({}, [*f.terms, *f.error])
                    return Expansion({}, bound.error)
                if head == "sign":
                    return self.number(sign)
                if sign < 0:
                    return self.negative(f) if head == "abs" else Expansion({})
                return f
            case _:
                for a in args[1:]:
                    g = self.expand(a)
                    sign = self.eventual_sign(self.plus(f, self.negative(g)))
                    f = f if (sign >= 0) == (head == "max") else g
                return f

    def _rounded(self, head: str, a: Term) -> Expansion:
        f = self.expand(a)
        if is_integer(a, self.decls):
            return f
        self.need_real(a)
        if (whole := self._whole_part(f)) is not None:
            rest = self.c.rational(f.terms.get(self.one, self.c.zero)) or Fraction(0)
            down = rest.numerator // rest.denominator
            up = head == "ceiling" and rest.denominator > 1
            return self.plus(whole, self.number(down + up))
        try:
            constant, small = self.finite(f)
            q = self.c.rational(constant)
            if q is not None:
                down = q.numerator // q.denominator
                if q.denominator > 1:
                    return self.number(down + (head == "ceiling"))
                sign = self.eventual_sign(small)
                return self.number(down + (sign > 0 if head == "ceiling" else -(sign < 0)))
        except Lost:
            pass
        return self.plus(f, Expansion({}, frozenset((self.one,))))

    def _piecewise(self, args: tuple[Term, ...]) -> Expansion:
        for value, guard in zip(args[0::2], args[1::2], strict=True):
            if self.eventually(guard):
                return self.expand(value)
        raise Unexpandable("no case holds eventually")

    def eventually(self, formula: Term) -> bool:
        """Whether the formula holds from some t on (True) or fails from some t on (False)."""
        match formula:
            case App("true", ()):
                return True
            case App("false", ()):
                return False
            case App("and", args):
                return False not in {self.eventually(a) for a in args}
            case App("or", args):
                try:
                    return True in {self.eventually(a) for a in args}
                except Nowhere as error:     # the other part may hold: not undefined
                    raise Unexpandable("an alternative that is undefined") from error
            case App("not", (a,)):
                return not self.eventually(a)
            case App("=" | "!=" | "<" | "<=" | ">" | ">=" as relation, (a, b)):
                if relation not in ("=", "!="):
                    self.need_real(a, b)
                f = self.plus(self.expand(a), self.negative(self.expand(b)))
                if relation in ("=", "!="):
                    if not f.zero:
                        self.leading(f)
                    return f.zero == (relation == "=")
                sign = self.eventual_sign(f)
                return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[relation]
        raise Unexpandable(f"the formula {show(formula)[:60]}")

    def _sum(self, t: Bind) -> Expansion:
        """Finite sums whose number of terms does not move: written out, or term by term over an index."""
        guard, body = t.inner
        if t.outer:
            low, high = t.outer
            if self.variable in free_names(high) and guard == TRUE and len(t.names) == 1:
                return self._long_sum(t.names[0], low, high, body)
            if not (isinstance(low, Num) and isinstance(high, Num) and low.value.denominator == 1
                    and high.value.denominator == 1 and len(t.names) == 1):
                raise Unexpandable("a sum whose number of terms is not a literal")
            if high.value - low.value >= MAX_SUMMANDS or guard != TRUE:
                raise Unexpandable("a sum of too many terms, or with a guard")
            total = Expansion({})
            for k in range(int(low.value), int(high.value) + 1):
                total = self.plus(total, self.expand(substitute(body, {t.names[0]: num(k)})))
            return total
        if self.variable in free_names(guard) or not all(
                isinstance(s, Index) and self.variable not in free_names(s.size) for s in t.sorts):
            raise Unexpandable("a sum over a range that moves")
        return self._termwise(t)

    def _long_sum(self, name: str, low: Term, high: Term, body: Term) -> Expansion:
        """A sum of more and more terms: the factors free of k are taken out, the rest is summed in k."""
        if self.variable in free_names(low) or not all(is_integer(u, self.decls) for u in (low, high)):
            raise Unexpandable("a sum whose first term moves, or over no integers")
        end = self.expand(high)
        if self.limit(end).infinite != 1:
            raise Unexpandable("a sum whose range does not grow")
        self._bound += 1
        k = fresh(f"{name.split(chr(39))[0]}'{self._bound}", set(self.decls) | free_names(body))
        total = Expansion({})
        for outside, inside in separated(substitute(body, {name: Var(k)}), k, self.variable):
            if free_names(inside) >= {self.variable}:
                raise Unexpandable("a summand in which the two variables are entangled")
            f = self.summed(self._inside(k, inside))
            if end != self.power_of_t(1):
                g = self.constant(self.c.zero)
                for m, a in f.terms.items():
                    g = self.plus(g, self.scaled(self.composed(m, end), a))
                f = self._pruned(g.terms, [*g.error, *(self.order_at(m, end) for m in f.error)])
            total = self.plus(total, self.times(self.expand(outside), f))
        return total

    def _inside(self, k: str, summand: Term) -> Expansion:
        """The expansion of the summand in its own integer variable, on the same scale."""
        mine = self.variable, self.integer, self.at, self._memo, self.decls
        try:
            self.variable, self.integer, self.at, self._memo = k, True, self.power_of_t(1), {}
            self.decls = {**self.decls, k: INTEGER}
            return self.expand(summand)
        finally:
            self.variable, self.integer, self.at, self._memo, self.decls = mine

    def _termwise(self, t: Bind) -> Expansion:
        """sum_j (sum_k c_k(j) m_k + O(E)) = sum_k (sum_j c_k(j)) m_k + O(E): finitely many j, monomials
        free of j."""
        field = self.c.field
        self._bound += len(t.names)
        names = tuple(fresh(f"{n.split(chr(39))[0]}'{self._bound + k}", set(self.decls))
                      for k, n in enumerate(t.names))
        renaming: dict[str, Term] = {n: Var(m) for n, m in zip(t.names, names, strict=True)}
        guard, body = (substitute(u, renaming) for u in t.inner)
        outer, sequent = self.decls, field.sequent
        declared = dict(zip(names, t.sorts, strict=True))
        self.decls, field.sequent = {**outer, **declared}, sequent.declaring(declared)
        try:
            inside = self.expand(body)
        finally:
            self.decls, field.sequent = outer, sequent
        for m in [*inside.terms, *inside.error]:
            if any(free_names(self.c.term(e)) & set(names) for e in self._exponents(m)):
                raise Unexpandable("an exponent that depends on the index")
        terms: dict[Monomial, Frac] = {}
        for m, a in inside.terms.items():
            summand = self.c.term(a)
            if free_names(summand) & set(names):
                terms[m] = field.frac(Bind("sum", names, t.sorts, (), (guard, summand)))
            else:
                count = field.frac(Bind("sum", names, t.sorts, (), (guard, num(1))))
                if guard == TRUE:
                    count = self.c.one
                    for s in t.sorts:
                        count = self.c.times(count, field.frac(s.size)) if isinstance(s, Index) else count
                terms[m] = self.c.times(count, a)
        return Expansion({m: a for m, a in terms.items() if a.num != 0}, inside.error)

    def _exponents(self, m: Monomial) -> Iterable[Frac]:
        """All constants inside a monomial, those inside its elements too."""
        for k, e in m.powers.items():
            yield e
            what = self.elements[k]
            if isinstance(what, Monomial):
                yield from self._exponents(what)


def separated(t: Term, k: str, x: str) -> list[tuple[Term, Term]]:
    """``t`` as a sum of products (u, v), u free of k and v free of x where the form shows it."""
    match t:
        case App("add", args):
            return [pair for a in args for pair in separated(a, k, x)]
        case App("neg", (a,)):
            return [(app("neg", u), v) for u, v in separated(a, k, x)]
        case App("mul", args) if args:
            pairs: list[tuple[Term, Term]] = [(num(1), num(1))]
            for a in args:
                pairs = [(app("mul", u, w), app("mul", v, z)) for u, v in pairs for w, z in separated(a, k, x)]
                if len(pairs) > MAX_SUMMANDS:
                    return [(num(1), t)]
            return pairs
        case App("div" | "pow" as head, (a, b)) if head == "div" or isinstance(b, Num) and b.value.denominator == 1:
            top, bottom = separated(a, k, x), [(b, b)] if head == "pow" else separated(b, k, x)
            if len(bottom) == 1 and (head == "div" or len(top) == 1):
                (w, z), = bottom
                return [(app(head, u, w), app(head, v, z)) for u, v in top]
    return [(t, num(1))] if k not in free_names(t) else [(num(1), t)]


__all__ = ["Expander", "separated"]
