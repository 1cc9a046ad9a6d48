"""Absolute values, signs, extremes and cases decided by proved facts.

    G |- fact_k without conditions;   G |- goal with the facts used
    ----------------------------------------------------------------      (``given``: also G with the facts used
    G |- goal                                                              on the premise's left)

A fact u >= 0 or u > 0 (0 <= u, 0 < u) makes abs(u) and relu(u) u, and sign(u) 1 if it is strict; u <= 0
makes them -u, 0 and -1; u = 0 makes them 0.  A fact a >= b makes max(a, b) a and min(a, b) b.  A fact that is the
condition of a case selects it; one that is its negation drops it.  The terms must be the fact's own, letter by
letter.

What is replaced has the same value at every point of G: a fact that is proved there is defined there.
FAILURE: a fact shown only under a condition; a fact that changes nothing; the goal shown under a condition
that is not its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .term import TRUE, App, Bind, Num, Term, app, free_names, from_json, negate, num, show

if TYPE_CHECKING:
    from .prove import Prover

RULE = "resolve"


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    goal, evidence = s.goal, Evidence()
    for entry in c["facts"]:
        fact = from_json(entry["fact"])
        if loose := free_names(fact) - set(s.declarations):
            raise Reject(RULE, "fact", f"{', '.join(sorted(loose))} is not declared")
        shown = prove(s.with_goal(fact), entry["proof"])
        if shown.conditions:
            raise Reject(RULE, "fact", f"is shown only if {show(shown.conditions[0])}")
        evidence += shown
        goal = used(goal, fact)
    inner = s.with_goal(goal)
    if c.get("given") is True:
        inner = Sequent(s.declarations, tuple(given(s.assumptions, [from_json(e["fact"]) for e in c["facts"]])), goal)
    if inner == s:
        raise Reject(RULE, "facts", "change nothing")
    shown = prove(inner, c["proof"])
    own = definedness(s.goal, s)
    if foreign := [x for x in shown.conditions if x not in own]:
        raise Reject(RULE, "proof", f"{show(foreign[0])} is no condition of the goal")
    return evidence + shown


def given(assumptions: Iterable[Term], facts: Iterable[Term]) -> Iterator[Term]:
    """The assumptions with the facts used, a fact in itself excepted."""
    facts = list(facts)
    for a in assumptions:
        new = a
        for fact in facts:
            new = new if new == fact else used(new, fact)
        yield new


def used(t: Term, fact: Term) -> Term:
    """``t`` with what the fact decides.  Below a binder only if it binds none of the fact's names."""
    match t:
        case App(head, args):
            args = tuple(used(a, fact) for a in args)
            return _cases(args, fact) if head == "cases" else _decided(head, args, fact)
        case Bind() if not free_names(fact) & set(t.names):
            return Bind(t.head, t.names, t.sorts, tuple(used(u, fact) for u in t.outer),
                        tuple(used(u, fact) for u in t.inner))
        case _:
            return t


def _order(fact: Term) -> tuple[Term, Term, bool] | None:
    """``(larger, smaller, strict)``."""
    match fact:
        case App(">" | ">=" as relation, (a, b)):
            return a, b, relation == ">"
        case App("<" | "<=" as relation, (a, b)):
            return b, a, relation == "<"
        case _:
            return None


def _decided(head: str, args: tuple[Term, ...], fact: Term) -> Term:
    if isinstance(fact, App) and fact.head == "=" and fact.args[1] == num(0) and head in ("abs", "relu", "sign") and (
            args == fact.args[:1]):
        return num(0)
    order = _order(fact)
    if order is None:
        return App(head, args)
    large, small, strict = order
    match head, args:
        case ("abs" | "relu" | "sign"), (u,):
            if large == u and small == Num(num(0).value) and (strict or head != "sign"):
                return num(1) if head == "sign" else u
            if small == u and large == num(0) and (strict or head != "sign"):
                return app("neg", u) if head == "abs" else num(0) if head == "relu" else num(-1)
        case ("max" | "min"), (a, b) if {a, b} == {large, small}:
            return large if head == "max" else small
    return App(head, args)


def _cases(args: tuple[Term, ...], fact: Term) -> Term:
    false = negate(fact)
    out: list[Term] = []
    for value, guard in zip(args[0::2], args[1::2], strict=True):
        if guard == false or _turned(guard) == false:
            continue
        if guard in (fact, TRUE) or _turned(guard) == fact:
            if not out:
                return value
            out += [value, TRUE]
            break
        out += [value, guard]
    return App("cases", tuple(out)) if out else App("cases", args)


def _turned(t: Term) -> Term:
    turn = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
    return App(turn[t.head], t.args[::-1]) if isinstance(t, App) and t.head in turn else t


__all__ = ["check", "given", "used"]
