"""Claims of this folder's rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from checker import and_, eq, exists, forall, implies, ne, not_, or_
from checker.kernel.claim import Claim
from checker.language.derivation import read_claim
from tests.kernel.statements import namespace


def _names() -> dict[str, Any]:
    names: dict[str, Any] = namespace()
    names.update(
        forall=forall, exists=exists, eq=eq, ne=ne, not_=not_, and_=and_, or_=or_, implies=implies,
        lucas=sympy.lucas, tribonacci=sympy.tribonacci, factorial2=sympy.factorial2, catalan=sympy.catalan,
        subfactorial=sympy.subfactorial, beta=sympy.beta, EulerGamma=sympy.EulerGamma,
        f=sympy.Function("f", real=True), g=sympy.Function("g", real=True),
        rf=sympy.RisingFactorial, ff=sympy.FallingFactorial, digamma=sympy.digamma, gamma=sympy.gamma,
        Contains=sympy.Contains, ZZ=sympy.S.Integers, j=sympy.Symbol("j", integer=True))
    return names


def said(text: str, given: Sequence[str] = ()) -> Claim:
    """A claim that is one statement (quantifiers, connectives)."""
    names = _names()
    with sympy.evaluate(False):
        statement = eval(text, {"__builtins__": {}}, names)
        assumptions = [eval(g, {"__builtins__": {}}, names) for g in given]
    return read_claim((statement,), assumptions, {})[0]


def state(left: str, relation: str, right: str, given: Sequence[str] = ()) -> Claim:
    names = _names()
    with sympy.evaluate(False):
        sides = [eval(s, {"__builtins__": {}}, names) for s in (left, right)]
        assumptions = [eval(g, {"__builtins__": {}}, names) for g in given]
    return read_claim((sides[0], relation, sides[1]), assumptions, {})[0]
