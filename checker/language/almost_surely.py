"""What is assumed of random variables is assumed almost surely (docs/decisions/0009).

    given=[eq(E(S | N), mu*N)]      for each value n of N with P(n) > 0:  E(S | N = n) = mu n
    given=[x >= 0], given=[forall(x, x >= 0)]       for each value of x with P(x) > 0

A free variable of a *claim* is one value, the same everywhere in it.  An equation between conditional means is one
between functions of the variable, and holds for all its values, wherever it is assumed; so does a condition on the
values of a variable of which the statement names none.  The values meant are those that are taken: random variables
over one base measure have their values in one space, and "every point of the space is >= 0" would speak of them all.

A condition on functions or densities is left as it is: ``f(x) > 0`` at one point, ``forall(x, f(x) > 0)`` at every one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..kernel import term as T

Declarations = Mapping[str, T.Sort]


def almost_surely(statement: T.Term, assumptions: Sequence[T.Term], declarations: Declarations
                  ) -> tuple[T.Term, list[T.Term]]:
    """A claim's statement and assumptions, with conditions on variables read for the values that are taken."""
    named = T.free_names(statement)
    assumed = [_assumed(a, named, declarations) for a in assumptions]
    return _under_binders(statement, declarations), [_under_binders(a, declarations) for a in assumed]


def _assumed(a: T.Term, named: set[str] | frozenset[str], declarations: Declarations) -> T.Term:
    """``a`` for all values of its free variables, where it is meant so."""
    if isinstance(a, T.App) and a.head == "and":
        return T.app("and", *(_assumed(c, named, declarations) for c in a.args))
    names = tuple(sorted(n for n in T.free_names(a) if isinstance(declarations.get(n), T.Space)))
    if not names or not (_conditional_means(a, names) or not named & set(names)):
        return a
    if not (_numbers(a, names) or _conditional_means(a, names)):
        return a
    whole = T.Bind("forall", names, tuple(declarations[n] for n in names), (), (T.TRUE, a))
    closed = _where_taken(whole, a, declarations)
    if closed == whole:
        return a                # no law says which values are taken
    return T.app("and", closed, a) if named & set(names) else closed


def _under_binders(t: T.Term, declarations: Declarations) -> T.Term:
    match t:
        case T.Bind("forall", names, sorts, (), (guard, body)) if (
                guard == T.TRUE and all(isinstance(k, T.Space) for k in sorts) and not _taken(body)):
            if _conditional_means(body, names) or _numbers(body, names) and _others(t, declarations):
                return _where_taken(t, body, declarations)
            return t
        case T.App(head, args):
            return T.App(head, tuple(_under_binders(u, declarations) for u in args))
        case T.Bind(head, names, sorts, outer, inner):
            return T.Bind(head, names, sorts, tuple(_under_binders(u, declarations) for u in outer),
                          tuple(_under_binders(u, declarations) for u in inner))
    return t


def _taken(body: T.Term) -> bool:
    """A condition that says itself for which values it holds."""
    return isinstance(body, T.App) and body.head == "implies"


def _conditional_means(t: T.Term, names: Sequence[str]) -> list[T.Bind]:
    """The expectations in ``t`` given some of the names."""
    return [u for u in T.subterms(t) if isinstance(u, T.Bind) and u.head in ("E", "KL")
            and all(isinstance(k, T.Space) for k in u.sorts) and T.free_names(u.inner[0]) & set(names)]


def _numbers(t: T.Term, names: Sequence[str]) -> bool:
    """Whether some of the names stand in ``t`` as numbers, and nothing else depends on them."""
    used = T.free_names(t) & set(names)
    return bool(used) and not any(
        isinstance(u, T.Bind) or isinstance(u, T.App) and u.head in ("at", "density") and T.free_names(u) & used
        for u in T.subterms(t))


def _others(t: T.Bind, declarations: Declarations) -> bool:
    """Whether another variable shares the space of one of the bound ones."""
    labels = {n for k in declarations.values() if isinstance(k, T.Law) for n in (*k.own, *k.given)} | {
        n for n, k in declarations.items() if isinstance(k, T.Space)}
    return any(declarations.get(n) in t.sorts for n in labels - set(t.names))


def _where_taken(t: T.Bind, body: T.Term, declarations: Declarations) -> T.Term:
    """``t`` for the values that have a positive density, under each law of the variables in the claim."""
    laws = {n: k for n, k in declarations.items() if isinstance(k, T.Law) and set(t.names) <= set(k.own)}
    speaking = {n for u in _conditional_means(body, t.names) for n in T.free_names(u.inner[0]) & laws.keys()}
    parts = [_positive(t, body, law, laws[law], declarations) for law in laws if not speaking or law in speaking]
    return t if not parts else parts[0] if len(parts) == 1 else T.app("and", *parts)


def _positive(t: T.Bind, body: T.Term, law: str, sort: T.Law, declarations: Declarations) -> T.Term:
    place = {n: T.num(k + 1) for k, n in enumerate(sort.own + sort.given)}
    args: list[T.Term] = [T.Var(law)]
    for n in sorted(t.names, key=sort.own.index):
        args += [place[n], T.Var(n)]
    if sort.given:
        args.append(T.app("given"))
        for n in sort.given:
            args += [place[n], T.Var(n)]
    behind = [n for n in sort.given if isinstance(declarations.get(n), T.Space)]
    condition = T.app("implies", T.app(">", T.App("density", tuple(args)), T.ZERO), body)
    return T.Bind("forall", (*t.names, *behind), (*t.sorts, *(declarations[n] for n in behind)), (),
                  (T.TRUE, condition))


__all__ = ["almost_surely"]
