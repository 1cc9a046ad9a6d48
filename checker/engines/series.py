"""Search for the convergence of a series: the tests of ``kernel/rule_series`` in order of cost.

Decides: series whose terms expand on the exp-log scale (factorials and binomials included), alternating and
trigonometric series with a monotone factor, sums of such; parameters by sign splits.  Method: the kernel's own
test is run; where it raises ``Open`` the sign asked for is split on.  Source: the kernel's.
Cannot do: (-1)^k/(sqrt k + (-1)^k) and other alternating terms without a monotone factor; conditional
convergence other than by Dirichlet's test.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.constants import Nowhere, Open
from ..kernel.definedness import definedness
from ..kernel.evidence import Reject
from ..kernel.expansion import Lost, Unexpandable
from ..kernel.field import CannotNormalise
from ..kernel.prove import discharge
from ..kernel.rule_series import infinite_sum, opened, tested
from ..kernel.term import (
    FALSE, INTEGER, OO, App, Bind, Num, Term, app, free_names, negate, num, substitute, subterms, to_json,
)

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
ORDERS = (1, 2, 4, 8)
MAX_DEPTH, MAX_SPLITS, FIRST_TERMS = 6, 24, 12
_CAUGHT = (Lost, Nowhere, Unexpandable, CannotNormalise, Reject, RecursionError, ZeroDivisionError, ValueError)


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Certificates for ``finite(sum)`` and ``not finite(sum)`` (engine of the portfolio)."""
    goal, converges = s.goal, True
    if isinstance(goal, App) and goal.head == "not":
        goal, converges = goal.args[0], False
    series = infinite_sum(goal)
    if series is None:
        return
    inner, name, body = opened(s, series)
    needed = discharge(definedness(body, inner), inner)
    defined = [search.unconditionally(inner.with_goal(condition)) for condition in needed]
    if None in defined:
        if not converges:
            yield from undefined(s, series, name, body, search)
        return
    finder = Finder(s, name, search)
    for new in (body, *rewritings(body)):
        tree = finder.tree(new, converges, (), 0)
        if tree is None:
            continue
        c: Certificate = {"rule": "series", "defined": defined, "tree": tree}
        if new is not body:
            proof = search.unconditionally(inner.with_goal(app("=", body, new)))
            if proof is None:
                continue
            c["rewrite"] = {"body": to_json(new), "proof": proof}
        yield c


def undefined(s: Sequent, series: Bind, name: str, body: Term, search: Searcher) -> Iterator[Certificate]:
    """One of the first terms that has no value."""
    if not isinstance(series.outer[0], Num):
        return
    first = int(series.outer[0].value)
    for k in range(first, first + FIRST_TERMS):
        for which, condition in enumerate(definedness(substitute(body, {name: num(k)}), s)):
            if free_names(condition):
                continue
            proof = search.unconditionally(s.with_goal(negate(condition)))
            if proof is not None:
                yield {"rule": "series", "tree": {
                    "test": "undefined", "at": k, "condition": which, "proof": proof}}
                return


def rewritings(t: Term) -> Iterator[Term]:
    """sin^2 and cos^2 as cosines of twice the argument, products with sums multiplied out."""
    new = _halved(t)
    spread = _spread(new)
    if spread != t:
        yield spread


def _halved(t: Term) -> Term:
    match t:
        case App("pow", (App("sin" | "cos" as head, (u,)), Num(q))) if q == 2:
            twice = app("cos", app("mul", num(2), u))
            return app("div", app("add", num(1), app("neg", twice) if head == "sin" else twice), num(2))
        case App(head, args):
            return App(head, tuple(_halved(a) for a in args))
    return t


def _spread(t: Term) -> Term:
    """One sum in a numerator multiplied out."""
    match t:
        case App("neg", (a,)):
            inside = _spread(a)
            if isinstance(inside, App) and inside.head == "add":
                return app("add", *(app("neg", p) for p in inside.args))
            return app("neg", inside)
        case App("div", (a, b)):
            inside = _spread(a)
            if isinstance(inside, App) and inside.head == "add":
                return app("add", *(app("div", p, b) for p in inside.args))
            return app("div", inside, b)
        case App("mul", args):
            for k, a in enumerate(args):
                inside = _spread(a)
                if isinstance(inside, App) and inside.head == "add":
                    return app("add", *(App("mul", (*args[:k], p, *args[k + 1:])) for p in inside.args))
    return t


class Finder:
    def __init__(self, s: Sequent, name: str, search: Searcher) -> None:
        self.s, self.name, self.search, self.splits = s, name, search, 0

    def tree(self, body: Term, converges: bool, path: tuple[Term, ...], depth: int) -> Certificate | None:
        here = Sequent(self.s.declarations, path + self.s.assumptions, self.s.goal)
        question: Open | None = None
        oscillates = any(isinstance(u, App) and u.head in ("sin", "cos", "pow") for u in subterms(body))
        for test in ("comparison", "dirichlet") if converges and oscillates else ("comparison",):
            for order in ORDERS:
                if not self.search.budget.spend():
                    return None
                try:
                    if tested(here, self.name, body, test, order, converges):
                        return {"test": test, "order": order}
                    break
                except Lost:
                    continue
                except Open as error:
                    question = question or error
                    break
                except _CAUGHT:
                    break
        if question is None and isinstance(body, App) and body.head == "add" and len(body.args) <= 6:
            found = self.parts(body, converges, path, depth)
            if found is not None:
                return found
        if not converges and question is None:
            limit = Bind("limit", (self.name,), (INTEGER,), (OO, App("two-sided", ())), (body,))
            proof = self.search.unconditionally(here.with_goal(app("not", app("=", limit, num(0)))))
            if proof is not None:
                return {"test": "terms", "proof": proof}
        if question is not None and depth < MAX_DEPTH and self.splits < MAX_SPLITS:
            node: Certificate = {"split": to_json(question.poly)}
            for sign, relation in (("0", "="), ("+", ">"), ("-", "<")):
                self.splits += 1
                child = self.tree(body, converges, (app(relation, question.poly, num(0)), *path), depth + 1)
                if child is None:
                    break
                node[sign] = child
            else:
                return node
        if path:
            closed = self.search.unconditionally(here.with_goal(FALSE))
            if closed is not None:
                return {"closed": closed}
        return None

    def parts(self, body: App, converges: bool, path: tuple[Term, ...], depth: int) -> Certificate | None:
        of: list[Any] = []
        divergent = 0
        for part in body.args:
            tree = self.tree(part, True, path, depth + 1)
            if tree is None and not converges and divergent == 0:
                divergent += 1
                tree = self.tree(part, False, path, depth + 1)
                of.append([False, tree])
            else:
                of.append([True, tree])
            if tree is None:
                return None
        return {"test": "parts", "of": of} if converges or divergent else None


__all__ = ["proofs"]
