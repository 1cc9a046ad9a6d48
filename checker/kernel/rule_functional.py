"""Integrals and series put in closed form by linear functionals on generators.

    the integrand is sum_k f_k on the open range, each f_k a constant times a generator (``functional_form``)
    whose integral converges absolutely to V_k (``functional_values``)
    --------------------------------------------------------------------------------------------------------
    integral(x from a to b: f) = sum_k V_k,  and it converges

    G |- P    from    G |- P with the values, innermost integrals first

So the moments, the entropy, the moment generating function of a law are computed from its density.  Ranges
are moved to the half line, the unit range or the whole line by x = a + y, x = b - y, x = a + (b - a) y; a
range over the line is cut where an absolute value |x - m| has its kink:

    integral(-oo to oo: f) = integral(-oo to m: f) + integral(m to oo: f)        both converge absolutely

An integral under another one is replaced on the open range of the outer variable: single points do not
matter to an integral, and for a sum the range is that of its summation.  The conditions of the goal are
those of its raw form without the convergence that is shown here.  Under a derivative it is replaced near the point:

    integral(f) = V  for every t that satisfies the strict assumptions on the point a    a satisfies them
    -----------------------------------------------------------------------------------------------------
    d/dt integral(f) at a  =  d/dt V at a

(a strict inequality of polynomials that holds at a holds near a, a weak one need not).

FAILURE: nothing to replace; what is left needs a condition that the raw goal does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import ceil, factorial, floor
from typing import Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .field import CannotNormalise, Field
from .field_terms import in_order
from .functional_form import CannotRead, Part, Reading, negative, plus, product
from .functional_values import binomial_sum, digamma, gamma, half_line, line, series, unit_range
from .kinds import is_integer
from .prove import discharge
from .term import (
    INTEGER, ONE, OO, REAL, TRUE, ZERO, App, Bind, Num, Sort, Term, Var, add, alpha, app, conj, conjuncts, free_names,
    fresh, mul, negate, num, rebuild, show, sub, substitute, subterms,
)

RULE = "functional"
MINUS_OO = app("neg", OO)
MAX_LITERAL = 8
MAX_FACTORIAL = 40


def check(s: Sequent, c: Mapping[str, Any], prove: Callable[[Sequent, Any], Evidence]) -> Evidence:
    goal, finite = values_put_in(s)
    conditions = definedness(s.goal, s)
    own = [x for x in conditions if alpha(x) not in finite]
    values = [_replace(x, (s,), set()) for x in own]        # the same conditions, said of the values
    left = [x for x, v in zip(own, values, strict=True) if not _real(v, s) and discharge(_opened(v, s), s)]
    given = s.assuming(*values, *left)
    shown = prove(given.with_goal(goal), c["proof"])
    if foreign := [x for x in discharge(shown.conditions, given) if x not in conditions]:
        raise Reject(RULE, "proof", f"{show(foreign[0])} is no condition of the goal")
    return Evidence(tuple(left)) + Evidence((), shown.axioms)


def _real(c: Term, s: Sequent) -> bool:
    """A condition that a side of an order is real, and the side certainly is."""
    return isinstance(c, App) and c.head == "in" and c.args[1] == app("reals") and Reading(s, "").real(c.args[0])


def _opened(c: Term, s: Sequent) -> tuple[Term, ...]:
    """What suffices for a condition: for the existence of a derivative that rules give, theirs."""
    match c:
        case App("finite", (Bind("diff") as t,)):
            return tuple(definedness(t, s))
        case _:
            return (c,)


def values_put_in(s: Sequent) -> tuple[Term, frozenset[Term]]:
    """The goal with its values, and the convergence that is shown by them.  Raises :class:`Reject`."""
    finite: set[Term] = set()
    out = _replace(s.goal, (s,), finite)
    if out == s.goal:
        raise Reject(RULE, "goal", "there is no integral or series of known generators")
    return out, frozenset(finite)


def _replace(t: Term, scopes: tuple[Sequent, ...], finite: set[Term]) -> Term:
    """``scopes``: the sequent of the goal, then one for each open range around ``t``."""
    match t:
        case App("gamma" | "digamma" as head, (a,)) if not any(isinstance(u, Bind) for u in subterms(a)):
            reading = Reading(scopes[-1], "")
            a = reading.rational(a)
            if not reading.is_positive(a):
                return t
            return gamma(reading, a) if head == "gamma" else digamma(reading, a)
        case App("factorial", (Num(n),)) if n.denominator == 1 and 0 <= n <= MAX_FACTORIAL:
            return num(factorial(int(n)))
        case App("cases", args):
            for value, guard in zip(args[0::2], args[1::2], strict=True):
                if guard == TRUE or not discharge((guard,), scopes[-1]):
                    return _replace(value, scopes, finite)
                if discharge((negate(guard),), scopes[-1]):
                    break
            return rebuild(t, lambda u: _replace(u, scopes, finite))
        case App("add", args):
            return _merged([_replace(a, scopes, finite) for a in args], scopes, finite)
        case App():
            return rebuild(t, lambda u: _replace(u, scopes, finite))
        case Bind("integral" | "sum", (_,), (sort,), (_, _), _) if sort in (REAL, INTEGER) and (
                sort == REAL) == (t.head == "integral") and t.inner[:-1] in ((), (TRUE,)):
            # what does not move with an outer variable has its value whatever the range of that one is
            depth = next(k for k, s in enumerate(scopes) if free_names(t) <= set(s.declarations))
            return _value(t, scopes[:depth + 1], finite)
        case Bind("diff", (n,), (sort,), (point,), (body,)) if sort == REAL and any(
                isinstance(u, Bind) and u.head in ("integral", "sum") for u in subterms(body)):
            name = fresh(n, frozenset(scopes[-1].declarations) | free_names(t))
            nested = set(finite)
            value = _replace(substitute(body, {n: Var(name)}), (*scopes, near(scopes[-1], name, point)), nested)
            finite |= {c for c in nested if free_names(c) <= set(scopes[0].declarations)}
            return Bind("diff", (name,), (REAL,), (_replace(point, scopes, finite),), (value,))
        case Bind("forall", (k,), (sort,), (), (guard, App("implies", (App("and", (
                App("<=", (Num(low), first)), App("<=", (last, Num(high))))), body)))) if (
                sort == INTEGER and guard == TRUE and first == last == Var(k) and high - low <= MAX_LITERAL):
            # a condition on the summands of a finite sum
            return conj(*(_replace(substitute(body, {k: num(j)}), scopes, finite)
                          for j in range(ceil(low), floor(high) + 1)))
        case _:
            return t


def _value(t: Bind, scopes: tuple[Sequent, ...], finite: set[Term]) -> Term:
    """The integral's value, or the integral itself."""
    s = scopes[-1]
    name = fresh(t.names[0], frozenset(s.declarations) | free_names(t))
    body = substitute(t.inner[-1], {t.names[0]: Var(name)})
    nested = set(finite)
    inner = _replace(body, (*scopes, ranged(s, name, t.sorts[0], t.outer)), nested)
    finite |= {c for c in nested if free_names(c) <= set(scopes[0].declarations)}
    try:
        value = integral_value(s, name, t.outer, inner) if t.head == "integral" else (
            series_value(s, name, t.outer, inner))
    except (CannotRead, CannotNormalise):
        if inner == body or not (t.head == "sum" or oriented(s, name, t.outer)):
            return t
        return Bind(t.head, (name,), t.sorts, t.outer, (*t.inner[:-1], inner))
    if not any(isinstance(u, Bind) for u in subterms(value)):
        value = in_order(Field(s), value) or value
    converges = alpha(app("finite", t))
    if len(scopes) > 1:     # for almost every value of the outer variables, nothing else may be undefined
        others = tuple(c for c in definedness(t, s) if alpha(c) != converges and alpha(c) not in nested)
        if discharge(others, s):
            return t
    finite.add(converges)
    return value


def _merged(parts: list[Term], scopes: tuple[Sequent, ...], finite: set[Term]) -> Term:
    """
        sum f and sum g converge absolutely (``_converges``),  sum (f - g) = V
        ----------------------------------------------------------------------
        sum f - sum g = V

    For sums without a value of their own: the log k! of two Poisson entropies cancel in their difference.
    """
    groups: dict[tuple[Term, ...], list[tuple[int, int, Bind]]] = {}
    for place, u in enumerate(parts):
        sign = 1
        while isinstance(u, App) and u.head == "neg":
            sign, u = -sign, u.args[0]
        if isinstance(u, Bind) and u.head == "sum" and u.sorts == (INTEGER,) and u.outer and u.inner[0] == TRUE:
            groups.setdefault(u.outer, []).append((place, sign, u))
    for outer, found in groups.items():
        taken = frozenset(scopes[-1].declarations).union(*(free_names(u) for *_, u in found))
        name = fresh(found[0][2].names[0], taken)
        bodies = [substitute(u.inner[1], {u.names[0]: Var(name)}) for *_, u in found]
        if len(found) < 2 or not all(_converges(scopes[-1], name, outer, b) for b in bodies):
            continue
        whole = add(*(b if sign > 0 else negative(b) for b, (_, sign, _) in zip(bodies, found, strict=True)))
        value = _value(Bind("sum", (name,), (INTEGER,), outer, (TRUE, whole)), scopes, set())
        if not any(isinstance(u, Bind) for u in subterms(value)):
            if len(scopes) == 1:
                finite |= {alpha(app("finite", u)) for *_, u in found}
            gone = {place for place, *_ in found}
            parts = [value, *(u for place, u in enumerate(parts) if place not in gone)]
            return _merged(parts, scopes, finite)
    return add(*parts)


def _converges(s: Sequent, k: str, outer: tuple[Term, ...], body: Term) -> bool:
    """Absolutely: over a finite range, or with log k! <= k^2 in a series that has a value for every power of k."""
    if OO not in outer:
        return MINUS_OO not in outer
    if outer[0] != ZERO:
        return False
    try:
        reading = Reading(ranged(s, k, INTEGER, outer), k, integer=True)
        for p in reading.collected(reading.parts(body)):
            others, power = dict(p.others), p.power
            if others.pop(app("log", app("factorial", Var(k))), 0) == 1:
                power = plus(power, num(2))
            series(reading, replace(p, others=tuple(others.items()), power=power))
    except (CannotRead, CannotNormalise):
        return False
    return True


def oriented(s: Sequent, x: str, outer: tuple[Term, ...]) -> bool:
    low, high = outer
    return low == MINUS_OO or high == OO or Reading(s, x).is_positive(sub(high, low))


def ranged(s: Sequent, name: str, sort: Sort, outer: tuple[Term, ...]) -> Sequent:
    """The sequent with the variable declared, strictly inside its range (in it, for integers)."""
    relation = "<" if sort == REAL else "<="
    low, high = outer
    facts = [app(relation, low, Var(name))] if low != MINUS_OO else []
    facts += [app(relation, Var(name), high)] if high != OO else []
    return Sequent({**s.declarations, name: sort}, (*s.assumptions, *facts), TRUE)


def near(s: Sequent, name: str, point: Term) -> Sequent:
    """The sequent with the variable declared, so near to the point that what is strict there is so at it."""
    facts: list[Term] = []
    if isinstance(point, Num):
        c = point.value
        width = min(abs(c - k) for k in (0, 1) if c != k) / 2
        facts = [app("<", num(c - width), Var(name)), app("<", Var(name), num(c + width))]
        facts += [app(">", Var(name), ZERO)] if c > 0 else [app("<", Var(name), ZERO)] if c < 0 else []
        facts += [app("<", Var(name), ONE)] if c < 1 else []
    elif isinstance(point, Var):
        facts = [substitute(c, {point.name: Var(name)}) for a in s.assumptions for c in conjuncts(a)
                 if point.name in free_names(c) and isinstance(c, App) and c.head in ("<", ">", "!=")
                 and all(map(_polynomial, c.args))]
        for relation, end in ((">", ZERO), ("<", ZERO), ("<", ONE)):     # a >= 1 gives a > 0
            if not discharge((app(relation, point, end),), s):
                facts.append(app(relation, Var(name), end))
    return Sequent({**s.declarations, name: REAL}, (*s.assumptions, *facts), TRUE)


def _polynomial(t: Term) -> bool:
    match t:
        case Num() | Var():
            return True
        case App("add" | "mul" | "neg", args):
            return all(map(_polynomial, args))
        case App("pow", (a, Num(k))):
            return k.denominator == 1 and k >= 0 and _polynomial(a)
        case _:
            return False


# ------------------------------------------------------------------------ integrals


def integral_value(s: Sequent, x: str, outer: tuple[Term, ...], body: Term) -> Term:
    """Raises :class:`CannotRead`."""
    low, high = outer
    ends = Reading(s, x)
    if not all(e in (OO, MINUS_OO) or ends.real(e) for e in outer):
        raise CannotRead        # log c of a negative c is no point of the line
    kink = _kink(body, x, Reading(ranged(s, x, REAL, outer), x))
    if kink is not None:
        if not (oriented(s, x, (low, kink)) and oriented(s, x, (kink, high))):
            raise CannotRead        # the order of the kinks and the ends is not known
        return add(integral_value(s, x, (low, kink), body), integral_value(s, x, (kink, high), body))
    if (low, high) == (MINUS_OO, OO):
        return _summed(Reading(ranged(s, x, REAL, outer), x), body, line)
    if OO in (low, high) and MINUS_OO in (low, high) or low == OO or high == MINUS_OO:
        raise CannotRead
    y = fresh("y", frozenset(s.declarations) | free_names(body) | {x})
    if high == OO or low == MINUS_OO:
        place = Var(y) if low == ZERO else plus(low, Var(y)) if high == OO else plus(high, negative(Var(y)))
        inside = ranged(s, y, REAL, (ZERO, OO))
        return _on_half_line(inside, y, substitute(body, {x: place}))
    width = high if low == ZERO else sub(high, low)
    if not Reading(s, x).is_positive(width):
        raise CannotRead
    place = Var(y) if (low, high) == (ZERO, ONE) else plus(low, product(width, Var(y)))
    reading = Reading(ranged(s, y, REAL, (ZERO, ONE)), y, positive=True, unit=True)
    return product(width, _summed(reading, substitute(body, {x: place}), unit_range))


def _on_half_line(s: Sequent, y: str, body: Term) -> Term:
    try:
        return _summed(Reading(s, y, positive=True), body, half_line)
    except CannotRead:
        pass
    # y = exp(u): the law of exp of a normal variable
    u = fresh("u", frozenset(s.declarations))
    kept = tuple(a for a in s.assumptions if y not in free_names(a))
    over_line = Sequent({**{n: k for n, k in s.declarations.items() if n != y}, u: REAL}, kept, TRUE)
    moved = mul(substitute(body, {y: app("exp", Var(u))}), app("exp", Var(u)))
    return _summed(Reading(over_line, u), moved, line)


def _kink(body: Term, x: str, reading: Reading) -> Term | None:
    """The point m of |a x + b| = |a| |x - m| inside the range, a literal number."""
    for u in subterms(body):
        if isinstance(u, App) and u.head == "abs" and not reading.free(u) and reading.sign(u.args[0]) not in (
                "+", "-", "0+", "0-"):
            zero, one = (substitute(u.args[0], {x: num(k)}) for k in (0, 1))
            slope = sub(one, zero)
            if any(isinstance(v, Bind) for v in subterms(u)):
                raise CannotRead
            for a in (1, -1):
                line_ = plus(zero, product(num(a), Var(x)))
                if reading.equal(slope, num(a)) and reading.equal(u.args[0], line_):
                    return negative(zero) if a == 1 else zero
            raise CannotRead
    return None


def _summed(reading: Reading, body: Term, functional: Callable[[Reading, Part], Term]) -> Term:
    parts = reading.collected(reading.parts(body))
    return plus(*(functional(reading, p) for p in parts))


# ------------------------------------------------------------------------ sums


def series_value(s: Sequent, k: str, outer: tuple[Term, ...], body: Term) -> Term:
    """Raises :class:`CannotRead`."""
    low, high = outer
    if isinstance(low, Num) and isinstance(high, Num):
        if high.value - low.value > MAX_LITERAL or low.value.denominator * high.value.denominator > 1:
            raise CannotRead
        points = range(int(low.value), int(high.value) + 1)
        return add(*(_replace(substitute(body, {k: num(j)}), (s,), set()) for j in points))
    if not is_integer(low, s.declarations) or OO in (low, negative(low)):
        raise CannotRead
    if low != ZERO:
        body, high = substitute(body, {k: plus(Var(k), low)}), high if high == OO else plus(high, negative(low))
    inside = ranged(s, k, INTEGER, (ZERO, high))
    reading = Reading(inside, k, integer=True)
    if high == OO:
        return _summed(reading, body, series)
    # of an empty range the summation variable knows nothing: 0 <= n must hold without it
    if Reading(s, k).sign(high) not in ("+", "0+", "0"):
        raise CannotRead
    return _summed(reading, body, lambda r, p: binomial_sum(r, p, high))


__all__ = ["check", "oriented", "ranged", "values_put_in"]
