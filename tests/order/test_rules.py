"""Each rule by certificates: some it must accept, and many it must reject, the careless ones first."""

from __future__ import annotations

from itertools import pairwise
import copy
from typing import Any

import pytest
from flint import fmpq, fmpq_poly

from checker.engines.gram import ldl
from checker.kernel.claim import Sequent
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.rule_sign_table import isolate, satisfied, squarefree
from checker.kernel.term import COMPLEX, FALSE, Term, Var, add, app, mul, num, show, sub, to_json
from tests.kernel.statements import sequent

SIGN, VALUE = {"rule": "sign"}, {"rule": "evaluate"}
x, y, a, b, p, q = map(Var, "xyabpq")
Z = Var("z")


def unreal(left: Term, relation: str, right: Term) -> Sequent:
    """A relation in a complex name: the language refuses some of these, the rules must too."""
    return Sequent({"z": COMPLEX}, (), app(relation, left, right))


def accepts(s: Sequent, c: dict[str, Any]) -> bool:
    try:
        prove(s, c)
        return True
    except Reject:
        return False


def fact(t: Term, strict: bool, proof: dict[str, Any]) -> dict[str, Any]:
    return {"term": to_json(t), "strict": strict, "proof": proof}


def sos(facts: list[dict[str, Any]], total: list[Any], **more: Any) -> dict[str, Any]:
    return {"rule": "sos", "facts": facts, "sum": total, **more}


def j(t: Term) -> Any:
    return to_json(t)


# ------------------------------------------------------------------------- sos

SQUARE = sos([], [["1", [], j(sub(x, y))]])
GIVEN = sos([{"given": 0}], [["1", [0], None]])


def test_sos_accepts_squares_facts_products_equations_and_multipliers() -> None:
    assert accepts(sequent("x**2 + y**2", ">=", "2*x*y"), SQUARE)
    assert accepts(sequent("x", "<", "y + 1", ("x < y",)), sos([{"given": 0}], [["1", [0], None], ["1", [], None]]))
    assert accepts(sequent("x*y", ">=", "0", ("x >= 0", "y >= 0")), sos(
        [{"given": 0}, {"given": 1}], [["1", [0, 1], None]]))
    assert accepts(sequent("a + 1/a", ">=", "2"), sos(
        [fact(a, True, SIGN)], [["1", [], j(sub(a, num(1)))]], multiplier=[0]))
    assert accepts(sequent("x**2", "<=", "1", ("Eq(x**2 + y**2, 1)",)), sos(
        [], [["1", [], j(y)]], equations=[[0, "-1"]]))
    assert accepts(sequent("x", "<", "y", ("x <= p", "p < y")).with_goal(FALSE).assuming(app("<=", y, x)), sos(
        [{"given": k} for k in range(3)], [["1", [k], None] for k in range(3)]))


@pytest.mark.parametrize(("s", "c"), [
    (sequent("x**2 + y**2", ">", "2*x*y"), SQUARE),                                 # strict at x = y
    (sequent("x**2 + y**2", "<=", "2*x*y"), SQUARE),
    (sequent("x**2 + y**2", ">=", "3*x*y"), SQUARE),
    (sequent("x**2", ">", "0"), sos([], [["1", [], j(x)]])),
    (sequent("-x**2", ">=", "0"), sos([], [["-1", [], j(x)]])),                     # a negative weight
    (sequent("x**2*y**2 - 2*x*y + R(999, 1000)", ">=", "0"), sos([], [["1", [], j(sub(mul(x, y), num(1)))]])),
    (sequent("x", "<", "y", ("x <= y",)), GIVEN),                                   # weak to strict
    (sequent("x", "<=", "y", ("y <= x",)), GIVEN),
    (sequent("x", "<=", "y"), GIVEN),                                               # no such assumption
    (sequent("x", "<=", "y + 1", ("x <= y",)), sos([{"given": 0}], [["1", [0], None], ["-1", [], None]])),
    # a multiplier that vanishes: x^2 (-1) = 1 (-x^2) on {x = 0}
    (sequent("-1", ">=", "0", ("-x**2 >= 0",)), sos(
        [{"given": 0}, fact(mul(x, x), True, SIGN)], [["1", [0], None]], multiplier=[1])),
    (sequent("-1", ">=", "0", ("-x**2 >= 0",)), sos(
        [{"given": 0}, fact(mul(x, x), False, SIGN)], [["1", [0], None]], multiplier=[1])),
    (sequent("x*y", ">=", "0", ("x >= 0",)), sos([{"given": 0}, fact(y, False, SIGN)], [["1", [0, 1], None]])),
    (unreal(app("neg", mul(Z, Z)), "<=", num(0)), sos([], [["1", [], j(Z)]])),               # a complex square
    (sequent("x**2", "<=", "1", ("Eq(x**2 + y**2, 1)",)), sos([], [["1", [], j(y)]], equations=[[0, "1"]])),
    (sequent("x**2", "<=", "1", ("Eq(x**2 + y**2, 1)",)), sos([], [["1", [], j(y)]], equations=[[1, "-1"]])),
    (sequent("x", "<=", "0"), sos([fact(app("neg", x), False, {"rule": "sos", "facts": [], "sum": []})],
                                  [["1", [0], None]])),
    # a square of something that is not defined everywhere
    (sequent("1", ">=", "0"), sos([], [["1", [], j(app("div", x, x))]])),
], ids=str)
def test_sos_rejects(s: Sequent, c: dict[str, Any]) -> None:
    assert not accepts(s, c)


def test_a_denominator_is_a_condition_and_no_more() -> None:
    s = sequent("x**2/x", "<=", "x")
    assert [show(c) for c in prove(s, sos([], [])).conditions] == ["x != 0"]


@pytest.mark.parametrize(("matrix", "good"), [
    ([[1, -1], [-1, 1]], True),
    ([[1, -1], [-1, "999999999999999999/1000000000000000000"]], False),   # least eigenvalue about -5e-19
    ([[0, 1], [1, 5]], False),                                            # pivot 0, row not 0
    ([[0, 0], [0, 5]], True),
    ([[1, 2, 3], [2, 4, 6], [3, 6, 9]], True),
    ([[1, 2, 3], [2, 4, 7], [3, 7, 9]], False),
    ([[-1]], False),
])
def test_pivots(matrix: list[list[Any]], good: bool) -> None:
    from fractions import Fraction

    assert (ldl([[Fraction(v) for v in row] for row in matrix]) is not None) is good


# ------------------------------------------------------------------------- sign tables


def table(on: Term, *facts: dict[str, Any]) -> dict[str, Any]:
    return {"rule": "sign-table", "on": to_json(on), "facts": list(facts)}


def row(coefficients: str, **more: Any) -> dict[str, Any]:
    return {"p": coefficients.split(), **more}


GOAL = {"goal": True}


@pytest.mark.parametrize(("s", "c"), [
    (sequent("x**2 - 2*x + 2", ">", "0"), table(x, row("2 -2 1", **GOAL))),
    (sequent("x**2", "<=", "x", ("x >= 0", "x <= 1")), table(
        x, row("0 -1 1", **GOAL), row("0 1", given=0), row("-1 1", given=1))),
    (sequent("n**2", ">=", "n"), table(Var("n"), row("0 -1 1", **GOAL))),
    (sequent("x", "!=", "2", ("x**2 < 4",)), table(x, row("-2 1", **GOAL), row("-4 0 1", given=0))),
    (sequent("x", ">=", "1", ("x**2 - 3*x + 2 <= 0",)), table(x, row("-1 1", **GOAL), row("2 -3 1", given=0))),
    (sequent("1/x", ">", "0", ("x > 0",)), table(
        x, row("1", q=["0", "1"], nonzero=SIGN, **GOAL), row("0 1", given=0))),
    (sequent("exp(2*x) + 1", ">=", "2*exp(x)"), table(app("exp", x), row("1 -2 1", **GOAL))),
], ids=str)
def test_sign_table_accepts(s: Sequent, c: dict[str, Any]) -> None:
    assert accepts(s, c)


@pytest.mark.parametrize(("s", "c"), [
    (sequent("x**2 - 2*x + 1", ">", "0"), table(x, row("1 -2 1", **GOAL))),
    (sequent("x**2 - 2", ">=", "0", ("x > 1",)), table(x, row("-2 0 1", **GOAL), row("-1 1", given=0))),
    (sequent("x**2 - 2*x + 1", ">", "0"), table(x, row("2 -2 1", **GOAL))),          # other polynomials
    (sequent("n**2", ">", "n"), table(Var("n"), row("0 -1 1", **GOAL))),
    (sequent("x**2", ">=", "x"), table(x, row("0 -1 1", **GOAL))),                   # real, not integer
    (sequent("x**2", "<=", "x", ("x >= 0",)), table(x, row("0 -1 1", **GOAL), row("0 1", given=0))),
    (sequent("1/x", ">", "0", ("x >= 0",)), table(x, row("-1", **GOAL), row("0 1", given=0))),
    (sequent("1/x", ">", "0"), table(x, row("1", q=["0", "1"], **GOAL))),
    (sequent("1/(x - 1)", ">", "0", ("x > 0",)), table(
        x, row("1", q=["-1", "1"], nonzero=SIGN, **GOAL), row("0 1", given=0))),
    (sequent("x", "<=", "0"), table(x, row("0 1", **GOAL), {"term": to_json(x), "relation": "<=", "proof": SIGN,
                                                           "p": ["0", "1"]})),
    (sequent("x**2 - 2", "!=", "0", ("x > 1",)), table(x, row("-2 0 1", **GOAL), row("-1 1", given=0))),
    (unreal(mul(Z, Z), ">=", num(0)), table(Z, row("0 0 1", **GOAL))),
], ids=str)
def test_sign_table_rejects(s: Sequent, c: dict[str, Any]) -> None:
    assert not accepts(s, c)


def poly(*coefficients: int | str) -> fmpq_poly:
    from fractions import Fraction

    values = [Fraction(c) for c in coefficients]
    return fmpq_poly([fmpq(v.numerator, v.denominator) for v in values])


def test_roots_are_isolated() -> None:
    f = poly(-2, 0, 1) * poly(-1, 1) * poly(-3, 2)            # sqrt 2, 1, 3/2
    found = isolate(squarefree(f * f))
    assert len(found) == 4
    assert all(low < high for low, high in found)
    assert all(h1 <= l2 for (_, h1), (l2, _) in pairwise(found))
    close = poly(-1, 1) * poly("-1000000000001/1000000000000", 1)
    assert len(isolate(close)) == 2


@pytest.mark.parametrize(("rows", "integer", "empty"), [
    ([(poly(0, 1), ">"), (poly(0, 1), "<")], False, True),
    ([(poly(0, 1), ">="), (poly(0, 1), "<=")], False, False),
    ([(poly(-2, 0, 1), "="), (poly(-2, 0, 1), "!=")], False, True),
    ([(poly(-2, 0, 1), "="), (poly(-2, 2), ">")], False, False),
    ([(poly(-2, 0, 1), "=")], True, True),
    ([(poly(-4, 0, 1), "=")], True, False),
    ([(poly(0, 1), ">"), (poly(-1, 1), "<")], True, True),
    ([(poly(0, 1), ">"), (poly(-1, 1), "<")], False, False),
    ([(poly(0, 0, 1), "<")], False, True),
    ([(poly(0, 0, 0, 1), "<")], False, False),
    ([(poly(-7), ">")], False, True),
    ([(poly(7), ">")], True, False),
    ([(poly(0), "=")], False, False),
    ([(poly(0), "!=")], False, True),
])
def test_tables(rows: list[tuple[fmpq_poly, str]], integer: bool, empty: bool) -> None:
    whole = [(f, poly(1), r, False) for f, r in rows]
    assert (satisfied(whole, integer) is None) is empty


# ------------------------------------------------------------------------- monotone, cover


def rung(**more: Any) -> dict[str, Any]:
    return {"rule": "monotone", "variable": "x", "from": "lower", "smooth": [], **more}


def end(proof: dict[str, Any], kind: str = "value", strict: bool = False) -> dict[str, Any]:
    return {"kind": kind, "strict": strict, "proof": proof}


def slope(proof: dict[str, Any], strict: bool = True) -> dict[str, Any]:
    return {"strict": strict, "proof": proof}


ZERO = {"at": "0", "proof": SIGN}
POSITIVE = ("0 < x",)


def test_monotone_accepts() -> None:
    assert accepts(sequent("x**3 + x", ">", "0", POSITIVE), rung(
        lower=ZERO, slope=slope(SIGN), end=end(VALUE)))
    assert accepts(sequent("log(1 + x)", ">", "0", POSITIVE), rung(
        lower=ZERO, slope=slope(SIGN), end=end(VALUE)))


@pytest.mark.parametrize(("s", "c"), [
    # -1/x rises on both sides of its pole, from 1 at -1
    (sequent("-1/x", ">", "0", ("-1 < x",)), rung(
        lower={"at": "-1", "proof": SIGN}, slope=slope(SIGN), end=end(VALUE))),
    (sequent("-1/x", ">", "0", ("-1 < x", "Ne(x, 0)")), rung(
        lower={"at": "-1", "proof": SIGN}, slope=slope(SIGN), end=end(VALUE))),
    # the start is below 0
    (sequent("x - 1", ">", "0", POSITIVE), rung(lower=ZERO, slope=slope(SIGN), end=end(VALUE))),
    # no lower bound is known
    (sequent("x", ">", "0"), rung(lower=ZERO, slope=slope(SIGN), end=end(VALUE))),
    (sequent("x", ">", "0", ("x >= 0",)), rung(lower={"at": "0", "proof": SIGN}, slope=slope(SIGN), end=end(VALUE))),
    # the slope is not positive everywhere
    (sequent("x*(1 - x)", ">", "0", POSITIVE), rung(lower=ZERO, slope=slope(SIGN), end=end(VALUE))),
    # strict from weak twice
    (sequent("x - x", ">", "0", POSITIVE), rung(lower=ZERO, slope=slope(SIGN, False), end=end(VALUE))),
    # the wrong end: x rises, its value at the upper end says nothing
    (sequent("x", ">", "0", ("x < 1",)), rung(
        **{"from": "upper"}, upper={"at": "1", "proof": SIGN}, slope=slope(SIGN), end=end(VALUE))),
    # floor and sign jump, their derivative is no rung
    (sequent("floor(x) + x", ">", "0", POSITIVE), rung(lower=ZERO, slope=slope(SIGN), end=end(VALUE))),
    # an end that moves with the variable
    (sequent("x", ">", "0", ("x - 1 < x",)), rung(
        lower={"at": j(sub(x, num(1))), "proof": SIGN}, slope=slope(SIGN), end=end(VALUE))),
    # |x| - x/2 has a kink at 0: its guard is not shown
    (sequent("Abs(x) + 2*x + 3", ">", "0", ("-1 < x",)), rung(
        lower={"at": "-1", "proof": SIGN}, slope=slope(SIGN), end=end(VALUE))),
], ids=str)
def test_monotone_rejects(s: Sequent, c: dict[str, Any]) -> None:
    assert not accepts(s, c)


def box(low: str, high: str, lower: Any = SIGN, upper: Any = SIGN) -> dict[str, Any]:
    return {"rule": "cover", "box": {"x": {"from": low, "to": high, "lower": lower, "upper": upper}}}


UNIT = ("0 <= x", "x <= 1")


def test_cover_accepts() -> None:
    assert accepts(sequent("exp(x)", "<", "3", UNIT), box("0", "1"))
    assert accepts(sequent("sin(x)", "!=", "2", UNIT), box("0", "1"))
    assert accepts(sequent("1/(x + R(1, 100))", ">", "0", UNIT), box("0", "1"))


@pytest.mark.parametrize(("s", "c"), [
    (sequent("1/(2*x - 1)**2", ">", "0", UNIT), box("0", "1")),           # a pole inside: nan is never compared
    (sequent("1/x", ">", "0", UNIT), box("0", "1")),                      # a pole at the end
    (sequent("tan(x)", "<", "20", ("0 <= x", "x <= 2")), box("0", "2")),
    (sequent("exp(x)", ">=", "1", UNIT), box("0", "1")),                  # equality at the end
    (sequent("exp(x)", "<", "3"), box("0", "1")),                         # the box is not shown
    (sequent("exp(x)", "<", "3", ("0 <= x", "x <= 2")), box("0", "1")),
    (sequent("log(x)", "<", "1", ("-1 <= x", "x <= 1")), box("-1", "1")),
    (sequent("sqrt(x)", "<", "2", ("-1 <= x", "x <= 1")), box("-1", "1")),
    (sequent("x*y", "<", "2", UNIT), box("0", "1")),                      # another name
    (sequent("floor(x)", "<", "1", UNIT), box("0", "1")),
    (unreal(Z, "!=", num(2)), {"rule": "cover", "box": {"z": {"from": "0", "to": "1", "lower": SIGN,
                                                                 "upper": SIGN}}}),
], ids=str)
def test_cover_rejects(s: Sequent, c: dict[str, Any]) -> None:
    assert not accepts(s, c)


# ------------------------------------------------------------------------- bounds, both sides


def bound(kind: str, argument: Term, **more: Any) -> dict[str, Any]:
    return {"rule": "bound", "kind": kind, "argument": to_json(argument), **more}


@pytest.mark.parametrize(("s", "c"), [
    (sequent("log(a)", "<=", "a - 1"), bound("log-tangent", a, positive=SIGN)),
    (sequent("log(a)", "<", "a - 1", ("a > 1",)), bound("log-tangent", a, positive=SIGN, different=SIGN)),
    (sequent("log(b/a)", "<=", "b/a - 1"), bound("log-tangent", app("div", b, a), positive=SIGN)),
    (sequent("exp(x)", ">=", "1 + x"), bound("exp-tangent", x)),
    (sequent("Abs(x)", ">=", "x"), bound("entry", app("abs", x), side=0)),
    (sequent("Max(x, y)", ">=", "y"), bound("entry", app("max", x, y), side=1)),
    (sequent("sin(x)", "<=", "1"), bound("entry", app("sin", x), side=0)),
    (sequent("floor(x)", "<=", "x"), bound("entry", app("floor", x), side=0)),
], ids=str)
def test_bound_accepts(s: Sequent, c: dict[str, Any]) -> None:
    assert accepts(s, c)


I = app("i")
TURNED = add(app("div", app("pi"), num(2)), mul(I, x))      # sin(pi/2 + ix) = cosh x


@pytest.mark.parametrize(("s", "c"), [
    (sequent("log(a)", ">=", "a - 1"), bound("log-tangent", a, positive=SIGN)),        # the other direction
    (sequent("log(a)", "<", "a - 1"), bound("log-tangent", a, positive=SIGN, different=SIGN)),
    (sequent("log(x)", "<=", "x - 1"), bound("log-tangent", x, positive=SIGN)),
    (sequent("log(a)", "<=", "a/2"), bound("log-tangent", a, positive=SIGN)),
    (sequent("exp(x)", ">", "1 + x"), bound("exp-tangent", x, different=SIGN)),
    (unreal(app("exp", Z), ">=", add(num(1), Z)), bound("exp-tangent", Z)),
    (sequent("Abs(x)", "<=", "x"), bound("entry", app("abs", x), side=0)),
    (sequent("Abs(x)", ">", "x"), bound("entry", app("abs", x), side=0)),
    (sequent("Max(x, y)", ">=", "p"), bound("entry", app("max", x, y), side=2)),
    (sequent("sin(x)", "<", "1"), bound("entry", app("sin", x), side=0)),
    (unreal(app("sin", Z), "<=", num(1)), bound("entry", app("sin", Z), side=0)),
    (sequent("cosh(x)", "<=", "1"), bound("entry", app("sin", TURNED), side=0)),
    (sequent("tan(x)", "<=", "1"), bound("entry", app("tan", x), side=0)),
    (sequent("floor(x)", "<", "x"), bound("entry", app("floor", x), side=0)),
    (sequent("sin(x)", ">", "0", ("x > 0",)), bound("sin-positive", x, lower=SIGN, upper=SIGN)),
    (sequent("cos(x)", ">", "0", ("x > 0", "x < pi")), bound("cos-positive", x, lower=SIGN, upper=SIGN)),
], ids=str)
def test_bound_rejects(s: Sequent, c: dict[str, Any]) -> None:
    assert not accepts(s, c)


LOG = {"rule": "both-sides", "function": "log", "small": SIGN, "large": SIGN, "proof": SIGN}


def test_both_sides() -> None:
    assert accepts(sequent("exp(x)", "<", "exp(y)", ("x < y",)), LOG)
    assert not accepts(sequent("exp(x)", "<", "exp(y)", ("x <= y",)), LOG)
    assert not accepts(sequent("exp(x)", "<", "exp(y)", ("y < x",)), LOG)
    assert not accepts(sequent("-exp(y)", "<", "-exp(x)", ("y < x",)), LOG)


def power(k: Any, **proofs: Any) -> dict[str, Any]:
    return {"rule": "both-sides", "function": "power", "power": k, "proof": {"rule": "assumption"}, **proofs}


@pytest.mark.parametrize(("s", "c"), [
    (sequent("sqrt(a**2 + b)", ">", "a"), power("2", large=SIGN, proof=SIGN)),
    (sequent("a", "<", "b", ("a**2 < b**2",)), power("2", large=SIGN)),
    (sequent("x", "<=", "y", ("x**3 <= y**3",)), power("3")),
    (sequent("x", "<", "y", ("x**2 < y**2", "y >= 0")), power("2", large=SIGN)),
], ids=str)
def test_powers_on_both_sides_accept(s: Sequent, c: dict[str, Any]) -> None:
    assert accepts(s, c)


@pytest.mark.parametrize(("s", "c"), [
    (sequent("x", "<", "y", ("x**2 < y**2",)), power("2", large=SIGN)),            # (0, -1)
    (sequent("x", "<", "y", ("x**2 < y**2", "x >= 0")), power("2", large=SIGN)),
    (sequent("x", "<", "y", ("x**3 <= y**3",)), power("3")),
    (sequent("x", "<=", "y", ("x**3 <= y**3",)), power([])),
    (sequent("x", "<=", "y", ("y <= x",)), power("-1")),
    (sequent("x", "<=", "y", ("y <= x",)), power("0")),
    (sequent("x", "<=", "y", ("x**3 <= y**3",)), power({"v": "x"})),
    (sequent("x", "<=", "y", ("x**61 <= y**61",)), power("61")),                 # above the bound on powers
    (unreal(Z, "<=", num(2)), power("3")),
], ids=str)
def test_powers_on_both_sides_reject(s: Sequent, c: dict[str, Any]) -> None:
    assert not accepts(s, c)


@pytest.mark.parametrize(("row", "sign"), [
    (("t*a + (1 - t)*b", ">", "0", ("t >= 0", "t <= 1")), True),
    (("t*a + (1 - t)*b", ">", "0", ("t >= 0",)), False),
    (("t*a + (1 - t)*b", ">", "0", ("t >= 0", "t <= 2")), False),
    (("t*a", ">", "0", ("t >= 0", "t <= 1")), False),                            # 0 at the end
    (("t*a + (1 - t)*x**2", ">", "0", ("t >= 0", "t <= 1")), False),
    (("t*a + (1 - t)*x**2", ">=", "0", ("t >= 0", "t <= 1")), True),
    (("t*a + (1 - t)*x**2", ">", "0", ("t > 0", "t < 1")), True),
    (("t*a + (1 - t)*x", ">=", "0", ("t >= 0", "t <= 1")), False),
    (("t**2*a - t*b + a", ">", "0", ("t >= 0", "t <= 1", "b <= a")), True),      # by its coefficients
    (("1 - t*(1 - t)*8", ">", "0", ("t >= 0", "t <= 1")), False),                # not linear: positive at the ends
], ids=str)
def test_a_linear_name_between_two_numbers(row: Any, sign: bool) -> None:
    assert accepts(sequent(*row), SIGN) == sign


@pytest.mark.parametrize("row", [
    ("sqrt(x)*sqrt(x)", "<", "0", ("x < 0",)),
    ("sqrt(x)**2", "<", "0", ("x < 0",)),
    ("log(x) - log(y)", "<", "0", ("x < 0", "y < x")),
    ("log(x)*log(x)", "<", "0", ("x < 0", "x > -2")),
], ids=str)
def test_a_side_that_may_be_real_all_the_same_is_not_called_undefined(row: Any) -> None:
    """Its parts are not real, but x = -1 makes these true."""
    from tests.kernel.statements import statement, verdict

    assert verdict(statement(*row))[0] != "refuted"


def test_largest() -> None:
    parts = {"rule": "largest", "parts": [SIGN, SIGN]}
    assert accepts(sequent("Abs(x)", "<=", "2", ("x <= 2", "-2 <= x")), parts)
    assert accepts(sequent("Max(x, y)", "<", "2", ("x < 2", "y < 2")), parts)
    assert not accepts(sequent("Abs(x)", "<=", "2", ("x <= 2",)), parts)
    assert not accepts(sequent("Max(x, y)", "<", "2", ("x < 2", "y <= 2")), parts)
    assert not accepts(sequent("Max(x, y)", "<", "2", ("x < 2", "y < 2")), {"rule": "largest", "parts": [SIGN]})
    assert not accepts(sequent("Min(x, y)", "<", "2", ("x < 3",)), parts)
    assert not accepts(unreal(app("abs", Z), "<=", num(2)), parts)


def test_antisymmetric() -> None:
    s = sequent("x", "=", "y", ("x <= y", "y <= x"))
    first, second = (sos([{"given": k}], [["1", [0], None]]) for k in (0, 1))
    assert accepts(s, {"rule": "antisymmetric", "up": first, "down": second})
    assert not accepts(s, {"rule": "antisymmetric", "up": first, "down": first})
    assert not accepts(sequent("x", "=", "y", ("x <= y",)), {"rule": "antisymmetric", "up": first, "down": first})


# ------------------------------------------------------------------------- mutation


def leaves(c: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(c, dict):
        return [p for k, v in c.items() for p in leaves(v, (*path, k))]
    if isinstance(c, list):
        return [p for k, v in enumerate(c) for p in leaves(v, (*path, k))]
    return [path]


def put(c: Any, path: tuple[Any, ...], new: Any) -> Any:
    c = copy.deepcopy(c)
    place = c
    for k in path[:-1]:
        place = place[k]
    place[path[-1]] = new
    return c


WRONG = ["2", "-1", "0", True, False, None, 7, {"v": "y"}, "sign", [], {}]


@pytest.mark.parametrize(("true", "false"), [
    (("x**2 + y**2", ">=", "2*x*y", ()), ("x**2 + y**2", ">", "2*x*y", ())),
    (("a + 1/a", ">=", "2", ()), ("a + 1/a", ">=", "3", ())),
    (("x**4 + x + 1", ">", "0", ()), ("x**4 + x", ">", "0", ())),
    (("x**2", "<=", "x", ("x >= 0", "x <= 1")), ("x**2", "<=", "x", ("x >= 0",))),
    (("log(a)", "<=", "a - 1", ()), ("log(a)", "<", "a - 1", ())),
    (("log(1 + a)", ">", "2*a/(2 + a)", ()), ("log(1 + a)", ">", "3*a/(2 + a)", ())),
    (("exp(x)", "<=", "3", ("x <= 1", "x >= 0")), ("exp(x)", "<=", "2", ("x <= 1", "x >= 0"))),
    (("Abs(x + y)", "<=", "Abs(x) + Abs(y)", ()), ("Abs(x + y)", "<", "Abs(x) + Abs(y)", ())),
], ids=str)
def test_no_mutated_certificate_proves_a_false_neighbour(true: Any, false: Any) -> None:
    from checker.engines.portfolio import decide
    from tests.kernel.statements import statement

    certificate = decide(statement(*true), {}).certificate
    assert certificate is not None and certificate["verdict"] == "proved"
    proof = certificate["proof"]
    wrong = sequent(*false)
    assert not accepts(wrong, proof)
    paths = leaves(proof)
    for k, path in enumerate(paths[:: max(1, len(paths) // 60)]):
        for new in WRONG[k % 3:: 3]:
            assert not accepts(wrong, put(proof, path, new))



# ------------------------------------------------------------------------- sums over an index


def summed(body: Any, guard: Any = None) -> Any:
    from checker.kernel.term import TRUE, Bind, Index

    return Bind("sum", ("u",), (Index(Var("n")),), (), (guard or TRUE, body))


def sized(relation: str, whole: Any, *given: Any) -> Sequent:
    from checker.kernel.term import INTEGER, REAL, Index, Map

    return Sequent({"n": INTEGER, "x": Map((Index(Var("n")),), REAL)}, (app(">=", Var("n"), num(1)), *given),
                   app(relation, whole, num(0)))


XU = app("at", Var("x"), Var("u"))
SQUARED = app("pow", XU, num(2))


def test_termwise() -> None:
    from checker.kernel.term import add as plus

    plain = {"rule": "termwise", "term": SIGN}
    strict = {**plain, "sizes": [SIGN]}
    assert accepts(sized(">=", summed(SQUARED)), plain)
    assert accepts(sized(">", summed(plus(SQUARED, num(1)))), strict)
    assert not accepts(sized(">=", summed(XU)), plain)                            # a term of unknown sign
    assert not accepts(sized(">", summed(SQUARED)), strict)
    assert not accepts(sized(">", summed(plus(SQUARED, num(1)))), {**plain, "sizes": []})
    assert not accepts(sized(">", summed(plus(SQUARED, num(1)), app("<", Var("u"), num(1)))), strict)    # no term
    assert not accepts(sized("<=", summed(SQUARED)), plain)
    assert not accepts(sized(">=", summed(app("log", SQUARED))), plain)            # log 0
    integers = over_integers(SQUARED)
    assert not accepts(sized(">=", integers), plain)


def over_integers(body: Any) -> Any:
    from checker.kernel.term import INTEGER, TRUE, Bind

    return Bind("sum", ("u",), (INTEGER,), (num(1), Var("n")), (TRUE, body))


def test_an_identity_by_another_rule() -> None:
    """sum x^2 >= 2 sum x - n, by sum (x - 1)^2."""
    from checker.kernel.term import add as plus
    from checker.kernel.term import mul, sub, to_json

    gap = app("pow", sub(XU, num(1)), num(2))
    fact = {"term": to_json(summed(gap)), "strict": False, "proof": {"rule": "termwise", "term": SIGN}}
    goal = plus(summed(SQUARED), mul(num(-2), summed(XU)), Var("n"))
    c = {"rule": "sos", "facts": [fact], "sum": [["1", [0], None]], "identity": {"rule": "index-form"}}
    assert accepts(sized(">=", goal), c)
    assert not accepts(sized(">", goal), c)
    assert not accepts(sized(">=", sub(goal, num(1))), c)
    assert not accepts(sized(">=", goal), {**c, "identity": {"rule": "assumption"}})
    assert not accepts(sized(">=", goal), {**c, "sum": [["2", [0], None]]})
