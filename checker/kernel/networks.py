"""Sums over indices as products of matrices.

The entries of a vector or matrix, or a number, given by sums over index ranges: every summand is a product of
entries, a graph whose nodes are the indices and whose edges are the matrices.  A path is a product of matrices, a
cycle a trace; a vector at a node between two matrices is a diagonal matrix there; where a path ends, it ends in a
vector or in the vector of ones.

    sum_k A_ik B_kj  is  A B        sum_i u_i v_i  is  u^T v        sum_ij A_ij  is  1^T A 1

Deltas are contracted first: sum_k f(k) delta_ki = f(i) for i of the same range.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from .matrix_terms import MATRIX, OF_MATRIX, Entries, IllTyped, NoEntries, is_matrix, is_one, same_size, shape
from .term import (
    ONE, TRUE, App, Bind, Index, Num, Sort, Term, Var, alpha, app, free_names, fresh, show, substitute,
)
from .words import Algebra, Form

MAX_SUMMANDS = 200
MAX_FACTORS = 24


class NoNetwork(Exception):
    """A summand that is no product of matrices."""


@dataclass(frozen=True, slots=True)
class Summand:
    coefficient: Form
    bound: tuple[tuple[str, Index], ...]
    factors: tuple[Term, ...]
    deltas: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """A matrix from one index to another."""

    matrix: Term
    row: str
    column: str

    def towards(self, name: str) -> Term:
        return self.matrix if self.column == name else app("transpose", self.matrix)


class Networks:
    def __init__(self, algebra: Algebra, scalar: Callable[[Term], Form], sorts: Mapping[str, Sort]) -> None:
        self.algebra, self.scalar, self.sorts = algebra, scalar, sorts

    def read(self, names: tuple[str, ...], sorts: tuple[Sort, ...], body: Term) -> list[tuple[Form, Term | None]]:
        """The summands: a number and the matrix term with entries ``body`` at ``names`` (None: without names).
        Raises NoNetwork."""
        new = {n: fresh(f"~{k}", {*self.sorts, *free_names(body)}) for k, n in enumerate(names)}
        body = substitute(body, {n: Var(m) for n, m in new.items()})
        places = {m: s for m, s in zip(new.values(), sorts, strict=True) if isinstance(s, Index)}
        if len(places) != len(names):
            raise NoNetwork("a range that is no index range")
        self.count = itertools.count()
        found = self._opened_sum(body, places) if not names else self._summands(body, places)
        out = []
        for s in found:
            s = self._contracted(s, places)
            out.append(_Graph(self, s, tuple(new.values()), places).product())
        return out

    def _name(self) -> str:
        """A new bound index that no declared name is."""
        return next(n for n in (f"~s{k}" for k in self.count) if n not in self.sorts)

    # ------------------------------------------------------------------ summands

    def _summands(self, t: Term, open_: Mapping[str, Index]) -> list[Summand]:
        self.algebra.tick()
        if not free_names(t) & set(open_):
            return [Summand(self.scalar(t), (), ())]
        match t:
            case App("add", args):
                return self._few([s for a in args for s in self._summands(a, open_)])
            case App("neg", (a,)):
                return [replace(s, coefficient=self.algebra.times(s.coefficient, Fraction(-1)))
                        for s in self._summands(a, open_)]
            case App("mul", args):
                return self._product(args, open_)
            case App("div", (a, b)) if not free_names(b) & set(open_):
                by = self.algebra.reciprocal(self.scalar(b))
                return [replace(s, coefficient=self.algebra.scaled(by, s.coefficient))
                        for s in self._summands(a, open_)]
            case App("div", (a, b)):
                return self._product((a, app("div", ONE, b)), open_) if a != ONE else [self._factor(t)]
            case App("pow", (a, Num(k))) if k.denominator == 1 and 2 <= k <= 4 and self._linear(a):
                return self._product((a,) * int(k), open_)
            case App("delta", (Var(i), Var(j))) if {i, j} <= set(open_):
                return [Summand(self.algebra.number(1), (), (), ((i, j),))]
            case App("at", (Bind("lambda") as f, *where)) if len(f.names) == len(where):
                return self._summands(substitute(f.inner[0], dict(zip(f.names, where, strict=True))), open_)
            case Bind("sum", (k,), (Index() as sort,), (), (guard, inside)) if guard == TRUE:
                name = self._name()
                inner = substitute(inside, {k: Var(name)})
                found = self._summands(inner, {**open_, name: sort})
                return [replace(s, bound=((name, sort), *s.bound)) for s in found]
            case App("at", (App() as m, *_)) if not free_names(m) & set(open_):
                return [self._factor(t)]
            case App(head, _) if head in MATRIX or head in OF_MATRIX or head == "at" and isinstance(t.args[0], App):
                opened = self._opened(t, open_)
                return [self._factor(t)] if opened == t else self._summands(opened, open_)
            case _:
                return [self._factor(t)]

    def _opened_sum(self, t: Term, open_: Mapping[str, Index]) -> list[Summand]:
        """A sum without free places: its own index is open first, so that it is not read as a closed number."""
        match t:
            case Bind("sum", (k,), (Index() as sort,), (), (_, inside)):
                name = self._name()
                inner = substitute(inside, {k: Var(name)})
                found = self._summands(inner, {**open_, name: sort})
                return [replace(s, bound=((name, sort), *s.bound)) for s in found]
            case _:
                raise NoNetwork("no sum over an index range")

    def _opened(self, t: Term, open_: Mapping[str, Index]) -> Term:
        """Products of matrices that move with an index, as sums."""
        try:
            return Entries({**self.sorts, **open_}, frozenset(free_names(t))).expand(t)
        except (NoEntries, IllTyped) as error:
            raise NoNetwork(str(error)) from error

    @staticmethod
    def _linear(t: Term) -> bool:
        """Worth multiplying out: a sum of entries, not a function of one."""
        return isinstance(t, Bind) or isinstance(t, App) and t.head in ("add", "mul", "neg", "at", "div")

    def _factor(self, t: Term) -> Summand:
        return Summand(self.algebra.number(1), (), (t,))

    def _product(self, args: tuple[Term, ...], open_: Mapping[str, Index]) -> list[Summand]:
        out = [Summand(self.algebra.number(1), (), ())]
        for a in args:
            found = self._summands(a, open_)
            out = self._few([self._times(s, t) for s in out for t in found])
        return out

    def _times(self, s: Summand, t: Summand) -> Summand:
        again = {n: self._name() for n, _ in t.bound if n in dict(s.bound)}
        by: dict[str, Term] = {n: Var(m) for n, m in again.items()}
        return Summand(
            self.algebra.scaled(s.coefficient, t.coefficient),
            (*s.bound, *((again.get(n, n), k) for n, k in t.bound)),
            (*s.factors, *(substitute(f, by) for f in t.factors)),
            (*s.deltas, *((again.get(i, i), again.get(j, j)) for i, j in t.deltas)))

    @staticmethod
    def _few(found: list[Summand]) -> list[Summand]:
        if len(found) > MAX_SUMMANDS:
            raise NoNetwork("too many summands")
        return found

    # ------------------------------------------------------------------ deltas

    def _contracted(self, s: Summand, places: Mapping[str, Index]) -> Summand:
        while s.deltas:
            (i, j), *rest = s.deltas
            bound = dict(s.bound)
            if i == j:
                s = replace(s, deltas=tuple(rest))
                continue
            gone, kept = (i, j) if i in bound else (j, i)
            ranges = {**places, **bound}
            if gone not in bound:           # both are places of the result: an edge of its own
                if ranges[i] != ranges[j]:
                    raise NoNetwork("a delta between two ranges")
                identity = app("at", app("identity", ranges[i].size), Var(i), Var(j))
                s = replace(s, deltas=tuple(rest), factors=(*s.factors, identity))
                continue
            if ranges[gone] != ranges[kept]:
                raise NoNetwork("a delta between two ranges")
            by: dict[str, Term] = {gone: Var(kept)}
            s = Summand(s.coefficient, tuple((n, k) for n, k in s.bound if n != gone),
                        tuple(substitute(f, by) for f in s.factors),
                        tuple((kept if a == gone else a, kept if b == gone else b) for a, b in rest))
        return s


class _Graph:
    """One summand: its edges, the vectors at its nodes."""

    def __init__(self, owner: Networks, s: Summand, names: tuple[str, ...], places: Mapping[str, Index]) -> None:
        self.owner, self.names = owner, names
        self.ranges = {**places, **dict(s.bound)}
        self.bound = [n for n, _ in s.bound]
        self.coefficient = s.coefficient
        self.vectors: dict[str, list[Term]] = {n: [] for n in self.ranges}
        self.edges: list[Edge] = []
        if len(s.factors) > MAX_FACTORS:
            raise NoNetwork("too many factors")
        for f in s.factors:
            self._place(f)

    def _place(self, f: Term) -> None:
        ends = sorted(free_names(f) & set(self.ranges))
        if len(ends) == 1:
            self.vectors[ends[0]].append(self._by_entries(f, (ends[0],)))
        elif len(ends) == 2:
            for row, column in (ends, ends[::-1]):
                match f:
                    case App("at", (m, Var(i), Var(j))) if (i, j) == (row, column) and self._fits(m, (i, j)):
                        self.edges.append(Edge(m, row, column))
                        return
            first, second = (self._by_entries(f, (a, b)) for a, b in (ends, ends[::-1]))
            if show(alpha(first)) <= show(alpha(second)):
                self.edges.append(Edge(first, ends[0], ends[1]))
            else:
                self.edges.append(Edge(second, ends[1], ends[0]))
        else:
            raise NoNetwork("a factor of three indices")

    def _by_entries(self, f: Term, names: tuple[str, ...]) -> Term:
        match f:
            case App("at", (m, *where)) if tuple(where) == tuple(map(Var, names)) and self._fits(m, names):
                return m
            case App("at", (m, Var(i), Var(j))) if (i,) == (j,) == names and self._fits(m, (i, j)):
                return app("diagonal", m)
        return Bind("lambda", names, tuple(self.ranges[n] for n in names), (), (f,))

    def _fits(self, m: Term, names: tuple[str, ...]) -> bool:
        """Whether the indices run over the whole of the matrix, which does not move with them."""
        if free_names(m) & set(self.ranges) or not is_matrix(m, self.owner.sorts):
            return False
        sizes = shape(m, self.owner.sorts)
        return all(same_size(self.ranges[n].size, size) for n, size in zip(names, sizes, strict=False)) and (
            len(names) == 2 or is_one(sizes[1]))

    # ------------------------------------------------------------------ paths

    def product(self) -> tuple[Form, Term | None]:
        out = self._result()
        for n in list(self.bound):
            if n in self.vectors:
                self._scalar(n)
        return self.coefficient, out

    def _result(self) -> Term | None:
        if not self.names:
            return None
        row, column = self.names[0], self.names[-1]
        if len(self.names) == 1:
            chain, end = self._walk(row)
            if end is not None:
                raise NoNetwork("a path to nowhere")
            return _matmul(chain)
        chain, end = self._walk(row, column)
        if end == column:
            return _matmul(chain)
        other, end = self._walk(column)
        if end is not None:
            raise NoNetwork("a path to nowhere")
        return _matmul([*chain, app("transpose", _matmul(other))])

    def _at(self, name: str) -> list[Edge]:
        return [e for e in self.edges if name in (e.row, e.column)]

    def _vector(self, name: str) -> Term | None:
        """What stands at the node: one vector, or the product of several entry by entry."""
        found = sorted(self.vectors.pop(name), key=show)
        return None if not found else found[0] if len(found) == 1 else App("hadamard", tuple(found))

    def _walk(self, start: str, goal: str | None = None) -> tuple[list[Term], str | None]:
        """The product along the path from ``start``: to ``goal`` (then a matrix), or to its end (a vector)."""
        chain: list[Term] = []
        here = start
        while True:
            vector, edges = self._vector(here), self._at(here)
            if len(edges) > 1:
                raise NoNetwork("a node of three matrices")
            if not edges:
                if here == goal:
                    return ([*chain, app("diag", vector)] if vector is not None else chain), goal
                last = vector if vector is not None else app("ones", self.ranges[here].size, ONE)
                return [*chain, last], None
            if vector is not None:
                chain.append(app("diag", vector))
            (e,) = edges
            if e.row == e.column:
                raise NoNetwork("a loop at a node")
            self.edges.remove(e)
            following = e.column if e.row == here else e.row
            chain.append(e.towards(following))
            here = following
            if here not in self.vectors:
                raise NoNetwork("a node met twice")

    def _scalar(self, name: str) -> None:
        """The component of a bound index, a number."""
        scalar = self.owner.scalar
        edges = self._at(name)
        loops = [e for e in edges if e.row == e.column]
        if len(edges) == 1 and loops and not self.vectors[name]:
            self.edges.remove(loops[0])
            del self.vectors[name]
            self._factor(scalar(app("trace", loops[0].matrix)))
            return
        if not edges:
            found = sorted(self.vectors.pop(name), key=show)
            size = self.ranges[name].size
            if not found:
                self._factor(scalar(app("trace", app("identity", size))))        # the size, if it is one
                return
            last = found[-1]
            rest: Term = app("ones", size, ONE) if len(found) == 1 else found[0] if len(found) == 2 else App(
                "hadamard", tuple(found[:-1]))
            self._factor(scalar(app("matmul", app("transpose", rest), last)))
            return
        end = self._end(name)
        if end is None:
            self._factor(scalar(app("trace", _matmul(self._cycle(name)))))
            return
        first = self._vector(end)
        self.vectors[end] = []
        chain, _ = self._walk(end)
        start = first if first is not None else app("ones", self.ranges[end].size, ONE)
        self._factor(scalar(_matmul([app("transpose", start), *chain])))

    def _factor(self, f: Form) -> None:
        self.coefficient = self.owner.algebra.scaled(f, self.coefficient)

    def _end(self, name: str) -> str | None:
        """An end of the component's path; None if it is a cycle."""
        seen, stack = {name}, [name]
        while stack:
            here = stack.pop()
            edges = self._at(here)
            if len(edges) > 2:
                raise NoNetwork("a node of three matrices")
            if len(edges) == 1:
                return here
            for e in edges:
                for n in (e.row, e.column):
                    if n not in seen:
                        seen.add(n)
                        stack.append(n)
        return None

    def _cycle(self, start: str) -> list[Term]:
        chain: list[Term] = []
        here = start
        while True:
            vector = self._vector(here)
            if vector is not None:
                chain.append(app("diag", vector))
            e = self._at(here)[0]
            self.edges.remove(e)
            if e.row == e.column:
                raise NoNetwork("a loop at a node")
            following = e.column if e.row == here else e.row
            chain.append(e.towards(following))
            here = following
            if here == start:
                return chain


def _matmul(chain: list[Term]) -> Term:
    return chain[0] if len(chain) == 1 else App("matmul", tuple(chain))


__all__ = ["Networks", "NoNetwork"]
