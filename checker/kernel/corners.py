"""Bounded oscillation between its extremes: a term at the corners of a box.

    f = N/D, N and D affine in each of the oscillations w_1, ..., w_m (sin u, cos u of a real u, (-1)^k, k integer);
    D of one sign, from some t on, at all 2^m corners w in {-1, 1}^m
    ----------------------------------------------------------------------------------------------------------
    from some t on f(t) lies between the least and the largest of its values at the corners

for a quotient of functions that are affine in w_i is monotone in w_i where its divisor does not vanish, and
the divisor, affine in each w_i, keeps the sign it has at the corners.  So a limit that all corners share is
the limit of f, and an order of growth that all share, with one sign, is that of f.

FAILURE: an oscillation in a power, under a function or twice in a product; more than 4 of them.
Source: elementary (the squeeze lemma: Rudin, Principles of Mathematical Analysis, 3rd ed., Theorem 3.19).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from .expand import Expander
from .expansion import Lost
from .kinds import is_integer
from .term import App, Num, Term, children, free_names, num

MAX_WAVES = 4


def corners(e: Expander, t: Term) -> list[Term]:
    """``t`` with -1 and 1 for its oscillations, in all ways.  Raises Lost."""
    top, bottom = (t.args[0], t.args[1]) if isinstance(t, App) and t.head == "div" else (t, num(1))
    waves = list(dict.fromkeys([*_waves(e, top), *_waves(e, bottom)]))
    if not 1 <= len(waves) <= MAX_WAVES:
        raise Lost("no oscillation, or too many")
    out: list[Term] = []
    signs: set[int] = set()
    for values in itertools.product((-1, 1), repeat=len(waves)):
        at = dict(zip(waves, map(num, values), strict=True))
        below = _put(bottom, at)
        signs.add(e.sign_of(below))
        out.append(App("div", (_put(top, at), below)) if bottom != num(1) else _put(top, at))
    if len(signs) != 1 or 0 in signs:
        raise Lost("a divisor that may vanish between the corners")
    return out


def _waves(e: Expander, t: Term) -> list[Term]:
    """The oscillations in which ``t`` is affine, one by one."""
    if e.variable not in free_names(t):
        return []
    match t:
        case App("sin" | "cos", (u,)):
            e.need_real(u)
            return [t]
        case App("pow", (a, k)) if a in (num(-1), App("neg", (num(1),))) and e.integer and is_integer(k, e.decls):
            return [t]
        case App("add", args):
            return [w for a in args for w in _waves(e, a)]
        case App("neg", (a,)):
            return _waves(e, a)
        case App("mul", args):
            found = [_waves(e, a) for a in args]
            flat = [w for ws in found for w in dict.fromkeys(ws)]
            if len(set(flat)) < len(flat):
                raise Lost("an oscillation twice in a product")
            return flat
        case App("div", (a, b)):
            if _oscillates(e, b):
                raise Lost("an oscillation in an inner divisor")
            return _waves(e, a)
    if _oscillates(e, t):
        raise Lost("an oscillation under a function")
    return []


def _oscillates(e: Expander, t: Term) -> bool:
    """Whether some subterm might be replaced: then it must not be left standing."""
    match t:
        case App("sin" | "cos", _) if e.variable in free_names(t):
            return True
        case App("pow", (a, k)) if e.variable in free_names(k) and not (isinstance(a, Num) and a.value > 0):
            return a in (num(-1), App("neg", (num(1),)))
    return any(_oscillates(e, u) for u in children(t))


def _put(t: Term, at: Mapping[Term, Term]) -> Term:
    if t in at:
        return at[t]
    return App(t.head, tuple(_put(a, at) for a in t.args)) if isinstance(t, App) else t


__all__ = ["corners"]
