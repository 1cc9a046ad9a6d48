"""Claims: declared symbols, definitions, assumptions, statement; and the sequents rules work on.

A claim says: at every point of the domains where the assumptions hold, the statement holds.
Definitions are part of the claim; rules see them unfolded, reports show them folded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .matrix_terms import check_types
from .term import (
    App, Bind, Malformed, Sort, Term, check_name, children, digest, free_names, from_json, rebuild,
    rename, sort_from_json, sort_terms, sort_to_json, substitute, subterms, to_json, well_formed,
)

MAX_UNFOLDED = 60_000
MAX_PARTS = 2_000        # declarations, assumptions, definitions, lemmas


@dataclass(frozen=True)
class Definition:
    """``@name(params) := body``.  Used in terms as ``App("@name", arguments)``."""

    name: str
    params: tuple[tuple[str, Sort], ...]
    body: Term


@dataclass(frozen=True)
class Claim:
    declarations: tuple[tuple[str, Sort], ...]
    assumptions: tuple[Term, ...]
    statement: Term
    definitions: tuple[Definition, ...] = ()
    #: hashes of the claims that may be used as lemmas
    lemmas: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "declarations": [[n, sort_to_json(s)] for n, s in self.declarations],
            "definitions": [
                [d.name, [[n, sort_to_json(s)] for n, s in d.params], to_json(d.body)]
                for d in self.definitions
            ],
            "assumptions": [to_json(a) for a in self.assumptions],
            "statement": to_json(self.statement),
            "lemmas": list(self.lemmas),
        }

    @staticmethod
    def from_json(data: Any) -> Claim:
        """Raises :class:`Malformed`."""
        try:
            for key in ("declarations", "assumptions", "definitions", "lemmas"):
                if len(data.get(key, ())) > MAX_PARTS:
                    raise Malformed(f"more than {MAX_PARTS} {key}")
            claim = Claim(
                tuple((str(n), sort_from_json(s)) for n, s in data["declarations"]),
                tuple(from_json(a) for a in data["assumptions"]),
                from_json(data["statement"]),
                tuple(
                    Definition(str(n), tuple((str(p), sort_from_json(s)) for p, s in ps), from_json(b))
                    for n, ps, b in data.get("definitions", [])
                ),
                tuple(str(h) for h in data.get("lemmas", [])),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            if isinstance(error, Malformed):
                raise
            raise Malformed(f"not a claim: {error}") from error
        claim.check_scope()
        return claim

    @cached_property
    def hash(self) -> str:
        return digest(self.to_json())

    def check_scope(self) -> None:
        """Every free name is declared, every used definition is defined earlier, once."""
        declared: set[str] = set()
        for name, sort in self.declarations:
            if name in declared:
                raise Malformed(f"{name} is declared twice")
            check_name(name)
            for t in sort_terms(sort):
                if not free_names(t) <= declared:
                    raise Malformed(f"the size {t} of {name} uses a name declared later or not at all")
            declared.add(name)
        known: set[str] = set()
        for d in self.definitions:
            if d.name in known:
                raise Malformed(f"{d.name} is defined twice")
            if len({n for n, _ in d.params}) != len(d.params):
                raise Malformed(f"{d.name} has two parameters of one name")
            for p, _ in d.params:
                check_name(p)
            self._check(d.body, declared | {n for n, _ in d.params}, known, f"definition of {d.name}")
            known.add(d.name)
        for t in (*self.assumptions, self.statement):
            self._check(t, declared, known, "claim")

    @staticmethod
    def _check(t: Term, declared: set[str], defined: set[str], where: str) -> None:
        if loose := free_names(t) - declared:
            raise Malformed(f"{where}: {', '.join(sorted(loose))} is not declared")
        for u in subterms(t):
            if isinstance(u, Bind):
                well_formed(u)
            if isinstance(u, App) and u.head.startswith("@") and u.head[1:] not in defined:
                raise Malformed(f"{where}: {u.head[1:]} is not defined")

    @cached_property
    def sequent(self) -> Sequent:
        """The claim with all definitions unfolded."""
        table = {d.name: d for d in self.definitions}
        whole = Sequent(
            dict(self.declarations),
            tuple(unfold(a, table) for a in self.assumptions),
            unfold(self.statement, table),
        )
        for t in (*whole.assumptions, whole.goal):      # matrices fit for all sizes, before any number is put in
            check_types(t, whole.declarations)
        return whole


def unfold(t: Term, definitions: Mapping[str, Definition]) -> Term:
    """Replace every use of a definition by its body, without capture."""
    budget = [MAX_UNFOLDED]
    sizes: dict[Term, int] = {}
    # names that a body means from outside: a binder around a use must not capture them
    outside = {n for d in definitions.values() for n in free_names(d.body) - {p for p, _ in d.params}}

    def size(u: Term) -> int:
        """Nodes counted as a tree (bodies share subterms, so walking one may take for ever)."""
        if u not in sizes:
            sizes[u] = 1 + sum(size(v) for v in children(u))
        return sizes[u]

    def go(u: Term) -> Term:
        budget[0] -= 1
        if budget[0] < 0:
            raise Malformed(f"the definitions unfold to more than {MAX_UNFOLDED} nodes")
        if isinstance(u, Bind) and outside & set(u.names):
            u = rename(u, outside)
        if isinstance(u, App) and u.head.startswith("@"):
            d = definitions[u.head[1:]]
            if len(u.args) != len(d.params):
                raise Malformed(f"{d.name} takes {len(d.params)} arguments, not {len(u.args)}")
            args = {p: go(a) for (p, _), a in zip(d.params, u.args, strict=True)}
            whole = substitute(go(d.body), args)
            if size(whole) > MAX_UNFOLDED:
                raise Malformed(f"the definitions unfold to more than {MAX_UNFOLDED} nodes")
            return whole
        return rebuild(u, go) if isinstance(u, (App, Bind)) else u

    try:
        return go(t)
    except RecursionError as error:
        raise Malformed("the definitions unfold too deep") from error


@dataclass(frozen=True)
class Sequent:
    """What a rule proves: under ``assumptions``, for all values of the declared names, ``goal``."""

    declarations: Mapping[str, Sort]
    assumptions: tuple[Term, ...]
    goal: Term

    def with_goal(self, goal: Term) -> Sequent:
        return Sequent(self.declarations, self.assumptions, goal)

    def assuming(self, *formulas: Term) -> Sequent:
        return Sequent(self.declarations, self.assumptions + formulas, self.goal)

    def declaring(self, names: Mapping[str, Sort]) -> Sequent:
        """``names`` must be new."""
        if clash := set(names) & set(self.declarations):
            raise Malformed(f"declared twice: {', '.join(sorted(clash))}")
        return Sequent({**self.declarations, **names}, self.assumptions, self.goal)

    def sort(self, name: str) -> Sort | None:
        return self.declarations.get(name)
