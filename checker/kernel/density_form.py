"""Normal form of densities: Laurent monomials in marginal densities J(p, S), and what is known of them.

A law p declared in the labels (x, z) has one marginal density J(p, S) for each set S of its labels;
``p(x|z)`` *is* J(p, xz)/J(p, z), so the product rule, Bayes' rule and the chain rule are equality of
exponent vectors, and p(x|z), p(x,z) can never be the same thing.  Atoms:

=============  =================================================================================
``Density``    J(p, {label -> value}); values are names of random variables, never the labels
``Marginal``   the integral of one monomial over bound variables that no rule removes (a mixture)
``Sum``        a sum kept whole: under a log or as a divisor, its common factors divided out
``Normal``     the normal density at one variable, its mean and variance polynomials without it
``Opaque``     a scalar that is not looked into: a parameter, f(z), a number such as pi
``Log``        the logarithm of one of these, or of a prime
=============  =================================================================================

All equations between densities hold almost everywhere.  A density atom may be cancelled only where
it is positive: ``Known.positive`` says when (Cover & Thomas, Elements of Information Theory, ch. 2,
for the calculus; the care about zeros is ours).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from typing import TypeAlias

from .evidence import Reject
from .term import App, Bind, Term, Var, add, app, free_names, mul, num, substitute, subterms

MAX_TERMS = 600       # summands of a polynomial
MAX_BOUND = 5         # variables of one Marginal (its canonical names need every ordering)
RULE = "density-form"


@dataclass(frozen=True, slots=True)
class Density:
    law: str
    own: tuple[tuple[str, str], ...]     # (label, value), sorted by label
    given: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Marginal:
    measures: tuple[str, ...]            # of the bound variables, which are named "~height.k"
    names: tuple[str, ...]
    body: Mono


@dataclass(frozen=True, slots=True)
class Sum:
    poly: Poly


@dataclass(frozen=True, slots=True)
class Opaque:
    term: Term


@dataclass(frozen=True, slots=True)
class Normal:
    value: str
    mean: Poly
    variance: Poly                       # positive


@dataclass(frozen=True, slots=True)
class Prime:
    value: int


@dataclass(frozen=True, slots=True)
class Log:
    of: Atom


Atom: TypeAlias = Density | Marginal | Normal | Sum | Opaque | Prime | Log
Mono: TypeAlias = tuple[tuple[Atom, int], ...]      # sorted, no exponent 0


@lru_cache(maxsize=50_000)
def _key(a: Atom) -> str:
    return repr(a)


def mono(factors: Iterable[tuple[Atom, int]]) -> Mono:
    """The product of the factors, in canonical order."""
    exponents: dict[Atom, int] = {}
    for atom, e in factors:
        exponents[atom] = exponents.get(atom, 0) + e
    return tuple(sorted(((a, e) for a, e in exponents.items() if e), key=lambda f: _key(f[0])))


def times(*monos: Mono) -> Mono:
    return mono(f for m in monos for f in m)


def power(m: Mono, n: int) -> Mono:
    return tuple((a, e * n) for a, e in m) if n else ()


@dataclass(frozen=True, slots=True)
class Poly:
    """A sum of rational multiples of monomials, in canonical order."""

    terms: tuple[tuple[Mono, Fraction], ...] = ()

    @staticmethod
    def of(terms: Iterable[tuple[Mono, Fraction]]) -> Poly:
        total: dict[Mono, Fraction] = {}
        for m, c in terms:
            total[m] = total.get(m, Fraction(0)) + c
        left = [(m, c) for m, c in total.items() if c]
        if len(left) > MAX_TERMS:
            raise Reject(RULE, "size", f"more than {MAX_TERMS} summands")
        return Poly(tuple(sorted(left, key=lambda x: [(_key(a), e) for a, e in x[0]])))

    def __add__(self, other: Poly) -> Poly:
        return Poly.of(self.terms + other.terms)

    def __mul__(self, other: Poly) -> Poly:
        if len(self.terms) * len(other.terms) > MAX_TERMS:
            raise Reject(RULE, "size", f"more than {MAX_TERMS} summands")
        return Poly.of((times(m, n), c * d) for m, c in self.terms for n, d in other.terms)

    def scaled(self, c: Fraction | int) -> Poly:
        return Poly(tuple((m, k * c) for m, k in self.terms)) if c else Poly()

    def __neg__(self) -> Poly:
        return self.scaled(-1)

    def __sub__(self, other: Poly) -> Poly:
        return self + -other

    def __pow__(self, n: int) -> Poly:
        result = constant(1)
        for _ in range(n):
            result = result * self
        return result

    @property
    def single(self) -> tuple[Mono, Fraction] | None:
        return self.terms[0] if len(self.terms) == 1 else None

    @property
    def rational(self) -> Fraction | None:
        """The value, if it is a rational number."""
        if not self.terms:
            return Fraction(0)
        m, c = self.terms[0]
        return c if len(self.terms) == 1 and not m else None


def constant(c: Fraction | int) -> Poly:
    return Poly.of([((), Fraction(c))])


def of_mono(m: Mono, c: Fraction | int = 1) -> Poly:
    return Poly.of([(m, Fraction(c))])


def of_atom(a: Atom, e: int = 1) -> Poly:
    return of_mono(((a, e),))


# ---------------------------------------------------------------------------- names


@lru_cache(maxsize=50_000)
def names_in(a: Atom) -> frozenset[str]:
    """Names of random variables and parameters, and names bound by Marginals (they start with ~)."""
    match a:
        case Density():
            return frozenset(v for _, v in a.own + a.given)
        case Marginal():
            return mono_names(a.body) - set(a.names)
        case Sum(poly):
            return poly_names(poly)
        case Normal(value, mean, variance):
            return poly_names(mean) | poly_names(variance) | {value}
        case Opaque(term):
            return free_names(term)
        case Log(of):
            return names_in(of)
        case Prime():
            return frozenset()


def mono_names(m: Mono) -> frozenset[str]:
    return frozenset().union(*(names_in(a) for a, _ in m))


def poly_names(p: Poly) -> frozenset[str]:
    return frozenset().union(*(mono_names(m) for m, _ in p.terms))


def rename(a: Atom, by: Mapping[str, str]) -> Atom:
    """Put names for names.  The new names are never bound ones, so nothing is captured."""
    if not names_in(a) & by.keys():
        return a
    match a:
        case Density(law, own, given):
            new = tuple((k, by.get(v, v)) for k, v in own), tuple((k, by.get(v, v)) for k, v in given)
            values = [v for _, v in new[0] + new[1]]
            if len(set(values)) != len(values):
                raise Reject(RULE, law, "a density on a diagonal is not determined almost everywhere")
            return Density(law, *new)
        case Marginal():
            return recanonise(Marginal(a.measures, a.names, rename_mono(a.body, by)))
        case Sum(poly):
            return Sum(rename_poly(poly, by))
        case Normal(value, mean, variance):
            return normal(by.get(value, value), rename_poly(mean, by), rename_poly(variance, by))
        case Opaque(term):
            return Opaque(substitute(term, {k: Var(v) for k, v in by.items()}))
        case Log(of):
            return Log(rename(of, by))
        case Prime():
            return a


def normal(value: str, mean: Poly, variance: Poly) -> Normal:
    """The normal density at ``value``.  N(x; y, v) = N(y; x, v): it faces the least such name."""
    if value in poly_names(mean) | poly_names(variance):
        raise Reject(RULE, value, "a normal density whose parameters depend on its own variable")
    made = Normal(value, mean, variance)
    for name in sorted(poly_names(mean)):
        if name < value and (turned := facing(made, name)) is not None:
            return turned
    return made


def facing(a: Normal, name: str) -> Normal | None:
    """The same density as one in ``name``: where the mean is name + rest or rest - name."""
    if a.value == name:
        return a
    x = Opaque(Var(name))
    slope = dict(a.mean.terms).get(((x, 1),))
    rest = Poly.of(f for f in a.mean.terms if f[0] != ((x, 1),))
    if slope not in (1, -1) or name in poly_names(rest) | poly_names(a.variance):
        return None
    return Normal(name, (of_atom(Opaque(Var(a.value))) - rest).scaled(slope), a.variance)


def rename_mono(m: Mono, by: Mapping[str, str]) -> Mono:
    return mono((rename(a, by), e) for a, e in m)


def rename_poly(p: Poly, by: Mapping[str, str]) -> Poly:
    return Poly.of((rename_mono(m, by), c) for m, c in p.terms)


# ---------------------------------------------------------------------------- sums kept whole


def content(p: Poly, may_leave: Callable[[Atom], bool]) -> tuple[Fraction, Mono, Poly]:
    """p = c * m * rest, with c > 0 and in m only atoms that ``may_leave`` the sum."""
    if not p.terms:
        raise Reject(RULE, "sum", "a log of 0, or a division by 0")
    atoms = {a for m, _ in p.terms for a, _ in m if may_leave(a)}
    least = mono(
        (a, min(dict(m).get(a, 0) for m, _ in p.terms)) for a in atoms
    )
    c = Fraction(
        gcd(*(k.numerator for _, k in p.terms)), lcm(*(k.denominator for _, k in p.terms)))
    inverse = power(least, -1)
    return c, least, Poly.of((times(m, inverse), k / c) for m, k in p.terms)


def factored(p: Poly, may_leave: Callable[[Atom], bool] = lambda a: True) -> tuple[Fraction, Mono]:
    """p as a rational times a monomial; what is not one becomes one ``Sum`` atom."""
    c, m, rest = content(p, may_leave)
    if rest.single is not None:
        inside, k = rest.single
        if all(may_leave(a) for a, _ in inside):
            return c * k, m
        if k == 1 and len(inside) == 1 and inside[0][1] == 1:
            return c, times(m, inside)
    return c, times(m, ((Sum(rest), 1),))


def cleared(p: Poly) -> Poly:
    """p times powers of its ``Sum`` divisors, all sums outside logs multiplied out.  The divisors
    are not 0 where p is defined, so p = 0 exactly where ``cleared(p)`` = 0."""
    for _ in range(12):
        sums = sorted({a for m, _ in p.terms for a, _ in m if isinstance(a, Sum)}, key=_key)
        if not sums:
            return p
        s = sums[-1]        # repr of an inner sum is shorter, but any order ends: degrees fall
        least = min(0, *(dict(m).get(s, 0) for m, _ in p.terms))
        total = Poly()
        for m, c in p.terms:
            e = dict(m).get(s, 0) - least
            rest = mono(f for f in m if f[0] != s)
            total = total + of_mono(rest, c) * s.poly**e
        p = total
    raise Reject(RULE, "sums", "nested too deep")


def primes(n: int) -> dict[int, int]:
    out: dict[int, int] = {}
    p = 2
    while p * p <= n and p < 10_000:
        while n % p == 0:
            out[p] = out.get(p, 0) + 1
            n //= p
        p += 1
    if n > 1:
        out[n] = out.get(n, 0) + 1
    return out


def log_rational(c: Fraction) -> Poly:
    if c <= 0:
        raise Reject(RULE, "log", f"the logarithm of {c}")
    up, down = primes(c.numerator), primes(c.denominator)
    return Poly.of(
        [(((Log(Prime(p)), 1),), Fraction(e)) for p, e in up.items()]
        + [(((Log(Prime(p)), 1),), Fraction(-e)) for p, e in down.items()])


def log_mono(c: Fraction, m: Mono) -> Poly:
    """log of c * m as a linear form; every atom of m must be positive where this is used."""
    total = log_rational(c)
    for a, e in m:
        total = total + log_atom(a).scaled(e)
    return total


def log_atom(a: Atom) -> Poly:
    """log exp t = t for a real t (``Opaque`` exponentials are of values of functions)."""
    if isinstance(a, Normal):
        return log_normal(a)
    match a:
        case Opaque(App("exp", (App("at", _) as value,))):
            return of_atom(Opaque(value))
        case _:
            return of_atom(Log(a))


def log_normal(a: Normal) -> Poly:
    """-(x - m)^2/(2 v) - log(2 pi v)/2."""
    c, m = factored(a.variance)
    square = (of_atom(Opaque(Var(a.value))) - a.mean) ** 2
    scale = log_mono(2 * c, times(m, ((Opaque(App("pi", ())), 1),)))
    return (square * of_mono(power(m, -1), 1 / c) + scale).scaled(Fraction(-1, 2))


def log_poly(p: Poly, nonnegative: Callable[[Atom], bool]) -> Poly:
    """log p.  Only factors that are nowhere negative leave the sum: log(ab) = log a + log b needs it."""
    c, m = factored(p, nonnegative)
    return log_mono(c, m)


# ---------------------------------------------------------------------------- integrals of monomials


def _heights(m: Mono) -> int:
    """One more than the largest height of a bound name inside."""
    best = 0
    stack: list[object] = [m]
    while stack:
        x = stack.pop()
        if isinstance(x, Marginal):
            best = max(best, 1 + max(int(n[1:].split(".")[0]) for n in x.names))
            stack.append(x.body)
        elif isinstance(x, Sum):
            stack.extend(k for k, _ in x.poly.terms)
        elif isinstance(x, Log):
            stack.append(x.of)
        elif isinstance(x, tuple):
            stack.extend(x)
    return best


def recanonise(a: Marginal) -> Marginal:
    """The least names for the bound variables over all their orderings."""
    return bind(dict(zip(a.names, a.measures, strict=True)), a.body)


def bind(measures: Mapping[str, str], body: Mono) -> Marginal:
    """The integral of ``body``; bound names are numbered by height so that none captures another."""
    if len(measures) > MAX_BOUND:
        raise Reject(RULE, "integral", f"more than {MAX_BOUND} variables that nothing removes")
    # heights: above everything inside, so renaming cannot collide
    height = _heights(body)
    own = [n for n in measures if n.startswith("~")]
    if own:     # renaming an existing Marginal: free them first, under names that no inner one uses
        free = {n: f"~free{height}.{k}" for k, n in enumerate(own)}
        body = _raw(body, free)
        measures = {free.get(n, n): s for n, s in measures.items()}
    best: tuple[str, Marginal] | None = None
    for order in itertools.permutations(measures):
        names = tuple(f"~{height}.{k}" for k in range(len(order)))
        new = Marginal(tuple(measures[n] for n in order), names,
                       _raw(body, dict(zip(order, names, strict=True))))
        if best is None or repr(new) < best[0]:
            best = repr(new), new
    if best is None:
        raise Reject(RULE, "integral", "binds nothing")
    return best[1]


def _raw(m: Mono, by: Mapping[str, str]) -> Mono:
    return mono((rename(a, by), e) for a, e in m)


def unfold(m: Mono, over: Iterable[str], fresh: Callable[[str], str]) -> tuple[Mono, dict[str, str]]:
    """Marginals that depend on a variable of ``over`` (and stand to the power 1) written out:
    the monomial under one larger integral, and the added variables with their measures (Tonelli)."""
    added: dict[str, str] = {}
    names = set(over)
    for _ in range(8):
        inner = next((a for a, e in m if isinstance(a, Marginal) and e == 1 and names_in(a) & names), None)
        if inner is None:
            return m, added
        by = {n: fresh("v") for n in inner.names}
        added |= {by[n]: s for n, s in zip(inner.names, inner.measures, strict=True)}
        m = times(mono(f for f in m if f[0] != inner), _raw(inner.body, by))
    raise Reject(RULE, "integral", "nested too deep")


@dataclass(frozen=True, slots=True)
class Mass:
    """The integral of a monomial over some variables: a monomial, the variables nothing removed,
    and the atoms that were cancelled on the way."""

    value: Mono
    left: tuple[str, ...]
    cancelled: tuple[Atom, ...]


def mass(m: Mono, over: Iterable[str]) -> Mass:
    """
        J(p, S) stands to the power 1; v is the value of an *own* label of S and in no other atom
        -----------------------------------------------------------------------------------------
        int J(p, S) dv = J(p, S - v);   nothing left: 1

    in any order, as often as it applies.  ``cancelled``: atoms that stood above and below the line;
    the equation needs them positive, the inequality <= does not.
    FAILURE: a variable on the wrong side of the bar, to another power, in two atoms: it is left.
    """
    left = list(over)
    cancelled: list[Atom] = []
    progress = True
    while progress:
        progress = False
        for v in list(left):
            holders = [(a, e) for a, e in m if v in names_in(a)]
            if len(holders) != 1:
                continue
            a, e = holders[0]
            if isinstance(a, Normal) and e == 1 and facing(a, v) is not None:
                m = mono(f for f in m if f[0] != a)
                left.remove(v)
                progress = True
                continue
            if not isinstance(a, Density) or e != 1 or v in [x for _, x in a.given]:
                continue
            own = tuple((k, x) for k, x in a.own if x != v)
            rest = [f for f in m if f[0] != a]
            if own:
                smaller = Density(a.law, own, a.given)
                before = dict(rest).get(smaller, 0)
                if before < 0:
                    cancelled.append(smaller)
                m = mono([*rest, (smaller, 1)])
            else:
                m = mono(rest)
            left.remove(v)
            progress = True
    return Mass(m, tuple(left), tuple(cancelled))


# ---------------------------------------------------------------------------- what is known


@dataclass(frozen=True, slots=True)
class Fact:
    """For almost all values of ``names``: where ``premise`` > 0, ``atom`` > 0."""

    names: frozenset[str]
    premise: Mono
    atom: Atom


def by_densities(p: Poly, bound: Iterable[str] = ()) -> dict[Mono, Poly]:
    """p + alpha q - q as {p: 1, q: alpha - 1}: coefficients in parameters, scalars without integrals and values of
    functions; what depends on a ``bound`` name is none."""
    kept = frozenset(bound)

    def parameter(a: Atom) -> bool:
        return isinstance(a, Opaque) and not names_in(a) & kept and not any(
            isinstance(u, Bind) or isinstance(u, App) and u.head == "at" for u in subterms(a.term))

    out: dict[Mono, Poly] = {}
    for m, c in p.terms:
        rest = mono(f for f in m if not parameter(f[0]))
        out[rest] = out.get(rest, Poly()) + of_mono(mono(f for f in m if parameter(f[0])), c)
    return out


def scalar_term(p: Poly) -> Term:
    """A polynomial in parameters as a term."""
    parts = [mul(num(c), *(a.term if e == 1 else app("pow", a.term, num(e)) for a, e in m if isinstance(a, Opaque)))
             for m, c in p.terms]
    return add(*parts)


@dataclass(frozen=True, slots=True)
class Relation:
    """``atom`` = ``value`` for almost all values of ``names``; its denominators vanish only where
    the atom does."""

    names: frozenset[str]
    atom: Density
    value: Mono


def match(pattern: Atom, atom: Atom, names: frozenset[str]) -> dict[str, str] | None:
    """The names to put into ``pattern`` to get ``atom`` (``names``: those that may change)."""
    if isinstance(pattern, Density) and isinstance(atom, Density):
        if pattern.law != atom.law or [k for k, _ in pattern.own] != [k for k, _ in atom.own] or [
                k for k, _ in pattern.given] != [k for k, _ in atom.given]:
            return None
        by: dict[str, str] = {}
        for (_, v), (_, w) in zip(pattern.own + pattern.given, atom.own + atom.given, strict=True):
            if v in names:
                if by.setdefault(v, w) != w:
                    return None
            elif v != w:
                return None
        return by
    if type(pattern) is not type(atom):
        return None
    changing, values = sorted(names_in(pattern) & names), sorted(names_in(atom))
    if len(changing) > 3 or len(values) > 6:
        return None
    for choice in itertools.permutations(values, len(changing)):
        by = dict(zip(changing, choice, strict=True))
        try:
            if rename(pattern, by) == atom:
                return by
        except Reject:      # two variables in one place of a density
            continue
    return None


@dataclass
class Known:
    """What holds in a sequent: positive atoms, equalities of densities, signs of parameters."""

    scalar_sign: Callable[[Term], str | None]
    facts: list[Fact] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    _answers: dict[tuple[Atom, Mono], tuple[int, bool]] = field(default_factory=dict)
    _asked: set[tuple[Atom, Mono]] = field(default_factory=set)

    def learn(self, facts: Iterable[Fact]) -> None:
        """Take up facts that are not known up to the names of their variables."""
        seen = {_shape(f) for f in self.facts}
        for f in facts:
            if _shape(f) not in seen:
                seen.add(_shape(f))
                self.facts.append(f)
        self._answers.clear()

    def forget(self, facts: list[Fact]) -> None:
        """Back to these facts."""
        self.facts = facts
        self._answers.clear()

    def relate(self, relation: Relation) -> None:
        self.relations.append(relation)
        self._answers.clear()

    def positive(self, a: Atom, where: Mono, depth: int = 4) -> bool:
        """Whether ``a`` > 0 almost everywhere on {``where`` > 0}.

        * J(p, S) > 0 where J(p, T) > 0, S within T: the integral of a function that is positive
          somewhere vanishes only where the function does, almost everywhere;
        * a sum of nonnegative terms where one of them is positive; a Marginal where what is
          integrated is positive at some variable;
        * a fact whose premise is positive (its own variables outside ``a`` integrated away).
        """
        tried, answer = self._answers.get((a, where), (0, False))
        if answer or tried >= depth:
            return answer
        if (a, where) in self._asked:       # on the way to itself
            return False
        self._asked.add((a, where))
        try:
            answer = self._positive(a, where, depth)
        finally:
            self._asked.discard((a, where))
        self._answers[a, where] = (depth, answer)
        return answer

    def _positive(self, a: Atom, where: Mono, depth: int) -> bool:
        above = [b for b, e in where if e > 0]
        if a in above:
            return True
        match a:
            case Prime() | Normal():
                return True
            case Opaque(term):
                if self.scalar_sign(term) == "+":
                    return True
            case Log():
                return False
            case Density(law, own, given):
                if any(isinstance(b, Density) and b.law == law and b.given == given
                       and set(own) <= set(b.own) for b in above):
                    return True
            case Sum(poly):
                if all(c > 0 and self.nonnegative_mono(m) for m, c in poly.terms) and any(
                        all(self.positive(b, where, depth - 1) for b, _ in m) for m, c in poly.terms):
                    return True
                positive = [m for m, c in by_densities(poly).items() if self.scalar_sign(scalar_term(c)) == "+"]
                if self.nonnegative(a) and any(all(self.positive(b, where, depth - 1) for b, _ in m) for m in positive):
                    return True
            case Marginal():
                values = sorted({n for b in above if isinstance(b, Density) for n in names_in(b)})
                if self.nonnegative_mono(a.body) and len(values) <= 6:
                    for choice in itertools.permutations(values, len(a.names)):
                        try:
                            body = rename_mono(a.body, dict(zip(a.names, choice, strict=True)))
                        except Reject:
                            continue
                        if all(self.positive(b, where, depth - 1) for b, e in body):
                            return True
        reduced = self.rewrite_mono(((a, 1),)) if isinstance(a, Density) else ((a, 1),)
        if reduced != ((a, 1),) and all(self.positive(b, where, depth - 1) for b, _ in reduced):
            return True
        rewritten = self.rewrite_mono(where)
        if rewritten != where and self.positive(a, rewritten, depth - 1):
            return True
        return any(self._by_fact(f, a, where, depth) for f in self.facts)

    def _by_fact(self, f: Fact, a: Atom, where: Mono, depth: int) -> bool:
        pattern = f.atom
        if isinstance(pattern, Density) and isinstance(a, Density):    # J(p, S) > 0 gives J(p, T) > 0
            labels = {k for k, _ in a.own}
            pattern = Density(pattern.law, tuple(x for x in pattern.own if x[0] in labels), pattern.given)
        by = match(pattern, a, f.names)
        if by is None:
            return False
        try:
            premise = rename_mono(f.premise, by)
        except Reject:
            return False
        loose = sorted((f.names - by.keys()) & mono_names(premise))
        if not loose:
            return all(self.positive(b, where, depth - 1) for b, _ in premise)
        summed = mass(premise, loose)      # positive for some values: or at the values in ``where``
        if not summed.left and not summed.cancelled and all(
                self.positive(b, where, depth - 1) for b, _ in summed.value):
            return True
        values = sorted(mono_names(where) - mono_names(premise))
        if len(loose) > 2 or len(values) > 6:
            return False
        for choice in itertools.permutations(values, len(loose)):
            try:
                placed = rename_mono(premise, dict(zip(loose, choice, strict=True)))
            except Reject:
                continue
            if all(self.positive(b, where, depth - 1) for b, _ in placed):
                return True
        return False

    def nonnegative(self, a: Atom) -> bool:
        match a:
            case Density() | Prime() | Normal():
                return True
            case Marginal():
                return self.nonnegative_mono(a.body)
            case Sum(poly):
                return all(c > 0 and self.nonnegative_mono(m) for m, c in poly.terms) or all(
                    self.nonnegative_mono(m) and self.scalar_sign(scalar_term(c)) in ("+", "0+", "0")
                    for m, c in by_densities(poly).items())
            case Opaque(term):
                return self.scalar_sign(term) in ("+", "0+", "0") or self.positive(a, ())
            case Log():
                return False

    def nonnegative_mono(self, m: Mono) -> bool:
        return all(e % 2 == 0 and not isinstance(a, (Log, Opaque)) or self.nonnegative(a) for a, e in m)

    def rewrite_mono(self, m: Mono) -> Mono:
        """The declared equalities of densities, put in from left to right until none applies."""
        for _ in range(30):
            for a, e in m:
                new = self._rewritten(a)
                if new is not None:
                    m = times(mono(f for f in m if f[0] != a), power(new, e))
                    break
            else:
                return m
        raise Reject(RULE, "assumptions", "the equalities of densities go round in a circle")

    def rewrite(self, p: Poly) -> Poly:
        total = Poly()
        for m, c in p.terms:
            part = of_mono((), c)
            plain: list[tuple[Atom, int]] = []
            for a, e in m:
                if isinstance(a, Log):
                    if isinstance(a.of, Density):
                        inner = log_mono(Fraction(1), self.rewrite_mono(((a.of, 1),)))
                    elif isinstance(a.of, Sum):
                        inner = log_poly(self.rewrite(a.of.poly), self.nonnegative)
                    else:
                        inner = of_atom(a)
                    if e < 0:
                        plain.append((a, e))
                    else:
                        part = part * inner**e
                elif isinstance(a, Sum):
                    k, f = factored(self.rewrite(a.poly))
                    part = part.scaled(k**e) * of_mono(power(f, e))
                else:
                    plain.append((a, e))
            total = total + part * of_mono(self.rewrite_mono(mono(plain)))
        return total

    def mass(self, m: Mono, over: Iterable[str]) -> Mass:
        """``mass``; where that leaves a variable, with a declared equality put in from right to left."""
        over = list(over)
        first = mass(m, over)
        if not first.left or not self.relations:
            return first
        return next((found for n in self.refolded(m) if not (found := mass(n, over)).left), first)

    def refolded(self, m: Mono) -> Iterator[Mono]:
        """The declared equalities put in from right to left, once: p(x, y) p(z | y) as p(x, y, z) for a Markov chain.
        Where the right side is 0 the left is, so nothing is lost at zeros."""
        for r in self.relations:
            above = [a for a, e in r.value if e == 1]
            if len(above) < 2 or any(e > 1 for _, e in r.value):
                continue
            for choice in itertools.permutations([a for a, e in m if e >= 1], len(above)):
                by = _together([match(p, a, r.names) for p, a in zip(above, choice, strict=True)])
                if by is None:
                    continue
                try:
                    yield times(m, power(rename_mono(r.value, by), -1), rename_mono(((r.atom, 1),), by))
                except Reject:
                    continue

    def _rewritten(self, a: Atom) -> Mono | None:
        if not isinstance(a, Density):
            return None
        for r in self.relations:
            if r.atom.law != a.law:
                continue
            for pattern, value in _margins(r, a):
                by = match(pattern, a, r.names)
                if by is not None:
                    try:
                        return rename_mono(value, by)
                    except Reject:
                        continue
        return None


def _together(found: list[dict[str, str] | None]) -> dict[str, str] | None:
    """Several renamings as one, if they agree and keep names apart."""
    by: dict[str, str] = {}
    for one in found:
        if one is None or any(by.setdefault(k, v) != v for k, v in one.items()):
            return None
    return by if len(set(by.values())) == len(by) else None


@lru_cache(maxsize=5_000)
def _shape(f: Fact) -> str:
    """Equal for facts that differ in the names of their variables only."""
    text = repr((f.atom, f.premise))
    order = sorted(f.names, key=lambda n: text.find(repr(n)))
    by = {n: f"~8.{k}" for k, n in enumerate(order)}
    return repr((rename(f.atom, by), rename_mono(f.premise, by)))


def _margins(r: Relation, a: Density) -> Iterable[tuple[Density, Mono]]:
    """The relation itself, or its integral over the own labels that ``a`` does not have."""
    labels = {k for k, _ in a.own}
    missing = [(k, v) for k, v in r.atom.own if k not in labels]
    if not missing:
        yield r.atom, r.value
        return
    if any(v not in r.names for _, v in missing):
        return
    own = tuple((k, v) for k, v in r.atom.own if k in labels)
    summed = mass(r.value, [v for _, v in missing])
    if own and not summed.left and not summed.cancelled:
        smaller = Density(r.atom.law, own, r.atom.given)
        if summed.value != ((smaller, 1),):
            yield smaller, summed.value
