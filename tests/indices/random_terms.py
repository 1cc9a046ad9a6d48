"""Random index terms, and contexts in which to read them."""

from __future__ import annotations

import random

from checker.kernel.term import TRUE, Term, Var, app, conj, num

from .build import M, S, a, at, b, c, delta, div, eq, exp, forall, i, j, m, ne, plus, rel, times

FAMILIES = "sxy"
u, q = Var("u"), Var("q")

CONTEXTS: tuple[tuple[Term, ...], ...] = (
    (),
    (ne(a, b),),
    (rel("<", i, j),),
    (rel("<=", j, i), ne(i, a)),
    (eq(m, 2),),
    (eq(m, 2), ne(a, b)),
    (rel(">", c, 0),),
    (rel(">=", m, 2),),
    (forall("u", (M,), rel(">", at("s", u), 0)),),
    (forall("u", (M,), rel("<=", at("s", u), at("s", j))),),
    (forall("u", (M,), eq(at("x", u), at("y", u)), ne(u, j)),),
    (forall("u q", (M, M), eq(at("w", u, q), at("w", q, u))),),
)


def name(rng: random.Random, scope: list[str]) -> Term:
    return Var(rng.choice(scope))


def formula(rng: random.Random, scope: list[str]) -> Term:
    k = rng.random()
    if k < 0.8:
        return rel(rng.choice(["=", "!=", "<", "<=", ">", ">="]), name(rng, scope), name(rng, scope))
    if k < 0.9:
        return conj(formula(rng, scope), formula(rng, scope))
    if k < 0.95:
        return app("or", formula(rng, scope), formula(rng, scope))
    return rel(rng.choice(["<", "=", "<="]), term(rng, scope, 1), term(rng, scope, 1))


def leaf(rng: random.Random, scope: list[str]) -> Term:
    k = rng.random()
    if k < 0.2:
        return num(rng.choice([0, 1, -1, 2, 3, "1/2"]))
    if k < 0.3:
        return Var(rng.choice(["c", "m"]))
    if k < 0.35:
        return name(rng, scope)
    if k < 0.5:
        return delta(name(rng, scope), name(rng, scope))
    if k < 0.7:
        return at("w", name(rng, scope), name(rng, scope))
    return at(rng.choice(FAMILIES), name(rng, scope))


def term(rng: random.Random, scope: list[str], depth: int) -> Term:
    k = rng.random()
    if depth == 0 or k < 0.12:
        return leaf(rng, scope)

    def part() -> Term:
        return term(rng, scope, depth - 1)

    if k < 0.3:
        return plus(part(), part())
    if k < 0.34:
        return app("neg", part())
    if k < 0.5:
        return times(part(), part())
    if k < 0.56:
        return div(part(), part())
    if k < 0.6:
        return app("pow", part(), num(rng.choice([2, 3, 0, -1, -2])))
    if k < 0.66:
        return exp(part())
    if k < 0.7:
        return app(rng.choice(["relu", "abs", "max", "min", "sqrt", "log", "tanh", "sign"]), part())
    if k < 0.72:
        return app(rng.choice(["max", "min"]), part(), part())
    if k < 0.74:
        return app("at", Var("f"), part())
    if k < 0.77:
        return app("cases", part(), formula(rng, scope), part(), TRUE)
    bound = rng.choice(["u", "q", "j"])
    inside = [*scope, bound]
    return S(bound, M, term(rng, inside, depth - 1), TRUE if rng.random() < 0.45 else formula(rng, inside))
