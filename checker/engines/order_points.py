"""Points for inequalities: where one fails, and where assumptions hold.

Method: floats look for a clear violation on small grids, near the ends of domains, at powers of ten, then by
descent from the worst points; equations linear in a name are solved for it.  A candidate is rounded to
fractions, simplest first; the kernel evaluates it exactly.  Cannot: assumptions that hold at irrational
points only.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.evaluate import Undefined, Unknown, truth
from ..kernel.term import App, Bind, Num, Scalar, Term, app, conjuncts, mul, num, subterms, to_json
from .order_numeric import Relation, Sampler, Unsupported, compiled, rationals, relation_of

ORDER = ("<", "<=", ">", ">=", "=", "!=")
FEW, MANY = 260, 1_500


def refute_at_once(s: Sequent) -> Iterator[dict[str, Any]]:
    yield from _refute(s, FEW, 0)


def refute(s: Sequent) -> Iterator[dict[str, Any]]:
    """A descent costs the number of names times the size of the statement: fewer where these are large."""
    size = sum(1 for _ in subterms(s.goal))
    limit, descents = min(MANY, max(FEW, 60*MANY // size)), min(40, 40_000 // (size*max(1, len(s.declarations))))
    yield from _refute(s, limit, descents)


def _refute(s: Sequent, limit: int, descents: int) -> Iterator[dict[str, Any]]:
    goal = s.goal
    names: dict[str, Any] = {}
    extra: list[Term] = []
    # a universal statement, an implication: the names and premises it opens
    while True:
        match goal:
            case Bind("forall", bound, sorts, _, (guard, body)) if all(
                    isinstance(k, Scalar) for k in sorts) and not set(bound) & set(s.declarations):
                names |= dict(zip(bound, sorts, strict=True))
                extra += conjuncts(guard)
                goal = body
                continue
            case App("implies", (a, b)) if not names:
                extra += conjuncts(a)
                goal = b
                continue
        break
    relation = relation_of(goal)
    if relation is None or names:
        return
    inner = Sequent(s.declarations, s.assumptions + tuple(extra), relation)
    try:
        sampler, test = Sampler(inner), Relation(relation)
    except Unsupported:
        return
    tried = equalities = 0
    best: list[tuple[float, dict[str, float]]] = []
    for p in sampler.points(limit, fine=True):
        m = test.margin(p)
        if math.isnan(m):
            continue
        equal = m == 0 and relation.head in ("<", ">", "!=") and all(abs(v) <= 20 for v in p.values())
        if m < 0 or equal and equalities < 15:
            equalities += equal
            for exact in _exact(inner, sampler, p):
                yield {"kind": "point", "point": exact}
                tried += 1
            if tried > 40:
                return
        elif descents:
            best.append((m, p))
    yield from _irrational(inner, sampler, test, relation)
    best.sort(key=lambda mp: mp[0])
    for _, p in best[:descents]:
        found = _descend(sampler, test, p)
        if found is not None:
            for exact in _exact(inner, sampler, found):
                yield {"kind": "point", "point": exact}


def _irrational(s: Sequent, sampler: Sampler, test: Relation, relation: App) -> Iterator[dict[str, Any]]:
    """Equality at multiples of pi, small roots, powers of e: for claims in one name."""
    if len(sampler.names) != 1 or sampler.integer or relation.head not in ("<", ">", "!="):
        return
    (name,) = sampler.names
    heads = {u.head for u in subterms(relation) if isinstance(u, App)}
    pool: list[Term] = []
    if heads & {"sin", "cos", "tan", "sec", "csc", "cot"}:
        pool += [mul(num(q), app("pi")) for q in ("1/2", "1", "1/4", "1/3", "1/6", "-1/2", "3/2", "2", "-1", "3/4")]
    pool += [app("sqrt", num(k)) for k in (2, 3, 5)] + [app("div", num(1), app("sqrt", num(2)))]
    if heads & {"exp", "log", "pow", "e"}:
        pool += [app("e"), app("exp", num(-1)), app("log", num(2))]
    for t in pool:
        p = {name: compiled(t)({})}
        if sampler.complete(dict(p)) is not None and test.margin(p) <= 0:
            yield {"kind": "point", "point": {name: {"term": to_json(t)}}}


def _descend(sampler: Sampler, test: Relation, p: dict[str, float]) -> dict[str, float] | None:
    """Coordinate descent on the margin; a point where it is negative, or the lowest."""
    best, size = test.margin(p), 0.5
    point = dict(p)
    for _ in range(40):
        moved = False
        for n in sampler.free:
            for d in (size, -size):
                q = dict(point)
                q[n] += round(d) or math.copysign(1, d) if n in sampler.integer else d * max(1.0, abs(q[n]))
                r = sampler.complete(q)
                m = test.margin(r) if r is not None else math.nan
                if not math.isnan(m) and m < best:
                    point, best, moved = q, m, True
                    if best < 0:
                        return point
        if not moved:
            size /= 2
            if size < 1e-4:
                break
    return point


def _exact(s: Sequent, sampler: Sampler, p: Mapping[str, float]) -> Iterator[dict[str, Any]]:
    """The point in fractions: free names rounded, solved names computed."""
    seen = set()
    for level in range(4):
        values: dict[str, Fraction] = {}
        for n in sampler.free:
            options = rationals(p[n])
            if not options:
                return
            values[n] = Fraction(round(p[n])) if n in sampler.integer else options[
                min(len(options) - 1, level if level < 3 else len(options) - 1)]
        if not _solve(sampler, values):
            continue
        key = tuple(sorted(values.items()))
        if key in seen:
            continue
        seen.add(key)
        point = {n: str(values[n]) for n in s.declarations if n in values}
        if len(point) == len(s.declarations) and _admissible(s, values):
            yield point


def _solve(sampler: Sampler, values: dict[str, Fraction]) -> bool:
    """Solved names: the float, rounded to what exact arithmetic gives for linear equations."""
    for n, f in sampler.solved.items():
        try:
            v = f({k: float(x) for k, x in values.items()})
            if not math.isfinite(v):
                return False
            scale = 1
            for x in values.values():
                scale = scale * x.denominator // math.gcd(scale, x.denominator)
            guess = Fraction(v).limit_denominator(min(max(12, scale * 12), 10**7))
            values[n] = guess
        except (ArithmeticError, ValueError, KeyError):
            return False
    return True


def _admissible(s: Sequent, values: Mapping[str, Fraction]) -> bool:
    terms = {n: Num(v) for n, v in values.items()}
    for a in s.assumptions:
        try:
            if not truth(a, terms, s.declarations):
                return False
        except (Undefined, Unknown):
            return False
    return True


def inhabitants(s: Sequent) -> Iterator[dict[str, Any]]:
    """Points that satisfy the assumptions."""
    try:
        sampler = Sampler(s)
    except Unsupported:
        return
    for p in itertools.islice(sampler.points(400, fine=True), 60):
        for exact in _exact(s, sampler, p):
            yield {"kind": "point", "point": exact}


__all__ = ["inhabitants", "refute", "refute_at_once"]
