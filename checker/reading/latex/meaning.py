r"""Trees with a notation to expressions and statements of ``checker.language``.

    meaning = Meaning(notation)                 for one line
    meaning.expression(tree)                    a side of a link
    meaning.statement(tree)                     a relation, connective, quantifier
    meaning.link(left, "=", right)              the parts of a claim: what both sides say together (f = O(g),
                                                argmin f = a, an antiderivative, the measure of a variable)
    meaning.given                               what its names bring along (a < b), as statements
    meaning.definitions                         for ``language.derivation.read_claim``
    meaning.notes                               inferred declarations and conventions used, as sentences

What the language cannot state is :class:`Unread` with the code ``no-meaning``, never an approximation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sympy

from ...kernel.claim import Claim
from ...language.derivation import Defined, read_claim
from ...language.errors import StatementError
from . import limits
from .inference import supplied
from .meanings import binders, chance, formulas, products, scalars, slopes
from .meanings.common import is_statement, no_meaning, sizes
from .meanings.objects import Objects
from .meanings.written import written_out
from .notation import Notation
from .source import Unread
from .tree import Tree

READS = {**scalars.READS, **products.READS, **binders.READS, **slopes.READS, **chance.READS, **formulas.READS}


class Meaning:
    """What one line says, under the notation in force there."""

    def __init__(self, notation: Notation) -> None:
        self.notation = notation
        self.objects = Objects(self)
        self.notes: list[str] = []
        self.definitions: dict[str, Defined] = {}
        self.scopes: list[dict[str, Any]] = []
        self.line: tuple[Tree, ...] = ()      # all that is read together: both sides of a link
        self.square: Any = None               # the size that the identity matrix has here
        self._depth = 0
        self._reads = 0
        self._size = sizes()

    # ------------------------------------------------------------------ what others call

    def expression(self, tree: Tree) -> Any:
        """A side of a link: an expression of the language."""
        tree = written_out(self.notation, tree)
        with self._reading(tree):
            found = self.read(tree)
        if is_statement(found):
            raise Unread("sides", "this is a statement, where a number, vector or matrix is needed", tree.place)
        return found

    def statement(self, tree: Tree) -> Any:
        """A relation, connective or quantifier: a statement of the language."""
        tree = written_out(self.notation, tree)
        with self._reading(tree):
            return formulas.statement(self, tree)

    def link(self, left: Tree, relation: str, right: Tree) -> tuple[Any, ...]:
        """The parts of a claim: ``(left, relation, right)``, or one statement."""
        both = Tree("relation", (left, right), relation, left.place)
        if (whole := written_out(self.notation, both)) is not both:
            if whole.head != "relation":
                return (self.statement(whole),)
            (left, right), relation = whole.parts, str(whole.value)
        with self._reading(left, right):
            return formulas.link(self, left, relation, right)

    @property
    def given(self) -> list[Any]:
        """What holds of the names that were read, as statements."""
        with self._reading():
            return self.objects.given()

    def claim(self, parts: Sequence[Any], given: Sequence[Any] = ()) -> Claim:
        """The kernel's claim, of what :meth:`link` or :meth:`statement` returned."""
        try:
            with sympy.evaluate(False):
                return read_claim(parts, [*self.given, *given], self.definitions)[0]
        except StatementError as error:
            raise Unread(error.code, str(error)) from error

    # ------------------------------------------------------------------ what the topics call

    def read(self, tree: Tree) -> Any:
        """The expression or statement of a tree."""
        reads = READS.get(tree.head)
        if reads is None:
            raise no_meaning(f"{tree.head} has no meaning here", tree)
        self._depth += 1
        self._reads += 1
        if self._depth > 120:
            raise Unread("too-deep", "the formula is nested too deep", tree.place, "name a part of it by a definition")
        try:
            found = reads(self, tree)
            if self._reads > limits.WRITTEN_OUT or self._size(found) > limits.WRITTEN_OUT:
                raise Unread("too-large", f"written out, this formula has more than {limits.WRITTEN_OUT:,} parts",
                             tree.place, "state it in smaller steps")
            return found
        except StatementError as error:
            raise Unread(error.code, str(error), tree.place) from error
        finally:
            self._depth -= 1

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def bound(self, key: str) -> Any:
        """What a name stands for where it is bound, None where it is not."""
        return next((scope[key] for scope in reversed(self.scopes) if key in scope), None)

    @contextmanager
    def scope(self, names: Mapping[str, Any]) -> Iterator[None]:
        self.scopes.append(dict(names))
        try:
            yield
        finally:
            self.scopes.pop()

    @contextmanager
    def outside(self) -> Iterator[None]:
        """No name is bound: the body of a definition, a condition of the notation."""
        scopes, self.scopes = self.scopes, []
        try:
            yield
        finally:
            self.scopes = scopes

    @contextmanager
    def _reading(self, *trees: Tree) -> Iterator[None]:
        before = self.line
        self.line = (*before, *trees)
        if not self._depth:
            self.notation = supplied(self.notation, self.line)
        formulas.sums_over_states(self, trees)
        formulas.variables_of_densities(self, trees)
        try:
            with sympy.evaluate(False):
                yield
        except StatementError as error:
            raise Unread(error.code, str(error), trees[0].place if trees else None) from error
        except RecursionError as error:
            raise Unread("too-deep", "the formula is nested too deep", trees[0].place if trees else None) from error
        except (TypeError, ValueError, AttributeError, IndexError, KeyError, NotImplementedError) as error:
            # a form that nobody thought of: the line is refused, the others are read
            raise Unread("no-meaning", f"this formula is not understood ({type(error).__name__}: {error})"[:200],
                         trees[0].place if trees else None, "write it in smaller steps") from error
        finally:
            self.line = before


def reader(notation: Notation) -> Meaning:
    return Meaning(notation)


__all__ = ["Meaning", "reader"]
