r"""What the names of a document stand for: the notation block, one declaration a line.

    x, y: real                          scalars; also integer, natural, rational, complex
    a, b: real > 0                      with a condition
    p: real, 0 < p < 1
    n, m: integer >= 1
    i, j: index 1..n                    free indices of families
    f, g: function                      unknown real functions; "function of x, y", "convex function", ...
    w, v: vector n                      families over 1..n: w_i are numbers
    A: matrix n x m                     with properties: symmetric, positive definite, orthogonal, ...
    x: sequence                         x_t for every integer t >= 0 (or "sequence from 1")
    X, Y: random                        random variables; "random discrete", "random real"
    p, q: density                       p(x), p(x|z), p(x, z) are different densities of one law
    X: random ~ Normal(mu, sigma^2)     of a named law
    \sigma: sigmoid                     a name for a function of the language
    s := 1/(1 + e^{-x})                 a definition
    \log: natural                       or "base 2"
    e: euler                            or a scalar; i: imaginary unit, an index, ...
    ': derivative                       or transpose
    ^T: transpose                       or a power

The same text stands in the front matter of a Markdown file (key ``notation``), in comment lines of a
LaTeX file after ``% notation:``, or in a file of a course (``notation: ../course.notation``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .source import Place
from .tree import Tree

KINDS = ("scalar", "index", "function", "vector", "matrix", "sequence", "family", "random", "density", "alias",
         "definition", "constant", "label")


@dataclass(frozen=True, slots=True)
class Role:
    """What a name stands for.

    ``domain``: of a scalar or of a function's values: real, integer, natural, rational, complex.
    ``sizes``: of a vector (n), a matrix (n, m), an index (first, last), a function's arguments (how many).
    ``conditions``: statements about the name that hold wherever it is used (``a > 0``), as trees.
    ``properties``: symmetric, orthogonal, convex, discrete, ...
    ``value``: the definition's body, the named law of a random variable, the function of an alias.
    ``params``: the names that a definition is for: ``f(x) := ...``, ``\\alpha_i := ...``.
    ``inferred``: nobody declared it; it is shown with the reading.
    """

    key: str
    kind: str
    domain: str = "real"
    sizes: tuple[Tree, ...] = ()
    conditions: tuple[Tree, ...] = ()
    properties: frozenset[str] = frozenset()
    value: Tree | str | None = None
    params: tuple[Tree, ...] = ()
    inferred: bool = False
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Notation:
    """The names in force at one line.  ``settings``: what log, prime, transpose, e and i mean;
    ``complete``: the document declares its names, so that an undeclared one is refused, not inferred."""

    roles: Mapping[str, Role] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    complete: bool = False

    def role(self, key: str) -> Role | None:
        return self.roles.get(key)

    @staticmethod
    def key(text: str) -> str:
        r"""The key of a name from any of its spellings: ``alpha`` is ``\alpha``, ``x_{0}`` is ``x_0``, ``\hat{x}`` is
        ``\hat x``; an upright word is ``\mathrm{loss}``, a label ``D_{\text{train}}``."""
        from .declarations import key
        return key(text)
