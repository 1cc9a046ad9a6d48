"""From terms to integrals: every expectation of a claim as weight, integrand and what must be positive.

A scalar term becomes a list of pieces ``int over {weight > 0} of weight * body``; a piece without
variables is a plain scalar.  Conventions (docs/meaning.md):

* E(v; w, f) runs over {w > 0}; KL(v; a, b) is E(v; a, log(a/b)), with a value in [0, oo];
* an integral over a random variable whose integrand is a product runs over {its density factors > 0}:
  a density factor 0 makes the product 0, whatever the others do (0 log 0 = 0);
* ``finite(t)``: t converges absolutely, nested integrals read as one integral over all variables.
  So an expectation of an expectation is one expectation under the product of the weights (Tonelli).

    E_w (f + E_u g)  =  int w u (f + g)       u has mass 1 in its own variables, where w > 0

FAILURE: an inner integral whose weight has no mass 1 next to other summands; a weight with a
negative part; an integrand whose summands have different weights.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from .claim import Sequent
from .definedness import definedness
from .density_form import (
    Atom, Density, Fact, Known, Log, Marginal, Mono, Normal, Opaque, Poly, Prime, Relation, Sum, bind, by_densities,
    constant, content, factored, log_poly, log_rational, mass, mono, mono_names, names_in, of_atom,
    of_mono, poly_names, power, rename, rename_mono, rename_poly, scalar_term, times, unfold,
)
from .density_independence import derived
from .density_gaussian import integrated, normal_term, recognised, split_off
from .density_terms import case_values, density_factors, density_parts, over_variables, summands
from .evidence import Reject
from .field import CannotNormalise, Field
from .kinds import is_real
from .prove import discharge
from .term import (
    TRUE, ZERO, App, Bind, Law, Num, Sort, Space, Term, Var, alpha, app, conjuncts, fresh, free_names,
    mul, num, show, substitute, subterms,
)

RULE = "density-form"
MAX_PIECES = 80
Names = tuple[tuple[str, str], ...]      # (name, measure)


@dataclass(frozen=True, slots=True)
class Need:
    """For almost all ``names``: where ``premise`` > 0, ``what`` must be positive (an atom; nonzero
    if ``nonzero``) or true (a formula).  ``kl``: the finiteness of a KL says so already."""

    what: Atom | Term
    premise: Mono = ()
    names: Names = ()
    nonzero: bool = False
    kl: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    names: Names
    weight: Mono
    body: Poly
    needs: tuple[Need, ...] = ()
    written: tuple[Term, ...] = ()       # the outermost integrals of the claim that are in it
    extended: bool = False               # a positive multiple of a KL: a value in [0, oo]


class Reader:
    """Reads the terms of one sequent."""

    def __init__(self, sequent: Sequent, keep_normal: bool = False) -> None:
        """``keep_normal``: normal densities stay as measures instead of being integrated out."""
        self.sequent, self.keep_normal = sequent, keep_normal
        self.ordered = isinstance(sequent.goal, App) and sequent.goal.head in ("<", "<=", ">", ">=")
        self.sorts: dict[str, Sort] = dict(sequent.declarations)
        self._signs: dict[Term, str | None] = {}
        self.known = Known(self.scalar_sign)
        for a in sequent.assumptions:
            for c in conjuncts(a):
                self.learn(c)
        for r in derived(self.known.relations):
            self.known.relate(r)

    def within(self, sorts: Mapping[str, Sort], bound: Iterable[str] = ()) -> Reader:
        """A reader under binders, with all that is known here, but for what is known of a name bound again."""
        again = set(bound) & set(self.sorts)
        kept = tuple(a for a in self.sequent.assumptions if not free_names(a) & again)
        inside = Reader(Sequent(sorts, kept, TRUE), self.keep_normal)
        inside.known.learn(f for f in self.known.facts if not (
            (names_in(f.atom) | mono_names(f.premise)) - f.names) & again)
        return inside

    # ------------------------------------------------------------------ names, signs

    def fresh(self, stem: str, sort: Sort) -> str:
        name = fresh(stem, set(self.sorts))
        self.sorts[name] = sort
        return name

    def fresh_variable(self, stem: str) -> str:
        return self.fresh(stem, Space("unspecified"))

    def scalar_sign(self, t: Term) -> str | None:
        if t not in self._signs:
            try:
                self._signs[t] = self.field().sign(t)
            except CannotNormalise:
                self._signs[t] = None
            if self._signs[t] in (None, "0+") and free_names(t):
                wanted = Sequent(self.sorts, self.sequent.assumptions, TRUE)
                if not discharge((app(">", t, ZERO),), wanted):
                    self._signs[t] = "+"
        return self._signs[t]

    def field(self) -> Field:
        return Field(Sequent(self.sorts, self.sequent.assumptions, TRUE))

    def learn(self, c: Term) -> None:
        """Facts and relations from a formula that holds."""
        try:
            self._learn(c, ())
        except Reject:
            return      # of another kind

    def _learn(self, c: Term, names: tuple[str, ...]) -> None:
        """Facts and relations from one assumption, read for almost all values of its variables."""
        match c:
            case Bind("forall") if all(isinstance(s, Space) for s in c.sorts):
                opened, body = self._open(c)
                guard, conclusion = body
                for part in conjuncts(conclusion):
                    self._learn(part if guard == TRUE else app("implies", guard, part), names + opened)
            case App("implies", (premise, conclusion)):
                above = self._premise(premise, conclusion)
                if above is not None:
                    where, atoms = above
                    self.known.learn(Fact(frozenset(names), where, a) for a in atoms)
            case App(">" | "!=" | "<", _):
                self.known.learn(Fact(frozenset(names), (), a) for a in self._positive_atoms(c))
            case App("=", (a, b)):
                self._relate(a, b, names)

    def _premise(self, premise: Term, conclusion: Term) -> tuple[Mono, list[Atom]] | None:
        match premise, conclusion:
            case App("=", (a, b)), App("=", (c, d)) if b == ZERO and d == ZERO:
                atoms = self._positive_atoms(app(">", a, ZERO))
                where = self._single(c)
            case (App(">" | "!=", (a, b)) | App("<", (b, a))), App(">" | "!=" | "<", _) if b == ZERO:
                atoms = self._positive_atoms(conclusion)
                where = self._single(a)
            case _:
                return None
        if where is None or not self.known.nonnegative_mono(where):
            return None
        return tuple((b, e) for b, e in where if e > 0), atoms

    def _positive_atoms(self, c: Term) -> list[Atom]:
        """The atoms that ``A > 0`` (or ``A != 0`` for a density) makes positive."""
        match c:
            case App(">" | "!=" as relation, (a, b)) | App("<" as relation, (b, a)) if b == ZERO:
                m = self._single(a)
                if m is None or not all(
                        self.known.nonnegative(x) or (relation != "!=" and len(m) == 1) for x, _ in m):
                    return []
                return [x for x, _ in m]
        return []

    def _single(self, t: Term) -> Mono | None:
        c, m = factored(self.value(t)[0], self.known.nonnegative)
        return m if c > 0 else None

    def _relate(self, a: Term, b: Term, names: tuple[str, ...]) -> None:
        left, right = self.value(a)[0].single, self.value(b)[0].single
        if left is None or right is None or left[1] != right[1]:
            return
        # C L = C R gives L = R only if L and R vanish where C does
        shared = mono((f, min(e, dict(right[0]).get(f, 0))) for f, e in left[0]
                      if e > 0 and dict(right[0]).get(f, 0) > 0)
        for side in (left[0], right[0]):
            rest = times(side, power(shared, -1))
            if not all(self.known.positive(f, rest) for f, _ in shared):
                self._relate_margins(left[0], right[0], names)
                return
        ratio = times(left[0], power(right[0], -1))
        if not all(isinstance(x, (Density, Marginal)) for x, _ in ratio):
            return
        of_left = {x for x, _ in left[0]}
        choices = [(x, e) for x, e in ratio if isinstance(x, Density) and abs(e) == 1]
        for x, e in sorted(choices, key=lambda f: (-len(f[0].own), f[0] not in of_left)):
            value = power(mono(f for f in ratio if f[0] != x), -e)
            upper = mono(f for f in value if f[1] > 0)
            below = [d for d, k in value if k < 0]
            if all(self.known.positive(d, upper) and self.known.positive(d, ((x, 1),)) for d in below):
                self.known.relate(Relation(frozenset(names), x, value))
                return

    def _relate_margins(self, left: Mono, right: Mono, names: tuple[str, ...]) -> None:
        """L = R for almost all v, v in one factor of each:  int L dv = int R dv.  What is cancelled on the way was a
        divisor of L = R, so it is not 0 where this holds: almost everywhere."""
        divisors = {a for m in (left, right) for a, e in m if e < 0}
        for v in names:
            sides = [mass(m, [v]) for m in (left, right)]
            if any(m.left for m in sides) or any(a not in divisors for m in sides for a in m.cancelled):
                continue
            new = [m.value for m in sides]
            if new[0] != new[1] and all(new):
                self._relate(self.mono_term(new[0]), self.mono_term(new[1]), names)
                return

    # ------------------------------------------------------------------ pieces

    def pieces(self, t: Term) -> list[Piece]:
        """``t`` as a sum of integrals."""
        out = self._pieces(t)
        if len(out) > MAX_PIECES:
            raise Reject(RULE, show(t)[:60], f"more than {MAX_PIECES} integrals")
        return out

    def _pieces(self, t: Term) -> list[Piece]:
        if isinstance(t, App) and t.head in ("div", "mul", "exp"):
            normal = recognised(t, self)
            if normal is not None:
                return [Piece((), (), of_atom(normal[0]), normal[1])]
        match t:
            case Num(value):
                return [Piece((), (), constant(value))]
            case App("add", args):
                return [p for a in args for p in self.pieces(a)]
            case App("neg", (a,)):
                return [_scaled(p, constant(-1)) for p in self.pieces(a)]
            case App("mul", args):
                out = [Piece((), (), constant(1))]
                for a in args:
                    out = [self._times(p, q) for q in self.pieces(a) for p in out]
                return out
            case App("div", (a, b)):
                below, needs = self.inverse(b)
                return [self._times(p, Piece((), (), below, needs)) for p in self.pieces(a)]
            case App("pow", (base, Num(e))) if e.denominator == 1 and abs(e) <= 12:
                if e < 0:
                    below, needs = self.inverse(base)
                    return [Piece((), (), below ** int(-e), needs)]
                factor = self.pieces(base)
                out = [Piece((), (), constant(1))]
                for _ in range(int(e)):
                    out = [self._times(p, q) for q in factor for p in out]
                return out
            case App("density", _):
                m, needs = self._density(t)
                return [Piece((), (), of_mono(m), needs)]
            case App("abs", (a,)) if is_real(a, self.sorts) and any(
                    isinstance(u, App) and u.head == "density" for u in subterms(a)):
                return [self._modulus(a)]
            case App("exp", (a,)) if any(isinstance(u, App) and u.head == "at" for u in subterms(a)) and (
                    found := self._exponential(a)) is not None:
                return [found]
            case App("log", (a,)):
                body, needs = self.log(a)
                return [Piece((), (), body, needs)]
            case Bind("E") if over_variables(t):
                names, (w, f) = self._open(t)
                return self._weighted(t, names, self._weights(w), self.pieces(f))
            case Bind("KL") if over_variables(t):
                names, (a, b) = self._open(t)
                return self._divergence(t, names, a, b)
            case Bind("integral") if over_variables(t) and not t.outer:
                names, (f,) = self._open(t)
                return self._integral(t, names, f)
            case _:
                return [self._opaque(t)]

    def _open(self, t: Bind) -> tuple[tuple[str, ...], tuple[Term, ...]]:
        names = tuple(self.fresh(n, s) for n, s in zip(t.names, t.sorts, strict=True))
        by: dict[str, Term] = {
            n: Var(m) for n, m in zip(t.names, names, strict=True) if n != m}
        return names, tuple(substitute(u, by) if by else u for u in t.inner)

    def measures(self, names: Iterable[str]) -> Names:
        out = []
        for n in names:
            sort = self.sorts[n]
            out.append((n, sort.measure if isinstance(sort, Space) else ""))
        return tuple(out)

    def _opaque(self, t: Term) -> Piece:
        if isinstance(t, Var):
            sort = self.sorts.get(t.name)
            if isinstance(sort, Law) or isinstance(sort, Space) and not is_real(t, self.sorts):
                raise Reject(RULE, t.name, "is no number")
        canonical = alpha(t)
        conditions = definedness(t, Sequent(self.sorts, self.sequent.assumptions, TRUE))
        return Piece((), (), of_atom(Opaque(canonical)), tuple(Need(c) for c in conditions))

    def _exponential(self, a: Term) -> Piece | None:
        """exp(2 f(x) - g(x) + 1) as a product of powers of exp f(x), exp g(x) and e."""
        body, needs = self.value(a)
        factors: list[tuple[Atom, int]] = []
        for m, c in body.terms:
            one = m[0][0] if len(m) == 1 and m[0][1] == 1 else None
            inside = one.term if isinstance(one, Opaque) else None
            if c.denominator != 1 or m and not (
                    isinstance(inside, App) and inside.head == "at" and is_real(inside, self.sorts)):
                return None
            factors.append((Opaque(app("e") if inside is None else app("exp", inside)), int(c)))
        return Piece((), (), of_mono(mono(factors)), needs)

    def _modulus(self, a: Term) -> Piece:
        """|a|, with the sign of a chosen by its normal form: |p - q| and |q - p| are one atom."""
        body, needs = self.value(a)
        if body.terms and body.terms[0][1] < 0:
            body = -body
        return Piece((), (), of_atom(Opaque(alpha(app("abs", self.poly_term(body))))), needs)

    def _density(self, t: App) -> tuple[Mono, tuple[Need, ...]]:
        law = t.args[0]
        sort = self.sorts.get(law.name) if isinstance(law, Var) else None
        name, own, given = density_parts(t, sort)
        if not isinstance(sort, Law):
            raise Reject(RULE, name, "is no law")
        values = []
        for label, v in own + given:
            here, there = self.sorts.get(label), self.sorts.get(v.name) if isinstance(v, Var) else None
            if not isinstance(v, Var) or not isinstance(there, Space):
                raise Reject(RULE, show(t)[:80], f"{show(v)} is no random variable")
            if here != there:
                raise Reject(RULE, show(t)[:80], f"{v.name} and the label {label} have different measures")
            values.append(v.name)
        if len(set(values)) != len(values):
            raise Reject(RULE, show(t)[:80], "a density on a diagonal is not determined almost everywhere")
        fixed = tuple(sorted((k, _name(v)) for k, v in given if k in sort.given))
        known = tuple(sorted((k, _name(v)) for k, v in given if k not in sort.given))
        whole = Density(name, tuple(sorted([(k, _name(v)) for k, v in own] + list(known))), fixed)
        if not known:
            return ((whole, 1),), ()
        below = Density(name, known, fixed)
        return mono([(whole, 1), (below, -1)]), (Need(below, nonzero=True),)

    # ------------------------------------------------------------------ products and nesting

    def _times(self, p: Piece, q: Piece) -> Piece:
        clash = {n for n, _ in p.names} & {n for n, _ in q.names}
        if clash:
            q = self.renamed(q, {n: self.fresh(n, self.sorts[n]) for n in sorted(clash)})
        factor = p if not p.names else q if not q.names else None
        c = factor.body.rational if factor is not None else None
        extended = (p.extended or q.extended) and c is not None and c > 0
        needs = p.needs + q.needs
        if factor is not None and not factor.body.terms:       # 0 times an integral that may not be finite
            other = q if factor is p else p
            if not self.surely_finite(replace(other, body=self.known.rewrite(other.body))):
                needs = (*(n for n in needs if not n.kl), *(Need(app("finite", w)) for w in other.written))
        return Piece(p.names + q.names, times(p.weight, q.weight), p.body * q.body, needs,
                     p.written + q.written, extended)

    def renamed(self, p: Piece, by: dict[str, str]) -> Piece:
        return Piece(
            tuple((by.get(n, n), s) for n, s in p.names), rename_mono(p.weight, by), rename_poly(p.body, by),
            tuple(_rename_need(n, by) for n in p.needs), p.written, p.extended)

    def _weighted(self, t: Bind, names: tuple[str, ...], weights: list[Piece],
                  body: list[Piece]) -> list[Piece]:
        out = []
        for w in weights:
            outer = self.measures(names) + w.names
            m = w.weight
            for inner in self._merged(body, m):
                if clash := {n for n, _ in inner.names} & {n for n, _ in outer}:
                    inner = self.renamed(inner, {n: self.fresh(n, self.sorts[n]) for n in sorted(clash)})
                needs = [replace(n, premise=times(m, n.premise), names=outer + n.names) for n in inner.needs]
                # what the weight itself needs: where it involves no variable bound here, at every point
                bound = {n for n, _ in outer}
                for need in w.needs:
                    inside = isinstance(need.what, Density) and names_in(need.what) & bound
                    needs.append(replace(need, premise=times(m, need.premise), names=outer + need.names)
                                 if inside else need)
                whole = Piece(outer + inner.names, times(m, inner.weight), inner.body * w.body,
                              tuple(needs), (t,), inner.extended and len(weights) == 1)
                out.append(whole if self.keep_normal else integrated(whole))
        return out

    def _weights(self, w: Term) -> list[Piece]:
        """A weight as positive multiples of monomials (perhaps under integrals, as a mixture is).

        E over a p + b q with numbers a, b > 0 is a E_p + b E_q; where a may be 0, E_p need not be defined."""
        together: dict[tuple[Names, Mono], Piece] = {}
        for p in self.pieces(w):
            q = together.get((p.names, p.weight))
            together[p.names, p.weight] = p if q is None else replace(q, body=q.body + p.body, needs=q.needs + p.needs)
        out = []
        for p in together.values():
            for rest, coefficient in by_densities(p.body).items():
                shares = [(rest, coefficient)]
                if not self._positive_numbers(coefficient):
                    shares = [(times(rest, m), constant(c)) for m, c in coefficient.terms]
                for m, scale in shares:
                    total = times(p.weight, m)
                    if (scale.rational or 1) <= 0 or not self.known.nonnegative_mono(total):
                        raise Reject(RULE, show(w)[:80], "a weight that is not certainly nonnegative")
                    self._kept(p.weight, total, show(w)[:80])
                    out.append(Piece(p.names, total, scale, p.needs))
        return out

    def _positive_numbers(self, coefficient: Poly) -> bool:
        """Parameters that are certainly positive, and no random variables."""
        names = {n for m, _ in coefficient.terms for a, _ in m for n in names_in(a)}
        return not any(isinstance(self.sorts.get(n), Space) for n in names) and (
            self.scalar_sign(scalar_term(coefficient)) == "+")

    def _kept(self, weight: Mono, total: Mono, where: str) -> None:
        """int over {weight > 0} of total is int of total: what was cancelled is positive with total."""
        upper = [a for a, e in total if e > 0]
        for a, e in weight:
            if e > 0 and a not in upper and not self.known.positive(a, total):
                raise Reject(RULE, where, "a density is cancelled that may vanish where the rest does not")

    def _merged(self, body: list[Piece], outer: Mono) -> list[Piece]:
        """Several integrals under one outer integral as one: equal weights together, else each weight
        a probability in its own variables (where the outer weight is positive)."""
        if len(body) == 1:
            return body
        groups: list[Piece] = []
        for p in body:
            for k, g in enumerate(groups):
                if (by := same_weight(p, g)) is not None:
                    q = self.renamed(p, by)
                    groups[k] = Piece(g.names, g.weight, g.body + q.body, g.needs + q.needs)
                    break
            else:
                groups.append(replace(p, extended=False))
        if len(groups) == 1:
            return groups
        total = Piece((), (), Poly())
        for g in groups:
            summed = mass(g.weight, [n for n, _ in g.names])
            if summed.left or summed.value or not all(
                    self.known.positive(a, outer) for a in summed.cancelled):
                raise Reject(RULE, "nesting", "an inner integral that is not over a probability")
            if clash := {n for n, _ in total.names} & {n for n, _ in g.names}:
                g = self.renamed(g, {n: self.fresh(n, self.sorts[n]) for n in sorted(clash)})
            total = Piece(total.names + g.names, times(total.weight, g.weight), total.body + g.body,
                          total.needs + g.needs)
        return [total]

    def _divergence(self, t: Bind, names: tuple[str, ...], a: Term, b: Term) -> list[Piece]:
        upper, needs_a = self.log(a, True)
        lower, needs_b = self.log(b, True)
        needs = tuple(replace(n, kl=not n.nonzero and self._not_negative(n.what)) for n in needs_a + needs_b)
        weights = self._weights(a)
        body = Piece((), (), upper - lower, needs, (), self._probability(b, names))
        return self._weighted(t, names, weights, [body])

    def _not_negative(self, what: Atom | Term) -> bool:
        return not isinstance(what, (Num, Var, App, Bind)) and self.known.nonnegative(what)

    def _probability(self, w: Term, names: tuple[str, ...]) -> bool:
        """Whether a weight has at most the mass 1 in ``names``: then E_a (log(b/a))^+ <= E_a b/a <= 1,
        and E_a log(a/b) has a value in [0, oo] whatever a and b are."""
        try:
            total = Fraction(0)
            for p in self._weights(w):
                over = [*names, *(n for n, _ in p.names)]
                whole, added = unfold(p.weight, over, self.fresh_variable)
                summed = mass(whole, [*over, *added])
                if summed.left or summed.value:
                    return False
                total += p.body.rational or 0
            return total <= 1
        except Reject:
            return False

    def _integral(self, t: Bind, names: tuple[str, ...], f: Term) -> list[Piece]:
        parts: list[tuple[list[Piece], Term]] = []
        for sign, summand in summands(f):
            normal = split_off(summand, self, frozenset(names))
            if normal is not None:
                weights, rest = [Piece((), ((normal[0], 1),), constant(1), normal[1])], normal[2]
            else:
                weight, rest = density_factors(summand)
                weights = self._weights(weight)
            parts.append((weights, rest if sign > 0 else app("neg", rest)))
        if len(parts) == 1 or all(p[0] == parts[0][0] for p in parts):
            return self._weighted(t, names, parts[0][0], [q for _, f in parts for q in self.pieces(f)])
        out = []
        for weights, rest in parts:
            new = self._weighted(t, names, weights, self.pieces(rest))
            if not all(self.surely_finite(p) for p in new):
                raise Reject(RULE, show(t)[:80], "an integral of summands with different weights")
            out += new
        return out

    # ------------------------------------------------------------------ values, logs, divisors

    def value(self, t: Term) -> tuple[Poly, tuple[Need, ...]]:
        """``t`` where it is not linear (under a log, below the line): integrals become atoms."""
        total = Poly()
        needs: list[Need] = []
        for p in self.pieces(t):
            folded = self._fold(p) if p.names else p.body
            if folded is None:
                whole = self._opaque(t)
                return whole.body, whole.needs
            if p.names and any(isinstance(a, Marginal) and not self._bounded(a)
                               for m, _ in folded.terms for a, _ in m):
                needs += [Need(app("finite", w)) for w in p.written]
            total = total + folded
            needs += p.needs
        return total, tuple(needs)

    def _bounded(self, a: Marginal) -> bool:
        """A density in the variables that are left: finite almost everywhere."""
        if not all(isinstance(b, Density) for b, _ in a.body):
            return False
        own = {v for b, e in a.body if isinstance(b, Density) and e == 1 for _, v in b.own}
        return not mass(a.body, sorted(own)).left

    def _fold(self, p: Piece) -> Poly | None:
        total = Poly()
        several = len(p.body.terms) > 1
        for m, c in p.body.terms:
            whole = times(p.weight, m)
            if several and not (c > 0 and self.known.nonnegative_mono(whole)):
                return None
            upper = [a for a, e in whole if e > 0]
            if any(e > 0 and a not in upper and not self.known.positive(a, whole) for a, e in p.weight):
                return None
            names = dict(p.names)
            whole, added = unfold(whole, names, self.fresh_variable)
            summed = self.known.mass(whole, [*names, *added])
            if any(not self.known.positive(a, summed.value) for a in summed.cancelled):
                return None
            left = {n: {**names, **added}[n] for n in summed.left}
            inside = mono(f for f in summed.value if names_in(f[0]) & left.keys())
            outside = mono(f for f in summed.value if not names_in(f[0]) & left.keys())
            if left:
                if set(left) - mono_names(inside):
                    return None
                outside = times(outside, ((bind(left, inside), 1),))
            total = total + of_mono(outside, c)
        return total

    def surely_finite(self, p: Piece) -> bool:
        """A constant integrated against a density, or densities whose integral is known (with what is
        cancelled, E_q p/q is at most the integral of p)."""
        names = [n for n, _ in p.names]
        constant_body = not poly_names(p.body) & set(names)
        for m in [()] if constant_body else [m for m, _ in p.body.terms]:
            if not all(isinstance(a, (Density, Marginal, Normal)) or not names_in(a) & set(names)
                       or isinstance(a, Opaque) and case_values(a.term) for a, _ in m):
                return False
            whole = times(p.weight, mono(f for f in m if not isinstance(f[0], Opaque)))
            whole, added = unfold(whole, names, self.fresh_variable)
            if mass(whole, [*names, *added]).left:
                return False
        return True

    def inverse(self, t: Term) -> tuple[Poly, tuple[Need, ...]]:
        body, needs = self.value(t)
        c, m = factored(body)
        return of_mono(power(m, -1), 1 / c), needs + tuple(
            Need(a, nonzero=True) for a, _ in m if not isinstance(a, Prime))

    def log(self, t: Term, real: bool = False) -> tuple[Poly, tuple[Need, ...]]:
        """
            t = a b,  a >= 0 by form,  a != 0,  b != 0
            ------------------------------------------      a branch is chosen in log b alone
            log t = log a + log b

        The logarithm of something negative is complex, so b > 0 is no part of its definedness, except
        in an order relation and in a KL (``real``): log f^2 = 2 log f is false for a negative f.
        FAILURE: two factors of unknown sign stay together.
        """
        real = real or self.ordered
        total = Poly()
        needs: list[Need] = []
        doubtful: list[tuple[Term, Fraction]] = []
        for base, e in _log_factors(t, Fraction(1)):
            match base:
                case Num(value) if value > 0:
                    total = total + log_rational(value).scaled(e)
                    continue
                case App("exp", (u,)) if is_real(u, self.sorts):
                    body, more = self.value(u)
                    total = total + body.scaled(e)
                    needs += more
                    continue
            body, more = self.value(base)
            c, m = factored(body, self.known.nonnegative)
            if c > 0 and all(self.known.nonnegative(a) for a, _ in m):
                total = total + log_poly(body, self.known.nonnegative).scaled(e)
                needs += [*more, *(Need(a) for a, _ in m if not isinstance(a, Prime))]
            else:
                doubtful.append((base, e))
        if doubtful:
            if any(e.denominator != 1 for _, e in doubtful):
                whole = self._opaque(app("log", t))
                return whole.body, whole.needs
            rest = constant(1)
            for base, e in doubtful:
                body, more = self.inverse(base) if e < 0 else self.value(base)
                rest = rest * body ** abs(int(e))
                needs += more
            c, m = factored(rest, self.known.nonnegative)
            if c < 0:
                raise Reject(RULE, show(t)[:80], "a logarithm of something negative")
            total = total + log_poly(rest, self.known.nonnegative)
            needs += [Need(a, nonzero=not real and not self.known.nonnegative(a))
                      for a, _ in m if not isinstance(a, Prime)]
        return total, tuple(needs)

    # ------------------------------------------------------------------ conditions

    def needed_facts(self, p: Piece) -> list[Fact]:
        """What the definedness of a piece says is positive (its needs), as facts."""
        return self._facts(p.needs)

    def _facts(self, needs: Iterable[Need]) -> list[Fact]:
        return [Fact(frozenset(k for k, _ in n.names), tuple(f for f in n.premise if f[1] > 0), n.what)
                for n in needs if not isinstance(n.what, (Num, Var, App, Bind)) and not (
                    n.nonzero and not self.known.nonnegative(n.what))]

    def conditions(self, pieces: list[Piece], may_be_infinite: bool = False) -> tuple[Term, ...]:
        """The definedness of all pieces as formulas that people read; what follows from another
        condition is left out.  ``may_be_infinite``: a KL whose value oo would serve as well."""
        needs: list[Need] = []
        finite: dict[str, tuple[Term, ...]] = {}
        for p in pieces:
            mine = [n for n in p.needs if not n.kl]
            if p.names and not (p.extended and may_be_infinite):
                if self.surely_finite(replace(p, body=self.known.rewrite(p.body))):
                    mine = list(p.needs)
                else:
                    finite.setdefault(_same(self._leading(p)), p.written)
            needs += mine
        atoms = sorted((n for n in needs if not isinstance(n.what, (Num, Var, App, Bind))),
                       key=lambda n: (bool(n.names), -len(names_in(n.what)), len(n.names)))
        formulas = [n for n in needs if isinstance(n.what, (Num, Var, App, Bind))]
        before = list(self.known.facts)
        out: list[Term] = []
        for n in atoms:
            found = self.condition(n)
            out += found
            if found:
                self.known.learn(self._facts([n]))
        self.known.forget(before)
        out += [c for n in formulas for c in self.condition(n)]
        out += [app("finite", w) for written in finite.values() for w in written]
        return tuple(dict.fromkeys(out))

    def _leading(self, p: Piece) -> Piece:
        """The part of the integrand that decides whether it is integrable: against a weight of finite
        mass a constant does not matter, nor does a factor that is not 0."""
        names = {n for n, _ in p.names}
        if not self.surely_finite(replace(p, body=constant(1))):
            return p
        body = Poly.of((m, c) for m, c in p.body.terms if mono_names(m) & names)
        if not body.terms:
            return p
        return replace(p, body=content(body, lambda a: not names_in(a) & names and (
            isinstance(a, Opaque) and self.scalar_sign(a.term) in ("+", "-", "+-")))[2])

    def condition(self, n: Need) -> list[Term]:
        s = Sequent(self.sorts, self.sequent.assumptions, TRUE)
        if isinstance(n.what, (Num, Var, App, Bind)):
            formula: Term = n.what
        elif self.known.positive(n.what, n.premise):
            return []
        elif isinstance(n.what, Opaque):
            if n.nonzero and self.scalar_sign(n.what.term) in ("+", "-", "+-"):
                return []
            formula = app("!=" if n.nonzero else ">", n.what.term, ZERO)
        else:
            inside = self.term(n.what)
            where = tuple(f for f in n.premise if f[1] > 0 and names_in(f[0]))
            names = self._shown_names(n, names_in(n.what) | mono_names(n.premise))
            if not where:
                return [_forall(app(">", inside, ZERO), names)]
            return [_forall(app("implies", app("=", inside, ZERO), app("=", self.mono_term(n.premise), ZERO)),
                            names)]
        names = self._shown_names(n, free_names(formula))
        closed = _forall(formula, names)
        return list(discharge((closed,), s))

    def _shown_names(self, n: Need, occurring: Iterable[str]) -> list[tuple[str, Sort]]:
        return [(k, Space(s)) for k, s in n.names if k in set(occurring)]

    # ------------------------------------------------------------------ back to terms

    def mono_term(self, m: Mono) -> Term:
        """A monomial as a term: J(p, xz)/J(p, z) is shown as p(x|z)."""
        above = [(a, e) for a, e in m if e > 0]
        below = [(a, -e) for a, e in m if e < 0]
        top: list[Term] = []
        for a, e in above:
            partner = next((b for b, k in below if e == 1 and k == 1 and isinstance(a, Density)
                            and isinstance(b, Density) and b.law == a.law and b.given == a.given
                            and set(b.own) < set(a.own)), None)
            if partner is not None and isinstance(a, Density):
                below.remove((partner, 1))
                own = tuple(x for x in a.own if x not in partner.own)
                top.append(self.density_term(a.law, own, partner.own + a.given))
            else:
                top.append(self.term(a) if e == 1 else app("pow", self.term(a), num(e)))
        bottom = [self.term(a) if e == 1 else app("pow", self.term(a), num(e)) for a, e in below]
        return app("div", mul(*top), mul(*bottom)) if bottom else mul(*top)

    def density_term(self, law: str, own: tuple[tuple[str, str], ...],
                      given: tuple[tuple[str, str], ...]) -> Term:
        sort = self.sorts[law]
        labels = list(sort.own + sort.given) if isinstance(sort, Law) else []
        order = lambda kv: labels.index(kv[0])  # noqa: E731
        args: list[Term] = [Var(law)]
        for k, v in sorted(own, key=order):
            args += [num(labels.index(k) + 1), Var(v)]
        if given:
            args.append(App("given", ()))
            for k, v in sorted(given, key=order):
                args += [num(labels.index(k) + 1), Var(v)]
        return App("density", tuple(args))

    def term(self, a: Atom) -> Term:
        match a:
            case Density(law, own, given):
                return self.density_term(law, own, given)
            case Opaque(t):
                return t
            case Prime(n):
                return num(n)
            case Normal(value, mean, variance):
                return normal_term(Var(value), self.poly_term(mean), self.poly_term(variance))
            case Log(of):
                return app("log", self.term(of))
            case Sum(poly):
                return self.poly_term(poly)
            case Marginal():
                names = [self.fresh(f"v{k}", Space(s)) for k, s in enumerate(a.measures)]
                body = mono((rename(b, dict(zip(a.names, names, strict=True))), e) for b, e in a.body)
                return Bind("integral", tuple(names), tuple(Space(s) for s in a.measures), (),
                            (self.mono_term(body),))

    def poly_term(self, p: Poly) -> Term:
        parts = []
        for m, c in p.terms:
            parts.append(num(c) if not m else self.mono_term(m) if c == 1 else mul(num(c), self.mono_term(m)))
        return ZERO if not parts else parts[0] if len(parts) == 1 else App("add", tuple(parts))


def _name(t: Term) -> str:
    return t.name if isinstance(t, Var) else ""


def _same(p: Piece) -> str:
    """Equal for pieces that are the same integral, up to the names of variables and the sign."""
    best = ""
    for order in itertools.permutations(p.names) if len(p.names) <= 4 else (p.names,):
        by = {n: f"~9.{k}" for k, (n, _) in enumerate(order)}
        body = rename_poly(p.body, by)
        for form in (body, -body):
            key = repr((rename_mono(p.weight, by), form.terms))
            best = key if not best or key < best else best
    return best


def _scaled(p: Piece, by: Poly) -> Piece:
    return Piece(p.names, p.weight, p.body * by, p.needs, p.written)


def _rename_need(n: Need, by: dict[str, str]) -> Need:
    what: Atom | Term
    if isinstance(n.what, (Num, Var, App, Bind)):
        what = substitute(n.what, {k: Var(v) for k, v in by.items()})
    else:
        what = rename(n.what, by)
    return replace(n, what=what, premise=rename_mono(n.premise, by),
                   names=tuple((by.get(k, k), s) for k, s in n.names))


def same_weight(p: Piece, q: Piece) -> dict[str, str] | None:
    """The renaming of p's variables that gives p the weight of q."""
    if len(p.names) != len(q.names) or len(p.names) > 4:
        return None
    for order in itertools.permutations(q.names):
        by = {a: b for (a, _), (b, _) in zip(p.names, order, strict=True)}
        if [s for _, s in p.names] == [s for _, s in order] and rename_mono(p.weight, by) == q.weight:
            return by
    return None


def _log_factors(t: Term, e: Fraction) -> list[tuple[Term, Fraction]]:
    match t:
        case App("mul", args):
            return [x for a in args for x in _log_factors(a, e)]
        case App("div", (a, b)):
            return _log_factors(a, e) + _log_factors(b, -e)
        case App("sqrt", (a,)):
            return _log_factors(a, e / 2)
        case App("pow", (base, Num(n))) if n.denominator == 1 and n % 2 == 1:
            return _log_factors(base, e * n)
        case _:
            return [(t, e)]


def _forall(formula: Term, names: list[tuple[str, Sort]]) -> Term:
    """Closed, with plain names for the bound variables."""
    if not names:
        return formula
    taken = set(free_names(formula)) - {n for n, _ in names}
    by: dict[str, Term] = {}
    new = []
    for n, _ in names:
        plain = fresh(n.split("'")[0], taken)
        taken.add(plain)
        new.append(plain)
        by[n] = Var(plain)
    return Bind("forall", tuple(new), tuple(s for _, s in names), (), (TRUE, substitute(formula, by)))


__all__ = ["Need", "Piece", "Reader", "same_weight"]
