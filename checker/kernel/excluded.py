"""Points that a proof leaves out although the claim may be defined there.

The guards of ``derivative`` suffice for a derivative and need not be necessary: x |x| has the derivative 0 at
its corner 0, so "d/dx (x |x|) > 0 if x != 0" says less than the claim, which is false.  A proof may rest on such
a guard c only with a reason why nothing is lost where c fails.  N: the conditions that are necessary.

    G, N, not c |- P                     or     G, N, not c |- not finite(t), t a derivative in the relation P
    ----------------------------------------------------------------------------------------------------------
    P, under N alone, is no more than what was shown under N and c

    P is a R b, R one of =, <=, >=, with one derivative t = diff(f at x), f real (or P is t = g);
    with a name for t, a and b are continuous where N holds;   c fails at isolated values of x only
    ------------------------------------------------------------------------------------------------      closed
    the same

In the last case let t exist at x0: f is continuous there and differentiable beside it, so for every small h
(f(x0 + h) - f(x0))/h = f'(y) for some y between, where P holds; with h -> 0 the closed relation P holds at x0
(Rudin, Principles of Mathematical Analysis, 3rd ed., Theorem 5.10; for f of complex values 5.19 gives
|f(x0 + h) - f(x0) - h g(x0)| <= |h| sup |f' - g(x0)|).

Guards that keep off a branch cut (asin on (-1, 1), im u != 0 or re u > 0) are left as they are; so are derivatives
along the complex plane.

FAILURE (``closed``): a strict relation at a corner; an assumption that may leave no values beside x0; a condition
in N that need not hold beside x0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .continuity import NotContinuous, continuity
from .definedness import core, definedness, without_derivatives
from .derivative import NoDerivative, derivative
from .evaluate import Undefined, Unknown, truth
from .evidence import Evidence, Reject
from .field import CannotNormalise, Field
from .kinds import is_real
from .rule_integral import put_in
from .term import (
    COMPLEX, INTEGER, REAL, RELATIONS, App, Bind, Num, Scalar, Term, Var, alpha, app, conjuncts, fresh, free_names,
    from_json, negate, num, show, sub,
)

if TYPE_CHECKING:
    from .prove import Prover

RULE = "excluded"
MAX_ORDER = 4


def necessary(s: Sequent) -> tuple[Term, ...]:
    """The definedness of the goal without the guards of its derivatives."""
    return definedness(without_derivatives(s.goal, dict(s.declarations), (REAL,)), s)


def doubtful(s: Sequent, conditions: tuple[Term, ...]) -> tuple[Term, ...]:
    """Those of the conditions that may fail where the claim is defined."""
    from .prove import discharge

    kept = (*necessary(s), *(c for k in necessary(s) for c in _inhabited(k)))
    guards = {core(g) for g in definedness(s.goal, s)}
    open_ = tuple(c for c in conditions if c not in kept and (inner := core(c)) in guards and not (
        isinstance(inner, App) and inner.head in ("<", ">", "or", "finite")))
    return discharge(open_, s.assuming(*kept)) if open_ else ()


def _inhabited(c: Term) -> tuple[Term, ...]:
    """``forall v, guard: C`` with C free of v says C, where some number satisfies the guard."""
    match c:
        case Bind("forall", names, sorts, (), (App("true", ()), App("implies", (guard, inner)))) if not (
                free_names(inner) & set(names)) and free_names(guard) <= set(names) and all(
                isinstance(k, Scalar) for k in sorts):
            for value in (num(1), num("1/2"), num(-1)):
                if value.value.denominator != 1 and INTEGER in sorts:
                    continue
                try:
                    if truth(guard, dict.fromkeys(names, value), dict(zip(names, sorts, strict=True))):
                        return (inner,)
                except (Undefined, Unknown):
                    continue
    return ()


def outside(s: Sequent, c: Term) -> Sequent:
    """Where ``c`` fails and the claim may be defined all the same."""
    return s.assuming(*necessary(s), negate(c))


def derivatives(t: Term) -> list[Bind]:
    """The derivatives under no binder, each once."""
    if isinstance(t, Bind):
        return [t] if t.head == "diff" else []
    found = [u for a in t.args for u in derivatives(a)] if isinstance(t, App) else []
    return list({alpha(u): u for u in found}.values())


def check(s: Sequent, conditions: tuple[Term, ...], reasons: Any, prove: Prover) -> Evidence:
    """Why nothing is lost where a doubtful condition fails.  ``reasons``: one for each, {"by": "goal", "proof": p} or
    {"by": "diff", "term": t, "proof": p}; none at all where the third rule applies."""
    open_ = doubtful(s, conditions)
    if not reasons:
        if open_:
            closed(s, conditions, open_)
        return Evidence()
    if len(reasons) != len(open_):
        raise Reject(RULE, "conditions", f"{len(open_)} conditions may fail where the claim is defined")
    evidence = Evidence()
    for c, reason in zip(open_, reasons, strict=True):
        question = outside(s, c)
        if reason["by"] == "diff":
            t = from_json(reason["term"])
            if not (isinstance(s.goal, App) and s.goal.head in RELATIONS) or alpha(t) not in {
                    alpha(u) for u in derivatives(s.goal)}:
                raise Reject(RULE, "term", f"{show(t)[:60]} is no derivative in the relation")
            question = question.with_goal(app("not", app("finite", t)))
        elif reason["by"] != "goal":
            raise Reject(RULE, "by", "no such reason")
        shown = prove(question, reason["proof"])
        if shown.conditions:
            raise Reject(RULE, "proof", f"is shown only if {show(shown.conditions[0])[:80]}")
        evidence += shown
    return evidence


def closed(s: Sequent, conditions: tuple[Term, ...], open_: tuple[Term, ...]) -> None:
    """Raises :class:`Reject` where the third rule does not apply."""
    from .prove import discharge

    goal, slopes = s.goal, derivatives(s.goal)
    if not (isinstance(goal, App) and goal.head in ("=", "<=", ">=")) or len(slopes) != 1:
        raise Reject(RULE, "closed", f"{show(open_[0])[:80]} may fail where the claim holds or fails all the same")
    (t,) = slopes
    (body,) = t.inner
    if not (isinstance(t.outer[0], Var) and t.sorts == (REAL,) and s.declarations.get(t.outer[0].name) == REAL):
        raise Reject(RULE, "closed", "the derivative is not at a real name")
    x = t.outer[0].name
    if x in free_names(Bind(t.head, t.names, t.sorts, (num(0),), t.inner)):
        raise Reject(RULE, "closed", "the function moves with its point")
    real = is_real(body, {**s.declarations, t.names[0]: REAL})
    rest = [side for side in goal.args if alpha(side) != alpha(t)]
    if not real and (goal.head != "=" or len(rest) != 1 or derivatives(rest[0])):
        raise Reject(RULE, "closed", "a derivative that may be complex stands inside a term")
    name = fresh("D", set(s.declarations))
    around = s.declaring({name: REAL if real else COMPLEX})
    names = (x, name) if real else (x,)
    kept = tuple(c for c in conditions if c not in open_)
    try:
        guards = tuple(g for side in goal.args for g in continuity(
            put_in(side, {alpha(t): Var(name)}), names, around.declarations, True))
    except NotContinuous as error:
        raise Reject(RULE, "closed", str(error)) from error
    if left := discharge(guards, around.assuming(*kept)):
        raise Reject(RULE, "closed", f"{show(left[0])[:80]} may fail: a jump")
    for c in kept:
        if x in free_names(c) and not (isinstance(c, App) and c.head in ("!=", "<", ">")):
            raise Reject(RULE, "closed", f"{show(c)[:80]} need not hold beside the point")
    _room(s, x)
    for c in open_:
        _isolated(c, x, Sequent({**s.declarations, x: REAL}, tuple(
            a for a in s.assumptions if x not in free_names(a)), goal))


def _room(s: Sequent, x: str) -> None:
    """There are values of x on one side that fulfil the assumptions."""
    weak = 0
    for c in (c for a in s.assumptions for c in conjuncts(a) if x in free_names(c)):
        if not (isinstance(c, App) and c.head in ("<", ">", "<=", ">=", "!=") and Var(x) in c.args and sum(
                x in free_names(side) for side in c.args) == 1):
            raise Reject(RULE, "closed", f"{show(c)[:80]} may leave no room beside the point")
        weak += c.head in ("<=", ">=")
    if weak > 1:
        raise Reject(RULE, "closed", "the assumptions may leave a single point")


def _isolated(c: Term, x: str, s: Sequent) -> None:
    """``c`` fails at isolated values of x only, whatever the other names are."""
    match c:
        case App("implies", (_, conclusion)):
            _isolated(conclusion, x, s)
            return
        case App("!=", (a, b)):
            u = a if b == num(0) else sub(a, b)
        case App("not", (App("in", (u, App("integers", ()))),)):
            _few(u, x, s)
            return
        case _:
            raise Reject(RULE, "closed", f"{show(c)[:80]} may fail at more than isolated points")
    _zeros_isolated(u, x, s)


def _zeros_isolated(u: Term, x: str, s: Sequent) -> None:
    match u:
        case App("mul", args):
            for a in args:
                _zeros_isolated(a, x, s)
        case App("pow", (base, Num(k))) if k > 0:
            _zeros_isolated(base, x, s)
        case App("neg" | "abs" | "sqrt", (a,)):
            _zeros_isolated(a, x, s)
        case App("sin" | "cos" | "tan", (a,)):
            _few(a, x, s)
        case Num(value) if value != 0:
            return
        case _:
            _few(u, x, s)


def _few(u: Term, x: str, s: Sequent) -> None:
    """A derivative of u has no zero on the whole line: each value is taken finitely often (Rolle)."""
    from .prove import discharge

    fine = is_real(u, s.declarations)
    slope = u
    for _ in range(MAX_ORDER if fine else 0):
        try:
            left = definedness(slope, s)
            slope, guards = derivative(slope, x, s.declarations)
            if discharge((*left, *guards), s):
                break
            if Field(s).sign(slope) in ("+", "-"):
                return
        except (NoDerivative, CannotNormalise):
            break
    raise Reject(RULE, "closed", f"{show(u)[:80]} may take a value at more than isolated points")


__all__ = ["check", "closed", "derivatives", "doubtful", "necessary", "outside"]
