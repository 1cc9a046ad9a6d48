"""Expectations compared by their moments: which squares and which pointwise inequalities to use.

Method.  1. Both sides split into canonical functionals (kernel/density_moments): an identity needs no more.
2. b - a as nonnegative combination, found by exact linear programming, of the split forms of
   E (u - v)^2      u, v among the random terms of the claim, their means and conditional means;
   E (u v' - u' v)^2    over two copies (Cauchy-Schwarz), centred or not;
   E (F(u) - F(m) - F'(m)(u - m))     for each mean m = E u and each E F(u) of the claim: the tangent at the mean;
   the claim's own difference under one E, if it is linear in expectations under one law.
The last two need F convex, or the integrand nonnegative: shown pointwise by the other engines in real variables.
Wasserman, All of Statistics, ch. 3 and 4; Rockafellar, Convex Analysis, sec. 25 (no page).

What it cannot do: multipliers that are not rational; sums of squares of polynomials of a higher degree.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.density_form import Poly
from ..kernel.density_groups import difference
from ..kernel.density_moments import Moments
from ..kernel.density_reading import Reader
from ..kernel.density_terms import over_variables, summands
from ..kernel.definedness import definedness
from ..kernel.derivative import derivative
from ..kernel.evidence import Reject
from ..kernel.field import CannotNormalise
from ..kernel.kinds import is_real
from ..kernel.linear import nonnegative_solution
from ..kernel.prove import discharge
from ..kernel.rule_expectation import check, pointwise_sequent, sources, value
from ..kernel.rule_injective import FUNCTIONS
from ..kernel.term import (
    ONE, REAL, ZERO, App, Bind, Law, Malformed, Num, Space, Term, Var, alpha, app, children, fresh, free_names, mul,
    num, sub, substitute, subterms, to_json,
)

from . import conditional_means

Certificate = dict[str, Any]
MAX_SQUARES = 60
_FAILURES = (Reject, CannotNormalise, Malformed, KeyError, IndexError, ValueError, RecursionError)


def identities(s: Sequent, search: Any) -> Iterator[Certificate]:
    """Equations by their moments alone: cheap."""
    if _about_expectations(s, ("=",)):
        yield from _guarded(_identity(s))


def same_functions(s: Sequent, search: Any) -> Iterator[Certificate]:
    """log A = log B and its kin: equal functionals under one function, place by place."""
    match s.goal:
        case App("=", (App(f, args), App(g, others))) if (
                f == g and f in FUNCTIONS and len(args) == len(others) and _under_a_function(s.goal)):
            here = s.assuming(*discharge(definedness(s.goal, s), s))
            parts = []
            for a, b in zip(args, others, strict=True):
                proof = search.prove(here.with_goal(app("=", a, b)))
                if proof is None:
                    return
                parts.append(proof)
            yield {"rule": "congruent", "parts": parts}


def _under_a_function(t: Term) -> bool:
    """An integral stands under exp, log or a root."""
    return any(isinstance(u, App) and u.head in ("exp", "log", "sqrt", "abs") and any(
        isinstance(v, Bind) and v.head in ("E", "KL", "integral") and over_variables(v) for v in subterms(u))
               for u in subterms(t))


def inequalities(s: Sequent, search: Any) -> Iterator[Certificate]:
    """What takes a search for squares and for proofs at each point."""
    if _about_expectations(s, ("=",)):
        yield from _guarded(_equal(s, search))
    elif _about_expectations(s, ("<=", ">=")):
        yield from _guarded(_modulus(s, search))
        yield from _guarded(_bounded(s, search))


def _modulus(s: Sequent, search: Any) -> Iterator[Certificate]:
    """|E f| <= b from E f <= b and -E f <= b."""
    if not isinstance(s.goal, App):
        return
    small, large = s.goal.args if s.goal.head == "<=" else s.goal.args[::-1]
    if isinstance(small, App) and small.head == "abs":
        here = s.assuming(*discharge(definedness(s.goal, s), s))
        goals = [here.with_goal(app("<=", u, large)) for u in (small.args[0], app("neg", small.args[0]))]
        found = [next(_guarded(_bounded(g, search)), None) for g in goals]
        if None not in found:
            yield {"rule": "largest", "parts": found}


def _about_expectations(s: Sequent, relations: tuple[str, ...]) -> bool:
    goal = s.goal
    return isinstance(goal, App) and goal.head in relations and any(
        isinstance(t, Bind) and t.head in ("E", "KL", "integral") and over_variables(t) for t in subterms(goal))


def _guarded(found: Iterator[Certificate]) -> Iterator[Certificate]:
    try:
        yield from found
    except _FAILURES:
        return


def _equal(s: Sequent, search: Any) -> Iterator[Certificate]:
    yield from Inequality(s, search).equal()


def _bounded(s: Sequent, search: Any) -> Iterator[Certificate]:
    yield from Inequality(s, search).certificates()


def _accepted(s: Sequent, c: Certificate) -> bool:
    from ..kernel.prove import prove

    try:
        check(s, c, prove)
        return True
    except _FAILURES:
        return False


def _identity(s: Sequent) -> Iterator[Certificate]:
    for extra in ({}, {"nested": True}, {"remainder": {"rule": "field"}}):
        if _accepted(s, {"rule": "expectation", **extra}):
            yield {"rule": "expectation", **extra}
            return


class Inequality:
    """What may be added to the smaller side."""

    def __init__(self, s: Sequent, search: Any) -> None:
        self.s, self.search = s, search
        self.reader = Reader(s)
        pieces = difference(self.reader, s.goal, ("=", "<=", ">="), "search")
        for p in pieces:
            self.reader.known.learn(self.reader.needed_facts(p))
        self.moments = Moments(self.reader)
        self.moments.learn(sources(self.reader, pieces))
        self.pieces = pieces
        self.taken = set(s.declarations) | {n for t in subterms(s.goal) if isinstance(t, Bind) for n in t.names}

    def equal(self) -> Iterator[Certificate]:
        """b - a = int g, g = 0 at each point."""
        for entries in itertools.chain(conditional_means.equal(self), self._merged()):
            yield from self._if_accepted(entries)

    def certificates(self) -> Iterator[Certificate]:
        for entries in itertools.chain(self._merged(), self._as_numbers()):
            yield from self._if_accepted(entries)
        if not any(t.head == "E" for t in _closed(self.s)):
            return
        known = conditional_means.relations(self)
        target, taken = conditional_means.reduced(self, value(self.moments, self.pieces), known)
        columns: list[tuple[Term, Poly, Certificate]] = []
        for make in (lambda: (), lambda: conditional_means.columns(self), self._tangents, self._squares):
            columns += list(make())
            without = [conditional_means.reduced(self, p, known) for _, p, _ in columns]
            found = self._combination(target, [(t, p, extra) for (t, _, extra), (p, _) in zip(
                columns, without, strict=True)])
            if found is None:
                continue
            away = {repr(to_json(t)): u for (t, _, _), (_, u) in zip(columns, without, strict=True)}
            zeros = conditional_means.added(self, taken + [
                (f, t, -c*Fraction(entry["lambda"])) for entry in found for f, t, c in away[repr(entry["term"])]], ">=")
            if zeros is not None:
                yield from self._if_accepted(found + zeros)
            return

    def _if_accepted(self, entries: list[Certificate]) -> Iterator[Certificate]:
        for extra in ({}, {"nested": True}, {"remainder": {"rule": "field"}}):
            c = {"rule": "expectation", "terms": entries, **extra}
            if _accepted(self.s, c):
                yield c
                return

    def _combination(self, target: Poly, columns: list[tuple[Term, Poly, Certificate]]) -> list[Certificate] | None:
        if not target.terms:
            return []
        if not columns:
            return None
        rows = sorted({m for m, _ in target.terms} | {m for _, p, _ in columns for m, _ in p.terms}, key=repr)
        tables = [dict(p.terms) for _, p, _ in columns]
        goal = dict(target.terms)
        zero = Fraction(0)
        if any(m not in t for m in goal for t in [set().union(*tables)]):
            return None
        solution = nonnegative_solution([[t.get(m, zero) for t in tables] for m in rows],
                                        [goal.get(m, zero) for m in rows])
        if solution is None:
            return None
        return [{"lambda": str(v), "term": to_json(t), **extra}
                for (t, _, extra), v in zip(columns, solution, strict=True) if v > 0]

    def column(self, t: Term, extra: Certificate) -> tuple[Term, Poly, Certificate] | None:
        try:
            return t, value(self.moments, self.reader.pieces(t)), extra
        except _FAILURES:
            return None

    # ------------------------------------------------------------------ pointwise

    def proof(self, e: Bind, weight: Term, goal: Term) -> Certificate | None:
        """A proof of the goal at all values, with what it takes to be positive."""
        densities = any(isinstance(t, App) and t.head == "density" for t in subterms(goal))
        for ratios in ((True, False) if densities else (False,)):
            found = self._proof_with(e, weight, goal, ratios)
            if found is not None:
                return {**found, **({"ratios": True} if ratios else {})}
        return None

    def _proof_with(self, e: Bind, weight: Term, goal: Term, ratios: bool) -> Certificate | None:
        sorts = self._inside(e)
        try:
            inside = self.reader.within(sorts, e.names)
            below, abstract = pointwise_sequent(inside, weight, goal, ratios)
        except _FAILURES:
            return None
        means = []
        facts = []
        for t, name in abstract.names.items():
            if isinstance(t, Bind) and t.head == "E" and (w := self._written_mean(t)) is not None:
                inner = {**sorts, **dict(zip(w.names, w.sorts, strict=True))}
                positive, _ = pointwise_sequent(inside.within(inner), w.inner[0], app(">", w.inner[1], ZERO))
                if not positive.assumptions or (proof := self.search.prove(positive)) is None:
                    continue
                means.append({"term": to_json(w), "proof": proof})
                facts.append(app(">", Var(name), ZERO))
        proof = self.search.prove(below.assuming(*facts))
        if proof is None:
            return None
        return {"proof": proof, **({"means": means} if means else {})}

    def _written_mean(self, key: Term) -> Bind | None:
        for t in subterms(self.s.goal):
            if isinstance(t, Bind) and t.head == "E" and alpha(t) == key:
                names = tuple(f"{n}_mean" for n in t.names)      # no name that the kernel's readers make up
                by: dict[str, Term] = {n: Var(m) for n, m in zip(t.names, names, strict=True)}
                return Bind("E", names, t.sorts, (), tuple(substitute(u, by) for u in t.inner))
        return None

    def _fresh(self, stem: str) -> str:
        name = fresh(stem.split("'")[0] + "'1", self.taken)
        self.taken.add(name)
        return name

    def _inside(self, t: Bind) -> dict[str, Any]:
        return {**self.s.declarations, **dict(zip(t.names, t.sorts, strict=True))}

    def opened(self, t: Bind) -> Bind:
        names = tuple(self._fresh(n) for n in t.names)
        by: dict[str, Term] = {n: Var(m) for n, m in zip(t.names, names, strict=True)}
        return Bind(t.head, names, t.sorts, (), tuple(substitute(u, by) for u in t.inner))

    def _merged(self) -> Iterator[list[Certificate]]:
        """b - a = c_0 + sum c_k E_w f_k  as  E_w (c_0 + sum c_k f_k), or as one integral."""
        a, b = self.s.goal.args if isinstance(self.s.goal, App) else (ZERO, ZERO)
        relation = "=" if getattr(self.s.goal, "head", "") == "=" else ">="
        if getattr(self.s.goal, "head", "") == ">=":
            a, b = b, a
        linear = [(sign, *_expectation(t)) for sign, t in [*summands(b), *((-k, u) for k, u in summands(a))]
                  if t != ZERO]
        integrals = any(e is not None and e.head == "integral" for _, _, e in linear)
        first: Bind | None = None
        inner: list[Term] = []
        for sign, factors, e in sorted(linear, key=lambda x: x[2] is None):
            if e is None:
                if first is None:
                    return
                unit = [self._unit(first)] if integrals else []
                inner.append(mul(*factors, *([] if sign > 0 else [num(-1)]), *unit))
                continue
            if first is None:
                first = self.opened(e)
            placed = self._placed(e, first, integrals)
            if placed is None:
                return
            inner.append(mul(*([] if sign > 0 else [num(-1)]), *factors, placed))
        if first is None:
            return
        g = app("add", *inner) if len(inner) > 1 else inner[0]
        weight = ONE if integrals else _weight(first)
        for more in (None, *self._balanced(first, integrals and relation == ">=")):
            h = g if more is None else app("add", g, more)
            found = self.proof(first, weight, app(relation, h, ZERO))
            if found is not None:
                whole = Bind("integral", first.names, first.sorts, (), (h,)) if integrals else Bind(
                    "E", first.names, first.sorts, (), (weight, h))
                yield [{"lambda": "1", "term": to_json(whole), **found}]
                return

    def _balanced(self, first: Bind, wanted: bool) -> list[Term]:
        """(p - q)/2 and (q - p)/2 of the claim's two densities: their integral is 0."""
        found = self._densities(first)
        values = any(isinstance(t, App) and t.head == "at" for t in subterms(self.s.goal))
        if not (wanted and values and len(found) == 2):
            return []
        p, q = found
        return [mul(num(Fraction(1, 2)), sub(a, b)) for a, b in ((p, q), (q, p))]

    def _densities(self, first: Bind) -> list[Term]:
        """The claim's densities, in the variable."""
        if len(first.names) != 1:
            return []
        return sorted({App("density", (*t.args[:2], Var(first.names[0]))) for t in subterms(self.s.goal)
                       if isinstance(t, App) and t.head == "density" and len(t.args) == 3}, key=repr)

    def _unit(self, first: Bind) -> Term:
        """The mean of the claim's densities in the variable, whose integral is 1."""
        found = self._densities(first)
        return mul(num(Fraction(1, len(found))), app("add", *found)) if found else ONE

    def _as_numbers(self) -> Iterator[list[Certificate]]:
        """Functionals under logarithms and roots as numbers, those positive that are shown to be: log X <= X - 1."""
        if not (isinstance(self.s.goal, App) and _under_a_function(self.s.goal)):
            return
        a, b = self.s.goal.args[::-1] if self.s.goal.head == ">=" else self.s.goal.args
        found = self.proof(Bind("E", (), (), (), (ONE, ZERO)), ONE, app(">=", sub(b, a), ZERO))
        if found is not None:
            yield [{"lambda": "1", "term": to_json(sub(b, a)), **found}]

    def _placed(self, e: Bind, first: Bind, integrals: bool = False) -> Term | None:
        """The integrand of ``e`` in the variables of ``first``, if the weights are the same."""
        if len(e.names) != len(first.names) or e.sorts != first.sorts:
            return None
        by: dict[str, Term] = {n: Var(m) for n, m in zip(e.names, first.names, strict=True)}
        e = Bind(e.head, first.names, e.sorts, (), tuple(substitute(u, by) for u in e.inner))
        if integrals:
            return e.inner[0] if e.head == "integral" else mul(_weight(e), _integrand(e))
        return _integrand(e) if e.head != "integral" and _weight(e) == _weight(first) else None

    def _tangents(self) -> Iterator[tuple[Term, Poly, Certificate]]:
        """E (F(u) - F(m) - F'(m)(u - m)), and its negative, for m = E u."""
        means = [t for t in _closed(self.s) if t.head == "E"]
        for m in means:
            opened = self.opened(m)
            u = opened.inner[1]
            inside = self._inside(opened)
            if isinstance(u, Num) or not is_real(u, inside):
                continue
            for other in means:
                big = self._placed(other, opened)
                if big is None or big == u or u not in subterms(big):
                    continue
                x = self._fresh("t")
                f = _put(big, u, Var(x))
                if free_names(f) & set(opened.names):
                    continue
                for sign in (1, -1):
                    column = self._tangent(opened, f, x, u, m, sign)
                    if column is not None:
                        yield column

    def _tangent(self, e: Bind, f: Term, x: str, u: Term, m: Term, sign: int) -> tuple[Term, Poly, Certificate] | None:
        try:
            slope = derivative(f, x, {**self.s.declarations, x: REAL})
            slope = slope[0] if isinstance(slope, tuple) else slope
        except _FAILURES:
            return None
        at = lambda v: substitute(f, {x: v})  # noqa: E731
        g = app("add", at(u), app("neg", at(m)), app("neg", mul(substitute(slope, {x: m}), sub(u, m))))
        if sign < 0:
            g = app("neg", g)
        found = self.proof(e, e.inner[0], app(">=", g, ZERO))
        if found is None:
            return None
        return self.column(Bind("E", e.names, e.sorts, (), (e.inner[0], g)), found)

    # ------------------------------------------------------------------ squares

    def _squares(self) -> Iterator[tuple[Term, Poly, Certificate]]:
        seen: set[Term] = set()
        out = 0
        for t in itertools.chain(self._ratios(), self._differences(), self._copies()):
            if alpha(t) in seen:
                continue
            seen.add(alpha(t))
            column = self.column(t, {})
            if column is not None:
                yield column
                out += 1
            if out >= MAX_SQUARES:
                return

    def _ratios(self) -> Iterator[Term]:
        """E_q (p/q - 1)^2 for quotients of densities of one variable."""
        for t in subterms(self.s.goal):
            match t:
                case App("div", (App("density", (p, i, Var() as x)) as a, App("density", (q, j, y)) as b)) if x == y:
                    inside = next((u.sorts[0] for u in subterms(self.s.goal) if isinstance(u, Bind)
                                   and u.names == (x.name,)), None)
                    if isinstance(inside, Space):
                        name = self._fresh(x.name)
                        a, b = (App("density", (law, k, Var(name))) for law, k in ((p, i), (q, j)))
                        square = app("pow", sub(app("div", a, b), ONE), num(2))
                        yield Bind("E", (name,), (inside,), (), (b, square))

    def random_terms(self) -> list[Term]:
        """Random variables used as numbers, values of functions, conditional means."""
        out: dict[Term, Term] = {}
        stack: list[tuple[Term, dict[str, Any]]] = [(self.s.goal, {
            n: k for n, k in self.s.declarations.items() if isinstance(k, Space)})]
        while stack:
            t, random = stack.pop()
            if isinstance(t, Bind):
                if t.head == "E" and over_variables(t) and free_names(t) & random.keys():
                    out.setdefault(alpha(t), t)
                inside = {**random, **{n: k for n, k in zip(t.names, t.sorts, strict=True) if isinstance(k, Space)}}
                stack += [(u, inside) for u in t.inner]
                continue
            if isinstance(t, Var) and t.name in random or isinstance(t, App) and t.head == "at" and (
                    free_names(t) & random.keys()):
                out.setdefault(t, t)
            elif not (isinstance(t, App) and t.head == "density"):
                stack += [(u, random) for u in children(t)]
        return sorted(out.values(), key=lambda t: (isinstance(t, Bind), repr(t)))[:6]

    def _sorts(self) -> dict[str, Any]:
        return {**{n: k for t in subterms(self.s.goal) if isinstance(t, Bind)
                   for n, k in zip(t.names, t.sorts, strict=True)}, **self.s.declarations}

    def _average(self, g: Term, names: tuple[str, ...]) -> Term | None:
        """E g over the names, under the law that has them all."""
        sorts = self._sorts()
        for law, sort in self.s.declarations.items():
            if isinstance(sort, Law) and not sort.given and set(names) <= set(sort.own):
                weight = self.reader.density_term(law, tuple((n, n) for n in sorted(names)), ())
                return Bind("E", names, tuple(sorts[n] for n in names), (), (weight, g))
        for t in subterms(self.s.goal):
            if isinstance(t, Bind) and t.head == "E" and set(t.names) == set(names):
                return Bind("E", t.names, t.sorts, (), (t.inner[0], g))
        return None

    def _free(self, *terms: Term) -> tuple[str, ...]:
        sorts = self._sorts()
        bound = {n for n in free_names(app("add", *terms)) if isinstance(sorts.get(n), Space)}
        return tuple(sorted(bound - self._fixed()))

    def _fixed(self) -> set[str]:
        return {n for n in free_names(self.s.goal) if isinstance(self.s.declarations.get(n), Space)}

    def _centred(self, u: Term) -> Term | None:
        names = self._free(u)
        mean = self._average(u, names) if names else None
        return None if mean is None else sub(u, mean)

    def _differences(self) -> Iterator[Term]:
        terms = self.random_terms()
        scalars: list[Term] = [*_closed(self.s)[:3]] + [
            Var(n) for n in sorted(free_names(self.s.goal)) if is_real(Var(n), self.s.declarations)
            and not isinstance(self.s.declarations[n], Space)][:3]
        for m, c in itertools.combinations(scalars, 2):
            yield app("pow", sub(m, c), num(2))
        singles = [*terms, *(c for u in terms if (c := self._centred(u)) is not None)]
        pairs = [sub(u, v) for u, v in itertools.combinations(terms, 2)]
        shifted = [sub(u, c) for u in terms for c in scalars]
        for h in (*singles, *pairs, *shifted):
            names = self._free(h)
            square = self._average(app("pow", h, num(2)), names) if names else None
            if square is not None:
                yield square

    def _copies(self) -> Iterator[Term]:
        """(u v' - u' v)^2 over two copies."""
        terms = self.random_terms()
        centred = [c for u in terms if (c := self._centred(u)) is not None]
        for u, v in [*itertools.combinations([*terms, ONE], 2), *itertools.combinations(centred, 2)]:
            names = self._free(u, v)
            one = self._average(ONE, names) if names else None
            if not isinstance(one, Bind):
                continue
            copy = tuple(self._fresh(n) for n in one.names)
            by: dict[str, Term] = {n: Var(m) for n, m in zip(one.names, copy, strict=True)}
            there = lambda t: substitute(t, by)  # noqa: E731, B023
            weight = mul(one.inner[0], there(one.inner[0]))
            h = sub(mul(u, there(v)), mul(there(u), v))
            yield Bind("E", (*one.names, *copy), (*one.sorts, *one.sorts), (), (weight, app("pow", h, num(2))))


def _closed(s: Sequent) -> list[Bind]:
    """The expectations that depend on nothing bound."""
    out: dict[Term, Bind] = {}
    for t in subterms(s.goal):
        if isinstance(t, Bind) and t.head == "E" and over_variables(t) and free_names(t) <= s.declarations.keys():
            out.setdefault(alpha(t), t)
    return list(out.values())


def _weight(e: Bind) -> Term:
    return e.inner[0] if e.head in ("E", "KL") else ONE


def _integrand(e: Bind) -> Term:
    return app("log", app("div", *e.inner)) if e.head == "KL" else e.inner[-1]


def _expectation(t: Term) -> tuple[list[Term], Bind | None]:
    """c E f as the factors and the expectation; a scalar as itself."""
    if isinstance(t, Bind) and t.head in ("E", "KL", "integral") and over_variables(t) and not t.outer:
        return [], t
    if isinstance(t, App) and t.head in ("mul", "div"):
        found = [(k, _expectation(a)) for k, a in enumerate(t.args)]
        inside = [(k, f) for k, f in found if f[1] is not None]
        if len(inside) == 1 and (t.head == "mul" or inside[0][0] == 0):
            k, (factors, e) = inside[0]
            if t.head == "div":
                return [*factors, app("div", ONE, t.args[1])], e
            return [*factors, *(a for j, a in enumerate(t.args) if j != k)], e
    return [t], None


def _put(t: Term, old: Term, new: Term) -> Term:
    """Free occurrences of a term replaced."""
    if t == old:
        return new
    if isinstance(t, App):
        return App(t.head, tuple(_put(a, old, new) for a in t.args))
    return t


__all__ = ["identities", "inequalities"]
