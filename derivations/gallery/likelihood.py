"""Maximum likelihood: samples of any size, and problems on the simplex."""

from sympy import exp, log, pi, symbols

from checker import (
    Derivation, argmax, eq, forall, maximises, maximum, mean, minimises, prod, softmax, total, variance,
)

D = Derivation("likelihood", title="Maximum likelihood", prose="likelihood.md")

n, k = D.sizes("n k")
i = D.index("i", n)
c, e = D.index("c e", k)
x = D.family("x", n)
p, q, N, r = D.family("p q N r", k)
mu, b, s = symbols("mu b s", real=True)
v, u, lam, tau = symbols("v u lambda tau", positive=True)
positive = D.assume("positive data", forall(i, x[i] > 0))

# Normal
normal = D.define("l", -n*log(2*pi*v)/2 - total(i, (x[i] - mu)**2)/(2*v))
D.claim("normal", maximises(normal, {mu: mean(x), v: variance(x)}),
        text="Mean and variance of a normal sample.")
D.claim("normal-unbiased", maximises(normal, {v: total(i, (x[i] - mu)**2)/(n - 1)}),
        given=[n >= 2], expected="refuted", text="The variance about a known mean, with n - 1.",
        erratum="Dividing by n - 1 removes the bias; the likelihood is larger at n.")
D.claim("posterior-mode", argmax(-total(i, (x[i] - mu)**2)/(2*v) - (mu - b)**2/(2*u), mu), "=",
        (u*total(i, x[i]) + v*b)/(n*u + v), text="With a normal prior N(b, u) the mode moves towards b.")
D.claim("posterior-swapped", argmax(-total(i, (x[i] - mu)**2)/(2*v) - (mu - b)**2/(2*u), mu), "=",
        (v*total(i, x[i]) + u*b)/(n*v + u), expected="refuted", text="The same with the weights exchanged.",
        erratum="A sure prior (small u) has to win, not to lose.")

# Rates
D.claim("exponential", maximises(prod(i, lam*exp(-lam*x[i])), {lam: 1/mean(x)}), given=[positive],
        text="The rate of an exponential sample, from the likelihood itself.")
D.claim("exponential-mean", maximises(prod(i, lam*exp(-lam*x[i])), {lam: mean(x)}), given=[positive],
        expected="refuted", text="... is the mean.", erratum="The mean estimates 1/lambda.")
D.claim("poisson", maximises(total(i, x[i]*log(lam) - lam), {lam: mean(x)}, unique=True), given=[positive],
        text="The rate of a Poisson sample.")

# Classes
simplex = [eq(total(c, p[c]), 1), p[c] > 0]
counts = D.assume("every class occurs", forall(c, N[c] > 0))
D.claim("categorical", maximises(total(c, N[c]*log(p[c])), {p[c]: N[c]/total(e, N[e])}, where=simplex, unique=True),
        given=[counts], text="The probabilities of k classes are their frequencies.")
D.claim("categorical-counts", maximises(total(c, N[c]*log(p[c])), {p: N}, where=simplex), given=[counts],
        expected="refuted", text="... are their counts.", erratum="Without the constraint; they do not sum to 1.")
law = [eq(total(c, q[c]), 1), forall(c, q[c] > 0)]
D.claim("cross-entropy", minimises(-total(c, q[c]*log(p[c])), {p: q}, where=simplex), given=law,
        text="The prediction that minimises cross-entropy is the law of the labels.")
D.claim("cross-entropy-turned", minimises(-total(c, p[c]*log(q[c])), {p: q}, where=simplex), given=law,
        expected="refuted", text="The same with the arguments exchanged.",
        erratum="That is linear in p: the best p sits on the likeliest class.")
D.claim("maximum-entropy", maximises(-total(c, p[c]*log(p[c])), {p: 1/k}, where=simplex, unique=True),
        text="The law with the largest entropy is the uniform one.")
D.claim("entropy-value", maximum(-total(c, p[c]*log(p[c])), p, where=simplex, at={p: 1/k}), "=", log(k),
        text="Its entropy is log k.")
D.claim("soft-policy", maximises(total(c, p[c]*r[c]) - tau*total(c, p[c]*log(p[c])),
                                 {p[c]: softmax(r[e]/tau, over=e)[c]}, where=simplex),
        text="Rewards with an entropy bonus: the softmax at temperature tau.")
D.claim("soft-policy-slip", maximises(total(c, p[c]*r[c]) - tau*total(c, p[c]*log(p[c])),
                                      {p[c]: softmax(r[e]*tau, over=e)[c]}, where=simplex),
        expected="refuted", text="... at temperature 1/tau.", erratum="A large bonus makes the policy flatter.")
D.claim("discriminator", maximises(v*log(s) + u*log(1 - s), {s: v/(v + u)}, unique=True),
        text="At a point with densities v (data) and u (model): the optimal discriminator of a GAN.")
D.claim("discriminator-swapped", maximises(v*log(s) + u*log(1 - s), {s: u/(v + u)}), expected="refuted",
        text="The share of the model.", erratum="D is the probability of the data.")
