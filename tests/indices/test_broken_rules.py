"""Each guard of the rule, taken out: a false claim is then accepted.  So every guard is needed, and
the rows of test_rule.py see it."""

from __future__ import annotations

from typing import Any

import pytest

from checker.kernel import index_facts, index_sign, index_written, rule_index_form
from checker.kernel.evidence import Reject
from checker.kernel.index_form import Form
from checker.kernel.rule_index_form import check
from checker.kernel.term import Term

from .build import M, at, delta, div, eq, exp, forall, i, j, m, ne, rel, sequent, times
from .test_rule import A_NOT_B, SUM, softmax, u

Facts = index_facts.Facts


def always(_self: Any, *_: Any) -> bool:
    return True


TWO_RUNS = forall("u", (M,), eq(at("x", u), at("y", u)), ne(u, j))

BREAKS: list[tuple[str, Any, str, Any, Term, list[Term]]] = [
    ("names taken to differ", Facts, "ne", always, eq(delta(i, j), 0), []),
    ("order taken to hold", Facts, "lt", always, rel(">", SUM(exp(at("s", u)), rel("<", u, i)), 0), []),
    (
        "every literal in range",
        Form,
        "_in_range",
        always,
        eq(SUM(times(delta(u, 3), at("x", u))), at("x", 3)),
        [],
    ),
    (
        "every base not zero",
        Form,
        "is_nonzero",
        always,
        eq(SUM(div(at("x", u), at("x", u)), ne(at("x", u), 1)), SUM(1, ne(at("x", u), 1))),
        [],
    ),
    (
        "every range not empty",
        index_written,
        "nonempty",
        lambda *_: True,
        rel(">", SUM(exp(at("s", u)), rel("<", u, i)), 0),
        [],
    ),
    ("every sort has two", Form, "at_least", lambda *_: 2, rel("<", softmax(j), 1), []),
    (
        "guards of assumptions ignored",
        index_sign,
        "guard_holds",
        lambda *_: True,
        rel(">", at("x", i), 0),
        [forall("u", (M,), rel(">", at("x", u), 0), ne(u, i))],
    ),
    ("guards of entries ignored", Facts, "holds", always, eq(SUM(at("x", u)), SUM(at("y", u))), [TWO_RUNS]),
    ("pigeonhole over all names", Facts, "_known_apart", always, rel(">=", m, 3), [A_NOT_B]),
]


@pytest.mark.parametrize("name, owner, attribute, broken, goal, given", BREAKS, ids=[x[0] for x in BREAKS])
def test_a_missing_guard_shows(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    owner: Any,
    attribute: str,
    broken: Any,
    goal: Term,
    given: list[Term],
) -> None:
    with pytest.raises(Reject):
        check(sequent(goal, *given), {})
    monkeypatch.setattr(owner, attribute, broken)
    check(sequent(goal, *given), {})


def test_dropped_definedness_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    goal = eq(div(at("x", i), at("x", i)), 1)
    assert check(sequent(goal), {}).conditions
    monkeypatch.setattr(rule_index_form, "open_conditions", lambda _: ())
    assert not check(sequent(goal), {}).conditions


def test_two_judgements_with_nothing_in_common_prove_nothing() -> None:
    assert index_sign.both(frozenset((1,)), frozenset((0,))) == index_sign.ANY
