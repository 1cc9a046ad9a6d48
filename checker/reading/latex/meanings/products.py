"""Products by the shapes of the factors; transposes, inverses, norms, functions of matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy

from ....language import matrices as M
from ....language.indices import dot, hadamard, norm, norm_inf, shape
from ....language.spectra import lambda_max, lambda_min, spectral_norm
from ..source import Unread
from ..tree import Tree
from .common import no_meaning, over, power, scaled, times

if TYPE_CHECKING:
    from ..meaning import Meaning


def mul(m: Meaning, t: Tree) -> Any:
    """From the left: numbers scale, vectors and matrices multiply as matrices."""
    return product([m.read(p) for p in t.parts], t)


def product(factors: list[Any], t: Tree) -> Any:
    numbers: list[Any] = []
    run: list[Any] = []                     # matrices that stand side by side
    for f in factors:
        if not shape(f):
            numbers.append(f)
            continue
        if run and len(shape(run[-1])) == 1 and len(shape(f)) == 1 and not _is_row(run[-1]):
            raise Unread("product", "two column vectors side by side: which product is meant?", t.place,
                         "write x^T y for the number, x y^T for the matrix, x \\odot y for the product entry by entry",
                         ("x^\\top y", "x y^\\top", "x \\odot y"))
        run.append(f)
        if len(run) > 1 and not shape(_joined(run)):        # a number: x^T A y, and then perhaps a vector again
            numbers.append(_joined(run))
            run = []
    if not run:
        return times(*numbers)
    whole = _joined(run)
    return whole if not numbers else scaled(times(*numbers), whole)


def _joined(run: list[Any]) -> Any:
    out = run[0]
    for f in run[1:]:
        out = M.product(out, f)
    return out


def _is_row(e: Any) -> bool:
    return len(shape(e)) == 2               # the transpose of a vector is 1 x n


def transpose(m: Meaning, t: Tree) -> Any:
    inside = m.read(t.parts[0])
    if not shape(inside):
        refuse_inferred(m, t.parts[0], "a transpose")
        m.note("the transpose of a number is the number")
    return M.transpose(inside)


def refuse_inferred(m: Meaning, t: Tree, what: str) -> None:
    """Names that nobody declared are numbers; where a vector is meant they must be declared."""
    for n in t.walk():
        if n.head == "name" and m.bound(n.value) is None and (role := m.notation.role(n.value)) is not None and (
                role.inferred and role.kind in ("scalar", "family", "sequence")):
            raise Unread("undeclared", f"{what}: is {n.value} a vector or a matrix?", n.place,
                         f"declare  {n.value}: vector n,  or  {n.value}: matrix n x m")


def inverse(m: Meaning, t: Tree) -> Any:
    inside = m.read(t.parts[0])
    if len(shape(inside)) == 1:
        raise no_meaning("a vector has no inverse", t)
    return M.inverse(inside) if shape(inside) else power(inside, sympy.Integer(-1))


def abs_(m: Meaning, t: Tree) -> Any:
    """|x| of a number, a vector's length, a matrix' determinant, a set's size: by what stands inside."""
    inside = m.read(t.parts[0])
    match len(shape(inside)):
        case 0:
            return sympy.Abs(inside, evaluate=False)
        case 1:
            m.note("|x| of a vector is its length")
            return norm(inside)
        case 2:
            m.note("|A| of a matrix is its determinant")
            return M.det(inside)
    raise no_meaning("bars around what is no number, vector or matrix", t)


def norm_(m: Meaning, t: Tree) -> Any:
    inside = m.read(t.parts[0])
    which = str(t.value or "2")
    rank = len(shape(inside))
    if rank == 0:
        refuse_inferred(m, t.parts[0], "a norm")
        return sympy.Abs(inside, evaluate=False)
    if rank == 1 and which in ("2", "", "F"):
        return norm(inside)
    if rank == 2 and which == "F":
        return norm(inside)
    if rank == 1 and which == "1":
        from ....language.indices import _private, component, total

        i = _private(shape(inside)[0], inside)
        return total(i, sympy.Abs(component(inside, i), evaluate=False))
    if rank == 2 and t.value in (None, ""):
        raise Unread("norm", "which norm of a matrix?", t.place, r"write \|A\|_F for the Frobenius norm, \|A\|_2 for "
                     "the spectral norm", (r"\|A\|_F", r"\|A\|_2"))
    if which == "oo":
        return norm_inf(inside)
    if rank == 2 and which in ("2", "op"):
        m.note("the 2-norm of a matrix is the spectral norm")
        return spectral_norm(inside)
    raise no_meaning(f"the {which}-norm of a {'vector' if rank == 1 else 'matrix'}", t,
                     r"in the language are \|x\|_2, \|x\|_1, \|x\|_\infty, \|A\|_F and \|A\|_2")


def matrix(m: Meaning, t: Tree) -> Any:
    """A matrix written out: only blocks, or 1 x 1."""
    rows, columns = t.value
    if (rows, columns) == (2, 2):
        parts = [m.read(p) for p in t.parts]
        if any(map(shape, parts)):
            return M.block([parts[:2], parts[2:]])
    raise no_meaning("a matrix written out by numbers", t,
                     "declare it, and state its entries as assumptions; blocks of declared matrices are read")


# ------------------------------------------------------------------ functions


def _matrix_function(f: Any) -> Any:
    return lambda m, t, a: f(a)


def _norm_of(m: Meaning, t: Tree, a: Any) -> Any:
    return norm(a) if shape(a) else sympy.Abs(a, evaluate=False)


def _det(m: Meaning, t: Tree, a: Any) -> Any:
    return M.det(a)


def _diag(m: Meaning, t: Tree, *args: Any) -> Any:
    if len(args) != 1:
        raise no_meaning("diag of a list", t, "declare the vector: diag(x)")
    if len(shape(args[0])) == 2:
        m.note("diag of a matrix is the vector of its diagonal")
    return M.diag(args[0])


def _inner(m: Meaning, t: Tree, a: Any, b: Any) -> Any:
    if len(shape(a)) == len(shape(b)) == 1:
        return dot(a, b)
    if not shape(a) and not shape(b):
        raise no_meaning("an inner product of numbers", t, "write a product")
    return M.inner(a, b)


def _hadamard(m: Meaning, t: Tree, a: Any, b: Any) -> Any:
    return hadamard(a, b)


def _identity(m: Meaning, t: Tree, n: Any) -> Any:
    return M.identity(n)


def _ones(m: Meaning, t: Tree, *sizes: Any) -> Any:
    return M.ones_of(*sizes)


def _zeros(m: Meaning, t: Tree, *sizes: Any) -> Any:
    return M.zeros(*sizes)


def _mean(m: Meaning, t: Tree, a: Any) -> Any:
    from ....language.indices import mean

    if not shape(a):
        raise no_meaning("the mean of a number", t)
    return mean(a)


#: what functions of matrices are called in formulas -> the language's
OF_MATRICES: dict[str, Any] = {
    "tr": _matrix_function(M.trace), "trace": _matrix_function(M.trace), "Tr": _matrix_function(M.trace),
    "det": _det, "rank": _matrix_function(M.rank), "rk": _matrix_function(M.rank), "logdet": _matrix_function(M.logdet),
    "diag": _diag, "vec": _matrix_function(M.vec), "inner": _inner, "dot": _inner, "hadamard": _hadamard,
    "odot": _hadamard, "outer": lambda m, t, a, b: M.outer(a, b), "kron": lambda m, t, a, b: M.kron(a, b),
    "otimes": lambda m, t, a, b: M.kron(a, b), "norm": _norm_of, "identity": _identity, "ones": _ones, "zeros": _zeros,
    "mean": _mean, "lambda_max": _matrix_function(lambda_max), "lambda_min": _matrix_function(lambda_min),
}

READS = {"mul": mul, "matmul": mul, "transpose": transpose, "inverse": inverse, "abs": abs_, "norm": norm_,
         "matrix": matrix}

__all__ = ["OF_MATRICES", "READS", "over", "product"]
