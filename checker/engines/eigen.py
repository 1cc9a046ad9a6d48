"""Eigenvectors: what A v = lam v, v not 0, says of the number lam.

Method: v^T X (A v - lam v) = 0 for a few words X; where every term is a number times v^T v, which is positive, the
number is 0: lam^2 = lam of a projection, lam^2 = 1 of an orthogonal matrix.  An order is multiplied by v^T v, and
lam v^T v is v^T A v (Rayleigh's quotient).
Cannot do: eigenvalues without an eigenvector; polynomials in lam of a degree that needs longer words X.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.matrix_terms import IllTyped, is_one, shape
from ..kernel.rule_matrix_form import MatrixForm
from ..kernel.term import (
    RELATIONS, ZERO, App, Term, Var, add, app, free_names, from_json, mul, num, sub, subterms, to_json,
)
from ..kernel.word_reading import Reader
from ..kernel.words import UNIT, Form, Key, OverBudget
from . import word_terms
from .matrices import by_words

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
_UNREADABLE = (Reject, OverBudget, IllTyped, ZeroDivisionError, ValueError, KeyError, word_terms.NoTerm)
MAX_VECTORS, MAX_FACTS = 3, 3


def vectors(s: Sequent) -> list[str]:
    """Names of vectors that are assumed not to be 0 and of which an equation of vectors is assumed."""
    found = []
    for a in s.assumptions:
        match a:
            case App("not", (App("mat=", (Var(v), App("zeros", _))),)) if is_one(shape(Var(v), s.declarations)[1]):
                if any(isinstance(b, App) and b.head == "mat=" and v in free_names(b) for b in s.assumptions):
                    found.append(v)
    return list(dict.fromkeys(found))[:MAX_VECTORS]


def square(v: str) -> Term:
    return app("matmul", app("transpose", Var(v)), Var(v))


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    goal = s.goal
    if not isinstance(goal, App):
        return
    known = vectors(s)
    if goal.head in RELATIONS and goal.head != "!=":
        if goal.head == "=":
            yield from _factors(s, search)
        elif known:
            yield from _orders(s, search, known)
    if not known:
        return
    match goal:
        case App("=", (App("det", (n,)), zero)) | App("=", (zero, App("det", (n,)))) if zero == ZERO:
            yield from _singular(s, search, n, known)
        case App("not", (App("invertible", (n,)),)):
            yield from _singular(s, search, n, known)
    if goal.head in (*RELATIONS, "or", "false"):
        yield from _with_facts(s, search, known)


def _singular(s: Sequent, search: Searcher, n: Term, known: list[str]) -> Iterator[Certificate]:
    rows = shape(n, s.declarations)[0]
    for v in known:
        zero = app("zeros", rows, num(1))
        c: Certificate = {"rule": "matrix-form"}
        if search.accepted(s.with_goal(app("mat=", app("matmul", n, Var(v)), zero)), c) is not None:
            yield {"rule": "singular", "vector": to_json(Var(v)), "kernel": c, "nonzero": {"rule": "assumption"}}


def _factors(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """a = b from (c - d)(a - b) = 0, where c != d is assumed."""
    if not isinstance(s.goal, App) or not any(isinstance(b, App) and b.head == "mat=" for b in s.assumptions):
        return
    for a in s.assumptions:
        match a:
            case App("!=", (c, d)) | App("not", (App("=", (c, d)),)):
                factor = c if d == ZERO else sub(c, d)
                product = s.with_goal(app("=", mul(factor, sub(*s.goal.args)), ZERO))
                sign = search.prove(s.with_goal(app("!=", factor, ZERO)))
                if sign is None:
                    continue
                for proof in by_words(product, search):
                    if search.accepted(product, proof) is not None:
                        yield {"rule": "cancel", "factor": to_json(factor), "sign": sign, "equal": proof}


@dataclass
class Row:
    """A number that is 0, and the summands ``[c, l, relation, r]`` that say why."""

    form: dict[Key, Fraction]
    why: list[list[Any]]


def _consequences(s: Sequent, v: str, name: str, lam: str) -> tuple[Reader, list[Row]]:
    """The numbers m v^T X (A v - lam v) for m = 1, lam and short words X; the equation itself is kept."""
    work = MatrixForm(s, {"keep": [name]})
    work.prepare()
    r = work.reader
    relation = r.relations[name]
    letters = dict.fromkeys(x for _, w in relation.terms for x, _ in w)
    squares = [x for x in letters if r.bases[x].rows == r.bases[x].columns == relation.rows][:2]
    rows = []
    for middle in ([], *([[x, t]] for x in squares for t in (False, True))):
        left = [[v, True], *middle]
        for m in ("1", to_json(Var(lam))):
            h = r.again(work.combined([[m, left, name, []]]))
            if h.is_number and h.terms:
                rows.append(Row(dict(h.terms), [[m, left, name, []]]))
    return r, rows


def _eliminated(rows: list[Row], wanted: Callable[[Key], bool]) -> Iterator[Row]:
    """Combinations of the rows in which only wanted terms are left."""
    while rows:
        row = rows.pop(0)
        key = next((k for k in row.form if not wanted(k)), None)
        if key is None:
            yield row
            continue
        for other in rows:
            if key in other.form:
                c = other.form[key] / row.form[key]
                for k, x in row.form.items():
                    other.form[k] = other.form.get(k, Fraction(0)) - c * x
                other.form = {k: x for k, x in other.form.items() if x}
                other.why += [[_scaled(-c, m), *rest] for m, *rest in row.why]
        rows = [other for other in rows if other.form]


def _scaled(c: Fraction, m: Any) -> Any:
    return str(c * Fraction(m)) if isinstance(m, str) else to_json(mul(num(c), from_json(m)))


def _with_facts(s: Sequent, search: Searcher, known: list[str]) -> Iterator[Certificate]:
    """An equation for lam first, then the goal."""
    for k, a in enumerate(s.assumptions):
        match a:
            case App("mat=", (_, App("scale", (Var(lam), Var(v))))) if v in known:
                pass
            case _:
                continue
        try:
            r, rows = _consequences(s, v, f"a{k}", lam)
            found = [(word_terms.number(r, Form(UNIT, UNIT, {
                (tuple(x for x in t if x[0][0] == "v"), w): c for (t, w), c in row.form.items()})), row.why)
                for row in _eliminated(rows, lambda key, v=v: _multiple_of_square(key, v))]
        except _UNREADABLE:
            continue
        for number, why in sorted(found, key=lambda one: len(list(subterms(one[0]))))[:MAX_FACTS]:
            fact = app("=", number, ZERO)
            if fact in s.assumptions:
                continue
            proof: Certificate = {"rule": "cancel", "factor": to_json(square(v)), "positive": True,
                                  "sign": {"rule": "definite"},
                                  "equal": {"rule": "matrix-form", "keep": [f"a{k}"], "minus": why}}
            shown = search.accepted(s.with_goal(fact), proof)
            if shown is not None and not shown.conditions and (then := search.prove(s.assuming(fact))) is not None:
                yield {"rule": "have", "fact": to_json(fact), "because": proof, "proof": then}


def _multiple_of_square(key: Key, v: str) -> bool:
    """A product of declared numbers and of v^T v."""
    atoms = dict(key[0])
    return atoms.pop(("q", ((v, True), (v, False))), 0) == 1 and all(a[0] == "v" for a in atoms)


def _orders(s: Sequent, search: Searcher, known: list[str]) -> Iterator[Certificate]:
    """Multiplied by v^T v: lam v^T v is v^T A v."""
    goal = s.goal
    if not isinstance(goal, App):
        return
    for v in known:
        whole = mul(square(v), sub(*goal.args))
        for k, a in enumerate(s.assumptions):
            match a:
                case App("mat=", (App("matmul", _) as image, App("scale", (Var(lam), Var(name))))) if (
                        name == v and lam in free_names(goal)):
                    pass
                case _:
                    continue
            try:
                new = _quotient(s, whole, v, lam, image)
            except _UNREADABLE:
                continue
            sign, equal = {"rule": "definite"}, {"rule": "matrix-form"}
            if new is None or search.accepted(s.with_goal(app(">", square(v), ZERO)), sign) is None or search.accepted(
                    s.with_goal(app("=", whole, new)), equal) is None:
                continue
            rest = Sequent(s.declarations, s.assumptions[:k] + s.assumptions[k + 1:], app(goal.head, new, ZERO))
            if (proof := search.prove(rest)) is not None:
                yield {"rule": "cancel", "without": k, "factor": to_json(square(v)), "new": to_json(new), "sign": sign,
                       "equal": equal, "proof": proof}


def _quotient(s: Sequent, whole: Term, v: str, lam: str, image: Term) -> Term | None:
    """``whole`` with lam v^T v written as v^T A v, and lam^2 v^T v as (A v)^T A v; None where lam is left over."""
    work = MatrixForm(s, {})
    r = work.reader
    f = r.scalar(whole)
    atom = ("q", ((v, True), (v, False)))
    parts = []
    for (t, _), c in f.terms.items():
        exponents = dict(t)
        if ("v", lam) in exponents:
            power = exponents["v", lam]
            if exponents.get(atom) != 1 or power not in (1, 2):
                return None
            rest = tuple(a for a in t if a[0] not in (atom, ("v", lam)))
            value = app("matmul", app("transpose", Var(v) if power == 1 else image), image)
            parts.append(mul(word_terms.scalars(r, rest, c), value))
        else:
            parts.append(word_terms.scalars(r, t, c))
    return add(*parts)


__all__ = ["proofs"]
