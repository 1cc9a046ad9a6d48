"""Limits in statements.

    limit(f, x, a)        two-sided at a finite point; at oo or -oo there is one side
    limit(f, x, a, "+")   from above;  "-": from below

The variable runs over its domain: an integer symbol gives the limit of a sequence, any other symbol a
limit along the reals.  A symbol declared positive (or nonnegative) approaches 0 from above only, a
negative one from below.  As a side of a relation a limit asserts that it exists; oo and -oo are values
only where they are written.  Nothing is evaluated.
"""

from __future__ import annotations

from typing import Any

import sympy

from .errors import StatementError
from .nodes import Binder, Declared, Node, expression

_SIDES = {"+": "from-above", "-": "from-below", "+-": "two-sided", None: "two-sided"}


def limit(f: Any, x: Any, a: Any, side: str | None = None) -> Any:
    """The limit of ``f`` as ``x`` tends to ``a``."""
    if side not in _SIDES:
        raise StatementError(
            f'{side!r} is no side: write "+" (from above), "-" (from below) or nothing', "side")
    if not isinstance(x, sympy.Symbol) or isinstance(x, Declared):
        raise StatementError(f"{x} is no variable: a limit needs a symbol that moves", "bound-name")
    a = expression(a)
    if a.has(x):
        raise StatementError(f"the point {a} of the limit contains its variable {x}", "side")
    infinite = a in (sympy.oo, -sympy.oo)
    if x.is_integer and not infinite:
        raise StatementError(f"{x} is an integer: a sequence has a limit only at oo or -oo", "side")
    if infinite and side is not None:
        raise StatementError(f"at {a} there is only one side: leave {side!r} out", "side")
    _reached(x, a)
    name = _SIDES[side]
    if side is None and not infinite and a == 0:
        if x.is_extended_nonnegative or x.is_extended_positive:
            name = "from-above"
        elif x.is_extended_nonpositive or x.is_extended_negative:
            name = "from-below"
    if not (x.is_integer or x.is_extended_real):
        along = sympy.Symbol(x.name, real=True)
        if along in expression(f).free_symbols:
            raise StatementError(f"two symbols are called {x}: rename the variable of the limit", "bound-name")
        f, x = expression(f).xreplace({x: along}), along
    return Binder("limit", (x,), (a, Node(name)), (f,))


def _reached(x: Any, a: Any) -> None:
    """A point that no value of the variable comes near is a slip: such a limit would say nothing."""
    below = x.is_extended_nonnegative and (a == -sympy.oo or a.is_extended_negative)
    above = x.is_extended_nonpositive and (a == sympy.oo or a.is_extended_positive)
    if below or above:
        raise StatementError(f"{x} is declared {'non-negative' if below else 'non-positive'}: it does not tend to {a}",
                             "side")


__all__ = ["limit"]
