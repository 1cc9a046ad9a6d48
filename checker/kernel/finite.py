"""Finite laws: exact tables, on which every expectation is a finite sum.

A random variable has n states; each state is a cell of one size.  What that stands for:

===========  ==========================================================================
counting     n points of mass 1 (the cell is 1)
unspecified  n points, each of the mass ``cell`` (any sigma-finite measure may occur)
lebesgue     n intervals of the length ``cell``, densities constant on each; beyond them
             lies the state 0, where every density is 0
===========  ==========================================================================

    witness["spaces"] = {"unspecified": {"states": 2, "cell": "1/2"}}      (without: 2 states, cell 1)
    point["q"] = {"law": [["1/2", "1/3"], ["1/2", "2/3"]]}     masses by own labels, then given labels
    point["x"] = {"state": 1}        point["f"] = {"values": ["0", "1"]}
    point["x"] = {"value": "1/2"}    for lebesgue: a real number, in the cell that contains it

A variable that a claim uses as a number is a real one: its points are real numbers, the different ``values`` of
``{"states": 2, "cell": "1", "values": ["-1", "1"]}``, or else 1, ..., n.

0 log 0 = 0 by the conventions: an expectation runs over {w > 0}, an integral over the points where
its density factors are positive.  A KL that is infinite is no number: alone on its side of a relation its value is oo,
elsewhere it is undefined.  So is p(x|z) where p(z) = 0.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from flint import acb

from .claim import Sequent
from .density_terms import density_factors, density_parts, over_variables, summands
from .evidence import Reject
from .term import (
    TRUE, App, Bind, Law, Map, Num, Scalar, Sort, Space, Term, Var, app, free_names, from_json, mul, negate, num,
    rebuild, show, subterms,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator, Number

Places: TypeAlias = tuple[tuple[str, Term], ...]     # labels with what stands there
LawKind = TypeVar("LawKind", bound="FiniteLaw")

MAX_STATES = 6
MAX_CELLS = 1_296
MAX_SUMMANDS = 4_096


@dataclass(frozen=True, slots=True)
class Room:
    """The states of all variables with one base measure."""

    measure: str
    states: int
    cell: Fraction
    values: tuple[Fraction, ...] = ()    # the numbers that the points are; without: 1, ..., n

    def all(self) -> list[int]:
        inside = list(range(1, self.states + 1))
        return [0, *inside] if self.measure == "lebesgue" else inside


@dataclass(frozen=True, slots=True)
class State:
    """The value of a random variable."""

    room: Room
    number: int
    value: Fraction | None = None


@dataclass(frozen=True, slots=True)
class FiniteLaw:
    """Masses by the states of the own labels, then of the given labels."""

    own: tuple[Room, ...]
    given: tuple[Room, ...]
    masses: Mapping[tuple[int, ...], Fraction]

    def density(self, own: Mapping[int, int], given: tuple[int, ...]) -> Fraction:
        """The marginal density at the states of some own labels (by position)."""
        if 0 in own.values():
            return Fraction(0)
        given = tuple(max(g, 1) for g in given)     # beyond the cells: as in the first
        total = Fraction(0)
        for where in itertools.product(*(
                [own[k]] if k in own else range(1, r.states + 1) for k, r in enumerate(self.own))):
            total += self.masses[where + given]
        for k in own:
            total /= self.own[k].cell
        return total


@dataclass(frozen=True, slots=True)
class Values:
    """An opaque function of random variables."""

    entries: Mapping[tuple[int, ...], Term]


# ------------------------------------------------------------------------------- reading


def rooms(witness: Mapping[str, Any]) -> dict[str, Room]:
    out = {}
    given = witness.get("spaces") or {}
    for measure in ("unspecified", "counting", "lebesgue"):
        data = given.get(measure) or {}
        states, cell = int(data.get("states", 2)), Fraction(str(data.get("cell", "1")))
        if not 1 <= states <= MAX_STATES or cell <= 0 or cell.denominator > 1000 or cell.numerator > 1000:
            raise Reject("witness", "spaces", f"{measure}: 1 to {MAX_STATES} states and a positive cell")
        if measure == "counting" and cell != 1:
            raise Reject("witness", "spaces", "points of counting measure have the mass 1")
        values = tuple(Fraction(str(v)) for v in data.get("values") or ())
        if values and (measure == "lebesgue" or len(values) != states or len(set(values)) != states):
            raise Reject("witness", "spaces", f"{measure}: each point its own value")
        out[measure] = Room(measure, states, cell, values)
    return out


def read_value(data: Any, sort: Sort, name: str, sequent: Sequent, witness: Mapping[str, Any]) -> Any:
    """A law, a state or a function of states.  Raises :class:`Reject`."""
    where = rooms(witness)
    match data, sort:
        case {"state": int(k)}, Space(measure):
            if not 1 <= k <= where[measure].states:
                raise Reject("witness", name, f"there is no state {k}")
            return State(where[measure], k)
        case {"value": str(text)}, Space("lebesgue"):
            room, value = where["lebesgue"], Fraction(text)
            cell, rest = divmod(value, room.cell)
            inside = 0 <= cell < room.states
            if rest == 0 and 0 <= cell <= room.states:
                raise Reject("witness", name, "a value between two cells")
            return State(room, int(cell) + 1 if inside else 0, value)
        case {"law": rows}, Law(own, given):
            from .parametric import parameters, parametric

            moving = parameters(sort, sequent.declarations)
            if len(moving) > 1:
                raise Reject("witness", name, "a law with several parameters")
            given = tuple(k for k in given if k not in moving)
            of_label = {k: where[_measure(sequent, k, name)] for k in own + given}
            law_own = tuple(of_label[k] for k in own)
            law_given = tuple(of_label[k] for k in given)

            def rationals(table: Any) -> dict[tuple[int, ...], Fraction]:
                entries = _table(table, law_own + law_given, name)
                return {at: t.value for at, t in entries.items() if isinstance(t, Num)}

            numbers = rationals(rows)
            if len(numbers) < len(_table(rows, law_own + law_given, name)) or any(m < 0 for m in numbers.values()):
                raise Reject("witness", name, "a mass is a rational number that is not negative")
            for at in itertools.product(*(range(1, r.states + 1) for r in law_given)):
                total = sum((m for k, m in numbers.items() if k[len(own):] == at), Fraction(0))
                if total != 1:
                    raise Reject("witness", name, f"the masses add up to {total}, not 1")
            finite = FiniteLaw(law_own, law_given, numbers)
            if not moving:
                return finite
            return parametric(finite, moving[0], data, (witness.get("point") or {}).get(moving[0]), rationals)
        case {"values": rows}, Map(args, Scalar()) if all(isinstance(a, Space) for a in args):
            shape = tuple(where[a.measure] for a in args if isinstance(a, Space))
            entries = _table(rows, shape, name)
            for t in entries.values():
                if not isinstance(t, Num):
                    raise Reject("witness", name, "a value of a function is a rational number")
                if sort.result == Scalar("integer") and t.value.denominator != 1:
                    raise Reject("witness", name, "a value of the function is no integer")
            return Values(entries)
        case _:
            raise Reject("witness", name, f"not a value of its domain: {str(data)[:60]}")


def _measure(sequent: Sequent, label: str, name: str) -> str:
    sort = sequent.sort(label)
    if not isinstance(sort, Space):
        raise Reject("witness", name, f"{label} is no declared random variable")
    return sort.measure


def _table(rows: Any, shape: tuple[Room, ...], name: str) -> dict[tuple[int, ...], Term]:
    count = 1
    for r in shape:
        count *= r.states
    if count > MAX_CELLS:
        raise Reject("witness", name, f"a table of more than {MAX_CELLS} entries")
    out: dict[tuple[int, ...], Term] = {}
    for at in itertools.product(*(range(1, r.states + 1) for r in shape)):
        entry = rows
        for k in at:
            if not isinstance(entry, list) or len(entry) < k:
                raise Reject("witness", name, f"the table has no entry {at}")
            entry = entry[k - 1]
        out[at] = from_json(entry)
    return out


# ---------------------------------------------------------------------- almost everywhere

#: heads that are continuous wherever they are defined, in real arguments
_CONTINUOUS = frozenset({"add", "neg", "mul", "div", "exp", "log", "sqrt", "abs", "sin", "cos", "tanh", "max", "min",
                         "relu", "pi", "e", "density", "given", "E", "KL", "integral"})


def generic(sequent: Sequent, values: Mapping[str, Any], holds: Callable[[Term], bool]) -> None:
    """A free Lebesgue variable stands for almost every value, so one value alone refutes nothing
    ((u - 1/2)^2 > 0).  What holds at the point must hold near it: strict relations between continuous
    terms, and whatever sees of the value only the cell it is in.  Raises :class:`Reject`."""
    names = {n for n, v in values.items() if isinstance(v, State) and v.value is not None}
    if not names:
        return
    from .evaluate import Undefined, Unknown

    for formula in (*sequent.assumptions, negate(sequent.goal)):
        try:
            near = _near(formula, names, values, holds)
        except (Undefined, Unknown) as error:
            raise Reject("witness", show(formula)[:80], f"is not decided near the point: {error}") from error
        if not near:
            raise Reject("witness", show(formula)[:80], "may hold at single values only, not near the point")


def _near(f: Term, names: set[str], values: Mapping[str, Any],
          holds: Callable[[Term], bool]) -> bool:
    if not _seen(f, names, values):
        return holds(f)
    match f:
        case App("and", args):
            return all(_near(a, names, values, holds) for a in args)
        case App("or", args):
            return any(_near(a, names, values, holds) for a in args)
        case App("implies", (a, b)):
            return _near(negate(a), names, values, holds) or _near(b, names, values, holds)
        case App("!=" | "<" | ">", (a, b)):
            return _continuous(a, values) and _continuous(b, values) and holds(f)
        case App("<=" | ">=" as relation, (a, b)):
            return _near(app(relation[0], a, b), names, values, holds)
        case _:
            return False


def _seen(t: Term, names: set[str], values: Mapping[str, Any]) -> bool:
    """Whether more of the values is used than their cells."""
    match t:
        case Var(name):
            return name in names
        case App("density", _):
            return False
        case App("at", (Var(name), *_)) if isinstance(values.get(name), Values):
            return False
        case App(_, args):
            return any(_seen(a, names, values) for a in args)
        case Bind(_, bound, _, outer, inner):
            return any(_seen(a, names, values) for a in outer) or any(
                _seen(a, names - set(bound), values) for a in inner)
        case _:
            return False


def _continuous(t: Term, values: Mapping[str, Any]) -> bool:
    for u in subterms(t):
        match u:
            case App("pow", (_, Num())):
                continue
            case App("at", (Var(name), *_)) if isinstance(values.get(name), Values):
                continue
            case Var(name):     # a complex number may stand on a cut
                if isinstance(values.get(name), App) and App("i", ()) in subterms(values[name]):
                    return False
            case App(head, _) | Bind(head):
                if head not in _CONTINUOUS:
                    return False
    return True


# ---------------------------------------------------------------------------- evaluating


def state_of(t: Term, e: Evaluator) -> State:
    from .evaluate import Unknown

    value = e.values.get(t.name) if isinstance(t, Var) else None
    if not isinstance(value, State):
        raise Unknown(f"{show(t)[:40]} has no state here")
    return value


def states(measure: str, e: Evaluator) -> list[State]:
    """All states of a variable, found from the laws and variables that have a value."""
    from .evaluate import Unknown

    for value in e.values.values():
        found = (value.room,) if isinstance(value, State) else (
            value.own + value.given if isinstance(value, FiniteLaw) else ())
        for room in found:
            if room.measure == measure:
                return [State(room, k) for k in room.all()]
    raise Unknown("no law here says how many states there are")


def number_of(s: State) -> Fraction:
    """A state as a number: on a cell of the real line only where a value was given."""
    from .evaluate import Unknown

    if s.value is not None:
        return s.value
    if s.room.measure == "lebesgue":
        raise Unknown("a random variable's own value on a cell")
    return s.room.values[s.number - 1] if s.room.values else Fraction(s.number)


def entry(f: Values, args: tuple[Term, ...], e: Evaluator) -> Number:
    where = tuple(max(state_of(a, e).number, 1) for a in args)
    return e.number(f.entries[where])


def evaluate_density(t: Term, e: Evaluator) -> Number:
    """The value of a density, an expectation, a KL or an integral.  Raises Undefined, Unknown."""
    total: Number = Fraction(0)
    if isinstance(t, App):
        return _density(t, e)
    if (reduced := _family(t, e)) is not None:
        return e.number(reduced)
    for term, inner in _pieces(t, e):
        total = e._apply("add", [total, inner.number(term)])
    return total


def close_density(t: Term, e: Evaluator) -> Term | None:
    """The same as a closed term: rationals and logarithms of rationals.  Raises Undefined, Unknown."""
    if isinstance(t, App):
        return Num(_density(t, e))
    if (reduced := _family(t, e)) is not None:
        return e._close(reduced)
    out = []
    for term, inner in _pieces(t, e):
        closed = inner._close(term)
        if closed is None:
            return None
        out.append(closed)
    return App("add", tuple(out)) if out else num(0)


def _family(t: Term, e: Evaluator) -> Term | None:
    """An integral over the real line against explicit normal densities, as the closed term that its
    normal form is; None if it is no such integral."""
    from .density_form import poly_names
    from .density_reading import Reader
    from .field import CannotNormalise

    if not isinstance(t, Bind) or not over_variables(t) or Space("lebesgue") not in t.sorts:
        return None
    closed = _numbers_in(t, e)
    if free_names(closed):
        return None
    try:
        reader = Reader(Sequent({}, (), TRUE))
        value, needs = reader.value(closed)
        if poly_names(value) or any(reader.condition(n) for n in needs):
            return None
        term = reader.poly_term(value)
    except (Reject, CannotNormalise):
        return None
    return None if any(isinstance(u, Bind) for u in subterms(term)) else term


def _numbers_in(t: Term, e: Evaluator) -> Term:
    """Numbers for names that have one, and for values of functions at states."""
    from .evaluate import Table, Undefined, Unknown

    if isinstance(t, App) and t.head == "at" and isinstance(t.args[0], Var) and isinstance(
            e.values.get(t.args[0].name), (Values, Table)):
        try:
            value = e.number(t)
        except (Undefined, Unknown):
            return t
        return Num(value) if isinstance(value, Fraction) else t
    if isinstance(t, Var):
        known = e.values.get(t.name)
        if isinstance(known, State):
            return t if known.value is None else Num(known.value)
        return Num(known) if isinstance(known, Fraction) else known if isinstance(known, (Num, App)) else t
    if isinstance(t, Bind):
        inside = _hiding(e, t.names)
        return Bind(t.head, t.names, t.sorts, tuple(_numbers_in(u, e) for u in t.outer),
                    tuple(_numbers_in(u, inside) for u in t.inner))
    return rebuild(t, lambda u: _numbers_in(u, e))


def _hiding(e: Evaluator, names: tuple[str, ...]) -> Evaluator:
    inner = e._inside({}, {})
    inner.values = {k: v for k, v in e.values.items() if k not in names}
    return inner


def law_at(t: App, e: Evaluator, kind: type[LawKind], otherwise: str) -> tuple[LawKind, Law, Places, Places]:
    """The law of a density at the point, its sort, and what stands before and behind the bar.  Raises Unknown
    (``otherwise``: what is said where the law has no value of this kind)."""
    from .evaluate import Unknown

    law = t.args[0]
    sort = e.sorts.get(law.name) if isinstance(law, Var) else None
    value = e.values.get(law.name) if isinstance(law, Var) else None
    if not isinstance(value, kind) or not isinstance(sort, Law):
        raise Unknown(otherwise)
    try:
        _, own, given = density_parts(t, sort)
    except Reject as error:
        raise Unknown(error.message) from error
    return value, sort, own, given


def _density(t: App, e: Evaluator) -> Fraction:
    from .evaluate import Undefined, Unknown

    value, sort, own, given = law_at(t, e, FiniteLaw, "a law without a table here")
    from .parametric import ParametricLaw

    moving = value.parameter if isinstance(value, ParametricLaw) else None
    if isinstance(value, ParametricLaw) and any(e.number(v) != value.origin for label, v in given if label == moving):
        raise Unknown("a law at another value of its parameter")
    at = {label: state_of(v, e).number for label, v in own + given if label != moving}
    fixed = tuple(at[k] for k in sort.given if k != moving)
    whole = {k: at[label] for k, label in enumerate(sort.own) if label in at}
    known = {k: at[label] for k, label in enumerate(sort.own) if label in dict(given)}
    above = value.density(whole, fixed)
    if not known:
        return above
    below = value.density(known, fixed)
    if below == 0:
        raise Undefined("a conditional density where its condition has the density 0")
    return above / below


def _pieces(t: Term, e: Evaluator) -> list[tuple[Term, Evaluator]]:
    """The summands of the finite sum that ``t`` is: a closed factor times the integrand, at a point."""
    from .evaluate import Infinite, Unknown

    if not isinstance(t, Bind) or not over_variables(t) or t.outer:
        raise Unknown("an integral over more than random variables")
    ranges = [states(s.measure, e) for s in t.sorts if isinstance(s, Space)]
    count = 1
    for r in ranges:
        count *= len(r)
    e.work[0] -= count
    if count > MAX_SUMMANDS:
        raise Unknown("too many states")
    out: list[tuple[Term, Evaluator]] = []
    infinite = False
    for point in itertools.product(*ranges):
        inner = e._inside(dict(zip(t.names, point, strict=True)), dict(zip(t.names, t.sorts, strict=True)))
        size = Fraction(1)
        for s in point:
            size *= s.room.cell
        beyond = any(s.number == 0 for s in point)
        match t.head, t.inner:
            case "E", (w, f):
                terms = [(1, w, f)]
            case "KL", (a, b):
                if _sign(inner.number(a)) and not _sign(inner.number(b)):
                    infinite = True
                    continue
                terms = [(1, a, app("log", app("div", a, b)))]
            case "integral", (body,):
                terms = [(sign, *density_factors(f)) for sign, f in summands(body)]
            case _:
                raise Unknown(f"{t.head} over random variables")
        for sign, w, f in terms:
            weight = inner.number(w)
            if not _sign(weight):
                continue
            if beyond:
                raise Unknown("an integrand that does not vanish beyond the cells")
            if isinstance(weight, Fraction):
                on_cells = {n: s for n, s in zip(t.names, point, strict=True) if s.room.measure == "lebesgue"}
                if on_cells and (mean := _mean_on_cells(f, on_cells, inner)) is not None:
                    out.append((mul(num(sign * size * weight), mean), inner))
                    continue
                out.append((mul(num(sign * size * weight), f), inner))
            else:
                out.append((mul(num(sign * size), w, f), inner))
    if infinite:
        raise Infinite(t)
    return out


def _mean_on_cells(f: Term, cells: Mapping[str, State], e: Evaluator) -> Term | None:
    """The mean over cells of an integrand that is a polynomial in the variables' own values, densities
    and functions being constant on a cell; None if no such value occurs."""
    from .density_form import Poly
    from .density_gaussian import by_degree
    from .density_reading import Reader
    from .evaluate import Unknown
    from .field import CannotNormalise

    closed = _numbers_in(_densities_in(f, e), e)
    if not free_names(closed) or not free_names(closed) <= cells.keys():
        return None
    try:
        reader = Reader(Sequent({n: Space("lebesgue") for n in cells}, (), TRUE))
        value, needs = reader.value(closed)
        if any(reader.condition(n) for n in needs):
            raise Unknown("an integrand that is not defined on all of a cell")
        for name, s in cells.items():
            parts = by_degree(value, name)
            if parts is None:
                raise Unknown("an integrand on a cell that is no polynomial there")
            low, high = (s.number - 1) * s.room.cell, s.number * s.room.cell
            value = Poly()
            for k, coefficient in parts.items():
                value = value + coefficient.scaled((high**(k + 1) - low**(k + 1)) / ((k + 1) * s.room.cell))
        return reader.poly_term(value)
    except (Reject, CannotNormalise) as error:
        raise Unknown(str(error)) from error


def _densities_in(t: Term, e: Evaluator) -> Term:
    if isinstance(t, App) and t.head == "density":
        return Num(_density(t, e))
    if isinstance(t, Bind):
        return t
    return rebuild(t, lambda u: _densities_in(u, e))


def _sign(x: Number) -> bool:
    """Whether a weight is positive; it may not be negative."""
    from .evaluate import Unknown

    if isinstance(x, Fraction):
        if x < 0:
            raise Unknown("a negative weight")
        return x > 0
    if isinstance(x, acb) and x.imag.is_zero() and x.real > 0:
        return True
    raise Unknown("a weight of uncertain sign")


__all__ = ["FiniteLaw", "Room", "State", "Values", "close_density", "entry", "evaluate_density",
           "generic", "law_at", "number_of", "read_value", "rooms", "state_of", "states"]
