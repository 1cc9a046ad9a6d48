"""What a question's claims share: symbols with their domains, definitions, named iterations.

Shown once at the head of the question, so that a claim shows only what is its own: a symbol whose
domain is not the usual one of its name, a definition on which the claims that use its name do not
agree.  An assumption goes to the head only if every claim that has its symbols makes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..kernel.claim import Claim, Definition
from ..kernel.term import TRUE, Bind, Index, Joint, Law, Map, Scalar, Sort, Space, Term, Var, free_names
from ..records import StatedClaim
from .breaking import broken
from .compose import applied, domain, layout as layout_of
from .compose_bind import iteration_lines, sequence_line
from .context import EMPTY, Context, context_of, named_iterations, sequences, step_key, used_definitions
from .layout import Ident, Layout, Row, Sign, Text, joined, parens, row
from .names import name_layout

_LETTERS = ("Φ", "Ψ", "Ξ", "Λ", "Υ", "Ω")


@dataclass(frozen=True)
class Notation:
    declarations: dict[str, Sort] = field(default_factory=dict)
    #: by name and number of parameters, each with the context it is printed in
    definitions: dict[tuple[str, int], tuple[Definition, Context]] = field(default_factory=dict)
    iterations: dict[tuple[Term, ...], tuple[str, Bind]] = field(default_factory=dict)
    throughout: tuple[Term, ...] = ()
    #: assumptions with a label that several claims make
    named: dict[str, Term] = field(default_factory=dict)
    shared: Context = EMPTY

    def context(self, claim: Claim) -> Context:
        own = context_of(claim)
        return replace(
            own, iterations={**own.iterations, **{k: letter for k, (letter, _) in self.iterations.items()}}
        )

    def has(self, d: Definition) -> bool:
        known = self.definitions.get((d.name, len(d.params)))
        return known is not None and known[0] == d

    @property
    def symbols(self) -> list[Layout]:
        """``a, b in {1, ..., m}``: symbols of one domain together."""
        groups: dict[Sort, list[str]] = {}
        for name, sort in self.declarations.items():
            groups.setdefault(sort, []).append(name)
        return [
            _members(sorted(names, key=lambda n: (n.lower(), n)), sort, self.shared)
            for sort, names in groups.items()
        ]

    @property
    def defined(self) -> list[Layout]:
        return [definition_line(d, context) for d, context in self.definitions.values()]

    @property
    def steps(self) -> list[tuple[Layout, Layout, list[Layout]]]:
        """(letter, lines of one step, names of the components)."""
        return [
            (Ident(letter), iteration_lines(b, self.shared), [name_layout(n) for n in b.names])
            for letter, b in self.iterations.values()
        ]

    @property
    def assumed(self) -> list[Layout]:
        return [broken(layout_of(a, self.shared)) for a in self.throughout]

    @property
    def labelled(self) -> list[tuple[str, Layout]]:
        return [(label, broken(layout_of(a, self.shared))) for label, a in self.named.items()]


def notation_of(stated: Sequence[StatedClaim]) -> Notation:
    claims = [s.claim for s in stated]
    uses: dict[str, Counter[Sort]] = {}
    for claim in claims:
        for name, sort in claim.declarations:
            uses.setdefault(name, Counter())[sort] += 1
    letters = _letters(claims, set(uses))
    names = {name: counts.most_common(1)[0][0] for name, counts in uses.items()}
    by_key = {k: letter for k, (letter, _) in letters.items()}
    table = {d.name: d for claim in claims for d in claim.definitions}
    return Notation(
        names, _definitions(claims), letters, tuple(_throughout(claims)), _labels(stated),
        Context(names, table, by_key),
    )


def _definitions(claims: Sequence[Claim]) -> dict[tuple[str, int], tuple[Definition, Context]]:
    """The definitions on which all claims that use their name agree."""
    found: dict[tuple[str, int], tuple[Definition, Context]] = {}
    clash: set[tuple[str, int]] = set()
    for claim in claims:
        context = context_of(claim)
        for d in used_definitions(claim):
            key = (d.name, len(d.params))
            if found.setdefault(key, (d, context))[0] != d:
                clash.add(key)
    return {k: v for k, v in found.items() if k not in clash}


def _letters(claims: Sequence[Claim], taken: set[str]) -> dict[tuple[Term, ...], tuple[str, Bind]]:
    out: dict[tuple[Term, ...], tuple[str, Bind]] = {}
    free = [x for x in _LETTERS if x not in taken]
    for claim in claims:
        for b, _ in named_iterations(claim):
            if step_key(b) not in out and free:
                out[step_key(b)] = (free.pop(0), b)
    return out


def _labels(stated: Sequence[StatedClaim]) -> dict[str, Term]:
    """Labelled assumptions that at least two claims make, under one label each."""
    uses: dict[str, list[Term]] = {}
    for s in stated:
        for k, label in s.labels:
            if 0 <= k < len(s.claim.assumptions):
                uses.setdefault(label, []).append(s.claim.assumptions[k])
    return {label: terms[0] for label, terms in uses.items() if len(terms) > 1 and len(set(terms)) == 1}


def _throughout(claims: Sequence[Claim]) -> Iterator[Term]:
    """Assumptions that every claim makes that has their symbols (two claims at least)."""
    seen: set[Term] = set()
    for claim in claims:
        for a in claim.assumptions:
            if a in seen or a == TRUE or not free_names(a):
                continue
            seen.add(a)
            concerned = [c for c in claims if free_names(a) <= {n for n, _ in c.declarations}]
            if len(concerned) > 1 and all(a in c.assumptions for c in concerned):
                yield a


def where_lines(claim: Claim, notation: Notation) -> Iterator[Layout]:
    """What a claim has to say by itself: symbols and definitions that the head does not show."""
    context = notation.context(claim)
    own: dict[Sort, list[str]] = {}
    for name, sort in claim.declarations:
        if notation.declarations.get(name) != sort:
            own.setdefault(sort, []).append(name)
    for sort, names in own.items():
        yield _members(names, sort, context)
    for b in sequences(claim):
        yield sequence_line(b, context)
    for d in used_definitions(claim):
        if not notation.has(d):
            yield definition_line(d, context)


def definition_line(d: Definition, context: Context) -> Layout:
    inside = context.bind((n for n, _ in d.params), (s for _, s in d.params))
    name = name_layout(d.name)
    left = (
        applied(name, tuple(Var(n) for n, _ in d.params), tuple(s for _, s in d.params), context)
        if d.params
        else name
    )
    return broken(row(left, Sign(":="), layout_of(d.body, inside)))


def _members(names: Sequence[str], sort: Sort, context: Context) -> Layout:
    shown = joined(",", [name_layout(n) for n in names])
    match sort:
        case Scalar() | Index():
            where = domain(sort)
            return row(shown, Sign("in"), where) if where is not None else shown
        case Joint(_, _, values, within) | Map(_, Joint(_, _, values, within)):
            low, high = ("any bound" if b is None else str(b) for b in within)
            told = f" (on {', '.join(map(str, values))})" if values else (
                f" (between {low} and {high})" if within != (None, None) else " (all moments finite)")
            return row(shown, Text(told))
        case Map():
            where = domain(sort)
            return (
                row(shown, Sign(":"), where)
                if where is not None
                else row(shown, Text(" (functions)" if len(names) > 1 else " (a function)"))
            )
        case Space(measure):
            kind = {"counting": "discrete", "lebesgue": "real, Lebesgue"}.get(measure, "any measure")
            plural = "s" if len(names) > 1 else ""
            return row(shown, Text(f" (random variable{plural}, {kind})"))
        case Law():
            return joined(",", [_law(n, sort) for n in names])


def _law(name: str, sort: Law) -> Layout:
    inside: Layout = joined(",", [name_layout(x) for x in sort.own])
    if sort.given:
        inside = row(inside, Sign("mid"), joined(",", [name_layout(x) for x in sort.given]))
    return row(name_layout(name), parens(inside), Text(" (density)"))


__all__ = ["Notation", "Row", "notation_of", "where_lines"]
