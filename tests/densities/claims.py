"""Textbook claims about densities, true and false, in the language of the derivations.

Each row: id, the claim's parts, its assumptions.  True and false rows stand side by side: most false
ones are a careless version of the true one above.  Cover & Thomas, Elements of Information Theory;
Bishop, Pattern Recognition and Machine Learning, ch. 9 and 10.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy
from sympy import Rational, exp, log, pi, sqrt, symbols

from checker.kernel.claim import Claim
from checker.language.densities import (
    KL, E, conditional, copies, densities, functions, integral, joint, mixture, normal, variables,
)
from checker.language.derivation import read_claim
from checker.language.information import conditional_entropy, cross_entropy, entropy, mutual_information
from checker.language.logic import eq, forall, iff, implies

x, y, z = variables("x y z")
z1, z2 = copies("z1 z2", of=z)
dx, dy, dz = variables("u v w", measure="discrete")
p, q, r, s, t = densities("p q r s t")
f, g = functions("f g", z)
beta = symbols("beta", real=True)
a, b, c = symbols("a b c", positive=True)
Row = tuple[str, tuple[Any, ...], tuple[Any, ...]]


def read(row: Row) -> Claim:
    return read_claim(row[1], row[2], {})[0]


def _elbo() -> Any:
    return E(log(p(x, z)/q(z | x)), z, q(z | x))


def true_claims() -> Iterator[Row]:
    with sympy.evaluate(False):
        yield from list(_true())


def false_claims() -> Iterator[Row]:
    with sympy.evaluate(False):
        yield from list(_false())


def _true() -> Iterator[Row]:
    L = _elbo()
    mixed = beta*p(z) + (1 - beta)*q(z)
    weights = (beta >= 0, beta <= 1)
    yield "mixture.concave", (entropy(mixed, z), ">=", beta*entropy(p(z)) + (1 - beta)*entropy(q(z))), weights
    yield "mixture.below", (KL(r(z), mixed), "<=", beta*KL(r(z), p(z)) + (1 - beta)*KL(r(z), q(z))), (beta > 0, beta < 1)
    yield "chain.1", (integral(q(z | x)*log(p(x, z)/q(z | x)), z), "=",
                      integral(q(z | x)*log(p(x | z)*p(z)/q(z | x)), z)), ()
    yield "chain.2", (integral(q(z | x)*log(p(x | z)*p(z)/q(z | x)), z), "=",
                      integral(q(z | x)*log(p(x | z)), z) - integral(q(z | x)*log(q(z | x)/p(z)), z)), ()
    yield "chain.3", (integral(q(z | x)*log(p(x | z)), z) - integral(q(z | x)*log(q(z | x)/p(z)), z), "=",
                      E(log(p(x | z)), z, q(z | x)) - KL(q(z | x), p(z))), ()
    yield "chain", (L, "=", E(log(p(x | z)), z, q(z | x)) - KL(q(z | x), p(z))), ()
    yield "energy", (L, "=", E(log(p(x, z)), z, q(z | x)) + entropy(q(z | x))), ()
    yield "gap", (log(p(x)), "=", L + KL(q(z | x), p(z | x))), ()
    yield "bound", (L, "<=", log(p(x))), ()
    yield "bound.flip", (log(p(x)), ">=", L), ()
    yield "kl", (KL(q(z | x), p(z)), ">=", 0), ()
    yield "kl.reverse", (0, "<=", KL(p(z), q(z | x))), ()
    yield "kl.only", (implies(eq(KL(q(z | x), p(z)), 0), forall(z, eq(q(z | x), p(z)))),), ()
    yield "kl.when", (implies(forall(z, eq(q(z | x), p(z))), eq(KL(q(z | x), p(z)), 0)),), ()
    yield "kl.iff", (iff(eq(KL(q(z), p(z)), 0), forall(z, eq(q(z), p(z)))),), ()
    yield "kl.when.given", (KL(q(z), p(z)), "=", 0), (forall(z, eq(q(z), p(z))),)
    yield "kl.only.averaged", (implies(eq(E(KL(q(z | x), p(z)), x, r(x)), 0), forall(
        (x, z), implies(r(x) > 0, eq(q(z | x), p(z))))),), ()
    yield "kl.only.everywhere", (forall((x, z), eq(q(z | x), p(z))),), (
        eq(E(KL(q(z | x), p(z)), x, r(x)), 0), forall(x, r(x) > 0))
    yield "gap.tight", (implies(eq(L, log(p(x))), forall(z, eq(q(z | x), p(z | x)))),), ()
    yield "bayes", (p(z | x), "=", p(x | z)*p(z)/p(x)), ()
    yield "product", (p(x, z), "=", p(x | z)*p(z)), ()
    yield "chain rule", (p(x, y, z), "=", p(x | y, z)*p(y | z)*p(z)), ()
    yield "marginal", (integral(p(x, z), z), "=", p(x)), ()
    yield "marginal.log", (log(integral(p(x, z), z)), "=", log(p(x))), ()
    yield "normalised", (integral(q(z | x), z), "=", 1), ()
    yield "total", (integral(p(x | z)*p(z), z), "=", p(x)), ()
    yield "constant", (E(3, z, q(z | x)), "=", 3), ()
    yield "linear", (E(2*f(z) + 1, z, q(z)), "=", 2*E(f(z), z, q(z)) + 1), ()
    yield "tower", (E(E(f(z), z, p(z | x)), x, p(x)), "=", E(f(z), z, p(z))), ()
    yield "tower.joint", (E(E(log(p(x | z)), x, p(x | z)), z, p(z)), "=",
                          E(log(p(x | z)), (x, z), p(x, z))), ()
    yield "cross entropy", (cross_entropy(q(z), p(z)), "=", entropy(q(z)) + KL(q(z), p(z))), ()
    yield "cross entropy.bound", (cross_entropy(q(z), p(z)), ">=", entropy(q(z))), ()
    yield "entropy chain", (entropy(p(x, z)), "=", entropy(p(z)) + conditional_entropy(p(x | z))), ()
    yield "mi", (mutual_information(p, x, z), "=", entropy(p(x)) - conditional_entropy(p(x | z))), ()
    yield "mi.sum", (mutual_information(p, x, z), "=", entropy(p(x)) + entropy(p(z)) - entropy(p(x, z))), ()
    yield "mi.kl", (mutual_information(p, x, z), "=", E(KL(p(x | z), p(x)), z, p(z))), ()
    yield "mi.symmetric", (mutual_information(p, x, z), "=", mutual_information(p, z, x)), ()
    yield "mi.nonnegative", (mutual_information(p, x, z), ">=", 0), ()
    yield "mi.chain", (mutual_information(p, x, (y, z)), "=",
                       mutual_information(p, x, z) + mutual_information(p, x, y, given=z)), ()
    yield "mi.more", (mutual_information(p, x, (y, z)), ">=", mutual_information(p, x, z)), ()
    yield "mi.conditional", (mutual_information(p, x, y, given=z), ">=", 0), ()
    yield "mi.zero", (implies(eq(mutual_information(p, x, z), 0),
                              forall((x, z), eq(p(x, z), p(x)*p(z)))),), ()
    yield "conditioning", (conditional_entropy(p(x | z)), "<=", entropy(p(x))), ()
    yield "subadditive", (entropy(p(x, z)), "<=", entropy(p(x)) + entropy(p(z))), ()
    yield "submodular", (entropy(p(x, y)) + entropy(p(y, z)), ">=", entropy(p(x, y, z)) + entropy(p(y))), ()
    yield "han", (entropy(p(x, y)) + entropy(p(y, z)) + entropy(p(x, z)), ">=", 2*entropy(p(x, y, z))), ()
    yield "kl.chain", (KL(q(x, z), p(x, z)), "=", KL(q(x), p(x)) + E(KL(q(z | x), p(z | x)), x, q(x))), ()
    yield "kl.marginal", (KL(q(x, z), p(x, z)), ">=", KL(q(x), p(x))), ()
    yield "dpi", (mutual_information(p, x, z), "<=", mutual_information(p, x, y)), (
        forall((x, y, z), eq(p(z | x, y), p(z | y))),)
    yield "independent", (mutual_information(p, x, z), "=", 0), (forall((x, z), eq(p(x, z), p(x)*p(z))),)
    yield "independent.entropy", (entropy(p(x, z)), "=", entropy(p(x)) + entropy(p(z))), (
        forall((x, z), eq(p(x, z), p(x)*p(z))),)
    yield "independent.product", (E(f(z)*log(p(x)), (x, z), p(x, z)), "=",
                                  E(f(z), z, p(z))*E(log(p(x)), x, p(x))), (
        forall((x, z), eq(p(x, z), p(x)*p(z))),)
    yield "discrete", (entropy(p(dx)), ">=", 0), ()
    yield "discrete.conditional", (conditional_entropy(p(dx | dz)), ">=", 0), ()
    yield "discrete.mi", (mutual_information(p, dx, dz), "<=", entropy(p(dx))), ()
    yield "discrete.bound", (log(p(dx)), "<=", 0), ()
    yield "jensen", (E(log(f(z)), z, q(z)), "<=", log(E(f(z), z, q(z)))), (forall(z, f(z) > 0),)
    yield "variance", (E((f(z) - E(f(z), z, q(z)))**2, z, q(z)), "=",
                       E(f(z)**2, z, q(z)) - E(f(z), z, q(z))**2), ()
    yield "variance.nonnegative", (E(f(z)**2, z, q(z)), ">=", E(f(z), z, q(z))**2), ()
    yield "importance", (E(p(z)/q(z)*f(z), z, q(z)), "=", E(f(z), z, p(z))), (forall(z, q(z) > 0),)
    yield "importance.support", (E(p(z)/q(z), z, q(z)), "=", 1), (
        forall(z, implies(eq(q(z), 0), eq(p(z), 0))),)
    yield "importance.bound", (E(p(z)/q(z), z, q(z)), "<=", 1), ()
    yield "evidence", (log(E(p(x, z)/q(z | x), z, q(z | x))), "=", log(p(x))), (forall(z, q(z | x) > 0),)
    two = E(log((p(x, z1)/q(z1 | x) + p(x, z2)/q(z2 | x))/2), (z1, z2), q(z1 | x)*q(z2 | x))
    yield "two samples", (two, "<=", log(p(x))), ()
    yield "two samples.better", (L, "<=", two), ()
    z3 = copies("z3", of=z)
    three = E(log((p(x, z1)/q(z1 | x) + p(x, z2)/q(z2 | x) + p(x, z3)/q(z3 | x))/3), (z1, z2, z3),
              q(z1 | x)*q(z2 | x)*q(z3 | x))
    yield "three samples", (two, "<=", three), ()
    weighted = E(log(p(x | z)), z, q(z | x)) - beta*KL(q(z | x), p(z))
    yield "beta", (weighted, "<=", L), (beta >= 1,)
    yield "beta.bound", (weighted, "<=", log(p(x))), (beta >= 1,)
    agg = mixture(q(z | x), x, r(x))
    yield "surgery", (E(KL(q(z | x), p(z)), x, r(x)), "=",
                      E(KL(q(z | x), agg), x, r(x)) + KL(agg, p(z), z)), ()
    yield "surgery.bound", (E(KL(q(z | x), p(z)), x, r(x)), ">=", KL(agg, p(z), z)), ()
    half = (p(z) + q(z))/2
    yield "js", (KL(p(z), half)/2 + KL(q(z), half)/2, ">=", 0), ()
    yield "js.bound", (KL(p(z), half)/2 + KL(q(z), half)/2, "<=", log(2)), ()
    yield "averaged", (E(L, x, r(x)), "<=", E(log(p(x)), x, r(x))), ()
    yield "averaged.chain", (E(L, x, r(x)), "=",
                             E(E(log(p(x | z)), z, q(z | x)) - KL(q(z | x), p(z)), x, r(x))), ()
    yield "em", (E(log(q(x, z)), z, p(z | x)) - E(log(p(x, z)), z, p(z | x)), "<=", log(q(x)) - log(p(x))), ()
    yield "barber", (E(log(q(x | z)), (x, z), p(x, z)) + entropy(p(x)), "<=", mutual_information(p, x, z)), ()
    jq = conditional("q", z, given=x)
    yield "declared", (KL(jq(z | x), joint("p", x, z)(z | x)), ">=", 0), ()
    yield "mixture.convex", (KL(agg, p(z), z), "<=", E(KL(q(z | x), p(z)), x, r(x))), ()


def _false() -> Iterator[Row]:
    yield "kl.bounded", (KL(q(z), p(z)), "<=", 10), ()
    yield "kl.finite", (KL(q(z), p(z)), "<", sympy.oo), ()
    mixed = beta*p(z) + (1 - beta)*q(z)
    yield "mixture.convex", (entropy(mixed, z), "<=", beta*entropy(p(z)) + (1 - beta)*entropy(q(z))), (
        beta >= 0, beta <= 1)
    yield "mixture.more", (KL(r(z), mixed), "<=", KL(r(z), p(z))), (beta > 0, beta < 1)
    L = _elbo()
    yield "joint in reconstruction", (L, "=", E(log(p(x, z)), z, q(z | x)) - KL(q(z | x), p(z))), ()
    agg = mixture(q(z | x), x, r(x))
    yield "marginal in kl", (L, "=", E(log(p(x | z)), z, q(z | x)) - KL(agg, p(z), z)), ()
    yield "kl sign", (L, "=", E(log(p(x | z)), z, q(z | x)) + KL(q(z | x), p(z))), ()
    yield "kl direction", (L, "=", E(log(p(x | z)), z, q(z | x)) - KL(p(z), q(z | x))), ()
    yield "kl factor", (L, "=", E(log(p(x | z)), z, q(z | x)) - 2*KL(q(z | x), p(z))), ()
    yield "dropped conditioning", (L, "=", E(log(p(x)), z, q(z | x)) - KL(q(z | x), p(z))), ()
    yield "swapped", (L, "=", E(log(p(z | x)), z, q(z | x)) - KL(q(z | x), p(z))), ()
    yield "other measure", (L, "=", E(log(p(x | z)), z, p(z)) - KL(q(z | x), p(z))), ()
    yield "gap sign", (log(p(x)), "=", L - KL(q(z | x), p(z | x))), ()
    yield "gap prior", (log(p(x)), "=", L + KL(q(z | x), p(z))), ()
    yield "bound reversed", (L, ">=", log(p(x))), ()
    yield "bound by zero", (L, "<=", 0), ()
    yield "kl symmetric", (KL(q(z), p(z)), "=", KL(p(z), q(z))), ()
    yield "kl only everywhere", (implies(eq(E(KL(q(z | x), p(z)), x, r(x)), 0), forall(
        (x, z), eq(q(z | x), p(z)))),), ()
    yield "kl only of another", (implies(eq(KL(q(z | x), p(z)), 0), forall(z, eq(q(z | x), p(z | x)))),), ()
    yield "kl negative", (KL(q(z), p(z)), "<=", 0), ()
    yield "kl strict", (KL(q(z), p(z)), ">", 0), ()
    yield "kl bounded", (KL(q(z), p(z)), "<=", 1), ()
    yield "kl one point", (implies(eq(q(z), p(z)), eq(KL(q(z), p(z)), 0)),), ()
    yield "not a density", (E(log(q(z | x)/p(x | z)), z, q(z | x)), ">=", 0), ()
    yield "free energy", (L, "<=", 0), ()
    yield "bayes wrong", (p(z | x), "=", p(x | z)*p(x)/p(z)), ()
    yield "joint is conditional", (p(x, z), "=", p(x | z)), ()
    yield "marginal wrong side", (integral(p(x | z), z), "=", 1), ()
    yield "kernel wrong side", (integral(q(z | x), x), "=", 1), ()
    yield "kernel given away", (integral(q(z | x), x), "=", q(z | x)), ()
    yield "marginal no prior", (integral(p(x | z), z), "=", p(x)), ()
    yield "not normalised", (integral(p(x, z), z), "=", 1), ()
    yield "tower wrong", (E(E(f(z), z, p(z)), x, p(x)), "=", E(f(z), x, p(x)) + 1), ()
    yield "tower independent", (E(E(log(p(x | z)), x, p(x)), z, p(z)), "=",
                                E(log(p(x | z)), (x, z), p(x, z))), ()
    yield "shadowing", (E(E(f(z), z, q(z))*f(z), z, q(z)), "=", E(f(z)**2, z, q(z))), ()
    yield "mi wrong", (mutual_information(p, x, z), "=", entropy(p(x)) - entropy(p(x | z))), ()
    yield "mi sign", (mutual_information(p, x, z), "=", entropy(p(x)) + conditional_entropy(p(x | z))), ()
    yield "mi chain wrong", (mutual_information(p, x, (y, z)), "=",
                             mutual_information(p, x, z) + mutual_information(p, x, y)), ()
    yield "conditioning on", (mutual_information(p, x, y, given=z), "<=", mutual_information(p, x, y)), ()
    yield "dpi without chain", (mutual_information(p, x, z), "<=", mutual_information(p, x, y)), ()
    yield "entropy positive", (entropy(p(x)), ">=", 0), ()
    yield "log of a square", (log(f(z)**2), "=", 2*log(f(z))), ()
    yield "log of a product", (log(f(z)*g(z)), "=", log(f(z)) + log(g(z))), ()
    yield "kl of a slice", (KL(p(x, z), p(x), x), ">=", 0), ()
    yield "log ratio of a slice", (E(log(p(x, z)/q(x)), x, p(x, z)), ">=", 0), ()
    yield "conditional entropy positive", (conditional_entropy(p(x | z)), ">=", 0), ()
    yield "mi below entropy", (mutual_information(p, x, z), "<=", entropy(p(x))), ()
    yield "log density negative", (log(p(x)), "<=", 0), ()
    yield "subadditive equality", (entropy(p(x, z)), "=", entropy(p(x)) + entropy(p(z))), ()
    yield "importance without support", (E(p(z)/q(z), z, q(z)), "=", 1), ()
    yield "importance f", (E(p(z)/q(z)*f(z), z, q(z)), "=", E(f(z), z, p(z))), ()
    yield "evidence without support", (log(E(p(x, z)/q(z | x), z, q(z | x))), "=", log(p(x))), ()
    yield "jensen reversed", (E(log(f(z)), z, q(z)), ">=", log(E(f(z), z, q(z)))), (forall(z, f(z) > 0),)
    yield "mean of ratio", (E(1/f(z), z, q(z)), "=", 1/E(f(z), z, q(z))), (forall(z, f(z) > 0),)
    yield "variance additive", (E(f(z)**2, z, q(z)), "=", E(f(z), z, q(z))**2), ()
    yield "beta small", (E(log(p(x | z)), z, q(z | x)) - beta*KL(q(z | x), p(z)), "<=", L), (beta >= 0,)
    two = E(log((p(x, z1)/q(z1 | x) + p(x, z2)/q(z2 | x))/2), (z1, z2), q(z1 | x)*q(z2 | x))
    yield "two samples worse", (two, "<=", L), ()
    yield "two samples unhalved", (
        E(log(p(x, z1)/q(z1 | x) + p(x, z2)/q(z2 | x)), (z1, z2), q(z1 | x)*q(z2 | x)), "<=", log(p(x))), ()
    half = (p(z) + q(z))/2
    yield "js.small", (KL(p(z), half)/2 + KL(q(z), half)/2, "<=", Rational(1, 2)*log(2)), ()
    yield "surgery reversed", (E(KL(q(z | x), p(z)), x, r(x)), "<=", KL(agg, p(z), z)), ()
    yield "only conditional independence", (forall((x, y, z), eq(p(x, y, z), p(x)*p(y, z))),), (
        forall((x, y, z), eq(p(x, y, z)*p(z), p(x, z)*p(y, z))),
        forall((x, y, z), eq(p(x, y, z)*p(y), p(x, y)*p(y, z))))
    yield "em reversed", (E(log(q(x, z)), z, p(z | x)) - E(log(p(x, z)), z, p(z | x)), ">=",
                          log(q(x)) - log(p(x))), ()
    yield "kl chain wrong", (KL(q(x, z), p(x, z)), "=",
                             KL(q(x), p(x)) + E(KL(q(z | x), p(z | x)), x, p(x))), ()
    yield "square", (E(f(z)*g(z), z, q(z)), "=", E(f(z), z, q(z))*E(g(z), z, q(z))), ()


u, v = variables("U V", measure="lebesgue")
m, m0, m1 = symbols("m m0 m1", real=True)
sd, w0, w1 = symbols("sd w0 w1", positive=True)
h = functions("h", u)
k = functions("k", x)


def gaussian_claims() -> Iterator[Row]:
    """Normal densities; false rows end in "!"."""
    with sympy.evaluate(False):
        yield from list(_gaussian())


def _gaussian() -> Iterator[Row]:
    std = normal(u, 0, 1)
    value = (m**2 + sd**2 - 1 - log(sd**2))/2
    yield "kl", (KL(normal(u, m, sd**2), std), "=", value), ()
    yield "kl sign!", (KL(normal(u, m, sd**2), std), "=", (m**2 + sd**2 - 1 + log(sd**2))/2), ()
    yield "kl constant!", (KL(normal(u, m, sd**2), std), "=", (m**2 + sd**2 - log(sd**2))/2), ()
    yield "kl direction!", (KL(std, normal(u, m, sd**2)), "=", value), ()
    yield "kl variance!", (KL(normal(u, m, sd), std), "=", value), ()
    yield "kl half!", (KL(normal(u, m, sd**2), std), "=", m**2 + sd**2 - 1 - log(sd**2)), ()
    yield "kl general", (KL(normal(u, m1, w1), normal(u, m0, w0)), "=",
                         (w1/w0 + (m1 - m0)**2/w0 - 1 + log(w0/w1))/2), ()
    yield "kl general swapped!", (KL(normal(u, m1, w1), normal(u, m0, w0)), "=",
                                  (w0/w1 + (m1 - m0)**2/w1 - 1 + log(w1/w0))/2), ()
    yield "kl positive", (KL(normal(u, m, w1), std), ">=", 0), ()
    yield "kl law", (KL(normal(u, m, w1), p(u)), ">=", 0), ()
    yield "entropy", (entropy(normal(u, m, w1)), "=", log(2*pi*sympy.E*w1)/2), ()
    yield "entropy positive!", (entropy(normal(u, m, w1)), ">=", 0), ()
    yield "second moment", (E(u**2, u, normal(u, m, w1)), "=", m**2 + w1), ()
    yield "fourth moment", (E(u**4, u, normal(u, m, w1)), "=", m**4 + 6*m**2*w1 + 3*w1**2), ()
    yield "fourth moment centred!", (E(u**4, u, normal(u, m, w1)), "=", 3*w1**2), ()
    yield "mass", (integral(normal(u, m, w1), u), "=", 1), ()
    yield "explicit", (integral(exp(-u**2/2)/sqrt(2*pi)*u**2, u), "=", 1), ()
    yield "unnormalised", (integral(exp(-u**2), u), "=", sqrt(pi)), ()
    yield "unnormalised wrong!", (integral(exp(-u**2), u), "=", sqrt(2*pi)), ()
    yield "shifted exponent!", (integral(exp(1 - u**2/2)/sqrt(2*pi), u), "=", 1), ()
    yield "log density", (log(normal(v, h(u), w1)), "=", -(v - h(u))**2/(2*w1) - log(2*pi*w1)/2), ()
    yield "log density sign!", (log(normal(v, h(u), w1)), "=", -(v - h(u))**2/(2*w1) + log(2*pi*w1)/2), ()
    yield "reconstruction", (E(log(normal(v, k(x), sd**2)), x, q(x | v)), "=",
                             -E((v - k(x))**2, x, q(x | v))/(2*sd**2) - log(2*pi*sd**2)/2), ()
    yield "reconstruction factor!", (E(log(normal(v, k(x), sd**2)), x, q(x | v)), "=",
                                     -E((v - k(x))**2, x, q(x | v))/sd**2 - log(2*pi*sd**2)/2), ()
    yield "reconstruction constant!", (E(log(normal(v, k(x), sd**2)), x, q(x | v)), "=",
                                       -E((v - k(x))**2, x, q(x | v))/(2*sd**2)), ()
    yield "averaged", (E(KL(normal(u, k(x), w1), std), x, p(x)), "=",
                       (E(k(x)**2, x, p(x)) + w1 - 1 - log(w1))/2), ()
    yield "averaged square!", (E(KL(normal(u, k(x), w1), std), x, p(x)), "=",
                               (E(k(x), x, p(x))**2 + w1 - 1 - log(w1))/2), ()
    yield "product", (KL(normal(u, m, w1)*normal(v, m, w1), std*normal(v, 0, 1), (u, v)), "=",
                      2*KL(normal(u, m, w1), std)), ()
    yield "hierarchy", (E((v - u)**2, (u, v), normal(u, m, w1)*normal(v, u, w0)), "=", w0), ()
    yield "hierarchy mass", (integral(normal(u, m, w1)*normal(v, u, w0), u, v), "=", 1), ()
    yield "evidence wrong!", (integral(normal(u, m, w1)*normal(v, u, w0), u), "=", normal(v, m, w0)), ()
    yield "shifted", (integral(exp(1 - u**2/2)/sqrt(2*pi), u), "=", exp(1)), ()
    yield "hierarchy marginal", (E(v**2, (u, v), normal(u, m, w1)*normal(v, u, w0)), "=", m**2 + w1 + w0), ()
    yield "cross entropy", (cross_entropy(p(u), std), "=", E(u**2, u, p(u))/2 + log(2*pi)/2), ()
    yield "cross entropy wrong!", (cross_entropy(p(u), std), "=", E(u**2, u, p(u)) + log(2*pi)/2), ()
    yield "maximal entropy", (entropy(p(u)), "<=", E(u**2, u, p(u))/2 + log(2*pi)/2), ()
    yield "maximal entropy reversed!", (entropy(p(u)), ">=", E(u**2, u, p(u))/2 + log(2*pi)/2), ()
