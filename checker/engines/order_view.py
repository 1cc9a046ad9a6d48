"""A sequent seen as polynomials: what the searches for inequalities work on.

Method: sines and cosines (multiples of one argument by their polynomials) become names bound by
s^2 + c^2 = 1; maxima, floors and the like become names; the normal form of the rest (``kernel/field``) gives
generators: names, exponentials, logarithms, roots.  Facts are the assumed order relations, the known signs
of the generators and the table of rule ``bound``; each carries the certificate that rule ``sos`` asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import fmpq_mpoly

from ..kernel.claim import Sequent
from ..kernel.evaluate import Undefined, Unknown, value
from ..kernel.field import CannotNormalise, Field, Frac
from ..kernel.kinds import is_real
from ..kernel.rule_sos import assumed_orders
from ..kernel.term import (
    FALSE, REAL, App, Bind, Num, Term, Var, add, app, conjuncts, free_names, mul, num, rebuild,
    sub, substitute, to_json,
)
from .gram import Poly

Certificate = dict[str, Any]
MAX_GENERATORS = 14


class Unreadable(ValueError):
    """Nothing here reads this sequent."""


@dataclass
class Fact:
    """``term > 0`` or ``>= 0``; ``data`` is its entry in a certificate of rule ``sos``."""

    frac: Frac
    strict: bool
    data: Certificate


_ASSUMED = {"rule": "assumption"}


def around(t: Term, direction: int) -> Fraction:
    """A fraction certainly below (-1) or above (1) the number t, with few digits.  Raises Undefined, Unknown."""
    ball = value(t, {}, {})
    if isinstance(ball, Fraction):
        return ball
    if not ball.imag.is_zero() or not ball.real.is_finite():
        raise Unknown("no real number")
    middle = Fraction(float(ball.real.mid()))
    step = Fraction(1, 10**7)
    return (middle / step).__round__() * step + direction * 2 * step


class View:
    def __init__(self, s: Sequent) -> None:
        self.s = s
        self.names: dict[str, Term] = {}           # new name -> the term it stands for
        self.table: dict[Term, Var] = {}
        self.circles: dict[Term, tuple[Var, Var]] = {}   # argument -> (sin, cos)
        self.bounded: list[Term] = []
        self._raw: Field | None = None
        assumptions = tuple(self.abstract(a) for a in s.assumptions)
        goal = self.abstract(s.goal)
        if len(self.names) > 10:
            raise Unreadable("too many functions")
        self.abstracted = Sequent({**s.declarations, **dict.fromkeys(self.names, REAL)}, assumptions, goal)
        self.field = Field(self.abstracted)

    # ------------------------------------------------------------------ functions become names

    def _named(self, t: Term, letter: str) -> Var:
        found = self.table.get(t)
        if found is None:
            name = f"{letter}'{len(self.names) + 1}"
            while name in self.s.declarations:
                name += "'"
            found = self.table[t] = Var(name)
            self.names[name] = t
        return found

    def _circle(self, u: Term) -> tuple[Var, Var]:
        if u not in self.circles:
            self.circles[u] = self._named(app("sin", u), "s"), self._named(app("cos", u), "c")
        return self.circles[u]

    def _angle(self, u: Term) -> tuple[Term, Term]:
        """(sin u, cos u) as polynomials in one circle."""
        match u:
            case App("neg", (v,)):
                s, c = self._angle(v)
                return app("neg", s), c
            case App("mul", (Num(k), v)) if k.denominator == 1 and 2 <= abs(k) <= 4:
                s, c = self._angle(v)
                sine, cosine = s, c
                for _ in range(abs(int(k)) - 1):
                    sine, cosine = add(mul(sine, c), mul(cosine, s)), sub(mul(cosine, c), mul(sine, s))
                return (sine if k > 0 else app("neg", sine)), cosine
            case App("mul", (Num(k), v)) if k == -1:
                return self._angle(app("neg", v))
            case _:
                return self._circle(u)

    def abstract(self, t: Term) -> Term:
        match t:
            case App("sin" | "cos" | "tan" | "cot" | "sec" | "csc" as f, (u,)) if is_real(
                    u, self.s.declarations) and u not in (num(0), app("pi")):
                s, c = self._angle(u)
                match f:
                    case "sin":
                        return s
                    case "cos":
                        return c
                    case "tan":
                        return app("div", s, c)
                    case "cot":
                        return app("div", c, s)
                    case "sec":
                        return app("div", num(1), c)
                return app("div", num(1), s)
            case App("max" | "min" | "floor" | "ceiling" | "relu", args) if all(
                    is_real(a, self.s.declarations) for a in args):
                if t.head in ("max", "min", "relu") and (chosen := self._decided(t)) is not None:
                    return self.abstract(chosen)
                if t not in self.bounded:
                    self.bounded.append(t)
                return self._named(t, "m")
            case App("atan" | "asinh" | "erf", (u,)) if is_real(u, self.s.declarations):
                return self._named(t, "a")
            case Bind():
                return t
            case _:
                return rebuild(t, self.abstract)

    def _decided(self, t: App) -> Term | None:
        """The argument that the kernel's normal form puts in for a maximum, a minimum, a relu."""
        if self._raw is None:
            self._raw = Field(self.s)
        best: Term = t.args[0]
        for a in t.args[1:] or (num(0),):
            try:
                sign = self._raw.sign(sub(a, best))
            except CannotNormalise:
                return None
            if sign is None or sign == "+-":
                return None
            if (sign in ("+", "0+")) != (t.head == "min"):
                best = a
        return best

    def back(self, t: Term) -> Term:
        return substitute(t, dict(self.names))

    # ------------------------------------------------------------------ fractions and terms

    def settled(self, question: Any) -> Any:
        """``question()`` with the field in its final form.  Raises :class:`Unreadable`."""
        try:
            return self.field._settled(question)
        except (CannotNormalise, _Unwritable) as error:
            raise Unreadable(str(error)) from error

    def frac(self, t: Term) -> Frac:
        return self.field.frac(self.abstract(t))

    def written(self, p: fmpq_mpoly) -> Term:
        return self.back(self._poly(p))

    def written_frac(self, f: Frac) -> Term:
        top, bottom = self.written(f.num), self.written(f.den)
        return top if bottom == num(1) else app("div", top, bottom)

    def _poly(self, p: fmpq_mpoly) -> Term:
        parts = []
        for exponents, c in p.to_dict().items():
            q = Fraction(int(c.p), int(c.q))
            factors: list[Term] = []
            for k, e in enumerate(exponents):
                if int(e):
                    g = self.generator(k)
                    factors.append(g if int(e) == 1 else app("pow", g, num(int(e))))
            if q != 1 or not factors:
                factors.insert(0, Num(q))
            parts.append(mul(*factors))
        return add(*parts) if parts else num(0)

    def _frac(self, f: Frac) -> Term:
        top, bottom = self._poly(f.num), self._poly(f.den)
        return top if bottom == num(1) else app("div", top, bottom)

    def generator(self, k: int) -> Term:
        g = self.field.generators[k]
        if g.kind in ("name", "opaque", "imaginary"):
            if isinstance(g.term, App) and (g.term.head.startswith("#") or not g.term.args
                                            and g.term.head not in ("pi", "i")):
                raise _Unwritable("an opaque value")
            return g.term
        if g.kind in ("exp", "log") and g.value is not None:
            return app(g.kind, self._frac(g.value))
        if g.kind == "root" and g.value is not None and g.power:
            if isinstance(g.term, App) and g.term.head == "abs":
                return self._modulus(g.value)
            inside = self._frac(g.value)
            return app("sqrt", inside) if g.power == 2 else app("pow", inside, Num(Fraction(1, g.power)))
        raise _Unwritable("a generator that is not written back")

    def _modulus(self, square: Frac) -> Term:
        w = self.field._square(square)
        if w is None:
            raise _Unwritable("a modulus")
        return app("abs", self._frac(w))

    def plain(self, p: fmpq_mpoly) -> fmpq_mpoly:
        """Names of which a root is a generator written as powers of that root: a = sqrt(a)^2."""
        from ..kernel.field import _GENS

        for k, g in enumerate(self.field.generators):
            if g.kind != "root" or not g.power or g.value is None or not g.value.den.is_constant() or p == 0:
                continue
            inner = self.used(g.value.num)
            if len(inner) != 1 or g.value.num != _GENS[inner[0]] or inner[0] == k:
                continue
            j = inner[0]
            out: dict[tuple[int, ...], Any] = {}
            for e, c in p.to_dict().items():
                n = list(map(int, e))
                n[k], n[j] = n[k] + g.power * n[j], 0
                out[tuple(n)] = out.get(tuple(n), 0) + c
            p = p.context().from_dict(out)
        return p

    def used(self, *polys: fmpq_mpoly) -> list[int]:
        return sorted({k for p in polys if p != 0 for k, d in enumerate(p.degrees()) if d})

    # ------------------------------------------------------------------ facts

    def assumed(self) -> Iterator[Fact]:
        known = assumed_orders(self.abstracted)
        for k, (small, large, strict) in enumerate(known):
            try:
                f = self.field._subtract(self.field.frac(large), self.field.frac(small))
            except CannotNormalise:
                continue
            yield Fact(f, strict, {"given": k})

    def constants(self, used: list[int]) -> Iterator[Fact]:
        """Generators that are numbers (pi, sqrt 2, log 3) between fractions; and x < c < r for an assumed
        bound c that is a number but no fraction."""
        for k in used:
            t = self.generator(k)
            if free_names(t):
                continue
            try:
                low, high = (around(t, d) for d in (-1, 1))
            except (Undefined, Unknown):
                continue
            for bound in (sub(t, Num(low)), sub(Num(high), t)):
                data = {"term": to_json(bound), "strict": True, "proof": {"rule": "evaluate"}}
                yield Fact(self.field.frac(bound), True, data)
        for small, large, strict in assumed_orders(self.s):
            for x, c, up in ((small, large, True), (large, small, False)):
                if free_names(c) or isinstance(c, Num) or not free_names(x):
                    continue
                try:
                    r = Num(around(c, 1 if up else -1))
                except (Undefined, Unknown):
                    continue
                term = sub(r, x) if up else sub(x, r)
                try:
                    f = self.frac(term)
                except CannotNormalise:
                    continue
                first, second = ("<" if strict else "<=", "<") if up else (">" if strict else ">=", ">")
                beyond = {"rule": "through", "terms": [to_json(c)], "relations": [first, second],
                          "parts": [_ASSUMED, {"rule": "evaluate"}]}
                goal = app(first[0], x, r)
                have = {"rule": "have", "fact": to_json(goal), "because": beyond, "proof": {"rule": "sign"}}
                if x not in (small if up else large,):
                    continue
                yield Fact(f, True, {"term": to_json(term), "strict": True, "proof": have})

    def different(self) -> Iterator[Fact]:
        """u != v: (u - v)^2 > 0."""
        for a in self.abstracted.assumptions:
            for c in conjuncts(a):
                if isinstance(c, App) and c.head == "!=" and all(
                        is_real(x, self.abstracted.declarations) for x in c.args):
                    t = app("pow", sub(*c.args), num(2))
                    try:
                        f = self.field.frac(t)
                    except CannotNormalise:
                        continue
                    yield Fact(f, True, self.by_sign(self.back(t), True))

    @staticmethod
    def by_sign(t: Term, strict: bool) -> Certificate:
        return {"term": to_json(t), "strict": strict, "proof": {"rule": "sign"}}

    def signs(self, used: list[int]) -> Iterator[Fact]:
        """Generators of known sign."""
        from ..kernel.field import _GENS, _ONE

        for k in used:
            g = self.field.generators[k]
            if g.sign in ("+", "0+"):
                yield Fact(Frac(_GENS[k], _ONE), g.sign == "+", self.by_sign(self.back(self.generator(k)),
                                                                             g.sign == "+"))
            elif g.sign in ("-", "0-"):
                t = app("neg", self.back(self.generator(k)))
                yield Fact(Frac(-_GENS[k], _ONE), g.sign == "-", self.by_sign(t, g.sign == "-"))

    def bounds(self, used: list[int]) -> Iterator[Fact]:
        """The table of rule ``bound`` for the functions that occur."""
        from ..kernel.evidence import Reject
        from ..kernel.rule_bound import entry

        here: list[Term] = []
        for k in used:
            g = self.field.generators[k]
            if isinstance(g.term, Var) and g.term.name in self.names:
                here.append(self.names[g.term.name])
            elif g.kind == "root" and isinstance(g.term, App) and g.term.head == "abs":
                here.append(self.back(self.generator(k)))
        for t in here:
            for side in range(6):
                try:
                    bound, sharp = entry(t, side)
                except Reject:
                    break
                proof = {"rule": "bound", "kind": "entry", "argument": to_json(t), "side": side}
                try:
                    f = self.frac(bound)
                except CannotNormalise:
                    continue
                yield Fact(f, sharp, {"term": to_json(bound), "strict": sharp, "proof": proof})

    def relations(self, used: list[int]) -> list[fmpq_mpoly]:
        """Polynomials that are 0: of roots, absolute values, the circle.  The kernel's normal form knows
        them; they need no place in a certificate."""
        from ..kernel.field import _GENS

        out = []
        for k in used:
            g = self.field.generators[k]
            if g.power and g.value is not None:
                out.append(self.plain(_GENS[k] ** g.power * g.value.den - g.value.num))
        by_name = {g.term.name: k for k, g in enumerate(self.field.generators) if isinstance(g.term, Var)}
        for s, c in self.circles.values():
            if s.name in by_name or c.name in by_name:
                x, y = self.field.frac(s).num, self.field.frac(c).num
                out.append(x * x + y * y - 1)
        return [h for h in out if h != 0]

    def difference(self) -> tuple[Frac, bool]:
        """``(larger - smaller, strict)`` of the goal; for false: (0, True)."""
        from ..kernel.rule_sos import sides

        if self.abstracted.goal == FALSE:
            return self.field.constant(0), True
        small, large, strict = sides(self.abstracted.goal, "sos")
        return self.field._subtract(self.field.frac(large), self.field.frac(small)), strict


class _Unwritable(Exception):
    pass


def as_difference(s: Sequent, proof: Certificate, small: Term, large: Term, relation: str) -> Certificate:
    """A proof of ``small R large`` used for ``large - small > 0`` (or >= 0)."""
    return {"rule": "have", "fact": to_json(app(relation, small, large)), "because": proof, "proof": {
        "rule": "sos", "facts": [{"given": len(assumed_orders(s))}], "sum": [["1", [0], None]]}}


def compress(polys: list[fmpq_mpoly], used: list[int]) -> list[Poly]:
    return [{tuple(int(e[k]) for k in used): Fraction(int(c.p), int(c.q)) for e, c in p.to_dict().items()}
            for p in polys]


def expand(p: Poly, used: list[int]) -> fmpq_mpoly:
    from flint import fmpq

    from ..kernel.field import _CTX, GENERATORS

    out = {}
    for m, c in p.items():
        e = [0] * GENERATORS
        for k, d in zip(used, m, strict=True):
            e[k] = d
        out[tuple(e)] = fmpq(c.numerator, c.denominator)
    return _CTX.from_dict(out)


__all__ = ["MAX_GENERATORS", "Fact", "Unreadable", "View", "as_difference", "compress", "expand"]
