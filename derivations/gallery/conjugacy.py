"""Conjugate priors: posteriors as equations between densities."""

from sympy import Rational, gamma, pi, sqrt, symbols

from checker import (
    Derivation, E, bernoulli, beta_law, binomial_law, exponential, gamma_law, integral, negative_binomial, normal,
    poisson)

D = Derivation("conjugacy", title="Conjugate priors", prose="conjugacy.md")

x, mu, m = symbols("x mu m", real=True)
k = symbols("k", integer=True, nonnegative=True)
n = symbols("n", integer=True, positive=True)
a, b, v, w, t, theta, s = symbols("a b v w t theta s", positive=True)
half = Rational(1, 2)


def posterior(likelihood, prior, parameter):
    """Bayes' rule: likelihood times prior over their integral, at ``parameter``."""
    return likelihood(parameter)*prior(parameter)/integral(likelihood(t)*prior(t), t)


in_unit = [theta < 1]

# coins
beta = lambda u: beta_law(u, a, b)                     # noqa: E731
D.claim("beta-bernoulli", posterior(lambda u: bernoulli(k, u), beta, theta), "=",
        beta_law(theta, a + k, b + 1 - k), given=[*in_unit, k <= 1])
D.claim("beta-bernoulli-swapped", posterior(lambda u: bernoulli(k, u), beta, theta), "=",
        beta_law(theta, a + 1 - k, b + k), given=[*in_unit, k <= 1], expected="refuted",
        erratum="Successes are added to a, failures to b.")
D.claim("beta-binomial", posterior(lambda u: binomial_law(k, n, u), beta, theta), "=",
        beta_law(theta, a + k, b + n - k), given=[*in_unit, k <= n])
D.claim("beta-binomial-trials", posterior(lambda u: binomial_law(k, n, u), beta, theta), "=",
        beta_law(theta, a + k, b + n), given=[*in_unit, k <= n], expected="refuted",
        erratum="b grows by the failures n - k, not by all n trials.")
D.claim("beta-binomial-mean", E(t, beta_law(t, a + k, b + n - k)), "=", (a + k)/(a + b + n), given=[k <= n])
D.claim("beta-binomial-mean-prior", E(t, beta_law(t, a + k, b + n - k)), "=", (a + k)/(a + b), given=[k <= n],
        expected="refuted", erratum="The pseudo-counts of the prior are a + b; the n trials join them.")

# counts and waiting times
prior = lambda u: gamma_law(u, a, b)                   # noqa: E731
D.claim("gamma-poisson", posterior(lambda u: poisson(k, u), prior, theta), "=", gamma_law(theta, a + k, b + 1))
D.claim("gamma-poisson-rate", posterior(lambda u: poisson(k, u), prior, theta), "=", gamma_law(theta, a + k, b + k),
        expected="refuted", erratum="The rate counts observations, the shape counts events.")
D.claim("gamma-poisson-predictive", integral(poisson(k, t)*prior(t), t), "=", negative_binomial(k, a, b/(b + 1)))
D.claim("gamma-exponential", posterior(lambda u: exponential(s, u), prior, theta), "=",
        gamma_law(theta, a + 1, b + s))
D.claim("gamma-exponential-inverse", posterior(lambda u: exponential(s, u), prior, theta), "=",
        gamma_law(theta, a + 1, b + 1/s), expected="refuted",
        erratum="The waiting time itself is added to the rate.")
D.claim("gamma-exponential-predictive", integral(exponential(s, t)*prior(t), t), "=",
        a*b**a/(b + s)**(a + 1))

# means of normal variables
normal_prior = lambda u: normal(u, m, w)               # noqa: E731
D.claim("normal-normal", normal(x, mu, v)*normal_prior(mu)/integral(normal(x, theta, v)*normal_prior(theta), theta),
        "=", normal(mu, (w*x + v*m)/(v + w), v*w/(v + w)))
D.claim("normal-normal-swapped",
        normal(x, mu, v)*normal_prior(mu)/integral(normal(x, theta, v)*normal_prior(theta), theta),
        "=", normal(mu, (v*x + w*m)/(v + w), v*w/(v + w)), expected="refuted",
        erratum="Each is weighted by the variance of the other: a vague prior (w large) leaves x.")
D.claim("normal-evidence", integral(normal(x, theta, v)*normal_prior(theta), theta), "=", normal(x, m, v + w))
D.claim("normal-precision", normal(x, mu, 1/v)*normal(mu, m, 1/w), "=",
        normal(mu, (v*x + w*m)/(v + w), 1/(v + w))*normal(x, m, 1/v + 1/w),
        text="In terms of precisions they add, and the mean is weighted by them.")
D.claim("student-marginal", integral(normal(x, 0, 1/t)*gamma_law(t, a, b), t), "=",
        gamma(a + half)*b**a/(gamma(a)*sqrt(2*pi))*(b + x**2/2)**(-a - half),
        text="A normal law whose precision is a gamma variable: Student's t, with its heavier tails.")
