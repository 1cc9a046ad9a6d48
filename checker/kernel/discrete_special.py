"""Double factorials and linear recurrent sequences in the discrete normal form.

*Double factorials.*  With s = (-1)^n,

    n!! = 2^(n/2) gamma(n/2 + 1) ((1 + s)/2 + (1 - s)/2 sqrt(2/pi))      for all integers n >= -1

(even n = 2m: 2^m m!; odd n = 2m - 1: 2^m gamma(m + 1/2)/sqrt(pi); DLMF 5.4.2), so they become gammas.

*Recurrent sequences.*  a(n+r) = c_1 a(n+r-1) + ... + c_r a(n) for all integers n: in a class of arguments
that differ by integers, every value is a combination of r consecutive ones, from the least argument on.
Binet's form is shorter for equations; this one keeps the numbers real and visibly positive.
Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., sections 6.6 and 7.3.

FAILURE: an argument that is not visibly an integer; arguments further apart than ``MAX_SHIFT``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from .evaluate import value
from .field import CannotNormalise, Frac, Generator
from .term import ONE, App, Num, Term, add, app, num

if TYPE_CHECKING:
    from .discrete_form import Discrete

MAX_APART = 60
MAX_INDEX = 400
#: head -> (c_r, ..., c_1)
RECURRENCES: dict[str, tuple[int, ...]] = {"fibonacci": (1, 1), "tribonacci": (1, 1, 1)}
#: head -> the least index from which on no value is negative, and from which on all are positive
_NONNEGATIVE = {"fibonacci": (0, 1), "tribonacci": (0, 1)}


def double_factorial(field: Discrete, u: Term) -> Frac:
    n = field.frac(u)
    if not field.visibly_integral(n):
        raise CannotNormalise("the double factorial of a number that is not visibly an integer")
    half = field.constant(Fraction(1, 2))
    sign = field.integer_power(field.constant(-1), n)
    even = field.times(half, field._plus(field.constant(1), sign))
    odd = field.times(half, field._subtract(field.constant(1), sign))
    ratio = field.times(field.constant(2), field._inverse(field.opaque(App("pi", ()), sign="+")))
    parity = field._plus(even, field.times(odd, field.root(ratio, Fraction(1, 2))))
    power = field.exponential(field.times(field.times(half, n), field.logarithm(field.constant(2))))
    gamma = field._inverse(field.reciprocal_gamma(add(app("div", u, num(2)), ONE), False))
    return field.times(field.times(power, gamma), parity)


def recurrent(field: Discrete, head: str, u: Term) -> Frac:
    f = field.frac(u)
    q = field.as_rational(f)
    if q is not None and q.denominator == 1 and abs(q) <= MAX_INDEX:
        exact = value(app(head, Num(q)), {}, {})
        return field.constant(exact) if isinstance(exact, Fraction) else field.opaque(app(head, Num(q)))
    if not field.visibly_integral(f):
        raise CannotNormalise(f"{head} of a number that is not visibly an integer")
    coefficients = RECURRENCES[head]
    order = len(coefficients)
    shift = int(field._constant_part(f))
    rest = field._subtract(f, field.constant(shift))
    cls = (head, field.key(rest))
    rest_term = field.rests.setdefault(cls, field._written_rest(rest, u, shift))
    low = field.lowest.setdefault(cls, shift)
    if shift < low:
        field.lowest[cls] = low = shift
        field.dirty = True
    if shift - low > MAX_APART:
        raise CannotNormalise(f"indices more than {MAX_APART} apart")
    window = [[int(i == j) for i in range(order)] for j in range(order)]
    for _ in range(shift - low):
        window.append([sum(c * row[i] for c, row in zip(coefficients, window, strict=True)) for i in range(order)])
        del window[0]
    total = field.constant(0)
    for j, weight in enumerate(window[0]):
        if weight:
            one = _value(field, head, rest_term, low + j, cls)
            total = field._plus(total, field.times(field.constant(weight), one))
    return total


def _value(field: Discrete, head: str, rest: Term, shift: int, cls: object) -> Frac:
    index = add(rest, num(shift)) if shift else rest
    natural, positive = _NONNEGATIVE[head]
    sign = None
    if field._plain_sign(add(index, num(1 - positive))) == "+":
        sign = "+"
    elif field._plain_sign(add(index, num(-natural))) in ("+", "0+", "0"):
        sign = "0+"
    g = Generator(app(head, index), "discrete", True, sign, True)
    return field._as_frac(field._generator((cls, shift), g))


__all__ = ["RECURRENCES", "double_factorial", "recurrent"]
