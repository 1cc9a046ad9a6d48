"""Claims of optimality from end to end, and what is said about input that makes no sense."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Abs, Max, Piecewise, exp, log, sqrt, symbols

from checker import (
    Derivation, E, and_, argmax, argmin, concave, convex, eq, forall, functions, identity, iff, implies, inverse, invertible,
    logdet, maximises, maximum, mean, minimises, minimum, norm, prod, stationary, total, trace,
)
from checker.engines.portfolio import decide
from checker.kernel.verdict import verify
from checker.language.derivation import read_claim
from checker.language.errors import StatementError
from checker.language.optimality import Extremum

D = Derivation("rows")
n, k = D.sizes("n k")
i = D.index("i", n)
c, e = D.index("c e", k)
x, y = D.family("x y", n)
p, q, N = D.family("p q N", k)
w, b, z, s, mu = symbols("w b z s mu", real=True)
v, lam = symbols("v lambda", positive=True)
m = symbols("m", integer=True)
t = symbols("t", real=True)
r = symbols("r", rational=True, positive=True)
xi = D.variables("xi")
law = D.densities("law")
f = functions("f", xi)
X = D.random("X")
SIMPLEX = [eq(total(c, p[c]), 1), p[c] > 0]
SIMPLEX_ALL = [eq(total(c, p[c]), 1), forall(c, p[c] > 0)]
LAW = [eq(total(c, q[c]), 1), forall(c, q[c] > 0)]

A, Y, W = D.matrix("A", n, k), D.vector("Y", n), D.vector("W", k)
U, V, P = D.vector("U", k), D.vector("V", k), D.matrix("P", k, positive_definite=True)
Q = D.matrix("Q", k, positive_definite=True)
R = D.family("R", n, k)
LOSS, SOLUTION = norm(A@W - Y)**2, inverse(A.T@A)@A.T@Y
MAP = norm(Y - A@W)**2/(2*v) + norm(W)**2/(2*lam)

with sympy.evaluate(False):
    ROWS: list[tuple[str, Any, list[Any], str]] = [
        ("parabola", minimises(w**2 - 4*w, {w: 2}, unique=True), [], "proved"),
        ("twice the minimiser", minimises(w**2 - 4*w, {w: 4}), [], "refuted"),
        ("a branch beside the log", minimises(Piecewise((-5, w <= 0), (w*log(w), True)), {w: exp(-1)}), [], "refuted"),
        ("a jump beside the root", convex(Piecewise((5, w < 0), (sqrt(w), True)), w), [], "refuted"),
        ("stationary, not minimal", minimises(w**3, {w: 0}), [], "refuted"),
        ("stationary", stationary(w**3, {w: 0}), [], "proved"),
        ("saddle", minimises(w**2 - b**2, {w: 0, b: 0}), [], "refuted"),
        ("two minimisers", minimises(w**4 - 2*w**2, {w: 1}, unique=True), [], "refuted"),
        ("outside", minimises((w - z)**2, {w: z}, where=[w >= 0]), [], "refuted"),
        ("soft threshold", minimises((w - z)**2/2 + lam*Abs(w), {w: z - lam}), [z > lam], "proved"),
        ("convex at 0 only", convex(w**2 - w**4, w), [], "refuted"),
        ("concave", concave(log(v), v), [], "proved"),
        ("log det", concave(logdet(P), P), [], "proved"),
        ("likelihood of a precision", maximises(logdet(P) - trace(Q@P), {P: inverse(Q)}), [], "proved"),
        ("likelihood of a precision, not inverted", maximises(logdet(P) - trace(Q@P), {P: Q}), [], "refuted"),
        ("product", convex(w*b, (w, b)), [], "refuted"),
        ("mean", minimises(total(i, (x[i] - mu)**2), {mu: mean(x)}, unique=True), [], "proved"),
        ("sum for mean", minimises(total(i, (x[i] - mu)**2), {mu: total(i, x[i])}), [], "refuted"),
        ("domain of log", maximises(log(s) + log(1 - s), {s: sympy.Rational(1, 2)}), [], "proved"),
        ("normal variance", maximises(-n*log(v)/2 - total(i, (x[i] - mu)**2)/(2*v),
                                      {v: total(i, (x[i] - mu)**2)/n}), [], "proved"),
        ("Gibbs", minimises(-total(c, q[c]*log(p[c])), {p: q}, where=SIMPLEX), LAW, "proved"),
        ("Gibbs turned", minimises(-total(c, p[c]*log(q[c])), {p: q}, where=SIMPLEX), LAW, "refuted"),
        ("entropy", (-total(c, p[c]*log(p[c])), "<=", log(k)), SIMPLEX_ALL, "proved"),
        ("log of a product", (log(prod(c, p[c])), "=", total(c, log(p[c]))), SIMPLEX_ALL[1:], "proved"),
        ("log of a product of negative factors", (log(prod(c, N[c])), "=", total(c, log(N[c]))),
         [forall(c, N[c] < 0)], "refuted"),
        ("entropy, strictly", (-total(c, p[c]*log(p[c])), "<", log(k)), SIMPLEX_ALL, "refuted"),
        ("entropy without a total", (-total(c, p[c]*log(p[c])), "<=", log(k)), [forall(c, p[c] > 0)], "refuted"),
        ("least squares of weights", (total(c, p[c]**2), ">=", 1/k), SIMPLEX_ALL, "proved"),
        ("only even weights", implies(eq(-total(c, p[c]*log(p[c])), log(k)), forall(c, eq(p[c], 1/k))), SIMPLEX_ALL,
         "proved"),
        ("even weights, not all 1/2", implies(eq(-total(c, p[c]*log(p[c])), log(k)),
                                              forall(c, eq(p[c], sympy.Rational(1, 2)))), SIMPLEX_ALL, "refuted"),
        ("not normalised", maximises(total(c, N[c]*log(p[c])), {p: N}, where=SIMPLEX), [forall(c, N[c] > 0)],
         "refuted"),
        ("projection", minimises(total(c, (p[c] - N[c])**2), {p: N}, unique=True), [], "proved"),
        ("log-sum-exp", convex(log(total(c, exp(p[c]))), p), [], "proved"),
        ("a negative value under a square of a logarithm", minimises(log(v)**2, {v: -1}), [], "refuted"),
        ("normal likelihood with its constant", maximises(
            -n*log(2*sympy.pi*v)/2 - total(i, (x[i] - mu)**2)/(2*v), {v: total(i, (x[i] - mu)**2)/n}), [], "proved"),
        ("a positive value at 0", minimises(v**r, {v: 0}), [], "refuted"),
        ("a value called t", stationary(total(i, x[i]**2), {x: t}), [], "refuted"),
        ("all entries moved at once", stationary(total(i, x[i]*y[i]), {x[i]: y[i]}), [eq(total(i, y[i]), 0)],
         "refuted"),
        ("each entry moved", stationary(total(i, (x[i] - y[i])**2), {x[i]: y[i]}), [], "proved"),
        ("not an integer", minimises((m - sympy.Rational(1, 3))**2, {m: sympy.Rational(1, 3)}), [], "refuted"),
        ("an integer", minimises((m - sympy.Rational(1, 3))**2, {m: 0}), [], "proved"),
        ("no second minimiser unless x = 0", minimises(total(i, x[i]**2*(mu - 1)**2), {mu: 1}, unique=True), [],
         "refuted"),
        ("a condition of its own", minimises(w**2, {w: 3}, where=[w > 1, w < 1]), [], "refuted"),
        ("mean under a density", minimises(E((f(xi) - b)**2, xi, law(xi)), {b: E(f(xi), xi, law(xi))}, unique=True), [],
         "proved"),
        ("mean of a random quantity", minimises(E((X - b)**2), {b: E(X)}, unique=True), [], "proved"),
        ("ridge", minimises(norm(Y - A@W)**2/n + lam*norm(W)**2, {W: inverse(A.T@A + n*lam*identity(k))@A.T@Y}), [],
         "proved"),
        ("ridge without n", minimises(norm(Y - A@W)**2/n + lam*norm(W)**2,
                                      {W: inverse(A.T@A + lam*identity(k))@A.T@Y}), [], "refuted"),
        ("MAP", minimises(MAP, {W: inverse(A.T@A + v/lam*identity(k))@A.T@Y}), [], "proved"),
        ("MAP turned", minimises(MAP, {W: inverse(A.T@A + lam/v*identity(k))@A.T@Y}), [], "refuted"),
        ("ridge has one minimiser", minimises(
            norm(Y - A@W)**2 + lam*norm(W)**2, {W: inverse(A.T@A + lam*identity(k))@A.T@Y}, unique=True), [], "proved"),
        ("least squares, the only minimiser", minimises(LOSS, {W: SOLUTION}, unique=True), [invertible(A.T@A)], "proved"),
        ("least squares without full rank", minimises(LOSS, {W: U}, unique=True), [eq(A.T@A@U, A.T@Y)], "refuted"),
        ("normal equations", iff(minimises(LOSS, {W: U}), eq(A.T@A@U, A.T@Y)), [], "proved"),
        ("stationary is minimal", implies(stationary(LOSS, {W: U}), minimises(LOSS, {W: U})), [], "proved"),
        ("a definite form", implies(eq(W.T@P@W, 0), eq(W, 0)), [], "proved"),
        ("a semidefinite form", implies(eq(W.T@A.T@A@W, 0), eq(W, 0)), [], "refuted"),
        ("one to one", implies(eq(A@W, A@U), eq(W, U)), [invertible(A.T@A)], "proved"),
        ("length 0", implies(eq(norm(W - U), 0), eq(W, U)), [], "proved"),
        ("one fit", implies(and_(minimises(LOSS, {W: U}), minimises(LOSS, {W: V})), eq(A@U, A@V)), [], "proved"),
        ("two indices", eq(total(i, c, R[i, c]), total(c, i, R[i, c])), [], "proved"),
        ("least value of a form", minimum(W.T@P@W/2 - U.T@W, W).equals_to(-U.T@inverse(P)@U/2), [], "proved"),
        ("least value, twice", minimum(W.T@P@W/2 - U.T@W, W).equals_to(-U.T@inverse(P)@U), [], "refuted"),
        ("least value of a parabola", minimum(v*w**2 - b*w, w).equals_to(-b**2/(2*v)), [], "refuted"),
        ("greatest entropy", maximum(-total(c, p[c]*log(p[c])), p, where=SIMPLEX).equals_to(log(k)), [], "proved"),
        ("twice the slope", implies(minimises(LOSS, {W: U}), eq(A.T@A@U, 2*A.T@Y)), [], "refuted"),
        ("mean of vectors", minimises(total(i, norm(A[i] - W)**2), {W: total(i, A[i])/n}, unique=True), [], "proved"),
        ("half of the mean", minimises(E((X - b)**2), {b: E(X)/2}), [], "refuted"),
        ("the mean for absolute loss", minimises(E(Abs(X - b)), {b: E(X)}), [], "refuted"),
        ("entries by a free index", argmax(total(c, N[c]*log(p[c])), p[c], where=SIMPLEX).equals_to(
            N[c]/total(e, N[e])), [forall(c, N[c] > 0)], "proved"),
        ("attained", Extremum("minimum", Max(w, 0), (w,), ()).equals_to(0), [], "proved"),
    ]


@pytest.mark.parametrize(("name", "statement", "given", "expected"), ROWS, ids=[r[0] for r in ROWS])
def test_rows(name: str, statement: Any, given: list[Any], expected: str) -> None:
    claim, _ = read_claim(statement if isinstance(statement, tuple) else (statement,), given, {})
    certificate = decide(claim, {}).certificate
    assert certificate is not None
    assert certificate["verdict"] == expected
    verify(claim, certificate)


def test_a_variance_of_zero_is_a_condition() -> None:
    claim, _ = read_claim(({name: f for name, f, *_ in ROWS}["normal variance"],), [], {})
    minted: Any = verify(claim, decide(claim, {}).certificate or {})
    assert minted.conditions


def test_an_index_of_a_constraint_means_all_values() -> None:
    claim, _ = read_claim((minimises(total(c, p[c]), {p: 0}, where=[p[c] >= 0]),), [], {})
    assert "c" not in claim.sequent.declarations


BAD: list[tuple[Any, str]] = [
    (lambda: minimises(w**2, {symbols("g"): 0}), "complex"),
    (lambda: minimises(w**2, w), "takes the names with their values"),
    (lambda: minimises(x, {w: 0}), "is a vector"),
    (lambda: minimises(total(i, x[i]), {x: p}), "its value"),
    (lambda: minimises(eq(w, 1), {w: 0}), "is a statement"),
    (lambda: convex(w**2), "convex(f, w)"),
    (lambda: minimises(w**2, {w: 0}, where=[True]), "eq(a, b)"),
    (lambda: read_claim((minimises(w**2, {w: w + 1}),), [], {}), "speaks of w itself"),
    (lambda: read_claim((argmin(w**2, w), "<=", 1), [], {}), 'claimed with "="'),
    (lambda: read_claim((2*minimum(w**2, w), "=", 0), [], {}), "stands alone"),
    (lambda: minimises(prod(i, x[i]), {x[1]: 0}), "for all indices at once"),
]


@pytest.mark.parametrize(("make", "message"), BAD)
def test_bad_input(make: Any, message: str) -> None:
    with pytest.raises(StatementError, match=message.replace("(", r"\(").replace(")", r"\)")):
        make()
