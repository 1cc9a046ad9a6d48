"""Finite joint laws of random quantities: every expectation over them is a finite sum.

    point["law of X"] = {"joint": [["1/2", ["-1"]], ["1/2", ["1"]]]}            X is -1 or 1
    point["law of X, Y"] = {"joint": [["1/3", ["0", "1"]], ["2/3", ["2", ["1", "0"]]]]}     Y a vector
    point["law of X"] = {"joints": [[["1", ["0"]]], [["1", ["3"]]]]}            X_1, X_2 of different laws

An atom is its mass with one value for each member (nested lists for a vector).  A name of an ``expect``
with more indices than its member is that many independent draws, so the sum runs over the atoms of
each draw.  Raises :class:`Reject` for what is no law, ``Unknown`` for more than ``MAX_OUTCOMES``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .evidence import Reject
from .expect_terms import Draws, draws
from .term import App, Bind, Index, Joint, Map, Num, Sort, Term, free_names, mul, rebuild

if TYPE_CHECKING:
    from .evaluate import Evaluator, Number

MAX_ATOMS = 12
MAX_OUTCOMES = 4_096

Entries = Mapping[tuple[int, ...], Fraction]


@dataclass(frozen=True, slots=True)
class JointLaw:
    """Atoms: a mass and the values of each member at its slots."""

    atoms: tuple[tuple[Fraction, tuple[Entries, ...]], ...]


@dataclass(frozen=True, slots=True)
class JointLaws:
    """A law for each index tuple."""

    shape: tuple[int, ...]
    laws: Mapping[tuple[int, ...], JointLaw]


# ------------------------------------------------------------------------------- reading


def read_joint(data: Any, sort: Sort, name: str, size: Any) -> JointLaw | JointLaws:
    """``size``: the number that an index sort has at the point.  Raises :class:`Reject`."""
    match data, sort:
        case {"joint": [*atoms]}, Joint():
            return _law(atoms, sort, name, size)
        case {"joints": rows}, Map(args, Joint() as one):
            shape = tuple(size(a) for a in args)
            laws = {at: _law(_entry(rows, at, name), one, name, size) for at in _places(shape)}
            return JointLaws(shape, laws)
    raise Reject("witness", name, f"not a joint law: {str(data)[:60]}")


def _law(atoms: Any, sort: Joint, name: str, size: Any) -> JointLaw:
    if not isinstance(atoms, list) or not 1 <= len(atoms) <= MAX_ATOMS:
        raise Reject("witness", name, f"a law has 1 to {MAX_ATOMS} atoms")
    out = []
    for atom in atoms:
        mass, values = atom
        if len(values) != len(sort.members):
            raise Reject("witness", name, f"an atom has {len(sort.members)} values")
        members = []
        for value, slots in zip(values, sort.slots, strict=True):
            entries = {at: _number(_entry(value, at, name)) for at in _places(tuple(size(k) for k in slots))}
            if sort.values and not set(entries.values()) <= set(sort.values):
                raise Reject("witness", name, "a value outside the declared ones")
            low, high = sort.within
            if any(low is not None and v < low or high is not None and v > high for v in entries.values()):
                raise Reject("witness", name, "a value outside the declared bounds")
            members.append(entries)
        out.append((_number(mass), tuple(members)))
    if any(mass <= 0 for mass, _ in out) or sum(mass for mass, _ in out) != 1:
        raise Reject("witness", name, "the masses are positive and add up to 1")
    return JointLaw(tuple(out))


def _number(data: Any) -> Fraction:
    if not isinstance(data, str) or len(data) > 60:
        raise Reject("witness", "joint", "a mass or a value is a rational number")
    return Fraction(data)


def _places(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    total = 1
    for n in shape:
        total *= n
    if total > MAX_OUTCOMES:
        raise Reject("witness", "joint", "too many entries")
    return list(itertools.product(*(range(1, n + 1) for n in shape)))


def _entry(rows: Any, at: tuple[int, ...], name: str) -> Any:
    for k in at:
        if not isinstance(rows, list) or len(rows) < k:
            raise Reject("witness", name, f"there is no entry {at}")
        rows = rows[k - 1]
    return rows


# ---------------------------------------------------------------------------- evaluating


def expectation(t: Bind, e: Evaluator) -> Number:
    """Raises Undefined, Unknown."""
    total: Number = Fraction(0)
    body = _inner_means(t.inner[0], frozenset(t.names), e)
    for mass, inner in outcomes(t, e):
        total = e._apply("add", [total, e._apply("mul", [mass, inner.number(body)])])
    return total


def _inner_means(t: Term, moving: frozenset[str], e: Evaluator) -> Term:
    """Expectations inside that are the same for every outcome, E X in E (X - E X)^2, by their values."""
    match t:
        case Bind("expect") if not free_names(t) & moving:
            from .evaluate import Undefined, Unknown

            try:
                value = e.number(t)
            except (Undefined, Unknown):        # perhaps no outcome asks for it
                return t
            return Num(value) if isinstance(value, Fraction) else t
        case Bind():
            inside = moving | set(t.names)
            return Bind(t.head, t.names, t.sorts, tuple(_inner_means(u, moving, e) for u in t.outer),
                        tuple(_inner_means(u, inside, e) for u in t.inner))
        case _:
            return rebuild(t, lambda u: _inner_means(u, moving, e))


def close_expectation(t: Bind, e: Evaluator) -> Term | None:
    """The same as a closed term, or None."""
    parts = []
    for mass, inner in outcomes(t, e):
        value = inner._close(t.inner[0])
        if value is None:
            return None
        parts.append(mul(Num(mass), value))
    return App("add", tuple(parts))


def outcomes(t: Bind, e: Evaluator) -> Iterator[tuple[Fraction, Evaluator]]:
    """Every outcome of all draws: its mass, and an evaluator in which the names have their values."""
    from .evaluate import Table, Unknown

    try:
        groups = draws(t, e.sorts)
    except Reject as error:
        raise Unknown(error.message) from error
    choices: list[list[tuple[Draws, tuple[int, ...], Any]]] = []
    count = 1
    for g in groups:
        value = e.values.get(g.law)
        for at in _places(tuple(e.index(s.size) for s in g.repeats)):
            law = value.laws.get(at) if isinstance(value, JointLaws) else value
            if not isinstance(law, JointLaw):
                raise Unknown(f"{g.law} has no table here")
            choices.append([(g, at, atom) for atom in law.atoms])
            count *= len(law.atoms)
            if count > MAX_OUTCOMES:
                raise Unknown("too many outcomes")
    e.work[0] -= count
    sorts = dict(zip(t.names, t.sorts, strict=True))
    shapes = {n: tuple(e.index(a.size) for a in s.args if isinstance(a, Index)) if isinstance(s, Map) else ()
              for n, s in sorts.items()}
    for outcome in itertools.product(*choices):
        mass = Fraction(1)
        entries: dict[str, dict[tuple[int, ...], Term]] = {n: {} for n in t.names}
        for g, at, (m, members) in outcome:
            mass *= m
            for name, member in zip(g.names, members, strict=True):
                entries[name].update({(*at, *slot): Num(v) for slot, v in member.items()})
        values = {n: Table(shapes[n], entries[n]) if isinstance(sorts[n], Map) else entries[n][()].value  # type: ignore
                  for n in t.names}
        yield mass, e._inside(values, sorts)


__all__ = ["JointLaw", "JointLaws", "close_expectation", "expectation", "outcomes", "read_joint"]
