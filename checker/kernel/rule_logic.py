"""Connectives and quantifiers among the assumptions, and names for numbers.

An assumption *holds* where it is true: its relations are then defined.  ``or`` is true where one part is,
``and`` where all are, ``implies`` where the premise is false or the conclusion true (strong Kleene logic;
Kleene, Introduction to Metamathematics, sec. 64).  The rules here are sound in that reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import atomic_conditions, definedness
from .evidence import Evidence, Reject
from .kinds import kind as number_kind
from .term import (
    FALSE, RELATIONS, TRUE, App, Bind, Index, Scalar, Term, Var, app, conjuncts, free_names, from_json, negate, show,
    subterms,
)

if TYPE_CHECKING:
    from .prove import Prover


def unfolded(formula: Term) -> Term | None:
    """A formula that is true, false and undefined at the same points, one connective closer to ``and``, ``or``."""
    match formula:
        case App("implies", (a, b)):
            return app("or", negate(a), b)
        case App("iff", (a, b)):
            return app("or", app("and", a, b), app("and", negate(a), negate(b)))
        case App("not", (App("iff", (a, b)),)):
            return app("or", app("and", a, negate(b)), app("and", negate(a), b))
        case App("not", (a,)) if negate(a) != formula:
            return negate(a)
    return None


def nth(s: Sequent, k: Any, rule: str) -> Term:
    if not isinstance(k, int) or isinstance(k, bool) or not 0 <= k < len(s.assumptions):
        raise Reject(rule, "assumption", f"there is no assumption {str(k)[:20]}")
    return s.assumptions[k]


def without(s: Sequent, k: int) -> tuple[Term, ...]:
    return s.assumptions[:k] + s.assumptions[k + 1:]


def check_unfold(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    """
        G |- P'                       G, P' |- R
        -------                       ----------      P' as :func:`unfolded` says
        G |- P                        G, P  |- R      (``assumption``: the position of P; a conjunction: its parts)

    FAILURE: nothing to unfold.
    """
    if "assumption" not in c:
        goal = unfolded(s.goal)
        if goal is None:
            raise Reject("unfold", show(s.goal)[:80], "has nothing to unfold")
        return prove(s.with_goal(goal), c["proof"])
    k = c["assumption"]
    formula = nth(s, k, "unfold")
    new = conjuncts(formula) if isinstance(formula, App) and formula.head == "and" else [unfolded(formula)]
    if None in new:
        raise Reject("unfold", show(formula)[:80], "has nothing to unfold")
    return prove(Sequent(s.declarations, (*without(s, k), *new), s.goal), c["proof"])


def check_obtain(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    """
        G, x : S, guard, P |- R                      G |- exists x : S with guard: P
        ------------------------------- (x new)      G, x : S, guard, P |- R
        G, exists x : S with guard: P |- R           -------------------------------
                                                     G |- R
    The first with ``assumption``: its position; the second with ``formula`` and ``because``.

    FAILURE: S is no scalar or index; a condition of R names x.
    """
    from .prove import introduce

    if "assumption" in c:
        some = nth(s, c["assumption"], "obtain")
        rest, total = without(s, c["assumption"]), Evidence()
    else:
        some = from_json(c["formula"])
        if loose := free_names(some) - set(s.declarations):
            raise Reject("obtain", "formula", f"{', '.join(sorted(loose))} is not declared")
        rest, total = s.assumptions, unconditional(prove(s.with_goal(some), c["because"]), "obtain", "because")
    if not (isinstance(some, Bind) and some.head == "exists"):
        raise Reject("obtain", show(some)[:80], "is not an exists")
    if not all(isinstance(k, (Scalar, Index)) for k in some.sorts):
        raise Reject("obtain", show(some)[:80], "binds no numbers")
    inner, names = introduce(Sequent(s.declarations, rest, s.goal), some)
    shown = prove(inner.assuming(*conjuncts(inner.goal)).with_goal(s.goal), c["proof"])
    for x in shown.conditions:
        if free_names(x) & set(names):
            raise Reject("obtain", show(x)[:80], "is a condition on the name that was obtained")
    return total + shown


def check_member(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    """
        G |- t in S, t defined                       t is real (an integer) by its form
        ----------------------- (t free of k)        ----------------------------------
        G |- exists k : S: k = t                     G |- t in reals (integers)

    S: integers, rationals or reals; for complex k only that t is defined.  FAILURE: another shape;
    a guard; a t that is no number (oo).
    """
    from .prove import _belongs, discharge

    match s.goal:
        case App("in", (t, App(where, ()))):
            if discharge(definedness(s.goal, s), s) or not _belongs(t, where, s):
                raise Reject("member", show(s.goal)[:80], "is not visible")
            return Evidence()
        case Bind("exists", (name,), (Scalar(kind),), (), (guard, App("=", (Var(left), t)))) if (
                left == name and guard == TRUE and name not in free_names(t)):
            if needed := discharge(definedness(t, s), s):
                raise Reject("member", show(t)[:80], f"is defined only if {show(needed[0])}")
            if kind == "complex":
                if number_kind(t, s.declarations) == "other":
                    raise Reject("member", show(t)[:80], "is no number")
                return Evidence()
            goal = app("in", t, app({"integer": "integers", "rational": "rationals", "real": "reals"}[kind]))
            return unconditional(prove(s.with_goal(goal), c["proof"]), "member", "proof")
    raise Reject("member", show(s.goal)[:80], "does not say that a number has a name")


def check_defined(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    """
        G, P, D |- R
        ------------      P a relation that is assumed, D the definedness of its subterms
        G, P |- R

    FAILURE: P is no relation or conjunction of relations; P speaks of limits, sums or oo, whose relations
    may hold without a finite value.
    """
    formula = nth(s, c["assumption"], "defined")
    parts = conjuncts(formula)
    if not all(isinstance(p, App) and p.head in (*RELATIONS, "in") for p in parts) or any(
            isinstance(u, Bind) or u == App("oo", ()) for u in subterms(formula)):
        raise Reject("defined", show(formula)[:80], "is no relation of numbers")
    needed = atomic_conditions(formula, s)
    if not needed:
        raise Reject("defined", show(formula)[:80], "is defined everywhere, as far as it can be said")
    return prove(s.assuming(*needed), c["proof"])


def premises(s: Sequent) -> tuple[Sequent, ...]:
    """What shows that the goal says nothing: each of these is absurd.

    For P implies Q the premise P; for P iff Q both sides; for a ``forall`` its guard, and so on inside.
    """
    from .prove import introduce

    guarded = False
    while isinstance(s.goal, Bind) and s.goal.head == "forall":
        guarded = guarded or s.goal.inner[0] != TRUE
        s, _ = introduce(s, s.goal)
    match s.goal:
        case App("implies", (a, App("implies", _) as b)):
            return premises(s.assuming(a).with_goal(b))
        case App("implies", (a, _)):
            return (s.assuming(a).with_goal(FALSE),)
        case App("iff", (a, b)):
            return tuple(s.assuming(x).with_goal(FALSE) for x in (a, b))
    return (s.with_goal(FALSE),) if guarded else ()


def unconditional(shown: Evidence, rule: str, where: str) -> Evidence:
    if shown.conditions:
        raise Reject(rule, where, f"is shown only if {show(shown.conditions[0])}")
    return shown


__all__ = [
    "check_defined", "check_member", "check_obtain", "check_unfold", "nth", "premises", "unconditional", "unfolded",
    "without",
]
