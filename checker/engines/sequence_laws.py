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
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.discrete_form import Discrete
from ..kernel.evidence import Reject
from ..kernel.field import CannotNormalise, Frac
from ..kernel.kinds import is_integer
from ..kernel.prove import discharge, introduce
from ..kernel.rule_definition import replaced
from ..kernel.rule_discrete import _linear
from ..kernel.rule_ideal import equations
from ..kernel.rule_induction import parts as induction
from ..kernel.term import (
    INTEGER, ONE, OO, REAL, RELATIONS, TRUE, App, Bind, Num, Term, Var, add, app, conjuncts, free_names, fresh, mul,
    num, rebuild, sub, substitute, subterms, to_json,
)
from .discrete import _Run, lower_bounds
from .weighted_bounds import at_once
from .recurrences import Law, _bound, _least, _solved, _with_states, laws, offset, sequences

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
MAX_FACTS = 3
ASSUMED: Certificate = {"rule": "assumption"}


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
    """The goal by induction with its laws as they are; else by its normal form, with the unrolled laws as
    further assumptions."""
    if not isinstance(s.goal, App) or s.goal.head not in RELATIONS or not sequences(s):
        return
    yield from _with_boundary(s, search)
    if not laws(s):
        return
    yield from _both_sides(s, search)
    plain = _Run(search).plain(s)
    if plain is not None:
        yield plain
    facts = _all_facts(s, search)
    if facts:
        here = s.assuming(*(f for f, _ in facts))
        yield from _with(facts, _Run(search).direct(here))
    for fact in facts if len(facts) > 1 else ():        # several at once may eliminate what is wanted
        yield from _with([fact], _Run(search).direct(s.assuming(fact[0])))


def quotients(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """f(t)/d = r from f(t) = r d, wherever d is not 0: a corrected average."""
    known = set(sequences(s))
    match s.goal:
        case App("=", (App("div", (a, d)), r)) | App("=", (r, App("div", (a, d)))) if (
                known & free_names(a) and not known & free_names(d)):
            needed = discharge(definedness(s.goal, s), s)
            here = s.assuming(*needed)
            fact = app("=", a, mul(r, d))
            because = search.unconditionally(here.with_goal(fact))
            if because is None:
                return
            use = {"rule": "discrete", "use": [len(equations(here))]}
            proof = {"rule": "have", "fact": to_json(fact), "because": because, "proof": use}
            yield {"rule": "where-defined", "proof": proof} if needed else proof


def searched(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """The same by all engines: when nothing else helped."""
    state = search.__dict__
    facts = _all_facts(s, search)
    if not facts or state.get("_unrolling"):
        return
    state["_unrolling"], state["_discrete_runs"] = True, 0
    try:
        yield from _with(facts, search.unconditionally(s.assuming(*(f for f, _ in facts))))
    finally:
        state["_unrolling"] = False


def _both_sides(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """|u| <= b as the induction for u <= b and -u <= b together; a sum of bounded terms through the sum of bounds."""
    match s.goal:
        case App("<=" | "<" as head, (u, b)) | App(">=" | ">" as head, (b, u)):
            relation = "<" if head in ("<", ">") else "<="
        case _:
            return
    modulus = isinstance(u, App) and u.head == "abs"
    if isinstance(u, App) and modulus:
        u = u.args[0]
        pair = App("and", (app(relation, u, b), app(relation, app("neg", u), b)))
        for opened in ([], _moduli(s, search)):
            here = s.assuming(*(fact for fact, _ in opened))
            if (proof := _pairwise(here.with_goal(pair), search)) is not None:
                yield from _with(opened, {"rule": "have", "fact": to_json(pair), "because": proof, "proof": {
                    "rule": "largest", "parts": [ASSUMED, ASSUMED]}})
    larger = _bounded(u, s)
    if larger is None:
        return
    fact: Term = app("<=", u, larger)
    if modulus:
        fact = App("and", (fact, app("<=", app("neg", u), larger)))
    proof = _pairwise(s.with_goal(fact), search)
    rest = None if proof is None else search.unconditionally(s.assuming(fact).with_goal(app(relation, larger, b)))
    if rest is not None:
        part = {"rule": "through", "terms": [to_json(larger)], "relations": ["<=", relation], "parts": [ASSUMED, rest]}
        if isinstance(s.goal, App) and s.goal.args[0] == b:
            return      # written with >=: the chain would run the other way
        yield {"rule": "have", "fact": to_json(fact), "because": proof, "proof": {
            "rule": "largest", "parts": [part, part]} if modulus else part}


def _moduli(s: Sequent, search: Searcher) -> list[tuple[Term, Certificate]]:
    """|f(n)| <= b for all n as two laws, f(n) <= b and -f(n) <= b."""
    out: list[tuple[Term, Certificate]] = []
    for k, law in enumerate(s.assumptions):
        match law:
            case Bind("forall", (name,), sorts, (), (guard, App("<=" | "<" as head, (App("abs", (u,)), b)) as body)):
                pass
            case _:
                continue
        for side in (u, app("neg", u)):
            fact = Bind("forall", (name,), sorts, (), (guard, app(head, side, b)))
            inner, (new,) = introduce(s, fact)
            proof = at_once(inner.assuming(substitute(body, {name: Var(new)})), search)
            if proof is not None:
                instance: Certificate = {"rule": "instance", "assumption": k, "terms": {name: to_json(Var(new))},
                                         "proof": proof}
                if guard != TRUE:
                    parts = conjuncts(guard)
                    instance["guard"] = ASSUMED if len(parts) == 1 else {"rule": "and", "parts": [ASSUMED]*len(parts)}
                out.append((fact, {"rule": "forall", "proof": instance}))
    return out[:4]


def _bounded(u: Term, s: Sequent) -> Term | None:
    """The sum u with the bounds of bounded sequences for their values."""
    known = {f: b for f in {f for law in laws(s) for f, _ in law.values} if (b := _bound(f, laws(s))) is not None}

    def put(t: Term) -> Term:
        match t:
            case App("at", (Var(f), _)) if f in known:
                return known[f]
            case App():
                return rebuild(t, put)
            case _:
                return t

    match u:
        case Bind("sum", names, sorts, outer, (guard, body)) if len(outer) == 2 and outer[1] != OO:
            new = put(body)
            return Bind("sum", names, sorts, outer, (guard, new)) if new != body else None
    return None


def _pairwise(s: Sequent, search: Searcher) -> Certificate | None:
    """An induction for a conjunction, each part by its normal form."""
    run = _Run(search)
    run.rests = 0

    def both(here: Sequent, base: bool = False) -> Certificate | None:
        parts = [run.direct(q) or (run.prove(q, 0) if base else None) for q in map(
            here.with_goal, conjuncts(here.goal))]
        if None in parts:
            return None
        return {"rule": "and", "parts": parts} if len(parts) > 1 else parts[0]

    for name in run._names(s):
        for least in lower_bounds(s, name)[:2]:
            try:
                (first,), step = induction(s, name, least, 1, False)
            except (Reject, ValueError):
                continue
            proof = both(step)
            base = both(first, True) if proof is not None else None
            if base is not None:
                return {"rule": "integer-induction", "name": name, "least": to_json(least), "bases": [base],
                        "step": proof}
    return None


def _with_boundary(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """A claim L = R that uses f(T) = v: the claim L = R + x(T) (f(T) - v) for all T, by induction, x geometric."""
    if not (isinstance(s.goal, App) and s.goal.head == "="):
        return
    for a in s.assumptions:
        match a:
            case App("=", (App("at", (Var(f), Var(name))) as value, v)) if (
                    s.declarations.get(name) == INTEGER and name in free_names(s.goal) and name not in free_names(v)):
                pass
            case _:
                continue
        rest = Sequent(s.declarations, tuple(b for b in s.assumptions if b != a), s.goal)
        for least in lower_bounds(rest, name)[:1]:
            x = _boundary(rest, f, name, least)
            if x is None:
                continue
            fact = app("=", s.goal.args[0], add(s.goal.args[1], mul(x, sub(value, v))))
            proof = _shown(rest, fact, name, search)
            whole = _shown(s, fact, name, search) if proof is not None else None
            if whole is not None:
                yield {"rule": "have", "fact": to_json(fact), "because": whole, "proof": {
                    "rule": "discrete", "use": [len(equations(s)), _place(s, a)]}}


def _place(s: Sequent, a: Term) -> int:
    return len(equations(Sequent(s.declarations, s.assumptions[:s.assumptions.index(a)], s.goal)))


def _boundary(s: Sequent, f: str, name: str, least: Term) -> Term | None:
    """x(T) = x_0 q^(T - least), from the coefficients of f(T) in L - R at the first two T."""
    if not isinstance(least, Num):
        return None
    first, second = (_coefficient(s, f, name, least.value + j) for j in (0, 1))
    if first is None or second is None:
        return None
    field = Discrete(s)
    try:
        q: Term = field._settled(lambda: field.write(field.times(
            field.frac(second), field._inverse(field.frac(first)))))
        if q == ONE:
            return first
        if least == ONE and field.equal(q, first):
            return app("pow", q, Var(name))
    except CannotNormalise:
        return None
    return mul(first, app("pow", q, sub(Var(name), least)))


def _coefficient(s: Sequent, f: str, name: str, t: Fraction) -> Term | None:
    """Of f(t) in L - R at name = t."""
    goal = substitute(s.goal, {name: Num(t)})
    field = Discrete(s)

    def ask() -> Term | None:
        difference = field._subtract(field.frac(goal.args[0]), field.frac(goal.args[1]))  # type: ignore[union-attr]
        for k, g in enumerate(field.generators):
            match g.term:
                case App("at", (Var(h), u)) if h == f and field.as_rational(field.frac(u)) == t:
                    if int(difference.num.degrees()[k]) != 1:
                        return None
                    return field.write(Frac(_linear(difference.num, k)[0], difference.den))
        return None

    try:
        found: Term | None = field._settled(ask)
    except CannotNormalise:
        return None
    return found


def _with(facts: list[tuple[Term, Certificate]], proof: Certificate | None) -> Iterator[Certificate]:
    if proof is not None:
        for fact, because in reversed(facts):
            proof = {"rule": "have", "fact": to_json(fact), "because": because, "proof": proof}
        yield proof


def _all_facts(s: Sequent, search: Searcher) -> list[tuple[Term, Certificate]]:
    state = search.__dict__
    if not isinstance(s.goal, App) or state.get("_unrolling"):
        return []
    known: dict[Any, list[tuple[Term, Certificate]]] = state.setdefault("_unrolled", {})
    key = (s.assumptions, s.goal)
    if key not in known:
        facts: list[tuple[Term, Certificate]] = []
        for law in laws(s):
            if law.body.head == "!=" or len(facts) >= MAX_FACTS:
                continue
            for fact, name in _facts(s, law):
                proof = _shown(s, fact, name, search)
                if proof is not None and fact not in [f for f, _ in facts]:
                    facts.append((fact, proof))
            facts += [x for x in _within(s, law, search) if x[0] not in [f for f, _ in facts]]
        known[key] = facts
    return known[key]


def _within(s: Sequent, law: Law, search: Searcher) -> Iterator[tuple[Term, Certificate]]:
    """A law that ends at some T, unrolled: by induction over the steps m <= T, then at the places of the claim."""
    last = next((a for a in _upper(law)), None)
    if last is None:
        return
    m = fresh("m", set(s.declarations) | {law.name})
    for f in sorted({f for f, _ in law.values}):
        offsets = sorted({c for g, c in law.values if g == f})
        if len(offsets) != 2 or offsets[1] != offsets[0] + 1:
            continue
        low = offsets[0]
        end = _shifted(last, low + 1)
        places = _places(s, f)
        lowest = next((num(t.value + low) for c in conjuncts(law.guard) for t in _least(c, law.name)), None)
        begins = [b for b in (lowest, *places) if b is not None and b != end]
        for forward in (True, False) if _stands_alone(f, low, law, s) else (True,):
            found = _affine(s, law, f, *(offsets[::-1] if forward else offsets))
            if found is None:
                continue
            for begin in list(dict.fromkeys(begins))[:2]:
                body = _unrolled(f, law.name, low, forward, *found, Var(m), begin)
                guard = app("and", app("<=", begin, Var(m)), app("<=", Var(m), end))
                general = Bind("forall", (m,), (INTEGER,), (), (guard, body))
                inner, (name,) = introduce(s, general)
                proof = _shown(inner, inner.goal, name, search)
                if proof is None:
                    continue
                for t in [end, *(p for p in places if p not in (begin, end))][:2]:
                    fact = substitute(body, {m: t})
                    inside = substitute(guard, {m: t})
                    range_shown = {"rule": "and", "parts": [{"rule": "discrete"}]*len(conjuncts(inside))}
                    yield fact, {
                        "rule": "have", "fact": to_json(general), "because": {"rule": "forall", "proof": proof},
                        "proof": {"rule": "instance", "assumption": len(s.assumptions), "terms": {m: to_json(t)},
                                  "guard": range_shown, "proof": ASSUMED}}


def _shifted(t: Term, by: int) -> Term:
    """t + by, written plainly: T - 1 + 1 is T."""
    match t:
        case App("add", (a, Num(v))):
            return _shifted(a, by + int(v)) if v.denominator == 1 else add(t, num(by))
        case App("add", (a, App("neg", (Num(v),)))):
            return _shifted(a, by - int(v)) if v.denominator == 1 else add(t, num(by))
    return add(t, num(by)) if by else t


def _upper(law: Law) -> Iterator[Term]:
    """The last n of a law that ends."""
    for c in conjuncts(law.guard):
        match c:
            case App("<", (Var(n), t)) | App(">", (t, Var(n))) if n == law.name:
                yield sub(t, ONE)
            case App("<=", (Var(n), t)) | App(">=", (t, Var(n))) if n == law.name:
                yield t


def _facts(s: Sequent, law: Law) -> Iterator[tuple[Term, str]]:
    """(the law unrolled up to t, a name in t for the induction)."""
    for f in sorted({f for f, _ in law.values}):
        offsets = sorted({c for g, c in law.values if g == f})
        if len(offsets) != 2 or offsets[1] != offsets[0] + 1:
            continue
        places = _places(s, f)
        begin = next((num(t.value + offsets[0]) for c in conjuncts(law.guard) for t in _least(c, law.name)), None) or (
            next((u for u in places if isinstance(u, Num)), num(0)))
        for forward in (True, False) if _stands_alone(f, offsets[0], law, s) else (True,):
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


def _stands_alone(f: str, place: int, law: Law, s: Sequent) -> bool:
    """Whether the law is an equation for f(n + place): for the lower value, it goes backwards."""
    return law.body.head == "=" and any(isinstance(x, App) and x.head == "at" and x.args[0] == Var(f)
                                        and _offset(x.args[1], law, s) == place for x in law.body.args)


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
    run.rests = 0
    for least in lower_bounds(s, name)[:2]:
        found = run._induction(here, name, least, 1)
        if found is not None and run.accepts(here, found):
            return found
    return None


__all__ = ["definitions", "quotients", "searched", "unrolled"]
