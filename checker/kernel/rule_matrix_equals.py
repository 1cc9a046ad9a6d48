"""Equal matrices for each other inside determinants, logarithms, traces, orders; traces by the order of matrices."""

from __future__ import annotations

from typing import Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .matrix_terms import same_size, shape
from .prove import Prover, discharge, grounded
from .term import ONE, RELATIONS, App, Bind, Term, app, free_names, from_json, rebuild, show, sub

RULE = "equal-matrices"
STATEMENTS = frozenset((*RELATIONS, "mat=", "pd", "psd", "invertible"))


def replaced(t: Term, old: Term, new: Term) -> Term:
    """``new`` for every ``old`` in ``t``, also where it is a run of factors of a longer product.

    Not below binders of their names, nor in points of derivatives, nor in exponents: what a power needs of its base
    hangs on how its exponent is written."""
    if t == old:
        return new
    match t:
        case Bind() if (free_names(old) | free_names(new)) & set(t.names):
            return t
        case Bind("partial", names, sorts, outer, inner):        # the point of a derivative is a name
            return Bind("partial", names, sorts, outer, tuple(replaced(u, old, new) for u in inner))
        case App("pow" | "matpow" as head, (base, *exponent)):
            return App(head, (replaced(base, old, new), *exponent))
        case App("matmul", args) if isinstance(old, App) and old.head == "matmul" and len(old.args) < len(args):
            return App("matmul", _runs(args, old.args, new)) if _has_run(args, old.args) else rebuild(
                t, lambda u: replaced(u, old, new))
        case _:
            return rebuild(t, lambda u: replaced(u, old, new))


def _has_run(args: tuple[Term, ...], run: tuple[Term, ...]) -> bool:
    return any(args[k:k + len(run)] == run for k in range(len(args) - len(run) + 1))


def _runs(args: tuple[Term, ...], run: tuple[Term, ...], new: Term) -> tuple[Term, ...]:
    """From the left, each run once; A (B C) = (A B) C."""
    out: list[Term] = []
    k = 0
    while k < len(args):
        if args[k:k + len(run)] == run:
            out.append(new)
            k += len(run)
        else:
            out.append(args[k])
            k += 1
    return tuple(out)


def exchanged(s: Sequent, c: Any) -> tuple[Sequent, Term, Term]:
    """The goal with one side of an assumed equation of matrices for the other; the sides."""
    match s.assumptions[int(c["assumption"])]:
        case App("mat=", (new, old)) if c.get("flip") is True:
            pass
        case App("mat=", (old, new)):
            pass
        case _:
            raise Reject(RULE, "assumption", "is no equation between matrices")
    if not (isinstance(s.goal, App) and s.goal.head in STATEMENTS):
        raise Reject(RULE, "goal", "is no statement about numbers or matrices")
    if not all(same_size(a, b) for a, b in zip(
            shape(old, s.declarations), shape(new, s.declarations), strict=True)):
        raise Reject(RULE, "assumption", "the sides are of different shapes")
    return s.with_goal(replaced(s.goal, old, new)), old, new


def check(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        A = B is assumed      G |- P[B]
        -------------------------------      P one statement about numbers or matrices
        G |- P[A]
    An assumed equation holds, so both sides are defined, and what P[B] needs is what P[A] needs.
    FAILURE: an occurrence below a binder of a name in A or B; a condition of P[B] that is none of P[A].
    """
    inner, old, new = exchanged(s, c)
    shown = prover(inner, c["proof"])
    own = definedness(s.goal, s)
    same = (*own, *(replaced(x, old, new) for x in own))
    foreign = tuple(x for x in shown.conditions if x not in same)
    if left := discharge(foreign, s.assuming(*same)):
        raise Reject(RULE, "proof", f"{show(left[0])[:80]} is no condition of the goal")
    return Evidence(discharge(own, s), shown.axioms)


def check_trace(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        b - a = tr M      M is positive semidefinite
        --------------------------------------------      (M positive definite, of size at least 1: a < b)
        a <= b
    The trace is the sum of e_i^T M e_i over the unit vectors.
    FAILURE: an M of size 0 is positive definite and has trace 0.
    Source: Horn and Johnson, Matrix Analysis, 7.1 (no page).
    """
    match s.goal:
        case App("<=" | "<" as relation, (a, b)):
            pass
        case App(">=" | ">" as turned, (b, a)):
            relation = "<=" if turned == ">=" else "<"
        case _:
            raise Reject("trace-order", "goal", "is no order of numbers")
    m = from_json(c["matrix"])
    if not free_names(m) <= set(s.declarations):
        raise Reject("trace-order", "matrix", "speaks of undeclared names")
    rows, columns = shape(m, s.declarations)
    if not same_size(rows, columns):
        raise Reject("trace-order", "matrix", "is not square")
    if relation == "<" and discharge((app(">=", rows, ONE),), s):
        raise Reject("trace-order", "matrix", "may be of size 0")
    shown = (prover(s.with_goal(app("=", sub(b, a), app("trace", m))), c["equal"])
             + prover(s.with_goal(app("pd" if relation == "<" else "psd", m)), c["proof"]))
    return grounded(s, shown, "trace-order")


__all__ = ["check", "check_trace", "exchanged", "replaced"]
