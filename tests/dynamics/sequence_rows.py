"""Sequences with laws: unrolled sums, rates from a bound for one step, definitions; true rows and false twins.

Sources: Polyak, Introduction to Optimization; Kingma and Ba, Adam (2015); Sutton and Barto, Reinforcement Learning;
Elaydi, An Introduction to Difference Equations.  Labels follow from theory, not from this checker.
"""

from __future__ import annotations

import sympy
from sympy import Abs, Function, Product, Sum, symbols

from checker.language.logic import and_, eq, forall, ne

from .rows import Row

beta, gamma, eta, c, lam = symbols("beta gamma eta c lambda", real=True)
b, mu, L, sigma, G = symbols("b mu L sigma G", positive=True)
n, k, s, t, m = symbols("n k s t m", integer=True)
N = symbols("N", integer=True, nonnegative=True)
T = symbols("T", integer=True, positive=True)
f, g, v, r, V, R, d, a = [Function(name, real=True) for name in "f g v r V R d a".split()]

with sympy.evaluate(False):
    velocity = [forall(n, eq(v(n + 1), beta*v(n) + g(n)), where=n >= 0), eq(v(0), 0)]
    average = [forall(t, eq(v(t), b*v(t - 1) + (1 - b)*g(t)), where=t >= 1), eq(v(0), 0), b < 1]
    back = forall(t, eq(R(t), r(t) + gamma*R(t + 1)), where=t >= 0)
    error = forall(t, eq(d(t), r(t) + gamma*V(t + 1) - V(t)))
    rate = forall(n, f(n + 1) <= c*f(n), where=n >= 0)
    noisy = forall(n, f(n + 1) <= (1 - eta*mu)*f(n) + eta**2*sigma**2, where=n >= 0)
    drop = forall(n, f(n + 1) <= f(n) - eta*g(n)**2/2, where=n >= 0)
    bounded = forall(k, Abs(r(k)) <= G)
    discount = [gamma >= 0, gamma < 1]
    ends = [forall(t, eq(R(t), r(t) + gamma*R(t + 1)), where=and_(0 <= t, t < T)), eq(R(T), 0)]
    steps = [forall(t, and_(g(t) > 0, g(t) < 1), where=t >= 1)]
    kept = [forall(t, eq(a(t), a(t - 1)*(1 - g(t))), where=t >= 1), eq(a(0), 1), *steps]

    TRUE: list[Row] = [
        ("velocity", (v(N), "=", Sum(beta**(N - 1 - s)*g(s), (s, 0, N - 1))), velocity),
        ("constant-gradient", (v(T)/(1 - b**T), "=", c), [*average, forall(t, eq(g(t), c))]),
        ("return", (R(0), "=", Sum(gamma**k*r(k), (k, 0, T - 1))), [back, eq(R(T), 0)]),
        ("n-step", (R(m), "=", Sum(gamma**k*r(m + k), (k, 0, N - 1)) + gamma**N*R(m + N)),
         [forall(t, eq(R(t), r(t) + gamma*R(t + 1)))]),
        ("reversed", (Sum(beta**k*g(N - k), (k, 0, N)), "=", Sum(beta**(N - k)*g(k), (k, 0, N))), []),
        ("telescope", (Sum(gamma**k*d(t + k), (k, 0, N - 1)), "=",
                       Sum(gamma**k*r(t + k), (k, 0, N - 1)) + gamma**N*V(t + N) - V(t)), [error]),
        ("telescope-end", (Sum(gamma**k*d(k), (k, 0, T - 1)), "=", Sum(gamma**k*r(k), (k, 0, T - 1)) - V(0)),
         [error, eq(V(T), 0)]),
        ("rate", (f(N), "<=", c**N*f(0)), [rate, c >= 0]),
        ("noise", (f(N), "<=", (1 - eta*mu)**N*f(0) + eta*sigma**2/mu), [noisy, eta > 0, eta*mu <= 1]),
        ("summable", (Sum(g(s)**2, (s, 0, N - 1)), "<=", 2*f(0)/eta), [drop, eta > 0, forall(n, f(n) >= 0)]),
        ("bounded-return", (Abs(Sum(gamma**k*r(k), (k, 0, N))), "<=", G/(1 - gamma)), [*discount, bounded]),
        ("products", (v(N), "=", 1 - Product(1 - g(k), (k, 1, N))),
         [forall(n, eq(v(n + 1), (1 - g(n + 1))*v(n) + g(n + 1)), where=n >= 0), eq(v(0), 0)]),
    ]
    TRUE += [
        ("corrected-where-defined", (v(T)/(1 - b**T), "=", c), [
            *average[:2], forall(t, eq(g(t), c)), ne(1 - b**T, 0)]),
        ("finite-horizon", (R(0), "=", Sum(gamma**k*r(k), (k, 0, T - 1))), ends),
        ("decay-up-to-T", (f(T), "<=", c**T*f(0)), [
            forall(t, f(t + 1) <= c*f(t), where=and_(0 <= t, t < T)), c >= 0]),
        ("kept-signal", (a(N), ">", 0), kept),
        ("kept-signal-falls", (a(T), "<", 1), kept),
    ]
    FALSE: list[Row] = [
        ("finite-horizon-one-more", (R(0), "=", Sum(gamma**k*r(k), (k, 0, T))), ends),
        ("kept-signal-at-0", (a(N), "<", 1), kept),
        ("kept-signal-adds", (a(T), "=", 1 - Sum(g(k), (k, 1, T))), kept),
        ("kept-signal-exponential", (Product(1 - g(k), (k, 1, T)), "=", sympy.exp(-Sum(g(k), (k, 1, T)))), steps),
        ("velocity-shifted", (v(N), "=", Sum(beta**(N - s)*g(s), (s, 0, N - 1))), velocity),
        ("velocity-reversed", (v(N), "=", Sum(beta**s*g(s), (s, 0, N - 1))), velocity),
        ("uncorrected", (v(T), "=", c), [*average, forall(t, eq(g(t), c))]),
        ("return-no-end", (R(0), "=", Sum(gamma**k*r(k), (k, 0, T - 1))), [back]),
        ("n-step-one-more", (R(0), "=", Sum(gamma**k*r(k), (k, 0, N)) + gamma**N*R(N)), [back]),
        ("telescope-no-tail", (Sum(gamma**k*d(t + k), (k, 0, N - 1)), "=",
                               Sum(gamma**k*r(t + k), (k, 0, N - 1)) - V(t)), [error]),
        ("rate-any-factor", (f(N), "<=", c**N*f(0)), [rate]),
        ("noise-squared", (f(N), "<=", (1 - eta*mu)**N*f(0) + eta**2*sigma**2/mu), [noisy, eta > 0, eta*mu <= 1]),
        ("summable-one-more", (f(N), "<=", f(0) - eta*Sum(g(s)**2, (s, 0, N))/2), [drop, eta > 0]),
        ("bounded-by-one", (Abs(v(N)), "<=", G), [*velocity, forall(n, Abs(g(n)) <= G), beta >= 0, beta < 1]),
    ]
    #: What a careless rule proves; none of these may be proved without conditions.
    NEVER: list[Row] = [
        # the power is undefined at beta = 0 for the summand s = N
        ("negative-exponent", (Sum(beta**(N - 1 - s)*g(s), (s, 0, N)), "=",
                               beta*Sum(beta**(N - 2 - s)*g(s), (s, 0, N))), []),
        # an empty range: the first term is not there
        ("empty-range", (Sum(beta**(m - s)*g(s), (s, 0, m)), "=",
                         g(m) + beta*Sum(beta**(m - 1 - s)*g(s), (s, 0, m - 1))), []),
        # the definition holds from 1 on
        ("definition-outside", (a(m), "=", 1), [forall(k, eq(a(k), 1), where=k >= 1)]),
        # the bound variable of the sum is not that of the law
        ("captured", (Sum(a(k), (k, 1, N)), "=", N*k), [forall(n, eq(a(n), n))]),
        ("modulus-complex-bound", (v(N), "<=", -G), [forall(n, Abs(v(n)) <= G)]),
        ("recursive", (a(N), "=", a(N) + 1), [forall(n, eq(a(n), a(n + 1) - 1)), eq(a(0), 0)]),
        ("start-from-1", (v(N), "=", Sum(beta**(N - 1 - s)*g(s), (s, 0, N - 1))),
         [forall(n, eq(v(n + 1), beta*v(n) + g(n)), where=n >= 1), eq(v(0), 0)]),
        ("minus-factor", (f(N), ">=", c**N*f(0)), [forall(n, f(n + 1) >= c*f(n), where=n >= 0), c < 1]),
        ("product-of-two", (c*eta, "<=", 1), [c <= 1, eta <= 1]),
        ("assumed-other-side", (1 - eta*mu, ">", 0), [eta*mu <= 1]),
    ]

__all__ = ["FALSE", "NEVER", "TRUE"]
