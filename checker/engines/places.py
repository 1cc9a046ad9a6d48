"""Where two terms of one form differ: the value of a name that makes one of them the other, and points next to it."""

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


def entries_of(there: Term, moved: Term, name: str) -> tuple[tuple[str, ...], Term] | None:
    """Indices and the entry at them: ((c), N_c/n) for ``name``[c] where ``there`` has N_c/n."""
    match there, moved:
        case _, App("at", (Var(n), *where)) if n == name and all(isinstance(x, Var) for x in where):
            return tuple(x.name for x in where if isinstance(x, Var)), there
        case App(h, p), App(g, q) if h == g and len(p) == len(q):
            pairs = list(zip(p, q, strict=True))
        case Bind(h, names, sorts), Bind(g, others, more) if h == g and sorts == more and len(names) == len(others):
            by: dict[str, Term] = {n: Var(m) for n, m in zip(names, others, strict=True)}
            pairs = [(substitute(x, by), y) for x, y in zip(there.inner, moved.inner, strict=True)]
        case _:
            return None
    return next((v for x, y in pairs if x != y and (v := entries_of(x, y, name)) is not None), None)


__all__ = ["entries_of", "value_of"]
