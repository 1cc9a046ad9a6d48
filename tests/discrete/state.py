"""Claims of this folder's rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from checker.kernel.claim import Claim
from checker.language.derivation import read_claim
from tests.kernel.statements import namespace


def state(left: str, relation: str, right: str, given: Sequence[str] = ()) -> Claim:
    names: dict[str, Any] = namespace()
    names.update(
        rf=sympy.RisingFactorial, ff=sympy.FallingFactorial, digamma=sympy.digamma, gamma=sympy.gamma,
        Contains=sympy.Contains, ZZ=sympy.S.Integers, j=sympy.Symbol("j", integer=True))
    with sympy.evaluate(False):
        sides = [eval(s, {"__builtins__": {}}, names) for s in (left, right)]
        assumptions = [eval(g, {"__builtins__": {}}, names) for g in given]
    return read_claim((sides[0], relation, sides[1]), assumptions, {})[0]
