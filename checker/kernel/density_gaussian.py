"""The normal density: how it is recognised, and its linear functional on polynomials.

    w = exp(a x^2 + b x + c) k,  a < 0 by the assumptions;  v = -1/(2a), m = b v;
    exp(c + m^2/(2v)) k sqrt(2 pi v) = 1         (another constant: that many times the density)
    ---------------------------------------------------------------------------------
    w = exp(-(x - m)^2/(2v))/sqrt(2 pi v)

    M_0 = 1,  M_1 = m,  M_{k+1} = m M_k + k v M_{k-1}
    ---------------------------------------------------      (m, v, c_k free of x;  v > 0)
    E_w sum c_k x^k = sum c_k M_k

The recursion is integration by parts, E[(x - m) g] = v E[g'], with boundary terms 0 for polynomials g;
M_0 = 1 is the integral of exp(-x^2/2), sqrt(2 pi).  All these integrals converge absolutely.

FAILURE: a variance not certainly positive, a parameter that depends on x, an integrand that is no
polynomial in x (after logarithms of normal densities are written out).
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from .density_form import (
    Normal, Opaque, Poly, cleared, constant, facing, factored, mono, names_in, normal, of_mono, poly_names,
    power, times,
)
from .field import CannotNormalise
from .kinds import is_real
from .term import ONE, App, Bind, Num, Space, Term, Var, app, free_names, mul, num

if TYPE_CHECKING:
    from .density_reading import Need, Piece, Reader

MAX_DEGREE = 24


def normal_term(x: Term, mean: Term, variance: Term) -> Term:
    square = app("pow", app("add", x, app("neg", mean)), num(2))
    exponent = app("neg", app("div", square, mul(num(2), variance)))
    return app("div", app("exp", exponent), app("sqrt", mul(num(2), app("pi"), variance)))


def recognised(t: Term, reader: Reader) -> tuple[Normal, tuple[Need, ...]] | None:
    """``t`` as a normal density in one variable over the real line."""
    found = split_off(t, reader, None)
    return None if found is None or found[2] != ONE else found[:2]


def split_off(t: Term, reader: Reader, over: frozenset[str] | None
              ) -> tuple[Normal, tuple[Need, ...], Term] | None:
    """``t`` as a normal density in one variable (of ``over``), what it needs, and the other factors."""
    exponents: list[Term] = []
    others: list[Term] = []
    if not (isinstance(t, App) and t.head in ("div", "mul", "exp")):
        return None
    _split(t, True, exponents, others)
    if not exponents:
        return None
    u, needs = reader.value(exponents[0] if len(exponents) == 1 else App("add", tuple(exponents)))
    for name in sorted(poly_names(u) if over is None else poly_names(u) & over):
        if reader.sorts.get(name) != Space("lebesgue"):
            continue
        parts = by_degree(u, name)
        if parts is None or max(parts, default=0) != 2:
            continue
        a, b, c = parts[2], parts.get(1, Poly()), parts.get(0, Poly())
        k, m = factored(a)
        variance = cleared(of_mono(power(m, -1), Fraction(-1, 2) / k))
        mean = cleared(b * variance)
        if name in poly_names(variance) | poly_names(mean):
            continue
        v = reader.poly_term(variance)
        if reader.scalar_sign(v) != "+" or not is_real(reader.poly_term(mean), reader.sorts):
            continue
        constants = [f for f in others if name not in free_names(f)]
        rest = [f for f in others if name in free_names(f)]
        extra = cleared(c + (b * b * variance).scaled(Fraction(1, 2)))
        if over is not None and poly_names(extra) & over:
            continue        # two densities in one product: taken one by one
        if extra.terms:
            constants.append(app("exp", reader.poly_term(extra)))
        scale = mul(*constants, app("sqrt", mul(num(2), app("pi"), v)))
        try:
            if not reader.field().equal(scale, ONE):
                rest = [scale, *rest]
        except CannotNormalise:
            rest = [scale, *rest]
        return normal(name, mean, variance), needs, mul(*rest)
    return None


def _split(t: Term, above: bool, exponents: list[Term], others: list[Term]) -> None:
    """The exponents of the exp factors, and the other factors (below the line: inverted)."""
    match t:
        case App("mul", args):
            for a in args:
                _split(a, above, exponents, others)
        case App("div", (a, b)):
            _split(a, above, exponents, others)
            _split(b, not above, exponents, others)
        case App("exp", (u,)):
            exponents.append(u if above else app("neg", u))
        case _:
            others.append(t if above else app("div", ONE, t))


def by_degree(p: Poly, name: str, strict: bool = True) -> dict[int, Poly] | None:
    """The coefficients of the powers of a variable.  Where it occurs in another way: None, or the
    summand is left out (if not ``strict``)."""
    x = Opaque(Var(name))
    out: dict[int, Poly] = {}
    for m, c in p.terms:
        e = dict(m).get(x, 0)
        rest = mono(f for f in m if f[0] != x)
        if not 0 <= e <= MAX_DEGREE or any(name in names_in(a) for a, _ in rest):
            if strict:
                return None
            continue
        out[e] = out.get(e, Poly()) + of_mono(rest, c)
    return out


def moments(mean: Poly, variance: Poly, n: int) -> list[Poly]:
    out = [constant(1), mean]
    for k in range(1, n):
        out.append(mean * out[k] + (variance * out[k - 1]).scaled(k))
    return out[:n + 1]


def integrated(p: Piece) -> Piece:
    """The piece with every variable integrated out that has a normal weight and a polynomial integrand."""
    progress = True
    while progress:
        progress = False
        for name, _ in p.names:
            shared = _shared_factor(p, name)
            if shared is not None:
                p = shared
            weights = [(a, e) for a, e in p.weight if name in names_in(a)]
            if len(weights) != 1 or weights[0][1] != 1:
                continue
            whole = weights[0][0]
            a = facing(whole, name) if isinstance(whole, Normal) else None
            if a is None:
                continue
            if any(name in {k for k, _ in n.names} and name in _need_names(n) for n in p.needs):
                continue
            parts = by_degree(p.body, name)
            if parts is None:
                continue
            known = moments(a.mean, a.variance, max([1, *parts]))
            body = Poly()
            for k, coefficient in parts.items():
                body = body + coefficient * known[k]
            p = replace(
                p, names=tuple(n for n in p.names if n[0] != name), body=body, extended=False,
                weight=mono(f for f in p.weight if f[0] != whole))
            progress = True
            break
    return p


def _shared_factor(p: Piece, name: str) -> Piece | None:
    """A normal density that every summand of the integrand contains belongs to the weight."""
    first = next((a for m, _ in p.body.terms for a, e in m if isinstance(a, Normal)
                  and facing(a, name) is not None and e >= 1), None)
    if first is None or not all(dict(m).get(first, 0) >= 1 for m, _ in p.body.terms):
        return None
    body = Poly.of((times(m, ((first, -1),)), c) for m, c in p.body.terms)
    return replace(p, weight=times(p.weight, ((first, 1),)), body=body)


def _need_names(n: Need) -> frozenset[str]:
    return free_names(n.what) if isinstance(n.what, (Num, Var, App, Bind)) else names_in(n.what)


__all__ = ["by_degree", "integrated", "moments", "normal_term", "recognised", "split_off"]
