"""What may be added up with multipliers at a minimum over vectors: squares, constraints, kinks of norms.

Columns, each of them not negative: the square of w - a, also weighed by the matrices that stand between w and w; the
constraints, |w| <= r also squared; the equations, of either sign; for a norm |w| the inequalities |w| >= 0 and
|v| |w| >= v'w (Cauchy and Schwarz).
Cannot: constraints under an index; squares of other vectors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.effort import Spent, allowance
from ..kernel.matrix_terms import is_matrix
from ..kernel.rule_sos import assumed_orders
from ..kernel.term import (
    TRUE, ZERO, App, Bind, Index, Map, Scalar, Term, Var, app, free_names, mul, num, sub, subterms, to_json,
)

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
MAX_COLUMNS, SIGN_STEPS = 14, 40_000


@dataclass(frozen=True)
class Column:
    """``term >= 0`` (``= 0`` if ``free``).  ``given``: the assumed order it is; ``equation``: the assumed equation;
    else ``proof``, or a search for one."""

    term: Term
    given: int | None = None
    equation: int | None = None
    proof: Certificate | None = None
    square: Term | None = None          # the vector or number whose square it is

    @property
    def free(self) -> bool:
        return self.equation is not None


def varied(s: Sequent, name: str) -> bool:
    match s.declarations.get(name):
        case Scalar("real"):
            return True
        case Map((Index(),), Scalar("real")):
            return True
    return False


def columns(s: Sequent, search: Searcher, small: Term, large: Term, moving: frozenset[str],
             known: Sequence[tuple[int, Term]]) -> list[Column]:
    out = list(_squares(s, small, large, moving))
    for k, (low, high, _) in enumerate(assumed_orders(s)):
        if not free_names(sub(high, low)) & moving:
            continue
        if any(isinstance(u, App) and u.head == "sqrt" and free_names(u) & moving for u in subterms(low)):
            # high^2 - low^2 = (high - low)^2 + 2 low (high - low)
            squares = sub(app("pow", high, num(2)), app("pow", low, num(2)))
            nonnegative = quickly(search, s.with_goal(app(">=", low, ZERO)))
            if nonnegative is None:
                continue
            out.append(Column(squares, proof={
                "rule": "sos", "facts": [{"given": k}, {"term": to_json(low), "strict": False, "proof": nonnegative}],
                "sum": [[to_json(num(1)), [0, 0], None], [to_json(num(2)), [0, 1], None]]}))
        else:
            out.append(Column(sub(high, low), given=k))
    out += [Column(e, equation=k) for k, e in known if free_names(e) & moving]
    out += _kinks(s, search, sub(large, small), moving)
    return out[:MAX_COLUMNS]


def _squares(s: Sequent, small: Term, large: Term, moving: frozenset[str]) -> Iterator[Column]:
    """Of w - a for the values a that stand where w stands, and of w; with the matrices between w and w."""
    steps: dict[Term, None] = {}
    for a, b in (*_differences(small, large), *_differences(large, small)):
        match b:
            case Var(name) if name in moving and not free_names(a) & moving:
                steps[away(s, b, a)] = None
            case App("at", (Var(name) as w, Var(i))) if name in moving and i not in s.declarations and not (
                    free_names(a) & moving):
                sort = s.declarations[name]
                steps[away(s, w, Bind("lambda", (i,), sort.args, (), (a,)))] = None      # type: ignore[union-attr]
    for h in s.assumptions:
        match h:
            case App("!=", (Var(name) as w, a)) if name in moving and not free_names(a) & moving:
                steps[away(s, w, a)] = None
    for name in sorted(moving):
        steps[Var(name)] = None
    between = {u.args[1:-1] for t in (small, large) for u in subterms(t) if isinstance(u, App) and u.head == "matmul"
               and len(u.args) > 2 and u.args[0] == app("transpose", u.args[-1]) and free_names(u.args[-1]) <= moving}
    for step in steps:
        if not is_matrix(step, s.declarations):
            yield Column(app("pow", step, num(2)), proof={"rule": "sign"}, square=step)
            continue
        turned = app("transpose", step)
        yield Column(app("matmul", turned, step), square=step, proof={
            "rule": "squares", "squares": [{"factor": to_json(step)}], "equal": {"rule": "matrix-form"}})
        for middle in sorted(between, key=repr):
            yield Column(app("matmul", turned, *middle, step), square=step)


def _differences(a: Term, b: Term) -> Iterator[tuple[Term, Term]]:
    """Where a name stands in b, what stands in a."""
    match a, b:
        case (_, Var()) | (_, App("at", (Var(), Var()))):
            if a != b:
                yield a, b
        case App(h, p), App(g, q) if h == g and len(p) == len(q):
            for x, y in zip(p, q, strict=True):
                yield from _differences(x, y)
        case Bind(), Bind() if a.names == b.names and a.sorts == b.sorts and len(a.inner) == len(b.inner):
            for x, y in zip(a.inner, b.inner, strict=True):
                yield from _differences(x, y)


def away(s: Sequent, w: Term, a: Term) -> Term:
    return app("matadd", w, app("scale", num(-1), a)) if is_matrix(w, s.declarations) else sub(w, a)


def _kinks(s: Sequent, search: Searcher, difference: Term, moving: frozenset[str]) -> Iterator[Column]:
    """|w| >= 0 and |v| |w| >= v'w for the norms of what moves and the vectors at hand."""
    for root in dict.fromkeys(u for u in subterms(difference) if isinstance(u, App) and u.head == "sqrt"):
        v = _under(root)
        if v is None or not free_names(v) & moving or free_names(root) - set(s.declarations):
            continue
        if (proof := quickly(search, s.with_goal(app(">=", root, ZERO)))) is not None:
            yield Column(root, proof=proof)
        sorts = {s.declarations[n] for n in free_names(v) & moving}
        for name, sort in s.declarations.items():
            if name in moving or name not in free_names(difference) or sort not in sorts or not varied(s, name):
                continue
            other = app("sqrt", app("matmul", app("transpose", Var(name)), Var(name)))
            term = sub(mul(other, root), app("matmul", app("transpose", Var(name)), v))
            proof = quickly(search, s.with_goal(app(">=", term, ZERO)))
            if proof is not None:
                yield Column(term, proof=proof)


def _under(root: App) -> Term | None:
    """The vector of which this is the norm."""
    match root.args[0]:
        case App("matmul", (App("transpose", (v,)), w)) if v == w:
            return v
        case Bind("sum", (i,), (Index(),) as sorts, (), (guard, App("mul", (a, b)))) if guard == TRUE and a == b:
            match a:
                case App("at", (v, Var(j))) if i == j and i not in free_names(v):
                    return v
            return Bind("lambda", (i,), sorts, (), (a,))
    return None


def quickly(search: Searcher, s: Sequent) -> Certificate | None:
    try:
        with allowance(SIGN_STEPS):
            return search.unconditionally(s)
    except Spent:
        return None


__all__ = ["Certificate", "Column", "away", "columns", "quickly", "varied"]
