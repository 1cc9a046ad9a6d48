"""Gradient methods: what one step does to a function of which only convexity and a Lipschitz gradient are known."""

from sympy import symbols

from checker import (
    Derivation, convex, dot, eq, grad, minimiser, norm, polyak_lojasiewicz, smooth, strongly_convex, subgradient,
)

D = Derivation("gradient-methods", title="Convergence of gradient methods", source="Gallery", prose="gradient_methods.md")

n = D.sizes("n")
f = D.function("f", n)
x, y, xs, xp, g = D.vector("x y xs xp g", n)
L, mu, eta = symbols("L mu eta", positive=True)
c = D.real("c")
df = grad(f, x)
flat = D.assume("the gradient is Lipschitz with the constant L", smooth(f, L))
bowl = D.assume("f is convex", convex(f))
steep = D.assume("f is strongly convex", strongly_convex(f, mu))
best = D.assume("xs is a minimiser", minimiser(f, xs))
step = D.assume("xp is one gradient step from x", eq(xp, x - eta*df))

D.claim("parabola", f(y), "<=", f(x) + dot(df, y - x) + L/2*norm(y - x)**2, given=[flat])
D.claim("parabola-twin", f(y), "<=", f(x) + dot(df, y - x) + L/2*norm(y - x), given=[flat], expected="refuted",
        text="The distance instead of its square.")
D.claim("descent", f(xp), "<=", f(x) - eta/2*norm(df)**2, given=[flat, step, eta <= 1/L])
D.claim("descent-twin", f(xp), "<=", f(x) - eta*norm(df)**2, given=[flat, step, eta <= 1/L], expected="refuted",
        text="Twice the decrease.")
D.claim("range", f(xp), "<=", f(x), given=[flat, step, eta <= 2/L])
D.claim("range-twin", f(xp), "<=", f(x), given=[flat, step, eta <= 3/L], expected="refuted",
        text="A step beyond 2/L climbs.")

D.claim("cocoercive", dot(df - grad(f, y), x - y), ">=", norm(df - grad(f, y))**2/L, given=[bowl, flat])
D.claim("cocoercive-twin", dot(df - grad(f, y), x - y), ">=", norm(df - grad(f, y))**2/L, given=[flat],
        expected="refuted", text="Without convexity.")
D.claim("nearer", norm(xp - xs)**2, "<=", norm(x - xs)**2, given=[bowl, flat, step, best, eta <= 2/L])
D.claim("telescope", f(xp) - f(xs), "<=", (norm(x - xs)**2 - norm(xp - xs)**2)/(2*eta),
        given=[bowl, flat, step, eta <= 1/L])
D.claim("telescope-twin", f(xp) - f(xs), "<=", (norm(x - xs)**2 - norm(xp - xs)**2)/(4*eta),
        given=[bowl, flat, step, eta <= 1/L], expected="refuted", text="A factor 2 too good.")

D.claim("gap", f(x) - f(xs), "<=", norm(df)**2/(2*mu), given=[steep, best])
D.claim("gap-twin", f(x) - f(xs), "<=", norm(df)**2/(4*mu), given=[steep, best], expected="refuted",
        text="Half the bound: it is attained by a parabola.")
D.claim("rate", f(x - df/L) - f(xs), "<=", (1 - mu/L)*(f(x) - f(xs)), given=[flat, steep, best])
D.claim("rate-twin", f(x - df/L) - f(xs), "<=", (1 - 2*mu/L)*(f(x) - f(xs)), given=[flat, steep, best],
        expected="refuted", text="Twice the rate.")
D.claim("rate-without-convexity", f(x - df/L) - c, "<=", (1 - mu/L)*(f(x) - c),
        given=[flat, polyak_lojasiewicz(f, mu, c)])

phi = D.function("phi", n, differentiable=False)
D.claim("subgradient-step", norm(x - eta*g - xs)**2, "<=", norm(x - xs)**2 - 2*eta*(phi(x) - phi(xs)) + eta**2*norm(g)**2,
        given=[subgradient(phi, g, x)])
D.claim("subgradient-step-twin", norm(x - eta*g - xs)**2, "<=", norm(x - xs)**2 - 2*eta*(phi(x) - phi(xs)),
        given=[subgradient(phi, g, x)], expected="refuted", text="The square of the step is forgotten.")
