"""Claims about gradients as a course states them: name -> (parts, given, verdict)."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Abs, Derivative, Max, Piecewise, Rational, erf, exp, log, pi, sign, sqrt, symbols, tanh

from checker.language.gradients import (
    directional, divergence, grad, hessian, jacobian, laplacian, partial,
)
from checker.language.indices import (
    delta, dot, function, hadamard, index, matrix, mean, norm, prod, relu, sizes, softmax, total, variance, vector, vectors,
)
from checker.language.logic import eq, forall, gt, ne
from checker.language.matrices import diag, outer, trace

Row = tuple[tuple[Any, ...], list[Any], str]


def sigmoid(u: Any) -> Any:
    return 1/(1 + exp(-u))


def layers() -> dict[str, Row]:
    """Losses, activations, normalisation, attention: each true row with its false twin."""
    m, n, d = sizes("m n d")
    i, j, k = index("i j k", m)
    a, b, c = index("a b c", n)
    r, s = index("r s", d)
    x, y, z, g = vector("x y z g", m)
    u, v = symbols("u v", real=True)
    eps, tau, lam = symbols("eps tau lam", positive=True)
    p = [softmax(z[k], over=k)[q] for q in (i, j)]
    pi_, pj = p
    lse = log(total(k, exp(z[k])))
    xh = {q: (x[q] - mean(x))/sqrt(variance(x) + eps) for q in (i, j)}
    sd = sqrt(variance(x) + eps)
    q_, k_, v_ = vectors("Q K V", n, d)
    att = softmax(dot(q_[a], k_[c])/sqrt(d), over=c)
    out = total(c, att[c]*v_[c, r])
    rms = sqrt(total(k, x[k]**2)/m + eps)
    normalised = (g[j] - total(i, g[i])/m - xh[j]*total(i, g[i]*xh[i])/m)/sd
    return {
        "softmax": ((partial(pi_, z[j]), "=", pi_*(delta(i, j) - pj)), [], "proved"),
        "softmax, delta lost": ((partial(pi_, z[j]), "=", pi_*(1 - pj)), [], "refuted"),
        "softmax off the diagonal": ((partial(pi_, z[j]), "=", -pi_*pj), [ne(i, j)], "proved"),
        "log-sum-exp": ((grad(lse, z)[i], "=", pi_), [], "proved"),
        "log-sum-exp, Hessian": ((hessian(lse, z)[i, j], "=", pi_*(delta(i, j) - pj)), [], "proved"),
        "log-sum-exp is convex": ((total((i, j), y[i]*hessian(lse, z)[i, j]*y[j]), ">=", 0), [], "proved"),
        "... not strictly": ((total((i, j), y[i]*hessian(lse, z)[i, j]*y[j]), ">", 0), [gt(dot(y, y), 0)], "refuted"),
        "cross-entropy": ((grad(-total(i, y[i]*log(pi_)), z)[j], "=", pj - y[j]), [eq(total(i, y[i]), 1)], "proved"),
        "... of weights that do not sum to 1": ((grad(-total(i, y[i]*log(pi_)), z)[j], "=", pj - y[j]), [], "refuted"),
        "binary cross-entropy": ((partial(-(v*log(sigmoid(u)) + (1 - v)*log(1 - sigmoid(u))), u), "=", sigmoid(u) - v),
                                 [], "proved"),
        "... sign": ((partial(-(v*log(sigmoid(u)) + (1 - v)*log(1 - sigmoid(u))), u), "=", v - sigmoid(u)), [],
                     "refuted"),
        "tanh": ((partial(tanh(u), u), "=", 1 - tanh(u)**2), [], "proved"),
        "gelu": ((partial(u*(1 + erf(u/sqrt(2)))/2, u), "=", (1 + erf(u/sqrt(2)))/2 + u*exp(-u**2/2)/sqrt(2*pi)), [],
                 "proved"),
        "relu": ((partial(total(k, relu(x[k])), x[j]), "=", Piecewise((1, x[j] > 0), (0, True))), [], "proved"),
        "relu, wrong side": ((partial(total(k, relu(x[k])), x[j]), "=", Piecewise((1, x[j] > 0), (-1, True))), [],
                             "refuted"),
        "hinge": ((grad(Max(0, 1 - v*dot(x, z)), x)[j], "=", Piecewise((-v*z[j], v*dot(x, z) < 1), (0, True))), [],
                  "proved"),
        "l1": ((grad(lam*total(i, Abs(x[i])), x)[j], "=", lam*sign(x[j])), [], "proved"),
        "layer norm, backward": ((total(i, g[i]*partial(xh[i], x[j])), "=", normalised), [], "proved"),
        "... without the mean": ((total(i, g[i]*partial(xh[i], x[j])), "=", (g[j] - xh[j]*total(
            i, g[i]*xh[i])/m)/sd), [], "refuted"),
        "rms norm": ((partial(x[i]/rms, x[j]), "=", delta(i, j)/rms - x[i]*x[j]/(m*rms**3)), [], "proved"),
        "rms norm, m lost": ((partial(x[i]/rms, x[j]), "=", delta(i, j)/rms - x[i]*x[j]/rms**3), [], "refuted"),
        "attention, keys": ((partial(out, k_[b, s]), "=", put_at(att, b)*q_[a, s]*(v_[b, r] - out)/sqrt(d)), [],
                            "proved"),
        "attention, the output lost": ((partial(out, k_[b, s]), "=", put_at(att, b)*q_[a, s]*v_[b, r]/sqrt(d)), [],
                                       "refuted"),
        "normalised": ((jacobian(x/norm(x), x)[i, j], "=", delta(i, j)/norm(x) - x[i]*x[j]/norm(x)**3), [], "proved"),
        "temperature": ((grad(tau*log(total(k, exp(z[k]/tau))), z)[i], "=", softmax(z[k]/tau, over=k)[i]), [],
                        "proved"),
    }


def put_at(weights: Any, b: Any) -> Any:
    return weights[b]


def networks() -> dict[str, Row]:
    """Layers after layers, in matrices and in indices; an unknown activation."""
    m, n, d = sizes("m n d")
    i, j, k = index("i j k", m)
    x, y = vector("x y", m)
    w, v = matrix("W", n, m), matrix("V", d, n)
    q, t = vector("q", n), vector("t", d)
    s, h = matrix("S", m, symmetric=True), matrix("A", m, m)
    phi = function("phi")
    u = symbols("u", real=True)
    f = sympy.Function("f", real=True)
    z = w @ x + q
    o = v @ phi(z)
    cost = norm(o - t)**2/2
    delta_ = hadamard(phi.prime(z), v.T @ (o - t))
    pairs = total((i, j), x[i]*x[j], where=i < j)
    return {
        "quadratic form": ((grad(x.T @ h @ x, x), "=", (h + h.T) @ x), [], "proved"),
        "quadratic form, not symmetric": ((grad(x.T @ h @ x, x), "=", 2*h @ x), [], "refuted"),
        "quadratic form, symmetric": ((grad(x.T @ s @ x, x), "=", 2*s @ x), [], "proved"),
        "numerator layout": ((jacobian(w @ x, x), "=", w), [], "proved"),
        "denominator layout": ((jacobian(w @ x, x, layout="denominator"), "=", w.T), [], "proved"),
        "layouts confused": ((jacobian(h @ x, x), "=", h.T), [], "refuted"),
        "output weights": ((grad(cost, v), "=", outer(o - t, phi(z))), [], "proved"),
        "hidden bias": ((grad(cost, q), "=", delta_), [], "proved"),
        "hidden weights": ((grad(cost, w), "=", outer(delta_, x)), [], "proved"),
        "... without phi'": ((grad(cost, w), "=", outer(v.T @ (o - t), x)), [], "refuted"),
        "Jacobian of a layer": ((jacobian(phi(z), x), "=", diag(phi.prime(z)) @ w), [], "proved"),
        "product": ((partial(prod(i, x[i]), x[j]), "=", prod(i, x[i], where=ne(i, j))), [], "proved"),
        "product, itself": ((partial(prod(i, x[i]), x[j]), "=", prod(i, x[i])), [], "refuted"),
        "product by its factor": ((prod(i, x[i]), "=", x[j]*prod(i, x[i], where=ne(i, j))), [], "proved"),
        "pairs": ((partial(pairs, x[k]), "=", total(i, x[i]) - x[k]), [], "proved"),
        "pairs, diagonal kept": ((partial(pairs, x[k]), "=", total(i, x[i])), [], "refuted"),
        "direction": ((directional(x.T @ h @ x, x, y), "=", y.T @ h @ x + x.T @ h @ y), [], "proved"),
        "Laplacian": ((laplacian(norm(x)**2, x), "=", 2*m), [], "proved"),
        "divergence": ((divergence(h @ x, x), "=", trace(h)), [], "proved"),
        "SymPy's own": ((Derivative(dot(x, x), x[j]), "=", 2*x[j]), [], "proved"),
        "SymPy's own, half": ((Derivative(dot(x, x), x[j]), "=", x[j]), [], "refuted"),
        "SymPy's function": ((partial(f(x[i])**2, x[j]), "=", 2*delta(i, j)*f(x[i])*sympy.Subs(
            Derivative(f(u), u), u, x[i])), [], "proved"),
        "homogeneous": ((total(i, x[i]*partial(norm(x), x[i])), "=", norm(x)), [], "proved"),
        "curvature of x log x": ((hessian(total(i, x[i]*log(x[i])), x)[i, j], "=", delta(i, j)/x[i]),
                                 [forall(i, gt(x[i], 0))], "proved"),
        "a scalar": ((partial(dot(x, y)*u**2, u), "=", 2*u*dot(x, y)), [], "proved"),
        "a third": ((partial(u**3/3, u), "=", u**2*Rational(1, 3)), [], "refuted"),
    }
