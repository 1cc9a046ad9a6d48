"""Random quantities of which only moments are known, and samples of symbolic size.

    X = D.sample("X", n, mean=mu, variance=s2)     X[1], ..., X[n] independent, all of one unknown law
    X, Y = D.sample("X Y", n)                      independent pairs (X[i], Y[i]); X[i], Y[i] may depend on each other
    W = D.sample("W", n, d, mean=0, variance=v)    one draw for each entry
    M = D.sample("M", d, values=(0, 1), mean=p)    the values that a draw may take; D.bernoulli("M", d, p=p)
    T = D.random("T");  X, Y = D.random("X Y")     numbers, with any joint law
    Z = D.random("Z", m, variance=s2, correlation=rho)      a random vector: its entries may depend on each other
    E(T), Var(mean(X)), Cov(X[i], X[j])            for any polynomial in random quantities

Nothing is assumed but what is written: quantities from different declarations may depend on each other
unless the claim is given ``independent(X, Y)``.  All moments are finite.
Outside E, Var and Cov a quantity stands for each value that it may take.

``independent(X, (Y, Z))`` splits the quantities of the claim into groups, each with one joint law; that is
done here, so that the kernel sees only laws that are independent by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy
from sympy.core.expr import Expr

from ..kernel import term as T
from ..kernel.expect_terms import bounded_moments
from ..kernel.expectation import MAX_DEGREE
from .errors import StatementError
from .indices import Family, _private, _size_term, _words
from .logic import eq, forall, ne
from .nodes import Declared, Node, expression, parts


class Block:
    """What one declaration says of its names: repeated over ``repeats``, with ``slots`` of their own."""

    def __init__(self, names: Sequence[str], repeats: Sequence[Any], slots: Sequence[Any], identical: bool,
                 values: Sequence[Any], between: Sequence[Any]) -> None:
        self.names, self.repeats, self.slots = tuple(names), tuple(repeats), tuple(slots)
        self.identical = identical
        self.values = tuple(_number(v) for v in values)
        low, high = (None if v is None else _number(v) for v in between)
        self.within: tuple[Fraction | None, Fraction | None] = (low, high)
        self.facts: list[Any] = []
        self.apart: list[Independence] = []

    def quantity(self, name: str, repeated: bool) -> Any:
        """The declared name; or, not repeated, one draw."""
        over = (*(self.repeats if repeated else ()), *self.slots)
        if not over:
            return RandomNumber(name, self)
        one = RandomFamily(name, T.Map(tuple(T.Index(_size_term(s)) for s in over), T.REAL))
        one.needs, one.block = over, self
        return one


def _number(v: Any) -> Fraction:
    v = expression(v)
    if not isinstance(v, sympy.Rational):
        raise StatementError(f"values={v}: the values of a random quantity are listed as rational numbers", "values")
    return Fraction(int(v.p), int(v.q))


class RandomNumber(Declared):
    """A real random quantity."""

    is_real = True
    is_finite = True
    block: Block

    def __new__(cls, name: str, block: Block) -> Any:
        self = super().__new__(cls, name, T.REAL)
        self.block = block
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.name, self.block)

    def __getitem__(self, indices: Any) -> Any:
        raise StatementError(
            f"{self.name} is one random number: a sample with entries {self.name}[i] is D.sample(\"{self.name}\", n)",
            "indices")


class RealEntry(Node):
    """An entry of a family of real numbers."""

    is_real = True


class RandomFamily(Family):
    """A sample, or a random vector or matrix."""

    block: Block

    def __getitem__(self, indices: Any) -> Any:
        entry = super().__getitem__(indices)
        return RealEntry(entry.head, *entry.operands) if type(entry) is Node else entry


class Expectation(Expr):
    """E of an expression in random quantities."""

    is_commutative = True
    is_real = True

    def __new__(cls, f: Any) -> Any:
        return Expr.__new__(cls, expression(f))

    def read_into(self, reading: Any) -> T.Term:
        """``expect`` over the quantities in it, each with all others that may depend on it."""
        random: Groups | None = getattr(reading, "random", None)
        if random is None:
            raise StatementError("an expectation is used outside a claim", "expectation")
        found = random.inside(self.args[0])
        if not found:
            raise StatementError(
                f"E({self.args[0]}): there is nothing random in it. Declare what is random by D.random, D.sample or "
                "D.variables, or say the density, E(f, z, q(z))", "expectation")
        names: list[tuple[str, T.Sort, Any]] = []
        laws: list[T.Term] = []
        for group in random.groups:
            members = {q.name: q for q in found if q.name in group.names}
            if not members:
                continue
            some = next(iter(members.values()))
            repeated = some.sort != random.blocks[some.name].quantity(some.name, False).sort
            for name in group.names:
                one = members.get(name) or random.blocks[name].quantity(name, repeated)
                names.append((*reading._bound_name(one), one))
            laws.append(reading_law(reading, group))
        body = reading.bind(names, lambda: reading.term(self.args[0]))
        reading.facts += [f for f in _finite_moments(body, random) if f not in reading.facts]
        return T.Bind("expect", tuple(n for n, _, _ in names), tuple(s for _, s, _ in names),
                      (T.App("tuple", tuple(laws)),), (body,))

    def _sympystr(self, printer: Any) -> str:
        return f"E({self.args[0]})"


def _finite_moments(body: T.Term, random: Groups) -> list[T.Term]:
    """All moments are finite, those of an unknown function of a quantity too."""
    out: list[T.Term] = []
    for t in T.subterms(body):
        if not (isinstance(t, T.App) and t.head == "at" and isinstance(t.args[0], T.Var)):
            continue
        arguments = [a.args[0] if isinstance(a, T.App) and a.head == "at" else a for a in t.args[1:]]
        found = [a.name for a in arguments if isinstance(a, T.Var)]
        for group in random.groups:
            if found and len(found) == len(arguments) and set(found) <= set(group.names) and isinstance(
                    group.sort, T.Joint) and t.args[0].name not in group.names:
                members = tuple(group.names.index(n) for n in found)
                out.append(bounded_moments(t.args[0].name, members, group.sort, group.law, MAX_DEGREE))
    return out


def reading_law(reading: Any, group: Group) -> T.Term:
    sort = group.sort
    for size in group.sizes:
        if any(size.name in scope for scope in reading._bound if isinstance(size, sympy.Symbol)):
            raise StatementError(
                f"{', '.join(group.names)}: its law is over {size} entries and {size} is bound here; a sample of one "
                "law (D.sample) may grow, a vector may not. State its value for each size, and the limit of that value",
                "bound-size")
        reading.term(size)
    reading.declare_label(Declared(group.law, sort))
    return T.Var(group.law)


# ------------------------------------------------------------------------ who depends on whom


class Independence:
    """``independent(X, (Y, Z))``: goes into ``given``."""

    def __init__(self, parts: Sequence[Any]) -> None:
        self.parts: list[frozenset[str]] = []
        seen: set[str] = set()
        for p in parts:
            names = set()
            for q in p if isinstance(p, (tuple, list)) else (p,):
                if not is_quantity(q):
                    raise StatementError(
                        f"independent(..., {q}): declared random quantities are meant, D.sample or D.random; a "
                        "function of independent ones is independent with them", "independence")
                names.add(q.name)
            if names & seen:
                raise StatementError(f"independent(...): {min(names & seen)} stands there twice", "independence")
            seen |= names
            self.parts.append(frozenset(names))
        if len(self.parts) < 2:
            raise StatementError("independent(X, Y): of two or more", "independence")

    def __repr__(self) -> str:
        return f"independent({', '.join(' '.join(sorted(p)) for p in self.parts)})"


def is_quantity(e: Any) -> bool:
    return isinstance(e, (RandomNumber, RandomFamily))


def quantities(e: Any, definitions: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The random quantities in an expression, also inside its definitions, by name."""
    out: dict[str, Any] = {}
    for u in parts([e], definitions or {}):
        if is_quantity(u):
            out.setdefault(u.name, u)
    return out


def symmetry(assumption: T.Term) -> T.Term | None:
    """What ``forall i, j: Cov(x[i], x[j]) = S[i, j]`` says of S: S[i, j] = S[j, i], as covariances mind no order.

    It follows from the assumption and is written beside it; None where one side is not the same with i and j exchanged
    or the other is."""
    match assumption:
        case T.Bind("forall", (i, j), (one, two), (), (T.App("true"), T.App("=", sides))) if one == two:
            for moments, value in (sides, sides[::-1]):
                turned = [T.substitute(t, {i: T.Var(j), j: T.Var(i)}) for t in (moments, value)]
                if any(isinstance(t, T.Bind) and t.head == "expect" for t in T.subterms(moments)) and (
                        _in_order(moments) == _in_order(turned[0])) and _in_order(value) != _in_order(turned[1]):
                    return T.Bind("forall", (i, j), (one, two), (), (T.TRUE, T.app("=", value, turned[1])))
    return None


def _in_order(t: T.Term) -> T.Term:
    """Sums and products with their parts in one order."""
    if isinstance(t, (T.App, T.Bind)):
        t = T.rebuild(t, _in_order)
    return T.App(t.head, tuple(sorted(t.args, key=repr))) if isinstance(t, T.App) and t.head in ("add", "mul") else t


def speaks_of_quantities(f: Any) -> bool:
    """Whether E(f) is one of ``expectation``: of random quantities, or of a definition that may have them."""
    if quantities(f):
        return True
    nodes = f.atoms(Node) if isinstance(f, sympy.Basic) else ()
    return any(u.head.startswith("@") for u in nodes)


class Group:
    """Quantities with one joint law."""

    def __init__(self, names: Sequence[str], blocks: Mapping[str, Block]) -> None:
        first = blocks[names[0]]
        self.names = tuple(names)
        self.law = f"law of {', '.join(names)}"
        members = [blocks[n] for n in names]
        if len({(b.values, b.within) for b in members}) > 1:
            raise StatementError(
                f"{', '.join(names)} may depend on each other and their values are restricted differently: declare "
                "them independent, or state the restriction of neither", "values")
        joint = T.Joint(self.names, tuple(tuple(T.Index(_size_term(s)) for s in b.slots) for b in members),
                        first.values, first.within)
        over = tuple(T.Index(_size_term(s)) for s in first.repeats)
        self.sort: T.Sort = joint if first.identical else T.Map(over, joint)
        self.sizes = [s for b in members for s in b.slots] + ([] if first.identical else list(first.repeats))


class Groups:
    """The random quantities of a claim, split by what it says of their independence."""

    def __init__(self, expressions: Iterable[Any], stated: Sequence[Independence], definitions: Mapping[str, Any]
                 ) -> None:
        self._definitions = definitions
        used: dict[str, Any] = {}
        stack = [list(expressions)]
        while stack:                # the facts of a quantity may speak of others
            for name, q in quantities(stack.pop(), definitions).items():
                if name not in used:
                    used[name] = q
                    stack.append(list(q.block.facts))
                elif used[name].block is not q.block:
                    raise StatementError(f"two random quantities are called {name}", "name-clash")
        self.used = used
        self.blocks: dict[str, Block] = {n: used[n].block for n in sorted(used)}
        stated = [*stated, *(i for b in dict.fromkeys(self.blocks.values()) for i in b.apart)]
        self.groups = [Group(names, self.blocks) for part in self._split(frozenset(self.blocks), stated)
                       for names in [self._together(part, stated)]]

    def refuse_free(self, statement: T.Term, assumptions: Sequence[T.Term], declarations: Mapping[str, Any]) -> None:
        """An assumption on a random quantity itself: of each value, or of the law?  Neither is guessed."""
        drawn = {n for g in self.groups if g.law in declarations for n in g.names}
        plain = isinstance(statement, T.App) and statement.head in T.RELATIONS
        for t in (*assumptions, *(() if plain else (statement,))):
            for name in sorted(T.free_names(t) & drawn):
                raise StatementError(
                    f"{T.show(t)[:60]} speaks of the random {name} itself, beside expectations of it: say it where "
                    f"{name} is declared, D.random(\"{name}\", nonnegative=True), between=(a, b), values=(0, 1), or of "
                    "its moments, E(...)", "random-assumption")

    def inside(self, e: Any) -> list[Any]:
        return list(quantities(e, self._definitions).values())

    def facts(self) -> list[Any]:
        """What the declarations say of the quantities in use."""
        out: list[Any] = []
        for block in dict.fromkeys(self.blocks.values()):
            out += block.facts
        return out

    def _split(self, names: frozenset[str], stated: Sequence[Independence]) -> list[frozenset[str]]:
        """Parts that are mutually independent: a statement that covers ``names`` splits them."""
        for s in stated:
            parts = [p & names for p in s.parts if p & names]
            if len(parts) > 1 and frozenset().union(*parts) == names:
                return [q for p in parts for q in self._split(p, stated)]
        return [names] if names else []

    def _together(self, part: frozenset[str], stated: Sequence[Independence]) -> list[str]:
        """One group, in order of declaration; what cannot have a joint law of this form is an error."""
        names = sorted(part)
        for s in stated:
            touched = [sorted(p & part) for p in s.parts if p & part]
            if len(touched) > 1:
                other = sorted(part - frozenset().union(*s.parts))
                a, b = touched[0][0], touched[1][0]
                raise StatementError(
                    f"{a} and {b} are independent, but each of them may depend on {', '.join(other)}: say of all of "
                    f"them who is independent of whom, independent({a}, {b}, {other[0]}) or "
                    f"independent({a}, ({b}, {other[0]}))", "independence")
        for n in names[1:]:
            one, two = self.blocks[names[0]], self.blocks[n]
            if one is not two and (one.repeats or two.repeats):
                raise StatementError(
                    f"how does {names[0]} depend on {n}? Give the claim independent({names[0]}, {n}), or declare "
                    f"pairs, {names[0]}, {n} = D.sample(\"{names[0]} {n}\", n)", "independence")
        blocks = list(dict.fromkeys(self.blocks[n] for n in names))
        return [n for b in blocks for n in b.names if n in part]


# ------------------------------------------------------------------------ declarations


def sample(names: str, *over: Any, mean: Any = None, variance: Any = None, covariance: Any = None,
           correlation: Any = None, third: Any = None, fourth: Any = None, values: Sequence[Any] = (),
           nonnegative: bool = False, between: Sequence[Any] = (None, None),
           identical: bool = True, vector: Any = None, independent: bool = False, law: Any = None) -> Any:
    """Independent draws of one unknown law, one for each index: ``X = D.sample("X", n, mean=mu, variance=s2)``.

    Two names are drawn together: ``X, Y = D.sample("X Y", n)`` are independent pairs.  ``identical=False``: each
    draw has a law of its own (then ``mean=mu`` may be a family).  ``vector=d``: the draws are vectors of length d.
    ``third``, ``fourth``: E (X - E X)^3 and E (X - E X)^4.  ``values``: the values a draw may take;
    ``between=(a, b)`` or ``nonnegative=True``: where they lie.  ``law=q(x)``: draws of a law that has a density
    (language/draws.py); then nothing else is said of them.
    """
    if not over:
        raise StatementError(
            f"D.sample(\"{names}\", n): the size is missing; one number is D.random(\"{names}\")", "sizes")
    if law is not None:
        from .draws import draws

        said = (mean, variance, covariance, correlation, third, fourth, vector)
        if any(v is not None for v in said) or values or nonnegative or not identical or len(over) > 1:
            raise StatementError(
                f"D.sample(\"{names}\", n, law={law}): the law says all of the draws; leave the rest out", "density")
        return draws(names, over[0], law)
    return _declared(names, over, () if vector is None else (vector,), identical, values,
                     _range(between, nonnegative), mean, variance, covariance, correlation, third, fourth, False,
                     independent)


def random(names: str, *over: Any, mean: Any = None, variance: Any = None, covariance: Any = None,
           correlation: Any = None, third: Any = None, fourth: Any = None, values: Sequence[Any] = (),
           nonnegative: bool = False, between: Sequence[Any] = (None, None),
           uncorrelated: bool = False, independent: bool = False) -> Any:
    """Random numbers of any joint law, ``T = D.random("T")``, ``X, Y = D.random("X Y", mean=(mu, nu))``, or a random
    vector ``Z = D.random("Z", m)`` whose entries may depend on each other.

    ``correlation=rho``, ``covariance=c`` and ``uncorrelated=True`` speak of each two entries (or two names); for a
    vector ``covariance=S`` may be a matrix."""
    return _declared(names, (), over, True, values, _range(between, nonnegative), mean, variance, covariance,
                     correlation, third, fourth, uncorrelated, independent)


def bernoulli(names: str, *over: Any, p: Any) -> Any:
    """Independent draws that are 1 with probability p and else 0: masks, votes, coins."""
    if over:
        return sample(names, *over, values=(0, 1), mean=p)
    return random(names, values=(0, 1), mean=p)


def _range(between: Sequence[Any], nonnegative: bool) -> Sequence[Any]:
    if len(between) != 2:
        raise StatementError("between=(a, b): two numbers, None for no bound", "values")
    return (0, between[1]) if nonnegative else between


def _declared(names: str, repeats: Sequence[Any], slots: Sequence[Any], identical: bool, values: Sequence[Any],
              between: Sequence[Any], mean: Any, variance: Any, covariance: Any, correlation: Any, third: Any,
              fourth: Any, uncorrelated: bool, apart: bool) -> Any:
    words = _words(names)
    for s in (*repeats, *slots):
        e = expression(s)
        if not (e.is_integer and e.is_positive):
            raise StatementError(
                f"{names}: the size {s} is no positive integer: declare it, {s} = D.sizes(\"{s}\")", "sizes")
    groups = [[w] for w in words] if apart else [words]
    out = []
    for group in groups:
        block = Block(group, repeats, slots, identical, values, between)
        out += [block.quantity(w, True) for w in group]
        facts = Facts(block)
        for place, w in enumerate(group):
            at = words.index(w) if apart else place
            for what, value in (("mean", mean), ("variance", variance), ("third", third), ("fourth", fourth)):
                one = _of_name(value, at, len(words), what)
                if one is not None:
                    facts.moment(w, what, one)
        if correlation is not None:
            facts.pairs(lambda x, y: correlation*_root(x)*_root(y), variance, len(words))
        elif covariance is not None:
            facts.covariance(covariance)
        elif uncorrelated:
            facts.pairs(lambda x, y: sympy.Integer(0), None, len(words))
    if apart and len(out) > 1:
        for q in out:
            q.block.apart.append(Independence(out))
    return out[0] if len(out) == 1 else tuple(out)


def _of_name(value: Any, at: int, count: int, what: str) -> Any:
    if isinstance(value, (tuple, list)):
        if len(value) != count:
            raise StatementError(f"{what}: {len(value)} values for {count} names", "names")
        return value[at]
    return value


def _root(v: Any) -> Any:
    """The standard deviation of a given variance: s for s**2."""
    if isinstance(v, sympy.Pow) and v.exp == 2 and v.base.is_nonnegative:
        return v.base
    return sympy.sqrt(v)


class Facts:
    """The statements that a declaration makes of its quantities."""

    def __init__(self, block: Block) -> None:
        self.block = block

    def moment(self, name: str, what: str, value: Any) -> None:
        self._everywhere((name,), lambda x: eq(_moment(what, x), _at(value, x)))

    def _everywhere(self, names: Sequence[str], statement: Callable[..., Any], two: bool = False) -> None:
        """For the one draw of an identical law; else for every index.  ``two``: of two entries of a vector."""
        b = self.block
        sizes = (*(() if b.identical else b.repeats), *b.slots)
        draws = [b.quantity(n, not b.identical) for n in names]
        if not sizes:
            self.block.facts.append(statement(*draws))
            return
        places: list[Any] = []
        for s in sizes:
            one = _private(T.Index(_size_term(s)), *draws, *places, stem="i")
            one.needs = (s,)
            places.append(one)
        if not two:
            self.block.facts.append(forall(tuple(places), statement(*(q[tuple(places)] for q in draws))))
            return
        other = _private(places[0].sort, *draws, *places, stem="i")
        other.needs = places[0].needs
        q = draws[0]
        two_entries = statement(q[places[0]], q[other])
        self.block.facts.append(forall((places[0], other), two_entries, where=ne(places[0], other)))

    def pairs(self, value: Callable[[Any, Any], Any], variances: Any, count: int) -> None:
        """The covariance of each two names, or of each two entries of a vector."""
        b = self.block
        if variances is None and value(sympy.Integer(1), sympy.Integer(1)) != 0:
            raise StatementError("correlation=rho: give the variance too, or covariance=c", "correlation")
        if len(b.names) == 1 and len(b.slots) == 1 and not b.repeats:
            v = _of_name(variances, 0, count, "variance")
            self._everywhere(b.names, lambda x, y: eq(_covariance(x, y), value(_at(v, x), _at(v, y))), two=True)
            return
        if len(b.names) < 2 or b.slots:
            raise StatementError("correlation, covariance: of two names, X, Y = D.random(\"X Y\", ...), or of the "
                                 "entries of a vector, D.random(\"Z\", m, ...)", "correlation")
        for k, n in enumerate(b.names):
            for h in range(k):
                vs = [_of_name(variances, m, count, "variance") for m in (h, k)]
                self._everywhere((b.names[h], n), lambda x, y, vs=vs: eq(
                    _covariance(x, y), value(_at(vs[0], x), _at(vs[1], y))))

    def covariance(self, value: Any) -> None:
        b = self.block
        if isinstance(value, Family) and len(b.slots) == 1 and len(b.names) == 1:
            i, j = (_private(T.Index(_size_term(b.slots[0])), value, stem=s) for s in ("i", "j"))
            i.needs = j.needs = b.slots
            x = b.quantity(b.names[0], False)
            b.facts.append(forall((i, j), eq(_covariance(x[i], x[j]), value[i, j])))
            return
        self.pairs(lambda x, y: value, None if value == 0 else 1, 1)


def _moment(what: str, x: Any) -> Any:
    if what == "mean":
        return Expectation(x)
    power = {"variance": 2, "third": 3, "fourth": 4}[what]
    return Expectation(sympy.Pow(_centred(x), power, evaluate=False))


def _centred(x: Any) -> Any:
    return sympy.Add(x, sympy.Mul(-1, Expectation(x), evaluate=False), evaluate=False)


def _covariance(x: Any, y: Any) -> Any:
    return Expectation(sympy.Mul(_centred(x), _centred(y), evaluate=False))


def _at(value: Any, x: Any) -> Any:
    """A family's entry at the indices of ``x``; a number as it is."""
    if isinstance(value, Family):
        places = x.operands[1:] if isinstance(x, Node) else ()
        return value[tuple(places)] if places else value
    return expression(value) if value is not None else None


def expectation(f: Any, given: Any = ()) -> Expectation:
    """``E(f)`` for random quantities in ``f``, or in a definition in it."""
    if given:
        raise StatementError(
            "E(f, given=...) is for variables with densities, D.variables; of quantities declared by D.random and "
            "D.sample only moments are known", "expectation")
    return Expectation(f)


class Samples:
    """The declarations above as methods: ``X = D.sample("X", n)``."""

    sample = staticmethod(sample)
    random = staticmethod(random)
    bernoulli = staticmethod(bernoulli)


__all__ = ["Expectation", "Groups", "Independence", "RandomFamily", "RandomNumber", "Samples", "bernoulli",
           "is_quantity", "quantities", "random", "sample", "symmetry"]
