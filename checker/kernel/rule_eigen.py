"""Eigenvalues: a matrix that maps a vector other than 0 to 0 has no inverse; the largest one of a symmetric matrix."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .matrix_terms import is_one, is_square, same_size, shape
from .prove import Prover, discharge, grounded
from .rule_semidefinite import summand
from .term import (
    ONE, REAL, ZERO, App, Bind, Index, Map, Term, Var, app, free_names, from_json, mul, num, rebuild, children,
    sort_terms, sub, substitute,
)

SPECTRAL = ("spectral theorem: the largest eigenvalue of a real symmetric matrix is the maximum of v^T M v / v^T v "
            "(Horn and Johnson, Matrix Analysis, 4.2)")


def check_singular(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        N v = 0      v is not 0
        -----------------------          (or: N is not invertible)
        det(N) = 0
    FAILURE: a v that may be 0; an N that is not square.
    Source: Horn and Johnson, Matrix Analysis, 0.5 (no page).
    """
    match s.goal:
        case App("=", (App("det", (n,)), zero)) | App("=", (zero, App("det", (n,)))) if zero == ZERO:
            pass
        case App("not", (App("invertible", (n,)),)):
            pass
        case _:
            raise Reject("singular", "goal", "does not say that a determinant is 0")
    v = from_json(c["vector"])
    if not free_names(v) <= set(s.declarations):
        raise Reject("singular", "vector", "speaks of undeclared names")
    rows, columns = shape(n, s.declarations)
    length, one = shape(v, s.declarations)
    if not (same_size(rows, columns) and same_size(columns, length) and is_one(one)):
        raise Reject("singular", "vector", "does not fit")
    zero = app("zeros", rows, ONE)
    shown = (prover(s.with_goal(app("mat=", app("matmul", n, v), zero)), c["kernel"])
             + prover(s.with_goal(app("not", app("mat=", v, zero))), c["nonzero"]))
    return grounded(s, shown, "singular")


def _identity_times(c: Term, m: Term, rows: Term) -> Term:
    return app("matadd", app("scale", c, app("identity", rows)), app("scale", num(-1), m))


def check_largest(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        q (a - b) = lambda_max(M) - t      t I - M positive semidefinite      q > 0 a rational number
        ---------------------------------------------------------------------------------------------
        a <= b
    (definite: a < b); with sqrt(lambda_max(M)) instead, t >= 0 and t^2 I - M.
    FAILURE: a root without t >= 0; an M whose largest eigenvalue is defined only under a condition.
    Source: Horn and Johnson, Matrix Analysis, 4.2 (no page), an axiom: v^T M v <= t v^T v for all v.
    """
    match s.goal:
        case App("<=" | "<" as relation, (a, b)) | App(">=" | ">" as relation, (b, a)):
            strict = relation in ("<", ">")
        case _:
            raise Reject("largest-eigenvalue", "goal", "is no order of numbers")
    m, t, q = from_json(c["matrix"]), from_json(c["bound"]), Fraction(c["factor"])
    if not free_names(m) | free_names(t) <= set(s.declarations) or q <= 0:
        raise Reject("largest-eigenvalue", "matrix", "speaks of undeclared names, or the factor is not positive")
    value = app("maxeig", m)
    shown = Evidence()
    if c.get("root") is True:
        value = app("sqrt", value)
        shown += prover(s.with_goal(app(">=", t, ZERO)), c["sign"])
    square = app("pow", t, num(2)) if c.get("root") is True else t
    shown += prover(s.with_goal(app("=", mul(num(q), sub(a, b)), sub(value, t))), c["equal"])
    shown += prover(s.with_goal(app("pd" if strict else "psd", _identity_times(
        square, m, shape(m, s.declarations)[0]))), c["proof"])
    return grounded(s, shown, "largest-eigenvalue") + Evidence((), (SPECTRAL,))


def with_spectrum(s: Sequent, m: Term, vector: bool) -> tuple[Sequent, frozenset[str]]:
    """The sequent with l for lambda_max(M), M = l I - T^T T (and M v = l v, v not 0), and the new names; a declared
    matrix that is a summand of M is eliminated.  For M = B^T B it is l = s^2, s >= 0.  Raises Reject."""
    value = app("maxeig", m)
    if not free_names(m) <= set(s.declarations) or discharge(tuple(definedness(value, s)), s):
        raise Reject("spectrum", "matrix", "is not known to be real and symmetric")
    rows, _ = shape(m, s.declarations)
    taken = {*s.declarations, *(y for a in (*s.assumptions, s.goal) for y in free_names(a))}
    names = []
    for stem in ("l", "τ", "v"):      # the root last in the order of letters: its square is what is rewritten to
        names.append(next(x for x in (f"{stem}{k or ''}" for k in range(len(taken) + 1)) if x not in taken))
        taken.add(names[-1])
    number, root, v = map(Var, names)
    gram = is_square(m)
    largest: Term = app("pow", number, num(2)) if gram else number
    square = app("matmul", app("transpose", root), root)
    rest = _identity_times(largest, square, rows)
    goal, known = _replaced(s.goal, value, largest), [_replaced(a, value, largest) for a in s.assumptions]
    declared = {**s.declarations, number.name: REAL, root.name: Map((Index(rows), Index(rows)), REAL)}
    if vector:
        declared[v.name] = Map((Index(rows),), REAL)
        known += [app("mat=", app("matmul", m, v), app("scale", largest, v)),
                  app("not", app("mat=", v, app("zeros", rows, ONE)))]
    if gram:
        known.append(app(">=", number, ZERO))
    try:
        x, c, others = summand(m, s)
    except Reject:
        x, c, others = None, Fraction(1), []
    if x is not None and not any(x.name in free_names(t) for k in declared.values() for t in sort_terms(k)):
        alone = App("matadd", (rest, *(app("scale", num(-1), t) for t in others))) if others else rest
        by: dict[str, Term] = {x.name: app("scale", num(1 / c), alone) if c != 1 else alone}
        known, goal = [substitute(a, by) for a in known], substitute(goal, by)
        del declared[x.name]
    else:
        known.append(app("mat=", m, rest))
    return Sequent(declared, tuple(known), goal), frozenset(names)


def _replaced(t: Term, old: Term, new: Term) -> Term:
    if t == old:
        return new
    if isinstance(t, Bind) and set(t.names) & (free_names(old) | free_names(new)) or not children(t):
        return t
    return rebuild(t, lambda u: _replaced(u, old, new))


def check_spectrum(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        G, M = l I - T^T T  |-  P[l / lambda_max(M)]          l, T new and real
        -----------------------------------------------------------------------
        G |- P                                                M real and symmetric
    where also M v = l v for a new v that is not 0, and for M = B^T B, l = s^2 with s >= 0.
    FAILURE: an M that may not be symmetric; a premise under a condition that speaks of the new names.
    Source: Horn and Johnson, Matrix Analysis, 4.2 and 7.2 (no page), an axiom: the spectral theorem.
    """
    m = from_json(c["matrix"])
    inner, names = with_spectrum(s, m, c.get("vector") is True)
    shown = prover(inner, c["proof"])
    gone = set(s.declarations) - set(inner.declarations)
    if any(names & free_names(one) for one in shown.conditions):
        raise Reject("spectrum", "proof", "rests on a condition on the eigenvalue")
    if any(gone & free_names(one) for one in shown.conditions):
        raise Reject("spectrum", "proof", "rests on a condition on the matrix")
    return grounded(s, shown, "spectrum") + Evidence((), (SPECTRAL,))


__all__ = ["SPECTRAL", "check_largest", "check_singular", "check_spectrum", "with_spectrum"]
