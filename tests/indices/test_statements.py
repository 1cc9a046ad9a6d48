"""Statements about indices and vectors, from the language to the verdict; each true claim has false
mutants beside it, and each verdict is the kernel's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sympy
from sympy import Rational, exp, log, sqrt

from checker.engines.portfolio import decide
from checker.kernel.claim import Claim
from checker.kernel.term import show
from checker.kernel.verdict import Proved, verify
from checker.language.derivation import Derivation, read_claim
from checker.language.errors import StatementError
from checker.language.indices import (
    apply,
    delta,
    depends,
    dot,
    elementwise,
    family,
    index,
    independent,
    layer_norm,
    matrix,
    mean,
    norm,
    relu,
    sizes,
    softmax,
    total,
    vectors,
)
from checker.language.logic import and_, eq, forall, ne


@pytest.fixture(autouse=True)
def unevaluated() -> Iterator[None]:
    with sympy.evaluate(False):
        yield


def statements() -> dict[str, tuple[list[Any], list[Any], str]]:
    """id -> (the parts of the claim, what is given, verdict)."""
    m, d, t, n = sizes("m d t n")
    i, j, u = index("i j u", m)
    a, b = index("a b", m, distinct=True)
    c = sympy.symbols("c", real=True)
    temperature = sympy.symbols("T", positive=True)
    k, v = vectors("k v", m, d)
    s, y = family("s y", m)
    orthonormal = forall((i, j), eq(dot(k[i], k[j]), delta(i, j)))
    alpha = softmax(dot(k[u], c * (k[a] + k[b])), over=u)
    warm = softmax(dot(k[u], c * (k[a] + k[b])) / temperature, over=u)
    w = softmax(s[u], over=u)
    z = total(i, alpha[i] * v[i])
    rest = 2 * exp(c) + m - 2

    p, q, e = index("p q e", t)
    x = vectors("x", t, d)
    query, key, value = matrix("Q K V", d, d)
    up, down = matrix("A", n, d), matrix("B", d, n)
    eps = sympy.symbols("epsilon", positive=True)

    def attend(see: Any = None, see_below: Any = None) -> Any:
        def score(at: Any) -> Any:
            return dot(apply(query, x[p]), apply(key, x[at])) / sqrt(d)

        below = total(e, exp(score(e)), where=(see_below or see)(e) if see else None)
        return total(q, exp(score(q)) / below * apply(value, x[q]), where=see(q) if see else None)

    causal = attend(lambda at: at <= p)
    block = apply(down, relu(apply(up, x[p])))
    given = [orthonormal]
    return {
        "weight": ([alpha[a], "=", exp(c) / rest], given, "proved"),
        "weight-off-by-one": ([alpha[a], "=", exp(c) / (rest + 1)], given, "refuted"),
        "weight-any-index": ([alpha[i], "=", 1 / rest], given, "refuted"),
        "temperature": (
            [warm[b], "=", exp(c / temperature) / (2 * exp(c / temperature) + m - 2)],
            given,
            "proved",
        ),
        "temperature-upside-down": (
            [warm[b], "=", exp(c * temperature) / (2 * exp(c * temperature) + m - 2)],
            given,
            "refuted",
        ),
        "vector": ([z, "=", (v[a] + v[b]) / 2], [*given, eq(m, 2)], "proved"),
        "vector-of-three": ([z, "=", (v[a] + v[b]) / 2], [*given, eq(m, 3)], "refuted"),
        "norm": ([norm(k[i]), "=", 1], given, "proved"),
        "longer-keys": (
            [dot(k[a], c * (k[a] + k[b])), "=", 2 * c],
            [forall((i, j), eq(dot(k[i], k[j]), 2 * delta(i, j)))],
            "proved",
        ),
        "never-1": ([w[j], "<", 1], [m >= 2], "proved"),
        "never-1-alone": ([w[j], "<", 1], [], "refuted"),
        "pair": ([w[a] + w[b], "<", 1], [m >= 3], "proved"),
        "pair-of-two": ([w[a] + w[b], "<", 1], [], "refuted"),
        "hull": ([total(i, w[i] * y[i]), "<=", c], [forall(u, y[u] <= c)], "proved"),
        "hull-open": ([total(i, w[i] * y[i]), "<", c], [forall(u, y[u] <= c)], "refuted"),
        "difference": (
            [total(i, w[i] * v[i]) - v[j], "=", total(i, w[i] * (v[i] - v[j]), where=ne(i, j))],
            [],
            "proved",
        ),
        "log-sum": ([log(total(u, exp(s[u]))), ">", s[j]], [m >= 2], "proved"),
        "log-sum-alone": ([log(total(u, exp(s[u]))), ">", s[j]], [], "refuted"),
        "distinct-values": (
            [ne(total(i, w[i] * v[i]), v[j])],
            [m >= 2, forall((i, u), ne(v[i], v[u]), where=ne(i, u))],
            "refuted",
        ),
        "layer-norm-mean": ([mean(layer_norm(v[i], eps)), "=", 0], [], "proved"),
        "not-per-token": ([independent(attend(), of=x, at=q)], [ne(p, q)], "refuted"),
        "causal": ([independent(causal, of=x, at=q)], [q > p], "proved"),
        "causal-other": ([independent(causal, of=x, at=q)], [ne(p, q)], "refuted"),
        "mask-above-only": (
            [independent(attend(lambda at: at <= p, lambda at: and_(at <= t)), of=x, at=q)],
            [q > p],
            "refuted",
        ),
        "looks-ahead": ([independent(attend(lambda at: at >= p), of=x, at=q)], [q < p], "proved"),
        "sees-the-past": ([depends(causal, of=x, at=q, choosing=[query, key, value])], [q <= p], "proved"),
        "sees-the-future": ([depends(causal, of=x, at=q, choosing=[query, key, value])], [q > p], "refuted"),
        "block": ([independent(block, of=x, at=q)], [ne(p, q)], "proved"),
        "block-itself": ([independent(block, of=x, at=p)], [], "refuted"),
        "residual": ([independent(block + x[p], of=x, at=q)], [q > p], "proved"),
        "batch-mean": ([independent(x[p] - total(e, x[e]) / t, of=x, at=q)], [ne(p, q)], "refuted"),
        "any-function": ([independent(elementwise("tanh", x[p]), of=x, at=q)], [ne(p, q)], "proved"),
        "layer-norm": ([independent(layer_norm(x[p], eps), of=x, at=q)], [ne(p, q)], "proved"),
    }


with sympy.evaluate(False):
    NAMES = list(statements())


@pytest.mark.parametrize("name", NAMES)
def test_verdict(name: str) -> None:
    parts, given, verdict = statements()[name]
    claim, _ = read_claim(parts, given, {})
    outcome = decide(claim, {})
    assert outcome.certificate is not None, outcome.tried
    assert outcome.certificate["verdict"] == verdict
    again = verify(Claim.from_json(claim.to_json()), outcome.certificate)
    assert isinstance(again, Proved) == (verdict == "proved")


def test_a_certificate_of_one_claim_does_not_serve_a_false_one() -> None:
    """Every certificate of a proved claim is offered for every false one."""
    table = statements()
    read = {name: read_claim(parts, given, {})[0] for name, (parts, given, _) in table.items()}
    proofs = [decide(read[name], {}).certificate for name in ("weight", "causal")]
    for name, (_, _, verdict) in table.items():
        if verdict == "refuted":
            for certificate in proofs:
                with pytest.raises(Exception, match="rule|point|declared|value"):
                    verify(read[name], certificate or {})


def said(action: Any) -> str:
    with pytest.raises(StatementError) as caught:
        action()
    return str(caught.value)


def test_errors_name_both_sizes() -> None:
    m, d = sizes("m d")
    i = index("i", m)
    h = index("h", d)
    k, y = vectors("k", m, d), vectors("y", m, m)
    w = matrix("W", d, m)
    assert "length d" in said(lambda: eq(k[i], y[i])) and "length m" in said(lambda: dot(k[i], y[i]))
    assert "up to m" in said(lambda: k[h]) and "up to d" in said(lambda: delta(i, h))
    assert "d x m" in said(lambda: apply(w, k[i]))
    assert "multiplies 2 vectors" in said(lambda: eq(k[i] * k[i], 0))
    assert "is no index" in said(lambda: total(m, 1))
    assert "a number" in said(lambda: eq(k[i], 1 + k[i]))


def test_definitions_of_vectors_and_bound_names() -> None:
    """A vector may be defined; a name bound around its use becomes a parameter, and is not captured."""
    from checker.language.limits import limit

    document = Derivation("vectors")
    m, d = document.sizes("m d")
    i = document.index("i", m)
    a = document.index("a", m)
    c = document.real("c")
    k = document.vectors("k", m, d)
    q = document.define("q", c * k[a])
    z = document.define("z", q + k[i], over=i)
    document.claim("plain", dot(k[i], q), "=", c * dot(k[i], k[a]))
    document.claim("indexed", z[a] - k[a], "=", c * k[a])
    document.claim("moving", limit(dot(k[a], q), c, 0), "=", 0)
    assert [show(x.claim.statement).count("@") for x in document.claims] == [0, 0, 0]
    moving = document.claims[-1].claim
    assert moving.definitions[0].params[-1][0] == "c"
    assert "c" not in dict(moving.declarations)
    for claim in document.claims:
        outcome = decide(claim.claim, {})
        assert outcome.certificate is not None and outcome.certificate["verdict"] == "proved"


def test_distinct_indices_differ_where_both_are_mentioned() -> None:
    m = sizes("m")
    a, b = index("a b", m, distinct=True)
    s = family("s", m)
    claim, _ = read_claim([s[a], "=", s[b]], [], {})
    assert "a != b" in [show(f) for f in claim.assumptions]
    claim, _ = read_claim([s[b], "=", s[b]], [], {})
    assert [show(f) for f in claim.assumptions] == ["m >= 1"]


def test_a_masked_softmax_is_0_outside_its_mask() -> None:
    m = sizes("m")
    i, u = index("i u", m)
    s = family("s", m)
    masked = softmax(s[u], over=u, where=u <= i)
    bare = exp(s[u]) / total(u, exp(s[u]), where=u <= i)
    for statement, given, verdict in (
        ([total(u, masked[u], where=u <= i), "=", 1], [], "proved"),
        ([total(u, masked[u]), "=", 1], [], "proved"),
        ([total(u, bare), "=", Rational(1)], [], "refuted"),
        ([masked[u], "=", 0], [u > i], "proved"),
        ([masked[u], "=", 0], [u >= i], "refuted"),
    ):
        certificate = decide(read_claim(statement, given, {})[0], {}).certificate
        assert certificate is not None and certificate["verdict"] == verdict
