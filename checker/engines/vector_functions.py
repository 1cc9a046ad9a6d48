"""Inequalities between values and gradients of functions of vectors: instances of what is assumed, added up.

Class: relations between f(u), <grad f(u), v>, |v|^2 and numbers, under quantified inequalities over all vectors
(convexity, a Lipschitz gradient, a minimiser, ...).  Method, that of performance estimation: the assumptions are put
at the vectors of the claim; the difference of the claim's sides is then sought as a sum of these instances and of
squares |v|^2, all with nonnegative multipliers.  A linear program at sample values of the scalars finds which of them
are needed; the multipliers are solved for as rational functions of the scalars, and the search proves their signs.
The kernel replays the instances (``instance``), names for the values (``values``) and one identity (``sos``).
Source: Drori and Teboulle, Math. Program. 145 (2014) 451-482; Taylor, Hendrickx, Glineur, Math. Program. 161 (2017)
307-345.
Cannot do: squares of other vectors than differences of points and gradients with the scalars as factors; instances at
vectors that the claim does not mention, but for cocoercivity; multipliers with roots.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evaluate import Undefined, Unknown, truth
from ..kernel.evidence import Reject
from ..kernel.function_laws import Laws
from ..kernel.index_terms import Budget
from ..kernel.model import beta
from ..kernel.prove import discharge
from ..kernel.rule_unroll import entries as written
from ..kernel.rule_values import named_values, of_vectors, open_conditions
from ..kernel.term import (
    REAL, RELATIONS, TRUE, App, Bind, Index, Map, Num, Scalar, Sort, Term, Var, add, alpha, app, conjuncts, free_names,
    mul, num, sub, substitute, subterms, to_json,
)
from .multipliers import Columns, solve
from .vector_forms import Unreadable

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
MAX_POINTS, MAX_INSTANCES, SAMPLES = 6, 90, 4


def entries(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Vectors of a given length, written out; a derivative that is written out."""
    if isinstance(s.goal, App) and s.goal.head == "derivative-of":
        yield {"rule": "gradient"}
        return
    families = {n for n, k in s.declarations.items() if isinstance(k, Map)}
    if not families & free_names(s.goal) or not isinstance(s.goal, App) or s.goal.head not in RELATIONS:
        return
    try:
        inner = written(s)
    except Reject:
        return
    c = search.unconditionally(inner)
    if c is not None:
        yield {"rule": "unroll", "proof": c}


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Certificates for relations in which values of functions of vectors stand."""
    functions = {n for n, k in s.declarations.items() if of_vectors(k)}
    if not functions or not isinstance(s.goal, App) or s.goal.head not in RELATIONS:
        return
    if any(free_names(t) & functions for t in (s.goal,)):
        try:
            inner = named_values(s.assuming(*open_conditions(s))).sequent
        except (Reject, Budget):
            return
        if inner.goal != s.goal and s.goal.head == "=":
            c = search.prove(inner)
            if c is not None:
                yield {"rule": "values", "proof": c}
    yield from _with_laws(s, search)


# ------------------------------------------------------------------ what is known for all vectors


@dataclass(frozen=True)
class Step:
    """One step of a certificate around the rest: a theorem, a fact, an instance."""

    rule: dict[str, Any]
    facts: tuple[Term, ...]


def wrapped(steps: Sequence[Step], proof: Certificate) -> Certificate:
    for step in reversed(steps):
        proof = {**step.rule, "proof": proof}
    return proof


def _with_laws(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    asked: set[Term] = search.__dict__.setdefault("asked_of_functions", set())
    if alpha(s.goal) in asked:
        return
    asked.add(alpha(s.goal))
    steps = theorems(s)
    if not steps and not any(map(_quantified, s.assumptions)):
        return
    here = s.assuming(*(f for t in steps for f in t.facts))
    found = combined(here, search)
    if found is None and (more := cocoercive(here, search)):
        steps += more
        here = here.assuming(*(f for t in more for f in t.facts))
        found = combined(here, search)
    if found is None and (extra := steps_down(here)):
        found = combined(here, search, extra)
    if found is not None:
        yield wrapped(steps, found)


def steps_down(s: Sequent) -> list[Term]:
    """p - c G(p) for the points p at which G is spoken of: c = 1/L of a quadratic bound, or a scalar of the goal."""
    out: list[Term] = []
    constants = {t: None for a in s.assumptions if isinstance(a, Bind) and _quantified(a) for t in _parts(a, s)}
    bounds = [t for t in constants if any(alpha(Laws(n, Var(f), Var(g), t).taylor(Var(f), Var(g), t)[0]) == alpha(a)
                                          for f, g, n in _differentiable(s) for a in s.assumptions)]
    scales = [*(app("div", num(1), t) for t in bounds), *(
        Var(n) for n in sorted(free_names(s.goal)) if s.declarations[n] == REAL and Var(n) not in constants
        and not discharge((app(">", Var(n), num(0)),), s))]
    for a in s.assumptions:
        match a:
            case App("derivative-of", (Var(g), Var(f))) if isinstance(sort := s.declarations[f], Map) and (
                    len(sort.args) == 1 and isinstance(sort.args[0], Map)):
                points = {u.args[1] for u in subterms(s.goal) if isinstance(u, App) and u.head == "at" and (
                    u.args[0] in (Var(f), Var(g))) and isinstance(u.args[1], Var)}
                for p in sorted(points, key=repr):
                    for c in scales:
                        (i,) = Laws(num(1), *map(Var, s.declarations)).names("i")
                        body = sub(app("at", p, Var(i)), mul(c, app("at", Var(g), p, Var(i))))
                        out.append(Bind("lambda", (i,), sort.args[0].args, (), (body,)))
    return out[:4]


def theorems(s: Sequent) -> list[Step]:
    """Parts of conjunctions, and what the three theorems add."""
    out: list[Step] = []
    for a in s.assumptions:
        parts = conjuncts(a)
        if len(parts) > 1:
            out += [Step({"rule": "have", "fact": to_json(p), "because": {"rule": "assumption"}}, (p,)) for p in parts]
    known = {alpha(p): p for a in s.assumptions for p in conjuncts(a)}
    for a in list(known.values()):
        match a:
            case App("derivative-of", (Var(g), Var(f))):
                out += _theorems_of(f, g, known, s)
    return out


def _theorems_of(f: str, g: str, known: dict[Term, Term], s: Sequent) -> Iterator[Step]:
    match s.declarations.get(f):
        case Map((Map((Index(n),), _),), _):
            pass
        case _:
            return
    base = {"function": f, "derivative": g}
    fv, gv = Var(f), Var(g)
    for a in known.values():
        match a:
            case App("derivative-of", (Var(second), h)) if h == gv:
                yield Step({"rule": "schwarz", **base, "second": second}, (
                    Laws(n, fv, gv, Var(second)).symmetric(Var(second)),))
    for a in known.values():
        if not (isinstance(a, Bind) and a.head == "forall") or not free_names(a) & {f, g}:
            continue
        for turned in (False, True):
            for mu in (None, *_parts(a, s)):
                laws = Laws(n, fv, gv, mu)
                if alpha(laws.convex(fv, mu, turned)) == alpha(a):
                    yield Step({"rule": "tangent", **base, "modulus": None if mu is None else to_json(mu),
                                "turned": turned}, (laws.tangent(fv, gv, mu, turned),))
        for bound in _parts(a, s):
            laws = Laws(n, fv, gv, bound)
            if alpha(laws.lipschitz(gv, bound, Index(n)).args[1]) == alpha(a):  # type: ignore[union-attr]
                yield Step({"rule": "taylor", **base, "bound": to_json(bound)}, laws.taylor(fv, gv, bound))
        for name, sort in s.declarations.items():
            if isinstance(sort, Map) and sort.args == (Index(n),):
                laws = Laws(n, fv, gv, Var(name))
                if alpha(laws.minimiser(fv, Var(name))) == alpha(a):
                    yield Step({"rule": "fermat", **base, "at": to_json(Var(name))},
                               (laws.stationary(gv, Var(name)),))


def _parts(a: Term, s: Sequent) -> list[Term]:
    """Scalars that stand in a formula as bases of powers or halves: what may be its constant."""
    out = [u.args[0] for u in subterms(a) if isinstance(u, App) and u.head in ("pow", "div")]
    names = set(s.declarations)
    return list(dict.fromkeys(t for t in out if free_names(t) <= names and not any(
        isinstance(u, Bind) for u in subterms(t))))


def _differentiable(s: Sequent) -> list[tuple[str, str, Term]]:
    """The real functions, their gradients, the length of their argument."""
    out = []
    for a in s.assumptions:
        match a:
            case App("derivative-of", (Var(g), Var(f))):
                match s.declarations[f]:
                    case Map((Map((Index(n),), _),), _):
                        out.append((f, g, n))
    return out


def cocoercive(s: Sequent, search: Searcher) -> list[Step]:
    """f(y) >= f(x) + <G(x), y - x> + |G(x) - G(y)|^2/(2L), for convex f with a Lipschitz gradient: the tangent at x
    and the quadratic bound at y, both at y - (G(y) - G(x))/L."""
    out = []
    for a in s.assumptions:
        match a:
            case App("derivative-of", (Var(g), Var(f))):
                for step in _cocoercive(f, g, s, search):
                    out.append(step)
    return out


def _cocoercive(f: str, g: str, s: Sequent, search: Searcher) -> Iterator[Step]:
    from ..kernel.prove import introduce

    match s.declarations.get(f):
        case Map((Map((Index(n),), _),), _):
            pass
        case _:
            return
    fv, gv = Var(f), Var(g)
    known = {alpha(a) for a in s.assumptions}
    if alpha(Laws(n, fv, gv).tangent(fv, gv)) not in known:
        return
    for bound in dict.fromkeys(b for a in s.assumptions if isinstance(a, Bind) for b in _parts(a, s)):
        laws = Laws(n, fv, gv, bound)
        if alpha(laws.taylor(fv, gv, bound)[0]) not in known or discharge((app(">", bound, num(0)),), s):
            continue
        fact = _interpolation(laws, fv, gv, bound)
        inner, (a, b) = introduce(s.with_goal(fact), fact)
        (i,) = Laws(n, *map(Var, inner.declarations)).names("i")
        step = sub(app("at", gv, Var(b), Var(i)), app("at", gv, Var(a), Var(i)))
        z = Bind("lambda", (i,), (Index(n),), (), (sub(app("at", Var(b), Var(i)), app("div", step, bound)),))
        proof = combined(inner, search, (z,), only={alpha(t) for t in (
            Laws(n, fv, gv).tangent(fv, gv), laws.taylor(fv, gv, bound)[0])})
        if proof is not None:
            yield Step({"rule": "have", "fact": to_json(fact), "because": {"rule": "forall", "proof": proof}}, (fact,))


def _interpolation(laws: Laws, f: Term, g: Term, bound: Term) -> Bind:
    x, y = (Var(n) for n in laws.names("x", "y"))
    gap = laws.square(lambda i: sub(app("at", g, x, i), app("at", g, y, i)))
    return laws.forall((x.name, y.name), app(">=", app("at", f, y), add(
        laws.linear(f, g, x, y), app("div", gap, mul(num(2), bound)))))


# ------------------------------------------------------------------ instances and their sum


def combined(s: Sequent, search: Searcher, extra: Sequence[Term] = (), only: set[Term] | None = None
             ) -> Certificate | None:
    """The goal from instances at its vectors and at ``extra``; roots and |.| are squared away, the parts of a maximum
    are bounded one by one."""
    match s.goal:
        case App("<=", (App("max", parts), right)):
            proofs_ = []
            for p in parts:
                found = combined(s.with_goal(app("<=", p, right)), search, extra, only)
                if found is None:
                    return None
                proofs_.append(found)
            return {"rule": "largest", "parts": proofs_}
    chosen = instances(s, extra, only)
    if s.goal.head not in ("<=", ">=", "<", ">"):  # type: ignore[union-attr]
        return _equation(s, [t for t in chosen if t.facts[0].head == "="], search)  # type: ignore[union-attr]
    for last in (False, True):
        here = s.assuming(*(t.facts[0] for t in chosen))
        try:
            named = named_values(here.assuming(*open_conditions(here)))
            columns = Columns(named.sequent, s)
            found = solve(Columns(named.sequent, s, True) if columns.rooted else columns, search)
        except (Reject, Budget, Unreadable):
            return None
        if found is None:
            return None
        used, proof = found
        needed = {named.origins[u] for u in used if u in named.origins}
        facts = [t for t in chosen if t.facts[0] in needed or t.facts[0].head == "="]  # type: ignore[union-attr]
        if last or len(facts) == len(chosen):
            return wrapped(chosen, {"rule": "values", "proof": proof})
        chosen = facts
    return None


def _equation(s: Sequent, chosen: list[Step], search: Searcher) -> Certificate | None:
    """From what the theorems and the instances say are equations; entries of vectors also from |u - v|^2 <= 0."""
    here = s.assuming(*(t.facts[0] for t in chosen))
    try:
        named = named_values(here.assuming(*open_conditions(here))).sequent
    except (Reject, Budget):
        return None
    c = search.prove(named)
    if c is not None:
        return wrapped(chosen, {"rule": "values", "proof": c})
    match s.goal:
        case App("=", (App("at", (Var(u), Var(i))) as left, App("at", (Var(v), Var(j))) as right)) if i == j:
            sort = s.declarations[i]
            if not isinstance(sort, Index):
                return None
            apart = Laws(sort.size, left, right).distance(Var(u), Var(v))
            together = app("<=", apart, num(0))
            because = combined(s.with_goal(together), search)
            one = app("<=", app("pow", sub(left, right), num(2)), apart)
            final = s.assuming(together, one)
            if because is None or (last := search.prove(final)) is None:
                return None
            rest = Bind("sum", apart.names, apart.sorts, (), (app("!=", Var(apart.names[0]), Var(i)), apart.inner[1]))
            single = {"rule": "index-form", "as": to_json(app("neg", rest))}
            return {"rule": "have", "fact": to_json(together), "because": because, "proof": {
                "rule": "have", "fact": to_json(one), "because": single, "proof": last}}
        case App("=", (left, right)) if not isinstance(left, Bind):
            up = combined(s.with_goal(app("<=", left, right)), search)
            down = combined(s.with_goal(app("<=", right, left)), search) if up is not None else None
            return None if down is None else {"rule": "antisymmetric", "up": up, "down": down}
    return None


def instances(s: Sequent, extra: Sequence[Term], only: set[Term] | None) -> list[Step]:
    """The laws at the vectors of the claim."""
    points: dict[Term, Term] = {}
    functions = {n for n, k in s.declarations.items() if of_vectors(k)}
    for t in (s.goal, *(a for a in s.assumptions if not _quantified(a))):
        for u in subterms(t):
            if isinstance(u, App) and u.head == "at" and isinstance(u.args[0], Var) and u.args[0].name in functions:
                v = u.args[1]
                if free_names(v) <= set(s.declarations):
                    points.setdefault(alpha(v), v)
    mentioned = free_names(s.goal).union(*(free_names(a) for a in s.assumptions))
    for n, k in s.declarations.items():
        if isinstance(k, Map) and len(k.args) == 1 and isinstance(k.args[0], Index) and n in mentioned:
            points.setdefault(Var(n), Var(n))
    out: list[Step] = []
    seen: set[Term] = set()
    mixed = any(isinstance(p, Bind) for p in points.values())
    for k, a in enumerate(s.assumptions):
        if isinstance(a, Bind) and REAL in a.sorts and not mixed:
            continue            # a weight of two vectors, and no such vector in the claim
        if not isinstance(a, Bind) or not _quantified(a) or (only is not None and alpha(a) not in only):
            continue
        for terms in _choices(a, list(points.values()), s, () if REAL in a.sorts else tuple(extra)):
            by = dict(zip(a.names, terms, strict=True))
            guard, body = (beta(substitute(x, by), s.declarations) for x in a.inner)
            rule: Certificate = {"rule": "instance", "assumption": k, "terms": {n: to_json(t) for n, t in by.items()}}
            if guard != TRUE:
                proof = _guard(guard, s)
                if proof is None:
                    continue
                rule["guard"] = proof
            if body in seen or body in s.assumptions:
                continue
            seen.add(body)
            out.append(Step(rule, (body,)))
            if len(out) >= MAX_INSTANCES:
                return out
    return out


def _quantified(a: Term) -> bool:
    """A relation for all vectors (and scalars)."""
    if not (isinstance(a, Bind) and a.head == "forall" and any(isinstance(k, Map) for k in a.sorts)):
        return False
    body = a.inner[1]
    return all(isinstance(k, (Map, Scalar, Index)) for k in a.sorts) and (
        isinstance(body, App) and body.head in RELATIONS)


def _choices(a: Bind, points: list[Term], s: Sequent, extra: tuple[Term, ...]) -> Iterator[tuple[Term, ...]]:
    pools: list[list[Term]] = []
    for sort in a.sorts:
        if isinstance(sort, Scalar):
            pools.append([Var(n) for n, k in s.declarations.items() if k == sort and n in free_names(s.goal)]
                         + [num("1/2")])
        elif isinstance(sort, Index):
            pools.append([Var(n) for n, k in s.declarations.items() if k == sort])
        else:
            pools.append([p for p in (*points[:MAX_POINTS], *extra) if _has_sort(p, sort, s)])
    for terms in itertools.product(*pools):
        vectors = [t for t, k in zip(terms, a.sorts, strict=True) if isinstance(k, Map)]
        if len(set(vectors)) == len(vectors) and sum(v in extra for v in vectors) <= 1:
            yield terms


def _has_sort(t: Term, sort: Sort, s: Sequent) -> bool:
    if isinstance(t, Var):
        return s.declarations.get(t.name) == sort
    return isinstance(t, Bind) and isinstance(sort, Map) and t.sorts == sort.args


def _guard(guard: Term, s: Sequent) -> Certificate | None:
    parts: list[Certificate] = []
    from ..kernel.prove import prove

    for p in conjuncts(guard):
        for rule in ("assumption", "sign"):
            try:
                if not prove(s.with_goal(p), {"rule": rule}).conditions:
                    parts.append({"rule": rule})
                    break
            except Reject:
                continue
        else:
            return None
    return parts[0] if len(parts) == 1 else {"rule": "and", "parts": parts}


def samples(s: Sequent, names: Sequence[str], count: int = SAMPLES) -> list[dict[str, Fraction]]:
    """Values of the scalars at which the assumptions about them hold, none of them special."""
    rng = random.Random(7)  # noqa: S311 - search only
    known = [p for a in s.assumptions for p in conjuncts(a)
             if free_names(p) and free_names(p) <= set(names) and not any(isinstance(u, Bind) for u in subterms(p))]
    out: list[dict[str, Fraction]] = []
    for tries in range(1500):
        point = {}
        for n in names:
            if s.declarations[n] == Scalar("integer"):
                point[n] = Fraction(rng.randint(1, 7))
            else:
                point[n] = Fraction(rng.randint(1, 97), rng.choice((3, 11, 31, 89, 211)))
                if tries % 4 == 3 and rng.random() < 0.5:
                    point[n] = -point[n]
        values = {n: Num(v) for n, v in point.items()}
        try:
            if all(truth(p, values, s.declarations) for p in known):
                out.append(point)
        except (Undefined, Unknown):
            continue
        if len(out) >= count:
            break
    return out


__all__ = ["proofs", "samples"]
