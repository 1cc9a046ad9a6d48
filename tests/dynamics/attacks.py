"""Claims that a careless rule proves: undefined steps, wrong sorts, ends of ranges, other fixed points.

They must not be proved without conditions; ``FALSE_HERE`` are refutable and must not be proved at all.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Abs, Piecewise, Rational, log, oo, sqrt, symbols

from checker.language.iteration import iteration
from checker.language.limits import limit
from checker.language.logic import eq, forall, ne, not_
from checker.language.series import converges

from .rows import Row, heron, logistic2, n

R = Rational
x, y, c, d = symbols("x y c d", real=True)
k = symbols("k", integer=True)
N = symbols("N", integer=True, nonnegative=True)
F = sympy.Function("F", real=True)

with sympy.evaluate(False):
    halves = iteration((k,), [(k, k/2)])                      # integers: undefined after two steps from 4
    scaled = iteration((x,), [(x, x/d)])
    jump = iteration((x,), [(x, Piecewise(((x + 1)/2, x < 1), ((x + 2)/2, True)))])
    loose = iteration((x,), [(x, x + 1/x)])                   # |g'| < 1 on [1, oo), no fixed point
    leaves = iteration((x,), [(x, x/2 + 1/x)])
    hidden = iteration((x,), [(x, x/2 + 0*log(x - 1))])       # undefined once x <= 1
    power = iteration((x,), [(x, x**c)])
    rest = iteration((x,), [(x, x)])
    growing = iteration((x, y), [((x, y), (x + y, y))])       # double root 1
    wrap: Any = iteration((x,), [(x, -x + c)])

    NEVER: list[Row] = [
        ("integer-halves", (limit(halves.at(k, n, (4,)), n, oo), "=", 0), []),
        ("integer-halves-exist", (converges(halves.at(k, n, (4,)), n),), []),
        ("hidden-log", (limit(hidden.at(x, n, (10,)), n, oo), "=", 0), []),
        ("body-pole", (converges(rest.at(x, n)/d, n),), []),
        ("body-pole-heron", (converges(heron.at(x, n, (1,))*(1/d), n),), []),
        ("jump-limit", (limit(jump.at(x, n, (0,)), n, oo), "=", 2), []),
        ("loose", (converges(loose.at(x, n, (1,)), n),), []),
        ("start-elsewhere", (limit(logistic2.at(x, n), n, oo), "=", R(1, 2)), [x > 0, x <= 1]),
        ("root-one-twice", (converges(growing.at(x, n), n),), []),
        ("shift-zero-start", (limit(heron.at(x, n), n, oo), "=", sqrt(2)), [x >= 0]),
        ("law-from-1", (F(N), "=", 2**N), [forall(n, eq(F(n + 1), 2*F(n)), where=n >= 1), eq(F(0), 1)]),
        ("law-starts-short", (F(N), "=", 2**N), [forall(n, eq(F(n + 2), 4*F(n)), where=n >= 0), eq(F(0), 1)]),
        ("bound-variable", (F(k), "=", 2**k), [forall(n, eq(F(n + 1), 2*F(n)), where=n >= 0), eq(F(0), 1)]),
        ("minus-one", (converges(wrap.at(x, n), n),), []),
        ("minus-one-fixed", (not_(converges(wrap.at(x, n), n)),), []),
        ("scaled-one", (limit(scaled.at(x, n), n, oo), "=", 0), [Abs(d) >= 1]),
        ("scaled-zero", (limit(scaled.at(x, n), n, oo), "=", 0), [d > -2]),
        ("moving-fixed", (not_(converges(scaled.at(x, n), n)),), [ne(d, 0), Abs(d) < 1]),
        ("power-base", (limit(power.at(x, n), n, oo), "=", 1), [c > 0, c < 1]),
        ("leaves-interval", (limit(leaves.at(x, n), n, oo), "=", sqrt(2)), [ne(x, 0)]),
    ]

__all__ = ["NEVER"]
