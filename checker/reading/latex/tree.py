r"""What a formula says, as written: the grammar builds it, meaning.py reads it.

One node type; ``head`` says what the parts are.  Nothing is simplified or reordered: ``a - b`` is
``add(a, neg(b))``, ``\frac{a}{b}`` is ``div(a, b)`` and ``a b`` is ``mul(a, b)`` in the order of the source.

================ ============================== ==================================================================
head             value                          parts
================ ============================== ==================================================================
number           Fraction                       -
name             key of the notation            - (``x``, ``\theta``, ``\bar x``, ``W^{(1)}``; see Notation.key)
constant         pi e i oo emptyset R N Z Q C   -
add, mul         -                              two or more, in order
neg, sqrt, abs   -                              one
div, pow         -                              two
root             -                              radicand, degree
factorial        1 or 2 (double)                one
norm             "2", "1", "oo", "F", "0"       one
function         exp log sin ... floor ...      the arguments; ``log`` in a base: two (argument, base)
call             -                              the function's name, then the arguments: f(x), f(x, y)
density          -                              the law's name, tuple of own, tuple of given, tuple of parameters
entry            -                              what, then the indices: x_i, W_{ij}, (AB)_{ij}
prime            number of primes               a function's name or a call: f'(x)
transpose        -                              one
inverse          -                              one (of a matrix name or bracket; a scalar's is pow)
matmul           -                              unused by the grammar: products are mul, meaning.py knows the types
sum, prod        -                              binding, body
max, min, argmax,
argmin, sup, inf -                              binding, body; without a binding: head function
integral         -                              binding, body
limit            "", "+" or "-"                 the variable, the point, the body
derivative       "total" or "partial"           the body, then the variables (each as often as it is derived by)
evaluated        -                              body, then pairs of variable and value: f |_{x=a}
gradient         -                              the body, the variable (or none)
hessian,jacobian,
laplacian,
divergence-of    -                              the body, the variable (or none)
expectation      E Var Cov Pr std corr          list of binders (as ``over``), then the integrand(s)
over             -                              variables and laws: z ~ q(z|x), z, q
information      KL H I JS TV ...               the arguments; "given" nodes for what stands behind a bar
given            -                              tuple of what stands before the bar, tuple of what stands behind
distributed      -                              the variable, the law: x \sim N(0, 1)
named-law        Normal Bernoulli ...           the parameters: \mathcal{N}(\mu, \sigma^2), \mathcal{N}(x; \mu, v)
order            O o Omega Theta omega          one
cases            -                              value, condition, value, condition, ... (otherwise: constant true)
matrix           (rows, columns)                the entries, row by row
tuple, set,
interval         "[]" "(]" "[)" "()"            the members; the ends
range            -                              first, last: 1, \dots, n (only where the meaning is certain)
binding          -                              see below
relation         = != < <= > >= in subset ~ ...  left, right
chain            the relations, a tuple         the sides
and, or, not,
implies, iff     -                              statements
forall, exists   -                              binding, statement
define           -                              what, its meaning: a := b
================ ============================== ==================================================================

A ``binding`` says what a big operator or quantifier binds: value is the shape, parts follow.
    range      variable, lower, upper           \sum_{i=1}^n
    member     variable, set or range or name   \sum_{x \in X}, \forall x \in \mathbb R
    all        variable ...                     \sum_i, \sum_{i,j}, \int dx, \forall x
    differs    variable, other                  \sum_{j \ne i}
    where      binding, condition               \sum_{i < j}, \max_{w : |w| = 1}
    several    bindings

What the grammar adds to the table: the first part of an expectation is always one ``over`` (maybe empty); a
named law's density is ``density(named-law, own, given, parameters)``; ``\langle x, y\rangle`` is function
``inner``, ``I_n`` function ``identity``, ``\delta_{ij}`` function ``delta``, ``\mathbf 1[...]`` function
``indicator`` of a statement; ``i = 1, \dots, n`` is relation ``in`` with a ``range``; ``a \equiv b \pmod m`` is
relation ``equiv mod`` with three parts. The family ``x_i`` beside a number ``x`` has the key ``x_\cdot``, the
family ``x^{(i)}`` the key ``x^{(\cdot)}``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .source import Place


@dataclass(frozen=True, slots=True)
class Tree:
    """A node: see the table above.  ``place`` is no part of equality."""

    head: str
    parts: tuple[Tree, ...] = ()
    value: Any = None
    place: Place | None = field(default=None, compare=False)

    def walk(self) -> Iterator[Tree]:
        """This node and all below it, from the left."""
        stack = [self]
        while stack:
            t = stack.pop()
            yield t
            stack.extend(reversed(t.parts))
