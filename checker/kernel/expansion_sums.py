"""Expansions of sums whose number of terms grows: leading terms by summation, up to O(1).

    f(k) = a m(k) + ...,  m a monomial;   g - g(k-1) = m/c + smaller (computed here)
    ---------------------------------------------------------------------------------
    sum_{k <= n} f(k) = a c g(n) + sum_{k <= n} (f - a c (g(k) - g(k-1))),   up to a constant

and again for the rest, as often as the order of the expansion says.  What is left is bounded:

    m = O(g - g(k-1)),   g - g(k-1) of one sign from some k on
    -----------------------------------------------------------------------------
    sum_{k <= n} m(k) = O(g(n)) if g -> +oo;  it converges, so is O(1), if g -> 0

for sum |g(k) - g(k-1)| telescopes.  This is limit comparison with a telescoping series; p-series, the
ratio test and the condensation test are cases of it.  The guess for g: m k/(a + 1) where m is like k^a, a
not -1; one logarithm further where a = -1; m/(1 - 1/r) where m(k)/m(k-1) -> r; m/(log m)' between.
A guess that does not fit is noticed: nothing rests on it.

FAILURE: ``Open`` where the sign of a + 1 (of r - 1) is needed; ``Lost`` where no guess fits.
Cannot do: the constant (a sum that converges is only O(1)), summands in which k and n are entangled.
Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., sections 9.5-9.6 (Euler's summation
formula, of which the guesses are the first terms; the check by differences is elementary).
"""

from __future__ import annotations

from .expansion import Expansion, Lost, Monomial, Unexpandable
from .expansion_special import Special
from .field import Frac

_SAME, _UP, _DOWN = frozenset((0,)), frozenset((1,)), frozenset((-1,))
MAX_LEVEL = 3


class Sums(Special):
    """``Algebra`` with sums over k up to t of an expansion in k."""

    def composed(self, m: Monomial, u: Expansion) -> Expansion:
        """m(u) for u -> +oo."""
        result = self.number(1)
        for k, e in m.powers.items():
            what = self.elements[k]
            if isinstance(what, Monomial):
                value = self.exp(self.composed(what, u))
            else:
                value = u
                for _ in range(what):
                    value = self.log(value)
            result = self.times(result, self.power(value, e))
        return result

    def order_at(self, m: Monomial, u: Expansion) -> Monomial:
        """m(u) is of the order of this monomial."""
        f = self.composed(m, u)
        try:
            return self.leading(f)[0]
        except Lost:
            if not f.terms and len(f.error) == 1:       # only bounded: O is all that is asked
                return next(iter(f.error))
            raise

    def step(self, g: Monomial) -> Expansion:
        """g(t) - g(t - 1)."""
        found = self._steps.get(g)
        if found is None:
            before = self.plus(self.power_of_t(1), self.number(-1))
            found = self.plus(Expansion({g: self.c.one}), self.negative(self.composed(g, before)))
            self._steps[g] = found
        return found

    def antidifference(self, m: Monomial) -> tuple[Monomial, Frac]:
        """g and c for which g - g(t - 1) should be m/c + smaller."""
        t, large = self.element(0), [k for k in m.powers if isinstance(self.elements[k], Monomial)]
        log_t = self.log_of(t)
        if all(self.compare(self.log_of(k), log_t) == _DOWN for k in large):
            return self._like_a_power(m, bool(large))
        logarithm = Expansion({})
        for k, e in m.powers.items():
            logarithm = self.plus(logarithm, Expansion({self.log_of(k): e}))
        before = self.plus(self.power_of_t(1), self.number(-1))
        growth = logarithm
        for n, a in logarithm.terms.items():
            growth = self.plus(growth, self.scaled(self.composed(n, before), self.c.negative(a)))
        limit = self.limit(growth)
        if limit.infinite:
            return m, self.c.one
        if limit.value is not None and limit.value.num != 0:
            ratio = self.c.exp(self.c.negative(limit.value))       # m(t - 1)/m(t)
            return m, self.c.inverse(self.c.minus(self.c.one, ratio))
        slope, a = self.leading(growth)
        return self.over(m, slope), self.c.inverse(a)

    def _like_a_power(self, m: Monomial, slow: bool) -> tuple[Monomial, Frac]:
        g = m
        for level in range(MAX_LEVEL + 1):
            k = self.element(level)
            g = self.times_monomial(g, self.monomial({k: self.c.one}))
            exponent = self.c.plus(m.powers.get(k, self.c.zero), self.c.one)
            if exponent.num != 0:
                if not self.c.real(exponent):
                    raise Unexpandable("a complex exponent in a sum")
                return g, self.c.inverse(exponent)
            if slow:
                break
        raise Lost("a sum at the border of convergence")

    def order_of_sum(self, m: Monomial) -> Monomial:
        """sum_{k <= t} m(k) is O of this monomial; 1 if it converges."""
        g, _ = self.antidifference(m)
        lead, a = self.leading(self.step(g))
        if not self.compare(m, lead) <= {-1, 0} or self.c.signs(a) not in (_UP, _DOWN):
            raise Lost("no telescoping sum to compare with")
        match self.compare(g, self.one):
            case order if order == _UP:
                return g
            case order if order == _DOWN:
                return self.one
        raise Lost("a sum at the border of convergence")

    def summed(self, f: Expansion) -> Expansion:
        """sum_{k = a}^{t} f(k), for any fixed a from which on f is defined."""
        result, rest = Expansion({}), f
        for _ in range(self.order):
            try:
                m, a = self.leading(rest)
            except Lost:
                break
            g, c = self.antidifference(m)
            if self.compare(g, self.one) == _DOWN:
                break
            part = self.c.times(a, c)
            new = self.plus(rest, self.scaled(self.step(g), self.c.negative(part)))
            if m in new.terms or any(not self.compare(n, m) <= _DOWN for n in [*new.terms, *new.error]):
                break
            result, rest = self.plus(result, Expansion({g: part})), new
        errors = [self.order_of_sum(m) for m in [*rest.terms, *rest.error]]
        return self._pruned(result.terms, [*errors, self.one])


__all__ = ["Sums"]
