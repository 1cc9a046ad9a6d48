"""Laws with a real parameter, at one point of it: tables of masses with their first and second derivatives.

    point["p"] = {"law": [["1/2"], ["1/2"]], "slope": ["1", "-1"], "curve": ["0", "0"]}

A law's label that is declared a real number is its parameter t.  Near its value c at the point the masses are
a + b (t - c) + d (t - c)^2/2 with a > 0: that is a law for every t near c, because the b and the d of each
column add up to 0.  Values at t = c and derivatives there are exact; any other value of t is refused.

Derivatives are dual numbers (``dual``): a density at a moving parameter is the polynomial above, and an
expectation is the finite sum that it is, so nothing is assumed about exchanging derivative and integral.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .density_terms import density_factors, over_variables, summands
from .evidence import Reject
from .finite import FiniteLaw, State, law_at, state_of, states
from .term import REAL, App, Bind, Law, Space, Term, app

if TYPE_CHECKING:
    from .evaluate import Evaluator

Masses = Mapping[tuple[int, ...], Fraction]


@dataclass(frozen=True, slots=True)
class ParametricLaw(FiniteLaw):
    """``masses`` at the origin of the label ``parameter``, with their derivatives there."""

    parameter: str
    origin: Fraction
    slopes: Masses
    curves: Masses

    def moving(self, own: Mapping[int, int], given: tuple[int, ...], step: Any, e: Evaluator) -> Any:
        """The marginal density at the states of some own labels, where the parameter is origin + step."""
        if 0 in own.values():
            return Fraction(0)
        given = tuple(max(g, 1) for g in given)
        a = b = c = Fraction(0)
        for where in itertools.product(*(
                [own[k]] if k in own else range(1, r.states + 1) for k, r in enumerate(self.own))):
            a += self.masses[where + given]
            b += self.slopes[where + given]
            c += self.curves[where + given]
        cell = Fraction(1)
        for k in own:
            cell *= self.own[k].cell
        square = e._apply("mul", [c / (2 * cell), step, step])
        return e._apply("add", [a / cell, e._apply("mul", [b / cell, step]), square])


def parameters(law: Law, sorts: Mapping[str, Any]) -> tuple[str, ...]:
    """The labels of a law that are real numbers."""
    return tuple(k for k in law.given if sorts.get(k) == REAL)


def parametric(law: FiniteLaw, parameter: str, data: Mapping[str, Any], origin: Any, table: Any) -> ParametricLaw:
    """``law`` with the derivatives of its masses.  Raises :class:`Reject`."""
    if any(m <= 0 for m in law.masses.values()):
        raise Reject("witness", "law", "a law with a parameter has positive masses")
    derivatives = []
    for key in ("slope", "curve"):
        entries = table(data.get(key))
        for at in itertools.product(*(range(1, r.states + 1) for r in law.given)):
            if sum((m for k, m in entries.items() if k[len(law.own):] == at), Fraction(0)) != 0:
                raise Reject("witness", key, "the derivatives of masses that add up to 1 add up to 0")
        derivatives.append(entries)
    if not isinstance(origin, str):
        raise Reject("witness", "law", "the parameter of a law has a rational value")
    return ParametricLaw(law.own, law.given, law.masses, parameter, Fraction(origin), *derivatives)


# ---------------------------------------------------------------------------- evaluating


def moving_density(t: App, e: Any) -> Any:
    """The value of a density whose parameter is a dual number.  Raises Undefined, Unknown."""
    from .dual import primal
    from .evaluate import Undefined, Unknown

    value, sort, own, given = law_at(t, e, ParametricLaw, "a derivative of a density without a parameter")
    at = {label: state_of(v, e).number for label, v in own + given if label != value.parameter}
    (parameter,) = (e.number(v) for label, v in given if label == value.parameter)
    if primal(parameter) != value.origin:
        raise Unknown("a law at another value of its parameter")
    step = e._apply("add", [parameter, -value.origin])
    fixed = tuple(at[k] for k in sort.given if k != value.parameter)
    above = value.moving({k: at[x] for k, x in enumerate(sort.own) if x in at}, fixed, step, e)
    known = {k: at[x] for k, x in enumerate(sort.own) if x in dict(given)}
    if not known:
        return above
    below = value.moving(known, fixed, step, e)
    if primal(below) == 0:
        raise Undefined("a conditional density where its condition has the density 0")
    return e._apply("div", [above, below])


def moving_integral(t: Bind, e: Any) -> Any:
    """An expectation, a divergence or an integral in which a parameter moves, as a finite sum."""
    from .dual import Dual, primal
    from .evaluate import Unknown

    if not over_variables(t) or t.outer:
        raise Unknown("a derivative of an integral over more than random variables")
    total: Any = Fraction(0)
    for point in itertools.product(*(states(s.measure, e) for s in t.sorts if isinstance(s, Space))):
        inner = e._inside(dict(zip(t.names, point, strict=True)), dict(zip(t.names, t.sorts, strict=True)))
        size = Fraction(1)
        for s in point:
            size *= s.room.cell
        for sign, w, f in _weighted(t):
            weight = inner.number(w)
            if not isinstance(weight, Dual) and weight == 0:
                continue
            if primal(weight) == 0 or any(isinstance(s, State) and s.number == 0 for s in point):
                raise Unknown("a derivative at a weight of 0")
            total = e._apply("add", [total, e._apply("mul", [sign * size, weight, inner.number(f)])])
    return total


def _weighted(t: Bind) -> list[tuple[int, Term, Term]]:
    match t.head, t.inner:
        case "E", (w, f):
            return [(1, w, f)]
        case "KL", (a, b):
            return [(1, a, app("log", app("div", a, b)))]
        case _:
            return [(sign, *density_factors(f)) for sign, f in summands(t.inner[0])]


__all__ = ["ParametricLaw", "moving_density", "moving_integral", "parameters", "parametric"]
