"""Rigorous enclosures of integrals with numeric finite ends.

    acb.integral on the segment, the integrand as a function of balls
    ------------------------------------------------------------------      value in the enclosure
    integral(x from a to b: f)

Where arb asks for analyticity, a ball that meets a cut, a corner or a jump gives "not finite", and arb
bisects; where it asks only for an enclosure of the values on a real ball, every head that ``evaluate``
encloses will do.  A pole gives a ball that is not finite, so an integral that diverges has no enclosure.
A cut at a point where the integrand still is bounded (sqrt at 0) only costs bisections.  (Johansson,
Numerical integration in arbitrary-precision ball arithmetic, ICMS 2018, LNCS 10931, 255-263; arb manual,
acb_calc: the flag ``analytic``.)

FAILURE: Unknown: infinite ends, an integrand unbounded at an end, more than ``MAX_EVALUATIONS`` values.
The work is bounded by counts, never by the clock.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import acb, arb, ctx, fmpq

from .effort import Spent, memory, spend
from .kinds import is_integer, is_real
from .term import REAL, App, Bind, Num, Term, Var, free_names

if TYPE_CHECKING:
    from .evaluate import Evaluator

MAX_EVALUATIONS = 1_500
MAX_DEPTH = 40
#: a coarse answer first, a finer one where the evaluation asks again; never more digits
TOLERANCES = {64: 2.0**-14, 256: 2.0**-40}
PRECISION = 64

#: what was computed (or why it could not be): a closed question is asked again and again in one search
MAX_KNOWN = 256
_KNOWN: dict[tuple[Term, int, tuple[tuple[str, Any, Any], ...]], acb | str] = memory()

_NAN = acb(arb("nan"), arb("nan"))
_ENTIRE = {"add", "mul", "neg", "exp", "sin", "cos", "sinh", "cosh", "erf", "rgamma"}
#: poles give balls that are not finite
_MEROMORPHIC = {"div", "tan", "cot", "sec", "csc", "tanh", "coth", "gamma", "digamma", "factorial"}
#: cut along the negative real axis; along +-[1, oo), on the real or the imaginary axis
_NEGATIVE_AXIS = {"log", "sqrt"}
_REAL_CUTS, _IMAGINARY_CUTS = {"asin", "acos", "atanh"}, {"atan", "asinh"}


def integral(t: Bind, here: Evaluator) -> acb:
    """The value of ``t``.  Raises Undefined, Unknown."""
    from .evaluate import Evaluator, Unknown

    if here.precision not in TOLERANCES:
        raise Unknown("an integral is not computed to more digits")
    values = {n: here.values.get(n) for n in free_names(t)}
    if type(here) is not Evaluator or not all(isinstance(v, (Fraction, Num, App)) for v in values.values()):
        return _enclosed(t, here)
    # the sorts too: x^p needs less of x for an integer p than for a real one
    key = (t, here.precision, tuple((n, values[n], here.sorts.get(n)) for n in sorted(values)))
    if key not in _KNOWN:
        if len(_KNOWN) >= MAX_KNOWN:
            _KNOWN.clear()
        try:
            _KNOWN[key] = _enclosed(t, here)
        except Unknown as error:
            _KNOWN[key] = str(error)
    found = _KNOWN[key]
    if isinstance(found, str):
        raise Unknown(found)
    return found


def _enclosed(t: Bind, here: Evaluator) -> acb:
    from .evaluate import Unknown, real_ball, to_ball

    low, high = (acb(real_ball(here.number(u))) for u in t.outer)
    (x,), (body,) = t.names, t.inner
    integrand = _Integrand(here, x, body)
    if not (integrand(low, False).is_finite() and integrand(high, False).is_finite()):
        raise Unknown("an integrand without a value at an end")
    tolerance = arb(TOLERANCES[here.precision])
    old, ctx.prec = ctx.prec, PRECISION
    try:
        value = acb.integral(integrand, low, high, rel_tol=tolerance, abs_tol=tolerance,
                             eval_limit=MAX_EVALUATIONS, depth_limit=MAX_DEPTH)
    except (ArithmeticError, ValueError, TypeError) as error:
        raise Unknown(f"an integral that could not be enclosed: {error}") from error
    finally:
        ctx.prec = old
    if integrand.spent:
        raise Spent
    value = to_ball(value)
    if not value.is_finite():
        raise Unknown("an integral that no ball of this precision encloses")
    if is_real(body, {**here.sorts, x: REAL}):
        value = acb(value.real)
    return value


class _Integrand:
    """The body as a function of a ball; "not finite" wherever a value, or analyticity, is in doubt."""

    def __init__(self, here: Evaluator, x: str, body: Term) -> None:
        self.here, self.x, self.body = here, x, body
        self.constants: dict[Term, acb] = {}
        self.evaluations = 0
        self.spent = False      # no exception passes through arb: the integral raises it

    def __call__(self, z: acb, analytic: bool) -> acb:
        from .evaluate import Undefined, Unknown

        self.evaluations += 1
        if self.evaluations > 2 * MAX_EVALUATIONS or self.spent:
            return _NAN
        try:
            spend(10)
            value = self._of(self.body, z, bool(analytic))
        except Spent:
            self.spent = True
            return _NAN
        except (Undefined, Unknown, ArithmeticError, ValueError, RecursionError):
            return _NAN
        return value if value.is_finite() else _NAN

    def _of(self, t: Term, z: acb, analytic: bool) -> acb:
        from .evaluate import Unknown, _ball, to_ball

        if self.x not in free_names(t):
            if t not in self.constants:
                self.constants[t] = to_ball(self.here.number(t))
            return self.constants[t]
        match t:
            case Var():
                return z
            case App("pow", (base, exponent)):
                return self._power(base, exponent, z, analytic)
            case App("cases", args):
                return self._cases(args, z, analytic)
            case App(head, args):
                values = [self._of(a, z, analytic) for a in args]
                if head in _ENTIRE or head in _MEROMORPHIC:
                    return _ball(head, values)
                real = all(is_real(a, {**self.here.sorts, self.x: REAL}) for a in args)
                if head in ("abs", "sign", "max", "min", "relu", "floor", "ceiling") and real:
                    return _extended(head, values, analytic)
                if analytic and not _off_cut(head, values):
                    raise Unknown("a cut")
                if not analytic and not (z.imag.is_zero() or head in _NEGATIVE_AXIS | _REAL_CUTS | _IMAGINARY_CUTS):
                    raise Unknown("a value off the real line")
                return _ball(head, values)
            case _:
                raise Unknown("no enclosure of this integrand")

    def _power(self, base: Term, exponent: Term, z: acb, analytic: bool) -> acb:
        from .evaluate import Undefined, Unknown, _ball_power, to_ball

        x = self._of(base, z, analytic)
        if isinstance(exponent, Num) and exponent.value.denominator == 1:
            n = int(exponent.value)
            if abs(n) > 1_000:
                raise Unknown("a power too high")
            return x**n
        if isinstance(exponent, Num) and exponent.value.denominator == 2 and abs(exponent.value) < 100:
            if analytic and not _right_of_cut(x):
                raise Unknown("a cut")
            return x.sqrt() ** int(2 * exponent.value)
        y = self._of(exponent, z, analytic)
        sorts = {**self.here.sorts, self.x: REAL}
        if not isinstance(exponent, Num) and is_real(base, sorts) and not is_integer(exponent, sorts) and not (
                x.real > 0):
            raise Undefined("a real exponent over a base that is not positive")
        exact = None if self.x in free_names(exponent) else self.here.number(exponent)
        if isinstance(exact, Fraction) and exact.denominator == 1:
            return _ball_power(x, to_ball(exact))
        if not _right_of_cut(x):
            if analytic or not isinstance(exponent, Num) or exponent.value < 0:
                raise Undefined("a power of what may be 0 or negative")
            # x^q for q > 0 on a ball with 0 in it: |x|^q in every direction
            bound = abs(x).upper() ** arb(fmpq(exponent.value.numerator, exponent.value.denominator))
            reach = (-bound).union(bound)
            return acb(reach, reach)
        return (y * x.log()).exp()

    def _cases(self, args: tuple[Term, ...], z: acb, analytic: bool) -> acb:
        """The case that holds on the real part of the ball (its formula continues it), or, where only an
        enclosure is asked for, all that may hold."""
        from .evaluate import Unknown, _WithNumbers

        inner = _WithNumbers(self.here, {self.x: acb(z.real)}, {self.x: REAL})
        found: list[acb] = []
        for value, guard in zip(args[0::2], args[1::2], strict=True):
            try:
                if not inner.truth(guard):
                    continue
                certain = True
            except Unknown:
                if analytic or not z.imag.is_zero():
                    raise
                certain = False
            found.append(self._of(value, z, analytic))
            if certain:
                return _hull(found)
        raise Unknown("no case applies")


def _hull(values: list[acb]) -> acb:
    total = values[0]
    for v in values[1:]:
        total = acb(total.real.union(v.real), total.imag.union(v.imag))
    return total


def _extended(head: str, values: list[acb], analytic: bool) -> acb:
    """abs, sign, max, ... of functions real on the axis, continued from the side of the corner they are on."""
    from .evaluate import Unknown, _ball, real_ball

    if head in ("max", "min"):
        best = values[0]
        for v in values[1:]:
            d = (v - best).real
            if d > 0 or d < 0:
                best = v if (d > 0) == (head == "max") else best
            elif analytic:
                raise Unknown("a corner")
            else:
                best = _hull([best, v])
        return best
    (u,) = values
    if head in ("floor", "ceiling"):
        down = u.real.floor() if head == "floor" else u.real.ceil()
        if analytic and not down.is_exact():
            raise Unknown("a jump")
        return acb(down)
    if u.real > 0 or u.real < 0:
        positive = bool(u.real > 0)
        match head:
            case "abs":
                return u if positive else -u
            case "sign":
                return acb(1 if positive else -1)
            case _:
                return u if positive else acb(0)
    if analytic:
        raise Unknown("a corner")
    if head == "sign":
        return acb(arb(-1).union(arb(1)))
    return _ball(head, [acb(real_ball(u))])


def _right_of_cut(z: acb) -> bool:
    """z certainly misses (-oo, 0]."""
    return bool(z.real > 0) or not z.imag.contains(arb(0))


def _off_cut(head: str, values: list[acb]) -> bool:
    (z,) = values if len(values) == 1 else (None,)
    if z is None:
        return False
    if head in _NEGATIVE_AXIS:
        return _right_of_cut(z)
    if head in _REAL_CUTS:
        return not z.imag.contains(arb(0)) or bool(z.real > -1 and z.real < 1)
    if head in _IMAGINARY_CUTS:
        return not z.real.contains(arb(0)) or bool(z.imag > -1 and z.imag < 1)
    if head == "acosh":
        return not z.imag.contains(arb(0)) or bool(z.real > 1)
    if head == "acot":
        return not z.real.contains(arb(0))
    return False


__all__ = ["integral"]
