"""Functions of index forms: exp, inverses, logarithms, roots, opaque functions, truth values.

Every function splits on the deltas and truth values in its argument first.  What needs a base that is
not 0, or a positive argument, asks ``index_sign`` and the conditions noted for the goal.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt

from . import index_sign
from .evidence import Reject
from .index_product import LOG, MAX_POWER, TRUTH, Products, without_zeros
from .index_scope import RULE, only_atom
from .index_terms import ONE_POLY, ZERO_POLY, Atom, Poly, close, poly


PIECEWISE = ("relu", "abs", "sign", "max", "min")


class Functions(Products):
    def truth(self, relation: str, difference: Poly) -> Poly:
        """[difference = 0] or [difference < 0]."""
        if relation == "=" and difference.terms:
            difference = self.scale(difference, 1 / difference.terms[0][1])
        sign = self.sign(difference)
        if relation == "<" and sign is None:
            raise Reject(RULE, "order", "an order between terms that may not be real")
        if sign is not None:
            held = {0} if relation == "=" else {-1}
            if sign <= held:
                return ONE_POLY
            if sign.isdisjoint(held):
                return ZERO_POLY
        return self._split("truth", (difference,), lambda ps: self._truth_atom(relation, ps[0]))

    def _truth_atom(self, relation: str, p: Poly) -> Poly:
        if p.constant is not None:
            return self.constant(int(p.constant == 0 if relation == "=" else p.constant < 0))
        lead = p.terms[0][1]
        p = self.scale(p, 1 / lead)
        one = self.single(Atom("truth", relation, (), (p,)))
        if relation == "=" or lead > 0:
            return one
        return self.minus(self.minus(ONE_POLY, one), self.truth("=", p))     # [p > 0]

    def _split(self, what: str, ps: tuple[Poly, ...], f: Callable[[tuple[Poly, ...]], Poly]) -> Poly:
        """f(d) = d f(1) + (1-d) f(0) for a delta or truth value that no inner index occurs in."""
        for p in ps:
            for m, _ in p.terms:
                for a, _ in m.factors:
                    if a.kind in TRUTH and not any(t.startswith("#") for t in a.free):
                        self.tick(10)
                        held = tuple(self._assume(q, a, True) for q in ps)
                        failed = tuple(self._assume(q, a, False) for q in ps)
                        yes = self._split(what, held, f)
                        no = self._split(what, failed, f)
                        d = self.single(a)
                        return self.plus(self.times(d, self.minus(yes, no)), no)
        return f(ps)

    def _assume(self, p: Poly, truth: Atom, held: bool) -> Poly:
        out = []
        for m, c in p.terms:
            bounds, factors = self.opened(m)
            if truth not in factors:
                out.append(poly([(m, c)]))
            elif held:
                out.append(self.settle(bounds, {a: e for a, e in factors.items() if a != truth}, c))
        q = self.plus(*out)
        if held and truth.kind == "delta":
            q = self.identify(q, {truth.indices[1]: truth.indices[0]})
        return q

    # ------------------------------------------------------------------ products

    def factors_of(self, p: Poly) -> Poly:
        """L(p) for a name L of any function: S_j L(f_j) says which numbers are multiplied, and how often.
        Two such sums that agree for every L have the same factors, so their products agree; and L(p q) may
        be read as L(p) + L(q), two factors."""
        if len(p.terms) != 1 or p.terms[0][0].bounds:
            return self._split(LOG, (p,), lambda ps: self.single(Atom("apply", LOG, (), ps)))
        (m, c), = p.terms
        out = [] if c == 1 else [self.single(Atom("apply", LOG, (), (self.constant(c),)))]
        for a, e in m.factors:
            if a.kind in TRUTH or e <= 0 or e.denominator != 1:
                return self._split(LOG, (p,), lambda ps: self.single(Atom("apply", LOG, (), ps)))
            out.append(self.scale(self.single(Atom("apply", LOG, (), (self.single(a),))), e))
        return self.plus(*out)

    def product(self, s: Poly) -> Poly:
        """P[s]: the product of the factors that ``s`` lists."""
        return self.apply("prod", (s,))

    def _product(self, s: Poly) -> Poly:
        if s.is_zero:
            return ONE_POLY
        out, rest = ONE_POLY, s
        if all(c > 0 for _, c in s.terms):       # what is left after a factor is taken out is a product, too
            for m, c in s.terms:
                one = only_atom(poly([(m, Fraction(1))]))
                if one is not None and one.head == LOG and c.denominator == 1 and c <= MAX_POWER:
                    out = self.times(out, self.power(one.parts[0], int(c)))
                    rest = self.minus(rest, poly([(m, c)]))
        return out if rest.is_zero else self.times(out, self.single(Atom("apply", "prod", (), (rest,))))

    # ------------------------------------------------------------------ exp, inverse, log

    def exp(self, p: Poly) -> Poly:
        return self._split("exp", (p,), lambda ps: self._exp(ps[0]))

    def _exp(self, p: Poly) -> Poly:
        factors: dict[Atom, Fraction] = {}
        extra = ONE_POLY
        for m, c in p.terms:
            only = only_atom(poly([(m, Fraction(1))]))
            if only is not None and only.head == "log" and c.denominator == 1 and abs(c) <= MAX_POWER:
                if self.is_nonzero_form(only.parts[0]):
                    extra = self.times(extra, self.power(only.parts[0], int(c)))
                    continue
            factors[Atom("exp", "", (), (poly([(m, Fraction(1))]),))] = c
        return self._spread({}, factors, Fraction(1), extra)

    def inverse(self, p: Poly) -> Poly:
        return self._split("inverse", (p,), lambda ps: self._inverse(ps[0]))

    def _inverse(self, p: Poly) -> Poly:
        if p.is_zero:
            return ZERO_POLY
        common, rest, lead = self.common(p)
        out: dict[Atom, Fraction] = {}
        flipped = ONE_POLY
        for a, e in common.items():
            if a.kind == "exp" or e < 0:
                out[a] = -e
            elif a.kind == "inverse":
                flipped = self.times(flipped, self.power(a.parts[0], int(e)))
            elif a.kind in TRUTH:
                out[a] = Fraction(1)
            else:
                out[Atom("inverse", "", (), (poly([(close({}, {a: Fraction(1)}), Fraction(1))]),))] = e
        if rest != ONE_POLY:
            out[Atom("inverse", "", (), (rest,))] = Fraction(1)
        return self._spread({}, out, 1 / lead, flipped)

    def common(self, p: Poly) -> tuple[dict[Atom, Fraction], Poly, Fraction]:
        """``p = lead * product(common) * rest``; rest's first coefficient is 1.  Common are the powers
        of atoms without bound indices that every term has; of an exp also where a term has none, so
        that ``rest`` has exponents from 0 up: softmax does not see a shift."""
        least: dict[Atom, Fraction] = {}
        outside = [
            {a: e for a, e in m.factors if not any(t.startswith("#") for t in a.free)} for m, _ in p.terms
        ]
        for a in {a for fs in outside for a in fs}:
            e = min(fs.get(a, Fraction(0)) for fs in outside)
            # an atom stands with a negative power only where it is known not to be 0
            if a.kind == "exp" or e < 0 or all(a in fs for fs in outside):
                least[a] = e
        least = {a: e for a, e in least.items() if e != 0}
        lead_terms = []
        for m, c in p.terms:
            bounds, factors = self.opened(m)
            for a, e in least.items():
                factors[a] = factors.get(a, Fraction(0)) - e
            lead_terms.append((close(bounds, without_zeros(factors)), c))
        rest = poly(lead_terms)
        lead = rest.terms[0][1]
        ordered = dict(sorted(least.items(), key=lambda t: t[0].key))
        return ordered, self.scale(rest, 1 / lead), lead

    def log(self, p: Poly) -> Poly:
        return self._split("log", (p,), lambda ps: self._log(ps[0]))

    def _log(self, p: Poly) -> Poly:
        if p.constant is not None and p.constant > 0:
            return self._log_of_rational(p.constant)
        if p.is_zero or self.sign(p) != {1}:
            return self.single(Atom("apply", "log", (), (p,)))
        common, rest, lead = self.common(p)
        positive = {a: e for a, e in common.items() if self.sign_of_atom(a) == {1}}
        # p > 0 and the factors taken out are > 0, hence so is what remains
        for a, e in common.items():
            if a not in positive:
                rest = self.times(rest, self.single(a, e))
        if lead < 0:
            rest, lead = self.scale(rest, -1), -lead
        out = self._log_of_rational(lead)
        for a, e in positive.items():
            if a.kind == "exp":
                out = self.plus(out, self.scale(a.parts[0], e))
            elif a.kind == "inverse":
                out = self.minus(out, self.scale(self.log(a.parts[0]), e))
            elif (a.kind, a.head) == ("apply", "sqrt") and self.sign(a.parts[0]) == {1}:
                out = self.plus(out, self.scale(self.log(a.parts[0]), e / 2))
            else:
                out = self.plus(out, self.scale(self.single(Atom("apply", "log", (), (self.single(a),))), e))
        if rest == ONE_POLY:
            return out
        return self.plus(out, self.single(Atom("apply", "log", (), (rest,))))

    def _log_of_rational(self, q: Fraction) -> Poly:
        out = ZERO_POLY
        for n, sign in ((q.numerator, 1), (q.denominator, -1)):
            for prime, k in _factored(n):
                atom = Atom("apply", "log", (), (self.constant(prime),))
                out = self.plus(out, self.scale(self.single(atom), sign * k))
        return out

    def sqrt(self, p: Poly) -> Poly:
        return self.apply("sqrt", (p,))

    def apply(self, head: str, ps: tuple[Poly, ...], indices: tuple[str, ...] = ()) -> Poly:
        if head == "log":
            return self.log(ps[0])
        return self._split(head, ps, lambda qs: self._apply(head, qs, indices))

    def _apply(self, head: str, ps: tuple[Poly, ...], indices: tuple[str, ...]) -> Poly:
        if head == "prod":
            return self._product(ps[0])
        if len(ps) == 1 and head in ("relu", "abs", "sqrt", "sign"):
            p, sign = ps[0], self.sign(ps[0])
            if head in ("relu", "abs") and sign is not None:
                if sign <= {0, 1}:
                    return p
                if sign <= {-1, 0}:
                    return ZERO_POLY if head == "relu" else self.scale(p, -1)
            if head == "sign" and sign is not None and len(sign) == 1:
                return self.constant(next(iter(sign)))
            if head == "sqrt" and p.constant is not None and p.constant >= 0:
                n, d = p.constant.numerator, p.constant.denominator
                if isqrt(n) ** 2 == n and isqrt(d) ** 2 == d:
                    return self.constant(Fraction(isqrt(n), isqrt(d)))
        if self.piecewise and head in PIECEWISE and all(self.sign(p) is not None for p in ps):
            return self._by_cases(head, ps)
        if head in ("max", "min"):
            ps = tuple(sorted(set(ps), key=lambda p: p.key))
            if len(ps) == 1:
                return ps[0]
        return self.single(Atom("apply", head, indices, ps))

    def _by_cases(self, head: str, ps: tuple[Poly, ...]) -> Poly:
        """max(p, q) = p + (q - p) [p < q], |p| = p - 2 p [p < 0], ... of real numbers."""
        p = ps[0]
        match head:
            case "relu":
                return self.minus(p, self.times(p, self.truth("<", p)))
            case "abs":
                return self.minus(p, self.scale(self.times(p, self.truth("<", p)), 2))
            case "sign":
                return self.minus(ONE_POLY, self.plus(self.truth("=", p), self.scale(self.truth("<", p), 2)))
        for q in ps[1:]:
            further = self.minus(q, p)
            p = self.plus(p, self.times(further, self.truth(
                "<", self.scale(further, -1 if head == "max" else 1))))
        return p

    # ------------------------------------------------------------------ what is known

    def sign(self, p: Poly) -> index_sign.Sign:
        raise NotImplementedError

    def sign_of_atom(self, a: Atom) -> index_sign.Sign:
        raise NotImplementedError

    def is_nonzero(self, a: Atom) -> bool:
        if a.kind == "exp":
            return True
        if a.key in self.nonzero:
            return True
        sign = self.sign_of_atom(a)
        return sign is not None and 0 not in sign

    def is_nonzero_form(self, p: Poly) -> bool:
        only = only_atom(p)
        if only is not None:
            return self.is_nonzero(only)
        if p.key in self.nonzero:
            return True
        sign = self.sign(p)
        return sign is not None and 0 not in sign

    def note_nonzero(self, p: Poly) -> None:
        """Record ``p != 0``: then no factor of ``p`` is 0 either."""
        if p.is_zero:
            return
        common, rest, _ = self.common(p)
        for a in common:
            if a.kind not in TRUTH:
                self.nonzero.add(a.key)
                if a.kind == "inverse":
                    self.nonzero.add(a.parts[0].key)
        only = only_atom(rest)
        self.nonzero.add(only.key if only is not None else rest.key)
        self._signs.clear()


def _factored(n: int) -> list[tuple[int, int]]:
    out, p = [], 2
    while p * p <= n and p < 10_000:
        k = 0
        while n % p == 0:
            n, k = n // p, k + 1
        if k:
            out.append((p, k))
        p += 1
    return [*out, (n, 1)] if n > 1 else out


__all__ = ["PIECEWISE", "Functions"]
