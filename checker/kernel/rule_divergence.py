"""Divergences between explicit densities are not negative.

    p > 0 and q > 0 on the open range (at its integers, for a sum)
    G |- int q dx - int p dx >= 0
    --------------------------------------------------------------      conditions: the definedness of the goal
    G |- int q log(q/p) dx >= 0   (or 0 <= ...)

From log u <= u - 1 at u = p/q: q log(q/p) >= q - p (Cover & Thomas, Elements of Information Theory, 2nd ed.,
theorem 2.6.3, p. 28, for densities that need not be normalised).  The convergence of the left side is a condition
of the goal; where ``values_put_in`` shows it, it is none.

FAILURE: an integrand of another form, a density that may vanish inside the range, a range that may run backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .functional_form import Reading
from .prove import discharge
from .rule_functional import oriented, ranged, values_put_in
from .term import REAL, TRUE, ZERO, App, Bind, Term, Var, alpha, app, free_names, fresh, num, show, sub, substitute

RULE = "divergence"


def check(s: Sequent, c: Mapping[str, Any], prove: Callable[[Sequent, Any], Evidence]) -> Evidence:
    masses = premise(s)
    try:
        _, finite = values_put_in(s)
    except Reject:
        finite = frozenset()
    conditions = discharge(tuple(x for x in definedness(s.goal, s) if alpha(x) not in finite), s)
    left = tuple(x for x in conditions if not _of_real(x, s))
    given = s.assuming(*conditions)
    shown = prove(given.with_goal(masses), c["proof"])
    if foreign := discharge(shown.conditions, given):
        raise Reject(RULE, "proof", f"{show(foreign[0])} is no condition of the goal")
    return Evidence(left, shown.axioms)


def _of_real(c: Term, s: Sequent) -> bool:
    """That the divergence is real: its integrand is (q > 0 and p > 0)."""
    return c == app("in", divergence(s), app("reals"))


def divergence(s: Sequent) -> Bind:
    """The divergence that the goal says is nonnegative.  Raises :class:`Reject`."""
    match s.goal:
        case App(">=", (Bind() as t, zero)) | App("<=", (zero, Bind() as t)) if zero == ZERO:
            if t.head in ("integral", "sum") and len(t.names) == 1 and t.outer and t.inner[:-1] in ((), (TRUE,)):
                return t
    raise Reject(RULE, "goal", "does not say that an integral or a sum is nonnegative")


def premise(s: Sequent) -> Term:
    """int q - int p >= 0, for a goal of the right form with positive densities.  Raises :class:`Reject`."""
    t = divergence(s)
    name = fresh(t.names[0], frozenset(s.declarations) | free_names(t))
    inside = ranged(s, name, t.sorts[0], t.outer)
    if t.sorts[0] == REAL and not oriented(s, name, t.outer):
        raise Reject(RULE, "range", "may run backwards")
    match t.inner[-1]:
        case App("mul", (q, App("log", (App("div", (q2, p)),)))) if q == q2:
            reading = Reading(inside, name)
            for density in (q, p):
                moved = substitute(density, {t.names[0]: Var(name)})
                if discharge(definedness(moved, inside), inside) or not _positive(moved, reading):
                    raise Reject(RULE, show(density)[:60], "is not certainly positive on the range")
            masses = [Bind(t.head, t.names, t.sorts, t.outer, (*t.inner[:-1], u)) for u in (q, p)]
            return app(">=", sub(*masses), num(0))
    raise Reject(RULE, "integrand", "is not q log(q/p)")


def _positive(t: Term, r: Reading) -> bool:
    match t:
        case App("mul" | "div", args):
            return all(_positive(a, r) for a in args)
        case App("exp", (u,)):
            return r.real(u)
        case App("sqrt", (u,)):
            return _positive(u, r)
        case App("pow", (u, e)):
            return _positive(u, r) and r.real(e)
        case _:
            return r.is_positive(t)


__all__ = ["check", "premise"]
