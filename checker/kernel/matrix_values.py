"""Values of matrix terms at a point: exact elimination over the rationals, balls where entries are inexact.

This is the meaning that refutations rest on, and it knows none of the rules of ``matrix_form``: products are
sums, an inverse is found by Gauss-Jordan elimination, a determinant by elimination, definiteness by the
pivots of L D L^T (all with exact rationals; Golub and Van Loan, Matrix Computations, 4th ed., 3.2 and 4.2).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from .evaluate import Table, Undefined, Unknown, to_ball
from .matrix_terms import IllTyped, is_matrix, same_size
from .matrix_terms import shape as shape_of
from .term import ONE, App, Bind, Num, Term, Var, app, num, show, sub

if TYPE_CHECKING:
    from .evaluate import Evaluator

Rows: TypeAlias = list[list[Any]]        # entries are Fractions or balls
MAX_ENTRIES = 400
MAX_POWER = 200


class Matrices:
    """Matrices at the point of an evaluator."""

    def __init__(self, at: Evaluator) -> None:
        self.at = at

    def rows(self, t: Term) -> Rows:
        """The entries of ``t``.  Raises Undefined, Unknown."""
        at = self.at
        match t:
            case Var(name):
                return self._variable(name, t)
            case Bind("lambda"):
                n, m = self._sizes(t)
                return [[at.number(App("at", (t, num(i), num(j))[:len(t.names) + 1])) for j in range(1, m + 1)]
                        for i in range(1, n + 1)]
            case App("matmul", args):
                made = self.rows(args[0])
                for a in args[1:]:
                    made = self.product(made, self.rows(a))
                return made
            case App("matadd", args):
                return self._entrywise("add", [self.rows(a) for a in args])
            case App("hadamard", args):
                return self._entrywise("mul", [self.rows(a) for a in args])
            case App("scale", (c, a)):
                factor = at.number(c)
                return [[at.apply("mul", [factor, y]) for y in row] for row in self.rows(a)]
            case App("transpose", (a,)):
                return [list(column) for column in zip(*self.rows(a), strict=True)]
            case App("inverse", (a,)):
                return self.inverse(self.rows(a))
            case App("matpow", (a, k)):
                return self._power(self.rows(a), at.index(k))
            case App("kron", (a, b)):
                first, second = self.rows(a), self.rows(b)
                self._bound(len(first) * len(second), len(first[0]) * len(second[0]))
                return [[at.apply("mul", [x, y]) for x in u for y in v] for u in first for v in second]
            case App("vec", (a,)):
                return [[x] for column in zip(*self.rows(a), strict=True) for x in column]
            case App("diag", (a,)):
                x = [row[0] for row in self.rows(a)]
                return [[x[i] if i == j else Fraction(0) for j in range(len(x))] for i in range(len(x))]
            case App("diagonal", (a,)):
                return [[row[i]] for i, row in enumerate(self.rows(a))]
            case App("identity", (size,)):
                return identity(self._bound(at.index(size), 1))
            case App("zeros" | "ones" as head, (rows, columns)):
                n, m = at.index(rows), at.index(columns)
                self._bound(n, m)
                return [[Fraction(int(head == "ones"))] * m for _ in range(n)]
            case App("block", (a, b, c, d)):
                up = [x + y for x, y in zip(self.rows(a), self.rows(b), strict=True)]
                return up + [x + y for x, y in zip(self.rows(c), self.rows(d), strict=True)]
            case _:
                raise Unknown(f"no matrix is computed for {show(t)[:60]}")

    def checked(self, t: Term) -> Rows:
        """``rows`` of a term that is well typed for all sizes, not by chance at these."""
        try:
            shape_of(t, self.at.sorts)
        except IllTyped as error:
            raise Unknown(str(error)) from error
        return self.rows(t)

    def number(self, t: Term) -> Any:
        """The number that a matrix head names."""
        match t:
            case App("trace", (a,)):
                return self.at.apply("add", [row[i] for i, row in enumerate(self.checked(a))])
            case App("det", (a,)):
                return self.determinant(self.checked(a))
            case App("maxeig", (a,)):
                from .spectrum_values import largest_eigenvalue

                return largest_eigenvalue(exact(self.checked(a)))
            case App("rank", (a,)):
                return Fraction(rank(exact(self.checked(a))))
            case App("at", (a, *indices)):
                whole = self.checked(a)
                i, j = (self.at.index(indices[k]) if k < len(indices) else 1 for k in (0, 1))
                if not (1 <= i <= len(whole) and 1 <= j <= len(whole[0])):
                    raise Undefined(f"index {(i, j)} is out of range")
                return whole[i - 1][j - 1]
            case _:
                only = self.checked(t)
                if len(only) != 1 or len(only[0]) != 1:
                    raise Unknown(f"{show(t)[:60]} is no number")
                return only[0][0]

    def truth(self, t: Term) -> bool:
        """The truth of a statement about matrices."""
        match t:
            case App("mat=", (a, b)):
                left, right = self.checked(a), self.checked(b)
                if len(left) != len(right) or len(left[0]) != len(right[0]):
                    raise Unknown("an equation between matrices of different shapes")
                pairs = [(x, y, i, j) for i, (u, v) in enumerate(zip(left, right, strict=True), 1)
                         for j, (x, y) in enumerate(zip(u, v, strict=True), 1)]
                return self._all_equal(pairs, a, b)
            case App("invertible", (a,)):
                return nonzero(self.determinant(self.checked(a)))
            case App("psd" | "pd" as head, (a,)):
                rows = exact(self.checked(a))
                return definite(rows, strict=head == "pd")
            case _:
                raise Unknown(f"no truth value is computed for {show(t)[:60]}")

    def _all_equal(self, pairs: list[tuple[Any, Any, int, int]], a: Term, b: Term) -> bool:
        doubt: Unknown | None = None
        for x, y, i, j in pairs:
            try:
                difference = sub(self._entry_term(a, i, j), self._entry_term(b, i, j))
                if not self.at.same(x, y, difference):
                    return False
            except Unknown as error:
                doubt = doubt or error
        if doubt is not None:
            raise doubt
        return True

    def _entry_term(self, a: Term, i: int, j: int) -> Term:
        match a:
            case Bind("lambda") if len(a.names) == 1:
                return app("at", a, num(i))
            case _:
                return app("at", a, num(i), num(j))

    # ------------------------------------------------------------------ parts

    def _sizes(self, t: Term) -> tuple[int, int]:
        n, m = (self.at.index(s) for s in shape_of(t, self.at.sorts))
        self._bound(n, m)
        return n, m

    @staticmethod
    def _bound(n: int, m: int) -> int:
        if n < 1 or m < 1 or n * m > MAX_ENTRIES:
            raise Unknown("a matrix of no entries, or of too many")
        return n

    def _variable(self, name: str, t: Term) -> Rows:
        if not is_matrix(t, self.at.sorts):
            raise Unknown(f"{name} is no matrix")
        value = self.at.values.get(name)
        if isinstance(value, Table):
            n, m = (*value.shape, 1)[:2]
            self._bound(n, m)
            two = len(value.shape) == 2
            closed = self.at.closed()
            return [[closed.number(value.entries[(i, j) if two else (i,)]) for j in range(1, m + 1)]
                    for i in range(1, n + 1)]
        if isinstance(value, Bind) and value.head == "lambda":
            return self.rows(value)
        raise Unknown(f"{name} has no value here")

    def product(self, a: Rows, b: Rows) -> Rows:
        if len(a[0]) != len(b):
            raise Unknown("a product of matrices that do not fit")
        self._bound(len(a), len(b[0]))
        apply = self.at.apply
        if all(isinstance(x, Fraction) for row in (*a, *b) for x in row):
            columns = list(zip(*b, strict=True))
            return [[sum((x * y for x, y in zip(row, column, strict=True)), Fraction(0)) for column in columns]
                    for row in a]
        return [[apply("add", [apply("mul", [x, b[k][j]]) for k, x in enumerate(row)]) for j in range(len(b[0]))]
                for row in a]

    def _entrywise(self, head: str, parts: list[Rows]) -> Rows:
        if len({(len(p), len(p[0])) for p in parts}) != 1:
            raise Unknown("matrices of different shapes")
        return [[self.at.apply(head, [p[i][j] for p in parts]) for j in range(len(parts[0][0]))]
                for i in range(len(parts[0]))]

    def _power(self, a: Rows, k: int) -> Rows:
        if abs(k) > MAX_POWER:
            raise Unknown("a matrix power of too many factors")
        base = self.inverse(a) if k < 0 else a
        out = identity(len(a))
        for _ in range(abs(k)):
            out = self.product(out, base)
        return out

    def inverse(self, a: Rows) -> Rows:
        """Gauss-Jordan elimination on [A | I]."""
        n = len(a)
        if any(len(row) != n for row in a):
            raise Unknown("the inverse of a matrix that is not square")
        work = [list(row) + unit for row, unit in zip(a, identity(n), strict=True)]
        apply = self.at.apply
        for k in range(n):
            p = next((r for r in range(k, n) if nonzero(work[r][k])), None)
            if p is None:
                raise Undefined("the inverse of a singular matrix")
            work[k], work[p] = work[p], work[k]
            pivot = work[k][k]
            work[k] = [apply("div", [x, pivot]) for x in work[k]]
            for r in range(n):
                c = work[r][k]
                if r != k and not (isinstance(c, Fraction) and c == 0):
                    work[r] = [apply("add", [x, apply("neg", [apply("mul", [c, y])])])
                               for x, y in zip(work[r], work[k], strict=True)]
        return [row[n:] for row in work]

    def determinant(self, a: Rows) -> Any:
        """By elimination; over balls by the expansion along a row, which divides by nothing."""
        n = len(a)
        if any(len(row) != n for row in a):
            raise Unknown("the determinant of a matrix that is not square")
        if all(isinstance(x, Fraction) for row in a for x in row):
            return determinant(a)
        if n > 5:
            raise Unknown("a determinant of inexact entries")
        apply = self.at.apply

        def minor(rows: list[int], columns: list[int]) -> Any:
            if not rows:
                return Fraction(1)
            terms = []
            for k, c in enumerate(columns):
                x = apply("mul", [a[rows[0]][c], minor(rows[1:], columns[:k] + columns[k + 1:])])
                terms.append(x if k % 2 == 0 else apply("neg", [x]))
            return apply("add", terms)

        return minor(list(range(n)), list(range(n)))


def nonzero(x: Any) -> bool:
    """Raises Unknown where a ball contains 0."""
    x = getattr(x, "primal", x)         # of a dual number, its value
    if isinstance(x, Fraction):
        return x != 0
    if to_ball(x).contains(0):
        raise Unknown("a pivot not told from 0")
    return True


def exact(a: Rows) -> list[list[Fraction]]:
    if not all(isinstance(x, Fraction) for row in a for x in row):
        raise Unknown("a rank or a sign of a matrix with inexact entries")
    return a


def identity(n: int) -> list[list[Fraction]]:
    return [[Fraction(int(i == j)) for j in range(n)] for i in range(n)]


def determinant(a: list[list[Fraction]]) -> Fraction:
    work, out = [list(row) for row in a], Fraction(1)
    n = len(work)
    for k in range(n):
        p = next((r for r in range(k, n) if work[r][k] != 0), None)
        if p is None:
            return Fraction(0)
        if p != k:
            work[k], work[p], out = work[p], work[k], -out
        out *= work[k][k]
        for r in range(k + 1, n):
            c = work[r][k] / work[k][k]
            if c:
                work[r] = [x - c * y for x, y in zip(work[r], work[k], strict=True)]
    return out


def rank(a: list[list[Fraction]]) -> int:
    work, found = [list(row) for row in a], 0
    for k in range(len(work[0])):
        p = next((r for r in range(found, len(work)) if work[r][k] != 0), None)
        if p is None:
            continue
        work[found], work[p] = work[p], work[found]
        for r in range(found + 1, len(work)):
            c = work[r][k] / work[found][k]
            work[r] = [x - c * y for x, y in zip(work[r], work[found], strict=True)]
        found += 1
    return found


def definite(a: list[list[Fraction]], strict: bool) -> bool:
    """Symmetric, and x^T A x >= 0 for all x (> 0 for x != 0): pivots by L D L^T.  A pivot 0 asks that its
    whole row be 0."""
    n = len(a)
    if any(len(row) != n for row in a):
        raise Unknown("definiteness of a matrix that is not square")
    if any(a[i][j] != a[j][i] for i in range(n) for j in range(i)):
        return False
    work = [list(row) for row in a]
    for k in range(n):
        d = work[k][k]
        if d < 0 or strict and d == 0:
            return False
        if d == 0:
            if any(work[k][j] != 0 for j in range(k, n)):
                return False
            continue
        for r in range(k + 1, n):
            c = work[r][k] / d
            work[r] = [x - c * y for x, y in zip(work[r], work[k], strict=True)]
    return True


__all__ = ["Matrices", "ONE", "Num", "definite", "determinant", "exact", "identity", "rank", "same_size"]
