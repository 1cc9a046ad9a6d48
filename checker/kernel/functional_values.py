"""Linear functionals on generators: the values of integrals over a half line, the unit range, the line, and of series.

Each is proved once, from the normaliser, and then applied to every summand of an integrand
(``functional_form``).  All converge absolutely under the conditions on the right.

    int_0^oo x^(s-1) exp(-b x^k) dx = gamma(s/k) b^(-s/k)/|k|                 b > 0, s/k > 0
    ... with log x                  = that * (digamma(s/k) - log b)/k
    int_0^1 x^(s-1) (1-x)^(t-1) dx  = gamma(s) gamma(t)/gamma(s+t)            s > 0, t > 0
    ... with log x                  = that * (digamma(s) - digamma(s+t));     with log(1-x): s and t exchanged
    int_0^1 x^(s-1) (log x)^i dx    = (-1)^i i!/s^(i+1)                       s > 0
    int_R x^n exp(-a x^2 + b x) dx  = exp(b^2/(4a)) sqrt(pi/a) M_n            a > 0, b real
                                      M_0 = 1, M_1 = m, M_{j+1} = m M_j + j v M_{j-1};  m = b/(2a), v = 1/(2a)

    sum_{k>=0} k^n r^k/k!             = exp(r) sum_j S(n,j) r^j
    sum_{k>=0} k^n r^k                = sum_j S(n,j) j! r^j/(1-r)^(j+1)                  -1 < r < 1
    sum_{k=0}^N k^n C(N,k) p^k q^(N-k) = sum_j S(n,j) N(N-1)...(N-j+1) p^j (p+q)^(N-j)   N >= 0 integer, p+q != 0
    sum_{k>=0} k^n gamma(k+r)/k! q^k  = sum_j S(n,j) gamma(r+j) q^j (1-q)^(-r-j)         r > 0, -1 < q < 1

The first line is the definition of the gamma function after x^k = y/b; the logarithm comes from
differentiation by s under the integral sign, which the bound x^(s-1-e) + x^(s-1+e) allows (Billingsley,
Probability and Measure, theorem 16.8); beta integrals: DLMF 5.12.1; the recursion for M_n is integration
by parts; k^n = sum_j S(n,j) k(k-1)...(k-j+1) with Stirling numbers, then the exponential, geometric and
binomial series shifted by j (Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., (6.10), (5.12), (5.56)).

gamma(r + n) is written gamma(r) r(r+1)...(r+n-1), and digamma(r + n) likewise, so that values compare
as rational functions of their parameters.

FAILURE (:class:`CannotRead`): a generator of another form, a condition that is not certain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from math import factorial, floor

from .functional_form import CannotRead, Part, Reading, flat, negative, plus, product
from .kinds import is_integer
from .term import ONE, ZERO, App, Num, Term, Var, add, app, num

MAX_SHIFT = 40
MAX_ORDER = 16
PI = app("pi")

# ------------------------------------------------------------------------ gamma, digamma


def shifted(r: Reading, s: Term) -> tuple[Term, int]:
    """s = base + n, n an integer and base > 0 as small as is certain.  s itself must be positive."""
    constant = Fraction(0)
    rest: list[tuple[int, Term]] = []
    for sign, t in flat(s):
        if isinstance(t, Num):
            constant += sign * t.value
        elif (-sign, t) in rest:
            rest.remove((-sign, t))
        else:
            rest.append((sign, t))
    if not rest:
        n = max(floor(constant) if constant.denominator > 1 else int(constant) - 1, 0)
        return Num(constant - n), n
    moving = plus(*(t if sign > 0 else negative(t) for sign, t in rest))
    whole = floor(constant)
    for start in range(min(0, whole), whole + 1):       # never above s: n >= 0
        base = plus(moving, Num(constant - whole + start))
        if whole - start <= MAX_SHIFT and r.is_positive(base):
            return base, whole - start
    return plus(moving, Num(constant)), 0


def gamma(r: Reading, s: Term) -> Term:
    """gamma(s) for s > 0."""
    base, n = shifted(r, s)
    if n > MAX_SHIFT:
        raise CannotRead
    start: Term = ONE if base == ONE else app("sqrt", PI) if base == num("1/2") else app("gamma", base)
    rising = product(*(plus(base, num(j)) for j in range(n)))
    return product(start, rising)


def digamma(r: Reading, s: Term) -> Term:
    base, n = shifted(r, s)
    return plus(app("digamma", base), *(app("div", ONE, plus(base, num(j))) for j in range(n)))


def _power(base: Term, e: Term) -> Term:
    if e == ZERO:
        return ONE
    if e == ONE:
        return base
    if isinstance(e, Num) and e.value == -1:
        return app("div", ONE, base)
    return app("pow", base, e)


def _need(condition: bool) -> None:
    if not condition:
        raise CannotRead


def _plain(p: Part) -> None:
    _need(not p.others and not p.powers)


def _front(p: Part) -> tuple[Part, list[Term]]:
    """The part without its constant exponential, and that."""
    front: list[Term] = [app("exp", e) for k, e in p.exponents if k == 0]
    return replace(p, exponents=tuple(f for f in p.exponents if f[0])), front


# ------------------------------------------------------------------------ integrals


def half_line(r: Reading, p: Part) -> Term:
    _plain(p)
    p, front = _front(p)
    _need(p.co_power == ZERO and not p.co_logs and len(p.exponents) == 1 and p.logs <= 1)
    (k, e), = p.exponents
    b, s = negative(e), plus(p.power, ONE)
    ratio = s if k == 1 else product(num(1 / k), s)
    _need(r.is_positive(b) and r.is_positive(ratio))
    value = product(p.coefficient, *front, gamma(r, ratio), _power(b, negative(ratio)))
    if abs(k) != 1:
        value = product(num(1 / abs(k)), value)
    if p.logs:
        value = product(value, plus(digamma(r, ratio), negative(app("log", b))))
        value = value if k == 1 else product(num(1 / k), value)
    return value


def unit_range(r: Reading, p: Part) -> Term:
    _plain(p)
    p, front = _front(p)
    _need(not p.exponents)
    s, t = plus(p.power, ONE), plus(p.co_power, ONE)
    _need(r.is_positive(s) and r.is_positive(t))
    if t == ONE and not p.co_logs and p.logs <= MAX_ORDER:
        sign = -1 if p.logs % 2 else 1
        return product(p.coefficient, *front, app("div", num(sign * factorial(p.logs)), _power(s, num(p.logs + 1))))
    _need(p.logs + p.co_logs <= 1)
    whole = plus(s, t)
    value = product(p.coefficient, *front, app("div", product(gamma(r, s), gamma(r, t)), gamma(r, whole)))
    if p.logs + p.co_logs:
        value = product(value, plus(digamma(r, s if p.logs else t), negative(digamma(r, whole))))
    return value


def line(r: Reading, p: Part) -> Term:
    _plain(p)
    e = dict(p.exponents)
    constant = e.pop(Fraction(0), ZERO)
    _need(set(e) <= {1, 2} and 2 in e and p.co_power == ZERO and not p.logs and not p.co_logs)
    _need(isinstance(p.power, Num) and p.power.value.denominator == 1 and 0 <= p.power.value <= MAX_ORDER)
    a, b = negative(e[Fraction(2)]), e.get(Fraction(1), ZERO)
    _need(r.is_positive(a) and r.real(b))
    n = int(p.power.value) if isinstance(p.power, Num) else 0
    v = app("div", ONE, product(num(2), a))
    m = ZERO if b == ZERO else app("div", b, product(num(2), a))
    moments: list[Term] = [ONE, m]
    for j in range(1, n):
        moments.append(plus(product(m, moments[j]), product(product(num(j), v), moments[j - 1])))
    exponent = constant if b == ZERO else plus(constant, app("div", app("pow", b, num(2)), product(num(4), a)))
    shift = () if exponent == ZERO else (app("exp", r.in_order(exponent)),)
    return product(p.coefficient, *shift, app("sqrt", app("div", PI, a)), moments[n])


# ------------------------------------------------------------------------ series


@cache
def stirling(n: int, j: int) -> int:
    """Stirling numbers of the second kind."""
    if n == j:
        return 1
    if not 0 < j <= n:
        return 0
    return j * stirling(n - 1, j) + stirling(n - 1, j - 1)


def _factorial_moments(p: Part, value: Callable[[int], Term]) -> Term:
    """sum_j S(n,j) value(j), value(j) the sum with k(k-1)...(k-j+1) in place of k^n."""
    _need(isinstance(p.power, Num) and p.power.value.denominator == 1 and 0 <= p.power.value <= MAX_ORDER)
    n = int(p.power.value) if isinstance(p.power, Num) else 0
    terms = [product(num(stirling(n, j)), value(j)) for j in range(n + 1) if stirling(n, j)]
    return product(p.coefficient, plus(*terms))


def _ratio(r: Reading, p: Part) -> tuple[Term, list[Term]]:
    """The product of b^(a k + d) as (constant) * ratio^k."""
    ratio: Term = ONE
    constants: list[Term] = []
    for b, a, d in p.powers:
        _need(a >= 0 or r.sign(b) in ("+", "-", "+-"))
        _need(_natural(r, d) or r.sign(b) in ("+", "-", "+-"))
        if d != ZERO:
            constants.append(_power(b, d))
        ratio = product(ratio, _power(b, num(a)))
    return ratio, constants


def _natural(r: Reading, d: Term) -> bool:
    """Whether b^d is defined for every b: d = 0, 1, 2, ..."""
    return is_integer(d, r.sequent.declarations) and r.sign(d) in ("+", "0+", "0")


def series(r: Reading, p: Part) -> Term:
    """Over k = 0, 1, 2, ..."""
    p, front = _front(p)
    _need(p.co_power == ZERO and not p.logs and not p.co_logs and not p.exponents)
    k = Var(r.x)
    ratio, constants = _ratio(r, p)
    constants += front
    others = dict(p.others)
    if others == {app("factorial", k): -1}:
        value = _factorial_moments(p, lambda j: _power(ratio, num(j)))
        return product(*constants, app("exp", ratio), value)
    below = plus(ONE, negative(ratio))
    _need(r.is_positive(below) and (r.sign(ratio) in ("+", "0+", "0") or r.is_positive(add(ONE, ratio))))
    if not others:
        return product(*constants, _factorial_moments(p, lambda j: app(
            "div", product(num(factorial(j)), _power(ratio, num(j))), _power(below, num(j + 1)))))
    shift = _gamma_over_factorial(r, others, k)
    return product(*constants, gamma(r, shift), _factorial_moments(p, lambda j: app(
        "div", product(product(*(plus(shift, num(i)) for i in range(j))), _power(ratio, num(j))),
        _power(below, plus(shift, num(j))))))


def _gamma_over_factorial(r: Reading, others: dict[Term, int], k: Term) -> Term:
    """The r of gamma(k + r)/k!."""
    _need(len(others) == 2 and others.get(app("factorial", k)) == -1)
    top = next(f for f, n in others.items() if f != app("factorial", k))
    _need(isinstance(top, App) and top.head == "gamma" and others[top] == 1)
    shift = plus(top.args[0], negative(k)) if isinstance(top, App) else ZERO
    _need(r.free(shift))
    _need(r.is_positive(shift))
    return shift


def binomial_sum(r: Reading, p: Part, n: Term) -> Term:
    """Over k = 0, ..., n."""
    p, constants = _front(p)
    _need(p.co_power == ZERO and not p.logs and not p.co_logs and not p.exponents)
    _need(is_integer(n, r.sequent.declarations) and r.sign(n) in ("+", "0+", "0"))
    k = Var(r.x)
    up: Term = ONE
    down: Term | None = None
    for b, a, d in p.powers:
        if a > 0:
            _need(_natural(r, d) or r.sign(b) in ("+", "-", "+-"))
            constants += [] if d == ZERO else [_power(b, d)]
            up = product(up, _power(b, num(a)))
            continue
        # b^(c n - c k + rest): the base of the failures
        rest = plus(d, product(num(a), n))
        _need(r.is_zero(rest) or _natural(r, rest) or r.sign(b) in ("+", "-", "+-"))
        constants += [] if r.is_zero(rest) else [_power(b, rest)]
        down = product(ONE if down is None else down, _power(b, num(-a)))
    constants.append(_binomial_factor(r, p, n, k))
    both = add(up, ONE if down is None else down)
    one = r.equal(both, ONE)
    _need(one or r.sign(both) in ("+", "-", "+-"))
    return product(*constants, _factorial_moments(p, lambda j: product(
        *(plus(n, num(-i)) for i in range(j)), _power(up, num(j)),
        *(() if one else (_power(both, plus(n, num(-j))),)))))


def _binomial_factor(r: Reading, p: Part, n: Term, k: Term) -> Term:
    """What the others are a multiple of binomial(n, k) by."""
    others = dict(p.others)
    for f, e in others.items():
        if e == 1 and len(others) == 1 and isinstance(f, App) and f.head == "binomial" and (
                r.equal(f.args[0], n) and f.args[1] == k):
            return ONE
    _need(set(others.values()) == {-1} and len(others) == 2 and app("factorial", k) in others)
    other = next(f for f in others if f != app("factorial", k))
    _need(isinstance(other, App) and other.head == "factorial")
    _need(isinstance(other, App) and r.equal(add(other.args[0], k), n))
    return app("div", ONE, app("factorial", n))


__all__ = ["binomial_sum", "digamma", "gamma", "half_line", "line", "series", "unit_range"]
