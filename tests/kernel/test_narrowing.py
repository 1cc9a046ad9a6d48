"""A power says more of its base over the reals than over C: a substitution that changes the sort of a name must
not turn one statement into the other.  Each row is a false conclusion and the certificate that would reach it."""

from __future__ import annotations

from typing import Any

import pytest

from checker.kernel.claim import Claim
from checker.kernel.definedness import narrows
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.term import COMPLEX, INTEGER, REAL, TRUE, App, Bind, Term, Var, app, num

x, y, z, t, n, p = map(Var, "xyztnp")
SORTS = {"x": REAL, "y": REAL, "z": COMPLEX, "t": REAL, "n": INTEGER, "p": REAL}
ASSUMED = {"rule": "assumption"}


def defined(k: int, proof: Any = ASSUMED) -> dict[str, Any]:
    return {"rule": "defined", "assumption": k, "proof": proof}


def power(base: Term, exponent: Term) -> Term:
    return app("pow", base, exponent)


def itself(u: Term) -> Term:
    return app("=", u, u)


def law(name: str, sort: Any, guard: Term, body: Term) -> Term:
    return Bind("forall", (name,), (sort,), (), (guard, body))


POSITIVE = app(">", t, num(0))
CONJUGATE = app("=", app("conj", app("log", z)), app("log", app("conj", z)))
PRINCIPAL = {"rule": "principal"}

FALSE: list[tuple[str, tuple[Term, ...], Term, dict[str, Any]]] = [
    # z = t = -1, p = 1/2: z^p = i is defined
    ("z^p, t put for z", (app("=", z, t), itself(power(z, p))), POSITIVE,
     {"rule": "substitute", "assumption": 0, "proof": defined(1)}),
    # t = -1, y = n = 2
    ("t^n, y put for n", (app("=", n, y), itself(power(t, n))), POSITIVE,
     {"rule": "substitute", "assumption": 0, "proof": defined(1)}),
    # z = -1, p = 1/2, on the cut of the logarithm
    ("z^p on the real line", (itself(power(z, p)),), CONJUGATE,
     {"rule": "cells", "name": "z", "parts": [PRINCIPAL, PRINCIPAL, defined(0, PRINCIPAL)]}),
    # for all complex z != 0: z^p = z^p; at t = -1
    ("an instance over R of a law over C",
     (app("!=", t, num(0)), law("z", COMPLEX, app("!=", z, num(0)), itself(power(z, p)))), POSITIVE,
     {"rule": "instance", "assumption": 1, "terms": {"z": {"v": "t"}}, "guard": ASSUMED, "proof": defined(2)}),
    # for all real y with t^y = 1: t > 0; at t = -1, y = 2
    ("an integer exponent in a guard over R",
     (app("=", power(t, num(2)), num(1)), law("y", REAL, app("=", power(t, y), num(1)), POSITIVE)), POSITIVE,
     {"rule": "instance", "assumption": 1, "terms": {"y": "2"}, "guard": ASSUMED, "proof": ASSUMED}),
]


@pytest.mark.parametrize(("assumptions", "goal", "certificate"), [r[1:] for r in FALSE], ids=[r[0] for r in FALSE])
def test_a_false_conclusion_is_not_reached(
        assumptions: tuple[Term, ...], goal: Term, certificate: dict[str, Any]) -> None:
    s = Claim(tuple(SORTS.items()), assumptions, goal).sequent
    with pytest.raises(Reject):
        prove(s, certificate)


def test_what_a_rule_keeps_out_is_the_power_only() -> None:
    """The same rules go on where no power says more."""
    s = Claim(tuple(SORTS.items()), (app("=", z, t), itself(power(z, p))), app("=", power(z, num(3)), power(t, num(3))))
    assert not prove(s.sequent, {"rule": "substitute", "assumption": 0, "proof": {"rule": "field"}}).conditions
    s = Claim(tuple(SORTS.items()), (app(">", t, num(0)), law("y", REAL, itself(power(t, y)), app("=", x, y))),
              app("=", x, num(2)))
    assert not prove(s.sequent, {"rule": "instance", "assumption": 1, "terms": {"y": "2"}, "guard": {"rule": "field"},
                                 "proof": ASSUMED}).conditions


@pytest.mark.parametrize(("term", "by", "grows"), [
    (power(z, p), {"z": t}, True),
    (power(z, p), {"z": num(-1)}, True),
    (power(z, num(3)), {"z": t}, False),
    (power(t, n), {"n": y}, True),
    (power(t, y), {"y": n}, False),
    (power(t, p), {"t": x}, False),
    (Bind("forall", ("t",), (REAL,), (), (TRUE, itself(power(z, t)))), {"z": t}, True),      # t is renamed
    (Bind("forall", ("z",), (COMPLEX,), (), (TRUE, itself(power(z, p)))), {"z": t}, False),  # another z
    (App("exp", (z,)), {"z": t}, False),
], ids=str)
def test_where_a_power_needs_more(term: Term, by: dict[str, Term], grows: bool) -> None:
    assert narrows(term, SORTS, by, SORTS) is grows
