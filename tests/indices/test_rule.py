"""The rule index-form: rows it must accept, and rows it must reject (most of them false, each what a
naive rule would prove)."""

from __future__ import annotations

import pytest

from checker.kernel.claim import Sequent
from checker.kernel.evidence import Reject
from checker.kernel.rule_index_form import check, index_sign
from checker.kernel.term import (
    ONE,
    REAL,
    TRUE,
    App,
    Bind,
    Index,
    Map,
    num,
    Term,
    Var,
    app,
    from_json,
    show,
    sub,
    to_json,
)

from .build import (
    DECLARATIONS,
    D,
    M,
    N,
    POSITIVE_SIZES,
    S,
    T,
    a,
    at,
    b,
    c,
    conj,
    d,
    delta,
    div,
    eq,
    exp,
    forall,
    i,
    j,
    m,
    n,
    ne,
    plus,
    rel,
    sequent,
    square,
    t,
    times,
)

u = Var("u")
q = Var("q")
h = Var("h")
A_NOT_B = ne(a, b)
ORTHONORMAL = forall(
    "i' j'",
    (M, M),
    eq(
        S("r'", D, times(at("k", Var("i'"), Var("r'")), at("k", Var("j'"), Var("r'")))),
        delta(Var("i'"), Var("j'")),
    ),
)
ORTHOGONAL = forall(
    "i' j'",
    (M, M),
    eq(S("r'", D, times(at("k", Var("i'"), Var("r'")), at("k", Var("j'"), Var("r'")))), 0),
    ne(Var("i'"), Var("j'")),
)


def FACTORS(*left_out: Term) -> Term:
    return Bind("prod", ("u",), (M,), (), (conj(*(ne(u, k) for k in left_out)), at("x", u)))


def softmax(x: Term, name: str = "s") -> Term:
    return div(exp(at(name, x)), S("u", M, exp(at(name, u))))


def query(r: Term, *chosen: Term) -> Term:
    return times(c, plus(*(at("k", x, r) for x in chosen)))


def score(x: Term, *chosen: Term) -> Term:
    return S("r", D, times(at("k", x, Var("r")), query(Var("r"), *chosen)))


def weight(x: Term, *chosen: Term, temperature: Term = ONE) -> Term:
    e = lambda y: exp(div(score(y, *chosen), temperature))  # noqa: E731
    return div(e(x), S("u", M, e(u)))


E = exp(c)
REST = plus(times(2, E), m, -2)
EVERY = lambda f: forall("u", (M,), f)  # noqa: E731
SUM = lambda f, where=TRUE: S("u", M, f, where)  # noqa: E731
MEAN = div(S("q", M, at("s", q)), m)

TRUE_ROWS: list[tuple[str, Term, list[Term]]] = [
    (
        "linear",
        eq(SUM(plus(at("x", u), times(c, at("y", u)))), plus(SUM(at("x", u)), times(c, SUM(at("y", u))))),
        [],
    ),
    ("renaming", eq(SUM(at("x", u)), S("q", M, at("x", q))), []),
    ("constant", eq(SUM(c), times(m, c)), []),
    ("constant under a guard", eq(SUM(c, ne(u, i)), times(plus(m, -1), c)), []),
    ("exchange", eq(SUM(S("q", M, at("w", u, q))), S("q", M, SUM(at("w", u, q)))), []),
    (
        "product of sums",
        eq(times(SUM(at("x", u)), SUM(at("y", u))), SUM(S("q", M, times(at("x", u), at("y", q))))),
        [],
    ),
    ("delta", eq(SUM(times(delta(u, i), at("x", u))), at("x", i)), []),
    ("delta twice", eq(S("q", M, times(delta(i, q), delta(q, j))), delta(i, j)), []),
    ("delta moves", eq(times(delta(i, j), at("x", i)), times(delta(j, i), at("x", j))), []),
    ("delta squared", eq(square(delta(i, j)), delta(i, j)), []),
    ("all but one", eq(SUM(at("x", u), ne(u, i)), sub(SUM(at("x", u)), at("x", i))), []),
    (
        "triangle",
        eq(
            plus(
                SUM(S("q", M, times(at("x", u), at("x", q)), rel("<", u, q))),
                SUM(S("q", M, times(at("x", u), at("x", q)), rel("<", q, u))),
            ),
            sub(square(SUM(at("x", u))), SUM(square(at("x", u)))),
        ),
        [],
    ),
    (
        "order turned",
        eq(SUM(S("q", M, at("w", u, q), rel("<=", q, u))), S("q", M, SUM(at("w", u, q), rel(">=", u, q)))),
        [],
    ),
    ("exp of a delta", eq(exp(times(c, delta(i, j))), plus(1, times(delta(i, j), sub(E, num(1))))), []),
    ("exp adds", eq(times(exp(at("x", i)), exp(at("y", i))), exp(plus(at("x", i), at("y", i)))), []),
    ("weights sum to 1", eq(SUM(softmax(u)), 1), []),
    ("shift", eq(div(exp(plus(at("s", i), c)), SUM(exp(plus(at("s", u), c)))), softmax(i)), []),
    (
        "symmetric matrix",
        eq(
            SUM(S("q", M, times(at("w", u, q), at("x", u), at("y", q)))),
            SUM(S("q", M, times(at("w", u, q), at("y", u), at("x", q)))),
        ),
        [forall("i' j'", (M, M), eq(at("w", Var("i'"), Var("j'")), at("w", Var("j'"), Var("i'"))))],
    ),
    ("inner product", eq(score(i, a, b), times(c, plus(delta(i, a), delta(i, b)))), [ORTHONORMAL]),
    (
        "orthogonal",
        eq(S("r", D, times(at("k", a, Var("r")), at("k", b, Var("r")))), 0),
        [ORTHOGONAL, A_NOT_B],
    ),
    ("weight", eq(weight(a, a, b), div(E, REST)), [ORTHONORMAL, A_NOT_B]),
    ("other weight", eq(weight(i, a, b), div(1, REST)), [ORTHONORMAL, A_NOT_B, ne(i, a), ne(i, b)]),
    (
        "three keys",
        eq(weight(a, a, b, i), div(E, plus(times(3, E), m, -3))),
        [ORTHONORMAL, A_NOT_B, ne(i, a), ne(i, b)],
    ),
    (
        "temperature",
        eq(
            weight(a, a, b, temperature=Var("eps")),
            div(exp(div(c, Var("eps"))), plus(times(2, exp(div(c, Var("eps")))), m, -2)),
        ),
        [ORTHONORMAL, A_NOT_B, rel(">", Var("eps"), 0)],
    ),
    ("two keys", eq(weight(a, a, b), div(1, 2)), [ORTHONORMAL, A_NOT_B, eq(m, 2)]),
    ("exhausted", eq(plus(softmax(a), softmax(b)), 1), [A_NOT_B, eq(m, 2)]),
    ("equal values", eq(SUM(times(softmax(u), at("y", u))), at("y", j)), [EVERY(eq(at("y", u), at("y", j)))]),
    (
        "opaque function",
        eq(SUM(app("relu", at("x", u))), SUM(app("relu", at("y", u)))),
        [EVERY(eq(at("x", u), at("y", u)))],
    ),
    (
        "two runs",
        eq(SUM(exp(at("x", u)), rel("<=", u, i)), SUM(exp(at("y", u)), rel("<=", u, i))),
        [forall("u", (M,), eq(at("x", u), at("y", u)), ne(u, j)), rel("<", i, j)],
    ),
    (
        "two runs, inside a function",
        eq(exp(SUM(at("x", u), rel(">", u, j))), exp(SUM(at("y", u), rel(">", u, j)))),
        [forall("u", (M,), eq(at("x", u), at("y", u)), ne(u, j))],
    ),
    (
        "two runs, cases",
        eq(
            SUM(app("cases", at("x", u), ne(u, j), num(0), TRUE)),
            SUM(app("cases", at("y", u), ne(u, j), num(0), TRUE)),
        ),
        [forall("u", (M,), eq(at("x", u), at("y", u)), ne(u, j))],
    ),
    ("never 1", rel("<", softmax(j), 1), [rel(">=", m, 2)]),
    ("pigeonhole", rel(">=", m, 2), [A_NOT_B]),
    ("pigeonhole of three", rel(">=", m, 3), [A_NOT_B, ne(a, i), ne(b, i)]),
    ("transitivity", rel("<", i, a), [rel("<=", i, j), rel("<", j, a)]),
    ("pair", rel("<=", plus(softmax(a), softmax(b)), 1), [A_NOT_B]),
    ("pair of three", rel("<", plus(softmax(a), softmax(b)), 1), [A_NOT_B, rel(">=", m, 3)]),
    ("below half", rel("<", weight(a, a, b), div(1, 2)), [ORTHONORMAL, A_NOT_B, rel(">=", m, 3)]),
    ("at most half", rel("<=", weight(a, a, b), div(1, 2)), [ORTHONORMAL, A_NOT_B]),
    (
        "larger weight",
        rel(">", weight(a, a, b), weight(i, a, b)),
        [ORTHONORMAL, A_NOT_B, ne(i, a), ne(i, b), rel(">", c, 0)],
    ),
    ("ordered", rel("<=", softmax(i), softmax(j)), [rel("<=", at("s", i), at("s", j))]),
    ("hull", rel("<=", SUM(times(softmax(u), at("y", u))), c), [EVERY(rel("<=", at("y", u), c))]),
    ("variance", rel(">=", div(SUM(square(sub(at("s", u), MEAN))), m), 0), []),
    ("a guard surely met", rel(">", SUM(exp(at("s", u)), rel("<=", u, i)), 0), []),
    (
        "one lies below",
        ne(div(SUM(delta(u, j), rel("<=", u, i)), SUM(1, rel("<=", u, i))), 0),
        [rel("<=", j, i)],
    ),
    (
        "below the largest",
        rel("<", SUM(times(softmax(u), at("y", u))), at("y", j)),
        [rel(">=", m, 2), forall("u", (M,), rel("<", at("y", u), at("y", j)), ne(u, j))],
    ),
    ("log of a sum", rel(">=", app("log", SUM(exp(at("s", u)))), at("s", j)), []),
    ("log of a weight", eq(app("log", softmax(i)), sub(at("s", i), app("log", SUM(exp(at("s", u)))))), []),
]

FALSE_ROWS: list[tuple[str, Term, list[Term]]] = [
    ("capture", eq(SUM(times(at("x", u), at("y", u))), times(SUM(at("x", u)), SUM(at("y", u)))), []),
    ("square of a sum", eq(square(SUM(at("x", u))), SUM(square(at("x", u)))), []),
    ("constant once", eq(SUM(c), c), []),
    ("constant, guard ignored", eq(SUM(c, ne(u, i)), times(m, c)), []),
    ("deltas counted", eq(S("q", M, times(delta(i, q), delta(q, j))), 1), []),
    ("different names are different", eq(SUM(at("x", u), ne(u, i)), SUM(at("x", u))), []),
    ("delta of names", eq(delta(i, j), 0), []),
    (
        "half a triangle without symmetry",
        eq(
            times(2, SUM(S("q", M, at("w", u, q), rel("<", u, q)))),
            sub(SUM(S("q", M, at("w", u, q))), SUM(at("w", u, u))),
        ),
        [],
    ),
    ("converse of congruence", eq(at("x", i), at("y", i)), [eq(SUM(at("x", u)), SUM(at("y", u)))]),
    (
        "denominator under a sum",
        eq(SUM(div(times(at("x", u), exp(at("s", u))), S("q", M, exp(at("s", q))))), SUM(at("x", u))),
        [],
    ),
    ("exp of a delta", eq(exp(times(c, delta(i, j))), times(delta(i, j), E)), []),
    ("log of a square", eq(app("log", square(at("x", i))), times(2, app("log", at("x", i)))), []),
    ("root of a square", eq(app("sqrt", square(at("x", i))), at("x", i)), []),
    ("an index beyond its range", eq(SUM(times(delta(u, 3), at("x", u))), at("x", 3)), [eq(m, 2)]),
    ("the last index in range?", eq(SUM(times(delta(u, 3), at("x", u))), at("x", 3)), []),
    (
        "assumption of other indices",
        eq(
            S("r", D, times(at("k", i, Var("r")), at("k", j, Var("r")), at("k", a, Var("r")))),
            times(delta(i, j), S("r", D, at("k", a, Var("r")))),
        ),
        [ORTHONORMAL],
    ),
    ("orthogonal only", eq(score(i, a, b), times(c, plus(delta(i, a), delta(i, b)))), [ORTHOGONAL, A_NOT_B]),
    ("equal choice", eq(weight(a, a, b), div(E, REST)), [ORTHONORMAL]),
    ("one more key", eq(weight(a, a, b), div(E, plus(times(2, E), m, -1))), [ORTHONORMAL, A_NOT_B]),
    ("any index", eq(weight(i, a, b), div(1, REST)), [ORTHONORMAL, A_NOT_B]),
    ("three, two apart", eq(weight(a, a, b, i), div(E, plus(times(3, E), m, -3))), [ORTHONORMAL, A_NOT_B]),
    ("half exactly", eq(weight(a, a, b), div(1, 2)), [ORTHONORMAL, A_NOT_B, rel(">=", m, 3)]),
    ("below half at two", rel("<", weight(a, a, b), div(1, 2)), [ORTHONORMAL, A_NOT_B]),
    ("never 1 with one key", rel("<", softmax(j), 1), []),
    ("pair not apart", rel("<=", plus(softmax(i), softmax(j)), 1), []),
    ("pair of two", rel("<", plus(softmax(a), softmax(b)), 1), [A_NOT_B]),
    ("exhausted too early", eq(plus(softmax(a), softmax(b)), 1), [A_NOT_B, eq(m, 3)]),
    ("exhausted by equal names", eq(plus(softmax(a), softmax(b)), 1), [eq(m, 2)]),
    ("ordered strictly", rel("<", softmax(i), softmax(j)), [rel("<=", at("s", i), at("s", j))]),
    ("hull strictly", rel("<", SUM(times(softmax(u), at("y", u))), c), [EVERY(rel("<=", at("y", u), c))]),
    (
        "two runs, reading j",
        eq(SUM(at("x", u), rel("<=", u, i)), SUM(at("y", u), rel("<=", u, i))),
        [forall("u", (M,), eq(at("x", u), at("y", u)), ne(u, j)), ne(i, j)],
    ),
    (
        "two runs, reading j itself",
        eq(SUM(at("x", u), rel("<=", u, i)), SUM(at("y", u), rel("<=", u, i))),
        [forall("u", (M,), eq(at("x", u), at("y", u)), ne(u, j)), rel("<=", i, j)],
    ),
    (
        "two runs without a guard",
        eq(SUM(at("x", u)), SUM(at("y", u))),
        [forall("u", (M,), eq(at("x", u), at("y", u)), ne(u, j))],
    ),
    (
        "mask above only",
        eq(
            div(SUM(at("x", u), rel("<=", u, i)), SUM(exp(at("x", u)))),
            div(SUM(at("y", u), rel("<=", u, i)), SUM(exp(at("y", u)))),
        ),
        [forall("u", (M,), eq(at("x", u), at("y", u)), ne(u, j)), rel("<", i, j)],
    ),
    (
        "a case too many",
        eq(
            SUM(app("cases", at("x", u), rel("<", u, j), at("x", u), TRUE)),
            SUM(app("cases", at("y", u), rel("<", u, j), at("y", u), TRUE)),
        ),
        [forall("u", (M,), eq(at("x", u), at("y", u)), ne(u, j))],
    ),
    (
        "below the largest, m = 1",
        rel("<", SUM(times(softmax(u), at("y", u))), at("y", j)),
        [forall("u", (M,), rel("<", at("y", u), at("y", j)), ne(u, j))],
    ),
    (
        "below the largest, not strictly",
        rel("<", SUM(times(softmax(u), at("y", u))), at("y", j)),
        [rel(">=", m, 2), forall("u", (M,), rel("<=", at("y", u), at("y", j)), ne(u, j))],
    ),
    ("square of the sum", rel(">=", SUM(square(at("s", u))), square(SUM(at("s", u)))), []),
    ("mean of squares, strictly", rel(">", div(SUM(square(at("s", u))), m), square(div(SUM(at("s", u)), m))), []),
    (
        "mean of squares with signed weights",
        rel(
            ">=",
            times(SUM(at("x", u)), SUM(times(at("x", u), square(at("s", u))))),
            square(SUM(times(at("x", u), at("s", u)))),
        ),
        [],
    ),
    (
        "mean of squares turned",
        rel("<=", div(SUM(square(at("s", u))), m), square(div(SUM(at("s", u)), m))),
        [],
    ),
    ("a guard perhaps not met", rel(">", SUM(exp(at("s", u)), rel("<", u, i)), 0), []),
    ("all but one of one", rel(">", SUM(exp(at("s", u)), ne(u, i)), 0), []),
    ("avoiding itself", rel(">", SUM(1, ne(u, u)), 0), [rel(">=", m, 2)]),
    ("one may lie above", ne(div(SUM(delta(u, j), rel("<=", u, i)), SUM(1, rel("<=", u, i))), 0), []),
    (
        "larger weight at c = 0",
        rel(">", weight(a, a, b), weight(i, a, b)),
        [ORTHONORMAL, A_NOT_B, ne(i, a), ne(i, b), rel(">=", c, 0)],
    ),
    ("pigeonhole of two sorts", rel(">=", m, 2), [rel(">=", n, 2)]),
    ("pigeonhole too many", rel(">=", m, 3), [A_NOT_B]),
    (
        "an outer guard captured",
        eq(at("w", a, b), 0),
        [forall("i", (M,), forall("j", (M,), eq(at("w", i, j), 0)), rel("<", i, j)), rel("<", a, b)],
    ),
    (
        "an outer guard captured, sign",
        rel(">", at("w", a, b), 0),
        [forall("i", (M,), forall("j", (M,), rel(">", at("w", i, j), 0)), rel("<", i, j)), rel("<", a, b)],
    ),
    (
        "a pattern inside an argument",
        eq(at("g", i, times(j, c)), 0),
        [forall("j", (M,), eq(at("g", j, times(j, c)), 0))],
    ),
    ("order is strict", rel("<", i, a), [rel("<=", i, j), rel("<=", j, a)]),
    (       # the left side is 0 at i = j, where the product leaves out x_i alone
        "a factor left out twice",
        eq(times(sub(num(1), delta(i, j)), at("x", j), FACTORS(i, j)), FACTORS(i)),
        [eq(at("x", i), 0)],
    ),
]


@pytest.mark.parametrize("name, goal, given", TRUE_ROWS, ids=[x[0] for x in TRUE_ROWS])
def test_accepts(name: str, goal: Term, given: list[Term]) -> None:
    assert check(sequent(goal, *given), {}).conditions == ()


@pytest.mark.parametrize("name, goal, given", FALSE_ROWS, ids=[x[0] for x in FALSE_ROWS])
def test_rejects(name: str, goal: Term, given: list[Term]) -> None:
    with pytest.raises(Reject):
        check(sequent(goal, *given), {})


CONDITIONS = [
    (eq(div(at("x", i), at("x", i)), 1), ["x[i] != 0"]),
    (eq(SUM(div(at("x", i), at("x", i))), m), ["x[i] != 0"]),
    (eq(sub(div(1, c), div(1, c)), 0), ["c != 0"]),
    (eq(sub(S("u", M, at("x", 2)), times(m, at("x", 2))), 0), ["2 <= m"]),
]


@pytest.mark.parametrize("goal, conditions", CONDITIONS, ids=[show(g) for g, _ in CONDITIONS])
def test_conditions_come_from_the_raw_goal(goal: Term, conditions: list[str]) -> None:
    assert [show(x) for x in check(sequent(goal), {}).conditions] == conditions


def test_all_but_the_diagonal_needs_no_value_on_it() -> None:
    """S_{u != i} 1/(x_i - x_u): the term at u = i is 1/0, and not part of the sum."""
    term = SUM(div(1, sub(at("x", i), at("x", u))), ne(u, i))
    shown = check(sequent(eq(times(2, term), plus(term, term))), {})
    assert all("implies" in show(x) for x in shown.conditions)


def test_factors_are_put_back() -> None:
    apart = sub(num(1), delta(i, j))
    both = eq(times(apart, at("x", i), at("x", j), FACTORS(i, j)), times(apart, FACTORS()))
    one = eq(times(at("x", j), FACTORS(i, j)), FACTORS(i))
    assert check(sequent(both), {}).conditions == check(sequent(one, ne(i, j)), {}).conditions == ()
    with pytest.raises(Reject):
        check(sequent(one), {})


def test_a_sign_noted_under_a_premise_stays_there() -> None:
    root = app("sqrt", sub(t, num(5)))
    premise = app("implies", rel(">=", t, 5), eq(div(1, plus(root, 1)), div(1, plus(root, 1))))
    goal = conj(premise, eq(app("relu", root), app("relu", root)))
    assert "t - 5 >= 0" in [show(x) for x in check(Sequent(DECLARATIONS, (), goal), {}).conditions]


def test_squares_given_by_the_certificate() -> None:
    jensen = rel(">=", div(SUM(square(at("s", u))), m), square(div(SUM(at("s", u)), m)))
    squares = div(SUM(square(sub(at("s", u), MEAN))), m)
    assert check(sequent(jensen), {"as": to_json(squares)}).conditions == ()
    for wrong in (times(2, squares), sub(num(0), squares), SUM(at("s", u))):
        with pytest.raises(Reject):
            check(sequent(jensen), {"as": to_json(wrong)})


HOSTILE = [
    {"use": [{"assumption": 99}]},
    {"use": [{"assumption": -1}]},
    {"use": [{"assumption": True}]},
    {"use": 3},
    {"use": [{"assumption": 4, "lead": 10**6}]},
    {"as": ["exp", {"v": "nobody"}]},
    {"as": {"b": "sum"}},
]


@pytest.mark.parametrize("certificate", HOSTILE, ids=str)
def test_hostile_certificates(certificate: dict[str, object]) -> None:
    goal, given = eq(weight(a, a, b), div(E, plus(times(2, E), m, -1))), [ORTHONORMAL, A_NOT_B]
    with pytest.raises(Reject):
        check(sequent(goal, *given), certificate)


def test_no_choice_of_assumptions_proves_a_false_row() -> None:
    for _, goal, given in FALSE_ROWS:
        start = len(POSITIVE_SIZES)
        for k in range(len(given)):
            for lead in range(3):
                with pytest.raises(Reject):
                    check(sequent(goal, *given), {"use": [{"assumption": start + k, "lead": lead}]})


def test_indices_of_two_sorts_do_not_mix() -> None:
    for goal in (eq(S("u", N, at("x", u)), 0), eq(SUM(delta(u, h)), 1), eq(at("w", i, h), at("w", i, h))):
        with pytest.raises(Reject, match="up to|sort|sorts"):
            check(sequent(goal), {})


def test_a_size_must_be_a_natural_number() -> None:
    z = Index(Var("z"))
    goal = eq(S("u", z, c), times(Var("z"), c))
    with pytest.raises(Reject):
        check(Sequent({**DECLARATIONS, "z": REAL}, POSITIVE_SIZES, goal), {})


def test_a_condition_of_one_sort_is_not_one_of_another() -> None:
    """i : Index(m) in range of x says nothing of a family over n."""
    s = Sequent({**DECLARATIONS, "g": Map((N,), REAL)}, POSITIVE_SIZES, eq(S("u", M, at("g", u)), 0))
    with pytest.raises(Reject):
        check(s, {})


SIGNS = [
    (plus(times(2, E), m, -2), [A_NOT_B], "+"),
    (plus(times(2, E), m, -2), [], None),
    (exp(at("x", i)), [], "+"),
    (sub(m, num(1)), [], "0+"),
    (SUM(exp(at("x", u))), [], "+"),
    (SUM(exp(at("x", u)), ne(u, i)), [], "0+"),
    (sub(SUM(exp(at("x", u))), exp(at("x", i))), [rel(">=", m, 2)], "+"),
    (at("x", i), [], None),
    (at("x", i), [EVERY(rel(">", at("x", u), 0))], "+"),
    (times(at("x", i), at("y", i)), [], None),
    (square(at("x", i)), [], "0+"),
    (app("log", plus(1, E)), [], "+"),
    (div(1, times(c, c)), [ne(c, 0)], "+"),
]


@pytest.mark.parametrize("term, given, sign", SIGNS, ids=[show(t) for t, _, _ in SIGNS])
def test_signs(term: Term, given: list[Term], sign: str | None) -> None:
    assert index_sign(term, sequent(TRUE, *given)) == sign


def test_round_trip_of_forms() -> None:
    """A form written out as a term has the same form, and is read by the JSON reader."""
    from checker.kernel.index_form import context

    for _, goal, given in TRUE_ROWS:
        if not isinstance(goal, App) or goal.head != "=":
            continue
        form = context(sequent(goal, *given))
        for side in goal.args:
            p = form.read(side, {})
            back = form.term(p)
            assert from_json(to_json(back)) == back
            assert form.minus(form.read(back, {}), p).is_zero


__all__ = ["Bind", "T", "conj", "d"]
