"""Expansions of special functions: inverse trigonometric, erf, gamma and its logarithm, harmonic numbers.

    f -> c:        the Taylor series at c (analytic there)
    f -> +-oo:     atan f = +-pi/2 - atan(1/f);  erf f = +-1 + o(any power of 1/f)
    f -> +oo:      log Gamma(f) = (f - 1/2) log f - f + log(2 pi)/2 + sum B_2k/(2k (2k-1) f^(2k-1)) + O(next)
                   digamma(f) = log f - 1/(2 f) - sum B_2k/(2k f^2k) + O(next)

FAILURE: ``Unexpandable`` at other points (asin near 1, gamma near a pole).
Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., section 9.5 (Stirling's series is an
asymptotic series: the error is of the order of the first term left out).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import comb

from .expansion import Algebra, Expansion, Lost, Unexpandable
from .term import App, app


class Special(Algebra):
    """``Algebra`` with these functions; the caller has shown the arguments to be real."""

    def arctangent(self, f: Expansion) -> Expansion:
        small_series = self.rationals(
            Fraction(0) if k % 2 == 0 else Fraction((-1) ** (k // 2), k) for k in range(self.order))
        try:
            constant, small = self.finite(f)
        except Lost:
            limit = self.limit(f)
            if not limit.infinite:
                raise
            half = self.c.times(self.c.read(App("pi", ())), self.c.number(Fraction(limit.infinite, 2)))
            back = self.series(self.inverse(f), small_series)
            return self.plus(self.constant(half), self.negative(back))
        if constant.num == 0:
            return self.series(small, small_series)
        # atan(c + d) = atan c + atan(d/(1 + c^2 + c d)) near d = 0
        bottom = self.plus(
            self.constant(self.c.plus(self.c.one, self.c.times(constant, constant))),
            self.scaled(small, constant))
        value = self.c.field.frac(app("atan", self.c.term(constant)))
        inner = self.times(small, self.inverse(bottom))
        return self.plus(self.constant(value), self.series(inner, small_series))

    def arcsine(self, f: Expansion) -> Expansion:
        constant, small = self.finite(f)
        if constant.num != 0:
            raise Unexpandable("asin away from 0")
        return self.series(small, self.rationals(
            Fraction(0) if k % 2 == 0 else Fraction(comb(k - 1, k // 2), 4 ** (k // 2) * k)
            for k in range(self.order)))

    def error_function(self, f: Expansion) -> Expansion:
        try:
            constant, small = self.finite(f)
        except Lost:
            limit = self.limit(f)
            if not limit.infinite:
                raise
            m, _ = self.leading(f)
            tail = self.power_monomial(m, self.c.number(-self.order))      # e^(-f^2) is smaller
            return self._pruned({self.one: self.c.number(limit.infinite)}, [tail])
        if constant.num != 0:
            raise Unexpandable("erf away from 0")
        fact, steps = 1, []
        for k in range(self.order):
            steps.append(Fraction(0) if k % 2 == 0 else Fraction((-1) ** (k // 2), fact * k))
            fact *= (k // 2 + 1) if k % 2 else 1
        factor = self.c.power(self.c.read(App("pi", ())), self.c.number(Fraction(-1, 2)))
        return self.scaled(self.series(small, self.rationals(steps)), self.c.times(self.c.number(2), factor))

    def log_gamma(self, f: Expansion, shift: int) -> Expansion:
        """log Gamma(f + shift), shift 0 or 1, f -> +oo: Stirling's series, remainder O(next term)."""
        if self.limit(f).infinite != 1:
            raise Unexpandable("gamma away from +oo")
        pi2 = self.c.times(self.c.number(2), self.c.read(App("pi", ())))
        half = self.constant(self.c.times(self.c.log(pi2), self.c.number(Fraction(1, 2))))
        total = self.plus(self.plus(self.times(
            self.plus(f, self.number(Fraction(2 * shift - 1, 2))), self.log(f)), self.negative(f)), half)
        return self.plus(total, self._tail(f, lambda k: Fraction(_bernoulli(2 * k), 2 * k * (2 * k - 1)), -1))

    def _tail(self, f: Expansion, coefficient: Callable[[int], Fraction], offset: int) -> Expansion:
        """sum over k = 1..K of coefficient(k) * f^-(2k + offset), plus O of the next power."""
        count = max(1, self.order // 2)
        total = Expansion({})
        for k in range(1, count + 1):
            total = self.plus(total, self.scaled(
                self.power(f, self.c.number(-(2 * k + offset))), self.c.number(coefficient(k))))
        m, _ = self.leading(f)
        last = self.power_monomial(m, self.c.number(-(2 * count + 2 + offset)))
        return self._pruned(total.terms, [*total.error, last])

    def digamma(self, f: Expansion, shift: int) -> Expansion:
        """digamma(f + shift), f -> +oo: log f -+ 1/(2f) - sum B_2k/(2k f^2k)."""
        if self.limit(f).infinite != 1:
            raise Unexpandable("digamma away from +oo")
        half = self.c.number(Fraction(2 * shift - 1, 2))
        start = self.plus(self.log(f), self.scaled(self.inverse(f), half))
        return self.plus(start, self._tail(f, lambda k: Fraction(-_bernoulli(2 * k), 2 * k), 0))


def _bernoulli(n: int) -> Fraction:
    """B_n by the recursion sum_k C(n+1, k) B_k = 0."""
    b = [Fraction(1)]
    for m in range(1, n + 1):
        b.append(-sum((comb(m + 1, k) * b[k] for k in range(m)), Fraction(0)) / (m + 1))
    return b[n]


__all__ = ["Special"]
