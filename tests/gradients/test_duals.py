"""The rules of ``derivative`` against dual numbers: two semantics of a partial derivative that must agree."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from checker.kernel.claim import Sequent
from checker.kernel.derivative import NoDerivative, at_point, without_partials
from checker.kernel.evaluate import Undefined, Unknown, truth, value
from checker.kernel.evidence import Reject
from checker.kernel.index_form import context
from checker.kernel.prove import prove
from checker.kernel.term import INTEGER, REAL, App, Bind, Map, Term, Var, add, app, mul, num, show

from ..indices.build import DECLARATIONS, M, S, at, points, times
from ..indices.random_terms import term
from ..indices.test_against_values import differ

X = Map((M,), REAL)
POINTS = list(points(11, 12))


def along(body: Term, *entry: Any, of: str = "x") -> Bind:
    return Bind("partial", (of,), (X,), (Var(of), App("tuple", tuple(Var(e) if isinstance(e, str) else num(e)
                                                                  for e in entry))), (body,))


def valued(t: Term, point: dict[str, Any]) -> Any:
    """The value, None where it is undefined, "?" where it is not computed."""
    try:
        return value(t, point, DECLARATIONS)
    except Undefined:
        return None
    except Unknown:
        return "?"


def guards_hold(guards: tuple[Term, ...], point: dict[str, Any]) -> bool | None:
    try:
        return all(truth(g, point, DECLARATIONS) for g in guards)
    except Undefined:
        return False
    except Unknown:
        return None


def compare(t: Bind) -> int:
    try:
        result, guards = at_point(t, DECLARATIONS)
    except NoDerivative:
        return 0
    seen = 0
    for point in POINTS:
        dual, ruled, holds = valued(t, point), valued(result, point), guards_hold(guards, point)
        body = valued(t.inner[0], point)
        if "?" in (dual, ruled) or holds is None or body in (None, "?"):
            continue
        if holds:
            assert dual is not None, (show(t), point)
            assert ruled is None or not differ(dual, ruled), (show(t), show(result))
            seen += 1
        elif dual is not None:
            # only the rule's guard of an opaque function may be narrower
            assert any(isinstance(g, App) and g.head == "finite" for g in guards), (show(t), [show(g) for g in guards])
    return seen


def test_rules_and_dual_numbers_agree_on_random_terms() -> None:
    compared = 0
    for seed in range(160):
        rng = random.Random(seed)
        compared += compare(along(term(rng, ["i", "j", "a", "b"], rng.randint(1, 3)), rng.choice("ij")))
    assert compared > 300


def test_second_derivatives_agree() -> None:
    compared = 0
    for seed in range(40):
        rng = random.Random(1000 + seed)
        compared += compare(along(along(term(rng, ["i", "j", "a"], 2), "i"), "j"))
    assert compared > 50


RELU = app("relu", at("x", Var("i")))


@pytest.mark.parametrize("body, entry, expected", [
    (times(at("x", Var("i")), at("x", Var("j"))), 1, {(1, 1): 2, (1, 2): 1}),
    (Bind("prod", ("u",), (M,), (), (App("true", ()), at("x", Var("u")))), 1, None),
    (S("j", M, times(at("x", Var("j")), at("y", Var("j")))), 1, None),
    (app("pow", app("sqrt", S("j", M, times(at("x", Var("j")), at("x", Var("j"))))), num(2)), 1, None),
    (app("cases", at("x", Var("i")), app("<", at("x", Var("i")), num(1)), mul(num(2), at("x", Var("i"))), App("true", ())), 1, None),
    (app("max", at("x", Var("i")), at("x", Var("j")), num(0)), 1, None),
    (add(app("abs", at("x", Var("i"))), mul(num(0), RELU)), 1, None),
])
def test_single_terms_agree(body: Term, entry: int, expected: Any) -> None:
    assert compare(along(body, entry)) + compare(along(body, "i")) + compare(along(body, "j")) > 0


def test_a_corner_has_no_value_where_it_moves() -> None:
    point = {**POINTS[0], "m": num(2), "i": num(1), "j": num(2)}
    from checker.kernel.evaluate import Table

    point["x"] = Table((2,), {(1,): num(0), (2,): num(0)})
    kinked = S("u", M, app("relu", at("x", Var("u"))))
    assert valued(along(kinked, "i"), point) is None
    assert valued(along(RELU, "j"), point) == Fraction(0)         # x_i stays: no corner for j
    assert valued(along(along(kinked, "i"), "j"), point) is None
    smooth = app("pow", app("sqrt", S("u", M, times(at("x", Var("u")), at("x", Var("u"))))), num(2))
    assert valued(along(smooth, "i"), point) == Fraction(0)


def test_an_even_power_of_a_root_is_a_power() -> None:
    whole = S("u", M, times(at("x", Var("u")), at("x", Var("u"))))
    assert compare(along(app("pow", app("sqrt", whole), num(4)), "i")) > 0


def test_a_function_of_a_name_that_moves_twice_is_not_read() -> None:
    """d/dy of phi_1(y, y) is no second derivative of phi in its first place."""
    inner = Bind("diff", ("z",), (REAL,), (Var("y"),), (app("at", Var("phi"), Var("z"), Var("y")),))
    t = Bind("diff", ("y",), (REAL,), (Var("y"),), (inner,))
    known = Sequent({"y": REAL, "phi": Map((REAL, REAL), REAL)}, (), t)
    with pytest.raises(Reject):
        context(known).read(t, {})


def test_perturbations_are_not_confused() -> None:
    """d/dx (x d/dy (x + y)) is 1, not 2 (Siskind and Pearlmutter)."""
    point = POINTS[0]
    inner = along(add(at("x", Var("i")), at("y", Var("i"))), "i", of="y")
    assert valued(along(mul(at("x", Var("i")), inner), "i"), point) == Fraction(1)
    same = along(add(at("x", Var("i")), at("x", Var("i"))), "i")
    assert valued(along(mul(at("x", Var("i")), same), "i"), point) == Fraction(2)


def test_an_entry_out_of_range_has_no_derivative() -> None:
    point = {**POINTS[0], "m": num(1)}
    assert valued(along(at("x", Var("i")), 9), point) is None


def test_what_a_statement_says_of_values_is_not_replaced() -> None:
    """|y| has no partial derivative at 0, though sign(0) has a value."""
    corner = Bind("partial", ("y",), (REAL,), (num(0), App("tuple", ())), (app("abs", Var("y")),))
    k = Sequent({}, (), app("finite", corner))
    constant = Bind("converges", ("k",), (INTEGER,), (), (corner,))
    for goal in (k.goal, constant, app("not", app("finite", corner))):
        assert without_partials(goal, {}) == goal
    with pytest.raises(Reject):
        prove(k, {"rule": "differentiate", "proof": {"rule": "evaluate"}})
