r"""Tokens and notation to a tree: what one formula says.

>>> from checker.reading.latex.notation import Notation
>>> from checker.reading.latex.tokens import tokenize
>>> read(tokenize(r"\sin 2x + \frac{1}{2}"), Notation()).tree.head
'add'

========================= ==========================================================
tidy.py                   spacing and sizes go, names come in one piece, brackets pair
cursor.py                 the position, the names in force, the refusals
formulas.py               relations, connectives, quantifiers
expressions.py            sums, products, quotients, powers: precedence
quotients.py              fractions, roots, binomials
names.py                  names with their indices: what is declared decides
scripts.py                subscripts, superscripts and primes as tokens
superscripts.py           powers, transposes, inverses, marks of names
calls.py                  functions and their arguments
letters.py                letters and words with a meaning of their own: E, KL, O, \mathbb R
bindings.py               what a sum, a limit, a quantifier binds
big.py                    sums, products, limits, maxima
integrals.py              integrals and their differentials
derivatives.py            derivatives and gradients, values at a point
probability.py            densities, expectations, divergences, laws
events.py                 events by name: \cup, \cap, complements
brackets.py               groups, tuples, sets, intervals, bars
environments.py           matrices, cases
ellipsis.py               dots whose meaning is certain
sorts.py                  number, vector, matrix: as far as the notation says
words.py                  the vocabulary
========================= ==========================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..notation import Notation, Role
from ..source import Place, Token, Unread
from ..tree import Tree
from . import expressions, formulas, integrals
from .cursor import Cursor
from .names import number
from .tidy import tidy

#: What may stand behind a whole formula and says nothing.
ENDS = frozenset({".", ",", ";", ":", r"\\"})

__all__ = ["Reading", "integrated", "number", "read", "read_expression", "read_set"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A formula as read.  ``inferred``: names that nobody declared, with the role they were given."""

    tree: Tree
    inferred: Mapping[str, Role] = field(default_factory=dict)


def read(tokens: Sequence[Token], notation: Notation, place: Place | None = None,
         integrated: frozenset[str] = frozenset()) -> Reading:
    r"""A statement or an expression.  Raises ``Unread``.  ``integrated``: variables of the integrals that it is a step of."""
    c = _start(tokens, notation, place, integrated)
    tree = formulas.formula(c)
    return _finish(c, tree)


def read_expression(tokens: Sequence[Token], notation: Notation, place: Place | None = None) -> Reading:
    """One side of a relation.  Raises ``Unread``."""
    c = _start(tokens, notation, place)
    return _finish(c, expressions.expression(c))


def read_set(tokens: Sequence[Token], notation: Notation, place: Place | None = None) -> Reading:
    r"""What stands behind ``\in``: here ``(0, 1)`` is an interval, and no pair.  Raises ``Unread``."""
    c = _start(tokens, notation, place)
    return _finish(c, formulas.set_expression(c))


def integrated(tokens: Sequence[Token], notation: Notation) -> frozenset[str]:
    """The variables of the integrals in a row, whether or not it can be read."""
    if not any(t.text in integrals.SIGNS for t in tokens):
        return frozenset()
    try:
        return integrals.variables_in(_start(tokens, notation, None))
    except Unread:
        return frozenset()


def _start(tokens: Sequence[Token], notation: Notation, place: Place | None,
           integrated: frozenset[str] = frozenset()) -> Cursor:
    tidied = tidy(list(tokens), place)
    while len(tidied.tokens) > 1 and tidied.tokens[-2].text in ENDS and tidied.tokens[-2].kind != "text":
        del tidied.tokens[-2]
    c = Cursor(tidied, notation, integrated)
    if c.ended:
        c.fail("empty", "an empty formula", place)
    return c


def _finish(c: Cursor, tree: Tree) -> Reading:
    if not c.ended:
        c.unexpected()
    return Reading(tree, c.inferred)
