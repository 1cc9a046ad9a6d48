"""Random variables, densities, expectations.

    x, z = variables("x z")                   # or measure="discrete", measure="lebesgue"
    p, q = densities("p q")
    E(log(p(x, z)/q(z | x)), z, q(z | x))     # over {q(z|x) > 0};  E(f, (x, z), p(x, z)) over both
    KL(q(z | x), p(z))                        # E_q log(q/p), in [0, oo]
    integral(p(x, z), z)                      # over the base measure

**What a law is.** In ``densities`` it is read off its uses within one claim: p(x, z), p(z) and p(x|z)
are marginals and conditionals of one joint law p over x, z; a law that always stands behind the same
bar, q(z | x), is a family of laws in z, one for each x, and has no q(z).  To say it yourself:
``joint("p", x, z)`` and ``conditional("q", z, given=x)``; then a use that does not fit is an error.
A mixture of a family over data is ``mixture(q(z | x), x, r(x))``.

**Copies.** ``z1, z2 = copies("z1 z2", of=z)``: further variables that stand where z may stand:
q(z1 | x) is the density q at z1.

A free variable (x above) stands for almost every value.  Equality of densities is almost everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sympy
from sympy.core.expr import Expr

from ..kernel import term as T
from ..kernel.claim import Definition
from .errors import StatementError
from .families import ScalarDensity
from .indices import shape
from .nodes import Binder, BinderStatement, Declared, IndexName, Node, Statement, parts
from .samples import expectation, speaks_of_quantities

MEASURES = {"unspecified": "unspecified", "discrete": "counting", "counting": "counting", "lebesgue": "lebesgue"}


class RandomVariable(Declared):
    """A random variable.  ``z | x`` is written inside a density or an expectation: q(z | x), E(z | x).
    A claim that uses it as a number is about a real random variable."""

    is_real = True
    is_finite = True
    label: RandomVariable

    def __new__(cls, name: str, sort: T.Sort, of: RandomVariable | None = None) -> Any:
        self = super().__new__(cls, name, sort)
        self.label = self if of is None else of.label
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.name, self.sort, None if self.label is self else self.label)

    def __or__(self, other: Any) -> Bar:
        return Bar((self,), (other,))

    def __ror__(self, other: Any) -> Bar:
        return Bar((other,), (self,))


class Bar:
    """What stands inside a density around its bar."""

    def __init__(self, own: Iterable[Any], given: Iterable[Any]) -> None:
        self.own, self.given = tuple(own), tuple(given)


def _parameter(name: str, parameter: Any) -> Any:
    if parameter is None or isinstance(parameter, sympy.Symbol) and parameter.is_real:
        return parameter
    raise StatementError(
        f"{name}: parameter={parameter} is no real symbol: declare it, theta = D.real(\"theta\")", "parameter")


class Law:
    """A law: called with values it is a density.  ``sort``: declared, or None (read off the uses)."""

    def __init__(self, name: str, sort: T.Law | None = None, labels: Sequence[RandomVariable] = (),
                 parameter: Any = None) -> None:
        self.name, self.sort, self.labels = name, sort, tuple(labels)
        self.parameter = _parameter(name, parameter)

    def __call__(self, *values: Any) -> Density:
        own: list[Any] = []
        given: list[Any] = []
        for v in values:
            if isinstance(v, Bar):
                if given:
                    raise StatementError(f"{self.name}(...): one bar only, q(z | x, y)", "density")
                own += v.own
                given += v.given
            else:
                (given if given else own).append(v)
        given = [v for v in given if self.parameter is None or v != self.parameter]
        for v in own + given:
            if isinstance(v, sympy.Symbol):
                raise StatementError(
                    f"{self.name}(... | {v}): {v} is a number, not a random variable. A law with the parameter {v} is "
                    f"declared so: D.densities(\"{self.name}\", parameter={v})", "density")
            if not isinstance(v, RandomVariable):
                raise StatementError(
                    f"{self.name}({v}): a density is taken at declared random variables; "
                    'declare z1 = copies("z1", of=z) to name another value of z', "density")
        labels = [v.label.name for v in own + given]
        if len(set(labels)) != len(labels):
            raise StatementError(f"{self.name}: the same variable twice", "density")
        if self.sort is not None:
            _fits(self.name, self.sort, [v.label.name for v in own], [v.label.name for v in given])
        return Density(self, tuple(own), tuple(given))

    def __repr__(self) -> str:
        return self.name


#: The law of a claim that names none: E(x), Var(x), independent(x, y).  Where the claim has one law of its own, that.
UNDERLYING = Law("P")


def _fits(name: str, sort: T.Law, own: Sequence[str], given: Sequence[str]) -> None:
    known = sort.own + sort.given
    declared = f"{name} is declared in {', '.join(sort.own)}"
    if sort.given:
        declared += f" given {', '.join(sort.given)}"
    if other := [k for k in (*own, *given) if k not in known]:
        raise StatementError(f"{declared}: it has no {other[0]}", "density")
    if wrong := [k for k in own if k in sort.given]:
        raise StatementError(f"{declared}: {wrong[0]} belongs behind the bar", "density")
    if missing := [k for k in sort.given if k not in given]:
        raise StatementError(
            f"{declared}: without {missing[0]} it has no density. For the mixture over {missing[0]} write "
            f"mixture({name}({', '.join(own)} | {missing[0]}), {missing[0]}, r({missing[0]}))", "density")


class Density(Expr):
    """The value of a density: arguments are the law's name, the own values, the given values."""

    is_commutative = True
    is_real = True
    is_nonnegative = True

    def __new__(cls, law: Law, own: Sequence[Any], given: Sequence[Any]) -> Any:
        moving = () if law.parameter is None else (sympy.Tuple(law.parameter),)
        self = Expr.__new__(cls, sympy.Symbol(law.name), sympy.Tuple(*own), sympy.Tuple(*given), *moving)
        self.law = law
        return self

    def _hashable_content(self) -> tuple[Any, ...]:
        """With its law: SymPy keeps ``log(p(x))`` of one claim, and another claim has a law of that name too."""
        return (*super()._hashable_content(), id(self.law))

    @property
    def func(self) -> Any:
        return lambda name, own, given, *moving: Density(self.law, own, given)

    @property
    def own(self) -> tuple[Any, ...]:
        return tuple(self.args[1])

    @property
    def given(self) -> tuple[Any, ...]:
        return tuple(self.args[2])

    def __pos__(self) -> Any:
        return self

    def read_into(self, reading: Any) -> T.Term:
        """The kernel term; ``reading.laws`` has the law's shape (see :func:`laws_of`)."""
        name, sort, labels = reading.laws.get(self.law.name, (self.law.name, self.law.sort, self.law.labels))
        if sort is None:
            raise StatementError(f"{self.law.name} is used outside a claim", "density")
        for v in labels:
            reading.declare_label(v)
        reading.declare_label(Declared(name, sort))
        position = {k: n + 1 for n, k in enumerate(sort.own + sort.given)}
        args: list[T.Term] = [T.Var(name)]
        for v in self.own:
            args += [T.num(position[v.label.name]), reading.term(v)]
        if self.given or self.law.parameter is not None:
            args.append(T.app("given"))
            for v in self.given:
                args += [T.num(position[v.label.name]), reading.term(v)]
        if self.law.parameter is not None:
            reading.term(self.law.parameter)
            args += [T.num(position[self.law.parameter.name]), reading.term(self.law.parameter)]
        return T.App("density", tuple(args))

    def _sympystr(self, printer: Any) -> str:
        own = ", ".join(map(str, self.own))
        return f"{self.law.name}({own} | {', '.join(map(str, self.given))})" if self.given else (
            f"{self.law.name}({own})")


class Normal(Expr):
    """The normal density at x: exp(-(x - m)^2/(2 v))/sqrt(2 pi v)."""

    is_commutative = True
    is_real = True
    is_positive = True

    def __new__(cls, x: Any, mean: Any, variance: Any) -> Any:
        return Expr.__new__(cls, *map(sympy.sympify, (x, mean, variance)))

    def read_into(self, reading: Any) -> T.Term:
        """A use of the definition ``normal(u, m, v)``, which the reports fold and the kernel unfolds."""
        args = tuple(reading.term(a) for a in self.args)
        if not reading.define(NORMAL):
            return normal_term(*args)
        return T.App("@normal", args)

    def _sympystr(self, printer: Any) -> str:
        return f"normal({', '.join(map(str, self.args))})"


def normal_term(x: T.Term, mean: T.Term, variance: T.Term) -> T.Term:
    """The explicit density, as the kernel sees it (a mean 0 and a variance 1 are not written)."""
    scale = () if variance == T.ONE else (variance,)
    square = T.app("pow", x if mean == T.ZERO else T.sub(x, mean), T.num(2))
    exponent = T.app("neg", T.app("div", square, T.mul(T.num(2), *scale)))
    return T.app("div", T.app("exp", exponent), T.app("sqrt", T.mul(T.num(2), T.app("pi"), *scale)))


NORMAL = Definition(
    "normal", (("u", T.Space("lebesgue")), ("m", T.REAL), ("v", T.REAL)),
    normal_term(T.Var("u"), T.Var("m"), T.Var("v")))


# ------------------------------------------------------------------------ declarations


def variables(names: str, measure: str = "unspecified") -> Any:
    """Random variables.  ``measure``: "unspecified" (any; the default), "discrete", "lebesgue"."""
    if measure not in MEASURES:
        raise StatementError(f"measure={measure!r}: it is one of {', '.join(MEASURES)}", "measure")
    made = [RandomVariable(n, T.Space(MEASURES[measure])) for n in names.replace(",", " ").split()]
    return made[0] if len(made) == 1 else tuple(made)


def copies(names: str, of: RandomVariable) -> Any:
    """Further variables for the places of ``of``: q(z1 | x) is the density q at z1."""
    made = [RandomVariable(n, of.sort, of) for n in names.replace(",", " ").split()]
    return made[0] if len(made) == 1 else tuple(made)


def densities(names: str, parameter: Any = None) -> Any:
    """Laws whose variables are read off their uses in each claim; with a real ``parameter``, on which their
    densities depend: p(x) may then be written p(x | theta) too."""
    made = [Law(n, parameter=parameter) for n in names.replace(",", " ").split()]
    return made[0] if len(made) == 1 else tuple(made)


def joint(name: str, *own: RandomVariable) -> Law:
    """A joint law of the variables."""
    return conditional(name, *own)


def conditional(name: str, *own: RandomVariable, given: Any = ()) -> Law:
    """A family of laws in ``own``, one for each value of ``given``."""
    behind = tuple(given) if isinstance(given, (tuple, list)) else (given,)
    if not own:
        raise StatementError(f"{name}: a law needs a variable", "density")
    sort = T.Law(tuple(v.label.name for v in own), tuple(v.label.name for v in behind))
    return Law(name, sort, [v.label for v in (*own, *behind)])


def functions(names: str, *of: RandomVariable) -> Any:
    """Unknown real functions of random variables: ``f = functions("f", z)``, used as f(z)."""
    if not of:
        raise StatementError("functions: say of which variables, functions('f', z)", "function")
    for v in of:
        if not isinstance(v, Declared):
            raise StatementError(
                f"functions(\"{names}\", ..., {v}): {v} is a number, not a random variable. A function that moves with "
                f"{v} is F = Function(\"F\", real=True), used as F(x, {v}), where x has a measure, D.variables(\"x\", "
                f"measure=\"discrete\"); for a fixed {v} it is one of x alone, functions(\"{names}\", x)", "function")
    sort = T.Map(tuple(v.sort for v in of), T.REAL)
    made = [Declared(n, sort) for n in names.replace(",", " ").split()]
    return made[0] if len(made) == 1 else tuple(made)


Shape = tuple[str, T.Law, tuple[RandomVariable, ...]]


def laws_of(expressions: Iterable[Any], definitions: Mapping[str, Any], given: Iterable[Any] = ()) -> dict[str, Shape]:
    """The laws of a claim, each with its name in the claim, read off all their uses in it.

    The law that is not named is also that of a variable of which only an assumption says something, ``x >= 0``."""
    uses: dict[str, list[Density]] = {}
    for e in parts(expressions, definitions):
        if isinstance(e, Density):
            uses.setdefault(e.law.name, []).append(e)
    if set(uses) == {UNDERLYING.name}:
        labels = tuple(dict.fromkeys(v.label for r in parts(given, definitions) for v in _conditioned(r)))
        if labels:
            uses[UNDERLYING.name].append(Density(uses[UNDERLYING.name][0].law, labels, ()))
    name = _adopted(uses)
    shapes = {n: (n, *_law(n, found)) for n, found in sorted(uses.items())}
    return shapes if name is None else {**shapes, UNDERLYING.name: shapes[name]}


def _conditioned(e: Any) -> list[RandomVariable]:
    """The variables of a condition on values: x >= 0, and not f(x) >= 0."""
    if not isinstance(e, (sympy.core.relational.Relational, Statement)) or e.has(
            Density, Node, Binder, BinderStatement):
        return []
    return sorted(e.atoms(RandomVariable), key=lambda v: v.name)


def _adopted(uses: dict[str, list[Density]]) -> str | None:
    """The claim's one law, which then takes the uses of ``UNDERLYING``; None if the claim names no law."""
    implied = [u for u in uses.get(UNDERLYING.name, ()) if u.law is UNDERLYING]
    if not implied or len(implied) < len(uses[UNDERLYING.name]):
        return None             # the second: two laws called P, which _law refuses
    named = [n for n in uses if n != UNDERLYING.name]
    for u in implied:
        _refuse_copies(u, bool(named))
    if not named:
        return None
    if len(named) > 1:
        raise StatementError(
            f"an expectation, entropy or independence names no law, and the claim has several "
            f"({', '.join(sorted(named))}): name it, E(f, z, q(z)), Var(f, z, q(z)), entropy(q(z)), "
            "independent(x, y, law=p)", "which-law")
    law = uses[named[0]][0].law
    for u in uses.pop(UNDERLYING.name):
        if law.sort is not None:
            _fits(law.name, law.sort, [v.label.name for v in u.own], [v.label.name for v in u.given])
        uses[named[0]].append(Density(law, u.own, u.given))
    return named[0]


def _refuse_copies(u: Density, named: bool) -> None:
    """A copy stands in the place of its variable: it has no law beside it, and none at all unless one is named."""
    variables = (*u.own, *u.given)
    copied = [v for v in variables if v.label is not v]
    if copied and (not named or len({v.label.name for v in variables}) < len(variables)):
        name, of = copied[0].name, copied[0].label.name
        raise StatementError(
            f"copies need a named density: {name} is another value of {of}, and no joint law says how it is drawn. "
            f"Name the law, E(..., ({of}, {name}), p({of})*p({name})); or, if {name} is a random variable of its own, "
            f"declare it so, {name} = D.variables(\"{name}\")", "copies")


def _law(name: str, uses: Sequence[Density]) -> tuple[T.Law, tuple[RandomVariable, ...]]:
    first = uses[0].law
    if any(u.law is not first for u in uses):
        raise StatementError(
            f"two laws are called {name}" + (
                f"; {name} is also the law of expectations that name none: call yours otherwise"
                if name == UNDERLYING.name else ""), "name-clash")
    if first.sort is not None:
        return first.sort, first.labels
    labels: dict[str, RandomVariable] = {}
    for u in uses:
        for v in (*u.own, *u.given):
            labels.setdefault(v.label.name, v.label)
    behind = {v.label.name for v in uses[0].given}
    always = all({v.label.name for v in u.given} >= behind for u in uses) and behind
    given = tuple(sorted(k for k in behind if all(
        k not in [v.label.name for v in u.own] for u in uses))) if always and first is not UNDERLYING else ()
    order = sorted(labels)
    own = tuple(k for k in order if k not in given)
    moving = () if first.parameter is None else (first.parameter.name,)
    return T.Law(own, given + moving), tuple(labels[k] for k in (*own, *given))


# ------------------------------------------------------------------------ expectations


def _bound(names: Any, density: Any) -> tuple[Any, ...]:
    if names is None:
        found = own_variables(density)
        if not found:
            raise StatementError(f"over which variables? {density} does not say", "expectation")
        return found
    out = tuple(names) if isinstance(names, (tuple, list, sympy.Tuple)) else (names,)
    for n in out:
        if not isinstance(n, (RandomVariable, sympy.Symbol, IndexName)):
            raise StatementError(f"{n} is no random variable", "expectation")
    return out


def own_variables(density: Any) -> tuple[Any, ...]:
    """The variables of which an expression is a density, as far as it shows."""
    match density:
        case Density():
            return density.own
        case Normal() | ScalarDensity():
            value = density.args[0] if isinstance(density, Normal) else density.value
            return (value,) if isinstance(value, (RandomVariable, sympy.Symbol, IndexName)) else ()
        case _ if _of_vector(density):
            return (density.value,)
        case sympy.Mul():
            return tuple(dict.fromkeys(v for a in density.args for v in own_variables(a)))
        case sympy.Add():
            sets = [own_variables(a) for a in density.args]
            return sets[0] if sets and all(set(s) == set(sets[0]) for s in sets) else ()
        case Binder() if density.head == "integral":
            inside = own_variables(density.args[3][0])
            return tuple(v for v in inside if v not in density.args[1])
        case Node() if density.head.startswith("@"):
            return tuple(v for v in density.operands if isinstance(v, RandomVariable))
        case _:
            return ()


def free_variables(e: Any) -> tuple[RandomVariable, ...]:
    """The random variables on which an expression depends, in order of their names."""
    found: set[RandomVariable] = set()

    def walk(x: Any, bound: frozenset[Any]) -> None:
        if isinstance(x, RandomVariable):
            if x not in bound:
                found.add(x)
        elif isinstance(x, (Binder, BinderStatement)):
            walk(x.args[2], bound)
            walk(x.args[3], bound | set(x.args[1]))
        elif isinstance(x, sympy.Basic):
            for a in x.args:
                walk(a, bound)

    walk(sympy.sympify(e), frozenset())
    return tuple(sorted(found, key=lambda v: v.name))


def _several(x: Any) -> tuple[Any, ...]:
    return tuple(x) if isinstance(x, (tuple, list, sympy.Tuple)) else (x,)


def barred(parts: Sequence[Any], given: Any = ()) -> tuple[tuple[Any, ...], tuple[RandomVariable, ...]]:
    """``x, y | z, w`` (and ``given=``): what stands before the bar, and the variables behind it."""
    own: list[Any] = []
    behind: list[Any] = []
    for p in parts:
        if isinstance(p, Bar):
            if behind:
                raise StatementError("one bar only: x, y | z, w", "expectation")
            own += p.own
            behind += [v for u in p.given for v in _several(u)]
        elif behind:
            behind += _several(p)
        else:
            own.append(p)
    behind += _several(given)
    for v in behind:
        if not isinstance(v, RandomVariable):
            raise StatementError(
                f"{v} stands behind the bar and is no random variable: declare it, "
                f"{v} = D.variables(\"{v}\"); an event belongs into Pr(A, given=B)", "expectation")
    return tuple(own), tuple(dict.fromkeys(behind))


def E(f: Any, *over: Any, given: Any = ()) -> Expr:
    """The expectation of f: ``E(f, z, q(z | x))``, ``E(f, (x, z), p(x, z))`` or ``E(f, q(z | x))``.

    Without a density it is taken over every random variable in f, under the claim's one law:
    ``E(f(x, y))``; ``E(y | x)`` and ``E(f(x, y), given=x)`` are the conditional expectation, a function of x.
    It runs over the points where the density is positive; f need not be defined elsewhere.
    """
    from .draws import drawn
    from .draws import expectation as of_draws

    if drawn(f):
        if over or _several(given):
            raise StatementError(
                f"E({f}, ...): {min(d.name for d in drawn(f))} is drawn by the law of its declaration: E(f), without a "
                "density and without given=", "draws")
        return of_draws(f)
    if not over and speaks_of_quantities(f) and not free_variables(f):
        return expectation(f, given)
    if not over or isinstance(f, Bar):
        (f,), behind = barred((f, *over), given)
        return _implied(f, behind)
    if _several(given):
        raise StatementError("E(f, z, q(z | x)): what is given stands in the density, behind its bar", "expectation")
    *names, density = over
    if _of_vector(density):
        from .normal_vectors import expected

        return expected(sympy.sympify(f), density)
    flat = [n for u in names for n in _several(u)]
    if isinstance(density, (RandomVariable, tuple, list)):
        raise StatementError(
            f"E(f, {density}): the density is missing. E(f, z, q(z)) is the expectation over z under q; "
            "E(f) goes over all random variables in f, E(f, given=x) over all but x", "expectation")
    return Binder("E", _bound(flat or None, density), (), (density, f))


def _of_vector(density: Any) -> bool:
    """Whether it is the normal density of a vector."""
    from .normal_vectors import NormalVector

    return isinstance(density, NormalVector)


def _implied(f: Any, behind: tuple[RandomVariable, ...]) -> Any:
    """E(f | behind) under ``UNDERLYING``, over the other variables of f; f itself if there are none."""
    over = tuple(v for v in free_variables(f) if v not in behind)
    if over:
        return Binder("E", over, (), (Density(UNDERLYING, over, behind), f))
    names = sorted(str(n) for n in getattr(f, "free_symbols", ()))
    if names and not behind and not sympy.sympify(f).has(Binder):
        raise StatementError(
            f"E({f}): there is no random variable in it. Declare what is random, "
            f"{names[0]} = D.variables(\"{names[0]}\"), or say the density, E(f, z, q(z))", "expectation")
    return sympy.sympify(f)


def KL(q: Any, p: Any, over: Any = None) -> Expr:
    """The Kullback-Leibler divergence E_q log(q/p), over the variables of q."""
    if _of_vector(q):
        return E(sympy.log(sympy.Mul(q, sympy.Pow(p, -1, evaluate=False), evaluate=False), evaluate=False), q)
    return Binder("KL", _bound(over, q), (), (q, p))


def integral(f: Any, *over: Any) -> Expr:
    """The integral of f over random variables (a sum, for discrete ones)."""
    flat: list[Any] = []
    for n in over:
        flat += list(n) if isinstance(n, (tuple, list, sympy.Tuple)) else [n]
    if not flat:
        raise StatementError("integral(f, z): over which variable?", "expectation")
    return Binder("integral", _bound(flat, None), (), (f,))


def mixture(density: Any, x: Any, weight: Any) -> Expr:
    """The density of z when x has the density ``weight``: ``mixture(q(z | x), x, r(x))``."""
    return integral(sympy.Mul(weight, density, evaluate=False), x)


def normal(x: Any, mean: Any, variance: Any) -> Expr:
    """The normal density at x with this mean and *variance* (not standard deviation); at a vector x with a mean
    vector and a covariance matrix."""
    if shape(x) if isinstance(x, sympy.Basic) else False:
        from .normal_vectors import normal_vector

        return normal_vector(x, mean, variance)
    return Normal(x, mean, variance)


__all__ = [
    "E", "KL", "UNDERLYING", "Bar", "Density", "Law", "RandomVariable", "barred", "conditional", "copies", "densities",
    "free_variables", "functions", "integral", "joint", "laws_of", "mixture", "normal", "normal_term", "own_variables",
    "variables",
]
