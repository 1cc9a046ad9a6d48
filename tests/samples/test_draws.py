"""Draws of a law with a density: unfolded sums against the definition over all draws, claims, bad input."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Rational, exp, log

from checker import Cov, Derivation, E, Var, functions, mean, normal, poisson, total
from checker.engines.portfolio import decide
from checker.kernel.verdict import verify
from checker.language import draws
from checker.language.densities import KL, integral
from checker.language.derivation import read_claim
from checker.language.errors import StatementError
from checker.language.logic import eq, forall, implies, ne

D = Derivation("draws")
x, y, z = D.variables("x y z")
p, q, r = D.densities("p q r")
f, g = functions("f g", x)
n = D.sizes("n")
i, j = D.index("i j", n)
short = D.index("k", n - 1)
w = D.family("w", n)
t, mu, c = D.real("t mu c")
s2 = sympy.Symbol("s2", positive=True)
m = sympy.Symbol("m", integer=True, nonnegative=True)
X = D.sample("X", n, law=q(x))
A, B = D.sample("A B", n, law=r(x, y))
N = D.sample("N", n, law=normal(t, mu, s2))
P = D.sample("P", n, law=poisson(m, s2))
two = D.index("two", 2)
Z = D.sample("Z", 2, law=q(x))
support = [forall(x, implies(eq(q(x), 0), eq(p(x), 0)))]


def weight(draw: Any) -> Any:
    return p(draw)/q(draw)*f(draw)


def verdict(claim: tuple[Any, ...], given: list[Any] | None = None) -> str:
    with sympy.evaluate(False):
        read = read_claim(claim, given or [], {})[0]
    certificate = decide(read, {}).certificate
    if certificate is None:
        return "undecided"
    verify(read, certificate)
    return str(certificate["verdict"])


with sympy.evaluate(False):
    TRUE: list[tuple[Any, ...]] = [
        (E(total(i, weight(X[i]))/n), "=", E(f(x), x, p(x)), support),
        (Var(total(i, weight(X[i]))/n), "=", Var(p(x)/q(x)*f(x), x, q(x))/n),
        (Var(total(i, w[i]*f(X[i]))), "=", total(i, w[i]**2)*Var(f(x), x, q(x))),
        (E(total(i, log(q(X[i])/p(X[i])))/n), "=", KL(q(x), p(x))),
        (E(f(X[i])*g(X[j])), "=", E(f(x), x, q(x))*E(g(x), x, q(x)), [ne(i, j)]),
        (Cov(N[i], mean(N)), "=", s2/n),
        (E(total(i, (N[i] - mean(N))**2)/(n - 1)), "=", s2, [n >= 2]),
        (E((mean(P) - s2)**2), "=", s2/n),
        (E(exp(N[1])), "=", exp(mu + s2/2)),
    ]
    FALSE: list[tuple[Any, ...]] = [
        (E(total(i, weight(X[i]))/n), "=", E(f(x), x, p(x))),
        (Var(total(i, weight(X[i]))/n), "=", Var(f(x), x, p(x))/n, support),
        (E(f(X[i])*g(X[j])), "=", E(f(x), x, q(x))*E(g(x), x, q(x))),                   # i = j
        (E(total(i, (N[i] - mean(N))**2)/n), "=", s2),
        (E(total(short, P[short])), "=", n*s2),                                         # n - 1 draws
        (Cov(total(i, f(A[i])), total(i, f(A[i]))), "=", Var(f(x), x, r(x))),           # not divided by n
        # the self-normalised estimator, for two draws
        (E((weight(Z[1]) + weight(Z[2]))/(p(Z[1])/q(Z[1]) + p(Z[2])/q(Z[2]))), "=", E(f(x), x, p(x)), support),
    ]


@pytest.mark.parametrize("row", range(len(TRUE)))
def test_true(row: int) -> None:
    assert verdict(TRUE[row][:3], *TRUE[row][3:]) == "proved"


@pytest.mark.parametrize("row", range(len(FALSE)))
def test_false(row: int) -> None:
    assert verdict(FALSE[row][:3], *FALSE[row][3:]) == "refuted"


with sympy.evaluate(False):
    F, G = total(two, f(Z[two])), total(two, 3*g(Z[two]))
    POLYNOMIALS = [F, F*G, F**2, f(Z[1])*G, f(Z[1])*g(Z[2]), total(two, (f(Z[two]) - F/2)**2), (F/2 - 3)**2,
                   3*F*g(Z[2]) - G + 1]


@pytest.mark.parametrize("row", range(len(POLYNOMIALS)))
def test_sums_unfold_to_what_two_draws_say(row: int) -> None:
    h = POLYNOMIALS[row]
    with sympy.evaluate(False):
        unfolded = draws._plus([draws._times(a, draws._product(u)) for a, u in draws._linear(h)])
        claim = (E(h), "=", unfolded)
    assert verdict(claim) == "proved"


@pytest.mark.parametrize("make, message", [
    (lambda: D.sample("U", n, law=q), r"law of a draw is a density"),
    (lambda: D.sample("U V", n, law=q(x)), r"2 names are drawn"),
    (lambda: D.sample("U", n, law=2*q(x)), r"no density that shows"),
    (lambda: D.sample("U", n, law=q(x)/2 + p(x)), r"no density that shows"),
    (lambda: D.sample("U", n, law=integral(2*r(x, y), y)), r"no density that shows"),
    (lambda: D.sample("U", n, law=integral(r(x | y), y)), r"no density that shows"),      # over y, given y
    (lambda: D.sample("U V", n, law=normal(t, c, 1)*normal(c, t, 1)), r"no density that shows"),
    (lambda: D.sample("U", n, law=t*normal(t, 0, 1) + (1 - t)*normal(t, 1, 1)), r"no density that shows"),
    (lambda: D.sample("U", n, law=2*q(x) - p(x)), r"no density that shows"),
    (lambda: D.sample("U", n, law=q(x), mean=mu), r"leave the rest out"),
    (lambda: D.sample("U", n, law=normal(t, w[i], 1)), r"changes with the index i"),
    (lambda: D.sample("U", c, law=q(x)), r"no positive integer"),
    (lambda: E(X[1]*N[1]), r"how are N and X drawn together"),
    (lambda: E(f(X[1]) + f(x)), r"how is x drawn"),
    (lambda: E(f(X[1]), x, q(x)), r"drawn by the law of its declaration"),
    (lambda: E(1/total(i, f(X[i]))), r"no polynomial of degree 2"),
    (lambda: Cov(f(X[2]), total(i, f(X[i]))), r"no polynomial"),                        # n = 1: there is no second draw
    (lambda: Cov(total(short, f(X[short])), total(i, f(X[i]))), r"no polynomial"),
    (lambda: read_claim((p(X[1]), ">=", 0), [], {}), r"drawn at random"),
])
def test_bad_input(make: Any, message: str) -> None:
    with pytest.raises(StatementError, match=message), sympy.evaluate(False):
        make()


def test_an_index_is_not_caught() -> None:
    """Cov(sum_i f(X_i), sum_j w_i f(X_j)) with a free i is no sum over i."""
    with sympy.evaluate(False), pytest.raises(StatementError):
        Cov(total(i, f(X[i])), total(j, w[i]*f(X[j])))


def test_halves() -> None:
    with sympy.evaluate(False):
        mixture = D.sample("M", n, law=Rational(1, 2)*normal(t, -1, 1) + Rational(1, 2)*normal(t, 1, 1))
        claim = (Var(mean(mixture)), "=", 2/n)
    assert verdict(claim) == "proved"


@pytest.mark.parametrize("claim, message", [
    ((KL(q(x), p(x)), "<", sympy.oo), r"no real number"),                                # may be infinite
    ((KL(q(x), p(x)), ">=", 0), r"no real number"),
    ((q(x)*E(f(x), x, q(x)), "=", 0), r"speaks of laws"),
    ((total(i, w[i]), "=", 0), r"no expectation"),
    ((E(f(x)*E(y, y, r(y | x)), x, q(x)), ">=", 0), None),                            # the inner one is inside
])
def test_expectations_as_numbers(claim: tuple[Any, ...], message: str | None) -> None:
    from checker.kernel.evidence import Reject
    from checker.kernel.prove import prove
    from checker.kernel.rule_numbers import numbers_put_in

    with sympy.evaluate(False):
        s = read_claim(claim, [], {})[0].sequent
    if message is None:
        assert not any("density" in repr(a) for a in (numbers_put_in(s).goal,))
        with pytest.raises(Reject):
            prove(s, {"rule": "numbers", "proof": {"rule": "sign"}})                     # m >= 0 is not true of all m
    else:
        with pytest.raises(Reject, match=message):
            numbers_put_in(s)


@pytest.mark.parametrize("name, factor", [("m", 1), ("n", "n")])
def test_numbers_and_bound_names(name: str, factor: Any) -> None:
    """T + sum_m T is no m + sum_m m, and sum_n E(n x) no 2 E(n x): for a new name that is bound around it, and for
    an expectation that speaks of a bound name which is declared too."""
    from checker.kernel.claim import Sequent
    from checker.kernel.evidence import Reject
    from checker.kernel.prove import prove
    from checker.kernel.term import INTEGER, TRUE, App, Bind, Law, Space, add, app, mul, num
    from checker.kernel.term import Var as Name

    density = App("density", (Name("q"), num(1), Name("x")))
    inside = mul(Name("x"), Name(name)) if factor == name else Name("x")
    whole = Bind("E", ("x",), (Space("lebesgue"),), (), (density, inside))
    added = Bind("sum", (name,), (INTEGER,), (num(1), num(2)), (TRUE, whole))
    false = app("=", add(whole, added), mul(num(3), whole) if factor == name else add(whole, num(3)))
    declared = {"q": Law(("x",)), **({name: INTEGER} if factor == name else {})}
    with pytest.raises(Reject):
        prove(Sequent(declared, (), false), {"rule": "numbers", "proof": {"rule": "discrete"}})


def test_a_parameter_called_like_a_new_variable() -> None:
    """The variables of the draws were t_1 and t_2, whatever the law's mean was called."""
    other = D.real("t_1")
    one, two_draws = D.sample("U", n, law=normal(t, other, 1)), D.sample("V", 2, law=normal(t, other, 1))
    with sympy.evaluate(False):
        claims = [(E(two_draws[1]), "=", other), (E(other*two_draws[2]), "=", other**2),
                  (E(exp(t*one[1])), "=", exp(t*other + t**2/2))]
    assert [verdict(claim) for claim in claims] == ["proved"]*3
