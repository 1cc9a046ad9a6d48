"""When a term is defined: its conditions, read off the raw term before anything is cancelled.

Each condition is a formula in the claim's names.  Conditions of a body under a sum or quantifier
are closed by ``forall`` with the guard; conditions of a conclusion stand under its premise.  Heads
whose definedness no formula of ours expresses more simply (integrals, infinite sums, limits,
derivatives, expectations) give ``finite(t)``.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from .claim import Sequent
from .kinds import is_integer, is_real
from .term import (
    INTEGER, ONE, TRUE, App, Bind, Index, Map, Num, Sort, Term, Var, add, app, conj, free_names, fresh,
    num, substitute,
)

_MAX_STEPS = 60
_WRITTEN_STEPS = 5   # up to here a condition shows the state itself, not "the state after n steps"


def definedness(t: Term, sequent: Sequent) -> tuple[Term, ...]:
    """The conditions, without repetition, in the order of the subterms."""
    return tuple(dict.fromkeys(_conditions(t, dict(sequent.declarations))))


def _nonzero(t: Term) -> list[Term]:
    return [] if isinstance(t, Num) and t.value != 0 else [app("!=", t, num(0))]


def _conditions(t: Term, decls: dict[str, Sort]) -> list[Term]:
    match t:
        case Num() | Var():
            return []
        case App("implies", (premise, conclusion)):
            return _conditions(premise, decls) + _under(premise, _conditions(conclusion, decls))
        case App("cases", args):
            out: list[Term] = []
            for value, guard in zip(args[0::2], args[1::2], strict=True):
                out += _conditions(guard, decls) + _under(guard, _conditions(value, decls))
            return out
        case App(head, args):
            out = [c for a in args for c in _conditions(a, decls)]
            return out + _own(head, args, decls)
        case Bind("sum" | "prod" | "forall" | "exists"):
            out = [c for u in t.outer for c in _conditions(u, decls)]
            inside = decls | dict(zip(t.names, t.sorts, strict=True))
            guard, body = t.inner
            if t.outer:
                low, high = t.outer
                if App("oo", ()) in (low, high) or app("neg", App("oo", ())) in (low, high):
                    return [*out, app("finite", t)]
                k = Var(t.names[0])
                guard = conj(app("<=", low, k), app("<=", k, high), guard)
            inner = _conditions(t.inner[0], inside) + _under(guard, _conditions(body, inside))
            return out + [
                Bind("forall", t.names, t.sorts, (), (TRUE, c)) if free_names(c) & set(t.names) else c
                for c in inner
            ]
        case Bind("iterate"):
            return [c for u in t.outer for c in _conditions(u, decls)] + _iteration(t, decls)
        case Bind("diff"):
            return [c for u in t.outer for c in _conditions(u, decls)] + _derivative(t, decls)
        case Bind("integral" | "limit" | "E" | "KL"):
            return [c for u in t.outer for c in _conditions(u, decls)] + [app("finite", t)]
        case _:
            return []


def _derivative(t: Bind, decls: dict[str, Sort]) -> list[Term]:
    """The body is defined at the point and the guards of the derivative's rules hold there."""
    from .derivative import NoDerivative, at_point

    try:
        _, guards = at_point(t, decls)
    except NoDerivative:
        return [app("finite", t)]
    body = _conditions(t.inner[0], decls | dict(zip(t.names, t.sorts, strict=True)))
    return [substitute(c, {t.names[0]: t.outer[0]}) for c in body] + list(guards)


def _under(premise: Term, conditions: list[Term]) -> list[Term]:
    return conditions if premise == TRUE else [app("implies", premise, c) for c in conditions]


def _own(head: str, args: tuple[Term, ...], decls: dict[str, Sort]) -> list[Term]:
    match head, args:
        case "div", (_, b):
            return _nonzero(b)
        case "pow", (base, Num(e)):
            return _nonzero(base) if e < 0 else []
        case "pow", (base, e):
            if base == App("e", ()) or (isinstance(base, Num) and base.value > 0):
                return []
            if is_integer(e, decls):
                return [app("or", app("!=", base, num(0)), app(">=", e, num(0)))]
            return [app(">", base, num(0))] if is_real(base, decls) else _nonzero(base)
        case "log" | "arg", (u,):
            return _nonzero(u)
        case ("tan" | "sec"), (u,):
            return _nonzero(app("cos", u))
        case ("cot" | "csc"), (u,):
            return _nonzero(app("sin", u))
        case "coth", (u,):
            return _nonzero(app("sinh", u))
        case "atanh", (u,):
            return [app("!=", u, num(1)), app("!=", u, num(-1))]
        case ("atan" | "acot"), (u,):
            return [] if is_real(u, decls) else [app("!=", app("pow", u, num(2)), num(-1))]
        case "atan2", (y, x):
            return [app("or", app("!=", y, num(0)), app("!=", x, num(0)))]
        case "factorial", (u,):
            return _gamma(add(u, ONE), u, decls)
        case "gamma" | "digamma", (u,):
            return _gamma(u, None, decls)
        case "harmonic", (u,):
            return [app(">=", u, num(0))]
        case "mod", (_, b):
            return _nonzero(b)
        case "density", _:
            return _conditional(App(head, args), decls)
        case "at", (Var(name), *indices):
            match decls.get(name):
                case Map(sorts, _) if len(sorts) == len(indices):
                    return [
                        c for s, i in zip(sorts, indices, strict=True)
                        if isinstance(s, Index) for c in _in_range(i, s, decls)
                    ]
            return []
        case _:
            return []


def _conditional(t: App, decls: dict[str, Sort]) -> list[Term]:
    """p(x|z) of a law that is not declared given z needs p(z) > 0."""
    from .density_terms import marginal_of_condition

    below = marginal_of_condition(t, decls.get(t.args[0].name) if isinstance(t.args[0], Var) else None)
    return [] if below is None else [app(">", below, num(0))]


def _gamma(u: Term, integer_form: Term | None, decls: dict[str, Sort]) -> list[Term]:
    """Gamma is defined off 0, -1, -2, ...; n! needs n >= 0 at integers."""
    if isinstance(u, Num):
        return [] if u.value > 0 or u.value.denominator > 1 else [app(">", u, num(0))]
    if is_integer(u, decls):
        return [app(">=", integer_form, num(0)) if integer_form is not None else app(">", u, num(0))]
    positive = app(">", u, num(0)) if is_real(u, decls) else app(">", app("re", u), num(0))
    return [app("or", positive, app("not", app("in", u, app("integers"))))]


def _in_range(i: Term, s: Index, decls: dict[str, Sort]) -> list[Term]:
    if isinstance(i, Var) and decls.get(i.name) == s:
        return []
    return [app("<=", num(1), i), app("<=", i, s.size)]


def _iteration(t: Bind, decls: dict[str, Sort]) -> list[Term]:
    """Every update must be defined at every state passed through."""
    inside = decls | dict(zip(t.names, t.sorts, strict=True))
    steps, start = t.outer

    def at_state(state: dict[str, Term]) -> tuple[list[Term], dict[str, Term]]:
        """The conditions of one step from ``state``, and the state after it."""
        out: list[Term] = []
        current = dict(state)
        for line in t.inner:
            if not (isinstance(line, App) and line.head == "assign"):
                continue
            target, value = line.args
            out += [substitute(c, current) for c in _conditions(value, inside)]
            values = value.args if isinstance(target, App) and isinstance(value, App) else (value,)
            targets = target.args if isinstance(target, App) else (target,)
            new = [substitute(v, current) for v in values]
            for name, v in zip(targets, new, strict=True):
                if isinstance(name, Var):
                    current[name.name] = v
        return out, current

    def written_out(state: dict[str, Term], count: int) -> list[Term]:
        out: list[Term] = []
        for _ in range(count):
            conditions, state = at_state(state)
            out += conditions
        return out

    def state_after(n: Term) -> dict[str, Term]:
        orbit = Bind("iterate", t.names, t.sorts, (n, start), t.inner)
        return {name: app("item", orbit, num(k + 1)) for k, name in enumerate(t.names)}

    total: Callable[[Term], bool] = lambda line: not _conditions(line, inside)  # noqa: E731
    if all(total(line) for line in t.inner):
        return [] if _visible_natural(steps) else [app(">=", steps, num(0))]
    if isinstance(steps, Num) and 0 <= steps.value <= _MAX_STEPS and steps.value.denominator == 1:
        if steps.value <= _WRITTEN_STEPS and isinstance(start, App) and start.head == "tuple":
            return written_out(dict(zip(t.names, start.args, strict=True)), int(steps.value))
        return [c for n in range(int(steps.value)) for c in at_state(state_after(num(n)))[0]]
    k = fresh("k", free_names(t) | set(decls))
    guard = conj(app("<=", num(0), Var(k)), app("<", Var(k), steps))
    conditions = [app("implies", guard, c) for c in at_state(state_after(Var(k)))[0]]
    return [app(">=", steps, num(0))] + [
        Bind("forall", (k,), (INTEGER,), (), (TRUE, c)) for c in conditions
    ]


def _visible_natural(t: Term) -> bool:
    return isinstance(t, Num) and t.value >= 0 and t.value.denominator == 1


__all__ = ["Fraction", "definedness"]
