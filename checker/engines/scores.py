"""Score functions and derivatives of expectations: the claim in functionals, small tables for a refutation.

Proof: the rule ``exchange`` takes derivatives under the expectations and writes what is left in functionals;
that equation of numbers is proved by the other engines.  Refutation: tables of masses on two or three states
with the derivatives of the masses, evaluated by dual numbers.

Cannot do: functions of real variables other than polynomials as witnesses.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evaluate import Undefined, Unknown, truth
from ..kernel.evidence import Reject
from ..kernel.model import read_model
from ..kernel.parametric import parameters
from ..kernel.rule_exchange import about_scores, reduce
from ..kernel.term import REAL, Bind, Law, Map, Scalar, Sort, Space, Var, add, app, mul, num, to_json
from .finite_laws import _measures_of_numbers, _used_as_numbers
from .points import ladders

if TYPE_CHECKING:
    from .search import Searcher

Witness = dict[str, Any]
_F = Fraction
TABLES, WANTED = 240, 12
MASSES = {2: [("1/2", "1/2"), ("1/4", "3/4"), ("1/3", "2/3")], 3: [("1/4", "1/4", "1/2"), ("1/3", "1/3", "1/3")]}
SLOPES = {2: [("1", "-1"), ("-1", "1"), ("1/2", "-1/2"), ("0", "0")], 3: [("1", "-1", "0"), ("1", "1", "-2")]}


def proofs(s: Sequent, search: Searcher) -> Iterator[dict[str, Any]]:
    if not about_scores(s):
        return
    try:
        reduced, _ = reduce(s)
    except Reject as reason:
        search.notes.setdefault("exchange", f"{reason.where}: {reason.message}")
        return
    proof = search.prove(reduced)
    if proof is not None:
        yield {"rule": "exchange", "proof": proof}


def refute(s: Sequent) -> Iterator[Witness]:
    """Witnesses at which the goal is false: the simplest of the first ones found."""
    found: list[tuple[int, int, Witness]] = []
    for k, witness in enumerate(candidates(s)):
        try:
            model = read_model(s, witness)
            if all(model.truth(a) for a in s.assumptions) and not model.truth(s.goal):
                found.append((_cost(witness), k, witness))
        except (Reject, Undefined, Unknown):
            continue
        if len(found) >= WANTED:
            break
    for _, _, witness in sorted(found, key=lambda f: f[:2])[:2]:
        yield witness


def refute_at_once(s: Sequent) -> Iterator[Witness]:
    if not about_scores(s):
        return
    yield from itertools.islice(refute(s), 2)


def inhabitants(s: Sequent) -> Iterator[Witness]:
    for witness in itertools.islice(candidates(s), 60):
        try:
            model = read_model(s, witness)
            if all(truth(a, model.values, model.sorts) for a in s.assumptions):
                yield witness
                return
        except (Reject, Undefined, Unknown):
            continue


def candidates(s: Sequent) -> Iterator[Witness]:
    """Points with positive tables and their derivatives; nothing, for a claim without such laws."""
    laws = [x for x in s.declarations.values() if isinstance(x, Law)]
    moving = any(parameters(x, s.declarations) for x in laws)
    if not laws or not (moving or any(getattr(a, "head", "") == "regular" for a in s.assumptions)):
        return
    scalars = Sequent({n: k for n, k in s.declarations.items() if isinstance(k, Scalar)}, (), s.goal)
    pools = ladders(scalars)
    if pools is None:
        return
    rng = random.Random(9)  # noqa: S311 - search only
    numbers = bool(_measures_of_numbers(s, _used_as_numbers(s))) or any(
        isinstance(x, Map) and REAL in x.args for x in s.declarations.values())
    for k in range(TABLES):
        n = 2 if k < TABLES*2//3 else 3
        point: dict[str, Any] = {}
        for name, sort in s.declarations.items():
            made = _value(name, sort, s, n, k, rng, pools)
            if made is None:
                return
            point[name] = made
        spaces: dict[str, Any] = {m: {"states": n, "cell": "1"} for m in ("unspecified", "counting", "lebesgue")}
        if numbers:
            for m in ("unspecified", "counting"):
                spaces[m]["values"] = ["-1", "1"] if n == 2 and k % 2 else [str(h) for h in range(n)]
        yield {"kind": "point", "point": point, "spaces": spaces}


def _value(name: str, sort: Sort, s: Sequent, n: int, k: int, rng: random.Random, pools: Mapping[str, Any]) -> Any:
    match sort:
        case Law(own, given):
            moving = parameters(sort, s.declarations)
            depth = len(own) + len(given) - len(moving)
            out: dict[str, Any] = {}
            for key in ("law", "slope", "curve") if moving else ("law",):
                out[key] = _rows(_columns(key, len(own), depth, n, k, rng), (), depth, n)
            return out
        case Space("lebesgue"):
            return {"value": "1/2"}
        case Space():
            return {"state": rng.randint(1, n) if k else 1}
        case Scalar():
            pool = pools.get(name) or [num(0)]
            return to_json(pool[0] if k == 0 else rng.choice(pool[:4]))
        case Map(args, Scalar()) if args and all(isinstance(a, Space) for a in args):
            entries = {at: str(rng.choice((0, 1, 1, 2, -1))) for at in itertools.product(
                range(1, n + 1), repeat=len(args))}
            return {"values": _rows(entries, (), len(args), n)}
        case Map(args, Scalar()) if all(a == REAL for a in args):
            names = tuple(f"y{h}" for h in range(len(args)))
            ys = [Var(y) for y in names]
            body = rng.choice([mul(*ys), add(*ys), app("pow", ys[0], num(2)), app("pow", ys[-1], num(3))])
            return {"lambda": to_json(Bind("lambda", names, args, (), (body,)))}
        case _:
            return None


def _columns(key: str, own: int, depth: int, n: int, k: int, rng: random.Random) -> dict[tuple[int, ...], str]:
    """Masses by own labels, then given ones; the derivatives add up to 0 in each column."""
    out: dict[tuple[int, ...], str] = {}
    places = list(itertools.product(range(1, n + 1), repeat=own))
    for given in itertools.product(range(1, n + 1), repeat=depth - own):
        if own == 1:
            table: Sequence[str] = rng.choice((MASSES if key == "law" else SLOPES)[n])
            if key == "curve" and k % 2 == 0:
                table = ("0",)*n
        else:
            table = _joint(key, len(places), rng)
        out.update({(*at, *given): m for at, m in zip(places, table, strict=True)})
    return out


def _joint(key: str, count: int, rng: random.Random) -> list[str]:
    weights = [rng.choice((1, 1, 2, 3)) for _ in range(count)]
    if key == "law":
        return [str(_F(w, sum(weights))) for w in weights]
    slopes = [rng.choice((-1, 0, 1)) for _ in range(count - 1)]
    return [str(x) for x in (*slopes, -sum(slopes))]


def _rows(table: Mapping[tuple[int, ...], str], at: tuple[int, ...], depth: int, n: int) -> Any:
    if depth == 0:
        return table[at]
    return [_rows(table, (*at, k), depth - 1, n) for k in range(1, n + 1)]


def _cost(witness: Witness) -> int:
    return len(str(witness["point"])) + 100*max(int(r["states"]) for r in witness["spaces"].values())


__all__ = ["candidates", "inhabitants", "proofs", "refute", "refute_at_once"]
