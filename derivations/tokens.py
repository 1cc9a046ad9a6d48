"""Questions 1c and 1d: which input tokens an output token depends on, and the work per decoded token."""

from sympy import exp, sqrt, symbols

from checker import (
    Derivation, apply, depends, dot, independent, layer_norm, ne, relu, total,
)

D = Derivation("tokens", title="Which tokens see which", source="Assignment 5, Q1(c) and Q1(d)", prose="tokens.md")

t, d, n = D.sizes("t d n")
i, j, u, w = D.index("i j u w", t)
x = D.vectors("x", t, d)

# Self-attention of one head: queries, keys and values are linear in the tokens.
Q, K, V = D.matrix("Q K V", d, d)


def score(query, key):
    return dot(apply(Q, x[query]), apply(K, x[key]))/sqrt(d)


def attention(of, among=None):
    """Output ``of``; ``among(u)`` says which tokens it may look at."""
    see = among or (lambda token: None)
    weights = total(w, exp(score(of, w)), where=see(w))
    return total(u, exp(score(of, u))/weights*apply(V, x[u]), where=see(u))


everywhere = D.define("y", attention(i), over=i)
causal = D.define("z", attention(i, lambda token: token <= i), over=i)

D.claim("attention-is-per-token", independent(everywhere[i], of=x, at=j), given=[ne(i, j)], expected="refuted",
        source="Q1(d)", text="Self-attention acts on each token alone.",
        erratum="Every output is a weighted mean over all tokens: it moves with each of them.")
D.claim("causal-mask", independent(causal[i], of=x, at=j), given=[j > i], source="Q1(c)",
        text="With the causal mask, output i does not change with a later token.")
D.claim("causal-mask-sees-the-past", depends(causal[i], of=x, at=j, choosing=[Q, K, V]), given=[j <= i],
        source="Q1(c)", text="For each j up to i there are weights and inputs for which output i changes with x_j.")

# Blocks between the attention layers.
A, B = D.matrix("A", n, d), D.matrix("B", d, n)
g, h = D.vector("g h", d)
bias = D.vector("beta", n)
eps = symbols("epsilon", positive=True)
feed_forward = D.define("f", apply(B, relu(apply(A, x[i]) + bias)), over=i)
normed = D.define("N", layer_norm(x[i], eps, g, h), over=i)

D.claim("feed-forward-is-per-token", independent(feed_forward[i], of=x, at=j), given=[ne(i, j)], source="Q1(d)",
        text="The feed-forward block acts on each token alone.")
D.claim("layer-norm-is-per-token", independent(normed[i], of=x, at=j), given=[ne(i, j)], source="Q1(d)",
        text="Layer normalisation acts on each token alone.")

# Decoding one token with a cache of the keys and values before it, one head of width d, feed-forward of
# width n.  A product of a p x q matrix with a vector: p q multiplications, p (q - 1) additions.
s = symbols("s", integer=True, positive=True)


def product(rows, columns):
    return rows*columns + rows*(columns - 1)


def decoding(length):
    """Operations for the token in position ``length``."""
    projections = 3*product(d, d)                     # its query, key and value
    scores = product(length, d) + length              # with every key so far, scaled
    softmax = length + (length - 1) + length          # exponentials, their sum, the quotients
    mixture = product(d, length)                      # the weighted sum of the values
    after = product(d, d) + product(n, d) + n + product(d, n)
    return projections + scores + softmax + mixture + after


D.claim("decoding-work-grows", decoding(s), "<", decoding(s + 1), source="Q1(c)",
        text="The work per decoded token grows with the number of tokens before it.")
