"""Stating claims: ids, links, domains, definitions, and the errors a person meets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sympy
from sympy import Function, Limit, Sum, exp, symbols

from checker import Derivation, forall, not_
from checker.kernel.term import INTEGER, REAL, App, Bind, show
from checker.language import derivation
from checker.language.errors import StatementError

x, y = symbols("x y", real=True)
z = symbols("z")
n = symbols("n", integer=True, positive=True)


@pytest.fixture
def D() -> Iterator[Derivation]:
    derivation.reset()
    with sympy.evaluate(False):
        yield Derivation("d")
    derivation.reset()


def only(D: Derivation) -> derivation.StatedClaim:
    (claim,) = D.claims
    return claim


def test_a_relation_has_the_derivations_id_and_its_line(D: Derivation) -> None:
    D.claim("square", x**2, ">=", 0)
    claim = only(D)
    assert (claim.id, claim.parent, claim.expected) == ("d.square", None, "proved")
    assert claim.file == __file__
    assert show(claim.claim.statement) == "x^2 >= 0"


def test_a_chain_is_one_claim_per_link(D: Derivation) -> None:
    D.claim("chain", 0, "<", exp(x), "<=", exp(x) + 1, expected={"2": "refuted"})
    assert [(c.id, c.parent, c.expected) for c in D.claims] == [
        ("d.chain.1", "d.chain", "proved"), ("d.chain.2", "d.chain", "refuted")]


@pytest.mark.parametrize("second", ["a", "a.1"])
def test_an_id_is_given_once(D: Derivation, second: str) -> None:
    D.claim("a", 0, "<", exp(x), "<", exp(x) + 1)
    with pytest.raises(StatementError, match="taken"):
        D.claim(second, x, "=", x)


def test_nothing_is_evaluated(D: Derivation) -> None:
    D.claim("cancel", x/x, "=", 1)
    assert show(only(D).claim.statement) == "x/x = 1"


def test_assumptions_of_symbols_are_facts_and_domains(D: Derivation) -> None:
    D.claim("sum", n + x, ">", x)
    claim = only(D).claim
    assert dict(claim.declarations) == {"n": INTEGER, "x": REAL}
    assert [show(a) for a in claim.assumptions] == ["n >= 1"]


def test_a_definition_is_folded_and_unfolds(D: Derivation) -> None:
    s = D.define("s", 1/(1 + exp(-x)))
    D.claim("range", s, "<", 1)
    claim = only(D).claim
    assert claim.statement == App("<", (App("@s", ()), claim.statement.args[1]))
    assert "exp" in show(claim.sequent.goal)


def test_labels_follow_their_assumption(D: Derivation) -> None:
    small = D.assume("small", x < 1)
    D.claim("c", x, "<", 2, given=[y > 0, small])
    claim = only(D)
    ((k, label),) = claim.labels
    assert label == "small"
    assert show(claim.claim.assumptions[k]) == "x < 1"


def test_sympys_limit_without_a_side_is_told_apart(D: Derivation) -> None:
    D.claim("limit", Limit(abs(x)/x, x, 0), "=", 1)
    limit = only(D).claim.statement.args[0]
    assert isinstance(limit, Bind) and limit.outer[1] == App("unstated-side", ())


def test_bound_names_are_not_declared(D: Derivation) -> None:
    k = symbols("k", integer=True)
    D.claim("sum", Sum(k, (k, 1, n)), "=", n*(n + 1)/2)
    assert [name for name, _ in only(D).claim.declarations] == ["n"]


def test_an_undefined_function_is_opaque(D: Derivation) -> None:
    f = Function("f")
    D.claim("same", f(z + 1), "=", f(1 + z))
    assert show(only(D).claim.statement) == "f[z + 1] = f[z + 1]"


@pytest.mark.parametrize(("state", "message"), [
    (lambda D: D.claim("c", sympy.true), "arrived as True"),
    (lambda D: D.claim("c", x, "=", 0.1), "floating-point"),
    (lambda D: D.claim("c", z, "<", 1), "complex"),
    (lambda D: D.claim("c", x, "==", 1), "no relation"),
    (lambda D: D.claim("c", x, "="), "a chain is"),
    (lambda D: D.claim("c", x, "=", 1, expected="true"), "one of"),
    (lambda D: D.claim("c", symbols("t", real=True), "=", symbols("t")), "two different symbols"),
    (lambda D: D.claim("c", sympy.zoo, "=", x), "evaluated"),
    (lambda D: D.claim("c", sympy.besselj(0, x), "=", 1), "not in the checker's language"),
    (lambda D: D.claim("c", x, "=", 1, expected={"3": "refuted"}), "expected names link"),
    (lambda D: D.iteration((x,), [(y, x)]), "not in the state"),
    (lambda D: D.claim("c", forall(x + 1, not_(sympy.Eq(x, y)))), "cannot be bound"),
    (lambda D: Derivation("e", prose="missing.md"), "no prose file"),
    (lambda D: (D.define("s", x), D.define("s", y)), "defined twice"),
])
def test_errors_say_what_and_what_would_help(D: Derivation, state: object, message: str) -> None:
    with pytest.raises(StatementError, match=message):
        state(D)  # type: ignore[operator]


def test_the_designs_example_reads(D: Derivation) -> None:
    c = symbols("c", real=True)
    m = symbols("m", integer=True, positive=True)
    D.claim("bound", 0, "<", exp(c)/(2*exp(c) + m - 2), "<", 1, given=[m >= 2])
    assert len(D.claims) == 2
