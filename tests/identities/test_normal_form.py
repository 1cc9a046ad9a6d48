"""The normal form over C against values: random terms at random points, many of them on cuts and at zeros."""

from __future__ import annotations

import random

import pytest
from flint import ctx

from checker.kernel.definedness import definedness
from checker.kernel.evaluate import Evaluator, Undefined, Unknown, to_ball, truth, value
from checker.kernel.field import CannotNormalise
from checker.kernel.principal import Principal
from checker.kernel.term import Term, Var, app, num, show

from .random_terms import NoValue, Values, as_ball, as_term, point, random_term, sequent


def conditions(r: random.Random) -> list[Term]:
    """Some assumptions on the places of the names."""
    out: list[Term] = []
    for n in ("z", "w"):
        match r.randrange(4):
            case 0:
                out.append(app(r.choice(("<", ">", "<=", ">=")), app(r.choice(("re", "im")), Var(n)), num(0)))
            case 1:
                out.append(app("!=", Var(n), num(0)))
    return out + [app(r.choice(("<", ">", "<=", ">=")), Var(n), num(r.choice((0, 1, -1))))
                  for n in ("x", "y") if r.random() < 0.3]


@pytest.mark.parametrize("seed", range(60))
def test_the_form_has_the_values_of_the_term(seed: int) -> None:
    r = random.Random(seed)
    t = random_term(r, 3)
    s = sequent(t, *conditions(r))
    s = sequent(t, *s.assumptions[1:], *definedness(t, s))
    field = Principal(s)
    try:
        form = field._settled(lambda: field.frac(t))
    except CannotNormalise:
        return
    for _ in range(20):
        numbers = point(r)
        values = {n: as_term(v) for n, v in numbers.items()}
        try:
            if not all(truth(a, values, s.declarations) for a in s.assumptions):
                continue
            value(t, values, s.declarations)
        except (Undefined, Unknown):
            continue
        old, ctx.prec = ctx.prec, 200
        try:
            found = Values(field, {n: as_ball(v) for n, v in numbers.items()}).of(form)
            assert found.overlaps(to_ball(Evaluator(values, s.declarations, 200).number(t))), show(t)
        except (NoValue, Undefined, Unknown, ZeroDivisionError):
            continue
        finally:
            ctx.prec = old
