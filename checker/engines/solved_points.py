"""Points for refutation: where the assumptions hold and the statement fails, solved for.

Method: the assumptions and the statement's negation fall apart into conjunctions of literals; floats solve the
equations among them (``samples``), exact numbers are guessed from the floats.  So the gained root of a squared
equation comes as x = -1, the lost one of a cancelled factor as x = 0.  A zero of a polynomial without such a form is
given by the polynomial and the interval that isolates it.
Why it convinces: the kernel evaluates, or proves, the negation at the point.  Cannot: zeros of transcendental
functions that are none of the guessed numbers.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.term import FALSE, RELATIONS, App, Num, Scalar, Term, Var, free_names, negate, num, sub, substitute
from .order_numeric import Unsupported
from .points import value_json
from .samples import Formulas, Sampler, complex_roots, exact, exact_complex, literals
from .solving import coefficients

MAX_WITNESSES = 24


def has_structure(s: Sequent) -> bool:
    """Equations to solve: in the assumptions, or under connectives."""
    return bool(s.declarations) and all(isinstance(k, Scalar) for k in s.declarations.values()) and (
        isinstance(s.goal, App) and s.goal.head not in RELATIONS
        or any(isinstance(a, App) and a.head == "=" for a in s.assumptions))


def witnesses(s: Sequent) -> Iterator[dict[str, Any]]:
    if not has_structure(s):
        return
    found = _complex(s) if any(k == Scalar("complex") for k in s.declarations.values()) else _real(s)
    seen: set[str] = set()
    for point in itertools.islice(found, MAX_WITNESSES):
        data = {n: value_json(point[n]) for n in s.declarations}
        if str(data) not in seen:
            seen.add(str(data))
            yield {"kind": "point", "point": data}


def _real(s: Sequent) -> Iterator[dict[str, Term]]:
    table = Formulas()
    for branch in literals((*s.assumptions, negate(s.goal))):
        try:
            points = itertools.islice(Sampler(s, branch, table).points(40), 40)
            for p in points:
                options = [[num(round(p[n]))] if s.declarations[n] == Scalar("integer")
                           else list(itertools.islice(exact(p[n]), 2)) for n in s.declarations]
                for values in itertools.product(*options):
                    yield dict(zip(s.declarations, values, strict=True))
        except Unsupported:
            return


POOL = [(1, 0), (2, 0), (0, 1), (0, 0), (-1, 0), (1, 1)]


def _complex(s: Sequent) -> Iterator[dict[str, Term]]:
    """Polynomial equations in one complex name at a time, the others from a small pool; periods of exp."""
    names = list(s.declarations)
    if len(names) > 2:
        return
    pool = [next(exact_complex(complex(*p))) for p in POOL]
    for branch in literals((*s.assumptions, negate(s.goal))):
        for f in branch:
            if not (isinstance(f, App) and f.head == "="):
                continue
            for name in sorted(free_names(f)):
                others = [n for n in names if n != name]
                for values in itertools.product(pool, repeat=len(others)):
                    by = dict(zip(others, values, strict=True))
                    yield from ({**by, name: t} for t in _zeros(substitute(sub(*f.args), by), name))


def _zeros(t: Term, name: str) -> Iterator[Term]:
    from ..kernel.term import add, app, mul, subterms

    here = Sequent({name: Scalar("complex")}, (), FALSE)
    c = coefficients(t, name, here)
    if c is not None and not any(free_names(x) for x in c):
        for z in complex_roots(c):
            yield from itertools.islice(exact_complex(z), 1)
    heads = {u.head for u in subterms(t) if isinstance(u, App)}
    if heads & {"exp", "sin", "cos", "pow"}:
        turn = mul(num(2), app("pi")) if heads & {"sin", "cos"} else mul(num(2), app("i"), app("pi"))
        for start in (num(0), num(1), Var(name)):
            if not free_names(start):
                yield add(start, turn)
                yield add(start, app("neg", turn))
    if "abs" in heads:
        yield from (app("i"), app("neg", app("i")), Num(num(3).value / 5))


__all__ = ["has_structure", "witnesses"]
