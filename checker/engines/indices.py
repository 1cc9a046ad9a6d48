"""Search for goals about sums over indices, and for families that an ``exists`` asks for.

Method: the kernel's normal form needs no search of its own beyond the choice of the leading product of
an assumption; what is searched are witnesses.  For families they are zero, the identity, ones and
one-hot rows at an index in scope; a choice is first tried at one small point, then proved for all.

Cannot do: witnesses that depend on the sizes otherwise than through deltas.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evaluate import Undefined, Unknown, truth
from ..kernel.model import beta
from ..kernel.term import (
    RELATIONS,
    TRUE,
    App,
    Bind,
    Index,
    Map,
    Scalar,
    Sort,
    Term,
    Var,
    app,
    conjuncts,
    num,
    substitute,
    substitute_sort,
    subterms,
    to_json,
)
from .tables import Builder, has_families, opened

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
MAX_LEADS = 6
MAX_WITNESSES = 200
MAX_PROOFS = 4
POINTS = 6


def prove_index(s: Sequent, search: Searcher | None = None) -> Iterator[Certificate]:
    """Certificates for goals about indices."""
    if not _about_indices(s):
        return
    match s.goal:
        case App(head, _) if head in RELATIONS or head in ("and", "implies"):
            yield from _forms(s, search)
        case Bind("forall"):
            yield from _forms(s, search)
        case Bind("exists") as goal if search is not None:
            yield from _exists(s, goal, search)


def _about_indices(s: Sequent) -> bool:
    if any(isinstance(x, (Index, Map)) for x in s.declarations.values()):
        return True
    return any(isinstance(t, Bind) and any(isinstance(x, (Index, Map)) for x in t.sorts) for t in subterms(s.goal))


def _forms(s: Sequent, search: Searcher | None) -> Iterator[Certificate]:
    seen = _seen(search) if search is not None else set()
    key = _relation(s)
    if key in seen:
        return
    yield {"rule": "index-form"}
    equations = [k for k, a in enumerate(s.assumptions) if _has_equation(a)]
    for lead in range(1, MAX_LEADS if equations else 1):
        for k in equations:
            if _terms(s.assumptions[k]) > lead:
                yield {
                    "rule": "index-form",
                    "use": [{"assumption": h, **({"lead": lead} if h == k else {})} for h in equations],
                }
    seen.add(key)  # comes here only if none was accepted


def _terms(a: Term) -> int:
    """How many products the equations of an assumption can have at most, judged by their sums."""
    return 2 + sum(len(t.args) for t in subterms(a) if isinstance(t, App) and t.head == "add")


def _relation(s: Sequent) -> tuple[frozenset[Term], Term]:
    """The relation behind the quantifiers with all that is assumed of it: the rule opens them itself,
    so what they leave need not be tried again."""
    assumptions, goal = list(s.assumptions), s.goal
    while True:
        match goal:
            case Bind("forall", _, _, (), (guard, body)):
                assumptions += conjuncts(guard)
                goal = body
            case App("implies", (premise, conclusion)):
                assumptions += conjuncts(premise)
                goal = conclusion
            case _:
                return frozenset(assumptions), goal


def _seen(search: Searcher) -> set[Any]:
    seen: set[Any] = search.__dict__.setdefault("index_forms", set())
    return seen


def _has_equation(a: Term) -> bool:
    return any(isinstance(t, App) and t.head == "=" for t in subterms(a))


# ------------------------------------------------------------------ witnesses


def _exists(s: Sequent, goal: Bind, search: Searcher) -> Iterator[Certificate]:
    points = _small_points(s)
    tried = proved = 0
    for choice in _choices(s, goal):
        tried += 1
        if tried > MAX_WITNESSES or proved >= MAX_PROOFS:
            return
        by: dict[str, Term] = dict(zip(goal.names, choice, strict=True))
        guard, body = (beta(substitute(x, by), s.declarations) for x in goal.inner)
        if not all(_plausible(guard, p, s) and _plausible(body, p, s) for p in points):
            continue
        proved += 1
        found: Certificate = {"rule": "exists", "witness": {n: to_json(t) for n, t in by.items()}}
        if guard != TRUE:
            shown = search.unconditionally(s.with_goal(guard))
            if shown is None:
                continue
            found["guard"] = shown
        ranges = _ranges(s, goal, by, search)
        if ranges is None:
            continue
        found["range"] = ranges
        proof = search.unconditionally(s.with_goal(body))
        if proof is not None:
            yield {**found, "proof": proof}


def _ranges(
    s: Sequent, goal: Bind, by: Mapping[str, Term], search: Searcher
) -> dict[str, Certificate] | None:
    out = {}
    for n, sort in zip(goal.names, goal.sorts, strict=True):
        t = by[n]
        if isinstance(sort, Index) and not (isinstance(t, Var) and s.declarations.get(t.name) == sort):
            shown = search.unconditionally(
                s.with_goal(app("and", app("<=", num(1), t), app("<=", t, substitute(sort.size, by))))
            )
            if shown is None:
                return None
            out[n] = shown
    return out


def _small_points(s: Sequent) -> list[dict[str, Any]]:
    """A few small points of the assumptions, for a first look at a witness."""
    plain = Sequent(s.declarations, s.assumptions, TRUE)
    if not has_families(plain):
        return []
    builder = Builder(opened(plain))
    kinds: dict[tuple[Any, ...], dict[str, Any]] = {}
    for point in itertools.islice(builder.points(60), 60):
        kinds.setdefault(tuple(point[n] for n in (*builder.sizes, *builder.indices)), point)
    return sorted(kinds.values(), key=lambda q: sum(q[n].value for n in builder.sizes))[:POINTS]


def _plausible(formula: Term, point: Mapping[str, Any], s: Sequent) -> bool:
    try:
        return truth(formula, point, s.declarations)
    except (Undefined, Unknown):
        return True


def _choices(s: Sequent, goal: Bind) -> Iterator[tuple[Term, ...]]:
    """Values for all bound names, the simplest together first."""
    pools = []
    by: dict[str, Term] = {}
    for n, sort in zip(goal.names, goal.sorts, strict=True):
        pools.append(list(_values(s, substitute_sort(sort, by))))
        by[n] = Var(n)
    ranked = sorted(itertools.product(*(range(len(p)) for p in pools)), key=lambda w: (sum(w), w))
    for pick in ranked[:20_000]:
        yield tuple(p[k] for p, k in zip(pools, pick, strict=True))


def _values(s: Sequent, sort: Sort) -> Iterator[Term]:
    match sort:
        case Scalar():
            yield from (num(0), num(1))
            if sort.kind != "integer":
                yield num("1/2")
            yield from (num(2), num(-1))
        case Index():
            yield from (Var(n) for n, x in s.declarations.items() if x == sort)
            yield num(1)
        case Map(args, Scalar()) if all(isinstance(x, Index) for x in args):
            names = tuple(f"u{k}'" for k in range(len(args)))
            if any(n in s.declarations for n in names):
                return

            def family(body: Term) -> Term:
                return Bind("lambda", names, args, (), (body,))

            yield family(num(0))
            if len(args) == 2 and args[0] == args[1]:
                yield family(app("delta", Var(names[0]), Var(names[1])))
            for n, x in s.declarations.items():
                if x == args[0]:
                    yield family(app("delta", Var(names[0]), Var(n)))
            yield family(num(1))
            yield family(num(-1))
        case Map(args, Scalar()) if all(isinstance(x, Scalar) for x in args):
            names = tuple(f"y{k}'" for k in range(len(args)))
            for body in (num(0), Var(names[0]), num(1)):
                yield Bind("lambda", names, args, (), (body,))


__all__ = ["prove_index"]
