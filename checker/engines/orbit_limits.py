"""Limits along orbits: which linear recurrence, and what its roots say; which monotone or contracting interval.

Linear (and finitely liftable) maps: the least recurrence by linear algebra over the field of the parameters, or
over Q by Berlekamp and Massey (IEEE Trans. Inform. Theory 15 (1969) 122-127); its stability conditions go to
the searcher.  Where it has one root besides 1, the sequence is rewritten to its closed form, so that the limit
of r^n is taken by cases.  Maps of one variable: a run in floating point suggests the fixed point, the side, the
number of first steps and the interval; the searcher proves the premises.

Certificates: ``orbit-limit``, ``limit`` with a rewrite.  Cannot: nonlinear maps of several variables; limits
that are not a fixed point of square roots and rational numbers, unless the claim names them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.constants import Constants
from ..kernel.definedness import definedness
from ..kernel.evidence import Reject
from ..kernel.field import CannotNormalise, Field, Frac
from ..kernel.orbit_system import System, find_orbit, system
from ..kernel.prove import discharge
from ..kernel.rule_orbit_limit import orbit_conditions
from ..kernel.schur_cohn import conditions, is_schur
from ..kernel.term import (
    INTEGER, OO, App, Bind, Term, Var, add, app, free_names, fresh, mul, negate, num, substitute, subterms, to_json,
)

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
MINUS_OO = app("neg", OO)
POINTS, CHECKS = 12, 60
_CAUGHT = (Reject, CannotNormalise, ZeroDivisionError, ValueError)
_FLIP = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Goal:
    """``limit(u) R other``, ``converges(u)`` or the negation of one; ``name`` is the step."""

    def __init__(self, s: Sequent, sequence: Bind, relation: str, other: Term | None, negated: bool) -> None:
        self.s, self.sequence, self.relation, self.other, self.negated = s, sequence, relation, other, negated
        self.name = fresh(sequence.names[0], set(s.declarations))
        self.shift = 0
        self.body = substitute(sequence.inner[0], {sequence.names[0]: Var(self.name)})
        self.inner = s.declaring({self.name: INTEGER}).assuming(app(">=", Var(self.name), num(0)))

    def shifted(self, by: int) -> Goal:
        """The same about the sequence without its first terms."""
        other = Goal(self.s, self.sequence, self.relation, self.other, self.negated)
        other.shift = by
        other.body = substitute(self.body, {self.name: add(Var(self.name), num(by))})
        return other

    @property
    def wants_divergence(self) -> bool:
        return self.negated and (self.other is None or self.relation == "=")

    def compared(self, value: Term, search: Searcher) -> Certificate | None:
        """What a certificate with this limit needs besides, or None if the goal does not follow."""
        if self.other is None:
            return None if self.negated else {}
        if self.other in (OO, MINUS_OO):
            return {} if self.negated and self.relation == "=" else None
        if not self.negated and self.relation == "=" and value == self.other:
            return {}
        opposite = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
        relation = opposite[self.relation] if self.negated else self.relation
        question = self.s.with_goal(app(relation, value, self.other))
        if not free_names(question.goal):      # numbers: the kernel's own comparison, no search
            for proof in ({"rule": "evaluate"}, {"rule": "field"}):
                if search.accepted(question, proof) is not None:
                    return {"compare": proof}
            return None
        proof = search.unconditionally(question)
        return None if proof is None else {"compare": proof}


def goal_of(s: Sequent) -> Goal | None:
    goal, negated = s.goal, False
    if isinstance(goal, App) and goal.head == "not":
        goal, negated = goal.args[0], True
    match goal:
        case Bind("converges"):
            return Goal(s, goal, "", None, negated)
        case App(head, (Bind("limit") as left, other)) if head in _FLIP:
            relation = head
        case App(head, (other, Bind("limit") as left)) if head in _FLIP:
            relation = _FLIP[head]
        case _:
            return None
    if left.sorts != (INTEGER,) or left.outer[0] != OO or any(
            isinstance(u, Bind) and u.head == "limit" for u in subterms(other)):
        return None
    return Goal(s, left, relation, other, negated)


def proofs(s: Sequent, search: Searcher, quick: bool = False) -> Iterator[Certificate]:
    """Certificates for goals about limits along an orbit (engine of the portfolio).  ``quick``: numbers only."""
    goal = goal_of(s)
    if goal is None or not any(isinstance(u, Bind) and u.head == "iterate" for u in subterms(goal.body)):
        return
    shown, needed = _own_conditions(goal, search)
    s = s.assuming(*needed)
    goal = Goal(s, goal.sequence, goal.relation, goal.other, goal.negated)
    try:
        orbit = find_orbit(goal.body, goal.name)
    except Reject:
        return
    extra: Certificate = {"rule": "orbit-limit"}
    if any(isinstance(u, App) and u.head == "max" for u in subterms(goal.body)):
        # the orbit of a function given by a recurrence: max(n - m, 0) steps
        goal = next((g for g in (goal.shifted(k) for k in range(1, 4)) if _readable(g, orbit)), goal)
        extra["shift"] = goal.shift
    if shown:
        extra["shown"] = shown
    for c in _linear(goal, orbit, search, quick):
        yield c if "rule" in c else {**extra, **c}
    from .orbit_lines import line_proofs

    for c in line_proofs(goal, orbit, search, quick):
        yield c if "rule" in c else {**extra, **c}


def _readable(goal: Goal, orbit: Bind) -> bool:
    try:
        field = Field(goal.s)
        field._settled(lambda: system(field, orbit, goal.body, goal.name, goal.inner))
        return True
    except _CAUGHT:
        return False


def _own_conditions(goal: Goal, search: Searcher) -> tuple[Certificate, tuple[Term, ...]]:
    """Proofs of the definedness of the claim's other side, and the conditions to assume."""
    if goal.other is None or goal.other in (OO, MINUS_OO):
        return {}, ()
    needed = discharge(definedness(goal.other, goal.s), goal.s)
    shown: Certificate = {}
    for k, condition in enumerate(needed):
        proof = search.unconditionally(goal.s.with_goal(condition))
        if proof is not None:
            shown[str(k)] = proof
    return shown, needed


def refute_at_once(s: Sequent) -> Iterator[Certificate]:
    """Points at which an orbit visibly does otherwise: there the numbers decide."""
    from ..kernel.model import read_model
    from .outcome import Budget
    from .points import points
    from .search import Searcher

    goal = goal_of(s)
    if goal is None or not any(isinstance(u, Bind) and u.head == "iterate" for u in subterms(goal.body)):
        return
    for witness in points(s, POINTS):
        try:
            model = read_model(s, witness)
            here = model.instance(s.with_goal(negate(s.goal)))
        except Reject:
            continue
        search = Searcher({}, Budget(checks=CHECKS), model)
        for proof in proofs(here, search, quick=True):
            if search.accepted(here, proof) is not None:
                yield {"witness": witness, "proof": proof}
                return


# ------------------------------------------------------------------------------ linear recurrences


def _linear(goal: Goal, orbit: Bind, search: Searcher, quick: bool) -> Iterator[Certificate]:
    field = Field(goal.s)
    try:
        found: tuple[list[Term], bool, list[Fraction] | None] | None = field._settled(
            lambda: _least(field, orbit, goal))
    except _CAUGHT:
        return
    if found is None:
        return
    polynomial, one, rational = found
    defined = _defined(goal, orbit, search)
    if defined is None:
        return
    base: Certificate = {"defined": defined} if defined else {}
    if rational is not None:
        yield from _rational(goal, rational, orbit, base, search)
    if quick:
        return
    if not goal.wants_divergence or goal.other is not None:
        yield from _stable(goal, orbit, polynomial, one, base, search)
    if goal.wants_divergence:
        yield from _repelling(goal, orbit, polynomial, base, search)
    if len(polynomial) <= 1:
        yield from _closed_form(goal, orbit, polynomial, one, search)


def _defined(goal: Goal, orbit: Bind, search: Searcher) -> list[Certificate] | None:
    needed = orbit_conditions(orbit, goal.body, goal.name, goal.s, goal.inner)
    out = []
    for condition in needed:
        if free_names(condition) - set(goal.s.declarations):
            return None
        proof = search.unconditionally(goal.s.with_goal(condition))
        if proof is None:
            return None
        out.append(proof)
    return out


def _least(field: Field, orbit: Bind, goal: Goal, split: bool = True
           ) -> tuple[list[Term], bool, list[Fraction] | None] | None:
    """(q_0, q_1, ... without the leading 1; whether a root 1 was split off; the least recurrence if rational)."""
    u = system(field, orbit, goal.body, goal.name, goal.inner)
    values = u.values(2 * u.size + 2)
    numbers = [field.as_rational(v) for v in values]
    rational = None
    if all(x is not None for x in numbers):
        rational = massey([x for x in numbers if x is not None])
        p = [field.constant(x) for x in rational]
    else:
        p = _krylov(field, u)
    total = field.constant(0)
    for x in p:
        total = field._plus(total, x)
    one = split and total.num == 0 and len(p) > 1
    if one:
        p = _without_one(field, p)
    if len(p) > 9:
        return None
    constants = Constants(field)
    return [constants.term(x) for x in p[:-1]], one, rational


def massey(u: Sequence[Fraction]) -> list[Fraction]:
    """The least p (monic, p_0 first) with sum p_i u(n + i) = 0, by Berlekamp and Massey."""
    c, b = [Fraction(1)], [Fraction(1)]
    length, m, last = 0, 1, Fraction(1)
    for n in range(len(u)):
        d = u[n] + sum((c[i] * u[n - i] for i in range(1, length + 1) if i < len(c)), Fraction(0))
        if d == 0:
            m += 1
            continue
        t = list(c)
        factor = d / last
        c = c + [Fraction(0)] * (len(b) + m - len(c))
        for i, x in enumerate(b):
            c[i + m] -= factor * x
        if 2 * length <= n:
            length, b, last, m = n + 1 - length, t, d, 1
        else:
            m += 1
    c = (c + [Fraction(0)] * (length + 1 - len(c)))[:length + 1]
    return c[::-1]


def _krylov(field: Field, u: System) -> list[Frac]:
    """The least p (monic) with row . p(matrix) = 0, by elimination."""
    rows: list[tuple[list[Frac], list[Frac]]] = []      # echelon rows and their combinations
    current = u.row
    zero, unit = field.constant(0), field.constant(1)
    columns = [[u.matrix[i][j] for i in range(u.size)] for j in range(u.size)]
    for k in range(u.size + 1):
        vector, how = list(current), [zero] * k + [unit]
        for row, by in rows:
            pivot = next(j for j, x in enumerate(row) if x.num != 0)
            if vector[pivot].num != 0:
                factor = field.times(vector[pivot], field._inverse(row[pivot]))
                vector = [field._subtract(a, field.times(factor, b)) for a, b in zip(vector, row, strict=True)]
                padded = by + [zero] * (len(how) - len(by))
                how = [field._subtract(a, field.times(factor, b)) for a, b in zip(how, padded, strict=True)]
        if all(x.num == 0 for x in vector):
            return how
        rows.append((vector, how))
        current = [u._dot(current, column) for column in columns]
    return how


def _without_one(field: Field, p: list[Frac]) -> list[Frac]:
    out: list[Frac] = []
    carry = field.constant(0)
    for a in reversed(p[1:]):
        carry = field._plus(carry, a)
        out.append(carry)
    return out[::-1]


def _rational(goal: Goal, p: list[Fraction], orbit: Bind, base: Certificate, search: Searcher
              ) -> Iterator[Certificate]:
    c: Certificate = {**base, "how": "rational", "polynomial": [to_json(num(x)) for x in p[:-1]]}
    q = p
    if sum(p) == 0:
        q, carry = [], Fraction(0)
        for a in reversed(p[1:]):
            carry += a
            q.append(carry)
        q = q[::-1]
    if not is_schur(q):
        if goal.wants_divergence:
            yield c
        return
    value = _value(goal, orbit, [num(x) for x in q[:-1]])
    if value is not None:
        more = goal.compared(value, search)
        if more is not None:
            yield {**c, "value": to_json(value), **more}


def _value(goal: Goal, orbit: Bind, lower: list[Term]) -> Term | None:
    """sum p_i u(i) / p(1): the claim's own other side where it is that."""
    field = Field(goal.s)

    def ask() -> tuple[Term, bool]:
        u = system(field, orbit, goal.body, goal.name, goal.inner)
        p = [*map(field.frac, lower), field.constant(1)]
        first = u._dot(p, u.values(len(p)))
        total = field.constant(0)
        for x in p:
            total = field._plus(total, x)
        value = field.times(first, field._inverse(total))
        same = goal.other is not None and goal.other not in (OO, MINUS_OO) and (
            field._subtract(field.frac(goal.other), value).num == 0)
        return Constants(field).term(value), same

    try:
        term, same = field._settled(ask)
    except _CAUGHT:
        return None
    return goal.other if same else term


def _stable(goal: Goal, orbit: Bind, lower: list[Term], one: bool, base: Certificate, search: Searcher
            ) -> Iterator[Certificate]:
    value = _value(goal, orbit, lower) if one else goal.other if goal.other == num(0) else num(0)
    if value is None:
        return
    more = goal.compared(value, search)
    if more is None:
        return
    proofs_ = _conditions(goal, lower, False, False, search)
    if proofs_ is not None:
        yield {**base, "how": "recurrence", "polynomial": list(map(to_json, lower)), "one": one,
               "value": to_json(value), "stable": proofs_, **more}


def _conditions(goal: Goal, lower: list[Term], reverse: bool, negative: bool, search: Searcher
                ) -> list[Certificate] | None:
    field = Field(goal.s)

    def ask() -> list[Term]:
        p = [*map(field.frac, lower), field.constant(1)]
        if reverse:
            p = p[::-1]
        if negative:
            p = [field.times(field.constant(-1), x) for x in p]
        constants = Constants(field)
        return [constants.term(x) for x in conditions(field, p)]

    out = []
    relation = ">=" if reverse and len(lower) <= 2 else ">"
    for t in field._settled(ask):
        proof = search.unconditionally(goal.s.with_goal(app(relation, t, num(0))))
        if proof is None:
            return None
        out.append(proof)
    return out


def _repelling(goal: Goal, orbit: Bind, lower: list[Term], base: Certificate, search: Searcher
               ) -> Iterator[Certificate]:
    if not lower:
        return
    for sign in (1, -1):
        relation = ">" if sign == 1 else "<"
        constant = search.unconditionally(goal.s.with_goal(app(relation, lower[0], num(0))))
        if constant is not None:
            break
    else:
        return
    stable = _conditions(goal, lower, True, sign == -1, search)
    if stable is None:
        return
    field = Field(goal.s)

    def ask() -> list[Term]:
        values = system(field, orbit, goal.body, goal.name, goal.inner).values(len(lower) + 1)
        constants = Constants(field)
        return [constants.term(field._subtract(b, a)) for a, b in itertools.pairwise(values)]

    moves = [app("!=", t, num(0)) for t in field._settled(ask)]
    proof = search.unconditionally(goal.s.with_goal(moves[0] if len(moves) == 1 else App("or", tuple(moves))))
    if proof is not None:
        yield {**base, "how": "repelling", "polynomial": list(map(to_json, lower)), "constant-sign": sign,
               "constant": constant, "stable": stable, "moves": proof}


def _closed_form(goal: Goal, orbit: Bind, lower: list[Term], one: bool, search: Searcher
                 ) -> Iterator[Certificate]:
    """u(n) = A + B r^n, put in for the orbit; its limit by the rule for limits."""
    if goal.other is None:
        return
    field = Field(goal.s)
    n = Var(goal.name)

    def ask() -> Term | None:
        u = system(field, orbit, goal.body, goal.name, goal.inner)
        first, second = u.values(2)
        constants = Constants(field)
        if not lower:
            return constants.term(first)
        r = field.times(field.constant(-1), field.frac(lower[0]))
        ratio = constants.term(r)
        if not one:
            return mul(constants.term(first), app("pow", ratio, n))
        gap = field._subtract(field.constant(1), r)
        if gap.num == 0:
            return add(constants.term(first), mul(constants.term(field._subtract(second, first)), n))
        fixed = field.times(field._subtract(second, field.times(r, first)), field._inverse(gap))
        return add(constants.term(fixed), mul(
            constants.term(field._subtract(first, fixed)), app("pow", ratio, n)))

    try:
        new = field._settled(ask)
    except _CAUGHT:
        return
    if new is None:
        return
    near = goal.s.declaring({goal.name: INTEGER}).assuming(app(">", n, num(1)))
    proof = search.unconditionally(near.with_goal(app("=", goal.body, new)))
    if proof is None:
        return
    from .limits import Finder

    limit = goal.sequence
    try:
        finder = Finder(goal.s, limit, new, goal.other, search, goal.negated)
    except Reject:
        return
    found = finder.refuted(goal.relation) if goal.negated else finder.shown(goal.relation)
    for c in found:
        yield {"rule": "limit", **c, "rewrite": {"body": to_json(new), "proof": proof}}


__all__ = ["Goal", "goal_of", "massey", "proofs", "refute_at_once"]
