"""What it means that a matrix is positive semidefinite: its form is nowhere negative; it is R^T R."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .claim import Sequent
from .evidence import Evidence, Reject
from .matrix_terms import same_size, shape
from .prove import Prover, grounded, introduce
from .term import (
    ONE, REAL, TRUE, ZERO, App, Bind, Index, Map, Num, Term, Var, app, free_names, fresh, num, sort_terms, substitute,
)

ROOT = "spectral theorem: a positive semidefinite matrix is R^T R (Horn and Johnson, Matrix Analysis, 7.2)"


def forms(s: Sequent) -> tuple[Term, Bind]:
    """Symmetry and the sign of the form v^T M v for all real v: together the goal.  Raises Reject."""
    match s.goal:
        case App("psd" | "pd" as head, (m,)):
            rows, columns = shape(m, s.declarations)
        case _:
            raise Reject("forms", "goal", "does not say that a matrix is positive semidefinite")
    if not same_size(rows, columns):
        raise Reject("forms", "goal", "the matrix is not square")
    v = Var(fresh("v", {*s.declarations, *free_names(m)}))
    value = App("matmul", (app("transpose", v), m, v))
    body = app(">=", value, ZERO) if head == "psd" else app(
        "implies", app("not", app("mat=", v, app("zeros", rows, ONE))),
        app(">", value, ZERO))
    return app("mat=", app("transpose", m), m), Bind(
        "forall", (v.name,), (Map((Index(rows),), REAL),), (), (TRUE, body))


def check_forms(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        M^T = M      v^T M v >= 0 for every real vector v
        -------------------------------------------------
        M is positive semidefinite              (definite: v^T M v > 0 for every v that is not 0)
    FAILURE: a form without symmetry; a premise that holds for some v only.
    Source: Horn and Johnson, Matrix Analysis, 7.1 (the definition; no page).
    """
    symmetric, sign = forms(s)
    shown = prover(s.with_goal(symmetric), c["symmetric"])
    inner, (v,) = introduce(s, sign)
    form = prover(inner, c["form"])
    if any(v in free_names(one) for one in form.conditions):
        raise Reject("forms", "form", "rests on a condition on the vector")
    return grounded(s, shown + form, "forms")


def check_diagonal(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        w_i >= 0 for every i
        ----------------------------------       (w_i > 0: positive definite)
        diag(w) is positive semidefinite
    FAILURE: a premise under a condition on i.
    Source: Horn and Johnson, Matrix Analysis, 7.1 (no page).
    """
    match s.goal:
        case App("psd" | "pd" as head, (App("diag", (w,)),)):
            pass
        case _:
            raise Reject("diagonal", "goal", "is about no diagonal matrix")
    return grounded(s, prover(s.with_goal(weights(w, head, s)), c["proof"]), "diagonal")


def weights(w: Term, head: str, s: Sequent) -> Term:
    """That every entry of the vector is nonnegative (positive)."""
    size = shape(w, s.declarations)[0]
    i = fresh("i", {*s.declarations, *free_names(w)})
    match w:
        case Bind("lambda", (name,), _, (), (body,)):
            entry = substitute(body, {name: Var(i)})
        case _:
            entry = app("at", w, Var(i))
    return Bind("forall", (i,), (Index(size),), (), (TRUE, app(">=" if head == "psd" else ">", entry, ZERO)))


def summand(whole: Term, s: Sequent) -> tuple[Var, Fraction, list[Term]]:
    """``whole = c x + N``: a declared matrix x that is not in N, the number c, the summands of N.  Raises Reject."""
    parts = list(whole.args) if isinstance(whole, App) and whole.head == "matadd" else [whole]
    for k, part in enumerate(parts):
        match part:
            case Var() as x:
                c = Fraction(1)
            case App("scale", (Num(c), Var() as x)) if c != 0:
                pass
            case _:
                continue
        others = parts[:k] + parts[k + 1:]
        if x.name in s.declarations and not any(x.name in free_names(t) for t in others):
            return x, c, others
    raise Reject("root", "assumption", "is about no sum with a declared matrix")


def factored(s: Sequent, k: int) -> tuple[Sequent, str]:
    """The sequent with x = (R^T R - N)/c for the k-th assumption, c x + N positive semidefinite.  Raises Reject."""
    match s.assumptions[k]:
        case App("psd" | "pd" as head, (whole,)):
            pass
        case _:
            raise Reject("root", f"assumption {k}", "does not say that a matrix is positive semidefinite")
    x, c, others = summand(whole, s)
    sort = s.declarations.get(x.name)
    match sort:
        case Map((Index(n), Index(m)), kind) if kind == REAL and same_size(n, m):
            pass
        case _:
            raise Reject("root", x.name, "is no declared real square matrix")
    if any(x.name in free_names(t) for other in s.declarations.values() for t in sort_terms(other)):
        raise Reject("root", x.name, "is what a size is made of")
    taken = {*s.declarations, *(y for a in (*s.assumptions, s.goal) for y in free_names(a))}
    root = Var(fresh("R", taken))
    square = App("matmul", (app("transpose", root), root))
    value = App("matadd", (square, *(app("scale", num(-1), t) for t in others))) if others else square
    if c != 1:
        value = app("scale", num(1 / c), value)
    by: dict[str, Term] = {x.name: value}
    declared = {y: t for y, t in s.declarations.items() if y != x.name} | {root.name: sort}
    known = [substitute(a, by) for j, a in enumerate(s.assumptions) if j != k]
    if head == "pd":
        known.append(app("invertible", root))
    return Sequent(declared, tuple(known), substitute(s.goal, by)), root.name


def check_root(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        G[(R^T R - N)/c / x], R a real matrix of the size of x  |-  P[(R^T R - N)/c / x]
        --------------------------------------------------------------------------------
        G, c x + N positive semidefinite  |-  P     x a declared real matrix, not in N; c a number, not 0
    with R invertible where c x + N is positive definite (its determinant is det(R)^2).
    FAILURE: x in N or in a size; a premise under a condition that speaks of R; a matrix that may not be real.
    Source: Horn and Johnson, Matrix Analysis, 7.2 (no page), an axiom: the spectral theorem.
    """
    inner, root = factored(s, int(c["assumption"]))
    shown = prover(inner, c["proof"])
    if any(root in free_names(one) for one in shown.conditions):
        raise Reject("root", "proof", "rests on a condition on the root")
    return grounded(s, shown, "root") + Evidence((), (ROOT,))


__all__ = ["ROOT", "check_diagonal", "check_forms", "check_root", "factored", "forms", "summand", "weights"]
