"""Convexity of unknown functions of one number: at points and weights that a claim mentions."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import symbols

from checker import Derivation, concave, convex, hadamard, ne, ones, strictly_convex
from checker.engines.portfolio import decide
from checker.language.derivation import read_claim
from checker.language.errors import StatementError

D = Derivation("one-number")
f, g = D.functions("f g")
x, y, t = symbols("x y t", real=True)
MIDDLE, MEAN = f((x + y)/2), (f(x) + f(y))/2
CHORD = (f(t*x + (1 - t)*y), "<=", t*f(x) + (1 - t)*f(y))
ROWS: list[tuple[str, tuple[Any, ...], list[Any], str]] = [
    ("midpoint", (MIDDLE, "<=", MEAN), [convex(f)], "proved"),
    ("midpoint, turned", (MIDDLE, ">=", MEAN), [convex(f)], "refuted"),
    ("midpoint of a concave function", (MIDDLE, ">=", MEAN), [concave(f)], "proved"),
    ("strict midpoint", (MIDDLE, "<", MEAN), [strictly_convex(f), ne(x, y)], "proved"),
    ("thirds", (f(x/3 + 2*y/3), "<=", f(x)/3 + 2*f(y)/3), [convex(f)], "proved"),
    ("chord with its ends", CHORD, [convex(f), t >= 0, t <= 1], "proved"),
    ("sum", (convex(f(x) + g(x), x),), [convex(f), convex(g)], "proved"),
    ("difference", (convex(f(x) - g(x), x),), [convex(f), convex(g)], "refuted"),
    ("affine argument", (convex(f(2*x + 1), x),), [convex(f)], "proved"),
    ("square", (convex(f(x)**2, x),), [convex(f)], "refuted"),
    ("anything", (convex(f),), [], "refuted"),
]


@pytest.mark.parametrize("row", ROWS, ids=[r[0] for r in ROWS])
def test_a_claim_gets_its_verdict(row: tuple[str, tuple[Any, ...], list[Any], str]) -> None:
    _, parts, given, verdict = row
    certificate = decide(read_claim(parts, given, {})[0], {}).certificate
    assert certificate is not None and certificate["verdict"] == verdict


def test_a_number_beside_a_vector_is_told_what_to_write() -> None:
    n = D.sizes("n")
    h = D.vector("h", n)
    with pytest.raises(StatementError, match=r"ones\(n\) has it in every entry"):
        1 - hadamard(h, h)
    assert str(ones(n) - hadamard(h, h))
