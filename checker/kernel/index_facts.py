"""What is known of the order of indices and sizes: difference constraints over the integers.

    facts: x - y <= c,  x - y != c   (x, y: indices, sizes or 0)
    ---------------------------------------------------------------  by shortest paths
    every consequence x - y <= c;  x - y <= c and x - y != c give x - y <= c - 1

An index of sort ``Index(m)`` brings ``1 <= i <= m``.  *Pigeonhole*: k indices of one sort, pairwise
known to differ, give ``m >= k``.  The bounds are complete for ``<=`` alone (Bellman-Ford; Cormen,
Leiserson, Rivest, Stein, *Introduction to Algorithms*, difference constraints); with ``!=`` they are
sound only.  Contradictory facts imply everything, as they should: a claim also needs a point.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

from .term import App, Num, Term, Var, conjuncts

ORIGIN = "0"
MAX_NODES = 40

#: (node, offset): the integer ``node + offset``
Place = tuple[str, int]


def place(t: Term, name: Callable[[str], str | None]) -> Place | None:
    """``t`` read as one index or size plus an integer; ``name`` gives the node of a name."""
    match t:
        case Num(value) if value.denominator == 1:
            return ORIGIN, int(value)
        case Var(n):
            node = name(n)
            return None if node is None else (node, 0)
        case App("add", args):
            node, offset = ORIGIN, 0
            for a in args:
                p = place(a, name)
                if p is None or (node != ORIGIN and p[0] != ORIGIN):
                    return None
                node, offset = (p[0] if p[0] != ORIGIN else node), offset + p[1]
            return node, offset
        case App("neg", (Num(value),)) if value.denominator == 1:
            return ORIGIN, -int(value)
        case _:
            return None


class Facts:
    """A growing set of difference constraints; ``extended`` copies, so that a scope can end."""

    def __init__(self) -> None:
        self.most: dict[tuple[str, str], int] = {}  # x - y <= c
        self.differ: set[tuple[str, str, int]] = set()  # x - y != c
        self.nodes: list[str] = [ORIGIN]
        self.groups: dict[str, list[str]] = {}  # size key -> indices of that sort
        self.sizes: dict[str, Place] = {}  # size key -> its place, where it has one
        self._closed = True

    def extended(self) -> Facts:
        new = Facts()
        new.most, new.differ = dict(self.most), set(self.differ)
        new.nodes, new.sizes = list(self.nodes), dict(self.sizes)
        new.groups = {k: list(v) for k, v in self.groups.items()}
        new._closed = self._closed
        return new

    # ------------------------------------------------------------------ telling

    def _node(self, x: str) -> None:
        if x not in self.nodes and len(self.nodes) < MAX_NODES:
            self.nodes.append(x)

    def at_most(self, x: Place, y: Place, c: int = 0) -> None:
        """x - y <= c."""
        self._node(x[0])
        self._node(y[0])
        bound = c - x[1] + y[1]
        if x[0] == y[0]:
            if bound < 0:
                self.most[ORIGIN, ORIGIN] = -1
                self._closed = False
            return
        if bound < self.most.get((x[0], y[0]), bound + 1):
            self.most[x[0], y[0]] = bound
            self._closed = False

    def unequal(self, x: Place, y: Place) -> None:
        self._node(x[0])
        self._node(y[0])
        c = y[1] - x[1]
        self.differ |= {(x[0], y[0], c), (y[0], x[0], -c)}
        self._closed = False

    def index(self, node: str, size_key: str, size: Place | None) -> None:
        """``node`` is an index of the sort whose size has this key."""
        self.at_most((ORIGIN, 1), (node, 0))
        if size is not None:
            self.at_most((node, 0), size)
            self.sizes[size_key] = size
        self.groups.setdefault(size_key, []).append(node)
        self._closed = False

    def tell(self, formula: Term, name: Callable[[str], str | None]) -> None:
        """Take in what ``formula`` says about places; the rest of it is left out."""
        for part in conjuncts(formula):
            if not isinstance(part, App) or len(part.args) != 2:
                continue
            x, y = place(part.args[0], name), place(part.args[1], name)
            if x is None or y is None:
                continue
            match part.head:
                case "<=":
                    self.at_most(x, y)
                case "<":
                    self.at_most(x, y, -1)
                case ">=":
                    self.at_most(y, x)
                case ">":
                    self.at_most(y, x, -1)
                case "=":
                    self.at_most(x, y)
                    self.at_most(y, x)
                case "!=":
                    self.unequal(x, y)

    # ------------------------------------------------------------------ asking

    def _close(self) -> None:
        if self._closed:
            return
        for _ in range(4):
            for k, x, y in itertools.product(self.nodes, repeat=3):
                if (x, k) in self.most and (k, y) in self.most:
                    through = self.most[x, k] + self.most[k, y]
                    if through < self.most.get((x, y), through + 1) and (x != y or through < 0):
                        self.most[x, y] = max(through, -(10**6))
            if not (self._sharpen() or self._pigeonhole()):
                break
        self._closed = True

    def _sharpen(self) -> bool:
        changed = False
        for x, y, c in self.differ:
            if self.most.get((x, y)) == c:
                self.most[x, y] = c - 1
                changed = True
        return changed

    def _pigeonhole(self) -> bool:
        changed = False
        for key, names in self.groups.items():
            size = self.sizes.get(key)
            if size is None:
                continue
            k = self._largest_clique(names[:10])
            bound = size[1] - k  # 0 - node <= size offset - k
            if size[0] != ORIGIN and bound < self.most.get((ORIGIN, size[0]), bound + 1):
                self.most[ORIGIN, size[0]] = bound
                changed = True
        return changed

    def _known_apart(self, x: str, y: str) -> bool:
        return (x, y, 0) in self.differ or self.most.get((x, y), 0) < 0 or self.most.get((y, x), 0) < 0

    def _largest_clique(self, names: list[str]) -> int:
        best = 0

        def grow(chosen: list[str], rest: list[str]) -> None:
            nonlocal best
            best = max(best, len(chosen))
            for k, x in enumerate(rest):
                if len(chosen) + len(rest) - k <= best:
                    return
                grow([*chosen, x], [y for y in rest[k + 1 :] if self._known_apart(x, y)])

        grow([], list(dict.fromkeys(names)))
        return best

    @property
    def contradictory(self) -> bool:
        self._close()
        return any(x == y and c < 0 for (x, y), c in self.most.items())

    def difference(self, x: Place, y: Place) -> int | None:
        """The least known c with x - y <= c."""
        if x[0] == y[0]:
            return x[1] - y[1]
        self._close()
        c = self.most.get((x[0], y[0]))
        return None if c is None else c + x[1] - y[1]

    def le(self, x: Place, y: Place) -> bool:
        c = self.difference(x, y)
        return c is not None and c <= 0

    def lt(self, x: Place, y: Place) -> bool:
        c = self.difference(x, y)
        return c is not None and c < 0

    def ne(self, x: Place, y: Place) -> bool:
        self._close()
        return self.lt(x, y) or self.lt(y, x) or (x[0], y[0], y[1] - x[1]) in self.differ

    def eq(self, x: Place, y: Place) -> bool:
        return self.le(x, y) and self.le(y, x)

    def holds(self, formula: Term, name: Callable[[str], str | None]) -> bool:
        """Whether the facts imply ``formula`` (False also means: not known)."""
        match formula:
            case App("true", ()):
                return True
            case App("and", args):
                return all(self.holds(a, name) for a in args)
            case App("or", args):
                return any(self.holds(a, name) for a in args)
            case App("=" | "!=" | "<" | "<=" | ">" | ">=" as relation, (a, b)):
                x, y = place(a, name), place(b, name)
                if x is None or y is None:
                    return False
                if relation in (">", ">="):
                    relation, x, y = ("<" if relation == ">" else "<="), y, x
                return {"=": self.eq, "!=": self.ne, "<": self.lt, "<=": self.le}[relation](x, y)
            case _:
                return False

    def at_least(self, size_key: str) -> int | None:
        """The largest known k with size >= k."""
        p = self.sizes.get(size_key)
        if p is None:
            return None
        c = self.difference((ORIGIN, 0), p)
        return None if c is None else -c


__all__ = ["ORIGIN", "Facts", "Place", "place"]
