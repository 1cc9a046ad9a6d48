"""Derivations of documents that declare nothing, prose and all, and the first wrong row of each.

Rows that prose states ("so $x = 2$") count like those of displays.  ``None``: right throughout.
"""

from __future__ import annotations

from .deciding import align

PRIOR = "Let $p = (p_1, \\dots, p_K)$ with $p_k > 0$ and $\\sum_{k=1}^K p_k = 1$.\n"
DESCENT = "Let $f(w) = \\frac12 a w^2$ with $a > 0$. We run $w_{t+1} = w_t - \\eta f'(w_t)$.\n"
JOINT = "The mutual information is\n"
MEAN = "Setting the derivative to zero yields $\\hat\\lambda = \\frac1n\\sum_{i=1}^n x_i = \\bar x$.\n"

RIGHT = [
    ("gibbs", PRIOR + align(r"-\sum_{k=1}^K p_k \log p_k &\ge 0"), None),
    ("weights", PRIOR + align(r"\sum_{k=1}^K p_k (a + b) &= (a + b) \sum_{k=1}^K p_k", "&= a + b"), None),
    ("below-one", PRIOR + align(r"\sum_{k=1}^K p_k^2 &\le \sum_{k=1}^K p_k", "&= 1"), None),
    ("positive-sum", "Let $x_1, \\dots, x_n$ be given with $x_i > 0$ for all $i$.\n"
     + align(r"\sum_{i=1}^n x_i &> 0"), None),
    ("descent", DESCENT + align(r"f'(w) &= a w", r"w_{t+1} &= w_t - \eta a w_t", r"&= (1 - \eta a) w_t"), None),
    ("two-steps", DESCENT + align(r"w_{t+1} &= (1 - \eta a) w_t", r"w_{t+2} &= (1 - \eta a) w_{t+1}",
     r"&= (1 - \eta a)^2 w_t"), None),
    ("hat", "Let $X\\in\\mathbb{R}^{n\\times d}$ have rank $d$ and $H = X(X^\\top X)^{-1}X^\\top$.\n"
     + align(r"\operatorname{tr}(H) &= d"), None),
    ("mean", MEAN + align(r"\sum_{i=1}^n (x_i - \bar x) &= \sum_{i=1}^n x_i - n \bar x", "&= 0"), None),
    ("information", JOINT + align(r"I(X;Y) &= \sum_{x,y} p(x,y) \log\frac{p(x,y)}{p(x)p(y)}"), None),
    ("entropy", align(r"H(X) &= -\sum_x p(x)\log p(x)"), None),
    ("expectation", align(r"\mathbb{E}[X] &= \sum_x x\, p(x)"), None),
    ("conditional", align(r"H(Y \mid X) &= -\sum_{x, y} p(x, y) \log p(y \mid x)", "&= H(X, Y) - H(X)"), None),
    ("root", "Solve $\\sqrt{x+2} = x$.\n" + align(r"x + 2 &= x^2", "x^2 - x - 2 &= 0", "(x-2)(x+1) &= 0",
     r"x &= 2 \text{ or } x = -1") + "For $x=-1$ the root is 1, so\n\\[ x = 2 \\]\nis the only solution.\n", None),
    ("root-words", "Solve $\\sqrt{x+2} = x$.\n" + align(r"x + 2 &= x^2", "x^2 - x - 2 &= 0", "(x-2)(x+1) &= 0",
     r"x &= 2 \text{ or } x = -1") + "Only the first one satisfies the equation, so $x = 2$.\n", None),
    ("root-block", align(r"\sqrt{x+2} &= x", "x + 2 &= x^2", "x^2 - x - 2 &= 0", "(x-2)(x+1) &= 0"), None),
    ("logs", "Solve $\\log x + \\log(x-3) = \\log 4$.\n" + align(r"\log(x(x-3)) &= \log 4", "x^2 - 3x &= 4",
     "x^2 - 3x - 4 &= 0", "(x-4)(x+1) &= 0", "x &= 4"), None),
    ("contradiction", "Suppose for contradiction that $x^2 + 1 = 0$ for a real $x$. Then\n"
     + align("x^2 &= -1", "&< 0") + "which is impossible.\n", None),
    ("cases", "Case 1: $x > 0$.\n" + align("|x| &= x") + "so we are done.\n\nCase 2: $x \\le 0$.\n" + align("|x| &= -x"),
     None),
    ("amgm", "Let $a, b > 0$. We start from the square:\n" + align(r"(\sqrt{a} - \sqrt{b})^2 &\ge 0",
     r"a - 2\sqrt{ab} + b &\ge 0", r"\frac{a+b}{2} &\ge \sqrt{ab}"), None),
    ("ridge", "Consider $L(w) = \\sum_{i=1}^n (y_i - w x_i)^2 + \\lambda w^2$ with $\\lambda > 0$.\n"
     + align(r"\frac{dL}{dw} &= -2\sum_{i=1}^n x_i (y_i - w x_i) + 2\lambda w", "&= 0")
     + "which gives\n" + align(r"w &= \frac{\sum_{i=1}^n x_i y_i}{\sum_{i=1}^n x_i^2 + \lambda}"), None),
    ("bernoulli", "Let $\\ell(\\theta) = k \\log\\theta + (n-k)\\log(1-\\theta)$ with $0 < \\theta < 1$.\n"
     + align(r"\ell'(\theta) &= \frac{k}{\theta} - \frac{n-k}{1-\theta}",
             r"&= \frac{k - n\theta}{\theta(1-\theta)}"), None),
    ("poisson", "Let $\\ell(\\lambda) = \\sum_{i=1}^n (x_i\\log\\lambda - \\lambda)$, where $\\lambda > 0$.\n"
     + align(r"\ell'(\lambda) &= \frac{1}{\lambda}\sum_{i=1}^n x_i - n") , None),
    ("softmax", "Denote $Z = \\sum_{j=1}^n e^{z_j}$ and $s_i = \\frac{e^{z_i}}{Z}$.\n"
     + align(r"\sum_{i=1}^n s_i &= \frac{1}{Z}\sum_{i=1}^n e^{z_i}", "&= 1"), None),
    ("geometric", "Let $0 < r < 1$ and $S = \\sum_{k=0}^{n} r^k$.\n"
     + align(r"(1-r) S &= \sum_{k=0}^n r^k - \sum_{k=1}^{n+1} r^k", "&= 1 - r^{n+1}",
             r"S &= \frac{1 - r^{n+1}}{1-r}"), None),
    ("gauss-sum", "Write $S = \\sum_{k=1}^n k$.\n" + align(r"2S &= \sum_{k=1}^n (k + (n + 1 - k))", "&= n(n+1)"), None),
    ("variance", align(r"\operatorname{Var}(X) &= \mathbb{E}[(X - \mathbb{E}[X])^2]",
     r"&= \mathbb{E}[X^2] - 2\mathbb{E}[X]\mathbb{E}[X] + \mathbb{E}[X]^2", r"&= \mathbb{E}[X^2] - \mathbb{E}[X]^2"), None),
    ("bayes", align(r"p(y \mid x) &= \frac{p(x \mid y) p(y)}{p(x)}", r"&= \frac{p(x, y)}{\sum_{y} p(x, y)}"), None),
    ("kl", align(r"\mathrm{KL}(p \| q) &= \sum_x p(x) \log \frac{p(x)}{q(x)}", r"&\ge 0"), None),
    ("by-parts", align(r"\int_0^1 x e^{x} \, dx &= \left[x e^x\right]_0^1 - \int_0^1 e^x \, dx", "&= e - (e - 1)", "&= 1"),
     None),
    ("quotient", align(r"\frac{d}{dx} \left(\frac{x}{1+x^2}\right) &= \frac{1 + x^2 - x \cdot 2x}{(1+x^2)^2}",
     r"&= \frac{1-x^2}{(1+x^2)^2}"), None),
    ("vertex", "Let $f(x) = x^2 - 4x + 7$.\n" + align("f(x) &= (x-2)^2 + 3", r"&\ge 3"), None),
    ("unread-link", align(r"(x+1)^2 &= x^2 + 2x + 1", r"&= \mystery{x}", r"&= x(x+2) + 1"), None),
    ("sigmoid", "Put $\\sigma(z) = \\frac{1}{1+e^{-z}}$.\n" + align(r"1 - \sigma(z) &= \frac{e^{-z}}{1+e^{-z}}",
     r"&= \sigma(-z)"), None),
    ("cross-entropy", "Let $L(z) = \\log(1 + e^{z}) - y z$ and $\\sigma(z) = \\frac{1}{1+e^{-z}}$.\n"
     + align(r"L'(z) &= \frac{e^z}{1+e^z} - y", r"&= \sigma(z) - y"), None),
    ("lagrange", "We maximise $xy$ under $x + y = 1$. Consider $L(x, y, \\lambda) = xy - \\lambda(x + y - 1)$.\n"
     + align(r"\frac{\partial L}{\partial x} &= y - \lambda", r"\frac{\partial L}{\partial y} &= x - \lambda"), None),
    ("induction", "For $n = 1$ both sides are 1. Assume that $\\sum_{k=1}^n k = \\frac{n(n+1)}{2}$. Then\n"
     + align(r"\sum_{k=1}^{n+1} k &= \frac{n(n+1)}{2} + (n+1)", r"&= \frac{(n+1)(n+2)}{2}"), None),
    ("union", "Let $0 \\le p \\le 1$ and $n \\ge 1$.\n" + align(r"1 - (1-p)^2 &= 2p - p^2", r"&\le 2p"), None),
    ("residuals", "Let $\\bar x = \\frac1n\\sum_{i=1}^n x_i$.\n" + align(
     r"\sum_{i=1}^n (x_i - \bar x)^2 &= \sum_{i=1}^n x_i^2 - 2\bar x\sum_{i=1}^n x_i + n\bar x^2",
     r"&= \sum_{i=1}^n x_i^2 - n\bar x^2"), None),
    # conditions of a case: how long they hold
    ("and-therefore", "For $x > 0$,\n" + align(r"|x| &= x") + "and therefore\n" + align(r"|x| + 1 &= x + 1"), None),
    ("values-in-turn", "Let $f(x) = x^2$. For $x = 2$ we get $f(x) = 4$. For $x = 3$ we get $f(x) = 9$.\n", None),
    ("since-modulus", align(r"\sum_{k=0}^\infty x^k &= \frac{1}{1-x} && \text{since } |x| < 1"), None),
    ("as-modulus", align(r"\sum_{k=0}^\infty x^k &= \frac{1}{1-x} && \text{as } |x| < 1"), None),
    ("iff-of-a-name", align("y &= 2x + 1", r"\iff x &= \frac{y-1}{2}"), None),
    ("implies-on", align(r"x > 1 &\implies x^2 > x", r"&\implies x^2 > 1"), None),
    ("cases-joined", "Case 1: $x \\ge 0$. Then\n" + align("|x|^2 &= x^2") + "Case 2: $x < 0$. Then\n"
     + align("|x|^2 &= (-x)^2 = x^2") + "Hence $|x|^2 = x^2$.\n", None),
]

WRONG = [
    ("weights-w", PRIOR + align(r"\sum_{k=1}^K p_k (a + b) &= (a + b) \sum_{k=1}^K p_k", "&= K(a + b)"), 2),
    ("below-one-w", PRIOR + align(r"\sum_{k=1}^K p_k^2 &\le \sum_{k=1}^K p_k", "&= K"), 2),
    ("positive-sum-w", "Let $x_1, \\dots, x_n$ be given with $x_i > 0$ for all $i$.\n"
     + align(r"\sum_{i=1}^n x_i &> 1"), 1),
    ("descent-w", DESCENT + align(r"f'(w) &= a w", r"w_{t+1} &= w_t - \eta a w_t", r"&= (1 + \eta a) w_t"), 3),
    ("two-steps-w", DESCENT + align(r"w_{t+1} &= (1 - \eta a) w_t", r"w_{t+2} &= (1 - \eta a) w_{t+1}",
     r"&= (1 - \eta a) w_t"), 3),
    ("mean-w", MEAN + align(r"\sum_{i=1}^n (x_i - \bar x) &= \sum_{i=1}^n x_i - \bar x", "&= 0"), 2),
    ("information-w", JOINT + align(r"I(X;Y) &= \sum_{x,y} p(x,y) \log\frac{p(x)p(y)}{p(x,y)}"), 1),
    ("entropy-w", align(r"H(X) &= \sum_x p(x)\log p(x)"), 1),
    ("conditional-w", align(r"H(Y \mid X) &= -\sum_{x, y} p(x, y) \log p(y \mid x)", "&= H(X, Y) - H(Y)"), 2),
    ("root-w", "Solve $\\sqrt{x+2} = x$.\n" + align(r"x + 2 &= x^2", "x^2 - x - 2 &= 0", "(x-2)(x+1) &= 0",
     r"x &= 2 \text{ or } x = -1"), 4),
    ("root-answer-w", "Solve $\\sqrt{x+2} = x$.\n" + align(r"x + 2 &= x^2", "x^2 - x - 2 &= 0", "(x-2)(x+1) &= 0",
     r"x &= 2 \text{ or } x = -1") + "Only one of them satisfies the equation, so $x = -1$.\n", 5),
    ("root-block-w", align(r"\sqrt{x+2} &= x", "x + 2 &= x^2", "x^2 - x - 2 &= 0", "(x+2)(x-1) &= 0"), 4),
    ("logs-w", "Solve $\\log x + \\log(x-3) = \\log 4$.\n" + align(r"\log(x(x-3)) &= \log 4", "x^2 - 3x &= 4",
     "x^2 - 3x + 4 &= 0"), 3),
    ("cases-w", "Case 1: $x > 0$.\n" + align("|x| &= x") + "so we are done.\n\nCase 2: $x \\le 0$.\n" + align("|x| &= x"),
     2),
    ("amgm-w", "Let $a, b > 0$. We start from the square:\n" + align(r"(\sqrt{a} - \sqrt{b})^2 &\ge 0",
     r"a - \sqrt{ab} + b &\ge 0", r"\frac{a+b}{3} &\ge \sqrt{ab}"), 3),
    ("ridge-w", "Consider $L(w) = \\sum_{i=1}^n (y_i - w x_i)^2 + \\lambda w^2$ with $\\lambda > 0$.\n"
     + align(r"\frac{dL}{dw} &= 2\sum_{i=1}^n x_i (y_i - w x_i) + 2\lambda w"), 1),
    ("bernoulli-w", "Let $\\ell(\\theta) = k \\log\\theta + (n-k)\\log(1-\\theta)$ with $0 < \\theta < 1$.\n"
     + align(r"\ell'(\theta) &= \frac{k}{\theta} + \frac{n-k}{1-\theta}"), 1),
    ("poisson-w", "Let $\\ell(\\lambda) = \\sum_{i=1}^n (x_i\\log\\lambda - \\lambda)$, where $\\lambda > 0$.\n"
     + align(r"\ell'(\lambda) &= \frac{1}{\lambda}\sum_{i=1}^n x_i - 1") , 1),
    ("softmax-w", "Denote $Z = \\sum_{j=1}^n e^{z_j}$ and $s_i = \\frac{e^{z_i}}{Z}$.\n"
     + align(r"\sum_{i=1}^n s_i &= \frac{1}{Z}\sum_{i=1}^n e^{z_i}", "&= n"), 2),
    ("geometric-w", "Let $0 < r < 1$ and $S = \\sum_{k=0}^{n} r^k$.\n"
     + align(r"(1-r) S &= \sum_{k=0}^n r^k - \sum_{k=1}^{n+1} r^k", "&= 1 - r^{n}"), 2),
    ("gauss-sum-w", "Write $S = \\sum_{k=1}^n k$.\n" + align(r"2S &= \sum_{k=1}^n (k + (n + 1 - k))", "&= n^2"), 2),
    ("variance-w", align(r"\operatorname{Var}(X) &= \mathbb{E}[(X - \mathbb{E}[X])^2]",
     r"&= \mathbb{E}[X^2] - 2\mathbb{E}[X]\mathbb{E}[X] + \mathbb{E}[X]^2", r"&= \mathbb{E}[X^2] + \mathbb{E}[X]^2"), 3),
    ("kl-w", align(r"\mathrm{KL}(p \| q) &= \sum_x p(x) \log \frac{q(x)}{p(x)}"), 1),
    ("quotient-w", align(r"\frac{d}{dx} \left(\frac{x}{1+x^2}\right) &= \frac{1 + x^2 - x \cdot 2x}{(1+x^2)^2}",
     r"&= \frac{1+x^2}{(1+x^2)^2}"), 2),
    ("vertex-w", "Let $f(x) = x^2 - 4x + 7$.\n" + align("f(x) &= (x-2)^2 + 3", r"&\ge 4"), 2),
    ("unread-link-w", align(r"(x+1)^2 &= x^2 + 2x + 1", r"&= \mystery{x}", r"&= x(x+2)", "&= x^2 + x"), 4),
    ("sigmoid-w", "Put $\\sigma(z) = \\frac{1}{1+e^{-z}}$.\n" + align(r"1 - \sigma(z) &= \frac{e^{-z}}{1+e^{-z}}",
     r"&= -\sigma(z)"), 2),
    ("lagrange-w", "We maximise $xy$ under $x + y = 1$. Consider $L(x, y, \\lambda) = xy - \\lambda(x + y - 1)$.\n"
     + align(r"\frac{\partial L}{\partial x} &= y + \lambda"), 1),
    ("induction-w", "For $n = 1$ both sides are 1. Assume that $\\sum_{k=1}^n k = \\frac{n(n+1)}{2}$. Then\n"
     + align(r"\sum_{k=1}^{n+1} k &= \frac{n(n+1)}{2} + n", r"&= \frac{n(n+3)}{2}"), 1),
    ("union-w", "Let $0 \\le p \\le 1$ and $n \\ge 1$.\n" + align(r"1 - (1-p)^2 &= 2p + p^2"), 1),
    ("residuals-w", "Let $\\bar x = \\frac1n\\sum_{i=1}^n x_i$.\n" + align(
     r"\sum_{i=1}^n (x_i - \bar x)^2 &= \sum_{i=1}^n x_i^2 - 2\bar x\sum_{i=1}^n x_i + n\bar x^2",
     r"&= \sum_{i=1}^n x_i^2 + n\bar x^2"), 2),
    ("iff-squares-w", align("x = y \\iff x^2 = y^2"), 1),
    ("iff-rows-w", align("x &= y", r"\iff x^2 &= y^2"), 2),
    ("iff-twice-w", align(r"a = b \implies a = b \iff a^2 = b^2"), 1),
    ("as-equation-w", align(r"(a+b)^2 &= a^2 + b^2 && \text{as } ab = 0"), 1),
    ("if-value-w", "If $x = 1$, then\n" + align("x^2 &= x") + "So $x^2 = x$ always.\n", 2),
    ("value-left-w", "Consider $x = 1$.\n" + align("x^2 &= x") + "Now let $x$ be arbitrary. Then\n" + align("x^2 &= x"), 2),
    ("implies-back-w", align(r"x > 1 &\implies x^2 > 1", r"&\implies x > 1"), 2),
    ("we-compute-w", "We compute $(x+1)^2 = x^2 + 1$.\n", 1),
]
