"""What suffices for a real value is no condition of a verdict, unless the statement needs it.  Each row of FALSE is
false at a point where its sides are real, and its proof holds under conditions that leave this point out."""

from __future__ import annotations

from typing import Any

import pytest

from checker.kernel.claim import Claim
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.term import REAL, TRUE, App, Bind, Map, Term, Var, app, mul, num, show
from checker.kernel.verdict import Proved, verify

from .statements import statement, verdict

x, y = map(Var, "xy")
PRODUCT = mul(App("sqrt", (x,)), App("sqrt", (y,)))
SIGN, ASSUMED = {"rule": "sign"}, {"rule": "assumption"}
SORTS = {"x": REAL, "y": REAL, "f": Map((REAL,), REAL)}
ONES = {"point": {"x": "1", "y": "1"}}


@pytest.mark.parametrize("row", [
    ("sqrt(x)*sqrt(y)", ">=", "0", ()),                      # x = y = -1
    ("sqrt(x)*sqrt(x)", ">=", "0", ()),                      # x = -1
    ("Max(sqrt(x)*sqrt(y), -5)", ">=", "0", ()),
    ("x**R(3, 2)*y**R(1, 2)", ">=", "0", ()),
    ("exp(x*log(x))", ">", "0", ()),                         # x = -1: exp(-pi I)
    ("x*y", "<", "sqrt(x)*sqrt(y) + x*y + 1", ()),           # x = y = -1
    ("(log(x) - log(y))*0 + 1 - sqrt(x)*sqrt(y)", "<=", "1", ()),
], ids=lambda r: r[0])
def test_a_proof_that_leaves_real_values_out_is_no_verdict(row: tuple[str, str, str, tuple[str, ...]]) -> None:
    claim = statement(*row)
    assert prove(claim.sequent, SIGN).conditions
    point = dict.fromkeys(dict(claim.declarations), "1")
    with pytest.raises(Reject, match="may fail where the statement has a truth value"):
        verify(claim, {"verdict": "proved", "proof": SIGN, "inhabitant": {"point": point}})


def test_a_point_out_of_reach_is_not_forgotten() -> None:
    """x = -10^5 - 1."""
    assert verdict(statement("(10**5 + x)**R(3, 2)*(10**5 + x)**R(1, 2)", ">=", "0"))[0] != "proved"


@pytest.mark.parametrize(("row", "conditions"), [
    (("sqrt(x)", ">=", "0", ()), ["x >= 0"]),
    (("x*log(x)", ">=", "x - 1", ()), ["x > 0"]),
    (("log(x) + log(x)", "<=", "2*x - 2", ()), ["x > 0"]),
    (("sqrt(x) + sqrt(x + 1)", ">=", "0", ()), ["x >= 0", "x + 1 >= 0"]),
    (("sqrt(x) - sqrt(y)", "<=", "sqrt(x)", ()), ["x >= 0", "y >= 0"]),
    (("-x*log(x) - (1 - x)*log(1 - x)", ">=", "0", ()), ["x > 0", "-x + 1 > 0"]),
    (("x**p*sqrt(y)", ">=", "0", ()), ["x > 0", "y >= 0"]),
    (("log(log(x))", "<=", "log(x)", ()), ["x > 0", "log(x) > 0"]),
    (("sqrt(x)*sqrt(y)", ">=", "0", ("x > 0",)), ["y >= 0"]),
], ids=lambda v: str(v)[:60])
def test_conditions_that_are_needed_stand(row: tuple[str, str, str, tuple[str, ...]], conditions: list[str]) -> None:
    found, shown = verdict(statement(*row))
    assert found == "proved"
    assert [show(c) for c in shown] == conditions


def test_under_a_quantifier_and_a_premise() -> None:
    """Of the square root in the premise, x >= 0; of the product in the conclusion, nothing."""
    needy = app("implies", app(">", App("sqrt", (x,)), num(1)), app(">=", App("sqrt", (x,)), num(0)))
    loose = Bind("forall", ("y",), (REAL,), (), (TRUE, app(">=", PRODUCT, num(0))))
    point = {"point": {"x": "1"}}
    shown = verify(Claim((("x", REAL),), (), needy),
                   {"verdict": "proved", "proof": {"rule": "implies", "proof": SIGN}, "inhabitant": point})
    assert isinstance(shown, Proved) and shown.conditions
    with pytest.raises(Reject):
        verify(Claim((("x", REAL),), (), loose),
               {"verdict": "proved", "proof": {"rule": "forall", "proof": SIGN}, "inhabitant": point})


def orbit(start: Term) -> Term:
    step = App("assign", (Var("s"), app("add", Var("s"), num(1))))
    return App("item", (Bind("iterate", ("s",), (REAL,), (num(2), App("tuple", (start,))), (step,)), num(1)))


@pytest.mark.parametrize("term", [App("at", (Var("f"), PRODUCT)), orbit(PRODUCT), App("floor", (PRODUCT,))],
                         ids=["a real function", "a real state", "floor"])
def test_a_real_argument_does_not_make_its_factors_real(term: Term) -> None:
    """x = y = -1: sqrt(x) sqrt(y) = -1."""
    s = Claim(tuple(SORTS.items()), (app("=", term, num(1)),), app(">=", x, num(0))).sequent
    certificate: dict[str, Any] = {"rule": "defined", "assumption": 0, "proof": ASSUMED}
    with pytest.raises(Reject):
        prove(s, certificate)


INVERSE = app("div", num(1), x)
ITSELF, NONZERO = app("=", INVERSE, INVERSE), app("!=", x, num(0))


@pytest.mark.parametrize(("goal", "proof"), [
    (app("and", ITSELF, NONZERO), {"rule": "and", "parts": [{"rule": "field"}, ASSUMED]}),
    (Bind("forall", ("y",), (REAL,), (), (TRUE, app("and", ITSELF, NONZERO))),
     {"rule": "forall", "proof": {"rule": "and", "parts": [{"rule": "field"}, ASSUMED]}}),
    (app("implies", app("or", ITSELF, app("=", x, num(0))), NONZERO), {"rule": "implies", "proof": ASSUMED}),
    (app("not", app("or", app("!=", INVERSE, INVERSE), app("=", x, num(0)))),
     {"rule": "unfold", "proof": {"rule": "and", "parts": [{"rule": "field"}, ASSUMED]}}),
], ids=show)
def test_what_is_false_beside_an_undefined_part_is_no_matter_of_definedness(
        goal: Term, proof: dict[str, Any]) -> None:
    """x = 0: 1/x is undefined, and the statement false."""
    claim = Claim((("x", REAL),), (), goal)
    with pytest.raises(Reject, match="may be false where a part of it is undefined"):
        verify(claim, {"verdict": "proved", "proof": {"rule": "where-defined", "proof": proof},
                       "inhabitant": {"point": {"x": "1"}}})


@pytest.mark.parametrize("row", [
    ("Derivative(x*Abs(x), x)", ">", "0", ()),               # the rules need x != 0; at 0 the derivative is 0
    ("Derivative(x*Abs(x), x)", "=", "2*Abs(x) + 1 - sign(x)**2", ()),
    ("Derivative(Max(x, 0)**2, x)", "=", "2*Max(x, 0) + 1 - sign(x)**2", ()),
], ids=lambda r: " ".join(r[:3]))
def test_points_that_a_proof_leaves_out_are_looked_at(row: tuple[str, str, str, tuple[str, ...]]) -> None:
    assert verdict(statement(*row))[0] == "refuted"
