"""Sentences for the rules of calculus: integrals, divergence, corners, equal derivatives (see ``proof_rules``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.evidence import Reject
from ..kernel.prove import discharge
from ..kernel.rule_arc import bounds, read
from ..kernel.rule_differentiate import differentiated
from ..kernel.rule_divergence import premise
from ..kernel.rule_functional import values_put_in
from ..kernel.rule_integral import Piece, opened, partition, put_in
from ..kernel.rule_monotone import between, limit_at, without
from ..kernel.rule_resolve import given, used
from ..kernel.rule_slope import quotient
from ..kernel.term import (
    OO, REAL, TRUE, App, Bind, Term, Var, alpha, app, fresh, from_json, num, sub, substitute, subterms,
)
from .proof_rules import C, told

if TYPE_CHECKING:
    from .proof import Narrator, Step


def _entries(c: C) -> list[tuple[Bind, Term, Mapping[str, Any]]]:
    out = []
    for e in c["values"]:
        t = from_json(e["term"])
        if not isinstance(t, Bind):
            raise ValueError("a binder expected")
        out.append((t, from_json(e["value"]), e))
    return out


def integrals(n: Narrator, s: Sequent, c: C) -> Step:
    entries = _entries(c)
    children = [_value(n, s, t, value, e) for t, value, e in entries]
    left = put_in(s.goal, {alpha(t): v for t, v, _ in entries})
    children.append(n.tell(s.with_goal(left), c["proof"]))
    return told(n, s, c, *children, values=[app("=", t, v) for t, v, _ in entries])


def _value(n: Narrator, s: Sequent, t: Bind, value: Term, e: Mapping[str, Any]) -> Step:
    from .proof import Step

    x, f, inside = opened(s, t)
    if e["by"] == "gamma":
        return Step("integrals", n.say("integral_gamma", inside, integral=t, value=value), ())
    pieces, _ = partition(s, t, e)
    children = []
    for (low, high), p in zip(pieces, e["pieces"], strict=True):
        here = Piece(s, x, low, high, e["direction"] == "any")
        found = from_json(p["antiderivative"])
        closed = (p["from"]["kind"] == "value", p["to"]["kind"] == "value")
        slope, needed = here.needs(found, closed)
        inner = [n.tell(q, proof) for q, proof in zip(needed, p.get("smooth", []), strict=True)]
        if p["derivative"].get("rule") != "field":
            inner.append(n.tell(here.inside().with_goal(app("=", f, slope)), p["derivative"]))
        limits = [app("=", here.limit(found, upper), from_json(p[key]["limit"]))
                  for key, upper in (("from", False), ("to", True)) if p[key]["kind"] == "limit"]
        whole = app("and", *here.inside().assumptions[len(here.declared.assumptions):])
        sentence = n.say("integral_piece", here.declared, antiderivative=found, integrand=f, limits=limits,
                         where=whole if isinstance(whole, App) and whole.args and len(e["pieces"]) > 1 else None)
        children.append(Step("integrals", sentence, tuple(inner)))
    return Step("integrals", n.say("integral_value", s, integral=t, value=value, pieces=len(pieces)), tuple(children))


def functional(n: Narrator, s: Sequent, c: C) -> Step:
    """The integrals and series of the goal with their values; below, the goal with these put in."""
    goal, _ = values_put_in(s)
    values = []
    for u in _ranges(s.goal):
        value = values_put_in(s.with_goal(u))[0] if closed(s, u) else u
        if value != u and sum(1 for _ in subterms(value)) <= 60:
            values.append(app("=", u, value))
    return told(n, s, c, n.tell(s.with_goal(goal), c["proof"]), values=list(dict.fromkeys(values))[:4])


def closed(s: Sequent, t: Term) -> bool:
    try:
        values_put_in(s.with_goal(t))
        return True
    except Reject:
        return False


def _ranges(t: Term) -> list[Term]:
    """The outermost integrals and sums over ranges."""
    if isinstance(t, Bind):
        return [t] if t.head in ("integral", "sum") and t.outer else []
    return [u for a in t.args for u in _ranges(a)] if isinstance(t, App) else []


def divergence(n: Narrator, s: Sequent, c: C) -> Step:
    return told(n, s, c, n.tell(s.with_goal(premise(s)), c["proof"]))


def products(n: Narrator, s: Sequent, c: C) -> Step:
    return told(n, s, c, n.tell(s.with_goal(TRUE), c["proof"]))


def divergent(n: Narrator, s: Sequent, c: C) -> Step:
    t = s.goal.args[0].args[0] if isinstance(s.goal, App) and isinstance(s.goal.args[0], App) else s.goal
    if not isinstance(t, Bind):
        return n.generic(s, c)
    x, f, _ = opened(s, t)
    here = Piece(s, x, from_json(c["low"]), from_json(c["high"]))
    found, upper = from_json(c["antiderivative"]), c["at"] == "upper"
    limit = here.limit(found, upper)
    nothing = c["to"] == "nothing"
    to = None if nothing else from_json(c["to"])
    relation = None if c.get("relation", "=") == "=" else c["relation"]
    return told(n, here.declared, c, integral=t, integrand=f, antiderivative=found, limit=limit.inner[0],
                name=Var(limit.names[0]), point=limit.outer[0], to=to, relation=relation)


def slopes(n: Narrator, s: Sequent, c: C) -> Step:
    entries = _entries(c)
    children = [n.tell(s.with_goal(app("=", quotient(t, s), v)), e["proof"]) for t, v, e in entries]
    left = put_in(s.goal, {alpha(t): v for t, v, _ in entries})
    children.append(n.tell(s.with_goal(left), c["proof"]))
    return told(n, s, c, *children, values=[app("=", quotient(t, s), v) for t, v, _ in entries])


def differentiate(n: Narrator, s: Sequent, c: C) -> Step:
    new = differentiated(s)
    child = n.tell(new.assuming(*discharge(definedness(s.goal, s), s)), c["proof"])
    return told(n, s, c, child, shown=new.goal)


def no_slope(n: Narrator, s: Sequent, c: C) -> Step:
    t = s.goal.args[0].args[0] if isinstance(s.goal, App) and isinstance(s.goal.args[0], App) else s.goal
    limit = quotient(t, s)
    if c["to"] == "nothing":
        name = fresh("L", set(s.declarations))
        inner = s.declaring({name: REAL})
        child = n.tell(inner.with_goal(app("not", app("=", limit, Var(name)))), c["proof"])
        return told(n, s, c, child, quotient=limit.inner[0], name=Var(limit.names[0]), to=None)
    to = from_json(c["to"])
    child = n.tell(s.with_goal(app("=", limit, to)), c["proof"])
    return told(n, s, c, child, quotient=limit.inner[0], name=Var(limit.names[0]), to=to)


def equal_derivative(n: Narrator, s: Sequent, c: C) -> Step:
    x, (a, b) = str(c["variable"]), s.goal.args if isinstance(s.goal, App) else (num(0), num(0))
    low, high = (from_json(c[key]["at"]) if key in c else None for key in ("lower", "upper"))
    at = c["at"]
    apart = without(s, x)
    if "point" in at:
        point = from_json(at["point"])
        value = app("=", *(substitute(side, {x: point}) for side in (a, b)))
    else:
        point = None
        down = at["end"] == "lower"
        value = app("=", limit_at(sub(a, b), x, low if down else high, down, set(s.declarations)), num(0))
    where = [f for f in between(s, x, low, high).assumptions if f not in apart.assumptions]
    child = n.tell(apart.with_goal(value), at["proof"])
    return told(n, s, c, child, left=a, right=b, name=Var(x), where=where,
                point=None if point is None else app("=", Var(x), point), value=value)


def arc(n: Narrator, s: Sequent, c: C) -> Step:
    asked = read(s.goal)
    if asked is None:
        return n.generic(s, c)
    function, u, _, strict = asked
    return told(n, s, c, shown=s.goal, bounds=list(bounds(function, u, int(c["k"]), strict)))


def resolve(n: Narrator, s: Sequent, c: C) -> Step:
    goal, facts, children = s.goal, [], []
    for e in c["facts"]:
        fact = from_json(e["fact"])
        facts.append(fact)
        if e["proof"].get("rule") not in ("sign", "assumption"):
            children.append(n.tell(s.with_goal(fact), e["proof"]))
        goal = used(goal, fact)
    inner = Sequent(s.declarations, tuple(given(s.assumptions, facts)), goal) if c.get("given") else s.with_goal(goal)
    return told(n, s, c, *children, n.tell(inner, c["proof"]), facts=facts)


RULES: dict[str, Callable[[Narrator, Sequent, C], Step]] = {
    "functional": functional, "products": products, "divergence": divergence,
    "integrals": integrals, "divergent": divergent, "slopes": slopes, "no-slope": no_slope,
    "differentiate": differentiate,
    "equal-derivative": equal_derivative, "arc": arc, "resolve": resolve,
}

__all__ = ["OO", "RULES"]
