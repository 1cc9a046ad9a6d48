"""The structural derivative, with the guards under which each step is right.

    d/dx of the body, at a point where every guard holds, is the term that the rules give
    ----------------------------------------------------------------------------------------
    diff(x at a: body) = derivative(body, x)[a/x]                conditions: the guards at a

Guards: a denominator, a log or a root stands on a nonzero argument that is real near the point (along
the cut the principal branch of a real argument of one sign is smooth) or off the cut (-oo, 0]; abs, relu,
max, min, sign, floor off their corners and jumps; inverse functions off their cuts; the two sides of a
relation that selects a case differ (so the case is the same near the point).  (DLMF 4.7, 4.20, 4.24, 4.34,
4.38 for the formulas.)  Where the guards hold, the derivative is continuous, unless it contains the
derivative of an opaque function.

An opaque function f: diff(y at u: f(y)) * du under the guard finite(diff(y at u: f(y))), the chain rule.

An integral with finite ends (Leibniz; Rudin, Principles of Mathematical Analysis, 3rd ed., Theorem 9.42
with Theorem 6.20):

    f and df/dx are continuous at (y, x) for all y between a and b                     (``continuity``)
    ----------------------------------------------------------------------------------------------
    d/dx integral(y from a to b: f) = f[b/y] b' - f[a/y] a' + integral(y from a to b: df/dx)

The guards are open conditions and the range is compact, so they hold for all x near the point as well.

The guards suffice; they need not be necessary (x |x| has a derivative at 0), so none of them refutes.

Along an entry of a family (``partial``), x_e in place of the number x:

    d x[i, k] / d x[j, l] = delta(i, j) delta(k, l),  every other name held;  sums under their guards, which must
    not contain x;  d prod_j f_j = sum_k (d f_k) prod_{j != k} f_j: no factor is divided by
    (Laue, Mitterreiter, Giesen, NeurIPS 2018, for derivatives in index form)

There a corner of abs, relu, max counts by the chain rule: its guard is "the argument is not at the corner, or it
does not move" (du = 0: these functions are Lipschitz, so the derivative is 0); ``dual`` evaluates by the same
convention, with dual numbers instead of these rules.

FAILURE: :class:`NoDerivative` for heads without a rule here (a range that moves with x, an infinite one, an
integrand that is not continuous, an opaque function of two moving arguments, a variable that is neither
real nor complex).  Naive versions "prove" d|x|/dx = sign x at 0 and d log(exp(ix))/dx = i where the cut is
crossed, and forget that the value at a jump of f is not the derivative of its integral.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from .continuity import NotContinuous, between, closed_over, continuity, is_family, off_cut
from .kinds import is_integer, is_real
from .matrix_terms import Entries, IllTyped, NoEntries, has_entries, shape, taken_in
from .term import (
    COMPLEX, OO, REAL, RELATIONS, TRUE, App, Bind, Index, Map, Num, Scalar, Sort, Term, Var, add, alpha, app, conj,
    conjuncts, free_names, fresh, mul, num, rebuild, rename, sort_terms, sub, substitute, subterms,
)

_CONNECTIVES = ("and", "or", "not", "implies", "iff")
#: heads that say of their terms that these have values: a statement with one may be false, not undefined, where a
#: term in it has none, so nothing in it is replaced by a term that is defined elsewhere as well
_OF_VALUES = ("finite", "regular", "converges", "limit", "big-o", "big-omega", "big-theta", "little-o", "similar")


class NoDerivative(ValueError):
    """No rule for this head."""


def derivative(t: Term, x: str, declarations: Mapping[str, Sort], entry: tuple[Term, ...] | None = None
               ) -> tuple[Term, tuple[Term, ...]]:
    """``(dt/dx, guards)``; ``declarations`` include ``x``.  ``entry``: the indices at which the family ``x`` moves
    (none for a number), by the convention of ``partial``.  Raises :class:`NoDerivative`."""
    d = _Derivative(x, dict(declarations), entry)
    result = d.of(t)
    return result, tuple(dict.fromkeys(d.guards))


def at_point(t: Bind, declarations: Mapping[str, Sort]) -> tuple[Term, tuple[Term, ...]]:
    """The derivative that a ``diff`` term stands for, and its guards, at its point.

    Raises :class:`NoDerivative`, also where the rules give back the term itself (an opaque function's own
    derivative), and where a guard is false by its numbers alone: a corner, where the derivative may exist
    all the same."""
    entry = None
    if t.head == "partial" and isinstance(t.outer[1], App):
        entry = t.outer[1].args
    elif t.sorts[0] not in (REAL, COMPLEX):
        raise NoDerivative("a variable that is neither real nor complex")
    name = fresh(t.names[0], set(declarations) | free_names(t))
    body = substitute(t.inner[0], {t.names[0]: Var(name)})
    inside = {**declarations, name: t.sorts[0]}
    if entry is not None and has_entries(body):
        try:
            body = Entries(inside, taken_in(body)).expand(body)
        except (NoEntries, IllTyped) as error:
            raise NoDerivative(str(error)) from error
    result, guards = derivative(body, name, inside, entry)
    by = {name: t.outer[0]}
    found = substitute(result, by)
    if alpha(found) == alpha(t):
        raise NoDerivative("the derivative of an opaque function")
    at = tuple(substitute(g, by) for g in guards)
    if entry is None and any(_visibly_false(g) for g in at):
        raise NoDerivative("a corner")
    return found, at


def expanded(t: Term, declarations: Mapping[str, Sort]) -> Term:
    """``t`` with every derivative that the rules know in the rules' own terms: equal to ``t`` wherever ``t`` and,
    of a ``diff``, its guards hold (those of a ``partial`` are its definedness)."""
    return _expanded(t, dict(declarations), ("partial", "diff"))


def without_partials(t: Term, declarations: Mapping[str, Sort]) -> Term:
    """The same for ``partial`` alone: equal to ``t`` wherever ``t`` is defined, so it may be put into assumptions."""
    return _expanded(t, dict(declarations), ("partial",))


def _expanded(t: Term, decls: dict[str, Sort], heads: tuple[str, ...]) -> Term:
    match t:
        case App(head) | Bind(head) if head in _OF_VALUES:
            return t
        case Bind(head) if head in heads:
            try:
                return _expanded(at_point(t, decls)[0], decls, heads)
            except NoDerivative:
                pass
    if isinstance(t, Bind):
        t = rename(t, set(decls))
        inside = {**decls, **dict(zip(t.names, t.sorts, strict=True))}
        return Bind(t.head, t.names, t.sorts, tuple(_expanded(u, decls, heads) for u in t.outer),
                    tuple(_expanded(u, inside, heads) for u in t.inner))
    return rebuild(t, lambda u: _expanded(u, decls, heads))


def _visibly_false(g: Term) -> bool:
    """A relation between two numbers or equal terms that does not hold."""
    match g:
        case App("!=", (a, b)):
            return a == b
        case App("<" | ">" as relation, (Num(a), Num(b))):
            return not (a < b if relation == "<" else a > b)
        case _:
            return False


class _Derivative:
    def __init__(self, x: str, declarations: dict[str, Sort], entry: tuple[Term, ...] | None = None) -> None:
        self.x, self.decls, self.entry = x, declarations, entry
        self.guards: list[Term] = []

    def of(self, t: Term) -> Term:
        if self.x not in free_names(t):
            return num(0)
        match t:
            case Var():
                return num(1)
            case App("add", args):
                return _sum(self.of(a) for a in args)
            case App("neg", (a,)):
                return app("neg", self.of(a))
            case App("mul", args):
                return _sum(
                        mul(*args[:k], *([] if d == num(1) else [d]), *args[k + 1:]) for k, a in enumerate(args)
                    if (d := self.of(a)) != num(0))
            case App("div", (a, b)):
                self.guard(app("!=", b, num(0)))
                da, db = self.of(a), self.of(b)
                if db == num(0):
                    return app("div", da, b)
                return app("div", sub(mul(da, b), mul(a, db)), app("pow", b, num(2)))
            case App("pow", (App("sqrt", (a,)), Num(e))) if self.entry is not None and e > 0 and e % 2 == 0:
                # norm(x)^2 is the sum of the squares, with a derivative at 0 as well
                return self.of(a if e == 2 else app("pow", a, Num(e / 2)))
            case App("pow", (base, exponent)):
                return self._power(base, exponent)
            case App("cases", args):
                return self._cases(args)
            case App("at", (Var(self.x), *args)):
                return self._own_entry(tuple(args))
            case App("at", (Var(name), *args)):
                return self._opaque(name, tuple(args))
            case App("at", (App("inverse", (a,)), i, j)):
                return self._inverse_entry(a, i, j)
            case App("det", (a,)):
                return self._determinant(a)
            case App("atan2", (y, x)) if is_real(y, self.decls) and is_real(x, self.decls):
                self.guard(app("or", app("!=", y, num(0)), app(">", x, num(0))))
                top = sub(mul(x, self.of(y)), mul(y, self.of(x)))
                return app("div", top, add(app("pow", x, num(2)), app("pow", y, num(2))))
            case App("mod" | "factorial" | "at", _):
                raise NoDerivative(f"there is no derivative rule for {t.head}")
            case App(head, (u,)):
                return self._chain(head, u)
            case App("max" | "min" as head, (a, b)):
                da, db = self.of(a), self.of(b)
                self._corner(a, b, da, db)
                return app("cases", da, app(">" if head == "max" else "<", a, b), db, app("true"))
            case App("max" | "min" as head, (a, *rest)) if rest:
                return self.of(app(head, a, App(head, tuple(rest))))
            case Bind("sum") if not any(self.x in free_names(u) for u in (
                    *t.outer, t.inner[0], *(u for s in t.sorts for u in sort_terms(s)))):
                return self._sum(t)
            case Bind("prod", _, _, ()) if not any(self.x in free_names(u) for u in (
                    t.inner[0], *(u for s in t.sorts for u in sort_terms(s)))):
                return self._product(t)
            case Bind("diff" | "partial"):
                return self._derivative(t)
            case Bind("integral"):
                return self._integral(t)
            case _:
                raise NoDerivative("there is no derivative rule for this term")

    def _entries(self, a: Term) -> tuple[tuple[str, str], Index, Term, _Derivative]:
        """Two new indices of the square matrix ``a``, and the derivative of its entry there."""
        try:
            size = shape(a, self.decls)[0]
            names = [fresh(stem, {*self.decls, *taken_in(a), *(n for j in self.entry or () for n in free_names(j))})
                     for stem in ("p'", "q'")]
            inside = {**self.decls, **dict.fromkeys(names, Index(size))}
            entry = Entries(inside, taken_in(a)).entry(a, Var(names[0]), Var(names[1]))
            entry = Entries(inside, taken_in(entry)).expand(entry)
        except (NoEntries, IllTyped) as error:
            raise NoDerivative(str(error)) from error
        inner = _Derivative(self.x, inside, self.entry)
        slope = inner.of(entry)
        for g in inner.guards:
            self.guards.append(Bind("forall", tuple(names), (Index(size), Index(size)), (), (TRUE, g))
                               if free_names(g) & set(names) else g)
        return (names[0], names[1]), Index(size), slope, inner

    def _inverse_entry(self, a: Term, i: Term, j: Term) -> Term:
        """d(A^-1) = -A^-1 dA A^-1 where A has an inverse (then it has one nearby): from d(A A^-1) = 0."""
        if any(self.x in free_names(k) for k in (i, j)):
            raise NoDerivative("an index that moves")
        (p, q), sort, slope, _ = self._entries(a)
        self.guard(app("invertible", a))
        if slope == num(0):
            return slope
        inverse = app("inverse", a)
        body = mul(app("at", inverse, i, Var(p)), slope, app("at", inverse, Var(q), j))
        return app("neg", Bind("sum", (p,), (sort,), (), (TRUE, Bind("sum", (q,), (sort,), (), (TRUE, body)))))

    def _determinant(self, a: Term) -> Term:
        """d det A = det A tr(A^-1 dA) where A has an inverse (Jacobi)."""
        (p, q), sort, slope, _ = self._entries(a)
        self.guard(app("invertible", a))
        if slope == num(0):
            return slope
        body = mul(app("at", app("inverse", a), Var(q), Var(p)), slope)
        return mul(app("det", a), Bind("sum", (p,), (sort,), (), (TRUE, Bind("sum", (q,), (sort,), (), (TRUE, body)))))

    def guard(self, formula: Term) -> None:
        if self.x in free_names(formula):
            self.guards.append(formula)

    def _corner(self, a: Term, b: Term, da: Term, db: Term) -> None:
        """a and b differ, or (a partial derivative) move alike."""
        apart = app("!=", a, b)
        if self.entry is None:
            self.guard(apart)
        elif self.x in free_names(apart) and da != db:
            self.guards.append(_unless_still(apart, sub(da, db) if db != num(0) else da))

    def _own_entry(self, args: tuple[Term, ...]) -> Term:
        if self.entry is None or len(args) != len(self.entry) or any(self.x in free_names(a) for a in args):
            raise NoDerivative(f"{self.x} is no family that is moved at one entry")
        return mul(*(app("delta", a, j) for a, j in zip(args, self.entry, strict=True)))

    def _product(self, t: Bind) -> Term:
        """A finite product over indices: one factor at a time is differentiated, none is divided by."""
        t = rename(t, set(self.decls) | {n for j in self.entry or () for n in free_names(j)})
        names = {n: fresh(n + "'", set(self.decls) | set(t.names) | free_names(t.inner[1])) for n in t.names}
        if len(set(names.values())) != len(names):
            raise NoDerivative("a product over names that are not told apart")
        guard, body = t.inner
        other: dict[str, Term] = {n: Var(m) for n, m in names.items()}
        inner = _Derivative(self.x, {**self.decls, **dict(zip(t.names, t.sorts, strict=True))}, self.entry)
        slope = inner.of(body)
        self.guards += self._over(inner.guards, t, guard)
        apart = app("or", *(app("!=", Var(names[n]), Var(n)) for n in t.names)) if len(names) > 1 else app(
            "!=", other[t.names[0]], Var(t.names[0]))
        rest = Bind("prod", tuple(names.values()), t.sorts, (), (
            conj(substitute(guard, other), apart), substitute(body, other)))
        return Bind("sum", t.names, t.sorts, (), (guard, mul(slope, rest)))

    def _sum(self, t: Bind) -> Term:
        """A finite sum, term by term; infinite ones need a theorem about uniform convergence."""
        if any(u == App("oo", ()) or u == app("neg", App("oo", ())) for u in t.outer):
            raise NoDerivative("an infinite sum is not differentiated term by term here")
        t = rename(t, set(self.decls) | {n for j in self.entry or () for n in free_names(j)})
        inner = _Derivative(self.x, {**self.decls, **dict(zip(t.names, t.sorts, strict=True))}, self.entry)
        body = inner.of(t.inner[1])
        guard = t.inner[0]
        if t.outer:
            k = Var(t.names[0])
            guard = app("and", app("<=", t.outer[0], k), app("<=", k, t.outer[1]), guard)
        self.guards += self._over(inner.guards, t, guard)
        return Bind("sum", t.names, t.sorts, t.outer, (t.inner[0], body))

    def _over(self, guards: list[Term], t: Bind, premise: Term) -> list[Term]:
        """Guards of a body for all values of its bound names; where one says "if k = j" it is said of j alone."""
        out: list[Term] = []
        for g in guards:
            match g:
                case App("implies", (condition, conclusion)):
                    by: dict[str, Term] = {}
                    for c in conjuncts(condition):
                        match c:
                            case App("=", (Var(k), Var(j))) if k in t.names and k not in by and (
                                    self.decls.get(j) == t.sorts[t.names.index(k)]):
                                by[k] = Var(j)
                            case _:
                                by = {}
                                break
                    if set(by) == set(t.names):
                        here = substitute(premise, by)
                        new = substitute(conclusion, by)
                        out.append(new if here == TRUE else app("implies", here, new))
                        continue
            out += closed_over([g], t.names, t.sorts, premise)
        return out

    def _off_cut(self, u: Term) -> None:
        self.guard(off_cut(u, self.decls))

    def _derivative(self, t: Bind) -> Term:
        """The derivative of a derivative: by its own rules, or along its point if it has none."""
        t = rename(t, set(self.decls))
        try:
            # the guards are strict relations between continuous terms: they hold near the point
            inner, guards = at_point(t, self.decls)
        except NoDerivative:
            if self.x in free_names(t.inner[0]) or t.head == "partial":
                raise
            return self._along(t.names[0], t.sorts[0], t, t.outer[0])
        for g in guards:
            match g:
                case App("finite", (Bind("diff", (y,), (sort,), (u,)) as slope,)) if (
                        self.x in free_names(u) and self.x not in free_names(slope.inner[0])):
                    # that f'' exists at u says that f' exists near u
                    z = fresh(y, set(self.decls) | free_names(slope))
                    self.guards.append(app("finite", Bind("diff", (z,), (sort,), (u,), (_with_argument(
                        slope, Var(z)),))))
                case _ if "finite" in {v.head for v in subterms(g) if isinstance(v, App)} and (
                        self.x in free_names(g)):
                    raise NoDerivative("a derivative that need not exist near the point")
        self.guards += guards
        return self.of(inner)

    def _along(self, y: str, sort: Sort, t: Term, u: Term) -> Term:
        """The chain rule for a term whose one moving part is its argument u (or its point u)."""
        du = self.of(u)
        z = fresh(y, set(self.decls) | free_names(t))
        body = _with_argument(t, Var(z))
        slope = Bind("diff", (z,), (sort,), (u,), (body,))
        self.guards.append(app("finite", slope))
        return slope if du == num(1) else mul(slope, du)

    def _opaque(self, name: str, args: tuple[Term, ...]) -> Term:
        match self.decls.get(name):
            case Map((Map((slot,), _), *_), _) as whole if len(whole.args) == len(args):
                return self._of_vector(name, whole, slot, args)
            case Map(sorts, Scalar()) if len(sorts) == len(args) and all(isinstance(s, Scalar) for s in sorts):
                moving = [k for k, a in enumerate(args) if self.x in free_names(a)]
            case _:
                raise NoDerivative(f"{name} is no function of numbers")
        if len(moving) != 1:
            raise NoDerivative("an opaque function of two moving arguments")
        (k,) = moving
        sort = REAL if is_real(args[k], self.decls) else COMPLEX
        if sort == COMPLEX and sorts[k] != COMPLEX or sorts[k] not in (REAL, COMPLEX):
            raise NoDerivative(f"{name} is not defined near its argument")
        u, y = args[k], fresh("y", set(self.decls) | free_names(App("at", (Var(name), *args))))
        du = self.of(u)
        slope = Bind("diff", (y,), (sort,), (u,), (app("at", Var(name), *args[:k], Var(y), *args[k + 1:]),))
        self.guards.append(app("finite", slope))
        return slope if du == num(1) else mul(slope, du)

    def _of_vector(self, name: str, sort: Map, slot: Sort, args: tuple[Term, ...]) -> Term:
        """d f(u, ..)/dx = sum_i G(u, .., i) d u_i/dx, where G is declared as the derivative of f: that it is one is a
        guard (continuously differentiable, so the chain rule holds)."""
        from .function_laws import derivative_name, derivative_of, derivative_sort

        g = derivative_name(name, sort)
        moving = self.decls.get(self.x)
        if self.decls.get(g) != derivative_sort(sort) or any(self.x in free_names(a) for a in args[1:]) or not (
                moving == REAL or isinstance(moving, Map) and moving.result == REAL):
            raise NoDerivative(f"no derivative of {name} is declared")
        self.guards.append(derivative_of(Var(g), Var(name)))
        u, rest = args[0], args[1:]
        if u == Var(self.x):
            if self.entry is None or len(self.entry) != 1:
                raise NoDerivative(f"{self.x} is no family that is moved at one entry")
            return app("at", Var(g), u, *rest, self.entry[0])
        if not (isinstance(u, Bind) and u.head == "lambda" and u.sorts == (slot,)):
            raise NoDerivative("a vector that is no lambda")
        u = rename(u, set(self.decls) | {n for j in self.entry or () for n in free_names(j)} | {
            n for a in rest for n in free_names(a)})
        inner = _Derivative(self.x, {**self.decls, u.names[0]: slot}, self.entry)
        slope = inner.of(u.inner[0])
        over = Bind("sum", u.names, u.sorts, (), (TRUE, mul(app("at", Var(g), u, *rest, Var(u.names[0])), slope)))
        self.guards += self._over(inner.guards, over, TRUE)
        return over

    def _cases(self, args: tuple[Term, ...]) -> Term:
        """The case that holds at the point holds near it, where no relation that selects it changes."""
        out: list[Term] = []
        earlier: list[Term] = []
        for value, guard in zip(args[0::2], args[1::2], strict=True):
            for a, b in self._relations(guard):
                self.guards.append(app("!=", a, b))
                try:
                    self.guards += continuity(sub(a, b), (self.x,), self.decls, True)
                except NotContinuous as error:
                    raise NoDerivative(str(error)) from error
            before = len(self.guards)
            out += [self.of(value), guard]
            premise = app("and", *(app("not", g) for g in earlier), guard)
            self.guards[before:] = [app("implies", premise, g) for g in self.guards[before:]]
            earlier.append(guard)
        return App("cases", tuple(out))

    def _relations(self, formula: Term) -> list[tuple[Term, Term]]:
        """The relations in a formula that may change with x."""
        if self.x not in free_names(formula):
            return []
        match formula:
            case App(head, (a, b)) if head in RELATIONS:
                if self.decls[self.x] != REAL and not is_family(self.decls[self.x]):
                    raise NoDerivative("cases of a complex variable")
                return [(a, b)]
            case App(head, parts) if head in _CONNECTIVES:
                return [pair for p in parts for pair in self._relations(p)]
            case _:
                raise NoDerivative("a case whose condition is no relation")

    def _integral(self, t: Bind) -> Term:
        t = rename(t, set(self.decls))
        if not t.outer or any(u == OO or u == app("neg", OO) for u in t.outer):
            raise NoDerivative("an integral without finite ends is not differentiated here")
        if self.decls[self.x] != REAL or not all(is_real(u, self.decls) for u in t.outer):
            raise NoDerivative("an integral with ends that may be complex")
        (y,), (f,), (low, high) = t.names, t.inner, t.outer
        inside = {**self.decls, y: REAL}
        inner = _Derivative(self.x, inside, self.entry)
        slope = inner.of(f)
        try:
            guards = [*continuity(f, (y, self.x), inside, True), *inner.guards,
                      *continuity(slope, (y, self.x), inside, True)]
        except NotContinuous as error:
            raise NoDerivative(str(error)) from error
        self.guards += closed_over(dict.fromkeys(guards), (y,), (REAL,), between(low, high, Var(y)))
        parts = []
        for end, sign in ((high, 1), (low, -1)):
            if (d := self.of(end)) != num(0):
                edge = substitute(f, {y: end})
                edge = edge if d == num(1) else mul(edge, d)
                parts.append(edge if sign == 1 else app("neg", edge))
        if slope != num(0):
            parts.append(Bind("integral", (y,), (REAL,), t.outer, (slope,)))
        return add(*parts)

    def _power(self, base: Term, exponent: Term) -> Term:
        db, de = self.of(base), self.of(exponent)
        if de == num(0):
            if isinstance(exponent, Num) and exponent.value.denominator == 1:
                if exponent.value < 0:
                    self.guard(app("!=", base, num(0)))
                if exponent.value == 0:
                    return num(0)
            elif is_integer(exponent, self.decls):      # f^1 has the derivative 1 f^0 f', where f is 0, too: 0^0 = 1
                self.guard(app("or", app("!=", base, num(0)), app(">=", sub(exponent, num(1)), num(0))))
            elif isinstance(exponent, Num):
                self._off_cut(base)
            else:
                self.guard(app(">", base, num(0)))
                if not is_real(base, self.decls):
                    raise NoDerivative("a symbolic power of a base that may be complex")
            less = Num(exponent.value - 1) if isinstance(exponent, Num) else sub(exponent, num(1))
            outer = mul(exponent, app("pow", base, less))
            return outer if db == num(1) else mul(exponent, app("pow", base, less), db)
        if base != App("e", ()) and not (isinstance(base, Num) and base.value > 0):
            if not is_real(base, self.decls):
                raise NoDerivative("a power of a base that may be complex")
            if self.x in free_names(base):
                self.guard(app(">", base, num(0)))
            else:
                self.guards.append(app(">", base, num(0)))
        growth = mul(de, app("log", base))
        if db != num(0):
            growth = add(growth, app("div", mul(exponent, db), base))
        return mul(app("pow", base, exponent), growth)

    def _chain(self, head: str, u: Term) -> Term:
        du = self.of(u)
        square = app("pow", u, num(2))
        real = is_real(u, self.decls)
        match head:
            case "exp":
                outer: Term = app("exp", u)
            case "log":
                self._off_cut(u)
                return app("div", du, u)
            case "sqrt":
                self._off_cut(u)
                return app("div", du, mul(num(2), app("sqrt", u)))
            case "sin":
                outer = app("cos", u)
            case "cos":
                outer = app("neg", app("sin", u))
            case "tan":
                self.guard(app("!=", app("cos", u), num(0)))
                outer = add(num(1), app("pow", app("tan", u), num(2)))
            case "cot":
                self.guard(app("!=", app("sin", u), num(0)))
                outer = app("neg", add(num(1), app("pow", app("cot", u), num(2))))
            case "sec":
                self.guard(app("!=", app("cos", u), num(0)))
                outer = mul(app("sec", u), app("tan", u))
            case "csc":
                self.guard(app("!=", app("sin", u), num(0)))
                outer = app("neg", mul(app("csc", u), app("cot", u)))
            case "sinh":
                outer = app("cosh", u)
            case "cosh":
                outer = app("sinh", u)
            case "tanh":
                outer = sub(num(1), app("pow", app("tanh", u), num(2)))
            case "coth":
                self.guard(app("!=", app("sinh", u), num(0)))
                outer = sub(num(1), app("pow", app("coth", u), num(2)))
            case "atan":
                self._inverse(u, real, "imaginary", False)
                return app("div", du, add(num(1), square))
            case "acot" if real:       # atan(1/u): a jump at 0
                self.guard(app("!=", u, num(0)))
                return app("neg", app("div", du, add(num(1), square)))
            case "asinh":
                self._inverse(u, real, "imaginary", False)
                return app("div", du, app("sqrt", add(num(1), square)))
            case "asin" | "acos":
                self._inverse(u, real, "real", True)
                d = app("div", du, app("sqrt", sub(num(1), square)))
                return d if head == "asin" else app("neg", d)
            case "acosh":
                if real:
                    self.guards.append(app(">", u, num(1)))
                else:
                    self.guards.append(app("or", app("!=", app("im", u), num(0)), app(">", app("re", u), num(1))))
                return app("div", du, mul(app("sqrt", sub(u, num(1))), app("sqrt", add(u, num(1)))))
            case "atanh":
                self._inverse(u, real, "real", True)
                return app("div", du, sub(num(1), square))
            case "sign" if real:
                self.guard(app("!=", u, num(0)))
                return num(0)
            case ("floor" | "ceiling") if real:
                self.guards.append(app("not", app("in", u, app("integers"))))
                return num(0)
            case ("re" | "im" | "conj") if self.decls[self.x] == REAL:
                return app(head, du)
            case "gamma" if real:
                self.guard(app(">", u, num(0)))
                outer = mul(app("gamma", u), app("digamma", u))
            case "erf":
                outer = app("div", mul(num(2), app("exp", app("neg", square))), app("sqrt", app("pi")))
            case "abs" if real:
                self._corner(u, num(0), du, num(0))
                outer = app("div", u, app("abs", u)) if self.entry is None else app("sign", u)
            case "relu" if real:
                self._corner(u, num(0), du, num(0))
                outer = app("cases", num(1), app(">", u, num(0)), num(0), app("true"))
            case _:
                raise NoDerivative(f"there is no derivative rule for {head}")
        return outer if du == num(1) else num(0) if du == num(0) else mul(outer, du)

    def _inverse(self, u: Term, real: bool, axis: str, bounded: bool) -> None:
        """Off the cuts of an inverse function: +-[1, oo) on the real or the imaginary axis."""
        if real:
            self.guards += [app("<", num(-1), u), app("<", u, num(1))] if bounded else []
            return
        along, across = ("re", "im") if axis == "real" else ("im", "re")
        inside = app("and", app("<", num(-1), app(along, u)), app("<", app(along, u), num(1)))
        self.guards.append(app("or", app("!=", app(across, u), num(0)), inside))


def _unless_still(formula: Term, slope: Term) -> Term:
    """``formula``, or the slope is 0; a slope that is a product of deltas is not 0 where their indices agree."""
    factors = slope.args if isinstance(slope, App) and slope.head == "mul" else (slope,)
    if slope == num(1):
        return formula
    if all(isinstance(d, App) and d.head == "delta" for d in factors):
        return app("implies", conj(*(app("=", *d.args) for d in factors if isinstance(d, App))), formula)
    return app("or", formula, app("=", slope, num(0)))


def _with_argument(t: Term, by: Term) -> Term:
    """The derivative ``t`` with another point."""
    if not isinstance(t, Bind):
        raise NoDerivative("no derivative")
    return Bind(t.head, t.names, t.sorts, (by,), t.inner)


def _sum(terms: object) -> Term:
    parts = [t for t in terms if t != num(0)]  # type: ignore[attr-defined]
    return add(*parts)


__all__ = ["Fraction", "NoDerivative", "at_point", "derivative", "expanded", "without_partials"]
