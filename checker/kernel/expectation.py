"""Expectations of polynomials in random quantities, as polynomials in their joint cumulants.

    E[a f + b g] = a E f + b E g                                          a, b not random
    E[sum_i f] = sum_i E f                                                a finite sum
    E[X_1 ... X_r] = sum over partitions of {1..r} of prod over blocks B of k(X_b : b in B)
    k(X_b : b in B) = 0                       if two of them belong to different (so independent) laws
    k(X_b : b in B) = [all draws equal] k_B   if they belong to one law, drawn independently

k is the joint cumulant: k(X) = E X, k(X, Y) = Cov(X, Y).  A cumulant of two independent groups vanishes,
hence no inclusion and exclusion over coinciding indices: a partition that puts X_i and X_j in one block
carries delta(i, j) and nothing else, for every sample size, n = 1 included.  A law whose values are the
roots of a known polynomial (0 and 1, say) has all its cumulants from the first ones.

The atoms k_B are opaque reals with names of their own (``E[X]``, ``Var[X]``, ``Cov[X, Y]``, ``cumulant[...]``);
at the slots of a vector, or for laws that differ from draw to draw, they are families.

f(X_i), for an unknown function f, is a further member of the law of X: an assumption says that its moments are finite.

FAILURE: :class:`Reject` where the integrand is no polynomial in the random quantities, or over a budget.
Source: McCullagh, *Tensor Methods in Statistics* (1987), sections 2.3 (moments from cumulants) and 2.4
(independence); Leonov and Shiryaev, Theory Probab. Appl. 4 (1959) 319-329.
Cannot do: quotients and functions of random quantities; products over an index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from .claim import Sequent
from .effort import spend
from .evidence import Reject
from .expect_terms import Draws, bounded_moments, draws, polynomial
from .kinds import kind
from .term import (
    INTEGER, ONE, OO, REAL, TRUE, ZERO, App, Bind, Index, Joint, Map, Num, Scalar, Sort, Term, Var, add, alpha, apart,
    app, conj, conjuncts, free_names, fresh, mul, rebuild, show, sort_terms, sub, substitute, subterms,
)

RULE = "moments"
MAX_DEGREE = 8
MAX_TERMS = 4_000
_LINEAR = ("add", "mul", "neg", "div", "pow", "sum", "cases")


@dataclass(frozen=True, slots=True)
class Entry:
    """A random quantity at its draw and its slot."""

    group: int
    member: int
    draw: tuple[Term, ...]
    slot: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Summand:
    """``number`` times the ``factors`` (not random) times the random entries, summed over ``bound``; a
    bound index stands in all parts of the summand."""

    number: Fraction
    factors: tuple[Term, ...]
    entries: tuple[Entry, ...]
    bound: tuple[tuple[str, Sort], ...]
    guards: tuple[Term, ...]


class Moments:
    """Replaces expectations; gathers the atoms and their sorts."""

    def __init__(self, sequent: Sequent) -> None:
        self.sequent, self.declarations = sequent, sequent.declarations
        self.atoms: dict[str, Sort] = {}
        #: laws and members -> (name of the atom, its blocks): for the facts that hold of cumulants
        self.blocks: dict[str, tuple[Draws, tuple[int, ...]]] = {}
        #: squares under an expectation: the expectation as it stands, and its value
        self.squares: list[tuple[Term, Term]] = []
        #: names bound around, and those of them that are whole numbers from 0 on
        self._functions: dict[str, list[tuple[str, tuple[int, ...]]]] = {}     # law -> values f(X) in use
        self._known = {alpha(a) for a in sequent.assumptions}
        self.taken: set[str] = set()
        self._around: frozenset[str] = frozenset()
        self._natural: frozenset[str] = frozenset()
        #: whether a binder around keeps its body's definedness to itself, as a limit does; sorts of what is bound
        self._hidden = False
        self._ranges: dict[str, Sort] = {}

    def replaced(self, t: Term) -> Term:
        """``t`` without ``expect``, equal to it.  Raises :class:`Reject`."""
        match t:
            case Bind("expect"):
                inner = apart(t, frozenset(self.declarations) | self._around)
                if not isinstance(inner, Bind):
                    raise Reject(RULE, "expect", "no expectation")
                e: Bind = inner
                body = self._inside(e, lambda: self.replaced(e.inner[0]))
                value = self.expected(Bind("expect", e.names, e.sorts, e.outer, (body,)))
                match body:
                    case App("pow", (_, Num(k))) if k % 2 == 0 and not self._around & free_names(value):
                        self.squares.append((t, value))
                return value
            case Bind():
                return self._inside(t, lambda: rebuild(t, self.replaced))
            case _:
                return rebuild(t, self.replaced)

    def _inside(self, t: Bind, work: Callable[[], Term]) -> Term:
        """``work`` under the binder.  Of limits of sequences and orders of growth only large n count; a guard may say
        n >= 1."""
        around, natural, hidden, ranges = self._around, self._natural, self._hidden, self._ranges
        finite = t.head in ("sum", "prod") and not any(OO in subterms(u) for u in t.outer)
        self._hidden = hidden or not (finite or t.head in ("forall", "exists", "expect"))
        self._ranges = {**ranges, **dict(zip(t.names, t.sorts, strict=True))}
        self._around = around | set(t.names)
        self._natural = natural - set(t.names)
        match t:
            case Bind("limit", (n,), (sort,), (App("oo", ()), _), _) if sort == INTEGER:
                self._natural |= {n}
            case Bind("big-o" | "big-omega" | "big-theta" | "little-o" | "similar", names, sorts):
                self._natural |= {n for n, k in zip(names, sorts, strict=True) if k == INTEGER}
            case Bind("forall" | "exists" | "sum", names, sorts, _, (guard, _)):
                known = conjuncts(guard)
                self._natural |= {n for n, k in zip(names, sorts, strict=True) if k == INTEGER and any(
                    app(">=", Var(n), c) in known for c in (ZERO, ONE))}
        try:
            return work()
        finally:
            self._around, self._natural, self._hidden, self._ranges = around, natural, hidden, ranges

    # ------------------------------------------------------------------ one expectation

    def expected(self, t: Bind) -> Term:
        groups = draws(t, self.declarations)
        self.groups = groups
        self.places = {n: (g, m) for g, group in enumerate(groups) for m, n in enumerate(group.names)}
        self.random = frozenset(t.names)
        self.taken = set(self.declarations) | self._around | set(t.names)
        self.inner: set[str] = set()        # the names bound inside
        total: dict[tuple[tuple[Term, ...], tuple[tuple[str, Sort], ...], tuple[Term, ...]], Fraction] = {}
        for s in self._expand(t.inner[0]):
            for number, factors, bound, guards in self._values(s):
                spend(2)
                key = (tuple(sorted(factors, key=show)), bound, guards)
                total[key] = total.get(key, Fraction(0)) + number
                if len(total) > MAX_TERMS:
                    raise Reject(RULE, "budget", f"more than {MAX_TERMS} summands")
        merged: dict[Term, tuple[Fraction, Term]] = {}
        for (parts, bound, guards), number in total.items():
            rest = self._summed(mul(*parts), bound, guards)
            key_ = alpha(rest)
            merged[key_] = (merged.get(key_, (Fraction(0), rest))[0] + number, rest)
        return add(*(rest if c == 1 else app("neg", rest) if c == -1 else Num(c) if rest == ONE else mul(Num(c), rest)
                     for c, rest in merged.values() if c or self._partial(rest)))

    def _partial(self, t: Term) -> bool:
        """A summand that cancels stays, as 0 times itself, where no condition of the goal says that it is defined."""
        return (self._hidden or bool(self._around & free_names(t))) and any(
            isinstance(u, App) and u.head not in ("add", "mul", "neg", "at", "delta", "cases") for u in subterms(t))

    def _expand(self, t: Term) -> list[Summand]:
        if not free_names(t) & self.random and not (
                isinstance(t, App) and t.head in ("add", "neg", "mul") and free_names(t) & self.atoms.keys()):
            return [Summand(t.value, (), (), (), ()) if isinstance(t, Num) else Summand(Fraction(1), (t,), (), (), ())]
        if (value := self._value_of_function(t)) is not None:
            return [Summand(Fraction(1), (), (value,), (), ())]
        if not polynomial(t, self.random) and not (isinstance(t, (App, Bind)) and t.head in _LINEAR):
            raise Reject(RULE, "expect", f"no polynomial in the random quantities: {show(t)[:80]}")
        match t:
            case Var(name):
                return [Summand(Fraction(1), (), (self._entry(name, ()),), (), ())]
            case App("at", (Var(name), *places)) if name in self.places:
                return [Summand(Fraction(1), (), (self._entry(name, tuple(places)),), (), ())]
            case App("add", args):
                return [s for a in args for s in self._expand(a)]
            case App("neg", (a,)):
                return [_scaled(s, Fraction(-1)) for s in self._expand(a)]
            case App("mul", args):
                return self._product([self._expand(a) for a in args])
            case App("div", (a, b)) if not free_names(b) & self.random:
                if isinstance(b, Num) and b.value != 0:
                    return [_scaled(s, 1 / b.value) for s in self._expand(a)]
                return self._product([self._expand(a), [Summand(Fraction(1), (app("div", ONE, b),), (), (), ())]])
            case App("pow", (a, Num(k))) if k.denominator == 1 and k >= 0:
                if k > MAX_DEGREE:
                    raise Reject(RULE, "budget", f"a power {k}")
                return self._product([self._expand(a) for _ in range(int(k))])
            case App("cases", args) if not any(free_names(g) & self.random for g in args[1::2]):
                out = []
                for place in range(0, len(args), 2):
                    chosen: list[Term] = []
                    for other in range(0, len(args), 2):
                        chosen += [ONE if other == place else ZERO, args[other + 1]]
                    here = Summand(Fraction(1), (App("cases", tuple(chosen)),), (), (), ())
                    out += self._product([[here], self._expand(args[place])])
                return out
            case Bind("sum", names, sorts, outer, (guard, body)) if (not outer or outer[0] == ONE) and not any(
                    free_names(u) & self.random for u in (*outer, guard)):
                if outer:
                    sorts = (Index(outer[1]),)
                sizes = [u for k in sorts for u in sort_terms(k)]
                if not all(isinstance(k, Index) for k in sorts) or any(OO in subterms(u) for u in sizes):
                    raise Reject(RULE, "expect", f"no finite sum: {show(t)[:80]}")
                if any(free_names(u) & self.inner for u in sizes):
                    raise Reject(RULE, "expect", f"a range that depends on another bound index: {show(t)[:80]}")
                by: dict[str, Term] = {}
                bound: list[tuple[str, Sort]] = []
                for n, s in zip(names, sorts, strict=True):
                    new = self._new(n)
                    by[n] = Var(new)
                    bound.append((new, s))
                    self._ranges[new] = s
                guards = () if guard == TRUE else (substitute(guard, by),)
                return [Summand(s.number, s.factors, s.entries, (*bound, *s.bound), (*guards, *s.guards))
                        for s in self._expand(substitute(body, by))]
        raise Reject(RULE, "expect", f"this sum of random quantities is not read: {show(t)[:80]}")

    def _new(self, name: str) -> str:
        new = fresh(name, self.taken)
        self.taken.add(new)
        self.inner.add(new)
        return new

    def _entry(self, name: str, places: tuple[Term, ...]) -> Entry:
        g, m = self.places[name]
        cut = len(self.groups[g].repeats)
        if self._hidden:
            for p, k in zip(places, (*self.groups[g].repeats, *self.groups[g].joint.slots[m]), strict=True):
                self._in_range(p, k)
        return Entry(g, m, places[:cut], places[cut:])

    def _in_range(self, p: Term, k: Index) -> None:
        """That a draw is one of the ``k``, where no condition would say so.  Raises :class:`Reject`."""
        from .prove import discharge

        if isinstance(p, Var) and self._ranges.get(p.name, self.declarations.get(p.name)) == k:
            return
        if p == ONE and isinstance(k.size, Var) and k.size.name in self._natural:       # only large n count
            return
        names = free_names(p) | free_names(k.size)
        if names & self._ranges.keys() or kind(p, self.declarations) != "integer" or discharge(
                (app("<=", ONE, p), app("<=", p, k.size)), self.sequent.with_goal(TRUE)):
            raise Reject(RULE, "expect", f"{show(p)[:40]} may be no draw")

    def _value_of_function(self, t: Term) -> Entry | None:
        """f(X_i), or f(X_i, Y_i) of one draw, as a further member of the law: its moments are assumed finite."""
        match t:
            case App("at", (Var(f), *args)) if f not in self.places and f not in self._around:
                entries = []
                for a in args:
                    name, *places = a.args if isinstance(a, App) and a.head == "at" else (a,)
                    if not isinstance(name, Var) or name.name not in self.places:
                        return None
                    entries.append(self._entry(name.name, tuple(places)))
            case _:
                return None
        first = entries[0]
        group = self.groups[first.group]
        members = tuple(e.member for e in entries)
        if any(e.group != first.group or e.draw != first.draw or e.slot or e.member >= group.own for e in entries):
            return None
        joint = self.declarations[group.law]
        match self.declarations.get(f):
            case Map(sorts, Scalar(value)) if sorts == (REAL,)*len(args) and value != "complex":
                pass
            case _:
                raise Reject(RULE, "expect", f"{f} is no real function of real numbers")
        if not isinstance(joint, Joint) or alpha(
                bounded_moments(f, members, joint, group.law, MAX_DEGREE)) not in self._known:
            raise Reject(RULE, "expect", f"nothing says that the moments of {show(t)[:40]} are finite")
        known = self._functions.setdefault(group.law, [])
        if (f, members) not in known:
            known.append((f, members))
        names = [f"{g}({', '.join(joint.members[m] for m in ms)})" for g, ms in known]
        wide = Joint((*joint.members, *names), joint.slots + ((),)*len(names), joint.values, joint.within)
        self.groups[first.group] = Draws(group.law, wide, group.names, group.repeats, group.identical, group.own)
        return Entry(first.group, group.own + known.index((f, members)), first.draw, ())

    def _product(self, parts: Sequence[list[Summand]]) -> list[Summand]:
        out = [Summand(Fraction(1), (), (), (), ())]
        for part in parts:
            if len(out) * len(part) > MAX_TERMS:
                raise Reject(RULE, "budget", f"more than {MAX_TERMS} summands")
            out = [Summand(a.number * b.number, a.factors + b.factors, a.entries + b.entries,
                           a.bound + b.bound, a.guards + b.guards) for a in out for b in part]
        return out

    # ------------------------------------------------------------------ one product of entries

    def _values(self, s: Summand) -> Iterator[tuple[Fraction, list[Term], tuple[tuple[str, Sort], ...],
                                                    tuple[Term, ...]]]:
        if len(s.entries) > MAX_DEGREE:
            raise Reject(RULE, "budget", f"a product of {len(s.entries)} random quantities")
        of_law = [[e for e in s.entries if e.group == g] for g in range(len(self.groups))]
        for parts in _choices([list(_partitions(es)) for es in of_law]):
            spend(2)
            blocks = [b for part in parts for b in part]
            equal = [(x, y, k) for b in blocks for e in b[1:]
                     for x, y, k in zip(b[0].draw, e.draw, self.groups[e.group].repeats, strict=True)]
            by, deltas, bound = _contracted(equal, s)
            factors = [substitute(f, by) if by else f for f in (*s.factors, *deltas)]
            guards = tuple(substitute(g, by) for g in s.guards)
            number = s.number
            values: list[Term] = []
            for b in blocks:
                values.append(self._cumulant([Entry(e.group, e.member, tuple(substitute(u, by) for u in e.draw),
                                                    tuple(substitute(u, by) for u in e.slot)) for e in b]))
            if any(v == ZERO for v in values):
                continue
            yield number, factors + [v for v in values if v != ONE], bound, guards

    def _cumulant(self, block: list[Entry]) -> Term:
        group = self.groups[block[0].group]
        joint = group.joint
        block = sorted(block, key=lambda e: (e.member, show(App("tuple", e.slot))))
        members = tuple(e.member for e in block)
        if joint.values and len(joint.members) == 1 and not joint.slots[0] and len(block) >= len(joint.values):
            first = [self._atom(group, (0,) * k, block[0].draw, ()) for k in range(1, len(joint.values))]
            return cumulant_of_values(joint.values, first, len(block))
        slots = tuple(u for e in block for u in e.slot)
        return self._atom(group, members, block[0].draw, slots)

    def variances(self) -> None:
        """The variances of the two sides of each covariance, for the facts."""
        for group, members in list(self.blocks.values()):
            if len(members) == 2 and members[0] != members[1] and group.identical and not any(
                    group.joint.slots[m] for m in members):
                for m in members:
                    self._atom(group, (m, m), (), ())

    def _atom(self, group: Draws, members: tuple[int, ...], draw: tuple[Term, ...], slots: tuple[Term, ...]) -> Term:
        names = ", ".join(group.joint.members[m] for m in members)
        if len(members) == 1:
            name = f"E[{names}]"
        elif len(members) == 2:
            same = members[0] == members[1] and not slots
            name = f"Var[{group.joint.members[members[0]]}]" if same else f"Cov[{names}]"
        else:
            name = f"cumulant[{names}]"
        sorts: tuple[Sort, ...] = tuple(k for m in members for k in group.joint.slots[m])
        places = slots
        if not group.identical:
            sorts, places = (*group.repeats, *sorts), (*draw, *slots)
        if loose := {n for s in sorts for u in sort_terms(s) for n in free_names(u)} - set(self.declarations):
            raise Reject(RULE, "expect", f"moments at indices up to {', '.join(sorted(loose))}, which is bound here")
        known = self.blocks.get(name)
        taken = name in self.declarations or name in self.taken or name in self._around
        if taken or known is not None and (known[0].law, known[1]) != (group.law, members):
            raise Reject(RULE, "names", f"{name} would mean two things")
        self.blocks[name] = group, members
        self.atoms[name] = Map(sorts, REAL) if sorts else REAL
        return App("at", (Var(name), *places)) if sorts else Var(name)


    def _summed(self, body: Term, bound: tuple[tuple[str, Sort], ...], guards: tuple[Term, ...]) -> Term:
        """``body`` summed over the bound names: what is constant is multiplied by the size of the range."""
        guard = conj(*guards)
        mentioned = free_names(guard)
        factors = list(body.args) if isinstance(body, App) and body.head == "mul" else [] if body == ONE else [body]
        if guard != TRUE and not mentioned & {n for n, _ in bound}:
            factors.append(App("cases", (ONE, guard, ZERO, TRUE)))
            guard, mentioned = TRUE, frozenset()
        moving = mentioned.union(*(free_names(f) for f in factors))
        sizes = [self._size(k) for n, k in bound if n not in moving]
        left = tuple((n, k) for n, k in bound if n in moving)
        names = {n for n, _ in left}
        inside = [f for f in factors if free_names(f) & names]
        outside = self._cancelled([*sizes, *(f for f in factors if not free_names(f) & names)])
        if not left:
            return mul(*outside)
        if guard == TRUE:       # independent sums stand apart: sum_ij a_i b_j = sum_i a_i sum_j b_j
            parts = _components([n for n, _ in left], inside)
            sums = [_one_sum([p for p in left if p[0] in ns], [f for f in inside if free_names(f) & ns], TRUE)
                    for ns in parts]
            return mul(*outside, *sorted(sums, key=show))
        return mul(*outside, _one_sum(left, inside, guard))

    def _cancelled(self, factors: list[Term]) -> list[Term]:
        """n (1/n) = 1: that n != 0 is a condition of the expectation as written, unless n is bound around it."""
        out = list(factors)
        for f in factors:
            inverse = app("div", ONE, f)
            if f in out and inverse in out and not self._hidden and not free_names(f) & self._around:
                out.remove(f)
                out.remove(inverse)
        return sorted(out, key=show)

    def _size(self, k: Sort) -> Term:
        """The number of values of an index: a natural number.  Raises :class:`Reject`."""
        from .prove import discharge

        if isinstance(k, Index):
            match k.size:
                case Num(value) if value >= 0 and value.denominator == 1:
                    return k.size
                case Var(name) if name in self._natural:
                    return k.size
                case Var(name) if name in self._around:
                    pass
                case size if kind(size, self.declarations) == "integer" and not discharge(
                        (app(">=", size, ZERO),), self.sequent.with_goal(TRUE)):
                    return size
        raise Reject(RULE, "expect", "a sum over a range whose size is not known to be a natural number")


def _scaled(s: Summand, c: Fraction) -> Summand:
    return Summand(s.number * c, s.factors, s.entries, s.bound, s.guards)


def _choices(options: list[list[list[list[Entry]]]]) -> Iterator[list[list[list[Entry]]]]:
    if not options:
        yield []
        return
    for first in options[0]:
        for rest in _choices(options[1:]):
            yield [first, *rest]


def _partitions(entries: Sequence[Entry]) -> Iterator[list[list[Entry]]]:
    """All set partitions, without blocks whose literal draws differ."""
    if not entries:
        yield []
        return
    first, rest = entries[0], entries[1:]
    for part in _partitions(rest):
        yield [[first], *part]
        for k, block in enumerate(part):
            if not any(isinstance(x, Num) and isinstance(y, Num) and x != y
                       for x, y in zip(first.draw, block[0].draw, strict=True)):
                yield [*part[:k], [first, *block], *part[k + 1:]]


def _contracted(equal: list[tuple[Term, Term, Index]], s: Summand
                ) -> tuple[dict[str, Term], list[Term], tuple[tuple[str, Sort], ...]]:
    """The equations between draws, used to put one index for a bound one; what is left as deltas.  A bound
    index over all draws may be replaced by any other draw (where the entry at that is defined)."""
    sorts = dict(s.bound)
    by: dict[str, Term] = {}
    deltas: list[Term] = []
    for x, y, over in equal:
        x, y = substitute(x, by), substitute(y, by)
        if x == y:
            continue
        if not (isinstance(x, Var) and sorts.get(x.name) == over):
            x, y = y, x
        if isinstance(x, Var) and sorts.get(x.name) == over and isinstance(y, (Var, Num)):
            by = {n: substitute(u, {x.name: y}) for n, u in by.items()} | {x.name: y}
            del sorts[x.name]
        else:
            deltas.append(app("delta", x, y))
    deltas = [substitute(d, by) for d in deltas]
    return by, deltas, tuple((n, k) for n, k in s.bound if n in sorts)


def _components(names: list[str], factors: list[Term]) -> list[set[str]]:
    groups = [{n} for n in names]
    for f in factors:
        touched = [g for g in groups if g & free_names(f)]
        groups = [g for g in groups if not g & free_names(f)] + ([set().union(*touched)] if touched else [])
    return groups


def _one_sum(bound: Sequence[tuple[str, Sort]], factors: list[Term], guard: Term) -> Term:
    return Bind("sum", tuple(n for n, _ in bound), tuple(k for _, k in bound), (), (guard, mul(*factors)))


def cumulant_of_values(values: tuple[Fraction, ...], first: list[Term], r: int) -> Term:
    """The r-th cumulant of a law on these values, from its first ones (fewer than there are values)."""
    coefficients = [Fraction(1)]                        # of the monic polynomial with these roots, lowest first
    for v in values:
        shifted = [Fraction(0), *coefficients]
        coefficients = [a - v * b for a, b in zip(shifted, [*coefficients, Fraction(0)], strict=True)]
    s = len(values)
    moments: list[Term] = [ONE]
    cumulants: list[Term] = [ZERO, *first]
    for k in range(1, r + 1):
        if k < s:
            moments.append(add(*(mul(Num(Fraction(comb(k - 1, j - 1))), cumulants[j], moments[k - j])
                                 for j in range(1, k + 1))))
        else:
            moments.append(add(*(mul(Num(-coefficients[j]), moments[k - s + j]) for j in range(s) if coefficients[j]))
                           if any(coefficients[:s]) else ZERO)
            cumulants.append(sub(moments[k], add(*(mul(Num(Fraction(comb(k - 1, j - 1))), cumulants[j], moments[k - j])
                                                   for j in range(1, k)))))
    return cumulants[r]


__all__ = ["RULE", "Moments", "cumulant_of_values"]
