"""Search for limits: which order of expansion, where to split on the sign of a parameter polynomial,
which value, which subsequences.

Method: the kernel's own expansion is run with one term, then more; where it raises ``Open`` the
question is split on; where the value found is not visibly the value claimed, the difference goes to
the searcher.  What comes back is a choice of orders and splits that the kernel recomputes.

Cannot do: bodies outside ``kernel/expansion.py`` unless the normal form or the index form brings them
in; subsequences other than the ladder at the end of this file.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.closed_sum import closed
from ..kernel.constants import Constants, Nowhere, Open
from ..kernel.definedness import definedness
from ..kernel.evidence import Reject
from ..kernel.expansion import Limit, Lost, Unexpandable
from ..kernel.field import CannotNormalise, Field
from ..kernel.limit_case import case_limit, constant_conditions, settled
from ..kernel.prove import discharge
from ..kernel.rule_limit import MINUS_OO, infinite_sign
from ..kernel.term import (
    INTEGER, OO, REAL, RELATIONS, App, Bind, Term, Var, app, free_names, fresh, negate, num, sub,
    substitute, subterms, to_json,
)

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
ORDERS = (1, 2, 3, 6, 12)
MAX_SPLITS = 40
MAX_DEPTH = 6
_FLIP = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_CAUGHT = (
    Lost, Nowhere, Unexpandable, CannotNormalise, Reject, RecursionError, ZeroDivisionError, ValueError)


def is_limit(t: Term) -> bool:
    return isinstance(t, Bind) and t.head == "limit"


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Certificates for goals about limits (engine of the portfolio)."""
    goal = s.goal
    negated = isinstance(goal, App) and goal.head == "not"
    relation = goal.args[0] if isinstance(goal, App) and negated else goal
    if not (isinstance(relation, App) and relation.head in RELATIONS):
        return
    if not any(is_limit(u) for u in subterms(relation)):
        return
    left, right = relation.args
    head = relation.head
    if not is_limit(left):
        left, right, head = right, left, _FLIP[head]
    if not isinstance(left, Bind) or not is_limit(left) or any(is_limit(u) for u in subterms(right)):
        if isinstance(goal, App):
            yield from _replaced(s, goal, search)
        return
    if len(left.names) != 1 or left.sorts[0] not in (REAL, INTEGER):
        return
    for rewrite, body in _bodies(s, left, search):
        try:
            finder = Finder(s, left, body, right, search, negated)
        except Reject:      # a condition inside a branch that may not be reached
            continue
        if negated:
            found = finder.refuted(head)
        else:
            found = finder.shown(head)
        for c in found:
            yield {"rule": "limit", **c, **rewrite}
        if finder.decided:
            return
    if not negated:
        from .limit_structure import structures

        yield from structures(s, left, right, head, search)


def _replaced(s: Sequent, goal: App, search: Searcher) -> Iterator[Certificate]:
    """Every limit of the goal gets a value first."""
    values = []
    table: dict[Term, Term] = {}
    for t in dict.fromkeys(u for u in subterms(goal) if is_limit(u)):
        if not isinstance(t, Bind) or free_names(t) - set(s.declarations) or len(t.names) != 1:
            return
        found = value_of(s, t, search)
        if found is None or found in (OO, MINUS_OO):
            return
        proof = search.prove(s.with_goal(app("=", t, found)))
        if proof is None:
            return
        values.append({"limit": to_json(t), "value": to_json(found), "proof": proof})
        table[t] = found

    def put(t: Term) -> Term:
        if t in table:
            return table[t]
        return App(t.head, tuple(put(a) for a in t.args)) if isinstance(t, App) else t

    proof = search.prove(s.with_goal(put(goal)))
    if proof is not None:
        yield {"rule": "limit", "values": values, "proof": proof}


def value_of(s: Sequent, limit: Bind, search: Searcher) -> Term | None:
    """The value at the first leaf that has one: a guess for all leaves."""
    try:
        finder = Finder(s, limit, _opened(s, limit)[1], None, search)
    except Reject:
        return None
    for how in finder.approaches():
        for value in finder.values(how, (), 0):
            return value
    return None


def _opened(s: Sequent, limit: Bind) -> tuple[str, Term]:
    x = fresh(limit.names[0], set(s.declarations))
    return x, substitute(limit.inner[0], {limit.names[0]: Var(x)})


def _bodies(s: Sequent, limit: Bind, search: Searcher) -> Iterator[tuple[Certificate, Term]]:
    """The body as it stands; then rewritten by the index form; then by the normal form."""
    x, body = _opened(s, limit)
    yield {}, body
    inner = s.declaring({x: limit.sorts[0]})
    if any(isinstance(u, Bind) and u.head == "sum" and u.outer for u in subterms(body)):
        near = [app(">", Var(x), num(1))] if limit.outer[0] == OO else []
        try:
            new = closed(body, inner.assuming(*near))
        except _CAUGHT:
            new = body
        if new != body:
            proof = {"rule": "closed-sum", "proof": {"rule": "field"}}
            yield {"rewrite": {"body": to_json(new), "proof": proof}}, new
    if any(isinstance(u, Bind) for u in subterms(body)):
        from .limit_rewrites import by_index_form

        for new in by_index_form(inner, body):
            yield {"rewrite": {"body": to_json(new), "proof": {"rule": "index-form"}}}, new
    try:
        field = Field(inner)
        new = settled(field, lambda: Constants(field).term(field.frac(body)))
    except _CAUGHT:
        return
    if new != body and OO not in subterms(body):
        yield {"rewrite": {"body": to_json(new), "proof": {"rule": "field"}}}, new


def _as_term(found: Limit, constants: Constants, put: Any) -> Term | None:
    return None if found.value is None else constants.term(found.value)


class Finder:
    def __init__(self, s: Sequent, limit: Bind, body: Term, other: Term | None, search: Searcher,
                 negated: bool = False) -> None:
        self.negated = negated
        self.search, self.other, self.body = search, other, body
        taken = set(s.declarations) | (free_names(other) if other else set())
        self.variable = fresh(limit.names[0], taken)
        if self.variable != limit.names[0]:
            old, _ = _opened(s, limit)
            self.body = substitute(body, {old: Var(self.variable)})
        self.integer = limit.sorts[0] == INTEGER
        self.point = limit.outer[0]
        self.side = limit.outer[1].head if isinstance(limit.outer[1], App) else ""
        self.infinite = infinite_sign(self.point)
        self.splits = 0
        self.decided = False
        needed: list[Term] = constant_conditions(self.body, frozenset((self.variable,)), s)
        if other is not None and other not in (OO, MINUS_OO):
            needed = [*definedness(other, s), *needed]
        if not self.infinite:
            needed += definedness(self.point, s)
        self.defined = discharge(tuple(dict.fromkeys(needed)), s)
        self.s = s.assuming(*self.defined)
        self.bare = s

    def approaches(self) -> tuple[str, ...]:
        if self.infinite:
            return ("up",) if self.infinite == 1 else ("down",)
        if self.side == "unstated-side" and self.negated:
            return ("above",)
        return {"from-above": ("above",), "from-below": ("below",)}.get(self.side, ("above", "below"))

    # ------------------------------------------------------------------ goals

    def shown(self, relation: str) -> Iterator[Certificate]:
        if self.other is None:
            return
        if relation == "=":
            trees = self.trees(self.other)
            if trees is not None:
                yield trees
            return
        for value in self.values(self.approaches()[0], (), 0):
            if value in (OO, MINUS_OO):
                continue
            trees = self.trees(value)
            if trees is None:
                continue
            compare = self.search.prove(self.s.with_goal(app(relation, value, self.other)))
            if compare is not None:
                yield {**trees, "value": to_json(value), "compare": compare}

    def trees(self, value: Term) -> Certificate | None:
        """Case trees for every side, all with this value."""
        out: Certificate = {}
        for how in self.approaches():
            tree = self.tree(how, value, (), 0)
            if tree is None:
                return None
            out["tree" if len(self.approaches()) == 1 else f"tree-{how}"] = tree
        return out

    def refuted(self, relation: str) -> Iterator[Certificate]:
        if self.other is None:
            return
        found: dict[str, Term] = {}
        for how in self.approaches():
            for value in self.values(how, (), 0):
                found[how] = value
                break
        if len(found) == len(self.approaches()):
            first = found[self.approaches()[0]]
            trees = self.trees(first)
            if trees is not None:
                c = {**trees, "value": to_json(first)}
                if first not in (OO, MINUS_OO) and self.other not in (OO, MINUS_OO):
                    self.decided = True
                    opposite = app(relation, first, self.other)
                    compare = self.search.prove(self.s.with_goal(negate(opposite)))
                    if compare is not None:
                        yield {**c, "compare": compare}
                yield c
            elif len(found) == 2:
                above, below = found["above"], found["below"]
                up, down = self.tree("above", above, (), 0), self.tree("below", below, (), 0)
                if up is not None and down is not None:
                    yield {"sides": [to_json(above), to_json(below)], "tree-above": up, "tree-below": down}
        if not self.decided:
            yield from self.subsequences(relation)
            waves = [u for u in subterms(self.body) if isinstance(u, App) and u.head in ("sin", "cos")]
            if self.integer and waves:
                yield {"windows": True}

    # ------------------------------------------------------------------ trees

    def _orders(self, how: str, path: tuple[Term, ...], then: Any) -> Iterator[tuple[int, Any]]:
        """(order, what the kernel says): a pair (limit, answer), or the exception raised."""
        here = Sequent(self.s.declarations, path + self.s.assumptions, self.s.goal)
        for order in ORDERS:
            if not self.search.budget.spend():
                return
            try:
                yield order, case_limit(
                    here, self.variable, self.body, (how, self.point), order, self.integer, then)
                return
            except Lost as error:
                yield order, error
            except Open as error:
                yield order, error
                if order >= 2:
                    return
            except _CAUGHT as error:
                yield order, error
                return

    def values(self, how: str, path: tuple[Term, ...], depth: int) -> Iterator[Term]:
        """The values at the leaves, as terms."""
        question: Open | None = None
        for _, answer in self._orders(how, path, _as_term):
            if isinstance(answer, tuple):
                limit, term = answer
                yield {1: OO, -1: MINUS_OO}[limit.infinite] if limit.infinite else term
                return
            if isinstance(answer, Open):
                question = question or answer
        if question is not None and depth < MAX_DEPTH and self.splits < MAX_SPLITS:
            for relation in (">", "<", "="):
                self.splits += 1
                yield from self.values(how, (app(relation, question.poly, num(0)), *path), depth + 1)

    def tree(self, how: str, value: Term, path: tuple[Term, ...], depth: int) -> Certificate | None:
        def then(f: Any, c: Constants, put: Any) -> Any:
            if f.infinite or value in (OO, MINUS_OO):
                return value == {1: OO, -1: MINUS_OO}.get(f.infinite), None
            if c.minus(f.value, c.read(put(value))).num == 0:
                return True, None
            if c.doubts and depth < MAX_DEPTH and self.splits < MAX_SPLITS:
                raise c.doubts[0]
            return False, c.term(f.value)

        question: Open | None = None
        here = Sequent(self.s.declarations, path + self.s.assumptions, self.s.goal)
        order, lost = 1, False
        for order, answer in self._orders(how, path, then):
            lost = isinstance(answer, Lost)
            if isinstance(answer, tuple):
                same, term = answer[1]
                if same:
                    return {"leaf": order}
                if term is not None:
                    proof = self.search.prove(here.with_goal(app("=", term, value)))
                    if proof is not None:
                        return {"leaf": order, "equal": proof}
                return self._closed(here, path)
            if isinstance(answer, Nowhere) and path:
                return self._closed(here, path) or {"undefined": order}
            if isinstance(answer, Open):
                question = question or answer
        if lost and question is None and self._between(how, here, then):
            return {"leaf": 2, "between": True}
        if question is None or depth >= MAX_DEPTH or self.splits >= MAX_SPLITS:
            return None
        node: Certificate = {"split": to_json(question.poly)}
        for sign, relation in (("0", "="), ("+", ">"), ("-", "<")):
            self.splits += 1
            child = self.tree(how, value, (app(relation, question.poly, num(0)), *path), depth + 1)
            if child is None:
                return None
            node[sign] = child
        return node

    def _between(self, how: str, here: Sequent, then: Any) -> bool:
        """Oscillations replaced by their extremes."""
        try:
            return bool(case_limit(
                here, self.variable, self.body, (how, self.point), 2, self.integer, then, True)[1][0])
        except (Open, *_CAUGHT):
            return False

    def _closed(self, here: Sequent, path: tuple[Term, ...]) -> Certificate | None:
        if not path:
            return None
        proof = self.search.unconditionally(here.with_goal(App("false", ())))
        return None if proof is None else {"closed": proof}

    # ------------------------------------------------------------------ subsequences

    def subsequences(self, relation: str) -> Iterator[Certificate]:
        """Maps k -> x_k with two different limits, or one limit that is not the value claimed."""
        parts: list[tuple[Certificate, Term]] = []
        for x in self._maps():
            for order in (3, 8):
                if not self.search.budget.spend():
                    return
                try:
                    body = substitute(self.body, {self.variable: x})
                    limit, term = case_limit(
                        self.bare, "k", body, ("up", OO), order, True, _as_term)
                except (Open, *_CAUGHT):
                    continue
                value = {1: OO, -1: MINUS_OO}[limit.infinite] if limit.infinite else term
                part = {"map": to_json(x), "value": to_json(value), "order": order}
                if relation == "=" and self._differs(value, self.other):
                    yield {"parts": [part]}
                for other, seen in parts:
                    if self._differs(value, seen):
                        yield {"parts": [other, part]}
                parts.append((part, value))
                break

    def _differs(self, a: Term | None, b: Term | None) -> bool:
        if a is None or b is None or a == b:
            return False
        if {a, b} & {OO, MINUS_OO}:
            return True
        field = Field(self.bare)
        try:
            return 0 not in settled(field, lambda: Constants(field).signs(field.frac(sub(a, b))))
        except _CAUGHT:
            return False

    def _maps(self) -> Iterator[Term]:
        k, pi = Var("k"), App("pi", ())
        two = num(2)
        if self.infinite:
            sign = (lambda t: t) if self.infinite == 1 else (lambda t: app("neg", t))
            whole: list[Term] = [app("mul", two, k), app("add", app("mul", two, k), num(1))]
            for m in (3, 4, 6, 8):
                whole += [app("add", app("mul", num(m), k), num(r)) for r in range(0, m)]
            for t in whole:
                yield sign(t)
            if not self.integer:
                for r in (1, 3):
                    yield sign(app("add", app("mul", two, k), num(Fraction(r, 2))))
                for t in self._turns(k, pi):
                    yield sign(t)
                for t in self._turns(k, pi):
                    yield sign(app("sqrt", t))
                    yield sign(app("exp", t))
            return
        for s in {"above": (1,), "below": (-1,)}.get("".join(self.approaches()), (1, -1)):
            for t in [k, *self._turns(k, pi)]:
                step = app("div", num(s), t)
                yield step if self.point == num(0) else app("add", self.point, step)

    @staticmethod
    def _turns(k: Term, pi: Term) -> list[Term]:
        turn: Term = app("mul", num(2), pi, k)
        offsets = [Fraction(1, 2), Fraction(1), Fraction(3, 2), Fraction(1, 6), Fraction(1, 3)]
        return [turn, *(app("add", turn, app("mul", num(q), pi)) for q in offsets)]


__all__ = ["Finder", "is_limit", "proofs", "value_of"]
