"""Statements about matrices as statements about their entries."""

from __future__ import annotations

from typing import Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .matrix_terms import Entries, NoEntries, about_matrices, check_types
from .prove import Prover, discharge
from .term import RELATIONS, App, Term, free_names

RULE = "entries"


def expanded(t: Term, s: Sequent) -> Term:
    """``t`` with products, traces and entries of matrices as sums over indices.  Raises NoEntries, IllTyped."""
    check_types(t, s.declarations)
    return Entries(s.declarations, frozenset(free_names(t))).expand(t)


def stated(goal: Term) -> bool:
    """A relation with matrices in it, or the negation of an equation between matrices."""
    match goal:
        case App("not", (App("mat=", _),)):
            return True
        case App(head, _):
            return head in (*RELATIONS, "mat=") and about_matrices(goal)
        case _:
            return False


def check(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        G |- (A B)_ij written as sum_k A_ik B_kj, tr A as sum_k A_kk, ..., for all i, j
        G |- the goal is well typed and defined
        -------------------------------------------------------------------------------
        G |- A = B  (or a relation between numbers made of matrices)
    What is assumed is written in entries as well.
    The sizes of the ranges are those of the factors, so the equations hold by the definition of the product
    (finite sums); inverses, determinants and ranks stay as they are.
    FAILURE: shapes that do not fit; an inverse that may not exist becomes a condition.
    """
    relation = isinstance(s.goal, App) and s.goal.head in RELATIONS
    if not (stated(s.goal) or relation and any(map(about_matrices, s.assumptions))):
        raise Reject(RULE, "goal", "is no relation with matrices in it, and none is assumed")
    try:
        opened = expanded(s.goal, s) if about_matrices(s.goal) else s.goal
        known = []
        for a in s.assumptions:
            if about_matrices(a):
                try:
                    known.append(expanded(a, s))
                except NoEntries:
                    continue
    except NoEntries as error:
        raise Reject(RULE, "goal", str(error)) from error
    if opened == s.goal and not known:
        raise Reject(RULE, "goal", "has no product to write out")
    shown = prover(s.assuming(*known).with_goal(opened), c["proof"])
    return shown + Evidence(tuple(discharge(definedness(s.goal, s), s)))


__all__ = ["check", "expanded", "stated"]
