"""The rules of matrices, certificate by certificate: rows that each must accept, rows that each must reject."""

from __future__ import annotations

from typing import Any

import pytest

from checker.kernel.claim import Sequent
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.term import (
    COMPLEX, FALSE, INTEGER, REAL, TRUE, App, Bind, Index, Map, Term, Var, add, app, mul, num, sub, to_json,
)

n, d, k = (Var(x) for x in "ndk")
X, Y, A, B, S, G, P, K, Q, V, Z = (Var(x) for x in "XYABSGPKQVZ")
x, z, c, w = (Var(s) for s in "xzcw")
SQUARE = Map((Index(d), Index(d)), REAL)
SORTS: dict[str, Any] = {
    "n": INTEGER, "d": INTEGER, "k": INTEGER, "c": REAL, "w": COMPLEX, "X": Map((Index(n), Index(d)), REAL),
    "Y": Map((Index(d), Index(n)), REAL), **dict.fromkeys("ABSGPKQ", SQUARE), "V": Map((Index(n), Index(k)), REAL),
    "Z": Map((Index(d), Index(d)), COMPLEX), "x": Map((Index(d),), REAL), "z": Map((Index(d),), REAL), "i": Index(n), "j": Index(d), "l": Index(d),
}
ONE = app("identity", d)


def T(t: Term) -> Term:  # noqa: N802 - as it is written
    return app("transpose", t)


def dots(*parts: Term) -> Term:
    return App("matmul", parts)


def plus(*parts: Term) -> Term:
    return App("matadd", parts)


def times(weight: Term | int, t: Term) -> Term:
    return app("scale", num(weight) if isinstance(weight, int) else weight, t)


def inv(t: Term) -> Term:
    return app("inverse", t)


def same(a: Term, b: Term) -> Term:
    return app("mat=", a, b)


def unit(size: Term, i: str) -> Term:
    return Bind("lambda", ("r",), (Index(size),), (), (app("delta", Var("r"), Var(i)),))


BASE = (app("pd", S), app("psd", G), same(dots(P, P), P), same(T(P), P), same(T(K), times(-1, K)),
        same(dots(T(Q), Q), ONE), same(dots(T(V), V), app("identity", k)))
FORM = {"rule": "matrix-form"}
SIGN = {"rule": "definite"}
INVERTIBLE = {"rule": "invertible"}


def sequent(goal: Term, *more: Term) -> Sequent:
    """Only what the names of the claim need: a complex name would forbid squares everywhere."""
    from checker.kernel.term import free_names, sort_terms

    names = set().union(*(free_names(t) for t in (goal, *more)))
    for _ in range(2):
        names |= {m for name in names for t in sort_terms(SORTS[name]) for m in free_names(t)}
    known = tuple(a for a in BASE if free_names(a) <= names)
    return Sequent({m: s for m, s in SORTS.items() if m in names}, (*known, *more), goal)


def square(factor: Term, **data: Any) -> dict[str, Any]:
    return {"factor": to_json(factor), **{m: to_json(v) if not isinstance(v, dict) else v for m, v in data.items()}}


GRAM = dots(T(X), X)
ACCEPTED: list[tuple[str, Term, dict[str, Any], tuple[Term, ...]]] = [
    ("transpose", same(T(dots(A, B)), dots(T(B), T(A))), FORM, ()),
    ("trace", app("=", app("trace", dots(X, Y)), app("trace", dots(Y, X))), FORM, ()),
    ("inverse", same(inv(dots(A, B)), dots(inv(B), inv(A))), FORM, ()),
    ("orthogonal, other side", same(dots(Q, T(Q)), ONE), FORM, ()),
    ("projection", same(dots(P, plus(ONE, times(-1, P))), app("zeros", d, d)), FORM, ()),
    ("multiplied", same(dots(inv(plus(ONE, dots(A, B))), A), dots(A, inv(plus(ONE, dots(B, A))))),
     {**FORM, "multiply": [["left", "#S0"], ["right", "#S1"]]}, ()),
    ("two sides", same(dots(A, B), ONE), FORM, (same(dots(B, A), ONE),)),
    ("number", app("=", dots(T(x), A, x), mul(c, dots(T(x), x))), FORM, (same(dots(A, x), times(c, x)),)),
    ("sum", app("=", app("trace", app("kron", A, B)), mul(app("trace", A), app("trace", B))), FORM, ()),
    ("gram", app("psd", GRAM), SIGN, ()),
    ("ridge", app("pd", plus(GRAM, times(c, ONE))), SIGN, (app(">", c, num(0)),)),
    ("form", app(">=", dots(T(x), G, x), num(0)), SIGN, ()),
    ("inverse of a definite", app("pd", inv(S)), SIGN, ()),
    ("square", app(">=", add(dots(T(x), x), dots(T(z), z)), mul(num(2), dots(T(x), z))),
     {"rule": "squares", "squares": [square(plus(x, times(-1, z)))], "equal": FORM}, ()),
    ("middle", app("psd", dots(T(A), G, A)),
     {"rule": "squares", "squares": [square(A, middle=G, definite={"rule": "assumption"})], "equal": FORM}, ()),
    ("strict", app("pd", dots(T(A), A)), {"rule": "squares", "squares": [square(A)], "equal": FORM, "strict": 0,
                                           "regular": {"rule": "assumption"}}, (app("invertible", A),)),
    ("weaker", app("psd", S), {"rule": "semidefinite", "proof": {"rule": "assumption"}}, ()),
    ("full column rank", app("pd", GRAM), SIGN, (app("=", app("rank", X), d),)),
    ("full column rank, around a definite matrix", app("invertible", plus(GRAM, dots(T(A), S, A))), INVERTIBLE,
     (app("=", app("rank", A), d),)),
    ("symmetric part", app("invertible", plus(ONE, K)), INVERTIBLE, ()),
    ("definite", app("invertible", S), INVERTIBLE, ()),
    ("named inverse", app("invertible", A), {"rule": "invertible", "inverse": to_json(B), "proof": {"rule": "assumption"}},
     (same(dots(A, B), ONE),)),
    ("isolated", app("<=", dots(T(x), z), app("sqrt", dots(T(x), x))),
     {"rule": "isolated", "low": to_json(dots(T(x), z)), "high": to_json(app("sqrt", dots(T(x), x))), "equal": FORM,
      "nonnegative": SIGN, "squared": {"rule": "assumption"}},
     (app("<=", app("pow", dots(T(x), z), num(2)), app("pow", app("sqrt", dots(T(x), x)), num(2))),)),
    ("entries", same(dots(app("diag", x), z), app("hadamard", x, z)),
     {"rule": "entries", "proof": {"rule": "forall", "proof": {"rule": "index-form"}}}, ()),
]

# the unit vector of an index has length 1 only over the index's own range
ACCEPTED += [("unit vector", app("=", dots(T(unit(d, "j")), unit(d, "j")), num(1)), FORM, ()),
             ("entry", app("=", app("at", P, Var("j"), Var("l")), app("at", P, Var("l"), Var("j"))), FORM, ())]

FORMS = {"rule": "forms", "symmetric": FORM, "form": SIGN}
TRACE = app(">=", app("trace", dots(S, G)), num(0))
LOEWNER = app("psd", plus(A, times(-1, S)))
DET, RANK_ONE = app("det", A), plus(A, dots(x, T(z)))
CORRECTION = add(num(1), dots(T(z), inv(A), x))
NONZERO = app("not", same(x, app("zeros", d, num(1))))
# what is known of a determinant, of a vector
ACCEPTED += [("determinant", app("invertible", A), INVERTIBLE, (app(">", DET, num(0)),)),
             ("determinant lemma", app("invertible", RANK_ONE), INVERTIBLE, (
                 app("invertible", A), app("!=", CORRECTION, num(0)))),
             ("length", app(">", app("sqrt", dots(T(x), x)), num(0)), SIGN, (NONZERO,))]
# a matrix is semidefinite if it is symmetric and its form is; it is R^T R then
ACCEPTED += [("forms", app("psd", GRAM), FORMS, ()),
             ("root", TRACE, {"rule": "root", "assumption": 1, "proof": SIGN}, ()),
             ("root of a difference", app(">=", app("trace", dots(G, A)), app("trace", dots(G, S))),
              {"rule": "root", "assumption": 2, "proof": SIGN}, (LOEWNER,))]

ACCEPTED += [("logarithm of e", app("=", app("log", mul(app("e"), app("det", S))), add(num(1), app("log", app("det", S)))), FORM, ())]
REJECTED: list[tuple[str, Term, dict[str, Any], tuple[Term, ...]]] = [
    ("determinant that may be 0", app("invertible", A), INVERTIBLE, (app(">=", DET, num(0)),)),
    ("determinant of another", app("invertible", A), INVERTIBLE, (app(">", app("det", B), num(0)),)),
    ("determinant lemma without the inverse", app("invertible", RANK_ONE), INVERTIBLE, (
        app("not", app("=", CORRECTION, num(0))),)),
    ("length of another", app(">", app("sqrt", dots(T(z), z)), num(0)), SIGN, (NONZERO,)),
    ("length of what is complex", app(">", dots(T(app("scale", w, x)), app("scale", w, x)), num(0)), SIGN, (NONZERO,)),
    ("forms without symmetry", app("psd", plus(ONE, K)), FORMS, ()),
    ("forms, not strict", app("pd", GRAM), {**FORMS, "form": {"rule": "implies", "proof": SIGN}}, ()),
    ("root of what is only symmetric", app(">=", app("trace", dots(P, P)), num(0)),
     {"rule": "root", "assumption": 0, "proof": SIGN}, ()),
    ("root of what stands in the rest", app(">=", app("trace", A), num(0)), {"rule": "root", "assumption": 0, "proof": SIGN},
     (app("psd", plus(A, times(-1, dots(A, A)))),)),
    ("root of complex entries", app(">=", app("trace", Z), num(0)), {"rule": "root", "assumption": 0, "proof": SIGN},
     (app("psd", Z),)),
    ("unit vector of another range", app("=", dots(T(unit(d, "i")), unit(d, "i")), num(1)), FORM, ()),
    ("two unit vectors", app("=", dots(T(unit(d, "j")), unit(d, "l")), num(1)), FORM, ()),
    ("entry", app("=", app("at", A, Var("j"), Var("l")), app("at", A, Var("l"), Var("j"))), FORM, ()),
    ("order", same(T(dots(A, B)), dots(T(A), T(B))), FORM, ()),
    ("inverse, order", same(inv(dots(A, B)), dots(inv(A), inv(B))), FORM, ()),
    ("ill-typed", same(dots(A, X), X), FORM, ()),
    ("columns only", same(dots(V, T(V)), app("identity", n)), FORM, ()),
    ("one side", same(dots(X, Y), app("identity", n)), FORM, (same(dots(Y, X), ONE),)),
    ("a factor without inverse", same(A, B), {**FORM, "multiply": [["left", "G"]]}, (same(dots(G, A), dots(G, B)),)),
    ("no such letter", same(A, B), {**FORM, "multiply": [["left", "#S7"]]}, ()),
    ("determinant", app("=", app("det", Q), num(1)), FORM, ()),
    ("pi is not e", app("=", app("log", mul(app("pi"), app("det", S))), add(num(1), app("log", app("det", S)))), FORM, ()),
    ("logarithm of pi and any number", app("=", app("log", mul(app("pi"), app("det", A))), add(
        app("log", app("pi")), app("log", app("det", A)))), FORM, ()),
    ("logarithm", app("=", app("log", app("det", dots(A, B))),
                      add(app("log", app("det", A)), app("log", app("det", B)))), FORM, ()),
    ("gram", app("pd", GRAM), SIGN, ()),
    ("product", app("psd", dots(S, G)), SIGN, ()),
    ("middle of no sign", app("psd", dots(T(A), B, A)), SIGN, (same(T(B), B),)),
    ("sign of the penalty", app("pd", plus(GRAM, times(c, ONE))), SIGN, (app(">=", c, num(0)),)),
    ("complex entries", app("psd", dots(T(Z), Z)), SIGN, ()),
    ("complex multiple", app(">=", dots(T(times(w, x)), times(w, x)), num(0)), SIGN, ()),
    ("complex square", app("psd", times(-1, dots(x, T(x)))),
     {"rule": "squares", "squares": [square(times(app("sqrt", num(-1)), T(x)))], "equal": FORM}, ()),
    ("negative weight", app("psd", times(-1, GRAM)),
     {"rule": "squares", "squares": [square(X, weight=num(-1), sign={"rule": "sign"})], "equal": FORM}, ()),
    ("middle not shown", app("psd", dots(T(x), A, x)),
     {"rule": "squares", "squares": [square(x, middle=A, definite={"rule": "assumption"})], "equal": FORM}, ()),
    ("another sum", app(">=", dots(T(x), x), dots(T(z), z)),
     {"rule": "squares", "squares": [square(plus(x, times(-1, z)))], "equal": FORM}, ()),
    ("strict, not square", app("pd", GRAM), {"rule": "squares", "squares": [square(X)], "equal": FORM, "strict": 0,
                                             "regular": INVERTIBLE}, ()),
    ("strict, nothing positive", app(">", dots(T(x), x), num(0)),
     {"rule": "squares", "squares": [square(x)], "equal": FORM}, ()),
    ("stronger", app("pd", G), {"rule": "semidefinite", "proof": {"rule": "assumption"}}, ()),
    ("full row rank", app("pd", GRAM), SIGN, (app("=", app("rank", X), n),)),
    ("full row rank, no inverse", app("invertible", GRAM), INVERTIBLE, (app("=", app("rank", X), n),)),
    ("rank of no size", app("invertible", GRAM), INVERTIBLE, (app("=", app("rank", X), k),)),
    ("full column rank, the other way", app("invertible", dots(X, T(X))), INVERTIBLE, (app("=", app("rank", X), d),)),
    ("skew", app("invertible", K), INVERTIBLE, ()),
    ("semidefinite", app("invertible", G), INVERTIBLE, ()),
    ("one-sided inverse", app("invertible", X),
     {"rule": "invertible", "inverse": to_json(Y), "proof": {"rule": "assumption"}}, (same(dots(X, Y), app("identity", n)),)),
    ("isolated, below 0", app("<=", dots(T(x), z), app("neg", app("sqrt", dots(T(x), x)))),
     {"rule": "isolated", "low": to_json(dots(T(x), z)), "high": to_json(app("neg", app("sqrt", dots(T(x), x)))),
      "equal": FORM, "nonnegative": SIGN, "squared": {"rule": "assumption"}},
     (app("<=", app("pow", dots(T(x), z), num(2)), app("pow", app("neg", app("sqrt", dots(T(x), x))), num(2))),)),
    ("entries, wrong", same(dots(app("diag", x), z), x),
     {"rule": "entries", "proof": {"rule": "forall", "proof": {"rule": "index-form"}}}, ()),
]


@pytest.mark.parametrize("row", ACCEPTED, ids=[r[0] for r in ACCEPTED])
def test_accepted(row: tuple[str, Term, dict[str, Any], tuple[Term, ...]]) -> None:
    _, goal, certificate, given = row
    evidence = prove(sequent(goal, *given), certificate, {})
    assert all(isinstance(one, App) and one.head in ("invertible", "!=", ">=") for one in evidence.conditions)


@pytest.mark.parametrize("row", REJECTED, ids=[r[0] for r in REJECTED])
def test_rejected(row: tuple[str, Term, dict[str, Any], tuple[Term, ...]]) -> None:
    _, goal, certificate, given = row
    with pytest.raises(Reject):
        prove(sequent(goal, *given), certificate, {})


def test_a_name_that_looks_like_a_letter_of_ours_is_none() -> None:
    s = sequent(same(dots(inv(plus(A, B)), X), X))
    sorts = {**s.declarations, "S0": SQUARE, "A^-1": SQUARE}
    for name in ("S0", "A^-1"):
        goal = same(dots(inv(plus(A, B)) if name == "S0" else inv(A), Var(name)), dots(Var(name), Var(name)))
        with pytest.raises(Reject):
            prove(Sequent(sorts, (), goal), FORM, {})


def test_an_inverse_is_asked_for() -> None:
    assert prove(sequent(same(dots(A, inv(A)), ONE)), FORM, {}).conditions == (app("invertible", A),)
    assert prove(sequent(same(dots(S, inv(S)), ONE)), FORM, {}).conditions == ()


def test_the_difference_of_equal_terms_needs_no_rule() -> None:
    assert prove(sequent(app("=", sub(app("trace", A), app("trace", T(A))), num(0))), FORM, {}).conditions == ()


# ------------------------------------------------------------- what a normal form may not take for the same


def over(name: str, size: Term, body: Term) -> Term:
    return Bind("sum", (name,), (Index(size),), (), (TRUE, body))


def by_entries(rows: Term, columns: Term, body: Term) -> Term:
    return Bind("lambda", ("p", "q"), (Index(rows), Index(columns)), (), (body,))


def _ones(rows: Term, columns: Term) -> Term:
    return app("ones", rows, columns)


def _zeros(rows: Term, columns: Term) -> Term:
    return app("zeros", rows, columns)


ENTRIES = {"rule": "entries", "proof": {"rule": "forall", "proof": {"rule": "index-form"}}}
BLOCKS = {"rule": "entries", "proof": {"rule": "and", "parts": [ENTRIES["proof"]] * 4}}
COLUMN = _ones(n, num(1))
SQUARES = dots(T(COLUMN), COLUMN)
THREE = app("at", Var("f"), add(mul(Var("p"), Var("q")), Var("r")))
entry = app("at", Var("a"), Var("p"))
APART: list[tuple[str, Term, dict[str, Any]]] = [
    # n*m is m*n, but the pairs (and the sides n + m) of the two are others
    ("kron", same(app("kron", app("identity", n), _ones(k, k)), app("kron", app("identity", k), _ones(n, n))), ENTRIES),
    ("vec", same(app("vec", by_entries(n, k, Var("p"))), app("vec", by_entries(k, n, Var("p")))), ENTRIES),
    ("trace of a kron", app("=", app("trace", app("kron", by_entries(n, k, Var("q")), _ones(k, n))), mul(
        k, over("p", n, Var("p")))), {"rule": "entries", "proof": {"rule": "index-form"}}),
    ("blocks", same(App("block", (_ones(n, n), _ones(n, k), _zeros(k, n), _zeros(k, k))),
                    App("block", (_ones(k, n), _ones(k, k), _zeros(n, n), _zeros(n, k)))), BLOCKS),
    # letters and atoms of two terms that look alike
    ("identities", app("=", *(app("trace", app("hadamard", app("identity", s), app("identity", s))) for s in (n, k))), FORM),
    ("ranges", app("=", *(over("p", s, over("q", s, over("r", s, THREE))) for s in (n, k))), FORM),
    ("a name i", app("=", app("at", Var("f"), Var("i")), app("at", Var("f"), App("i", ()))), FORM),
    ("a name n/2", same(app("identity", app("div", n, num(2))), app("identity", Var("n/2"))), FORM),
    # a range that ends at another index is none of symbolic size
    ("up to an index", app("=", over("p", n, mul(entry, over("q", n, over("r", Var("q"), num(1))))),
                           over("q", n, over("p", n, mul(entry, over("r", Var("p"), num(1)))))), FORM),
    # sizes and numbers that are none
    ("size of itself", app("=", add(app("trace", _zeros(*[add(n, SQUARES, app("neg", SQUARES))] * 2)), SQUARES), num(1)), FORM),
    ("real size", app("=", app("trace", app("identity", c)), c), FORM),
    ("negative size", app("=", app("trace", app("identity", num(-3))), num(-3)), FORM),
    ("real range", app("=", over("p", c, num(1)), c), FORM),
    ("no rows", app("=", app("det", _zeros(sub(n, num(1)), sub(n, num(1)))), num(0)), FORM),
    ("infinity", app("=", sub(App("oo", ()), App("oo", ())), num(0)), FORM),
    ("a matrix as a number", same(app("scale", A, B), dots(A, B)), FORM),
]


@pytest.mark.parametrize("row", APART, ids=[r[0] for r in APART])
def test_what_only_looks_the_same(row: tuple[str, Term, dict[str, Any]]) -> None:
    _, goal, certificate = row
    sorts = {**SORTS, "f": Map((COMPLEX,), COMPLEX), "i": COMPLEX, "n/2": INTEGER,
             "a": Map((Index(n),), REAL)}
    sizes = tuple(app(">=", size, num(1)) for size in (n, d, k))
    with pytest.raises(Reject):
        prove(Sequent(sorts, sizes, goal), certificate, {})


def test_a_power_of_a_matrix_takes_an_integer() -> None:
    half = app("matpow", A, num("1/2"))
    assert prove(sequent(same(half, half)), FORM, {}).conditions == (FALSE,)


def test_a_cofactor_is_a_product() -> None:
    """x is d x 1 and A is d x d: x A is nothing to multiply a relation by."""
    s = sequent(same(A, A), same(A, B), same(x, x))
    place = s.assumptions.index(same(A, B))
    for word, fits in (([["A", False], ["A", True]], True), ([["x", False], ["A", False]], False)):
        certificate = {**FORM, "derived": [{"terms": [["1", word, f"a{place}", []]]}]}
        if fits:
            assert prove(s, certificate, {}).conditions == ()
        else:
            with pytest.raises(Reject, match="no product"):
                prove(s, certificate, {})


def test_an_exponent_is_whole_in_each_of_its_terms() -> None:
    """N = 2 tr A may be 1: then (-1)^N is no power of (-1)^2."""
    sorts, form = {**SORTS, "N": INTEGER}, dots(T(x), z)
    given = (app("=", Var("N"), mul(num(2), app("trace", A))), app("=", form, app("pow", num(-1), Var("N"))))
    with pytest.raises(Reject):
        prove(Sequent(sorts, given, app("=", form, num(1))), FORM, {})
    even = app("=", app("pow", num(-1), mul(num(2), Var("N"))), num(1))
    assert prove(Sequent(sorts, (), even), FORM, {}).conditions == ()
