"""Question 3: the evidence lower bound, for arbitrary densities and for normal ones."""

from sympy import log, pi, symbols

from checker import KL, Derivation, E, dot, eq, forall, functions, implies, integral, mixture, normal, prod, variables

D = Derivation("elbo", title="The evidence lower bound", source="Assignment 5, Q3", prose="elbo.md")

x, z = D.variables("x z")
p, q, r = D.densities("p q r")          # p(x, z): the model; q(z | x): the encoder; r(x): the data

elbo = integral(q(z | x)*log(p(x, z)/q(z | x)), z)
reconstruction = E(log(p(x | z)), z, q(z | x))
regulariser = KL(q(z | x), p(z))

# Q3(a)
D.claim("chain",
        elbo,
        "=", integral(q(z | x)*log(p(x | z)*p(z)/q(z | x)), z),
        "=", integral(q(z | x)*log(p(x | z)), z) - integral(q(z | x)*log(q(z | x)/p(z)), z),
        "=", reconstruction - regulariser,
        source="Q3(a)")
D.claim("joint-in-reconstruction",
        elbo, "=", E(log(p(x, z)), z, q(z | x)) - regulariser,
        expected="refuted", source="Q3(a), last line as scanned",
        erratum="The reconstruction term is E[log p(x|z)]. With p(x,z) in it, log p(z) is counted twice.")
marginal = D.define("q_data", mixture(q(z | x), x, r(x)), over=z)
D.claim("marginal-in-kl",
        elbo, "=", reconstruction - KL(marginal(z), p(z)),
        expected="refuted", source="Q3(a), a line of the scan",
        erratum="The divergence compares q(z|x) with p(z), for the x at hand; the mixture of q(z|x) over the data "
                "is another density.")

# Q3(b), (c)
D.claim("kl-nonnegative", regulariser, ">=", 0, source="Q3(c)",
        text="The regulariser is never negative.")
D.claim("kl-zero-only-when-equal",
        implies(eq(regulariser, 0), forall(z, eq(q(z | x), p(z)))), source="Q3(c)",
        text="It vanishes only if the two densities agree almost everywhere.")
D.claim("kl-zero-when-equal",
        implies(forall(z, eq(q(z | x), p(z))), eq(regulariser, 0)), source="Q3(c)",
        text="And it does vanish then.")

u, y = variables("u y", measure="lebesgue")
mu = D.real("mu")
sigma, s = symbols("sigma s", positive=True)
f = functions("f", z)
D.claim("gaussian-kl",
        KL(normal(u, mu, sigma**2), normal(u, 0, 1)), "=", (mu**2 + sigma**2 - 1 - log(sigma**2))/2,
        source="Q3(c)", text="For a normal encoder and a standard normal prior.")
D.claim("gaussian-reconstruction",
        E(log(normal(y, f(z), s**2)), z, q(z | y)), "=",
        -E((y - f(z))**2, z, q(z | y))/(2*s**2) - log(2*pi*s**2)/2,
        source="Q3(b)", text="For a normal decoder the reconstruction term is a squared error and a constant.")
d = D.sizes("d")
i = D.index("i", d)
t, m = D.vector("t", d), D.vector("m", d)
D.claim("gaussian-reconstruction-vector",
        log(prod(i, normal(t[i], m[i], s**2))), "=", -dot(t - m, t - m)/(2*s**2) - d*log(2*pi*s**2)/2,
        source="Q3(b)", text="In any number of dimensions: independent coordinates with one variance.")

# Q3(d)
D.claim("evidence-gap", log(p(x)), "=", elbo + KL(q(z | x), p(z | x)), source="Q3(d)",
        text="What the bound lacks is the divergence from the posterior.")
D.claim("lower-bound", elbo, "<=", log(p(x)), source="Q3(d)", text="Hence its name.")
