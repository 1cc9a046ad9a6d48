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
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.rule_sos import sides
from ..kernel.term import (
    TRUE, App, Bind, Index, Map, Num, Scalar, Term, Var, add, app, conjuncts, free_names, fresh, mul, num, sub,
    subterms, to_json,
)
from . import simplex
from .scalar_signs import nonnegative
from .vector_forms import Form, Forms, Unreadable

if TYPE_CHECKING:
    from .search import Searcher

MAX_SQUARES, ATTEMPTS = 100, 4


@dataclass(frozen=True)
class Column:
    """An inequality ``term >= 0``: an assumed one (its position among the assumed orders), or a square."""

    term: Term
    given: int | None
    origin: Term | None = None


class Columns:
    """The system of one goal.  ``before``: the sequent without names for the values; ``squared``: of the squares of
    the goal's sides.  Raises :class:`Unreadable`."""

    def __init__(self, named: Sequent, before: Sequent, squared: bool = False) -> None:
        self.s, self.squared = named, squared
        low, high, self.strict = sides(named.goal, "sos")
        self.goal = sub(app("pow", high, num(2)), app("pow", low, num(2))) if squared else sub(high, low)
        self.scalars = [n for n, k in before.declarations.items() if isinstance(k, Scalar)]
        self.columns: list[Column] = []
        terms: list[Term] = [self.goal]
        place = 0
        for a in named.assumptions:
            for x in conjuncts(a):
                if isinstance(x, App) and x.head in ("<", "<=", ">", ">="):
                    small, large, _ = sides(x, "sos")
                    terms.append(sub(large, small))
                    if not free_names(x) <= set(self.scalars):
                        self.columns.append(Column(sub(large, small), place, x))
                    place += 1
                elif isinstance(x, Bind) or isinstance(x, App) and x.head == "=":
                    terms.append(x)
        self.forms = Forms(named, self.scalars, terms)
        self.field, self.atoms, self.as_term = self.forms.field, self.forms.atoms, self.forms.as_term
        self.target = self.forms.read(self.goal)

    @property
    def rooted(self) -> bool:
        """Roots or absolute values are left in the goal."""
        return any(k[0] == "o" and k[1].startswith(("sqrt", "abs")) for m in self.target for k in m)

    def read(self, t: Term) -> Form | None:
        try:
            return self.forms.read(t)
        except Unreadable:
            return None

    def scalar(self, t: Term) -> Any:
        """A term about scalars alone as an element of the field; None for others."""
        found = self.read(t)
        return None if found is None or not set(found) <= {()} else found.get((), self.field.zero)

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
        for t in sorted({u for u in subterms(self.goal) if isinstance(u, App) and u.head == "max"}, key=repr):
            for a in t.args:
                yield Column(sub(t, a), None)
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
    """The assumed inequalities that are used, and the certificate by ``sos``.  Raises :class:`Unreadable`."""
    from .vector_functions import samples

    target = system.target
    columns, vectors = [], []
    for column in (*system.columns, *system.squares()):
        p = system.read(column.term)
        if p:
            columns.append(column)
            vectors.append(p)
    rows = sorted({key for v in vectors for key in v} | set(target))
    systems = []
    for point in samples(system.s, system.scalars):
        numeric = _numeric(system, vectors, rows, point)
        if numeric is not None:
            systems.append(numeric)
    tried: set[tuple[int, ...]] = set()
    for support in _supports(systems):
        if support in tried:
            continue
        tried.add(support)
        found = _symbolic(system, target, [vectors[j] for j in support], rows)
        proof = None if found is None else _certificate(system, [columns[j] for j in support], found, search)
        if found is not None and proof is not None:
            used = {columns[j].origin for j, x in zip(support, found, strict=True) if x != 0}
            return {u for u in used if u is not None}, proof
    return None


Numeric = tuple[list[dict[int, Fraction]], list[Fraction]]


def _numeric(system: Columns, vectors: Sequence[Form], rows: Sequence[Any], point: Mapping[str, Fraction]
             ) -> Numeric | None:
    """The system at values of the scalars."""
    place = {key: k for k, key in enumerate(rows)}
    right = [Fraction(0)]*len(rows)
    try:
        at = [_value(system, k, point) for k in system.atoms]
        numeric = [{place[key]: _at(v, at) for key, v in column.items()} for column in vectors]
        for key, v in system.target.items():
            right[place[key]] = _at(v, at)
    except (ZeroDivisionError, Reject):
        return None
    return [{k: v for k, v in c.items() if v != 0} for c in numeric], right


def _supports(systems: Sequence[Numeric]) -> Iterator[tuple[int, ...]]:
    """Columns that suffice at every sample, and none of which can be spared: a basis at one sample may be an accident
    of its numbers.  Several, since the multipliers of some are not nonnegative for all scalars."""
    if not systems or any(simplex.solve(*system) is None for system in systems):
        return
    count = len(systems[0][0])
    rng = random.Random(5)  # noqa: S311 - search only
    for attempt in range(ATTEMPTS):
        order = list(range(count))
        if attempt:
            rng.shuffle(order)
        else:
            order.reverse()
        yield tuple(_spared(systems, order))


def _spared(systems: Sequence[Numeric], order: list[int]) -> list[int]:
    """Columns are left out in this order, in blocks that are halved where one is needed."""
    kept = set(order)

    def enough(some: set[int]) -> bool:
        chosen = sorted(some)
        return all(simplex.solve([numeric[k] for k in chosen], right) is not None for numeric, right in systems)

    size = max(1, len(order)//2)
    while True:
        progress = False
        rest = [j for j in order if j in kept]
        for k in range(0, len(rest), size):
            block = set(rest[k:k + size])
            if enough(kept - block):
                kept -= block
                progress = True
        if size == 1:
            if not progress:
                return sorted(kept)
            continue
        size = max(1, size//2)


def _value(system: Columns, k: int, point: Mapping[str, Fraction]) -> Fraction:
    from ..kernel.evaluate import Evaluator, Undefined, Unknown

    t = system.atoms[k]
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


def _symbolic(system: Columns, target: Form, vectors: Sequence[Form], rows: Sequence[Any]
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
            wanted = scalars.with_goal(app(">=", t, num(0)))
            shown = {"rule": "sign"} if search.accepted(wanted, {"rule": "sign"}) is not None else nonnegative(
                system, scalars, x) or search.unconditionally(wanted)
            if shown is None:
                return None
            which.append(len(facts))
            facts.append({"term": to_json(t), "strict": False, "proof": shown})
        which.append(len(facts))
        if column.given is not None:
            facts.append({"given": column.given})
        else:
            fact = Sequent(system.s.declarations, (), app(">=", column.term, num(0)))
            why = {"rule": "index-form"} if isinstance(column.term, Bind) else search.unconditionally(fact)
            if why is None:
                return None
            facts.append({"term": to_json(column.term), "strict": False, "proof": why})
        summands.append([to_json(num(weight)), which, None])
    proof = {"rule": "sos", "facts": facts, "sum": summands, "identity": {"rule": "index-form"}}
    if not system.squared:
        return proof
    return {"rule": "both-sides", "function": "power", "power": "2", "proof": proof, "large": {"rule": "index-form"}}


__all__ = ["Columns", "solve"]
