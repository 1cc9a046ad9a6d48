"""SymPy functions that the language writes out by their definition, so the kernel needs no rule for them.

    catalan(n) = C(2n, n)/(n + 1)                    lucas(n) = F(n - 1) + F(n + 1)
    subfactorial(n) = n! sum_{k=0}^{n} (-1)^k/k!     harmonic(n, r) = sum_{k=1}^{n} 1/k^r
    beta(x, y) = gamma(x) gamma(y)/gamma(x + y)      EulerGamma = -psi(1)

Trusted for meaning: each is the textbook's definition (Graham, Knuth, Patashnik, Concrete Mathematics, 2nd
ed., ch. 5 to 7; DLMF 5.12.1).  Where SymPy gives a value at places that the definition does not reach
(catalan(-1), subfactorial at negative numbers) ours is undefined.  1/gamma is 0 at the poles of gamma.
"""

from __future__ import annotations

from collections.abc import Callable

from ..kernel.term import INTEGER, ONE, TRUE, Bind, Term, Var, add, app, free_names, fresh, mul, num, sub


def _sum(low: Term, high: Term, body: Callable[[Term], Term]) -> Term:
    k = fresh("k", free_names(high))
    return Bind("sum", (k,), (INTEGER,), (low, high), (TRUE, body(Var(k))))


def catalan(n: Term) -> Term:
    return app("div", app("binomial", mul(num(2), n), n), add(n, ONE))


def lucas(n: Term) -> Term:
    return add(app("fibonacci", sub(n, ONE)), app("fibonacci", add(n, ONE)))


def subfactorial(n: Term) -> Term:
    return mul(app("factorial", n), _sum(num(0), n, lambda k: app(
        "div", app("pow", num(-1), k), app("factorial", k))))


def generalised_harmonic(n: Term, r: Term) -> Term:
    if r == ONE:
        return app("harmonic", n)
    k = fresh("k", free_names(n) | free_names(r))
    return Bind("sum", (k,), (INTEGER,), (ONE, n), (TRUE, app("div", ONE, app("pow", Var(k), r))))


def beta(x: Term, y: Term) -> Term:
    return mul(app("gamma", x), app("gamma", y), app("rgamma", add(x, y)))


#: SymPy's name and number of arguments -> the term.
WRITTEN_OUT: dict[tuple[str, int], Callable[..., Term]] = {
    ("catalan", 1): catalan, ("lucas", 1): lucas, ("subfactorial", 1): subfactorial,
    ("harmonic", 2): generalised_harmonic, ("beta", 2): beta,
}
EULER_GAMMA = app("neg", app("digamma", num(1)))

__all__ = ["EULER_GAMMA", "WRITTEN_OUT"]
