"""Equal matrices for each other, traces by the order of matrices, vector equations from the left, determinants."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import symbols

from checker import (
    Derivation, det, eq, identity, inverse, invertible, loewner, logdet, ne, positive_semidefinite, projection,
    spectral_norm, trace,
)
from checker.engines.portfolio import decide
from checker.kernel.claim import Sequent
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.rule_matrix_equals import replaced
from checker.kernel.term import INTEGER, ONE, REAL, TRUE, ZERO, App, Bind, Index, Map, Term, Var, app, num, to_json
from checker.language.derivation import read_claim

D = Derivation("equal-matrices")
d = D.sizes("d")
A, B, P, Q, W = D.matrix("A B P Q W", d)
M, N = D.matrix("M N", d, positive_definite=True)
x = D.vector("x", d)
a = symbols("a", positive=True)
COMMUTE = [projection(P), projection(Q), eq(P@Q, Q@P), eq(P@Q@x, x)]
BELOW = [loewner(N, "<=", M)]
ROWS: list[tuple[str, tuple[Any, ...], list[Any], str]] = [
    ("log-determinant", (logdet(A), "=", 2*logdet(N)), [eq(N@N, A)], "proved"),
    ("log-determinant, factor", (logdet(A), "=", logdet(N)), [eq(A, N@N)], "refuted"),
    ("inverse in a logarithm", (logdet(inverse(W)), "=", logdet(B)), [eq(inverse(W), B)], "proved"),
    ("spectral norm", (spectral_norm(A), "=", spectral_norm(B@Q)), [eq(A, B@Q)], "proved"),
    ("definite", (positive_semidefinite(A),), [eq(A, B.T@B)], "proved"),
    ("not definite", (positive_semidefinite(A),), [eq(A, B@B)], "refuted"),
    ("trace of inverses", (trace(inverse(M)), "<=", trace(inverse(N))), BELOW, "proved"),
    ("trace of inverses, turned", (trace(inverse(M)), ">=", trace(inverse(N))), BELOW, "refuted"),
    ("trace of inverses, strict", (trace(inverse(M)), "<", trace(inverse(N))), BELOW, "refuted"),
    ("trace of a ridge", (trace(inverse(M + a*identity(d))), "<", trace(inverse(M))), [], "proved"),
    ("from the left", (P@x, "=", x), COMMUTE, "proved"),
    ("from the left, the other", (Q@x, "=", x), COMMUTE, "proved"),
    ("not idempotent", (Q@x, "=", x), COMMUTE[2:], "refuted"),
    ("determinant", (det(A), "!=", 0), [invertible(A)], "proved"),
    ("determinant of a product", (det(A@B), "!=", 0), [ne(det(A), 0), invertible(B)], "proved"),
    ("determinant of one factor", (det(A@B), "!=", 0), [ne(det(A), 0)], "refuted"),
]


@pytest.mark.parametrize("row", ROWS, ids=[r[0] for r in ROWS])
def test_a_claim_gets_its_verdict(row: tuple[str, tuple[Any, ...], list[Any], str]) -> None:
    _, parts, given, verdict = row
    certificate = decide(read_claim(parts, given, {})[0], {}).certificate
    assert certificate is not None and certificate["verdict"] == verdict


n = Var("d")
SQUARE = Map((Index(n), Index(n)), REAL)
SORTS: dict[str, Any] = {"d": INTEGER, "m": INTEGER, **dict.fromkeys("ABC", SQUARE)}
a_, b_, c_ = (Var(t) for t in "ABC")
ASSUMED: dict[str, Any] = {"rule": "assumption"}
FORM: dict[str, Any] = {"rule": "matrix-form"}
EQUAL = app("mat=", app("matmul", a_, b_), c_)
DIFFERENCE = app("matadd", b_, app("scale", num(-1), a_))
ORDER = {"rule": "trace-order", "matrix": to_json(DIFFERENCE), "equal": FORM, "proof": ASSUMED}


def exchange(proof: Any, **more: Any) -> dict[str, Any]:
    return {"rule": "equal-matrices", "assumption": 1, "proof": proof, **more}


def tr(t: Term) -> Term:
    return app("trace", t)


ACCEPTED: list[tuple[str, tuple[Term, ...], Term, dict[str, Any]]] = [
    ("a run of factors", (EQUAL, app("pd", app("matmul", c_, b_))), app("pd", app("matmul", a_, b_, b_)), exchange(ASSUMED)),
    ("turned", (EQUAL, app("pd", app("matmul", a_, b_))), app("pd", c_), exchange(ASSUMED, flip=True)),
    ("traces", (app("psd", DIFFERENCE),), app("<=", tr(a_), tr(b_)), ORDER),
    ("traces, strictly", (app("pd", DIFFERENCE), app(">=", n, ONE)), app(">", tr(b_), tr(a_)), ORDER),
    ("determinant", (app("invertible", a_),), app("!=", ZERO, app("det", a_)), {"rule": "invertible"}),
]
REJECTED: list[tuple[str, tuple[Term, ...], Term, dict[str, Any]]] = [
    ("factors that are apart", (EQUAL, app("pd", app("matmul", c_, c_))), app("pd", app("matmul", a_, c_, b_)), exchange(ASSUMED)),
    ("no equation", (app("pd", c_),), app("pd", c_), exchange(ASSUMED)),
    ("a condition that is none of the goal's", (app("mat=", a_, b_),), app("=", tr(a_), tr(b_)), exchange(
        {"rule": "where-defined", "proof": FORM})),
    ("traces, turned", (app("psd", DIFFERENCE),), app(">=", tr(a_), tr(b_)), ORDER),
    ("traces, strictly, semidefinite", (app("psd", DIFFERENCE), app(">=", n, ONE)), app("<", tr(a_), tr(b_)), ORDER),
    ("traces, strictly, size 0", (app("pd", DIFFERENCE),), app("<", tr(a_), tr(b_)), ORDER),
    ("another difference", (app("psd", DIFFERENCE),), app("<=", tr(a_), tr(c_)), ORDER),
    ("names", (app("psd", DIFFERENCE),), app("<=", tr(a_), tr(b_)), {**ORDER, "matrix": to_json(Var("?"))}),
    ("determinant, nothing known", (), app("!=", app("det", a_), ZERO), {"rule": "invertible"}),
    ("determinant, not 1", (app("invertible", a_),), app("!=", app("det", a_), ONE), {"rule": "invertible"}),
]


def sequent(known: tuple[Term, ...], goal: Term) -> Sequent:
    return Sequent(SORTS, (app(">=", Var("m"), ONE), *known), goal)


@pytest.mark.parametrize("row", ACCEPTED, ids=[r[0] for r in ACCEPTED])
def test_accepted(row: tuple[str, tuple[Term, ...], Term, dict[str, Any]]) -> None:
    _, known, goal, certificate = row
    assert not prove(sequent(known, goal), certificate).conditions


@pytest.mark.parametrize("row", REJECTED, ids=[r[0] for r in REJECTED])
def test_rejected(row: tuple[str, tuple[Term, ...], Term, dict[str, Any]]) -> None:
    _, known, goal, certificate = row
    with pytest.raises(Reject):
        prove(sequent(known, goal), certificate)


def test_what_is_bound_moves_or_stands_in_an_exponent_stays() -> None:
    """d/dA tr(A) is no derivative along C, even if A = C at this point; a bound A is another A."""
    one, two = Var("i"), Var("j")
    slope = Bind("partial", ("A",), (SQUARE,), (a_, app("tuple", one, two)), (tr(a_),))
    other = Bind("partial", ("C",), (SQUARE,), (a_, app("tuple", one, two)), (tr(Var("C")),))
    every = Bind("forall", ("C",), (SQUARE,), (), (TRUE, app("psd", a_)))
    power = app("pow", num(2), tr(a_))
    for t in (slope, other, every, power):
        assert replaced(t, a_, c_) == t
    run = App("matmul", (a_, a_, a_))
    assert replaced(run, App("matmul", (a_, a_)), c_) == App("matmul", (c_, a_))
