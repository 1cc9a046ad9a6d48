"""What an expectation that is finite says of the numbers in it.

    finite(E(x ~ p: f)),  u a part of f that does not speak of x, in sums, products, powers and quotients only
    --------------------------------------------------------------------------------------------------------
    finite(u)

A density p of all the variables of E has mass 1, so f has a value at some x, and with f its part u.
FAILURE: a part beside a factor that is a density (0 times anything is 0 there), in a branch, under a logarithm or
another function; a conditional density, of which it may be that nothing has mass (p(x | z) where p(z) = 0); a density
at a variable that is not averaged.  Source: the meaning of E and ``finite`` (docs/meaning.md).
"""

from __future__ import annotations

from .claim import Sequent
from .term import App, Bind, Num, Term, Var, alpha, free_names


def finite_by_whole(u: Term, s: Sequent) -> bool:
    """Whether an assumption finite(E ...) gives finite(u)."""
    wanted = alpha(u)
    return any(isinstance(a, App) and a.head == "finite" and isinstance(a.args[0], Bind) and _inside(wanted, a.args[0])
               for a in s.assumptions)


def _inside(wanted: Term, t: Term) -> bool:
    if isinstance(t, Bind) and alpha(t) == wanted:
        return True
    match t:
        case App("add" | "neg", parts):
            return any(_inside(wanted, v) for v in parts)
        case App("mul" | "div", parts):
            return not _weighted(t) and any(_inside(wanted, v) for v in parts)
        case App("pow", (base, Num(e))) if e > 0:
            return _inside(wanted, base)
        case Bind("E", names, _, (), (weight, body)):
            return not free_names(wanted) & set(names) and _whole(weight, names) and _inside(wanted, body)
    return False


def _weighted(t: Term) -> bool:
    """Whether a density stands in a product other than inside an average."""
    stack: list[Term] = [t]
    while stack:
        v = stack.pop()
        if isinstance(v, App):
            if v.head == "density":
                return True
            stack += v.args
        elif isinstance(v, Bind) and v.head != "E":
            return True
    return False


def _whole(weight: Term, names: tuple[str, ...]) -> bool:
    """An unconditional density of just these variables: its mass is 1."""
    match weight:
        case App("density", (Var(), *places)):
            values = places[1::2]
            return all(isinstance(p, Num) for p in places[::2]) and all(
                isinstance(v, Var) and v.name in names for v in values) and len(set(values)) == len(values) == len(
                    names)
    return False


__all__ = ["finite_by_whole"]
