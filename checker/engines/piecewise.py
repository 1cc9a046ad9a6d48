"""Absolute values, signs, maxima and minima of numbers: by cases, until none of them is left.

    soft(b) = sign(b) max(|b| - l, 0),   f(soft(b)) <= f(t):   b > 0 or not, |b| >= l or not, t >= 0 or not

Method: an innermost choice whose side the assumptions do not show is decided both ways (rules ``cases`` and
``resolve``); choices that do not mention the name that is varied come first, so that each branch has one claimed value
before the sign of the variable is asked.  Branches are polynomial and go to the other engines.
Source: cylindrical cases of semilinear sets; no page.
Why it convinces: the kernel replays both branches and replaces what a branch decides, letter by letter.
Cannot: choices that depend on the index of a sum (``one_sum`` takes these term by term); more than ``MAX_SPLITS``
branches.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.kinds import is_real
from ..kernel.prove import discharge, introduce
from ..kernel.rule_resolve import given, used
from ..kernel.term import ZERO, App, Bind, Index, Map, Term, app, free_names, from_json, negate, subterms, to_json

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
CHOICES = ("abs", "relu", "sign", "max", "min")
#: How a fact is shown, by whether it is an equation.
_WAYS: dict[bool, tuple[Certificate, ...]] = {
    False: ({"rule": "assumption"}, {"rule": "sign"}),
    True: ({"rule": "antisymmetric", "up": {"rule": "assumption"}, "down": {"rule": "assumption"}},)}
MAX_CHOICES, MAX_SPLITS, MAX_DEPTH = 8, 40, 8


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Statements about all values with a choice between declared numbers; order relations with several choices, or
    with one under a sum."""
    goal = s.goal
    if search.model is not None or search.depth > MAX_DEPTH:
        return
    relation = isinstance(goal, App) and goal.head in ("<", "<=", ">", ">=")
    if not relation and not (isinstance(goal, Bind) and goal.head == "forall"):
        return
    choices = _declared(goal, s)
    if isinstance(goal, Bind) and not choices and not any(isinstance(k, (Index, Map)) for k in goal.sorts):
        inner, _ = introduce(s, goal)
        for found in proofs(inner, search):
            yield {"rule": "forall", "proof": found}
    least = 1 if not relation or any(isinstance(u, Bind) for u in subterms(goal)) else 2
    if not least <= len(choices) <= MAX_CHOICES:
        return
    if relation and discharge(definedness(goal, s), s):
        return
    found = _Work(search).split(s)
    if found is not None:
        yield found


def _declared(t: Term, s: Sequent) -> list[App]:
    """The choices between numbers that are declared, innermost first."""
    return [c for c in dict.fromkeys(_choices(t)) if free_names(c) <= s.declarations.keys()]


def _choices(t: Term) -> Iterator[App]:
    if isinstance(t, App):
        for a in t.args:
            yield from _choices(a)
        if t.head in CHOICES and (t.head not in ("max", "min") or len(t.args) == 2):
            yield t
    elif isinstance(t, Bind):
        for u in (*t.outer, *t.inner):
            yield from (c for c in _choices(u) if not free_names(c) & set(t.names))


class _Work:
    def __init__(self, search: Searcher) -> None:
        self.search, self.left = search, MAX_SPLITS

    def split(self, s: Sequent) -> Certificate | None:
        facts, s = self.resolved(s)
        inner = self._branches(s)
        return inner if inner is None or not facts else {
            "rule": "resolve", "facts": facts, "given": True, "proof": inner}

    def resolved(self, s: Sequent) -> tuple[list[Certificate], Sequent]:
        """What the assumptions decide."""
        found: list[Certificate] = []
        changed = True
        while changed:
            changed = False
            for fact in (f for c in _declared(s.goal, s) for f in _facts(c)):
                new = used(s.goal, fact)
                if new == s.goal:
                    continue
                proof = next((c for c in _WAYS[fact.head == "="] if (
                    shown := self.search.accepted(s.with_goal(fact), c)) is not None and not shown.conditions), None)
                if proof is not None:
                    found.append({"fact": to_json(fact), "proof": proof})
                    s, changed = s.with_goal(new), True
                    break
        facts = [from_json(f["fact"]) for f in found]
        return found, Sequent(s.declarations, tuple(given(s.assumptions, facts)), s.goal)

    def _branches(self, s: Sequent) -> Certificate | None:
        choices = [c for c in _declared(s.goal, s) if not any(True for a in c.args for _ in _choices(a))]
        if not choices:
            return self.search.unconditionally(s)
        common = free_names(s.goal)
        if isinstance(s.goal, App):
            common = free_names(s.goal.args[0]) & free_names(s.goal.args[1])
        choices.sort(key=lambda c: (not free_names(c) <= common, len(free_names(c))))
        for c in choices:
            for fact in _facts(c):
                if fact.head == "=" or fact in s.assumptions or negate(fact) in s.assumptions or not _real(fact, s):
                    continue
                return self._both(s, fact)
        return self.search.unconditionally(s)

    def _both(self, s: Sequent, fact: Term) -> Certificate | None:
        parts = []
        for branch in (fact, negate(fact)):
            self.left -= 1
            if self.left < 0:
                return None
            there = s.assuming(branch)
            proof = self.split(there)
            if proof is None:
                return None
            parts.append(proof)
        return {"rule": "cases", "on": to_json(fact), "parts": parts}


def _facts(c: App) -> tuple[App, ...]:
    match c:
        case App("abs" | "relu", (u,)):
            return app(">=", u, ZERO), app("<", u, ZERO)
        case App("sign", (u,)):
            return app(">", u, ZERO), app("<", u, ZERO), app("=", u, ZERO)
        case App("max" | "min", (a, b)):
            return app(">=", a, b), app("<", a, b)
    return ()


def _real(fact: Term, s: Sequent) -> bool:
    return isinstance(fact, App) and all(is_real(a, s.declarations) for a in fact.args) and not discharge(
        definedness(fact, s), s)


__all__ = ["proofs"]
