"""Inequalities between sums over an index of symbolic size: squares of pairs, tangents term by term.

Method: from the factors of the summands come facts that hold term by term: sum_uv w_u w_v (g_u h_v - g_v h_u)^2
(Lagrange's identity: Cauchy-Schwarz, variances), sum_u w_u (g_u - h_u)^2, sum_u w_u (r_u - 1 - log r_u) for
quotients r of arguments of logarithms (divergences, entropies, Jensen for log), sum_u w_u (e^{x_u} - e^m (1 +
x_u - m)) for means m (Jensen for exp), sum_u (|g_u| -+ g_u).  A simplex over the monomials of the index normal
form finds the combination; the kernel proves each fact term by term and the identity by rule ``index-form``.
Source: Steele, The Cauchy-Schwarz Master Class, 2004, ch. 3, 6 (no page).
Cannot: facts that couple more than two indices; orders among entries (Chebyshev's sum).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.index_form import normalise
from ..kernel.rule_sos import sides
from ..kernel.term import (
    TRUE, App, Bind, Index, Num, Term, Var, add, app, free_names, mul, num, sub, substitute, subterms, to_json,
)
from .simplex import solve

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
ORDER = ("<", "<=", ">", ">=")
U, V = "u'", "v'"
_SIGN = {"rule": "sign"}
MAX_FACTS = 90


@dataclass
class _Fact:
    term: Term
    proof: Certificate


def sums(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    from .order import spend

    goal = s.goal
    if not (isinstance(goal, App) and goal.head in ("<=", ">=")) or search.depth > 6:
        return
    sizes = {k.size for u in subterms(goal) if isinstance(u, Bind) and u.head == "sum" and not u.outer
             for k in u.sorts if isinstance(k, Index)}
    if len(sizes) != 1 or not spend(search, 300):
        return
    hunt = _Hunt(s, search, Index(sizes.pop()))
    yield from hunt.certificates()


class _Hunt:
    def __init__(self, s: Sequent, search: Searcher, sort: Index) -> None:
        self.s, self.search, self.sort = s, search, sort
        self.inner = s.declaring({U: sort})
        self.factors: list[Term] = []          # of the summands, in u
        self.exponents: list[Term] = []
        self.arguments: list[Term] = []        # of logarithms, in u
        self.moduli: list[Term] = []
        self.scalars: list[Term] = []          # sums, size, names: without u
        self.positive: dict[Term, Certificate | None] = {}
        self._collect(s.goal)

    # ------------------------------------------------------------------ what stands in the goal

    def _collect(self, t: Term) -> None:
        for u in subterms(t):
            if isinstance(u, Bind) and u.head == "sum" and u.sorts == (self.sort,) and not u.outer and (
                    u.inner[0] == TRUE):
                if not free_names(u) & {n for b in subterms(t) if isinstance(b, Bind) for n in b.names}:
                    self._keep(self.scalars, u)
                self._factor(substitute(u.inner[1], {u.names[0]: Var(U)}))
            elif isinstance(u, App) and u.head == "log" and not free_names(u) & _bound(t):
                self._keep(self.scalars, u.args[0])

    @staticmethod
    def _keep(where: list[Term], t: Term) -> None:
        if t not in where and not isinstance(t, Num):
            where.append(t)

    def _factor(self, t: Term) -> None:
        match t:
            case App("add" | "mul" | "neg" | "div", args):
                for a in args:
                    self._factor(a)
            case App("pow", (base, Num())):
                self._factor(base)
            case App("log", (h,)) if U in free_names(h):
                self._keep(self.arguments, h)
                self._factor(h)
            case App("exp", (h,)) if U in free_names(h):
                self._keep(self.exponents, h)
                self._keep(self.factors, t)
            case App("abs", (g,)) if U in free_names(g):
                self._keep(self.moduli, g)
                self._keep(self.factors, t)
                self._keep(self.factors, g)
            case _ if U in free_names(t):
                if not isinstance(t, Bind):
                    self._keep(self.factors, t)
            case Bind("sum"):
                self._keep(self.scalars, t)
            case _:
                return

    def _shown_positive(self, t: Term) -> Certificate | None:
        if t not in self.positive:
            self.positive[t] = _SIGN if isinstance(t, Num) else self.search.unconditionally(
                self.inner.with_goal(app(">", t, num(0))))
        return self.positive[t]

    # ------------------------------------------------------------------ facts

    def _summed(self, body: Term, names: tuple[str, ...] = (U,)) -> Term:
        return Bind("sum", names, (self.sort,) * len(names), (), (TRUE, body))

    def _weighted(self, weights: list[Term], t: Term, proof: Certificate, names: tuple[str, ...] = (U,)
                  ) -> Iterator[_Fact]:
        """sum w t >= 0 from w > 0 and t >= 0."""
        facts: list[Certificate] = []
        for w in weights:
            for n in names:
                because = self._shown_positive(w)
                if because is None:
                    return
                if n != U:
                    because = self.search.unconditionally(self.s.declaring({n: self.sort}).with_goal(
                        app(">", substitute(w, {U: Var(n)}), num(0))))
                    if because is None:
                        return
                facts.append({"term": to_json(substitute(w, {U: Var(n)})), "strict": True, "proof": because})
        factors = [substitute(w, {U: Var(n)}) for w in weights for n in names]
        inner = {"rule": "sos", "facts": [*facts, {"term": to_json(t), "strict": False, "proof": proof}],
                 "sum": [["1", list(range(len(facts) + 1)), None]]} if factors else proof
        yield _Fact(self._summed(mul(*factors, t), names), {"rule": "termwise", "term": inner})

    def _facts(self) -> Iterator[_Fact]:
        one: Term = num(1)
        weights: list[list[Term]] = [[]]
        for g in self.factors:
            if self._shown_positive(g) is not None:
                weights.append([g])
        plain = [one, *self.factors[:5]]
        for g, h in itertools.combinations(plain, 2):
            for t in (sub(g, h), add(g, h)):
                if g == one and t != sub(g, h):
                    continue
                yield from self._weighted([], app("pow", t, num(2)), _SIGN)
        swap = {U: Var(V)}
        quotients = [app("div", g, w[0]) for w in weights if w for g in plain if g != w[0] and g != one]
        for g, h in itertools.combinations([*plain, *quotients[:4]], 2):
            t = app("pow", sub(mul(g, substitute(h, swap)), mul(substitute(g, swap), h)), num(2))
            for w in weights[:3]:
                yield from self._weighted(w, t, _SIGN, (U, V))
        for g in self.moduli:
            for side in (0, 1):
                m = app("abs", g)
                t = sub(m, g) if side == 0 else add(m, g)
                yield from self._weighted([], t, {
                    "rule": "bound", "kind": "entry", "argument": to_json(m), "side": side})
        scalars = [c for c in self.scalars if not isinstance(c, App) or c.head != "div"]
        yield from self._exponentials(weights, scalars)
        yield from self._logarithms(weights, scalars)
        for g in self.factors[:3]:
            if self._shown_positive(g) is not None:
                t = sub(app("pow", self._summed(g), num(2)), self._summed(app("pow", g, num(2))))
                yield _Fact(t, {"rule": "index-form"})

    def _exponentials(self, weights: list[list[Term]], scalars: list[Term]) -> Iterator[_Fact]:
        for e in self.exponents:
            means: list[Term] = [num(0), app("div", self._summed(e), self.sort.size),
                                 *(self._summed(mul(w[0], e)) for w in weights if w)]
            for m in means:
                u = sub(e, m)
                t = sub(app("exp", u), add(num(1), u))
                proof = {"rule": "bound", "kind": "exp-tangent", "argument": to_json(u)}
                value = app("exp", m)
                for w in weights[:4]:
                    yield from self._weighted([*w, value], t, proof)

    def _logarithms(self, weights: list[list[Term]], scalars: list[Term]) -> Iterator[_Fact]:
        if not self.arguments and not any(isinstance(u, App) and u.head == "log" for u in subterms(self.s.goal)):
            return
        n = self.sort.size
        parts = [g for g in self.factors if self._shown_positive(g) is not None][:3]
        totals = [self._summed(g) for g in parts] + [self._summed(mul(g, h))
                                                    for g, h in itertools.combinations(parts, 2)]
        arguments: list[Term] = []

        def offer(t: Term) -> None:
            if t not in arguments and len(arguments) < 16:
                arguments.append(t)

        for g in parts:
            offer(app("div", num(1), mul(n, g)))
            for c in totals:
                offer(app("div", g, c))
            offer(app("div", mul(n, g), self._summed(g)))
            offer(g)
        for g, h in itertools.permutations(parts, 2):
            offer(app("div", h, g))
            offer(app("div", mul(h, self._summed(g)), mul(g, self._summed(h))))
        if self.exponents and parts:
            e = parts[0]
            offer(app("div", self._summed(e), mul(n, e)))
        for r in arguments:
            positive = self._shown_positive(r)
            if positive is None:
                continue
            t = sub(sub(r, num(1)), app("log", r))
            proof = {"rule": "bound", "kind": "log-tangent", "argument": to_json(r), "positive": positive}
            for w in weights[:4]:
                yield from self._weighted(w, t, proof)

    # ------------------------------------------------------------------ the combination

    def certificates(self) -> Iterator[Certificate]:
        small, large, _ = sides(self.s.goal, "sums")
        n = self.sort.size
        multipliers: list[list[Term]] = [[], [n]]
        for u in subterms(self.s.goal):
            if isinstance(u, App) and u.head == "div" and not free_names(u.args[1]) & _bound(self.s.goal) and not (
                    isinstance(u.args[1], Num)) and [u.args[1]] not in multipliers:
                multipliers.append([u.args[1]])
        columns: list[tuple[_Fact, dict[Any, Fraction]]] = []
        for fact in itertools.islice(self._facts(), MAX_FACTS):
            form = self._form(fact.term)
            if form:
                columns.append((fact, form))
        if not columns:
            return
        for m in multipliers[:4]:
            target = self._form(mul(*m, sub(large, small)))
            if target is None:
                continue
            rows: dict[Any, int] = {}
            for form in (target, *(f for _, f in columns)):
                for key in form:
                    rows.setdefault(key, len(rows))
            right = [Fraction(0)] * len(rows)
            for key, c in target.items():
                right[rows[key]] = c
            x = solve([{rows[key]: c for key, c in form.items()} for _, form in columns], right)
            if x is None:
                continue
            found = self._certificate(m, [(c, f) for c, (f, _) in zip(x, columns, strict=True) if c])
            if found is not None:
                yield found

    def _form(self, t: Term) -> dict[Any, Fraction] | None:
        try:
            return dict(normalise(t, self.s).terms)
        except Reject:
            return None

    def _certificate(self, m: list[Term], chosen: list[tuple[Fraction, _Fact]]) -> Certificate | None:
        facts = [{"term": to_json(f.term), "strict": False, "proof": f.proof} for _, f in chosen]
        out: Certificate = {"rule": "sos", "sum": [[str(c), [k], None] for k, (c, _) in enumerate(chosen)],
                            "identity": {"rule": "index-form"}}
        if m:
            proof = self.search.unconditionally(self.s.with_goal(app(">", m[0], num(0))))
            if proof is None:
                return None
            facts.append({"term": to_json(m[0]), "strict": True, "proof": proof})
            out["multiplier"] = [len(facts) - 1]
        return {**out, "facts": facts}


def _bound(t: Term) -> set[str]:
    return {n for u in subterms(t) if isinstance(u, Bind) for n in u.names}


__all__ = ["sums"]
