"""Numbers made of values and inner products, as polynomials in these over the field of the scalars.

Method: a sum over one index is expanded into products of entries of vectors; two entries make an inner product, one
makes a sum of entries.  Vectors that an assumption gives entry by entry are replaced.  Fast, and believed by nobody:
the kernel's index normal form checks the identity that is found with it.
Cannot do: sums over several indices at once, guards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from sympy import QQ
from sympy.polys.fields import FracField

from ..kernel.claim import Sequent
from ..kernel.effort import spend
from ..kernel.term import TRUE, App, Bind, Index, Map, Num, Scalar, Term, Var, alpha, conjuncts, free_names, num, show

Key = tuple[str, ...]
Mono = tuple[Key, ...]
Form = dict[Mono, Any]
_FORMULAS = ("=", "<=", ">=", "<", ">", "!=", "true", "and", "or", "not", "implies", "iff")
_ARITHMETIC = ("add", "mul", "neg", "div", "pow")


class Unreadable(ValueError):
    """Outside this language."""


class Forms:
    """Reads terms.  ``scalars``: the names whose rational functions are the coefficients."""

    def __init__(self, s: Sequent, scalars: Iterable[str], terms: Iterable[Term]) -> None:
        self.s, self.scalars = s, frozenset(scalars)
        atoms: dict[Term, None] = {}
        for t in terms:
            self._collect(t, atoms)
        self.atoms: dict[int, Term] = dict(enumerate(atoms))
        self.place = {alpha(t): k for k, t in self.atoms.items()}
        self.field = FracField([f"s{k}" for k in self.atoms] or ["s0"], QQ)
        self.one, self.zero = self.field.one, self.field.zero
        self.given: dict[Key, tuple[str, Term]] = {}
        for a in s.assumptions:
            self._equation(a)

    def _collect(self, t: Term, atoms: dict[Term, None]) -> None:
        if isinstance(t, Num):
            return
        if free_names(t) <= self.scalars and not (isinstance(t, App) and t.head in _ARITHMETIC and (
                t.head != "pow" or isinstance(t.args[1], Num) and t.args[1].value.denominator == 1)):
            if not isinstance(t, Bind) and (not isinstance(t, App) or t.head not in _FORMULAS):
                atoms.setdefault(t)
                return
        match t:
            case App(_, args):
                for a in args:
                    self._collect(a, atoms)
            case Bind():
                for k in t.sorts:
                    if isinstance(k, Index):
                        self._collect(k.size, atoms)
                for u in t.inner:
                    self._collect(u, atoms)

    def _equation(self, a: Term) -> None:
        """``forall i: v[i] = t`` with t free of v; ``v[r] = t`` for one index is none of these."""
        match a:
            case Bind("forall", (i,), _, _, (guard, App("=", (App("at", (Var(v), *rest, Var(j))), t)))) if (
                    guard == TRUE and i == j and v not in free_names(t) and not any(i in free_names(u) for u in rest)):
                self.given.setdefault((v, *map(show, rest)), (i, t))

    # ------------------------------------------------------------------ arithmetic

    def constant(self, c: Any) -> Form:
        return {(): c} if c != 0 else {}

    def plus(self, *forms: Form) -> Form:
        out: Form = {}
        for f in forms:
            for m, c in f.items():
                out[m] = out.get(m, self.zero) + c
        return {m: c for m, c in out.items() if c != 0}

    def times(self, f: Form, g: Form) -> Form:
        out: Form = {}
        for m, c in f.items():
            for k, d in g.items():
                key = tuple(sorted((*m, *k)))
                out[key] = out.get(key, self.zero) + c*d
        if len(out) > 400:
            raise Unreadable("too many products")
        return {m: c for m, c in out.items() if c != 0}

    # ------------------------------------------------------------------ reading

    def read(self, t: Term, bound: Mapping[str, str] | None = None) -> Form:
        """``bound``: the index of the sum around -> its own name in keys."""
        spend(1)
        bound = bound or {}
        match t:
            case Num(value):
                return self.constant(self.field(QQ(value.numerator, value.denominator)))
            case App("add", args):
                return self.plus(*(self.read(a, bound) for a in args))
            case App("neg", (a,)):
                return {m: -c for m, c in self.read(a, bound).items()}
            case App("mul", args):
                out = self.constant(self.one)
                for a in args:
                    out = self.times(out, self.read(a, bound))
                return out
            case App("div", (a, b)):
                below = self.read(b, bound)
                if set(below) != {()}:
                    raise Unreadable("a denominator that is no scalar")
                return {m: c/below[()] for m, c in self.read(a, bound).items()}
            case App("pow", (App("sqrt" | "abs" as head, (a,)), Num(e))) if e.denominator == 1 and e > 0 and e % 2 == 0:
                return self._power(self.read(a, bound), int(e)//(2 if head == "sqrt" else 1))
            case App("pow", (App("mul" | "div" | "neg" as head, args), Num(e))) if e.denominator == 1 and e % 2 == 0:
                squares = tuple(App("pow", (a, Num(e))) for a in args)
                return self.read(squares[0] if head == "neg" else App(head, squares), bound)
            case App("pow", (a, Num(e))) if e.denominator == 1 and 0 <= e <= 8:
                return self._power(self.read(a, bound), int(e))
            case App("pow", (a, Num(e))) if e.denominator == 1 and -8 <= e < 0:
                below = self.read(a, bound)
                if set(below) != {()}:
                    raise Unreadable("a denominator that is no scalar")
                return self.constant(below[()]**int(e))
            case Bind("sum", (i,), (Index(size),), (), (guard, body)) if guard == TRUE and not bound:
                return self._summed(self.read(body, {i: "."}), size)
            case App("at", (Var(v), *args, Var(i))) if i in bound and not any(i in free_names(a) for a in args):
                key = (v, *map(show, args))
                if key in self.given:
                    j, value = self.given[key]
                    return self.read(value, {j: "."})
                return {(("v", *key),): self.one}
        if (k := self.place.get(alpha(t))) is not None:
            return self.constant(self.field.gens[k])
        if bound and free_names(t) & set(bound):
            raise Unreadable(show(t)[:60])
        if isinstance(t, Bind):
            raise Unreadable(show(t)[:60])
        return {(("o", show(t)),): self.one}

    def _power(self, f: Form, e: int) -> Form:
        out = self.constant(self.one)
        for _ in range(e):
            out = self.times(out, f)
        return out

    def _summed(self, f: Form, size: Term) -> Form:
        out: Form = {}
        for m, c in f.items():
            entries = [k for k in m if k[0] == "v"]
            rest = [k for k in m if k[0] != "v"]
            if not entries:
                for n, d in self.read(size).items():
                    key = tuple(sorted((*rest, *n)))
                    out[key] = out.get(key, self.zero) + c*d
                continue
            inner: Key = ("p", *(" ".join(k) for k in entries), show(size))
            key = tuple(sorted((*rest, inner)))
            out[key] = out.get(key, self.zero) + c
        return {m: c for m, c in out.items() if c != 0}

    # ------------------------------------------------------------------ and back

    def as_term(self, x: Any) -> Term:
        """A rational function of the scalars as a term."""
        from ..kernel.term import app

        top, bottom = self._poly(x.numer), self._poly(x.denom)
        return top if bottom == num(1) else app("div", top, bottom)

    def _poly(self, p: Any) -> Term:
        from ..kernel.term import add, app, mul

        summands = []
        for powers, c in p.terms():
            factors: list[Term] = [num(Fraction(int(c.numerator), int(c.denominator)))]
            for k, e in enumerate(powers):
                if e:
                    factors.append(self.atoms[k] if e == 1 else app("pow", self.atoms[k], num(e)))
            summands.append(mul(*(factors[1:] if factors[0] == num(1) and len(factors) > 1 else factors)))
        return add(*summands)


def families(s: Sequent, mentioned: frozenset[str]) -> dict[Term, list[Term]]:
    """Vectors by their length: names with one index, and members like x[k, .] that are mentioned."""
    out: dict[Term, list[Term]] = {}
    for n, k in s.declarations.items():
        if isinstance(k, Map) and len(k.args) == 1 and isinstance(k.args[0], Index) and n in mentioned:
            out.setdefault(k.args[0].size, []).append(Var(n))
    return out


__all__ = ["Form", "Forms", "Scalar", "Unreadable", "conjuncts", "families"]
