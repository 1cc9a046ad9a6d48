"""Claims about matrices as a course states them, with what they are; false ones differ by a sign, an order, a factor."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Abs, log, symbols

from checker import (
    Derivation, block, det, diag, directional, dot, elementwise, eq, forall, grad, hadamard, hessian, identity, inner,
    inverse, invertible, is_diagonal, jacobian, kron, loewner, logdet, ne, norm, not_, ones, outer, positive_definite, rank,
    positive_semidefinite, quadratic_form, total, trace, vec,
)

PROVED, REFUTED = "proved", "refuted"
Row = tuple[str, tuple[Any, ...], tuple[Any, ...], str]


def rows() -> list[Row]:
    """(name, the parts of the claim, assumptions, verdict)."""
    out: list[Row] = []

    def true(name: str, *parts: Any, given: Any = ()) -> None:
        out.append((name, parts, tuple(given), PROVED))

    def false(name: str, *parts: Any, given: Any = ()) -> None:
        out.append((name, parts, tuple(given), REFUTED))

    with sympy.evaluate(False):
        _state(Derivation("matrices"), true, false)
    return out


def _state(D: Derivation, true: Any, false: Any) -> None:  # noqa: N803
    n, d, k, m = D.sizes("n d k m")
    X, y = D.matrix("X", n, d), D.vector("y", n)
    w, x, z, u, v = D.vector("w x z u v", d)
    A, B, C, S0 = D.matrices("A B C S0", d)
    M, K = D.matrix("M", d, symmetric=True), D.matrix("K", d, skew=True)
    S, G = D.matrix("S", d, positive_definite=True), D.matrix("G", d, psd=True)
    Q, P, E = D.matrix("Q", d, orthogonal=True), D.matrix("P", d, projection=True), D.matrix("E", d, idempotent=True)
    V, U, W, L = D.matrix("V", n, k, semiorthogonal=True), D.matrix("U", d, k), D.matrix("W", d, k), D.matrix("L", k)
    Y, H = D.matrix("Y", d, n), D.matrix("H", m, d)
    e = D.vector("e", d, unit=True)
    i, j = D.index("i", n), D.index("j", d)
    lam = symbols("lambda", positive=True)
    c, t = symbols("c t", real=True)
    one = identity(d)
    gram = X.T@X

    # products, traces
    true("transpose", (A@B).T, "=", B.T@A.T)
    false("transpose, order", (A@B).T, "=", A.T@B.T)
    false("square", (A + B)**2, "=", A@A + 2*A@B + B@B)
    true("rows", gram, "=", total(i, outer(X[i], X[i])))
    true("trace of a sum of forms", total(i, X[i].T@A@X[i]), "=", trace(A@gram))
    false("trace, order", trace(A@B@C), "=", trace(A@C@B))
    true("sum of squares", total(j, x[j])**2, "=", quadratic_form(x, ones(d, d)))
    true("skew form", x.T@K@x, "=", 0)
    false("skew trace", trace(K@K), "=", 0)
    true("diagonal", total(j, A[j, j]), "=", trace(A))
    true("hadamard", ones(d).T@hadamard(A, B)@ones(d), "=", inner(A, B))
    true("diag", diag(x)@z, "=", hadamard(x, z))
    true("vec", kron(x, v), "=", vec(outer(v, x)))
    false("vec, order", kron(x, v), "=", vec(outer(x, v)))
    true("kron", trace(kron(A, B)@kron(C, A)), "=", trace(A@C)*trace(B@A))
    true("block", block([[A, B], [0, A]]).T, "=", block([[A.T, 0], [B.T, A.T]]))
    true("polarisation", dot(x, z), "=", (norm(x + z)**2 - norm(x - z)**2)/4)
    true("pythagoras", norm(x + z)**2, "=", norm(x)**2 + norm(z)**2, given=[eq(x.T@z, 0)])

    # inverses
    hat = X@inverse(gram)@X.T
    true("hat", hat@hat, "=", hat)
    true("leverage", trace(hat), "=", d)
    false("onto", hat, "=", identity(n))
    true("inverse of a product", inverse(A@B), "=", inverse(B)@inverse(A))
    false("inverse of a sum", inverse(A + B), "=", inverse(A) + inverse(B))
    true("push-through", inverse(gram + lam*one)@X.T, "=", X.T@inverse(X@X.T + lam*identity(n)))
    woodbury = inverse(A)@U@inverse(inverse(L) + W.T@inverse(A)@U)@W.T@inverse(A)
    true("woodbury", inverse(A + U@L@W.T), "=", inverse(A) - woodbury)
    false("woodbury, sign", inverse(A + U@L@W.T), "=", inverse(A) + woodbury)
    true("kalman", (one - S@H.T@inverse(H@S@H.T + identity(m))@H)@S, "=", inverse(inverse(S) + H.T@H))
    true("searle", inverse(inverse(A) + inverse(B)), "=", A@inverse(A + B)@B)
    form = u.T@inverse(S)@u
    true("rank-one form", u.T@inverse(S + outer(u, u))@u, "=", form/(1 + form))
    false("rank-one form, sign", u.T@inverse(S + outer(u, u))@u, "=", form/(1 - form))
    true("nilpotent", inverse(one - A), "=", one + A, given=[eq(A@A, 0)])
    true("two-sided", A@B, "=", one, given=[eq(B@A, one)])
    false("one-sided", X@Y, "=", identity(n), given=[eq(Y@X, one)])
    true("kronecker inverse", inverse(kron(A, B)), "=", kron(inverse(A), inverse(B)))
    true("diagonal inverse", is_diagonal(A), given=[eq(A, diag(x))])

    # determinants
    true("lemma", det(A + outer(u, v)), "=", det(A)*(1 + v.T@inverse(A)@u), given=[invertible(A)])
    true("sylvester", det(one + U@W.T), "=", det(identity(k) + W.T@U))
    true("ridge determinant", det(lam*one + outer(x, x)), "=", lam**d*(1 + x.T@x/lam))
    false("multiple", det(2*A), "=", 2*det(A))
    true("multiple, right", det(2*A), "=", 2**d*det(A))
    false("rotation", det(Q), "=", 1)
    true("reflection", det(one - 2*outer(e, e)), "=", -1)
    false("logarithm", log(det(A@B)), "=", log(det(A)) + log(det(B)))
    true("logarithm, definite", logdet(lam*S), "=", d*log(lam) + logdet(S))
    true("logarithm of constants", logdet(2*sympy.pi*S)/2 + d/sympy.Integer(2), "=", d*log(2*sympy.pi*sympy.E)/2 + logdet(S)/2)
    false("logarithm of constants, e taken twice", logdet(2*sympy.pi*S) + 2*d, "=", d*log(2*sympy.pi*sympy.E) + logdet(S))
    false("eigenvalue", det(A - c*one), "=", 0, given=[eq(A@v, c*v)])

    # structure
    true("isometry", norm(Q@x), "=", norm(x))
    false("columns only", V@V.T, "=", identity(n))
    false("idempotent", norm(x)**2, "=", norm(E@x)**2 + norm(x - E@x)**2)
    true("cayley", ((one - K)@inverse(one + K)).T@((one - K)@inverse(one + K)), "=", one)
    true("eigenvector", inverse(A)@v, "=", v/c, given=[eq(A@v, c*v), ne(c, 0)])
    true("orthogonal eigenvectors", (c - t)*(u.T@v), "=", 0, given=[eq(S@v, c*v), eq(S@u, t*u)])
    false("names", inverse(A + B)@S0, "=", one)

    # orders
    true("ridge", positive_definite(gram + lam*one))
    false("gram", positive_definite(gram))
    true("square of a symmetric", M@M, ">=", 0)
    false("cube of a symmetric", M@M@M, ">=", 0)
    true("complement", positive_semidefinite(one - P))
    false("product", positive_semidefinite(S@G))
    true("inverse", positive_definite(inverse(S)))
    true("contraction", norm(P@x), "<=", norm(x))
    false("oblique", norm(E@x), "<=", norm(x))
    true("positive form", x.T@S@x, ">", 0, given=[not_(eq(x, 0))])
    false("form at 0", x.T@S@x, ">", 0)
    true("cauchy-schwarz", Abs(dot(x, z)), "<=", norm(x)*norm(z))
    true("cauchy-schwarz of traces", trace(A.T@B)**2, "<=", norm(A)**2*norm(B)**2)
    true("reversed triangle", norm(x) - norm(z), "<=", norm(x - z))
    true("fenchel", x.T@S@x + z.T@inverse(S)@z, ">=", 2*x.T@z)
    best = inverse(gram)@X.T@y
    true("least squares", norm(y - X@best)**2, "<=", norm(y - X@w)**2)
    false("complex entries", inner(elementwise("sqrt", x), elementwise("sqrt", x)), ">=", 0)
    true("full column rank", positive_definite(gram), given=[eq(rank(X), d)])
    false("full row rank", positive_definite(gram), given=[eq(rank(X), n)])
    true("shift of a skew", invertible(one + K))
    false("skew", invertible(K))

    # gradients
    true("quadratic", grad(x.T@A@x, x), "=", (A + A.T)@x)
    false("quadratic, symmetric only", grad(x.T@A@x, x), "=", 2*A@x)
    true("log-determinant", grad(log(det(A)), A), "=", inverse(A).T)
    false("log-determinant, transposed", grad(log(det(A)), A), "=", inverse(A), given=[invertible(A)])
    true("trace of an inverse", grad(u.T@inverse(A)@v, A), "=", -inverse(A).T@outer(u, v)@inverse(A).T)
    true("hessian", hessian(norm(y - X@w)**2, w), "=", 2*gram)
    true("jacobian", jacobian(A@x, x), "=", A)
    false("layer", grad(norm(A@x - z)**2/2, A), "=", outer(x, A@x - z))
    true("direction", directional(x.T@M@x, x, v), "=", 2*v.T@M@x)

    # entries of structured matrices, sums bounded term by term
    a, b = D.index("a b", d)
    bound = symbols("bound", positive=True)
    hat = X@inverse(gram)@X.T
    true("leverage", hat[i, i], "<=", 1)
    true("entry of a projection", P[a, a], "<=", 1)
    false("entry of a projection, strict", P[a, a], "<", 1)
    true("entry of a symmetric", M[a, b], "=", M[b, a])
    false("entry of a regular", A[a, b], "=", A[b, a], given=[invertible(A)])
    true("minor", S[a, b]**2, "<=", S[a, a]*S[b, b])
    false("entry off the diagonal", S[a, b], ">", 0)
    true("bounded entries", norm(y), "<=", sympy.sqrt(n)*bound, given=[forall(i, y[i]**2 <= bound**2)])
    false("bounded entries, no root", norm(y), "<=", bound, given=[forall(i, y[i]**2 <= bound**2)])
    true("compatible norms", norm(X@w), "<=", norm(X)*norm(w))
    true("norm of a product", norm(X@W), "<=", norm(X)*norm(W))
    false("norm of a product, turned", norm(X@W), ">=", norm(X)*norm(W))
    false("squares keep no order", S@S, "<=", B@B, given=[loewner(B, ">=", S)])
    share = D.vector("q", n, nonnegative=True)
    true("weighted outer products", positive_semidefinite(total(i, share[i]*outer(X[i], X[i]))))
    false("weighted outer products, any weights", positive_semidefinite(total(i, y[i]*outer(X[i], X[i]))))
    true("curvature of a soft maximum", positive_semidefinite(hessian(log(total(a, sympy.exp(x[a]))), x)))
    false("curvature, strict", positive_definite(hessian(log(total(a, sympy.exp(x[a]))), x)))
    true("trace of a product of semidefinite matrices", trace(S@G), ">=", 0)
    false("trace of a product", trace(S@M), ">=", 0)
    true("traces keep Loewner's order", trace(G@S), "<=", trace(G@B), given=[loewner(B, ">=", S)])
    between = [forall(i, 0 <= y[i]), forall(i, y[i] <= 1)]
    true("weights of a variance", positive_semidefinite(total(i, y[i]*(1 - y[i])*outer(X[i], X[i]))), given=between)
    false("weights of a variance, turned", positive_semidefinite(total(i, y[i]*(y[i] - 1)*outer(X[i], X[i]))), given=between)
    true("trace of a product below the product of traces", trace(S@G), "<=", trace(S)*trace(G))
