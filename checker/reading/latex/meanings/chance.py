r"""Densities, expectations, variances, probabilities, information, named laws.

``p(x \mid z)`` and ``p(x, z)`` are densities of one law p.  ``\mathbb{E}_{z \sim q(z|x)}[f]`` names its law;
``\mathbb{E}_q[f]`` takes the density of q that f itself speaks of; ``\mathbb{E}[f]`` goes over everything random in f,
under the claim's one law, or under the named laws with which its variables were declared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sympy

from ....language import families as F
from ....language import information as I
from ....language import moments as M
from ....language.densities import KL, E, RandomVariable, _of_vector, free_variables, normal, variables
from ....language.indices import Family, IndexName, shape
from ....language.matrices import _size_expression, vector
from ....language.nodes import Declared
from ....language.samples import quantities
from .. import readback
from ..notation import Role
from ..source import Unread
from ..tree import Tree
from .common import key_of, names_in, negative, no_meaning, over, plus, power, times
from .objects import DISCRETE_LAWS

if TYPE_CHECKING:
    from ..meaning import Meaning


# ------------------------------------------------------------------ densities


def density(m: Meaning, t: Tree) -> Any:
    r"""``p(x, z)``, ``p(x \mid z)``, ``p_\theta(x)``, ``p(x; \theta)``."""
    head, own, given, *rest = t.parts
    if head.head == "named-law":
        return _named_at(m, head, own, given, t)
    key = key_of(head, "a law")
    role = m.objects.role(key, head)
    if isinstance(role.value, Tree) and role.value.head == "named-law":
        return _named_at(m, role.value, own, given, t)
    parameters = list(rest[0].parts) if rest else []
    behind = []
    for g in given.parts:
        if g.head == "name" and _is_parameter(m, g):
            parameters.append(g)            # p(x | theta) with a number theta: a parameter
        else:
            behind.append(variable(m, g))
    law = m.objects.law(key, _parameter(m, parameters, t) or _shared_parameter(m, key, t), head)
    mine = [variable(m, v) for v in own.parts]
    if not mine:
        raise no_meaning(f"{key} without a variable", t)
    _refuse_copies(m, mine, t)
    return law(*mine[:-1], mine[-1] | behind[0], *behind[1:]) if behind else law(*mine)


def _shared_parameter(m: Meaning, key: str, t: Tree) -> Any:
    r"""The parameter that p has elsewhere in the line: p(z) beside p_\theta(x \mid z) is the prior of the same law.

    Where p(x) stands beside p_\theta(x) these are two laws, of the data and of the model."""
    plain: set[Any] = set()
    moving: dict[Any, Tree] = {}
    for tree in m.line:
        for d in tree.walk():
            if d.head == "distributed" and d.parts[1].head == "name" and d.parts[1].value == key:
                plain.add((frozenset(names_in(d.parts[0])), frozenset()))
            if d.head != "density" or d.parts[0].head != "name" or d.parts[0].value != key or not d.parts[1].parts:
                continue
            own, given = (frozenset(n for v in p.parts for n in names_in(v)) for p in d.parts[1:3])
            named = [*(d.parts[3].parts if len(d.parts) > 3 else ()),
                     *(g for g in d.parts[2].parts if g.head == "name" and _is_parameter(m, g))]
            form = (own, given - {p.value for p in named if p.head == "name"})
            if named:
                moving[form] = named[0]
            else:
                plain.add(form)
    found = set(moving.values())
    if len(found) != 1 or not plain:
        return None
    (p,) = found
    name = readback.latex(p)
    if plain & set(moving):
        m.note(f"{key} and {key}_{{{name}}} are two laws")
        return None
    m.note(f"{key} without its parameter is {key}_{{{name}}}, too")
    return _parameter(m, [p], t)


def _is_parameter(m: Meaning, g: Tree) -> bool:
    role = m.notation.role(g.value)
    return m.bound(g.value) is None and role is not None and role.kind in ("scalar", "vector", "matrix") and (
        not _drawn(m, g.value))


def _drawn(m: Meaning, key: str) -> bool:
    """Whether a density of the line has this name in front of its bar: then it is no parameter."""
    return any(d.head == "density" and key in names_in(d.parts[1]) for tree in m.line for d in tree.walk())


def _parameter(m: Meaning, parameters: Sequence[Tree], t: Tree) -> Any:
    """The parameter of a law: a real symbol that moves; of anything else only the name counts."""
    if not parameters:
        return None
    if len(parameters) > 1:
        return ",".join(m.objects.name(key_of(p, "a parameter")) for p in parameters)
    (p,) = parameters
    if p.head != "name":
        raise no_meaning("a density at a parameter that is a formula", p, "name the parameter")
    role = m.notation.role(p.value)
    if role is None or role.kind in ("scalar", "definition"):
        x = m.objects.get(p.value, p) if role is not None else None
        if isinstance(x, sympy.Symbol) and x.is_real and _moves(m, p.value):
            return x
    return m.objects.name(p.value)


_MOVING = ("derivative", "gradient", "hessian", "jacobian", "laplacian", "evaluated")


def _moves(m: Meaning, key: str) -> bool:
    """Whether the line derives along a name, or binds it.  A law at one value of its parameter is any law: only
    where the parameter moves the kernel must know that it is one."""
    name = Tree("name", (), key)
    for tree in m.line:
        for t in tree.walk():
            if t.head in _MOVING and name in t.parts[1:]:
                return True
            if t.head == "limit" and t.parts[0] == name or t.head == "binding" and any(
                    name in u.parts for u in t.walk() if u.head == "binding"):
                return True
    return False


def variable(m: Meaning, v: Tree) -> RandomVariable:
    """A variable of a density."""
    if v.head != "name":
        raise no_meaning("a density at a formula", v, "declare the variable of the density as random, and state the "
                         "change of variables as an equation")
    return m.objects.variable(v.value, v)


def _refuse_copies(m: Meaning, mine: Sequence[RandomVariable], t: Tree) -> None:
    for v in mine:
        if v.name.endswith("'") and v.name.rstrip("'") in {w.name for w in m.objects._made.values()
                                                           if isinstance(w, RandomVariable)}:
            raise no_meaning(f"is {v.name} another value of {v.name.rstrip(chr(39))}, or a variable of its own?", t,
                             "give it a letter of its own")


# ------------------------------------------------------------------ named laws


def _rate(m: Meaning, sentence: str) -> None:
    m.note(sentence)


def _gamma(m: Meaning, x: Any, a: Any, b: Any) -> Any:
    m.note("Gamma(a, b): b is the rate, the mean is a/b")
    return F.gamma_law(x, a, b)


def _exponential(m: Meaning, x: Any, rate: Any) -> Any:
    m.note("Exponential(r): r is the rate, the mean is 1/r")
    return F.exponential(x, rate)


def _geometric(m: Meaning, x: Any, p: Any) -> Any:
    m.note("Geometric(p) counts trials, from 1: the mean is 1/p")
    return F.geometric(x, p)


def _plain(f: Callable[..., Any]) -> Callable[..., Any]:
    return lambda m, x, *parameters: f(x, *parameters)


#: name -> (density, number of parameters)
LAWS: dict[str, tuple[Callable[..., Any], int]] = {
    "Normal": (_plain(normal), 2), "Bernoulli": (_plain(F.bernoulli), 1), "Binomial": (_plain(F.binomial_law), 2),
    "Poisson": (_plain(F.poisson), 1), "Exponential": (_exponential, 1), "Geometric": (_geometric, 1),
    "Gamma": (_gamma, 2), "InverseGamma": (_plain(F.inverse_gamma), 2), "Beta": (_plain(F.beta_law), 2),
    "Uniform": (_plain(F.uniform), 2), "Laplace": (_plain(F.laplace), 2), "LogNormal": (_plain(F.lognormal), 2),
    "ChiSquared": (_plain(F.chi_squared), 1), "NegativeBinomial": (_plain(F.negative_binomial), 2),
    "DiscreteUniform": (_plain(F.discrete_uniform), 2),
}


def _law_at(m: Meaning, law: Tree, x: Any, t: Tree) -> Any:
    """The density of a named law at ``x``."""
    found = LAWS.get(str(law.value))
    if found is None:
        raise no_meaning(f"the law {law.value}", t, f"in the language are {', '.join(LAWS)}")
    make, count = found
    parameters = law.parts
    if len(parameters) != count:
        raise no_meaning(f"{law.value} with {len(parameters)} parameters, not {count}", t)
    values = [m.read(p) for p in parameters]
    if str(law.value) == "Normal" and shape(x):
        values = [0 if v == 0 else v for v in values]
    return make(m, x, *values)


def _named_at(m: Meaning, law: Tree, own: Tree, given: Tree, t: Tree) -> Any:
    if len(own.parts) != 1 or given.parts:
        raise no_meaning("a named law has one variable", t)
    return _law_at(m, law, m.read(own.parts[0]), t)


def named_law(m: Meaning, t: Tree) -> Any:
    r"""``\mathcal{N}(x; \mu, v)``: a density at its first part; without it, a law is no number."""
    found = LAWS.get(str(t.value))
    if found is not None and len(t.parts) == found[1] + 1:
        law = Tree("named-law", t.parts[1:], t.value, t.place)
        return _law_at(m, law, m.read(t.parts[0]), t)
    raise no_meaning(f"the law {t.value} stands alone here", t, r"a density names its variable: \mathcal{N}(x; \mu, v)")


def moments_of(m: Meaning, law: Tree) -> dict[str, Any]:
    """What a named law says of a sample's draws."""
    if law.head == "named-law" and law.value == "Bernoulli" and len(law.parts) == 1:
        return {"values": (0, 1), "mean": m.read(law.parts[0])}
    if law.head == "named-law":
        u = variables("u", "discrete" if law.value in DISCRETE_LAWS else "lebesgue")
        return {"law": _law_at(m, law, u, law)}
    raise no_meaning("a sample of this law", law, "a sample may have a named law, X_i: random ~ N(mu, v)")


# ------------------------------------------------------------------ expectations


@dataclass
class Over:
    """What an expectation goes over: variables with the density, or nothing named."""

    names: tuple[Any, ...] = ()
    density: Any = None
    given: tuple[Any, ...] = ()

    def mean(self, f: Any) -> Any:
        if self.density is not None:
            return E(f, self.names, self.density)
        return E(f, given=self.given)


def expectation(m: Meaning, t: Tree) -> Any:
    what = str(t.value)
    binders, *integrands = t.parts
    scope, behind, drawn = _binders(m, binders, integrands, t)
    own: list[Tree] = []
    for f in integrands:
        if f.head == "given":
            own += f.parts[0].parts
            behind += f.parts[1].parts
        else:
            own.append(f)
    with m.scope(drawn):
        return _moment(m, what, own, behind, scope, t)


def _moment(m: Meaning, what: str, own: Sequence[Tree], behind: Sequence[Tree], scope: Over, t: Tree) -> Any:
    if what == "Pr":
        return _probability(m, own, behind, scope, t)
    given = tuple(variable(m, g) for g in behind)
    fs = [m.read(f) for f in own]
    if (vectors := _normal_vector(m, scope, given, fs, t)) is not None:
        return _of_normal_vector(what, fs, vectors, t)
    if what == "Cov" and len(fs) == 1 and not shape(fs[0]):
        what = "Var"
    wanted = 2 if what in ("Cov", "corr") else 1
    if len(fs) != wanted:
        raise no_meaning(f"{what} of {len(fs)} things", t)
    average = _averaged(m, scope, given, fs, t)
    if any(map(shape, fs)):
        raise no_meaning(f"{what} of a random vector", t,
                         "write it for the entries; a vector with a normal law is declared  x: random ~ N(m, S)")
    match what:
        case "E":
            return average.mean(fs[0])
        case "Var":
            return average.mean(power(_centred(average, fs[0]), sympy.Integer(2)))
        case "std":
            return power(average.mean(power(_centred(average, fs[0]), sympy.Integer(2))), sympy.Rational(1, 2))
        case "Cov":
            return average.mean(times(*(_centred(average, f) for f in fs)))
        case "corr":
            variances = [average.mean(power(_centred(average, f), sympy.Integer(2))) for f in fs]
            root = power(times(*variances), sympy.Rational(1, 2))
            return over(average.mean(times(*(_centred(average, f) for f in fs))), root)
    raise no_meaning(what, t)


def _centred(average: Over, f: Any) -> Any:
    return sympy.Add(f, sympy.Mul(-1, average.mean(f), evaluate=False), evaluate=False)


def _binders(m: Meaning, binders: Tree, integrands: Sequence[Tree], t: Tree
             ) -> tuple[Over, list[Tree], dict[str, Any]]:
    """The laws and variables below the E, what stands behind a bar there, and the names that it binds."""
    drawn: dict[str, Any] = {}
    names: list[Any] = []
    laws: list[Any] = []
    behind: list[Tree] = []
    for b in binders.parts:
        match b.head:
            case "given":
                behind += b.parts[1].parts
                names += [variable(m, v) for v in b.parts[0].parts]
            case "distributed":
                found, law, named = _drawn_from(m, b)
                drawn |= named
                names += found
                laws.append(law)
            case "density":
                d = density(m, b)
                names += d.own
                laws.append(d)
            case "name" if m.objects.kind(b) == "density":
                d = _density_of(m, b, integrands, t)
                names += d.own
                laws.append(d)
            case "name" if m.objects.kind(b) in ("random", "scalar") or m.bound(b.value) is not None:
                names.append(variable(m, b) if m.objects.kind(b) == "random" else m.read(b))
            case "named-law":
                raise no_meaning("an expectation under a law without its variable", b, r"write \mathbb{E}_{x \sim ...}")
            case _:
                raise no_meaning("an expectation over this", b)
    if laws and len({v for v in names if isinstance(v, RandomVariable)}) != len(
            [v for v in names if isinstance(v, RandomVariable)]):
        names = list(dict.fromkeys(names))
    return Over(tuple(names), times(*laws) if laws else None), behind, drawn


def _drawn_from(m: Meaning, b: Tree) -> tuple[list[Any], Any, dict[str, Any]]:
    r"""``z \sim q(z \mid x)``, ``z \sim q``, ``x \sim \mathcal{N}(0, 1)``: variables, density, new names."""
    what, law = b.parts
    drawn = list(what.parts) if what.head == "tuple" else [what]
    named = {v.value: _new(m, v.value, law) for v in drawn
             if v.head == "name" and m.notation.role(v.value) is None and m.bound(v.value) is None}
    with m.scope(named):
        found, density_ = _from_law(m, b, drawn, law)
    return found, density_, named


def _new(m: Meaning, key: str, law: Tree) -> Any:
    """A name that only the expectation knows."""
    if law.head == "named-law":
        return sympy.Symbol(m.objects.name(key), **{"integer" if law.value in DISCRETE_LAWS else "real": True})
    return variables(m.objects.name(key))


def _from_law(m: Meaning, b: Tree, drawn: Sequence[Tree], law: Tree) -> tuple[list[Any], Any]:
    match law.head:
        case "density" if law.parts[0].head == "name" and not law.parts[1].parts:      # x ~ p_theta
            own = Tree("tuple", tuple(drawn))
            d = density(m, Tree("density", (law.parts[0], own, *law.parts[2:]), None, law.place))
            return list(d.own), d
        case "density" if law.parts[0].head == "name":
            d = density(m, law)
            found = [variable(m, v) for v in drawn]
            if set(found) != set(d.own):
                if len(found) == len(d.own):
                    raise no_meaning(f"{', '.join(map(str, found))} is drawn from the density of "
                                     f"{', '.join(map(str, d.own))}", b, "write the density of the drawn variable")
                raise no_meaning("the variables of the density are not those that are drawn", b)
            return list(d.own), d
        case "name" if m.objects.kind(law) == "density":
            role = m.objects.role(law.value, law)
            if isinstance(role.value, Tree) and role.value.head == "named-law":
                x = m.read(drawn[0])
                return [x], _law_at(m, role.value, x, b)
            found = [variable(m, v) for v in drawn]
            return found, m.objects.law(law.value, None, law)(*found)
        case "named-law":
            if len(drawn) != 1:
                raise no_meaning("several variables with one named law", b)
            x = m.read(drawn[0])
            if not isinstance(x, (sympy.Symbol, Declared, IndexName)):
                raise no_meaning("what is drawn must be a name", b)
            return [x], _law_at(m, law, x, b)
    raise no_meaning("this is no law", law)


def _density_of(m: Meaning, law: Tree, integrands: Sequence[Tree], t: Tree) -> Any:
    r"""``\mathbb{E}_q[f]``: the one density of q in f; else q of the random variables in f."""
    key = law.value
    found = {d for f in integrands for d in f.walk() if d.head == "density" and d.parts[0] == law}
    role = m.objects.role(key, law)
    if not found and role.params:
        found = {Tree("density", (law, Tree("tuple", role.params), Tree("tuple", ()), Tree("tuple", ())))}
    if len(found) > 1:
        raise Unread("which-law", f"which density of {key} does the expectation go over?", t.place,
                     rf"write \mathbb{{E}}_{{z \sim {key}(z \mid x)}}")
    if found:
        d = density(m, next(iter(found)))
        m.note(f"the expectation under {key} goes over {d}")
        return d
    keys = sorted({n for f in integrands for n in names_in(f)
                   if (r := m.notation.role(n)) is not None and r.kind == "random" and m.bound(n) is None})
    if len(keys) != 1:
        raise Unread("which-law", f"over which variables does the expectation under {key} go?", t.place,
                     rf"write \mathbb{{E}}_{{z \sim {key}(z)}}")
    d = m.objects.law(key, None, law)(m.objects.variable(keys[0], law))
    m.note(f"the expectation under {key} goes over {d}")
    return d


def _averaged(m: Meaning, scope: Over, given: tuple[Any, ...], fs: Sequence[Any], t: Tree) -> Over:
    """The averaging of these integrands: a named law; or everything random in them."""
    if scope.density is not None:
        if given:
            raise no_meaning("an expectation under a named density and a condition behind a bar", t,
                             "put the condition into the density")
        return scope
    variables = list(dict.fromkeys(v for f in fs for v in free_variables(f)))
    if scope.names:
        others = [v for v in variables if v not in scope.names and v not in given]
        if others:
            raise no_meaning(f"the expectation goes over {', '.join(map(str, scope.names))}, and "
                             f"{', '.join(map(str, others))} is random, too", t,
                             r"name the law, \mathbb{E}_{x \sim p(x)}, or the condition, \mathbb{E}[f \mid y]")
    named = [v for v in variables if _law_of(m, v) is not None and v not in given]
    if not named:
        return Over(given=given)
    if len(named) < len([v for v in variables if v not in given]) or given or any(quantities(f) for f in fs):
        raise no_meaning("an expectation over variables with and without a named law", t,
                         "say how they depend on each other: name the joint law")
    if len(named) > 1 and not all("independent" in _role_of(m, v).properties for v in named):
        raise no_meaning(f"how do {' and '.join(map(str, named))} depend on each other?", t,
                         "declare them independent")
    laws = [_law_at(m, _law_of(m, v), v, t) for v in named]
    return Over(tuple(named), times(*laws))


def _role_of(m: Meaning, v: Any) -> Role:
    return m.objects.role(m.objects._names[v.name])


def _law_of(m: Meaning, v: Any) -> Any:
    """The named law with which a variable was declared."""
    key = m.objects._names.get(v.name)
    role = m.notation.role(key) if key is not None else None
    law = role.value if role is not None and role.kind == "random" else None
    return law if isinstance(law, Tree) and law.head == "named-law" else None


def _normal_vector(m: Meaning, scope: Over, given: tuple[Any, ...], fs: Sequence[Any], t: Tree) -> Any:
    """The normal law of the vector that is averaged over, None if there is none."""
    if scope.density is not None:
        return scope.density if _of_vector(scope.density) else None
    found = {e for f in fs for e in f.atoms(Family) if isinstance(e, Family) and _law_of(m, e) is not None
             and not _role_of(m, e).sizes}
    if not found:
        return None
    if len(found) > 1 or given or any(free_variables(f) for f in fs):
        raise no_meaning("an expectation over a random vector and something else", t)
    (x,) = found
    return _law_at(m, _law_of(m, x), x, t)


def _of_normal_vector(what: str, fs: Sequence[Any], law: Any, t: Tree) -> Any:
    match what:
        case "E" if len(fs) == 1:
            return E(fs[0], law)
        case "Var" | "Cov" if len(fs) == 1:
            return M.Var(fs[0], law)
        case "Cov" if len(fs) == 2:
            return M.Cov(*fs, law)
    raise no_meaning(f"{what} under a normal law of a vector", t)


def _probability(m: Meaning, own: Sequence[Tree], behind: Sequence[Tree], scope: Over, t: Tree) -> Any:
    if len(own) != 1:
        raise no_meaning("a probability of several events", t, "join them by \\land")
    event = _event(m, own[0])
    happened = [_event(m, b) for b in behind]
    events = [b for b in happened if b.head != "name"]
    given = tuple(variable(m, b) for b in happened if b.head == "name")
    if events and given:
        raise no_meaning("a probability given a variable and an event", t)
    what = _indicator(m, event)
    average = _averaged(m, scope, given, [what], t)
    if not events:
        return _chance(m, average, event)
    condition = Tree("and", tuple(events)) if len(events) > 1 else events[0]
    return over(_chance(m, average, Tree("and", (event, *events))), _chance(m, average, condition))


def _chance(m: Meaning, average: Over, event: Tree) -> Any:
    """The mean of an indicator.  Of events by name it is written in the chances that some of them happen together:
    P(not A) is 1 - P(A), so what is divided by cancels."""
    terms = _products(event) if _named(m, event) else None
    if terms is None:
        return average.mean(_indicator(m, event))
    out = []
    for names, factor in sorted(terms.items(), key=lambda t: sorted(map(readback.latex, t[0]))):
        made = times(*(M.indicator(m.read(n)) for n in sorted(names, key=readback.latex)))
        mean = average.mean(made) if names else sympy.Integer(1)
        out.append(mean if factor == 1 else negative(mean) if factor == -1 else times(sympy.Integer(factor), mean))
    return plus(*out) if len(out) > 1 else out[0] if out else sympy.Integer(0)


#: Products of indicators in a sum, at most.
_MOST_PRODUCTS = 64


def _products(t: Tree) -> dict[frozenset[Tree], int] | None:
    """The indicator as a sum of products of the indicators of its names, None if these are too many."""
    if t.head == "relation":
        return {frozenset((t,)): 1}
    parts = [_products(p) for p in t.parts]
    if t.head == "or":                                      # not (not a and not b)
        parts = [None if p is None else _minus(p) for p in parts]
    out: dict[frozenset[Tree], int] | None = {frozenset(): 1}
    for p in parts:
        out = None if p is None or out is None else _multiplied(out, p)
    return out if out is None or t.head == "and" else _minus(out)


def _minus(p: dict[frozenset[Tree], int]) -> dict[frozenset[Tree], int]:
    """1 - p."""
    out = {names: -k for names, k in p.items()}
    out[frozenset()] = out.get(frozenset(), 0) + 1
    return {names: k for names, k in out.items() if k}


def _multiplied(p: dict[frozenset[Tree], int], q: dict[frozenset[Tree], int]) -> dict[frozenset[Tree], int] | None:
    out: dict[frozenset[Tree], int] = {}
    for a, j in p.items():
        for b, k in q.items():
            out[a | b] = out.get(a | b, 0) + j * k          # an indicator is its own square
    return {names: k for names, k in out.items() if k} if len(out) <= _MOST_PRODUCTS else None


def indicator_of(m: Meaning, t: Tree) -> Any:
    r"""``\mathbf 1[x > 0]``, ``\mathbf 1_{A \cap B}``."""
    return _indicator(m, _event(m, t)) if t.head == "name" or _events_only(t) else M.indicator(m.read(t))


def _events_only(t: Tree) -> bool:
    return t.head in ("and", "or", "not") and all(p.head == "name" or _events_only(p) for p in t.parts)


def _indicator(m: Meaning, t: Tree) -> Any:
    """1 where the event holds, else 0.  Of events that speak of different variables the indicators are multiplied:
    what is known of one of them by itself is then at hand."""
    from .formulas import statement

    def apart(parts: Sequence[Tree]) -> bool:
        seen: set[str] = set()
        for p in parts:
            own = {n for n in names_in(p) if (r := m.notation.role(n)) is not None and r.kind == "random"}
            if not own or own & seen:
                return False
            seen |= own
        return True

    one = sympy.Integer(1)
    if _named(m, t) or t.head in ("and", "or") and apart(t.parts):
        match t.head:
            case "not":
                return plus(one, negative(_indicator(m, t.parts[0])))
            case "and":
                return times(*(_indicator(m, p) for p in sorted(t.parts, key=readback.latex)))
            case "or":
                none = times(*(plus(one, negative(_indicator(m, p))) for p in t.parts))
                return plus(one, negative(none))
    return M.indicator(statement(m, t))


def _named(m: Meaning, t: Tree) -> bool:
    """Is it made of events by name?"""
    if t.head in ("and", "or", "not"):
        return all(_named(m, p) for p in t.parts)
    return t.head == "relation" and t.parts[1] == _TRUE and m.objects.kind(t.parts[0]) == "random" and (
        "event" in m.objects.role(str(t.parts[0].value)).properties)


_TRUE = Tree("number", (), Fraction(1))


def _event(m: Meaning, t: Tree) -> Tree:
    """An event A is that a random quantity A is 1: any events are so of some quantities.  The rest stays as it is."""
    if t.head == "name":
        role = m.notation.role(str(t.value))
        if m.bound(t.value) is None and role is not None and role.kind == "random" and "event" in role.properties:
            if role.sizes:
                raise no_meaning("events with an index", t, "name them A, B, ...")
            return Tree("relation", (t, _TRUE), "=", t.place)
        return t
    if t.head in ("and", "or", "not"):
        return Tree(t.head, tuple(_event(m, p) for p in t.parts), t.value, t.place)
    return t


# ------------------------------------------------------------------ information


def information(m: Meaning, t: Tree) -> Any:
    what = str(t.value)
    if m.notation.settings.get(r"\log", "").startswith("base "):
        raise no_meaning(f"{what} where log is declared in a base", t, "entropies and divergences are natural "
                         "logarithms here: write the sum or the expectation")
    own: list[Tree] = []
    behind: list[Tree] = []
    for a in t.parts:
        if a.head == "given":
            own += a.parts[0].parts
            behind += a.parts[1].parts
        else:
            own.append(a)
    laws = [_is_law(m, a) for a in own]
    if all(laws):
        if behind:
            raise no_meaning(f"{what} of laws, given something", t, "put the condition into the densities")
        return _of_laws(m, what, own, t)
    if any(laws):
        raise no_meaning(f"{what} of a law and a variable", t)
    given = tuple(variable(m, b) for b in behind)
    groups = [tuple(variable(m, v) for v in a.parts) if a.head == "tuple" else (variable(m, a),) for a in own]
    flat = [v for g in groups for v in g]
    if any(_law_of(m, v) is not None for v in flat):
        if what == "H" and len(flat) == 1 and not given:
            return I.entropy(_law_at(m, _law_of(m, flat[0]), flat[0], t), over=flat[0])
        raise no_meaning(f"{what} of variables with named laws", t)
    match what:
        case "H" | "h":
            return I.entropy(*flat, given=given)
        case "I":
            if len(groups) != 2:
                raise no_meaning("a mutual information is between two", t, "write I(X; Y)")
            return I.mutual_information(*(g if len(g) > 1 else g[0] for g in groups), given=given)
    raise no_meaning(f"{what} of random variables", t)


def _is_law(m: Meaning, a: Tree) -> bool:
    return a.head in ("density", "named-law") or m.objects.kind(a) == "density" or (
        a.head in ("mul", "add", "div", "sum", "integral") and any(d.head == "density" for d in a.walk()))


_DIVERGENCES: dict[str, Callable[..., Any]] = {"JS": I.JS, "JSD": I.JS, "TV": I.TV, "chi2": I.chi2,
                                               "hellinger": I.hellinger}


def _of_laws(m: Meaning, what: str, own: Sequence[Tree], t: Tree) -> Any:
    laws = _together(m, own, t)
    if what in ("H", "h") and len(laws) == 1:
        return I.entropy(laws[0])
    if len(laws) != 2:
        raise no_meaning(f"{what} of {len(laws)} laws", t)
    if what == "KL":
        return KL(laws[0], laws[1])
    if what in ("H", "CE"):
        return I.cross_entropy(laws[0], laws[1])
    if what in _DIVERGENCES:
        return _DIVERGENCES[what](laws[0], laws[1])
    raise no_meaning(f"the divergence {what}", t)


def _together(m: Meaning, own: Sequence[Tree], t: Tree) -> list[Any]:
    """The laws as densities of the same variables."""
    named = [a for a in own if a.head == "named-law" and len(a.parts) == LAWS.get(str(a.value), (None, 0))[1]]
    if named:
        if len(named) < len(own):
            raise no_meaning(f"{t.value} of a named law and another one", t)
        u = sympy.Symbol("u", integer=True) if own[0].value in DISCRETE_LAWS else sympy.Symbol("u", real=True)
        if own[0].value == "Normal" and shape(mean := m.read(own[0].parts[0])):
            u = vector("u", _size_expression(shape(mean)[0].size, (mean,)))
        return [_law_at(m, a, u, t) for a in own]
    out: list[Any] = []
    bare = [a for a in own if a.head == "name"]
    if not bare:
        return [m.read(a) for a in own]
    model = next((a for a in own if a.head == "density"), None)
    for a in own:
        if a.head != "name":
            out.append(m.read(a))
            continue
        role = m.objects.role(a.value, a)
        if role.params:
            variables = [variable(m, v) for v in role.params]
        elif model is not None:
            variables = [variable(m, v) for v in model.parts[1].parts]
        else:
            variables = _variables_of(m, [str(b.value) for b in bare], a, t)
        out.append(m.objects.law(a.value, None, a)(*variables))
    m.note(f"{t.value} is of the densities {' and '.join(map(str, out))}")
    return out


def _variables_of(m: Meaning, laws: Sequence[str], a: Tree, t: Tree) -> list[Any]:
    r"""The variables of laws that stand alone, ``KL(q \\| p)``: those that their densities have elsewhere in the line;
    the one random variable of the notation; else one of any kind, for the laws are of anything."""
    forms = {d.parts[1].parts for tree in m.line for d in tree.walk() if d.head == "density" and len(d.parts) > 2
             and d.parts[0].head == "name" and d.parts[0].value in laws and not d.parts[2].parts}
    nodes = [u for tree in m.line for u in tree.walk()]
    forms |= {tuple(u.parts[0].parts) if u.parts[0].head == "tuple" else u.parts[:1] for u in nodes
              if u.head == "distributed" and u.parts[1].head == "name" and u.parts[1].value in laws}
    conditional = any(d.head == "density" and len(d.parts) > 2 and d.parts[0].head == "name"
                      and d.parts[0].value in laws and d.parts[2].parts for d in nodes)
    if len(forms) == 1 and not conditional:
        return [variable(m, v) for v in next(iter(forms))]
    found = sorted(k for k, r in m.notation.roles.items() if r.kind == "random" and not r.sizes)
    if not forms and not conditional and len(found) == 1:
        return [m.objects.variable(found[0], a)]
    if forms or conditional:
        raise Unread("which-law", f"{a.value}: a density of which variables?", t.place,
                     f"write {a.value}(x), or declare  {a.value}: density of x")
    name = next(k for k in ("x", "z", "u", "v", "x_0") if m.notation.role(k) is None or k == "x_0")
    named = list(dict.fromkeys(laws))
    said = "are read as laws" if len(named) > 1 else "is read as a law"
    m.note(f"{' and '.join(named)} {said} of one variable {name}")
    return [variables(m.objects.name(name))]


def distributed(m: Meaning, t: Tree) -> Any:
    raise no_meaning("that a variable has a law, as a claim", t,
                     "declare it in the notation,  X: random ~ Normal(mu, v), or claim its density or its moments")


READS = {"density": density, "named-law": named_law, "expectation": expectation, "information": information,
         "distributed": distributed}

__all__ = ["LAWS", "READS", "moments_of", "negative", "variable"]
