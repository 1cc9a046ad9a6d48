"""Optimality: what "the minimiser is ..." says, written out as inequalities for all points of the domain.

    minimises(f, {w: a}, where=[w >= 0], unique=False)   a is feasible, and f(a) <= f(w) for every feasible w
    maximises(f, {w: a}, ...)                            the same with f(w) <= f(a)
    argmin(f, w, where=...), "=", a                      the minimiser is a, and the only one
    minimum(f, w, where=...), "=", v                     v <= f(w) for every feasible w, with equality for one
    stationary(f, {w: a})                                every partial derivative of f is 0 at a
    convex(f, w, where=...)   concave   strictly_convex  f(t u + (1 - t) v) <= t f(u) + (1 - t) f(v), 0 < t < 1

``w`` is a symbol (its assumptions are its domain) or a declared family, vector or matrix; a family's value is a
vector of that length, a number for all entries, or an entry by index: ``{p[i]: x[i]/total(j, x[j])}``.  Feasible
points are those of the domain that satisfy ``where`` and at which f is defined as a function of real numbers (no log or
root of a negative number in the branch that counts): the convention of convex analysis (Rockafellar, Convex Analysis,
section 4), by which log w needs no "w > 0" beside it.  An index that only a
condition mentions stands for all its values there: ``where=[p[i] >= 0]``.

Nothing is decided here: the statements are ordinary quantified inequalities of the kernel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy
from sympy.core.function import UndefinedFunction

from ..kernel import term as T
from ..kernel.claim import Sequent, unfold
from ..kernel.definedness import atomic_conditions, definedness
from ..kernel.kinds import ORDER, kind
from ..kernel.model import beta
from ..kernel.prove import discharge
from .errors import StatementError
from .functions import VectorFunction, own_property
from .indices import Family, FunctionName, _names_in, _private, component, max_over, min_over, shape
from .nodes import Binder, BinderStatement, Declared, IndexName, Node, Statement, expression

_FIRST, _SECOND, _WEIGHT = "1", "2", "t"
_CLOSED = {">": ">=", "<": "<="}
_SETS = {"integer": "integers", "rational": "rationals", "real": "reals"}


def minimises(f: Any, at: Mapping[Any, Any], where: Any = (), unique: bool = False) -> Any:
    """``at`` minimises f among the feasible points; ``unique``: and no other point does."""
    return _optimum("minimises", f, at, where, unique)


def maximises(f: Any, at: Mapping[Any, Any], where: Any = (), unique: bool = False) -> Any:
    """``at`` maximises f among the feasible points; ``unique``: and no other point does."""
    return _optimum("maximises", f, at, where, unique)


minimizes, maximizes = minimises, maximises


def stationary(f: Any, at: Any) -> Any:
    """Every partial derivative of f by the names of ``at`` is 0 at this point; of a declared function, its gradient."""
    if isinstance(f, VectorFunction):
        return own_property("stationary", f, at)
    return _optimum("stationary", f, at, (), False)


def convex(f: Any, over: Any = None, where: Any = ()) -> Any:
    """f is a convex function of ``over`` on the convex set that ``where`` describes."""
    if isinstance(f, VectorFunction):
        return own_property("convex", f)
    return _shape_of("convex", f, over, where)


def strictly_convex(f: Any, over: Any = None, where: Any = ()) -> Any:
    return _shape_of("strictly-convex", f, over, where)


def concave(f: Any, over: Any = None, where: Any = ()) -> Any:
    if isinstance(f, VectorFunction):
        return own_property("concave", f)
    return _shape_of("concave", f, over, where)


def strictly_concave(f: Any, over: Any = None, where: Any = ()) -> Any:
    return _shape_of("strictly-concave", f, over, where)


def argmin(f: Any, over: Any, where: Any = ()) -> Any:
    """A side of an equation: ``argmin(f, w), "=", a``."""
    return Extremum("argmin", f, over, where)


def argmax(f: Any, over: Any, where: Any = ()) -> Any:
    return Extremum("argmax", f, over, where)


def minimum(f: Any, over: Any, where: Any = (), at: Any = None) -> Any:
    """A side of an equation: ``minimum(f, w), "=", v``; ``at={w: a}`` says where it is attained.  Over an index of
    finite range it is a number like any other: ``minimum(f[i], i)``."""
    if _is_index(f) or _is_index(over):
        return min_over(f, over) if _is_index(f) else min_over(over, f)
    return Extremum("minimum", f, over, where, at)


def maximum(f: Any, over: Any, where: Any = (), at: Any = None) -> Any:
    if _is_index(f) or _is_index(over):
        return max_over(f, over) if _is_index(f) else max_over(over, f)
    return Extremum("maximum", f, over, where, at)


def _is_index(x: Any) -> bool:
    return isinstance(x, IndexName) or isinstance(x, (tuple, list)) and bool(x) and all(map(_is_index, x))


class Extremum(sympy.core.expr.Expr):
    """``argmin(f, w)``, ``minimum(f, w)``: only as the left side of an equation."""

    at: Any = None

    def __new__(cls, kind: str, f: Any, over: Any, where: Any, at: Any = None) -> Any:
        names = _over(over)
        self = sympy.core.expr.Expr.__new__(
            cls, sympy.Symbol(kind), _objective(f), sympy.Tuple(*names), sympy.Tuple(*_conditions(where)))
        if at is not None:
            self.at = _optimum("minimises" if kind == "minimum" else "maximises", f, at, where, False)
            if set(self.at.operands[1]) != set(names):
                raise StatementError("at= gives a value for each name that is varied", "optimum")
        return self

    def equals_to(self, value: Any) -> Any:
        kind, f, names, where = str(self.args[0]), self.args[1], tuple(self.args[2]), tuple(self.args[3])
        if kind in ("argmin", "argmax"):
            values = tuple(value) if isinstance(value, (tuple, list, sympy.Tuple)) else (value,)
            if len(values) != len(names):
                raise StatementError(f"{kind} over {len(names)} names has {len(names)} values, not {len(values)}",
                                     "optimum")
            return _optimum("minimises" if kind == "argmin" else "maximises", f,
                            dict(zip(names, values, strict=True)), where, True)
        if self.at is not None:
            return Value(kind, *self.at.operands, expression(value))
        return Value(kind, f, sympy.Tuple(*names), sympy.Tuple(), sympy.Tuple(*where), sympy.Symbol("some"),
                     expression(value))

    def read_into(self, reading: Any) -> T.Term:
        kind = str(self.args[0])
        raise StatementError(f'{kind}(f, w) stands alone on the left of a claim: claim("id", {kind}(f, w), "=", value)',
                             "optimum")


def optimum_claim(parts: Sequence[Any], given: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
    """A link ``argmin(f, w), "=", a`` as one statement.  Anything else comes back as it is."""
    if len(parts) == 3 and isinstance(parts[2], Extremum) and not isinstance(parts[0], Extremum):
        parts = (parts[2], parts[1], parts[0])
    if len(parts) == 3 and isinstance(parts[0], Extremum):
        if parts[1] != "=":
            raise StatementError(f'{parts[0].args[0]} is claimed with "="; for a bound state the inequality itself',
                                 "optimum")
        return (parts[0].equals_to(parts[2]),), given
    return parts, given


# ------------------------------------------------------------------ what may be written


def _objective(f: Any) -> Any:
    f = expression(f)
    if not isinstance(f, sympy.Expr):
        raise StatementError(f"{f} is a statement: what is minimised is a number", "optimum")
    if s := shape(f):
        raise StatementError(f"{f} is a {'vector' if len(s) == 1 else 'matrix'}: what is minimised is a number",
                             "optimum")
    return f


def _over(over: Any) -> tuple[Any, ...]:
    names = tuple(over) if isinstance(over, (tuple, list, sympy.Tuple)) else (over,)
    names = tuple(n.operands[0] if _every_entry(n) else n for n in names)
    if over is None:
        raise StatementError("say of what: convex(f, w) is a statement about f as a function of w", "optimum")
    for n in names:
        if not isinstance(n, (sympy.Symbol, Family)):
            raise StatementError(
                f"{n} cannot be varied: a symbol, or a declared family, vector or matrix is needed", "optimum")
        if isinstance(n, sympy.Symbol) and not n.is_extended_real:
            raise StatementError(f"{n} is complex: declare it real, symbols({n.name!r}, real=True)", "optimum")
    if len({n.name for n in names}) != len(names):
        raise StatementError("each name is varied once", "optimum")
    return names


def _every_entry(n: Any) -> bool:
    """``p[c]``: the whole family by its entries."""
    if not (isinstance(n, Node) and n.head == "at" and isinstance(n.operands[0], Family)):
        return False
    indices = n.operands[1:]
    return all(isinstance(i, IndexName) for i in indices) and len(set(indices)) == len(indices)


def _conditions(where: Any) -> tuple[Any, ...]:
    """``where``: one condition or several."""
    if where is None:
        return ()
    listed = tuple(where) if isinstance(where, (tuple, list, set, sympy.Tuple)) else (where,)
    for c in listed:
        if c is True or c is False or c in (sympy.true, sympy.false):
            raise StatementError(f"a condition arrived as {c}: write eq(a, b) instead of a == b", "evaluated")
    return listed


def _optimum(kind: str, f: Any, at: Any, where: Any, unique: bool) -> Any:
    if not isinstance(at, Mapping) or not at:
        raise StatementError(f"{kind}(f, {{w: value}}) takes the names with their values, not {at}", "optimum")
    names, values = [], []
    for key, value in at.items():
        indices: tuple[Any, ...] = ()
        if isinstance(key, Node) and key.head == "at" and isinstance(key.operands[0], Family):
            family, *given = key.operands
            if not all(isinstance(i, IndexName) for i in given) or len(set(given)) != len(given):
                raise StatementError(f"{key}: a family's entries are given for all indices at once, {{p[i]: ...}}",
                                     "optimum")
            key, indices = family, tuple(given)
        _over(key)
        names.append(key)
        indices = indices or _entry_indices(f, key, value)
        values.append(sympy.Tuple(_valued(key, value, indices), *indices))
    _over(names)
    return Optimum(kind, _objective(f), sympy.Tuple(*names), sympy.Tuple(*values),
                   sympy.Tuple(*_conditions(where)), sympy.Symbol("unique" if unique else "some"))


def _entry_indices(f: Any, name: Any, value: Any) -> tuple[Any, ...]:
    """The free index of a value that is an entry: ``{p: exp(r[c])}`` is ``{p[c]: exp(r[c])}``, unless c is fixed by
    the objective."""
    if not isinstance(name, Family) or shape(value := expression(value)):
        return ()
    free = tuple(_free_indices(value) - _free_indices(expression(f)))
    return free if len(free) == len(name.slots) == 1 and free[0].sort == name.slots[0] else ()


def _valued(name: Any, value: Any, indices: tuple[Any, ...]) -> Any:
    value = expression(value)
    found = shape(value)
    if not isinstance(name, Family) or indices:
        if found:
            raise StatementError(f"{name} is a number, and its value {value} is a vector or a matrix", "shape")
        return value
    if found and found != name.slots:
        raise StatementError(
            f"{name.name} is {_said(name.slots)} and its value {value} is {_said(found)}", "shape")
    return value


def _said(slots: tuple[T.Index, ...]) -> str:
    return " x ".join(T.show(s.size) for s in slots) + (" long" if len(slots) == 1 else "")


def _shape_of(kind: str, f: Any, over: Any, where: Any) -> Any:
    if over is None and isinstance(f, (FunctionName, UndefinedFunction)):        # of one number
        over = sympy.Symbol("x", real=True)
        f = f(over)
    return Shape(kind, _objective(f), sympy.Tuple(*_over(over)), sympy.Tuple(*_conditions(where)))


def _free_in_value(value: sympy.Tuple) -> set[Any]:
    """The free indices of a value that comes with indices of its own, as :func:`_optimum` packs them."""
    return _free_indices(value[0]) - set(value[1:])


def _free_indices(e: Any) -> set[Any]:
    if isinstance(e, IndexName):
        return {e}
    if isinstance(e, (Binder, BinderStatement)):
        return set().union(*map(_free_indices, (*e.args[2], *e.args[3])), set()) - set(e.args[1])
    if isinstance(e, sympy.Basic) and not isinstance(e, Declared):
        return set().union(*map(_free_indices, e.args), set())
    return set()


# ------------------------------------------------------------------ written out


class _Varied:
    """An objective and its conditions as terms in the names that are varied, and their values elsewhere."""

    def __init__(self, reading: Any, f: Any, names: Sequence[Any], where: Sequence[Any], *others: Any) -> None:
        self.reading, self.objects = reading, tuple(names)
        from ..reading.sympy_reader import declared_facts, scalar_sort

        self.names = [(*reading._bound_name(n), n) for n in names]
        fixed = _free_indices(f).union(*map(_free_in_value, others), set())
        self.f = reading.bind(self.names, lambda: reading.term(f))
        self.f = _squared_lengths(self._opened(self.f))
        self.domain: list[T.Term] = []
        for n in names:
            if isinstance(n, sympy.Symbol):
                self.domain += scalar_sort(n)[1]
            self.domain += declared_facts(n)
        self.where = [self._opened(reading.bind(self.names, lambda c=c: self._condition(c, fixed))) for c in where]
        self.sorts = {**reading.declarations, **{n: s for scope in reading._bound for n, (s, _) in scope.items()}}
        inside = {**self.sorts, **{n: s for n, s, _ in self.names}}
        before = Sequent(inside, (*reading.facts, *self.domain, *self.where), T.TRUE)
        moving = {n for n, _, _ in self.names}
        needed = definedness(T.app("<=", self.f, self.f), before)
        self.defined = [c for c in discharge(needed, before) if T.free_names(c) & moving]
        #: w > 0 where f is undefined at w = 0: at the claimed point w >= 0 is asked for, and the rest is a condition
        certain = atomic_conditions(T.app("<=", self.f, self.f), before)
        assured = [c for c in self.domain if self._assured(c, certain, inside)]
        #: what is asked of the claimed point.  Where w = 0 makes f undefined, which is a condition of the claim, w > 0
        #: need not be asked; w < 0 may not (log(w)^2 is real), so w >= 0 stays.
        self.asked = [T.App(_CLOSED.get(c.head, c.head), c.args) if c in assured and isinstance(c, T.App) else c
                      for c in (*self.domain, *self.where)]

    @staticmethod
    def _assured(c: T.Term, certain: Sequence[T.Term], inside: Mapping[str, T.Sort]) -> bool:
        """At the edge of c f is certainly undefined: a condition that it cannot do without visibly fails there
        (log w at 0; not w^q, which is 0 at 0 for q = 2)."""
        if not (isinstance(c, T.App) and c.head in _CLOSED):
            return False
        edge = Sequent(inside, (T.app("=", *c.args),), T.TRUE)
        name, value = c.args
        by = {name.name: value} if isinstance(name, T.Var) and isinstance(value, T.Num) else {}
        return any(not discharge((T.negate(T.substitute(n, by)),), edge) for n in certain)

    def _opened(self, t: T.Term) -> T.Term:
        """Definitions that speak of a varied name are written out, so that a value can be put into them."""
        moving = {n for n, _, _ in self.names}
        if any(isinstance(u, T.App) and u.head.startswith("@") and T.free_names(u) & moving for u in T.subterms(t)):
            return unfold(t, {d.name: d for d in self.reading.used()})
        return t

    def _condition(self, c: Any, fixed: set[Any]) -> T.Term:
        free = sorted(_free_indices(c) - fixed - set(self.objects), key=lambda i: str(i.name))
        bound = [(*self.reading._bound_name(i), i) for i in free]
        body: T.Term = self.reading.bind(bound, lambda: self.reading.formula(c))
        return body if not bound else T.Bind(
            "forall", tuple(n for n, _, _ in bound), tuple(s for _, s, _ in bound), (), (T.TRUE, body))

    def value(self, name: Any, given: sympy.Tuple) -> T.Term:
        """The value of a varied name: a number, or a lambda of its indices."""
        value, *indices = given
        if not isinstance(name, Family):
            return self.reading.term(value)
        if not indices:
            indices = []
            for s in name.slots:
                indices.append(_private(s, value, *indices))
            value = component(value, *indices) if shape(value) else value
        bound = [(*self.reading._bound_name(i), i) for i in indices]
        body = self.reading.bind(bound, lambda: self.reading.term(value))
        own = tuple(T.Var(n) for n, _, _ in bound)
        if isinstance(body, T.App) and body.head == "at" and body.args[1:] == own and not (
                T.free_names(body.args[0]) & {n for n, _, _ in bound}):
            return body.args[0]             # the entries of a vector: the vector itself
        return T.Bind("lambda", tuple(n for n, _, _ in bound), tuple(s for _, s, _ in bound), (), (body,))

    def members(self, by: Mapping[str, T.Term]) -> list[T.Term]:
        """That each value is a number of the domain (1/3 is no integer, I no real number), unless its form says so."""
        out: list[T.Term] = []
        for name, sort, _ in self.names:
            value, result = by[name], sort.result if isinstance(sort, T.Map) else sort
            bound: dict[str, T.Sort] = {}
            if isinstance(sort, T.Map):
                function = _as_function(value, sort)
                bound, value = dict(zip(function.names, function.sorts, strict=True)), function.inner[0]
            if not isinstance(result, T.Scalar) or result.kind not in _SETS:
                continue
            if isinstance(value, T.App) and value.head == "at" and not isinstance(value.args[0], (T.Var, T.Bind)):
                continue                    # entries of a matrix expression are real
            found = kind(value, {**self.sorts, **self.reading.declarations, **bound})
            if found != "other" and ORDER.index(found) <= ORDER.index(result.kind):
                continue
            belongs = T.app("in", value, T.app(_SETS[result.kind]))
            if bound:
                belongs = T.Bind("forall", tuple(bound), tuple(bound.values()), (), (T.TRUE, belongs))
            out.append(belongs)
        return out

    def put(self, t: T.Term, by: Mapping[str, T.Term]) -> T.Term:
        return beta(T.substitute(t, by), {**self.sorts, **{n: s for n, s, _ in self.names}})

    def guard(self) -> T.Term:
        return T.conj(*self.domain, *self.where, *self.defined)

    def forall(self, body: T.Term, *more: T.Term) -> T.Term:
        return T.Bind("forall", tuple(n for n, _, _ in self.names), tuple(s for _, s, _ in self.names), (),
                      (T.conj(self.guard(), *more), body))

    def equal(self, by: Mapping[str, T.Term]) -> T.Term:
        """Each varied name has the value that ``by`` gives."""
        out: list[T.Term] = []
        for name, sort, _ in self.names:
            if isinstance(sort, T.Map):
                taken = T.free_names(by[name]) | {name}
                indices: list[str] = []
                for k in range(len(sort.args)):
                    indices.append(T.fresh("ijkl"[k % 4], taken | set(indices)))
                entries = tuple(T.Var(i) for i in indices)
                value = _as_function(by[name], sort)
                there = T.substitute(value.inner[0], dict(zip(value.names, entries, strict=True)))
                out.append(T.Bind("forall", tuple(indices), sort.args, (),
                                  (T.TRUE, T.app("=", T.app("at", T.Var(name), *entries), there))))
            else:
                out.append(T.app("=", T.Var(name), by[name]))
        return T.conj(*out)


def _as_function(value: T.Term, sort: T.Map) -> T.Bind:
    """A family's value by its entries."""
    if isinstance(value, T.Bind) and value.head == "lambda":
        return value
    names: list[str] = []
    for k in range(len(sort.args)):
        names.append(T.fresh("rsuv"[k % 4], T.free_names(value) | set(names)))
    return T.Bind("lambda", tuple(names), sort.args, (), (T.app("at", value, *map(T.Var, names)),))


def _squared_lengths(t: T.Term) -> T.Term:
    """sqrt(u . u)^2 is u . u: a squared norm has no kink."""
    if isinstance(t, (T.App, T.Bind)):
        t = T.rebuild(t, _squared_lengths)
    match t:
        case T.App("pow", (T.App("sqrt", (u,)), T.Num(e))) if e == 2 and _self_product(u):
            return u
    return t


def _self_product(u: T.Term) -> bool:
    match u:
        case T.App("matmul", (T.App("transpose", (a,)), b)):
            return a == b
        case T.Bind("sum", _, _, (), (_, T.App("mul", (a, b)))):
            return a == b
    return False


class Optimum(Statement):
    """``minimises``, ``maximises``, ``stationary``: see :func:`minimises`."""

    def read_into(self, reading: Any) -> T.Term:
        f, names, values, where, flag = self.operands
        names, values = tuple(names), tuple(values)
        varied = _Varied(reading, f, names, tuple(where), *values)
        by = {n.name: varied.value(n, v) for n, v in zip(names, values, strict=True)}
        for n in names:
            if any(n.name in T.free_names(v) for v in by.values()):
                raise StatementError(f"the value of {n.name} speaks of {n.name} itself: give it in other names",
                                     "optimum")
        if self.head == "stationary":
            return _stationary(varied, by)
        there = varied.put(varied.f, by)
        order = (there, varied.f) if self.head == "minimises" else (varied.f, there)
        feasible = [*varied.members(by), *(varied.put(c, by) for c in varied.asked)]
        simple = len(names) == 1 and not isinstance(names[0], Family)
        if str(flag) != "unique":
            return T.conj(*feasible, varied.forall(T.app("<=", *order)))
        if simple:
            return T.conj(*feasible, varied.forall(
                T.app("<", *order), T.app("!=", T.Var(names[0].name), by[names[0].name])))
        return T.conj(*feasible, varied.forall(T.app("<=", *order)), varied.forall(
            T.app("implies", T.app("=", varied.f, there), varied.equal(by))))


def _stationary(varied: _Varied, by: Mapping[str, T.Term]) -> T.Term:
    """The derivative along each entry: of f at the point moved by t in that entry, at t = 0."""
    out: list[T.Term] = []
    spoken = frozenset(varied.reading.declarations).union(*map(_every_name, (varied.f, *by.values())))
    for name, sort, _ in varied.names:
        taken = frozenset(varied.sorts) | spoken | {name}       # the values may speak of names of their own
        others = {n: v for n, v in by.items() if n != name}
        if isinstance(sort, T.Map) and _whole(varied.f, name) and not _has_corners(varied.f):
            out.append(_gradient_is_zero(varied, name, sort, by, taken))
        elif isinstance(sort, T.Map):
            value = _as_function(by[name], sort)
            taken |= set(value.names)
            t = T.fresh("t", taken)
            entries: list[str] = []
            for k in range(len(sort.args)):
                entries.append(T.fresh("ijkl"[k % 4], taken | set(entries) | {t}))
            deltas = [T.app("delta", T.Var(r), T.Var(i)) for r, i in zip(value.names, entries, strict=True)]
            moved = T.Bind("lambda", value.names, value.sorts, (),
                           (T.add(value.inner[0], T.mul(T.Var(t), *deltas)),))
            inside = {**varied.sorts, t: T.REAL, **dict(zip(entries, sort.args, strict=True))}
            body = beta(T.substitute(varied.f, {**others, name: moved}), inside)
            slope = T.Bind("diff", (t,), (T.REAL,), (T.num(0),), (body,))
            out.append(T.Bind("forall", tuple(entries), sort.args, (), (T.TRUE, T.app("=", slope, T.num(0)))))
        else:
            body = varied.put(varied.f, others)
            out.append(T.app("=", T.Bind("diff", (name,), (sort,), (by[name],), (body,)), T.num(0)))
    return T.conj(*out)


def _gradient_is_zero(varied: _Varied, name: str, sort: T.Map, by: Mapping[str, T.Term], taken: frozenset[str]
                      ) -> T.Term:
    """The same for a vector or matrix in matrix products, where the value stays whole: the gradient is the zero
    matrix."""
    entries: list[str] = []
    for k in range(len(sort.args)):
        entries.append(T.fresh("ijkl"[k % 4], taken | set(entries)))
    at = tuple(T.Var(i) for i in entries)
    body = T.substitute(varied.f, {n: v for n, v in by.items() if n != name})
    slope = T.Bind("partial", (name,), (sort,), (by[name], T.app("tuple", *at)), (body,))
    sizes = [s.size for s in sort.args if isinstance(s, T.Index)]
    zero = T.app("zeros", *sizes, *([T.num(1)] if len(sizes) == 1 else []))
    return T.app("mat=", T.Bind("lambda", tuple(entries), sort.args, (), (slope,)), zero)


def _has_corners(t: T.Term) -> bool:
    return any(isinstance(u, T.App) and u.head in ("abs", "max", "min", "sign", "cases", "sqrt")
               for u in T.subterms(t))


def _every_name(t: T.Term) -> frozenset[str]:
    return T.free_names(t).union(*(u.names for u in T.subterms(t) if isinstance(u, T.Bind)))


class Value(Statement):
    """``minimum(f, w) = v``: a bound that is attained."""

    def __new__(cls, kind: str, *operands: Any) -> Any:
        return Statement.__new__(cls, kind, *operands)

    def read_into(self, reading: Any) -> T.Term:
        f, names, values, where, _, value = self.operands
        varied = _Varied(reading, f, tuple(names), tuple(where), sympy.Tuple(value), *values)
        v = reading.term(value)
        if T.free_names(v) & {n for n, _, _ in varied.names}:
            raise StatementError("the extreme value speaks of the name that is varied", "optimum")
        by = {n.name: varied.value(n, a) for n, a in zip(names, values, strict=True)} if values else {}
        least = varied.put(varied.f, by) if values else v
        bounded = varied.forall(T.app("<=", *((least, varied.f) if self.head == "minimum" else (varied.f, least))))
        if values:
            feasible = [*varied.members(by), *(varied.put(c, by) for c in varied.asked)]
            return T.conj(*feasible, T.app("=", least, v), bounded)
        attained = T.Bind("exists", tuple(n for n, _, _ in varied.names), tuple(s for _, s, _ in varied.names), (),
                          (varied.guard(), T.app("=", varied.f, v)))
        return T.conj(bounded, attained)


def _whole(t: T.Term, name: str) -> bool:
    """Whether the family stands in ``t`` other than by its entries: as a vector or matrix."""
    if isinstance(t, T.App) and t.head == "at" and t.args[0] == T.Var(name):
        return any(_whole(a, name) for a in t.args[1:])
    return t == T.Var(name) or any(_whole(u, name) for u in T.children(t) if name in T.free_names(u))


class Shape(Statement):
    """``convex`` and its kin: the inequality between any two points and any weight."""

    def read_into(self, reading: Any) -> T.Term:
        f, names, where = self.operands
        varied = _Varied(reading, f, tuple(names), tuple(where))
        taken = frozenset(varied.sorts) | frozenset().union(
            *(T.free_names(u) for u in (varied.f, varied.guard()))) | set(_names_in(f, *where))
        weight = T.fresh(_WEIGHT, taken)
        first: dict[str, T.Term] = {}
        second: dict[str, T.Term] = {}
        middle: dict[str, T.Term] = {}
        bound: list[tuple[str, T.Sort]] = []
        apart: list[T.Term] = []
        t, rest = T.Var(weight), T.sub(T.num(1), T.Var(weight))
        used = set(taken) | {weight}
        for name, sort, _ in varied.names:
            one = T.fresh(f"{name}_{_FIRST}", used)
            two = T.fresh(f"{name}_{_SECOND}", used | {one})
            used |= {one, two}
            bound += [(one, sort), (two, sort)]
            first[name], second[name] = T.Var(one), T.Var(two)
            if isinstance(sort, T.Map):
                indices: list[str] = []
                for k in range(len(sort.args)):
                    indices.append(T.fresh("ijkl"[k % 4], used | set(indices)))
                entries = tuple(T.Var(i) for i in indices)
                a, b = T.app("at", T.Var(one), *entries), T.app("at", T.Var(two), *entries)
                middle[name] = T.Bind("lambda", tuple(indices), sort.args, (), (T.add(T.mul(t, a), T.mul(rest, b)),))
                if _whole(varied.f, name):
                    middle[name] = T.app("matadd", T.app("scale", t, T.Var(one)), T.app("scale", rest, T.Var(two)))
                apart.append(T.Bind("exists", tuple(indices), sort.args, (), (T.TRUE, T.app("!=", a, b))))
            else:
                middle[name] = T.add(T.mul(t, T.Var(one)), T.mul(rest, T.Var(two)))
                apart.append(T.app("!=", T.Var(one), T.Var(two)))
        strict = self.head.startswith("strictly")
        less = "<" if strict else "<="
        guard = [T.substitute(c, by) for by in (first, second) for c in T.conjuncts(varied.guard())]
        guard += [T.app("<", T.num(0), t), T.app("<", t, T.num(1))]       # t = 0 and t = 1 say nothing
        if strict:
            guard.append(apart[0] if len(apart) == 1 else T.App("or", tuple(apart)))
        chord = T.add(T.mul(t, T.substitute(varied.f, first)), T.mul(rest, T.substitute(varied.f, second)))
        varied.sorts |= dict(bound)
        between = varied.put(varied.f, middle)
        order = (between, chord) if "convex" in self.head else (chord, between)
        return T.Bind("forall", (*(n for n, _ in bound), weight), (*(s for _, s in bound), T.REAL), (),
                      (T.conj(*guard), T.app(less, *order)))


__all__ = ["argmax", "argmin", "concave", "convex", "maximises", "maximizes", "maximum", "minimises",
           "minimizes", "minimum", "optimum_claim", "stationary", "strictly_concave", "strictly_convex"]
