"""Claims about random quantities of which moments are known, true and false, as a sheet would have them."""

from __future__ import annotations

from typing import Any

import sympy

from checker import Cov, Derivation, E, Var, delta, eq, independent, limit, mean, ne, total


def names() -> dict[str, Any]:
    D = Derivation("samples")
    n, m, d, B = D.sizes("n m d B")
    i, j = D.index("i j", n)
    a, b = D.index("a b", d)
    u, v = D.index("u v", B)
    mu, nu, theta, c, tau, beta, rho = D.real("mu nu theta c tau beta rho")
    s2, t2, sigma, lam, p = sympy.symbols("s2 t2 sigma lambda p", positive=True)
    P, Q = D.random("P Q")
    O_, G2 = D.sample("omega phi", n)
    return {
        **locals(), "w": D.family("w", n), "x": D.family("x", d), "z": D.family("z", n), "means": D.family("ms", n),
        "variances": D.family("vs", n), "X": D.sample("X", n, mean=mu, variance=s2),
        "Y": D.sample("Y", m, mean=nu, variance=t2), "T": D.random("T"), "R": D.random("R"),
        "F": D.random("F", B, mean=mu, variance=s2, correlation=rho), "G": D.random("G", B),
        "H": D.random("H", B, variance=s2, uncorrelated=True), "S": D.sample("S", d, values=(-1, 1), mean=0),
        "M": D.bernoulli("M", d, p=p), "W": D.sample("W", m, d, mean=0, variance=tau**2),
        "V": D.sample("V", d, mean=0, variance=1), "U": D.sample("U", d, mean=0, variance=1),
        "Z": D.sample("Z", n, identical=False, mean=D.family("ms", n), variance=D.family("vs", n)),
        "eps": D.sample("epsilon", n, mean=0, variance=sigma**2), "q": D.index("q", m),
        "K": D.sample("K", n, vector=d), "A": D.matrix("A", d, d),
        "E": E, "Var": Var, "Cov": Cov, "mean": mean, "total": total, "eq": eq, "ne": ne, "independent": independent,
        "delta": delta, "limit": limit, "oo": sympy.oo, "sqrt": sympy.sqrt, "Sum": sympy.Sum,
        "f": sympy.Function("f", real=True), "g": sympy.Function("g", real=True),
        "h": sympy.Symbol("h", integer=True), "N": sympy.Symbol("N", integer=True, positive=True),
    }


#: (left, relation, right, assumptions)
TRUE = [
    ("E(mean(X))", "=", "mu", ()),
    ("Var(mean(X))", "=", "s2/n", ()),
    ("E(total(i, (X[i] - mean(X))**2)/(n - 1))", "=", "s2", ()),
    ("E(mean(X)**2)", "=", "mu**2 + s2/n", ()),
    ("E(X[i]*X[j])", "=", "mu**2 + s2*delta(i, j)", ()),
    ("E(total((i, j), (X[i] - X[j])**2, where=ne(i, j))/(2*n*(n - 1)))", "=", "s2", ()),
    ("Var(mean(X) - mean(Y))", "=", "s2/n + t2/m", ("independent(X, Y)",)),
    ("Var(total(i, (X[i] - mean(X))**2)/(n - 1))", "=", "2*s2**2/(n - 1)", ("eq(E((X[1] - mu)**4), 3*s2**2)",)),
    ("E((X[1] - mu)**4)", ">=", "s2**2", ()),
    ("limit(Var(mean(X)), n, oo)", "=", "0", ()),
    ("E(Sum(X[h], (h, 1, n)))", "=", "n*mu", ()),
    ("E((T - theta)**2)", "=", "Var(T) + (E(T) - theta)**2", ()),
    ("E((T - c)**2)", ">=", "Var(T)", ()),
    ("Cov(P, Q)**2", "<=", "Var(P)*Var(Q)", ()),
    ("E(P*Q)", "=", "E(P)*E(Q)", ("independent(P, Q)",)),
    ("Var(P*Q)", "=", "Var(P)*Var(Q) + Var(P)*E(Q)**2 + Var(Q)*E(P)**2", ("independent(P, Q)",)),
    ("Var(P - c*(Q - E(Q)))", ">=", "Var(P) - Cov(P, Q)**2/Var(Q)", ()),
    ("Cov(P + Q, R)", "=", "0", ("independent((P, Q), R)",)),
    ("Var(mean(F))", "=", "rho*s2 + (1 - rho)*s2/B", ()),
    ("Var(total(u, G[u]))", "=", "total((u, v), Cov(G[u], G[v]))", ()),
    ("Var(total(u, H[u]))", "=", "B*s2", ()),
    ("Var(mean(Z))", "=", "total(i, variances[i])/n**2", ()),
    ("Cov(Z[i], Z[j])", "=", "0", ("ne(i, j)",)),
    ("Var(total(a, W[q, a]*x[a]))", "=", "tau**2*total(a, x[a]**2)", ()),
    ("Var(total(a, U[a]*V[a])/sqrt(d))", "=", "1", ("independent(U, V)",)),
    ("Var(total(a, M[a]*x[a])/p)", "=", "(1 - p)/p*total(a, x[a]**2)", ()),
    ("E((M[a] - p)**3)", "=", "p*(1 - p)*(1 - 2*p)", ()),
    ("E(total((a, b), S[a]*S[b]*A[a, b]))", "=", "total(a, A[a, a])", ()),
    ("Var(total(i, z[i]*(beta*z[i] + eps[i]))/total(i, z[i]**2))", "=", "sigma**2/total(i, z[i]**2)", ()),
    ("E(total(i, O_[i]*G2[i])/n)", "=", "E(O_[1]*G2[1])", ()),
    ("Cov(K[i, a], K[j, b])", "=", "0", ("ne(i, j)",)),
    ("Var(total(i, f(X[i]) - c*g(X[i]))/n)", "=", "(Var(f(X[1])) - 2*c*Cov(f(X[1]), g(X[1])) + c**2*Var(g(X[1])))/n", ()),
    ("E(f(O_[1])*g(G2[1]))", "=", "E(f(O_[1]))*E(g(G2[1]))", ("independent(O_, G2)",)),
    ("E(((P + Q)/2 - theta)**2)", "<=", "(E((P - theta)**2) + E((Q - theta)**2))/2", ()),
]

FALSE = [
    ("Var(mean(X))", "=", "s2", ()),
    ("E(total(i, (X[i] - mean(X))**2)/n)", "=", "s2", ()),
    ("E(X[i]*X[j])", "=", "mu**2", ()),
    ("Var(mean(X) - mean(Y))", "=", "s2/n - t2/m", ("independent(X, Y)",)),
    ("limit(Var(total(i, X[i])/sqrt(n)), n, oo)", "=", "0", ()),
    ("E((T - theta)**2)", "=", "Var(T) + E(T) - theta", ()),
    ("E(T**2)", ">", "E(T)**2", ()),
    ("E(P*Q)", "=", "E(P)*E(Q)", ()),
    ("E(P**2*Q**2)", "=", "E(P**2)*E(Q**2)", ("eq(Cov(P, Q), 0)",)),
    ("Var(P - c*(Q - E(Q)))", "<=", "Var(P)", ()),
    ("Var(mean(F))", "=", "s2/B", ()),
    ("Var(total(u, G[u]))", "=", "total(u, Var(G[u]))", ()),
    ("Var(mean(Z))", "=", "total(i, variances[i])/n", ()),
    ("Var(total(a, M[a]*x[a])/p)", "=", "p*(1 - p)*total(a, x[a]**2)", ()),
    ("Var(total(a, U[a]*V[a])/d)", "=", "1", ("independent(U, V)",)),
    ("E(total(i, O_[i]*G2[i])/n)", "=", "E(O_[1])*E(G2[1])", ()),
    ("Cov(K[i, a], K[i, b])", "=", "0", ("ne(a, b)",)),
    ("E(f(O_[1])*g(G2[1]))", "=", "E(f(O_[1]))*E(g(G2[1]))", ()),
    ("E(f(P))", "=", "f(E(P))", ()),
    # near misses at the edges: one draw, an index that may coincide, a size that is not the sample's
    ("E(X[i]*X[1])", "=", "mu**2", ("n >= 2",)),
    ("E(total(i, X[i])/(n - 1))", "=", "mu", ()),
]
