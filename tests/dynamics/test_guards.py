"""Each premise of the rules about orbits is needed: choices with which all others hold, for claims that are false.

The premises are proved by search as the rule asks for them, so what fails is the premise itself.
"""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Rational, oo, symbols

from checker.engines.outcome import Budget
from checker.engines.search import Searcher
from checker.kernel import rule_orbit_invariant, rule_orbit_limit, rule_recurrence
from checker.kernel.claim import Sequent
from checker.kernel.evidence import Evidence, Reject
from checker.kernel.rule_iteration import closed_orbit
from checker.kernel.term import Bind, num, subterms, to_json
from checker.language.derivation import read_claim
from checker.language.iteration import iteration
from checker.language.limits import limit
from checker.language.logic import eq, forall, not_
from checker.language.series import converges

x, y = symbols("x y", real=True)
n = symbols("n", integer=True)
N = symbols("N", integer=True, nonnegative=True)
F = sympy.Function("F", real=True)
R = Rational
T = {"v": "t"}


def ask(s: Sequent, _: Any) -> Evidence:
    """The premise, if the search proves it."""
    if Searcher({}, Budget(checks=300)).unconditionally(s) is None:
        raise Reject("search", "premise", "is not proved")
    return Evidence()


def line(step: Any) -> Any:
    return iteration((x,), [(x, step)])


def sequent(parts: Any, given: Any = ()) -> Sequent:
    return read_claim(parts, list(given), {})[0].sequent


with sympy.evaluate(False):
    twice, half, four = line(2*x), line(x/2 + 1), line(4*x*(1 - x))
    swap = iteration((x, y), [((x, y), (y, x))])
    three = iteration((x, y), [((x, y), (y, 2*y - x))])              # double root 1
    late = iteration((x, y), [((x, y), (y, 2*y))])
    LIMITS: list[tuple[str, Any, dict[str, Any]]] = [
        ("true: monotone", (limit(half.at(x, n, (0,)), n, oo), "=", 2),
         {"how": "monotone", "side": "below", "value": "2", "bound": "0", "bound-strict": False}),
        ("fixed", (limit(twice.at(x, n, (1,)), n, oo), "=", 1),
         {"how": "monotone", "side": "below", "value": "1", "bound": "1", "bound-strict": False}),
        ("moves", (limit(line(x/2).at(x, n, (0,)), n, oo), "=", 2),
         {"how": "monotone", "side": "below", "value": "2", "bound": "0", "bound-strict": False}),
        ("stays", (limit(line(x + x*(2 - x)).at(x, n, (R(1, 10),)), n, oo), "=", 2),
         {"how": "monotone", "side": "below", "value": "2", "bound": "1/10", "bound-strict": False}),
        ("moves alone", (limit(line(x*(4 - x**2)/3).at(x, n, (R(1, 10),)), n, oo), "=", 0),
         {"how": "monotone", "side": "above", "value": "0", "bound": "1/10", "bound-strict": False}),
        ("rate", (limit(line(-x).at(x, n, (1,)), n, oo), "=", 0),
         {"how": "contraction", "lower": "-1", "upper": "1", "rate": "1", "value": "0"}),
        ("interval", (limit(four.at(x, n, (R(1, 2),)), n, oo), "=", R(3, 4)),
         {"how": "contraction", "lower": "7/16", "upper": "9/16", "rate": "1/2", "value": "3/4"}),
        ("recurrence", (limit(twice.at(x, n), n, oo), "=", 0),
         {"how": "recurrence", "polynomial": ["1/2"], "one": False, "value": "0"}),
        ("value", (limit(half.at(x, n), n, oo), "=", 1),
         {"how": "recurrence", "polynomial": ["-1/2"], "one": True, "value": "1"}),
        ("root -1", (limit(line(-x).at(x, n), n, oo), "=", 0),
         {"how": "recurrence", "polynomial": ["1"], "one": False, "value": "0"}),
        ("roots 1, -1", (limit(swap.at(x, n), n, oo), "=", 0),
         {"how": "recurrence", "polynomial": ["-1", "0"], "one": False, "value": "0"}),
        ("not least", (not_(converges(half.at(x, n, (2,)), n)),), {"how": "rational", "polynomial": ["2", "-3"]}),
        ("does not move", (not_(converges(twice.at(x, n), n)),),
         {"how": "repelling", "polynomial": ["-2"], "constant-sign": -1}),
        ("inside", (not_(converges(half.at(x, n, (0,)), n)),),
         {"how": "repelling", "polynomial": ["-1/2"], "constant-sign": -1}),
        ("weak of order 3", (not_(converges(half.at(x, n, (0,)), n)),),       # roots 1/2, 1, 2
         {"how": "repelling", "polynomial": ["-1", "7/2", "-7/2"], "constant-sign": -1, "stable": [{}]*4, "moves": {}}),
        ("first window only", (limit(late.at(x, n, (2, 1)), n, oo), "=", 0),  # 2, 1, 2, 4, ...
         {"how": "recurrence", "polynomial": ["-1/2"], "one": False, "value": "0"}),
        ("cycle is none", (not_(converges(half.at(x, n, (0,)), n)),), {"how": "cycle", "period": 2}),
    ]


@pytest.mark.parametrize(("what", "parts", "choices"), LIMITS, ids=[r[0] for r in LIMITS])
def test_limits(what: str, parts: Any, choices: dict[str, Any]) -> None:
    lists = {"stable": 2, "start": 2, "stays": 2, "slope": 2, "between": 2, "back": 1, "moves": 1}
    if choices["how"] in ("monotone", "repelling"):
        lists = {"stable": 2} if choices["how"] == "repelling" else {}
    if len(choices.get("polynomial", ())) == 2:
        lists["stable"] = 3
    single = {k: {} for k in ("fixed", "beside", "constant", "compare", "moves", "start", "stays") if k not in lists}
    c = {**single, **{k: [{}]*m for k, m in lists.items()}, **choices}
    if what.startswith("true"):
        rule_orbit_limit.check(sequent(parts), c, ask)      # type: ignore[arg-type]
    else:
        with pytest.raises(Reject):
            rule_orbit_limit.check(sequent(parts), c, ask)      # type: ignore[arg-type]


with sympy.evaluate(False):
    BELOW: list[tuple[bool, Any, str]] = [
        (True, (half.at(x, N, (0,)), "<", 2), "2"),
        (False, (half.at(x, N, (3,)), "<", 2), "2"),              # the start is outside
        (False, (twice.at(x, N, (1,)), "<", 2), "2"),             # a step leads out
        (False, (half.at(x, N, (0,)), "<", 1), "2"),              # the set is too large
    ]


@pytest.mark.parametrize(("good", "parts", "end"), BELOW)
def test_invariants(good: bool, parts: Any, end: str) -> None:
    s = sequent(parts)
    orbit = next(u for u in subterms(s.goal) if isinstance(u, Bind) and u.head == "iterate")
    c = {"name": "N", "least": 0, "orbit": to_json(closed_orbit(orbit, num(0))), "names": ["t"],
         "invariant": ["<", T, end], "start": {}, "stays": {}, "direct": {}}
    if good:
        rule_orbit_invariant.check(s, c, ask)      # type: ignore[arg-type]
    else:
        with pytest.raises(Reject):
            rule_orbit_invariant.check(s, c, ask)      # type: ignore[arg-type]


with sympy.evaluate(False):
    LAWS: list[tuple[bool, Any, list[Any], list[int]]] = [
        (True, (F(N), "=", 2**N), [forall(n, eq(F(n + 1), 2*F(n)), where=n >= 0), eq(F(0), 1)], [1]),
        (False, (F(N), "=", 2**N), [forall(n, eq(F(n + 1), 2*F(n)), where=n >= 1), eq(F(0), 1)], [1]),
        (False, (F(N), "=", 2**N), [forall(n, eq(F(n + 2), 4*F(n)), where=n >= 0), eq(F(0), 1)], [1]),
        (False, (F(N), "=", 2**N), [forall(n, eq(F(n + 2), 4*F(n)), where=n >= 0), eq(F(0), 1), eq(F(2), 4)], [1, 2]),
    ]


@pytest.mark.parametrize(("good", "parts", "given", "starts"), LAWS)
def test_recurrences(good: bool, parts: Any, given: list[Any], starts: list[int]) -> None:
    s = sequent(parts, given)
    first = 0 if isinstance(s.assumptions[0], Bind) else 1      # the domain of N may stand before them
    c = {"function": "F", "law": first, "starts": [first + k for k in starts], "proof": {}}
    if good:
        rule_recurrence.check(s, c, ask)      # type: ignore[arg-type]
    else:
        with pytest.raises(Reject):
            rule_recurrence.check(s, c, ask)      # type: ignore[arg-type]
