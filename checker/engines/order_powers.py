"""Inequalities with roots: one root alone on a side, then both sides to its power.

Method: larger - smaller, over a positive denominator, is A g + B with g a root of degree 1 and A of visible
sign.  If A >= 0 the claim is -B <= A g, else -A g <= B; both sides to the power of the root remove g.  Where a
side may be negative under an even power, its sign is a case of its own.  One root less each time.
Source: Hardy, Littlewood, Polya, Inequalities, ch. 2 (no page); rule ``both-sides``.
Cannot: a root whose coefficient changes sign; a power above ``MAX_POWER``; roots that cancel only together.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.field import _GENS, CannotNormalise
from ..kernel.term import App, Term, app, free_names, num, sub, to_json
from .order_numeric import looks_false
from .order_view import Unreadable, View, as_difference

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
DEPTH = 10
MAX_POWER = 12
TRIED = 4


def powers(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    from .order import Certifier, Fact, Target, spend

    if search.depth > DEPTH or not spend(search, 20):
        return
    try:
        view = View(s)
        target, isolated = view.settled(lambda: _isolated(view, Target(view)))
    except (Unreadable, CannotNormalise, Reject):
        return
    for small, large, k in isolated[:TRIED]:
        if not spend(search, 40):
            return
        proof = _raised(s, small, large, k, target.strict, search)
        if proof is None:
            continue
        made = Certifier(view, target)
        data = {"term": to_json(sub(large, small)), "strict": target.strict, "proof": proof}
        try:
            fact = Fact(view.field.frac(num(1)), target.strict, data)
            made.add(Fraction(1), [fact], None)
        except CannotNormalise:
            continue
        yield made.certificate()


def _isolated(view: View, target: Any) -> tuple[Any, list[tuple[Term, Term, int]]]:
    """``(smaller, larger, power)`` of the ways to have one root alone, constants and large roots first."""
    found: list[tuple[tuple[int, int], Term, Term, int]] = []
    for k in view.used(target.poly):
        g = view.field.generators[k]
        if g.kind != "root" or not 2 <= (g.power or 0) <= MAX_POWER or g.value is None:
            continue
        if int(target.poly.degrees()[k]) != 1 or not g.real or isinstance(g.term, App) and g.term.head == "abs":
            continue                # a modulus is taken by cases
        a = target.poly.derivative(k)
        rest = target.poly - a * _GENS[k]
        if a.context() is None or k in view.used(a):
            continue
        sign = view.field.signs.polynomial(a)
        if sign in ("+", "0+"):
            small, large = view.written(-rest), view.written(a * _GENS[k])
        elif sign in ("-", "0-"):
            small, large = view.written(-a * _GENS[k]), view.written(rest)
        else:
            continue
        names = len(view.used(g.value.num, g.value.den))
        closed = not free_names(view.written_frac(g.value))
        found.append(((0 if closed else 1, -names), small, large, int(g.power)))
    found.sort(key=lambda f: f[0])
    return target, [(a, b, k) for _, a, b, k in found]


def _raised(s: Sequent, small: Term, large: Term, k: int, strict: bool, search: Searcher) -> Certificate | None:
    """A proof of ``large - small > 0`` (or >= 0) by the k-th powers of both sides."""
    relation = "<" if strict else "<="
    goal = s.with_goal(app(relation, small, large))
    if looks_false(goal, 120):
        return None
    premise = s.with_goal(app(relation, *(app("pow", t, num(k)) for t in (small, large))))
    out: Certificate = {"rule": "both-sides", "function": "power", "power": str(k)}
    if k % 2 == 0:
        positive = search.unconditionally(s.with_goal(app(">=", large, num(0))))
        if positive is None:
            return None
        out["large"] = positive
    if not looks_false(premise, 120):
        found = search.unconditionally(premise)
        return None if found is None else as_difference(s, {**out, "proof": found}, small, large, relation)
    if k % 2:
        return None
    # the smaller side may be negative: then the claim is plain
    on = app("<=", small, num(0))
    parts = []
    negative = search.unconditionally(s.assuming(on).with_goal(goal.goal))
    if negative is None:
        return None
    parts.append(negative)
    positive_side = search.unconditionally(s.assuming(app(">", small, num(0))).with_goal(premise.goal))
    if positive_side is None:
        return None
    larger = search.unconditionally(s.assuming(app(">", small, num(0))).with_goal(app(">=", large, num(0))))
    if larger is None:
        return None
    parts.append({**out, "large": larger, "proof": positive_side})
    return as_difference(s, {"rule": "cases", "on": to_json(on), "parts": parts}, small, large, relation)


__all__ = ["powers"]
