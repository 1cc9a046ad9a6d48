"""Vectors of a given length are their entries: what is asked of two numbers is algebra.

    x_1, .., x_k real (new)  |-  G', P'      sums, products, quantifiers over 1..k written out, x_j for x[j]
    -----------------------------------------------------------------------------------------------   unroll
    G |- P                                   for every declared family x over ranges of given sizes

    the bodies of f have the entries of G as partial derivatives, by the rules, their guards hold everywhere;
    these are continuous
    -----------------------------------------------------------------------------------------------   gradient
    derivative-of(G, f)                      f and G lambdas of a vector of given length

FAILURE: a size over 6 or not given; an entry out of range; a condition; a guard that is not visible.
Source: Rudin, Principles of Mathematical Analysis, theorem 9.21: continuous partial derivatives suffice (no page).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .continuity import NotContinuous, continuity
from .definedness import definedness
from .derivative import NoDerivative, derivative
from .evaluate import Undefined, Unknown, truth
from .evidence import Evidence, Reject
from .field import CannotNormalise, Field
from .function_laws import vectors
from .kinds import is_real
from .model import beta
from .term import (
    FALSE, REAL, TRUE, App, Bind, Index, Map, Num, Scalar, Sort, Term, Var, add, app, fresh, free_names, mul, num,
    rebuild, rename, show, substitute,
)

if TYPE_CHECKING:
    from .prove import Prover

MAX_SIZE = 6
MAX_TERMS = 400


def _joined(head: str, parts: list[Term]) -> Term:
    match head:
        case "sum":
            return add(*parts)
        case "prod":
            return mul(*parts)
        case _:
            return App("and" if head == "forall" else "or", tuple(parts))


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    shown = prove(entries(s), c["proof"])
    if shown.conditions:
        raise Reject("unroll", "proof", f"rests on {show(shown.conditions[0])}")
    return shown


def entries(s: Sequent) -> Sequent:
    """Raises :class:`Reject`."""
    declared: dict[str, Sort] = {}
    by: dict[str, dict[tuple[int, ...], Term]] = {}
    taken = set(s.declarations)
    for name, sort in s.declarations.items():
        if not isinstance(sort, Map):
            declared[name] = sort
            continue
        if not isinstance(sort.result, Scalar) or not all(map(_length, sort.args)):
            raise Reject("unroll", name, "is no family over ranges of given sizes")
        for where in itertools.product(*(range(1, _length(k) + 1) for k in sort.args)):
            new = fresh(f"{name}_{''.join(map(str, where))}", taken)
            taken.add(new)
            declared[new] = sort.result
            by.setdefault(name, {})[where] = Var(new)
    written = [written_out(t, by, s.declarations) for t in (*s.assumptions, s.goal)]
    for t in written:
        if loose := free_names(t) - set(declared):
            raise Reject("unroll", show(t)[:80], f"{', '.join(sorted(loose))} is not written out")
    return Sequent(declared, tuple(written[:-1]), written[-1])


def _length(sort: Sort) -> int:
    if isinstance(sort, Index) and isinstance(sort.size, Num) and sort.size.value.denominator == 1 and (
            1 <= sort.size.value <= MAX_SIZE):
        return int(sort.size.value)
    return 0


def written_out(t: Term, by: Mapping[str, Mapping[tuple[int, ...], Term]], sorts: Mapping[str, Sort]) -> Term:
    """``t`` without bound indices of given sizes, and with ``by``'s names for the entries."""
    count = [0]
    taken = {*sorts, *(n for entries in by.values() for v in entries.values() for n in free_names(v))}
    empty: dict[str, Term] = {"sum": num(0), "prod": num(1), "forall": TRUE, "exists": FALSE}

    def go(u: Term, inside: Mapping[str, Sort]) -> Term:
        count[0] += 1
        if count[0] > 50*MAX_TERMS:
            raise Reject("unroll", "budget", "too large to write out")
        match u:
            case Bind("maximum", names, slots, (), (body,)) if all(map(_length, slots)):
                values = [go(substitute(body, {n: num(k) for n, k in zip(names, where, strict=True)}), inside)
                          for where in itertools.product(*(range(1, _length(k) + 1) for k in slots))]
                if len(values) > MAX_TERMS:
                    raise Reject("unroll", "budget", "too large to write out")
                # the largest of one value that is not real is not defined
                return App("max", tuple(values)) if len(values) > 1 or not is_real(u, inside) else values[0]
            case Bind("sum" | "prod" | "forall" | "exists" as head, names, slots, (), (guard, body)) if all(
                    map(_length, slots)):
                parts = []
                for where in itertools.product(*(range(1, _length(k) + 1) for k in slots)):
                    at: dict[str, Term] = {n: num(k) for n, k in zip(names, where, strict=True)}
                    kept = go(substitute(guard, at), inside)
                    if kept == FALSE:
                        continue
                    if kept != TRUE:
                        raise Reject("unroll", show(guard)[:60], "does not depend on the indices alone")
                    parts.append(go(substitute(body, at), inside))
                    if len(parts) > MAX_TERMS:
                        raise Reject("unroll", "budget", "too large to write out")
                if not parts:
                    return empty[head]
                return parts[0] if len(parts) == 1 else _joined(head, parts)
            case App("at", (Bind("lambda") as f, *args)):
                reduced = beta(u, inside)
                if reduced != u:
                    return go(reduced, inside)
                return App("at", (f, *(go(a, inside) for a in args)))
            case App("at", (Var(name), *args)) if name in by and name not in set(inside) - set(sorts):
                given = [go(a, inside) for a in args]
                key = tuple(int(a.value) for a in given if isinstance(a, Num) and a.value.denominator == 1)
                if len(key) != len(given) or key not in by[name]:
                    raise Reject("unroll", show(u)[:60], "is no entry in range")
                return by[name][key]
            case App("delta", (a, b)):
                a, b = go(a, inside), go(b, inside)
                return num(int(a.value == b.value)) if isinstance(a, Num) and isinstance(b, Num) else app("delta", a, b)
            case App("=" | "!=" | "<" | "<=" | ">" | ">=" as head, (a, b)):
                a, b = go(a, inside), go(b, inside)
                if isinstance(a, Num) and isinstance(b, Num):
                    try:
                        return TRUE if truth(app(head, a, b), {}, {}) else FALSE
                    except (Undefined, Unknown):
                        pass
                return app(head, a, b)
            case Bind():
                u = rename(u, taken)
                within = {**inside, **dict(zip(u.names, u.sorts, strict=True))}
                return Bind(u.head, u.names, u.sorts, tuple(go(v, inside) for v in u.outer),
                            tuple(go(v, within) for v in u.inner))
            case _:
                return rebuild(u, lambda v: go(v, inside))

    return go(beta(t, sorts), sorts)


# ------------------------------------------------------------------------ the gradient of a lambda


def check_gradient(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    from .prove import discharge

    match s.goal:
        case App("derivative-of", (Bind("lambda") as g, Bind("lambda") as f)):
            pass
        case _:
            raise Reject("gradient", show(s.goal)[:80], "does not speak of functions that are written out")
    slot = f.sorts[0].args[0] if isinstance(f.sorts[0], Map) and f.sorts[0].args else None
    if slot is None or not _length(slot) or f.sorts[0] != vectors(num(_length(slot))) or g.sorts != (
            *f.sorts, slot) or not all(map(_length, f.sorts[1:])):
        raise Reject("gradient", show(s.goal)[:80], "the two do not fit each other")
    taken = set(s.declarations) | free_names(f) | free_names(g)
    names = [fresh(f"x{k}", taken) for k in range(1, _length(slot) + 1)]
    sorts: dict[str, Sort] = dict.fromkeys(names, REAL)
    here = Sequent({**s.declarations, **sorts}, s.assumptions, s.goal)
    for where in itertools.product(*(range(1, _length(k) + 1) for k in f.sorts[1:])):
        value = _at_entries(f, names, where, s)
        for k, x in enumerate(names, 1):
            slope = _at_entries(g, names, (*where, k), s)
            try:
                found, guards = derivative(value, x, here.declarations)
                needed = (*definedness(value, here), *guards, *definedness(slope, here),
                          *continuity(slope, tuple(names), here.declarations, False))
                if left := discharge(needed, here):
                    raise Reject("gradient", show(value)[:60], f"is differentiable only if {show(left[0])}")
                if not Field(here).equal(found, slope):
                    raise Reject("gradient", show(value)[:60], f"has another derivative along {x}")
            except (NoDerivative, NotContinuous, CannotNormalise) as error:
                raise Reject("gradient", show(value)[:60], str(error)) from error
    return Evidence()


def _at_entries(f: Bind, names: list[str], where: tuple[int, ...], s: Sequent) -> Term:
    """The body at the vector of these names, and at these indices."""
    x = fresh("x", set(names) | set(s.declarations) | free_names(f))
    body = substitute(f.inner[0], {f.names[0]: Var(x), **{n: num(k) for n, k in zip(f.names[1:], where, strict=True)}})
    by: dict[str, dict[tuple[int, ...], Term]] = {x: {(k,): Var(n) for k, n in enumerate(names, 1)}}
    out = written_out(body, by, {**s.declarations, x: f.sorts[0], **dict.fromkeys(names, REAL)})
    if x in free_names(out):
        raise Reject("gradient", show(f)[:60], "uses its argument otherwise than by entries")
    return out


__all__ = ["check", "check_gradient", "entries", "written_out"]
