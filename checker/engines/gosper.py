"""Antidifferences of hypergeometric terms, and recurrences of sums over them.

Method.  A summand is split into hypergeometric terms t(k) (the ratio t(k+1)/t(k) is rational in k).  The
ratio is brought to a(k)/b(k) * c(k+1)/c(k) with a(k), b(k+h) coprime for all h >= 0; then t has a
hypergeometric antidifference exactly if a(k) x(k+1) - b(k-1) x(k) = c(k) has a polynomial solution x, and
T = b(k-1) x(k) t(k)/c(k) is one (Gosper 1978; Petkovsek, Wilf, Zeilberger, A = B, ch. 5).  For a recurrence
in n the right side is c(k) (a_0 p_0(k) + ... + a_J p_J(k)), where F(n+j, k) = p_j(k) t(k), and the a_j are
unknown too (A = B, ch. 6).  All over the field of the other generators, by Gaussian elimination.

T is written with rgamma at the highest arguments, so it has no poles where c cancels.
Why it convinces: the kernel checks T(k+1) - T(k) as an identity on the range (rule ``summation``).
Cannot: sums over several names at once, orders above 2, summands that are no sums of hypergeometric terms.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq, fmpq_mpoly

from ..kernel.claim import Sequent
from ..kernel.discrete_form import Discrete
from ..kernel.field import _CTX, _GENS, _ONE, CannotNormalise, Frac
from ..kernel.term import ONE, Term, Var, add, substitute

MAX_DEGREE = 9
MAX_UNKNOWNS = 14
MAX_DISPERSION = 12
Poly = dict[int, fmpq_mpoly]      # power of k -> coefficient


@dataclass(frozen=True)
class Recurrence:
    """F(n+J, k) = sum of factors[j] * F(n+j, k) + T(k+1) - T(k)."""

    factors: tuple[Term, ...]
    antidifference: Term


def antidifference(body: Term, name: str, s: Sequent) -> Term | None:
    """T with T(k+1) - T(k) = body; ``s`` declares k and says its range."""
    found = _run(body, (), name, s)
    return None if found is None else found.antidifference


def recurrence(bodies: tuple[Term, ...], name: str, s: Sequent) -> Recurrence | None:
    """``bodies``: F(n, k), ..., F(n+J, k)."""
    return _run(bodies[-1], bodies[:-1], name, s)


def _run(last: Term, others: tuple[Term, ...], name: str, s: Sequent) -> Recurrence | None:
    field = Discrete(s, frozenset(), 1)
    try:
        result: Recurrence | None = field._settled(lambda: _Solver(field, name).solve(last, others))
        return result
    except (CannotNormalise, ZeroDivisionError, OverflowError):
        return None


class _Solver:
    def __init__(self, field: Discrete, name: str) -> None:
        self.field, self.name = field, name
        field.frac(Var(name))
        self.k = field.table[Var(name)]

    def solve(self, last: Term, others: tuple[Term, ...]) -> Recurrence | None:
        f = self.field
        terms = [*others, last]
        values = [f.frac(t) for t in terms]
        nexts = [f.frac(substitute(t, {self.name: add(Var(self.name), ONE)})) for t in terms]
        if not others:
            total: list[Term] = []
            for group, after in self._groups(values[0], nexts[0]):
                t = self._indefinite(group, after)
                if t is None:
                    return None
                total.append(t)
            return Recurrence((), add(*total))
        return self._creative(values, nexts[0])

    # ------------------------------------------------------------------ hypergeometric terms

    def _groups(self, value: Frac, after: Frac) -> list[tuple[Frac, Frac]]:
        """Parts of one hypergeometric kind each, with the same parts of the next value."""
        here, there = self._by_kind(value), self._by_kind(after)
        if set(here) != set(there):
            if len(here) == len(there) == 1:
                return [(value, after)]
            raise CannotNormalise("summands whose kinds do not match")
        return [(here[kind], there[kind]) for kind in here]

    def _by_kind(self, value: Frac) -> dict[tuple[int, ...], Frac]:
        f = self.field
        moving = [k != self.k and f._mentions(k, self.name) for k in range(len(f.generators))]
        parts: dict[tuple[int, ...], dict[tuple[int, ...], fmpq]] = {}
        for exponents, c in value.num.to_dict().items():
            e = tuple(map(int, exponents))
            kind = tuple(d if j < len(moving) and moving[j] else 0 for j, d in enumerate(e))
            parts.setdefault(kind, {})[e] = c
        return {kind: f._make(_CTX.from_dict(p), value.den) for kind, p in parts.items()}

    def _ratio(self, value: Frac, after: Frac) -> tuple[fmpq_mpoly, fmpq_mpoly]:
        f = self.field
        ratio = f.times(after, f._inverse(value))
        for p in (ratio.num, ratio.den):
            for j, d in enumerate(p.degrees()):
                if int(d) and j != self.k and f._mentions(j, self.name):
                    raise CannotNormalise("the ratio is not rational")
        return ratio.num, ratio.den

    def _gosper_form(self, top: fmpq_mpoly, bottom: fmpq_mpoly) -> tuple[fmpq_mpoly, fmpq_mpoly, fmpq_mpoly]:
        """(a, b, c) with top/bottom = a(k)/b(k) * c(k+1)/c(k)."""
        content_a, factors_a = top.factor()
        content_b, factors_b = bottom.factor()
        left = [(p, int(e)) for p, e in factors_a]
        right = [(p, int(e)) for p, e in factors_b]
        c = _ONE
        changed = True
        while changed:
            changed = False
            for i, (p, m) in enumerate(left):
                for j, (q, n) in enumerate(right):
                    h = self._distance(p, q)
                    if h is None or h < 0 or not m or not n:
                        continue
                    if h > MAX_DISPERSION:
                        raise CannotNormalise("a large dispersion")
                    common = min(m, n)
                    left[i], right[j] = (p, m - common), (q, n - common)
                    for step in range(1, h + 1):
                        c = c * self.shift(p, -step) ** common
                    changed = True
                    break
                if changed:
                    break
        a, b = _ONE * content_a, _ONE * content_b
        # p(k) and q(k+h) agree up to a constant, which stays with a
        for p, m in left:
            a = a * p**m
        for q, n in right:
            b = b * q**n
        # restore the constant lost when factors were cancelled only up to a constant
        want = top * b * c
        have = bottom * a * self.shift(c, 1)
        if want != have:
            scale, rest = divmod(want, have)
            if rest != 0 or not scale.is_constant():
                raise CannotNormalise("the ratio has no such form")
            a = a * scale
        return a, b, c

    def _distance(self, p: fmpq_mpoly, q: fmpq_mpoly) -> int | None:
        """h with p(k) ~ q(k+h)."""
        x, y = self.poly(p), self.poly(q)
        d = max(x)
        if d == 0 or max(y) != d:
            return None
        # p = u (k^d + p1 k^(d-1) ...), q = v (k^d + q1 k^(d-1) ...): d h = p1 - q1
        zero = _CTX.constant(0)
        u, v = x[d], y[d]
        difference = x.get(d - 1, zero) * v - y.get(d - 1, zero) * u
        bottom = u * v * d
        quotient, rest = divmod(difference, bottom)
        if rest != 0 or not quotient.is_constant():
            return None
        h = quotient.leading_coefficient() if quotient != 0 else fmpq(0)
        if int(h.q) != 1 or abs(int(h.p)) > 10_000:
            return None
        moved = self.shift(q, int(h.p))
        return int(h.p) if moved * u == p * v else None

    def shift(self, p: fmpq_mpoly, h: int) -> fmpq_mpoly:
        if h == 0:
            return p
        total = _CTX.constant(0)
        step = _GENS[self.k] + h
        for d, c in self.poly(p).items():
            total += c * step**d
        return total

    def poly(self, p: fmpq_mpoly) -> Poly:
        parts: dict[int, dict[tuple[int, ...], fmpq]] = {}
        for exponents, c in p.to_dict().items():
            e = list(map(int, exponents))
            d, e[self.k] = e[self.k], 0
            parts.setdefault(d, {})[tuple(e)] = c
        return {d: _CTX.from_dict(t) for d, t in parts.items()} or {0: _CTX.constant(0)}

    # ------------------------------------------------------------------ the equation

    def _indefinite(self, value: Frac, after: Frac) -> Term | None:
        a, b, c = self._gosper_form(*self._ratio(value, after))
        before = self.shift(b, -1)
        solution = self._solve(a, before, [c], 0)
        if solution is None:
            return None
        x, _ = solution
        return self._written(before, x, c, value)

    def _creative(self, values: list[Frac], after: Frac) -> Recurrence | None:
        """values[j] = p_j(k)/D(k) * M: the common part is t."""
        f = self.field
        first = values[0]
        ratios = [f.times(v, f._inverse(first)) for v in values]
        den = _ONE
        for r in ratios:
            for p in (r.num, r.den):
                for j, d in enumerate(p.degrees()):
                    if int(d) and j != self.k and f._mentions(j, self.name):
                        return None
            den = den * divmod(r.den, den.gcd(r.den))[0]
        # F(n+j) = ratio_j F(n) = p_j t with t = F(n)/den
        ps = [f._make(r.num * den, r.den) for r in ratios]
        if any(not p.den.is_constant() for p in ps):
            return None
        t = f.times(first, Frac(_ONE, den))
        next_t = f.times(after, Frac(_ONE, self.shift(den, 1)))
        a, b, c = self._gosper_form(*self._ratio(t, next_t))
        before = self.shift(b, -1)
        rhs = [c * p.num for p in ps]
        solution = self._solve(a, before, rhs, len(rhs))
        if solution is None:
            return None
        x, coefficients = solution
        lead = coefficients[-1]
        if lead.num == 0:
            return None
        down = f._inverse(lead)
        factors = tuple(f.write(f.times(Frac(-v.num, v.den), down)) for v in coefficients[:-1])
        return Recurrence(factors, self._written(before, [f.times(v, down) for v in x], c, t))

    def _written(self, before: fmpq_mpoly, x: list[Frac], c: fmpq_mpoly, value: Frac) -> Term:
        f = self.field
        k = Frac(_GENS[self.k], _ONE)
        total = f.constant(0)
        for v in reversed(x):
            total = f._plus(f.times(total, k), v)
        t = f.times(f.times(Frac(before, _ONE), total), f.times(value, Frac(_ONE, c)))
        return f.write(t)

    def _solve(self, a: fmpq_mpoly, b: fmpq_mpoly, rhs: list[fmpq_mpoly],
               unknown: int) -> tuple[list[Frac], list[Frac]] | None:
        """Polynomials x with a x(k+1) - b x(k) = sum of u_j rhs_j; the u_j are unknown if ``unknown``."""
        pa, pb = self.poly(a), self.poly(b)
        right = [self.poly(r) for r in rhs]
        da, db = max(pa), max(pb)
        dc = max(max(r) for r in right)
        if da != db or pa[da] != pb[db]:
            bound = dc - max(da, db)
        else:
            zero = _CTX.constant(0)
            quotient, rest = divmod(pb.get(da - 1, zero) - pa.get(da - 1, zero), pa[da])
            bound = dc - da + 1
            if rest == 0 and quotient.is_constant():
                m = quotient.leading_coefficient() if quotient != 0 else fmpq(0)
                if int(m.q) == 1:
                    bound = max(bound, int(m.p))
        if bound < 0:
            return None
        if bound > MAX_DEGREE:
            return None
        columns: list[Poly] = []
        for d in range(bound + 1):
            columns.append(self.poly(a * (_GENS[self.k] + 1) ** d - b * _GENS[self.k] ** d))
        columns += [{d: -v for d, v in r.items()} for r in right]
        if len(columns) > MAX_UNKNOWNS:
            return None
        found = self._kernel(columns, len(right))
        return None if found is None else (found[:bound + 1], found[bound + 1:])

    def _kernel(self, columns: list[Poly], last: int) -> list[Frac] | None:
        """A vector v with sum v_j columns_j = 0 whose last entry is 1."""
        f = self.field
        zero = f.constant(0)
        rows = []
        for d in sorted({d for c in columns for d in c}, reverse=True):
            row = [Frac(c[d], _ONE) if d in c and c[d] != 0 else zero for c in columns]
            if any(v.num != 0 for v in row):
                rows.append(row)
        width = len(columns)
        pivots: list[int] = []
        r = 0
        for j in range(width - 1):
            choices = [i for i in range(r, len(rows)) if rows[i][j].num != 0]
            if not choices:
                continue
            pivot = min(choices, key=lambda i: len(rows[i][j].num) + len(rows[i][j].den))
            rows[r], rows[pivot] = rows[pivot], rows[r]
            inverse = f._inverse(rows[r][j])
            rows[r] = [f.times(v, inverse) if v.num != 0 else v for v in rows[r]]
            for i in range(len(rows)):
                if i != r and rows[i][j].num != 0:
                    factor = rows[i][j]
                    rows[i] = [f._subtract(v, f.times(factor, w)) if w.num != 0 else v
                               for v, w in zip(rows[i], rows[r], strict=True)]
            pivots.append(j)
            r += 1
        if any(row[-1].num != 0 for row in rows[r:]):
            return None
        out = [zero] * width
        out[-1] = f.constant(1)
        for i, j in enumerate(pivots):
            v = rows[i][-1]
            out[j] = Frac(-v.num, v.den)
        return out


__all__ = ["Recurrence", "antidifference", "recurrence"]
