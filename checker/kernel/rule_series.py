"""Convergence and divergence of infinite series: ``finite(sum_{k=a}^{oo} f(k))`` and its negation.

The series converges if its terms are defined from k = a on and its partial sums have a finite limit.

    every monomial m of the expansion of f has  m = O(|g - g(k-1)|),  g monotone, g -> 0
    -------------------------------------------------------------------------------------  comparison
    sum f converges (absolutely)

    f = a m + smaller,  a != 0 real,   g - g(k-1) = O(m),  g monotone, g -> +oo
    -----------------------------------------------------------------------------  comparison
    sum f diverges (to +oo or -oo)

    f = u g;  u = (-1)^(odd k + c), sin(a k + b) or cos(a k + b) with sin(a/2) != 0;
    g -> 0 and g(k+1) - g(k) has one sign from some k on
    ---------------------------------------------------------------------------------  dirichlet
    sum f converges

    not (f -> 0)             each part of f = f_1 + ... + f_n converges    one diverges, the others converge
    -------------- terms     ------------------------------------------    -------------------------------  parts
    sum f diverges           sum f converges                               sum f diverges

    a condition of f(k) fails at some k >= a
    ----------------------------------------  undefined
    sum f diverges (it has no value)

Comparison with telescoping sums contains the p-series, the ratio, root, integral and condensation tests for
exp-log terms (``expansion_sums``); Leibniz' test is dirichlet with u = (-1)^k.  Parameters: a tree of sign
splits as in ``rule_limit``, each leaf with a test of its own.

Certificate: ``defined``: a proof for each condition of f on k >= a that does not follow at once; ``tree``:
``{"test": comparison, "order": N}``, ``{"test": dirichlet, "order": N}``, ``{"test": terms, "proof": p}``,
``{"test": parts, "of": [[convergent?, tree], ...]}``, ``{"closed": proof}``,
``{"test": undefined, "at": k, "condition": j, "proof": p}``,
``{"split": P, "-": tree, "0": tree, "+": tree}``; ``rewrite``: {"body": g, "proof": p}, f = g for all k >= a.

FAILURE: a term that may be undefined, an order that is only O where divergence is claimed, g not monotone
(sum (-1)^k/(sqrt k + (-1)^k) diverges), a = 0 up to turns, a sum at the border (1/(k log k log log k ...)).
Source: Rudin, Principles of Mathematical Analysis, 3rd ed., Theorems 3.23, 3.25, 3.42, 3.43.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from .claim import Sequent
from .constants import Constants, Nowhere, Open
from .definedness import definedness
from .evidence import Evidence, Reject
from .expand import Expander
from .expansion import Lost, Unexpandable
from .field import CannotNormalise, Field
from .kinds import is_integer, is_real
from .limit_case import MAX_ORDER, expander, settled, solved
from .prove import discharge
from .term import (
    FALSE, INTEGER, ONE, OO, TRUE, App, Bind, Term, Var, add, app, free_names, fresh, from_json, mul, negate, num, show,
    substitute,
)

RULE = "series"
MAX_NODES = 120
Prove = Callable[[Sequent, Any], Evidence]


def check(sequent: Sequent, c: Mapping[str, Any], prove: Prove) -> Evidence:
    goal, converges = sequent.goal, True
    if isinstance(goal, App) and goal.head == "not":
        goal, converges = goal.args[0], False
    series = infinite_sum(goal)
    if series is None:
        raise Reject(RULE, "goal", f"{show(goal)[:80]} is no statement about an infinite series")
    if not is_integer(series.outer[0], sequent.declarations) or free_names(series) - set(sequent.declarations):
        raise Reject(RULE, "start", "is not certainly an integer, or uses a name bound elsewhere")
    inner, name, body = opened(sequent, series)
    if c["tree"].get("test") != "undefined":
        _Test(sequent, prove).defined(inner.with_goal(app("=", body, body)), c.get("defined", []))
    if "rewrite" in c:
        new = from_json(c["rewrite"]["body"])
        if free_names(new) - set(inner.declarations) or OO in (new, *_parts(new)):
            raise Reject(RULE, "rewrite", "has undeclared names")
        if prove(inner.with_goal(app("=", body, new)), c["rewrite"]["proof"]).conditions:
            raise Reject(RULE, "rewrite", "is shown only under a condition")
        body = new
    _Test(sequent, prove).walk(name, body, c["tree"], converges, ())
    return Evidence()


def infinite_sum(goal: Term) -> Bind | None:
    """The series S of a goal ``finite(S)``."""
    match goal:
        case App("finite", (Bind("sum", (_,), (sort,), (_, top), (guard, _)) as series,)) if (
                sort == INTEGER and top == OO and guard == TRUE):
            return series
    return None


def opened(sequent: Sequent, series: Bind) -> tuple[Sequent, str, Term]:
    """k declared, k >= a assumed; its name; f(k)."""
    name = fresh(series.names[0], set(sequent.declarations))
    body = substitute(series.inner[1], {series.names[0]: Var(name)})
    return sequent.declaring({name: INTEGER}).assuming(app("<=", series.outer[0], Var(name))), name, body


def _parts(t: Term) -> tuple[Term, ...]:
    from .term import subterms

    return tuple(subterms(t))


class _Test:
    def __init__(self, sequent: Sequent, prove: Prove) -> None:
        self.sequent, self.prove, self.nodes = sequent, prove, 0

    def defined(self, inner: Sequent, proofs: Any) -> None:
        needed = discharge(definedness(inner.goal, inner), inner)
        if not isinstance(proofs, list) or len(proofs) != len(needed):
            raise Reject(RULE, "defined", f"{len(needed)} conditions of the terms need as many proofs")
        for condition, proof in zip(needed, proofs, strict=True):
            if self.prove(inner.with_goal(condition), proof).conditions:
                raise Reject(RULE, "defined", f"{show(condition)[:60]} is shown only under a condition")

    def undefined(self, s: Sequent, name: str, body: Term, k: Term, which: int, proof: Any) -> None:
        """k >= a at which a condition of the term fails."""
        start = infinite_sum(s.goal.args[0] if isinstance(s.goal, App) and s.goal.head == "not" else s.goal)
        if start is None or discharge((app("<=", start.outer[0], k),), s):
            raise Reject(RULE, "undefined", "is not certainly in the range")
        conditions = definedness(substitute(body, {name: k}), s)
        if not 0 <= which < len(conditions) or self.prove(s.with_goal(negate(conditions[which])), proof).conditions:
            raise Reject(RULE, "undefined", "no condition fails there")

    def walk(self, name: str, body: Term, tree: Any, converges: bool, path: tuple[Term, ...]) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise Reject(RULE, "tree", f"more than {MAX_NODES} nodes")
        s = self.sequent
        here = Sequent(s.declarations, path + s.assumptions, s.goal)
        match tree:
            case {"closed": proof}:
                if self.prove(here.with_goal(FALSE), proof).conditions:
                    raise Reject(RULE, "closed", "rests on a condition")
            case {"split": on, "-": below, "0": zero, "+": above}:
                p = from_json(on)
                if free_names(p) - set(s.declarations):
                    raise Reject(RULE, "split", f"{show(p)[:60]} has undeclared names")
                if not is_real(p, s.declarations) or discharge(definedness(p, here), here):
                    raise Reject(RULE, "split", f"{show(p)[:60]} may be undefined or non-real")
                for relation, child in (("<", below), ("=", zero), (">", above)):
                    self.walk(name, body, child, converges, (app(relation, p, num(0)), *path))
            case {"test": "parts", "of": of}:
                parts = body.args if isinstance(body, App) and body.head == "add" else ()
                signs = [bool(sign) for sign, _ in of]
                if len(of) != len(parts) or not parts or signs.count(False) != (0 if converges else 1):
                    raise Reject(RULE, "parts", "one part diverges where the whole does, else none")
                for part, sign, (_, child) in zip(parts, signs, of, strict=True):
                    self.walk(name, part, child, sign, path)
            case {"test": "undefined", "at": int(k), "condition": int(which), "proof": proof} if not converges:
                self.undefined(here, name, body, num(k), which, proof)
            case {"test": "terms", "proof": proof} if not converges:
                limit = Bind("limit", (name,), (INTEGER,), (OO, App("two-sided", ())), (body,))
                if self.prove(here.with_goal(app("not", app("=", limit, num(0)))), proof).conditions:
                    raise Reject(RULE, "terms", "rests on a condition")
            case {"test": "comparison" | "dirichlet" as test, "order": int(order)}:
                if not self.holds(here, name, body, test, order, converges):
                    raise Reject(RULE, test, "does not show it")
            case _:
                raise Reject(RULE, "tree", "no test that shows this")

    def holds(self, s: Sequent, name: str, body: Term, test: str, order: int, converges: bool) -> bool:
        try:
            return tested(s, name, body, test, order, converges)
        except (Open, Lost, Nowhere, Unexpandable) as error:
            raise Reject(RULE, test, f"{type(error).__name__}: {error}") from error


def tested(s: Sequent, name: str, body: Term, test: str, order: int, converges: bool) -> bool:
    """Raises Open, Lost, Nowhere, Unexpandable, CannotNormalise."""
    if not 1 <= order <= MAX_ORDER:
        raise Reject(RULE, "order", f"must be from 1 to {MAX_ORDER}")
    s, put = solved(s)
    field = Field(s)

    def ask() -> bool:
        e = expander(Constants(field), name, ("up", OO), order, True)
        if test == "comparison":
            return _compared(e, put(body), converges)
        return converges and _dirichlet(e, name, put(body))

    found: bool = settled(field, ask)
    return found


def _compared(e: Expander, body: Term, converges: bool) -> bool:
    f = e.expand(body)
    if converges:
        return all(e.order_of_sum(m) == e.one for m in [*f.terms, *f.error])
    m, a = e.leading(f)
    if not e.c.real(a):
        raise Unexpandable("terms that may be non-real")
    g, _ = e.antidifference(m)
    lead, slope = e.leading(e.step(g))
    up = e.compare(g, e.one) == {1}
    return up and e.compare(lead, m) <= {-1, 0} and e.c.signs(slope) in ({1}, {-1})


def _dirichlet(e: Expander, name: str, body: Term) -> bool:
    """f = u g with partial sums of u bounded and g monotone to 0."""
    factors = _factors(body, False)
    for k, (u, below) in enumerate(factors):
        if below or not _bounded_sums(e, u):
            continue
        others = factors[:k] + factors[k + 1:]
        g = app("div", mul(*(t for t, down in others if not down)), mul(*(t for t, down in others if down)))
        e.need_real(g)
        found = e.limit(e.expand(g))
        if found.infinite or found.value is None or found.value.num != 0:
            return False
        after = substitute(g, {name: add(Var(name), ONE)})
        e.eventual_sign(e.plus(e.expand(after), e.negative(e.expand(g))))      # raises unless it has one sign
        return True
    return False


def _factors(t: Term, below: bool) -> list[tuple[Term, bool]]:
    """The factors of a product of products and quotients (up to sign), each with whether it divides."""
    match t:
        case App("neg", (a,)):
            return _factors(a, below)
        case App("mul", args):
            return [f for a in args for f in _factors(a, below)]
        case App("div", (a, b)):
            return _factors(a, below) + _factors(b, not below)
    return [(t, below)]


def _bounded_sums(e: Expander, u: Term) -> bool:
    """The partial sums of u are bounded: (-1)^k, sin and cos of an arithmetic progression not of whole turns."""
    match u:
        case App("pow", (base, exponent)) if e.variable in free_names(exponent):
            if e.variable in free_names(base) or e.c.rational(e.c.read(base)) != -1:
                return False
            f = e.expand(exponent)
            return not f.error and is_integer(exponent, e.decls) and _slope_is_odd(e, exponent)
        case App("sin" | "cos", (argument,)):
            e.need_real(argument)
            f = e.expand(argument)
            (line,) = e.power_of_t(1).terms
            if f.error or set(f.terms) - {line, e.one} or line not in f.terms:
                return False
            half = e.c.term(e.c.times(f.terms[line], e.c.number(Fraction(1, 2))))
            return 0 not in e.c.signs(e.c.read(app("sin", half)))
    return False


def _slope_is_odd(e: Expander, exponent: Term) -> bool:
    """The exponent is j k + c with an odd integer j."""
    f = e.expand(exponent)
    (line,) = e.power_of_t(1).terms
    j = e.c.rational(f.terms[line]) if line in f.terms else None
    return set(f.terms) <= {line, e.one} and j is not None and j.denominator == 1 and j % 2 == 1


__all__ = ["CannotNormalise", "check", "infinite_sum", "opened", "tested"]
