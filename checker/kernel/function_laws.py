"""What is said of a function of a vector, as formulas: one place for the language that states them and for the rules
that recognise them.

f is a function f(x) or f(x, k) of a vector x of length n; G is its derivative: G(x, i) or G(x, k, i).  |u|^2 stands
for the sum of the squares of the entries.

    convex              f(t x + (1-t) y) <= t f(x) + (1-t) f(y) - mu/2 t (1-t) |x - y|^2       for 0 <= t <= 1
    tangent             f(y) >= f(x) + <G(x), y - x> + mu/2 |y - x|^2
    lipschitz           0 <= L and |F(x) - F(y)|^2 <= L^2 |x - y|^2       (of G: "smooth")
    taylor              |f(y) - f(x) - <G(x), y - x>| <= L/2 |y - x|^2
    minimiser           f(x*) <= f(x)

Source: Nesterov, Introductory Lectures on Convex Optimization, 2004, sections 1.2 and 2.1 (no page).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .term import REAL, TRUE, App, Bind, Index, Map, Sort, Term, Var, add, app, conj, free_names, fresh, mul, num, sub


def vectors(n: Term) -> Map:
    """The sort of real vectors of length n."""
    return Map((Index(n),), REAL)


class Laws:
    """The formulas over vectors of length ``n``; bound names keep away from those of ``terms``."""

    def __init__(self, n: Term, *terms: Term | None) -> None:
        self.n, self.sort = n, vectors(n)
        self.taken: set[str] = set(free_names(n)).union(*(free_names(t) for t in terms if t is not None), set())

    def names(self, *wanted: str) -> list[str]:
        out: list[str] = []
        for w in wanted:
            out.append(fresh(w, self.taken | set(out)))
        return out

    def over(self, body: Callable[[Term], Term], *slots: Sort) -> Bind:
        """The sum over one index."""
        (i,) = self.names("i")
        return Bind("sum", (i,), slots or (Index(self.n),), (), (TRUE, body(Var(i))))

    def square(self, u: Callable[[Term], Term], *slots: Sort) -> Bind:
        return self.over(lambda i: app("pow", u(i), num(2)), *slots)

    def distance(self, x: Term, y: Term) -> Bind:
        """|x - y|^2."""
        return self.square(lambda i: sub(app("at", x, i), app("at", y, i)))

    def forall(self, names: Sequence[str], body: Term, guard: Term = TRUE, scalars: Sequence[str] = ()) -> Term:
        return Bind("forall", (*names, *scalars), (self.sort,)*len(names) + (REAL,)*len(scalars), (), (guard, body))

    # ------------------------------------------------------------------ the formulas

    def convex(self, f: Term, mu: Term | None = None, turned: bool = False) -> Term:
        """``turned``: concave."""
        x, y, t, i = self.names("x", "y", "t", "i")
        weight, rest = Var(t), sub(num(1), Var(t))
        middle = Bind("lambda", (i,), (Index(self.n),), (), (
            add(mul(weight, app("at", Var(x), Var(i))), mul(rest, app("at", Var(y), Var(i)))),))
        chord: Term = add(mul(weight, app("at", f, Var(x))), mul(rest, app("at", f, Var(y))))
        if mu is not None:
            chord = sub(chord, mul(app("div", mu, num(2)), weight, rest, self.distance(Var(x), Var(y))))
        guard = conj(app("<=", num(0), weight), app("<=", weight, num(1)))
        sides = (app("at", f, middle), chord)
        return self.forall((x, y), app("<=", *(sides[::-1] if turned else sides)), guard, (t,))

    def linear(self, f: Term, g: Term, x: Term, y: Term) -> Term:
        """f(x) + <G(x), y - x>."""
        return add(app("at", f, x), self.over(
            lambda i: mul(app("at", g, x, i), sub(app("at", y, i), app("at", x, i)))))

    def tangent(self, f: Term, g: Term, mu: Term | None = None, turned: bool = False) -> Term:
        x, y = self.names("x", "y")
        below = self.linear(f, g, Var(x), Var(y))
        if mu is not None:
            below = add(below, mul(app("div", mu, num(2)), self.distance(Var(y), Var(x))))
        return self.forall((x, y), app("<=" if turned else ">=", app("at", f, Var(y)), below))

    def lipschitz(self, f: Term, bound: Term, *slots: Sort) -> Term:
        """``slots``: the index of f's values, for a function with values in R^m."""
        x, y = self.names("x", "y")
        moved: Term
        if slots:
            moved = self.square(lambda k: sub(app("at", f, Var(x), k), app("at", f, Var(y), k)), *slots)
        else:
            moved = app("pow", sub(app("at", f, Var(x)), app("at", f, Var(y))), num(2))
        bounded = app("<=", moved, mul(app("pow", bound, num(2)), self.distance(Var(x), Var(y))))
        return conj(app("<=", num(0), bound), self.forall((x, y), bounded))

    def taylor(self, f: Term, g: Term, bound: Term) -> tuple[Term, Term]:
        x, y = self.names("x", "y")
        line, bend = self.linear(f, g, Var(x), Var(y)), mul(
            app("div", bound, num(2)), self.distance(Var(y), Var(x)))
        there = app("at", f, Var(y))
        return (self.forall((x, y), app("<=", there, add(line, bend))),
                self.forall((x, y), app(">=", there, sub(line, bend))))

    def minimiser(self, f: Term, at: Term) -> Term:
        (x,) = Laws(self.n, f, at).names("x")
        return self.forall((x,), app("<=", app("at", f, at), app("at", f, Var(x))))

    def stationary(self, g: Term, at: Term) -> Term:
        (i,) = Laws(self.n, g, at).names("i")
        return Bind("forall", (i,), (Index(self.n),), (), (TRUE, app("=", app("at", g, at, Var(i)), num(0))))

    def symmetric(self, h: Term) -> Term:
        x, i, j = self.names("x", "i", "j")
        sorts = (self.sort, Index(self.n), Index(self.n))
        return Bind("forall", (x, i, j), sorts, (), (TRUE, app(
            "=", app("at", h, Var(x), Var(i), Var(j)), app("at", h, Var(x), Var(j), Var(i)))))


def derivative_name(name: str, sort: Sort) -> str:
    """What the language calls the derivative of a declared function: a gradient, a Hessian, a Jacobian."""
    if isinstance(sort, Map) and len(sort.args) == 1:
        return "∇" + name
    return "∇²" + name[1:] if name.startswith("∇") and not name.startswith("∇²") else "J_" + name


def derivative_sort(sort: Map) -> Map:
    """The derivative has one more index: the entry that moves."""
    (slot,) = sort.args[0].args  # type: ignore[union-attr]
    return Map((*sort.args, slot), sort.result)


def derivative_of(g: Term, f: Term) -> Term:
    return App("derivative-of", (g, f))


__all__ = ["Laws", "derivative_name", "derivative_of", "derivative_sort", "vectors"]
