"""Matrix terms to layouts: products side by side, X^T, X^-1, tr, det, the norm of a vector."""

from __future__ import annotations

from fractions import Fraction

from ..kernel.matrix_terms import ABOUT_MATRIX, MATRIX, OF_MATRIX
from ..kernel.term import App, Bind, Index, Num, Term, Var, free_names
from .compose import ATOM, GREEDY, POWER, PRODUCT, REL, SUM, at_least, compose, layout, without_minus
from .context import Context
from .layout import Call, Fence, Frac, Ident, Layout, Matrix, Number, Script, Sign, Text, Times, joined, parens, row
from .names import name_layout

HEADS = MATRIX | OF_MATRIX | ABOUT_MATRIX
_INFIX = {"kron": "otimes", "hadamard": "odot"}


def compose_matrix(t: App, context: Context) -> tuple[Layout, int]:
    match t:
        case App("mat=", (a, b)):
            return row(at_least(a, SUM, context), Sign("="), at_least(b, SUM, context)), REL
        case App("psd" | "pd" as head, (App("matadd", (a, App("scale", (Num(c), b)))),)) if c == -1:
            sign = "succeq" if head == "psd" else "succ"
            return row(at_least(a, SUM, context), Sign(sign), at_least(b, SUM, context)), REL
        case App("psd" | "pd" as head, (a,)):
            return row(at_least(a, SUM, context), Sign("succeq" if head == "psd" else "succ"), Number("0")), REL
        case App("invertible", (a,)):
            return row(at_least(a, SUM, context), Text(" is invertible")), REL
        case App("matadd", args):
            return _sum(args, context), SUM
        case App("matmul", args):
            out: list[Layout] = []
            for k, a in enumerate(args):
                last = k == len(args) - 1
                if out:
                    out.append(Times("none"))
                out.append(at_least(a, GREEDY if last else PRODUCT, context))
            return row(*out), PRODUCT
        case App("scale", (Num(c), a)) if c == -1:
            return row(Sign("neg"), at_least(a, GREEDY, context)), SUM
        case App("scale", (Num(c), a)) if c.numerator == 1 and c.denominator != 1:
            return row(Frac(Number("1"), Number(str(c.denominator))), Times("none"),
                       at_least(a, GREEDY, context)), GREEDY
        case App("scale", (c, a)):
            if (positive := without_minus(c)) is not None:
                whole = App("scale", (positive, a)) if positive != Num(Fraction(1)) else a
                return row(Sign("neg"), at_least(whole, GREEDY, context)), SUM
            return row(at_least(c, PRODUCT, context), Times("none"), at_least(a, GREEDY, context)), PRODUCT
        case App("transpose", (a,)):
            return _raised(a, Sign("transpose"), context), POWER
        case App("inverse", (App("transpose", (a,)),)):
            return _raised(a, row(Sign("neg"), Sign("transpose")), context), POWER
        case App("inverse", (a,)):
            return _raised(a, row(Sign("neg"), Number("1")), context), POWER
        case App("matpow", (a, k)):
            return _raised(a, layout(k, context), context), POWER
        case App("kron" | "hadamard" as head, args):
            return joined(_INFIX[head], [at_least(a, POWER, context) for a in args]), GREEDY
        case App("trace" | "det" | "rank" | "diag" | "vec" | "diagonal" as head, (a,)):
            return Call(Ident({"trace": "tr", "diagonal": "diag"}.get(head, head)), layout(a, context)), POWER
        case App("maxeig", (a,)):
            return Call(Script(Ident("lambda"), Ident("max")), layout(a, context)), POWER
        case App("identity", (n,)):
            return Script(Ident("I"), layout(n, context)), ATOM
        case App("zeros", _):
            return Number("0"), ATOM
        case App("ones", (n, m)):
            below = layout(n, context) if m == Num(Fraction(1)) else row(layout(n, context), Sign("times"),
                                                                          layout(m, context))
            return Script(Sign("ones"), below), ATOM
        case App("block", (a, b, c, d)):
            return Matrix(((layout(a, context), layout(b, context)), (layout(c, context), layout(d, context)))), ATOM
        case _:
            return Call(Ident(t.head), joined(",", [layout(a, context) for a in t.args])), POWER


def norm(t: Term, context: Context) -> Layout | None:
    """The root of u^T u, or of tr(A^T A), as a norm."""
    match t:
        case App("matmul", (App("transpose", (a,)), *rest)) if rest and _product(a) == _product_of(rest):
            return Fence("||", layout(a, context), "||")
        case App("trace", (App("matmul", (App("transpose", (a,)), *rest)),)) if _product(a) == _product_of(rest):
            return Script(Fence("||", layout(a, context), "||"), Ident("F"))
        case _:
            return None


def _product(a: Term) -> tuple[Term, ...]:
    return a.args if isinstance(a, App) and a.head == "matmul" else (a,)


def _product_of(rest: list[Term]) -> tuple[Term, ...]:
    return tuple(rest)


def member(t: Bind, context: Context) -> Layout | None:
    """``lambda r: x[i, r]`` is the vector x_i."""
    match t:
        case Bind("lambda", (name,), (Index(),), _, (App("at", (Var() as f, *where, Var(last))),)) if (
                last == name and where and all(not isinstance(w, Var) or w.name != name for w in where)):
            return Script(layout(f, context), joined(",", [layout(w, context) for w in where]))
        case _:
            return None


def _whole(body: Term, names: tuple[str, ...]) -> Term | None:
    """The vector or matrix whose entries at ``names`` the body is, if it shows one."""
    match body:
        case App("at", (f, *where)) if tuple(where) == tuple(map(Var, names)) and not free_names(f) & set(names):
            return f
        case Bind("sum", _, _, _, (guard, inside)) if not free_names(guard) & set(names):
            inner = _whole(inside, names)
            return None if inner is None else Bind("sum", body.names, body.sorts, body.outer, (guard, inner))
        case App("at", (Var(f), u)) if f not in names:          # a function of each entry
            inner = _whole(u, names)
            return None if inner is None else App("at", (Var(f), inner))
        case Bind("diff", _, _, (u,), (f,)) if not free_names(f) & set(names):
            inner = _whole(u, names)
            return None if inner is None else Bind("diff", body.names, body.sorts, (inner,), (f,))
        case _:
            return None


def entries(t: Bind, context: Context) -> Layout:
    """A matrix by its entries: (body)_{i,j}, or the sum of matrices that it is."""
    if (whole := _whole(t.inner[0], t.names)) is not None:
        return at_least(whole, SUM, context)
    match t.inner[0]:
        case Bind("partial", (x,), _, (Var(point), App("tuple", (second,))), (
                Bind("partial", (z,), _, (Var(inner), App("tuple", (first,))), (f,)),)) if (
                    x == point == inner == z and (first, second) == tuple(map(Var, t.names))
                    and not free_names(f) & set(t.names)):
            return row(Script(Sign("nabla"), name_layout(point), Number("2")), at_least(f, POWER, context))
        case Bind("partial", (x,), _, (Var(point), App("tuple", at)), (f,)) if (
                x == point and at == tuple(map(Var, t.names)) and not free_names(f) & set(t.names)):
            return row(Script(Sign("nabla"), name_layout(point)), at_least(f, POWER, context))
    return Script(parens(layout(t.inner[0], context)), joined(",", [Ident(n) for n in t.names]))


def _raised(a: Term, sup: Layout, context: Context) -> Layout:
    below, strength = compose(a, context)
    if strength < ATOM or isinstance(below, Script) and below.sup is not None:
        below = parens(below)
    return Script(below.base, below.sub, sup) if isinstance(below, Script) else Script(below, None, sup)


def _sum(parts: tuple[Term, ...], context: Context) -> Layout:
    out: list[Layout] = []
    for k, part in enumerate(parts):
        positive = _opposite(part)
        if k == 0:
            out.append(at_least(part, SUM, context))
        elif positive is not None:
            out += [Sign("-"), at_least(positive, GREEDY, context)]
        else:
            out += [Sign("+"), at_least(part, GREEDY, context)]
    return row(*out)


def _opposite(t: Term) -> Term | None:
    match t:
        case App("scale", (c, a)) if (positive := without_minus(c)) is not None:
            return a if positive == Num(Fraction(1)) else App("scale", (positive, a))
        case _:
            return None


__all__ = ["HEADS", "compose_matrix", "entries", "member", "norm"]
