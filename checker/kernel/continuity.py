"""Where a term is continuous: guards read off its structure.

    every guard holds at a point where t is defined
    ---------------------------------------------------------------------------------
    t, as a function of the real variables ``names``, is continuous there, and jointly

With ``open_`` every guard is a strict relation between terms that are continuous themselves (or the
absence of an integer), so a guard that holds at a point holds near it, and t is defined near it.  Without
``open_`` the guards may be weak (-1 <= u <= 1): continuity within the set where they hold, which is what
the closed end of an interval needs.

Of a real argument log, roots and powers are continuous along the cut, on either side of 0; of a complex
one they are continuous off the cut (-oo, 0] (DLMF 4.2(i), 4.23(ii)).

FAILURE: :class:`NotContinuous` for heads that jump or are unknown here (an opaque function, ``cases``
whose guards move, a range that moves, an integral, a limit).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .kinds import is_integer, is_real, visibly_positive
from .term import (
    OO, REAL, TRUE, App, Bind, Index, Map, Num, Scalar, Sort, Term, Var, app, free_names, num, rename, sort_terms,
)


class NotContinuous(ValueError):
    """No rule says where this head is continuous."""


_EVERYWHERE = {"add", "mul", "neg", "exp", "sin", "cos", "sinh", "cosh", "erf", "abs", "re", "im", "conj", "rgamma"}
_REAL_ARGUMENTS = {"max", "min", "relu"}


def continuity(t: Term, names: Iterable[str], declarations: Mapping[str, Sort], open_: bool
               ) -> tuple[Term, ...]:
    """The guards.  ``declarations`` include ``names``.  Raises :class:`NotContinuous`."""
    c = _Continuity(frozenset(names), dict(declarations), open_)
    if not all(is_real(Var(n), declarations) or is_family(declarations.get(n)) for n in c.names):
        raise NotContinuous("a variable that is not real")
    c.of(t)
    return tuple(dict.fromkeys(c.guards))


def off_cut(u: Term, decls: Mapping[str, Sort]) -> Term:
    """u is real and nonzero, or off (-oo, 0]."""
    if is_real(u, decls):
        return app("!=", u, num(0))
    return app("or", app("!=", app("im", u), num(0)), app(">", app("re", u), num(0)))


def between(low: Term, high: Term, y: Term) -> Term:
    """y lies in the closed interval with these ends, in either order."""
    up = app("and", app("<=", low, y), app("<=", y, high))
    down = app("and", app("<=", high, y), app("<=", y, low))
    return app("or", up, down)


def closed_over(guards: Iterable[Term], names: tuple[str, ...], sorts: tuple[Sort, ...], premise: Term
                ) -> list[Term]:
    """Guards of a body, for all values of the bound names that fulfil ``premise``."""
    return [Bind("forall", names, sorts, (), (premise, g)) if free_names(g) & set(names) else g for g in guards]


def is_family(s: Sort | None) -> bool:
    """Real numbers for every index: as many real variables."""
    return isinstance(s, Map) and s.result == REAL and all(isinstance(a, Index) for a in s.args)


class _Continuity:
    def __init__(self, names: frozenset[str], decls: dict[str, Sort], open_: bool) -> None:
        self.names, self.decls, self.open = names, decls, open_
        self.guards: list[Term] = []

    def of(self, t: Term) -> None:
        if not free_names(t) & self.names:
            return
        match t:
            case Var():
                return
            case App("pow", (base, exponent)):
                self.of(base)
                self.of(exponent)
                self._power(base, exponent)
            case App("cases", args):
                if any(free_names(g) & self.names for g in args[1::2]):
                    raise NotContinuous("cases whose conditions move")
                for value, guard in zip(args[0::2], args[1::2], strict=True):
                    before = len(self.guards)
                    self.of(value)
                    self.guards[before:] = [app("implies", guard, g) for g in self.guards[before:]]
            case App("at", (Var(name), *indices)) if name in self.names and is_family(self.decls.get(name)):
                if any(free_names(i) & self.names for i in indices):
                    raise NotContinuous("an index that moves")
            case App("binomial", (n, Num(k))) if k.denominator == 1:
                self.of(n)
            case App("rising" | "falling", (n, Num(k))) if k.denominator == 1 and k >= 0:
                self.of(n)
            case App(head, args):
                for a in args:
                    self.of(a)
                self._head(head, args)
            case Bind("sum" | "prod"):
                self._series(t)
            case Bind("diff" | "partial"):
                self._derivative(t)
            case Bind():
                raise NotContinuous(f"{t.head}: where it is continuous is not known")

    def _head(self, head: str, args: tuple[Term, ...]) -> None:
        if head in _EVERYWHERE:
            return
        real = all(is_real(a, self.decls) for a in args)
        if head in _REAL_ARGUMENTS and real:
            return
        less = "<" if self.open else "<="
        match head, args:
            case "div", (_, b):
                if not visibly_positive(b, self.decls):
                    self._guard(app("!=", b, num(0)))
            case "log", (u,):
                if not visibly_positive(u, self.decls):
                    self._guard(off_cut(u, self.decls))
            case "sqrt", (u,):
                if not real:
                    self._guard(off_cut(u, self.decls))
            case ("tan" | "sec"), (u,):
                self._guard(app("!=", app("cos", u), num(0)))
            case ("cot" | "csc"), (u,):
                self._guard(app("!=", app("sin", u), num(0)))
            case "coth", (u,):
                self._guard(app("!=", app("sinh", u), num(0)))
            case "tanh", (u,):
                if not real:
                    self._guard(app("!=", app("cosh", u), num(0)))
            case ("atan" | "asinh"), (u,) if real:
                return
            case "acot", (u,) if real:
                self._guard(app("!=", u, num(0)))
            case ("asin" | "acos"), (u,) if real:
                self.guards += [app(less, num(-1), u), app(less, u, num(1))]
            case "acosh", (u,) if real:
                self.guards.append(app(less, num(1), u))
            case "atanh", (u,) if real:
                self.guards += [app("<", num(-1), u), app("<", u, num(1))]
            case "sign", (u,) if real:
                self._guard(app("!=", u, num(0)))
            case ("floor" | "ceiling"), (u,) if real:
                self._guard(app("not", app("in", u, app("integers"))))
            case "arg", (u,):
                self._guard(off_cut(u, self.decls))
            case "atan2", (y, x) if real:
                self._guard(app("or", app("!=", y, num(0)), app(">", x, num(0))))
            case ("gamma" | "digamma"), (u,) if real:
                self._guard(app(">", u, num(0)))
            case "factorial", (u,) if real:
                self._guard(app(">", u, num(-1)))
            case _:
                raise NotContinuous(f"{head}: where it is continuous is not known")

    def _guard(self, formula: Term) -> None:
        if free_names(formula) & self.names:
            self.guards.append(formula)

    def _power(self, base: Term, exponent: Term) -> None:
        moving = free_names(exponent) & self.names
        real = is_real(base, self.decls)
        if visibly_positive(base, self.decls):
            return
        if not moving and isinstance(exponent, Num) and exponent.value.denominator == 1:
            if exponent.value < 0:
                self._guard(app("!=", base, num(0)))
        elif not moving and isinstance(exponent, Num):
            if not real or exponent.value < 0:
                self._guard(off_cut(base, self.decls))
        elif not moving and is_integer(exponent, self.decls):
            self._guard(app("or", app("!=", base, num(0)), app(">=", exponent, num(0))))
        elif base == App("e", ()) or isinstance(base, Num) and base.value > 0:
            return
        elif real:
            self.guards.append(app(">", base, num(0)))
        else:
            raise NotContinuous("a power of a base that may be complex")

    def _series(self, t: Bind) -> None:
        """A finite sum or product whose range does not move, term by term."""
        t = rename(t, set(self.decls) | self.names)
        range_ = (*t.outer, t.inner[0], *(u for s in t.sorts for u in sort_terms(s)))
        if any(free_names(u) & self.names for u in range_) or OO in t.outer or app("neg", OO) in t.outer:
            raise NotContinuous("a range that moves or is infinite")
        inner = _Continuity(self.names, {**self.decls, **dict(zip(t.names, t.sorts, strict=True))}, self.open)
        inner.of(t.inner[1])
        premise = t.inner[0]
        if t.outer:
            k = Var(t.names[0])
            limits = app("and", app("<=", t.outer[0], k), app("<=", k, t.outer[1]))
            premise = limits if premise == TRUE else app("and", limits, premise)
        self.guards += closed_over(inner.guards, t.names, t.sorts, premise)

    def _derivative(self, t: Bind) -> None:
        from .derivative import NoDerivative, at_point

        if not isinstance(t.sorts[0], Scalar) and t.head == "diff":
            raise NotContinuous("a derivative of another kind")
        try:
            value, guards = at_point(t, self.decls)
        except NoDerivative as error:
            raise NotContinuous(str(error)) from error
        self.guards += guards
        self.of(value)


__all__ = ["NotContinuous", "between", "closed_over", "continuity", "is_family", "off_cut"]
