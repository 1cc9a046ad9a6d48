"""The rules ``parabola``, ``rows`` and ``regular``: what they accept, and what they must not."""

from __future__ import annotations

from typing import Any

import pytest

from checker.kernel.claim import Sequent
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.term import (
    INTEGER, REAL, TRUE, ZERO, Bind, Index, Map, Term, Var, add, app, conj, mul, num, sub, to_json,
)

b, m, w, t, n, i = map(Var, "bmwtni")
VECTOR, MATRIX = Map((Index(n),), REAL), Map((Index(n), Index(n)), REAL)
FIELD, WORDS, GIVEN = {"rule": "field"}, {"rule": "matrix-form"}, {"rule": "assumption"}


def here(goal: Term, *assumptions: Term) -> Sequent:
    names = {"n": INTEGER, "b": REAL, "m": REAL, "u": VECTOR, "v": VECTOR, "A": MATRIX, "S": MATRIX}
    return Sequent(names, (app(">=", n, num(1)), *assumptions), goal)


def accepted(s: Sequent, c: Any) -> bool:
    try:
        return not prove(s, c).conditions
    except Reject:
        return False


def law(f: Any, *guard: Term, relation: str = "<=") -> Term:
    """f(m) <= f(w) for every w (with a guard)."""
    return Bind("forall", ("w",), (REAL,), (), (conj(*guard), app(relation, f(m), f(w))))


def square(x: Term) -> Term:
    return sub(app("pow", x, num(2)), mul(num(2), b, x))


def plain(x: Term) -> Term:
    return app("pow", x, num(2))


def cube(x: Term) -> Term:
    return app("pow", x, num(3))


SLOPE = sub(mul(num(2), m), mul(num(2), b))
STATIONARY = app("=", SLOPE, ZERO)
LINE = add(m, t)


def parabola(**more: Any) -> dict[str, Any]:
    return {"rule": "parabola", "assumption": 1, "name": "t", "path": {"w": to_json(LINE)}, "linear": to_json(SLOPE),
            "quadratic": to_json(num(1)), "equal": FIELD, "proof": GIVEN} | more


MINIMA = [
    (here(STATIONARY, law(square)), parabola(), True),
    (here(STATIONARY, law(square)), parabola(linear=to_json(mul(num(2), SLOPE))), False),   # another slope
    (here(STATIONARY, law(square)), parabola(quadratic=to_json(num(2))), False),
    (here(STATIONARY, law(square)), parabola(name="b"), False),                             # no new name
    (here(STATIONARY, law(square)), parabola(linear=to_json(add(SLOPE, mul(t, num(1)))), quadratic=to_json(ZERO)),
     False),                                                                               # a slope with t in it
    (here(STATIONARY, law(square)), parabola(path={"w": to_json(add(m, app("i")))}), False),
    (here(STATIONARY, law(square, relation=">=")), parabola(), False),                      # a maximum
    (here(STATIONARY, law(square, relation="<")), parabola(), False),
    (here(STATIONARY, law(square, app(">=", w, m))), parabola(guard={"rule": "sign"}), False),     # at the edge
    (here(STATIONARY, law(square, app(">=", w, m))), parabola(), False),
    (here(STATIONARY, law(square, app(">=", app("pow", w, num(2)), ZERO))), parabola(guard={"rule": "sign"}), True),
    (here(app("=", mul(num(3), m, m), ZERO), law(cube)), parabola(
        linear=to_json(mul(num(3), m, m)), quadratic=to_json(mul(num(3), m))), False),      # t^3 is left
    (here(STATIONARY, app("<=", square(m), square(b))), parabola(), False),                 # for one point only
    (here(app("=", add(SLOPE, t), ZERO), law(square)), parabola(linear=to_json(add(SLOPE, t)), quadratic=to_json(ZERO)),
     False),                                                                               # a slope with t in it
    (here(app("=", mul(num(2), m), ZERO), law(plain, app(">=", w, m)), app(">=", b, ZERO)), parabola(
        name="b", path={"w": to_json(add(m, b))}, linear=to_json(mul(num(2), m)), guard={"rule": "sign"}),
     False),                                                                               # of b something is known
]


@pytest.mark.parametrize(("s", "certificate", "expected"), MINIMA)
def test_parabola(s: Sequent, certificate: Any, expected: bool) -> None:
    assert accepted(s, certificate) is expected


def entries(left: Term, right: Term, guard: Term = TRUE) -> Term:
    return Bind("forall", ("i",), (Index(n),), (), (guard, app("=", left, right)))


U, V = Var("u"), Var("v")
EQUAL = app("mat=", U, V)
ROWS = [
    (here(entries(app("at", U, i), app("at", V, i)), EQUAL), True),
    (here(entries(app("at", U, i), ZERO), app("mat=", U, app("zeros", n, num(1)))), True),
    (here(entries(app("at", U, i), ZERO), EQUAL), False),
    (here(entries(app("at", U, i), app("at", V, i), app(">", i, num(1))), EQUAL), False),
    (here(entries(app("at", U, i), app("at", V, num(1))), EQUAL), False),
    (here(Bind("forall", ("w",), (REAL,), (), (TRUE, app("=", w, b))), EQUAL), False),      # no index
]


@pytest.mark.parametrize(("s", "expected"), ROWS)
def test_rows(s: Sequent, expected: bool) -> None:
    assert accepted(s, {"rule": "rows", "proof": WORDS}) is expected


A, S = Var("A"), Var("S")
GRAM = app("matmul", app("transpose", A), A)
REGULAR = [
    (here(app("pd", GRAM), app("invertible", GRAM)), {"rule": "definite"}, True),
    (here(app("pd", S), app("psd", S), app("invertible", S)), GIVEN, True),
    (here(app("pd", S), app("psd", S)), GIVEN, False),                                     # S may be 0
    (here(app("pd", S), app("invertible", S)), GIVEN, False),                              # S may be -1
    (here(app("psd", S), app("psd", S), app("invertible", S)), GIVEN, False),
]


@pytest.mark.parametrize(("s", "semidefinite", "expected"), REGULAR)
def test_regular(s: Sequent, semidefinite: Any, expected: bool) -> None:
    assert accepted(s, {"rule": "regular", "semidefinite": semidefinite, "invertible": GIVEN}) is expected
