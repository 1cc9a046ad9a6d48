"""Certificates written by hand: for each rule rows that it must accept and rows that it must reject."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from checker.kernel.claim import Sequent
from checker.kernel.closed_sum import power_sum
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.term import (
    INTEGER, OO, REAL, TRUE, App, Bind, Index, Map, Term, Var, add, app, mul, num, sub, to_json,
)

n, t, x, p, q, k, s = (Var(v) for v in "ntxpqks")
PI, BOTH, ABOVE = App("pi", ()), App("two-sided", ()), App("from-above", ())
DECLS: dict[str, Any] = {"p": REAL, "q": REAL}


def lim(body: Term, point: Term = OO, side: Term = BOTH, sort: Any = REAL) -> Term:
    return Bind("limit", ("x",), (sort,), (point, side), (body,))


def order(head: str, f: Term, g: Term, regime: Term = TRUE) -> Term:
    return Bind(head, ("n", "t"), (INTEGER, INTEGER), (), (regime, f, g))


def no(formula: Term) -> Term:
    return App("not", (formula,))


def ray(n_: Term, t_: Term, **more: Any) -> dict[str, Any]:
    return {"rule": "ray", "ray": {"n": to_json(n_), "t": to_json(t_)}, **more}


soft = app("div", app("exp", mul(p, x)), add(app("exp", mul(p, x)), app("exp", mul(q, x))))
leaf = {"rule": "limit", "tree": {"leaf": 3}}
pieces = {"rule": "limit", "tree": {
    "split": to_json(sub(p, q)), "-": {"leaf": 1}, "0": {"leaf": 1}, "+": {"leaf": 1}}}
power = app("pow", num(-1), x)
odd, even = add(mul(num(2), k), num(1)), mul(num(2), k)


def parts(*pairs: tuple[Term, Any], **more: Any) -> dict[str, Any]:
    return {"rule": "limit", "parts": [{"map": to_json(m), "value": to_json(v)} for m, v in pairs], **more}


wave = app("sin", mul(PI, x))
root = app("div", app("sqrt", app("pow", x, num(2))), x)
sides = {"tree-above": {"leaf": 2}, "tree-below": {"leaf": 2}}
short = app("<=", n, t)
dual = {"rule": "domination", "path": {"ray": {"n": {"v": "s"}, "t": {"v": "s"}}}}
one = {"lambda": {"0": "1"}}
row = {"row": "regime", "regime": 0, "number": 0, "times": "1"}

ACCEPTED: list[tuple[str, Term, tuple[Term, ...], dict[str, Any]]] = [
    ("leaf", app("=", lim(soft), num(1)), (app(">", p, q),), leaf),
    ("split", app("=", lim(app("div", soft, x)), num(0)), (), pieces),
    ("two sides", no(app("=", lim(root, num(0)), num(1))), (), {
        "rule": "limit", "sides": ["1", "-1"], **sides}),
    ("one side", app("=", lim(root, num(0), ABOVE), num(1)), (), {"rule": "limit", "tree": {"leaf": 2}}),
    ("subsequences", no(app("=", lim(power, sort=INTEGER), num(1))), (), parts((even, num(1)), (odd, num(-1)))),
    ("reals have more subsequences", no(app("=", lim(wave), num(0))), (),
     parts((add(even, num("1/2")), num(1)))),
    ("oo", app("=", lim(mul(num(-2), x)), app("neg", OO)), (), leaf),
    ("ray", no(order("big-o", mul(n, t), app("pow", n, num(2)))), (), ray(s, app("pow", s, num(2)))),
    ("boundary ray", no(order("big-o", mul(n, t), mul(n, sub(t, n)), app(">", t, n))), (),
     ray(s, add(s, num(1)))),
    ("domination", order("big-o", mul(n, t), app("pow", t, num(2)), short), (), {
        **dual, "upper": {"terms": [{**one, "mu": [row]}], "negative": []}}),
]
REJECTED: list[tuple[str, Term, tuple[Term, ...], dict[str, Any]]] = [
    ("both tend to oo, so 0", app("=", lim(soft), num(0)), (app(">", p, num(0)), app(">", q, num(0))), leaf),
    ("equal exponents merge", app("=", lim(soft), num(1)), (app("=", p, q),), leaf),
    ("open sign", app("=", lim(soft), num(1)), (app(">=", p, q),), leaf),
    ("a split with a hole", app("=", lim(soft), num(1)), (), {"rule": "limit", "tree": {
        "split": to_json(sub(p, q)), "+": {"leaf": 1}}}),
    ("a split on what may be undefined", app("=", lim(soft), num(1)), (), {"rule": "limit", "tree": {
        "split": to_json(sub(app("div", num(1), p), q)), "-": {"leaf": 1}, "0": {"leaf": 1}, "+": {"leaf": 1}}}),
    ("defined after all", app("=", lim(app("div", soft, x)), num(0)), (), {"rule": "limit", "tree": {
        "split": to_json(sub(p, q)), "-": {"leaf": 1}, "0": {"undefined": 1}, "+": {"leaf": 1}}}),
    ("one side for both", app("=", lim(root, num(0)), num(1)), (), {"rule": "limit", **sides}),
    ("k pi is no integer", no(app("=", lim(wave, sort=INTEGER), num(0))), (),
     parts((add(even, num("1/2")), num(1)))),
    ("one subsequence of the value claimed", no(app("=", lim(power, sort=INTEGER), num(1))), (),
     parts((even, num(1)))),
    ("a subsequence that stays", no(app("=", lim(power, sort=INTEGER), num(1))), (), parts((num(3), num(-1)))),
    ("!= needs a limit", app("!=", lim(power, sort=INTEGER), num(5)), (),
     parts((even, num(1)), (odd, num(-1)))),
    ("windows over the reals", no(app("=", lim(app("sin", x)), num(0))), (), {"rule": "limit", "windows": True}),
    ("windows at a multiple of pi", no(app("=", lim(wave, sort=INTEGER), num(1))), (),
     {"rule": "limit", "windows": True}),
    ("a false rewriting", app("=", lim(x), num(0)), (), {
        **leaf, "rewrite": {"body": "0", "proof": {"rule": "field"}}}),
    ("rewriting across a pole", app("=", lim(app("div", sub(x, p), sub(x, p)), p), num(2)), (), {
        "rule": "limit", **sides, "rewrite": {"body": "2", "proof": {"rule": "field"}}}),
    ("t = 1 is no ray", no(order("big-o", mul(n, t), app("pow", n, num(2)))), (), ray(s, num(1))),
    ("not an integer", no(order("big-o", mul(n, t), app("pow", n, num(2)))), (),
     ray(s, app("pow", s, num("3/2")))),
    ("outside the regime", no(order("big-o", mul(n, t), app("pow", n, num(2)), app("<=", t, n))), (),
     ray(s, app("pow", s, num(2)))),
    ("a bounded quotient", no(order("big-o", mul(n, t), app("pow", t, num(2)))), (), ray(s, s)),
    ("no path", order("big-o", n, t, App("and", (app("<", n, t), app(">", n, t)))), (), {
        **dual, "upper": {"terms": [{**one, "mu": [row]}], "negative": []}}),
    ("no row in this regime", order("big-o", mul(n, t), app("pow", t, num(2))), (), {
        **dual, "upper": {"terms": [{**one, "mu": [row]}], "negative": []}}),
    ("a constant is lost additively only", order("big-o", app("pow", num(2), n), app("pow", num(2), t), app(
        "<=", n, mul(num(2), t))), (), {**dual, "upper": {"terms": [{**one, "mu": [row]}], "negative": []}}),
    ("weights that do not sum to 1", order("big-o", mul(n, n), n), (), {
        **dual, "upper": {"terms": [{"lambda": {"0": "2"}}], "negative": []}}),
    ("a negative multiplier", order("big-o", app("pow", t, num(2)), mul(n, t), short), (), {
        **dual, "upper": {"terms": [{**one, "mu": [{**row, "times": "-1"}]}], "negative": []}}),
    ("O is not o", order("little-o", mul(n, t), mul(n, t)), (), {
        **dual, "upper": {"terms": [one], "negative": []}}),
    ("n^2 - n t is not of the order of n^2", order("big-o", mul(n, n), sub(mul(n, n), mul(n, t)), app(
        "<=", t, n)), (), {**dual, "upper": {"terms": [one], "negative": [one]}}),
]


@pytest.mark.parametrize("row", ACCEPTED, ids=lambda r: r[0])
def test_accepted(row: Any) -> None:
    _, goal, given, certificate = row
    assert not prove(Sequent(DECLS, given, goal), certificate).conditions


@pytest.mark.parametrize("row", REJECTED, ids=lambda r: r[0])
def test_rejected(row: Any) -> None:
    _, goal, given, certificate = row
    with pytest.raises(Reject):
        prove(Sequent(DECLS, given, goal), certificate)


def moving_sum(size: Term) -> Term:
    return Bind("sum", ("j",), (Index(size),), (), (TRUE, app("at", Var("f"), Var("j"), x)))


@pytest.mark.parametrize(("size", "fine"), [(Var("m"), True), (x, False)])
def test_a_sum_is_taken_term_by_term_only_if_its_length_stays(size: Term, fine: bool) -> None:
    decls = {"m": INTEGER, "f": Map((Index(Var("m")), REAL), REAL)}
    each = Bind("forall", ("j",), (Index(Var("m")),), (), (TRUE, app("=", lim(app(
        "at", Var("f"), Var("j"), x)), num(0))))
    node = {"by": "sum", "of": {"by": "assumption", "assumption": 0, "terms": {"j": "j"}}}
    claim = Sequent(decls, (each,), app("=", lim(moving_sum(size)), num(0)))
    if fine:
        prove(claim, {"rule": "limit", "structure": node})
    else:
        with pytest.raises(Reject):
            prove(claim, {"rule": "limit", "structure": node})


def test_power_sums() -> None:
    for degree in range(9):
        f = power_sum(degree)
        for top in range(7):
            assert sum(c * top**j for j, c in enumerate(f)) == sum(j**degree for j in range(1, top + 1))


def test_a_variable_that_cannot_go_there_is_an_error() -> None:
    """A negative variable does not tend to oo; two symbols of one name are not merged."""
    from checker.language.derivation import read_claim
    from checker.language.errors import StatementError
    from checker.language.limits import limit
    from checker.language.orders import O

    below, up = sympy.symbols("u", negative=True), sympy.symbols("u", positive=True)
    m, z, real = sympy.symbols("m", integer=True, negative=True), sympy.Symbol("z"), sympy.Symbol("z", real=True)
    for variable, point in ((below, sympy.oo), (up, -sympy.oo), (up, -1), (below, 1)):
        with pytest.raises(StatementError, match="does not tend"):
            limit(variable, variable, point)
    with pytest.raises(StatementError, match="two symbols"):
        limit(z/(z + real), z, sympy.oo)
    with pytest.raises(StatementError, match="does not grow"):
        read_claim((m, "=", O(m**2)), (), {})
    with pytest.raises(StatementError, match="two symbols"):
        read_claim((z + real, "=", O(z)), (), {})


def test_a_case_is_needed_only_where_the_earlier_ones_fail() -> None:
    """Piecewise((5, p = 0), (p/p, true)) is defined everywhere."""
    whole = app("cases", num(5), app("=", p, num(0)), app("div", p, p), TRUE)
    goal = Sequent(DECLS, (), app("=", whole, whole))
    assert prove(goal, {"rule": "field"}).conditions == ()
