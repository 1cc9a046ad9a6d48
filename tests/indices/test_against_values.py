"""The normal form and the signs against exact evaluation at small tables: they must never disagree."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import lru_cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.kernel.evaluate import to_ball
from checker.kernel.evidence import Reject
from checker.kernel.index_form import context
from checker.kernel.index_sign import sign
from checker.kernel.index_written import sign_of_term
from checker.kernel.index_terms import Budget
from checker.kernel.rule_index_form import check
from checker.kernel.term import TRUE, Term, show

from .build import holds, points, rel, sequent, values
from .random_terms import CONTEXTS, formula, term

SCOPE = ["i", "j", "a", "b"]
settings.register_profile("tables", deadline=None, suppress_health_check=list(HealthCheck))


@lru_cache
def tables(k: int) -> list[dict[str, Any]]:
    found = list(points(k, 150, *CONTEXTS[k]))
    return found[:8]


def differ(x: Any, y: Any) -> bool:
    if isinstance(x, Fraction) and isinstance(y, Fraction):
        return x != y
    return not to_ball(x).overlaps(to_ball(y))


def sign_at(x: Any) -> int | None:
    if isinstance(x, Fraction):
        return (x > 0) - (x < 0)
    z = to_ball(x).real
    return 1 if z > 0 else -1 if z < 0 else None


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6))
def test_form_and_sign_agree_with_values(seed: int) -> None:
    rng = random.Random(seed)
    k = rng.randrange(len(CONTEXTS))
    t = term(rng, SCOPE, rng.randint(1, 3))
    try:
        form = context(sequent(TRUE, *CONTEXTS[k]))
        p = form.read(t, {})
        back, signs = form.term(p), (sign(form, p), sign_of_term(form, t, {}))
    except (Reject, Budget, RecursionError):
        return
    for point in tables(k):
        x = values(t, point)
        if x is None:
            continue
        y = values(back, point)
        assert y is None or not differ(x, y), (show(t), show(back))
        for s in signs:
            here = sign_at(x)
            assert s is None or here is None or here in s, (show(t), s, x)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6))
def test_what_is_proved_is_true_at_tables(seed: int) -> None:
    """Random relations between small terms: many are provable by accident, none wrongly."""
    rng = random.Random(seed)
    k = rng.randrange(len(CONTEXTS))
    left, right = term(rng, SCOPE, rng.randint(1, 2)), term(rng, SCOPE, rng.randint(0, 2))
    goal: Term = rel(rng.choice(["=", "<=", "<", "!=", ">="]), left, right)
    if rng.random() < 0.2:
        goal = formula(rng, SCOPE)
    s = sequent(goal, *CONTEXTS[k])
    try:
        conditions = check(s, {}).conditions
    except Reject:
        return
    for point in tables(k):
        if all(holds(c, point) for c in conditions):
            assert holds(goal, point) is not False, show(goal)
