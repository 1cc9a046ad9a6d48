"""Each rule of the kernel with certificates it must accept and certificates it must reject.

The rejected ones are those that a careless check takes: a pole inside the range, a reversed range, a base at
the wrong end, a step that holds only from 2, a hypothesis about a name that is the size of something, a
multiplier that vanishes or is negative, a generic name in a bound.
"""

from __future__ import annotations

from typing import Any

import pytest

from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.term import Term, show, to_json

from .state import state

DIRECT: dict[str, Any] = {"rule": "discrete"}


def sequent(left: str, relation: str, right: str, given: tuple[str, ...] = ()) -> Any:
    return state(left, relation, right, given).sequent


def term(text: str) -> Any:
    """A term in n k m j x y z a b as JSON."""
    goal = sequent(text, "=", "0").goal
    left: Term = goal.args[0]
    return to_json(left)


def conditions(row: tuple[str, str, str, tuple[str, ...]], certificate: dict[str, Any]) -> list[str]:
    return [show(c) for c in prove(sequent(*row), certificate).conditions]


def rejects(row: tuple[str, str, str, tuple[str, ...]], certificate: dict[str, Any]) -> bool:
    try:
        prove(sequent(*row), certificate)
    except Reject:
        return True
    return False


# ---------------------------------------------------------------------------- discrete


@pytest.mark.parametrize(("row", "expected"), [
    (("factorial(n + 1)", "=", "(n + 1)*factorial(n)", ()), ["n + 1 >= 0", "n >= 0"]),
    (("factorial(n + 1)", "=", "(n + 1)*factorial(n)", ("n >= 0",)), []),
    (("binomial(n, k)", "=", "binomial(n, n - k)", ("n >= 0",)), []),
    (("gamma(n + 1)/gamma(n)", "=", "n", ("n >= 1",)), []),
    (("(-1)**(n*m)*(-1)**(n*m)", "=", "1", ()), []),
    (("Sum(1/k, (k, 1, n + 1))", "=", "Sum(1/k, (k, 1, n)) + 1/(n + 1)", ("n >= 0",)), []),
    (("Sum(x**k/n, (k, 1, n))", "=", "Sum(x**k, (k, 1, n))/n", ("n >= 1",)), []),
    (("Product(k, (k, 1, n))", "=", "factorial(n)", ("n >= 0",)), []),
    (("binomial(n, k)", ">", "0", ("k >= 0", "k <= n")), []),
])
def test_discrete_accepts(row: tuple[str, str, str, tuple[str, ...]], expected: list[str]) -> None:
    assert conditions(row, DIRECT) == expected


@pytest.mark.parametrize("row", [
    ("binomial(n, k)", "=", "binomial(n, n - k)", ()),                                # n = -1
    ("binomial(n + k - 1, k)", "=", "binomial(n + k - 1, n - 1)", ("n >= 0", "k >= 0")),
    ("gamma(n)*gamma(3 - n)", "=", "(2 - n)*(1 - n)*pi/sin(pi*n)", ()),               # both finite at n = 1, 2
    ("Sum(1/k, (k, 1, n + 1))", "=", "Sum(1/k, (k, 1, n)) + 1/(n + 1)", ()),          # n <= -2
    ("Sum(x**k/n, (k, 1, n))", "=", "Sum(x**k, (k, 1, n))/n", ("n >= 0",)),           # 0 = 0/0
    ("Sum(k, (k, 1, n))", "=", "n*(n + 1)/2", ("n >= -2",)),                          # n = -2: 0 = 1
    ("Product(k - 2, (k, 1, n))", "=", "factorial(n - 2)", ("n >= 2",)),
    ("Product(1/m, (k, 1, n))", "=", "m**(-n) + 0*n/m", ("n >= 0",)),
    ("x**n*x**m", "=", "x**(n + m)", ("n + m >= 0",)),                                # x = 0, n = 1, m = -1
    ("(-1)**(n*m)", "=", "(-1)**n", ()),
    ("I**n*I**n", "=", "1", ()),
    ("exp(I*pi*x)", "=", "(-1)**x", ()),
    ("floor(x + n/2)", "=", "floor(x) + floor(n/2)", ()),
    ("Mod(n, -3)", "=", "Mod(n, 3)", ()),
    ("2**n", ">", "n", ("n >= 0",)),                                                  # needs an induction
    ("fibonacci(n + 1)*fibonacci(n - 1) - fibonacci(n)**2", "=", "1", ()),
])
def test_discrete_rejects_or_conditions(row: tuple[str, str, str, tuple[str, ...]]) -> None:
    try:
        assert prove(sequent(*row), DIRECT).conditions
    except Reject:
        pass


def test_generic_names() -> None:
    pascal = ("binomial(n + 1, k + 1)", "=", "binomial(n, k) + binomial(n, k + 1)", ())
    assert conditions(pascal, {"rule": "discrete", "generic": ["n"]}) == []
    assert rejects(pascal, DIRECT)
    assert rejects(pascal, {"rule": "discrete", "generic": ["k"]})                    # a lower place
    assert rejects(pascal, {"rule": "discrete", "generic": ["n", "k"]})
    assert rejects(("binomial(n, k)", "=", "binomial(n, n - k)", ()), {"rule": "discrete", "generic": ["n"]})
    assert rejects(("Sum(1, (k, 1, n))", "=", "n", ()), {"rule": "discrete", "generic": ["n"]})    # a bound
    assert rejects(("floor(x)/floor(x)", "=", "1", ()), {"rule": "discrete", "generic": ["x"]})
    assert rejects(("Abs(x)", "=", "x", ()), {"rule": "discrete", "generic": ["x"]})
    assert rejects(("x", ">", "0", ()), {"rule": "discrete", "generic": ["x"]})


def test_generic_rule_and_what_it_avoids() -> None:
    row = ("x**n*x**m", "=", "x**(n + m)", ("n >= 0", "m >= 0"))
    proof = {"rule": "generic", "names": ["x"], "avoid": [term("x")], "proof": DIRECT}
    assert conditions(row, proof) == []
    assert rejects(row, {**proof, "avoid": [term("x*y")], "names": ["x"]})            # its zeros may be everywhere
    assert rejects(row, {**proof, "avoid": [term("x - x")]})
    assert rejects(row, {**proof, "fractional": [term("m")]})                         # m is no generic name
    assert rejects(row, {**proof, "avoid": [term("1/x")]})
    assert rejects(("Abs(x)", "=", "x", ()), {**proof, "proof": DIRECT})
    sign = ("x/Abs(x)", "=", "1", ())
    assert rejects(sign, proof)


def test_elimination_uses_only_assumed_equations() -> None:
    row = ("2*x*y", "=", "2*y*z", ("Eq(x*y, y*z)",))
    assert conditions(row, {"rule": "discrete", "use": [0]}) == []
    assert rejects(row, {"rule": "discrete", "use": [1]})
    assert rejects(("x", "=", "z", ("Eq(x*y, y*z)",)), {"rule": "discrete", "use": [0]})      # y may be 0
    assert conditions(("x", "=", "z", ("Eq(x*y, y*z)", "Ne(y, 0)")), {"rule": "discrete", "use": [0]}) == []
    assert rejects(("x", "=", "1", ("Eq(x**2, 1)",)), {"rule": "discrete", "use": [0]})


def test_multipliers_are_nonnegative() -> None:
    row = ("2*x", ">=", "2*y", ("x >= y",))
    assert conditions(row, {"rule": "discrete", "multipliers": [[0, "2"]]}) == []
    assert rejects(("-2*x", ">=", "-2*y", ("x >= y",)), {"rule": "discrete", "multipliers": [[0, "-2"]]})
    assert rejects(("p*x", ">=", "p*y", ("x >= y",)), {"rule": "discrete", "multipliers": [[0, term("p")]]})
    assert rejects(("2*x", ">", "2*y", ("x >= y",)), {"rule": "discrete", "multipliers": [[0, "2"]]})
    assert conditions(("2*x", ">", "2*y", ("x > y",)), {"rule": "discrete", "multipliers": [[0, "2"]]}) == []
    assert rejects(("0*x", ">", "0*y", ("x > y",)), {"rule": "discrete", "multipliers": [[0, "0"]]})
    assert rejects(("x/y", ">=", "1", ("x >= y",)), {"rule": "discrete", "multipliers": [[0, term("1/y")]]})


def test_squeeze_needs_both_sides() -> None:
    squeeze = {"rule": "discrete", "squeeze": True}
    assert conditions(("n", "=", "m", ("n >= m", "n < m + 1")), squeeze) == []
    assert rejects(("n", "=", "m", ("n >= m", "n < m + 2")), squeeze)
    assert rejects(("x", "=", "y", ("x >= y", "x < y + 1")), squeeze)


# ---------------------------------------------------------------------------- induction

GAUSS = ("Sum(k**2, (k, 1, n))", "=", "n*(n + 1)*(2*n + 1)/6", ("n >= 0",))
STEP = {"rule": "discrete", "use": [0]}


def induction(least: Any, bases: int = 1, **more: Any) -> dict[str, Any]:
    return {"rule": "integer-induction", "name": "n", "least": least, "bases": [DIRECT]*bases, "step": STEP, **more}


def test_induction_accepts() -> None:
    assert conditions(GAUSS, induction("0")) == []
    assert conditions(GAUSS, induction("-1")) == []                       # the empty sum again
    assert conditions(("Sum(2**k, (k, m, n))", "=", "2**(n + 1) - 2**m", ("n >= m",)), induction(term("m"))) == []


@pytest.mark.parametrize(("row", "certificate"), [
    (GAUSS, induction("1")),                                              # n >= 1 does not follow
    (GAUSS, induction(term("n"))),                                        # a bound that moves
    (GAUSS, induction(term("n - 1"))),
    (GAUSS, induction("1/2")),
    (GAUSS, induction(term("x"))),
    (GAUSS, {**induction("0"), "name": "k"}),
    (GAUSS, {**induction("0"), "down": True}),
    (GAUSS, {**induction("0"), "bases": []}),
    # P(n) -> P(n + 1) holds, the base does not
    (("Sum(k, (k, 1, n))", "=", "n*(n + 1)/2 + 1", ("n >= 0",)), induction("0")),
    # the base holds, the step only from 2: all horses have one colour
    (("n*(n - 1)", "=", "0", ("n >= 0",)), induction("0", 2)),
    # assumptions about n do not survive: 2n <= m is not about n + 1
    (("n", "<=", "m - n", ("n >= 0", "2*n <= m")), {**induction("0"), "step": DIRECT}),
    (("n", "<=", "m - n", ("n >= 0", "2*n <= m")), {**induction("0"), "step": DIRECT, "carry": [0]}),
    (("n", "<=", "5", ("n >= 0", "n <= 5")), {**induction("0"), "step": {"rule": "assumption"}}),
])
def test_induction_rejects(row: tuple[str, str, str, tuple[str, ...]], certificate: dict[str, Any]) -> None:
    assert rejects(row, certificate)


def test_carried_assumptions_must_go_down() -> None:
    row = ("n", "<=", "m", ("n >= 0", "n <= m"))
    carry = {**induction("0"), "bases": [{"rule": "assumption"}], "step": {"rule": "assumption"}, "carry": [1]}
    assert conditions(row, carry) == []                                   # n + 1 <= m gives n <= m
    other = ("n", ">=", "0 - m", ("n >= 0", "n >= m"))
    assert rejects(other, {**carry, "carry": [1]})                        # n + 1 >= m does not give n >= m


# ---------------------------------------------------------------------------- summation


def summation(t: str, k: int = 0, **more: Any) -> dict[str, Any]:
    return {"rule": "summation", "sum": k, "name": "s", "antidifference": rename(term(t)), "step": DIRECT,
            "proof": DIRECT, **more}


def rename(data: Any) -> Any:
    """The name j of a text becomes the bound name s."""
    if isinstance(data, dict):
        return {"v": "s"} if data == {"v": "j"} else {k: rename(v) for k, v in data.items()}
    return [rename(x) for x in data] if isinstance(data, list) else data


TELESCOPE = ("Sum(1/(k*(k + 1)), (k, 1, n))", "=", "n/(n + 1)", ("n >= 0",))


def test_summation_accepts() -> None:
    assert conditions(TELESCOPE, summation("-1/j")) == []
    assert conditions(TELESCOPE, summation("7 - 1/j")) == []
    peeled = ("Sum(2**k, (k, 0, n))", "=", "2**(n + 1) - 1", ("n >= 0",))
    assert conditions(peeled, summation("2**j")) == []
    assert conditions(peeled, summation("2**j", peel=1)) == []
    tail = ("Sum(2**k, (k, m, n))", "=", "2**(n + 1) - 2**m", ("n >= m",))
    assert conditions(tail, summation("2**j")) == []


@pytest.mark.parametrize(("row", "certificate"), [
    (TELESCOPE, summation("1/j")),                                                    # sign
    (TELESCOPE, summation("-1/(j + 1)")),                                             # shifted
    (TELESCOPE, summation("-1/j", 1)),
    (TELESCOPE, summation("-1/j", name="n")),
    (TELESCOPE, summation("-1/j", peel=-1)),
    (TELESCOPE, summation("-1/j", peel=2)),                                           # n >= 1 does not follow
    (("Sum(2**k, (k, m, n))", "=", "2**(n + 1) - 2**m", ()), summation("2**j")),      # reversed ranges
    (("Sum(2**k, (k, m, n))", "=", "2**(n + 1) - 2**m", ("n >= m - 2",)), summation("2**j")),
    # the antidifference has a pole at 3 that the summand has not
    (("Sum(0*k, (k, 1, n))", "=", "0", ("n >= 1",)), summation("1/(j - 3) - 1/(j - 3)")),
    # an infinite sum needs its limit
    (("Sum(1/(k*(k + 1)), (k, 1, oo))", "=", "1", ()), summation("-1/j")),
    (("Sum(1/(k*(k + 1)), (k, 1, oo))", "=", "2", ()), summation("-1/j", value="1", limit=DIRECT)),
])
def test_summation_rejects(row: tuple[str, str, str, tuple[str, ...]], certificate: dict[str, Any]) -> None:
    assert rejects(row, certificate)


def test_a_pole_inside_the_range_is_a_condition_nobody_meets() -> None:
    """1/(k(k+1)) from -2 telescopes on paper; the sum has no value."""
    row = ("Sum(1/(k*(k + 1)), (k, -2, n))", "=", "-R(1, 2) - 1/(n + 1)", ("n >= 1",))
    assert conditions(row, summation("-1/j"))
    assert rejects(row, {**induction("1"), "bases": [DIRECT]})


def test_the_rest_is_free_of_the_bound_name() -> None:
    row = ("Sum(k + k**2, (k, 0, n))", "=", "Sum(k, (k, 0, n)) + n*(n + 1)*(2*n + 1)/6", ("n >= 0",))
    t = "(j - 1)*j*(2*j - 1)/6"
    assert conditions(row, summation(t, 1, rest=[["1", {"v": "s"}]])) == [] or rejects(
        row, summation(t, 1, rest=[["1", {"v": "s"}]]))
    assert rejects(row, summation(t, 0, rest=[[{"v": "s"}, "1"]]))
    assert rejects(row, summation(t, 0, rest=[["1", {"v": "loose"}]]))


# ---------------------------------------------------------------------------- polynomial sums


def test_closed_sum() -> None:
    """1/(n + 1) exists where there are summands: at n = -1 the sum is 0, and n + 1 = 0 no condition of the claim."""
    closed = {"rule": "closed-sum", "proof": {"rule": "field"}}
    assert conditions(("Sum(1/(n + 1), (k, 0, n))", "=", "1", ("n >= 0",)), closed) == []
    assert conditions(("Sum(k/x, (k, 0, n))", "=", "n*(n + 1)/(2*x)", ("n >= 0", "x > 0")), closed) == []
    assert rejects(("Sum(1/(n + 1), (k, 0, n))", "=", "1", ("n >= -1",)), closed)


# ---------------------------------------------------------------------------- remainders


def residues(modulus: int, proofs: int | None = None, **more: Any) -> dict[str, Any]:
    return {"rule": "residues", "name": "n", "modulus": modulus, "new": "m'", "parts": [DIRECT]*(proofs or modulus),
            **more}


def test_residues() -> None:
    halves = ("floor(n/2) + floor((n + 1)/2)", "=", "n", ())
    assert conditions(halves, residues(2)) == []
    assert rejects(halves, residues(3))
    assert rejects(halves, residues(2, 1))
    assert rejects(halves, residues(1))
    assert rejects(halves, {**residues(2), "new": "n"})
    assert rejects(halves, {**residues(2), "name": "x"})
    assert rejects(("floor(n/2)", "=", "n/2", ()), residues(2))
    assert rejects(("floor(x/2) + floor((x + 1)/2)", "=", "floor(x)", ()), {**residues(2), "name": "x"})


@pytest.mark.parametrize(("row", "shown"), [
    (("Mod(n**3 - n, 6)", "=", "0", ()), True),
    (("Mod(n**3 - n, 12)", "=", "0", ()), False),
    (("Mod(4**n, 3)", "=", "1", ("n >= 0",)), True),
    (("Mod(4**n, 3)", "=", "1", ()), False),                               # n = -1: 1/4
    (("Mod(2**n, 4)", "=", "0", ("n >= 2",)), True),
    (("Mod(2**n, 4)", "=", "0", ("n >= 1",)), False),
    (("Mod(x**2 - x, 2)", "=", "0", ()), False),
    (("Mod(n, 2) + Mod(n + 1, 2)", "=", "1", ()), True),
    (("Mod(n, 2)", "<", "2", ()), True),
    (("Mod(n, 2)", "<", "1", ()), False),
    (("Mod(n*m, 2)", "=", "Mod(n, 2)*Mod(m, 2)", ()), True),
    (("Mod(n + m, 2)", "=", "Mod(n, 2) + Mod(m, 2)", ()), False),
    (("Mod(fibonacci(n), 2)", "=", "0", ("Eq(Mod(n, 3), 0)",)), True),
    (("Mod(fibonacci(n), 2)", "=", "0", ("Eq(Mod(n, 2), 0)",)), False),
    (("Mod(n, 3)", "=", "n", ()), False),
    (("Mod(n/2, 3)", "=", "0", ("Eq(Mod(n, 6), 0)",)), False),             # not read: no integer by form
])
def test_modular(row: tuple[str, str, str, tuple[str, ...]], shown: bool) -> None:
    assert rejects(row, {"rule": "modular"}) != shown
