"""The rules of logic and solving, certificate by certificate: what each must accept and what it must reject."""

from __future__ import annotations

from typing import Any

import pytest

from checker.kernel.claim import Sequent
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.term import (
    COMPLEX, FALSE, INTEGER, OO, REAL, TRUE, App, Bind, Scalar, Term, Var, add, app, mul, num, sub, to_json,
)
from checker.kernel.verdict import Proved, verify

from .build import read

SORTS = {"x": REAL, "y": REAL, "z": COMPLEX, "w": COMPLEX, "n": INTEGER, "m": INTEGER}
X, Y, Z, W, N = (Var(name) for name in "xyzwn")
PI, I = App("pi", ()), App("i", ())
ASSUMED, FIELD, SIGN, EVALUATE = ({"rule": r} for r in ("assumption", "field", "sign", "evaluate"))


def eq(a: Term, b: Term) -> Term:
    return app("=", a, b)


def some(name: str, sort: Scalar, body: Term) -> Bind:
    return Bind("exists", (name,), (sort,), (), (TRUE, body))


def ideal(*cofactors: list[Any]) -> dict[str, Any]:
    return {"rule": "ideal", "cofactors": [list(c) for c in cofactors]}


def sequent(goal: Term, *given: Term) -> Sequent:
    return Sequent(SORTS, given, goal)


Row = tuple[Sequent, dict[str, Any]]

ROOT = app("sqrt", X)
SWAPPED = app("sqrt", app("neg", num(3)))
ACCEPTED: dict[str, Row] = {
    "unfold an assumption": (
        sequent(app(">", Y, num(0)), app("implies", app(">", X, num(0)), app(">", Y, num(0))), app(">", X, num(0))),
        {"rule": "unfold", "assumption": 0, "proof": {"rule": "split", "assumption": 1, "parts": [
            {"rule": "contradiction", "proof": {"rule": "conflict", "assumption": 0, "proof": ASSUMED}}, ASSUMED]}}),
    "unfold a conjunction": (
        sequent(eq(X, num(1)), app("and", eq(X, num(1)), eq(Y, num(2)))),
        {"rule": "unfold", "assumption": 0, "proof": ASSUMED}),
    "obtain": (
        sequent(app(">=", X, num(0)), some("t", REAL, eq(X, app("pow", Var("t"), num(2))))),
        {"rule": "obtain", "assumption": 0, "proof": {"rule": "through", "terms": [to_json(app("pow", Var("t"), num(2)))],
                                                     "relations": ["=", ">="], "parts": [ASSUMED, SIGN]}}),
    "a name for a real number": (
        sequent(some("t", REAL, eq(Var("t"), app("exp", X)))),
        {"rule": "member", "proof": {"rule": "member"}}),
    "an assumed quotient is defined": (
        sequent(app("!=", X, num(0)), eq(app("div", num(1), X), Y)),
        {"rule": "defined", "assumption": 0, "proof": ASSUMED}),
    "exp is injective": (
        sequent(eq(X, num(0)), eq(app("exp", X), num(1))),
        {"rule": "injective", "function": "exp", "proof": ideal([0, "1"])}),
    "a cube": (
        sequent(eq(X, Y), eq(app("pow", X, num(3)), app("pow", Y, num(3)))),
        {"rule": "injective", "function": "power", "power": 3, "proof": ASSUMED}),
    "a square of what is not negative": (
        sequent(eq(X, Y), eq(app("pow", X, num(2)), app("pow", Y, num(2))), app(">=", X, num(0)), app(">=", Y, num(0))),
        {"rule": "injective", "function": "power", "power": 2, "left": ASSUMED, "right": ASSUMED, "proof": ASSUMED}),
    "a distance": (
        sequent(eq(Z, W), eq(app("abs", sub(Z, W)), num(0))),
        {"rule": "injective", "function": "distance", "proof": ASSUMED}),
    "the zeros of the sine": (
        sequent(app("in", app("div", X, PI), App("integers", ())), eq(app("sin", X), num(0))),
        {"rule": "sine", "proof": ideal([0, "1"])}),
    "equals for equals": (
        sequent(eq(app("exp", X), app("exp", Y)), eq(X, Y)), {"rule": "congruent", "parts": [ASSUMED]}),
    "real and imaginary part": (
        sequent(eq(X, num(0)), eq(add(X, mul(I, Y)), num(0))),
        {"rule": "imaginary", "times": to_json(app("neg", Y)), "proof": ideal([0, "1"])}),
    "one of the factors is 0": (
        sequent(App("or", (eq(Z, num(1)), eq(Z, num(-1)))), eq(app("pow", Z, num(2)), num(1))), ideal([0, "1"])),
    "a zero between two signs": (
        sequent(some("t", REAL, eq(app("pow", Var("t"), num(3)), num(2)))),
        {"rule": "intermediate", "name": "u", "function": to_json(sub(app("pow", Var("u"), num(3)), num(2))),
         "lower": "1", "upper": "2", "order": EVALUATE, "ends": [EVALUATE, EVALUATE],
         "proof": {"rule": "exists", "witness": {"t": {"v": "u"}}, "proof": ideal([0, "1"])}}),
}

REJECTED: dict[str, Row] = {
    "oo is no complex number": (sequent(some("k", COMPLEX, eq(Var("k"), OO))), {"rule": "member"}),
    "nor is what is made of it": (sequent(some("k", COMPLEX, eq(Var("k"), add(OO, Z)))), {"rule": "member"}),
    "its modulus is not real": (sequent(app("in", App("abs", (OO,)), App("reals", ()))), {"rule": "member"}),
    "its floor is no integer": (sequent(app("in", App("floor", (OO,)), App("integers", ()))), {"rule": "member"}),
    "nothing to unfold": (sequent(eq(X, X), eq(X, Y)), {"rule": "unfold", "assumption": 0, "proof": FIELD}),
    "unfold: no such assumption": (sequent(eq(X, X)), {"rule": "unfold", "assumption": 0, "proof": FIELD}),
    "obtain: the name would be the old one": (
        sequent(eq(X, num(1)), some("x", REAL, eq(Var("x"), num(1)))),
        {"rule": "obtain", "assumption": 0, "proof": ASSUMED}),
    "obtain: no exists": (
        sequent(FALSE, Bind("forall", ("t",), (REAL,), (), (TRUE, eq(Var("t"), num(1))))),
        {"rule": "obtain", "assumption": 0, "proof": {"rule": "conflict", "assumption": 0, "proof": ASSUMED}}),
    "obtain: existence unproved": (
        sequent(FALSE), {"rule": "obtain", "formula": to_json(some("t", REAL, eq(Var("t"), I))),
                         "because": {"rule": "member", "proof": {"rule": "member"}}, "proof": ASSUMED}),
    "member: i is not real": (
        sequent(some("t", REAL, eq(Var("t"), I))), {"rule": "member", "proof": {"rule": "member"}}),
    "member: a half is no integer": (
        sequent(some("t", INTEGER, eq(Var("t"), app("div", N, num(2))))),
        {"rule": "member", "proof": {"rule": "member"}}),
    "member: not defined": (
        sequent(some("t", REAL, eq(Var("t"), app("div", num(1), X)))),
        {"rule": "member", "proof": {"rule": "member"}}),
    "member: an equation for the name itself": (
        sequent(some("x", REAL, eq(X, add(X, num(1))))),
        {"rule": "member", "proof": {"rule": "member"}}),
    "defined: only sufficient for a real value": (          # sqrt(-3) - sqrt(-3) is real
        sequent(FALSE, app("<", add(SWAPPED, app("neg", SWAPPED)), num(1))),
        {"rule": "defined", "assumption": 0,
         "proof": {"rule": "conflict", "assumption": 1, "proof": {"rule": "evaluate"}}}),
    "defined: inside an alternative": (
        sequent(app("!=", X, num(0)), App("or", (eq(app("div", num(1), X), Y), eq(Y, num(0))))),
        {"rule": "defined", "assumption": 0, "proof": ASSUMED}),
    "exp is not injective over C": (
        sequent(eq(Z, num(0)), eq(app("exp", Z), num(1))),
        {"rule": "injective", "function": "exp", "proof": ideal([0, "1"])}),
    "exp of 0 times": (
        sequent(eq(X, Y)), {"rule": "injective", "function": "exp", "scale": "0", "proof": FIELD}),
    "exp of an imaginary multiple": (
        sequent(eq(X, num(0)), eq(app("exp", mul(I, X)), num(1))),
        {"rule": "injective", "function": "exp", "scale": to_json(I), "proof": ideal([0, "1"])}),
    "an even power": (
        sequent(eq(X, Y), eq(app("pow", X, num(2)), app("pow", Y, num(2)))),
        {"rule": "injective", "function": "power", "power": 2, "left": SIGN, "right": SIGN, "proof": ASSUMED}),
    "a cube over C": (
        sequent(eq(Z, W), eq(app("pow", Z, num(3)), app("pow", W, num(3)))),
        {"rule": "injective", "function": "power", "power": 3, "proof": ASSUMED}),
    "a power 0": (
        sequent(eq(X, Y), app(">=", X, num(0)), app(">=", Y, num(0))),
        {"rule": "injective", "function": "power", "power": 0, "left": ASSUMED, "right": ASSUMED, "proof": FIELD}),
    "log at 0": (
        sequent(eq(X, Y), eq(app("log", X), app("log", Y))),
        {"rule": "injective", "function": "log", "proof": ASSUMED}),
    "the sine is not injective": (
        sequent(eq(X, Y), eq(app("sin", X), app("sin", Y))),
        {"rule": "injective", "function": "sin", "proof": ASSUMED}),
    "the moduli are equal": (
        sequent(eq(Z, W), eq(app("abs", Z), app("abs", W))),
        {"rule": "injective", "function": "distance", "proof": ASSUMED}),
    "the sine at another point": (
        sequent(app("in", app("div", X, mul(num(2), PI)), App("integers", ())), eq(app("sin", X), num(0))),
        {"rule": "sine", "proof": ideal([0, "1"])}),
    "congruent: another function": (
        sequent(eq(app("exp", X), app("cos", Y)), eq(X, Y)), {"rule": "congruent", "parts": [ASSUMED]}),
    "congruent: a part is missing": (
        sequent(eq(add(X, num(1)), add(Y, num(2))), eq(X, Y)), {"rule": "congruent", "parts": [ASSUMED]}),
    "imaginary: the part is not real": (
        sequent(eq(X, num(0)), eq(add(X, mul(I, Z)), num(0))),
        {"rule": "imaginary", "times": to_json(app("neg", Z)), "proof": ideal([0, "1"])}),
    "imaginary: the sides are not real": (
        sequent(eq(Z, num(0)), eq(add(Z, mul(I, Y)), num(0))),
        {"rule": "imaginary", "times": to_json(app("neg", Y)), "proof": ideal([0, "1"])}),
    "a root is lost": (
        sequent(App("or", (eq(Z, num(1)), eq(Z, num(2)))), eq(app("pow", Z, num(2)), num(1))), ideal([0, "1"])),
    "no sign changes": (
        sequent(some("t", REAL, eq(app("pow", Var("t"), num(2)), num(-1)))),
        {"rule": "intermediate", "name": "u", "function": to_json(add(app("pow", Var("u"), num(2)), num(1))),
         "lower": "-1", "upper": "1", "order": EVALUATE, "ends": [EVALUATE, EVALUATE],
         "proof": {"rule": "exists", "witness": {"t": {"v": "u"}}, "proof": ideal([0, "1"])}}),
    "a pole between": (                                      # 1/u changes its sign, and has no zero
        sequent(FALSE),
        {"rule": "intermediate", "name": "u", "function": to_json(app("div", num(1), Var("u"))),
         "lower": "-1", "upper": "1", "order": EVALUATE, "ends": [EVALUATE, EVALUATE], "smooth": [SIGN],
         "proof": ideal([0, to_json(Var("u"))])}),
    "a jump between": (
        sequent(some("t", REAL, eq(app("sign", Var("t")), num("1/2")))),
        {"rule": "intermediate", "name": "u", "function": to_json(sub(app("sign", Var("u")), num("1/2"))),
         "lower": "-1", "upper": "1", "order": EVALUATE, "ends": [EVALUATE, EVALUATE],
         "proof": {"rule": "exists", "witness": {"t": {"v": "u"}}, "proof": ideal([0, "1"])}}),
    "ends the wrong way round": (
        sequent(some("t", REAL, eq(Var("t"), num(0)))),
        {"rule": "intermediate", "name": "u", "function": to_json(Var("u")), "lower": "1", "upper": "-1",
         "falling": True, "order": EVALUATE, "ends": [EVALUATE, EVALUATE],
         "proof": {"rule": "exists", "witness": {"t": {"v": "u"}}, "proof": ASSUMED}}),
    "the name is taken": (
        sequent(eq(X, num(0))),
        {"rule": "intermediate", "name": "x", "function": to_json(X), "lower": "-1", "upper": "1", "order": EVALUATE,
         "ends": [EVALUATE, EVALUATE], "proof": ASSUMED}),
    "beyond all numbers": (
        sequent(eq(X, OO), eq(app("abs", sub(X, OO)), num(0))),
        {"rule": "injective", "function": "distance", "proof": ASSUMED}),
}


@pytest.mark.parametrize("row", ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(row: Row) -> None:
    assert prove(*row).conditions == ()


@pytest.mark.parametrize("row", REJECTED.values(), ids=REJECTED)
def test_rejected(row: Row) -> None:
    with pytest.raises(Reject):
        prove(*row)


def proof_that_the_square_is_no_root() -> dict[str, Any]:
    return {"rule": "conflict", "assumption": 0, "proof": SIGN}


def test_vacuous_is_minted_only_with_a_proof() -> None:
    claim = read("implies(eq(x**2 + 1, 0), eq(x, 5))")
    absurd = proof_that_the_square_is_no_root()
    proof = {"rule": "implies", "proof": {"rule": "contradiction", "proof": {**absurd}}}
    plain = {"verdict": "proved", "proof": proof, "inhabitant": {"point": {"x": "0"}}}
    found = verify(claim, plain)
    assert isinstance(found, Proved) and not found.vacuous
    empty = verify(claim, {**plain, "vacuous": [absurd]})
    assert isinstance(empty, Proved) and empty.vacuous
    for wrong in ([], [absurd, absurd], [EVALUATE], "yes", [None]):
        with pytest.raises(Reject):
            verify(claim, {**plain, "vacuous": wrong})


def test_what_has_no_premise_is_not_vacuous() -> None:
    claim = read("eq(x, x)")
    with pytest.raises(Reject):
        verify(claim, {"verdict": "proved", "proof": FIELD, "inhabitant": {"point": {"x": "0"}}, "vacuous": []})




def test_congruence_under_a_condition() -> None:
    """What a premise needs must follow from the goal's definedness."""
    from checker.kernel.evidence import Evidence
    from checker.kernel.rule_injective import check_congruent

    def under(condition: Any) -> Any:
        return lambda s, c: Evidence((condition,))

    goal = sequent(eq(app("exp", app("div", X, Y)), app("exp", app("div", Y, Y))))
    nonzero = app("!=", Y, num(0))
    assert check_congruent(goal, {"parts": [ASSUMED]}, under(nonzero)).conditions == (nonzero,)
    with pytest.raises(Reject, match="only if"):
        check_congruent(goal, {"parts": [ASSUMED]}, under(app("!=", X, num(0))))
