"""Helpers for rows that read as mathematics: SymPy statements to sequents and claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy
from sympy import symbols

from checker.engines.portfolio import decide
from checker.kernel.claim import Claim, Sequent
from checker.kernel.verdict import verify
from checker.language.derivation import read_claim

NAMES: dict[str, Any] = {name: getattr(sympy, name) for name in (
    "Abs Add Derivative E Eq asinh acosh Ge Gt I Integral Le Limit Lt Max Min Mod Mul Ne Or And Not Implies Equivalent "
    "Piecewise Subs Pow Product Rational Sum acos acot asin atan atan2 atanh arg binomial ceiling conjugate cos "
    "cosh cot coth erf exp factorial fibonacci floor gamma harmonic im log oo pi re sec sign sin sinh sqrt "
    "tan tanh").split()}
NAMES["R"] = sympy.Rational


def namespace() -> dict[str, Any]:
    names = dict(NAMES)
    x, y, p, q, c, t = symbols("x y p q c t", real=True)
    names.update(x=x, y=y, p=p, q=q, c=c, t=t)
    names.update(dict(zip("zw", symbols("z w"), strict=True)))
    names.update(dict(zip("abr", symbols("a b r", positive=True), strict=True)))
    names.update(dict(zip("nkm", symbols("n k m", integer=True), strict=True)))
    return names


def statement(left: str, relation: str, right: str, given: Sequence[str] = ()) -> Claim:
    """A claim from source text; x y p q c t real, z w complex, a b r positive, n k m integers."""
    names = namespace()
    with sympy.evaluate(False):
        sides = [eval(s, {"__builtins__": {}}, names) for s in (left, right)]  # noqa: S307
        assumptions = [eval(g, {"__builtins__": {}}, names) for g in given]  # noqa: S307
    return read_claim((sides[0], relation, sides[1]), assumptions, {})[0]


def sequent(left: str, relation: str, right: str, given: Sequence[str] = ()) -> Sequent:
    return statement(left, relation, right, given).sequent


def verdict(claim: Claim) -> tuple[str, tuple[Any, ...]]:
    """``(verdict, conditions)`` by search and mint."""
    outcome = decide(claim, {})
    certificate: Mapping[str, Any] | None = outcome.certificate
    if certificate is None:
        return "undecided", ()
    minted = verify(claim, certificate)
    return str(certificate["verdict"]), getattr(minted, "conditions", ())
