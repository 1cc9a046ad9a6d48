"""Equations and inequalities of discrete mathematics by their normal form (``discrete_form``).

    the normal form of a - b is 0, after eliminating a generator from each assumed equation of ``use``
    --------------------------------------------------------------------------------------------------
    a = b                                          conditions: the definedness of a and b

    the sign of the normal form of a - b follows from the assumptions
    --------------------------------------------------------------------------------------------------
    a < b  (or <=, >, >=, !=)

    a = b for all x outside a countable set of lines;   a and b are continuous in x where defined
    --------------------------------------------------------------------------------------------------
    a = b                                          (``generic``: the names x)

    G, p != 0 (``avoid``), q not in integers (``fractional``) |- a = b;   a, b continuous in x where defined
    --------------------------------------------------------------------------------------------------  generic
    a = b

    a - b - c_1 h_1 - ... - c_r h_r >= 0, by its sign or a proof (``rest``);
    h_i >= 0 (> 0, = 0) assumed,  c_i >= 0
    --------------------------------------------------------------------------------------------------
    a >= b  (or >; strict if a strict h_i has c_i > 0, or the rest is)            (``multipliers``)

    a <= b,  a >= b  visibly
    ------------------------                                                     (``squeeze``)
    a = b

    t is an integer polynomial in integers
    --------------------------------------
    t in integers

*Elimination.*  An assumed equation L g + M = 0, linear in a generator g with L known nonzero, turns the
numerator N(g) into L^d N(-M/L).  *Generic.*  x stands only in sums, products, quotients, literal powers,
gamma, exp, sin and cos, upper places of binomials with an integer lower place, and bodies of finite sums
whose bounds are free of x.  Each of these is continuous where it is defined, and defined near such a point,
so an equation that holds off a countable union of lines holds there too; what was assumed of x is not used.
An integer x may be taken as a real one: at integers the terms have the same values.  Each p and q
is c x + (free of x) with a rational c != 0, so the points left out are on countably many lines too.

FAILURE: the difference does not reduce to 0; the sign is not visible; x stands in a bound, an exponent, a
lower place.  Naive versions "prove" binomial(n+k-1, k) = binomial(n+k-1, n-1) at n = k = 0.
Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., section 5.1 (the polynomial argument);
table 174 lists which laws of binomials hold where.

Certificate: ``use``: positions of assumed equations; ``generic``: names; ``avoid``: terms; ``multipliers``:
[[position of the assumed inequality, c], ...], ``rest``: a proof; ``recurrent``: Fibonacci numbers by their recurrence.
Rule ``generic``: ``names``, ``avoid``, ``fractional``, ``proof``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flint import fmpq, fmpq_mpoly

from .claim import Sequent
from .definedness import definedness, real_conditions
from .discrete_form import Discrete
from .evaluate import Undefined, Unknown, truth
from .evidence import Evidence, Reject
from .field import _CTX, _ZERO, CannotNormalise
from .kinds import is_integer, is_real
from .prove import _GOAL_SIGNS, components, discharge, introduce
from .rule_ideal import equations
from .term import (
    COMPLEX, INTEGER, REAL, TRUE, App, Bind, Sort, Term, Var, add, app, conjuncts, free_names, from_json, mul, num,
    show, sub,
)

if TYPE_CHECKING:
    from .prove import Prover

RULE = "discrete"
MAX_ELIMINATED = 8
MAX_CHOICES = 6
MAX_DEPTH = 6


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    conditions = undischarged(s.goal, s)
    names = frozenset(map(str, c.get("generic", ())))
    here = s
    if names:
        here = generalised(s, names)
    match here.goal:
        case App("=", (a, b)) if c.get("squeeze") is True:
            for head in ("<=", ">="):
                if not holds(app(head, a, b), here.assuming(*conditions)):
                    raise Reject(RULE, show(s.goal)[:80], f"{head} is not visible")
        case App("=", (a, b)):
            _equal(here, a, b, names, c.get("use", ()), c.get("recurrent") is True)
        case App("in", (a, App("integers", ()))):
            if not Discrete(here.assuming(*conditions)).integral(a):
                raise Reject(RULE, show(a)[:80], "is not visibly an integer")
        case App(head, (a, b)) if head in _GOAL_SIGNS:
            field = Discrete(here.assuming(*conditions), recurrent=c.get("recurrent") is True)
            if head != "!=" and not all(_certainly_real(x, here.assuming(*conditions), field) for x in (a, b)):
                raise Reject(RULE, show(s.goal)[:80], "a side is not certainly real")
            if c.get("multipliers"):
                _combined(field, here, c, conditions, prove)
            elif field.sign(sub(a, b)) not in _GOAL_SIGNS[head] and not (head == "!=" and field.nonzero(sub(a, b))):
                raise Reject(RULE, show(s.goal)[:80], "the sign of the difference is not visible")
        case _:
            raise Reject(RULE, show(s.goal)[:80], "is no relation")
    return Evidence(conditions)


def _certainly_real(t: Term, s: Sequent, field: Discrete) -> bool:
    return is_real(t, s.declarations) or field.real(t) or all(
        holds(c, s) for c in real_conditions(t, dict(s.declarations)))


def _equal(s: Sequent, a: Term, b: Term, names: frozenset[str], use: Any, recurrent: bool = False) -> None:
    known = equations(s)
    if not all(isinstance(k, int) and 0 <= k < len(known) for k in use) or len(use) > MAX_ELIMINATED:
        raise Reject(RULE, "use", "names no assumed equation")
    for left, right in components(a, b, s):
        field = Discrete(s, names, recurrent=recurrent)
        chosen = [known[k] for k in use]

        def ask(field: Discrete = field, left: Term = left, right: Term = right,
                chosen: list[tuple[Term, Term]] = chosen) -> bool:
            # equations first: then their sums are the base cases, and the goal's are peeled down to them
            assumed = [field._subtract(field.frac(x), field.frac(y)).num for x, y in chosen]
            goal = field._subtract(field.frac(left), field.frac(right)).num
            return goal == 0 or _vanishes(field, goal, assumed)

        if not field._settled(ask):
            raise Reject(RULE, show(s.goal)[:80], "the difference does not reduce to 0")


def inequalities(s: Sequent) -> list[tuple[Term, Term, bool]]:
    """The assumed a >= b (> b: strict), in order; a = b both ways.  Then, from |u| <= b with u real, b >= u, -u."""
    out: list[tuple[Term, Term, bool]] = []
    sides: list[tuple[Term, Term, bool]] = []
    for x in s.assumptions:
        for c in conjuncts(x):
            match c:
                case App(">" | ">=" as head, (a, b)):
                    out.append((a, b, head == ">"))
                case App("<" | "<=" as head, (a, b)):
                    out.append((b, a, head == "<"))
                case App("=", (a, b)):
                    out += [(a, b, False), (b, a, False)]
            match c:
                case App("<=" | "<" as head, (App("abs", (u,)), b)) | App(
                        ">=" | ">" as head, (b, App("abs", (u,)))) if is_real(u, s.declarations):
                    sides += [(b, u, head in ("<", ">")), (b, app("neg", u), head in ("<", ">"))]
    return out + sides


def _combined(field: Discrete, s: Sequent, certificate: Mapping[str, Any], conditions: tuple[Term, ...],
              prove: Prover) -> None:
    known = inequalities(s)
    goal = s.goal
    if not (isinstance(goal, App) and goal.head in ("<", "<=", ">", ">=")):
        raise Reject(RULE, "multipliers", "are for inequalities")
    a, b = goal.args if goal.head in (">", ">=") else goal.args[::-1]
    strict = False
    terms = [a, app("neg", b)]
    here = s.assuming(*conditions)
    for position, data in certificate["multipliers"]:
        c = from_json(data)
        if not (isinstance(position, int) and 0 <= position < len(known)):
            raise Reject(RULE, "multipliers", "name no assumed inequality")
        if loose := free_names(c) - set(s.declarations):
            raise Reject(RULE, "multipliers", f"{', '.join(sorted(loose))} is not declared")
        if not defined(c, here) or not is_real(c, s.declarations) and not field.real(c):
            raise Reject(RULE, show(c)[:60], "is not certainly a defined real number")
        sign = field.sign(c)
        if sign not in ("+", "0+", "0"):
            raise Reject(RULE, show(c)[:60], "is not visibly >= 0")
        x, y, is_strict = known[position]
        strict = strict or sign == "+" and is_strict
        terms.append(app("neg", mul(c, sub(x, y))))
    if "rest" in certificate:
        rest: Term = field._settled(lambda: field.write(field.frac(add(*terms))))
        above = ">=" if strict or goal.head in ("<=", ">=") else ">"
        shown = prove(here.with_goal(app(above, rest, num(0))), certificate["rest"])
        if shown.conditions or shown.axioms:
            raise Reject(RULE, "rest", "rests on conditions or axioms")
        return
    sign = field.sign(add(*terms))
    if sign != "+" and not (sign in ("0+", "0") and (strict or goal.head in ("<=", ">="))):
        raise Reject(RULE, show(goal)[:80], "the combination has not the sign")


def _vanishes(field: Discrete, goal: fmpq_mpoly, assumed: list[fmpq_mpoly]) -> bool:
    if goal == 0:
        return True
    if not assumed:
        return False
    first, rest = assumed[0], assumed[1:]
    if first == 0:
        return _vanishes(field, goal, rest)
    if divmod(goal, first)[1] == 0:
        return True
    for k in _eliminable(field, first, goal)[:MAX_CHOICES]:
        if _vanishes(field, _eliminated(field, goal, first, k), [_eliminated(field, p, first, k) for p in rest]):
            return True
    return False


def _eliminable(field: Discrete, p: fmpq_mpoly, goal: fmpq_mpoly) -> list[int]:
    """Generators linear in p, with a coefficient known nonzero (or that divides the goal's); sums first."""
    order = {"partial": 0, "discrete": 1, "opaque": 2, "exp": 3, "name": 5}
    out = []
    for k, d in enumerate(p.degrees()):
        if int(d) == 1 and not field.generators[k].power:
            lead, _ = _linear(p, k)
            if not int(goal.degrees()[k]):
                continue
            if _divides(lead, goal, k) or field.signs.polynomial(lead) in ("+", "-", "+-"):
                out.append(k)
    return sorted(out, key=lambda k: (order.get(field.generators[k].kind, 4), -k))


def _divides(lead: fmpq_mpoly, goal: fmpq_mpoly, k: int) -> bool:
    return lead.is_constant() or int(goal.degrees()[k]) == 1 and divmod(_linear(goal, k)[0], lead)[1] == 0


def _linear(p: fmpq_mpoly, k: int) -> tuple[fmpq_mpoly, fmpq_mpoly]:
    """(L, M) with p = L g_k + M."""
    parts: list[dict[tuple[int, ...], fmpq]] = [{}, {}]
    for exponents, c in p.to_dict().items():
        e = list(map(int, exponents))
        d, e[k] = e[k], 0
        parts[d][tuple(e)] = c
    return _CTX.from_dict(parts[1]), _CTX.from_dict(parts[0])


def _eliminated(field: Discrete, p: fmpq_mpoly, equation: fmpq_mpoly, k: int) -> fmpq_mpoly:
    """L^d p with g_k = -M/L put in (L is nonzero), or p - c (L g_k + M): if that is 0, so is p."""
    if p == 0 or not int(p.degrees()[k]):
        return p
    lead, rest = _linear(equation, k)
    if _divides(lead, p, k) and not lead.is_constant():     # p - c * equation
        top, bottom = _linear(p, k)
        return field._make(bottom - divmod(top, lead)[0] * rest, _CTX.constant(1)).num
    degree = int(p.degrees()[k])
    if degree > 8:
        raise CannotNormalise("an elimination of high degree")
    parts: dict[int, dict[tuple[int, ...], fmpq]] = {}
    for exponents, c in p.to_dict().items():
        e = list(map(int, exponents))
        d, e[k] = e[k], 0
        parts.setdefault(d, {})[tuple(e)] = c
    total = _ZERO
    for d, terms in parts.items():
        total += _CTX.from_dict(terms) * (-rest)**d * lead**(degree - d)
    return field._make(field._bounded(total), _CTX.constant(1)).num


# ------------------------------------------------------------------------ genericity


def check_generic(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    conditions = undischarged(s.goal, s)
    here = generalised(s, frozenset(map(str, c["names"])), c.get("avoid", ()), c.get("fractional", ()))
    # where the goal is defined, it is so nearby: these are open conditions, or free of the names
    shown = prove(here.assuming(*undischarged(here.goal, here)), c["proof"])
    if shown.conditions:
        raise Reject("generic", "proof", f"rests on {show(shown.conditions[0])}")
    return Evidence(conditions, shown.axioms)


def generalised(s: Sequent, names: frozenset[str], avoid: Any = (), fractional: Any = ()) -> Sequent:
    """The sequent with ``names`` as real (complex) numbers of which only ``avoid``, ``fractional`` is assumed."""
    if not names or not (isinstance(s.goal, App) and s.goal.head == "="):
        raise Reject(RULE, "generic", "is for equations, and some names")
    declarations: dict[str, Sort] = dict(s.declarations)
    for x in names:
        sort = s.declarations.get(x)
        if sort not in (INTEGER, REAL, COMPLEX):
            raise Reject(RULE, "generic", f"{x} is no number of the claim")
        if sized := [n for n, other in s.declarations.items() if x in _sizes(other)]:
            raise Reject(RULE, "generic", f"{x} is the size of {sized[0]}")
        declarations[x] = COMPLEX if sort == COMPLEX else REAL
    if not continuous(s.goal, names, s.declarations):
        raise Reject(RULE, "generic", "the sides are not visibly continuous in it")
    kept = tuple(a for a in s.assumptions if not free_names(a) & names)
    here = Sequent(declarations, kept, s.goal)
    for data, relation in [*((p, "!=") for p in avoid), *((p, "in") for p in fractional)]:
        p = from_json(data)
        if free_names(p) - set(s.declarations):
            raise Reject(RULE, "avoid", f"{show(p)[:60]} uses names that are not declared")
        if definedness(p, here) or not Discrete(here, names).generic_value(p):
            raise Reject(RULE, "avoid", f"{show(p)[:60]} is not linear in a generic name")
        kept = (*kept, app("!=", p, num(0)) if relation == "!=" else app("not", app("in", p, app("integers"))))
    return Sequent(declarations, kept, s.goal)


def _sizes(sort: Sort) -> set[str]:
    from .term import sort_terms

    return {n for t in sort_terms(sort) for n in free_names(t)}


def continuous(t: Term, names: frozenset[str], decls: Mapping[str, Sort]) -> bool:
    """Continuous in ``names`` wherever it is defined, and defined near there."""
    if not free_names(t) & names:
        return True
    match t:
        case Var():
            return True
        case App("=" | "add" | "mul" | "neg" | "div" | "exp" | "sin" | "cos" | "gamma" | "factorial" | "digamma"
                 | "rgamma", args):
            return all(continuous(a, names, decls) for a in args)
        case App("pow", (base, exponent)):
            return not free_names(exponent) & names and is_integer(exponent, decls) and continuous(base, names, decls)
        case App("binomial" | "rising" | "falling", (x, k)):
            return not free_names(k) & names and is_integer(k, decls) and continuous(x, names, decls)
        case Bind("sum" | "prod", bound, sorts, (low, high), (guard, body)):
            infinite = {App("oo", ()), app("neg", App("oo", ()))} & {low, high}
            inside = {**decls, **dict(zip(bound, sorts, strict=True))}
            return guard == TRUE and not infinite and not (free_names(low) | free_names(high)) & names and (
                continuous(body, names - set(bound), inside))
        case _:
            return False


# ------------------------------------------------------------------------ definedness


def defined(t: Term, s: Sequent) -> bool:
    return not undischarged(t, s)


def undischarged(t: Term, s: Sequent) -> tuple[Term, ...]:
    """The conditions of ``t`` that neither the plain nor the discrete normal form gives, nor the others."""
    kept: list[Term] = []
    for c in discharge(definedness(t, s), s):
        if not holds(c, s.assuming(*kept)):
            kept.append(c)
    return tuple(kept)


def holds(c: Term, s: Sequent, depth: int = MAX_DEPTH) -> bool:
    """Whether a condition follows visibly."""
    if depth == 0:
        return False
    match c:
        case _ if not free_names(c):
            try:
                return truth(c, {}, {})
            except (Undefined, Unknown):
                return False
        case App("and", args):
            return all(holds(a, s, depth - 1) for a in args)
        case App("or", args):
            return any(holds(a, s, depth - 1) for a in args)
        case App("not", (App("in", (a, App("integers", ()))),)):
            try:
                return Discrete(s).not_an_integer(a)
            except CannotNormalise:
                return False
        case App("implies", (premise, conclusion)):
            return _empty_range(premise, s) or holds(conclusion, s.assuming(premise), depth - 1)
        case Bind("forall"):
            inner, _ = introduce(s, c)
            return holds(inner.goal, inner, depth - 1)
        case App(head, (a, b)) if head in _GOAL_SIGNS:
            if discharge((c,), s) == ():
                return True
            field = Discrete(s)
            try:
                if head != "!=" and not all(is_real(x, s.declarations) for x in (a, b)):
                    return False
                if discharge(definedness(c, s), s):
                    return False
                return field.sign(sub(a, b)) in _GOAL_SIGNS[head] or head == "!=" and field.nonzero(sub(a, b))
            except CannotNormalise:
                return False
        case App("in", (a, App("integers", ()))):
            try:
                if discharge(definedness(a, s), s):
                    return False
                return Discrete(s).integral(a) or _by_remainders(c, s)
            except CannotNormalise:
                return False
        case _:
            return discharge((c,), s) == ()


def _empty_range(premise: Term, s: Sequent) -> bool:
    """t <= k <= u with u < t visibly: nothing is asked of the summands of an empty sum."""
    low: dict[Term, list[Term]] = {}
    high: dict[Term, list[Term]] = {}
    for c in conjuncts(premise):
        match c:
            case App("<=", (t, Var() as k)):
                low.setdefault(k, []).append(t)
            case App("<=", (Var() as k, u)):
                high.setdefault(k, []).append(u)
    return any(holds(app("<", u, t), s, 1) for k in low for t in low[k] for u in high.get(k, ()))


def _by_remainders(c: Term, s: Sequent) -> bool:
    from .rule_residues import modular

    return modular(s.with_goal(c)) is None


__all__ = ["check", "check_generic", "continuous", "defined", "generalised", "holds", "inequalities", "undischarged"]
