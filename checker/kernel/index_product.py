"""One product under its sums: powers, deltas, orders; sums and products of forms.

The layer of the index form that has no functions: see ``index_form`` for the meaning and the steps.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from fractions import Fraction

from .effort import spend
from .evidence import Reject
from .index_facts import Facts
from .index_scope import RULE, Scope, only_atom, over_budget
from .index_terms import ONE_POLY, UNIT, ZERO_POLY, Atom, Mono, Poly, close, open_mono, poly

MAX_TERMS = 3_000
MAX_POWER = 12
MAX_WRITTEN_OUT = 4
TRUTH = ("delta", "less", "truth")
LOG = "factor"      # L of ``Functions.factors_of``
PLACE = "[]"        # ends the head of an entry at a place that is no index name: x[t + 1]


class Products(Scope):
    def constant(self, c: Fraction | int) -> Poly:
        return poly([(UNIT, Fraction(c))])

    def single(self, atom: Atom, exponent: Fraction | int = 1) -> Poly:
        return self.settle({}, {atom: Fraction(exponent)}, Fraction(1))

    def plus(self, *ps: Poly) -> Poly:
        out = poly([t for p in ps for t in p.terms])
        if len(out.terms) > MAX_TERMS:
            raise over_budget(f"more than {MAX_TERMS} terms")
        return out

    def scale(self, p: Poly, c: Fraction | int) -> Poly:
        return ZERO_POLY if c == 0 else Poly(tuple((m, k * c) for m, k in p.terms))

    def minus(self, p: Poly, q: Poly) -> Poly:
        return self.plus(p, self.scale(q, -1))

    def times(self, p: Poly, q: Poly) -> Poly:
        if p.constant is not None:
            return self.scale(q, p.constant)
        if q.constant is not None:
            return self.scale(p, q.constant)
        if len(p.terms) * len(q.terms) > MAX_TERMS * 4:
            raise over_budget("a product of too many terms")
        return self.plus(*(self._spread(*self.opened(m), c, q) for m, c in p.terms))

    def power(self, p: Poly, n: int) -> Poly:
        if n < 0:
            return self.inverse(self.power(p, -n))
        if n > MAX_POWER and len(p.terms) > 1:
            raise over_budget(f"a power {n} of a sum")
        if len(p.terms) == 1 and not p.terms[0][0].bounds:
            m, c = p.terms[0]
            return self.settle({}, {a: e * n for a, e in open_mono(m, ()).items()}, c**n)
        out = ONE_POLY
        for _ in range(n):
            out = self.times(out, p)
        return out

    def opened(self, m: Mono) -> tuple[dict[str, Poly], dict[Atom, Fraction]]:
        """``m`` with new names for its bound indices."""
        bounds = {self.fresh(s): s for s in m.bounds}
        return bounds, open_mono(m, tuple(bounds))

    def _spread(
        self, bounds: Mapping[str, Poly], factors: Mapping[Atom, Fraction], c: Fraction, q: Poly
    ) -> Poly:
        """The sum over ``bounds`` of ``c * factors * q``; ``q`` may use the bound names."""
        out = []
        for m, k in q.terms:
            more, others = self.opened(m)
            joint = dict(factors)
            for a, e in others.items():
                joint[a] = joint.get(a, Fraction(0)) + e
            out.append(self.settle({**bounds, **more}, joint, c * k))
        return self.plus(*out)

    def bind(self, p: Poly, token: str, size: Poly) -> Poly:
        """The sum of ``p`` over ``token``."""
        return self._spread({token: size}, {}, Fraction(1), p)

    # ------------------------------------------------------------------ one product

    def settle(self, bounds: Mapping[str, Poly], factors: Mapping[Atom, Fraction], c: Fraction) -> Poly:
        """The normal form of ``c`` times the sum over ``bounds`` of the product of ``factors``."""
        self.tick()
        spend(8)
        if c == 0:
            return ZERO_POLY
        live = {a: (Fraction(1) if a.kind in TRUTH else e) for a, e in factors.items() if e != 0}
        for step in (self._powers, self._deltas, self._ends, self._solved, self._held, self._orders):
            done = step(bounds, live, c)
            if done is not None:
                return done
        used = frozenset().union(*(a.free for a in live))
        loose = [b for b in bounds if b not in used]
        if loose:
            sizes = ONE_POLY
            for b in loose:
                sizes = self.times(sizes, bounds[b])
            return self._spread({b: s for b, s in bounds.items() if b in used}, live, c, sizes)
        for step in (self._exhausted, self._moved, self._apply_rewrites, self._orient_bound):
            done = step(bounds, live, c)
            if done is not None:
                return done
        return poly([(close(bounds, live), c)])

    def _powers(self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction) -> Poly | None:
        for a, e in list(live.items()):
            if a.kind == "inverse":
                base = only_atom(a.parts[0])
                if base is None:
                    continue
                if self.is_nonzero(base):
                    del live[a]
                    live[base] = live.get(base, Fraction(0)) - e
                    return self.settle(bounds, live, c)
                p = live.get(base, Fraction(0))
                if p > 0 and not p == e == 1:  # a a a^-1 = a, a a^-1 a^-1 = a^-1, also at 0
                    low = min(p, e) - (1 if p == e else 0)
                    live[base], live[a] = p - low, e - low
                    return self.settle(bounds, without_zeros(live), c)
            elif a.kind == "apply" and a.head == "prod" and e > 0:
                joined = self._joined(a, e, live)
                if joined is not None:
                    return self._spread(bounds, without_zeros(live), c, joined)
            elif a.kind == "apply" and a.head == "sqrt" and abs(e) >= 2:
                half = int(e / 2)
                live[a] = e - 2 * half
                return self._spread(bounds, without_zeros(live), c, self.power(a.parts[0], half))
        return None

    def _joined(self, a: Atom, e: Fraction, live: dict[Atom, Fraction]) -> Poly | None:
        """P[S]^e with the other products of ``live``, and with a factor x where S has -L(x): all are products
        of factors that are there, so nothing is divided by.  Takes what it uses out of ``live``.

        Beside a truth value that is false, S may list a factor less than 0 times (f_i and f_k left out where i = k),
        and x P[S] = P[S + L(x)] is wrong for x = 0 if S + L(x) does not list x.  So what is joined is listed."""
        if e.denominator != 1 or e > MAX_POWER:
            return None
        facts = self._with_orders([b for b in live if b.kind == "less"])
        s, used = self.scale(a.parts[0], e), {a: e}
        for b, k in live.items():
            if b != a and b.kind == "apply" and b.head == "prod" and 0 < k <= MAX_POWER and k.denominator == 1 and (
                    self._listed(a.parts[0], facts) and self._listed(b.parts[0], facts)):
                s, used[b] = self.plus(s, self.scale(b.parts[0], k)), k
        taken: dict[Mono, tuple[Atom, Fraction]] = {}
        for m, c in s.terms:
            one = only_atom(poly([(m, Fraction(1))]))
            base = only_atom(one.parts[0]) if one is not None and one.head == LOG else None
            have = live.get(base, Fraction(0)) if base is not None else Fraction(0)
            if c < 0 and base is not None and have >= 1 and c.denominator == 1:
                taken[m] = base, min(-c, Fraction(int(have)))
        joined = s
        while taken:
            joined = self.plus(s, poly([(m, k) for m, (_, k) in taken.items()]))
            lost = [m for m, (base, _) in taken.items() if not (
                self.is_nonzero(base) or self._listed(joined, facts, m))]
            if not lost:
                break
            for m in lost:
                del taken[m]
        used |= dict(taken.values())
        if len(used) == 1 and e == 1:
            return None
        for b, k in used.items():
            live[b] = live[b] - k
        return self.apply("prod", (joined if taken else s,))

    def _listed(self, s: Poly, facts: Facts, also: Mono | None = None) -> bool:
        """No factor is listed less than 0 times in ``s`` (and ``also`` once at least): what is taken off is among
        what the sums of ``s`` list, each at a place of its own."""
        taken = [(m, -c) for m, c in s.terms if c < 0] + ([(also, Fraction(1))] if also is not None else [])
        places: list[tuple[Mono, tuple[str, ...]]] = []
        for m, k in taken:
            place = self._listing(s, m, k)
            if place is None or any(n == place[0] and not any(
                    facts.ne(self.place_of(x), self.place_of(y)) for x, y in zip(at, place[1], strict=True))
                    for n, at in places):
                return False
            places.append(place)
        return True

    def _listing(self, s: Poly, m: Mono, k: Fraction) -> tuple[Mono, tuple[str, ...]] | None:
        """A sum of ``s`` and the indices at which it lists the factor ``m`` at least ``k`` times."""
        wanted = poly([(m, Fraction(1))])
        for n, c in s.terms:
            if c < k or m.bounds:
                continue
            if n == m:
                return n, ()
            if not 1 <= len(n.bounds) <= 2:
                continue
            bounds, factors = self.opened(n)
            for at in itertools.product(sorted(m.free), repeat=len(bounds)):
                if all(self._in_range(t, size) for t, size in zip(at, bounds.values(), strict=True)) and (
                        self._rebuilt({}, factors, Fraction(1), dict(zip(bounds, at, strict=True))) == wanted):
                    return n, at
        return None

    def _deltas(self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction) -> Poly | None:
        for d in live:
            if d.kind != "delta":
                continue
            i, j = d.indices
            rest = {a: e for a, e in live.items() if a != d}
            if i == j:
                return self.settle(bounds, rest, c)
            if self.facts.ne(self.place_of(i), self.place_of(j)):
                return ZERO_POLY
            for inner, outer in ((i, j), (j, i)):
                if inner in bounds and self._in_range(outer, bounds[inner]):
                    left = {b: s for b, s in bounds.items() if b != inner}
                    return self._rebuilt(left, rest, c, {inner: outer})
            if i in bounds or j in bounds:
                continue
            if self.facts.eq(self.place_of(i), self.place_of(j)):
                return self._rebuilt(bounds, rest, c, {j: i})
            if any(j in a.free for a in rest):
                return self._rebuilt(bounds, rest, c, {j: i}, keep=d)
        return None

    def _orders(self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction) -> Poly | None:
        less = [a for a in live if a.kind == "less"]
        for a in less:
            i, j = a.indices
            rest = {b: e for b, e in live.items() if b != a}
            facts = self._with_orders([b for b in less if b != a])
            x, y = self.place_of(i), self.place_of(j)
            if facts.le(y, x):
                return ZERO_POLY
            if facts.lt(x, y):
                return self.settle(bounds, rest, c)
            if self.facts.le(x, y):  # then [i<j] = 1 - d(i,j)
                d = {**rest, self.delta_atom(i, j): Fraction(1)}
                return self.plus(self.settle(bounds, rest, c), self.settle(bounds, d, -c))
            if _misplaced(i, j, bounds):
                return self.plus(
                    self.settle(bounds, rest, c),
                    self.settle(bounds, {**rest, self.delta_atom(i, j): Fraction(1)}, -c),
                    self.settle(bounds, {**rest, Atom("less", "", (j, i)): Fraction(1)}, -c),
                )
        return None

    def _with_orders(self, less: Sequence[Atom]) -> Facts:
        if not less:
            return self.facts
        key = frozenset(less)
        if key not in self._local:
            facts = self.facts.extended()
            for a in less:
                facts.at_most(self.place_of(a.indices[0]), self.place_of(a.indices[1]), -1)
            self._local[key] = facts
        return self._local[key]

    def _orient_bound(
        self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction
    ) -> Poly | None:
        """[a<b] with both bound, written the way that gives the least key; halves if symmetric."""
        for a in live:
            if a.kind != "less" or a.indices[0] not in bounds or a.indices[1] not in bounds:
                continue
            i, j = a.indices
            rest = {b: e for b, e in live.items() if b != a}
            turned = {**rest, Atom("less", "", (j, i)): Fraction(1)}
            here, there = close(bounds, live), close(bounds, turned)
            if here.key < there.key:
                continue
            whole = self.settle(bounds, rest, c)
            diagonal = self.settle(bounds, {**rest, self.delta_atom(i, j): Fraction(1)}, c)
            if here.key == there.key:
                return self.scale(self.minus(whole, diagonal), Fraction(1, 2))
            return self.plus(whole, self.scale(diagonal, -1), self.settle(bounds, turned, -c))
        return None

    def _exhausted(self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction) -> Poly | None:
        """A sum over n indices, where n names are known to be all of them."""
        for b, size in bounds.items():
            # where b is added to something (x[i + b]) or compared with it, its values are written out in any case
            added = any(b in a.free and (a.kind == "truth" or a.head.endswith(PLACE)) for a in live)
            names = self._all_of(size, added)
            if names is not None:
                left = {x: s for x, s in bounds.items() if x != b}
                return self.plus(*(self._rebuilt(left, live, c, {b: n}) for n in names))
        return None

    def _all_of(self, size: Poly, literally: bool = False) -> list[str] | None:
        n = size.constant
        if n is None or not 1 <= n <= MAX_WRITTEN_OUT:
            return None
        declared = [t for t in self.names if t in self.sizes and self._same_sort(self.sizes[t], size)]
        if not declared or literally:
            return [f"={k}" for k in range(1, int(n) + 1)]
        for choice in itertools.combinations(declared, int(n)):
            if all(self.facts.ne((x, 0), (y, 0)) for x, y in itertools.combinations(choice, 2)):
                return list(choice)
        return None

    # ------------------------------------------------------------------ indices identified

    def _rebuilt(
        self,
        bounds: Mapping[str, Poly],
        factors: Mapping[Atom, Fraction],
        c: Fraction,
        to: Mapping[str, str | Poly],
        keep: Atom | None = None,
    ) -> Poly:
        """The product with indices identified, or replaced by numbers: every atom that changes is built anew,
        because an inverse may collapse to 1/0, exponents may merge, a delta may become 1."""
        same = {a: e for a, e in factors.items() if a.free.isdisjoint(to)}
        if keep is not None:
            same[keep] = Fraction(1)
        product = ONE_POLY
        for a, e in factors.items():
            if not a.free.isdisjoint(to):
                product = self.times(product, self._atom_with(a, e, to))
        return self._spread(bounds, same, c, product)

    def _atom_with(self, a: Atom, e: Fraction, to: Mapping[str, str | Poly]) -> Poly:
        if any(isinstance(to.get(i), Poly) for i in a.indices):
            return self._placed(a, e, to)
        indices = tuple(str(to.get(i, i)) for i in a.indices)
        parts = tuple(self.identify(p, to) for p in a.parts)
        match a.kind:
            case "exp":
                return self.exp(self.scale(parts[0], e))
            case "delta":
                return self.delta(*indices)
            case "less":
                return self.less(*indices)
            case "truth":
                return self.truth(a.head, parts[0])
            case "inverse":
                return self.power(self.inverse(parts[0]), int(e))
            case "apply" if a.head.endswith(PLACE):
                return self.power(self.entry_at(a.head.removesuffix(PLACE), parts), int(e))
            case "apply":
                return self.power(self.apply(a.head, parts, indices), int(e))
            case "number" if indices[0].startswith("="):
                return self.power(self.constant(int(indices[0][1:])), int(e))
            case _:
                return self.single(Atom(a.kind, a.head, indices), e)

    def _placed(self, a: Atom, e: Fraction, to: Mapping[str, str | Poly]) -> Poly:
        """An atom of indices, of which some become numbers such as j - 1."""
        ps = tuple(self._number_of(to.get(i, i)) for i in a.indices)
        match a.kind:
            case "number":
                return self.power(ps[0], int(e))
            case "entry":
                return self.power(self.entry_at(a.head, ps), int(e))
            case "delta":
                return self.truth("=", self.minus(*ps))
            case "less":
                return self.truth("<", self.minus(*ps))
            case _:
                raise over_budget("a function at an index that is moved")

    def _number_of(self, i: str | Poly) -> Poly:
        if isinstance(i, Poly):
            return i
        return self.constant(int(i[1:])) if i.startswith("=") else self.single(Atom("number", "", (i,)))

    def identify(self, p: Poly, to: Mapping[str, str | Poly]) -> Poly:
        """``p`` with indices replaced, perhaps by one another."""
        if p.free.isdisjoint(to):
            return p
        return self.plus(*(self._rebuilt(*self.opened(m), c, to) for m, c in p.terms))

    def delta_atom(self, i: str, j: str) -> Atom:
        a, b = self.sizes.get(i), self.sizes.get(j)
        if a is not None and b is not None and not self._same_sort(a, b):
            raise Reject(
                RULE, "sort", f"a delta between indices of two sorts, {self.show(a)} and {self.show(b)}"
            )
        return Atom("delta", "", tuple(sorted((i, j))))

    def delta(self, i: str, j: str) -> Poly:
        return self.single(self.delta_atom(i, j))

    def less(self, i: str, j: str) -> Poly:
        return self.single(Atom("less", "", (i, j)))

    # Further down: what the layers above add, as this one needs it.

    def _ends(self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction) -> Poly | None:
        raise NotImplementedError

    def _solved(self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction) -> Poly | None:
        raise NotImplementedError

    def _held(self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction) -> Poly | None:
        raise NotImplementedError

    def _moved(self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction) -> Poly | None:
        raise NotImplementedError

    def entry_at(self, family: str, places: tuple[Poly, ...]) -> Poly:
        raise NotImplementedError

    def exp(self, p: Poly) -> Poly:
        raise NotImplementedError

    def inverse(self, p: Poly) -> Poly:
        raise NotImplementedError

    def truth(self, relation: str, difference: Poly) -> Poly:
        raise NotImplementedError

    def apply(self, head: str, ps: tuple[Poly, ...], indices: tuple[str, ...] = ()) -> Poly:
        raise NotImplementedError

    def is_nonzero(self, a: Atom) -> bool:
        raise NotImplementedError

    def _apply_rewrites(
        self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction
    ) -> Poly | None:
        raise NotImplementedError


def _misplaced(i: str, j: str, bounds: Mapping[str, Poly]) -> bool:
    """[i<j] is written the other way round: bound before free; both free: opened, then by name."""
    if (i in bounds) != (j in bounds):
        return j in bounds
    if i in bounds:
        return False
    return _rank(j) < _rank(i)


def _rank(t: str) -> tuple[int, int, str]:
    if t.startswith("~"):
        return (0, int(t[1:]), "")
    return (1, 0, t)


def without_zeros(factors: Mapping[Atom, Fraction]) -> dict[Atom, Fraction]:
    return {a: e for a, e in factors.items() if e != 0}


__all__ = ["MAX_POWER", "TRUTH", "Products", "without_zeros"]
