"""The parts of ``expect``: which names are drawn together, and what is a polynomial in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .evidence import Reject
from .term import REAL, App, Bind, Index, Joint, Map, Num, Sort, Term, Var, free_names, num


@dataclass(frozen=True, slots=True)
class Draws:
    """One law of an ``expect`` with its names, drawn independently for each index tuple of ``repeats``;
    ``identical``: every time from the same law.  Members from ``own`` on are values of unknown functions of the
    first ones: f(X), in ``expectation``."""

    law: str
    joint: Joint
    names: tuple[str, ...]
    repeats: tuple[Index, ...]
    identical: bool
    own: int


def draws(t: Bind, declarations: Mapping[str, Sort]) -> list[Draws]:
    """The laws of ``t`` with their names.  Raises :class:`Reject` if they do not fit."""
    laws = t.outer[0].args if isinstance(t.outer[0], App) and t.outer[0].head == "tuple" else ()
    if len(set(laws)) != len(laws):
        raise Reject("expect", "laws", "one law twice: its draws would not be independent")
    out: list[Draws] = []
    at = 0
    for law in laws:
        sort = declarations.get(law.name) if isinstance(law, Var) else None
        joint = sort.result if isinstance(sort, Map) else sort
        if not isinstance(law, Var) or not isinstance(joint, Joint):
            raise Reject("expect", "laws", "a law that is not declared")
        names, sorts = t.names[at:at + len(joint.members)], t.sorts[at:at + len(joint.members)]
        at += len(joint.members)
        repeats: set[tuple[Index, ...]] = set()
        if len(names) != len(joint.members):
            raise Reject("expect", law.name, "too few names")
        for s, slots in zip(sorts, joint.slots, strict=True):
            args = s.args if isinstance(s, Map) else ()
            cut = len(args) - len(slots)
            if cut < 0 or args[cut:] != slots:
                raise Reject("expect", law.name, "a name that its member does not fit")
            repeats.add(tuple(a for a in args[:cut] if isinstance(a, Index)))
        if len(repeats) != 1:
            raise Reject("expect", law.name, "members that are not drawn equally often")
        (over,) = repeats
        if isinstance(sort, Map) and sort.args != over:
            raise Reject("expect", law.name, "a family of laws over other indices than its draws")
        out.append(Draws(law.name, joint, names, over, not isinstance(sort, Map), len(joint.members)))
    if at != len(t.names):
        raise Reject("expect", "names", "names without a law")
    return out


def polynomial(t: Term, names: frozenset[str]) -> bool:
    """Whether ``t`` is visibly a polynomial in the entries of ``names``: then it has an expectation."""
    if not free_names(t) & names:
        return True
    match t:
        case Var():
            return True
        case App("add" | "mul" | "neg", args):
            return all(polynomial(a, names) for a in args)
        case App("div", (a, b)):
            return polynomial(a, names) and not free_names(b) & names
        case App("pow", (a, Num(k))):
            return k.denominator == 1 and k >= 0 and polynomial(a, names)
        case App("at", (Var(), *places)):
            return not any(free_names(p) & names for p in places)
        case App("cases", args):
            return all(polynomial(a, names) for a in args[0::2]) and not any(
                free_names(g) & names for g in args[1::2])
        case Bind("sum", bound, _, outer, (guard, body)) if not names & set(bound):
            return not any(free_names(u) & names for u in (*outer, guard)) and polynomial(body, names)
        case _:
            return False


def bounded_moments(f: str, members: tuple[int, ...], joint: Joint, law: str, degree: int) -> Term:
    """The assumption that E f(X)^degree is finite, for one draw: by Hoelder's inequality all products of up to
    ``degree`` such values, and of powers of X, have an expectation."""
    value = App("at", (Var(f), *(Var(joint.members[m]) for m in members)))
    one = Bind("expect", joint.members, tuple(Map(k, REAL) if k else REAL for k in joint.slots),
               (App("tuple", (Var(law),)),), (App("pow", (value, num(degree))),))
    return App("finite", (one,))


__all__ = ["Draws", "bounded_moments", "draws", "polynomial"]
