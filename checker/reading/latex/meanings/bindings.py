r"""What a big operator or a quantifier binds: an index of a family, an integer, a real number, a random variable.

``\sum_{i=1}^n x_i`` is a sum over the indices of ``x``, as ``i`` stands as an index of ``x``; ``\sum_{i=1}^n i^2`` one
over integers.  The difference matters: an index is never outside of its range, an integer may be.  So a range is read
as a part of the indices only where it visibly is one: from 1 or later to n, n - 1, or an index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sympy

from ....kernel import term as T
from ....kernel.index_facts import place
from ....language.indices import _names_in, _size_term, index, shape
from ....language.logic import and_, ge, le, ne
from ....language.matrices import _size_expression
from ....language.nodes import IndexName
from ..source import Unread
from ..tree import Tree
from .common import key_of, names_in, no_meaning

if TYPE_CHECKING:
    from ..meaning import Meaning

MAX_SET = 12


@dataclass
class Item:
    """One variable of a binding, as written."""

    variable: Tree
    lower: Tree | None = None
    upper: Tree | None = None
    within: Tree | None = None

    @property
    def key(self) -> str:
        return key_of(self.variable, "what is bound")


@dataclass
class Bound:
    """What a variable of a binding is."""

    key: str
    object: Any
    kind: str                              # index, integer, real, states, name, values
    lower: Any = None
    upper: Any = None
    guards: list[Any] = field(default_factory=list)
    values: tuple[Any, ...] = ()           # a set that is listed


def items(binding: Tree) -> Iterator[Item | Tree]:
    """The variables of a binding, and the conditions, in order."""
    if binding.head != "binding":
        raise no_meaning("what does this bind?", binding)
    match binding.value:
        case "range":
            yield Item(binding.parts[0], binding.parts[1], binding.parts[2])
        case "member":
            yield Item(binding.parts[0], within=binding.parts[1])
        case "all":
            for v in binding.parts:
                yield Item(v)
        case "differs":
            yield Item(binding.parts[0])
            yield Tree("relation", binding.parts, "!=", binding.place)
        case "where":
            yield from items(binding.parts[0])
            yield from binding.parts[1:]
        case "several":
            for b in binding.parts:
                yield from items(b)
        case _:
            raise no_meaning("this binding", binding)


def split(binding: Tree) -> tuple[list[Item], list[Tree]]:
    found = list(items(binding))
    variables = [i for i in found if isinstance(i, Item)]
    keys = [i.key for i in variables]
    if len(set(keys)) != len(keys):
        raise Unread("bound-twice", f"{keys[0]} is bound twice", binding.place, "rename one of them")
    return variables, [c for c in found if isinstance(c, Tree)]


def fresh_name(m: Meaning, key: str) -> str:
    """The kernel's name for a bound variable, out of the way of what the names in scope stand for."""
    name = m.objects.name(key)
    taken = {n for scope in m.scopes for k, v in scope.items() if k != key and isinstance(v, sympy.Basic)
             for n in _names_in(v)}
    if m.objects._defining:                # a definition is written out: its bound names keep clear of the line's
        taken |= {m.objects.name(n) for t in m.line for n in names_in(t)}
    k, out = 1, name
    while out in taken:
        out, k = f"{name}_{k}", k + 1
    return out


# ------------------------------------------------------------------ as an index


def slot_sizes(m: Meaning, key: str, trees: Sequence[Tree]) -> list[Any]:
    """The sizes of the families of which ``key`` is an index in the trees."""
    out: list[Any] = []
    for tree in trees:
        for t in tree.walk():
            if t.head != "entry":
                continue
            for k, i in enumerate(t.parts[1:]):
                if key in names_in(i):
                    size = _slot(m, t.parts[0], k)
                    if size is not None and size not in out:
                        out.append(size)
    return out


def _slot(m: Meaning, what: Tree, k: int) -> Any:
    """The size of the k-th index of what has entries; None for a sequence, or if it does not show."""
    if what.head == "name" and m.bound(what.value) is None:
        role = m.notation.role(what.value)
        if role is None:
            return None
        if role.kind == "sequence":
            return "integer"
        if role.kind == "definition" and role.params:
            if k >= len(role.params) or not isinstance(role.value, Tree):
                return None
            own = m.notation.role(role.params[k].value)
            if own is not None and own.kind == "index":
                return m.objects.size(own.sizes[1])
            with m.outside():
                found = slot_sizes(m, role.params[k].value, (role.value,))
            return found[0] if len(found) == 1 else None
        if role.kind in ("vector", "matrix", "family", "random") and k < len(role.sizes):
            return m.objects.size(role.sizes[k])
    try:
        whole = m.read(what)
        slots = shape(whole)
        return _size_expression(slots[k].size, (whole,)) if k < len(slots) else None
    except Unread:
        return None


def _place(e: Any) -> tuple[str, int] | None:
    try:
        return place(_size_term(e), lambda n: n)
    except Exception:                      # not of the form name + integer
        return None


def same_size(a: Any, b: Any) -> bool:
    if a == b:
        return True
    p, q = _place(a), _place(b)
    return p is not None and p == q


def _index_of(m: Meaning, item: Item, size: Any) -> Any:
    return index(fresh_name(m, item.key), size)


def _limits(m: Meaning, i: Any, size: Any, lower: Any, upper: Any, t: Tree) -> list[Any]:
    """Guards that cut the range lower..upper out of 1..size.  Raises where the range may leave it."""
    guards: list[Any] = []
    end, first, last = _place(size), _place(lower), _place(upper)
    if first is None or last is None or end is None:
        raise _outside(i, size, t)
    starts_in = first[0] == "0" and first[1] >= 1 or first[0] == end[0] or _is_index(lower, size)
    if not starts_in:
        raise _outside(i, size, t)
    if first != ("0", 1):
        guards.append(ge(i, lower))
    ends_in = last[0] == end[0] and last[1] <= end[1] or _is_index(upper, size) or _known_below(m, upper, size)
    if not ends_in:
        raise _outside(i, size, t)
    if last != end:
        guards.append(le(i, upper))
    return guards


def _is_index(e: Any, size: Any) -> bool:
    """An index of this range, or one that is shifted inwards: i, i - 1; for a lower end i + 1 as well."""
    found = [a for a in sympy.preorder_traversal(e) if isinstance(a, IndexName)]
    return len(found) == 1 and found[0].sort == T.Index(_size_term(size))


def _known_below(m: Meaning, e: Any, size: Any) -> bool:
    """That e <= size stands among the conditions of a name of the notation."""
    if not isinstance(e, sympy.Symbol):
        return False
    for conditions in m.objects._given.values():
        for c in conditions:
            if c.head == "relation" and c.value in ("<=", "<") and len(c.parts) == 2:
                with m.outside():
                    left, right = m.read(c.parts[0]), m.read(c.parts[1])
                if left == e and same_size(right, size):
                    return True
    return False


def _outside(i: Any, size: Any, t: Tree) -> Unread:
    return no_meaning(f"the range of {i} is not visibly within 1, ..., {size}", t,
                      f"sum from 1 to {size}, to {size} - 1 or to an index, or declare that the end is at most {size}")


def plan(m: Meaning, item: Item, used: Sequence[Tree], t: Tree) -> Bound:
    """What a variable of a sum or product is."""
    key = item.key
    role = m.notation.role(key)
    if item.within is not None:
        return _in_set(m, item, used, t)
    if item.lower is None and role is not None and role.kind == "random" and not role.sizes:
        return Bound(key, m.objects.variable(key, item.variable), "states")
    sizes = slot_sizes(m, key, used)
    if "integer" in sizes:
        sizes = []
    elif not sizes and role is not None and role.kind == "index" and len(role.sizes) == 2:
        sizes = [m.objects.size(role.sizes[1])] if item.lower is None or _as_declared(m, item, role) else []
    if not sizes:
        return _integers(m, item, t)
    if any(not same_size(s, sizes[0]) for s in sizes[1:]):
        return _common_range(m, item, sizes, t)
    size = sizes[0]
    if item.lower is None or item.upper is None:
        return Bound(key, _index_of(m, item, size), "index")
    lower, upper = m.read(item.lower), m.read(item.upper)
    i = _index_of(m, item, size)
    return Bound(key, i, "index", guards=_limits(m, i, size, lower, upper, t))


def _as_declared(m: Meaning, item: Item, role: Any) -> bool:
    return (item.lower, item.upper) == role.sizes


def _common_range(m: Meaning, item: Item, sizes: list[Any], t: Tree) -> Bound:
    """An index of several families: the shortest, where the lengths differ by numbers (y_{t+1} of T, u_t of T - 1)."""
    places = [_place(s) for s in sizes]
    if any(p is None or p[0] != places[0][0] for p in places if places[0] is not None) or places[0] is None:
        raise Unread("index-sort", f"{item.key} is an index of families of the lengths {', '.join(map(str, sizes))}",
                     t.place, "declare one length, or rename one index")
    size = min(zip(places, sizes, strict=True), key=lambda p: p[0][1] if p[0] else 0)[1]
    i = _index_of(m, item, size)
    if item.lower is None or item.upper is None:
        return Bound(item.key, i, "index")
    return Bound(item.key, i, "index", guards=_limits(m, i, size, m.read(item.lower), m.read(item.upper), t))


def _integers(m: Meaning, item: Item, t: Tree) -> Bound:
    if item.lower is None or item.upper is None:
        raise Unread("range", f"over which values of {item.key}?", t.place,
                     f"write the ends, or declare  {item.key}: index 1..n")
    lower, upper = m.read(item.lower), m.read(item.upper)
    if shape(lower) or shape(upper):
        raise no_meaning("the end of a range is a number", t)
    return Bound(item.key, sympy.Symbol(fresh_name(m, item.key), integer=True), "integer", lower, upper)


def _in_set(m: Meaning, item: Item, used: Sequence[Tree], t: Tree) -> Bound:
    within, key = item.within, item.key
    assert within is not None  # noqa: S101 - the caller looked
    role = m.notation.role(key)
    if within.head == "range":
        return plan(m, Item(item.variable, within.parts[0], within.parts[1]), used, t)
    if within.head == "set" and len(within.parts) == 1 and within.parts[0].head == "range":
        return plan(m, Item(item.variable, *within.parts[0].parts), used, t)
    if within.head == "set":
        if len(within.parts) > MAX_SET:
            raise no_meaning("a set of so many members", within)
        return Bound(key, None, "values", values=tuple(m.read(p) for p in within.parts))
    if within.head == "constant" and within.value in ("Z", "N"):
        lower = -sympy.oo if within.value == "Z" else _least_natural(m)
        return Bound(key, sympy.Symbol(fresh_name(m, key), integer=True), "integer", lower, sympy.oo)
    if role is not None and role.kind == "random":
        m.objects.discrete.add(key)
        return Bound(key, m.objects.variable(key, item.variable), "states")
    if role is not None and role.kind == "index":
        return plan(m, Item(item.variable), used, t)
    raise Unread("range", f"a sum over {key} in a set that has no range", t.place,
                 f"declare  {key}: random discrete  for the values of a random variable, or  {key}: index 1..n")


def _least_natural(m: Meaning) -> Any:
    m.note("natural numbers start at " + ("1" if m.notation.settings.get("N") == "1" else "0"))
    return sympy.Integer(1 if m.notation.settings.get("N") == "1" else 0)


# ------------------------------------------------------------------ scopes


def guard_of(m: Meaning, conditions: Sequence[Tree], bounds: Sequence[Bound]) -> Any:
    """The condition of a sum, None for none; read where the variables are in scope."""
    from .formulas import statement

    guards = [g for b in bounds for g in b.guards] + [statement(m, c) for c in conditions]
    return None if not guards else guards[0] if len(guards) == 1 else and_(*guards)


Body = Callable[[], Any]

__all__ = ["Bound", "Item", "fresh_name", "guard_of", "items", "ne", "plan", "same_size", "slot_sizes", "split"]
