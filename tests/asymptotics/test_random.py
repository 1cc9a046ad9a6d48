"""Random limits against rigorous values far out; random sums of monomials, never decided both ways."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from flint import acb, arb, ctx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.engines.growth import dominations, find_path, rays
from checker.kernel.claim import Sequent
from checker.kernel.constants import Nowhere, Open
from checker.kernel.evaluate import Undefined, Unknown, real_ball, value
from checker.kernel.evidence import Reject
from checker.kernel.expansion import Lost, Unexpandable
from checker.kernel.field import CannotNormalise
from checker.kernel.limit_case import case_limit
from checker.kernel.prove import prove
from checker.kernel.rule_domination import open_order
from checker.kernel.term import (
    INTEGER, OO, REAL, TRUE, App, Bind, Term, Var, add, app, mul, num, show, substitute,
)

X = Var("x")
NOTHING = (Open, Nowhere, Lost, Unexpandable, CannotNormalise, Reject)
SLOW = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def trees() -> Any:
    numbers = st.sampled_from([num(q) for q in (1, 2, 3, -1, -2, Fraction(1, 2), Fraction(-3, 2))])
    leaves = st.one_of(st.just(X), st.just(X), numbers)

    def grow(inner: Any) -> Any:
        one = st.sampled_from(["exp", "log", "sqrt", "neg", "atan", "abs", "sin"])
        return st.one_of(
            st.builds(lambda a, b: add(a, b), inner, inner), st.builds(lambda a, b: mul(a, b), inner, inner),
            st.builds(lambda a, b: app("div", a, b), inner, inner), st.builds(app, one, inner),
            st.builds(lambda a, q: app("pow", a, num(q)), inner, st.sampled_from([2, 3, -1, Fraction(1, 3)])))

    return st.recursive(leaves, grow, max_leaves=9)


def at(t: Term, x: Fraction) -> arb | None:
    """A ball for the value far out, or None where it cannot be told."""
    try:
        v = value(substitute(t, {"x": num(x)}), {}, {})
        return real_ball(acb(arb(v.numerator) / v.denominator) if isinstance(v, Fraction) else v)
    except (Undefined, Unknown, OverflowError, ValueError):
        return None


@pytest.mark.parametrize("how", ["up", "down", "above"])
def test_random_limits_against_balls(how: str) -> None:
    seen = {"checked": 0}
    far = [Fraction(10)**k for k in (3, 6, 12, 24)]
    points = {"up": far, "down": [-x for x in far], "above": [1 / x for x in far]}[how]
    place = {"up": OO, "down": app("neg", OO), "above": num(0)}[how]

    @SLOW
    @given(trees())
    def run(t: Term) -> None:
        try:
            found, term = case_limit(
                Sequent({}, (), TRUE), "x", t, (how, place), 4, False,
                lambda f, c, put: None if f.value is None else c.term(f.value))
        except NOTHING:
            return
        ctx.prec = 2000
        try:
            balls = [b for b in (at(t, x) for x in points) if b is not None and b.is_finite()]
            if len(balls) < 2:
                return
            first, last = balls[0], balls[-1]
            if found.infinite:
                assert not found.infinite * last < 3 or abs(last) > 1.02 * abs(first), show(t)
            elif term is not None:
                target = at(term, Fraction(1))
                if target is None:
                    return
                gap, before = abs(last - target), abs(first - target)
                assert not (gap > 0.02 and gap > 0.9 * before), (show(t), show(term))
            seen["checked"] += 1
        finally:
            ctx.prec = 53

    run()
    assert seen["checked"] > 12


def monomial(rng: random.Random, names: list[str]) -> Term:
    factors: list[Term] = []
    for n in names:
        p, q = rng.choice([0, 0, 1, 1, 2, 3]), rng.choice([0, 0, 0, 1, 2])
        factors += [app("pow", Var(n), num(p))] if p else []
        factors += [app("pow", app("log", Var(n)), num(q))] if q else []
    return mul(num(rng.choice([1, 2, 5])), *factors)


def test_random_sums_of_monomials_are_never_decided_both_ways() -> None:
    rng = random.Random(7)
    decided = 0
    for _ in range(36):
        names = ["m", "n", "t"][:rng.choice([1, 2, 2, 3])]
        f = add(*(monomial(rng, names) for _ in range(rng.choice([1, 2, 3]))))
        g = add(*(monomial(rng, names) for _ in range(rng.choice([1, 2, 3]))))
        regime = rng.choice([TRUE, TRUE, app("<=", Var(names[0]), Var(names[-1])), app(
            ">", Var(names[-1]), app("pow", Var(names[0]), num(2)))])
        head = rng.choice(["big-o", "big-o", "big-omega", "little-o"])
        goal = Bind(head, tuple(names), (INTEGER,) * len(names), (), (regime, f, g))
        s = Sequent({}, (), goal)
        o = open_order(s)
        path = find_path(s, o)
        if path is None:
            continue
        dual = dominations(o)
        proved = False
        if dual is not None:
            prove(s, {"rule": "domination", "path": path, **dual})
            proved = True
        refuted = None
        for ray in list(rays(o))[:40]:
            c = {"rule": "ray", "ray": ray, "order": 3,
                 "side": "lower" if head == "big-omega" else "upper"}
            try:
                prove(s.with_goal(App("not", (goal,))), c)
                refuted = ray
                break
            except Reject:
                continue
        assert not (proved and refuted), (show(goal), refuted)
        decided += proved or refuted is not None
    assert decided >= 28


@pytest.mark.parametrize("sort", [REAL, INTEGER])
def test_the_variable_of_a_sum_is_not_the_limit_variable(sort: Any) -> None:
    """sum_j 1/x over Index(x) moves: it must not be taken for a finite sum."""
    from checker.kernel.term import Index

    moving = Bind("sum", ("j",), (Index(X),), (), (TRUE, app("div", num(1), X)))
    with pytest.raises(NOTHING):
        case_limit(Sequent({}, (), TRUE), "x", moving, ("up", OO), 3, sort == INTEGER)
