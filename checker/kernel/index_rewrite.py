"""Assumptions as rewriting: ``forall patterns, guard: left = right`` replaces one product of the two sides.

    the product with the names at hand, its bound indices bound here and used nowhere else;
    the guard follows from the facts
    ------------------------------------------------------------------------------------------
    the rest of the equation in its place

A guard ``p != q`` that is not known splits the product: [p = q], where one name stands for both, and
[p != q].  Equations that only permute indices (w_ij = w_ji) are used where the product's key falls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Self

from .index_facts import Facts, Place
from .index_places import Places
from .index_product import without_zeros
from .index_scope import Env, Rewrite, only_atom
from .index_terms import ZERO_POLY, Atom, Poly, close, poly, rename_poly
from .term import TRUE, App, Bind, Index, Num, Sort, Term, Var, conj, conjuncts, free_names

MAX_MATCHES = 12


class Rewriting(Places):
    def index_token(self, t: Term, env: Env) -> str | None:
        raise NotImplementedError

    def rewrites_of(self, assumption: Term, lead: int | None) -> list[Rewrite]:
        """``forall patterns, guard: left = right`` as rewriting; ``lead`` picks the product that is
        replaced (default: the one with the most bound indices, then the most entries)."""
        names, sorts, guard, body = peel(assumption)
        form, env = self.under(names, sorts, guard, {}, assumed=False)
        orders = []
        for g in conjuncts(guard):
            order = order_of(g, lambda t: form.index_token(t, env))
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
                (m, c)
                for m, c in p.terms
                if tokens <= m.free
                and m.factors
                and all(a.kind in ("entry", "scalar", "apply") and e > 0 for a, e in m.factors)
            ]
            candidates.sort(
                key=lambda t: (-len(t[0].bounds), -sum(a.kind == "entry" for a, _ in t[0].factors), t[0].key)
            )
            if not 0 <= (lead or 0) < len(candidates):
                continue
            m, c = candidates[lead or 0]
            heads = {a.head for a, _ in m.factors if a.kind == "entry"}
            if patterns and not m.bounds and any(a.kind == "entry" and a.head in heads for n, _ in p.terms
                                                 if n != m and n.bounds for a, _ in n.factors):
                continue        # V[s] by a sum over all V[u] would never end
            rest = self.scale(poly([(n, k) for n, k in p.terms if n != m]), -1 / c)
            bounds, factors = form.opened(m)
            out.append(Rewrite(patterns, tuple(orders), bounds, factors, rest))
        return out

    def read_corner(self, names: tuple[str, ...], sorts: tuple[Sort, ...], at: Term, slope: Term) -> None:
        """slope * [at = 0] -> 0 for all values of the names, where both are one product."""
        form, env = self.under(names, sorts, TRUE, {}, assumed=False)
        corner = only_atom(form.truth("=", form.read(at, env)))
        p = form.read(slope, env)
        if corner is None or corner.kind != "truth" or len(p.terms) != 1 or p.terms[0][0].bounds:
            return
        patterns = tuple((env[n], form.sizes[env[n]]) for n in names)
        _, factors = form.opened(p.terms[0][0])
        if {t for t, _ in patterns} <= corner.free.union(*(a.free for a in factors)):
            self.rewrites.append(Rewrite(patterns, (), {}, {**factors, corner: Fraction(1)}, ZERO_POLY))

    def _apply_rewrites(
        self, bounds: Mapping[str, Poly], live: dict[Atom, Fraction], c: Fraction
    ) -> Poly | None:
        for rule in self.rewrites:
            for to in self._matches(rule, bounds, live):
                rest = dict(live)
                for a, e in rule.lead.items():
                    b = _renamed(a, to)
                    rest[b] = rest[b] - e
                rest = without_zeros(rest)
                left = {b: s for b, s in bounds.items() if b not in {to[x] for x in rule.bounds}}
                facts = self._with_orders([a for a in rest if a.kind == "less"])
                unknown = [
                    g
                    for g in rule.guard
                    if not known(
                        facts, g[0], self.place_of(to.get(g[1], g[1])), self.place_of(to.get(g[2], g[2]))
                    )
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

    def _quiet(self) -> Self:
        """This form without rewriting: for the instance of a rule's own right side."""
        quiet = object.__new__(type(self))
        quiet.__dict__.update(self.__dict__)
        quiet.rewrites = []
        return quiet

    def _no_progress(
        self,
        rule: Rewrite,
        to: Mapping[str, str],
        new: Poly,
        bounds: Mapping[str, Poly],
        live: Mapping[Atom, Fraction],
        left: Mapping[str, Poly],
        rest: Mapping[Atom, Fraction],
    ) -> bool:
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

    def _matches(
        self, rule: Rewrite, bounds: Mapping[str, Poly], live: Mapping[Atom, Fraction]
    ) -> list[dict[str, str]]:
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
                if all(
                    self._bind_pattern(x, y, new, free, rule.bounds, bounds)
                    for x, y in zip(a.indices, b.indices, strict=True)
                ):
                    unify(k + 1, new, {**left, b: have - e})

        unify(0, {}, dict(live))
        return found

    def _bind_pattern(
        self,
        x: str,
        y: str,
        to: dict[str, str],
        free: Mapping[str, Poly],
        rule_bounds: Mapping[str, Poly],
        bounds: Mapping[str, Poly],
    ) -> bool:
        if x in rule_bounds:
            if y not in bounds or not self._same_sort(bounds[y], rule_bounds[x]):
                return False
        elif x in free:
            if not self._in_range(y, free[x]):
                return False
        else:
            return x == y
        return to.setdefault(x, y) == y


def _renamed(a: Atom, to: Mapping[str, str]) -> Atom:
    """Pattern tokens replaced in an atom of a lead (entries: no parts to rebuild)."""
    if a.kind == "entry":
        return Atom(a.kind, a.head, tuple(to.get(i, i) for i in a.indices))
    p = rename_poly(poly([(close({}, {a: Fraction(1)}), Fraction(1))]), dict(to))
    return only_atom(p) or a


def order_of(formula: Term, token: Callable[[Term], str | None]) -> tuple[str, str, str] | None:
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
    return (
        sorted((a.kind, a.head, e) for a, e in factors.items()),
        sorted(t for a in factors for t in a.indices),
    )


def known(facts: Facts, relation: str, x: Place, y: Place) -> bool:
    return {"=": facts.eq, "!=": facts.ne, "<": facts.lt, "<=": facts.le}[relation](x, y)


def peel(formula: Term) -> tuple[tuple[str, ...], tuple[Sort, ...], Term, Term]:
    """``forall a: forall b: g -> h`` as names, sorts, guard, body (bound names made apart)."""
    names: tuple[str, ...] = ()
    sorts: tuple[Sort, ...] = ()
    guard: Term = TRUE
    while True:
        match formula:
            case Bind("forall", ns, ss, (), (g, body)):
                if set(ns) & (set(names) | free_names(guard)) or any(not isinstance(s, Index) for s in ss):
                    return names, sorts, guard, formula  # an outer guard must not be captured
                names, sorts, guard, formula = (*names, *ns), (*sorts, *ss), conj(guard, g), body
            case App("implies", (g, body)):
                guard, formula = conj(guard, g), body
            case _:
                return names, sorts, guard, formula


__all__ = ["Rewriting", "known", "order_of", "peel"]
