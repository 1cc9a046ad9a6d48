"""Estimators: what a sample of unknown law says about its mean and variance, and where independence matters."""

from sympy import oo, sqrt, symbols

from checker import Cov, Derivation, E, Var, dot, eq, forall, functions, implies, independent, limit, mean, ne, total

D = Derivation("estimators", title="Estimators and samples", source="Gallery", prose="estimators.md")

n, d, B = D.sizes("n d B")
i, j = D.index("i j", n)
a = D.index("a", d)
mu, theta, c, rho = D.real("mu theta c rho")
s2, sigma, lam, p = symbols("s2 sigma lambda p", positive=True)

# The sample mean and the sample variance.
X = D.sample("X", n, mean=mu, variance=s2)
spread = total(i, (X[i] - mean(X))**2)
D.claim("standard-error", Var(mean(X)), "=", s2/n)
D.claim("standard-error-twin", Var(mean(X)), "=", s2/n**2, expected="refuted",
        text="The factor 1/n^2 with one variance instead of n of them.")
D.claim("consistency", limit(E((mean(X) - mu)**2), n, oo), "=", 0)
D.claim("consistency-twin", limit(Var(total(i, X[i])/sqrt(n)), n, oo), "=", 0, expected="refuted",
        text="The scaling of the central limit theorem is not that of the mean.")
D.claim("unbiased-variance", E(spread/(n - 1)), "=", s2)
D.claim("unbiased-variance-twin", E(spread/n), "=", s2, expected="refuted", text="Dividing by n.")
D.claim("square-of-the-mean", E(mean(X)**2), "=", mu**2 + s2/n)
D.claim("square-of-the-mean-twin", E(mean(X)**2), "=", mu**2, expected="refuted",
        text="An unbiased estimator squared is not unbiased.")
D.claim("u-statistic", E(total((i, j), X[i]*X[j], where=ne(i, j))/(n*(n - 1))), "=", mu**2)
D.claim("u-statistic-twin", E(total((i, j), X[i]*X[j])/n**2), "=", mu**2, expected="refuted",
        text="The V-statistic keeps the n terms with i = j.")

# Bias and variance.
T = D.random("T")
D.claim("mse", E((T - theta)**2), "=", Var(T) + (E(T) - theta)**2)
D.claim("mse-twin", E((T - theta)**2), "=", Var(T) + E(T) - theta, expected="refuted", text="The bias is not squared.")
f, noise = D.random("f noise", mean=(None, 0), variance=(None, sigma**2))
independence = D.assume("the noise of the test point is independent of the trained model", independent(f, noise))
D.claim("prediction", E((theta + noise - f)**2), "=", sigma**2 + (E(f) - theta)**2 + Var(f), given=[independence])
D.claim("prediction-twin", E((theta + noise - f)**2), "=", sigma**2 + (E(f) - theta)**2 + Var(f), expected="refuted",
        text="On a training point the model has seen the noise.")

# Averages of estimators that depend on each other.
F = D.random("F", B, mean=mu, variance=s2, correlation=rho)
D.claim("ensemble", Var(mean(F)), "=", rho*s2 + (1 - rho)*s2/B)
D.claim("ensemble-twin", Var(mean(F)), "=", s2/B, expected="refuted", text="As if the members were independent.")
P, Q = D.random("P Q")
D.claim("control-variate", Var(P - c*(Q - E(Q))), ">=", Var(P) - Cov(P, Q)**2/Var(Q))
D.claim("control-variate-twin", Var(P - c*(Q - E(Q))), "<=", Var(P), expected="refuted",
        text="Any control variate helps.")

# Layers at initialisation, dropout.
x = D.family("x", d)
M = D.bernoulli("M", d, p=p)
D.claim("dropout", Var(total(a, M[a]*x[a])/p), "=", (1 - p)/p*total(a, x[a]**2))
D.claim("dropout-twin", Var(total(a, M[a]*x[a])/p), "=", p*(1 - p)*total(a, x[a]**2), expected="refuted",
        text="The factor 1/p of inverted dropout is squared, too.")
W = D.sample("W", d, mean=0, variance=sigma**2)
H = D.sample("H", d)
D.claim("initialisation", Var(dot(W, H)), "=", d*sigma**2*E(H[1]**2), given=[independent(W, H)])
D.claim("initialisation-twin", Var(dot(W, H)), "=", d*sigma**2*Var(H[1]), given=[independent(W, H)], expected="refuted",
        text="After a ReLU the inputs have a mean that is not 0.")
q = D.sample("q", d, mean=0, variance=1)
k = D.sample("k", d, mean=0, variance=1)
D.claim("scores", Var(dot(q, k)/sqrt(d)), "=", 1, given=[independent(q, k)])
D.claim("scores-twin", Var(dot(q, k)/d), "=", 1, given=[independent(q, k)], expected="refuted", text="Divided by d.")

# Importance sampling: draws of q for an expectation under p.
u = D.variables("u")
target, proposal = D.densities("p q")
f = functions("f", u)
covered = forall(u, implies(eq(proposal(u), 0), eq(target(u), 0)))
U = D.sample("U", n, law=proposal(u))
estimate = total(i, target(U[i])/proposal(U[i])*f(U[i]))/n
D.claim("importance", E(estimate), "=", E(f(u), u, target(u)), given=[covered])
D.claim("importance-twin", E(estimate), "=", E(f(u), u, target(u)), expected="refuted",
        text="Without the assumption that q covers p.")
D.claim("importance-variance", Var(estimate), "=", Var(target(u)/proposal(u)*f(u), u, proposal(u))/n)
D.claim("importance-variance-twin", Var(estimate), "=", Var(f(u), u, target(u))/n, given=[covered], expected="refuted",
        text="As if the draws came from p.")
V = D.sample("V", 2, law=proposal(u))
w = [target(V[m])/proposal(V[m]) for m in (1, 2)]
D.claim("self-normalised-twin", E((w[0]*f(V[1]) + w[1]*f(V[2]))/(w[0] + w[1])), "=", E(f(u), u, target(u)),
        given=[covered], expected="refuted", text="Weights divided by their sum, two draws.")

# Shrinkage.
z = D.family("z", n)
eps = D.sample("epsilon", n, mean=0, variance=sigma**2)
ridge = D.define("w", total(i, z[i]*(theta*z[i] + eps[i]))/(total(i, z[i]**2) + lam))
D.claim("ridge-bias", E(ridge) - theta, "=", -lam*theta/(total(i, z[i]**2) + lam))
D.claim("ridge-bias-twin", E(ridge), "=", theta, expected="refuted", text="As for least squares.")
