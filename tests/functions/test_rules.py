"""The rules about functions of vectors, one certificate at a time: accepted, and rejected with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from checker.kernel.claim import Sequent
from checker.kernel.evidence import Reject
from checker.kernel.function_laws import Laws, derivative_of, vectors
from checker.kernel.prove import prove
from checker.kernel.rule_values import named_values
from checker.kernel.term import (
    INTEGER, REAL, TRUE, App, Bind, Index, Map, Sort, Term, Var, add, app, mul, num, sub, to_json,
)

N = Var("n")
V = vectors(N)
F, G, H = Var("f"), Var("∇f"), Var("∇²f")
L, MU, X, Y = Var("L"), Var("mu"), Var("x"), Var("y")
DECLARED: dict[str, Sort] = {
    "n": INTEGER, "f": Map((V,), REAL),
    "∇f": Map((V, Index(N)), REAL), "∇²f": Map((V, Index(N), Index(N)), REAL), "L": REAL, "mu": REAL, "x": V, "y": V,
    "i": Index(N), "j": Index(N)}
LAWS = Laws(N, F, G, L, MU)
IS_GRADIENT = derivative_of(G, F)
FUNCTION = {"function": "f", "derivative": "∇f"}
DONE = {"rule": "assumption"}


def sequent(goal: Term, *assumptions: Term) -> Sequent:
    return Sequent(DECLARED, assumptions, goal)


FLAT = LAWS.lipschitz(G, L, Index(N))
TANGENT, STEEP = LAWS.tangent(F, G), LAWS.tangent(F, G, MU)

THEOREMS: dict[str, tuple[Sequent, dict[str, Any], str]] = {
    "tangent": (sequent(TANGENT, LAWS.convex(F), IS_GRADIENT), {"rule": "tangent", **FUNCTION}, ""),
    "tangent, strongly": (sequent(STEEP, LAWS.convex(F, MU), IS_GRADIENT),
                          {"rule": "tangent", **FUNCTION, "modulus": to_json(MU)}, ""),
    "tangent, concave": (sequent(LAWS.tangent(F, G, None, True), LAWS.convex(F, None, True), IS_GRADIENT),
                         {"rule": "tangent", **FUNCTION, "turned": True}, ""),
    "tangent of no convex function": (sequent(TANGENT, IS_GRADIENT), {"rule": "tangent", **FUNCTION}, "is not assumed"),
    "tangent of a concave function": (sequent(TANGENT, LAWS.convex(F, None, True), IS_GRADIENT),
                                      {"rule": "tangent", **FUNCTION}, "is not assumed"),
    "tangent without a gradient": (sequent(TANGENT, LAWS.convex(F)), {"rule": "tangent", **FUNCTION}, "is not assumed"),
    "tangent, modulus from nowhere": (sequent(STEEP, LAWS.convex(F), IS_GRADIENT),
                                      {"rule": "tangent", **FUNCTION, "modulus": to_json(MU)}, "is not assumed"),
    "taylor": (sequent(LAWS.taylor(F, G, L)[0], FLAT, IS_GRADIENT), {"rule": "taylor", **FUNCTION, "bound": to_json(L)}, ""),
    "taylor below": (sequent(LAWS.taylor(F, G, L)[1], FLAT, IS_GRADIENT),
                     {"rule": "taylor", **FUNCTION, "bound": to_json(L)}, ""),
    "taylor, half the bound": (sequent(LAWS.taylor(F, G, app("div", L, num(2)))[0], FLAT, IS_GRADIENT),
                               {"rule": "taylor", **FUNCTION, "bound": to_json(app("div", L, num(2)))}, "is not assumed"),
    "taylor, sign of the bound unknown": (
        sequent(LAWS.taylor(F, G, L)[0], FLAT.args[1], IS_GRADIENT),  # type: ignore[union-attr]
        {"rule": "taylor", **FUNCTION, "bound": to_json(L)}, "is not assumed"),
    "taylor without a gradient": (sequent(LAWS.taylor(F, G, L)[0], FLAT), {
        "rule": "taylor", **FUNCTION, "bound": to_json(L)}, "is not assumed"),
    "fermat": (sequent(LAWS.stationary(G, X), LAWS.minimiser(F, X), IS_GRADIENT),
               {"rule": "fermat", **FUNCTION, "at": to_json(X)}, ""),
    "fermat elsewhere": (sequent(LAWS.stationary(G, Y), LAWS.minimiser(F, X), IS_GRADIENT),
                         {"rule": "fermat", **FUNCTION, "at": to_json(Y)}, "is not assumed"),
    "schwarz": (sequent(LAWS.symmetric(H), IS_GRADIENT, derivative_of(H, G)),
                {"rule": "schwarz", **FUNCTION, "second": "∇²f"}, ""),
    "schwarz of no derivative": (sequent(LAWS.symmetric(H), IS_GRADIENT), {
        "rule": "schwarz", **FUNCTION, "second": "∇²f"}, "is not assumed"),
    "functions exchanged": (sequent(TANGENT, LAWS.convex(F), IS_GRADIENT), {
        "rule": "tangent", "function": "∇f", "derivative": "f"}, "is no real function"),
}


@pytest.mark.parametrize("name", list(THEOREMS))
def test_a_theorem_needs_its_premises(name: str) -> None:
    s, c, reason = THEOREMS[name]
    if reason:
        with pytest.raises(Reject, match=reason):
            prove(s, {**c, "proof": DONE})
    else:
        assert prove(s, {**c, "proof": DONE}).axioms


def at(u: Term, k: Term) -> Term:
    return app("at", u, k)


def vector(body: Any, name: str = "k") -> Term:
    return Bind("lambda", (name,), (Index(N),), (), (body(Var(name)),))


SAME = [
    (X, vector(lambda k: at(X, k))),
    (vector(lambda k: add(at(X, k), at(Y, k))), vector(lambda k: add(at(Y, k), at(X, k)), "r")),
    (vector(lambda k: sub(at(X, k), at(X, k))), vector(lambda k: num(0))),
    (vector(lambda k: app("at", G, vector(lambda r: at(X, r)), k)), vector(lambda k: app("at", G, X, k))),
]
OTHER = [
    (X, Y),
    (X, vector(lambda k: at(X, Var("i")))),
    (vector(lambda k: at(X, Var("i"))), vector(lambda k: at(X, Var("j")))),
    (vector(lambda k: mul(num(2), at(X, k))), X),
    (vector(lambda k: app("at", G, X, k)), vector(lambda k: app("at", G, X, Var("i")))),
]
VALUES = {"rule": "values", "proof": {"rule": "field"}}


@pytest.mark.parametrize("u, v", SAME)
def test_values_at_one_vector_are_one_name(u: Term, v: Term) -> None:
    prove(sequent(app("=", app("at", F, u), app("at", F, v)), app(">=", N, num(1))), VALUES)


@pytest.mark.parametrize("u, v", OTHER)
def test_values_at_two_vectors_are_two_names(u: Term, v: Term) -> None:
    with pytest.raises(Reject):
        prove(sequent(app("=", app("at", F, u), app("at", F, v)), app(">=", N, num(1))), VALUES)


def test_values_below_a_sum_keep_their_index() -> None:
    """sum_j f(x_j, ..) is not n times one value."""
    def total(name: str) -> Term:
        return Bind("sum", (name,), (Index(N),), (), (TRUE, app("at", F, vector(lambda k: at(X, Var(name))))))

    named = named_values(sequent(app("=", total("r"), total("j'"))))
    (_, sort), = ((n, k) for n, k in named.sequent.declarations.items() if n not in DECLARED)
    assert sort == Map((Index(N),), REAL)
    assert isinstance(named.sequent.goal, App)
    with pytest.raises(Reject):
        prove(sequent(app("=", total("r"), mul(N, app("at", F, vector(lambda k: at(X, Var("i"))))))),
              {"rule": "values", "proof": {"rule": "index-form"}})


def test_a_value_at_an_undefined_vector_is_a_condition() -> None:
    u = vector(lambda k: app("div", at(X, k), L))
    shown = prove(sequent(app("=", app("at", F, u), app("at", F, u))), VALUES)
    assert shown.conditions == (app("!=", L, num(0)),)


def test_a_value_at_a_bound_vector_has_no_name() -> None:
    law = LAWS.minimiser(F, X)
    with pytest.raises(Reject, match="bound there"):
        prove(sequent(law), {"rule": "values", "proof": {"rule": "field"}})


# ------------------------------------------------------------------ vectors of a given length

TWO = vectors(num(2))


def function(body: Any, *more: Sort) -> Bind:
    names = ("x", *(f"k{j}" for j in range(len(more))))
    return Bind("lambda", names, (TWO, *more), (), (body(Var("x"), *map(Var, names[1:])),))


SQUARE = function(lambda x: add(app("pow", at(x, num(1)), num(2)), mul(num(3), at(x, num(2)))))
GRADIENT = function(lambda x, k: add(mul(num(2), at(x, num(1)), app("delta", k, num(1))),
                                     mul(num(3), app("delta", k, num(2)))), Index(num(2)))
ABS = function(lambda x: app("abs", at(x, num(1))))
SIGN = function(lambda x, k: mul(app("sign", at(x, num(1))), app("delta", k, num(1))), Index(num(2)))
DERIVATIVES = {
    "polynomial": (GRADIENT, SQUARE, ""),
    "turned": (function(lambda x, k: add(mul(num(2), at(x, num(1)), app("delta", k, num(2))),
                                         mul(num(3), app("delta", k, num(1)))), Index(num(2))), SQUARE, "another derivative"),
    "zero": (function(lambda x, k: num(0), Index(num(2))), SQUARE, "another derivative"),
    "corner": (SIGN, ABS, "only if|jump|continuous"),
    "one index too few": (SQUARE, SQUARE, "do not fit"),
}


@pytest.mark.parametrize("name", list(DERIVATIVES))
def test_a_gradient_is_checked_entry_by_entry(name: str) -> None:
    g, f, reason = DERIVATIVES[name]
    s = Sequent({}, (), derivative_of(g, f))
    if not reason:
        prove(s, {"rule": "gradient"})
        return
    with pytest.raises(Reject, match=reason):
        prove(s, {"rule": "gradient"})


def test_entries_of_a_given_length() -> None:
    square = Bind("sum", ("r",), (Index(num(2)),), (), (TRUE, app("pow", at(X, Var("r")), num(2))))
    s = Sequent({"x": TWO}, (), app(">=", square, num(0)))
    prove(s, {"rule": "unroll", "proof": {"rule": "sign"}})
    written = app("=", square, add(app("pow", at(X, num(1)), num(2)), app("pow", at(X, num(2)), num(2))))
    prove(Sequent({"x": TWO}, (), written), {"rule": "unroll", "proof": {"rule": "field"}})
    for wrong in (app("=", square, app("pow", at(X, num(1)), num(2))), app("=", at(X, num(3)), at(X, num(3)))):
        with pytest.raises(Reject):
            prove(Sequent({"x": TWO}, (), wrong), {"rule": "unroll", "proof": {"rule": "field"}})
    with pytest.raises(Reject, match="given sizes"):
        prove(Sequent({"n": DECLARED["n"], "x": V}, (), app("=", at(X, num(1)), at(X, num(1)))),
              {"rule": "unroll", "proof": {"rule": "field"}})


def test_a_bound_name_is_no_entry() -> None:
    """x_1 is what the first entry would be called: not every number is it."""
    s = Sequent({"x": TWO}, (), Bind("forall", ("x_1",), (REAL,), (), (TRUE, app("=", at(X, num(1)), Var("x_1")))))
    with pytest.raises(Reject):
        prove(s, {"rule": "unroll", "proof": {"rule": "forall", "proof": {"rule": "field"}}})


def test_an_index_of_the_claim_is_no_generic_one() -> None:
    """Whatever the names of a claim are, x and the vector whose entries are all x_s stay apart."""
    index = Var("slot 0")
    s = Sequent({**DECLARED, index.name: Index(N)}, (app(">=", N, num(1)),),
                app("=", app("at", F, X), app("at", F, vector(lambda k: at(X, index)))))
    with pytest.raises(Reject):
        prove(s, VALUES)
