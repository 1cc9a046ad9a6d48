"""Expectations of random quantities: the claim in cumulants for a proof, small laws for a refutation.

Proof: the rule ``moments`` turns the claim into one about real numbers (means, variances, covariances);
that one is proved by all other engines.  Refutation: laws on two or three values, sizes up to 3; what the
assumptions say of moments (E X = mu, Var X = s2) gives the numbers mu, s2 their values there, so that
nothing has to be guessed.

Cannot do: laws that meet an assumption which no number of the claim can absorb (an unusual fourth moment)
other than by chance.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evaluate import Undefined, Unknown, at_precisions, truth
from ..kernel.evaluate import value as value_at
from ..kernel.evidence import Reject
from ..kernel.joint_laws import JointLaw, JointLaws
from ..kernel.model import read_model
from ..kernel.rule_moments import reduce
from ..kernel.term import (
    INTEGER, App, Bind, Index, Joint, Map, Num, Scalar, Sort, Term, Var, add, app, conjuncts, free_names, mul,
    negate, num, sort_terms, sub, substitute, subterms,
)
from .tables import Problem, Table, negation, opened, value_json

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
Values = dict[str, Any]
MAX_TRIES = 1_500
_F = Fraction


def prove_moments(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """The claim in moments, proved by whatever proves it."""
    if not _joint_names(s.declarations) or not _expects(s):
        return
    try:
        few, more = reduce(s).sequent, reduce(s, sums=True).sequent
    except Reject as reason:
        search.notes.setdefault("moments", f"{reason.where}: {reason.message}")
        return
    proof = search.prove(few)
    if proof is not None:
        yield {"rule": "moments", "proof": proof}
    elif len(more.assumptions) > len(few.assumptions) and (proof := search.prove(more)) is not None:
        yield {"rule": "moments", "sums": True, "proof": proof}


def _expects(s: Sequent) -> bool:
    return any(isinstance(u, Bind) and u.head == "expect" for t in (*s.assumptions, s.goal) for u in subterms(t))


def _joint(sort: Sort) -> Joint | None:
    inner = sort.result if isinstance(sort, Map) else sort
    return inner if isinstance(inner, Joint) else None


def _joint_names(names: Mapping[str, Sort]) -> list[str]:
    return [n for n, s in names.items() if _joint(s) is not None]


# ------------------------------------------------------------------ points


class Laws:
    """Points with finite laws at which the assumptions hold."""

    def __init__(self, problem: Problem, seed: int = 3) -> None:
        self.problem, self.names = problem, problem.names
        self.random = random.Random(seed)  # noqa: S311 - search only
        names = problem.names
        self.laws = _joint_names(names)
        self.sizes = sorted({x for sort in names.values() for t in sort_terms(sort) for x in free_names(t)}
                            | {n for n, s in names.items() if s == INTEGER})
        self.sizes = [n for n in self.sizes if isinstance(names.get(n), Scalar)]
        self.indices = [n for n, s in names.items() if isinstance(s, Index)]
        self.scalars = [n for n, s in names.items() if isinstance(s, Scalar) and n not in self.sizes]
        self.families = [n for n, s in names.items() if isinstance(s, Map) and _joint(s) is None]
        self.equations = [(g, a) for g in problem.assumptions for a in _relations(g)]

    def points(self, tries: int) -> Iterator[Values]:
        for k in range(tries):
            point = self._one(k)
            if point is not None:
                yield point

    def _one(self, k: int) -> Values | None:
        rng = self.random
        easy = k % 3 != 2
        most = 2 if k < 60 else 3
        values: Values = {n: num(rng.choice((1, 2, 2, most))) for n in self.sizes}
        if not self._holds(values, self.sizes):
            return None
        for n in self.indices:
            size = self._size(self.names[n], values)
            if size < 1:
                return None
            values[n] = num(rng.randint(1, size))
        for n in self.laws:
            values[n] = self._law(self.names[n], values, easy, k)
        missing: list[str] = []
        for n in self.families:
            sort = self.names[n]
            shape = tuple(self._size(a, values) if isinstance(a, Index) else 0 for a in sort.args) if isinstance(
                sort, Map) else ()
            if isinstance(sort, Map) and sort.args and all(isinstance(a, Scalar) for a in sort.args):
                values[n] = self._function(sort)
                continue
            if 0 in shape:
                return None
            if self._given_family(n, shape, values):
                continue
            pool = (0, 1, 1, 2, -1) if easy else (1, 2, 3, -1, _F(1, 2))
            values[n] = Table(shape, {w: num(rng.choice(pool)) for w in itertools.product(
                *(range(1, m + 1) for m in shape))})
        missing = list(self.scalars)
        for n in list(missing):
            if self._given_number(n, values, missing):
                missing.remove(n)
        for n in missing:
            pool = self._pool(n, easy)
            values[n] = num(rng.choice(pool))
            for other in [m for m in missing if m not in values]:
                self._given_number(other, values, [m for m in missing if m not in values])
        if any(n not in values for n in self.names) or not self._holds(values, None):
            return None
        return {n: values[n] for n in self.names}

    def _function(self, sort: Map) -> Bind:
        names = tuple(f"y{k}" for k in range(len(sort.args)))
        y = Var(names[0])
        ys = tuple(map(Var, names))
        body = self.random.choice([y, app("pow", y, num(2)), add(y, num(1)), add(*ys), mul(*ys)])
        return Bind("lambda", names, sort.args, (), (body,))

    def _pool(self, n: str, easy: bool) -> Sequence[Fraction]:
        low = any(isinstance(a, App) and a.head in (">", ">=") and a.args[0] == Var(n)
                  for a in self.problem.assumptions)
        pool = [_F(1), _F(1, 2), _F(2)] if easy else [_F(3), _F(1, 3), _F(2), _F(1, 4)]
        return pool if low else [*pool, _F(0), _F(-1)]

    def _size(self, sort: Sort, values: Values) -> int:
        if not isinstance(sort, Index):
            return 0
        return int(at_precisions(values, {}, lambda e: e.index(sort.size)))

    # ------------------------------------------------------------------ laws

    def _law(self, sort: Sort, values: Values, easy: bool, k: int) -> Any:
        joint = _joint(sort)
        if joint is None:
            raise Unknown("no law")
        size = lambda s: self._size(s, values)  # noqa: E731
        if isinstance(sort, Map):
            shape = tuple(size(a) for a in sort.args)
            return JointLaws(shape, {at: self._atoms(joint, size, easy, k) for at in itertools.product(
                *(range(1, m + 1) for m in shape))})
        return self._atoms(joint, size, easy, k)

    def _atoms(self, joint: Joint, size: Any, easy: bool, k: int) -> JointLaw:
        rng = self.random
        if joint.values:
            pool: Sequence[Fraction] = joint.values
        else:
            pool = [[_F(-1), _F(1)], [_F(0), _F(1)], [_F(0), _F(2)], [_F(-1), _F(0), _F(1), _F(2)]][
                k % 4 if k < 40 else rng.randrange(4)]
        low, high = joint.within
        if (low, high) != (None, None):
            near = [_F(0), _F(1), _F(2), _F(-1), _F(1, 2)]
            near += [v for v in (low, high, low and low + 1, high and high - 1) if v is not None]
            pool = list(dict.fromkeys(v for v in near if (low is None or v >= low) and (high is None or v <= high)))
        masses = rng.choice([[_F(1, 2)]*2, [_F(1, 2)]*2, [_F(1, 3), _F(2, 3)], [_F(1, 4), _F(3, 4)]] if easy else [
            [_F(1)], [_F(1, 3)]*3, [_F(1, 4), _F(1, 4), _F(1, 2)], [_F(1, 4)]*4])
        anywhere = not joint.values and joint.within == (None, None)
        if k % 7 == 5 and anywhere and len(joint.slots) == 1:       # kurtosis 3, as of a normal law
            pool, masses, easy = [_F(-1), _F(0), _F(1)], [_F(1, 6), _F(2, 3), _F(1, 6)], True
        atoms = []
        for place, mass in enumerate(masses):
            members = []
            for slots in joint.slots:
                shape = tuple(size(s) for s in slots)
                members.append({at: pool[place] if easy and not slots and len(joint.slots) == 1 and place < len(pool)
                                else rng.choice(pool) for at in itertools.product(*(range(1, m + 1) for m in shape))})
            atoms.append((mass, tuple(members)))
        return JointLaw(tuple(atoms))

    # ------------------------------------------------------------------ what the assumptions give

    def _given_number(self, n: str, values: Values, missing: Sequence[str]) -> bool:
        """The value of ``n`` that an equation of the assumptions gives (it is affine in n)."""
        for _, a in self.equations:
            body = a
            if n not in free_names(a):
                continue
            while isinstance(body, Bind):
                body = body.inner[1]
            if not (isinstance(body, App) and body.head == "=") or any(
                    m in free_names(a) for m in missing if m != n and m not in values):
                continue
            difference = sub(*body.args)
            at = self._first_instance(a, values)
            if at is None:
                continue
            try:
                low, one, two = (value_at(difference, {**values, **at, n: num(x)}, self.names) for x in (0, 1, 2))
            except (Undefined, Unknown):
                continue
            if not all(isinstance(x, Fraction) for x in (low, one, two)):
                continue
            if one != low and two - one == one - low:
                values[n] = num(low / (low - one))
                return True
            root = self._square(low, one, two)
            if root is not None:
                values[n] = num(root)
                return True
        return False

    @staticmethod
    def _square(low: Fraction, one: Fraction, two: Fraction) -> Fraction | None:
        """The root of c - n^2 (a variance given as s**2)."""
        if two - low != 4*(one - low) or one == low:
            return None
        square = low / (low - one)
        if square < 0:
            return None
        top, bottom = (int(x**0.5 + 0.5) for x in (square.numerator, square.denominator))
        return _F(top, bottom) if top*top == square.numerator and bottom*bottom == square.denominator else None

    def _first_instance(self, a: Term, values: Values) -> Values | None:
        """Numbers for the indices of a ``forall`` that meet its guard."""
        names: list[str] = []
        sorts: list[Sort] = []
        guards: list[Term] = []
        while isinstance(a, Bind) and a.head == "forall":
            names += a.names
            sorts += a.sorts
            guards += conjuncts(a.inner[0])
            a = a.inner[1]
        for choice in itertools.product(*(range(1, self._size(s, values) + 1) for s in sorts)):
            at = {n: num(v) for n, v in zip(names, choice, strict=True)}
            try:
                if all(truth(g, {**values, **at}, self.names) for g in guards):
                    return at
            except (Undefined, Unknown):
                return None
        return None

    def _given_family(self, n: str, shape: tuple[int, ...], values: Values) -> bool:
        """A family whose entries an assumption gives: E X_i = mu_i for all i."""
        for _, a in self.equations:
            if not (isinstance(a, Bind) and a.head == "forall"):
                continue
            body = a.inner[1]
            if not (isinstance(body, App) and body.head == "="):
                continue
            for left, right in (body.args, body.args[::-1]):
                match left:
                    case App("at", (Var(name), *places)) if name == n and [p.name for p in places if isinstance(p, Var)
                                                                          ] == list(a.names):
                        if n in free_names(right):
                            continue
                        entries = {}
                        try:
                            for w in itertools.product(*(range(1, m + 1) for m in shape)):
                                at = {x: num(v) for x, v in zip(a.names, w, strict=True)}
                                value = value_at(right, {**values, **at}, self.names)
                                if not isinstance(value, Fraction):
                                    return False
                                entries[w] = num(value)
                        except (Undefined, Unknown):
                            continue
                        values[n] = Table(shape, entries)
                        return True
        return False

    def _holds(self, values: Values, new: Sequence[str] | None) -> bool:
        for a in self.problem.assumptions:
            if not free_names(a) <= set(values) or new is not None and free_names(a).isdisjoint(new):
                continue
            try:
                if not truth(a, values, self.names):
                    return False
            except (Undefined, Unknown):
                return False
        return True


def _relations(g: Term) -> list[Term]:
    return conjuncts(g)


def joint_json(value: Any) -> Any:
    if isinstance(value, JointLaw):
        return {"joint": _atoms_json(value)}
    if isinstance(value, JointLaws):
        def rows(at: tuple[int, ...]) -> Any:
            if len(at) == len(value.shape):
                return _atoms_json(value.laws[at])
            return [rows((*at, k)) for k in range(1, value.shape[len(at)] + 1)]

        return {"joints": rows(())}
    return value_json(value)


def _atoms_json(law: JointLaw) -> list[Any]:
    def nested(entries: Mapping[tuple[int, ...], Fraction], at: tuple[int, ...] = ()) -> Any:
        if at in entries:
            return str(entries[at])
        out = []
        k = 1
        while any(w[:len(at) + 1] == (*at, k) for w in entries):
            out.append(nested(entries, (*at, k)))
            k += 1
        return out

    return [[str(mass), [nested(m) for m in members]] for mass, members in law.atoms]


def _cost(point: Values) -> int:
    """Small laws with small numbers at small sizes first."""
    cost = 0
    for v in point.values():
        laws = [v] if isinstance(v, JointLaw) else list(v.laws.values()) if isinstance(v, JointLaws) else []
        for law in laws:
            cost += 4*len(law.atoms)
            for mass, members in law.atoms:
                cost += mass.denominator + sum(abs(x.numerator) + x.denominator for m in members for x in m.values())
        if isinstance(v, Table):
            cost += sum(abs(x.value.numerator) + x.value.denominator for x in v.entries.values() if isinstance(x, Num))
        if isinstance(v, Num):
            cost += abs(v.value.numerator) + v.value.denominator
    return cost


def refute_moments(s: Sequent, tries: int = MAX_TRIES, want: int = 25) -> Iterator[Certificate]:
    """Certificates' parts for a goal that is false for small laws: the simplest of the first ones found."""
    if isinstance(s.goal, App) and s.goal.head == "and":
        for k, part in enumerate(s.goal.args):
            for c in refute_moments(s.with_goal(part), tries, want):
                proof = c["proof"] if "witness" in c else {"rule": "evaluate"}
                yield {"witness": c.get("witness", c), "proof": {"rule": "or", "index": k, "proof": proof}}
        return
    problem = opened(s)
    if not _joint_names(problem.names):
        return
    found: list[tuple[int, int, Values]] = []
    unclear = 0
    for point in Laws(problem).points(tries):
        try:
            if truth(problem.goal, point, problem.names):
                continue
        except Undefined:
            continue
        except Unknown:         # a limit: its negation is proved at the point, if at all
            unclear += 1
            if unclear <= 3 and not problem.hoisted and (proof := _disproved(s, point)) is not None:
                yield {"witness": witness(s, point), "proof": proof}
                return
            continue
        found.append((_cost(point), len(found), point))
        if len(found) >= want:
            break
    for _, _, point in sorted(found, key=lambda one: one[:2])[:2]:
        if problem.hoisted:     # a better point than the claimed one is part of the witness
            here = {n: v for n, v in point.items() if isinstance(v, Num)}
            yield {"witness": witness(s, point),
                   "proof": negation(substitute(negate(s.goal), here), problem, point, iter(problem.hoisted))}
        else:
            yield witness(s, point)


def _disproved(s: Sequent, point: Values) -> Certificate | None:
    from .outcome import Budget
    from .search import Searcher

    model = read_model(s, witness(s, point))
    here = model.instance(s.with_goal(negate(s.goal)))
    return Searcher({}, Budget(checks=250), model).unconditionally(here)


def witness(s: Sequent, point: Values) -> Certificate:
    return {"kind": "point", "point": {n: joint_json(point[n]) for n in s.declarations}}


def refute_at_once(s: Sequent) -> Iterator[Certificate]:
    yield from refute_moments(s, 60, 12)


def inhabitants(s: Sequent) -> Iterator[Certificate]:
    """Points that satisfy the assumptions."""
    if not _joint_names(s.declarations):
        return
    plain = Problem(s, (), s.goal, dict(s.declarations), s.assumptions)
    for count, point in enumerate(Laws(plain, seed=11).points(400)):
        yield witness(s, point)
        if count > 3:
            return


__all__ = ["inhabitants", "joint_json", "prove_moments", "refute_at_once", "refute_moments"]
