"""Functions on the integers given by a recurrence: as orbits; and as values for points.

Method: find, for a declared function, an assumed recurrence that is solved for its last value and the first
values in a row; the goal is then a statement about an orbit, which the other engines decide.  At a point the
function is n -> component of orbit(max(n - m, 0)): it satisfies the recurrence because a step of the orbit is the
recurrence.  A refutation is the first index at which the numbers differ.

Cannot: systems of recurrences for several functions; recurrences in two integers.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.field import CannotNormalise
from ..kernel.model import read_model
from ..kernel.rule_recurrence import Recurrence, as_orbit
from ..kernel.term import (
    INTEGER, TRUE, App, Bind, Map, Num, Scalar, Var, app, free_names, negate, num, sub, substitute, to_json,
)
from .assumptions import shown_at
from .points import points

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
POINTS = 24


def functions(s: Sequent) -> list[str]:
    return [n for n, k in s.declarations.items()
            if isinstance(k, Map) and k.args == (INTEGER,) and isinstance(k.result, Scalar)]


def readings(s: Sequent, f: str) -> Iterator[tuple[int, list[int]]]:
    """Positions of a recurrence for f and of its first values."""
    values: dict[int, int] = {}
    for k, a in enumerate(s.assumptions):
        match a:
            case App("=", (App("at", (Var(g), Num(m))), _)) | App("=", (_, App("at", (Var(g), Num(m))))) if g == f:
                if m.denominator == 1:
                    values.setdefault(int(m), k)
    for law, a in enumerate(s.assumptions):
        if isinstance(a, Bind) and a.head == "forall" and f in free_names(a):
            for first in sorted(values):
                run = list(itertools.takewhile(lambda k: k in values, range(first, first + 6)))
                for order in range(len(run), 0, -1):
                    yield law, [values[k] for k in run[:order]]


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Certificates for goals about such a function (engine of the portfolio)."""
    for f in functions(s):
        if f not in free_names(s.goal):
            continue
        for law, starts in readings(s, f):
            try:
                _, premise = as_orbit(s, f, law, starts)
            except (Reject, CannotNormalise):
                continue
            proof = search.unconditionally(premise)
            if proof is not None:
                yield {"rule": "recurrence", "function": f, "law": law, "starts": starts, "proof": proof}
            break


def inhabitants(s: Sequent) -> Iterator[Certificate]:
    """Points at which every such function is its orbit, with the proofs of the recurrences."""
    names = functions(s)
    if not names or not all(isinstance(k, Scalar) or n in names for n, k in s.declarations.items()):
        return
    orbits: dict[str, Recurrence] = {}
    for f in names:
        for law, starts in readings(s, f):
            try:
                orbits[f] = Recurrence(s, f, s.assumptions[law], [s.assumptions[k] for k in starts])
                break
            except (Reject, CannotNormalise):
                continue
        else:
            return
    plain = Sequent({n: k for n, k in s.declarations.items() if n not in names},
                    tuple(a for a in s.assumptions if not free_names(a) & set(names)), TRUE)
    because: Certificate | None = None
    for witness in itertools.islice(points(plain, POINTS), POINTS):
        put = {n: Num(_number(v)) for n, v in witness["point"].items() if isinstance(v, str)}
        point = {}
        for n in s.declarations:
            if n in orbits:
                r = orbits[n]
                steps = app("max", sub(Var("n"), num(r.first)), num(0))
                o = r.orbit
                value = app("item", Bind(o.head, o.names, o.sorts, (steps, o.outer[1]), o.inner), num(r.component))
                point[n] = {"lambda": to_json(Bind("lambda", ("n",), (INTEGER,), (), (substitute(value, put),)))}
            else:
                point[n] = witness["point"][n]
        found = {"kind": "point", "point": point}
        try:
            model = read_model(s, found)
            because = shown_at(s, model, checks=80)
        except (Reject, CannotNormalise):
            continue
        if because is not None:
            yield {**found, "because": because} if because else found


def refutations(s: Sequent) -> Iterator[Certificate]:
    """Points at which the statement is false: by numbers, or by a proof there."""
    from .outcome import Budget
    from .search import Searcher

    if not any(f in free_names(s.goal) for f in functions(s)):
        return
    kept = []
    for witness in inhabitants(s):
        model = read_model(s, witness)
        try:
            if not model.truth(s.goal):
                yield {"witness": witness, "proof": {"rule": "evaluate"}}
                return
        except Exception:  # a statement that numbers do not decide
            kept.append(witness)
            if len(kept) > 2:
                break
    for witness in kept[:1]:
        model = read_model(s, witness)
        try:
            here = model.instance(s.with_goal(negate(s.goal)))
        except Reject:
            continue
        from .orbit_limits import goal_of
        from .orbit_limits import proofs as limits

        search = Searcher({}, Budget(checks=60), model)
        if goal_of(here) is None:
            return
        for proof in limits(here, search, quick=True):
            if search.accepted(here, proof) is not None:
                yield {"witness": witness, "proof": proof}
                return


def _number(text: str) -> Any:
    from fractions import Fraction

    return Fraction(text)


__all__ = ["inhabitants", "proofs", "refutations"]
