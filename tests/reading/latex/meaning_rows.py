"""Lines of LaTeX with the kernel's term that each must become, and lines that must be refused with the code.

The terms were written down from the mathematics and compared by eye with what the reader makes: heads stand where the
source has them, and nothing is evaluated.
"""

NOTATIONS = {
    "points": r"""
n: size
w, \hat w: vector n
x, y, a: real
L(w) := w^\top w
g(x) := x^2
f: function
q := \operatorname{softmax}(w)
i, j: index 1..n
""",
    "samples": r"""
n, d: size
i, j: index 1..n
x, y: vector n
T_i: random ~ N(\mu, \sigma^2)
\mu, t: real
\sigma: real > 0
B_i: random ~ Bernoulli(q)
q: real, 0 < q < 1
h: convex function
g: even function
f: convex function of x
\log: base 2
""",
    "scalars": r"""
x, y, a, b, c, t: real
p: real > 0
n, k, m: integer >= 1
z, \bar z: complex
f, g: function
h: function of 2 variables
\sigma: sigmoid
s := 1/(1+e^{-x})
F(x) := x^2
u: sequence
i: imaginary
""",
    "matrices": r"""
n, m, d: integer >= 1
x, y: vector n
w, v: vector d
X: matrix n x d
A, B: matrix n x n
S: positive definite matrix n x n
Q: orthogonal matrix d x d
P: symmetric matrix n x n
W: matrix d x n
i, j: index 1..n
k, l: index 1..d
\lambda, t: real
f: function of x
\phi: function
z_i: real
r_i: vector d
L: real > 0
\alpha_i := \frac{e^{z_i}}{\sum_{j=1}^n e^{z_j}}
H := X (X^\top X)^{-1} X^\top
""",
    "chance": r"""
x, y, z: random
X, Y, Z: random
D: random discrete
p, q, r: density
f: function
a: real > 0
b: real, 0 < b < 1
\theta, \mu, \nu: real
\sigma, \tau, \lambda: real > 0
n, k: integer >= 1
i, j: index 1..n
T_i: random
G: random ~ N(\mu, \sigma^2)
B: random ~ Bernoulli(b)
K: random ~ Poisson(\lambda)
w: vector n
A: matrix n x n
S: positive definite matrix n x n
V: random ~ N(w, S)
""",
}

READ: dict[str, list[tuple[str, str]]] = {
    "points": [
        (r"\frac{\partial}{\partial x}y^2=0", "diff(x over x: y^2) = 0"),
        (r"\frac{d}{dx}5=0", "diff(x over x: 5) = 0"),
        (r"\frac{dg}{dx}=2x", "diff(x over x: x^2) = 2*x"),
        (r"\frac{df}{dx}=1", "diff(x over x: f[x]) = 1"),
        (r"q_i>0", "q(i) > 0"),
    ],
    "samples": [
        (r"\operatorname{Var}(B_1)=q(1-q)",
         "expect(B over tuple(law of B): (B[1] - expect(B over tuple(law of B): B[1]))^2) = q*(1 - q)"),
        (r"\log 8=3", "log(8)/log(2) = 3"), (r"\ln 8=\log 8", "log(8) = log(8)/log(2)"),
        (r"h(t)\ge0", "h[t] >= 0"), (r"g(-t)=g(t)", "g[-t] = g[t]"),
        (r"f(y)\ge f(x)", "f[y] >= f[x]"),
    ],
    "scalars": [
        (r"\frac{x}{x}=1", r"x/x = 1"),
        (r"0 \cdot f(x)=0", r"0*f[x] = 0"),
        (r"x-x=0", r"x - x = 0"),
        (r"2^3=8", r"2^3 = 8"),
        (r"x^0=1", r"x^0 = 1"),
        (r"x^{-1}=\frac1x", r"1/x = 1/x"),
        (r"x^{1/2}=\sqrt{x}", r"sqrt(x) = sqrt(x)"),
        (r"\exp(\log p)=p", r"exp(log(p)) = p"),
        (r"e^{\ln p}=p", r"exp(log(p)) = p"),
        (r"\log_2 8=3", r"log(8)/log(2) = 3"),
        (r"|x+y|\le|x|+|y|", r"abs(x + y) <= abs(x) + abs(y)"),
        (r"\max(x,x)=x", r"max(x, x) = x"),
        (r"\min\{x,y\}\le x", r"min(x, y) <= x"),
        (r"\lfloor x\rfloor\le x", r"floor(x) <= x"),
        (r"\lceil x\rceil\ge x", r"ceiling(x) >= x"),
        (r"\binom{n}{k}=\frac{n!}{k!(n-k)!}", r"binomial(n, k) = factorial(n)/(factorial(k)*factorial(n - k))"),
        (r"\sum_{k=1}^{n}k=\frac{n(n+1)}{2}", r"sum(k over 1, n: k) = (n*(n + 1))/2"),
        (r"\sum_{k=1}^{n}\frac{1}{k(k+1)}=\frac{n}{n+1}", r"sum(k over 1, n: 1/(k*(k + 1))) = n/(n + 1)"),
        (r"\prod_{k=1}^{n}k=n!", r"prod(k over 1, n: k) = factorial(n)"),
        (r"\sum_{k=5}^{1}k=0", r"sum(k over 5, 1: k) = 0"),
        (r"\sum_{k=0}^\infty\frac{1}{2^k}=2", r"sum(k over 0, oo: 1/2^k) = 2"),
        (r"\sum_{k\in\{1,2,3\}}k=6", r"1 + 2 + 3 = 6"),
        (r"\frac{d}{dx}x^2=2x", r"diff(x over x: x^2) = 2*x"),
        (r"\frac{d^2}{dx^2}x^3=6x", r"diff(x over x: diff(x over x: x^3)) = 6*x"),
        (r"\frac{d}{dx}f(g(x))=f'(g(x))g'(x)", r"diff(x over x: f[g[x]]) = diff(y over g[x]: f[y])*diff(y over x: g[y])"),
        (r"f''(x)=\frac{d^2f(x)}{dx^2}", r"diff(y over x: diff(y over y: f[y])) = diff(x over x: diff(x over x: f[x]))"),
        (r"\frac{ds}{dx}=s(1-s)", r"diff(x over x: s(x)) = s(x)*(1 - s(x))"),
        (r"\sigma'(x)=\sigma(x)(1-\sigma(x))", r"diff(slope over x: 1/(exp(-slope) + 1)) = (1 - (1/(exp(-x) + 1)))/(exp(-x) + 1)"),
        (r"F'(a)=2a", r"diff(x over a: x^2) = 2*a"),
        (r"F(x+y)=x^2+2xy+y^2", r"(x + y)^2 = x^2 + 2*x*y + y^2"),
        (r"\left.\frac{d}{dx}x^2\right|_{x=3}=6", r"diff(x over 3: x^2) = 6"),
        (r"\int_0^1x^2\,dx=\frac13", r"integral(x over 0, 1: x^2) = 1/3"),
        (r"\int_{-\infty}^{\infty}e^{-x^2}\,dx=\sqrt\pi", r"integral(x over -oo, oo: exp(-x^2)) = sqrt(pi)"),
        (r"\int_0^x\cos t\,dt=\sin x", r"integral(t over 0, x: cos(t)) = sin(x)"),
        (r"\int_0^1\int_0^y xy\,dx\,dy=\frac18", r"integral(y over 0, 1: integral(x over 0, y: x*y)) = 1/8"),
        (r"\int\cos x\,dx=\sin x+c", r"cos(x) = diff(x over x: sin(x) + c)"),
        (r"\int 2x\,dx=2\int x\,dx", r"2*x = 2*x"),
        (r"\lim_{x\to0}\frac{\sin x}{x}=1", r"limit(x over 0, two-sided: sin(x)/x) = 1"),
        (r"\lim_{x\to0^+}\frac{|x|}{x}=1", r"limit(x over 0, from-above: abs(x)/x) = 1"),
        (r"\lim_{n\to\infty}\frac1n=0", r"limit(n over oo, two-sided: 1/n) = 0"),
        (r"n^2+n=O(n^2)", r"big-o(n: n^2 + n; n^2)"),
        (r"n\log n=o(n^2)", r"little-o(n: n*log(n); n^2)"),
        (r"n^2+3n=n^2+O(n)", r"big-o(n: n^2 + 3*n - n^2; n)"),
        (r"\frac{n(n-1)}{2}=\Theta(n^2)", r"big-theta(n: (n*(n - 1))/2; n^2)"),
        (r"n^2+n\sim n^2", r"similar(n: n^2 + n; n^2)"),
        (r"x^2=4\iff x=2\vee x=-2", r"(x^2 = 4) iff ((x = 2) or (x = -2))"),
        (r"x>1\implies x^2>1", r"(x > 1) implies (x^2 > 1)"),
        (r"\forall x\in\mathbb{R}:x^2\ge0", r"forall(x: x^2 >= 0)"),
        (r"\exists y\in\mathbb{R}:y^2=p", r"exists(y: y^2 = p)"),
        (r"\forall x>0:x+\frac1x\ge2", r"forall(x: x > 0; x + 1/x >= 2)"),
        (r"0<\frac{1}{1+p}<1", r"(0 < 1/(1 + p)) and (1/(1 + p) < 1)"),
        (r"x\in(0,1)\implies x^2<x", r"((0 < x) and (x < 1)) implies (x^2 < x)"),
        (r"x\in\{-1,1\}\iff x^2=1", r"((x = -1) or (x = 1)) iff (x^2 = 1)"),
        (r"k\in\mathbb{Z}", r"k in integers"),
        (r"\neg(x<y)\iff x\ge y", r"not(x < y) iff (x >= y)"),
        (r"\arg\min_x(x-a)^2=a", r"forall(x: x != a; (a - a)^2 < (x - a)^2)"),
        (r"\min_x\{x^2+1\}=1", r"forall(x: 1 <= x^2 + 1) and exists(x: x^2 + 1 = 1)"),
        (r"\max_{x\in[0,1]}x(1-x)=\frac14", r"forall(x: (0 <= x) and (x <= 1); x*(1 - x) <= 1/4) and exists(x: (0 <= x) and (x <= 1); x*(1 - x) = 1/4)"),
        (r"u_{n+1}=2u_n", r"u[n + 1] = 2*u[n]"),
        (r"u_0=1", r"u[0] = 1"),
        (r"z\bar z=|z|^2", r"z*z̄ = abs(z)^2"),
        (r"\operatorname{Re}(z)\le|z|", r"re(z) <= abs(z)"),
        (r"z^2=-1", r"z^2 = -1"),
        (r"h(x,y)=h(y,x)", r"h[x, y] = h[y, x]"),
        (r"\Gamma(n)=(n-1)!", r"gamma(n) = factorial(n - 1)"),
        (r"\cos^2 x+\sin^2 x=1", r"cos(x)^2 + sin(x)^2 = 1"),
        (r"\arctan x+\arctan\frac1x=\frac{\pi}{2}", r"atan(x) + atan(1/x) = pi/2"),
        (r"a^xa^y=a^{x+y}", r"a^x*a^y = a^(x + y)"),
        (r"f(x)=\begin{cases}x&x>0\\0&\text{otherwise}\end{cases}", r"f[x] = cases(x, x > 0, 0, true)"),
        (r"n\bmod 2=0", r"mod(n, 2) = 0"),
        (r"\int x^2 dx=1", r"x^2 = diff(x over x: 1)"),
        (r"x^{n+1}=x\cdot x^n", r"x^(n + 1) = x*x^n"),
        (r"e^{i\pi}=-1", r"exp(i*pi) = -1"),
        (r"n! = n\cdot(n-1)!", r"factorial(n) = n*factorial(n - 1)"),
    ],
    "matrices": [
        (r"\sum_{i=1}^n x_i = \sum_{j=1}^n x_j", r"sum(i: x[i]) = sum(j: x[j])"),
        (r"\sum_{i=1}^n z_i^2 \ge 0", r"sum(i: z[i]^2) >= 0"),
        (r"\sum_{i=1}^{n-1}(z_{i+1}-z_i)=z_n-z_1", r"sum(i: i <= n - 1; z[i + 1] - z[i]) = z[n] - z[1]"),
        (r"\sum_{i=2}^n(z_i-z_{i-1})=z_n-z_1", r"sum(i: i >= 2; z[i] - z[i - 1]) = z[n] - z[1]"),
        (r"\sum_{j\ne i}x_j=\sum_j x_j-x_i", r"sum(j: j != i; x[j]) = sum(j: x[j]) - x[i]"),
        (r"\sum_{i,j}x_ix_j=(\sum_ix_i)^2", r"sum(i, j: x[i]*x[j]) = sum(i: x[i])^2"),
        (r"\sum_{i<j}x_ix_j = \frac12\left(\left(\sum_i x_i\right)^2-\sum_i x_i^2\right)", r"sum(i, j: i < j; x[i]*x[j]) = (sum(i: x[i])^2 - sum(i: x[i]^2))/2"),
        (r"x^\top y=\sum_{i=1}^n x_iy_i", r"matmul(transpose(x), y) = sum(i: x[i]*y[i])"),
        (r"x^\top A x=\sum_{i=1}^n\sum_{j=1}^n A_{ij}x_ix_j", r"matmul(transpose(x), A, x) = sum(i: sum(j: A[i, j]*x[i]*x[j]))"),
        (r"\|x\|^2=x^\top x", r"sqrt(sum(r: x[r]*x[r]))^2 = matmul(transpose(x), x)"),
        (r"\|x\|_2^2=\sum_{i=1}^n x_i^2", r"sqrt(sum(r: x[r]*x[r]))^2 = sum(i: x[i]^2)"),
        (r"\|x\|_1=\sum_i|x_i|", r"sum(r: abs(x[r])) = sum(i: abs(x[i]))"),
        (r"\|X\|_F^2=\operatorname{tr}(X^\top X)", r"sqrt(trace(matmul(transpose(X), X)))^2 = trace(matmul(transpose(X), X))"),
        (r"(AB)^\top=B^\top A^\top", r"mat=(transpose(matmul(A, B)), matmul(transpose(B), transpose(A)))"),
        (r"(AB)_{ij}=\sum_{k=1}^n A_{ik}B_{kj}", r"matmul(A, B)[i, j] = sum(k: A[i, k]*B[k, j])"),
        (r"(AB)^{-1}=B^{-1}A^{-1}", r"mat=(inverse(matmul(A, B)), matmul(inverse(B), inverse(A)))"),
        (r"AB=BA", r"mat=(matmul(A, B), matmul(B, A))"),
        (r"\operatorname{tr}(AB)=\operatorname{tr}(BA)", r"trace(matmul(A, B)) = trace(matmul(B, A))"),
        (r"\det(AB)=\det A\det B", r"det(matmul(A, B)) = det(A)*det(B)"),
        (r"|AB|=|A||B|", r"det(matmul(A, B)) = det(A)*det(B)"),
        (r"\log\det S=\log|S|", r"log(det(S)) = log(det(S))"),
        (r"X^\top X+\lambda I\succ0", r"pd(matadd(matmul(transpose(X), X), scale(lambda, identity(d))))"),
        (r"(X^\top X+\lambda I)^{-1}X^\top=X^\top(XX^\top+\lambda I)^{-1}", r"mat=(matmul(inverse(matadd(matmul(transpose(X), X), scale(lambda, identity(d)))), transpose(X)), matmul(transpose(X), inverse(matadd(matmul(X, transpose(X)), scale(lambda, identity(n))))))"),
        (r"H^2=H", r"mat=(matpow(H, 2), H)"),
        (r"H^\top = H", r"mat=(transpose(H), H)"),
        (r"Q^\top Q=I", r"mat=(matmul(transpose(Q), Q), identity(d))"),
        (r"\|Qw\|=\|w\|", r"sqrt(matmul(transpose(matmul(Q, w)), Q, w)) = sqrt(sum(r: w[r]*w[r]))"),
        (r"\nabla_w\|y-Xw\|_2^2=2X^\top(Xw-y)", r"mat=(lambda(r: partial(w over w, tuple(r): sqrt(matmul(transpose(matadd(y, scale(-1, matmul(X, w)))), matadd(y, scale(-1, matmul(X, w)))))^2)), scale(2, matmul(transpose(X), matadd(matmul(X, w), scale(-1, y)))))"),
        (r"\frac{\partial}{\partial x_j}\sum_{i=1}^n x_i^2=2x_j", r"partial(x over x, tuple(j): sum(i: x[i]^2)) = 2*x[j]"),
        (r"\frac{\partial\|x\|^2}{\partial x_i}=2x_i", r"partial(x over x, tuple(i): sqrt(sum(r: x[r]*x[r]))^2) = 2*x[i]"),
        (r"\nabla^2_w\|y-Xw\|^2=2X^\top X", r"mat=(lambda(r, r_1: partial(w over w, tuple(r_1): partial(w over w, tuple(r): sqrt(matmul(transpose(matadd(y, scale(-1, matmul(X, w)))), matadd(y, scale(-1, matmul(X, w)))))^2))), scale(2, matmul(transpose(X), X)))"),
        (r"\nabla_A\log\det A=A^{-\top}", r"mat=(lambda(r, r_1: partial(A over A, tuple(r, r_1): log(det(A)))), transpose(inverse(A)))"),
        (r"\nabla_A \operatorname{tr}(AB)=B^\top", r"mat=(lambda(r, r_1: partial(A over A, tuple(r, r_1): trace(matmul(A, B)))), transpose(B))"),
        (r"\frac{\partial\alpha_i}{\partial z_j}=\alpha_i(\delta_{ij}-\alpha_j)", r"partial(z over z, tuple(j): exp(z[i])/sum(j_1: exp(z[j_1]))) = (exp(z[i])*(delta(i, j) - (exp(z[j])/sum(j_1: exp(z[j_1])))))/sum(j_1: exp(z[j_1]))"),
        (r"\sum_{i=1}^n\alpha_i=1", r"sum(i: exp(z[i])/sum(j: exp(z[j]))) = 1"),
        (r"f(x-\frac1L\nabla f(x))\le f(x)-\frac{1}{2L}\|\nabla f(x)\|^2", r"f[lambda(r: x[r] - (∇f[x, r]/L))] <= f[x] - (sqrt(sum(r: ∇f[x, r]*∇f[x, r]))^2/(2*L))"),
        (r"(x^\top y)^2\le\|x\|^2\|y\|^2", r"matmul(transpose(x), y)^2 <= sqrt(sum(r: x[r]*x[r]))^2*sqrt(sum(r: y[r]*y[r]))^2"),
        (r"\langle x,y\rangle=x^\top y", r"sum(r: x[r]*y[r]) = matmul(transpose(x), y)"),
        (r"x\odot y=y\odot x", r"x[r]*y[r] = y[r]*x[r]"),
        (r"\operatorname{diag}(x)y=x\odot y", r"mat=(matmul(diag(x), y), hadamard(x, y))"),
        (r"\sum_{i=1}^n r_ir_i^\top\succeq0", r"psd(lambda(r_1, r_2: sum(i: matmul(lambda(r_1: r[i, r_1]), transpose(lambda(r_1: r[i, r_1])))[r_1, r_2])))"),
        (r"\sum_{i=1}^n\|r_i-w\|^2\ge0", r"sum(i: sqrt(sum(r_1: (r[i, r_1] - w[r_1])*(r[i, r_1] - w[r_1])))^2) >= 0"),
        (r"\|w\|^2 I \succeq ww^\top", r"psd(matadd(scale(sqrt(sum(r: w[r]*w[r]))^2, identity(d)), scale(-1, matmul(w, transpose(w)))))"),
        (r"P=P^\top", r"mat=(P, transpose(P))"),
        (r"Ax=\lambda x", r"mat=(matmul(A, x), scale(lambda, x))"),
        (r"A^2=AA", r"mat=(matpow(A, 2), matmul(A, A))"),
        (r"A^0=I", r"mat=(matpow(A, 0), identity(n))"),
        (r"\frac{x}{n}=\frac1n x", r"x[r]/n = x[r]/n"),
        (r"x\ge0", r"forall(r: x[r] >= 0)"),
        (r"\frac{\partial^2}{\partial w_k\partial w_l}\|Xw\|^2=2(X^\top X)_{kl}", r"partial(w over w, tuple(k): partial(w over w, tuple(l): sqrt(matmul(transpose(matmul(X, w)), X, w))^2)) = 2*matmul(transpose(X), X)[k, l]"),
        (r"\arg\min_w\|y-Xw\|^2=(X^\top X)^{-1}X^\top y", r"forall(w: matmul(transpose(matadd(y, scale(-1, matmul(X, matmul(inverse(matmul(transpose(X), X)), transpose(X), y))))), matadd(y, scale(-1, matmul(X, matmul(inverse(matmul(transpose(X), X)), transpose(X), y))))) <= matmul(transpose(matadd(y, scale(-1, matmul(X, w)))), matadd(y, scale(-1, matmul(X, w))))) and forall(w: (matmul(transpose(matadd(y, scale(-1, matmul(X, w)))), matadd(y, scale(-1, matmul(X, w)))) = matmul(transpose(matadd(y, scale(-1, matmul(X, matmul(inverse(matmul(transpose(X), X)), transpose(X), y))))), matadd(y, scale(-1, matmul(X, matmul(inverse(matmul(transpose(X), X)), transpose(X), y)))))) implies forall(i: w[i] = matmul(inverse(matmul(transpose(X), X)), transpose(X), y)[i]))"),
        (r"\max_i x_i\ge x_j", "maximum(i: x[i]) >= x[j]"),
        (r"\|x\|_\infty=\max_i|x_i|", "maximum(r: abs(x[r])) = maximum(i: abs(x[i]))"),
        (r"\prod_{i=1}^nz_i=0", r"prod(i: z[i]) = 0"),
        (r"\det(\lambda A)=\lambda^n\det A", r"det(scale(lambda, A)) = lambda^n*det(A)"),
    ],
    "chance": [
        (r"p(x,z)=p(x\mid z)p(z)", r"density(p, 1, x, 2, z) = density(p, 1, x, given, 2, z)*density(p, 2, z)"),
        (r"p(x|z)p(z)=p(z|x)p(x)", r"density(p, 1, x, given, 2, z)*density(p, 2, z) = density(p, 2, z, given, 1, x)*density(p, 1, x)"),
        (r"\int p(x,z)\,dz=p(x)", r"integral(z: density(p, 1, x, 2, z)) = density(p, 1, x)"),
        (r"\sum_{D}p(D)=1", r"integral(D: density(p, 1, D)) = 1"),
        (r"\mathbb{E}_{z\sim q(z|x)}[\log p(x,z)-\log q(z|x)]\le\log p(x)", r"E(z: density(q, 1, z, given, 2, x); log(density(p, 1, x, 2, z)) - log(density(q, 1, z, given, 2, x))) <= log(density(p, 1, x))"),
        (r"\mathbb{E}_{q}[\log p(x,z)-\log q(z|x)]=\log p(x)-\mathrm{KL}(q(z|x)\|p(z|x))", r"E(z: density(q, 1, z, given, 2, x); log(density(p, 1, x, 2, z)) - log(density(q, 1, z, given, 2, x))) = log(density(p, 1, x)) - KL(z: density(q, 1, z, given, 2, x); density(p, 2, z, given, 1, x))"),
        (r"\mathrm{KL}(q(z|x)\,\|\,p(z))\ge0", r"KL(z: density(q, 1, z, given, 2, x); density(p, 1, z)) >= 0"),
        (r"\mathbb{E}[X+Y]=\mathbb{E}[X]+\mathbb{E}[Y]", r"E(X, Y: density(P, 1, X, 2, Y); X + Y) = E(X: density(P, 1, X); X) + E(Y: density(P, 2, Y); Y)"),
        (r"\mathrm{Var}(X)=\mathbb{E}[X^2]-(\mathbb{E}[X])^2", r"E(X: density(P, 1, X); (X - E(X: density(P, 1, X); X))^2) = E(X: density(P, 1, X); X^2) - E(X: density(P, 1, X); X)^2"),
        (r"\operatorname{Var}[X+Y]=\operatorname{Var}[X]+\operatorname{Var}[Y]+2\operatorname{Cov}(X,Y)", r"E(X, Y: density(P, 1, X, 2, Y); (X + Y - E(X, Y: density(P, 1, X, 2, Y); X + Y))^2) = E(X: density(P, 1, X); (X - E(X: density(P, 1, X); X))^2) + E(Y: density(P, 2, Y); (Y - E(Y: density(P, 2, Y); Y))^2) + 2*E(X, Y: density(P, 1, X, 2, Y); (X - E(X: density(P, 1, X); X))*(Y - E(Y: density(P, 2, Y); Y)))"),
        (r"\mathbb{E}[\mathbb{E}[Y\mid X]]=\mathbb{E}[Y]", r"E(X: density(P, 1, X); E(Y: density(P, 2, Y, given, 1, X); Y)) = E(Y: density(P, 2, Y); Y)"),
        (r"\mathrm{Var}(Y)=\mathbb{E}[\mathrm{Var}(Y|X)]+\mathrm{Var}(\mathbb{E}[Y|X])", r"E(Y: density(P, 2, Y); (Y - E(Y: density(P, 2, Y); Y))^2) = E(X: density(P, 1, X); E(Y: density(P, 2, Y, given, 1, X); (Y - E(Y: density(P, 2, Y, given, 1, X); Y))^2)) + E(X: density(P, 1, X); (E(Y: density(P, 2, Y, given, 1, X); Y) - E(X: density(P, 1, X); E(Y: density(P, 2, Y, given, 1, X); Y)))^2)"),
        (r"\Pr(X\ge a)\le\frac{\mathbb{E}[X]}{a}", r"E(X: density(P, 1, X); cases(1, X >= a, 0, true)) <= E(X: density(P, 1, X); X)/a"),
        (r"P(X>a)=1-P(X\le a)", r"E(X: density(P, 1, X); cases(1, X > a, 0, true)) = 1 - E(X: density(P, 1, X); cases(1, X <= a, 0, true))"),
        (r"H(X,Y)=H(X)+H(Y|X)", r"-E(X, Y: density(P, 1, X, 2, Y); log(density(P, 1, X, 2, Y))) = -E(X: density(P, 1, X); log(density(P, 1, X))) - E(Y, X: density(P, 2, Y, 1, X); log(density(P, 2, Y, given, 1, X)))"),
        (r"I(X;Y)=H(X)-H(X|Y)", r"KL(X, Y: density(P, 1, X, 2, Y); density(P, 1, X)*density(P, 2, Y)) = -E(X: density(P, 1, X); log(density(P, 1, X))) + E(X, Y: density(P, 1, X, 2, Y); log(density(P, 1, X, given, 2, Y)))"),
        (r"I(X;Y|Z)\ge0", r"E(Z: density(P, 3, Z); KL(X, Y: density(P, 1, X, 2, Y, given, 3, Z); density(P, 1, X, given, 3, Z)*density(P, 2, Y, given, 3, Z))) >= 0"),
        (r"\mathbb{E}[G]=\mu", r"E(G: normal(G, mu, sigma^2); G) = mu"),
        (r"\mathrm{Var}(G)=\sigma^2", r"E(G: normal(G, mu, sigma^2); (G - E(G: normal(G, mu, sigma^2); G))^2) = sigma^2"),
        (r"\mathbb{E}[B]=b", r"sum(B over 0, 1: (b^B*(-b + 1)^(-B + 1))*B) = b"),
        (r"\mathrm{Var}(B)=b(1-b)", r"sum(B over 0, 1: cases((b^B*(-b + 1)^(-B + 1))*(B - sum(B over 0, 1: (b^B*(-b + 1)^(-B + 1))*B))^2, b^B*(-b + 1)^(-B + 1) > 0, 0, true)) = b*(1 - b)"),
        (r"\mathbb{E}[K(K-1)]=\lambda^2", r"sum(K over 0, oo: ((exp(-lambda)*lambda^K)/factorial(K))*(K*(K - 1))) = lambda^2"),
        (r"\mathbb{E}_{x\sim\mathcal{N}(\mu,\sigma^2)}[x^2]=\mu^2+\sigma^2", r"E(x: normal(x, mu, sigma^2); x^2) = mu^2 + sigma^2"),
        (r"\mathrm{KL}(\mathcal{N}(\mu,\sigma^2)\|\mathcal{N}(\nu,\tau^2))=\log\frac\tau\sigma+\frac{\sigma^2+(\mu-\nu)^2}{2\tau^2}-\frac12", r"integral(u over -oo, oo: normal(u, mu, sigma^2)*log(normal(u, mu, sigma^2)/normal(u, nu, tau^2))) = log(tau/sigma) + (sigma^2 + (mu - nu)^2)/(2*tau^2) - (1/2)"),
        (r"\mathbb{E}\left[\frac1n\sum_{i=1}^nT_i\right]=\mathbb{E}[T_1]", r"expect(T over tuple(law of T): sum(i: T[i])/n) = expect(T over tuple(law of T): T[1])"),
        (r"\mathrm{Var}\left(\frac1n\sum_{i=1}^n T_i\right)=\frac{\mathrm{Var}(T_1)}{n}", r"expect(T over tuple(law of T): (sum(i: T[i])/n - expect(T over tuple(law of T): sum(i: T[i])/n))^2) = expect(T over tuple(law of T): (T[1] - expect(T over tuple(law of T): T[1]))^2)/n"),
        (r"p(z|x)\propto p(x|z)p(z)", r"density(p, 2, z, given, 1, x) = (density(p, 1, x, given, 2, z)*density(p, 2, z))"
         r"/integral(z: density(p, 1, x, given, 2, z)*density(p, 2, z))"),
        (r"\mathbb{E}_{z\sim q}[f(z)]=\int q(z)f(z)\,dz", r"E(z: density(q, 1, z); f[z]) = integral(z: density(q, 1, z)*f[z])"),
        (r"\nabla_\theta\mathbb{E}_{x\sim p_\theta(x)}[f(x)]=\mathbb{E}_{x\sim p_\theta(x)}[f(x)\nabla_\theta\log p_\theta(x)]", r"diff(theta over theta: E(x: density(p_theta, 1, x, given, 2, theta); f[x])) = E(x: density(p_theta, 1, x, given, 2, theta); f[x]*diff(theta over theta: log(density(p_theta, 1, x, given, 2, theta))))"),
        (r"\mathbb{E}_{x\sim p_\theta}[\nabla_\theta\log p_\theta(x)]=0", r"E(x: density(p_theta, 1, x, given, 2, theta); diff(theta over theta: log(density(p_theta, 1, x, given, 2, theta)))) = 0"),
        (r"p(x;\theta)=p_\theta(x)", r"density(p_theta, 1, x) = density(p_theta, 1, x)"),
        (r"\mathcal{N}(x;\mu,\sigma^2)=\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}", r"normal(x, mu, sigma^2) = exp(-((x - mu)^2/(2*sigma^2)))/sqrt(2*pi*sigma^2)"),
        (r"\mathbb{E}[XY]=\mathbb{E}[X]\mathbb{E}[Y]", r"E(X, Y: density(P, 1, X, 2, Y); X*Y) = E(X: density(P, 1, X); X)*E(Y: density(P, 2, Y); Y)"),
        (r"\mathbb{E}_x[f(x)]=\mathbb{E}[f(x)]", r"E(x: density(P, 1, x); f[x]) = E(x: density(P, 1, x); f[x])"),
        (r"\mathbb{E}[\mathbf 1_{X>a}]=P(X>a)", r"E(X: density(P, 1, X); cases(1, X > a, 0, true)) = E(X: density(P, 1, X); cases(1, X > a, 0, true))"),
        (r"\mathrm{Cov}(X,X)=\mathrm{Var}(X)", r"E(X: density(P, 1, X); (X - E(X: density(P, 1, X); X))*(X - E(X: density(P, 1, X); X))) = E(X: density(P, 1, X); (X - E(X: density(P, 1, X); X))^2)"),
        (r"\mathbb{E}[X|Y]=X", r"E(X: density(P, 1, X, given, 2, Y); X) = X"),
        (r"X \perp Y", r"forall(X, Y: density(P, 1, X, 2, Y) = density(P, 1, X)*density(P, 2, Y))"),
    ],
}

REFUSED: dict[str, list[tuple[str, str]]] = {
    "points": [
        (r"\frac{d}{dx}g(a)=0", "unrelated"), (r"\frac{d}{dx}y^2=0", "unrelated"), (r"\frac{d}{dx}f(a)=0", "unrelated"),
        (r"\frac{d}{dx}y=0", "unrelated"),
    ],
    "samples": [
        (r"\mathbb{E}[T]=\mu", "no-meaning"),
        (r"H(T)=1", "no-meaning"),
        (r"x_{n+1}+y_0=1", "index-outside"),
    ],
    "scalars": [
        (r"x\propto y", "no-meaning"),
        (r"\sup_x x^2=1", "no-meaning"),
        (r"\frac{dy}{dx}=0", "unrelated"),
    ],
    "matrices": [
        (r"\sum_{j=1}^i z_j", "no-statement"),
        (r"xy^\top", "no-statement"),
        (r"xy=1", "product"),
        (r"x^2=1", "no-meaning"),
        (r"\frac{1}{x}=1", "no-meaning"),
        (r"A\ge B", "order-of-matrices"),
        (r"A+x=0", "shape"),
        (r"XA=A", "shape"),
        (r"\phi(x)=x", "function-of-vector"),
        (r"\min_w\|y-Xw\|^2\ge0", "optimum"),
        (r"A\begin{pmatrix}1\\0\end{pmatrix}=x", "no-meaning"),
        (r"e^A=I", "no-meaning"),
        (r"x_0=1", "index-outside"),
        (r"\sum_{i=1}^{m}z_i=0", "no-meaning"),
        (r"\sum_{i=0}^{n}z_i=0", "no-meaning"),
    ],
    "chance": [
        (r"\mathrm{KL}(q\|p)=\mathbb{E}_{z\sim q(z\mid x)}[\log q(z\mid x)]", "which-law"),
        (r"X\sim\mathcal{N}(0,1)", "no-meaning"),
        (r"p(x=1)=1", "no-meaning"),
    ],
}
