"""Antiderivatives, suggested: a basis of likely functions read off the integrand, then coefficients.

Method: the integrand is written as a sum of products of atoms (powers of x and of polynomials, exp, log,
sin, cos, inverse functions, roots).  Each product proposes functions whose derivatives can make it up, as
the theorem of Liouville says they look (Bronstein, Symbolic Integration I, 2nd ed., 2005, ch. 5; no page):
the same atoms with lower or one higher power, logarithms of factors of denominators, arctangents of
quadratic ones, and for a root of a quadratic its inverse sine or area function.  ``undetermined`` finds the
coefficients.  Rational functions of sin and cos go through t = tan(x/2).

Nothing is believed: the kernel differentiates.  Cannot do: anything that needs a root of a polynomial of
degree above 2 without rational factors (x^4 + p x^2 + q excepted), algebraic functions of higher genus, most
special functions (erf and gamma by form only).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

from ..kernel.claim import Sequent
from ..kernel.constants import Constants
from ..kernel.field import _CTX, _ONE, CannotNormalise, Field, Frac
from ..kernel.term import (
    App, Bind, Num, Term, Var, add, app, free_names, mul, num, sub, substitute, subterms,
)
from .undetermined import combination

Product = tuple[tuple[Term, Term], ...]        # (atom, exponent) pairs: the moving part of a product
MAX_PRODUCTS = 40


def antiderivatives(f: Term, x: str, s: Sequent) -> Iterator[Term]:
    """Candidates for F with F' = f; ``s`` declares x and says where it lies."""
    if x not in free_names(f):
        yield mul(f, Var(x))
        return
    f = tidy(f)
    if _circular_quotient(f, x):
        for found in _half_angle(f, x, s):
            yield found
            return
    tried: set[tuple[Term, ...]] = set()
    for read in (f, _circular(f)):
        if read is None:
            continue
        basis: list[Term] = []
        for proposals in (_by_products(read, x, s), _by_substitution(read, x)):
            basis += proposals
            key = tuple(dict.fromkeys(basis))[:40]
            if app("i") in set(subterms(f)):
                key = tuple(t for b in key[:20] for t in (b, mul(app("i"), b)))
            if not key or key in tried:
                continue
            tried.add(key)
            found = combination(f, key, x, s)
            if found is not None:
                yield found
                return
    for other in (_half_angle, _squares, _roots):
        for found in other(f, x, s):
            yield found
            return


def tidy(t: Term) -> Term:
    """Without factors 1, and with products flat."""
    match t:
        case App("mul", args):
            parts: list[Term] = []
            for a in map(tidy, args):
                parts += a.args if isinstance(a, App) and a.head == "mul" else [] if a == num(1) else [a]
            return mul(*parts)
        case App(head, args):
            return App(head, tuple(map(tidy, args)))
        case _:
            return t


# ------------------------------------------------------------------ sums of products


def products(t: Term, x: str) -> list[Product] | None:
    """The moving parts of the summands of ``t`` written out; None if there are too many."""
    try:
        return list(dict.fromkeys(tuple(sorted(p.items(), key=repr)) for p in _expand(t, x)))
    except OverflowError:
        return None


def _expand(t: Term, x: str) -> list[dict[Term, Term]]:
    if x not in free_names(t):
        return [{}]
    match t:
        case Var():
            return [{t: num(1)}]
        case App("add", args):
            return _limited([p for a in args for p in _expand(a, x)])
        case App("neg", (a,)):
            return _expand(a, x)
        case App("mul", args):
            out: list[dict[Term, Term]] = [{}]
            for a in args:
                out = _limited([_times(p, q) for p in out for q in _expand(a, x)])
            return out
        case App("div", (a, b)):
            bottom = _expand(b, x)
            if len(bottom) == 1:
                inverse = {k: _negative(e) for k, e in bottom[0].items()}
            else:
                inverse = {b: num(-1)}
            return _limited([_times(p, inverse) for p in _expand(a, x)])
        case App("sqrt", (a,)):
            return [_power(a, Fraction(1, 2), x)]
        case App("pow", (a, Num(e))):
            if e.denominator == 1 and 2 <= e <= 8 and len(inner := _expand(a, x)) > 1:
                out = [{}]
                for _ in range(int(e)):
                    out = _limited([_times(p, q) for p in out for q in inner])
                return out
            return [_power(a, e, x)]
        case App("pow", (a, e)):
            if x in free_names(e):
                return [{app("exp", mul(e, app("log", a))): num(1)}]
            inner = _expand(a, x)
            return [{k: mul(e, v) for k, v in inner[0].items()}] if len(inner) == 1 else [{a: e}]
        case App("tan", (u,)):
            return [{app("sin", u): num(1), app("cos", u): num(-1)}]
        case App("cot", (u,)):
            return [{app("cos", u): num(1), app("sin", u): num(-1)}]
        case App("sec", (u,)):
            return [{app("cos", u): num(-1)}]
        case App("csc", (u,)):
            return [{app("sin", u): num(-1)}]
        case _:
            return [{t: num(1)}]


def _power(a: Term, e: Fraction, x: str) -> dict[Term, Term]:
    inner = _expand(a, x)
    if len(inner) == 1:
        return {k: Num(v.value * e) if isinstance(v, Num) else mul(v, Num(e)) for k, v in inner[0].items()}
    return {a: Num(e)}


def _negative(e: Term) -> Term:
    return Num(-e.value) if isinstance(e, Num) else app("neg", e)


def _times(p: dict[Term, Term], q: dict[Term, Term]) -> dict[Term, Term]:
    out = dict(p)
    for k, e in q.items():
        old = out.get(k)
        if old is None:
            out[k] = e
        elif isinstance(old, Num) and isinstance(e, Num):
            out[k] = Num(old.value + e.value)
        else:
            out[k] = add(old, e)
    return {k: e for k, e in out.items() if e != num(0)}


def _limited(products_: list[dict[Term, Term]]) -> list[dict[Term, Term]]:
    seen = []
    for p in products_:
        if p not in seen:
            seen.append(p)
    if len(seen) > MAX_PRODUCTS:
        raise OverflowError
    return seen


# ------------------------------------------------------------------ proposals


def _by_products(f: Term, x: str, s: Sequent) -> list[Term]:
    found = products(f, x)
    if found is None:
        return []
    out: list[Term] = []
    degrees: dict[tuple[Term, ...], int] = {}
    for p in found:
        out += [t for t in _proposals(dict(p), x, s, degrees) if t not in out]
    return out


def _proposals(p: dict[Term, Term], x: str, s: Sequent, degrees: dict[tuple[Term, ...], int]) -> list[Term]:
    v = Var(x)
    n = p.pop(v, num(0))
    exps = [k for k in p if isinstance(k, App) and k.head == "exp"]
    circular = [k for k in p if isinstance(k, App) and k.head in ("sin", "cos") and _natural(p[k])]
    areas = [k for k in p if isinstance(k, App) and k.head in ("sinh", "cosh") and _natural(p[k])]
    logs = [k for k in p if isinstance(k, App) and k.head == "log" and _natural(p[k])]
    inverse = [k for k in p if isinstance(k, App) and k.head in (
        "atan", "asin", "acos", "asinh", "acosh", "atanh", "acot", "erf") and p[k] == num(1)]
    rest = [k for k in p if k not in (*exps, *circular, *areas, *logs, *inverse)]
    factors = _waves(circular, p, "sin", "cos")
    factors = [mul(a, b) if b != num(1) else a for a in factors for b in _waves(areas, p, "sinh", "cosh")]
    if exps:
        exponent = add(*(mul(p[k], k.args[0]) if p[k] != num(1) else k.args[0] for k in exps))  # type: ignore[union-attr]
        factors = [mul(app("exp", exponent), w) if w != num(1) else app("exp", exponent) for w in factors]
        factors_erf = _gaussian(exponent, x, s)
    else:
        factors_erf = []
    plain = factors == [num(1)]
    if rest:
        roots = [k for k in rest if isinstance(p[k], Num) and p[k].value.denominator > 1]  # type: ignore[union-attr]
        return _rational(p, n, rest, roots, factors, logs, inverse, x, s)
    if isinstance(n, Num) and n.value.denominator == 1:
        top = max(int(n.value), 0) if not plain or logs else int(n.value)
        powers = [num(k) for k in range(min(int(n.value), 0), max(top, 0) + 2)]
        powers = [k for k in powers if k.value or not plain or logs or inverse]  # type: ignore[union-attr]
        if plain and not logs and not inverse and int(n.value) < -1:
            powers = [num(int(n.value) + 1)]
    else:
        powers = [add(n, num(1)), n] if not isinstance(n, Num) else [Num(n.value + 1), n]
    out: list[Term] = []
    log_parts = _log_powers(logs, p)
    if n == num(-1) or isinstance(n, Num) and n.value < 0 or logs and not inverse:
        extra = [app("log", v)] if n == num(-1) and plain and not logs else []
        if logs and n == num(-1):
            extra += [app("pow", k, num(int(p[k].value) + 1)) for k in logs]  # type: ignore[union-attr]
        out += extra
    for w in factors:
        for k in powers:
            base = [] if k == num(0) else [v if k == num(1) else app("pow", v, k)]
            for g in log_parts:
                parts = [*base, *([] if g == num(1) else [g]), *([] if w == num(1) else [w])]
                for i in (None, *inverse):
                    whole = [*parts, *([i] if i is not None else [])]
                    if whole:
                        out.append(mul(*whole))
    for i in inverse:
        out += _companions(i.head, i.args[0], x, powers)  # type: ignore[union-attr]
    for g in logs:
        out += _log_companions(g.args[0], x, s)           # type: ignore[union-attr]
    return [*out, *factors_erf]


def _natural(e: Term) -> bool:
    return isinstance(e, Num) and e.value.denominator == 1 and 0 < e.value <= 8


def _waves(atoms: list[Term], p: dict[Term, Term], sine: str, cosine: str) -> list[Term]:
    """sin and cos of the frequencies that a product of their powers contains; [1] for none."""
    if not atoms:
        return [num(1)]
    by_argument: dict[Term, int] = {}
    for a in atoms:
        u = a.args[0]  # type: ignore[union-attr]
        by_argument[u] = by_argument.get(u, 0) + int(p[a].value)  # type: ignore[union-attr]
    if len(by_argument) > 3 or sum(by_argument.values()) > 8:
        return [num(1)]
    options = [[(u, k) for k in range(-m, m + 1) if (m - k) % 2 == 0] for u, m in by_argument.items()]
    out: list[Term] = []
    seen: set[tuple[int, ...]] = set()
    for choice in itertools.product(*options):
        key = tuple(k for _, k in choice)
        if tuple(-k for k in key) in seen or key in seen:
            continue
        seen.add(key)
        if not any(key):
            out.append(num(1))
            continue
        if next(k for k in key if k) < 0:
            choice = tuple((u, -k) for u, k in choice)
        parts = [u if k == 1 else app("neg", u) if k == -1 else mul(num(k), u) for u, k in choice if k]
        angle = add(*parts)
        out += [app(sine, angle), app(cosine, angle)]
    return out


def _log_powers(logs: list[Term], p: dict[Term, Term]) -> list[Term]:
    out: list[Term] = [num(1)]
    for g in logs:
        k = int(p[g].value)  # type: ignore[union-attr]
        powers = [num(1), g, *(app("pow", g, num(j)) for j in range(2, k + 1))]
        out = [a if b == num(1) else b if a == num(1) else mul(a, b) for a in out for b in powers]
    return out


def _gaussian(exponent: Term, x: str, s: Sequent) -> list[Term]:
    """erf for a quadratic exponent with negative leading coefficient."""
    c = coefficients(exponent, x, s)
    if c is None or len(c) != 3:
        return []
    a = app("sqrt", app("neg", c[2]))
    shifted = Var(x) if c[1] == num(0) else add(Var(x), app("div", c[1], mul(num(2), c[2])))
    return [app("erf", mul(simple(a, s), shifted))]


def simple(t: Term, s: Sequent) -> Term:
    """``t`` in normal form."""
    field = Field(s)
    try:
        return _with_roots(field._settled(lambda: Constants(field).term(field.frac(t))))
    except CannotNormalise:
        return t


def _with_roots(t: Term) -> Term:
    """Powers 1/2 as people write them."""
    match t:
        case App("pow", (a, Num(e))) if e == Fraction(1, 2):
            return app("sqrt", _with_roots(a))
        case App(head, args):
            return App(head, tuple(map(_with_roots, args)))
        case _:
            return t


def coefficients(t: Term, x: str, s: Sequent) -> list[Term] | None:
    """The coefficients of ``t`` as a polynomial in x (constant first), free of x; None if it is none."""
    field = Field(s)

    def question() -> list[Term] | None:
        f = field.frac(t)
        k = field.table.get(Var(x))
        if k is None:
            return [t]
        parts: dict[int, dict[tuple[int, ...], object]] = {}
        for e, c in f.num.to_dict().items():
            e = list(map(int, e))
            d, e[k] = e[k], 0
            parts.setdefault(d, {})[tuple(e)] = c
        if f.den != 0 and int(f.den.degrees()[k]) > 0:
            return None
        constants = Constants(field)
        out = [constants.term(field._make(_CTX.from_dict(parts.get(d, {})), f.den))
               for d in range(max(parts, default=0) + 1)]
        return out if all(x not in free_names(c) for c in out) else None

    try:
        return field._settled(question)
    except (CannotNormalise, RecursionError):
        return None


def factors(t: Term, x: str, s: Sequent) -> list[tuple[Term, int]] | None:
    """The moving irreducible factors of a polynomial in x over the rationals and the parameters."""
    field = Field(s)

    def question() -> list[tuple[Term, int]] | None:
        f = field.frac(t)
        k = field.table.get(Var(x))
        constants = Constants(field)
        out = []
        for g, e in f.num.factor()[1]:
            term = constants.term(Frac(g, _ONE))
            if x in free_names(term):
                if k is None or x in free_names(substitute(term, {x: num(0)})) or any(
                        j != k and d and x in free_names(constants.term(field._as_frac(j)))
                        for j, d in enumerate(map(int, g.degrees()))):
                    return None
                out.append((term, int(e)))
        return out

    try:
        return field._settled(question)
    except CannotNormalise:
        return None


def _rational(p: dict[Term, Term], n: Term, rest: list[Term], roots: list[Term], waves: list[Term],
              logs: list[Term], inverse: list[Term], x: str, s: Sequent) -> list[Term]:
    """Denominators and roots."""
    v = Var(x)
    out: list[Term] = []
    degree = int(n.value) if isinstance(n, Num) and n.value.denominator == 1 else 0
    bottoms: list[tuple[Term, int]] = []
    symbolic = [k for k in rest if not isinstance(p[k], Num)]
    if symbolic:
        for k in symbolic:
            power = app("pow", k, add(p[k], num(1)))
            out += [power, *(mul(app("pow", v, num(j)), power) for j in range(1, 3))]
        return out
    for k in rest:
        e = p[k].value  # type: ignore[union-attr]
        if e.denominator == 1 and e < 0:
            bottoms += [(g, int(-e) * j) for g, j in factors(k, x, s) or [(k, 1)]]
    if degree < 0:
        bottoms.append((v, -degree))
    size = 1
    for k in rest:
        c = coefficients(k, x, s)
        size += (len(c) - 1 if c else 1) * max(1, abs(int(p[k].value)) if p[k].value.denominator == 1 else 2)  # type: ignore[union-attr]
    top = max(degree, 0) + 1
    if not roots:
        out += [v if j == 1 else app("pow", v, num(j)) for j in range(1, top + 1)]
        for g, e in bottoms:
            out += _of_factor(g, x, s)
            for j in range(1, e):
                quotient = app("div", num(1), g if j == 1 else app("pow", g, num(j)))
                out += [quotient, mul(v, quotient)]
    for k in roots:
        e = p[k].value  # type: ignore[union-attr]
        out += _of_root(k, e, top, bottoms, x, s)
    if waves != [num(1)]:
        out += [mul(w, t) for w in waves for t in (num(1), *out[:6])]
    for g in logs:
        out += [mul(t, g) for t in out[:8]] + [app("pow", g, num(2))]
        out += _log_companions(g.args[0], x, s)  # type: ignore[union-attr]
    for i in inverse:
        out += [mul(t, i) for t in out[:8]] + [i, app("pow", i, num(2))]
        out += _companions(i.head, i.args[0], x, [num(1)])  # type: ignore[union-attr]
    return out


def _of_factor(g: Term, x: str, s: Sequent) -> list[Term]:
    """log of a factor, and what a quadratic one has besides."""
    out: list[Term] = [_logarithm(g, s)]
    c = coefficients(g, x, s)
    if c is None:
        for u in _arguments(g, x):
            out.append(app("log", u))
        return out
    if len(c) == 3:
        out += _of_quadratic(c, x, s)
    if len(c) == 5 and c[1] == c[3] == num(0):
        out += _of_biquadratic(c, x, s)
    return out


def _logarithm(g: Term, s: Sequent) -> Term:
    """log |g| where the sign of g is visible."""
    try:
        negative = Field(s).sign(g) == "-"
    except CannotNormalise:
        negative = False
    return app("log", simple(app("neg", g), s) if negative else g)


def _of_quadratic(c: list[Term], x: str, s: Sequent) -> list[Term]:
    inner = add(mul(num(2), c[2], Var(x)), c[1])
    gap = sub(mul(num(4), c[2], c[0]), app("pow", c[1], num(2)))
    match Field(s).sign(gap):
        case "+":
            root = simple(app("sqrt", gap), s)
            return [app("atan", simple(app("div", inner, root), s))]
        case "-":
            root = simple(app("sqrt", app("neg", gap)), s)
            return [_logarithm(simple(g, s), s) for g in (sub(inner, root), add(inner, root))]
        case _:
            return []


def _of_biquadratic(c: list[Term], x: str, s: Sequent) -> list[Term]:
    """a x^4 + b x^2 + c with positive a, c and b^2 < 4ac: two quadratics over sqrt(2 sqrt(ac) - b)."""
    a, b, k = c[4], c[2], c[0]
    middle = simple(app("sqrt", app("div", k, a)), s)
    square = sub(mul(num(2), middle), app("div", b, a))
    if Field(s).sign(square) != "+":
        return []
    r = simple(app("sqrt", square), s)
    out: list[Term] = []
    for sign in (r, app("neg", r)):
        quadratic = [middle, sign, num(1)]
        g = add(app("pow", Var(x), num(2)), mul(sign, Var(x)), middle)
        out += [app("log", g), *_of_quadratic(quadratic, x, s)]
    return out


def _of_root(u: Term, e: Fraction, top: int, bottoms: list[tuple[Term, int]], x: str, s: Sequent) -> list[Term]:
    v = Var(x)
    out: list[Term] = []
    c = coefficients(u, x, s)
    highest = e + 1 if e != -1 else e
    lowest = Fraction(1, e.denominator) if e.denominator == 2 else highest - 1
    for q in dict.fromkeys((highest, e, lowest)):
        root = app("sqrt", u) if q == Fraction(1, 2) else app("pow", u, Num(q))
        out += [root if j == 0 else mul(v if j == 1 else app("pow", v, num(j)), root) for j in range(top + 2)]
    if c is not None and len(c) == 3 and e.denominator == 2:
        root = app("sqrt", u)
        gap = sub(mul(num(4), c[2], c[0]), app("pow", c[1], num(2)))
        inner = add(mul(num(2), c[2], v), c[1])
        match Field(s).sign(c[2]), Field(s).sign(gap):
            case "-", "-":
                out.append(app("asin", simple(app("div", app("neg", inner), app("sqrt", app("neg", gap))), s)))
            case "+", "+":
                out.append(app("asinh", simple(app("div", inner, app("sqrt", gap)), s)))
            case "+", _:
                out.append(app("log", add(mul(num(2), simple(app("sqrt", c[2]), s), root), inner)))
        if bottoms:
            if Field(s).sign(c[0]) == "-":
                out += [app("atan", simple(app("div", root, app("sqrt", app("neg", c[0]))), s))]
            if Field(s).sign(c[0]) == "+":
                r = simple(app("sqrt", c[0]), s)
                out += [app("log", sub(root, r)), app("log", add(root, r))]
            out += [app("log", v), app("div", root, v)]
    if c is not None and len(c) == 2 and e.denominator == 2:
        root = app("sqrt", u)
        for g, _ in bottoms:
            out += [app("log", g), app("atan", root), app("log", add(root, num(1))), app("log", sub(root, num(1)))]
    return out


def _companions(head: str, u: Term, x: str, powers: list[Term]) -> list[Term]:
    """What integration by parts leaves over from an inverse function of u."""
    v = Var(x)
    square = app("pow", u, num(2))
    out: list[Term] = [v, *(app("pow", v, k) for k in powers if k not in (num(0), num(1)))]
    match head:
        case "atan" | "acot":
            out.append(app("log", add(num(1), square)))
        case "atanh":
            out += [app("log", sub(num(1), u)), app("log", add(num(1), u))]
        case "asin" | "acos":
            root = app("sqrt", sub(num(1), square))
            out += [app("asin", u), root, *(mul(app("pow", v, k), root) for k in powers)]
        case "asinh":
            root = app("sqrt", add(num(1), square))
            out += [root, *(mul(app("pow", v, k), root) for k in powers)]
        case "acosh":
            root = mul(app("sqrt", sub(u, num(1))), app("sqrt", add(u, num(1))))
            out += [root, *(mul(app("pow", v, k), root) for k in powers)]
        case "erf":
            gauss = app("exp", app("neg", square))
            out += [gauss, *(mul(app("pow", v, k), gauss) for k in powers)]
    return out


def _log_companions(u: Term, x: str, s: Sequent) -> list[Term]:
    if u == Var(x):
        return []
    out: list[Term] = [Var(x)]
    for g, _ in factors(u, x, s) or []:
        out += _of_factor(g, x, s)
    c = coefficients(u, x, s)
    if c is not None and len(c) == 2:
        out += [mul(Var(x), app("log", u))]
    return out


def _arguments(t: Term, x: str) -> list[Term]:
    """Moving arguments of the functions in ``t``, and these functions."""
    out: list[Term] = []
    for u in subterms(t):
        if isinstance(u, App) and x in free_names(u) and u.head in (
                "exp", "log", "sin", "cos", "sinh", "cosh", "sqrt", "tan", "atan", "tanh"):
            out += [u]
    return list(dict.fromkeys(out))[:6]


def _by_substitution(f: Term, x: str) -> list[Term]:
    """F = h(g) for functions g in f: log g, atan g, powers; and functions of functions themselves."""
    out: list[Term] = []
    for u in _arguments(f, x):
        out += [u, app("log", u), app("atan", u), app("pow", u, num(2)), app("div", num(1), u)]
    for u in dict.fromkeys(subterms(f)):
        match u:
            case App("div", (_, b)) if x in free_names(b):
                out += [app("log", b)]
                out += [app("log", g) for g in (b.args if isinstance(b, App) and b.head == "mul" else ())
                        if x in free_names(g)]
            case App("add", parts) if x in free_names(u) and len(parts) == 2 and not _polynomial(u, x):
                out += [app("log", u), app("sqrt", u), app("pow", u, num(2)), app("div", num(1), u)]
            case App("pow", (Var(), Num(e))) if e.denominator == 1 and 2 <= e <= 6:
                half = app("pow", Var(x), Num(e / 2)) if e % 2 == 0 and e > 2 else None
                out += [app("atan", half)] if half is not None else []
    if any(isinstance(u, App) and u.head in ("sinh", "cosh", "tanh") for u in subterms(f)):
        for u in dict.fromkeys(u.args[0] for u in subterms(f) if isinstance(u, App) and u.head in (
                "sinh", "cosh", "tanh")):
            sine, cosine = app("sinh", u), app("cosh", u)
            out += [app("log", cosine), app("tanh", u), app("atan", sine), sine, cosine]
    for u in dict.fromkeys(u.args[0] for u in subterms(f) if isinstance(u, App) and u.head in (
            "sin", "cos", "tan", "cot", "sec", "csc")):
        if x in free_names(u):
            sine, cosine = app("sin", u), app("cos", u)
            out += [app("log", sine), app("log", cosine), app("log", add(num(1), sine)),
                    app("log", sub(num(1), sine)), app("log", add(num(1), cosine)), app("log", sub(num(1), cosine)),
                    app("tan", u), app("cot", u), app("sec", u), app("csc", u), app("pow", app("tan", u), num(2)),
                    Var(x), mul(Var(x), app("tan", u)), app("pow", app("tan", u), num(3))]
    return [t for t in dict.fromkeys(out) if x in free_names(t)]


def _polynomial(t: Term, x: str) -> bool:
    return all(isinstance(u, (Num, Var)) or isinstance(u, App) and u.head in ("add", "mul", "neg", "pow")
               for u in subterms(t))


def _circular(f: Term) -> Term | None:
    """tan, sec, ... as quotients of sin and cos."""
    def go(t: Term) -> Term:
        match t:
            case App("tan", (u,)):
                return app("div", app("sin", go(u)), app("cos", go(u)))
            case App("cot", (u,)):
                return app("div", app("cos", go(u)), app("sin", go(u)))
            case App(head, args):
                return App(head, tuple(map(go, args)))
            case _:
                return t
    g = go(f)
    return g if g != f else None


def _circular_quotient(f: Term, x: str) -> bool:
    """A division by a sum with sin or cos in it."""
    def moves(t: Term) -> bool:
        return any(isinstance(v, App) and v.head in ("sin", "cos") and x in free_names(v) for v in subterms(t))

    for u in subterms(f):
        match u:
            case App("div", (_, App("add", _) as below)) if moves(below):
                return True
    return False


def _half_angle(f: Term, x: str, s: Sequent) -> Iterator[Term]:
    """A rational function of sin u and cos u, u linear in x: t = tan(u/2) makes it rational."""
    arguments = {u.args[0] for u in subterms(f) if isinstance(u, App) and u.head in (
        "sin", "cos", "tan", "cot", "sec", "csc") and x in free_names(u)}
    if len(arguments) != 1:
        return
    (u,) = arguments
    c = coefficients(u, x, s)
    if c is None or len(c) != 2:
        return
    t = "t'" + x
    square = app("pow", Var(t), num(2))
    below = add(num(1), square)
    table = {
        "sin": app("div", mul(num(2), Var(t)), below), "cos": app("div", sub(num(1), square), below),
        "tan": app("div", mul(num(2), Var(t)), sub(num(1), square)),
        "cot": app("div", sub(num(1), square), mul(num(2), Var(t))),
        "sec": app("div", below, sub(num(1), square)), "csc": app("div", below, mul(num(2), Var(t)))}

    def put(v: Term) -> Term:
        match v:
            case App(head, (a,)) if a == u and head in table:
                return table[head]
            case App(head, args):
                return App(head, tuple(map(put, args)))
            case _:
                return v

    g = put(f)
    if x in free_names(g) or any(isinstance(v, Bind) for v in subterms(g)):
        return
    inner = s.declaring({t: s.declarations[x]})
    rational = simple(mul(g, app("div", num(2), mul(c[1], below))), inner)
    basis = _by_products(rational, t, inner)
    found = combination(rational, basis, t, inner) if basis else None
    if found is not None:
        yield substitute(found, {t: app("tan", app("div", u, num(2)))})


def _squares(f: Term, x: str, s: Sequent) -> Iterator[Term]:
    """f = x h(x^2): an antiderivative of h/2 at x^2."""
    t, half = "t'" + x, Fraction(1, 2)

    def put(u: Term) -> Term:
        match u:
            case App("pow", (Var(name), Num(e))) if name == x and e.denominator == 1 and e % 2 == 0:
                return Var(t) if e == 2 else app("pow", Var(t), Num(e * half))
            case App(head, args):
                return App(head, tuple(map(put, args)))
            case _:
                return u

    match f:
        case App("mul", args) if Var(x) in args:
            rest = mul(*(a for k, a in enumerate(args) if k != args.index(Var(x))))
        case App("div", (Var(name), below)) if name == x:
            rest = app("div", num(1), below)
        case _:
            return
    inner = put(rest)
    if x in free_names(inner) or t not in free_names(inner):
        return
    sequent = s.declaring({t: s.declarations[x]})
    basis = [*(_by_products(inner, t, sequent)), *_by_substitution(inner, t)]
    found = combination(mul(Num(half), inner), basis, t, sequent) if basis else None
    if found is not None:
        yield substitute(found, {t: app("pow", Var(x), num(2))})


def _roots(f: Term, x: str, s: Sequent) -> Iterator[Term]:
    """A function of sqrt(x) and x: x = t^2, t > 0."""
    root = app("sqrt", Var(x))
    if root not in set(subterms(f)):
        return
    t = "t'" + x

    def put(u: Term) -> Term:
        if u == root:
            return Var(t)
        return App(u.head, tuple(map(put, u.args))) if isinstance(u, App) else u

    inner = substitute(put(f), {x: app("pow", Var(t), num(2))})
    sequent = s.declaring({t: s.declarations[x]}).assuming(app(">", Var(t), num(0)))
    whole = simple(mul(num(2), Var(t), inner), sequent)
    basis = [*_by_products(whole, t, sequent), *_by_substitution(whole, t)]
    found = combination(whole, basis, t, sequent) if basis else None
    if found is not None:
        yield substitute(found, {t: root})


__all__ = ["antiderivatives", "coefficients", "factors", "simple"]
