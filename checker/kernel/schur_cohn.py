"""Roots of a real polynomial inside, or outside, the unit disk: conditions on its coefficients.

p(z) = a_0 + a_1 z + ... + a_n z^n with real coefficients and a_n > 0 is *Schur* if all its roots have
|z| < 1.

    n = 1:   a_1 - a_0 > 0,  a_1 + a_0 > 0
    n = 2:   a_2 + a_1 + a_0 > 0,  a_2 - a_1 + a_0 > 0,  a_2 - a_0 > 0
    n > 2:   d = a_n^2 - a_0^2 > 0  and  sum_i (a_n a_i - a_0 a_{n-i}) z^(i-1)  is Schur (leading coefficient d)

Each is equivalent to "p is Schur" (the last by Rouche's theorem on |z| = 1).  For n <= 2 the weak
inequalities are equivalent to "all roots have |z| <= 1": both sets are closed, the first is the closure
of the strict one, and shrinking the roots by r < 1 leads from the second into the strict one.  For n > 2
the weak inequalities say nothing.
Source: Jury, Proc. IRE 50 (1962) 1493-1500; Elaydi, An Introduction to Difference Equations, 3rd ed.,
section 5.1 (no page); Marden, Geometry of Polynomials, sections 42-45 (no page).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .field import Field, Frac


def conditions(field: Field, a: Sequence[Frac]) -> list[Frac]:
    """What must be positive for the polynomial to be Schur, given that its last coefficient is."""
    a = list(a)
    out: list[Frac] = []
    while len(a) > 3:
        n = len(a) - 1
        new = [field._subtract(field.times(a[n], a[i]), field.times(a[0], a[n - i])) for i in range(1, n + 1)]
        out.append(new[-1])
        a = new
    if len(a) == 2:
        return [*out, field._subtract(a[1], a[0]), field._plus(a[1], a[0])]
    if len(a) == 3:
        ends = field._plus(a[2], a[0])
        return [*out, field._plus(ends, a[1]), field._subtract(ends, a[1]), field._subtract(a[2], a[0])]
    return out


def is_schur(a: Sequence[Fraction]) -> bool:
    """The exact decision for rational coefficients (the last is not 0)."""
    p = list(a)
    while len(p) > 1:
        n = len(p) - 1
        if p[n] ** 2 <= p[0] ** 2:
            return False
        p = [p[n] * p[i] - p[0] * p[n - i] for i in range(1, n + 1)]
        scale = p[-1]
        p = [x / scale for x in p]
    return True


__all__ = ["conditions", "is_schur"]
