"""From the normal form back to a term: what a value looks like when it has been put in order.

    exp(c u log w) is written w^(c u), powers of one base are put together, a denominator is one product.

The result is equal to what was read wherever that was defined (``Field.equal`` is asked again by who uses
it), so nothing here is trusted.  None where a generator is no term of its own (a power of a base of unknown
sign) or the result is too large to be read.
"""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq_mpoly

from .field import CannotNormalise, Field, Frac
from .term import App, Bind, Num, Term, Var, add, app, mul, num

MAX_SUMMANDS = 40


def in_order(field: Field, t: Term) -> Term | None:
    """``t`` from its normal form, if that is a term which is equal to it."""
    try:
        frac = field._settled(lambda: field.frac(t))
        found = _Writer(field).frac(frac)
        return found if field.equal(t, found) else None
    except (CannotNormalise, _NoTerm):
        return None


class _NoTerm(Exception):
    """A generator that is written as no term."""


class _Writer:
    def __init__(self, field: Field) -> None:
        self.field = field

    def frac(self, f: Frac) -> Term:
        top, bottom = self.polynomial(f.num), self.polynomial(f.den)
        return top if bottom == num(1) else app("div", top, bottom)

    def polynomial(self, p: fmpq_mpoly) -> Term:
        terms = p.to_dict()
        if len(terms) > MAX_SUMMANDS:
            raise _NoTerm
        summands = []
        for exponents, c in sorted(terms.items(), key=lambda e: e[0], reverse=True):
            factors = [self.power(k, int(e)) for k, e in enumerate(exponents) if e]
            value = Fraction(int(c.p), int(c.q))
            head = [] if abs(value) == 1 and factors else [num(abs(value))]
            whole = mul(*head, *factors)
            summands.append(app("neg", whole) if value < 0 else whole)
        return add(*summands) if summands else num(0)

    def power(self, k: int, e: int) -> Term:
        g = self.field.generators[k]
        if g.kind == "exp" and g.value is not None:
            return self.exponential(g.value, e)
        if g.kind == "log" and g.value is not None:
            base: Term = app("log", self.frac(g.value))
        elif g.kind == "root" and g.value is not None and g.power:
            if g.power == 2 and e == 1:
                return app("sqrt", self.frac(g.value))
            return app("pow", self.frac(g.value), Num(Fraction(e, g.power)))
        else:
            if any(isinstance(u, Var) and u.name.startswith(("\0", "...")) for u in _leaves(g.term)) or (
                    isinstance(g.term, App) and g.term.head in ("pow",) and not g.term.args):
                raise _NoTerm
            base = g.term
        return base if e == 1 else app("pow", base, num(e))

    def exponential(self, u: Frac, e: int) -> Term:
        """exp(e u); a logarithm in u makes it a power."""
        for k, degree in enumerate(map(int, u.num.degrees())):
            g = self.field.generators[k] if degree else None
            if g is not None and degree == 1 and g.kind == "log" and g.value is not None and len(u.num) == 1:
                rest = self.field.times(u, self.field._inverse(self.field._as_frac(k)))
                return app("pow", self.frac(g.value), self.frac(self.field.times(rest, self.field.constant(e))))
        return app("exp", self.frac(self.field.times(u, self.field.constant(e))))


def _leaves(t: Term) -> list[Term]:
    match t:
        case App(_, args):
            return [x for a in args for x in _leaves(a)]
        case Bind():
            return [x for a in (*t.outer, *t.inner) for x in _leaves(a)]
        case _:
            return [t]


__all__ = ["in_order"]
