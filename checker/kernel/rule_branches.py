"""Equal up to a discrete ambiguity on a connected domain, and equal at one point.

    exp(m (a - b)) = 1 on D           D convex; a, b continuous on D; |a - b| < 2 pi/|m| at one point of D
    -------------------------------------------------------------------------------------------------------
    a^q = b^q, b != 0 on D            D convex; a, b continuous on D; |a/b - 1| < 1/2 at one point of D (q <= 12)
    -------------------------------------------------------------------------------------------------------
    G |- a = b

In the first case a - b takes values in (2 pi i/m) Z, in the second a/b among the q-th roots of 1; continuous on a
connected set, it is constant, and the ball at the point leaves one value.

D: the names of the goal are real or complex numbers, and of the assumptions only *linear* inequalities and
equations between their (real and imaginary) parts are used, so D is convex; what else is assumed makes the set
smaller and is left aside, also in showing continuity.  Each root and logarithm in the raw terms must be off its
cut on D, or its argument real and of one sign throughout (along the cut the principal branch is continuous);
definedness holds on all of D.  A goal without names is a single point.

FAILURE: an integer name, a discontinuous function (floor, sign at 0), an argument whose place is not seen.
Source: Bradford, Corless, Davenport, Jeffrey and Watt, Reasoning about the elementary functions of complex
analysis, Ann. Math. AI 36 (2002) 303-318 (decomposition by cuts, then one sample point); no page at hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flint import acb, arb

from .claim import Sequent
from .definedness import definedness
from .evaluate import Evaluator, Undefined, Unknown, at_precisions, to_ball
from .evidence import Evidence, Reject
from .field import Frac
from .kinds import is_real
from .principal import Principal
from .term import App, Bind, Num, Scalar, Term, Var, add, app, conjuncts, free_names, from_json, mul, num, show, sub

if TYPE_CHECKING:
    from .prove import Prover

MAX_POWER = 12
_EVERYWHERE = {"add", "mul", "neg", "exp", "sin", "cos", "sinh", "cosh", "abs", "re", "im", "conj", "max", "min",
               "relu", "pi", "e", "i"}
_WHERE_DEFINED = {"div", "tan", "cot", "sec", "csc", "tanh", "coth"}


def check(s: Sequent, c: Any, prove: Prover) -> Evidence:
    try:
        return _check(s, c)
    except (Undefined, Unknown) as error:
        raise Reject("branches", "point", str(error)) from error


def _check(s: Sequent, c: Any) -> Evidence:
    from .prove import discharge

    if not (isinstance(s.goal, App) and s.goal.head == "="):
        raise Reject("branches", show(s.goal)[:80], "is no equation")
    a, b = s.goal.args
    here = domain(s)
    if left := discharge(definedness(s.goal, here), here):
        raise Reject("branches", show(s.goal)[:80], f"is defined on the whole domain only if {show(left[0])}")
    field = Principal(here)
    for t in (a, b):
        field._settled(lambda t=t: _continuous(t, field))      # type: ignore[misc]
    point = _point(c, here)
    match c["kind"]:
        case "logarithm":
            m = from_json(c["multiplier"])
            _same_exponential(field, a, b, m)
            at_precisions(point, here.declarations, lambda e: _near(e, a, b, m))
        case "power":
            q = int(c["power"])
            if not 2 <= q <= MAX_POWER:
                raise Reject("branches", "power", f"{q} is not between 2 and {MAX_POWER}")
            if not field._settled(lambda: _same_power(field, a, b, q)):
                raise Reject("branches", show(s.goal)[:80], f"the powers with exponent {q} are not seen to be equal")
            at_precisions(point, here.declarations, lambda e: _ratio(e, a, b))
        case kind:
            raise Reject("branches", "kind", f"there is no kind {kind!r}")
    return Evidence()


def domain(s: Sequent) -> Sequent:
    """The sequent with those assumptions only that describe a convex set."""
    for name in free_names(s.goal):
        sort = s.declarations.get(name)
        if not (isinstance(sort, Scalar) and sort.kind in ("real", "complex")):
            raise Reject("branches", name, "does not run over a connected set")
    field = Principal(Sequent(s.declarations, (), s.goal))
    kept = [c for a in s.assumptions for c in conjuncts(a) if _linear(c, s, field)]
    return Sequent(s.declarations, tuple(kept), s.goal)


def _linear(c: Term, s: Sequent, field: Principal) -> bool:
    """A linear (in)equality between real parts of names, defined everywhere."""
    if not (isinstance(c, App) and c.head in ("=", "<", "<=", ">", ">=")):
        return False
    for name in free_names(c):
        sort = s.declarations.get(name)
        if not (isinstance(sort, Scalar) and sort.kind in ("real", "complex")):
            return False
    return all(_affine(t, s) for t in c.args) and all(is_real(t, s.declarations) for t in c.args)


def _affine(t: Term, s: Sequent) -> bool:
    """By form: sums of rational multiples of names, their real and imaginary parts, and closed numbers."""
    match t:
        case Num() | Var():
            return True
        case App("pi" | "e", ()):
            return True
        case App("re" | "im", (Var(),)):
            return True
        case App("add" | "neg", args):
            return all(_affine(a, s) for a in args)
        case App("mul", args):
            return all(_affine(a, s) for a in args) and sum(1 for a in args if free_names(a)) <= 1
        case App("div", (a, Num(q))) if q != 0:
            return _affine(a, s)
        case App("sqrt", (Num(q),)) if q >= 0:
            return True
        case _:
            return False


# ---------------------------------------------------------------------------------- continuity


def _continuous(t: Term, field: Principal) -> None:
    """Raises :class:`Reject` where ``t`` is not seen to be continuous on the whole domain."""
    match t:
        case Num() | Var():
            return
        case App(head, _) if head in _EVERYWHERE or head in _WHERE_DEFINED:
            pass
        case App("pow", (_, Num(e))) if e.denominator == 1:
            _continuous(t.args[0], field)
            return
        case App("pow", (base, exponent)) if base == App("e", ()):
            _continuous(exponent, field)
            return
        case App("pow", (base, exponent)):
            weak = isinstance(exponent, Num) and exponent.value > 0
            _need(t, _branch(field.frac(base), field, weak))
        case App("sqrt", (u,)):
            _need(t, _branch(field.frac(u), field, True))
        case App("log", (u,)):
            _need(t, _branch(field.frac(u), field, False))
        case App("arg", (u,)):
            _need(t, _branch(field.frac(u), field, False))
        case App("atan2", (y, x)):
            _need(t, _branch(field.frac(add(x, mul(app("i"), y))), field, False))
        case App("asin" | "acos", (w,)):
            _need(t, _beside(w, field, True))
        case App("atanh", (w,)):
            _need(t, _beside(w, field, False))
        case App("acosh", (w,)):
            _need(t, _above_one(w, field))
        case App("atan" | "asinh" as head, (w,)):
            turned = mul(app("neg", app("i")), w)       # atan(i v) = i atanh v, asinh(i v) = i asin v
            _need(t, field.is_real(field.frac(w)) or _beside(turned, field, head == "asinh"))
        case App("acot", (w,)):
            inner = field.frac(w)
            _need(t, field.nonzero(inner) and (field.is_real(inner) or _off(
                add(num(1), app("div", num(1), app("pow", w, num(2)))), field)))
        case App("sign", (w,)):
            _need(t, field.nonzero(field.frac(w)))
        case App() | Bind():
            raise Reject("branches", show(t)[:80], "is not seen to be continuous")
    if isinstance(t, App):
        for a in t.args:
            _continuous(a, field)


def _need(t: Term, shown: bool) -> None:
    if not shown:
        raise Reject("branches", show(t)[:80], "is not seen to be continuous on the domain")


def _branch(u: Frac, field: Principal, weak: bool) -> bool:
    """A root or logarithm of u: off the cut, or u real and of one sign (``weak``: perhaps 0)."""
    if field.is_real(u) and field.signs.frac(u) in (("+", "-", "0+", "0-", "0") if weak else ("+", "-")):
        return True
    return field.off_cut(u)


def _off(t: Term, field: Principal) -> bool:
    return field.off_cut(field.frac(t))


def _beside(w: Term, field: Principal, weak: bool) -> bool:
    """asin, acos, atanh: their cuts are w real with |w| > 1 (|w| >= 1 for atanh), along which they are continuous."""
    u = field.frac(w)
    gap = field.frac(sub(num(1), app("pow", w, num(2))))
    if field.is_real(u):
        if field.signs.frac(gap) in (("+", "0+", "0") if weak else ("+",)):
            return True
        beyond = [field.signs.frac(field.frac(t)) for t in (sub(w, num(1)), sub(app("neg", w), num(1)))]
        return any(b in (("+", "0+", "0") if weak else ("+",)) for b in beyond)
    return field.off_cut(gap) or field.signs.frac(field.imaginary_part(u)) in ("+", "-", "+-")


def _above_one(w: Term, field: Principal) -> bool:
    """acosh: its cut is w real with w < 1."""
    u = field.frac(w)
    above = field.frac(sub(w, num(1)))
    if field.is_real(u):
        if field.signs.frac(above) in ("+", "0+", "0"):
            return True
        below = field.frac(sub(num(1), app("pow", w, num(2))))
        return field.signs.frac(below) in ("+", "0+", "0")
    return field.off_cut(above)


# ---------------------------------------------------------------------------------- relation and point


def _same_exponential(field: Principal, a: Term, b: Term, m: Term) -> None:
    if free_names(m) or m in (num(0), app("neg", num(0))):
        raise Reject("branches", "multiplier", "is no number")

    def ask() -> bool:
        u = field.times(field.frac(m), field._subtract(field.frac(a), field.frac(b)))
        return field.vanishes(field._subtract(field.exponential(u), field.constant(1)))

    if not field._settled(ask):
        raise Reject("branches", show(app("=", a, b))[:80], "the exponentials are not seen to be equal")


def _same_power(field: Principal, a: Term, b: Term, q: int) -> bool:
    u, v = field.frac(a), field.frac(b)
    if not field.nonzero(v):
        raise Reject("branches", show(b)[:80], "is not seen to be nonzero on the domain")
    return field.vanishes(field._subtract(field.natural_power(u, q), field.natural_power(v, q)))


def _point(c: Any, here: Sequent) -> dict[str, Term]:
    """Numbers for the names of the goal at which the domain's assumptions hold."""
    wanted = set(free_names(here.goal))
    for a in here.assumptions:
        wanted |= free_names(a)
    values: dict[str, Term] = {}
    for name in sorted(wanted):
        t = from_json(c["point"][name])
        sort = here.declarations[name]
        if free_names(t) or isinstance(sort, Scalar) and sort.kind != "complex" and not isinstance(t, Num):
            raise Reject("branches", name, "the point needs a rational number here")
        values[name] = t
    from .evaluate import truth

    for a in here.assumptions:
        try:
            if truth(a, values, here.declarations):
                continue
        except (Undefined, Unknown) as error:
            raise Reject("branches", show(a), f"is not decided at the point: {error}") from error
        raise Reject("branches", show(a), "does not hold at the point")
    return values


def _near(e: Evaluator, a: Term, b: Term, m: Term) -> None:
    gap = abs(to_ball(e.number(m)) * (to_ball(e.number(a)) - to_ball(e.number(b))))
    if not gap < 2 * arb.pi():
        if gap > 2 * arb.pi() - arb("0.001"):
            raise Reject("branches", "point", "the sides differ there")
        raise Unknown("the ball is too wide")
    if to_ball(e.number(m)).contains(acb(0)):
        raise Reject("branches", "multiplier", "may be 0")


def _ratio(e: Evaluator, a: Term, b: Term) -> None:
    x, y = to_ball(e.number(a)), to_ball(e.number(b))
    if y.contains(acb(0)) or not abs(x / y - 1) < arb(1) / 2:
        raise Unknown("the ball is too wide, or the sides differ")


__all__ = ["check", "domain"]
