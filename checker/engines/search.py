"""Goal-directed search: take the goal apart by logic, then ask the engines in order of cost.

What comes back is a certificate that the kernel has replayed on this very goal, or None.  ``ENGINES``
is the portfolio for atomic goals: visible, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.effort import Spent, allowance, left
from ..kernel.evidence import Evidence, Reject
from ..kernel.prove import discharge, introduce, prove
from ..kernel.rule_logic import unfolded
from ..kernel.term import (
    FALSE, INTEGER, RELATIONS, TRUE, App, Bind, Index, Num, Scalar, Term, Var, app, free_names, negate, num,
    substitute, subterms, to_json,
)
from . import algebra, dynamics, logic, samples
from .outcome import Budget

if TYPE_CHECKING:
    from ..kernel.model import Model

Certificate = dict[str, Any]
Engine = Callable[["Searcher", Sequent], Iterator[Certificate]]
MAX_DEPTH = 14
SHARED_DEPTH = 2            # of goals, up to which no engine may take all steps
DEEPEST, CHEAP = 30, 2      # beyond that depth of functions only the first engines are asked


class Searcher:
    """Searches proofs for sequents.  ``model`` is the point of a refutation, if there is one."""

    def __init__(self, lemmas: Mapping[str, Any], budget: Budget, model: Model | None = None) -> None:
        self.lemmas, self.budget, self.model = lemmas, budget, model
        self.depth, self.last = 0, ""
        self.failed: set[tuple[tuple[Term, ...], Term]] = set()
        self.exchanged: set[Term] = set()               # goals in which equal matrices were put for each other
        self.notes: dict[str, str] = {}
        self._replayed: dict[tuple[Any, ...], tuple[Certificate, Evidence | None]] = {}
        #: how often a costly method found nothing for a term: case splits ask again and again
        self.in_vain: dict[Term, int] = {}
        self.rejections: dict[str, str] = {}            # engine -> why its first certificate was not enough
        self.open: list[tuple[int, Sequent]] = []       # relations that no engine showed, with their depth

    # ------------------------------------------------------------------ the kernel's word

    def accepted(self, s: Sequent, c: Certificate) -> Evidence | None:
        # a bare rule is known by its name; else the entry keeps c, so that its id stays its own
        key = (c["rule"] if len(c) == 1 else id(c), tuple(s.declarations.items()), s.assumptions, s.goal)
        if key in self._replayed:
            return self._replayed[key][1]
        if not self.budget.spend():
            return None
        try:
            found = prove(s, c, self.lemmas, self.model)
        except Reject as reason:
            self.notes.setdefault(str(c.get("rule")), f"{reason.where}: {reason.message}")
            self.last = f"{reason.where}: {reason.message}"
            if len(c) == 1:
                self._replayed[key] = c, None
            return None
        self._replayed[key] = c, found
        return found

    def prove(self, s: Sequent) -> Certificate | None:
        """A certificate for the sequent (perhaps with conditions), or None."""
        key = (s.assumptions, s.goal)
        self.budget.nodes -= 1
        if self.depth >= MAX_DEPTH or self.budget.checks <= 0 or self.budget.nodes < 0 or key in self.failed:
            return None
        self.depth += 1
        try:
            for c in self._candidates(s):
                if self.accepted(s, c) is not None:
                    return c
        finally:
            self.depth -= 1
        self.failed.add(key)
        if isinstance(s.goal, App) and s.goal.head in (*RELATIONS, "in") and len(self.open) < 60:
            self.open.append((self.depth, s))
        return None

    def unconditionally(self, s: Sequent) -> Certificate | None:
        c = self.prove(s)
        if c is None:
            return None
        shown = self.accepted(s, c)
        return c if shown is not None and not shown.conditions else None

    # ------------------------------------------------------------------ candidates

    def where_defined(self, s: Sequent) -> Certificate | None:
        """A proof that assumes the definedness of the goal's own subterms."""
        needed = discharge(definedness(s.goal, s), s)
        inner = self.prove(s.assuming(*needed)) if needed else None
        return None if inner is None else {"rule": "where-defined", "proof": inner}

    def _candidates(self, s: Sequent) -> Iterator[Certificate]:
        goal = s.goal
        if goal == TRUE or not free_names(goal):
            yield {"rule": "evaluate"}
        elif self.model is not None:
            yield {"rule": "evaluate"}
        yield {"rule": "assumption"}
        match goal:
            case App("and", parts):
                proofs = []
                for part in parts:
                    c = self.prove(s.with_goal(part))
                    if c is None:
                        return
                    proofs.append(c)
                yield {"rule": "and", "parts": proofs}
            case App("or", parts):
                yield from self._or(s, parts)
                yield from _external("eigen", "proofs")(self, s)
            case App("implies", (premise, conclusion)):
                c = self.prove(s.assuming(premise).with_goal(conclusion))
                if c is not None:
                    yield {"rule": "implies", "proof": c}
            case App("iff", (a, b)):
                forward = self.prove(s.with_goal(app("implies", a, b)))
                if forward is None:
                    return
                backward = self.prove(s.with_goal(app("implies", b, a)))
                if backward is not None:
                    yield {"rule": "iff", "forward": forward, "backward": backward}
            case Bind("forall"):
                yield from self._direct(s)
                inner, _ = introduce(s, goal)
                c = self.prove(inner)
                if c is not None:
                    yield {"rule": "forall", "proof": c}
            case Bind("exists"):
                yield from self._exists(s, goal)
                yield from self._direct(s)
            case App("not", (App("mat=", _),)):
                yield from _external("matrices", "by_entries")(self, s)
            case App("not", (App("invertible", _),)):
                yield from _external("eigen", "proofs")(self, s)
            case App("not", _) if (opened := unfolded(goal)) is not None:
                c = self.prove(s.with_goal(opened))
                if c is not None:
                    yield {"rule": "unfold", "proof": c}
            case _:
                yield from self._direct(s)

    def _direct(self, s: Sequent) -> Iterator[Certificate]:
        step = logic.normalised(s)
        if step is not None:
            if isinstance(s.goal, App) and s.goal.head in RELATIONS:
                yield {"rule": "field" if s.goal.head == "=" else "sign"}
            c = self.prove(step.sequent)
            if c is not None:
                yield step.wrap(c)
            if all(isinstance(k, (Scalar, Index)) for k in s.declarations.values()):
                return          # nothing was lost
        for name, engine in ENGINES:
            try:
                candidates = engine(self, s)
                for c in shared(candidates) if self.depth <= SHARED_DEPTH else candidates:
                    self.last = "a part of it is shown only under a condition"
                    yield c
                    self.rejections.setdefault(name, self.last)
            except Exception as error:  # a fault of one engine is not the claim's: the others go on
                self.notes.setdefault(name, f"stopped by {type(error).__name__}: {error}")

    def _or(self, s: Sequent, parts: tuple[Term, ...]) -> Iterator[Certificate]:
        for k, part in enumerate(parts):
            for rule in ("assumption", "sign", "field"):
                c: Certificate | None = {"rule": rule}
                if self.accepted(s.with_goal(part), {"rule": rule}) is not None:
                    yield {"rule": "or", "index": k, "proof": c}
        yield from algebra.ideal(s)
        if any(k == INTEGER for k in s.declarations.values()):
            yield from _external("discrete", "proofs")(self, s)
        defined = not discharge(definedness(s.goal, s), s)
        plain = not any(isinstance(u, Bind) and u.head == "exists" for p in parts for u in subterms(p))
        if plain and defined:
            c = self.prove(s.assuming(negate(s.goal)).with_goal(FALSE))
            if c is not None:
                yield {"rule": "contradiction", "proof": c}
            return
        for k, part in enumerate(parts):
            if samples.violates(s.with_goal(part)) is None and (c := self.prove(s.with_goal(part))) is not None:
                yield {"rule": "or", "index": k, "proof": c}
        for k in range(len(parts) - 1, -1, -1):
            others = s.assuming(*(negate(p) for j, p in enumerate(parts) if j != k))
            c = self.prove(others.with_goal(parts[k]))
            if c is not None:
                yield {"rule": "or", "index": k, "assume-others": True, "proof": c}
        yield from logic.branches(s, self)

    def _exists(self, s: Sequent, goal: Bind) -> Iterator[Certificate]:
        """Small numbers for indices; for scalars see ``witnesses``."""
        from . import witnesses
        from .points import candidates

        yield from witnesses.proofs(s, self)
        if len(goal.names) == 1 and isinstance(goal.sorts[0], Index):
            sort = goal.sorts[0]
            names = [Var(n) for n, k in s.declarations.items() if k == sort]
            for t in [*names, *candidates(INTEGER)[:14]]:
                body = substitute(goal.inner[1], {goal.names[0]: t})
                guard = substitute(goal.inner[0], {goal.names[0]: t})
                found: Certificate = {"rule": "exists", "witness": {goal.names[0]: to_json(t)}}
                if guard != TRUE:
                    g = self.unconditionally(s.with_goal(guard))
                    if g is None:
                        continue
                    found["guard"] = g
                found["range"] = {goal.names[0]: self.unconditionally(s.with_goal(
                    app("and", app("<=", num(1), t), app("<=", t, sort.size))))}
                proof = self.unconditionally(s.with_goal(body))
                if proof is not None:
                    yield {**found, "proof": proof}


def shared(candidates: Iterator[Certificate]) -> Iterator[Certificate]:
    """At most half of the steps that are left go to one engine; others may know better."""
    steps = left() / 2
    while True:
        try:
            with allowance(steps):
                found = next(candidates, None)
                steps = left()
        except Spent:
            return          # if all are used up, whoever counts next says so
        if found is None:
            return
        yield found


def depth(t: Term, limit: int) -> int:
    """How deep functions (not sums and products) stand inside each other, counted up to ``limit``."""
    level, deepest = [(t, 0)], 0
    while level:
        u, d = level.pop()
        deepest = max(deepest, d)
        if deepest >= limit:
            break
        inside = u.args if isinstance(u, App) else (*u.outer, *u.inner) if isinstance(u, Bind) else ()
        step = 0 if isinstance(u, App) and u.head in ("add", "mul", "neg", "and", "or", *RELATIONS) else 1
        level += [(v, d + step) for v in inside]
    return deepest


# ------------------------------------------------------------------------------ engines


def normal_form(search: Searcher, s: Sequent) -> Iterator[Certificate]:
    if isinstance(s.goal, App) and s.goal.head == "=":
        yield {"rule": "field"}


def visible_sign(search: Searcher, s: Sequent) -> Iterator[Certificate]:
    if isinstance(s.goal, App) and s.goal.head in RELATIONS:
        yield {"rule": "sign"}


def cofactors(search: Searcher, s: Sequent) -> Iterator[Certificate]:
    yield from algebra.ideal(s)


def conflicts(search: Searcher, s: Sequent) -> Iterator[Certificate]:
    """The assumptions contradict each other visibly."""
    if s.goal != FALSE:
        return
    yield from logic.complements(s)
    for k, a in enumerate(s.assumptions):
        if isinstance(a, App) and a.head in RELATIONS:
            rest = Sequent(s.declarations, s.assumptions[:k] + s.assumptions[k + 1:], negate(a))
            for rule in ("sign", "field"):
                if search.accepted(rest, {"rule": rule}) is not None:
                    yield {"rule": "conflict", "assumption": k, "proof": {"rule": rule}}


def alternatives(search: Searcher, s: Sequent) -> Iterator[Certificate]:
    """Cases: for a goal that is defined everywhere, ``contradiction`` asks again."""
    if s.goal == FALSE or discharge(definedness(s.goal, s), s) or not isinstance(s.goal, App):
        yield from logic.branches(s, search)


def substitutions(search: Searcher, s: Sequent) -> Iterator[Certificate]:
    """An assumption ``x = t``: put t for x."""
    for k, a in enumerate(s.assumptions):
        if not (isinstance(a, App) and a.head == "="):
            continue
        for flip in (False, True):
            left, right = a.args[::-1] if flip else a.args
            if isinstance(left, Var) and left.name not in free_names(right) and (
                    left.name in free_names(s.goal) or s.goal == FALSE and any(
                        left.name in free_names(x) for x in s.assumptions if x is not a)):
                by = {left.name: right}
                inner = Sequent(s.declarations, (*(substitute(x, by) for x in s.assumptions), a),
                                substitute(s.goal, by))
                c = search.prove(inner)
                if c is not None:
                    yield {"rule": "substitute", "assumption": k, "flip": flip, "proof": c}


def by_contradiction(search: Searcher, s: Sequent) -> Iterator[Certificate]:
    """P != Q, or P = Q over the reals, from the contradiction of its negation with the assumptions."""
    if not isinstance(s.goal, App) or s.goal.head not in RELATIONS or discharge(definedness(s.goal, s), s):
        return
    if (s.goal.head == "!=" or any(isinstance(a, App) and a.head in (*RELATIONS, "or") for a in s.assumptions)) and (
            search.depth <= 10 and samples.violates(s) is None):
        c = search.prove(s.assuming(negate(s.goal)).with_goal(FALSE))
        if c is not None:
            yield {"rule": "contradiction", "proof": c}


def periodic_orbits(search: Searcher, s: Sequent) -> Iterator[Certificate]:
    yield from dynamics.convergence(s, search.unconditionally)
    yield from dynamics.by_period(s, search.unconditionally)


def orbits(search: Searcher, s: Sequent) -> Iterator[Certificate]:
    yield from dynamics.by_induction(s, search.unconditionally)


#: Files of engines, loaded when first asked, or all at once by ``portfolio.load``.
FILES: set[str] = set()


def _external(module: str, function: str) -> Engine:
    """An engine in a file of its own: loaded when it is first asked."""
    FILES.add(module)

    def ask(search: Searcher, s: Sequent) -> Iterator[Certificate]:
        from importlib import import_module

        engine = getattr(import_module(f".{module}", __package__), function)
        yield from engine(s, search)

    return ask


#: The portfolio for atomic goals, cheapest first.
ENGINES: tuple[tuple[str, Engine], ...] = (
    ("functionals", _external("functionals", "proofs")),
    ("normal form", normal_form),
    ("visible sign", visible_sign),
    ("largest values over an index", _external("greatest", "in_the_goal")),
    ("bounds at every index", _external("weighted_bounds", "proofs")),
    ("largest values that are assumed", _external("greatest", "in_assumptions")),
    ("vectors by their entries", _external("vector_functions", "entries")),
    ("functions of vectors", _external("vector_functions", "proofs")),
    ("weights of the claim", _external("weighted_instances", "proofs")),
    ("functions at the values of the claim", _external("function_instances", "proofs")),
    ("partial derivatives", _external("partials", "proofs")),
    ("derivatives of expectations", _external("scores", "proofs")),
    ("moments of random quantities", _external("moments", "prove_moments")),
    ("limits along orbits", _external("orbit_limits", "proofs")),
    ("periodic orbits", periodic_orbits),
    ("invariants of orbits", _external("orbit_invariants", "proofs")),
    ("principal branches, cases", _external("branches", "proofs")),
    ("arcs", _external("integrals", "arcs")),
    ("limits", _external("limits", "proofs")),
    ("orders of growth", _external("growth", "proofs")),
    ("cases by visible signs", _external("resolution", "proofs")),
    ("choices by cases", _external("piecewise", "proofs")),
    ("integrals", _external("integrals", "proofs")),
    ("difference quotients", _external("slopes", "proofs")),
    ("series", _external("series", "proofs")),
    ("orders of recurrences", _external("cost_recurrences", "proofs")),
    ("closed sums", _external("sums", "proofs")),
    ("defined sequences", _external("sequence_laws", "definitions")),
    ("quotients of sequences", _external("sequence_laws", "quotients")),
    ("unrolled sequences", _external("sequence_laws", "unrolled")),
    ("discrete", _external("discrete", "proofs")),
    ("unrolled sequences, searched", _external("sequence_laws", "searched")),
    ("sequences as orbits", _external("sequence_orbits", "proofs")),
    ("divisibility", _external("divisibility", "proofs")),
    ("largest eigenvalues", _external("spectrum", "proofs")),
    ("eigenvectors", _external("eigen", "proofs")),
    ("equal vectors", _external("projections", "equalities")),
    ("squares and multipliers of vectors", _external("projections", "proofs")),
    ("matrix words", _external("matrices", "by_words")),
    ("traces by the order of matrices", _external("equal_matrices", "traces")),
    ("equal matrices", _external("equal_matrices", "exchanges")),
    ("vectors that are 0", _external("zero_vectors", "proofs")),
    ("entries as vectors", _external("zero_vectors", "rows")),
    ("blocks", _external("blocks", "proofs")),
    ("eigenvalues of one basis", _external("eigenbasis", "proofs")),
    ("definite matrices", _external("definite", "proofs")),
    ("equal points", _external("gaps", "equalities")),
    ("matrices by their entries", _external("matrices", "by_entries")),
    ("assumed derivatives", _external("stationary_points", "proofs")),
    ("gaps", _external("gaps", "proofs")),
    ("extreme values", _external("extrema", "proofs")),
    ("one sum", _external("one_sum", "proofs")),
    ("index form", _external("indices", "prove_index")),
    ("sums as matrix words", _external("matrices", "sums_by_words")),
    ("conflicting assumptions", conflicts),
    ("linear combinations, sign tables", _external("order", "quick")),
    ("expectations", _external("expectations", "identities")),
    ("densities", _external("densities", "prove_density")),
    ("two densities", _external("divergences", "proofs")),
    ("data processing", _external("processing", "proofs")),
    ("weights at their ends", _external("densities", "weights_at_their_ends")),
    ("expectations as numbers", _external("densities", "expectations_as_numbers")),
    ("functions of expectations", _external("expectations", "same_functions")),
    ("inequalities of expectations", _external("expectations", "inequalities")),
    ("completed squares", _external("quadratics", "proofs")),
    ("equal derivatives", _external("equal_derivative", "proofs")),
    ("cofactors", cofactors),
    ("solving", _external("solving", "proofs")),
    ("substitution", substitutions),
    ("alternatives", alternatives),
    ("contradiction", by_contradiction),
    ("inequalities", _external("order", "proofs")),
    ("orbits", orbits),
    ("lemmas", _external("lemma_instances", "proofs")),
)

__all__ = ["ENGINES", "FILES", "Num", "Searcher", "discharge"]
