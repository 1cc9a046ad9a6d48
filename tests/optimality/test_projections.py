"""Projections, kinks and multipliers: rule ``resolve``, numbers under a root, and claims from end to end."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Abs, Max, Min, sign, symbols

from checker import Derivation, eq, minimises, norm
from checker.engines.portfolio import decide
from checker.kernel.claim import Sequent
from checker.kernel.evidence import Reject
from checker.kernel.prove import discharge, prove
from checker.kernel.term import (
    INTEGER, REAL, TRUE, ZERO, Bind, Index, Map, Term, Var, add, app, mul, num, sub, to_json,
)
from checker.kernel.verdict import verify
from checker.language.derivation import read_claim

D = Derivation("projections")
d = D.sizes("d")
w, z, g, u = D.vector("w z g u", d)
S = D.matrix("S", d, positive_definite=True)
t, b = symbols("t b", real=True)
lam, beta = symbols("lambda beta", positive=True)
nu = symbols("nu", nonnegative=True)
BALL, HALF = [norm(w) <= 1], [g.T@w <= b]
NEAR, LASSO = norm(w - z)**2, (t - b)**2/2 + lam*Abs(t)
PLANE = z - (g.T@z - b)/norm(g)**2*g
FORM = w.T@S@w/2 - z.T@w

with sympy.evaluate(False):
    ROWS: list[tuple[str, Any, list[Any], str]] = [
        ("onto a ball", minimises(NEAR, {w: z/norm(z)}, where=BALL), [norm(z) > 1], "proved"),
        ("onto a ball, inside", minimises(NEAR, {w: z/norm(z)}, where=BALL), [norm(z) > 0], "refuted"),
        ("onto a ball, squared", minimises(NEAR, {w: z/norm(z)**2}, where=BALL), [norm(z) > 1], "refuted"),
        ("onto a plane", minimises(NEAR, {w: PLANE}, where=[eq(g.T@w, b)], unique=True), [norm(g) > 0], "proved"),
        ("onto a plane, not squared", minimises(NEAR, {w: z - (g.T@z - b)/norm(g)*g}, where=[eq(g.T@w, b)]),
         [norm(g) > 0], "refuted"),
        ("onto a half-space, as onto a plane", minimises(NEAR, {w: PLANE}, where=HALF), [norm(g) > 0], "refuted"),
        ("a multiplier", minimises(FORM, {w: u}, where=HALF), [eq(S@u + beta*g, z), eq(g.T@u, b)], "proved"),
        ("a multiplier of the wrong sign", minimises(FORM, {w: u}, where=HALF), [eq(S@u - beta*g, z), eq(g.T@u, b)],
         "refuted"),
        ("complementary slackness", minimises(NEAR/2, {w: u}, where=HALF),
         [eq(u - z + nu*g, 0), eq(nu*(g.T@u - b), 0), g.T@u <= b], "proved"),
        ("onto an interval, swapped", minimises((t - b)**2, {t: Min(-1, Max(1, b))}, where=[t >= -1, t <= 1]), [],
         "refuted"),
        ("soft threshold, twice", minimises(LASSO, {t: sign(b)*Max(Abs(b) - 2*lam, 0)}), [], "refuted"),
        ("hard threshold", minimises(LASSO, {t: b*Max(sign(Abs(b) - lam), 0)}), [], "refuted"),
    ]


@pytest.mark.parametrize(("claim", "given", "expected"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_claims(claim: Any, given: list[Any], expected: str) -> None:
    stated = read_claim((claim,), given, {})[0]
    certificate = decide(stated, {}).certificate
    assert certificate is not None and certificate["verdict"] == expected
    assert not getattr(verify(stated, certificate), "conditions", ())


# ------------------------------------------------------------------ rule resolve

x, y = Var("x"), Var("y")
FIELD, ASSUMED = {"rule": "field"}, {"rule": "assumption"}
NONNEGATIVE, ABS, SIGN = app(">=", x, ZERO), app("abs", x), app("sign", x)


def here(goal: Term, *assumptions: Term) -> Sequent:
    return Sequent({"x": REAL, "y": REAL}, assumptions, goal)


def by(proof: Any, *facts: Term, **more: Any) -> dict[str, Any]:
    return {"rule": "resolve", "facts": [{"fact": to_json(f), "proof": ASSUMED} for f in facts], "proof": proof, **more}


RESOLVED = [
    (here(app("=", ABS, x), NONNEGATIVE), by(FIELD, NONNEGATIVE), True),
    (here(app("=", ABS, x)), by(FIELD, NONNEGATIVE), False),                                # the fact is not known
    (here(app("=", SIGN, num(1)), NONNEGATIVE), by(FIELD, NONNEGATIVE), False),             # sign(0) = 0
    (here(app("=", mul(y, SIGN), ZERO), app("=", x, ZERO)), by(FIELD, app("=", x, ZERO)), True),
    (here(app("=", SIGN, ZERO), app("=", x, y)), by(FIELD, app("=", x, y)), False),         # x = y, not x = 0
    (here(app("=", ABS, ZERO), app("=", y, ZERO)), by(FIELD, app("=", y, ZERO)), False),
    (here(app(">", x, num(1)), NONNEGATIVE, app(">", ABS, num(1))), by(ASSUMED, NONNEGATIVE, given=True), True),
    (here(app(">", x, num(1)), NONNEGATIVE, app(">", ABS, num(1))), by(ASSUMED, NONNEGATIVE), False),
    (here(app(">", x, num(1)), app(">", ABS, num(1))), by(ASSUMED, NONNEGATIVE, given=True), False),
    (here(app(">", x, num(1)), app("<=", x, ZERO), app(">", ABS, num(1))), by(ASSUMED, app("<=", x, ZERO), given=True),
     False),                                                                                # |x| is -x there
    (here(NONNEGATIVE, NONNEGATIVE), by(ASSUMED, NONNEGATIVE, given=True), False),          # nothing changes
]


@pytest.mark.parametrize(("s", "certificate", "good"), RESOLVED)
def test_resolve(s: Sequent, certificate: Any, good: bool) -> None:
    try:
        assert not prove(s, certificate).conditions
        accepted = True
    except Reject:
        accepted = False
    assert accepted == good


# ------------------------------------------------------------------ numbers under a root

VECTOR = Map((Index(Var("n")),), REAL)


def squares(name: str, index: str = "r") -> Term:
    entry = app("at", Var(name), Var(index))
    return Bind("sum", (index,), (Index(Var("n")),), (), (TRUE, mul(entry, entry)))


@pytest.mark.parametrize(("known", "asked", "given"), [
    (app(">", app("sqrt", squares("v")), ZERO), app("!=", squares("v", "k"), ZERO), True),
    (app("<", num(2), app("sqrt", squares("v"))), app(">", squares("v"), ZERO), True),
    (app(">", app("sqrt", squares("v")), num(-1)), app("!=", squares("v"), ZERO), False),      # says nothing
    (app(">", app("sqrt", squares("v")), ZERO), app("!=", squares("w"), ZERO), False),         # another vector
    (app(">=", app("sqrt", squares("v")), ZERO), app("!=", squares("v"), ZERO), False),
    (app("<", app("sqrt", squares("v")), num(2)), app("!=", squares("v"), ZERO), False),
    (app(">", app("sqrt", add(x, y)), ZERO), app(">", add(x, y), ZERO), True),
    (app(">", app("sqrt", add(x, y)), ZERO), app(">", sub(x, y), ZERO), False),
])
def test_what_is_under_a_positive_root_is_positive(known: Term, asked: Term, given: bool) -> None:
    s = Sequent({"n": INTEGER, "v": VECTOR, "w": VECTOR, "x": REAL, "y": REAL}, (app(">=", Var("n"), num(1)), known), TRUE)
    assert (discharge((asked,), s) == ()) == given
