"""Which nonnegative multiples of the assumed inequalities and of squares add up to the difference of the goal's sides.

Method: every difference is read by the index normal form and split into monomials of the values (numbers f(u) and
sums over indices) with coefficients in the field of the scalars.  At sample values of the scalars a linear program
finds a basis; on its columns the system is solved over the field, so the multipliers are rational functions of the
scalars, whose signs the search proves.
Source: Chvatal, Linear Programming, 1983, ch. 3 (no page).
Cannot do: products of assumed inequalities that are not about scalars alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sympy import QQ
from sympy.polys.fields import FracField

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.index_form import Form, context
from ..kernel.index_terms import Atom, Mono, Poly
from ..kernel.rule_sos import sides
from ..kernel.term import (
    TRUE, App, Bind, Index, Map, Num, Scalar, Term, Var, add, app, conjuncts, free_names, fresh, mul, num, sub,
    substitute, to_json,
)
from . import simplex

if TYPE_CHECKING:
    from .search import Searcher

MAX_SQUARES = 160


@dataclass(frozen=True)
class Column:
    """An inequality ``term >= 0``: an assumed one (its position among the assumed orders), or a square."""

    term: Term
    given: int | None
    origin: Term | None = None


class Columns:
    """The system of one goal.  ``before``: the sequent without names for the values."""

    def __init__(self, named: Sequent, before: Sequent) -> None:
        self.s = named
        self.form: Form = context(named)
        low, high, self.strict = sides(named.goal, "sos")
        self.goal = sub(high, low)
        self.scalars = [n for n, k in before.declarations.items() if isinstance(k, Scalar)]
        self.tokens = {self.form.tokens[n] for n in self.scalars}
        self.gens: dict[str, Any] = {}
        self.field: Any = None
        self.columns: list[Column] = []
        place = 0
        for a in named.assumptions:
            for x in conjuncts(a):
                if isinstance(x, App) and x.head in ("<", "<=", ">", ">="):
                    if not free_names(x) <= set(self.scalars):
                        small, large, _ = sides(x, "sos")
                        self.columns.append(Column(sub(large, small), place, x))
                    place += 1

    # ------------------------------------------------------------------ reading

    def read(self, t: Term) -> Poly | None:
        try:
            return self.form.read(t, {})
        except Reject:
            return None

    def split(self, p: Poly) -> dict[str, list[tuple[Fraction, dict[Atom, Fraction]]]]:
        """Monomial of the values -> its coefficients: rationals with powers of atoms of the scalars."""
        out: dict[str, list[tuple[Fraction, dict[Atom, Fraction]]]] = {}
        for m, c in p.terms:
            mine = {a: e for a, e in m.factors if self.of_scalars(a)}
            rest = tuple((a, e) for a, e in m.factors if a not in mine)
            out.setdefault(Mono(m.bounds, rest).key, []).append((c, mine))
        return out

    def of_scalars(self, a: Atom) -> bool:
        if a.kind == "scalar":
            return a.head in self.tokens
        if a.kind == "number":
            return not a.indices[0].startswith(("#", "~"))
        if a.kind in ("inverse", "exp", "apply") and a.parts and not a.head.endswith("!"):
            return all(self.of_scalars(b) for p in a.parts for m, _ in p.terms for b, _ in m.factors)
        return False

    def generators(self, polys: Sequence[Poly]) -> None:
        names: dict[str, Atom] = {}

        def visit(p: Poly) -> None:
            for m, _ in p.terms:
                for a, _ in m.factors:
                    if not self.of_scalars(a):
                        continue
                    if a.kind == "inverse":
                        visit(a.parts[0])
                    else:
                        names.setdefault(a.key, a)

        for p in polys:
            visit(p)
        self.atoms = dict(enumerate(names.values()))
        self.index = {key: k for k, key in enumerate(names)}
        symbols = [f"s{k}" for k in self.atoms] or ["s0"]
        self.field = FracField(symbols, QQ)

    def coefficient(self, parts: Sequence[tuple[Fraction, dict[Atom, Fraction]]]) -> Any:
        total = self.field.zero
        for c, powers in parts:
            x = self.field(QQ(c.numerator, c.denominator))
            for a, e in powers.items():
                if a.kind == "inverse":
                    x = x / self.scalar(a.parts[0])**int(e)
                elif e.denominator != 1:
                    raise Reject("sos", "coefficient", "a root of a scalar")
                else:
                    x = x * self.field.gens[self.index[a.key]]**int(e)
            total += x
        return total

    def scalar(self, p: Poly) -> Any:
        return self.coefficient([(c, dict(m.factors)) for m, c in p.terms])

    def vector(self, p: Poly) -> dict[str, Any]:
        out = {}
        for key, parts in self.split(p).items():
            v = self.coefficient(parts)
            if v != 0:
                out[key] = v
        return out

    def as_term(self, x: Any) -> Term:
        """A rational function of the scalars as a term."""
        def poly(p: Any) -> Term:
            summands = []
            for powers, c in p.terms():
                factors = [num(Fraction(int(c.numerator), int(c.denominator)))]
                for k, e in enumerate(powers):
                    if e:
                        base = self.form._atom_term(self.atoms[k], {})
                        factors.append(base if e == 1 else app("pow", base, num(e)))
                summands.append(mul(*(factors[1:] if factors[0] == num(1) and len(factors) > 1 else factors)))
            return add(*summands)

        top, bottom = poly(x.numer), poly(x.denom)
        return top if bottom == num(1) else app("div", top, bottom)

    # ------------------------------------------------------------------ squares

    def squares(self) -> Iterator[Column]:
        """|v|^2 for differences of the vectors in play, and these with a scalar as a factor."""
        sizes: dict[Term, list[Term]] = {}
        mentioned = free_names(self.s.goal).union(*(free_names(c.term) for c in self.columns))
        for n, k in self.s.declarations.items():
            if isinstance(k, Map) and len(k.args) == 1 and isinstance(k.args[0], Index) and n in mentioned:
                sizes.setdefault(k.args[0].size, []).append(Var(n))
        i = fresh("i", set(self.s.declarations))
        for size, families in sizes.items():
            entries = [app("at", f, Var(i)) for f in families]
            values = [e for e in entries if "'" in e.args[0].name]  # type: ignore[union-attr]
            places = [e for e in entries if e not in values]
            gradients = [*values, *(sub(a, b) for a, b in itertools.combinations(values, 2))]
            moves = [*(sub(a, b) for a, b in itertools.combinations(places, 2))]
            simple = [*gradients, *moves, *places, *(add(a, b) for a, b in itertools.combinations(values, 2))]
            mixed = [form(g, d, Var(c)) for c in self.scalars if self.s.declarations[c] != Scalar("integer")
                     for g in gradients for d in (*moves, *places) for form in (_minus, _plus)]
            for u in (*simple, *mixed)[:MAX_SQUARES]:
                yield Column(Bind("sum", (i,), (Index(size),), (), (TRUE, app("pow", u, num(2)))), None)
        numbers = [Var(n) for n, k in self.s.declarations.items() if isinstance(k, Scalar) and n not in self.scalars
                   and n in mentioned]
        for a in numbers:
            yield Column(app("pow", a, num(2)), None)
        for a, b in itertools.combinations(numbers, 2):
            yield Column(app("pow", sub(a, b), num(2)), None)


def _minus(g: Term, d: Term, c: Term) -> Term:
    return sub(g, mul(c, d))


def _plus(g: Term, d: Term, c: Term) -> Term:
    return add(g, mul(c, d))


def solve(system: Columns, search: Searcher) -> tuple[set[Term], dict[str, Any]] | None:
    """The assumed inequalities that are used, and the certificate by ``sos``."""
    from .vector_functions import samples

    goal = system.read(system.goal)
    if goal is None:
        return None
    columns, polys = [], []
    for column in (*system.columns, *system.squares()):
        p = system.read(column.term)
        if p is not None:
            columns.append(column)
            polys.append(p)
    system.generators([goal, *polys])
    try:
        target = system.vector(goal)
        vectors = [system.vector(p) for p in polys]
    except (Reject, ZeroDivisionError):
        return None
    reach = set(target)
    rows = sorted({key for v in vectors for key in v} | reach)
    tried: set[tuple[int, ...]] = set()
    for point in samples(system.s, system.scalars):
        support = _support(system, target, vectors, rows, point)
        if support is None or support in tried:
            continue
        tried.add(support)
        found = _symbolic(system, target, [vectors[j] for j in support], rows)
        if found is None:
            continue
        proof = _certificate(system, [columns[j] for j in support], found, search)
        if proof is not None:
            used = {columns[j].origin for j, x in zip(support, found, strict=True) if x != 0}
            return {u for u in used if u is not None}, proof
    return None


def _support(system: Columns, target: Mapping[str, Any], vectors: Sequence[Mapping[str, Any]], rows: Sequence[str],
             point: Mapping[str, Fraction]) -> tuple[int, ...] | None:
    place = {key: k for k, key in enumerate(rows)}
    try:
        at = [_value(system, k, point) for k in system.atoms]
        numeric = [{place[key]: _at(v, at) for key, v in column.items()} for column in vectors]
        right = [Fraction(0)]*len(rows)
        for key, v in target.items():
            right[place[key]] = _at(v, at)
    except (ZeroDivisionError, Reject):
        return None
    numeric = [{k: v for k, v in c.items() if v != 0} for c in numeric]
    found = simplex.solve(numeric, right)
    return None if found is None else tuple(j for j, v in enumerate(found) if v != 0)


def _value(system: Columns, k: int, point: Mapping[str, Fraction]) -> Fraction:
    from ..kernel.evaluate import Evaluator, Undefined, Unknown

    t = system.form._atom_term(system.atoms[k], {})
    try:
        x = Evaluator({n: Num(v) for n, v in point.items()}, system.s.declarations, 64).number(t)
    except (Undefined, Unknown) as error:
        raise Reject("sos", "sample", str(error)) from error
    if not isinstance(x, Fraction):
        x = Fraction(float(x.real))      # a sample only: the multipliers are solved for exactly
    return x


def _at(x: Any, values: Sequence[Fraction]) -> Fraction:
    def poly(p: Any) -> Fraction:
        total = Fraction(0)
        for powers, c in p.terms():
            v = Fraction(int(c.numerator), int(c.denominator))
            for b, e in zip(values, powers, strict=False):
                v *= b**e
            total += v
        return total

    return poly(x.numer)/poly(x.denom)


def _symbolic(system: Columns, target: Mapping[str, Any], vectors: Sequence[Mapping[str, Any]], rows: Sequence[str]
              ) -> list[Any] | None:
    """The solution over the field; None where there is none, or not one only."""
    zero = system.field.zero
    width = len(vectors)
    matrix = [[v.get(key, zero) for v in vectors] + [target.get(key, zero)] for key in rows]
    matrix = [row for row in matrix if any(x != 0 for x in row)]
    pivots: list[int] = []
    r = 0
    for k in range(width):
        found = next((j for j in range(r, len(matrix)) if matrix[j][k] != 0), None)
        if found is None:
            return None
        matrix[r], matrix[found] = matrix[found], matrix[r]
        head = matrix[r][k]
        matrix[r] = [x/head for x in matrix[r]]
        for j, row in enumerate(matrix):
            if j != r and row[k] != 0:
                factor = row[k]
                matrix[j] = [a - factor*b for a, b in zip(row, matrix[r], strict=True)]
        pivots.append(r)
        r += 1
    if any(row[width] != 0 for row in matrix[r:]):
        return None
    return [matrix[k][width] for k in range(width)]


def _certificate(system: Columns, columns: Sequence[Column], multipliers: Sequence[Any], search: Searcher
                 ) -> dict[str, Any] | None:
    facts: list[dict[str, Any]] = []
    summands: list[Any] = []
    scalars = Sequent({n: system.s.declarations[n] for n in system.scalars},
                      tuple(a for a in system.s.assumptions if free_names(a) <= set(system.scalars)), TRUE)
    for column, x in zip(columns, multipliers, strict=True):
        if x == 0:
            continue
        which = []
        weight = Fraction(1)
        t = system.as_term(x)
        if isinstance(t, Num):
            if t.value < 0:
                return None
            weight = t.value
        else:
            proof = search.unconditionally(scalars.with_goal(app(">=", t, num(0))))
            if proof is None:
                return None
            which.append(len(facts))
            facts.append({"term": to_json(t), "strict": False, "proof": proof})
        which.append(len(facts))
        if column.given is not None:
            facts.append({"given": column.given})
        else:
            facts.append({"term": to_json(column.term), "strict": False, "proof": {"rule": "index-form"}})
        summands.append([to_json(num(weight)), which, None])
    return {"rule": "sos", "facts": facts, "sum": summands, "identity": {"rule": "index-form"}}


__all__ = ["Columns", "solve", "substitute"]
