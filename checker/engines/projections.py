"""Minimisers under constraints, and at the kink of a norm: the difference of the sides by squares and multipliers.

    f(w) - f(a) = c (w - a)' B (w - a) + sum_k m_k slack_k(w) + sum_j s_j kink_j(w),       c, m_k, s_j >= 0

Method: both sides are read as words in the matrices and vectors of the claim.  What does not mention the name that is
varied (w) is a coefficient: a rational function of the numbers at hand, a norm r with r^2 = v'v among them.  Then
the equation is linear in the multipliers; it is solved exactly, for the few columns that are needed.  Columns: the
square of w - a, weighed by the matrices that stand between w and w; the constraints (|w| <= r also squared), and the
equations with a multiplier of either sign; for a norm |w| the inequalities |w| >= 0 and |v| |w| >= v'w.
Source: Boyd, Vandenberghe, Convex Optimization, 5.5.3 (the conditions of Karush, Kuhn and Tucker; no page).
Why it convinces: rule ``sos``: each column and each multiplier is proved not to be negative; the sum is an identity.
Cannot: more than four columns at once; constraints under an index (``gaps`` takes these term by term).
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.effort import spend
from ..kernel.evidence import Reject
from ..kernel.matrix_terms import IllTyped
from ..kernel.prove import discharge, introduce
from ..kernel.rule_ideal import equations
from ..kernel.rule_sos import assumed_orders, sides
from ..kernel.term import (
    TRUE, ZERO, App, Bind, Index, Term, Var, alpha, app, free_names, mul, num, sort_to_json, sub, subterms, to_json,
)
from ..kernel.words import OverBudget
from . import word_terms
from .moving_words import Reading, Row, Unreadable
from .projection_columns import Certificate, Column, away, quickly, varied
from .projection_columns import columns as columns_of

if TYPE_CHECKING:
    from .search import Searcher

MAX_CHOSEN, MAX_SOLVED, MAX_DEPTH = 4, 12, 8
_FAULTS = (Reject, IllTyped, OverBudget, ZeroDivisionError, ValueError, KeyError, word_terms.NoTerm)


# ------------------------------------------------------------------ goals


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    goal = s.goal
    if search.model is not None or search.depth > MAX_DEPTH:
        return
    if isinstance(goal, Bind) and goal.head == "forall" and not any(isinstance(k, Index) for k in goal.sorts):
        inner, names = introduce(s, goal)
        for found in _proofs(inner, search, frozenset(names)):
            yield {"rule": "forall", "proof": found}
    else:
        yield from _proofs(s, search, frozenset())


def _proofs(s: Sequent, search: Searcher, bound: frozenset[str]) -> Iterator[Certificate]:
    goal = s.goal
    if not isinstance(goal, App) or goal.head not in ("<", "<=", ">", ">="):
        return
    if not any(isinstance(u, Bind) or isinstance(u, App) and u.head == "matmul" for u in subterms(goal)):
        return
    asked: set[Any] = search.__dict__.setdefault("asked_of_projections", set())
    if (s.assumptions, goal) in asked:
        return
    asked.add((s.assumptions, goal))
    needed = discharge(definedness(goal, s), s)
    small, large, _ = sides(goal, "sos")
    vectors = list(_vector_equations(s))
    for moving in [bound] if bound else _moving(s, small, large):
        found = _shown(s.assuming(*needed, *vectors), search, small, large, moving)
        if found is not None:
            proof = found[0]
            for fact in reversed(vectors):
                proof = {"rule": "have", "fact": to_json(fact), "proof": proof,
                         "because": {"rule": "entries", "proof": {"rule": "assumption"}}}
            yield {"rule": "where-defined", "proof": proof} if needed else proof
            return


def _vector_equations(s: Sequent) -> Iterator[Term]:
    """Assumed equations between the entries of vectors, as equations between vectors."""
    for a in s.assumptions:
        match a:
            case Bind("forall", (i,), (Index(),) as sorts, (), (guard, App("=", (left, right)))) if (
                    guard == TRUE and any(isinstance(u, App) and u.head == "at" and u.args[-1] == Var(i)
                                          for u in subterms(left))):
                yield app("mat=", *(Bind("lambda", (i,), sorts, (), (t,)) for t in (left, right)))


def equalities(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Where f(w) = f(a) is assumed, the square of w - a has no room (rule ``gap-zero``)."""
    if search.model is not None or search.depth > MAX_DEPTH:
        return
    match s.goal:
        case Bind("forall", (i,), (Index(),) as sorts, (), (guard, App("=", (App("at", (Var(w), Var(j))), a)))) if (
                guard == TRUE and i == j and w not in free_names(a)):
            point = Bind("lambda", (i,), sorts, (), (a,))
        case _:
            return
    needed = discharge(definedness(s.goal, s), s)
    s = s.assuming(*needed)
    for k, e in enumerate(s.assumptions):
        if not (isinstance(e, App) and e.head == "=" and w in free_names(e)):
            continue
        for flip in (False, True):
            small, large = e.args[::-1] if flip else e.args
            if w not in free_names(large) or not free_names(small):
                continue
            there = s.with_goal(app("<=", small, large))
            found = _shown(there, search, small, large, frozenset({w}), k)
            weight = None if found is None else next((x for c, x in found[1] if c.square is not None and _same_vector(
                c.square, away(s, Var(w), point))), None)
            if weight is not None and (made := _only(s, there, search, k, flip, weight, w, point)) is not None:
                yield {"rule": "where-defined", "proof": made} if needed else made
                return


def _same_vector(a: Term, b: Term) -> bool:
    return alpha(a) == alpha(b)


def _only(s: Sequent, there: Sequent, search: Searcher, k: int, flip: bool, weight: Term, w: str, point: Bind
          ) -> Certificate | None:
    """c sum_r (w_r - a_r)^2 is the column that leaves w = a; what else is there is in the remainder."""
    from ..kernel.rule_gap import remainder

    small, large, _ = sides(there.goal, "gap")
    (i,) = point.names
    if i in s.declarations:
        return None
    pair = app("at", Var(w), Var(i)), point.inner[0]
    square = app("pow", sub(*pair), num(2))
    whole = Bind("sum", point.names, point.sorts, (), (TRUE, mul(weight, square)))
    goal = remainder(small, large, [whole], False)
    left = _shown(s.with_goal(goal), search, ZERO, goal.args[0], frozenset({w}), k)      # type: ignore[union-attr]
    positive = quickly(search, s.with_goal(app(">", weight, ZERO)))
    here = s.declaring(dict(zip(point.names, point.sorts, strict=True)))
    apart = quickly(search, here.assuming(app("!=", *pair)).with_goal(app(">", square, ZERO)))
    if left is None or positive is None or apart is None:
        return None
    column = {"names": [i], "sorts": [sort_to_json(x) for x in point.sorts], "term": to_json(square),
              "weight": to_json(weight), "positive": positive, "proof": {"rule": "sign"}}
    return {"rule": "gap-zero", "assumption": k, "flip": flip, "column": 0, "then": [to_json(t) for t in pair],
            "columns": [column], "rest": left[0], "weight": positive, "apart": apart, "proof": {"rule": "assumption"}}


def _moving(s: Sequent, small: Term, large: Term) -> Iterator[frozenset[str]]:
    """The names of one side alone: those that are varied."""
    for a, b in ((small, large), (large, small)):
        names = frozenset(n for n in free_names(a) - free_names(b) if varied(s, n))
        if names and free_names(b):
            yield names


def _shown(s: Sequent, search: Searcher, small: Term, large: Term, moving: frozenset[str], unused: int | None = None
           ) -> tuple[Certificate, list[tuple[Column, Term]]] | None:
    """``small <= large`` by rule ``sos``, with the columns and their multipliers.  ``unused``: an assumption that is
    left aside."""
    identity: Certificate = {"rule": "matrix-form"}
    if unused is not None:
        identity["keep"] = [f"a{unused}"]
    if discharge(definedness(app("<=", small, large), s), s):
        return None
    try:
        known = [(k, sub(a, b)) for k, (a, b) in enumerate(equations(s))
                 if unused is None or app("=", a, b) != s.assumptions[unused]]
        columns = columns_of(s, search, small, large, moving, known)
        fixed = [(k, e) for k, e in known if not free_names(e) & moving]
        reading = Reading(s, [sub(large, small), *(c.term for c in columns), *(t for _, t in fixed)], moving, identity)
    except (*_FAULTS, Unreadable):
        return None
    target, vectors = reading.rows[0], reading.rows[1:1 + len(columns)]
    values = [(k, row.get((), reading.field.zero)) for (k, _), row in zip(
        fixed, reading.rows[1 + len(columns):], strict=True)]
    solved = 0
    for chosen in _supports(reading, target, vectors, columns):
        solution = _solution(reading, target, [vectors[k] for k in chosen])
        if solution is None:
            continue
        solved += 1
        if solved > MAX_SOLVED:
            return None
        try:
            made = _certificate(s, search, reading, identity, values, [columns[k] for k in chosen], *solution)
        except (*_FAULTS, Unreadable):
            continue
        if made is not None:
            return made
    return None


# ------------------------------------------------------------------ multipliers


def _supports(reading: Reading, target: Mapping[Row, Any], vectors: Sequence[Mapping[Row, Any]],
              columns: Sequence[Column]) -> Iterator[tuple[int, ...]]:
    """Few columns that give every moving part of the target at sample values, with one solution only."""
    rng = random.Random(7)  # noqa: S311 - search only
    rows = sorted({k for v in (target, *vectors) for k in v if k}, key=repr)
    wanted = {k for k in target if k}
    usable = [k for k, v in enumerate(vectors) if any(v)]
    samples = []
    for _ in range(2):
        at = [Fraction(rng.randint(2, 40), rng.randint(2, 12)) for _ in reading.field.gens]
        try:
            samples.append(([_at(target.get(k, reading.field.zero), at) for k in rows],
                            {j: [_at(vectors[j].get(k, reading.field.zero), at) for k in rows] for j in usable}))
        except ZeroDivisionError:
            continue
    if not wanted:
        yield ()
    if not samples or not wanted:
        return
    for size in range(1, MAX_CHOSEN + 1):
        for chosen in itertools.combinations(usable, size):
            spend(4)
            if wanted <= {k for j in chosen for k in vectors[j]} and all(
                    _unique([values[j] for j in chosen], right) for right, values in samples):
                yield chosen


def _at(x: Any, values: Sequence[Fraction]) -> Fraction:
    def poly(p: Any) -> Fraction:
        total = Fraction(0)
        for powers, c in p.terms():
            v = Fraction(int(c.numerator), int(c.denominator))
            for b, e in zip(values, powers, strict=False):
                v *= b**e
            total += v
        return total

    return poly(x.numer)/poly(x.denom)


def _unique(columns: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> bool:
    """The system has one solution, and needs every column."""
    found = _eliminated([[*(c[k] for c in columns), r] for k, r in enumerate(right)], len(columns), Fraction(0))
    return found is not None and all(found)


def _eliminated(matrix: list[list[Any]], width: int, zero: Any) -> list[Any] | None:
    matrix = [row for row in matrix if any(x != zero for x in row)]
    for k in range(width):
        found = next((j for j in range(k, len(matrix)) if matrix[j][k] != zero), None)
        if found is None:
            return None
        matrix[k], matrix[found] = matrix[found], matrix[k]
        head = matrix[k][k]
        matrix[k] = [x/head for x in matrix[k]]
        for j, row in enumerate(matrix):
            if j != k and row[k] != zero:
                factor = row[k]
                matrix[j] = [a - factor*b for a, b in zip(row, matrix[k], strict=True)]
    if any(row[width] != zero for row in matrix[width:]):
        return None
    return [matrix[k][width] for k in range(width)]


def _solution(reading: Reading, target: Mapping[Row, Any], vectors: Sequence[Mapping[Row, Any]]
              ) -> tuple[list[Any], Any] | None:
    """The multipliers, and what is left when they have been used: it does not move."""
    zero = reading.field.zero
    rows = {k for v in (target, *vectors) for k in v if k}
    found = _eliminated([[*(v.get(k, zero) for v in vectors), target.get(k, zero)] for k in rows], len(vectors), zero)
    if found is None:
        return None
    left = target.get((), zero)
    for x, v in zip(found, vectors, strict=True):
        left -= x*v.get((), zero)
    return found, left


def _certificate(s: Sequent, search: Searcher, reading: Reading, identity: Certificate,
                 known: Sequence[tuple[int, Any]], columns: Sequence[Column], multipliers: Sequence[Any], left: Any
                 ) -> tuple[Certificate, list[tuple[Column, Term]]] | None:
    _, _, strict = sides(s.goal, "sos")
    facts: list[Certificate] = []
    summands: list[Any] = []
    cofactors: list[Any] = []
    used: list[tuple[Column, Term]] = []
    sharp = False

    def fact(t: Term, proof: Certificate, sure: bool = False) -> None:
        facts.append({"term": to_json(t), "strict": sure, "proof": proof})

    for column, x in zip(columns, multipliers, strict=True):
        weight = reading.term(x)
        if column.free:
            cofactors.append([column.equation, to_json(weight)])
            continue
        shown = _nonnegative(search, s, reading, x)
        why = column.proof if column.given is None else {}
        if why is None:
            why = quickly(search, s.with_goal(app(">=", column.term, ZERO)))
        if shown is None or why is None:
            return None
        sure = _positive(search, s, column, weight) if strict and not sharp else None
        sharp = sharp or sure is not None
        one, other = sure or (shown, why)
        fact(weight, one, sure is not None)
        if column.given is not None:
            facts.append({"given": column.given})
        else:
            fact(column.term, other, sure is not None)
        summands.append([to_json(num(1)), [len(facts) - 2, len(facts) - 1], None])
        used.append((column, weight))
    if strict and not sharp:
        return None
    if left != 0 and (found := _equation(reading, known, left)) is not None:
        cofactors.append(found)
    elif left != 0:
        shown = _nonnegative(search, s, reading, left)
        if shown is None:
            return None
        fact(reading.term(left), shown)
        summands.append([to_json(num(1)), [len(facts) - 1], None])
    return {"rule": "sos", "facts": facts, "sum": summands, "equations": cofactors, "identity": identity}, used


def _positive(search: Searcher, s: Sequent, column: Column, weight: Term) -> tuple[Certificate, Certificate] | None:
    """Proofs that the multiplier and the column are not 0."""
    if column.given is not None and not assumed_orders(s)[column.given][2]:
        return None
    one = quickly(search, s.with_goal(app(">", weight, ZERO)))
    other = quickly(search, s.with_goal(app(">", column.term, ZERO))) if one is not None else None
    return None if one is None or other is None else (one, other)


def _equation(reading: Reading, known: Sequence[tuple[int, Any]], left: Any) -> Any:
    """What is left as a polynomial multiple of an assumed equation between numbers that do not move."""
    for k, e in known:
        if e != 0 and (quotient := left/e).denom.is_ground:
            return [k, to_json(reading.term(quotient))]
    return None


def _nonnegative(search: Searcher, s: Sequent, reading: Reading, x: Any) -> Certificate | None:
    """x >= 0: as it stands, or from the signs of its factors."""
    goal = s.with_goal(app(">=", reading.term(x), ZERO))
    if search.accepted(goal, {"rule": "sign"}) is not None:
        return {"rule": "sign"}
    c, factors = reading.factors(x)
    if len(factors) <= 1 and all(e % 2 for _, e in factors):
        return quickly(search, goal)
    facts: list[Certificate] = []
    squares: list[Term] = []
    for f, e in factors:
        if abs(e) > 1:
            squares.append(f if abs(e) < 4 else app("pow", f, num(abs(e)//2)))
            if e < 0:
                squares[-1] = app("div", num(1), squares[-1])
        if e % 2 == 0:
            continue
        for one, turned in ((f, False), (app("neg", f), True)):
            one = one if e > 0 else app("div", num(1), one)
            shown = quickly(search, s.with_goal(app(">=", one, ZERO)))
            if shown is not None:
                facts.append({"term": to_json(one), "strict": False, "proof": shown})
                c = -c if turned else c
                break
        else:
            return None
    if c < 0:
        return None
    return {"rule": "sos", "facts": facts, "sum": [[to_json(num(c)), list(range(len(facts))), to_json(mul(*squares))
                                                    if squares else None]], "identity": {"rule": "matrix-form"}}


__all__ = ["equalities", "proofs"]
