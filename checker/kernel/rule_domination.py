"""Orders of growth in several variables, by exact domination of monomials.

All names of the binder tend to infinity within the regime.  ``f = O(g)``: there are C, N with
|f| <= C |g| whenever every growing variable is >= N, in its domain and in the regime.  Other names are
fixed: C and N may depend on them.

    a_i, b_j, r_k: vectors of logarithms of the monomials of f, of g, and of rows (each row is bounded
    below in the regime);   l, m >= 0,  sum l = 1
    every coordinate of  a_i + sum_k m_k r_k - sum_j l_j b_j  is <= 0
    ------------------------------------------------------------------------------------------------
    a_i = O(sum_j b_j)      for log a_i <= sum l_j log b_j + const, and prod b_j^l_j <= sum l_j b_j

    every monomial of f = O(g+),  every negative monomial of g = o(g+)
    ------------------------------------------------------------------   g+: the positive part of g
    f = O(g)

*Rows.*  ``regime``: a relation A <= B of the regime, read as sum c_k m_k >= 0 with one largest positive
monomial b: each negative monomial a has log b - log a >= const (``log``); where a and b are powers of
one size each, their logarithms too (``log-log``); and the relation itself bounds exponents: sum c_k m_k
>= 0 is a row over the sizes m_k (``exp``).  ``growth``: eps * S - s for sizes with s/S -> 0.  A growth
row tends to +oo, so m_k > 0 there makes the domination strict: o instead of O.  So does a coordinate
< 0 at a size that grows.

Omega: the other way round.  Theta: both.  ``f ~ g``: f - g = o(g).  ``split``: A <= B or A >= B for two
monomials, one certificate for each.  ``quotient``: one growing variable, by the expansion of f/g; with
``between`` at the corners of f's oscillations (``corners``).
Always: ``path``, a ray into infinity inside the regime (else the claim is vacuous).

FAILURE: a coordinate whose sign is not known, a negative monomial of g that is not negligible, a term
outside ``growth_form``, no path.
Cannot do: 2^n = O(2^t) under n = O(t) (false), bounds that need cancellation between f's own terms
other than exact ones, regimes with several large terms on the larger side.
Sources: Howell, On Asymptotic Notation with Multiple Variables, Kansas State University TR 2007-4 (why
all variables must be large); weighted AM-GM: Hardy, Littlewood, Polya, Inequalities, Theorem 9.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from .claim import Sequent
from .closed_sum import closed
from .constants import Nowhere, Open
from .corners import corners
from .evidence import Evidence, Reject
from .expand import Expander
from .expansion import Lost, Unexpandable
from .field import CannotNormalise, Field
from .growth_form import Form, Growth, Mono, NoForm, Size
from .limit_case import constant_conditions, expander, settled, solved
from .prove import discharge
from .rule_ray import check_path
from .term import (
    INTEGER, OO, REAL, App, Bind, Sort, Term, Var, app, conjuncts, free_names, fresh, from_json, num,
    show, sub, substitute,
)

RULE = "domination"
ORDERS = ("big-o", "big-omega", "big-theta", "little-o", "similar")
MAX_PARTS = 16
Row = tuple[dict[Size, Any], bool]      # coefficients, and whether it tends to +oo


def check(sequent: Sequent, c: Mapping[str, Any], prove: Callable[[Sequent, Any], Evidence]) -> Evidence:
    conditions = order_conditions(sequent)
    opened = open_order(sequent.assuming(*conditions))
    check_path(sequent, opened, c["path"])
    prove_order(opened, c)
    return Evidence(conditions)


def order_conditions(sequent: Sequent) -> tuple[Term, ...]:
    """What the constants in f and g need to be defined (a condition may not name a growing variable)."""
    goal = sequent.goal
    if not isinstance(goal, Bind):
        return ()
    inside = sequent.declaring({
        n: k for n, k in zip(goal.names, goal.sorts, strict=True) if n not in sequent.declarations})
    found = [c for t in goal.inner[1:] for c in constant_conditions(t, frozenset(goal.names), inside)]
    return discharge(tuple(dict.fromkeys(found)), sequent)


class Opened:
    """The binder opened: growing names declared, at least 1, the regime among the assumptions."""

    def __init__(self, s: Sequent, head: str, names: tuple[str, ...], regime: tuple[Term, ...], f: Term,
                 g: Term) -> None:
        self.s, self.head, self.names, self.regime, self.f, self.g = s, head, names, regime, f, g


def open_order(sequent: Sequent) -> Opened:
    goal = sequent.goal
    if not (isinstance(goal, Bind) and goal.head in ORDERS):
        raise Reject(RULE, "goal", f"{show(goal)[:80]} is no order of growth")
    names: list[str] = []
    by: dict[str, Term] = {}
    sorts: dict[str, Sort] = {}
    for name, sort in zip(goal.names, goal.sorts, strict=True):
        if sort not in (REAL, INTEGER):
            raise Reject(RULE, name, "a growing variable must be real or an integer")
        new = fresh(name, set(sequent.declarations) | set(names))
        names.append(new)
        sorts[new] = sort
        by[name] = Var(new)
    regime, f, g = (substitute(u, by) for u in goal.inner)
    # "whenever every variable is >= N": any N may be chosen, so >= 16 may be assumed
    s, put = solved(sequent)
    s = s.declaring(sorts).assuming(*(app(">=", Var(n), num(16)) for n in names))
    relations = tuple(conjuncts(put(regime)))
    here = s.assuming(*relations)
    return Opened(s, goal.head, tuple(names), relations, closed(put(f), here), closed(put(g), here))


def prove_order(o: Opened, c: Mapping[str, Any]) -> None:
    if "quotient" in c:
        _by_quotient(o, c)
        return
    field = Field(o.s)

    def ask() -> None:
        _Check(o, field).run(c, o.regime, 0)

    try:
        settled(field, ask)
    except (Open, Nowhere, NoForm, CannotNormalise) as error:
        raise Reject(RULE, "form", f"{type(error).__name__}: {error}") from error


class _Check:
    def __init__(self, o: Opened, field: Field) -> None:
        self.o = o
        self.growth = Growth(field, o.names)
        self.c = self.growth.c
        self.f, self.g = self.growth.read(o.f), self.growth.read(o.g)

    def run(self, c: Mapping[str, Any], regime: tuple[Term, ...], depth: int) -> None:
        if "split" in c:
            a, b = (from_json(t) for t in c["split"])
            if free_names(a) - set(self.o.names) or free_names(b) - set(self.o.names) or depth > 4:
                raise Reject(RULE, "split", "must compare two terms in the growing variables")
            for t in (a, b):        # positive and defined for all large values: then <= or >= holds
                alone = self.growth.single(self.growth.read(t))
                if alone is None or self.c.signs(alone[1]) != {1}:
                    raise Reject(RULE, "split", f"{show(t)} is no monomial")
            first, second = c["parts"]
            self.run(first, (*regime, app("<=", a, b)), depth + 1)
            self.run(second, (*regime, app(">=", a, b)), depth + 1)
            return
        match self.o.head:
            case "big-o":
                self._bounded(self.f, self.g, c["upper"], regime, False)
            case "big-omega":
                self._bounded(self.g, self.f, c["lower"], regime, False)
            case "big-theta":
                self._bounded(self.f, self.g, c["upper"], regime, False)
                self._bounded(self.g, self.f, c["lower"], regime, False)
            case "little-o":
                self._bounded(self.f, self.g, c["upper"], regime, True)
            case _:
                difference = self.growth.plus(self.f, self.growth.scaled(self.g, self.c.number(-1)))
                self._bounded(difference, self.g, c["upper"], regime, True)

    def _bounded(
        self, f: Form, g: Form, c: Mapping[str, Any], regime: tuple[Term, ...], strict: bool
    ) -> None:
        """f = O(g), or o(g)."""
        positive, negative = parts(self.growth, g)
        for a, k in _together(negative, c.get("negative", [])):
            self._dominated(a, positive, k, regime, True)
        for a, k in _together(upper(self.growth, f), c["terms"]):
            self._dominated(a, positive, k, regime, strict)

    def _dominated(self, a: Mono, b: list[Mono], c: Mapping[str, Any], regime: tuple[Term, ...],
                   strict: bool) -> None:
        weights = {int(j): _fraction(q) for j, q in c["lambda"].items()}
        if sum(weights.values()) != 1 or min(weights.values()) < 0 or not set(weights) <= set(range(len(b))):
            raise Reject(RULE, "lambda", "weights >= 0 with sum 1, one for each monomial of g")
        total = dict(a.powers)
        grows = False

        def gather(powers: Mapping[Size, Any], factor: Fraction) -> None:
            for size, e in powers.items():
                step = self.c.times(e, self.c.number(factor))
                total[size] = self.c.plus(total[size], step) if size in total else step

        for j, q in weights.items():
            gather(b[j].powers, -q)
        for entry in c.get("mu", []):
            q = _fraction(entry["times"])
            if q <= 0:
                raise Reject(RULE, "mu", "a multiplier that is not positive")
            row, to_infinity = self.row(entry, regime)
            gather(row, q)
            grows = grows or to_infinity
        for size, e in total.items():
            signs = self.c.signs(e)
            if not signs <= {-1, 0}:
                raise Reject(RULE, "coordinates", f"the coordinate of {_show(size)} may be positive")
            grows = grows or (signs == {-1} and self.growth.size_grows(size))
        if strict and not grows:
            raise Reject(RULE, "strict", "nothing tends to infinity: O is shown, o is not")

    def row(self, entry: Mapping[str, Any], regime: tuple[Term, ...]) -> Row:
        if entry["row"] == "growth":
            big, small, eps = _size(entry["big"]), _size(entry["small"]), _fraction(entry["eps"])
            unit = self._unit(entry)
            if eps <= 0 or not self.growth.negligible(small, big) or not self.growth.size_grows(big):
                raise Reject(RULE, "growth", f"{_show(small)} is not negligible against {_show(big)}")
            if not {n for (n, _), _ in (*big, *small)} <= set(self.o.names):
                raise Reject(RULE, "growth", "a name that does not grow")
            return {big: self.c.times(unit, self.c.number(eps)), small: self.c.number(-1)}, True
        k = int(entry["regime"])
        if not 0 <= k < len(regime):
            raise Reject(RULE, "regime", f"there is no relation {k}")
        rows = regime_rows(self.growth, regime[k])
        n = int(entry["number"])
        if not 0 <= n < len(rows):
            raise Reject(RULE, "regime", f"the relation {show(regime[k])[:60]} gives no row {n}")
        unit = self._unit(entry)
        return {size: self.c.times(e, unit) for size, e in rows[n].items()}, False

    def _unit(self, entry: Mapping[str, Any]) -> Any:
        """A positive constant (log 2, a parameter) by which a row is multiplied."""
        if "unit" not in entry:
            return self.c.one
        t = from_json(entry["unit"])
        if free_names(t) - set(self.o.s.declarations) or free_names(t) & set(self.o.names):
            raise Reject(RULE, "unit", f"{show(t)[:60]} is no constant of this claim")
        unit = self.c.read(t)
        if self.c.signs(unit) != {1}:
            raise Reject(RULE, "unit", f"{show(t)[:60]} may not be positive")
        return unit


def parts(growth: Growth, g: Form) -> tuple[list[Mono], list[Mono]]:
    """Monomials with positive coefficients (all of them counted from below), and the orders of the
    negative ones.  A g without positive terms is read as -g; coefficients of unknown sign: refused."""
    signs = {k: growth.c.signs(a) for k, a in g.items()}
    if g and all(s <= {-1, 0} for s in signs.values()):
        signs = {k: frozenset(-x for x in s) for k, s in signs.items()}
    positive: list[Mono] = []
    negative: list[Mono] = []
    for k, s in signs.items():
        if s == {1}:
            positive += growth.order(k)
        elif s <= {0, 1}:
            continue
        elif s <= {-1, 0} or growth.c.real(g[k]):
            negative += growth.order(k)
        else:
            raise Reject(RULE, "form", "a coefficient that may be non-real")
    if not positive:
        raise Reject(RULE, "form", "no term of the bound is certainly positive")
    return list(dict.fromkeys(positive)), list(dict.fromkeys(negative))


def upper(growth: Growth, f: Form) -> list[Mono]:
    """|f| is at most a constant times the sum of these."""
    return list(dict.fromkeys(m for k in f for m in growth.order(k)))


def regime_rows(growth: Growth, relation: Term) -> list[dict[Size, Any]]:
    """The rows of one relation: vectors whose product with the sizes is bounded below in the regime."""
    match relation:
        case App("<" | "<=", (a, b)):
            pass
        case App(">" | ">=", (b, a)):
            pass
        case App("=", (a, b)):
            return [*regime_rows(growth, app("<=", a, b)), *regime_rows(growth, app(">=", a, b))]
        case _:
            return []
    f = growth.read(sub(b, a))
    if any(classes for _, classes in f):
        return []
    c = growth.c
    up = [m for (m, _), e in f.items() if c.signs(e) <= {0, 1}]
    down = [m for (m, _), e in f.items() if c.signs(e) == {-1}]
    if len(up) + sum(1 for e in f.values() if c.signs(e) <= {-1, 0}) < len(f):
        return []           # a coefficient of unknown sign
    rows: list[dict[Size, Any]] = []
    top = next((m for m in up if all(growth.below(n, m) for n in up)), None)
    if top is not None:
        for m in down:
            rows.append(_ratio(growth, top, m))
            logs = _logs(growth, m), _logs(growth, top)
            if logs[0] is not None and logs[1] is not None:
                rows.append(_ratio(growth, logs[1], logs[0]))
    try:      # the relation itself, over sizes; constants only shift the bound
        row: dict[Size, Any] = {}
        for (m, _), e in f.items():
            if m != growth.one:
                size = growth.size(m)
                row[size] = c.plus(row[size], e) if size in row else e
        rows.append(row)
    except NoForm:
        pass
    return rows


def _ratio(growth: Growth, b: Mono, a: Mono) -> dict[Size, Any]:
    return dict(growth.times(b, growth.power(a, growth.c.number(-1))).powers)


def _logs(growth: Growth, m: Mono) -> Mono | None:
    """For m = size^e (one size, e > 0, the size grows): a monomial of the order of log m.

    a <= C b with a, b -> oo gives log a <= log b + log C <= C' log b."""
    if len(m.powers) != 1:
        return None
    (size, e), = m.powers.items()
    return growth.of_size(size) if growth.c.signs(e) == {1} and growth.size_grows(size) else None


def _together(monos: list[Mono], choices: Any) -> list[tuple[Mono, Mapping[str, Any]]]:
    if not isinstance(choices, list) or len(choices) != len(monos):
        raise Reject(RULE, "terms", f"{len(monos)} monomials need as many choices")
    return list(zip(monos, choices, strict=True))


def _fraction(text: Any) -> Fraction:
    if not isinstance(text, (str, int)) or len(str(text)) > 200:
        raise Reject(RULE, "number", "a rational number is written as text")
    return Fraction(text)


def _size(data: Any) -> Size:
    size = tuple(sorted(((str(n), int(level)), _fraction(e)) for n, level, e in data))
    if any(level < 0 for (_, level), _ in size) or len({k for k, _ in size}) != len(size):
        raise Reject(RULE, "size", "a level below 0, or one twice")
    return size


def _show(s: Size) -> str:
    return "*".join("log " * level + name + (f"^{e}" if e != 1 else "") for (name, level), e in s) or "1"


# ------------------------------------------------------------------------ one variable, by the quotient


def _by_quotient(o: Opened, c: Mapping[str, Any]) -> None:
    """
        f/g expanded as the one growing variable tends to infinity: bounded (O), bounded away from 0
        (Omega), tends to 0 (o), to 1 (~)
        ---------------------------------------------------------------------------------------------
        the order            (the regime only restricts; it may be dropped)
    """
    if len(o.names) != 1:
        raise Reject(RULE, "quotient", "several variables grow")
    name = o.names[0]
    order = int(c["quotient"])
    if not 1 <= order <= 24:
        raise Reject(RULE, "quotient", "an order from 1 to 24")
    field = Field(o.s)
    integer = o.s.declarations[name] == INTEGER

    def ask() -> bool:
        from .constants import Constants

        e = expander(Constants(field), name, ("up", OO), order, integer)

        def ratio(a: Term, b: Term) -> Any:
            return e.expand(app("div", a, b))

        if c.get("between") is True:
            return between(e, o.head, o.f, o.g)
        match o.head:
            case "big-o":
                return e.bounded(ratio(o.f, o.g))
            case "big-omega":
                return e.bounded(ratio(o.g, o.f))
            case "big-theta":
                return e.bounded(ratio(o.f, o.g)) and e.bounded(ratio(o.g, o.f))
            case "little-o":
                found = e.limit(ratio(o.f, o.g))
                return found.value is not None and found.value.num == 0
            case _:
                found = e.limit(ratio(o.f, o.g))
                return found.value is not None and found.value == e.c.one
    try:
        if settled(field, ask):
            return
    except (Open, Nowhere, Lost, Unexpandable) as error:
        raise Reject(RULE, "quotient", f"{type(error).__name__}: {error}") from error
    raise Reject(RULE, "quotient", "the quotient does not show the order")


def between(e: Expander, head: str, f: Term, g: Term) -> bool:
    """The order at every corner of f's oscillations; one sign, where f is bounded from below."""
    ends = [e.expand(t) for t in corners(e, f)]
    bound = e.expand(g)
    up = all(e.bounded(e.times(t, e.inverse(bound))) for t in ends)
    if head == "big-o":
        return up
    if head == "little-o":
        limits = [e.limit(e.times(t, e.inverse(bound))) for t in ends]
        return all(v.value is not None and v.value.num == 0 for v in limits)
    if len({e.eventual_sign(t) for t in ends}) != 1:
        raise Lost("a sign that oscillates")
    down = all(e.bounded(e.times(bound, e.inverse(t))) for t in ends)
    return down and (head == "big-omega" or head == "big-theta" and up)


__all__ = ["ORDERS", "Opened", "between", "check", "open_order", "parts", "prove_order", "regime_rows", "upper"]
