"""Refutations of statements about all points of a domain: a better feasible point, a chord below the graph.

Method: next to the claimed point, at a few small tables for the declared names, one entry is moved a little, or two are
moved against each other (which keeps their sum): what is no local optimum is refuted there.  Else a conjunction
(feasible, and no point is better) fails where one part does; the names that a part's quantifiers bind are searched
along with the declared ones, by tables (``tables``) or for numbers alone by the ladder of points and by descent
(``order_points``).  Their values are the witnesses of the negated part.
Why it convinces: the kernel evaluates both sides at the point, exactly.
Cannot: a violation at irrational points only; domains that no listed table meets.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.evaluate import Table, Undefined, Unknown, truth
from ..kernel.evaluate import value as value_at
from ..kernel.model import beta
from ..kernel.term import (
    TRUE, App, Bind, Index, Map, Num, Scalar, Sort, Term, app, free_names, from_json, negate, num, substitute,
)
from . import order_points
from .places import entries_of, value_of
from .points import points
from .tables import (
    MAX_TRIES, Builder, Problem, Values, _false, has_families, negation, opened, refute_tables, value_json,
)

LADDER, NEARBY = 60, 12
STEPS = tuple(sign*Fraction(1, k) for k in (1, 2, 4, 16) for sign in (1, -1))


def refute_at_once(s: Sequent) -> Iterator[dict[str, Any]]:
    yield from _refutations(s, 120, patient=False)


def refute(s: Sequent) -> Iterator[dict[str, Any]]:
    yield from _refutations(s, MAX_TRIES, patient=True)


def _refutations(s: Sequent, tries: int, patient: bool) -> Iterator[dict[str, Any]]:
    match s.goal:
        case App("and", parts):
            for k, part in enumerate(parts):
                for found in nearby(s.with_goal(part)):
                    yield {"witness": found["witness"],
                           "proof": {"rule": "or", "index": k, "proof": found["proof"]}}
            for k, part in enumerate(parts):
                here = s.with_goal(part)
                for found in itertools.chain(refute_tables(here, tries), _numbers(here, patient)):
                    yield {"witness": found["witness"],
                           "proof": {"rule": "or", "index": k, "proof": found["proof"]}}
        case App("implies", (premise, App("and", parts))):
            for k, part in enumerate(parts):
                here = s.with_goal(app("implies", premise, part))
                for found in itertools.chain(refute_tables(here, tries), _numbers(here, patient)):
                    held, fails = found["proof"]["parts"] if "parts" in found["proof"] else [{"rule": "evaluate"}]*2
                    yield {"witness": found["witness"], "proof": {"rule": "and", "parts": [
                        held, {"rule": "or", "index": k, "proof": fails}]}}
        case Bind("forall"):
            yield from nearby(s)
            yield from _numbers(s, patient)


# ------------------------------------------------------------------ next to the claimed point


def nearby(s: Sequent) -> Iterator[dict[str, Any]]:
    """A better point next to the claimed one."""
    match s.goal:
        case Bind("forall", (w,), (sort,), (), (_, App("<=" | ">=" | "<" | ">", (a, b)))) if (
                w in free_names(s.goal.inner[1]) and w not in s.declarations):
            there, moved = (a, b) if w in free_names(b) else (b, a)
        case _:
            return
    if not (isinstance(sort, Scalar) or isinstance(sort, Map) and all(isinstance(k, Index) for k in sort.args)):
        return
    plain = Sequent(s.declarations, s.assumptions, TRUE)
    problem = opened(s)
    if len(problem.hoisted) != 1:
        return
    tables = has_families(plain)
    if not tables and not all(isinstance(k, Scalar) for k in s.declarations.values()):
        return
    if tables:
        found: Iterator[dict[str, Any]] = Builder(opened(plain), NEARBY).points(NEARBY)
    else:
        found = ({n: _value(x) for n, x in c["point"].items()} for c in points(plain, NEARBY))
    tried = 0
    for point in found:
        claimed = _claimed(s, there, moved, w, sort, point)
        if claimed is None:
            tried += 1
            if tried > 3:
                return
            continue
        for value in _moved(claimed):
            whole = {**point, problem.hoisted[0]: value}
            try:
                if not all(truth(c, whole, problem.names) for c in problem.assumptions) or truth(
                        problem.goal, whole, problem.names):
                    continue
            except (Undefined, Unknown):
                continue
            data = {n: value_json(point[n]) for n in s.declarations}
            here = {n: v for n, v in point.items() if isinstance(v, Num)}
            yield {"witness": {"kind": "point", "point": data},
                   "proof": negation(substitute(negate(s.goal), here), problem, whole, iter(problem.hoisted))}
            return


def _claimed(s: Sequent, there: Term, moved: Term, w: str, sort: Sort, point: Values) -> Any:
    """The claimed value at a point of the declared names, in fractions near it."""
    try:
        if isinstance(sort, Scalar):
            at = value_of(there, moved, w)
            return None if at is None else num(_near(at, point, s))
        if not isinstance(sort, Map):
            return None
        shape = tuple(int(_near(k.size, point, s)) for k in sort.args if isinstance(k, Index))
        whole = value_of(there, moved, w)
        names: tuple[str, ...] = ()
        if whole is None:
            found = entries_of(there, moved, w)
            if found is None or len(set(found[0])) != len(shape):
                return None
            names, whole = found
        entries = {}
        for where in itertools.product(*(range(1, m + 1) for m in shape)):
            at = substitute(whole, dict(zip(names, map(num, where), strict=True))) if names else app(
                "at", whole, *map(num, where))
            entries[where] = num(_near(beta(at, s.declarations), point, s))
        return Table(shape, entries)
    except (Undefined, Unknown, KeyError, ValueError, OverflowError):
        return None


def _near(t: Term, point: Values, s: Sequent) -> Fraction:
    found = value_at(t, point, s.declarations)
    if isinstance(found, Fraction):
        return found
    return Fraction(float(found.real.mid())).limit_denominator(32)


def _moved(claimed: Any) -> Iterator[Any]:
    for step in STEPS:
        if isinstance(claimed, Num):
            yield num(claimed.value + step)
            continue
        places = list(claimed.entries)
        for at in places[:6]:
            yield _with(claimed, {at: step})
        for one, two in itertools.islice(itertools.combinations(places, 2), 6):
            yield _with(claimed, {one: step, two: -step})


def _with(claimed: Table, steps: dict[tuple[int, ...], Fraction]) -> Table:
    return Table(claimed.shape, {k: num(v.value + steps.get(k, Fraction(0))) if isinstance(v, Num) else v
                                 for k, v in claimed.entries.items()})


def _numbers(s: Sequent, patient: bool) -> Iterator[dict[str, Any]]:
    """Statements about numbers alone."""
    problem = opened(s)
    if not problem.hoisted and patient or has_families(s) or not all(
            isinstance(k, Scalar) for k in problem.names.values()):
        return
    inner = Sequent(problem.names, problem.assumptions, problem.goal)
    search = order_points.refute if patient else order_points.refute_at_once
    for witness in itertools.chain(points(inner, LADDER), search(inner)):
        point = {n: _value(x) for n, x in witness["point"].items()}
        if not _false(problem.goal, point, problem.names):
            continue
        yield _refuted(s, problem, point, witness)
        return


def _refuted(s: Sequent, problem: Problem, point: dict[str, Term], witness: dict[str, Any]) -> dict[str, Any]:
    declared = {n: witness["point"][n] for n in s.declarations}
    here = {n: v for n, v in point.items() if isinstance(v, Num)}
    return {"witness": {"kind": "point", "point": declared},
            "proof": negation(substitute(negate(s.goal), here), problem, point, iter(problem.hoisted))}


def _value(data: Any) -> Term:
    return from_json(data["term"] if isinstance(data, dict) and "term" in data else data)


__all__ = ["refute", "refute_at_once"]
