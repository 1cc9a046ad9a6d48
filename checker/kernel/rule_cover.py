"""A relation on a box of real numbers, by rigorous balls on a partition of the box.

    G |- a_k <= x_k <= b_k for the names of the goal  (a_k, b_k rational)
    each piece of a partition of the box: the relation is true of the balls of its sides
    -------------------------------------------------------------------------------------
    G |- goal     (an order relation or !=; no other free names)

A piece is halved along its widest name until the balls decide, at most ``MAX_PIECES`` pieces.  Where the
ball of a side is finite and real, the side is defined on the whole piece; so there are no conditions.
(Tucker, Validated Numerics, 2011, ch. 3; Johansson, Arb, IEEE Trans. Computers 66 (2017) 1281-1292.)

FAILURE: an equality somewhere in the closed box (balls overlap at every width); a pole in the box: its
ball is not finite and decides nothing, it is never compared; a side that jumps.

Certificate: ``box``: {name: {"from": a, "to": b, "lower": proof of a <= x, "upper": proof of x <= b}}.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import acb, arb, ctx, fmpq

from .claim import Sequent
from .evaluate import Evaluator, Undefined, Unknown, _WithNumbers
from .evidence import Evidence, Reject
from .kinds import is_real
from .rule_sos import rational
from .term import App, Num, Sort, Term, Var, app, free_names, show

if TYPE_CHECKING:
    from .prove import Prover

MAX_PIECES = 1_500
PRECISION = 64

Box = tuple[tuple[Fraction, Fraction], ...]


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    goal = s.goal
    if not (isinstance(goal, App) and goal.head in ("<", "<=", ">", ">=", "!=")):
        raise Reject("cover", show(goal)[:80], "is neither an order relation nor !=")
    names = sorted(free_names(goal))
    if set(c["box"]) != set(names) or not names:
        raise Reject("cover", "box", "needs exactly the names of the goal")
    evidence = Evidence()
    box: list[tuple[Fraction, Fraction]] = []
    for name in names:
        if not is_real(Var(name), s.declarations):
            raise Reject("cover", name, "is not a real name")
        side = c["box"][name]
        low, high = rational(side["from"], "cover"), rational(side["to"], "cover")
        inside = (("lower", app("<=", Num(low), Var(name))), ("upper", app("<=", Var(name), Num(high))))
        for key, goal_ in inside:
            shown = prove(s.with_goal(goal_), side[key])
            if shown.conditions:
                raise Reject("cover", key, f"is shown only if {show(shown.conditions[0])}")
            evidence += shown
        box.append((low, high))
    if not covered(goal, names, tuple(box), s.declarations):
        raise Reject("cover", show(goal)[:80], "the balls do not decide on every piece")
    return evidence


def covered(goal: Term, names: list[str], box: Box, sorts: Mapping[str, Sort],
            pieces: int = MAX_PIECES) -> bool:
    """Whether the balls of at most ``pieces`` pieces show the goal on the box."""
    old = ctx.prec
    ctx.prec = PRECISION
    try:
        stack = [box]
        while stack:
            piece = stack.pop()
            pieces -= 1
            if pieces < 0:
                return False
            found = _on_piece(goal, names, piece, sorts)
            if found is False:
                return False
            if found is None:
                widest = max(range(len(piece)), key=lambda k: piece[k][1] - piece[k][0])
                low, high = piece[widest]
                middle = (low + high) / 2
                if high - low < Fraction(1, 2**40):
                    return False
                for half in ((low, middle), (middle, high)):
                    stack.append((*piece[:widest], half, *piece[widest + 1:]))
        return True
    finally:
        ctx.prec = old


def ball(low: Fraction, high: Fraction) -> arb:
    """Contains [low, high]."""
    return arb(fmpq(low.numerator, low.denominator)).union(arb(fmpq(high.numerator, high.denominator)))


def _on_piece(goal: Term, names: list[str], piece: Box, sorts: Mapping[str, Sort]) -> bool | None:
    numbers = {n: acb(ball(*side)) for n, side in zip(names, piece, strict=True)}
    base = Evaluator({}, sorts, PRECISION)
    try:
        return _WithNumbers(base, numbers, dict(sorts)).truth(goal)
    except (Unknown, Undefined, OverflowError, ValueError, ZeroDivisionError):
        return None


__all__ = ["MAX_PIECES", "ball", "check", "covered"]
