"""Question 2: attention that copies a value, and attention that averages two."""

from sympy import Rational, S, exp, oo

from checker import Derivation, delta, dot, eq, forall, limit, ne, softmax, total

D = Derivation("attention", title="Attention with orthonormal keys", source="Assignment 5, Q2", prose="attention.md")

m, d = D.sizes("m d")
i, j, u = D.index("i j u", m)
a, b = D.index("a b", m, distinct=True)
c = D.real("c")
k, v = D.vectors("k v", m, d)

# Any scores: the weights sum to 1, none reaches it.
s = D.family("s", m)
weight = softmax(s[u], over=u)
f = D.family("f", m, S.Reals)          # scores that move with c
moving = softmax(f[u, c], over=u)
apart = D.assume("the score of j exceeds every other by an amount that goes to infinity",
                 forall(i, eq(limit(f[j, c] - f[i, c], c, oo), oo), where=ne(i, j)))

D.claim("copy-in-the-limit", limit(moving[j], c, oo), "=", 1, given=[apart], source="Q2(a)",
        text="The weight of token j tends to 1 as its score outgrows every other.")
D.claim("never-exactly-one", weight[j], "<", 1, given=[m >= 2], source="Q2(a)",
        text="At finite scores no weight is 1.")

# The query of Q2(b), and everything that follows from it by definition.
orthonormal = D.assume("orthonormal keys", forall((i, j), eq(dot(k[i], k[j]), delta(i, j))))
orthogonal = D.assume("orthogonal keys", forall((i, j), eq(dot(k[i], k[j]), 0), where=ne(i, j)))
q = D.define("q", c*(k[a] + k[b]))
attend = softmax(dot(k[u], q), over=u)
alpha = D.define(r"\alpha", attend[i], over=i)
z = D.define("z", total(i, alpha[i]*v[i]))

w = D.family("w", m)
mix = total(j, w[j]*k[j])
D.claim("inner-product", dot(k[i], mix), "=", w[i], given=[orthonormal], source="Q2(b)",
        text="Against a query that mixes the keys, each score is the key's own coefficient.")
D.claim("inner-product-orthogonal-only", dot(k[i], mix), "=", w[i], given=[orthogonal], expected="refuted",
        source="Q2(b)", text="Orthogonal keys are enough.",
        erratum="The keys must have length 1 as well: the score is the coefficient times the key's squared length.")
D.claim("weight", alpha[a], "=", exp(c)/(2*exp(c) + m - 2), given=[orthonormal], source="Q2(b)",
        text="The weight of a chosen key.")
D.claim("weight-limit", limit(alpha[a], c, oo), "=", Rational(1, 2), given=[orthonormal], source="Q2(b)",
        text="It tends to one half.")
D.claim("other-weight-limit", limit(alpha[i], c, oo), "=", 0, given=[orthonormal, m >= 3, ne(i, a), ne(i, b)],
        source="Q2(b)", text="Every other weight tends to 0.")
D.claim("output-limit", limit(z, c, oo), "=", (v[a] + v[b])/2, given=[orthonormal], source="Q2(b)",
        text="The output tends to the mean of the two values.")
D.claim("half-exactly-two-keys", alpha[a], "=", Rational(1, 2), given=[orthonormal, eq(m, 2)], source="Q2(b)",
        text="With just two keys the weight is one half at every c.")
D.claim("below-half", alpha[a], "<", Rational(1, 2), given=[orthonormal, m >= 3], source="Q2(b)",
        text="With more keys it stays below one half.")
D.claim("half-exactly", alpha[a], "=", Rational(1, 2), given=[orthonormal, m >= 3], expected="refuted",
        source="Q2(b)", text="The weight is one half.",
        erratum="With three or more keys it is below one half at every finite c; one half is the limit.")

any_query = D.vector("p", d)
mixed = softmax(dot(k[u], any_query), over=u)
D.claim("copy-impossible-if-distinct", ne(total(i, mixed[i]*v[i]), v[j]),
        given=[m >= 2, forall((i, u), ne(v[i], v[u]), where=ne(i, u))], expected="refuted", source="Q2(a)",
        text="The output is none of the values whenever these are distinct.",
        erratum="With values 0, 1, -1 and equal scores the output is 0, the first value: it must lie outside "
                "the convex hull of the others, being distinct is not enough.")

chosen = exp(c)/(2*exp(c) + m - 2)
D.plot("curve", id="weight", title="The weight of a chosen key", variable=c, range=[-2, 10], xlabel="c",
       ylabel="weight", lines=[{"label": "1/2", "expression": Rational(1, 2)}],
       curves=[{"label": f"m = {keys}", "expression": chosen, "at": {"m": keys}} for keys in (2, 3, 10, 100)],
       caption="With two keys it is one half throughout; with more it comes close only as c grows.")
