"""Inequalities from inequalities: squares, products of facts and equations, in one identity.

    G |- f_k > 0 or f_k >= 0   (the facts, each proved without conditions)
    M (b - a)  =  sum_j  c_j  f_j1 ... f_jr  q_j^2   +   sum_i  r_i h_i          (normal form, ``identity``)
    c_j >= 0 rational;   q_j real;   h_i = 0 assumed;   M a product of strict facts
    --------------------------------------------------------------------------------------
    G |- a <= b;     G |- a < b  if some c_j > 0 has strict facts only and no square
    G |- false       if  0 = such a sum, with such a strict summand

With facts of degree 1 and no squares this is Farkas' lemma; with sums of squares, a certificate in the
sense of the Positivstellensatz (Stengle, Math. Ann. 207 (1974) 87-97).  Conditions: the definedness of
the goal's own sides, which the facts may use.

A Gram matrix comes here as its squares (c_j, q_j): LDL^T is done by the search, and a wrong pivot costs a
proof, not soundness.  A multiplier that may vanish is no strict fact: M = x^2 + y^2 needs x != 0 (by cases).

FAILURE: a fact without proof, or under a condition; a negative or irrational c_j; q_j not certainly real;
the identity does not reduce to 0; a strict goal without a strict summand (x^2 > 0).

Certificate: ``facts``: [{"given": position of an assumed order relation} or {"term": t, "strict": bool,
"proof": p}]; ``sum``: [[c, [positions of facts], q or null], ...]; ``multiplier``: [positions of facts];
``equations``: [[position of the equation, cofactor], ...] as in rule ``ideal``; ``identity``: a proof of the
identity by another rule (sums over indices), in place of the normal form.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .field import Field
from .kinds import is_real
from .rule_ideal import equations
from .term import FALSE, App, Num, Term, add, app, conjuncts, free_names, from_json, mul, num, show, sub

if TYPE_CHECKING:
    from .prove import Prover

MAX_FACTS = 80
MAX_SUMMANDS = 600
MAX_FACTORS = 8


def sides(goal: Term, rule: str) -> tuple[Term, Term, bool]:
    """``(smaller, larger, strict)`` of an order relation."""
    match goal:
        case App("<" | "<=" as r, (a, b)):
            return a, b, r == "<"
        case App(">" | ">=" as r, (a, b)):
            return b, a, r == ">"
    raise Reject(rule, show(goal)[:80], "is no order relation")


def assumed_orders(s: Sequent) -> list[tuple[Term, Term, bool]]:
    """The assumed order relations as ``(smaller, larger, strict)``, in order.  Where one is assumed its
    sides are defined and real."""
    return [sides(x, "sos") for a in s.assumptions for x in conjuncts(a)
            if isinstance(x, App) and x.head in ("<", "<=", ">", ">=")]


def declared(t: Term, s: Sequent, rule: str) -> Term:
    """``t`` itself, once its names are declared and it is defined everywhere."""
    from .prove import discharge

    if loose := free_names(t) - set(s.declarations):
        raise Reject(rule, show(t)[:80], f"{', '.join(sorted(loose))} is not declared")
    if left := discharge(definedness(t, s), s):
        raise Reject(rule, show(t)[:80], f"is defined only if {show(left[0])}")
    return t


def rational(data: Any, rule: str) -> Fraction:
    t = from_json(data)
    if not isinstance(t, Num):
        raise Reject(rule, show(t)[:80], "is no rational number")
    return t.value


def position(data: Any, size: int, rule: str, what: str) -> int:
    if not isinstance(data, int) or isinstance(data, bool) or not 0 <= data < size:
        raise Reject(rule, what, f"there is no {what} {str(data)[:20]}")
    return data


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    from .prove import discharge

    conditions: tuple[Term, ...] = ()
    difference: Term = num(0)
    strict = True
    if s.goal != FALSE:
        small, large, strict = sides(s.goal, "sos")
        difference = sub(large, small)
        conditions = discharge(definedness(s.goal, s), s)
    here = s.assuming(*conditions)
    field = Field(here)
    evidence = Evidence(conditions)
    terms: list[Term] = []
    is_strict: list[bool] = []
    known = assumed_orders(s)
    if len(c["facts"]) > MAX_FACTS or len(c["sum"]) > MAX_SUMMANDS:
        raise Reject("sos", "facts", "too many facts or summands")
    for fact in c["facts"]:
        if "given" in fact:
            low, high, sharp = known[position(fact["given"], len(known), "sos", "assumption")]
            terms.append(sub(high, low))
        else:
            t, sharp = from_json(fact["term"]), fact["strict"] is True
            if loose := free_names(t) - set(s.declarations):
                raise Reject("sos", show(t)[:80], f"{', '.join(sorted(loose))} is not declared")
            shown = prove(here.with_goal(app(">" if sharp else ">=", t, num(0))), fact["proof"])
            if shown.conditions:
                raise Reject("sos", show(t)[:80], f"is shown only if {show(shown.conditions[0])}")
            evidence += shown
            terms.append(t)
        is_strict.append(sharp)

    def product(which: Any) -> tuple[list[Term], bool]:
        if len(which) > MAX_FACTORS:
            raise Reject("sos", "sum", "too many factors")
        where = [position(k, len(terms), "sos", "fact") for k in which]
        return [terms[k] for k in where], all(is_strict[k] for k in where)

    factors, positive = product(c.get("multiplier", []))
    if not positive:
        raise Reject("sos", "multiplier", "may be 0")
    left = mul(*factors, difference)
    right: list[Term] = []
    sharp_sum = False
    for weight, which, square in c["sum"]:
        w = rational(weight, "sos")
        if w < 0:
            raise Reject("sos", "sum", f"the coefficient {w} is negative")
        parts, all_strict = product(which)
        if square is None:
            sharp_sum = sharp_sum or (w > 0 and all_strict)
            right.append(mul(Num(w), *parts))
            continue
        q = declared(from_json(square), here, "sos")
        if not (is_real(q, s.declarations) or field.real(q)):
            raise Reject("sos", show(q)[:80], "is not certainly real")
        right.append(mul(Num(w), *parts, q, q))
    if strict and not sharp_sum:
        raise Reject("sos", "sum", "no summand is certainly positive")
    given = equations(s)
    for which, cofactor in c.get("equations", []):
        x, y = given[position(which, len(given), "sos", "equation")]
        right.append(mul(declared(from_json(cofactor), here, "sos"), sub(x, y)))
    if "identity" in c:
        shown = prove(here.with_goal(app("=", left, add(*right))), c["identity"])
        if shown.conditions:
            raise Reject("sos", "identity", f"is shown only if {show(shown.conditions[0])}")
        evidence += shown
    elif not field.equal(left, add(*right)):
        raise Reject("sos", show(s.goal)[:80], "the sum does not give the difference of the sides")
    return evidence


def check_equal(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    """
        G |- a <= b    G |- b <= a
        --------------------------      conditions: the definedness of a and b
        G |- a = b
    FAILURE: a part rests on a condition that a = b does not need.
    """
    if not (isinstance(s.goal, App) and s.goal.head == "="):
        raise Reject("antisymmetric", show(s.goal)[:80], "is no equation")
    a, b = s.goal.args
    from .prove import discharge

    own = discharge(definedness(s.goal, s), s)
    here = s.assuming(*own)
    up = prove(here.with_goal(app("<=", a, b)), c["up"])
    down = prove(here.with_goal(app("<=", b, a)), c["down"])
    if foreign := [x for x in (*up.conditions, *down.conditions) if x not in own]:
        raise Reject("antisymmetric", "conditions", f"{show(foreign[0])} is no condition of the goal")
    return Evidence(own, (up + down).axioms)


__all__ = ["assumed_orders", "check", "check_equal", "declared", "position", "rational", "sides"]
