"""How terms about densities are built: what the normal form and the evaluation both read.

``density(p, k, value, ..., given, j, value, ...)``: k, j are positions of labels of p (its own labels
first, then its given ones, from 1); values are random variables.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from .evidence import Reject
from .term import TRUE, App, Bind, Law, Num, Sort, Space, Term, Var, app, mul, num, show

RULE = "density-form"


@lru_cache(maxsize=4_096)
def density_parts(t: App, law: Sort | None) -> tuple[str, tuple[tuple[str, Term], ...],
                                                     tuple[tuple[str, Term], ...]]:
    """``density(p, position, value, ..., given, position, value, ...)``: law, own and given parts with
    label names.  Positions count the law's own labels, then the given ones, from 1.
    Raises :class:`Reject`."""
    name = t.args[0]
    if not isinstance(name, Var) or not isinstance(law, Law):
        raise Reject(RULE, show(t)[:80], "is no density of a declared law")
    labels = law.own + law.given
    sides: list[list[tuple[str, Term]]] = [[], []]
    side, rest = 0, list(t.args[1:])
    while rest:
        head = rest.pop(0)
        if head == App("given", ()):
            side += 1
        elif isinstance(head, Num) and rest and head.value.denominator == 1 and side < 2 and (
                1 <= head.value <= len(labels)):
            sides[side].append((labels[int(head.value) - 1], rest.pop(0)))
        else:
            raise Reject(RULE, show(t)[:80], "has a label that its law does not have")
    own, given = sides
    used = [k for k, _ in own + given]
    if len(set(used)) != len(used):
        raise Reject(RULE, show(t)[:80], "has the same label twice")
    if not own or any(k in law.given for k, _ in own):
        raise Reject(RULE, show(t)[:80], f"{name.name} is declared given {', '.join(law.given)}")
    if any(k not in [j for j, _ in given] for k in law.given):
        raise Reject(RULE, show(t)[:80],
                     f"{name.name} is declared given {', '.join(law.given)}: it has no marginal without")
    return name.name, tuple(own), tuple(given)


def marginal_of_condition(t: App, law: Sort | None) -> App | None:
    """p(z), for p(x|z) of a law whose own labels include z; None if nothing has to be positive."""
    try:
        _, _, given = density_parts(t, law)
    except Reject:
        return None
    if not isinstance(law, Law):
        return None
    labels = law.own + law.given
    known = [(k, v) for k, v in given if k in law.own]
    fixed = [(k, v) for k, v in given if k in law.given]
    if not known:
        return None
    args: list[Term] = [t.args[0], *(x for k, v in known for x in (num(labels.index(k) + 1), v))]
    if fixed:
        args += [App("given", ()), *(x for k, v in fixed for x in (num(labels.index(k) + 1), v))]
    return App("density", tuple(args))


def over_variables(t: Bind) -> bool:
    return all(isinstance(s, Space) for s in t.sorts)


def case_values(t: Term) -> tuple[Fraction, ...]:
    """The values of a case distinction between numbers that has a last resort: an indicator's 1 and 0."""
    if not (isinstance(t, App) and t.head == "cases" and len(t.args) % 2 == 0 and t.args[-1] == TRUE):
        return ()
    values = [v.value for v in t.args[::2] if isinstance(v, Num)]
    return tuple(values) if 2*len(values) == len(t.args) else ()


def summands(t: Term, sign: int = 1) -> list[tuple[int, Term]]:
    match t:
        case App("add", args):
            return [x for a in args for x in summands(a, sign)]
        case App("neg", (a,)):
            return summands(a, -sign)
        case _:
            return [(sign, t)]


def density_factors(t: Term) -> tuple[Term, Term]:
    """The density factors of a product, and the rest.  An integral over a random variable runs over
    the points where the density factors of its integrand are positive."""
    if isinstance(t, App) and t.head == "div":
        weight, rest = density_factors(t.args[0])
        return weight, app("div", rest, t.args[1])
    weights: list[Term] = []
    others: list[Term] = []
    for f in t.args if isinstance(t, App) and t.head == "mul" else (t,):
        if isinstance(f, App) and f.head in ("mul", "div") and not is_weight(f):
            w, r = density_factors(f)
            weights.append(w)
            others.append(r)
        elif is_weight(f):
            weights.append(f)
        else:
            others.append(f)
    return mul(*weights), mul(*others)


def is_weight(f: Term) -> bool:
    """A density, a positive multiple, a sum or an integral of densities."""
    match f:
        case App("density", _):
            return True
        case App("mul" | "add", args):
            return any(map(is_weight, args)) and all(
                is_weight(a) or isinstance(a, Num) and a.value > 0 for a in args)
        case App("div", (a, Num(value))):
            return value > 0 and is_weight(a)
        case Bind("integral") if over_variables(f) and not f.outer:
            return is_weight(f.inner[0])
        case _:
            return False


__all__ = ["case_values", "density_factors", "density_parts", "is_weight", "marginal_of_condition",
           "over_variables", "summands"]
