"""How a test states a claim and asks for its verdict, through the language and the whole portfolio."""

from __future__ import annotations

from typing import Any

import sympy

from checker.engines.portfolio import decide
from checker.kernel.claim import Claim
from checker.kernel.verdict import Proved, Refuted, verify
from checker.language.derivation import read_claim


def read(*parts: Any, given: Any = ()) -> Claim:
    with sympy.evaluate(False):
        claim, _ = read_claim(parts, tuple(given), {})
    return claim


def verdict(claim: Claim) -> tuple[str, Any]:
    """The verdict, and what the kernel minted from the certificate (or what was tried)."""
    outcome = decide(claim, {})
    if outcome.certificate is None:
        return "undecided", outcome.tried
    minted = verify(claim, outcome.certificate)
    assert isinstance(minted, (Proved, Refuted))
    return ("proved" if isinstance(minted, Proved) else "refuted"), minted
