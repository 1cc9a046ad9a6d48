"""Values at a point: exact rationals where possible, else rigorous balls.

``Undefined`` (a division by 0, log 0, an index out of range) and ``Unknown`` (a limit, a sign that
no precision tried could decide, a budget) are exceptions, never values: nothing can be concluded
from them.  Functions are principal branches; python-flint's ``acb`` encloses both sides when a ball
straddles a cut (Johansson, Arb, IEEE Trans. Computers 66 (2017) 1281-1292).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import comb, prod
from typing import TYPE_CHECKING, Any, TypeAlias

from flint import acb, arb, ctx, fmpq, fmpz

from .effort import spend
from .kinds import is_integer, is_real, kind
from .matrix_terms import ABOUT_MATRIX, MATRIX, OF_MATRIX
from .term import (
    OO, REAL, App, Bind, Index, Law, Map, Num, Scalar, Sort, Space, Term, Var, app, num, show, substitute, sub,
)

if TYPE_CHECKING:
    from .matrix_values import Matrices

MAX_SUMMANDS = 20_000
MAX_STEPS = 100_000      # nodes visited in one evaluation: nested sums multiply
MAX_BITS = 60_000
PRECISIONS = (64, 256, 1024)


class Undefined(Exception):
    """The term has no value at this point."""


class Infinite(Undefined):
    """A divergence that is oo: no number, but a value for the divergence that stands alone on its side."""

    def __init__(self, divergence: Term) -> None:
        super().__init__("an infinite KL")
        self.divergence = divergence


class Unknown(Exception):
    """The value or the truth could not be decided here."""


class Exhausted(Unknown):
    """The budget of evaluation steps is used up: more digits would not help."""


@dataclass(frozen=True, slots=True)
class Table:
    """The values of a family at its index tuples (1-based)."""

    shape: tuple[int, ...]
    entries: Mapping[tuple[int, ...], Term]


Number: TypeAlias = Fraction | acb
Value: TypeAlias = Any  # Term (closed number, lambda), Table, or a finite law (see finite.py)


def to_ball(x: Number) -> acb:
    return acb(arb(fmpq(x.numerator, x.denominator))) if isinstance(x, Fraction) else x


def real_ball(x: Number) -> arb:
    """Raises Unknown unless certainly real."""
    z = to_ball(x)
    if not (z.imag.is_zero() and z.real.is_finite()):
        raise Unknown("a comparison of values that are not certainly real")
    return z.real


#: Parts of complex numbers: of i or 3 - 2i they are exact, and comparisons need to know.
_PARTS = {"re", "im", "abs", "mul", "pow", "conj", "floor", "ceiling"}


def _exact_ball(z: acb) -> Number:
    """The rational number that a ball of radius 0 on the real line is."""
    if not (z.imag.is_zero() and z.real.is_exact()):
        return z
    mantissa, exponent = z.real.man_exp()
    if not -4_000 < int(exponent) < 4_000:
        return z
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _finite(z: acb) -> acb:
    if not z.is_finite():
        raise Unknown("a value that no ball of this precision encloses")
    return z


def _bits(x: Fraction) -> int:
    return max(x.numerator.bit_length(), x.denominator.bit_length())


class Evaluator:
    """Evaluates terms at a point; ``values`` may hold tables, lambdas, laws and closed terms."""

    def __init__(self, values: Mapping[str, Value], sorts: Mapping[str, Sort], precision: int) -> None:
        self.values, self.sorts, self.precision = values, sorts, precision
        self.work = [MAX_STEPS]

    def _inside(self, names: Mapping[str, Value], sorts: Mapping[str, Sort]) -> Evaluator:
        inner = Evaluator({**self.values, **names}, {**self.sorts, **sorts}, self.precision)
        inner.work = self.work
        return inner

    # ------------------------------------------------------------------ numbers

    def number(self, t: Term) -> Number:
        spend(1)
        self.work[0] -= 1
        if self.work[0] < 0:
            raise Exhausted("the evaluation budget is used up")
        match t:
            case Num(value):
                return value
            case Var(name):
                return self._variable(name)
            case App("at", args):
                return self._entry(args)
            case App("item", (whole, Num(k))):
                parts = self.items(whole)
                if not 1 <= k <= len(parts):
                    raise Undefined(f"there is no component {k}")
                return parts[int(k) - 1]
            case App("cases", args):
                for branch, guard in zip(args[0::2], args[1::2], strict=True):
                    if self.truth(guard):
                        return self.number(branch)
                raise Undefined("no case applies")
            case App(head, _) if head in MATRIX or head in OF_MATRIX:
                return self._of_matrix(t)
            case App("delta", (a, b)):
                return Fraction(int(self.truth(app("=", a, b))))
            case App("density", _):
                return self._density(t)
            case App("pow", (base, exponent)) if not isinstance(exponent, Num):
                return self._power(base, exponent)
            case App(head, args):
                return self._apply(head, [self.number(a) for a in args])
            case Bind("sum" | "prod"):
                return self._series(t)
            case Bind("maximum"):
                values = [inner.number(t.inner[0]) for inner in self.range(t)]
                if not values:
                    raise Undefined("the largest of no values")
                return self._apply("max", values)
            case Bind("E" | "KL" | "integral") if any(isinstance(s, Space) for s in t.sorts):
                return self._density(t)
            case Bind("expect"):
                from .joint_laws import expectation

                return expectation(t, self)
            case Bind("diff"):
                return self._derivative(t)
            case Bind("partial"):
                from .dual import partial

                result: Number = partial(t, self)
                return result
            case Bind("integral") if t.outer:
                from .enclosure import integral

                return integral(t, self)
            case Bind():
                raise Unknown(f"no value is computed for {t.head}")

    def _matrices(self) -> Matrices:
        from .matrix_values import Matrices

        return Matrices(self)

    def _of_matrix(self, t: Term) -> Number:
        found: Number = self._matrices().number(t)
        return found

    def apply(self, head: str, args: list[Number]) -> Number:
        """A head of arithmetic at numbers already computed."""
        return self._apply(head, args)

    def same(self, x: Number, y: Number, difference: Term | None) -> bool:
        return self._same(x, y, difference)

    def closed(self) -> Evaluator:
        """For closed terms: the entries of a table."""
        inner = Evaluator({}, {}, self.precision)
        inner.work = self.work
        return inner

    def _derivative(self, t: Bind) -> Number:
        from .derivative import NoDerivative, at_point

        try:
            result, guards = at_point(t, self.sorts)
        except NoDerivative as error:
            if t.sorts[0] != REAL:
                raise Unknown(str(error)) from error
            from .dual import slope

            dual: Number = slope(t, self)       # of an opaque function that has values here
            return dual
        for g in guards:
            if not self._guard(g):
                raise Unknown("a derivative where its rule does not apply")
        self.number(substitute(t.inner[0], {t.names[0]: t.outer[0]}))      # defined at the point
        return self.number(result)

    def _guard(self, g: Term) -> bool:
        """A guard at the point; one that speaks of all points of a range is shown by signs."""
        if not (isinstance(g, Bind) and g.head == "forall" and all(isinstance(s, Scalar) for s in g.sorts)):
            return self.truth(g)
        from .claim import Sequent
        from .prove import discharge

        closed = substitute(g, {n: Num(v) if isinstance(v, Fraction) else v for n, v in self.values.items()
                                if isinstance(v, (Fraction, Num, App))})
        return not discharge((closed,), Sequent(self.sorts, (), closed))

    def _power(self, base: Term, exponent: Term) -> Number:
        """A symbolic exponent that is not an integer needs a positive base (as in ``definedness``)."""
        x, y = self.number(base), self.number(exponent)
        if not is_integer(exponent, self.sorts) and not is_real(base, self.sorts):
            _nonzero(to_ball(x))
        elif not is_integer(exponent, self.sorts) and not (
                isinstance(y, Fraction) and y.denominator == 1 and kind(exponent, self.sorts) == "rational"):
            if isinstance(x, Fraction) and x <= 0 or isinstance(x, acb) and not x.real > 0:
                raise Undefined("a real exponent over a base that is not positive")
        return self._apply("pow", [x, y])

    def _over_laws(self, t: Term) -> bool:
        return isinstance(t, App) or isinstance(t, Bind) and any(isinstance(s, Space) for s in t.sorts)

    def _density(self, t: Term) -> Number:
        """Densities, expectations and integrals over finite laws."""
        from .finite import evaluate_density

        result: Number = evaluate_density(t, self)
        return result

    def _variable(self, name: str) -> Number:
        value = self.values.get(name)
        if isinstance(value, Fraction):
            return value
        if isinstance(self.sorts.get(name), Space):
            from .finite import number_of, state_of

            return number_of(state_of(Var(name), self))
        if isinstance(value, (Num, Var, App)):
            return Evaluator({}, {}, self.precision).number(value)
        raise Unknown(f"{name} has no number here")

    def _entry(self, args: tuple[Term, ...]) -> Number:
        f: Value = args[0]
        if isinstance(f, App):
            return self._of_matrix(App("at", args))
        if isinstance(f, Var):
            f = self.values.get(f.name)
        if isinstance(f, Bind) and f.head == "lambda":
            if len(f.names) != len(args) - 1:
                raise Unknown("a function with the wrong number of arguments")
            self._check_range(f.sorts, args[1:])
            return self.number(substitute(f.inner[0], dict(zip(f.names, args[1:], strict=True))))
        if not isinstance(f, Table):
            from .finite import Values, entry

            if isinstance(f, Values):
                return entry(f, args[1:], self)
            raise Unknown("a function without values here")
        where = tuple(self.index(a) for a in args[1:])
        if where not in f.entries:
            raise Undefined(f"index {where} is out of range")
        return Evaluator({}, {}, self.precision).number(f.entries[where])

    def _check_range(self, sorts: tuple[Sort, ...], args: tuple[Term, ...]) -> None:
        for s, a in zip(sorts, args, strict=True):
            if isinstance(s, Index) and not 1 <= self.index(a) <= self.index(s.size):
                raise Undefined("an index out of range")
            if isinstance(s, Scalar):
                self._of_sort(self.number(a), s)

    @staticmethod
    def _of_sort(x: Number, s: Sort) -> None:
        """Raises Undefined for a value that is not of the sort, Unknown for one that may not be."""
        if not isinstance(s, Scalar) or s.kind == "complex":
            return
        if isinstance(x, Fraction):
            if s.kind == "integer" and x.denominator != 1:
                raise Undefined("a value that is no integer")
        elif not x.imag.contains(arb(0)):
            raise Undefined("a value that is not real")
        elif s.kind != "real" or not x.imag.is_zero():
            raise Unknown(f"a value that is not certainly {s.kind}")

    def index(self, t: Term) -> int:
        value = self.number(t)
        if not isinstance(value, Fraction) or value.denominator != 1:
            raise Unknown(f"{show(t)} is not an exact integer here")
        return int(value)

    def items(self, t: Term) -> list[Number]:
        """The components of a tuple."""
        match t:
            case App("tuple", parts):
                return [self.number(p) for p in parts]
            case Bind("iterate"):
                return self._iterate(t)
            case App("cases", args):
                for value, guard in zip(args[0::2], args[1::2], strict=True):
                    if self.truth(guard):
                        return self.items(value)
                raise Undefined("no case applies")
            case _:
                raise Unknown(f"not a tuple: {show(t)[:60]}")

    def _iterate(self, t: Bind) -> list[Number]:
        steps = self.index(t.outer[0])
        if steps < 0:
            raise Undefined("a negative number of steps")
        if steps > 2000:
            raise Unknown("more than 2000 steps")
        state = dict(zip(t.names, self.items(t.outer[1]), strict=True))
        sorts = dict(zip(t.names, t.sorts, strict=True))
        for name, x in state.items():
            self._of_sort(x, sorts[name])
        for _ in range(steps):
            for line in t.inner:
                if not (isinstance(line, App) and line.head == "assign"):
                    raise Unknown("an iteration line that assigns nothing")
                target, value = line.args
                inner = self._numbers_inside(state, t)
                if isinstance(target, App):
                    new = inner.items(value)
                    for one, v in zip(target.args, new, strict=True):
                        if isinstance(one, Var):
                            self._of_sort(v, sorts[one.name])
                            state[one.name] = v
                elif isinstance(target, Var):
                    state[target.name] = inner.number(value)
                    self._of_sort(state[target.name], sorts[target.name])
        return [state[n] for n in t.names]

    def _numbers_inside(self, state: Mapping[str, Number], t: Bind) -> Evaluator:
        return _WithNumbers(self, state, dict(zip(t.names, t.sorts, strict=True)))

    def _series(self, t: Bind) -> Number:
        total: Number = Fraction(0 if t.head == "sum" else 1)
        for inner in self.range(t):
            if not inner.truth(t.inner[0]):
                continue
            value = inner.number(t.inner[1])
            total = self._apply("add" if t.head == "sum" else "mul", [total, value])
        return total

    def range(self, t: Bind) -> list[Evaluator]:
        """One evaluator for each value of the bound names (a finite range)."""
        if t.outer:
            if OO in t.outer or app("neg", OO) in t.outer:
                raise Unknown("an infinite range")
            low, high = (self.index(u) for u in t.outer)
            ranges: list[Any] = [range(low, high + 1)]
        else:
            ranges = []
            for s in t.sorts:
                if isinstance(s, Space) and t.head in ("forall", "exists"):
                    from .finite import states

                    ranges.append(states(s.measure, self))
                    continue
                if not isinstance(s, Index):
                    raise Unknown(f"{t.head} over a range that is not finite")
                ranges.append(range(1, self.index(s.size) + 1))
        count = 1
        for r in ranges:
            count *= len(r)
        if count > MAX_SUMMANDS:
            raise Unknown(f"a range of more than {MAX_SUMMANDS} values")
        sorts = dict(zip(t.names, t.sorts, strict=True))
        return [
            self._inside({n: Fraction(v) if isinstance(v, int) else v
                          for n, v in zip(t.names, point, strict=True)}, sorts)
            for point in itertools.product(*ranges)
        ]

    def _apply(self, head: str, args: list[Number]) -> Number:
        if all(isinstance(a, Fraction) for a in args):
            exact = _exact(head, [a for a in args if isinstance(a, Fraction)])
            if exact is not None:
                if _bits(exact) > MAX_BITS:
                    raise Unknown("a number of too many digits")
                return exact
        found = _finite(_ball(head, [to_ball(a) for a in args]))
        return _exact_ball(found) if head in _PARTS else found

    # ------------------------------------------------------------------ formulas

    def truth(self, t: Term) -> bool:
        match t:
            case App("true", ()):
                return True
            case App("false", ()):
                return False
            case App("not", (a,)):
                return not self.truth(a)
            case App("and", args):
                return self._connective(args, False)
            case App("or", args):
                return self._connective(args, True)
            case App("implies", (a, b)):
                return not self.truth(a) or self.truth(b)
            case App("iff", (a, b)):
                return self.truth(a) == self.truth(b)
            case App("=" | "!=" | "<" | "<=" | ">" | ">=" as relation, (a, b)) if (
                    (_divergence(a) or _divergence(b)) and True in (infinite := [self._infinite(u) for u in (a, b)])):
                return _of_infinite(relation, *infinite)
            case App("=", (a, b)):
                return self._equal(a, b)
            case App("!=", (a, b)):
                return not self._equal(a, b)
            case App("<" | "<=" | ">" | ">=" as relation, (a, b)):
                return self._ordered(relation, a, b)
            case App("in", (a, App("integers" | "rationals" | "reals" as where, ()))):
                value = self.number(a)
                if isinstance(value, Fraction):
                    return where != "integers" or value.denominator == 1
                if where == "integers" and not value.contains_integer():
                    return False
                if not value.imag.contains(arb(0)):
                    return False
                if where == "reals" and value.imag.is_zero():
                    return True
                raise Unknown("membership of an inexact number")
            case App("finite", (a,)):
                self.number(a)
                return True
            case App("regular", _):     # finite sums may be differentiated term by term
                from .finite import FiniteLaw

                laws = [self.values.get(n) for n, s in self.sorts.items() if isinstance(s, Law)]
                if laws and all(isinstance(v, FiniteLaw) and all(m > 0 for m in v.masses.values()) for v in laws):
                    return True
                raise Unknown("regularity of laws that are no finite tables")
            case App(head, _) if head in ABOUT_MATRIX:
                return self._matrices().truth(t)
            case Bind("forall", (_,), (Map((Index(),), Scalar("real")),)):
                from .quadratic_values import for_every_vector

                return for_every_vector(t, self)
            case Bind("forall" | "exists"):
                wanted = t.head == "exists"
                for inner in self.range(t):
                    if inner.truth(t.inner[0]) and inner.truth(t.inner[1]) == wanted:
                        return wanted
                return not wanted
            case _:
                raise Unknown(f"no truth value is computed for {show(t)[:60]}")

    def _infinite(self, side: Term) -> bool:
        """Whether a side is oo: written so, or the value of a divergence.  Raises Undefined for one without a value."""
        if side == OO:
            return True
        try:
            self.number(side)
        except Infinite as error:
            if _divergence(side) and error.divergence == side:
                return True
            raise
        return False

    def _connective(self, args: tuple[Term, ...], decisive: bool) -> bool:
        doubt: Exception | None = None
        for a in args:
            try:
                if self.truth(a) == decisive:
                    return decisive
            except (Undefined, Unknown) as error:
                doubt = doubt or error
        if doubt is not None:
            raise doubt
        return not decisive

    def _is_tuple(self, t: Term) -> bool:
        return isinstance(t, App) and t.head == "tuple" or isinstance(t, Bind) and t.head == "iterate"

    def _equal(self, a: Term, b: Term) -> bool:
        if self._is_tuple(a) or self._is_tuple(b):
            left, right = self.items(a), self.items(b)
            if len(left) != len(right):
                raise Undefined("tuples of different length")
            return all(self._same(x, y, None) for x, y in zip(left, right, strict=True))
        return self._same(self.number(a), self.number(b), sub(a, b))

    def _same(self, x: Number, y: Number, difference: Term | None) -> bool:
        if isinstance(x, Fraction) and isinstance(y, Fraction):
            return x == y
        if not to_ball(x).overlaps(to_ball(y)):
            return False
        if difference is not None and self.constant_zero(difference):
            return True
        raise Unknown("two inexact values whose balls overlap")

    def constant_zero(self, t: Term) -> bool:
        """Whether the normal form of the constant ``t`` is 0 (numbers put in for names first)."""
        from .claim import Sequent
        from .field import CannotNormalise, Field

        closed = self._close(t)
        if closed is None:
            return False
        try:
            return Field(Sequent({}, (), closed)).is_zero(closed)
        except CannotNormalise:
            return False

    def _close(self, t: Term) -> Term | None:
        """``t`` with numbers for its names, sums over finite ranges written out; None if impossible."""
        match t:
            case Num():
                return t
            case Var(name):
                value = self.values.get(name)
                return Num(value) if isinstance(value, Fraction) else (
                    value if isinstance(value, (Num, App)) else None)
            case App("at", args):
                from .finite import State

                try:
                    f = self.values.get(args[0].name) if isinstance(args[0], Var) else args[0]
                    if isinstance(f, Table):
                        return f.entries.get(tuple(self.index(a) for a in args[1:]))
                    if any(isinstance(self.values.get(a.name), State) for a in args if isinstance(a, Var)):
                        value = self.number(t)
                        return Num(value) if isinstance(value, Fraction) else None
                    if isinstance(f, Bind) and f.head == "lambda":
                        self._check_range(f.sorts, args[1:])
                        return self._close(
                            substitute(f.inner[0], dict(zip(f.names, args[1:], strict=True))))
                except (Unknown, Undefined):
                    return None
                return None
            case App("density", _) | Bind("E" | "KL" | "integral") if self._over_laws(t):
                from .finite import close_density

                try:
                    return close_density(t, self)
                except (Unknown, Undefined):
                    return None
            case Bind("expect"):
                from .joint_laws import close_expectation

                try:
                    return close_expectation(t, self)
                except (Unknown, Undefined):
                    return None
            case App("delta", _):
                try:
                    value = self.number(t)
                except (Unknown, Undefined):
                    return None
                return Num(value) if isinstance(value, Fraction) else None
            case App(head, args):
                parts = [self._close(a) for a in args]
                return None if any(p is None for p in parts) else App(
                    head, tuple(p for p in parts if p is not None))
            case Bind("maximum"):
                try:
                    closed = [inner._close(t.inner[0]) for inner in self.range(t)]
                except (Unknown, Undefined):
                    return None
                found = tuple(p for p in closed if p is not None)
                return App("max", found) if found and len(found) == len(closed) <= 200 else None
            case Bind("sum" | "prod"):
                out = []
                try:
                    for inner in self.range(t):
                        if inner.truth(t.inner[0]):
                            out.append(inner._close(t.inner[1]))
                except (Unknown, Undefined):
                    return None
                if any(p is None for p in out) or len(out) > 200:
                    return None
                return App("add" if t.head == "sum" else "mul", tuple(p for p in out if p is not None))
            case _:
                return None

    def _ordered(self, relation: str, a: Term, b: Term) -> bool:
        if relation in (">", ">="):
            a, b, relation = b, a, "<" if relation == ">" else "<="
        x, y = self.number(a), self.number(b)
        if isinstance(x, Fraction) and isinstance(y, Fraction):
            return x < y if relation == "<" else x <= y
        left, right = self._real(x, a), self._real(y, b)
        if left < right:
            return True
        if left > right:
            return False
        if self.constant_zero(sub(a, b)):
            return relation == "<="
        raise Unknown("two inexact values whose balls overlap")

    def _real(self, x: Number, t: Term) -> arb:
        if isinstance(x, acb) and is_real(t, self.sorts):
            return x.real
        return real_ball(x)


class _WithNumbers(Evaluator):
    """An evaluator whose bound names stand for numbers already computed (perhaps balls)."""

    numbers: Mapping[str, Number]

    def __init__(self, base: Evaluator, numbers: Mapping[str, Number], sorts: Mapping[str, Sort]) -> None:
        numbers = {**(base.numbers if isinstance(base, _WithNumbers) else {}), **numbers}
        # a state hides a declared name that is called like it, also inside sums and quantifiers
        values = {n: v for n, v in base.values.items() if n not in numbers}
        super().__init__(values, {**base.sorts, **sorts}, base.precision)
        self.work, self.numbers = base.work, numbers

    def _inside(self, names: Mapping[str, Value], sorts: Mapping[str, Sort]) -> Evaluator:
        kept = {n: x for n, x in self.numbers.items() if n not in names}
        return _WithNumbers(super()._inside(names, sorts), kept, {})

    def _variable(self, name: str) -> Number:
        return self.numbers[name] if name in self.numbers else super()._variable(name)

    def _close(self, t: Term) -> Term | None:
        return None


# -------------------------------------------------------------------------- functions


def _exact(head: str, a: list[Fraction]) -> Fraction | None:
    """The exact value, or None where a ball must do.  Raises Undefined, Unknown."""
    match head, a:
        case "add", _:
            return sum(a, Fraction(0))
        case "mul", _:
            product = Fraction(1)
            for x in a:
                product *= x
                if _bits(product) > MAX_BITS:
                    raise Unknown("a number of too many digits")
            return product
        case "neg", [x]:
            return -x
        case "div", [x, y]:
            if y == 0:
                raise Undefined("a division by 0")
            return x / y
        case "pow", [x, y]:
            return _power(x, y)
        case "sqrt", [x]:
            return _root(x, 2)
        case ("exp" | "cosh" | "cos" | "sec"), [x] if x == 0:
            return Fraction(1)
        case ("sin" | "tan" | "sinh" | "tanh" | "asin" | "atan" | "asinh" | "atanh" | "erf"), [x] if x == 0:
            return Fraction(0)
        case "log", [x]:
            if x == 0:
                raise Undefined("log of 0")
            return Fraction(0) if x == 1 else None
        case ("cot" | "csc" | "coth"), [x] if x == 0:
            raise Undefined(f"{head} of 0")
        case "atanh", [x] if abs(x) == 1:
            raise Undefined("atanh of 1 or -1")
        case "abs", [x]:
            return abs(x)
        case "sign", [x]:
            return Fraction((x > 0) - (x < 0))
        case ("re" | "conj"), [x]:
            return x
        case "im", [x]:
            return Fraction(0)
        case "arg", [x]:
            if x == 0:
                raise Undefined("arg of 0")
            return Fraction(0) if x > 0 else None
        case "floor", [x]:
            return Fraction(x.numerator // x.denominator)
        case "ceiling", [x]:
            return Fraction(-((-x.numerator) // x.denominator))
        case "max", _:
            return max(a)
        case "min", _:
            return min(a)
        case "relu", [x]:
            return max(x, Fraction(0))
        case "mod", [x, y]:
            if y == 0:
                raise Undefined("a remainder modulo 0")
            return x - y * ((x / y).numerator // (x / y).denominator)
        case "factorial", [x] if x.denominator == 1:
            if x < 0:
                raise Undefined("the factorial of a negative integer")
            return _rising(Fraction(1), int(x))
        case "gamma", [x] if x.denominator == 1:
            if x <= 0:
                raise Undefined("gamma at a pole")
            return _rising(Fraction(1), int(x) - 1)
        case "rgamma", [x] if x.denominator == 1:
            return Fraction(0) if x <= 0 else 1 / _rising(Fraction(1), int(x) - 1)
        case "digamma", [x] if x.denominator == 1 and x <= 0:
            raise Undefined("digamma at a pole")
        case "binomial", [n, k] if k.denominator == 1:
            if n.denominator == 1 and n >= 0:
                if n > 5000:
                    raise Unknown("a binomial of too many digits")
                return Fraction(comb(int(n), int(k)) if k >= 0 else 0)
            if k < 0:      # Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., (5.1)
                return Fraction(0)
            return _rising(n - k + 1, int(k)) / _rising(Fraction(1), int(k))
        case "rising", [x, k] if k.denominator == 1 and k >= 0:
            return _rising(x, int(k))
        case "falling", [x, k] if k.denominator == 1 and k >= 0:
            return _rising(x - k + 1, int(k))
        case "fibonacci", [n] if n.denominator == 1 and abs(n) <= 5000:
            return Fraction(int(fmpz.fib_ui(fmpz(int(abs(n)))))) * (-1 if n < 0 and n % 2 == 0 else 1)
        case "tribonacci", [n] if n.denominator == 1 and abs(n) <= 3000:
            return _tribonacci(int(n))
        case "factorial2", [n] if n.denominator == 1:
            if n < -1:
                raise Undefined("the double factorial of a number below -1")
            if n > 3000:
                raise Unknown("a double factorial of too many digits")
            return Fraction(prod(range(int(n), 0, -2)))
        case ("fibonacci" | "tribonacci" | "factorial2"), [n] if n.denominator != 1:
            raise Undefined(f"{head} at no integer")
        case "harmonic", [n] if n.denominator == 1:
            if n < 0:
                raise Undefined("a harmonic number of negative index")
            if n > 3000:
                raise Unknown("a harmonic number of too many digits")
            return sum((Fraction(1, k) for k in range(1, int(n) + 1)), Fraction(0))
        case _:
            return None


def _rising(x: Fraction, k: int) -> Fraction:
    if k > 3000:
        raise Unknown("a product of too many factors")
    product = Fraction(1)
    for j in range(k):
        product *= x + j
    return product


def _tribonacci(n: int) -> Fraction:
    a, b, c = 0, 1, 1
    for _ in range(n):
        a, b, c = b, c, a + b + c
    for _ in range(-n):
        a, b, c = c - a - b, a, b
    return Fraction(a)


def _power(x: Fraction, y: Fraction) -> Fraction | None:
    if y.denominator != 1:
        if x == 0:
            if y < 0:
                raise Undefined("a negative power of 0")
            return Fraction(0)
        root = _root(x, y.denominator)
        return None if root is None or x < 0 else _power(root, Fraction(y.numerator))
    n = int(y)
    if x == 0 and n < 0:
        raise Undefined("a negative power of 0")
    if abs(n) > 1 and abs(x) != 1 and x != 0 and abs(n) * max(1, _bits(x) - 1) > MAX_BITS:
        raise Unknown("a power of too many digits")
    if abs(x) == 1:
        return x if n % 2 else Fraction(1)
    return x**n


def _root(x: Fraction, q: int) -> Fraction | None:
    if x < 0 or q > 64:
        return None
    parts = []
    for part in (x.numerator, x.denominator):
        r = round(part ** (1 / q)) if part < 2**52 else int(fmpz(part).root(q))
        if r**q != part:
            return None
        parts.append(r)
    return Fraction(parts[0], parts[1])


def _ball(head: str, z: list[acb]) -> acb:
    simple = _SIMPLE.get(head)
    if simple is not None:
        return simple(*z)
    match head, z:
        case "add", _:
            total = acb(0)
            for x in z:
                total += x
            return total
        case "mul", _:
            product = acb(1)
            for x in z:
                product *= x
            return product
        case "div", [x, y]:
            return x / _nonzero(y)
        case "pow", [x, y]:
            return _ball_power(x, y)
        case "log", [x]:
            return _nonzero(x).log()
        case "max" | "min", _:
            best = real_ball(z[0])
            for x in z[1:]:
                best = best.max(real_ball(x)) if head == "max" else best.min(real_ball(x))
            return acb(best)
        case "relu", [x]:
            return acb(real_ball(x).max(arb(0)))
        case "abs", [x]:
            return acb(abs(x))
        case "sign", [x]:
            return acb(real_ball(x).sgn()) if x.imag.is_zero() else x / abs(_nonzero(x))
        case "re", [x]:
            return acb(x.real)
        case "im", [x]:
            return acb(x.imag)
        case "arg", [x]:
            return acb(_nonzero(x).arg())
        case ("floor" | "ceiling"), [x]:
            r = real_ball(x)
            down = (r.floor() if head == "floor" else r.ceil())
            if not down.is_exact():
                raise Unknown("a floor at a value not told from an integer")
            return acb(down)
        case "factorial", [x]:
            return (x + 1).gamma()
        case "binomial", [n, k]:
            return (n + 1).gamma() * (k + 1).rgamma() * (n - k + 1).rgamma()
        case "acot", [x]:      # the principal value at 0 is pi/2
            return acb(arb.pi()) / 2 if x == 0 else (1 / _nonzero(x)).atan()
        case "atan2", [y, x]:
            if y == 0 and x == 0:
                raise Undefined("atan2 at the origin")
            return acb(arb.atan2(real_ball(y), real_ball(x)))
        case "pi", []:
            return acb(arb.pi())
        case "e", []:
            return acb(1).exp()
        case "i", []:
            return acb(0, 1)
        case "rising", [x, k]:
            return (x + k).gamma() * x.rgamma()
        case "falling", [x, k]:
            return (x + 1).gamma() * (x - k + 1).rgamma()
        case _:
            raise Unknown(f"no value is computed for {head}")


def _nonzero(z: acb) -> acb:
    if z == 0:
        raise Undefined("a division by 0, or log 0")
    if z.contains(acb(0)):
        raise Unknown("a divisor not told from 0")
    return z


def _ball_power(x: acb, y: acb) -> acb:
    if y.imag.is_zero() and y.real.is_exact() and y.real.is_integer():
        n = int(float(y.real)) if abs(y.real) < 2**50 else None
        if n is not None:
            return _nonzero(x) ** n if n < 0 else x**n
    if x == 0:
        if real_ball(y) > 0:
            return acb(0)
        raise Undefined("a power of 0")
    return (y * _nonzero(x).log()).exp()


_SIMPLE: dict[str, Callable[..., acb]] = {
    "neg": lambda x: -x, "exp": acb.exp, "sqrt": acb.sqrt, "sin": acb.sin, "cos": acb.cos,
    "tan": acb.tan, "cot": acb.cot, "sec": acb.sec, "csc": acb.csc, "sinh": acb.sinh,
    "cosh": acb.cosh, "tanh": acb.tanh, "coth": acb.coth, "asin": acb.asin, "acos": acb.acos,
    "atan": acb.atan, "asinh": acb.asinh, "acosh": acb.acosh, "atanh": acb.atanh, "erf": acb.erf,
    "gamma": acb.gamma, "rgamma": acb.rgamma, "digamma": acb.digamma, "conj": acb.conjugate,
}


def at_precisions(values: Mapping[str, Value], sorts: Mapping[str, Sort],
                  question: Callable[[Evaluator], Any]) -> Any:
    """Ask at rising precision until the answer is certain.  Raises Undefined, Unknown."""
    old = ctx.prec
    doubt: Exception = Unknown("nothing was tried")
    try:
        for precision in PRECISIONS:
            ctx.prec = precision
            try:
                return question(Evaluator(values, sorts, precision))
            except Exhausted:
                raise
            except Unknown as error:
                doubt = error
        raise doubt
    except (OverflowError, ValueError, ZeroDivisionError, RecursionError) as error:
        raise Unknown(f"the evaluation failed: {error}") from error
    finally:
        ctx.prec = old


def _divergence(t: Term) -> bool:
    return isinstance(t, Bind) and t.head == "KL"


def _of_infinite(relation: str, left: bool, right: bool) -> bool:
    """Of two sides of which one or both are oo; the other is a number."""
    if relation in ("=", "!="):
        return (left == right) == (relation == "=")
    if relation in (">", ">="):
        left, right, relation = right, left, "<" if relation == ">" else "<="
    return right and not left or relation == "<=" and left and right


def truth(formula: Term, values: Mapping[str, Value], sorts: Mapping[str, Sort]) -> bool:
    """Raises Undefined, Unknown."""
    return bool(at_precisions(values, sorts, lambda e: e.truth(formula)))


def value(t: Term, values: Mapping[str, Value], sorts: Mapping[str, Sort]) -> Number:
    """Exact rational, or a ball of 64 bits or more.  Raises Undefined, Unknown."""
    result: Number = at_precisions(values, sorts, lambda e: e.number(t))
    return result


__all__ = ["Evaluator", "Number", "Scalar", "Table", "Undefined", "Unknown", "Value", "num", "truth", "value"]
