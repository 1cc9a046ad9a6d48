"""Proofs along the hints of ``by=``: each hint is one rule of the kernel, what it leaves is searched as ever.

    induct -> integer-induction    cases, split -> cases    via -> through
    instance -> instance, lemma    unfold -> have + instance (the rest of the claim for any value of a name)

Hints nest in their order: ``[induct(n), cases(x > 0)]`` splits inside the base and the step.  A hint that does
not fit a goal is passed over with a note.  Cannot: definitions with parameters stay open under ``unfold``.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..kernel.claim import Claim, Definition, Sequent, unfold
from ..kernel.evidence import Reject
from ..kernel.kinds import kind
from ..kernel.model import beta
from ..kernel.prove import introduce
from ..kernel.rule_induction import parts
from ..kernel.term import (
    RELATIONS, TRUE, App, Bind, Scalar, Term, Var, app, conj, free_names, fresh, from_json, negate, num, rebuild, show,
    substitute, to_json,
)
from .discrete import lower_bounds
from .lemma_instances import at, ranges
from .search import Certificate, Searcher

Prove = Callable[[Sequent], Certificate | None]
Way = Callable[[Searcher, Sequent, Mapping[str, Any], Prove], Iterator[Certificate]]


class Guide:
    """The hints of one claim."""

    def __init__(self, claim: Claim, hints: Sequence[str]) -> None:
        self.table: dict[str, Definition] = {d.name: d for d in claim.definitions}
        self.hints = [self._read(json.loads(h)) for h in hints]

    def _read(self, data: dict[str, Any]) -> dict[str, Any]:
        opened = {key: [unfold(from_json(t), self.table) for t in data.get(key, ())] for key in ("terms", "formulas")}
        if data["hint"] != "unfold":
            return {**data, **opened}
        folded = [unfold(d.body, self.table) for d in self.table.values()
                  if d.name not in data["names"] and not d.params]
        return {**data, "folded": folded}

    def prove(self, search: Searcher, s: Sequent, hints: Sequence[Mapping[str, Any]] | None = None
              ) -> Certificate | None:
        """A certificate along the hints, or None."""
        hints = self.hints if hints is None else hints
        if not hints:
            return search.prove(s)
        inside = _opened(s)
        if inside is not None:
            wrap, inner = inside
            found = self.prove(search, inner, hints)
            return None if found is None else wrap(found)
        first, *rest = hints
        name = str(first["hint"])
        for c in WAYS[name](search, s, first, lambda g: self.prove(search, g, rest)):
            if search.accepted(s, c) is not None:
                return c
        search.notes.setdefault(f"hint {name}", f"leads to no proof of {show(s.goal)[:100]}")
        return self.prove(search, s, rest)


def _opened(s: Sequent) -> tuple[Callable[[Certificate], Certificate], Sequent] | None:
    """Quantifiers and premises first: a hint speaks of what is inside."""
    match s.goal:
        case Bind("forall"):
            inner, names = introduce(s, s.goal)
            if names == s.goal.names:
                return (lambda c: {"rule": "forall", "proof": c}), inner
        case App("implies", (premise, conclusion)):
            return (lambda c: {"rule": "implies", "proof": c}), s.assuming(premise).with_goal(conclusion)
    return None


def _induct(search: Searcher, s: Sequent, hint: Mapping[str, Any], prove: Prove) -> Iterator[Certificate]:
    n, *start = hint["terms"]
    if not isinstance(n, Var):
        return
    carry = [k for k, a in enumerate(s.assumptions) if n.name in free_names(a)]
    for least in start or lower_bounds(s, n.name):
        for carried in ([k for k in carry if _upper(s.assumptions[k], n)], []):
            try:
                premises, step = parts(s, n.name, least, int(hint["steps"]), False, carried)
            except Reject as reason:
                search.notes.setdefault("hint induct", f"{reason.where}: {reason.message}")
                continue
            if (proof := prove(step)) is None:
                continue
            bases = [prove(p) for p in premises]
            if None not in bases:
                yield {"rule": "integer-induction", "name": n.name, "least": to_json(least), "bases": bases,
                       "step": proof, "carry": carried}


def _upper(a: Term, n: Var) -> bool:
    return isinstance(a, App) and a.head in ("<", "<=") and a.args[0] == n


def _cases(search: Searcher, s: Sequent, hint: Mapping[str, Any], prove: Prove) -> Iterator[Certificate]:
    yield from _by_cases(s, hint["formulas"], lambda f: (f, negate(f)), prove)


def _split(search: Searcher, s: Sequent, hint: Mapping[str, Any], prove: Prove) -> Iterator[Certificate]:
    zero = num(0)
    yield from _by_cases(s, hint["terms"], lambda t: tuple(app(r, t, zero) for r in ("<", "=", ">")), prove)


def _by_cases(s: Sequent, on: Sequence[Term], branches: Callable[[Term], tuple[Term, ...]], prove: Prove
              ) -> Iterator[Certificate]:
    if not on:
        return
    first, *rest = on
    proofs = []
    for branch in branches(first):
        inner = s.assuming(branch)
        c = next(_by_cases(inner, rest, branches, prove), None) if rest else prove(inner)
        if c is None:
            return
        proofs.append(c)
    yield {"rule": "cases", "on": to_json(first), "parts": proofs}


def _via(search: Searcher, s: Sequent, hint: Mapping[str, Any], prove: Prove) -> Iterator[Certificate]:
    """Equalities as far as they go; the goal's own relation in one link."""
    if not (isinstance(s.goal, App) and s.goal.head in RELATIONS and s.goal.head != "!="):
        return
    left, right = s.goal.args
    terms = [left, *hint["terms"], right]
    proofs, relations = [], []
    strict = s.goal.head.rstrip("=") or "="
    for a, b in itertools.pairwise(terms):
        for relation in dict.fromkeys(("=", s.goal.head, strict)):
            if (c := prove(s.with_goal(app(relation, a, b)))) is not None:
                relations.append(relation)
                proofs.append(c)
                break
        else:
            return
    yield {"rule": "through", "terms": [to_json(t) for t in terms[1:-1]], "relations": relations, "parts": proofs}


def _instance(search: Searcher, s: Sequent, hint: Mapping[str, Any], prove: Prove) -> Iterator[Certificate]:
    values = dict(zip(hint["names"], hint["terms"], strict=True))
    if "lemma" in hint:
        proved = search.lemmas.get(hint["lemma"])
        c = None if proved is None else at(search, s, str(hint["lemma"]), proved, values, prove)
        if c is not None:
            yield c
        return
    law = s.assumptions[hint["assumption"]] if hint["assumption"] < len(s.assumptions) else TRUE
    if not (isinstance(law, Bind) and law.head == "forall" and set(law.names) <= set(values)):
        return
    by = {n: values[n] for n in law.names}
    guard, body = (beta(substitute(x, by), s.declarations) for x in law.inner)
    c = {"rule": "instance", "assumption": hint["assumption"],
                      "terms": {n: to_json(t) for n, t in by.items()},
                      "range": ranges(search, s, dict(zip(law.names, law.sorts, strict=True)), by)}
    if guard != TRUE:
        if (g := search.unconditionally(s.with_goal(guard))) is None:
            return
        c["guard"] = g
    if (proof := prove(s.assuming(body))) is not None:
        yield {**c, "proof": proof}


def _unfold(search: Searcher, s: Sequent, hint: Mapping[str, Any], prove: Prove) -> Iterator[Certificate]:
    """Every folded definition as a name of its kind: forall x: P[x] first, then at the definition's body."""
    for body in hint["folded"]:
        sort = kind(body, s.declarations)
        if sort == "other" or free_names(body) - set(s.declarations):
            continue
        name = fresh("x", set(s.declarations))

        def put(t: Term, body: Term = body, name: str = name) -> Term:
            return Var(name) if t == body else rebuild(t, put) if isinstance(t, (App, Bind)) else t

        goal, given = put(s.goal), [put(a) for a in s.assumptions]
        if goal == s.goal:
            continue
        moved = [a for a, b in zip(given, s.assumptions, strict=True) if a != b]
        fact = Bind("forall", (name,), (Scalar(sort),), (), (conj(*moved), goal))
        inner, _ = introduce(s, fact)
        others = {"folded": [b for b in hint["folded"] if b != body]}
        c = next(_unfold(search, inner, others, prove), None) or prove(inner)
        if c is None:
            continue
        guard = {"rule": "assumption"} if len(moved) < 2 else {
            "rule": "and", "parts": [{"rule": "assumption"}]*len(moved)}
        yield {"rule": "have", "fact": to_json(fact), "because": {"rule": "forall", "proof": c},
               "proof": {"rule": "instance", "assumption": len(s.assumptions), "terms": {name: to_json(body)},
                         "guard": guard, "proof": {"rule": "assumption"}}}


WAYS: dict[str, Way] = {"induct": _induct, "cases": _cases, "split": _split, "via": _via, "instance": _instance,
                        "unfold": _unfold}

__all__ = ["Guide"]
