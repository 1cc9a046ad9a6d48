r"""Equations of sets of real numbers, and sets of minimisers: what holds of their members.

    \{x : x^2 = 1\} = \{-1, 1\}            for all real x: x^2 = 1 if and only if x = -1 or x = 1
    \arg\min_x f(x) = \{-1, 1\}            for all real x: f(x) <= f(y) for all y, if and only if x = -1 or x = 1
    1 \in \arg\min_x f(x)                  f(1) <= f(y) for all y
"""

from __future__ import annotations

from dataclasses import replace

from ..source import Unread
from ..tree import Tree
from .common import names_in, no_meaning

_REALS = Tree("constant", (), "R")
_OPTIMA = {"argmin": "<=", "argmax": ">="}


def is_set(t: Tree) -> bool:
    return t.head in ("set", "interval") or t.head == "constant" and t.value in ("R", "Z", "N", "emptyset") \
        or t.head == "function" and t.value in ("union", "intersection", "difference")


def equation(left: Tree, right: Tree, t: Tree) -> Tree | None:
    """The statement that an equation of sets is; None if it is none of sets."""
    for a, b in ((left, right), (right, left)):
        if a.head in _OPTIMA and b.head == "set" and len(b.parts) > 1 or is_set(a) and is_set(b):
            x = _variable(a) or _variable(b) or "x"
            if x in _outside(a) | _outside(b):
                raise Unread("set", f"{x} is a member of one set, and a number in the other", t.place,
                             "give the member a letter of its own")
            name = Tree("name", (), x, t.place)
            same = Tree("iff", (holds(name, a), holds(name, b)), None, t.place)
            return Tree("forall", (Tree("binding", (name, _REALS), "member", t.place), same), None, t.place)
    return None


def holds(x: Tree, s: Tree) -> Tree:
    """That x is a member of this set."""
    if s.head in _OPTIMA:
        return _optimal(x, s)
    if s.head == "set" and len(s.parts) == 1 and s.parts[0].head == "binding":
        key, conditions = _builder(s)
        return _all([_put(c, key, x) for c in conditions])
    if s == Tree("constant", (), "emptyset"):
        return Tree("relation", (x, x), "!=", s.place)
    if s == _REALS:
        return Tree("relation", (x, x), "=", s.place)
    return Tree("relation", (x, s), "in", s.place)


def _optimal(x: Tree, s: Tree) -> Tree:
    r"""Of ``\arg\min_u f(u)``: u = x is feasible, and f(x) <= f(y) for all feasible y."""
    key, conditions = _bound(s.parts[0])
    other = next(k for k in ("y", "v", "w_0", "y_0") if k not in names_in(s) | names_in(x))
    y = Tree("name", (), other, s.place)
    best = Tree("relation", (_put(s.parts[1], key, x), _put(s.parts[1], key, y)), _OPTIMA[s.head], s.place)
    feasible = [_put(c, key, y) for c in conditions]
    inside = Tree("implies", (_all(feasible), best), None, s.place) if feasible else best
    every = Tree("forall", (Tree("binding", (y, _REALS), "member", s.place), inside), None, s.place)
    return _all([*(_put(c, key, x) for c in conditions), every])


def _builder(s: Tree) -> tuple[str, list[Tree]]:
    return _bound(s.parts[0])


def _bound(b: Tree) -> tuple[str, list[Tree]]:
    """The name that a binding binds, and its conditions."""
    match b.value:
        case "where":
            key, conditions = _bound(b.parts[0])
            return key, [*conditions, *b.parts[1:]]
        case "all" if len(b.parts) == 1 and b.parts[0].head == "name":
            return str(b.parts[0].value), []
        case "member" if b.parts[0].head == "name":
            x, within = b.parts
            conditions = [] if within == _REALS else [Tree("relation", (x, within), "in", b.place)]
            if within.head in ("set", "interval") or within.head == "constant" and within.value in ("R", "Z", "N"):
                return str(x.value), conditions
    raise no_meaning("a set of other things than real numbers", b, "state what holds of its members")


def _variable(s: Tree) -> str:
    if s.head in _OPTIMA or s.head == "set" and len(s.parts) == 1 and s.parts[0].head == "binding":
        return _bound(s.parts[0])[0]
    return ""


def _outside(s: Tree) -> set[str]:
    """The names that a set speaks of, but the one it binds."""
    return set(names_in(s)) - {_variable(s)}


def _put(t: Tree, key: str, x: Tree) -> Tree:
    if t.head == "name":
        return x if t.value == key else t
    return replace(t, parts=tuple(_put(p, key, x) for p in t.parts)) if t.parts else t


def _all(trees: list[Tree]) -> Tree:
    return trees[0] if len(trees) == 1 else Tree("and", tuple(trees), None, trees[0].place)
