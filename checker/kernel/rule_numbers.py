"""Expectations become numbers: what holds of all real numbers holds of the values of expectations.

    each E, KL or integral t over random variables in P that depends on no bound name and is finite where P is
    defined:  a new real name v (one name for what is equal up to bound names)
    G', v |- P'     (G', P': the new names put in; assumptions and names that still speak of laws are left out)
    -------------------------------------------------------------------------------------------------------
    G |- P                                   conditions: the definedness of P

The conclusion is an instance of the premise: where P is defined, each t has a real value.

FAILURE: a divergence that P does not need to be finite (KL = oo is no number); a term that may not be real; a law or
a random variable left in P'; the premise is shown only under a condition.
Source: generalisation of a theorem to new constants; no page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .density_terms import over_variables
from .evidence import Evidence, Reject
from .kinds import is_real
from .term import (
    REAL, App, Bind, Law, Map, Sort, Space, Term, Var, alpha, app, free_names, fresh, rebuild, show, subterms,
)

if TYPE_CHECKING:
    from .prove import Prover

RULE = "numbers"


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    from .prove import discharge

    premise = numbers_put_in(s)
    shown = prove(premise, c["proof"])
    if shown.conditions:
        raise Reject(RULE, "proof", f"rests on {show(shown.conditions[0])}")
    return Evidence(discharge(definedness(s.goal, s), s), shown.axioms)


def numbers_put_in(s: Sequent) -> Sequent:
    """The premise.  Raises :class:`Reject`."""
    own = definedness(s.goal, s)
    finite = {alpha(c) for c in own}
    names: dict[Term, str] = {}
    taken = set(s.declarations) | {n for a in (s.goal, *s.assumptions, *own) for u in subterms(a)
                                   if isinstance(u, Bind) for n in u.names}      # so that no binder catches a new name

    def read(t: Term, needed: bool, bound: frozenset[str] = frozenset()) -> Term:
        if isinstance(t, Bind) and t.head in ("E", "KL", "integral") and over_variables(t):
            key = alpha(t)
            if free_names(t) <= s.declarations.keys() - bound and (key in names or needed):
                if alpha(app("finite", t)) not in finite or not is_real(t, s.declarations):
                    raise Reject(RULE, show(t)[:60], "may be no real number")
                if key not in names:
                    names[key] = fresh("m", frozenset(taken))
                    taken.add(names[key])
                return Var(names[key])
            raise Reject(RULE, show(t)[:60], "depends on a bound name")
        if isinstance(t, Bind):
            return Bind(t.head, t.names, t.sorts, tuple(read(u, needed, bound) for u in t.outer),
                        tuple(read(u, needed, bound | set(t.names)) for u in t.inner))    # it may hide a declared name
        return rebuild(t, lambda u: read(u, needed, bound)) if isinstance(t, App) else t

    goal = read(s.goal, True)
    if not names:
        raise Reject(RULE, "goal", "there is no expectation in it")
    plain: dict[str, Sort] = {n: k for n, k in s.declarations.items() if not _random(k)}
    plain |= dict.fromkeys(names.values(), REAL)
    facts = []
    for a in (*s.assumptions, *own):
        if isinstance(a, App) and a.head == "finite":
            continue
        try:
            facts.append(read(a, False))
        except Reject:
            continue
    out = Sequent(plain, tuple(f for f in facts if _plain(f, plain)), goal)
    if not _plain(goal, plain):
        raise Reject(RULE, "goal", "speaks of laws outside of its expectations")
    return out


def _random(k: Sort) -> bool:
    return isinstance(k, (Law, Space)) or isinstance(k, Map) and any(isinstance(a, Space) for a in k.args)


def _plain(t: Term, declared: Mapping[str, Sort]) -> bool:
    return free_names(t) <= declared.keys() and not any(
        isinstance(u, Bind) and any(_random(k) for k in u.sorts) for u in subterms(t))


__all__ = ["check", "numbers_put_in"]
