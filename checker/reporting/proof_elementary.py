"""Sentences for the rules of elementary identities over R and C (see ``proof_rules``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..kernel.claim import Sequent
from ..kernel.rule_cells import cells as cells_of
from ..kernel.term import App, Var, app, from_json, mul, negate, num, sub
from .proof_rules import C, told

if TYPE_CHECKING:
    from .proof import Narrator, Step


def principal(n: Narrator, s: Sequent, c: C) -> Step:
    return told(n, s, c)


def branches(n: Narrator, s: Sequent, c: C) -> Step:
    a, b = s.goal.args if isinstance(s.goal, App) else (num(0), num(0))
    at = [app("=", Var(name), from_json(t)) for name, t in c["point"].items()]
    if c["kind"] == "power":
        q = num(int(c["power"]))
        relation = app("=", app("pow", a, q), app("pow", b, q))
    else:
        relation = app("=", app("exp", mul(from_json(c["multiplier"]), sub(a, b))), num(1))
    return told(n, s, c, relation=relation, at=at)


def cells(n: Narrator, s: Sequent, c: C) -> Step:
    points = [from_json(t) for t in c.get("points", [])]
    x, thin = Var(str(c["name"])), iter(points)
    part = str(c.get("part", "im"))
    found = cells_of(s, x.name, points, part)
    if part in ("polar", "circle"):
        thin = iter([*([num(0)] if part == "polar" else []), app("mul", *(
            [Var("r")] if part == "polar" else [app("abs", x)]), app("exp", app("mul", app("i"), app("arg", x))))])
        points = [num(0)]
    shown = [case if case is not None else app("=", x, next(thin)) if points else app("=", app(part, x), num(0))
             for case, _ in found]
    children = [n.tell(inner, proof, label=n.say("case", s, branch=case))
                for case, (_, inner), proof in zip(shown, found, c["parts"], strict=True)]
    return told(n, s, c, *children, frame="cases", branches=shown)


def absurd(n: Narrator, s: Sequent, c: C) -> Step:
    k = int(c["assumption"])
    rest = s.assumptions[:k] + s.assumptions[k + 1:]
    child = n.tell(Sequent(s.declarations, rest, negate(s.assumptions[k])), c["proof"])
    return told(n, s, c, child, against=s.assumptions[k])


RULES: dict[str, Callable[[Narrator, Sequent, C], Step]] = {
    "principal": principal, "branches": branches, "cells": cells, "absurd": absurd,
}
