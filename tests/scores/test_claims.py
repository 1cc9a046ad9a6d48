"""Score functions and derivatives of expectations end to end."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Derivative, Function, Subs, log

from checker import KL, Cov, Derivation, E, Var, copies, functions, integral, regular, score
from checker.engines.portfolio import decide
from checker.kernel.claim import Claim, Sequent
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.rule_exchange import AXIOM
from checker.kernel.term import COMPLEX, REAL, App, Bind, Law, Map, Sort, Space, Term, app, mul, num, sub
from checker.kernel.term import Var as Named
from checker.kernel.verdict import verify
from checker.language.derivation import read_claim
from checker.language.errors import StatementError
from tests.kernel.statements import verdict


def names() -> dict[str, Any]:
    D = Derivation("scores")
    theta, c, t = D.real("theta c t")
    sigma = sympy.Symbol("sigma", positive=True)
    x, z, s, a = D.variables("x z s a")
    p, r, pi = D.densities("p r pi", parameter=theta)
    return {
        "theta": theta, "c": c, "t": t, "sigma": sigma, "x": x, "z": z, "s": s, "a": a, "p": p, "r": r, "pi": pi,
        **dict(zip(("x1", "x2"), copies("x1 x2", of=x), strict=True)),
        "q": D.densities("q"), "d": D.densities("d"), "f": functions("f", x), "h": functions("h", x),
        "k": functions("k", z), "b": functions("b", s), "Q": functions("Q", s, a), "F": Function("F", real=True),
        "e": D.variables("e", measure="discrete"), "S": score(p(x), theta), "E": E, "KL": KL, "Cov": Cov, "Var": Var,
        "D": Derivative, "Subs": Subs, "log": log, "score": score, "integral": integral, "regular": regular,
    }


with sympy.evaluate(False):
    NAMES = names()

TRUE = [
    ("E(S, x, p(x))", "=", "0"),
    ("integral(D(p(x), theta), x)", "=", "0"),
    ("D(E(f(x), x, p(x | theta)), theta)", "=", "E(f(x)*S, x, p(x))"),
    ("D(E(theta*f(x), x, p(x)), theta)", "=", "E(f(x), x, p(x)) + theta*E(f(x)*S, x, p(x))"),
    ("E((f(x) - c)*S, x, p(x))", "=", "E(f(x)*S, x, p(x))"),
    ("E(S**2, x, p(x))", "=", "-E(D(log(p(x)), theta, 2), x, p(x))"),
    ("D(E(f(x), x, p(x)), theta, 2)", "=", "E(f(x)*(S**2 + D(S, theta)), x, p(x))"),
    ("S", "=", "E(score(p(x, z), theta), z, p(z | x))"),
    ("E(score(p(x | z), theta), (x, z), p(x, z))", "=", "0"),
    ("E(score(p(x1), theta)*score(p(x2), theta), (x1, x2), p(x1)*p(x2))", "=", "0"),
    ("E(b(s)*score(pi(a | s), theta), (s, a), d(s)*pi(a | s))", "=", "0"),
    ("D(KL(p(x), q(x)), theta)", "=", "E(S*log(p(x)/q(x)), x, p(x))"),
    ("D(E(p(x)/q(x)*f(x), x, q(x)), theta)", "=", "E(p(x)/q(x)*S*f(x), x, q(x))"),
    ("E(f(x)*S, x, p(x))**2", "<=", "Var(f(x), x, p(x))*E(S**2, x, p(x))"),
    ("D(E(S, x, q(x)), theta)", "=", "E(D(log(p(x)), theta, 2), x, q(x))"),
    ("D(E(F(theta + sigma*e), e, q(e)), theta)", "=", "E(Subs(D(F(t), t), t, theta + sigma*e), e, q(e))"),
]

FALSE = [
    ("E(D(p(x), theta), x, p(x))", "=", "0"),
    ("D(E(f(x), x, p(x)), theta)", "=", "-E(f(x)*S, x, p(x))"),
    ("D(E(theta*f(x), x, p(x)), theta)", "=", "E(f(x), x, p(x))"),
    ("E((f(x) - h(x))*S, x, p(x))", "=", "E(f(x)*S, x, p(x))"),
    ("E(S**2, x, p(x))", "=", "E(D(log(p(x)), theta, 2), x, p(x))"),
    ("D(E(f(x), x, p(x)), theta, 2)", "=", "E(f(x)*S**2, x, p(x))"),
    ("S", "=", "E(score(p(x, z), theta), z, p(z))"),
    ("D(E(S, x, q(x)), theta)", "=", "0"),     # the law stands still, its integrand moves
    ("E(S, x, p(x)*p(x))", "=", "0"),          # the weight is no density
    ("E(k(z)*S, (x, z), p(x)*q(z | x))", "=", "0"),     # z sees what x is
    ("E(S, x, q(x))", "=", "0"),               # nor this one the score's own
    ("E(Q(s, a)*score(pi(a | s), theta), (s, a), d(s)*pi(a | s))", "=", "0"),
    ("D(KL(p(x), r(x)), theta)", "=", "E(S*log(p(x)/r(x)), x, p(x))"),      # r moves too
    ("D(E(F(theta + sigma*e), e, q(e)), theta)", "=", "sigma*E(Subs(D(F(t), t), t, theta + sigma*e), e, q(e))"),
]


def claim(left: str, relation: str, right: str, smooth: bool = True) -> Claim:
    with sympy.evaluate(False):
        sides = [eval(s, {"__builtins__": {}}, NAMES) for s in (left, right)]  # noqa: S307
        given = [regular(NAMES["theta"])] if smooth else []
        return read_claim((sides[0], relation, sides[1]), given, {})[0]


@pytest.mark.parametrize("row", TRUE, ids=lambda r: f"{r[0]}{r[1]}{r[2]}"[:70])
def test_true_claims_are_proved(row: Any) -> None:
    assert verdict(claim(*row))[0] == "proved"


@pytest.mark.parametrize("row", FALSE, ids=lambda r: f"{r[0]}{r[1]}{r[2]}"[:70])
def test_false_claims_are_refuted(row: Any) -> None:
    assert verdict(claim(*row))[0] == "refuted"


def test_the_exchange_is_assumed_and_listed() -> None:
    stated = claim(*TRUE[0])
    certificate = decide(stated, {}).certificate or {}
    assert AXIOM in verify(stated, certificate).axioms
    plain = claim(*TRUE[0], smooth=False)
    assert decide(plain, {}).certificate is None
    with pytest.raises(Reject, match="regular"):        # the certificate of the one does not prove the other
        verify(plain, certificate)


def weighted(front: Term, f: str) -> App:
    """front times E f(x), x with density p(x | t)."""
    density = App("density", (Named("p"), num(1), Named("x"), App("given", ()), num(2), Named("t")))
    value = App("at", (Named(f), Named("x")))
    return app("mul", front, Bind("E", ("x",), (Space("unspecified"),), (), (density, value)))


RANDOM: dict[str, Sort] = {
    "t": REAL, "x": Space("unspecified"), "p": Law(("x",), ("t",)), "f": Map((Space("unspecified"),), REAL),
    "w": Map((Space("unspecified"),), COMPLEX), "g": Map((REAL,), COMPLEX)}
REGULAR = App("regular", (Named("t"),))


@pytest.mark.parametrize(("body", "sort", "words"), [
    (("q", "p", "1/p"), Space("unspecified"), "cancelled"),     # over {p > 0} only
    (("q",), Space("counting"), "measure"),                     # the law's own measure is another
])
def test_what_has_mass_1(body: tuple[str, ...], sort: Sort, words: str) -> None:
    declared: dict[str, Sort] = {"t": REAL, "x": Space("unspecified"), "y": sort, "p": Law(("x",)), "q": Law(("x",))}

    def factor(text: str) -> Term:
        density = App("density", (Named(text[-1]), num(1), Named("y")))
        return app("div", num(1), density) if text.startswith("1/") else density

    whole = Bind("integral", ("y",), (sort,), (), (mul(*map(factor, body)),))
    with pytest.raises(Reject, match=words):
        prove(Sequent(declared, (REGULAR,), app("=", whole, num(1))), {"rule": "exchange", "proof": {"rule": "field"}})


def test_the_parameter_stands_still_where_another_moves() -> None:
    """d/du u E f at u = t is E f: the law does not move."""
    mean = weighted(num(1), "f").args[1]
    slope = Bind("diff", ("u",), (REAL,), (Named("t"),), (mul(Named("u"), mean),))
    also = Bind("diff", ("t",), (REAL,), (Named("t"),), (mul(Named("t"), mean),))
    with pytest.raises(Reject, match="stands still"):
        prove(Sequent(RANDOM, (REGULAR,), app("=", slope, also)), {"rule": "exchange", "proof": {"rule": "field"}})


def test_two_variables_of_an_inner_expectation_stay_two() -> None:
    """E over s of E of r(x, z) given s is not E of r(z, x)."""
    declared: dict[str, Sort] = {
        **dict.fromkeys("xzs", Space("unspecified")), "t": REAL, "d": Law(("s",)), "p": Law(("x", "z"), ("s",)),
        "r": Map((Space("unspecified"),)*2, REAL)}

    def nested(a: str, b: str) -> Term:
        density = App("density", (Named("p"), num(1), Named("x"), num(2), Named("z"), App("given", ()), num(3), Named("s")))
        inner = Bind("E", ("x", "z"), (Space("unspecified"),)*2, (), (density, App("at", tuple(map(Named, ("r", a, b))))))
        return Bind("E", ("s",), (Space("unspecified"),), (), (App("density", (Named("d"), num(1), Named("s"))), inner))

    field = {"rule": "exchange", "proof": {"rule": "field"}}
    prove(Sequent(declared, (REGULAR,), app("=", nested("x", "z"), nested("x", "z"))), field)
    with pytest.raises(Reject):
        prove(Sequent(declared, (REGULAR,), app("=", nested("x", "z"), nested("z", "x"))), field)


@pytest.mark.parametrize("value", [weighted(num(1), "w"), App("at", (Named("g"), Named("t")))])
def test_a_complex_value_is_no_real_name(value: Term) -> None:
    goal = app("!=", app("pow", value, num(2)), num(-1))
    with pytest.raises(Reject, match="complex"):
        prove(Sequent(RANDOM, (REGULAR,), goal), {"rule": "exchange", "proof": {"rule": "sign"}})


def test_regular_does_not_say_that_the_parameter_is_not_0() -> None:
    """The derivative of E f / t, less itself: 0, but not at t = 0."""
    moved = Bind("diff", ("t",), (REAL,), (Named("t"),), (weighted(app("div", num(1), Named("t")), "f"),))
    s = Sequent(RANDOM, (REGULAR,), app("=", sub(moved, moved), num(0)))
    assert prove(s, {"rule": "exchange", "proof": {"rule": "field"}}).conditions == (app("!=", Named("t"), num(0)),)


@pytest.mark.parametrize(("key", "table"), [
    ("slope", ["1", "0"]),              # the masses would not stay a law
    ("law", ["0", "1"]),                # a mass at its boundary
    ("law", ["1/2", "1/4"]),
])
def test_edited_tables_are_rejected(key: str, table: list[str]) -> None:
    stated = claim(*FALSE[0])
    certificate = decide(stated, {}).certificate or {}
    assert verify(stated, certificate)
    point = certificate["witness"]["point"]
    edited = {**certificate["witness"], "point": {**point, "p": {**point["p"], key: table}}}
    with pytest.raises(Reject):
        verify(stated, {**certificate, "witness": edited})


def test_messages_name_the_remedy() -> None:
    D = Derivation("bad")
    x = D.variables("x")
    theta = D.real("theta")
    q = D.densities("q")
    for work, words in [
        (lambda: q(x | theta), "parameter=theta"),
        (lambda: functions("f", x, theta), "is a number, not a random variable"),
        (lambda: score(q(x), theta), "has no parameter"),
        (lambda: regular(q, theta), "has no parameter"),
        (lambda: D.densities("r", parameter=sympy.Symbol("eta")), "no real symbol"),
        (lambda: score(log(q(x)), theta), "of a density"),
    ]:
        with sympy.evaluate(False), pytest.raises(StatementError, match=words):
            work()
