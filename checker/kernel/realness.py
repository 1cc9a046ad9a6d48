"""Conditions for real values: which of them a statement needs.

``real_conditions`` says what suffices for a term to be real: x >= 0 and y >= 0 for sqrt(x) sqrt(y).  A proof under
these says nothing where the statement has a truth value all the same (x = y = -1: sqrt(x) sqrt(y) >= 0 is false
there).  So the mint takes such a condition only where t, under an order or one of its like, is not real without it:

    u_1, ..., u_n real: the arguments of the logarithms and roots in t
    im t != 0  where  u_i < 0 for i in I, u_j >= 0 for the others         (``Principal``; for each I but the empty one)
    -----------------------------------------------------------------------------------------------------------------
    t is real only where every u_i >= 0

or where the assumptions give u_i >= 0, and the logarithm of 0 has no value.

FAILURE: an imaginary part that may cancel (log x - log y), or that the normal form cannot show to be nonzero.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from .claim import Sequent
from .definedness import OF_REALS, core, definedness, necessary, only_sufficient, own_conditions, real_conditions
from .field import CannotNormalise
from .kinds import is_real
from .principal import Principal
from .term import App, Bind, Term, Var, app, children, free_names, negate, num, substitute, subterms

MAX_PARTS = 4


def superfluous(conditions: tuple[Term, ...], s: Sequent) -> Term | None:
    """The first condition without which the goal may have a truth value."""
    loose = only_sufficient(s.goal, dict(s.declarations))
    if not any(core(c) in loose for c in conditions):
        return None
    needed = {c for place, t in _terms(s.goal, s) for c in _needed(t, place, loose)}
    return next((c for c in conditions if core(c) in loose - needed and not _positive_or_zero(c, s)), None)


def _terms(t: Term, s: Sequent) -> Iterator[tuple[Sequent, Term]]:
    """The subterms of a formula, each with what is declared and assumed around it."""
    yield s, t
    match t:
        case App("implies", (premise, conclusion)):
            yield from _terms(premise, s)
            yield from _terms(conclusion, s.assuming(premise))
        case App(_, args):
            for a in args:
                yield from _terms(a, s)
        case Bind() if not set(t.names) & set(s.declarations):
            for u in t.outer:
                yield from _terms(u, s)
            inside = s.declaring(dict(zip(t.names, t.sorts, strict=True)))
            for u in t.inner:
                yield from _terms(u, inside)


def _needed(t: Term, s: Sequent, loose: set[Term]) -> set[Term]:
    """The conditions for real values that ``t`` cannot do without."""
    if isinstance(t, Bind) and t.head == "maximum" and not set(t.names) & set(s.declarations):
        inside = s.declaring(dict(zip(t.names, t.sorts, strict=True)))
        certain = {core(c) for c in necessary(t.inner[0], dict(inside.declarations))}
        return _of_argument(t.inner[0], inside, loose, certain)
    if not isinstance(t, App):
        return set()
    decls = dict(s.declarations)
    if t.head in OF_REALS or t.head == "at":
        certain = {core(c) for a in t.args for c in necessary(a, decls)}
        return {c for a in t.args for c in _of_argument(a, s, loose, certain)}
    return {core(c) for c in own_conditions(t.head, t.args, decls)}


def _of_argument(t: Term, s: Sequent, loose: set[Term], certain: set[Term]) -> set[Term]:
    """``certain``: what it or its neighbours need visibly."""
    decls = dict(s.declarations)
    own = {c for u in subterms(t) if isinstance(u, App) and u.head not in OF_REALS
           for c in own_conditions(u.head, u.args, decls)}
    parts: list[Term] = []
    for c in dict.fromkeys(real_conditions(t, decls)):
        if not (isinstance(c, App) and c.head in (">", ">=") and c.args[1] == num(0)):
            return certain
        if c not in certain | own:
            parts.append(c)
    if not parts or len(parts) > MAX_PARTS:
        return certain
    around = s.assuming(*certain, *(c for c in definedness(t, s) if c in own or core(c) not in loose))
    for failing in product((False, True), repeat=len(parts)):
        where = _signs(dict(zip(parts, failing, strict=True)), around)
        if any(failing) and where is not None and not _not_real(t, where):
            return certain
    return certain | set(parts)


def _signs(fails: dict[Term, bool], s: Sequent) -> Sequent | None:
    """``s`` where just these conditions fail; None: nowhere (what is not real has no sign)."""
    from .prove import discharge

    out: list[Term] = []
    for c in fails:
        u = children(c)[0]
        if any(fails.get(d, False) for d in real_conditions(u, dict(s.declarations))):
            if not fails[c]:
                return None
        else:
            out.append(app("<", u, num(0)) if fails[c] else c)
    for h in out:
        if not discharge((negate(h),), s.assuming(*(g for g in out if g != h))):
            return None
    away = [app("!=", Var(x), num(0)) for h in out for x in free_names(h)
            if not discharge((negate(substitute(h, {x: num(0)})),), s)]
    return s.assuming(*out, *away)


def _not_real(t: Term, s: Sequent) -> bool:
    match t:
        case App("log" | "sqrt", (u,)) if not is_real(u, s.declarations) and _not_real(u, s):
            return True
    field = Principal(s)
    try:
        return field._settled(lambda: field.nonzero(field.imaginary_part(field.frac(t))))
    except CannotNormalise:
        return False


def _positive_or_zero(c: Term, s: Sequent) -> bool:
    """Whether the assumptions give ``c`` but for the zeros of its term."""
    from .prove import discharge

    def weak(t: Term) -> Term:
        match t:
            case App("implies", (premise, conclusion)):
                return app("implies", premise, weak(conclusion))
            case Bind("forall", names, sorts, outer, (guard, body)):
                return Bind("forall", names, sorts, outer, (guard, weak(body)))
            case App(">", args):
                return App(">=", args)
        return t

    return not discharge((weak(c),), s)


__all__ = ["superfluous"]
