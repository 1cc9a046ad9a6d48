"""Refutations of statements about all points of a domain: a better feasible point, a chord below the graph.

Method: a conjunction (feasible, and no point is better) fails where one part does; the names that a part's
quantifiers bind are searched along with the declared ones, by tables (``tables``) or for numbers alone by the ladder
of points and by descent (``order_points``).  Their values are the witnesses of the negated part.
Why it convinces: the kernel evaluates both sides at the point, exactly.
Cannot: a violation at irrational points only; domains that no listed table meets.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.term import App, Bind, Num, Scalar, Term, app, from_json, negate, substitute
from . import order_points
from .points import points
from .tables import MAX_TRIES, Problem, _false, has_families, negation, opened, refute_tables

LADDER = 60


def refute_at_once(s: Sequent) -> Iterator[dict[str, Any]]:
    yield from _refutations(s, 120, patient=False)


def refute(s: Sequent) -> Iterator[dict[str, Any]]:
    yield from _refutations(s, MAX_TRIES, patient=True)


def _refutations(s: Sequent, tries: int, patient: bool) -> Iterator[dict[str, Any]]:
    match s.goal:
        case App("and", parts):
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
            yield from _numbers(s, patient)


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
