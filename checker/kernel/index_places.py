"""Entries at places that are no index names: x[t + 1], x[i + k - 1], x[T].

Such an entry is read as a value of the family *continued to all integers* in some fixed way: the form is a total
function, and a term that is defined asks for no value outside the range.  So sums may be moved:

    step                                                                        needs
    S_{b:m} [b = p] f(b) = [1 <= p <= m] f(p)                                   p free of b, an integer
    [b < m - k] = 1 - [b = m] - ... - [b = m - k],  [k < b] = 1 - [b = 1] - ... - [b = k]      b bound over m
    S_{b:m} f(b + s) = S_{b:m} f(b) + f(m + 1) + ... + f(m + s) - f(1) - ... - f(s)    a step of at most 4
    [i < j + s] = [i < j] + [i = j] + ... + [i = j + s - 1]
    S_{b:m-k} f(b) = S_{b:m} (1 - [b = m] - ... - [b = m - k + 1]) f(b)                        k at most 4, m >= k

Source: Graham, Knuth, Patashnik, *Concrete Mathematics*, 2.4 (Iverson's brackets; the range of a shifted sum).
Cannot do: steps of symbolic size, places that are no integer combinations of indices and sizes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from .index_facts import ORIGIN, Place
from .index_functions import Functions
from .index_product import PLACE, TRUTH
from .index_scope import only_atom, over_budget
from .index_terms import ONE_POLY, UNIT, ZERO_POLY, Atom, Poly
from .term import Index, Map

MAX_STEP = 4


class Places(Functions):
    # ------------------------------------------------------------------ entries

    def entry_at(self, family: str, places: tuple[Poly, ...]) -> Poly:
        """The entry of ``family`` at these places: an ordinary entry where each is an index of the right sort."""
        sort = self.sequent.declarations.get(self.names[family])
        if not isinstance(sort, Map) or len(sort.args) != len(places):
            raise over_budget("an entry of something that is no family")
        tokens: list[str] = []
        for p, slot in zip(places, sort.args, strict=True):
            only = only_atom(p)
            if p.constant is not None and p.constant.denominator == 1:
                tokens.append(f"={int(p.constant)}")
            elif only is not None and only.kind == "number" and isinstance(slot, Index) and self._same_sort(
                    self.sizes.get(only.indices[0]), self.read(slot.size, {})):
                tokens.append(only.indices[0])
        if len(tokens) == len(places):
            return self.single(Atom("entry", family, tuple(tokens)))
        return self._split(family + PLACE, places, lambda ps: self.single(Atom("apply", family + PLACE, (), ps)))

    def _shorter(self, size: Poly, other: Poly) -> bool:
        """m - k beside m, k > 0: the indices up to the one are indices up to the other."""
        k = self.minus(other, size).constant
        return k is not None and k.denominator == 1 and 0 < k <= MAX_STEP

    def bind_from_one(self, p: Poly, token: str, size: Poly) -> Poly:
        """The sum of ``p`` over ``token``; up to m - k it is the sum up to m without its last k values."""
        k = -dict(size.terms).get(UNIT, Fraction(0))
        whole = self.plus(size, self.constant(k))
        if size.constant is not None or not 0 < k <= MAX_STEP or k.denominator != 1 or only_atom(whole) is None:
            return self.bind(p, token, size)
        longer = self.fresh(whole)
        b = self._number_of(longer)
        ends = self.plus(*(self._equals(b, self.minus(whole, self.constant(q))) for q in range(int(k))))
        inside = self.identify(p, {token: longer})
        return self.bind(self.times(self.minus(ONE_POLY, ends), inside), longer, whole)

    # ------------------------------------------------------------------ truth values of places

    def truth(self, relation: str, difference: Poly) -> Poly:
        found = self._of_places(relation, difference)
        return found if found is not None else super().truth(relation, difference)

    def _of_places(self, relation: str, p: Poly) -> Poly | None:
        """[x - y = 0] or [x - y < 0] for an index or size x and y = an index or size plus an integer."""
        pair = self._pair(_by_first_name(p))
        if pair is None:
            return None
        (x, y), (i, j) = pair, (pair[0][0], pair[1][0])
        facts = self.facts
        if relation == "=" and (facts.ne(x, y) or facts.eq(x, y)) or relation == "<" and (
                facts.lt(x, y) or facts.le(y, x)):
            return ONE_POLY if (facts.eq(x, y) if relation == "=" else facts.lt(x, y)) else ZERO_POLY
        if ORIGIN in (i, j) or i == j or not (i in self.sizes and j in self.sizes and self._same_sort(
                self.sizes[i], self.sizes[j])):
            return None
        step = y[1] - x[1]
        if relation == "=":
            return self.delta(i, j) if step == 0 else None
        if abs(step) > MAX_STEP:
            return None
        out = self.less(i, j)
        for k in range(min(step, 0), max(step, 0)):
            at = self.truth("=", self.minus(self._number_of(i), self.plus(self._number_of(j), self.constant(k))))
            out = self.plus(out, self.scale(at, 1 if step > 0 else -1))
        return out

    def _pair(self, p: Poly) -> tuple[Place, Place] | None:
        """``p`` as (node + k) - (node + l)."""
        plus: list[str] = []
        minus: list[str] = []
        offset = 0
        for m, c in p.terms:
            if m == UNIT and c.denominator == 1:
                offset = int(c)
                continue
            only = m.factors[0][0] if len(m.factors) == 1 and m.factors[0][1] == 1 and not m.bounds else None
            if only is None or only.kind not in ("number", "scalar") or abs(c) != 1:
                return None
            node = only.indices[0] if only.kind == "number" else only.head
            if only.kind == "scalar" and self.node(self.names.get(node, "")) is None:
                return None
            (plus if c == 1 else minus).append(node)
        if len(plus) > 1 or len(minus) > 1:
            return None
        return (plus[0] if plus else ORIGIN, offset), (minus[0] if minus else ORIGIN, 0)

    # ------------------------------------------------------------------ one product

    def _held(self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction) -> Poly | None:
        """[u = p] u f = [u = p] p f for a number or entry u that p does not contain."""
        for a in live:
            if a.kind != "truth" or a.head != "=":
                continue
            for u, value in _solutions(self, a.parts[0]):
                e = live.get(u, Fraction(0))
                if e >= 1 and e.denominator == 1:
                    rest = {x: k for x, k in live.items() if x != u}
                    return self._spread(bounds, rest, c, self.power(value, int(e)))
                break
        return None

    def _ends(self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction) -> Poly | None:
        """[b < m - k] and [k < b] for b bound over m."""
        for a in live:
            if a.kind == "less":
                p = self.minus(*(self._number_of(i) for i in a.indices))
            elif a.kind == "truth" and a.head == "<":
                p = a.parts[0]
            else:
                continue
            for b in sorted(set(bounds) & p.free):
                new = self._at_end(p, b, bounds[b])
                if new is not None:
                    rest = {x: e for x, e in live.items() if x != a}
                    return self._spread(bounds, rest, c, new)
        return None

    def _at_end(self, p: Poly, b: str, size: Poly) -> Poly | None:
        """[p < 0] as values of b at the ends of its range; None if p is no such difference."""
        number, p = self._number_of(b), _by_first_name(p)
        for sign in (1, -1):
            rest = self.minus(p, self.scale(number, sign))
            if b in rest.free:
                continue
            k, low = self.scale(rest, -sign).constant, True
            if k is None:
                k, low = self.minus(size, self.scale(rest, -sign)).constant, False
            if k is None or k.denominator != 1 or not -MAX_STEP <= k <= MAX_STEP + 1:
                continue
            n = int(k)
            # sign 1: b < n or b < m - n;  sign -1: n < b or m - n < b
            if low:
                values = [self.constant(q) for q in range(1, n + (sign == -1))]
                inside = sign == 1
            else:
                values = [self.minus(size, self.constant(q)) for q in range(0, n + (sign == 1))]
                inside = sign == -1
            found = self.plus(*(self._equals(number, v) for v in values))
            return found if inside else self.minus(ONE_POLY, found)
        return None

    def _equals(self, number: Poly, value: Poly) -> Poly:
        lead = self.minus(number, value)
        lead = self.scale(lead, 1 / lead.terms[0][1])
        return self.single(Atom("truth", "=", (), (lead,)))

    def _solved(self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction) -> Poly | None:
        """S_b [b = p] f(b) = [1 <= p <= m] f(p)."""
        for a in live:
            if a.kind != "truth" or a.head != "=":
                continue
            for b in sorted(b for b in set(bounds) & a.free if bounds[b].constant is None):
                value = self._value_of(b, a.parts[0])
                if value is None:
                    continue
                rest = {x: e for x, e in live.items() if x != a}
                left = {x: s for x, s in bounds.items() if x != b}
                here = self.times(self._at_least_one(value), self._at_most(value, bounds[b]))
                return self.plus(*(self._spread(left, {}, k, self._rebuilt_times(rest, {b: value}, m, left))
                                   for m, k in self.scale(here, c).terms))
        return None

    def _rebuilt_times(self, rest: Mapping[Atom, Fraction], to: Mapping[str, str | Poly], m: object,
                       bounds: Mapping[str, Poly]) -> Poly:
        whole = self._rebuilt({}, rest, Fraction(1), to)
        return self.times(Poly(((m, Fraction(1)),)), whole) if m != UNIT else whole  # type: ignore[arg-type]

    def _value_of(self, b: str, p: Poly) -> Poly | None:
        """The integer that p = 0 makes of b, by its shape."""
        number, p = self._number_of(b), _by_first_name(p)
        for sign in (1, -1):
            rest = self.minus(p, self.scale(number, sign))
            if b not in rest.free:
                value = self.scale(rest, -sign)
                return value if self._whole(value) else None
        return None

    def _whole(self, p: Poly) -> bool:
        """An integer combination of indices and integer names."""
        for m, c in p.terms:
            if c.denominator != 1 or m.bounds or any(
                    e != 1 or a.kind not in ("number", "scalar") or a.kind == "scalar" and self.node(
                        self.names.get(a.head, "")) is None for a, e in m.factors):
                return False
        return True

    def _at_least_one(self, p: Poly) -> Poly:
        return self.truth("<", self.scale(p, -1))

    def _at_most(self, p: Poly, size: Poly) -> Poly:
        return self.truth("<", self.minus(p, self.plus(size, ONE_POLY)))

    def _moved(self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction) -> Poly | None:
        """A sum in which each place of b is b + s with s > 0 (or < 0) becomes one of places b, b + 1, ..."""
        for b, size in bounds.items():
            steps: set[int] = set()
            if not all(self._steps(a, b, steps) for a in live if b in a.free) or not steps:
                continue
            s = min(steps)
            if s == 0 or abs(s) > MAX_STEP or not self._whole(size):
                continue
            left = {x: n for x, n in bounds.items() if x != b}
            moved = self._rebuilt(bounds, live, c, {b: self.minus(self._number_of(b), self.constant(s))})
            # f(b) = g(b + s): S f = S g - g(1) .. - g(s) + g(m + 1) .. + g(m + s)
            ends = []
            for q in range(1, s + 1) if s > 0 else range(s + 1, 1):
                sign = 1 if s > 0 else -1
                low = self.constant(q - s)
                ends.append(self._rebuilt(left, live, -c * sign, {b: low}))
                ends.append(self._rebuilt(left, live, c * sign, {b: self.plus(size, low)}))
            return self.plus(moved, *ends)
        return None

    def _steps(self, a: Atom, b: str, steps: set[int]) -> bool:
        """The s of all places b + s in the atom; False if b stands otherwise in it."""
        if b in a.indices:
            if a.kind != "entry":
                return False
            steps.add(0)
        for p in a.parts:
            if b not in p.free:
                continue
            if a.kind == "apply" and a.head.endswith(PLACE):
                rest = self.minus(p, self._number_of(b))
                if b in rest.free or rest.constant is None or rest.constant.denominator != 1:
                    return False
                steps.add(int(rest.constant))
            elif a.kind in TRUTH:
                return False
            else:
                for m, _ in p.terms:
                    if not all(self._steps(x, b, steps) for x, _ in m.factors if b in x.free):
                        return False
        return True


def _solutions(form: Places, p: Poly) -> Iterator[tuple[Atom, Poly]]:
    """The names u with p = c (u - value), u not in the value."""
    for m, c in p.terms:
        if m.bounds or len(m.factors) != 1 or m.factors[0][1] != 1 or m.factors[0][0].kind not in ("scalar", "entry"):
            continue
        u = m.factors[0][0]
        rest = Poly(tuple(t for t in p.terms if t[0] != m))
        if u.key not in rest.key:
            yield u, form.scale(rest, -1 / c)


def _by_first_name(p: Poly) -> Poly:
    """``p`` divided by a positive number, so that its first term that is no number has the factor 1 or -1."""
    for m, c in p.terms:
        if m != UNIT:
            return Poly(tuple((n, k / abs(c)) for n, k in p.terms))
    return p


__all__ = ["MAX_STEP", "Places"]
