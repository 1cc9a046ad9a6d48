"""The truth of "for every vector x: q(x) >= 0" for a polynomial q of degree at most 2 in the entries of x.

With q(x) = x^T H x + 2 b^T x + c, found exactly from the values of q at 0, e_i, -e_i, e_i + e_j: q is nowhere
negative if and only if [[H, b], [b^T, c]] is positive semidefinite (Boyd and Vandenberghe, Convex Optimization,
A.5.4 and B.1; no page).  The degree is read off the term, never off values.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from .evaluate import Table, Unknown
from .matrix_values import definite
from .term import TRUE, App, Bind, Index, Map, Num, Term, Var, free_names, num, sub

if TYPE_CHECKING:
    from .evaluate import Evaluator

MAX_LENGTH = 6
MAX_DEGREE = 2


def degree(t: Term, x: str) -> int:
    """An upper bound of the degree in the entries of x.  Raises Unknown where ``t`` is no polynomial in them."""
    if x not in free_names(t):
        return 0
    match t:
        case Var():
            return 1
        case App("matmul" | "mul" | "hadamard" | "scale" | "kron", args):
            return sum(degree(a, x) for a in args)
        case App("add" | "matadd" | "neg" | "transpose" | "trace" | "vec" | "diag" | "diagonal" | "block", args):
            return max((degree(a, x) for a in args), default=0)
        case App("at", (a, *where)) if not any(x in free_names(i) for i in where):
            return degree(a, x)
        case App("div", (a, b)) if x not in free_names(b):
            return degree(a, x)
        case App("pow", (App("sqrt" | "abs" as head, (a,)), Num(k))) if k.denominator == 1 and k > 0 and k % 2 == 0:
            return degree(a, x) * int(k) // (2 if head == "sqrt" else 1)
        case App("pow", (a, Num(k))) if k.denominator == 1 and k >= 0:
            return degree(a, x) * int(k)
        case Bind("sum", _, sorts, (), (guard, body)) if guard == TRUE and all(
                isinstance(s, Index) and x not in free_names(s.size) for s in sorts):
            return degree(body, x)
        case Bind("lambda", _, _, (), (body,)):
            return degree(body, x)
        case _:
            raise Unknown("no polynomial of degree 2 in a vector")


def _nowhere_zero(guard: Term, x: str) -> bool:
    match guard:
        case App("not", (App("mat=", (Var(name), App("zeros", _))),)):
            return name == x
        case _:
            return False


def for_every_vector(t: Bind, at: Evaluator) -> bool:
    """The truth of ``forall x: q(x) rel 0`` (with x != 0 as premise or guard: of q without lower terms).
    Raises Unknown, Undefined."""
    match t:
        case Bind("forall", (x,), (Map((Index(size),), _),), (), (guard, body)):
            pass
        case _:
            raise Unknown("no statement about every vector")
    apart = guard != TRUE
    if not apart:
        match body:
            case App("implies", (guard, body)):
                apart = True
    if apart and not _nowhere_zero(guard, x):
        raise Unknown("a condition on a vector")
    match body:
        case App(">=" | ">" | "=" as relation, (a, b)) | App("<=" | "<" as relation, (b, a)):
            q = sub(a, b)
        case _:
            raise Unknown("no order between polynomials in a vector")
    if degree(q, x) > MAX_DEGREE:
        raise Unknown("a polynomial of degree more than 2 in a vector")
    n = at.index(size)
    if not 1 <= n <= MAX_LENGTH:
        raise Unknown("a vector of too many entries")

    def value(*places: int) -> Fraction:
        entries: dict[tuple[int, ...], Term] = {
            (i,): num(sum((1 if p > 0 else -1) for p in places if abs(p) == i)) for i in range(1, n + 1)}
        found = at._inside({x: Table((n,), entries)}, {x: t.sorts[0]}).number(q)
        if not isinstance(found, Fraction):
            raise Unknown("an inexact coefficient of a quadratic form")
        return found

    c = value()
    linear = [(value(i) - value(-i)) / 2 for i in range(1, n + 1)]
    square = [(value(i) + value(-i)) / 2 - c for i in range(1, n + 1)]
    h = [[square[i] if i == j else Fraction(0) for j in range(n)] for i in range(n)]
    for i in range(n):
        for j in range(i):
            h[i][j] = h[j][i] = (value(i + 1, j + 1) - c - linear[i] - linear[j] - square[i] - square[j]) / 2
    if relation == "=":
        if apart and (c or any(linear)):
            raise Unknown("an equation for every vector that is not 0")
        return not (c or any(linear) or any(y for row in h for y in row))
    strict = relation in (">", "<")
    if apart:
        if c or any(linear):
            raise Unknown("an order for every vector that is not 0")
        return definite(h, strict)
    whole = [[*row, b / 2] for row, b in zip(h, linear, strict=True)] + [[*(b / 2 for b in linear), c]]
    if not definite(whole, False) or strict and c <= 0:
        return False
    if not strict or definite(whole, True) or not any(linear):
        return True
    raise Unknown("whether a quadratic polynomial reaches 0")


__all__ = ["degree", "for_every_vector"]
