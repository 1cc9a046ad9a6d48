"""What is assumed of an unknown function at every number, used at the values that the claim speaks of."""

from __future__ import annotations

import pytest
import sympy
from sympy import Abs, Eq, Function, Integer, Symbol, symbols

from checker import Derivation, forall, implies
from checker.engines.portfolio import decide
from checker.kernel.verdict import verify

x, y, a, b, t = symbols("x y a b t", real=True)
L = Symbol("L", real=True)
f, g = (Function(name, real=True) for name in "fg")

POSITIVE, INCREASING = forall(x, f(x) > 0), forall((x, y), implies(x <= y, f(x) <= f(y)))
LIPSCHITZ = forall((x, y), Abs(f(x) - f(y)) <= L*Abs(x - y))
ADDITIVE = forall((x, y), Eq(f(x + y), f(x) + f(y)))


@pytest.mark.parametrize(("left", "relation", "right", "given", "verdict"), [
    (f(a), ">", Integer(0), [POSITIVE], "Proved"),
    (f(a) + f(b), ">", Integer(0), [POSITIVE], "Proved"),
    (f(a) + f(b), ">", Integer(1), [POSITIVE], "Refuted"),
    (f(1), "<=", f(2), [INCREASING], "Proved"),
    (f(2), "<=", f(1), [INCREASING], "Refuted"),
    (Abs(f(3) - f(1)), "<=", 2*L, [LIPSCHITZ], "Proved"),
    (Abs(f(3) - f(1)), "<=", L, [LIPSCHITZ], "Refuted"),
    (f(0), "=", Integer(0), [ADDITIVE], "Proved"),
    (f(0), "=", Integer(1), [ADDITIVE], "Refuted"),
    (f(2*a), "=", 2*f(a), [ADDITIVE], "Proved"),
    (f(0), "=", Integer(0), [forall(x, Eq(f(-x), -f(x)))], "Proved"),
    (f(a + 2), "=", f(a), [forall(x, Eq(f(x + 1), f(x)))], "Proved"),
    (f(3), ">=", f(1) + 2*a, [forall((x, y), f(x) >= f(y) + a*(x - y))], "Proved"),
    (f(3), ">=", f(1) - 2*a, [forall((x, y), f(x) >= f(y) + a*(x - y))], "Refuted"),
    (f(g(a)), ">", Integer(0), [forall(x, f(x) > x), forall(x, g(x) > 0)], "Proved"),
], ids=str)
def test_laws_are_used_at_the_values_of_the_claim(left: sympy.Expr, relation: str, right: sympy.Expr, given: list[object],
                                                  verdict: str) -> None:
    d = Derivation("laws")
    d.claim("claim", left, relation, right, given=given)
    claim = next(iter(d.claims)).claim
    certificate = decide(claim, {}).certificate
    assert certificate is not None
    assert type(verify(claim, certificate)).__name__ == verdict
