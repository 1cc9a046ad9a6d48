"""Random claims about densities: well-formed, mostly false, often nearly true."""

from __future__ import annotations

import random
from typing import Any

import sympy
from sympy import Rational, log

from checker.kernel.claim import Claim
from checker.language.densities import KL, E, copies, densities, functions, integral, mixture, variables
from checker.language.derivation import read_claim
from checker.language.errors import StatementError
from checker.language.logic import eq, forall, implies

x, y, z = variables("x y z")
z1 = copies("z1", of=z)
p, q, r, s = densities("p q r s")       # p(x, z) joint, q(z | x), r(x), s(z)
f = functions("f", z)


def atom(g: random.Random) -> Any:
    return g.choice([
        lambda: p(x, z), lambda: p(x | z), lambda: p(z | x), lambda: p(x), lambda: p(z), lambda: q(z | x),
        lambda: r(x), lambda: s(z), lambda: (s(z) + q(z | x))/2, lambda: mixture(q(z | x), x, r(x)),
        lambda: q(z1 | x), lambda: p(z1 | x)])()


def weight(g: random.Random) -> tuple[Any, Any]:
    return g.choice([
        lambda: (z, q(z | x)), lambda: (z, p(z | x)), lambda: (z, p(z)), lambda: (x, r(x)), lambda: (x, p(x)),
        lambda: ((x, z), p(x, z)), lambda: (z, s(z)), lambda: ((x, z), r(x)*q(z | x)), lambda: (x, p(x | z)),
        lambda: ((z, z1), q(z | x)*q(z1 | x)), lambda: (z, (s(z) + q(z | x))/2)])()


def ratio(g: random.Random) -> Any:
    out = atom(g)
    for _ in range(g.choice([0, 1, 1, 2])):
        out = out/atom(g) if g.random() < 0.6 else out*atom(g)
    return out


def scalar(g: random.Random, depth: int = 2) -> Any:
    kind = g.random()
    if depth == 0 or kind < 0.25:
        return log(ratio(g)) if g.random() < 0.8 else ratio(g)
    if kind < 0.6:
        names, w = weight(g)
        return E(scalar(g, depth - 1), names, w)
    if kind < 0.8:
        a, b = g.choice([(q(z | x), p(z)), (q(z | x), p(z | x)), (p(z), q(z | x)), (p(x), r(x)), (s(z), p(z)),
                         (p(x, z), r(x)*q(z | x)), (r(x)*q(z | x), p(x, z)), (p(x, z), p(x)*p(z)),
                         (s(z), (s(z) + p(z))/2), (p(x | z), p(x)), (p(z | x), p(x | z))])
        return KL(a, b)
    if kind < 0.9:
        names, w = weight(g)
        return integral(w*scalar(g, depth - 1), *(names if isinstance(names, tuple) else (names,)))
    return g.choice([f(z), f(z)**2, Rational(1, 2), log(2)])


def combination(g: random.Random) -> Any:
    out = scalar(g)
    for _ in range(g.choice([0, 0, 1, 1, 2])):
        c = g.choice([1, 1, 1, -1, -1, 2, Rational(1, 2)])
        out = out + c*scalar(g)
    return out


def true_shape(g: random.Random) -> tuple[Any, Any]:
    """Both sides of an identity, before it is spoiled."""
    names, w = weight(g)
    a, b, c = atom(g), atom(g), atom(g)
    return g.choice([
        lambda: (E(log(a*b/c), names, w), E(log(a), names, w) + E(log(b/c), names, w)),
        lambda: (E(log(p(x, z)), names, w), E(log(p(x | z)*p(z)), names, w)),
        lambda: (E(log(q(z | x)/p(z)), z, q(z | x)), KL(q(z | x), p(z))),
        lambda: (E(E(log(a), z, q(z | x)), x, r(x)), E(log(a), (x, z), r(x)*q(z | x))),
        lambda: (E(log(a), z, p(z)), E(log(a), (x, z), p(x, z))),
        lambda: (integral(p(x, z)*log(b), z), p(x)*E(log(b), z, p(z | x))),
        lambda: (E(a/q(z | x), z, q(z | x)), integral(a, z)),
        lambda: (log(integral(p(x, z), z)), log(p(x))),
        lambda: (E(f(z)**2, z, s(z)) - E(f(z), z, s(z))**2, E((f(z) - E(f(z), z, s(z)))**2, z, s(z))),
    ])()


def assumption(g: random.Random) -> Any:
    return g.choice([
        lambda: forall((x, z), eq(p(x, z), p(x)*p(z))),
        lambda: forall(z, eq(s(z), p(z))),
        lambda: forall((x, z), eq(q(z | x), p(z | x))),
        lambda: forall((x, z), implies(eq(q(z | x), 0), eq(p(x, z), 0))),
        lambda: forall((x, z), q(z | x) > 0),
        lambda: forall((x, z), eq(p(z | x)*p(x), q(z | x)*p(x))),
        lambda: forall(z, eq(s(z)*p(z), p(z)*p(z))),
        lambda: eq(KL(q(z | x), p(z)), 0),
        lambda: forall((x, z), eq(p(x, z)*s(z), p(z)*r(x)*s(z))),
    ])()


def claim(seed: int) -> Claim | None:
    """None: the random statement is refused by the language."""
    g = random.Random(seed)
    with sympy.evaluate(False):
        try:
            if g.random() < 0.55:
                left, right = true_shape(g)
                if g.random() < 0.4:
                    right = right + g.choice([1, -1])*scalar(g, 1) - (scalar(g, 1) if g.random() < 0.3 else 0)
            else:
                left, right = combination(g), g.choice([lambda: combination(g), lambda: sympy.Integer(0)])()
            given = [assumption(g)] if g.random() < 0.35 else []
            relation = g.choice(["=", "=", "=", "<=", ">=", "<", ">"])
            if g.random() < 0.06:
                return read_claim((implies(eq(left, right), forall(z, eq(atom(g), atom(g)))),), given, {})[0]
            return read_claim((left, relation, right), given, {})[0]
        except StatementError:
            return None
