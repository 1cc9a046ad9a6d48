"""Mutation of the certificates of every area: no edited certificate proves a false neighbour of its claim.

As ``test_mutation``, for one claim or two of each kind of rule; the claim is decided here, so the certificate is
the one that a user gets.
"""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
import sympy
from sympy import Derivative, Integral, Rational, Sum, oo, pi

from checker import Theta, converges, limit
from checker.engines.portfolio import decide
from checker.kernel.claim import Claim
from checker.kernel.verdict import Proved, Refuted
from checker.language.derivation import read_claim
from tests.logic.build import namespace

from .forms import outcome
from .test_mutation import false_mutants, mutations, spread

MOST = 30

#: area: ``(parts of the claim, assumptions)`` as source text; a third entry is a false neighbour where a changed
#: number or sign gives none
CLAIMS: dict[str, tuple[str, ...]] = {
    "principal": ("sin(2*asin(x)), '=', 2*x*sqrt(1 - x**2)", ""),
    "constants": ("cos(pi/12), '=', (sqrt(6) + sqrt(2))/4", ""),
    "branches": ("atan(r) + atan(1/r), '=', pi/2", ""),
    "cells": ("log(z**2), '=', 2*log(z)", "re(z) > 0"),
    "moduli": ("Abs(z*w), '=', Abs(z)*Abs(w)", ""),
    "cases": ("Max(x, y) + Min(x, y), '=', x + y", ""),
    "integral": ("Integral(x**2, (x, 0, 1)), '=', Rational(1, 3)", ""),
    "improper": ("Integral(x*exp(-r*x), (x, 0, oo)), '=', 1/r**2", ""),
    "derivative": ("Derivative(x**3*exp(x), x), '=', (x**3 + 3*x**2)*exp(x)", ""),
    "leibniz": ("Derivative(Integral(sin(t**2), (t, 0, x)), x), '=', sin(x**2)", ""),
    "limit": ("limit((1 - cos(x))/x**2, x, 0), '=', Rational(1, 2)", ""),
    "limit by cases": ("limit((p*x + 1)/(q*x + 1), x, oo), '=', p/q", ""),
    "summation": ("Sum(k**2, (k, 1, n)), '=', n*(n + 1)*(2*n + 1)/6", "n >= 0"),
    "induction": ("2**n, '>', n", "n >= 0"),
    "residues": ("Mod(n**3 - n, 6), '=', 0", ""),
    "series": ("converges(Sum(1/k**2, (k, 1, oo))),", "", "converges(Sum(1/k, (k, 1, oo))),"),
    "orders": ("n**2 + n, '=', Theta(n**2)", "n >= 1", "n**2 + n, '=', Theta(n)"),
    "sos": ("x**4 + y**4, '>=', x**3*y + x*y**3", ""),
    "monotone": ("log(1 + r), '<', r", ""),
    "cover": ("cos(x), '>=', 1 - x**2/2", ""),
    "solutions": ("iff(eq(x**2 - 5*x + 6, 0), or_(eq(x, 2), eq(x, 3))),", ""),
    "existence": ("exists(x, eq(x**3 + x - 1, 0)),", "", "exists(x, eq(x**2 + x + 1, 0)),"),
    "injective": ("implies(eq(exp(2*x), exp(2*y)), eq(x, y)),", ""),
}


def claim(text: str, given: str) -> Claim:
    names: dict[str, Any] = namespace() | {
        "limit": limit, "converges": converges, "Theta": Theta, "Integral": Integral, "oo": oo, "pi": pi,
        "Derivative": Derivative, "Sum": Sum, "Rational": Rational, "re": sympy.re, "asin": sympy.asin,
        "Max": sympy.Max, "Min": sympy.Min}
    with sympy.evaluate(False):
        parts = eval(f"({text})", {"__builtins__": {}}, names)
        assumed = eval(f"({given},)", {"__builtins__": {}}, names) if given else ()
    return read_claim(parts, assumed, {})[0]


@pytest.mark.parametrize("row", CLAIMS.values(), ids=CLAIMS)
def test_no_edited_certificate_proves_a_false_neighbour(row: tuple[str, ...]) -> None:
    text, given, *others = row
    true = claim(text, given)
    certificate = json.loads(json.dumps(decide(true, {}).certificate))
    assert certificate is not None and certificate["verdict"] == "proved"
    neighbours = [claim(other, given) for other in others] or list(itertools.islice(false_mutants(true), 2))
    assert neighbours, "no false neighbour: the row tests nothing"
    for edited in [certificate, *spread(list(mutations(certificate)), MOST)]:
        for false in neighbours:
            assert not isinstance(outcome(false, edited), Proved), (false.to_json(), edited)
        assert not isinstance(outcome(true, edited), Refuted), edited
