"""Points for claims about functions of which limits are assumed: simple lambdas, with the proofs of the
assumptions that evaluation cannot decide.

Method: scalars and indices from the ladders of ``points``; every function gets the same short list of
bodies (the polynomial through values that are assumed, multiples of its real argument that tell the indices apart,
constants); each assumption is
evaluated or proved at the point.  The kernel checks the point and the proofs again.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evaluate import Evaluator, Undefined, Unknown
from ..kernel.evidence import Reject
from ..kernel.model import read_model
from ..kernel.term import (
    REAL, TRUE, App, Bind, Index, Malformed, Map, Num, Scalar, Sort, Term, Var, add, app, free_names, mul, negate, num,
    substitute, substitute_sort, to_json,
)
from .assumptions import with_proofs
from .outcome import Budget
from .points import points

if TYPE_CHECKING:
    from .search import Searcher

MAX_POINTS, MAX_CHOICES, MAX_VALUES = 12, 48, 8
MAX_NAMES, SMALL = 3, (Fraction(1, 2), Fraction(0), Fraction(1), Fraction(-1))
PRECISION = 53


def inhabitants(s: Sequent) -> Iterator[dict[str, Any]]:
    functions = {n: k for n, k in s.declarations.items() if isinstance(k, Map)}
    if not functions or not all(isinstance(k, (Scalar, Index, Map)) for k in s.declarations.values()):
        return
    if not any(isinstance(a, Scalar) for k in functions.values() for a in k.args):
        return
    rest = {n: k for n, k in s.declarations.items() if n not in functions}
    plain = tuple(a for a in s.assumptions if not free_names(a) & set(functions))
    for witness in itertools.islice(points(Sequent(rest, plain, TRUE), MAX_POINTS), MAX_POINTS):
        values = {n: Num(_number(v)) for n, v in witness["point"].items() if isinstance(v, str)}
        choices = [[_lambda(k, body, values) for body in (*_through(s, n, k, values), *_bodies(k))]
                   for n, k in functions.items()]
        for chosen in itertools.islice(itertools.product(*choices), MAX_CHOICES):
            given = dict(zip(functions, chosen, strict=True))
            point = {n: {"lambda": to_json(given[n])} if n in given else witness["point"][n]
                     for n in s.declarations}
            found = with_proofs(s, {"kind": "point", "point": point})
            if found is not None:
                yield found


def refutations(s: Sequent) -> Iterator[dict[str, Any]]:
    """Points at which the statement's negation is proved."""
    from .search import Searcher

    for witness in itertools.islice(inhabitants(s), MAX_CHOICES):
        try:
            model = read_model(s, witness)
            here = model.instance(s.with_goal(negate(s.goal)))
        except (Reject, Malformed):
            continue
        search = Searcher({}, Budget(checks=400), model)
        proof = _exception(here, search) or search.unconditionally(here)
        if proof is not None:
            yield {"witness": witness, "proof": proof}
            return


def _exception(here: Sequent, search: Searcher) -> dict[str, Any] | None:
    """There are numbers of that kind: small ones are tried (for a law of up to three numbers)."""
    goal = here.goal
    if not (isinstance(goal, Bind) and goal.head == "exists" and len(goal.names) <= MAX_NAMES
            and all(k == REAL for k in goal.sorts)):
        return None
    for chosen in itertools.product(SMALL, repeat=len(goal.names)):
        c = {"rule": "exists", "witness": {n: to_json(num(x)) for n, x in zip(goal.names, chosen, strict=True)},
             "guard": {"rule": "evaluate"}, "proof": {"rule": "evaluate"}}
        if search.accepted(here, c) is not None:
            return c
    return None


def _number(text: str) -> Any:
    from fractions import Fraction

    return Fraction(text)


def _names(k: Map) -> tuple[str, ...]:
    return tuple(f"x{j}" for j in range(1, len(k.args) + 1))


def _bodies(k: Map) -> Iterator[Term]:
    """-(i + ...)*x, i*x, x, 0, 1, -x, x + 1, squares, a small value."""
    indices = [Var(n) for n, a in zip(_names(k), k.args, strict=True) if isinstance(a, Index)]
    moving = [Var(n) for n, a in zip(_names(k), k.args, strict=True) if isinstance(a, Scalar)]
    line = mul(*moving) if moving else num(1)
    if indices:
        yield app("neg", mul(add(*indices), line))
        yield mul(add(*indices), line)
    yield line
    yield num(0)
    yield num(1)
    if moving:
        yield app("neg", line)
        yield add(line, num(1))
        square = mul(line, line)
        yield from (square, app("neg", square), add(square, num(-1)))
    yield num(Fraction(1, 8))


def _through(s: Sequent, name: str, k: Map, values: dict[str, Num]) -> Iterator[Term]:
    """The polynomial through the values that are assumed: ``a_1 = 1, a_2 = a_1 + 2``, ``a_k = 3^k`` at this k."""
    if len(k.args) != 1:
        return
    known: dict[Fraction, Fraction] = {}
    waiting = [substitute(a, values) for a in s.assumptions if isinstance(a, App) and a.head == "="]
    for _ in range(min(len(waiting), MAX_VALUES)):
        before = len(known)
        for a in waiting:
            for left, right in (a.args, a.args[::-1]) if isinstance(a, App) else ():
                match left:
                    case App("at", (Var(f), i)) if f == name:
                        m, v = _value(i), _value(_put(right, name, known))
                        if m is not None and v is not None:
                            known.setdefault(m, v)
        if len(known) == before:
            break
    if not 1 < len(known) <= MAX_VALUES:
        return
    coefficients = [Fraction(0)] * len(known)
    for m, v in known.items():                             # Lagrange's polynomials
        basis = [v]
        for other in known:
            if other != m:
                lower, upper = [-other * c for c in basis] + [Fraction(0)], [Fraction(0), *basis]
                basis = [(low + up) / (m - other) for low, up in zip(lower, upper, strict=True)]
        coefficients = [a + b for a, b in zip(coefficients, basis, strict=True)]
    x = Var(_names(k)[0])
    yield add(*(mul(num(c), *([x] * power)) for power, c in enumerate(coefficients)))


def _put(t: Term, name: str, known: dict[Fraction, Fraction]) -> Term:
    """The term with the values that are known."""
    if not isinstance(t, App):
        return t
    if t.head == "at" and t.args[0] == Var(name) and (m := _value(t.args[1])) in known and m is not None:
        return Num(known[m])
    return App(t.head, tuple(_put(a, name, known) for a in t.args))


def _value(t: Term) -> Fraction | None:
    """The rational number that a closed term is."""
    if isinstance(t, Num):
        return t.value
    if free_names(t):
        return None
    try:
        found = Evaluator({}, {}, PRECISION).number(t)
    except (Undefined, Unknown):
        return None
    return found if isinstance(found, Fraction) else None


def _lambda(k: Map, body: Term, values: dict[str, Num]) -> Bind:
    sorts: tuple[Sort, ...] = tuple(substitute_sort(a, values) for a in k.args)
    return Bind("lambda", _names(k), sorts, (), (body,))


__all__ = ["inhabitants", "refutations"]
