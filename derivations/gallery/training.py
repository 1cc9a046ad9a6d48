"""Training dynamics and games: step sizes, momentum, Adam, rates, play on a bilinear game; each claim with its twin."""

from sympy import Abs, Function, Max, Sum, cos, oo, pi, symbols

from checker import Derivation, converges, eq, forall, limit, ne, not_, or_

D = Derivation("training", title="Training dynamics and games", source="Gallery", prose="training.md")

w, wstar, x, y, p, eta, beta, c = symbols("w w_star x y p eta beta c", real=True)
h, mu, L, G, sigma = symbols("h mu L G sigma", positive=True)
b = symbols("beta_1", positive=True)
n, s, t = symbols("n s t", integer=True)
N = symbols("N", integer=True, nonnegative=True)
T = symbols("T", integer=True, positive=True)
f, g, v, m = [Function(name, real=True) for name in "f g v m".split()]

# ------------------------------------------------------------------ gradient descent on a quadratic

step = D.iteration((w,), [(w, w - eta*h*(w - wstar))])
D.claim("closed-form", step.at(w, N), "=", wstar + (1 - eta*h)**N*(w - wstar))
D.claim("closed-form-shifted", step.at(w, N), "=", wstar + (1 - eta*h)**(N + 1)*(w - wstar), expected="refuted",
        erratum="After no step at all the weight is where it started: the power is N.")
D.claim("step-size", limit(step.at(w, n), n, oo), "=", wstar, given=[eta > 0, eta < 2/h])
D.claim("step-size-closed", limit(step.at(w, n), n, oo), "=", wstar, given=[eta > 0, eta <= 2/h], expected="refuted",
        erratum="With eta = 2/h the weight jumps from one side of the minimum to the other for ever.")

worst = Max(Abs(1 - 2/(mu + L)*mu), Abs(1 - 2/(mu + L)*L))
D.claim("best-step", worst, "=", (L - mu)/(L + mu), given=[mu <= L])
D.claim("best-step-one", worst, "=", 1 - mu/L, given=[mu <= L], expected="refuted",
        erratum="That is the factor of the step 1/L; the step 2/(mu + L) is better.")

gain = -eta*x**2 + L*eta**2*x**2/2
D.claim("descent", gain, "<=", -eta*x**2/2, given=[eta > 0, eta <= 1/L])
D.claim("descent-long-step", gain, "<=", -eta*x**2/2, given=[eta > 0, eta <= 2/L], expected="refuted",
        erratum="Up to 2/L the loss goes down, but half of eta x^2 is promised up to 1/L only.")

# ------------------------------------------------------------------ rates from one step

noisy = D.assume("one step of SGD", forall(n, f(n + 1) <= (1 - eta*mu)*f(n) + eta**2*sigma**2, where=n >= 0))
D.claim("noise-floor", f(N), "<=", (1 - eta*mu)**N*f(0) + eta*sigma**2/mu, given=[noisy, eta > 0, eta*mu <= 1])
D.claim("noise-floor-squared", f(N), "<=", (1 - eta*mu)**N*f(0) + eta**2*sigma**2/mu,
        given=[noisy, eta > 0, eta*mu <= 1], expected="refuted",
        erratum="The geometric series divides eta^2 by eta mu: the floor is proportional to eta.")

drop = D.assume("one step of descent", forall(n, f(n + 1) <= f(n) - eta*g(n)**2/2, where=n >= 0))
D.claim("gradients-summable", Sum(g(s)**2, (s, 0, N - 1)), "<=", 2*f(0)/eta,
        given=[drop, eta > 0, forall(n, f(n) >= 0)])
D.claim("gradients-one-more", f(N), "<=", f(0) - eta/2*Sum(g(s)**2, (s, 0, N)), given=[drop, eta > 0],
        expected="refuted", erratum="N steps see the gradients 0, ..., N - 1; the N-th has not been used yet.")

# ------------------------------------------------------------------ momentum and Adam

velocity = [forall(n, eq(v(n + 1), beta*v(n) + g(n)), where=n >= 0), eq(v(0), 0)]
D.claim("velocity", v(N), "=", Sum(beta**(N - 1 - s)*g(s), (s, 0, N - 1)), given=velocity)
D.claim("velocity-old-first", v(N), "=", Sum(beta**s*g(s), (s, 0, N - 1)), given=velocity, expected="refuted",
        erratum="The oldest gradient has been multiplied by beta most often.")
bounded = forall(n, Abs(g(n)) <= G)
D.claim("velocity-bound", Abs(v(N)), "<=", G/(1 - beta), given=[*velocity, bounded, beta >= 0, beta < 1])
D.claim("velocity-bound-g", Abs(v(N)), "<=", G, given=[*velocity, bounded, beta >= 0, beta < 1], expected="refuted",
        erratum="Gradients add up: with beta = 9/10 a velocity may be ten times as long as a gradient.")

average = [forall(t, eq(m(t), b*m(t - 1) + (1 - b)*g(t)), where=t >= 1), eq(m(0), 0), b < 1]
constant = D.assume("constant gradient", forall(t, eq(g(t), c)))
D.claim("adam", m(T)/(1 - b**T), "=", c, given=[*average, constant])
D.claim("adam-uncorrected", m(T), "=", c, given=[*average, constant], expected="refuted",
        erratum="The average starts at 0 and is too small by the factor 1 - beta^T.")

D.claim("cosine", G/2*(1 + cos(pi*t/T)), "=", G*cos(pi*t/(2*T))**2)
D.claim("cosine-angle", G/2*(1 + cos(pi*t/T)), "=", G*cos(pi*t/T)**2, expected="refuted",
        erratum="The half-angle formula halves the angle.")

# ------------------------------------------------------------------ min over x, max over y of x y

together = D.iteration((x, y), [((x, y), (x - eta*y, y + eta*x))])
in_turn = D.iteration((x, y), [(x, x - eta*y), (y, y + eta*x)])
ahead = D.iteration((x, y), [((x, y), (x - eta*(y + eta*x), y + eta*(x - eta*y)))])
D.claim("spiral", together.at(x**2 + y**2, N), "=", (1 + eta**2)**N*(x**2 + y**2))
D.claim("spiral-eta", together.at(x**2 + y**2, N), "=", (1 + eta)**(2*N)*(x**2 + y**2), expected="refuted",
        erratum="The step is perpendicular to the position: Pythagoras adds eta^2.")
D.claim("ellipse", in_turn.keeps(x**2 + y**2 - eta*x*y))
D.claim("circle", in_turn.keeps(x**2 + y**2), expected="refuted",
        erratum="One after the other the players stay on an ellipse, not on a circle.")
D.claim("restless", not_(converges(in_turn.at(x, n), n)), given=[eta > 0, eta < 2, or_(ne(x, 0), ne(y, 0))])
D.claim("settles", converges(in_turn.at(x, n), n), given=[eta > 0, eta < 2], expected="refuted",
        erratum="Bounded is not convergent.")
D.claim("extragradient", limit(ahead.at(x, n), n, oo), "=", 0, given=[eta > 0, eta < 1])
D.claim("extragradient-closed", limit(ahead.at(x, n), n, oo), "=", 0, given=[eta > 0, eta <= 1], expected="refuted",
        erratum="At eta = 1 the factor 1 - eta^2 + eta^4 is 1.")
