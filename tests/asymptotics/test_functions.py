"""Limits of functions known by their limits; costs; sums in closed form."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Rational, S, Sum, exp, oo, symbols

from checker import Derivation, eq, forall, limit, ne, softmax, total
from checker.language.costs import Cost, backward, keep, multiply, over, times, weights
from checker.language.errors import StatementError

from .claims import read, verdict

t, n, l = symbols("t n l", integer=True, positive=True)
s, a, b = symbols("s a b", integer=True)


def stated() -> list[tuple[str, str, Any]]:
    with sympy.evaluate(False):
        D = Derivation("functions")
        m = D.sizes("m")
        i, j, u = D.index("i j u", m)
        c = D.real("c")
        f, v = D.family("f", m, S.Reals), D.vector("v", m)
        weight = softmax(f[u, c], over=u)
        apart = forall(i, eq(limit(f[j, c] - f[i, c], c, oo), oo), where=ne(i, j))
        down = forall(i, eq(limit(f[i, c], c, oo), -oo))
        still = forall(i, eq(limit(f[i, c], c, oo), 0))
        rows = [
            ("proved", limit(weight[j], c, oo), 1, [apart]),
            ("proved", limit(weight[j], c, oo), 1, [apart, m >= 2]),
            ("proved", limit(weight[u], c, oo), 0, [apart, ne(u, j)]),
            ("proved", limit(total(i, weight[i]*v[i]), c, oo), v[j], [apart]),
            ("proved", limit(total(i, exp(f[i, c])), c, oo), 0, [down]),
            ("proved", limit(total(i, exp(f[i, c])*v[i]), c, oo), total(i, v[i]), [still]),
            ("refuted", limit(weight[j], c, oo), Rational(1, 2), [apart, m >= 2]),
            ("refuted", limit(weight[j], c, oo), 1, []),
            ("refuted", limit(total(i, exp(f[i, c])), c, oo), 1, [down]),
        ]
        for k, (expected, left, right, given) in enumerate(rows):
            D.claim(f"row-{k}", left, "=", right, given=given, expected=expected)
    return [(c.id, c.expected, c.claim) for c in D.claims]


@pytest.mark.parametrize("row", stated(), ids=lambda row: row[0])
def test_functions_known_by_their_limits(row: tuple[str, str, Any]) -> None:
    _, expected, claim = row
    found, minted = verdict(claim)
    assert found == expected, minted


def test_a_product_is_counted_by_its_definition() -> None:
    """2 x 3 times 3 x 4: eight entries, each of 3 products and 2 additions."""
    product = multiply(2, 3, 4)
    assert (product.multiplications.doit(), product.additions.doit()) == (24, 16)
    whole = times(l, over(s, 1, t, multiply(n, n, 1)) + keep(t) + weights(n**2))
    assert verdict(read(whole.multiplications, "=", l*t*n**2))[0] == "proved"
    assert verdict(read(whole.kept, "=", l*t))[0] == "proved"
    assert verdict(read(whole.weights, "=", l*n**2))[0] == "proved"
    assert verdict(read(backward(whole).operations, "=", 2*l*t*(2*n**2 - n)))[0] == "proved"
    assert verdict(read(whole.operations, "=", l*t*n**2))[0] == "refuted"
    with pytest.raises(StatementError):
        keep(3) + 4
    assert Cost().operations == 0


with sympy.evaluate(False):
    SUMS: list[Any] = [
        ("proved", Sum(s**2, (s, 1, n)), n*(n + 1)*(2*n + 1)/6),
        ("proved", Sum(Sum(s, (s, 1, a)), (a, 1, n)), n*(n + 1)*(n + 2)/6),
        ("proved", Sum(s + t, (s, n, 2*n)), 3*n*(n + 1)/2 + t*(n + 1)),
        ("refuted", Sum(s, (s, 1, b)), b*(b + 1)/2),                 # b = -2: the empty sum is 0
        ("refuted", Sum(s, (s, 1, n)), n**2),
    ]


@pytest.mark.parametrize("row", SUMS, ids=str)
def test_sums(row: Any) -> None:
    expected, left, right = row
    found, minted = verdict(read(left, "=", right))
    assert found == expected, minted
