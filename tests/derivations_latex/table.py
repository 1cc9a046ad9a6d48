"""Derivations as students write them: what stands before the rows, the rows, and the first wrong row.

``None``: right throughout, so that no row may be refuted, undecided or unread.
"""

from __future__ import annotations

from .deciding import align

SIGMOID = "Let $\\sigma(t) = \\frac{1}{1+e^{-t}}$.\n"
LOSS = "Let $s(z) = \\frac{1}{1+e^{-z}}$ and $L(z) = -y\\log s(z) - (1-y)\\log(1-s(z))$.\n"
LIKELIHOOD = "Let $\\ell(\\mu) = -\\sum_{i=1}^n \\frac{(x_i - \\mu)^2}{2\\sigma^2}$.\n"

RIGHT = [
    ("expand", align(r"(x-3)^2 &= x^2 - 6x + 9", r"&= x(x-6) + 9"), None),
    ("quad", align(r"x^2 + 2x - 8 &= 0", r"(x+4)(x-2) &= 0", r"x &= -4 \text{ or } x = 2"), None),
    ("quad-pm", align(r"x^2 - 9 &= 0", r"x^2 &= 9", r"x &= \pm 3"), None),
    ("quad-formula", align(r"x^2 - 4x + 1 &= 0", r"x &= \frac{4 \pm \sqrt{16-4}}{2}", r"&= 2 \pm \sqrt{3}"), None),
    ("ineq", align(r"-2x + 4 &> 10", r"-2x &> 6", r"x &< -3"), None),
    ("imp", align(r"3x + 1 &= 7", r"\Rightarrow 3x &= 6", r"\Rightarrow x &= 2"), None),
    ("deriv-prod", align(r"\frac{d}{dx}\left( x \log x \right) &= \log x + x \cdot \frac1x",
     r"&= \log x + 1, \qquad x > 0"), None),
    ("int", align(r"\int \cos(2x) \, dx &= \tfrac12 \sin(2x) + C"), None),
    ("geom", align(r"\sum_{k=1}^\infty p^k &= \frac{1}{1-p} - 1", r"&= \frac{p}{1-p}"), None),
    ("var", align(r"\operatorname{Var}(aX + b) &= a^2 \operatorname{Var}(X)"), None),
    ("cov", align(r"\operatorname{Cov}(X, Y) &= \mathbb{E}[(X-\mathbb{E}X)(Y-\mathbb{E}Y)]",
     r"&= \mathbb{E}[XY] - \mathbb{E}[X]\mathbb{E}[Y]"), None),
    ("sq", "Let $x \\ge 0$.\n" + align(r"\sqrt{x^2} &= x"), None),
    ("since", align(r"\sqrt{x^2 y} &= x \sqrt{y} \quad \text{since } x \ge 0 \text{ and } y \ge 0"), None),
    ("cancel", align(r"\frac{x^2 - y^2}{x - y} &= \frac{(x-y)(x+y)}{x-y}", r"&= x + y"), None),
    ("chain-ineq", align(r"x^2 + y^2 &= (x-y)^2 + 2xy", r"&\ge 2xy"), None),
    ("trig", align(r"\sin^4 x - \cos^4 x &= (\sin^2 x - \cos^2 x)(\sin^2 x + \cos^2 x)", r"&= \sin^2 x - \cos^2 x",
     r"&= 2\sin^2 x - 1"), None),
    ("logistic", SIGMOID + align(r"\sigma'(t) &= \frac{e^{-t}}{(1+e^{-t})^2}",
     r"&= \sigma(t)(1 - \sigma(t))"), None),
    ("bigO", align(r"3n^2 + 5n &\le 3n^2 + 5n^2", r"&= 8n^2"), None),
    ("wheredef", align(r"x^4 - 5x^2 + 4 &= u^2 - 5u + 4 \quad \text{where } u = x^2", r"&= (u-1)(u-4)"), None),
    ("iffchain", align(r"a^2 + b^2 &\ge 2ab", r"\iff a^2 - 2ab + b^2 &\ge 0", r"\iff (a-b)^2 &\ge 0"), None),
    ("by-ref", align(r"y &= 2x + 1 \label{eq:a}", r"y^2 &= 4x^2 + 4x + 1 \quad \text{by \eqref{eq:a}}"), None),
    ("forall", align(r"x^2 + 1 &> 0 \quad \forall x \in \mathbb{R}"), None),
    ("text-so", align(r"2x &= 4", r"\text{so } x &= 2"), None),
    ("hence", align(r"x &= 3") + "Hence $x^2 = 9$.\n", None),
]

WRONG = [
    ("expand-w", align(r"(x-3)^2 &= x^2 - 6x - 9", r"&= x(x-6) - 9"), 1),
    ("frac-w", align(r"\frac{1}{x} + \frac{1}{y} &= \frac{x+y}{xy}", r"&= \frac{2}{x+y}"), 2),
    ("quad-w", align(r"x^2 + 2x - 8 &= 0", r"(x+4)(x-2) &= 0", r"x &= 4 \text{ or } x = -2"), 3),
    ("lost-root", align(r"x^3 &= 4x", r"x^2 &= 4", r"x &= 2 \text{ or } x = -2"), 2),
    ("ineq-w", align(r"-2x + 4 &> 10", r"-2x &> 6", r"x &> -3"), 3),
    ("imp-w", align(r"3x + 1 &= 7", r"\Rightarrow 3x &= 8", r"\Rightarrow x &= \frac83"), 2),
    ("deriv-w", "Let $f(x) = \\sin(x^2)$.\n" + align(r"f'(x) &= \cos(x^2)", r"f'(0) &= 1"), 1),
    ("int-w", align(r"\int \cos(2x) \, dx &= 2 \sin(2x) + C"), 1),
    ("int-parts-w", align(r"\int_0^1 x e^x \, dx &= \left[ x e^x \right]_0^1 - \int_0^1 e^x \, dx",
     r"&= e - (e - 1)", r"&= -1"), 3),
    ("sum-w", align(r"\sum_{k=1}^n k^2 &= \frac{n(n+1)(2n+1)}{6}", r"&= \frac{2n^3 + 3n^2 + 2n}{6}"), 2),
    ("sum-shift-w", align(r"\sum_{k=1}^{n} (k+1) &= \sum_{k=2}^{n+1} k", r"&= \frac{(n+1)(n+2)}{2}"), 2),
    ("geom-w", align(r"\sum_{k=1}^\infty p^k &= \frac{1}{1-p}"), 1),
    ("var-w", align(r"\operatorname{Var}(aX + b) &= a^2 \operatorname{Var}(X) + b"), 1),
    ("var-sum-w", align(r"\operatorname{Var}(X + Y) &= \mathbb{E}[(X+Y)^2] - (\mathbb{E}[X+Y])^2",
     r"&= \operatorname{Var}(X) + \operatorname{Var}(Y)"), 2),
    ("log-w", "Let $x, y > 0$.\n" + align(r"\log(x + y) &= \log x + \log y", r"&= \log(xy)"), 1),
    ("exp-w", align(r"e^{x} e^{y} &= e^{xy}"), 1),
    ("sq-w", align(r"\sqrt{x^2} &= x"), 1),
    ("lim-w", align(r"\lim_{x \to \infty} \frac{3x^2 + x}{x^2 - 1} &= \lim_{x\to\infty} \frac{3 + 1/x}{1 - 1/x^2}",
     r"&= 1"), 2),
    ("chain-ineq-w", align(r"(x+y)^2 &= x^2 + 2xy + y^2", r"&\ge x^2 + y^2"), 2),
    ("trig-w", align(r"\cos(2x) &= \cos^2 x - \sin^2 x", r"&= 1 + 2\sin^2 x"), 2),
    ("logistic-w", SIGMOID + align(r"\sigma'(t) &= \frac{-e^{-t}}{(1+e^{-t})^2}",
     r"&= -\sigma(t)(1 - \sigma(t))"), 1),
    ("case", "If $x \\ge 0$, then\n" + align(r"|x| &= x") + "If $x < 0$, then\n" + align(r"|x| &= x"), 2),
    ("bigO-w", align(r"3n^2 + 5n &\le 3n^2 + 5", r"&= 8n^2"), 1),
    ("subst", "Let $u = x^2$.\n" + align(r"x^4 - 5x^2 + 4 &= u^2 - 5u + 4", r"&= (u-1)(u-4)", r"&= (x^2-1)(x^2-4)",
     r"&= (x-1)(x+1)(x-2)(x+4)"), 4),
    ("follow", align(r"y &= 2x + 1", r"y^2 &= 4x^2 + 2x + 1"), 2),
    ("prob-w", align(r"1 - (1-p)^2 &= 2p + p^2"), 1),
    ("hence-w", align(r"2x &= 6") + "Hence $x = 4$.\n", 2),
]

#: Over :data:`deciding.LEARNING`.
LEARNING = [
    ("gauss-ll", LIKELIHOOD + align(r"\frac{d\ell}{d\mu} &= \sum_{i=1}^n \frac{x_i - \mu}{\sigma^2}",
     r"&= \frac{1}{\sigma^2}\left( \sum_{i=1}^n x_i - n\mu \right)"), None),
    ("gauss-ll-w", LIKELIHOOD + align(r"\frac{d\ell}{d\mu} &= \sum_{i=1}^n \frac{x_i - \mu}{\sigma^2}",
     r"&= \frac{1}{\sigma^2}\left( \sum_{i=1}^n x_i - \mu \right)"), 2),
    ("mle-mean", align(r"\sum_{i=1}^n (x_i - \mu) &= 0", r"\sum_{i=1}^n x_i - n\mu &= 0",
     r"\mu &= \frac1n \sum_{i=1}^n x_i"), None),
    ("mle-mean-w", align(r"\sum_{i=1}^n (x_i - \mu) &= 0", r"\sum_{i=1}^n x_i - \mu &= 0",
     r"\mu &= \sum_{i=1}^n x_i"), 2),
    ("bayes", align(r"p(z \mid x) &= \frac{p(x, z)}{p(x)}", r"&= \frac{p(x \mid z) p(z)}{p(x)}"), None),
    ("bayes-w", align(r"p(z \mid x) &= \frac{p(x, z)}{p(x)}", r"&= \frac{p(z \mid x) p(z)}{p(x)}"), 2),
    ("elbo", align(r"\log p(x) &= \mathbb{E}_{z \sim q(z|x)}\left[\log \frac{p(x,z)}{q(z|x)}\right]"
     r" + \mathrm{KL}(q(z|x) \| p(z|x))",
     r"&\ge \mathbb{E}_{z \sim q(z|x)}\left[\log \frac{p(x,z)}{q(z|x)}\right]"), None),
    ("elbo-w", align(r"\log p(x) &= \mathbb{E}_{z \sim q(z|x)}\left[\log \frac{p(x,z)}{q(z|x)}\right]"
     r" - \mathrm{KL}(q(z|x) \| p(z|x))",
     r"&\le \mathbb{E}_{z \sim q(z|x)}\left[\log \frac{p(x,z)}{q(z|x)}\right]"), 1),
    ("sigloss", LOSS + align(r"L'(z) &= -y(1-s(z)) + (1-y)s(z)", r"&= s(z) - y"), None),
    ("sigloss-w", LOSS + align(r"L'(z) &= -y(1-s(z)) + (1-y)s(z)", r"&= s(z) + y"), 2),
    ("sq-loss", "Let $L(w) = \\frac12 (y - wx)^2$.\n" + align(r"\frac{\partial L}{\partial w} &= (y - wx)\cdot(-x)",
     r"&= -x(y-wx)"), None),
    ("sq-loss-w", "Let $L(w) = \\frac12 (y - wx)^2$.\n" + align(r"\frac{\partial L}{\partial w} &= (y - wx)\cdot x",
     r"&= x(y-wx)"), 1),
    ("var-mean", align(r"\operatorname{Var}(X - Y) &= \operatorname{Var}(X) + \operatorname{Var}(Y)"
     r" - 2\operatorname{Cov}(X,Y)"), None),
    ("var-mean-w", align(r"\operatorname{Var}(X - Y) &= \operatorname{Var}(X) - \operatorname{Var}(Y)"), 1),
    ("jensen", align(r"(\mathbb{E}[X])^2 &\le \mathbb{E}[X^2]"), None),
    ("jensen-w", align(r"(\mathbb{E}[X])^2 &\ge \mathbb{E}[X^2]"), 1),
    ("softplus", align(r"\frac{d}{dt} \log(1 + e^t) &= \frac{e^t}{1+e^t}", r"&= \frac{1}{1+e^{-t}}"), None),
    ("logsum", align(r"\log \prod_{i=1}^n e^{x_i} &= \sum_{i=1}^n \log e^{x_i}", r"&= \sum_{i=1}^n x_i"), None),
    ("total-prob", align(r"p(x) &= \int p(x, z) \, dz", r"&= \int p(x\mid z) p(z) \, dz"), None),
    ("O", align(r"3n^2 + 5n &= O(n^2)"), None),
    ("O-w", align(r"n^2 \log n &= O(n^2)"), 1),
    ("prod", align(r"\prod_{k=1}^n \frac{k+1}{k} &= n + 1"), None),
    ("telescope", align(r"\sum_{k=1}^n \frac{1}{k(k+1)} &= \sum_{k=1}^n \left( \frac1k - \frac{1}{k+1} \right)",
     r"&= 1 - \frac{1}{n+1}", r"&= \frac{n}{n+1}"), None),
    ("telescope-w", align(r"\sum_{k=1}^n \frac{1}{k(k+1)} &= \sum_{k=1}^n \left( \frac1k - \frac{1}{k+1} \right)",
     r"&= 1 - \frac{1}{n}", r"&= \frac{n-1}{n}"), 2),
    ("taylor-lim", align(r"\lim_{t \to 0} \frac{e^t - 1 - t}{t^2} &= \lim_{t\to 0} \frac{e^t - 1}{2t}",
     r"&= \lim_{t \to 0} \frac{e^t}{2}", r"&= \frac12"), None),
    ("given-text", "Suppose that $y = 2x + 1$ and $x > 0$.\n" + align(r"y &> 1"), None),
    ("maximise", "Let $f(t) = t e^{-t}$.\n" + align(r"f'(t) &= e^{-t} - t e^{-t} = 0", r"\implies (1-t)e^{-t} &= 0",
     r"\implies t &= 1"), None),
    ("maximise-w", "Let $f(t) = t e^{-t}$.\n" + align(r"f'(t) &= e^{-t} + t e^{-t} = 0",
     r"\implies (1+t)e^{-t} &= 0", r"\implies t &= -1"), 1),
]

#: Documents that declare nothing.
UNDECLARED = [
    ("softmax-def", align(r"p_i &= \frac{e^{z_i}}{\sum_{j=1}^K e^{z_j}}", r"\sum_{i=1}^K p_i &= 1"), None),
    ("all-positive", "Let $x_1, \\dots, x_n > 0$.\n" + align(r"\sum_{i=1}^n x_i &> 0"), None),
    ("all-real-w", "Let $x_1, x_2, \\dots, x_n \\in \\mathbb R$.\n" + align(r"\sum_{i=1}^n x_i &\ge 0"), 1),
    ("log-product", align(r"\log \prod_{i=1}^n p_i &= \sum_{i=1}^n \log p_i"), None),
    ("eigen", align(r"A &= \begin{pmatrix} 2 & 1 \\ 1 & 2 \end{pmatrix}",
     r"A \begin{pmatrix} 1 \\ 1 \end{pmatrix} &= 3 \begin{pmatrix} 1 \\ 1 \end{pmatrix}"), None),
    ("eigen-w", align(r"A &= \begin{pmatrix} 2 & 1 \\ 1 & 2 \end{pmatrix}",
     r"A \begin{pmatrix} 1 \\ 1 \end{pmatrix} &= 2 \begin{pmatrix} 1 \\ 1 \end{pmatrix}"), 2),
    ("start", align(r"a_1 &= 1", r"a_1 + 1 &= 2"), None),
]
