"""Divergences of two densities compared at each point, and by Cauchy-Schwarz.

    R - L = sum c_k T_k + c;   T_k = int w_k g_k, an E, KL or integral over all variables of the densities p, q;
    e + e' = c;   G = sum c_k w_k g_k + e p + e' q >= 0  for all values p, q >= 0
    ----------------------------------------------------------------------------------------------------
    L <= R                                             conditions: the definedness of L <= R

    L = c M^2, c > 0, M = int f, R = int B by the above;   h, h' >= 0, c (h + h') <= 1
    f^2 <= (h p + h' q) B,  B >= 0  for all values p, q >= 0;  for (int f)^2 <= int (h p + h' q) int B
    --------------------------------------------------------------------------------------------------
    L <= R

"For all values" is shown for p, q > 0, for p > 0 = q and for p = 0 < q.  Every term is homogeneous in (p, q), so that
p = u q, and q = 1, will do: a premise in the one variable u > 0; and p = 1, q = 0; p = 0, q = 1.  Where a weight is 0
there is nothing.  Where an integrand is undefined the region has the measure 0, since T_k is finite where the claim is
defined; or T_k is a KL that is R, and if the region has not, R = oo.

So Pinsker's inequality comes from 3 (u - 1)^2 <= (4 + 2 u)(u log u - u + 1), TV^2 <= chi^2/4 and Le Cam's
inequalities likewise (Tsybakov, Introduction to Nonparametric Estimation, 2.4, no page).
FAILURE: a density of fewer or of more variables, or with a bar; a third density; a term that is not homogeneous; a
premise under a condition; a KL that may be infinite on the smaller side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .density_terms import density_factors, density_parts, is_weight, over_variables, summands
from .evaluate import Undefined, Unknown, truth, value
from .evidence import Evidence, Reject
from .rule_sos import sides
from .term import (
    ONE, REAL, ZERO, App, Bind, Num, Term, Var, add, app, from_json, mul, num, rebuild, show, substitute,
)

if TYPE_CHECKING:
    from .prove import Prover

RULE = "two-densities"
FIRST, SECOND = Var("#p"), Var("#q")        # the values of the two densities: no claim can declare these names


@dataclass(frozen=True, slots=True)
class Part:
    """c times the integral of weight * rest; ``alone``: a KL that is a side of the claim, and may be oo."""

    c: Fraction
    weight: Term
    rest: Term
    alone: bool


class Claim:
    """L <= R, its integrals read at one point."""

    def __init__(self, s: Sequent) -> None:
        self.s = s
        self.small, self.large, strict = sides(s.goal, RULE)
        if strict:
            raise Reject(RULE, "goal", "is strict")
        self.densities: list[Term] = []
        self.shape: tuple[Any, ...] | None = None

    def linear(self, t: Term, c: Fraction = Fraction(1)) -> tuple[list[Part], Fraction]:
        """A linear form in integrals: its parts, and the number."""
        match t:
            case Num(v):
                return [], c*v
            case App("add", args):
                found = [self.linear(a, c) for a in args]
                return [p for f, _ in found for p in f], sum((n for _, n in found), Fraction(0))
            case App("neg", (a,)):
                return self.linear(a, -c)
            case App("mul", args) if sum(not isinstance(a, Num) for a in args) <= 1:
                for a in args:
                    c = c*a.value if isinstance(a, Num) else c
                return self.linear(next((a for a in args if not isinstance(a, Num)), ONE), c)
            case App("div", (a, Num(v))) if v:
                return self.linear(a, c/v)
            case App("pow", (App("sqrt", (a,)), Num(v))) if v == 2:
                return self.linear(a, c)
            case App("pow", (App("div", (App("sqrt", (a,)), Num(d))), Num(v))) if v == 2 and d:
                return self.linear(a, c/d**2)
            case App("pow", (App("mul", (Num(k), App("sqrt", (a,)))), Num(v))) if v == 2:
                return self.linear(a, c*k**2)
            case Bind("E" | "KL" | "integral") if over_variables(t) and not t.outer:
                return self._integral(t, c), Fraction(0)
        raise Reject(RULE, show(t)[:60], "is no linear form in integrals")

    def _integral(self, t: Bind, c: Fraction) -> list[Part]:
        if self.shape not in (None, t.sorts):
            raise Reject(RULE, show(t)[:60], "is over other variables")
        self.shape = t.sorts
        by: dict[str, Term] = {n: Var(f"#x{k}") for k, n in enumerate(t.names)}
        inner = [substitute(u, by) for u in t.inner]
        if t.head == "integral":
            found = [(sign, *density_factors(u)) for sign, u in summands(inner[0])]
        elif is_weight(inner[0]):
            w, f = inner
            found = [(1, w, f if t.head == "E" else app("log", app("div", w, f)))]
        else:
            raise Reject(RULE, show(t)[:60], "has a weight that is no density")
        alone = t.head == "KL" and (t is self.large or t is self.small)
        out = [Part(c*sign, self._at_a_point(w), self._at_a_point(f), alone) for sign, w, f in found]
        for p in out:
            if not _real(p.rest):
                raise Reject(RULE, show(p.rest)[:60], "is not certainly real")
        return out

    def _at_a_point(self, t: Term) -> Term:
        """The densities as real variables."""
        if isinstance(t, App) and t.head == "density":
            name = t.args[0].name if isinstance(t.args[0], Var) else ""
            _, own, given = density_parts(t, self.s.declarations.get(name))
            names = {f"#x{k}" for k in range(len(self.shape or ()))}
            if given or {v.name for _, v in own if isinstance(v, Var)} != names or len(own) != len(names):
                raise Reject(RULE, show(t)[:60], "is no density of all variables")
            if t not in self.densities:
                self.densities.append(t)
            if len(self.densities) > 2:
                raise Reject(RULE, show(t)[:60], "is a third density")
            return (FIRST, SECOND)[self.densities.index(t)]
        if isinstance(t, Bind) or isinstance(t, Var) and t not in (FIRST, SECOND):
            raise Reject(RULE, show(t)[:60], "is no function of the densities")
        return rebuild(t, self._at_a_point) if isinstance(t, App) else t


def _real(t: Term) -> bool:
    """By its form, for positive values of the densities."""
    match t:
        case Num() | Var() | App("pi" | "e", ()):
            return True
        case App("add" | "neg" | "mul" | "div" | "abs" | "max" | "min" | "exp", args):
            return all(map(_real, args))
        case App("pow", (a, Num(k))):
            return _real(a) if k.denominator == 1 else _positive(a)
        case App("log" | "sqrt", (a,)):
            return _positive(a)
    return False


def _positive(t: Term) -> bool:
    match t:
        case Num(v):
            return v > 0
        case Var():
            return True
        case App("add" | "mul" | "div" | "sqrt", args):
            return all(map(_positive, args))
        case App("pow", (a, Num())):
            return _positive(a)
    return False


def degree(t: Term) -> Fraction | None:
    """The degree of a homogeneous term in the two densities; None for 0, which has any."""
    match t:
        case Num(v):
            return None if v == 0 else Fraction(0)
        case Var():
            return Fraction(1)
        case App("pi" | "e", ()):
            return Fraction(0)
        case App("add" | "max" | "min", args):
            found = {d for a in args if (d := degree(a)) is not None}
            if len(found) > 1:
                raise Reject(RULE, show(t)[:60], "is not homogeneous")
            return found.pop() if found else None
        case App("neg" | "abs", (a,)):
            return degree(a)
        case App("mul", args):
            degrees = [degree(a) for a in args]
            return None if None in degrees else sum((d for d in degrees if d is not None), Fraction(0))
        case App("div", (a, b)):
            above, below = degree(a), degree(b)
            if below is None:
                raise Reject(RULE, show(t)[:60], "is divided by 0")
            return None if above is None else above - below
        case App("sqrt", (a,)):
            inside = degree(a)
            return None if inside is None else inside/2
        case App("pow", (a, Num(k))):
            inside = degree(a)
            if inside is None:          # 0^0 = 1
                return None if k > 0 else Fraction(0)
            return inside*k
        case App("log" | "exp" | "pow", args) if all(degree(a) in (None, 0) for a in args):
            return Fraction(0)
    raise Reject(RULE, show(t)[:60], "is not homogeneous")


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    from .prove import discharge

    axioms: tuple[str, ...] = ()
    for premise, proof in zip(premises(s, c), c["proofs"], strict=True):
        shown = prove(premise, proof)
        if shown.conditions:
            raise Reject(RULE, show(premise.goal)[:60], "is shown under a condition")
        axioms += shown.axioms
    return Evidence(discharge(definedness(s.goal, s), s), tuple(dict.fromkeys(axioms)))


def premises(s: Sequent, c: Mapping[str, Any]) -> list[Sequent]:
    """In one variable.  Raises :class:`Reject`."""
    claim, units = Claim(s), _pair(c["units"])
    goals = squared(claim, units, _pair(c["share"])) if "share" in c else pointwise(claim, units)
    return [Sequent({"u": REAL}, (app(">", Var("u"), ZERO),), goal) for goal in goals]


def _pair(data: Any) -> tuple[Fraction, Fraction]:
    one, two = (from_json(x) for x in data)
    if not (isinstance(one, Num) and isinstance(two, Num)):
        raise Reject(RULE, "units", "are two rational numbers")
    return one.value, two.value


def pointwise(claim: Claim, units: tuple[Fraction, Fraction]) -> list[Term]:
    """The premise in u, after the checks at 0."""
    right, n = claim.linear(claim.large)
    left, m = claim.linear(claim.small, Fraction(-1))
    if sum(units) != n + m:
        raise Reject(RULE, "units", "do not add up to the number of the claim")
    whole = [*right, *left]
    homogeneous(whole)
    for zero in (FIRST, SECOND):
        total = at_zero(whole, zero)
        if total is not None and not _holds(app(">=", add(total, _unit(units, zero)), ZERO)):
            raise Reject(RULE, "zero", "fails where one density is 0")
    inside = add(*(mul(num(p.c), p.weight, p.rest) for p in whole), _units(units))
    return [app(">=", _in_u(inside), ZERO)]


def squared(claim: Claim, units: tuple[Fraction, Fraction], share: tuple[Fraction, Fraction]) -> list[Term]:
    """The premises of the second form."""
    match claim.small:
        case App("pow", (m, Num(k))) if k == 2:
            c = Fraction(1)
        case App("mul", (Num(c), App("pow", (m, Num(k))))) if k == 2 and c > 0:
            pass
        case App("div", (App("pow", (m, Num(k))), Num(d))) if k == 2 and d > 0:
            c = 1/d
        case _:
            raise Reject(RULE, "goal", "has no square on its smaller side")
    f, n = claim.linear(m)
    b, number = claim.linear(claim.large)
    if n or sum(units) != number or min(share) < 0 or sum(share) <= 0 or c*sum(share) > 1:
        raise Reject(RULE, "share", "the numbers do not fit the claim")
    homogeneous(f)
    homogeneous(b)
    for zero in (FIRST, SECOND):
        inner, outer = at_zero(f, zero), at_zero(b, zero)
        if inner is None or outer is None:
            continue
        outer = add(outer, _unit(units, zero))
        if not (_holds(app(">=", outer, ZERO)) and _holds(app("<=", app("pow", inner, num(2)),
                                                              mul(_unit(share, zero), outer)))):
            raise Reject(RULE, "zero", "fails where one density is 0")
    large = mul(_units(share), add(_whole(b), _units(units)))
    return [app("<=", _in_u(app("pow", _whole(f), num(2))), _in_u(large))]


def _whole(parts: list[Part]) -> Term:
    return add(*(mul(num(p.c), p.weight, p.rest) for p in parts))


def homogeneous(parts: list[Part]) -> None:
    for p in parts:
        if degree(mul(p.weight, p.rest)) not in (None, 1):
            raise Reject(RULE, show(p.rest)[:60], "is not homogeneous of degree 1 with its weight")
        degree(p.weight)


def _units(units: tuple[Fraction, Fraction]) -> Term:
    return add(mul(num(units[0]), FIRST), mul(num(units[1]), SECOND))


def _unit(units: tuple[Fraction, Fraction], zero: Var) -> Term:
    """e p + e' q where the one is 0 and the other 1."""
    return num(units[1] if zero == FIRST else units[0])


def _in_u(t: Term) -> Term:
    return substitute(t, {FIRST.name: Var("u"), SECOND.name: ONE})


def at_zero(parts: list[Part], zero: Var) -> Term | None:
    """The integrand where this density is 0 and the other 1; None if the region has the measure 0, or R = oo."""
    by: dict[str, Term] = {FIRST.name: ONE, SECOND.name: ONE, zero.name: ZERO}
    total: list[Term] = []
    null = doubtful = False
    for p in parts:
        weight, rest = substitute(p.weight, by), substitute(p.rest, by)
        try:
            if value(weight, {}, {}) == 0:
                continue
            value(rest, {}, {})
        except Undefined:
            if p.alone and p.c < 0:
                doubtful = True
            else:
                null = True
            continue
        except Unknown as error:
            raise Reject(RULE, show(rest)[:60], "has no value that is computed") from error
        total.append(mul(num(p.c), weight, rest))
    if doubtful and not null:
        raise Reject(RULE, "zero", "a divergence on the smaller side may be infinite")
    return None if null else add(*total)


def _holds(t: Term) -> bool:
    try:
        return truth(t, {}, {})
    except (Undefined, Unknown):
        return False


__all__ = ["FIRST", "SECOND", "Claim", "Part", "at_zero", "check", "degree", "homogeneous", "pointwise", "premises",
           "squared"]
