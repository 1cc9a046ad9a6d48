"""Integers: equations without solution modulo a number, and witnesses of linear equations.

    k^2 != 4 n + 3            both sides modulo 4 (rule ``modular`` with a ``modulus``)
    exists k: t = c k         the witness t/c, an integer by the remainders of t
    exists k, j: t = c k + d j    Bezout's witness: c u + d v = g, k = u t/g, j = v t/g

Method: moduli are the literals of the statement, their small multiples, and 3, 4, 5, 7, 8, 9, 16.  Closed
equations in a few names are searched for a small solution (this refutes "for all ... !=").
Why it convinces: the kernel goes through all remainders; it checks that a witness is an integer.
Source: Hardy and Wright, An Introduction to the Theory of Numbers, ch. 5 (no page).
Cannot: equations that have solutions modulo every number tried; witnesses that are not linear.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from math import gcd
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.discrete_form import Discrete
from ..kernel.evaluate import Undefined, Unknown, truth
from ..kernel.field import CannotNormalise, Frac
from ..kernel.rule_residues import modular
from ..kernel.term import (
    FALSE, INTEGER, TRUE, App, Bind, Num, Term, Var, app, conjuncts, free_names, mul, num, subterms, substitute,
    to_json,
)

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
USUAL = (4, 3, 8, 5, 7, 9, 16)
MAX_LITERAL = 64
MAX_NAMES = 3
SMALL = (0, 1, -1, 2, -2, 3, -3)


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    match s.goal:
        case App("!=", _):
            yield from _without_solution(s, s.goal)
        case _ if s.goal == FALSE:
            for a in s.assumptions:
                for c in conjuncts(a):
                    if isinstance(c, App) and c.head == "=":
                        yield from _without_solution(s, c)
        case Bind("exists", names, sorts, (), (_, App("=", _))) if all(k == INTEGER for k in sorts):
            if len(names) <= MAX_NAMES:
                yield from _witnesses(s, s.goal, search)


def _without_solution(s: Sequent, equation: App) -> Iterator[Certificate]:
    names = free_names(equation)
    if not names or len(names) > MAX_NAMES or any(s.declarations.get(n) != INTEGER for n in names):
        return
    literals = {abs(int(u.value)) for u in subterms(equation) if isinstance(u, Num) and u.value.denominator == 1}
    for m in dict.fromkeys((*sorted(q for q in literals if 2 <= q <= MAX_LITERAL), *USUAL)):
        if modular(s, m) is None:
            yield {"rule": "modular", "modulus": m}
            return


def _witnesses(s: Sequent, goal: Bind, search: Searcher) -> Iterator[Certificate]:
    guard, body = goal.inner
    choices = [w for w in (_linear(s, goal), _small(goal)) if w is not None]
    for witness in choices:
        c: Certificate = {"rule": "exists", "witness": {n: to_json(t) for n, t in witness.items()}}
        if guard != TRUE:
            shown = search.unconditionally(s.with_goal(substitute(guard, witness)))
            if shown is None:
                continue
            c["guard"] = shown
        proof = search.unconditionally(s.with_goal(substitute(body, witness)))
        if proof is not None:
            yield {**c, "proof": proof}


def _linear(s: Sequent, goal: Bind) -> dict[str, Term] | None:
    """Bezout's witness of c_1 x_1 + ... + c_r x_r = t."""
    if set(goal.names) & set(s.declarations):
        return None
    field = Discrete(s.declaring(dict(zip(goal.names, goal.sorts, strict=True))))
    body = goal.inner[1]

    def ask() -> tuple[list[int], Term] | None:
        if not isinstance(body, App):
            return None
        f = field._subtract(field.frac(body.args[0]), field.frac(body.args[1]))
        if not f.den.is_constant():
            return None
        places = [next(k for k, d in enumerate(field.frac(Var(n)).num.degrees()) if d) for n in goal.names]
        coefficients, rest = [0]*len(places), {}
        lead = f.den.leading_coefficient()
        for exponents, c in f.num.to_dict().items():
            held = [j for j, k in enumerate(places) if exponents[k]]
            if not held:
                rest[tuple(map(int, exponents))] = -c/lead
            elif sum(map(int, exponents)) == 1 and int((c/lead).q) == 1:
                coefficients[held[0]] = int((c/lead).p)
            else:
                return None
        ring = f.num.context()
        return coefficients, field.write(Frac(ring.from_dict(rest), ring.constant(1)))

    try:
        found = field._settled(ask)
    except (CannotNormalise, StopIteration):
        return None
    if found is None or not all(found[0]):
        return None
    coefficients, t = found
    g, multipliers = 0, []
    for c in coefficients:
        g, u, v = _bezout(g, c)
        multipliers = [u*m for m in multipliers] + [v]
    return {n: app("div", mul(num(m), t), num(g)) if m else num(0)
            for n, m in zip(goal.names, multipliers, strict=True)}


def _bezout(a: int, b: int) -> tuple[int, int, int]:
    """(g, u, v) with u a + v b = g = gcd(a, b) > 0."""
    if a == 0:
        return abs(b), 0, 1 if b > 0 else -1
    for v in range(abs(a)):
        if (gcd(a, b) - v*b) % a == 0:
            return gcd(a, b), (gcd(a, b) - v*b)//a, v
    raise CannotNormalise("no combination")


def _small(goal: Bind) -> dict[str, Term] | None:
    """Small numbers that solve a closed equation."""
    if free_names(goal):
        return None
    for values in itertools.product(SMALL, repeat=len(goal.names)):
        by: dict[str, Term] = {n: num(v) for n, v in zip(goal.names, values, strict=True)}
        try:
            if all(truth(substitute(t, by), {}, {}) for t in goal.inner):
                return by
        except (Undefined, Unknown):
            continue
    return None


__all__ = ["proofs"]
