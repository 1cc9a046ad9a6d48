"""Extreme values without a point: "the minimum of f is v" needs the point at which it is attained.

Method: where f is stationary.  Of a number, the equation f' = 0 is solved, or the vertex of the parabola through three
values is taken.  Of a vector in matrix products, the part w' N w + b' w of degree 2 has its stationary point at
-(N + N')^-1 b.  Of a family with a known total, the summands B(p_c) have B'(p_c) = nu (Lagrange): the solution for one
nu is scaled, or moved, to the total (Boyd, Vandenberghe, Convex Optimization, 5.5.3; no page).
Then v = f(w*), and v <= f(w) follows from f(w*) <= f(w); where "some w has f(w) = v" is claimed, w* is it.
Why it convinces: the kernel proves both at w*.
Cannot: several names at once; constraints other than one total.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.derivative import NoDerivative, derivative
from ..kernel.evidence import Reject
from ..kernel.matrix_terms import IllTyped
from ..kernel.model import beta
from ..kernel.prove import introduce
from ..kernel.term import (
    ONE, REAL, TRUE, ZERO, App, Bind, Index, Map, Num, Scalar, Term, Var, add, app, conjuncts, free_names, fresh, mul,
    num, rebuild, sub, substitute, subterms, to_json,
)
from ..kernel.words import OverBudget
from . import word_terms
from .witnesses import _solutions
from .zero_vectors import read_words

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
ORDER = ("<=", ">=")
MAX_DEPTH, MAX_POINTS = 4, 4


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    goal = s.goal
    if not isinstance(goal, Bind) or len(goal.names) != 1 or search.depth > MAX_DEPTH or search.model is not None:
        return
    match goal:
        case Bind("exists", (w,), (sort,), (), (_, App("=", (a, b)))):
            f, v = (a, b) if w in free_names(a) else (b, a)
            if w not in free_names(v) and not isinstance(sort, Index):
                yield from _attained(s, goal, f, search)
        case Bind("forall", (w,), (sort,), (), (_, App(relation, (a, b)))) if relation in ORDER:
            if (w in free_names(a)) != (w in free_names(b)) and not isinstance(sort, Index):
                yield from _bounded(s, goal, search)


def _attained(s: Sequent, goal: Bind, f: Term, search: Searcher) -> Iterator[Certificate]:
    (w,), (sort,) = goal.names, goal.sorts
    if isinstance(sort, Scalar) and not _summed(f):
        return          # solved directly
    inside = s.declaring({w: sort}) if w not in s.declarations else None
    if inside is None:
        return
    for point in itertools.islice(points(inside, w, f, goal.inner[0]), MAX_POINTS):
        guard, body = (beta(substitute(x, {w: point}), s.declarations) for x in goal.inner)
        equal = search.unconditionally(s.with_goal(body))
        if equal is None:
            continue
        out: Certificate = {"rule": "exists", "witness": {w: to_json(point)}, "proof": equal}
        if guard != TRUE:
            if (held := search.unconditionally(s.with_goal(guard))) is None:
                continue
            out["guard"] = held
        yield out


def _bounded(s: Sequent, goal: Bind, search: Searcher) -> Iterator[Certificate]:
    inner, (w,) = introduce(s, goal)
    if not isinstance(inner.goal, App):
        return
    a, b = inner.goal.args
    f, v = (a, b) if w in free_names(a) else (b, a)
    guard = substitute(goal.inner[0], {goal.names[0]: Var(w)})
    for point in itertools.islice(points(inner, w, f, guard), MAX_POINTS):
        value = beta(substitute(f, {w: point}), inner.declarations)
        if value == v:
            continue
        equal = search.unconditionally(inner.with_goal(app("=", v, value)))
        if equal is None:
            continue
        order = (value, f) if f is b else (f, value)
        found = search.unconditionally(inner.with_goal(app(inner.goal.head, *order)))
        if found is None:
            continue
        first, second = ("=", inner.goal.head) if f is b else (inner.goal.head, "=")
        parts = [equal, found] if f is b else [found, search.unconditionally(inner.with_goal(app("=", value, v)))]
        if None not in parts:
            yield {"rule": "forall", "proof": {"rule": "through", "terms": [to_json(value)],
                                               "relations": [first, second], "parts": parts}}


def _summed(f: Term) -> bool:
    return any(isinstance(u, Bind) for u in subterms(f))


# ------------------------------------------------------------------ stationary points


def points(s: Sequent, w: str, f: Term, guard: Term) -> Iterator[Term]:
    """Values of w at which f is stationary, as far as a form tells; ``s`` declares w."""
    sort = s.declarations[w]
    if isinstance(sort, Scalar):
        yield from _of_number(s, w, f)
    elif isinstance(sort, Map) and len(sort.args) == 1 and isinstance(sort.args[0], Index):
        total = _known_total(guard, w)
        if total is not None:
            yield from _of_shares(s, w, f, sort.args[0], total)
        else:
            yield from _of_vector(s, w, f)


def _of_number(s: Sequent, w: str, f: Term) -> Iterator[Term]:
    if _summed(f):
        low, here, high = (substitute(f, {w: num(k)}) for k in (-1, 0, 1))
        bend = sub(add(high, low), mul(num(2), here))
        yield app("neg", app("div", app("div", sub(high, low), num(2)), bend))
        return
    try:
        slope, _ = derivative(f, w, s.declarations)
    except NoDerivative:
        return
    yield from _solutions(App("=", (simplified(slope, w), ZERO)), w, s)


def _of_vector(s: Sequent, w: str, f: Term) -> Iterator[Term]:
    """-(N + N')^-1 b for w' N w + b' w."""
    try:
        work, form = read_words(s, f)
        r = work.reader
        quadratic: list[Term] = []
        linear: list[Term] = []
        for (scalars, word), c in form.terms.items():
            inner = [(a, e) for a, e in scalars if a[0] == "q" and any(x == w for x, _ in a[1])]
            if word or not inner:
                continue
            if len(inner) > 1 or inner[0][1] != 1:
                return
            a = inner[0][0]
            weight = word_terms.scalars(r, tuple(p for p in scalars if p != inner[0]), c)
            letters = a[1]
            size = r.shape((w, False))[0]
            if letters[0] == (w, True) and letters[-1] == (w, False):
                middle = word_terms.word(r, letters[1:-1], size)
                quadratic += [_scaled(weight, middle), _scaled(weight, app("transpose", middle))]
            elif letters[0] == (w, True):
                linear.append(_scaled(weight, word_terms.word(r, letters[1:], size)))
            elif letters[-1] == (w, False):
                linear.append(_scaled(weight, app("transpose", word_terms.word(r, letters[:-1], ""))))
            else:
                return
    except (Reject, IllTyped, OverBudget, ZeroDivisionError, ValueError, KeyError, word_terms.NoTerm):
        return
    if not quadratic or w in {n for t in (*quadratic, *linear) for n in free_names(t)}:
        return
    size = s.declarations[w].args[0].size  # type: ignore[union-attr]
    b = linear[0] if len(linear) == 1 else App("matadd", tuple(linear)) if linear else app("zeros", size, ONE)
    whole = quadratic[0] if len(quadratic) == 1 else App("matadd", tuple(quadratic))
    # symmetric by its letters: N + N' = 2 N
    if len(quadratic) == 2 and _symmetric(s, quadratic[0], quadratic[1]):
        yield app("scale", Num(num(-1).value/2), app("matmul", app("inverse", quadratic[0]), b))
        return
    if len(quadratic) % 2 == 0 and all(_symmetric(s, x, y) for x, y in zip(quadratic[::2], quadratic[1::2],
                                                                           strict=True)):
        whole = App("matadd", tuple(quadratic[::2]))
        yield app("scale", Num(num(-1).value/2), app("matmul", app("inverse", whole), b))
        return
    yield app("scale", num(-1), app("matmul", app("inverse", whole), b))


def _symmetric(s: Sequent, x: Term, y: Term) -> bool:
    from ..kernel.prove import prove

    try:
        return not prove(s.with_goal(app("mat=", x, y)), {"rule": "matrix-form"}).conditions
    except Reject:
        return False


def _scaled(weight: Term, t: Term) -> Term:
    return t if weight == ONE else app("scale", weight, t)


def _known_total(guard: Term, w: str) -> Term | None:
    """T, where sum over c of w_c = T is demanded."""
    for c in conjuncts(guard):
        match c:
            case App("=", (Bind("sum", (k,), (Index(),), (), (inner, App("at", (Var(name), Var(j))))), value)) if (
                    inner == TRUE and j == k and name == w and w not in free_names(value)):
                return value
    return None


def _of_shares(s: Sequent, w: str, f: Term, sort: Index, total: Term) -> Iterator[Term]:
    c = fresh("c", set(s.declarations) | {n for u in subterms(f) if isinstance(u, Bind) for n in u.names})
    y = fresh("y", set(s.declarations) | {c})
    summand = _summand(f, w, c, y, sort)
    if summand is None:
        return
    inside = s.declaring({c: sort, y: REAL}).assuming(app(">", Var(y), ZERO))
    try:
        slope, _ = derivative(summand, y, inside.declarations)
    except NoDerivative:
        return
    parts = [p for p in _parts(simplified(slope, y)) if free_names(p) & {y, c}]
    for solution in itertools.islice(_solutions(App("=", (add(*parts) if parts else ZERO, ZERO)), y, inside), 2):
        yield from _normalised(solution, c, sort, total)
    # without a zero of its own: B' = nu for nu = 1, as N/p = nu
    for solution in itertools.islice(_solutions(App("=", (add(*parts) if parts else ZERO, ONE)), y, inside), 1):
        yield from _normalised(solution, c, sort, total)


def _normalised(y: Term, c: str, sort: Index, total: Term) -> Iterator[Term]:
    if c not in free_names(y):
        yield Bind("lambda", (c,), (sort,), (), (app("div", total, sort.size),))
        return
    whole = Bind("sum", (c,), (sort,), (), (TRUE, y))
    scaled = app("div", y, whole) if total == ONE else app("div", mul(total, y), whole)
    yield Bind("lambda", (c,), (sort,), (), (scaled,))
    moved = add(y, app("div", sub(total, whole), sort.size))
    yield Bind("lambda", (c,), (sort,), (), (moved,))


def _summand(f: Term, w: str, c: str, y: str, sort: Index) -> Term | None:
    """B(y) for f = sum over c of B(w_c), and what does not speak of w."""
    if w not in free_names(f):
        return ZERO
    match f:
        case App("add", args):
            parts = [_summand(a, w, c, y, sort) for a in args]
            return None if None in parts else add(*(p for p in parts if p is not None))
        case App("neg", (a,)):
            inner = _summand(a, w, c, y, sort)
            return None if inner is None else app("neg", inner)
        case App("mul", args):
            moving = [a for a in args if w in free_names(a)]
            if len(moving) != 1:
                return None
            inner = _summand(moving[0], w, c, y, sort)
            return None if inner is None else mul(*(a for a in args if a is not moving[0]), inner)
        case App("div", (a, b)) if w not in free_names(b):
            inner = _summand(a, w, c, y, sort)
            return None if inner is None else app("div", inner, b)
        case Bind("sum", (k,), (over,), (), (guard, body)) if over == sort and guard == TRUE:
            here = _entry(substitute(body, {k: Var(c)}), w, c, y)
            return None if w in free_names(here) else here
    return None


def _entry(t: Term, w: str, c: str, y: str) -> Term:
    if t == App("at", (Var(w), Var(c))):
        return Var(y)
    return rebuild(t, lambda u: _entry(u, w, c, y)) if isinstance(t, (App, Bind)) else t


def _parts(t: Term) -> list[Term]:
    """The summands of t multiplied out."""
    match t:
        case App("add", args):
            return [p for a in args for p in _parts(a)]
        case App("neg", (a,)):
            return [app("neg", p) for p in _parts(a)]
        case App("mul", args):
            split = [_parts(a) for a in args]
            return [mul(*some) for some in itertools.islice(itertools.product(*split), 40)]
        case App("div", (a, b)):
            return [app("div", p, b) for p in _parts(a)]
    return [t]


def simplified(t: Term, y: str) -> Term:
    """y (a/y) as a, products with 0 and 1 left out: what derivatives of y log y leave behind."""
    if isinstance(t, App):
        t = rebuild(t, lambda u: simplified(u, y))
    match t:
        case App("mul", args):
            kept = [a for a in args if a != ONE]
            if ZERO in kept:
                return ZERO
            for k, a in enumerate(kept):
                if isinstance(a, App) and a.head == "div" and a.args[1] in kept:
                    rest = list(kept)
                    rest[k] = a.args[0]
                    rest.remove(a.args[1])
                    return simplified(mul(*rest), y)
            return mul(*kept) if kept else ONE
        case App("add", args):
            kept = [a for a in args if a != ZERO]
            return add(*kept) if kept else ZERO
        case App("neg", (a,)) if a == ZERO:
            return ZERO
        case App("div", (a, b)) if a == ZERO or b == ONE:
            return a
    return t


__all__ = ["points", "proofs", "simplified"]
