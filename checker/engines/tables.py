"""Points with families: small sizes, small tables, assumptions met by construction, then shrunk.

Method: sizes in order of their sum; every assignment of the indices; scalars from the ladders of
``points``; for each family a list of shapes (zeros, the identity, one-hot rows, rows of a rational
orthogonal matrix: Householder's I - 2 v v^T/v.v, then small random entries), and where an assumption
says ``forall u, g(u): f[u, ..] = h`` its entries follow from that.  An assumption is checked as soon
as all its names have values, so a bad choice is given up early.  Quantifiers over families and numbers
in front of the goal are searched along with the declared names: their values become the witnesses of
the negated goal.  What is found is made simpler entry by entry.

The kernel evaluates every point again; nothing here is believed.
Cannot do: sizes above 4; assumptions that no listed shape meets.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.evaluate import Table, Undefined, Unknown, at_precisions, truth
from ..kernel.evaluate import value as value_at
from ..kernel.evidence import Reject
from ..kernel.model import Model, read_model
from ..kernel.rule_index_form import check
from ..kernel.term import (
    OO,
    REAL,
    TRUE,
    App,
    Bind,
    Index,
    Map,
    Num,
    Scalar,
    Sort,
    Term,
    Var,
    add,
    app,
    conj,
    conjuncts,
    free_names,
    fresh,
    mul,
    negate,
    num,
    sort_terms,
    substitute,
    substitute_sort,
    subterms,
    to_json,
)
from .matrix_points import (
    Rows, bounded, drawn, eigenpairs, eigenvector_of, moved, structure, with_eigenvalues,
)
from .points import INTEGER, ladders

_F = Fraction
MAX_SIZE = 3
ROUNDS = 7
MAX_TRIES = 2_500
POOLS = tuple(
    tuple(_F(x) for x in pool)
    for pool in (
        (0, 1),
        (0, 1, -1),
        (0, 1, -1, 2),
        (0, 1, -1, 2, -2, "1/2"),
        (1, -1, 2, -2, 3, 4, -4, "1/2", "-1/3"),
    )
)
_NOT_EVALUATED = ("limit", "converges", "diff", "integral")
INSTANCES = 6
Values = dict[str, Any]


@dataclass
class Problem:
    """A sequent whose leading quantifiers over families and numbers are opened."""

    sequent: Sequent
    hoisted: tuple[str, ...]
    goal: Term
    names: dict[str, Sort] = field(default_factory=dict)
    assumptions: tuple[Term, ...] = ()


def opened(s: Sequent) -> Problem:
    names, assumptions, hoisted, goal = dict(s.declarations), list(s.assumptions), [], s.goal
    while True:
        match goal:
            case Bind("forall", bound, sorts, (), (guard, body)) if any(
                not isinstance(x, Index) for x in sorts
            ):
                by: dict[str, Term] = {}
                for n, sort in zip(bound, sorts, strict=True):
                    new = fresh(n, set(names))
                    names[new] = substitute_sort(sort, by)
                    by[n] = Var(new)
                    hoisted.append(new)
                assumptions += [substitute(x, by) for x in conjuncts(guard)]
                goal = substitute(body, by)
            case App("implies", (premise, conclusion)):
                assumptions += conjuncts(premise)
                goal = conclusion
            case _:
                return Problem(s, tuple(hoisted), goal, names, tuple(assumptions))


def has_families(s: Sequent) -> bool:
    p = opened(s)
    kinds = (Scalar, Index, Map)
    return all(isinstance(x, kinds) for x in p.names.values()) and any(
        isinstance(x, (Index, Map)) for x in p.names.values()
    )


# ------------------------------------------------------------------ building a point


class Builder:
    def __init__(self, problem: Problem, limit: int = MAX_TRIES, seed: int = 5) -> None:
        self.problem, self.random = problem, random.Random(seed)  # noqa: S311 - search only
        self.tries, self.limit = 0, limit
        self.below: int | None = None      # only sizes whose sum is less
        self.dead: Counter[tuple[Any, ...]] = Counter()
        self.failed: Term | None = None
        names = problem.names
        self.sizes = sorted(
            {x for sort in names.values() for t in sort_terms(sort) for x in free_names(t)}
            & {n for n, sort in names.items() if isinstance(sort, Scalar)}
        )
        self.scalars = [n for n, sort in names.items() if isinstance(sort, Scalar) and n not in self.sizes]
        self.indices = [n for n, sort in names.items() if isinstance(sort, Index)]
        self.families = self._ordered([n for n, sort in names.items() if isinstance(sort, Map)])
        self.structures = {n: structure(n, problem.assumptions) for n in self.families}
        self.bounds = {n: bounded(n, problem.assumptions) for n in self.families}
        self.eigenpairs = eigenpairs(problem.assumptions)
        # an equation between several matrices is rarely met at the first try
        self.related = {n: any(isinstance(a, App) and a.head == "mat=" and len(free_names(a) & set(self.families)) > 1
                               and n in free_names(a) for a in problem.assumptions) for n in self.families}
        self.rules = [r for a in problem.assumptions for r in _entry_rules(a)]
        scalar_sequent = Sequent(
            {n: names[n] for n in self.scalars},
            tuple(a for a in problem.assumptions if free_names(a) <= set(self.scalars)),
            TRUE,
        )
        self.ladders = ladders(scalar_sequent)

    def _ordered(self, families: list[str]) -> list[str]:
        """A family that a rule gives comes after those the rule reads; in Loewner's order what is assumed of one
        alone comes first, then the lower one."""
        given = {
            r[2].args[0].name: free_names(r[3])
            for a in self.problem.assumptions
            for r in _entry_rules(a)
            if isinstance(r[2].args[0], Var)
        }
        known = self.problem.assumptions

        def after(n: str) -> tuple[bool, bool]:
            bound = bounded(n, known)
            return bound is not None and not structure(n, known), bound is not None and bound[1] > 0

        vectors = {v for _, _, v in eigenpairs(known)}
        return sorted(families, key=lambda n: (
            n in vectors, n in given and not given[n].isdisjoint(families), *after(n), families.index(n)))

    def _near(self, name: str, values: Values, shape: tuple[int, ...], round_: int) -> Rows | None:
        """A matrix that lies as Loewner's order asks to one that is drawn already."""
        bound = self.bounds[name]
        if bound is None or bound[0] not in values or self.random.random() > 0.8:
            return None
        other, sign, strict = bound
        entries = values[other].entries
        rows = [[x.value for j in range(1, shape[1] + 1) if isinstance(x := entries[i, j], Num)]
                for i in range(1, shape[0] + 1)]
        return moved(rows, sign, strict, self.random, round_) if all(len(r) == shape[1] for r in rows) else None

    def _eigen(self, name: str, values: Values, shape: tuple[int, ...], round_: int) -> Rows | None:
        """A matrix with the eigenvalues that are assumed of it; an eigenvector of a matrix that is drawn already."""
        if not self.eigenpairs or self.random.random() > 0.9:
            return None
        wanted = [values[lam].value for m, lam, _ in self.eigenpairs if m == name and isinstance(values.get(lam), Num)]
        if wanted and len(shape) == 2:
            return with_eigenvalues(wanted, shape[0], self.structures[name], self.random, round_)
        for m, lam, v in self.eigenpairs:
            if v == name and isinstance(values.get(lam), Num) and m in values and len(shape) == 1:
                entries = values[m].entries
                rows = [[entries[i, j] for j in range(1, shape[0] + 1)] for i in range(1, shape[0] + 1)]
                if all(isinstance(x, Num) for r in rows for x in r):
                    x = eigenvector_of([[y.value for y in r] for r in rows], values[lam].value, self.random)
                    return None if x is None else [[y] for y in x]
        return None

    def points(self, limit: int) -> Iterator[Values]:
        """Points at which the assumptions evaluate to true."""
        if self.ladders is None:
            return
        found = 0
        for round_ in range(ROUNDS):
            if round_ in (1, 3):
                self.dead.clear()
            for sizes in self._sizes(round_):
                for indices in self._indices(sizes):
                    if self._hopeless(sizes):
                        break
                    for draw in range(1 if round_ == 0 else 3):
                        for scalars in self._scalars(round_, draw):
                            self.tries += 1
                            if self.tries > self.limit:
                                return
                            start = {**sizes, **indices, **scalars}
                            if not self._consistent(start, self.scalars):
                                continue
                            point = self._families(start, round_)
                            if point is not None:
                                yield {n: point[n] for n in self.problem.names}
                                found += 1
                                if found >= limit:
                                    return

    def _sizes(self, round_: int) -> Iterator[Values]:
        most = MAX_SIZE + (round_ >= 4)
        choices = sorted(itertools.product(range(1, most + 1), repeat=len(self.sizes)), key=sum)
        for choice in choices[:40]:
            if self.below is not None and sum(choice) >= self.below:
                return
            values: Values = {n: num(k) for n, k in zip(self.sizes, choice, strict=True)}
            if self._consistent(values, self.sizes):
                yield values

    def _indices(self, sizes: Values) -> Iterator[Values]:
        ranges = []
        for n in self.indices:
            sort = self.problem.names[n]
            ranges.append(range(1, _size(sort, sizes) + 1))
        count = 0
        for choice in itertools.product(*ranges):
            values = {n: num(k) for n, k in zip(self.indices, choice, strict=True)}
            if self._consistent({**sizes, **values}, self.indices):
                yield values
                count += 1
                if count >= 12:
                    return

    def _scalars(self, round_: int, draw: int) -> Iterator[Values]:
        pools = [(self.ladders or {}).get(n) or [num(0)] for n in self.scalars]
        if round_ == 0:
            options = [[p[0] for p in pools]]
            zero = [next((t for t in p if t == num(0)), p[0]) for p in pools]
            options.append(zero)
            if pools and len(pools[0]) > 1:
                options.append([p[min(1, len(p) - 1)] for p in pools])
            options += [[p[min(k == h, len(p) - 1)] for k, p in enumerate(pools)] for h in range(len(pools))][
                :4
            ]
        else:
            options = [[self.random.choice(p[: 4 + 4 * round_]) for p in pools] for _ in range(3)]
        for choice in {tuple(o): None for o in options}:
            yield dict(zip(self.scalars, choice, strict=True))

    def _families(self, values: Values, round_: int) -> Values | None:
        for name in self.families:
            sort = self.problem.names[name]
            if not isinstance(sort, Map):
                return None
            for _ in range(30 if self.related[name] else 6):
                made = self._one(name, sort, values, round_)
                if made is None:
                    return None
                values = {**values, name: made}
                if self._consistent(values, [name]):
                    break
            else:
                for made in self._shapes(sort, values):
                    values = {**values, name: made}
                    if self._consistent(values, [name]):
                        break
                else:
                    if self.failed is not None and free_names(self.failed) <= {name, *self.sizes}:
                        self.dead[tuple(values[n] for n in self.sizes)] += 1
                    return None
        return values

    def _hopeless(self, sizes: Values) -> bool:
        """At these sizes no shape of a family met what is assumed of it alone (orthonormal keys need
        m <= d): twice is enough."""
        return self.dead[tuple(sizes[n] for n in self.sizes)] >= 2

    def _one(self, name: str, sort: Map, values: Values, round_: int) -> Any:
        if not all(isinstance(s, Index) for s in sort.args):
            return _function(sort, self.random)
        shape = tuple(_size(s, values) for s in sort.args)
        kind = self.random.random()
        made = (self._near(name, values, shape, round_) or self._eigen(name, values, shape, round_)
                or drawn(self.structures[name], shape, self.random, round_))
        if made is not None:
            return Table(shape, {w: num(made[w[0] - 1][w[-1] - 1 if len(w) > 1 else 0]) for w in _places(shape)})
        if round_ == 0 and kind < 0.6 or kind < 0.15:
            base = self.random.choice([_zeros, _ones, _identity, _identity, _counting])(shape)
        elif kind < 0.3 and len(shape) == 2:
            base = _orthogonal(shape, self.random)
        elif kind < 0.3 and len(shape) == 1:
            base = _shares(shape, self.random)
        else:
            pool = POOLS[min(round_, len(POOLS) - 1)]
            base = {w: self.random.choice(pool) for w in _places(shape)}
        entries = {w: num(x) for w, x in base.items()}
        for rule in self.rules:
            entries.update(_given(rule, name, shape, values, self.problem.names))
        return Table(shape, entries)

    def _shapes(self, sort: Map, values: Values) -> Iterator[Any]:
        """All the simple shapes, for an assumption that random entries do not meet."""
        if not all(isinstance(s, Index) for s in sort.args):
            return
        shape = tuple(_size(s, values) for s in sort.args)
        if len(shape) == 1:
            yield Table(shape, {w: num(x) for w, x in _shares(shape, self.random).items()})
        for make in (_identity, _zeros, _ones, _counting, _signs, _twice):
            yield Table(shape, {w: num(x) for w, x in make(shape).items()})
        for scale in (_F(1), _F(1, shape[0])):
            yield Table(shape, {w: num(x * scale) for w, x in _ones(shape).items()})
        if len(shape) == 2:
            for _ in range(4):
                yield Table(shape, {w: num(x) for w, x in _orthogonal(shape, self.random).items()})

    def _consistent(self, values: Values, new: Sequence[str]) -> bool:
        """The assumptions that mention a new name and have all their names."""
        for a in self.problem.assumptions:
            names = free_names(a)
            if (
                names <= set(values)
                and (not new or not names.isdisjoint(new))
                and not _true(a, values, self.problem.names)
            ):
                self.failed = a
                return False
        return True


def _size(sort: Sort, values: Values) -> int:
    if not isinstance(sort, Index):
        raise Unknown("a size of something that is no index")
    return int(at_precisions(values, {}, lambda e: e.index(sort.size)))


def _true(formula: Term, values: Values, sorts: Mapping[str, Sort]) -> bool:
    try:
        return truth(formula, values, sorts)
    except (Undefined, Unknown):
        return False


def _false(formula: Term, values: Values, sorts: Mapping[str, Sort]) -> bool:
    try:
        return not truth(formula, values, sorts)
    except (Undefined, Unknown):
        return False


# ------------------------------------------------------------------ shapes of tables

Entries = dict[tuple[int, ...], Fraction]


def _places(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    return list(itertools.product(*(range(1, k + 1) for k in shape)))


def _zeros(shape: tuple[int, ...]) -> Entries:
    return dict.fromkeys(_places(shape), _F(0))


def _ones(shape: tuple[int, ...]) -> Entries:
    return dict.fromkeys(_places(shape), _F(1))


def _identity(shape: tuple[int, ...]) -> Entries:
    return {w: _F(int(len(set(w)) == 1)) for w in _places(shape)}


def _counting(shape: tuple[int, ...]) -> Entries:
    """Members 0, 1, -1, 2, ...: distinct, and their mean may be one of them."""
    steps = [0, 1, -1, 2, -2]
    return {w: _F(steps[(w[0] - 1) % 5]) for w in _places(shape)}


def _signs(shape: tuple[int, ...]) -> Entries:
    """1 and -1 with orthogonal rows where the sizes allow (Sylvester's matrix)."""
    return {w: _F((-1) ** ((w[0] - 1) & (w[-1] - 1)).bit_count()) for w in _places(shape)}


def _twice(shape: tuple[int, ...]) -> Entries:
    return {w: 2 * x for w, x in _identity(shape).items()}


def _shares(shape: tuple[int, ...], rng: random.Random) -> Entries:
    """Numbers whose sum is 1, mostly positive ones."""
    weights = [rng.choice((1, 1, 2, 3)) for _ in range(shape[0])]
    if len(weights) > 1 and rng.random() < 0.25:
        weights[rng.randrange(len(weights))] = -1
        if sum(weights) <= 0:
            weights = [2, -1, *(0 for _ in weights[2:])]
    return {(k + 1,): _F(w, sum(weights)) for k, w in enumerate(weights)}


def _orthogonal(shape: tuple[int, ...], rng: random.Random) -> Entries:
    """The first rows of a rational orthogonal matrix."""
    n = shape[1]
    v = [rng.choice((0, 1, -1, 2)) for _ in range(n)]
    square = sum(x * x for x in v)
    order = list(range(n))
    rng.shuffle(order)
    out = {}
    for i, k in _places(shape):
        if i > n:
            out[i, k] = _F(0)
            continue
        row = order[i - 1]
        out[i, k] = _F(int(row == k - 1)) - (_F(2 * v[row] * v[k - 1], square) if square else 0)
    return out


def _function(sort: Map, rng: random.Random) -> Any:
    names = tuple(f"y{k}" for k in range(len(sort.args)))
    y = Var(names[-1])
    body = rng.choice([num(0), num(1), y, app("pow", y, num(2)), app("neg", y), add(y, num(1))])
    return Bind("lambda", names, sort.args, (), (body,))


_Rule = tuple[tuple[str, ...], Term, App, Term]


def _entry_rules(assumption: Term) -> list[_Rule]:
    names: tuple[str, ...] = ()
    guard: Term = TRUE
    body = assumption
    while True:
        match body:
            case Bind("forall", ns, sorts, (), (g, inner)) if all(isinstance(x, Index) for x in sorts):
                names, guard, body = (*names, *ns), conj(guard, g), inner
            case App("implies", (g, inner)):
                guard, body = conj(guard, g), inner
            case _:
                break
    out = []
    for f in conjuncts(body):
        match f:
            case App("=", (App("at", (Var(), *_)) as left, right)):
                out.append((names, guard, left, right))
    return out


def _given(
    rule: _Rule, name: str, shape: tuple[int, ...], values: Values, sorts: Mapping[str, Sort]
) -> dict[tuple[int, ...], Term]:
    """The entries of ``name`` that the rule determines."""
    names, guard, left, right = rule
    out: dict[tuple[int, ...], Term] = {}
    if left.args[0] != Var(name):
        return out
    for w in _places(shape):
        by: dict[str, Term] = {}
        for pattern, k in zip(left.args[1:], w, strict=True):
            if isinstance(pattern, Var) and pattern.name in names:
                by[pattern.name] = num(k)
            elif not _true(app("=", pattern, num(k)), values, sorts):
                break
        else:
            if set(by) == set(names) and _true(substitute(guard, by), values, sorts):
                try:
                    x = value_at(substitute(right, by), values, sorts)
                except (Undefined, Unknown):
                    continue
                if isinstance(x, Fraction):
                    out[w] = num(x)
    return out


# ------------------------------------------------------------------ what is found


def refute_at_once(s: Sequent) -> Iterator[dict[str, Any]]:
    """The first few points only, before a long search for a proof: most false claims fall there.  What
    the normal form proves at once is left alone."""
    if not has_families(s):
        return
    problem = opened(s)
    if problem.hoisted and isinstance(problem.goal, App) and problem.goal.head in ("<", "<=", ">", ">="):
        yield from refute_tables(s, 60)         # no point is better: its normal form costs more than points do
        return
    try:
        check(s, {})
    except Reject:
        yield from refute_tables(s, 60)


def refute_tables(s: Sequent, tries: int = MAX_TRIES) -> Iterator[dict[str, Any]]:
    """Certificates' parts ``{"witness", "proof"}`` for a goal that is false at a small point."""
    if not has_families(s):
        return
    problem = opened(s)
    builder = Builder(problem, tries)
    found = 0
    for point in builder.points(tries):
        if not _false(problem.goal, point, problem.names):
            continue
        point = shrunk(problem, _smaller(problem, builder, point))
        witness = {"kind": "point", "point": {n: value_json(point[n]) for n in s.declarations}}
        here = {n: v for n, v in point.items() if isinstance(v, Num)}
        yield {
            "witness": witness,
            "proof": negation(substitute(negate(s.goal), here), problem, point, iter(problem.hoisted)),
        }
        found += 1
        if found >= 3:
            return


def _smaller(problem: Problem, builder: Builder, point: Values) -> Values:
    """A witness of smaller sizes, if a short search finds one."""
    total = sum(int(v.value) for n in builder.sizes if isinstance(v := point[n], Num))
    again = Builder(problem, 150, seed=7)
    again.below = total
    for other in again.points(150):
        if _false(problem.goal, other, problem.names):
            return other
    return point


def negation(goal: Term, problem: Problem, point: Values, hoisted: Iterator[str]) -> dict[str, Any]:
    """The proof of the negated goal: its quantifiers over families and numbers get their witnesses."""
    match goal:
        case Bind("exists", names, sorts, (), (guard, body)) if any(not isinstance(x, Index) for x in sorts):
            witness = {}
            by: dict[str, Term] = {}
            for n, sort in zip(names, sorts, strict=True):
                value = point[next(hoisted)]
                t = table_term(value, sort) if isinstance(value, Table) else value
                by[n] = t
                witness[n] = to_json(t)
            out: dict[str, Any] = {"rule": "exists", "witness": witness}
            if guard != TRUE:
                out["guard"] = {"rule": "evaluate"}
            out["range"] = {
                n: {"rule": "evaluate"} for n, x in zip(names, sorts, strict=True) if isinstance(x, Index)
            }
            out["proof"] = negation(body, problem, point, hoisted)
            return out
        case App("and", parts) if any(_quantified(p) for p in parts):
            return {"rule": "and", "parts": [negation(p, problem, point, hoisted) for p in parts]}
        case _:
            return {"rule": "evaluate"}


def _quantified(t: Term) -> bool:
    match t:
        case Bind("exists", _, sorts):
            return any(not isinstance(x, Index) for x in sorts)
        case App("and", parts):
            return any(map(_quantified, parts))
        case _:
            return False


def table_term(table: Table, sort: Sort) -> Term:
    """The table as a function of its indices: a sum of deltas."""
    args = sort.args if isinstance(sort, Map) else ()
    names = tuple(f"i{k}'" for k in range(len(args)))
    parts = [
        mul(value, *(app("delta", Var(n), num(k)) for n, k in zip(names, w, strict=True)))
        for w, value in table.entries.items()
        if value != num(0)
    ]
    return Bind("lambda", names, args, (), (add(*parts) if parts else num(0),))


def value_json(value: Any) -> Any:
    match value:
        case Table(shape, entries):

            def rows(prefix: tuple[int, ...], rest: tuple[int, ...]) -> Any:
                if not rest:
                    return to_json(entries[prefix])
                return [rows((*prefix, k), rest[1:]) for k in range(1, rest[0] + 1)]

            return {"table": rows((), shape)}
        case Num():
            return to_json(value)
        case Bind():
            return {"lambda": to_json(value)}
        case _:
            return {"term": to_json(value)}


def shrunk(problem: Problem, point: Values) -> Values:
    """Entries and numbers replaced by 0 or 1 while the point still refutes."""

    def still(q: Values) -> bool:
        return all(_true(a, q, problem.names) for a in problem.assumptions) and _false(
            problem.goal, q, problem.names
        )

    budget = 300
    sizes = {x for sort in problem.names.values() for t in sort_terms(sort) for x in free_names(t)}
    for name, value in list(point.items()):
        match value:
            case Table(shape, entries):
                for w in entries:
                    for simple in (num(0), num(1)):
                        if point[name].entries[w] in (num(0), simple):
                            break
                        budget -= 1
                        q = {**point, name: Table(shape, {**point[name].entries, w: simple})}
                        if budget > 0 and still(q):
                            point = q
                            break
            case Num(x) if isinstance(problem.names[name], Scalar) and name not in sizes:
                for simple in (num(0), num(1)):
                    if x in (0, simple.value):  # type: ignore[union-attr]
                        break
                    budget -= 1
                    q = {**point, name: simple}
                    if budget > 0 and still(q):
                        point = q
                        break
    return point


def instances_at_once(s: Sequent) -> Iterator[dict[str, Any]]:
    """Three small points, and only limits whose sums are written out there."""
    yield from refute_by_instances(s, 3, patient=False)


def refute_by_instances(s: Sequent, count: int = INSTANCES, patient: bool = True) -> Iterator[dict[str, Any]]:
    """For statements that no evaluation decides (limits, "some vector has ..."): at a small point, with every family
    written out as a function, search a proof of the negation."""
    from .outcome import Budget
    from .search import Searcher

    if not has_families(s) or not any(
        isinstance(t, Bind) and (t.head in _NOT_EVALUATED or t.head == "exists" and any(
            isinstance(k, Map) for k in t.sorts)) for t in subterms(s.goal)
    ):
        return
    for point in _varied(Builder(opened(Sequent(s.declarations, s.assumptions, TRUE)), 200), count):
        data = {
            "kind": "point",
            "point": {
                n: {**value_json(v), "function": True} if isinstance(v, Table) else value_json(v)
                for n, v in point.items()
            },
        }
        try:
            model = read_model(s, data)
        except Reject:
            continue
        if not _looks_false(s.goal, Model({**model.values, **point}, model.sorts)):
            continue
        here = model.instance(s.with_goal(negate(s.goal)))
        search = Searcher({}, Budget(checks=120 if patient else 30), model)
        proof = _by_rewriting(here, search) or (search.prove(here) if patient else None)
        if proof is not None:
            yield {"witness": data, "proof": proof}


def _looks_false(goal: Term, model: Model) -> bool:
    """Whether values far out (or near the point) are away from the claimed limit; a guess that saves a
    search, True where nothing can be computed."""
    if not (isinstance(goal, App) and goal.head == "=" and len(goal.args) == 2):
        return True
    sides = [t for t in goal.args if isinstance(t, Bind) and t.head == "limit"]
    others = [t for t in goal.args if not (isinstance(t, Bind) and t.head == "limit")]
    if len(sides) != 1 or len(others) != 1:
        return True
    limit, claimed = sides[0], others[0]
    name, at = limit.names[0], limit.outer[0]
    far = {OO: (60, 240), app("neg", OO): (-60, -240)}.get(at)
    try:
        goalpost = _float_value(claimed, model)
        for k in far or (Fraction(1, 1000), Fraction(-1, 1000)):
            x = num(k) if far else Num(_exact_value(at, model) + Fraction(k))
            here = _float_value(limit.inner[0], Model({**model.values, name: x}, model.sorts))
            if abs(here - goalpost) > Fraction(1, 50) * (1 + abs(goalpost)):
                return True
    except (Undefined, Unknown, Reject, ArithmeticError, TypeError, ValueError):
        return True
    return False


def _exact_value(t: Term, model: Model) -> Fraction:
    found = value_at(t, model.values, model.sorts)
    if not isinstance(found, Fraction):
        raise Unknown("not exact")
    return found


def _float_value(t: Term, model: Model) -> float:
    found = value_at(t, model.values, model.sorts)
    return float(found) if isinstance(found, Fraction) else float(found.real.mid())


def _by_rewriting(s: Sequent, search: Any) -> dict[str, Any] | None:
    """The limit's body in index form first: at a point its sums over indices are written out."""
    from .limit_rewrites import by_index_form

    limits = [t for t in subterms(s.goal) if isinstance(t, Bind) and t.head == "limit"]
    if len(limits) != 1 or free_names(limits[0]) - set(s.declarations):
        return None
    (limit,) = limits
    x = fresh(limit.names[0], set(s.declarations))
    body = substitute(limit.inner[0], {limit.names[0]: Var(x)})
    for new in by_index_form(s.declaring({x: limit.sorts[0]}), body):
        simple = Bind("limit", (x,), limit.sorts, limit.outer, (new,))
        proof = search.prove(s.with_goal(_replaced(s.goal, limit, simple)))
        if proof is not None and proof.get("rule") == "limit" and "rewrite" not in proof:
            return {**proof, "rewrite": {"body": to_json(new), "proof": {"rule": "index-form"}}}
    return None


def _replaced(t: Term, old: Term, new: Term) -> Term:
    if t == old:
        return new
    return App(t.head, tuple(_replaced(a, old, new) for a in t.args)) if isinstance(t, App) else t


def _varied(builder: Builder, count: int) -> Iterator[Values]:
    """Points with different sizes and indices: the first of each kind."""
    seen: dict[Any, int] = {}
    later = []
    for point in builder.points(60):
        kind = tuple(point[n] for n in (*builder.sizes, *builder.indices))
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] == 1:
            yield point
        elif seen[kind] <= 3:
            later.append(point)
        if len(seen) >= count:
            break
    yield from later[:count]


def inhabitants(s: Sequent) -> Iterator[dict[str, Any]]:
    """Points that satisfy the assumptions."""
    plain = Sequent(s.declarations, s.assumptions, TRUE)
    if not has_families(plain):
        return
    for point in Builder(opened(plain)).points(2):
        yield {"kind": "point", "point": {n: value_json(v) for n, v in point.items()}}


__all__ = [
    "INTEGER",
    "REAL",
    "Builder",
    "has_families",
    "inhabitants",
    "instances_at_once",
    "opened",
    "refute_at_once",
    "refute_by_instances",
    "refute_tables",
    "value_json",
]
