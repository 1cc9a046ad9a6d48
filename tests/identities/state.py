"""Claims of these tests from source text (names as in tests/kernel/statements.py, and more functions)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from checker.engines.portfolio import decide
from checker.kernel.claim import Claim
from checker.kernel.verdict import verify
from checker.language.derivation import read_claim
from tests.kernel.statements import namespace

_MORE = "sec csc sech csch acoth asech acsch asec acsc asinh acosh sinc Heaviside".split()


def state(left: str, relation: str, right: str, given: Sequence[str] = ()) -> Claim:
    names = {**namespace(), **{n: getattr(sympy, n) for n in _MORE}}
    with sympy.evaluate(False):
        sides = [eval(s, {"__builtins__": {}}, names) for s in (left, right)]  # noqa: S307
        assumptions = [eval(g, {"__builtins__": {}}, names) for g in given]  # noqa: S307
    return read_claim((sides[0], relation, sides[1]), assumptions, {})[0]


def verdict(left: str, relation: str, right: str, given: Sequence[str] = ()) -> tuple[str, tuple[Any, ...]]:
    """``(verdict, conditions)`` by search and mint."""
    claim = state(left, relation, right, given)
    certificate = decide(claim, {}).certificate
    if certificate is None:
        return "undecided", ()
    minted = verify(claim, certificate)
    return str(certificate["verdict"]), getattr(minted, "conditions", ())
