"""Normal vectors: quadratic forms, affine maps, entropies and divergences."""

from sympy import Rational, log, pi, symbols

from checker import (
    KL, Cov, Derivation, E, Var, cross_entropy, det, entropy, identity, inverse, norm, normal, trace)

D = Derivation("gaussians", title="Normal vectors", prose="gaussians.md")

d, n = D.sizes("d n")
x = D.vector("x", d)
m, mu, a, b = (D.vector(name, d) for name in ("m", "mu", "a", "b"))
c = D.vector("c", n)
A = D.matrix("A", d, d)
B = D.matrix("B", n, d)
S = D.matrix("S", d, positive_definite=True)
R = D.matrix("R", d, positive_definite=True)
v = symbols("v", positive=True)
half = Rational(1, 2)
law = normal(x, m, S)

# second moments and quadratic forms
D.claim("second-moment", E(x @ x.T, law), "=", S + m @ m.T)
D.claim("second-moment-centred", E(x @ x.T, law), "=", S, expected="refuted",
        erratum="S is the covariance; the second moment has m m^T as well.")
D.claim("quadratic-form", E(x.T @ A @ x, law), "=", trace(A @ S) + m.T @ A @ m)
D.claim("quadratic-form-at-the-mean", E(x.T @ A @ x, law), "=", m.T @ A @ m, expected="refuted",
        erratum="The spread adds tr(A S): a quadratic function of the mean is not the mean of the function.")
D.claim("squared-length", E(norm(x)**2, law), "=", trace(S) + norm(m)**2)
D.claim("mahalanobis", E((x - m).T @ inverse(S) @ (x - m), law), "=", d)
D.claim("mahalanobis-one", E((x - m).T @ inverse(S) @ (x - m), law), "=", 1, expected="refuted",
        erratum="One for each of the d dimensions.")

# affine maps
D.claim("affine-mean", E(B @ x + c, law), "=", B @ m + c)
D.claim("affine-covariance", Var(B @ x + c, law), "=", B @ S @ B.T)
D.claim("affine-covariance-shifted", Var(B @ x + c, law), "=", B @ S @ B.T + c @ c.T, expected="refuted",
        erratum="A shift does not change a covariance.")
D.claim("projections", Cov(a.T @ x, b.T @ x, law), "=", a.T @ S @ b)

# entropies and divergences
D.claim("entropy", entropy(law), "=", (d*log(2*pi) + d + log(det(S)))/2)
D.claim("entropy-sign", entropy(law), "=", (d*log(2*pi) + d - log(det(S)))/2, expected="refuted",
        erratum="A larger covariance is a larger entropy.")
D.claim("divergence", KL(law, normal(x, mu, R)), "=",
        half*(log(det(R)/det(S)) - d + trace(inverse(R) @ S) + (mu - m).T @ inverse(R) @ (mu - m)))
D.claim("divergence-inverted", KL(law, normal(x, mu, R)), "=",
        half*(log(det(S)/det(R)) - d + trace(inverse(R) @ S) + (mu - m).T @ inverse(R) @ (mu - m)),
        expected="refuted", erratum="The determinants are the wrong way up.")
D.claim("divergence-without-d", KL(law, normal(x, mu, R)), "=",
        half*(log(det(R)/det(S)) + trace(inverse(R) @ S) + (mu - m).T @ inverse(R) @ (mu - m)),
        expected="refuted", erratum="Without -d the divergence of a law from itself would be d/2.")
D.claim("to-the-standard-prior", KL(law, normal(x, 0, identity(d))), "=",
        half*(trace(S) + norm(m)**2 - d - log(det(S))))
D.claim("equal-isotropic", KL(normal(x, m, v*identity(d)), normal(x, mu, v*identity(d))), "=", norm(m - mu)**2/(2*v))
D.claim("equal-isotropic-half", KL(normal(x, m, v*identity(d)), normal(x, mu, v*identity(d))), "=",
        norm(m - mu)**2/v, expected="refuted", erratum="The factor 1/2 of the exponent stays.")
D.claim("equal-covariances-nonnegative", KL(normal(x, m, S), normal(x, mu, S)), ">=", 0)
D.claim("gaussian-cross-entropy", cross_entropy(law, normal(x, mu, R)), "=",
        half*(d*log(2*pi) + log(det(R)) + trace(inverse(R) @ S) + (m - mu).T @ inverse(R) @ (m - mu)))
