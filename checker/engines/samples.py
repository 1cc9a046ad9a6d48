"""Floats for the search in logic: points that satisfy formulas, and exact numbers near them.

Method: assumptions are taken apart into conjunctions of literals; equations are solved one name at a time
(affine ones directly, others by a sign change on a grid and bisection, polynomials in one complex name by
Weierstrass' iteration); the rest is tested.  ``exact`` guesses the number behind a float: a fraction, a quadratic
irrationality, a multiple of pi, a logarithm, a root.  Everything here suggests; the kernel decides.
Cannot: several complex unknowns beyond a small pool; roots outside the grid.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction

from ..kernel.claim import Sequent
from ..kernel.evaluate import Undefined, Unknown, value
from ..kernel.prove import introduce
from ..kernel.rule_logic import unfolded
from ..kernel.term import (
    TRUE, App, Bind, Index, Num, Scalar, Term, Var, add, app, conjuncts, free_names, mul, num, sub, substitute,
)
from .order_numeric import Compiled, Unsupported, compiled

Point = dict[str, float]
MAX_BRANCHES, MAX_POINTS, MAX_ROOTS = 10, 40, 9
GRID = sorted({k/4 + 1/64 for k in range(-52, 52)} | {0.01, 0.05, -0.01, -0.05} | {
    s*x for s in (1, -1) for x in (15.3, 20.3, 30.1, 50.7, 100.9, 200.3, 1000.7)})
FREE = [1.0, 2.0, 0.0, -1.0, 3.0, 0.5, -2.0, -0.5, 1.5, 5.0, -3.0, 0.1, 10.0, -0.1]


class Formulas:
    """Truth of formulas at float points, three-valued; what is compiled once is kept."""

    def __init__(self) -> None:
        self.compiled: dict[Term, Compiled | None] = {}
        self.work = 40_000         # values that may still be computed

    def number(self, t: Term, p: Mapping[str, float]) -> float:
        self.work -= 1
        if t not in self.compiled:
            try:
                self.compiled[t] = compiled(t)
            except Unsupported:
                self.compiled[t] = None
        f = self.compiled[t]
        return math.nan if f is None else f(p)

    def truth(self, f: Term, p: Mapping[str, float]) -> bool | None:
        match f:
            case App("true", ()):
                return True
            case App("false", ()):
                return False
            case App("and" | "or" as head, args):
                values = [self.truth(a, p) for a in args]
                decisive = head == "or"
                return decisive if decisive in values else None if None in values else not decisive
            case App("not", (a,)):
                v = self.truth(a, p)
                return None if v is None else not v
            case App("=" | "!=" | "<" | "<=" | ">" | ">=" as head, (a, b)):
                x, y = self.number(a, p), self.number(b, p)
                if not (math.isfinite(x) and math.isfinite(y)):
                    return None
                near = abs(x - y) <= 1e-8*(1 + abs(x) + abs(y))
                if head in ("=", "!="):
                    return near == (head == "=")
                return None if near else (x < y) == (head in ("<", "<="))
            case App("in", (a, App("integers", ()))):
                x = self.number(a, p)
                return abs(x - round(x)) < 1e-8 if math.isfinite(x) else None
            case App() if (g := unfolded(f)) is not None:
                return self.truth(g, p)
            case Bind("forall" | "exists" as head, names, sorts, _, (guard, body)) if all(
                    isinstance(s, Scalar) for s in sorts) and len(names) <= 2:
                decisive = head == "exists"
                whole = all(s == Scalar("integer") for s in sorts)
                pool = [float(k) for k in range(-4, 5)] if whole else FREE[:8]
                for values in itertools.product(pool, repeat=len(names)):
                    q = {**p, **dict(zip(names, values, strict=True))}
                    if self.truth(guard, q) and self.truth(body, q) is decisive:
                        return decisive
                return None
        return None


def literals(formulas: tuple[Term, ...]) -> Iterator[list[Term]]:
    """The conjunctions of literals into which ``formulas`` fall apart, a few of them."""

    def go(todo: list[Term], done: list[Term]) -> Iterator[list[Term]]:
        if not todo:
            yield done
            return
        f, rest = todo[0], todo[1:]
        if isinstance(f, App) and f.head == "and":
            yield from go([*f.args, *rest], done)
        elif isinstance(f, App) and f.head == "or":
            for part in f.args:
                yield from go([part, *rest], done)
        elif (g := unfolded(f)) is not None:
            yield from go([g, *rest], done)
        else:
            yield from go(rest, [*done, f])

    yield from itertools.islice(go(list(formulas), []), MAX_BRANCHES)


class Sampler:
    """Float points of real names that satisfy a conjunction of literals."""

    def __init__(self, s: Sequent, formulas: list[Term], table: Formulas) -> None:
        s, formulas = _opened(s, formulas)
        self.names = [n for n, k in s.declarations.items() if isinstance(k, (Scalar, Index))]
        if len(self.names) != len(s.declarations):
            raise Unsupported("names that are no numbers")
        self.whole = {n for n in self.names if s.declarations[n] == Scalar("integer")
                      or isinstance(s.declarations[n], Index)}
        self.table, self.formulas = table, formulas
        self.put: list[tuple[str, Term]] = []
        formulas = self._eliminated(s, formulas)
        self.equations = [f for f in formulas if isinstance(f, App) and f.head == "=" and free_names(f)]
        self.special = sorted({float(u.value) + d for f in formulas for u in _numbers(f) for d in (0, 1, -1)})[:12]

    def _eliminated(self, s: Sequent, formulas: list[Term]) -> list[Term]:
        """Equations affine in a name with a number for its coefficient: solved for it, put into the others."""
        from .solving import coefficients

        for _ in range(4):
            for f in formulas:
                if not (isinstance(f, App) and f.head == "=" and len(free_names(f)) > 1):
                    continue
                for name in sorted(free_names(f) - self.whole, reverse=True):
                    if name not in self.names:
                        continue
                    c = coefficients(sub(*f.args), name, s)
                    if c is not None and len(c) == 2 and c[1] == num(1):
                        value = app("neg", c[0])
                        self.put.append((name, value))
                        formulas = [substitute(g, {name: value}) for g in formulas if g is not f]
                        break
                else:
                    continue
                break
            else:
                break
        return formulas

    def points(self, limit: int = MAX_POINTS) -> Iterator[Point]:
        solved = {n for n, _ in self.put}
        self.names = [n for n in self.names if n not in solved]
        for p in self._points(limit):
            for name, t in reversed(self.put):
                p[name] = self.table.number(t, p)
            if all(self.table.truth(f, p) is not False for f in self.formulas):
                yield p

    def _points(self, limit: int) -> Iterator[Point]:
        tried = found = 0
        for order in self._orders():
            free = [n for n in self.names if n not in [x for x, _ in order]]
            pools = [self._pool(n) for n in free]
            for values in itertools.islice(_diagonal(pools), 60):
                for p in self._solve(dict(zip(free, values, strict=True)), order):
                    tried += 1
                    if tried > 400 or self.table.work < 0:
                        return
                    if self.put or all(self.table.truth(f, p) is not False for f in self.formulas):
                        found += 1
                        yield dict(p)
                        if found >= limit:
                            return

    def _pool(self, n: str) -> list[float]:
        values = list(dict.fromkeys([*FREE, *self.special]))
        if n in self.whole:
            values = [v for v in dict.fromkeys([*map(float, (1, 2, 0, 3, -1, 4, 5, -2, 6)), *values]) if v == int(v)]
        own = [f for f in self.formulas if free_names(f) == {n} and f not in self.equations]
        ends = [v for f in own if isinstance(f, App) and f.head in ("<", "<=", ">", ">=")
                for v in self._roots(app("=", *f.args), n, {})][:6]
        values = [*values[:4], *ends, *values[4:]]
        return [v for v in values if all(self.table.truth(f, {n: v}) is not False for f in own)]

    def _orders(self) -> Iterator[list[tuple[str, App]]]:
        """Which equation gives which name: those in one name first."""
        equations = sorted(self.equations, key=lambda f: len(free_names(f)))
        for last in (True, False):
            out: list[tuple[str, App]] = []
            taken: set[str] = set()
            for f in equations:
                names = [n for n in self.names if n in free_names(f) and n not in taken]
                if names and isinstance(f, App):
                    plain = [n for n in names if n not in self.whole] or names
                    name = plain[-1 if last else 0]
                    out.append((name, f))
                    taken.add(name)
            yield out
            if len(self.names) < 2 or not equations:
                return

    def _solve(self, p: Point, order: list[tuple[str, App]]) -> Iterator[Point]:
        """Values for the solved names.  An equation waits until its other names have values."""
        ready = next(((k, n, f) for k, (n, f) in enumerate(order) if free_names(f) - {n} <= set(p)), None)
        if not order:
            yield p
            return
        if ready is None:
            name = next(n for n in self.names if n not in p and any(n in free_names(f) for _, f in order))
            rest = [(n, f) for n, f in order if n != name]
            for v in FREE[:8]:
                yield from self._solve({**p, name: v}, rest)
            return
        k, name, f = ready
        rest = order[:k] + order[k + 1:]
        for v in self._roots(f, name, p):
            yield from self._solve({**p, name: v}, rest)

    def _roots(self, f: App, name: str, p: Point) -> list[float]:
        def g(v: float) -> float:
            q = {**p, name: v}
            return self.table.number(f.args[0], q) - self.table.number(f.args[1], q)

        if name in self.whole:
            return [float(v) for v in range(-12, 13) if abs(g(float(v))) < 1e-9]
        if self.table.work < 0:
            return []
        zero, one = g(0.0), g(1.0)
        slope = one - zero
        if slope and all(abs(g(v) - zero - v*slope) <= 1e-9*(1 + abs(zero) + abs(v*slope)) for v in (2.0, -3.7, 11.3)):
            return [_rounded(-zero/slope) if abs(g(_rounded(-zero/slope))) < 1e-12 else -zero/slope]
        grid = [x for x in GRID if math.isfinite(g(x))]
        found: list[float] = []
        for x in (*self.special, 0.0):      # ends of domains, where no sign changes
            if abs(g(x)) < 1e-12:
                found.append(x)
        for a, b in itertools.pairwise(grid):
            if b - a > 60:
                continue
            if g(a)*g(b) <= 0 and (r := _bisect(g, a, b)) is not None:
                found.append(r)
        for a, b, c in zip(grid, grid[1:], grid[2:], strict=False):
            if abs(g(b)) < abs(g(a)) and abs(g(b)) <= abs(g(c)) and g(a)*g(c) > 0:
                r = _lowest(g, a, c)
                if abs(g(r)) < 1e-9:
                    found.append(_rounded(r))
        out: list[float] = []
        for r in sorted(found, key=abs):
            if all(abs(r - q) > 1e-6 for q in out):
                out.append(r)
        return out[:MAX_ROOTS]


def _opened(s: Sequent, formulas: list[Term]) -> tuple[Sequent, list[Term]]:
    """Existing numbers are unknowns too: their names declared, what is said of them among the formulas."""
    out: list[Term] = []
    for f in formulas:
        if isinstance(f, Bind) and f.head == "exists" and all(
                isinstance(k, Scalar) and k.kind != "complex" for k in f.sorts):
            inner, _ = introduce(Sequent(s.declarations, (), f), f)
            s = Sequent(inner.declarations, s.assumptions, s.goal)
            out += [*inner.assumptions, *conjuncts(inner.goal)]
        else:
            out.append(f)
    return s, out


def _numbers(f: Term) -> Iterator[Num]:
    from ..kernel.term import subterms

    return (u for u in subterms(f) if isinstance(u, Num) and abs(u.value) < 10**6)


def _diagonal(pools: list[list[float]]) -> Iterator[tuple[float, ...]]:
    if not pools:
        yield ()
        return
    for total in range(sum(map(len, pools))):
        for where in itertools.product(*(range(min(len(p), total + 1)) for p in pools)):
            if sum(where) == total:
                yield tuple(p[k] for p, k in zip(pools, where, strict=True))


def _bisect(g: Compiled, a: float, b: float) -> float | None:  # type: ignore[type-arg]
    fa = g(a)  # type: ignore[arg-type]
    for _ in range(80):
        m = (a + b)/2
        fm = g(m)  # type: ignore[arg-type]
        if not math.isfinite(fm):
            return None
        if fm == 0:
            return m
        if (fm < 0) == (fa < 0):
            a, fa = m, fm
        else:
            b = m
    return (a + b)/2 if abs(g((a + b)/2)) < 1e-6 else None  # type: ignore[arg-type]


def _lowest(g: Compiled, a: float, c: float) -> float:
    for _ in range(120):
        x, y = a + (c - a)*0.382, a + (c - a)*0.618
        if abs(g(x)) < abs(g(y)):  # type: ignore[arg-type]
            c = y
        else:
            a = x
    return (a + c)/2


def _rounded(x: float) -> float:
    q = Fraction(x).limit_denominator(60)
    return float(q) if abs(float(q) - x) < 1e-4 else x


# ------------------------------------------------------------------------- satisfied, violated


def satisfiable(s: Sequent, table: Formulas | None = None) -> Point | None:
    """A point at which all assumptions are clearly true (equations to eight digits)."""
    table = table or Formulas()
    if any(isinstance(k, Scalar) and k.kind == "complex" for k in s.declarations.values()):
        return None
    for branch in literals(s.assumptions):
        try:
            sampler = Sampler(s, branch, table)
        except Unsupported:
            return None
        for p in sampler.points(6):
            if all(table.truth(f, p) for f in branch):
                return p
    return None


def violates(s: Sequent, table: Formulas | None = None) -> Point | None:
    """A point at which the assumptions are clearly true and the goal clearly false."""
    from ..kernel.term import negate

    while isinstance(s.goal, Bind) and s.goal.head == "forall":
        s, _ = introduce(s, s.goal)
    return satisfiable(s.assuming(negate(s.goal)), table)


# ------------------------------------------------------------------------- exact numbers


def exact(x: float) -> Iterator[Term]:
    """Numbers near ``x``, simplest first."""
    seen: set[Term] = set()

    def close(v: float) -> bool:
        return math.isfinite(v) and abs(v - x) < 1e-8*(1 + abs(x))

    def offer(t: Term) -> Iterator[Term]:
        if t not in seen:
            seen.add(t)
            yield t

    for d in (1, 2, 3, 4, 5, 6, 8, 10, 12, 20, 60, 100, 1000):
        q = Fraction(x).limit_denominator(d)
        if close(float(q)):
            yield from offer(Num(q))
            return
    q = Fraction(x/math.pi).limit_denominator(24)
    if close(float(q)*math.pi):
        yield from offer(mul(Num(q), app("pi")) if q != 1 else app("pi"))
        return
    yield from _quadratic(x)
    for n in (3, 4, 5):
        q = Fraction(abs(x)**n).limit_denominator(30)
        if q and close(math.copysign(float(q)**(1/n), x)):
            root = app("pow", Num(q), Num(Fraction(1, n)))
            yield from offer(root if x > 0 else app("neg", root))
    if abs(x) < 30 and close(math.log(q)) if (q := Fraction(math.exp(min(x, 30))).limit_denominator(60)) else False:
        yield from offer(app("log", Num(q)))
    if x:
        q = Fraction(math.log(abs(x))).limit_denominator(6)
        if close(math.copysign(math.exp(q), x)):
            yield from offer(app("exp", Num(q)) if x > 0 else app("neg", app("exp", Num(q))))
    for f, inverse in ((math.cos, "acos"), (math.sin, "asin"), (math.tan, "atan")):
        q = Fraction(f(x)).limit_denominator(12)
        if abs(float(q) - f(x)) > 1e-9 or inverse != "atan" and abs(q) > 1:
            continue
        principal = getattr(math, inverse)(float(q))
        for sign in (1, -1):
            for k in range(-3, 4):
                if close(sign*principal + k*math.pi):
                    t: Term = app(inverse, Num(q))
                    t = t if sign == 1 else app("neg", t)
                    yield from offer(add(t, mul(num(k), app("pi"))) if k else t)


def _quadratic(x: float) -> Iterator[Term]:
    for a in range(1, 10):
        for b in range(-40, 41):
            c = -(a*x*x + b*x)
            n = round(c)
            if abs(c - n) > 1e-8*(1 + abs(c)) or abs(n) > 400 or math.gcd(a, b, n) != 1:
                continue
            disc = b*b - 4*a*n
            if disc <= 0:
                continue
            for sign in (1, -1):
                if abs((-b + sign*math.sqrt(disc))/(2*a) - x) < 1e-8*(1 + abs(x)):
                    yield surd(Fraction(-b, 2*a), Fraction(sign, 2*a), disc)
                    return


def surd(a: Fraction, b: Fraction, d: int) -> Term:
    """a + b sqrt(d), squares taken out of the root."""
    for k in range(2, 40):
        while d % (k*k) == 0:
            d //= k*k
            b *= k
    root = app("sqrt", num(d))
    size = abs(b)
    part = root if size == 1 else mul(num(size.numerator), root) if size.denominator == 1 else app(
        "div", root if size.numerator == 1 else mul(num(size.numerator), root), num(size.denominator))
    if a == 0:
        return part if b > 0 else app("neg", part)
    return add(Num(a), part) if b > 0 else sub(Num(a), part)


def complex_roots(c: list[Term]) -> list[complex]:
    """Roots of a polynomial with number coefficients, constant first: Weierstrass' (Durand-Kerner) iteration."""
    numbers = []
    for t in c:
        try:
            v = value(t, {}, {})
        except (Undefined, Unknown):
            return []
        numbers.append(complex(float(v)) if isinstance(v, Fraction) else complex(float(v.real), float(v.imag)))
    n = len(numbers) - 1
    if n < 1 or numbers[-1] == 0:
        return []
    numbers = [v/numbers[-1] for v in numbers]
    z = [(0.4 + 0.9j)**k for k in range(n)]
    for _ in range(200):
        for i in range(n):
            p = sum(v*z[i]**k for k, v in enumerate(numbers))
            q = math.prod((z[i] - z[j] for j in range(n) if j != i), start=1 + 0j)
            if q == 0:
                return []
            z[i] -= p/q
    return z


def exact_complex(z: complex) -> Iterator[Term]:
    re = next(exact(0.0 if abs(z.real) < 1e-9 else z.real), None)
    im = next(exact(0.0 if abs(z.imag) < 1e-9 else z.imag), None)
    if re is None or im is None:
        return
    if im == num(0):
        yield re
        return
    imaginary = app("i") if im == num(1) else mul(im, app("i"))
    yield imaginary if re == num(0) else add(re, imaginary)


__all__ = [
    "Formulas", "Sampler", "TRUE", "Var", "complex_roots", "conjuncts", "exact", "exact_complex", "literals",
    "satisfiable", "surd", "violates"]
