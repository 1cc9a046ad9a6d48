"""``decide``: refute at a few points, prove, refute at many points; what comes back is a certificate
that the kernel accepts, or an account of what was tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, TypeVar

from ..kernel.claim import Claim, Sequent
from ..kernel.definedness import atomic_conditions, definedness
from ..kernel.effort import Spent, allowance, forget, left, unlimited
from ..kernel.evaluate import Exhausted, Undefined, Unknown, at_precisions
from ..kernel.evidence import Reject
from ..kernel.model import Model, read_model
from ..kernel.rule_logic import premises
from ..kernel.term import FALSE, App, Bind, Index, Map, Num, Term, negate, show, subterms
from ..kernel.verdict import Proved, verify
from .branches import belongs
from .excluded import reasons
from . import account
from .outcome import Budget, Outcome
from .points import may_hold, points
from .samples import satisfiable
from .search import FILES, Searcher
from .solved_points import witnesses

QUICK, MANY, CLOSED, EMPTY, LEFT_OUT = 12, 160, 6, 60, 4
#: How many more points are tried after one that hinges on 0^0.
PLAINER = 20
_Found = TypeVar("_Found")
#: Steps (``kernel.effort``) of one claim in all, and of each part; 150 000 take about a second.
STEPS = {"all": 1_100_000, "prove_by_indices": 60_000, "refute_quickly": 150_000, "prove_directly": 60_000,
         "refute_pointwise": 150_000,
         "prove_by_hints": 700_000, "prove": 960_000, "refute_divergent": 60_000, "refute_thoroughly": 200_000,
         "refute_undefined": 40_000,
         "undecided": 30_000}
#: What a search for a proof leaves to those for a refutation that come after it.
RESERVED = 220_000


def decide(claim: Claim, lemmas: Mapping[str, Proved], by: Sequence[str] = (),
           budget: Budget | None = None) -> Outcome:
    """Search for a proof or a refutation.  Never raises for a claim it cannot decide."""
    run = _Run(claim, {h: p for h, p in lemmas.items() if h in claim.lemmas}, budget or Budget(), by)
    forget()
    with allowance(STEPS["all"]):
        return run.decide()


class _Run:
    def __init__(self, claim: Claim, lemmas: Mapping[str, Proved], budget: Budget,
                 by: Sequence[str] = ()) -> None:
        self.claim, self.lemmas, self.budget = claim, lemmas, budget
        self.sequent = claim.sequent
        self.agreed = 0
        self.walked = False       # the ladder of points has been climbed to its end
        self.hinging: dict[str, Any] | None = None
        self._solved: list[dict[str, Any]] | None = None
        self.inhabitant: dict[str, Any] | None = None
        self.search = Searcher(lemmas, budget)
        self.by = tuple(by)

    def decide(self) -> Outcome:
        for step in (self.prove_by_indices, self.refute_quickly, self.prove_directly, self.refute_pointwise,
                     self.prove_by_hints, self.prove, self.refute_divergent, self.refute_thoroughly,
                     self.refute_undefined):
            certificate = self._within(step.__name__, step)
            if certificate is not None:
                return Outcome(certificate)
        return self._within("undecided", self.undecided) or Outcome(None, account.tried(self.search), cause="search")

    def _within(self, part: str, work: Callable[[], _Found | None]) -> _Found | None:
        """What a part of the search finds before its steps are used up."""
        steps = STEPS[part]
        if part.startswith("prove"):
            steps = min(steps, left() - RESERVED)
        try:
            with allowance(steps):
                return work()
        except Spent:
            self.search.notes.setdefault(part, "stopped: its steps are used up")
            return None

    # ------------------------------------------------------------------ refutation

    def witnesses(self, limit: int) -> Iterator[dict[str, Any]]:
        yield from points(self.sequent, limit)

    def solved(self) -> list[dict[str, Any]]:
        """Points at which the statement fails as far as floats can tell, in exact numbers."""
        if self._solved is None:
            try:
                self._solved = list(witnesses(self.sequent))
            except Exception as error:  # a fault of one engine is not the claim's: the others go on
                self.search.notes.setdefault("solved points", f"stopped by {type(error).__name__}: {error}")
                self._solved = []
        return self._solved

    def refute_quickly(self) -> dict[str, Any] | None:
        if self._tables_read_better() and (found := self._refute_by_engines(TABLES)) is not None:
            return found
        found = self._refute_by_engines(CLOSED_FORMS) or self._refute_by_value(self.witnesses(QUICK), QUICK)
        if found is None and self.solved():
            found = self._refute_by_value(iter(self.solved()), MANY) or self._prove_negation(self.solved()[:4], 250)
        return found or self._refute_by_engines(AT_ONCE)

    def _tables_read_better(self) -> bool:
        """Families beside unknown functions: small tables first, the ladder of points gives families by formulas."""
        maps = [x for x in self.sequent.declarations.values() if isinstance(x, Map)]
        return any(all(isinstance(a, Index) for a in x.args) for x in maps) and any(
            not any(isinstance(a, Index) for a in x.args) for x in maps)

    def refute_pointwise(self) -> dict[str, Any] | None:
        """Equations between terms whose values cost little: the whole ladder, before a search for a proof."""
        goal = self.sequent.goal
        if not (isinstance(goal, App) and goal.head == "=") or any(isinstance(t, Bind) for t in subterms(goal)):
            return None
        self.walked = True
        return self._refute_by_value(self.witnesses(MANY), MANY)

    def refute_thoroughly(self) -> dict[str, Any] | None:
        found = None if self.walked else self._refute_by_value(self.witnesses(MANY), MANY)
        if found is None:
            found = self._refute_by_proof()
        if found is None:
            found = self._refute_by_engines(REFUTERS)
        return found

    def _plainly(self, work: Callable[[], dict[str, Any] | None]) -> dict[str, Any] | None:
        """A refutation by a point; one that hinges on 0^0 (it is kept in ``hinging``) only if no other soon comes."""
        self.hinging = None
        try:
            return work()
        except Spent:
            if self.hinging is None:
                raise
            return self.hinging

    def _refute_by_value(self, candidates: Iterator[dict[str, Any]], limit: int) -> dict[str, Any] | None:
        return self._plainly(lambda: self._by_value(candidates, limit))

    def _by_value(self, candidates: Iterator[dict[str, Any]], limit: int) -> dict[str, Any] | None:
        """Points at which the statement evaluates to false."""
        self.agreed, last = 0, limit
        for count, witness in enumerate(candidates):
            if count >= (limit if self.hinging is None else min(limit, last)):
                break
            self.inhabitant = self.inhabitant or {"point": witness["point"]}
            try:
                model = read_model(self.sequent, witness)
                if may_hold(self.sequent.goal, model):
                    self.agreed += 1
                    continue
            except (Reject, Undefined):
                continue
            except Exhausted:
                return self.hinging     # too large to evaluate; other points are no smaller
            except Unknown:
                if count >= 3 and self.agreed == 0 and limit != MANY:
                    return self.hinging     # not a statement that evaluation decides
                continue
            certificate = {"verdict": "refuted", "witness": witness, "proof": {"rule": "evaluate"}}
            if (self.hinging is None or not _zero_powers(self.sequent.goal, model)) and self._verified(certificate):
                if self.hinging is not None or not _zero_powers(self.sequent.goal, model):
                    return certificate
                self.hinging, last = certificate, count + PLAINER
        return self.hinging

    def _refute_by_proof(self) -> dict[str, Any] | None:
        """At a few points: prove the negation of the statement there."""
        return self._prove_negation([*self.solved(), *self.witnesses(CLOSED)][:2*CLOSED],
                                    2_000 if _integrals(self.sequent.goal) else 400)

    def _prove_negation(self, candidates: Sequence[dict[str, Any]], checks: int) -> dict[str, Any] | None:
        return self._plainly(lambda: self._by_negation(candidates, checks))

    def _by_negation(self, candidates: Sequence[dict[str, Any]], checks: int) -> dict[str, Any] | None:
        for witness in candidates:
            try:
                model = read_model(self.sequent, witness)
                if self.hinging is not None and _zero_powers(self.sequent.goal, model):
                    continue
                try:
                    if model.truth(self.sequent.goal):
                        continue
                except Unknown:     # its value is not told: perhaps a proof tells
                    pass
                here = model.instance(self.sequent.with_goal(negate(self.sequent.goal)))
            except (Reject, Undefined, Unknown):
                continue
            proof = Searcher(self.lemmas, Budget(checks=checks), model).prove(here)
            if proof is not None:
                certificate = {"verdict": "refuted", "witness": witness, "proof": proof}
                if self._verified(certificate):
                    if self.hinging is not None or not _zero_powers(self.sequent.goal, model):
                        return certificate
                    self.hinging = certificate
        return self.hinging

    def _refute_by_engines(self, engines: Sequence[Any]) -> dict[str, Any] | None:
        for engine in engines:
            for candidate in engine(self.sequent):
                certificate = (
                    {"verdict": "refuted", **candidate} if "witness" in candidate else
                    {"verdict": "refuted", "witness": candidate, "proof": {"rule": "evaluate"}})
                if self._verified(certificate):
                    return certificate
        return None

    def refute_divergent(self) -> dict[str, Any] | None:
        """An integral or a derivative that exists nowhere under the assumptions: cheaper than many points."""
        return self.refute_undefined(integrals=True)

    def refute_undefined(self, integrals: bool = False) -> dict[str, Any] | None:
        """A subterm that is undefined wherever the assumptions hold."""
        for k, condition in enumerate(definedness(self.sequent.goal, self.sequent)):
            if integrals and not (isinstance(condition, App) and condition.head == "finite" and isinstance(
                    condition.args[0], Bind) and condition.args[0].head in ("integral", "diff")):
                continue
            proof = Searcher(self.lemmas, Budget(checks=400 if integrals else 60)).prove(
                self.sequent.with_goal(negate(condition)))
            inhabitant = self.find_inhabitant(()) if proof is not None else None
            if proof is not None and inhabitant is not None:
                certificate = {
                    "verdict": "refuted", "witness": {"kind": "undefined", "condition": k},
                    "proof": proof, "inhabitant": inhabitant}
                if self._verified(certificate):
                    return certificate
        return None

    # ------------------------------------------------------------------ proof

    def prove_directly(self) -> dict[str, Any] | None:
        """By a normal form, without a search."""
        if not (isinstance(self.sequent.goal, App) and self.sequent.goal.head == "="):
            return None
        direct: list[dict[str, Any]] = [{"rule": "functional", "proof": {"rule": "field"}}]
        direct += [{"rule": rule} for rule in (("field", "principal") if belongs(self.sequent) else ("field",))]
        for proof in direct[0 if any(map(_ranged, subterms(self.sequent.goal))) else 1:]:
            if self.search.accepted(self.sequent, proof) is not None:
                return self._proved(proof)
        return None

    def prove_by_hints(self) -> dict[str, Any] | None:
        if not self.by:
            return None
        from .hints import Guide

        return self._proved(Guide(self.claim, self.by).prove(self.search, self.sequent))

    def prove_by_indices(self) -> dict[str, Any] | None:
        """An equation between sums over indices, by its normal form: that costs less than looking for a point."""
        goal = self.sequent.goal
        if not (isinstance(goal, App) and goal.head in ("=", "mat=")) or not any(
                isinstance(x, (Index, Map)) for x in self.sequent.declarations.values()):
            return None
        proof: dict[str, Any] = {"rule": "index-form"}
        if goal.head == "mat=":
            proof = {"rule": "entries", "proof": proof}
        return self._proved(proof) if self.search.accepted(self.sequent, proof) is not None else None

    def prove(self) -> dict[str, Any] | None:
        return self._proved(self.search.prove(self.sequent) or self.search.where_defined(self.sequent))

    def _proved(self, proof: dict[str, Any] | None) -> dict[str, Any] | None:
        if proof is None:
            return None
        shown = self.search.accepted(self.sequent, proof)
        if shown is None:
            return None
        if (against := self.refute_left_out(shown.conditions)) is not None:
            return against
        inhabitant = self.find_inhabitant(shown.conditions)
        if inhabitant is None:
            return None
        certificate = {"verdict": "proved", "proof": proof, "inhabitant": inhabitant}
        excluded = reasons(self.sequent, shown.conditions, self.search)
        if excluded is None:
            return None
        if excluded:
            certificate["excluded"] = excluded
        if not self._verified(certificate):
            return None
        empty = self.emptiness()
        if empty is not None and self._verified({**certificate, "vacuous": empty}):
            return {**certificate, "vacuous": empty}
        return certificate

    def refute_left_out(self, conditions: tuple[Term, ...]) -> dict[str, Any] | None:
        """At points that the conditions of a proof leave out, where these suffice for a value and are not needed
        (x |x| has a derivative at 0): there the statement may be false."""
        needed = atomic_conditions(self.sequent.goal, self.sequent)
        for c in [c for c in conditions if c not in needed][:LEFT_OUT]:
            outside = Sequent(self.sequent.declarations, (*self.sequent.assumptions, negate(c)), self.sequent.goal)
            found = list(points(outside, 2))
            certificate = self._refute_by_value(iter(found), 2) or self._prove_negation(found, 250)
            if certificate is not None:
                return certificate
        return None

    def emptiness(self) -> list[dict[str, Any]] | None:
        """Proofs that no point satisfies the premise of the statement."""
        proofs = []
        for question in premises(self.sequent):
            if satisfiable(question) is not None:
                return None
            search = Searcher(self.lemmas, Budget(checks=EMPTY))
            found = search.unconditionally(question)
            if found is None:
                return None
            proofs.append(found)
        return proofs or None

    def find_inhabitant(self, conditions: tuple[Term, ...]) -> dict[str, Any] | None:
        """A point where the assumptions and the conditions hold."""
        wanted = Sequent(self.sequent.declarations, self.sequent.assumptions + conditions, self.sequent.goal)
        for witness in points(wanted, 40):
            return {"point": witness["point"]}
        for engine in INHABITANTS:
            for witness in engine(wanted):
                return {k: v for k, v in witness.items() if k != "kind"}
        return None

    def _verified(self, certificate: dict[str, Any]) -> bool:
        try:
            with unlimited():
                verify(self.claim, certificate, self.lemmas)
            return True
        except Reject as reason:
            self.search.notes.setdefault("verdict", str(reason))
            return False

    # ------------------------------------------------------------------ undecided

    def undecided(self) -> Outcome:
        s = self.sequent
        if self.find_inhabitant(()) is None:
            proof = Searcher({}, Budget(checks=200)).prove(s.with_goal(FALSE))
            if proof is not None:
                return Outcome(None, problem="the assumptions contradict each other: no point satisfies "
                               + " and ".join(show(a) for a in s.assumptions))
        return Outcome(None, account.tried(self.search), account.evidence(self.search, self.agreed, s.goal),
                       account.next_steps(s, self.search), "search")


def _zero_powers(t: Term, model: Model) -> bool:
    """Whether 0 is raised to a power that is no literal: 0^0 = 1 may be all that a point refutes by."""
    for u in subterms(t):
        if isinstance(u, App) and u.head == "pow" and not isinstance(u.args[1], Num):
            try:
                if at_precisions(model.values, model.sorts, lambda e, u=u: e.number(u.args[0])) == 0:
                    return True
            except (Undefined, Unknown):
                continue
    return False


def _ranged(t: Term) -> bool:
    return isinstance(t, Bind) and t.head in ("integral", "sum") and bool(t.outer)


def _integrals(t: Term) -> bool:
    return any(isinstance(u, Bind) and u.head == "integral" and bool(u.outer) for u in subterms(t))


def load() -> None:
    """Load every engine now: once, before workers are forked, rather than in each of them."""
    for module in sorted(FILES):
        import_module(f".{module}", __package__)


def _lazy(module: str, function: str) -> Any:
    FILES.add(module)

    def ask(s: Sequent) -> Iterator[dict[str, Any]]:
        try:
            yield from getattr(import_module(f".{module}", __package__), function)(s)
        except Exception:  # a fault of one engine is not the claim's: the others go on
            return

    return ask


#: Values in closed form are compared before any integral is enclosed.
CLOSED_FORMS: tuple[Any, ...] = (_lazy("functionals", "refute"),)
TABLES: tuple[Any, ...] = (_lazy("tables", "refute_at_once"),)
#: The same, a few points only: before a proof is sought.
AT_ONCE: tuple[Any, ...] = (_lazy("instances", "refute_at_once"), _lazy("recurrences", "refutations"),
                           _lazy("vector_models", "refute_at_once"),
                           _lazy("moments", "refute_at_once"), _lazy("scores", "refute_at_once"),
                           _lazy("better_points", "refute_at_once"),
                           _lazy("unattained", "refute_at_once"), _lazy("tables", "refute_at_once"),
                           _lazy("tables", "instances_at_once"), _lazy("order_points", "refute_at_once"),
                           _lazy("orbit_limits", "refute_at_once"), _lazy("sequence_orbits", "refutations"),
                           _lazy("cost_recurrences", "refute_at_once"), _lazy("finite_laws", "refute_at_once"))
#: Engines that propose witnesses for claims with families, laws, limits, orders of growth.
REFUTERS: tuple[Any, ...] = (
    _lazy("vector_models", "refute"),
    _lazy("functions", "refutations"), _lazy("tables", "refute_by_instances"), _lazy("tables", "refute_tables"),
    _lazy("finite_laws", "refute_finite"), _lazy("moments", "refute_moments"), _lazy("scores", "refute"),
    _lazy("order_points", "refute"), _lazy("better_points", "refute"))
#: Engines that propose points satisfying assumptions on families, laws and functions.
INHABITANTS: tuple[Any, ...] = (
    _lazy("vector_models", "inhabitants"),
    _lazy("sequence_orbits", "inhabitants"), _lazy("recurrences", "inhabitants"), _lazy("functions", "inhabitants"),
    _lazy("tables", "inhabitants"), _lazy("finite_laws", "inhabit_finite"), _lazy("moments", "inhabitants"),
    _lazy("scores", "inhabitants"),
    _lazy("order_points", "inhabitants"))

__all__ = ["INHABITANTS", "REFUTERS", "Index", "decide", "load"]
