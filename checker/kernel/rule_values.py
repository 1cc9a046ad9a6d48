"""Values of functions of vectors become names: f(x - a g) is some number, and the rest is index notation.

    each f(u, k, ..) in G, P, with a vector u:  a new name c[j, .., k, ..],  j, .. the indices bound around it in u;
    one name for two occurrences if their arguments have one normal form
    G', c |- P'     (G', P': the new names put in; assumptions that still speak of f are left out)
    ------------------------------------------------------------------------------------------
    G |- P                                   conditions: the definedness of P

Before that the derivatives along entries are carried out (``partial``).  The conclusion is an instance of the
premise: c takes the values of f at these arguments.  Arguments with one normal form are equal wherever both are
defined, and where an assumption holds whatever decides its truth is defined.

FAILURE: an argument that mentions a bound name other than an index; the premise is shown only under a condition.
Cannot do: two arguments that are equal only by an assumption (then they have two names).
Source: generalisation of a theorem to new constants; no page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .derivative import without_partials
from .evidence import Evidence, Reject
from .index_form import Form
from .index_terms import Budget
from .term import (
    TRUE, App, Bind, Index, Map, Num, Scalar, Sort, Term, Var, alpha, app, free_names, fresh, rename, show, sort_terms,
    subterms,
)

if TYPE_CHECKING:
    from .prove import Prover

RULE = "values"
MAX_NAMES = 200


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    own = open_conditions(s)
    named = named_values(s.assuming(*own))
    shown = prove(named.sequent, c["proof"])
    if shown.conditions:
        raise Reject(RULE, "proof", f"rests on {show(shown.conditions[0])}")
    return Evidence(own, shown.axioms)


def open_conditions(s: Sequent) -> tuple[Term, ...]:
    """The definedness of the goal, less what the assumptions give, before or after the values have names."""
    from .prove import discharge

    conditions = discharge(definedness(s.goal, s), s)
    if not conditions:
        return ()
    named = named_values(s, conditions)
    return tuple(c for c, new in zip(conditions, named.others, strict=True)
                 if new is None or discharge((new,), named.sequent))


@dataclass
class Named:
    """The sequent with names for the values; ``values``: name -> (function, argument); ``origins``: an assumption
    as it stands now -> as it was."""

    sequent: Sequent
    values: dict[str, tuple[str, Term]] = field(default_factory=dict)
    origins: dict[Term, Term] = field(default_factory=dict)
    others: tuple[Term | None, ...] = ()


def named_values(s: Sequent, others: tuple[Term, ...] = ()) -> Named:
    """``others``: more formulas to be put in these names.  Raises :class:`Reject`."""
    functions = {n for n, sort in s.declarations.items() if of_vectors(sort)}
    naming = _Naming(s, functions)
    goal = naming.of(without_partials(s.goal, s.declarations), {})
    if naming.left:
        raise Reject(RULE, show(s.goal)[:80], "a value at a vector that is bound there")
    kept: dict[Term, Term] = {}
    for a in s.assumptions:
        naming.left = False
        new = naming.of(without_partials(a, s.declarations), {})
        if not naming.left and not free_names(new) & functions:
            kept.setdefault(new, a)
    more: list[Term | None] = []
    for t in others:
        naming.left = False
        new = naming.of(t, {})
        more.append(None if naming.left or free_names(new) & functions else new)
    return Named(Sequent({**s.declarations, **naming.new}, tuple(kept), goal), naming.values, kept, tuple(more))


def of_vectors(sort: Sort | None) -> bool:
    return isinstance(sort, Map) and isinstance(sort.result, Scalar) and any(isinstance(a, Map) for a in sort.args)


class _Naming:
    def __init__(self, s: Sequent, functions: set[str]) -> None:
        self.decls, self.functions = dict(s.declarations), functions
        self.new: dict[str, Sort] = {}
        self.known: dict[str, str] = {}
        self.values: dict[str, tuple[str, Term]] = {}
        self.taken = set(s.declarations).union(*map(_names, (*s.assumptions, s.goal)), set())
        self.left = False
        #: assumed of sizes: a sum over a range needs a natural number
        self.sizes = tuple(a for a in s.assumptions if isinstance(a, App) and a.head == ">=" and isinstance(
            a.args[0], Var) and isinstance(a.args[1], Num))

    def of(self, t: Term, bound: Mapping[str, Sort]) -> Term:
        if isinstance(t, App) and t.head == "at" and isinstance(t.args[0], Var) and t.args[0].name in (
                self.functions - set(bound)):
            f = t.args[0]
            return self.named(f.name, tuple(self.of(a, bound) for a in t.args[1:]), bound)
        if isinstance(t, App):
            return App(t.head, tuple(self.of(a, bound) for a in t.args))
        if isinstance(t, Bind):
            t = rename(t, set(self.decls) | set(bound) | set(self.new))
            inside = {**bound, **dict(zip(t.names, t.sorts, strict=True))}
            return Bind(t.head, t.names, t.sorts, tuple(self.of(u, bound) for u in t.outer),
                        tuple(self.of(u, inside) for u in t.inner))
        return t

    def named(self, f: str, args: tuple[Term, ...], bound: Mapping[str, Sort]) -> Term:
        sort = self.decls[f]
        if not isinstance(sort, Map) or len(sort.args) != len(args):
            raise Reject(RULE, f, "takes another number of arguments")
        points = [(a, k) for a, k in zip(args, sort.args, strict=True) if not isinstance(k, Index)]
        rest = [(a, k) for a, k in zip(args, sort.args, strict=True) if isinstance(k, Index)]
        around = tuple(n for n in bound if any(n in free_names(a) for a, _ in points))
        if any(not isinstance(bound[n], Index) or any(free_names(u) & set(bound) for u in sort_terms(bound[n]))
               for n in around):
            self.left = True
            return app("at", Var(f), *args)
        sizes = [show(u) for n in around for u in sort_terms(bound[n])]
        key = f"{f}({'; '.join(self.key(a, k, around, bound) for a, k in points)}) over {sizes}"
        if key not in self.known:
            if len(self.known) >= MAX_NAMES:
                raise Reject(RULE, f, "too many values")
            name = fresh(f"{f}'{len(self.known) + 1}", self.taken)
            self.taken.add(name)
            slots = (*(bound[n] for n in around), *(k for _, k in rest))
            self.new[name] = Map(slots, sort.result) if slots else sort.result
            self.known[key] = name
            self.values[name] = f, points[0][0]
        given = (*(Var(n) for n in around), *(a for a, _ in rest))
        return app("at", Var(self.known[key]), *given) if given else Var(self.known[key])

    def key(self, a: Term, sort: Sort, around: tuple[str, ...], bound: Mapping[str, Sort]) -> str:
        """The normal form of an argument at a generic index: equal keys, equal arguments (where both are defined)."""
        # names that no claim can have (``check_name``): else a claim's own index could pass for the generic one
        names = {n: f"#around {k}" for k, n in enumerate(around)}
        by: dict[str, Term] = {n: Var(m) for n, m in names.items()}
        # declared first: a form numbers its names in this order, and keys of different times are compared
        entry, decls = _generic(a, sort, {**{m: bound[n] for n, m in names.items()}, **self.decls, **self.new}, by)
        try:
            form = Form(Sequent(decls, self.sizes, TRUE))
            return "form " + form.read(entry, {}).key
        except (Reject, Budget, RecursionError):
            return f"term {alpha(entry)!r}"


def _generic(a: Term, sort: Sort, decls: dict[str, Sort], by: Mapping[str, Term]) -> tuple[Term, dict[str, Sort]]:
    from .term import substitute

    a = substitute(a, by)
    if not isinstance(sort, Map):
        return a, decls
    slots = tuple(f"#slot {k}" for k in range(len(sort.args)))
    if isinstance(a, Bind) and a.head == "lambda" and len(a.names) == len(slots):
        a = substitute(a.inner[0], {n: Var(m) for n, m in zip(a.names, slots, strict=True)})
    else:
        a = app("at", a, *map(Var, slots))
    return a, {**dict(zip(slots, sort.args, strict=True)), **decls}


def _names(t: Term) -> set[str]:
    out = set(free_names(t))
    for u in subterms(t):
        if isinstance(u, Bind):
            out |= set(u.names)
    return out


__all__ = ["Named", "check", "named_values", "of_vectors"]
