"""Expectations compared by their moments: identities exactly, inequalities by what is pointwise nonnegative.

    b - a = sum l_k T_k  after SPLIT of every integral (density_moments), each monomial's integral finite;
    l_k >= 0;   T_k a KL, or E_w g_k or int g_k, with g_k >= 0 wherever w > 0
    ---------------------------------------------------------------------------------------------------------
    a <= b  (a = b if every g_k = 0)         conditions: each written integral finite, divisors not 0, ...

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
from dataclasses import replace
from typing import Any

from .claim import Sequent
from .density_form import Mono, Poly, mass
from .density_groups import difference, settled
from .density_moments import Moments
from .density_reading import Piece, Reader, same_weight
from .density_terms import over_variables, summands
from .evidence import Evidence, Reject
from .kinds import is_real
from .rule_density_equal import remainder
from .term import (
    ONE, REAL, TRUE, ZERO, App, Bind, Law, Num, Sort, Space, Term, Var, alpha, app, children, conjuncts, free_names,
    from_json, fresh, num, rebuild, substitute,
)

RULE = "expectation"
MAX_TERMS = 24
MAX_INSTANCES = 60


def check(s: Sequent, certificate: Mapping[str, Any], prove: Callable[..., Evidence]) -> Evidence:
    from .prove import discharge

    reader = Reader(s)
    pieces = difference(reader, s.goal, ("=", "<=", ">="), RULE)
    conditions = reader.conditions(pieces)
    for p in pieces:
        reader.known.learn(reader.needed_facts(p))
    inner = nested(s) if certificate.get("nested") is True else []
    conditions += tuple(app("finite", t) for t in inner)
    moments = Moments(reader)
    moments.learn([*sources(reader, pieces), *(q for t in inner for q in reader.pieces(t))])
    entries = certificate.get("terms", ())
    if len(entries) > MAX_TERMS:
        raise Reject(RULE, "terms", f"more than {MAX_TERMS}")
    left = list(pieces)
    for entry in entries:
        left += contribution(reader, entry, getattr(s.goal, "head", "") == "=", conditions, prove)
    return Evidence(discharge(conditions, s)) + remainder(reader, value(moments, left), certificate, prove, RULE)


def sources(reader: Reader, pieces: list[Piece]) -> list[Piece]:
    """The written integrals, whose finiteness is a condition of the proof, without their scalar factors."""
    written = dict.fromkeys(w for p in pieces for w in p.written)
    for p in pieces:        # exp(E x) needs E x finite
        for n in p.needs:
            if isinstance(n.what, App) and n.what.head == "finite" and not n.premise and not n.names:
                written[n.what.args[0]] = None
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
    """Integrals against one weight are added first (each is finite), then split."""
    total = Poly()
    for p in merged(moments.reader, pieces):
        for t in moments.split(p):
            if p.names and not moments.finite(t.parts):
                raise Reject(RULE, "finite", "a term of an integrand is not known to be integrable by itself")
            total = total + t.poly
    return settled(moments.reader, total)


def merged(reader: Reader, pieces: list[Piece]) -> list[Piece]:
    out: list[Piece] = []
    for p in pieces:
        for k, g in enumerate(out):
            if p.names and g.names and (by := same_weight(p, g)) is not None:
                out[k] = replace(g, body=g.body + reader.renamed(p, by).body)
                break
        else:
            out.append(p)
    return out


def contribution(reader: Reader, entry: Mapping[str, Any], equation: bool, conditions: tuple[Term, ...],
                 prove: Callable[..., Evidence]) -> list[Piece]:
    """-l T as integrals, after checking that T >= 0 (T = 0, if the claim is an equation)."""
    factor, t = from_json(entry.get("lambda", "1")), from_json(entry["term"])
    if not equation and reader.scalar_sign(factor) not in ("+", "0+", "0"):
        raise Reject(RULE, "lambda", "is not certainly nonnegative")
    if free_names(t) - reader.sorts.keys() or free_names(factor) - reader.sorts.keys():
        raise Reject(RULE, "term", "has undeclared names")
    if equation and "proof" not in entry:
        raise Reject(RULE, "term", "is not shown to be 0")
    nonnegative(reader, t, entry, "=" if equation else ">=", prove)
    pieces = [p for u in parts(t) for p in reader.pieces(u)]
    multiplier, needed = reader.value(factor)
    mine = [*needed, *(n for p in pieces for n in p.needs)]
    if any(c not in conditions for n in mine for c in reader.condition(n)):
        raise Reject(RULE, "term", "needs something that the claim does not")
    return [replace(p, body=-(multiplier * p.body), extended=False) for p in pieces]


def parts(t: Term) -> list[Term]:
    """An integral of a sum as its summands' integrals; each must turn out to be finite."""
    if isinstance(t, Bind) and t.head == "integral" and over_variables(t) and not t.outer:
        return [Bind("integral", t.names, t.sorts, (), (f if sign > 0 else app("neg", f),))
                for sign, f in summands(t.inner[0])]
    return [t]


def nonnegative(reader: Reader, t: Term, entry: Mapping[str, Any], relation: str,
                prove: Callable[..., Evidence]) -> None:
    """``t`` >= 0 (or = 0) wherever it is defined."""
    match t:
        case App("pow", (base, Num(e))) if "proof" not in entry and e.denominator == 1 and e > 0 and e % 2 == 0:
            if not is_real(base, reader.sorts):
                raise Reject(RULE, "term", "is a square of something that may be complex")
        case Bind("KL") if over_variables(t) and "proof" not in entry:
            found = reader.pieces(t)
            if len(found) != 1 or not found[0].extended:
                raise Reject(RULE, "term", "is a divergence from something that is no density")
        case Bind("E" | "integral", names, sorts, (), (*weights, g)) if over_variables(t):
            inside = reader.within({**reader.sorts, **dict(zip(names, sorts, strict=True))}, names)
            weight = weights[0] if weights else ONE
            if not clear_weight(inside, weight):
                raise Reject(RULE, "term", "has a weight that may be negative")
            if "proof" in entry:
                pointwise(inside, weight, app(relation, g, ZERO), entry, prove)
            elif weights:
                nonnegative(inside, g, {}, relation, prove)
            else:
                raise Reject(RULE, "term", "an integrand that is not shown to be nonnegative")
        case _ if "proof" in entry:
            pointwise(reader, ONE, app(relation, t, ZERO), entry, prove)
        case _:
            raise Reject(RULE, "term", "is neither a square nor an expectation of something nonnegative")


def clear_weight(reader: Reader, weight: Term) -> bool:
    found = reader.pieces(weight)
    return all(c > 0 and reader.known.nonnegative_mono(m) and reader.known.nonnegative_mono(p.weight)
               for p in found for m, c in p.body.terms)


# ------------------------------------------------------------------ pointwise, with real variables


class Abstraction:
    """Random variables, values of functions, densities and integrals as real variables.

    ``ratios``: only quotients of two densities, each a variable; p/q and q/p are inverse to each other.
    """

    def __init__(self, reader: Reader, weight: Term, ratios: bool) -> None:
        self.reader, self.sorts, self.ratios = reader, reader.sorts, ratios
        self.names: dict[Term, str] = {}
        self.facts: list[Term] = []
        self.scalars: dict[str, Sort] = {n: k for n, k in self.sorts.items() if not isinstance(k, Space)}
        self.taken = set(self.sorts)
        found = reader.pieces(weight)
        one = found[0].body.single if len(found) == 1 and not found[0].names else None
        self.where: Mono = one[0] if one is not None else ()

    def __call__(self, t: Term) -> Term:
        match t:
            case Var(name) if isinstance(self.sorts.get(name), Space):
                self.scalars[name] = REAL
                return t
            case App("div", (App("density", _) as a, App("density", _) as b)) if self.ratios:
                if repr(b) < repr(a):
                    return app("div", num(1), self._ratio(b, a))
                return self._ratio(a, b)
            case App("density", _):
                if self.ratios:
                    raise Reject(RULE, "proof", "a density outside a quotient")
                return self._name(t, "d", ">" if self.positive(t) else ">=")
            case App("at", (Var(_), *args)) if any(
                    isinstance(self.sorts.get(n), Space) for a in args for n in free_names(a)):
                return self._name(t, "f", None)
            case Bind("E" | "KL" | "integral"):
                return self._name(t, "m", None)
            case App():
                return rebuild(t, self)
            case Bind():
                raise Reject(RULE, "proof", "binds a name inside an expectation")
            case _:
                return t

    def positive(self, density: Term) -> bool:
        """Whether a density is positive where the weight is, almost everywhere."""
        m, _ = self.reader.value(density)
        return m.single is not None and all(
            self.reader.known.positive(a, self.where) for a, e in m.single[0])

    def _ratio(self, a: Term, b: Term) -> Term:
        if not (self.positive(a) and self.positive(b)):
            raise Reject(RULE, "proof", "a quotient of densities that may vanish")
        return self._name(app("div", a, b), "r", ">")

    def _name(self, t: Term, stem: str, sign: str | None) -> Var:
        key = alpha(t)
        if key not in self.names:
            if not is_real(t, self.sorts):
                raise Reject(RULE, "proof", "something there may be complex")
            name = fresh(f"{stem}'", self.taken)
            self.taken.add(name)
            self.names[key] = name
            self.scalars[name] = REAL
            if sign is not None:
                self.facts.append(app(sign, Var(name), ZERO))
        return Var(self.names[key])


def pointwise(reader: Reader, weight: Term, goal: Term, entry: Mapping[str, Any],
              prove: Callable[..., Evidence]) -> None:
    """``goal`` at all values of the random variables where the weight is positive."""
    s, abstract = pointwise_sequent(reader, weight, goal, entry.get("ratios") is True)
    extra: list[Term] = []
    for positive in entry.get("means", ()):
        t = from_json(positive["term"])
        if not (isinstance(t, Bind) and t.head == "E" and over_variables(t)) or alpha(t) not in abstract.names:
            raise Reject(RULE, "means", "is no expectation that occurs")
        if set(t.names) & set(reader.sorts):
            raise Reject(RULE, "means", "binds a name that is in use")
        inside = reader.within({**reader.sorts, **dict(zip(t.names, t.sorts, strict=True))})
        if not probability(inside, t.inner[0], t.names):
            raise Reject(RULE, "means", "is not over a probability")
        below, _ = pointwise_sequent(inside, t.inner[0], app(">", t.inner[1], ZERO))
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


def pointwise_sequent(reader: Reader, weight: Term, goal: Term, ratios: bool = False) -> tuple[Sequent, Abstraction]:
    abstract = Abstraction(reader, weight, ratios)
    shown = abstract(goal)
    facts: list[Term] = []
    occurring = free_names(goal) | free_names(weight)
    random = sorted(n for n, k in reader.sorts.items() if isinstance(k, Space) and n in occurring)
    for w in weight.args if isinstance(weight, App) and weight.head == "mul" else (weight,):
        if isinstance(w, App) and w.head == "density" and not ratios:
            facts.append(app(">", abstract(w), ZERO))
    for a in reader.sequent.assumptions:
        for f in itertools.islice(instances(a, random, reader.sorts), MAX_INSTANCES):
            try:
                facts += [abstract(c) for c in conjuncts(f) if not _factorisation(c)]
            except Reject:
                continue
    named = {n: k for n, k in abstract.scalars.items() if not isinstance(k, (Space, Law))}
    used = [f for f in (*facts, *abstract.facts) if free_names(f) <= named.keys()]
    return Sequent(named, tuple(dict.fromkeys(used)), shown), abstract


def _factorisation(c: Term) -> bool:
    """An equation of densities: of no use at one point, and a burden to the search.  Not one of expectations."""
    return isinstance(c, App) and c.head == "=" and any(map(_shows_density, c.args))


def _shows_density(t: Term) -> bool:
    return isinstance(t, App) and (t.head == "density" or any(map(_shows_density, t.args)))


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


__all__ = ["Abstraction", "check", "instances", "merged", "nested", "parts", "pointwise_sequent", "probability",
           "sources", "value"]
