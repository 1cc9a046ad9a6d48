"""Mixtures must be laws: ``c*q(z) + (1 - c)*p(z)`` is one for 0 <= c <= 1 only.

Read where a law is required, in the place of the density of E and of KL.  As with the parameters of a family, what the
weights need joins the assumptions of the claim (``c >= 0``, ``c <= 1``) and is shown with it.  An error are weights
that are negative numbers, that do not add up to 1, or whose names are bound where nothing can be assumed of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sympy

from ..kernel import term as T
from .densities import Density, RandomVariable, own_variables
from .errors import StatementError
from .nodes import Binder, BinderStatement, Declared, Node, Statement, parts


def weights_of_mixtures(statements: Iterable[Any], given: Iterable[Any], definitions: Mapping[str, Any]) -> list[Any]:
    """What the sums of densities in the claim need to be laws, as far as nothing says it yet."""
    statements, given = tuple(statements), tuple(given)
    everything = list(parts((*statements, *given), definitions))
    laws = [(b.args[3][k], k == 0) for b in everything if isinstance(b, Binder) and b.head in ("E", "KL")
            for k in range(len(b.args[3])) if k == 0 or b.head == "KL"]
    if not laws:
        return []
    said = _Said(everything)
    needed: dict[Any, None] = {}
    for law, first in laws:
        for factor in law.args if isinstance(law, sympy.Mul) else (law,):
            if isinstance(factor, sympy.Add) or factor.is_number:
                whole = factor.is_number or len(own_variables(factor)) == len(own_variables(law))
                needed.update(dict.fromkeys(_needed(law if whole else factor, said, first)))
    return list(needed)


class _Said:
    """The relations of a claim that speak of numbers, and the names it binds."""

    def __init__(self, everything: list[Any]) -> None:
        relations = [e for e in everything if _is_relation(e) and not e.atoms(Binder)]
        self.names = {name for e in relations for name in _names(e)}
        self.bound = {n for e in everything if isinstance(e, (Binder, BinderStatement)) for n in e.args[1]}
        with sympy.evaluate(True):
            self.nonnegative = {sympy.expand(r.gts - r.lts) for r in relations if isinstance(
                r, (sympy.Ge, sympy.Gt, sympy.Le, sympy.Lt))}


def _needed(law: Any, said: _Said, first: bool) -> list[Any]:
    own = set(own_variables(law))
    shares = list(_shares(law, own, sympy.S.One)) if own else []
    if not shares or None in shares:
        return []
    with sympy.evaluate(True):      # else SymPy cannot tell the sign of w - 1
        weights = [sympy.expand(u.doit()) for u in shares]
        total = sympy.expand(sum(weights))
        if not total.is_number and total.is_rational_function(*total.free_symbols):
            total = sympy.cancel(total)
        if total != 1 and not first:
            return []               # what is divided by, in a divergence, may be any positive function
        if total != 1:
            _adds_up(law, total, said)
        return [_bound(w) for w in weights if _is_open(w, law, said)]


def _adds_up(law: Any, total: Any, said: _Said) -> None:
    if total.is_number:
        raise StatementError(f"{law} is no density: its weights add up to {total}, not to 1", "density")
    if not _names(total) & said.names:
        raise StatementError(
            f"{law} is a density only where its weights add up to 1: say so, given=[eq({total}, 1)]", "density")


def _is_open(w: Any, law: Any, said: _Said) -> bool:
    """Whether w >= 0 has to be assumed."""
    if w.is_negative:
        raise StatementError(f"{law} is no density: the weight {w} is negative", "density")
    if w.is_nonnegative or w in said.nonnegative:
        return False
    if unreal := [n for n in _names(w) if not n.is_real]:
        raise StatementError(f"{law} has the weight {w}, and {unreal[0]} may be complex: declare it real, "
                             f'symbols("{unreal[0]}", real=True)', "density")
    bound = _names(w) & said.bound
    if bound and not _names(w) & said.names:
        raise StatementError(f"{law} is a mixture only where {w} >= 0, and nothing says so where "
                             f"{min(map(str, bound))} is bound", "density")
    return not bound


def _bound(w: Any) -> Any:
    """``w >= 0`` as one would write it: c <= 1 for 1 - c."""
    number, rest = w.as_coeff_Add()
    left, right = (-rest, number) if number and (-rest).is_Symbol else (w, 0)
    return sympy.Le(left, right, evaluate=False) if right != 0 else sympy.Ge(left, 0, evaluate=False)


def _shares(law: Any, own: set[Any], scale: Any) -> Iterator[Any]:
    """The weights of the densities in a sum; None where a summand is no plain number times densities."""
    if isinstance(law, sympy.Add):
        for a in law.args:
            yield from _shares(a, own, scale)
        return
    factors = law.args if isinstance(law, sympy.Mul) else (law,)
    outer = [f for f in factors if not own & set(own_variables(f))]
    inner = [f for f in factors if own & set(own_variables(f))]
    if any(u.atoms(Density, Node, Binder, BinderStatement, RandomVariable, sympy.Piecewise) for u in outer):
        yield None
        return
    with sympy.evaluate(True):
        scale = sympy.Mul(scale, *outer)
    if len(inner) == 1 and isinstance(inner[0], sympy.Add):
        yield from _shares(inner[0], own, scale)
    else:
        yield scale if inner else None


def _is_relation(e: Any) -> bool:
    return isinstance(e, sympy.core.relational.Relational) or isinstance(e, Statement) and e.head in T.RELATIONS


def _names(e: Any) -> set[Any]:
    return {*e.atoms(sympy.Symbol, Declared)} if isinstance(e, sympy.Basic) else set()


__all__ = ["weights_of_mixtures"]
