"""Positive (semi)definite matrices and the inequalities that squares give; matrices that have inverses."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .claim import Sequent
from .definedness import definedness, real_conditions
from .evidence import Evidence, Reject
from .field import CannotNormalise, Field
from .kinds import entry_kind
from .matrix_terms import IllTyped, about_matrices, factors, is_one, is_scalar_shape, same_size, shape
from .prove import Prover, discharge, grounded
from .rule_matrix_form import MatrixForm
from .term import (
    TRUE, ZERO, App, Bind, Index, Map, Num, Term, Var, add, app, free_names, from_json, mul, num, sub,
)
from .word_signs import Signs
from .words import Form, OverBudget

RULE = "definite"
MAX_SQUARES = 12


def _form(s: Sequent, c: Any, t: Term) -> tuple[MatrixForm, Form]:
    work = MatrixForm(s, c)
    read = work.reader.scalar if _number(t, s) else work.reader.matrix
    f = read(t)
    work.prepare()
    return work, work.reader.again(f)


def _number(t: Term, s: Sequent) -> bool:
    try:
        return is_scalar_shape(shape(t, s.declarations))
    except IllTyped:
        return True


def _defined(s: Sequent) -> Evidence:
    return Evidence(tuple(discharge(definedness(s.goal, s), s)))


def visible(t: Term, s: Sequent) -> str | None:
    """``0+`` for squares as they are written, u^T u and u^T A u with A assumed semidefinite, before anything is
    multiplied out; and for sums of semidefinite matrices with nonnegative weights (``+``: definite, positive)."""
    match t:
        case Num(value):
            return "+" if value > 0 else "0+" if value == 0 else None
        case Var():
            return "+" if app("pd", t) in s.assumptions else "0+" if app("psd", t) in s.assumptions else None
        case App("trace", (a,)):
            return "0+" if visible(a, s) is not None else None
        case App("det", (a,)):
            return visible(a, s)
        case App("scale", (c, a)):
            weight = visible(c, s) or _weight(c, s)
            whole = None if weight is None else visible(a, s)
            return None if whole is None else "+" if weight == whole == "+" else "0+"
        case App("add" | "matadd" | "mul", args) if args:
            found = [visible(a, s) for a in args]
            if None in found:
                return None
            return "+" if all(f == "+" for f in found) else "0+"
        case App("matmul", _):
            parts = factors(t)
            n = len(parts) // 2
            if entry_kind(t, s.declarations) not in ("integer", "rational", "real"):
                return None
            back = [f for a in reversed(parts[len(parts) - n:]) for f in factors(app("transpose", a))]
            if back != parts[:n]:
                return None
            middle = parts[n] if len(parts) % 2 else None
            held = middle is None or app("psd", middle) in s.assumptions or app("pd", middle) in s.assumptions
            return "0+" if held else None
        case _:
            return None


def _weight(c: Term, s: Sequent) -> str | None:
    try:
        sign = None if about_matrices(c) else Field(s).sign(c)
    except CannotNormalise:
        return None
    return sign if sign in ("+", "0+") else None


def shown_sign(s: Sequent, c: Any, t: Term) -> str | None:
    """``+``, ``0+`` or None for a matrix or number, as it is written or by its form."""
    if (seen := visible(t, s)) is not None:
        if seen == "+":
            return seen
        return _sign_of_form(s, c, t) or seen
    return _sign_of_form(s, c, t)


def _sign_of_form(s: Sequent, c: Any, t: Term) -> str | None:
    try:
        work, f = _form(s, c, t)
        return Signs(work.reader).matrix(f)
    except (OverBudget, IllTyped, ZeroDivisionError, ValueError, KeyError):
        return None


def check(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        NF(M) = sum_k c_k w_k^T M_k w_k  with c_k >= 0 and M_k = I or positive semidefinite
        -----------------------------------------------------------------------------------
        M is positive semidefinite (for numbers: M >= 0)
    and positive definite (M > 0) if for one k c_k > 0, M_k is positive definite and w_k a product of
    matrices of full column rank: square with an inverse, or rank(X) = d assumed of X of n x d; v^T v > 0 and
    |v| > 0 if v is assumed not to be 0.
    FAILURE: a term that is no palindrome; X^T X is not positive definite for rank(X) = n, or with nothing assumed.
    Source: Boyd and Vandenberghe, Convex Optimization, A.5 (p. 646); Horn and Johnson, Matrix Analysis, 7.1
    (no page).
    """
    match s.goal:
        case App(">", (a, b)) | App("<", (b, a)) if b == ZERO and nonzero_square(a, s):
            return _defined(s)
        case App("psd" | "pd" as head, (m,)):
            strict, target = head == "pd", m
        case App(">=" | ">" as head, (a, b)):
            strict, target = head == ">", sub(a, b)
        case App("<=" | "<" as head, (a, b)):
            strict, target = head == "<", sub(b, a)
        case _:
            raise Reject(RULE, "goal", "is no order of matrices or numbers")
    sign = shown_sign(s, c, target)
    if sign == "+" or sign == "0+" and not strict:
        return _defined(s)
    raise Reject(RULE, "form", "has a term that is no nonnegative palindrome")


def check_squares(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        M = sum_k c_k Z_k^T M_k Z_k      c_k >= 0      M_k = I or M_k positive semidefinite
        -----------------------------------------------------------------------------------
        M is positive semidefinite       (numbers: a - b = sum_k c_k tr(Z_k^T M_k Z_k)  gives a >= b)
    strictly so if for one k c_k > 0, M_k = I or positive definite, and Z_k is square with an inverse (numbers: Z_k
    is not 0).  The squares are the certificate's choice.
    FAILURE: a premise under a condition that the goal does not bring; complex matrices.
    """
    goal = s.goal
    strict = isinstance(goal, App) and goal.head in ("pd", ">", "<")
    total = Evidence()
    parts: list[Term] = []
    if not MatrixForm(s, {}).reader.all_real:
        raise Reject("squares", "goal", "squares of complex numbers have no sign")
    numbers = isinstance(goal, App) and goal.head in (">=", ">", "<=", "<")
    for k, one in enumerate(list(c["squares"])[:MAX_SQUARES]):
        z, weight = from_json(one["factor"]), from_json(one.get("weight", "1"))
        middle = from_json(one["middle"]) if "middle" in one else None
        for t in (z, weight, *([middle] if middle is not None else [])):
            if not free_names(t) <= set(s.declarations):
                raise Reject("squares", f"square {k}", "speaks of undeclared names")
        if entry_kind(z, s.declarations) not in ("integer", "rational", "real"):
            raise Reject("squares", f"square {k}", "a factor whose entries may not be real")
        rows, columns = shape(z, s.declarations)
        sharp = strict and c.get("strict") == k
        if not (isinstance(weight, Num) and (weight.value > 0 or weight.value == 0 and not sharp)):
            total += prover(s.with_goal(app(">" if sharp else ">=", weight, ZERO)), one["sign"])
        if middle is not None:
            n, m = shape(middle, s.declarations)
            if not (same_size(n, rows) and same_size(m, rows)):
                raise Reject("squares", f"square {k}", "a middle that does not fit")
            total += prover(s.with_goal(app("pd" if sharp else "psd", middle)), one["definite"])
        if sharp and numbers:
            total += prover(s.with_goal(app("not", app("mat=", z, app("zeros", rows, columns)))), c["nonzero"])
        elif sharp:
            if not same_size(rows, columns):
                raise Reject("squares", f"square {k}", "a factor that is not square")
            total += prover(s.with_goal(app("invertible", z)), c["regular"])
        inner = (App("transpose", (z,)), *([middle] if middle is not None else []), z)
        whole: Term = App("matmul", inner)
        if numbers:
            parts.append(mul(weight, whole if is_one(columns) else app("trace", whole)))
        else:
            parts.append(app("scale", weight, whole))
    if strict and not (isinstance(c.get("strict"), int) and 0 <= c["strict"] < len(parts)):
        raise Reject("squares", "strict", "no square is said to be positive")
    match goal:
        case App("psd" | "pd", (m,)):
            whole = App("matadd", tuple(parts)) if parts else app("zeros", *shape(m, s.declarations))
            return grounded(s, total + prover(s.with_goal(app("mat=", m, whole)), c["equal"]), "squares")
        case App(">=" | ">", (a, b)):
            return grounded(s, total + prover(s.with_goal(app("=", sub(a, b), add(*parts))), c["equal"]), "squares")
        case App("<=" | "<", (a, b)):
            return grounded(s, total + prover(s.with_goal(app("=", sub(b, a), add(*parts))), c["equal"]), "squares")
        case _:
            raise Reject("squares", "goal", "is no order of matrices or numbers")


def check_regular(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        M is positive semidefinite      M has an inverse
        ------------------------------------------------
        M is positive definite
    If v^T M v = 0 then M v = 0, by the inequality of Cauchy and Schwarz for the form: (u^T M v)^2 <= u^T M u v^T M v.
    FAILURE: a premise under a condition.   Source: Horn and Johnson, Matrix Analysis, 7.1 (no page).
    """
    match s.goal:
        case App("pd", (m,)):
            shown = prover(s.with_goal(app("psd", m)), c["semidefinite"]) + prover(
                s.with_goal(app("invertible", m)), c["invertible"])
        case _:
            raise Reject("regular", "goal", "does not say that a matrix is positive definite")
    if shown.conditions:
        raise Reject("regular", "premises", "a premise is shown only under a condition")
    return shown


def check_isolated(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        b - a = d - c      d >= 0      c^2 <= d^2
        -----------------------------------------
        a <= b                                          (c^2 < d^2 gives a < b)
    FAILURE: c^2 <= d^2 without d >= 0; numbers that may not be real.
    """
    match s.goal:
        case App("<=" | "<" as relation, (a, b)):
            pass
        case App(">=" | ">" as turned, (b, a)):
            relation = "<=" if turned == ">=" else "<"
        case _:
            raise Reject("isolated", "goal", "is no order of numbers")
    low, high = from_json(c["low"]), from_json(c["high"])
    for t in (low, high):
        if not free_names(t) <= set(s.declarations) or discharge(
                tuple(real_conditions(t, dict(s.declarations))), s):
            raise Reject("isolated", "sides", "a side that may not be real, or speaks of undeclared names")
    two = num(2)
    shown = (prover(s.with_goal(app("=", sub(b, a), sub(high, low))), c["equal"])
             + prover(s.with_goal(app(">=", high, ZERO)), c["nonnegative"])
             + prover(s.with_goal(app(relation, app("pow", low, two), app("pow", high, two))), c["squared"]))
    return grounded(s, shown, "isolated")


def check_weaker(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """A positive definite  |-  A positive semidefinite."""
    match s.goal:
        case App("psd", (a,)):
            return prover(s.with_goal(app("pd", a)), c["proof"])
        case _:
            raise Reject("semidefinite", "goal", "does not say that a matrix is positive semidefinite")


def regular(a: Term, s: Sequent) -> bool:
    """Whether the form of ``a`` shows that it has an inverse: a product of square letters that have one, or a
    matrix whose symmetric part is positive definite (x^T A x > 0 for x != 0, so A x != 0)."""
    try:
        work, f = _form(s, {}, a)
        r = work.reader
        signs = Signs(r)
        if f.rows != f.columns:
            return False
        if len(f.terms) == 1:
            ((scalars, w), _), = f.terms.items()
            if all(r.square(x) and signs.regular(x) for x in w) and all(signs.atom(b) == "+" for b, _ in scalars):
                return True
        return signs.real_form(f) and signs.matrix(r.plus(f, r.transpose(f))) == "+"
    except (OverBudget, IllTyped, ZeroDivisionError, ValueError, KeyError):
        return False


def symmetric(a: Term, s: Sequent) -> bool:
    """Whether the form of ``a`` shows that it is its own transpose."""
    try:
        work, f = _form(s, {}, a)
        return work.reader.transpose(f).terms == f.terms
    except (OverBudget, IllTyped, ZeroDivisionError, ValueError, KeyError):
        return False


def determinant_known(a: Term, s: Sequent) -> bool:
    """Whether the form of det(a) is a product of determinants of letters that have inverses and of a number that is
    assumed to be positive, negative or not 0."""
    try:
        work = MatrixForm(s, {})
        r = work.reader
        f = r.det(r.matrix(a))
        known = []
        for one in s.assumptions:
            match one:
                case App("!=" | ">" | "<", (left, right)) | App("not", (App("=", (left, right)),)) if (
                        about_matrices(one)):
                    known.append(r.minus(r.scalar(left), r.scalar(right)))
        work.prepare()
        f = r.again(f)
        common = set.intersection(*({b for b, e in k[0] if e > 0} for k in f.terms)) if f.terms else set()
        for b in common:
            if b[0] == "det" and len(b) == 2 and b[1] in r.bases and r.bases[str(b[1])].regular:
                f = r.scaled(r.monomial({b: -1}), f)
        return any(_multiple(r.again(g), f) for g in known)
    except (OverBudget, IllTyped, ZeroDivisionError, ValueError, KeyError):
        return False


def _multiple(f: Form, g: Form) -> bool:
    """Whether the forms are rational multiples of each other, and not 0."""
    if not f.terms or set(f.terms) != set(g.terms):
        return False
    return len({c / g.terms[k] for k, c in f.terms.items()}) == 1


def nonzero_square(t: Term, s: Sequent) -> bool:
    """Whether t is v^T v, sum_r v_r v_r, a root or product of such, for real vectors that are assumed not to be 0."""
    match t:
        case App("sqrt", (a,)) | App("pow", (a, Num())):
            return (t.head == "sqrt" or isinstance(t.args[1], Num) and t.args[1].value > 0) and nonzero_square(a, s)
        case App("mul", args):
            return all(nonzero_square(a, s) for a in args)
        case App("matmul", (App("transpose", (Var() as v,)), w)) if v == w:
            return _nonzero_vector(v, s)
        case Bind("sum", (r,), (Index() as k,), (), (guard, App("mul", (App("at", (Var() as v, i)), w)))) | Bind(
                "sum", (r,), (Index() as k,), (), (guard, App("pow", (App("at", (Var() as v, i)) as w, Num(Fraction(
                    numerator=2, denominator=1)))))):
            sort = s.declarations.get(v.name)
            return (guard == TRUE and i == Var(r) and w == app("at", v, i) and v.name != r
                    and isinstance(sort, Map) and len(sort.args) == 1 and sort.args[0] == k and _nonzero_vector(v, s))
        case _:
            return False


def _nonzero_vector(v: Var, s: Sequent) -> bool:
    return entry_kind(v, s.declarations) in ("integer", "rational", "real") and is_one(
        shape(v, s.declarations)[1]) and any(
        isinstance(a, App) and a.head == "not" and isinstance(b := a.args[0], App) and b.head == "mat="
        and b.args[0] == v and isinstance(b.args[1], App) and b.args[1].head == "zeros" for a in s.assumptions)


def check_invertible(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        A is a product of square matrices with inverses,  or A + A^T is positive definite,  or A B = I, A square,
        or det A is not 0 by an assumption
        --------------------------------------------------------------------------------------------------------
        A is invertible        (det A != 0 says the same)
    FAILURE: X^T X, for X that may not have full column rank (rank(X) = d assumed gives it, rank(X) = n does not).
    """
    match s.goal:
        case App("invertible", (a,)):
            pass
        case App("!=", (App("det", (a,)), Num(zero)) | (Num(zero), App("det", (a,)))) if zero == 0:
            pass
        case _:
            raise Reject("invertible", "goal", "does not say that a matrix has an inverse")
    if "inverse" in c:
        b = from_json(c["inverse"])
        if not free_names(b) <= set(s.declarations):
            raise Reject("invertible", "inverse", "speaks of undeclared names")
        n, m = shape(a, s.declarations)
        if not same_size(n, m):
            raise Reject("invertible", "goal", "the matrix is not square")
        equal = app("mat=", app("matmul", a, b), app("identity", n))
        return grounded(s, prover(s.with_goal(equal), c["proof"]), "invertible")
    if regular(a, s) or determinant_known(a, s):
        return _defined(s)
    raise Reject("invertible", "form", "nothing shows an inverse")


__all__ = ["check", "check_invertible", "check_isolated", "check_regular", "check_squares", "check_weaker",
           "determinant_known", "nonzero_square", "regular", "shown_sign", "symmetric"]
