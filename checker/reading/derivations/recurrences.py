r"""Recurrences of a function: ``T(n) = 2T(n/2) + n``, meant for every n.

    recurrence     the function that an equation is a recurrence of, and its variable
    given          a row of its own that begins with one: ``T(n) = 2T(n/2) + n = 4T(n/4) + 2n``
    instances      the recurrence at the arguments that the rows speak of: at n, at n/2
    uncovered      the lines that speak of others: a closed form needs an induction, and is right or not judged
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from ..latex.notation import Notation
from ..latex.source import Unread
from ..latex.tree import Tree
from .lines import ReadLine, problem
from .scope import Fact, relation

#: An argument a n + b: the name (none for a number), a and b.
Argument = tuple[str, Fraction, Fraction]
_DEEPEST = 12


def recurrence(t: Tree, notation: Notation) -> tuple[str, str] | None:
    """T and n of ``T(n) = 2T(n/2) + n``: the arguments on the right are smaller."""
    if t.head != "relation" or t.value != "=" or t.parts[0].head != "call" or len(t.parts[0].parts) != 2:
        return None
    function, n = t.parts[0].parts
    role = notation.role(str(function.value)) if function.head == "name" else None
    if n.head != "name" or role is None or role.kind != "function" or role.value is not None:
        return None
    key, name = str(function.value), str(n.value)
    found = [_linear(a) for a in _arguments(t.parts[1], key)]
    smaller = all(a is not None and a[0] == name and (a[1] == 1 and a[2] < 0 or 0 < a[1] < 1) for a in found)
    return (key, name) if found and smaller else None


def given(line: ReadLine) -> tuple[ReadLine, list[Fact]]:
    """A row that states a recurrence of a function of which nothing is known takes it as given, from there on."""
    said = line.said[0] if line.said else None
    if said is None or said.lead or said.opens or said.relations[:1] != ("=",) or len(said.sides) < 2:
        return line, []
    equation = relation("=", said.sides[0], said.sides[1])
    found = recurrence(equation, line.scope.names)
    if found is None or any(_arguments(f.tree, found[0]) for f in line.scope.facts):
        return line, []
    fact = Fact(equation, f"line {line.place.line}")
    return replace(line, scope=line.scope.assuming([fact]), after=line.after.assuming([fact]),
                   notes=(*line.notes, f"taken as given: a recurrence of {found[0]}")), [fact]


def instances(fact: Fact, key: str, name: str, trees: Sequence[Tree], starts: frozenset[Argument]) -> list[Fact]:
    """The recurrence where it leads from one argument of the rows to another, or to a value that is given."""
    at = _wanted(fact.tree, key, name, trees, starts)
    return [replace(fact, tree=_instance(fact.tree, name, a)) for a in sorted(at)] or [fact]


def uncovered(lines: Sequence[ReadLine], notation: Notation, file: str) -> list[ReadLine]:
    out: list[ReadLine] = []
    trees = [t for line in lines for t in _trees(line)]
    starts = given_values(f.tree for line in lines for f in line.scope.facts)
    for line in lines:
        for f in line.scope.facts if line.unread is None and line.doubt is None else ():
            found = recurrence(f.tree, notation)
            if found is None or _covered(f.tree, *found, line, trees, starts.get(found[0], frozenset())):
                continue
            what = Unread("recurrence", f"what follows from the recurrence of {found[0]} by induction is not read",
                          line.place, f"write the steps: {found[0]} at the arguments that the recurrence leads to")
            line = replace(line, doubt=problem(what, line.row.file or file, line.place))
            break
        out.append(line)
    return out


def given_values(trees: Iterable[Tree]) -> dict[str, frozenset[Argument]]:
    """``T(1) = 1``: where the text gives values."""
    out: dict[str, frozenset[Argument]] = {}
    for t in trees:
        if t.head == "relation" and t.value == "=" and t.parts[0].head == "call" and len(t.parts[0].parts) == 2:
            key = str(t.parts[0].parts[0].value)
            a = _linear(t.parts[0].parts[1])
            if a is not None and not a[0]:
                out[key] = out.get(key, frozenset()) | {a}
    return out


def _covered(t: Tree, key: str, name: str, line: ReadLine, trees: Sequence[Tree], starts: frozenset[Argument]) -> bool:
    """Does the line speak of arguments that the recurrence ties to each other, and of nothing else?"""
    own = [_linear(a) for u in _trees(line) for a in _arguments(u, key)]
    if not own:
        return True
    tied = {b for a in _wanted(t, key, name, trees, starts) for b in (a, *_next(t, key, a))}
    several = len(set(own)) > 1 or all(a is not None and not a[0] for a in own)
    return several and all(a is not None and (a in tied or a in starts) for a in own)


def _wanted(t: Tree, key: str, name: str, trees: Sequence[Tree], starts: frozenset[Argument]) -> set[Argument]:
    spoken = {a for u in trees for x in _arguments(u, key) if (a := _linear(x)) is not None}
    kept: set[Argument] = set()

    def leads(a: Argument, depth: int) -> bool:
        """Do all arguments at a lead to one that is spoken of, or given?"""
        if a in starts or depth == 0 or not a[0] and a[2] <= 0:
            return False
        below = _next(t, key, a)
        if all(b in spoken or b in starts or b in kept or leads(b, depth - 1) for b in below):
            kept.add(a)
            return True
        return False

    for a in sorted(spoken):
        leads(a, _DEEPEST)
    return kept


def _next(t: Tree, key: str, at: Argument) -> list[Argument]:
    """The arguments on the right of the recurrence at this one."""
    found = [a for x in _arguments(t.parts[1], key) if (a := _linear(x)) is not None]
    return [(at[0], a[1] * at[1], a[1] * at[2] + a[2]) for a in found]


def _instance(t: Tree, name: str, at: Argument) -> Tree:
    if t.head == "name" and t.value == name:
        return _written(at)
    if not t.parts:
        return t
    if t.head == "call" and len(t.parts) == 2 and (a := _linear(t.parts[1])) is not None and a[0] == name:
        return replace(t, parts=(t.parts[0], _written((at[0], a[1] * at[1], a[1] * at[2] + a[2]))))
    return replace(t, parts=tuple(_instance(p, name, at) for p in t.parts))


def _written(a: Argument) -> Tree:
    name, factor, constant = a
    number = Tree("number", (), abs(constant))
    if not name:
        return number if constant >= 0 else Tree("neg", (number,))
    x = Tree("name", (), name)
    if factor.numerator != 1:
        x = Tree("mul", (Tree("number", (), Fraction(factor.numerator)), x))
    if factor.denominator != 1:
        x = Tree("div", (x, Tree("number", (), Fraction(factor.denominator))))
    if not constant:
        return x
    return Tree("add", (x, number if constant > 0 else Tree("neg", (number,))))


def _linear(t: Tree) -> Argument | None:
    match t.head:
        case "number":
            return "", Fraction(0), Fraction(t.value)
        case "name":
            return str(t.value), Fraction(1), Fraction(0)
        case "neg":
            a = _linear(t.parts[0])
            return None if a is None else (a[0], -a[1], -a[2])
        case "add":
            name, factor, constant = "", Fraction(0), Fraction(0)
            for p in t.parts:
                a = _linear(p)
                if a is None or a[0] and name and a[0] != name:
                    return None
                name, factor, constant = name or a[0], factor + a[1], constant + a[2]
            return name, factor, constant
        case "mul" | "div" if len(t.parts) == 2:
            a, b = _linear(t.parts[0]), _linear(t.parts[1])
            if t.head == "mul" and a is not None and not a[0]:
                a, b = b, a
            if a is None or b is None or b[0] or not b[2]:
                return None
            k = b[2] if t.head == "mul" else 1 / b[2]
            return a[0], a[1] * k, a[2] * k
    return None


def _arguments(t: Tree, key: str) -> list[Tree]:
    return [u.parts[1] for u in t.walk() if u.head == "call" and len(u.parts) == 2 and u.parts[0].head == "name"
            and u.parts[0].value == key]


def _trees(line: ReadLine) -> list[Tree]:
    return [t for s in line.said for t in (*s.sides, *((s.tree,) if s.tree is not None else ()))]
