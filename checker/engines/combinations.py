"""An inequality as a combination of assumed ones, generator by generator.

Method: in the discrete normal form of goal = a - b, pick a generator that an assumed inequality h >= 0 has
too; with c the ratio of their coefficients, goal - c h is free of it; go on.  Sums, powers and values of
sequences go first, so that what is left is an inequality that other engines decide.
Why it convinces: the kernel computes the combination again and wants each c >= 0.
Cannot: combinations in which no coefficient can be read off one generator, squares of assumptions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flint import fmpq_mpoly

from ..kernel.claim import Sequent
from ..kernel.discrete_form import Discrete
from ..kernel.field import _CTX, CannotNormalise, Frac
from ..kernel.rule_discrete import inequalities, undischarged
from ..kernel.term import ONE, App, Term, add, app, from_json, mul, num, sub, to_json

Certificate = dict[str, Any]
MAX_NODES = 14
MAX_TERMS = 4
MAX_KNOWN = 12
_ORDER = {"partial": 0, "opaque": 1, "discrete": 2, "exp": 3, "root": 4}
_NATURAL = ("+", "0+", "0")


def combinations(s: Sequent, recurrent: bool) -> list[Certificate]:
    """Certificates of rule ``discrete`` with ``multipliers``, the longest combinations first."""
    goal = s.goal
    if not isinstance(goal, App):
        return []
    a, b = goal.args if goal.head in (">", ">=") else goal.args[::-1]
    field = Discrete(s, recurrent=recurrent)
    known = list(enumerate(inequalities(s)))[-MAX_KNOWN:][::-1]

    def ask() -> list[list[tuple[int, Term]]]:
        assumed = []
        for position, (x, y, _) in known:
            try:
                assumed.append((position, field._subtract(field.frac(x), field.frac(y))))
            except CannotNormalise:
                continue
        g = field._subtract(field.frac(a), field.frac(b))
        budget = [MAX_NODES]
        out = list(_search(field, g, assumed, [], budget))
        return [[(p, field.write(c)) for p, c in chain] for chain in out]

    try:
        chains: list[list[tuple[int, Term]]] = field._settled(ask)
    except CannotNormalise:
        chains = []
    out: list[Certificate] = []
    base: Certificate = {"rule": "discrete", **({"recurrent": True} if recurrent else {})}
    for chain in sorted(chains, key=len, reverse=True)[:6]:
        out.append({**base, "multipliers": [[p, to_json(c)] for p, c in chain]})
    for position, (x, y, _) in known[:2]:
        if x != y:
            out.append({**base, "multipliers": [[position, to_json(ONE)]]})
    if recurrent:
        out.append(base)
    return [c for k, c in enumerate(out) if c not in out[:k]]


def _search(field: Discrete, g: Frac, assumed: list[tuple[int, Frac]], chain: list[tuple[int, Frac]],
            budget: list[int]) -> Iterator[list[tuple[int, Frac]]]:
    if g.num == 0 or len(chain) >= MAX_TERMS:
        return
    used = {p for p, _ in chain}
    for k in _generators(field, g.num):
        for position, h in assumed:
            if position in used or h.num == 0 or int(h.num.degrees()[k]) != 1 or int(h.den.degrees()[k]):
                continue
            top, bottom = coefficient(g.num, k, 1), coefficient(h.num, k, 1)
            c = field.times(Frac(top, g.den), field._inverse(Frac(bottom, h.den)))
            if field.signs.frac(c) not in _NATURAL:
                continue
            budget[0] -= 1
            if budget[0] < 0:
                return
            rest = field._subtract(g, field.times(c, h))
            found = [*chain, (position, c)]
            yield found
            yield from _search(field, rest, assumed, found, budget)


def _generators(field: Discrete, p: fmpq_mpoly) -> list[int]:
    """Those of p that stand linearly, sums and sequences first."""
    out = [k for k, d in enumerate(p.degrees()) if int(d) == 1 and field.generators[k].kind in _ORDER]
    return sorted(out, key=lambda k: (_ORDER[field.generators[k].kind], -k))


def remainder(s: Sequent, c: Certificate) -> Sequent | None:
    """What is to be shown when the combination's sign is not visible (the kernel's ``rest``)."""
    goal = s.goal
    if not isinstance(goal, App) or undischarged(goal, s):
        return None
    a, b = goal.args if goal.head in (">", ">=") else goal.args[::-1]
    known = inequalities(s)
    field = Discrete(s, recurrent=c.get("recurrent") is True)
    terms = [a, app("neg", b)]
    strict = False
    try:
        for position, data in c.get("multipliers", ()):
            x, y, is_strict = known[position]
            factor = from_json(data)
            strict = strict or is_strict and field.sign(factor) == "+"
            terms.append(app("neg", mul(factor, sub(x, y))))
        rest: Term = field._settled(lambda: field.write(field.frac(add(*terms))))
    except CannotNormalise:
        return None
    above = ">=" if strict or goal.head in ("<=", ">=") else ">"
    return s.with_goal(app(above, rest, num(0)))


def coefficient(p: fmpq_mpoly, k: int, degree: int) -> fmpq_mpoly:
    out = {}
    for exponents, c in p.to_dict().items():
        e = list(map(int, exponents))
        d, e[k] = e[k], 0
        if d == degree:
            out[tuple(e)] = c
    return _CTX.from_dict(out)


__all__ = ["coefficient", "combinations", "remainder"]
