"""Largest eigenvalues and spectral norms.

Method: lambda_max(M) <= t is asked as t I - M positive semidefinite; everywhere else lambda_max(M) is a number l with
M = l I - T^T T, and the rest is a matter of squares.  |A| = sqrt(lambda_max(A^T A)).
Class decided: bounds that follow from sums of squares: products, sums, Frobenius norms, Rayleigh quotients.
Cannot do: eigenvalues other than the largest and the smallest; powers that are no integers.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.matrix_terms import IllTyped, shape
from ..kernel.rule_eigen import with_spectrum
from ..kernel.rule_matrix_form import MatrixForm
from ..kernel.term import ZERO, App, Term, Var, app, children, num, sub, subterms, to_json
from ..kernel.words import UNIT, Form, Key, OverBudget
from . import definite, word_terms

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
_UNREADABLE = (Reject, OverBudget, IllTyped, ZeroDivisionError, ValueError, KeyError, word_terms.NoTerm)


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    goal = s.goal
    spectra = list(dict.fromkeys(u.args[0] for u in subterms(goal) if isinstance(u, App) and u.head == "maxeig"))
    if not spectra or not isinstance(goal, App):
        return
    if goal.head == "=":
        yield {"rule": "matrix-form"}
        if (up := search.prove(s.with_goal(app("<=", *goal.args)))) is not None and (
                down := search.prove(s.with_goal(app("<=", *goal.args[::-1])))) is not None:
            yield {"rule": "antisymmetric", "up": up, "down": down}
        return
    if goal.head in ("<=", "<", ">=", ">"):
        yield {"rule": "definite"}
        yield from _at_most(s, search)
        if goal.head in ("<=", ">=") and (c := definite.isolated(s, search)) is not None:
            yield c
    for m in sorted(spectra, key=lambda m: not isinstance(m, Var)):
        try:
            inner, _ = with_spectrum(s, m, False)
        except _UNREADABLE:
            continue
        for proof in itertools.chain(proofs(inner, search), definite.proofs(inner, search)):
            if search.accepted(inner, proof) is not None:
                yield {"rule": "spectrum", "matrix": to_json(m), "proof": proof}
                break
        break


def _at_most(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """The goal as lambda_max(M) <= t, or its root."""
    if not isinstance(s.goal, App):
        return
    low, high = s.goal.args if s.goal.head in ("<=", "<") else s.goal.args[::-1]
    try:
        work = MatrixForm(s, {})
        r = work.reader
        f = r.scalar(sub(low, high))
    except _UNREADABLE:
        return
    for key, c in f.terms.items():
        found = _single(key, r.roots)
        if found is None or c <= 0:
            continue
        place, root = found
        try:
            (m,) = children(word_terms.atom(r, ("maxeig", place)))
            rest = Form(UNIT, UNIT, {k: -x / c for k, x in f.terms.items() if k != key})
            bound = word_terms.number(r, rest)
            new = _identity_times(bound, m, s, root)
        except _UNREADABLE:
            continue
        equal: Certificate = {"rule": "matrix-form"}
        value = app("maxeig", m)
        value = app("sqrt", value) if root else value
        wanted = app("=", app("mul", num(1 / c), sub(low, high)), sub(value, bound))
        if search.accepted(s.with_goal(wanted), equal) is None:
            continue
        made: Certificate = {"rule": "largest-eigenvalue", "matrix": to_json(m), "bound": to_json(bound),
                             "factor": str(1 / c), "equal": equal}
        if root:
            sign = search.prove(s.with_goal(app(">=", bound, ZERO)))
            if sign is None:
                continue
            made |= {"root": True, "sign": sign}
        proof = search.prove(s.with_goal(app("pd" if s.goal.head in ("<", ">") else "psd", new)))
        if proof is not None:
            yield {**made, "proof": proof}


def _identity_times(bound: Term, m: Term, s: Sequent, root: bool) -> Term:
    bound = app("pow", bound, num(2)) if root else bound
    return app("matadd", app("scale", bound, app("identity", shape(m, s.declarations)[0])), app("scale", num(-1), m))


def _single(key: Key, roots: list[Form]) -> tuple[int, bool] | None:
    """The place of the matrix where the term is lambda_max of it or the root of that."""
    match key:
        case (((("maxeig", int(k)), 1),), ()):
            return k, False
        case (((("root", int(k)), 1),), ()):
            match list(roots[k].terms.items()):
                case [((((("maxeig", int(j)), 1),), ()), c)] if c == Fraction(1):
                    return j, True
    return None


__all__ = ["proofs"]
