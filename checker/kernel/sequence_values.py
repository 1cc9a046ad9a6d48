"""The values f(u) of a sequence in a statement, replaced by something equal.

:class:`Values` walks through a statement and replaces each f(u) by ``value(u, here)``, where ``here`` holds what
may be assumed at that place: the range and guard of the sums and quantifiers around it, and in a limit at oo, or
in ``converges``, that the variable is large (the first terms of a sequence do not matter).  Names are renamed on
the way in, so nothing is captured.  A value that does not fit is refused with :class:`Reject`.
"""

from __future__ import annotations

from .claim import Sequent
from .evidence import Reject
from .term import (
    INTEGER, OO, TRUE, App, Bind, Term, Var, add, app, conj, conjuncts, free_names, fresh, num, rebuild, show,
    substitute,
)

FAR = 1_000      # in a limit at oo the variable may be assumed this large


class Values:
    """``first``: the sequence is known from there on (a limit's variable is shifted by it)."""

    rule: str
    f: str
    first = 0

    def value(self, u: Term, here: Sequent) -> Term:
        raise NotImplementedError

    def put(self, t: Term, here: Sequent) -> Term:
        """``t`` with the values replaced; ``here``: what may be assumed at this place."""
        if self.f not in free_names(t):
            return t
        match t:
            case App("at", (Var(f), u)) if f == self.f:
                if self.f in free_names(u):
                    raise Reject(self.rule, show(t)[:60], f"{self.f} stands in its own argument")
                return self.value(u, here)
            case App("implies", (a, b)):
                return app("implies", self.put(a, here), self.put(b, here.assuming(*(
                    [a] if self.f not in free_names(a) else []))))
            case App():
                return rebuild(t, lambda u: self.put(u, here))
            case Bind("forall" | "exists" | "sum" | "prod" | "limit" | "converges"):
                return self._under(t, here)
        raise Reject(self.rule, show(t)[:60], f"{self.f} stands under a binder that is not opened")

    def _under(self, t: Bind, here: Sequent) -> Term:
        names: list[str] = []
        by: dict[str, Term] = {}
        taken = set(here.declarations) | free_names(t) | {self.f}
        for name in t.names:
            names.append(fresh(name, taken))
            taken.add(names[-1])
            by[name] = Var(names[-1])
        if t.head in ("limit", "converges") and self.first > 0:      # a sequence shifted has the same limit
            by = {t.names[0]: add(Var(names[0]), num(self.first))}
        inner = tuple(substitute(u, by) for u in t.inner)
        inside = here.declaring(dict(zip(names, t.sorts, strict=True)))
        guard: Term = TRUE
        if t.head in ("limit", "converges"):
            if t.sorts != (INTEGER,) or t.head == "limit" and t.outer[0] != OO:
                raise Reject(self.rule, show(t)[:60], "is no limit of a sequence")
            inside = inside.assuming(app(">=", Var(names[0]), num(FAR)))
        else:
            guard = inner[0]
            if self.f in free_names(guard):
                raise Reject(self.rule, show(t)[:60], f"the guard mentions {self.f}")
            if t.outer:
                above = [] if t.outer[1] == OO else [app("<=", Var(names[0]), t.outer[1])]
                guard = conj(app("<=", t.outer[0], Var(names[0])), *above, guard)
            inside = inside.assuming(*conjuncts(guard))
        outer = tuple(self.put(u, here) for u in t.outer)
        return Bind(t.head, tuple(names), t.sorts, outer, tuple(self.put(u, inside) for u in inner))


__all__ = ["FAR", "Values"]
