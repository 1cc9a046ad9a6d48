"""Counterexamples that a person can check: small exact tables for laws.

Method.  Two states a variable; masses from small palettes, strictly positive ones first (a witness
with a zero invites "but the densities are positive"); joint laws along random orders with random
parent sets of size <= 2, so that independences occur; conditionals also as copies of another law's
conditional or marginal, so that assumed equalities hold; the base measure with cells of size 1, then
1/2 wherever the claim is not about counting (without it h >= 0 stays undecided).  A screen at 64 bits
finds candidates, the cheapest (sum of denominators) of several is kept and made simpler while it
still refutes.  The kernel evaluates what is yielded again, exactly or with disjoint balls.

What it cannot do: claims that only larger alphabets refute, families, infinite expectations.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from flint import ctx

from ..kernel.claim import Sequent
from ..kernel.evaluate import Evaluator, Undefined, Unknown
from ..kernel.evidence import Reject
from ..kernel.model import read_model
from ..kernel.term import App, Bind, Index, Law, Map, Num, Scalar, Space, Term, Var, children, subterms
from . import conditional_tables
from .densities import about_densities
from .points import ladders, value_json

Witness = dict[str, Any]
Table = dict[tuple[int, ...], Fraction]
Shape = tuple[str | int, ...]
_F = Fraction
PALETTES = (
    [(_F(1, 2), _F(1, 2)), (_F(1, 4), _F(3, 4)), (_F(3, 4), _F(1, 4))],
    [(_F(1, 2), _F(1, 2)), (_F(1, 3), _F(2, 3)), (_F(2, 3), _F(1, 3))],
    [(_F(1, 2), _F(1, 2)), (_F(1, 4), _F(3, 4)), (_F(2, 3), _F(1, 3))],
    [(_F(1, 16), _F(15, 16)), (_F(15, 16), _F(1, 16)), (_F(1, 2), _F(1, 2))],
    [(_F(1, 2), _F(1, 2)), (_F(1), _F(0)), (_F(0), _F(1))],
)
VALUES = [_F(v) for v in ("1", "0", "2", "-1", "1/2", "3")]
PROBABILITIES = [_F(v) for v in ("1/2", "1/4", "3/4", "1/3", "2/3")]     # every third table, and functions in (0, 1)
THREE = (
    [(_F(1, 3), _F(1, 3), _F(1, 3)), (_F(1, 2), _F(1, 4), _F(1, 4)), (_F(1, 4), _F(1, 4), _F(1, 2))],
    [(_F(1, 2), _F(1, 2), _F(0)), (_F(1), _F(0), _F(0)), (_F(0), _F(0), _F(1)), (_F(1, 3),) * 3],
)
#: The points of a real random variable, for two states and for three.
POINTS = {2: (("0", "1"), ("-1", "1"), ("0", "1"), ("1", "2"), ("-2", "1"), ("1/2", "2"), ("0", "2")),
          3: (("0", "1", "2"), ("-1", "0", "1"), ("0", "1", "3"), ("1", "2", "4"), ("-1", "0", "2"))}
REALS = ["1/2", "3/4", "5/4", "-1", "7/2", "1/4"]     # values of real variables
TABLES, LARGER, AFTER_HIT = 360, 60, 12     # with two states, with three, and after the first hit
AT_ONCE = 48                                # tables that are tried before a proof
CONDITIONAL = 160                           # tables that are made for assumed conditional means
MAX_SIZE = 3                                # of families and of what an index runs over
STEPS = 60_000                              # of evaluation, in all


def refute_at_once(s: Sequent) -> Iterator[Witness]:
    """A few tables, before anything is proved."""
    yield from refute_finite(s, AT_ONCE, STEPS // 12)


def refute_finite(s: Sequent, tables: int = TABLES + LARGER, steps: int = STEPS) -> Iterator[Witness]:
    """Witnesses at which the goal is false and the assumptions hold."""
    if not applicable(s):
        return
    found: list[tuple[Fraction, Witness]] = []
    since = 0
    spent = [0]
    for witness in itertools.islice(candidates(s), tables):
        if found:
            since += 1
            if since > AFTER_HIT:
                break
        if spent[0] > steps:
            break
        if _verdict(s, witness, spent) is False:
            found.append((cost(witness), witness))
    found.sort(key=lambda f: f[0])
    for _, witness in found[:2]:
        yield simplified(s, witness)


def inhabit_finite(s: Sequent) -> Iterator[Witness]:
    """Points that satisfy the assumptions: the uniform product law usually is one."""
    if not applicable(s):
        return
    count = 0
    for witness in itertools.islice(candidates(s), 200):
        if _assumptions_hold(s, witness):
            yield witness
            count += 1
            if count >= 3:
                return


def applicable(s: Sequent) -> bool:
    """Only laws, random variables, functions of them, scalars, indices, families of numbers; no explicit density."""
    if not about_densities(s):
        return False
    for sort in s.declarations.values():
        match sort:
            case Law() | Space() | Scalar() | Index(Num() | Var()):
                continue
            case Map(args, Scalar()) if all(isinstance(a, Space) for a in args) or _over_indices(sort):
                continue
            case _:
                return False
    return any(isinstance(k, (Law, Space)) for k in s.declarations.values())


def _over_indices(sort: Map) -> bool:
    return all(isinstance(a, Index) and isinstance(a.size, (Num, Var)) for a in sort.args)


# ------------------------------------------------------------------------------ candidates


def candidates(s: Sequent) -> Iterator[Witness]:
    """Laws with the conditional means that are assumed, a few of them; then laws of every kind."""
    made = itertools.islice(conditional_tables.tables(s), CONDITIONAL)
    first = list(itertools.islice(made, AT_ONCE//2))
    yield from first
    yield from itertools.islice(_plain_candidates(s), AT_ONCE if first else None)
    yield from made


def _plain_candidates(s: Sequent) -> Iterator[Witness]:
    rng = random.Random(20)  # noqa: S311  a fixed sequence: same claims, same witnesses
    scalars = Sequent({n: k for n, k in s.declarations.items() if isinstance(k, Scalar)}, tuple(
        a for a in s.assumptions if _only_scalars(a, s)), s.goal)
    pools = ladders(scalars)
    if pools is None:
        return
    scaled = _measures(s) != ["counting"]
    wanted = _copies_wanted(s)
    numbers = _used_as_numbers(s)
    valued = _measures_of_numbers(s, numbers)
    plain, simple = rng, random.Random(20)  # noqa: S311
    for k, shape in _order(s, bool(valued)):
        rng = simple if shape else plain
        n = 2 if k < TABLES and shape != ("even",) else 3
        palette: list[tuple[Fraction, ...]] = [*(PALETTES[_palette(k)] if n == 2 else THREE[k % 2])]
        cell = _F(1, 2) if scaled and k % 4 == 3 else _F(1)
        point: dict[str, Any] = {}
        laws: dict[str, tuple[Law, Table]] = {}
        for name, sort in s.declarations.items():
            match sort:
                case Law():
                    table = _shaped(sort, shape, n, len(laws)) if shape else _law(sort, laws, rng, palette, k, wanted)
                    laws[name] = (sort, table)
                    point[name] = {"law": _rows(table, len(sort.own) + len(sort.given), n)}
                case Space("lebesgue") if name in numbers:
                    point[name] = {"value": rng.choice(REALS) if k else "1/2"}
                case Space():
                    point[name] = {"state": rng.randint(1, n) if k else 1}
                case Index() | Map((Index(), *_), _):
                    pass        # below, when the sizes have values
                case Map(args, _):
                    pool_ = PROBABILITIES if k % 3 == 2 else VALUES
                    table = {w: (_F(sum(w) % 2) + 1 if k == 0 else rng.choice(pool_)) for w in _places(len(args), n)}
                    point[name] = {"values": _rows(table, len(args), n)}
                case _:
                    pool = pools[name][:2 + k // 8]
                    point[name] = value_json(pool[0] if k == 0 else rng.choice(pool))
        if not _indexed(s, point, rng, k):
            continue
        witness: Witness = {"kind": "distribution", "point": point}
        points = {m: {"values": list(POINTS[n][1 if shape == ("even",) else k % len(POINTS[n])])} for m in valued}
        if cell != 1 or n != 2 or points:
            witness["spaces"] = {m: {"states": n, "cell": str(cell) if m != "counting" else "1", **points.get(m, {})}
                                 for m in _measures(s)}
        yield witness


def _order(s: Sequent, numbers: bool) -> Iterator[tuple[int, Shape]]:
    """The uniform law; laws that a person tries first, by their shape; then random ones."""
    yield 0, ()
    own = max((len(k.own) for k in s.declarations.values() if isinstance(k, Law)), default=0)
    if sum(isinstance(k, Law) for k in s.declarations.values()) > 1:
        yield 1, ("apart",)
    if own > 1:
        yield 1, ("equal", *range(own))
        yield 3, ("equal", *range(own))         # on cells of width 1/2, where there are any
        yield from ((1, ("constant", j)) for j in range(min(own, 3)))
    if own > 2:
        yield 1, ("parity", 0, 1, 2)
        yield from ((1, ("equal", *pair)) for pair in itertools.combinations(range(min(own, 3)), 2))
    if own > 1 and numbers:
        yield 1, ("even",)
    yield from ((k, ()) for k in range(1, TABLES + LARGER))


def _shaped(sort: Law, shape: Shape, n: int, before: int) -> Table:
    """("equal", i, j): these variables are one fair bit; ("parity", i, j, k): any two are independent bits, the third
    is their parity; ("constant", i); the other variables are independent fair bits.  ("even",): the first variable is
    -1, 0 or 1 and the others are its square, uncorrelated with it and determined by it.  ("apart",): the laws have
    their whole mass in one of two places, by turns (``before``: the laws that come first)."""
    everywhere = list(_places(len(sort.own + sort.given), n))
    own = len(sort.own)
    kind, *places = shape
    places = [j for j in places if isinstance(j, int) and j < own]
    if kind == "even" and own > 1:
        masses = {1: _F(1, 4), 2: _F(1, 2), 3: _F(1, 4)}
        return {w: masses[w[0]] if all(v == (2 if w[0] == 2 else 3) for v in w[1:own]) else _F(0) for w in everywhere}
    possible = set(everywhere)
    if kind == "apart":
        possible = {w for w in everywhere if set(w[:own]) == {1 + before % 2}}
    if kind == "equal":
        possible = {w for w in everywhere if len({w[j] for j in places}) < 2}
    elif kind == "constant" and own > 1:
        possible = {w for w in everywhere if all(w[j] == 1 for j in places)}
    elif kind == "parity" and len(places) == 3:
        possible = {w for w in everywhere if sum(w[j] for j in places) % 2 == 0}
    mass = _F(n ** len(sort.given), len(possible))
    return {w: mass if w in possible else _F(0) for w in everywhere}


def _indexed(s: Sequent, point: dict[str, Any], rng: random.Random, k: int) -> bool:
    """Values for indices and families, for small sizes."""
    for name, sort in s.declarations.items():
        over: tuple[Any, ...] = (sort,) if isinstance(sort, Index) else ()
        if isinstance(sort, Map) and _over_indices(sort):
            over = sort.args
        sizes = [int(u.size.value) if isinstance(u.size, Num) else int(_F(point[u.size.name]))
                 for u in over if isinstance(u, Index) and isinstance(u.size, (Num, Var))]
        if not all(1 <= m <= MAX_SIZE for m in sizes):
            return False
        if isinstance(sort, Index):
            point[name] = str(rng.randint(1, sizes[0]) if k else 1)
        elif sizes:
            everywhere = itertools.product(*(range(1, m + 1) for m in sizes))
            table = {w: rng.choice(VALUES) if k else _F(1) for w in everywhere}
            point[name] = {"table": _nested(table, sizes)}
    return True


def _nested(table: Mapping[tuple[int, ...], Fraction], sizes: list[int], at: tuple[int, ...] = ()) -> Any:
    if len(at) == len(sizes):
        return str(table[at])
    return [_nested(table, sizes, (*at, j)) for j in range(1, sizes[len(at)] + 1)]


def _places(depth: int, n: int) -> Iterator[tuple[int, ...]]:
    return itertools.product(range(1, n + 1), repeat=depth)


def _measures(s: Sequent) -> list[str]:
    sorts = [*s.declarations.values(), *_bound_sorts(s)]
    return sorted({k.measure for k in sorts if isinstance(k, Space)})


def _palette(k: int) -> int:
    return 0 if k < 24 else 1 if k < 40 else 2 if k < 60 else (0, 1, 2, 3, 4, 2)[k % 6]


def _bound_sorts(s: Sequent) -> list[Any]:
    return [k for t in subterms(s.goal) if isinstance(t, Bind) for k in t.sorts]


def _only_scalars(a: Term, s: Sequent) -> bool:
    from ..kernel.term import free_names

    return all(isinstance(s.declarations.get(n), Scalar) for n in free_names(a))


def _used_as_numbers(s: Sequent) -> set[str]:
    """Names that occur outside densities and function values."""
    out: set[str] = set()
    stack: list[Term] = [*s.assumptions, s.goal]
    while stack:
        t = stack.pop()
        if isinstance(t, Var):
            out.add(t.name)
        elif not (isinstance(t, App) and t.head in ("density", "at")):
            stack.extend(children(t))
    return out


def _measures_of_numbers(s: Sequent, numbers: set[str]) -> list[str]:
    """The measures, but Lebesgue's, of the variables that are used as numbers."""
    found = {k.measure for n, k in s.declarations.items() if isinstance(k, Space) and n in numbers}
    for t in (u for f in (*s.assumptions, s.goal) for u in subterms(f)):
        if isinstance(t, Bind):
            found |= {k.measure for n, k in zip(t.names, t.sorts, strict=True) if isinstance(k, Space) and n in numbers}
    return sorted(found - {"lebesgue"})


def _copies_wanted(s: Sequent) -> bool:
    """Whether an assumption or a premise equates densities: then copies of laws are tried often."""
    formulas = [*s.assumptions, *(t.args[0] for t in subterms(s.goal) if isinstance(t, App)
                                  and t.head in ("implies", "iff"))]
    return any(isinstance(t, App) and t.head == "density" for f in formulas for t in subterms(f))


def _law(sort: Law, before: Mapping[str, tuple[Law, Table]], rng: random.Random,
         palette: list[tuple[Fraction, ...]], k: int, wanted: bool) -> Table:
    labels = sort.own + sort.given
    n = len(palette[0])
    everywhere = list(_places(len(labels), n))
    if k == 0:
        return dict.fromkeys(everywhere, _F(1, n ** len(sort.own)))
    if 60 <= k < 64 and len(sort.own) > 1:
        return _extreme(sort, everywhere, k)
    others = list(before.values())
    if others and rng.random() < (0.5 if wanted else 0.12):
        copied = _copied(sort, *rng.choice(others), everywhere)
        if copied is not None:
            return copied
    order = list(sort.own)
    rng.shuffle(order)
    table: Table = dict.fromkeys(everywhere, _F(1))
    for m, label in enumerate(order):
        earlier = list(sort.given) + order[:m]
        size = min(len(earlier), rng.choice((0, 1, 1, 2)) if len(labels) > 2 else rng.choice((0, 1, 1)))
        parents = rng.sample(earlier, size)
        rows = {w: rng.choice(palette) for w in _places(size, n)}
        at = labels.index(label)
        places = [labels.index(q) for q in parents]
        for w in table:
            table[w] *= rows[tuple(w[q] for q in places)][w[at] - 1]
    return table


def _extreme(sort: Law, everywhere: list[tuple[int, ...]], k: int) -> Table:
    """All own variables equal to one fair bit; or any two independent bits and their parity."""
    own = len(sort.own)
    if k % 2 == 0 or own < 3:
        return {w: _F(1, 2) if len(set(w[:own])) == 1 else _F(0) for w in everywhere}
    return {w: _F(1, 2 ** (own - 1)) if sum(w[:own]) % 2 == 0 else _F(0) for w in everywhere}


def _copied(sort: Law, other: Law, table: Table, everywhere: list[tuple[int, ...]]) -> Table | None:
    """The other law's marginal or conditional in the same labels."""
    if not set(sort.own) <= set(other.own) or set(other.given) - set(sort.given):
        return None
    labels, theirs = sort.own + sort.given, other.own + other.given
    known = [g for g in sort.given if g in other.own]
    out: Table = {}
    for w in everywhere:
        at = dict(zip(labels, w, strict=True))
        above = sum((m for v, m in table.items() if all(
            at.get(q, v[j]) == v[j] for j, q in enumerate(theirs))), _F(0))
        below = sum((m for v, m in table.items() if all(
            v[j] == at[q] for j, q in enumerate(theirs) if q in known or q in other.given)), _F(0))
        if below == 0:
            return None
        out[w] = above / below
    return out


def _rows(table: Mapping[tuple[int, ...], Fraction], depth: int, n: int) -> Any:
    def go(prefix: tuple[int, ...]) -> Any:
        if len(prefix) == depth:
            return str(table[prefix])
        return [go((*prefix, k)) for k in range(1, n + 1)]

    return go(())


# ------------------------------------------------------------------------------ judging


class _Screen(Evaluator):
    """One precision, no search for exact zeros: a screen, not a judge."""

    def constant_zero(self, t: Term) -> bool:
        return False


def _verdict(s: Sequent, witness: Witness, spent: list[int] | None = None) -> bool | None:
    """The goal's truth where the assumptions hold; None: undefined, unknown or not admissible.
    ``spent``: counts the steps of evaluation."""
    try:
        model = read_model(s, witness)
        if not all(model.truth(a) for a in s.assumptions):
            return None
        if isinstance(s.goal, App) and s.goal.head in ("=", "!=", "<", "<=", ">", ">="):
            old = ctx.prec
            try:
                ctx.prec = 64
                screen = _Screen(model.values, model.sorts, 64)
                before = screen.work[0]
                return screen.truth(s.goal)
            finally:
                ctx.prec = old
                if spent is not None:
                    spent[0] += before - screen.work[0]
        return model.truth(s.goal)
    except (Reject, Undefined, Unknown, ValueError):
        return None


def _assumptions_hold(s: Sequent, witness: Witness) -> bool:
    try:
        model = read_model(s, witness)
        return all(model.truth(a) for a in s.assumptions)
    except (Reject, Undefined, Unknown, ValueError):
        return False


def cost(witness: Witness) -> Fraction:
    total = _F(0)
    stack = list(witness["point"].values())
    while stack:
        x = stack.pop()
        if isinstance(x, dict):
            stack.extend(x.values())
        elif isinstance(x, list):
            stack.extend(x)
        elif isinstance(x, str):
            q = _F(x)
            total += 2 if q == 0 else q.denominator - 1 + _F(abs(q.numerator), 10)
    return total + (5 if "spaces" in witness else 0)


def simplified(s: Sequent, witness: Witness) -> Witness:
    """One law, function or state at a time made uniform or constant, while it still refutes."""
    best = witness
    pools = ladders(Sequent({n: k for n, k in s.declarations.items() if isinstance(k, Scalar)}, (), s.goal))
    n = next((int(m["states"]) for m in witness.get("spaces", {}).values()), 2)
    for name, sort in s.declarations.items():
        options: list[Any] = []
        match sort:
            case Law():
                depth = len(sort.own) + len(sort.given)
                uniform = dict.fromkeys(_places(depth, n), _F(1, n ** len(sort.own)))
                options = [{"law": _rows(uniform, depth, n)}]
            case Map((Space(), *_) as args, _):
                m = len(args)
                options = [{"values": _rows({w: f(w) for w in _places(m, n)}, m, n)} for f in (
                    lambda w: _F(0), lambda w: _F(1), lambda w: _F(w[0] - 1), lambda w: _F(w[0]))]
            case Space():
                options = [{"state": 1}]
            case Scalar():
                options = [value_json(v) for v in (pools or {}).get(name, ())[:3]]
        for value in options:
            trial = {**best, "point": {**best["point"], name: value}}
            if cost(trial) <= cost(best) and trial != best and _verdict(s, trial) is False:
                best = trial
                break
    if "spaces" in best:
        numbered = {m: {"states": v["states"], "cell": "1", "values": v["values"]} for m, v in best["spaces"].items()
                    if "values" in v}
        plain = {k: v for k, v in best.items() if k != "spaces"}
        if numbered:
            plain["spaces"] = {m: {**v, **numbered.get(m, {"cell": "1"})} for m, v in best["spaces"].items()}
        if plain != best and _verdict(s, plain) is False:
            best = plain
    return best


__all__ = ["applicable", "candidates", "inhabit_finite", "refute_at_once", "refute_finite"]
