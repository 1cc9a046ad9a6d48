"""Expectations compared by their moments: identities exactly, inequalities by what is pointwise nonnegative.

    b - a = sum l_k T_k  after SPLIT of every integral (density_moments), each monomial's integral finite;
    l_k >= 0;   T_k = E_w g_k with g_k >= 0 wherever w > 0
    ---------------------------------------------------------------------------------------------------------
    a <= b  (a = b without any T)         conditions: each written integral finite, divisors not 0, ...

T may also be a scalar.  g >= 0 is seen from its form (a square), or shown by a proof of its own, in which random
variables, values of functions, densities and integrals are real variables and the assumptions about all values are
instantiated:

    |- g(x, f(x), E h) >= 0  for all reals x, f(x), E h     E h > 0 added where |- h > 0 and the weight has the mass 1
    -----------------------------------------------------------------------------------------------------------------
    E_w g >= 0

So the laws of total variance and covariance, Jensen's inequality by a tangent at the mean, Cauchy-Schwarz by the square
(x y' - x' y)^2 of two copies, Markov's, Chebyshev's and Chernoff's inequalities (Wasserman, All of Statistics, ch. 3
and 4).
FAILURE: an integral not known to be finite; a proof of g >= 0 that needs a condition; a negative l.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from .claim import Sequent
from .density_form import Poly, mass
from .density_groups import difference, settled
from .density_moments import Moments
from .density_reading import Piece, Reader
from .density_terms import over_variables
from .evidence import Evidence, Reject
from .kinds import is_real
from .rule_density_equal import remainder
from .term import (
    ONE, REAL, TRUE, ZERO, App, Bind, Num, Sort, Space, Term, Var, alpha, app, children, conjuncts, free_names,
    from_json, fresh, rebuild, substitute,
)

RULE = "expectation"
MAX_TERMS = 24
MAX_INSTANCES = 60


def check(s: Sequent, certificate: Mapping[str, Any], prove: Callable[..., Evidence]) -> Evidence:
    reader = Reader(s)
    pieces = difference(reader, s.goal, ("=", "<=", ">="), RULE)
    conditions = reader.conditions(pieces)
    for p in pieces:
        reader.known.learn(reader.needed_facts(p))
    inner = nested(s) if certificate.get("nested") is True else []
    conditions += tuple(app("finite", t) for t in inner)
    moments = Moments(reader)
    moments.learn([*sources(reader, pieces), *(q for t in inner for q in reader.pieces(t))])
    total = value(moments, pieces)
    entries = certificate.get("terms", ())
    if len(entries) > MAX_TERMS or entries and getattr(s.goal, "head", "") == "=":
        raise Reject(RULE, "terms", "an equality has none, an inequality not so many")
    for entry in entries:
        total = total - contribution(reader, moments, entry, conditions, prove)
    return Evidence(conditions) + remainder(reader, total, certificate, prove, RULE)


def sources(reader: Reader, pieces: list[Piece]) -> list[Piece]:
    """The written integrals, whose finiteness is a condition of the proof, without their scalar factors."""
    written = dict.fromkeys(w for p in pieces for w in p.written)
    return [q for w in written for q in reader.pieces(w)]


def nested(s: Sequent) -> list[Term]:
    """The expectations of the goal that stand inside another and depend on nothing bound: where it is defined they are
    finite."""
    found: dict[Term, Term] = {}
    stack = [(s.goal, False)]
    while stack:
        t, inside = stack.pop()
        over = isinstance(t, Bind) and t.head in ("E", "integral") and over_variables(t)
        if over and inside and free_names(t) <= s.declarations.keys():
            found.setdefault(alpha(t), t)
        stack += [(u, inside or over) for u in children(t)]
    return [found[k] for k in sorted(found, key=repr)]


def value(moments: Moments, pieces: list[Piece]) -> Poly:
    total = Poly()
    for p in pieces:
        for t in moments.split(p):
            if p.names and not moments.finite(t.parts):
                raise Reject(RULE, "finite", "a term of an integrand is not known to be integrable by itself")
            total = total + t.poly
    return settled(moments.reader, total)


def contribution(reader: Reader, moments: Moments, entry: Mapping[str, Any], conditions: tuple[Term, ...],
                 prove: Callable[..., Evidence]) -> Poly:
    factor, t = from_json(entry.get("lambda", "1")), from_json(entry["term"])
    if reader.scalar_sign(factor) not in ("+", "0+", "0"):
        raise Reject(RULE, "lambda", "is not certainly nonnegative")
    if free_names(t) - reader.sorts.keys():
        raise Reject(RULE, "term", "has undeclared names")
    nonnegative(reader, t, entry, prove)
    pieces = reader.pieces(t)
    multiplier, needed = reader.value(factor)
    mine = [*needed, *(n for p in pieces for n in p.needs)]
    if any(c not in conditions for n in mine for c in reader.condition(n)):
        raise Reject(RULE, "term", "needs something that the claim does not")
    return multiplier * value(moments, pieces)


def nonnegative(reader: Reader, t: Term, entry: Mapping[str, Any], prove: Callable[..., Evidence]) -> None:
    """``t`` >= 0 wherever it is defined."""
    match t:
        case App("pow", (base, Num(e))) if e.denominator == 1 and e > 0 and e % 2 == 0:
            if not is_real(base, reader.sorts):
                raise Reject(RULE, "term", "is a square of something that may be complex")
            return
        case Bind("E", names, sorts, (), (weight, g)) if over_variables(t):
            inside = Reader(Sequent({**reader.sorts, **dict(zip(names, sorts, strict=True))},
                                    reader.sequent.assumptions, TRUE))
            if not clear_weight(inside, weight):
                raise Reject(RULE, "term", "has a weight that may be negative")
            if "proof" in entry:
                pointwise(inside.sorts, reader.sequent.assumptions, weight, app(">=", g, ZERO), entry, prove)
            else:
                nonnegative(inside, g, {}, prove)
        case _ if "proof" in entry:
            pointwise(reader.sorts, reader.sequent.assumptions, ONE, app(">=", t, ZERO), entry, prove)
        case _:
            raise Reject(RULE, "term", "is neither a square nor an expectation of something nonnegative")


def clear_weight(reader: Reader, weight: Term) -> bool:
    found = reader.pieces(weight)
    return all(c > 0 and reader.known.nonnegative_mono(m) and reader.known.nonnegative_mono(p.weight)
               for p in found for m, c in p.body.terms)


# ------------------------------------------------------------------ pointwise, with real variables


class Abstraction:
    """Random variables, values of functions, densities and integrals as real variables."""

    def __init__(self, sorts: Mapping[str, Sort]) -> None:
        self.sorts = sorts
        self.names: dict[Term, str] = {}
        self.facts: list[Term] = []
        self.scalars: dict[str, Sort] = {n: k for n, k in sorts.items() if not isinstance(k, Space)}
        self.taken = set(sorts)

    def __call__(self, t: Term) -> Term:
        match t:
            case Var(name) if isinstance(self.sorts.get(name), Space):
                self.scalars[name] = REAL
                return t
            case App("density", _):
                return self._name(t, "d")
            case App("at", (Var(_), *args)) if any(
                    isinstance(self.sorts.get(n), Space) for a in args for n in free_names(a)):
                return self._name(t, "f")
            case Bind("E" | "KL" | "integral"):
                return self._name(t, "m")
            case App():
                return rebuild(t, self)
            case Bind():
                raise Reject(RULE, "proof", "binds a name inside an expectation")
            case _:
                return t

    def _name(self, t: Term, stem: str) -> Var:
        key = alpha(t)
        if key not in self.names:
            if not is_real(t, self.sorts):
                raise Reject(RULE, "proof", "something there may be complex")
            name = fresh(f"{stem}'", self.taken)
            self.taken.add(name)
            self.names[key] = name
            self.scalars[name] = REAL
            if stem == "d":
                self.facts.append(app(">=", Var(name), ZERO))
        return Var(self.names[key])


def pointwise(sorts: Mapping[str, Sort], assumptions: tuple[Term, ...], weight: Term, goal: Term,
              entry: Mapping[str, Any], prove: Callable[..., Evidence]) -> None:
    """``goal`` at all values of the random variables where the weight is positive."""
    s, abstract = pointwise_sequent(sorts, assumptions, weight, goal)
    extra: list[Term] = []
    for positive in entry.get("means", ()):
        t = from_json(positive["term"])
        if not (isinstance(t, Bind) and t.head == "E" and over_variables(t)) or alpha(t) not in abstract.names:
            raise Reject(RULE, "means", "is no expectation that occurs")
        inner = {**sorts, **dict(zip(t.names, t.sorts, strict=True))}
        if set(t.names) & set(sorts) or not probability(Reader(Sequent(inner, assumptions, TRUE)), t.inner[0], t.names):
            raise Reject(RULE, "means", "is not over a probability")
        below, _ = pointwise_sequent(inner, assumptions, t.inner[0], app(">", t.inner[1], ZERO))
        if prove(below, positive["proof"]).conditions:
            raise Reject(RULE, "means", "is positive only under a condition")
        extra.append(app(">", Var(abstract.names[alpha(t)]), ZERO))
    if prove(s.assuming(*extra), entry["proof"]).conditions:
        raise Reject(RULE, "proof", "is shown only under a condition")


def probability(reader: Reader, weight: Term, names: tuple[str, ...]) -> bool:
    found = reader.pieces(weight)
    if len(found) != 1 or found[0].names or found[0].body.single is None or found[0].body.terms[0][1] != 1:
        return False
    m = found[0].body.terms[0][0]
    summed = mass(m, names)
    return not summed.left and not summed.value and not summed.cancelled


def pointwise_sequent(sorts: Mapping[str, Sort], assumptions: tuple[Term, ...], weight: Term, goal: Term
                      ) -> tuple[Sequent, Abstraction]:
    abstract = Abstraction(sorts)
    shown = abstract(goal)
    facts: list[Term] = []
    for w in weight.args if isinstance(weight, App) and weight.head == "mul" else (weight,):
        if isinstance(w, App) and w.head == "density":
            facts.append(app(">", abstract(w), ZERO))
    random = [n for n, k in sorts.items() if isinstance(k, Space)]
    for a in assumptions:
        for f in itertools.islice(instances(a, random, sorts), MAX_INSTANCES):
            try:
                facts += [abstract(c) for c in conjuncts(f)]
            except Reject:
                continue
    named = {n: k for n, k in abstract.scalars.items() if not isinstance(k, Space)}
    used = [f for f in (*facts, *abstract.facts) if free_names(f) <= named.keys()]
    return Sequent(named, tuple(dict.fromkeys(used)), shown), abstract


def instances(a: Term, random: list[str], sorts: Mapping[str, Sort]) -> Any:
    """An assumption about all values of random variables, at those that are there."""
    if isinstance(a, Bind) and a.head == "forall" and all(isinstance(k, Space) for k in a.sorts):
        places = [[n for n in random if sorts[n] == k] for k in a.sorts]
        for choice in itertools.product(*places):
            by: dict[str, Term] = {n: Var(m) for n, m in zip(a.names, choice, strict=True)}
            guard, body = (substitute(t, by) for t in a.inner)
            yield from instances(body if guard == TRUE else app("implies", guard, body), random, sorts)
    else:
        yield a


__all__ = ["Abstraction", "check", "contribution", "instances", "nested", "pointwise_sequent", "probability",
           "sources", "value"]
