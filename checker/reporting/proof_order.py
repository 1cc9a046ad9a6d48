"""Sentences for the rules of inequalities (see ``proof_rules``)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.rule_monotone import between, limit_at, slope_goal
from ..kernel.rule_sos import assumed_orders, sides
from ..kernel.term import FALSE, App, Num, Term, Var, add, app, from_json, mul, negate, num, sub, substitute
from .proof_rules import C, told

if TYPE_CHECKING:
    from .proof import Narrator, Step


def sos(n: Narrator, s: Sequent, c: C) -> Step:
    """The identity, over the proofs of its facts."""
    known = assumed_orders(s)
    facts: list[Term] = []
    children: list[Step] = []
    for fact in c["facts"]:
        if "given" in fact:
            low, high, _ = known[fact["given"]]
            facts.append(high if low == num(0) else sub(high, low))
        else:
            facts.append(from_json(fact["term"]))
            goal = app(">" if fact["strict"] is True else ">=", facts[-1], num(0))
            children.append(n.tell(s.with_goal(goal), fact["proof"]))
    summands = [_summand(row, facts) for row in c["sum"]]
    if len(children) == 1 and summands == facts and not c.get("multiplier") and not c.get("equations"):
        return children[0]          # the difference itself, shown to be positive
    multiplier = [facts[k] for k in c.get("multiplier", [])]
    difference: Term = num(0)
    if s.goal != FALSE:
        small, large, _ = sides(s.goal, "sos")
        difference = large if small == num(0) else sub(large, small)
    left = mul(*multiplier, difference) if multiplier else difference
    return told(n, s, c, *children, left=left, total=add(*summands), factors=multiplier,
                equations=bool(c.get("equations")), absurd=s.goal == FALSE)


def _summand(row: Any, facts: list[Term]) -> Term:
    coefficient, which, square = row
    factors = [facts[k] for k in which]
    if square is not None:
        factors.append(app("pow", from_json(square), num(2)))
    value = from_json(coefficient)
    return mul(*factors) if factors and value == num(1) else mul(value, *factors)


def sign_table(n: Narrator, s: Sequent, c: C) -> Step:
    children = [n.tell(s.with_goal(app(f["relation"], from_json(f["term"]), num(0))), f["proof"])
                for f in c["facts"] if "term" in f]
    against = negate(s.goal) if s.goal != FALSE else None
    return told(n, s, c, *children, quantity=from_json(c["on"]), against=against)


def monotone(n: Narrator, s: Sequent, c: C) -> Step:
    x = c["variable"]
    small, large, _ = sides(s.goal, "monotone")
    f = large if small == num(0) else sub(large, small)
    lower, upper = (from_json(c[k]["at"]) if k in c else None for k in ("lower", "upper"))
    rising = c["from"] == "lower"
    open_ = between(s, x, lower, upper)
    slope, _ = slope_goal(sub(large, small), x, open_, rising, c["slope"]["strict"] is True)
    at = lower if rising else upper
    if c["end"]["kind"] == "value" and at is not None:
        end: Term = substitute(f, {x: at})
    else:
        end = limit_at(f, x, at, rising, set(s.declarations))
    children = [n.tell(open_.with_goal(slope), c["slope"]["proof"])]
    return told(n, s, c, *children, function=f, name=Var(x), rising=rising, end=end, at=at,
                lower=lower, upper=upper)


def cover(n: Narrator, s: Sequent, c: C) -> Step:
    box = [app("and", app("<=", _number(b["from"]), Var(x)), app("<=", Var(x), _number(b["to"])))
           for x, b in c["box"].items()]
    return told(n, s, c, box=box)


def _number(data: Any) -> Term:
    t = from_json(data)
    return t if not isinstance(t, Num) else Num(Fraction(t.value))


def bound(n: Narrator, s: Sequent, c: C) -> Step:
    whole = from_json(c["argument"])
    named = c["kind"] in ("log-tangent", "exp-tangent", "sin-positive", "cos-positive")
    return told(n, s, c, kind=str(c["kind"]) if named or not isinstance(whole, App) else whole.head)


def both_sides(n: Narrator, s: Sequent, c: C) -> Step:
    small, large, strict = sides(s.goal, "both-sides")
    function = str(c["function"])
    if function == "power":
        images = [app("pow", t, from_json(c["power"])) for t in (small, large)]
    else:
        images = [app(function, t) for t in (small, large)]
    child = n.tell(s.with_goal(app("<" if strict else "<=", *images)), c["proof"])
    return told(n, s, c, child, function=function, power=from_json(c["power"]) if function == "power" else None)


def largest(n: Narrator, s: Sequent, c: C) -> Step:
    goal = s.goal.args if isinstance(s.goal, App) else ()
    upward = isinstance(s.goal, App) and s.goal.head in ("<", "<=")
    a, b = goal if upward else goal[::-1]
    relation = "<" if isinstance(s.goal, App) and s.goal.head in ("<", ">") else "<="
    if isinstance(a, App) and a.head == "abs":
        goals = [app(relation, a.args[0], b), app(relation, app("neg", a.args[0]), b)]
    elif isinstance(a, App) and a.head == "max":
        goals = [app(relation, t, b) for t in a.args]
    else:
        goals = [app(relation, a, t) for t in b.args] if isinstance(b, App) else []
    children = [n.tell(s.with_goal(g), proof) for g, proof in zip(goals, c["parts"], strict=True)]
    return told(n, s, c, *children)


def antisymmetric(n: Narrator, s: Sequent, c: C) -> Step:
    a, b = s.goal.args if isinstance(s.goal, App) else (num(0), num(0))
    return told(n, s, c, n.tell(s.with_goal(app("<=", a, b)), c["up"]),
                n.tell(s.with_goal(app("<=", b, a)), c["down"]))


def termwise(n: Narrator, s: Sequent, c: C) -> Step:
    return told(n, s, c)


RULES: dict[str, Callable[[Narrator, Sequent, C], Step]] = {
    "sos": sos, "sign-table": sign_table, "monotone": monotone, "cover": cover, "bound": bound,
    "both-sides": both_sides, "largest": largest, "antisymmetric": antisymmetric, "termwise": termwise,
}
