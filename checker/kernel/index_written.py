"""Signs of terms as they are written, and formulas that follow from signs and orders.

A square shows its sign only before it is expanded, ``1 - sigma(z)`` only afterwards: terms are judged as
written and in normal form; both judgements are true, so what they have in common is.

    f(j) > 0 under the guard, some j surely meets the guard
    -------------------------------------------------------      without the second: >= 0
    S_{j: guard} f(j) > 0

FAILURE: none; where nothing is known the answer is "any sign", or False.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

from .evidence import Reject
from .index_facts import place
from .index_rewrite import known
from .index_sign import (
    ANY,
    NEGATIVE,
    NONNEGATIVE,
    POSITIVE,
    ZERO,
    Sign,
    add,
    both,
    is_real,
    listed,
    mul,
    of,
    power,
    sign,
    turned,
)
from .term import App, Bind, Index, Num, Term, Var, conjuncts, free_names, negate

if TYPE_CHECKING:
    from .index_form import Form
    from .index_scope import Env


def sign_of_term(form: Form, t: Term, env: Env) -> Sign:
    """The sign of ``t`` as written and of its form: what both allow."""
    written = _as_written(form, t, env)
    if written is not None and len(written) <= 1:
        return written
    try:
        out = sign(form, form.read(t, env))
    except Reject:
        return written
    return both(out, written)


def _as_written(form: Form, t: Term, env: Env) -> Sign:
    match t:
        case Num(value):
            return of(value)
        case App("add", args):
            s: Sign = ZERO
            for a in args:
                s = add(s, sign_of_term(form, a, env))
            return s
        case App("mul", args):
            s = POSITIVE
            for a in args:
                s = mul(s, sign_of_term(form, a, env))
            if len(args) == 2 and args[0] == args[1] and s is not None:
                s = s & NONNEGATIVE
            return s
        case App("neg", (a,)):
            return turned(sign_of_term(form, a, env))
        case App("div", (a, b)):
            return mul(sign_of_term(form, a, env), sign_of_term(form, b, env))
        case App("pow", (a, Num(e))):
            s = sign_of_term(form, a, env)
            return POSITIVE if e == 0 else power(s, e)
        case App("exp", (a,)):
            return POSITIVE if is_real(form, form.read(a, env)) else None
        case App("abs", (a,)):
            s = sign_of_term(form, a, env)
            return POSITIVE if s is not None and 0 not in s else NONNEGATIVE
        case App("sqrt", (a,)):
            s = sign_of_term(form, a, env)
            return s if s is not None and s <= NONNEGATIVE else None
        case App("relu", (a,)):
            s = sign_of_term(form, a, env)
            return None if s is None else POSITIVE if s == POSITIVE else NONNEGATIVE
        case App("max" | "min" as head, args):
            signs = [sign_of_term(form, a, env) for a in args]
            if any(x is None for x in signs):
                return None
            return frozenset(
                (max if head == "max" else min)(c) for c in itertools.product(*map(listed, signs))
            )
        case Bind("sum", names, sorts, (), (guard, body)):
            inner, inside = form.under(names, sorts, guard, env)
            s = sign_of_term(inner, body, inside)
            if s is None:
                return None
            if not s <= NONNEGATIVE and not s <= frozenset((-1, 0)):
                return ANY
            return s if nonempty(form, t, env) else s | ZERO
        case Bind("prod", names, sorts, (), (guard, body)):
            inner, inside = form.under(names, sorts, guard, env)
            s = sign_of_term(inner, body, inside)
            return (
                s
                if s is not None and s <= POSITIVE
                else (NONNEGATIVE if s is not None and s <= NONNEGATIVE else None if s is None else ANY)
            )
        case _:
            return None


def nonempty(form: Form, t: Bind, env: Env) -> bool:
    """Whether some value of the bound indices surely satisfies the guard."""
    options = []
    for s in t.sorts:
        if not isinstance(s, Index):
            return False
        size = form.read(s.size, {})
        if form.at_least(size) < 1:
            return False
        options.append(
            [
                token
                for token in form.sizes
                if form._in_range(token, size) and (token.startswith("v") or token in env.values())
            ]
            + ["=1", "=2", "=3"]
        )
    guard = t.inner[0]
    if guard == App("true", ()):
        return True
    if _enough_room(form, t, env):
        return True
    for choice in itertools.islice(itertools.product(*options), 200):
        inside = {**env, **dict(zip(t.names, choice, strict=True))}
        if all(
            c.startswith("v") or c.startswith("~") or _literal_fits(form, c, s)
            for c, s in zip(choice, t.sorts, strict=True)
        ) and _holds_at(form, guard, inside):
            return True
    return False


def _literal_fits(form: Form, token: str, s: object) -> bool:
    if not isinstance(s, Index):
        return False
    return form._in_range(token, form.read(s.size, {}))


def _holds_at(form: Form, guard: Term, env: Env) -> bool:
    """The guard with tokens (perhaps literals) for its names."""

    def name(n: str) -> str | None:
        return env[n] if n in env else form.node(n)

    return _check(form, guard, name)


def _check(form: Form, guard: Term, name: object) -> bool:
    for g in conjuncts(guard):
        if not (isinstance(g, App) and g.head in ("=", "!=", "<", "<=", ">", ">=")):
            return False
        places = []
        for a in g.args:
            p = place(a, name)  # type: ignore[arg-type]
            if p is None:
                return False
            node, offset = p
            places.append(("0", int(node[1:]) + offset) if node.startswith("=") else p)
        relation, (x, y) = g.head, places
        if relation in (">", ">="):
            relation, x, y = ("<" if relation == ">" else "<="), y, x
        if not known(form.facts, relation, x, y):
            return False
    return True


def _enough_room(form: Form, t: Bind, env: Env) -> bool:
    """One bound index that must differ from k others, and more than k indices."""
    if len(t.names) != 1 or not isinstance(t.sorts[0], Index):
        return False
    avoided = set()
    for g in conjuncts(t.inner[0]):
        match g:
            case App("!=", (Var(x), other)) if x == t.names[0]:
                pass
            case App("!=", (other, Var(x))) if x == t.names[0]:
                pass
            case _:
                return False
        if t.names[0] in free_names(other):
            return False
        avoided.add(other)
    size = form.read(t.sorts[0].size, {})
    return form.at_least(size) > len(avoided)


# ------------------------------------------------------------------ formulas


def formula_holds(form: Form, formula: Term, env: Env) -> bool:
    """Whether ``formula`` follows: orders of indices, signs, through forall and implies."""
    node = form.node_in(env)
    if form.facts.holds(formula, node):
        return True
    match formula:
        case App("and", args):
            return all(formula_holds(form, a, env) for a in args)
        case App("or", args):
            return any(formula_holds(form, a, env) for a in args)
        case App("implies", (premise, conclusion)):
            inner, inside = form.under((), (), premise, env)
            if inner.facts.contradictory or form.facts.holds(negate(premise), node):
                return True
            return formula_holds(inner, conclusion, inside)
        case Bind("forall", names, sorts, (), (guard, body)) if all(isinstance(s, Index) for s in sorts):
            inner, inside = form.under(names, sorts, guard, env)
            return formula_holds(inner, body, inside)
        case App("=" | "!=" | "<" | "<=" | ">" | ">=" as relation, (a, b)):
            difference = App("add", (a, App("neg", (b,)))) if b != Num(Fraction(0)) else a
            s = sign_of_term(form, difference, env)
            return s is not None and s <= WANTED[relation]
        case _:
            return False


WANTED: dict[str, frozenset[int]] = {
    "=": ZERO,
    "!=": frozenset((-1, 1)),
    "<": NEGATIVE,
    "<=": frozenset((-1, 0)),
    ">": POSITIVE,
    ">=": NONNEGATIVE,
}

__all__ = ["WANTED", "formula_holds", "nonempty", "sign_of_term"]
