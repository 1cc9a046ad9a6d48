"""Normal vectors: claims and their false twins, what the reading makes of them, bad input."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Rational, exp, log, pi, sqrt, symbols

from checker import (
    KL, Cov, Derivation, E, Var, cross_entropy, det, entropy, identity, inverse, norm, normal, trace)
from checker.kernel.term import show
from checker.kernel.verdict import Proved, Refuted
from checker.language.derivation import read_claim
from checker.language.errors import StatementError

from .test_rows import replayed

D = Derivation("normal-vectors")
d, n = D.sizes("d n")
x, m, mu, a, b = (D.vector(name, d) for name in ("x", "m", "mu", "a", "b"))
c = D.vector("c", n)
A, B = D.matrix("A", d, d), D.matrix("B", n, d)
S, R = (D.matrix(name, d, positive_definite=True) for name in ("S", "R"))
v = symbols("v", positive=True)
half = Rational(1, 2)
N = normal(x, m, S)

with sympy.evaluate(False):
    TRUE: list[tuple[Any, ...]] = [
        (E(x, N), "=", m),
        (E(x @ x.T, N), "=", S + m @ m.T),
        (E(x.T @ A @ x, N), "=", trace(A @ S) + m.T @ A @ m),
        (E(trace(A @ x @ x.T), N), "=", trace(A @ (S + m @ m.T))),
        (E((a.T @ x)*(b.T @ x), N), "=", a.T @ S @ b + (a.T @ m)*(b.T @ m)),
        (E((a.T @ x)*x, N), "=", S @ a + (a.T @ m)*m),
        (E(a.T @ x @ x.T @ b, N), "=", a.T @ S @ b + (a.T @ m)*(m.T @ b)),
        (E(x.T @ a @ x.T @ b, N), "=", a.T @ S @ b + (a.T @ m)*(m.T @ b)),
        (E(norm(x)**2, N), "=", trace(S) + m.T @ m),
        (Var(B @ x + c, N), "=", B @ S @ B.T),
        (Cov(a.T @ x, b.T @ x, N), "=", a.T @ S @ b),
        (entropy(N), "=", half*(d*log(2*pi) + d + log(det(S)))),
        (KL(N, normal(x, mu, R)), "=",
         half*(log(det(R)/det(S)) - d + trace(inverse(R) @ S) + (mu - m).T @ inverse(R) @ (mu - m))),
        (KL(normal(x, m, v*identity(d)), normal(x, mu, v*identity(d))), "=", norm(m - mu)**2/(2*v)),
        (KL(normal(x, m, S), normal(x, mu, S)), ">=", 0),
        (cross_entropy(N, normal(x, mu, R)), "=",
         half*(d*log(2*pi) + log(det(R)) + trace(inverse(R) @ S) + (m - mu).T @ inverse(R) @ (m - mu))),
    ]
    FALSE: list[tuple[Any, ...]] = [
        (E(x @ x.T, N), "=", S),
        (E(x.T @ A @ x, N), "=", trace(A @ S)),
        (E((a.T @ x)*x, N), "=", S @ a),
        (Var(B @ x + c, N), "=", B @ S @ B.T + c @ c.T),
        (E((x - m).T @ inverse(S) @ (x - m), N), "=", 1),
        (entropy(N), "=", half*(d*log(2*pi) + d - log(det(S)))),
        (KL(N, normal(x, mu, R)), "=",
         half*(log(det(S)/det(R)) - d + trace(inverse(R) @ S) + (mu - m).T @ inverse(R) @ (mu - m))),
        (KL(N, normal(x, mu, R)), "=",
         half*(log(det(R)/det(S)) - d + trace(inverse(S) @ R) + (mu - m).T @ inverse(R) @ (mu - m))),
        (N, "=", exp(-half*(x - m).T @ S @ (x - m))/sqrt((2*pi)**d*det(S))),
    ]


def read(parts: tuple[Any, ...]) -> Any:
    with sympy.evaluate(False):
        return read_claim(parts, [], {})[0]


@pytest.mark.parametrize("parts", TRUE, ids=range(len(TRUE)))
def test_true(parts: tuple[Any, ...]) -> None:
    assert isinstance(replayed(read(parts)), Proved)


@pytest.mark.parametrize("parts", FALSE, ids=range(len(FALSE)))
def test_false(parts: tuple[Any, ...]) -> None:
    assert isinstance(replayed(read(parts)), Refuted)


READ = [
    (lambda: E(x.T @ A @ x, N), "matmul(transpose(m), A, m) + trace(matmul(A, S))"),
    (lambda: E(x.T @ A @ x - m.T @ A @ m, N), "trace(matmul(A, S))"),
    (lambda: E((x - m).T @ (x - m), N), "trace(S)"),
]


@pytest.mark.parametrize("make, text", READ, ids=[t for _, t in READ])
def test_reading(make: Any, text: str) -> None:
    with sympy.evaluate(False):
        claim = read_claim((make(), "=", sympy.Integer(0)), [], {})[0]
    assert show(claim.statement) == f"{text} = 0"


BAD: list[tuple[Any, str]] = [
    (lambda: normal(x, c, S), "x is d x 1 and its mean c is n x 1"),
    (lambda: normal(x, m, B), "its covariance is d x d; B is n x d"),
    (lambda: normal(x, m, A), "A is no covariance as far as it shows"),
    (lambda: normal(x, m, S - R), "no covariance as far as it shows"),
    (lambda: E((x.T @ x)**2, N), "degree up to 2"),
    (lambda: E(exp(a.T @ x), N), "takes polynomials of degree 2"),
    (lambda: Var(x.T @ x, N), "linear terms"),
    (lambda: normal(x, A @ x, S), "depend on x itself"),
]


@pytest.mark.parametrize("make, message", BAD, ids=[t for _, t in BAD])
def test_bad_input(make: Any, message: str) -> None:
    with pytest.raises(StatementError) as error:
        make()
    assert message in str(error.value)
