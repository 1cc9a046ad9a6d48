"""Sign tables: no value of one real (or integer) quantity satisfies all given polynomial relations.

    d_i R_i 0 for i = 1..n: assumptions, proved facts, and the negation of the goal
    d_i Q_i(u) = P_i(u)   (normal form; P_i, Q_i rational polynomials, u one real term)
    the roots of all P_i, Q_i cut the line; no root and no interval between (for an integer u: no integer)
    satisfies all P_i Q_i R_i 0
    ------------------------------------------------------------------------------------------------------
    G |- goal     (or false, without a negated goal);    conditions: the definedness of the goal

Where Q_i(u) = 0 nothing is known of d_i: relation i then counts as satisfied, unless ``nonzero`` proves
Q_i(u) != 0.  Complete for polynomials in one variable.  Roots are isolated by Sturm's theorem (Basu,
Pollack, Roy, Algorithms in Real Algebraic Geometry, ch. 2); all arithmetic is exact.

FAILURE: a point or interval satisfies all relations; u not certainly real; an identity fails; degrees
above ``MAX_DEGREE``; more than ``MAX_INTEGERS`` integers to test.

Certificate: ``on``: u; ``facts``: [{"given": k} or {"term": t, "relation": R, "proof": p} or {"goal": true},
each with ``p``, ``q``: coefficients from degree 0 (q: [1] if absent), ``nonzero``: proof or absent].
``given`` counts the assumed relations of all six kinds.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import fmpq, fmpq_poly

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .field import Field
from .kinds import is_integer, is_real
from .rule_sos import declared, position, rational
from .term import (
    NEGATED, RELATIONS, App, Num, Term, add, app, conjuncts, free_names, from_json, mul, num, show, sub,
)

if TYPE_CHECKING:
    from .prove import Prover

MAX_DEGREE = 40
MAX_RELATIONS = 12
MAX_INTEGERS = 5_000

_HOLDS = {
    "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1), "=": (0,), "!=": (-1, 1),
}


def assumed_relations(s: Sequent) -> list[App]:
    return [x for a in s.assumptions for x in conjuncts(a) if isinstance(x, App) and x.head in RELATIONS]


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    from .prove import discharge

    goal = s.goal
    conditions: tuple[Term, ...] = ()
    if goal != App("false", ()):
        if not (isinstance(goal, App) and goal.head in RELATIONS):
            raise Reject("sign-table", show(goal)[:80], "is no relation")
        conditions = discharge(definedness(goal, s), s)
    here = s.assuming(*conditions)
    field = Field(here)
    u = declared(from_json(c["on"]), here, "sign-table")
    if not (is_real(u, s.declarations) or field.real(u)):
        raise Reject("sign-table", show(u)[:80], "is not certainly real")
    known = assumed_relations(s)
    evidence = Evidence(conditions)
    rows: list[tuple[fmpq_poly, fmpq_poly, str, bool]] = []
    if not 0 < len(c["facts"]) <= MAX_RELATIONS:
        raise Reject("sign-table", "facts", f"not from 1 to {MAX_RELATIONS} relations")
    for fact in c["facts"]:
        if fact.get("goal") is True:
            if not (isinstance(goal, App) and goal.head in RELATIONS):
                raise Reject("sign-table", "facts", "there is no goal to negate")
            relation, (a, b) = NEGATED[goal.head], goal.args
        elif "given" in fact:
            given = known[position(fact["given"], len(known), "sign-table", "assumption")]
            relation, (a, b) = given.head, given.args
        else:
            relation, a, b = str(fact["relation"]), from_json(fact["term"]), num(0)
            if relation not in RELATIONS or free_names(a) - set(s.declarations):
                raise Reject("sign-table", show(a)[:80], "is no relation between declared names")
            shown = prove(here.with_goal(app(relation, a, b)), fact["proof"])
            if shown.conditions:
                raise Reject("sign-table", show(a)[:80], f"is shown only if {show(shown.conditions[0])}")
            evidence += shown
        p, q = _polynomial(fact["p"]), _polynomial(fact.get("q", ["1"]))
        if q == 0:
            raise Reject("sign-table", "q", "is 0")
        if not field.equal(mul(sub(a, b), _at(q, u)), _at(p, u)):
            raise Reject("sign-table", show(a)[:80], "the polynomials do not give the relation")
        nonzero = False
        if "nonzero" in fact:
            shown = prove(here.with_goal(app("!=", _at(q, u), num(0))), fact["nonzero"])
            nonzero = not shown.conditions
            evidence += Evidence((), shown.axioms)
        rows.append((p, q, relation, nonzero))
    if (where := satisfied(rows, is_integer(u, s.declarations))) is not None:
        raise Reject("sign-table", show(u)[:80], f"all relations hold at {where}")
    return evidence


def _polynomial(data: Any) -> fmpq_poly:
    values = [rational(x, "sign-table") for x in data]
    if len(values) > MAX_DEGREE + 1:
        raise Reject("sign-table", "degree", f"is above {MAX_DEGREE}")
    return fmpq_poly([fmpq(v.numerator, v.denominator) for v in values])


def _at(p: fmpq_poly, u: Term) -> Term:
    parts = []
    for k, v in enumerate(p.coeffs()):
        if v != 0:
            parts.append(mul(Num(_fraction(v)), *([app("pow", u, num(k))] if k > 1 else [u] * k)))
    return add(*parts) if parts else num(0)


def _fraction(q: fmpq) -> Fraction:
    return Fraction(int(q.p), int(q.q))


# ------------------------------------------------------------------------- the table


def satisfied(rows: list[tuple[fmpq_poly, fmpq_poly, str, bool]], integer: bool) -> str | None:
    """A place of the line where every relation may hold, or None."""
    whole = fmpq_poly([1])
    for p, q, _, _ in rows:
        for f in (p, q):
            if f != 0 and f.degree() > 0:
                whole = whole * squarefree(f) // squarefree(f).gcd(whole)
    if whole.degree() > 2 * MAX_DEGREE:
        raise Reject("sign-table", "degree", "too many roots")
    roots = isolate(whole)

    def holds(sign: Any) -> bool:
        for p, q, relation, nonzero in rows:
            below = sign(q)
            if below == 0:
                if nonzero:
                    return False
            elif sign(p) * below not in _HOLDS[relation]:
                return False
        return True

    between = _samples(roots)
    for x in between:
        if holds(lambda f, x=x: _sign(f(x))):
            if not integer:
                return f"{x}"
            left = max((high for low, high in roots if high <= x), default=None)
            right = min((low for low, high in roots if low >= x), default=None)
            if left is None or right is None:
                return f"every integer {'up to' if left is None else 'from'} {x}"
            # between two roots: the integers are tested one by one, the isolating intervals too
    if integer:
        if not roots:
            return None
        first, last = _floor(roots[0][0]), -_floor(-roots[-1][1])
        if last - first > MAX_INTEGERS:
            raise Reject("sign-table", "integers", f"more than {MAX_INTEGERS} between the roots")
        for k in range(first, last + 1):
            if holds(lambda f, k=k: _sign(f(fmpq(k)))):
                return str(k)
        return None
    for low, high in roots:
        if holds(lambda f, low=low, high=high: _sign_at_root(f, whole, low, high)):
            return f"a root in [{low}, {high}]"
    return None


def _sign(v: fmpq) -> int:
    return (v > 0) - (v < 0)


def _floor(v: fmpq) -> int:
    return int(v.p) // int(v.q)


def squarefree(f: fmpq_poly) -> fmpq_poly:
    return f // f.gcd(f.derivative()) if f.degree() > 0 else fmpq_poly([1])


def sturm_chain(f: fmpq_poly) -> list[fmpq_poly]:
    chain = [f, f.derivative()]
    while chain[-1] != 0:
        chain.append(-(chain[-2] % chain[-1]))
    return chain[:-1]


def _changes(signs: list[int]) -> int:
    signs = [s for s in signs if s]
    return sum(a != b for a, b in itertools.pairwise(signs))


def count(chain: list[fmpq_poly], low: fmpq, high: fmpq) -> int:
    """Distinct real roots in (low, high]; Sturm's theorem (low, high no roots of a squarefree f)."""
    return _changes([_sign(f(low)) for f in chain]) - _changes([_sign(f(high)) for f in chain])


def bound(f: fmpq_poly) -> fmpq:
    """Cauchy: every root is smaller than this in absolute value."""
    lead = abs(f.coeffs()[-1])
    return fmpq(2) + max((abs(v) / lead for v in f.coeffs()[:-1]), default=fmpq(0))


def isolate(f: fmpq_poly) -> list[tuple[fmpq, fmpq]]:
    """Disjoint open intervals, each with exactly one root of the squarefree f and ends that are no roots."""
    if f.degree() < 1:
        return []
    chain = sturm_chain(f)
    top = bound(f)
    out: list[tuple[fmpq, fmpq]] = []
    stack = [(-top, top, count(chain, -top, top))]
    while stack:
        low, high, n = stack.pop()
        if n == 0:
            continue
        if n == 1:
            out.append((low, high))
            continue
        middle = _no_root(f, low, high)
        left = count(chain, low, middle)
        stack += [(low, middle, left), (middle, high, n - left)]
    return sorted(out)


def _no_root(f: fmpq_poly, low: fmpq, high: fmpq) -> fmpq:
    """A point near the middle that is no root (f has finitely many)."""
    for k in range(1, f.degree() + 2):
        x = (low + high) / 2 + (high - low) * (k - 1) / (4 * (f.degree() + 2))
        if f(x) != 0:
            return x
    raise Reject("sign-table", "roots", "no point without a root")


def _samples(roots: list[tuple[fmpq, fmpq]]) -> list[fmpq]:
    """One point in each interval between neighbouring roots, and beyond the outer ones.  The ends of the
    isolating intervals are no roots."""
    if not roots:
        return [fmpq(0)]
    return [roots[0][0], *(high for _, high in roots)]


def _sign_at_root(f: fmpq_poly, whole: fmpq_poly, low: fmpq, high: fmpq) -> int:
    """The sign of f at the root of the squarefree ``whole`` in (low, high)."""
    if f == 0:
        return 0
    if f.degree() == 0:
        return _sign(f.coeffs()[0])
    common = squarefree(f).gcd(whole)
    if common.degree() > 0 and count(sturm_chain(common), low, high):
        return 0
    chain_f, chain = sturm_chain(squarefree(f)), sturm_chain(whole)
    for _ in range(4000):
        if _sign(f(low)) and _sign(f(high)) and count(chain_f, low, high) == 0:
            return _sign(f(low))
        middle = _no_root(whole * squarefree(f), low, high)
        if count(chain, low, middle):
            high = middle
        else:
            low = middle
    raise Reject("sign-table", "roots", "roots too close to tell apart")


__all__ = ["assumed_relations", "check", "isolate", "satisfied", "squarefree"]
