"""Regression: minimisers of quadratic losses, shrinkage, and which losses are convex."""

from sympy import Abs, exp, log, symbols

from checker import (
    Derivation, argmin, convex, eq, identity, inverse, invertible, mean, minimises, minimum, norm, stationary,
    strictly_convex, total, variance,
)

D = Derivation("regression", title="Regression and convexity", prose="regression.md")

n, d = D.sizes("n d")
i = D.index("i", n)
x, y = D.family("x y", n)
mu, w, b, z = symbols("mu w b z", real=True)
lam = symbols("lambda", positive=True)

# One number
D.claim("mean", minimises(total(i, (x[i] - mu)**2), {mu: mean(x)}, unique=True),
        text="The best constant prediction for squared loss is the mean.")
D.claim("mean-absolute", minimises(total(i, Abs(x[i] - mu)), {mu: mean(x)}), expected="refuted",
        text="The same for absolute loss.", erratum="Absolute loss is minimised by a median.")
D.claim("least-value", minimum(total(i, (x[i] - mu)**2)/n, mu, at={mu: mean(x)}), "=", variance(x),
        text="What is left is the variance.")

# One weight
ridge = total(i, (y[i] - w*x[i])**2) + lam*w**2
D.claim("slope", argmin(ridge, w), "=", total(i, x[i]*y[i])/(total(i, x[i]**2) + lam),
        text="Ridge regression in one dimension.")
D.claim("slope-half", argmin(ridge/2 + lam*w**2/2, w), "=", total(i, x[i]*y[i])/(total(i, x[i]**2) + lam),
        expected="refuted", text="The same with the penalty written twice.",
        erratum="Half of the loss and a full penalty shrink twice as much: lambda becomes 2 lambda.")
D.claim("soft-threshold", minimises((w - z)**2/2 + lam*Abs(w), {w: z - lam}, unique=True), given=[z > lam],
        text="The lasso moves a large coefficient towards 0 by lambda.")
D.claim("threshold-anywhere", minimises((w - z)**2/2 + lam*Abs(w), {w: z - lam}), expected="refuted",
        text="... and every other one too.", erratum="Between -lambda and lambda the minimiser is 0.")
D.claim("threshold-zero", minimises((w - z)**2/2 + lam*Abs(w), {w: 0}), given=[Abs(z) <= lam],
        text="A small coefficient becomes 0.")

# Many weights
X, Y, v, v0 = D.matrix("X", n, d), D.vector("Y", n), D.vector("v", d), D.vector("v0", d)
loss = norm(X@v - Y)**2
D.claim("normal-equations", minimises(loss, {v: v0}), given=[eq(X.T@X@v0, X.T@Y)],
        text="Whoever solves the normal equations minimises the squared error: no rank is asked for.")
D.claim("normal-equations-slip", minimises(loss, {v: v0}), given=[eq(X.T@X@v0, 2*X.T@Y)], expected="refuted",
        text="The factor 2 kept on one side only.", erratum="The gradient is 2 X'(Xv - Y): the 2 cancels.")
D.claim("least-squares", minimises(loss, {v: inverse(X.T@X)@X.T@Y}), given=[invertible(X.T@X)],
        text="With full column rank the solution has a closed form.")
D.claim("ridge", minimises(loss + lam*norm(v)**2, {v: inverse(X.T@X + lam*identity(d))@X.T@Y}),
        text="With a penalty it always has one.")
D.claim("ridge-twice", minimises(loss + lam*norm(v)**2, {v: inverse(X.T@X + 2*lam*identity(d))@X.T@Y}),
        expected="refuted", text="... with 2 lambda.", erratum="Both terms are differentiated: the factor 2 is common.")

# Convexity
D.claim("logistic", convex(total(i, log(1 + exp(-y[i]*w*x[i]))), w), text="The logistic loss is convex.")
D.claim("logistic-ridge", strictly_convex(total(i, log(1 + exp(-y[i]*w*x[i]))) + lam*w**2, w),
        text="With a penalty strictly so, hence the minimiser is unique.")
D.claim("squared-sigmoid", convex((1/(1 + exp(-w)) - 1)**2, w), expected="refuted",
        text="Squared error behind a sigmoid is convex.", erratum="It is flat far out on the wrong side.")
D.claim("stationary", stationary(w**3, {w: 0}), text="Stationary points are not minimisers by themselves: this one ...")
D.claim("stationary-not-minimal", minimises(w**3, {w: 0}), expected="refuted", text="... minimises nothing.")
