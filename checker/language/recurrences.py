"""Functions given by a recurrence, for orders of growth.

    T = Function("T")
    D.claim("merge-sort", T(n), "=", Theta(n*log(n)), given=[recurrence(T(n), 2*T(n/2) + n)])

The claim is about *every* function T from the integers to the reals with T(n) > 0 for n >= 1 for which the
recurrence holds from some n on.  T(n/2) is read as T(floor(n/2)); ceilings are written (``T(ceiling(n/2))``).
The driving cost may be ``Theta(f)`` (between two positive multiples of f) or ``O(f)`` (from 0 to a multiple):
``recurrence(T(n), 2*T(n/2) + Theta(n))``.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy.core.function import AppliedUndef

from ..kernel import term as T
from .errors import StatementError
from .logic import and_, eq, exists, forall, gt, le, not_
from .nodes import BinderStatement, Declared, Node
from .orders import Order

_HELP = "write recurrence(T(n), 2*T(n/2) + n), with T = Function('T') and an integer symbol n"


class Recurrence(sympy.Basic):
    """An assumption ``T(n) = right`` from some n on; only ``given`` of an order of growth takes it."""

    left = property(lambda self: self.args[0])
    right = property(lambda self: self.args[1])


def recurrence(left: Any, right: Any) -> Any:
    """T(n) = right for all n from some n on."""
    if not (isinstance(left, AppliedUndef) and len(left.args) == 1 and isinstance(left.args[0], sympy.Symbol)
            and left.args[0].is_integer):
        raise StatementError(f"{left} is not T(n): {_HELP}", "recurrence")
    right = sympy.sympify(right)
    if not any(u.func == left.func for u in right.atoms(AppliedUndef)):
        raise StatementError(f"{right} does not call {left.func}: {_HELP}", "recurrence")
    return Recurrence(left, right)


def with_recurrence(given: Recurrence, claimed: Any, statement: Any, opposite: bool) -> Any:
    """``statement``, an order of growth of T(n), or its opposite, for every T with the recurrence."""
    if claimed != given.left:
        raise StatementError(f"the recurrence is one of {given.left}, the claim is about {claimed}", "recurrence")
    function = given.left.func
    n = sympy.Symbol(given.left.args[0].name, integer=True)
    t = Declared(function.__name__, T.Map((T.INTEGER,), T.REAL))

    def put(e: Any) -> Any:
        if e == given.left.args[0]:
            return n
        if isinstance(e, AppliedUndef) and e.func == function:
            if len(e.args) != 1:
                raise StatementError(f"{e} has {len(e.args)} arguments", "recurrence")
            inside = put(e.args[0])
            return Node("at", t, inside if inside.is_integer else sympy.floor(inside, evaluate=False))
        if isinstance(e, Order) or not e.args:
            return e
        return e.func(*map(put, e.args))

    with sympy.evaluate(False):
        whole, start = sympy.Symbol("n", integer=True), sympy.Symbol("N", integer=True)
        positive = forall(whole, gt(Node("at", t, whole), 0), where=sympy.Ge(whole, 1))
        parts = given.right.args if isinstance(given.right, sympy.Add) else (given.right,)
        orders = [p for p in parts if p.has(Order)]
        if not orders:
            body = eq(Node("at", t, n), put(given.right))
            known = exists(start, forall(n, body, where=sympy.Ge(n, start)))
        else:
            known = _bounded(t, n, start, put, orders, [put(p) for p in parts if not p.has(Order)])
    names, outer, inner = statement.args[1], statement.args[2], statement.args[3]
    claim = BinderStatement(str(statement.args[0]), [put(x) for x in names], outer, [put(u) for u in inner])
    return BinderStatement("forall", (t,), (), (and_(positive, known), not_(claim) if opposite else claim))


def _bounded(t: Any, n: Any, start: Any, put: Any, orders: list[Any], calls: list[Any]) -> Any:
    """c f(n) <= T(n) - calls <= C f(n)."""
    if len(orders) != 1 or not isinstance(orders[0], Order) or orders[0].kind not in ("Theta", "O"):
        raise StatementError("the driving cost is one Theta(f) or O(f), alone beside the calls of T", "recurrence")
    f, (low, high) = put(orders[0].g), sympy.symbols("c C", real=True)
    rest = sympy.Add(*calls) if len(calls) > 1 else calls[0]
    inside = Node("add", Node("at", t, n), Node("neg", rest))
    below = Node("mul", low, f) if orders[0].kind == "Theta" else sympy.Integer(0)
    both = and_(le(below, inside), le(inside, Node("mul", high, f)))
    return BinderStatement("exists", (start, low, high), (), (
        and_(gt(low, 0), gt(high, 0)), forall(n, both, where=sympy.Ge(n, start))))


__all__ = ["Recurrence", "recurrence", "with_recurrence"]
