"""Witnesses for ``exists``: numbers and terms at which to try the body.

Method: equations in the bound name are solved (affine, quadratic, pure powers, one function after the other
undone); the ends of inequalities, what lies between and one beyond; names in sight; without free names, zeros
found in floats and the exact numbers behind them.  A name for a number that is real or whole by proof only
comes from rule ``member``; a zero that has no formula from the intermediate value theorem.
Why it convinces: the kernel proves the body at the witness.  Cannot: witnesses that need two equations solved
together with parameters in them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.evaluate import Undefined, Unknown, truth
from ..kernel.kinds import ORDER, kind
from ..kernel.prove import discharge, introduce
from ..kernel.term import (
    FALSE, INTEGER, RELATIONS, TRUE, App, Bind, Num, Scalar, Term, Var, add, app, conjuncts, free_names, fresh,
    mul, num, sub, substitute, subterms, to_json,
)
from .order_numeric import Unsupported
from .samples import Formulas, Sampler, complex_roots, exact, exact_complex, literals
from .solving import coefficients

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
MAX_TRIED = 40
SMALL = [0, 1, -1, 2, -2, 3, -3, 4, 5, 6, -4, 7, 8, 10, 12]
SETS = {"integer": "integers", "rational": "rationals", "real": "reals"}


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    goal = s.goal
    if not (isinstance(goal, Bind) and goal.head == "exists"
            and all(isinstance(k, Scalar) for k in goal.sorts)):
        return
    yield from _evaluated(s, goal)
    table = Formulas()
    tried = 0
    for by in candidates(s, goal, table):
        if tried >= MAX_TRIED:
            break
        if not _plausible(s, goal, by, table):
            continue
        tried += 1
        yield from _at(s, goal, by, search)
    yield from _zero(s, goal, search)


def _evaluated(s: Sequent, goal: Bind) -> Iterator[Certificate]:
    """Small numbers at which a statement without free names evaluates to true."""
    if free_names(goal) or len(goal.names) > 2:
        return
    pools = [SMALL if k == INTEGER else [*SMALL[:5], Fraction(1, 2), Fraction(-1, 2)] for k in goal.sorts]
    for values in itertools.islice(itertools.product(*pools), 120):
        by: dict[str, Term] = {n: num(v) for n, v in zip(goal.names, values, strict=True)}
        guard, body = (substitute(x, by) for x in goal.inner)
        try:
            if truth(guard, {}, {}) and truth(body, {}, {}):
                yield {"rule": "exists", "witness": {n: to_json(t) for n, t in by.items()},
                       "guard": {"rule": "evaluate"}, "proof": {"rule": "evaluate"}}
                return
        except Undefined:
            continue
        except Unknown:
            if values == tuple(p[2] for p in pools):
                return              # not a statement that evaluation decides


# ------------------------------------------------------------------------- one witness


def _fits(t: Term, sort: Scalar, s: Sequent) -> bool:
    found = kind(t, s.declarations)
    return found != "other" and ORDER.index(found) <= ORDER.index(sort.kind)


def _at(s: Sequent, goal: Bind, by: dict[str, Term], search: Searcher) -> Iterator[Certificate]:
    """The certificate with these witnesses, if the body can be proved there."""
    for name, sort in zip(goal.names, goal.sorts, strict=True):
        t = by[name]
        if discharge(definedness(t, s), s):
            return
        if isinstance(sort, Scalar) and not _fits(t, sort, s):
            if kind(t, s.declarations) == "other":
                return
            yield from _by_name(s, goal, by, name, sort, search)
            return
    guard, body = (substitute(x, by) for x in goal.inner)
    made: Certificate = {"rule": "exists", "witness": {n: to_json(t) for n, t in by.items()}}
    if guard != TRUE:
        g = search.unconditionally(s.with_goal(guard))
        if g is None:
            return
        made["guard"] = g
    there, facts = s.with_goal(body), []
    for needed in discharge(definedness(body, s), s):       # what the body divides by: proved first
        because = search.unconditionally(there.with_goal(needed))
        if because is None:
            return
        facts.append({"rule": "have", "fact": to_json(needed), "because": because})
        there = there.assuming(needed)
    proof = search.unconditionally(there)
    if proof is not None:
        for fact in reversed(facts):
            proof = {**fact, "proof": proof}
        yield {**made, "proof": proof}


def _by_name(s: Sequent, goal: Bind, by: dict[str, Term], name: str, sort: Scalar, search: Searcher
             ) -> Iterator[Certificate]:
    """A new name of the right sort for the term, once the term is shown to be of that sort."""
    if sort.kind not in SETS:
        return
    new = fresh(name, set(s.declarations) | {name})
    some = Bind("exists", (new,), (sort,), (), (TRUE, app("=", Var(new), by[name])))
    member = search.unconditionally(s.with_goal(app("in", by[name], app(SETS[sort.kind]))))
    if member is None:
        return
    inner, names = introduce(s, some)
    there = inner.assuming(*conjuncts(inner.goal)).with_goal(goal)
    for c in _at(there, goal, {**by, name: Var(names[0])}, search):
        yield {"rule": "obtain", "formula": to_json(some), "because": {"rule": "member", "proof": member}, "proof": c}


def _plausible(s: Sequent, goal: Bind, by: dict[str, Term], table: Formulas) -> bool:
    """No sample of the assumptions makes guard or body clearly false at the witness."""
    if any(k == Scalar("complex") for k in (*s.declarations.values(), *goal.sorts)):
        return True
    wanted = app("and", *(substitute(x, by) for x in goal.inner))
    for branch in itertools.islice(literals(s.assumptions), 3):
        try:
            for p in Sampler(s, branch, table).points(8):
                if table.truth(wanted, p) is False:
                    return False
        except Unsupported:
            return True
    return True


# ------------------------------------------------------------------------- where to try


def candidates(s: Sequent, goal: Bind, table: Formulas) -> Iterator[dict[str, Term]]:
    free = free_names(goal) | {n for a in s.assumptions for n in free_names(a)}
    if not free:
        yield from _numbers(goal, table)
    if len(goal.names) > 1:
        yield from _several(s, goal)
        return
    name, sort = goal.names[0], goal.sorts[0]
    seen: set[Term] = set()
    for t in _terms(s, goal, name, sort):
        if t not in seen:
            seen.add(t)
            yield {name: t}


def _numbers(goal: Bind, table: Formulas) -> Iterator[dict[str, Term]]:
    """Zeros in floats, and the exact numbers behind them."""
    sorts = dict(zip(goal.names, goal.sorts, strict=True))
    if any(k == Scalar("complex") for k in goal.sorts):
        return
    opened = Sequent(sorts, (), FALSE)
    for branch in literals(goal.inner):
        try:
            points = list(itertools.islice(Sampler(opened, branch, table).points(12), 12))
        except Unsupported:
            return
        for p in points:
            options = [list(itertools.islice(exact(p[n]), 2)) if sorts[n] != INTEGER else [num(round(p[n]))]
                       for n in goal.names]
            for values in itertools.product(*options):
                yield dict(zip(goal.names, values, strict=True))


def _several(s: Sequent, goal: Bind) -> Iterator[dict[str, Term]]:
    pools = []
    for k in goal.sorts:
        pool: list[Term] = [Var(n) for n, sort in s.declarations.items() if sort == k][:3]
        pools.append([*pool, *(num(j) for j in (0, 1, -1, 2, -2, 3))])
    for values in itertools.islice(itertools.product(*pools), 60):
        yield dict(zip(goal.names, values, strict=True))


def _atoms(f: Term) -> Iterator[App]:
    """The relations of a formula, also under quantifiers and negations."""
    for u in subterms(f):
        if isinstance(u, App) and u.head in RELATIONS:
            yield u


def _terms(s: Sequent, goal: Bind, name: str, sort: Any) -> Iterator[Term]:
    solved: list[Term] = []
    ends: list[Term] = []
    scope = Sequent({**s.declarations, name: sort}, s.assumptions, FALSE)
    top = [x for f in goal.inner for x in _parts(f)]
    for atom in _atoms(app("and", *goal.inner)):
        if name not in free_names(atom) or not free_names(atom) <= set(scope.declarations):
            continue
        values = list(_solutions(atom, name, scope))
        (solved if atom.head == "=" else ends).extend(values)
    whole = sort == INTEGER
    yield from solved
    if solved and any(isinstance(x, App) and x.head == "=" and name in free_names(x) for x in top):
        return          # an equation that must hold: nothing else can
    for a, b in itertools.combinations(ends[:4], 2):
        yield app("div", add(a, b), num(2))
    for e in ends[:6]:
        if whole:
            yield from (add(app("floor", e), num(1)), sub(app("ceiling", e), num(1)), app("floor", e))
        yield from (e, add(e, num(1)), sub(e, num(1)))
    names = [Var(n) for n, k in s.declarations.items() if isinstance(k, Scalar)
             and ORDER.index(k.kind) <= ORDER.index(sort.kind)]
    yield from names
    yield from (num(k) for k in (0, 1, -1, 2, -2, 3))
    yield from (t for n in names for t in (add(n, num(1)), sub(n, num(1)), app("neg", n)))
    if not whole:
        factors = sorted({abs(u.value) for f in goal.inner for u in subterms(f) if isinstance(u, Num) and u.value})
        scales = [Fraction(2), *(q for q in factors if q != 1), *(1/q for q in factors if q != 1), Fraction(3)]
        scales += [a + b for a, b in itertools.combinations(factors, 2)] + [2*q + 1 for q in factors]
        halves = [app("div", n, Num(q)) for n in names for q in dict.fromkeys(scales)]
        yield from halves
        yield from (app("sqrt", n) for n in names)
        yield from (app("min", num(1), t) for t in (*names, *halves))
        yield from (app("pow", n, num(2)) for n in names)
        yield from (app("div", num(1), n) for n in names)
        for a, b in itertools.combinations(names, 2):
            yield from (app("div", add(a, b), num(2)), app("min", a, b), app("max", a, b), app("div", a, b), mul(a, b),
                        add(a, b), sub(a, b))
    else:
        reals = [Var(n) for n, k in s.declarations.items() if k != INTEGER and isinstance(k, Scalar)]
        for x in reals:
            yield from (add(app("floor", x), num(1)), app("floor", x),
                        add(app("floor", app("div", num(1), x)), num(1)))
        yield from (app("floor", app("div", n, num(2))) for n in names)
    yield from (num(k) for k in (4, 5, 6, 10, 12, 100))
    if sort == Scalar("complex"):
        yield from (app("i"), app("neg", app("i")), add(num(1), app("i")))


def _parts(f: Term) -> list[Term]:
    if isinstance(f, App) and f.head == "and":
        return [p for a in f.args for p in _parts(a)]
    return [f]


def _solutions(atom: App, name: str, s: Sequent) -> Iterator[Term]:
    """Where the two sides of a relation are equal."""
    c = coefficients(sub(*atom.args), name, s)
    if c is not None and not any(name in free_names(t) for t in c):
        yield from _polynomial(c, s.declarations.get(name))
        return
    yield from _undone(atom.args[0], atom.args[1], name, 0)
    yield from _undone(atom.args[1], atom.args[0], name, 0)


def _over(a: Term, b: Term) -> Term:
    return a if b == num(1) else app("div", a, b)


def _polynomial(c: list[Term], sort: Any) -> Iterator[Term]:
    n = len(c) - 1
    zero = num(0)
    if n == 1:
        yield app("neg", _over(c[0], c[1])) if c[0] != zero else zero
    elif n >= 2 and all(x == zero for x in c[1:n]):
        value = app("neg", _over(c[0], c[n]))
        if isinstance(value.args[0], Num):
            value = Num(-value.args[0].value)  # type: ignore[assignment]
        root = app("sqrt", value) if n == 2 else app("pow", value, Num(Fraction(1, n)))
        yield root
        yield app("neg", root)
        if n % 2:
            other = app("neg", app("pow", app("neg", value), Num(Fraction(1, n))))
            yield other
    elif n == 2:
        disc = sub(app("pow", c[1], num(2)), mul(num(4), c[2], c[0]))
        two = num(2) if c[2] == num(1) else mul(num(2), c[2])
        for op in (add, sub):
            yield app("div", op(app("neg", c[1]), app("sqrt", disc)), two)
    if sort == Scalar("complex") and not any(free_names(t) for t in c):
        for z in complex_roots(c):
            yield from itertools.islice(exact_complex(z), 1)


def _undone(f: Term, value: Term, name: str, depth: int) -> Iterator[Term]:
    """x from f(x) = value, where the name stands in one place of f only."""
    if depth > 8 or name in free_names(value):
        return
    if f == Var(name):
        yield value
        return
    if not isinstance(f, App):
        return
    inside = [k for k, a in enumerate(f.args) if name in free_names(a)]
    if len(inside) != 1:
        return
    k = inside[0]
    rest = [a for j, a in enumerate(f.args) if j != k]
    options: list[Term]
    match f.head, f.args:
        case "add", _:
            options = [sub(value, add(*rest))]
        case "mul", _:
            options = [app("div", value, mul(*rest))]
        case "neg", _:
            options = [app("neg", value)]
        case "div", (a, b):
            options = [mul(value, b)] if k == 0 else [app("div", a, value)]
        case "exp", _:
            options = [app("log", value)]
        case "log", _:
            options = [app("exp", value)]
        case "sqrt", _:
            options = [app("pow", value, num(2))]
        case "abs", _:
            options = [value, app("neg", value)]
        case "pow", (_, Num(e)) if k == 0:
            root = app("sqrt", value) if e == 2 else app("pow", value, Num(1/e))
            options = [root, app("neg", root)]
        case "pow", (base, _) if k == 1:
            options = [app("div", app("log", value), app("log", base))]
        case ("sin" | "cos" | "tan" | "sinh" | "tanh") as h, _:
            options = [app({"sinh": "asinh", "tanh": "atanh"}.get(h, "a" + h), value)]
        case ("asin" | "acos" | "atan" | "asinh") as h, _:
            options = [app(h[1:], value)]
        case _:
            return
    for option in options:
        yield from _undone(f.args[k], option, name, depth + 1)


# ------------------------------------------------------------------------- zeros without a formula


def _zero(s: Sequent, goal: Bind, search: Searcher) -> Iterator[Certificate]:
    """The intermediate value theorem: a zero of an equation of the body, between ends that are guessed."""
    if len(goal.names) != 1 or goal.sorts[0] != Scalar("real") or search.depth > 6:
        return
    name = goal.names[0]
    x = fresh(name, set(s.declarations))
    for atom in (f for inner in goal.inner for f in _parts(inner)):
        if not (isinstance(atom, App) and atom.head == "=" and name in free_names(atom)):
            continue
        f = substitute(sub(*atom.args), {name: Var(x)})
        for lower, upper, falling in _ends(s, goal, f, x):
            made = _between(s, goal, f, x, name, lower, upper, falling, search)
            if made is not None:
                yield made
                return


def _ends(s: Sequent, goal: Bind, f: Term, x: str) -> Iterator[tuple[Term, Term, bool]]:
    table = Formulas()
    parameters = free_names(f) - {x}
    if not parameters:
        opened = Sequent({x: Scalar("real")}, (), FALSE)
        wanted = [substitute(i, {goal.names[0]: Var(x)}) for i in goal.inner]
        for branch in literals(tuple(wanted)):
            try:
                found = [p[x] for p in itertools.islice(Sampler(opened, branch, table).points(4), 4)]
            except Unsupported:
                return
            for v in found:
                for width in (Fraction(1, 8), Fraction(1, 64), Fraction(1, 1024)):
                    low = Fraction(v).limit_denominator(128) - width
                    high = low + 2*width
                    a, b = (table.number(f, {x: float(e)}) for e in (low, high))
                    if a*b < 0:
                        yield Num(low), Num(high), a > 0
        return
    names = [Var(n) for n in sorted(parameters)]
    if len(names) == 1:
        size = add(num(1), app("abs", names[0]))
        for falling in (False, True):
            yield app("neg", size), size, falling
    for low, high in ((num(0), num(1)),):
        for falling in (False, True):
            yield low, high, falling


def _between(s: Sequent, goal: Bind, f: Term, x: str, name: str, lower: Term, upper: Term, falling: bool,
             search: Searcher) -> Certificate | None:
    from ..kernel.evidence import Reject
    from ..kernel.rule_intermediate import continuous_goals

    ask = search.unconditionally
    order = ask(s.with_goal(app("<=", lower, upper)))
    ends = []
    for end, relation in zip((lower, upper), (">=", "<=") if falling else ("<=", ">="), strict=True):
        c = ask(s.with_goal(app(relation, substitute(f, {x: end}), num(0)))) if order else None
        if c is None:
            return None
        ends.append(c)
    inside = s.declaring({x: Scalar("real")}).assuming(app("<=", lower, Var(x)), app("<=", Var(x), upper))
    try:
        smooth = [ask(q) for q in continuous_goals(inside, f, x)]
    except Reject:
        return None
    if None in smooth:
        return None
    there = inside.assuming(app("=", f, num(0))).with_goal(goal)
    for c in _at(there, goal, {name: Var(x)}, search):
        return {"rule": "intermediate", "name": x, "function": to_json(f), "lower": to_json(lower),
                "upper": to_json(upper), "falling": falling, "order": order, "ends": ends, "smooth": smooth, "proof": c}
    return None


__all__ = ["candidates", "proofs"]
