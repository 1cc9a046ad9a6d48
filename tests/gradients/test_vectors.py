"""Functions of vectors as people write them: softmax(z), tanh(z), norm(z) beside an index of their own."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import tanh

from checker.engines.portfolio import decide
from checker.language.derivation import Derivation, read_claim
from checker.language.gradients import grad, jacobian, partial
from checker.language.indices import (
    dot, hadamard, index, logsumexp, norm, ones, sigmoid, sizes, softmax, vector,
)
from checker.language.matrices import diag, outer

d = sizes("d")
r, a = index("r a", d)
z = vector("z", d)
with sympy.evaluate(False):
    ROWS: list[tuple[tuple[Any, ...], str]] = [
        ((partial(norm(z), z[r]), "=", z[r]/norm(z)), "proved"),            # norm's own index is called r too
        ((softmax(z)[a], "=", softmax(z[r], over=r)[a]), "proved"),
        ((dot(softmax(z), ones(z)), "=", 1), "proved"),
        ((jacobian(softmax(z), z), "=", diag(softmax(z)) - outer(softmax(z), softmax(z))), "proved"),
        ((jacobian(softmax(z), z), "=", diag(softmax(z)) + outer(softmax(z), softmax(z))), "refuted"),
        ((jacobian(tanh(z), z), "=", diag(ones(z) - hadamard(tanh(z), tanh(z)))), "proved"),
        ((grad(logsumexp(z), z), "=", softmax(z)), "proved"),
        ((partial(sigmoid(z)[a], z[r]), "=", 0), "refuted"),
    ]


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_verdict(number: int) -> None:
    parts, expected = ROWS[number]
    outcome = decide(read_claim(parts, (), {})[0], {})
    assert (outcome.certificate or {}).get("verdict") == expected


def test_a_definition_over_an_index_is_a_vector() -> None:
    with sympy.evaluate(False):
        D = Derivation("vectors")
        s = D.define("s", softmax(z[r], over=r)[a], over=a)
        D.claim("diagonal", diag(s)[a, a], "=", s[a])
    outcome = decide(D.claims[0].claim, {})
    assert (outcome.certificate or {}).get("verdict") == "proved"


@pytest.mark.parametrize("thing", [softmax(z[r], over=r)])
def test_no_endless_loop(thing: Any) -> None:
    with pytest.raises(TypeError):
        iter(thing)
