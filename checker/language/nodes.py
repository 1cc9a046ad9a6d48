"""SymPy expressions that stand for the kernel's own heads.

A statement mixes SymPy's functions (``exp``, ``log``, ``Sum``) with ours (``dot``, ``total``,
densities, ``O``).  Ours must therefore be SymPy expressions that SymPy never evaluates:

* ``Declared``: a declared name with a kernel sort (an index, a family, a law, a random variable),
* ``Node``: a kernel ``App``, ``Binder``: a kernel ``Bind``.

``reading/sympy_reader.py`` turns all of them into terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sympy
from sympy.core.expr import AtomicExpr, Expr

from ..kernel import term as T
from .errors import StatementError


class Declared(AtomicExpr):
    """A declared name with its sort; ``facts`` are assumptions that come with the declaration
    (kernel formulas, e.g. ``m >= 1``)."""

    is_commutative = True
    is_number = False
    is_symbol = True

    name: str
    sort: T.Sort
    facts: tuple[T.Term, ...]

    def __new__(cls, name: str, sort: T.Sort, facts: Sequence[T.Term] = ()) -> Any:
        self = Expr.__new__(cls)
        self.name, self.sort, self.facts = name, sort, tuple(facts)
        return self

    def _hashable_content(self) -> tuple[Any, ...]:
        return (type(self).__name__, self.name, str(self.sort), str(self.facts))

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.name, self.sort, self.facts)

    def __getitem__(self, indices: Any) -> Expr:
        """An entry of a family: ``x[i]``, ``w[i, j]``."""
        if not isinstance(self.sort, T.Map):
            raise TypeError(f"{self.name} is no family: it has no entries")
        return Node("at", self, *(indices if isinstance(indices, tuple) else (indices,)))

    def __call__(self, *args: Any) -> Expr:
        """A value of an opaque function."""
        if not isinstance(self.sort, T.Map):
            raise TypeError(f"{self.name} is no function")
        return Node("at", self, *args)

    @property
    def is_family(self) -> bool:
        """Numbers for every index, and nothing else."""
        return isinstance(self.sort, T.Map) and all(isinstance(a, T.Index) for a in self.sort.args)

    def __iter__(self) -> Any:
        raise TypeError(f"{self.name} is one name; for several write them with a space between")

    def _sympystr(self, printer: Any) -> str:
        return self.name


def expression(x: Any) -> Any:
    """What stands in a statement, as SymPy has it.  Text is refused: ``sympify`` would run it as Python, and
    "x" names no symbol in particular."""
    if isinstance(x, str):
        raise StatementError(f"{x!r} is text: write the expression itself, of declared symbols", "text")
    try:
        e = sympy.sympify(x)
    except sympy.SympifyError as error:
        raise StatementError(f"{x!r} is no expression", "no-expression") from error
    if not isinstance(e, sympy.Basic):
        raise StatementError(f"{x!r} is no expression", "no-expression")
    return e


class IndexName(Declared):
    """An index: an integer from 1 to the size of its sort."""

    is_integer = True
    is_real = True
    is_positive = True
    is_finite = True


class Node(Expr):
    """``App(head, args)``.  Arguments are SymPy expressions or Booleans; never evaluated."""

    is_commutative = True

    def __new__(cls, head: str, *args: Any) -> Any:
        return Expr.__new__(cls, sympy.Symbol(str(head)), *(expression(a) for a in args))

    @property
    def head(self) -> str:
        return str(self.args[0])

    @property
    def operands(self) -> tuple[Any, ...]:
        return self.args[1:]

    @property
    def _diff_wrt(self) -> bool:
        """An entry of a family may be differentiated by: ``Derivative(f, x[j])``."""
        return self.head == "at" and isinstance(self.operands[0], Declared) and self.operands[0].is_family

    def _sympystr(self, printer: Any) -> str:
        if self.head == "at":
            return f"{self.operands[0]}[{', '.join(map(str, self.operands[1:]))}]"
        return f"{self.head}({', '.join(map(str, self.operands))})"


class Shaped(Node):
    """A node that stands for a vector or matrix and knows its entries: the language's own constructions."""

    def own_shape(self) -> tuple[T.Index, ...]:
        raise NotImplementedError

    def entry(self, *at: Any) -> Any:
        raise NotImplementedError


def parts(expressions: Iterable[Any], definitions: Mapping[str, Any]) -> Iterator[Any]:
    """Everything in the expressions, lists and named assumptions, and in the definitions they use, each once."""
    seen: set[str] = set()
    stack = [getattr(e, "statement", e) for e in expressions]
    while stack:
        e = stack.pop()
        yield e
        if isinstance(e, Node) and e.head[1:] in definitions and e.head not in seen:
            seen.add(e.head)
            stack.append(definitions[e.head[1:]].body)
        if isinstance(e, sympy.Basic):
            stack.extend(e.args)
        elif isinstance(e, (list, tuple)):
            stack.extend(e)


class Statement(sympy.logic.boolalg.Boolean):
    """``App(head, args)`` where the head is a formula: a Boolean for SymPy."""

    def __new__(cls, head: str, *args: Any) -> Any:
        return sympy.Basic.__new__(cls, sympy.Symbol(str(head)), *(expression(a) for a in args))

    @property
    def head(self) -> str:
        return str(self.args[0])

    @property
    def operands(self) -> tuple[Any, ...]:
        return self.args[1:]


class Binder(Expr):
    """``Bind(head, names, sorts, outer, inner)``; ``names`` are SymPy symbols or ``Declared``."""

    is_commutative = True

    def __new__(cls, head: str, names: Sequence[Any], outer: Sequence[Any], inner: Sequence[Any]) -> Any:
        return Expr.__new__(
            cls, sympy.Symbol(str(head)), *(sympy.Tuple(*map(expression, part)) for part in (names, outer, inner))
        )

    @property
    def head(self) -> str:
        return str(self.args[0])


class BinderStatement(sympy.logic.boolalg.Boolean):
    """A ``Binder`` whose head is a formula: quantifiers, orders of growth, convergence."""

    def __new__(cls, head: str, names: Sequence[Any], outer: Sequence[Any], inner: Sequence[Any]) -> Any:
        return sympy.Basic.__new__(
            cls, sympy.Symbol(str(head)), *(sympy.Tuple(*map(expression, part)) for part in (names, outer, inner))
        )

    @property
    def head(self) -> str:
        return str(self.args[0])
