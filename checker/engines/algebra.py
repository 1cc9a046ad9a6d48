"""Cofactors: an equation as a polynomial combination of assumed equations.

Method: linear algebra.  Fix a degree d; the unknown cofactors are polynomials of degree <= d in the
generators that occur; comparing coefficients gives a linear system over Q, solved exactly.  Powers of
the goal (1 to 4) and products of terms known nonzero are tried.  Certificate: rule ``ideal``.
Why it convinces: the kernel multiplies out.  Cannot: cofactors of high degree (a Groebner basis would
find them), real arguments (sums of squares).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from flint import fmpq, fmpq_mat, fmpq_mpoly, fmpz_mpoly_ctx, fmpz_mpoly_vec

from ..kernel.claim import Sequent
from ..kernel.effort import spend
from ..kernel.field import _CTX, _GENS, GENERATORS, CannotNormalise, Field, Frac
from ..kernel.prove import components
from ..kernel.rule_ideal import equations
from ..kernel.term import App, Num, Term, add, app, conjuncts, mul, num, sub, to_json

MAX_UNKNOWNS = 220
MAX_FACTORED = 24
MAX_WORK = 120_000         # entries of the linear systems of one search


def ideal(s: Sequent) -> Iterator[dict[str, Any]]:
    goal = s.goal
    if not (isinstance(goal, App) and goal.head in ("=", "!=", "false", "or")):
        return
    if goal.head == "!=":
        s = s.assuming(app("=", *goal.args)).with_goal(App("false", ()))
        targets: list[Term] = [num(1)]
    elif goal.head == "false":
        targets = [num(1)]
    elif goal.head == "or":
        if not all(isinstance(p, App) and p.head == "=" for p in goal.args):
            return
        pairs = [q for p in goal.args if isinstance(p, App) for q in components(p.args[0], p.args[1], s)]
        targets = [mul(*(sub(a, b) for a, b in pairs))]
    else:
        targets = [sub(a, b) for a, b in components(goal.args[0], goal.args[1], s)]
    known = equations(s)
    if not known:
        return
    parts = []
    for t in targets:
        part = _combination(s, t, known)
        if part is None:
            return
        parts.append(part)
    yield {"rule": "ideal", **(parts[0] if len(parts) == 1 else {"parts": parts})}


def _combination(s: Sequent, target: Term, known: list[tuple[Term, Term]]) -> dict[str, Any] | None:
    field = Field(s)

    def search() -> dict[str, Any] | None:
        t = field.frac(target)
        hypotheses = [field._subtract(field.frac(a), field.frac(b)) for a, b in known]
        nonzero = [(n, field.frac(n)) for n in _nonzero(s)] + _units(field, hypotheses)
        if not _promising(field, t, hypotheses, [f for _, f in nonzero]):
            return None
        lefts = []
        for power, chosen in itertools.product((1, 2, 3), _choices(nonzero)):
            if power > 1 and target == num(1):
                continue
            left = field.natural_power(t, power)
            for _, f in chosen:
                left = field.times(left, f)
            lefts.append((power, chosen, left))
        work = [MAX_WORK]
        for degree in (0, 1, 2, 3):
            for power, chosen, left in lefts:
                found = _solve(field, left.num, hypotheses, degree, work)
                if found is None:
                    continue
                den = field.natural_power(Frac(_CTX.constant(1), left.den), 1)
                cofactors = []
                for k, (c, h) in enumerate(zip(found, hypotheses, strict=False)):
                    if c != 0:
                        whole = field.times(field.times(Frac(c, _CTX.constant(1)),
                                                        Frac(h.den, _CTX.constant(1))), den)
                        cofactors.append([k, to_json(written(field, whole))])
                return {"power": power, "nonzero": [to_json(n) for n, _ in chosen], "cofactors": cofactors}
        return None

    try:
        result: dict[str, Any] | None = field._settled(search)
        return result
    except (CannotNormalise, Unwritable):
        return None


def _units(field: Field, hypotheses: list[Frac]) -> list[tuple[Term, Frac]]:
    """Factors of the equations that are visibly nonzero: exp(x), x^2 + 1."""
    out = []
    for h in hypotheses:
        if h.num == 0 or len(h.num) > 60 or max(map(int, h.num.degrees())) > MAX_FACTORED:
            continue
        for p, _ in h.num.factor()[1]:
            f = Frac(p, _CTX.constant(1))
            if not p.is_constant() and field.signs.frac(f) in ("+", "-", "+-"):
                try:
                    out.append((written(field, f), f))
                except Unwritable:
                    continue
    return out[:3]


def _promising(field: Field, target: Frac, hypotheses: list[Frac], nonzero: list[Frac]) -> bool:
    """Whether the target vanishes wherever the equations hold and ``nonzero`` does not, over C: 1 is in the ideal
    with 1 - z * target * nonzero (Rabinowitsch).  True also where the basis is too large to compute."""
    one = _CTX.constant(1)
    if any(h.num.is_constant() and h.num != 0 for h in hypotheses):
        return True
    product = target.num
    for f in nonzero:
        product = product * f.num
    polys = [h.num for h in [*hypotheses, *_relations(field)] if h.num != 0]
    used = sorted({k for p in [product, *polys] if p != 0 for k, d in enumerate(p.degrees()) if d})
    if not polys or len(used) > 12 or len(product) > 200:
        return bool(polys)
    context = fmpz_mpoly_ctx.get([f"x{k}" for k in range(len(used) + 1)], "degrevlex")

    def plain(p: fmpq_mpoly, extra: int = 0) -> dict[tuple[int, ...], int]:
        scale = lcm(*(int(c.q) for c in p.coeffs())) if p != 0 else 1
        return {(*(int(e[k]) for k in used), extra): int(c.p) * (scale // int(c.q)) for e, c in p.to_dict().items()}

    rabinowitsch = {(0,) * (len(used) + 1): 1}
    for e, c in plain(-product if product != 0 else one, 1).items():
        rabinowitsch[e] = rabinowitsch.get(e, 0) + c
    basis = fmpz_mpoly_vec([context.from_dict(d) for d in [*map(plain, polys), rabinowitsch]], context)
    found, complete = basis.buchberger_naive(limits=(60, 60, 600))
    return not complete or any(p.is_constant() and p != 0 for p in found)


def _nonzero(s: Sequent) -> list[Term]:
    out = []
    for a in s.assumptions:
        for c in conjuncts(a):
            if isinstance(c, App) and c.head in ("!=", ">", "<"):
                out.append(sub(*c.args))
    return out[:6]


def _choices(nonzero: list[tuple[Term, Frac]]) -> list[list[tuple[Term, Frac]]]:
    out: list[list[tuple[Term, Frac]]] = [[], *([nonzero] if len(nonzero) > 2 else [])]
    for n in nonzero:
        out += [[n], [n, n], [n, n, n]]
    for a, b in itertools.combinations(nonzero, 2):
        out += [[a, b], [a, a, b, b]]
    return out


def _relations(field: Field) -> list[Frac]:
    """The generators' own relations: roots, moduli, i.  The kernel's normal form knows them."""
    return [Frac(_GENS[k] ** g.power * g.value.den - g.value.num, _CTX.constant(1))
            for k, g in enumerate(field.generators) if g.power and g.value is not None]


def _solve(field: Field, goal: fmpq_mpoly, hypotheses: list[Frac], degree: int, work: list[int]
           ) -> list[fmpq_mpoly] | None:
    """Cofactors of ``goal`` modulo the generators' relations: polynomials of this degree."""
    wide = [Frac(h.num, _CTX.constant(1)) for h in _relations(field) if len(h.num.to_dict()) and not all(
        g.value is None or g.value.den.is_constant() for g in field.generators if g.power)]
    hypotheses = [*hypotheses, *wide]

    def reduced(p: fmpq_mpoly) -> fmpq_mpoly:
        f = field._reduce(p)
        return f.num / f.den.leading_coefficient() if f.den.is_constant() else p

    used = sorted({k for p in [goal, *(h.num for h in hypotheses)] if p != 0
                   for k, d in enumerate(p.degrees()) if d})
    if len(used) > 8:
        return None
    monomials = [e for total in range(degree + 1) for e in _exponents(used, total)]
    unknowns = [(k, e) for k, h in enumerate(hypotheses) if h.num != 0 for e in monomials]
    if not unknowns or len(unknowns) > MAX_UNKNOWNS or work[0] < 0:
        return None
    columns = [reduced(_CTX.from_dict({e: fmpq(1)}) * hypotheses[k].num).to_dict() for k, e in unknowns]
    goal = reduced(goal)
    reached = {m for c in columns for m in c}
    spend(1 + sum(map(len, columns))//10)
    if any(m not in reached for m in goal.to_dict()):
        return None         # no cofactors give this monomial
    rows = sorted({tuple(map(int, m)) for c in columns for m in c} | {
        tuple(map(int, m)) for m in goal.to_dict()})
    index = {m: r for r, m in enumerate(rows)}
    width = len(unknowns)
    work[0] -= len(rows) * width
    if work[0] < 0:
        return None
    spend(len(rows)*width//100)
    matrix = fmpq_mat(len(rows), width + 1)
    for j, c in enumerate(columns):
        for m, v in c.items():
            matrix[index[tuple(map(int, m))], j] = v
    for m, v in goal.to_dict().items():
        matrix[index[tuple(map(int, m))], width] = v
    reduced, rank = matrix.rref()
    solution = [fmpq(0)] * width
    for r in range(rank):
        pivot = next(j for j in range(width + 1) if reduced[r, j] != 0)
        if pivot == width:
            return None
        solution[pivot] = reduced[r, width]
    out = [_CTX.constant(0)] * len(hypotheses)
    for (k, e), v in zip(unknowns, solution, strict=True):
        if v != 0:
            out[k] = out[k] + _CTX.from_dict({e: v})
    return out


def factors(s: Sequent, t: Term) -> list[Term] | None:
    """The equations of which one holds where ``t`` is 0: its irreducible factors, without those known to be nonzero.
    Empty if there is only one factor, once."""
    field = Field(s)

    def equation(p: fmpq_mpoly) -> Term:
        for k, g in enumerate(field.generators):
            if g.kind != "name" or int(p.degrees()[k]) != 1:
                continue
            c = p.derivative(k)
            if c.is_constant() and not any(h.value is not None and any(
                    int(q.degrees()[k]) for q in (h.value.num, h.value.den) if q != 0) for h in field.generators):
                value = (p - c * _GENS[k]) / (-c.leading_coefficient())
                return app("=", g.term, written(field, Frac(value, _CTX.constant(1))) if value != 0 else num(0))
        return app("=", written(field, Frac(p, _CTX.constant(1))), num(0))

    def split() -> list[Term]:
        f = field.frac(t)
        if f.num == 0 or max(map(int, f.num.degrees())) > MAX_FACTORED:
            return []
        found = f.num.factor()[1]
        if len(found) == 1 and int(found[0][1]) == 1:
            return []
        return [equation(p) for p, _ in found
                if field.signs.frac(Frac(p, _CTX.constant(1))) not in ("+", "-", "+-")]

    try:
        result: list[Term] = field._settled(split)
        return result
    except (CannotNormalise, Unwritable):
        return None


def imaginary(s: Sequent, t: Term) -> tuple[Term, Term] | None:
    """(A, B) where the numerator of ``t`` is A + i B and no generator but i is complex."""
    field = Field(s)

    def split() -> tuple[Term, Term] | None:
        f = field.frac(t)
        k = next((j for j, g in enumerate(field.generators) if g.kind == "imaginary"), None)
        used = [j for j, d in enumerate(f.num.degrees()) if d] if f.num != 0 else []
        if k is None or k not in used or not all(field.generators[j].real for j in used if j != k):
            return None
        parts: tuple[dict[tuple[int, ...], fmpq], dict[tuple[int, ...], fmpq]] = ({}, {})
        for exponents, c in f.num.to_dict().items():
            e = list(map(int, exponents))
            d, e[k] = e[k], 0
            parts[d % 2][tuple(e)] = c
        a, b = (written(field, Frac(_CTX.from_dict(p), _CTX.constant(1))) for p in parts)
        return a, b

    try:
        result: tuple[Term, Term] | None = field._settled(split)
        return result
    except (CannotNormalise, Unwritable):
        return None


def linear_integers(s: Sequent, t: Term) -> tuple[Term, int, Fraction] | None:
    """(u, g, c): t is proportional to g u - c, u an integer combination of integer names, c/g no integer."""
    field = Field(s)

    def split() -> tuple[Term, int, Fraction] | None:
        f = field.frac(t)
        if f.num == 0:
            return None
        _, factors = f.num.factor()
        for p, _ in factors:
            used = [j for j, d in enumerate(p.degrees()) if d]
            if not used or any(int(p.degrees()[j]) > 1 or not field.generators[j].integer for j in used) or len(
                    factors) > 1 and any(field.signs.frac(Frac(q, _CTX.constant(1))) not in ("+", "-", "+-")
                                         for q, _ in factors if q is not p):
                continue
            scale = lcm(*(int(c.q) for c in p.coeffs()))
            terms = {tuple(map(int, e)): int(c.p) * (scale // int(c.q)) for e, c in p.to_dict().items()}
            if any(sum(e) > 1 for e in terms):
                continue
            constant = terms.pop((0,) * GENERATORS, 0)
            g = gcd(*terms.values())
            if constant % g == 0:
                continue
            u = add(*(mul(num(c // g), field.generators[e.index(1)].term) if c != g
                      else field.generators[e.index(1)].term for e, c in terms.items()))
            return u, g, Fraction(-constant)
        return None

    try:
        result: tuple[Term, int, Fraction] | None = field._settled(split)
        return result
    except CannotNormalise:
        return None


def _exponents(used: list[int], total: int) -> list[tuple[int, ...]]:
    out = []
    for combo in itertools.combinations_with_replacement(used, total):
        e = [0] * GENERATORS
        for k in combo:
            e[k] += 1
        out.append(tuple(e))
    return out


class Unwritable(Exception):
    pass


def written(field: Field, f: Frac) -> Term:
    """A fraction written back as a term (names, opaque values, i, exponentials and logs)."""
    top, bottom = _poly(field, f.num), _poly(field, f.den)
    return top if bottom == num(1) else app("div", top, bottom)


def _poly(field: Field, p: fmpq_mpoly) -> Term:
    parts = []
    for exponents, c in p.to_dict().items():
        q = Fraction(int(c.p), int(c.q))
        factors: list[Term] = []
        for k, e in enumerate(exponents):
            if int(e):
                g = _written(field, k)
                factors.append(g if int(e) == 1 else app("pow", g, num(int(e))))
        if q != 1 or not factors:
            factors.insert(0, Num(q))
        parts.append(mul(*factors))
    return add(*parts)


def _written(field: Field, k: int) -> Term:
    g = field.generators[k]
    if g.kind in ("name", "opaque", "imaginary"):
        return g.term
    if g.kind in ("exp", "log") and g.value is not None:
        return app(g.kind, written(field, g.value))
    if g.kind == "root" and g.value is not None and g.power:
        if isinstance(g.term, App) and g.term.head == "abs":
            w = field._square(g.value)
            if w is None:
                raise Unwritable
            return app("abs", written(field, w))
        inside = written(field, g.value)
        return app("sqrt", inside) if g.power == 2 else app("pow", inside, Num(Fraction(1, g.power)))
    raise Unwritable


__all__ = ["Unwritable", "factors", "ideal", "imaginary", "linear_integers", "written"]
