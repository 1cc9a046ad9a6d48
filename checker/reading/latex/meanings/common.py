"""What the topics share: the refusal, SymPy's arithmetic kept as written, the names in a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy

from ....kernel import term as T
from ....language.indices import shape
from ....language.matrix_nodes import MatrixMultiple, MatrixSum
from ....language.nodes import Node
from ..source import Unread
from ..tree import Tree

ONE, MINUS_ONE = sympy.Integer(1), sympy.Integer(-1)


def no_meaning(message: str, tree: Tree | None, hint: str = "") -> Unread:
    return Unread("no-meaning", message, tree.place if tree is not None else None, hint)


def is_statement(e: Any) -> bool:
    """A relation, connective or quantifier.  (SymPy's symbols are Booleans, too.)"""
    return isinstance(e, sympy.logic.boolalg.Boolean) and not isinstance(e, sympy.Expr)


class WrittenSum(sympy.Add):
    """A sum of numbers that is read in the order in which it was written: 1 - x, not -x + 1."""

    def read_into(self, reading: Any) -> T.Term:
        return T.add(*(reading._summand(a) for a in _summands(self)))


def _summands(e: Any) -> Iterator[Any]:
    for a in e.args:
        if isinstance(a, sympy.Add):
            yield from _summands(a)
        else:
            yield a


class AtPoint(Node):
    """``f |_{x = a}``: operands are f, the names, the values.  The names are bound in f, and nowhere else."""

    def read_into(self, reading: Any) -> T.Term:
        f, names, points = self.operands
        bound = [(*reading._bound_name(x), x) for x in names]
        values = [reading.term(a) for a in points]
        body = reading.bind(bound, lambda: reading.term(f))
        return T.substitute(body, {n: a for (n, _, _), a in zip(bound, values, strict=True)})


class RealIntegral(Node):
    """An integral between two ends over a real number: operands are the variable, the ends, the integrand.  (SymPy's
    own multiplies the integrand by 1, and by -1 where it turns the ends.)"""

    def read_into(self, reading: Any) -> T.Term:
        x, lower, upper, f = self.operands
        name, _ = reading._bound_name(x)
        ends = reading.term(lower), reading.term(upper)
        body = reading.bind([(name, T.REAL, x)], lambda: reading.term(f))
        return T.Bind("integral", (name,), (T.REAL,), ends, (body,))


def times(*factors: Any) -> Any:
    return factors[0] if len(factors) == 1 else sympy.Mul(*factors, evaluate=False) if factors else ONE


def scaled(number: Any, whole: Any) -> Any:
    """A number times a vector or matrix.  (SymPy's own * asks of what sign and kind the number is, which need not end
    for expressions that are not evaluated.)"""
    return whole if number is ONE else MatrixMultiple(number, whole, evaluate=False)


def over(a: Any, b: Any) -> Any:
    if a == 1:
        return sympy.Pow(b, -1, evaluate=False)
    return sympy.Mul(a, sympy.Pow(b, -1, evaluate=False), evaluate=False)


def negative(a: Any) -> Any:
    """-a; of a literal the negative number."""
    if isinstance(a, sympy.Rational) and a != 0:
        return -a
    return scaled(MINUS_ONE, a) if shape(a) else sympy.Mul(MINUS_ONE, a, evaluate=False)


def plus(*terms: Any) -> Any:
    """The sum of numbers, or of vectors or matrices of one shape."""
    if any(shape(t) for t in terms):
        kept = [t for t in terms if not (isinstance(t, sympy.Integer) and t == 0)]
        parts = [p for t in kept for p in (t.args if isinstance(t, MatrixSum) else (t,))]
        out = parts[0] if len(parts) == 1 else MatrixSum(*parts, evaluate=False)
        shape(out)                          # the error names both shapes
        return out
    return WrittenSum(*terms, evaluate=False)


def power(a: Any, k: Any) -> Any:
    return sympy.Pow(a, k, evaluate=False)


def names_in(tree: Tree) -> set[str]:
    """The keys of all names in a tree, bound ones too."""
    return {t.value for t in tree.walk() if t.head == "name"}


def key_of(tree: Tree, what: str) -> str:
    """The key of a tree that must be a name."""
    if tree.head != "name":
        raise no_meaning(f"{what} must be a name", tree)
    return str(tree.value)


def sizes() -> Callable[[Any], int]:
    """How many parts an expression has as a tree.  Its parts are shared, so a small one may be too large to walk."""
    known: dict[int, tuple[Any, int]] = {}      # by identity; the expression is kept, so that its number stays its own

    def size(e: Any) -> int:
        if not isinstance(e, sympy.Basic):
            return 1
        if id(e) not in known:
            known[id(e)] = e, 1 + sum(map(size, e.args))
        return known[id(e)][1]

    return size


__all__ = ["AtPoint", "MINUS_ONE", "ONE", "RealIntegral", "WrittenSum", "is_statement", "key_of", "names_in",
           "negative", "no_meaning", "over", "plus", "power", "scaled", "sizes", "times"]
