"""Layers and their gradients: softmax with cross-entropy, corners, normalisation, attention, convolution."""

from sympy import Abs, Piecewise, log, sign, sqrt, symbols

from checker import Derivation, delta, dot, eq, grad, hessian, mean, partial, relu, softmax, total, variance

D = Derivation("layer_gradients", title="Layers and their gradients", source="Gallery", prose="layer_gradients.md")

m, n, d = D.sizes("m n d")
i, j, k = D.index("i j k", m)
z, y, x, g = D.vector("z y x g", m)
lam, eps = symbols("lambda epsilon", positive=True)

# ------------------------------------------------------------------ softmax and cross-entropy
p = D.define("p", softmax(z[k], over=k)[i], over=i)
distribution = D.assume("y sums to 1", eq(total(i, y[i]), 1))
loss = D.define("C", -total(i, y[i]*log(p[i])))

D.claim("softmax", partial(p[i], z[j]), "=", p[i]*(delta(i, j) - p[j]),
        text="The Jacobian of the softmax.")
D.claim("softmax-diagonal-only", partial(p[i], z[j]), "=", p[i]*(1 - p[i]), expected="refuted",
        text="The derivative of the sigmoid, one index too few.",
        erratum="Every weight moves with every score: off the diagonal the derivative is -p_i p_j.")
D.claim("softmax-keeps-the-sum", total(i, partial(p[i], z[j])), "=", 0,
        text="The weights go on summing to 1.")
D.claim("cross-entropy", grad(loss, z)[j], "=", p[j] - y[j], given=[distribution],
        text="Prediction minus target.")
D.claim("cross-entropy-any-weights", grad(loss, z)[j], "=", p[j] - y[j], expected="refuted",
        text="The same for any target vector.",
        erratum="The first term is p_j times the sum of the targets: they must sum to 1.")
D.claim("cross-entropy-convex", total((i, j), x[i]*hessian(loss, z)[i, j]*x[j]), "=",
        total(i, p[i]*x[i]**2) - total(i, p[i]*x[i])**2, given=[distribution],
        text="The Hessian is the variance of the direction under p, so the loss is convex in the scores.")

# ------------------------------------------------------------------ corners
D.claim("relu", partial(total(k, relu(x[k])), x[j]), "=", Piecewise((1, x[j] > 0), (0, True)),
        text="A step, away from the corner.")
D.claim("relu-leaky", partial(total(k, relu(x[k])), x[j]), "=", Piecewise((1, x[j] > 0), (lam, True)),
        expected="refuted", text="A slope on the left as well.",
        erratum="The left of the ReLU is flat; a slope there makes it the leaky ReLU.")
D.claim("lasso", grad(lam*total(i, Abs(x[i])), x)[j], "=", lam*sign(x[j]),
        text="The penalty of the lasso pulls with constant force.")
D.claim("lasso-as-ridge", grad(lam*total(i, Abs(x[i])), x)[j], "=", lam*x[j], expected="refuted",
        text="The force of the ridge.", erratum="That is the derivative of half the squared length.")

# ------------------------------------------------------------------ normalisation
spread = D.define("sigma", sqrt(variance(x) + eps))
xhat = D.define(r"\hat x", (x[i] - mean(x))/spread, over=i)
D.claim("layer-norm", total(i, g[i]*partial(xhat[i], x[j])), "=",
        (g[j] - total(i, g[i])/m - xhat[j]*total(i, g[i]*xhat[i])/m)/spread,
        text="Backward: the mean of g and its part along the output are taken out.")
D.claim("layer-norm-mean-only", total(i, g[i]*partial(xhat[i], x[j])), "=", (g[j] - total(i, g[i])/m)/spread,
        expected="refuted", text="Only the mean is taken out.",
        erratum="The divisor moves with x too; without its derivative a term is missing.")

# ------------------------------------------------------------------ attention
a, b, c = D.index("a b c", n)
r, t = D.index("r t", d)
q, key, v = D.vectors("q k v", n, d)
w = D.define("w", softmax(dot(q[a], key[c])/sqrt(d), over=c)[b], over=(a, b))
out = D.define("o", total(b, w[a, b]*v[b, r]), over=(a, r))
D.claim("attention-values", partial(out[a, r], v[b, t]), "=", w[a, b]*delta(r, t),
        text="A value enters with its weight.")
D.claim("attention-keys", partial(out[a, r], key[b, t]), "=", w[a, b]*q[a, t]*(v[b, r] - out[a, r])/sqrt(d),
        text="A key moves the output towards or away from its value.")
D.claim("attention-keys-alone", partial(out[a, r], key[b, t]), "=", w[a, b]*q[a, t]*v[b, r]/sqrt(d),
        expected="refuted", text="As if the other weights stayed.",
        erratum="The weights share one denominator: the others give way, hence v - o in place of v.")

# ------------------------------------------------------------------ convolution
h, l = D.index("h l", 3)
pos, at = D.index("s e", n)
kernel, back, signal = D.vector("f", 3), D.vector("G", n), D.vector("X", n + 2)
conv = D.define("Y", total(l, kernel[l]*signal[pos + l - 1]), over=pos)
cost = total(pos, back[pos]*conv[pos])
D.claim("convolution-kernel", partial(cost, kernel[h]), "=", total(pos, back[pos]*signal[pos + h - 1]),
        text="The kernel's gradient is a correlation of the signal with what comes back.")
D.claim("convolution-input", partial(cost, signal[at]), "=", total(h, kernel[h]*back[at - h + 1]), given=[at >= 3],
        text="What comes back to the input runs through the kernel turned round.")
D.claim("convolution-not-turned", partial(cost, signal[at]), "=", total(h, kernel[h]*back[at + h - 3]),
        given=[at >= 3], expected="refuted", text="Through the kernel as it is.",
        erratum="Entry j of the input meets kernel entry h at output j - h + 1: the order is reversed.")
