"""Solving: equations undone step by step, integers from the zeros of the sine, zeros between two signs.

Decides: x = t from f(x) = f(t) for injective f (exp, log, powers, increasing functions) where a polynomial
combination of the assumptions gives the images; t in Z from sin(pi t) = 0; u >= 0 from sqrt(u) real.
Sources: rules ``injective``, ``sine``, ``both-sides``, ``intermediate`` in the kernel.
Why it convinces: the premise is an identity modulo the assumed equations.  Cannot: functions of several
unknowns at once; inverses on branches.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import fmpq

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.field import _CTX, CannotNormalise, Field
from ..kernel.kinds import is_real
from ..kernel.prove import discharge
from ..kernel.rule_injective import INCREASING
from ..kernel.term import (
    App, Num, Scalar, Term, Var, app, free_names, mul, num, sub, subterms, to_json,
)
from . import algebra

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]


def coefficients(t: Term, name: str, s: Sequent) -> list[Term] | None:
    """The coefficients of the numerator of ``t`` as a polynomial in ``name``, constant first."""
    field = Field(s)

    def split() -> list[Term] | None:
        f = field.frac(t)
        k = next((j for j, g in enumerate(field.generators) if g.term == Var(name)), None)
        if k is None:
            return None
        if any(g.value is not None and any(int(p.degrees()[k]) for p in (g.value.num, g.value.den) if p != 0)
               for g in field.generators):
            return None
        parts: dict[int, dict[tuple[int, ...], fmpq]] = {}
        for exponents, c in f.num.to_dict().items():
            e = list(map(int, exponents))
            d, e[k] = e[k], 0
            parts.setdefault(d, {})[tuple(e)] = c
        if not parts or max(parts) > 12:
            return None
        one = _CTX.constant(1)
        whole = [field._make(_CTX.from_dict(parts.get(d, {})), one) for d in range(max(parts) + 1)]
        lead = whole[-1]
        if lead.num.is_constant():         # monic where that costs nothing
            whole = [field.times(w, field._inverse(lead)) for w in whole]
        return [algebra.written(field, w) for w in whole]

    try:
        found: list[Term] | None = field._settled(split)
        return found
    except (CannotNormalise, algebra.Unwritable):
        return None


def premise(s: Sequent, goal: Term, search: Searcher) -> Certificate | None:
    """A cheap proof: an identity, an assumption, a combination of equations, a visible sign."""
    there = s.with_goal(goal)
    for c in ({"rule": "field"}, {"rule": "assumption"}) if isinstance(goal, App) and goal.head == "=" else (
            {"rule": "assumption"}, {"rule": "sign"}):
        shown = search.accepted(there, c)
        if shown is not None and not shown.conditions:
            return c
    candidates: Iterator[Certificate]
    if isinstance(goal, App) and goal.head == "=":
        candidates = algebra.ideal(there)
    else:
        from .order import quick

        candidates = quick(there, search)
    for c in candidates:
        shown = search.accepted(there, c)
        if shown is not None and not shown.conditions:
            return c
    return None


def _heads(s: Sequent) -> set[str]:
    return {u.head for a in (*s.assumptions, s.goal) for u in subterms(a) if isinstance(u, App)}


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    yield from direct(s, search)
    yield from consequences(s, search)


def direct(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Without further branching."""
    match s.goal:
        case App("=", (a, b)):
            yield from _equation(s, a, b, search)
            yield from _vanishing(s, a, b, search)
        case App("<" | "<=", (a, b)):
            yield from _order(s, a, b, search)
        case App(">" | ">=", (a, b)):
            yield from _order(s, b, a, search)
        case App("in", (t, App("integers", ()))):
            goal = app("=", app("sin", mul(app("pi"), t)), num(0))
            if search.accepted(s, {"rule": "member"}) is not None:
                yield {"rule": "member"}
            elif (c := premise(s.assuming(*discharge(definedness(t, s), s)), goal, search)) is not None:
                yield {"rule": "sine", "proof": c}
        case App("in", _):
            yield {"rule": "member"}


# ------------------------------------------------------------------------- injective functions


def _scales(s: Sequent, t: Term) -> list[Term]:
    """c such that exp(c t) may stand among the assumptions."""
    out: list[Term] = [num(1)]
    for a in s.assumptions:
        for u in subterms(a):
            match u:
                case App("pow", (Num(b), _)) if b > 0 and b != 1:
                    out.append(app("log", Num(b)))
                case App("exp", (App("mul", (Num(q), _)),)):
                    out.append(Num(q))
                case App("exp", (App("neg", _),)):
                    out.append(num(-1))
    return list(dict.fromkeys(out))[:6]


def _equation(s: Sequent, a: Term, b: Term, search: Searcher) -> Iterator[Certificate]:
    heads = _heads(s)
    if not free_names(s.goal) or not any(isinstance(x, App) and x.head == "=" for x in s.assumptions):
        return
    inner = s.assuming(*discharge(definedness(s.goal, s), s))

    def attempt(function: str, goal: Term, **more: Any) -> Iterator[Certificate]:
        c = premise(inner, goal, search)
        if c is not None:
            yield {"rule": "injective", "function": function, "proof": c, **more}

    if heads & {"exp", "pow", "sinh", "cosh", "tanh", "e"}:
        for scale in _scales(s, a):
            yield from attempt("exp", app("=", *(app("exp", mul(scale, t)) for t in (a, b))), scale=to_json(scale))
    if "log" in heads:
        yield from attempt("log", app("=", app("log", a), app("log", b)))
    if all(_real(t, s) for t in (a, b)):
        for n in _powers(s):
            goal = app("=", app("pow", a, num(n)), app("pow", b, num(n)))
            if n % 2:
                yield from attempt("power", goal, power=n)
            elif (left := premise(inner, app(">=", a, num(0)), search)) and (
                    right := premise(inner, app(">=", b, num(0)), search)):
                yield from attempt("power", goal, power=n, left=left, right=right)
        for function in sorted(heads & set(INCREASING)):
            yield from attempt(function, app("=", app(function, a), app(function, b)))


def _real(t: Term, s: Sequent) -> bool:
    try:
        return is_real(t, s.declarations) or Field(s).real(t)
    except CannotNormalise:
        return False


def _powers(s: Sequent) -> list[int]:
    """Exponents in sight, and what undoes a root."""
    found = {int(u.args[1].value) for a in (*s.assumptions, s.goal) for u in subterms(a)
             if isinstance(u, App) and u.head == "pow" and isinstance(u.args[1], Num)
             and u.args[1].value.denominator == 1 and 2 <= u.args[1].value <= 12}
    found |= {u.args[1].value.denominator for a in (*s.assumptions, s.goal) for u in subterms(a)
              if isinstance(u, App) and u.head == "pow" and isinstance(u.args[1], Num)
              and 2 <= u.args[1].value.denominator <= 12}
    if "sqrt" in _heads(s):
        found.add(2)
    return sorted(found)


def _vanishing(s: Sequent, a: Term, b: Term, search: Searcher) -> Iterator[Certificate]:
    """a = b over the reals from (a - b)^2 <= 0: sums of squares that are 0; |a - b| = 0."""
    from .order import equal_squares

    goal = app("=", app("abs", sub(a, b)), num(0))
    if any(isinstance(u, App) and u.head == "abs" for x in s.assumptions for u in subterms(x)):
        c = premise(s, goal, search)
        if c is not None:
            yield {"rule": "injective", "function": "distance", "proof": c}
    if not all(is_real(t, s.declarations) for t in (a, b)) or discharge(definedness(s.goal, s), s):
        return
    square = app("=", app("pow", sub(a, b), num(2)), num(0))
    because = equal_squares(s.with_goal(square), search)
    if because is not None:
        ideal = next((c for c in algebra.ideal(s.assuming(square))), None)
        if ideal is not None:
            yield {"rule": "have", "fact": to_json(square), "because": because, "proof": ideal}


def _order(s: Sequent, small: Term, large: Term, search: Searcher) -> Iterator[Certificate]:
    """a < b from f(a) < f(b) for a strictly increasing f that the assumptions speak of."""
    from .order_numeric import looks_false

    if not free_names(s.goal) or search.depth > 10:
        return
    heads = _heads(s)
    relation = s.goal.head if isinstance(s.goal, App) else "<"
    strict = "<" if relation in ("<", ">") else "<="
    inner = s.assuming(*discharge(definedness(s.goal, s), s))
    if not heads & {"exp", "log", "pow", "sqrt"} or looks_false(s, 40):
        return

    def made(f: str, goal: Term, **more: Any) -> Iterator[Certificate]:
        c = premise(inner, goal, search)
        if c is not None:
            yield {"rule": "both-sides", "function": f, "proof": c, **more}

    if heads & {"exp", "pow", "log"}:
        yield from made("exp", app(strict, app("exp", small), app("exp", large)))
    if heads & {"log", "exp"}:
        positive = [premise(inner, app(">", t, num(0)), search) for t in (small, large)]
        if None not in positive:
            yield from made("log", app(strict, app("log", small), app("log", large)),
                            small=positive[0], large=positive[1])
    signs = None
    for n in [*map(Fraction, _powers(s)), *([Fraction(1, 2)] if "sqrt" in heads else [])]:
        goal = app(strict, app("pow", small, Num(n)), app("pow", large, Num(n)))
        if n.denominator == 1 and n % 2:
            yield from made("power", goal, power=to_json(Num(n)))
            continue
        signs = signs or [premise(inner, app(">=", t, num(0)), search) for t in (small, large)]
        if None not in signs:
            yield from made("power", goal, power=to_json(Num(n)), small=signs[0], large=signs[1])


# ------------------------------------------------------------------------- real roots


def consequences(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """A fact that the equations give at once and that other engines need; then the goal again."""
    if search.depth > 10:
        return
    for facts in (_squared, _exponentiated, _discriminants, _parts, _integers):
        for new in facts(s, search):
            open_ = [(f, b) for f, b in new if f not in s.assumptions]
            if not open_:
                continue
            there = s
            for fact, because in open_:
                shown = search.accepted(there.with_goal(fact), because)
                if shown is None or shown.conditions:
                    break
                there = there.assuming(fact)
            else:
                c = search.prove(there)
                if c is not None:
                    for fact, because in reversed(open_):
                        c = {"rule": "have", "fact": to_json(fact), "because": because, "proof": c}
                    yield c
                return


Facts = list[tuple[Term, Certificate]]


def _equations(s: Sequent) -> list[App]:
    return [a for a in s.assumptions if isinstance(a, App) and a.head == "=" and free_names(a)]


def _squared(s: Sequent, search: Searcher) -> Iterator[Facts]:
    """From sqrt(u) = t with u, t real: u = t^2, so u >= 0, so sqrt(u) >= 0.  From |u| = t: u^2 = t^2."""
    for a in _equations(s):
        for v in dict.fromkeys(u for u in subterms(a) if isinstance(u, App) and u.head in ("sqrt", "abs")):
            u = v.args[0]
            if not free_names(u) or not is_real(u, s.declarations):
                continue
            value = _isolated(a, v, s)
            if value is None or not is_real(value, s.declarations):
                continue
            square = app("pow", value, num(2))
            inside = u if v.head == "sqrt" else app("pow", u, num(2))
            equal = app("=", inside, square)
            if equal in s.assumptions or (because := premise(s, equal, search)) is None:
                continue
            facts: Facts = [(equal, because)]
            if v.head == "sqrt":
                facts.append((app(">=", u, num(0)), {
                    "rule": "through", "terms": [to_json(square)], "relations": ["=", ">="],
                    "parts": [{"rule": "assumption"}, {"rule": "sign"}]}))
            yield facts


def _exponentiated(s: Sequent, search: Searcher) -> Iterator[Facts]:
    """From an equation between logarithms, the equation between their exponentials."""
    for a in _equations(s):
        heads = {u.head for u in subterms(a) if isinstance(u, App)}
        if "log" in heads and not heads & {"exp", "pow"}:
            fact = app("=", *(app("exp", side) for side in a.args))
            yield [(fact, {"rule": "congruent", "parts": [{"rule": "assumption"}]})]


def _discriminants(s: Sequent, search: Searcher) -> Iterator[Facts]:
    """A quadratic with a real zero has a nonnegative discriminant: it is (2 a x + b)^2."""
    for a in _equations(s):
        for name in sorted(free_names(a)):
            if s.declarations.get(name) not in (Scalar("real"), Scalar("rational"), Scalar("integer")):
                continue
            c = coefficients(sub(*a.args), name, s)
            if c is None or len(c) != 3 or not any(map(free_names, c)) or any(name in free_names(t) for t in c):
                continue
            disc = sub(app("pow", c[1], num(2)), mul(num(4), c[2], c[0]))
            square = app("pow", app("add", mul(num(2), c[2], Var(name)), c[1]), num(2))
            equal = app("=", disc, square)
            fact = app(">=", disc, num(0))
            if fact in s.assumptions or not is_real(disc, s.declarations):
                continue
            because = premise(s, equal, search)
            if because is not None:
                yield [(fact, {"rule": "through", "terms": [to_json(square)], "relations": ["=", ">="],
                               "parts": [because, {"rule": "sign"}]})]


def _parts(s: Sequent, search: Searcher) -> Iterator[Facts]:
    """Real and imaginary part of an equation whose names are real."""
    for a in _equations(s):
        if not any(u == App("i", ()) for u in subterms(a)):
            continue
        split = algebra.imaginary(s, sub(*a.args))
        if split is None or any(not is_real(t, s.declarations) for t in split):
            continue
        real, other = split
        facts: Facts = []
        for t, w in ((real, app("neg", other)), (other, real)):
            goal = app("=", sub(t, num(0)), mul(app("i"), w))
            if (because := premise(s, goal, search)) is None:
                break
            facts.append((app("=", t, num(0)), {"rule": "imaginary", "times": to_json(w), "proof": because}))
        else:
            yield facts


def _integers(s: Sequent, search: Searcher) -> Iterator[Facts]:
    """No solution in integers of a n + b m = c where gcd(a, b) does not divide c."""
    if s.goal != App("false", ()):
        return
    for a in _equations(s):
        found = algebra.linear_integers(s, sub(*a.args))
        if found is None:
            continue
        u, g, c = found
        fact = app("=", mul(num(g), u), Num(c))
        because = premise(s, fact, search)
        if because is None:
            continue
        absurd = {"rule": "sign-table", "on": to_json(u), "facts": [
            {"term": to_json(sub(mul(num(g), u), Num(c))), "relation": "=", "p": [str(-c), str(g)],
             "proof": because}]}
        yield [(App("false", ()), absurd)]


def _isolated(equation: App, root: Term, s: Sequent) -> Term | None:
    """t with root = t, from an equation linear in the root (t without it)."""
    mark = "root'"
    if mark in s.declarations:
        return None

    def put(t: Term) -> Term:
        if t == root:
            return Var(mark)
        return App(t.head, tuple(map(put, t.args))) if isinstance(t, App) else t

    c = coefficients(put(sub(*equation.args)), mark, Sequent({**s.declarations, mark: Scalar("real")}, (), s.goal))
    if c is None or len(c) != 2 or mark in free_names(c[0]) | free_names(c[1]):
        return None
    return app("neg", c[0]) if c[1] == num(1) else app("neg", app("div", c[0], c[1]))


__all__ = ["coefficients", "consequences", "premise", "proofs"]
