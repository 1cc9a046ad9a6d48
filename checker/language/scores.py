"""Laws with a parameter: score functions and when derivatives may be taken under the integral.

    theta = D.real("theta");  p = D.densities("p", parameter=theta)      p(x) or p(x | theta)
    score(p(x), theta)           the derivative of log p(x) in theta
    regular(p, theta)            an assumption: expectations may be differentiated under the integral
    Derivative(E(f(x), x, p(x)), theta)
"""

from __future__ import annotations

from typing import Any

import sympy

from .densities import Density, Law
from .errors import StatementError
from .nodes import Statement


def score(density: Any, theta: Any) -> Any:
    """The derivative of the log density in its parameter."""
    if not isinstance(density, Density):
        raise StatementError("score(p(x), theta): of a density", "score")
    if density.law.parameter != theta:
        raise StatementError(
            f"score({density}, {theta}): {density.law.name} has no parameter {theta}; declare it so, "
            f"D.densities(\"{density.law.name}\", parameter={theta})", "parameter")
    return sympy.Derivative(sympy.log(density), theta, evaluate=False)


def regular(*parts: Any) -> Any:
    """``regular(p, theta)``, ``regular(theta)``: expectations that move with theta are finite and may be
    differentiated under the integral, as often as the claim does."""
    *laws, theta = parts or (None,)
    if not isinstance(theta, sympy.Symbol) or not all(isinstance(p, Law) for p in laws):
        raise StatementError("regular(p, theta): laws, and last their parameter", "parameter")
    for p in laws:
        if p.parameter != theta:
            raise StatementError(
                f"regular({p.name}, {theta}): {p.name} has no parameter {theta}; declare it so, "
                f"D.densities(\"{p.name}\", parameter={theta})", "parameter")
    return Statement("regular", theta)


__all__ = ["regular", "score"]
