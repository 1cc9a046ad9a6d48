"""Inequalities between integrals against densities, from log u <= u - 1, and their equality case.

    b - a = sum over groups of int mu F + c;   F = sum l_i phi_i + c_g  pointwise,  l_i >= 0;
    each phi_i from the list below;   c + sum c_g mass(mu_g) >= 0
    ------------------------------------------------------------------------------------------
    a <= b           conditions: each written integral finite (a KL that helps may be infinite),
                     each divisor and argument of a log positive where its weight is

    log      -sum w_j log u_j,  w_j > 0 (rational, or terms in parameters);   int mu sum w_j (1 - u_j) >= 0 by masses;
             every atom of u_j
             positive where mu is.  For log u <= u - 1 gives phi >= sum w_j (1 - u_j).
    linear   1 - u, int mu u <= 1
    bound    -log u with u <= 1 at each point: a product of conditional densities for the counting
             measure; or 1/u - 1 a sum of nonnegative terms
    sign     a scalar that is nonnegative by its form or the assumptions (a square, for instance)

No integral of a single log u_j is used, only that of F as written.  Gibbs' inequality is the case
mu = q, u = p/q, where mass(mu u) = int p = 1 (Cover & Thomas, 2nd ed., theorem 2.6.3); the data
processing inequality, Jensen for the logarithm and the bounds on log p(x) are others.

    A = B assumed;  B - A = sum l_i phi_i with nothing left over;  l_i > 0;  phi_i of kind log;
    mass(mu) = mass(mu u_j) = 1
    --------------------------------------------------------------------------------------------
    mu = mu u_j almost everywhere, and d1 = d2 if mu = c d1, mu u_j = c d2 with c > 0
    (log u = u - 1 only at u = 1)

FAILURE: a mass that is not at most 1, a negative multiplier, an atom of u that may vanish where mu
does not, a variable on the wrong side of a bar.  Non-Shannon inequalities are out of reach.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from .claim import Sequent
from .density_form import (
    Density, Log, Mono, Opaque, Poly, Prime, bind, by_densities, cleared, constant, factored, log_poly, mass, mono,
    mono_names, names_in, of_atom, of_mono, power, rename_mono, scalar_term, times, unfold,
)
from .density_groups import Group, assumed, constant_part, difference, gather, settled
from .density_reading import Reader
from .evidence import Evidence, Reject
from .kinds import is_real
from .term import (
    App, Bind, Space, Term, Var, conjuncts, free_names, from_json, substitute,
)

RULE = "gibbs"
_NONNEGATIVE = ("+", "0+", "0")


def check(s: Sequent, certificate: Mapping[str, Any], prove: Callable[..., Evidence]) -> Evidence:
    from .prove import discharge

    reader = Reader(s, certificate.get("keep-normal") is True)
    pieces = difference(reader, s.goal, ("<=", ">=", "<", ">"), RULE)
    conditions = reader.conditions(pieces, may_be_infinite=True)
    for p in pieces:
        reader.known.learn(reader.needed_facts(p))
    pieces += assumed(reader, s, certificate, RULE)
    groups, total = gather(reader, pieces, certificate, RULE)
    for g in groups:
        left = g.integrand
        for entry in g.entries:
            left = left - Entry(reader, g, entry).contribution(strict=False)
        total = total + constant_part(reader, g, left, RULE)
    strict = getattr(s.goal, "head", "") in ("<", ">")
    if not _at_least_zero(reader, settled(reader, total), strict):
        raise Reject(RULE, "remainder", "the constants do not add up to something certainly nonnegative")
    return Evidence(discharge(conditions, s))


def _at_least_zero(reader: Reader, p: Poly, strict: bool) -> bool:
    value = p.rational
    if value is not None:
        return value > 0 if strict else value >= 0
    if not all(isinstance(a.of if isinstance(a, Log) else a, (Prime, Opaque))
               for m, _ in p.terms for a, _ in m):
        return all(c > 0 and reader.known.nonnegative_mono(m) for m, c in p.terms) and not strict
    sign = reader.scalar_sign(reader.poly_term(p))
    return sign == "+" or (sign in _NONNEGATIVE and not strict)


class Entry:
    """One multiple of a nonnegative contribution, read from the certificate and checked."""

    def __init__(self, reader: Reader, g: Group, data: Mapping[str, Any]) -> None:
        self.reader, self.g = reader, g
        self.kind = data["kind"]
        self.factor = from_json(data.get("lambda", "1"))
        if free_names(self.factor) & set(g.names):
            raise Reject(RULE, "lambda", "depends on the variables of integration")
        self.parts: list[tuple[Poly, Poly]] = []
        for part in data.get("parts", ()):
            self.parts.append((self._weight(part.get("weight", "1")), self._value(from_json(part["u"]))))
        self.term = from_json(data["term"]) if "term" in data else None

    def _value(self, t: Term) -> Poly:
        value, _ = self.reader.value(t)
        return self.reader.known.rewrite(value)

    def _weight(self, data: Any) -> Poly:
        """A positive number: a rational, or a term in the parameters of the claim."""
        w = from_json(data)
        if free_names(w) & set(self.g.names) or self.reader.scalar_sign(w) != "+":
            raise Reject(RULE, "weight", "is not certainly a positive number")
        value, needs = self.reader.value(w)
        if any(self.reader.condition(n) for n in needs):
            raise Reject(RULE, "weight", "is not defined everywhere")
        return value

    def contribution(self, strict: bool) -> Poly:
        """lambda * phi, after checking that int mu lambda phi >= 0."""
        sign = self.reader.scalar_sign(self.factor)
        if sign != "+" and (strict or sign not in _NONNEGATIVE):
            raise Reject(RULE, "lambda", "is not certainly nonnegative")
        match self.kind:
            case "log":
                phi = self._log()
            case "linear":
                phi = self._linear()
            case "bound":
                phi = self._bound()
            case "sign":
                phi = self._sign()
            case other:
                raise Reject(RULE, "kind", f"{str(other)[:40]!r} is no kind of inequality")
        return self.reader.value(self.factor)[0] * phi

    # ------------------------------------------------------------------ the four kinds

    def _log(self) -> Poly:
        known, mu = self.reader.known, self.g.measure
        phi, budget = Poly(), Poly()
        for w, u in self.parts:
            c, m = factored(u, known.nonnegative)
            if c <= 0:
                raise Reject(RULE, "u", "is not positive")
            for a, _ in m:
                if not known.positive(a, mu):
                    raise Reject(RULE, "u", "has a factor that may vanish where the measure does not")
            phi = phi - log_poly(u, known.nonnegative) * w
            budget = budget + (constant(1) - u) * w
        self._mass_allows(budget)
        return phi

    def _linear(self) -> Poly:
        phi = Poly()
        for w, u in self.parts:
            if not all(self.reader.known.positive(a, self.g.measure)
                       for m, _ in u.terms for a, e in m if e < 0):
                raise Reject(RULE, "u", "has a divisor that may vanish where the measure does not")
            phi = phi + (constant(1) - u) * w
        self._mass_allows(phi)
        return phi

    def _mass_allows(self, budget: Poly) -> None:
        """int over {mu > 0} of mu * budget >= 0: at every point, or because masses add up to at most
        the constant times the mass of mu, which must be 1 exactly (KL(p(x, z); p(x)) over x alone may be
        negative).  Integrating a nonnegative function over more than {mu > 0} only adds."""
        if not cleared(budget).terms:
            return
        allowance = Poly()
        for m, c in by_densities(budget, self.g.names).items():
            if self.reader.scalar_sign(scalar_term(c)) in ("-", "0-", "0"):
                allowance = allowance + c.scaled(self._mass(m))
            elif m:
                raise Reject(RULE, "mass", "a mass would be needed from below")
            elif not has_mass_one(self.reader, self.g.measure, self.g.names):
                raise Reject(RULE, "mass", "the measure has not certainly the mass 1")
            else:
                allowance = allowance + c
        if cleared(allowance).terms and self.reader.scalar_sign(scalar_term(allowance)) not in _NONNEGATIVE:
            raise Reject(RULE, "mass", "is more than allowed")

    def _mass(self, m: Mono) -> Fraction:
        """An upper bound of int mu m: its exact value, or a Reject."""
        known = self.reader.known
        whole = times(self.g.measure, m)
        for form in dict.fromkeys((whole, known.rewrite_mono(whole))):
            if not known.nonnegative_mono(form):
                continue
            expanded = self._expand(form)
            total = Poly()
            for n, c in expanded.terms:
                n2, added = unfold(n, self.g.names, self.reader.fresh_variable)
                measures = {k: _measure(self.reader, k) for k in self.g.names} | added
                summed = mass(n2, measures)
                value = summed.value
                if summed.left:
                    left = {k: measures[k] for k in summed.left}
                    inside = mono(f for f in value if names_in(f[0]) & left.keys())
                    if set(left) - mono_names(inside):
                        break
                    value = times(mono(f for f in value if f not in inside), ((bind(left, inside), 1),))
                total = total + of_mono(value, c)
            else:
                total = known.rewrite(total)
                if total.rational is not None:
                    return total.rational
                if not cleared(total - constant(1)).terms:
                    return Fraction(1)
        raise Reject(RULE, "mass", "the integral of mu u is not known")

    def _expand(self, m: Mono) -> Poly:
        """Sums to a positive power multiplied out."""
        total = constant(1)
        for a, e in m:
            sum_poly = getattr(a, "poly", None)
            total = total * (sum_poly**e if sum_poly is not None and e > 0 else of_atom(a, e))
        return total

    def _bound(self) -> Poly:
        known, mu = self.reader.known, self.g.measure
        phi = Poly()
        for w, u in self.parts:
            c, m = factored(u, known.nonnegative)
            if not all(known.positive(a, mu) for a, _ in m) or c <= 0:
                raise Reject(RULE, "u", "has a factor that may vanish where the measure does not")
            if not (c <= 1 and self._discrete(m)) and not self._inverse_at_least_one(c, m):
                raise Reject(RULE, "u", "is not certainly at most 1")
            phi = phi - log_poly(u, known.nonnegative) * w
        return phi

    def _discrete(self, m: Mono) -> bool:
        """A product of conditional densities for counting measure: each is at most 1."""
        left = dict(m)
        for a, _ in sorted(m, key=lambda f: -len(names_in(f[0]))):
            if not isinstance(a, Density) or left.get(a, 0) <= 0:
                continue
            for _ in range(left.pop(a)):
                below = next((b for b, k in left.items() if k < 0 and isinstance(b, Density)
                              and b.law == a.law and b.given == a.given and set(b.own) < set(a.own)), None)
                labels = {k for k, _ in a.own} - ({k for k, _ in below.own} if below else set())
                if any(self.reader.sorts.get(k) != Space("counting") for k in labels):
                    return False
                if below is not None:
                    left[below] += 1
                    if not left[below]:
                        del left[below]
        return not left

    def _inverse_at_least_one(self, c: Fraction, m: Mono) -> bool:
        """1/u = n/d with d = one term of n and the others nonnegative."""
        inverse = self._expand(power(m, -1)).scaled(1 / c)
        known = self.reader.known
        at_one = dict(inverse.terms).get((), Fraction(0))
        return at_one >= 1 and all(k > 0 and known.nonnegative_mono(n) for n, k in inverse.terms)

    def _sign(self) -> Poly:
        if self.term is None or not is_real(self.term, self.reader.sorts):
            raise Reject(RULE, "term", "is not certainly real")
        if self.reader.scalar_sign(self.term) not in _NONNEGATIVE:
            raise Reject(RULE, "term", "is not certainly nonnegative")
        value, needs = self.reader.value(self.term)
        if any(self.reader.condition(n) for n in needs):
            raise Reject(RULE, "term", "is not defined everywhere")
        return value


def has_mass_one(reader: Reader, measure: Mono, names: tuple[str, ...]) -> bool:
    """Exactly: integrated one variable after the other, and what is cancelled on the way is positive
    where the rest is."""
    known = reader.known
    for m in dict.fromkeys((measure, known.rewrite_mono(measure))):
        left = list(names)
        for _ in names:
            for v in left:
                summed = mass(m, [v])
                if not summed.left and all(known.positive(a, summed.value) for a in summed.cancelled):
                    m = summed.value
                    left.remove(v)
                    break
        if not left and not known.rewrite_mono(m):
            return True
    return False


def _measure(reader: Reader, name: str) -> str:
    sort = reader.sorts[name]
    return sort.measure if isinstance(sort, Space) else ""


def check_equal(s: Sequent, certificate: Mapping[str, Any], prove: Callable[..., Evidence]) -> Evidence:
    """The equality case.  The goal is ``d1 = d2``, perhaps under ``forall`` over random variables."""
    k = int(certificate["assumption"])
    if not 0 <= k < len(s.assumptions):
        raise Reject(RULE, "assumption", f"there is no assumption {k}")
    equation = conjuncts(s.assumptions[k])[int(certificate.get("conjunct", 0))]
    reader = Reader(s, certificate.get("keep-normal") is True)
    pieces = difference(reader, equation, ("=",), RULE)
    if certificate.get("flip") is True:
        pieces = [_flipped(p) for p in pieces]
    # the assumption is true, so defined: what its terms need holds without being a condition
    for p in pieces:
        reader.known.learn(reader.needed_facts(p))
    groups, total = gather(reader, pieces, certificate, RULE)
    shown: list[tuple[Group, Poly]] = []
    for g in groups:
        left = g.integrand
        for data in g.entries:
            entry = Entry(reader, g, data)
            left = left - entry.contribution(strict=True)
            if entry.kind == "log":
                shown += [(g, u) for _, u in entry.parts]
        total = total + constant_part(reader, g, left, RULE)
    if settled(reader, total).terms:
        raise Reject(RULE, "remainder", "the two sides differ by more than the inequalities")
    g, u = shown[int(certificate.get("part", 0))]
    return _conclude(s, reader, g, u, certificate)


def _flipped(p: Any) -> Any:
    from dataclasses import replace

    return replace(p, body=-p.body, extended=False)


def _conclude(s: Sequent, reader: Reader, g: Group, u: Poly, certificate: Mapping[str, Any]) -> Evidence:
    single = u.single
    if single is None or single[1] != 1:
        raise Reject(RULE, "goal", "u is no quotient of densities")
    left, right = g.measure, times(g.measure, single[0])
    for side in (left, right):
        upper = mono(f for f in side if f[1] > 0)
        if not has_mass_one(reader, side, g.names) or not all(
                reader.known.positive(a, upper) for a, e in side if e < 0):
            raise Reject(RULE, "goal", "the densities compared do not both have mass 1")
    goal_reader, goal = opened_goal(s)
    goal_reader.known.learn(f for f in reader.known.facts if not f.names)
    if not (isinstance(goal, App) and goal.head == "="):
        raise Reject(RULE, "goal", "is no equality of densities")
    conditions: list[Term] = []
    sides: list[Mono] = []
    for t in goal.args:
        value, needs = goal_reader.value(t)
        if value.single is None or value.single[1] != 1:
            raise Reject(RULE, "goal", "is no equality of densities")
        sides.append(value.single[0])
        conditions += [c for n in needs for c in goal_reader.condition(n)]
    by = {str(k): str(v) for k, v in certificate["rename"].items()}
    if set(by) != set(g.names) or len(set(by.values())) != len(by) or any(
            goal_reader.sorts.get(v) != reader.sorts[k] for k, v in by.items()):
        raise Reject(RULE, "rename", "does not place each variable once")
    found = [rename_mono(m, by) for m in (left, right)]
    for d1, d2 in (sides, sides[::-1]):
        common = times(found[0], power(d1, -1))
        # a divisor of common: d1 and d2 both vanish where it does; a factor of common: positive everywhere
        if common == times(found[1], power(d2, -1)) and all(
                goal_reader.known.positive(a, ()) if e > 0 else all(goal_reader.known.positive(a, d) for d in (d1, d2))
                for a, e in common):
            return Evidence(tuple(dict.fromkeys(conditions)))
    raise Reject(RULE, "goal", "is another equality than the one that follows")


def opened_goal(s: Sequent) -> tuple[Reader, Term]:
    """The equality under ``forall`` and guards, for almost all values of the opened names."""
    reader, goal, guards = Reader(s), s.goal, []
    for _ in range(4):
        if isinstance(goal, Bind) and goal.head == "forall" and all(isinstance(k, Space) for k in goal.sorts):
            names = [reader.fresh(n, sort) for n, sort in zip(goal.names, goal.sorts, strict=True)]
            by: dict[str, Term] = {n: Var(m) for n, m in zip(goal.names, names, strict=True)}
            guard, goal = (substitute(t, by) for t in goal.inner)
            guards += conjuncts(guard)
        elif isinstance(goal, App) and goal.head == "implies":
            guards += conjuncts(goal.args[0])
            goal = goal.args[1]
    for guard in guards:
        reader.learn(guard)
    return reader, goal


__all__ = ["check", "check_equal", "opened_goal"]
