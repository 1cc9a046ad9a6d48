"""What kind of number a term is, read off its structure: a conservative, syntactic judgement.

``kind(t, declarations)`` is the least of ``integer < rational < real < complex`` that the structure
guarantees *wherever the term is defined*; ``other`` for formulas, tuples, families and the like.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from math import lcm

from .matrix_terms import MATRIX, OF_MATRIX, is_square
from .term import OO, App, Bind, Index, Law, Map, Num, Scalar, Sort, Space, Term, Var, subterms

ORDER = ("integer", "rational", "real", "complex", "other")
_REAL_IF_REAL = {
    "exp", "sin", "cos", "tan", "cot", "sec", "csc", "atan", "acot", "sinh", "cosh", "tanh", "coth",
    "asinh", "erf", "gamma", "rgamma", "digamma", "factorial", "harmonic",
}
_ALWAYS_REAL = {"abs", "re", "im", "arg"}
_INTEGER = {"floor", "ceiling", "delta"}


def join(*kinds: str) -> str:
    return max(kinds, key=ORDER.index, default="integer")


def sort_kind(s: Sort | None) -> str:
    match s:
        case Scalar(kind):
            return kind
        case Index():
            return "integer"
        case Space():       # a random variable that is used as a number is a real one
            return "real"
        case _:
            return "other"


def kind(t: Term, declarations: Mapping[str, Sort]) -> str:
    match t:
        case Num(value):
            return "integer" if value.denominator == 1 else "rational"
        case Var(name):
            return sort_kind(declarations.get(name))
        case App("pi" | "e", ()):
            return "real"
        case App("i", ()):
            return "complex"
        case App("add" | "mul" | "neg" | "max" | "min", args):
            k = join("integer", *(kind(a, declarations) for a in args))
            return "integer" if k == "rational" and integer_valued(t, declarations) else k
        case App("div", args):
            k = join("rational", *(kind(a, declarations) for a in args))
            return "integer" if k == "rational" and integer_valued(t, declarations) else k
        case App("pow", (base, exponent)):
            b, e = kind(base, declarations), kind(exponent, declarations)
            if e == "integer":
                natural = isinstance(exponent, Num) and exponent.value >= 0
                return b if natural or b != "integer" else "rational"
            if e in ("rational", "real") and visibly_nonnegative(base, declarations):
                return "real"
            return "complex" if "other" not in (b, e) else "other"
        case App("sqrt", (a,)):
            return "real" if visibly_nonnegative(a, declarations) else "complex"
        case App("log", (a,)):
            return "real" if visibly_nonnegative(a, declarations) else "complex"
        case App("at", (Var(name), *_)):
            match declarations.get(name):
                case Map(_, result):
                    return sort_kind(result)
            return "other"
        case App("at", (Bind("lambda") as f, *_)):
            inside = dict(declarations) | dict(zip(f.names, f.sorts, strict=True))
            return kind(f.inner[0], inside)
        case App(head, _) if head in MATRIX or head in OF_MATRIX or head == "at" and isinstance(t.args[0], App):
            return entry_kind(t, declarations)
        case App("cases", args):
            return join(*(kind(a, declarations) for a in args[0::2]))
        case App("item", (App("tuple", parts), Num(k))) if 1 <= k <= len(parts):
            return kind(parts[int(k) - 1], declarations)
        case App("item", (Bind("iterate") as b, Num(k))) if 1 <= k <= len(b.names):
            return join(*(sort_kind(s) for s in b.sorts))
        case App("sign" | "mod" | "relu", args):
            return join("integer", *(kind(a, declarations) for a in args))
        case App("binomial" | "rising" | "falling" as head, (a, k)):
            whole = kind(k, declarations) == "integer" and (
                head == "binomial" or isinstance(k, Num) and k.value >= 0)
            return join("integer" if whole else "real", kind(a, declarations), kind(k, declarations))
        case App("fibonacci" | "tribonacci" | "factorial2", (a,)):
            return "integer" if kind(a, declarations) == "integer" else "complex"
        case App("conj", (a,)):
            return kind(a, declarations)
        case App(head, args):
            if head in _INTEGER | _ALWAYS_REAL and any(
                    OO in subterms(a) and kind(a, declarations) == "other" for a in args):
                return "other"          # |oo| is no number
            if head in _INTEGER:
                return "integer"
            if head in _ALWAYS_REAL or head == "density":
                return "real"
            if head in _REAL_IF_REAL:
                return join("real", *(kind(a, declarations) for a in args))
            if head in ("asin", "acos", "acosh", "atanh", "atan2"):
                return "complex"
            return "other"
        case Bind("sum" | "prod" | "integral" | "limit" | "diff" | "partial" | "E" | "expect"):
            inside = dict(declarations) | dict(zip(t.names, t.sorts, strict=True))
            found = kind(t.inner[-1], inside)
            ends = [kind(u, declarations) for u in t.outer if not _infinite(u)]
            if t.head == "integral":                    # along a path between complex ends it is not real
                found = join(found, *ends)
            whole = t.head in ("sum", "prod") and not any(_infinite(u) for u in t.outer)
            return found if whole else join("real", found)
        case Bind("maximum"):
            found = kind(t.inner[0], dict(declarations) | dict(zip(t.names, t.sorts, strict=True)))
            return "other" if found == "complex" else found
        case Bind("KL"):
            return "real"
        case _:
            return "other"


def entry_kind(t: Term, declarations: Mapping[str, Sort]) -> str:
    """The kind of the entries of a matrix term, and of the numbers made of them: sums and products keep it,
    an inverse divides."""
    match t:
        case Var(name):
            s = declarations.get(name)
            return sort_kind(s.result) if isinstance(s, Map) else "other"
        case Bind("lambda"):
            return kind(t.inner[0], dict(declarations) | dict(zip(t.names, t.sorts, strict=True)))
        case App("identity" | "zeros" | "ones" | "rank", _):
            return "integer"
        case App("scale", (c, a)):
            return join(kind(c, declarations), entry_kind(a, declarations))
        case App("maxeig", (a,)):
            return join("real", entry_kind(a, declarations))
        case App("inverse" | "matpow", (a, *_)):
            return join("rational", entry_kind(a, declarations))
        case App("at", (a, *_)):
            return entry_kind(a, declarations)
        case App(head, args) if head in MATRIX or head in OF_MATRIX:
            return join(*(entry_kind(a, declarations) for a in args))
        case _:
            return "other"


def _infinite(t: Term) -> bool:
    return t == OO or t == App("neg", (OO,))


def real_entries(t: Term, declarations: Mapping[str, Sort]) -> bool:
    """Whether the entries of a matrix term are certainly real."""
    return entry_kind(t, declarations) in ("integer", "rational", "real")


def visibly_nonnegative(t: Term, declarations: Mapping[str, Sort]) -> bool:
    """Nonnegative by form alone: literals, exponentials of reals, even powers, sizes, sums of these."""
    match t:
        case Num(value):
            return value >= 0
        case Var(name):
            return isinstance(declarations.get(name), Index)
        case App("pi" | "e", ()):
            return True
        case App("exp" | "cosh", (a,)):
            return kind(a, declarations) in ("integer", "rational", "real")
        case App("abs" | "density" | "delta", _):
            return True
        case App("relu", (a,)):
            return kind(a, declarations) in ("integer", "rational", "real")
        case App("sqrt", (a,)):
            return visibly_nonnegative(a, declarations)
        case App("pow", (base, Num(e))) if e.denominator == 1 and e % 2 == 0:
            return kind(base, declarations) in ("integer", "rational", "real")
        case App("pow", (base, e)):
            return visibly_nonnegative(base, declarations) and kind(e, declarations) in (
                "integer", "rational", "real")
        case App("matmul", _) | App("trace", (App("matmul", _),)):        # u^T u of real entries
            inner = t if t.head == "matmul" else t.args[0]
            return entry_kind(inner, declarations) in ("integer", "rational", "real") and is_square(inner)
        case App("maxeig", (a,)):
            return entry_kind(a, declarations) in ("integer", "rational", "real") and is_square(a)
        case App("mul", (a, b)) if a == b and kind(a, declarations) in ("integer", "rational", "real"):
            return True
        case App("add" | "mul" | "div" | "max", args):
            return bool(args) and all(visibly_nonnegative(a, declarations) for a in args)
        case Bind("sum" | "prod"):
            inside = dict(declarations) | dict(zip(t.names, t.sorts, strict=True))
            return visibly_nonnegative(t.inner[-1], inside)
        case _:
            return False


def visibly_positive(t: Term, declarations: Mapping[str, Sort]) -> bool:
    """Positive by form alone, wherever it is defined: positive literals, exponentials and cosh of reals, sums
    of one of these and what is visibly nonnegative, products, quotients, roots and real powers of these."""
    match t:
        case Num(value):
            return value > 0
        case Var(name):
            return isinstance(declarations.get(name), Index)
        case App("pi" | "e", ()):
            return True
        case App("exp" | "cosh", (a,)):
            return is_real(a, declarations)
        case App("add", args):
            return any(visibly_positive(a, declarations) for a in args) and all(
                visibly_nonnegative(a, declarations) for a in args)
        case App("mul" | "div", args):
            return bool(args) and all(visibly_positive(a, declarations) for a in args)
        case App("sqrt", (a,)):
            return visibly_positive(a, declarations)
        case App("pow", (base, e)):
            return visibly_positive(base, declarations) and is_real(e, declarations)
        case _:
            return False


def integer_valued(t: Term, declarations: Mapping[str, Sort]) -> bool:
    """A polynomial in integers with a common denominator d, an integer at all remainders modulo d:
    n(n - 1)/2, say.  (d p(n + d m) = d p(n) modulo d.)"""
    names: set[str] = set()
    d = _common_denominator(t, declarations, names)
    if d is None or not names or d ** len(names) > 600:
        return False
    order = sorted(names)
    return all(_polynomial_at(t, dict(zip(order, point, strict=True))).denominator == 1
               for point in itertools.product(range(d), repeat=len(order)))


def _common_denominator(t: Term, declarations: Mapping[str, Sort], names: set[str]) -> int | None:
    """d such that d*t has integer coefficients, at most 24; None for anything but polynomials in integers."""
    match t:
        case Num(q) if q.denominator <= 24:
            return q.denominator
        case Var(name) if sort_kind(declarations.get(name)) == "integer":
            names.add(name)
            return 1
        case App("add" | "mul" | "neg" as head, args):
            d = 1
            for a in args:
                one = _common_denominator(a, declarations, names)
                if one is None:
                    return None
                d = d * one if head == "mul" else lcm(d, one)
            return d if d <= 24 else None
        case App("div", (a, Num(q))) if q != 0:
            one = _common_denominator(a, declarations, names)
            return None if one is None or one * abs(q.numerator) > 24 else one * abs(q.numerator)
        case App("pow", (a, Num(e))) if e.denominator == 1 and 0 <= e <= 8:
            one = _common_denominator(a, declarations, names)
            return None if one is None or one ** int(e) > 24 else one ** int(e)
        case _:
            return None


def _polynomial_at(t: Term, at: Mapping[str, int]) -> Fraction:
    match t:
        case Num(q):
            return q
        case Var(name):
            return Fraction(at[name])
        case App("add", args):
            return sum((_polynomial_at(a, at) for a in args), Fraction(0))
        case App("mul", args):
            product = Fraction(1)
            for a in args:
                product *= _polynomial_at(a, at)
            return product
        case App("neg", (a,)):
            return -_polynomial_at(a, at)
        case App("div", (a, Num(q))):
            return _polynomial_at(a, at) / q
        case App("pow", (a, Num(e))):
            return _polynomial_at(a, at) ** int(e)
        case _:
            raise ValueError("not a polynomial")


def is_real(t: Term, declarations: Mapping[str, Sort]) -> bool:
    return kind(t, declarations) in ("integer", "rational", "real")


def is_integer(t: Term, declarations: Mapping[str, Sort]) -> bool:
    return kind(t, declarations) == "integer"


__all__ = ["Law", "is_integer", "is_real", "join", "kind", "sort_kind", "visibly_nonnegative",
           "visibly_positive"]
