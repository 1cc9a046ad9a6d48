"""When a term is defined: its conditions, read off the raw term before anything is cancelled.

Each condition is a formula in the claim's names.  Conditions of a body under a sum or quantifier
are closed by ``forall`` with the guard; conditions of a conclusion stand under its premise.  Heads
whose definedness no formula of ours expresses more simply (integrals, infinite sums, limits,
derivatives, expectations) give ``finite(t)``.  Order relations, ``floor``, ``max`` and their like need
real arguments; an opaque function needs arguments of its sorts; a range needs integer bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from .claim import Sequent
from .effort import spend
from .expect_terms import polynomial
from .kinds import entry_kind, is_integer, is_real, kind, sort_kind
from .matrix_terms import IllTyped, same_size, shape
from .term import (
    COMPLEX, FALSE, INTEGER, ONE, OO, REAL, TRUE, App, Bind, Index, Joint, Map, Num, Scalar, Sort, Space, Term, Var,
    add, alpha, app, children, conj, free_names, fresh, negate, num, rename, substitute,
)

_MAX_STEPS = 60
_GROWING = ("big-o", "big-omega", "big-theta", "little-o", "similar")
_WRITTEN_STEPS = 5   # up to here a condition shows the state itself, not "the state after n steps"


def definedness(t: Term, sequent: Sequent) -> tuple[Term, ...]:
    """The conditions, without repetition, in the order of the subterms."""
    found: dict[Term, None] = {}
    same: set[Term] = set()        # up to the names of bound variables
    for c in _conditions(t, dict(sequent.declarations)):
        if isinstance(c, App) and c.head == "finite":
            if (key := alpha(c)) in same:
                continue
            same.add(key)
        found[c] = None
    return tuple(c for c in found if not (      # u > 0 says u != 0 too
        isinstance(c, App) and c.head == "!=" and app(">", *c.args) in found))


def power_conditions(t: Term, decls: Mapping[str, Sort], names: Iterable[str] | None = None
                     ) -> tuple[Term, ...]:
    """What the powers in ``t`` with an exponent that is neither literal nor integer need of their base.

    Putting numbers in for names would lose this: ``x^y`` needs x > 0, ``(-1)^1`` needs nothing.  So who
    replaces ``names`` by values asks here first (an exponent without these names stays what it is; the
    base n of n^a, n growing, is positive where a limit or an order of growth looks).
    """
    out: list[Term] = []
    replaced = None if names is None else frozenset(names)
    growing: set[str] = set()
    ranges: dict[str, Term] = {}        # of the bound name of a sum or a quantifier: where its values lie

    def needed(c: Term, bound: dict[str, Sort], places: dict[str, tuple[Term, ...]]) -> Term:
        """``c`` for all values of the bound names: at the point of a derivative, on the range of an
        integral (a base that is affine there is positive inside if it is not negative at the ends)."""
        at_points = {n: place[0] for n, place in places.items() if len(place) == 1}
        moving = tuple(n for n in bound if n in free_names(c) and n not in at_points)
        c = substitute(c, at_points)
        enough = c.args[0] if isinstance(c, App) and c.head == "or" else c      # a positive base serves any exponent
        match moving, enough:
            case (n,), App(">", (base, zero)) if n in places and zero == num(0) and _affine(base, n):
                ends = [u for u in places[n] if u != OO or base != Var(n)]
                if not any(u in (OO, app("neg", OO)) for u in ends):
                    values = [substitute(base, {n: u}) for u in ends]
                    some = [app(">", add(*values), num(0))] if len(values) == 2 else []
                    return conj(*(app(">=", v, num(0)) for v in values), *some)
        inside = [ranges[n] for n in moving if n in ranges]
        if inside:
            c = app("implies", conj(*inside), c)
            moving = tuple(n for n in bound if n in free_names(c) and n not in at_points)
        return Bind("forall", moving, tuple(bound[n] for n in moving), (), (TRUE, c)) if moving else c

    def go(u: Term, here: dict[str, Sort], bound: dict[str, Sort], places: dict[str, tuple[Term, ...]]) -> None:
        match u:
            case App("pow", (Var(base), exponent)) if base in growing and base in bound:
                go(exponent, here, bound, places)
            case App(head, args):
                if head == "pow" and not isinstance(args[1], Num) and not is_integer(args[1], here) and (
                        replaced is None or free_names(args[1]) & (replaced - set(bound))):
                    out.extend(needed(c, bound, places) for c in own_conditions(head, args, here))
                for a in args:
                    go(a, here, bound, places)
            case Bind():
                u = rename(u, set(here))
                for v in u.outer:
                    go(v, here, bound, places)
                new = dict(zip(u.names, u.sorts, strict=True))
                inner = dict(places)
                if u.head in ("diff", "integral") and u.outer:
                    at = tuple(substitute(e, {n: p[0] for n, p in places.items() if len(p) == 1}) for e in u.outer)
                    if not any(free_names(e) & set(bound) for e in at):
                        inner[u.names[0]] = at
                grows = u.head in _GROWING or (u.head == "limit" and u.outer[0] == App("oo", ()))
                growing.difference_update(u.names)
                growing.update(u.names if grows else ())
                outside = dict(ranges)
                for n in u.names:
                    ranges.pop(n, None)
                if u.head in ("sum", "prod") and len(u.outer) == 2 and not free_names(u.outer[0]) & set(u.names) and (
                        u.outer[0] != app("neg", OO)):
                    ranges[u.names[0]] = app("<=", u.outer[0], Var(u.names[0]))
                for k, v in enumerate(u.inner):
                    go(v, here | new, bound | new, inner)
                    if k == 0 and u.head in ("forall", "exists") and v != TRUE:     # the body counts under its guard
                        ranges.update({n: v for n in u.names if n in free_names(v)})
                ranges.clear()
                ranges.update(outside)
                growing.difference_update(u.names)

    go(t, dict(decls), {}, {})
    return tuple(dict.fromkeys(out))


def narrows(t: Term, decls: Mapping[str, Sort], by: Mapping[str, Term], after: Mapping[str, Sort]) -> bool:
    """Whether a power in ``t`` needs more of its base once ``by`` is put in for names.

    ``z^p`` over a complex name z needs z != 0, over a real name x it needs x > 0, over an integer n as ``x^n`` less
    than as ``x^y``: a term means the same after a substitution only where no such condition grew.  ``decls`` declares
    the names of ``t``, ``after`` those of the result.
    """

    def go(u: Term, here: dict[str, Sort], there: dict[str, Sort], put: Mapping[str, Term]) -> bool:
        match u:
            case App(head, args):
                if head == "pow" and not isinstance(args[1], Num) and free_names(u) & set(put):
                    old = [substitute(c, put) for c in own_conditions(head, args, here)]
                    base, exponent = (substitute(a, put) for a in args)
                    new = own_conditions(head, (base, exponent), there)
                    if app(">", base, num(0)) not in old and not set(new) <= set(old):
                        return True
                return any(go(a, here, there, put) for a in args)
            case Bind():
                inside = {n: v for n, v in put.items() if n not in u.names}
                u = rename(u, frozenset({*here, *there}).union(*map(free_names, inside.values())))
                bound = dict(zip(u.names, u.sorts, strict=True))
                return any(go(v, here, there, put) for v in u.outer) or any(
                    go(v, here | bound, there | bound, inside) for v in u.inner)
            case _:
                return False

    return go(t, dict(decls), dict(after), by)


def _affine(t: Term, x: str) -> bool:
    match t:
        case Num() | Var():
            return True
        case App("add" | "neg", args):
            return all(_affine(a, x) for a in args)
        case App("mul", args):
            return sum(x in free_names(a) for a in args) <= 1 and all(_affine(a, x) for a in args)
        case _:
            return x not in free_names(t)


def atomic_conditions(t: Term, sequent: Sequent) -> tuple[Term, ...]:
    """Those of ``definedness`` without which ``t`` has no truth value in any reading of "or": not from
    inside an ``or``, a quantifier or a premise, beside which ``t`` may be true all the same.  Of a
    derivative by rules, only that its body is defined at the point: the guards of the rules suffice, and
    are not necessary.  Nor what is only sufficient for a real value: sqrt(x) sqrt(x) is real for x < 0,
    log x - log y too.  Nor that a side is finite which is compared with oo: 1 + 1/2 + 1/3 + ... = oo is no
    false statement."""
    decls = dict(sequent.declarations)
    loose = only_sufficient(t, decls)

    def go(u: Term) -> list[Term]:
        match u:
            case App("and" | "not" | "iff", args):
                return [c for a in args for c in go(a)]
            case App("implies", (premise, conclusion)):
                return _under(premise, go(conclusion))
            case App("or", _) | Bind("forall" | "exists"):
                return []
            case App("=" | "!=" | "<" | "<=" | ">" | ">=", sides) if {OO, app("neg", OO)} & set(sides):
                needed = [(c, core(c)) for c in _conditions(without_derivatives(u, decls), decls)]
                return [c for c, plain in needed if not (isinstance(plain, App) and plain.head == "finite")]
            case _:
                return _conditions(without_derivatives(u, decls), decls)

    return tuple(dict.fromkeys(c for c in go(t) if core(c) not in loose))


OF_REALS = ("<", "<=", ">", ">=", "floor", "ceiling", "max", "min", "relu", "atan2", "harmonic", "mod")


def only_sufficient(t: Term, decls: dict[str, Sort]) -> set[Term]:
    """The conditions for real values in ``t`` that a real value can do without; and that the base of a symbolic
    power is positive: (-4)^x/(-2)^x has its value at integers x, and at all others on the principal branch."""
    out: set[Term] = set()
    match t:
        case App(head, args):
            if head == "pow" and not isinstance(args[1], Num):
                out.add(app(">", args[0], num(0)))
            if head in OF_REALS or head == "at":
                out |= _loose(args, decls)
            for a in args:
                out |= only_sufficient(a, decls)
        case Bind():
            inside = decls | dict(zip(t.names, t.sorts, strict=True))
            if t.head == "maximum":
                out |= _loose(t.inner, inside)
            if t.head == "iterate":         # its states are of the sorts of its names
                out |= _loose(_components(t.outer[1]), decls)
                for line in t.inner:
                    out |= _loose(_components(children(line)[-1]), inside)
            for u in t.outer:
                out |= only_sufficient(u, decls)
            for u in t.inner:
                out |= only_sufficient(u, inside)
    return out


def _components(t: Term) -> tuple[Term, ...]:
    return t.args if isinstance(t, App) and t.head == "tuple" else (t,)


def _loose(args: Iterable[Term], decls: dict[str, Sort]) -> set[Term]:
    """What ``real_conditions`` says of real arguments beyond what these certainly need."""
    args = tuple(args)
    needed = {core(c) for a in args for c in necessary(a, decls)}
    return {core(c) for a in args for c in real_conditions(a, decls)} - needed


def core(c: Term) -> Term:
    """A condition without the quantifiers and premises around it."""
    while True:
        match c:
            case Bind("forall"):
                c = c.inner[1]
            case App("implies", (_, conclusion)):
                c = conclusion
            case _:
                return c


def necessary(t: Term, decls: dict[str, Sort]) -> list[Term]:
    """Those of ``real_conditions`` without which ``t`` is certainly not real."""
    if is_real(t, decls) or t == OO:
        return []
    match t:
        case App("neg", (u,)):
            return necessary(u, decls)
        case App("add", args):
            open_ = [a for a in args if not is_real(a, decls)]
            return necessary(open_[0], decls) if len(open_) == 1 else []
        case App("max" | "min" | "relu", args):
            return [c for a in args for c in necessary(a, decls)]
        case App("log", (u,)) if is_real(u, decls):
            return [app(">", u, num(0))]
        case App("sqrt", (u,)) if is_real(u, decls):
            return [app(">=", u, num(0))]
        case App("pow", (u, Num(e))) if is_real(u, decls) and e.denominator != 1:
            return [app(">=", u, num(0))]
        case _:
            return [c for c in real_conditions(t, decls) if c == app("in", t, app("reals"))]


def without_derivatives(t: Term, decls: dict[str, Sort], sorts: tuple[Sort, ...] = (REAL, COMPLEX)) -> Term:
    """``t`` with the body at the point in place of each derivative (along these sorts) that rules give."""
    from .derivative import NoDerivative, at_point

    match t:
        case Bind("diff"):
            try:
                at_point(t, decls)
            except NoDerivative:
                return t
            if t.sorts[0] not in sorts:
                return t
            body = without_derivatives(t.inner[0], decls | dict(zip(t.names, t.sorts, strict=True)), sorts)
            return substitute(body, {t.names[0]: t.outer[0]})
        case App(head, args):
            return App(head, tuple(without_derivatives(a, decls, sorts) for a in args))
        case Bind():
            inside = decls | dict(zip(t.names, t.sorts, strict=True))
            return Bind(t.head, t.names, t.sorts, tuple(without_derivatives(u, decls, sorts) for u in t.outer),
                        tuple(without_derivatives(u, inside, sorts) for u in t.inner))
        case _:
            return t


def _nonzero(t: Term) -> list[Term]:
    never = isinstance(t, Num) and t.value != 0 or isinstance(t, App) and t.head in ("gamma", "factorial")   # no zeros
    return [] if never else [app("!=", t, num(0))]


def _conditions(t: Term, decls: dict[str, Sort]) -> list[Term]:
    spend(1)
    match t:
        case Num() | Var():
            return []
        case App("finite", _):      # false where its term is undefined
            return []
        case App("implies", (premise, conclusion)):
            return _conditions(premise, decls) + _under(premise, _conditions(conclusion, decls))
        case App("cases", args):
            out: list[Term] = []
            guards = args[1::2]
            for place, (value, guard) in enumerate(zip(args[0::2], guards, strict=True)):   # the first that holds
                earlier = conj(*map(negate, guards[:place]))
                out += _under(earlier, _conditions(guard, decls))
                out += _under(conj(earlier, guard), _conditions(value, decls))
            return out if TRUE in guards else [*out, guards[0] if len(guards) == 1 else App("or", guards)]
        case App("=" | "!=" | "<" | "<=" | ">" | ">=", (a, b)) if _divergence(a) or _divergence(b):
            # a KL that stands alone on its side has a value in [0, oo]; inside sums it must be finite
            return [c for side in (a, b) for c in (
                _inside_divergence(side, decls) if _divergence(side) else _conditions(side, decls))]
        case App("at", (Bind("lambda"), *indices)):
            return [c for a in indices for c in _conditions(a, decls)] + own_conditions("at", t.args, decls)
        case App(head, args):
            out = [c for a in args for c in _conditions(a, decls)]
            return out + own_conditions(head, args, decls)
        case Bind("lambda") if all(isinstance(s, Index) for s in t.sorts):         # a matrix by its entries
            inside = decls | dict(zip(t.names, t.sorts, strict=True))
            return [Bind("forall", t.names, t.sorts, (), (TRUE, c)) if free_names(c) & set(t.names) else c
                    for c in _conditions(t.inner[0], inside)]
        case Bind("maximum"):
            inside = decls | dict(zip(t.names, t.sorts, strict=True))
            needed = _conditions(t.inner[0], inside) + real_conditions(t.inner[0], inside)
            return [app(">=", k.size, num(1)) for k in t.sorts if isinstance(k, Index)] + [
                Bind("forall", t.names, t.sorts, (), (TRUE, c)) if free_names(c) & set(t.names) else c for c in needed]
        case Bind("sum" | "prod" | "forall" | "exists"):
            t = rename(t, frozenset().union(*map(free_names, t.outer)))   # the guard below names the bounds
            out = [c for u in t.outer for c in _conditions(u, decls)]
            inside = decls | dict(zip(t.names, t.sorts, strict=True))
            guard, body = t.inner
            if t.outer:
                low, high = t.outer
                if App("oo", ()) in (low, high) or app("neg", App("oo", ())) in (low, high):
                    constants = _conditions(body, inside) if guard == TRUE else []      # the range is not empty
                    out += [c for c in constants if not free_names(c) & set(t.names)]
                    return [*out, app("finite", t)]
                out += [c for u in t.outer for c in _member(u, INTEGER, decls)]
                k = Var(t.names[0])
                guard = conj(app("<=", low, k), app("<=", k, high), guard)
            inner = _conditions(t.inner[0], inside) + _under(guard, _conditions(body, inside))
            return out + [
                Bind("forall", t.names, t.sorts, (), (TRUE, c)) if free_names(c) & set(t.names) else c
                for c in inner
            ]
        case Bind("iterate"):
            return [c for u in t.outer for c in _conditions(u, decls)] + _iteration(t, decls)
        case Bind("diff"):
            return [c for u in t.outer for c in _conditions(u, decls)] + _derivative(t, decls)
        case Bind("partial"):
            point, entry = t.outer
            out = _conditions(point, decls) + _conditions(entry, decls)
            if isinstance(t.sorts[0], Map):
                for i, slot in zip(children(entry), t.sorts[0].args, strict=True):
                    out += _member(i, slot, decls)
            return out + _derivative(t, decls)
        case Bind("integral") if t.outer:
            return [c for u in t.outer for c in _conditions(u, decls)] + _integral(t, decls)
        case Bind("integral" | "limit" | "E" | "KL"):
            return [c for u in t.outer for c in _conditions(u, decls)] + [app("finite", t)]
        case Bind("expect"):    # a polynomial in random quantities has an expectation; so has a finite list of values
            names = frozenset(t.names)
            inner = _conditions(t.inner[0], decls | dict(zip(t.names, t.sorts, strict=True)))
            settled = (polynomial(t.inner[0], names) or _finitely_many(t, decls)) and not any(
                free_names(c) & names for c in inner)
            return [c for c in inner if not free_names(c) & names] + ([] if settled else [app("finite", t)])
        case _:
            return []


def _finitely_many(t: Bind, decls: dict[str, Sort]) -> bool:
    """Every quantity that is averaged over takes values from a finite list."""
    match t.outer:
        case (App("tuple", laws),):
            sorts = [decls.get(law.name) if isinstance(law, Var) else None for law in laws]
            joints = [s.result if isinstance(s, Map) else s for s in sorts]
            return all(isinstance(j, Joint) and j.values for j in joints)
    return False


def _derivative(t: Bind, decls: dict[str, Sort]) -> list[Term]:
    """The body is defined at the point and the guards of the derivative's rules hold there."""
    from .derivative import NoDerivative, at_point

    try:
        _, guards = at_point(t, decls)
    except NoDerivative:
        return [app("finite", t)]
    body = _conditions(t.inner[0], decls | dict(zip(t.names, t.sorts, strict=True)))
    return [substitute(c, {t.names[0]: t.outer[0]}) for c in body] + list(guards)


def _integral(t: Bind, decls: dict[str, Sort]) -> list[Term]:
    """What the constants in the integrand need, and that the integral converges."""
    t = rename(t, frozenset(decls))
    inside = _conditions(t.inner[0], decls | dict(zip(t.names, t.sorts, strict=True)))
    return [*(c for c in inside if not free_names(c) & set(t.names)), app("finite", t)]


def _under(premise: Term, conditions: list[Term]) -> list[Term]:
    return conditions if premise == TRUE else [app("implies", premise, c) for c in conditions]


def own_conditions(head: str, args: tuple[Term, ...], decls: dict[str, Sort]) -> list[Term]:
    """What ``head`` asks of its arguments, beyond what these ask themselves."""
    match head, args:
        case ("<" | "<=" | ">" | ">=" | "floor" | "ceiling" | "max" | "min" | "relu"), _:
            return [c for a in args for c in real_conditions(a, decls)]
        case "div", (_, b):
            return _nonzero(b)
        case "pow", (base, Num(e)):
            return _nonzero(base) if e < 0 else []
        case "pow", (base, e):
            if base == App("e", ()) or (isinstance(base, Num) and base.value > 0):
                return []
            if is_integer(e, decls):
                return [app("or", app("!=", base, num(0)), app(">=", e, num(0)))]
            if is_real(base, decls) and kind(e, decls) == "rational":     # n/2 may be an integer all the same
                negative = isinstance(base, Num) and base.value < 0
                integral = app("in", e, app("integers"))
                if negative:
                    return [integral]
                finite = app("or", app("!=", base, num(0)), app(">=", e, num(0)))
                return [app("or", app(">", base, num(0)), conj(integral, finite))]
            return [app(">", base, num(0))] if is_real(base, decls) else _nonzero(base)
        case "log" | "arg", (u,):
            return _nonzero(u)
        case ("tan" | "sec"), (u,):
            return _nonzero(app("cos", u))
        case ("cot" | "csc"), (u,):
            return _nonzero(app("sin", u))
        case "coth", (u,):
            return _nonzero(app("sinh", u))
        case "tanh", (u,):
            return [] if is_real(u, decls) else _nonzero(app("cosh", u))
        case "atanh", (u,):
            return [app("!=", u, num(1)), app("!=", u, num(-1))]
        case ("atan" | "acot"), (u,):
            return [] if is_real(u, decls) else [app("!=", app("pow", u, num(2)), num(-1))]
        case "atan2", (y, x):
            return [*(c for a in args for c in real_conditions(a, decls)),
                    app("or", app("!=", y, num(0)), app("!=", x, num(0)))]
        case "factorial", (u,):
            return _gamma(add(u, ONE), u, decls)
        case "gamma" | "digamma", (u,):
            return _gamma(u, None, decls)
        case "harmonic", (u,):
            return [*real_conditions(u, decls), app(">=", u, num(0))]
        case "mod", (a, b):
            return real_conditions(a, decls) + real_conditions(b, decls) + _nonzero(b)
        case ("fibonacci" | "tribonacci"), (u,):
            return _member(u, INTEGER, decls)
        case "factorial2", (u,):
            return [*_member(u, INTEGER, decls), *([app(">=", u, num(-1))] if not (
                isinstance(u, Num) and u.value >= -1) else [])]
        case "binomial", (n, k):       # a quotient of gammas; for an integer k a polynomial in n
            integer_k: tuple[Term, ...] = () if isinstance(k, Num) else (app("in", k, app("integers")),)
            return [] if is_integer(k, decls) else [App("or", (*integer_k, *_no_pole(add(n, ONE), decls)))]
        case ("rising" | "falling"), (x, k):
            if isinstance(k, Num) and k.value >= 0 and k.value.denominator == 1:
                return []
            top = add(x, k) if head == "rising" else add(x, ONE)
            natural = [] if isinstance(k, Num) else [conj(*_member(k, INTEGER, decls), app(">=", k, num(0)))]
            return [App("or", (*natural, *_no_pole(top, decls)))]
        case "item", (whole, k):
            size = len(whole.args) if isinstance(whole, App) and whole.head == "tuple" else (
                len(whole.names) if isinstance(whole, Bind) and whole.head == "iterate" else None)
            there = isinstance(k, Num) and k.value.denominator == 1 and 1 <= k.value and (
                size is None or k.value <= size)
            return [] if there else [FALSE]
        case "density", _:
            return _conditional(App(head, args), decls)
        case "inverse", (a,):
            return [app("invertible", a)]
        case "maxeig", (a,):
            try:
                rows, columns = shape(a, decls)
            except IllTyped:
                return [FALSE]
            if not same_size(rows, columns):
                return [FALSE]
            some = isinstance(rows, Num) and rows.value >= 1
            return [*([] if some else [app(">=", rows, ONE)]), app("mat=", app("transpose", a), a),
                    *_real_entries(a, decls)]
        case "matpow", (a, k):
            if isinstance(k, Num):
                return [FALSE] if k.value.denominator != 1 else [] if k.value >= 0 else [app("invertible", a)]
            return [*_member(k, INTEGER, decls), app("or", app(">=", k, num(0)), app("invertible", a))]
        case "at", (App(), *indices):
            return _places(args[0], indices, decls)
        case "at", (Var(name), *indices):
            match decls.get(name):
                case Map(sorts, _) if len(sorts) == len(indices):
                    return [c for s, i in zip(sorts, indices, strict=True) for c in _member(i, s, decls)]
            return [FALSE]
        case "at", (Bind("lambda") as f, *indices):
            if len(f.names) != len(indices):
                return [FALSE]
            inside = decls | dict(zip(f.names, f.sorts, strict=True))
            by = dict(zip(f.names, indices, strict=True))
            return [c for s, i in zip(f.sorts, indices, strict=True) for c in _member(i, s, decls)] + [
                substitute(c, by) for c in _conditions(f.inner[0], inside)]
        case _:
            return []


def _places(a: Term, indices: Iterable[Term], decls: dict[str, Sort]) -> list[Term]:
    """Each index within the rows, or the columns, of the matrix ``a``."""
    try:
        sizes = shape(a, decls)
    except IllTyped:
        return [FALSE]
    return [c for i, n in zip(indices, sizes, strict=False) for c in _member(i, Index(n), decls)]


def _real_entries(a: Term, decls: dict[str, Sort]) -> list[Term]:
    """Nothing where the form of ``a`` says so; i (i A) may be real all the same."""
    if entry_kind(a, decls) in ("integer", "rational", "real"):
        return []
    try:
        sizes = shape(a, decls)
    except IllTyped:
        return [FALSE]
    taken = set(decls) | free_names(a)
    row = fresh("i", taken)
    names = (row, fresh("j", taken | {row}))
    entry = app("in", app("at", a, *map(Var, names)), app("reals"))
    return [Bind("forall", names, tuple(map(Index, sizes)), (), (TRUE, entry))]


def _divergence(t: Term) -> bool:
    return isinstance(t, Bind) and t.head == "KL"


def _inside_divergence(t: Term, decls: dict[str, Sort]) -> list[Term]:
    """What its densities need at the values of free variables."""
    if not isinstance(t, Bind):
        return []
    inside = decls | dict(zip(t.names, t.sorts, strict=True))
    return [c for u in t.inner for c in _conditions(u, inside) if not free_names(c) & set(t.names)]


def _conditional(t: App, decls: dict[str, Sort]) -> list[Term]:
    """p(x|z) of a law that is not declared given z needs p(z) > 0."""
    from .density_terms import marginal_of_condition

    below = marginal_of_condition(t, decls.get(t.args[0].name) if isinstance(t.args[0], Var) else None)
    return [] if below is None else [app(">", below, num(0))]


def real_conditions(t: Term, decls: dict[str, Sort]) -> list[Term]:
    """When ``t`` is real: nothing where its form says so, else the signs that its logs and roots need."""
    if is_real(t, decls) or t == OO:
        return []
    match t:
        case App("add" | "mul" | "neg" | "div" | "max" | "min" | "relu", args) if not _has_complex(t, decls):
            return [c for a in args for c in real_conditions(a, decls)]
        case App("log", (u,)) if not _has_complex(t, decls):
            return [*real_conditions(u, decls), app(">", u, num(0))]
        case App("pow", (u, Num(e))) if e.denominator == 1 and not _has_complex(t, decls):
            return real_conditions(u, decls)
        case App("sqrt", (u,)) | App("pow", (u, Num())) if not _has_complex(t, decls):
            return [*real_conditions(u, decls), app(">=", u, num(0))]
        case App("pow", (u, e)) if not _has_complex(t, decls):
            return [*real_conditions(u, decls), *real_conditions(e, decls), app(">", u, num(0))]
        case App("neg", (App("oo", ()),)):
            return []
        case App("exp" | "sin" | "cos" | "sinh" | "cosh" | "tanh" | "atan" | "asinh" | "erf", (u,)) if (
                not _has_complex(t, decls)):
            return real_conditions(u, decls)
        case Bind("sum" | "prod") if not _has_complex(t, decls):
            t = rename(t, frozenset().union(*map(free_names, t.outer)))
            guard = t.inner[0]
            if t.outer:
                k = Var(t.names[0])
                guard = conj(app("<=", t.outer[0], k), app("<=", k, t.outer[1]), guard)
            inside = decls | dict(zip(t.names, t.sorts, strict=True))
            return [
                Bind("forall", t.names, t.sorts, (), (TRUE, c)) if free_names(c) & set(t.names) else c
                for c in _under(guard, real_conditions(t.inner[1], inside))]
        case Bind("E" | "KL" | "expect" | "maximum") | App("density", _):
            return []       # of real values and integrands, over the points where these are real
        case Bind("integral") if any(isinstance(s, Space) for s in t.sorts):
            return []
        case App("cases", args):                                            # the first guard that holds
            guards = args[1::2]
            return [c for k, (value, guard) in enumerate(zip(args[0::2], guards, strict=True))
                    for c in _under(conj(*map(negate, guards[:k]), guard), real_conditions(value, decls))]
        case _:
            return [app("in", t, app("reals"))]


def _has_complex(t: Term, decls: dict[str, Sort]) -> bool:
    """The imaginary unit or a complex name stands in ``t``: its parts need not be real for it to be."""
    match t:
        case Var(name):
            return sort_kind(decls.get(name)) == "complex"
        case App("i", ()):
            return True
        case App(_, args):
            return any(_has_complex(a, decls) for a in args)
        case Bind():
            inside = decls | dict(zip(t.names, t.sorts, strict=True))
            return any(_has_complex(u, decls) for u in t.outer) or any(
                _has_complex(u, inside) for u in t.inner)
        case _:
            return False


def _member(t: Term, s: Sort, decls: dict[str, Sort]) -> list[Term]:
    """When ``t`` is a value of the sort."""
    match s:
        case Index():
            return _in_range(t, s, decls)
        case Scalar("real"):
            return real_conditions(t, decls)
        case Scalar("integer"):
            return [] if is_integer(t, decls) else [app("in", t, app("integers"))]
        case Scalar("rational"):
            return [] if kind(t, decls) in ("integer", "rational") else [app("in", t, app("rationals"))]
        case Map(args, result):
            return _family(t, s, args, result, decls)
        case _:
            return []


def _family(t: Term, s: Map, args: tuple[Sort, ...], result: Sort, decls: dict[str, Sort]) -> list[Term]:
    """A vector as the argument of a function: a declared one, or a lambda with values of the sort everywhere."""
    if isinstance(t, Var) and decls.get(t.name) == s:
        return []
    if not (isinstance(t, Bind) and t.head == "lambda" and t.sorts == args):
        return [FALSE]
    t = rename(t, set(decls))
    inside = decls | dict(zip(t.names, t.sorts, strict=True))
    return [Bind("forall", t.names, t.sorts, (), (TRUE, c)) if free_names(c) & set(t.names) else c
            for c in (*_conditions(t.inner[0], inside), *_member(t.inner[0], result, inside))]


def _no_pole(u: Term, decls: dict[str, Sort]) -> list[Term]:
    """Gamma(u) is finite if one of these holds."""
    positive = app(">", u, num(0)) if is_real(u, decls) else app(">", app("re", u), num(0))
    return [positive, app("not", app("in", u, app("integers")))]


def _gamma(u: Term, integer_form: Term | None, decls: dict[str, Sort]) -> list[Term]:
    """Gamma is defined off 0, -1, -2, ...; n! needs n >= 0 at integers."""
    if isinstance(u, Num):
        return [] if u.value > 0 or u.value.denominator > 1 else [app(">", u, num(0))]
    if is_integer(u, decls):
        return [app(">=", integer_form, num(0)) if integer_form is not None else app(">", u, num(0))]
    return [App("or", tuple(_no_pole(u, decls)))]


def _in_range(i: Term, s: Index, decls: dict[str, Sort]) -> list[Term]:
    if isinstance(i, Var) and decls.get(i.name) == s:
        return []
    return _member(i, INTEGER, decls) + [app("<=", num(1), i), app("<=", i, s.size)]


def _iteration(t: Bind, decls: dict[str, Sort]) -> list[Term]:
    """Every state passed through is of its sort, every update defined there."""
    sorts = dict(zip(t.names, t.sorts, strict=True))
    inside = decls | sorts
    steps, start = t.outer
    begin = [
        c for k, s in enumerate(t.sorts) for c in _member(
            start.args[k] if isinstance(start, App) and start.head == "tuple" and k < len(start.args)
            else app("item", start, num(k + 1)), s, decls)]
    begin += _member(steps, INTEGER, decls)
    if isinstance(start, App) and start.head == "tuple" and len(start.args) != len(t.names):
        begin.append(FALSE)

    def of_line(line: Term) -> list[Term]:
        target, value = children(line)
        new = value.args if isinstance(target, App) and isinstance(value, App) else (value,)
        names = target.args if isinstance(target, App) else (target,)
        return _conditions(value, inside) + [
            c for n, v in zip(names, new, strict=True) if isinstance(n, Var)
            for c in _member(v, sorts[n.name], inside)]

    def at_state(state: dict[str, Term]) -> tuple[list[Term], dict[str, Term]]:
        """The conditions of one step from ``state``, and the state after it."""
        out: list[Term] = []
        current = dict(state)
        for line in t.inner:
            if not (isinstance(line, App) and line.head == "assign"):
                continue
            target, value = line.args
            out += [substitute(c, current) for c in of_line(line)]
            values = value.args if isinstance(target, App) and isinstance(value, App) else (value,)
            targets = target.args if isinstance(target, App) else (target,)
            new = [substitute(v, current) for v in values]
            for name, v in zip(targets, new, strict=True):
                if isinstance(name, Var):
                    current[name.name] = v
        return out, current

    def written_out(state: dict[str, Term], count: int) -> list[Term]:
        out: list[Term] = []
        for _ in range(count):
            conditions, state = at_state(state)
            out += conditions
        return out

    def state_after(n: Term) -> dict[str, Term]:
        orbit = Bind("iterate", t.names, t.sorts, (n, start), t.inner)
        return {name: app("item", orbit, num(k + 1)) for k, name in enumerate(t.names)}

    if not any(of_line(line) for line in t.inner):
        return begin if _visible_natural(steps) else [*begin, app(">=", steps, num(0))]
    if isinstance(steps, Num) and 0 <= steps.value <= _MAX_STEPS and steps.value.denominator == 1:
        if steps.value <= _WRITTEN_STEPS and isinstance(start, App) and start.head == "tuple":
            return begin + written_out(dict(zip(t.names, start.args, strict=True)), int(steps.value))
        return begin + [c for n in range(int(steps.value)) for c in at_state(state_after(num(n)))[0]]
    k = fresh("k", free_names(t) | set(decls))
    guard = conj(app("<=", num(0), Var(k)), app("<", Var(k), steps))
    conditions = [app("implies", guard, c) for c in at_state(state_after(Var(k)))[0]]
    return [*begin, app(">=", steps, num(0))] + [
        Bind("forall", (k,), (INTEGER,), (), (TRUE, c)) for c in conditions
    ]


def _visible_natural(t: Term) -> bool:
    return isinstance(t, Num) and t.value >= 0 and t.value.denominator == 1


__all__ = [
    "OF_REALS", "Fraction", "atomic_conditions", "core", "definedness", "narrows", "necessary", "only_sufficient",
    "own_conditions", "power_conditions", "real_conditions", "without_derivatives",
]
