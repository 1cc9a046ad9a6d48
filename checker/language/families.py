"""Named families of laws, written out as densities on their support.

    x = D.real("x");  k = D.integer("k")                    # or D.variables("x", measure="lebesgue")
    exponential(x, rate), gamma_law(x, shape, rate), beta_law(x, a, b), normal(x, mean, variance), ...
    poisson(k, rate), bernoulli(k, p), binomial_law(k, n, p), geometric(k, p), ...
    pdf(2*x, x, 0, 1), pmf(p*(1 - p)**k, k, 0, oo)          # a law of your own

A family is a formula, a variable and a support; nothing else is known of it here.  An expectation
under it is *read* as the integral (the sum) over the support:

    E(f, x, w)  is  integral(x from a to b: w f)       KL(v, w)  is  integral(x from a to b: v log(v/w))

Several variables are integrated one after the other, the first innermost.  A mixture
``c1*v + c2*w`` is integrated summand by summand, each over its own support; so E_m f is c1 E_v f + c2 E_w f.
Outside its support a density is 0: where the variable is not known to lie in the support, the density
is read as ``cases``.  What a family needs of its parameters (a rate is positive) joins the assumptions.
Unspecified laws q(z | x) keep E, KL and integral as they are (language/densities.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from sympy.core.expr import Expr

from ..kernel import term as T
from .errors import StatementError
from .nodes import Binder, BinderStatement, Declared, IndexName, Node, Statement, parts


#: Over longer ranges a mass 0 between others is not looked for.
MAX_LISTED = 8


@dataclass(frozen=True, slots=True)
class Support:
    """From ``lower`` to ``upper``; ``closed``: the ends belong to it."""

    lower: Any
    upper: Any
    discrete: bool = False
    closed: bool = True


class ScalarDensity(Expr):
    """The value at ``value`` of a density given by a formula: ``formula`` is that of ``value`` already."""

    is_commutative = True
    is_real = True
    is_nonnegative = True

    def __new__(cls, name: Any, value: Any, formula: Any, lower: Any, upper: Any, kind: Any, *needs: Any) -> Any:
        """``kind``: "real", "real-open", "integer" or "index"; ``needs``: what the parameters satisfy."""
        return Expr.__new__(cls, sympy.Symbol(str(name)), *map(sympy.sympify, (value, formula, lower, upper)),
                            sympy.Symbol(str(kind)), *needs)

    @property
    def name(self) -> str:
        return str(self.args[0])

    @property
    def value(self) -> Any:
        return self.args[1]

    @property
    def formula(self) -> Any:
        return self.args[2]

    @property
    def support(self) -> Support:
        kind = str(self.args[5])
        return Support(self.args[3], self.args[4], kind in ("integer", "index"), kind != "real-open")

    @property
    def needs(self) -> tuple[Any, ...]:
        return self.args[6:]

    def __pos__(self) -> Any:
        return self

    def read_into(self, reading: Any) -> T.Term:
        for need in self.needs:
            _take_up(reading, need)
        formula = reading.term(self.formula)
        s = self.support
        if str(self.args[5]) == "index":
            return formula
        known = reading.supports.get(self.value)
        if s.discrete and not (known is not None and known.discrete) and not _is_integer(self.value):
            raise StatementError(f"{self}: {self.value} is no integer; declare it, symbols('k', integer=True)",
                                 "density")
        declared = not _is_bound(self.value, reading)       # a bound variable lies where its range says
        if known is not None and _within(known, s) or declared and _visibly_in(self.value, s):
            return formula
        x = reading.term(self.value)
        relation = "<=" if s.closed else "<"
        guards = []
        below = Support(s.lower, sympy.oo, s.discrete, s.closed)
        if s.lower != -sympy.oo and not (declared and _visibly_in(self.value, below)):
            guards.append(T.app(relation, reading.term(s.lower), x))
        if s.upper != sympy.oo:
            guards.append(T.app(relation, x, reading.term(s.upper)))
        return T.app("cases", formula, T.conj(*guards), T.ZERO, T.TRUE)

    def _sympystr(self, printer: Any) -> str:
        return f"{self.name}({self.value}, ...)"


def _known(x: Any, fact: str) -> bool | None:
    """What SymPy's assumptions say of an expression that was not evaluated yet; nothing where they fail over it."""
    with sympy.evaluate(True):
        try:
            found: bool | None = getattr(_simple(x), f"is_{fact}")
        except Exception:       # PolynomialError, RecursionError, ...: a question to SymPy is no reason to stop
            return None
    return found


def _is_integer(x: Any) -> bool:
    """By the declarations of its variables; k/2 is none."""
    with sympy.evaluate(True):
        counted = {d: sympy.Dummy(integer=True) for d in x.atoms(Declared) if d.sort == T.Space("counting")}
        return bool(_known(_simple(x).xreplace(counted), "integer"))


def _take_up(reading: Any, need: Any) -> None:
    """What a parameter satisfies is an assumption of the claim, if the parameter is not bound there."""
    if _is_bound(need, reading):
        return
    fact = reading.formula(need)
    if fact not in reading.facts:
        reading.facts.append(fact)


def _is_bound(e: Any, reading: Any) -> bool:
    """Whether a variable of an outer expression occurs in ``e``; one that ``e`` binds itself is another."""
    own = {x.name for b in e.atoms(Binder, BinderStatement) for x in b.args[1]}
    bound = {name for scope in reading._bound for name in scope} - own
    return any(x.name in bound for x in e.free_symbols | e.atoms(Declared))


def _within(inner: Support, outer: Support) -> bool:
    """Whether the first support visibly lies in the second (almost everywhere)."""
    with sympy.evaluate(True):
        return all(bool(c) for c in (
            outer.lower == -sympy.oo or inner.lower == outer.lower
            or _simple(inner.lower - outer.lower).is_nonnegative,
            outer.upper == sympy.oo or inner.upper == outer.upper
            or _simple(outer.upper - inner.upper).is_nonnegative))


def _simple(e: Any) -> Any:
    """The same sum, evaluated: expressions of a derivation file are not."""
    return e.doit() if isinstance(e, sympy.Basic) else sympy.sympify(e)


def _visibly_in(x: Any, s: Support) -> bool:
    """By the declaration of x alone."""
    with sympy.evaluate(True):
        low = s.lower == -sympy.oo or (
            s.lower == 0 and (x.is_positive or x.is_nonnegative and (s.closed or s.discrete))) or (
            s.lower == 1 and s.discrete and x.is_positive and x.is_integer)
        return bool(low) and s.upper == sympy.oo and (not s.discrete or bool(_known(x, "integer")))


# ------------------------------------------------------------------------ families


def _family(name: str, x: Any, formula: Callable[[Any], Any], lower: Any, upper: Any, kind: str,
            needs: Sequence[Any], numbers: Sequence[tuple[Any, str, str]]) -> ScalarDensity:
    """``numbers``: parameter, its name, and "positive", "probability" or "real": checked where it is a number."""
    value = sympy.sympify(x)
    if not isinstance(value, Expr):
        raise StatementError(f"{name}: {x!r} is no variable", "density")
    for p, called, wanted in numbers:
        p = sympy.sympify(p)
        if wanted == "positive" and _known(p, "positive") is False:
            raise StatementError(f"{name}: the {called} {p} is not positive", "parameter")
        if wanted == "probability" and _known(p, "number") and not 0 <= p <= 1:
            raise StatementError(f"{name}: {p} is no probability: it lies between 0 and 1", "parameter")
    if isinstance(value, Declared) and kind in ("integer",) and _is_lebesgue(value):
        raise StatementError(f"{name}: {value} is a real variable, and the law is one of integers: declare "
                             f'{value} = symbols("{value}", integer=True)', "density")
    with sympy.evaluate(False):
        made = formula(value)
    return ScalarDensity(name, value, made, lower, upper, kind, *needs)


def _is_lebesgue(x: Any) -> bool:
    return isinstance(x, Declared) and x.sort == T.Space("lebesgue")


def _positive(*params: Any) -> list[Any]:
    with sympy.evaluate(False):
        return [sympy.Gt(p, 0, evaluate=False) for p in map(sympy.sympify, params)
                if not _known(p, "positive")]


def _probability(p: Any) -> list[Any]:
    p = sympy.sympify(p)
    if _known(p, "number"):
        return []
    out = [] if _known(p, "nonnegative") else [sympy.Ge(p, 0, evaluate=False)]
    return [*out, sympy.Le(p, 1, evaluate=False)]


def _rate(name: str, rate: Any, scale: Any) -> Any:
    if (rate is None) == (scale is None):
        raise StatementError(f"{name}: give the rate, or scale=... (one of the two)", "parameter")
    return rate if scale is None else sympy.Mul(1, sympy.Pow(sympy.sympify(scale), -1, evaluate=False),
                                                evaluate=False)


def _exp(u: Any) -> Any:
    return sympy.exp(u, evaluate=False)


def exponential(x: Any, rate: Any = None, *, scale: Any = None) -> ScalarDensity:
    """rate exp(-rate x) for x >= 0; ``scale=s`` is the rate 1/s.  Mean 1/rate."""
    r = _rate("exponential", rate, scale)
    return _family("exponential", x, lambda u: r*_exp(-(r*u)), 0, sympy.oo, "real",
                   _positive(rate if scale is None else scale), [(r, "rate", "positive")])


def gamma_law(x: Any, shape: Any, rate: Any = None, *, scale: Any = None) -> ScalarDensity:
    """rate^shape x^(shape - 1) exp(-rate x)/gamma(shape) for x > 0; ``scale=s`` is the rate 1/s.  Mean shape/rate."""
    r, a = _rate("gamma_law", rate, scale), sympy.sympify(shape)
    return _family("gamma_law", x, lambda u: r**a*u**(a - 1)*_exp(-(r*u))/sympy.gamma(a), 0, sympy.oo, "real-open",
                   _positive(a, rate if scale is None else scale),
                   [(r, "rate", "positive"), (a, "shape", "positive")])


def inverse_gamma(x: Any, shape: Any, scale: Any) -> ScalarDensity:
    """scale^shape x^(-shape - 1) exp(-scale/x)/gamma(shape) for x > 0: the law of 1/y, y ~ gamma(shape, rate=scale)."""
    a, b = map(sympy.sympify, (shape, scale))
    return _family("inverse_gamma", x, lambda u: b**a*u**(-a - 1)*_exp(-(b/u))/sympy.gamma(a), 0, sympy.oo,
                   "real-open", _positive(a, b), [(a, "shape", "positive"), (b, "scale", "positive")])


def chi_squared(x: Any, n: Any) -> ScalarDensity:
    """The law of a sum of n squares of standard normal variables: gamma with shape n/2 and rate 1/2."""
    n = sympy.sympify(n)
    half = sympy.Mul(n, sympy.Rational(1, 2), evaluate=False)
    return _family("chi_squared", x,
                   lambda u: u**(half - 1)*_exp(-(u/2))/(2**half*sympy.gamma(half)), 0, sympy.oo, "real-open",
                   _positive(n), [(n, "number of degrees of freedom", "positive")])


def beta_law(x: Any, a: Any, b: Any) -> ScalarDensity:
    """gamma(a + b)/(gamma(a) gamma(b)) x^(a - 1) (1 - x)^(b - 1) for 0 < x < 1.  Mean a/(a + b)."""
    a, b = map(sympy.sympify, (a, b))
    return _family("beta_law", x, lambda u: sympy.gamma(a + b)/(sympy.gamma(a)*sympy.gamma(b))
                   * u**(a - 1)*(1 - u)**(b - 1), 0, 1, "real-open", _positive(a, b),
                   [(a, "parameter", "positive"), (b, "parameter", "positive")])


def uniform(x: Any, a: Any, b: Any) -> ScalarDensity:
    """1/(b - a) for a <= x <= b."""
    a, b = map(sympy.sympify, (a, b))
    if _known(a, "number") and _known(b, "number") and not a < b:
        raise StatementError(f"uniform: {a} is not below {b}", "parameter")
    fixed = _known(a, "number") and _known(b, "number") or a == 0 and _known(b, "positive")
    needs = [] if fixed else [sympy.Lt(a, b, evaluate=False)]
    return _family("uniform", x, lambda u: 1/(b - a) if a != 0 else 1/b if b != 1 else sympy.S.One, a, b, "real",
                   needs, [])


def laplace(x: Any, mean: Any, scale: Any) -> ScalarDensity:
    """exp(-|x - mean|/scale)/(2 scale).  Variance 2 scale^2."""
    m, s = map(sympy.sympify, (mean, scale))
    return _family("laplace", x, lambda u: _exp(-(sympy.Abs(_minus(u, m))/s))/(2*s), -sympy.oo, sympy.oo, "real",
                   _positive(s), [(s, "scale", "positive")])


def lognormal(x: Any, mean: Any, variance: Any) -> ScalarDensity:
    """The law of exp(y), y normal with this mean and variance: x > 0."""
    m, v = map(sympy.sympify, (mean, variance))
    return _family("lognormal", x, lambda u: _exp(-(_minus(sympy.log(u), m)**2/(2*v)))/(
        u*sympy.sqrt(2*sympy.pi*v)), 0, sympy.oo, "real-open", _positive(v), [(v, "variance", "positive")])


def _minus(u: Any, m: Any) -> Any:
    return u if m == 0 else u - m


def bernoulli(k: Any, p: Any) -> ScalarDensity:
    """p^k (1 - p)^(1 - k) for k = 0, 1."""
    p = sympy.sympify(p)
    return _family("bernoulli", k, lambda u: p**u*(1 - p)**(1 - u), *_certain(p, 0, 1), "integer", _probability(p),
                   [(p, "", "probability")])


def _certain(p: Any, low: Any, high: Any) -> tuple[Any, Any]:
    """The support: one point for p = 0 and p = 1, since 0 log 0 = 0."""
    return (low, low) if p == 0 else (high, high) if p == 1 else (low, high)


def binomial_law(k: Any, n: Any, p: Any) -> ScalarDensity:
    """binomial(n, k) p^k (1 - p)^(n - k) for k = 0, ..., n: the number of successes in n trials."""
    n, p = map(sympy.sympify, (n, p))
    return _family("binomial_law", k, lambda u: sympy.binomial(n, u, evaluate=False)*p**u*(1 - p)**(n - u),
                   *_certain(p, 0, n), "integer", _probability(p) + _count(n), [(p, "", "probability")])


def _count(n: Any) -> list[Any]:
    if _known(n, "integer") is not True:
        raise StatementError(f"the number of trials {n} is no integer: declare it, symbols('{n}', integer=True)",
                             "parameter")
    return [] if _known(n, "nonnegative") else [sympy.Ge(n, 0, evaluate=False)]


def geometric(k: Any, p: Any, start: int = 1) -> ScalarDensity:
    """p (1 - p)^(k - 1) for k = 1, 2, ...: the trial of the first success, mean 1/p.  ``start=0``: the number of
    failures before it, p (1 - p)^k for k = 0, 1, ...; mean (1 - p)/p."""
    p = sympy.sympify(p)
    if start not in (0, 1):
        raise StatementError(f"geometric: start={start!r}; it counts from 0 (failures) or from 1 (trials)", "parameter")
    return _family("geometric", k, lambda u: p*(1 - p)**(u - 1 if start else u),
                   start, start if p == 1 else sympy.oo, "integer",
                   _positive(p) + [sympy.Le(p, 1, evaluate=False)]*(not _known(p, "number")), [
                       (p, "", "probability"), (p, "probability", "positive")])


def negative_binomial(k: Any, r: Any, p: Any) -> ScalarDensity:
    """gamma(k + r)/(k! gamma(r)) p^r (1 - p)^k for k = 0, 1, ...: failures before the r-th success, r > 0 real."""
    r, p = map(sympy.sympify, (r, p))
    return _family("negative_binomial", k, lambda u: sympy.gamma(u + r)/(sympy.factorial(u, evaluate=False)
                   * sympy.gamma(r))*p**r*(1 - p)**u, 0, 0 if p == 1 else sympy.oo, "integer",
                   _positive(r, p) + [sympy.Le(p, 1, evaluate=False)]*(not _known(p, "number")), [
                       (p, "", "probability"), (p, "probability", "positive"), (r, "number", "positive")])


def poisson(k: Any, rate: Any) -> ScalarDensity:
    """exp(-rate) rate^k/k! for k = 0, 1, ...  Mean rate."""
    r = sympy.sympify(rate)
    return _family("poisson", k, lambda u: _exp(-r)*r**u/sympy.factorial(u, evaluate=False), 0, sympy.oo, "integer",
                   _positive(r), [(r, "rate", "positive")])


def discrete_uniform(k: Any, a: Any, b: Any) -> ScalarDensity:
    """1/(b - a + 1) for the integers k = a, ..., b."""
    a, b = map(sympy.sympify, (a, b))
    needs = [] if _known(a, "number") and _known(b, "number") else [sympy.Le(a, b, evaluate=False)]
    return _family("discrete_uniform", k, lambda u: 1/(b - a + 1) if a != 1 else 1/b, a, b, "integer", needs, [])


def categorical(k: Any, probabilities: Any) -> ScalarDensity:
    """The k-th of the probabilities: of a declared family, ``categorical(k, pi)`` with an index k, or of a list
    (k = 1, 2, ...).  That they are nonnegative and add up to 1 is assumed."""
    if isinstance(probabilities, (list, tuple, sympy.Tuple)):
        parts = [sympy.sympify(p) for p in probabilities]
        with sympy.evaluate(True):
            total = sum(parts)
        if _known(total, "number") and total != 1:
            raise StatementError(f"categorical: the probabilities add up to {total}, not to 1", "parameter")
        needs = [sympy.Ge(p, 0, evaluate=False) for p in parts if not _known(p, "nonnegative")]
        if not _known(total, "number"):
            needs.append(sympy.Eq(sympy.Add(*parts, evaluate=False), 1, evaluate=False))
        low, high = _without_zeros(1, len(parts), lambda j: parts[j - 1])
        return _family("categorical", k, lambda u: sympy.Piecewise(*(
            (p, sympy.Eq(u, j, evaluate=False)) for j, p in enumerate(parts[:-1], 1)), (parts[-1], True),
            evaluate=False), low, high, "integer", needs, [])
    if not isinstance(k, IndexName):
        raise StatementError(
            f"categorical({k}, {probabilities}): k is an index of the family, k = D.index('k', K); or give the "
            "probabilities as a list", "density")
    from .indices import total as over_all
    from .logic import forall

    needs = [forall(k, sympy.Ge(probabilities[k], 0, evaluate=False)),
             sympy.Eq(over_all(k, probabilities[k]), 1, evaluate=False)]
    return ScalarDensity("categorical", k, probabilities[k], 1, k.sort.size.name, "index", *needs)


def pdf(formula: Any, x: Any, lower: Any = -sympy.oo, upper: Any = sympy.oo) -> ScalarDensity:
    """A density of your own: ``pdf(2*x, x, 0, 1)``; 0 outside.  That it is one is for a claim to say."""
    return _own("pdf", formula, x, lower, upper, "real")


def pmf(formula: Any, k: Any, lower: Any, upper: Any = sympy.oo) -> ScalarDensity:
    """Probabilities of your own over the integers from ``lower`` to ``upper``: ``pmf(p*(1 - p)**k, k, 0, oo)``."""
    return _own("pmf", formula, k, lower, upper, "integer")


def _own(name: str, formula: Any, x: Any, lower: Any, upper: Any, kind: str) -> ScalarDensity:
    if not isinstance(x, (sympy.Symbol, Declared)):
        raise StatementError(f"{name}(formula, x, lower, upper): {x} is no variable", "density")
    made = ScalarDensity(name, x, formula, lower, upper, kind)
    if kind == "integer" and made.support.lower.is_Integer and not isinstance(x, Declared):
        ends = _without_zeros(made.support.lower, made.support.upper, lambda j: _simple(made.formula.subs(x, j)))
        made = ScalarDensity(name, x, formula, *ends, kind)
    with sympy.evaluate(True):
        mass = _total_mass(made) if not made.formula.free_symbols - {x} else None
    if mass is not None and mass != 1:
        raise StatementError(f"{name}({formula}, {x}, {lower}, {upper}) has the total mass {mass}, not 1: it is no "
                             "density (for a weight write Integral or Sum)", "density")
    return made


def _without_zeros(low: Any, high: Any, mass: Callable[[Any], Any]) -> tuple[Any, Any]:
    """The range from ``low`` to ``high`` without the points at its ends whose mass is 0: 0 log 0 = 0."""
    low, high = map(sympy.sympify, (low, high))
    with sympy.evaluate(True):
        while high - low >= 1 and mass(low) == 0:
            low += 1
        while high.is_Integer and high - low >= 1 and mass(high) == 0:
            high -= 1
    return low, high


def _total_mass(d: ScalarDensity) -> Any:
    """For polynomials and finite ranges, where it is plain arithmetic."""
    x, s = d.value, d.support
    if not (s.lower.is_Rational and s.upper.is_Rational) or isinstance(x, Declared):
        return None
    formula = d.formula.doit()
    if not formula.is_polynomial(x):
        return None
    if s.discrete:
        return sum(formula.subs(x, j) for j in range(int(s.lower), int(s.upper) + 1)) if (
            s.upper - s.lower < 1000) else None
    primitive = sympy.Poly(formula, x).integrate().as_expr()
    return primitive.subs(x, s.upper) - primitive.subs(x, s.lower)


# ------------------------------------------------------------------------ expectations over supports


def scalar_densities(e: Any) -> set[Any]:
    return e.atoms(ScalarDensity) if isinstance(e, sympy.Basic) else set()


def all_explicit(expressions: Iterable[Any], definitions: Any) -> bool:
    """Whether every density of a claim without unspecified laws is a formula, so that its variables are numbers.

    Expectations under normal densities alone stay expectations over random variables: the rules for
    unspecified laws know them (a divergence is nonnegative whatever its densities are)."""
    from .densities import Normal

    family = normal = over = False
    for u in parts(expressions, definitions):
        if isinstance(u, Declared) and isinstance(u.sort, T.Map) and any(isinstance(a, T.Space) for a in u.sort.args):
            return False        # an unknown function of random variables
        family = family or isinstance(u, ScalarDensity)
        normal = normal or isinstance(u, Normal)
        over = over or isinstance(u, Binder) and u.head in ("E", "KL")
    return family or normal and not over


def read_expectation(reading: Any, e: Binder) -> T.Term | None:
    """An ``E``, ``KL`` or ``integral`` over the support of named families; None if it is one of unspecified laws."""
    from .densities import Density

    names, parts = tuple(e.args[1]), tuple(e.args[3])
    families = any(scalar_densities(p) for p in parts)
    plain = any(isinstance(n, sympy.Symbol) for n in names)
    if not (families or plain or reading.all_explicit):
        return None
    if any(p.atoms(Density) for p in parts):
        if plain:
            raise StatementError(f"{names[0]} is a plain symbol: an unspecified law needs D.variables", "expectation")
        return None
    if e.head == "KL":
        q, p = parts
        if (place := _infinite_at(q, p)) is not None:
            raise StatementError(
                f"KL({q}, {p}) is infinite: the second has no mass at {place}, where the first has some. A divergence "
                "of named families is written out as a sum, which has no value then", "expectation")
        with sympy.evaluate(False):
            ratio = sympy.log(q*sympy.Pow(p, -1, evaluate=False), evaluate=False)
        return T.add(*(_over_support(reading, names, w, ratio) for w in _mixture(q)))
    if e.head == "E":
        event = _event(parts[1])
        f, bounds = (parts[1], ()) if event is None else (None, tuple(_bounds(event)))
        return T.add(*(_over_support(reading, names, w, f, bounds) for w in _mixture(parts[0])))
    if (support := _joint_support(names, parts[0])) is not None:
        return _over_range(reading, names[0], support, parts[0])
    return T.add(*(_over_support(reading, names, w, None) for w in _mixture(parts[0])))


def _infinite_at(q: Any, p: Any) -> Any:
    """A point of a short list where q certainly has a mass and p has none; None if none is seen."""
    if not all(isinstance(d, ScalarDensity) and str(d.args[5]) == "integer" for d in (q, p)):
        return None
    s = q.support
    if not (s.lower.is_Integer and s.upper.is_Integer) or int(s.upper) - int(s.lower) > MAX_LISTED:
        return None
    with sympy.evaluate(True):
        for place in map(sympy.Integer, range(int(s.lower), int(s.upper) + 1)):
            mine, other = (d.formula.xreplace({d.value: place}).doit() for d in (q, p))
            outside = (place < p.support.lower) == True or (place > p.support.upper) == True  # noqa: E712
            if mine.is_positive and (outside or other == 0):
                return place
    return None


def _joint_support(names: Sequence[Any], weight: Any) -> Support | None:
    """From the least to the largest point of all densities of x in a function of them, |p - q| or sqrt(p q); None
    where one of them is a factor of the weight, and its support is the range."""
    from .densities import Normal

    if len(names) != 1 or not any(isinstance(u, sympy.Abs | sympy.Pow) and (scalar_densities(u) or u.atoms(Normal))
                                  for u in sympy.preorder_traversal(weight)):
        return None
    x, found = names[0], [*scalar_densities(weight), *weight.atoms(Normal)]
    if isinstance(x, IndexName) or any(_variable_of(d) != x for d in found) or set(found) & set(_factors(weight)):
        return None
    supports = [d.support if isinstance(d, ScalarDensity) else Support(-sympy.oo, sympy.oo) for d in found]
    if len({s.discrete for s in supports}) != 1:
        raise StatementError(f"over {x}: {weight} has densities of integers and of real numbers", "expectation")
    with sympy.evaluate(True):
        return Support(sympy.Min(*(s.lower for s in supports)), sympy.Max(*(s.upper for s in supports)),
                       supports[0].discrete)


def _over_range(reading: Any, x: Any, support: Support, weight: Any) -> T.Term:
    """The integral (the sum) of ``weight`` over the range: each density is 0 outside its own support."""
    outer = (reading.term(support.lower), reading.term(support.upper))
    sort = T.INTEGER if support.discrete else T.REAL

    def inside() -> T.Term:
        reading.supports[x] = support
        return reading.term(weight)

    body = reading.bind([(x.name, sort, x)], inside)
    if support.discrete:
        return T.Bind("sum", (x.name,), (sort,), outer, (T.TRUE, body))
    return T.Bind("integral", (x.name,), (sort,), outer, (body,))


def _mixture(w: Any) -> list[Any]:
    """The summands of a mixture, each with its weight."""
    if isinstance(w, sympy.Add):
        return [x for a in w.args for x in _mixture(a)]
    if isinstance(w, sympy.Mul):
        for k, f in enumerate(w.args):
            if isinstance(f, sympy.Add) and scalar_densities(f):
                others = w.args[:k] + w.args[k + 1:]
                return [sympy.Mul(*others, x, evaluate=False) for x in _mixture(f)]
    return [w]


def _factors(w: Any) -> list[Any]:
    return [x for a in w.args for x in _factors(a)] if isinstance(w, sympy.Mul) else [w]


def _over_support(reading: Any, names: Sequence[Any], weight: Any, f: Any, bounds: Sequence[Any] = (),
                  opened: tuple[Any, ...] = ()) -> T.Term:
    """integral(...: weight f) where the ``bounds`` hold; ``opened``: the variables that have their range."""
    if not names:
        parts = [_on_support(a, reading, opened) for a in _factors(weight) if a != 1]
        body = T.mul(*(reading.term(a) for a in (parts if f is None or f == 1 else [*parts, f])))
        if f is None or not _partial(f):
            return body
        positive = [reading.formula(sympy.Gt(d.formula, 0, evaluate=False)) for d in _factors(weight)
                    if isinstance(d, ScalarDensity) and any(d.value.has(x) for x in opened) and _may_vanish(d)]
        return T.app("cases", body, T.conj(*positive), T.ZERO, T.TRUE) if positive else body
    x = _outermost(names, weight)
    inner = [n for n in names if n != x]
    if isinstance(x, IndexName):
        entry = [(*reading._bound_name(x), x)]
        body = reading.bind(entry, lambda: _over_support(reading, inner, weight, f, bounds, (*opened, x)))
        return T.Bind("sum", (x.name,), (x.sort,), (), (T.TRUE, body))
    mine = [c for c in bounds if not any(c.has(y) for y in inner)]
    support = _cut(mine, x, _support_of(x, inner, weight))
    bounds = [c for c in bounds if c not in mine]
    outer = (reading.term(support.lower), reading.term(support.upper))
    sort = T.INTEGER if support.discrete else T.REAL

    def inside() -> T.Term:
        reading.supports[x] = support
        return _over_support(reading, inner, weight, f, bounds, (*opened, x))

    body = reading.bind([(x.name, sort, x)], inside)
    if support.discrete:
        return T.Bind("sum", (x.name,), (T.INTEGER,), outer, (T.TRUE, body))
    return T.Bind("integral", (x.name,), (T.REAL,), outer, (body,))


def _partial(f: Any) -> bool:
    """Whether f may be undefined where the density is 0, as log 0 is."""
    return any(isinstance(u, sympy.log) or isinstance(u, sympy.Pow) and not _known(u.exp, "nonnegative")
               for u in sympy.preorder_traversal(f))


def _may_vanish(d: ScalarDensity) -> bool:
    """Whether a mass within the support may be 0: that of a list, or p^k (1 - p)^(1 - k) for p = 0."""
    s = d.support
    if str(d.args[5]) != "integer" or d.name == "discrete_uniform" or not (s.lower.is_Integer and s.upper.is_Integer):
        return False
    return int(s.upper) - int(s.lower) <= MAX_LISTED and not all(_known(p, "positive") for p in _masses(d))


def _masses(d: ScalarDensity) -> list[Any]:
    if isinstance(d.formula, sympy.Piecewise):
        return [p for p, _ in d.formula.args]
    with sympy.evaluate(True):
        return [d.formula.xreplace({d.value: sympy.Integer(j)}).doit()
                for j in range(int(d.support.lower), int(d.support.upper) + 1)]


def _outermost(names: Sequence[Any], weight: Any) -> Any:
    """A variable whose densities do not depend on the others: what is drawn first is integrated last."""
    own = [d for d in _factors(weight) if _variable_of(d) is not None]
    for x in reversed(names):
        if all(not d.has(y) for d in own if _variable_of(d) == x for y in names if y != x):
            return x
    return names[-1]


def _variable_of(d: Any) -> Any:
    from .densities import Normal

    return d.value if isinstance(d, ScalarDensity) else d.args[0] if isinstance(d, Normal) else None


def _on_support(d: Any, reading: Any, opened: Iterable[Any]) -> Any:
    """A density factor of the weight is its formula: the range of one of its variables is where it is positive.
    Variables of an outer expectation do not count: their range knows nothing of this weight."""
    if not isinstance(d, ScalarDensity) or not any(d.value.has(x) for x in opened):
        return d
    for need in d.needs:
        _take_up(reading, need)
    return d.formula


def _support_of(x: Any, inner: Iterable[Any], weight: Any) -> Support:
    """Where all density factors may be positive, as bounds on x."""
    from .densities import Normal

    lows: list[Any] = []
    highs: list[Any] = []
    discrete: bool | None = None
    for d in _factors(weight):
        if isinstance(d, Normal):
            if d.args[0].has(x):
                if discrete:
                    raise StatementError(f"over {x}: {weight} has densities of integers and of real numbers",
                                         "expectation")
                discrete = False
            continue
        if not isinstance(d, ScalarDensity) or not d.value.has(x) or any(d.value.has(y) for y in inner):
            continue
        with sympy.evaluate(True):
            slope = sympy.diff(_simple(d.value), x) if not isinstance(x, Declared) else (
                1 if d.value == x else None)
            rest = None if slope is None else _simple(d.value - slope*x) if slope != 1 or d.value != x else sympy.S.Zero
        if slope not in (1, -1) or rest is None or rest.has(x):
            raise StatementError(f"the support of {d} is not read as bounds on {x}: take {x} + c or c - {x} as its "
                                 "argument", "expectation")
        s = d.support
        if discrete not in (None, s.discrete):
            raise StatementError(f"over {x}: {weight} has densities of integers and of real numbers", "expectation")
        discrete = s.discrete
        with sympy.evaluate(True):
            low, high = (s.lower - rest, s.upper - rest) if slope == 1 else (rest - s.upper, rest - s.lower)
        lows.append(low)
        highs.append(high)
    if discrete is None:
        raise StatementError(
            f"over {x}: the weight {weight} is no density in {x}. Name a family, exponential({x}, rate), or give a "
            f"formula with its support, pdf(formula, {x}, 0, oo)", "expectation")
    return _range(_extreme(lows, sympy.Max, -sympy.oo), _extreme(highs, sympy.Min, sympy.oo), discrete)


def _range(low: Any, high: Any, discrete: bool) -> Support:
    """The range; empty where high < low.  A sum is then 0 anyway, an integral would turn round."""
    if not discrete and low != -sympy.oo and high != sympy.oo:
        with sympy.evaluate(True):
            high = high if _simple(high - low).is_nonnegative else sympy.Max(low, high)
    return Support(low, high, discrete)


def _extreme(ends: Sequence[Any], choose: Any, without: Any) -> Any:
    with sympy.evaluate(True):
        found = [e for e in dict.fromkeys(ends) if e != without]
        return without if not found else found[0] if len(found) == 1 else choose(*found)


def probability(event: Any, *over: Any) -> Expr:
    """The same as ``Pr``: ``probability(x > t, x, exponential(x, rate))``."""
    from .moments import Pr

    return Pr(event, *over)


def _event(f: Any) -> Any:
    """The event of an indicator."""
    if isinstance(f, Node) and f.head == "cases" and len(f.operands) == 4 and (
            f.operands[0], f.operands[2]) == (1, 0):
        return f.operands[1]
    return None


def _bounds(event: Any) -> list[Any]:
    if isinstance(event, sympy.And):
        return [x for a in event.args for x in _bounds(a)]
    if isinstance(event, Statement):
        if event.head == "and":
            return [x for a in event.operands for x in _bounds(a)]
        if event.head in _RELATIONS:
            return _bounds(_RELATIONS[event.head](*event.operands, evaluate=False))
    match event:        # the least of them is above t if each is
        case sympy.Gt() | sympy.Ge() | sympy.Lt() | sympy.Le():
            below = isinstance(event, (sympy.Lt, sympy.Le))
            low, high = event.args if below else event.args[::-1]
            kind = type(event) if below else {sympy.Gt: sympy.Lt, sympy.Ge: sympy.Le}[type(event)]
            if isinstance(high, sympy.Min):
                return [kind(low, a, evaluate=False) for a in high.args]
            if isinstance(low, sympy.Max):
                return [kind(a, high, evaluate=False) for a in low.args]
    return [event]


_RELATIONS = {"=": sympy.Eq, "<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge}


def _cut(bounds: Sequence[Any], x: Any, s: Support) -> Support:
    """The support where the bounds on x hold too."""
    lows, highs = [s.lower], [s.upper]
    for part in bounds:
        if not isinstance(part, sympy.core.relational.Relational) or isinstance(part, sympy.Ne) or (
                (part.lhs == x) == (part.rhs == x)) or (part.rhs if part.lhs == x else part.lhs).has(x):
            raise StatementError(f"the event {part} is not read: state bounds on {x}, such as {x} > t or "
                                 f"and_(s < {x}, {x} <= t)", "expectation")
        above = isinstance(part, (sympy.Gt, sympy.Ge)) == (part.lhs == x)
        step = 1 if isinstance(part, (sympy.Gt, sympy.Lt)) and s.discrete else 0
        bound = part.rhs if part.lhs == x else part.lhs
        with sympy.evaluate(True):
            if above or isinstance(part, sympy.Eq):
                lows.append(_simple(bound + step))
            if not above or isinstance(part, sympy.Eq):
                highs.append(_simple(bound - step))
    return _range(_extreme(lows, sympy.Max, -sympy.oo), _extreme(highs, sympy.Min, sympy.oo), s.discrete)


__all__ = [
    "ScalarDensity", "all_explicit", "bernoulli", "beta_law", "binomial_law", "categorical", "chi_squared",
    "discrete_uniform", "exponential", "gamma_law", "geometric", "inverse_gamma", "laplace", "lognormal",
    "negative_binomial", "pdf", "pmf", "poisson", "probability", "read_expectation", "scalar_densities", "uniform",
]
