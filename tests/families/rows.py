"""Claims about named families, as course notes state them: true ones and their false twins."""

from __future__ import annotations

from typing import Any

from sympy import (
    Abs,
    Derivative,
    Integral,
    Max,
    Min,
    Piecewise,
    Rational,
    Sum,
    binomial,
    digamma,
    evaluate,
    exp,
    factorial,
    gamma,
    log,
    oo,
    pi,
    sqrt,
    symbols,
)

from checker import (
    KL,
    TV,
    Cov,
    E,
    Pr,
    Var,
    and_,
    bernoulli,
    beta_law,
    binomial_law,
    categorical,
    chi_squared,
    cross_entropy,
    discrete_uniform,
    entropy,
    eq,
    ne,
    exponential,
    forall,
    gamma_law,
    geometric,
    hellinger,
    implies,
    integral,
    inverse_gamma,
    laplace,
    lognormal,
    negative_binomial,
    normal,
    pdf,
    pmf,
    poisson,
    uniform,
    variables,
)

Row = tuple[str, tuple[Any, ...], tuple[Any, ...]]

x, y, z, t, m, m1, m2, mu, c, g = symbols("x y z t m m1 m2 mu c g", real=True)
k, j, N = symbols("k j N", integer=True)
n = symbols("n", integer=True, positive=True)
lam, a, b, s, v, v1, v2, sigma, tau, r, p, q, th, w = symbols(
    "lambda a b s v v1 v2 sigma tau r p q theta w", positive=True
)
h = Rational(1, 2)
X, Z = variables("X Z", measure="lebesgue")
K = variables("K", measure="discrete")


def I(f: Any, u: Any, low: Any, high: Any) -> Any:  # noqa: E743
    return Integral(f, (u, low, high))


def S(f: Any, u: Any, low: Any, high: Any) -> Any:
    return Sum(f, (u, low, high))


TRUE: list[Row] = []
FALSE: list[Row] = []
#: Not to be proved without a further condition, whatever else is said of them.
DOUBTFUL: list[Row] = []


def T(id: str, *parts: Any, given: Any = ()) -> None:
    TRUE.append((id, parts, tuple(given)))


def F(id: str, *parts: Any, given: Any = ()) -> None:
    FALSE.append((id, parts, tuple(given)))


def N_(id: str, *parts: Any, given: Any = ()) -> None:
    DOUBTFUL.append((id, parts, tuple(given)))


with evaluate(False):
    T("exp-norm", integral(exponential(x, lam), x), "=", 1)
    T("exp-mean", E(x, x, exponential(x, lam)), "=", 1 / lam)
    F("exp-mean-F", E(x, x, exponential(x, lam)), "=", lam)
    T("exp-scale-mean", E(x, x, exponential(x, scale=s)), "=", s)
    T("exp-var", E((x - E(x, x, exponential(x, lam))) ** 2, x, exponential(x, lam)), "=", 1 / lam**2)
    F("exp-var-F", E((x - 1 / lam) ** 2, x, exponential(x, lam)), "=", 1 / lam)
    T("exp-n-moment3", E(x**3, x, exponential(x, lam)), "=", 6 / lam**3)
    F("exp-m3-F", E(x**3, x, exponential(x, lam)), "=", 3 / lam**3)
    T("exp-mgf", E(exp(t * x), x, exponential(x, lam)), "=", lam / (lam - t), given=[t < lam])
    F("exp-mgf-F", E(exp(t * x), x, exponential(x, lam)), "=", lam / (lam + t), given=[t < lam])
    T("exp-ent", entropy(exponential(x, lam)), "=", 1 - log(lam))
    F("exp-ent-F", entropy(exponential(x, lam)), "=", 1 + log(lam))
    T("exp-kl", KL(exponential(x, a), exponential(x, b)), "=", log(a / b) + b / a - 1)
    F("exp-kl-F", KL(exponential(x, a), exponential(x, b)), "=", log(b / a) + a / b - 1)
    F("exp-kl-sym", KL(exponential(x, a), exponential(x, b)), "=", KL(exponential(x, b), exponential(x, a)))
    T("exp-tail", Pr(x > s, x, exponential(x, lam)), "=", exp(-lam * s))
    F("exp-tail-F", Pr(x > s, x, exponential(x, lam)), "=", 1 - exp(-lam * s))
    T(
        "exp-memoryless",
        Pr(x > s + tau, x, exponential(x, lam)) / Pr(x > s, x, exponential(x, lam)),
        "=",
        Pr(x > tau, x, exponential(x, lam)),
    )
    T("exp-cdf", Pr(x <= s, x, exponential(x, lam)), "=", 1 - exp(-lam * s))
    T("exp-median", Pr(x <= log(2) / lam, x, exponential(x, lam)), "=", h)
    F("exp-median-F", Pr(x <= 1 / lam, x, exponential(x, lam)), "=", h)
    T(
        "exp-min",
        Pr(x > s, x, exponential(x, a)) * Pr(y > s, y, exponential(y, b)),
        "=",
        Pr(z > s, z, exponential(z, a + b)),
    )
    T("exp-max-ent-cross", cross_entropy(exponential(x, a), exponential(x, b)), "=", b / a - log(b))

    T("gamma-norm", integral(gamma_law(x, a, b), x), "=", 1)
    T("gamma-mean", E(x, x, gamma_law(x, a, b)), "=", a / b)
    F("gamma-mean-F", E(x, x, gamma_law(x, a, b)), "=", a * b)
    T("gamma-scale-mean", E(x, x, gamma_law(x, a, scale=b)), "=", a * b)
    T("gamma-var", E((x - a / b) ** 2, x, gamma_law(x, a, b)), "=", a / b**2)
    F("gamma-var-F", E((x - a / b) ** 2, x, gamma_law(x, a, b)), "=", a**2 / b**2)
    T("gamma-inv", E(1 / x, x, gamma_law(x, a, b)), "=", b / (a - 1), given=[a > 1])
    F("gamma-inv-F", E(1 / x, x, gamma_law(x, a, b)), "=", b / a, given=[a > 1])
    T("gamma-log", E(log(x), x, gamma_law(x, a, b)), "=", digamma(a) - log(b))
    F("gamma-log-F", E(log(x), x, gamma_law(x, a, b)), "=", log(a) - log(b))
    T("gamma-ent", entropy(gamma_law(x, a, b)), "=", a - log(b) + log(gamma(a)) + (1 - a) * digamma(a))
    F("gamma-ent-F", entropy(gamma_law(x, a, b)), "=", a + log(b) + log(gamma(a)) + (1 - a) * digamma(a))
    T("gamma-mgf", E(exp(t * x), x, gamma_law(x, a, b)), "=", (1 - t / b) ** (-a), given=[t < b])
    T(
        "gamma-kl",
        KL(gamma_law(x, a, b), gamma_law(x, r, s)),
        "=",
        (a - r) * digamma(a) - log(gamma(a)) + log(gamma(r)) + r * (log(b) - log(s)) + a * (s - b) / b,
    )
    F(
        "gamma-kl-F",
        KL(gamma_law(x, a, b), gamma_law(x, r, s)),
        "=",
        (a - r) * digamma(r) - log(gamma(a)) + log(gamma(r)) + r * (log(b) - log(s)) + a * (s - b) / b,
    )
    T("gamma-is-exp", gamma_law(th, 1, b), "=", exponential(th, b))
    T("gamma-sum", integral(gamma_law(x, a, lam) * gamma_law(th - x, b, lam), x), "=", gamma_law(th, a + b, lam))
    F("gamma-sum-F", integral(gamma_law(x, a, lam) * gamma_law(th - x, b, lam), x), "=", gamma_law(th, a + b, 2 * lam))
    T("exp-sum", integral(exponential(x, lam) * exponential(th - x, lam), x), "=", gamma_law(th, 2, lam))
    T("chi2-mean", E(x, x, chi_squared(x, n)), "=", n)
    T("chi2-var", E((x - n) ** 2, x, chi_squared(x, n)), "=", 2 * n)
    F("chi2-var-F", E((x - n) ** 2, x, chi_squared(x, n)), "=", n)
    T("invgamma-mean", E(x, x, inverse_gamma(x, a, b)), "=", b / (a - 1), given=[a > 1])
    F("invgamma-mean-F", E(x, x, inverse_gamma(x, a, b)), "=", b / a, given=[a > 1])

    T("beta-mean", E(x, x, beta_law(x, a, b)), "=", a / (a + b))
    F("beta-mean-F", E(x, x, beta_law(x, a, b)), "=", b / (a + b))
    T(
        "beta-var",
        E(x**2, x, beta_law(x, a, b)) - E(x, x, beta_law(x, a, b)) ** 2,
        "=",
        a * b / ((a + b) ** 2 * (a + b + 1)),
    )
    F(
        "beta-var-F",
        E(x**2, x, beta_law(x, a, b)) - E(x, x, beta_law(x, a, b)) ** 2,
        "=",
        a * b / ((a + b) ** 2 * (a + b)),
    )
    T("beta-log", E(log(x), x, beta_law(x, a, b)), "=", digamma(a) - digamma(a + b))
    F("beta-log-F", E(log(1 - x), x, beta_law(x, a, b)), "=", digamma(a) - digamma(a + b))
    T("beta-uniform", beta_law(q, 1, 1), "=", uniform(q, 0, 1), given=[q < 1])

    T(
        "beta-bernoulli",
        bernoulli(k, q) * beta_law(q, a, b) / integral(bernoulli(k, y) * beta_law(y, a, b), y),
        "=",
        beta_law(q, a + k, b + 1 - k),
        given=[q < 1, k >= 0, k <= 1],
    )
    F(
        "beta-bernoulli-F",
        bernoulli(k, q) * beta_law(q, a, b) / integral(bernoulli(k, y) * beta_law(y, a, b), y),
        "=",
        beta_law(q, a + 1 - k, b + k),
        given=[q < 1, k >= 0, k <= 1],
    )
    T(
        "beta-binomial",
        binomial_law(k, n, q) * beta_law(q, a, b) / integral(binomial_law(k, n, y) * beta_law(y, a, b), y),
        "=",
        beta_law(q, a + k, b + n - k),
        given=[q < 1, k >= 0, k <= n],
    )
    F(
        "beta-binomial-F",
        binomial_law(k, n, q) * beta_law(q, a, b) / integral(binomial_law(k, n, y) * beta_law(y, a, b), y),
        "=",
        beta_law(q, a + n, b + n - k),
        given=[q < 1, k >= 0, k <= n],
    )
    T(
        "gamma-poisson",
        poisson(k, th) * gamma_law(th, a, b) / integral(poisson(k, y) * gamma_law(y, a, b), y),
        "=",
        gamma_law(th, a + k, b + 1),
        given=[k >= 0],
    )
    F(
        "gamma-poisson-F",
        poisson(k, th) * gamma_law(th, a, b) / integral(poisson(k, y) * gamma_law(y, a, b), y),
        "=",
        gamma_law(th, a + k, b + k),
        given=[k >= 0],
    )
    T(
        "gamma-exponential",
        exponential(s, th) * gamma_law(th, a, b) / integral(exponential(s, y) * gamma_law(y, a, b), y),
        "=",
        gamma_law(th, a + 1, b + s),
    )
    F(
        "gamma-exponential-F",
        exponential(s, th) * gamma_law(th, a, b) / integral(exponential(s, y) * gamma_law(y, a, b), y),
        "=",
        gamma_law(th, a + 1, b + 1 / s),
    )
    T(
        "poisson-gamma-marginal",
        integral(poisson(k, y) * gamma_law(y, a, b), y),
        "=",
        negative_binomial(k, a, b / (b + 1)),
        given=[k >= 0],
    )
    T(
        "normal-normal",
        normal(x, th, v) * normal(th, m, s) / integral(normal(x, y, v) * normal(y, m, s), y),
        "=",
        normal(th, (s * x + v * m) / (s + v), s * v / (s + v)),
    )
    F(
        "normal-normal-F",
        normal(x, th, v) * normal(th, m, s) / integral(normal(x, y, v) * normal(y, m, s), y),
        "=",
        normal(th, (v * x + s * m) / (s + v), s * v / (s + v)),
    )
    T("poisson-mean-hier", E(k, (y, k), gamma_law(y, a, b) * poisson(k, y)), "=", a / b)

    T("poi-norm", integral(poisson(k, lam), k), "=", 1)
    T("poi-mean", E(k, k, poisson(k, lam)), "=", lam)
    T("poi-var", E((k - lam) ** 2, k, poisson(k, lam)), "=", lam)
    F("poi-var-F", E(k**2, k, poisson(k, lam)), "=", lam)
    T("poi-fact", E(k * (k - 1), k, poisson(k, lam)), "=", lam**2)
    T("poi-mgf", E(exp(t * k), k, poisson(k, lam)), "=", exp(lam * (exp(t) - 1)))
    F("poi-mgf-F", E(exp(t * k), k, poisson(k, lam)), "=", exp(lam * exp(t)))
    T("poi-kl", KL(poisson(k, a), poisson(k, b)), "=", a * log(a / b) + b - a)
    F("poi-kl-F", KL(poisson(k, a), poisson(k, b)), "=", a * log(a / b))
    T("poi-sum", integral(poisson(j, a) * poisson(k - j, b), j), "=", poisson(k, a + b), given=[k >= 0])
    F("poi-sum-F", integral(poisson(j, a) * poisson(k - j, b), j), "=", poisson(k, a * b), given=[k >= 0])
    T("poi-pgf", E(s**k, k, poisson(k, lam)), "=", exp(lam * (s - 1)))

    T("ber-mean", E(k, k, bernoulli(k, p)), "=", p)
    T("ber-var", E((k - p) ** 2, k, bernoulli(k, p)), "=", p * (1 - p))
    F("ber-var-F", E((k - p) ** 2, k, bernoulli(k, p)), "=", p**2)
    T(
        "ber-kl",
        KL(bernoulli(k, p), bernoulli(k, q)),
        "=",
        p * log(p / q) + (1 - p) * log((1 - p) / (1 - q)),
        given=[p < 1, q < 1],
    )
    F(
        "ber-kl-F",
        KL(bernoulli(k, p), bernoulli(k, q)),
        "=",
        q * log(q / p) + (1 - q) * log((1 - q) / (1 - p)),
        given=[p < 1, q < 1],
    )
    T("bin-mean", E(k, k, binomial_law(k, n, p)), "=", n * p)
    T("bin-var", E((k - n * p) ** 2, k, binomial_law(k, n, p)), "=", n * p * (1 - p))
    F("bin-var-F", E((k - n * p) ** 2, k, binomial_law(k, n, p)), "=", n * p**2)
    T("bin-mgf", E(exp(t * k), k, binomial_law(k, n, p)), "=", (1 - p + p * exp(t)) ** n)
    F("bin-mgf-F", E(exp(t * k), k, binomial_law(k, n, p)), "=", (p + (1 - p) * exp(t)) ** n)
    T("geo-mean", E(k, k, geometric(k, p)), "=", 1 / p)
    T("geo0-mean", E(k, k, geometric(k, p, start=0)), "=", (1 - p) / p)
    T("geo-var", E((k - 1 / p) ** 2, k, geometric(k, p)), "=", (1 - p) / p**2)
    F("geo-var-F", E((k - 1 / p) ** 2, k, geometric(k, p)), "=", 1 / p**2)
    T("geo-tail", Pr(k > n, k, geometric(k, p)), "=", (1 - p) ** n)
    F("geo-tail-F", Pr(k >= n, k, geometric(k, p)), "=", (1 - p) ** n)
    T("geo-ent", entropy(geometric(k, p)), "=", (-p * log(p) - (1 - p) * log(1 - p)) / p, given=[p < 1])
    T("nb-mean", E(k, k, negative_binomial(k, r, p)), "=", r * (1 - p) / p)
    F("nb-mean-F", E(k, k, negative_binomial(k, r, p)), "=", r * p / (1 - p))

    T("lap-norm", integral(laplace(x, m, b), x), "=", 1)
    T("lap-mean", E(x, x, laplace(x, m, b)), "=", m)
    T("lap-var", E((x - m) ** 2, x, laplace(x, m, b)), "=", 2 * b**2)
    F("lap-var-F", E((x - m) ** 2, x, laplace(x, m, b)), "=", b**2)
    T("lap-ent", entropy(laplace(x, m, b)), "=", 1 + log(2 * b))
    F("lap-ent-F", entropy(laplace(x, m, b)), "=", log(2 * b))
    T("lap-abs", E(Abs(x - m), x, laplace(x, m, b)), "=", b)
    T("lap-kl-scale", KL(laplace(x, m, a), laplace(x, m, b)), "=", log(b / a) + a / b - 1)
    T("lap-mgf", E(exp(t * x), x, laplace(x, 0, b)), "=", 1 / (1 - b**2 * t**2), given=[t < 1 / b, -1 / b < t])
    T("uni-mean", E(x, x, uniform(x, m1, m2)), "=", (m1 + m2) / 2)
    T("uni-var", E((x - (m1 + m2) / 2) ** 2, x, uniform(x, m1, m2)), "=", (m2 - m1) ** 2 / 12)
    F("uni-var-F", E((x - (m1 + m2) / 2) ** 2, x, uniform(x, m1, m2)), "=", (m2 - m1) ** 2 / 6)
    T("uni-ent", entropy(uniform(x, m1, m2)), "=", log(m2 - m1))
    F("uni-ent-F", entropy(uniform(x, m1, m2)), "=", -log(m2 - m1))
    T("uni-kl", KL(uniform(x, 0, 1), uniform(x, 0, 2)), "=", log(2))
    T("uni-cdf", Pr(x <= y, x, uniform(x, m1, m2)), "=", (y - m1) / (m2 - m1), given=[m1 <= y, y <= m2])
    T("logn-mean", E(x, x, lognormal(x, m, v)), "=", exp(m + v / 2))
    F("logn-mean-F", E(x, x, lognormal(x, m, v)), "=", exp(m))
    T("logn-m2", E(x**2, x, lognormal(x, m, v)), "=", exp(2 * m + 2 * v))
    T("logn-ent", entropy(lognormal(x, m, v)), "=", m + h + log(2 * pi * v) / 2)

    T("nor-m4", E((x - m) ** 4, x, normal(x, m, v)), "=", 3 * v**2)
    F("nor-m4-F", E(x**4, x, normal(x, m, v)), "=", 3 * v**2)
    T("nor-mgf", E(exp(t * x), x, normal(x, m, v)), "=", exp(m * t + v * t**2 / 2))
    F("nor-mgf-F", E(exp(t * x), x, normal(x, m, v)), "=", exp(m * t + v * t**2))
    F("nor-ent-F", entropy(normal(x, m, v)), "=", log(2 * pi * v) / 2)
    T("nor-kl", KL(normal(x, m1, v1), normal(x, m2, v2)), "=", log(v2 / v1) / 2 + (v1 + (m1 - m2) ** 2) / (2 * v2) - h)
    F(
        "nor-kl-F",
        KL(normal(x, m1, v1), normal(x, m2, v2)),
        "=",
        log(v1 / v2) / 2 + (v1 + (m1 - m2) ** 2) / (2 * v2) - h,
    )
    T("nor-sum", integral(normal(x, m1, v1) * normal(z - x, m2, v2), x), "=", normal(z, m1 + m2, v1 + v2))
    F("nor-sum-F", integral(normal(x, m1, v1) * normal(z - x, m2, v2), x), "=", normal(z, m1 + m2, v1 * v2))
    T("nor-abs", E(Abs(x), x, normal(x, 0, v)), "=", sqrt(2 * v / pi))
    F("nor-abs-F", E(Abs(x), x, normal(x, 0, v)), "=", sqrt(v))
    T(
        "nor-prod",
        normal(x, m1, v1) * normal(x, m2, v2),
        "=",
        normal(m1, m2, v1 + v2) * normal(x, (m1 * v2 + m2 * v1) / (v1 + v2), v1 * v2 / (v1 + v2)),
    )
    F(
        "nor-prod-F",
        normal(x, m1, v1) * normal(x, m2, v2),
        "=",
        normal(x, (m1 * v2 + m2 * v1) / (v1 + v2), v1 * v2 / (v1 + v2)),
    )
    T("mix-mean", E(x, x, w * normal(x, m1, v1) + (1 - w) * normal(x, m2, v2)), "=", w * m1 + (1 - w) * m2)
    T(
        "mix-m2",
        E(x**2, x, w * normal(x, m1, v1) + (1 - w) * normal(x, m2, v2)),
        "=",
        w * (v1 + m1**2) + (1 - w) * (v2 + m2**2),
    )
    F(
        "mix-var-F",
        E((x - (w * m1 + (1 - w) * m2)) ** 2, x, w * normal(x, m1, v1) + (1 - w) * normal(x, m2, v2)),
        "=",
        w * v1 + (1 - w) * v2,
    )
    T("rep", E(x**2, x, normal(x, mu, sigma**2)), "=", E((mu + sigma * y) ** 2, y, normal(y, 0, 1)))
    F("rep-F", E(x**2, x, normal(x, mu, sigma**2)), "=", E((mu + sigma**2 * y) ** 2, y, normal(y, 0, 1)))
    T(
        "kl-nor-lap",
        KL(normal(x, 0, v), laplace(x, 0, b)),
        "=",
        log(2 * b) + sqrt(2 * v / pi) / b - log(2 * pi * v) / 2 - h,
    )
    T("cat-mean", E(k, k, categorical(k, [h, Rational(1, 3), Rational(1, 6)])), "=", Rational(5, 3))
    T("cat-ent-le", entropy(categorical(k, [p, 1 - p])), "<=", log(2), given=[p < 1])

    T("pdf-mean", E(x, x, pdf(2 * x, x, 0, 1)), "=", Rational(2, 3))
    T("pdf-pareto", E(x, x, pdf(a * x ** (-a - 1), x, 1, oo)), "=", a / (a - 1), given=[a > 1])
    T("rayleigh", E(x, x, pdf(x / v * exp(-(x**2) / (2 * v)), x, 0, oo)), "=", sqrt(pi * v / 2))
    T("weibull", E(x, x, pdf(2 * b * x * exp(-b * x**2), x, 0, oo)), "=", sqrt(pi / b) / 2)
    T("du-mean", E(k, k, discrete_uniform(k, 1, n)), "=", (n + 1) / 2)
    T("du-var", E((k - (n + 1) / 2) ** 2, k, discrete_uniform(k, 1, n)), "=", (n**2 - 1) / 12)
    F("du-var-F", E((k - (n + 1) / 2) ** 2, k, discrete_uniform(k, 1, n)), "=", (n**2 + 1) / 12)
    T("kl-exp-nonneg", KL(exponential(x, a), exponential(x, b)), ">=", 0)
    F("kl-exp-le", KL(exponential(x, a), exponential(x, b)), "<=", 1)
    T("poi-kl-nonneg", KL(poisson(k, a), poisson(k, b)), ">=", 0)
    T("fisher-poi", E((k / lam - 1) ** 2, k, poisson(k, lam)), "=", 1 / lam)
    F("fisher-poi-F", E((k / lam - 1) ** 2, k, poisson(k, lam)), "=", lam)
    T("fisher-exp", E(Derivative(log(exponential(x, lam)), lam) ** 2, x, exponential(x, lam)), "=", 1 / lam**2)
    T("var", Var(x, exponential(x, lam)), "=", 1 / lam**2)
    F("var-F", Var(x, exponential(x, lam)), "=", 1 / lam)
    T("varg", Var(x, gamma_law(x, a, b)), "=", a / b**2)
    T("varb", Var(x, beta_law(x, a, b)), "=", a * b / ((a + b) ** 2 * (a + b + 1)))
    T("varu", Var(x, uniform(x, 0, 1)), "=", Rational(1, 12))
    T("pr", Pr(x > s, exponential(x, lam)), "=", exp(-lam * s))
    T("pr-min", Pr(x < y, (x, y), exponential(x, a) * exponential(y, b)), "=", a / (a + b))
    F("pr-min-F", Pr(x < y, (x, y), exponential(x, a) * exponential(y, b)), "=", b / (a + b))
    T("pr-uni", Pr(x <= th, uniform(x, 0, 1)), "=", th, given=[th < 1])
    T("pr-geo", Pr(k > n, geometric(k, p)), "=", (1 - p) ** n)
    T("pr-poi0", Pr(eq(k, 0), poisson(k, lam)), "=", exp(-lam))
    T("pr-ber", Pr(eq(k, 1), bernoulli(k, p)), "=", p)
    T("rv-exp", E(X, X, exponential(X, lam)), "=", 1 / lam)
    T("rv-kl", KL(exponential(X, a), exponential(X, b)), "=", log(a / b) + b / a - 1)
    T("rv-poi", E(K, K, poisson(K, lam)), "=", lam)
    T("rv-var-poi", Var(K, poisson(K, lam)), "=", lam)
    T("rv-lap-norm", KL(laplace(X, 0, b), normal(X, 0, v)), "=", b**2 / v + log(2 * pi * v) / 2 - log(2 * b) - 1)
    T(
        "rv-conj",
        normal(X, Z, v) * normal(Z, 0, s) / integral(normal(X, Z, v) * normal(Z, 0, s), Z),
        "=",
        normal(Z, s * X / (s + v), s * v / (s + v)),
    )
    T("cov", Cov(x, y, (x, y), exponential(x, a) * exponential(y, b)), "=", 0)
    T("sum-exp-var", Var(x + y, (x, y), exponential(x, a) * exponential(y, b)), "=", 1 / a**2 + 1 / b**2)
    T("ln-var", Var(x, lognormal(x, m, v)), "=", (exp(v) - 1) * exp(2 * m + v))
    T("cvx", E(exp(x), normal(x, m, v)), ">=", exp(E(x, normal(x, m, v))))
    T("markov", Pr(x >= s, exponential(x, lam)), "<=", E(x, exponential(x, lam)) / s)
    T("kl-ge", KL(gamma_law(x, 2, a), gamma_law(x, 2, b)), ">=", 0)
    T("ber-ent-le", entropy(bernoulli(k, p)), "<=", log(2), given=[p < 1])
    T("ber-kl-ge", KL(bernoulli(k, p), bernoulli(k, q)), ">=", 0, given=[p < 1, q < 1])
    T("nor-ent-cmp", entropy(normal(x, m, v)), ">=", entropy(laplace(x, 0, sqrt(v / 2))))
    T("exp-ent-cmp", entropy(uniform(x, 0, 2 / lam)), "<=", entropy(exponential(x, lam)))
    T("score-mean", E(Derivative(log(poisson(k, lam)), lam), poisson(k, lam)), "=", 0)
    T("score-nor", E(Derivative(log(normal(x, m, v)), m), normal(x, m, v)), "=", 0)
    T("fisher-nor", E(Derivative(log(normal(x, m, v)), m) ** 2, normal(x, m, v)), "=", 1 / v)
    F("fisher-nor-F", E(Derivative(log(normal(x, m, v)), m) ** 2, normal(x, m, v)), "=", v)
    T(
        "fisher-ber",
        E(Derivative(log(bernoulli(k, p)), p) ** 2, bernoulli(k, p)),
        "=",
        1 / (p * (1 - p)),
        given=[p < 1],
    )
    T(
        "fisher-bin",
        E(Derivative(log(binomial_law(k, n, p)), p) ** 2, binomial_law(k, n, p)),
        "=",
        n / (p * (1 - p)),
        given=[p < 1],
    )
    T("unif-order", E(Max(x, y), (x, y), uniform(x, 0, 1) * uniform(y, 0, 1)), "=", Rational(2, 3))
    T("conv-uni", integral(uniform(x, 0, 1) * uniform(q - x, 0, 1), x), "=", q, given=[q <= 1])
    T("hier-normal", integral(normal(x, z, v1) * normal(z, m, v2), z), "=", normal(x, m, v1 + v2))
    F("hier-normal-F", integral(normal(x, z, v1) * normal(z, m, v2), z), "=", normal(x, m, v1))
    T("beta-mode", forall(x, implies(and_(x > 0, x < 1), beta_law(x, 2, 3) <= beta_law(Rational(1, 3), 2, 3))))
    T("poi-ratio", poisson(k + 1, lam) / poisson(k, lam), "=", lam / (k + 1), given=[k >= 0])
    F("poi-ratio-F", poisson(k + 1, lam) / poisson(k, lam), "=", lam / k, given=[k >= 1])
    T("nig", E(1 / x, inverse_gamma(x, a, b)), "=", a / b)
    T("invgamma-change", inverse_gamma(th, a, b), "=", gamma_law(1 / th, a, b) / th**2)
    F("invgamma-change-F", inverse_gamma(th, a, b), "=", gamma_law(1 / th, a, b))
    T("logn-change", lognormal(th, m, v), "=", normal(log(th), m, v) / th)
    F("logn-change-F", lognormal(th, m, v), "=", normal(log(th), m, v))
    T("affine", normal(y, a * m + t, a**2 * v), "=", normal((y - t) / a, m, v) / a)
    F("affine-F", normal(y, a * m + t, a * v), "=", normal((y - t) / a, m, v) / a)
    T("exp-scale", exponential(a * th, lam) * a, "=", exponential(th, a * lam))
    T("ef-bern", bernoulli(k, p), "=", exp(k * log(p / (1 - p)) + log(1 - p)), given=[p < 1, k >= 0, k <= 1])
    T("ef-poi", poisson(k, lam), "=", exp(k * log(lam) - lam) / factorial(k), given=[k >= 0])
    T("ef-norm", normal(x, m, v), "=", exp(m * x / v - x**2 / (2 * v) - m**2 / (2 * v)) / sqrt(2 * pi * v))
    T("ber-log-lik", log(bernoulli(k, p)), "=", k * log(p) + (1 - k) * log(1 - p), given=[p < 1, k >= 0, k <= 1])
    F("ber-log-lik-F", log(bernoulli(k, p)), "=", k * log(1 - p) + (1 - k) * log(p), given=[p < 1, k >= 0, k <= 1])
    N_("inv-a", E(1 / x, gamma_law(x, a, b)), "=", b / (a - 1))
    N_("mgf", E(exp(t * x), exponential(x, lam)), "=", lam / (lam - t))
    N_("real-a", I(x ** (g - 1) * exp(-x), x, 0, oo), "=", gamma(g))
    N_("real-b", I(exp(-c * x), x, 0, oo), "=", 1 / c)
    N_("k/k", S(k / k * a**k, k, 0, oo), "=", 1 / (1 - a), given=[a < 1])
    N_("geo-r", S(c**k, k, 0, oo), "=", 1 / (1 - c))
    N_("geo-r1", S(c**k, k, 0, oo), "=", 1 / (1 - c), given=[c < 1])
    T("geo-r2", S(c**k, k, 0, oo), "=", 1 / (1 - c), given=[c < 1, c > -1])
    T("geo-n", S(a**k, k, N, oo), "=", a**N / (1 - a), given=[a < 1])
    N_("geo-n0", S(c**k, k, N, oo), "=", c**N / (1 - c), given=[c < 1, c > -1])
    N_("bin-neg", S(binomial(N, k) * a**k * b ** (N - k), k, 0, N), "=", (a + b) ** N)
    T("bin-pos", S(binomial(N, k) * a**k * b ** (N - k), k, 0, N), "=", (a + b) ** N, given=[N >= 0])
    N_("bin-other", S(binomial(n, k) * a**k * b ** (n - k), k, 0, N), "=", (a + b) ** n, given=[N >= 0])
    N_("unif-noorder", I(log(x - m1), x, m1, m2), "=", (m2 - m1) * log(m2 - m1) - (m2 - m1))
    N_(
        "beta-order",
        I((x - m1) ** (a - 1) * (m2 - x) ** (b - 1), x, m1, m2),
        "=",
        (m2 - m1) ** (a + b - 1) * gamma(a) * gamma(b) / gamma(a + b),
    )
    T(
        "beta-order2",
        I((x - m1) ** (a - 1) * (m2 - x) ** (b - 1), x, m1, m2),
        "=",
        (m2 - m1) ** (a + b - 1) * gamma(a) * gamma(b) / gamma(a + b),
        given=[m1 < m2],
    )
    N_("log-cancel", I((log(x - 1) - log(x - 1) + 1) * exp(-x), x, 0, oo), "=", 2)
    N_("sqrt-line", I(sqrt(x) ** 2 * exp(-(x**2)), x, -oo, oo), "=", 1)
    N_("gauss-c", I(exp(-c * x**2), x, -oo, oo), "=", sqrt(pi / c))
    N_("gauss-odd", I(exp(-(x**3)), x, -oo, oo), "=", 1)
    T("inv2", I(x ** (-2) * exp(-1 / x), x, 0, oo), "=", 1)
    N_("pw", I(Piecewise((1, x < 1), (2, True)) * exp(-x), x, 0, oo), "=", 1)
    N_("norm-neg", E(x**2, normal(x, m, c)), "=", m**2 + c)
    N_("pareto", E(x, pdf(a * x ** (-a - 1), x, 1, oo)), "=", a / (a - 1))
    N_("nested-und", I(I((log(x - 1) - log(x - 1)) * exp(-y), y, 0, oo) + exp(-x), x, 0, oo), "=", 2)
    N_(
        "sum-nested",
        S(a**k * I(exp(-x) / (k - 1) - exp(-x) / (k - 1), x, 0, oo) + a**k, k, 0, oo),
        "=",
        1 / (1 - a),
        given=[a < 1],
    )
    N_("empty-int", I(I(exp(-y), y, 0, oo) * x, x, 2, 1), "=", Rational(3, 2))
    N_("rev-nested", I(I(exp(-x * y), y, 0, oo), x, 2, 1), "=", log(2))
    T("unif-cdf-out", Pr(x > 2, uniform(x, 0, 1)), "=", 0)
    N_("unif-cdf-out2", Pr(x > q, uniform(x, 0, 1)), "=", 1 - q)
    N_("conv-uni-all", integral(uniform(x, 0, 1) * uniform(q - x, 0, 1), x), "=", q)
    N_("exp-conv-neg", integral(exponential(x, lam) * exponential(y - x, lam), x), "=", lam**2 * y * exp(-lam * y))
    N_("exp-neg", exponential(x, lam), "=", lam * exp(-lam * x))
    N_("kl-uni", KL(uniform(x, 0, 2), uniform(x, 0, 1)), "=", -log(2))
    N_("kl-norm-exp", KL(normal(x, 0, 1), exponential(x, 1)), "=", 0)
    N_("gammaneg", gamma(g + 1), "=", g * gamma(g) + 1)
    N_("digam", digamma(a + 1), "=", digamma(a) - 1 / a)
    N_("diff-in", E(Derivative(Abs(c), c), exponential(x, lam)), "=", 1)
    N_("cauchy", E(x, pdf(1 / (pi * (1 + x**2)), x)), "=", 0)
    N_("mix-w", E(x, w * normal(x, m1, v) + (1 - w) * normal(x, m2, v)), "=", m1 + m2)
    N_("prod-neg", exp(-x) * x, "=", exp(-x) * Abs(x))
    N_("prodpos", sqrt(x**2) * exp(y), "=", x * exp(y))
    T("prodlog", exp(x**2 / (a + b)) * exp(-(x**2) / a), "=", exp(-(x**2) * b / (a * (a + b))))
    N_("prodlog2", exp(x**2 / (a + b)) * exp(-(x**2) / a), "=", exp(x**2 * b / (a * (a + b))))
    T("divergence-normal", KL(normal(x, m1, v1), normal(x, m2, v2)), ">=", 0)
    T("divergence-gamma", KL(gamma_law(x, a, b), gamma_law(x, r, s)), ">=", 0)
    T("divergence-beta", 0, "<=", KL(beta_law(x, a, b), beta_law(x, r, s)))
    T("divergence-binomial", KL(binomial_law(k, n, p), binomial_law(k, n, q)), ">=", 0, given=[p < 1, q < 1])
    F("divergence-order", KL(poisson(k, a), poisson(k, b)), "<=", KL(poisson(k, b), poisson(k, a)))
    N_("divergence-strict", KL(normal(x, m1, v1), normal(x, m2, v2)), ">", 0)
    N_("divergence-mass-2", I(exponential(x, a)*log(exponential(x, a)/(2*exponential(x, b))), x, 0, oo), ">=", 0)
    N_("divergence-part", I(exp(-x)*log(exp(-x)/(b*exp(-b*x))), x, 0, 1), ">=", 0)
    T("poisson-cross", KL(poisson(k, a), poisson(k, b)), "=",
      cross_entropy(poisson(k, a), poisson(k, b)) - entropy(poisson(k, a)))
    N_("merged-divergent", S(g**k*log(factorial(k)), k, 0, oo) - S(g**k*log(factorial(k)), k, 0, oo), "=", 0)
    N_("merged-factorials", S(a**k*log(factorial(k)), k, 0, oo) - S(a**k*log(factorial(k)), k, 0, oo), "=", 0)
    N_("rate-not-0", I(exp(-c*x), x, 0, oo), "=", 1/c, given=[ne(c, 0)])
    N_("shape-below-0", I(x**(g - 1)*exp(-x), x, 0, oo), "=", gamma(g), given=[g > -1, g < 0])
    N_("variance-below-0", I(exp(-c*x**2), x, -oo, oo), "=", sqrt(pi/c), given=[c < 0])
    N_("ratio-above-1", S(c**k, k, 0, oo), "=", 1/(1 - c), given=[c > 1])
    N_("two-sizes", S(binomial(n, k)*a**k*b**(N - k), k, 0, N), "=", (a + b)**N, given=[N >= 0])
    N_("root-of-a-square", I(sqrt(x**2)*exp(-x**2), x, -oo, oo), "=", 0)
    N_("positive-sides", sqrt(x**2)*exp(y), "=", x*exp(y), given=[ne(x, 0)])
    # a constant that is undefined makes a series undefined; ends are real
    N_("series-constant", E(k + 1/c - 1/c, poisson(k, a)), "=", a)
    N_("series-log-constant", E(k + log(c) - log(c), poisson(k, a)), "=", a)
    N_("complex-ends", I(1, x, log(c), log(c) + 1), "=", 1, given=[ne(c, 0)])
    # the range of a variable is that of its own binder, whatever it was declared or bound to before
    F("declared-positive", E(exponential(a, b), a, uniform(a, -1, 1)), "=", (exp(b) - exp(-b))/2)
    F("declared-positive-integral", I(exponential(a, b), a, -1, oo), "=", exp(b))
    N_("bound-anew", E(I(exponential(x, b), x, -1, oo), x, exponential(x, 1)), "=", exp(b))
    N_("outer-variable", E(integral(uniform(x, 0, Rational(1, 2))*exponential(y, b), y), x, uniform(x, 0, 1)), "=", 2)
    # 0 log 0 = 0: a law of one point
    T("certain-bernoulli", entropy(bernoulli(k, 1)), "=", 0)
    T("certain-geometric", entropy(geometric(k, 1)), "=", 0)
    T("certain-divergence", KL(bernoulli(k, 1), bernoulli(k, p)), "=", -log(p), given=[p < 1])
    # a mass 0 within the range, at an end, between others, at a value of the parameter
    T("zero-mass-at-the-end", entropy(pmf(k/3, k, 0, 2)), "=", log(3) - 2*log(2)/3)
    F("zero-mass-counted", entropy(pmf(k/3, k, 0, 2)), "=", log(3))
    T("zero-mass-between", entropy(categorical(k, [h, 0, h])), "=", log(2))
    T("zero-mass-by-parameter", entropy(bernoulli(k, p)), "=", 0, given=[eq(p, 1)])
    F("zero-mass-by-parameter-F", entropy(bernoulli(k, p)), "=", log(2), given=[eq(p, 1)])
    # |p - q| and sqrt(p q) over all points where one of the densities is positive; the least of two variables
    T("tv-bernoulli", TV(bernoulli(k, a), bernoulli(k, b)), "=", Abs(a - b), given=[a <= 1, b <= 1])
    F("tv-bernoulli-double", TV(bernoulli(k, a), bernoulli(k, b)), "=", 2*Abs(a - b), given=[a <= 1, b <= 1])
    T("tv-uniform", TV(uniform(x, 0, a), uniform(x, 0, b)), "=", 1 - a/b, given=[a <= b])
    F("tv-uniform-any-order", TV(uniform(x, 0, a), uniform(x, 0, b)), "=", 1 - a/b)
    T("tv-apart", TV(uniform(x, 0, 1), uniform(x, 2, 3)), "=", 1)
    T("tv-exponential", TV(exponential(x, 1), exponential(x, 2)), "=", Rational(1, 4))
    T("hellinger", hellinger(exponential(x, a), exponential(x, b)), "=", 1 - 2*sqrt(a*b)/(a + b))
    T("least-of-two", Pr(Min(x, y) > t, (x, y), exponential(x, a)*exponential(y, b)), "=", exp(-(a + b)*t), given=[t > 0])
    F("least-of-two-product", Pr(Min(x, y) > t, (x, y), exponential(x, a)*exponential(y, b)), "=", exp(-a*b*t),
      given=[t > 0])
    # the value near the point, where the strict assumptions hold: its derivative
    T("slope-of-a-mean", Derivative(E(x**2, normal(x, m, 1)), m), "=", 2*m)
    F("slope-of-a-mean-F", Derivative(E(x**2, normal(x, m, 1)), m), "=", m)
    T("slope-by-the-score", Derivative(E(x**2, normal(x, m, 1)), m), "=", E(x**2*(x - m), normal(x, m, 1)))
    F("slope-by-the-score-F", Derivative(E(x**2, normal(x, m, 1)), m), "=", E(x**2*(m - x), normal(x, m, 1)))
    T("slope-of-a-rate", Derivative(E(x, exponential(x, lam)), lam), "=", -1/lam**2)
    T("slope-in-p", Derivative(E((k - c)**2, bernoulli(k, p)), p), "=", 1 - 2*c, given=[p < 1])
    F("slope-in-p-F", Derivative(E((k - c)**2, bernoulli(k, p)), p), "=", 1 - c, given=[p < 1])
    T("slope-twice", Derivative(E(x**3, normal(x, m, v)), m, 2), "=", 6*m)
    T("slope-of-a-divergence", Derivative(KL(normal(x, m, 1), normal(x, mu, 1)), m), "=", m - mu)
    T("slope-at-the-edge", Derivative(I(exp(-c*x), x, 0, oo), c), "=", -1/c**2, given=[c >= 1])
    N_("slope-where-it-diverges", Derivative(I(exp(-c*x), x, 0, oo), c), "=", -1/c**2, given=[c >= 0])
    N_("slope-without-a-sign", Derivative(I(exp(-c*x), x, 0, oo), c), "=", -1/c**2)
