"""Linear algebra for machine learning: least squares, projections, ridge, Woodbury, definite matrices."""

from sympy import symbols

from checker import (
    Derivation, det, eq, grad, hessian, identity, invertible, inverse, norm, outer, positive_definite, total, trace)

D = Derivation("linear-algebra", title="Linear algebra for machine learning", prose="linear_algebra.md")

n, d = D.sizes("n d")
X = D.matrix("X", n, d)
y, w = D.vector("y", n), D.vector("w", d)
i = D.index("i", n)
lam = symbols("lambda", positive=True)

# Least squares
best = D.define("b", inverse(X.T @ X) @ X.T @ y)
D.claim("gradient", grad(norm(y - X@w)**2, w), "=", 2*X.T@(X@w - y), text="The gradient of the squared error.")
D.claim("gradient-sign", grad(norm(y - X@w)**2, w), "=", 2*X.T@(y - X@w), expected="refuted",
        text="The gradient of the squared error.", erratum="The residual enters with the other sign.")
D.claim("hessian", hessian(norm(y - X@w)**2, w), "=", 2*X.T@X, text="Its Hessian does not depend on w.")
D.claim("normal-equations", X.T@(y - X@best), "=", 0, text="The residual is orthogonal to every column.")
D.claim("gap", norm(y - X@w)**2, "=", norm(y - X@best)**2 + norm(X@(w - best))**2,
        text="What another w costs more.")
D.claim("gap-weights", norm(y - X@w)**2, "=", norm(y - X@best)**2 + norm(w - best)**2, expected="refuted",
        text="What another w costs more.", erratum="The distance is measured between the predictions, not the weights.")
D.claim("best", norm(y - X@best)**2, "<=", norm(y - X@w)**2, text="No w does better.")

# The hat matrix
H = D.define("H", X @ inverse(X.T @ X) @ X.T)
D.claim("idempotent", H @ H, "=", H, text="Projecting twice is projecting once.")
D.claim("trace", trace(H), "=", d, text="Its trace is the number of parameters.")
D.claim("trace-n", trace(H), "=", n, expected="refuted", text="Its trace is the number of data points.",
        erratum="The trace of a projection is the dimension it projects onto; the identity alone has trace n.")
D.claim("onto", H, "=", identity(n), expected="refuted", text="The hat matrix is the identity.",
        erratum="Only for square X: X is not cancelled by the inverse of the product.")

# Ridge
D.claim("ridge-definite", positive_definite(X.T@X + lam*identity(d)), text="The ridge system is always solvable.")
D.claim("gram-definite", positive_definite(X.T@X), expected="refuted", text="So is the one without a penalty.",
        erratum="It is semidefinite; with dependent columns it has no inverse.")
D.claim("dual", inverse(X.T@X + lam*identity(d))@X.T, "=", X.T@inverse(X@X.T + lam*identity(n)),
        text="Solve a d x d system or an n x n one.")
D.claim("dual-penalty", inverse(X.T@X + lam*identity(d))@X.T, "=", X.T@inverse(X@X.T + identity(n)/lam),
        expected="refuted", text="Solve a d x d system or an n x n one.",
        erratum="The penalty stays what it is on the other side.")

# Rank-one updates
A = D.matrix("A", d)
u, v = D.vector("u v", d)
update = inverse(A)@u@v.T@inverse(A)
D.claim("sherman-morrison", inverse(A + outer(u, v)), "=", inverse(A) - update/(1 + v.T@inverse(A)@u),
        text="The inverse after a rank-one update.")
D.claim("sherman-morrison-sign", inverse(A + outer(u, v)), "=", inverse(A) + update/(1 + v.T@inverse(A)@u),
        expected="refuted", text="The inverse after a rank-one update.",
        erratum="The correction is subtracted; the plus belongs to A - u v^T.")
D.claim("determinant", det(A + outer(u, v)), "=", det(A)*(1 + v.T@inverse(A)@u), given=[invertible(A)],
        text="And its determinant.")

# Covariances
S = D.matrix("S", d, positive_definite=True)
D.claim("scatter", X.T@X, "=", total(i, outer(X[i], X[i])), text="A sum over the data points is one product.")
D.claim("mahalanobis", (u.T@S@v)**2, "<=", (u.T@S@u)*(v.T@S@v), text="Cauchy and Schwarz for the length that S measures.")
D.claim("eigenvectors", (lam - 1)*(u.T@v), "=", 0, given=[eq(S@u, lam*u), eq(S@v, v)],
        text="Eigenvectors of different eigenvalues are orthogonal.")
D.claim("product", S @ (A.T@A), ">=", 0, expected="refuted", text="A product of semidefinite matrices is semidefinite.",
        erratum="It need not even be symmetric.")
