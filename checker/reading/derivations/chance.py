r"""``X \\ge 0`` of a random variable: what is assumed of one value, or of all of them?

Beside ``\\mathbb E[X]`` or ``\\Pr(X > a)`` it is said of the random quantity, so of all its values; beside the density
p(x), or in a statement about x as a number, of that value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..latex.grammar.sorts import BINDERS, bound_names
from ..latex.notation import Notation
from ..latex.source import Unread
from ..latex.tree import Tree
from .scope import Fact

_CHANCE = frozenset(("expectation", "information"))
_BOUNDS = frozenset(("<", "<=", ">", ">=", "in", "!="))


def of_quantities(facts: Iterable[Fact], goal: Iterable[Tree], notation: Notation) -> list[Fact]:
    """The facts, with those about a random quantity of the goal said of all its values."""
    goal = tuple(goal)
    inside = {n for t in goal for n in _random(t, notation, True)}
    return [_meant(f, goal, inside, notation) for f in facts] if inside else list(facts)


def _meant(fact: Fact, goal: tuple[Tree, ...], inside: set[str], notation: Notation) -> Fact:
    t = fact.tree
    points = {n for n in _random(t, notation, False)}
    if not points & inside:
        return fact
    key = next(iter(points & inside))
    role = notation.role(key)
    bounds = (str(t.value),) if t.head == "relation" else t.value if t.head == "chain" else ()
    if t.head == "and":
        bounds = tuple(str(p.value) for p in t.parts)
    if len(points) > 1 or role is None or role.sizes or not bounds or not set(bounds) <= _BOUNDS \
            or any(key in _random(g, notation, False) for g in goal):
        raise Unread("random-condition", f"is this condition one on a value of {key}, or on the random quantity {key}? "
                     "The statement speaks of its law", t.place,
                     f"declare a bound in the notation, {key}: random >= 0, or condition on it, \\mathbb{{E}}[... \\mid ...]")
    binding = Tree("binding", (Tree("name", (), key, t.place),), "all", t.place)
    return replace(fact, tree=Tree("forall", (binding, t), None, t.place))


def _random(t: Tree, notation: Notation, within: bool) -> Iterator[str]:
    """The random variables in expectations and the like (``within``), or outside of them, where nothing binds them."""
    yield from _walk(t, notation, within, False, frozenset(), ())


def _walk(t: Tree, notation: Notation, within: bool, now: bool, bound: frozenset[str], seen: tuple[str, ...]
          ) -> Iterator[str]:
    if t.head == "name":
        role = notation.role(str(t.value))
        if role is None or t.value in bound:
            return
        if role.kind == "random" and now == within:
            yield str(t.value)
        elif role.kind == "definition" and isinstance(role.value, Tree) and role.key not in seen:
            yield from _walk(role.value, notation, within, now, bound, (*seen, role.key))
        return
    now = now or t.head in _CHANCE
    if t.head in BINDERS and t.parts and t.parts[0].head == "binding":
        bound = bound | bound_names(t.parts[0])
    for p in t.parts:
        yield from _walk(p, notation, within, now, bound, seen)
