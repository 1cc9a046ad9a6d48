"""Tables of laws whose conditional means are what the claim assumes.

    E(y | x) = a + b x,  Var(y | x) = c x,  E(y | x) <= x, ...      at each value of x with positive mass

Method.  Under one value of x an assumption is affine in the masses of y (a mean that stands inside a variance is
replaced by what is assumed of it, or by a value of y): with the sum of the masses a small linear system, solved on
each set of states of y that has a square one.  Its nonnegative solutions, and means of two of them, are the conditional
laws; the variables that nothing is assumed of come first and are drawn from palettes.  Nothing is believed: the kernel
evaluates the assumptions again.

What it cannot do: assumptions on two variables at once, E(x y | z) = z; means in cycles, E(y | x) = x, E(x | y) = y.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.density_terms import density_parts
from ..kernel.evidence import Reject
from ..kernel.term import (
    TRUE, App, Bind, Law, Map, Num, Scalar, Space, Term, Var, alpha, conjuncts, free_names, subterms,
)
from .points import ladders, value_json

_F = Fraction
TRIALS = 400
PALETTE = {2: ((_F(1, 2), _F(1, 2)), (_F(1, 4), _F(3, 4)), (_F(2, 3), _F(1, 3))),
           3: ((_F(1, 3),) * 3, (_F(1, 4), _F(1, 2), _F(1, 4)), (_F(1, 2), _F(1, 4), _F(1, 4)))}
VALUES = {2: ((0, 1), (1, 2), (-1, 1), (0, 2)), 3: ((0, 1, 2), (-1, 0, 1), (0, 1, 3), (1, 2, 3), (0, 2, 4), (-2, 0, 2))}
SLACK = (_F(0), _F(1), _F(1, 2))
Means = dict[Term, Fraction]


class _Cannot(Exception):
    """Not such an assumption, or no such law."""


@dataclass(frozen=True, slots=True)
class Equation:
    """``left relation right`` where ``own`` is the one variable averaged over and ``given`` are fixed."""

    law: str
    own: str
    given: tuple[str, ...]
    relation: str
    left: Term
    right: Term


def tables(s: Sequent) -> Iterator[dict[str, Any]]:
    """Witnesses to try; none where nothing is assumed of conditional means."""
    equations = [e for a in s.assumptions for c in conjuncts(a) if (e := _equation(c, s)) is not None]
    laws = {n: k for n, k in s.declarations.items() if isinstance(k, Law)}
    spaces = {k for k in s.declarations.values() if isinstance(k, Space)}
    if not equations or len(spaces) != 1 or any(k.measure == "lebesgue" for k in spaces) or any(
            k.given for k in laws.values()):
        return
    scalars = {n: k for n, k in s.declarations.items() if isinstance(k, Scalar)}
    pools = ladders(Sequent(scalars, tuple(
        a for a in s.assumptions if free_names(a) <= scalars.keys()), s.goal))
    if pools is None or len(laws) + len(scalars) + sum(
            isinstance(k, (Space, Map)) for k in s.declarations.values()) < len(s.declarations):
        return
    rng = random.Random(7)  # noqa: S311  a fixed sequence: same claims, same witnesses
    for k in range(TRIALS):
        try:
            yield _Table(s, equations, laws, pools, rng, k).witness()
        except _Cannot:
            continue


def _equation(c: Term, s: Sequent) -> Equation | None:
    body = c.inner[1] if isinstance(c, Bind) and c.head == "forall" and c.inner[0] == TRUE else c
    if isinstance(body, App) and body.head == "implies":
        body = body.args[1]
    if not (isinstance(body, App) and body.head in ("=", "<=", ">=")):
        return None
    for e in subterms(body):
        if isinstance(e, Bind) and e.head == "E" and len(e.names) == 1 and isinstance(e.inner[0], App):
            law = e.inner[0].args[0] if e.inner[0].head == "density" else None
            try:
                name, own, given = density_parts(e.inner[0], s.declarations.get(getattr(law, "name", "")))
            except Reject:
                continue
            if given and len(own) == 1 and all(isinstance(v, Var) and v.name == k for k, v in given):
                return Equation(name, own[0][0], tuple(k for k, _ in given), body.head, *body.args)
    return None


class _Table:
    """One attempt."""

    def __init__(self, s: Sequent, equations: list[Equation], laws: Mapping[str, Law],
                 pools: Mapping[str, list[Term]], rng: random.Random, k: int) -> None:
        self.s, self.equations, self.laws, self.rng = s, equations, laws, rng
        self.n = 2 if k % 3 == 0 else 3
        choices = VALUES[self.n]
        self.values = [_F(v) for v in choices[k % len(choices)]]
        self.scalars = {n: rng.choice(pool[:2 + k//6]) for n, pool in pools.items()}
        self.by = {n: t for n, t in self.scalars.items() if isinstance(t, Num)}
        self.functions = {n: [rng.choice(self.values) for _ in self.values] for n, m in s.declarations.items()
                          if isinstance(m, Map)}
        self.level = rng.choice([*self.values, sum(self.values)/self.n])        # of means that are not known yet

    def witness(self) -> dict[str, Any]:
        point: dict[str, Any] = {}
        for name, sort in self.s.declarations.items():
            match sort:
                case Law():
                    point[name] = {"law": self._nested(self._joint(name, sort), len(sort.own))}
                case Space():
                    point[name] = {"state": self.rng.randint(1, self.n)}
                case Map(args, _):
                    if len(args) != 1 or not isinstance(args[0], Space):
                        raise _Cannot
                    point[name] = {"values": [str(v) for v in self.functions[name]]}
                case _:
                    point[name] = value_json(self.scalars[name])
        space = next(k for k in self.s.declarations.values() if isinstance(k, Space))
        values = [str(v) for v in self.values]
        return {"kind": "distribution", "point": point,
                "spaces": {space.measure: {"states": self.n, "cell": "1", "values": values}}}

    def _nested(self, table: Mapping[tuple[int, ...], Fraction], depth: int, at: tuple[int, ...] = ()) -> Any:
        return str(table[at]) if len(at) == depth else [
            self._nested(table, depth, (*at, j)) for j in range(self.n)]

    def _joint(self, law: str, sort: Law) -> dict[tuple[int, ...], Fraction]:
        wanted = {v: [e for e in self.equations if e.law == law and e.own == v] for v in sort.own}
        order = [v for v in sort.own if not wanted[v]]
        left = [v for v in sort.own if wanted[v]]
        while left:
            ready = [v for v in left if all(set(e.given) <= set(order) for e in wanted[v])]
            if not ready:
                raise _Cannot
            order.append(ready[0])
            left.remove(ready[0])
        table: dict[tuple[int, ...], Fraction] = {(): _F(1)}
        for m, v in enumerate(order):
            parents = [order.index(g) for g in dict.fromkeys(g for e in wanted[v] for g in e.given)]
            rows: dict[tuple[int, ...], Sequence[Fraction]] = {}
            new: dict[tuple[int, ...], Fraction] = {}
            for w, mass in table.items():
                key = tuple(w[j] for j in parents)
                if key not in rows:
                    rows[key] = self._conditional(wanted[v], {order[j]: w[j] for j in parents}) if parents else (
                        self.rng.choice(PALETTE[self.n]) if m == 0 or self.rng.random() < 0.5 else PALETTE[self.n][0])
                for j in range(self.n):
                    new[(*w, j)] = mass*rows[key][j]
            table = new
        at = [order.index(v) for v in sort.own]
        return {tuple(w[j] for j in at): mass for w, mass in table.items()}

    def _conditional(self, equations: list[Equation], states: Mapping[str, int]) -> list[Fraction]:
        """Masses of the own variable at these states of the given ones."""
        means: Means = {}
        system = [[_F(1)]*self.n]
        right = [_F(1)]
        for e in sorted(equations, key=lambda e: sum(isinstance(t, Bind) for t in subterms(e.left))):
            inner = [t for side in (e.left, e.right) for u in subterms(side) if isinstance(u, Bind)
                     for t in subterms(u.inner[1]) if isinstance(t, Bind)]
            for t in inner:
                if alpha(t) not in means:
                    means[alpha(t)] = self.rng.choice(self.values) if free_names(t) & states.keys() else self.level
                    system.append([self._value(t, states, {}, j) - means[alpha(t)] for j in range(self.n)])
                    right.append(_F(0))
            slack = _F(0) if e.relation == "=" else self.rng.choice(SLACK) * (-1 if e.relation == "<=" else 1)
            system.append([self._value(e.left, states, means, j) - self._value(e.right, states, means, j) - slack
                           for j in range(self.n)])
            right.append(_F(0))
            for a, b in ((e.left, e.right), (e.right, e.left)):
                if isinstance(a, Bind) and not any(isinstance(t, Bind) and free_names(t) & states.keys()
                                                   for t in subterms(b)):
                    means[alpha(a)] = self._value(b, states, means, 0) + (slack if a is e.left else -slack)
        found = list(_vertices(system, right, self.n))
        if not found:
            raise _Cannot
        one, two = self.rng.choice(found), self.rng.choice(found)
        return [(a + b)/2 for a, b in zip(one, two, strict=True)]

    def _value(self, t: Term, states: Mapping[str, int], means: Means, j: int, own: str = "") -> Fraction:
        """``t`` where the own variable is in state j (with certainty) and the given ones are in ``states``."""
        def again(u: Term) -> Fraction:
            return self._value(u, states, means, j, own)

        match t:
            case Num(value):
                return value
            case Var(name) if name == own:
                return self.values[j]
            case Var(name) if name in states:
                return self.values[states[name]]
            case Var(name) if name in self.by:
                return self.by[name].value
            case Bind("E", (name,), _, _, (_, f)):
                if alpha(t) in means:
                    return means[alpha(t)]
                return self._value(f, states, means, j, name) if free_names(t) & states.keys() else self.level
            case App("at", (Var(f), Var(name))) if f in self.functions and name in states:
                return self.functions[f][states[name]]
            case App("at", (Var(f), Var(name))) if f in self.functions and name == own:
                return self.functions[f][j]
            case App("add" | "mul" | "neg" | "sub" | "div" | "pow" as head, args):
                return _FOLD[head]([again(u) for u in args])
        raise _Cannot


def _divided(v: list[Fraction]) -> Fraction:
    if v[1] == 0:
        raise _Cannot
    return v[0]/v[1]


def _power(v: list[Fraction]) -> Fraction:
    if v[1].denominator != 1 or not 0 <= v[1] <= 6:
        raise _Cannot
    return _F(v[0]**int(v[1]))


def _product(v: list[Fraction]) -> Fraction:
    out = _F(1)
    for u in v:
        out *= u
    return out


_FOLD: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "add": lambda v: sum(v, _F(0)), "mul": _product, "neg": lambda v: -v[0], "sub": lambda v: v[0] - v[1],
    "div": _divided, "pow": _power}


def _vertices(system: list[list[Fraction]], right: list[Fraction], n: int) -> Iterator[list[Fraction]]:
    """Nonnegative solutions that are positive in few places."""
    for size in range(1, n + 1):
        for chosen in itertools.combinations(range(n), size):
            found = _solved([[row[j] for j in chosen] for row in system], right)
            if found is not None and all(v >= 0 for v in found):
                masses = dict(zip(chosen, found, strict=True))
                yield [masses.get(j, _F(0)) for j in range(n)]


def _solved(a: list[list[Fraction]], b: list[Fraction]) -> list[Fraction] | None:
    """The one solution, if there is exactly one."""
    rows = [[*row, v] for row, v in zip(a, b, strict=True)]
    width = len(a[0])
    for c in range(width):
        pivot = next((r for r in range(c, len(rows)) if rows[r][c] != 0), None)
        if pivot is None:
            return None
        rows[c], rows[pivot] = rows[pivot], rows[c]
        rows[c] = [v/rows[c][c] for v in rows[c]]
        for r in range(len(rows)):
            if r != c and rows[r][c] != 0:
                rows[r] = [u - rows[r][c]*v for u, v in zip(rows[r], rows[c], strict=True)]
    return None if any(row[width] != 0 for row in rows[width:]) else [rows[c][width] for c in range(width)]


__all__ = ["tables"]
