"""Inequalities reduced to others: products of linear facts, homogeneous forms, closed ends apart.

1. *Handelman.*  All facts linear: the target as a combination of products of up to ``DEGREE`` of them, by the
   simplex (Handelman, Pacific J. Math. 132 (1988) 35-62).
2. *Homogeneous.*  An assumed equation L = c, L a linear form: the target times powers of L/c becomes a form H;
   H >= 0 is shown without the equation, target - H is a multiple of L - c.
3. *Ends.*  0 <= t: t = 0 is put in, then 0 < t.
Cannot: equations of higher degree; more than ``MOST`` facts.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import fmpq_mpoly

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.field import _ONE, CannotNormalise, Frac
from ..kernel.kinds import is_real
from ..kernel.term import App, Num, Term, Var, app, conjuncts, free_names, num, to_json
from .order_view import Fact, Unreadable, View

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
DEGREE, MOST = 3, 8


def handelman(view: View) -> Certificate | None:
    from .order import Target, _closure, _combine, _facts

    target = Target(view)
    if target.poly == 0:
        return None
    degree = max(sum(map(int, e)) for e in target.poly.to_dict())
    facts = [f for f in _closure(view, target.poly, _facts(view, view.used(target.poly)))
             if f.frac.den.is_constant() and max(sum(map(int, e)) for e in f.frac.num.to_dict()) == 1]
    if not 2 <= len(facts) <= MOST or not 2 <= degree <= 4:
        return None
    products = [list(p) for d in range(1, max(DEGREE, degree) + 1)
                for p in itertools.combinations_with_replacement(facts, d)]
    return _combine(view, target, products[:700], large=True)


def homogeneous(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    from .order import Certifier, Target, _positions, spend

    if search.depth > 4 or not any(c.head == "=" for a in s.assumptions for c in conjuncts(a)  # type: ignore[union-attr]
                                   if isinstance(c, App)) or not spend(search, 40):
        return
    try:
        view = View(s)
        found = view.settled(lambda: _form(view, Target(view), _positions(view)))
    except (Unreadable, CannotNormalise, Reject):
        return
    if found is None:
        return
    target, form, position, cofactor = found
    term = view.written(form)
    rest = Sequent(s.declarations, tuple(
        c for a in s.assumptions for c in conjuncts(a) if not (isinstance(c, App) and c.head == "=")), s.goal)
    relation = ">" if target.strict else ">="
    proof = search.unconditionally(rest.with_goal(app(relation, term, num(0))))
    if proof is None:
        return
    made = Certifier(view, target)
    made.add(Fraction(1), [Fact(Frac(form, _ONE), target.strict, {
        "term": to_json(term), "strict": target.strict, "proof": proof})], None)
    made.equation(position, cofactor)
    yield made.certificate()


def _form(view: View, target: Any, equations: list[Any]) -> tuple[Any, fmpq_mpoly, int, Frac] | None:
    """``(target, H, position of the equation, cofactor)``."""
    p = target.poly
    if p == 0:
        return None
    degrees = [sum(map(int, e)) for e in p.to_dict()]
    if len(set(degrees)) == 1 or max(degrees) > 8:
        return None
    for position, h, f in equations:
        parts = {tuple(map(int, e)): c for e, c in h.to_dict().items()}
        constant = next((c for e, c in parts.items() if not any(e)), None)
        if constant is None or any(sum(e) > 1 for e in parts) or not f.den.is_constant():
            continue
        if any(k not in view.used(h) for k in view.used(p)):
            continue
        unit = (h - constant) / (-constant)           # 1, where the equation holds
        form = p * 0
        for e, c in p.to_dict().items():
            m = p.context().from_dict({e: c})
            form += m * unit ** (max(degrees) - sum(map(int, e)))
        if len(form) > 120:
            continue
        q, r = divmod(p - form, h)
        if r == 0:
            return target, form, position, Frac(q * f.den, _ONE)
    return None


def ends(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """A closed bound of one name: the end, then the open side."""
    from .order import spend

    if search.depth > 3:
        return
    for a in s.assumptions:
        for c in conjuncts(a):
            bound = _closed(c, s)
            if bound is None or bound[0] not in free_names(s.goal):
                continue
            name, end, relation = bound
            if any(isinstance(d, App) and d.head == "!=" and set(d.args) == {Var(name), end}
                   for b in s.assumptions for d in conjuncts(b)):
                continue
            if not spend(search, 150):
                return
            equation, inside = app("=", Var(name), end), app(relation, Var(name), end)
            apart = s.assuming(app("!=", Var(name), end))
            there = search.unconditionally(s.assuming(equation))
            if there is None:
                return
            if (open_ := search.accepted(apart.with_goal(inside), {"rule": "sign"})) is None or open_.conditions:
                return
            proof = search.unconditionally(apart.assuming(inside))
            if proof is not None:
                yield {"rule": "cases", "on": to_json(equation), "parts": [there, {
                    "rule": "have", "fact": to_json(inside), "because": {"rule": "sign"}, "proof": proof}]}
            return


def _closed(c: Term, s: Sequent) -> tuple[str, Term, str] | None:
    """``(name, end, strict relation)`` of an assumption ``name >= number``."""
    match c:
        case App(">=" | "<=" as r, (Var(n), Num() as e)) if is_real(Var(n), s.declarations):
            return n, e, r[0]
        case App(">=" | "<=" as r, (Num() as e, Var(n))) if is_real(Var(n), s.declarations):
            return n, e, "<" if r == ">=" else ">"
    return None


__all__ = ["ends", "handelman", "homogeneous"]
