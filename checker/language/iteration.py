"""Iterations: a state updated line by line, and statements about its orbit.

>>> from sympy import symbols
>>> p, q = symbols("p q", real=True)
>>> G = iteration((p, q), [(q, q + p), (p, p - q)])     # one after the other: the new q moves p
>>> G.after(1, start=(1, 1))
iterate(1 step from (1, 1))
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from sympy.core.expr import Expr

from .errors import StatementError
from .nodes import Binder, BinderStatement, Node, Statement, expression as stated


class State(Binder):
    """The tuple of the state after some steps; ``state[0]`` is its first component."""

    def __getitem__(self, k: int) -> Expr:
        if not 0 <= k < len(self.args[1]):
            raise IndexError(k)
        return Node("item", self, k + 1)

    def __len__(self) -> int:
        return len(self.args[1])

    def __iter__(self) -> Any:
        return (self[k] for k in range(len(self)))

    def _sympystr(self, printer: Any) -> str:
        steps, start = self.args[2]
        plural = "" if steps == 1 else "s"
        return f"iterate({steps} step{plural} from {tuple(start.operands)})"


class Iteration:
    """``state`` names updated by ``lines``, done one after the other.

    A line ``(q, q + p)`` assigns to q.  A line ``((p, q), (q, p))`` assigns several at once.
    """

    def __init__(self, state: Sequence[Any], lines: Sequence[tuple[Any, Any]]) -> None:
        self.state = tuple(state)
        for s in self.state:
            if not isinstance(s, sympy.Symbol):
                raise StatementError(f"the state of an iteration is made of symbols, not {s}")
        self.lines = []
        for target, value in lines:
            targets = tuple(target) if isinstance(target, (tuple, list)) else (target,)
            values = tuple(value) if isinstance(value, (tuple, list)) else (value,)
            if len(targets) != len(values):
                raise StatementError("a line assigns as many values as it names")
            for t in targets:
                if t not in self.state:
                    raise StatementError(f"{t} is not in the state {self.state}")
            if len(targets) == 1:
                self.lines.append(Node("assign", targets[0], values[0]))
            else:
                self.lines.append(Node("assign", Node("tuple", *targets), Node("tuple", *values)))

    @property
    def start(self) -> Expr:
        """The state before the first step."""
        return Node("tuple", *self.state)

    def after(self, steps: Any, start: Sequence[Any] | None = None) -> State:
        """The state after ``steps`` steps, from ``start`` (default: the state's own names)."""
        begin = tuple(start) if start is not None else self.state
        if len(begin) != len(self.state):
            raise StatementError(f"the start needs {len(self.state)} values")
        state: State = State("iterate", self.state, (steps, Node("tuple", *begin)), self.lines)
        return state

    def at(self, expression: Any, steps: Any, start: Sequence[Any] | None = None) -> Expr:
        """``expression`` in the state's names, after ``steps`` steps."""
        state = self.after(steps, start)
        with sympy.evaluate(False):
            result: Expr = stated(expression).xreplace(dict(zip(self.state, state, strict=True)))
        return result

    def keeps(self, expression: Any, start: Sequence[Any] | None = None) -> Any:
        """The statement that ``expression`` never changes: for all n >= 0 its value after n steps is
        its value at the start."""
        n = sympy.Symbol("n", integer=True)
        with sympy.evaluate(False):
            begin = dict(zip(self.state, start if start is not None else self.state, strict=True))
            before = stated(expression).xreplace(begin)
            same = Statement("=", self.at(expression, n, start), before)
            return BinderStatement("forall", (n,), (), (sympy.Ge(n, 0), same))

    invariant = keeps


def iteration(state: Sequence[Any], lines: Sequence[tuple[Any, Any]]) -> Iteration:
    return Iteration(state, lines)
