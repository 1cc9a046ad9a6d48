"""The context of an index form: names, sorts, what is known of their order; sizes and budgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from . import index_sign
from .claim import Sequent
from .evidence import Reject
from .index_facts import ORIGIN, Facts, Place, place
from .index_terms import UNIT, Atom, Poly, only_atom, poly
from .term import Index, Scalar, Sort, Term, free_names, show

RULE = "index-form"
MAX_STEPS = 60_000
#: name -> token of a bound or declared name
Env = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """``lead = rest`` for all values of the pattern indices that satisfy ``guard``."""

    patterns: tuple[tuple[str, Poly], ...]
    guard: tuple[tuple[str, str, str], ...]  # (relation, token, token)
    bounds: Mapping[str, Poly]
    lead: Mapping[Atom, Fraction]
    rest: Poly


def over_budget(message: str) -> Reject:
    return Reject(RULE, "budget", message)


class Scope:
    def __init__(self, sequent: Sequent) -> None:
        self.sequent = sequent
        self.tokens = {name: f"v{k}" for k, name in enumerate(sequent.declarations)}
        self.names = {t: n for n, t in self.tokens.items()}
        self.sizes: dict[str, Poly] = {}  # index token -> size
        self.facts = Facts()
        self.rewrites: list[Rewrite] = []
        self.nonzero: set[str] = set()  # keys of forms known not to be 0
        self.inequalities: list[index_sign.Inequality] = []
        self.limits: dict[str, index_sign.Range] = {}
        self._count, self._work = [0], [0]
        self._signs: dict[str, index_sign.Sign] = {}
        self.noted: dict[str, index_sign.Sign] = {}  # signs of terms as written, by the keys of their forms
        self.piecewise = False  # abs, relu, sign, max, min by truth values instead of by name
        self._busy: set[str] = set()
        self._ranks: dict[str, int] = {}
        self._local: dict[frozenset[Atom], Facts] = {}
        for a in sequent.assumptions:
            self.facts.tell(a, self.node)
        for name, sort in sequent.declarations.items():
            if isinstance(sort, Index):
                self._declare(self.tokens[name], sort.size, {})

    # ------------------------------------------------------------------ names and sorts

    def node(self, name: str) -> str | None:
        """The node of a declared name in the facts: indices and integers have one."""
        sort = self.sequent.declarations.get(name)
        return self.tokens[name] if isinstance(sort, Index) or sort == Scalar("integer") else None

    def node_in(self, env: Env) -> Callable[[str], str | None]:
        return lambda name: env[name] if name in env else self.node(name)

    def _declare(self, token: str, size: Term, env: Env, assumed: bool = True) -> None:
        if free_names(size) & set(env):
            raise Reject(RULE, "sort", f"the size {show(size)} depends on an index")
        self.sizes[token] = self.read(size, {})
        if assumed:
            self.facts.index(token, self.sizes[token].key, place(size, self.node))

    def declare_again(self) -> None:
        """After an equation between sizes: the sorts of the declared indices in its normal form."""
        for name, sort in self.sequent.declarations.items():
            if isinstance(sort, Index):
                self._declare(self.tokens[name], sort.size, {})

    def fresh(self, size: Poly | None = None) -> str:
        self._count[0] += 1
        token = f"~{self._count[0]}"
        if size is not None:
            self.sizes[token] = size
        return token

    def under(
        self, names: Sequence[str], sorts: Sequence[Sort], guard: Term, env: Env, assumed: bool = True
    ) -> tuple[Self, Env]:
        """This context with new indices and a guard that holds of them.  With ``assumed`` the facts know
        both, and that the range is not empty: right for judging the body, wrong for its form, which is
        summed over ranges that may be empty."""
        inner = object.__new__(type(self))
        inner.__dict__.update(self.__dict__)
        inner.facts, inner.sizes = self.facts.extended(), dict(self.sizes)
        inner._signs, inner._busy, inner._local = {}, set(), {}
        inner.noted = dict(self.noted)      # what is noted inside holds under the guard alone
        inside = dict(env)
        for name, sort in zip(names, sorts, strict=True):
            if not isinstance(sort, Index):
                raise Reject(RULE, "sort", f"{name} is bound over a range that is not an index range")
            token = inner.fresh()
            inner._declare(token, sort.size, env, assumed)
            inside[name] = token
        if assumed:
            inner.facts.tell(guard, inner.node_in(inside))
        return inner, inside

    def tick(self, n: int = 1) -> None:
        self._work[0] += n
        if self._work[0] > MAX_STEPS:
            raise over_budget(f"more than {MAX_STEPS} steps of normalisation")

    def place_of(self, token: str) -> Place:
        return (ORIGIN, int(token[1:])) if token.startswith("=") else (token, 0)

    def _in_range(self, token: str, size: Poly) -> bool:
        if token.startswith("="):
            return 1 <= int(token[1:]) <= self.at_least(size)
        return self._same_sort(self.sizes.get(token), size)

    def at_least(self, size: Poly) -> int:
        """The largest number that this size is known to reach (0 if nothing is known)."""
        if size.constant is not None:
            return int(size.constant)
        known = self.facts.at_least(size.key)
        if known is None:
            rest = dict(size.terms)
            offset = rest.pop(UNIT, Fraction(0))
            only = only_atom(poly(rest))
            if only is None or only.kind != "scalar" or offset.denominator != 1:
                return 0
            c = self.facts.difference((ORIGIN, 0), (only.head, int(offset)))
            known = 0 if c is None else -c
        return max(known, 0)

    @staticmethod
    def _same_sort(a: Poly | None, b: Poly | None) -> bool:
        return a is not None and b is not None and a.key == b.key

    # Further down: what the layers above add, as this one needs it.

    def read(self, t: Term, env: Env) -> Poly:
        raise NotImplementedError

    def show(self, p: Poly) -> str:
        raise NotImplementedError


__all__ = ["RULE", "Env", "Rewrite", "Scope", "only_atom", "over_budget"]
