"""Random inequalities: sums of squares are proved, nothing contradicts exact evaluation."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from checker.engines.gram import Block, half_basis, plus, search, times
from checker.kernel.evaluate import truth
from checker.kernel.term import Num
from tests.kernel.statements import statement, verdict

SMALL = st.integers(-3, 3)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.tuples(SMALL, SMALL, SMALL, SMALL, SMALL), min_size=1, max_size=3))
def test_a_sum_of_squares_is_found(rows: list[tuple[int, ...]]) -> None:
    monomials = [(0, 0), (1, 0), (0, 1), (1, 1), (2, 0)]
    total: dict[tuple[int, ...], Fraction] = {}
    for row in rows:
        p = {m: Fraction(c) for m, c in zip(monomials, row, strict=True) if c}
        total = plus(total, times(p, p))
    if not total:
        return
    found = search(total, [Block({(0, 0): Fraction(1)}, half_basis(total, 2))], [])
    if found is None:
        return                      # a face that needs irrational vectors may be missed, never misjudged
    back: dict[tuple[int, ...], Fraction] = {}
    for weight, _, q in found.squares:
        assert weight > 0
        back = plus(back, times(q, q), weight)
    assert back == total


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.tuples(*[SMALL] * 6), st.sampled_from(["<", "<=", ">", ">="]), st.booleans())
def test_quadratic_verdicts_agree_with_values(c: tuple[int, ...], relation: str, bounded: bool) -> None:
    left = f"{c[0]}*x**2 + {c[1]}*x*y + {c[2]}*y**2 + {c[3]}*x + {c[4]}*y"
    given_ = ("x >= 0", "x <= 1", "y >= 0", "y <= 1") if bounded else ()
    claim = statement(left, relation, str(c[5]), given_)
    found, _ = verdict(claim)
    s = claim.sequent
    grid = [Fraction(k, 4) for k in (range(5) if bounded else range(-12, 13, 3))]
    false = any(not truth(s.goal, {"x": Num(u), "y": Num(v)}, s.declarations) for u in grid for v in grid)
    if false:
        assert found != "proved"


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(SMALL, min_size=2, max_size=6), st.sampled_from(["<", "<=", ">", ">=", "!="]),
       st.sampled_from(["x", "n"]), st.sampled_from([(), (">= -1",), ("> 0", "< 3")]))
def test_one_variable_is_decided_and_agrees_with_values(
        c: list[int], relation: str, name: str, bounds: tuple[str, ...]) -> None:
    left = " + ".join(f"{v}*{name}**{k}" for k, v in enumerate(c))
    claim = statement(left, relation, "0", tuple(f"{name} {b}" for b in bounds))
    found, _ = verdict(claim)
    s = claim.sequent
    if found == "proved":
        step = 1 if name == "n" else 8
        for k in range(-5 * step, 5 * step + 1):
            at = {name: Num(Fraction(k, step))}
            if all(truth(a, at, s.declarations) for a in s.assumptions):
                assert truth(s.goal, at, s.declarations)
