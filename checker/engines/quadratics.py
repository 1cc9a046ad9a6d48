"""Minimisers of objectives that are quadratic in one name, under expectations too: the square is completed.

    B(b) quadratic in b, B'(v) = 0:     B(b) = B(v) + c (b - v)^2,     c half the second derivative of B

Method: the two sides of f(v) <= f(b) are compared place by place; c is found by differentiating under sums and
expectations.  The equation and the sign of c are asked of the other engines, so nothing here is believed.
Why it convinces: the certificate goes from one side through B(v) + c (b - v)^2 to the other (rule ``through``).
Cannot: several names at once; names in densities, denominators and functions other than powers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.term import (
    ONE, ZERO, App, Bind, Num, Term, Var, add, app, free_names, mul, num, sub, subterms, to_json,
)
from .gaps import _aligned

if TYPE_CHECKING:
    from .search import Searcher

MAX_DEPTH = 4
_ORDER = ("<", "<=", ">", ">=")


def proofs(s: Sequent, search: Searcher) -> Iterator[dict[str, Any]]:
    goal = s.goal
    if not (isinstance(goal, App) and goal.head in _ORDER) or search.depth > MAX_DEPTH or not any(
            isinstance(u, Bind) and u.head == "E" for u in subterms(goal)):
        return
    left, right = goal.args
    for there, varied, turned in ((left, right, False), (right, left, True)):
        pair = _value_and_name(there, varied)
        if pair is None:
            continue
        value, name = pair
        bend = _second(varied, name.name)
        if bend is None:
            continue
        through = add(there, mul(bend, app("pow", sub(name, value), num(2))))
        links = [(varied, "=", through), (through, goal.head, there)] if turned else [
            (there, goal.head, through), (through, "=", varied)]
        parts = []
        for a, relation, b in links:
            part = search.prove(s.with_goal(app(relation, a, b)))
            if part is None:
                break
            parts.append(part)
        else:
            yield {"rule": "through", "terms": [to_json(through)], "relations": [r for _, r, _ in links],
                   "parts": parts}


def _value_and_name(there: Term, varied: Term) -> tuple[Term, Var] | None:
    """The one value that stands in ``there`` wherever the one name stands in ``varied``."""
    found: set[tuple[Term, Var]] = set()

    def fits(a: Term, b: Term) -> bool:
        if a == b:
            return True
        match a, b:
            case _, Var():
                found.add((a, b))
                return len(found) == 1
            case App(h, p), App(g, q):
                return h == g and len(p) == len(q) and all(map(fits, p, q))
            case Bind("E", _, _, _, p), Bind("E", _, _, _, q):
                c = _aligned(a, b)
                return c is not None and all(map(fits, c.inner, q))
        return False

    if not fits(there, varied) or len(found) != 1:
        return None
    (value, name), = found
    return None if name.name in free_names(there) else (value, name)


class _NotPolynomial(Exception):
    """The name stands where it is not differentiated here."""


def _second(t: Term, name: str) -> Term | None:
    """Half the second derivative of ``t``; None if it is 0, or not constant."""
    try:
        c = _times(num("1/2"), _slope(_slope(t, name), name))
    except _NotPolynomial:
        return None
    return None if c == ZERO or name in free_names(c) else c


def _slope(t: Term, name: str) -> Term:
    if name not in free_names(t):
        return ZERO
    match t:
        case Var():
            return ONE
        case App("add", parts):
            return _sum(*(_slope(u, name) for u in parts))
        case App("neg", (u,)):
            return _times(num(-1), _slope(u, name))
        case App("mul", parts):
            return _sum(*(_times(*parts[:k], _slope(u, name), *parts[k + 1:]) for k, u in enumerate(parts)))
        case App("div", (u, d)) if name not in free_names(d):
            return _times(_slope(u, name), app("div", ONE, d))
        case App("pow", (u, Num(e))) if _positive_integer(t.args[1]):
            power = ONE if e == 1 else u if e == 2 else app("pow", u, num(e - 1))
            return _times(num(e), power, _slope(u, name))
        case Bind("E", _, _, _, (weight, u)) if name not in free_names(weight):
            return _mean(t, _slope(u, name))
    raise _NotPolynomial


def _positive_integer(t: Term) -> bool:
    return isinstance(t, Num) and t.value.denominator == 1 and t.value >= 1


def _mean(of: Bind, body: Term) -> Term:
    """E of ``body`` under the law of ``of``; constants come out."""
    parts = body.args if isinstance(body, App) and body.head == "mul" else (body,)
    out = [u for u in parts if not free_names(u) & set(of.names)]
    rest = [u for u in parts if free_names(u) & set(of.names)]
    if rest:
        out.append(Bind(of.head, of.names, of.sorts, of.outer, (*of.inner[:-1], _times(*rest))))
    return _times(*out)


def _sum(*parts: Term) -> Term:
    kept = [u for u in parts if u != ZERO]
    if all(isinstance(u, Num) for u in kept):
        return num(sum(u.value for u in kept if isinstance(u, Num)))
    return kept[0] if len(kept) == 1 else add(*kept)


def _times(*parts: Term) -> Term:
    """The product, its numbers in front; equal factors as powers, so that squares show their sign."""
    flat: list[Term] = []
    for u in parts:
        flat += u.args if isinstance(u, App) and u.head == "mul" else (u,)
    size = num(1).value
    rest: dict[Term, int] = {}
    for u in flat:
        while isinstance(u, App) and u.head == "neg":
            size, u = -size, u.args[0]
        if isinstance(u, Num):
            size *= u.value
            continue
        base, e = u, 1
        if isinstance(u, App) and u.head == "pow" and _positive_integer(u.args[1]):
            base, e = u.args[0], int(u.args[1].value)
        rest[base] = rest.get(base, 0) + e
    if size == 0:
        return ZERO
    factors = [u if e == 1 else app("pow", u, num(e)) for u, e in rest.items()]
    if not factors:
        return num(size)
    return mul(*factors) if size == 1 else mul(num(size), *factors)


__all__ = ["proofs"]
