"""Moments, events and independence of random variables; every one unfolds into expectations and densities.

    Var(y)   Var(y | x)   Var(f, z, q(z))   Cov(x, y)   Cov(x, y, given=z)      as E: the law may be named or not
    Pr(x > 0)   Pr(x > 0, given=z)   indicator(x > 0)
    independent(x, y, given=z)   markov(x, y, z)   factorises(p(x, y, z), p(x)*p(y | x)*p(z | y))

Independence is stated by products, p(x, y, z) p(z) = p(x, z) p(y, z), which says the same where p(z) = 0 too; a
conditional density in its place would not be defined there (Dawid 1979, J. R. Stat. Soc. B 41, 1-31).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import sympy
from sympy.core.expr import Expr

from . import draws
from .densities import (
    UNDERLYING, Bar, Density, E, Law, RandomVariable, _of_vector, _several, barred, free_variables,
)
from .draws import drawn
from .errors import StatementError
from .indices import independent as _unchanged
from .logic import and_, eq, forall
from .nodes import Node, Statement
from .normal_vectors import covariance
from .samples import Independence, is_quantity


def _times(*factors: Any) -> Any:
    return factors[0] if len(factors) == 1 else sympy.Mul(*factors, evaluate=False)


def _minus(a: Any, b: Any) -> Any:
    return sympy.Add(a, sympy.Mul(-1, b, evaluate=False), evaluate=False)


def _power(a: Any, k: Any) -> Any:
    return sympy.Pow(a, k, evaluate=False)


def _averaging(parts: Sequence[Any], given: Any, count: int, name: str) -> tuple[tuple[Any, ...], Any]:
    """The ``count`` things to average, and the averaging that what follows them says."""
    n = next((k + 1 for k, p in enumerate(parts) if isinstance(p, Bar)), None)
    if n is None and len(parts) > count:
        over = parts[count:]
        return tuple(parts[:count]), lambda f: E(f, *over, given=given)
    things, behind = barred(parts, given)
    if len(things) != count:
        raise StatementError(f"{name} takes {count} argument{'s' if count > 1 else ''} and then z, q(z)", "expectation")
    return things, lambda f: E(f, given=behind)


def Var(f: Any, *over: Any, given: Any = ()) -> Expr:
    """The variance E (f - E f)^2: ``Var(y)``, ``Var(y | x)``, ``Var(f(z), z, q(z | x))``."""
    if over and _of_vector(over[-1]):
        return covariance(f, f, over[-1])
    if drawn(f) and not over:
        return draws.covariance(f, f)
    (f,), mean = _averaging((f, *over), given, 1, "Var")
    _random(f, mean, "Var")
    return mean(_power(_minus(f, mean(f)), 2))


def Cov(f: Any, g: Any, *over: Any, given: Any = ()) -> Expr:
    """The covariance E (f - E f)(g - E g): ``Cov(x, y)``, ``Cov(x, y | z)``, ``Cov(f(z), g(z), z, q(z))``."""
    if over and _of_vector(over[-1]):
        return covariance(f, g, over[-1])
    if drawn(f, g) and not over:
        return draws.covariance(f, g)
    (f, g), mean = _averaging((f, g, *over), given, 2, "Cov")
    return mean(_times(_minus(f, mean(f)), _minus(g, mean(g))))


def std(f: Any, *over: Any, given: Any = ()) -> Expr:
    """The standard deviation, the square root of the variance."""
    return sympy.sqrt(Var(f, *over, given=given), evaluate=False)


def correlation(f: Any, g: Any, *over: Any, given: Any = ()) -> Expr:
    """Cov(f, g) / sqrt(Var f Var g)."""
    (f, g), mean = _averaging((f, g, *over), given, 2, "correlation")
    var = [mean(_power(_minus(h, mean(h)), 2)) for h in (f, g)]
    return _times(Cov(f, g, *over, given=given), _power(sympy.sqrt(_times(*var), evaluate=False), -1))


def moment(f: Any, k: Any, *over: Any, given: Any = ()) -> Expr:
    """The k-th moment E f^k."""
    return E(_power(f, k), *over, given=given)


def central_moment(f: Any, k: Any, *over: Any, given: Any = ()) -> Expr:
    """E (f - E f)^k."""
    return E(_power(_minus(f, E(f, *over, given=given)), k), *over, given=given)


def _random(f: Any, mean: Any, name: str) -> None:
    if mean(f) is f:
        raise StatementError(f"{name}({f}): there is no random variable in it", "expectation")


# ------------------------------------------------------------------------ events


def indicator(event: Any) -> Expr:
    """1 where the event holds, 0 elsewhere."""
    if isinstance(event, bool) or event in (sympy.true, sympy.false):
        raise StatementError(
            f"the event arrived as {event}: Python or SymPy evaluated it (write eq(x, y) instead of x == y)",
            "evaluated")
    if not isinstance(event, sympy.logic.boolalg.Boolean):
        raise StatementError(f"{event} is no event: write a relation, x > 0 or eq(x, y)", "event")
    return Node("cases", sympy.Integer(1), event, sympy.Integer(0), Statement("true"))


def Pr(event: Any, *over: Any, given: Any = ()) -> Expr:
    """The probability of an event: ``Pr(x > 0)``, ``Pr(x > 0, given=z)``, ``Pr(A, given=B)``, ``Pr(z > 0, q(z))``."""
    behind = _several(given)
    if any(isinstance(b, sympy.logic.boolalg.Boolean) for b in behind):
        both = E(indicator(and_(event, *behind)), *over)
        return _times(both, _power(E(indicator(and_(*behind) if len(behind) > 1 else behind[0]), *over), -1))
    return E(indicator(event), *over, given=given)


# ------------------------------------------------------------------------ independence


def _group(x: Any) -> tuple[RandomVariable, ...]:
    out = _several(x)
    for v in out:
        if not isinstance(v, RandomVariable):
            raise StatementError(
                f"{v} is no random variable: independent(x, y, given=z) takes variables (functions of "
                "independent ones are independent with them)", "independence")
    return out


def _law(law: Any, name: str) -> Law:
    if not isinstance(law, Law):
        raise StatementError(f"{name}: law={law} is no law: declare it, p = D.densities(\"p\")", "independence")
    return law


def independent(*parts: Any, given: Any = (), law: Any = UNDERLYING, of: Any = None, at: Any = None) -> Any:
    """x and y are independent, given z: ``independent(x, y, given=z)``, ``independent(x, y | z)``,
    ``independent((x, y), z)``; several are mutually independent.  ``law=p`` where the claim has more than one.

    ``independent(out, of=x, at=k)``: no randomness, ``out`` does not change with ``x[k]``.
    """
    if of is None and any(is_quantity(q) for p in parts for q in _several(p)):
        return Independence(parts)
    if of is not None or (parts and not any(isinstance(p, (Bar, RandomVariable, tuple, Law)) for p in parts)):
        return _unchanged(*parts, **{k: v for k, v in (("of", of), ("at", at)) if v is not None})
    if parts and isinstance(parts[0], Law):
        law, parts = parts[0], parts[1:]
    own, behind = barred(parts, given)
    groups = [_group(x) for x in own]
    if len(groups) < 2:
        raise StatementError("independent(x, y): of two or more", "independence")
    named = [v for g in groups for v in g] + list(behind)
    if twice := next((v for v in named if named.count(v) > 1), None):
        raise StatementError(f"independent(...): {twice} stands there twice", "independence")
    p = _law(law, "independent")
    left = [Density(p, named, ())] + [Density(p, behind, ()) for _ in groups[1:] if behind]
    right = [Density(p, (*g, *behind), ()) for g in groups]
    return forall(tuple(named), eq(_times(*left), _times(*right)))


def markov(*parts: Any, law: Any = UNDERLYING) -> Any:
    """x - y - z is a Markov chain: each is independent of all earlier ones, given the one before it."""
    if parts and isinstance(parts[0], Law):
        law, parts = parts[0], parts[1:]
    groups = [_group(x) for x in parts]
    if len(groups) < 3:
        raise StatementError("markov(x, y, z): a chain of three or more", "independence")
    p = _law(law, "markov")
    named = tuple(v for g in groups for v in g)
    left = [Density(p, named, ())] + [Density(p, g, ()) for g in groups[1:-1]]
    right = [Density(p, (*a, *b), ()) for a, b in pairwise(groups)]
    return forall(named, eq(_times(*left), _times(*right)))


def factorises(density: Any, product: Any) -> Any:
    """The joint density is that product, almost everywhere: ``factorises(p(x, y, z), p(x)*p(y | x)*p(z | y))``."""
    if not isinstance(density, Density):
        raise StatementError("factorises(p(x, y), p(x)*p(y | x)): first the joint density", "independence")
    names = tuple(dict.fromkeys((*density.own, *density.given)))
    if more := [v for v in free_variables(product) if v not in names]:
        raise StatementError(f"factorises: {more[0]} stands in the product and not in {density}", "independence")
    return forall(names, eq(density, product))


__all__ = ["Cov", "Pr", "Var", "central_moment", "correlation", "factorises", "independent", "indicator", "markov",
           "moment", "std"]
