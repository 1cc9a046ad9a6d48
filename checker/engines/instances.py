"""Counterexamples to ``forall``: small numbers for the bound names, by evaluation alone.

Class: a statement ``forall x: P`` (also nested, also the part of a conjunction) over scalars whose body has a value
at a point.  Method: the ladder of ``points`` for the bound names under the guard, simplest first; the certificate
is the ``exists`` of the negation with those numbers.  Cheap, so it comes before any search for a proof.
Cannot: bodies that no evaluation decides (limits, infinite sums), indices and families.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.evaluate import Undefined, Unknown, truth
from ..kernel.evidence import Reject
from ..kernel.model import Model, read_model
from ..kernel.term import TRUE, App, Bind, Scalar, Term, conjuncts, substitute, to_json
from .points import ladders, points, tuples

Certificate = dict[str, Any]
POINTS, INSTANCES, DEPTH = 3, 40, 3


def refute_at_once(s: Sequent) -> Iterator[Certificate]:
    """Witnesses with the proof of the negation there."""
    if not _quantified(s.goal):
        return
    for witness in points(s, POINTS):
        try:
            model = read_model(s, witness)
            here = model.instance(s)
        except Reject:
            continue
        proof = _false(here, model, DEPTH)
        if proof is not None:
            yield {"witness": witness, "proof": proof}


def _quantified(goal: Term) -> bool:
    return any(isinstance(p, Bind) and p.head == "forall" and all(isinstance(k, Scalar) for k in p.sorts)
               for p in conjuncts(goal))


def _false(s: Sequent, model: Model, depth: int) -> Certificate | None:
    """A proof of the negation of the goal of ``s``."""
    match s.goal:
        case App("and", parts):
            for k, part in enumerate(parts):
                found = _false(s.with_goal(part), model, depth)
                if found is not None:
                    return {"rule": "or", "index": k, "proof": found}
            return None
        case Bind("forall", names, sorts, (), (guard, body)) if depth and all(isinstance(k, Scalar) for k in sorts):
            inside = Sequent({**s.declarations, **dict(zip(names, sorts, strict=True))}, tuple(conjuncts(guard)), body)
            pools = ladders(Sequent({n: inside.declarations[n] for n in names}, inside.assumptions, body))
            for point in tuples(pools, INSTANCES) if pools else ():
                found = _instance(s, guard, body, point, model, depth)
                if found is not None:
                    return {"rule": "exists", "witness": {n: to_json(t) for n, t in point.items()}, **found}
            return None
    try:
        return None if truth(s.goal, model.unsubstituted, s.declarations) else {"rule": "evaluate"}
    except (Undefined, Unknown):
        return None


def _instance(s: Sequent, guard: Term, body: Term, point: dict[str, Term], model: Model, depth: int
              ) -> Certificate | None:
    guard, body = substitute(guard, point), substitute(body, point)
    try:
        if guard != TRUE and not truth(guard, model.unsubstituted, s.declarations):
            return None
    except (Undefined, Unknown):
        return None
    proof = _false(s.with_goal(body), model, depth - 1)
    if proof is None:
        return None
    return {"proof": proof} if guard == TRUE else {"guard": {"rule": "evaluate"}, "proof": proof}


__all__ = ["refute_at_once"]
