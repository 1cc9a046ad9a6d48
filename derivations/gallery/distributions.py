"""Distributions: moments, entropies and divergences computed from densities."""

from sympy import Rational, exp, log, pi, sqrt, symbols

from checker import (
    KL, Derivation, E, Pr, Var, bernoulli, beta_law, binomial_law, cross_entropy, entropy, exponential, gamma_law,
    geometric, integral, laplace, lognormal, normal, poisson, uniform)

D = Derivation("distributions", title="Distributions and their closed forms", prose="distributions.md")

x, y, z, mu, m, t = symbols("x y z mu m t", real=True)
k, j = symbols("k j", integer=True)
n = symbols("n", integer=True, positive=True)
a, b, rate, v, w, s, r, sigma = symbols("a b lambda v w s r sigma", positive=True)
p, q = symbols("p q", positive=True)

# waiting times
D.claim("exponential-mean", E(x, exponential(x, rate)), "=", 1/rate)
D.claim("exponential-mean-rate", E(x, exponential(x, rate)), "=", rate, expected="refuted",
        erratum="The mean of exponential(x, rate) is 1/rate: the parameter is a rate, not a scale.")
D.claim("memoryless", Pr(x > s + r, exponential(x, rate))/Pr(x > s, exponential(x, rate)), "=",
        Pr(x > r, exponential(x, rate)))
D.claim("memoryless-absolute", Pr(x > s + r, exponential(x, rate))/Pr(x > s, exponential(x, rate)), "=",
        Pr(x > s + r, exponential(x, rate)), expected="refuted",
        erratum="What is forgotten is the time already waited: the right side is the chance to wait r more.")
D.claim("race", Pr(x < y, (x, y), exponential(x, a)*exponential(y, b)), "=", a/(a + b))
D.claim("race-swapped", Pr(x < y, (x, y), exponential(x, a)*exponential(y, b)), "=", b/(a + b), expected="refuted",
        erratum="The clock with the larger rate rings first more often.")
D.claim("geometric-tail", Pr(k > n, geometric(k, p)), "=", (1 - p)**n)
D.claim("geometric-tail-shifted", Pr(k >= n, geometric(k, p)), "=", (1 - p)**n, expected="refuted",
        erratum="The event k >= n leaves n - 1 failures: (1 - p)^(n - 1).")

# variances
D.claim("poisson-variance", Var(k, poisson(k, rate)), "=", rate)
D.claim("poisson-second-moment", E(k**2, poisson(k, rate)), "=", rate, expected="refuted",
        erratum="The second moment is lambda + lambda^2; the variance is lambda.")
D.claim("binomial-variance", Var(k, binomial_law(k, n, p)), "=", n*p*(1 - p))
D.claim("binomial-variance-square", Var(k, binomial_law(k, n, p)), "=", n*p**2, expected="refuted",
        erratum="One factor p is 1 - p.")
D.claim("beta-variance", Var(x, beta_law(x, a, b)), "=", a*b/((a + b)**2*(a + b + 1)))
D.claim("beta-variance-without-one", Var(x, beta_law(x, a, b)), "=", a*b/(a + b)**3, expected="refuted",
        erratum="The last factor of the denominator is a + b + 1.")
D.claim("laplace-variance", Var(x, laplace(x, mu, b)), "=", 2*b**2)
D.claim("laplace-variance-scale", Var(x, laplace(x, mu, b)), "=", b**2, expected="refuted",
        erratum="The scale b is the mean absolute deviation, not the standard deviation.")

# generating functions, sums, changes of variables
D.claim("normal-mgf", E(exp(t*x), normal(x, mu, v)), "=", exp(mu*t + v*t**2/2))
D.claim("normal-mgf-half", E(exp(t*x), normal(x, mu, v)), "=", exp(mu*t + v*t**2), expected="refuted",
        erratum="The variance enters with 1/2.")
D.claim("lognormal-mean", E(x, lognormal(x, mu, v)), "=", exp(mu + v/2))
D.claim("lognormal-mean-naive", E(x, lognormal(x, mu, v)), "=", exp(mu), expected="refuted",
        erratum="exp is convex: the mean of exp(y) is larger than exp of the mean.")
D.claim("poisson-sum", integral(poisson(j, a)*poisson(k - j, b), j), "=", poisson(k, a + b), given=[k >= 0])
D.claim("poisson-sum-product", integral(poisson(j, a)*poisson(k - j, b), j), "=", poisson(k, a*b), given=[k >= 0],
        expected="refuted", erratum="Rates of independent counts add.")
D.claim("normal-sum", integral(normal(x, mu, v)*normal(z - x, m, w), x), "=", normal(z, mu + m, v + w))
D.claim("reparameterised", E(x**2, normal(x, mu, sigma**2)), "=", E((mu + sigma*y)**2, normal(y, 0, 1)))
D.claim("reparameterised-variance", E(x**2, normal(x, mu, sigma**2)), "=", E((mu + sigma**2*y)**2, normal(y, 0, 1)),
        expected="refuted", erratum="The noise is multiplied by the standard deviation, not by the variance.")

# entropies and divergences
D.claim("exponential-entropy", entropy(exponential(x, rate)), "=", 1 - log(rate))
D.claim("laplace-entropy", entropy(laplace(x, mu, b)), "=", 1 + log(2*b))
D.claim("exponential-beats-uniform", entropy(uniform(x, 0, 2/rate)), "<=", entropy(exponential(x, rate)),
        text="Of the laws on x > 0 with a given mean the exponential one has the largest entropy.")
D.claim("exponential-divergence", KL(exponential(x, a), exponential(x, b)), "=", log(a/b) + b/a - 1, ">=", 0)
D.claim("exponential-divergence-swapped", KL(exponential(x, a), exponential(x, b)), "=", log(b/a) + a/b - 1,
        expected="refuted", erratum="That is the divergence the other way round.")
D.claim("poisson-divergence", KL(poisson(k, a), poisson(k, b)), "=", a*log(a/b) + b - a)
D.claim("poisson-divergence-short", KL(poisson(k, a), poisson(k, b)), "=", a*log(a/b), expected="refuted",
        erratum="The normalisers exp(-a) and exp(-b) contribute b - a.")
D.claim("bernoulli-divergence", KL(bernoulli(k, p), bernoulli(k, q)), "=",
        p*log(p/q) + (1 - p)*log((1 - p)/(1 - q)), given=[p < 1, q < 1])
D.claim("normal-against-laplace", KL(normal(x, 0, v), laplace(x, 0, b)), "=",
        log(2*b) + sqrt(2*v/pi)/b - log(2*pi*v)/2 - Rational(1, 2))
D.claim("gamma-cross-entropy", cross_entropy(gamma_law(x, a, 1), exponential(x, b)), "=", a*b - log(b))
