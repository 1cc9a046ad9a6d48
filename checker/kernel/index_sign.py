"""Signs of index forms: which of -1, 0, 1 a form can have, from its shape and the assumptions.

A sign is a set of possible signs, or None where the value may not be real.

    S_j f, every f > 0, the range not empty          > 0;  under a guard only >= 0
    S_i f_i - f_a - f_b, a != b                      = S_{i not a, b} f_i: >= 0, and > 0 if m > 2
    x >= k in the assumptions, i <= m of an index    x = k + w, i = m - w, w >= 0, then look at the coefficients
    common factor * rest;   P times the form, P > 0
    e^f - e^g                                        has the sign of f - g, and f that of e^f - 1;
    f = s log g + ..., s > 0                         has the sign of e^(f/s) - 1
    S_j f(j) - S_j g(j)                              has the sign of f(j) - g(j) for a generic j, or of
                                                     f(a) - g(a) and f(j) - g(j) for a generic j != a
                                                     (n c = S_j c, for j up to n)
    (S_i w_i g_i h_i)^2 <= (S_i w_i g_i^2)(S_i w_i h_i^2), w >= 0
    form - k * (right - left), left <= right assumed, k > 0

FAILURE: none; the answer "any sign" says nothing.
Cannot do: sums of squares after expansion (give the squares as a certificate's ``as``).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from .index_terms import ONE_POLY, UNIT, Atom, Mono, Poly, close, only_atom, open_mono, poly
from .term import App, Map, Num, Scalar, Var, conjuncts

if TYPE_CHECKING:
    from .index_form import Form

Sign: TypeAlias = frozenset[int] | None
ANY: Sign = frozenset((-1, 0, 1))
POSITIVE, NEGATIVE, ZERO = frozenset((1,)), frozenset((-1,)), frozenset((0,))
NONNEGATIVE = frozenset((0, 1))

MAX_TERMS = 60
MAX_PARTED = 4      # atoms of a product that Cauchy's inequality parts in two


@dataclass(frozen=True, slots=True)
class Range:
    """What the assumptions say of a scalar: least < value or least <= value, and so on."""

    least: Fraction | None = None
    above: bool = False
    most: Fraction | None = None
    below: bool = False


@dataclass(frozen=True, slots=True)
class Inequality:
    """``form`` is > 0 (strict) or >= 0 for all values of the patterns that satisfy the guard."""

    patterns: tuple[tuple[str, Poly], ...]
    guard: tuple[tuple[str, str, str], ...]
    form: Poly
    strict: bool


# ------------------------------------------------------------------ sets of signs


def add(a: Sign, b: Sign) -> Sign:
    if a is None or b is None:
        return None
    return frozenset().union(
        *(
            frozenset((x,)) if x == y or y == 0 else frozenset((y,)) if x == 0 else frozenset((-1, 0, 1))
            for x in a
            for y in b
        )
    )


def mul(a: Sign, b: Sign) -> Sign:
    return None if a is None or b is None else frozenset(x * y for x in a for y in b)


def both(a: Sign, b: Sign) -> Sign:
    """Two true judgements: what they have in common.  Nothing in common says that no point satisfies
    the context, or that a judgement is wrong: then neither is believed."""
    if a is None or b is None:
        return a if b is None else b
    return a & b or ANY


def turned(a: Sign) -> Sign:
    return None if a is None else frozenset(-x for x in a)


def of(c: Fraction | int) -> Sign:
    return frozenset(((c > 0) - (c < 0),))


def power(a: Sign, e: Fraction) -> Sign:
    if a is None:
        return None
    if e.denominator != 1:
        return a if a <= NONNEGATIVE else None
    return frozenset(x * x for x in a) if e % 2 == 0 else a


# ------------------------------------------------------------------ what the assumptions say


def read_limits(form: Form) -> None:
    """``x > 0``, ``c <= 1``: bounds of scalars by rational numbers."""
    for assumption in form.sequent.assumptions:
        for f in conjuncts(assumption):
            match f:
                case App("<" | "<=" | ">" | ">=" | "=" as head, (Var(name), Num(k))):
                    relation: str = head
                case App("<" | "<=" | ">" | ">=" | "=" as head, (Num(k), Var(name))):
                    relation = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}[head]
                case _:
                    continue
            sort = form.sequent.declarations.get(name)
            if not isinstance(sort, Scalar):
                continue
            token = form.tokens[name]
            r = form.limits.get(token, Range())
            if relation in (">", ">=", "="):
                strict = relation == ">"
                if r.least is None or k > r.least or (k == r.least and strict):
                    r = Range(k, strict, r.most, r.below)
            if relation in ("<", "<=", "="):
                strict = relation == "<"
                if r.most is None or k < r.most or (k == r.most and strict):
                    r = Range(r.least, r.above, k, strict)
            form.limits[token] = r


def read_inequalities(form: Form) -> None:
    """The order relations among the assumptions, and what they say is not 0."""
    from .evidence import Reject
    from .index_rewrite import order_of, peel

    for assumption in form.sequent.assumptions:
        try:
            names, sorts, guard, body = peel(assumption)
            inner, env = form.under(names, sorts, guard, {}, assumed=False)
            orders = [order_of(g, lambda t: inner.index_token(t, env)) for g in conjuncts(guard)]  # noqa: B023
            if any(o is None for o in orders):
                continue
            patterns = tuple((env[n], inner.sizes[env[n]]) for n in names)
            for f in conjuncts(body):
                if not (isinstance(f, App) and f.head in ("<", "<=", ">", ">=", "!=")):
                    continue
                left, right = (inner.read(a, env) for a in f.args)
                difference = inner.minus(right, left) if f.head in ("<", "<=") else inner.minus(left, right)
                if f.head == "!=":
                    if not names and guard == App("true", ()):
                        form.note_nonzero(difference)
                    continue
                strict = f.head in ("<", ">")
                form.inequalities.append(
                    Inequality(patterns, tuple(o for o in orders if o is not None), difference, strict)
                )
                if strict and not names and guard == App("true", ()):
                    form.note_nonzero(difference)
        except Reject:
            continue


# ------------------------------------------------------------------ atoms


def _range_of(form: Form, a: Atom) -> Range:
    """Bounds of a scalar or of an index as a number."""
    token = a.head if a.kind == "scalar" else a.indices[0]
    r = form.limits.get(token, Range())
    if token in form.facts.nodes:
        low = form.facts.difference(("0", 0), (token, 0))
        high = form.facts.difference((token, 0), ("0", 0))
        if low is not None and (r.least is None or -low > r.least or (-low == r.least and not r.above)):
            r = Range(Fraction(-low), False, r.most, r.below)
        if high is not None and (r.most is None or high < r.most):
            r = Range(r.least, r.above, Fraction(high), False)
    if a.kind == "number" and r.least is None:
        r = Range(Fraction(1), False, r.most, r.below)
    return r


def sign_of_atom(form: Form, a: Atom) -> Sign:
    match a.kind:
        case "number":
            return POSITIVE
        case "scalar":
            if a.head.startswith("+"):  # w > 0 or w >= 0, from a shift of this module
                return POSITIVE if a.head.startswith("+!") else NONNEGATIVE
            name = form.names.get(a.head)
            sort = form.sequent.declarations.get(name) if name is not None else None
            if not isinstance(sort, Scalar) or sort.kind == "complex":
                return None
            return _nonzero(form, a, _from_range(_range_of(form, a)))
        case "entry":
            sort = form.sequent.declarations.get(form.names[a.head])
            if not isinstance(sort, Map) or not isinstance(sort.result, Scalar) or sort.result.kind == "complex":
                return None
            return _nonzero(form, a, _from_inequalities(form, a))
        case "delta" | "less" | "truth":
            return NONNEGATIVE
        case "exp":
            return POSITIVE if is_real(form, a.parts[0]) else None
        case "inverse":
            return sign(form, a.parts[0])
        case _:
            return _nonzero(form, a, _of_function(form, a))


def is_real(form: Form, p: Poly) -> bool:
    """Whether the value is certainly real, by its shape."""
    return all(_real_atom(form, a) for m, _ in p.terms for a in form.opened(m)[1])


def _real_atom(form: Form, a: Atom) -> bool:
    match a.kind:
        case "number" | "delta" | "less" | "truth":
            return True
        case "exp" | "inverse":
            return is_real(form, a.parts[0])
        case "apply" if a.head in _REAL_IF_REAL:
            return all(is_real(form, p) for p in a.parts)
        case _:
            return sign_of_atom(form, a) is not None


_REAL_IF_REAL = ("relu", "tanh", "sinh", "cosh", "atan", "asinh", "erf", "sin", "cos", "max", "min", "abs")


def _nonzero(form: Form, a: Atom, s: Sign) -> Sign:
    return (s - ZERO or ANY) if s is not None and a.key in form.nonzero else s


def _from_range(r: Range) -> Sign:
    out = set()
    if r.most is None or r.most > 0:
        out.add(1)
    if (r.least is None or r.least < 0 or (r.least == 0 and not r.above)) and (
        r.most is None or r.most > 0 or (r.most == 0 and not r.below)
    ):
        out.add(0)
    if r.least is None or r.least < 0:
        out.add(-1)
    return frozenset(out) or ANY  # no number at all: the assumptions contradict each other


def _from_inequalities(form: Form, a: Atom) -> Sign:
    """``forall i: x[i] > 0`` and the like, where the whole inequality is one entry."""
    out: Sign = ANY
    for q in form.inequalities:
        if len(q.form.terms) == 1:
            for m, c in q.form.terms:
                if (
                    len(m.factors) == 1
                    and not m.bounds
                    and m.factors[0][0].kind == "entry"
                    and m.factors[0][0].head == a.head
                    and m.factors[0][1] == 1
                ):
                    to = _unified(form, m.factors[0][0].indices, a.indices, dict(q.patterns))
                    if to is not None and guard_holds(form, q, to):
                        out = both(out, turned_if(c < 0, POSITIVE if q.strict else NONNEGATIVE))
    return out


def turned_if(turn: bool, s: Sign) -> Sign:
    return turned(s) if turn else s


def _unified(
    form: Form, pattern: tuple[str, ...], actual: tuple[str, ...], patterns: Mapping[str, Poly]
) -> dict[str, str] | None:
    to: dict[str, str] = {}
    for x, y in zip(pattern, actual, strict=True):
        if x not in patterns:
            if x != y:
                return None
        elif not form._in_range(y, patterns[x]) or to.setdefault(x, y) != y:
            return None
    return to if set(to) == set(patterns) else None


def guard_holds(form: Form, q: Inequality, to: Mapping[str, str]) -> bool:
    from .index_rewrite import known

    return all(known(form.facts, r, form.place_of(to.get(x, x)), form.place_of(to.get(y, y))) for r, x, y in q.guard)


def _of_function(form: Form, a: Atom) -> Sign:
    if a.head.endswith("[]"):
        sort = form.sequent.declarations.get(form.names[a.head[:-2]])
        real = isinstance(sort, Map) and isinstance(sort.result, Scalar) and sort.result.kind != "complex"
        return ANY if real else None
    if "!" in a.head:       # along the real line the derivative of a real function is real
        sort = form.sequent.declarations.get(form.names[a.head.partition("!")[0]])
        real = isinstance(sort, Map) and isinstance(sort.result, Scalar) and sort.result.kind != "complex"
        return ANY if real else None
    parts = [sign(form, p) for p in a.parts]
    first = parts[0] if parts else None
    match a.head:
        case "abs":
            return POSITIVE if form.is_nonzero_form(a.parts[0]) else NONNEGATIVE
        case "pi":
            return POSITIVE
        case "re" | "im":
            return ANY
        case "sqrt":
            return first if first is not None and first <= NONNEGATIVE else None
        case "log":
            return None if first != POSITIVE else sign(form, form.minus(a.parts[0], ONE_POLY))
        case _ if any(p is None for p in parts) or not parts:
            return None
        case "relu":
            return POSITIVE if first == POSITIVE else NONNEGATIVE
        case "tanh" | "sinh" | "atan" | "asinh" | "erf" | "sign":
            return first
        case "cosh":
            return POSITIVE
        case "max" | "min":
            return frozenset(
                (max if a.head == "max" else min)(choice) for choice in itertools.product(*map(listed, parts))
            )
        case "sin" | "cos" | "floor" | "ceiling" | "acot":
            return ANY
        case _:
            return None


def listed(s: Sign) -> list[int]:
    return sorted(s) if s is not None else []


# ------------------------------------------------------------------ forms


def sign(form: Form, p: Poly) -> Sign:
    if p.constant is not None:
        return of(p.constant)
    if p.key in form._signs:
        return form._signs[p.key]
    if p.key in form._busy or len(form._busy) > 12:
        return _plain(form, p)
    form._busy.add(p.key)
    try:
        out = _search(form, p)
    finally:
        form._busy.discard(p.key)
    noted = form.noted.get(p.key)
    if noted is not None:
        out = noted if out is None else both(out, noted)
    form._signs[p.key] = out
    return out


def _plain(form: Form, p: Poly) -> Sign:
    out: Sign = ZERO
    for m, c in p.terms:
        out = add(out, mul(of(c), _of_mono(form, m)))
    if out is not None and p.key in form.nonzero:
        out = out - ZERO or ANY
    return out


def _of_mono(form: Form, m: Mono) -> Sign:
    bounds, factors = form.opened(m)
    body: Sign = POSITIVE
    for a, e in factors.items():
        body = mul(body, power(sign_of_atom(form, a), e))
    if body is None or not bounds:
        return body
    if body == ANY and len(bounds) > 1 and any(
            _nonnegative(_sign_of_product(form, beside)) for _, _, beside, _ in _pairs(form, m)):
        return NONNEGATIVE          # (S_b f)^2 beside what is not negative
    if all(form.at_least(s) >= 1 for s in bounds.values()):
        # a sum of as many values, at least one, of these signs
        return body if body in (POSITIVE, NEGATIVE, ZERO, NONNEGATIVE, frozenset((-1, 0))) else ANY
    return body | ZERO if body <= NONNEGATIVE or body <= frozenset((-1, 0)) else ANY


def _search(form: Form, p: Poly) -> Sign:
    out = _plain(form, p)
    if out is None or len(out) <= 1 or len(p.terms) > MAX_TERMS:
        return out
    if out != ANY and len(p.terms) == 1 and len(p.terms[0][0].bounds) > 1:
        return out          # a square of a sum: no way shows more of it
    for way in (
        _factored,
        _square_factored,
        _cleared,
        _exponentiated,
        _difference_of_exponentials,
        _covered,
        _shifted,
        _visible_squares,
        _aligned,
        _assumed,
        _squares,
        _by_cases,
    ):
        form.tick(5)
        found = way(form, p)
        out = both(out, found)
        if out is not None and (len(out) <= 1 or way in (_square_factored, _visible_squares) and found != ANY):
            break
    return out


def _factored(form: Form, p: Poly) -> Sign:
    """common * rest."""
    common, rest, lead = form.common(p)
    if not common:
        return ANY
    s = mul(of(lead), sign(form, rest))
    for a, e in common.items():
        s = mul(s, power(sign_of_atom(form, a), e))
    return s


def denominators(form: Form, p: Poly) -> list[tuple[Atom, Fraction]]:
    """Atoms with the power that clears them: inverses and negative powers, free of bound indices."""
    need: dict[Atom, Fraction] = {}
    for m, _ in p.terms:
        for a, e in m.factors:
            if any(t.startswith("#") for t in a.free):
                continue
            if a.kind == "inverse" and form.is_nonzero_form(a.parts[0]):
                need[a] = max(need.get(a, Fraction(0)), e)
            elif e < 0 and a.kind != "exp" and e.denominator == 1:
                need[a] = max(need.get(a, Fraction(0)), -e)
    return sorted(need.items(), key=lambda t: (-len(t[0].key), t[0].key))


def cleared(form: Form, p: Poly, a: Atom, k: Fraction) -> Poly:
    """``p`` times the ``k``-th power of the denominator ``a`` (which is not 0)."""
    out = []
    for m, c in p.terms:
        bounds, factors = form.opened(m)
        if a.kind == "inverse":
            e = factors.pop(a, Fraction(0))
            extra = form.power(a.parts[0], int(k - e))
        else:
            factors[a] = factors.get(a, Fraction(0)) + k
            extra = ONE_POLY
        out.append(form._spread(bounds, factors, c, extra))
    return form.plus(*out)


def _square_factored(form: Form, p: Poly) -> Sign:
    """(S_b f)^2 * rest, where every term has the square."""
    if len(p.terms) < 2:
        return ANY
    found: list[dict[Mono, Poly]] = []
    for m, c in p.terms:
        here: dict[Mono, Poly] = {}
        for b, first, beside, bounds in _pairs(form, m):
            left = {x: size for x, size in bounds.items() if x != b}
            if not any(a.free & set(left) for a in first):
                here[close({b: bounds[b]}, first)] = form.settle(left, beside, c)
        if not here:
            return ANY
        found.append(here)
    for square in found[0]:
        if all(square in here for here in found):
            s = sign(form, form.plus(*(here[square] for here in found)))
            if s is not None and (s <= NONNEGATIVE or s <= _NONPOSITIVE):
                return s | ZERO
    return ANY


def _cleared(form: Form, p: Poly) -> Sign:
    for a, k in denominators(form, p):
        base = sign(form, a.parts[0]) if a.kind == "inverse" else sign_of_atom(form, a)
        scaling = power(base, k)
        if scaling in (POSITIVE, NEGATIVE):
            return mul(scaling, sign(form, cleared(form, p, a, k)))
    return ANY


def _exponentiated(form: Form, p: Poly) -> Sign:
    """With a logarithm among the terms: f has the sign of e^f - 1, and of s (e^(f/s) - 1) where f has s log g.

    s is a product of atoms of one sign, which is not 0, and of no bound index.
    """
    for m, c in p.terms:
        logs = [a for a, e in m.factors if a.kind == "apply" and a.head == "log" and e == 1]
        beside = {a: e for a, e in m.factors if a not in logs}
        if m.bounds or len(logs) != 1 or any(
                a.kind not in ("scalar", "number", "entry") or e.denominator != 1 for a, e in beside.items()):
            continue
        scaling = mul(of(Fraction(1, c.denominator)), _sign_of_product(form, beside))
        if scaling in (POSITIVE, NEGATIVE):
            f = form.scale(_divided(form, p, beside), Fraction(c.denominator))
            return mul(scaling, sign(form, form.minus(form.exp(f), ONE_POLY)))
    return ANY


def _divided(form: Form, p: Poly, by: Mapping[Atom, Fraction]) -> Poly:
    """``p`` over a product of powers of atoms that are not 0 and have no bound index."""
    out = []
    for m, c in p.terms:
        bounds, factors = form.opened(m)
        for a, e in by.items():
            factors[a] = factors.get(a, Fraction(0)) - e
        out.append(form.settle(bounds, factors, c))
    return form.plus(*out)


def _difference_of_exponentials(form: Form, p: Poly) -> Sign:
    """c (e^f - e^g)."""
    if len(p.terms) != 2 or p.terms[0][1] != -p.terms[1][1]:
        return ANY
    exponents = []
    for m, _ in p.terms:
        if m.bounds or any(a.kind != "exp" for a, _ in m.factors):
            return ANY
        exponents.append(form.plus(*(form.scale(a.parts[0], e) for a, e in m.factors)))
    return mul(of(p.terms[0][1]), sign(form, form.minus(exponents[0], exponents[1])))


def _covered(form: Form, p: Poly) -> Sign:
    """S_i f_i - f_a - f_b with f > 0 and a, b apart: what is left is a sum of fewer terms of one sign."""
    for turn in (1, -1):
        terms = {m: c * turn for m, c in p.terms}
        sums = [m for m, c in terms.items() if c > 0 and len(m.bounds) >= 1]
        rest = {m: c for m, c in terms.items() if c < 0}
        if not rest or not sums:
            continue
        for big in sums:
            left = dict(rest)
            used: list[str] = []
            bounds, factors = form.opened(big)
            for token in bounds:
                kept = {b: s for b, s in bounds.items() if b != token}
                orders = [a for a in factors if a.kind == "less" and token in a.free]
                body = {a: e for a, e in factors.items() if a not in orders}
                if _sign_of_product(form, body) not in (POSITIVE, NONNEGATIVE):
                    continue
                for place in _candidates(form, p, bounds[token]):
                    if any(not form.facts.ne(form.place_of(place), form.place_of(u)) for u in used):
                        continue
                    if not all(
                        form.facts.lt(*(form.place_of(place if i == token else i) for i in a.indices)) for a in orders
                    ):
                        continue
                    piece = form._rebuilt(kept, body, Fraction(1), {token: place})
                    if len(piece.terms) == 1:
                        m, k = piece.terms[0]
                        if k > 0 and m in left and -left[m] <= terms[big] * k:
                            del left[m]
                            used.append(place)
                if used:
                    break
            if left or not used:
                continue
            others = form.plus(poly([(m, c) for m, c in terms.items() if c > 0 and m != big]))
            # what stays of the big sum: fewer terms, none negative; positive if one surely stays
            size = form.at_least(bounds[token])
            strict = (
                _sign_of_product(form, factors) == POSITIVE
                and size > len(used)
                and not orders
                and all(form.at_least(s) >= 1 for s in kept.values())
            )
            return turned_if(turn < 0, add(POSITIVE if strict else NONNEGATIVE, _plain(form, others)))
    return ANY


def _sign_of_product(form: Form, factors: Mapping[Atom, Fraction]) -> Sign:
    s: Sign = POSITIVE
    for a, e in factors.items():
        s = mul(s, power(sign_of_atom(form, a), e))
    return s


def _candidates(form: Form, p: Poly, size: Poly) -> list[str]:
    return [t for t in sorted(p.free) if form._in_range(t, size)]


def _shifted(form: Form, p: Poly) -> Sign:
    """x = least + w: then every coefficient may have one sign."""
    atoms = {
        a
        for m, _ in p.terms
        for a, e in m.factors
        if e > 0 and e.denominator == 1 and not any(t.startswith("#") for t in a.free)
    }
    moves: list[tuple[Atom, list[Poly]]] = []
    for a in sorted(atoms, key=lambda a: a.key):
        options: list[Poly] = []
        if a.kind in ("scalar", "number") and not a.head.startswith("+"):
            r = _range_of(form, a)
            if r.least is not None and (r.least != 0):
                options.append(form.plus(form.constant(r.least), _extra(form, a, r.above)))
            if r.most is not None:
                options.append(form.minus(form.constant(r.most), _extra(form, a, r.below)))
            elif a.kind == "number" and (size := form.sizes.get(a.indices[0])) is not None:
                options.append(form.minus(size, _extra(form, a, False)))
        elif a.kind == "exp":
            s = sign(form, a.parts[0])
            if s == POSITIVE or s == NONNEGATIVE:
                options.append(form.plus(ONE_POLY, _extra(form, a, s == POSITIVE)))
        if options:
            moves.append((a, options))
    out: Sign = ANY
    for choice in itertools.islice(itertools.product(*([None, *o] for _, o in moves[:5])), 1, 33):
        q = p
        for (a, _), by in zip(moves, choice, strict=False):
            if by is not None:
                q = _replaced(form, q, a, by)
        out = both(out, _plain(form, q))
        if out is not None and len(out) == 1:
            break
    return out


def _extra(form: Form, a: Atom, strict: bool) -> Poly:
    mark = "+!" if strict else "+"
    return poly([(close({}, {Atom("scalar", f"{mark}{len(a.key)}{a.key}"): Fraction(1)}), Fraction(1))])


def _replaced(form: Form, p: Poly, a: Atom, by: Poly) -> Poly:
    out = []
    for m, c in p.terms:
        bounds, factors = form.opened(m)
        e = factors.get(a, Fraction(0))
        if e > 0 and e.denominator == 1:
            del factors[a]
            out.append(form._spread(bounds, factors, c, form.power(by, int(e))))
        else:
            out.append(poly([(m, c)]))
    return form.plus(*out)


def alignments(form: Form, p: Poly, limit: int = 16) -> Iterable[tuple[Poly, str, Poly]]:
    """(size, j, body): ways to write ``p`` as one sum S_j body(j), j taken from each term; a term n c without sums is
    S_j c."""
    for size, pick in itertools.islice(_picks(p), limit):
        number_of = only_atom(size)
        # one name per size and depth, so that what is known of a body is found again
        number = 10**9 + 10**6 * form._ranks.setdefault(size.key, len(form._ranks)) + len(form._busy)
        while f"~{number}" in p.free:
            number += 1
        shared = f"~{number}"
        form.sizes[shared] = size
        out = []
        for (m, c), k in zip(p.terms, pick, strict=True):
            if k < 0:
                _, factors = form.opened(m)
                out.append(form.settle({}, {a: e - (a == number_of) for a, e in factors.items()
                                            if a != number_of or e != 1}, c))
                continue
            names = [form.fresh(s) for s in m.bounds]
            names[k] = shared
            bounds = {n: s for j, (n, s) in enumerate(zip(names, m.bounds, strict=True)) if j != k}
            out.append(form.settle(bounds, open_mono(m, tuple(names)), c))
        yield size, shared, form.plus(*out)


def _picks(p: Poly) -> Iterable[tuple[Poly, tuple[int, ...]]]:
    """A size, and which bound index of this size each term gives; -1 where the size is a factor of the term."""
    ways = []
    for size in {s.key: s for m, _ in p.terms for s in m.bounds}.values():
        number_of = only_atom(size)
        choices = [[k for k, s in enumerate(m.bounds) if s.key == size.key] or [-1] * (
            not m.bounds and _counted(m, number_of)) for m, _ in p.terms]
        ways.append((size, choices))
    for size, choices in sorted(ways, key=lambda way: math.prod(map(len, way[1]))):      # what leaves no choice first
        for pick in itertools.product(*choices):
            yield size, pick


def _counted(m: Mono, size: Atom | None) -> bool:
    """Whether the size is a factor of the term."""
    return size is not None and any(a == size and e >= 1 for a, e in m.factors)


_NONPOSITIVE = frozenset((-1, 0))


def _aligned(form: Form, p: Poly) -> Sign:
    for size, token, body in alignments(form, p, 6):
        s = sign(form, body)
        if s is None:
            continue
        if s <= NONNEGATIVE or s <= _NONPOSITIVE:
            return s if form.at_least(size) >= 1 else s | ZERO
        s = _one_apart(form, size, token, body)
        if s is not None:
            return s
    return ANY


def _one_apart(form: Form, size: Poly, token: str, body: Poly) -> Sign:
    """S_j f(j) = f(a) + S_{j != a} f(j): an assumption may speak of the others only."""
    for a in sorted(body.free):
        if a == token or not form._in_range(a, size):
            continue
        inner, _ = form.under((), (), App("true", ()), {})
        inner.facts.unequal((token, 0), form.place_of(a))
        others, one = sign(inner, body), sign(form, form.identify(body, {token: a}))
        if others is None or one is None:
            continue
        for side in (NONNEGATIVE, _NONPOSITIVE):
            if others <= side and one <= side:
                strict = 0 not in one or (0 not in others and form.at_least(size) >= 2)
                return side - ZERO if strict else side
    return None


def _assumed(form: Form, p: Poly) -> Sign:
    """p = k (right - left) + what is >= 0, for an assumed left <= right."""
    for q in form.inequalities:
        if q.form.is_zero:
            continue
        for to in _instances(form, q, p):
            if not guard_holds(form, q, to):
                continue
            a = form.identify(q.form, to)
            for m, c in a.terms:
                mine = dict(p.terms).get(m)
                if mine is None or m == UNIT:
                    continue
                k = mine / c
                rest = form.minus(p, form.scale(a, k))
                if len(rest.terms) >= len(p.terms) + len(a.terms) - 1:
                    continue
                s = add(mul(of(k), POSITIVE if q.strict else NONNEGATIVE), _plain(form, rest))
                if s is not None and len(s) < 3:
                    return s
    return ANY


def _squares(form: Form, p: Poly, judge: Callable[[Form, Poly], Sign] = sign) -> Sign:
    """(S_i w_i g_i h_i)^2 <= (S_i w_i g_i^2)(S_i w_i h_i^2), w >= 0 (Cauchy, Schwarz), where it stands with a minus."""
    for turn in (1, -1):
        for m, c in p.terms:
            if c * turn >= 0 or len(m.bounds) < 2:
                continue
            for larger in _larger_squares(form, m):
                # turn * p = |c| (larger - m) + rest, and the first part is >= 0
                rest = form.plus(form.scale(form.minus(p, poly([(m, c)])), turn), form.scale(larger, c * turn))
                s = judge(form, rest)
                if s is not None and s <= NONNEGATIVE:
                    return turned_if(turn < 0, add(s, NONNEGATIVE))
    return ANY


def _nonnegative(s: Sign) -> bool:
    return s is not None and s <= NONNEGATIVE


def _visible_squares(form: Form, p: Poly) -> Sign:
    """The same where what is left has a sign by its shape: before sums are taken apart."""
    return _squares(form, p, _plain)


def _pairs(form: Form, m: Mono) -> Iterable[tuple[str, dict[Atom, Fraction], dict[Atom, Fraction], dict[str, Poly]]]:
    """The factors (S_b first)^2 of ``m``: b, first, what is beside, and what is bound without the second S; of what is
    bound beside b, first may speak too."""
    bounds, factors = form.opened(m)
    for b, other in itertools.combinations(bounds, 2):
        first = {a: e for a, e in factors.items() if b in a.free}
        second = {a: e for a, e in factors.items() if other in a.free}
        if bounds[b].key != bounds[other].key or any(other in a.free for a in first):
            continue
        if close({b: bounds[b]}, first) != close({other: bounds[other]}, second):
            continue
        beside = {a: e for a, e in factors.items() if a not in first and a not in second}
        yield b, first, beside, {x: size for x, size in bounds.items() if x != other}


def _larger_squares(form: Form, m: Mono) -> Iterable[Poly]:
    """Forms that are at least ``m`` where it has the factor (S_i g_i)^2 beside a nonnegative one; what else is bound
    in it is held: the inequality is one for each of its values."""
    for b, first, beside, bounds in _pairs(form, m):
        if not _nonnegative(_sign_of_product(form, beside)):
            continue
        one, left = {b: bounds[b]}, {x: size for x, size in bounds.items() if x != b}
        weights = {a: e for a, e in first.items() if _nonnegative(power(sign_of_atom(form, a), e))}
        for w in (weights, {}) if weights else ({},):
            for g in _subsets([a for a in first if a not in w]):
                low, high = ({a: e if a in w else 2 * e for a, e in first.items() if a in w or (a in g) == (k == 0)}
                             for k in (0, 1))
                sums = form.times(form.settle(one, low, Fraction(1)), form.settle(one, high, Fraction(1)))
                yield form._spread(left, beside, Fraction(1), sums)


def _subsets(atoms: list[Atom]) -> Iterable[tuple[Atom, ...]]:
    """Each way to part a few atoms in two, once."""
    if len(atoms) > MAX_PARTED:
        return [()]
    return [g for k in range(len(atoms) // 2 + 1) for g in itertools.combinations(atoms, k)
            if 2 * k < len(atoms) or not atoms or atoms[0] in g]


def _by_cases(form: Form, p: Poly) -> Sign:
    """Both truth values of a delta or an order; what the facts exclude does not count."""
    for m, _ in p.terms:
        for a, _e in m.factors:
            if a.kind not in ("delta", "less") or any(t.startswith("#") for t in a.free):
                continue
            out: Sign = frozenset()
            x, y = (form.place_of(i) for i in a.indices)
            for held in (True, False):
                inner, _env = form.under((), (), App("true", ()), {})
                if a.kind == "less" and held:
                    inner.facts.at_most(x, y, -1)
                elif a.kind == "less":
                    inner.facts.at_most(y, x)
                elif held:
                    inner.facts.at_most(x, y)
                    inner.facts.at_most(y, x)
                else:
                    inner.facts.unequal(x, y)
                if inner.facts.contradictory:
                    continue
                q = inner._assume(p, a, held)
                q = inner.plus(*(inner._spread(*inner.opened(n), c, ONE_POLY) for n, c in q.terms))
                s = sign(inner, q)
                if s is None or out is None:
                    return ANY
                out = out | s
            return out or ANY
    return ANY


def _instances(form: Form, q: Inequality, p: Poly) -> Iterable[dict[str, str]]:
    places = [[t for t in sorted(p.free) if form._in_range(t, size)] for _, size in q.patterns]
    for choice in itertools.islice(itertools.product(*places), 40):
        yield {t: c for (t, _), c in zip(q.patterns, choice, strict=True)}


__all__ = [
    "ANY",
    "NEGATIVE",
    "NONNEGATIVE",
    "POSITIVE",
    "ZERO",
    "Inequality",
    "Range",
    "Sign",
    "add",
    "alignments",
    "both",
    "cleared",
    "denominators",
    "is_real",
    "mul",
    "power",
    "read_inequalities",
    "read_limits",
    "sign",
    "sign_of_atom",
    "turned",
]
