"""Integrals of sums, monomial by monomial: a polynomial in canonical functionals, where each of them is finite.

    int w (c_1 m_1 + ... + c_n m_n),   every int w |m_k| finite
    ------------------------------------------------------------    SPLIT
    = c_1 int w m_1 + ... + c_n int w m_n

    int w |m| finite;   w m is a product over parts of the variables
    -----------------------------------------------------------------    INDEPENDENT PARTS (Fubini)
    int w m = product of the parts' integrals

Variables that no factor but one density needs are integrated out (``mass``), so E_{p(x, y)} f(x) and E_{p(x)} f(x) are
one functional.  That an integral is finite is derived, never assumed; the claim's own integrals are finite (each such
is a condition of the proof), and from these:

* a sum is integrable: if all its terms but one are, so is that one;
* w = w' w'' over disjoint variables, w' of finite mass, w'' of mass 1, c u^2 + a u + b integrable, u on the
  variables of w', a, b not:
  then E_{w'} u^2 is finite (for almost all values of the others |c u^2 + a u + b| >= |c| u^2/2 - const);
* int w |m'| of a part: all parts finite makes the product finite;
* a density of mass 1:  E|u|^j finite, j > k, makes E|u|^k finite;   E u^2, E v^2 finite makes E|u v| finite
  (Cauchy-Schwarz; Billingsley, Probability and Measure, sec. 5 and 21; no page);
* a factor that takes finitely many values (an indicator) is bounded.

FAILURE: a term whose integral is not known to be finite (Cov(x, y) of variables without second moments).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from .density_form import (
    Atom, Density, Marginal, Mono, Normal, Opaque, Poly, bind, mass, mono, mono_names, names_in, of_mono, rename_mono,
    times, unfold,
)
from .density_reading import Piece, Reader
from .density_terms import case_values
from .evidence import Reject

RULE = "expectation"
MAX_TERMS = 400
MAX_POWER = 6
ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Summand:
    """One summand of an integrand: ``scale`` (scalar atoms) times the product of the functionals ``parts``."""

    function: Mono
    coefficient: Fraction
    scale: Mono
    parts: Mono

    @property
    def poly(self) -> Poly:
        return of_mono(times(self.scale, self.parts), self.coefficient)


class Moments:
    """The functionals of one sequent and which of them are finite."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.finite_parts: set[Mono] = set()
        self._answers: dict[Marginal, bool] = {}

    # ------------------------------------------------------------------ splitting

    def split(self, p: Piece) -> list[Summand]:
        if len(p.body.terms) > MAX_TERMS:
            raise Reject(RULE, "size", f"more than {MAX_TERMS} summands")
        return [self._term(p, once(m), c) for m, c in p.body.terms]

    def _term(self, p: Piece, m: Mono, c: Fraction) -> Summand:
        known = self.reader.known
        whole = times(p.weight, m)
        upper = [a for a, e in whole if e > 0]
        weights = _weights(whole)
        for a, e in p.weight:
            if e > 0 and a not in upper and not known.positive(a, weights):
                raise Reject(RULE, "weight", "a density is cancelled that may vanish where the rest does not")
        names = dict(p.names)
        whole, added = unfold(known.rewrite_mono(whole), names, self.reader.fresh_variable)
        scale, parts = self.functional(whole, {**names, **added})
        return Summand(m, c, scale, parts)

    def functional(self, whole: Mono, measures: Mapping[str, str]) -> tuple[Mono, Mono]:
        """int whole over the variables: what does not depend on them, and the integrals of its parts."""
        known = self.reader.known
        left = list(measures)
        progress = True
        while progress:
            progress = False
            for v in tuple(left):       # one at a time: what is cancelled is positive where the rest of that moment is
                summed = mass(whole, [v])
                if summed.left:
                    continue
                if any(not known.positive(a, _weights(summed.value)) for a in summed.cancelled):
                    raise Reject(RULE, "weight", "a density is cancelled that may vanish where the rest does not")
                left.remove(v)
                whole, progress = known.rewrite_mono(summed.value), True
        bound = set(left)
        outside = mono(f for f in whole if not names_in(f[0]) & bound)
        inside = [f for f in whole if names_in(f[0]) & bound]
        if bound - mono_names(mono(inside)):
            raise Reject(RULE, "mass", "an integral over a variable on which nothing depends")
        parts = [((bind({n: measures[n] for n in sorted(names)}, mono(factors)), 1),)
                 for names, factors in _components(inside, bound)]
        return outside, times(*parts)

    # ------------------------------------------------------------------ what is finite

    def learn(self, pieces: Iterable[Piece]) -> None:
        """Integrals that are finite, each as one integral over all its variables."""
        todo = [(p, self.split(p)) for p in pieces if p.names]
        for p, terms in todo:
            self.finite_parts |= set(self._squares(p, terms))
        for _ in range(ROUNDS):
            before = len(self.finite_parts)
            for _p, terms in todo:
                unknown = [t for t in terms if not self.finite(t.parts)]
                if len(unknown) == 1 and self._not_zero(unknown[0].scale):
                    self.finite_parts.add(unknown[0].parts)
                    self._answers.clear()
            if len(self.finite_parts) == before:
                return

    def _not_zero(self, scale: Mono) -> bool:
        return all(self.reader.known.positive(a, ()) or isinstance(a, Opaque) and self.reader.scalar_sign(a.term) in (
            "+", "-", "+-") for a, _ in scale)

    def _squares(self, p: Piece, terms: list[Summand]) -> Iterable[Mono]:
        names = {n for n, _ in p.names}
        for t in terms:
            if len(t.function) != 1 or t.function[0][1] != 2 or t.scale:
                continue
            u = t.function[0][0]
            inside = next((found for found, _ in _components(p.weight, names) if names_in(u) & names <= found), None)
            if inside is None or not names_in(u) & names:
                continue
            if mass(mono(f for f in p.weight if names_in(f[0]) & inside), sorted(inside)).left:
                continue        # against an infinite w' the const above is not integrable: u = 1, u^2 - 1
            rest = mass(mono(f for f in p.weight if not names_in(f[0]) & inside), sorted(names - inside))
            if rest.left or rest.value:
                continue
            others = [f for s in terms if s is not t for f in s.function if names_in(f[0]) & inside]
            if all(a == u and e == 1 for a, e in others):
                yield t.parts

    def finite(self, parts: Mono) -> bool:
        return parts in self.finite_parts or all(
            e > 0 and isinstance(a, Marginal) and self._finite(a) for a, e in parts)

    def _finite(self, a: Marginal) -> bool:
        if a not in self._answers:
            self._answers[a] = False
            self._answers[a] = ((a, 1),) in self.finite_parts or self._dominated(a)
        return self._answers[a]

    def _dominated(self, a: Marginal) -> bool:
        measures = dict(zip(a.names, a.measures, strict=True))
        free = {n: self.reader.fresh_variable("v") for n in a.names}
        body = rename_mono(a.body, free)
        measures = {free[n]: s for n, s in measures.items()}
        weight = mono(f for f in body if isinstance(f[0], (Density, Normal, Marginal)))
        factors = [f for f in body if f not in weight and not _bounded(f[0])]
        try:
            if len(weight) + len(factors) < len(body):       # bounded factors left out
                return self._of(weight, factors, measures)
            if len(factors) == 1 and factors[0][1] > 0:
                (u, k), = factors
                return self._probability(weight, measures) and any(
                    self._known(weight, (u, j), measures) for j in range(k + 1, MAX_POWER + 1))
            if len(factors) == 2:
                (u, j), (v, k) = factors
                return self._known(weight, (u, 2*j), measures) and self._known(weight, (v, 2*k), measures)
        except Reject:
            pass
        return False

    def _of(self, weight: Mono, factors: list[tuple[Atom, int]], measures: Mapping[str, str]) -> bool:
        return self.finite(self.functional(times(weight, mono(factors)), measures)[1])

    def _known(self, weight: Mono, factor: tuple[Atom, int], measures: Mapping[str, str]) -> bool:
        parts = self.functional(times(weight, (factor,)), measures)[1]
        return all(((a, 1),) in self.finite_parts for a, _ in parts)

    def _probability(self, weight: Mono, measures: Mapping[str, str]) -> bool:
        summed = mass(weight, list(measures))
        return not summed.left


def once(m: Mono) -> Mono:
    """The powers of an indicator are itself."""
    return mono((a, 1) if e > 1 and _indicator(a) else (a, e) for a, e in m)


def _indicator(a: Atom) -> bool:
    return _bounded(a) and isinstance(a, Opaque) and set(case_values(a.term)) <= {0, 1}


def _bounded(a: Atom) -> bool:
    return isinstance(a, Opaque) and case_values(a.term) != ()


def _weights(m: Mono) -> Mono:
    return mono(f for f in m if f[1] > 0 and isinstance(f[0], (Density, Normal, Marginal)))


def _components(factors: Iterable[tuple[Atom, int]], names: set[str]
                ) -> list[tuple[set[str], list[tuple[Atom, int]]]]:
    """Factors that share variables of ``names`` together."""
    out: list[tuple[set[str], list[tuple[Atom, int]]]] = []
    for f in factors:
        mine, group = names_in(f[0]) & names, [f]
        apart = []
        for found, others in out:
            if found & mine:
                mine, group = mine | found, [*others, *group]
            else:
                apart.append((found, others))
        out = [*apart, (set(mine), group)]
    return out


__all__ = ["Moments", "Summand", "once"]
