"""What a matrix or vector is declared to be is its domain where it is bound: by a quantifier, or varied by a minimum."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from checker import Derivation, argmin, dot, eq, exists, forall, identity, minimises, minimum, norm, trace, zeros
from tests.kernel.statements import verdict


def _claims() -> dict[str, tuple[Any, ...]]:
    D = Derivation("declared")
    d = D.sizes("d")
    M = D.matrix("M", d, positive_definite=True)
    Q = D.matrix("Q", d, positive_semidefinite=True)
    u = D.vector("u", d, unit=True)
    p = D.vector("p", d, nonnegative=True)
    c = D.vector("c", d, positive=True)
    y = D.vector("y", d)
    return {
        "unit": (forall(u, eq(norm(u), 1)),),
        "nonnegative": (forall(p, dot(c, p) >= 0),),
        "smallest": (minimises(dot(c, p), {p: zeros(d)}),),
        "on-the-sphere": (minimises(-dot(c, u), {u: c/norm(c)}),),
        "least trace": (minimum(trace(Q), Q), "=", 0),
        "some trace": (exists(Q, eq(trace(Q), d)),),
        "some product below 0": (exists(y, dot(c, y) < 0),),
        "false: least trace": (minimum(trace(Q), Q), "=", 1),
        "false: some cost below 0": (exists(p, dot(c, p) < 0),),
        "false: too long": (exists(u, eq(norm(u), 2)),),
        "false: negative entries": (argmin(norm(p - y)**2, p), "=", y),
        "false: not nonnegative": (argmin(norm(p + c)**2, p), "=", -c),
        "false: not semidefinite": (minimum(norm(Q + M)**2, Q, at={Q: -M}), "=", 0),
        "false: below 0": (minimises(norm(Q + identity(d))**2, {Q: -identity(d)}),),
        "false: negative trace": (forall(Q, trace(Q) < 0),),
    }


with sympy.evaluate(False):
    CLAIMS = _claims()


@pytest.mark.parametrize("name", CLAIMS)
def test_declared_domains(name: str) -> None:
    D = Derivation("rows")
    with sympy.evaluate(False):
        D.claim("row", *CLAIMS[name])
    assert verdict(D.claims[0].claim)[0] == ("refuted" if name.startswith("false") else "proved")
