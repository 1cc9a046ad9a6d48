"""Layouts of terms that bind names: sums, integrals, limits, quantifiers, growth, expectations."""

from __future__ import annotations

from ..kernel.term import (
    TRUE, App, Bind, Index, Map, Num, Scalar, Space as SpaceSort, Term, Var, alpha, app, free_names, fresh,
)
from .compose import ATOM, GREEDY, POWER, QUANT, REL, SUM, at_least, compose, domain, layout, with_sub
from .compose_matrix import entries, member
from .context import Context, step_key
from .layout import (
    Big, Call, Fence, Frac, Ident, Layout, Number, Row, Script, Sign, Space, Stack, Text, joined, parens,
    row,
)
from .names import name_layout

_GROWTH = {"big-o": "O", "big-omega": "Ω", "big-theta": "Θ", "little-o": "o"}


def compose_bind(t: Bind, context: Context) -> tuple[Layout, int]:
    inside = context.bind(t.names, t.sorts)
    match t.head:
        case "sum" | "prod":
            return _big_sum(t, context, inside), GREEDY
        case "maximum":
            return _greatest(t, inside), GREEDY
        case "integral":
            return _integral(t, context, inside), GREEDY
        case "limit":
            return _limit(t, context, inside), GREEDY
        case "diff":
            slope = _derivative(t, context, inside)
            return slope, ATOM if isinstance(slope, Call) else GREEDY
        case "partial":
            return _partial(t, context, inside), GREEDY
        case "forall" | "exists":
            return _quantifier(t, inside), QUANT
        case "lambda" if (gradient := _gradient(t, context, inside)) is not None:
            return gradient, GREEDY
        case "lambda" if (vector := member(t, inside)) is not None:
            return vector, ATOM
        case "lambda" if all(isinstance(s, Index) for s in t.sorts):
            return entries(t, inside), ATOM
        case "lambda":
            names = joined(",", [name_layout(n) for n in t.names])
            left = parens(names) if len(t.names) > 1 else names
            return row(left, Sign("maps-to"), at_least(t.inner[0], SUM, inside)), QUANT
        case "iterate":
            return orbit(t, context)
        case "converges":
            return convergence(t, context, " converges"), REL
        case "E":
            return _expectation(t, inside), ATOM
        case "expect":
            return _random(t, inside), ATOM
        case "KL":
            left, right = (layout(u, inside) for u in t.inner)
            return Call(Ident("KL"), row(left, Sign("parallel"), right)), POWER
        case _ if t.head in _GROWTH or t.head == "similar":
            return _growth(t, inside), REL
        case _:
            names = joined(",", [name_layout(n) for n in t.names])
            parts = [layout(u, context) for u in t.outer] + [layout(u, inside) for u in t.inner]
            return row(name_layout(t.head), parens(joined(";", [names, *parts]))), ATOM


def _big_sum(t: Bind, context: Context, inside: Context) -> Layout:
    guard, body = t.inner
    signs: list[Layout] = []
    for k, (name, sort) in enumerate(zip(t.names, t.sorts, strict=True)):
        n = name_layout(name)
        under: Layout
        over: Layout | None = None
        if t.outer:
            under, over = row(n, Sign("="), layout(t.outer[0], context)), layout(t.outer[1], context)
        elif isinstance(sort, Index):
            under, over = row(n, Sign("="), Number("1")), layout(sort.size, context)
        else:
            where = domain(sort)
            under = n if where is None else row(n, Sign("in"), where)
        if guard != TRUE and k == len(t.names) - 1:
            under = Stack((under, layout(guard, inside)))
        signs.append(Big(t.head, under, over))
    return row(*signs, at_least(body, GREEDY, inside))


def _greatest(t: Bind, inside: Context) -> Layout:
    under: list[Layout] = []
    for name in t.names:
        under += [Sign(","), name_layout(name)] if under else [name_layout(name)]
    return row(Big("max", row(*under)), at_least(t.inner[0], GREEDY, inside))


def _integral(t: Bind, context: Context, inside: Context) -> Layout:
    lower = upper = None
    if t.outer:
        lower, upper = (layout(u, context) for u in t.outer)
    elif isinstance(t.sorts[0], Scalar):
        lower = Sign("reals")
    out: list[Layout] = [Big("integral", lower, upper) if k == 0 or t.outer else Big("integral", lower)
                         for k in range(len(t.names))]
    out.append(at_least(t.inner[0], GREEDY, inside))
    for name in t.names:
        out += [Space("thin"), Sign("d"), name_layout(name)]
    return row(*out)


def _limit(t: Bind, context: Context, inside: Context) -> Layout:
    point, side = t.outer
    goal = layout(point, context)
    if isinstance(side, App) and side.head in ("from-above", "from-below"):
        mark = Sign("plus-side" if side.head == "from-above" else "minus-side")
        goal = Script(at_least(point, ATOM, context), None, mark)
    under = row(name_layout(t.names[0]), Sign("to"), goal)
    return row(Big("limit", under), at_least(t.inner[0], GREEDY, inside))


def _derivative(t: Bind, context: Context, inside: Context) -> Layout:
    name, body = t.names[0], t.inner[0]
    primes, f = 1, body
    while isinstance(f, Bind) and f.head == "diff" and f.outer == (Var(name),):
        name, f, primes = f.names[0], f.inner[0], primes + 1
    if isinstance(f, App) and f.head == "at" and len(f.args) == 2 and f.args[1] == Var(name) and isinstance(
            f.args[0], Var) and f.args[0].name != name:
        marks = row(*(Sign("prime") for _ in range(primes)))
        return Call(Script(name_layout(f.args[0].name), None, marks), layout(t.outer[0], context))
    return _slope(t, context, inside)


def _slope(t: Bind, context: Context, inside: Context) -> Layout:
    name, body = t.names[0], t.inner[0]
    d = Sign("d" if free_names(body) <= {name} else "partial")
    operator = Frac(d, row(d, name_layout(name)))
    out = row(operator, Space("thin"), at_least(body, GREEDY, inside))
    if not t.outer or t.outer[0] == Var(name):
        return out
    return Script(Fence("", out, "|"), row(name_layout(name), Sign("="), layout(t.outer[0], context)))


def _gradient(t: Bind, context: Context, inside: Context) -> Layout | None:
    """All derivatives along a family: nabla_x f, nabla_x^2 f, or the Jacobian du/dx in the numerator layout."""
    steps: list[Bind] = []
    body: Term = t.inner[0]
    while isinstance(body, Bind) and body.head == "partial" and body.outer[0] == Var(body.names[0]):
        steps.append(body)
        body = body.inner[0]
    names = [i for s in reversed(steps) for i in (s.outer[1].args if isinstance(s.outer[1], App) else ())]
    first = len(t.names) - len(names)
    if not steps or len({s.names for s in steps}) > 1 or names != [Var(n) for n in t.names[first:]]:
        return None
    x, within = name_layout(steps[0].names[0]), inside.bind(steps[0].names, steps[0].sorts)
    if first == 0:
        nabla = Script(Sign("nabla"), x, Number(str(len(steps))) if len(steps) > 1 else None)
        return row(nabla, Space("thin"), at_least(body, GREEDY, within))
    if len(steps) > 1 or free_names(body).isdisjoint(t.names[:first]):
        return None
    u = Bind("lambda", t.names[:first], t.sorts[:first], (), (body,))
    d = Sign("partial")
    return row(Frac(d, row(d, x)), Space("thin"), at_least(u, GREEDY, context.bind(steps[0].names, steps[0].sorts)))


def _partial(t: Bind, context: Context, inside: Context) -> Layout:
    """d/dx_j of the body, of one partial derivative of another in the order in which they are taken."""
    name, (point, entry), body = t.names[0], t.outer, t.inner[0]
    indices = entry.args if isinstance(entry, App) else ()
    along = app("at", Var(name), *indices) if indices else Var(name)
    d = Sign("partial")
    operator = Frac(d, row(d, at_least(along, ATOM, context.bind(t.names, t.sorts))))
    out = row(operator, Space("thin"), at_least(body, GREEDY, inside))
    if point == Var(name):
        return out
    return Script(Fence("", out, "|"), row(name_layout(name), Sign("="), layout(point, context)))


def _quantifier(t: Bind, inside: Context) -> Layout:
    guard, body = t.inner
    out: list[Layout] = [Sign(t.head)]
    for k, (name, sort) in enumerate(zip(t.names, t.sorts, strict=True)):
        if k:
            out.append(Sign(","))
        out.append(name_layout(name))
        where = domain(sort)
        if where is not None and (k + 1 == len(t.names) or t.sorts[k + 1] != sort):
            out += [Sign("typed" if isinstance(sort, Map) and not isinstance(where, Script) else "in"), where]
    if guard != TRUE:
        parts = guard.args if isinstance(guard, App) and guard.head == "and" else (guard,)
        for part in parts:
            out += [Sign(","), Space("thin"), at_least(part, REL, inside)]
    return row(*out, Sign(":"), Space("thin"), layout(body, inside))


def orbit(t: Bind, context: Context, item: int | None = None) -> tuple[Layout, int]:
    """The state after some steps from a start: Φⁿ(start), or one of its components."""
    names = context.components.get(step_key(t), t.names)
    sub = name_layout(names[item - 1]) if item is not None and 1 <= item <= len(names) else None
    if sub is not None and t.outer and context.starts.get(step_key(t)) == t.outer[1]:
        return with_sub(sub, layout(t.outer[0], context)), ATOM
    letter = context.letter(t)
    steps: Layout | None = layout(t.outer[0], context) if t.outer else None
    step: Layout = Ident(letter) if letter else Fence("(", iteration_lines(t, context), ")")
    out = Script(step, sub, steps) if sub or steps else step
    if not t.outer:
        return out, ATOM
    start = layout(t.outer[1], context)
    return row(out, start if isinstance(start, Fence) else parens(start)), ATOM


def sequence_line(t: Bind, context: Context) -> Layout:
    """``(p_n, q_n) := Φⁿ(start)``, for an iteration whose components are written as sequences."""
    n = fresh("n", set(t.names) | free_names(t.outer[1]))
    general = Bind(t.head, t.names, t.sorts, (Var(n), t.outer[1]), t.inner)
    left = parens(joined(",", [orbit(general, context, k + 1)[0] for k in range(len(t.names))]))
    return row(left, Sign(":="), orbit(general, context)[0])


def iteration_lines(t: Bind, context: Context) -> Layout:
    """The lines of one step, done one after the other."""
    inside = context.bind(t.names, t.sorts)
    return joined(";", [layout(line, inside) for line in t.inner])


def _random(t: Bind, inside: Context) -> Layout:
    """E[f], or Var(f), Cov(f, g) where it is written so: E[(f - E f)(g - E g)]."""
    def mean(f: Term) -> Term:
        return Bind(t.head, t.names, t.sorts, t.outer, (f,))

    def centred(u: Term) -> Term | None:
        match u:
            case App("add", (*parts, App("neg", (Bind("expect") as e,)))):
                f = parts[0] if len(parts) == 1 else App("add", tuple(parts))
                return f if alpha(e) == alpha(mean(f)) or alpha(e.inner[0]) == alpha(f) else None
        return None

    match t.inner[0]:
        case App("pow", (u, Num(k))) if k == 2 and (f := centred(u)) is not None:
            return Call(Ident("Var"), layout(f, inside))
        case App("mul", (u, v)) if (f := centred(u)) is not None and (g := centred(v)) is not None:
            return Call(Ident("Cov"), joined(",", [layout(f, inside), layout(g, inside)]))
    return row(Sign("expectation"), Fence("[", layout(t.inner[0], inside), "]"))


def _expectation(t: Bind, inside: Context) -> Layout:
    density, integrand = t.inner
    names: Layout = joined(",", [name_layout(n) for n in t.names])
    if len(t.names) > 1:
        names = parens(names)
    below = row(names, Sign("similar"), layout(density, inside))
    return row(Script(Sign("expectation"), below), Fence("[", layout(integrand, inside), "]"))


def convergence(t: Bind, context: Context, says: str) -> Layout:
    n = name_layout(t.names[0])
    body = Fence("(", layout(t.inner[0], context.bind(t.names, t.sorts)), ")")
    return row(Script(body, row(n, Sign(">="), Number("0"))), Text(says))


def _growth(t: Bind, inside: Context) -> Layout:
    regime, f, g = t.inner
    left = at_least(f, SUM, inside)
    if t.head == "similar":
        claim = row(left, Sign("similar"), at_least(g, SUM, inside))
    else:
        claim = row(left, Sign("="), Ident(_GROWTH[t.head]), parens(layout(g, inside)))
    names = joined(",", [name_layout(n) for n in t.names])
    out = row(claim, Space("quad"), parens(_when(names, regime, inside)))
    return out


def _when(names: Layout, regime: Term, inside: Context) -> Layout:
    grows = row(names, Sign("to"), Sign("oo"))
    if regime == TRUE:
        return grows
    parts = regime.args if isinstance(regime, App) and regime.head == "and" else (regime,)
    shown: list[Layout] = []
    for part in parts:
        if isinstance(part, Bind) and part.head in _GROWTH:
            # a side condition such as n = O(t): its own variables are the same
            f, g = part.inner[1:]
            within = inside.bind(part.names, part.sorts)
            shown.append(
                row(layout(f, within), Sign("="), Ident(_GROWTH[part.head]), parens(layout(g, within)))
            )
        else:
            shown.append(compose(part, inside)[0])
    return row(grows, Text(" while "), joined(",", shown))


__all__ = ["Row", "SpaceSort", "compose_bind", "iteration_lines", "orbit"]
