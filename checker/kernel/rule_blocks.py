"""Block matrices: equations block by block, inverses by a product, semidefinite blocks by Schur's complement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .kinds import real_entries
from .matrix_terms import factors, same_size, shape
from .prove import Prover, discharge, grounded
from .term import App, Sort, Term, app, free_names, from_json, num, show

Sizes = tuple[Term, Term]


@dataclass(frozen=True, slots=True)
class Blocks:
    """[a b; c d] with the sizes of its rows and columns of blocks."""

    rows: Sizes
    columns: Sizes
    cells: tuple[Term, Term, Term, Term]


def _fit(one: Sizes, other: Sizes) -> bool:
    return all(same_size(x, y) for x, y in zip(one, other, strict=True))


def blocks(t: Term, sorts: Mapping[str, Sort]) -> Blocks | None:
    """The blocks of sums, multiples, transposes and products of block matrices; None for anything else."""
    match t:
        case App("block", (a, b, c, d)):
            (n, k), (p, m) = shape(a, sorts), shape(d, sorts)
            return Blocks((n, p), (k, m), (a, b, c, d))
        case App("transpose", (App("block" | "matadd" | "scale", _) as inside,)):
            if (x := blocks(inside, sorts)) is None:
                return None
            a, b, c, d = (app("transpose", y) for y in x.cells)
            return Blocks(x.columns, x.rows, (a, c, b, d))
        case App("scale", (c, inside)):
            if (x := blocks(inside, sorts)) is None:
                return None
            w, y, z, u = (app("scale", c, cell) for cell in x.cells)
            return Blocks(x.rows, x.columns, (w, y, z, u))
        case App("matadd", args):
            out: Blocks | None = None
            known = [x for a in args if (x := blocks(a, sorts)) is not None]
            for a in args:
                x = blocks(a, sorts) or (constant(a, known[0].rows, known[0].columns) if known else None)
                if x is None or out is not None and not (_fit(out.rows, x.rows) and _fit(out.columns, x.columns)):
                    return None
                out = x if out is None else Blocks(out.rows, out.columns, _each(out.cells, x.cells))
            return out
        case App("matmul", _):
            parts = factors(t)
            if (product := blocks(parts[0], sorts)) is None:
                return None
            for part in parts[1:]:
                x = blocks(part, sorts)
                if x is None or not _fit(product.columns, x.rows):
                    return None
                product = Blocks(product.rows, x.columns, _product(product.cells, x.cells))
            return product
        case _:
            return None


Cells = tuple[Term, Term, Term, Term]


def _each(one: Cells, other: Cells) -> Cells:
    a, b, c, d = (app("matadd", x, y) for x, y in zip(one, other, strict=True))
    return a, b, c, d


def _product(x: Cells, y: Cells) -> Cells:
    def cell(i: int, j: int) -> Term:
        return app("matadd", app("matmul", x[2 * i], y[j]), app("matmul", x[2 * i + 1], y[2 + j]))

    return cell(0, 0), cell(0, 1), cell(1, 0), cell(1, 1)


def constant(t: Term, rows: Sizes, columns: Sizes) -> Blocks | None:
    """The identity and the zero matrix, cut like another matrix."""
    (n, p), (k, m) = rows, columns
    total = app("add", n, p)
    match t:
        case App("identity", (size,)) if _fit(rows, columns) and same_size(size, total):
            return Blocks(rows, columns, (
                app("identity", n), app("zeros", n, p), app("zeros", p, n), app("identity", p)))
        case App("zeros", (size, other)) if same_size(size, total) and same_size(other, app("add", k, m)):
            return Blocks(rows, columns, (
                app("zeros", n, k), app("zeros", n, m), app("zeros", p, k), app("zeros", p, m)))
        case _:
            return None


def cells(s: Sequent) -> list[Term]:
    """The equations between the blocks of the two sides.  Raises Reject."""
    match s.goal:
        case App("mat=", (left, right)):
            x, y = blocks(left, s.declarations), blocks(right, s.declarations)
        case _:
            raise Reject("blocks", "goal", "is no equation between matrices")
    if x is not None and y is None:
        y = constant(right, x.rows, x.columns)
    elif y is not None and x is None:
        x = constant(left, y.rows, y.columns)
    if x is None or y is None or not (_fit(x.rows, y.rows) and _fit(x.columns, y.columns)):
        raise Reject("blocks", "goal", "the sides are not cut into blocks in the same way")
    return [app("mat=", a, b) for a, b in zip(x.cells, y.cells, strict=True)]


def check(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        a = a'    b = b'    c = c'    d = d'
        ------------------------------------       [a b; c d][e f; g h] = [ae + bg  af + bh; ce + dg  cf + dh]
        [a b; c d] = [a' b'; c' d']
    FAILURE: sides that are cut at different places.
    """
    shown = Evidence()
    for goal, proof in zip(cells(s), c["parts"], strict=True):
        shown += prover(s.with_goal(goal), proof)
    return grounded(s, shown, "blocks")


def check_inverse(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        M N = I      M square
        ---------------------       (then M is invertible: that is no condition)
        M^-1 = N
    FAILURE: an M that is not square (a right inverse is no inverse then).
    Source: Horn and Johnson, Matrix Analysis, 0.5 (no page).
    """
    match s.goal:
        case App("mat=", (App("inverse", (m,)), n)) if c.get("turned") is not True:
            pass
        case App("mat=", (n, App("inverse", (m,)))):
            pass
        case _:
            raise Reject("inverse-of", "goal", "is no equation of an inverse")
    rows, columns = shape(m, s.declarations)
    if not same_size(rows, columns):
        raise Reject("inverse-of", "goal", "the matrix is not square")
    shown = prover(s.with_goal(app("mat=", app("matmul", m, n), app("identity", rows))), c["proof"])
    own = definedness(s.goal, s)
    needed = tuple(x for x in own if x != app("invertible", m) or x in shown.conditions)
    if left := discharge(tuple(x for x in shown.conditions if x not in own), s.assuming(*needed)):
        raise Reject("inverse-of", "proof", f"{show(left[0])[:80]} is no condition of the goal")
    return Evidence(discharge(needed, s), shown.axioms)


def check_complement(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        [A B; C D] positive semidefinite is assumed      M = F^T A F + F^T B G + G^T C F + G^T D G
        ------------------------------------------------------------------------------------------
        M is positive semidefinite

        A positive definite      C = B^T      D - B^T A^-1 B positive semidefinite (definite)
        -------------------------------------------------------------------------------------
        [A B; C D] is positive semidefinite (definite)
    F = -A^-1 B, G = I give Schur's complement: [F; G]^T [A B; C D] [F; G], for any F and G that fit.
    FAILURE: blocks, F or G that are not real; for the second, an A that is only semidefinite (it need not have an
    inverse).
    Source: Boyd and Vandenberghe, Convex Optimization, A.5.5 (p. 650).
    """
    match s.goal:
        case App("psd" | "pd" as head, (m,)):
            pass
        case _:
            raise Reject("complement", "goal", "does not say that a matrix is positive semidefinite")
    if "assumption" in c:
        known = s.assumptions[int(c["assumption"])]
        match known:
            case App("psd" | "pd", (App("block", (a, b, low, d)),)) if head == "psd":
                pass
            case _:
                raise Reject("complement", "assumption", "is about no block matrix")
        f, g = from_json(c["upper"]), from_json(c["lower"])
        if not free_names(f) | free_names(g) <= set(s.declarations):
            raise Reject("complement", "upper", "speaks of undeclared names")
        if not (real_entries(f, s.declarations) and real_entries(g, s.declarations)):
            raise Reject("complement", "upper", "may not be real")
        up, down = app("transpose", f), app("transpose", g)
        whole = app("matadd", app("matmul", up, a, f), app("matmul", up, b, g), app("matmul", down, low, f),
                    app("matmul", down, d, g))
        return grounded(s, prover(s.with_goal(app("mat=", m, whole)), c["equal"]), "complement")
    match m:
        case App("block", (a, b, low, d)):
            if not real_entries(m, s.declarations):
                raise Reject("complement", "goal", "the blocks may not be real")
            rest = app("matadd", d, app("scale", num(-1), app("matmul", app("transpose", b), app("inverse", a), b)))
        case _:
            raise Reject("complement", "goal", "is about no block matrix")
    corner = grounded(s, prover(s.with_goal(app("pd", a)), c["corner"]), "complement")
    shown = (prover(s.with_goal(app("mat=", low, app("transpose", b))), c["symmetric"])
             + prover(s.with_goal(app(head, rest)), c["proof"]))
    return corner + grounded(s, shown, "complement", app("pd", a), app("invertible", a))


__all__ = ["Blocks", "blocks", "cells", "check", "check_complement", "check_inverse", "constant"]
