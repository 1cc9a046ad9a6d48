"""An inequality between sums over one index, term by term.

Method: both sides are put under one sum: n is sum 1, and where sum_i w_i = 1 is assumed, c is sum_i c w_i.  What
remains is an inequality for one generic index, which the whole portfolio is asked.  The kernel checks the identity
by the index normal form and the term by rule ``termwise``.
Class decided: sum_i log(x_i) <= sum_i x_i - n, weighted means between bounds, sums of convex functions.
Cannot do: inequalities that hold only for the whole sum (Cauchy-Schwarz: see ``order_sums``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.index_form import normalise
from ..kernel.prove import introduce
from ..kernel.rule_sos import sides
from ..kernel.term import (
    ONE, REAL, TRUE, App, Bind, Index, Map, Num, Scalar, Term, Var, add, app, conj, free_names, fresh, mul, num,
    rebuild, sub, substitute, subterms, to_json,
)

if TYPE_CHECKING:
    from .search import Searcher

MAX_DEPTH, MAX_ENTRIES, MAX_GUARDS = 9, 3, 5


def proofs(s: Sequent, search: Searcher) -> Iterator[dict[str, Any]]:
    goal = s.goal
    if not (isinstance(goal, App) and goal.head in ("<=", ">=", "<", ">")) or search.depth > MAX_DEPTH:
        return
    for i, k in s.declarations.items():
        if isinstance(k, Index) and i in free_names(goal) and (c := generic(s, i, search)) is not None:
            yield c
    sorts = {k for u in subterms(goal) if isinstance(u, Bind) and u.head == "sum" and not u.outer for k in u.sorts}
    if len(sorts) != 1 or not isinstance(sort := next(iter(sorts)), Index):
        return
    small, large, _ = sides(goal, "one sum")
    taken = {*s.declarations, *(n for u in subterms(goal) if isinstance(u, Bind) for n in u.names)}
    i = fresh("i", taken)
    split = _Split(sort, i)
    split.read(sub(large, small), _Factor())
    if not split.summands:
        return
    for rest in _spread(s, split, sort, i):
        body = add(*split.summands, *rest)
        relation = ">" if goal.head in ("<", ">") else ">="
        total = Bind("sum", (i,), (sort,), (), (TRUE, body))
        if search.accepted(s.with_goal(app("=", sub(large, small), total)), {"rule": "index-form"}) is None:
            continue
        inner = s.declaring({i: sort}).with_goal(app(relation, body, num(0)))
        term = generic(inner, i, search) or search.unconditionally(inner)
        if term is None:
            continue
        proof: dict[str, Any] = {"rule": "termwise", "term": term}
        if relation == ">":
            proof["sizes"] = [search.unconditionally(s.with_goal(app(">=", sort.size, ONE)))]
        yield {"rule": "sos", "facts": [{"term": to_json(total), "strict": relation == ">", "proof": proof}],
               "sum": [["1", [0], None]], "identity": {"rule": "index-form"}}


def generic(s: Sequent, i: str, search: Searcher) -> dict[str, Any] | None:
    """A goal about entries x_i only, from the same about real numbers: the scalar methods see no families."""
    entries = list(dict.fromkeys(u for u in subterms(s.goal) if isinstance(u, App) and u.head == "at"
                                 and isinstance(u.args[0], Var) and u.args[1:] == (Var(i),)))
    if not entries or len(entries) > MAX_ENTRIES or any(
            s.declarations.get(u.args[0].name) != Map((s.declarations[i],), REAL) for u in entries
            if isinstance(u.args[0], Var)):
        return None
    taken = {*s.declarations}
    names: dict[Term, str] = {}
    for u in entries:
        names[u] = fresh("x", taken)
        taken.add(names[u])
    guards: list[tuple[Term, Term, dict[str, Any]]] = []
    for k, a in enumerate(s.assumptions):
        match a:
            case Bind("forall", (j,), (sort,), (), (guard, body)) if guard == TRUE and sort == s.declarations[i]:
                new = _with_names(substitute(body, {j: Var(i)}), names)
                if i not in free_names(new) and free_names(new) & set(names.values()):
                    guards.append((substitute(body, {j: Var(i)}), new, {
                        "rule": "instance", "assumption": k, "terms": {j: to_json(Var(i))},
                        "proof": {"rule": "assumption"}}))
    goal = _with_names(s.goal, names)
    if i in free_names(goal) or not guards or len(guards) > MAX_GUARDS or any(g == s.goal for g, _, _ in guards):
        return None
    fact = Bind("forall", tuple(names.values()), (REAL,) * len(names), (), (conj(*(g for _, g, _ in guards)), goal))
    because = _quickly(s, fact, search) or search.unconditionally(s.with_goal(fact))
    if because is None:
        return None
    parts = [c for *_, c in guards]
    guard = parts[0] if len(parts) == 1 else {"rule": "and", "parts": parts}
    return {"rule": "have", "fact": to_json(fact), "because": because, "proof": {
        "rule": "instance", "assumption": len(s.assumptions), "terms": {x: to_json(u) for u, x in names.items()},
        "guard": guard, "proof": {"rule": "assumption"}}}


def _quickly(s: Sequent, fact: Bind, search: Searcher) -> dict[str, Any] | None:
    """By tangents of logarithms and exponentials, before methods that look for more."""
    from .order import proofs as inequalities

    inner, _ = introduce(s, fact)
    alone = Sequent({n: k for n, k in inner.declarations.items() if isinstance(k, Scalar)}, tuple(
        a for a in inner.assumptions if free_names(a) <= {n for n, k in inner.declarations.items() if isinstance(
            k, Scalar)}), inner.goal)
    for c in inequalities(alone, search):
        shown = search.accepted(inner, c)
        if shown is not None and not shown.conditions:
            return {"rule": "forall", "proof": c}
    return None


def _with_names(t: Term, names: dict[Term, str]) -> Term:
    if t in names:
        return Var(names[t])
    return rebuild(t, lambda u: _with_names(u, names))


@dataclass(frozen=True)
class _Factor:
    """What stands before a sum: ``-a b/c``, written as a course would."""

    negative: bool = False
    above: tuple[Term, ...] = ()
    below: tuple[Term, ...] = ()

    def of(self, t: Term) -> Term:
        out = _times(*self.above, t)
        out = app("div", out, _times(*self.below)) if self.below else out
        return app("neg", out) if self.negative else out


class _Split:
    """A number as ``sum_i summands + closed``."""

    def __init__(self, sort: Index, name: str) -> None:
        self.sort, self.name = sort, name
        self.summands: list[Term] = []
        self.closed: list[Term] = []

    def read(self, t: Term, factor: _Factor) -> None:
        match t:
            case App("add", args):
                for a in args:
                    self.read(a, factor)
            case App("neg", (a,)):
                self.read(a, replace(factor, negative=not factor.negative))
            case App("div", (a, b)):
                self.read(a, replace(factor, below=(*factor.below, b)))
            case App("mul", args):
                sums = [k for k, a in enumerate(args) if self._summed(a)]
                whole = sums[0] if sums else next((k for k, a in enumerate(args) if isinstance(a, App) and a.head in (
                    "add", "neg", "div")), None)
                if whole is None:
                    self.closed.append(factor.of(t))
                else:
                    self.read(args[whole], replace(factor, above=(*factor.above, *args[:whole], *args[whole + 1:])))
            case Bind("sum", (u,), (sort,), (), (guard, body)) if guard == TRUE and sort == self.sort:
                self.summands.append(factor.of(substitute(body, {u: Var(self.name)})))
            case _ if t == self.sort.size:
                self.summands.append(factor.of(ONE))
            case _:
                self.closed.append(factor.of(t))

    def _summed(self, t: Term) -> bool:
        return t == self.sort.size or any(isinstance(u, Bind) and u.sorts == (self.sort,) for u in subterms(t))


def _times(*factors: Term) -> Term:
    kept = [f for f in factors if f != ONE]
    return mul(*kept) if kept else ONE


def _spread(s: Sequent, split: _Split, sort: Index, i: str) -> Iterator[list[Term]]:
    """What the closed terms are, term by term: nothing if they cancel, else c w_i for weights with sum 1."""
    try:
        if not split.closed or not normalise(add(*split.closed), s).terms:
            yield []
            return
    except Reject:
        return
    for a in s.assumptions:
        match a:
            case App("=", (Bind("sum", (u,), (k,), (), (guard, w)), Num(one))) | App("=", (Num(one), Bind(
                    "sum", (u,), (k,), (), (guard, w)))) if guard == TRUE and k == sort and one == Fraction(1):
                weight = substitute(w, {u: Var(i)})
                if not free_names(weight) & {n for c in split.closed for n in free_names(c)} - set(s.declarations):
                    yield [_times(c, weight) for c in split.closed]


__all__ = ["proofs"]
