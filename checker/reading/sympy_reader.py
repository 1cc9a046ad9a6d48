"""SymPy expressions to kernel terms, with the declarations and facts their symbols bring.

Trusted for meaning, so it only copies structure: nothing is simplified, and every head it does not
know is an error that names it.  SymPy's conventions that differ from ours are translated here:
``Limit`` is one-sided at finite points, ``acot`` is ``atan(1/z)``, ``E**u`` is an ``exp`` whose
``args[0]`` is the base.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy
from sympy.core.function import AppliedUndef, Derivative
from sympy.logic import boolalg

from ..kernel import term as T
from ..kernel.term import App, Bind, Num, Term, Var, app, num
from ..language.errors import StatementError
from ..language.families import read_expectation
from ..language.nodes import Binder, BinderStatement, Declared, Node, Statement, expression
from .written_out import EULER_GAMMA, WRITTEN_OUT

_FUNCTIONS: dict[str, str] = {
    "exp": "exp", "log": "log", "sin": "sin", "cos": "cos", "tan": "tan", "cot": "cot", "sec": "sec",
    "csc": "csc", "asin": "asin", "acos": "acos", "atan": "atan", "acot": "acot", "sinh": "sinh",
    "cosh": "cosh", "tanh": "tanh", "coth": "coth", "asinh": "asinh", "acosh": "acosh",
    "atanh": "atanh", "atan2": "atan2", "erf": "erf", "Abs": "abs", "sign": "sign", "re": "re",
    "im": "im", "conjugate": "conj", "arg": "arg", "floor": "floor", "ceiling": "ceiling",
    "Max": "max", "Min": "min", "factorial": "factorial", "binomial": "binomial", "gamma": "gamma",
    "RisingFactorial": "rising", "FallingFactorial": "falling", "fibonacci": "fibonacci",
    "harmonic": "harmonic", "Mod": "mod", "digamma": "digamma", "KroneckerDelta": "delta",
    "factorial2": "factorial2", "tribonacci": "tribonacci",
}
#: Functions read by their definitions (those of SymPy; acoth, asech, acsch and asec are not read as defined at 0).
_DEFINED: dict[str, Callable[[Term], Term]] = {
    "sech": lambda u: app("div", num(1), app("cosh", u)), "csch": lambda u: app("div", num(1), app("sinh", u)),
    "asec": lambda u: app("acos", app("div", num(1), u)), "acsc": lambda u: app("asin", app("div", num(1), u)),
    "acoth": lambda u: app("atanh", app("div", num(1), u)), "asech": lambda u: app("acosh", app("div", num(1), u)),
    "acsch": lambda u: app("asinh", app("div", num(1), u)),
    "sinc": lambda u: app("cases", app("div", app("sin", u), u), app("!=", u, num(0)), num(1), T.TRUE),
}
_RELATIONS: dict[type, str] = {
    sympy.Eq: "=", sympy.Ne: "!=", sympy.Lt: "<", sympy.Le: "<=", sympy.Gt: ">", sympy.Ge: ">=",
}
_CONNECTIVES = {"true", "false", "and", "or", "not", "implies", "iff", "in"}
_WIDTH = (T.INTEGER, T.REAL, T.COMPLEX)
_SIDES = {"+": "unstated-side", "-": "from-below", "+-": "two-sided"}


class Reading:
    """Reads expressions of one claim and gathers the declarations they need, in order."""

    def __init__(self) -> None:
        self.declarations: dict[str, T.Sort] = {}
        self.facts: list[Term] = []
        self._symbols: dict[str, Any] = {}
        self._bound: list[dict[str, tuple[T.Sort, Any]]] = []
        self.laws: dict[str, Any] = {}      # shapes of the claim's laws, see language/densities.py
        self.random: Any = None             # its random quantities, see language/samples.py
        self.supports: dict[Any, Any] = {}  # where bound variables of named families lie, see language/families.py
        self.all_explicit = False           # every law of the claim is a formula: its variables are numbers

    # ------------------------------------------------------------------ names

    def declare(self, name: str, sort: T.Sort, facts: tuple[Term, ...], owner: Any) -> Var:
        for scope in reversed(self._bound):
            if name in scope:
                if scope[name][1] != owner:
                    raise StatementError(
                        f"two different symbols are called {name}, one of them bound here: rename one",
                        "name-clash")
                return Var(name)
        known = self._symbols.get(name)
        if known is not None and known != owner:
            raise StatementError(
                f"two different symbols are called {name}: one name, one meaning "
                f"(declare {name} once, with its assumptions, and use that object)", "name-clash")
        if known is None:
            for t in T.sort_terms(sort):
                self._declare_free(t)
            self._symbols[name] = owner
            self.declarations[name] = sort
            self.facts.extend(f for f in facts if f not in self.facts)
        return Var(name)

    def _declare_free(self, t: Term) -> None:
        for n in sorted(T.free_names(t)):
            if n not in self.declarations:
                raise StatementError(f"the size {n} is not declared before its use", "undeclared")

    def symbol(self, s: Any) -> Var:
        """A plain SymPy symbol: its assumptions are its domain."""
        sort, facts = scalar_sort(s)
        return self.declare(s.name, sort, facts, s)

    def declared(self, d: Declared) -> Var:
        for size in getattr(d, "needs", ()):
            self.term(size)
        return self.declare(d.name, self._as_number(d.sort), d.facts, d)

    def _as_number(self, sort: T.Sort) -> T.Sort:
        """A random variable whose laws are all explicit is a real number, or an integer."""
        if self.all_explicit and isinstance(sort, T.Space):
            return {"lebesgue": T.REAL, "counting": T.INTEGER}.get(sort.measure, sort)
        return sort

    def declare_label(self, d: Declared) -> None:
        """A law or the name of one of its places: declared by the claim even where a variable of that
        name is bound."""
        known = self._symbols.get(d.name)
        if known is not None and (not isinstance(known, Declared) or known.sort != d.sort):
            raise StatementError(f"two different things are called {d.name}", "name-clash")
        if known is None:
            self._symbols[d.name] = d
            self.declarations[d.name] = d.sort

    def define(self, definition: Any) -> bool:
        """Take up a definition of the language's own; False where claims have none."""
        return False

    def bind(self, names: list[tuple[str, T.Sort, Any]], inside: Callable[[], Any]) -> Any:
        self._bound.append({n: (s, o) for n, s, o in names})
        outer = self.supports           # a variable that is bound anew lies anywhere
        self.supports = {x: s for x, s in outer.items() if x.name not in self._bound[-1]}
        try:
            return inside()
        finally:
            self._bound.pop()
            self.supports = outer

    # ------------------------------------------------------------------ terms

    def term(self, e: Any) -> Term:
        e = expression(e) if not isinstance(e, sympy.Basic) else e
        if hasattr(e, "read_into"):       # densities: their law's shape comes from the whole claim
            own: Term = e.read_into(self)
            return own
        if _of_matrices(e):
            from ..language.matrices import from_sympy

            return self.term(from_sympy(e))
        match e:
            case sympy.Float():
                raise StatementError(
                    f"{float(e):g} is a floating-point number (so is 1/2 in Python): write {_exact(e)}", "float")
            case sympy.Rational():
                return Num(Fraction(int(e.p), int(e.q)))
            case Declared():
                return self.declared(e)
            case sympy.Symbol():
                return self.symbol(e)
            case Node() | Statement():
                return self._node(e.head, e.operands)
            case Binder() | BinderStatement():
                return self._binder(e)
            case sympy.Add():
                return T.add(*(self._summand(a) for a in _ordered(_flat(e, sympy.Add))))
            case sympy.Mul():
                return self._product(e)
            case sympy.Pow():
                return self._power(e)
            case sympy.exp():
                return app("exp", self.term(e.exp))
            case sympy.Sum() | sympy.Product() | sympy.Integral():
                return self._sum(e)
            case sympy.Limit():
                return self._limit(e)
            case Derivative():
                return self._derivative(e)
            case sympy.Subs():
                return self._at_point(e)
            case sympy.Piecewise():
                return self._piecewise(e)
            case AppliedUndef():
                return self._applied(e)
            case sympy.Tuple():
                return App("tuple", tuple(self.term(a) for a in e))
        if e in _CONSTANTS:
            return _CONSTANTS[e]
        if e is sympy.zoo or e is sympy.nan:
            raise StatementError(
                f"the statement contains {e}: SymPy evaluated it before it could be read "
                "(state it under sympy.evaluate(False))", "evaluated")
        if isinstance(e, (sympy.logic.boolalg.Boolean, sympy.core.relational.Relational)):
            return self.formula(e)
        if (written := WRITTEN_OUT.get((type(e).__name__, len(e.args)))) is not None:
            return written(*(self.term(a) for a in e.args))
        head = _FUNCTIONS.get(type(e).__name__)
        if head is not None:
            if type(e).__name__ == "log" and len(e.args) == 2:
                return app("div", app("log", self.term(e.args[0])), app("log", self.term(e.args[1])))
            if type(e).__name__ in ("erf", "fibonacci", "tribonacci") and len(e.args) != 1:
                raise StatementError(f"{type(e).__name__} with {len(e.args)} arguments is not read")
            return App(head, tuple(self.term(a) for a in e.args))
        if type(e).__name__ in _DEFINED:
            return _DEFINED[type(e).__name__](self.term(e.args[0]))
        if type(e).__name__ == "Heaviside":
            u, middle = self.term(e.args[0]), self.term(e.args[1])
            return app("cases", num(0), app("<", u, num(0)), middle, app("=", u, num(0)), num(1), T.TRUE)
        if type(e).__name__ == "polygamma" and e.args[0] == 0:
            return app("digamma", self.term(e.args[1]))
        if type(e).__name__ == "sqrt":
            return app("sqrt", self.term(e.args[0]))
        raise StatementError(f"{type(e).__name__} is not in the checker's language: {e} (docs/language.md lists what "
                             "is). If no property of it matters, let a name stand for it", "unknown-head")

    def _summand(self, a: Any) -> Term:
        """A negative literal in a sum is a subtraction."""
        if isinstance(a, sympy.Rational) and a.is_negative:
            return app("neg", Num(Fraction(int(-a.p), int(a.q))))
        return self.term(a)

    def _node(self, head: str, operands: tuple[Any, ...]) -> Term:
        if head not in T.HEADS and not head.startswith("@"):
            raise StatementError(f"{head} is not in the checker's language", "unknown-head")
        return App(head, tuple(self.term(a) for a in operands))

    def _binder(self, e: Any) -> Term:
        if e.head in ("E", "KL", "integral") and (explicit := read_expectation(self, e)) is not None:
            return explicit
        names = [(*self._bound_name(n), n) for n in e.args[1]]
        outer = tuple(self.term(u) for u in e.args[2])
        inner = self.bind(names, lambda: tuple(self.term(u) for u in e.args[3]))
        facts = [f for n in e.args[1] if isinstance(n, sympy.Symbol) for f in scalar_sort(n)[1]]
        if e.head in ("forall", "exists"):      # a bound symbol keeps its domain (orders: language/logic.py)
            known = T.conjuncts(inner[0])
            facts = [f for f in facts if _membership(f)] + [f for n in e.args[1] for f in declared_facts(n)]
            inner = (T.conj(*(f for f in facts if f not in known), inner[0]), *inner[1:])
        else:
            self._refuse_parity(e.args[1])
        return Bind(e.head, tuple(n for n, _, _ in names), tuple(s for _, s, _ in names), outer, inner)

    @staticmethod
    def _refuse_parity(names: Any) -> None:
        for n in names:
            if isinstance(n, sympy.Symbol) and (n.is_even or n.is_odd or n.is_zero):
                raise StatementError(
                    f"{n} is bound here, and that it is even, odd or zero would be lost: bind an integer m "
                    f"and write 2*m or 2*m + 1", "unread-assumption")

    def _bound_name(self, n: Any) -> tuple[str, T.Sort]:
        if isinstance(n, Declared):
            for size in getattr(n, "needs", ()):
                self.term(size)
            bound = {x for scope in self._bound for x in scope}
            for t in T.sort_terms(n.sort):
                if not T.free_names(t) <= bound:
                    self._declare_free(t)
            return n.name, self._as_number(n.sort)
        if isinstance(n, sympy.Symbol):
            return n.name, scalar_sort(n)[0]
        raise StatementError(f"{n} cannot be bound: a name is needed", "bound-name")

    def _product(self, e: Any) -> Term:
        factors = _flat(e, sympy.Mul)
        top: list[Term] = []
        bottom: list[Term] = []
        negative = False
        for f in _ordered(factors, product=True):
            if f == -1:
                negative = not negative
                continue
            if isinstance(f, sympy.Pow) and f.exp.is_Rational and f.exp.is_negative and f.base != sympy.E:
                bottom.append(self._positive_power(f))
            elif isinstance(f, sympy.Rational) and not f.is_Integer:
                if f.p == -1:
                    negative = not negative
                elif f.p != 1:
                    top.append(num(int(f.p)))
                bottom.append(num(int(f.q)))
            else:
                top.append(self.term(f))
        t = T.mul(*top)
        if bottom:
            t = app("div", t, T.mul(*bottom))
        return app("neg", t) if negative else t

    def _positive_power(self, f: Any) -> Term:
        exponent = -f.exp
        base = self.term(f.base)
        if exponent == 1:
            return base
        if exponent == sympy.Rational(1, 2):
            return app("sqrt", base)
        return app("pow", base, Num(Fraction(int(exponent.p), int(exponent.q))))

    def _power(self, e: Any) -> Term:
        base, exponent = e.args[0], e.args[1]
        if base == sympy.E:
            return app("exp", self.term(exponent))
        literal = _quotient(exponent)
        if literal is not None:
            exponent, e = literal, sympy.Pow(base, literal, evaluate=False)
        if isinstance(exponent, sympy.Rational):
            if exponent == sympy.Rational(1, 2):
                return app("sqrt", self.term(base))
            if exponent.is_negative:
                return app("div", num(1), self._positive_power(e))
        return app("pow", self.term(base), self.term(exponent))

    def _sum(self, e: Any) -> Term:
        """The limits of SymPy's Sum, Product, Integral: the first is innermost."""
        head = {"Sum": "sum", "Product": "prod", "Integral": "integral"}[type(e).__name__]

        def go(limits: list[Any]) -> Term:
            if not limits:
                return self.term(e.function)
            *rest, last = limits
            x = last[0]
            if len(last) != 3 and head == "integral":
                raise StatementError(
                    f"an integral over {x} without bounds names a function only up to a constant: say that its "
                    f"derivative is the integrand, claim(..., Derivative(F, {x}), \"=\", f), or give bounds, "
                    f"Integral(f, ({x}, a, {x}))", "bounds")
            if len(last) != 3:
                raise StatementError(f"{head} over {x} needs both bounds", "bounds")
            outer = (self.term(last[1]), self.term(last[2]))
            self._refuse_parity((x,))
            name, sort = self._bound_name(x)
            sort = T.INTEGER if head != "integral" else T.REAL
            body = self.bind([(name, sort, x)], lambda: go(rest))
            inner = (body,) if head == "integral" else (T.TRUE, body)
            return Bind(head, (name,), (sort,), outer, inner)

        return go(list(e.limits))

    def _limit(self, e: Any) -> Term:
        f, x, a, side = e.args
        self._refuse_parity((x,))
        name, sort = self._bound_name(x)
        if sort.kind not in ("integer", "rational"):
            sort = T.REAL if sort == T.COMPLEX else sort
        point = self.term(a)
        infinite = a in (sympy.oo, -sympy.oo)
        direction = "two-sided" if infinite else _SIDES[str(side)]
        body = self.bind([(name, sort, x)], lambda: self.term(f))
        return Bind("limit", (name,), (sort,), (point, App(direction, ())), (body,))

    def _derivative(self, e: Any) -> Term:
        t = e.expr

        def go(variables: list[Any]) -> Term:
            if not variables:
                return self.term(t)
            *rest, x = variables
            if isinstance(x, Node):         # an entry of a family
                from ..language.gradients import Partial

                return Partial.of(self, lambda: go(rest), *x.operands)
            name, sort = self._bound_name(x)
            body = self.bind([(name, sort, x)], lambda: go(rest))
            return Bind("diff", (name,), (sort,), (self.term(x),), (body,))

        order = []
        for x, count in e.variable_count:
            times = _literal(count)
            if times is None or not 0 <= times <= 20:
                raise StatementError(f"a derivative of order {count} is not read", "derivative")
            order += [x]*times
        return go(order)

    def _at_point(self, e: Any) -> Term:
        """``Subs(f, x, a)``: the points are put in for the variables, which are bound there."""
        names = [(*self._bound_name(x), x) for x in e.variables]
        self._refuse_parity(e.variables)
        points = [self.term(a) for a in e.point]
        body = self.bind(names, lambda: self.term(e.expr))
        return T.substitute(body, {n: a for (n, _, _), a in zip(names, points, strict=True)})

    def _piecewise(self, e: Any) -> Term:
        parts: list[Term] = []
        for value, guard in e.args:
            parts += [self.term(value), T.TRUE if guard == sympy.true else self.formula(guard)]
        return App("cases", tuple(parts))

    def _applied(self, e: Any) -> Term:
        """An undefined SymPy function: opaque, real where declared real.  An argument place that holds
        only integers in the whole claim makes it a sequence there."""
        f = type(e)
        name = f.__name__
        result = next((sort for sort, known in ((T.INTEGER, e.is_integer), (T.RATIONAL, e.is_rational)) if known),
                      T.REAL if getattr(f, "is_real", None) or e.is_real else T.COMPLEX)
        for said in ("positive", "negative", "nonnegative", "nonpositive", "nonzero", "imaginary", "even", "odd"):
            if getattr(e, f"is_{said}"):
                raise StatementError(
                    f"Function({name!r}, {said}=True): of a function only real, rational and integer are read; say "
                    f"what else holds of its values as an assumption, for instance given=[forall(x, {name}(x) > 0)]",
                    "unread-assumption")
        args = tuple(self.term(a) for a in e.args)
        places = tuple(T.INTEGER if a.is_integer else T.REAL if a.is_real or _of_reals(a) else T.COMPLEX
                       for a in e.args)
        known = self.declarations.get(name)
        if isinstance(known, T.Map) and len(known.args) != len(args):
            raise StatementError(
                f"{name} is used with {len(known.args)} and with {len(args)} arguments: they are different functions, "
                "give them different names", "name-clash")
        head = self.declare(name, T.Map(places, result), (), name)
        if isinstance(known, T.Map):
            widest = tuple(max(a, b, key=_WIDTH.index) if a in _WIDTH else a
                           for a, b in zip(known.args, places, strict=True))
            self.declarations[name] = T.Map(widest, known.result)
        return App("at", (head, *args))

    # ------------------------------------------------------------------ formulas

    def formula(self, e: Any) -> Term:
        if hasattr(e, "read_into"):
            whole: Term = e.read_into(self)
            return whole
        if e is True or e is False or e == sympy.true or e == sympy.false:
            raise StatementError(
                f"the statement arrived as {e}: Python or SymPy evaluated it before it could be read. "
                'Give the two sides and the relation separately, claim("id", left, "=", right), or state it '
                "under sympy.evaluate(False)", "evaluated")
        if hasattr(e, "read_into"):
            own: Term = e.read_into(self)
            return own
        if type(e) in _RELATIONS:
            from ..language.matrices import relation

            if (stated := relation(e.args[0], _RELATIONS[type(e)], e.args[1])) is not None:
                return self.formula(stated)
            sides = self.term(e.args[0]), self.term(e.args[1])
            for side in sides:
                refuse_formula(side)
            return app(_RELATIONS[type(e)], *sides)
        match e:
            case Statement():
                return self._node(e.head, e.operands)
            case BinderStatement():
                return self._binder(e)
            case boolalg.And():
                return App("and", tuple(self.formula(a) for a in _written(e)))
            case boolalg.Or():
                return App("or", tuple(self.formula(a) for a in _written(e)))
            case boolalg.Not():
                return app("not", self.formula(e.args[0]))
            case boolalg.Implies():
                return app("implies", self.formula(e.args[0]), self.formula(e.args[1]))
            case boolalg.Equivalent() if len(e.args) == 2:
                a, b = _written(e)
                return app("iff", self.formula(a), self.formula(b))
            case sympy.Contains() if e.args[1] in (sympy.Integers, sympy.S.Integers):
                return app("in", self.term(e.args[0]), app("integers"))
        raise StatementError(f"{e} is not a statement the checker reads", "unknown-statement")


def _of_reals(e: Any) -> bool:
    """Made of declared real numbers and real symbols, as far as SymPy's assumptions do not know of the first."""
    atoms = e.atoms(Declared, sympy.Symbol, sympy.Number, sympy.NumberSymbol, sympy.core.numbers.ImaginaryUnit)
    heads = {n.args[0] for n in e.atoms(Node, Binder)}
    declared = [a for a in atoms if isinstance(a, Declared)]
    if not declared and not heads:
        return False

    def real(a: Any) -> bool:
        if isinstance(a, Declared):
            sort = a.sort.result if isinstance(a.sort, T.Map) else a.sort
            return sort in (T.REAL, T.RATIONAL, T.INTEGER) or isinstance(sort, T.Index)
        return a in heads or bool(a.is_real)

    return all(map(real, atoms))


_CONSTANTS: dict[Any, Term] = {
    sympy.pi: App("pi", ()), sympy.E: App("e", ()), sympy.I: App("i", ()), sympy.oo: T.OO,
    -sympy.oo: app("neg", T.OO), sympy.GoldenRatio: app(
        "div", T.add(num(1), app("sqrt", num(5))), num(2)), sympy.EulerGamma: EULER_GAMMA,
    sympy.true: T.TRUE, sympy.false: T.FALSE,
}


def _exact(e: Any) -> str:
    """What was meant by a float, as one would write it."""
    value = float(e)
    near = Fraction(value).limit_denominator(1000) if abs(value) < 1e9 else Fraction(0)
    if not near or abs(float(near) - value) > 1e-12*abs(value):
        return "an exact number, e.g. Rational(1, 10)"
    return str(near) if near.denominator == 1 else f"Rational({near.numerator}, {near.denominator})"


def scalar_sort(s: Any) -> tuple[T.Scalar, tuple[Term, ...]]:
    """The domain that SymPy's assumptions on a symbol describe: a sort and the facts beyond it."""
    x = Var(s.name)
    zero = num(0)
    if s.is_commutative is False:
        raise StatementError(f"{s.name} is noncommutative: declare matrices and vectors instead")
    if s.is_integer:
        sort = T.INTEGER
    elif s.is_rational:
        sort = T.RATIONAL
    elif s.is_extended_real or s.is_real:
        sort = T.REAL
    else:
        sort = T.COMPLEX
    facts: list[Term] = []
    if s.is_extended_positive:
        facts.append(app(">=", x, num(1)) if sort == T.INTEGER else app(">", x, zero))
    elif s.is_extended_negative:
        facts.append(app("<=", x, num(-1)) if sort == T.INTEGER else app("<", x, zero))
    elif s.is_extended_nonnegative:
        facts.append(app(">=", x, zero))
    elif s.is_extended_nonpositive:
        facts.append(app("<=", x, zero))
    elif s.is_zero is False:
        facts.append(app("!=", x, zero))
    if s.is_zero:
        facts.append(app("=", x, zero))
    if s.is_even:
        facts.append(app("in", app("div", x, num(2)), app("integers")))
    if s.is_odd:
        facts.append(app("in", app("div", T.add(x, num(1)), num(2)), app("integers")))
    for bad in ("prime", "composite", "irrational", "imaginary", "transcendental"):
        if getattr(s, f"is_{bad}"):
            raise StatementError(f"{s.name}: the assumption {bad!r} is not read; state what it is used for")
    _refuse_unread(s, sort)
    return sort, tuple(facts)


def _refuse_unread(s: Any, sort: T.Scalar) -> None:
    """An assumption that neither the sort nor the facts say would widen the claim's domain: a claim about
    ``Symbol("x", integer=False)`` is not one about all real numbers."""
    read = {sort.kind: True}
    for name in ("positive", "negative", "nonnegative", "nonpositive", "zero", "even", "odd"):
        if getattr(s, f"is_{name}"):
            read[name] = True
    if s.is_zero is False:
        read["zero"] = False
    said = sympy.Symbol(s.name, **read).assumptions0
    for name, value in s.assumptions0.items():
        if said.get(name) != value and name not in ("infinite", "extended_real") and not (
                name.startswith("extended_") and said.get(name.removeprefix("extended_")) == value):
            raise StatementError(
                f"{s.name}: the assumption {name}={value} is not read; state it in given=[...]",
                "unread-assumption")


def _of_matrices(e: Any) -> bool:
    """SymPy's own matrix expressions, and the numbers made of them."""
    return getattr(e, "is_Matrix", False) or type(e).__name__ in ("Trace", "Determinant", "MatrixElement")


def refuse_formula(side: Term) -> None:
    """A side of a relation is a number (or a tuple of numbers), never a statement."""
    if isinstance(side, App) and (side.head in T.RELATIONS or side.head in _CONNECTIVES):
        raise StatementError(
            f"a side of a relation is the statement {T.show(side)[:60]}: relate numbers, or statements by iff", "sides")


def declared_facts(n: Any) -> tuple[Term, ...]:
    """What a declared family is said to be (a positive definite matrix, a unit vector): where it is bound, these are
    its domain.  (That indices are distinct concerns several names: language/logic.py.)"""
    return () if not isinstance(n, Declared) or isinstance(n.sort, T.Index) else n.facts


def _membership(f: Term) -> bool:
    """A fact that is no order: ``logic.forall`` puts only the orders of a symbol into its guard."""
    return isinstance(f, App) and f.head in ("in", "!=", "=")


def _literal(e: Any) -> int | None:
    """An integer, or a sum of integers as ``evaluate(False)`` leaves it: the order of a derivative of a derivative."""
    if isinstance(e, sympy.Integer):
        return int(e)
    parts = [_literal(a) for a in e.args] if isinstance(e, sympy.Add) else [None]
    return None if None in parts else sum(p for p in parts if p is not None)


def _quotient(e: Any) -> Any:
    """An exponent that is a quotient of two literals (``Integer(1)/2``, kept apart by ``evaluate(False)``) is a
    literal: a real exponent that is none needs a positive base."""
    factors = e.args if isinstance(e, sympy.Mul) else (e,) if isinstance(e, sympy.Pow) else ()
    if not 1 <= len(factors) <= 3:
        return None
    value = sympy.Integer(1)
    for a in factors:
        if isinstance(a, sympy.Rational):
            value = sympy.Rational(value.p*a.p, value.q*a.q)
        elif isinstance(a, sympy.Pow) and a.args[1] == -1 and isinstance(a.args[0], sympy.Integer) and a.args[0] != 0:
            value = sympy.Rational(value.p, value.q*a.args[0].p)
        else:
            return None
    return value


def _flat(e: Any, kind: type) -> list[Any]:
    out: list[Any] = []
    for a in e.args:
        out.extend(_flat(a, kind) if isinstance(a, kind) else [a])
    return out


def _ordered(args: list[Any], product: bool = False) -> list[Any]:
    """A stable order for reading: SymPy sorts summands by its own keys; people expect numbers first
    in products and last in sums."""
    numbers = [a for a in args if a.is_Number]
    others = [a for a in args if not a.is_Number]
    return numbers + others if product else others + numbers


def _written(e: Any) -> list[Any]:
    """The arguments of And and Or, in a fixed order."""
    return sorted(e.args, key=lambda a: (sympy.default_sort_key(a)))


__all__ = ["Reading", "declared_facts", "refuse_formula", "scalar_sort"]
