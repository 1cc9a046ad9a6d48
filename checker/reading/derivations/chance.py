r"""``X \\ge 0`` of a random variable: what is assumed of one value, or of all of them?

Beside ``\\mathbb E[X]``, ``\\Pr(X > a)`` or ``\\int p(x) dx`` it is said of the random quantity, so of all its values;
beside the density p(x), or in a statement about x as a number, of that value.  What is said of a density itself,
``q(z) > 0``, is said of all its values wherever the line integrates over them.
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
_TOTALS = frozenset(("integral", "sum"))
_BOUNDS = frozenset(("<", "<=", ">", ">=", "in", "!="))


def of_quantities(facts: Iterable[Fact], goal: Iterable[Tree], notation: Notation) -> list[Fact]:
    """The facts, with those about a random quantity of the goal said of all its values."""
    goal = tuple(goal)
    inside = {n for t in goal for n in _random(t, notation, True)}
    out: list[Fact] = []
    for f in facts:
        whole = _meant(f.tree, inside, notation)
        out.append(replace(f, tree=whole))
        if whole is not f.tree and any(n in inside for g in goal for n in _random(g, notation, False)):
            out.append(f)                                      # the goal speaks of one of the values, too
    return out


def in_statement(t: Tree, notation: Notation) -> Tree:
    r"""``X \\ge 0 \\implies \\mathbb E[X] \\ge 0``: the condition, too, is one on all values."""
    if t.head not in ("implies", "iff"):
        return t
    inside = [set(_random(p, notation, True)) for p in t.parts]
    parts = tuple(_meant(p, inside[1 - k], notation) for k, p in enumerate(t.parts))
    if any(n in inside[1 - k] for k in (0, 1) for n in _random(t.parts[k], notation, False)) \
            and (t.head == "iff" or parts[1] is not t.parts[1]):
        raise _doubtful(next(iter(inside[0] | inside[1])), t)
    return replace(t, parts=parts)


def _doubtful(key: str, t: Tree) -> Unread:
    return Unread("random-condition", f"is this condition one on a value of {key}, or on the random quantity {key}? "
                  "The statement speaks of its law", t.place,
                  f"declare a bound in the notation, {key}: random >= 0, or condition on it, "
                  r"\mathbb{E}[... \mid ...]")


def _meant(t: Tree, inside: set[str], notation: Notation) -> Tree:
    points = set(_random(t, notation, False))
    if not points & inside:
        return t
    if points == _of_densities(t, notation):        # of a density at one of its values nobody assumes anything
        for key in sorted(points & inside):
            binding = Tree("binding", (Tree("name", (), key, t.place),), "all", t.place)
            t = Tree("forall", (binding, t), None, t.place)
        return t
    key = next(iter(points & inside))
    role = notation.role(key)
    bounds = (str(t.value),) if t.head == "relation" else t.value if t.head == "chain" else ()
    if t.head == "and":
        bounds = tuple(str(p.value) for p in t.parts)
    if not bounds or not set(bounds) <= _BOUNDS | {"="}:
        return t                                               # of laws: independence, X ~ N(0, 1)
    if len(points) > 1 or role is None or role.sizes or "=" in bounds:
        raise _doubtful(key, t)
    binding = Tree("binding", (Tree("name", (), key, t.place),), "all", t.place)
    return Tree("forall", (binding, t), None, t.place)


def _random(t: Tree, notation: Notation, within: bool) -> Iterator[str]:
    """The random variables in expectations and the like (``within``), or outside of them, where nothing binds them."""
    yield from _walk(t, notation, within, False, frozenset(), set())


def _of_densities(t: Tree, notation: Notation) -> set[str]:
    """The random variables that stand as arguments of densities alone: ``q(z) > 0``, ``p(x, z) = p(x) p(z)``."""
    inside = {n for u in t.walk() if u.head == "density" for n in _random(u, notation, False)}
    return inside - set(_outside(t, notation))


def _outside(t: Tree, notation: Notation) -> Iterator[str]:
    if t.head == "name" and (role := notation.role(str(t.value))) is not None and role.kind == "random":
        yield str(t.value)
    for p in t.parts if t.head != "density" else ():
        yield from _outside(p, notation)


def _walk(t: Tree, notation: Notation, within: bool, now: bool, bound: frozenset[str],
          seen: set[tuple[str, bool, frozenset[str]]]) -> Iterator[str]:
    """``seen``: definitions that were looked into, each once: those that name the one before twice double otherwise."""
    if t.head == "name":
        role = notation.role(str(t.value))
        if role is None or t.value in bound:
            return
        if role.kind == "random" and now == within:
            yield str(t.value)
        elif role.kind == "definition" and isinstance(role.value, Tree) and (role.key, now, bound) not in seen:
            seen.add((role.key, now, bound))
            yield from _walk(role.value, notation, within, now, bound, seen)
        return
    now = now or t.head in _CHANCE
    if t.head in BINDERS and t.parts and t.parts[0].head == "binding":
        if within and t.head in _TOTALS and not now:
            yield from (n for n in bound_names(t.parts[0]) - bound if (r := notation.role(n)) and r.kind == "random")
        bound = bound | bound_names(t.parts[0])
    for p in t.parts:
        yield from _walk(p, notation, within, now, bound, seen)
