"""The intermediate value theorem: a name for a zero.

    G |- lo <= hi      G |- f(lo) <= 0 <= f(hi)   (or f(lo) >= 0 >= f(hi))
    G, lo <= x <= hi |- f is defined and real;   f is built from continuous heads
    G, x real, lo <= x <= hi, f(x) = 0 |- R                                            (x new)
    ------------------------------------------------------------------------------------------
    G |- R

(Rudin, Principles of Mathematical Analysis, 3rd ed., Theorem 4.23.)  lo, hi may depend on G's names, so
"every real number is a cube" is an instance.

FAILURE: a head outside ``CONTINUOUS`` (a jump, a case); a pole, a cut or a root of something negative between
the ends; a condition of R that names x; any premise under a condition.

Certificate: ``name``: x; ``function``: f; ``lower``, ``upper``; ``falling``: true for the second form; ``order``,
``ends``: [proof, proof]; ``smooth``: proofs of the conditions that are not visible, in order; ``proof``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .evidence import Evidence, Reject
from .kinds import is_real
from .rule_logic import unconditional
from .rule_monotone import CONTINUOUS, smooth_conditions
from .rule_sos import declared
from .term import REAL, App, Bind, Term, Var, app, check_name, free_names, from_json, num, show, substitute, subterms

if TYPE_CHECKING:
    from .prove import Prover


def continuous_goals(s: Sequent, f: Term, x: str) -> list[Sequent]:
    """What is to be shown on the interval (``s`` assumes it) for f to be continuous there."""
    for u in subterms(f):
        if x not in free_names(u):
            continue
        if isinstance(u, Bind) or isinstance(u, App) and u.head not in CONTINUOUS:
            raise Reject("intermediate", show(u)[:80], "need not be continuous")
    return smooth_conditions(f, (), s, s)


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    x = check_name(c["name"])
    if x in s.declarations:
        raise Reject("intermediate", "name", f"{x} is declared already")
    lower, upper = (declared(from_json(c[k]), s, "intermediate") for k in ("lower", "upper"))
    f = from_json(c["function"])
    if loose := free_names(f) - {x, *s.declarations}:
        raise Reject("intermediate", "function", f"{', '.join(sorted(loose))} is not declared")
    for end in (lower, upper):
        if not is_real(end, s.declarations):
            raise Reject("intermediate", show(end)[:80], "is not certainly real")
    evidence = unconditional(prove(s.with_goal(app("<=", lower, upper)), c["order"]), "intermediate", "order")
    falling = c.get("falling") is True
    for end, relation, proof in zip((lower, upper), (">=", "<=") if falling else ("<=", ">="), c["ends"], strict=True):
        goal = app(relation, substitute(f, {x: end}), num(0))
        evidence += unconditional(prove(s.with_goal(goal), proof), "intermediate", "ends")
    between = s.declaring({x: REAL}).assuming(app("<=", lower, Var(x)), app("<=", Var(x), upper))
    goals = continuous_goals(between, f, x)
    proofs = c.get("smooth", [])
    if len(goals) != len(proofs):
        raise Reject("intermediate", "smooth", f"{len(goals)} conditions, {len(proofs)} proofs")
    for question, proof in zip(goals, proofs, strict=True):
        evidence += unconditional(prove(question, proof), "intermediate", "smooth")
    shown = prove(between.assuming(app("=", f, num(0))), c["proof"])
    for condition in shown.conditions:
        if x in free_names(condition):
            raise Reject("intermediate", show(condition)[:80], "is a condition on the zero")
    return evidence + shown


__all__ = ["check", "continuous_goals"]
