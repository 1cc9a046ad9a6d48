"""Expectations of random quantities, replaced by what they are in moments.

    G', facts |- P'     G', P': each expect of G, P replaced by its polynomial in cumulants (``expectation``),
                        which are new names; an assumption that gives a cumulant is put in for it
    --------------------------------------------------------------------------------------------------------
    G |- P              conditions: P's own definedness, less what the premise shows

Unless the goal is an equation, facts join that hold of the cumulants of every law: Var X >= 0; for two quantities
Cov(X, Y)^2 <= Var X Var Y and, if the certificate asks, Var (X + Y), Var (X - Y) >= 0; E g^2 >= 0 for each square
that the claim writes; k_4 + 2 k_2^2 >= 0 (it is the variance of the squared deviation); with values between a and
b, a <= E X <= b and Var X <= (b - E X)(E X - a), the expectation of (b - X)(X - a) >= 0.
Assumptions that are no statements about polynomials are left out.  So the cumulants of P' range over more
than those of actual laws: what holds of all of them holds of P's.

FAILURE: an integrand that is no polynomial in the random quantities; the premise is not shown.
Source: as in ``expectation``; Cauchy-Schwarz for covariances: Billingsley, *Probability and Measure*, 3rd ed., (5.36).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .expectation import RULE, Moments
from .kinds import is_real
from .term import (
    ONE, TRUE, ZERO, App, Bind, Index, Joint, Map, Num, Sort, Term, Var, add, app, conj, free_names, fresh, mul, num,
    rebuild, sub, substitute, subterms,
)


@dataclass(frozen=True, slots=True)
class Reduced:
    """The premise, and how a term of the conclusion reads there."""

    sequent: Sequent
    moments: Moments
    given: tuple[Given, ...]

    def read(self, t: Term) -> Term:
        return put(self.moments.replaced(t), self.given)


@dataclass(frozen=True, slots=True)
class Given:
    """``atom[names] = value`` for all names; ``apart``: for two different names only."""

    atom: str
    names: tuple[str, ...]
    value: Term
    apart: bool


def check(sequent: Sequent, certificate: Mapping[str, Any], prove: Any) -> Evidence:
    """Raises :class:`Reject`."""
    reduced = reduce(sequent, sums=certificate.get("sums") is True)
    inner: Evidence = prove(reduced.sequent, certificate["proof"])
    shown = set(definedness(reduced.sequent.goal, reduced.sequent)) - set(inner.conditions)
    open_ = list(inner.conditions)
    left: list[Term] = []
    for c in definedness(sequent.goal, sequent):
        if isinstance(c, App) and c.head == "finite" and isinstance(c.args[0], Bind) and c.args[0].head == "expect":
            reduced.read(c.args[0])         # it is a polynomial in moments that are finite
            continue
        there = reduced.read(c)
        if there in open_:
            open_.remove(there)
            left.append(c)
        elif there not in shown and not _follows(there, reduced.sequent):
            left.append(c)
    if open_:
        raise Reject(RULE, "conditions", "the premise needs what the goal itself does not")
    from .prove import discharge

    return Evidence(discharge(tuple(left), sequent), inner.axioms)


def _follows(condition: Term, s: Sequent) -> bool:
    from .prove import discharge

    return free_names(condition) <= set(s.declarations) and not discharge((condition,), s.with_goal(TRUE))


def reduce(sequent: Sequent, sums: bool = False) -> Reduced:
    """The premise of the rule; with ``sums`` it knows the variances of sums.  Raises :class:`Reject`."""
    if not any(_expects(t) for t in (*sequent.assumptions, sequent.goal)):
        raise Reject(RULE, "goal", "no expectation of random quantities")
    moments = Moments(sequent)
    goal = moments.replaced(sequent.goal)
    squares = tuple(moments.squares)
    assumptions: list[Term] = []
    for a in sequent.assumptions:
        if isinstance(a, App) and a.head == "finite":
            continue
        try:
            assumptions.append(_where_defined(a, moments.replaced(a), sequent, moments))
        except Reject:
            continue
    given: list[Given] = []
    for a in list(assumptions):
        a = put(a, given)
        if (new := _defining(a, moments)) is not None:
            given = [Given(g.atom, g.names, put(g.value, [new]), g.apart) for g in given] + [new]
    goal = put(goal, given)
    assumptions = [a for a in (put(a, given) for a in assumptions) if not _trivial(a)]
    known = () if isinstance(goal, App) and goal.head == "=" else (
        *_facts(moments, sums), *(f for t, q in squares for f in _square(t, q, sequent, moments)))
    facts = [f for f in (put(f, given) for f in known) if f not in assumptions]
    declarations: dict[str, Sort] = {n: s for n, s in sequent.declarations.items()
                                     if not isinstance(s.result if isinstance(s, Map) else s, Joint)}
    used = frozenset().union(*map(free_names, (goal, *assumptions, *facts)))
    declarations |= {n: s for n, s in moments.atoms.items() if n in used}
    if loose := used - set(declarations):
        raise Reject(RULE, "names", f"{', '.join(sorted(loose))} is not declared")
    if any(_expects(t) for t in (goal, *assumptions, *facts)):
        raise Reject(RULE, "goal", "an expectation is left")
    new_sequent = Sequent(declarations, (*assumptions, *dict.fromkeys(facts)), goal)
    return Reduced(new_sequent, moments, tuple(given))


def _expects(t: Term) -> bool:
    return any(isinstance(u, Bind) and u.head == "expect" for u in subterms(t))


def _where_defined(a: Term, new: Term, s: Sequent, moments: Moments) -> Term:
    """An assumption, once moments are put in, where it is defined then.  A sum over no indices, or a case that is not
    chosen, needs nothing of its terms; but what was taken out of it does."""
    from .prove import discharge

    if not _expects(a) or not any(
            isinstance(u, Bind) and u.head in ("sum", "prod") or isinstance(u, App) and u.head == "cases"
            for u in subterms(a)):
        return new
    there = Sequent({**s.declarations, **moments.atoms}, s.assumptions, TRUE)
    needed = discharge(definedness(new, there), there)
    return app("implies", conj(*needed), new) if needed else new


def _square(t: Term, value: Term, s: Sequent, moments: Moments) -> list[Term]:
    """E g^2 >= 0 wherever g is defined; nothing, if g may be complex."""
    from .prove import discharge

    there = Sequent({**s.declarations, **moments.atoms}, s.assumptions, TRUE)
    if not is_real(t, s.declarations) or not is_real(value, there.declarations):
        return []
    try:
        needed = [moments.replaced(c) for c in discharge(definedness(t, s), s)]
    except Reject:
        return []
    needed += discharge(definedness(value, there), there)
    fact = app(">=", value, ZERO)
    return [app("implies", conj(*dict.fromkeys(needed)), fact) if needed else fact]


def _trivial(a: Term) -> bool:
    """An equation that has become u = u (what was put in came from it)."""
    match a:
        case App("=", (u, v)):
            return u == v and not definable(u)
        case Bind("forall", _, _, _, (_, body)):
            return _trivial(body)
        case _:
            return False


def definable(t: Term) -> bool:
    """Whether ``t`` may be undefined somewhere: then even u = u says something."""
    return any(isinstance(u, App) and u.head not in ("add", "mul", "neg", "at", "delta") for u in subterms(t))


# ------------------------------------------------------------------ cumulants that are given


def _defining(a: Term, moments: Moments) -> Given | None:
    """The assumption as an equation for one cumulant that is linear in it, the highest."""
    names: list[str] = []
    sorts: dict[str, Sort] = {}
    apart = False
    while isinstance(a, Bind) and a.head == "forall" and all(isinstance(s, Index) for s in a.sorts):
        guard = a.inner[0]
        if set(names) & set(a.names):
            return None
        names += a.names
        sorts |= dict(zip(a.names, a.sorts, strict=True))
        if guard != TRUE:
            match guard:
                case App("!=", (Var(x), Var(y))) if {x, y} == set(names) and len(names) == 2:
                    apart = True
                case _:
                    return None
        a = a.inner[1]
    match a:
        case App("=", (left, right)):
            parts = [*_summands(left, Fraction(1)), *_summands(right, Fraction(-1))]
        case _:
            return None
    best: tuple[int, Given] | None = None
    for c, t in parts:
        atom, places = _atom_of(t, moments)
        if atom is None or len(set(places)) != len(places) or set(places) != set(names) or c == 0:
            continue
        sort = moments.atoms[atom]
        ranges = sort.args if isinstance(sort, Map) else ()
        if ranges != tuple(sorts[p] for p in places) or apart and len(places) != 2:
            continue            # given on a part of the range only
        rest = [(d, u) for d, u in parts if u is not t]
        if any(Var(atom) in subterms(u) for _, u in rest):
            continue
        value = add(*(u if -d / c == 1 else mul(Num(-d / c), u) for d, u in rest if d))
        order = len(moments.blocks[atom][1])
        if best is None or order > best[0]:
            best = order, Given(atom, tuple(places), value, apart)
    return None if best is None else best[1]


def _atom_of(t: Term, moments: Moments) -> tuple[str | None, list[str]]:
    match t:
        case Var(name) if name in moments.atoms:
            return name, []
        case App("at", (Var(name), *places)) if name in moments.atoms and all(isinstance(p, Var) for p in places):
            return name, [p.name for p in places if isinstance(p, Var)]
        case _:
            return None, []


def _summands(t: Term, c: Fraction) -> list[tuple[Fraction, Term]]:
    match t:
        case App("add", args):
            return [s for a in args for s in _summands(a, c)]
        case App("neg", (a,)):
            return _summands(a, -c)
        case App("mul", (Num(k), *rest)):
            return _summands(mul(*rest), c * k)
        case Num(k):
            return [(c * k, ONE)]
        case _:
            return [(c, t)]


def put(t: Term, given: Sequence[Given]) -> Term:
    """The given values for their cumulants, without capture."""
    if not given:
        return t
    table = {g.atom: g for g in given}
    names = frozenset().union(*(free_names(g.value) for g in given))

    def go(u: Term) -> Term:
        match u:
            case Var(name) if name in table and not table[name].names:
                return table[name].value
            case App("at", (Var(name), *places)) if name in table and len(places) == len(table[name].names):
                g = table[name]
                places = [go(p) for p in places]
                value = substitute(g.value, dict(zip(g.names, places, strict=True)))
                if not g.apart:
                    return value
                same = app("delta", *places)
                if places[0] == places[1]:
                    return App("at", (Var(name), *places))
                return add(mul(same, App("at", (Var(name), places[0], places[0]))),
                           mul(add(ONE, app("neg", same)), value))
            case Bind():
                u = _rename(u, names)
                return rebuild(u, go)
            case _:
                return rebuild(u, go)

    return go(t)


def _rename(u: Bind, names: frozenset[str]) -> Bind:
    from .term import rename

    return rename(u, names) if names & set(u.names) else u


# ------------------------------------------------------------------ facts of all laws


def bounds(joint: Joint) -> tuple[Fraction | None, Fraction | None]:
    """Between which numbers the quantities lie."""
    return (min(joint.values), max(joint.values)) if joint.values else joint.within


def _facts(moments: Moments, sums: bool) -> list[Term]:
    """What holds of the cumulants in use."""
    moments.variances()
    out: list[Term] = []
    scalars = {n: b for n, b in moments.blocks.items() if not isinstance(moments.atoms[n], Map)}
    by_block = {(g.law, members): n for n, (g, members) in scalars.items()}
    for name, (group, members) in moments.blocks.items():
        sort = moments.atoms[name]
        places = sort.args if isinstance(sort, Map) else ()
        names = tuple(fresh(f"i{k}", set(moments.declarations)) for k in range(len(places)))
        atom: Term = App("at", (Var(name), *map(Var, names))) if places else Var(name)
        here: list[Term] = []
        if len(members) == 2 and members[0] == members[1]:
            if not group.joint.slots[members[0]]:
                here.append(app(">=", atom, ZERO))
            else:               # on the diagonal of a vector's covariances
                half = len(places) // 2
                if group.identical and len(places) == 2 * half:
                    diagonal = App("at", (Var(name), *map(Var, names[:half]), *map(Var, names[:half])))
                    out.append(Bind("forall", names[:half], places[:half], (), (TRUE, app(">=", diagonal, ZERO))))
        low, high = bounds(group.joint) if all(m < group.own for m in members) else (None, None)
        if len(members) == 1:
            here += [app(">=", atom, Num(low))] if low is not None else []
            here += [app("<=", atom, Num(high))] if high is not None else []
        if len(members) == 2 and low is not None and high is not None and members[0] == members[1] and not (
                group.joint.slots[members[0]]) and (mean := by_block.get((group.law, members[:1]))):
            m = Var(mean)
            here.append(app("<=", atom, mul(sub(Num(high), m), sub(m, Num(low)))))
        for f in here:
            out.append(Bind("forall", names, places, (), (TRUE, f)) if places else f)
        if places:
            continue
        if len(members) == 2 and members[0] != members[1]:
            both = [by_block.get((group.law, (m, m))) for m in members]
            if all(both):
                v, w = (Var(b) for b in both if b)
                out.append(app("<=", app("pow", atom, num(2)), mul(v, w)))
                out += [app(">=", add(v, w, mul(num(c), atom)), ZERO) for c in (2, -2) if sums]
        if len(members) == 4 and len(set(members)) == 1 and (second := by_block.get((group.law, members[:2]))):
            out.append(app(">=", add(atom, mul(num(2), app("pow", Var(second), num(2)))), ZERO))
    return out


__all__ = ["Given", "Reduced", "check", "put", "reduce"]
