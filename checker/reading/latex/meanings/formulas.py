"""Statements: relations and chains, connectives, quantifiers, optima, orders of growth, antiderivatives."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sympy

from ....language import matrices as M
from ....language import optimality as O
from ....language import orders as G
from ....language.densities import Density, RandomVariable
from ....language.densities import integral as integral_over_states
from ....language.indices import Family, _private, component, max_over, min_over, shape
from ....language.logic import and_, eq, exists, forall, ge, gt, iff, implies, le, lt, ne, not_, or_
from ....language.moments import independent
from ....language.nodes import Declared, IndexName, Statement
from .. import readback, taylor
from ..source import Unread
from ..tree import Tree
from .binders import indefinite, moving
from .bindings import Bound, Item, fresh_name, plan, slot_sizes, split
from .common import is_statement, key_of, names_in, negative, no_meaning, over, plus, times
from . import sets
from .slopes import along

if TYPE_CHECKING:
    from ..meaning import Meaning

_RELATIONS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_LOEWNER = {"succeq": ">=", "succ": ">", "preceq": "<=", "prec": "<", "⪰": ">=", "≻": ">", "⪯": "<=", "≺": "<"}
_ORDERS = {"O": G.O, "o": G.o, "Omega": G.Omega, "Theta": G.Theta}
_ASYMPTOTIC = ("~", "sim")


def statement(m: Meaning, t: Tree) -> Any:
    """The statement that a tree is."""
    found = m.read(t)
    if not is_statement(found):
        raise Unread("no-statement", "this is no statement", t.place, "a relation such as = or <= is missing")
    return found


# ------------------------------------------------------------------ relations


def relation(m: Meaning, t: Tree) -> Any:
    left, right = t.parts
    parts = link(m, left, str(t.value), right)
    if len(parts) == 1:
        return parts[0]
    if isinstance(parts[2], G.Order):
        raise no_meaning("an order of growth inside of a statement", t, "make it a line of its own")
    parts = tuple(O.optimum_claim(parts, ())[0])
    if len(parts) == 1:
        return parts[0]
    return related(m, parts[0], parts[1], parts[2], t)


def related(m: Meaning, a: Any, sign: str, b: Any, t: Tree) -> Any:
    """The relation between two expressions, as a statement."""
    ranks = len(shape(a)), len(shape(b))
    if sign not in ("=", "!="):
        if 1 in ranks:
            return _entrywise_order(m, a, sign, b, t)
        if 2 in ranks:
            raise Unread("order-of-matrices", f"{sign} between matrices: which order is meant?", t.place,
                         r"write A \succeq B for A - B positive semidefinite, or the entries, A_{ij} \ge B_{ij}")
    return _RELATIONS[sign](a, b)


def _entrywise_order(m: Meaning, a: Any, sign: str, b: Any, t: Tree) -> Any:
    m.note("an order between vectors is one between their entries")
    if any(not shape(x) and x != 0 for x in (a, b)):
        raise no_meaning("an order between a vector and a number", t, "write it for the entries")
    sort = shape(a if shape(a) else b)[0]
    i = _private(sort, a, b)
    return forall(i, _RELATIONS[sign](*(component(x, i) if shape(x) else x for x in (a, b))))


def link(m: Meaning, left: Tree, sign: str, right: Tree) -> tuple[Any, ...]:
    """The parts of a claim.  Some notations mean something only together: f = g + O(h), argmin f = a, an
    antiderivative up to a constant, a proportionality."""
    t = Tree("relation", (left, right), sign, left.place)
    if sign == "in" and right.head == "order":
        return _growth(m, left, sign, right, t)
    if sign == "=" and (said := sets.equation(left, right, t)) is not None:
        return (statement(m, said),)
    if sign in ("in", "not in", "notin") and right.head in ("argmin", "argmax"):
        inside = statement(m, sets.holds(left, right))
        return (inside if sign == "in" else not_(inside),)
    if sign in ("in", "not in", "notin"):
        inside = member(m, left, right)
        return (inside if sign == "in" else not_(inside),)
    if sign == "independent":
        return (_independent(m, left, right),)
    if sign in _LOEWNER:
        return (_loewner(m, left, _LOEWNER[sign], right, t),)
    if sign == "propto":
        return (_proportional(m, left, right, t),)
    if sign in _ASYMPTOTIC and (right.head in ("named-law", "density") or m.objects.kind(right) == "density"):
        return (m.read(Tree("distributed", (left, right), None, t.place)),)
    if sign in _ASYMPTOTIC:
        f = m.read(left)
        return f, "=", G.similar(_of_growth(m.read(right), right, f))
    if sign not in _RELATIONS:
        raise no_meaning(f"the relation {sign}", t)
    if sign == "=" and (_has_indefinite(m, left) or _has_indefinite(m, right)):
        return _antiderivative(m, left, right, t)
    for a, b in ((left, right), (right, left)):
        if _orders_in(b):
            if a is right:
                raise no_meaning("an order of growth on the left", t, "write f = O(g); O(f) = O(g) is no equation")
            return _growth(m, left, sign, right, t)
    a, b = _sides(m, left, right)
    if sign not in ("=", "!=") and (shape(a) or shape(b)):
        return (related(m, a, sign, b, t),)
    return a, sign, b


def _independent(m: Meaning, left: Tree, right: Tree) -> Any:
    given: list[Any] = []
    if right.head == "given":
        given = [m.objects.variable(key_of(v, "a random variable"), v) for v in right.parts[1].parts]
        right = right.parts[0].parts[0] if len(right.parts[0].parts) == 1 else Tree("tuple", right.parts[0].parts)
    groups = [[m.read(v) for v in (side.parts if side.head == "tuple" else (side,))] for side in (left, right)]
    return independent(*(g[0] if len(g) == 1 else tuple(g) for g in groups), given=tuple(given))


def _sides(m: Meaning, left: Tree, right: Tree) -> tuple[Any, Any]:
    """Both sides; the identity without a size takes that of the other side."""
    from .scalars import together

    a, b = together(m, (left, right))
    for side, t in ((a, left), (b, right)):
        if is_statement(side):
            raise Unread("sides", "a side of a relation is a statement, where a number is needed", t.place,
                         r"between statements stands \iff or \implies")
    return a, b


def sums_over_states(m: Meaning, trees: Sequence[Tree]) -> None:
    """A random variable that the line sums over is discrete, wherever it stands."""
    for tree in trees:
        for t in tree.walk():
            if t.head not in ("sum", "prod"):
                continue
            for item in split(t.parts[0])[0]:
                role = m.notation.role(item.key)
                if role is not None and role.kind == "random" and not role.sizes:
                    m.objects.discrete.add(item.key)


def variables_of_densities(m: Meaning, trees: Sequence[Tree]) -> None:
    """A number that is declared real and stands in front of a density's bar is a random variable in all of the line."""
    for tree in trees:
        for t in tree.walk():
            if t.head == "density" and t.parts[0].head == "name":
                _measure_of_law(m, t)
                for v in t.parts[1].parts:
                    if m.objects.kind(v) == "scalar" and v.value not in m.objects._made:
                        role = m.objects.role(v.value, v)
                        if role.domain == "real" and not role.conditions:
                            m.objects.variable(v.value, v)


def _measure_of_law(m: Meaning, t: Tree) -> None:
    """``p: discrete density``: its variables are discrete, wherever they stand."""
    role = m.notation.role(str(t.parts[0].value))
    for v in t.parts[1].parts if role is not None and role.kind == "density" else ():
        if v.head == "name" and m.objects.kind(v) == "random":
            if "discrete" in role.properties:
                m.objects.discrete.add(str(v.value))
            elif "continuous" in role.properties:
                m.objects.continuous.add(str(v.value))


def _loewner(m: Meaning, left: Tree, sign: str, right: Tree, t: Tree) -> Any:
    a, b = _sides(m, left, right)
    ranks = {len(shape(a)), len(shape(b))}
    if 2 in ranks:
        return M.loewner(a, sign, b)
    if 1 in ranks:
        return _entrywise_order(m, a, sign, b, t)
    raise no_meaning("an order of matrices between numbers", t, r"write \ge")


def chain(m: Meaning, t: Tree) -> Any:
    links = [Tree("relation", (a, b), str(r), t.place)
             for a, r, b in zip(t.parts, t.value, t.parts[1:], strict=False)]
    return and_(*(relation(m, x) for x in links))


# ------------------------------------------------------------------ orders of growth


def _orders_in(t: Tree) -> bool:
    return any(u.head == "order" for u in t.walk())


def order(m: Meaning, t: Tree) -> Any:
    if str(t.value) not in _ORDERS:
        raise no_meaning(f"the order {t.value}", t)
    return _ORDERS[str(t.value)](_of_growth(m.read(t.parts[0]), t))


def _of_growth(g: Any, t: Tree, f: Any = None) -> Any:
    """Orders of growth are for integers that tend to infinity; O(x^2) near 0, and O(n x^2), are other statements."""
    symbols = {s for s in g.free_symbols if isinstance(s, sympy.Symbol)}
    of_f = {s for s in getattr(f, "free_symbols", ()) if isinstance(s, sympy.Symbol)}
    if not all(s.is_integer for s in symbols) or not any(s.is_integer for s in symbols | of_f):
        raise no_meaning("an order of growth in real variables: which one tends to what?", t,
                         r"at 0 write \quad \text{as } x \to 0 behind it; at infinity it is read of integers, declare  "
                         "n: integer >= 1")
    return g


def _growth(m: Meaning, left: Tree, sign: str, right: Tree, t: Tree) -> tuple[Any, ...]:
    """f = O(g), and f = h + O(g), which is f - h = O(g)."""
    if _orders_in(left):
        raise no_meaning("orders of growth on both sides", t, "write f = O(g)")
    terms = right.parts if right.head == "add" else (right,)
    orders = [x for x in terms if x.head == "order"]
    rest = [x for x in terms if x.head != "order"]
    if len(orders) != 1 or str(orders[0].value) not in _ORDERS or any(map(_orders_in, rest)):
        raise no_meaning("this use of an order of growth", t, "write f = g + O(h)")
    if sign == "in":
        sign = "="
    if sign not in ("=", "!="):
        raise no_meaning(f"{sign} before an order of growth", t, "write =")
    inside = orders[0]
    if sign == "=" and (len(inside.parts) > 1 or _runs_to_zero(m, taylor.at_zero(right))):
        return _expansion(m, left, rest, inside, t)
    f = m.read(left)
    if rest:
        f = plus(f, *(negative(m.read(x)) for x in rest))
    return f, sign, _ORDERS[str(inside.value)](_of_growth(m.read(inside.parts[0]), inside, f))


def _runs_to_zero(m: Meaning, x: str) -> bool:
    """1 + O(n) of an integer n is of n that grows."""
    role = m.notation.role(x) if x else None
    return role is not None and role.kind == "scalar" and role.domain not in ("integer", "natural")


def _expansion(m: Meaning, left: Tree, rest: Sequence[Tree], inside: Tree, t: Tree) -> tuple[Any, ...]:
    r"""``e^x = 1 + x + O(x^2)`` at 0, as a limit: see ``taylor``."""
    found = taylor.order_of(inside)
    if found is None or inside.value not in ("O", "o") or len(inside.parts) > 1 and inside.parts[1].value != found[0]:
        raise no_meaning("this order near 0", inside, "write O(x^k) or o(x^k) with the variable that tends to 0")
    x, k = found
    if inside.value == "O" and not all(taylor.meromorphic(p, x) for p in (left, *rest)):
        raise no_meaning(f"O({x}^{k}) near 0 beside this function", inside,
                         rf"it is read for functions that are analytic at 0; state the limit, \lim_{{{x} \to 0}}")
    name = Tree("name", (), x, inside.place)
    error = Tree("add", (left, *(Tree("neg", (p,), None, p.place) for p in rest)), None, t.place) if rest else left
    n = k - (inside.value == "O")
    power = Tree("pow", (name, Tree("number", (), Fraction(n))))
    over_power = Tree("div", (error, power), None, t.place) if n else error
    m.note(f"{readback.latex(Tree('order', inside.parts[:1], inside.value))} as {x} tends to 0")
    return m.read(Tree("limit", (name, taylor.ZERO, over_power), "", t.place)), "=", sympy.Integer(0)


# ------------------------------------------------------------------ antiderivatives, proportionality


def _has_indefinite(m: Meaning, t: Tree) -> bool:
    return any(indefinite(m, u) for u in _terms(t))


def _terms(t: Tree) -> list[Tree]:
    """Summands, without their constant factors and signs."""
    match t.head:
        case "add":
            return [u for p in t.parts for u in _terms(p)]
        case "neg":
            return _terms(t.parts[0])
        case "mul":
            return [u for u in t.parts if u.head == "integral"] or [t]
    return [t]


def _antiderivative(m: Meaning, left: Tree, right: Tree, t: Tree) -> tuple[Any, ...]:
    r"""``\int f dx = F + c`` says that the derivative of F is f; so do two integrals of equal functions."""
    variables = {split(u.parts[0])[0][0].key for side in (left, right) for u in _terms(side) if indefinite(m, u)}
    if len(variables) != 1:
        raise no_meaning("antiderivatives along several variables", t)
    (key,) = variables
    m.note(f"an integral without ends is any antiderivative: both sides are compared by their derivatives along {key}")
    x = moving(m, Tree("name", (), key, t.place), "the variable of an integral")
    return _derived(m, left, key, x), "=", _derived(m, right, key, x)


def _derived(m: Meaning, t: Tree, key: str, x: Any) -> Any:
    """The derivative of a side along x: of an antiderivative its integrand."""
    if indefinite(m, t):
        with m.scope({key: x}):
            return m.read(t.parts[1])
    match t.head:
        case "add" if any(indefinite(m, u) for u in _terms(t)):
            return plus(*(_derived(m, p, key, x) for p in t.parts))
        case "neg" if any(indefinite(m, u) for u in _terms(t)):
            return negative(_derived(m, t.parts[0], key, x))
        case "mul" if any(indefinite(m, u) for u in t.parts):
            inside = [u for u in t.parts if indefinite(m, u)]
            rest = [u for u in t.parts if not indefinite(m, u)]
            if len(inside) != 1 or any(key in names_in(u) for u in rest):
                raise no_meaning("a product of an antiderivative with its variable", t)
            return times(*(m.read(u) for u in rest), _derived(m, inside[0], key, x))
    if any(indefinite(m, u) for u in t.walk()):
        raise no_meaning("an antiderivative inside of a formula", t)
    f = m.read(t)
    if shape(f):
        raise no_meaning("an antiderivative that is a vector", t)
    return along(f, x)


def _proportional(m: Meaning, left: Tree, right: Tree, t: Tree) -> Any:
    r"""``p(z \mid x) \propto g``: for some c > 0, p(z | x) = c g for all z.

    Where z stands in densities only, g has an integral, and c is one over it: p(z | x) = g / \int g dz."""
    f = m.read(left)
    if not isinstance(f, Density):
        raise no_meaning("a proportionality: in which variables?", t,
                         r"begin the chain with a density, p(z \mid x) \propto ...; else write the factor")
    g = m.read(right)
    m.note(f"proportional in {', '.join(v.name for v in f.own)}: the factor depends on nothing of that")
    if _in_densities_only(right, {n for v in left.parts[1].parts for n in names_in(v)}):
        return eq(f, over(g, integral_over_states(g, *f.own)))
    c = sympy.Symbol(fresh_name(m, "c"), positive=True)
    if c.name in {str(s) for s in g.free_symbols | f.free_symbols}:
        c = sympy.Symbol("c_1", positive=True)
    return exists(c, forall(tuple(f.own), eq(f, times(c, g))))


def _in_densities_only(t: Tree, own: set[str]) -> bool:
    """Do these names stand within densities only?"""
    if t.head == "density":
        return True
    if t.head == "name":
        return t.value not in own
    return all(_in_densities_only(p, own) for p in t.parts)


# ------------------------------------------------------------------ membership


_SETS = {"R": "real numbers", "C": "complex numbers", "Q": "rational numbers", "Z": "integers", "N": "natural numbers"}


def member(m: Meaning, left: Tree, right: Tree) -> Any:
    match right.head:
        case "constant" if right.value == "emptyset":
            raise no_meaning("a member of the empty set", right)
        case "constant":
            x = m.read(left)
            if shape(x):
                raise no_meaning("a vector in a set of numbers", right)
            if right.value == "Z":
                return Statement("in", x, Integers())
            if right.value == "N":
                least = 1 if m.notation.settings.get("N") == "1" else 0
                m.note(f"natural numbers start at {least}")
                return and_(Statement("in", x, Integers()), ge(x, sympy.Integer(least)))
            raise no_meaning(f"that something is one of the {_SETS.get(right.value, right.value)}", right,
                             "declare it in the notation")
        case "interval":
            x = m.read(left)
            if shape(x):
                raise no_meaning("a vector in an interval", right, "write it for the entries")
            return within(x, str(right.value), *(m.read(p) for p in right.parts))
        case "set" if not any(p.head == "range" for p in right.parts):
            x = m.read(left)
            members = [eq(x, m.read(p)) for p in right.parts]
            return members[0] if len(members) == 1 else or_(*members)
        case "range" | "set":
            ends = right.parts if right.head == "range" else right.parts[0].parts
            x = m.read(left)
            return and_(Statement("in", x, Integers()), le(m.read(ends[0]), x), le(x, m.read(ends[1])))
        case "function" if right.value in ("union", "intersection", "difference") and len(right.parts) == 2:
            return _member_of_two(m, left, right)
    raise no_meaning("this set", right, "intervals, listed sets and the integers are in the language")


def _member_of_two(m: Meaning, left: Tree, right: Tree) -> Any:
    r"""``x \in A \cup B``, ``x \in \mathbb R \setminus \{0\}``.  A real x lies in the reals."""
    reals = Tree("constant", (), "R")
    parts = list(right.parts)
    if right.value != "union" and reals in parts[:1] and getattr(m.read(left), "is_real", False):
        inside = member(m, left, parts[1])
        return not_(inside) if right.value == "difference" else inside
    first, second = (member(m, left, p) for p in parts)
    match right.value:
        case "union":
            return or_(first, second)
        case "intersection":
            return and_(first, second)
    return and_(first, not_(second))


def Integers() -> Any:
    from ....language.nodes import Node

    return Node("integers")


def within(x: Any, ends: str, a: Any, b: Any) -> Any:
    conditions = []
    if a != -sympy.oo:
        conditions.append((le if ends[0] == "[" else lt)(a, x))
    if b != sympy.oo:
        conditions.append((le if ends[1] == "]" else lt)(x, b))
    if not conditions:
        raise Unread("no-statement", "an interval without ends says nothing")
    return conditions[0] if len(conditions) == 1 else and_(*conditions)


# ------------------------------------------------------------------ connectives, quantifiers


def conjunction(m: Meaning, t: Tree) -> Any:
    return and_(*(statement(m, p) for p in t.parts))


def disjunction(m: Meaning, t: Tree) -> Any:
    return or_(*(statement(m, p) for p in t.parts))


def negation(m: Meaning, t: Tree) -> Any:
    return not_(statement(m, t.parts[0]))


def implication(m: Meaning, t: Tree) -> Any:
    return implies(*(statement(m, p) for p in t.parts))


def equivalence(m: Meaning, t: Tree) -> Any:
    return iff(*(statement(m, p) for p in t.parts))


def quantified(m: Meaning, t: Tree) -> Any:
    binding, body = t.parts
    variables, conditions = split(binding)
    names: list[Any] = []
    guards: list[Any] = []
    scope: dict[str, Any] = {}
    for item in variables:
        with m.scope(scope):
            x, guard = _quantified_name(m, item, (body, *conditions), t)
        scope[item.key] = x
        names.append(x)
        guards += guard
    with m.scope(scope):
        guards += [statement(m, c) for c in conditions]
        for item in variables:
            guards += [statement(m, c) for c in m.objects._given.get(item.key, ())
                       if scope[item.key] is m.objects._made.get(item.key)]
        inside = statement(m, body)
    where = None if not guards else guards[0] if len(guards) == 1 else and_(*guards)
    return (forall if t.head == "forall" else exists)(tuple(names), inside, where=where)


def _quantified_name(m: Meaning, item: Item, used: Sequence[Tree], t: Tree) -> tuple[Any, list[Any]]:
    key = item.key
    role = m.notation.role(key)
    if item.lower is not None or (role is not None and role.kind == "index" and item.within is None):
        b = plan(m, item, used, t)
        if b.kind == "integer":
            return b.object, [le(b.lower, b.object)] * (b.lower != -sympy.oo) + [le(b.object, b.upper)] * (
                b.upper != sympy.oo)
        return b.object, list(b.guards)
    if item.within is not None:
        return _within_set(m, item, used, t)
    if role is None:
        raise Unread("undeclared", f"{key} is not declared", item.variable.place, rf"write \forall {key} \in \mathbb R")
    if role.kind == "random" and not role.sizes:
        return m.objects.variable(key, item.variable), []
    x = m.objects.get(key, item.variable)
    if not isinstance(x, (sympy.Symbol, Family, IndexName)) or isinstance(x, Declared) and not isinstance(
            x, (Family, IndexName)):
        raise no_meaning(f"for all {key}", t)
    return x, []


def _within_set(m: Meaning, item: Item, used: Sequence[Tree], t: Tree) -> tuple[Any, list[Any]]:
    within_, key = item.within, item.key
    assert within_ is not None  # noqa: S101 - the caller looked
    name = fresh_name(m, key)
    match within_.head:
        case "constant" if within_.value in ("R", "Q", "Z", "N", "C"):
            word = {"R": "real", "Q": "rational", "Z": "integer", "N": "integer"}.get(within_.value)
            x = sympy.Symbol(name, **({word: True} if word else {}))
            if within_.value != "N":
                return x, []
            least = 1 if m.notation.settings.get("N") == "1" else 0
            m.note(f"natural numbers start at {least}")
            return x, [ge(x, sympy.Integer(least))]
        case "interval":
            x = sympy.Symbol(name, real=True)
            return x, [within(x, str(within_.value), *(m.read(p) for p in within_.parts))]
        case "range" | "set":
            if within_.head == "set" and not any(p.head == "range" for p in within_.parts):
                x = sympy.Symbol(name, real=True)
                members = [eq(x, m.read(p)) for p in within_.parts]
                return x, [members[0] if len(members) == 1 else or_(*members)]
            b = plan(m, item, used, t)
            if b.kind == "integer":
                return b.object, [le(b.lower, b.object), le(b.object, b.upper)]
            return b.object, list(b.guards)
        case "pow" if within_.parts[0] == Tree("constant", (), "R"):
            x = m.objects.get(key, item.variable)
            if isinstance(x, Family):
                return x, []
    role = m.notation.role(key)
    if role is not None and role.kind == "random":
        return m.objects.variable(key, item.variable), []
    if role is not None and role.kind == "index":
        return plan(m, Item(item.variable), used, t).object, []
    raise no_meaning(f"for all {key} in this set", within_, r"write \forall x \in \mathbb R, x > 0")


# ------------------------------------------------------------------ optima


def optimum(m: Meaning, t: Tree) -> Any:
    r"""``\min_w f``, ``\arg\min_w f``: a side of an equation."""
    if t.head in ("sup", "inf"):
        raise no_meaning(f"a {'supremum' if t.head == 'sup' else 'infimum'}", t,
                         r"if it is attained write \max or \min; else the bound for all points and the limit")
    binding, body = t.parts
    variables, conditions = split(binding)
    if t.head in ("min", "max") and (over := _over_indices(m, variables, body, t)):
        if conditions or any(b.guards for b in over):
            raise no_meaning("an extreme value over a part of the indices", t)
        with m.scope({b.key: b.object for b in over}):
            f = m.read(body)
        return (max_over if t.head == "max" else min_over)(tuple(b.object for b in over), f)
    names: list[Any] = []
    where: list[Any] = []
    for item in variables:
        if m.bound(item.key) is not None:
            raise no_meaning(f"{item.key} is bound here and varied", t)
        x = m.objects.get(item.key, item.variable)
        if isinstance(x, (IndexName, RandomVariable)):
            raise no_meaning("an optimum over indices", t,
                             "state the inequality for every index, and the equality for one")
        names.append(x)
        if item.within is not None:
            where += _feasible(m, x, item.within)
        where += [statement(m, c) for c in m.objects._given.get(item.key, ())]
    where += [statement(m, c) for c in conditions]
    f = m.read(body)
    make = {"min": O.minimum, "max": O.maximum, "argmin": O.argmin, "argmax": O.argmax}[t.head]
    return make(f, tuple(names), where=where)


def _over_indices(m: Meaning, variables: Sequence[Item], body: Tree, t: Tree) -> list[Bound]:
    """The indices that a maximum goes over; nothing for one over numbers or vectors."""
    kinds = [(role := m.notation.role(v.key)) is not None and role.kind == "index" or bool(
        slot_sizes(m, v.key, (body,))) for v in variables]
    if not any(kinds):
        return []
    over = [plan(m, v, (body,), t) for v in variables]
    if not all(kinds) or any(b.kind != "index" for b in over):
        raise no_meaning("an extreme value over indices and others at once", t)
    return over


def _feasible(m: Meaning, x: Any, within_: Tree) -> list[Any]:
    if within_.head == "constant" and within_.value == "R" and not shape(x):
        return []
    if within_.head == "pow" and within_.parts[0] == Tree("constant", (), "R") and shape(x):
        return []
    if within_.head == "interval" and not shape(x):
        return [within(x, str(within_.value), *(m.read(p) for p in within_.parts))]
    raise no_meaning("an optimum over this set", within_, "write the constraints, \\min_{w : w \\ge 0}")


READS = {"relation": relation, "chain": chain, "order": order, "and": conjunction, "or": disjunction, "not": negation,
         "implies": implication, "iff": equivalence, "forall": quantified, "exists": quantified, "max": optimum,
         "min": optimum, "argmax": optimum, "argmin": optimum, "sup": optimum, "inf": optimum}

__all__ = ["READS", "key_of", "link", "member", "related", "statement"]
