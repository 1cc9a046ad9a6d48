"""Statements that free symbols cannot make: quantifiers and connectives, never evaluated by SymPy.

    forall(n, eq(G.at(p, n), 0), where=n >= 0)       for every admissible n
    exists(x, eq(x**2, 2))                           for some x of its domain
    implies(P, Q)   iff(P, Q)   not_(P)   and_(P, Q, ...)   or_(P, Q, ...)
    eq(a, b)  ne(a, b)  lt(a, b)  le(a, b)           relations that stay what was written

Bound names are SymPy symbols (their assumptions are the domain) or declared indices.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy

from .errors import StatementError
from ..kernel.term import Var, app
from .nodes import BinderStatement, Declared, Statement


def _names(names: Any) -> tuple[Any, ...]:
    out = tuple(names) if isinstance(names, (tuple, list, sympy.Tuple)) else (names,)
    for n in out:
        if not isinstance(n, (sympy.Symbol, Declared)):
            raise StatementError(f"{n} cannot be bound: a symbol or a declared index is needed", "bound-name")
    return out


def _statement(s: Any) -> Any:
    if isinstance(s, bool) or s in (sympy.true, sympy.false):
        raise StatementError(
            f"a statement arrived as {s}: Python or SymPy evaluated it before it could be read "
            "(write eq(a, b) instead of a == b, and state it under sympy.evaluate(False))", "evaluated")
    return s


def _quantified(head: str, names: Any, statement: Any, where: Any) -> Any:
    bound = _names(names)
    facts = [_domain(n) for n in bound]
    guard = [f for f in facts if f is not None] + _distinct(bound) + ([_statement(where)] if where is not None else [])
    joined = sympy.true if not guard else guard[0] if len(guard) == 1 else and_(*guard)
    return BinderStatement(head, bound, (), (joined, _statement(statement)))


def _distinct(bound: tuple[Any, ...]) -> list[Any]:
    """The facts between bound indices that were declared distinct."""
    return [
        Statement("!=", x, y) for k, x in enumerate(bound) for y in bound[k + 1:]
        if isinstance(x, Declared) and any(
            app("!=", Var(a.name), Var(b.name)) in x.facts for a, b in ((x, y), (y, x)))]


def _domain(n: Any) -> Any:
    """The facts of a bound symbol's assumptions (positive, nonzero, ...) as its guard."""
    if not isinstance(n, sympy.Symbol):
        return None
    x = n
    if n.is_extended_positive:
        return sympy.Gt(x, 0, evaluate=False)
    if n.is_extended_negative:
        return sympy.Lt(x, 0, evaluate=False)
    if n.is_extended_nonnegative:
        return sympy.Ge(x, 0, evaluate=False)
    if n.is_extended_nonpositive:
        return sympy.Le(x, 0, evaluate=False)
    if n.is_zero is False and n.is_extended_real:
        return sympy.Ne(x, 0, evaluate=False)
    return None


def several(over: Any, body: Any, more: tuple[Any, ...], where: Any, is_body: Callable[[Any], bool]
            ) -> tuple[Any, Any, Any]:
    """``f(i, j, body)`` means ``f((i, j), body)``, and ``f(i, body, condition)`` has the condition as ``where``."""
    parts = [over, body, *more]
    if more and where is None and not (is_body(parts[-1]) and isinstance(parts[-2], (sympy.Symbol, Declared))):
        where = parts.pop()
    return (parts[0] if len(parts) == 2 else tuple(parts[:-1])), parts[-1], where


def forall(names: Any, statement: Any, *more: Any, where: Any = None) -> Any:
    """``statement`` holds for all values of ``names`` (with ``where``)."""
    names, statement, where = several(names, statement, more, where, lambda _: True)
    return _quantified("forall", names, statement, where)


def exists(names: Any, statement: Any, *more: Any, where: Any = None) -> Any:
    """``statement`` holds for some values of ``names`` (with ``where``)."""
    names, statement, where = several(names, statement, more, where, lambda _: True)
    return _quantified("exists", names, statement, where)


def implies(premise: Any, conclusion: Any) -> Any:
    return Statement("implies", _statement(premise), _statement(conclusion))


def iff(left: Any, right: Any) -> Any:
    return Statement("iff", _statement(left), _statement(right))


def not_(statement: Any) -> Any:
    return Statement("not", _statement(statement))


def and_(*statements: Any) -> Any:
    return Statement("and", *map(_statement, statements))


def or_(*statements: Any) -> Any:
    return Statement("or", *map(_statement, statements))


def eq(left: Any, right: Any) -> Any:
    return _relation("=", left, right)


def ne(left: Any, right: Any) -> Any:
    return _relation("!=", left, right)


def lt(left: Any, right: Any) -> Any:
    return _relation("<", left, right)


def le(left: Any, right: Any) -> Any:
    return _relation("<=", left, right)


def gt(left: Any, right: Any) -> Any:
    return _relation(">", left, right)


def ge(left: Any, right: Any) -> Any:
    return _relation(">=", left, right)


def _relation(head: str, left: Any, right: Any) -> Any:
    left, right = _tupled(left), _tupled(right)
    from .indices import privately
    from .matrices import relation

    whole = relation(left, head, right)
    if whole is not None:
        return whole
    left, right, r = privately(left, right)
    if r is None:
        return Statement(head, left, right)
    if head == "=":
        return forall(r, Statement(head, left, right))
    if head == "!=":
        return exists(r, Statement(head, left, right))
    raise StatementError(f"{left} {head} {right}: an order between vectors is not read", "vector")


def _tupled(x: Any) -> Any:
    from .nodes import Node

    return Node("tuple", *x) if isinstance(x, (tuple, list)) else x


__all__ = ["and_", "eq", "exists", "forall", "ge", "gt", "iff", "implies", "le", "lt", "ne", "not_", "or_"]
