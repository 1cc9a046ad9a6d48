"""Reinforcement learning and diffusion: returns, temporal differences, Bellman's operator; noise added and taken away."""

from sympy import Abs, Function, Product, Sum, sqrt, symbols

from checker import KL, Derivation, and_, eq, forall, implies, integral, normal, total

D = Derivation("returns", title="Reinforcement learning and diffusion", source="Gallery", prose="returns.md")

gamma, lam, v1, v2, r1, r2, c = symbols("gamma lambda v_1 v_2 r_1 r_2 c", real=True)
B = symbols("B", positive=True)
t, k, n = symbols("t k n", integer=True)
N = symbols("N", integer=True, nonnegative=True)
T = symbols("T", integer=True, positive=True)
r, V, G, A, delta = [Function(name, real=True) for name in "r V G A delta".split()]
discount = [gamma >= 0, gamma < 1]

# ------------------------------------------------------------------ returns

back = D.assume("return", forall(t, eq(G(t), r(t) + gamma*G(t + 1)), where=t >= 0))
D.claim("return", G(0), "=", Sum(gamma**k*r(k), (k, 0, T - 1)), given=[back, eq(G(T), 0)])
D.claim("return-endless", G(0), "=", Sum(gamma**k*r(k), (k, 0, T - 1)), given=[back], expected="refuted",
        erratum="What comes after T is missing, unless G(T) = 0.")
D.claim("bounded", Abs(Sum(gamma**k*r(k), (k, 0, N))), "<=", B/(1 - gamma),
        given=[*discount, forall(k, Abs(r(k)) <= B)])
D.claim("bounded-by-one-reward", Abs(Sum(gamma**k*r(k), (k, 0, N))), "<=", B,
        given=[*discount, forall(k, Abs(r(k)) <= B)], expected="refuted",
        erratum="The effective horizon 1/(1 - gamma) is missing.")

# ------------------------------------------------------------------ temporal differences

error = D.assume("temporal difference", forall(t, eq(delta(t), r(t) + gamma*V(t + 1) - V(t))))
D.claim("telescope", Sum(gamma**k*delta(t + k), (k, 0, N - 1)), "=",
        Sum(gamma**k*r(t + k), (k, 0, N - 1)) + gamma**N*V(t + N) - V(t), given=[error])
D.claim("telescope-no-bootstrap", Sum(gamma**k*delta(t + k), (k, 0, N - 1)), "=",
        Sum(gamma**k*r(t + k), (k, 0, N - 1)) - V(t), given=[error], expected="refuted",
        erratum="The value of the last state stays: gamma^N V(t + N).")
advantage = forall(t, eq(A(t), delta(t) + gamma*lam*A(t + 1)), where=t >= 0)
D.claim("gae", A(0), "=", Sum((gamma*lam)**k*delta(k), (k, 0, N - 1)) + (gamma*lam)**N*A(N), given=[advantage])
D.claim("gae-lambda-only", A(0), "=", Sum(gamma*lam**k*delta(k), (k, 0, N - 1)) + (gamma*lam)**N*A(N),
        given=[advantage], expected="refuted", erratum="Both gamma and lambda are raised to the power k.")
D.claim("lambda-weights", (1 - lam)*Sum(lam**(n - 1), (n, 1, T - 1)) + lam**(T - 1), "=", 1)
D.claim("lambda-weights-slip", (1 - lam)*Sum(lam**(n - 1), (n, 1, T)) + lam**(T - 1), "=", 1, expected="refuted",
        erratum="The last weight takes the place of the T-th term; it does not join it.")

# ------------------------------------------------------------------ Bellman's operator

D.claim("two-states", implies(and_(eq(v1, r1 + gamma*v2), eq(v2, r2 + gamma*v1)),
                              eq(v1, (r1 + gamma*r2)/(1 - gamma**2))), given=discount)
D.claim("two-states-slip", implies(and_(eq(v1, r1 + gamma*v2), eq(v2, r2 + gamma*v1)),
                                   eq(v1, (r1 + gamma*r2)/(1 - gamma))), given=discount, expected="refuted",
        erratum="It takes two steps to come back: gamma^2.")
states = D.sizes("S")
s, u = D.index("s u", states)
P = D.matrix("P", states, states)
W, W2, R = D.family("W W2 R", states)
chances = [forall((s, u), P[s, u] >= 0), forall(s, eq(total(u, P[s, u]), 1))]
D.claim("monotone", R[s] + gamma*total(u, P[s, u]*W[u]), "<=", R[s] + gamma*total(u, P[s, u]*W2[u]),
        given=[*chances, *discount, forall(u, W[u] <= W2[u])])
D.claim("monotone-any-gamma", R[s] + gamma*total(u, P[s, u]*W[u]), "<=", R[s] + gamma*total(u, P[s, u]*W2[u]),
        given=[*chances, forall(u, W[u] <= W2[u])], expected="refuted", erratum="A negative discount turns the order round.")
D.claim("shifted", gamma*total(u, P[s, u]*(W[u] + c)), "=", gamma*total(u, P[s, u]*W[u]) + gamma*c, given=chances)
D.claim("shifted-undiscounted", gamma*total(u, P[s, u]*(W[u] + c)), "=", gamma*total(u, P[s, u]*W[u]) + c,
        given=chances, expected="refuted", erratum="A constant is discounted too: hence the contraction.")

# ------------------------------------------------------------------ diffusion

x0, xt, e = symbols("x_0 x_t epsilon", real=True)
a, b, abar, sigma = symbols("alpha beta alphabar sigma", positive=True)
beta, v = Function("beta", real=True), Function("v", real=True)
z, y = D.variables("z y", measure="lebesgue")
variance = [forall(n, eq(v(n + 1), (1 - beta(n + 1))*v(n) + beta(n + 1)), where=n >= 0), eq(v(0), 0)]
D.claim("variance", v(N), "=", 1 - Product(1 - beta(k), (k, 1, N)), given=variance)
D.claim("variance-product", v(N), "=", Product(1 - beta(k), (k, 1, N)), given=variance, expected="refuted",
        erratum="The product is what is left of the signal; the noise is the rest.")
D.claim("two-steps", integral(normal(y, sqrt(a)*z, 1 - a)*normal(z, sqrt(b)*x0, 1 - b), z), "=",
        normal(y, sqrt(a*b)*x0, 1 - a*b), given=[a < 1, b < 1])
D.claim("two-steps-added", (1 - a) + (1 - b), "=", 1 - a*b, given=[a < 1, b < 1], expected="refuted",
        erratum="The first noise is damped by the second step: a (1 - b) + (1 - a).")
posterior = b*(1 - abar)/(1 - (1 - b)*abar)                        # abar is the product up to t - 1
D.claim("posterior-variance", 1/((1 - b)/b + 1/(1 - abar)), "=", posterior, given=[b < 1, abar < 1])
D.claim("posterior-variance-slip", 1/(1/b + 1/(1 - abar)), "=", posterior, given=[b < 1, abar < 1],
        expected="refuted", erratum="The precision of x_t given x_{t-1}, seen from x_{t-1}, is (1 - beta)/beta.")
D.claim("noise-prediction", KL(normal(z, x0, sigma**2), normal(z, xt, sigma**2)), "=", (x0 - xt)**2/(2*sigma**2))
D.claim("noise-prediction-half", KL(normal(z, x0, sigma**2), normal(z, xt, sigma**2)), "=", (x0 - xt)**2/sigma**2,
        expected="refuted", erratum="The half of the exponent stays.")
D.claim("snr-falls", abar*(1 - b)/(1 - abar*(1 - b)), "<", abar/(1 - abar), given=[abar < 1, b < 1])
e0 = symbols("epsilon_0", real=True)                              # predicted without the condition
D.claim("guidance", (1 + c)*e - c*e0, "=", e0 + (1 + c)*(e - e0))
D.claim("guidance-weight", (1 + c)*e - c*e0, "=", e0 + c*(e - e0), expected="refuted",
        erratum="The weight of the condition is 1 + c.")
