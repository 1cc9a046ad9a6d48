"""A sequence along the orbit of a polynomial map as the image of a linear system.

Let F be a map whose update lines are polynomials in the state (divisors are free of it), and f a
polynomial in the state.  If the monomials of f, of f o F, of f o F^2, ... are finitely many, m, then

    m(F(x)) = T m(x)   and   u(n) = f(F^n(x)) = c . T^n m(x)

with a matrix T and a row c free of the state.  By Cayley and Hamilton u satisfies a linear recurrence
of the order N = number of monomials, so a sequence p(E) u (E the shift) that vanishes at n = 0 ... N - 1
vanishes for ever (it satisfies that recurrence too).

FAILURE: a line or f is not polynomial in the state; more than 24 monomials.
Source: Elaydi, An Introduction to Difference Equations, 3rd ed., sections 2.3 and 3.1 (no page).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from .claim import Sequent
from .evidence import Reject
from .field import CannotNormalise, Field, Frac
from .term import App, Bind, Num, Term, Var, alpha, app, free_names, num, show, subterms

MAX_MONOMIALS = 24
MAX_TERMS = 300
MAX_DEGREE = 8
RULE = "orbit-limit"

Monomial: TypeAlias = tuple[int, ...]
Polynomial: TypeAlias = dict[Monomial, Frac]
Leaf: TypeAlias = Callable[[Term], "Polynomial | None"]


class Ring:
    """Polynomials in the state over a field of terms free of the state."""

    def __init__(self, field: Field, size: int) -> None:
        self.field, self.size = field, size
        self.one: Monomial = (0,) * size

    def constant(self, a: Frac) -> Polynomial:
        return {self.one: a} if a.num != 0 else {}

    def variable(self, k: int) -> Polynomial:
        return {tuple(int(j == k) for j in range(self.size)): self.field.constant(1)}

    def plus(self, a: Polynomial, b: Polynomial) -> Polynomial:
        out = dict(a)
        for m, x in b.items():
            total = self.field._plus(out[m], x) if m in out else x
            if total.num == 0:
                out.pop(m, None)
            else:
                out[m] = total
        return out

    def times(self, a: Polynomial, b: Polynomial) -> Polynomial:
        out: Polynomial = {}
        for m, x in a.items():
            for k, y in b.items():
                both = tuple(i + j for i, j in zip(m, k, strict=True))
                if sum(both) > MAX_DEGREE:
                    raise Reject(RULE, "orbit", f"a polynomial of degree above {MAX_DEGREE}")
                out = self.plus(out, {both: self.field.times(x, y)})
        if len(out) > MAX_TERMS:
            raise Reject(RULE, "orbit", f"more than {MAX_TERMS} terms")
        return out

    def power(self, a: Polynomial, n: int) -> Polynomial:
        result = self.constant(self.field.constant(1))
        for _ in range(n):
            result = self.times(result, a)
        return result

    def read(self, t: Term, moving: frozenset[str], leaf: Leaf) -> Polynomial:
        """``t`` as a polynomial; ``leaf`` knows the state, terms without ``moving`` names are constant."""
        known = leaf(t)
        if known is not None:
            return known
        if not free_names(t) & moving:
            return self.constant(self.field.frac(t))
        match t:
            case App("add", args):
                total: Polynomial = {}
                for a in args:
                    total = self.plus(total, self.read(a, moving, leaf))
                return total
            case App("mul", args):
                product = self.constant(self.field.constant(1))
                for a in args:
                    product = self.times(product, self.read(a, moving, leaf))
                return product
            case App("neg", (a,)):
                return self.times(self.constant(self.field.constant(-1)), self.read(a, moving, leaf))
            case App("div", (a, b)) if not free_names(b) & moving:
                return self.times(self.read(a, moving, leaf), self.constant(self.field._inverse(self.field.frac(b))))
            case App("pow", (a, Num(e))) if e.denominator == 1 and 0 <= e <= MAX_DEGREE:
                return self.power(self.read(a, moving, leaf), int(e))
        raise Reject(RULE, "orbit", f"{show(t)[:60]} is no polynomial in the state")

    def substitute(self, p: Polynomial, by: list[Polynomial]) -> Polynomial:
        total: Polynomial = {}
        for m, c in p.items():
            product = self.constant(c)
            for k, e in enumerate(m):
                product = self.times(product, self.power(by[k], e))
            total = self.plus(total, product)
        return total


@dataclass(frozen=True)
class System:
    """u(n) = row . matrix^n start."""

    field: Field
    row: list[Frac]
    matrix: list[list[Frac]]
    start: list[Frac]

    @property
    def size(self) -> int:
        return len(self.start)

    def values(self, count: int) -> list[Frac]:
        """u(0), ..., u(count - 1)."""
        out, state = [], self.start
        for _ in range(count):
            out.append(self._dot(self.row, state))
            state = [self._dot(r, state) for r in self.matrix]
        return out

    def _dot(self, a: list[Frac], b: list[Frac]) -> Frac:
        total = self.field.constant(0)
        for x, y in zip(a, b, strict=True):
            if x.num != 0 and y.num != 0:
                total = self.field._plus(total, self.field.times(x, y))
        return total

    def annihilated(self, p: list[Frac]) -> bool:
        """p(E) u = 0: shown for the first N places, which is enough."""
        if self.size + len(p) > 60:
            raise Reject(RULE, "recurrence", "is too long")
        u = self.values(self.size + len(p) - 1)
        return all(self._dot(p, u[n:n + len(p)]).num == 0 for n in range(self.size))


def find_orbit(body: Term, name: str) -> Bind:
    """The one iteration in ``body`` whose number of steps moves with ``name``."""
    found: dict[Term, Bind] = {}
    for u in subterms(body):
        if isinstance(u, Bind) and u.head == "iterate" and name in free_names(u.outer[0]):
            start = Bind(u.head, u.names, u.sorts, (num(0), u.outer[1]), u.inner)
            if name in free_names(start):
                raise Reject(RULE, "orbit", f"depends on {name} in other ways than by its steps")
            found.setdefault(alpha(start), start)
    if len(found) != 1:
        raise Reject(RULE, "orbit", "the sequence is not along one orbit")
    return next(iter(found.values()))


def system(field: Field, orbit: Bind, body: Term, name: str, inside: Sequent) -> System:
    """The linear system of ``body`` (in terms of orbit(name + c), c >= 0 literal; ``inside`` declares the
    name).  Raises Reject."""
    from .rule_iteration import offset

    ring = Ring(field, len(orbit.names))
    step = one_step(ring, orbit)
    mark = alpha(orbit)
    powers: list[list[Polynomial]] = [[ring.variable(k) for k in range(ring.size)]]

    def leaf(t: Term) -> Polynomial | None:
        match t:
            case App("item", (Bind("iterate") as u, Num(k))) if name in free_names(u):
                if alpha(Bind(u.head, u.names, u.sorts, (num(0), u.outer[1]), u.inner)) != mark:
                    raise Reject(RULE, "orbit", "the sequence is not along one orbit")
                c = offset(u.outer[0], name, inside)
                if c is None or not 0 <= c <= 12 or not 1 <= k <= ring.size:
                    raise Reject(RULE, "orbit", f"{show(u.outer[0])[:40]} steps")
                while len(powers) <= c:
                    powers.append([ring.substitute(p, step) for p in powers[-1]])
                return powers[c][int(k) - 1]
        return None

    f = ring.read(body, frozenset((name,)), leaf)
    monomials: list[Monomial] = sorted(f)
    rows: list[Polynomial] = []
    while len(rows) < len(monomials):
        if len(monomials) > MAX_MONOMIALS:
            raise Reject(RULE, "orbit", f"more than {MAX_MONOMIALS} monomials")
        image = ring.substitute({monomials[len(rows)]: field.constant(1)}, step)
        monomials += sorted(m for m in image if m not in monomials)
        rows.append(image)
    zero = field.constant(0)
    start = []
    for m in monomials:
        value = field.constant(1)
        for k, e in enumerate(m):
            part = field.frac(app("item", orbit.outer[1], num(k + 1)))
            value = field.times(value, field.natural_power(part, e))
        start.append(value)
    return System(field, [f.get(m, zero) for m in monomials],
                  [[image.get(m, zero) for m in monomials] for image in rows], start)


def one_step(ring: Ring, orbit: Bind) -> list[Polynomial]:
    """The map of one step, line by line, as polynomials in the state before it."""
    current = {name: ring.variable(k) for k, name in enumerate(orbit.names)}
    moving = frozenset(orbit.names)

    def leaf(t: Term) -> Polynomial | None:
        return current.get(t.name) if isinstance(t, Var) else None

    for line in orbit.inner:
        if not isinstance(line, App):
            raise Reject(RULE, "orbit", "a line that assigns nothing")
        target, value = line.args
        if isinstance(target, App):
            if not (isinstance(value, App) and value.head == "tuple" and len(value.args) == len(target.args)):
                raise Reject(RULE, "orbit", "a line that does not write its values out")
            new = [ring.read(v, moving, leaf) for v in value.args]
            for t, p in zip(target.args, new, strict=True):
                if isinstance(t, Var):
                    current[t.name] = p
        elif isinstance(target, Var):
            current[target.name] = ring.read(value, moving, leaf)
    return [current[name] for name in orbit.names]


__all__ = ["CannotNormalise", "Ring", "System", "find_orbit", "one_step", "system"]
