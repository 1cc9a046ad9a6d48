"""Short names for building index terms in tests."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from checker.kernel.claim import Sequent
from checker.kernel.evaluate import Table, Undefined, Unknown, truth, value
from checker.kernel.term import (
    INTEGER,
    REAL,
    TRUE,
    App,
    Bind,
    Index,
    Map,
    Num,
    Sort,
    Term,
    Var,
    add,
    app,
    conj,
    mul,
    num,
)

m, d, n, t = (Var(x) for x in "mdnt")
M, D, N, T = (Index(x) for x in (m, d, n, t))
i, j, a, b, c, u, r = (Var(x) for x in "ijabcur")


def lift(x: Any) -> Term:
    return x if isinstance(x, (Num, Var, App, Bind)) else num(x)


def at(name: str, *indices: Any) -> Term:
    return app("at", Var(name), *(lift(x) for x in indices))


def S(name: str, sort: Sort, body: Any, where: Term = TRUE) -> Term:
    return Bind("sum", (name,), (sort,), (), (where, lift(body)))


def forall(names: str, sorts: tuple[Sort, ...], body: Term, where: Term = TRUE) -> Term:
    return Bind("forall", tuple(names.split()), sorts, (), (where, body))


def rel(relation: str, x: Any, y: Any) -> Term:
    return app(relation, lift(x), lift(y))


def eq(x: Any, y: Any) -> Term:
    return rel("=", x, y)


def ne(x: Any, y: Any) -> Term:
    return rel("!=", x, y)


def div(x: Any, y: Any) -> Term:
    return app("div", lift(x), lift(y))


def exp(x: Any) -> Term:
    return app("exp", lift(x))


def delta(x: Any, y: Any) -> Term:
    return app("delta", lift(x), lift(y))


def times(*xs: Any) -> Term:
    return mul(*(lift(x) for x in xs))


def plus(*xs: Any) -> Term:
    return add(*(lift(x) for x in xs))


def square(x: Term) -> Term:
    return app("pow", x, num(2))


POSITIVE_SIZES = tuple(rel(">=", size, 1) for size in (m, d, n, t))

DECLARATIONS: dict[str, Sort] = {
    "m": INTEGER,
    "d": INTEGER,
    "n": INTEGER,
    "t": INTEGER,
    "c": REAL,
    "eps": REAL,
    "i": M,
    "j": M,
    "a": M,
    "b": M,
    "h": N,
    "r": D,
    "s": Map((M,), REAL),
    "x": Map((M,), REAL),
    "y": Map((M,), REAL),
    "w": Map((M, M), REAL),
    "k": Map((M, D), REAL),
    "v": Map((M, D), REAL),
    "p": Map((M,), REAL),
    "z": Map((N,), REAL),
    "f": Map((REAL,), REAL),
    "g": Map((M, REAL), REAL),
}


def sequent(goal: Term, *assumptions: Term) -> Sequent:
    return Sequent(DECLARATIONS, (*POSITIVE_SIZES, *assumptions), goal)


def tables(
    rng: random.Random, names: dict[str, Sort], sizes: dict[str, int], entries: tuple[Fraction, ...]
) -> dict[str, Any]:
    """Random values for the declared names, at these sizes."""
    point: dict[str, Any] = {k: num(v) for k, v in sizes.items()}
    for name, sort in names.items():
        if name in point:
            continue
        match sort:
            case Index(Var(size)):
                point[name] = num(rng.randint(1, sizes[size]))
            case Map(args, _) if all(isinstance(s, Index) for s in args):
                shape = tuple(sizes[s.size.name] for s in args)  # type: ignore[union-attr]
                where = itertools.product(*(range(1, k + 1) for k in shape))
                point[name] = Table(shape, {w: num(rng.choice(entries)) for w in where})
            case Map():
                point[name] = Bind("lambda", ("q",), (REAL,), (), (plus(square(Var("q")), Var("q"), 3),))
            case _:
                point[name] = num(rng.choice(entries))
    return point


def values(term: Term, point: dict[str, Any]) -> Fraction | Any | None:
    """The value at the point, or None where it is undefined or not computed."""
    try:
        return value(term, point, DECLARATIONS)
    except (Undefined, Unknown):
        return None


def holds(formula: Term, point: dict[str, Any]) -> bool | None:
    try:
        return truth(formula, point, DECLARATIONS)
    except (Undefined, Unknown):
        return None


def points(seed: int, count: int, *assumptions: Term) -> Iterator[dict[str, Any]]:
    rng = random.Random(seed)
    small = tuple(Fraction(q) for q in (0, 1, -1, 2, "1/2", -3))
    for _ in range(count):
        sizes = {k: rng.randint(1, 3) for k in ("m", "d", "n", "t")}
        point = tables(rng, DECLARATIONS, sizes, small)
        if all(holds(f, point) for f in assumptions):
            yield point


__all__ = ["conj"]
