"""Derivatives in a parameter of expectations, and score functions.

    regular(t) in G       G |- P'     P': each side of P as a polynomial in functionals (``functionals``), every
                                      functional and every density, logarithm or score in it a new real name
    -----------------------------------------------------------------------------------------------------------
    G |- P                conditions: P's own definedness, less what ``regular`` says to be finite

EXCHANGE (axiom, listed on the verdict): t -> p_t(x) f(x) is differentiable near the point for almost every x, with
a derivative that an integrable function dominates there; then the derivative of the integral is the integral of
the derivative.  ``regular`` is the assumption that this holds for every expectation that arises.
FAILURE: no such assumption; a term that ``functionals`` does not read; the premise is not shown.
Source: Billingsley, *Probability and Measure*, 3rd ed., theorem 16.8; Williams, Machine Learning 8 (1992) 229-256
(the derivative of an expectation by the score); Dempster, Laird, Rubin, J. R. Stat. Soc. B 39 (1977) 1-38 (Fisher's
identity).
Cannot do: third derivatives; expectations of f and of g that are equal for a reason other than equal integrands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .claim import Sequent
from .definedness import core, definedness
from .evidence import Evidence, Reject
from .functionals import RULE, Functionals
from .kinds import is_real
from .term import (
    ONE, REAL, RELATIONS, ZERO, App, Bind, Law, Map, Num, Scalar, Sort, Space, Term, Var, add, alpha, app, free_names,
    mul, num, rebuild, show, sub, substitute, subterms,
)

AXIOM = "differentiation under the integral (Billingsley, theorem 16.8), as assumed by regular"
#: heads whose existence ``regular`` asserts
_FINITE = ("E", "KL", "integral", "diff", "partial")


def check(sequent: Sequent, certificate: Mapping[str, Any], prove: Any) -> Evidence:
    """Raises :class:`Reject`."""
    premise, read = reduce(sequent)
    inner: Evidence = prove(premise, certificate["proof"])
    open_ = set(inner.conditions)
    left: list[Term] = []
    needed = definedness(sequent.goal, sequent)
    for c in (d for u in needed for d in (_of_body(u, sequent) if _asserted(u) else (u,))):
        there = read(c)
        open_.discard(there)
        left.append(c)
    if open_:
        raise Reject(RULE, "conditions", "the premise needs what the goal itself does not")
    from .prove import discharge

    return Evidence(discharge(tuple(left), sequent), tuple(dict.fromkeys((*inner.axioms, AXIOM))))


def _asserted(c: Term) -> bool:
    """Whether ``regular`` says it: that an expectation, or the derivative of one, or of a density, exists."""
    match core(c):
        case App("finite", (Bind(head) as t,)):
            return head in _FINITE and any(
                isinstance(u, App) and u.head == "density" or isinstance(u, Bind) and any(
                    isinstance(s, Space) for s in u.sorts) for u in subterms(t))
        case _:
            return False


def _of_body(c: Term, s: Sequent) -> list[Term]:
    """What a derivative that ``regular`` asserts needs besides: its body has a value at the point, log(t) E f say."""
    match c:
        case App("finite", (Bind("diff" | "partial", (n,), _, (point, *_), (body,)),)):
            return [d for d in definedness(substitute(body, {n: point}), s) if not _asserted(d)]
        case App("finite", _):
            return []
    match core(c):
        case App("finite", (Bind("diff" | "partial", (n,), (sort,), _, (body,)),)):
            inside = Sequent({**s.declarations, n: sort}, s.assumptions, s.goal)
            if any(not _asserted(d) for d in definedness(body, inside)):
                raise Reject(RULE, "conditions", f"a derivative under a binder: {show(c)[:60]}")
    return []


def reduce(sequent: Sequent) -> tuple[Sequent, Callable[[Term], Term]]:
    """The premise of the rule, and how a condition of the goal reads there.  Raises :class:`Reject`."""
    goal = sequent.goal
    name = parameter(sequent)
    if not isinstance(goal, App) or goal.head not in RELATIONS:
        raise Reject(RULE, "goal", "no relation between numbers")
    functionals = Functionals(sequent.declarations, name)
    sides = [functionals.term(functionals.value(t)) for t in goal.args]
    names = Names(sequent.declarations)
    new_goal = app(goal.head, *(names.replaced(t) for t in sides))
    kept = {n: s for n, s in sequent.declarations.items() if isinstance(s, Scalar)}
    assumptions = tuple(a for a in sequent.assumptions if free_names(a) <= kept.keys() and not _regular(a))
    facts = () if goal.head == "=" else tuple(_facts(functionals, names))

    def read(c: Term) -> Term:
        if not (isinstance(c, App) and c.head in RELATIONS):
            return c
        try:
            return app(c.head, *(names.replaced(functionals.term(functionals.value(t))) for t in c.args))
        except Reject:
            return c

    return Sequent({**kept, **names.declared}, (*assumptions, *facts), new_goal), read


def parameter(sequent: Sequent) -> str:
    """The name that an assumption ``regular`` is about.  Raises :class:`Reject`."""
    for a in sequent.assumptions:
        match a:
            case App("regular", (Var(name),)) if sequent.declarations.get(name) == REAL:
                return name
    raise Reject(RULE, "regular", "no assumption lets derivatives be taken under expectations: regular(p, theta)")


def _regular(a: Term) -> bool:
    return isinstance(a, App) and a.head == "regular"


class Names:
    """Real names for the factors that are no scalar terms: equal factors, equal names."""

    def __init__(self, declarations: Mapping[str, Sort]) -> None:
        self.declarations = declarations
        self.table: dict[Term, str] = {}
        self.terms: list[Term] = []
        self.declared: dict[str, Sort] = {}

    def replaced(self, t: Term) -> Term:
        if self._opaque(t):
            key = alpha(t)
            if key not in self.table:
                if not is_real(self._plain(t), self.declarations):
                    raise Reject(RULE, "term", f"may be complex: {show(t)[:60]}")
                name = f"factor {len(self.table) + 1}"
                if name in self.declarations:
                    raise Reject(RULE, "names", f"{name} is declared")
                self.table[key] = name
                self.terms.append(t)
                self.declared[name] = REAL
            return Var(self.table[key])
        if isinstance(t, Bind) or isinstance(t, Var) and not isinstance(self.declarations.get(t.name), Scalar):
            raise Reject(RULE, "term", f"is not read: {show(t)[:60]}")
        return rebuild(t, self.replaced)

    def _plain(self, t: Term) -> Term:
        """``t`` with 1 for what is real: densities, their logarithms and scores."""
        match t:
            case App("log", (App("density", _),)) | App("density", _):
                return ONE
            case App("at", (Var(f), *_)) if f not in self.declarations:
                return ONE
            case _:
                return rebuild(t, self._plain)

    def _opaque(self, t: Term) -> bool:
        match t:
            case Bind("E", _, sorts):
                return all(isinstance(s, Space) for s in sorts)
            case Bind("diff", _, _, (_,), (App("at", (Var(f), *_)),)):
                return isinstance(self.declarations.get(f), Map)
            case App("density", _):
                return True
            case App("log", (App("density", _),)):
                return True
            case App("at", (Var(), *args)):
                return all(isinstance(a, (Var, Num)) for a in args)
            case _:
                return False


def _facts(functionals: Functionals, names: Names) -> list[Term]:
    """For each expectation of a product: E g^2 >= 0 and the Gram determinants of 1, g, h are not negative; for two
    scores E (g - h)^2 >= 0 as well."""
    out: list[Term] = []
    for t in [t for t in names.terms if isinstance(t, Bind) and t.head == "E"]:
        product = t.inner[1]
        factors = list(product.args) if isinstance(product, App) and product.head == "mul" else [product]
        if len(factors) != 2:
            continue

        def mean(*fs: Term, t: Bind = t) -> Term:
            return names.replaced(functionals.term(functionals.value(
                Bind("E", t.names, t.sorts, (), (t.inner[0], mul(*fs))))))

        g, h = factors
        gg, hh, gh, m, n = mean(g, g), mean(h, h), mean(g, h), mean(g), mean(h)
        out += [app(">=", gg, ZERO), app(">=", hh, ZERO)]
        if g != h:
            out.append(app(">=", sub(mul(sub(gg, mul(m, m)), sub(hh, mul(n, n))), mul(*(sub(gh, mul(m, n)),)*2)), ZERO))
            out.append(app(">=", add(gg, hh, mul(num(-2), gh)), ZERO))
    return list(dict.fromkeys(out))


def about_scores(sequent: Sequent) -> bool:
    """Whether the goal has derivatives, and laws or random variables to take them under."""
    return any(isinstance(t, Bind) and t.head in ("diff", "partial") for t in subterms(sequent.goal)) and any(
        isinstance(s, (Law, Space)) for s in sequent.declarations.values())


__all__ = ["AXIOM", "about_scores", "check", "parameter", "reduce"]
