"""Search for structural limits: sums, quotients and exponentials of functions known by their limits.

Method: walk the body; where an assumption (or an instance of one) gives a limit, use it; a quotient by
a sum of exponentials is first divided through by one of its summands (the *pivot*: the index that the
assumptions single out), so that the sum becomes 1 + (terms that tend to 0).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.kinds import is_real
from ..kernel.term import (
    OO, TRUE, App, Bind, Index, Sort, Term, Var, add, alpha, app, conj, conjuncts, free_names,
    fresh, num, sub, substitute, substitute_sort, subterms, to_json,
)

if TYPE_CHECKING:
    from .search import Searcher

Node = dict[str, Any]
MINUS_OO = app("neg", OO)
MAX_NODES = 160
_CONTINUOUS = ("sin", "cos", "atan", "sinh", "cosh", "tanh", "asinh", "abs", "erf", "relu", "max", "min")
_EQUALITIES = ("field", "index-form")


def structures(s: Sequent, limit: Bind, other: Term, relation: str, search: Searcher) -> Iterator[Node]:
    """Certificates ``{"rule": "limit", "structure": ...}`` for ``limit relation other``."""
    from .limits import Finder

    if not _useful(s, limit):
        return
    try:
        finder = Finder(s, limit, substitute(limit.inner[0], {}), other, search)
    except Reject:      # a condition inside a branch that may not be reached
        return
    walker = Walker(finder, limit)
    for node, value in walker.candidates(walker.body, finder.s):
        if relation == "=":
            if alpha(value) == alpha(other):
                yield {"rule": "limit", "structure": node}
            elif value not in (OO, MINUS_OO) and other not in (OO, MINUS_OO):
                proof = search.unconditionally(finder.s.with_goal(app("=", value, other)))
                if proof is not None:
                    yield {"rule": "limit", "structure": {**node, "equal": proof}}
        elif value not in (OO, MINUS_OO):
            compare = search.prove(finder.s.with_goal(app(relation, value, other)))
            if compare is not None:
                yield {"rule": "limit", "structure": node, "value": to_json(value), "compare": compare}


def _useful(s: Sequent, limit: Bind) -> bool:
    """Some assumption speaks of a limit."""
    return any(isinstance(u, Bind) and u.head == "limit" for a in s.assumptions for u in subterms(a))


class Walker:
    def __init__(self, finder: Any, limit: Bind) -> None:
        self.f, self.search = finder, finder.search
        self.x, self.sort, self.outer = finder.variable, limit.sorts[0], limit.outer
        self.body = substitute(limit.inner[0], {limit.names[0]: Var(self.x)})
        self.nodes = 0

    def candidates(self, t: Term, s: Sequent) -> Iterator[tuple[Node, Term]]:
        found = self.find(t, s)
        if found is not None:
            yield found
        for pivot in self._pivots(s):
            new = self._through(t, pivot, s)
            if new == t:
                continue
            proof = self._equal(t, new, s)
            if proof is None:
                continue
            inner = self.find(new, s)
            if inner is not None:
                yield {"by": "rewrite", "to": to_json(new), "proof": proof, "of": inner[0]}, inner[1]

    def find(self, t: Term, s: Sequent) -> tuple[Node, Term] | None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            return None
        if self.x not in free_names(t):
            return {"by": "constant"}, t
        assumed = self._assumed(t, s)
        if assumed is not None:
            return assumed
        match t:
            case Var():
                return {"by": "variable"}, self.outer[0]
            case App("neg", (a,)):
                inner = self.find(a, s)
                if inner is not None:
                    u = inner[1]
                    return {"by": "neg", "of": inner[0]}, _opposite(u)
            case App("add", args):
                parts = self._all(args, s)
                if parts is not None:
                    infinite = {v for _, v in parts if v in (OO, MINUS_OO)}
                    if len(infinite) <= 1:
                        value = infinite.pop() if infinite else add(*(v for _, v in parts))
                        return {"by": "add", "of": [n for n, _ in parts]}, value
            case App("mul", args):
                parts = self._all(args, s)
                if parts is not None and all(v not in (OO, MINUS_OO) for _, v in parts):
                    return {"by": "mul", "of": [n for n, _ in parts]}, app("mul", *(v for _, v in parts))
            case App("div", args):
                parts = self._all(args, s)
                if parts is not None and parts[0][1] not in (OO, MINUS_OO):
                    (top, u), (bottom, v) = parts
                    if v in (OO, MINUS_OO):
                        return {"by": "div", "of": [top, bottom]}, num(0)
                    proof = self.search.unconditionally(s.with_goal(app("!=", v, num(0))))
                    if proof is not None:
                        return {"by": "div", "of": [top, bottom], "nonzero": proof}, app("div", u, v)
            case App("exp", (a,)):
                inner = self.find(a, s)
                if inner is not None:
                    u = inner[1]
                    value = OO if u == OO else num(0) if u == MINUS_OO else app("exp", u)
                    return {"by": "exp", "of": inner[0]}, value
            case App("log", (a,)):
                inner = self.find(a, s)
                if inner is not None and inner[1] not in (OO, MINUS_OO):
                    proof = self.search.unconditionally(s.with_goal(app(">", inner[1], num(0))))
                    if proof is not None:
                        return {"by": "log", "of": inner[0], "positive": proof}, app("log", inner[1])
            case App(head, args) if head in _CONTINUOUS:
                if all(is_real(a, {**s.declarations, self.x: self.sort}) for a in args):
                    parts = self._all(args, s)
                    if parts is not None and all(v not in (OO, MINUS_OO) for _, v in parts):
                        return {"by": "continuous", "of": [n for n, _ in parts]}, App(
                            head, tuple(v for _, v in parts))
            case Bind("sum", names, sorts, (), (guard, body)) if all(isinstance(k, Index) for k in sorts):
                return self._sum(names, sorts, guard, body, s)
        return self._expanded(t, s)

    def _all(self, args: tuple[Term, ...], s: Sequent) -> list[tuple[Node, Term]] | None:
        out = []
        for a in args:
            inner = self.find(a, s)
            if inner is None:
                return None
            out.append(inner)
        return out

    def _sum(self, names: tuple[str, ...], sorts: tuple[Sort, ...], guard: Term, body: Term,
             s: Sequent) -> tuple[Node, Term] | None:
        taken = set(s.declarations) | {self.x}
        by: dict[str, Term] = {}
        declared: dict[str, Sort] = {}
        for n, k in zip(names, sorts, strict=True):
            new = fresh(n, taken)
            taken.add(new)
            declared[new] = substitute_sort(k, by)
            by[n] = Var(new)
        guard, body = substitute(guard, by), substitute(body, by)
        inner = self.find(body, s.declaring(declared).assuming(*conjuncts(guard)))
        if inner is None or inner[1] in (OO, MINUS_OO):
            return None
        value = inner[1] if inner[1] == num(0) else Bind(
            "sum", tuple(declared), tuple(declared.values()), (), (guard, inner[1]))
        if self.x in free_names(guard):
            return None
        return {"by": "sum", "of": inner[0]}, value

    def _expanded(self, t: Term, s: Sequent) -> tuple[Node, Term] | None:
        from .limits import Finder

        limit = Bind("limit", (self.x,), (self.sort,), self.outer, (t,))
        try:
            finder = Finder(s, limit, t, None, self.search)
        except Reject:
            return None
        if finder.defined or finder.variable != self.x:
            finder.variable, finder.body = self.x, t
        for value in finder.values(finder.approaches()[0], (), 0):
            trees = finder.trees(value)
            if trees is not None:
                return {"by": "expand", "value": to_json(value), **trees}, value
            return None
        return None

    # ------------------------------------------------------------------ assumptions

    def _assumed(self, t: Term, s: Sequent) -> tuple[Node, Term] | None:
        for k, a in enumerate(s.assumptions):
            formula, names, sorts = a, (), ()  # type: tuple[Term, tuple[str, ...], tuple[Sort, ...]]
            guard: Term = TRUE
            if isinstance(a, Bind) and a.head == "forall":
                names, sorts, (guard, formula) = a.names, a.sorts, a.inner
            for terms in self._instances(names, sorts, s):
                by: dict[str, Term] = {n: Var(v) for n, v in terms.items()}
                g, f = substitute(guard, by), substitute(formula, by)
                match f:
                    case App("=", (Bind("limit") as left, right)) | App("=", (right, Bind("limit") as left)):
                        if left.sorts != (self.sort,) or tuple(map(alpha, left.outer)) != tuple(
                                map(alpha, self.outer)):
                            continue
                        body = substitute(left.inner[0], {left.names[0]: Var(self.x)})
                        node: Node = {"by": "assumption", "assumption": k, "terms": terms}
                        turned = None
                        if alpha(body) != alpha(t):
                            proof = self._equal(t, body, s)
                            if proof is None:
                                back = app("neg", body)
                                turned = self._equal(t, back, s)
                                if turned is None:
                                    continue
                            else:
                                node["equal"] = proof
                        if g != TRUE:
                            shown = self.search.unconditionally(s.with_goal(conj(g)))
                            if shown is None:
                                continue
                            node["guard"] = shown
                        if turned is not None:
                            value = _opposite(right)
                            return {"by": "rewrite", "to": to_json(app("neg", body)), "proof": turned,
                                    "of": {"by": "neg", "of": node}}, value
                        return node, right
        return None

    def _instances(self, names: tuple[str, ...], sorts: tuple[Sort, ...], s: Sequent
                   ) -> Iterator[dict[str, str]]:
        pools = [[n for n, k in s.declarations.items() if k == sort] for sort in sorts]
        for chosen in itertools.islice(itertools.product(*pools), 16):
            yield dict(zip(names, chosen, strict=True))

    def _equal(self, a: Term, b: Term, s: Sequent) -> Node | None:
        heads = {u.args[0] for u in subterms(b) if isinstance(u, App) and u.head == "at"}
        if heads and not heads & {u.args[0] for u in subterms(a) if isinstance(u, App) and u.head == "at"}:
            return None
        inner = s.declaring({self.x: self.sort}).assuming(*self._near()).with_goal(app("=", a, b))
        for rule in _EQUALITIES:
            shown = self.search.accepted(inner, {"rule": rule})
            if shown is not None and not shown.conditions:
                return {"rule": rule}
        return None

    def _near(self) -> list[Term]:
        x, point = Var(self.x), self.outer[0]
        if self.f.infinite:
            return [app(">" if self.f.infinite == 1 else "<", x, num(1))]
        out = []
        if self.f.side in ("from-above", "two-sided", "unstated-side"):
            out.append(app("<", x, app("add", point, num(1))))
        if self.f.side in ("from-below", "two-sided", "unstated-side"):
            out.append(app(">", x, sub(point, num(1))))
        return [*out, app({"from-above": ">", "from-below": "<"}.get(self.f.side, "!="), x, point)]

    # ------------------------------------------------------------------ dividing through

    def _pivots(self, s: Sequent) -> Iterator[str]:
        yield from (n for n, k in s.declarations.items() if isinstance(k, Index))

    def _through(self, t: Term, pivot: str, s: Sequent) -> Term:
        """Quotients exp(u)/sum_i exp(w_i) divided through by exp(w_pivot); sums split at the pivot."""
        match t:
            case App("div", (top, Bind("sum", (i,), (sort,), (), (guard, App("exp", (w,)))))) if (
                    s.declarations.get(pivot) == sort and guard == TRUE):
                here = substitute(w, {i: Var(pivot)})
                bottom = add(num(1), Bind("sum", (i,), (sort,), (), (
                    app("!=", Var(i), Var(pivot)), app("exp", sub(w, here)))))
                return app("div", self._over(top, here), bottom)
            case Bind("sum", (i,), (sort,), (), (guard, body)) if (
                    s.declarations.get(pivot) == sort and guard == TRUE and self.x in free_names(body)):
                inside = self._through(body, pivot, s)
                rest = Bind("sum", (i,), (sort,), (), (app("!=", Var(i), Var(pivot)), inside))
                return add(_cancelled(substitute(inside, {i: Var(pivot)})), rest)
            case App(head, args):
                return App(head, tuple(self._through(a, pivot, s) for a in args))
            case _:
                return t

    @staticmethod
    def _over(top: Term, here: Term) -> Term:
        match top:
            case App("exp", (u,)):
                return num(1) if alpha(u) == alpha(here) else app("exp", sub(u, here))
            case App("mul", args) if any(isinstance(a, App) and a.head == "exp" for a in args):
                k = next(k for k, a in enumerate(args) if isinstance(a, App) and a.head == "exp")
                return App("mul", (*args[:k], Walker._over(args[k], here), *args[k + 1:]))
            case _:
                return app("mul", top, app("exp", app("neg", here)))


def _cancelled(t: Term) -> Term:
    """exp(a - a) is 1."""
    match t:
        case App("exp", (App("add", (a, App("neg", (b,)))),)) if alpha(a) == alpha(b):
            return num(1)
        case App(head, args):
            return App(head, tuple(_cancelled(a) for a in args))
        case _:
            return t


def _opposite(u: Term) -> Term:
    return MINUS_OO if u == OO else OO if u == MINUS_OO else app("neg", u)


__all__ = ["Walker", "structures"]
