"""Functions of vectors as witnesses: small polynomials on R and R^2, with proofs that they have what is assumed.

Class: claims with declared functions of vectors.  Method: sizes 1, then 2; scalars from the ladders of ``points``; each
function is a polynomial with small coefficients or with those of the scalars (L/2 x^2 has an L-Lipschitz gradient), or
for functions that need not be differentiable also |x|; derivatives are those of the polynomial.  Candidates are tried
by value, first at the assumptions' instances, then at the claim; what survives gets its proofs: the quantified
assumptions are polynomial inequalities once vectors are written out.  The kernel checks all of it again.
Cannot do: functions that are no polynomials (Huber's, softplus), sizes over 2.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.evaluate import Table, Undefined, Unknown, truth
from ..kernel.model import Model
from ..kernel.rule_values import of_vectors
from ..kernel.term import (
    REAL, TRUE, App, Bind, Index, Map, Num, Scalar, Sort, Term, Var, add, app, conjuncts, free_names, mul,
    num, sort_terms, subterms, to_json,
)
from .assumptions import with_proofs
from .points import points

Poly = dict[tuple[int, ...], Fraction]
_F = Fraction
SCALARS, FUNCTIONS, VECTORS, TESTS, THOROUGH = 8, 60, 30, 8, 60
QUICK, MANY = 120, 5_000        # candidates by value


def refute_at_once(s: Sequent) -> Iterator[dict[str, Any]]:
    """Witnesses with the proof of the negation, among the first candidates."""
    yield from _refutations(s, QUICK)


def refute(s: Sequent) -> Iterator[dict[str, Any]]:
    yield from _refutations(s, MANY)


def _refutations(s: Sequent, tries: int) -> Iterator[dict[str, Any]]:
    if not any(of_vectors(k) for k in s.declarations.values()):
        return
    tried = 0
    rng = random.Random(5)  # noqa: S311 - search only
    models = _Models(s, tries)
    for values in models.models():
        model = Model(values, s.declarations)
        proof = _false(s.goal, model, s)
        if proof is None or not all(_plausible(a, values, s, rng, THOROUGH) for a in models.laws):
            continue
        witness = _witness(s, values)
        if witness is not None:
            yield {"witness": witness, "proof": proof}
            return
        tried += 1
        if tried >= 8:
            return


def inhabitants(s: Sequent) -> Iterator[dict[str, Any]]:
    if not any(of_vectors(k) for k in s.declarations.values()):
        return
    for values in itertools.islice(_Models(s, MANY).models(), 8):
        witness = _witness(s, values)
        if witness is not None:
            yield witness


# ------------------------------------------------------------------ polynomials


def derived(p: Poly, k: int) -> Poly:
    out: Poly = {}
    for e, c in p.items():
        if e[k]:
            low = (*e[:k], e[k] - 1, *e[k + 1:])
            out[low] = out.get(low, _F(0)) + c*e[k]
    return out


def as_term(p: Poly, x: Term) -> Term:
    summands = []
    for e, c in p.items():
        factors: list[Term] = []
        for k, power in enumerate(e, 1):
            if power:
                entry = app("at", x, num(k))
                factors.append(entry if power == 1 else app("pow", entry, num(power)))
        if c != 0:
            summands.append(mul(*([Num(c)] if c != 1 or not factors else []), *factors))
    return add(*summands)


def lambda_of(parts: Mapping[tuple[int, ...], Any], sort: Map, size: int) -> Bind:
    """A function of a vector and of indices, by its bodies at the indices: terms or polynomials."""
    names = ("x", *(f"{'kij'[j]}" for j in range(len(sort.args) - 1)))
    bodies = []
    for where, p in parts.items():
        body = as_term(p, Var("x")) if isinstance(p, dict) else p
        if body != num(0):
            bodies.append(mul(body, *(app("delta", Var(n), num(k)) for n, k in zip(names[1:], where, strict=True))))
    return Bind("lambda", names, sort.args, (), (add(*bodies),))


# ------------------------------------------------------------------ candidates


class _Models:
    def __init__(self, s: Sequent, tries: int) -> None:
        self.s, self.most = s, tries
        self.rng = random.Random(11)  # noqa: S311 - search only
        self.sizes = sorted({n for k in s.declarations.values() for t in sort_terms(k) for n in free_names(t)})
        self.scalars = [n for n, k in s.declarations.items() if isinstance(k, Scalar)]
        self.functions = [n for n, k in s.declarations.items() if of_vectors(k) or k == Map((REAL,), REAL)]
        self.derivative = {a.args[1].name: a.args[0].name for a in s.assumptions  # type: ignore[union-attr]
                           if isinstance(a, App) and a.head == "derivative-of"}
        self.roots = [n for n in self.functions if n not in self.derivative.values()]
        self.families = [n for n, k in s.declarations.items() if isinstance(k, Map) and n not in self.functions]
        self.indices = [n for n, k in s.declarations.items() if isinstance(k, Index)]
        self.laws = [a for a in s.assumptions if _is_law(a) and not (isinstance(a, App) and a.head == "derivative-of")]
        self.ground = [a for a in s.assumptions if not _is_law(a)]
        self.given = [r for a in self.ground for r in _rules(a)]
        self.tries = 0

    def models(self) -> Iterator[dict[str, Any]]:
        if len(self.sizes) + len(self.scalars) + len(self.families) + len(self.roots) > 14 or any(
                not _plain(k) for k in self.s.declarations.values()):
            return
        for sizes in sorted(itertools.product((1, 2), repeat=len(self.sizes)), key=lambda c: (sum(c), c)):
            fixed = dict(zip(self.sizes, map(num, sizes), strict=True))
            for scalars in self._scalars(fixed):
                here: dict[str, Any] = {**fixed, **scalars}
                for functions in self._functions(here):
                    for vectors in self._vectors({**here, **functions}):
                        self.tries += 1
                        if self.tries > self.most:
                            return
                        if self._holds(vectors):
                            yield vectors

    def _scalars(self, fixed: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        names = {n: self.s.declarations[n] for n in self.scalars if n not in fixed}
        if not names:
            yield {}
            return
        about = tuple(a for a in self.ground if free_names(a) <= set(names))
        found, tight = [], []
        for witness in points(Sequent(names, about, TRUE), 5*SCALARS):
            values = {n: Num(_F(v)) for n, v in witness["point"].items() if isinstance(v, str)}
            if len(values) == len(names):
                (tight if any(_tight(a, values, names) for a in about) else found).append(values)
        yield from itertools.islice(_alternating(found, tight), SCALARS)

    def _functions(self, here: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        pools = []
        for f in self.roots:
            pool = []
            for candidate in self._candidates(f, here):
                if self._lawful({**here, **candidate}):
                    pool.append(candidate)
            pools.append(pool[:FUNCTIONS])
        order = sorted(itertools.product(*(range(len(p)) for p in pools)), key=lambda w: (sum(w), w))
        for pick in order[:FUNCTIONS]:
            out: dict[str, Any] = {}
            for p, k in zip(pools, pick, strict=True):
                out |= p[k]
            yield out

    def _candidates(self, f: str, here: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        plain = _closed(self.s.declarations[f], here)
        if plain.args == (REAL,):
            for body in (Var("y"), app("pow", Var("y"), num(2)), num(0)):
                yield {f: Bind("lambda", ("y",), (REAL,), (), (body,))}
            return
        size = _length(plain.args[0].args[0])  # type: ignore[union-attr]
        values = tuple(_length(k) for k in plain.args[1:])
        scalars = [v.value for n, v in here.items() if n in self.scalars and n not in self.sizes]
        for parts in self._parts(size, values, scalars):
            out: dict[str, Any] = {f: lambda_of(parts, plain, size)}
            name, current, slots = f, parts, plain
            while name in self.derivative:
                name = self.derivative[name]
                slots = Map((*slots.args, plain.args[0].args[0]), REAL)  # type: ignore[union-attr]
                current = {(*w, k + 1): derived(p, k) for w, p in current.items() for k in range(size)}
                out[name] = lambda_of(current, slots, size)
            yield out
        if f not in self.derivative and not values:
            entries = [app("abs", app("at", Var("x"), num(k))) for k in range(1, size + 1)]
            yield {f: lambda_of({(): add(*entries)}, plain, size)}
            yield {f: lambda_of({(): app("neg", add(*entries))}, plain, size)}
            yield {f: lambda_of({(): app("max", num(0), app("at", Var("x"), num(1)))}, plain, size)}

    def _parts(self, size: int, values: tuple[int, ...], scalars: Sequence[Fraction]
               ) -> Iterator[dict[tuple[int, ...], Poly]]:
        def mono(*e: int) -> tuple[int, ...]:
            return (*e, *(0 for _ in range(size - len(e))))

        def unit(k: int, power: int = 1) -> tuple[int, ...]:
            return tuple(power if j == k else 0 for j in range(size))

        if not values:
            bends = list(dict.fromkeys([*(v for v in scalars), _F(2), _F(0), _F(1), *(v/2 for v in scalars),
                                        *(-v for v in scalars), *(2*v for v in scalars), _F(-2), _F(-1), _F(1, 2)]))
            for a in bends:
                yield {(): {unit(k, 2): a/2 for k in range(size)}}
            if size == 1:
                for a, b in itertools.product(bends[:5], (_F(1), _F(-1), _F(2))):
                    yield {(): {(2,): a/2, (1,): b}}
                for powers in ({3: 1}, {4: 1}, {3: -1}, {2: -1, 4: 1}, {0: 1}, {2: 1, 0: 1}, {2: 1, 0: -1},
                               {2: 1, 1: -2, 0: 1}):
                    yield {(): {(e,): _F(c) for e, c in powers.items()}}
            else:
                for a, b in itertools.permutations(bends[:6], 2):
                    yield {(): {unit(0, 2): a/2, unit(1, 2): b/2}}
                yield {(): {mono(1, 1): _F(1)}}
                yield {(): {mono(2): _F(1, 2), mono(1, 1): _F(1), mono(0, 2): _F(1)}}
                yield {(): {mono(2, 1): _F(1)}}
            return
        rows = list(itertools.product(*(range(1, v + 1) for v in values)))
        if len(values) != 1:
            return
        yield {w: {unit((w[0] - 1) % size): _F(1)} for w in rows}
        yield {w: {unit(k): _F(w[0] + k if k >= w[0] - 1 else 0) for k in range(size)} for w in rows}
        yield {w: {unit((w[0]) % size): _F(w[0])} for w in rows}
        yield {w: {unit((w[0] - 1) % size, 2): _F(1)} for w in rows}
        yield {w: {unit((w[0] - 1) % size): _F(-1)} for w in rows}
        yield {w: {unit((w[0] - 1) % size): _F(2)} for w in rows}
        yield {w: {(1,)*size: _F(1), unit(0): _F(w[0])} for w in rows}
        yield {w: {mono(0): _F(w[0])} for w in rows}
        yield {w: {} for w in rows}

    def _lawful(self, values: Mapping[str, Any]) -> bool:
        """The quantified assumptions that need no more than these values, at some vectors."""
        return all(_plausible(a, values, self.s, self.rng) for a in self.laws if free_names(a) <= set(values))

    def _vectors(self, here: dict[str, Any]) -> Iterator[dict[str, Any]]:
        free = [n for n in self.families if not any(n == r[0] for r in self.given)]
        ranges = [range(1, _size(self.s.declarations[n], here) + 1) for n in self.indices]
        pools = [self._tables(n, here) for n in free]
        order = sorted(itertools.product(*(range(len(p)) for p in pools)), key=lambda w: (sum(w), w))
        for pick in order[:VECTORS]:
            values = {**here, **{n: p[k] for n, p, k in zip(free, pools, pick, strict=True)}}
            for at in itertools.product(*ranges):
                whole = {**values, **dict(zip(self.indices, map(num, at), strict=True))}
                filled = self._filled(whole)
                if filled is not None:
                    yield filled

    def _tables(self, name: str, here: Mapping[str, Any]) -> list[Table]:
        sort = _closed(self.s.declarations[name], here)
        shape = tuple(map(_length, sort.args))
        places = list(itertools.product(*(range(1, k + 1) for k in shape)))
        out = []
        for pattern in ((1, 2), (0, 0), (-1, 1), (2, -1), (3, 0), (_F(1, 2), 1), (-2, 0)):
            out.append(Table(shape, {w: num(_F(pattern[j % 2])) for j, w in enumerate(places)}))
        return out

    def _filled(self, values: dict[str, Any]) -> dict[str, Any] | None:
        """The families that an assumption gives entry by entry."""
        left = [r for r in self.given if r[0] not in values]
        for _ in range(len(left)):
            for name, names, value in left:
                if name in values or not free_names(value) - set(names) <= set(values):
                    continue
                sort = _closed(self.s.declarations[name], values)
                shape = tuple(map(_length, sort.args))
                entries = {}
                try:
                    from ..kernel.evaluate import Evaluator

                    for w in itertools.product(*(range(1, k + 1) for k in shape)):
                        inside = {**values, **dict(zip(names, map(num, w), strict=True))}
                        x = Evaluator(inside, {**self.s.declarations, **dict(zip(names, sort.args, strict=True))},
                                      64).number(value)
                        if not isinstance(x, Fraction):
                            return None
                        entries[w] = Num(x)
                except (Undefined, Unknown):
                    return None
                values = {**values, name: Table(shape, entries)}
        return values if all(n in values for n in self.families) else None

    def _holds(self, values: Mapping[str, Any]) -> bool:
        try:
            if not all(truth(a, values, self.s.declarations) for a in self.ground):
                return False
        except (Undefined, Unknown):
            return False
        return all(_plausible(a, values, self.s, self.rng) for a in self.laws if not free_names(a) <= {
            *self.sizes, *self.scalars, *self.functions})


def _tight(a: Term, values: Mapping[str, Any], sorts: Mapping[str, Sort]) -> bool:
    """An assumed order between two names or terms of them that holds as an equation here."""
    try:
        return isinstance(a, App) and a.head in ("<=", ">=") and not any(isinstance(t, Num) for t in a.args) and truth(
            app("=", *a.args), values, sorts)
    except (Undefined, Unknown):
        return False


def _alternating(*lists: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in itertools.zip_longest(*lists):
        yield from (x for x in row if x is not None)


def _is_law(a: Term) -> bool:
    return any(isinstance(u, Bind) and u.head in ("forall", "exists") and any(not isinstance(k, Index) for k in u.sorts)
               or isinstance(u, App) and u.head == "derivative-of" for u in subterms(a))


def _plain(sort: Sort) -> bool:
    match sort:
        case Scalar() | Index():
            return True
        case Map((Scalar("real"),), Scalar("real")):
            return True
        case Map(args, Scalar("real")):
            return all(isinstance(k, Index) for k in args) or isinstance(args[0], Map) and args[0].result == REAL and (
                len(args[0].args) == 1 and all(isinstance(k, Index) for k in (*args[0].args, *args[1:])))
        case _:
            return False


def _rules(a: Term) -> list[tuple[str, tuple[str, ...], Term]]:
    """``forall i: v[i] = t`` with t free of v."""
    match a:
        case Bind("forall", names, _, _, (guard, App("=", (App("at", (Var(v), *indices)), t)))) if guard == TRUE and (
                tuple(indices) == tuple(map(Var, names)) and v not in free_names(t) | set(names)):
            return [(v, names, t)]
        case App("mat=", (Var(v), t)) if v not in free_names(t):
            return []
    return []


def _closed(sort: Sort, here: Mapping[str, Any]) -> Map:
    from ..kernel.term import substitute_sort

    out = substitute_sort(sort, {n: v for n, v in here.items() if isinstance(v, Num)})
    if not isinstance(out, Map):
        raise Unknown("not a family")
    return out


def _length(k: Sort) -> int:
    if isinstance(k, Index) and isinstance(k.size, Num):
        return int(k.size.value)
    raise Unknown("a size that is not given")


def _size(k: Sort, here: Mapping[str, Any]) -> int:
    from ..kernel.term import substitute_sort

    return _length(substitute_sort(k, {n: v for n, v in here.items() if isinstance(v, Num)}))


# ------------------------------------------------------------------ quantified statements by their instances


def _instances(a: Bind, values: Mapping[str, Any], s: Sequent, rng: random.Random, count: int
               ) -> Iterator[tuple[dict[str, Any], dict[str, Sort]]]:
    sorts = {**s.declarations, **dict(zip(a.names, a.sorts, strict=True))}
    pool = (0, 1, -1, 2, _F(1, 2), -3, _F(-1, 2), _F(1, 4), 5)
    for round_ in range(count):
        inside = dict(values)
        for n, k in zip(a.names, a.sorts, strict=True):
            if isinstance(k, Scalar):
                inside[n] = num(_F(1, 2) if round_ % 2 == 0 else _F(rng.choice((0, 1, _F(1, 4), _F(2, 3), -1, 2))))
            elif isinstance(k, Index):
                inside[n] = num(rng.randint(1, _size(k, values)))
            else:
                shape = tuple(map(_length, _closed(k, values).args))
                inside[n] = Table(shape, {w: num(_F(rng.choice(pool))) for w in itertools.product(
                    *(range(1, m + 1) for m in shape))})
        yield inside, sorts


def _plausible(a: Term, values: Mapping[str, Any], s: Sequent, rng: random.Random, tests: int = TESTS) -> bool:
    """The assumption at some values of its bound names."""
    for part in conjuncts(a):
        try:
            if not isinstance(part, Bind):
                if not truth(part, values, s.declarations):
                    return False
                continue
            for inside, sorts in _instances(part, values, s, rng, tests):
                if truth(part.inner[0], inside, sorts) and not truth(part.inner[1], inside, sorts):
                    return False
        except Undefined:
            return False
        except Unknown:
            continue
    return True


def _false(goal: Term, model: Model, s: Sequent) -> dict[str, Any] | None:
    """A proof of the negation at the point."""
    match goal:
        case App("and", parts):
            for k, part in enumerate(parts):
                found = _false(part, model, s)
                if found is not None:
                    return {"rule": "or", "index": k, "proof": found}
            return None
        case Bind("forall", names, _, _, (guard, body)) if _is_law(goal):
            rng = random.Random(3)  # noqa: S311 - search only
            for inside, sorts in _instances(goal, model.values, s, rng, 4*TESTS):
                try:
                    if truth(guard, inside, sorts) and not truth(body, inside, sorts):
                        witness = {n: to_json(_given(inside[n])) for n in names}
                        return {"rule": "exists", "witness": witness, "range": {
                            n: {"rule": "evaluate"} for n in names}, "guard": {"rule": "evaluate"},
                            "proof": {"rule": "evaluate"}}
                except (Undefined, Unknown):
                    continue
            return None
    try:
        return None if truth(goal, model.values, s.declarations) else {"rule": "evaluate"}
    except (Undefined, Unknown):
        return None


def _given(value: Any) -> Term:
    """A table as a lambda."""
    if not isinstance(value, Table):
        return value  # type: ignore[no-any-return]
    names = tuple(f"i{k}'" for k in range(len(value.shape)))
    parts = tuple(mul(t, *(app("delta", Var(n), num(k)) for n, k in zip(names, w, strict=True)))
                  for w, t in value.entries.items() if t != num(0))
    return Bind("lambda", names, tuple(Index(num(k)) for k in value.shape), (), (App("add", parts),))


def _witness(s: Sequent, values: Mapping[str, Any]) -> dict[str, Any] | None:
    return with_proofs(s, {"kind": "point", "point": {n: _json(values[n]) for n in s.declarations}})


def _json(value: Any) -> Any:
    if isinstance(value, Table):
        def rows(where: tuple[int, ...]) -> Any:
            if len(where) == len(value.shape):
                return to_json(value.entries[where])
            return [rows((*where, k)) for k in range(1, value.shape[len(where)] + 1)]

        return {"table": rows(()), "function": True}
    return {"lambda": to_json(value)} if isinstance(value, Bind) else to_json(value)


__all__ = ["inhabitants", "refute", "refute_at_once"]
