"""Largest values over an index, and bounds at every index under weighted sums: claims end to end, and the rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sympy import Abs, evaluate, exp, log, symbols

from checker import Derivation, and_, eq, forall, implies, le, max_over, min_over, norm_inf, total
from checker.engines.portfolio import decide
from checker.kernel.claim import Sequent
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.rule_greatest import opened
from checker.kernel.term import COMPLEX, INTEGER, REAL, TRUE, Bind, Index, Map, Var, app, num, show, to_json
from checker.kernel.verdict import verify
from checker.language.derivation import read_claim
from checker.language.errors import StatementError

D = Derivation("largest")
S, A = D.sizes("S A")
s, u = D.index("s u", S)
p, q = D.index("p q", A)
f, g = D.family("f g", A)
V, W = D.vector("V W", S)
P, r = D.matrix("P", S, S), D.matrix("r", S, A)
Q = D.family("Q", S, A, S)
gamma, M = symbols("gamma M", real=True)
R = symbols("R", positive=True)
chances = [forall((s, u), P[s, u] >= 0), forall(s, eq(total(u, P[s, u]), 1))]
kernels = [forall((s, p, u), Q[s, p, u] >= 0), forall((s, p), eq(total(u, Q[s, p, u]), 1))]
discount = [gamma >= 0, gamma < 1]


def bellman(v: Any, at: Any) -> Any:
    return max_over(p, r[at, p] + gamma*total(u, Q[at, p, u]*v[u]))


D.claim("nonexpansive", Abs(max_over(p, f[p]) - max_over(p, g[p])), "<=", max_over(p, Abs(f[p] - g[p])))
D.claim("subadditive", max_over(p, f[p] + g[p]), "<=", max_over(p, f[p]) + max_over(p, g[p]))
D.claim("shift", max_over(p, f[p] + M), "=", max_over(p, f[p]) + M)
D.claim("least", min_over(p, f[p]), "=", -max_over(p, -f[p]))
D.claim("weighted", total(u, P[s, u]*V[u]), "<=", M, given=[*chances, forall(u, V[u] <= M)])
D.claim("average", norm_inf(P@V), "<=", norm_inf(V), given=chances)
D.claim("contraction", Abs(bellman(V, s) - bellman(W, s)), "<=", gamma*norm_inf(V - W), given=[*kernels, *discount])
D.claim("monotone", bellman(V, s), "<=", bellman(W, s), given=[*kernels, *discount, forall(u, V[u] <= W[u])])
D.claim("value-bound", Abs(V[s]), "<=", M/(1 - gamma), given=[
    *chances, *discount, eq(V[s], W[s] + gamma*total(u, P[s, u]*V[u])), forall(u, Abs(V[u]) <= Abs(V[s])),
    Abs(W[s]) <= M])
# V[s] by a sum over all V[u]: a rule that would never end
D.claim("recursive-law", norm_inf(V), "<=", R, given=[
    *chances, *discount, forall(s, eq(V[s], W[s] + gamma*total(u, P[s, u]*V[u]))), forall(u, Abs(W[u]) <= R)],
    expected="refuted")
D.claim("additive", max_over(p, f[p] + g[p]), "=", max_over(p, f[p]) + max_over(p, g[p]), expected="refuted")
D.claim("negative-factor", max_over(p, gamma*f[p]), "=", gamma*max_over(p, f[p]), expected="refuted")
D.claim("no-chances", total(u, P[s, u]*V[u]), "<=", M, given=[chances[0], forall(u, V[u] <= M)], expected="refuted")
D.claim("strict", norm_inf(P@V), "<", norm_inf(V), given=chances, expected="refuted")
soft = R*log(total(p, exp(f[p]/R)))          # the temperature R
D.claim("soft-above", max_over(p, f[p]), "<=", soft)
D.claim("soft-below", soft, "<=", max_over(p, f[p]) + R*log(A))
D.claim("soft-below-one", soft, "<=", max_over(p, f[p]) + log(A), expected="refuted")
D.claim("soft-of-a-mean", log(total(p, exp(R*f[p]))/A)/R, "<=", max_over(p, f[p]))
D.claim("negative-temperature", gamma*log(total(p, exp(f[p]/gamma))), "<=", f[q], given=[gamma < 0])
D.claim("negative-temperature-turned", gamma*log(total(p, exp(f[p]/gamma))), ">=", f[q], given=[gamma < 0],
        expected="refuted")


@pytest.mark.parametrize("stated", D.claims, ids=lambda c: c.id)
def test_claims(stated: Any) -> None:
    certificate = decide(stated.claim, {}).certificate
    assert certificate is not None and certificate["verdict"] == stated.expected
    assert not getattr(verify(stated.claim, certificate), "conditions", ())


def test_input() -> None:
    x = D.vectors("x", S, A)
    with pytest.raises(StatementError, match="are numbers"):
        max_over(s, x[s])
    with pytest.raises(StatementError, match="is no index"):
        max_over(M, M)
    with pytest.raises(StatementError, match="max_over"):
        norm_inf(M)
    assert implies(le(M, 0), and_(le(M, 1))) is not None


n, k = Var("n"), Var("k")
SIZED = Sequent({"n": INTEGER, "k": Index(n), "f": Map((Index(n),), REAL), "y": REAL}, (app(">=", n, num(1)),), TRUE)


def largest(body: Any, name: str = "j", size: Any = n) -> Bind:
    return Bind("maximum", (name,), (Index(size),), (), (body,))


F = app("at", Var("f"), Var("j"))


def test_the_chosen_index_is_new() -> None:
    """Were it the bound name itself, the bound on f would say nothing."""
    inner, names = opened(SIZED.with_goal(app("<=", largest(F), Var("y"))), largest(F))
    assert names == ("j'1",)
    assert show(inner.assumptions[-1]) == "forall(j: f[j] <= f[j'1])"
    shadowed = app("at", Var("f"), Var("k"))
    assert opened(SIZED.with_goal(app("<=", largest(shadowed, "k"), Var("y"))), largest(shadowed, "k"))[1] == ("k'1",)


REJECTED: list[tuple[str, Sequent, Mapping[str, Any]]] = [
    ("absent", SIZED.with_goal(app("<=", Var("y"), Var("y"))), {"term": to_json(largest(F)), "proof": {"rule": "sign"}}),
    ("no-maximum", SIZED.with_goal(app("<=", F, F)), {"term": to_json(F), "proof": {"rule": "sign"}}),
    ("may-be-empty", SIZED.with_goal(app("or", app("=", num(0), num(0)), app(
        "<=", largest(num(0), size=app("add", n, num(-1))), num(0)))),
     {"term": to_json(largest(num(0), size=app("add", n, num(-1)))), "proof": {"rule": "sign"}}),
    ("smallest", SIZED.with_goal(app(">=", app("at", Var("f"), k), largest(F))),
     {"term": to_json(largest(F)), "proof": {"rule": "instance", "assumption": 1, "terms": {"j": to_json(k)},
                                             "proof": {"rule": "sign"}}}),
    ("bare", SIZED.with_goal(app("<=", app("at", Var("f"), k), largest(F))),
     {"term": to_json(largest(F)), "bare": True, "proof": {"rule": "instance", "assumption": 1,
                                                           "terms": {"j": to_json(k)}, "proof": {"rule": "sign"}}}),
]


@pytest.mark.parametrize("row", REJECTED, ids=lambda row: row[0])
def test_rejected(row: tuple[str, Sequent, Mapping[str, Any]]) -> None:
    with pytest.raises(Reject):
        prove(row[1], {"rule": "greatest", **row[2]}, {}, None)


def test_accepted() -> None:
    goal = app("<=", app("at", Var("f"), k), largest(F))
    proof = {"rule": "greatest", "term": to_json(largest(F)), "proof": {
        "rule": "instance", "assumption": 1, "terms": {"j": to_json(k)}, "proof": {"rule": "assumption"}}}
    assert prove(SIZED.with_goal(goal), proof, {}, None).conditions == ()


def test_the_largest_of_one_number_that_is_not_real() -> None:
    """It has no value, so it is not that number."""
    slot = Index(num(1))
    largest = Bind("maximum", ("i",), (slot,), (), (app("at", Var("u"), Var("i")),))
    goal = app("=", largest, app("at", Var("u"), num(1)))
    with pytest.raises(Reject, match="rests on"):
        prove(Sequent({"u": Map((slot,), COMPLEX)}, (), goal), {"rule": "unroll", "proof": {"rule": "field"}})


def test_what_suffices_for_real_values_is_not_needed() -> None:
    """log x - log 2x = -log 2 for x < 0 as well: the largest value is not undefined there."""
    x = D.real("x")
    with evaluate(False):
        claim = read_claim((max_over(s, log(x) - log(2*x) + V[s]), "=", max_over(s, V[s]) - log(2)), [x < 0], {})[0]
    certificate = decide(claim, {}).certificate
    assert certificate is None or certificate["verdict"] == "proved"
