"""Proofs about densities: which measures to lift to, and which u in log u <= u - 1.

Method.  1. Candidate measures are the weights of the claim's own integrals, and the full joint laws;
every integral goes to the first that it lifts to, in all its places with equal shares (so squares
and copies come out symmetric).  2. An equality needs no more.  3. For an inequality what is left is a
linear form T in logs of densities.  First T = -l log u directly; then T as a nonnegative combination
of instances, found by exact linear programming: I(i;j|K) of the measure (Yeung 1997, IEEE T-IT 43,
1924), another law's conditional against the measure's own, concavity of log, terms of a sum against
the sum, conditional probabilities for counting measure.

The certificate convinces because the kernel lifts, compares and integrates again; nothing found here
is believed.  What it cannot do: inequalities that no such instances imply (non-Shannon), measures
that are not in the claim, multipliers that are not rational or one parameter's polynomial.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from math import gcd, lcm
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.density_form import (
    Atom, Density, Log, Mono, Normal, Opaque, Poly, Prime, Sum, by_densities, cleared, factored, log_normal, mass, mono,
    mono_names, names_in, of_mono, poly_names, power, rename_mono, rename_poly, scalar_term, times,
)
from ..kernel.density_gaussian import by_degree
from ..kernel.density_groups import assumed, difference, lifts, reweighed
from ..kernel.density_reading import Piece, Reader
from ..kernel.evidence import Evidence, Reject
from ..kernel.field import CannotNormalise
from ..kernel.linear import nonnegative_solution
from ..kernel.prove import discharge
from ..kernel.rule_density_equal import check as check_equality
from ..kernel.rule_gibbs import check as check_inequality
from ..kernel.rule_gibbs import check_equal, opened_goal
from ..kernel.term import (
    ONE, App, Bind, Law, Malformed, Num, Scalar, Space, Term, Var, app, conjuncts, free_names, mul, num, subterms,
    to_json,
)

Certificate = dict[str, Any]
MAX_PLACES = 24
MAX_COLUMNS = 260
_FAILURES = (Reject, CannotNormalise, Malformed, KeyError, IndexError, ValueError, RecursionError)


def prove_density(s: Sequent, search: Any = None) -> Iterator[Certificate]:
    """Certificates for a sequent about densities, already accepted once by the kernel's rules."""
    if not about_densities(s):
        return
    goal = s.goal
    if search is not None:
        yield from _integrated(s, search)
    try:
        if isinstance(goal, App) and goal.head == "=":
            yield from _equality(s)
        if isinstance(goal, App) and goal.head in ("<=", ">=", "<", ">"):
            yield from _inequality(s)
        if isinstance(goal, App) and goal.head == "=" or isinstance(goal, Bind) and goal.head == "forall":
            yield from _equality_case(s)
    except _FAILURES:
        return


def weights_at_their_ends(s: Sequent, search: Any) -> Iterator[Certificate]:
    """0 <= a <= 1 in a mixture a p + (1 - a) q: a = 0, a = 1, and between, where both densities count."""
    if not (about_densities(s) and isinstance(s.goal, App) and s.goal.head in ("=", "<=", ">=")):
        return
    weights = [t.inner[0] for t in subterms(s.goal) if isinstance(t, Bind) and t.head in ("E", "KL")]
    inside = {n for w in weights for n in free_names(w)}
    needed = discharge(definedness(s.goal, s), s)
    s = s.assuming(*needed)
    for a in (c for f in s.assumptions for c in conjuncts(f)):
        match a:
            case App("<=" | ">=", (Var(name), Num() as end)) | App("<=" | ">=", (Num() as end, Var(name))) if (
                    name in inside and isinstance(s.declarations.get(name), Scalar)):
                equation, other = app("=", Var(name), end), app("!=", Var(name), end)
                if equation in s.assumptions or other in s.assumptions:
                    continue
                between = search.prove(s.assuming(other))
                there = None if between is None else search.prove(s.assuming(equation))
                if there is not None:
                    proof = {"rule": "cases", "on": to_json(equation), "parts": [there, between]}
                    yield {"rule": "where-defined", "proof": proof} if needed else proof
                return


def expectations_as_numbers(s: Sequent, search: Any) -> Iterator[Certificate]:
    """Expectations in sums over an index, beside deltas, under functions: the rest is about numbers."""
    from ..kernel.rule_numbers import numbers_put_in

    if not about_densities(s):
        return
    try:
        premise = numbers_put_in(s)
    except _FAILURES:
        return
    proof = search.prove(premise)
    if proof is not None:
        yield {"rule": "numbers", "proof": proof}


def about_densities(s: Sequent) -> bool:
    return any(isinstance(k, (Law, Space)) for k in s.declarations.values()) or any(
        isinstance(t, Bind) and any(isinstance(k, Space) for k in t.sorts) for t in subterms(s.goal))


def _integrated(s: Sequent, search: Any) -> Iterator[Certificate]:
    """Integrals against normal densities evaluated, and the rest left to the other engines."""
    from ..kernel.rule_integrate import values_put_in

    try:
        goal = values_put_in(s)
    except _FAILURES:
        return
    proof = search.prove(s.with_goal(goal))
    if proof is not None:
        yield {"rule": "integrate", "proof": proof}


# ------------------------------------------------------------------------------ grouping


@dataclass
class Use:
    piece: int
    rename: dict[str, str]
    share: Fraction
    body: Poly
    reweigh: Term | None = None


@dataclass
class Plan:
    """A group in the making."""

    names: list[tuple[str, str]]
    measure: Mono
    term: Term
    uses: list[Use] = field(default_factory=list)
    entries: list[Certificate] = field(default_factory=list)

    def integrand(self, reader: Reader) -> Poly:
        total = Poly()
        for u in self.uses:
            total = total + u.body.scaled(u.share)
        return cleared(reader.known.rewrite(total))

    def certificate(self) -> Certificate:
        uses = []
        for u in self.uses:
            one: Certificate = {"piece": u.piece, "share": str(u.share), "rename": u.rename}
            if u.reweigh is not None:
                one["reweigh"] = to_json(u.reweigh)
            uses.append(one)
        return {"names": [list(n) for n in self.names], "measure": to_json(self.term), "uses": uses,
                "terms": self.entries}


class Grouping:
    def __init__(self, s: Sequent, pieces: Callable[[Reader], list[Piece]],
                 keep_normal: bool = False) -> None:
        self.reader = Reader(s, keep_normal)
        self.pieces = pieces(self.reader)
        for p in self.pieces:
            self.reader.known.learn(self.reader.needed_facts(p))
        self.count = 0

    def plans(self) -> Iterator[list[Plan]]:
        """Ways to group, most promising first."""
        bound = [k for k, p in enumerate(self.pieces) if p.names]
        if not bound:
            yield [Plan([], (), ONE)]
            return
        seen: set[str] = set()
        own = sorted(self._own_measures(), key=lambda c: -len(c[0]))
        joints = self._joints()
        for candidates in (own, own[::-1], joints + own):
            plans = self._cover(candidates, bound)
            if plans is None:
                continue
            key = repr([p.measure for p in plans])
            if key not in seen:
                seen.add(key)
                yield plans

    def _own_measures(self) -> list[tuple[tuple[tuple[str, str], ...], Mono]]:
        out = []
        for p in self.pieces:
            if p.names:
                out.append((p.names, p.weight))
                r = self._factor(p)
                if r is not None:
                    out.append((p.names, times(p.weight, r)))
        return out

    def _joints(self) -> list[tuple[tuple[tuple[str, str], ...], Mono]]:
        """The full joint density of each law without a condition."""
        out = []
        for name, sort in self.reader.sequent.declarations.items():
            if isinstance(sort, Law) and not sort.given and len(sort.own) <= 6:
                spaces = [self.reader.sorts.get(k) for k in sort.own]
                names = tuple((self._fresh(k), s.measure) for k, s in zip(sort.own, spaces, strict=True)
                              if isinstance(s, Space))
                own = tuple(sorted((k, n) for k, (n, _) in zip(sort.own, names, strict=True)))
                out.append((names, mono([(Density(name, own, ()), 1)])))
        return out

    def _fresh(self, stem: str) -> str:
        self.count += 1
        stem = stem.split("'")[0]
        while f"{stem}_{self.count}" in self.reader.sorts:
            self.count += 1
        return f"{stem}_{self.count}"

    def _factor(self, p: Piece) -> Mono | None:
        """The quotient of densities that every summand of the integrand contains."""
        parts = [mono(f for f in m if isinstance(f[0], Density)) for m, _ in p.body.terms]
        if not parts or not parts[0] or any(q != parts[0] for q in parts):
            return None
        return parts[0]

    def _cover(self, candidates: list[tuple[tuple[tuple[str, str], ...], Mono]], bound: list[int]
               ) -> list[Plan] | None:
        left = list(bound)
        plans: list[Plan] = []
        for names, weight in candidates:
            if not left:
                break
            by = {n: self._fresh(n) for n, _ in names}
            measure = rename_mono(weight, by)
            group = [(by[n], s) for n, s in names]
            for n, s in group:
                self.reader.sorts[n] = Space(s)
            plan = Plan(group, measure, self.reader.mono_term(measure))
            for k in list(left):
                uses = self._places(k, plan)
                if uses:
                    plan.uses += uses
                    left.remove(k)
            if plan.uses:
                plans.append(plan)
        return None if left else plans

    def _places(self, k: int, plan: Plan) -> list[Use]:
        p = self.pieces[k]
        forms: list[tuple[Piece, Term | None]] = [(p, None)]
        factor = self._factor(p)
        if factor is not None:
            t = self.reader.mono_term(factor)
            try:
                forms.insert(0, (reweighed(self.reader, p, t, "search"), t))
            except Reject:
                pass
        for form, reweigh in forms:
            found = []
            for by in self._assignments(form, plan):
                rest = [n for n, _ in plan.names if n not in by.values()]
                try:
                    if lifts(self.reader, plan.measure, rest, rename_mono(form.weight, by)):
                        found.append((by, rename_poly(form.body, by)))
                except Reject:
                    continue
                if len(found) > MAX_PLACES:
                    break
            if found:
                share = Fraction(1, len(found))
                return [Use(k, by, share, body, reweigh) for by, body in found]
        return []

    def _assignments(self, form: Piece, plan: Plan) -> Iterator[dict[str, str]]:
        """Where the variables of an integral may stand: its densities on densities of the measure, if it is a product
        of such; else all injections, of a few variables."""
        names, places = dict(form.names), dict(plan.names)
        known = self.reader.known
        above = list(dict.fromkeys(b for m in (plan.measure, known.rewrite_mono(plan.measure)) for b, e in m
                                   if e > 0 and isinstance(b, Density)))
        seen: list[dict[str, str]] = []
        for weight in dict.fromkeys((form.weight, known.rewrite_mono(form.weight))):
            upper = [a for a, e in weight if e > 0 and names_in(a) & names.keys()]
            if all(isinstance(a, Density) for a in upper) and names.keys() <= mono_names(mono((a, 1) for a in upper)):
                for by in _matched([a for a in upper if isinstance(a, Density)], above, names, places, {}):
                    if by not in seen:
                        seen.append(by)
                        yield by
        if seen:
            return
        if len(names) > 4 or len(places) > 5:
            return
        for choice in itertools.permutations(places, len(names)):
            if all(places[m] == s for (_, s), m in zip(form.names, choice, strict=True)):
                yield dict(zip(names, choice, strict=True))

    def scalars(self) -> list[Use]:
        return [Use(k, {}, Fraction(1), p.body) for k, p in enumerate(self.pieces) if not p.names]


def _matched(left: list[Density], above: list[Density], names: dict[str, str], places: dict[str, str],
             by: dict[str, str]) -> Iterator[dict[str, str]]:
    """Each density in ``left`` a marginal of one in ``above``, no two variables in one place."""
    if not left:
        yield dict(by)
        return
    a, *rest = left
    for b in above:
        theirs = dict(b.own)
        if a.law != b.law or not {k for k, _ in a.own} <= theirs.keys() or [k for k, _ in a.given] != [
                k for k, _ in b.given]:
            continue
        new = dict(by)
        for v, w in [*((v, theirs[k]) for k, v in a.own), *zip((v for _, v in a.given), (v for _, v in b.given),
                                                                strict=True)]:
            if v not in names:
                if v != w:
                    break
            elif names[v] != places.get(w) or new.setdefault(v, w) != w:
                break
        else:
            if len(set(new.values())) == len(new):
                yield from _matched(rest, above, names, places, new)


# ------------------------------------------------------------------------------ equality


def _uses_of_assumptions(s: Sequent) -> Iterator[Certificate]:
    """None; then each assumption about expectations, with small factors; then two of them."""
    yield {}
    found: list[tuple[int, int, bool]] = []
    for k, a in enumerate(s.assumptions):
        for j, c in enumerate(conjuncts(a)):
            if isinstance(c, App) and c.head in ("=", "<=", ">=", "<", ">") and any(
                    isinstance(t, Bind) and t.head in ("E", "KL") for t in subterms(c)):
                found.append((k, j, c.head == "="))
    single = [{"assumption": k, "conjunct": j, "factor": factor} for k, j, equation in found[:3]
              for factor in (("-1", "1") if equation else ("-1",))]
    for n in (1, 2):
        for chosen in itertools.combinations(single, n):
            if len({(u["assumption"], u["conjunct"]) for u in chosen}) == n:
                yield {"assumed": list(chosen)}


def _difference(s: Sequent, extra: Certificate, relations: tuple[str, ...]) -> Callable[[Reader], list[Piece]]:
    def pieces(r: Reader) -> list[Piece]:
        return [*difference(r, s.goal, relations, "search"), *assumed(r, s, extra, "search")]

    return pieces


def _equality(s: Sequent) -> Iterator[Certificate]:
    for using in _uses_of_assumptions(s):
        for plans in Grouping(s, _difference(s, using, ("=",))).plans():
            c: Certificate = {"rule": "density-equal", "groups": [p.certificate() for p in plans if p.uses], **using}
            for extra in ({}, {"remainder": {"rule": "field"}}):
                if _accepted(check_equality, s, {**c, **extra}):
                    yield {**c, **extra}
                    return


def _accepted(rule: Callable[..., Evidence], s: Sequent, c: Certificate) -> bool:
    from ..kernel.prove import prove

    try:
        rule(s, c, prove)
        return True
    except _FAILURES:
        return False


# ------------------------------------------------------------------------------ inequality


def _inequality(s: Sequent) -> Iterator[Certificate]:
    for using in _uses_of_assumptions(s):
        for keep in (False, True):
            grouping = Grouping(s, _difference(s, using, ("<=", ">=", "<", ">")), keep)
            if keep and not any(isinstance(a, Normal) for p in grouping.pieces for a, _ in p.weight):
                break
            for plans in grouping.plans():
                for with_scalars in (True, False):
                    c = _with_entries(grouping, plans, with_scalars)
                    if c is None:
                        continue
                    full = {"rule": "gibbs", **({"keep-normal": True} if keep else {}), **using, **c}
                    if _accepted(check_inequality, s, full):
                        yield full
                        return


def _with_entries(grouping: Grouping, plans: list[Plan], with_scalars: bool) -> Certificate | None:
    scalars = grouping.scalars()
    if not plans or not scalars and with_scalars:
        return None if plans else {"groups": []}
    first = Plan(plans[0].names, plans[0].measure, plans[0].term, list(plans[0].uses))
    if with_scalars:
        first.uses += scalars
    for plan in (first, *plans[1:]):
        found = Instances(grouping.reader, plan).cover(plan.integrand(grouping.reader))
        if found is None:
            return None
        plan.entries = found
    return {"groups": [p.certificate() for p in (first, *plans[1:])]}


LinearForm = dict[Atom, Fraction]


def linear(p: Poly) -> tuple[LinearForm, Poly] | None:
    """The logs of a polynomial with rational coefficients, and the rest."""
    form: LinearForm = {}
    rest = Poly()
    for m, c in p.terms:
        logs = [(a, e) for a, e in m if isinstance(a, Log)]
        value = m[0][0].term if len(m) == 1 and m[0][1] == 1 and isinstance(m[0][0], Opaque) else None
        if isinstance(value, App) and value.head == "at":
            form[Opaque(App("exp", (value,)))] = c      # f(x) = log exp f(x)
        elif not logs:
            rest = rest + of_mono(m, c)
        elif len(m) == 1 and logs[0][1] == 1 and isinstance(logs[0][0], Log):
            form[logs[0][0].of] = c
        else:
            return None
    return form, rest


@dataclass
class Column:
    entry: Certificate
    form: LinearForm


class Instances:
    """Nonnegative contributions for one group."""

    def __init__(self, reader: Reader, plan: Plan) -> None:
        self.reader, self.plan = reader, plan
        self.names = [n for n, _ in plan.names]

    def cover(self, target: Poly) -> list[Certificate] | None:
        """Entries whose sum is the target up to a constant."""
        if target.rational is not None or self.names and not poly_names(target) & set(self.names):
            return []
        return (self._signed(target) or self._logs(target) or self._scaled(target)
                or self._normal(target) or self._weighted_sum(target))

    def _weighted_sum(self, target: Poly) -> list[Certificate] | None:
        """log (a p + b q) - a log p - b log q for parameters a, b: concavity, by log u <= u - 1 at p/(a p + b q)."""
        for m, c in target.terms:
            if len(m) != 1 or c <= 0 or not (isinstance(m[0][0], Log) and isinstance(m[0][0].of, Sum) and m[0][1] == 1):
                continue
            whole = m[0][0].of
            entry = {"kind": "log", "lambda": str(c), "parts": [
                {"weight": to_json(scalar_term(k)), "u": to_json(self._term(times(u, ((whole, -1),))))}
                for u, k in by_densities(whole.poly, self.names).items()]}
            left = self._left(target, entry)
            if left is None:
                continue
            if not poly_names(left) & set(self.names):
                return [entry]
            others = self._logs(left) or self._scaled(left)
            if others is not None:
                return [entry, *others]
        return None

    def _left(self, target: Poly, entry: Certificate) -> Poly | None:
        from ..kernel.density_groups import Group
        from ..kernel.rule_gibbs import Entry

        g = Group(tuple(self.names), self.plan.measure, Poly(), ())
        try:
            return target - Entry(self.reader, g, entry).contribution(strict=False)
        except _FAILURES:
            return None

    def _signed(self, target: Poly) -> list[Certificate] | None:
        atoms = [a for m, _ in target.terms for a, _ in m]
        if not all(isinstance(a, Opaque) for a in atoms):
            return None
        t = self.reader.poly_term(target)
        if self.reader.scalar_sign(t) in ("+", "0+", "0"):
            return [{"kind": "sign", "lambda": "1", "term": to_json(t)}]
        return None

    def _logs(self, target: Poly) -> list[Certificate] | None:
        parts = linear(target)
        if parts is None:
            return None
        form, rest = parts
        entries: list[Certificate] = []
        for m, c in rest.terms:
            if mono_names(m) & set(self.names):
                if c > 0:
                    return None
                entries.append({"kind": "linear", "lambda": str(-c), "parts": [
                    {"weight": "1", "u": to_json(self.reader.mono_term(m))}]})
        if not form:
            return entries
        whole, plain = self._direct(form)
        for column in whole:
            if self._valid(column):
                return [*entries, column.entry]
        if (found := self._program(form)) is not None:
            return entries + found
        for column in plain:        # leaves a number, which another group or a scalar may pay for
            if self._valid(column):
                return [*entries, column.entry]
        return None

    def _scaled(self, target: Poly) -> list[Certificate] | None:
        """A parameter in the target: T0 + b T1 = (T0 + k T1) + (b - k) T1, b - k of known sign."""
        by_parameter: dict[Mono, LinearForm] = {}
        for m, c in target.terms:
            inside = mono(f for f in m if names_in(f[0]) & set(self.names))
            outside = mono(f for f in m if not names_in(f[0]) & set(self.names))
            if len(inside) == 1 and inside[0][1] == 1 and isinstance(inside[0][0], Log):
                by_parameter.setdefault(outside, {})[inside[0][0].of] = c
            elif inside:
                return None
            elif len(outside) == 1 and isinstance(outside[0][0], Log) and outside[0][1] == 1:
                by_parameter.setdefault((), {})[outside[0][0].of] = c
        plain = by_parameter.pop((), {})
        if len(by_parameter) != 1:
            return None
        parameter, form = by_parameter.popitem()
        for k in sorted(self._bounds() | {Fraction(0)}, key=lambda v: (v != 0, v)):
            for sign in (1, -1):
                factor = self.reader.poly_term((of_mono(parameter) + of_mono((), -k)).scaled(sign))
                if self.reader.scalar_sign(factor) not in ("+", "0+", "0"):
                    continue
                scaled = self._scaled_entry({a: sign * c for a, c in form.items()}, factor)
                rest = dict(plain)
                for a, c in form.items():
                    rest[a] = rest.get(a, Fraction(0)) + k * c
                left = self._logs(Poly.of((((Log(a), 1),), c) for a, c in rest.items())) if any(
                    rest.values()) else []
                if scaled is not None and left is not None:
                    return [scaled, *left]
        return None

    def _normal(self, target: Poly) -> list[Certificate] | None:
        """T = -log u with normal densities in u: one of the measure below, one read off the squares."""
        mine = [a for a, e in self.plan.measure if isinstance(a, Normal) and e == 1]
        for below in (None, *mine):
            rest = target if below is None else target - log_normal(below)
            for name, measure in self.plan.names:
                above = self._read_off(rest, name) if measure == "lebesgue" else None
                if above is None and below is None:
                    continue
                left = rest if above is None else rest + log_normal(above)
                parts = linear(cleared(left))
                if parts is None or parts[1].terms or any(c.denominator != 1 for c in parts[0].values()):
                    continue
                u = mono([*((a, int(-c)) for a, c in parts[0].items()),
                          *([(above, 1)] if above is not None else []),
                          *([(below, -1)] if below is not None else [])])
                column = self._column("log", [(Fraction(1), u)])
                if self._valid(column):
                    return [column.entry]
        return None

    def _read_off(self, p: Poly, name: str) -> Normal | None:
        """The normal density whose -log has the squares of p."""
        parts = by_degree(p, name, strict=False)
        if parts is None or max(parts, default=0) != 2:
            return None
        k, m = factored(parts[2])
        variance = cleared(of_mono(power(m, -1), Fraction(1, 2) / k))
        if self.reader.scalar_sign(self.reader.poly_term(variance)) != "+":
            return None
        return Normal(name, cleared(-(parts.get(1, Poly()) * variance)), variance)

    def _bounds(self) -> set[Fraction]:
        return {t.value for a in self.reader.sequent.assumptions for t in subterms(a) if isinstance(t, Num)}

    def _scaled_entry(self, form: LinearForm, factor: Term) -> Certificate | None:
        for column in self._direct(form)[0]:
            if self._valid(column):
                return {**column.entry, "lambda": to_json(mul(num(column.entry["lambda"]), factor))}
        return None

    # ------------------------------------------------------------------ columns

    def _direct(self, form: LinearForm) -> tuple[list[Column], list[Column]]:
        """T = -l log u; and the same without the numbers in T."""
        plain: LinearForm = {a: c for a, c in form.items() if not isinstance(a, Prime)}
        return self._single(form), self._single(plain) if len(plain) < len(form) else []

    def _single(self, form: LinearForm) -> list[Column]:
        if not form:
            return []
        top = reduce(gcd, (c.numerator for c in form.values()))
        bottom = reduce(lcm, (c.denominator for c in form.values()))
        scale = Fraction(abs(top), bottom)
        u = mono((a, int(-c / scale)) for a, c in form.items())
        return [self._column(kind, [(Fraction(1), u)], scale) for kind in ("log", "bound")]

    def _column(self, kind: str, parts: list[tuple[Fraction, Mono]], scale: Fraction = Fraction(1)) -> Column:
        form: LinearForm = {}
        for w, u in parts:
            for a, e in u:
                form[a] = form.get(a, Fraction(0)) - w * e
        entry = {"kind": kind, "lambda": str(scale), "parts": [
            {"weight": str(w), "u": to_json(self._term(u))} for w, u in parts]}
        return Column(entry, {a: c for a, c in form.items() if c})

    def _term(self, u: Mono) -> Term:
        return self.reader.mono_term(u)

    def _valid(self, column: Column) -> bool:
        """Whether the kernel takes this instance."""
        from ..kernel.density_groups import Group
        from ..kernel.rule_gibbs import Entry

        g = Group(tuple(self.names), self.plan.measure, Poly(), ())
        try:
            Entry(self.reader, g, column.entry).contribution(strict=False)
            return True
        except _FAILURES:
            return False

    def _program(self, form: LinearForm) -> list[Certificate] | None:
        columns = list(itertools.islice(self._columns(form), MAX_COLUMNS))
        unique: dict[str, Column] = {}
        for c in columns:
            if c.form:
                unique.setdefault(repr(sorted((repr(a), v) for a, v in c.form.items())), c)
        columns = [c for c in unique.values() if self._valid(c)]
        atoms = sorted({a for c in columns for a in c.form} | set(form), key=repr)
        rows = [a for a in atoms if not isinstance(a, Prime)]
        numbers = [a for a in atoms if isinstance(a, Prime)]
        if not columns or any(all(a not in c.form for c in columns) for a in form if a in rows):
            return None
        matrix = [[c.form.get(a, Fraction(0)) for c in columns] + [Fraction(0)] * len(numbers) for a in rows]
        goal = [form.get(a, Fraction(0)) for a in rows]
        for k, a in enumerate(numbers):     # what is left of log 2, log 3 must not be negative
            slack = [Fraction(int(j == k)) for j in range(len(numbers))]
            matrix.append([c.form.get(a, Fraction(0)) for c in columns] + slack)
            goal.append(form.get(a, Fraction(0)))
        solution = nonnegative_solution(matrix, goal)
        if solution is None:
            return None
        return [{**c.entry, "lambda": str(v)} for c, v in zip(columns, solution, strict=False) if v > 0]

    def _columns(self, form: LinearForm) -> Iterator[Column]:
        margins = self._margins()
        full = tuple(sorted(self.names))
        for a in form:
            if isinstance(a, Sum):
                yield from self._of_sum(a)
        for i, j in itertools.combinations(full, 2):
            others = [n for n in full if n not in (i, j)]
            for size in range(len(others) + 1):
                for rest in itertools.combinations(others, size):
                    sets = [frozenset(x) for x in ((i, *rest), (j, *rest), (i, j, *rest), rest)]
                    if all(x in margins for x in sets):
                        u = times(margins[sets[0]], margins[sets[1]], power(margins[sets[2]], -1),
                                  power(margins[sets[3]], -1))
                        yield self._column("log", [(Fraction(1), u)])
        for small, large in itertools.product(margins, repeat=2):
            if small < large:
                yield self._column("bound", [(Fraction(1), times(margins[large], power(margins[small], -1)))])
        yield from self._against_other_laws(margins)

    def _margins(self) -> dict[frozenset[str], Mono]:
        out = {}
        for size in range(len(self.names) + 1):
            for keep in itertools.combinations(self.names, size):
                summed = mass(self.plan.measure, [n for n in self.names if n not in keep])
                if not summed.left:
                    out[frozenset(keep)] = summed.value
        return out

    def _of_sum(self, a: Sum) -> Iterator[Column]:
        total = sum((c for _, c in a.poly.terms), Fraction(0))
        if total <= 0 or any(c <= 0 for _, c in a.poly.terms):
            return
        inverse: Mono = ((a, -1),)
        number = _rational_mono(total)
        yield self._column("log", [
            (c / total, times(m, number, inverse)) for m, c in a.poly.terms])
        for m, c in a.poly.terms:
            yield self._column("bound", [(Fraction(1), times(m, _rational_mono(c), inverse))])
        n = len(a.poly.terms)
        if n in (3, 4):         # the sums with one term left out: together n - 1 times the sum
            parts = []
            for k in range(n):
                c, m = factored(Poly.of(f for j, f in enumerate(a.poly.terms) if j != k))
                parts.append((Fraction(1, n), times(m, _rational_mono(c * Fraction(n, n - 1)), inverse)))
            yield self._column("log", parts)

    def _against_other_laws(self, margins: dict[frozenset[str], Mono]) -> Iterator[Column]:
        """u = r(A|C)/mu(A|D) for every declared law r whose labels have values here."""
        values = self._values()
        for law, sort in self.reader.sequent.declarations.items():
            if not isinstance(sort, Law):
                continue
            labels = [k for k in sort.own + sort.given if values.get(k)]
            if any(k not in labels for k in sort.given):
                continue
            for own, given in _splits(sort, labels):
                for chosen in itertools.product(*(values[k] for k in (*own, *given))):
                    if len(set(chosen)) != len(chosen) or not set(chosen[:len(own)]) <= set(self.names):
                        continue
                    at = dict(zip((*own, *given), chosen, strict=True))
                    upper = _density(law, sort, own, given, at)
                    mine = frozenset(at[k] for k in own)
                    for d in margins:
                        if not d & mine and (mine | d) in margins:
                            u = times(upper, margins[d], power(margins[mine | d], -1))
                            yield self._column("log", [(Fraction(1), u)])

    def _values(self) -> dict[str, list[str]]:
        """label -> the names that stand at it, in the measure or free."""
        out: dict[str, list[str]] = {}
        stack: list[Any] = [self.plan.measure, *(u.body for u in self.plan.uses)]
        while stack:
            x = stack.pop()
            if isinstance(x, Density):
                for k, v in x.own + x.given:
                    if not v.startswith("~") and v not in out.setdefault(k, []) and (
                            v in self.names or "'" not in v):
                        out[k].append(v)
            elif isinstance(x, Poly):
                stack.extend(m for m, _ in x.terms)
            elif isinstance(x, Sum):
                stack.append(x.poly)
            elif isinstance(x, Log):
                stack.append(x.of)
            elif isinstance(x, tuple):
                stack.extend(x)
        return {k: sorted(v) for k, v in out.items()}


def _splits(sort: Law, labels: list[str]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    mine = [k for k in labels if k in sort.own]
    for size in range(1, len(mine) + 1):
        for own in itertools.combinations(mine, size):
            others = [k for k in mine if k not in own]
            for n in range(len(others) + 1):
                for more in itertools.combinations(others, n):
                    yield own, (*more, *sort.given)


def _density(law: str, sort: Law, own: tuple[str, ...], given: tuple[str, ...], at: dict[str, str]) -> Mono:
    fixed = tuple(sorted((k, at[k]) for k in sort.given))
    known = tuple(sorted((k, at[k]) for k in given if k not in sort.given))
    whole = Density(law, tuple(sorted([*((k, at[k]) for k in own), *known])), fixed)
    return mono([(whole, 1), (Density(law, known, fixed), -1)]) if known else mono([(whole, 1)])


def _rational_mono(c: Fraction) -> Mono:
    from ..kernel.density_form import primes

    up, down = primes(c.numerator), primes(c.denominator)
    return mono([*((Prime(p), e) for p, e in up.items()), *((Prime(p), -e) for p, e in down.items())])


# ------------------------------------------------------------------------------ the equality case


def _equality_case(s: Sequent) -> Iterator[Certificate]:
    """``d1 = d2`` almost everywhere from an assumed equality of functionals."""
    for k, a in enumerate(s.assumptions):
        for j, equation in enumerate(conjuncts(a)):
            if not (isinstance(equation, App) and equation.head == "="):
                continue
            for flip in (False, True):
                yield from _from_equation(s, k, j, equation, flip)


def _from_equation(s: Sequent, k: int, j: int, equation: Term, flip: bool) -> Iterator[Certificate]:
    from dataclasses import replace

    def pieces(r: Reader) -> list[Piece]:
        found = difference(r, equation, ("=",), "search")
        return [replace(p, body=-p.body, extended=False) for p in found] if flip else found

    try:
        grouping = Grouping(s, pieces)
    except _FAILURES:
        return
    after, goal = opened_goal(s)
    places = [n for n, sort in after.sorts.items() if isinstance(sort, Space) and n in free_names(goal)]
    if not (isinstance(goal, App) and goal.head == "="):
        return
    for plans in grouping.plans():
        for with_scalars in (True, False):
            c = _with_entries(grouping, plans, with_scalars)
            if c is None:
                continue
            for g in c["groups"]:
                for choice in itertools.islice(itertools.permutations(places, len(g["names"])), 24):
                    rename = {n: m for (n, _), m in zip(g["names"], choice, strict=True)}
                    parts = sum(len(e.get("parts", ())) for h in c["groups"] for e in h["terms"])
                    for part in range(parts):
                        full = {"rule": "gibbs-equal", "assumption": k, "conjunct": j, "flip": flip,
                                "part": part, "rename": rename, **c}
                        if _accepted(check_equal, s, full):
                            yield full
                            return


__all__ = ["about_densities", "prove_density"]
