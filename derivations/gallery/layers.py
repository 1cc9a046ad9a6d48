"""Costs of layers: parameters, operations, output sizes and receptive fields, counted from the shapes."""

from sympy import Rational, ceiling, floor, symbols

from checker import Derivation, O, Theta, eq
from checker.language.costs import (
    attention, backward, convolution, dense, depthwise_separable, gated, keep, low_rank, multi_head_attention, output_size,
    over, receptive_field, times, transformer_block)

D = Derivation("layers", title="What layers cost", source="Gallery", prose="layers.md")

t, n, m, d, h, r, k, c, e, H, W, l, s = symbols("t n m d h r k c e H W l s", integer=True, positive=True)

D.claim("dense", dense(t, n, m).operations, "=", 2*t*n*m)
D.claim("dense-once", dense(t, n, m).operations, "=", t*n*m, expected="refuted",
        erratum="Every multiplication comes with an addition.")
forward, back = dense(t, n, m, bias=False), backward(dense(t, n, m, bias=False))
D.claim("training", (forward + back).multiplications, "=", 3*t*n*m)
D.claim("training-double", (forward + back).multiplications, "=", 2*t*n*m, expected="refuted",
        erratum="Going back takes two products: one for the input's gradient, one for the weights'.")
D.claim("convolution", convolution(H*W, k**2, c, e).weights, "=", (k**2*c + 1)*e)
D.claim("convolution-bias", convolution(H*W, k**2, c, e).weights, "=", k**2*c*e + 1, expected="refuted",
        erratum="Each of the e filters has its own bias.")
separable = depthwise_separable(H*W, k**2, c, e, bias=False).multiplications
full = convolution(H*W, k**2, c, e, bias=False).multiplications
D.claim("separable", separable/full, "=", 1/e + 1/k**2)
D.claim("separable-inputs", separable/full, "=", 1/c + 1/k**2, expected="refuted",
        erratum="What is saved depends on the outputs: each of them would need its own k x k filter.")
D.claim("halved", output_size(H, 3, stride=2, padding=1), "=", ceiling(H/2))
D.claim("halved-down", output_size(H, 3, stride=2, padding=1), "=", floor(H/2), expected="refuted",
        erratum="An odd size is rounded up: 1 stays 1.")
D.claim("field", receptive_field([(3, 2), (3,), (3,)]), "=", 11)
D.claim("field-without-stride", receptive_field([(3, 2), (3,), (3,)]), "=", 7, expected="refuted",
        erratum="After a stride of 2 each further tap reaches two pixels.")
D.claim("heads", multi_head_attention(t, d, h).weights, "=", 4*d**2)
D.claim("heads-each", multi_head_attention(t, d, h).weights, "=", 4*h*d**2, expected="refuted",
        erratum="Each head is only d/h wide: the number of heads cancels.")
D.claim("block", transformer_block(t, d, h, 4*d).weights, "=", 12*d**2 + 9*d)
D.claim("scores", attention(t, t, d).operations, "=", Theta(t**2*d))
D.claim("scores-linear", attention(t, t, d).operations, "=", O(t*d**2), expected="refuted",
        erratum="In long texts t is larger than any multiple of d.")
D.claim("scores-short", attention(t, t, d).operations, "=", O(t*d**2), given=[eq(t, O(d))])
D.claim("cache", times(l, over(s, 1, t, keep(2*d))).kept, "=", 2*l*t*d)
D.claim("adapter", low_rank(t, n, m, r).weights, "<", dense(t, n, m, bias=False).weights, given=[2*r < n, n <= m])
D.claim("adapter-any-rank", low_rank(t, n, m, r).weights, "<", dense(t, n, m, bias=False).weights,
        given=[r < n, n <= m], expected="refuted", erratum="r (n + m) < n m needs r below half of n when n = m.")
D.claim("gru", gated(3, n, m).weights, "=", Rational(3, 4)*gated(4, n, m).weights)
