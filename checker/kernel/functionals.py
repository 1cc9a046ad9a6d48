"""Expectations as linear functionals, and their derivatives in a parameter: the terms of ``rule_exchange``.

A value is a polynomial with rational coefficients in *factors*.  A factor is a term; among them are

    log p(x|t)            one logarithm for each density (log of a product is a sum)
    s_p(x), s'_p(x)       the derivatives of log p in t: functions of new names, score[p(x)] and its slope
    E_w[m]                the expectation of one monomial m of factors under a product w of densities

    E_w[a m + b n] = a E_w[m] + b E_w[n]        a, b free of what w draws
    E_w[E_v[m]] = E_{w v}[m]                    (Fubini; for a factor E_v[m] that sees what w draws)
    E_{w p(x,z)}[m] = E_{w p(x)}[m]             the integral over z, which nothing else sees; that of p(x) is 1
    E_{w p}[m s_p] = 0,  E_{w p}[m s'_p] = -E_{w p}[m s_p^2]        nothing else sees what p draws;  for p(x|z) of a
        joint law E_{p(x|z)}[s_p(x,z)] = s_p(z) (Fisher's identity: the integral over x of the derivative of p(x,z))
    E_{w v}[m n] = E_w[m] E_v[n]                w, m and v, n share nothing that is drawn

    d log p = s_p    d p = p s_p    d s_p = s'_p    d E_w[m] = E_w[d m + m (sum of the scores of w)]

The last line and the score's mean need EXCHANGE (the derivative of the integral of p m, and of p, is the
integral of the derivative); everything needs the integrals to be finite: the assumption ``regular`` says both.
FAILURE: :class:`Reject`; in particular a third derivative, and a density that is no plain one of a law.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction

from .density_terms import density_parts
from .effort import spend
from .evidence import Reject
from .term import (
    ONE, REAL, App, Bind, Law, Map, Num, Sort, Space, Term, Var, add, app, free_names, mul, num, show,
    substitute, subterms,
)

RULE = "exchange"
MAX_TERMS = 600
MOVING = "t'd"      # the bound name of an unknown function's derivative
Poly = dict[tuple[Term, ...], Fraction]


def constant(c: Fraction | int) -> Poly:
    return {(): Fraction(c)} if c else {}


def plus(*ps: Poly) -> Poly:
    out: Poly = {}
    for p in ps:
        for m, c in p.items():
            out[m] = out.get(m, Fraction(0)) + c
    return {m: c for m, c in out.items() if c}


def _product(factors: tuple[Term, ...]) -> tuple[Term, ...]:
    """Sorted; a density that is a written divisor as well is not 0 there, so the two cancel."""
    out = list(factors)
    for f in factors:
        if isinstance(f, App) and f.head == "div" and f.args[1] in out and f in out and _densities(f.args[1]):
            out.remove(f)
            out.remove(f.args[1])
    return tuple(sorted(out, key=show))


def times(p: Poly, q: Poly) -> Poly:
    spend(len(p) * len(q))
    if len(p) * len(q) > MAX_TERMS:
        raise Reject(RULE, "budget", f"more than {MAX_TERMS} summands")
    out: Poly = {}
    for m, a in p.items():
        for n, b in q.items():
            key = _product(m + n)
            out[key] = out.get(key, Fraction(0)) + a * b
    return {m: c for m, c in out.items() if c}


def factor(t: Term) -> Poly:
    return {(t,): Fraction(1)}


class Functionals:
    """Reads terms in which the parameter ``name`` moves."""

    def __init__(self, declarations: Mapping[str, Sort], name: str) -> None:
        self.declarations, self.name = declarations, name
        if any("'" in n for n in declarations):
            raise Reject(RULE, "names", "a name that bound names here could have")
        self.scores: set[str] = set()   # the names of score functions in use
        self.exchanged = False          # whether ``regular`` was needed
        self._count = 0

    # ------------------------------------------------------------------ reading

    def value(self, t: Term) -> Poly:
        spend(2)
        match t:
            case Num(c):
                return constant(c)
            case App("add", args):
                return plus(*map(self.value, args))
            case App("neg", (a,)):
                return times(constant(-1), self.value(a))
            case App("mul", args):
                out = constant(1)
                for a in args:
                    out = times(out, self.value(a))
                return out
            case App("div", (a, b)):
                return times(self.value(a), self._inverse(b))
            case App("pow", (a, Num(k))) if k.denominator == 1 and 0 <= k <= 6:
                base, out = self.value(a), constant(1)
                for _ in range(int(k)):
                    out = times(out, base)
                return out
            case App("log", (u,)):
                return self._log(u)
            case Bind("diff" | "partial", (n,), (sort,), (point, *_), (body,)) if (
                    point == Var(self.name) and sort == REAL):
                if n != self.name and self.name in free_names(body):
                    raise Reject(RULE, "derivative", f"{self.name} stands still in it: {show(t)[:60]}")
                return self.derivative(self.value(substitute(body, {n: point})))
            case Bind("E", names, sorts, (), (w, f)) if all(isinstance(s, Space) for s in sorts):
                return self._expectation(t, w, f)
            case Bind("KL", names, sorts, (), (a, b)) if all(isinstance(s, Space) for s in sorts):
                return self._expectation(Bind("E", names, sorts, (), (a, a)), a, app("log", app("div", a, b)))
            case Bind("integral", _, sorts, (), _) if all(isinstance(s, Space) for s in sorts):
                return self._integral(t)
            case Bind("diff", (n,), (sort,), (point,), (App("at", (Var(f), *_)) as body,)) if (
                    sort == REAL and isinstance(self.declarations.get(f), Map)):
                return factor(Bind("diff", (MOVING,), (REAL,), (point,), (substitute(body, {n: Var(MOVING)}),)))
            case Bind() if self.name in free_names(t) or _random(t):
                raise Reject(RULE, "term", f"is not read: {show(t)[:60]}")
            case _:
                return factor(t)

    def _inverse(self, b: Term) -> Poly:
        if isinstance(b, Num) and b.value:
            return constant(1 / b.value)
        return factor(app("div", ONE, self.term(self.value(b))))

    def _log(self, u: Term) -> Poly:
        """Densities are not negative, so the logarithm of their product is a sum where it is defined."""
        match u:
            case App("mul", args) if all(map(_densities, args)):
                return plus(*map(self._log, args))
            case App("div", (a, b)) if _densities(a) and _densities(b):
                return plus(self._log(a), times(constant(-1), self._log(b)))
            case App("density", _):
                return factor(app("log", u))
            case _:
                return factor(app("log", self.term(self.value(u))))

    def term(self, p: Poly) -> Term:
        parts = [mul(*([Num(c)] if c != 1 or not m else []), *m) for m, c in sorted(
            p.items(), key=lambda e: [show(f) for f in e[0]])]
        return add(*parts)

    # ------------------------------------------------------------------ derivatives

    def derivative(self, p: Poly) -> Poly:
        out: Poly = {}
        for m, c in p.items():
            for k, f in enumerate(m):
                rest: Poly = {m[:k] + m[k + 1:]: c}
                out = plus(out, times(rest, self._slope(f)))
        return out

    def _slope(self, f: Term) -> Poly:
        if f == Var(self.name):
            return constant(1)
        match f:
            case App("at", (Var(name), *_)) if name in self.scores:
                if name.startswith("slope"):
                    raise Reject(RULE, "derivative", "a third derivative")
                return factor(self._second(f))
        if self.name not in free_names(f):
            return {}
        match f:
            case App("density", _):
                return times(factor(f), self._scores(f))
            case App("log", (App("density", _) as p,)):
                return self._scores(p)
            case App("log", (u,)):
                return times(self.derivative(self.value(u)), self._inverse(u))
            case App("exp", (u,)):
                return times(factor(f), self.derivative(self.value(u)))
            case App("div", (a, b)) if a == ONE:
                return times(constant(-1), times(times(factor(f), factor(f)), self.derivative(self.value(b))))
            case App("at", (Var(g), *args)):
                slopes: Poly = {}
                sort = self.declarations.get(g)
                for k, a in enumerate(args):
                    if self.name not in free_names(a):
                        continue
                    if not isinstance(sort, Map) or sort.args[k] != REAL:
                        break
                    inner = App("at", (Var(g), *(Var(MOVING) if h == k else u for h, u in enumerate(args))))
                    slope = Bind("diff", (MOVING,), (REAL,), (a,), (inner,))
                    slopes = plus(slopes, times(factor(slope), self.derivative(self.value(a))))
                else:
                    return slopes
            case Bind("E", names, sorts, (), (w, body)):
                self.exchanged = True
                under = self.value(body)
                scores = plus(*(self._scores(d) for d in _factors(w) if self.name in free_names(d)))
                moved = plus(self.derivative(under), times(under, scores))
                return self._linear(names, sorts, _factors(w), moved)
        raise Reject(RULE, "derivative", f"no derivative is known of {show(f)[:60]}")

    def _scores(self, p: Term) -> Poly:
        """The derivative of log p(own | known): the score of p(own, known) less that of p(known)."""
        joint, known = self._joint_scores(p)
        return plus(factor(joint), {} if known is None else {(known,): Fraction(-1)})

    def _joint_scores(self, p: Term) -> tuple[Term, Term | None]:
        """The scores of p(own, known) and of p(known), for the density p(own | known) of one law."""
        law = p.args[0] if isinstance(p, App) else None
        sort = self.declarations.get(law.name) if isinstance(law, Var) else None
        if not isinstance(p, App) or not isinstance(sort, Law):
            raise Reject(RULE, "derivative", "no density of a declared law")
        name, own, given = density_parts(p, sort)
        here = Var(self.name)
        fixed = [(k, v) for k, v in given if k in sort.given and v != here]
        known = [(k, v) for k, v in given if k in sort.own]
        if sum(v == here for _, v in given) != 1 or any(
                self.name in free_names(v) for _, v in (*own, *known, *fixed)):
            raise Reject(RULE, "derivative", "a density that does not move with its law's parameter alone")

        def named(parts: list[tuple[str, Term]]) -> Term:
            parts = sorted(parts, key=lambda e: sort.own.index(e[0]))
            bar = f" | {', '.join(k for k, _ in sorted(fixed))}" if fixed else ""
            key = f"score[{name}({', '.join(k for k, _ in parts)}{bar})]"
            return self._new_function(key, tuple(v for _, v in (*parts, *sorted(fixed, key=lambda e: e[0]))))

        return named([*own, *known]), named(known) if known else None

    def _new_function(self, name: str, values: tuple[Term, ...]) -> Term:
        if name in self.declarations:
            raise Reject(RULE, "names", f"{name} is declared")
        self.scores.add(name)
        return App("at", (Var(name), *values, Var(self.name)))      # it moves with the parameter, and shows it

    def _second(self, score: Term) -> Term:
        """The derivative of a score."""
        if not isinstance(score, App) or not isinstance(score.args[0], Var):
            raise Reject(RULE, "derivative", "no score")
        return self._new_function(f"slope of {score.args[0].name}", score.args[1:-1])

    # ------------------------------------------------------------------ expectations

    def _expectation(self, t: Bind, w: Term, f: Term) -> Poly:
        by = self._fresh(t)
        w, f = substitute(w, by), substitute(f, by)
        densities = _factors(w)
        if not all(isinstance(d, App) and d.head == "density" for d in densities):
            raise Reject(RULE, "weight", f"no product of densities: {show(w)[:60]}")
        return self._linear(tuple(show(v) for v in by.values()), t.sorts, densities, self.value(f))

    def _integral(self, t: Bind) -> Poly:
        """Over the whole space, where a density factor 0 makes a summand 0: an expectation for each summand."""
        by = self._fresh(t)
        names = tuple(show(v) for v in by.values())
        out: Poly = {}
        body = substitute(t.inner[0], by)
        divisors = {d for u in subterms(body) if isinstance(u, App) and u.head == "div" for d in subterms(u.args[1])
                    if isinstance(d, App) and d.head == "density" and free_names(d) & set(names)}
        for m, c in self.value(body).items():
            weights: list[Term] = [
                f for f in m if isinstance(f, App) and f.head == "density" and free_names(f) & set(names)]
            if any(d not in weights and app("div", ONE, d) not in m for d in divisors):
                raise Reject(RULE, "weight", "a density is cancelled that may vanish where the rest does not")
            if not set(names) <= frozenset().union(*map(free_names, weights), frozenset()):
                raise Reject(RULE, "weight", "an integral without a density")
            rest = list(m)
            for w in weights:
                rest.remove(w)
            out = plus(out, self._linear(names, t.sorts, weights, {tuple(rest): c}))
        return out

    def _fresh(self, t: Bind) -> dict[str, Term]:
        self._count += 1
        new = {n: f"{n}'{self._count}e" for n in t.names}
        if set(new.values()) & (set(self.declarations) | {self.name} | free_names(t)):
            raise Reject(RULE, "names", "a name is taken")
        return {n: Var(m) for n, m in new.items()}

    def _linear(self, names: tuple[str, ...], sorts: tuple[Sort, ...], weights: list[Term], p: Poly) -> Poly:
        out: Poly = {}
        for m, c in p.items():
            inner = tuple(f for f in m if free_names(f) & set(names))
            outer: Poly = {tuple(f for f in m if not free_names(f) & set(names)): c}
            out = plus(out, times(outer, self._functional(dict(zip(names, sorts, strict=True)), weights, list(inner))))
        return out

    def _functional(self, drawn: dict[str, Sort], weights: list[Term], inner: list[Term]) -> Poly:
        """E of one monomial, simplified."""
        drawn, weights = dict(drawn), list(weights)
        flat: list[Term] = []
        for f in inner:
            if isinstance(f, Bind) and f.head == "E":               # Fubini
                f = self._apart(f)
                drawn |= dict(zip(f.names, f.sorts, strict=True))
                weights += _factors(f.inner[0])
                flat += [g for g in _factors(f.inner[1]) if g != ONE]
            else:
                flat.append(f)
        for k, d in enumerate(weights):
            others = weights[:k] + weights[k + 1:]
            for gone in self._drawn_alone(d, drawn, others):
                seen = [f for f in flat if free_names(f) & gone]
                rest = [f for f in flat if not free_names(f) & gone]
                left = {n: s for n, s in drawn.items() if n not in gone}
                without, score, known = self._without(d, gone)
                others_and = others + ([] if without is None else [without])
                if not seen:
                    return self._functional(left, others_and, rest)
                if len(seen) > 1 or score is None:
                    continue
                if seen[0] == score:
                    self.exchanged = True
                    return {} if known is None else self._functional(left, others_and, [*rest, known])
                if seen[0] == self._second(score):
                    self.exchanged = True
                    out = times(constant(-1), self._functional(drawn, weights, [*rest, score, score]))
                    if known is not None:
                        out = plus(out, self._functional(left, others_and, [*rest, self._second(known)]),
                                   self._functional(left, others_and, [*rest, known, known]))
                    return out
        inner = flat
        out = constant(1)
        for part in _parts(set(drawn), [*weights, *inner]):
            ws = [d for d in weights if free_names(d) & part]
            fs = [f for f in inner if free_names(f) & part]
            out = times(out, factor(self._named(tuple(n for n in drawn if n in part), drawn, ws, fs)))
        rest = [f for f in (*weights, *inner) if not free_names(f) & drawn.keys()]
        return times(out, {tuple(sorted(rest, key=show)): Fraction(1)})

    def _apart(self, f: Bind) -> Bind:
        by: dict[str, Term] = {}
        for n in f.names:       # all different, also y'0 and y'1
            self._count += 1
            by[n] = Var(f"{n.split(chr(39))[0]}'{self._count}e")
        names = tuple(v.name for v in by.values() if isinstance(v, Var))
        return Bind(f.head, names, f.sorts, (), tuple(substitute(u, by) for u in f.inner))

    def _drawn_alone(self, d: Term, drawn: Mapping[str, Sort], others: list[Term]) -> list[set[str]]:
        """Sets of drawn names, the largest first, that the density has among its own and no other weight sees."""
        law = d.args[0] if isinstance(d, App) else None
        sort = self.declarations.get(law.name) if isinstance(law, Var) else None
        if not isinstance(d, App):
            return []
        _, own, given = density_parts(d, sort)
        names = [v.name for _, v in own if isinstance(v, Var)]
        behind = {v.name for _, v in given if isinstance(v, Var)}
        if len(names) != len(own) or len(set(names)) != len(names) or set(names) & behind:
            return []
        if any(drawn.get(v.name) not in (None, self.declarations.get(k)) for k, v in own if isinstance(v, Var)):
            raise Reject(RULE, "weight", f"a variable of another measure than the law's: {show(d)[:60]}")
        free = [n for n in names if n in drawn and not any(n in free_names(e) for e in others)][:4]
        return [set(c) for size in range(len(free), 0, -1) for c in itertools.combinations(free, size)]

    def _without(self, d: Term, gone: set[str]) -> tuple[Term | None, Term | None, Term | None]:
        """The density integrated over ``gone``, its score, and the score of what is left."""
        law = d.args[0] if isinstance(d, App) else None
        sort = self.declarations.get(law.name) if isinstance(law, Var) else None
        if not isinstance(d, App) or not isinstance(sort, Law):
            raise Reject(RULE, "weight", "no density")
        name, own, given = density_parts(d, sort)
        kept = [(k, v) for k, v in own if not free_names(v) & gone]
        position = {k: n + 1 for n, k in enumerate(sort.own + sort.given)}

        def density(first: list[tuple[str, Term]], bar: list[tuple[str, Term]]) -> Term:
            pairs = [x for k, v in first for x in (num(position[k]), v)]
            behind = [App("given", ()), *(x for k, v in bar for x in (num(position[k]), v))] if bar else []
            return App("density", (Var(name), *pairs, *behind))

        without = density(kept, list(given)) if kept else None
        if self.name not in free_names(d):
            return without, None, None
        score, _ = self._joint_scores(d)
        fixed = [(k, v) for k, v in given if k in sort.given]
        left = [*kept, *((k, v) for k, v in given if k in sort.own)]
        return without, score, self._joint_scores(density(left, fixed))[0] if left else None

    def _named(self, names: tuple[str, ...], drawn: Mapping[str, Sort], ws: list[Term], fs: list[Term]) -> Term:
        """One functional with its bound names in an order of their own, so that equal ones are equal terms."""
        best: tuple[str, Term] | None = None
        free = frozenset[str]().union(*map(free_names, (*ws, *fs))) - set(names)
        if caught := free & {f"y'{k}" for k in range(len(names))}:
            raise Reject(RULE, "names", f"{min(caught)} is the name of a bound variable here")
        for order in _orders(names):
            by: dict[str, Term] = {n: Var(f"y'{k}") for k, n in enumerate(order)}
            new = [substitute(u, by) for u in ws], [substitute(u, by) for u in fs]
            body = mul(*sorted(new[1], key=show))
            t = Bind("E", tuple(f"y'{k}" for k in range(len(order))), tuple(drawn[n] for n in order), (),
                     (mul(*sorted(new[0], key=show)), body))
            key = show(t) + str(t.sorts)
            if best is None or key < best[0]:
                best = key, t
        if best is None:
            raise Reject(RULE, "names", "nothing is drawn")
        return best[1]


def _orders(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    return list(itertools.permutations(sorted(names))) if len(names) <= 4 else [tuple(sorted(names))]


def _parts(names: set[str], terms: list[Term]) -> list[set[str]]:
    groups = [{n} for n in sorted(names)]
    for t in terms:
        touched = [g for g in groups if g & free_names(t)]
        if touched:
            groups = [g for g in groups if not g & free_names(t)] + [set().union(*touched)]
    return groups


def _factors(t: Term) -> list[Term]:
    return [f for a in t.args for f in _factors(a)] if isinstance(t, App) and t.head == "mul" else [t]


def _densities(t: Term) -> bool:
    match t:
        case App("mul" | "div", args):
            return all(map(_densities, args))
        case _:
            return isinstance(t, App) and t.head == "density"


def _random(t: Term) -> bool:
    return isinstance(t, Bind) and any(isinstance(s, Space) for s in t.sorts)


__all__ = ["RULE", "Functionals", "Poly", "plus", "times"]
