"""Asymptotic expansions with an O-term on the exp-log scale, parameters allowed.

The variable t tends to +oo (the limit rule moves every point there).

*Scale.*  Elements b that tend to +oo: the iterated logarithms L0 = t, L1 = log t, L2 = log log t, ...
and exp(m) for a monomial m that tends to +oo.  A *monomial* is a product of powers of elements; the
exponents are constants (they may contain parameters).  log L_k = L_{k+1} and log exp(m) = m are
monomials again, so monomials are compared by comparing logarithms: b >> c iff log b / log c -> oo, and
a product of powers tends to +oo iff the exponent of its largest element is positive.

*Expansion.*  A finite sum of constant * monomial, plus O(E) for a finite set E of monomials:

    for every fixed value of the parameters there are C and T with
    |f(t) - sum| <= C * (sum of the monomials in E)    for all t >= T                      (invariant)

E is a set, not one monomial, so no order of its members need be known.  E empty: f is eventually
*equal* to the sum.  The constants C, T are not uniform in the parameters.

*Steps.*  + and * multiply out.  1/f, f^r, log f take the leading term c*m out, f = c*m*(1 + d), where d
tends to 0, and use ``order`` terms of the Taylor series in d plus O(d^order): |d|^N is
O(sum of the N-th powers of its monomials).  exp f: large part (becomes scale), constant, small part.
A leading term is taken only if it is *strictly* larger than every other term and every member of E and
its coefficient is *proved* nonzero.  sin and cos of something unbounded, floor, mod: O(1).
Gamma by Stirling's series with its remainder O (real argument, +oo).

FAILURE: ``Open`` (a sign of a polynomial is needed: split), ``Lost`` (more terms are needed, or it
oscillates), ``Nowhere`` (a divisor or argument of log is eventually 0), ``Unexpandable`` (the class).
Cannot do: towers whose large parts are infinite series (exp(exp(t)/(1 - 1/t))), cancellation between a
power series and an exponentially small term, complex powers.

Source: Gruntz, On computing limits in a symbolic manipulation system, thesis ETH 11432, 1996 (the scale
and the comparability classes); the O-term as a set, and leading terms under parameters, are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from .constants import Constants, Nowhere, Open
from .field import Frac

MAX_TERMS = 300
MAX_ELEMENTS = 24
MAX_POWER = 24

_UP, _SAME, _DOWN = frozenset((1,)), frozenset((0,)), frozenset((-1,))


class Lost(Exception):
    """The terms kept do not show the answer."""


class Unexpandable(Exception):
    """Outside the class."""


@dataclass(frozen=True, slots=True, eq=False)
class Monomial:
    """A product of powers of scale elements (by number); equal keys mean equal functions."""

    powers: Mapping[int, Frac]
    key: tuple[tuple[int, tuple[str, str]], ...]

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Monomial) and self.key == other.key


@dataclass(frozen=True, slots=True)
class Expansion:
    terms: Mapping[Monomial, Frac]
    error: frozenset[Monomial] = frozenset()

    @property
    def zero(self) -> bool:
        return not self.terms and not self.error


@dataclass(frozen=True, slots=True)
class Limit:
    """``infinite`` is 0 for a finite limit ``value``, else its sign."""

    value: Frac | None
    infinite: int = 0


class Algebra:
    """Scale, monomials and expansions over ``constants``; ``order`` terms of each series."""

    def __init__(self, constants: Constants, order: int) -> None:
        self.c, self.order = constants, order
        self.elements: list[int | Monomial] = []      # k for L_k, m for exp(m)
        self.one = self.monomial({})
        self._orders: dict[tuple[Monomial, Monomial], frozenset[int]] = {}
        self._steps: dict[Monomial, Expansion] = {}      # see expansion_sums

    # ------------------------------------------------------------------ the scale

    def monomial(self, powers: Mapping[int, Frac]) -> Monomial:
        kept = {k: e for k, e in sorted(powers.items()) if e.num != 0}
        return Monomial(kept, tuple((k, self.c.key(e)) for k, e in kept.items()))

    def element(self, what: int | Monomial) -> int:
        """The number of L_k, or of exp(m) with m tending to +oo."""
        if isinstance(what, Monomial) and len(what.powers) == 1:
            (k, e), = what.powers.items()
            inner = self.elements[k]
            if isinstance(inner, int) and inner >= 1 and e == self.c.one:
                what = inner - 1                                       # exp(L_k) = L_{k-1}
        if what in self.elements:
            return self.elements.index(what)
        if len(self.elements) >= MAX_ELEMENTS:
            raise Unexpandable(f"more than {MAX_ELEMENTS} elements of the scale")
        self.elements.append(what)
        return len(self.elements) - 1

    def log_of(self, k: int) -> Monomial:
        what = self.elements[k]
        return self.monomial({self.element(what + 1): self.c.one}) if isinstance(what, int) else what

    def power_of_t(self, n: int) -> Expansion:
        return Expansion({self.monomial({self.element(0): self.c.number(n)}): self.c.one})

    def times_monomial(self, a: Monomial, b: Monomial) -> Monomial:
        if not a.powers:
            return b
        if not b.powers:
            return a
        powers = dict(a.powers)
        for k, e in b.powers.items():
            powers[k] = self.c.plus(powers[k], e) if k in powers else e
        return self.monomial(powers)

    def power_monomial(self, a: Monomial, r: Frac) -> Monomial:
        return self.monomial({k: self.c.times(e, r) for k, e in a.powers.items()})

    def over(self, a: Monomial, b: Monomial) -> Monomial:
        return self.times_monomial(a, self.power_monomial(b, self.c.number(-1)))

    def compare(self, a: Monomial, b: Monomial) -> frozenset[int]:
        """The possible orders of a against b: 1 if a/b -> oo, 0 if a = b, -1 if a/b -> 0."""
        if a == b:
            return _SAME
        found = self._orders.get((a, b))
        if found is None:
            found = self._orders[a, b] = self._compare(self.over(a, b))
            self._orders[b, a] = frozenset(-s for s in found)
        return found

    def _compare(self, ratio: Monomial) -> frozenset[int]:
        left = dict(ratio.powers)
        result: frozenset[int] = frozenset()
        while left:
            signs = {k: self.c.signs(e) for k, e in left.items()}
            agreed = frozenset().union(*signs.values())
            if agreed == _UP or agreed == _DOWN:
                return result | agreed
            top = self._largest(left)
            if top is None:
                return result | agreed | _SAME
            if not self.c.real(left[top]):
                return frozenset((-1, 0, 1))
            result |= signs[top] - _SAME
            if 0 not in signs[top]:
                return result
            del left[top]
        return result | _SAME

    def _largest(self, ks: Iterable[int]) -> int | None:
        ks = list(ks)
        for k in ks:
            if all(j == k or self._above(k, j) for j in ks):
                return k
        return None

    def _above(self, k: int, j: int) -> bool:
        a, b = self.elements[k], self.elements[j]
        if isinstance(a, int) and isinstance(b, int):
            return a < b
        return self.compare(self.log_of(k), self.log_of(j)) == _UP

    def question(self, a: Monomial, b: Monomial) -> Open:
        """What to ask to learn the order of a against b."""
        ratio = self.over(a, b)
        top = self._largest(ratio.powers)
        if top is not None:
            for e in [ratio.powers[top], *ratio.powers.values()]:
                if len(self.c.signs(e)) > 1:
                    return self.c.open(e)
        for k in ratio.powers:
            for j in ratio.powers:
                if k < j and not self._above(k, j) and not self._above(j, k):
                    return self.question(self.log_of(k), self.log_of(j))
        raise Lost("two monomials of unknown order")

    # ------------------------------------------------------------------ arithmetic

    def constant(self, a: Frac) -> Expansion:
        return Expansion({self.one: a} if a.num != 0 else {})

    def number(self, q: int | Fraction) -> Expansion:
        return self.constant(self.c.number(q))

    def _pruned(self, terms: Mapping[Monomial, Frac], error: Iterable[Monomial]) -> Expansion:
        errors: list[Monomial] = []
        for e in dict.fromkeys(error):
            if any(self.compare(e, other) <= {-1, 0} for other in errors):
                continue
            errors = [o for o in errors if not self.compare(o, e) <= {-1, 0}] + [e]
        kept = {
            m: a for m, a in terms.items()
            if a.num != 0 and not any(self.compare(m, e) <= {-1, 0} for e in errors)
        }
        if len(kept) + len(errors) > MAX_TERMS:
            raise Unexpandable(f"more than {MAX_TERMS} terms")
        return Expansion(kept, frozenset(errors))

    def plus(self, f: Expansion, g: Expansion) -> Expansion:
        terms = dict(f.terms)
        for m, a in g.terms.items():
            terms[m] = self.c.plus(terms[m], a) if m in terms else a
        if not f.error and not g.error:
            return Expansion({m: a for m, a in terms.items() if a.num != 0})
        return self._pruned(terms, [*f.error, *g.error])

    def scaled(self, f: Expansion, a: Frac) -> Expansion:
        if a.num == 0:
            return Expansion({})
        return Expansion({m: self.c.times(b, a) for m, b in f.terms.items()}, f.error)

    def negative(self, f: Expansion) -> Expansion:
        return Expansion({m: self.c.negative(a) for m, a in f.terms.items()}, f.error)

    def shifted(self, f: Expansion, by: Monomial) -> Expansion:
        return Expansion({self.times_monomial(m, by): a for m, a in f.terms.items()},
                         frozenset(self.times_monomial(m, by) for m in f.error))

    def times(self, f: Expansion, g: Expansion, error: Iterable[Monomial] = ()) -> Expansion:
        if f.zero or g.zero:
            return Expansion({})
        if len(f.terms) * len(g.terms) > 40 * MAX_TERMS:
            raise Unexpandable("a product of too many terms")
        terms: dict[Monomial, Frac] = {}
        for m, a in f.terms.items():
            for n, b in g.terms.items():
                mn, ab = self.times_monomial(m, n), self.c.times(a, b)
                terms[mn] = self.c.plus(terms[mn], ab) if mn in terms else ab
        errors = [self.times_monomial(m, e) for m in [*f.terms, *f.error] for e in g.error]
        errors += [self.times_monomial(e, n) for e in f.error for n in g.terms]
        return self._pruned(terms, [*error, *errors])

    # ------------------------------------------------------------------ leading terms

    def leading(self, f: Expansion) -> tuple[Monomial, Frac]:
        """The term that is strictly larger than everything else, coefficient proved nonzero."""
        if f.zero:
            raise Lost("0 has no leading term")
        terms = [(m, a) for m, a in f.terms.items() if self.c.signs(a) != _SAME]
        if not terms:
            raise Lost("all terms cancel")
        top = [
            (m, a) for m, a in terms
            if not any(self.compare(n, m) == _UP for n, _ in terms if n is not m)
        ]
        first, coefficient = top[0]
        merged = [m for m, _ in top if self.compare(m, first) == _SAME]
        for m, a in top[1:]:
            if m in merged:
                coefficient = self.c.plus(coefficient, a)
        for m, _ in top:
            if m not in merged:
                raise self.question(m, first)
        for e in f.error:
            order = self.compare(first, e)
            if order <= {-1, 0}:
                raise Lost("the remainder is as large as the leading term")
            if order != _UP:
                raise self.question(first, e)
        if coefficient.num == 0:
            return self.leading(Expansion({m: a for m, a in f.terms.items() if m not in merged}, f.error))
        if 0 in self.c.signs(coefficient):
            raise self.c.open(coefficient, nonzero=True)
        return first, coefficient

    def one_plus(self, f: Expansion) -> tuple[Monomial, Frac, Expansion]:
        """f = c*m*(1 + d) with d -> 0."""
        m, a = self.leading(f)
        rest = {n: b for n, b in f.terms.items() if self.compare(n, m) != _SAME}
        back = self.power_monomial(m, self.c.number(-1))
        d = self.shifted(Expansion(rest, f.error), back)
        return m, a, self.scaled(d, self.c.inverse(a))

    def eventual_sign(self, f: Expansion) -> int:
        """The sign of a *real* f from some t on; 0 only if f is eventually 0."""
        return 0 if f.zero else self.c.sign(self.leading(f)[1])

    def limit(self, f: Expansion) -> Limit:
        orders = {m: self.compare(m, self.one) for m in [*f.terms, *f.error]}
        if all(orders[e] == _DOWN for e in f.error) and all(orders[m] in (_SAME, _DOWN) for m in f.terms):
            total = self.c.zero
            for m, a in f.terms.items():
                if orders[m] == _SAME:
                    total = self.c.plus(total, a)
            return Limit(total)
        m, a = self.leading(f)
        order = orders[m]
        if order == _DOWN:
            return Limit(self.c.zero)
        if order == _SAME:
            return Limit(a)
        if order != _UP:
            raise self.question(m, self.one)
        if not self.c.real(a):
            raise Lost("a large value that may be non-real")
        return Limit(None, self.c.sign(a))

    def bounded(self, f: Expansion) -> bool:
        return all(self.compare(m, self.one) <= {-1, 0} for m in [*f.terms, *f.error])

    def split(self, f: Expansion) -> tuple[dict[Monomial, Frac], Frac, Expansion]:
        """Large terms, constant, small rest.  Raises Lost if the remainder is not small."""
        large: dict[Monomial, Frac] = {}
        small: dict[Monomial, Frac] = {}
        constant = self.c.zero
        for m, a in f.terms.items():
            match self.compare(m, self.one):
                case order if order == _UP:
                    large[m] = a
                case order if order == _SAME:
                    constant = self.c.plus(constant, a)
                case order if order == _DOWN:
                    small[m] = a
                case _:
                    raise self.question(m, self.one)
        for e in f.error:
            order = self.compare(e, self.one)
            if order <= {0, 1}:
                raise Lost("the remainder does not tend to 0")
            if order != _DOWN:
                raise self.question(e, self.one)
        return large, constant, Expansion(small, f.error)

    def finite(self, f: Expansion) -> tuple[Frac, Expansion]:
        large, constant, small = self.split(f)
        if large:
            raise Lost("the argument is not bounded")
        return constant, small

    # ------------------------------------------------------------------ series

    def series(self, d: Expansion, coefficients: list[Frac]) -> Expansion:
        """a_0 + a_1 d + ... + a_(N-1) d^(N-1) + O(d^N); d tends to 0."""
        result = self.constant(coefficients[0])
        if d.zero:
            return result
        n = self.c.number(len(coefficients))
        error = [self.power_monomial(m, n) for m in [*d.terms, *d.error]]
        result = self._pruned(result.terms, error)
        power = Expansion({self.one: self.c.one})
        for a in coefficients[1:]:
            power = self.times(power, d, error)
            result = self.plus(result, self.scaled(power, a))
        return result

    def rationals(self, values: Iterable[Fraction | int]) -> list[Frac]:
        return [self.c.number(v) for v in values]

    def inverse(self, f: Expansion) -> Expansion:
        if f.zero:
            raise Nowhere("a division by 0")
        m, a, d = self.one_plus(f)
        body = self.series(d, self.rationals((-1) ** k for k in range(self.order)))
        return self.scaled(self.shifted(body, self.power_monomial(m, self.c.number(-1))), self.c.inverse(a))

    def natural_power(self, f: Expansion, n: int) -> Expansion:
        result = self.number(1)
        for _ in range(n):
            result = self.times(result, f)
        return result

    def power(self, f: Expansion, r: Frac) -> Expansion:
        """f^r for a constant r: natural r (any f), integer r (f not 0), real r (f positive)."""
        q = self.c.rational(r)
        if q is not None and q.denominator == 1 and 0 <= q <= MAX_POWER and (
                len(f.terms) <= 1 or q <= 4 or not f.error):
            return self.natural_power(f, int(q))
        if f.zero:
            if q is None:
                raise Unexpandable("a symbolic power of 0")
            if q > 0:
                return f
            raise Nowhere("a power of 0")
        m, a, d = self.one_plus(f)
        if q is None or q.denominator != 1:
            self.c.need_positive(a)
        if not self.c.real(r):
            raise Unexpandable("a complex exponent")
        coefficients, current = [], self.c.one
        for k in range(self.order):
            coefficients.append(current)
            factor = self.c.times(self.c.minus(r, self.c.number(k)), self.c.number(Fraction(1, k + 1)))
            current = self.c.times(current, factor)
        body = self.series(d, coefficients)
        return self.scaled(self.shifted(body, self.power_monomial(m, r)), self.c.power(a, r))

    def log(self, f: Expansion) -> Expansion:
        if f.zero:
            raise Nowhere("log 0")
        m, a, d = self.one_plus(f)
        self.c.need_positive(a)
        result = self.constant(self.c.log(a))
        for k, e in m.powers.items():
            result = self.plus(result, Expansion({self.log_of(k): e}))
        steps = [Fraction(0), *(Fraction((-1) ** (k + 1), k) for k in range(1, self.order))]
        return self.plus(result, self.series(d, self.rationals(steps)))

    def exp(self, f: Expansion) -> Expansion:
        try:
            large, constant, small = self.split(f)
        except Lost:
            bound = [e for e in f.error if self.compare(e, self.one) != _DOWN]
            if any(self.compare(e, self.one) != _SAME for e in bound):
                raise
            # exp of something with an O(1) in it: O(exp(the large part))
            large, _, _ = self.split(Expansion(f.terms))
            return Expansion({}, frozenset((self.exp_large(large),)))
        fact, coefficients = Fraction(1), []
        for k in range(self.order):
            coefficients.append(self.c.number(fact))
            fact /= k + 1
        body = self.series(small, coefficients)
        return self.scaled(self.shifted(body, self.exp_large(large)), self.c.exp(constant))

    def exp_large(self, large: Mapping[Monomial, Frac]) -> Monomial:
        powers: dict[int, Frac] = {}
        for m, a in large.items():
            if not self.c.real(a):
                raise Unexpandable("an exponent that may be non-real")
            k = self.element(m)
            powers[k] = self.c.plus(powers[k], a) if k in powers else a
        return self.monomial(powers)


__all__ = ["Algebra", "Expansion", "Limit", "Lost", "Monomial", "Nowhere", "Open", "Unexpandable"]
