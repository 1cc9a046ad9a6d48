"""Inequalities between sums over indices, from bounds that hold at every index.

    |V[u] - W[u]| <= M for all u,  P[s, u] >= 0,  total(u, P[s, u]) = 1   |-   |total(u, P[s, u]*(V[u] - W[u]))| <= M

Method: Farkas' lemma over instances.  Both sides are multiplied out into monomials whose factors are numbers, entries
and sums of products of entries.  Columns are the assumed inequalities at the indices in scope; the same under each
sum of the claim, times a factor of its summand that is known not to be negative; and all of these times numbers of
the claim that are not negative.  Equations, and 1/d times d, may be subtracted freely: they leave the remainder's
normal form to the kernel.  A linear programme finds the multipliers.
Source: Schrijver, Theory of Linear and Integer Programming, sec. 7.3 (Farkas; no page).  Why it convinces: rule
``gap`` proves each column and compares the remainder.
Cannot: products of two assumptions; weights that are products of two entries; instances at indices not in scope.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.model import beta
from ..kernel.prove import discharge
from ..kernel.rule_gap import remainder
from ..kernel.rule_sos import sides
from ..kernel.term import (
    TRUE, ZERO, App, Bind, Index, Num, Scalar, Sort, Term, Var, add, app, conjuncts, free_names, mul, num,
    rename, show, sort_to_json, sub, substitute, subterms, to_json,
)
from . import order
from .indices import prove_index
from .matrices import in_entries
from .simplex import solve

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
Monomial = tuple[Term, ...]
Polynomial = dict[Monomial, Fraction]
ORDER = ("<", "<=", ">", ">=")
MAX_DEPTH, MAX_TERMS, MAX_COLUMNS, MAX_INSTANCES, MAX_COFACTORS, MAX_PLAIN, MAX_FREE = 12, 200, 160, 40, 5, 24, 400
ONE = num(1)


# ------------------------------------------------------------------ sides as combinations of monomials


class TooLarge(Exception):
    pass


def _plus(p: Polynomial, q: Polynomial, scale: Fraction = Fraction(1)) -> Polynomial:
    out = dict(p)
    for m, c in q.items():
        out[m] = out.get(m, Fraction(0)) + scale*c
    if len(out) > MAX_TERMS:
        raise TooLarge
    return {m: c for m, c in out.items() if c}


def _times(p: Polynomial, q: Polynomial) -> Polynomial:
    if len(p)*len(q) > MAX_TERMS:
        raise TooLarge
    out: Polynomial = {}
    for (m, c), (n, d) in itertools.product(p.items(), q.items()):
        key = _sorted((*m, *n))
        out[key] = out.get(key, Fraction(0)) + c*d
    return {m: c for m, c in out.items() if c}


def _sorted(factors: Monomial) -> Monomial:
    return tuple(sorted(factors, key=show))


def polynomial(t: Term, level: int = 0) -> Polynomial:
    """``t`` multiplied out; a sum over an index is split into its summands, and what is free of the index leaves it."""
    match t:
        case Num(value):
            return {(): Fraction(value)} if value else {}
        case App("add", args):
            out: Polynomial = {}
            for a in args:
                out = _plus(out, polynomial(a, level))
            return out
        case App("neg", (a,)):
            return _plus({}, polynomial(a, level), Fraction(-1))
        case App("mul", args):
            out = {(): Fraction(1)}
            for a in args:
                out = _times(out, polynomial(a, level))
            return out
        case App("div", (a, Num(value))) if value:
            return _plus({}, polynomial(a, level), 1/Fraction(value))
        case App("div", (a, b)) if a != ONE:
            return _times(polynomial(a, level), {(app("div", ONE, b),): Fraction(1)})
        case App("pow", (a, Num(e))) if e.denominator == 1 and 2 <= e <= 3:
            return polynomial(mul(*[a]*int(e)), level)
        case Bind("sum", _, sorts, (), _) if all(isinstance(k, Index) for k in sorts):
            return _summed(t, level)
    return {(t,): Fraction(1)}


def _summed(t: Bind, level: int) -> Polynomial:
    """Bound names get names of their own, so that equal sums are equal terms."""
    named = {n: Var(f"summed{level + j}") for j, n in enumerate(t.names)}
    names = tuple(v.name for v in named.values())
    t = rename(t, frozenset(names))
    named = {n: Var(m) for n, m in zip(t.names, names, strict=True)}
    guard, body = (substitute(u, named) for u in t.inner)
    out: Polynomial = {}
    for m, c in polynomial(body, level + len(names)).items():
        inside = tuple(f for f in m if free_names(f) & set(names))
        outside = tuple(f for f in m if f not in inside)
        if not inside and guard == TRUE:
            sizes = [k.size for k in t.sorts if isinstance(k, Index)]
            part = _times({outside: Fraction(1)}, polynomial(mul(*sizes), level))
        else:
            atom = Bind("sum", names, t.sorts, (), (guard, mul(*inside) if inside else ONE))
            part = {_sorted((*outside, atom)): Fraction(1)}
        out = _plus(out, part, c)
    return out


# ------------------------------------------------------------------ columns


@dataclass(frozen=True)
class Column:
    """weight * (sum over names of factor * term), with a term that an instance of an assumption shows."""

    names: tuple[str, ...]
    sorts: tuple[Sort, ...]
    guard: Term
    weight: Term
    term: Term
    assumption: int
    by: tuple[tuple[str, Term], ...]
    strict: bool

    def total(self) -> Term:
        body = mul(self.weight, self.term) if self.weight != ONE else self.term
        return Bind("sum", self.names, self.sorts, (), (self.guard, body)) if self.names else body


def _differences(fact: Term) -> list[tuple[Term, bool]]:
    """Terms that a relation shows not to be negative (True: to be positive)."""
    out: list[tuple[Term, bool]] = []
    for part in conjuncts(fact):
        match part:
            case App("<=" | "<" as r, (a, b)) | App(">=" | ">" as r, (b, a)):
                strict = r in ("<", ">")
                if isinstance(a, App) and a.head == "abs":
                    out += [(sub(b, a), strict), (sub(b, a.args[0]), strict), (add(b, a.args[0]), strict)]
                else:
                    out.append((b if a == ZERO else sub(b, a), strict))
    return out


def _about_one_entry(fact: Term) -> bool:
    """Signs of entries are weights first of all."""
    return isinstance(fact, Bind) and all(isinstance(p, App) and ZERO in p.args for p in conjuncts(fact.inner[-1]))


class Columns:
    """What an assumption says of the terms of one goal."""

    def __init__(self, s: Sequent, search: Searcher, goal: Polynomial) -> None:
        self.s, self.search, self.goal = s, search, goal
        self.indices = [(Var(n), k) for n, k in s.declarations.items() if isinstance(k, Index)]
        plain = [u for a in s.assumptions for u in (a.args if isinstance(a, App) and a.head in ("=", *ORDER) else ())]
        monomials = [m for p in (goal, *map(polynomial, plain[:MAX_PLAIN])) for m in p]
        self.sums = list(dict.fromkeys(f for m in monomials for f in m if isinstance(f, Bind) and f.head == "sum"))
        self.monomials = monomials
        self._known: dict[Term, bool] = {}

    def nonnegative(self, t: Term, inside: Sequent | None = None) -> bool:
        if t == ONE:
            return True
        if t not in self._known:
            s = self.s if inside is None else inside
            self._known[t] = at_once(s.with_goal(app(">=", t, ZERO)), self.search) is not None
        return self._known[t]

    def cofactors(self) -> list[Term]:
        """Numbers of the claim that are not negative: 1, gamma, ..."""
        found: list[Term] = []
        for m in self.monomials:
            scalars = [f for f in m if not isinstance(f, Bind) and not (isinstance(f, App) and f.head == "at")]
            for size in range(1, min(2, len(scalars)) + 1):
                found += [mul(*part) for part in itertools.combinations(scalars, size)]
        kept = [t for t in list(dict.fromkeys(found))[:2*MAX_COFACTORS] if self.nonnegative(t)]
        return [ONE, *kept[:MAX_COFACTORS]]

    def all(self) -> Iterator[Column]:
        cofactors = self.cofactors()
        for k, fact in sorted(enumerate(self.s.assumptions), key=lambda x: _about_one_entry(x[1])):
            if not (isinstance(fact, Bind) and fact.head == "forall"):
                for term, strict in _differences(fact):
                    for c in cofactors:
                        yield Column((), (), TRUE, c, term, k, (), strict)
            elif all(isinstance(x, Index) for x in fact.sorts) and fact.inner[0] == TRUE:
                yield from self._of_law(k, fact, cofactors)

    def _of_law(self, k: int, law: Bind, cofactors: list[Term]) -> Iterator[Column]:
        places: list[tuple[Bind | None, list[tuple[Term, Sort]]]] = [(None, self.indices)]
        places += [(u, [*self.indices, *((Var(n), x) for n, x in zip(u.names, u.sorts, strict=True))])
                   for u in self.sums]
        for over, choices in places:
            options = [[t for t, sort in choices if sort == wanted] for wanted in law.sorts]
            for values in itertools.islice(itertools.product(*options), MAX_INSTANCES):
                by = dict(zip(law.names, values, strict=True))
                if over is not None and not set(over.names) & {v.name for v in values if isinstance(v, Var)}:
                    continue
                body = beta(substitute(law.inner[1], by), self.s.declarations)
                for term, strict in _differences(body):
                    for weight in [ONE] if over is None else self._weights(over):
                        for c in cofactors:
                            whole = weight if c == ONE else c if weight == ONE else mul(c, weight)
                            names, sorts, guard = ((), (), TRUE) if over is None else (
                                over.names, over.sorts, over.inner[0])
                            yield Column(names, sorts, guard, whole, term, k, tuple(by.items()), strict)

    def _weights(self, over: Bind) -> list[Term]:
        body = over.inner[1]
        factors = body.args if isinstance(body, App) and body.head == "mul" else (body,)
        inside = self.s.declaring(dict(zip(over.names, over.sorts, strict=True))).assuming(
            *conjuncts(over.inner[0]))
        return [*(f for f in dict.fromkeys(factors) if self._entry_nonnegative(f, inside)), ONE]

    def _entry_nonnegative(self, f: Term, inside: Sequent) -> bool:
        """By what is assumed of all entries of a family, or by a form that is visible."""
        if isinstance(f, App) and f.head == "at":
            return entry_sign(inside.with_goal(app(">=", f, ZERO)), self.search) is not None
        return isinstance(f, App) and f.head in ("exp", "abs", "relu", "pow", "sqrt") and self.nonnegative(f, inside)


def at_once(s: Sequent, search: Searcher) -> Certificate | None:
    """A proof without conditions by visible signs or a linear combination of what is assumed."""
    for c in itertools.chain(({"rule": "assumption"}, {"rule": "sign"}), order.quick(s, search)):
        if (found := search.accepted(s, c)) is not None and not found.conditions:
            return c
    return None


def entry_sign(s: Sequent, search: Searcher) -> Certificate | None:
    """``P[i, j] >= 0`` from an assumption about all entries of P: its instance at i, j."""
    entry = s.goal.args[0] if isinstance(s.goal, App) else s.goal
    if not (isinstance(entry, App) and entry.head == "at"):
        return None
    for k, law in enumerate(s.assumptions):
        if not (isinstance(law, Bind) and law.head == "forall" and law.inner[0] == TRUE):
            continue
        for part in conjuncts(law.inner[1]):
            for u in part.args if isinstance(part, App) else ():
                if isinstance(u, App) and u.head == "at" and u.args[0] == entry.args[0] and (
                        set(u.args[1:]) == set(map(Var, law.names)) and len(u.args) == len(entry.args)):
                    by = {v.name: t for v, t in zip(u.args[1:], entry.args[1:], strict=True) if isinstance(v, Var)}
                    for rule in ("assumption", "sign"):
                        c = {"rule": "instance", "assumption": k, "terms": {n: to_json(t) for n, t in by.items()},
                             "proof": {"rule": rule}}
                        if (found := search.accepted(s, c)) is not None and not found.conditions:
                            return c
    return None


def _equations(s: Sequent, columns: Columns) -> Iterator[tuple[Polynomial, Column | None]]:
    """Differences that are 0, at the indices in scope and under the sums of the goal."""
    for k, fact in enumerate(s.assumptions):
        law = fact if isinstance(fact, Bind) and fact.head == "forall" else None
        if law is not None and not (all(isinstance(x, Index) for x in law.sorts) and law.inner[0] == TRUE):
            continue
        options = [[]] if law is None else [[t for t, sort in columns.indices if sort == w] for w in law.sorts]
        for values in itertools.islice(itertools.product(*options), MAX_INSTANCES) if law is not None else [()]:
            by = {} if law is None else dict(zip(law.names, values, strict=True))
            body = fact if law is None else beta(substitute(law.inner[1], by), s.declarations)
            for part in conjuncts(body):
                if isinstance(part, App) and part.head == "=":
                    for term in (sub(*part.args), sub(*part.args[::-1])):
                        yield polynomial(term), Column((), (), TRUE, ONE, term, k, tuple(by.items()), False)
    for u in {u for m in columns.goal for f in m for u in subterms(f) if isinstance(u, App)}:
        if u.head == "div" and u.args[0] == ONE:
            yield _plus(_times({(u,): Fraction(1)}, polynomial(u.args[1])), {(): Fraction(1)}, Fraction(-1)), None


# ------------------------------------------------------------------ the engine


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    goal = s.goal
    if search.depth > MAX_DEPTH or search.model is not None or not (isinstance(goal, App) and goal.head in ORDER):
        return
    if not any(isinstance(k, Index) for k in s.declarations.values()) and not any(
            isinstance(x, Index) for u in subterms(goal) if isinstance(u, Bind) for x in u.sorts):
        return
    if not any(isinstance(a, Bind) and a.head == "forall" and all(isinstance(k, Index) for k in a.sorts)
               for a in s.assumptions):
        return
    written = in_entries(s)
    for c in _found(s if written is None else written, search):
        yield c if written is None else {"rule": "entries", "proof": c}


def _found(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    yield from _compared(s, search)
    small, large, strict = sides(s.goal, "gap")
    if not strict:
        yield from _contracted(s, small, large, search)


def _compared(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """A modulus on the smaller side by both of its signs."""
    small, large, strict = sides(s.goal, "gap")
    if not (isinstance(small, App) and small.head == "abs"):
        yield from _bounded(s, search)
        return
    relation = "<" if strict else "<="
    found = []
    for u in (small.args[0], app("neg", small.args[0])):
        found.append(next(_bounded(s.with_goal(app(relation, u, large)), search), None))
        if found[-1] is None:
            return
    yield {"rule": "largest", "parts": found}


def _contracted(s: Sequent, small: Term, large: Term, search: Searcher) -> Iterator[Certificate]:
    """small <= large from small <= c small + (1 - c) large, for a number 0 <= c < 1 that is assumed to be one."""
    for a in s.assumptions:
        match a:
            case App("<", (Var() as c, bound)) if bound == ONE and isinstance(s.declarations.get(c.name), Scalar):
                fact = app("<=", small, add(mul(c, small), mul(sub(ONE, c), large)))
                needed = discharge(definedness(s.goal, s), s)
                here = s.assuming(*needed)
                because = next(_compared(here.with_goal(fact), search), None)
                if because is None:
                    continue
                gap = sub(*fact.args[::-1])
                weight = app("div", ONE, sub(ONE, c))
                column = {"weight": to_json(weight), "term": to_json(gap)}
                inner = here.assuming(fact)
                positive = at_once(inner.with_goal(app(">=", weight, ZERO)), search)
                proof = at_once(inner.with_goal(app(">=", gap, ZERO)), search)
                left = inner.with_goal(remainder(small, large, [mul(weight, gap)], True))
                rest = next((x for x in ({"rule": "field"}, *prove_index(left, search))
                             if search.accepted(left, x) is not None), None)
                if positive is None or proof is None or rest is None:
                    continue
                found = {"rule": "have", "fact": to_json(fact), "because": because, "proof": {
                    "rule": "gap", "exact": True, "columns": [{**column, "positive": positive, "proof": proof}],
                    "rest": rest}}
                yield {"rule": "where-defined", "proof": found} if needed else found


def _bounded(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    needed = discharge(definedness(s.goal, s), s)
    try:
        for c in _gap(s.assuming(*needed), search):
            yield {"rule": "where-defined", "proof": c} if needed else c
    except TooLarge:
        return


def _gap(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    small, large, strict = sides(s.goal, "gap")
    target = polynomial(sub(large, small))
    make = Columns(s, search, target)
    columns: list[tuple[Polynomial, Column | None]] = []
    for x in itertools.islice(make.all(), MAX_COLUMNS):
        columns.append((polynomial(x.total()), x))
    free: list[tuple[Polynomial, Column | None]] = []
    for p, x in itertools.islice(_equations(s, make), MAX_COLUMNS):
        free.append((p, x))
    cofactors = list(dict.fromkeys(tuple(f for f in m if f not in lead) for q in (
        target, *(p for p, _ in columns)) for m in q for p, _ in free for lead in p if lead and set(lead) <= set(m)))
    free = [(_times(p, {_sorted(c): Fraction(1)}), x if not c else None) for p, x in free for c in (
        (), *(c for c in cofactors[:20] if c))][:MAX_FREE]
    for emitted in (False, True):           # equations as rules of the normal form, or as columns of their own
        both = [*columns, *free, *((_plus({}, p, Fraction(-1)), None) for p, _ in free)]
        rows = {m: i for i, m in enumerate(dict.fromkeys(
            itertools.chain(target, *(p for p, _ in both))))}
        wanted = [j for j, (_, x) in enumerate(columns) if strict and x is not None and x.strict and x.guard == TRUE]
        if strict and not wanted:
            return
        solution = solve([{rows[m]: c for m, c in p.items()} for p, _ in both],
                         [target.get(m, Fraction(0)) for m in rows], wanted)
        if solution is None:
            return
        used = [(x, a) for (_, x), a in zip(both, solution, strict=True) if a and x is not None and (
            emitted or x in [y for _, y in columns])]
        if not used:
            return
        if (c := _certificate(s, search, used, small, large, strict)) is not None:
            yield c


def _certificate(s: Sequent, search: Searcher, used: list[tuple[Column, Fraction]], small: Term, large: Term,
                 strict: bool) -> Certificate | None:
    parts: list[Certificate] = []
    totals: list[Term] = []
    for x, a in used:
        weight = x.weight if a == 1 else num(a) if x.weight == ONE else mul(num(a), x.weight)
        inside = s.declaring(dict(zip(x.names, x.sorts, strict=True))).assuming(*conjuncts(x.guard))
        sure = strict and x.strict and x.guard == TRUE
        goal = inside.with_goal(app(">" if sure else ">=", x.term, ZERO))
        proof = _shown(goal, search, x)
        positive = None if sure and x.names else _product_sign(inside, weight, ">" if sure else ">=", search)
        if sure and positive is None:
            sure, positive = False, _product_sign(inside, weight, ">=", search)
        if proof is None or positive is None:
            return None
        parts.append({"names": list(x.names), "sorts": [sort_to_json(k) for k in x.sorts], "guard": to_json(x.guard),
                      "weight": to_json(weight), "positive": positive, "term": to_json(x.term), "proof": proof,
                      **({"strict": True} if sure else {})})
        body = x.term if weight == ONE else mul(weight, x.term)
        totals.append(Bind("sum", x.names, x.sorts, (), (x.guard, body)) if x.names else body)
    if strict and not any(p.get("strict") for p in parts):
        return None
    left = s.with_goal(remainder(small, large, totals, True))
    rest = next((c for c in prove_index(left, search) if search.accepted(left, c) is not None), None)
    if rest is None:
        return None
    return {"rule": "gap", "exact": True, "columns": parts, "rest": rest}


def _product_sign(s: Sequent, weight: Term, relation: str, search: Searcher) -> Certificate | None:
    """A product is not negative if its factors are: entries by their law, the rest by search."""
    factors = weight.args if isinstance(weight, App) and weight.head == "mul" else (weight,)
    given: list[tuple[Term, Certificate]] = []
    for f in factors if relation == ">=" else ():
        fact = app(">=", f, ZERO)
        if not isinstance(f, Num) and (c := entry_sign(s.with_goal(fact), search)) is not None:
            given.append((fact, c))
    proof = at_once(s.assuming(*(fact for fact, _ in given)).with_goal(app(relation, weight, ZERO)), search)
    for fact, c in reversed(given) if proof is not None else ():
        proof = {"rule": "have", "fact": to_json(fact), "because": c, "proof": proof}
    return proof


def _shown(goal: Sequent, search: Searcher, x: Column) -> Certificate | None:
    """The term of a column, by the instance of the assumption that it comes from."""
    if not x.by:
        return at_once(goal, search)
    law = goal.assumptions[x.assumption]
    if not isinstance(law, Bind):
        return None
    body = beta(substitute(law.inner[1], dict(x.by)), goal.declarations)
    proof = at_once(goal.assuming(body), search)
    return None if proof is None else {
        "rule": "instance", "assumption": x.assumption, "terms": {n: to_json(t) for n, t in x.by}, "proof": proof}


__all__ = ["polynomial", "proofs"]
