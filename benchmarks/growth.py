"""Families of true claims of growing size: what the cost of a decision depends on."""

from __future__ import annotations

from collections.abc import Callable

from .corpus.rows import Row

Make = Callable[[int], tuple[str, str, str]]
DECLARED = "symbols('v1:{}', real=True)"


def _terms(n: int) -> tuple[str, str, str]:
    one = " + ".join(f"{k}*sin(x + {k})" for k in range(1, n + 1))
    two = " + ".join(f"{k}*(sin(x)*cos({k}) + cos(x)*sin({k}))" for k in range(n, 0, -1))
    return one, "=", two


def _polynomial(n: int) -> tuple[str, str, str]:
    one = " + ".join(f"{k}*x**{k}" for k in range(n))
    two = " + ".join(f"x**{k}*{k}" for k in reversed(range(n)))
    return one, "=", two


def _nesting(n: int) -> tuple[str, str, str]:
    t = "x"
    for k in range(n):
        t = f"sin({t})" if k % 2 else f"exp({t})"
    return f"({t} + 1)**2", "=", f"({t})**2 + 2*({t}) + 1"


def _roots(n: int) -> tuple[str, str, str]:
    t = "a"
    for _ in range(n):
        t = f"sqrt(1 + {t})"
    inner = t
    return f"({inner})**2 - 1", "=", inner.removeprefix("sqrt(1 + ")[:-1]


def _variables(n: int) -> tuple[str, str, str]:
    names = [f"Symbol('v{k}', real=True)" for k in range(1, n + 1)]
    square = "(" + " + ".join(names) + ")**2"
    parts = [f"{v}**2" for v in names] + [f"2*{v}*{w}" for k, v in enumerate(names) for w in names[k + 1:]]
    return square, "=", " + ".join(parts)


def _means(n: int) -> tuple[str, str, str]:
    names = [f"Symbol('v{k}', real=True)" for k in range(1, n + 1)]
    return f"({' + '.join(names)})**2", "<=", f"{n}*({' + '.join(f'{v}**2' for v in names)})"


def _false(n: int) -> tuple[str, str, str]:
    one, relation, two = _terms(n)
    return one, relation, two + " + 1"


#: name: (what is claimed, sizes, claim of that size)
FAMILIES: dict[str, tuple[str, tuple[int, ...], Make]] = {
    "terms": ("`sum k*sin(x + k)` against its addition formulas", (1, 2, 4, 8, 16), _terms),
    "terms of a polynomial": ("`sum k*x**k`, written in two orders", (10, 50, 250, 1000), _polynomial),
    "terms, false": ("the first family plus 1", (1, 4, 16, 64), _false),
    "nesting": ("`(t + 1)**2` for t a tower of exp and sin", (1, 2, 4, 8, 16, 32), _nesting),
    "nested roots": ("`sqrt(1 + sqrt(1 + ...))` squared", (1, 2, 4, 8, 16), _roots),
    "variables": ("`(v1 + ... + vn)**2`, expanded", (2, 4, 8, 16, 32), _variables),
    "variables of an inequality": ("`(v1 + ... + vn)**2 <= n*(v1**2 + ... + vn**2)`", (2, 3, 4, 6, 8), _means),
}


def family_rows() -> list[Row]:
    return [Row(f"{name}-{n}", name, left, relation, right, (), name != "terms, false", "growth")
            for name, (_, sizes, make) in FAMILIES.items() for n in sizes for left, relation, right in [make(n)]]


__all__ = ["FAMILIES", "family_rows"]
