"""Numbers made of words, split into what moves and what does not.

A minimum over w compares f(w) with f(a) for every w: what does not mention w is a coefficient, a rational function of
the numbers at hand, and what does is a row.  A norm r that does not move has r^2 = v'v: one of the products under a
root is its square less the others.  Read with the kernel's own words (``word_reading``), but believed by nobody: the
kernel checks the identity that is found with it.
Cannot: matrices; coefficients that are no rational functions of numbers, norms and products.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sympy import QQ
from sympy.polys.fields import FracField

from ..kernel.claim import Sequent
from ..kernel.effort import spend
from ..kernel.rule_matrix_form import MatrixForm
from ..kernel.term import ZERO, Bind, Term, add, app, free_names, mul, num, subterms
from ..kernel.words import Atom, Form
from . import word_terms

Row = tuple[tuple[Atom, int], ...]


class Unreadable(ValueError):
    """A number outside this language."""


class Reading:
    """Numbers as sums over products of what moves, with coefficients in the field of what does not."""

    def __init__(self, s: Sequent, terms: Sequence[Term], moving: frozenset[str], identity: Mapping[str, Any]) -> None:
        self.moving = moving
        work = MatrixForm(Sequent(s.declarations, s.assumptions, app("=", ZERO, ZERO)), identity)
        forms = [work.difference(t, ZERO) for t in terms]
        work.prepare()
        self.r = work.reader
        self.forms = [self.r.again(f) for f in forms]
        atoms = dict.fromkeys(a for f in self.forms for (scalars, _), _ in f.terms.items() for a, _ in scalars)
        names: dict[Atom, None] = {}
        for a in atoms:
            self._fixed(a, names)
        self.names = list(names)
        self.field = FracField([f"g{k}" for k in range(len(names))] or ["g0"], QQ)
        self.values: dict[Atom, Any] = {a: self.field.gens[k] for k, a in enumerate(self.names)}
        for a in self.names:            # v'v is the square of the norm of v
            if a[0] == "root" and (solved := self._solved(a)) is not None:
                self.values[solved[0]] = solved[1]
        self.rows = [self._split(f) for f in self.forms]
        self.written = dict(self._as_written(s))

    def _as_written(self, s: Sequent) -> Iterator[tuple[Atom, Term]]:
        """Sums as the claim has them, so that what is assumed of them is seen."""
        for u in dict.fromkeys(u for t in (s.goal, *s.assumptions) for u in subterms(t) if isinstance(u, Bind)):
            if u.head == "sum" and free_names(u) <= s.declarations.keys():
                match list(self.r.again(self.r.scalar(u)).terms.items()):
                    case [((((a, 1),), ()), c)] if c == 1:
                        yield a, u

    def _fixed(self, a: Atom, into: dict[Atom, None]) -> None:
        """The atoms that a number without moving names is made of."""
        if self.moves(a):
            return
        if a[0] in ("root", "inv"):
            forms = self.r.roots if a[0] == "root" else self.r.reciprocals
            for scalars, _ in self.r.again(forms[a[1]]).terms:
                for b, _ in scalars:
                    self._fixed(b, into)
        if a[0] != "inv":
            into[a] = None

    def moves(self, a: Atom) -> bool:
        match a:
            case ("q" | "tr", tuple() as w):
                return any(self.letter_moves(n) for n, _ in w)
            case ("root", int(k)):
                return self.form_moves(self.r.roots[k])
            case ("inv", int(k)):
                return self.form_moves(self.r.reciprocals[k])
            case ("v", str(name)):
                return name in self.moving
        return any(name in repr(a) for name in self.moving)

    def letter_moves(self, name: str) -> bool:
        base = self.r.bases[name]
        return name in self.moving or base.term is not None and bool(free_names(base.term) & self.moving) or (
            base.compound is not None and self.form_moves(base.compound))

    def form_moves(self, f: Form) -> bool:
        return any(self.letter_moves(n) for (_, w), _ in f.terms.items() for n, _ in w) or any(
            self.moves(a) for (scalars, _), _ in f.terms.items() for a, _ in scalars)

    def _solved(self, root: Atom) -> tuple[Atom, Any] | None:
        """One of the products under a root, as its square less the others."""
        f = self.r.again(self.r.roots[root[1]])
        for (scalars, _), c in f.terms.items():
            match scalars:
                case ((("q", _) as a, 1),) if self.values[a] in self.field.gens:
                    others = {k: v for k, v in f.terms.items() if k != (scalars, ())}
                    rest = self.element(Form(f.rows, f.columns, others))
                    return a, (self.values[root]**2 - rest)/self.rational(c)
        return None

    def rational(self, c: Fraction) -> Any:
        return self.field(QQ(c.numerator, c.denominator))

    def element(self, f: Form) -> Any:
        rows = self._split(f)
        if set(rows) - {()}:
            raise Unreadable("a coefficient that moves")
        return rows.get((), self.field.zero)

    def _split(self, f: Form) -> dict[Row, Any]:
        out: dict[Row, Any] = {}
        for (scalars, word), c in f.terms.items():
            if word:
                raise Unreadable("a matrix")
            spend(1)
            x = self.rational(c)
            row = []
            for a, e in scalars:
                if self.moves(a):
                    row.append((a, e))
                elif a[0] == "inv":
                    x /= self.element(self.r.again(self.r.reciprocals[a[1]]))**e
                else:
                    x *= self.values[a]**e
            out[tuple(row)] = out.get(tuple(row), self.field.zero) + x
        return {k: x for k, x in out.items() if x != 0}

    def term(self, x: Any) -> Term:
        """As a quotient of products, so that squares are seen to be squares."""
        top, bottom = self._factored(x.numer), self._factored(x.denom)
        return top if bottom == num(1) else app("div", top, bottom)

    def _atom(self, a: Atom) -> Term:
        return self.written.get(a) or word_terms.atom(self.r, a)

    def factors(self, x: Any) -> tuple[Fraction, list[tuple[Term, int]]]:
        c, out = Fraction(1), []
        for p, sign in ((x.numer, 1), (x.denom, -1)):
            q, parts = p.factor_list()
            c *= Fraction(int(q.numerator), int(q.denominator))**sign
            out += [(self._poly(f), sign*e) for f, e in parts]
        return c, out

    def _factored(self, p: Any) -> Term:
        c, parts = p.factor_list()
        q = Fraction(int(c.numerator), int(c.denominator))
        if len(parts) == 1 and parts[0][1] == 1:
            return self._poly(p)
        factors = [self._poly(f) if e == 1 else app("pow", self._poly(f), num(e)) for f, e in parts]
        return mul(*([num(q)] if q != 1 or not factors else []), *factors)

    def _poly(self, p: Any) -> Term:
        summands = []
        for powers, c in p.terms():
            q = Fraction(int(c.numerator), int(c.denominator))
            factors = [self._atom(a) if e == 1 else app("pow", self._atom(a), num(e))
                       for a, e in zip(self.names, powers, strict=False) if e]
            summands.append(mul(*([num(q)] if q != 1 or not factors else []), *factors))
        return add(*summands) if summands else ZERO


__all__ = ["Reading", "Row", "Unreadable"]
