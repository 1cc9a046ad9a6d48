"""The normal form's steps by themselves: masses, positivity, names."""

from __future__ import annotations

import pytest

from checker.kernel.density_form import (
    Density, Fact, Known, Log, Marginal, Mono, Normal, Opaque, Poly, Sum, bind, constant, facing, mass, mono,
    of_atom, of_mono, rename, times,
)
from checker.kernel.evidence import Reject
from checker.kernel.term import Var


def J(law: str, own: str, given: str = "") -> Density:  # noqa: N802
    """J("p", "xz"): labels and values with one name; upper case: the label's own copy."""
    pairs = lambda s: tuple(sorted((v.lower(), v) for v in s))  # noqa: E731
    return Density(law, pairs(own), pairs(given))


def M(*factors: Density | tuple[Density, int]) -> Mono:  # noqa: N802
    return mono(f if isinstance(f, tuple) else (f, 1) for f in factors)


MASSES = [
    # the monomial, over what: its value, what is left, what was cancelled
    (M(J("p", "xz")), "z", M(J("p", "x")), "", []),
    (M(J("p", "xz")), "xz", (), "", []),
    (M(J("q", "z", "x")), "z", (), "", []),
    (M(J("q", "z", "x")), "x", M(J("q", "z", "x")), "x", []),
    (M(J("q", "yz", "x")), "y", M(J("q", "z", "x")), "", []),
    (M(J("p", "xz"), (J("p", "x"), -1)), "z", (), "", [J("p", "x")]),
    (M(J("p", "xz"), (J("p", "z"), -1)), "z", M(J("p", "xz"), (J("p", "z"), -1)), "z", []),
    (M(J("p", "x"), J("q", "z", "x")), "zx", (), "", []),
    (M(J("p", "x"), J("q", "z", "x")), "x", M(J("p", "x"), J("q", "z", "x")), "x", []),
    (M((J("p", "x"), 2)), "x", M((J("p", "x"), 2)), "x", []),
    (M((J("p", "x"), -1)), "x", M((J("p", "x"), -1)), "x", []),
    (M(J("p", "x"), J("r", "x")), "x", M(J("p", "x"), J("r", "x")), "x", []),
    (M(J("p", "x")), "y", M(J("p", "x")), "y", []),
]


@pytest.mark.parametrize(("m", "over", "value", "left", "cancelled"), MASSES)
def test_mass(m: Mono, over: str, value: Mono, left: str, cancelled: list[Density]) -> None:
    found = mass(m, over)
    assert (found.value, set(found.left), list(found.cancelled)) == (value, set(left), cancelled)


def test_an_integrand_that_depends_on_the_variable_stays() -> None:
    m = times(M(J("p", "x")), ((Opaque(Var("x")), 1),))
    assert mass(m, "x").left == ("x",)


KNOWN = Known(lambda t: None)

POSITIVE = [
    (J("p", "x"), M(J("p", "xz")), True),
    (J("p", "xz"), M(J("p", "x")), False),
    (J("p", "x"), M(J("q", "xz")), False),
    (J("q", "z", "x"), M(J("q", "yz", "x")), True),
    (J("q", "z", "X"), M(J("q", "yz", "x")), False),
    (J("p", "X"), M(J("p", "xz")), False),
    (J("p", "x"), (), False),
    (J("p", "x"), M((J("p", "x"), -1)), False),
    (Sum((of_atom(J("p", "z")) + of_atom(J("q", "z"))).scaled(1)), M(J("q", "z")), True),
    (Sum(of_atom(J("p", "z")) - of_atom(J("q", "z"))), M(J("p", "z")), False),
    (bind({"v": "unspecified"}, mono(
        [(Density("r", (("x", "v"),), ()), 1), (Density("q", (("z", "z"),), (("x", "v"),)), 1)])),
     M(J("r", "x"), J("q", "z", "x")), True),
    (bind({"v": "unspecified"}, mono([(Density("r", (("x", "v"),), ()), 1),
                                      (Density("q", (("z", "z"),), (("x", "v"),)), 1)])),
     M(J("q", "z", "x")), False),
    (Opaque(Var("c")), M(J("p", "x")), False),
    (Log(J("p", "x")), M(J("p", "x")), False),
]


@pytest.mark.parametrize(("atom", "where", "wanted"), POSITIVE)
def test_positive(atom: Density, where: Mono, wanted: bool) -> None:
    assert KNOWN.positive(atom, where) is wanted


def test_facts_need_their_premise() -> None:
    known = Known(lambda t: None, [Fact(frozenset("z"), M(J("q", "z")), J("p", "z"))])
    assert known.positive(J("p", "Z"), M(J("q", "Z")))
    assert not known.positive(J("p", "Z"), M(J("q", "z")))
    assert not known.positive(J("p", "Z"), M(J("r", "Z")))
    at_one_point = Known(lambda t: None, [Fact(frozenset(), (), J("p", "z"))])
    assert at_one_point.positive(J("p", "z"), ())
    assert not at_one_point.positive(J("p", "Z"), ())


def test_no_density_on_a_diagonal() -> None:
    with pytest.raises(Reject, match="diagonal"):
        rename(J("p", "xz"), {"x": "z"})


def test_bound_names_are_canonical_and_capture_nothing() -> None:
    def pair(a: str, b: str) -> Mono:
        return mono([(Density("p", (("x", a), ("z", b)), ()), 1), (Density("r", (("x", a),), ()), 1)])

    assert bind({"a": "unspecified"}, pair("a", "z")) == bind({"b": "unspecified"}, pair("b", "z"))
    inner = bind({"a": "unspecified"}, pair("a", "b"))
    outer = bind({"b": "unspecified"}, times(((inner, 2),), M(J("s", "z")), mono(
        [(Density("r", (("x", "b"),), ()), 1)])))
    assert isinstance(outer, Marginal)
    again = rename(outer, {"z": "y"})
    assert rename(again, {"y": "z"}) == outer


def test_a_normal_density_faces_either_of_two_variables() -> None:
    a = Normal("u", of_atom(Opaque(Var("v"))) + constant(1), constant(2))
    turned = facing(a, "v")
    assert turned == Normal("v", of_atom(Opaque(Var("u"))) - constant(1), constant(2))
    assert facing(turned, "u") == a
    doubled = Normal("u", of_mono(((Opaque(Var("v")), 1),), 2), Poly(constant(1).terms))
    assert facing(doubled, "v") is None
