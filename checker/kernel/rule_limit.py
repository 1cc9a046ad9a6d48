"""Limits: ``limit(f) = L`` (L finite, oo or -oo), relations of limits, and their refutation.

    the three signs of each split cover;  on each leaf the expansion of f has the limit L
    ----------------------------------------------------------------------------------------  tree
    G |- limit(f, x -> a) = L            conditions: definedness of L and of the constants in f

A certificate ``{"rule": "limit", ...}`` holds choices only; the expansions are computed here.

* ``tree``: for one approach (a side, or +-oo).  A tree is ``{"leaf": order}``, ``{"undefined": order}``
  (f is eventually undefined there: the path to this leaf becomes a condition), ``{"closed": proof}``
  (the path contradicts G: a proof of ``false``), or ``{"split": P, "-": tree, "0": tree, "+": tree}``
  with a real, everywhere defined term P of the parameters.  A leaf may hold ``equal``, a proof that the
  limit found is L, where the normal form does not show it; with ``between`` it goes by ``corners``.
* ``tree-above`` and ``tree-below`` for a two-sided limit: both sides have the same value.
* ``value`` (and ``compare``): the limit is that value, and the relation follows.  For ``<``, ``!=`` ...
  the limit must be finite: a relation asserts that its limits exist.
* ``rewrite``: ``{"body": g, "proof": p}``; p proves f = g for all x near the point; then g is expanded.
* ``structure``: limits of sums, quotients, ... of limits (``limit_structure``), where f contains
  functions of which only limits are known.
* ``not (limit(f) R L)`` follows from another value; from two sides or two subsequences with different
  limits (``sides``, ``parts``); from ``windows`` (sin and cos of a n + b over the integers).
  ``limit(f) != L`` follows from another *value* only.

FAILURE: an expansion that is lost, or that needs an undecided sign; a value that is not shown to be L;
a split that may be undefined or non-real; a variable that is not real or integer.
The results hold for each fixed value of the parameters; nothing is uniform in them.
Source: expansions, see ``expansion``; a limit along a subsequence (x_k -> a, x_k != a) is the limit
of the function if that exists (Rudin, Principles of Mathematical Analysis, 3rd ed., Theorem 4.2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from .claim import Sequent
from .constants import Constants, Nowhere, Open
from .definedness import definedness
from .evaluate import Undefined, Unknown
from .evidence import Evidence, Reject
from .expansion import Limit, Lost, Unexpandable
from .field import Field
from .kinds import is_integer, is_real
from .limit_case import case_limit, constant_conditions, eventual_sign, expander, settled, solved
from .prove import discharge
from .term import (
    FALSE, INTEGER, OO, REAL, App, Bind, Num, Term, Var, app, conj, free_names, fresh, from_json,
    negate, num, show, sub, substitute, subterms,
)

Prove = Callable[[Sequent, Any], Evidence]
Put = Callable[[Term], Term]

MAX_LEAVES = 200
MINUS_OO = app("neg", OO)
_FLIP = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def check(sequent: Sequent, c: Mapping[str, Any], prove: Prove) -> Evidence:
    goal, negated = sequent.goal, False
    if isinstance(goal, App) and goal.head == "not":
        goal, negated = goal.args[0], True
    if not (isinstance(goal, App) and goal.head in _FLIP):
        raise Reject("limit", "goal", f"{show(goal)[:80]} is no relation")
    if "values" in c:
        return _replaced(sequent, sequent.goal, c, prove)
    left, right, relation = goal.args[0], goal.args[1], goal.head
    if not _is_limit(left):
        left, right, relation = right, left, _FLIP[relation]
    if not isinstance(left, Bind) or not _is_limit(left):
        raise Reject("limit", "goal", "neither side is a limit")
    if any(_is_limit(u) for u in subterms(right)):
        raise Reject("limit", "goal", "the other side contains a limit: give its value (values)")
    if right not in (OO, MINUS_OO) and OO in subterms(right):
        raise Reject("limit", "goal", f"{show(right)[:60]} is neither a number nor oo nor -oo")
    question = Question(sequent, left, right, relation, c, prove, negated)
    return question.refused() if negated else question.holds()


def infinite_sign(t: Term) -> int:
    return 1 if t == OO else -1 if t == MINUS_OO else 0


def _is_limit(t: Term) -> bool:
    return isinstance(t, Bind) and t.head == "limit"


def _replaced(sequent: Sequent, goal: Term, c: Mapping[str, Any], prove: Prove) -> Evidence:
    """
        G |- limit_k = v_k  (v_k finite),   G |- goal with v_k for limit_k
        ------------------------------------------------------------------
        G |- goal              (every limit stands under no binder; the goal is a relation, or its negation)

    The values are the certificate's, not the claim's: that they are defined may not become a condition,
    unless it follows from what the goal and its limits need anyway (1 is p/p only where p != 0).
    """
    own = [x for x in definedness(goal, sequent) if not (isinstance(x, App) and x.head == "finite")]
    total = Evidence()
    table: dict[Term, Term] = {}
    for entry in c["values"]:
        limit, value = from_json(entry["limit"]), from_json(entry["value"])
        if not _is_limit(limit) or free_names(limit) - set(sequent.declarations):
            raise Reject("limit", "values", f"{show(limit)[:60]} is no limit of this goal")
        if OO in (value, *subterms(value)):
            raise Reject("limit", "values", "a relation needs finite limits")
        if free_names(value) - set(sequent.declarations):
            raise Reject("limit", "values", f"{show(value)[:60]} has undeclared names")
        shown = prove(sequent.with_goal(app("=", limit, value)), entry["proof"])
        chosen = discharge(definedness(value, sequent), sequent)
        given = sequent.assuming(*own, *_constants(limit, sequent), *(
            x for x in shown.conditions if x not in chosen))
        if missing := discharge(chosen, given):
            raise Reject("limit", "values", f"the value needs {show(missing[0])[:60]}, the claim does not")
        total += shown
        table[limit] = value

    def put(t: Term) -> Term:
        if t in table:
            return table[t]
        return App(t.head, tuple(put(a) for a in t.args)) if isinstance(t, App) else t

    return total + prove(sequent.assuming(*total.conditions).with_goal(put(goal)), c["proof"])


def _constants(limit: Term, sequent: Sequent) -> list[Term]:
    """What the constants in the body and the point of a limit need."""
    if not isinstance(limit, Bind) or len(limit.names) != 1:
        return []
    x = fresh(limit.names[0], set(sequent.declarations))
    body = substitute(limit.inner[0], {limit.names[0]: Var(x)})
    return [*constant_conditions(body, frozenset((x,)), sequent), *definedness(limit.outer[0], sequent)]


class Question:
    """``limit relation other`` under ``sequent``."""

    def __init__(self, sequent: Sequent, limit: Bind, other: Term, relation: str, c: Mapping[str, Any],
                 prove: Prove, negated: bool = False) -> None:
        if len(limit.names) != 1 or limit.sorts[0] not in (REAL, INTEGER):
            raise Reject("limit", "variable", "the variable must be one real or integer variable")
        self.sequent, self.other, self.relation, self.c, self.prove = sequent, other, relation, c, prove
        self.negated = negated
        self.variable = fresh(limit.names[0], set(sequent.declarations) | free_names(other))
        self.sort, self.integer = limit.sorts[0], limit.sorts[0] == INTEGER
        self.outer = limit.outer
        self.point, side = limit.outer
        self.body = substitute(limit.inner[0], {limit.names[0]: Var(self.variable)})
        if OO in subterms(self.body):
            raise Reject("limit", "body", "an infinite value inside the limit")
        self.side = side.head if isinstance(side, App) else ""
        self.infinite = infinite_sign(self.point)
        if self.integer and not self.infinite:
            raise Reject("limit", "point", "a sequence has a limit only at oo or -oo")
        if not self.infinite and not is_real(self.point, sequent.declarations):
            raise Reject("limit", "point", f"{show(self.point)} may be non-real")
        self.leaves = 0
        self.conditions: list[Term] = []
        needed = [*definedness(self.finite(other), sequent), *constant_conditions(
            self.body, frozenset((self.variable,)), sequent)]
        if not self.infinite:
            needed += definedness(self.point, sequent)
        self.defined = discharge(tuple(dict.fromkeys(needed)), sequent)
        if "rewrite" in c:
            self._rewrite(c["rewrite"])

    @staticmethod
    def finite(value: Term) -> Term:
        return num(0) if value in (OO, MINUS_OO) else value

    def _rewrite(self, c: Mapping[str, Any]) -> None:
        """f = g for all x near the point, proved without conditions on x."""
        new = from_json(c["body"])
        bound = from_json(c.get("bound", "1"))
        if not isinstance(bound, Num):
            raise Reject("limit", "rewrite", "the bound is no number")
        inner = self.sequent.declaring({self.variable: self.sort})
        if free_names(new) - set(inner.declarations):
            raise Reject("limit", "rewrite", "the new body has undeclared names")
        inner = inner.assuming(*self.defined, *self.near(bound.value)).with_goal(app("=", self.body, new))
        shown = self.prove(inner, c["proof"])
        own = set(definedness(self.body, inner))
        for x_ in shown.conditions:
            if self.variable in free_names(x_) or x_ not in own:
                raise Reject("limit", "rewrite", f"rests on {show(x_)}")
        self.conditions += shown.conditions
        self.body = new

    def near(self, bound: Fraction = Fraction(1)) -> list[Term]:
        """What may be assumed of the variable: a neighbourhood of the point, without the point."""
        x = Var(self.variable)
        if self.infinite:
            return [app(">" if self.infinite == 1 else "<", x, num(bound))]
        out = []
        reach = num(abs(bound) or 1)
        if self.side in ("from-above", "two-sided", "unstated-side"):
            out.append(app("<", x, app("add", self.point, reach)))
        if self.side in ("from-below", "two-sided", "unstated-side"):
            out.append(app(">", x, sub(self.point, reach)))
        strict = {"from-above": ">", "from-below": "<"}.get(self.side, "!=")
        return [*out, app(strict, x, self.point)]

    # ------------------------------------------------------------------ goals

    def holds(self) -> Evidence:
        if self.relation == "=" and "value" not in self.c:
            self._has_limit(self.c, self.other)
            return self._evidence()
        value = from_json(self.c["value"])
        if value in (OO, MINUS_OO):
            raise Reject("limit", "value", "a relation asserts a finite limit")
        self._has_limit(self.c, self._declared(value))
        shown = self._compare(value, self.relation)
        return self._evidence() + shown

    def refused(self) -> Evidence:
        """``not (limit R other)``: another value, or no limit."""
        if "windows" in self.c:
            self._windows()
            return Evidence()
        if "parts" in self.c:
            values = [self._along(p) for p in self.c["parts"]]
        elif "sides" in self.c:
            if self.infinite or self.side != "two-sided":
                raise Reject("limit", "sides", "there is only one side")
            above, below = (self._declared(from_json(v)) for v in self.c["sides"])
            self._approach("above", self.c["tree-above"], above)
            self._approach("below", self.c["tree-below"], below)
            values = [above, below]
        else:
            value = self._declared(from_json(self.c["value"]))
            self._has_limit(self.c, value)
            values = [value]
        if self.defined or self.conditions:
            raise Reject("limit", "conditions", f"rests on {show([*self.defined, *self.conditions][0])}")
        if len(values) > 1 and self._different(values[0], values[1]):
            return Evidence()
        if any(self._excluded(v) for v in values):
            return Evidence()
        raise Reject("limit", "value", "the values found do not exclude the claim")

    def _windows(self) -> None:
        """``not``: the sequence keeps to no limit (see ``limit_windows``)."""
        from .limit_windows import without_limit

        if not (self.integer and self.infinite == 1) or self.defined or self.conditions:
            raise Reject("limit", "windows", "is no sequence, or rests on a condition")
        s, put = solved(self.sequent)
        field = Field(s)
        try:
            if settled(field, lambda: without_limit(
                    expander(Constants(field), self.variable, ("up", OO), 3, True), put(self.body))):
                return
        except (Open, Lost, Nowhere, Unexpandable, Unknown, Undefined) as error:
            raise Reject("limit", "windows", f"{type(error).__name__}: {error}") from error
        raise Reject("limit", "windows", "no window is long enough, or a limit is possible")

    def _evidence(self) -> Evidence:
        return Evidence(tuple(dict.fromkeys([*self.defined, *self.conditions])))

    def _declared(self, value: Term) -> Term:
        if free_names(value) - set(self.sequent.declarations):
            raise Reject("limit", "value", "has undeclared names")
        if value not in (OO, MINUS_OO) and OO in subterms(value):
            raise Reject("limit", "value", "is no number")
        return value

    def _compare(self, value: Term, relation: str) -> Evidence:
        """A proof of ``value R other`` (``compare``); its conditions must be the goal's own."""
        goal = app(relation, value, self.other)
        shown = self.prove(self.sequent.assuming(*self.defined).with_goal(goal), self.c["compare"])
        own = set(definedness(self.other, self.sequent))
        if foreign := [x for x in shown.conditions if x not in own]:
            raise Reject("limit", "compare", f"rests on {show(foreign[0])}")
        return shown

    def _excluded(self, value: Term) -> bool:
        """The claim is false if the limit, or a subsequence's limit, is ``value``."""
        if value in (OO, MINUS_OO) or self.other in (OO, MINUS_OO):
            if self.relation == "=":
                return value != self.other
            # the limit is infinite: only what would be false in the extended reals too
            return (value, self.relation) in ((OO, "<"), (OO, "<="), (MINUS_OO, ">"), (MINUS_OO, ">="))
        if "compare" in self.c:
            self._compare(value, {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}[
                self.relation])
            return True
        return self._different(value, self.other) if self.relation == "=" else False

    def _different(self, a: Term, b: Term) -> bool:
        if a in (OO, MINUS_OO) or b in (OO, MINUS_OO):
            return a != b
        constants = Constants(Field(self.sequent))
        try:
            return 0 not in settled(constants.field, lambda: Constants(constants.field).signs(
                constants.field.frac(sub(a, b))))
        except (Open, Nowhere):
            return False

    # ------------------------------------------------------------------ approaches

    def _has_limit(self, c: Mapping[str, Any], value: Term) -> None:
        if "structure" in c:
            from .limit_structure import structural_limit

            structural_limit(self, c["structure"], value)
            return
        for how in self._hows():
            self._approach(how, c["tree" if len(self._hows()) == 1 else f"tree-{how}"], value)

    def expanded(self, body: Term, c: Mapping[str, Any], value: Term, s: Sequent) -> None:
        """``body`` (a part of this question's body) tends to ``value``; no case may be undefined."""
        mine, self.body = self.body, body
        before = len(self.conditions)
        try:
            for how in self._hows():
                self._walk(how, c["tree" if len(self._hows()) == 1 else f"tree-{how}"], value, s, ())
        finally:
            self.body = mine
        if len(self.conditions) > before:
            raise Reject("limit", "structure", "a part is undefined in one case")

    def _hows(self) -> tuple[str, ...]:
        if self.infinite:
            return ("up" if self.infinite == 1 else "down",)
        try:
            return {"from-above": ("above",), "from-below": ("below",), "two-sided": ("above", "below"),
                    "unstated-side": ("above",) if self.negated else ("above", "below")}[self.side]
        except KeyError:
            raise Reject("limit", "side", "no such side") from None

    def _approach(self, how: str, tree: Any, value: Term) -> None:
        self._walk(how, tree, value, self.sequent.assuming(*self.defined), ())

    def _walk(self, how: str, tree: Any, value: Term, s: Sequent, path: tuple[Term, ...]) -> None:
        self.leaves += 1
        if self.leaves > MAX_LEAVES:
            raise Reject("limit", "tree", f"more than {MAX_LEAVES} nodes")
        here = Sequent(s.declarations, path + s.assumptions, s.goal)
        match tree:
            case {"closed": proof}:
                if self.prove(here.with_goal(FALSE), proof).conditions:
                    raise Reject("limit", "closed", "rests on a condition")
            case {"undefined": int(order)}:
                try:
                    found = case_limit(here, self.variable, self.body, self._at(how), order, self.integer)
                except Nowhere:
                    if not path:
                        raise Reject("limit", "tree", "the body is undefined near the point") from None
                    self.conditions.append(negate(conj(*path)))
                else:
                    raise Reject("limit", "tree", f"the body is defined there: {found[0]}")
            case {"leaf": int(order)}:
                self._leaf(how, tree, value, here, order)
            case {"split": on, "-": below, "0": zero, "+": above}:
                p = from_json(on)
                if free_names(p) - set(s.declarations):
                    raise Reject("limit", "split", f"{show(p)[:60]} has undeclared names")
                if not is_real(p, s.declarations) or discharge(definedness(p, here), here):
                    raise Reject("limit", "split", f"{show(p)[:60]} may be undefined or non-real")
                for relation, child in (("<", below), ("=", zero), (">", above)):
                    self._walk(how, child, value, s, (app(relation, p, num(0)), *path))
            case _:
                raise Reject("limit", "tree", "neither a leaf nor a split")

    def _at(self, how: str) -> tuple[str, Term]:
        return how, self.point

    def _leaf(self, how: str, tree: Mapping[str, Any], value: Term, s: Sequent, order: int) -> None:
        def agrees(found: Limit, constants: Constants, put: Put) -> tuple[bool, Term | None]:
            if found.infinite or value in (OO, MINUS_OO):
                return infinite_sign(value) == found.infinite, None
            if found.value is None:
                return False, None
            if constants.minus(found.value, constants.read(put(value))).num == 0:
                return True, None
            return False, constants.term(found.value)

        try:
            _, (same, term) = case_limit(
                s, self.variable, self.body, self._at(how), order, self.integer, agrees,
                tree.get("between") is True)
        except (Open, Lost, Nowhere, Unexpandable) as error:
            raise Reject("limit", "leaf", f"{type(error).__name__}: {error}") from error
        if same:
            return
        if term is None or "equal" not in tree:
            raise Reject("limit", "leaf", f"the limit is not {show(value)[:60]}"
                         + (f" but {show(term)[:60]}" if term is not None else ""))
        shown = self.prove(s.with_goal(app("=", term, value)), tree["equal"])
        if shown.conditions:
            raise Reject("limit", "equal", f"rests on {show(shown.conditions[0])}")

    def _along(self, part: Mapping[str, Any]) -> Term:
        """A subsequence x_k -> point (x_k != point), k = 1, 2, ...: the limit of f along it."""
        value = self._declared(from_json(part["value"]))
        k = fresh("k", set(self.sequent.declarations) | {self.variable})
        given = from_json(part["map"])
        x = substitute(given, {"k": Var(k)})
        s = self.sequent.declaring({k: INTEGER})
        if free_names(given) - {"k"}:
            raise Reject("limit", "parts", "the subsequence uses other names than k")
        if self.integer and not is_integer(x, s.declarations):
            raise Reject("limit", "parts", f"{show(x)} is not certainly an integer")
        if not is_real(x, s.declarations):
            raise Reject("limit", "parts", f"{show(x)} may be non-real")
        order = int(part.get("order", 6))
        moved = x if self.infinite else sub(x, self.point)
        tends, _ = case_limit(self.sequent, k, moved, ("up", OO), order, True)
        if self.infinite:
            if tends.infinite != self.infinite:
                raise Reject("limit", "parts", f"{show(x)} does not tend to the point")
        else:
            if tends.infinite or tends.value is None or tends.value.num != 0:
                raise Reject("limit", "parts", f"{show(x)} does not tend to the point")
            side = eventual_sign(self.sequent, k, moved, order)
            wanted = {"from-below": (-1,), "two-sided": (1, -1)}.get(self.side, (1,))
            if side not in wanted:
                raise Reject("limit", "parts", f"{show(x)} is not on the side of the limit")
        body = substitute(self.body, {self.variable: x})
        try:
            found, term = case_limit(
                self.sequent, k, body, ("up", OO), order, True,
                lambda f, c, put: None if f.value is None else c.minus(f.value, c.read(put(value))).num == 0)
        except (Open, Lost, Nowhere, Unexpandable) as error:
            raise Reject("limit", "parts", f"{type(error).__name__}: {error}") from error
        if found.infinite != infinite_sign(value) or (not found.infinite and term is not True):
            raise Reject("limit", "parts", f"the limit along {show(x)} is not {show(value)}")
        return value


__all__ = ["MINUS_OO", "Question", "check", "infinite_sign"]
