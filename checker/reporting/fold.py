"""Definitions folded back: rules see a claim unfolded, people should not.

``fold(term, definitions)`` replaces every part that equals an unfolded definition body, for some
values of its parameters, by a use of the definition.  Only for display.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..kernel.claim import Definition, unfold
from ..kernel.term import App, Bind, Malformed, Num, Term, Var, free_names, rebuild

_BUDGET = 400_000


class Folder:
    """Holds the unfolded bodies, largest use first (a definition that uses others comes later)."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self.patterns: list[tuple[str, tuple[str, ...], Term]] = []
        for d in reversed(list(definitions.values())):
            try:
                body = unfold(d.body, definitions)
            except (Malformed, KeyError):
                continue
            params = tuple(n for n, _ in d.params)
            if isinstance(body, (App, Bind)) and set(params) <= free_names(body):
                self.patterns.append((d.name, params, body))
        self.budget = _BUDGET

    def __call__(self, t: Term) -> Term:
        if not self.patterns:
            return t
        self.budget = _BUDGET
        return self._go(t)

    def _go(self, t: Term) -> Term:
        if not isinstance(t, (App, Bind)):
            return t
        for name, params, body in self.patterns:
            found: dict[str, Term] = {}
            if self._match(body, t, {}, {}, params, found) and set(found) == set(params):
                return App(f"@{name}", tuple(self._go(found[p]) for p in params))
        return rebuild(t, self._go)

    def _match(
        self, pattern: Term, t: Term, env_p: Mapping[str, int], env_t: Mapping[str, int],
        holes: Sequence[str], found: dict[str, Term],
    ) -> bool:
        self.budget -= 1
        if self.budget < 0:
            return False
        match pattern, t:
            case Var(name), _ if name in env_p:
                return isinstance(t, Var) and env_t.get(t.name) == env_p[name]
            case Var(name), _ if name in holes:
                if free_names(t) & set(env_t):
                    return False
                return found.setdefault(name, t) == t
            case Var(name), Var(other):
                return name == other and other not in env_t
            case Num(a), Num(b):
                return a == b
            case App(head, args), App(other, others):
                return head == other and len(args) == len(others) and all(
                    self._match(a, b, env_p, env_t, holes, found) for a, b in zip(args, others, strict=True)
                )
            case Bind() as a, Bind() as b:
                if (a.head, a.sorts, len(a.outer), len(a.inner)) != (
                    b.head,
                    b.sorts,
                    len(b.outer),
                    len(b.inner),
                ):
                    return False
                depth = len(env_p)
                in_p = {**env_p, **{n: depth + k for k, n in enumerate(a.names)}}
                in_t = {**env_t, **{n: depth + k for k, n in enumerate(b.names)}}
                return all(
                    self._match(u, v, env_p, env_t, holes, found)
                    for u, v in zip(a.outer, b.outer, strict=True)
                ) and all(
                    self._match(u, v, in_p, in_t, holes, found) for u, v in zip(a.inner, b.inner, strict=True)
                )
            case _:
                return False
