"""Random polynomials in random quantities: their values by cumulants against their values by outcomes."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from checker.kernel.claim import Sequent
from checker.kernel.evaluate import Table, value
from checker.kernel.joint_laws import JointLaw
from checker.kernel.rule_moments import reduce
from checker.kernel.term import (
    INTEGER, REAL, TRUE, App, Bind, Index, Joint, Map, Term, Var, add, app, mul, num, show, subterms,
)

N = Var("n")
SORT = Map((Index(N),), REAL)
DECLARED: dict[str, Any] = {
    "n": INTEGER, "law of X, Y": Joint(("X", "Y"), ((), ())), "i": Index(N), "j": Index(N), "w": SORT,
}
LAW = JointLaw(tuple((Fraction(m), ({(): Fraction(a)}, {(): Fraction(b)})) for m, a, b in (
    ("1/2", 0, 1), ("1/3", 1, -1), ("1/6", 3, 2))))


def mean_of(p: Any) -> Fraction:
    return sum((m * p(*(v[()] for v in vs)) for m, vs in LAW.atoms), Fraction(0))


def cumulant(members: tuple[int, ...]) -> Fraction:
    """By moments: k(X_1..X_r) = E X_1..X_r minus what smaller blocks give (Leonov and Shiryaev)."""
    if not members:
        return Fraction(0)

    def product(ms: tuple[int, ...]) -> Fraction:
        def value_at(x: Fraction, y: Fraction) -> Fraction:
            out = Fraction(1)
            for m in ms:
                out *= (x, y)[m]
            return out

        return mean_of(value_at)

    first, rest = members[0], members[1:]
    total = product(members)
    for mask in range(2**len(rest) - 1):        # the block of the first is smaller than all
        block = (first, *(m for k, m in enumerate(rest) if mask >> k & 1))
        others = tuple(m for k, m in enumerate(rest) if not mask >> k & 1)
        total -= cumulant(block) * product(others)
    return total


def polynomial(rng: random.Random, depth: int, bound: tuple[str, ...]) -> Term:
    def index() -> Term:
        return Var(rng.choice((*bound, "i", "j")))

    match rng.randrange(7 if depth else 3):
        case 0 | 1:
            return App("at", (Var(rng.choice("XY")), index()))
        case 2:
            return rng.choice([num(2), App("at", (Var("w"), index())), app("delta", index(), index())])
        case 3:
            return add(polynomial(rng, depth - 1, bound), polynomial(rng, depth - 1, bound))
        case 4 | 5:
            return mul(polynomial(rng, depth - 1, bound), polynomial(rng, depth - 1, bound))
        case _:
            name = rng.choice("iuk")            # "i" hides the index outside
            guard = rng.choice([TRUE, TRUE, app("!=", Var(name), Var("j"))])
            return Bind("sum", (name,), (Index(N),), (), (guard, polynomial(rng, depth - 1, (*bound, name))))


@pytest.mark.parametrize("seed", range(40))
def test_by_cumulants_and_by_outcomes(seed: int) -> None:
    rng = random.Random(seed)
    body = polynomial(rng, 4, ())
    e = Bind("expect", ("X", "Y"), (SORT, SORT), (App("tuple", (Var("law of X, Y"),)),), (body,))
    reduced = reduce(Sequent(DECLARED, (app(">=", N, num(1)),), app("=", e, num(0))))
    goal = reduced.sequent.goal
    assert isinstance(goal, App) and not any(isinstance(u, Bind) and u.head == "expect" for u in subterms(goal))
    atoms = {name: num(cumulant(members)) for name, (_, members) in reduced.moments.blocks.items()}
    for n in (1, 2, 3):
        weights = Table((n,), {(k,): num(k - 2) for k in range(1, n + 1)})
        point = {"n": num(n), "i": num(rng.randint(1, n)), "j": num(rng.randint(1, n)), "w": weights}
        by_outcomes = value(e, {**point, "law of X, Y": LAW}, DECLARED)
        by_cumulants = value(goal.args[0], {**point, **atoms}, {**DECLARED, **dict.fromkeys(atoms, REAL)})
        assert by_outcomes == by_cumulants, show(body)
