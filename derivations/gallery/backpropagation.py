"""Backpropagation: two layers with an unknown activation, the recurrence of the errors, a recurrent network."""

from checker import (
    Derivation, delta, diag, grad, hadamard, identity, jacobian, norm, outer, partial, total)

D = Derivation("backpropagation", title="Backpropagation", source="Gallery", prose="backpropagation.md")

n, m, d = D.sizes("n m d")
j = D.index("j", n)
a = D.index("a", m)
x, y = D.vector("x", n), D.vector("y", d)
W, b = D.matrix("W", m, n), D.vector("b", m)
V = D.matrix("V", d, m)
phi = D.function("phi")

z = D.define("z", W @ x + b)
h = D.define("h", phi(z))
out = D.define("o", V @ h)
C = D.define("C", norm(out - y)**2/2)
error = D.define("e", out - y)

D.claim("output-weights", grad(C, V), "=", outer(error, h),
        text="The error at the output times what came in.")
D.claim("hidden-error", grad(C, b), "=", hadamard(phi.prime(z), V.T @ error),
        text="The error of the hidden layer: back through V, then times the slope of the activation.")
D.claim("hidden-error-no-slope", grad(C, b), "=", V.T @ error, expected="refuted",
        text="Back through V only.",
        erratum="The activation stands between z and h: its slope at z is a factor, entry by entry.")
D.claim("hidden-error-at-the-output", grad(C, b), "=", hadamard(phi.prime(h), V.T @ error), expected="refuted",
        text="The slope at the activation's value.",
        erratum="phi' is taken at its argument z; only for some activations is it a function of h as well.")
D.claim("hidden-weights", grad(C, W), "=", outer(grad(C, b), x),
        text="A layer's weights: its error times its input, the same rule at every layer.")
D.claim("hidden-weights-turned", partial(C, W[a, j]), "=", grad(C, b)[a]*x[j]**2, expected="refuted",
        text="The input once too often.", erratum="z is linear in W: its derivative is x_j, once.")
D.claim("input", grad(C, x), "=", W.T @ grad(C, b),
        text="And so on, to the layer below.")

# ------------------------------------------------------------------ a layer on its own, residual connections
i, k = D.index("i k", n)
A, c = D.matrix("A", n), D.vector("c", n)
s = D.define("s", A @ x + c)
D.claim("layer", jacobian(phi(s), x), "=", diag(phi.prime(s)) @ A, text="The Jacobian of a layer.")
D.claim("layer-wrong-order", jacobian(phi(s), x), "=", A @ diag(phi.prime(s)), expected="refuted",
        text="The factors the other way round.",
        erratum="The slopes belong to the outputs: they scale the rows of A, not its columns.")
D.claim("residual", jacobian(x + phi(s), x), "=", identity(n) + diag(phi.prime(s)) @ A,
        text="A residual connection adds the identity: a way back that no slope can close.")
D.claim("residual-forgotten", jacobian(x + phi(s), x), "=", diag(phi.prime(s)) @ A, expected="refuted",
        text="The same without the identity.", erratum="The direct path from x contributes the identity matrix.")

# ------------------------------------------------------------------ through time
U = D.matrix("U", n, d)
h0 = D.vector("h_0", n)
x1, x2 = D.vector("x_1 x_2", d)
s1 = D.define("s_1", A @ h0 + U @ x1)
h1 = D.define("h_1", phi(s1))
s2 = D.define("s_2", A @ h1 + U @ x2)
h2 = D.define("h_2", phi(s2))
g = D.vector("g", n)
D.claim("time-state", jacobian(h2, h0), "=", diag(phi.prime(s2)) @ A @ diag(phi.prime(s1)) @ A,
        text="Two steps of a recurrent network: one factor for each, the last step first.")
D.claim("time-weights", partial(g.T @ h2, A[i, k]), "=",
        g[i]*phi.prime(s2)[i]*h1[k] + total(j, g[j]*phi.prime(s2)[j]*A[j, i])*phi.prime(s1)[i]*h0[k],
        text="Through time: the shared weights collect a term from every step.")
D.claim("time-weights-last-step", partial(g.T @ h2, A[i, k]), "=", g[i]*phi.prime(s2)[i]*h1[k],
        expected="refuted", text="Only the last step.",
        erratum="The weights act at both steps, and the state of the second depends on them through the first.")
D.claim("linear-step", partial((A @ x)[i], x[k]), "=", total(j, A[i, j]*delta(j, k)),
        text="For one linear step the sum over the delta leaves a single entry.")
