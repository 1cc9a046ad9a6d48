"""Integrals with their values put in: ``integral(x from a to b: f) = V`` inside any goal.

    G |- integral_k = V_k  (V_k defined, free of oo),   G |- goal with V_k for integral_k
    -------------------------------------------------------------------------------------   integrals
    G |- goal                       conditions: the definedness of the goal without finite(integral_k)

(``defined`` proves the conditions of V_k that are not visible.)  An integral is improper where it must be:
at finitely many points and at infinite ends, each one-sided limit exists by itself (there is no principal
value); integral(a to b) = -integral(b to a).

How a value is shown (``by``):

**antiderivative**, for a partition a = c0, c1, ..., cn = b and a term F_k for each piece:

    c < d                                                              (c <= d if F is continuous at both)
    F' = f on (c, d), by the rules of ``derivative``, whose guards hold there; F' is continuous there
    at each end: F is continuous on the closed end (value F(c)), or has the limit L from inside
    ------------------------------------------------------------------------------------------------
    integral(x from c to d: f) = F(d-) - F(c+)

(Fundamental theorem on every [c', d'] inside, then c' -> c, d' -> d.  Rudin, Principles of Mathematical
Analysis, 3rd ed., Theorem 6.21.)  So a jump of F inside the range (a half-angle substitution, a branch of
log or atan) is rejected unless it is a point of the partition.  ``direction``: "up" (a < b), "down"
(a > b, the pieces are turned), or "any": one piece, nothing assumed of x, F is good on the whole line.

**gamma**: integral(x from 0 to oo: x^u exp(-x)) = gamma(u + 1) for u > -1, the definition of the function
(DLMF 5.2.1).

Linearity, additivity and reversal of the range need no rule of their own: they hold in the normal form
(``field``), under the convergence of the integrals that stand in the goal.

FAILURE: an end that is not certainly real, an order that is not shown, F' = f only under a condition, a
guard that is not shown on the interval, an end of F that is neither continuous nor has a shown limit.
Nothing is said of distributions over ``Space`` names (``rule_integrate``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .continuity import NotContinuous, continuity
from .definedness import definedness
from .derivative import NoDerivative, derivative
from .evidence import Evidence, Reject
from .kinds import is_real
from .term import (
    OO, REAL, App, Bind, Term, Var, add, alpha, app, free_names, fresh, from_json, num, show, sub, substitute,
    subterms,
)
import itertools

if TYPE_CHECKING:
    from .prove import Prover

RULE = "integrals"
MAX_PIECES = 40
MINUS_OO = app("neg", OO)
_INFINITE = (OO, MINUS_OO)
GAMMA = "the gamma function is this integral (DLMF 5.2.1)"


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    from .prove import discharge

    entries = [(read_integral(e["term"], s), read_value(e["value"], s), e) for e in c["values"]]
    if not entries:
        raise Reject(RULE, "values", "there is no value")
    replaced = {alpha(t): v for t, v, _ in entries}
    finite = {alpha(app("finite", t)) for t, _, _ in entries}
    conditions = definedness(s.goal, s)
    own = tuple(x for x in conditions if alpha(x) not in finite)
    given = s.assuming(*own)
    total = Evidence(discharge(own, s))
    for t, value, e in entries:
        if alpha(t) not in {alpha(u) for u in _free_subterms(s.goal)}:
            raise Reject(RULE, "values", f"{show(t)[:60]} does not stand in the goal")
        total += has_value(given, t, value, e, prove)
        missing = discharge(definedness(value, given), given)
        proofs = e.get("defined", [])
        if len(missing) != len(proofs):
            raise Reject(RULE, "values", f"the value needs {show(missing[0])[:60] if missing else 'nothing'}")
        for condition, proof in zip(missing, proofs, strict=True):
            total += plain(prove(given.with_goal(condition), proof), "defined")
    shown = prove(given.with_goal(put_in(s.goal, replaced)), c["proof"])
    if foreign := [x for x in shown.conditions if x not in conditions]:
        raise Reject(RULE, "proof", f"{show(foreign[0])} is no condition of the goal")
    return total + shown


def read_integral(data: Any, s: Sequent) -> Bind:
    t = from_json(data)
    if not (isinstance(t, Bind) and t.head == "integral" and t.outer and t.sorts == (REAL,)):
        raise Reject(RULE, "term", f"{show(t)[:60]} is no integral along the real line")
    if loose := free_names(t) - set(s.declarations):
        raise Reject(RULE, "term", f"{', '.join(sorted(loose))} is not declared")
    return t


def read_value(data: Any, s: Sequent) -> Term:
    t = from_json(data)
    if loose := free_names(t) - set(s.declarations):
        raise Reject(RULE, "value", f"{', '.join(sorted(loose))} is not declared")
    if OO in subterms(t):
        raise Reject(RULE, "value", "an infinite value")
    return t


def _free_subterms(t: Term) -> list[Term]:
    """The subterms that stand under no binder."""
    return [t, *(u for a in t.args for u in _free_subterms(a))] if isinstance(t, App) else [t]


def put_in(t: Term, table: Mapping[Term, Term]) -> Term:
    """``t`` with values for the integrals that stand under no binder."""
    if isinstance(t, Bind) and (value := table.get(alpha(t))) is not None:
        return value
    return App(t.head, tuple(put_in(a, table) for a in t.args)) if isinstance(t, App) else t


def has_value(s: Sequent, t: Bind, value: Term, e: Mapping[str, Any], prove: Prover) -> Evidence:
    """``t`` converges and equals ``value`` at every point of ``s``; no conditions."""
    match e["by"]:
        case "antiderivative":
            return _by_antiderivative(s, t, value, e, prove)
        case "gamma":
            return _gamma(s, t, value, e, prove)
        case _:
            raise Reject(RULE, "by", "no such way to a value")


def plain(shown: Evidence, where: str) -> Evidence:
    if shown.conditions:
        raise Reject(RULE, where, f"is shown only if {show(shown.conditions[0])[:80]}")
    return shown


def opened(s: Sequent, t: Bind) -> tuple[str, Term, Sequent]:
    """The variable under a name of its own, the integrand, and the sequent with that name declared."""
    x = fresh(t.names[0], set(s.declarations))
    return x, substitute(t.inner[0], {t.names[0]: Var(x)}), s.declaring({x: REAL})


def real_end(end: Term, s: Sequent) -> None:
    from .field import CannotNormalise, Field
    from .prove import discharge

    if left := discharge(definedness(end, s), s):
        raise Reject(RULE, "ends", f"{show(end)[:60]} is defined only if {show(left[0])[:60]}")
    if is_real(end, s.declarations):
        return
    try:
        if Field(s).real(end):
            return
    except CannotNormalise:
        pass
    raise Reject(RULE, "ends", f"{show(end)[:60]} is not certainly real")


class Piece:
    """One open interval (low, high), with an antiderivative F on it."""

    def __init__(self, s: Sequent, x: str, low: Term, high: Term, free: bool = False) -> None:
        self.s, self.x, self.low, self.high = s, x, low, high
        self.free = free                       # nothing is assumed of x
        self.declared = s.declaring({x: REAL})

    def inside(self, closed: tuple[bool, bool] = (False, False)) -> Sequent:
        new = []
        if not self.free and self.low not in _INFINITE:
            new.append(app("<=" if closed[0] else "<", self.low, Var(self.x)))
        if not self.free and self.high not in _INFINITE:
            new.append(app("<=" if closed[1] else "<", Var(self.x), self.high))
        return self.declared.assuming(*new)

    def needs(self, antiderivative: Term, closed: tuple[bool, bool]) -> tuple[Term, list[Sequent]]:
        """F', and what must hold for it to be the continuous derivative of a continuous F, without what
        is visible."""
        from .prove import discharge

        try:
            slope, guards = derivative(antiderivative, self.x, self.declared.declarations)
            guards += continuity(slope, (self.x,), self.declared.declarations, False)
            ends = continuity(antiderivative, (self.x,), self.declared.declarations, False) if any(closed) else ()
        except (NoDerivative, NotContinuous) as error:
            raise Reject(RULE, "antiderivative", str(error)) from error
        within, edge = self.inside(), self.inside(closed)
        whole = (*definedness(antiderivative, edge), *ends)
        out = [edge.with_goal(g) for g in discharge(tuple(dict.fromkeys(whole)), edge)]
        inner = tuple(g for g in dict.fromkeys(guards) if g not in whole)
        return slope, out + [within.with_goal(g) for g in discharge(inner, within)]

    def limit(self, f: Term, upper: bool) -> Bind:
        """The limit of f at an end, from inside."""
        end = self.high if upper else self.low
        side = "two-sided" if end in _INFINITE else "from-below" if upper else "from-above"
        y = fresh(self.x, set(self.s.declarations))
        return Bind("limit", (y,), (REAL,), (end, app(side)), (substitute(f, {self.x: Var(y)}),))

    def ordered(self, e: Mapping[str, Any], strict: bool, prove: Prover) -> Evidence:
        if self.free or self.low == MINUS_OO or self.high == OO:
            return Evidence()
        goal = app("<" if strict else "<=", self.low, self.high)
        return plain(prove(self.s.with_goal(goal), e["order"]), "order")

    def read(self, data: Any) -> Term:
        t = from_json(data)
        if loose := free_names(t) - set(self.declared.declarations):
            raise Reject(RULE, "antiderivative", f"{', '.join(sorted(loose))} is not declared")
        if OO in subterms(t):
            raise Reject(RULE, "antiderivative", "an infinite value")
        return t

    def smooth(self, f: Term, e: Mapping[str, Any], closed: tuple[bool, bool], prove: Prover, relation: str = "="
               ) -> tuple[Term, Evidence]:
        """F is an antiderivative of f (or F' bounds f) on the open interval, continuous at closed ends."""
        antiderivative = self.read(e["antiderivative"])
        slope, needed = self.needs(antiderivative, closed)
        proofs = e.get("smooth", [])
        if len(proofs) != len(needed):
            raise Reject(RULE, "smooth", f"{len(needed)} conditions, {len(proofs)} proofs: "
                         + "; ".join(show(n.goal)[:60] for n in needed[:3]))
        evidence = Evidence()
        for question, proof in zip(needed, proofs, strict=True):
            evidence += plain(prove(question, proof), "smooth")
        goal = self.inside().with_goal(app(relation, f, slope))
        return antiderivative, evidence + plain(prove(goal, e["derivative"]), "derivative")


def partition(s: Sequent, t: Bind, e: Mapping[str, Any]) -> tuple[list[tuple[Term, Term]], str]:
    """The pieces (low, high) from left to right, and the direction."""
    direction = e["direction"]
    points = [t.outer[0], *(from_json(b) for b in e.get("breaks", [])), t.outer[1]]
    if direction not in ("up", "down", "any") or len(points) > MAX_PIECES or direction == "any" and len(points) > 2:
        raise Reject(RULE, "direction", "up, down or any; at most 40 pieces, one for any")
    if direction == "down":
        points.reverse()
    for k, p in enumerate(points):
        if p in _INFINITE:
            if direction == "any" or (k, p) not in ((0, MINUS_OO), (len(points) - 1, OO)):
                raise Reject(RULE, "ends", "an infinite end on the wrong side")
            continue
        if loose := free_names(p) - set(s.declarations):
            raise Reject(RULE, "breaks", f"{', '.join(sorted(loose))} is not declared")
        real_end(p, s)
    return list(itertools.pairwise(points)), direction


def _by_antiderivative(s: Sequent, t: Bind, value: Term, e: Mapping[str, Any], prove: Prover) -> Evidence:
    x, f, _ = opened(s, t)
    intervals, direction = partition(s, t, e)
    if len(e["pieces"]) != len(intervals):
        raise Reject(RULE, "pieces", f"{len(intervals)} pieces are needed")
    evidence = Evidence()
    parts: list[Term] = []
    for (low, high), piece in zip(intervals, e["pieces"], strict=True):
        here = Piece(s, x, low, high, direction == "any")
        closed = (piece["from"]["kind"] == "value", piece["to"]["kind"] == "value")
        if direction == "any" and not all(closed):
            raise Reject(RULE, "direction", "without an order of the ends F must be continuous at both")
        evidence += here.ordered(piece, not all(closed), prove)
        found, shown = here.smooth(f, piece, closed, prove)
        evidence += shown
        for key, sign in (("to", 1), ("from", -1)):
            at, upper = piece[key], key == "to"
            end = high if upper else low
            if at["kind"] == "value":
                if end in _INFINITE:
                    raise Reject(RULE, key, "there is no value at infinity")
                part = substitute(found, {x: end})
            elif at["kind"] == "limit":
                part = read_value(at["limit"], s)
                goal = app("=", here.limit(found, upper), part)
                evidence += plain(prove(s.with_goal(goal), at["proof"]), key)
            else:
                raise Reject(RULE, key, "neither a value nor a limit")
            parts.append(part if sign == 1 else app("neg", part))
    total = add(*parts)
    if direction == "down":
        total = app("neg", total)
    return evidence + plain(prove(s.with_goal(app("=", total, value)), e["total"]), "total")


def _gamma(s: Sequent, t: Bind, value: Term, e: Mapping[str, Any], prove: Prover) -> Evidence:
    x, f, inside = opened(s, t)
    if t.outer != (num(0), OO):
        raise Reject(RULE, "gamma", "the range is not from 0 to oo")
    u = read_value(e["exponent"], s)
    if not is_real(u, s.declarations):
        raise Reject(RULE, "gamma", "the exponent may be complex")
    evidence = plain(prove(s.with_goal(app(">", u, num(-1))), e["positive"]), "positive")
    form = app("mul", app("pow", Var(x), u), app("exp", app("neg", Var(x))))
    within = inside.assuming(app("<", num(0), Var(x))).with_goal(app("=", f, form))
    evidence += plain(prove(within, e["form"]), "form")
    goal = app("=", app("gamma", add(u, num(1))), value)
    return evidence + plain(prove(s.with_goal(goal), e["total"]), "total") + Evidence((), (GAMMA,))


def check_divergent(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    """
        a <= c < d <= b  (or b <= c < d <= a);   f = F' on (c, d) with continuous F'
        F -> oo or -oo at one end from inside, or F has no limit there
        ----------------------------------------------------------------------------
        not finite(integral(x from a to b: f))

    With ``relation`` ">=" (f >= F' on (c, d)): F -> oo at d, or F -> -oo at c; "<=" the other way round.
    FAILURE: a limit that is not shown; a bound on f on the wrong side.
    """
    goal = s.goal
    if not (isinstance(goal, App) and goal.head == "not" and isinstance(goal.args[0], App)
            and goal.args[0].head == "finite"):
        raise Reject("divergent", show(goal)[:80], "does not say that an integral diverges")
    t = goal.args[0].args[0]
    if not (isinstance(t, Bind) and t.head == "integral" and t.outer and t.sorts == (REAL,)):
        raise Reject("divergent", show(goal)[:80], "is no integral along the real line")
    x, f, _ = opened(s, t)
    low, high = (read_end(c[key], s) for key in ("low", "high"))
    if low == OO or high == MINUS_OO:
        raise Reject("divergent", "ends", "there is no interval")
    left, right = t.outer if c["direction"] == "up" else t.outer[::-1]
    evidence = Evidence()
    for small, large, key in ((left, low, "after"), (high, right, "before")):
        if small not in _INFINITE and large not in _INFINITE:
            evidence += plain(prove(s.with_goal(app("<=", small, large)), c[key]), key)
        elif not (small == large or small == MINUS_OO or large == OO):
            raise Reject("divergent", key, "the piece is not inside the range")
    piece = Piece(s, x, low, high)
    evidence += piece.ordered(c, True, prove)
    relation = c.get("relation", "=")
    if relation not in ("=", "<=", ">="):
        raise Reject("divergent", "relation", "none of =, <=, >=")
    found, shown = piece.smooth(f, c, (False, False), prove, relation)
    evidence += shown
    upper = c["at"] == "upper"
    if not upper and c["at"] != "lower":
        raise Reject("divergent", "at", "neither upper nor lower")
    limit = piece.limit(found, upper)
    if c["to"] == "nothing":
        name = fresh("L", set(s.declarations))
        sort = REAL if is_real(found, piece.declared.declarations) else None
        if relation != "=" or sort is None:
            raise Reject("divergent", "to", "an oscillation shows nothing here")
        question = s.declaring({name: REAL}).with_goal(app("not", app("=", limit, Var(name))))
    else:
        infinite = from_json(c["to"])
        if infinite not in _INFINITE:
            raise Reject("divergent", "to", "is not infinite")
        grows = (infinite == OO) == upper              # the integral over the piece tends to oo
        if relation != "=" and grows != (relation == ">="):
            raise Reject("divergent", "relation", "bounds the integrand on the wrong side")
        question = s.with_goal(app("=", limit, infinite))
    return evidence + plain(prove(question, c["proof"]), "limit")


def read_end(data: Any, s: Sequent) -> Term:
    end = from_json(data)
    if end in _INFINITE:
        return end
    if free_names(end) - set(s.declarations):
        raise Reject(RULE, "ends", "has undeclared names")
    real_end(end, s)
    return end


__all__ = ["Piece", "check", "check_divergent", "has_value", "opened", "partition", "plain", "put_in", "read_end",
           "read_integral", "read_value", "real_end", "sub"]
