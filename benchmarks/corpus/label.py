"""An independent opinion on a row: mpmath, 50 digits, a wide range of points of the stated domain.

The walk knows nothing of the project: it reads the SymPy tree and computes.  Conventions are those of
docs/meaning.md: principal branches (inverse functions by their logarithms, DLMF 4.23(iv), 4.37(iv)), an
empty sum is 0, a^0 = 1, a point at which a side is undefined says nothing.  Near a cut, a pole or a
kink, where rounding could choose the side, a point says nothing either.

True needs agreement at ``ENOUGH`` points (all there are, if fewer); False needs a difference that no
rounding explains.  Anything else is None.  Limits are judged by their course along a geometric
sequence and by their value there, which is an opinion, not a proof: the row says so in its origin.
"""

from __future__ import annotations

import itertools
import random
import signal
from collections.abc import Iterator
from types import FrameType
from typing import Any

import mpmath
import sympy

from .rows import Row, evaluate, namespace

MP = mpmath.mp
DIGITS, SAME, DIFFERENT = 50, 1e-30, 1e-10
SOFT_SAME, SOFT_DIFFERENT = 1e-9, 1e-4   # where quadrature or an infinite sum is inside
POINTS, ENOUGH = 70, 5
SECONDS = 4.0    # of processor time, for one row

REALS = "0 1 -1 1/2 -1/2 2 -2 3 7/3 -22/7 10 -15 1/100 -1/50 40 3/2 -7/2 5/4".split()
COMPLEXES = ("0 1 -1 j -j 1+j -2+3j 0.5-7j -3+20j -0.375-0.25j 10j 2 -2 0.5 -0.5 3-j -1.5+0.75j 0.125+12.5j "
             "-4-0.5j 7 -7 0.25+0.25j").split()
INTEGERS = [0, 1, 2, 3, -1, -2, 4, 5, -3, 6, 7, 8, -5, 10, 12, -8, 15]


class NoValue(Exception):
    """Undefined here."""


class CannotTell(Exception):
    """Too large, too close to a cut or a pole, or not known how."""


class _TooLong(BaseException):
    pass


def _alarm(signum: int, frame: FrameType | None) -> None:
    raise _TooLong


def opinion(row: Row) -> bool | None:
    """True, False, or None where this module cannot tell."""
    old = signal.signal(signal.SIGVTALRM, _alarm)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        return _opinion(row)
    except (_TooLong, Exception):
        return None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, old)


def _opinion(row: Row) -> bool | None:
    if not row.relation:
        return None
    names = namespace()
    left, right = evaluate(row.left, names), evaluate(row.right, names)
    given = [evaluate(g, names) for g in row.given]
    if isinstance(left, sympy.Limit) and row.relation == "=":
        return limit_opinion(left, right, given)
    soft = any(e.has(sympy.Integral, sympy.Limit) or _infinite(e) for e in (left, right))
    agreed = total = 0
    symbols = sorted(left.free_symbols.union(right.free_symbols, *(g.free_symbols for g in given)), key=str)
    with MP.workdps(25 if soft else DIGITS):
        for at in points(symbols, 8 if soft else POINTS, row.id):
            total += 1
            try:
                if not all(truth(g, at) for g in given):
                    continue
                verdict = compared(left, row.relation, right, at, soft)
            except (NoValue, CannotTell, ArithmeticError, ValueError, TypeError, OverflowError):
                continue
            if not verdict:
                return False
            agreed += 1
    return True if agreed >= (1 if not symbols else min(ENOUGH, 2) if soft else ENOUGH) else None


def _infinite(e: Any) -> bool:
    return any(sympy.oo in lim or -sympy.oo in lim for s in e.atoms(sympy.Sum, sympy.Product) for lim in s.limits)


def compared(left: Any, relation: str, right: Any, at: dict[Any, Any], soft: bool) -> bool:
    """At a point where ``<`` seems to fail by equality, look again: tanh(100) < 1."""
    u, v = value(left, at), value(right, at)
    if relation in ("<", ">") and not soft and abs(u - v) <= SAME*(1 + abs(u) + abs(v)):
        with MP.workdps(400):
            u, v = real(value(left, at)), real(value(right, at))
            if abs(u - v) > MP.mpf(10)**-350:
                return bool(u < v if relation == "<" else u > v)
            return False
    return compare(u, relation, v, soft)


def compare(u: Any, relation: str, v: Any, soft: bool = False) -> bool:
    same, different = (SOFT_SAME, SOFT_DIFFERENT) if soft else (SAME, DIFFERENT)
    if MP.isinf(u) or MP.isinf(v):
        raise CannotTell
    gap, size = abs(u - v), 1 + abs(u) + abs(v)
    if same < gap/size < different:
        raise CannotTell
    equal = gap/size <= same
    if relation in ("=", "!="):
        return bool(equal == (relation == "="))
    u, v = real(u), real(v)
    if equal:
        return "=" in relation
    return bool(u < v if relation[0] == "<" else u > v)


# ------------------------------------------------------------------ points


def pool(s: Any) -> list[Any]:
    if s.is_integer:
        values = [MP.mpf(k) for k in INTEGERS]
    elif s.is_extended_real:
        values = [MP.mpf(sympy.Rational(q).p)/sympy.Rational(q).q for q in REALS]
    else:
        values = [MP.mpc(complex(c.replace("j", "1j") if c in ("j", "-j") else
                         c.replace("+j", "+1j").replace("-j", "-1j"))) for c in COMPLEXES]
        if s.is_imaginary:
            values = [v for v in values if v.real == 0 and v.imag != 0]
    keep = []
    for v in values:
        if s.is_even and int(v) % 2 or s.is_odd and not int(v) % 2:
            continue
        if (s.is_extended_positive and not v > 0) or (s.is_extended_negative and not v < 0) \
                or (s.is_extended_nonnegative and not v >= 0) or (s.is_extended_nonpositive and not v <= 0) \
                or (s.is_zero is False and v == 0):
            continue
        keep.append(v)
    if s.is_prime or s.is_composite or s.is_irrational or s.is_transcendental or s.is_algebraic is False:
        raise CannotTell
    return keep


def points(symbols: list[Any], count: int, seed: str) -> Iterator[dict[Any, Any]]:
    pools = [pool(s) for s in symbols]
    if all(pools) and mpmath.fprod([len(p) for p in pools]) <= count:
        for choice in itertools.product(*pools):
            yield dict(zip(symbols, choice, strict=True))
        return
    r = random.Random(seed)
    for k in range(count):
        small = 1 if k % 3 else 6     # now and then from the small values only: ties and ends
        yield {s: r.choice(p[:max(2, len(p)//small)]) for s, p in zip(symbols, pools, strict=True)}


# ------------------------------------------------------------------ values


def real(u: Any) -> Any:
    u = MP.mpc(u)
    if u.imag != 0:
        if abs(u.imag) < 1e-25*(1 + abs(u)):
            return u.real
        raise NoValue
    return u.real


def integer(u: Any) -> int:
    v = real(u)
    k = int(MP.nint(v))
    if v != k:
        if abs(v - k) < 1e-20:
            return k
        raise NoValue
    return k


def is_integer(u: Any) -> bool:
    u = MP.mpc(u)
    return u.imag == 0 and u.real == MP.nint(u.real)


def off_cut(u: Any) -> Any:
    """u, unless it is beside the negative axis by rounding only."""
    u = MP.mpc(u)
    if u.real < 0 and 0 < abs(u.imag) < 1e-20*abs(u):
        raise CannotTell
    return u


def log(u: Any) -> Any:
    if u == 0:
        raise NoValue
    if abs(u) < 1e-30:
        raise CannotTell
    return MP.log(off_cut(u))


def sqrt(u: Any) -> Any:
    return MP.sqrt(off_cut(u))


def power(u: Any, e: Any) -> Any:
    if is_integer(e):
        n = integer(e)
        if u == 0:
            if n < 0:
                raise NoValue
            return MP.mpf(1 if n == 0 else 0)
        if abs(n)*abs(MP.log(abs(u))) > 1e5:
            raise CannotTell
        return MP.mpc(u)**n
    if u == 0:
        if MP.mpc(e).imag == 0 and real(e) > 0:
            return MP.mpf(0)
        raise NoValue
    return exp(MP.mpc(e)*log(u))


def exp(u: Any) -> Any:
    if abs(MP.mpc(u).real) > 1e5 or abs(MP.mpc(u).imag) > 1e15:
        raise CannotTell
    return MP.exp(u)


def divide(u: Any, v: Any) -> Any:
    if v == 0:
        raise NoValue
    if abs(v) < 1e-30:
        raise CannotTell
    return MP.mpc(u)/v


def gamma(u: Any) -> Any:
    if is_integer(u) and real(u) <= 0:
        raise NoValue
    if abs(u) > 1e4:
        raise CannotTell
    return MP.gamma(u)


def binomial(n: Any, k: Any) -> Any:
    if is_integer(k):
        j = integer(k)
        if j < 0:
            return MP.mpf(0)
        if j > 300:
            raise CannotTell
        out = MP.mpc(1)
        for i in range(j):
            out = out*(n - i)/(i + 1)
        return out
    raise CannotTell


def rising(x: Any, k: Any) -> Any:
    if not is_integer(k):
        return divide(gamma(x + k), gamma(x))
    j = integer(k)
    if abs(j) > 300:
        raise CannotTell
    if j >= 0:
        return MP.fprod([x + i for i in range(j)]) if j else MP.mpf(1)
    return divide(1, MP.fprod([x - i for i in range(1, -j + 1)]))


def sign(u: Any) -> Any:
    if u == 0:
        return MP.mpf(0)
    if abs(u) < 1e-30:
        raise CannotTell
    return MP.mpc(u)/abs(u)


def floor(u: Any) -> Any:
    v = real(u)
    if 0 < abs(v - MP.nint(v)) < 1e-20:
        raise CannotTell
    return MP.floor(v)


def factorial(u: Any) -> Any:
    return gamma(u + 1)


def atan(u: Any) -> Any:
    # (i/2) (log(1 - i u) - log(1 + i u))
    i = MP.mpc(0, 1)
    return i/2*(log(1 - i*u) - log(1 + i*u))


def asin(u: Any) -> Any:
    i = MP.mpc(0, 1)
    return -i*log(i*u + sqrt(1 - MP.mpc(u)*u))


def acosh(u: Any) -> Any:
    return log(u + sqrt(u + 1)*sqrt(u - 1))


def atan2(y: Any, x: Any) -> Any:
    x, y = real(x), real(y)
    if x == 0 and y == 0:
        raise NoValue
    return MP.atan2(y, x)


def fibonacci(n: Any) -> Any:
    k = integer(n)
    a, b = 0, 1
    for _ in range(abs(k)):
        a, b = b, a + b
    return MP.mpf(a if k >= 0 or k % 2 else -a)


def lucas(n: Any) -> Any:
    return 2*fibonacci(n + 1) - fibonacci(n)


def harmonic(n: Any, order: Any = 1) -> Any:
    if order != 1:
        return sum((1/MP.mpc(j)**order for j in range(1, integer(n) + 1)), MP.mpf(0))
    if is_integer(n) and real(n) < 0:
        raise NoValue
    return MP.harmonic(n)


def argument(u: Any) -> Any:
    if u == 0:
        raise NoValue
    return MP.arg(off_cut(u))


def modulo(a: Any, b: Any) -> Any:
    return real(a) - real(b)*floor(divide(a, b))


def arccot(u: Any) -> Any:
    return MP.pi/2 if u == 0 else atan(divide(1, u))


def extreme(choose: Any) -> Any:
    return lambda *a: choose(map(real, a))


def double_factorial(n: Any) -> Any:
    return MP.fac2(integer(n))


FUNCTIONS: dict[str, Any] = {
    "exp": exp, "log": lambda u, b=None: log(u) if b is None else divide(log(u), log(b)), "sin": MP.sin, "cos": MP.cos,
    "tan": lambda u: divide(MP.sin(u), MP.cos(u)), "cot": lambda u: divide(MP.cos(u), MP.sin(u)),
    "sec": lambda u: divide(1, MP.cos(u)), "csc": lambda u: divide(1, MP.sin(u)), "sinc": lambda u: (
        MP.mpf(1) if u == 0 else MP.sin(u)/u),
    "sinh": lambda u: (exp(u) - exp(-u))/2, "cosh": lambda u: (exp(u) + exp(-u))/2,
    "tanh": lambda u: divide(MP.sinh(u), MP.cosh(u)), "coth": lambda u: divide(MP.cosh(u), MP.sinh(u)),
    "sech": lambda u: divide(1, MP.cosh(u)), "csch": lambda u: divide(1, MP.sinh(u)),
    "asin": asin, "acos": lambda u: MP.pi/2 - asin(u), "atan": atan, "acot": arccot,
    "asec": lambda u: MP.pi/2 - asin(divide(1, u)), "acsc": lambda u: asin(divide(1, u)),
    "asinh": lambda u: log(u + sqrt(MP.mpc(u)*u + 1)), "acosh": acosh,
    "atanh": lambda u: (log(1 + u) - log(1 - u))/2,
    "acoth": lambda u: (log(1 + divide(1, u)) - log(1 - divide(1, u)))/2,
    "atan2": atan2, "erf": MP.erf, "erfc": MP.erfc, "Abs": abs, "sign": sign, "re": lambda u: MP.mpc(u).real,
    "im": lambda u: MP.mpc(u).imag, "conjugate": MP.conj, "arg": argument, "floor": floor,
    "ceiling": lambda u: -floor(-u), "Max": extreme(max), "Min": extreme(min), "factorial": factorial,
    "binomial": binomial, "gamma": gamma, "RisingFactorial": rising,
    "FallingFactorial": lambda x, k: (-1)**integer(k)*rising(-x, k), "fibonacci": fibonacci, "lucas": lucas,
    "harmonic": harmonic, "Mod": modulo, "digamma": lambda u: MP.digamma(u), "KroneckerDelta": lambda u, v: (
        MP.mpf(1 if u == v else 0)), "factorial2": double_factorial, "Heaviside": lambda u, h=None: step(u),
    "frac": lambda u: real(u) - floor(u), "cbrt": lambda u: power(u, MP.mpf(1)/3), "real_root": None,
    "beta": lambda u, v: divide(gamma(u)*gamma(v), gamma(u + v)), "zeta": lambda s: MP.zeta(s),
}


def step(u: Any) -> Any:
    v = real(u)
    if v == 0:
        raise CannotTell
    return MP.mpf(1 if v > 0 else 0)


def value(e: Any, at: dict[Any, Any]) -> Any:
    v = _value(e, at)
    if abs(v) > MP.mpf(10)**40000:
        raise CannotTell
    return v


def _value(e: Any, at: dict[Any, Any]) -> Any:
    if e in at:
        return at[e]
    match e:
        case sympy.Rational():
            return MP.mpf(int(e.p))/int(e.q)
        case sympy.core.numbers.ImaginaryUnit():
            return MP.mpc(0, 1)
        case sympy.Add():
            return sum((value(a, at) for a in e.args), MP.mpf(0))
        case sympy.Mul():
            out: Any = MP.mpf(1)
            for a in e.args:
                if isinstance(a, sympy.Pow) and a.args[1] == -1:
                    out = divide(out, value(a.args[0], at))
                else:
                    out = out*value(a, at)
            return out
        case sympy.exp():
            return exp(value(e.exp, at))
        case sympy.Pow():
            if e.args[0] == sympy.E:
                return exp(value(e.args[1], at))
            base = value(e.args[0], at)
            if e.args[1] == sympy.Rational(1, 2):
                return sqrt(base)
            if e.args[1] == -1:
                return divide(1, base)
            if isinstance(e.args[1], sympy.Rational) and not e.args[1].is_Integer and base != 0:
                return MP.exp(log(base)*int(e.args[1].p)/int(e.args[1].q))
            return power(base, value(e.args[1], at))
        case sympy.Piecewise():
            for v, guard in e.args:
                if guard == sympy.true or truth(guard, at):
                    return value(v, at)
            raise NoValue
        case sympy.Sum() | sympy.Product():
            return folded(e, at)
        case sympy.Integral():
            return integrated(e, at)
        case sympy.Derivative():
            return differentiated(e, at)
        case sympy.NumberSymbol():
            return {sympy.pi: MP.pi, sympy.E: MP.e, sympy.GoldenRatio: MP.phi, sympy.EulerGamma: MP.euler,
                    sympy.Catalan: MP.catalan}[e] + MP.mpf(0)
    f = FUNCTIONS.get(type(e).__name__)
    if f is None:
        raise CannotTell
    args = [value(a, at) for a in e.args]
    if type(e).__name__ in ("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth") \
            and any(abs(a) > 1e4 for a in args):
        raise CannotTell
    return f(*args)


def truth(e: Any, at: dict[Any, Any]) -> bool:
    if e == sympy.true or e == sympy.false:
        return bool(e)
    relation = {sympy.Eq: "=", sympy.Ne: "!=", sympy.Lt: "<", sympy.Le: "<=", sympy.Gt: ">", sympy.Ge: ">="}.get(
        type(e))
    if relation:
        return compare(value(e.args[0], at), relation, value(e.args[1], at))
    match e:
        case sympy.And():
            return all(truth(a, at) for a in e.args)
        case sympy.Or():
            return any(truth(a, at) for a in e.args)
        case sympy.Not():
            return not truth(e.args[0], at)
    raise CannotTell


def folded(e: Any, at: dict[Any, Any]) -> Any:
    *inner, (k, low, high) = e.limits
    body = type(e)(e.function, *inner) if inner else e.function
    start = value(low, at) if low != -sympy.oo else None
    if high == sympy.oo and start is not None and isinstance(e, sympy.Sum):
        return MP.nsum(lambda j: value(body, {**at, k: j}), [integer(start), MP.inf])
    if start is None or high == sympy.oo:
        raise CannotTell
    first, last = integer(start), integer(value(high, at))
    if last - first > 200:
        raise CannotTell
    values = [value(body, {**at, k: MP.mpf(j)}) for j in range(first, last + 1)]
    return sum(values, MP.mpf(0)) if isinstance(e, sympy.Sum) else MP.fprod(values)


def integrated(e: Any, at: dict[Any, Any]) -> Any:
    *inner, limit = e.limits
    if len(limit) != 3:
        raise CannotTell
    x, low, high = limit
    body = type(e)(e.function, *inner) if inner else e.function
    ends = [MP.inf if b == sympy.oo else -MP.inf if b == -sympy.oo else real(value(b, at)) for b in (low, high)]
    a, b = ends
    cuts = sorted(c for c in map(MP.mpf, (-10, -3, -1, 0, 1, 3, 10)) if min(a, b) < c < max(a, b))
    nodes = [min(a, b), *cuts, max(a, b)]

    def f(t: Any) -> Any:
        return value(body, {**at, x: t})

    with MP.workdps(20):
        rough, error = MP.quad(f, nodes, error=True, maxdegree=6)
        if error > 1e-10*(1 + abs(rough)):
            raise CannotTell
    return rough if a <= b else -rough


def differentiated(e: Any, at: dict[Any, Any]) -> Any:
    """Central differences at many digits, from both sides and along i: what has a corner has no value."""
    variables = [x for x, n in e.variable_count for _ in range(int(sympy.simplify(n)))]
    if len(variables) > 2 or e.expr.has(sympy.Integral) or _infinite(e):
        raise CannotTell
    digits = MP.dps

    def derived(order: list[Any], here: dict[Any, Any]) -> Any:
        if not order:
            return value(e.expr, here)
        x, rest = order[-1], order[:-1]
        h = MP.mpf(10)**(-20 if len(variables) == 1 else -15)

        def f(v: Any) -> Any:
            return derived(rest, {**here, x: v})

        c = here[x]
        middle, one, two = f(c), f(c + h), f(c - h)
        if abs((one - middle) - (middle - two)) > abs(h)*1e-6*(1 + abs((one - two)/h)):
            raise NoValue
        if not x.is_extended_real:
            i = MP.mpc(0, 1)
            if abs((f(c + i*h) - f(c - i*h))/i - (one - two)) > abs(h)*1e-6*(1 + abs((one - two)/h)):
                raise NoValue
        return (one - two)/(2*h)

    with MP.workdps(digits + 60):
        found = derived(variables, at)
    return found


# ------------------------------------------------------------------ limits


def limit_opinion(e: Any, v: Any, given: list[Any]) -> bool | None:
    """The course of f along geometric sequences towards the point, each side that is meant."""
    f, x, a, side = e.args
    symbols = sorted((e.free_symbols | v.free_symbols | set().union(*(g.free_symbols for g in given))) - {x}, key=str)
    agreed, undecided = 0, False
    with MP.workdps(120):
        for at in itertools.islice(points(symbols, 30, str(e)), 30):
            try:
                if not all(truth(g, at) for g in given):
                    continue
                sides = [-1] if str(side) == "-" else [1] if str(side) == "+" else [1, -1]
                verdicts = [approaches(f, x, a, s, v, at) for s in (sides if a not in (sympy.oo, -sympy.oo) else [1])]
            except (NoValue, CannotTell, ArithmeticError, ValueError, TypeError, OverflowError):
                undecided = True
                continue
            if any(w is False for w in verdicts):
                return False
            if any(w is None for w in verdicts):
                undecided = True
            else:
                agreed += 1
            if agreed >= 8:
                break
    return True if agreed >= 1 and not (undecided and agreed < 3) else None


def approaches(f: Any, x: Any, a: Any, side: int, v: Any, at: dict[Any, Any]) -> bool | None:
    infinite = a in (sympy.oo, -sympy.oo)
    target = None if v in (sympy.oo, -sympy.oo) else value(v, at)
    here = []
    for k in range(2, 46, 3):
        step = MP.mpf(10)**k if not infinite else MP.mpf(2)**k
        c = (step if a == sympy.oo else -step) if infinite else value(a, at) + side/step
        if x.is_integer:
            c += k % 2     # both parities
        elif infinite:
            c += MP.mpf(1)/3 if k % 2 else -MP.mpf(1)/7
        try:
            here.append(value(f, {**at, x: c}))
        except CannotTell:
            break
    if len(here) < 5:
        return None
    last = here[-4:]
    if target is None:
        w = [real(u) for u in last]
        if v == -sympy.oo:
            w = [-u for u in w]
        if all(b > c + 1e-3 for c, b in itertools.pairwise(w)) and w[-1] > 20:
            return True
        settled = max(abs(u) for u in w) < 1e3 and max(abs(b - c) for c, b in itertools.pairwise(w)) < 1e-8
        return False if settled else None
    gaps = [abs(u - target) for u in last]
    if gaps[-1] < 1e-8 and all(b <= c or b < 1e-12 for c, b in itertools.pairwise(gaps)):
        return True
    changes = [abs(b - c) for c, b in itertools.pairwise(last)]
    if min(gaps) > 1e-4 and max(changes) < 1e-8:
        return False
    if all(b > 3*c for c, b in itertools.pairwise(gaps)) and gaps[-1] > 1e6:
        return False
    return None


__all__ = ["opinion"]
