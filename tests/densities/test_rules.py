"""Each rule against certificates that a careless version would take: rows it accepts, rows it rejects."""

from __future__ import annotations

import copy
import itertools
import json
from typing import Any

import pytest
import sympy
from sympy import Rational, log

from checker.engines.densities import prove_density
from checker.engines.finite_laws import candidates
from checker.kernel.claim import Claim, Sequent
from checker.kernel.density_form import Opaque
from checker.kernel.density_groups import difference
from checker.kernel.density_reading import Reader
from checker.kernel.evaluate import Undefined, Unknown
from checker.kernel.evidence import Reject
from checker.kernel.model import read_model
from checker.kernel.prove import prove
from checker.kernel.term import REAL, Bind, Law, Map, Space, Var, app, conj, num, to_json
from checker.kernel.verdict import Refuted, verify
from checker.language.densities import KL, E, copies, densities, functions, integral, joint, mixture, variables
from checker.language.derivation import read_claim
from checker.language.errors import StatementError
from checker.language.information import conditional_entropy, entropy, mutual_information
from checker.language.logic import eq, forall

from . import claims

x, y, z = variables("x y z")
z1 = copies("z1", of=z)
p, q, r = densities("p q r")
f, g = functions("f g", z)
U = variables("U", measure="lebesgue")


def sequent(*parts: Any, given: tuple[Any, ...] = ()) -> Sequent:
    return read_claim(parts, given, {})[0].sequent


def certificate(s: Sequent) -> dict[str, Any]:
    return copy.deepcopy(next(iter(prove_density(s))))


def test_what_is_known_at_one_point_is_not_known_under_a_binder() -> None:
    """f(x) >= 0 at the declared x says nothing of E f(x), in which x is another."""
    space = Space("unspecified")
    declared = {"x": space, "p": Law(("x",)), "f": Map((space,), REAL)}
    value = app("at", Var("f"), Var("x"))
    mean = Bind("E", ("x",), (space,), (), (app("density", Var("p"), num(1), Var("x")), value))
    shown = {"rule": "expectation", "terms": [{"term": to_json(mean), "proof": {"rule": "assumption"}}]}
    here = app(">=", value, num(0))
    everywhere = Bind("forall", ("x",), (space,), (), (conj(), here))
    prove(Sequent(declared, (everywhere,), app(">=", mean, num(0))), shown)
    with pytest.raises(Reject, match="not assumed"):
        prove(Sequent(declared, (here,), app(">=", mean, num(0))), shown)


def fitted(s: Sequent, c: dict[str, Any]) -> dict[str, Any]:
    """The certificate with the names that the variables have in another sequent."""
    pieces = difference(Reader(s), s.goal, ("=", "<=", ">=", "<", ">"), "test")
    for one in c["groups"]:
        for use in one["uses"]:
            names = [n for n, _ in pieces[use["piece"]].names]
            for old, new in zip(use["rename"], names, strict=True):
                if "reweigh" in use:
                    use["reweigh"] = json.loads(json.dumps(use["reweigh"]).replace(old, new))
            use["rename"] = dict(zip(names, use["rename"].values(), strict=True))
    return c


def rejected(s: Sequent, c: dict[str, Any], *words: str) -> None:
    with pytest.raises(Reject) as caught:
        prove(s, c)
    assert any(w in str(caught.value) for w in words), str(caught.value)


with sympy.evaluate(False):
    GIBBS = sequent(KL(q(z | x), p(z)), ">=", 0)
    NOT_GIBBS = sequent(E(log(q(z | x)/p(x, z)), z, q(z | x)), ">=", 0)
    BOUND = sequent(E(log(p(x, z)/q(z | x)), z, q(z | x)), "<=", log(p(x)))
    EQUAL = sequent(E(log(p(x, z)), (x, z), p(x, z)), "=",
                    E(log(p(z)), z, p(z)) + E(log(p(x | z)), (x, z), p(x, z)))
    DIRECT = sequent(conditional_entropy(p(x | z)), "<=", entropy(p(x)))
    TWO = sequent(E(f(z)**2, z, q(z)), ">=", E(f(z), z, q(z))**2)
    SUPPORTED = sequent(E(p(z)/q(z)*f(z), z, q(z)), "=", E(f(z), z, p(z)), given=(forall(z, q(z) > 0),))
    UNSUPPORTED = sequent(E(p(z)/q(z)*f(z), z, q(z)), "=", E(f(z), z, p(z)))


def group(c: dict[str, Any]) -> dict[str, Any]:
    g: dict[str, Any] = c["groups"][0]
    return g


def entry(c: dict[str, Any]) -> dict[str, Any]:
    e: dict[str, Any] = group(c)["terms"][0]
    return e


@pytest.mark.parametrize("s", [GIBBS, BOUND, EQUAL, DIRECT, TWO, SUPPORTED])
def test_accepts(s: Sequent) -> None:
    prove(s, certificate(s))


def test_gibbs_needs_a_mass_of_at_most_one() -> None:
    """E_q log(q/p(x,z)) >= 0 is false: p(x, z) has the mass p(x) in z, which may exceed 1."""
    c = certificate(GIBBS)
    u = entry(c)["parts"][0]["u"]
    assert u[0] == "div"
    above = ["density", {"v": "p"}, "1", {"v": "x"}, "2", u[1][3]]
    entry(c)["parts"][0]["u"] = ["div", above, u[2]]
    rejected(NOT_GIBBS, c, "mass", "may vanish")


def test_gibbs_needs_nonnegative_multipliers() -> None:
    c = certificate(BOUND)
    entry(c)["lambda"] = "-1"
    rejected(BOUND, c, "not certainly nonnegative")


def test_gibbs_takes_no_bound_for_another() -> None:
    """The proof of L <= log p(x), offered for the reverse and for the strict inequality."""
    for relation in (">=", "<", ">"):
        c, other = certificate(BOUND), BOUND.with_goal(app(relation, *BOUND.goal.args))  # type: ignore[union-attr]
        if relation != "<":
            uses = group(c)["uses"]
            uses[0]["piece"], uses[1]["piece"] = uses[1]["piece"], uses[0]["piece"]
        rejected(other, fitted(other, c), "remainder", "constant")


@pytest.mark.parametrize("kind", ["linear", "bound", "sign", "jensen"])
def test_gibbs_kinds_are_checked(kind: str) -> None:
    c = certificate(BOUND)
    entry(c)["kind"] = kind
    rejected(BOUND, c, "u", "kind", "term", "constant")


def test_gibbs_bound_is_for_counting_measure() -> None:
    """-log p(x) >= 0 holds for probabilities, not for densities."""
    with sympy.evaluate(False):
        d = variables("d", measure="discrete")
        discrete, anything = sequent(entropy(p(d)), ">=", 0), sequent(entropy(p(x)), ">=", 0)
    c = certificate(discrete)
    prove(discrete, c)
    other = json.loads(json.dumps(c).replace("counting", "unspecified"))
    rejected(anything, fitted(anything, other), "at most 1")


def test_shares_add_up_to_one() -> None:
    for share in ("0", "1/2", "2"):
        c = certificate(EQUAL)
        group(c)["uses"][0]["share"] = share
        rejected(EQUAL, c, "share", "constant")


def test_a_lift_is_exact() -> None:
    """A measure with another marginal: E_p(z) read under p(x) q(z|x) would be another expectation."""
    c = certificate(DIRECT)
    group(c)["measure"] = ["mul", group(c)["measure"], group(c)["measure"]]
    rejected(DIRECT, c, "lift", "marginal", "diagonal")


def test_two_variables_in_one_place() -> None:
    c = certificate(TWO)
    use = next(u for u in group(c)["uses"] if len(u["rename"]) == 2)
    names = list(use["rename"])
    use["rename"][names[0]] = use["rename"][names[1]]
    rejected(TWO, c, "places", "place")


def test_a_bound_name_is_not_reused() -> None:
    c = certificate(EQUAL)
    old = group(c)["names"][0][0]
    fresh = json.loads(json.dumps(c).replace(old, "x"))
    rejected(EQUAL, fresh, "in use")


def test_importance_needs_its_support() -> None:
    """Without q > 0 the two sides are both defined and differ: a condition would be a lie."""
    rejected(UNSUPPORTED, fitted(UNSUPPORTED, certificate(SUPPORTED)), "support")
    assert not list(prove_density(UNSUPPORTED))


def test_independence_is_not_cancelled_through_zeros() -> None:
    """x _|_ y | z and x _|_ z | y do not give x _|_ (y, z): x = y = z."""
    with sympy.evaluate(False):
        s = sequent(mutual_information(p, x, (y, z)), "=", 0, given=(
            forall((x, y, z), eq(p(x, y, z)*p(z), p(x, z)*p(y, z))),
            forall((x, y, z), eq(p(x, y, z)*p(y), p(x, y)*p(y, z)))))
    assert not list(prove_density(s))


def test_an_assumption_at_one_point_says_nothing_elsewhere() -> None:
    with sympy.evaluate(False):
        point = sequent(KL(q(z), p(z)), "=", 0, given=(eq(q(z), p(z)),))
        every = sequent(KL(q(z), p(z)), "=", 0, given=(forall(z, eq(q(z), p(z))),))
    assert not list(prove_density(point))
    assert list(prove_density(every))


def test_an_equality_of_densities_times_something_that_vanishes() -> None:
    """q(z) r(z) = p(z) r(z) says nothing where r(z) = 0."""
    with sympy.evaluate(False):
        s = sequent(KL(q(z), p(z)), "=", 0, given=(forall(z, eq(q(z)*r(z), p(z)*r(z))),))
        t = sequent(E(f(z), z, q(z)), "=", E(f(z), z, p(z)),
                    given=(forall(z, eq(q(z)*r(z), p(z)*r(z))),))
    assert not list(prove_density(s))
    assert not list(prove_density(t))


def test_an_equality_of_products_is_no_quotient() -> None:
    """q r = p s does not make p positive where q is: r may vanish there.  q = (1/2, 1/2), p = r = (1, 0)."""
    with sympy.evaluate(False):
        other = densities("s")
        s = sequent(E(q(z)/p(z)*f(z), z, p(z)), "=", E(f(z), z, q(z)),
                    given=(forall(z, eq(q(z)*r(z), p(z)*other(z))),))
    assert not list(prove_density(s))
    uniform, first = {"law": ["1/2", "1/2"]}, {"law": ["1", "0"]}
    model = read_model(s, points(z={"state": 1}, q=uniform, p=first, r=first, s=uniform, f={"values": ["1", "1"]}))
    assert all(model.truth(a) for a in s.assumptions) and not model.truth(s.goal)


def test_an_equality_with_a_factor_keeps_the_factor() -> None:
    with sympy.evaluate(False):
        halved = forall(z, eq(q(z), 2*p(z)*r(x)))           # so r(x) = 1/2 at this x
        s = sequent(E(f(z), z, q(z)), "=", E(f(z), z, p(z))*r(x), given=(halved,))
    assert not list(prove_density(s))


def test_an_inner_integral_has_its_own_mass() -> None:
    """E_r (log p(x) + int p(x,z) f(z) dz): the inner weight has the mass p(x), not 1."""
    with sympy.evaluate(False):
        inner = integral(p(x, z)*f(z), z)
        s = sequent(E(log(p(x)) + inner, x, r(x)), "=", integral(r(x)*p(x, z)*(log(p(x)) + f(z)), x, z))
    assert not list(prove_density(s))


def test_a_signed_integral_is_not_split_under_a_logarithm() -> None:
    with sympy.evaluate(False):
        s = sequent(log(E(f(z) - g(z), z, q(z))), "=", log(E(f(z), z, q(z))))
    left = s.goal.args[0]  # type: ignore[union-attr]
    value, _ = Reader(s).value(left.args[0])  # type: ignore[union-attr]
    assert value.single is not None and isinstance(value.single[0][0][0], Opaque)


def test_no_integral_is_left_out() -> None:
    with sympy.evaluate(False):
        s = sequent(E(f(z), z, q(z)) + E(g(z), z, q(z)), "=", E(f(z), z, q(z)))
        t = sequent(E(g(z), z, q(z))*0 + E(f(z), z, q(z)), "=", E(f(z), z, q(z)))
    c = certificate(t)
    for use in group(c)["uses"]:
        use.pop("share", None)
    group(c)["uses"] = [u for u in group(c)["uses"] if u["piece"] in (0, len(group(c)["uses"]) - 1)]
    pieces = difference(Reader(s), s.goal, ("=",), "test")
    same = [k for k, one in enumerate(pieces) if "'f'" in repr(one.body)]
    group(c)["uses"] = [{"piece": k, "rename": {"z": group(c)["names"][0][0]}} for k in same]
    rejected(s, fitted(s, c), "share")


def test_a_sign_is_a_sign() -> None:
    reverse = TWO.with_goal(app("<=", *TWO.goal.args))  # type: ignore[union-attr]
    pieces = difference(Reader(reverse), reverse.goal, ("<=",), "test")
    c = certificate(TWO)
    for use in group(c)["uses"]:        # the same integrals stand in the other order
        use["piece"] = next(k for k, one in enumerate(pieces) if len(one.names) == len(use["rename"]))
    entry(c)["term"] = ["neg", entry(c)["term"]]
    rejected(reverse, fitted(reverse, c), "not certainly nonnegative")


def test_the_equality_case_leaves_nothing_over() -> None:
    with sympy.evaluate(False):
        zero = sequent(forall(z, eq(q(z), p(z))), given=(eq(KL(q(z), p(z)), 0),))
        one = sequent(forall(z, eq(q(z), p(z))), given=(eq(KL(q(z), p(z)), 1),))
        third = sequent(forall(z, eq(q(z), r(z))), given=(eq(KL(q(z), p(z)), 0), eq(r(z), r(z))))
    c = certificate(zero)
    rejected(one, c, "differ by more")
    rejected(third, c, "another equality")


def test_iterated_expectations_keep_their_variables_apart() -> None:
    with sympy.evaluate(False):
        squared = sequent(E(E(f(z), z, q(z))*f(z), z, q(z)), "=", E(f(z), z, q(z))**2)
        wrong = sequent(E(E(f(z), z, q(z))*f(z), z, q(z)), "=", E(f(z)**2, z, q(z)))
    assert list(prove_density(squared))
    assert not list(prove_density(wrong))


def test_equality_case_concludes_only_about_its_own_densities() -> None:
    with sympy.evaluate(False):
        s = sequent(forall(z, eq(q(z | x), p(z))), given=(eq(KL(q(z | x), p(z)), 0),))
        other = sequent(forall(z, eq(q(z | x), p(z | x))), given=(eq(KL(q(z | x), p(z)), 0),))
        weak = sequent(forall(z, eq(q(z), p(z))), given=(eq(E(log(q(z)), z, q(z)), E(log(p(z)), z, q(z))),
                                                        ))
        averaged = sequent(forall((x, z), eq(q(z | x), p(z | x))), given=(
            eq(E(KL(q(z | x), p(z | x)), x, r(x)), 0),))
    c = certificate(s)
    prove(s, c)
    rejected(other, c, "goal", "rename", "vanish")
    assert list(prove_density(weak))
    assert not list(prove_density(averaged))        # only where r(x) > 0


def test_the_language_refuses_what_has_no_meaning() -> None:
    k = joint("k", x, z)
    for wrong in (lambda: k(y), lambda: k(x, x), lambda: q(1), lambda: q(z | x, z), lambda: E(f(z), z),
                  lambda: integral(f(z)), lambda: variables("a", measure="gaussian")):
        with pytest.raises(StatementError):
            wrong()
    from checker.language.densities import conditional

    kernel = conditional("kernel", z, given=x)
    with pytest.raises(StatementError, match="mixture"):
        kernel(z)
    with pytest.raises(StatementError, match="behind the bar"):
        kernel(x | z)


def test_laws_are_read_off_their_uses() -> None:
    with sympy.evaluate(False):
        mixed = KL(mixture(q(z | x), x, r(x)), p(z | x), z)
        c: Claim = read_claim((KL(q(z | x), p(z)), ">=", mixed), (), {})[0]
    sorts = dict(c.declarations)
    assert str(sorts["q"]) == "Law(own=('z',), given=('x',))"
    assert str(sorts["p"]) == "Law(own=('x', 'z'), given=())"
    assert str(sorts["r"]) == "Law(own=('x',), given=())"


def test_numbers_in_conditions() -> None:
    with sympy.evaluate(False):
        s = sequent(KL(q(z), p(z))/2, ">=", -Rational(1, 2))
    assert not prove(s, certificate(s)).conditions



FALSE = [*claims.false_claims(), *(r for r in claims.gaussian_claims() if r[0][-1] == "!")]
TRUE = [*claims.true_claims(), *(r for r in claims.gaussian_claims() if r[0][-1] != "!")]


@pytest.mark.parametrize("row", FALSE, ids=lambda r: r[0])
def test_no_false_claim_has_a_proof(row: claims.Row) -> None:
    assert not list(prove_density(claims.read(row).sequent))


@pytest.mark.parametrize("row", TRUE, ids=lambda r: r[0])
def test_no_true_claim_is_refuted_by_a_few_tables(row: claims.Row) -> None:
    s = claims.read(row).sequent
    for witness in itertools.islice(candidates(s), 0, 66, 6):
        try:
            model = read_model(s, witness)
            if all(model.truth(a) for a in s.assumptions):
                assert model.truth(s.goal), witness
        except (Reject, Undefined, Unknown):
            continue


def points(**values: Any) -> dict[str, Any]:
    return {"kind": "distribution", "point": values}


@pytest.mark.parametrize("bad", [
    {"law": [["1/2", "1/2"], ["1/2", "1/4"]]}, {"law": [["3/2", "1/2"], ["-1/2", "1/2"]]}, {"law": [["1", "0"]]},
    {"law": "1"}, {"state": 1}, {"law": [["1/2", "1/2"], ["1/2", {"term": "1/2"}]]},
    {"values": [["1", "0"], ["0", "1"]]},
])
def test_a_table_is_a_law(bad: Any) -> None:
    good = {"law": [["1/2", "1/4"], ["1/2", "3/4"]]}
    joint_law = {"law": [["1/4", "1/4"], ["1/4", "1/4"]]}
    point = {"x": {"state": 1}, "z": {"state": 1}, "p": joint_law}
    read_model(BOUND, points(**point, q=good))
    with pytest.raises(Reject):
        read_model(BOUND, points(**point, q=bad))
    with pytest.raises(Reject):
        read_model(BOUND, points(**{**point, "x": {"state": 3}}, q=good))
    with pytest.raises(Reject):
        read_model(BOUND, {**points(**point, q=good), "spaces": {"unspecified": {"states": 99}}})


def test_points_of_counting_measure_weigh_one() -> None:
    with sympy.evaluate(False):
        d = variables("d", measure="discrete")
        s = sequent(entropy(p(d)), ">=", 0)
    half = {"counting": {"states": 2, "cell": "1/2"}}
    with pytest.raises(Reject, match="mass 1"):
        read_model(s, {**points(d={"state": 1}, p={"law": ["1/4", "3/4"]}), "spaces": half})


@pytest.mark.parametrize("goal", [
    ((U - Rational(1, 2))**2, ">", 0), (U, "!=", Rational(1, 2)), (sympy.floor(2*U), "<", 1)], ids=str)
def test_a_single_value_of_a_lebesgue_variable_refutes_nothing(goal: Any) -> None:
    """It stands for almost every value."""
    with sympy.evaluate(False):
        claim = read_claim(goal, (), {})[0]
    witness = {"kind": "distribution", "point": {"U": {"value": "1/2"}}}
    with pytest.raises(Reject, match="may hold at single values only"):
        verify(claim, {"verdict": "refuted", "witness": witness, "proof": {"rule": "evaluate"}})


def test_values_near_a_point_refute() -> None:
    claim = read_claim((U**2, "<=", Rational(1, 9)), (), {})[0]
    witness = {"kind": "distribution", "point": {"U": {"value": "1/2"}}}
    assert isinstance(verify(claim, {"verdict": "refuted", "witness": witness, "proof": {"rule": "evaluate"}}), Refuted)
