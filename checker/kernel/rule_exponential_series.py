"""Sums to infinity of polynomials times u^k/k!, from the series of the exponential function.

    k integer, k >= 0 |- f(k) = c_0 u^k/k! + c_1 u^k/(k-1)! + ... + c_r u^k/(k-r)!      (1/m! = 0 for m < 0)
    --------------------------------------------------------------------------------------------------------
    sum_{k=a}^{oo} f(k) = (c_0 + c_1 u + ... + c_r u^r) exp(u) - f(0) - ... - f(a-1)

and the goal with the sum replaced is then proved.  a is a literal natural number; u and the c_j are free
of k, defined, and any complex numbers: sum_k u^k/(k-j)! = u^j exp(u) converges absolutely, and a finite
combination of convergent series may be taken term by term.  The equation is shown for all k >= 0.
The first summands are subtracted in their written form on the right of the premise.

FAILURE: the premise is not proved, or under a condition; the sum uses a name bound outside it.
Source: DLMF 4.2.19; Rudin, Principles of Mathematical Analysis, 3rd ed., definition 3.30 and (8.25).

Certificate: ``sum``: position among the goal's sums; ``name``: k; ``u``; ``coefficients``: [c_0, ...]; ``step``,
``proof``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .evidence import Evidence, Reject
from .rule_discrete import undischarged
from .rule_summation import replaced, sums
from .term import (
    INTEGER, OO, RELATIONS, App, Bind, Num, Term, Var, add, app, check_name, free_names, from_json, mul, num, sub,
    substitute,
)

if TYPE_CHECKING:
    from .prove import Prover

RULE = "exponential-series"
MAX_COEFFICIENTS = 8
MAX_START = 20


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    goal = s.goal
    if not (isinstance(goal, App) and goal.head in RELATIONS):
        raise Reject(RULE, "goal", "is no relation")
    target = sums(goal)[int(c["sum"])]
    name = check_name(c["name"])
    if free_names(target) - set(s.declarations):
        raise Reject(RULE, "sum", "uses a name bound outside it")
    if name in s.declarations or name in free_names(target):
        raise Reject(RULE, "name", f"{name} is taken")
    u, coefficients = from_json(c["u"]), [from_json(x) for x in c["coefficients"]]
    if not 1 <= len(coefficients) <= MAX_COEFFICIENTS:
        raise Reject(RULE, "coefficients", f"from 1 to {MAX_COEFFICIENTS} of them")
    for t in (u, *coefficients):
        if loose := free_names(t) - set(s.declarations):
            raise Reject(RULE, "coefficients", f"{', '.join(sorted(loose))} may not stand here")
    finite = app("finite", target)      # what is to be shown may not be used
    conditions = tuple(x for x in undischarged(goal, s) if x != finite)
    here = Sequent(s.declarations, tuple(a for a in s.assumptions if a != finite), goal).assuming(*conditions)
    if any(undischarged(t, here) for t in (u, *coefficients)):
        raise Reject(RULE, "coefficients", "are not certainly defined")
    equation, new = replacement(here, target, name, u, coefficients)
    step = prove(equation, c["step"])
    final = prove(here.with_goal(replaced(goal, target, new)), c["proof"])
    for where, shown in (("step", step), ("proof", final)):
        if shown.conditions:
            raise Reject(RULE, where, "rests on a condition")
    return Evidence(conditions, (step + final).axioms)


def replacement(s: Sequent, target: Bind, name: str, u: Term, coefficients: list[Term]) -> tuple[Sequent, Term]:
    """The premise, and what replaces the sum.  Raises Reject."""
    low, high = target.outer
    if high != OO or not (isinstance(low, Num) and low.value.denominator == 1 and 0 <= low.value <= MAX_START):
        raise Reject(RULE, "sum", "does not run from a small natural number to infinity")
    k = Var(name)
    body = substitute(target.inner[1], {target.names[0]: k})

    def term(at: Term) -> Term:
        return add(*(mul(c, app("pow", u, at), app("rgamma", add(at, num(1 - j)))) for j, c in enumerate(coefficients)))

    inner = s.declaring({name: INTEGER}).assuming(app(">=", k, num(0)))
    whole = mul(add(*(mul(c, app("pow", u, num(j))) for j, c in enumerate(coefficients))), app("exp", u))
    before = [term(num(j)) for j in range(int(low.value))]
    return inner.with_goal(app("=", body, term(k))), sub(whole, add(*before)) if before else whole


__all__ = ["check", "replacement"]
