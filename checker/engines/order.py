"""Inequalities: what proves them, cheapest first.

Decides: linear arithmetic over the reals (Farkas, by an exact simplex: complete up to its pivot budget);
polynomials in one quantity (sign tables: complete, integers too); sums of squares with products of facts and
equations (``gram``); bounds by tangents of log and exp (Kullback-Leibler divergences, entropies, sigmoids);
elementary functions of one real variable (``elementary``); absolute values and maxima by cases.
Sources: rules ``sos``, ``sign-table``, ``bound``, ``monotone``, ``cover`` in the kernel.
Why it convinces: each comes back as an identity or a table that the kernel computes again.
Cannot: several variables with transcendental functions beyond tangents; certificates with irrational
coefficients; degrees beyond the budgets of ``gram``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from flint import fmpq_mpoly

from ..kernel import effort
from ..kernel.claim import Sequent
from ..kernel.evaluate import Undefined, Unknown
from ..kernel.evidence import Reject
from ..kernel.field import _GENS, _ONE, CannotNormalise, Field, Frac
from ..kernel.kinds import is_real
from ..kernel.rule_ideal import equations
from ..kernel.rule_sign_table import assumed_relations
from ..kernel.rule_sos import sides
from ..kernel.term import (
    FALSE, App, Bind, Num, Scalar, Term, Var, app, free_names, negate, num, sub, subterms, to_json,
)
from . import branches, gram
from .order_numeric import looks_false
from .order_powers import powers
from .order_reductions import ends, handelman, homogeneous
from .order_sums import sums
from .order_tangents import tangents
from .order_view import Fact, Unreadable, View, compress, expand
from .simplex import solve

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
ORDER = ("<", "<=", ">", ">=")
MAX_FACTS = 16
MAX_COLUMNS = 260

#: How much work each search has left here, in steps (a step is about a millisecond).
_WORK: WeakKeyDictionary[Any, list[int]] = WeakKeyDictionary()
TOTAL = 6_000


def work(search: Searcher) -> list[int]:
    return _WORK.setdefault(search, [TOTAL if search.model is None else TOTAL // 6])


def spend(search: Searcher, steps: int) -> bool:
    left = work(search)
    left[0] -= steps
    return left[0] >= 0


# ------------------------------------------------------------------------- entries


def quick(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Linear combinations and sign tables: cheap enough for every goal."""
    if not _readable(s) or not spend(search, 15):
        return
    if isinstance(s.goal, App) and s.goal.head in ORDER and looks_false(s, 40):
        return
    yield from _one_variable(s)
    if s.goal == FALSE or isinstance(s.goal, App) and s.goal.head in ORDER:
        yield from _attempt(s, _linear)


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Everything else."""
    goal = s.goal
    if not _readable(s) or not isinstance(goal, App) or not spend(search, 60):
        return
    if goal.head == "!=":
        yield from _different(s, search)
    if goal.head == "=" and any(isinstance(u, App) and u.head in ("max", "min", "abs", "relu", "sign")
                                for u in subterms(goal)) and not branches.belongs(s) and not looks_false(s, 200):
        yield from _cases(s, search)        # of elementary terms ``branches`` has tried the cases
    if goal.head == "=" and any(c.head in ORDER for c in assumed_relations(s)):
        yield from _equal(s, search)
    if goal.head not in ORDER or looks_false(s, 400):
        return
    if any(isinstance(u, Bind) for u in subterms(goal)):
        yield from sums(s, search)
    heads = {u.head for u in subterms(goal) if isinstance(u, App)}
    smaller = sides(goal, "order")[0]
    kinked = bool(heads & {"max", "min", "relu"}) or any(
        isinstance(u, App) and u.head == "abs" for u in subterms(smaller))
    if kinked:
        yield from _largest(s, search)
        yield from _cases(s, search)
    yield from _attempt(s, lambda v: tangents(v, search))
    yield from _exponentials(s, search)
    yield from _attempt(s, lambda v: _squares(v, search))
    yield from _attempt(s, handelman)
    yield from homogeneous(s, search)
    if not kinked:
        yield from _largest(s, search)
    yield from powers(s, search)
    yield from _attempt(s, lambda v: _scaled(v, search))
    yield from _logarithms(s, search)
    if not kinked:
        yield from _cases(s, search)
    yield from _multiplied(s, search)
    from .elementary import one_variable

    yield from one_variable(s, search)
    yield from ends(s, search)


def _readable(s: Sequent) -> bool:
    if any(isinstance(u, Bind) and u.head not in ("sum", "prod") for u in subterms(s.goal)):
        return False
    if s.goal != FALSE and not free_names(s.goal):
        return False            # a statement about numbers: evaluation decides
    if s.goal == FALSE:
        return any(True for _ in assumed_relations(s))
    return isinstance(s.goal, App) and s.goal.head in (*ORDER, "=", "!=") and not any(
        u == App("oo", ()) for u in subterms(s.goal))


def _attempt(s: Sequent, how: Any) -> Iterator[Certificate]:
    try:
        view = View(s)
        found = view.settled(lambda: how(view))
    except (Unreadable, CannotNormalise, Reject):
        return
    if found is not None:
        yield found


# ------------------------------------------------------------------------- target and facts


class Target:
    """``multiplier * (larger - smaller) = poly``, the multiplier a strict fact."""

    def __init__(self, view: View) -> None:
        d, self.strict = view.difference()
        self.multipliers: list[Fact] = []
        self.poly = d.num
        if not d.den.is_constant():
            sign = view.field.signs.polynomial(d.den)
            if sign in ("+", "-"):
                den = d.den if sign == "+" else -d.den
                self.poly = d.num if sign == "+" else -d.num
                self.multipliers.append(Fact(Frac(den, _ONE), True, view.by_sign(view.written(den), True)))
            else:
                self.poly = d.num * d.den
                t = app("pow", view.written(d.den), num(2))
                self.multipliers.append(Fact(Frac(d.den * d.den, _ONE), True, view.by_sign(t, True)))
        self.poly = view.plain(self.poly)

    def times(self, view: View, m: Fact, poly: fmpq_mpoly) -> Target:
        """The same goal with one more multiplier; ``poly`` is the product."""
        new = object.__new__(Target)
        new.strict, new.multipliers, new.poly = self.strict, [*self.multipliers, m], view.plain(poly)
        return new


def _facts(view: View, used: list[int]) -> list[Fact]:
    out: list[Fact] = []
    seen = set()
    given = list(view.assumed())
    used = sorted({*used, *view.used(*(f.frac.num for f in given))})
    for fact in itertools.chain(given, view.different(), view.bounds(used), view.signs(used),
                                view.constants(used)):
        key = view.field.key(fact.frac)
        if key in seen or fact.frac.num.is_constant():
            continue
        # a generator whose sign is an assumption needs no second fact
        seen.add(key)
        out.append(Fact(Frac(view.plain(fact.frac.num), view.plain(fact.frac.den)), fact.strict, fact.data))
    return out[:MAX_FACTS]


def _closure(view: View, target: fmpq_mpoly, facts: list[Fact]) -> list[Fact]:
    """The facts that share generators with the target, directly or through others."""
    reached = set(view.used(target))
    for h, _ in _equations(view):
        if not reached or set(view.used(h)) & reached:
            reached |= set(view.used(h))
    every = list(range(len(view.field.generators)))
    for h in view.relations(every):
        if set(view.used(h)) & reached:
            reached |= set(view.used(h))
    kept: list[Fact] = []
    rest = facts[:]
    while True:
        near = [f for f in rest if not reached or set(view.used(f.frac.num, f.frac.den)) & reached]
        if not near:
            return kept
        for f in near:
            reached |= set(view.used(f.frac.num, f.frac.den))
        kept += near
        rest = [f for f in rest if f not in near]


def _equations(view: View) -> list[tuple[fmpq_mpoly, Frac]]:
    """``(numerator, difference)`` of the assumed equations."""
    out = []
    for a, b in equations(view.abstracted):
        try:
            f = view.field._subtract(view.field.frac(a), view.field.frac(b))
        except CannotNormalise:
            continue
        out.append((f.num, f))
    return out


def _positions(view: View) -> list[tuple[int, fmpq_mpoly, Frac]]:
    out = []
    for k, (a, b) in enumerate(equations(view.abstracted)):
        try:
            f = view.field._subtract(view.field.frac(a), view.field.frac(b))
        except CannotNormalise:
            continue
        if f.num != 0:
            out.append((k, view.plain(f.num), f))
    return out


class Certifier:
    """Collects the facts of a certificate of rule ``sos``."""

    def __init__(self, view: View, target: Target) -> None:
        self.view = view
        self.facts: list[Certificate] = []
        self.place: dict[int, int] = {}
        self.sum: list[list[Any]] = []
        self.cofactors: list[list[Any]] = []
        self.multiplier = [self.fact(m) for m in target.multipliers]

    def fact(self, f: Fact) -> int:
        if id(f) not in self.place:
            self.place[id(f)] = len(self.facts)
            self.facts.append(f.data)
        return self.place[id(f)]

    def add(self, weight: Fraction, factors: list[Fact], square: fmpq_mpoly | None) -> None:
        q = None if square is None else to_json(self.view.written(square))
        self.sum.append([str(weight), [self.fact(f) for f in factors], q])

    def equation(self, k: int, cofactor: Frac) -> None:
        self.cofactors.append([k, to_json(self.view.written_frac(cofactor))])

    def certificate(self) -> Certificate:
        out: Certificate = {"rule": "sos", "facts": self.facts, "sum": self.sum}
        if self.multiplier:
            out["multiplier"] = self.multiplier
        if self.cofactors:
            out["equations"] = self.cofactors
        return out


# ------------------------------------------------------------------------- linear programming


def _linear(view: View) -> Certificate | None:
    """A combination of facts, of products of two of them, and of equations."""
    target = Target(view)
    used = view.used(target.poly)
    facts = _closure(view, target.poly, _facts(view, used))
    if len(view.used(target.poly, *(f.frac.num for f in facts))) > 16:
        return None
    singles = [[f] for f in facts]
    found = _combine(view, target, singles, small=True)
    if found is None and (len(facts) > 1 or view.used(target.poly)):
        pairs = [list(p) for p in itertools.combinations_with_replacement(facts[:9], 2)]
        squares = _square_columns(view, target.poly)
        found = _combine(view, target, singles + pairs + squares)
    return found


def _square_columns(view: View, target: fmpq_mpoly) -> list[list[Any]]:
    """(g +- h)^2, g^2 for pairs of real generators."""
    out: list[list[Any]] = []
    used = [k for k in view.used(target) if view.field.generators[k].real][:5]
    if max((sum(map(int, e)) for e in target.to_dict()), default=0) > 2:
        return out
    for k in used:
        out.append([_GENS[k]])
    for j, k in itertools.combinations(used, 2):
        out += [[_GENS[j] - _GENS[k]], [_GENS[j] + _GENS[k]]]
    return out


def _combine(view: View, target: Target, products: list[list[Any]], small: bool = False,
             large: bool = False) -> Certificate | None:
    """``target = sum c_j product_j + equations`` with c_j >= 0, by the simplex."""
    columns: list[tuple[fmpq_mpoly, list[Any], bool]] = []
    if target.strict:
        columns.append((_ONE, [], True))
    elif view.s.goal != FALSE:
        columns.append((_ONE, [], False))
    for factors in products:
        p, den, strict = _ONE, _ONE, True
        for f in factors:
            if isinstance(f, Fact):
                p, den, strict = p * f.frac.num, den * f.frac.den, strict and f.strict
            else:
                p, strict = p * f * f, False
        if not den.is_constant():
            q, r = divmod(p, den)
            if r != 0:
                continue
            p = q
        else:
            p = p / den.leading_coefficient()
        if len(p) > 60:
            continue
        columns.append((view.plain(p), factors, strict))
    free: list[tuple[fmpq_mpoly, Any]] = []
    used = view.used(target.poly)
    for k, h, f in _positions(view):
        for m in _cofactors(h, target.poly, used, columns if large else []) if not small else [_ONE]:
            free.append((h * m, (k, Frac(m * f.den, _ONE))))
    for h in view.relations(view.used(target.poly, *(c[0] for c in columns))):
        for m in [_ONE] if small else [_ONE, *(_GENS[j] for j in used[:6])]:
            free.append((h * m, None))
    columns, free = _presolved(target.poly, columns, free)
    if large:
        columns = columns[:MAX_COLUMNS - 2 * len(free)]
    if not columns or len(columns) + 2 * len(free) > MAX_COLUMNS:
        return None
    everything = [target.poly, *(c[0] for c in columns), *(f[0] for f in free)]
    effort.spend(10 + sum(map(len, everything))//2)
    rows: dict[tuple[int, ...], int] = {}
    for p in everything:
        for e in p.to_dict():
            rows.setdefault(tuple(map(int, e)), len(rows))
    if not rows or len(rows) > (200 if large else 110):
        return None
    split = [(p, 1) for p, _, _ in columns] + [(f[0], sign) for f in free for sign in (1, -1)]
    matrix = [{rows[tuple(map(int, e))]: Fraction(int(v.p), int(v.q)) * sign for e, v in p.to_dict().items()}
              for p, sign in split]
    right = [Fraction(0)] * len(rows)
    for e, v in target.poly.to_dict().items():
        right[rows[tuple(map(int, e))]] = Fraction(int(v.p), int(v.q))
    wanted = [j for j, c in enumerate(columns) if c[2]] if target.strict else []
    if target.strict and not wanted:
        return None
    x = solve(matrix, right, wanted)
    if x is None:
        return None
    made = Certifier(view, target)
    for c, (_, factors, _) in zip(x, columns, strict=False):
        if c:
            square = [f for f in factors if not isinstance(f, Fact)]
            made.add(c, [f for f in factors if isinstance(f, Fact)], square[0] if square else None)
    for j, (_, data) in enumerate(free):
        c = x[len(columns) + 2 * j] - x[len(columns) + 2 * j + 1]
        if c and data is not None:
            made.equation(data[0], view.field.times(view.field.constant(c), data[1]))
    return made.certificate()


def _cofactors(h: fmpq_mpoly, target: fmpq_mpoly, used: list[int], columns: list[Any]) -> list[fmpq_mpoly]:
    """Monomials by which an equation may be multiplied: those that bring it among the columns' monomials."""
    out = [_ONE, *(_GENS[j] for j in used[:8])]
    if not columns:
        return out[:7]
    lead = next(iter(h.to_dict()))
    for p in [target, *(c[0] for c in columns)]:
        for e in p.to_dict():
            d = tuple(int(a) - int(b) for a, b in zip(e, lead, strict=True))
            if min(d) >= 0 and len(out) < 40:
                m = h.context().from_dict({d: 1})
                if m not in out:
                    out.append(m)
    return out


def _presolved(target: fmpq_mpoly, columns: list[Any], free: list[Any]) -> tuple[list[Any], list[Any]]:
    """Without the columns that no nonnegative combination can use: a monomial that nothing cancels."""
    aim = {tuple(map(int, e)): c for e, c in target.to_dict().items()}
    shapes = [{tuple(map(int, e)): c > 0 for e, c in p.to_dict().items()} for p, _, _ in columns]
    loose = [{tuple(map(int, e)) for e in p.to_dict()} for p, _ in free]
    active, kept = set(range(len(columns))), set(range(len(free)))
    while True:
        up: dict[Any, int] = {}
        down: dict[Any, int] = {}
        for j in active:
            for e, positive in shapes[j].items():
                side = up if positive else down
                side[e] = side.get(e, 0) + 1
        count: dict[Any, int] = {}
        for j in kept:
            for e in loose[j]:
                count[e] = count.get(e, 0) + 1
        dead = {j for j in active if any(
            e not in count and (e not in down and not aim.get(e, 0) > 0 if positive
                                else e not in up and not aim.get(e, 0) < 0)
            for e, positive in shapes[j].items())}
        idle = {j for j in kept if any(
            count[e] == 1 and e not in up and e not in down and e not in aim for e in loose[j])}
        if not dead and not idle:
            break
        active -= dead
        kept -= idle
    return [c for j, c in enumerate(columns) if j in active], [f for j, f in enumerate(free) if j in kept]


# ------------------------------------------------------------------------- sign tables


def _one_variable(s: Sequent) -> Iterator[Certificate]:
    def how(view: View) -> Certificate | None:
        goal = view.abstracted.goal
        rows: list[tuple[Frac, Certificate]] = []
        if goal != FALSE:
            if not isinstance(goal, App):
                return None
            a, b = goal.args
            if not all(is_real(x, view.abstracted.declarations) or view.field.real(x) for x in (a, b)):
                if goal.head not in ORDER:
                    return None
            d = view.field._subtract(view.field.frac(a), view.field.frac(b))
            rows.append((d, {"goal": True}))
            used = view.used(d.num, d.den)
            if len(used) > 1:
                return None
        else:
            used = []
        given = []
        for k, relation in enumerate(assumed_relations(view.abstracted)):
            try:
                d = view.field._subtract(*(view.field.frac(x) for x in relation.args))
            except CannotNormalise:
                continue
            here = view.used(d.num, d.den)
            if len(here) == 1:
                given.append((here[0], d, {"given": k}))
        if not used:
            if not given:
                return None
            used = [given[0][0]]
        k = used[0]
        g = view.field.generators[k]
        if not g.real:
            return None
        u = view.generator(k)
        rows += [(d, data) for j, d, data in given if j == k][:8]
        if not rows or any(int(p.degrees()[k]) > 30 for d, _ in rows for p in (d.num, d.den) if p != 0):
            return None
        for fact in itertools.chain(view.signs([k]), view.bounds([k]), view.constants([k])):
            if view.used(fact.frac.num) == [k]:
                relation = ">" if fact.strict else ">="
                rows.append((fact.frac, {"relation": relation, **{
                    x: fact.data[x] for x in ("term", "proof") if x in fact.data}}))
        facts = []
        for d, data in rows[:12]:
            if "strict" in data or "given" not in data and "goal" not in data and "term" not in data:
                continue
            row = {**data, "p": _coefficients(d.num, k)}
            if not d.den.is_constant():
                row["q"] = _coefficients(d.den, k)
                if data.get("goal") or "given" in data:
                    row["nonzero"] = {"rule": "sign"}
            else:
                lead = d.den.leading_coefficient()
                row["p"] = _coefficients(d.num / lead, k)
            facts.append(row)
        return {"rule": "sign-table", "on": to_json(view.back(u)), "facts": facts}

    yield from _attempt(s, how)


def _coefficients(p: fmpq_mpoly, k: int) -> list[str]:
    out: dict[int, str] = {}
    for e, c in p.to_dict().items():
        out[int(e[k])] = str(Fraction(int(c.p), int(c.q)))
    return [out.get(j, "0") for j in range(max(out, default=0) + 1)]


# ------------------------------------------------------------------------- sums of squares


def _squares(view: View, search: Searcher) -> Certificate | None:
    target = Target(view)
    facts = _closure(view, target.poly, _facts(view, view.used(target.poly)))
    return _gram(view, target, facts, search)


def _gram(view: View, target: Target, facts: list[Fact], search: Searcher,
          extra: list[list[Fact]] | None = None) -> Certificate | None:
    facts = [f for f in facts if f.frac.den.is_constant() or view.field.signs.polynomial(f.frac.den) == "+"]
    silent = view.relations(view.used(target.poly, *(f.frac.num for f in facts)))
    given = _positions(view)
    used = view.used(target.poly, *(f.frac.num for f in facts), *silent, *(h for _, h, _ in given))
    if not used or len(used) > 9 or not all(view.field.generators[k].real for k in used):
        return None
    numbers = compress([target.poly, *(f.frac.num for f in facts), *silent, *(h for _, h, _ in given)], used)
    goal = numbers[0]
    polys = numbers[1:1 + len(facts)]
    equal = numbers[1 + len(facts):]
    width = len(used)
    degree = max((sum(m) for m in goal), default=0)
    if degree > 14:
        return None
    zeros = _zeros(goal, polys, equal, width)
    if target.strict and zeros:
        strict_there = [any(gram.value(p, z) == 0 for f, p in zip(facts, polys, strict=True) if f.strict)
                        for z in zeros]
        if not all(strict_there):
            return None
    one = {(0,) * width: Fraction(1)}
    least = min((sum(m) for m in goal), default=0)
    for level in (0, 1, 2):
        products: list[list[int]] = []
        if level >= 1:
            products += [[k] for k in range(len(facts))]
        if level == 2:
            if not facts:
                break
            products += [list(p) for p in itertools.combinations(range(len(facts)), 2)][:24]
            if len(facts) >= 3 and len(facts) <= 4:
                products += [list(p) for p in itertools.combinations(range(len(facts)), 3)]
        if level == 1 and not facts and not equal:
            break
        top = max(degree, max((sum(m) for h in equal for m in h), default=0)) if level else degree
        if level and width <= 4:       # a disc bounds a plane: squares of the facts' own degree
            top = max(top, min(4, max((sum(m) for f in polys for m in f), default=0)))
        top += bool(level and equal and width <= 5 and top < 4)
        blocks: list[gram.Block] = []
        if equal:
            plain = [{m: Fraction(1)} for m in gram.monomials(width, (top + 1) // 2)]
        else:
            plain = gram.half_basis(goal, width, [gram.times(polys[p[0]], {})
                                                  for p in products] if level else [])
            if level and facts:
                plain = [{m: Fraction(1)} for m in gram.monomials(width, top // 2) if 2 * sum(m) >= least]
        support = [m for p in [goal, *equal] for m in p]
        if level:
            support += [m for p in polys for m in p]
        for basis in gram.by_parity(plain, support):
            blocks.append(gram.Block(one, basis, []))
        for product in products:
            factor = one
            for k in product:
                factor = gram.times(factor, polys[k])
            most, fewest = max(map(sum, factor)), min(map(sum, factor))
            if fewest > top:
                continue
            room = max(0, (top - most) // 2)
            if most > top and not (equal or level == 2):
                continue
            basis = [{m: Fraction(1)} for m in gram.monomials(width, room)
                     if 2 * sum(m) + most >= least or not sum(m)]
            for part in gram.by_parity(basis, support):
                blocks.append(gram.Block(factor, part, product))
        if target.strict:
            blocks.append(gram.Block(one, [one], []))
            blocks += [gram.Block(b.factor, [one], b.label) for b in blocks[:-1]
                       if b.label and len(b.basis) > 1 and all(facts[k].strict for k in b.label)]  # type: ignore[attr-defined]
            for k in [k for k, f in enumerate(facts) if f.strict and level][:4]:      # f^3 beside f q^2
                if 3 * max(map(sum, polys[k])) <= top:
                    blocks.append(gram.Block(gram.times(polys[k], gram.times(polys[k], polys[k])), [one], [k] * 3))
        blocks = [b for b in blocks if b.basis]
        size = sum(len(b.basis) ** 2 for b in blocks)
        if size > 1500 or any(len(b.basis) > gram.MAX_BASIS for b in blocks):
            continue
        if not spend(search, 10 + size):
            return None
        multipliers = gram.monomials(width, 2 if width <= 4 else 1)
        hs = [(h, [m for m in multipliers if sum(m) + max(map(sum, h)) <= max(top, 2)] or [(0,) * width])
              for h in equal]
        found = gram.search(goal, blocks, hs, zeros, wanted=None if not target.strict else (
            lambda r, blocks=blocks: any(
                set(q) == {(0,) * width} and all(facts[k].strict for k in (blocks[b].label or []))
                for _, b, q in r.squares)))
        if found is None:
            continue
        made = Certifier(view, target)
        sharp = False
        for weight, b, q in found.squares:
            chosen = [facts[k] for k in (blocks[b].label or [])]  # type: ignore[attr-defined]
            for f in chosen:
                if not f.frac.den.is_constant():
                    return None
                weight *= _lead(f.frac.den)
            if set(q) == {(0,) * width}:
                made.add(weight * q[(0,) * width] ** 2, chosen, None)
                sharp = sharp or all(f.strict for f in chosen)
            else:
                made.add(weight, chosen, expand(q, used))
        for k, p in found.cofactors:
            if k >= len(silent):
                position, _, f = given[k - len(silent)]
                made.equation(position, Frac(expand(p, used) * f.den, _ONE))
        if target.strict and not sharp:
            continue
        return made.certificate()
    return None


def _lead(p: fmpq_mpoly) -> Fraction:
    c = p.leading_coefficient()
    return Fraction(int(c.p), int(c.q))


def _zeros(goal: gram.Poly, facts: list[gram.Poly], equal: list[gram.Poly], width: int
           ) -> list[tuple[Fraction, ...]]:
    """Small points of the admissible set at which the target is 0."""
    values = [Fraction(x) for x in (0, 1, -1, 2, -2, 3)]
    count = len(values) if width <= 2 else 4 if width == 3 else 3 if width <= 5 else 2
    out = []
    for point in itertools.islice(itertools.product(values[:count], repeat=width), 300):
        if (gram.value(goal, point) == 0 and all(gram.value(f, point) >= 0 for f in facts)
                and all(gram.value(h, point) == 0 for h in equal)):
            out.append(point)
    return out[:40]


# ------------------------------------------------------------------------- cases


def _cases(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """The sign of what stands under an absolute value, the order of what stands in a maximum: first those on
    the smaller side, whose bounds point the wrong way."""
    if search.depth > 7 or not isinstance(s.goal, App):
        return
    small, large = sides(s.goal, "cases")[:2] if s.goal.head in ORDER else s.goal.args
    tried: list[Term] = []
    for u in dict.fromkeys((*subterms(small), *subterms(large))):
        match u:
            case App("abs" | "relu" | "sign", (a,)) if is_real(a, s.declarations) and free_names(a):
                on: Term = a
            case App("max" | "min", args) if is_real(u, s.declarations):
                open_ = next((sub(a, b) for a, b in itertools.combinations(args, 2)
                              if _unknown_sign(s, sub(a, b))), None)
                if open_ is None:
                    continue
                on = open_
            case _:
                continue
        if on in tried or len(tried) == 2 or not _unknown_sign(s, on):
            continue
        if not spend(search, 200):
            return
        tried.append(on)
        formula = app("<=", on, num(0))
        parts = []
        for b in (formula, negate(formula)):
            found = search.prove(s.assuming(b))
            if found is None:
                break
            parts.append(found)
        else:
            yield {"rule": "cases", "on": to_json(formula), "parts": parts}


def _logarithms(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Both sides positive, one an exponential or a power with a name in its exponent: their logarithms."""
    small, large, strict = sides(s.goal, "logarithms")
    if all(isinstance(t, App) and t.head == "exp" for t in (small, large)):
        return                  # that is where ``_exponentials`` comes from
    factors = [f for t in (small, large) for f in (t.args if isinstance(t, App) and t.head == "mul" else (t,))]
    if not any(isinstance(u, App) and (u.head == "exp" and free_names(u) or u.head == "pow" and free_names(u.args[1]))
               for u in factors) or search.depth > 7 or not spend(search, 60):
        return
    field = Field(s)
    try:
        if field.sign(small) != "+" or field.sign(large) != "+":
            return
    except CannotNormalise:
        return
    goal = app("<" if strict else "<=", app("log", small), app("log", large))
    found = search.unconditionally(s.with_goal(goal))
    if found is not None:
        yield {"rule": "both-sides", "function": "log", "small": {"rule": "sign"}, "large": {"rule": "sign"},
               "proof": found}


def _exponentials(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Logarithms with rational coefficients: exp of both sides turns their sum into a product."""
    if search.depth > 6 or len(free_names(s.goal)) < 2 or not isinstance(s.goal, App) or not spend(search, 40):
        return                  # of one variable the ladder takes care, without towers of exponentials

    def how(view: View) -> bool:
        p = Target(view).poly
        logs = [k for k in view.used(p) if view.field.generators[k].kind == "log"]
        open_ = [k for k in logs if (f := view.field.generators[k].value) is not None
                 and view.field.as_rational(f) is None]
        return bool(open_) and all(
            int(p.degrees()[k]) == 1 and (c := p.derivative(k)).is_constant()
            and int(c.leading_coefficient().q) <= 3 and abs(int(c.leading_coefficient().p)) <= 4 for k in logs)

    try:
        view = View(s)
        if not view.settled(lambda: how(view)):
            return
    except (Unreadable, CannotNormalise, Reject):
        return
    small, large, strict = sides(s.goal, "exponentials")
    if all(isinstance(t, App) and t.head == "log" for t in (small, large)):
        return                  # that is where ``_logarithms`` comes from
    goal = s.with_goal(app("<" if strict else "<=", app("exp", small), app("exp", large)))
    found = search.unconditionally(goal)
    if found is not None:
        yield {"rule": "both-sides", "function": "exp", "proof": found}


def _largest(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """|u| <= b, max(...) <= b, b <= min(...): each argument for itself."""
    if not isinstance(s.goal, App) or search.depth > 7:
        return
    small, large, strict = sides(s.goal, "largest")
    relation = "<" if strict else "<="
    match small, large:
        case App("abs", (u,)), b if is_real(u, s.declarations):
            goals = [app(relation, u, b), app(relation, app("neg", u), b)]
        case App("max", args), b:
            goals = [app(relation, a, b) for a in args]
        case b, App("min", args):
            goals = [app(relation, b, a) for a in args]
        case _:
            return
    parts = []
    for g in goals:
        found = search.unconditionally(s.with_goal(g))
        if found is None:
            return
        parts.append(found)
    yield {"rule": "largest", "parts": parts}


def _unknown_sign(s: Sequent, t: Term) -> bool:
    try:
        return Field(s).sign(t) not in ("+", "-", "0", "0+", "0-")
    except CannotNormalise:
        return False


# ------------------------------------------------------------------------- multipliers, =, !=


def _multiplied(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """A polynomial times x^2 + y^2 + ...: where x != 0 that is positive; x = 0 is a case of its own."""
    if not isinstance(s.goal, App):
        return
    names = sorted(free_names(s.goal))
    if not 2 <= len(names) <= 3 or assumed_relations(s) or search.depth > 5 or not spend(search, 100):
        return
    if any(not isinstance(u, (Num, Var)) and not (isinstance(u, App) and u.head in (
            "add", "mul", "neg", "pow", *ORDER)) for u in subterms(s.goal)):
        return
    x = Var(names[0])
    zero = search.prove(Sequent(s.declarations, s.assumptions, s.goal).assuming(app("=", x, num(0))))
    if zero is None:
        return
    parts = []
    for relation in ("<", ">"):
        here = s.assuming(app(relation, x, num(0)))
        try:
            view = View(here)
            found = view.settled(lambda view=view: _with_multiplier(view, names, search))
        except Unreadable:
            return
        if found is None or search.accepted(here, found) is None:
            return
        parts.append(found)
    yield {"rule": "cases", "on": to_json(x), "parts": [parts[0], zero, parts[1]]}


def _with_multiplier(view: View, names: list[str], search: Searcher) -> Certificate | None:
    target = Target(view)
    if target.multipliers:
        return None
    t = app("add", *(app("pow", Var(n), num(2)) for n in names))
    m = view.field.frac(t)
    return _gram(view, target.times(view, Fact(m, True, view.by_sign(t, True)), target.poly * m.num), [], search)


def _scaled(view: View, search: Searcher) -> Certificate | None:
    """Multipliers that are visibly positive: the sum of positive generators; conjugates of square roots."""
    target = Target(view)
    used = view.used(target.poly)
    for k in used:
        g = view.field.generators[k]
        if g.kind != "root" or g.power != 2 or g.value is None or int(target.poly.degrees()[k]) != 1:
            continue
        a = target.poly.derivative(k)
        rest = target.poly - a * _GENS[k]
        for m, product in ((a * _GENS[k] - rest, a * a * g.value.num - rest * rest * g.value.den),
                           (rest - a * _GENS[k], rest * rest * g.value.den - a * a * g.value.num)):
            if view.field.signs.polynomial(m) != "+":
                continue
            whole = m * g.value.den
            if not g.value.den.is_constant() and view.field.signs.polynomial(g.value.den) != "+":
                continue
            fact = Fact(Frac(whole, _ONE), True, view.by_sign(view.written(whole), True))
            new = target.times(view, fact, product)
            facts = _closure(view, new.poly, _facts(view, view.used(new.poly)))
            found = _combine(view, new, [[f] for f in facts] + [
                list(p) for p in itertools.combinations_with_replacement(facts[:7], 2)])
            found = found or _gram(view, new, facts, search)
            if found is not None:
                return found
    if 2 <= len(used) <= 4 and all(view.field.generators[k].sign == "+" for k in used):
        m = sum((_GENS[k] for k in used), _GENS[used[0]] * 0)
        fact = Fact(Frac(m, _ONE), True, view.by_sign(view.written(m), True))
        new = target.times(view, fact, target.poly * m)
        facts = _closure(view, new.poly, _facts(view, used))
        return _gram(view, new, facts, search)
    return None


def _different(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """a != b from a < b or a > b."""
    if not isinstance(s.goal, App):
        return
    for relation in ("<", ">"):
        goal = s.with_goal(app(relation, *s.goal.args))
        if looks_false(goal, 60):
            continue
        found = search.prove(goal)
        if found is not None:
            yield {"rule": "through", "terms": [], "relations": [relation], "parts": [found]}


def equal_squares(s: Sequent, search: Searcher) -> Certificate | None:
    """A proof of u^2 = 0 by u^2 <= 0: the assumptions leave no room."""
    if not isinstance(s.goal, App) or not _readable(s) or not spend(search, 60):
        return None
    square, zero = s.goal.args
    found = None
    for how in (_linear, lambda v: _squares(v, search)):
        found = found or next(_attempt(s.with_goal(app("<=", square, zero)), how), None)
    if found is None:
        return None
    c = {"rule": "antisymmetric", "up": found, "down": {"rule": "sign"}}
    return c if search.accepted(s, c) is not None else None


def _equal(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """a = b from a <= b and b <= a."""
    if not isinstance(s.goal, App) or not all(is_real(x, s.declarations) for x in s.goal.args):
        return
    if looks_false(s, 200):
        return
    parts = []
    for relation in ("<=", ">="):
        a, b = s.goal.args if relation == "<=" else s.goal.args[::-1]
        found = next(_attempt(s.with_goal(app("<=", a, b)), _linear), None) or next(
            _attempt(s.with_goal(app("<=", a, b)), lambda v: _squares(v, search)), None)
        if found is None:
            return
        parts.append(found)
    yield {"rule": "antisymmetric", "up": parts[0], "down": parts[1]}


__all__ = ["Scalar", "Undefined", "Unknown", "equal_squares", "proofs", "quick", "spend", "work"]
