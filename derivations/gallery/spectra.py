"""Eigenvalues and the order of matrices: Rayleigh quotients, spectral norms, log-determinants."""

from sympy import Abs, symbols

from checker import (
    Derivation, det, eigenvalue, eq, identity, inverse, lambda_max, lambda_min, loewner, logdet, ne, norm, or_,
    spectral_norm, trace)

D = Derivation("spectra", title="Eigenvalues and the order of matrices", prose="spectra.md")

n, d = D.sizes("n d")
A, B = D.matrix("A B", d)
M, N = D.matrix("M N", d, symmetric=True)
S, R = D.matrix("S R", d, positive_definite=True)
P, Q = D.matrix("P", d, projection=True), D.matrix("Q", d, orthogonal=True)
X = D.matrix("X", n, d)
v, w, x = D.vector("v w x", d)
lam, mu = symbols("lambda mu", real=True)
alpha = symbols("alpha", positive=True)

# Eigenvectors
D.claim("projection", or_(eq(lam, 0), eq(lam, 1)), given=[eigenvalue(P, lam, v)],
        text="A projection keeps a vector or kills it.")
D.claim("projection-zero", or_(eq(lam, 0), eq(lam, 1)), given=[eq(P@v, lam*v)], expected="refuted",
        text="A projection keeps a vector or kills it.",
        erratum="The zero vector is no eigenvector: with v = 0 every number would be an eigenvalue.")
D.claim("rotation", Abs(lam), "=", 1, given=[eigenvalue(Q, lam, v)], text="An orthogonal matrix keeps lengths.")
D.claim("rotation-one", lam, "=", 1, given=[eigenvalue(Q, lam, v)], expected="refuted",
        text="So its real eigenvalues are 1.", erratum="A reflection has the eigenvalue -1.")
D.claim("orthogonal", v.T@w, "=", 0, given=[eigenvalue(M, lam, v), eigenvalue(M, mu, w), ne(lam, mu)],
        text="Eigenvectors of a symmetric matrix to different eigenvalues are orthogonal.")
D.claim("orthogonal-any", v.T@w, "=", 0, given=[eigenvalue(A, lam, v), eigenvalue(A, mu, w), ne(lam, mu)],
        expected="refuted", text="Eigenvectors of a matrix to different eigenvalues are orthogonal.",
        erratum="Symmetry is needed: in general they are linearly independent, no more.")
D.claim("weight-decay", eigenvalue(X.T@X + alpha*identity(d), lam + alpha, v), given=[eigenvalue(X.T@X, lam, v)],
        text="Weight decay moves every eigenvalue of the Gram matrix by the same amount.")

# Rayleigh quotients and norms
D.claim("rayleigh", lambda_min(M)*norm(x)**2, "<=", x.T@M@x, "<=", lambda_max(M)*norm(x)**2,
        text="The quadratic form lies between the extreme eigenvalues.")
D.claim("weyl", lambda_max(M + N), "<=", lambda_max(M) + lambda_max(N), text="Largest eigenvalues of a sum (Weyl).")
D.claim("weyl-equal", lambda_max(M + N), "=", lambda_max(M) + lambda_max(N), expected="refuted",
        text="Largest eigenvalues of a sum.", erratum="Equality needs a common eigenvector.")
D.claim("layers", spectral_norm(A@B), "<=", spectral_norm(A)*spectral_norm(B),
        text="The Lipschitz constant of two linear layers is at most the product of theirs.")
D.claim("layers-equal", spectral_norm(A@B), "=", spectral_norm(A)*spectral_norm(B), expected="refuted",
        text="It is the product of theirs.",
        erratum="The second layer need not stretch the direction that the first stretches most.")
D.claim("frobenius", spectral_norm(A), "<=", norm(A), text="The Frobenius norm bounds the spectral norm.")
D.claim("radius", Abs(lam), "<=", spectral_norm(A), given=[eigenvalue(A, lam, v)],
        text="No eigenvalue is larger than the norm.")

# Loewner's order
order = loewner(S, "<=", R)
D.claim("precision", inverse(R), "<=", inverse(S), given=[order], text="More variance is less precision.")
D.claim("squares", S@S, "<=", R@R, given=[order], expected="refuted", text="Squaring keeps the order.",
        erratum="The square is not monotone for matrices; the square root and the logarithm are.")
D.claim("volume", det(S), "<=", det(R), given=[order], text="More variance is more volume.")
D.claim("posterior", inverse(inverse(S) + X.T@X), "<=", S, text="Data never widen a Gaussian posterior.")
D.claim("log-det", logdet(S), "<=", trace(S) - d, text="The log-determinant lies below its tangent at the identity.")
D.claim("log-det-above", logdet(S), ">=", trace(S) - d, expected="refuted",
        text="The log-determinant lies above its tangent at the identity.",
        erratum="A concave function lies below its tangents: log 2 is less than 2 - 1.")
D.claim("concave", logdet((S + R)/2), ">=", (logdet(S) + logdet(R))/2, text="The log-determinant is concave.")
D.claim("divergence", (trace(inverse(R)@S) - d + logdet(R) - logdet(S))/2, ">=", 0,
        text="The divergence between two centred Gaussians is not negative.")
