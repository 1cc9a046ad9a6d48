"""Where two terms of one form differ: the value of a name that makes one of them the other."""

from __future__ import annotations

from ..kernel.term import App, Bind, Term, Var, substitute


def value_of(there: Term, moved: Term, name: str) -> Term | None:
    """v with moved[v for name] = there, if the name stands in ``moved`` as it is."""
    found = _found(there, moved, name)
    return found if found is not None and substitute(moved, {name: found}) == there else None


def _found(there: Term, moved: Term, name: str) -> Term | None:
    if moved == Var(name):
        return there
    match there, moved:
        case App(h, p), App(g, q) if h == g and len(p) == len(q):
            pairs = list(zip(p, q, strict=True))
        case Bind(h, names, sorts), Bind(g, others, more) if (h, names, sorts) == (g, others, more) and (
                name not in names and len(there.outer) == len(moved.outer)):
            pairs = [*zip(there.outer, moved.outer, strict=True), *zip(there.inner, moved.inner, strict=True)]
        case _:
            return None
    return next((v for x, y in pairs if x != y and (v := _found(x, y, name)) is not None), None)


__all__ = ["value_of"]
