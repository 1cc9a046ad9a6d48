"""Partial derivatives as values, by dual numbers: a second semantics beside the rules of ``derivative``.

A *dual number* is a + b t with t^2 = 0: evaluating f at x + t gives f(x) + f'(x) t (Clifford 1873; Wengert,
Comm. ACM 7 (1964) 463-464).  Here the coefficients are exact rationals, balls, or dual numbers again: each
derivative lifts its own entry with a tag of its own, so that nested derivatives do not confuse their
perturbations (Siskind and Pearlmutter, "Perturbation confusion and referential transparency", IFL 2005).

Nothing of ``derivative`` is used: a wrong rule there shows as a proof that a value contradicts.

At a corner of abs, relu, max the value is undefined if the argument moves (its slope is not 0, or the argument
itself is a dual number of an outer derivative); at a case's boundary, at a root or a logarithm of 0 always.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import acb

from .effort import spend
from .evaluate import Evaluator, Number, Table, Undefined, Unknown, Value, to_ball
from .kinds import is_integer
from .matrix_values import Matrices, Rows
from .term import RELATIONS, App, Bind, Index, Map, Num, Scalar, Sort, Term, Var, free_names, num, substitute

_ONE, _TWO, _ZERO = Fraction(1), Fraction(2), Fraction(0)


@dataclass(frozen=True, slots=True)
class Dual:
    """``value + slope t`` for the perturbation t of this tag; both parts may be dual numbers of lower tags."""

    tag: int
    value: Any
    slope: Any

    @property
    def primal(self) -> Number:
        """The value without any perturbation."""
        return primal(self.value)


@dataclass(frozen=True, slots=True)
class Lifted:
    """A family (or a number) whose entry ``where`` moves with slope 1."""

    tag: int
    base: Any
    where: tuple[int, ...]


def partial(t: Bind, outside: Evaluator) -> Any:
    """The value of a partial derivative.  Raises Undefined, Unknown."""
    if type(outside) not in (Evaluator, DualEvaluator):
        raise Unknown("a derivative along a state of an iteration")
    point, entry = t.outer
    (x,), (sort,), (body,) = t.names, t.sorts, t.inner
    where: tuple[int, ...] = ()
    base: Value
    if isinstance(sort, Map):
        where = tuple(outside.index(i) for i in entry.args) if isinstance(entry, App) else ()
        for k, slot in zip(where, sort.args, strict=True):
            if not isinstance(slot, Index) or not 1 <= k <= outside.index(slot.size):
                raise Undefined("a derivative along an entry that is out of range")
        base = outside.values.get(point.name) if isinstance(point, Var) else _tabulated(point, sort, outside)
    else:
        base = outside.number(point)
    tag = (outside.tag if isinstance(outside, DualEvaluator) else 0) + 1
    inner = DualEvaluator({**outside.values, x: Lifted(tag, base, where)}, {**outside.sorts, x: sort},
                          outside.precision)
    inner.work, inner.tag, inner.outside = outside.work, tag, outside
    result = inner.number(body)
    return result.slope if isinstance(result, Dual) and result.tag == tag else _ZERO


def _tabulated(point: Any, sort: Map, outside: Evaluator) -> Any:
    """A vector or matrix that is an expression, by its entries, where these are exact; else as it is."""
    if not all(isinstance(k, Index) for k in sort.args):
        return point
    shape = tuple(outside.index(k.size) for k in sort.args if isinstance(k, Index))
    entries: dict[tuple[int, ...], Term] = {}
    for at in itertools.product(*(range(1, n + 1) for n in shape)):
        value = outside.number(App("at", (point, *map(num, at))))
        if not isinstance(value, Fraction):
            return point
        entries[at] = Num(value)
    return Table(shape, entries)


def slope(t: Bind, outside: Evaluator) -> Any:
    """The value of a ``diff`` along the real line.  Raises Unknown at corners: it may exist there all the same."""
    try:
        return partial(Bind("partial", t.names, t.sorts, (t.outer[0], App("tuple", ())), t.inner), outside)
    except Undefined as error:
        raise Unknown(str(error)) from error


def primal(x: Any) -> Number:
    """The value without any perturbation."""
    while isinstance(x, Dual):
        x = x.value
    result: Number = x
    return result


def _tags(v: Value) -> Iterator[int]:
    while isinstance(v, Lifted):
        yield v.tag
        v = v.base
    while isinstance(v, Dual):      # a number lifted twice
        yield v.tag
        v = v.value


def _moving(x: Any, tag: int) -> Any:
    """``x`` as a dual number of this tag, perhaps with slope 0; higher tags stay outside."""
    if not isinstance(x, Dual) or x.tag < tag:
        return Dual(tag, x, _ZERO)
    return x if x.tag == tag else Dual(x.tag, _moving(x.value, tag), x.slope)


def _is_zero(x: Any) -> bool:
    """Exactly 0 in every part.  Raises Unknown for a ball that is not told from 0."""
    if isinstance(x, Dual):
        return _is_zero(x.value) and _is_zero(x.slope)
    if isinstance(x, Fraction):
        return x == 0
    if not x.contains(acb(0)):
        return False
    if x == 0:
        return True
    raise Unknown("a slope not told from 0")


def _sign(x: Number) -> int:
    if isinstance(x, Fraction):
        return (x > 0) - (x < 0)
    if not x.imag.is_zero():
        raise Unknown("a corner of a value that is not certainly real")
    if x.real > 0 or x.real < 0:
        return 1 if x.real > 0 else -1
    if x == 0:
        return 0
    raise Unknown("a value not told from a corner")


class DualEvaluator(Evaluator):
    """An evaluator in which some names are lifted: its numbers may be dual."""

    tag: int = 0
    outside: Evaluator

    def _inside(self, names: Mapping[str, Value], sorts: Mapping[str, Sort]) -> Evaluator:
        inner = DualEvaluator({**self.values, **names}, {**self.sorts, **sorts}, self.precision)
        inner.work, inner.tag, inner.outside = self.work, self.tag, self.outside
        return inner

    def _matrices(self) -> Matrices:
        return DualMatrices(self)

    def _moves(self, t: Term) -> bool:
        return any(isinstance(self.values.get(n), Lifted) for n in free_names(t))

    # ------------------------------------------------------------------ numbers

    def number(self, t: Term) -> Any:
        result = self._number(t)
        if self.tag > 1 and isinstance(t, (App, Bind)):
            # a value moves with whatever its term mentions, also where an empty sum or a case hides that
            for tag in sorted({k for n in free_names(t) for k in _tags(self.values.get(n))}):
                result = _moving(result, tag)
        return result

    def _number(self, t: Term) -> Any:
        match t:
            case App("pow", (App("sqrt", (a,)), Num(e))) if e > 0 and e % 2 == 0 and self._moves(a):
                return self._apply("pow", [self.number(a), e / 2])        # with a derivative at 0 as well
            case App("cases", args) if self._moves(t):
                for guard in args[1::2]:
                    self._apart(guard)
            case Bind("diff") if self._moves(t) or self._moves(t.outer[0]):
                return slope(t, self)
            case App("density", _) if self._moves(t):
                from .parametric import moving_density

                return moving_density(t, self)
            case Bind("E" | "KL" | "integral") if self._moves(t) and not t.outer:
                from .parametric import moving_integral

                return moving_integral(t, self)
            case App("item" | "tuple", _) | Bind("iterate" | "limit" | "integral") if self._moves(t):
                raise Unknown("a derivative of a term that dual numbers do not pass through")
        return super().number(t)

    def _apart(self, guard: Term) -> None:
        """No relation of a guard is at its boundary: near the point the same case holds."""
        match guard:
            case App(head, (_, _)) if head in RELATIONS:
                self.truth(guard)
            case App(_, parts):
                for p in parts:
                    self._apart(p)

    def _variable(self, name: str) -> Any:
        value = self.values.get(name)
        if isinstance(value, Lifted):
            return Dual(value.tag, value.base, _ONE)
        return super()._variable(name)

    def _entry(self, args: tuple[Term, ...]) -> Any:
        f: Value = self.values.get(args[0].name) if isinstance(args[0], Var) else args[0]
        if isinstance(f, Lifted):
            where = tuple(self.index(a) for a in args[1:])
            return self._lifted(f, where)
        if isinstance(f, Bind) and f.head == "lambda" and len(f.names) == len(args) - 1 and any(
                isinstance(k, Map) for k in f.sorts):        # a function of a vector: its body at the vector
            self._check_range(f.sorts, args[1:])
            return self.number(substitute(f.inner[0], dict(zip(f.names, args[1:], strict=True))))
        if isinstance(f, Bind) and f.head == "lambda" and len(f.names) == len(args) - 1 and any(
                self._moves(a) for a in args[1:]):
            return self._chain(f, args[1:])
        return super()._entry(args)

    def _lifted(self, f: Any, where: tuple[int, ...]) -> Any:
        if isinstance(f, Lifted):
            return Dual(f.tag, self._lifted(f.base, where), Fraction(int(where == f.where)))
        if isinstance(f, Table):
            if where not in f.entries:
                raise Undefined(f"index {where} is out of range")
            return Evaluator({}, {}, self.precision).number(f.entries[where])
        if isinstance(f, Bind) and f.head == "lambda" and len(f.names) == len(where):
            return Evaluator({}, {}, self.precision).number(
                substitute(f.inner[0], dict(zip(f.names, map(num, where), strict=True))))
        raise Unknown("a family without values here")

    def _chain(self, f: Bind, args: tuple[Term, ...]) -> Any:
        """A function of a moving number: its own derivative must exist there, whatever the slope is."""
        moving = [k for k, a in enumerate(args) if self._moves(a)]
        if len(moving) != 1 or not isinstance(f.sorts[moving[0]], Scalar):
            raise Unknown("a function of several moving numbers")
        self._check_range(f.sorts, args)
        (k,) = moving
        u = self.number(args[k])
        by = {n: a for h, (n, a) in enumerate(zip(f.names, args, strict=True)) if h != k}
        body = substitute(f.inner[0], by)
        return self._lift_through(f.names[k], f.sorts[k], body, u)

    def _lift_through(self, name: str, sort: Sort, body: Term, u: Any) -> Any:
        """body at ``name`` = u, where u = v + d t: body(v) + body'(v) d t."""
        if not isinstance(u, Dual):
            inner = self._inside({name: Lifted(self.tag + 1, u, ())}, {name: sort})
            if isinstance(inner, DualEvaluator):
                inner.tag = self.tag + 1
            whole = inner.number(body)
            return whole.value if isinstance(whole, Dual) and whole.tag == self.tag + 1 else whole
        inner = self._inside({name: Lifted(self.tag + 1, u.value, ())}, {name: sort})
        if isinstance(inner, DualEvaluator):
            inner.tag = self.tag + 1
        whole = inner.number(body)
        if not (isinstance(whole, Dual) and whole.tag == self.tag + 1):
            return whole
        return Dual(u.tag, whole.value, self._apply("mul", [whole.slope, u.slope]))

    def index(self, t: Term) -> int:
        if self._moves(t):
            raise Unknown("an index that moves")
        return super().index(t)

    @staticmethod
    def _of_sort(x: Any, s: Sort) -> None:
        Evaluator._of_sort(primal(x), s)

    # ------------------------------------------------------------------ relations

    def _same(self, x: Any, y: Any, difference: Term | None) -> bool:
        if not isinstance(x, Dual) and not isinstance(y, Dual):
            return super()._same(x, y, difference)
        if super()._same(primal(x), primal(y), None):
            raise Undefined("a derivative at the boundary of a case")
        return False

    def _ordered(self, relation: str, a: Term, b: Term) -> bool:
        if not self._moves(a) and not self._moves(b):
            return super()._ordered(relation, a, b)
        sign = _sign(primal(self._apply("add", [self.number(a), self._apply("neg", [self.number(b)])])))
        if sign == 0:
            raise Undefined("a derivative at the boundary of a case")
        return (sign < 0) == (relation in ("<", "<="))

    # ------------------------------------------------------------------ functions

    def _power(self, base: Term, exponent: Term) -> Any:
        if not self._moves(base) and not self._moves(exponent):
            return super()._power(base, exponent)
        x, y = self.number(base), self.number(exponent)
        if not is_integer(exponent, self.sorts):
            if _sign(primal(x)) <= 0:
                raise Undefined("a real exponent over a base that is not positive")
        return self._apply("pow", [x, y])

    def _apply(self, head: str, args: list[Any]) -> Any:
        tags = [a.tag for a in args if isinstance(a, Dual)]
        if not tags:
            return super()._apply(head, args)
        spend(1)
        tag = max(tags)
        values = [a.value if isinstance(a, Dual) and a.tag == tag else a for a in args]
        slopes = [a.slope if isinstance(a, Dual) and a.tag == tag else _ZERO for a in args]
        if head in ("abs", "relu", "max", "min"):
            return self._corner(head, tag, values, slopes)
        value = self._apply(head, values)
        return Dual(tag, value, self._slope_of(head, values, slopes, value))

    def _sum(self, *xs: Any) -> Any:
        return self._apply("add", list(xs))

    def _times(self, *xs: Any) -> Any:
        return self._apply("mul", list(xs))

    def _slope_of(self, head: str, v: list[Any], d: list[Any], value: Any) -> Any:
        f = self._apply
        match head:
            case "add":
                return self._sum(*d)
            case "neg":
                return f("neg", d)
            case "mul":
                return self._sum(*(self._times(*v[:k], d[k], *v[k + 1:]) for k in range(len(v))
                                   if d[k] is not _ZERO))
            case "div":
                return f("div", [self._sum(d[0], f("neg", [self._times(value, d[1])])), v[1]])
            case "pow":
                return self._slope_of_power(v, d, value)
        if len(v) != 1:
            raise Unknown(f"no slope is computed for {head}")
        return self._times(self._outer(head, v[0], value), d[0])

    def _slope_of_power(self, v: list[Any], d: list[Any], value: Any) -> Any:
        f = self._apply
        (x, y), (dx, dy) = v, d
        n = primal(y)
        still = not isinstance(y, Dual) and _is_zero(dy)
        if still and isinstance(n, Fraction) and n.denominator == 1:
            if n == 0:
                return _ZERO
            return self._times(n, f("pow", [x, n - 1]), dx)
        if _sign(primal(x)) <= 0:
            raise Undefined("a derivative of a root or power at a base that is not positive")
        along = f("div", [self._times(y, dx), x])
        return self._times(value, along if still else self._sum(self._times(dy, f("log", [x])), along))

    def _outer(self, head: str, x: Any, value: Any) -> Any:
        """f'(x)."""
        f = self._apply
        square = self._times(x, x)
        match head:
            case "exp":
                return value
            case "log" | "sqrt":
                sign = _sign(primal(x))
                if sign == 0:
                    raise Undefined(f"the derivative of {head} at 0")
                if sign < 0:
                    raise Unknown(f"the derivative of {head} of a negative number")
                return f("div", [_ONE, x if head == "log" else self._times(_TWO, value)])
            case "sin":
                return f("cos", [x])
            case "cos":
                return f("neg", [f("sin", [x])])
            case "tan":
                return self._sum(_ONE, self._times(value, value))
            case "sinh":
                return f("cosh", [x])
            case "cosh":
                return f("sinh", [x])
            case "tanh":
                return self._sum(_ONE, f("neg", [self._times(value, value)]))
            case "atan":
                return f("div", [_ONE, self._sum(_ONE, square)])
            case "asinh":
                return f("div", [_ONE, f("sqrt", [self._sum(_ONE, square)])])
            case "erf":
                return f("div", [self._times(_TWO, f("exp", [f("neg", [square])])), f("sqrt", [f("pi", [])])])
            case "gamma":
                return self._times(value, f("digamma", [x]))
            case "sign":
                if _sign(primal(x)) == 0:
                    raise Undefined("the derivative of a jump")
                return _ZERO
            case "floor" | "ceiling":
                if to_ball(primal(x)).contains_integer():
                    raise Undefined("the derivative of a jump") if isinstance(primal(x), Fraction) else Unknown(
                        "a value not told from an integer")
                return _ZERO
            case _:
                raise Unknown(f"no slope is computed for {head}")

    def _minus(self, a: Any, b: Any) -> Any:
        return self._sum(a, self._apply("neg", [b]))

    def _corner(self, head: str, tag: int, v: list[Any], d: list[Any]) -> Any:
        """max and min one pair after the other; abs and relu by the sign of their argument."""
        if head in ("max", "min") and len(v) > 2:
            rest = self._corner(head, tag, v[1:], d[1:])
            return self._corner(head, tag, [v[0], rest.value], [d[0], rest.slope])
        if len(v) == 1 and head in ("max", "min"):
            return Dual(tag, v[0], d[0])
        apart, moves = (self._minus(*v), self._minus(*d)) if len(v) == 2 else (v[0], d[0])
        sign = _sign(primal(apart))
        if sign == 0 and (isinstance(apart, Dual) or not _is_zero(moves)):
            raise Undefined("a derivative at a corner")
        match head:
            case "abs":
                return Dual(tag, self._times(Fraction(sign), v[0]), self._times(Fraction(sign), d[0]))
            case "relu":
                return Dual(tag, v[0], d[0]) if sign > 0 else Dual(tag, _ZERO, _ZERO)
            case _:
                k = 0 if (sign > 0) == (head == "max") else 1
                return Dual(tag, v[k], d[k])


class DualMatrices(Matrices):
    """Matrices of dual numbers: products, traces, and elimination with pivots that are not 0."""

    def _variable(self, name: str, t: Term) -> Rows:
        if not isinstance(self.at.values.get(name), Lifted):
            return super()._variable(name, t)
        n, m = self._sizes(t)
        sort = self.at.sorts[name]
        one = isinstance(sort, Map) and len(sort.args) == 1
        return [[self.at.number(App("at", (t, num(i)) if one else (t, num(i), num(j)))) for j in range(1, m + 1)]
                for i in range(1, n + 1)]


__all__ = ["Dual", "DualEvaluator", "Lifted", "partial", "primal", "slope"]
