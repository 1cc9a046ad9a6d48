"""Entries at moved places: claims, and forms against values where the families go on beyond their range."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest
import sympy
from sympy import tanh

from checker.engines.portfolio import decide
from checker.kernel.evaluate import Table
from checker.kernel.evidence import Reject
from checker.kernel.index_form import context
from checker.kernel.index_terms import Budget
from checker.kernel.term import TRUE, Term, Var, num, show
from checker.language.derivation import read_claim
from checker.language.errors import StatementError
from checker.language.gradients import partial
from checker.language.indices import index, sizes, total, vector

from ..indices.build import at, delta, m, plus, points, rel, sequent, values
from ..indices.random_terms import CONTEXTS, term
from ..indices.test_against_values import differ


@pytest.fixture(autouse=True)
def unevaluated() -> Iterator[None]:
    with sympy.evaluate(False):
        yield


def rows() -> dict[str, tuple[Any, list[Any], str]]:
    t, n = sizes("T n")
    i, s = index("i s", t)
    short = index("k", t - 1)
    x, y = vector("x y", t)
    p, q = index("p q", n)
    k, h = index("k h", 3)
    w, c, signal = vector("w", 3), vector("c", n), vector("f", n + 2)
    u = sympy.symbols("u", real=True)
    roughness = total(i, (y[i + 1] - y[i])**2, where=i < t)
    convolved = total(p, c[p]*total(k, w[k]*signal[p + k - 1]))
    inside = [s > 1, s < t]
    return {
        "telescope": ((total(i, y[i + 1] - y[i], where=i < t), "=", y[t] - y[1]), [], "proved"),
        "telescope, the first lost": ((total(i, y[i + 1] - y[i], where=i < t), "=", y[t]), [], "refuted"),
        "over a shorter range": ((total(short, y[short + 1] - y[short]), "=", y[t] - y[1]), [t >= 2], "proved"),
        "roughness, inside": ((partial(roughness, y[s]), "=", 2*(2*y[s] - y[s - 1] - y[s + 1])), inside, "proved"),
        "roughness, one-sided": ((partial(roughness, y[s]), "=", 2*(2*y[s] - 2*y[s + 1])), inside, "refuted"),
        "roughness, at the end": ((partial(roughness, y[t]), "=", 2*(y[t] - y[t - 1])), [t >= 2], "proved"),
        "by parts": ((total(i, x[i]*(y[i + 1] - y[i]), where=i < t), "=", x[t]*y[t] - x[1]*y[1] - total(
            i, y[i + 1]*(x[i + 1] - x[i]), where=i < t)), [], "proved"),
        "by parts, not moved": ((total(i, x[i]*(y[i + 1] - y[i]), where=i < t), "=", x[t]*y[t] - x[1]*y[1] - total(
            i, y[i]*(x[i + 1] - x[i]), where=i < t)), [], "refuted"),
        "kernel of a convolution": ((partial(convolved, w[h]), "=", total(p, c[p]*signal[p + h - 1])), [], "proved"),
        "input of a convolution": ((partial(convolved, signal[q]), "=", total(h, w[h]*c[q - h + 1])), [q >= 3],
                                   "proved"),
        "kernel not turned": ((partial(convolved, signal[q]), "=", total(h, w[h]*c[q + h - 3])), [q >= 3], "refuted"),
        "up to the next": ((total(i, y[i], where=i < s + 2), "=", total(i, y[i], where=i <= s) + y[s + 1]), [s < t],
                           "proved"),
        "a recurrent step": ((partial(tanh(u*y[i] + x[i + 1]), y[i]), "=", u*(1 - tanh(u*y[i] + x[i + 1])**2)),
                             [i < t], "proved"),
    }


with sympy.evaluate(False):
    ROWS = rows()


@pytest.mark.parametrize("name", list(ROWS))
def test_a_claim_gets_its_verdict(name: str) -> None:
    parts, given, expected = ROWS[name]
    claim, _ = read_claim(parts, given, {})
    assert (decide(claim, {}).certificate or {}).get("verdict", "undecided") == expected


def test_an_index_of_a_longer_range_is_refused() -> None:
    t = sizes("T")
    y, i = vector("y", t), index("i", t + 1)
    with pytest.raises(StatementError, match=r"y takes an index up to T, and i is an index up to 1 \+ T|T \+ 1"):
        y[i]


def beyond(point: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """The point with families that have values beyond their range as well."""
    out = {}
    for name, v in point.items():
        if isinstance(v, Table):
            entries = dict(v.entries)
            for where in itertools.product(range(-5, 10), repeat=len(v.shape)):
                entries.setdefault(where, num(rng.choice([0, 1, -1, 2, 3])))
            v = Table(v.shape, entries)
        out[name] = v
    return out


def moved(t: Term, rng: random.Random) -> Term:
    """A random summand whose entries are read at other places, under a guard at an end of the range."""
    from checker.kernel.term import App, Bind, rebuild

    match t:
        case App("at", (Var("s" | "x" | "y" | "w") as f, *indices)):
            steps = [rng.choice([0, 1, -1, 2]) for _ in indices]
            return at(f.name, *(plus(i, k) if k else i for i, k in zip(indices, steps, strict=True)))
        case Bind("sum", (name,), sorts, (), (_, body)):
            ends = [TRUE, rel("<", Var(name), m), rel("<", 1, Var(name)), rel("=", plus(Var(name), 1), Var("i")),
                    rel("<=", plus(Var(name), 1), Var("j"))]
            return Bind("sum", (name,), sorts, (), (rng.choice(ends), moved(body, rng)))
        case App("delta", (a, b)):
            return delta(plus(a, rng.choice([1, -1])), b)
    return rebuild(t, lambda u: moved(u, rng))


def test_forms_of_moved_entries_agree_with_values() -> None:
    compared = 0
    tables = [[beyond(p, random.Random(3)) for p in itertools.islice(points(k, 80, *CONTEXTS[k]), 4)]
              for k in range(len(CONTEXTS))]
    for seed in range(90):
        rng = random.Random(seed)
        k = rng.randrange(len(CONTEXTS))
        t = moved(term(rng, ["i", "j", "a", "b"], 3), rng)
        try:
            form = context(sequent(TRUE, *CONTEXTS[k]))
            back = form.term(form.read(t, {}))
        except (Reject, Budget, RecursionError):
            continue
        for point in tables[k]:
            x, y = values(t, point), values(back, point)
            compared += x is not None and y is not None
            assert x is None or y is None or not differ(x, y), (show(t), show(back))
    assert compared > 100
