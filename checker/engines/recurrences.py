"""Sequences that are known by a law: instances for proofs, and sequences that obey the law.

A *law* is an assumption ``forall n (n >= g): P`` about values f(n + c) of sequences, say
f(n + 2) = f(n + 1) + f(n) or f(n + 1) >= f(n).

*Proofs.*  Every value f(t) of the goal is looked at as the highest value of the law: n = t - c_max.  The
instances, the lower ones first, join the assumptions (rule ``instance``); the rest is elimination.
*Points.*  A sequence that obeys f(n + r) = R(n, f(n), ..., f(n + r - 1)) is an iteration of its last r
values; its first values are the assumed ones, or small numbers.  An inequality is obeyed with equality, or
with one more (the strict ones always).  Sequences without a law are simple ones (1, n, an assumed bound); a
law may speak of sequences that are found before it.  Why it convinces: the kernel proves the law of the iteration.
Cannot: laws that are not linear in their highest value, laws that several sequences obey together.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.discrete_form import Discrete
from ..kernel.evaluate import Undefined, Unknown, truth
from ..kernel.evidence import Reject
from ..kernel.field import _ONE, CannotNormalise, Field, Frac
from ..kernel.kinds import is_integer
from ..kernel.model import Model, beta, read_model
from ..kernel.prove import introduce
from ..kernel.rule_discrete import _linear, holds
from ..kernel.term import (
    COMPLEX, INTEGER, ONE, REAL, RELATIONS, TRUE, App, Bind, Malformed, Map, Num, Scalar, Term, Var, add, app,
    children, conjuncts, free_names, fresh, from_json, num, rebuild, show, sub, substitute, subterms, to_json,
)
from .points import points

if TYPE_CHECKING:
    pass

Certificate = dict[str, Any]
MAX_INSTANCES = 6
MAX_POINTS = 30
#: (first value, sequences without a law, what an inequality is obeyed by at least)
VARIANTS: tuple[tuple[int, Term, int], ...] = (
    (1, ONE, 0), (0, ONE, 0), (2, ONE, 0), (1, Var("n"), 0), (0, Var("n"), 0), (1, ONE, 1), (0, ONE, 1))
#: Values of a sequence of which only bounds by numbers are known.
BETWEEN = tuple(num(Fraction(q)) for q in ("1", "1/2", "0", "2", "-1", "1/4", "3/4"))


@dataclass(frozen=True)
class Law:
    """The assumption at ``position`` for all ``name`` (there ``written``); ``values``: (sequence, offset) of
    its f(n + c)."""
    position: int
    written: str
    name: str
    guard: Term
    body: App
    values: tuple[tuple[str, int], ...]

    @property
    def order(self) -> int:
        offsets = [c for _, c in self.values]
        return max(offsets) - min(offsets)


def sequences(s: Sequent) -> list[str]:
    return [n for n, sort in s.declarations.items() if isinstance(sort, Map) and sort.args == (INTEGER,)]


def functions(s: Sequent) -> list[str]:
    """Sequences, and functions of a real number: these have values at integers too."""
    return [n for n, sort in s.declarations.items() if isinstance(sort, Map) and sort.args in (
        (INTEGER,), (REAL,))]


def offset(t: Term, name: str, s: Sequent) -> int | None:
    """c with t = name + c."""
    if t == Var(name):
        return 0
    try:
        field = Field(s.declaring({name: INTEGER}))
        q = field.as_rational(field.frac(sub(t, Var(name))))
    except CannotNormalise:
        return None
    return int(q) if q is not None and q.denominator == 1 else None


def laws(s: Sequent) -> list[Law]:
    known = set(functions(s))
    out: list[Law] = []
    for position, a in enumerate(s.assumptions) if known else ():
        match a:
            case Bind("forall", (name,), (sort,), (), (guard, App(head, _) as body)) if (
                    sort in (INTEGER, REAL) and head in RELATIONS):
                new = fresh(name, set(s.declarations) | free_names(a))
                guard, body = (substitute(t, {name: Var(new)}) for t in (guard, body))
                values = _values(body, new, known, s)
                if values and isinstance(body, App):
                    out.append(Law(position, name, new, guard, body, values))
    return out


def _values(t: Term, name: str, known: set[str], s: Sequent) -> tuple[tuple[str, int], ...]:
    out: list[tuple[str, int]] = []
    for u in subterms(t):
        match u:
            case App("at", (Var(f), a)) if f in known and name in free_names(a):
                c = offset(a, name, s)
                if c is None:
                    return ()
                out.append((f, c))
    return tuple(dict.fromkeys(out))


# ------------------------------------------------------------------------ proofs


def instances(s: Sequent, few: bool = False) -> list[tuple[Certificate, Sequent]]:
    """Certificates without their ``proof``, the lower values first, and the sequent after all of them.

    ``few``: none for values of which the last assumption (an induction hypothesis) speaks, and each law only
    for sequences that stand alone on a side of it or reach as far as any other.
    """
    found = laws(s)
    if not found:
        return []
    wanted: list[tuple[str, Term]] = []
    bound = {n for u in subterms(s.goal) if isinstance(u, Bind) for n in u.names}
    for t in (s.goal, *(a for a in s.assumptions[-2:] if not isinstance(a, Bind))):
        for u in subterms(t):
            match u:
                case App("at", (Var(f), a)) if not free_names(a) & bound:
                    wanted.append((f, a))
                case Bind("sum" | "prod", (k,), _, (_, high), (_, body)) if not free_names(high) & bound:
                    wanted += [(f, substitute(a, {k: high})) for f, a in _summands(body, k)]
    chosen: dict[tuple[int, object], tuple[Law, Term]] = {}
    field = Field(s)
    settled = _settled(s, field) if few else set()
    while wanted and len(chosen) < MAX_INSTANCES:
        f, t = wanted.pop(0)
        if few and (f, field.key(field.frac(t))) in settled:
            continue
        for law in found:
            offsets = [c for g, c in law.values if g == f]
            if not offsets or few and not _leads(f, law):
                continue
            n = add(t, num(-max(offsets))) if max(offsets) else t
            try:
                key = (law.position, field.key(field.frac(n)))
                n = _tidy(field, n)
                if key in chosen or not is_integer(n, s.declarations):
                    continue
            except CannotNormalise:
                continue
            if law.guard != TRUE and not holds(substitute(law.guard, {law.name: n}), s):
                continue
            chosen[key] = (law, n)
            lower = sorted({(g, c) for g, c in law.values if (g, c) != (f, max(offsets))}, key=lambda v: -v[1])
            places = [(g, add(n, num(c)) if c else n) for g, c in lower]
            wanted += places
    out: list[tuple[Certificate, Sequent]] = []
    here = s
    for law, n in reversed(chosen.values()):
        c: Certificate = {"rule": "instance", "assumption": law.position, "terms": {law.written: to_json(n)}}
        if law.guard != TRUE:
            parts = conjuncts(law.guard)
            c["guard"] = {"rule": "and", "parts": [{"rule": "discrete"}]*len(parts)} if len(parts) > 1 else {
                "rule": "discrete"}
        here = here.assuming(substitute(law.body, {law.name: n}))
        out.append((c, here))
    return out


def _leads(f: str, law: Law) -> bool:
    if any(isinstance(side, App) and side.head == "at" and side.args[0] == Var(f) for side in law.body.args):
        return True
    return max(c for g, c in law.values if g == f) == max(c for _, c in law.values)


def _settled(s: Sequent, field: Field) -> set[tuple[str, object]]:
    """Values of which the last assumption speaks."""
    out: set[tuple[str, object]] = set()
    for u in subterms(s.assumptions[-1]) if s.assumptions and isinstance(s.assumptions[-1], App) else ():
        match u:
            case App("at", (Var(f), a)) if free_names(a) <= set(s.declarations):
                try:
                    out.add((f, field.key(field.frac(a))))
                except CannotNormalise:
                    continue
    return out


def _tidy(field: Field, t: Term) -> Term:
    from ..kernel.constants import Constants

    q = field.as_rational(field.frac(t))
    return num(q) if q is not None else Constants(field).term(field.frac(t))


def _summands(body: Term, k: str) -> Iterator[tuple[str, Term]]:
    for u in subterms(body):
        match u:
            case App("at", (Var(f), a)) if k in free_names(a):
                yield f, a


# ------------------------------------------------------------------------ points


def inhabitants(s: Sequent) -> Iterator[dict[str, Any]]:
    yield from _points(s, refuting=False)


def refutations(s: Sequent) -> Iterator[dict[str, Any]]:
    for witness in _points(s, refuting=True):
        yield {"witness": witness, "proof": {"rule": "evaluate"}}


def _points(s: Sequent, refuting: bool) -> Iterator[dict[str, Any]]:
    names = sequences(s)
    if not names or not laws(s) or any(isinstance(k, Map) and n not in names for n, k in s.declarations.items()) or (
            not all(isinstance(k, (Scalar, Map)) for k in s.declarations.values())):
        return
    rest = {n: k for n, k in s.declarations.items() if n not in names}
    plain = tuple(a for a in s.assumptions if not free_names(a) & set(names))
    models = list(itertools.islice(_models(s, names, refuting), 8))
    tried = 0
    for witness in itertools.islice(points(Sequent(rest, plain, TRUE), MAX_POINTS), MAX_POINTS):
        numbers = {n: from_json(v["term"] if isinstance(v, dict) else v) for n, v in witness["point"].items()}
        for model in models:
            point = {n: {"lambda": to_json(substitute(model[n], numbers))} if n in model else witness["point"][n]
                     for n in s.declarations}
            candidate = {"kind": "point", "point": point}
            try:
                at = read_model(s, candidate)
                if refuting and at.truth(s.goal):
                    continue
            except (Reject, Malformed, Undefined, Unknown):
                continue
            tried += 1
            because = _because(s, at)
            if because is not None:
                yield {**candidate, "because": because} if because else candidate
            if tried >= 12:
                return


def _because(s: Sequent, at: Model) -> dict[str, Any] | None:
    """A proof of each assumption that evaluation does not decide."""
    from ..kernel.prove import prove

    out: dict[str, Any] = {}
    for k, a in enumerate(s.assumptions):
        try:
            if not at.truth(a):
                return None
        except Undefined:
            return None
        except Unknown:
            here = at.instance(Sequent(s.declarations, (), a))
            certificate = _law_obeyed(here)
            try:
                if prove(here, certificate, {}, at).conditions:
                    return None
            except Reject:
                return None
            out[str(k)] = certificate
    return out


def _law_obeyed(here: Sequent) -> Certificate:
    """The normal form; where the iteration counts its steps, with the count by induction."""
    goal = here.goal
    if not (isinstance(goal, Bind) and goal.head == "forall"):
        return {"rule": "discrete"}
    inner, (name,) = introduce(here, goal)
    counts = [u for u in subterms(inner.goal) if isinstance(u, Bind) and u.head == "iterate" and any(
        Var(u.names[-1]) in set(subterms(v.args[1].args[k])) for v in u.inner if isinstance(v, App)
        and isinstance(v.args[1], App) for k in range(len(u.names) - 1))]
    if not counts:
        return {"rule": "forall", "proof": {"rule": "discrete"}}
    orbit = min(counts, key=lambda u: len(show(u)))
    start = orbit.outer[1]
    least = next((t for c in conjuncts(goal.inner[0]) for t in _least(c, goal.names[0])), num(0))
    lowest = Bind("iterate", orbit.names, orbit.sorts, (sub(Var(name), least), start), orbit.inner)
    counted = app("=", app("item", lowest, num(len(orbit.names))),
                  add(Var(name), sub(children(start)[-1], least)))
    return {"rule": "forall", "proof": {
        "rule": "have", "fact": to_json(counted),
        "because": {"rule": "integer-induction", "name": name, "least": to_json(least),
                    "bases": [{"rule": "discrete"}], "step": {"rule": "discrete", "use": [0]}},
        "proof": {"rule": "discrete", "use": [0]}}}


def _models(s: Sequent, names: list[str], refuting: bool) -> Iterator[dict[str, Bind]]:
    """Lambdas for all sequences: what the goal states, iterations of their laws, constants."""
    closed = None if refuting else _stated(s, names)
    if closed:
        yield closed
    found = laws(s)
    for k, (start, free, slack) in enumerate(VARIANTS):
        bounded = {f: _lambda("n", values[k % len(values)]) for f in names if (values := _between(f, found))}
        try:
            yield _system(s, names, found, start, free, slack, bounded)
        except (CannotNormalise, Reject, StopIteration):
            continue
    for value in (0, 1):
        yield {f: _lambda("x", num(value)) for f in names}


def _between(f: str, found: list[Law]) -> list[Term]:
    """Numbers that obey all laws of f, if these are bounds by numbers (at least one strict, or two of them)."""
    own = [law for law in found if any(g == f for g, _ in law.values)]
    bounds = [law.body for law in own if len(law.values) == 1 and free_names(law.body) == {f, law.name}
              and law.body.head != "=" and all(isinstance(u, (App, Num)) for u in law.body.args)]
    if not bounds or any(law.body not in bounds and _subject(law) == f for law in own) or (
            len(bounds) == 1 and bounds[0].head in ("<=", ">=")):
        return []
    return [v for v in BETWEEN if all(_holds_for(b, f, v) for b in bounds)]


def _holds_for(bound: App, f: str, value: Term) -> bool:
    def put(t: Term) -> Term:
        if isinstance(t, App) and t.head == "at" and t.args[0] == Var(f):
            return value
        return rebuild(t, put) if isinstance(t, App) else t

    try:
        return truth(put(bound), {}, {})
    except (Undefined, Unknown):
        return False


def _system(s: Sequent, names: list[str], found: list[Law], start: int, free: Term, slack: int,
            bounded: dict[str, Bind]) -> dict[str, Bind]:
    """Lambdas, those first whose laws speak of nothing that is still unknown."""
    own: dict[str, Law] = {}
    for law in found:
        if (f := _subject(law)) is not None and f not in bounded:
            own.setdefault(f, law)
    made: dict[str, Bind] = dict(bounded)
    while len(made) < len(names):
        ready = next((f for f in names if f not in made and (
            f not in own or all(g == f or g in made for g in names if g in free_names(own[f].body)))), None)
        if ready is None:
            raise CannotNormalise("laws that several sequences obey together")
        made[ready] = _obeying(s, ready, own[ready], start, made, slack) if ready in own else _lambda(
            "n", (_bound(ready, found) or free) if free == ONE else free)
    return made


def _subject(law: Law) -> str | None:
    """The sequence whose highest value the law gives: alone on a side, else the only one."""
    for side in law.body.args:
        match side:
            case App("at", (Var(f), _)):
                return f
    names = {g for g, _ in law.values}
    return next(iter(names)) if len(names) == 1 and len(law.values) > 1 else None


def _lambda(x: str, body: Term) -> Bind:
    return Bind("lambda", (x,), (INTEGER,), (), (body,))


def _stated(s: Sequent, names: list[str]) -> dict[str, Bind] | None:
    match s.goal:
        case App("=", (App("at", (Var(f), Var(n))), t)) if names == [f] and f not in free_names(t):
            body = t if _nonnegative_only(t) is None else app("cases", t, app(">=", Var(n), num(0)), num(0), TRUE)
            return {f: _lambda(n, body)}
    return None


def _nonnegative_only(t: Term) -> Term | None:
    return next((u for u in subterms(t) if isinstance(u, (Bind, App)) and (
        isinstance(u, Bind) or u.head in ("pow", "factorial", "harmonic", "div", "binomial"))), None)


def _obeying(s: Sequent, f: str, law: Law, start: int, others: dict[str, Bind], slack: int) -> Bind:
    """The iteration of the law whose highest value is one of f; ``others`` are known sequences."""
    sort = s.declarations[f]
    result = COMPLEX if isinstance(sort, Map) and sort.result == COMPLEX else REAL
    offsets = [c for g, c in law.values if g == f]
    top, low = max(offsets), min(offsets)
    least = next((t.value for c in conjuncts(law.guard) for t in _least(c, law.name)), None)
    right = _known(_solved(s, law, f, top, slack), others, law, s)
    order = top - low
    taken = set(s.declarations) | {law.name}
    if order == 0:
        place = substitute(right, {law.name: sub(Var(law.name), num(top))}) if top else right
        if least is not None:        # a value elsewhere may not exist
            place = app("cases", place, app(">=", Var(law.name), num(int(least) + top)), num(0), TRUE)
        return _lambda(law.name, place)
    if least is None:
        least = 0
    states: list[str] = []
    for j in range(order):
        states.append(fresh(f"{f}_{j}", taken | set(states)))
    step = _with_states(right, f, law.name, states, low, s)
    index, x = law.name, fresh("x", taken | set(states))
    first = int(least) + low
    if order == 1 and (added := _free_part(s, step, states[0], index)) is not None:      # a sum
        total = Bind("sum", (index,), (INTEGER,), (num(int(least)), sub(Var(x), num(low + 1))), (TRUE, added))
        body = add(_assumed(s, f, first) or num(start), total)
        return _lambda(x, app("cases", body, app(">=", Var(x), num(first)), num(0), TRUE))
    values = tuple(_assumed(s, f, first + j) or num(start + j*(start == 2)) for j in range(order))
    line = app("assign", App("tuple", (*map(Var, states), Var(index))),
               App("tuple", (*map(Var, states[1:]), step, add(Var(index), ONE))))
    steps = sub(Var(x), num(first)) if first else Var(x)
    orbit = Bind("iterate", (*states, index), (*[result]*order, INTEGER),
                 (steps, App("tuple", (*values, num(int(least))))), (line,))
    return _lambda(x, app("cases", app("item", orbit, ONE), app(">=", Var(x), num(first)), num(0), TRUE))


def _free_part(s: Sequent, step: Term, state: str, index: str) -> Term | None:
    """t with step = state + t, t free of the state and not of the index."""
    field = Discrete(s.declaring({state: COMPLEX, index: INTEGER}))
    try:
        rest: Term = field._settled(lambda: field.write(field._subtract(field.frac(step), field.frac(Var(state)))))
    except CannotNormalise:
        return None
    return rest if state not in free_names(rest) and index in free_names(rest) else None


def _least(c: Term, name: str) -> Iterator[Num]:
    match c:
        case App(">=", (Var(n), Num() as t)) | App("<=", (Num() as t, Var(n))) if n == name:
            yield t
        case App(">", (Var(n), Num() as t)) | App("<", (Num() as t, Var(n))) if n == name:
            yield num(t.value + 1)


def _known(t: Term, others: dict[str, Bind], law: Law, s: Sequent) -> Term:
    """``t`` with the known sequences written out, and as a normal form where there is one."""
    inside = s.declaring({law.name: INTEGER})
    written = beta(substitute(t, dict(others)), inside.declarations)
    if written == t:
        return t
    field = Discrete(inside)
    try:
        short: Term = field._settled(lambda: field.write(field.frac(written)))
    except CannotNormalise:
        return written
    return short


def _bound(f: str, found: list[Law]) -> Term | None:
    """B of an assumption f(n) <= B, |f(n)| <= B for all n."""
    for law in found:
        sides = law.body.args if law.body.head in ("<=", "<") else law.body.args[::-1]
        if law.body.head in ("<=", "<", ">=", ">") and [g for g, _ in law.values] == [f] and (
                law.name not in free_names(sides[1])) and f not in free_names(sides[1]):
            return sides[1]
    return None


def _solved(s: Sequent, law: Law, f: str, top: int, slack: int) -> Term:
    """R with f(n + top) = R, by the law as an equation (``slack`` more, where it is strict one more)."""
    field = Discrete(s.declaring({law.name: INTEGER}).assuming(*conjuncts(law.guard)))
    highest = app("at", Var(f), add(Var(law.name), num(top)) if top else Var(law.name))
    a, b = law.body.args
    margin = {">": 1, "<": -1, "!=": 1, ">=": slack, "<=": -slack}.get(law.body.head, 0)     # a - b = margin
    for side, other, more in ((a, b, margin), (b, a, -margin)):
        if isinstance(side, App) and side.head == "at" and side.args[0] == Var(f) and f not in free_names(other):
            return add(other, num(more)) if more else other

    def ask() -> Term:
        difference = field._subtract(field.frac(a), field.frac(b))
        p = difference.num
        unknown = field.frac(highest).num
        k = next(j for j, d in enumerate(unknown.degrees()) if int(d))
        if int(p.degrees()[k]) != 1:
            raise CannotNormalise("a law that is not linear in its highest value")
        lead, rest = _linear(p, k)
        return field.write(field.times(Frac(margin*difference.den - rest, _ONE), field._inverse(Frac(lead, _ONE))))

    result: Term = field._settled(ask)
    return result


def _with_states(t: Term, f: str, name: str, states: list[str], low: int, s: Sequent) -> Term:
    match t:
        case App("at", (Var(g), a)) if g == f:
            c = offset(a, name, s)
            if c is None or not 0 <= c - low < len(states):
                raise CannotNormalise("a value that is not among the last ones")
            return Var(states[c - low])
        case App():
            return rebuild(t, lambda u: _with_states(u, f, name, states, low, s))
        case _:
            return t


def _assumed(s: Sequent, f: str, index: int) -> Term | None:
    """v of an assumption f(index) = v (or <= v, >= v)."""
    for c in (p for a in s.assumptions for p in conjuncts(a)):
        match c:
            case App("=" | "<=" | ">=", (App("at", (Var(g), Num(q))), v)) | App(
                    "=" | "<=" | ">=", (v, App("at", (Var(g), Num(q))))) if g == f and q == index:
                return v
    return None


__all__ = ["inhabitants", "instances", "laws", "refutations", "sequences"]
