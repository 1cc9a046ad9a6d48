"""Claims about functions of vectors as a course states them: name -> (parts, given, verdict)."""

from __future__ import annotations

from typing import Any

from sympy import Abs, exp, symbols

from checker.language.functions import (
    functions, lipschitz, minimiser, polyak_lojasiewicz, smooth, strongly_convex, subgradient,
)
from checker.language.gradients import grad, hessian, jacobian
from checker.language.indices import dot, function, index, matrix, norm, sizes, vector
from checker.language.logic import eq
from checker.language.matrices import diag, identity
from checker.language.optimality import convex, stationary

Row = tuple[tuple[Any, ...], list[Any], str]


def methods() -> dict[str, Row]:
    """Descent, convexity, rates, subgradients: each true row with its false twin."""
    n = sizes("n")
    f, g = functions("f g", n)
    G = functions("G", n, to=n)
    phi = functions("phi", n, differentiable=False)
    x, y, xs, xp, v = vector("x y xs xp v", n)
    L, mu, eta = symbols("L mu eta", positive=True)
    c, t = symbols("c t", real=True)

    def sq(u: Any) -> Any:
        return norm(u)**2

    df, flat, steep, best = grad(f, x), smooth(f, L), strongly_convex(f, mu), minimiser(f, xs)
    step = eq(xp, x - eta*df)
    return {
        "descent": ((f(x - df/L), "<=", f(x) - sq(df)/(2*L)), [flat], "proved"),
        "descent twice": ((f(x - df/L), "<=", f(x) - sq(df)/L), [flat], "refuted"),
        "step": ((f(xp), "<=", f(x) - eta/2*sq(df)), [flat, step, eta <= 1/L], "proved"),
        "step too long": ((f(xp), "<=", f(x)), [flat, step, eta <= 3/L], "refuted"),
        "gradient at most": ((sq(df)/(2*L), "<=", f(x) - f(xs)), [flat, best], "proved"),
        "norms": ((norm(df), "<=", L*norm(x - xs)), [flat, best], "proved"),
        "tangent": ((f(y), ">=", f(x) + dot(df, y - x)), [convex(f)], "proved"),
        "tangent of nothing": ((f(y), ">=", f(x) + dot(df, y - x)), [], "refuted"),
        "minimal": ((minimiser(f, xs),), [convex(f), stationary(f, xs)], "proved"),
        "stationary": ((grad(f, xs), "=", 0), [best], "proved"),
        "cocoercive": ((dot(df - grad(f, y), x - y), ">=", sq(df - grad(f, y))/L), [convex(f), flat], "proved"),
        "nearer": ((sq(xp - xs), "<=", sq(x - xs)), [convex(f), flat, step, best, eta <= 2/L], "proved"),
        "gap": ((f(x) - f(xs), "<=", sq(df)/(2*mu)), [steep, best], "proved"),
        "rate": ((f(x - df/L) - c, "<=", (1 - mu/L)*(f(x) - c)), [flat, polyak_lojasiewicz(f, mu, c)], "proved"),
        "strongly convex": ((strongly_convex(f, mu),), [convex(f)], "refuted"),
        "subgradient below": ((phi(y), "<=", phi(x) + dot(v, y - x)), [subgradient(phi, v, x)], "refuted"),
        "lipschitz": ((Abs(phi(x) - phi(y)), "<=", L*norm(x - y)), [lipschitz(phi, L)], "proved"),
        "product": ((convex(f(x)*g(x), x),), [convex(f), convex(g)], "refuted"),
        "unique": ((xs, "=", y), [steep, best, minimiser(f, y)], "proved"),
        "jensen": ((phi(t*x + (1 - t)*y), "<=", t*phi(x) + (1 - t)*phi(y)), [convex(phi), t >= 0, t <= 1], "proved"),
        "extrapolated": ((phi(t*x + (1 - t)*y), "<=", t*phi(x) + (1 - t)*phi(y)), [convex(phi)], "refuted"),
        "monotone": ((dot(G(x) - G(y), x - y), ">=", 0), [lipschitz(G, L)], "refuted"),
    }


def chain_rule() -> dict[str, Row]:
    n, m = sizes("n m")
    i, j = index("i j", n)
    f, h = functions("f h", n)
    ell = functions("ell", m)
    F, G = functions("F", n, to=m), functions("G", n, to=n)
    A = matrix("A", m, n)
    x, b = vector("x", n), vector("b", m)
    B, y, phi = matrix("B", n), vector("y", n), function("phi")
    return {
        "chain": ((grad(ell(F(x)), x), "=", jacobian(F, x).T @ grad(ell, F(x))), [], "proved"),
        "chain untransposed": ((grad(h(G(x)), x), "=", jacobian(G, x) @ grad(h, G(x))), [], "refuted"),
        "affine": ((grad(ell(A @ x + b), x), "=", A.T @ grad(ell, A @ x + b)), [], "proved"),
        "residual": ((grad(h(x + G(x)), x), "=", grad(h, x + G(x)) + jacobian(G, x).T @ grad(h, x + G(x))), [], "proved"),
        "residual block": ((grad(h(y + phi(B @ y)), y), "=",
                            (identity(n) + B.T @ diag(phi.prime(B @ y))) @ grad(h, y + phi(B @ y))), [], "proved"),
        "residual block, no skip": ((grad(h(y + phi(B @ y)), y), "=", B.T @ diag(phi.prime(B @ y)) @ grad(
            h, y + phi(B @ y))), [], "refuted"),
        "least squares": ((grad(norm(F(x))**2/2, x), "=", jacobian(F, x).T @ F(x)), [], "proved"),
        "inner derivative": ((grad(exp(f(x)), x), "=", grad(f, x)), [], "refuted"),
        "curvature": ((hessian(ell(A @ x + b), x), "=", A.T @ hessian(ell, A @ x + b) @ A), [], "proved"),
        "symmetric": ((hessian(f, x)[i, j], "=", hessian(f, x)[j, i]), [], "proved"),
        "symmetric Jacobian": ((jacobian(G, x)[i, j], "=", jacobian(G, x)[j, i]), [], "refuted"),
    }
