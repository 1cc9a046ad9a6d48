"""Limits of expressions from limits of their parts: for functions of which only limits are known.

    f -> u    g -> v                    f -> u,  v != 0      f_i -> u_i for every i of the sort, guard
    -----------------  f g -> u v       g -> v               ------------------------------------------
    f + g -> u + v                      f/g -> u/v           sum_i f_i -> sum_i u_i

    f -> -oo: exp f -> 0     f -> u, g -> +-oo: f/g -> 0     f -> u, F continuous at u: F(f) -> F(u)
    an assumption limit(f) = u, or an instance of forall i, guard: limit(f_i) = u_i whose guard follows
    f = g near the point (proved) and g -> u:  f -> u

The number of summands is a size free of the variable, so finitely many thresholds have a maximum; for
a sum whose length moves the rule would be false (sum_{j<=n} 1/n).  Infinite values: oo + oo = oo,
oo + u = oo, -(oo) = -oo, exp oo = oo; nothing else.

A certificate node: ``{"by": constant | variable | assumption | add | mul | neg | div | exp | log |
continuous | sum | rewrite | expand, ...}``, children in ``of``.

FAILURE: a node that does not fit its term, a divisor's limit not proved nonzero, an equality that rests
on a condition.  Cannot do: oo - oo, oo * 0, 0/0 (rewrite first).
Source: Rudin, Principles of Mathematical Analysis, 3rd ed., Theorems 4.4 and 4.9.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Reject
from .kinds import is_real
from .prove import discharge
from .term import (
    OO, App, Bind, Index, Sort, Term, Var, add, alpha, app, conjuncts, free_names, fresh, from_json,
    mul, num, show, substitute, substitute_sort, subterms,
)

if TYPE_CHECKING:
    from .rule_limit import Question

RULE = "limit-structure"
MINUS_OO = app("neg", OO)
_INFINITE = (OO, MINUS_OO)
_CONTINUOUS = (
    "sin", "cos", "exp", "atan", "sinh", "cosh", "tanh", "asinh", "abs", "erf", "relu", "max", "min")


def structural_limit(question: Question, node: Any, value: Term) -> None:
    """Checks that the body tends to ``value``."""
    structure = Structure(question)
    s = question.sequent.assuming(*question.defined)
    found = structure.of(question.body, node, s)
    if alpha(found) == alpha(value):
        return
    if found in _INFINITE or value in _INFINITE:
        raise Reject(RULE, "value", f"the limit is {show(found)}, not {show(value)}")
    proof = node.get("equal") if isinstance(node, Mapping) else None
    shown = question.prove(s.with_goal(app("=", found, value)), proof)
    if shown.conditions:
        raise Reject(RULE, "equal", f"rests on {show(shown.conditions[0])}")


class Structure:
    def __init__(self, question: Question) -> None:
        self.q, self.x, self.nodes = question, question.variable, 0

    def of(self, t: Term, node: Any, s: Sequent) -> Term:
        """The limit of ``t`` (a term free of the variable, oo or -oo), as ``node`` says."""
        self.nodes += 1
        if self.nodes > 400 or not isinstance(node, Mapping):
            raise Reject(RULE, "structure", "no node, or more than 400")
        by, of = node.get("by"), node.get("of")
        if by == "constant":
            if self.x in free_names(t) or discharge(definedness(t, s), s):
                raise Reject(RULE, "constant", f"{show(t)[:60]} moves, or may be undefined")
            return t
        if by == "assumption":
            return self._assumed(t, node, s)
        if by == "rewrite":
            return self._rewritten(t, node, s)
        if by == "expand":
            return self._expanded(t, node, s)
        match by, t:
            case "variable", Var(name) if name == self.x:
                return self.q.point
            case "neg", App("neg", (a,)):
                u = self.of(a, of, s)
                return MINUS_OO if u == OO else OO if u == MINUS_OO else app("neg", u)
            case "add", App("add", args):
                values = self._all(args, of, s)
                infinite = {v for v in values if v in _INFINITE}
                if len(infinite) > 1:
                    raise Reject(RULE, "add", "oo - oo")
                return infinite.pop() if infinite else add(*values)
            case "mul", App("mul", args):
                return mul(*(self._finite(a, n, s) for a, n in self._pairs(args, of)))
            case "div", App("div", (a, b)):
                (_, top), (_, bottom) = self._pairs((a, b), of)
                u, v = self._finite(a, top, s), self.of(b, bottom, s)
                if v in _INFINITE:
                    return num(0)
                self._prove(app("!=", v, num(0)), node.get("nonzero"), s, "div")
                return app("div", u, v)
            case "exp", App("exp", (a,)):
                u = self.of(a, of, s)
                return OO if u == OO else num(0) if u == MINUS_OO else app("exp", u)
            case "log", App("log", (a,)):
                u = self._finite(a, of, s)
                self._prove(app(">", u, num(0)), node.get("positive"), s, "log")
                return app("log", u)
            case "continuous", App(head, args) if head in _CONTINUOUS:
                inside = {**s.declarations, self.x: self.q.sort}
                if not all(is_real(a, inside) for a in args):
                    raise Reject(RULE, "continuous", f"{show(t)[:60]}: an argument may be non-real")
                return App(head, tuple(self._finite(a, n, s) for a, n in self._pairs(args, of)))
            case "sum", Bind("sum", names, sorts, (), (guard, body)):
                return self._sum(names, sorts, guard, body, of, s)
        raise Reject(RULE, str(by)[:20], f"does not fit {show(t)[:60]}")

    def _pairs(self, args: tuple[Term, ...], of: Any) -> list[tuple[Term, Any]]:
        if not isinstance(of, list) or len(of) != len(args):
            raise Reject(RULE, "of", f"{len(args)} parts, not as many nodes")
        return list(zip(args, of, strict=True))

    def _all(self, args: tuple[Term, ...], of: Any, s: Sequent) -> list[Term]:
        return [self.of(a, n, s) for a, n in self._pairs(args, of)]

    def _finite(self, t: Term, node: Any, s: Sequent) -> Term:
        value = self.of(t, node, s)
        if value in _INFINITE:
            raise Reject(RULE, "value", f"the limit of {show(t)[:60]} is infinite")
        return value

    def _prove(self, goal: Term, proof: Any, s: Sequent, where: str) -> None:
        shown = self.q.prove(s.with_goal(goal), proof)
        if shown.conditions:
            raise Reject(RULE, where, f"rests on {show(shown.conditions[0])}")

    def _sum(self, names: tuple[str, ...], sorts: tuple[Sort, ...], guard: Term, body: Term, of: Any,
             s: Sequent) -> Term:
        if self.x in free_names(guard) or not all(isinstance(k, Index) for k in sorts) or any(
                self.x in free_names(k.size) for k in sorts if isinstance(k, Index)):
            raise Reject(RULE, "sum", "its range moves")
        taken = set(s.declarations) | {self.x}
        by: dict[str, Term] = {}
        declared: dict[str, Sort] = {}
        for n, k in zip(names, sorts, strict=True):
            new = fresh(n, taken)
            taken.add(new)
            declared[new] = substitute_sort(k, by)
            by[n] = Var(new)
        guard, body = substitute(guard, by), substitute(body, by)
        value = self._finite(body, of, s.declaring(declared).assuming(*conjuncts(guard)))
        if value == num(0):
            return value
        return Bind("sum", tuple(declared), tuple(declared.values()), (), (guard, value))

    # ------------------------------------------------------------------ leaves

    def _assumed(self, t: Term, node: Mapping[str, Any], s: Sequent) -> Term:
        k = int(node["assumption"])
        formula = s.assumptions[k] if 0 <= k < len(s.assumptions) else Var("")
        if isinstance(formula, Bind) and formula.head == "forall":
            by: dict[str, Term] = {}
            for name, sort in zip(formula.names, formula.sorts, strict=True):
                chosen = Var(str(node["terms"][name]))
                if s.declarations.get(chosen.name) != substitute_sort(sort, by):
                    raise Reject(RULE, "assumption", f"{chosen.name} is not of the sort of {name}")
                by[name] = chosen
            guard, formula = (substitute(u, by) for u in formula.inner)
            for g in conjuncts(guard):
                self._prove(g, node["guard"], s, "guard")
        if isinstance(formula, App) and formula.head == "=":
            left, right = formula.args
            left, right = (left, right) if isinstance(left, Bind) and left.head == "limit" else (right, left)
            if isinstance(left, Bind) and left.head == "limit" and self._same_approach(left):
                body = substitute(left.inner[0], {left.names[0]: Var(self.x)})
                if alpha(body) != alpha(t):
                    self._equal(t, body, node.get("equal"), s)
                if right not in _INFINITE and OO in subterms(right):
                    raise Reject(RULE, "assumption", "no number, oo or -oo")
                return right
        raise Reject(RULE, "assumption", "is no limit at this point")

    def _same_approach(self, limit: Bind) -> bool:
        return (len(limit.names) == 1 and limit.sorts == (self.q.sort,)
                and tuple(map(alpha, limit.outer)) == tuple(map(alpha, self.q.outer)))

    def _equal(self, a: Term, b: Term, proof: Any, s: Sequent) -> None:
        """a = b for every x near the point, without conditions."""
        inner = s.declaring({self.x: self.q.sort}).assuming(*self.q.near())
        if free_names(b) - set(inner.declarations):
            raise Reject(RULE, "equal", "undeclared names")
        self._prove(app("=", a, b), proof, inner, "equal")

    def _rewritten(self, t: Term, node: Mapping[str, Any], s: Sequent) -> Term:
        new = from_json(node["to"])
        self._equal(t, new, node["proof"], s)
        return self.of(new, node.get("of"), s)

    def _expanded(self, t: Term, node: Mapping[str, Any], s: Sequent) -> Term:
        value = from_json(node["value"])
        if free_names(value) - set(s.declarations) or (value not in _INFINITE and OO in subterms(value)):
            raise Reject(RULE, "expand", "no value")
        self.q.expanded(t, node, value, s)
        return value


__all__ = ["Structure", "structural_limit"]
