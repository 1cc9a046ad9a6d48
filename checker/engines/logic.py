"""Connectives, quantifiers and cases among the assumptions: a tableau.

Method: analytic tableaux with the kernel's theories at the leaves (Smullyan, First-Order Logic, ch. 2).
``normalised`` applies what loses nothing: conjunctions, implications and equivalences unfolded, existing
numbers named, relations' own definedness assumed.  ``branches`` then splits an alternative, a product that is
0, the sign under a modulus.  A leaf is closed by the other engines.
Decides: propositional consequences; with the other engines, equations and inequalities by cases.
Why it convinces: every step is a rule of the kernel.  Cannot: instances of a ``forall`` at terms that are not
in sight; cases on terms that do not occur.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.definedness import atomic_conditions, definedness
from ..kernel.field import CannotNormalise, Field
from ..kernel.kinds import is_integer, is_real
from ..kernel.prove import discharge, introduce
from ..kernel.rule_logic import unfolded, without
from ..kernel.term import (
    FALSE, INTEGER, RELATIONS, TRUE, App, Bind, Index, Num, Scalar, Term, Var, add, app, conjuncts, free_names, fresh,
    mul, negate, num, sub, substitute, subterms, to_json,
)
from . import algebra
from .recurrences import laws
from .samples import satisfiable

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
MAX_STEPS, MAX_INSTANCES, MAX_CASES = 24, 6, 9


@dataclass(frozen=True)
class Step:
    """A sequent from which the one asked about follows, and the certificate around its proof."""

    sequent: Sequent
    around: tuple[Certificate, ...]

    def wrap(self, proof: Certificate) -> Certificate:
        for c in reversed(self.around):
            proof = {**c, "proof": proof}
        return proof


def normalised(s: Sequent) -> Step | None:
    """The assumptions taken apart as far as nothing is lost by it; None if there is nothing to do."""
    around: list[Certificate] = []
    known: set[Term] = set()
    while len(around) < MAX_STEPS:
        step = _one_step(s, known)
        if step is None:
            break
        s, c = step
        around.append(c)
    return Step(s, tuple(around)) if around else None


def _one_step(s: Sequent, known: set[Term]) -> tuple[Sequent, Certificate] | None:
    for k, a in enumerate(s.assumptions):
        match a:
            case Bind("exists") if all(isinstance(x, (Scalar, Index)) for x in a.sorts):
                inner, _ = introduce(Sequent(s.declarations, without(s, k), s.goal), a)
                inner = inner.assuming(*conjuncts(inner.goal)).with_goal(s.goal)
                return inner, {"rule": "obtain", "assumption": k}
            case App("and", _):
                new = conjuncts(a)
            case App("implies" | "iff" | "not", _) if (one := unfolded(a)) is not None:
                new = [one]
            case App("in", (u, App("integers", ()))) if not is_integer(u, s.declarations) and not any(
                    isinstance(x, App) and x.head == "=" and x.args[1] == u for x in s.assumptions):
                known.add(a)
                name = fresh("k", set(s.declarations) | free_names(s.goal))
                some = Bind("exists", (name,), (INTEGER,), (), (TRUE, app("=", Var(name), u)))
                there = s.declaring({name: INTEGER}).assuming(app("=", Var(name), u))
                return there, {"rule": "obtain", "formula": to_json(some),
                               "because": {"rule": "member", "proof": {"rule": "assumption"}}}
            case App("=", (Var(k_name), u)) if s.declarations.get(k_name) == INTEGER and a not in known:
                known.add(a)
                if (solved := _solved_for(u, Var(k_name), s)) is not None:
                    return solved
                continue
            case _:
                continue
        return Sequent(s.declarations, (*without(s, k), *new), s.goal), {"rule": "unfold", "assumption": k}
    for k, a in enumerate(s.assumptions):
        if a in known or not (isinstance(a, App) and a.head in RELATIONS) or any(
                isinstance(u, Bind) or u == App("oo", ()) for u in subterms(a)):
            continue
        known.add(a)
        needed = atomic_conditions(a, s)
        if needed and discharge(needed, s):
            known.update(needed)
            return s.assuming(*needed), {"rule": "defined", "assumption": k}
    return None


def _solved_for(u: Term, k: Var, s: Sequent) -> tuple[Sequent, Certificate] | None:
    """From k = u, u affine in a name that is no integer: that name as a term in k."""
    from .solving import coefficients

    for name in sorted(free_names(u)):
        if s.declarations.get(name) == INTEGER or not isinstance(s.declarations.get(name), Scalar):
            continue
        c = coefficients(sub(u, k), name, s)
        if c is None or len(c) != 2 or name in free_names(c[0]) | free_names(c[1]):
            continue
        value = app("neg", c[0]) if c[1] == num(1) else app("neg", app("div", c[0], c[1]))
        fact = app("=", Var(name), value)
        if fact in s.assumptions or discharge(definedness(value, s), s):
            continue
        because = next((x for x in algebra.ideal(s.with_goal(fact))), None)
        if because is not None:
            return s.assuming(fact), {"rule": "have", "fact": to_json(fact), "because": because}
    return None


# ------------------------------------------------------------------------- closing a branch


def complements(s: Sequent) -> Iterator[Certificate]:
    """P and not P among the assumptions."""
    if s.goal != FALSE:
        return
    present = set(s.assumptions)
    for k, a in enumerate(s.assumptions):
        opposite = negate(a)
        flipped = App(opposite.head, opposite.args[::-1]) if isinstance(opposite, App) and opposite.head in (
            "=", "!=") else None
        if opposite in present or flipped in present:
            yield {"rule": "conflict", "assumption": k, "proof": {"rule": "assumption"}}
            return


def opposites(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """An assumption whose opposite follows from the others by solving."""
    from . import solving

    if s.goal != FALSE:
        return
    for k, a in enumerate(s.assumptions):
        if isinstance(a, App) and a.head in ("!=", "<", "<=", ">", ">="):
            goal = negate(a)
            there = s.with_goal(goal)
            for c in solving.direct(there, search):
                shown = search.accepted(there, c)
                if shown is not None and not shown.conditions:
                    yield {"rule": "conflict", "assumption": k, "proof": c}
                    return


# ------------------------------------------------------------------------- branching


def branches(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Split an alternative; else a product that is 0; else a sign."""
    if search.depth > MAX_CASES + 4 or s.goal == FALSE and satisfiable(s) is not None:
        return
    for k in _smallest_alternatives(s, search)[:1]:
        a = s.assumptions[k]
        parts = a.args if isinstance(a, App) else ()
        proofs = []
        for part in parts:
            c = search.prove(Sequent(s.declarations, (*without(s, k), part), s.goal))
            if c is None:
                return
            proofs.append(c)
        yield {"rule": "split", "assumption": k, "parts": proofs}
        return
    yield from opposites(s, search)
    yield from _instances(s, search)
    yield from _products(s, search)
    yield from _signs(s, search)


def _smallest_alternatives(s: Sequent, search: Searcher) -> list[int]:
    """Positions of assumed alternatives, those with the fewest parts that are still possible first."""
    found = []
    present = set(s.assumptions)
    for k, a in enumerate(s.assumptions):
        if isinstance(a, App) and a.head == "or":
            found.append((sum(negate(p) not in present for p in a.args), k))
    return [k for _, k in sorted(found)]


def _instances(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """A universal assumption at the terms in sight (and where a quadratic in its name has its vertex).
    Not a law of a sequence: each instance would bring new values; ``recurrences`` knows which are needed."""
    recurrent = {law.position for law in laws(s)}
    for k, a in enumerate(s.assumptions):
        if k in recurrent or not (isinstance(a, Bind) and a.head == "forall" and len(a.names) == 1
                                  and all(isinstance(x, Scalar) for x in a.sorts)):
            continue
        name, sort = a.names[0], a.sorts[0]
        pool: list[Term] = [*_vertices(a, s), *(Var(n) for n, x in s.declarations.items() if x == sort)]
        pool += [num(j) for j in (0, 1, -1)]
        pool += [add(x, num(j)) for x in pool[:4] if isinstance(x, Var) for j in (1, -1)]
        for t in pool[:MAX_INSTANCES + 6]:
            by = {name: t}
            guard, body = (substitute(x, by) for x in a.inner)
            if body in s.assumptions or not free_names(t) <= set(s.declarations):
                continue
            made: Certificate = {"rule": "instance", "assumption": k, "terms": {name: to_json(t)}}
            if guard != App("true", ()):
                g = search.unconditionally(s.with_goal(guard))
                if g is None:
                    continue
                made["guard"] = g
            rest = Sequent(s.declarations, (*s.assumptions, body), s.goal)
            if search.depth > 6:
                return
            c = search.prove(Sequent(rest.declarations, rest.assumptions, rest.goal))
            if c is not None:
                yield {**made, "proof": c}


def _vertices(a: Bind, s: Sequent) -> Iterator[Term]:
    """-b/(2a) for the quadratics in the bound name of a universal assumption."""
    from .solving import coefficients

    inside = Sequent({**s.declarations, a.names[0]: a.sorts[0]}, s.assumptions, FALSE)
    for u in subterms(a.inner[1]):
        if isinstance(u, App) and u.head in RELATIONS and a.names[0] not in s.declarations:
            c = coefficients(sub(*u.args), a.names[0], inside)
            if c is not None and len(c) == 3:
                yield app("neg", app("div", c[1], mul(num(2), c[2]))) if c[2] != num(1) else app(
                    "neg", app("div", c[1], num(2)))


def _products(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """An assumed equation whose polynomial has factors: one of them is 0."""
    present = set(s.assumptions)
    for a in s.assumptions:
        if not (isinstance(a, App) and a.head == "="):
            continue
        options = algebra.factors(s, sub(*a.args))
        if not options or any(o in present for o in options):
            continue
        goal = App("or", tuple(options)) if len(options) > 1 else options[0]
        because = next((c for c in algebra.ideal(s.with_goal(goal)) if search.accepted(s.with_goal(goal), c)), None)
        if because is None:
            continue
        proofs = []
        for o in options:
            c = search.prove(s.assuming(o))
            if c is None:
                return
            proofs.append(c)
        inner = {"rule": "split", "assumption": len(s.assumptions), "parts": proofs} if len(options) > 1 else proofs[0]
        yield {"rule": "have", "fact": to_json(goal), "because": because, "proof": inner}
        return


def _signs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """The sign of what stands under a modulus or a maximum, of a factor in an order, of what is not 0."""
    if search.depth > MAX_CASES:
        return
    for on in _open_signs(s):
        proofs = []
        for relation in ("<", "=", ">"):
            c = search.prove(s.assuming(app(relation, on, num(0))))
            if c is None:
                break
            proofs.append(c)
        else:
            yield {"rule": "cases", "on": to_json(on), "parts": proofs}
        return


def _open_signs(s: Sequent) -> Iterator[Term]:
    field = Field(s)

    def unknown(t: Term) -> bool:
        if not free_names(t) or not is_real(t, s.declarations) or discharge(definedness(t, s), s):
            return False
        try:
            return field.sign(t) not in ("+", "-", "0")
        except CannotNormalise:
            return False

    everything = [u for a in (*s.assumptions, s.goal) if not isinstance(a, Bind) for u in subterms(a)]
    for u in everything:
        match u:
            case App("abs" | "sign" | "relu", (t,)) if unknown(t):
                yield t
            case App("max" | "min", (x, y)) if unknown(sub(x, y)):
                yield sub(x, y)
    for a in s.assumptions:
        if isinstance(a, App) and a.head in ("<", "<=", ">", ">=") and num(0) in a.args:
            for u in a.args:
                if isinstance(u, App) and u.head in ("mul", "div"):
                    yield from (t for t in u.args if not isinstance(t, Num) and unknown(t))
    for a in s.assumptions:
        if isinstance(a, App) and a.head == "!=" and s.goal == FALSE:
            d = a.args[0] if a.args[1] == num(0) else sub(*a.args)
            if unknown(d):
                yield d


__all__ = ["Step", "branches", "complements", "normalised"]
