"""Data processing: a divergence does not grow when variables are left out, or go through one channel.

    phi(u) >= phi(r) + s (u - r)  for all u, r > 0;     the same at q = 0 and at p = 0, see below
    -------------------------------------------------------------------------------------------------
    int G(P, Q) <= int G(p, q)                          conditions: the definedness of the claim

G is homogeneous of degree 1, phi(u) = G(u, 1); s is any term in r (a slope).  P, Q come from p, q in one way:
P(x) = int p(x, y) dy, or P(y) = int k(y | x) p(x) dx with k of mass 1 for each x.  Both sides may carry one number.

Let r = P/Q at a value of what is left.  Then G(p, q) >= q phi(r) + s (p - r q) at each value of what was taken away
(for q = 0 < p that is G(1, 0) >= s, for p = 0 < q it is G(0, 1) >= phi(r) - r s: the other premises), and the integral
of the right side is G(P, Q).  Where Q = 0 < P, q = 0 too, and both sides are P G(1, 0).  An integrand that is undefined
for q = 0 < p makes that region one of measure 0, as the integral is finite where the claim is defined; P, Q likewise.
(Jensen's inequality for the perspective of phi; Csiszar 1967; Liese and Vajda 2006, no page.)

FAILURE: a density with a bar, or of other laws; a P that is no marginal of p; two channels, or one that is no family
(k(y | x) of a joint law has no mass where k(x) = 0); another function G on the other side; a KL that is a side of the
claim, and may be oo; a premise under a condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .density_terms import density_parts, over_variables
from .evidence import Evidence, Reject
from .rule_sos import sides
from .rule_two_densities import FIRST, SECOND, Claim, Part, at_zero, homogeneous
from .term import (
    ONE, REAL, ZERO, App, Bind, Law, Sort, Term, Var, add, app, free_names, from_json, mul, num, show, sub,
    substitute,
)

if TYPE_CHECKING:
    from .prove import Prover

RULE = "processing"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a density stands: its law, and which of its labels has which variable of the integral."""

    law: str
    labels: tuple[tuple[str, str], ...]
    channel: Term | None = None                     # with the variables of p by their labels
    through: tuple[tuple[str, Sort], ...] = ()      # these labels, with their spaces


class Side(Claim):
    """One side of the claim: integrals of functions of two densities, or of two densities after a channel."""

    def __init__(self, s: Sequent) -> None:
        super().__init__(s)
        self.places: list[Place] = []

    def _at_a_point(self, t: Term) -> Term:
        place: Place | None = None
        if isinstance(t, App) and t.head == "density":
            place = self._density(t)
        elif isinstance(t, Bind) and t.head == "integral" and over_variables(t) and not t.outer:
            place = self._after_a_channel(t)
        if place is None:
            return super()._at_a_point(t)
        if place not in self.places:
            self.places.append(place)
        if len(self.places) > 2:
            raise Reject(RULE, show(t)[:60], "is a third density")
        return (FIRST, SECOND)[self.places.index(place)]

    def _density(self, t: App) -> Place:
        law, own, given = self._parts(t)
        if given or {v for _, v in own} != self._names() or len(own) != len(self._names()):
            raise Reject(RULE, show(t)[:60], "is no density of all variables")
        return Place(law, own)

    def _after_a_channel(self, t: Bind) -> Place:
        factors = t.inner[0].args if isinstance(t.inner[0], App) and t.inner[0].head == "mul" else ()
        if len(factors) != 2 or not all(isinstance(f, App) and f.head == "density" for f in factors):
            raise Reject(RULE, show(t)[:60], "is no channel times a density")
        bound = set(t.names)
        for p, k in (factors, factors[::-1]):
            law, own, given = self._parts(p)  # type: ignore[arg-type]
            if given or {v for _, v in own} != bound or len(own) != len(bound):
                continue
            name, out, behind = self._parts(k)  # type: ignore[arg-type]
            sort = self.s.declarations[name]
            if not isinstance(sort, Law) or not {g for g, _ in behind} <= set(sort.given):
                raise Reject(RULE, show(k)[:60], "is no family: it has no mass where what it is given has none")
            if {v for _, v in behind} - bound or {v for _, v in out} != self._names() or len(out) != len(self._names()):
                raise Reject(RULE, show(k)[:60], "is no channel from the one to the other")
            by: dict[str, Term] = {v: Var(f"#l{label}") for label, v in own}
            spaces = dict(zip(t.names, t.sorts, strict=True))
            return Place(law, (), substitute(k, by), tuple(sorted((label, spaces[v]) for label, v in own)))
        raise Reject(RULE, show(t)[:60], "is no channel times a density")

    def _names(self) -> set[str]:
        return {f"#x{k}" for k in range(len(self.shape or ()))}

    def _parts(self, t: App) -> tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
        name = t.args[0].name if isinstance(t.args[0], Var) else ""
        law, own, given = density_parts(t, self.s.declarations.get(name))
        if not all(isinstance(v, Var) for _, v in own + given):
            raise Reject(RULE, show(t)[:60], "is not taken at variables")
        front, behind = (tuple(sorted((k, v.name) for k, v in side if isinstance(v, Var))) for side in (own, given))
        return law, front, behind

    def spaces(self, place: Place) -> dict[str, Sort]:
        return {label: (self.shape or ())[int(v[2:])] for label, v in place.labels}


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
    """What has to be shown of phi and the slope.  Raises :class:`Reject`."""
    slope = from_json(c["slope"])
    if free_names(slope) - {"r"}:
        raise Reject(RULE, "slope", "is no term in r")
    parts = compared(s)
    u, r = Var("u"), Var("r")
    at_u, at_r = (add(*_whole(parts, t)) for t in (u, r))
    found = [app(">=", at_u, add(at_r, mul(slope, sub(u, r))))]
    only_p, only_q = at_zero(parts, SECOND), at_zero(parts, FIRST)
    if only_p is not None:
        found.append(app(">=", only_p, slope))
    if only_q is not None:
        found.append(app(">=", only_q, sub(at_r, mul(r, slope))))
    positive = (app(">", u, ZERO), app(">", r, ZERO))
    return [Sequent({"u": REAL, "r": REAL}, positive, goal) for goal in found]


def compared(s: Sequent) -> list[Part]:
    """The integrals of the finer side, with the sign that makes it the larger one."""
    small, large, strict = sides(s.goal, RULE)
    if strict:
        raise Reject(RULE, "goal", "is strict")
    reasons = []
    for fine, coarse, sign in ((large, small, 1), (small, large, -1)):
        try:
            return _compared(s, fine, coarse, Fraction(sign))
        except Reject as error:
            reasons.append(error)
    raise reasons[0]


def _compared(s: Sequent, fine: Term, coarse: Term, sign: Fraction) -> list[Part]:
    below, above = Side(s), Side(s)
    parts, n = below.linear(fine, sign)
    others, m = above.linear(coarse, sign)
    if n != m or sorted(map(repr, parts)) != sorted(map(repr, others)):
        raise Reject(RULE, "sides", "are not the same function of the densities")
    if any(p.alone for p in parts):
        raise Reject(RULE, "goal", "has a divergence for a side, which may be infinite")
    homogeneous(parts)
    if len(below.places) != len(above.places) or not below.places:
        raise Reject(RULE, "densities", "are not as many on both sides")
    for field in ("labels", "channel", "through"):
        if any(len({repr(getattr(p, field)) for p in side.places}) > 1 for side in (below, above)):
            raise Reject(RULE, "densities", "are not taken at the same variables in the same way")
    for p, q in zip(below.places, above.places, strict=True):
        if p.law != q.law or p.channel is not None:
            raise Reject(RULE, "densities", "are of other laws, or of other variables")
        whole = below.spaces(p)
        kept = dict(q.through) if q.channel is not None else above.spaces(q)
        if q.channel is not None and kept.keys() != whole.keys() or any(whole.get(k) != v for k, v in kept.items()):
            raise Reject(RULE, "densities", "do not come from those of the other side")
    return parts


def _whole(parts: list[Part], t: Term) -> list[Term]:
    by: dict[str, Term] = {FIRST.name: t, SECOND.name: ONE}
    return [mul(num(p.c), substitute(p.weight, by), substitute(p.rest, by)) for p in parts]


__all__ = ["Place", "Side", "check", "compared", "premises"]
