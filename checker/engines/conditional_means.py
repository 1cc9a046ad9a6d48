"""What is assumed of conditional expectations, used under the expectation: E(y | x) = v(x) for almost every x.

    E_x g (E(u | x) - v) = 0      for any g of x: an integrand that is 0 at each x, by the assumption

Method.  1. For each assumed equation A = B and each g (1, the claim's terms in x, their products, the assumed means
themselves) the split form of E_x g (A - B) is a relation between functionals, E(g u) = E(g v).  2. An equation: the
difference of the sides is divided by these relations, each solved for the functional in A with the fewest copies of a
variable; quotients may be any scalars.  What is taken away is added up under one E for each group of variables, so that
functionals that only help (E of a squared conditional mean) cancel before they have to be finite.  3. An inequality:
E_x g (B - A) >= 0, g >= 0, are columns of the linear program of ``expectations``.

The certificate is one of the rule "expectation" (kernel/rule_expectation.py), which checks that the integrand is 0 (not
negative) at each x from the assumptions, and that what remains cancels.  Law of iterated expectations: Wasserman, All
of Statistics, ch. 3 (no page).

What it cannot do: quotients that need two relations at once (no S-pairs are formed).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.density_form import Marginal, Mono, Opaque, Poly, mono, of_mono, times
from ..kernel.density_groups import settled
from ..kernel.density_reading import Piece
from ..kernel.density_terms import over_variables
from ..kernel.evidence import Reject
from ..kernel.field import CannotNormalise
from ..kernel.rule_expectation import merged
from ..kernel.term import (
    ONE, TRUE, ZERO, App, Bind, Law, Malformed, Sort, Space, Term, Var, alpha, app, conjuncts, free_names, mul, num,
    sub, substitute, subterms, to_json,
)

if TYPE_CHECKING:
    from .expectations import Inequality

Certificate = dict[str, Any]
MAX_STEPS = 24
MAX_FACTORS = 14
_FAILURES = (Reject, CannotNormalise, Malformed, KeyError, IndexError, ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Fact:
    """``small relation large`` at almost every value of ``names`` (none: at the claim's own)."""

    relation: str                       # = or <=
    small: Term
    large: Term
    names: tuple[str, ...]
    sorts: tuple[Sort, ...]
    was: tuple[tuple[str, str], ...]    # the names as they were written, and the fresh ones


@dataclass(frozen=True, slots=True)
class Relation:
    """What the integrand ``term`` under E over ``names`` says of functionals: ``poly`` = 0."""

    fact: Fact
    term: Term
    poly: Poly
    lead: Mono
    coefficient: Any


Taken = list[tuple[Fact, Term, Fraction]]       # integrands that are 0, and how often


def equal(of: Inequality) -> Iterator[list[Certificate]]:
    """The difference of the sides as a combination of what is assumed."""
    found = relations(of)
    if not found:
        return
    difference, taken = reduced(of, formal(of, of.pieces), found)
    if difference.terms or not taken:
        return
    entries = added(of, taken, "=")
    if entries is not None:
        yield entries


def relations(of: Inequality) -> list[Relation]:
    return [r for f in assumed(of) if f.relation == "=" for r in _relations(of, f)]


def reduced(of: Inequality, poly: Poly, by: list[Relation]) -> tuple[Poly, Taken]:
    """What is left of ``poly`` when each functional that an assumption knows is replaced, and what that takes away."""
    taken: Taken = []
    for _ in range(MAX_STEPS):
        step = _step(poly, by)
        if step is None:
            break
        relation, quotient, c = step
        factor = of.reader.mono_term(quotient)
        term = relation.term if factor == ONE else mul(factor, relation.term)
        taken.append((relation.fact, term, c))
        poly = settled(of.reader, poly - of_mono(quotient, c)*relation.poly)
    return poly, taken


def added(of: Inequality, taken: Taken, relation: str) -> list[Certificate] | None:
    """One entry for each group of variables: functionals that only help cancel before they have to be finite."""
    groups: dict[tuple[str, ...], tuple[Fact, list[Term]]] = {}
    for fact, term, c in taken:
        first, parts = groups.setdefault(tuple(name for name, _ in fact.was), (fact, []))
        same = {a: Var(b) for (_, a), (_, b) in zip(fact.was, first.was, strict=True)}
        term = substitute(term, same)
        parts.append(term if c == 1 else mul(num(c), term))
    entries = [_entry(of, first, parts[0] if len(parts) == 1 else app("add", *parts), relation)
               for first, parts in groups.values()]
    return None if None in entries else [e for e in entries if e is not None]


def columns(of: Inequality) -> Iterator[tuple[Term, Poly, Certificate]]:
    """E g (B - A) >= 0 for the linear program, A <= B assumed; E A >= 0 or E A <= 0, where that is all that counts."""
    for f in assumed(of):
        if f.relation == "=":
            continue
        signs = [t for t in (f.small, f.large) if isinstance(t, Bind)]
        for g in (*_factors(of, f), None):
            for h in [sub(f.large, f.small)] if g is not None else [*signs, *(app("neg", t) for t in signs)]:
                h = h if g in (None, ONE) else mul(g, h)
                entry = _entry(of, f, h, ">=")
                if entry is None and g is not None:
                    break
                if entry is None:
                    continue
                column = of.column(_averaged(of, f, h), {k: v for k, v in entry.items() if k not in (
                    "lambda", "term")})
                if column is not None:
                    yield column


def assumed(of: Inequality) -> list[Fact]:
    """The assumptions that speak of conditional expectations."""
    out = []
    for a in of.s.assumptions:
        for c in conjuncts(a):
            names: tuple[str, ...] = ()
            sorts: tuple[Sort, ...] = ()
            was: tuple[tuple[str, str], ...] = ()
            if isinstance(c, Bind) and c.head == "forall" and all(isinstance(k, Space) for k in c.sorts):
                if c.inner[0] != TRUE:
                    continue
                opened = of.opened(c)
                names, sorts, was = opened.names, opened.sorts, tuple(zip(c.names, opened.names, strict=True))
                c = opened.inner[1]
                if isinstance(c, App) and c.head == "implies":      # where p(x) > 0: the kernel will ask
                    c = c.args[1]
            match c:
                case App("=" | "<=" | "<", (a, b)) | App(">=" | ">", (b, a)) if any(
                        isinstance(t, Bind) and t.head == "E" and over_variables(t) for t in subterms(c)):
                    out.append(Fact("=" if c.head == "=" else "<=", a, b, names, sorts, was))
    return out


def formal(of: Inequality, pieces: list[Piece]) -> Poly:
    """The split form, whether or not its functionals are finite: the kernel will ask."""
    total = Poly()
    for p in merged(of.reader, pieces):
        for t in of.moments.split(p):
            total = total + t.poly
    return settled(of.reader, total)


def _relations(of: Inequality, f: Fact) -> Iterator[Relation]:
    for g in _factors(of, f):
        for small, large in ((f.small, f.large), (f.large, f.small)):
            h = sub(small, large)
            h = h if g == ONE else mul(g, h)
            try:
                poly = formal(of, of.reader.pieces(_averaged(of, f, h)))
            except _FAILURES:
                continue
            mine = _of(of, f, small, g)
            leads = [(m, c) for m, c in poly.terms if m in mine and any(isinstance(a, Marginal) for a, _ in m)
                     and not any(isinstance(a, Opaque) for a, _ in m)]
            if leads:
                lead, c = min(leads, key=lambda x: (_copies(x[0]), repr(x[0])))
                yield Relation(f, h, poly, lead, c)
                break


def _of(of: Inequality, f: Fact, side: Term, g: Term) -> set[Mono]:
    """The functionals that come from one side."""
    try:
        return {m for m, _ in formal(of, of.reader.pieces(_averaged(of, f, mul(g, side)))).terms}
    except _FAILURES:
        return set()


def _copies(m: Mono) -> int:
    return sum(len(a.names) for a, _ in m if isinstance(a, Marginal))


def _step(difference: Poly, relations: list[Relation]) -> tuple[Relation, Mono, Any] | None:
    for m, c in difference.terms:
        for r in relations:
            have = dict(m)
            if all(have.get(a, 0) >= e for a, e in r.lead if isinstance(a, Marginal)):
                quotient = times(m, mono((a, -e) for a, e in r.lead))
                return r, quotient, c/r.coefficient
    return None


def _factors(of: Inequality, f: Fact) -> list[Term]:
    """1, terms of the claim in the variables, the assumed means, and products of two."""
    if not f.names:
        return [ONE]
    by: dict[str, Term] = {a: Var(b) for a, b in f.was}
    found = {alpha(t): t for t in (substitute(t, by) for t in of.random_terms())}
    for side in (f.small, f.large):
        for t in subterms(side):
            if isinstance(t, Bind) and t.head == "E" and over_variables(t) or t == side and t.__class__ is App:
                found.setdefault(alpha(t), t)
    known = of.s.declarations.keys() | set(f.names)
    singles = [t for t in found.values() if free_names(t) & set(f.names) and free_names(t) <= known]
    pairs = [mul(u, v) for u, v in itertools.combinations_with_replacement(singles, 2)]
    return [ONE, *singles, *pairs][:MAX_FACTORS]


def _averaged(of: Inequality, f: Fact, h: Term) -> Term:
    """E h over the fact's variables, under the law that has them."""
    if not f.names:
        return h
    label = dict(f.was)
    for law, sort in of.s.declarations.items():
        if isinstance(sort, Law) and not sort.given and label.keys() <= set(sort.own):
            weight = of.reader.density_term(law, tuple(sorted(label.items())), ())
            return Bind("E", f.names, f.sorts, (), (weight, h))
    for t in subterms(of.s.goal):
        if isinstance(t, Bind) and t.head == "E" and set(t.names) == label.keys():
            weight = substitute(t.inner[0], {n: Var(label[n]) for n in t.names})
            return Bind("E", tuple(label[n] for n in t.names), t.sorts, (), (weight, h))
    raise Reject("search", "weight", "no law has these variables")


def _entry(of: Inequality, f: Fact, h: Term, relation: str) -> Certificate | None:
    try:
        whole = _averaged(of, f, h)
    except _FAILURES:
        return None
    opened = whole if isinstance(whole, Bind) and f.names else Bind("E", (), (), (), (ONE, h))
    found = of.proof(opened, opened.inner[0], app(relation, h, ZERO))
    return None if found is None else {"lambda": "1", "term": to_json(whole), **found}


__all__ = ["added", "assumed", "columns", "equal", "reduced", "relations"]
