"""Signs of rational functions of scalars from what is assumed of these: eta/2 - L eta^2/2 >= 0 where eta <= 1/L.

Method: every assumed order is cleared of its denominator; the numerator asked for is then sought as a nonnegative
combination of products of one or two of these and of powers of scalars that are positive, by linear programming
(Handelman, Pacific J. Math. 132 (1988) 35-62).  The certificate is a ``sos``.
Cannot do: numerators that need a square, denominators whose sign is not visible.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.prove import prove
from ..kernel.rule_sos import assumed_orders
from ..kernel.term import Term, app, mul, num, sub, to_json
from . import simplex

if TYPE_CHECKING:
    from .multipliers import Columns

Certificate = dict[str, Any]
Powers = tuple[int, ...]
MAX_PRODUCTS = 400


def nonnegative(system: Columns, s: Sequent, x: Any) -> Certificate | None:
    """A proof of ``x >= 0`` for an element of the system's field, in a sequent about scalars."""
    facts: list[Certificate] = []
    place: dict[str, int] = {}

    def fact(key: str, made: Certificate) -> int:
        if key not in place:
            place[key] = len(facts)
            facts.append(made)
        return place[key]

    def visible(t: Term) -> int | None:
        goal = app(">=", t, num(0))
        try:
            if prove(s.with_goal(goal), {"rule": "sign"}).conditions:
                return None
        except Reject:
            return None
        return fact(repr(t), {"term": to_json(t), "strict": False, "proof": {"rule": "sign"}})

    turned = next(iter(x.denom.terms()))[1] < 0
    top, bottom = (-x.numer, -x.denom) if turned else (x.numer, x.denom)
    below = visible(app("div", num(1), system.as_term(system.field(bottom)))) if bottom != 1 else None
    if bottom != 1 and below is None:
        return None
    known: list[tuple[Any, list[int]]] = []
    for k, (low, high, _) in enumerate(assumed_orders(s)):
        found = _cleared(system, low, high)
        if found is None:
            continue
        poly, over = found
        which = [fact(f"given {k}", {"given": k})]
        if over != 1:
            extra = visible(system.as_term(system.field(over)))
            if extra is None:
                continue
            which.append(extra)
        known.append((poly, which))
    columns = list(itertools.islice(_products(system, known, top, visible), MAX_PRODUCTS))
    rows = sorted({e for p, _, _ in columns for e, _ in p.terms()} | {e for e, _ in top.terms()})
    index = {e: k for k, e in enumerate(rows)}
    right = [Fraction(0)]*len(rows)
    for e, c in top.terms():
        right[index[e]] = Fraction(int(c.numerator), int(c.denominator))
    found_weights = simplex.solve([{index[e]: Fraction(int(c.numerator), int(c.denominator)) for e, c in p.terms()}
                                   for p, _, _ in columns], right)
    if found_weights is None:
        return None
    total = [[to_json(num(w)), [*which, *([] if below is None else [below])], None if q is None else to_json(q)]
             for w, (_, which, q) in zip(found_weights, columns, strict=True) if w != 0]
    return {"rule": "sos", "facts": facts, "sum": total}


def _cleared(system: Columns, low: Term, high: Term) -> tuple[Any, Any] | None:
    """``high - low`` as numerator and denominator."""
    x = system.scalar(sub(high, low))
    if x is None:
        return None
    if next(iter(x.denom.terms()))[1] < 0:
        return -x.numer, -x.denom
    return x.numer, x.denom


def _products(system: Columns, known: list[tuple[Any, list[int]]], top: Any, visible: Any
              ) -> Iterator[tuple[Any, list[int], Term | None]]:
    """Monomials of positive scalars with at most two of the known polynomials."""
    ring = system.field.ring
    one = ring.one
    gens = [(k, visible(a)) for k, a in system.atoms.items()]
    degrees = [max((e[k] for e, _ in top.terms()), default=0) for k in range(len(ring.gens))]
    most = max((sum(e) for e, _ in top.terms()), default=0)
    powers = [range(0, min(d, 4) + 1) for d in degrees]
    for pick in itertools.product(*powers[:4], *([(0,)]*max(0, len(powers) - 4))):
        if sum(pick) > most:
            continue
        odd = [w for (_, w), e in zip(gens, pick, strict=False) if e % 2]
        if any(w is None for w in odd):
            continue
        square = mul(*(app("pow", system.atoms[k], num(e // 2))
                       for k, e in enumerate(pick) if e >= 2)) if any(e >= 2 for e in pick) else None
        monomial = one
        for g, e in zip(ring.gens, pick, strict=True):
            monomial = monomial*g**e
        for factors in ((), *((h,) for h in known), *itertools.combinations_with_replacement(known, 2)):
            p, which = monomial, [w for w in odd if w is not None]
            for poly, more in factors:
                p, which = p*poly, [*which, *more]
            if all(sum(e) <= most + 1 for e, _ in p.terms()):
                yield p, which, square


__all__ = ["nonnegative"]
