"""Orders of growth in statements.

    D.claim("id", f, "=", O(t*n**2*l), given=[t > n])     O, Omega, Theta, o, similar (f/g -> 1)

``f = O(g)``: there are C, N with |f| <= C*|g| whenever every growing variable is >= N, in its domain and
in the regime.  All growing variables grow, independently of each other unless the regime says more.

* **Growing variables**: the integer symbols of f and g; if there are none, the symbols of g.
  ``O(g, growing=[x])`` names them, ``O(g, fixed=[n])`` takes some out: C and N may depend on a fixed symbol.
* **Regime**: the assumptions that mention growing variables: ``t > n``, ``t <= n**2``, ``eq(t, n)``.
  ``eq(n, O(t))`` means n <= K*t for an arbitrary constant K > 0 (the claim holds for every K);
  ``eq(n, Omega(t))``: n >= k*t; ``eq(n, Theta(t))``: both.
* The opposite: ``D.claim("id", f, "!=", O(g))``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sympy
from sympy.core.expr import Expr

from .errors import StatementError
from .logic import and_, le, not_
from .nodes import BinderStatement, Statement, expression

_HEADS = {"O": "big-o", "Omega": "big-omega", "Theta": "big-theta", "o": "little-o", "similar": "similar"}


class Order(Expr):
    """The right side of an order of growth; only ``claim`` and ``given`` take it."""

    is_commutative = True

    def __new__(cls, kind: str, g: Any, growing: Any = None, fixed: Any = ()) -> Any:
        return Expr.__new__(
            cls, sympy.Symbol(kind), expression(g), sympy.Tuple(*_list(fixed)),
            *(() if growing is None else (sympy.Tuple(*_list(growing)),)))

    kind = property(lambda self: str(self.args[0]))
    g = property(lambda self: self.args[1])
    fixed = property(lambda self: tuple(self.args[2]))
    growing = property(lambda self: tuple(self.args[3]) if len(self.args) > 3 else None)

    def _sympystr(self, printer: Any) -> str:
        return f"{self.kind}({self.g})"


def _list(x: Any) -> tuple[Any, ...]:
    return tuple(x) if isinstance(x, (list, tuple, set, sympy.Tuple)) else (x,)


def O(g: Any, *, growing: Any = None, fixed: Any = ()) -> Any:  # noqa: E743  the letter is the notation
    """At most of the order of g."""
    return Order("O", g, growing, fixed)


def Omega(g: Any, *, growing: Any = None, fixed: Any = ()) -> Any:
    """At least of the order of g."""
    return Order("Omega", g, growing, fixed)


def Theta(g: Any, *, growing: Any = None, fixed: Any = ()) -> Any:
    """Of the order of g: O and Omega."""
    return Order("Theta", g, growing, fixed)


def o(g: Any, *, growing: Any = None, fixed: Any = ()) -> Any:
    """Of smaller order than g."""
    return Order("o", g, growing, fixed)


def similar(g: Any, *, growing: Any = None, fixed: Any = ()) -> Any:
    """Asymptotically equal to g: the quotient tends to 1."""
    return Order("similar", g, growing, fixed)


def order_claim(parts: Sequence[Any], given: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
    """A link ``f, "=", O(g)`` with its assumptions as one statement and the assumptions that are left.
    Anything else comes back as it is."""
    if any(isinstance(p, sympy.Order) for p in parts):
        raise StatementError(
            "this O is SymPy's, a series remainder that SymPy evaluates: from checker import O, after any "
            "'from sympy import *'", "order")
    if not any(isinstance(p, Order) for p in parts) and any(type(x).__name__ == "Recurrence" for x in given):
        raise StatementError("a recurrence is assumed of an order of growth: T(n), \"=\", Theta(...)", "recurrence")
    if not any(isinstance(p, Order) for p in parts) and not any(_mentions(x) for x in given):
        return parts, given
    if len(parts) != 3 or not isinstance(parts[2], Order) or isinstance(parts[0], Order) or (
            parts[1] not in ("=", "!=")):
        raise StatementError('an order of growth is claimed as  f, "=", O(g)  (or "!=")', "order")
    f, relation, order = expression(parts[0]), parts[1], parts[2]
    from .recurrences import Recurrence, with_recurrence

    recurrences = [x for x in given if isinstance(x, Recurrence)]
    given = [x for x in given if not isinstance(x, Recurrence)]
    if len(recurrences) > 1:
        raise StatementError("one claim is about one recurrence", "recurrence")
    names = _growing(f, order)
    taken = {s.name for x in (f, order.g, *map(_bare, given)) for s in x.free_symbols if hasattr(s, "name")}
    regime: list[Any] = []
    left: list[Any] = []
    for x in given:
        statement = _bare(x)
        if _mentions(statement):
            regime += _bounds(statement, taken)
        elif statement.free_symbols & set(names):
            regime.append(statement)
        else:
            left.append(x)
    for n in names:
        if n.is_extended_nonpositive:
            raise StatementError(f"{n} is declared non-positive: it does not grow to oo", "order")
    real = {n: sympy.Symbol(n.name, real=True) for n in names if not (n.is_integer or n.is_extended_real)}
    if any(set(real.values()) & u.free_symbols for u in (f, order.g, *regime)):
        raise StatementError("two symbols have the name of a growing variable: rename one", "order")
    inner = [u.xreplace(real) if real else u for u in (
        sympy.true if not regime else regime[0] if len(regime) == 1 else and_(*regime), f, order.g)]
    statement = BinderStatement(_HEADS[order.kind], [real.get(n, n) for n in names], (), inner)
    if recurrences:
        return (with_recurrence(recurrences[0], f, statement, relation == "!="),), left
    return (not_(statement) if relation == "!=" else statement,), left


def _bare(x: Any) -> Any:
    return getattr(x, "statement", x)


def _mentions(x: Any) -> bool:
    return isinstance(x, sympy.Basic) and x.has(Order)


def _growing(f: Any, order: Any) -> tuple[Any, ...]:
    symbols = [s for s in (f.free_symbols | order.g.free_symbols) if isinstance(s, sympy.Symbol)]
    if order.growing is not None:
        names: Iterable[Any] = order.growing
        if any(not isinstance(s, sympy.Symbol) for s in order.growing):
            raise StatementError("growing= takes symbols", "order")
    else:
        names = [s for s in symbols if s.is_integer] or [s for s in symbols if s in order.g.free_symbols]
        names = [s for s in names if s not in order.fixed]
    out = tuple(sorted(names, key=lambda s: str(s.name)))
    if not out:
        raise StatementError(
            "no variable grows: name them, O(g, growing=[n]); all symbols of the claim are fixed", "order")
    return out


def _bounds(statement: Any, taken: set[str]) -> list[Any]:
    """``eq(n, O(g))`` as n <= K*g with a new constant K > 0."""
    if not (isinstance(statement, (Statement, sympy.Eq)) and str(getattr(statement, "head", "=")) == "="):
        raise StatementError("an order of growth as an assumption is written eq(n, O(t))", "order")
    left, order = statement.operands if isinstance(statement, Statement) else statement.args
    if not isinstance(order, Order) or order.kind not in ("O", "Omega", "Theta"):
        raise StatementError("as an assumption only eq(n, O(t)), Omega and Theta are read", "order")
    out = []
    if order.kind in ("O", "Theta"):
        out.append(le(left, sympy.Mul(_constant("K", taken), order.g, evaluate=False)))
    if order.kind in ("Omega", "Theta"):
        out.append(le(sympy.Mul(_constant("k", taken), order.g, evaluate=False), left))
    return out


def _constant(stem: str, taken: set[str]) -> Any:
    name, n = stem, 1
    while name in taken:
        name, n = f"{stem}_{n}", n + 1
    taken.add(name)
    return sympy.Symbol(name, positive=True)


__all__ = ["O", "Omega", "Order", "Theta", "o", "order_claim", "similar"]
