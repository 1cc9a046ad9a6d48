r"""Matrices written out by their entries, as trees: products, inverses, determinants are written out entry by entry.

    written_out(notation, tree)     the tree without matrices of numbers; an equation of them is one for each entry

The language states matrices by name; a ``\begin{pmatrix}`` of at most 4 x 4 scalars says no more than its entries.
Read
are sums, multiples, products, integer powers, transposes, inverses (adjugate over determinant, as Cramer's rule
has it), det, tr, norms, single entries, definitions (``A = \begin{pmatrix} ...``), and declared vectors and matrices
of such sizes.  What else meets a written matrix is refused: a matrix of symbolic size, a function of a matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import permutations

from ..notation import Notation
from ..source import Unread
from ..tree import Tree

LARGEST = 4                 # rows and columns
POWERS = 8
NODES = 40_000              # of all that is written out
DIGITS = 200

ZERO, ONE = Tree("number", (), Fraction(0)), Tree("number", (), Fraction(1))
_CONNECTIVES = frozenset({"and", "or", "not", "implies", "iff"})


@dataclass(frozen=True, slots=True)
class Written:
    """Entries row by row."""

    rows: int
    columns: int
    entries: tuple[Tree, ...]

    def row(self, i: int) -> tuple[Tree, ...]:
        return self.entries[i*self.columns:(i + 1)*self.columns]

    def at(self, i: int, j: int) -> Tree:
        return self.entries[i*self.columns + j]

    def map(self, f: Callable[[Tree], Tree]) -> Written:
        return Written(self.rows, self.columns, tuple(map(f, self.entries)))


@dataclass(frozen=True, slots=True)
class Multiple:
    """A number times the identity, whose size nobody wrote."""

    number: Tree


Value = Tree | Written | Multiple


def written_out(notation: Notation, tree: Tree) -> Tree:
    """The tree without written matrices.  Raises :class:`Unread`."""
    if not _has_written(notation, tree):
        return tree
    found = _Writer(notation).value(tree)
    if isinstance(found, Tree):
        return found
    raise Unread("no-meaning", "a matrix written out by numbers stands alone", tree.place,
                 "compare it with another one, or take its entries, determinant or trace")


def _has_written(notation: Notation, tree: Tree) -> bool:
    """In the tree, or in the definitions that it uses (each is looked at once)."""
    seen: set[str] = set()
    todo = [tree]
    while todo:
        for t in todo.pop().walk():
            if t.head == "matrix" and not _is_block(notation, t):
                return True
            if t.head == "name" and t.value not in seen and (role := notation.role(t.value)) is not None:
                seen.add(t.value)
                if role.kind == "definition" and isinstance(role.value, Tree) and not role.params:
                    todo.append(role.value)
    return False


def _is_block(notation: Notation, t: Tree) -> bool:
    """Blocks of declared matrices are the language's own."""
    return any(n.head == "name" and (role := notation.role(n.value)) is not None and role.kind == "matrix"
               for p in t.parts for n in p.walk())


class _Writer:
    def __init__(self, notation: Notation) -> None:
        self.notation = notation
        self.nodes = 0
        self.defining: list[str] = []

    # ------------------------------------------------------------------ arithmetic of entries

    def node(self, head: str, *parts: Tree) -> Tree:
        self.nodes += 1
        if self.nodes > NODES:
            raise Unread("too-large", "written out, these matrices are too large", None, "give a name to a part")
        return Tree(head, parts)

    def add(self, *terms: Tree) -> Tree:
        terms = tuple(t for t in terms if t != ZERO)
        if not terms:
            return ZERO
        if all(t.head == "number" for t in terms):
            return self.number(sum((t.value for t in terms), Fraction(0)))
        return terms[0] if len(terms) == 1 else self.node("add", *terms)

    def mul(self, *factors: Tree) -> Tree:
        """A zero keeps its factors, which may be undefined, unless they are numbers or names."""
        if all(f.head == "number" for f in factors):
            return self.number(reduce(lambda a, b: a*b, (f.value for f in factors), Fraction(1)))
        if ZERO in factors and all(f.head in ("number", "name") for f in factors):
            return ZERO
        kept = tuple(f for f in factors if f != ONE)
        return kept[0] if len(kept) == 1 else self.node("mul", *kept)

    def number(self, value: Fraction) -> Tree:
        if max(abs(value.numerator), value.denominator) > 10**DIGITS:
            raise Unread("digits", f"numbers of more than {DIGITS} digits", None, "use smaller ones")
        return Tree("number", (), value)

    def neg(self, a: Tree) -> Tree:
        return self.number(-a.value) if a.head == "number" else self.node("neg", a)

    # ------------------------------------------------------------------ matrices

    def value(self, t: Tree) -> Value:
        if t.head == "matrix":
            if _is_block(self.notation, t):
                raise self.refuse("blocks beside a matrix that is written out", t)
            rows, columns = t.value
            if max(rows, columns) > LARGEST:
                raise self.refuse(f"a written matrix of {rows} x {columns}", t, f"up to {LARGEST} x {LARGEST} are read")
            return self.one(Written(rows, columns, tuple(self.scalar(p) for p in t.parts)))
        if t.head == "name":
            return self.name(t)
        if t.head == "relation":
            return self.relation(t)
        if t.head in _CONNECTIVES:
            return Tree(t.head, tuple(self.scalar(p) for p in t.parts), t.value, t.place)
        if t.head == "chain":
            links = [self.relation(Tree("relation", (a, b), r, t.place))
                     for a, r, b in zip(t.parts, t.value, t.parts[1:], strict=False)]
            return Tree("and", tuple(links), None, t.place)
        if t.head == "function" and t.value == "identity":
            size = t.parts[0] if t.parts else None
            if size is not None and size.head == "number" and 1 <= size.value <= LARGEST:
                return self.identity(int(size.value), ONE)
            return Multiple(ONE) if size is None else t
        if t.head in ("sum", "prod", "integral", "expectation", "forall", "exists", "limit"):
            inner = tuple(self.scalar(p) if p.head not in ("binding", "over") else p for p in t.parts)
            return Tree(t.head, inner, t.value, t.place)
        parts: list[Value] = [self.value(p) for p in t.parts]
        if all(isinstance(p, Tree) for p in parts):
            return Tree(t.head, tuple(p for p in parts if isinstance(p, Tree)), t.value, t.place)
        return self.one(self.operation(t, parts))

    def name(self, t: Tree) -> Value:
        role = self.notation.role(t.value)
        if role is None:
            return t
        if role.kind == "definition" and isinstance(role.value, Tree) and not role.params \
                and _has_written(self.notation, role.value):
            if role.key in self.defining or len(self.defining) > 20:
                raise Unread("circular", f"{role.key} is defined by itself", t.place)
            self.defining.append(role.key)
            found = self.value(role.value)
            self.defining.pop()
            return found
        sizes = [int(s.value) for s in role.sizes if s.head == "number" and 1 <= s.value <= LARGEST]
        if role.kind in ("vector", "matrix") and len(sizes) == len(role.sizes) and not role.properties:
            if role.kind == "vector" and len(sizes) == 1:
                return Written(sizes[0], 1, tuple(Tree("entry", (t, _index(i))) for i in range(sizes[0])))
            if len(sizes) == 2:
                return Written(sizes[0], sizes[1], tuple(Tree("entry", (t, _index(i), _index(j)))
                                             for i in range(sizes[0]) for j in range(sizes[1])))
        return t

    def scalar(self, t: Tree) -> Tree:
        """What must be a number or a statement."""
        found = self.value(t)
        if not isinstance(found, Tree):
            raise self.refuse(f"a written matrix within {t.head}", t)
        return found

    def one(self, found: Value) -> Value:
        """1 x 1 is a number."""
        return found.entries[0] if isinstance(found, Written) and found.rows == found.columns == 1 else found

    def refuse(self, what: str, t: Tree, hint: str = "write it entry by entry") -> Unread:
        return Unread("no-meaning", f"{what} has no meaning here", t.place, hint)

    def relation(self, t: Tree) -> Tree:
        if len(t.parts) != 2:
            return Tree("relation", tuple(self.scalar(p) for p in t.parts), t.value, t.place)
        a, b = (self.value(p) for p in t.parts)
        if isinstance(a, Tree) and isinstance(b, Tree):
            return Tree("relation", (a, b), t.value, t.place)
        if t.value not in ("=", "!="):
            raise self.refuse(f"{t.value} between matrices that are written out", t, "compare entries")
        a, b = self.alike(a, b, t)
        equations = tuple(Tree("relation", (x, y), "=", t.place) for x, y in zip(a.entries, b.entries, strict=True))
        whole = equations[0] if len(equations) == 1 else Tree("and", equations, None, t.place)
        return whole if t.value == "=" else Tree("not", (whole,), None, t.place)

    def alike(self, a: Value, b: Value, t: Tree) -> tuple[Written, Written]:
        """Two sides or summands as matrices of one size; 0 and multiples of the identity take the other's."""
        shapes = [x for x in (a, b) if isinstance(x, Written)]
        if not shapes:
            raise self.refuse("an identity without a size", t, "write I_n")
        like = shapes[0]
        out = []
        for x, p in ((a, t.parts[0]), (b, t.parts[-1])):
            if isinstance(x, Tree) and x == ZERO:
                x = Written(like.rows, like.columns, (ZERO,)*len(like.entries))
            elif isinstance(x, Multiple):
                if like.rows != like.columns:
                    raise Unread("shape", f"the identity beside a matrix of {_size(like)}", t.place)
                x = self.identity(like.rows, x.number)
            elif isinstance(x, Tree) and x.head == "tuple" and len(x.parts) == len(like.entries):
                x = Written(like.rows, like.columns, x.parts)
            elif isinstance(x, Tree) and (slopes := _slopes(x, like)) is not None:
                x = slopes
            elif isinstance(x, Tree):
                raise Unread("shape", f"a written matrix of {_size(like)} beside what is not one", p.place or t.place,
                             "write this side out, too, or define it: v = \\begin{pmatrix} ...")
            out.append(x)
        if (out[0].rows, out[0].columns) != (out[1].rows, out[1].columns):
            raise Unread("shape", f"{_size(out[0])} beside {_size(out[1])}", t.place)
        return out[0], out[1]

    def identity(self, n: int, number: Tree) -> Written:
        return Written(n, n, tuple(number if i == j else ZERO for i in range(n) for j in range(n)))

    # ------------------------------------------------------------------ operations

    def operation(self, t: Tree, parts: list[Value]) -> Value:
        first = parts[0]
        match t.head:
            case "add":
                return self.total(t, parts)
            case "neg" if not isinstance(first, Tree):
                return first.map(self.neg) if isinstance(first, Written) else Multiple(self.neg(first.number))
            case "mul":
                return self.product(t, parts)
            case "div" if isinstance(parts[1], Tree):
                below = parts[1]
                if isinstance(first, Multiple):
                    return Multiple(self.node("div", first.number, below))
                if isinstance(first, Written):
                    return first.map(lambda e: self.node("div", e, below))
            case "transpose" if isinstance(first, Written):
                return _transposed(first)
            case "inverse" if isinstance(first, Written):
                return self.inverse(first, t)
            case "pow" if isinstance(first, Written) and isinstance(parts[1], Tree):
                return self.power(first, parts[1], t)
            case "entry" if isinstance(first, Written):
                return self.entry(first, parts[1:], t)
            case "abs" if isinstance(first, Written) and first.rows == first.columns:
                return self.det(first, t)
            case "abs" | "norm" if isinstance(first, Written):
                if first.columns == 1 and t.value in (None, "", "2") or t.value == "F":
                    two = Tree("number", (), Fraction(2))
                    return self.node("sqrt", self.add(*(self.node("pow", e, two) for e in first.entries)))
                if first.columns == 1 and t.value == "1":
                    return self.add(*(self.node("abs", e) for e in first.entries))
            case "function" if isinstance(first, Written):
                if t.value == "det":
                    return self.det(first, t)
                if t.value in ("tr", "trace", "Tr"):
                    self.square(first, t)
                    return self.add(*(first.at(i, i) for i in range(first.rows)))
                if t.value in ("inner", "dot") and isinstance(parts[1], Written) and first.columns == 1:
                    return self.one(self.matmul(_transposed(first), parts[1], t))
                if t.value in ("hadamard", "odot") and isinstance(parts[1], Written):
                    a, b = self.alike(first, parts[1], t)
                    return Written(a.rows, a.columns, tuple(map(self.mul, a.entries, b.entries)))
        what = str(t.value) if t.head == "function" else t.head
        raise self.refuse(f"{what} of a matrix that is written out", t)

    def total(self, t: Tree, parts: Sequence[Value]) -> Value:
        if all(isinstance(p, Multiple) for p in parts):
            return Multiple(self.add(*(p.number for p in parts if isinstance(p, Multiple))))
        like = next((p for p in parts if isinstance(p, Written)), None)
        if like is None:
            raise self.refuse("the sum of a number and an identity", t)
        out = None
        for p, source in zip(parts, t.parts, strict=True):
            if p == ZERO:
                raise Unread("shape", "a number is added to a matrix", source.place or t.place)
            _, own = self.alike(like, p, Tree("add", (source, source), None, t.place))
            out = own if out is None else Written(own.rows, own.columns, tuple(map(self.add, out.entries, own.entries)))
        return out or like

    def product(self, t: Tree, parts: Sequence[Value]) -> Value:
        numbers: list[Tree] = []
        run: Value | None = None
        for p, source in zip(parts, t.parts, strict=True):
            if isinstance(p, Tree):
                if run is not None and p.head in ("name", "tuple") and (
                        p.head == "tuple" or (r := self.notation.role(p.value)) is None or r.inferred
                        or r.kind in ("vector", "matrix")):
                    what = p.value if p.head == "name" else "a list"
                    raise Unread("shape", f"{what} behind a written matrix: is it a number or a vector?",
                                 source.place or t.place,
                                 f"define it: {what} = \\begin{{pmatrix}} ..., or write the number first")
                if self.vectorial(p):
                    raise self.refuse("a written matrix times what is none", source)
                numbers.append(p)
            elif isinstance(p, Multiple):
                numbers.append(p.number)
                run = p if run is None else run
            elif isinstance(run, Written):
                joined = self.one(self.matmul(run, p, t))
                if isinstance(joined, Tree):
                    numbers.append(joined)
                    run = None
                else:
                    run = joined
            else:
                run = p
        if run is None:
            return self.mul(*numbers)
        return self.scaled(numbers, Multiple(ONE) if isinstance(run, Multiple) else run)

    def vectorial(self, t: Tree) -> bool:
        """May it be a vector or a matrix?"""
        if t.head == "name":
            return (role := self.notation.role(t.value)) is not None and role.kind in ("vector", "matrix")
        if t.head in ("entry", "norm") or t.head == "function" and t.value in ("det", "tr", "trace", "Tr"):
            return False
        return t.head in ("transpose", "gradient", "hessian", "jacobian") or any(map(self.vectorial, t.parts))

    def scaled(self, numbers: Sequence[Tree], whole: Value) -> Value:
        if isinstance(whole, Written):
            return whole.map(lambda e: self.mul(*numbers, e)) if numbers else whole
        if isinstance(whole, Multiple):
            return Multiple(self.mul(*numbers, whole.number))
        return self.mul(*numbers, whole)

    def matmul(self, a: Written, b: Written, t: Tree) -> Written:
        if a.columns == 1 and b.columns == 1 and a.rows > 1:
            raise Unread("product", "two column vectors side by side: which product is meant?", t.place,
                         "write x^T y for the number, x y^T for the matrix", ("x^\\top y", "x y^\\top"))
        if a.columns != b.rows:
            raise Unread("shape", f"{_size(a)} times {_size(b)}: they cannot be multiplied", t.place)
        return Written(a.rows, b.columns, tuple(
            self.add(*(self.mul(a.at(i, k), b.at(k, j)) for k in range(a.columns)))
            for i in range(a.rows) for j in range(b.columns)))

    def square(self, a: Written, t: Tree) -> None:
        if a.rows != a.columns:
            raise Unread("shape", f"a matrix of {_size(a)}, where a square one is needed", t.place)

    def power(self, a: Written, k: Tree, t: Tree) -> Written:
        if k.head == "neg" and k.parts[0].head == "number":
            k = Tree("number", (), -k.parts[0].value)
        if k.head != "number" or k.value.denominator != 1 or not -1 <= k.value <= POWERS or k.value == 0:
            raise self.refuse("such a power of a written matrix", t, f"powers up to {POWERS} and the inverse are read")
        self.square(a, t)
        if k.value == -1:
            return self.inverse(a, t)
        return reduce(lambda x, y: self.matmul(x, y, t), [a]*int(k.value))

    def entry(self, a: Written, indices: Sequence[Value], t: Tree) -> Tree:
        at = [int(i.value) for i in indices if isinstance(i, Tree) and i.head == "number"]
        if len(at) == 1 and a.columns == 1:
            at.append(1)
        if len(at) != 2 or not (1 <= at[0] <= a.rows and 1 <= at[1] <= a.columns):
            raise self.refuse("this entry of a written matrix", t, "write its row and column as numbers")
        return a.at(at[0] - 1, at[1] - 1)

    def det(self, a: Written, t: Tree) -> Tree:
        """Leibniz' formula."""
        self.square(a, t)
        n = a.rows
        terms = []
        for p in permutations(range(n)):
            odd = sum(p[i] > p[j] for i in range(n) for j in range(i + 1, n)) % 2
            term = self.mul(*(a.at(i, p[i]) for i in range(n)))
            terms.append(self.neg(term) if odd else term)
        return self.add(*terms)

    def inverse(self, a: Written, t: Tree) -> Written:
        det = self.det(a, t)
        n = a.rows

        def cofactor(i: int, j: int) -> Tree:
            rest = tuple(a.at(r, c) for r in range(n) if r != i for c in range(n) if c != j)
            minor = self.det(Written(n - 1, n - 1, rest), t) if n > 1 else ONE
            return self.neg(minor) if (i + j) % 2 else minor

        return Written(n, n, tuple(self.node("div", cofactor(j, i), det) for i in range(n) for j in range(n)))


def _slopes(t: Tree, like: Written) -> Written | None:
    r"""``\nabla f(x, y)`` beside a column: the derivatives by its arguments."""
    if t.head != "gradient" or len(t.parts) != 1 or t.parts[0].head != "call" or like.columns != 1:
        return None
    by = t.parts[0].parts[1:]
    if len(set(by)) != like.rows or len(by) != like.rows or any(x.head != "name" for x in by):
        return None
    return Written(like.rows, 1, tuple(Tree("derivative", (t.parts[0], x), "partial", t.place) for x in by))


def _index(i: int) -> Tree:
    return Tree("number", (), Fraction(i + 1))


def _transposed(a: Written) -> Written:
    return Written(a.columns, a.rows, tuple(a.at(i, j) for j in range(a.columns) for i in range(a.rows)))


def _size(a: Written) -> str:
    return f"{a.rows} x {a.columns}"


__all__ = ["written_out"]
