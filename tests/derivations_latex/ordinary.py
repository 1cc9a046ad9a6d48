"""Ordinary lines of a course in Markdown: the notation block (maybe none), the sentence before the line, the line, and
its verdict, or the code with which it is refused.

False twins stand beside true lines: a construct that is read as something else shows in one of the two.
"""

from __future__ import annotations

X = "x, y, a, b, c: real"

#: What holds of an arrow: an assumed implication assumes neither of its sides.
ARROWS = [
    ("x: real\nf: function", "Assume that $x > 1 \\implies f(x) > 0$.", r"x > 1", "refuted"),
    ("x: real\nf: function", "Assume that $x > 1 \\implies f(x) > 0$.", r"f(x) > 0", "refuted"),
    ("x: real\nf: function", "Assume that $x > 1 \\iff f(x) > 0$. Let $x > 2$.", r"f(x) > 0", "proved"),
    ("x: real\nf: function", "Suppose $\\forall x > 0: f(x) = 1$.", r"f(2) = 1", "proved"),
    (X, "Note that $x^2 = 4 \\implies x = 2$.", r"x = x", "refuted"),
    (X, "Solve for x.", r"x^2 - 5x + 6 = 0 \iff x \in \{2, 3\}", "proved"),
    (X, "Solve for x.", r"x^2 - 5x + 6 = 0 \iff x \in \{2, 4\}", "refuted"),
    (X, "Solve.", r"x^2 = 4 \implies x = 2", "refuted"),
]

SETS = [
    ("", "", r"x^2 < 4 \iff x \in (-2, 2)", "proved"), ("", "", r"x \in (0, 1] \implies x < 1", "refuted"),
    ("", "", r"x \in [0, 1] \implies x^2 \le x", "proved"), (X, "", r"x \in [0, 1] \implies x^2 < x", "refuted"),
    ("", "", r"x \in \{-1, 1\} \iff x^2 = 1", "proved"), ("", "", r"x \in (0, \infty) \implies x > 0", "proved"),
    (X, "", r"x \notin (0, 1) \implies x \le 0 \text{ or } x \ge 1", "proved"),
    (X, "", r"x \notin (0, 1) \implies x < 0 \text{ or } x \ge 1", "refuted"),
    (X, "", r"x^2 \ge 1 \iff x \in \mathbb R \setminus (-1, 1)", "proved"),
    (X, "", r"x \in \mathbb R \setminus \{0\} \implies x^2 > 0", "proved"),
    ("", "Let $x \\in (-1, 1) \\cup \\{3\\}$.", r"x < 4", "proved"),
    ("", "Let $x \\in (-1, 1) \\cup \\{3\\}$.", r"x < 2", "refuted"),
]

#: Declared words have an effect, or are refused: then what rests on the name is not judged.
WORDS = [
    ("X, Y: random, independent", "", r"\mathrm{Var}(X + Y) = \mathrm{Var}(X) + \mathrm{Var}(Y)", "proved"),
    ("X, Y: random, independent", "", r"\mathrm{Var}(X - Y) = \mathrm{Var}(X) - \mathrm{Var}(Y)", "refuted"),
    ("X, Y: random", "", r"\mathrm{Var}(X + Y) = \mathrm{Var}(X) + \mathrm{Var}(Y)", "refuted"),
    ("x, y: random, independent\np: density", "", r"p(x \mid y) = p(x)", "proved"),
    ("X: random, independent", "", r"\mathbb E[X] = 0", "sentence-unread"),
    ("X_i: random, independent\nn: size", "", r"\mathbb E[\sum_{i=1}^n X_i] = n \mathbb E[X_1]", "proved"),
    ("x: bounded real", "", r"x \le 7", "sentence-unread"), ("x: strictly positive real", "", r"x > 0", "proved"),
    ("y: orthogonal vector n", "", r"\|y\| = 1", "sentence-unread"),
    ("x_i: natural\nn: size", "", r"x_1 \ge 0", "proved"), ("x_i: natural\nn: size", "", r"x_1 \ge 1", "refuted"),
    ("a: natural sequence\nt: natural", "", r"a_t \ge 0", "proved"), ("a: sequence\nt: natural", "", r"a_t \ge 0", "refuted"),
    ("p: continuous density\nx: random", "", r"\sum_x p(x) = 1", "measure"),
    ("X: random natural", "", r"\mathbb E[X] = 1", "refuted"),
]

#: Derivatives of what no formula ties to the variable, values at a point.
SLOPES = [
    ("n: size\ns, z: vector n\ni, j: index 1..n", "", r"\frac{\partial s_i}{\partial z_j} = 0", "unrelated"),
    ("x, y, w, h: real", "", r"\frac{\partial}{\partial w} (h - y)^2 = 2(h - y)x", "unrelated"),
    (X, "", r"\frac{\partial}{\partial x} y^2 = 0", "proved"),
    (X, "", r"\frac{\partial}{\partial x}(x^2 + y^2) = 2x + \frac{\partial}{\partial x} y^2", "proved"),
    ("", "", r"\frac{d}{dx} \left.\left(x^2\right)\right|_{x=3} = 6", "proved"),
    ("", "", r"\frac{d}{dx} x^2 \Big|_{x=3} = 6", "proved"), ("", "", r"\frac{d}{dx} x^2 \Big|_{x=3} = 9", "refuted"),
    ("", "", r"x^2 y \bigg|_{x=0}^{x=1} = y", "proved"), ("", "", r"x^2 y \big|_{x=0}^{y=1} = y", "bar"),
    ("", "", r"x e^x \Big|_0^1 = e", "proved"), ("", "", r"x e^x \Big|_0^1 = 1", "refuted"),
    ("", "", r"x^2 + x \big|_{x=1} = 2", "bar"), ("", "", r"f(x) = x f'(x) \big|_{x=0}", "bar"),
    ("", "", r"-\cos x \Big|_0^{\pi} = 2", "proved"),
    # a bracket that has no other use holds all that is derived
    ("", "", r"\frac{d}{dx}\left(x^2\right) \cdot e^{-3x} = 2x e^{-3x}", "proved"),
    ("", "", r"\frac{d}{dx}\left[x + 1\right] \cdot e^{-3x} = e^{-3x}", "proved"),
    ("", "", r"\frac{d}{dx}(x^2) \sin x + x^2 \frac{d}{dx}(\sin x) = 2x \sin x + x^2 \cos x", "proved"),
    ("", "", r"\frac{d}{dx}(x + 1) \cdot e^x + (x + 1) \cdot \frac{d}{dx}(e^x) = (x + 2) e^x", "proved"),
    ("", "", r"\frac{d}{dx}(x + 1) \cdot e^x = (x + 2) e^x", "derivative-reach"),
    ("", "", r"\frac{d}{dx}(x^2)(x + 1) = 2x(x + 1)", "derivative-reach"),
    # [F]_a^b with several names: the variable of the integral
    ("", "", r"\int_0^1 2xy \, dx = \left[x^2 y\right]_0^1 = y", "proved"), ("", "", r"\left[x^2 y\right]_0^1 = y", "bar"),
    ("", "", r"\int_0^1 \int_0^x xy \, dy \, dx = \int_0^1 \left[\frac{x y^2}{2}\right]_0^x \, dx = \frac18", "proved"),
    ("", "", r"\left[-\frac12 e^{-2x}\right]_0^\infty = \frac12", "proved"),
]

EVENTS = [
    ("A, B: event", "", r"P(A \cup B) = P(A) + P(B) - P(A \cap B)", "proved"),
    ("A, B: event", "", r"P(A \cup B) = P(A) + P(B)", "refuted"),
    ("", "", r"P(A \mid B) = \frac{P(B \mid A) P(A)}{P(B)}", "proved"),
    ("", "", r"P(A \mid B) = \frac{P(B \mid A) P(B)}{P(A)}", "refuted"),
    ("", "", r"P(A \mid B) = \frac{P(B \mid A) P(A)}{P(B \mid A) P(A) + P(B \mid A^c) P(A^c)}", "proved"),
    ("", "", r"P(B) = P(B \mid A) P(A^c) + P(B \mid A^c) P(A)", "refuted"),
    ("", "", r"P(A^c) = 1 - P(A)", "proved"), ("", "", r"\Pr(\bar A) = \Pr(A)", "refuted"),
    ("", "", r"\Pr(A^c \mid B) = 1 - \Pr(A \mid B)", "proved"), ("", "", r"P(A \mid B^c) = 1 - P(A \mid B)", "refuted"),
    ("", "", r"P(A \setminus B) = P(A) - P(A \cap B)", "proved"), ("", "", r"P(A \cup B \cap C) \le 1", "and-or"),
    ("", "", r"P(AB) = P(A) P(B)", "unexpected"), ("", "", r"P(A \setminus B \cap C) = P(A)", "and-or"),
    ("", "", r"P(A \cup (B \cap C)) = P(A \cup B) P(A \cup C)", "refuted"),
    ("A, B: event, independent", "", r"P(A \mid B) = P(A)", "proved"),
    ("", "Let $A$ and $B$ be independent events.", r"P(A \cup B) = P(A) + P(B)", "refuted"),
    ("", "Let $A$ and $B$ be disjoint events.", r"P(A \cup B) = P(A) + P(B)", "proved"),
    ("", "Let $P(A) = \\frac13$.", r"P(A^c) = \frac23", "proved"), ("", "Let $P(A) = \\frac13$.", r"P(A^c) = \frac13", "refuted"),
    ("", "", r"\mathbb E[\mathbb 1_{A^c}] = 1 - P(A)", "proved"), ("", "", r"\mathbf 1_{A \cup B} = \mathbf 1_A + \mathbf 1_B", "refuted"),
    ("", "", r"\mathbf 1_A(x) = 1", "indicator"),
    ("X, Y: random, independent", "", r"\Pr(X \le 1, Y \le 1) = \Pr(X \le 1) \Pr(Y \le 1)", "proved"),
    ("X, Y: random", "", r"\Pr(X \le 1, Y \le 1) = \Pr(X \le 1) \Pr(Y \le 1)", "refuted"),
]

SAMPLE = "Let $X_1, \\dots, X_n \\overset{iid}{\\sim} \\mathcal N(\\mu, \\sigma^2)$ and $\\bar X = \\frac1n \\sum_{i=1}^n X_i$."
LAWS = [
    ("\\mu: real\n\\sigma: real > 0", "", r"X \sim \mathcal N(\mu, \sigma^2) \implies \mathbb E[X^2] = \mu^2 + \sigma^2", "proved"),
    ("\\mu: real\n\\sigma: real > 0", "", r"X \sim \mathcal N(\mu, \sigma^2) \implies \mathbb E[X^2] = \mu^2", "refuted"),
    ("", "", r"X \sim \mathcal N(0, 1) \implies -X \sim \mathcal N(0, 1)", "no-meaning"),
    ("", SAMPLE, r"\operatorname{Var}(\bar X) = \frac{\sigma^2}{n}", "proved"),
    ("", SAMPLE, r"\operatorname{Var}(\bar X) = \sigma^2", "refuted"),
    ("", "Let $X_1, \\dots, X_n \\sim \\mathcal N(\\mu, \\sigma^2)$.", r"\operatorname{Var}(\sum_{i=1}^n X_i) = n \sigma^2", "meaning-unread"),
    ("", "Let $X \\sim \\mathcal N(0, 1)$.", r"\mathbb E[X] = 0, \quad \mathbb E[X^2] = 2", "refuted"),     # no system to solve
    ("", "Let $X \\sim \\mathcal N(0, 1)$.", r"\mathbb E[X] = 0, \quad \mathbb E[X^2] = 1", "proved"),
    ("X: random\nZ := X - \\mathbb E[X]", "", r"\mathbb E[Z^2] = \operatorname{Var}(X)", "proved"),
    ("X: random\nZ := X - \\mathbb E[X]", "", r"\mathbb E[Z^2] = \mathbb E[X^2]", "refuted"),
    ("", "", r"D_{KL}(q \| p) \ge 0", "proved"), ("", "", r"D_{KL}(q \| p) = D_{KL}(p \| q)", "refuted"),
    ("p, q: density", "", r"H(p, q) = H(p) + D_{KL}(p \| q)", "proved"),
    ("", "", r"H(p, q) = H(q) + D_{KL}(p \| q)", "refuted"),
    ("p, q: density\nx, z: random", "", r"\mathrm{KL}(q \,\|\, p) = \mathbb E_{x \sim q}[\log \frac{q(x)}{p(x)}]", "proved"),
    ("p, q: density\nx, z: random", "", r"\mathrm{KL}(q \,\|\, p) = \mathbb E_{x \sim p}[\log \frac{q(x)}{p(x)}]", "refuted"),
    ("p, q: density\nx, z: random", "", r"\mathrm{KL}(q \| p) = \mathbb E_{z \sim q(z \mid x)}[\log q(z \mid x)]", "which-law"),
]

#: Names that the text introduces, and names that are bound.
NAMES = [
    ("x_i: real\nn: size\n\\mu: real", "Let $\\bar x = \\frac1n \\sum_{i=1}^n x_i$.",
     r"\sum_{i=1}^n (x_i - \mu)^2 = \sum_{i=1}^n (x_i - \bar x)^2 + n (\bar x - \mu)^2", "proved"),
    ("x_i: real\nn: size", "Let $\\bar x = \\frac1n \\sum_{i=1}^n x_i$.", r"\sum_{i=1}^n (x_i - \bar x) = 1", "refuted"),
    ("z: vector K", "Let $s_i = \\frac{e^{z_i}}{\\sum_{k=1}^K e^{z_k}}$.", r"\sum_{i=1}^K s_i = 1", "proved"),
    ("x: real", "", r"\bar x + 1 = x", "undeclared"),
    ("", "", r"p(\theta \mid x) = \frac{p(x \mid \theta) p(\theta)}{\int p(x \mid \theta') p(\theta') \, d\theta'}", "proved"),
    ("", "", r"p(\theta \mid x) = \frac{p(x \mid \theta) p(\theta)}{\int p(x \mid \theta') \, d\theta'}", "refuted"),
    ("", "", r"\sum_{k'=1}^n k' = \frac{n(n+1)}{2}", "proved"), ("", "", r"p(\theta) = \int p(\theta) p(\theta') \, d\theta'", "no-meaning"),
    ("", "", r"\operatorname*{arg\,min}_{x \in \mathbb{R}} (x - a)^2 = a", "proved"),
    ("", "", r"\operatorname*{arg\,min}_{x \in \mathbb{R}} (x - a)^2 = 2a", "refuted"),
    ("", "Let $X \\sim \\mathrm{Exp}(\\lambda)$ and $s, t > 0$.", r"P(X > s + t \mid X > s) = e^{-\lambda t}", "proved"),
    ("", "Let $X \\sim \\mathrm{Exp}(\\lambda)$ and $s, t > 0$.", r"P(X > s + t \mid X > s) = e^{-\lambda s}", "refuted"),
]

#: Orders at 0.
EXPANSIONS = [
    ("", "", r"\log(1+x) = x - \frac{x^2}{2} + O(x^3) \quad \text{as } x \to 0", "proved"),
    ("", "", r"\sin x = x - \frac{x^3}{6} + O(x^5)", "proved"), ("", "", r"\sin x = x - \frac{x^3}{3} + O(x^5)", "refuted"),
    ("", "", r"e^{h} = 1 + h + \mathcal{O}(h^2), \quad h \to 0", "proved"), ("", "", r"e^{t} = 1 + t + O(t^2)", "proved"),
    ("", "", r"e^{t} = 1 + t + O(t^3)", "refuted"), ("", "", r"\sqrt{x} = O(x), \quad x \to 0", "no-meaning"),
    ("", "", r"e^{1/h} = 1 + O(h)", "no-meaning"), ("", "", r"x^2 + 3x = O(x^2)", "no-meaning"),
    ("", "", r"n = 1 + O(n)", "proved"), ("", "", r"x^2 = 1 + x, \quad x \to 0", "regime"),
]

#: Recurrences hold at every argument.
RECURRENCES = [
    ("T: function\nn: real", "Assume that $T(n) = 2T(n/2) + n$ for all $n$.", r"T(n) = 4T(n/4) + 2n", "proved"),
    ("", "", r"T(n) = 2T(n/2) + n = 2(2T(n/4) + n/2) + n = 4T(n/4) + 2n", "proved"),
    ("", "Let $T(1) = 1$ and $T(n) = 2T(n/2) + n$.", r"T(4) = 12", "proved"),
    ("", "Let $T(1) = 1$ and $T(n) = 2T(n/2) + n$.", r"T(2) = 5", "refuted"),
    ("", "Let $T(1) = 1$ and $T(n) = 2T(n/2) + n$.", r"T(n) = n \log_2 n + n", "recurrence"),
    ("", "Let $T(n) = T(n-1) + n$ with $T(0) = 0$.", r"T(n) = T(n-2) + (n-1) + n", "proved"),
]

#: Laws in words.
WORDED = [
    ("", "Let $X$ be exponentially distributed with rate $\\lambda$ and $t > 0$.", r"P(X > t) = e^{-\lambda t}", "proved"),
    ("", "Let $X$ be exponentially distributed with rate $\\lambda$.", r"\mathbb{E}[X] = \lambda", "refuted"),
    ("", "Let $X$ be an exponential random variable with mean $\\mu$.", r"\mathbb{E}[X] = \mu", "proved"),
    ("", "Let $X$ be exponential with parameter $\\lambda$.", r"\mathbb{E}[X] = \frac{1}{\lambda}", "law"),
    ("", "Let $X$ be uniformly distributed over the interval $(a,b)$.", r"\mathbb{E}[X] = \frac{a+b}{2}", "proved"),
    ("", "Let $X$ be uniform on $\\{1, \\dots, n\\}$.", r"\mathbb{E}[X] = \frac{n+1}{2}", "law"),
    ("", "Let $X$ and $Y$ be independent standard normal random variables.", r"\operatorname{Var}(X+Y) = 2", "proved"),
    ("", "Let $X$ and $Y$ be standard normal random variables.", r"\operatorname{Var}(X+Y) = 2", "law"),
    ("", "Let $X$ be standard normal given $Y = y$.", r"\mathbb{E}[X] = 0", "law"),
    ("", "$X$ does not follow a Poisson distribution with rate $\\lambda$.", r"\operatorname{Var}(X) = \lambda", "law"),
]

PROPORTIONAL = [
    ("", "", r"p(\theta \mid x) \propto p(x \mid \theta) p(\theta)", "proved"),
    ("", "", r"p(\theta \mid x) \propto p(x \mid \theta)", "refuted"),
    ("", "", r"p(\theta \mid x) = \frac{p(x \mid \theta) p(\theta)}{p(x)} \propto p(x \mid \theta) p(\theta) = p(x, \theta)", "proved"),
    ("", "", r"p(x) p(\theta) \propto p(x)", "no-meaning"),
]

#: What words say of one name, and of several.
SAID = [
    ("", "Let $x$, $y$ and $z$ be positive.", r"x + y + z > 0", "proved"),
    ("", "Suppose that $x$ and $y$ are nonnegative.", r"x + y > 0", "refuted"),
    ("", "Let $x \\in \\mathbb{R}$ and $y$ be positive.", r"x + y > 0", "refuted"),
    ("", "Let $x$ be real and $y$ be positive.", r"y > 0", "proved"),
    ("", "Let $n$ be an integer and $y$ positive.", r"y > 0", "proved"),
    ("", "Let $f$ be even and $n$ and $m$ be odd.", r"(-1)^n = -1", "proved"),
    ("", "Let $X$ be a nonnegative random variable and $a > 0$.", r"P(X \ge a) \le \frac{\mathbb{E}[X]}{a}", "proved"),
    ("", "Let $X_1, \\dots, X_n$ be positive random variables.", r"\mathbb{E}[X_1] > 0", "sentence-unread"),
]

#: Matrices of which only a property is said.
SQUARE = [
    ("", "Let $A$ be symmetric.", r"A^\top A = A^2", "proved"), ("", "Let $A$ be symmetric.", r"A^\top = -A", "refuted"),
    ("", "Let $A$ be symmetric.", r"\det(2A) = n \det(A)", "size"),
    ("", "Let $Q$ be an orthogonal matrix and $x \\in \\mathbb{R}^d$.", r"\|Qx\|_2 = \|x\|_2", "proved"),
    ("", "Let $A$ be symmetric and $x \\in \\mathbb{R}^n$.", r"\nabla_x (x^\top A x) = 2Ax", "proved"),
]

#: Equations of sets.
EQUAL_SETS = [
    ("", "", r"\{x \in \mathbb{R} : x^2 = 1\} = \{-1, 1\}", "proved"), ("", "", r"\{x : x^2 < 1\} = (-1, 1)", "proved"),
    ("", "", r"\{x : x^2 < 1\} = (0, 1)", "refuted"), ("", "", r"\{x : x > a\} = \{x, 1\}", "set"),
    ("", "", r"\{(x, y) : x + y = 1\} = \{(0, 1)\}", "no-meaning"), ("", "", r"\{x : x^2 < -1\} = \emptyset", "proved"),
    ("", "", r"1 \in \operatorname*{arg\,min}_x (x^2 - 1)^2", "proved"),
    ("", "", r"2 \in \arg\min_x (x - 1)^2", "refuted"),
]

ROWS = [*EQUAL_SETS, *SQUARE, *SAID, *PROPORTIONAL, *WORDED, *RECURRENCES, *EXPANSIONS, *NAMES, *EVENTS, *LAWS, *ARROWS, *SETS, *WORDS, *SLOPES]
