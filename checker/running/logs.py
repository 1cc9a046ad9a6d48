"""Values at finite laws, exactly: rational combinations of logarithms of primes.

Shown to people, never relied on: the kernel has compared the two sides already.
"""

from __future__ import annotations

from fractions import Fraction
from math import log

from ..kernel.density_form import primes
from ..kernel.evaluate import Evaluator, Undefined, Unknown
from ..kernel.model import Model
from ..kernel.term import App, Num, Term

_F = Fraction


def exact_text(t: Term, model: Model) -> str | None:
    """The value as a rational combination of logarithms of primes: ``2/3*log(2) - 1/2*log(3)``; of more than two
    primes with its size."""
    try:
        closed = Evaluator(model.values, model.sorts, 64)._close(t)
        return None if closed is None else _with_size(_combination(closed))
    except (Undefined, Unknown, ValueError, KeyError):
        return None


Combination = dict[int, Fraction]      # prime -> multiple of its log; 1 -> the rational part


def _combination(t: Term) -> Combination:
    match t:
        case Num(value):
            return {1: value} if value else {}
        case App("add", args):
            total: Combination = {}
            for a in args:
                for p, c in _combination(a).items():
                    total[p] = total.get(p, _F(0)) + c
            return {p: c for p, c in total.items() if c}
        case App("neg", (a,)):
            return {p: -c for p, c in _combination(a).items()}
        case App("mul", args):
            product: Combination = {1: _F(1)}
            for a in args:
                other = _combination(a)
                if set(product) <= {1}:
                    product = {p: c * product.get(1, _F(0)) for p, c in other.items()}
                elif set(other) <= {1}:
                    product = {p: c * other.get(1, _F(0)) for p, c in product.items()}
                else:
                    raise ValueError("a product of logarithms")
            return {p: c for p, c in product.items() if c}
        case App("div", (a, b)):
            below = _rational(b)
            return {p: c / below for p, c in _combination(a).items()}
        case App("pow", (a, Num(e))) if e.denominator == 1 and abs(e) < 20:
            return {1: _rational(a) ** int(e)}
        case App("log", (a,)):
            q = _rational(a)
            if q <= 0:
                raise ValueError("a logarithm of what is not positive")
            out = {p: _F(k) for p, k in primes(q.numerator).items()}
            for p, k in primes(q.denominator).items():
                out[p] = out.get(p, _F(0)) - k
            return out
        case _:
            raise ValueError("no rational combination of logarithms")


def _rational(t: Term) -> Fraction:
    c = _combination(t)
    if set(c) - {1}:
        raise ValueError("not rational")
    value = c.get(1, _F(0))
    if value == 0:
        raise ValueError("zero")
    return value


def _with_size(c: Combination) -> str:
    """With its size, where a reader cannot see it: three logarithms or more."""
    if len(c.keys() - {1}) <= 2:
        return _text(c)
    size = sum(float(k) * (1.0 if p == 1 else log(p)) for p, k in c.items())
    return f"{_text(c)} ≈ {size:.6g}"


def _text(c: Combination) -> str:
    if not c:
        return "0"
    parts = []
    for p in sorted(c, key=lambda k: (k == 1, k)):
        size = abs(c[p])
        one = str(size) if p == 1 else f"log({p})" if size == 1 else f"{size}*log({p})"
        parts.append(("-" if c[p] < 0 else "+", one))
    text = " ".join(f"{sign} {one}" for sign, one in parts)
    return text[2:] if text.startswith("+ ") else "-" + text[2:]


__all__ = ["exact_text"]
