"""Refutations of extreme values that no point has: "the minimum of f is v", where v lies below the minimum.

Method: at a small point of the declared names the stationary points of f (``extrema``) give its least value c; if
c > v, f(w) >= c is proved for all w, so f(w) = v for none.  Vectors of given length are written out as their entries.
(A value above the minimum is refuted by a better point: ``better_points``.)
Why it convinces: the kernel replays f(w) >= c > v at the point.
Cannot: values c that are no rational numbers.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.evaluate import Undefined, Unknown, value
from ..kernel.evidence import Reject
from ..kernel.matrix_terms import IllTyped, NoEntries, about_matrices
from ..kernel.model import Model, beta, read_model
from ..kernel.prove import introduce
from ..kernel.rule_entries import expanded
from ..kernel.rule_unroll import entries
from ..kernel.term import TRUE, App, Bind, Map, Num, Term, app, free_names, negate, substitute, to_json
from .extrema import points as stationary
from .outcome import Budget
from .points import points
from .search import Searcher
from .tables import Builder, Table, has_families, opened, value_json

Certificate = dict[str, Any]
INSTANCES, CHECKS = 4, 300


def refute_at_once(s: Sequent) -> Iterator[Certificate]:
    goal = s.goal
    parts = goal.args if isinstance(goal, App) and goal.head == "and" else (goal,)
    for k, part in enumerate(parts):
        match part:
            case Bind("exists", (w,), _, (), (_, App("=", (a, b)))) if (w in free_names(a)) != (w in free_names(b)):
                for found in _refuted(s, part):
                    proof = found["proof"] if part is goal else {"rule": "or", "index": k, "proof": found["proof"]}
                    yield {**found, "proof": proof}


def _refuted(s: Sequent, part: Bind) -> Iterator[Certificate]:
    (w,) = part.names
    a, b = part.inner[1].args  # type: ignore[union-attr]
    f, v = (a, b) if w in free_names(a) else (b, a)
    for data in itertools.islice(_small(s), INSTANCES):
        try:
            model = read_model(s, data)
            claimed = value(v, model.values, model.sorts)
            if not isinstance(claimed, Fraction):
                continue
            for least in _least(s, model, w, part, f):
                if least == claimed:
                    continue
                proof = _away(s, model, part, f is a, least, claimed)
                if proof is not None:
                    yield {"witness": data, "proof": proof}
                    return
        except (Reject, Undefined, Unknown, IllTyped, NoEntries):
            continue


def _small(s: Sequent) -> Iterator[Certificate]:
    plain = Sequent(s.declarations, s.assumptions, TRUE)
    if not has_families(plain):
        yield from points(plain, 3*INSTANCES)
        return
    for point in Builder(opened(plain), 60).points(3*INSTANCES):
        yield {"kind": "point", "point": {
            n: {**value_json(x), "function": True} if isinstance(x, Table) else value_json(x)
            for n, x in point.items()}}


def _least(s: Sequent, model: Model, w: str, part: Bind, f: Term) -> Iterator[Fraction]:
    """Values of f at its stationary points."""
    if w in s.declarations:
        return
    inside = s.declaring(dict(zip(part.names, part.sorts, strict=True)))
    for point in itertools.islice(stationary(inside, w, f, part.inner[0]), 3):
        try:
            there = value(beta(substitute(f, {w: point}), s.declarations), model.values, model.sorts)
        except (Undefined, Unknown):
            continue
        if isinstance(there, Fraction):
            yield there


def _away(s: Sequent, model: Model, part: Bind, f_first: bool, least: Fraction, claimed: Fraction
          ) -> Certificate | None:
    """A proof that f(w) is not the claimed value, for every w."""
    here = model.instance(s.with_goal(negate(part)))
    inner, _ = introduce(here, here.goal)
    goal = inner.goal
    if not (isinstance(goal, App) and goal.head == "!=" and f_first):
        return None
    f = goal.args[0]
    weak, strict = (">=", ">") if least > claimed else ("<=", "<")
    bounded = _bounded(inner.with_goal(app(weak, f, Num(least))), model)
    if bounded is None:
        return None
    evaluated = {"rule": "evaluate"}
    return {"rule": "forall", "proof": {"rule": "through", "terms": [to_json(Num(least))],
                                        "relations": [weak, strict], "parts": [bounded, evaluated]}}


def _bounded(s: Sequent, model: Model) -> Certificate | None:
    search = Searcher({}, Budget(checks=CHECKS), None)
    if not any(isinstance(k, Map) for k in s.declarations.values()):
        return search.unconditionally(s)
    opened_, wrap = s, False
    if about_matrices(s.goal):
        opened_, wrap = s.with_goal(expanded(s.goal, s)), True
    proof = search.unconditionally(entries(opened_))
    if proof is None:
        return None
    proof = {"rule": "unroll", "proof": proof}
    return {"rule": "entries", "proof": proof} if wrap else proof


__all__ = ["refute_at_once"]
