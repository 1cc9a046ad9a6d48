"""Sums of polynomials over integer ranges with symbolic ends, in closed form.

    F(n) - F(n-1) = f(n) as polynomials in n,   a <= b + 1,   a and b integers,   f(s) defined for a <= s <= b
    ----------------------------------------------------------------------------------------------------------
    sum_{s=a}^{b} f(s) = F(b) - F(a-1)

As a rule: every such sum of the goal is replaced, innermost first; inside an outer sum the outer
variable lies in its range.  The certificate holds the proof of what is left:
``{"rule": "closed-sum", "proof": ...}``.  A quotient such as s/s is a polynomial, and undefined at 0: so
the conditions are those of the goal as it was written.

FAILURE: a summand that is not a polynomial in the summation variable, an end that is not certainly an
integer, a range of which a <= b + 1 is not visible (an empty sum is 0, F(b) - F(a-1) need not be); what is
left needs a condition that the goal does not: sum_{s=0}^{n} 1/(n+1) is 0 at n = -1, (n+1)/(n+1) undefined.
Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., section 2.6 (sums and differences).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import comb
from typing import Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .field import CannotNormalise, Field, Frac
from .kinds import is_integer
from .prove import discharge
from .term import (
    INTEGER, TRUE, App, Bind, Term, Var, add, app, free_names, fresh, mul, num, show, sub, substitute,
)

RULE = "closed-sum"
MAX_DEGREE = 12


def check(sequent: Sequent, c: Mapping[str, Any], prove: Callable[[Sequent, Any], Evidence]) -> Evidence:
    needed = written_conditions(sequent)
    given = sequent.assuming(*needed)
    goal = closed(sequent.goal, given)
    if goal == sequent.goal:
        raise Reject(RULE, "goal", "contains no sum of a polynomial over an integer range")
    shown = prove(given.with_goal(goal), c["proof"])
    if foreign := discharge(shown.conditions, given):
        raise Reject(RULE, "proof", f"rests on {show(foreign[0])}, which the goal as it was written does not need")
    return Evidence(needed, shown.axioms)


def written_conditions(s: Sequent) -> tuple[Term, ...]:
    """What the goal needs to be defined, and does not follow; for all values of a bound name, unless it
    follows from what the rest needs."""
    needed = discharge(definedness(s.goal, s), s)
    plain = tuple(c for c in needed if not isinstance(c, Bind))
    return plain + discharge(tuple(c for c in needed if isinstance(c, Bind)), s.assuming(*plain))


def closed(t: Term, s: Sequent) -> Term:
    """``t`` with every polynomial sum over an integer range replaced (others stay)."""
    match t:
        case Bind("sum", (name,), (sort,), (low, high), (guard, body)) if sort == INTEGER:
            low, high = closed(low, s), closed(high, s)
            new = fresh(name, set(s.declarations) | free_names(low) | free_names(high))
            inside = s.declaring({new: INTEGER}).assuming(
                app("<=", low, Var(new)), app("<=", Var(new), high))
            inner = closed(substitute(body, {name: Var(new)}), inside)
            try:
                return closed_sum(new, low, high, inner, s) if guard == TRUE else t
            except (Reject, CannotNormalise):
                return Bind("sum", (new,), (sort,), (low, high), (guard, inner)) if guard == TRUE else t
        case App(head, args):
            return App(head, tuple(closed(a, s) for a in args))
        case _:
            return t


def closed_sum(name: str, low: Term, high: Term, body: Term, s: Sequent) -> Term:
    """F(high) - F(low - 1).  Raises Reject, CannotNormalise."""
    for end in (low, high):
        if not is_integer(end, s.declarations):
            raise Reject(RULE, "range", f"{show(end)[:60]} is not certainly an integer")
    if Field(s).sign(add(sub(high, low), num(1))) not in ("+", "0+", "0"):
        raise Reject(RULE, "range", f"{show(low)} <= {show(high)} + 1 is not visible")
    inside = s.declaring({name: INTEGER}).assuming(app("<=", low, Var(name)), app("<=", Var(name), high))
    if missing := discharge(definedness(body, inside), inside):
        raise Reject(RULE, "body", f"{show(body)[:60]} needs {show(missing[0])[:60]} in the whole range")
    coefficients = polynomial_in(name, body, s.declaring({name: INTEGER}))
    total: list[Term] = []
    for degree, coefficient in coefficients.items():
        f = power_sum(degree)
        before = sub(low, num(1))
        total.append(mul(coefficient, sub(_at(f, high), _at(f, before))))
    return add(*total)


def polynomial_in(name: str, body: Term, s: Sequent) -> dict[int, Term]:
    """Coefficients of ``body`` as a polynomial in ``name``, free of it."""
    from .constants import Constants
    from .limit_case import settled

    field = Field(s)

    def ask() -> dict[int, Term]:
        f = field.frac(body)
        field.frac(Var(name))
        constants = Constants(field)
        where = next(k for k, g in enumerate(field.generators) if g.term == Var(name) and g.kind == "name")
        if int(f.den.degrees()[where]) or any(
                _holds(field, k, name) for k in range(len(field.generators)) if k != where
                and any(int(p.degrees()[k]) for p in (f.num, f.den) if p != 0)):
            raise Reject(RULE, "body", f"{show(body)[:60]} is no polynomial in {name}")
        parts: dict[int, dict[tuple[int, ...], Any]] = {}
        for exponents, c in f.num.to_dict().items():
            e = list(map(int, exponents))
            d, e[where] = e[where], 0
            parts.setdefault(d, {})[tuple(e)] = c
        if any(d > MAX_DEGREE for d in parts):
            raise Reject(RULE, "body", f"a degree over {MAX_DEGREE}")
        ring = f.num.context()
        return {d: constants.term(Frac(ring.from_dict(p), f.den)) for d, p in parts.items()}

    result: dict[int, Term] = settled(field, ask)
    return result


def _holds(field: Field, k: int, name: str) -> bool:
    """Whether generator k may depend on ``name``."""
    g = field.generators[k]
    if g.kind in ("name", "opaque", "imaginary"):
        return name in free_names(g.term) or not isinstance(g.term, (Var, Bind)) and not (
            isinstance(g.term, App) and g.term.args and name not in free_names(g.term)
            or g.term in (App("pi", ()), App("i", ())))
    return g.value is None or any(
        _holds(field, j, name) for p in (g.value.num, g.value.den) if p != 0
        for j, d in enumerate(p.degrees()) if d)


def power_sum(p: int) -> list[Fraction]:
    """Coefficients of F with F(n) - F(n-1) = n^p and F(0) = 0; the identity is checked here."""
    # F has degree p + 1: solve for its coefficients from the top, by comparing powers of n
    f = [Fraction(0)] * (p + 2)
    for k in range(p + 1, 0, -1):
        # coefficient of n^(k-1) in F(n) - F(n-1) = sum_j f_j (n^j - (n-1)^j)
        above = sum((f[j] * -comb(j, k - 1) * (-1) ** (j - k + 1) for j in range(k + 1, p + 2)), Fraction(0))
        f[k] = (Fraction(int(k - 1 == p)) - above) / k
    for i in range(p + 2):     # the difference, power by power
        found = sum((f[j] * (Fraction(int(i == j)) - comb(j, i) * (-1) ** (j - i)) for j in range(i, p + 2)),
                    Fraction(0))
        if found != int(i == p):
            raise Reject(RULE, "telescoping", f"F(n) - F(n-1) is not n^{p}")
    return f


def _at(f: list[Fraction], n: Term) -> Term:
    return add(*(mul(num(c), app("pow", n, num(k))) for k, c in enumerate(f) if c))


__all__ = ["check", "closed", "closed_sum", "polynomial_in", "power_sum", "written_conditions"]
