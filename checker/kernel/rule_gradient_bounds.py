"""Four theorems that lead from a function's shape to its gradient, and from its gradient to its growth.

    f convex (mu: strongly);   derivative-of(G, f)
    ---------------------------------------------------------      tangent
    f(y) >= f(x) + <G(x), y - x> + mu/2 |y - x|^2  for all x, y

    0 <= L;   |G(x) - G(y)|^2 <= L^2 |x - y|^2 for all x, y;   derivative-of(G, f)
    ---------------------------------------------------------      taylor
    |f(y) - f(x) - <G(x), y - x>| <= L/2 |y - x|^2  for all x, y

    f(x*) <= f(x) for all x;   derivative-of(G, f)
    ---------------------------------------------------------      fermat
    G(x*) = 0

    derivative-of(G, f);   derivative-of(H, G)
    ---------------------------------------------------------      schwarz
    H(x, i, j) = H(x, j, i)  for all x, i, j

Each adds its conclusion to the assumptions.  The premises must be assumed, word for word as ``function_laws`` writes
them (up to bound names), of a declared real-valued function of real vectors.  Nothing else about gradients is
assumed: descent lemma, cocoercivity, rates and their like are instances and linear combinations of these.

FAILURE: a premise is not among the assumptions; mu or L is not certainly real.
Source: tangent: Nesterov, Introductory Lectures on Convex Optimization, 2004, theorems 2.1.2 and 2.1.9; taylor:
lemma 1.2.3; fermat: theorem 1.2.1; schwarz: Rudin, Principles of Mathematical Analysis, theorem 9.41 (no pages).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .evidence import Evidence, Reject
from .function_laws import Laws, derivative_of, vectors
from .kinds import is_real
from .term import REAL, Index, Map, Term, Var, free_names, from_json, show

if TYPE_CHECKING:
    from .prove import Prover

TANGENT = "first-order condition of convexity"
TAYLOR = "quadratic bound from a Lipschitz gradient"
SCHWARZ = "symmetry of continuous second derivatives"
FERMAT = "a differentiable function is stationary at its minimum"


def check_tangent(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    f, g, n = _function(s, c, "tangent")
    mu = _number(s, c["modulus"], "tangent") if c.get("modulus") is not None else None
    laws = Laws(n, f, g, mu)
    turned = c.get("turned") is True
    _assumed(s, laws.convex(f, mu, turned), "tangent")
    return _adding(s, c, prove, TANGENT, laws.tangent(f, g, mu, turned))


def check_taylor(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    f, g, n = _function(s, c, "taylor")
    bound = _number(s, c["bound"], "taylor")
    laws = Laws(n, f, g, bound)
    for part in laws.lipschitz(g, bound, Index(n)).args:  # type: ignore[union-attr]
        _assumed(s, part, "taylor")
    return _adding(s, c, prove, TAYLOR, *laws.taylor(f, g, bound))


def check_fermat(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    f, g, n = _function(s, c, "fermat")
    at = from_json(c["at"])
    if not (isinstance(at, Var) and s.sort(at.name) == vectors(n)):
        raise Reject("fermat", "at", f"{show(at)[:60]} is no declared vector of the function's domain")
    laws = Laws(n, f, g, at)
    _assumed(s, laws.minimiser(f, at), "fermat")
    return _adding(s, c, prove, FERMAT, laws.stationary(g, at))


def check_schwarz(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    f, g, n = _function(s, c, "schwarz")
    h = Var(str(c["second"]))
    if s.sort(h.name) != Map((vectors(n), Index(n), Index(n)), REAL):
        raise Reject("schwarz", h.name, "is not declared as a Hessian of the function")
    _assumed(s, derivative_of(h, g), "schwarz")
    return _adding(s, c, prove, SCHWARZ, Laws(n, f, g, h).symmetric(h))


def _function(s: Sequent, c: Mapping[str, Any], rule: str) -> tuple[Var, Var, Term]:
    """The function, its derivative, and the length of its argument."""
    f, g = Var(str(c["function"])), Var(str(c["derivative"]))
    match s.sort(f.name):
        case Map((Map((Index(n),), result),), value) if result == REAL == value:
            if s.sort(g.name) != Map((vectors(n), Index(n)), REAL):
                raise Reject(rule, g.name, "is not declared as a gradient of the function")
            _assumed(s, derivative_of(g, f), rule)
            return f, g, n
    raise Reject(rule, f.name, "is no real function of a real vector")


def _number(s: Sequent, data: Any, rule: str) -> Term:
    t = from_json(data)
    if free_names(t) - set(s.declarations) or not is_real(t, s.declarations):
        raise Reject(rule, show(t)[:60], "is not certainly real")
    return t


def _assumed(s: Sequent, formula: Term, rule: str) -> None:
    from .prove import assumption

    try:
        assumption(s.with_goal(formula))
    except Reject as error:
        raise Reject(rule, show(formula)[:80], "is not assumed") from error


def _adding(s: Sequent, c: Mapping[str, Any], prove: Prover, axiom: str, *facts: Term) -> Evidence:
    return Evidence((), (axiom,)) + prove(s.assuming(*facts), c["proof"])


__all__ = ["check_fermat", "check_schwarz", "check_tangent", "check_taylor"]
