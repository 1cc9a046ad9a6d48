"""Search for orders of growth: a linear program for each monomial, rays when there is none.

Method: the kernel's own reading gives the vectors; the exact simplex (``kernel/linear``) finds
lambda, mu; where none exists in the whole regime the plane is split at t = n^k; one growing variable
goes by the quotient.  A claim without a certificate is tried on a ladder of rays: powers s^d, powers
times logarithms, exponentials, and the boundaries of the regime (t = s + 1, n = s).

Cannot do: duals that need irrational weights; rays outside the ladder.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.constants import Nowhere, Open
from ..kernel.evaluate import Undefined, Unknown
from ..kernel.evidence import Reject
from ..kernel.field import CannotNormalise, Field, Frac
from ..kernel.growth_form import Form, Growth, Mono, NoForm, Size
from ..kernel.limit_case import settled
from ..kernel.linear import nonnegative_solution
from ..kernel.rule_domination import ORDERS, Opened, open_order, order_conditions, parts, regime_rows, upper
from ..kernel.rule_ray import check_path
from ..kernel.term import (
    App, Bind, Num, Scalar, Term, Var, app, num, subterms, to_json,
)

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
_CAUGHT = (Open, Nowhere, NoForm, CannotNormalise, Reject, KeyError, ValueError, RecursionError)
EPS = Fraction(1, 1000)
MAX_RAYS = 160


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Certificates for ``f = O(g)`` and its kin, and for their negations (engine of the portfolio)."""
    goal = s.goal
    if isinstance(goal, App) and goal.head == "not":
        inner = goal.args[0]
        if isinstance(inner, Bind) and inner.head in ORDERS:
            yield from refutations(s.with_goal(inner), search)
        return
    if isinstance(goal, Bind) and goal.head in ORDERS:
        yield from orders(s, search)


# ------------------------------------------------------------------------------- proofs


def orders(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    try:
        s = s.assuming(*order_conditions(s))
        o = open_order(s)
    except _CAUGHT:
        return
    path = find_path(s, o)
    if path is None:
        return
    c = dominations(o)
    if c is not None:
        yield {"rule": "domination", "path": path, **c}
    if len(o.names) == 1:
        for order in (1, 2, 3, 6, 12):
            yield {"rule": "domination", "path": path, "quotient": order}
        yield {"rule": "domination", "path": path, "quotient": 2, "between": True}


def dominations(o: Opened) -> Certificate | None:
    field = Field(o.s)

    def ask() -> Certificate | None:
        finder = Dual(o, field)
        found = finder.run(o.regime)
        if found is None:
            found = _by_split(o, finder)
        return found

    try:
        result: Certificate | None = settled(field, ask)
        return result
    except _CAUGHT:
        return None


def _by_split(o: Opened, finder: Dual) -> Certificate | None:
    for a, b in itertools.permutations(o.names, 2):
        for k in (1, 2, 3):
            left: Term = Var(a)
            right: Term = Var(b) if k == 1 else app("pow", Var(b), num(k))
            first = finder.run((*o.regime, app("<=", left, right)))
            if first is None:
                continue
            second = finder.run((*o.regime, app(">=", left, right)))
            if second is not None:
                return {"split": [to_json(left), to_json(right)], "parts": [first, second]}
    return None


class Dual:
    """Finds lambda and mu for every monomial."""

    def __init__(self, o: Opened, field: Field) -> None:
        self.o, self.growth = o, Growth(field, o.names)
        self.c = self.growth.c
        self.f, self.g = self.growth.read(o.f), self.growth.read(o.g)
        self._rows: dict[tuple[Term, ...], list[tuple[Certificate, dict[Size, Frac], bool]]] = {}

    def run(self, regime: tuple[Term, ...]) -> Certificate | None:
        match self.o.head:
            case "big-o" | "little-o":
                up = self.bounded(self.f, self.g, regime, self.o.head == "little-o")
                return None if up is None else {"upper": up}
            case "big-omega":
                down = self.bounded(self.g, self.f, regime, False)
                return None if down is None else {"lower": down}
            case "big-theta":
                up = self.bounded(self.f, self.g, regime, False)
                down = None if up is None else self.bounded(self.g, self.f, regime, False)
                return None if down is None else {"upper": up, "lower": down}
            case _:
                difference = self.growth.plus(self.f, self.growth.scaled(self.g, self.c.number(-1)))
                up = self.bounded(difference, self.g, regime, True)
                return None if up is None else {"upper": up}

    def bounded(self, f: Form, g: Form, regime: tuple[Term, ...], strict: bool) -> Certificate | None:
        try:
            positive, negative = parts(self.growth, g)
        except Reject:
            return None
        out: Certificate = {"terms": [], "negative": []}
        for key, monos, tight in (("negative", negative, True), ("terms", upper(self.growth, f), strict)):
            for a in monos:
                found = self.dominated(a, positive, regime, tight)
                if found is None:
                    return None
                out[key].append(found)
        return out

    def rows(self, regime: tuple[Term, ...]) -> list[tuple[Certificate, dict[Size, Frac], bool]]:
        if regime not in self._rows:
            out: list[tuple[Certificate, dict[Size, Frac], bool]] = []
            for k, relation in enumerate(regime):
                try:
                    for n, row in enumerate(regime_rows(self.growth, relation)):
                        out.append(({"row": "regime", "regime": k, "number": n}, row, False))
                except _CAUGHT:
                    continue
            self._rows[regime] = out
        return self._rows[regime]

    def dominated(self, a: Mono, b: list[Mono], regime: tuple[Term, ...], strict: bool) -> Certificate | None:
        units: list[Frac] = [self.c.one]
        for m in (a, *b):
            for e in m.powers.values():
                if self.c.rational(e) is None:
                    u = self.c.negative(e) if self.c.signs(e) == {-1} else e
                    if self.c.signs(u) == {1} and u not in units:
                        units.append(u)
        for unit in units[:4]:
            found = self._with_unit(a, b, regime, strict, unit)
            if found is not None:
                return found
        return None

    def _with_unit(self, a: Mono, b: list[Mono], regime: tuple[Term, ...], strict: bool, unit: Frac
                   ) -> Certificate | None:
        """Rows over exponents are multiplied by ``unit`` (log 2, a parameter)."""
        label: Certificate = {} if unit == self.c.one else {"unit": to_json(self.c.term(unit))}
        rows: list[tuple[Certificate, dict[Size, Frac], bool]] = []
        for entry, row, up in self.rows(regime):
            if all(self.c.rational(e) is not None for e in row.values()):
                rows.append((entry, row, up))
            if label:
                rows.append(({**entry, **label}, {k: self.c.times(e, unit) for k, e in row.items()}, up))
        sizes = {s for m in (a, *b) for s in m.powers} | {s for _, r, _ in rows for s in r}
        symbolic = {s for m in (a, *b) for s, e in m.powers.items() if self.c.rational(e) is None}
        rows = [r for r in rows if not any(
            (s in symbolic) == (self.c.rational(e) is not None) for s, e in r[1].items())] or rows
        for big, small in itertools.permutations(sorted(sizes), 2):
            if self.growth.negligible(small, big) and self.growth.size_grows(big):
                mine = label if big in symbolic else {}
                if small in symbolic:
                    continue
                eps = self.c.times(self.c.number(EPS), unit if mine else self.c.one)
                row = {big: eps, small: self.c.number(-1)}
                rows.append(({"row": "growth", "big": _size_json(big), "small": _size_json(small),
                              "eps": str(EPS), **mine}, row, True))
        return self._solve(a, b, rows, sorted(sizes), strict)

    def _solve(self, a: Mono, b: list[Mono], rows: list[tuple[Certificate, dict[Size, Frac], bool]],
               sizes: list[Size], strict: bool) -> Certificate | None:
        """sum l_j b_j - sum m_k r_k - slack = a, over the rational coordinates; coordinates with other
        constants (log 2, parameters) are approximated from the safe side and left to the kernel."""
        columns = [m.powers for m in b]
        system: list[list[Fraction]] = []
        right: list[Fraction] = []
        width = len(b) + len(rows) + len(sizes)
        for i, size in enumerate(sizes):
            exact = [p.get(size) for p in (a.powers, *columns, *(r for _, r, _ in rows))]
            numbers = self._rational(exact)
            if numbers is None:
                return None
            mine, theirs, bounds = numbers[0], numbers[1:len(b) + 1], numbers[len(b) + 1:]
            system.append([*theirs, *(-q for q in bounds),
                           *(Fraction(-1) if j == i else Fraction(0) for j in range(len(sizes)))])
            right.append(mine)
        system.append([Fraction(1)] * len(b) + [Fraction(0)] * (width - len(b)))
        right.append(Fraction(1))
        gain = [Fraction(0)] * len(b) + [Fraction(int(up)) for _, _, up in rows] + [
            Fraction(int(self.growth.size_grows(size))) for size in sizes]
        x = nonnegative_solution(system, right, gain if strict else None)
        if x is None or (strict and sum((q * w for q, w in zip(x, gain, strict=True)), Fraction(0)) <= 0):
            return None
        return {
            "lambda": {str(j): str(x[j]) for j in range(len(b)) if x[j]},
            "mu": [{**rows[k][0], "times": str(x[len(b) + k])} for k in range(len(rows)) if x[len(b) + k]],
        }

    def _rational(self, values: list[Frac | None]) -> list[Fraction] | None:
        """The coordinate's entries as rationals, up to one positive common factor (log 2, a parameter);
        numbers such as log 3 against log 2 are replaced by close rationals on the safe side."""
        plain = [Fraction(0) if v is None else self.c.rational(v) for v in values]
        if all(q is not None for q in plain):
            return [q for q in plain if q is not None]
        unit = next(v for v, q in zip(values, plain, strict=True) if q is None and v is not None)
        if self.c.signs(unit) == {-1}:
            unit = self.c.negative(unit)
        if self.c.signs(unit) == {1}:
            back = self.c.inverse(unit)
            scaled = [Fraction(0) if v is None else self.c.rational(self.c.times(v, back)) for v in values]
            if all(q is not None for q in scaled):
                return [q for q in scaled if q is not None]
        out: list[Fraction] = []
        for k, v in enumerate(values):
            q = Fraction(0) if v is None else self._near(v, up=k == 0)
            if q is None:
                return None
            out.append(q)
        return out

    def _near(self, v: Frac, up: bool) -> Fraction | None:
        """A rational just above (``up``) or below a constant without parameters."""
        q = self.c.rational(v)
        if q is not None:
            return q
        try:
            ball = self.c._ball(v).real
        except (Unknown, Undefined, ValueError, TypeError):
            return None
        middle = Fraction(float(ball)).limit_denominator(10**6)
        return middle + Fraction(1 if up else -1, 10**5)


def _size_json(s: Size) -> list[list[Any]]:
    return [[n, level, str(e)] for (n, level), e in s]


# ------------------------------------------------------------------------------- rays


def find_path(s: Sequent, o: Opened) -> Certificate | None:
    for c in _paths(s, o):
        try:
            check_path(s, o, c)
            return c
        except _CAUGHT:
            continue
    return None


def _paths(s: Sequent, o: Opened) -> Iterator[Certificate]:
    for ray in itertools.islice(rays(o), 200):
        yield {"ray": ray}
    if s.declarations and all(isinstance(k, Scalar) for k in s.declarations.values()):
        from .points import points

        for witness in points(Sequent(s.declarations, s.assumptions, App("true", ())), 6):
            at = witness["point"]
            for ray in itertools.islice(rays(o), 60):
                yield {"at": at, "ray": ray}


def refutations(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    try:
        o = open_order(s)
    except _CAUGHT:
        return
    sides = {"big-o": ("upper",), "little-o": ("upper",), "similar": ("upper",), "big-omega": ("lower",),
             "big-theta": ("upper", "lower")}[o.head]
    for order, most in ((3, MAX_RAYS), (8, 30)):
        for ray in itertools.islice(rays(o), most):
            for side in sides:
                yield {"rule": "ray", "ray": ray, "side": side, "order": order}
    if any(isinstance(u, App) and u.head in ("sin", "cos") for t in (o.f, o.g) for u in subterms(t)):
        for ray in itertools.islice(rays(o), 1):
            for side in sides:
                yield {"rule": "ray", "ray": ray, "side": side, "order": 2, "between": True}


def rays(o: Opened) -> Iterator[dict[str, Any]]:
    """Each growing variable as a function of s, simplest first; boundaries of the regime among them."""
    s = Var("s")
    ladder: list[Term] = [s, app("pow", s, num(2)), app("pow", s, num(3)), app("pow", num(2), s)]
    near: list[Term] = [app("add", s, num(1)), app("mul", num(2), s), app("pow", s, num(4)),
                        app("add", app("mul", num(2), s), num(1))]
    logs: list[Term] = [app("floor", app("log", s)), app("mul", s, app("floor", app("log", s))), app(
        "floor", app("sqrt", s)), app("add", app("pow", s, num(2)), s)]
    far: list[Term] = [app("pow", s, s), app("pow", num(2), app("pow", num(2), s)), app("mul", num(3), s),
                       app("floor", app("sqrt", app("log", s)))]
    seen: set[tuple[Term, ...]] = set()
    pools = [ladder[:1], [*ladder[:1], *near[:2]], ladder, ladder + near, ladder + near + logs,
             ladder + near + logs + far, ladder + near + logs + far + list(_boundaries(o))]
    if len(o.names) > 3:
        pools = pools[:4]
    for pool in pools:
        for choice in itertools.product(pool, repeat=len(o.names)):
            if choice not in seen:
                seen.add(choice)
                yield {n: to_json(t) for n, t in zip(o.names, choice, strict=True)}


def _boundaries(o: Opened) -> Iterable[Term]:
    """s plus or times the constants of the regime."""
    s = Var("s")
    numbers = {u.value for r in o.regime for u in subterms(r) if isinstance(u, Num)}
    for q in sorted(numbers):
        if q.denominator == 1 and abs(q) > 1:
            yield app("add", s, num(q))
            yield app("mul", num(abs(q)), s)


__all__ = ["Dual", "dominations", "find_path", "proofs", "rays"]
