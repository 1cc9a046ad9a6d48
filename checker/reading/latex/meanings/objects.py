"""Roles of the notation to declared objects of the language: symbols, families, random variables, laws.

One object for each key.  A condition that SymPy's assumptions can say (a > 0) goes into the symbol, where families
and orders of growth look for it; every other is one of ``given``, for the names that the line uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy

from ....language.densities import Law, RandomVariable, densities, free_variables, variables
from ....language.derivation import Defined, VectorDefinition
from ....language.indices import (
    Family, FunctionName, _private, component, defined_vector, family, function, index, shape,
)
from ....language.logic import and_, eq, forall, ge, gt, le, lt
from ....language.matrices import PROPERTIES, _size_expression, defined_matrix, identity, matrix, vector
from ....language.moments import independent
from ....language.nodes import Node, Statement
from ....language.samples import quantities, sample
from ..notation import Role
from ..source import Unread
from ..tree import Tree
from .common import is_statement, names_in, negative, no_meaning, plus, times
from .names import kernel_name

if TYPE_CHECKING:
    from ..meaning import Meaning

_RELATIONS = {">": "positive", ">=": "nonnegative", "<": "negative", "<=": "nonpositive", "!=": "zero"}
_TURNED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "=": "=", "!=": "!="}
_MEASURES = {"discrete": "discrete", "real": "lebesgue", "continuous": "lebesgue", "lebesgue": "lebesgue"}
_OF_VECTORS = {"unit": "unit", "nonzero": "nonzero", "positive": "positive", "nonnegative": "nonnegative"}
_OF_MATRICES = {"positive", "nonnegative", "spd", "psd", "pd", "skew", "square", "identity"}
_NUMBERS = {"real": {"real": True}, "integer": {"integer": True}, "rational": {"rational": True}, "complex": {},
            "natural": {"integer": True, "nonnegative": True}}
#: named laws of integers; every other is one of real numbers
DISCRETE_LAWS = frozenset({"Bernoulli", "Binomial", "Poisson", "Geometric", "Categorical", "NegativeBinomial",
                           "DiscreteUniform"})


class Objects:
    """The declared objects of one line, made when they are used."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self._made: dict[str, Any] = {}
        self._names: dict[str, str] = {}
        self._given: dict[str, list[Tree]] = {}
        self._defining: list[str] = []
        self.unfolded = 0                    # how many definitions with arguments were put in
        self.discrete: set[str] = set()      # random variables that the line sums over
        self.continuous: set[str] = set()    # ... whose density was declared as a continuous one
        self.facts: list[Any] = []           # what the properties of functions say

    # ------------------------------------------------------------------ names

    def name(self, key: str) -> str:
        """The kernel's name of a key: one key, one name."""
        name = kernel_name(key)
        other = self._names.setdefault(name, key)
        if other != key:
            raise Unread("name-clash", f"{key} and {other} have one name in the reports, {name}",
                         hint="rename one of them")
        return name

    def role(self, key: str, tree: Tree | None = None) -> Role:
        role = self.meaning.notation.role(key)
        if role is None:
            raise Unread("undeclared", f"{key} is not declared", tree.place if tree else None,
                         f"add it to the notation, for instance  {key}: real")
        return role

    def kind(self, tree: Tree) -> str:
        """The kind of a name that is not bound here; "" for anything else."""
        if tree.head != "name" or self.meaning.bound(tree.value) is not None:
            return ""
        role = self.meaning.notation.role(tree.value)
        return role.kind if role is not None else ""

    def get(self, key: str, tree: Tree | None = None) -> Any:
        """The object of a key that is not bound."""
        if key not in self._made:
            role = self.role(key, tree)
            if role.inferred:
                self.meaning.note(f"{key} is read as {_said(role)}")
            self._made[key] = self._make(role, tree)
        return self._made[key]

    def given(self) -> list[Any]:
        """The conditions of the names in use that their symbols do not carry.  A condition may bring further names."""
        from . import formulas

        out: list[Any] = list(self.facts)
        done: set[str] = set()
        while todo := [k for k in self._given if k not in done]:
            for key in todo:
                done.add(key)
                with self.meaning.outside():
                    found = [formulas.statement(self.meaning, c) for c in self._given[key]]
                made = self._made.get(key)
                if self.role(key).kind == "random":               # of all its values, not of one of them
                    if not isinstance(made, RandomVariable):
                        raise no_meaning(f"a condition on the sample or random vector {key}", None,
                                         "state what is known of its law")
                    found = [forall(made, c) for c in found]
                out += found
        return out + self._independence()

    def _independence(self) -> list[Any]:
        """``X, Y: random, independent``: those of them that the line speaks of.  (Named laws: see ``chance``.)"""
        found = [x for key, x in self._made.items() if isinstance(x, RandomVariable)
                 and (role := self.meaning.notation.role(key)) is not None and "independent" in role.properties
                 and not isinstance(role.value, Tree)]
        return [independent(*found)] if len(found) > 1 else []

    # ------------------------------------------------------------------ making

    def _make(self, role: Role, tree: Tree | None) -> Any:
        make = getattr(self, f"_{role.kind}", None)
        if make is None:
            raise no_meaning(f"{role.key} is declared as {role.kind}, which is no number, vector or matrix", tree)
        with self.meaning.outside():
            return make(role, tree)

    def _scalar(self, role: Role, tree: Tree | None) -> Any:
        assumptions = dict(_NUMBERS.get(role.domain, {"real": True}))
        rest = []
        for c in role.conditions:
            fact = _simple_fact(role.key, c, role.domain)
            if fact is None or not _joins(assumptions, fact):
                rest.append(c)
                if _above_zero(role.key, c, role.domain):
                    _joins(assumptions, "positive")
        if rest:
            self._given[role.key] = rest
        return sympy.Symbol(self.name(role.key), **assumptions)

    def _constant(self, role: Role, tree: Tree | None) -> Any:
        if role.value in ("euler", "e"):
            return sympy.E
        if role.value in ("imaginary", "i"):
            return sympy.I
        if role.value == "pi":
            return sympy.pi
        return self._scalar(role, tree)

    def size(self, tree: Tree) -> Any:
        """A size: a positive integer."""
        with self.meaning.outside():
            size = self.meaning.read(tree)
        with sympy.evaluate(True):
            positive = sympy.sympify(size).doit().is_positive
        whole = size.is_integer
        if not (whole and positive) and not (whole and isinstance(size, sympy.Add)):
            raise Unread("size", f"the size {size} is not declared as an integer of at least 1", tree.place,
                         f"declare  {size}: integer >= 1")
        return size

    def _index(self, role: Role, tree: Tree | None) -> Any:
        if len(role.sizes) != 2:
            raise no_meaning(f"{role.key} is an index without a range", tree, f"declare  {role.key}: index 1..n")
        first, last = role.sizes
        if not (first.head == "number" and first.value == 1):
            raise no_meaning(f"the index {role.key} does not start at 1", tree, "count from 1")
        if role.conditions:
            self._given[role.key] = list(role.conditions)
        return index(self.name(role.key), self.size(last))

    def _family(self, role: Role, tree: Tree | None) -> Any:
        wanted = 1 + ("vector" in role.properties) + 2*("matrix" in role.properties)
        if len(role.sizes) < wanted:
            raise Unread("size", f"how many {role.key}_i are there?", tree.place if tree else role.place,
                         f"write the range of the index, or declare  i: index 1..n  before  {role.key}_i")
        self._conditions(role)
        return self._of_domain(role, family(self.name(role.key), *map(self.size, role.sizes)), tree)

    def _of_domain(self, role: Role, x: Any, tree: Tree | None) -> Any:
        """The family, and that every entry lies in the domain it was declared with."""
        if role.domain == "real":
            return x
        if role.domain not in ("integer", "natural"):
            raise no_meaning(f"{role.key}: {role.domain} entries", tree, "declare them as real or integer")
        at: list[Any] = []
        for sort in shape(x):
            at.append(_private(sort, x, *at))
        entry = component(x, *at)
        for what in self._whole(entry, role.domain):
            for i in reversed(at):
                what = forall(i, what)
            self.facts.append(what)
        return x

    def _vector(self, role: Role, tree: Tree | None) -> Any:
        if len(role.sizes) > 1:
            return self._family(role, tree)
        if not role.sizes:
            raise no_meaning(f"{role.key} is a vector without a length", tree, f"declare  {role.key}: vector n")
        self._conditions(role)
        said = {_OF_VECTORS[p]: True for p in sorted(role.properties) if p in _OF_VECTORS}
        return self._of_domain(role, vector(self.name(role.key), self.size(role.sizes[0]), **said), tree)

    def _matrix(self, role: Role, tree: Tree | None) -> Any:
        if not role.sizes:
            raise no_meaning(f"{role.key} is a matrix without a size", tree, f"declare  {role.key}: matrix n x m")
        self._conditions(role)
        sizes = [self.size(s) for s in role.sizes]
        if len(sizes) > 2:
            return self._of_domain(role, family(self.name(role.key), *sizes), tree)
        said = {p.replace(" ", "_").replace("-", "_"): True for p in sorted(role.properties)}
        for word in said:
            if word not in PROPERTIES and word not in _OF_MATRICES:
                raise no_meaning(f"{role.key}: the property {word} of a matrix is not known", tree)
        said.pop("square", None)
        if said.pop("identity", False):
            return identity(sizes[0])
        return self._of_domain(role, matrix(self.name(role.key), *sizes, **said), tree)

    def _conditions(self, role: Role) -> None:
        if role.conditions:
            self._given[role.key] = list(role.conditions)

    def _sequence(self, role: Role, tree: Tree | None) -> Any:
        self._conditions(role)
        made = sympy.Function(self.name(role.key), **({} if role.domain == "complex" else {"real": True}))
        if role.domain in ("integer", "natural"):
            k = sympy.Symbol("k", integer=True)
            first = self.meaning.read(role.sizes[0]) if role.sizes else self._least_index(role)
            self.facts += [forall(k, what, where=ge(k, first)) for what in self._whole(made(k), role.domain)]
        return made

    def _least_index(self, role: Role) -> Any:
        """Where a sequence begins of which nothing is said: a family that was declared x_i counts from 1."""
        return sympy.Integer(0)

    def _whole(self, entry: Any, domain: str) -> list[Any]:
        """That a number is an integer, a natural one."""
        said: list[Any] = [Statement("in", entry, Node("integers"))]
        if domain == "natural":
            least = 1 if self.meaning.notation.settings.get("N") == "1" else 0
            self.meaning.note(f"natural numbers start at {least}")
            said.append(ge(entry, sympy.Integer(least)))
        return said

    def _function(self, role: Role, tree: Tree | None) -> Any:
        """A function of numbers; one of vectors or random variables is made where it is applied."""
        self._conditions(role)
        if _count(role) != 1 or role.domain == "complex":
            if role.properties - HARMLESS:
                said = ", ".join(sorted(role.properties - HARMLESS))
                raise no_meaning(f"{role.key}: {said} of such a function", tree)
            return sympy.Function(self.name(role.key), **({} if role.domain == "complex" else {"real": True}))
        f = function(self.name(role.key))
        self.facts += properties_of_function(role, f, tree)
        return f

    def _random(self, role: Role, tree: Tree | None) -> Any:
        self._conditions(role)
        law = role.value
        if isinstance(law, Tree) and law.head == "named-law" and law.value == "Normal" and len(law.parts) == 2:
            mean = self.meaning.read(law.parts[0])
            if len(shape(mean)) == 1:
                return vector(self.name(role.key), _size_expression(shape(mean)[0].size, (mean,)))
        if role.properties & {"vector", "matrix"}:
            raise no_meaning(f"the random vector {role.key} without a normal law", tree,
                             f"declare  {role.key}: random ~ N(m, S)  with a vector m, or its entries as a sample")
        if role.sizes:
            return self._sample(role, tree)
        if isinstance(law, Tree) and law.head == "named-law":
            measure = "discrete" if law.value in DISCRETE_LAWS else "lebesgue"
        else:
            measure = next((_MEASURES[p] for p in sorted(role.properties) if p in _MEASURES), "unspecified")
            if measure == "unspecified" and role.key in self.continuous:
                measure = "lebesgue"
        if role.key in self.discrete:
            if measure == "lebesgue":
                raise Unread("measure", f"{role.key} is declared as a real random variable, and summed over",
                             tree.place if tree else None, f"declare  {role.key}: random discrete")
            measure = "discrete"
        made = variables(self.name(role.key), measure)
        if role.domain in ("integer", "natural"):
            self.facts += [forall(made, what) for what in self._whole(made, role.domain)]
        return made

    def _sample(self, role: Role, tree: Tree | None) -> Any:
        from .chance import moments_of

        known: dict[str, Any] = {}
        if isinstance(role.value, Tree):
            known = moments_of(self.meaning, role.value)
        name, sizes = self.name(role.key), [self.size(s) for s in role.sizes]
        if not role.properties & {"iid", "independent"}:
            self.meaning.note(f"the {role.key}_i are read as independent draws of one law")
        return sample(name, *sizes, **known)

    def variable(self, key: str, tree: Tree) -> RandomVariable:
        """A random variable; a number that is declared real is one with a Lebesgue density."""
        found = self.meaning.bound(key)
        if isinstance(found, RandomVariable):
            return found
        if found is not None:
            raise no_meaning(f"a density at {key}, which is bound here and is no random variable", tree)
        role = self.role(key, tree)
        if role.kind == "scalar" and role.domain == "real" and not role.conditions:
            if not isinstance(self._made.get(key), RandomVariable):
                if key in self._made:
                    raise no_meaning(f"{key} is a number here and the variable of a density there", tree,
                                     f"declare  {key}: random real")
                self._made[key] = variables(self.name(key), "lebesgue")
                self.meaning.note(f"{key} is read as a real random variable")
            return self._made[key]
        found = self.get(key, tree)
        if not isinstance(found, RandomVariable):
            raise no_meaning(f"a density at {key}, which is no random variable", tree, f"declare  {key}: random")
        return found

    def law(self, key: str, parameter: Any = None, tree: Tree | None = None) -> Law:
        """A law, with the parameter that it is used with."""
        self.role(key, tree)
        name = self.name(key)
        if parameter is not None:
            name = f"{name}_{parameter}"
        slot = f"law {name}"
        if slot not in self._made:
            self._made[slot] = densities(name, parameter if isinstance(parameter, sympy.Symbol) else None)
        return self._made[slot]

    # ------------------------------------------------------------------ definitions

    def _definition(self, role: Role, tree: Tree | None) -> Any:
        """A definition without parameters: folded in the reports.  With parameters: see ``scalars.applied``."""
        if role.params:
            return role
        if not isinstance(role.value, Tree):
            raise no_meaning(f"{role.key} has no definition", tree)
        if role.key in self._defining:
            raise Unread("circular", f"{role.key} is defined by itself", role.place or (tree.place if tree else None),
                         "a recursion is stated as an assumption, x_{t+1} = ... for all t")
        name = self.name(role.key)
        self._defining.append(role.key)
        try:
            body = self.meaning.read(role.value)
        finally:
            self._defining.pop()
        if is_statement(body):
            raise no_meaning(f"{role.key} is defined as a statement", tree)
        if quantities(body) or free_variables(body):
            return body                       # what is random in it has to show, for E, Var and the like
        return self.defined(name, body)

    def defined(self, name: str, body: Any) -> Any:
        """As ``Derivation.define`` does."""
        definitions = self.meaning.definitions
        if (whole := defined_matrix(name, body)) is not None:
            definitions[name] = Defined(name, body, ())
            return whole
        made = defined_vector(name, body, ())
        definitions[name] = Defined(name, *(made or (body, ())))
        if made is not None:
            return VectorDefinition(name, definitions[name].over, 0)[()]
        return Node("@" + name)


#: properties of functions that a claim asks for itself, or that say nothing about its values
HARMLESS = frozenset({"differentiable", "continuously differentiable", "twice differentiable", "smooth", "continuous",
                      "entrywise", "activation", "elementwise", "of vectors"})


def properties_of_function(role: Role, f: Any, tree: Tree | None) -> list[Any]:
    """What the words before "function" say, as statements about all arguments."""
    u, v, w = (sympy.Symbol(n, real=True) for n in "uvw")
    said = {
        "even": lambda: forall(u, eq(f(negative(u)), f(u))),
        "odd": lambda: forall(u, eq(f(negative(u)), negative(f(u)))),
        "convex": lambda: forall((u, v, w), le(f(mixed(u, v, w)), mixed(f(u), f(v), w)), where=between(w)),
        "concave": lambda: forall((u, v, w), ge(f(mixed(u, v, w)), mixed(f(u), f(v), w)), where=between(w)),
        "strictly increasing": lambda: forall((u, v), lt(f(u), f(v)), where=lt(u, v)),
        "strictly decreasing": lambda: forall((u, v), gt(f(u), f(v)), where=lt(u, v)),
    }

    def mixed(a: Any, b: Any, t: Any) -> Any:
        return plus(times(t, a), times(plus(sympy.Integer(1), negative(t)), b))

    def between(t: Any) -> Any:
        return and_(le(sympy.Integer(0), t), le(t, sympy.Integer(1)))

    out = []
    for word in sorted(role.properties - HARMLESS):
        if word not in said:
            raise no_meaning(f"{role.key}: the property {word} of a function", tree,
                             "state it as an assumption about all arguments")
        out.append(said[word]())
    return out


def _count(role: Role) -> int:
    """How many arguments a function has: one size for each."""
    return 1 if "of vectors" in role.properties else len(role.sizes) or 1


def _simple_fact(key: str, c: Tree, domain: str) -> str | None:
    """``a > 0`` as the word for SymPy's assumption, None for any other condition."""
    relation, bound = _bound(key, c)
    if bound is None or relation not in _RELATIONS:
        return None
    if domain in ("integer", "natural") and (relation, bound) == (">=", 1):
        return "positive"
    if domain == "complex" or bound != 0:
        return None
    return _RELATIONS[relation]


def _above_zero(key: str, c: Tree, domain: str) -> bool:
    """``n >= 2``: more than a sign, which stays a condition; the sign is known all the same."""
    relation, bound = _bound(key, c)
    return domain != "complex" and bound is not None and relation in (">=", ">") and bound > 0


def _bound(key: str, c: Tree) -> tuple[str, Any]:
    """A condition that compares the name with a number, the name on the left; else the number is None."""
    if c.head != "relation" or len(c.parts) != 2:
        return "", None
    (left, right), relation = c.parts, c.value
    if right.head == "name" and right.value == key:
        left, right, relation = right, left, _TURNED.get(relation, "")
    named = left.head == "name" and left.value == key and right.head == "number"
    return (relation, right.value) if named else ("", None)


def _joins(assumptions: dict[str, Any], fact: str) -> bool:
    """Put the fact among the assumptions, unless two of them might contradict each other."""
    if fact == "zero":
        if any(k in assumptions for k in ("positive", "negative", "nonnegative", "nonpositive")):
            return False
        assumptions["zero"] = False
        return True
    signs = {"positive", "negative", "nonnegative", "nonpositive", "zero"} & set(assumptions)
    if signs == {"nonnegative"} and fact == "positive":
        del assumptions["nonnegative"]
        signs = set()
    if signs:
        return signs == {fact}
    assumptions[fact] = True
    return True


def _said(role: Role) -> str:
    if "event" in role.properties:
        return "an event"
    if role.kind == "scalar":
        if role.domain == "integer" and role.conditions:
            least = role.conditions[0].parts[1].value
            return f"an integer of at least {least}"
        if any(c.head == "chain" for c in role.conditions):
            return "a number between 0 and 1"
        number = f"a {'positive ' if role.conditions else ''}{role.domain} number"
        return {"integer": "an integer", "natural": "a natural number"}.get(role.domain, number)
    if role.kind == "family" and role.conditions:
        return "a family of positive numbers"
    words = {"index": "an index", "random": "a random variable", "density": "a density"}
    return words.get(role.kind, f"a {role.kind}")


__all__ = ["DISCRETE_LAWS", "Family", "FunctionName", "Objects", "names_in", "shape"]
