"""Identities over R and C: normal form with principal branches, discrete ambiguity, cases at the kinks.

Class: equations between elementary terms.  Method: at each leaf the normal form (``principal``), else a relation
``exp(m (a - b)) = 1`` or ``a^q = b^q`` with a ball at one point (``branches``); where both fail, cases at a kink of
the terms: the sign of what stands under abs, max, sign or in a guard, the zeros of arguments of roots and
logarithms, the half-planes of a complex name.  (Bradford, Corless, Davenport, Jeffrey and Watt 2002, Ann. Math. AI
36, 303-318: decompose by the cuts; the cells here are cut by linear forms only.)

The certificate is the tree of cases; the kernel replays each leaf.  Cannot do: cuts along curves, arguments in
which a root is nested on its cut, transcendental boundaries.  Stops after ``Budget.leaves`` leaves in all.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import fmpq_mpoly

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.evidence import Reject
from ..kernel.field import CannotNormalise, Field, Frac, _Restart
from ..kernel.kinds import is_real
from ..kernel.principal import Principal
from ..kernel.prove import discharge
from ..kernel.rule_branches import domain
from ..kernel.rule_cells import cells
from ..kernel.term import (
    App, Bind, Num, Scalar, Term, Var, add, app, free_names, from_json, mul, negate, num, sub, subterms, to_json,
)
from .points import points

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
DEPTH = 5
_INVERSE = {"asin", "acos", "atan", "acot", "asinh", "acosh", "atanh", "atan2", "arg", "log"}
_CUT = _INVERSE | {"sqrt", "sign"}
_HEADS = _INVERSE | {"sqrt", "abs", "sign", "re", "im", "conj", "max", "min", "relu", "cases", "pi", "i"}
_I = App("i", ())
_MULTIPLIERS = (mul(num(2), _I), num(2), _I, num(1), mul(num(4), _I), num(4))


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    if not (isinstance(s.goal, App) and s.goal.head in ("=", "!=")) or not belongs(s):
        return
    yield {"rule": "principal"}
    if s.goal.head == "!=":
        return
    conditions = discharge(definedness(s.goal, s), s)
    if conditions:
        return          # asked again with these assumed
    c = _Tree(search).prove(s, DEPTH)
    if c is not None and c != {"rule": "principal"}:
        yield c


def belongs(s: Sequent) -> bool:
    """Whether the goal is an equation of elementary terms in which more stands than rational arithmetic."""
    found = False
    for u in subterms(s.goal):
        if isinstance(u, Bind) or isinstance(u, App) and u.head in ("oo", "density", "at", "tuple", "item"):
            return False
        if isinstance(u, App):
            found = found or u.head in _HEADS or u.head == "pow" and not (
                isinstance(u.args[1], Num) and u.args[1].value.denominator == 1)
    return found or any(s.declarations.get(n) == Scalar("complex") for n in free_names(s.goal))


class _Tree:
    """Searches the tree of cases."""

    def __init__(self, search: Searcher) -> None:
        self.search, self.budget = search, search.budget

    def shown(self, s: Sequent, c: Certificate) -> bool:
        found = self.search.accepted(s, c)
        return found is not None and not found.conditions

    def prove(self, s: Sequent, depth: int) -> Certificate | None:
        self.budget.leaves -= 1
        if self.budget.leaves < 0:
            return None
        if depth < DEPTH:
            for rule in ("field", "principal"):
                if self.shown(s, {"rule": rule}):
                    return {"rule": rule}
            if (empty := self.absurd(s)) is not None:
                return empty
        if (c := self.ambiguity(s)) is not None:
            return c
        if depth == 0:
            return None
        for split in self.splits(s, depth):
            found = self.split(s, split, depth)
            if found is not None or "part" not in split:
                return found        # the first kink decides: others come up inside its cases
        return None

    def absurd(self, s: Sequent) -> Certificate | None:
        for k, a in enumerate(s.assumptions):
            if not (isinstance(a, App) and a.head in ("=", "!=", "<", "<=", ">", ">=")):
                continue
            rest = Sequent(s.declarations, s.assumptions[:k] + s.assumptions[k + 1:], negate(a))
            rules = ("evaluate",) if not free_names(a) else ("sign", "field") if a.head != "=" else ("sign",)
            for rule in rules:
                if self.shown(rest, {"rule": rule}):
                    return {"rule": "absurd", "assumption": k, "proof": {"rule": rule}}
        return None

    # ------------------------------------------------------------------ discrete ambiguity

    def ambiguity(self, s: Sequent) -> Certificate | None:
        a, b = s.goal.args if isinstance(s.goal, App) else (num(0), num(0))
        try:
            here = domain(s)
            field = Principal(here)
            relation = field._settled(lambda: self.relation(field, a, b))
        except (Reject, CannotNormalise):
            return None
        if relation is None:
            return None
        wanted = free_names(s.goal).union(*map(free_names, here.assumptions))
        used = Sequent({n: k for n, k in here.declarations.items() if n in wanted}, here.assumptions, s.goal)
        for count, witness in enumerate(points(used, 6)):
            point = {n: v if isinstance(v, str) else v["term"] for n, v in witness["point"].items()}
            c = {"rule": "branches", **relation, "point": point}
            if self.shown(s, c):
                return c
            if count >= 3:
                break
        return None

    def relation(self, field: Principal, a: Term, b: Term) -> dict[str, Any] | None:
        u, v = field.frac(a), field.frac(b)
        d = field._subtract(u, v)
        if any(isinstance(t, App) and t.head in _INVERSE for x in (a, b) for t in subterms(x)):
            for m in _MULTIPLIERS:
                try:
                    e = field.exponential(field.times(field.frac(m), d))
                except CannotNormalise:
                    continue
                if field.vanishes(field._subtract(e, field.constant(1))):
                    return {"kind": "logarithm", "multiplier": to_json(m)}
        for q in (2, 3, 4, 6):
            try:
                if field.vanishes(field._subtract(field.natural_power(u, q), field.natural_power(v, q))):
                    return {"kind": "power", "power": q}
            except CannotNormalise:
                continue
        return None

    # ------------------------------------------------------------------ cases

    def split(self, s: Sequent, how: Certificate, depth: int) -> Certificate | None:
        if how["rule"] == "cases":
            on = from_json(how["on"])
            branches = [on, negate(on)]
            inner = [s.assuming(b) for b in branches]
        else:
            points_ = [from_json(t) for t in how.get("points", [])]
            try:
                inner = [q for _, q in cells(s, how["name"], points_, how.get("part", "im"))]
            except Reject:
                return None
        parts = []
        for q in inner:
            c = self.prove(q, depth - 1)
            if c is None:
                return None
            parts.append(c)
        return {**how, "parts": parts}

    def splits(self, s: Sequent, depth: int) -> Iterator[Certificate]:
        field = Field(s)
        weak, strict = kinks(s.goal)
        for guard in _guards(s.goal):
            if free_names(guard) and not discharge(definedness(guard, s), s) and Principal(s).holds(guard) is None:
                yield from self.at_zeros(field, sub(*guard.args), s)
                yield {"rule": "cases", "on": to_json(guard)}
        for u in weak:
            if is_real(u, s.declarations) and free_names(u) and not discharge(definedness(u, s), s):
                for factor in self.factors(field, u):
                    if self.sign(field, factor) is None:
                        yield {"rule": "cases", "on": to_json(app("<", factor, num(0)))}
        cut = any(isinstance(t, App) and (t.head in _CUT or t.head == "pow" and not isinstance(t.args[1], Num))
                  for t in subterms(s.goal))
        for name in sorted(free_names(s.goal)):
            if s.declarations.get(name) == Scalar("complex"):
                if any(isinstance(t, App) and t == app("abs", Var(name)) for a in s.assumptions for t in subterms(a)):
                    yield {"rule": "cells", "name": name, "part": "circle"}
                if not cut:
                    continue
                known = {t.head for a in s.assumptions if free_names(a) == {name} for t in subterms(a)
                         if isinstance(t, App) and t.args == (Var(name),)}
                on_axis = any(isinstance(t, App) and t.head in ("asinh", "atan") for t in subterms(s.goal))
                for part in ("re", "im") if on_axis else ("im", "re"):
                    if part not in known:
                        yield {"rule": "cells", "name": name, "part": part}
                if depth == DEPTH:
                    yield {"rule": "cells", "name": name, "part": "polar"}
        for u in strict:
            yield from self.at_zeros(field, u, s)
        for u in strict:
            if is_real(u, s.declarations) and len(free_names(u)) > 1 and not discharge(definedness(u, s), s):
                for factor in self.factors(field, u):
                    if self.sign(field, factor) is None:
                        yield {"rule": "cases", "on": to_json(app("<", factor, num(0)))}

    def at_zeros(self, field: Field, u: Term, s: Sequent) -> Iterator[Certificate]:
        if any(s.declarations.get(n) == Scalar("complex") for n in free_names(u)) and not is_real(u, s.declarations):
            return
        found: dict[str, set[Fraction]] = {}
        for name, q in self.zeros(field, u, s):
            if self.sign(field, sub(Var(name), Num(q))) in (None, "0+", "0-", "+-"):
                found.setdefault(name, set()).add(q)
        for name, where in found.items():
            yield {"rule": "cells", "name": name, "points": [str(q) for q in sorted(where)[:5]]}

    @staticmethod
    def factors(field: Field, u: Term) -> list[Term]:
        """The irreducible factors of u in names as terms; u itself where there are other generators."""
        try:
            f: Frac = field._settled(lambda: field.frac(u))
            found = [g for p in (f.num, f.den) if not p.is_constant() for g, _ in field._factors(p)[1]]
        except (CannotNormalise, _Restart):
            return [u]
        terms = [_polynomial_term(field, g) for g in found]
        return [t for t in terms if t is not None] if None not in terms else [u]

    @staticmethod
    def sign(field: Field, u: Term) -> str | None:
        try:
            return field.sign(u)
        except CannotNormalise:
            return None

    @staticmethod
    def zeros(field: Field, u: Term, s: Sequent) -> Iterator[tuple[str, Fraction]]:
        """Rational zeros of the linear factors of u that contain one real name."""
        try:
            f: Frac = field._settled(lambda: field.frac(u))
            polynomials = [p for p in (f.num, f.den) if not p.is_constant()]
            factors = [g for p in polynomials for g, _ in field._factors(p)[1]]
        except (CannotNormalise, _Restart):
            return
        for p in factors:
            used = [k for k, d in enumerate(p.degrees()) if d]
            if len(used) != 1 or int(p.degrees()[used[0]]) != 1:
                continue
            g = field.generators[used[0]]
            if g.kind == "name" and g.real and isinstance(g.term, Var):
                coefficients = {int(e[used[0]]): c for e, c in p.to_dict().items()}
                q = -coefficients.get(0, coefficients[1] * 0) / coefficients[1]
                yield g.term.name, Fraction(int(q.p), int(q.q))


def _polynomial_term(field: Field, p: fmpq_mpoly) -> Term | None:
    summands: list[Term] = []
    for exponents, c in p.to_dict().items():
        parts: list[Term] = []
        for k, e in enumerate(exponents):
            if e:
                t = field.generators[k].term
                if not isinstance(t, Var):
                    return None
                parts.append(t if int(e) == 1 else app("pow", t, num(int(e))))
        q = Fraction(int(c.p), int(c.q))
        summands.append(mul(*([Num(q)] if q != 1 or not parts else []), *parts))
    return add(*summands)


def kinks(goal: Term) -> tuple[list[Term], list[Term]]:
    """Terms whose sign matters: (weakly: >= 0 or < 0; strictly: also where they are 0), inner ones first."""
    weak: list[Term] = []
    strict: list[Term] = []
    one = num(1)
    for u in reversed(list(subterms(goal))):
        match u:
            case App("abs" | "relu", (w,)):
                weak.append(w)
            case App("max" | "min", args):
                weak += [sub(x, y) for k, x in enumerate(args) for y in args[k + 1:]]
            case App("sign" | "acot", (w,)):
                strict.append(w)
            case App("sqrt" | "log" | "arg", (w,)):
                strict.append(w)
            case App("pow", (w, e)) if not (isinstance(e, Num) and e.value.denominator == 1):
                strict.append(w)
            case App("atan2", (y, x)):
                strict += [y, x]
            case App("asin" | "acos" | "atanh", (w,)):
                strict += [sub(one, w), add(one, w)]
            case App("acosh", (w,)):
                strict += [sub(w, one), add(w, one)]
            case App("div", (_, w)):
                strict.append(w)
            case App("asinh" | "atan", (w,)):
                strict.append(w)
    return list(dict.fromkeys(weak)), list(dict.fromkeys(strict))


def _guards(goal: Term) -> list[App]:
    return [g for u in subterms(goal) if isinstance(u, App) and u.head == "cases"
            for g in u.args[1::2] if isinstance(g, App) and g.head in ("=", "!=", "<", "<=", ">", ">=")]


__all__ = ["belongs", "kinks", "proofs"]
