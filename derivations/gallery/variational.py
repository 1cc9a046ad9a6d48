"""Variational inference: the evidence lower bound, its forms, tighter bounds, importance weights."""

from sympy import exp, log, symbols

from checker import (
    KL, Derivation, E, Var, chi2, copies, cross_entropy, entropy, eq, forall, functions, implies, mixture,
    mutual_information)

D = Derivation("variational", title="Variational inference: bounds on the evidence", prose="variational.md",
               source="Kingma and Welling 2014; Burda, Grosse and Salakhutdinov 2016; Hoffman and Johnson 2016")
x, z = D.variables("x z")
z1, z2 = copies("z1 z2", of=z)
p, q, r = D.densities("p q r")
f, g = functions("f", z), functions("g", x)
beta = symbols("beta", real=True)

elbo = D.define("L", E(log(p(x, z)/q(z | x)), z, q(z | x)))
D.claim("gap", log(p(x)), "=", elbo + KL(q(z | x), p(z | x)))
D.claim("gap-direction", log(p(x)), "=", elbo + KL(p(z | x), q(z | x)), expected="refuted")
D.claim("bound", elbo, "<=", log(p(x)))
D.claim("bound-strict", elbo, "<", log(p(x)), expected="refuted")
D.claim("tight", implies(eq(elbo, log(p(x))), forall(z, eq(q(z | x), p(z | x)))))
D.claim("reconstruction", elbo, "=", E(log(p(x | z)), z, q(z | x)) - KL(q(z | x), p(z)))
D.claim("reconstruction-sign", elbo, "=", E(log(p(x | z)), z, q(z | x)) + KL(q(z | x), p(z)), expected="refuted")
D.claim("energy", elbo, "=", E(log(p(x, z)), z, q(z | x)) + entropy(q(z | x)))
D.claim("prior-entropy", KL(q(z | x), p(z)), "=", cross_entropy(q(z | x), p(z)) - entropy(q(z | x)))
D.claim("em", E(log(p(x, z)), z, p(z | x)) + entropy(p(z | x)), "=", log(p(x)))
D.claim("beta", E(log(p(x | z)), z, q(z | x)) - beta*KL(q(z | x), p(z)), "<=", elbo, given=[beta >= 1])
D.claim("beta-small", E(log(p(x | z)), z, q(z | x)) - beta*KL(q(z | x), p(z)), "<=", elbo, expected="refuted")

weights = (p(x, z1)/q(z1 | x) + p(x, z2)/q(z2 | x))/2
two = E(log(weights), (z1, z2), q(z1 | x)*q(z2 | x))
D.claim("two-samples", elbo, "<=", two, "<=", log(p(x)))
D.claim("two-samples-worse", two, "<=", elbo, expected="refuted")

covered = forall(z, implies(eq(q(z), 0), eq(p(z), 0)))
D.claim("importance", E(p(z)/q(z)*f(z), z, q(z)), "=", E(f(z), z, p(z)), given=[covered])
D.claim("importance-uncovered", E(p(z)/q(z)*f(z), z, q(z)), "=", E(f(z), z, p(z)), expected="refuted")
D.claim("weight-variance", Var(p(z)/q(z), z, q(z)), "=", chi2(p(z), q(z)), given=[covered])

D.claim("rate", mutual_information(p, x, z), "<=", E(KL(p(z | x), r(z)), x, p(x)))
D.claim("rate-reversed", mutual_information(p, x, z), ">=", E(KL(p(z | x), r(z)), x, p(x)), expected="refuted")
aggregate = mixture(q(z | x), x, r(x))
D.claim("surgery", E(KL(q(z | x), p(z)), x, r(x)), "=", E(KL(q(z | x), aggregate), x, r(x)) + KL(aggregate, p(z), z))
D.claim("donsker-varadhan", E(g(x), x, p(x)) - log(E(exp(g(x)), x, q(x))), "<=", KL(p(x), q(x)))
