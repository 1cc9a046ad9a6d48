"""Candidate points: values for the declared names, simplest first.

Method: a ladder of exact numbers per name, filtered by the assumptions that mention that name alone,
then tuples: first one for each pattern of signs, then by total index (by index alone,
log(xy) = log x + log y over the reals passed 44 points before (-1, -1) came).  Families, laws and
functions get their values from the engines for tables and finite laws.

The kernel checks every point again; nothing here is believed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.evaluate import Evaluator, Undefined, Unknown, at_precisions, to_ball, truth
from ..kernel.model import Model
from ..kernel.term import App, Bind, Index, Num, Scalar, Term, conjuncts, free_names, to_json

_F = Fraction
REAL = [_F(x) for x in (
    1, 2, 0, -1, 3, "1/2", -2, "-1/2", "5/2", "3/4", "1/4", 5, -3, "-5/2", "3/2", 4, 10, "1/16", -10,
    "-1/16", 100, "1/100", -100)]
INTEGER = [_F(x) for x in (1, 2, 0, 3, -1, 4, 5, -2, 6, -3, 7, 8, -4, 10, 12, -5, 20, 100)]
COMPLEX: list[tuple[int | str, int | str]] = [
    (1, 0), (2, 0), (0, 1), (-1, 0), (1, 1), ("1/2", 0), (0, 0), (0, 2), (-2, 0), (-1, 1), (0, -1),
    (-1, -1), (3, 0), (1, -2), (-3, 5), (0, 7), (20, -30), ("1/4", "1/2"), (-3, 0), (0, "-7/2")]


def complex_term(re: Fraction, im: Fraction) -> Term:
    from ..kernel.term import add, app, mul

    if im == 0:
        return Num(re)
    imaginary = app("i") if im == 1 else mul(Num(im), app("i"))
    return imaginary if re == 0 else add(Num(re), imaginary)


def candidates(sort: Scalar) -> list[Term]:
    if sort.kind == "complex":
        return [complex_term(_F(a), _F(b)) for a, b in COMPLEX]
    return [Num(q) for q in (INTEGER if sort.kind == "integer" else REAL)]


def value_json(t: Term) -> Any:
    return to_json(t) if isinstance(t, Num) else {"term": to_json(t)}


def scalar_names(s: Sequent) -> list[str]:
    return [n for n, sort in s.declarations.items() if isinstance(sort, Scalar)]


def ladders(s: Sequent) -> dict[str, list[Term]] | None:
    """Per scalar name its admissible candidates; refilled by scaling and by the bounds themselves."""
    out: dict[str, list[Term]] = {}
    for name in scalar_names(s):
        sort = s.declarations[name]
        if not isinstance(sort, Scalar):
            continue
        own = [c for a in s.assumptions for c in conjuncts(a) if free_names(c) == {name}]
        pool = candidates(sort)
        constants = sorted({
            u.value for c in own for u in _numbers(c) if u.value not in (0, 1, -1)})
        near = [b + d for b in constants for d in (1, 0, -1, _F(1, 2), -_F(1, 2), 2)]
        near += [b * f for b in constants for f in (2, _F(1, 2), 10)]
        if sort.kind == "integer":
            near = [x for x in near if x.denominator == 1]
        pool = pool + [Num(x) for x in near if Num(x) not in pool]
        if sort.kind == "real":       # bounds such as pi/2 themselves
            pool += [t for c in own if isinstance(c, App) and len(c.args) == 2 for t in c.args
                     if not isinstance(t, Num) and not free_names(t) and t not in pool]
        if sort.kind in ("real", "rational"):
            for scale in (_F(1, 4), _F(1, 16)):
                pool += [Num(t.value * scale) for t in pool if isinstance(t, Num)
                         and Num(t.value * scale) not in pool][:20]
        good = [t for t in dict.fromkeys(pool) if _admissible(own, name, t, s)]
        if not good:
            return None
        out[name] = good[:28]
    return out


def _numbers(t: Term) -> list[Num]:
    from ..kernel.term import subterms

    return [u for u in subterms(t) if isinstance(u, Num)]


def _admissible(own: list[Term], name: str, t: Term, s: Sequent) -> bool:
    for c in own:
        try:
            if not truth(c, {name: t}, s.declarations):
                return False
        except Undefined:
            return False
        except Unknown:
            continue
    return True


def _sign(t: Term) -> int:
    """The sign of a real candidate; of a complex one the quadrant or half-axis."""
    if isinstance(t, Num):
        return (t.value > 0) - (t.value < 0)
    numbers = [u.value for u in _numbers(t)]
    imaginary = numbers[-1] if len(numbers) > (isinstance(t, App) and t.head == "add") else 1
    real = numbers[0] if isinstance(t, App) and t.head == "add" else 0
    return 2 + 3 * ((real > 0) - (real < 0) + 1) + (imaginary > 0)


def tuples(pools: Mapping[str, list[Term]], limit: int) -> Iterator[dict[str, Term]]:
    """Points: one of each sign pattern first, then by total index."""
    names = list(pools)
    if not names:
        yield {}
        return
    seen: set[tuple[Term, ...]] = set()
    count = 0
    by_sign = {n: {} for n in names}  # type: dict[str, dict[int, Term]]
    for n in names:
        for t in pools[n]:
            by_sign[n].setdefault(_sign(t), t)
    first = [tuple(pools[n][0] for n in names)]
    patterns = itertools.islice(_by_total_index([list(by_sign[n].values()) for n in names]), 64)
    # several candidates away from the simplest at once: (z w)^a = z^a w^a needs -1, -1 and 1/2
    sizes = [len(pools[n]) for n in names]
    lattice = (tuple(pools[n][(k * (2 * j + 1) + j * j) % size] for j, (n, size) in enumerate(
        zip(names, sizes, strict=True))) for k in range(2, 60))
    by_total = _by_total_index([pools[n] for n in names])
    for point in itertools.chain(first, patterns, lattice if len(names) > 1 else (), by_total):
        if point in seen:
            continue
        seen.add(point)
        yield dict(zip(names, point, strict=True))
        count += 1
        if count >= limit:
            return


def _by_total_index(pools: list[list[Term]]) -> Iterator[tuple[Term, ...]]:
    for total in range(sum(len(p) - 1 for p in pools) + 1):
        yield from _with_total(pools, total)


def _with_total(pools: list[list[Term]], total: int) -> Iterator[tuple[Term, ...]]:
    if len(pools) == 1:
        if total < len(pools[0]):
            yield (pools[0][total],)
        return
    for k in range(min(total, len(pools[0]) - 1) + 1):
        for rest in _with_total(pools[1:], total - k):
            yield (pools[0][k], *rest)


def index_values(s: Sequent, point: Mapping[str, Term]) -> Iterator[dict[str, Term]]:
    """Extend a point of scalars by values of the declared indices."""
    names = [n for n, sort in s.declarations.items() if isinstance(sort, Index)]
    ranges = []
    for n in names:
        sort = s.declarations[n]
        if not isinstance(sort, Index):
            continue
        try:
            from ..kernel.evaluate import value

            size = value(sort.size, dict(point), {})
        except (Undefined, Unknown):
            return
        if not isinstance(size, Fraction) or size.denominator != 1 or not 1 <= size <= 8:
            return
        ranges.append([Num(Fraction(k)) for k in range(1, int(size) + 1)])
    for values in itertools.product(*ranges):
        yield {**point, **dict(zip(names, values, strict=True))}


def points(s: Sequent, limit: int) -> Iterator[dict[str, Any]]:
    """Witness data ``{"kind": "point", "point": ...}`` whose assumptions evaluate to true.

    Only for claims all of whose names are scalars or indices.
    """
    if not all(isinstance(sort, (Scalar, Index)) for sort in s.declarations.values()):
        return
    pools = ladders(s)
    if pools is None:
        return
    tried = 0
    for point in tuples(pools, limit * 6):
        for full in index_values(s, point):
            tried += 1
            if tried > limit * 6:
                return
            if all(_holds(a, full, s) for a in s.assumptions):
                ordered = {n: value_json(full[n]) for n in s.declarations}
                yield {"kind": "point", "point": ordered}


def _holds(a: Term, values: Mapping[str, Term], s: Sequent) -> bool:
    try:
        return truth(a, values, s.declarations)
    except (Undefined, Unknown):
        return False


def may_hold(goal: Term, model: Model) -> bool:
    """For an equation whether enclosures of its sides overlap (that it holds exactly need not be known to go
    on to the next point); else the truth value.  Raises Undefined, Unknown."""
    if isinstance(goal, App) and goal.head == "=" and not any(
            isinstance(t, Bind) or isinstance(t, App) and t.head == "tuple" for t in goal.args):
        return overlap(*goal.args, model)
    return model.truth(goal)


def overlap(left: Term, right: Term, model: Model) -> bool:
    """Whether the enclosures of two numbers overlap.  Raises Undefined, Unknown."""
    def sides(e: Evaluator) -> bool:
        x, y = e.number(left), e.number(right)
        if isinstance(x, Fraction) and isinstance(y, Fraction):
            return x == y
        return bool(to_ball(x).overlaps(to_ball(y)))

    return bool(at_precisions(model.values, model.sorts, sides))
