"""sin(a n + b) and cos(a n + b) over the integers have no limit, unless a is a multiple of pi.

    0 < |a| <= 2 pi/3
    -----------------------------------------------------------------------------------------------
    sin(a n + b) >= 1/2 for infinitely many n, and <= -1/2 for infinitely many n: there is no limit

sin >= 1/2 holds on intervals of length 2 pi/3 that recur for ever, and so does sin <= -1/2; in n they
have length 2 pi/(3 |a|) >= 1, so each holds an integer.  A whole turn may be taken off a (n is an
integer); where 2 pi/3 < |a| <= pi the even n are used (2a, less a turn).  A sequence c f(n) + d with
c != 0 has no limit if f(n) has none.  a and b are numbers: signs by balls.

FAILURE: a symbolic a, an argument that is not linear in n, a = 0 or a = pi up to turns.
Source: elementary (the windows are ours); the dense orbit of n mod 2 pi is not needed.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb, ctx

from .constants import Constants
from .expand import Expander
from .expansion import Lost
from .field import Frac
from .term import App, Term, free_names


def without_limit(e: Expander, t: Term) -> bool:
    """Whether the rule shows that ``t``, a sequence in the expander's integer variable, has no limit.
    Raises what expansion raises."""
    match t:
        case App("add", args):
            moving = [a for a in args if e.variable in free_names(a)]
            for a in args:
                if a not in moving:
                    e.c.read(a)
            return len(moving) == 1 and without_limit(e, moving[0])
        case App("neg", (a,)):
            return without_limit(e, a)
        case App("mul", args):
            moving = [a for a in args if e.variable in free_names(a)]
            fixed = [a for a in args if a not in moving]
            nonzero = all(0 not in e.c.signs(e.c.read(a)) for a in fixed)
            return len(moving) == 1 and nonzero and without_limit(e, moving[0])
        case App("div", (a, b)) if e.variable not in free_names(b):
            return 0 not in e.c.signs(e.c.read(b)) and without_limit(e, a)
        case App("sin" | "cos", (u,)):
            e.need_real(u)
            return _window(e, u)
    return False


def _window(e: Expander, u: Term) -> bool:
    f = e.expand(u)
    (line,) = e.power_of_t(1).terms
    if f.error or set(f.terms) - {line, e.one} or line not in f.terms or not e.integer:
        raise Lost("the argument is not linear")
    c = e.c
    a = f.terms[line]
    turn = c.times(c.number(2), c.read(App("pi", ())))
    a = _less_turns(c, a, turn)
    if c.signs(_beyond(c, a, turn)) != {-1}:            # |a| > 2 pi/3 or not told: take the even n
        a = _less_turns(c, c.times(c.number(2), a), turn)
    return 0 not in c.signs(a) and c.signs(_beyond(c, a, turn)) <= {-1, 0}


def _less_turns(c: Constants, a: Frac, turn: Frac) -> Frac:
    """a minus the whole turns that bring it nearest to 0 (any whole number would be sound)."""
    old = ctx.prec
    ctx.prec = 128
    try:
        ratio = c._ball(a).real / (2 * arb.pi())
        turns = int(Fraction(float(ratio.mid())).limit_denominator(10**6).__round__())
    finally:
        ctx.prec = old
    return c.minus(a, c.times(c.number(turns), turn))


def _beyond(c: Constants, a: Frac, turn: Frac) -> Frac:
    """a^2 - (2 pi/3)^2: its sign tells |a| from 2 pi/3."""
    third = c.times(turn, c.number(Fraction(1, 3)))
    return c.minus(c.times(a, a), c.times(third, third))


__all__ = ["without_limit"]
