"""True claims are proved, false ones refuted by small matrices; shapes that do not fit are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy
from sympy import Identity, MatrixSymbol, Trace, symbols

from checker import Derivation, det, diag, eq, identity, inverse, positive_definite
from checker.engines.portfolio import decide
from checker.language.derivation import read_claim
from checker.language.errors import StatementError

from .rows import rows

ROWS = rows()


@pytest.mark.parametrize("number", range(len(ROWS)), ids=[r[0] for r in ROWS])
def test_a_claim_gets_its_verdict(number: int) -> None:
    _, parts, given, verdict = ROWS[number]
    with sympy.evaluate(False):
        claim = read_claim(parts, given, {})[0]
    certificate = decide(claim, {}).certificate
    assert certificate is not None and certificate["verdict"] == verdict
    for value in certificate.get("witness", {}).get("point", {}).values():
        if isinstance(value, dict) and "table" in value:
            assert len(value["table"]) <= 3


def test_an_inverse_that_need_not_exist_is_a_condition() -> None:
    from checker.kernel.verdict import verify

    D = Derivation("m")
    A = D.matrix("A", D.sizes("n"))
    claim = read_claim((A@inverse(A), "=", identity(D.sizes("n"))), (), {})[0]
    certificate = decide(claim, {}).certificate
    assert certificate is not None and certificate["verdict"] == "proved"
    assert [c.head for c in verify(claim, certificate).conditions] == ["invertible"]


def _said(make: Callable[[], Any]) -> str:
    with pytest.raises(StatementError) as error, sympy.evaluate(False):
        make()
    return str(error.value)


def test_errors_name_both_shapes() -> None:
    D = Derivation("m")
    n, d = D.sizes("n d")
    X, A, y, w = D.matrix("X", n, d), D.matrix("A", d), D.vector("y", n), D.vector("w", d)
    assert "A is d x d and X is n x d: they cannot be multiplied (A @ X.T can)" in _said(lambda: A@X)
    assert "y is n x 1 and y is n x 1" in _said(lambda: y@y)
    assert "y.T @ y can" in _said(lambda: y@y)
    assert "is 1 x n" in _said(lambda: 2*X@(X@w - y).T)
    assert "d x d" in _said(lambda: A + X) and "n x d" in _said(lambda: A + X)
    assert "write A @ A" in _said(lambda: A*A)
    assert "no divisor" in _said(lambda: 1/A)
    assert "X is n x d, where a square matrix is needed" in _said(lambda: det(X))
    assert "square" in _said(lambda: positive_definite(X))
    assert "n x d" in _said(lambda: D.matrix("Z", n, d, symmetric=True))
    assert "semiorthogonal" in _said(lambda: D.matrix("Z", n, d, orthogonal=True))
    assert "known: symmetric" in _said(lambda: D.matrix("Z", d, symetric=True))
    assert "c*identity(n)" in _said(lambda: read_claim((A, "=", 1), (), {}))
    assert "cannot be compared" in _said(lambda: read_claim((A, "=", X), (), {}))
    assert "order between vectors" in _said(lambda: read_claim((w, "<=", w@w.T@w), (), {}))
    assert "where a square matrix is needed" in _said(lambda: diag(X))
    assert "2 indices" in _said(lambda: (A@A)[1, 1, 1])


def test_sympys_own_matrices_are_read() -> None:
    n = symbols("n", integer=True, positive=True)
    M, N = MatrixSymbol("M", n, n), MatrixSymbol("N", n, n)
    with sympy.evaluate(False):
        claims = [((Trace(M*N), "=", Trace(N*M)), (), "proved"), ((M*N, "=", N*M), (), "refuted"),
                  ((M*M, "=", Identity(n)), (eq(M.T*M, Identity(n)), eq(M.T, M)), "proved")]
        read = [(read_claim(parts, given, {})[0], verdict) for parts, given, verdict in claims]
    for claim, verdict in read:
        certificate = decide(claim, {}).certificate
        assert certificate is not None and certificate["verdict"] == verdict
