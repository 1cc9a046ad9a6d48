"""Orders of growth of functions given by a recurrence: every T with ... is O, Omega, Theta, o of g.

The statement is ``forall T : integers -> reals, guard: order(n: T(n); g)``, or ``... not order(...)``; the guard says

* T(n) > 0 for n >= 1, and
* from some N on T(n) = sum a_i T(r_i(n)) + f(n); or c f(n) <= T(n) - sum a_i T(r_i(n)) <= C f(n) with
  some c, C > 0 (driving cost Theta(f)); or 0 <= ... <= C f(n) (driving cost O(f)).

a_i > 0 are rational numbers, f is not negative from some n on.  f ~ m means: m is its leading monomial.

    r_i(n) = floor or ceiling of n/b_i (+ a number), b_i > 1;   sum a_i b_i^-p = 1;   f a product of powers of
    n, log n, log log n, ...
    ------------------------------------------------------------------------------------------  divide
    T = Theta(n^p (1 + sum_{k <= n} f(k)/k^(p+1)))                              axiom: Akra-Bazzi

    the same, f ~ n^c log^j n ...,  sum a_i b_i^-c < 1  (then p < c)
    ------------------------------------------------------------------------------------------  divide
    T = Theta(f)

    r(n) = n - h alone, h >= 1 (with n = h j + i and f(h j + i) for f(n) where h > 1)
    -----------------------------------------------------------------------------------------  step
    T = Theta(a^n (1 + sum_{k <= n} f(k)/a^k))         for T(n)/a^n = T(n-1)/a^(n-1) + f(n)/a^n

    r_i(n) = n - h_i, h_i >= 1 integers;   sum a_i q^-h_i = 1, q > 0;   f = 0 or lim f(n)/f(n-1) < q
    ---------------------------------------------------------------------------------------  lags
    T = Theta(q^n)        T >= c q^n and T <= C q^n - D s^n by induction, lim f(n)/f(n-1) < s < q

The sums are compared with telescoping ones (``expansion_sums``), so the three cases of the master theorem,
with all powers of logarithms, and n log log n at their border are one computation; log_b a is compared with
the exponent of f exactly.  The claim then is a comparison of that order with g.  The negation holds if the
claimed order is wrong for it: such a T exists (values 1 below a large N, the recurrence from there; where the
driving cost is O(f): f itself).

FAILURE: a_i <= 0, r_i(n) that does not stay in 1..n-1, f of unknown or negative sign, f with exponentials
where the recurrence divides, p or q (the certificate's) that does not solve its equation.
Cannot do: similar (constants), symbolic a and b, square roots (T(sqrt n)), sums over all smaller T.

Sources: Akra, Bazzi, On the solution of linear recurrence equations, Computational Optimization and
Applications 10 (1998) 195-210; with floors and ceilings: Leighton, Notes on better master theorems for
divide-and-conquer recurrences, 1996; Cormen, Leiserson, Rivest, Stein, Introduction to Algorithms, 4th ed.,
sections 4.5-4.7 (no page for the case of logarithms below -1).

Certificate: ``{"rule": "order-recurrence", "kind": divide | step | lags, "root": p or q, "order": N}``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .claim import Sequent
from .constants import Constants, Nowhere, Open
from .evidence import Evidence, Reject
from .expand import Expander
from .expansion import Expansion, Lost, Monomial, Unexpandable
from .field import Field, Frac
from .kinds import is_integer
from .limit_case import MAX_ORDER, constant_conditions, expander, settled
from .prove import discharge
from .term import (
    INTEGER, OO, REAL, TRUE, App, Bind, Map, Num, Term, Var, add, alpha, app, conjuncts, free_names, fresh,
    from_json, mul, negate, num, show, sub, subterms, substitute,
)

RULE = "order-recurrence"
AXIOM = "Akra-Bazzi theorem (Akra, Bazzi 1998; Leighton 1996)"
HEADS = ("big-o", "big-omega", "big-theta", "little-o")
MAX_CALLS = 8
_NUMBERS = ("add", "mul", "neg", "div", "pow", "sqrt", "log")


@dataclass(frozen=True)
class Recurrence:
    """T(n) = sum a T(r) + f: the calls (a, r), f, and how f is known: exact, theta, o."""

    n: str
    calls: tuple[tuple[Fraction, Term], ...]
    driving: Term
    known: str
    opposite: bool      # the claim is that T is not of this order
    head: str
    g: Term


def check(sequent: Sequent, c: Mapping[str, Any], prove: Callable[[Sequent, Any], Evidence]) -> Evidence:
    goal, refuted = sequent.goal, False
    if isinstance(goal, App) and goal.head == "not":
        goal, refuted = goal.args[0], True
    elif isinstance(goal, Bind) and goal.head == "exists":
        guard, body = goal.inner
        goal, refuted = Bind("forall", goal.names, goal.sorts, (), (guard, negate(body))), True
    r = read(goal, sequent)
    if r.known == "o" and not refuted and (r.opposite or r.head not in ("big-o", "little-o")):
        raise Reject(RULE, "claim", "a driving cost that is only bounded above bounds T only above")
    order = int(c["order"])
    if not 1 <= order <= MAX_ORDER:
        raise Reject(RULE, "order", f"must be from 1 to {MAX_ORDER}")
    inner = sequent.declaring({r.n: INTEGER})
    needed = [x for t in (r.driving, r.g) for x in constant_conditions(t, frozenset((r.n,)), inner)]
    if missing := discharge(tuple(dict.fromkeys(needed)), sequent):
        raise Reject(RULE, "conditions", f"rests on {show(missing[0])}")
    field = Field(sequent)

    def ask() -> bool:
        e = expander(Constants(field), r.n, ("up", OO), order, True)
        return _compared(e, solution(e, r, c), r, refuted != r.opposite)

    try:
        found = settled(field, ask)
    except (Open, Lost, Nowhere, Unexpandable) as error:
        raise Reject(RULE, str(c["kind"]), f"{type(error).__name__}: {error}") from error
    if not found:
        raise Reject(RULE, "claim", "the order found does not show it")
    return Evidence((), (AXIOM,) if c["kind"] == "divide" else ())


# ------------------------------------------------------------------------------ reading


def read(goal: Term, s: Sequent) -> Recurrence:
    """The parts of the statement, in the shape said above."""
    opposite = False
    match goal:
        case Bind("forall", names, sorts, (), (guard, App("not", (body,)))):
            goal, opposite = Bind("forall", names, sorts, (), (guard, body)), True
    match goal:
        case Bind("forall", (name,), (Map((arg,), result),), (), (guard, Bind(head, (n,), (sort,), (), inside))) if (
                arg == INTEGER and result == REAL and sort == INTEGER and head in HEADS):
            regime, f, g = inside
        case _:
            raise Reject(RULE, "goal", f"{show(goal)[:80]} is no order of a function given by a recurrence")
    parts = conjuncts(guard)
    new = fresh("n", set(s.declarations) | free_names(goal) | {name})
    if regime != TRUE or f != _value(name, Var(n)) or name in free_names(g) or len(parts) != 2:
        raise Reject(RULE, "goal", "the claim is not about T(n) alone, or has a regime")
    if alpha(parts[0]) != alpha(positive(name)):
        raise Reject(RULE, "guard", "T(n) > 0 for n >= 1 is not assumed")
    calls, driving, known = _equation(name, parts[1], new)
    return Recurrence(new, calls, driving, known, opposite, head, substitute(g, {n: Var(new)}))


def _value(name: str, n: Term) -> Term:
    return app("at", Var(name), n)


def positive(name: str) -> Term:
    n = Var("n")
    return Bind("forall", ("n",), (INTEGER,), (), (app(">=", n, num(1)), app(">", _value(name, n), num(0))))


def _equation(name: str, part: Term, new: str) -> tuple[tuple[tuple[Fraction, Term], ...], Term, str]:
    match part:
        case Bind("exists", (start,), (kind,), (), (guard, Bind("forall", (n,), (sort,), (), (since, App("=", (a, b)))))
                  ) if guard == TRUE and kind == sort == INTEGER and since == app(">=", Var(n), Var(start)) and (
                      n != start and a == _value(name, Var(n)) and start not in free_names(b)):
            calls, rest = linear(substitute(b, {n: Var(new)}), name)
            return calls, add(*rest), "exact"
        case Bind("exists", (start, low, high), kinds, (), (guard, Bind(
                "forall", (n,), (sort,), (), (since, App("and", (App("<=", (left, a)), App("<=", (b, right)))))))) if (
                kinds == (INTEGER, REAL, REAL) and sort == INTEGER and n not in (start, low, high)
                and since == app(">=", Var(n), Var(start)) and len({start, low, high}) == 3
                and conjuncts(guard) == [app(">", Var(low), num(0)), app(">", Var(high), num(0))]
                and a == b and isinstance(right, App) and right.head == "mul" and len(right.args) == 2
                and right.args[0] == Var(high) and not free_names(right.args[1]) & {start, low, high, name}):
            f = right.args[1]
            known = "theta" if left == mul(Var(low), f) else "o" if left == num(0) else ""
            inside = substitute(a, {n: Var(new)})
            if not (known and isinstance(inside, App) and inside.head == "add" and len(inside.args) == 2
                    and inside.args[0] == _value(name, Var(new)) and isinstance(inside.args[1], App)
                    and inside.args[1].head == "neg" and not free_names(a) & {start, low, high}):
                raise Reject(RULE, "guard", "is not T(n) minus its recursive part between multiples of f")
            calls, rest = linear(inside.args[1].args[0], name)
            if rest:
                raise Reject(RULE, "guard", "the recursive part has other terms")
            return calls, substitute(f, {n: Var(new)}), known
    raise Reject(RULE, "guard", f"{show(part)[:80]} is no recurrence")


def linear(t: Term, name: str) -> tuple[tuple[tuple[Fraction, Term], ...], list[Term]]:
    """The calls a T(r) with rational a, and the other summands."""
    calls: list[tuple[Fraction, Term]] = []
    rest: list[Term] = []
    for a in t.args if isinstance(t, App) and t.head == "add" else (t,):
        found = _call(a, name)
        if found is None and name in free_names(a):
            raise Reject(RULE, "guard", f"{show(a)[:60]} is not linear in T")
        if found is None:
            rest.append(a)
        else:
            calls.append(found)
    if not 1 <= len(calls) <= MAX_CALLS or any(a <= 0 or name in free_names(r) for a, r in calls):
        raise Reject(RULE, "guard", "needs calls T(r) with positive coefficients")
    return tuple(calls), rest


def _call(t: Term, name: str) -> tuple[Fraction, Term] | None:
    match t:
        case App("at", (Var(f), r)) if f == name:
            return Fraction(1), r
        case App("mul", args):
            factor, call = Fraction(1), None
            for a in args:
                if isinstance(a, Num):
                    factor *= a.value
                elif call is None and (found := _call(a, name)) is not None:
                    factor, call = factor * found[0], found[1]
                else:
                    return None
            return None if call is None else (factor, call)
        case App("div", (a, Num(q))) if q != 0 and (found := _call(a, name)) is not None:
            return found[0] / q, found[1]
    return None


# ------------------------------------------------------------------------------ solving


def solution(e: Expander, r: Recurrence, c: Mapping[str, Any]) -> Monomial:
    """T is of the order (Theta) of this monomial, if the driving cost is f."""
    f = e.expand(r.driving)
    if not f.zero:
        e.need_real(r.driving)
        if e.eventual_sign(f) != 1:
            raise Reject(RULE, "driving", "the driving cost is not positive from some n on")
    match c["kind"]:
        case "divide" if "root" not in c:
            m, _ = e.leading(f)
            exponent = m.powers.get(e.element(0), e.c.zero)
            if any(isinstance(e.elements[k], Monomial) for k in m.powers) or not e.c.real(exponent):
                raise Reject(RULE, "driving", "is no product of powers of n and its logarithms")
            if e.c.signs(_characteristic(e, r, exponent)) != {-1}:
                raise Reject(RULE, "driving", "sum a b^-c < 1 is not shown for its exponent c")
            return m
        case "divide":
            p = _root(e, c)
            if not e.c.real(p):
                raise Reject(RULE, "root", "may be non-real")
            if e.c.signs(_characteristic(e, r, p)) != {0}:
                raise Reject(RULE, "root", "does not solve sum a b^-p = 1")
            if not f.zero and any(isinstance(e.elements[k], Monomial) for k in e.leading(f)[0].powers):
                raise Reject(RULE, "driving", "is no product of powers of n and its logarithms")
            top = e.monomial({e.element(0): p})
            below = e.monomial({e.element(0): e.c.negative(e.c.plus(p, e.c.one))})
            return e.times_monomial(top, order_of_sum(e, f, below))
        case "step":
            if len(r.calls) != 1:
                raise Reject(RULE, "step", "the recurrence is not T(n) = a T(n - h) + f(n)")
            h, line = _lag(e, r.calls[0][1]), e.c.log(e.c.number(r.calls[0][0]))
            if h > 1 and not f.zero:        # n = h j + i: a recurrence of lag 1 in j
                m, _ = e.leading(f)
                f = Expansion({e.leading(e.composed(m, e.scaled(e.power_of_t(1), e.c.number(h))))[0]: e.c.one})
            top = _exponential(e, line)
            order = e.times_monomial(top, order_of_sum(e, f, _exponential(e, e.c.negative(line))))
            back = e.scaled(e.power_of_t(1), e.c.number(Fraction(1, h)))
            return order if h == 1 else e.leading(e.composed(order, back))[0]
        case "lags":
            q = _root(e, c)
            if e.c.signs(q) != {1}:
                raise Reject(RULE, "root", "is not positive")
            total = e.c.negative(e.c.one)
            for a, argument in r.calls:
                total = e.c.plus(total, e.c.times(
                    e.c.number(a), e.c.power(q, e.c.number(-_lag(e, argument)))))
            if not e.c.signs(total) == {0}:
                raise Reject(RULE, "root", "does not solve sum a q^-h = 1")
            if not f.zero and e.c.signs(e.c.minus(q, _ratio(e, f))) != {1}:
                raise Reject(RULE, "driving", "does not grow more slowly than the root")
            return _exponential(e, e.c.log(q))
    raise Reject(RULE, "kind", "is none of divide, step, lags")


def _characteristic(e: Expander, r: Recurrence, p: Frac) -> Frac:
    """sum a b^-p - 1: decreasing in p."""
    total = e.c.negative(e.c.one)
    for a, argument in r.calls:
        total = e.c.plus(total, e.c.times(e.c.number(a), e.c.power(e.c.number(_share(e, argument)), p)))
    return total


def _root(e: Expander, c: Mapping[str, Any]) -> Frac:
    t = from_json(c["root"])
    if not all(isinstance(u, Num) or isinstance(u, App) and u.head in _NUMBERS for u in subterms(t)):
        raise Reject(RULE, "root", f"{show(t)[:60]} is no number of sums, quotients, roots and logarithms")
    return e.c.read(t)          # its divisors, logs and roots are checked there


def _exponential(e: Expander, slope: Frac) -> Monomial:
    """exp(slope t)."""
    (line,) = e.power_of_t(1).terms
    return e.exp_large({line: slope}) if slope.num != 0 else e.one


def share_and_offset(e: Expander, argument: Term) -> tuple[Fraction, Fraction]:
    """1/b and c of an argument floor(n/b + c) or ceiling(n/b + c), or of n/b + c where that is an integer."""
    if not is_integer(argument, e.decls):
        raise Reject(RULE, "argument", f"{show(argument)[:60]} is not certainly an integer")
    return _line(e, _unrounded(argument))


def _unrounded(t: Term) -> Term:
    """A floor or ceiling, perhaps plus a number, without the rounding (which changes it by less than 1)."""
    match t:
        case App("floor" | "ceiling", (a,)):
            return a
        case App("add", args):
            return App("add", tuple(_unrounded(a) for a in args))
    return t


def _share(e: Expander, argument: Term) -> Fraction:
    share, _ = share_and_offset(e, argument)
    if not 0 < share < 1:
        raise Reject(RULE, "argument", f"{show(argument)[:60]} is no share of n")
    return share


def _lag(e: Expander, argument: Term) -> int:
    share, offset = share_and_offset(e, argument)
    if share != 1 or offset.denominator != 1 or offset >= 0:
        raise Reject(RULE, "argument", f"{show(argument)[:60]} is not n less a natural number")
    return -int(offset)


def _line(e: Expander, t: Term) -> tuple[Fraction, Fraction]:
    f = e.expand(t)
    (line,) = e.power_of_t(1).terms
    numbers = [e.c.rational(f.terms.get(m, e.c.zero)) for m in (line, e.one)]
    if f.error or set(f.terms) - {line, e.one} or None in numbers:
        raise Reject(RULE, "argument", f"{show(t)[:60]} is not linear in n")
    return numbers[0] or Fraction(0), numbers[1] or Fraction(0)


def _ratio(e: Expander, f: Expansion) -> Frac:
    """lim f(n)/f(n - 1)."""
    m, _ = e.leading(f)
    before = e.plus(e.power_of_t(1), e.number(-1))
    found = e.limit(e.times(Expansion({m: e.c.one}), e.inverse(e.composed(m, before))))
    if found.value is None:
        raise Reject(RULE, "driving", "grows faster than every exponential")
    return found.value


def order_of_sum(e: Expander, f: Expansion, weight: Monomial) -> Monomial:
    """1 + sum_{k <= t} f(k) w(k) is of the order of this monomial (f eventually positive, or 0)."""
    if f.zero:
        return e.one
    m, _ = e.leading(f)
    m = e.times_monomial(m, weight)
    g, _ = e.antidifference(m)
    lead, slope = e.leading(e.step(g))
    if e.compare(lead, m) != {0} or e.c.signs(slope) not in ({1}, {-1}):
        if e.compare(g, e.one) == {-1} and e.compare(m, lead) <= {-1, 0}:
            return e.one                    # it converges
        raise Lost("no telescoping sum to compare with")
    if e.compare(g, e.one) == {1}:
        return g
    if e.compare(g, e.one) == {-1}:
        return e.one
    raise Lost("a sum at the border of convergence")


def _compared(e: Expander, order: Monomial, r: Recurrence, negated: bool) -> bool:
    """Whether T = Theta(order) shows the claim, or its negation."""
    for _, argument in r.calls:       # 1 <= r(n) < n from some n on
        if e.limit(e.expand(argument)).infinite != 1 or e.eventual_sign(
                e.plus(e.expand(sub(Var(r.n), argument)), e.number(Fraction(-1, 2)))) != 1:
            raise Reject(RULE, "argument", f"{show(argument)[:60]} may leave the range from 1 to n - 1")
    quotient = e.times(Expansion({order: e.c.one}), e.inverse(e.expand(r.g)))
    m, _ = e.leading(quotient)
    against = e.compare(m, e.one)           # of T against g
    match r.head:
        case "big-o":
            return against == {1} if negated else against <= {-1, 0}
        case "big-omega":
            return against == {-1} if negated else against <= {0, 1}
        case "big-theta":
            return 0 not in against if negated else against == {0}
        case _:
            return against <= {0, 1} if negated else against == {-1}


__all__ = ["HEADS", "Recurrence", "check", "linear", "order_of_sum", "positive", "read", "share_and_offset",
           "solution"]
