"""Summands that are a polynomial in k times u^k/k!: u and the coefficients for rule ``exponential-series``.

Method: t(k+1)/t(k) is rational in k with a numerator of one degree less than the denominator; the quotient
of the leading coefficients is u.  Then t(k) k!/u^k must be a polynomial in k; Stirling numbers of the second
kind turn its powers into falling ones, k (k-1) ... (k-j+1)/k! = 1/(k-j)!  (Graham, Knuth, Patashnik,
Concrete Mathematics, 2nd ed., (6.10)).
Why it convinces: the kernel checks the decomposition as an identity in k.
Cannot: (2k)! and other factorials in the denominator, sums of several such terms with different u.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..kernel.claim import Sequent
from ..kernel.discrete_form import Discrete
from ..kernel.field import _ONE, CannotNormalise, Frac
from ..kernel.term import INTEGER, ONE, Bind, Term, Var, add, app, num, substitute
from .gosper import _Solver

MAX_POWER = 7


def parts(s: Sequent, target: Bind, name: str) -> Iterator[tuple[Term, list[Term]]]:
    """(u, [c_0, c_1, ...]), at most one."""
    k = Var(name)
    field = Discrete(s.declaring({name: INTEGER}).assuming(app(">=", k, num(0))), frozenset(), 1)
    body = substitute(target.inner[1], {target.names[0]: k})
    try:
        found: tuple[Term, list[Term]] | None = field._settled(lambda: _decomposed(field, body, name))
    except (CannotNormalise, ZeroDivisionError, OverflowError):
        return
    if found is not None:
        yield found


def _decomposed(field: Discrete, body: Term, name: str) -> tuple[Term, list[Term]] | None:
    solver = _Solver(field, name)
    value = field.frac(body)
    after = field.frac(substitute(body, {name: add(Var(name), ONE)}))
    field.frac(app("factorial", Var(name)))
    top, bottom = (solver.poly(p) for p in solver._ratio(value, after))
    if not top or not bottom or max(top) != max(bottom) - 1:
        return None
    u = field.times(Frac(top[max(top)], _ONE), field._inverse(Frac(bottom[max(bottom)], _ONE)))
    written = field.write(u)
    weight = field.times(field.frac(app("factorial", Var(name))), field._inverse(
        field.frac(app("pow", written, Var(name)))))
    p = field.times(value, weight)
    if any(int(d) and field._mentions(j, name) for j, d in enumerate(p.den.degrees())):
        return None
    powers = solver.poly(p.num)
    if max(powers) > MAX_POWER or any(
            int(d) and field._mentions(j, name) for c in powers.values() for j, d in enumerate(c.degrees())):
        return None
    coefficients = []
    for j in range(max(powers) + 1):
        total = field.constant(0)
        for i, c in powers.items():
            total = field._plus(total, field.times(field.constant(_stirling(i, j)), Frac(c, p.den)))
        coefficients.append(field.write(total))
    return written, coefficients


def _stirling(n: int, k: int) -> int:
    """Partitions of n things into k classes."""
    if n == k:
        return 1
    if not 0 < k < n:
        return 0
    return k*_stirling(n - 1, k) + _stirling(n - 1, k - 1)


__all__ = ["parts"]
