"""Statements of the language from source text."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import symbols

from checker import and_, eq, exists, forall, iff, implies, le, lt, ne, not_, or_
from checker.kernel.claim import Claim
from checker.language.derivation import read_claim
from tests.kernel.statements import NAMES


def namespace() -> dict[str, Any]:
    names: dict[str, Any] = dict(NAMES, Contains=sympy.Contains, Integers=sympy.S.Integers)
    names.update(and_=and_, eq=eq, exists=exists, forall=forall, iff=iff, implies=implies, le=le, lt=lt, ne=ne,
                 not_=not_, or_=or_)
    names.update({n: symbols(n, real=True) for n in "abcdpqtuvxy"})
    names.update({n: symbols(n) for n in "zw"})
    names.update({n: symbols(n, positive=True) for n in "rs"})
    names.update({n: symbols(n, integer=True) for n in "nkm"})
    return names


def read(statement: str, *given: str) -> Claim:
    names = namespace()
    with sympy.evaluate(False):
        parts = [eval(text, {"__builtins__": {}}, names) for text in (statement, *given)]  # noqa: S307
    return read_claim((parts[0],), parts[1:], {})[0]
