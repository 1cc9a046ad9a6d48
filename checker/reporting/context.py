"""What a printer must know beside the term: the sorts of names, the definitions, the iterations.

A term alone does not say whether ``at(f, x)`` is an entry ``f_x`` or a value ``f(x)``: the sort of
``f`` does.  And an iteration is too long to be printed at every use: a report names it (Φ, Ψ, ...)
and says once what it stands for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ..kernel.claim import Claim, Definition
from ..kernel.term import App, Bind, Map, Sort, Term, alpha, subterms

_LETTERS = ("Φ", "Ψ", "Ξ", "Λ", "Υ", "Ω")


@dataclass(frozen=True)
class Context:
    sorts: Mapping[str, Sort] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    #: one step of an iteration (its lines, bound names standardised) -> the letter it is given
    iterations: Mapping[tuple[Term, ...], str] = field(default_factory=dict)
    #: iterations that have one start only: their components are written p_n, q_n
    starts: Mapping[tuple[Term, ...], Term] = field(default_factory=dict)
    #: the components' names as the claim writes them (unfolding may rename bound names)
    components: Mapping[tuple[Term, ...], tuple[str, ...]] = field(default_factory=dict)

    def bind(self, names: Iterable[str], sorts: Iterable[Sort]) -> Context:
        """The context inside a binder."""
        return replace(self, sorts={**self.sorts, **dict(zip(names, sorts, strict=True))})

    def letter(self, iteration: Bind) -> str | None:
        return self.iterations.get(step_key(iteration))


EMPTY = Context()


def step_key(iteration: Bind) -> tuple[Term, ...]:
    """What two iterations share when only the start and the number of steps differ."""
    canonical = alpha(Bind("iterate", iteration.names, iteration.sorts, (), iteration.inner))
    return canonical.inner if isinstance(canonical, Bind) else ()


def context_of(claim: Claim) -> Context:
    """The context of a claim's own terms (and of certificates and conditions that speak of it)."""
    return Context(
        dict(claim.declarations),
        {d.name: d for d in claim.definitions},
        {step_key(b): letter for b, letter in named_iterations(claim)},
        single_starts(claim),
        {step_key(b): b.names for b, _ in named_iterations(claim)},
    )


def terms_shown(claim: Claim) -> list[Term]:
    """Statement, assumptions and the bodies of all definitions that they use."""
    return [claim.statement, *claim.assumptions, *(d.body for d in used_definitions(claim))]


def used_definitions(claim: Claim) -> list[Definition]:
    """The definitions that the statement or an assumption uses, directly or not, in order."""
    table = {d.name: d for d in claim.definitions}
    used: set[str] = set()
    todo = [claim.statement, *claim.assumptions]
    while todo:
        for u in subterms(todo.pop()):
            if (
                isinstance(u, App)
                and u.head.startswith("@")
                and u.head[1:] in table
                and u.head[1:] not in used
            ):
                used.add(u.head[1:])
                todo.append(table[u.head[1:]].body)
    return [d for d in claim.definitions if d.name in used]


def named_iterations(claim: Claim) -> list[tuple[Bind, str]]:
    """Each different iteration of a claim, once, with its letter."""
    found: dict[tuple[Term, ...], Bind] = {}
    for t in terms_shown(claim):
        for u in _in_reading_order(t):
            if isinstance(u, Bind) and u.head == "iterate":
                found.setdefault(step_key(u), u)
    names = dict(claim.declarations)
    free = [letter for letter in _LETTERS if letter not in names]
    return list(zip(found.values(), free, strict=False))


def single_starts(claim: Claim) -> dict[tuple[Term, ...], Term]:
    """The start of each iteration that has only one, if its components may be written as sequences
    (``p_n``: no declared family or function has the component's name)."""
    starts: dict[tuple[Term, ...], set[Term]] = {}
    maps = {n for n, s in claim.declarations if isinstance(s, Map)}
    barred: set[tuple[Term, ...]] = set()
    for t in terms_shown(claim):
        for u in subterms(t):
            if isinstance(u, Bind) and u.head == "iterate" and len(u.outer) == 2:
                starts.setdefault(step_key(u), set()).add(u.outer[1])
                if maps & set(u.names):
                    barred.add(step_key(u))
    return {k: next(iter(s)) for k, s in starts.items() if len(s) == 1 and k not in barred}


def sequences(claim: Claim) -> list[Bind]:
    """The iterations whose components the statement (or an assumption) reads one by one."""
    found: dict[tuple[Term, ...], Bind] = {}
    single = single_starts(claim)
    for t in terms_shown(claim):
        for u in subterms(t):
            if isinstance(u, App) and u.head == "item" and isinstance(u.args[0], Bind):
                b = u.args[0]
                if b.head == "iterate" and step_key(b) in single:
                    found.setdefault(step_key(b), b)
    return list(found.values())


def _in_reading_order(t: Term) -> Iterable[Term]:
    return reversed(list(subterms(t)))
