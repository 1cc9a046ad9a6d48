"""``by=``: what a hint makes possible, what it cannot, and hints that fit nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sympy
from sympy import Function, Max, Min, cos, exp, sin, symbols

from checker.engines.portfolio import decide
from checker.kernel.evidence import Reject
from checker.kernel.verdict import verify
from checker.language.derivation import Derivation
from checker.language.errors import StatementError
from checker.language.hints import cases, induct, instance, split, unfold, via
from checker.language.logic import eq, forall
from checker.running.linking import link

n, k = symbols("n k", integer=True, nonnegative=True)
x, y, a, b = symbols("x y a b", real=True)
f, h = Function("f", real=True), Function("h", real=True)


def verdict_of(stated: Any, lemmas: dict[str, Any] | None = None) -> tuple[str, str]:
    outcome = decide(stated.claim, lemmas or {}, stated.by)
    if outcome.certificate is None:
        return "undecided", ""
    verify(stated.claim, outcome.certificate, lemmas or {})
    return str(outcome.certificate["verdict"]), str(outcome.certificate["proof"]["rule"])


def stated(*parts: Any, given: Any = (), by: Any = (), before: Any = None) -> Any:
    with sympy.evaluate(False):
        d = Derivation("d")
        if before:
            d.define(*before)
        d.claim("c", *parts, given=[d.assume(*g) if isinstance(g, tuple) else g for g in given], by=by)
    return d.claims[0]


ODD = ("odd", forall(x, eq(h(-x), -h(x))))
ADDITIVE = ("additive", forall((x, y), eq(f(x + y), f(x) + f(y))))

#: statement, assumptions, the hint without which it is undecided
NEEDED = {
    "at a value that the claim does not name": ((f(4*a), "=", 4*f(a)), [ADDITIVE], instance("additive", {x: 2*a, y: 2*a})),
}


@pytest.mark.parametrize("name", NEEDED)
def test_a_hint_that_is_needed(name: str) -> None:
    parts, given, hint = NEEDED[name]
    assert verdict_of(stated(*parts, given=given))[0] == "undecided"
    assert verdict_of(stated(*parts, given=given, by=[hint])) == ("proved", "instance")


@pytest.mark.parametrize(("parts", "given"), [
    ((h(0), "=", 0), [ODD]), ((f(2*a), "=", 2*f(a)), [ADDITIVE]), ((f(0), "=", 0), [ADDITIVE]),
])
def test_no_hint_is_needed_at_the_values_of_the_claim(parts: tuple[object, ...], given: list[object]) -> None:
    assert verdict_of(stated(*parts, given=given))[0] == "proved"


#: hints that lead to a certificate of their rule
RULES = {
    "cases": ((Max(x, y)*Min(x, y), "=", x*y*cos(0)), [], [cases(x > y)]),
    "split": ((sympy.Abs(x*y)*cos(0), "=", sympy.Abs(x)*sympy.Abs(y)), [], [split(x, y)]),
    "via": ((sin(a)**2 + 2*sin(b)**2, "<=", 3), [], [via(1 + 2*sin(b)**2)]),
    "induct": ((3**n, ">=", n**3), [n >= 3], [induct(n, start=3)]),
}


@pytest.mark.parametrize("name", RULES)
def test_a_hint_is_followed(name: str) -> None:
    parts, given, by = RULES[name]
    assert verdict_of(stated(*parts, given=given, by=by))[0] == "proved"


#: false claims stay false, whatever is hinted
FALSE = {
    "induction without a base": ((2**n, ">=", n**2 + 1), [n >= 2], [induct(n)]),
    "an instance of another law": ((h(0), "=", 1), [ODD], [instance("odd", {x: 0})]),
    "through a wrong link": ((x**2, "<=", x), [], [via(0)]),
    "cases": ((sympy.Abs(x), "=", x), [], [split(x)]),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_hint_proves_nothing_false(name: str) -> None:
    parts, given, by = FALSE[name]
    assert verdict_of(stated(*parts, given=given, by=by))[0] != "proved"


def test_unfold_keeps_the_rest_as_a_name() -> None:
    with sympy.evaluate(False):
        d = Derivation("d")
        s = d.define("s", 1/(1 + exp(-x)))
        d.claim("c", Max(s, 1 - s) + Min(s, 1 - s), "=", 1, by=[unfold(), cases(s > 1 - s)])
    assert verdict_of(d.claims[0])[0] == "proved"


def test_a_lemma_at_other_values() -> None:
    with sympy.evaluate(False):
        d = Derivation("d")
        d.claim("mean", (x + y)**2, "<=", 2*x**2 + 2*y**2)
        d.claim("used", (h(a) + f(b))**2, "<=", 2*h(a)**2 + 2*f(b)**2, using=["mean"])
        d.claim("told", (h(a) + f(b))**2, "<=", 2*h(a)**2 + 2*f(b)**2, using=["mean"],
                by=[instance("mean", {x: h(a), y: f(b)})])
        d.claim("false", (h(a) + f(b))**2, "<=", 2*h(a)**2 + f(b)**2, using=["mean"])
    linked = link([d.document()])
    assert not linked.problems
    mean, used, told, false = linked.documents[0].claims
    proved = verify(mean.claim, decide(mean.claim, {}).certificate or {})
    lemmas = {mean.claim.hash: proved}
    assert json.loads(told.by[0])["lemma"] == mean.claim.hash
    assert verdict_of(used, lemmas)[0] == verdict_of(told, lemmas)[0] == "proved"
    assert verdict_of(false, lemmas)[0] == "refuted"
    with pytest.raises(Reject):
        verify(told.claim, decide(told.claim, lemmas, told.by).certificate or {})      # without its lemma


@pytest.mark.parametrize(("hint", "message"), [
    ("induct", "is a list of hints"), ([3], "is no hint"), ([induct(k)], "no name of this claim"),
    ([instance("even", {x: 0})], "neither a named assumption"),
])
def test_a_hint_that_fits_nothing_is_an_error(hint: Any, message: str) -> None:
    with pytest.raises(StatementError, match=message):
        stated(h(n), "=", 0, given=[ODD], by=hint)


@pytest.mark.parametrize("make", [lambda: cases(), lambda: split(), lambda: via(), lambda: induct(n, steps=9),
                                  lambda: unfold(x)])
def test_an_empty_or_odd_hint_is_an_error(make: Any) -> None:
    with pytest.raises(StatementError):
        make()
