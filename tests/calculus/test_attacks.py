"""Attacks on the calculus of the kernel: poles, cuts, corners, ends, empty ranges, complex where real is meant,
shadowed names.  Nothing here may be proved without a condition (false rows) or refuted (true rows)."""

from __future__ import annotations

import pytest
from flint import arb

from checker.kernel.claim import Sequent
from checker.kernel.definedness import definedness
from checker.kernel.evaluate import Undefined, Unknown, to_ball, value
from checker.kernel.evidence import Reject
from checker.kernel.excluded import doubtful
from checker.kernel.prove import prove
from checker.kernel.term import INTEGER, REAL, Bind, Var, app, num
from checker.kernel.verdict import verify

from ..kernel.statements import statement, verdict

NEVER_PROVED = [
    ("Integral(1/x, (x, -1, 1))", "0", ()),
    ("Integral(1/x, (x, -1, 2))", "log(2)", ()),
    ("Integral(1/x**2, (x, -1, 1))", "-2", ()),
    ("Integral(tan(x), (x, 0, pi))", "0", ()),
    ("Integral(1/cos(x)**2, (x, 0, pi))", "0", ()),                   # tan across its pole
    ("Integral(1/(1 + x**2), (x, -1, 1))", "-pi/2", ()),              # -atan(1/x) across its jump
    ("Integral(x**n, (x, 0, 1))", "1/(n + 1)", ()),
    ("Integral(x**p, (x, 0, 1))", "1/(p + 1)", ("Ne(p, -1)",)),
    ("Integral(x**p, (x, -1, 1))", "0", ("Eq(p, 1)",)),               # x^p is not real there for real p
    ("Integral(exp(-p*x), (x, 0, oo))", "1/p", ("Ne(p, 0)",)),
    ("Integral(exp(-p*x**2), (x, -oo, oo))", "sqrt(pi/p)", ("Ne(p, 0)",)),
    ("Integral(sqrt(x**2), (x, -1, 1))", "0", ()),
    ("Integral(sqrt(1 - sin(x)**2), (x, 0, pi))", "0", ()),           # |cos x|, not cos x
    ("Integral(log(x), (x, -1, 1))", "-2", ()),                       # log x is not real on the left: -2 + i pi
    ("Integral(floor(x), (x, 0, 2))", "0", ()),
    ("Integral(sign(x), (x, -1, 2))", "2", ()),
    ("Integral(x, (x, 1, 0))", "R(1, 2)", ()),
    ("Integral(cos(x), (x, 0, oo))", "0", ()),
    ("Integral(sin(m*x)*sin(n*x), (x, -pi, pi))", "0", ("Ne(m, n)",)),        # m = -n
    ("Integral(cos(n*x), (x, 0, 2*pi))", "0", ()),                            # n = 0
    ("Derivative(sign(x), x)", "0", ()),
    ("Derivative(atan(1/x) + atan(x), x)", "0", ()),
    ("Derivative(log(exp(I*x)), x)", "I", ()),
    ("Derivative(Integral(floor(t), (t, 0, x)), x)", "floor(x)", ()),         # the value at a jump
    ("Derivative(Integral(sign(t), (t, 0, x)), x)", "sign(x)", ()),
    ("Derivative(Integral(x, (x, 0, x)), x)", "0", ()),                       # x bound and free: it is x^2/2
    ("Integral(x, (x, 0, x))", "x*Integral(1, (x, 0, x))", ()),
    ("atan(x) + atan(1/x)", "pi/2", ("Ne(x, 0)",)),
    ("atan(tan(x))", "x", ()),
    ("acos(cos(x))", "x", ()),
    ("log(exp(z))", "z", ()),
    ("Abs(x)", "x", ()),
    ("asin(sin(x))", "x", ("x > 0", "x < pi")),
]


@pytest.mark.parametrize(("left", "right", "given"), NEVER_PROVED)
def test_never_proved(left: str, right: str, given: tuple[str, ...]) -> None:
    found, conditions = verdict(statement(left, "=", right, given))
    assert found != "proved" or conditions


NEVER_REFUTED = [
    ("Integral(log(x), (x, 0, 1))", "-1", ()),
    ("Integral(1/sqrt(x), (x, 0, 1))", "2", ()),
    ("Integral(sin(x)/x, (x, 0, oo))", "pi/2", ()),                 # converges, not absolutely
    ("Integral(log(Abs(x)), (x, -1, 1))", "-2", ()),
    ("Integral(1/Abs(x)**R(1, 2), (x, -1, 1))", "4", ()),
    ("Integral(x**R(1, 3), (x, 0, 8))", "12", ()),
    ("Integral(sqrt(x), (x, -1, 0))", "2*I/3", ()),
    ("Integral(log(x), (x, -1, 0))", "-1 + I*pi", ()),
    ("Integral(exp(exp(I*x)), (x, 0, 2*pi))", "2*pi", ()),
    ("Integral(Abs(x - R(1, 3)), (x, 0, 1))", "R(5, 18)", ()),
    ("Integral(Max(x, R(1, 3)), (x, 0, 1))", "R(5, 9)", ()),
    ("Integral(floor(3*x), (x, 0, 1))", "1", ()),
    ("Derivative(x**3*sign(x), x)", "0", ("Eq(x, 0)",)),
    ("Derivative(Abs(x)**3, x)", "0", ("Eq(x, 0)",)),
    ("Derivative(Piecewise((x**2, x < 0), (x**3, True)), x)", "0", ("Eq(x, 0)",)),
    ("Derivative(sqrt(x**4), x)", "0", ("Eq(x, 0)",)),
    ("Derivative(x**k, x)", "0", ("Eq(x, 0)", "k >= 2")),
    ("Integral(x, (x, oo, oo))", "0", ()),                          # no interval, so no divergence on it
    ("Integral(x, (x, -oo, -oo))", "0", ()),
]


@pytest.mark.parametrize(("left", "right", "given"), NEVER_REFUTED)
def test_never_refuted(left: str, right: str, given: tuple[str, ...]) -> None:
    assert verdict(statement(left, "=", right, given))[0] != "refuted"


@pytest.mark.parametrize(("text", "exact"), [
    ("Integral(Abs(sin(x)), (x, 0, 3*pi))", "6"),
    ("Integral(sqrt(x), (x, 1, 4))", "R(14, 3)"),
    ("Integral(sqrt(x), (x, 0, 1))", "R(2, 3)"),
    ("Integral(Abs(x), (x, -1, 2))", "R(5, 2)"),
    ("Integral(log(x), (x, 1, E))", "1"),
    ("Integral(floor(x), (x, 0, 3))", "3"),
    ("Integral(Piecewise((1, x < 1), (2, True)), (x, 0, 2))", "3"),
    ("Integral(x**R(1, 3), (x, 0, 1))", "R(3, 4)"),
    ("Integral(Max(x, x**2), (x, 0, 2))", "R(1, 2) + R(7, 3)"),
    ("Integral(1/(sqrt(2) + cos(x)), (x, 0, 2*pi))", "2*pi"),
    ("Integral(sqrt(x - 1), (x, 0, 1))", "2*I/3"),
    ("Integral(asin(x), (x, 0, 1))", "pi/2 - 1"),
    ("Integral(sign(x)*x, (x, -1, 2))", "R(5, 2)"),
    ("Integral(exp(x), (x, 1, 0))", "1 - E"),
])
def test_enclosures_contain_the_value(text: str, exact: str) -> None:
    terms = statement(text, "=", exact).sequent.goal.args
    enclosure, true = (to_ball(value(t, {}, {})) for t in terms)
    assert enclosure.overlaps(true)
    assert enclosure.real.rad() < arb(1)


@pytest.mark.parametrize("text", [
    "Integral(1/x, (x, 0, 1))", "Integral(1/x, (x, -1, 1))", "Integral(1/x**2, (x, -1, 2))", "Integral(tan(x), (x, 0, 3))",
    "Integral(1/(x**2 - 2), (x, 0, 2))", "Integral(x, (x, 0, oo))", "Integral(x**p, (x, -1, 1))",
])
def test_no_enclosure_where_it_diverges(text: str) -> None:
    s = statement(text, "=", "0").sequent
    with pytest.raises((Undefined, Unknown)):
        value(s.goal.args[0], dict.fromkeys(s.declarations, s.goal.args[1]), s.declarations)


def test_an_enclosure_is_remembered_for_its_sorts_only() -> None:
    """(-1)^1 for an integer exponent, nothing for a real one, whatever was asked first."""
    whole = statement("Integral(x**n, (x, -1, 1))", "=", "0").sequent
    n = whole.goal.args[0]
    one = statement("x", "=", "1").sequent.goal.args[1]
    assert to_ball(value(n, {"n": one}, whole.declarations)).overlaps(to_ball(value(whole.goal.args[1], {}, {})))
    with pytest.raises((Undefined, Unknown)):
        value(n, {"n": one}, {"n": REAL})


#: The guards of the derivative fail where the derivative exists: a proof that leaves these points out is none.
CORNERS = [
    ("Derivative(x*Abs(x), x)", "!=", "0", ()),
    ("Derivative(x*Abs(x), x)", ">", "0", ()),
    ("Derivative(x*Abs(x), x)", ">", "0", ("x >= 0",)),
    ("Derivative(Abs(x)**3, x)", "!=", "0", ()),
    ("Derivative(x**R(4, 3), x)", "!=", "0", ()),
    ("Derivative(x**R(3, 2), x)", ">", "0", ("x >= 0",)),
    ("Derivative(Max(x, 0)**2, x)", ">", "0", ("x >= 0",)),
    ("Derivative(Piecewise((x**2, x > 0), (-x**2, True)), x)", ">", "0", ()),
    ("Derivative(sqrt(x**4), x)", "!=", "0", ()),
    ("Derivative(x*Abs(x), x)", "=", "2*Abs(x) + 1 - sign(x)**2", ()),                     # a jump at 0
    ("Derivative(Abs(x)*(x - y)**2, x)", "=", "1 + sign(x)*y**2", ("Eq(x, 0)",)),
    ("Derivative(x*Abs(x*y), x)", "=", "2*Abs(x*y) + 1 - sign(y)**2", ()),                 # y = 0: no isolated corner
    ("Derivative(Abs(x**2 - 2*x*y + y**2), x)", "=", "2*x - 2*y + x - y", ("Eq(x, y + 1)",)),
]


@pytest.mark.parametrize(("left", "relation", "right", "given"), CORNERS)
def test_corners_are_not_left_out(left: str, relation: str, right: str, given: tuple[str, ...]) -> None:
    assert verdict(statement(left, relation, right, given))[0] != "proved"


LEFT_OUT = [
    ("Derivative(Abs(x), x)", "=", "sign(x)"),                    # there is no derivative at 0
    ("Derivative(Max(x, 0), x)", "=", "Piecewise((1, x > 0), (0, True))"),
    ("Derivative(x*Abs(x), x)", "=", "2*Abs(x)"),                 # by continuity
    ("Derivative(x*Abs(x), x)", ">=", "0"),
    ("Derivative(floor(x), x)", "=", "0"),
    ("Derivative(x**R(4, 3), x)", "=", "4*x**R(1, 3)/3"),
    ("Derivative(sqrt(1 - x**2), x)", "=", "-x/sqrt(1 - x**2)"),
    ("Derivative(log(z), z)", "=", "1/z"),
    ("Derivative(asin(x), x)", "=", "1/sqrt(1 - x**2)"),
]


@pytest.mark.parametrize(("left", "relation", "right"), LEFT_OUT)
def test_corners_with_a_reason(left: str, relation: str, right: str) -> None:
    found, conditions = verdict(statement(left, relation, right))
    assert found == "proved" and conditions


UNREASONED = [        # accepted as proofs under conditions, refused as verdicts
    ("Derivative(x*Abs(x), x)", "!=", "0", (), {"rule": "sign"}),
    ("Derivative(x*Abs(x), x)", "=", "2*Abs(x)", ("x*(1 - x) >= 0",), {"rule": "field"}),       # room beside x?
    ("Subs(Derivative(y*Abs(x), x), x, y)", "=", "Abs(y)", (), {"rule": "field"}),              # at 0: 0 |h|/h
]


@pytest.mark.parametrize(("left", "relation", "right", "given", "proof"), UNREASONED)
def test_a_condition_that_is_not_necessary_needs_a_reason(
        left: str, relation: str, right: str, given: tuple[str, ...], proof: dict[str, str]) -> None:
    claim = statement(left, relation, right, given)
    assert prove(claim.sequent, proof).conditions
    with pytest.raises(Reject, match="excluded"):
        verify(claim, {"verdict": "proved", "proof": proof, "inhabitant": {"point": {"x": "1", "y": "1"}}})


def test_a_condition_on_an_empty_range_is_not_necessary() -> None:
    """No integer lies between 0 and 1, so d/dx (x |x|) + S_k 1/x is 0 at x = 0."""
    k, x, y = Var("k"), Var("x"), Var("y")
    between = app("and", app("<", num(0), k), app("<", k, num(1)))
    empty = Bind("sum", ("k",), (INTEGER,), (num(0), num(1)), (between, app("div", num(1), x)))
    slope = Bind("diff", ("y",), (REAL,), (x,), (app("mul", y, app("abs", y)),))
    s = Sequent({"x": REAL}, (), app("!=", app("add", slope, empty), num(0)))
    assert doubtful(s, definedness(s.goal, s)) == (app("!=", x, num(0)),)
