"""Entropies, informations and divergences; every one unfolds into E and KL.

    entropy(p(x))   entropy(x, y)   entropy(x | y)     of a density, or of random variables (under the claim's one law)
    mutual_information(x, y | z)                       or with the law: mutual_information(p, x, y, given=z)
    KL(q, p)   conditional_KL(q(x | z), p(x | z))   JS   TV   chi2   hellinger   renyi   f_divergence

An integral that compares two densities runs over the points where the first is positive; where the second is 0 there,
the divergence is infinite (KL) or not defined (chi2, renyi, f_divergence), and nothing is said about it.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy.core.expr import Expr

from ..kernel import term as T
from .densities import (
    KL, UNDERLYING, Bar, Density, E, Law, RandomVariable, _bound, _several, barred, integral,
)
from .errors import StatementError
from .moments import _minus, _power, _times

HALF = sympy.Rational(1, 2)


def _log(u: Any) -> Any:
    return sympy.log(u, evaluate=False)


def _ratio(a: Any, b: Any) -> Any:
    return sympy.Mul(a, sympy.Pow(b, -1, evaluate=False), evaluate=False)


def _negative(u: Any) -> Any:
    return sympy.Mul(-1, u, evaluate=False)


def entropy(*parts: Any, given: Any = (), over: Any = None) -> Expr:
    """-E log p.  ``entropy(p(x))`` of a density (``p(x | z)``: at a fixed z); ``entropy(x, y)`` and ``entropy(x | y)``,
    averaged over y, of random variables."""
    if not parts:
        raise StatementError("entropy(p(x)) or entropy(x): of what?", "expectation")
    if all(isinstance(p, (RandomVariable, Bar, tuple)) for p in parts[:1]):
        own, behind = barred(parts, given)
        names = _variables([v for u in own for v in _several(u)], "entropy")
        return _negative(E(_log(Density(UNDERLYING, names, behind)), (*names, *behind),
                           Density(UNDERLYING, (*names, *behind), ())))
    density, *rest = parts
    if rest:
        over = rest
    return _negative(E(_log(density), _bound(over, density), density))


def _variables(names: Any, what: str) -> tuple[RandomVariable, ...]:
    for v in names:
        if not isinstance(v, RandomVariable):
            raise StatementError(
                f"{what} of {v}, which is no random variable: declare y, and that it is a function of x, "
                "function_of(y, x)", "expectation")
    return tuple(names)


def cross_entropy(q: Any, p: Any, over: Any = None) -> Expr:
    """-E_q log p."""
    return _negative(E(_log(p), _bound(over, q), q))


def conditional_entropy(*parts: Any, given: Any = ()) -> Expr:
    """H(X | Z) = -E log p(x | z) under the joint density p(x, z): ``conditional_entropy(p(x | z))`` or ``(x | z)``."""
    if parts and isinstance(parts[0], (RandomVariable, Bar, tuple)):
        out = barred(parts, given)
        if not out[1]:
            raise StatementError("conditional_entropy(x | z): given what?", "expectation")
        return entropy(*parts, given=given)
    density = parts[0] if len(parts) == 1 else None
    if not isinstance(density, Density) or not density.given:
        raise StatementError("conditional_entropy(p(x | z)): a density with a bar is needed", "expectation")
    return _negative(E(_log(density), density.own + density.given, _joint(density)))


def _joint(density: Density) -> Density:
    return Density(density.law, density.own + density.given, ())


def mutual_information(*parts: Any, given: Any = ()) -> Expr:
    """I(A; B | C): ``mutual_information(x, y)``, ``mutual_information(x, (y, z))``, ``mutual_information(x, y | z)``,
    under the claim's one law, or ``mutual_information(p, x, y, given=z)``.

    KL(p(a, b) || p(a) p(b)), with C behind every bar and averaged over C.
    """
    law = UNDERLYING
    if parts and isinstance(parts[0], Law):
        law, parts = parts[0], parts[1:]
    own, behind = barred(parts, given)
    if len(own) != 2:
        raise StatementError("mutual_information(x, y) is between two; groups are tuples, (x, (y, z))", "expectation")
    first, second = (_variables(_several(u), "mutual_information") for u in own)
    at = lambda *names: Density(law, names, behind)  # noqa: E731
    inner = KL(at(*first, *second), _times(at(*first), at(*second)), (*first, *second))
    return E(inner, behind, Density(law, behind, ())) if behind else inner


def total_correlation(*names: Any, law: Any = UNDERLYING) -> Expr:
    """KL(p(x, y, ...) || p(x) p(y) ...)."""
    if names and isinstance(names[0], Law):
        law, names = names[0], names[1:]
    own = _variables(names, "total_correlation")
    return KL(Density(law, own, ()), _times(*(Density(law, (v,), ()) for v in own)), own)


def function_of(y: Any, *x: Any, law: Any = UNDERLYING) -> Any:
    """y is determined by x: H(y | x) = 0.  For discrete variables: no density of (x, y) exists otherwise."""
    from .logic import eq

    behind = _variables([v for u in x for v in _several(u)], "function_of")
    own = _variables(_several(y), "function_of")
    if not behind:
        raise StatementError("function_of(y, x): y is a function of what?", "expectation")
    for v in (*own, *behind):
        if v.sort != T.Space("counting"):
            raise StatementError(
                f"function_of: {v.name} is not discrete, and (x, f(x)) has no joint density then: declare it "
                f'D.variables("{v.name}", measure="discrete")', "expectation")
    names = (*own, *behind)
    return eq(_negative(E(_log(Density(law, own, behind)), names, Density(law, names, ()))), 0)


# ------------------------------------------------------------------------ divergences


def conditional_KL(q: Any, p: Any) -> Expr:
    """KL(q(x | z) || p(x | z)), averaged over z under q."""
    if not isinstance(q, Density) or not q.given:
        raise StatementError("conditional_KL(q(x | z), p(x | z)): a density with a bar is needed", "expectation")
    return E(KL(q, p, q.own), q.given, Density(q.law, q.given, ()))


def JS(p: Any, q: Any, over: Any = None) -> Expr:
    """The Jensen-Shannon divergence, (KL(p || m) + KL(q || m))/2 with m = (p + q)/2."""
    names = _bound(over, p)
    m = sympy.Mul(HALF, sympy.Add(p, q, evaluate=False), evaluate=False)
    return sympy.Add(sympy.Mul(HALF, KL(p, m, names), evaluate=False),
                     sympy.Mul(HALF, KL(q, m, names), evaluate=False), evaluate=False)


def jeffreys(p: Any, q: Any, over: Any = None) -> Expr:
    """KL(p || q) + KL(q || p)."""
    names = _bound(over, p)
    return sympy.Add(KL(p, q, names), KL(q, p, names), evaluate=False)


def TV(p: Any, q: Any, over: Any = None) -> Expr:
    """The total variation distance, half the integral of |p - q|."""
    return sympy.Mul(HALF, integral(sympy.Abs(_minus(p, q), evaluate=False), *_bound(over, p)), evaluate=False)


def chi2(p: Any, q: Any, over: Any = None) -> Expr:
    """The chi-squared divergence E_p p/q - 1, that is E_q (p/q - 1)^2."""
    return _minus(E(_ratio(p, q), *_bound(over, p), p), 1)


def hellinger(p: Any, q: Any, over: Any = None) -> Expr:
    """The squared Hellinger distance 1 - integral of sqrt(p q), half the integral of (sqrt(p) - sqrt(q))^2."""
    return _minus(1, integral(_times(sympy.sqrt(p, evaluate=False), sympy.sqrt(q, evaluate=False)), *_bound(over, p)))


def renyi(p: Any, q: Any, alpha: Any, over: Any = None) -> Expr:
    """The Renyi divergence of order alpha, log(E_p (p/q)^(alpha - 1))/(alpha - 1); alpha is not 1."""
    a = _minus(alpha, 1) if not isinstance(alpha, (int, sympy.Rational)) else sympy.Rational(alpha) - 1
    if a == 0:
        raise StatementError("renyi: the order 1 is KL(p, q)", "divergence")
    return _ratio(_log(E(_power(_ratio(p, q), a), *_bound(over, p), p)), a)


def f_divergence(f: Any, t: Any, p: Any, q: Any, over: Any = None) -> Expr:
    """E_q f(p/q), f an expression in the symbol t: ``f_divergence(t*log(t), t, p(x), q(x))`` is KL(p || q)."""
    f = sympy.sympify(f)
    if not isinstance(t, sympy.Symbol) or t not in f.free_symbols:
        raise StatementError("f_divergence(t*log(t), t, p(x), q(x)): f is an expression in the symbol t", "divergence")
    return E(f.subs(t, _ratio(p, q)), *_bound(over, q), q)


__all__ = ["JS", "TV", "chi2", "conditional_KL", "conditional_entropy", "cross_entropy", "entropy", "f_divergence",
           "function_of", "hellinger", "jeffreys", "mutual_information", "renyi", "total_correlation"]
