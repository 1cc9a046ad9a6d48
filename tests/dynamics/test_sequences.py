"""Sequences with laws: claims end to end, certificates edited, statements that must not be proved."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import sympy
from sympy import Function, symbols

from checker.engines.portfolio import decide
from checker.kernel.claim import Claim, Sequent
from checker.kernel.discrete_form import Discrete
from checker.kernel.evidence import Reject
from checker.kernel.field import Field
from checker.kernel.prove import prove
from checker.kernel.rule_definition import replaced
from checker.kernel.term import INTEGER, TRUE, Bind, Var, add, app, free_names, mul, num, sub
from checker.kernel.verdict import Proved, verify
from checker.language.derivation import read_claim
from checker.language.logic import eq, forall

from . import sequence_rows
from .rows import Row


def claim(row: Row) -> Claim:
    return read_claim(row[1], row[2], {})[0]


def decided(row: Row) -> tuple[str, Any]:
    stated = claim(row)
    certificate = decide(stated, {}).certificate
    return ("undecided", None) if certificate is None else (
        str(certificate["verdict"]), verify(stated, certificate))


@pytest.mark.parametrize("row", sequence_rows.TRUE, ids=lambda r: r[0])
def test_true(row: Row) -> None:
    verdict, minted = decided(row)
    assert verdict == "proved" and isinstance(minted, Proved) and not minted.conditions


@pytest.mark.parametrize("row", sequence_rows.FALSE, ids=lambda r: r[0])
def test_false(row: Row) -> None:
    assert decided(row)[0] == "refuted"


@pytest.mark.parametrize("row", sequence_rows.NEVER, ids=lambda r: r[0])
def test_never_proved(row: Row) -> None:
    verdict, minted = decided(row)
    assert verdict != "proved" or minted.conditions


# ---------------------------------------------------------------------------- definitions

k, n = symbols("k n", integer=True)
N = symbols("N", integer=True, nonnegative=True)
a, b = Function("a", real=True), Function("b", real=True)


def sequent(parts: Any, given: Any) -> Sequent:
    with sympy.evaluate(False):
        return read_claim(parts, given, {})[0].sequent


def from_one() -> Sequent:
    with sympy.evaluate(False):
        law = forall(n, eq(a(n), b(n) + 1), where=n >= 1)
        return sequent((sympy.Sum(a(k), (k, 1, N)), "=", sympy.Sum(b(k), (k, 1, N)) + N), [law])


def test_a_definition_goes_under_the_sum() -> None:
    s = from_one()
    law = next(j for j, x in enumerate(s.assumptions) if isinstance(x, Bind))
    assert "a" not in free_names(replaced(s, "a", law).goal)
    prove(s, {"rule": "definition", "function": "a", "law": law, "proof": {"rule": "discrete"}})
    for edit in ({"function": "b"}, {"law": law + 5}, {"law": 0}, {"function": "N"}, {"proof": {"rule": "sign"}}):
        with pytest.raises(Reject):
            prove(s, {"rule": "definition", "function": "a", "law": law, "proof": {"rule": "discrete"}, **edit})


@pytest.mark.parametrize("law", [
    lambda: forall(n, eq(a(n), a(n - 1) + 1), where=n >= 1),          # of itself
    lambda: forall(n, a(n) <= b(n)),                                  # no equation
    lambda: forall(n, eq(a(2*n), b(n))),                              # at every other place only
    lambda: forall(n, eq(a(n), b(n) + 1), where=n >= 2),              # too late for the first term
    lambda: eq(a(1), b(1) + 1),                                       # one value
], ids=["recursive", "inequality", "even", "late", "value"])
def test_what_defines_nothing(law: Any) -> None:
    with sympy.evaluate(False):
        s = sequent((sympy.Sum(a(k), (k, 1, N)), "=", sympy.Sum(b(k), (k, 1, N)) + N), [law()])
    for position in range(len(s.assumptions)):
        with pytest.raises(Reject):
            prove(s, {"rule": "definition", "function": "a", "law": position, "proof": {"rule": "discrete"}})


def test_the_bound_name_of_the_sum_is_not_captured() -> None:
    x = symbols("x", real=True)
    with sympy.evaluate(False):
        s = sequent((sympy.Sum(a(k), (k, 1, 2)), "=", 2*k + x), [forall(n, eq(a(n), k + 0*x))])
    law = next(j for j, y in enumerate(s.assumptions) if isinstance(y, Bind))
    goal = replaced(s, "a", law).goal
    assert "k" in free_names(goal)
    with pytest.raises(Reject):      # the sum of the outer k twice is 2 k, not 1 + 2
        prove(s.with_goal(app("=", goal.args[0], num(3))),  # type: ignore[union-attr]
              {"rule": "definition", "function": "a", "law": law, "proof": {"rule": "discrete"}})


# ---------------------------------------------------------------------------- normal forms


def test_an_orbit_is_written_by_its_own_steps() -> None:
    """The generator of orbit(n + 1) = F(orbit(n)) is orbit(n); written out it must not be orbit(n + 1)."""
    steps = add(Var("n"), num(1))
    line = app("assign", Var("x"), add(Var("x"), num(1)))

    def orbit(u: Any) -> Any:
        return app("item", Bind("iterate", ("x",), (INTEGER,), (u, app("tuple", num(0))), (line,)), num(1))

    s = Sequent({"n": INTEGER}, (app(">=", Var("n"), num(0)),), TRUE)
    field = Discrete(s)
    written = field._settled(lambda: field.write(field.frac(orbit(steps))))
    assert Field(s).equal(written, orbit(steps))
    assert Field(s).equal(sub(orbit(steps), orbit(Var("n"))), num(1))


def test_the_least_steps_are_the_generator() -> None:
    """n >= 1 alone: orbit(n) is a step from orbit(n - 1), in either order of asking."""
    line = app("assign", Var("x"), mul(num(2), Var("x")))

    def orbit(u: Any) -> Any:
        return app("item", Bind("iterate", ("x",), (INTEGER,), (u, app("tuple", num(1))), (line,)), num(1))

    low, high = orbit(sub(Var("n"), num(1))), orbit(Var("n"))
    s = Sequent({"n": INTEGER}, (app(">=", Var("n"), num(1)),), TRUE)
    assert Field(s).equal(high, mul(num(2), low)) and Field(s).equal(mul(num(2), low), high)
    loose = Sequent({"n": INTEGER}, (app(">=", Var("n"), num(0)),), TRUE)
    assert not Field(loose).equal(high, mul(num(2), low))


def test_signs_by_one_assumed_inequality() -> None:
    s = Sequent({"p": INTEGER, "q": INTEGER}, (app("<=", mul(Var("p"), Var("q")), num(1)),), TRUE)
    assert Discrete(s).sign(sub(num(2), mul(Var("p"), Var("q")))) == "+"
    assert Discrete(s).sign(sub(num(1), mul(Var("p"), Var("q")))) == "0+"
    assert Discrete(s).sign(sub(mul(Var("p"), Var("q")), num(1))) == "0-"
    assert Discrete(s).sign(sub(num(0), mul(Var("p"), Var("q")))) is None
    assert Discrete(s).sign(add(num(1), mul(Var("p"), Var("q")))) is None


def test_edited_inductions() -> None:
    rows = {r[0]: r for r in sequence_rows.TRUE}
    for name in ("velocity", "noise"):
        s = claim(rows[name]).sequent
        certificate = decide(claim(rows[name]), {}).certificate
        assert certificate is not None and certificate["proof"]["rule"] == "integer-induction"
        proof = certificate["proof"]
        prove(s, proof)
        for edit in ({"least": "1"}, {"least": "-1"}, {"bases": []}, {"step": {"rule": "discrete"}}, {"name": "n"}):
            with pytest.raises(Reject):
                prove(s, {**copy.deepcopy(proof), **edit})
    with pytest.raises(Reject):
        other = {r[0]: r for r in sequence_rows.FALSE}["noise-squared"]
        prove(claim(other).sequent, proof)
