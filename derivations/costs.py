"""Question 1, (a) and (b): what an RNN and a Transformer cost, counted from their layers.

t tokens, n neurons per layer, l layers.  An RNN layer: h_s = phi(W h_{s-1} + U x_s).  A Transformer
layer: softmax(Q K^T / sqrt n) V with one head and d_k = n, an output projection, a feed-forward block of
width 4n.  Time counts multiplications and additions.  Space counts the activations that must be kept;
weights, gradients and the optimiser's state are apart, and the inputs are streamed.
"""

from sympy import symbols

from checker import Derivation, O, Theta, eq
from checker.language.costs import (
    add, apply, backward, keep, multiply, over, scale, softmax, times, weights,
)

D = Derivation("costs", title="What an RNN and a Transformer cost", source="Assignment 5, Q1",
               prose="costs.md")

t, n, l = symbols("t n l", integer=True, positive=True)
s = symbols("s", integer=True, positive=True)
sizes = (t, n, l)


def define(name, count):
    """A count as a function of the three sizes, shown once and used by name."""
    return D.define(name, count, over=sizes)[sizes]


# ------------------------------------------------------------------------------ the RNN

step = multiply(n, n, 1) + multiply(n, n, 1) + add(n, 1) + apply(n, 1)     # W h + U x, then phi
rnn = times(l, over(s, 1, t, step))                                        # every token, every layer
rnn_training = rnn + backward(rnn)

#: training keeps every layer's state at every token; testing keeps the present states
rnn_states = times(l, over(s, 1, t, keep(n)))
rnn_weights = times(l, weights(2*n**2))
rnn_present = times(l, keep(n) + keep(n))                                  # the old state and the new one

# ------------------------------------------------------------------------ the Transformer

feed_forward = multiply(t, n, 4*n) + apply(t, 4*n) + multiply(t, 4*n, n)
attention = (
    times(3, multiply(t, n, n))                       # queries, keys, values
    + multiply(t, n, t) + scale(t, t)                 # scores Q K^T / sqrt n
    + softmax(t, t)
    + multiply(t, t, n)                               # the weighted sums of the values
    + multiply(t, n, n))                              # output projection
transformer = times(l, attention + feed_forward)
transformer_training = transformer + backward(transformer)

#: what the way back needs: the layer's input, Q, K, V, the sums, the output, the hidden 4n and its phi
tokenwise = keep(t*n) + times(3, keep(t*n)) + keep(t*n) + keep(t*n) + times(2, keep(4*t*n))
kept = times(l, tokenwise + keep(t*t))                # ... and the t x t attention weights
row_by_row = times(l, tokenwise) + keep(t)            # one row of the weights at a time, rebuilt
layer_by_layer = times(l, tokenwise) + keep(t*t)      # one layer's weights at a time, rebuilt

#: testing: token s attends to s keys; the keys and values of earlier tokens are in the cache
token = (
    times(3, multiply(1, n, n)) + multiply(1, n, s) + scale(1, s) + softmax(1, s) + multiply(1, s, n)
    + multiply(1, n, n) + multiply(1, n, 4*n) + apply(1, 4*n) + multiply(1, 4*n, n))
decoding = times(l, over(s, 1, t, token))
cache = times(l, keep(2*t*n)) + keep(8*n) + keep(t)   # keys and values, the present token, one row

rnn_time = define("T_RNN", rnn.operations)
rnn_training_time = define("T_RNN-training", rnn_training.operations)
rnn_space = define("S_RNN", rnn_states.kept)
transformer_time = define("T_TF", transformer.operations)
transformer_training_time = define("T_TF-training", transformer_training.operations)
transformer_space = define("S_TF", kept.kept)
decoding_time = define("T_TF-testing", decoding.operations)

Q = "Q1(a)"
by_rnn, by_attention = t*n**2*l, t**2*n*l

D.claim("rnn.train.time", rnn_training_time, "=", O(by_rnn), source=Q)
D.claim("rnn.train.space", rnn_space, "=", O(t*n*l), source=Q)
D.claim("rnn.train.space.with-weights", rnn_space + rnn_weights.weights, "=", O(t*n*l), source=Q,
        expected="refuted",
        erratum="O(t n l) is the space of the activations. The 2 n^2 l weights are O(t n l) only while "
                "n = O(t).")
D.claim("rnn.test.time", rnn_time, "=", O(by_rnn), source=Q)
D.claim("rnn.test.space", rnn_present.kept, "=", O(n*l), source=Q)

D.claim("transformer.train.time", transformer_training_time, "=", O(by_attention), source=Q,
        expected="refuted",
        erratum="The projections and the feed-forward block cost t n^2 l: the bound O(t^2 n l) holds only "
                "while n = O(t).")
D.claim("transformer.train.time.exact", transformer_training_time, "=", Theta(l*(t**2*n + t*n**2)), source=Q,
        text="What the layers cost, without a regime.")
D.claim("transformer.train.time.long", transformer_training_time, "=", O(by_attention),
        given=[eq(n, O(t))], source=Q)
D.claim("transformer.train.space", transformer_space, "=", O(t*n*l), source=Q, expected="refuted",
        erratum="Training keeps the t x t attention weights of every layer: t^2 l numbers, which is O(t n l) "
                "only while t = O(n).")
D.claim("transformer.train.space.short", transformer_space, "=", O(t*n*l), given=[eq(t, O(n))], source=Q)
D.claim("transformer.train.space.recomputed", row_by_row.kept, "=", O(t*n*l), source=Q,
        text="The attention weights are rebuilt one row at a time on the way back.")
D.claim("transformer.train.space.recomputed-whole-layer", layer_by_layer.kept, "=", O(t*n*l), source=Q,
        expected="refuted",
        erratum="Rebuilding one layer's whole t x t matrix is not enough: t^2 is not O(t n l).")
D.claim("transformer.test.time", decoding_time, "=", O(by_attention), source=Q, expected="refuted",
        erratum="Each decoded token passes the projections and the feed-forward block: t n^2 l in all. "
                "O(t^2 n l) holds only while n = O(t).")
D.claim("transformer.test.time.long", decoding_time, "=", O(by_attention), given=[eq(n, O(t))], source=Q)
D.claim("transformer.test.space", cache.kept, "=", O(t*n*l), source=Q)

Q = "Q1(b)"
D.claim("rnn-cheaper-when-long", by_rnn, "<", by_attention, given=[t > n], source=Q,
        text="Of the two dominant terms the RNN's is the smaller one.")
D.claim("rnn-cheaper-when-short", by_rnn, "<", by_attention, given=[t < n], source=Q, expected="refuted",
        erratum="For t < n the term t^2 n l is the smaller one.")
D.claim("equal-at-t-n", by_rnn, "=", by_attention, given=[eq(t, n)], source=Q)
D.claim("rnn-cheaper-counted", rnn_time, "<", transformer_time, source=Q,
        text="With every operation counted the RNN is cheaper for all t, n and l.")
D.claim("equal-at-t-n-counted", rnn_time, "=", transformer_time, given=[eq(t, n)], source=Q,
        expected="refuted", erratum="Equality at t = n holds of the dominant terms, not of the counts.")

D.plot("curve", id="dominant", title="Dominant terms, n = 512, one layer", variable=t, range=[16, 8192], log="xy",
       integer=True, xlabel="t (tokens)", ylabel="operations", at={"n": 512, "l": 1},
       curves=[{"label": "RNN: t n^2 l (dominant term)", "expression": by_rnn},
               {"label": "Transformer: t^2 n l (dominant term)", "expression": by_attention}],
       caption="The dominant terms cross at t = n.")
D.plot("curve", id="counted", title="Every operation counted, n = 512, one layer", variable=t, range=[16, 8192],
       log="xy", integer=True, xlabel="t (tokens)", ylabel="operations", at={"n": 512, "l": 1},
       curves=[{"label": "RNN (counted)", "expression": rnn_time},
               {"label": "Transformer (counted)", "expression": transformer_time}],
       caption="Counted in full, the projections and the feed-forward block keep the Transformer dearer throughout.")
