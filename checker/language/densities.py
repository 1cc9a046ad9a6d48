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
from .nodes import Binder, Declared, Node

MEASURES = {"unspecified": "unspecified", "discrete": "counting", "lebesgue": "lebesgue"}


class RandomVariable(Declared):
    """A random variable.  ``z | x`` is written inside a density: q(z | x)."""

    is_real = None
    label: RandomVariable

    def __new__(cls, name: str, sort: T.Sort, of: RandomVariable | None = None) -> Any:
        self = super().__new__(cls, name, sort)
        self.label = self if of is None else of.label
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.name, self.sort, None if self.label is self else self.label)

    def __or__(self, other: Any) -> Bar:
        return Bar((self,), (other,))


class LebesgueVariable(RandomVariable):
    """A random variable whose value is a real number."""

    is_real = True
    is_finite = True


class Bar:
    """What stands inside a density around its bar."""

    def __init__(self, own: Iterable[Any], given: Iterable[Any]) -> None:
        self.own, self.given = tuple(own), tuple(given)


class Law:
    """A law: called with values it is a density.  ``sort``: declared, or None (read off the uses)."""

    def __init__(self, name: str, sort: T.Law | None = None, labels: Sequence[RandomVariable] = ()) -> None:
        self.name, self.sort, self.labels = name, sort, tuple(labels)

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
        for v in own + given:
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
        self = Expr.__new__(cls, sympy.Symbol(law.name), sympy.Tuple(*own), sympy.Tuple(*given))
        self.law = law
        return self

    @property
    def func(self) -> Any:
        return lambda name, own, given: Density(self.law, own, given)

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
        sort, labels = reading.laws.get(self.law.name, (self.law.sort, self.law.labels))
        if sort is None:
            raise StatementError(f"{self.law.name} is used outside a claim", "density")
        for v in labels:
            reading.declare_label(v)
        reading.declare_label(Declared(self.law.name, sort))
        position = {k: n + 1 for n, k in enumerate(sort.own + sort.given)}
        args: list[T.Term] = [T.Var(self.law.name)]
        for v in self.own:
            args += [T.num(position[v.label.name]), reading.term(v)]
        if self.given:
            args.append(T.app("given"))
            for v in self.given:
                args += [T.num(position[v.label.name]), reading.term(v)]
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
    kind = LebesgueVariable if measure == "lebesgue" else RandomVariable
    made = [kind(n, T.Space(MEASURES[measure])) for n in names.replace(",", " ").split()]
    return made[0] if len(made) == 1 else tuple(made)


def copies(names: str, of: RandomVariable) -> Any:
    """Further variables for the places of ``of``: q(z1 | x) is the density q at z1."""
    made = [type(of)(n, of.sort, of) for n in names.replace(",", " ").split()]
    return made[0] if len(made) == 1 else tuple(made)


def densities(names: str) -> Any:
    """Laws whose variables are read off their uses in each claim."""
    made = [Law(n) for n in names.replace(",", " ").split()]
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
    sort = T.Map(tuple(v.sort for v in of), T.REAL)
    made = [Declared(n, sort) for n in names.replace(",", " ").split()]
    return made[0] if len(made) == 1 else tuple(made)


def laws_of(expressions: Iterable[Any], definitions: Mapping[str, Any]
            ) -> dict[str, tuple[T.Law, tuple[RandomVariable, ...]]]:
    """The laws of a claim, read off all their uses in it."""
    uses: dict[str, list[Density]] = {}
    seen: set[str] = set()
    stack = [getattr(e, "statement", e) for e in expressions]
    while stack:
        e = stack.pop()
        if isinstance(e, Density):
            uses.setdefault(e.law.name, []).append(e)
        if isinstance(e, Node) and e.head[1:] in definitions and e.head not in seen:
            seen.add(e.head)
            stack.append(definitions[e.head[1:]].body)
        if isinstance(e, sympy.Basic):
            stack.extend(e.args)
        elif isinstance(e, (list, tuple)):
            stack.extend(e)
    return {name: _law(name, densities_) for name, densities_ in sorted(uses.items())}


def _law(name: str, uses: Sequence[Density]) -> tuple[T.Law, tuple[RandomVariable, ...]]:
    first = uses[0].law
    if any(u.law is not first for u in uses):
        raise StatementError(f"two laws are called {name}", "name-clash")
    if first.sort is not None:
        return first.sort, first.labels
    labels: dict[str, RandomVariable] = {}
    for u in uses:
        for v in (*u.own, *u.given):
            labels.setdefault(v.label.name, v.label)
    behind = {v.label.name for v in uses[0].given}
    always = all({v.label.name for v in u.given} >= behind for u in uses) and behind
    given = tuple(sorted(k for k in behind if all(
        k not in [v.label.name for v in u.own] for u in uses))) if always else ()
    order = sorted(labels)
    own = tuple(k for k in order if k not in given)
    return T.Law(own, given), tuple(labels[k] for k in (*own, *given))


# ------------------------------------------------------------------------ expectations


def _bound(names: Any, density: Any) -> tuple[Any, ...]:
    if names is None:
        found = own_variables(density)
        if not found:
            raise StatementError(f"over which variables? {density} does not say", "expectation")
        return found
    out = tuple(names) if isinstance(names, (tuple, list, sympy.Tuple)) else (names,)
    for n in out:
        if not isinstance(n, RandomVariable):
            raise StatementError(f"{n} is no random variable", "expectation")
    return out


def own_variables(density: Any) -> tuple[Any, ...]:
    """The variables of which an expression is a density, as far as it shows."""
    match density:
        case Density():
            return density.own
        case Normal():
            return (density.args[0],) if isinstance(density.args[0], RandomVariable) else ()
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


def E(f: Any, *over: Any) -> Expr:
    """The expectation of f: ``E(f, z, q(z | x))``, ``E(f, (x, z), p(x, z))`` or ``E(f, q(z | x))``.

    It runs over the points where the density is positive; f need not be defined elsewhere.
    """
    if not over:
        raise StatementError("E(f, z, q(z | x)): the variable and its density are missing", "expectation")
    *names, density = over
    flat: list[Any] = []
    for n in names:
        flat += list(n) if isinstance(n, (tuple, list, sympy.Tuple)) else [n]
    return Binder("E", _bound(flat or None, density), (), (density, f))


def KL(q: Any, p: Any, over: Any = None) -> Expr:
    """The Kullback-Leibler divergence E_q log(q/p), over the variables of q."""
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


def entropy(density: Any, over: Any = None) -> Expr:
    """-E log p.  For p(x | z) at a fixed z; averaged over z it is ``conditional_entropy``."""
    return -E(sympy.log(density), _bound(over, density), density)


def cross_entropy(q: Any, p: Any, over: Any = None) -> Expr:
    """-E_q log p."""
    return -E(sympy.log(p), _bound(over, q), q)


def conditional_entropy(density: Any) -> Expr:
    """H(X | Z) = -E log p(x | z) under the joint density p(x, z), for ``p(x | z)``."""
    if not isinstance(density, Density) or not density.given:
        raise StatementError("conditional_entropy(p(x | z)): a density with a bar is needed", "expectation")
    names = density.own + density.given
    return -E(sympy.log(density), names, Density(density.law, names, ()))


def mutual_information(law: Law, a: Any, b: Any, given: Any = ()) -> Expr:
    """I(A; B | C) of a joint law: ``mutual_information(p, x, y)``, ``mutual_information(p, x, y, given=z)``.

    KL(p(a, b) || p(a) p(b)), with C behind every bar and averaged over C.
    """
    first, second, behind = (tuple(u) if isinstance(u, (tuple, list)) else (u,) for u in (a, b, given))
    if not behind:
        return KL(law(*first, *second), sympy.Mul(law(*first), law(*second), evaluate=False),
                  (*first, *second))
    at = lambda *own: Density(law, own, behind)  # noqa: E731
    inner = KL(at(*first, *second), sympy.Mul(at(*first), at(*second), evaluate=False), (*first, *second))
    return E(inner, behind, law(*behind))


def normal(x: Any, mean: Any, variance: Any) -> Expr:
    """The normal density at x with this mean and *variance* (not standard deviation)."""
    return Normal(x, mean, variance)


__all__ = [
    "E", "KL", "Bar", "Density", "Law", "RandomVariable", "conditional", "conditional_entropy", "copies",
    "cross_entropy", "densities", "entropy", "functions", "integral", "joint", "laws_of", "mixture",
    "mutual_information", "normal", "normal_term", "own_variables", "variables",
]
