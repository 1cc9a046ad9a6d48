"""The index normal form: sums over indices of symbolic size, deltas, exp, inverses, opaque functions.

Meaning.  A form is a *total* function of the point: the inverse of 0 is 0 (a meadow: Bergstra and
Tucker, J. ACM 54 (2007), article 7), log 0 and the like have some fixed value.  Where a term is
defined its form has the term's value, so every step below is an identity of total functions or names
what it needs (a base not 0, a positive argument).  Hence ``S_{j != i} f = S_j f - f(i)`` may pass
through ``f(i) = 1/0``, while ``x/x = 1`` needs ``x != 0``, which is the goal's own definedness.

    step                                            needs
    S_j (a f + b g) = a S_j f + b S_j g
    S_{j:m} c = m c                                 j not free in c; m a natural number
    S_{j:m} d(i,j) f(j) = f(i)                      i of the same sort, in range
    d(i,j) f(i) = d(i,j) f(j),  d(i,j) = 0          the second: i != j follows from the context
    [j<i] = 1 - d(i,j) - [i<j],  [i!=j] = 1 - d(i,j)
    f(d) = d f(1) + (1-d) f(0)                      d a delta or a truth value (0 or 1), any function f
    e^(a f + b g) = (e^f)^a (e^g)^b                 a, b rational
    1/(c M P) = (1/c)(1/M)(1/P)
    M M^-1 = 1                                      M != 0
    log(M P) = log M + log P                        M > 0 and P > 0
    an assumption, as a rewriting of its leading product      its guard follows, sorts agree

FAILURE: :class:`Reject` where a term is outside this language, ill-typed, or over a budget.
Cannot do: shifts ``x[t+1]``, products of signed factors, sums over integer ranges.
Source: Graham, Knuth, Patashnik, *Concrete Mathematics*, ch. 2; Knuth, "Two notes on notation",
Amer. Math. Monthly 99 (1992) 403-422 (a bracket is strongly zero: a guard, not a factor).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from . import index_sign
from .claim import Sequent
from .evidence import Reject
from .index_facts import ORIGIN, Facts, Place, place
from .index_terms import (
    ONE_POLY, UNIT, ZERO_POLY, Atom, Budget, Mono, Poly, close, open_mono, poly, rename_poly,
)
from .term import (
    FALSE, TRUE, App, Bind, Index, Map, Num, Scalar, Sort, Term, Var, add, app, conj, conjuncts,
    free_names, mul, negate, num, show, sub, substitute,
)

RULE = "index-form"
MAX_STEPS = 60_000
MAX_TERMS = 3_000
MAX_POWER = 12
MAX_MATCHES = 12
MAX_WRITTEN_OUT = 4

_TRUTH = ("delta", "less", "truth")
#: heads whose values are opaque: equal arguments give equal values
_OPAQUE = frozenset({
    "sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "acot", "sinh", "cosh", "tanh",
    "coth", "asinh", "acosh", "atanh", "atan2", "erf", "abs", "sign", "re", "im", "conj", "arg", "floor",
    "ceiling", "max", "min", "relu", "factorial", "binomial", "gamma", "rising", "falling", "harmonic",
    "fibonacci", "mod", "digamma",
})
#: name -> token of a bound or declared name
Env = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """``lead = rest`` for all values of the pattern indices that satisfy ``guard``."""

    patterns: tuple[tuple[str, Poly], ...]
    guard: tuple[tuple[str, str, str], ...]  # (relation, token, token)
    bounds: Mapping[str, Poly]
    lead: Mapping[Atom, Fraction]
    rest: Poly


def _steps(message: str) -> Reject:
    return Reject(RULE, "budget", message)


class Form:
    """Normal forms in the context of a sequent: its indices, their order, its assumptions."""

    def __init__(self, sequent: Sequent) -> None:
        self.sequent = sequent
        self.tokens = {name: f"v{k}" for k, name in enumerate(sequent.declarations)}
        self.names = {t: n for n, t in self.tokens.items()}
        self.sizes: dict[str, Poly] = {}       # index token -> size
        self.facts = Facts()
        self.rewrites: list[Rewrite] = []
        self.nonzero: set[str] = set()         # keys of forms known not to be 0
        self.inequalities: list[index_sign.Inequality] = []
        self.limits: dict[str, index_sign.Range] = {}
        self._count, self._work = [0], [0]
        self._signs: dict[str, index_sign.Sign] = {}
        self._busy: set[str] = set()
        self._local: dict[frozenset[Atom], Facts] = {}
        for a in sequent.assumptions:
            self.facts.tell(a, self.node)
        for name, sort in sequent.declarations.items():
            if isinstance(sort, Index):
                self._declare(self.tokens[name], sort.size, {})
        index_sign.read_limits(self)

    # ------------------------------------------------------------------ scope

    def node(self, name: str) -> str | None:
        """The node of a declared name in the facts: indices and integers have one."""
        sort = self.sequent.declarations.get(name)
        return self.tokens[name] if isinstance(sort, Index) or sort == Scalar("integer") else None

    def node_in(self, env: Env) -> Callable[[str], str | None]:
        return lambda name: env[name] if name in env else self.node(name)

    def _declare(self, token: str, size: Term, env: Env) -> None:
        if free_names(size) & set(env):
            raise Reject(RULE, "sort", f"the size {show(size)} depends on an index")
        self.sizes[token] = self.read(size, {})
        self.facts.index(token, self.sizes[token].key, place(size, self.node))

    def declare_again(self) -> None:
        """After an equation between sizes: the sorts of the declared indices in its normal form."""
        for name, sort in self.sequent.declarations.items():
            if isinstance(sort, Index):
                self._declare(self.tokens[name], sort.size, {})

    def fresh(self, size: Poly | None = None) -> str:
        self._count[0] += 1
        token = f"~{self._count[0]}"
        if size is not None:
            self.sizes[token] = size
        return token

    def under(self, names: Sequence[str], sorts: Sequence[Sort], guard: Term, env: Env) -> tuple[Form, Env]:
        """This context with new indices and a guard that holds of them."""
        inner = object.__new__(Form)
        inner.__dict__.update(self.__dict__)
        inner.facts, inner.sizes = self.facts.extended(), dict(self.sizes)
        inner._signs, inner._busy, inner._local = {}, set(), {}
        inside = dict(env)
        for name, sort in zip(names, sorts, strict=True):
            if not isinstance(sort, Index):
                raise Reject(RULE, "sort", f"{name} is bound over a range that is not an index range")
            token = inner.fresh()
            inner._declare(token, sort.size, env)
            inside[name] = token
        inner.facts.tell(guard, inner.node_in(inside))
        return inner, inside

    def tick(self, n: int = 1) -> None:
        self._work[0] += n
        if self._work[0] > MAX_STEPS:
            raise _steps(f"more than {MAX_STEPS} steps of normalisation")

    def place_of(self, token: str) -> Place:
        return (ORIGIN, int(token[1:])) if token.startswith("=") else (token, 0)

    # ------------------------------------------------------------------ arithmetic

    def constant(self, c: Fraction | int) -> Poly:
        return poly([(UNIT, Fraction(c))])

    def single(self, atom: Atom, exponent: Fraction | int = 1) -> Poly:
        return self.settle({}, {atom: Fraction(exponent)}, Fraction(1))

    def plus(self, *ps: Poly) -> Poly:
        out = poly([t for p in ps for t in p.terms])
        if len(out.terms) > MAX_TERMS:
            raise _steps(f"more than {MAX_TERMS} terms")
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
            raise _steps("a product of too many terms")
        return self.plus(*(
            self._spread(*self.opened(m), c, q) for m, c in p.terms
        ))

    def power(self, p: Poly, n: int) -> Poly:
        if n < 0:
            return self.inverse(self.power(p, -n))
        if n > MAX_POWER and len(p.terms) > 1:
            raise _steps(f"a power {n} of a sum")
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

    def _spread(self, bounds: Mapping[str, Poly], factors: Mapping[Atom, Fraction], c: Fraction,
                q: Poly) -> Poly:
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
        if c == 0:
            return ZERO_POLY
        live = {a: (Fraction(1) if a.kind in _TRUTH else e) for a, e in factors.items() if e != 0}
        for step in (self._powers, self._deltas, self._orders):
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
        for step in (self._exhausted, self._apply_rewrites, self._orient_bound):
            done = step(bounds, live, c)
            if done is not None:
                return done
        return poly([(close(bounds, live), c)])

    def _powers(self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction) -> Poly | None:
        for a, e in list(live.items()):
            if a.kind == "inverse":
                base = _only_atom(a.parts[0])
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
                    return self.settle(bounds, _without_zeros(live), c)
            elif a.kind == "apply" and a.head == "sqrt" and abs(e) >= 2:
                half = int(e / 2)
                live[a] = e - 2 * half
                return self._spread(bounds, _without_zeros(live), c, self.power(a.parts[0], half))
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

    def _in_range(self, token: str, size: Poly) -> bool:
        if token.startswith("="):
            return 1 <= int(token[1:]) <= self.at_least(size)
        return self._same_sort(self.sizes.get(token), size)

    def at_least(self, size: Poly) -> int:
        """The largest number that this size is known to reach (0 if nothing is known)."""
        if size.constant is not None:
            return int(size.constant)
        known = self.facts.at_least(size.key)
        if known is None:
            rest = dict(size.terms)
            offset = rest.pop(UNIT, Fraction(0))
            only = _only_atom(poly(rest))
            if only is None or only.kind != "scalar" or offset.denominator != 1:
                return 0
            c = self.facts.difference((ORIGIN, 0), (only.head, int(offset)))
            known = 0 if c is None else -c
        return max(known, 0)

    @staticmethod
    def _same_sort(a: Poly | None, b: Poly | None) -> bool:
        return a is not None and b is not None and a.key == b.key

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

    def _orient_bound(self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction) -> Poly | None:
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

    def _rebuilt(self, bounds: Mapping[str, Poly], factors: Mapping[Atom, Fraction], c: Fraction,
                 to: Mapping[str, str], keep: Atom | None = None) -> Poly:
        """The product with indices identified: every atom that changes is built anew, because an
        inverse may collapse to 1/0, exponents may merge, a delta may become 1."""
        same = {a: e for a, e in factors.items() if a.free.isdisjoint(to)}
        if keep is not None:
            same[keep] = Fraction(1)
        product = ONE_POLY
        for a, e in factors.items():
            if not a.free.isdisjoint(to):
                product = self.times(product, self._atom_with(a, e, to))
        return self._spread(bounds, same, c, product)

    def _atom_with(self, a: Atom, e: Fraction, to: Mapping[str, str]) -> Poly:
        indices = tuple(to.get(i, i) for i in a.indices)
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
            case "apply":
                return self.power(self.apply(a.head, parts, indices), int(e))
            case "number" if indices[0].startswith("="):
                return self.power(self.constant(int(indices[0][1:])), int(e))
            case _:
                return self.single(Atom(a.kind, a.head, indices), e)

    def identify(self, p: Poly, to: Mapping[str, str]) -> Poly:
        """``p`` with indices replaced, perhaps by one another."""
        if p.free.isdisjoint(to):
            return p
        return self.plus(*(self._rebuilt(*self.opened(m), c, to) for m, c in p.terms))

    def _exhausted(self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction) -> Poly | None:
        """A sum over n indices, where n names are known to be all of them."""
        for b, size in bounds.items():
            names = self._all_of(size)
            if names is not None:
                left = {x: s for x, s in bounds.items() if x != b}
                return self.plus(*(self._rebuilt(left, live, c, {b: n}) for n in names))
        return None

    def _all_of(self, size: Poly) -> list[str] | None:
        n = size.constant
        if n is None or not 1 <= n <= MAX_WRITTEN_OUT:
            return None
        declared = [t for t in self.names if t in self.sizes and self._same_sort(self.sizes[t], size)]
        if not declared:
            return [f"={k}" for k in range(1, int(n) + 1)]
        for choice in itertools.combinations(declared, int(n)):
            if all(self.facts.ne((x, 0), (y, 0)) for x, y in itertools.combinations(choice, 2)):
                return list(choice)
        return None

    # ------------------------------------------------------------------ atoms

    def delta_atom(self, i: str, j: str) -> Atom:
        a, b = self.sizes.get(i), self.sizes.get(j)
        if a is not None and b is not None and not self._same_sort(a, b):
            raise Reject(RULE, "sort", f"a delta between indices of two sorts, {self.show(a)} and {self.show(b)}")
        return Atom("delta", "", tuple(sorted((i, j))))

    def delta(self, i: str, j: str) -> Poly:
        return self.single(self.delta_atom(i, j))

    def less(self, i: str, j: str) -> Poly:
        return self.single(Atom("less", "", (i, j)))

    def truth(self, relation: str, difference: Poly) -> Poly:
        """[difference = 0] or [difference < 0]."""
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
        p = self.scale(p, 1 / (lead if relation == "=" else abs(lead)))
        return self.single(Atom("truth", relation, (), (p,)))

    def _split(self, what: str, ps: tuple[Poly, ...], f: Callable[[tuple[Poly, ...]], Poly]) -> Poly:
        """f(d) = d f(1) + (1-d) f(0) for a delta or truth value that no inner index occurs in."""
        for p in ps:
            for m, _ in p.terms:
                for a, _ in m.factors:
                    if a.kind in _TRUTH and not any(t.startswith("#") for t in a.free):
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

    def exp(self, p: Poly) -> Poly:
        return self._split("exp", (p,), lambda ps: self._exp(ps[0]))

    def _exp(self, p: Poly) -> Poly:
        factors: dict[Atom, Fraction] = {}
        extra = ONE_POLY
        for m, c in p.terms:
            only = _only_atom(poly([(m, Fraction(1))]))
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
            elif a.kind in _TRUTH:
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
            lead_terms.append((close(bounds, _without_zeros(factors)), c))
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
        if head in ("max", "min"):
            ps = tuple(sorted(set(ps), key=lambda p: p.key))
            if len(ps) == 1:
                return ps[0]
        return self.single(Atom("apply", head, indices, ps))

    # ------------------------------------------------------------------ what is known

    def sign(self, p: Poly) -> index_sign.Sign:
        return index_sign.sign(self, p)

    def sign_of_atom(self, a: Atom) -> index_sign.Sign:
        return index_sign.sign_of_atom(self, a)

    def is_nonzero(self, a: Atom) -> bool:
        if a.kind == "exp":
            return True
        if a.key in self.nonzero:
            return True
        sign = self.sign_of_atom(a)
        return sign is not None and 0 not in sign

    def is_nonzero_form(self, p: Poly) -> bool:
        only = _only_atom(p)
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
            if a.kind not in _TRUTH:
                self.nonzero.add(a.key)
                if a.kind == "inverse":
                    self.nonzero.add(a.parts[0].key)
        only = _only_atom(rest)
        self.nonzero.add(only.key if only is not None else rest.key)
        self._signs.clear()

    # ------------------------------------------------------------------ assumptions as rewriting

    def rewrites_of(self, assumption: Term, lead: int | None) -> list[Rewrite]:
        """``forall patterns, guard: left = right`` as rewriting; ``lead`` picks the product that is
        replaced (default: the one with the most bound indices, then the most entries)."""
        names, sorts, guard, body = peel(assumption)
        form, env = self.under(names, sorts, guard, {})
        orders = []
        for g in conjuncts(guard):
            order = _order(g, lambda t: form.index_token(t, env))
            if order is None:
                return []
            orders.append(order)
        out = []
        for equation in conjuncts(body):
            if not (isinstance(equation, App) and equation.head == "="):
                continue
            p = form.minus(form.read(equation.args[0], env), form.read(equation.args[1], env))
            patterns = tuple((env[n], form.sizes[env[n]]) for n in names)
            tokens = {t for t, _ in patterns}
            candidates = [
                (m, c) for m, c in p.terms
                if tokens <= m.free and m.factors
                and all(a.kind in ("entry", "scalar", "apply") and e > 0 for a, e in m.factors)
            ]
            candidates.sort(key=lambda t: (-len(t[0].bounds), -sum(a.kind == "entry" for a, _ in t[0].factors),
                                           t[0].key))
            if not 0 <= (lead or 0) < len(candidates):
                continue
            m, c = candidates[lead or 0]
            rest = self.scale(poly([(n, k) for n, k in p.terms if n != m]), -1 / c)
            bounds, factors = form.opened(m)
            out.append(Rewrite(patterns, tuple(orders), bounds, factors, rest))
        return out

    def _apply_rewrites(self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction) -> Poly | None:
        for rule in self.rewrites:
            for to in self._matches(rule, bounds, live):
                rest = dict(live)
                for a, e in rule.lead.items():
                    b = _renamed(a, to)
                    rest[b] = rest[b] - e
                rest = _without_zeros(rest)
                left = {b: s for b, s in bounds.items() if b not in {to[x] for x in rule.bounds}}
                facts = self._with_orders([a for a in rest if a.kind == "less"])
                unknown = [
                    g for g in rule.guard
                    if not _known(facts, g[0], self.place_of(to.get(g[1], g[1])), self.place_of(to.get(g[2], g[2])))
                ]
                self.tick(20)
                new = self._quiet().identify(rule.rest, {t: to[t] for t, _ in rule.patterns})
                if self._no_progress(rule, to, new, bounds, live, left, rest):
                    continue
                if not unknown:
                    return self._spread(left, rest, c, new)
                if len(unknown) == 1 and unknown[0][0] == "!=":
                    # lead = [p = q] lead + [p != q] rest, and [p = q] lets one name stand for both
                    p, q = (to.get(x, x) for x in unknown[0][1:])
                    if p == q or "=" in p + q or self.facts.eq(self.place_of(p), self.place_of(q)):
                        continue
                    d = self.delta_atom(p, q)
                    return self.plus(
                        self.settle(bounds, {**live, d: Fraction(1)}, c),
                        self._spread(left, rest, c, new),
                        self._spread(left, {**rest, d: Fraction(1)}, -c, new),
                    )
        return None

    def _quiet(self) -> Form:
        """This form without rewriting: for the instance of a rule's own right side."""
        quiet = object.__new__(Form)
        quiet.__dict__.update(self.__dict__)
        quiet.rewrites = []
        return quiet

    def _no_progress(self, rule: Rewrite, to: Mapping[str, str], new: Poly, bounds: Mapping[str, Poly],
                     live: Mapping[Atom, Fraction], left: Mapping[str, Poly], rest: Mapping[Atom, Fraction]) -> bool:
        """The instance says x = x; or it only permutes (w_ij = w_ji) and the product would not come
        earlier in the order of keys: without this the rewriting would not end."""
        lead = {_renamed(a, to): e for a, e in rule.lead.items()}
        if new == poly([(close({to[b]: s for b, s in rule.bounds.items()}, lead), Fraction(1))]):
            return True
        if len(new.terms) != 1 or rule.bounds:
            return False
        more, factors = self.opened(new.terms[0][0])
        if more or _shape(lead) != _shape(factors):
            return False
        after = dict(rest)
        for a, e in factors.items():
            after[a] = after.get(a, Fraction(0)) + e
        return close({**left, **more}, after).key >= close(bounds, live).key

    def _matches(self, rule: Rewrite, bounds: Mapping[str, Poly],
                 live: Mapping[Atom, Fraction]) -> list[dict[str, str]]:
        """Ways to find the lead among the factors; its bound indices must be bound here, of the same
        sort, apart from one another, and occur nowhere else."""
        free = dict(rule.patterns)
        found: list[dict[str, str]] = []
        lead = sorted(rule.lead.items(), key=lambda t: (t[0].kind != "entry", t[0].key))
        sizes = {**free, **rule.bounds}

        def unify(k: int, to: dict[str, str], left: dict[Atom, Fraction]) -> None:
            self.tick()
            if len(found) >= MAX_MATCHES:
                return
            if k == len(lead):
                targets = [to[b] for b in rule.bounds]
                if len(set(targets)) == len(targets) and not any(
                    t in a.free for t in targets for a, e in left.items() if e != 0
                ):
                    found.append(dict(to))
                return
            a, e = lead[k]
            if a.kind != "entry":
                if not (a.free & set(sizes)) <= set(to):
                    return
                b = _renamed(a, to)
                if left.get(b, Fraction(0)) >= e:
                    unify(k + 1, to, {**left, b: left[b] - e})
                return
            for b, have in left.items():
                if b.kind != "entry" or b.head != a.head or have < e:
                    continue
                new = dict(to)
                if all(self._bind_pattern(x, y, new, free, rule.bounds, bounds)
                       for x, y in zip(a.indices, b.indices, strict=True)):
                    unify(k + 1, new, {**left, b: have - e})

        unify(0, {}, dict(live))
        return found

    def _bind_pattern(self, x: str, y: str, to: dict[str, str], free: Mapping[str, Poly],
                      rule_bounds: Mapping[str, Poly], bounds: Mapping[str, Poly]) -> bool:
        if x in rule_bounds:
            if y not in bounds or not self._same_sort(bounds[y], rule_bounds[x]):
                return False
        elif x in free:
            if not self._in_range(y, free[x]):
                return False
        else:
            return x == y
        return to.setdefault(x, y) == y

    # ------------------------------------------------------------------ reading terms

    def index_token(self, t: Term, env: Env) -> str | None:
        match t:
            case Var(name):
                token = env.get(name) or self.tokens.get(name)
                return token if token in self.sizes else None
            case Num(value) if value.denominator == 1 and value >= 0:
                return f"={int(value)}"
            case _:
                return None

    def read(self, t: Term, env: Env) -> Poly:
        self.tick()
        match t:
            case Num(value):
                return self.constant(value)
            case Var(name):
                return self._variable(name, env)
            case App("add", args):
                return self.plus(*(self.read(a, env) for a in args))
            case App("neg", (a,)):
                return self.scale(self.read(a, env), -1)
            case App("mul", args):
                out = ONE_POLY
                for a in args:
                    out = self.times(out, self.read(a, env))
                return out
            case App("div", (a, b)):
                return self.times(self.read(a, env), self.inverse(self.read(b, env)))
            case App("pow", (a, b)):
                return self._read_power(a, b, env)
            case App("exp", (a,)):
                return self.exp(self.read(a, env))
            case App("log", (a,)):
                return self.log(self.read(a, env))
            case App("sqrt", (a,)):
                return self.sqrt(self.read(a, env))
            case App("e", ()):
                return self.exp(ONE_POLY)
            case App("pi" | "i" as head, ()):
                return self.single(Atom("apply", head))
            case App("delta", (a, b)):
                return self.bracket(app("=", a, b), env)
            case App("cases", args):
                return self._cases(args, env)
            case App("at", args):
                return self._entry(args, env)
            case App(head, args) if head in _OPAQUE:
                return self.apply(head, tuple(self.read(a, env) for a in args))
            case Bind("sum", names, sorts, (), (guard, body)):
                return self._sum(names, sorts, guard, body, env)
            case Bind("prod", names, sorts, (), (guard, body)):
                form, inside = self.under(names, sorts, guard, env)
                if form.sign(form.read(body, inside)) != {1}:
                    raise Reject(RULE, "prod", "a product of factors that are not known to be positive")
                return self.exp(self._sum(names, sorts, guard, app("log", body), env))
            case _:
                raise Reject(RULE, "term", f"outside the language of indices: {show(t)[:60]}")

    def _variable(self, name: str, env: Env) -> Poly:
        token = env.get(name) or self.tokens.get(name)
        if token is None:
            raise Reject(RULE, "term", f"{name} is not declared")
        if token in self.sizes or name in env:
            return self.single(Atom("number", "", (token,)))
        if not isinstance(self.sequent.declarations[name], Scalar):
            raise Reject(RULE, "term", f"{name} is no number")
        return self.single(Atom("scalar", token))

    def _read_power(self, a: Term, b: Term, env: Env) -> Poly:
        if a == App("e", ()):
            return self.exp(self.read(b, env))
        base = self.read(a, env)
        exponent = self.read(b, env)
        e = exponent.constant
        if e is not None and e.denominator == 1:
            if abs(e) > 200:
                raise _steps(f"a power {e}")
            return self.power(base, int(e))
        if e is not None and e.denominator == 2 and abs(e) <= MAX_POWER:
            return self.power(self.sqrt(base), int(2 * e))
        if self.sign(base) == {1}:
            return self.exp(self.times(exponent, self.log(base)))
        return self.apply("pow", (base, exponent))

    def _cases(self, args: Sequence[Term], env: Env) -> Poly:
        out, open_ = ZERO_POLY, ONE_POLY
        for value, guard in zip(args[0::2], args[1::2], strict=True):
            here = self.times(open_, self.bracket(guard, env))
            out = self.plus(out, self.times(here, self.read(value, env)))
            open_ = self.minus(open_, here)
        # the value where no case applies does not matter: there the term is undefined
        return out

    def _entry(self, args: Sequence[Term], env: Env) -> Poly:
        f = args[0]
        if not isinstance(f, Var) or f.name in env:
            raise Reject(RULE, "term", f"no family: {show(f)[:40]}")
        sort = self.sequent.declarations.get(f.name)
        if not isinstance(sort, Map) or len(sort.args) != len(args) - 1 or not isinstance(sort.result, Scalar):
            raise Reject(RULE, "term", f"{f.name} does not take {len(args) - 1} arguments")
        indices, parts = [], []
        for s, a in zip(sort.args, args[1:], strict=True):
            if isinstance(s, Index):
                token = self.index_token(a, env)
                if token is None:
                    raise Reject(RULE, "index", f"{show(a)} is not read as an index of {f.name}")
                if not token.startswith("=") and not self._same_sort(self.sizes[token], self.read(s.size, {})):
                    raise Reject(RULE, "sort", f"{f.name} takes an index up to {show(s.size)}, and {show(a)} is "
                                 f"an index up to {self.show(self.sizes[token])}")
                indices.append(token)
            else:
                parts.append(self.read(a, env))
        if parts:
            return self.apply(f"{self.tokens[f.name]}!", tuple(parts), tuple(indices))
        return self.single(Atom("entry", self.tokens[f.name], tuple(indices)))

    def _sum(self, names: Sequence[str], sorts: Sequence[Sort], guard: Term, body: Term, env: Env) -> Poly:
        form, inside = self.under(names, sorts, TRUE, env)
        for s in sorts:
            if isinstance(s, Index) and not self._natural(s.size):
                raise Reject(RULE, "size", f"{show(s.size)} is not known to be a natural number")
        # under the guard's own facts an entry may simplify further, but the body is read without
        # them: a sum must have one form wherever it occurs
        product = form.times(form.bracket(guard, inside), form.read(body, inside))
        for name in names:
            product = form.bind(product, inside[name], form.sizes[inside[name]])
        return product

    def _natural(self, size: Term) -> bool:
        match size:
            case Num(value):
                return value >= 0 and value.denominator == 1
            case App("add" | "mul", args):
                p = place(size, self.node)
                return all(self._natural(a) for a in args) or (
                    p is not None and self.facts.le((ORIGIN, 0), p))
            case _:
                p = place(size, self.node)
                return p is not None and self.facts.le((ORIGIN, 0), p)

    def bracket(self, formula: Term, env: Env) -> Poly:
        """1 where ``formula`` holds, else 0."""
        node = self.node_in(env)
        if formula == TRUE or self.facts.holds(formula, node):
            return ONE_POLY
        if formula == FALSE or self.facts.holds(negate(formula), node):
            return ZERO_POLY
        match formula:
            case App("and", args):
                out = ONE_POLY
                for a in args:
                    out = self.times(out, self.bracket(a, env))
                return out
            case App("or", args):
                out = ONE_POLY
                for a in args:
                    out = self.times(out, self.minus(ONE_POLY, self.bracket(a, env)))
                return self.minus(ONE_POLY, out)
            case App("not", (a,)):
                return self.minus(ONE_POLY, self.bracket(a, env))
            case App("=" | "!=" | "<" | "<=" | ">" | ">=" as relation, (a, b)):
                order = _order(formula, lambda t: self.index_token(t, env))
                if order is not None and not (order[1].startswith("=") and order[2].startswith("=")):
                    return self._index_bracket(*order)
                if relation in (">", ">=", "<="):
                    swapped = {">": ("<", b, a), ">=": ("not", a, b), "<=": ("not", b, a)}[relation]
                    if swapped[0] == "<":
                        return self.bracket(app("<", b, a), env)
                    return self.minus(ONE_POLY, self.bracket(app("<", swapped[1], swapped[2]), env))
                if relation == "!=":
                    return self.minus(ONE_POLY, self.bracket(app("=", a, b), env))
                return self.truth(relation, self.minus(self.read(a, env), self.read(b, env)))
            case _:
                raise Reject(RULE, "guard", f"no truth value is formed for {show(formula)[:60]}")

    def _index_bracket(self, relation: str, i: str, j: str) -> Poly:
        match relation:
            case "=":
                return self.delta(i, j)
            case "!=":
                return self.minus(ONE_POLY, self.delta(i, j))
            case "<":
                return self.less(i, j)
            case _:
                return self.plus(self.less(i, j), self.delta(i, j))

    # ------------------------------------------------------------------ back to terms

    def show(self, p: Poly) -> str:
        return show(self.term(p))

    def term(self, p: Poly, bound: Mapping[str, str] | None = None) -> Term:
        """A kernel term with this form (for messages and for rules that continue with it)."""
        taken = bound or {}
        parts = []
        for m, c in p.terms:
            names = {self.fresh(s): s for s in m.bounds}
            labels = {t: f"j{len(taken) + k}'" for k, t in enumerate(names)}
            inside = {**taken, **labels}
            body = mul(*(
                ([num(c)] if c != 1 or not m.factors else [])
                + [self._power_term(a, e, inside) for a, e in sorted(
                    open_mono(m, tuple(names)).items(), key=lambda t: t[0].key) if a.kind != "less"]
            ))
            guards = [
                app("<", *(self._index_term(i, inside) for i in a.indices))
                for a in open_mono(m, tuple(names)) if a.kind == "less"
            ]
            if names:
                sorts = tuple(Index(self.term(s)) for s in names.values())
                body = Bind("sum", tuple(labels.values()), sorts, (), (conj(*guards), body))
            elif guards:
                body = app("cases", body, conj(*guards), num(0), TRUE)
            parts.append(body)
        return add(*parts)

    def _index_term(self, token: str, bound: Mapping[str, str]) -> Term:
        if token.startswith("="):
            return num(int(token[1:]))
        return Var(bound[token] if token in bound else self.names.get(token, token))

    def _power_term(self, a: Atom, e: Fraction, bound: Mapping[str, str]) -> Term:
        if a.kind == "exp":
            return app("exp", self.term(self.scale(a.parts[0], e), bound))
        base = self._atom_term(a, bound)
        if a.kind == "inverse":
            return app("pow", base, num(-e))
        return base if e == 1 else app("pow", base, num(e))

    def _atom_term(self, a: Atom, bound: Mapping[str, str]) -> Term:
        indices = [self._index_term(i, bound) for i in a.indices]
        parts = [self.term(p, bound) for p in a.parts]
        match a.kind:
            case "scalar":
                return Var(self.names.get(a.head, a.head))
            case "number":
                return indices[0]
            case "entry":
                return app("at", Var(self.names[a.head]), *indices)
            case "delta":
                return app("delta", *indices)
            case "inverse":
                return parts[0]
            case "truth":
                return app("cases", num(1), app(a.head, parts[0], num(0)), num(0), TRUE)
            case _ if a.head.endswith("!"):
                return app("at", Var(self.names[a.head[:-1]]), *indices, *parts)
            case _:
                return app(a.head, *parts)


# ------------------------------------------------------------------ small helpers


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


def _without_zeros(factors: Mapping[Atom, Fraction]) -> dict[Atom, Fraction]:
    return {a: e for a, e in factors.items() if e != 0}


def _only_atom(p: Poly) -> Atom | None:
    """The atom, if ``p`` is one atom and nothing else."""
    if len(p.terms) == 1 and p.terms[0][1] == 1:
        m = p.terms[0][0]
        if not m.bounds and len(m.factors) == 1 and m.factors[0][1] == 1:
            return m.factors[0][0]
    return None


def _renamed(a: Atom, to: Mapping[str, str]) -> Atom:
    """Pattern tokens replaced in an atom of a lead (entries: no parts to rebuild)."""
    if a.kind == "entry":
        return Atom(a.kind, a.head, tuple(to.get(i, i) for i in a.indices))
    p = rename_poly(poly([(close({}, {a: Fraction(1)}), Fraction(1))]), dict(to))
    return _only_atom(p) or a


def _order(formula: Term, token: Callable[[Term], str | None]) -> tuple[str, str, str] | None:
    """A relation between two index tokens as ``=, !=, <, <=``; ``u <= i - 1`` is ``u < i``."""
    if not (isinstance(formula, App) and formula.head in ("=", "!=", "<", "<=", ">", ">=")):
        return None
    relation, (a, b) = formula.head, formula.args
    if relation in (">", ">="):
        relation, a, b = ("<" if relation == ">" else "<="), b, a
    (a, s), (b, t) = _offset(a), _offset(b)
    i, j, shift = token(a), token(b), t - s
    if i is None or j is None:
        return None
    match relation, shift:
        case _, 0:
            return relation, i, j
        case "<=", -1:
            return "<", i, j
        case "<", 1:
            return "<=", i, j
        case _:
            return None


def _offset(t: Term) -> tuple[Term, int]:
    match t:
        case App("add", (a, Num(k))) | App("add", (Num(k), a)) if k.denominator == 1 and isinstance(a, Var):
            return a, int(k)
        case App("add", (a, App("neg", (Num(k),)))) if k.denominator == 1 and isinstance(a, Var):
            return a, -int(k)
        case _:
            return t, 0


def _shape(factors: Mapping[Atom, Fraction]) -> tuple[list[tuple[str, str, Fraction]], list[str]]:
    """Heads with powers, and all index tokens: what a permutation of indices leaves alone."""
    return (sorted((a.kind, a.head, e) for a, e in factors.items()),
            sorted(t for a in factors for t in a.indices))


def _known(facts: Facts, relation: str, x: Place, y: Place) -> bool:
    return {"=": facts.eq, "!=": facts.ne, "<": facts.lt, "<=": facts.le}[relation](x, y)


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


def peel(formula: Term) -> tuple[tuple[str, ...], tuple[Sort, ...], Term, Term]:
    """``forall a: forall b: g -> h`` as names, sorts, guard, body (bound names made apart)."""
    names: tuple[str, ...] = ()
    sorts: tuple[Sort, ...] = ()
    guard: Term = TRUE
    while True:
        match formula:
            case Bind("forall", ns, ss, (), (g, body)):
                if set(ns) & set(names) or any(not isinstance(s, Index) for s in ss):
                    return names, sorts, guard, formula
                names, sorts, guard, formula = (*names, *ns), (*sorts, *ss), conj(guard, g), body
            case App("implies", (g, body)):
                guard, formula = conj(guard, g), body
            case _:
                return names, sorts, guard, formula


def within_budget(action: Callable[[], Poly]) -> Poly:
    """Turns the data module's size limits into a rejection."""
    try:
        return action()
    except Budget as error:
        raise _steps(str(error)) from error
    except RecursionError as error:
        raise _steps("nested too deep") from error


def normalise(term: Term, sequent: Sequent) -> Poly:
    """The normal form of ``term`` under the sequent's assumptions."""
    form = context(sequent)
    return within_budget(lambda: form.read(term, {}))


def context(sequent: Sequent, use: Sequence[tuple[int, int | None]] | None = None) -> Form:
    """A form that uses the equations among the assumptions: all of them by their default lead, or
    those named as (position, lead)."""
    form = Form(sequent)
    chosen = [(k, None) for k in range(len(sequent.assumptions))] if use is None else list(use)
    try:
        # equations between numbers first: m = 2 changes the sort Index(m)
        chosen.sort(key=lambda t: isinstance(sequent.assumptions[t[0]], Bind))
        for k, lead in chosen:
            try:
                new = form.rewrites_of(sequent.assumptions[k], lead)
            except Reject:
                if use is not None:
                    raise
                continue
            form.rewrites += new
            if new and not new[0].patterns:
                form.declare_again()
        index_sign.read_inequalities(form)
    except Budget as error:
        raise _steps(str(error)) from error
    return form


def discharge(condition: Term, sequent: Sequent) -> bool:
    """Whether a definedness condition follows from the assumptions, by orders and signs of sums."""
    try:
        return holds(context(sequent), condition)
    except Reject:
        return False


def holds(form: Form, condition: Term) -> bool:
    try:
        return index_sign.formula_holds(form, condition, {})
    except (Reject, Budget, RecursionError):
        return False


__all__ = ["RULE", "Form", "Rewrite", "context", "discharge", "holds", "normalise", "peel", "sub", "within_budget"]
