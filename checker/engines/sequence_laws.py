"""Sequences that obey a law: what a law defines is written out, and a law of first order is unrolled.

*Definitions.*  An assumption  forall n: f(n + a) = h(n)  with h free of f (temporal differences, averages, constant
gradients) puts h for every value of f, also under sums (rule ``definition``); the rest goes on without f.
*Unrolling.*  From  f(n + 1) = c f(n) + h(n)  for n >= g, c free of n, follows

    f(t) = c^(t-g) f(g) + sum_{k=g}^{t-1} c^(t-1-k) h(k)            (t >= g)

and the same with <= (>=) where c >= 0, by induction (rule ``integer-induction``); a law that goes backwards,
f(n) = c f(n + 1) + h(n), gives  f(g) = sum_{k=g}^{t-1} c^(k-g) h(k) + c^(t-g) f(t).  The fact joins the assumptions
for the places t of which the claim speaks, and the goal is asked again: it is then a statement about sums.
Why it convinces: the induction is replayed like any other.  (Elaydi, An Introduction to Difference Equations,
3rd ed., section 1.2.)
Cannot: coefficients that move with n, laws of several sequences at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.discrete_form import Discrete
from ..kernel.evidence import Reject
from ..kernel.field import CannotNormalise
from ..kernel.kinds import is_integer
from ..kernel.rule_definition import replaced
from ..kernel.term import (
    INTEGER, ONE, OO, REAL, TRUE, App, Bind, Num, Term, Var, add, app, conjuncts, free_names, fresh, mul, num, sub,
    substitute, subterms, to_json,
)
from .discrete import _Run, lower_bounds
from .recurrences import Law, _least, _solved, _with_states, laws, offset

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
MAX_FACTS = 3


def definitions(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """The goal with a defined sequence written out."""
    for law in laws(s):
        used = {f for f, _ in law.values}
        for f, _ in law.values:
            if f not in free_names(s.goal) and not _feeds(f, s, law):
                continue
            if law.body.head != "=" or [g for g, _ in law.values].count(f) != 1 or not used:
                continue
            try:
                premise = replaced(s, f, law.position)
            except (Reject, CannotNormalise):
                continue
            if f in free_names(premise.goal):
                continue
            proof = search.unconditionally(premise)
            if proof is not None:
                yield {"rule": "definition", "function": f, "law": law.position, "proof": proof}
            return


def _feeds(f: str, s: Sequent, law: Law) -> bool:
    """Whether another assumption speaks of f."""
    return any(f in free_names(a) for k, a in enumerate(s.assumptions) if k != law.position)


def unrolled(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """The goal with the unrolled laws of the sequences it speaks of as further assumptions."""
    state = search.__dict__
    if not isinstance(s.goal, App) or state.get("_unrolling"):
        return
    facts: list[tuple[Term, Certificate]] = []
    for law in laws(s):
        if law.body.head not in ("=", "<=", ">=", "<", ">") or len(facts) >= MAX_FACTS:
            continue
        for fact, name in _facts(s, law):
            proof = _shown(s, fact, name, search)
            if proof is not None and fact not in [known for known, _ in facts]:
                facts.append((fact, proof))
    if not facts:
        return
    here = s.assuming(*(f for f, _ in facts))
    state["_unrolling"], state["_discrete_runs"] = True, 0
    try:
        found = _Run(search).direct(here) or search.unconditionally(here)
    finally:
        state["_unrolling"] = False
    if found is not None:
        for fact, proof in reversed(facts):
            found = {"rule": "have", "fact": to_json(fact), "because": proof, "proof": found}
        yield found


def _facts(s: Sequent, law: Law) -> Iterator[tuple[Term, str]]:
    """(the law unrolled up to t, a name in t for the induction)."""
    for f in sorted({f for f, _ in law.values}):
        offsets = sorted({c for g, c in law.values if g == f})
        if len(offsets) != 2 or offsets[1] != offsets[0] + 1:
            continue
        places = _places(s, f)
        begin = next((num(t.value + offsets[0]) for c in conjuncts(law.guard) for t in _least(c, law.name)), None) or (
            next((u for u in places if isinstance(u, Num)), num(0)))
        for forward in (True, False) if law.body.head == "=" else (True,):
            known, unknown = offsets if forward else offsets[::-1]
            found = _affine(s, law, f, unknown, known)
            if found is None:
                continue
            c, h, head = found
            for t in places:
                name = next((n for n in sorted(free_names(t)) if s.declarations.get(n) == INTEGER), None)
                if name is not None:
                    yield _unrolled(f, law.name, offsets[0], forward, c, h, head, t, begin), name


def _affine(s: Sequent, law: Law, f: str, unknown: int, known: int) -> tuple[Term, Term, str] | None:
    """(c, h, relation) with f(n + unknown) = c f(n + known) + h(n)."""
    match law.body:
        case App(head, (App("at", (Var(g), u)), right)) if (g, _offset(u, law, s)) == (f, unknown):
            pass
        case App(head, (right, App("at", (Var(g), u)))) if (g, _offset(u, law, s)) == (f, unknown):
            head = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}.get(head, head)
        case App("=" as head, _):
            try:
                right = _solved(s, law, f, unknown, 0)
            except CannotNormalise:
                return None
        case _:
            return None
    mark = fresh("y", set(s.declarations) | {law.name} | free_names(right))
    field = Discrete(s.declaring({law.name: INTEGER, mark: REAL}))

    def split() -> tuple[Term, Term] | None:
        zero, one, two = (field.frac(substitute(placed, {mark: num(v)})) for v in (0, 1, 2))
        c = field._subtract(one, zero)
        return (field.write(c), field.write(zero)) if field._subtract(field._subtract(two, one), c).num == 0 else None

    try:
        placed = _with_states(right, f, law.name, [mark], known, s)
        found = field._settled(split)
    except CannotNormalise:
        return None
    if found is None or law.name in free_names(found[0]) or f in free_names(found[0]) | free_names(found[1]):
        return None
    return found[0], found[1], {"<": "<=", ">": ">="}.get(head, head)


def _offset(u: Term, law: Law, s: Sequent) -> int | None:
    return offset(u, law.name, s)


def _places(s: Sequent, f: str) -> list[Term]:
    """The t for which the claim speaks of f(t)."""
    found: list[Term] = []
    names = set(s.declarations)
    for a in (s.goal, *s.assumptions):
        if isinstance(a, App):
            found += [u.args[1] for u in subterms(a) if isinstance(u, App) and u.head == "at" and u.args[0] == Var(f)
                      and len(u.args) == 2 and free_names(u) <= names and is_integer(u.args[1], s.declarations)]
            found += [Var(n) for u in subterms(a) if isinstance(u, Bind) and u.head == "sum" and len(u.outer) == 2
                      and u.outer[1] != OO for n in sorted(free_names(u.outer[1])) if s.declarations.get(n) == INTEGER]
    return list(dict.fromkeys(found))[:4]


def _unrolled(f: str, n: str, low: int, forward: bool, c: Term, h: Term, head: str, t: Term, begin: Term) -> Term:
    k = fresh("k", free_names(h) | free_names(c) | free_names(t) | {n})
    here = substitute(h, {n: Var(k) if low == 0 else sub(Var(k), num(low))})
    steps = t if begin == num(0) else sub(t, begin)
    value, first = app("at", Var(f), t), app("at", Var(f), begin)
    gone = sub(Var(k), begin) if begin != num(0) else Var(k)
    exponent = add(t, num(-1), app("neg", Var(k))) if forward else gone
    weight = here if c == ONE else mul(app("pow", c, exponent), here)
    total = Bind("sum", (k,), (INTEGER,), (begin, sub(t, ONE)), (TRUE, weight))
    old, new = (first, value) if forward else (value, first)
    if forward and c != ONE and n not in free_names(h) and h != num(0):     # (1 - c) f(t) needs no c != 1
        factor, power = sub(ONE, c), app("pow", c, steps)
        return app(head, mul(factor, value), add(mul(factor, power, first), mul(h, sub(ONE, power))))
    if c == ONE and n not in free_names(h) and h != num(0):
        return app(head, value, add(first, mul(h, steps)))
    carried = old if c == ONE else mul(app("pow", c, steps), old)
    return app(head, new, carried if here == num(0) else add(carried, total))


def _shown(s: Sequent, fact: Term, name: str, search: Searcher) -> Certificate | None:
    here = s.with_goal(fact)
    run = _Run(search)
    for least in lower_bounds(s, name)[:2]:
        found = run._induction(here, name, least, 1)
        if found is not None and run.accepts(here, found):
            return found
    return None


__all__ = ["definitions", "unrolled"]
