"""Block matrices: products block by block, inverses by the product with the claimed one, Schur's complement.

Class decided: equations of 2 x 2 blocks (also nested), inverses that the claim writes out, positive (semi)definite
blocks with a definite upper left corner, complements of assumed semidefinite blocks.
Cannot do: inverses that the claim does not write out; a corner without an inverse.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.matrix_terms import IllTyped, shape
from ..kernel.rule_blocks import cells
from ..kernel.term import App, Term, app, num, subterms, to_json

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    goal = s.goal
    if not isinstance(goal, App) or goal.head not in ("mat=", "psd", "pd") or not any(
            isinstance(u, App) and u.head == "block" for t in (goal, *s.assumptions) for u in subterms(t)):
        return
    if goal.head == "mat=":
        yield from _by_cells(s, search)
        yield from _inverse(s, search)
    else:
        yield from _definite(s, search)
        if goal.head == "psd":
            yield from _complements(s, search)


def _by_cells(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    try:
        goals = cells(s)
    except (Reject, IllTyped):
        return
    parts = []
    for goal in goals:
        c = search.prove(s.with_goal(goal))
        if c is None:
            return
        parts.append(c)
    yield {"rule": "blocks", "parts": parts}


def _inverse(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    if not isinstance(s.goal, App):
        return
    for turned, (one, other) in ((False, s.goal.args), (True, s.goal.args[::-1])):
        match one:
            case App("inverse", (App("block", _) as m,)):
                whole = app("mat=", app("matmul", m, other), app("identity", shape(m, s.declarations)[0]))
                for c in _by_cells(s.with_goal(whole), search):
                    yield {"rule": "inverse-of", "turned": turned, "proof": c}


def _definite(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """A definite corner and a semidefinite complement."""
    match s.goal:
        case App("psd" | "pd" as head, (App("block", (a, b, low, d)),)):
            pass
        case _:
            return
    goals: list[Term] = [
        app("pd", a), app("mat=", low, app("transpose", b)),
        app(head, app("matadd", d, app("scale", num(-1), app("matmul", app("transpose", b), app("inverse", a), b))))]
    found = []
    for goal in goals:
        c = search.prove(s.with_goal(goal))
        if c is None:
            return
        found.append(c)
    yield {"rule": "complement", "corner": found[0], "symmetric": found[1], "proof": found[2]}


def _complements(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Of an assumed semidefinite block: its corners, and Schur's complements."""
    for k, known in enumerate(s.assumptions):
        match known:
            case App("psd" | "pd", (App("block", (a, b, low, d)),)):
                pass
            case _:
                continue
        n, p = shape(a, s.declarations)[0], shape(d, s.declarations)[0]
        minus = app("scale", num(-1), app("matmul", app("inverse", a), b))
        turned = app("scale", num(-1), app("matmul", app("inverse", d), low))
        one, two = app("identity", n), app("identity", p)
        for f, g in ((minus, two), (one, turned), (app("zeros", n, p), two), (one, app("zeros", p, n))):
            yield {"rule": "complement", "assumption": k, "upper": to_json(f), "lower": to_json(g),
                   "equal": {"rule": "matrix-form"}}


__all__ = ["proofs"]
