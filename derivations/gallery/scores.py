"""Gradients of expectations: the score, baselines, Fisher's information and identity."""

from sympy import Derivative, Function, Subs, log, symbols

from checker import KL, Derivation, E, Var, functions, regular, score

D = Derivation("scores", title="Score functions and gradients of expectations", source="Gallery", prose="scores.md")

theta, c, t = D.real("theta c t")
sigma = symbols("sigma", positive=True)
x, z, s, a = D.variables("x z s a")
p, pi = D.densities("p pi", parameter=theta)
q, d = D.densities("q d")
f, h = functions("f h", x)
S = score(p(x), theta)
smooth = D.assume("derivatives may be taken under the expectations", regular(p, theta))
smooth_policy = D.assume("derivatives may be taken under the expectations", regular(pi, theta))

D.claim("mean", E(S, x, p(x)), "=", 0, given=[smooth])
D.claim("mean-twin", E(Derivative(p(x), theta), x, p(x)), "=", 0, given=[smooth], expected="refuted",
        text="Without the logarithm.")
D.claim("reinforce", Derivative(E(f(x), x, p(x)), theta), "=", E(f(x)*S, x, p(x)), given=[smooth])
D.claim("reinforce-twin", Derivative(E(f(x), x, p(x)), theta), "=", E(f(x)*Derivative(p(x), theta), x, p(x)),
        given=[smooth], expected="refuted", text="The derivative of the density is weighted by the density once more.")
D.claim("moving-integrand", Derivative(E(theta*f(x), x, p(x)), theta), "=",
        E(f(x), x, p(x)) + theta*E(f(x)*S, x, p(x)), given=[smooth])
D.claim("moving-integrand-twin", Derivative(E(theta*f(x), x, p(x)), theta), "=", E(f(x), x, p(x)), given=[smooth],
        expected="refuted", text="The gradient goes inside, and the law is forgotten.")
D.claim("baseline", E((f(x) - c)*S, x, p(x)), "=", E(f(x)*S, x, p(x)), given=[smooth])
D.claim("baseline-twin", E((f(x) - h(x))*S, x, p(x)), "=", E(f(x)*S, x, p(x)), given=[smooth], expected="refuted",
        text="A baseline that sees x.")

Q, b = functions("Q", s, a), functions("b", s)
policy = score(pi(a | s), theta)
D.claim("policy", E((Q(s, a) - b(s))*policy, (s, a), d(s)*pi(a | s)), "=", E(Q(s, a)*policy, (s, a), d(s)*pi(a | s)),
        given=[smooth_policy])
D.claim("policy-twin", E(Q(s, a)*policy, (s, a), d(s)*pi(a | s)), "=", 0, given=[smooth_policy], expected="refuted",
        text="The value of an action as its own baseline leaves nothing.")

D.claim("information", E(S**2, x, p(x)), "=", -E(Derivative(log(p(x)), theta, 2), x, p(x)), given=[smooth])
D.claim("information-twin", E(S**2, x, p(x)), "=", E(Derivative(log(p(x)), theta, 2), x, p(x)), given=[smooth],
        expected="refuted", text="The sign of the curvature.")
D.claim("cramer-rao", Derivative(E(f(x), x, p(x)), theta)**2, "<=", Var(f(x), x, p(x))*E(S**2, x, p(x)), given=[smooth])
D.claim("fisher", S, "=", E(score(p(x, z), theta), z, p(z | x)), given=[smooth])
D.claim("fisher-twin", S, "=", E(score(p(x, z), theta), z, p(z)), given=[smooth], expected="refuted",
        text="Averaged over the prior instead of the posterior.")

D.claim("likelihood", Derivative(KL(q(x), p(x)), theta), "=", -E(S, x, q(x)), given=[smooth])
D.claim("likelihood-twin", Derivative(KL(p(x), q(x)), theta), "=", -E(S, x, q(x)), given=[smooth], expected="refuted",
        text="The divergence the other way round.")

F = Function("F", real=True)
noise = D.variables("epsilon", measure="discrete")
slope = Subs(Derivative(F(t), t), t, theta + sigma*noise)
D.claim("reparameterised", Derivative(E(F(theta + sigma*noise), noise, q(noise)), sigma), "=",
        E(noise*slope, noise, q(noise)), given=[regular(sigma)])
D.claim("reparameterised-twin", Derivative(E(F(theta + sigma*noise), noise, q(noise)), sigma), "=",
        E(slope, noise, q(noise)), given=[regular(sigma)], expected="refuted", text="The inner derivative is missing.")
