"""Eigenvalues, spectral norms, congruence: rows that the rules accept and reject, values, claims end to end."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy
from sympy import Abs, log, symbols

from checker import (
    Derivation, block, det, dot, eigenvalue, eq, forall, identity, inverse, invertible, lambda_max, lambda_min, loewner, logdet, ne, norm, or_,
    outer, positive_definite, positive_semidefinite, prod, spectral_norm, symmetric, total, trace,
)
from checker.engines.portfolio import decide
from checker.kernel.claim import Claim, Sequent
from checker.kernel.evaluate import Table, Undefined, truth, value
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.term import (
    COMPLEX, INTEGER, REAL, TRUE, ZERO, App, Bind, Index, Map, Term, Var, app, mul, num, sub, to_json,
)
from checker.kernel.verdict import verify
from checker.language.derivation import read_claim
from checker.language.errors import StatementError

d, c, r, Z = (Var(s) for s in "dcrZ")
A, B, S, R, M, v, w = (Var(s) for s in ("A", "B", "S", "R", "M", "v", "w"))
SQUARE, COLUMN = Map((Index(d), Index(d)), REAL), Map((Index(d),), REAL)
SORTS: dict[str, Any] = {"d": INTEGER, "c": REAL, "r": REAL, **dict.fromkeys("ABSRM", SQUARE), "v": COLUMN, "w": COLUMN, "Z": Map((Index(d), Index(d)), COMPLEX)}
ONE = app("identity", d)
WORDS, SIGN, ASSUMED = {"rule": "matrix-form"}, {"rule": "definite"}, {"rule": "assumption"}


def T(t: Term) -> Term:  # noqa: N802 - as it is written
    return app("transpose", t)


def dots(*parts: Term) -> Term:
    return App("matmul", parts)


def plus(*parts: Term) -> Term:
    return App("matadd", parts)


def times(weight: Term | int, t: Term) -> Term:
    return app("scale", num(weight) if isinstance(weight, int) else weight, t)


def vanishes(x: Term) -> Term:
    return app("mat=", x, app("zeros", d, num(1)))


SYMMETRIC = app("mat=", T(M), M)
NONZERO = app("not", vanishes(v))
EIGEN = app("mat=", dots(M, v), times(c, v))
SUM = plus(S, dots(T(A), A))
DIFFERENCE = plus(app("inverse", S), times(-1, app("inverse", SUM)))
CONGRUENT = plus(dots(T(A), A), dots(T(A), A, app("inverse", S), T(A), A))
CONGRUENCE = {"rule": "congruence", "by": to_json(SUM), "new": to_json(CONGRUENT), "regular": {"rule": "invertible"},
              "equal": WORDS, "proof": SIGN}
LENGTH = dots(T(v), v)
CANCEL = {"rule": "cancel", "factor": to_json(LENGTH), "sign": SIGN, "equal": WORDS,
          "new": to_json(dots(T(v), S, v)), "without": 0, "proof": SIGN}
LARGEST = {"rule": "largest-eigenvalue", "matrix": to_json(M), "bound": to_json(c), "factor": "1", "equal": WORDS,
           "proof": ASSUMED}
BOUNDED = app("psd", plus(times(c, ONE), times(-1, M)))
RAYLEIGH = app("<=", dots(T(v), M, v), mul(app("maxeig", M), LENGTH))
GRAM = app("maxeig", dots(T(A), A))
ROOTED = {**LARGEST, "matrix": to_json(dots(T(A), A)), "root": True, "sign": ASSUMED}
SQUARED = app("psd", plus(times(app("pow", c, num(2)), ONE), times(-1, dots(T(A), A))))
BASIS = {"rule": "eigenbasis", "definite": "S", "other": "R", "positive": [], "proof": {"rule": "index-form"}}
EIGENVALUE = app("mat=", dots(S, v), times(c, v))

INVERSE = {"rule": "invertible", "inverse": to_json(app("inverse", A)), "proof": WORDS}
BLOCK = app("block", A, B, T(B), S)
SCHUR = plus(S, times(-1, dots(T(B), app("inverse", A), B)))
COMPLEMENT = {"rule": "complement", "assumption": 0, "upper": to_json(ONE), "lower": to_json(app("zeros", d, d)),
              "equal": WORDS}
CORNER = {"rule": "complement", "corner": ASSUMED, "symmetric": WORDS, "proof": ASSUMED}

EVERY = Bind("forall", ("i",), (Index(d),), (), (TRUE, app(">=", app("at", v, Var("i")), ZERO)))

ACCEPTED: list[tuple[str, tuple[Term, ...], Term, dict[str, Any]]] = [
    ("inverse of a sum", (app("pd", S),), app("psd", DIFFERENCE), CONGRUENCE),
    ("eigenvalue of a definite matrix", (EIGENVALUE, app("pd", S), NONZERO), app(">", c, ZERO), CANCEL),
    ("kernel", (EIGEN, NONZERO), app("=", app("det", plus(M, times(mul(num(-1), c), ONE))), ZERO),
     {"rule": "singular", "vector": to_json(v), "kernel": WORDS, "nonzero": ASSUMED}),
    ("bound", (SYMMETRIC, BOUNDED), app("<=", app("maxeig", M), c), LARGEST),
    ("bound of a root", (app(">=", c, ZERO), SQUARED), app("<=", app("sqrt", GRAM), c), ROOTED),
    ("rayleigh", (SYMMETRIC,), RAYLEIGH, {"rule": "spectrum", "matrix": to_json(M), "proof": SIGN}),
    ("trace of a quotient", (app("pd", S), app("psd", R)), app(
        ">=", app("trace", dots(app("inverse", S), R)), ZERO), BASIS),
    ("trace of a product", (app("pd", S), app("psd", R)), app(">=", app("trace", dots(S, R)), ZERO),
     {**BASIS, "dual": True}),
    ("corner of a block", (app("psd", BLOCK),), app("psd", A), COMPLEMENT),
    ("schur", (app("pd", A), app("psd", SCHUR)), app("psd", BLOCK), CORNER),
    ("block by block", (), app("mat=", dots(app("block", ONE, A, B, ONE), app("block", ONE, B, A, ONE)), app(
        "block", plus(ONE, dots(A, A)), plus(B, A), plus(B, A), plus(ONE, dots(B, B)))),
     {"rule": "blocks", "parts": [WORDS]*4}),
    ("inverse by its product", (app("mat=", dots(A, B), ONE),), app("mat=", B, app("inverse", A)), {
        "rule": "inverse-of", "turned": True, "proof": ASSUMED}),
    ("weights", (EVERY,), app("psd", app("diag", v)), {"rule": "diagonal", "proof": ASSUMED}),
    ("diagonal times vector", (), app("mat=", dots(app("diag", v), w), app("hadamard", w, v)), WORDS),
    ("root of a bound", (app("psd", plus(times(-2, M), S)),), app(">=", dots(T(v), plus(S, times(-2, M)), v), ZERO),
     {"rule": "root", "assumption": 0, "proof": SIGN}),
]
REJECTED: list[tuple[str, tuple[Term, ...], Term, dict[str, Any]]] = [
    ("nothing is inverted", (), app("psd", times(-1, ONE)), {
        **CONGRUENCE, "by": to_json(app("zeros", d, d)), "new": to_json(app("zeros", d, d)),
        "regular": {"rule": "invertible"}}),
    ("a complex factor", (app("invertible", Z), app("mat=", dots(T(Z), M, Z), S), app("psd", S)), app("psd", M), {
        **CONGRUENCE, "by": to_json(Z), "new": to_json(S), "regular": ASSUMED, "equal": ASSUMED, "proof": ASSUMED}),
    ("a complex complement", (app("psd", BLOCK),), app("psd", dots(T(Z), A, Z)), {
        **COMPLEMENT, "upper": to_json(Z), "lower": to_json(app("zeros", d, d))}),
    ("another complement", (app("psd", BLOCK),), app("psd", plus(A, times(-1, ONE))), COMPLEMENT),
    ("a semidefinite corner", (app("psd", A), app("psd", SCHUR)), app("psd", BLOCK), CORNER),
    ("an asymmetric block", (app("pd", A), app("psd", SCHUR)), app("psd", app("block", A, B, B, S)), CORNER),
    ("a strict complement", (app("pd", A), app("psd", SCHUR)), app("pd", BLOCK), CORNER),
    ("blocks of a transpose", (), app("mat=", T(BLOCK), app("block", T(A), T(B), B, T(S))), {
        "rule": "blocks", "parts": [WORDS]*4}),
    ("a weight that may be negative", (), app("psd", app("diag", v)), {"rule": "diagonal", "proof": {"rule": "forall", "proof": {
        "rule": "sign"}}}),
    ("a weight that may be 0", (EVERY,), app("pd", app("diag", v)), {"rule": "diagonal", "proof": ASSUMED}),
    ("blocks that differ", (), app("mat=", dots(BLOCK, BLOCK), BLOCK), {"rule": "blocks", "parts": [WORDS]*4}),
    ("a right inverse only", (app("mat=", dots(A, B), S),), app("mat=", app("inverse", A), B), {
        "rule": "inverse-of", "proof": ASSUMED}),
    ("congruence to another matrix", (app("pd", S),), app("psd", times(-1, DIFFERENCE)), CONGRUENCE),
    ("names", (app("pd", S),), app("psd", DIFFERENCE), {**CONGRUENCE, "by": to_json(Var("?"))}),
    ("a factor that may be 0", (EIGENVALUE, app("pd", S)), app(">", c, ZERO), CANCEL),
    ("a semidefinite matrix", (EIGENVALUE, app("psd", S), NONZERO), app(">", c, ZERO), CANCEL),
    ("the wrong sign", (EIGENVALUE, app("pd", S), NONZERO), app("<", c, ZERO), CANCEL),
    ("a factor that is only not negative", (), app("=", c, r), {
        "rule": "cancel", "factor": to_json(ZERO), "positive": True, "sign": {"rule": "sign"}, "equal": {"rule": "field"}}),
    ("a vector that may be 0", (EIGEN,), app("=", app("det", plus(M, times(mul(num(-1), c), ONE))), ZERO),
     {"rule": "singular", "vector": to_json(v), "kernel": WORDS, "nonzero": ASSUMED}),
    ("another eigenvalue", (EIGEN, NONZERO), app("=", app("det", plus(M, times(-1, ONE))), ZERO),
     {"rule": "singular", "vector": to_json(v), "kernel": WORDS, "nonzero": ASSUMED}),
    ("strict from weak", (SYMMETRIC, BOUNDED), app("<", app("maxeig", M), c), LARGEST),
    ("from below", (SYMMETRIC, BOUNDED), app(">=", app("maxeig", M), c), LARGEST),
    ("a negative factor", (SYMMETRIC, BOUNDED), app(">=", app("maxeig", M), c), {**LARGEST, "factor": "-1"}),
    ("a root below a negative number", (SQUARED,), app("<=", app("sqrt", GRAM), c), ROOTED),
    ("not symmetric", (), RAYLEIGH, {"rule": "spectrum", "matrix": to_json(M), "proof": SIGN}),
    ("rayleigh reversed", (SYMMETRIC,), app(">=", *RAYLEIGH.args), {
        "rule": "spectrum", "matrix": to_json(M), "proof": SIGN}),
    ("not definite", (app("psd", S), app("psd", R)), app(
        ">=", app("trace", dots(app("inverse", S), R)), ZERO), BASIS),
    ("not symmetric either", (app("pd", S),), app(">=", app("trace", dots(app("inverse", S), R)), ZERO), BASIS),
    ("a trace in a basis that is not orthonormal", (app("pd", S), app("psd", R)), app(
        ">=", app("trace", dots(S, R)), ZERO), BASIS),
    ("a trace of a quotient in the dual basis", (app("pd", S), app("psd", R)), app(
        ">=", app("trace", dots(app("inverse", S), R)), ZERO), {**BASIS, "dual": True}),
    ("dual, not definite", (app("psd", S), app("psd", R)), app(">=", app("trace", dots(S, R)), ZERO),
     {**BASIS, "dual": True}),
    ("a trace of one of two", (app("pd", S), app("psd", R)), app(">=", app("trace", R), ZERO), BASIS),
    ("a logarithm of what may be negative", (app("mat=", T(R), R), app("pd", S)), app("=", app(
        "log", app("det", R)), app("log", app("det", R))), {**BASIS, "positive": []}),
    ("a factor that is undefined where the goal is false", (app(">", r, ZERO),), app(">", mul(c, c, r), ZERO), {
        "rule": "cancel", "factor": to_json(app("div", num(1), mul(c, c))), "new": to_json(r), "sign": {"rule": "sign"},
        "equal": {"rule": "field"}, "proof": ASSUMED}),
    ("an inverse if there is one", (), app("invertible", A), INVERSE),
    ("congruence by a matrix that may have no inverse", (app("psd", dots(T(A), M, A)),), app("psd", M), {
        **CONGRUENCE, "by": to_json(A), "new": to_json(dots(T(A), M, A)), "regular": INVERSE, "proof": ASSUMED}),
    ("the largest eigenvalue of a matrix that is not square", (), app("<", c, c), {
        "rule": "spectrum", "matrix": to_json(app("zeros", num(1), num(2))), "vector": True, "proof": WORDS}),
    ("a root of a matrix twice", (app("psd", plus(times(-2, M), dots(T(M), M))),), app(
        ">=", app("trace", M), ZERO), {"rule": "root", "assumption": 0, "proof": SIGN}),
]


def sequent(known: tuple[Term, ...], goal: Term) -> Sequent:
    return Sequent(SORTS, (app(">=", d, num(1)), *known), goal)


def shifted(certificate: dict[str, Any]) -> dict[str, Any]:
    """Assumptions are counted after the one on the size."""
    return {k: x + 1 if k in ("without", "assumption") else x for k, x in certificate.items()}


@pytest.mark.parametrize(("known", "goal", "certificate"), [r[1:] for r in ACCEPTED], ids=[r[0] for r in ACCEPTED])
def test_a_rule_accepts(known: tuple[Term, ...], goal: Term, certificate: dict[str, Any]) -> None:
    assert not prove(sequent(known, goal), shifted(certificate)).conditions


@pytest.mark.parametrize(("known", "goal", "certificate"), [r[1:] for r in REJECTED], ids=[r[0] for r in REJECTED])
def test_a_rule_rejects(known: tuple[Term, ...], goal: Term, certificate: dict[str, Any]) -> None:
    with pytest.raises(Reject):
        prove(sequent(known, goal), shifted(certificate))


def test_a_kept_relation_is_no_rule_and_coefficients_are_declared_numbers() -> None:
    goal = app("=", mul(LENGTH, sub(mul(c, c), num(1))), ZERO)
    known = (app("mat=", dots(T(A), A), ONE), app("mat=", dots(A, v), times(c, v)))
    why = [["-1", [["v", True], ["A", True]], "a2", []], [to_json(mul(num(-1), c)), [["v", True]], "a2", []]]
    assert prove(sequent(known, goal), {"rule": "matrix-form", "keep": ["a2"], "minus": why})
    for bad in (to_json(app("div", num(1), c)), to_json(Var("?"))):
        with pytest.raises(Reject):
            prove(sequent(known, goal), {"rule": "matrix-form", "keep": ["a2"], "minus": [why[0], [bad, *why[1][1:]]]})


def test_a_matrix_may_have_no_rows() -> None:
    """Its trace is 0 then, and it has no largest eigenvalue."""
    for known, goal in ((app("pd", S), app(">", app("trace", S), ZERO)),
                        (app("psd", S), app(">", app("trace", plus(S, dots(T(A), A), ONE)), ZERO))):
        with pytest.raises(Reject):
            prove(Sequent(SORTS, (known,), goal), SIGN)
        assert not prove(Sequent(SORTS, (app("pd", S), app(">", d, ZERO)), app(">", app("trace", S), ZERO)), SIGN).conditions
    for goal, proof in ((app(">", app("maxeig", S), ZERO), SIGN), (app("=", app("maxeig", ONE), num(1)), WORDS)):
        assert prove(Sequent(SORTS, (app("pd", S),), goal), proof).conditions == (app(">=", d, num(1)),)


# ------------------------------------------------------------------ values


def matrix(*entries: int) -> Table:
    n = 1 if len(entries) == 1 else 2
    places = [(i, j) for i in range(1, n + 1) for j in range(1, n + 1)]
    return Table((n, n), {p: num(x) for p, x in zip(places, entries, strict=True)})


def at(*entries: int) -> dict[str, Any]:
    return {"d": num(1 if len(entries) == 1 else 2), "M": matrix(*entries)}


@pytest.mark.parametrize(("entries", "largest"), [((3,), 3), ((2, 1, 1, 2), 3), ((0, 0, 0, 0), 0), ((-1, 0, 0, -2), -1)])
def test_a_rational_eigenvalue_is_exact(entries: tuple[int, ...], largest: int) -> None:
    assert value(app("maxeig", M), at(*entries), {"M": SQUARE, "d": INTEGER}) == Fraction(largest)


def test_an_irrational_eigenvalue_is_a_ball_and_none_is_there_without_symmetry() -> None:
    ball = value(app("maxeig", M), at(1, 1, 1, 0), {"M": SQUARE, "d": INTEGER})
    assert abs(float(ball.real) - 1.618033988749895) < 1e-9
    with pytest.raises(Undefined):
        value(app("maxeig", M), at(1, 1, 0, 1), {"M": SQUARE, "d": INTEGER})


@pytest.mark.parametrize(("entries", "relation", "holds"), [
    ((0, 1, -1, 0), ">=", True), ((0, 1, -1, 0), "=", True), ((1, 2, 0, 1), ">=", True), ((1, 3, 0, 1), ">=", False),
    ((1, 0, 0, 0), "<=", False), ((-1, 0, 0, -1), "<=", True), ((1, 0, 0, 1), ">", False)])
def test_a_statement_about_every_vector_is_decided(entries: tuple[int, ...], relation: str, holds: bool) -> None:
    every = Bind("forall", ("x",), (COLUMN,), (), (TRUE, app(relation, dots(T(Var("x")), M, Var("x")), ZERO)))
    assert truth(every, at(*entries), {"M": SQUARE, "d": INTEGER}) is holds


def test_lower_terms_count() -> None:
    x = Var("x")
    for constant, holds in ((1, True), (0, False)):            # x^2 + 2 x + 1, x^2 + 2 x
        q = app("add", dots(T(x), x), mul(num(2), app("at", x, num(1))), num(constant))
        every = Bind("forall", ("x",), (COLUMN,), (), (TRUE, app(">=", q, ZERO)))
        assert truth(every, {"d": num(2)}, {"d": INTEGER}) is holds


# ------------------------------------------------------------------ claims


def claims() -> list[tuple[str, tuple[Any, ...], tuple[Any, ...], str]]:
    out: list[tuple[str, tuple[Any, ...], tuple[Any, ...], str]] = []
    D = Derivation("spectra")  # noqa: N806
    n = D.sizes("n")
    A, B = D.matrix("A B", n)  # noqa: N806
    S, R = D.matrix("S R", n, positive_definite=True)  # noqa: N806
    M, N = D.matrix("M N", n, symmetric=True)  # noqa: N806
    P, Q = D.matrix("P", n, projection=True), D.matrix("Q", n, orthogonal=True)  # noqa: N806
    x, v, w, p = D.vector("x v w p", n)
    i = D.index("i", n)
    lam, mu, c = symbols("lambda mu c", real=True)
    a = symbols("a", positive=True)
    one = identity(n)

    def true(name: str, *parts: Any, given: Any = ()) -> None:
        out.append((name, parts, tuple(given), "proved"))

    def false(name: str, *parts: Any, given: Any = ()) -> None:
        out.append((name, parts, tuple(given), "refuted"))

    with sympy.evaluate(False):
        below = [loewner(S, "<=", R)]
        true("antitone", inverse(R), "<=", inverse(S), given=below)
        false("monotone", inverse(S), "<=", inverse(R), given=below)
        false("squares", S@S, "<=", R@R, given=below)
        true("ridge", inverse(S + a*one), "<=", inverse(S))
        true("convex", inverse((S + R)/2), "<=", (inverse(S) + inverse(R))/2)
        true("determinants", det(S), "<=", det(R), given=below)
        false("determinants of symmetric matrices", det(M), "<=", det(N), given=[loewner(M, "<=", N)])
        true("log det", logdet(S), "<=", trace(S) - n)
        false("log det, strict", logdet(S), "<", trace(S) - n)
        true("concave", logdet((S + R)/2), ">=", (logdet(S) + logdet(R))/2)
        true("divergence", trace(inverse(R)@S) - n + logdet(R) - logdet(S), ">=", 0)
        false("divergence, turned", trace(inverse(R)@S) - n - logdet(R) + logdet(S), ">=", 0)
        true("divergence of a product", trace(S@R) - logdet(S) - logdet(R), ">=", n)
        false("divergence of a product, strict", trace(S@R) - logdet(S@R), ">", n)
        true("lemma", logdet(S + outer(x, x)), "=", logdet(S) + log(1 + x.T@inverse(S)@x))
        true("forms", positive_semidefinite(M), given=[forall(x, x.T@M@x >= 0)])
        false("forms without symmetry", symmetric(A), given=[forall(x, x.T@A@x >= 0)])
        true("shift", eigenvalue(A + c*one, lam + c, v), given=[eigenvalue(A, lam, v)])
        true("projection", or_(eq(lam, 0), eq(lam, 1)), given=[eigenvalue(P, lam, v)])
        false("projection, of no vector", lam*(lam - 1), "=", 0, given=[eq(P@v, lam*v)])
        true("rotation", Abs(lam), "=", 1, given=[eigenvalue(Q, lam, v)])
        false("rotation, no reflection", lam, "=", 1, given=[eigenvalue(Q, lam, v)])
        true("orthogonal", v.T@w, "=", 0, given=[eigenvalue(M, lam, v), eigenvalue(M, mu, w), ne(lam, mu)])
        false("orthogonal, not symmetric", v.T@w, "=", 0,
              given=[eigenvalue(A, lam, v), eigenvalue(A, mu, w), ne(lam, mu)])
        true("positive", lam, ">", 0, given=[eigenvalue(S, lam, v)])
        true("rayleigh", x.T@M@x, ">=", lambda_min(M)*norm(x)**2)
        true("weyl", lambda_max(M + N), "<=", lambda_max(M) + lambda_max(N))
        false("largest of a multiple", lambda_max(c*M), "=", c*lambda_max(M))
        true("stretch", norm(A@x), "<=", spectral_norm(A)*norm(x))
        true("product", spectral_norm(A@B), "<=", spectral_norm(A)*spectral_norm(B))
        true("mixed", norm(A@B), "<=", spectral_norm(A)*norm(B))
        false("frobenius", norm(A), "<=", spectral_norm(A))
        true("radius", Abs(lam), "<=", spectral_norm(A), given=[eigenvalue(A, lam, v)])
        weights = [forall(i, p[i] >= 0), eq(total(i, p[i]), 1), forall(i, x[i] <= c)]
        true("mean", total(i, p[i]*x[i]), "<=", c, given=weights)
        false("mean, of any sign", total(i, p[i]*x[i]), "<=", c, given=weights[1:])
        true("product of factors", prod(i, 1 + a*p[i]**2), ">=", 1)
        true("definite by its least eigenvalue", lambda_min(S), ">", 0)
        false("gram", positive_definite(A.T@A))
        k = D.sizes("k")
        X, j = D.matrix("X", k, n), D.index("j", k)  # noqa: N806
        share = 1/(1 + sympy.exp(-dot(X[j], w)))
        true("logistic", total(j, share*(1 - share)*outer(X[j], X[j])), ">=", 0)
        false("logistic, one factor", total(j, share*(share - 1)*outer(X[j], X[j])), ">=", 0)
        B, C, L = D.matrix("B", n, k), D.matrix("C", k, n), D.matrix("L", k)  # noqa: N806
        rest = L - C@inverse(A)@B
        whole = block([[A, B], [C, L]])
        true("block determinant", det(whole), "=", det(A)*det(rest), given=[invertible(A)])
        false("block determinant, sign", det(whole), "=", det(A)*det(L + C@inverse(A)@B), given=[invertible(A)])
        corner = inverse(A) + inverse(A)@B@inverse(rest)@C@inverse(A)
        true("block inverse", inverse(whole), "=", block([
            [corner, -inverse(A)@B@inverse(rest)], [-inverse(rest)@C@inverse(A), inverse(rest)]]))
        false("block inverse, corner", inverse(whole), "=", block([
            [inverse(A), -inverse(A)@B@inverse(rest)], [-inverse(rest)@C@inverse(A), inverse(rest)]]))
        true("schur", L - B.T@inverse(S)@B, ">=", 0, given=[positive_semidefinite(block([[S, B], [B.T, L]]))])
        false("schur without it", block([[S, B], [B.T, L]]), ">=", 0, given=[positive_semidefinite(L)])
    return out


CLAIMS = claims()


@pytest.mark.parametrize("number", range(len(CLAIMS)), ids=[r[0] for r in CLAIMS])
def test_a_claim_gets_its_verdict(number: int) -> None:
    _, parts, given, verdict = CLAIMS[number]
    with sympy.evaluate(False):
        claim = read_claim(parts, given, {})[0]
    certificate = decide(claim, {}).certificate
    assert certificate is not None and certificate["verdict"] == verdict
    for entry in certificate.get("witness", {}).get("point", {}).values():
        if isinstance(entry, dict) and "table" in entry:
            assert len(entry["table"]) <= 3


def test_the_order_of_the_arguments_is_told() -> None:
    D = Derivation("m")  # noqa: N806
    n = D.sizes("n")
    A, v = D.matrix("A", n), D.vector("v", n)  # noqa: N806
    lam = symbols("lambda", real=True)
    assert eigenvalue(A, v, lam) == eigenvalue(A, lam, v)
    with pytest.raises(StatementError, match="where a number is needed"):
        eigenvalue(A, v, v)
    with pytest.raises(StatementError, match="where a vector or matrix is needed"):
        eigenvalue(A, lam, lam)
    with pytest.raises(StatementError, match="where a square matrix is needed"):
        lambda_max(D.matrix("X", n, D.sizes("k")))


def test_a_real_matrix_written_with_i() -> None:
    """i (i M) is real where M is: its largest eigenvalue is not undefined everywhere."""
    turned = app("scale", App("i", ()), app("scale", App("i", ()), M))
    largest = app("maxeig", turned)
    claim = Claim((("M", Map((Index(num(2)), Index(num(2))), REAL)),), (SYMMETRIC,), app("=", largest, largest))
    certificate = decide(claim, {}).certificate
    assert certificate is None or certificate["verdict"] == "proved"
    with pytest.raises(Reject):
        verify(claim, {"verdict": "refuted", "witness": {"kind": "undefined", "condition": 0},
                       "proof": {"rule": "evaluate"},
                       "inhabitant": {"point": {"M": {"table": [["1", "1"], ["1", "0"]]}}}})
