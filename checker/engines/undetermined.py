"""Undetermined coefficients: f = sum of c_j B_j' with c_j free of x, in the normal form.

Both sides are fractions of polynomials in generators (``field``); over a common denominator, the
coefficients of the monomials in the generators that depend on x give linear equations for the c_j over the
field of the others.  (The linear part of the parallel integration algorithm: Bronstein, Symbolic
Integration I, 2nd ed., 2005, ch. 10; no page.)  Constants of the form, so that a solution found is right
as far as the normal form goes; the kernel checks it again.  Generators that are not independent can hide
a solution, never make one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from flint import fmpq, fmpq_mat, fmpq_mpoly

from ..kernel.claim import Sequent
from ..kernel.constants import Constants
from ..kernel.derivative import NoDerivative, derivative
from ..kernel.field import _CTX, _ONE, _ZERO, CannotNormalise, Field, Frac
from ..kernel.term import App, Num, Term, Var, add, app, free_names, mul, num

MAX_ENTRIES = 20_000
MAX_UNKNOWNS = 40
Row: TypeAlias = dict[int, fmpq_mpoly]


def combination(f: Term, basis: Sequence[Term], x: str, s: Sequent) -> Term | None:
    """sum c_j B_j with this derivative, or None."""
    slopes = []
    kept = []
    for b in dict.fromkeys(basis):
        try:
            slopes.append(derivative(b, x, s.declarations)[0])
            kept.append(b)
        except NoDerivative:
            continue
    if not kept or len(kept) > MAX_UNKNOWNS:
        return None
    field = Field(s)
    try:
        return field._settled(lambda: _solved(field, f, slopes, kept, x))
    except CannotNormalise:
        return None


def _solved(field: Field, f: Term, slopes: list[Term], basis: list[Term], x: str) -> Term | None:
    goal = field.frac(f)
    columns: list[Frac] = []
    kept: list[Term] = []
    for b, d in zip(basis, slopes, strict=True):
        try:
            columns.append(field.frac(d))
            kept.append(b)
        except CannotNormalise:
            continue
    moving = [k for k in range(len(field.generators)) if _moves(field, k, x)]
    common = _ONE
    for c in (goal, *columns):
        common = divmod(common * c.den, common.gcd(c.den))[0]
        if len(common) > 400:
            return None
    rows: dict[tuple[int, ...], Row] = {}
    count = 0
    for j, c in enumerate([*columns, goal]):
        whole = field._reduce(c.num * divmod(common, c.den)[0])
        if not whole.den.is_constant():
            return None
        p = whole.num / whole.den.leading_coefficient()
        for exponents, value in p.to_dict().items():
            count += 1
            if count > MAX_ENTRIES:
                return None
            e = list(map(int, exponents))
            key = tuple(e[k] for k in moving)
            for k in moving:
                e[k] = 0
            row = rows.setdefault(key, {})
            row[j] = row.get(j, _ZERO) + _CTX.from_dict({tuple(e): value})
    n = len(columns)
    system = [row for row in rows.values() if any(v != 0 for v in row.values())]
    if any({j for j, v in row.items() if v != 0} == {n} for row in system):
        return None
    found = _rational(system, n) if all(
        v.is_constant() for row in system for v in row.values()) else _general(field, system, n)
    if found is None:
        return None
    constants = Constants(field)
    parts = []
    for c, b in zip(found, kept, strict=True):
        if c.num != 0:
            parts.append(_scaled(constants.term(c), b))
    return add(*parts) if parts else num(0)


def _scaled(c: Term, b: Term) -> Term:
    if c == num(1):
        return b
    if isinstance(c, Num) and c.value < 0:
        return app("neg", _scaled(Num(-c.value), b))
    if isinstance(c, App) and c.head == "neg":
        return app("neg", _scaled(c.args[0], b))
    return mul(c, b)


def _moves(field: Field, k: int, x: str) -> bool:
    g = field.generators[k]
    if g.kind == "imaginary":
        return True            # real coefficients only: the basis is real
    if g.kind == "name" or g.value is None:
        return x in free_names(g.term)
    return any(int(d) and _moves(field, j, x)
               for p in (g.value.num, g.value.den) if p != 0 for j, d in enumerate(p.degrees()))


def _rational(system: list[Row], n: int) -> list[Frac] | None:
    matrix = fmpq_mat(len(system), n + 1)
    for i, row in enumerate(system):
        for j, v in row.items():
            if v != 0:
                matrix[i, j] = v.leading_coefficient()
    reduced, rank = matrix.rref()
    values = [fmpq(0)] * n
    for i in range(rank):
        pivot = next(j for j in range(n + 1) if reduced[i, j] != 0)
        if pivot == n:
            return None
        values[pivot] = reduced[i, n]
    return [Frac(_CTX.constant(v), _ONE) for v in values]


def _general(field: Field, system: list[Row], n: int) -> list[Frac] | None:
    """Elimination over the fractions, short rows first."""
    rows = [{j: field._make(v, _ONE) for j, v in row.items() if v != 0} for row in system]
    done: list[tuple[int, dict[int, Frac]]] = []
    work = 4_000
    while rows:
        rows.sort(key=len)
        row = rows.pop(0)
        row = {j: v for j, v in row.items() if v.num != 0}
        places = [j for j in row if j < n]
        if not places:
            if row:
                return None
            continue
        pivot = min(places, key=lambda j: len(row[j].num) + len(row[j].den))
        inverse = field._inverse(row[pivot])
        row = {j: field.times(v, inverse) for j, v in row.items()}
        done.append((pivot, row))
        for other in rows:
            if (factor := other.pop(pivot, None)) is None or factor.num == 0:
                continue
            for j, v in row.items():
                if j == pivot:
                    continue
                work -= 1
                if work < 0:
                    return None
                step = field.times(factor, v)
                old = other.get(j)
                other[j] = Frac(-step.num, step.den) if old is None else field._subtract(old, step)
    values = [Frac(_ZERO, _ONE)] * n
    for pivot, row in reversed(done):
        total = row.get(n, Frac(_ZERO, _ONE))
        for j, v in row.items():
            if j not in (pivot, n) and values[j].num != 0:
                total = field._subtract(total, field.times(v, values[j]))
        values[pivot] = total
    return values


__all__ = ["Fraction", "Var", "combination"]
