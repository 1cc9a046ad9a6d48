"""The rules ``gap``, ``gap-zero`` and ``above-tangent``: what they accept, and what they must not."""

from __future__ import annotations

from typing import Any

import pytest

from checker.kernel.claim import Sequent
from checker.kernel.definedness import power_conditions
from checker.kernel.evidence import Reject
from checker.kernel.finite_parts import finite_by_whole
from checker.kernel.prove import discharge, prove
from checker.kernel.rule_gap import above_tangent
from checker.kernel.term import (
    COMPLEX, INTEGER, REAL, ZERO, Bind, Index, Map, Space, Term, TRUE, Var, add, app, mul, num, sort_to_json, sub,
    to_json,
)

x, u, v, w, n, j, t = map(Var, "xuvwnjt")
RANGE = Index(n)
SIGN, FIELD, FORM = {"rule": "sign"}, {"rule": "field"}, {"rule": "index-form"}


def here(goal: Term, *assumptions: Term) -> Sequent:
    names = {"n": INTEGER, **dict.fromkeys("xuvw", REAL), "y": Map((RANGE,), REAL)}
    return Sequent(names, (app(">=", n, num(1)), *assumptions), goal)


def square(a: Term) -> Term:
    return app("pow", a, num(2))


def accepted(s: Sequent, c: Any) -> bool:
    try:
        return not prove(s, c).conditions
    except Reject:
        return False


def column(term: Term, proof: Any = SIGN, **more: Any) -> dict[str, Any]:
    return {"term": to_json(term), "proof": proof, **more}


def gap(*columns: Any, rest: Any = FIELD, exact: bool = True) -> dict[str, Any]:
    return {"rule": "gap", "columns": list(columns), "rest": rest, "exact": exact}


def total(body: Term) -> Term:
    return Bind("sum", ("j",), (RANGE,), (), (TRUE, body))


Y = app("at", Var("y"), j)
OVER = {"names": ["j"], "sorts": [sort_to_json(RANGE)]}
LESS = app("<=", mul(num(2), x, w), add(square(x), square(w)))
POSITIVE = app(">", w, ZERO)

GAPS = [
    (here(LESS), gap(column(square(sub(x, w)))), True),
    (here(LESS), gap(column(square(add(x, w)))), False),                                   # another square
    (here(app("<", *LESS.args)), gap(column(square(sub(x, w)), strict=True)), False),      # 0 at x = w
    (here(app("<", *LESS.args), app("!=", sub(x, w), ZERO)), gap(column(square(sub(x, w)), strict=True)), True),
    (here(app("<", *LESS.args), app("!=", sub(x, w), ZERO)), gap(column(square(sub(x, w)))), False),
    (here(app("<=", ZERO, x)), gap(column(x)), False),                                      # its own goal as a column
    (here(app("<=", x, add(x, w))), gap(column(w)), False),                                 # w may be negative
    (here(app("<=", x, add(x, w)), POSITIVE), gap(column(w)), True),
    (here(app("<=", ZERO, mul(w, square(x))), POSITIVE),
     gap(column(square(x), weight=to_json(w), positive=SIGN)), True),
    (here(app("<=", ZERO, mul(w, square(x)))), gap(column(square(x), weight=to_json(w), positive=SIGN)), False),
    (here(app("<=", ZERO, x)), gap(column(app("div", square(w), w))), False),               # undefined at w = 0
    (here(app("<=", ZERO, total(square(Y)))), gap(column(square(Y), **OVER), rest=FORM), True),
    (here(app("<", ZERO, total(square(Y)))), gap(column(square(Y), strict=True, **OVER), rest=FORM), False),
    (here(app("<", ZERO, total(app("exp", Y)))), gap(column(app("exp", Y), strict=True, **OVER), rest=FORM), True),
    (here(app("<=", ZERO, total(Y))), gap(column(Y, **OVER), rest=FORM), False),
    (here(LESS), gap(column(square(sub(x, w)), names=["x"], sorts=[sort_to_json(RANGE)]), rest=FORM), False),
]


@pytest.mark.parametrize(("s", "c", "good"), GAPS)
def test_gap(s: Sequent, c: Any, good: bool) -> None:
    assert accepted(s, c) is good


def test_the_sides_of_a_gap_are_real() -> None:
    """sqrt(x) + 1 - sqrt(x) is 1, also where sqrt(x) is i."""
    root, z = app("sqrt", x), Var("z")
    assert prove(here(app("<=", root, add(root, num(1)))), gap(column(num(1)))).conditions == (app(">=", x, ZERO),)
    for strict in (False, True):
        s = Sequent({"z": COMPLEX}, (), app("<" if strict else "<=", z, add(z, num(1))))
        assert not accepted(s, gap(column(num(1), strict=strict)))


def above(phi: Term, *assumptions: Term, strict: bool = False, lower: Term | None = None, bend: Any = SIGN
          ) -> tuple[Sequent, Any]:
    s = here(TRUE, *assumptions)
    c: dict[str, Any] = {"rule": "above-tangent", "variable": "t", "function": to_json(phi), "point": to_json(u),
                         "at": to_json(v), "bend": bend, "different": SIGN}
    if lower is not None:
        c["lower"] = {"at": to_json(lower), "proofs": [{"rule": "assumption"}] * 2}
    return s.with_goal(app(">" if strict else ">=", above_tangent(phi, "t", u, v, s), ZERO)), c


LOG = app("neg", app("log", t))
INSIDE = (app("<", ZERO, u), app("<", ZERO, v))
TANGENTS = [
    (above(square(t)), True),
    (above(app("exp", t)), True),
    (above(app("pow", t, num(4))), True),
    (above(app("pow", t, num(3))), False),                              # convex on one side only
    (above(app("pow", t, num(3)), *INSIDE, lower=ZERO), True),
    (above(app("neg", square(t))), False),
    (above(LOG), False),                                                # not defined on the line
    (above(LOG, *INSIDE, lower=ZERO), True),
    (above(LOG, INSIDE[0], lower=ZERO), False),                         # v is not shown to be positive
    (above(app("log", t), *INSIDE, lower=ZERO), False),
    (above(app("div", num(1), t), *INSIDE), False),                     # a pole between
    (above(app("div", num(1), t), *INSIDE, lower=ZERO), True),
    (above(app("abs", t)), False),                                      # a corner
    (above(app("floor", t)), False),                                    # jumps, with derivative 0 between
    (above(mul(w, square(t))), False),                                  # w may be negative
    (above(mul(w, square(t)), POSITIVE), True),
    (above(square(t), strict=True), False),                             # u = v
    (above(square(t), app("!=", u, v), strict=True), True),
    (above(mul(num(2), t), app("!=", u, v), strict=True), False),
]


@pytest.mark.parametrize(("row", "good"), TANGENTS)
def test_above_tangent(row: tuple[Sequent, Any], good: bool) -> None:
    assert accepted(*row) is good


def test_a_tangent_is_the_one_of_the_goal() -> None:
    s, c = above(square(t))
    own = s.with_goal(app(">=", above_tangent(square(w), "w", u, v, s), ZERO))
    assert not accepted(own, {**c, "variable": "w", "function": to_json(square(w))})
    assert not accepted(s, {**c, "at": to_json(num(0))})
    assert not accepted(s, {**c, "function": to_json(app("exp", t))})
    assert not accepted(s, {**c, "variable": "u"})
    assert not accepted(s.with_goal(app(">=", s.goal.args[0], num(1))), c)      # type: ignore[union-attr]


def zero(*, equation: Term, then: tuple[Term, Term], apart: Any = SIGN, weight: Term | None = None) -> Any:
    more = {} if weight is None else {"weight": to_json(weight), "positive": SIGN}
    c = {"rule": "gap-zero", "assumption": 1, "columns": [column(square(sub(x, w)), **more)], "rest": FIELD,
         "exact": True, "column": 0, "then": [to_json(a) for a in then], "apart": apart, "weight": SIGN,
         "proof": {"rule": "assumption"}}
    return here(app("=", x, w), equation), c


EQUAL = app("=", mul(num(2), x, w), add(square(x), square(w)))


def test_where_the_gap_is_zero() -> None:
    assert accepted(*zero(equation=EQUAL, then=(x, w)))
    assert not accepted(*zero(equation=EQUAL, then=(x, v)))
    assert not accepted(*zero(equation=app("<=", *EQUAL.args), then=(x, w)))
    assert not accepted(*zero(equation=app("=", EQUAL.args[0], add(EQUAL.args[1], num(1))), then=(x, w)))
    weighted = app("=", mul(num(2), v, x, w), mul(v, add(square(x), square(w))))
    s, c = zero(equation=weighted, then=(x, w), weight=v)
    assert not accepted(s.assuming(app(">=", v, ZERO)), c)                      # v = 0
    assert accepted(s.assuming(app(">", v, ZERO)), c)


def over_indices(guard: Term | None = None) -> dict[str, Any]:
    more = {} if guard is None else {"guard": to_json(guard)}
    return {"rule": "gap-zero", "assumption": 1, "columns": [column(square(sub(x, w)), **OVER, **more)], "rest": FORM,
            "exact": True, "column": 0, "then": [to_json(x), to_json(w)], "apart": SIGN,
            "proof": {"rule": "assumption"}}


def test_an_equation_without_the_index_holds_once() -> None:
    whole = app("=", ZERO, total(square(sub(x, w))))
    assert accepted(here(app("=", x, w), whole), over_indices())
    later = app(">", j, num(1))                                                     # no such j for n = 1
    some = app("=", ZERO, Bind("sum", ("j",), (RANGE,), (), (later, square(sub(x, w)))))
    assert not accepted(here(app("=", x, w), some), over_indices(later))


def test_a_power_under_a_quantifier_needs_its_base_under_the_guard() -> None:
    t_, power = Var("t"), app("pow", Var("t"), x)

    def law(guard: Term) -> Term:
        return Bind("forall", ("t",), (REAL,), (), (guard, app(">", power, ZERO)))

    names = {"x": REAL}
    assert power_conditions(law(TRUE), names) == (Bind("forall", ("t",), (REAL,), (), (TRUE, app(">", t_, ZERO))),)
    (guarded,) = power_conditions(law(app(">", t_, ZERO)), names)
    assert not discharge((guarded,), Sequent(names, (), TRUE))
    (other,) = power_conditions(law(app(">", t_, num(-1))), names)
    assert discharge((other,), Sequent(names, (), TRUE))


# ------------------------------------------------------------------ conditions under a quantifier, finite parts


def test_a_condition_that_the_guard_gives_is_none() -> None:
    reciprocal = app("div", num(1), x)
    for guard, left in ((">", False), (">=", True)):
        goal = Bind("forall", ("x",), (REAL,), (), (app(guard, x, ZERO), app("=", reciprocal, reciprocal)))
        assert bool(prove(here(goal), {"rule": "forall", "proof": FIELD}).conditions) == left


E_X = ("z",), (Space("unspecified"),), ()
P_Z = app("density", Var("p"), num(1), Var("z"))
F_Z = app("at", Var("f"), Var("z"))
MEAN = Bind("E", *E_X, (P_Z, F_Z))


@pytest.mark.parametrize(("body", "weight", "given"), [
    (square(sub(F_Z, MEAN)), P_Z, True),
    (mul(u, MEAN), P_Z, True),
    (mul(app("density", Var("q"), num(1), Var("z")), MEAN), P_Z, False),          # 0 times anything is 0
    (sub(F_Z, MEAN), app("density", Var("r"), num(1), Var("z"), app("given"), num(2), Var("w")), False),
    (sub(F_Z, MEAN), app("density", Var("p"), num(1), Var("w")), False),          # a density at a free variable
    (app("cases", F_Z, app(">", F_Z, ZERO), MEAN, TRUE), P_Z, False),             # a branch that may never be taken
    (app("pow", MEAN, ZERO), P_Z, False),
])
def test_parts_of_a_finite_expectation_are_finite(body: Term, weight: Term, given: bool) -> None:
    s = here(TRUE, app("finite", Bind("E", *E_X, (weight, body))))
    assert finite_by_whole(MEAN, s) == given


def test_a_part_that_speaks_of_the_variable_is_another_number() -> None:
    inner = Bind("E", ("y'",), (Space("unspecified"),), (), (
        app("density", Var("p"), num(1), Var("y'")), mul(app("at", Var("f"), Var("y'")), app("at", Var("f"), Var("z")))))
    assert not finite_by_whole(inner, here(TRUE, app("finite", Bind("E", *E_X, (P_Z, inner)))))
