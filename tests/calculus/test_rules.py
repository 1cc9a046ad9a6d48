"""The rules of calculus at certificate level: rows they accept, rows they must reject."""

from __future__ import annotations

from typing import Any

import pytest

from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.term import OO, REAL, App, Bind, Index, Num, Var, app, num, to_json
from checker.kernel.claim import Sequent
from checker.kernel.derivative import NoDerivative, derivative

from ..kernel.statements import namespace, sequent
from checker.language.derivation import read_claim

import sympy

FIELD: dict[str, Any] = {"rule": "field"}
SIGN: dict[str, Any] = {"rule": "sign"}
EVALUATE: dict[str, Any] = {"rule": "evaluate"}
VALUE = {"kind": "value"}


def term(text: str) -> Any:
    with sympy.evaluate(False):
        side = eval(text, {"__builtins__": {}}, namespace())  # noqa: S307
    return to_json(read_claim((side, "=", sympy.Integer(0)), [], {})[0].sequent.goal.args[0])


def limit(value: str, proof: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"kind": "limit", "limit": term(value), "proof": proof or {"rule": "limit", "tree": {"leaf": 3}}}


def integral(left: str, value: str, pieces: list[dict[str, Any]], direction: str = "up", breaks: tuple[str, ...] = (),
             right: str | None = None, given: tuple[str, ...] = (), total: dict[str, Any] = FIELD,
             proof: dict[str, Any] = FIELD) -> Any:
    """``left = right`` by one integral with the value."""
    s = sequent(left, "=", right if right is not None else value, given)
    entry = {"term": to_json(s.goal.args[0]), "value": term(value), "by": "antiderivative", "direction": direction,
             "breaks": [term(b) for b in breaks], "pieces": pieces, "total": total}
    return prove(s, {"rule": "integrals", "values": [entry], "proof": proof})


def piece(antiderivative: str, start: Any = VALUE, end: Any = VALUE, order: Any = EVALUATE, smooth: Any = (),
          derivative: Any = FIELD) -> dict[str, Any]:
    return {"antiderivative": term(antiderivative), "from": start, "to": end, "order": order,
            "smooth": list(smooth), "derivative": derivative}


def test_accepted() -> None:
    assert not integral("Integral(x**2, (x, 0, 1))", "R(1, 3)", [piece("x**3/3")]).conditions
    assert not integral("Integral(x**2, (x, p, q))", "q**3/3 - p**3/3", [piece("x**3/3")], "any").conditions
    assert not integral("Integral(x, (x, 1, 0))", "-R(1, 2)", [piece("x**2/2")], "down").conditions
    integral("Integral(1/x**2, (x, 1, oo))", "1", [piece("-1/x", end=limit("0"))])
    integral("Integral(Abs(x), (x, -1, 2))", "R(5, 2)", [piece("-x**2/2"), piece("x**2/2")], breaks=("0",))


REJECTED = [
    # another antiderivative, another value, another end
    ("Integral(x**2, (x, 0, 1))", "R(1, 3)", [piece("x**3")], "up", ()),
    ("Integral(x**2, (x, 0, 1))", "R(1, 2)", [piece("x**3/3")], "up", ()),
    # the order of the ends is not as said
    ("Integral(x**2, (x, 1, 0))", "R(1, 3)", [piece("x**3/3")], "down", ()),
    ("Integral(Abs(x), (x, 1, -1))", "1", [piece("x**2/2"), piece("-x**2/2")], "up", ("0",)),
    # without an order x is any real number: a pole
    ("Integral(1/x**2, (x, p, q))", "1/p - 1/q", [piece("-1/x")], "any", ()),
    # across a pole, a corner, a jump of the antiderivative
    ("Integral(1/x**2, (x, -1, 1))", "-2", [piece("-1/x")], "up", ()),
    ("Integral(1/x, (x, -1, 1))", "0", [piece("log(Abs(x))")], "up", ()),
    ("Integral(1/x, (x, -1, 1))", "0", [piece("log(Abs(x))"), piece("log(Abs(x))")], "up", ("0",)),
    ("Integral(Abs(x), (x, -1, 1))", "0", [piece("x*Abs(x)/2 - Abs(x)*x")], "up", ()),
    ("Integral(1/(1 + x**2), (x, -1, 1))", "-pi/2", [piece("-atan(1/x)")], "up", ()),
    ("Integral(-1/(1 + x**2), (x, -1, 0))", "acot(0) - acot(-1)", [piece("acot(x)")], "up", ()),
    ("Integral(-1/(1 + x**2), (x, -1, 0))", "acot(0) - acot(-1)", [piece("acot(x)")], "up", ()),
    ("Integral(1/(2 + cos(x)), (x, 0, 2*pi))", "0", [piece("2*atan(tan(x/2)/sqrt(3))/sqrt(3)")], "up", ()),
    ("Integral(floor(x), (x, 0, 2))", "0", [piece("x*floor(x)")], "up", ()),
    ("Integral(0, (x, -1, 1))", "2", [piece("sign(x)")], "up", ()),
    ("Integral(0, (x, 0, 2))", "2", [piece("floor(x)")], "up", ()),
    # a branch cut of a complex antiderivative
    ("Integral(I, (x, 0, 2*pi))", "0", [piece("log(exp(I*x))")], "up", ()),
    # a limit on the wrong side, a value at infinity, an infinite value, a limit that is not shown
    ("Integral(1/x**2, (x, 1, oo))", "1", [piece("-1/x")], "up", ()),
    ("Integral(exp(-x), (x, 0, oo))", "1", [piece("-exp(-x)", end=limit("1"))], "up", ()),
    ("Integral(x, (x, -oo, oo))", "0", [piece("x**2/2", start=limit("oo"), end=limit("oo"))], "up", ()),
    # the points of the partition: not in order
    ("Integral(x, (x, 0, 1))", "R(1, 2)", [piece("x**2/2"), piece("x**2/2")], "up", ("2",)),
    ("Integral(sign(x), (x, -1, 1))", "2", [piece("x")], "up", ()),
    # the variable may not leave the integral
    ("Integral(x, (x, 0, 1))", "x/2", [piece("x**2/2")], "up", ()),
    # the ends may be complex
    ("Integral(1, (x, 0, z))", "z", [piece("x")], "any", ()),
    ("Integral(x**(-1), (x, 0, p))", "0", [piece("0*x")], "any", ()),
]


@pytest.mark.parametrize(("left", "value", "pieces", "direction", "breaks"), REJECTED)
def test_rejected(left: str, value: str, pieces: Any, direction: str, breaks: tuple[str, ...]) -> None:
    with pytest.raises(Reject):
        integral(left, value, pieces, direction, breaks)


def test_weak_order_needs_continuity_at_both_ends() -> None:
    """At p = q the open interval is empty: the limits from inside belong to nothing."""
    jump = piece("atan(1/x)", start=limit("pi/2"), end=limit("-pi/2"), order=SIGN)
    with pytest.raises(Reject):
        integral("Integral(-1/(1 + x**2), (x, p, q))", "-pi", [jump], given=("p <= q",))


def test_divergence() -> None:
    s = sequent("Integral(1/x, (x, 0, 1))", "=", "0")
    t = s.goal.args[0]
    goal = s.with_goal(app("not", app("finite", t)))
    good = {"rule": "divergent", "direction": "up", "low": "0", "high": "1", "antiderivative": term("log(x)"),
            "smooth": [], "derivative": FIELD, "order": EVALUATE, "after": EVALUATE, "before": EVALUATE,
            "at": "lower", "to": to_json(app("neg", OO)), "proof": {"rule": "limit", "tree": {"leaf": 3}}}
    assert not prove(goal, good).conditions
    for edit in ({"at": "upper"}, {"low": "-1"}, {"high": "2"}, {"to": "0"}, {"to": to_json(OO)},
                 {"antiderivative": term("2*log(x)")}, {"direction": "down"}, {"relation": "<="},
                 {"antiderivative": term("1/x"), "relation": ">="}):
        with pytest.raises(Reject):
            prove(goal, {**good, **edit})


def test_not_divergent() -> None:
    s = sequent("Integral(1/sqrt(x), (x, 0, 1))", "=", "0")
    goal = s.with_goal(app("not", app("finite", s.goal.args[0])))
    for found in ("log(x)", "-1/x", "2*sqrt(x)"):
        for to in (OO, app("neg", OO)):
            for relation in ("=", ">=", "<="):
                with pytest.raises(Reject):
                    prove(goal, {
                        "rule": "divergent", "direction": "up", "low": "0", "high": "1", "smooth": [], "order": EVALUATE,
                        "antiderivative": term(found), "derivative": SIGN if relation != "=" else FIELD,
                        "after": EVALUATE, "before": EVALUATE, "at": "lower", "to": to_json(to), "relation": relation,
                        "proof": {"rule": "limit", "tree": {"leaf": 3}}})


def equal(left: str, right: str, given: tuple[str, ...], **c: Any) -> Any:
    return prove(sequent(left, "=", right, given), {"rule": "equal-derivative", "variable": "x", "slope": FIELD,
                                                    "smooth": [], **c})


def end(value: str) -> dict[str, Any]:
    return {"at": term(value), "proof": SIGN}


def test_equal_derivative() -> None:
    at = {"point": "0", "above": EVALUATE, "below": EVALUATE, "proof": FIELD}
    assert not equal("asin(x)", "-asin(-x)", ("x > -1", "x < 1"), lower=end("-1"), upper=end("1"), at=at).conditions
    assert not equal("erf(x)", "-erf(-x)", (), at=at).conditions


@pytest.mark.parametrize(("left", "right", "given", "c"), [
    # a point that shows nothing, or lies outside
    ("erf(x) + 1", "-erf(-x)", (), {"at": {"point": "0", "proof": FIELD}}),
    ("asin(x)", "-asin(-x)", (), {"at": {"point": "0", "proof": FIELD}}),
    ("atan(1/x)", "-atan(-1/x)", ("x > 0",), {"at": {"point": "0", "proof": FIELD}}),
    ("Abs(x)", "x", ("x > -1",), {"lower": end("-1"), "at": {"point": "1", "above": EVALUATE, "proof": FIELD}}),
    ("sign(x)", "1", ("x > -1",), {"lower": end("-1"), "at": {"point": "1", "above": EVALUATE, "proof": FIELD}}),
    ("log(exp(I*x))", "I*x", (), {"at": {"point": "0", "proof": FIELD}}),
    ("floor(x)", "0", ("x > 0",), {"lower": end("0"), "at": {"point": "R(1, 2)", "above": EVALUATE, "proof": EVALUATE}}),
    # the interval is not what is given
    ("erf(x)", "-erf(-x)", (), {"lower": end("0"), "at": {"point": "1", "above": EVALUATE, "proof": FIELD}}),
    # the point moves
    ("x - x + erf(x)", "erf(x)", (), {"at": {"point": {"v": "x"}, "proof": FIELD}}),
])
def test_not_equal(left: str, right: str, given: tuple[str, ...], c: dict[str, Any]) -> None:
    with pytest.raises(Reject):
        equal(left, right, given, **c)


def test_arcs() -> None:
    s = sequent("sin(x)", "=", "0", ("x > 0", "x < pi"))
    u = s.goal.args[0]
    arc = {"rule": "arc", "k": 0, "lower": SIGN, "upper": SIGN}
    for relation in (">", ">=", "!="):
        assert not prove(s.with_goal(app(relation, u, num(0))), arc).conditions
    for relation, change in (("<", {}), (">", {"k": 1}), (">", {"k": 2}), ("<", {"k": 1}), (">", {"k": True})):
        with pytest.raises(Reject):
            prove(s.with_goal(app(relation, u, num(0))), {**arc, **change})
    closed = sequent("sin(x)", "=", "0", ("x >= 0", "x <= pi"))
    assert not prove(closed.with_goal(app(">=", u, num(0))), arc).conditions
    with pytest.raises(Reject):
        prove(closed.with_goal(app(">", u, num(0))), arc)
    with pytest.raises(Reject):
        prove(s.with_goal(app(">", app("cos", Var("x")), num(0))), arc)


def test_resolve() -> None:
    s = sequent("Abs(x) + sign(x) + Max(x, -x)", "=", "2*x + 1", ("x > 0",))
    fact = {"fact": term("x"), "proof": SIGN}
    positive = {**fact, "fact": to_json(app(">", Var("x"), num(0)))}
    order = {**fact, "fact": to_json(app(">=", Var("x"), app("neg", Var("x"))))}
    assert not prove(s, {"rule": "resolve", "facts": [positive, order], "proof": FIELD}).conditions
    weak = {**fact, "fact": to_json(app(">=", Var("x"), num(0)))}
    turned = {**fact, "fact": to_json(app("<", Var("x"), num(0)))}
    other = {**fact, "fact": to_json(app(">", Var("y"), num(0)))}
    for facts in ([], [turned], [other], [positive, turned]):
        with pytest.raises(Reject):
            prove(s, {"rule": "resolve", "facts": facts, "proof": FIELD})
    bound = sequent("Integral(Abs(x), (x, -1, 1))", "=", "Integral(x, (x, -1, 1))", ("x > 0",))   # another x
    with pytest.raises(Reject):
        prove(bound, {"rule": "resolve", "facts": [positive], "proof": FIELD})
    bound = sequent("Integral(Abs(x), (x, -1, 1))", "=", "Integral(x, (x, -1, 1))", ("x > 0",))   # another x
    with pytest.raises(Reject):
        prove(bound, {"rule": "resolve", "facts": [positive], "proof": FIELD})
    at_zero = sequent("sign(x)", "=", "1", ("x >= 0",))
    with pytest.raises(Reject):
        prove(at_zero, {"rule": "resolve", "facts": [weak], "proof": FIELD})


def test_a_range_that_moves() -> None:
    """A sum over the indices 1..x has no derivative term by term."""
    total = Bind("sum", ("j",), (Index(Var("x")),), (), (App("true", ()), Var("x")))
    with pytest.raises(NoDerivative):
        derivative(total, "x", {"x": REAL})


@pytest.mark.parametrize(("left", "right"), [
    # linearity and additivity keep the variable inside
    ("Integral(x*p, (x, 0, 1))", "x*Integral(p, (x, 0, 1))"),
    ("Integral(x**n, (x, 0, 1))", "x**n*Integral(1, (x, 0, 1))"),
    ("Integral(x, (x, 0, 1))", "Integral(x, (x, 0, 1))**2"),
    ("Integral(x, (x, 0, p))", "Integral(x, (x, p, 0))"),
    ("Integral(x, (x, 0, p)) + Integral(y, (y, p, q))", "Integral(x, (x, 0, q)) + Integral(x, (x, 0, p))"),
    ("Integral(Integral(x, (x, 0, y)), (y, 0, 1))", "Integral(Integral(y, (x, 0, y)), (y, 0, 1))"),
    ("Integral(Integral(x*y, (x, 0, 1)), (y, 0, 2))", "Integral(Integral(x*y, (x, 0, 2)), (y, 0, 1))"),
    ("Integral(y, (x, 0, 1))", "Integral(x, (x, 0, 1))"),
])
def test_normal_form_of_integrals_rejects(left: str, right: str) -> None:
    with pytest.raises(Reject):
        prove(sequent(left, "=", right), FIELD)


@pytest.mark.parametrize(("left", "right"), [
    ("Integral(2*x + p*x**2, (x, 0, 1))", "2*Integral(x, (x, 0, 1)) + p*Integral(y**2, (y, 0, 1))"),
    ("Integral(x, (x, p, q)) + Integral(x, (x, q, c))", "Integral(x, (x, p, c))"),
    ("Integral(x, (x, p, q))", "-Integral(x, (x, q, p))"),
    ("Integral(x/(p**2 + 1), (x, 0, 1))", "Integral(x, (x, 0, 1))/(p**2 + 1)"),
    ("Integral(Integral(x*y, (x, 0, y)), (y, 0, 1))", "Integral(y*Integral(x, (x, 0, y)), (y, 0, 1))"),
])
def test_normal_form_of_integrals(left: str, right: str) -> None:
    prove(sequent(left, "=", right), FIELD)


def test_condition_where_a_part_diverges() -> None:
    s = sequent("Integral(1/x + p, (x, 0, 1)) - Integral(1/x, (x, 0, 1))", "=", "p")
    shown = prove(s.with_goal(app("=", s.goal.args[0], s.goal.args[0])), FIELD)
    assert sum(isinstance(c, App) and c.head == "finite" for c in shown.conditions) == 2


__all__ = ["Num", "Sequent"]


def test_corners() -> None:
    """The difference quotient from both sides: |x| has no derivative at 0, x |x| has."""
    tree = {"leaf": 3}
    both = {"rule": "limit", "tree-above": tree, "tree-below": tree}

    def value(left: str, right: str, proof: dict[str, Any]) -> Any:
        s = sequent(left, "=", right)
        entry = {"term": to_json(s.goal.args[0]), "value": term(right), "proof": proof}
        return prove(s, {"rule": "slopes", "values": [entry], "proof": FIELD})

    assert not value("Subs(Derivative(x*Abs(x), x), x, 0)", "0", both).conditions
    for proof in (both, {"rule": "limit", "tree": tree}):
        for right in ("1", "-1", "0"):
            with pytest.raises(Reject):
                value("Subs(Derivative(Abs(x), x), x, 0)", right, proof)
    s = sequent("Subs(Derivative(x*Abs(x), x), x, 0)", "=", "0")
    missing = s.with_goal(app("not", app("finite", s.goal.args[0])))
    for to in ("nothing", to_json(OO), "0"):
        with pytest.raises(Reject):
            prove(missing, {"rule": "no-slope", "to": to, "proof": {**both, "sides": ["0", "1"]}})
