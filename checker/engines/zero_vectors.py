"""Vectors that are 0 because a definite form of them is: unique minimisers, normal equations, full column rank.

Method: for a goal u = v of vectors, z = u - v.  An equation f = g of numbers that is assumed (two points have the same
loss) is compared with z' N z, N read off the words z' W z of its normal form: if they agree and N is positive definite,
z = 0.  Else z' z itself is compared with a multiple of f - g, and with 0.  An assumed minimum (for all w: f(u) <= f(w))
first gives its stationarity in the direction z (rule ``parabola``).  If z' S z is a sum of squares |R z|^2, R z = 0 may
be what is needed.
Why it convinces: z' N z > 0 for z != 0 is shown by ``squares``, the rest are normal forms of words.
Cannot: equations that need other relations than the assumed ones; minima over constrained vectors.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.matrix_terms import IllTyped, about_matrices, shape
from ..kernel.rule_ideal import equations
from ..kernel.rule_matrix_form import MatrixForm
from ..kernel.rule_parabola import as_rows
from ..kernel.term import (
    ONE, REAL, TRUE, ZERO, App, Bind, Map, Num, Term, Var, add, app, free_names, fresh,
    mul, num, sub, substitute, subterms, to_json,
)
from ..kernel.words import Form, OverBudget
from . import word_terms
from .places import value_of

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
WORDS: Certificate = {"rule": "matrix-form"}
MAX_DEPTH, MAX_EQUATIONS = 9, 6
_FAULTS = (Reject, IllTyped, OverBudget, ZeroDivisionError, ValueError, KeyError, word_terms.NoTerm)


def rows(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """An equation of entries as one of vectors, where something is assumed of vectors."""
    if isinstance(s.goal, Bind) and search.model is None and any(
            about_matrices(a) or _equation(a) for a in s.assumptions):
        try:
            goal = as_rows(s.goal)
        except Reject:
            return
        inner = s.with_goal(goal)
        known: tuple[Certificate, ...] = (WORDS, {"rule": "assumption"})
        for c in itertools.chain(known, proofs(inner, search)):
            if search.accepted(inner, c) is not None:
                yield {"rule": "rows", "proof": c}
                return


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    goal = s.goal
    if not (isinstance(goal, App) and goal.head == "mat=") or search.depth > MAX_DEPTH or search.model is not None:
        return
    try:
        z, (n, columns) = _difference(*goal.args), shape(goal.args[0], s.declarations)
    except IllTyped:
        return
    if columns != ONE or not any(_equation(a) or _law(a) or isinstance(a, App) and a.head == "mat="
                                 for a in s.assumptions):
        return
    for here, wrap in ((s, _plain), *_at_minima(s, z, search)):
        for fact, because in _zeros(here, z, n, search):
            inner = here.assuming(fact)
            if inner == here:
                continue
            proof = next((c for c in (WORDS, {"rule": "assumption"})
                          if search.accepted(inner.with_goal(goal), c) is not None), None)
            if proof is not None:
                yield wrap({"rule": "have", "fact": to_json(fact), "because": because, "proof": proof})


def _plain(c: Certificate) -> Certificate:
    return c


def _difference(u: Term, v: Term) -> Term:
    if isinstance(v, App) and v.head == "zeros":
        return u
    return app("matadd", u, app("scale", num(-1), v))


def _equation(a: Term) -> bool:
    return isinstance(a, App) and a.head == "=" and any(
        isinstance(u, App) and u.head == "matmul" or isinstance(u, Bind) and u.head == "sum" for u in subterms(a))


def _law(a: Term) -> bool:
    return (isinstance(a, Bind) and a.head == "forall" and any(isinstance(k, Map) for k in a.sorts)
            and isinstance(a.inner[1], App) and a.inner[1].head in ("<=", ">="))


# ------------------------------------------------------------------ z = 0


@dataclass(frozen=True)
class Vanishing:
    """A number that is 0: a multiple (``cofactor``) of the difference of the sides of an assumed equation."""

    term: Term
    equation: int           # its place among the equations that rule ``ideal`` knows
    cofactor: Term = ONE


def _vanishing(s: Sequent) -> list[Vanishing]:
    known = equations(s)
    out = []
    for a in s.assumptions[::-1]:
        if not (_equation(a) and isinstance(a, App)) or a.args not in known:
            continue
        gap = a.args[0] if a.args[1] == ZERO else sub(*a.args)
        place = known.index((a.args[0], a.args[1]))
        rooted = isinstance(gap, App) and gap.head == "sqrt"
        out.append(Vanishing(mul(gap, gap), place, gap) if rooted else Vanishing(gap, place))
    return out[:MAX_EQUATIONS]


def _zeros(s: Sequent, z: Term, n: Term, search: Searcher) -> Iterator[tuple[Term, Certificate]]:
    """Facts "a vector is 0" and their proofs."""
    zero = app("mat=", z, app("zeros", n, ONE))
    gaps = _vanishing(s)
    tried: set[Term | None] = set()
    for middle in (None, *_assumed_definite(s), *(m for g in gaps for m in _middles(s, g.term, z))):
        if middle in tried or middle is not None and shape(middle, s.declarations) != (n, n):
            continue
        tried.add(middle)
        form = app("matmul", app("transpose", z), *([middle] if middle is not None else []), z)
        vanishes = _combination(s, form, gaps, search)
        if vanishes is None:
            continue
        definite = None if middle is None else _definite(s.with_goal(app("pd", middle)), search)
        if middle is None or definite is not None:
            yield zero, _apart(s, zero, z, None if middle is None else (middle, definite), vanishes)
            return
    for g in gaps:
        for root in _roots(s, g.term):
            fact = app("mat=", root, app("zeros", shape(root, s.declarations)[0], ONE))
            form = app("matmul", app("transpose", root), root)
            if fact not in s.assumptions and (vanishes := _combination(s, form, [g], search)) is not None:
                yield fact, _apart(s, fact, root, None, vanishes)


def _assumed_definite(s: Sequent) -> Iterator[Term]:
    for a in s.assumptions:
        match a:
            case App("pd" | "invertible", (m,)):
                yield m
            case App("=", (App("rank", (m,)), _) | (_, App("rank", (m,)))):
                yield app("matmul", app("transpose", m), m)


def _definite(goal: Sequent, search: Searcher) -> Certificate | None:
    """Semidefinite and invertible, where the form alone does not show that a matrix is definite."""
    plain: Certificate = {"rule": "definite"}
    regular = {"rule": "regular", "semidefinite": plain, "invertible": {"rule": "assumption"}}
    for c in ({"rule": "assumption"}, plain, regular):
        shown = search.accepted(goal, c)
        if shown is not None and not shown.conditions:
            return c
    return search.unconditionally(goal)


def _holds(s: Sequent, goal: Term, search: Searcher) -> bool:
    shown = search.accepted(s.with_goal(goal), WORDS)
    return shown is not None and not shown.conditions


def _apart(s: Sequent, zero: Term, z: Term, middle: tuple[Term, Any] | None, vanishes: Certificate) -> Certificate:
    """z = 0 from z' M z = 0: else z' M z > 0."""
    form = app("matmul", app("transpose", z), *([middle[0]] if middle else []), z)
    equation = app("=", form, ZERO)
    square: Certificate = {"factor": to_json(z)}
    if middle is not None:
        square |= {"middle": to_json(middle[0]), "definite": middle[1]}
    positive = {"rule": "squares", "squares": [square], "strict": 0, "nonzero": {"rule": "assumption"}, "equal": WORDS}
    unequal = {"rule": "through", "terms": [], "relations": [">"], "parts": [positive]}
    place = len(s.assuming(app("not", zero), equation).assumptions) - 1
    return {"rule": "contradiction", "proof": {
        "rule": "have", "fact": to_json(equation), "because": vanishes,
        "proof": {"rule": "conflict", "assumption": place, "proof": unequal}}}


def _combination(s: Sequent, form: Term, gaps: Sequence[Vanishing], search: Searcher) -> Certificate | None:
    """A proof of form = 0, where form is 0 by the assumed equations of vectors, or a combination of gaps."""
    if _holds(s, app("=", form, ZERO), search):
        return WORDS
    found = _coefficients(s, form, [g.term for g in gaps]) if gaps else None
    if not found:
        return None
    used = [(c, g) for c, g in zip(found, gaps, strict=True) if c]
    whole = add(*(mul(Num(c), g.term) if c != 1 else g.term for c, g in used))
    if not _holds(s, app("=", form, whole), search):
        return None
    last = {"rule": "ideal", "cofactors": [[g.equation, to_json(mul(Num(c), g.cofactor))] for c, g in used]}
    if search.accepted(s.with_goal(app("=", whole, ZERO)), last) is None:
        return None
    return {"rule": "through", "terms": [to_json(whole)], "relations": ["=", "="], "parts": [WORDS, last]}


def read_words(s: Sequent, t: Term) -> tuple[MatrixForm, Form]:
    """A number in words, without the assumed equations of numbers."""
    work = MatrixForm(Sequent(s.declarations, tuple(a for a in s.assumptions if not _equation(a)), app("=", t, ZERO)),
                      {})
    f = work.difference(t, ZERO)
    work.prepare()
    return work, work.reader.again(f)


def _coefficients(s: Sequent, form: Term, gaps: Sequence[Term]) -> list[Fraction] | None:
    """Rational numbers c with form = sum of c_k gap_k."""
    try:
        target, *columns = [read_words(s, t)[1].terms for t in (form, *gaps)]
    except _FAULTS:
        return None
    keys = {k for terms in (target, *columns) for k in terms}
    rows = [[*(c.get(k, Fraction(0)) for c in columns), target.get(k, Fraction(0))] for k in keys]
    pivots: list[int] = []
    for k in range(len(columns)):
        done = len(pivots)
        row = next((r for r in rows[done:] if r[k]), None)
        if row is None:
            continue
        rows.remove(row)
        row = [x/row[k] for x in row]
        rows = [[x - r[k]*y for x, y in zip(r, row, strict=True)] for r in rows]
        rows.insert(done, row)
        pivots.append(k)
    if any(r[-1] for r in rows[len(pivots):]):
        return None
    return [rows[pivots.index(k)][-1] if k in pivots else Fraction(0) for k in range(len(columns))]


def _middles(s: Sequent, gap: Term, z: Term) -> Iterator[Term]:
    """N with w' N w the part of degree 2 of the gap, for the vectors w of z."""
    try:
        work, f = read_words(s, gap)
    except _FAULTS:
        return
    r = work.reader
    for w in sorted(free_names(z) & set(s.declarations)):
        parts: list[Term] = []
        try:
            for (scalars, word), c in f.terms.items():
                inner = [a for a, e in scalars if a[0] == "q" and e == 1]
                if word or len(inner) != 1 or inner[0][1][0] != (w, True) or inner[0][1][-1] != (w, False):
                    continue
                rest = tuple((a, e) for a, e in scalars if a != inner[0])
                middle = inner[0][1][1:-1]
                size = r.shape((w, False))[0]
                weight = word_terms.scalars(r, rest, c)
                one = word_terms.word(r, middle, size)
                parts.append(one if weight == ONE else app("scale", weight, one))
        except _FAULTS:
            continue
        if parts:
            yield parts[0] if len(parts) == 1 else App("matadd", tuple(parts))


def _roots(s: Sequent, gap: Term) -> Iterator[Term]:
    """R z where the gap is |R z|^2 times a number."""
    try:
        work, f = read_words(s, gap)
        if len(f.terms) != 1:
            return
        ((scalars, _),) = f.terms
        (q,) = [a for a, e in scalars if a[0] == "q" and e == 1]
        half = q[1][len(q[1])//2:]
        yield word_terms.word(work.reader, half, "")
    except _FAULTS:
        return


# ------------------------------------------------------------------ minima


def _at_minima(s: Sequent, z: Term, search: Searcher) -> Iterator[tuple[Sequent, Any]]:
    """The sequent with the stationarity of an assumed minimum in the direction z."""
    found = [(k, a) for k, a in enumerate(s.assumptions) if _law(a) and isinstance(a, Bind)][:2]
    here, wraps = s, []
    starts = [start for _, a in found for start in _starts(a)]
    steps = [z, *(_difference(u, v) for u, v in itertools.combinations(starts, 2))]
    for (k, law), step in itertools.product(found, steps):
        made = along(here, k, law, step, search)
        if made is not None:
            fact, c = made
            wraps.append(c)
            here = here.assuming(fact)
    if wraps:
        def wrap(proof: Certificate) -> Certificate:
            for c in reversed(wraps):
                proof = {**c, "proof": proof}
            return proof
        yield here, wrap


def _starts(law: Bind) -> Iterator[Term]:
    """The value of the bound name at which the law is an equation: the assumed minimiser."""
    if len(law.names) == 1 and isinstance(law.inner[1], App):
        small, large = law.inner[1].args if law.inner[1].head == "<=" else law.inner[1].args[::-1]
        if (found := value_of(small, large, law.names[0])) is not None:
            yield found


def along(s: Sequent, k: int, law: Bind, z: Term, search: Searcher) -> tuple[Term, Certificate] | None:
    """The derivative of an assumed minimum along z is 0: the fact and the rule without its last proof."""
    if len(law.names) != 1 or law.inner[0] != TRUE or not isinstance(law.inner[1], App):
        return None
    small, large = law.inner[1].args if law.inner[1].head == "<=" else law.inner[1].args[::-1]
    (w,) = law.names
    t = fresh("t", set(s.declarations) | free_names(law))
    for start in _starts(law):
        try:
            if shape(start, s.declarations) != shape(z, s.declarations):
                continue
        except IllTyped:
            continue
        moved = app("matadd", start, app("scale", Var(t), z))
        inside = s.declaring({t: REAL})
        gap = sub(substitute(large, {w: moved}), small)
        coefficients = _powers(inside, gap, t)
        if coefficients is None:
            continue
        linear, quadratic = coefficients
        c = {"rule": "parabola", "assumption": k, "name": t, "path": {w: to_json(moved)}, "linear": to_json(linear),
             "quadratic": to_json(quadratic), "equal": WORDS}
        along_t = add(mul(Var(t), linear), mul(app("pow", Var(t), num(2)), quadratic))
        if _holds(inside, app("=", gap, along_t), search):
            return app("=", linear, ZERO), c
    return None


def _powers(s: Sequent, gap: Term, t: str) -> tuple[Term, Term] | None:
    """The coefficients of t and t^2 of a gap that has no others."""
    try:
        work, f = read_words(s, gap)
        r = work.reader
        sums: dict[int, list[Term]] = {1: [], 2: []}
        for (scalars, word), c in f.terms.items():
            power = sum(e for a, e in scalars if a == ("v", t))
            if word or power not in sums:
                return None
            sums[power].append(word_terms.scalars(r, tuple((a, e) for a, e in scalars if a != ("v", t)), c))
    except _FAULTS:
        return None
    if any(t in free_names(x) for xs in sums.values() for x in xs):
        return None
    return add(*sums[1]) if sums[1] else ZERO, add(*sums[2]) if sums[2] else ZERO


__all__ = ["along", "proofs", "read_words", "rows"]
