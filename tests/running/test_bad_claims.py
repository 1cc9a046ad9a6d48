"""Claims of absurd size or odd form: decided, honestly undecided or refused, each within the limit.

Every row goes through the reader and the search in a worker with the limits of a claim; what it may not do
is crash the worker, run out of time, or be decided wrongly.  ``sure``: the verdict a row must have.
"""

from __future__ import annotations

from typing import Any

import pytest

from checker.running.limits import Ended, Limits
from checker.running.workers import Workers

SINES = "sin("*70 + "x" + ")"*70      # Python itself reads no more than some 90
NESTED = "("*80 + "x" + ")"*80
TERMS = " + ".join(f"{k}*x**{k}" for k in range(400))
VARIABLES = " + ".join(f"Symbol('v{k}', real=True)" for k in range(200))
SUMS = "Sum("*6 + "1" + "".join(f", ({v}, 1, 9))" for v in ("k", "m", "n", "j", "Symbol('h')", "Symbol('l')"))

#: claim, and the verdicts it may have
ROWS: list[tuple[str, str]] = [
    ("9**9**9**9 == 1", "undecided refuted"),
    ("x**(9**9**9**9) == x", "undecided refuted"),
    ("x**(10**10) == x**(10**10 - 1)*x", "undecided proved"),
    ("x**(10**10) >= 0", "undecided proved"),
    ("2**(10**10) > 0", "undecided proved"),
    ("2**2**2**2**N > 0", "undecided proved"),
    ("Sum(k, (k, 1, 10**12)) == 10**12*(10**12 + 1)/2", "proved"),
    ("Sum(k, (k, 1, 10**12)) == 10**12*(10**12 + 1)/2 + 1", "refuted"),
    ("Sum(1/k, (k, 1, 10**12)) == 28", "undecided refuted"),
    ("Product(k, (k, 1, 10**9)) == factorial(10**9)", "undecided proved"),
    ("Sum(Sum(Sum(Sum(1, (k, 1, n)), (n, 1, m)), (m, 1, j)), (j, 1, 100)) == 4421275", "undecided proved"),
    ("Sum(Sum(sin(k*n), (k, 1, 200)), (n, 1, 200)) > 0", "undecided proved refuted"),
    ("factorial(10**9) == factorial(10**9)", "undecided proved"),
    ("factorial(factorial(factorial(9))) > 1", "undecided proved"),
    ("binomial(10**12, 2) == 10**12*(10**12 - 1)/2", "proved"),
    ("fibonacci(10**12) > 1", "undecided proved"),
    ("gamma(10**10) > 0", "undecided proved"),
    ("harmonic(10**12) < 100", "undecided proved"),
    ("exp(exp(exp(exp(exp(10))))) > 1", "undecided proved"),
    ("exp(-10**100) > 0", "undecided proved"),
    ("sin(10**1000) <= 1", "undecided proved"),
    ("Mod(7**(10**12), 10) == 1", "undecided proved"),
    ("Mod(7**(10**12), 10) == 3", "undecided refuted"),
    ("10**4000 + 1 == 10**4000", "refuted"),
    ("10**4000 + 1 > 10**4000", "proved"),
    ("(x + 1)**10000 - 1 == 0", "refuted"),
    ("(x + y + z + w + a)**200 == (x + y + z + w + a)**199*(x + y + z + w + a)", "undecided proved"),
    ("limit(x**(10**6)*exp(-x), x, oo) == 0", "undecided proved"),
    ("limit(sin(x)**(10**9), x, oo) == 0", "undecided refuted"),
    ("Derivative(x**1000, x) == 1000*x**999", "undecided proved"),
    # deep and wide
    (f"{SINES} == {SINES}", "undecided proved unread"),
    (f"{SINES} == {SINES} + 1", "undecided refuted unread"),
    (f"{NESTED} == x", "undecided proved unread"),
    (f"{TERMS} == {TERMS}", "undecided proved"),
    (f"{TERMS} + 1 == {TERMS}", "undecided refuted"),
    (f"{VARIABLES} == {VARIABLES}", "undecided proved"),
    (f"{VARIABLES} >= 0", "undecided refuted"),
    (f"{VARIABLES} + x == x + {VARIABLES}", "undecided proved"),
    (f"{SUMS} == 9**6", "undecided proved"),
    # names that shadow, variables that also occur free
    ("limit(x, x, 3) == x", "refuted"),
    ("limit(x*y, x, 3) + x == 3*y + x", "proved"),
    ("Sum(Sum(k, (k, 1, k)), (k, 1, 3)) == 10", "undecided proved"),
    ("Sum(k, (k, 1, k)) == k*(k + 1)/2", "refuted"),
    ("Integral(x, (x, 0, x)) == x**2/2", "undecided proved"),
    ("Integral(x, (x, 0, x)) == x**2", "undecided refuted"),
    ("forall(x, eq(x, y))", "undecided refuted"),
    ("forall(x, exists(x, eq(x, 0)))", "undecided proved"),
    ("Symbol('sin', real=True) + sin(x) == sin(x) + Symbol('sin', real=True)", "proved"),
    ("Symbol('pi', real=True) == pi", "refuted"),
    ("Symbol('I', real=True)**2 == -1", "refuted"),
    ("Symbol('変数', real=True)**2 >= 0", "proved"),
    ("Symbol('x; import os', real=True)**2 >= 0", "undecided proved unread"),
    # infinite values, undefined sides
    ("oo == oo", "undecided"),
    ("oo - oo == 0", "undecided refuted"),
    ("x < oo", "undecided proved"),
    ("Sum((-1)**k, (k, 0, oo)) == 1/2", "undecided refuted"),
    ("Sum(1/k, (k, 1, oo)) == oo", "undecided refuted"),
    ("1/0 == 1/0", "unread"),
    ("x/0 == x/0", "undecided refuted unread"),
    ("log(0) == log(0)", "undecided refuted"),
    ("0*Integral(1/t, (t, 0, 1)) == 0", "undecided refuted"),
    ("0**0 == 1", "proved"),
    ("x/x == 1", "proved"),
    # no free variable
    ("1 == 1", "proved"), ("1 == 2", "refuted"), ("2 < 1", "refuted"), ("pi == 355/113", "refuted"),
    ("exp(pi*sqrt(163)) == 262537412640768744", "undecided refuted"),
    # empty domains
    ("x == x given x > 1, x < 0", "undecided"),
    ("x == x + 1 given x**2 < 0", "undecided"),
    ("n == n given n > 1/4, n < 3/4", "undecided"),
    ("x == 1 given x >= 1, x <= 1", "proved"),
]


@pytest.fixture(scope="module")
def answers() -> list[Any]:
    with Workers(2, Limits(seconds=10.0), module="tests.running.bad_claims") as workers:
        futures = [workers.submit("decide_text", text) for text, _ in ROWS]
        return [f.result() for f in futures]


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_within_the_limit_and_never_wrong(number: int, answers: list[Any]) -> None:
    text, allowed = ROWS[number]
    answer = answers[number]
    assert isinstance(answer, Ended), (text[:80], answer)
    assert answer.value in allowed.split(), text[:80]
