"""The normal law of a vector: ``normal(x, m, S)`` with a mean vector and a covariance matrix.

    x = D.vector("x", d);  S = D.matrix("S", d, positive_definite=True);  m = D.vector("m", d)
    E(x, normal(x, m, S))      E(x.T @ A @ x, normal(x, m, S))      Var(A @ x, normal(x, m, S)), a matrix
    KL(normal(x, m, S), normal(x, n, R))      entropy(...)      cross_entropy(...)

Of the law its mean and its covariance are used, and nothing else: an expectation is linear, and

    E x = m,    E (x - m)(x - m)^T = S,    log density = -(d log(2 pi) + log det S + (x - m)^T S^-1 (x - m))/2

so the expectation of a polynomial of degree 2 in x *is read as* a matrix expression.  In a product of
matrices the two places of e = x - m are brought together, by moving and transposing what is 1 x 1 between them:

    L e^T M e R = tr(M S) L R      L e M e^T R = M L S R      L e M e R = L S M^T R      L e^T M e^T R = L M^T S R
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import sympy

from ..kernel import term as T
from .errors import StatementError
from .indices import Family, shape
from .matrix_nodes import NumberNode
from .nodes import Binder, Node

HALF = sympy.Rational(1, 2)
MAX_TERMS = 200


class NormalVector(NumberNode):
    """The normal density at a vector: ``Node("normal-vector", value, mean, covariance)``."""

    is_real = True
    is_positive = True

    @property
    def value(self) -> Any:
        return self.operands[0]

    @property
    def mean(self) -> Any:
        return self.operands[1]

    @property
    def covariance(self) -> Any:
        return self.operands[2]

    def read_into(self, reading: Any) -> T.Term:
        """exp(-(x - m)^T S^-1 (x - m)/2)/sqrt((2 pi)^d det S)."""
        with sympy.evaluate(False):
            whole = sympy.exp(-(self.square()*HALF))/sympy.sqrt((2*sympy.pi)**self.dimension()*self.det())
        term: T.Term = reading.term(whole)
        return term

    def dimension(self) -> Any:
        from .matrices import _size_expression

        return _size_expression(shape(self.value)[0].size, (self.value,))

    def det(self) -> Any:
        from .matrices import det

        return det(self.covariance)

    def square(self) -> Any:
        from .matrices import inverse, product, transpose

        e = _minus(self.value, self.mean)
        return product(product(transpose(e), inverse(self.covariance)), e)

    def logarithm(self) -> Any:
        with sympy.evaluate(False):
            return -(self.dimension()*sympy.log(2*sympy.pi)*HALF) - sympy.log(self.det())*HALF - self.square()*HALF

    def _sympystr(self, printer: Any) -> str:
        return f"normal({', '.join(map(str, self.operands))})"


def normal_vector(x: Any, mean: Any, covariance: Any) -> NormalVector:
    """Raises :class:`StatementError` for shapes that do not fit."""
    from .matrices import said, type_of, zeros

    x = sympy.sympify(x)
    mean = zeros(_own_size(x)) if mean == 0 else mean
    rows = type_of(x)
    if type_of(mean) != rows:
        raise StatementError(f"normal: {x} is {said(rows)} and its mean {mean} is {said(type_of(mean))}", "shape")
    square = (rows[0], rows[0])
    if type_of(covariance) != square:
        raise StatementError(f"normal: {x} is {said(rows)}, so its covariance is {said(square)}; {covariance} is "
                             f"{said(type_of(covariance))} (one variance v for all entries is v*identity(d))", "shape")
    if any(isinstance(e, sympy.Basic) and e.has(x) for e in (mean, covariance)):
        raise StatementError(f"normal: the mean and the covariance of {x} depend on {x} itself", "density")
    if not is_covariance(covariance):
        raise StatementError(
            f"normal: {covariance} is no covariance as far as it shows. Declare it so, S = D.matrix(\"S\", d, "
            "positive_definite=True), and say by an assumption what S is equal to", "covariance")
    return NormalVector("normal-vector", x, mean, covariance)


def is_covariance(e: Any) -> bool:
    """Whether a matrix is positive semidefinite by its declaration or its form: a sum, an inverse, B C B^T of such."""
    e = sympy.sympify(e)
    if isinstance(e, Family):
        return any(isinstance(f, T.App) and f.head in ("pd", "psd") and f.args == (T.Var(e.name),) for f in e.facts)
    match e:
        case sympy.Add():
            return all(map(is_covariance, e.args))
        case sympy.Mul():
            matrices = [a for a in e.args if shape(a)]
            return len(matrices) == 1 and is_covariance(matrices[0]) and all(
                a.is_nonnegative for a in e.args if not shape(a))
        case Node() if e.head == "identity":
            return True
        case Node() if e.head == "inverse":
            return is_covariance(e.operands[0])
        case Node() if e.head == "matmul":
            factors = list(e.operands)
            while len(factors) > 1 and _transposed(factors[0]) == factors[-1]:
                factors = factors[1:-1]
            return not factors or len(factors) == 1 and is_covariance(factors[0])
        case _:
            return False


def _own_size(x: Any) -> Any:
    from .matrices import _size_expression

    return _size_expression(shape(x)[0].size, (x,))


# ------------------------------------------------------------------------ expectations


@dataclass(frozen=True, slots=True)
class Product:
    """number * (1 x 1 words) * word.  A word is a product of factors; x and its transpose are ``X``, ``XT``."""

    number: tuple[Any, ...] = ()
    scalars: tuple[tuple[Any, ...], ...] = ()
    word: tuple[Any, ...] | None = None


X, XT = "x", "x.T"


def expected(f: Any, law: NormalVector) -> Any:
    """The expectation of a polynomial of degree 2, through the mean and the covariance."""
    x = law.value
    if not isinstance(x, Family):
        raise StatementError(f"E over normal({x}, ...): a declared vector is needed", "expectation")
    terms = [_second(p, law) for p in products(f, x) if _degree(p) > 1]
    value = _at(f, law)
    if value is not None or not terms:
        terms.insert(0, _nothing(f) if value is None else value)
    return _sum(terms)


def covariance(f: Any, g: Any, law: NormalVector) -> Any:
    """E (f - E f)(g - E g)^T, for f and g of degree 1; for numbers a number."""
    from .matrices import product, transpose

    for h in (f, g):
        if any(_degree(p) > 1 for p in products(h, law.value)):
            raise StatementError(f"the variance of {h}: of a normal vector those of linear terms are read",
                                 "expectation")
    both = product(f, transpose(g)) if shape(f) or shape(g) else _times((f, g))
    terms = [_second(p, law) for p in products(both, law.value) if _degree(p) == 2]
    return _sum(terms) if terms else _nothing(both)


def _nothing(like: Any) -> Any:
    from .matrices import _size_expression, zeros

    s = shape(like)
    return zeros(*(_size_expression(i.size, (like,)) for i in s)) if s else sympy.S.Zero


def _at(f: Any, law: NormalVector) -> Any:
    """f at the mean, as it is written but for differences that vanish; None if all of it does."""
    from .matrices import trace

    x = law.value
    if f == x:
        return law.mean
    if not f.has(x):
        return f
    match f:
        case sympy.log():
            return _at(_opened(f.args[0]), law)
        case sympy.Add():
            parts = [a for a in (_at(a, law) for a in f.args) if a is not None]
            for a in list(parts):
                if a in parts and _opposite(a) in parts:
                    parts.remove(a)
                    parts.remove(_opposite(a))
            return _sum(parts) if parts else None
        case sympy.Pow():
            base = _at(f.base, law)
            return None if base is None else sympy.Pow(base, f.exp, evaluate=False)
        case Node() if f.head in ("matmul", "transpose", "trace"):
            parts = [_at(a, law) for a in f.operands]
            if any(a is None for a in parts):
                return None
            return trace(parts[0]) if f.head == "trace" else _transposed(parts[0]) if f.head == "transpose" else (
                _word(parts))
        case Binder() if (pair := _inner_product(f)) is not None:
            from .matrices import product, transpose

            return _at(product(transpose(pair[0]), pair[1]), law)
        case _:
            parts = [_at(a, law) for a in f.args]
            return None if any(a is None for a in parts) else _times(parts)


def _opposite(a: Any) -> Any:
    if isinstance(a, sympy.Mul) and -1 in a.args:
        rest = [u for u in a.args if u != -1]
        return rest[0] if len(rest) == 1 else None
    return -a


def products(f: Any, x: Any) -> list[Product]:
    """f as a sum of products.  Raises :class:`StatementError` for what is no polynomial in x."""
    out = _products(f, x)
    if len(out) > MAX_TERMS:
        raise StatementError(f"{f} has more than {MAX_TERMS} terms", "expectation")
    return out


def _products(f: Any, x: Any) -> list[Product]:
    if f == x:
        return [Product(word=(X,))]
    if not f.has(x):
        return [Product(word=(f,))] if shape(f) else [Product((f,))]
    match f:
        case sympy.log():
            return _products(_opened(f.args[0]), x)
        case sympy.Add():
            return [p for a in f.args for p in _products(a, x)]
        case sympy.Mul():
            out = [Product()]
            for a in f.args:
                out = [_joined(p, q) for p in out for q in _products(a, x)]
            return out
        case sympy.Pow() if f.exp == 2 and isinstance(f.base, sympy.Pow) and f.base.exp == HALF:
            return _products(f.base.base, x)
        case sympy.Pow() if f.exp == 2 and not shape(f.base):
            return [_joined(p, q) for p in _products(f.base, x) for q in _products(f.base, x)]
        case Node() if f.head == "matmul":
            out = [Product(word=())]
            for a in f.operands:
                out = [_joined(p, q, True) for p in out for q in _products(a, x)]
            return [_scalar(p) for p in out] if not shape(f) else out
        case Node() if f.head == "transpose":
            return [replace(p, word=_flipped(p.word or ())) for p in _products(f.operands[0], x)]
        case Node() if f.head == "trace":
            return [_trace(p) for p in _products(f.operands[0], x)]
        case Binder() if f.head == "sum" and (pair := _inner_product(f)) is not None:
            from .matrices import product, transpose

            return _products(product(transpose(pair[0]), pair[1]), x)
    raise StatementError(f"the expectation of {f} under a normal vector is not read: it takes polynomials of degree 2 "
                         f"in {x}, written with @, .T, trace, norm(...)**2 and log of such densities", "expectation")


def _inner_product(f: Binder) -> tuple[Any, Any] | None:
    """The u, v of dot(u, v)."""
    names, body = f.args[1], f.args[3][-1]
    if len(names) == 1 and isinstance(body, sympy.Mul) and len(body.args) == 2 and all(
            isinstance(a, Node) and a.head == "at" and a.operands[1:] == (names[0],) for a in body.args):
        return body.args[0].operands[0], body.args[1].operands[0]
    return None


def _opened(u: Any) -> Any:
    """The logarithm of a quotient of normal densities."""
    match u:
        case NormalVector():
            return u.logarithm()
        case sympy.Mul():
            return _sum([_opened(a) for a in u.args])
        case sympy.Pow() if u.exp.is_number:
            return _times((u.exp, _opened(u.base)))
        case _:
            return sympy.log(u, evaluate=False)


def _joined(p: Product, q: Product, matmul: bool = False) -> Product:
    if p.word is not None and q.word is not None and not matmul:
        raise StatementError("two matrices are multiplied with @", "product")
    word = p.word if q.word is None else q.word if p.word is None else p.word + q.word
    return Product(p.number + q.number, p.scalars + q.scalars, word)


def _scalar(p: Product) -> Product:
    """A word that is 1 x 1."""
    return replace(p, scalars=(*p.scalars, p.word), word=None) if p.word else replace(p, word=None)


def _trace(p: Product) -> Product:
    """tr(L x R) = R L x, tr(L x^T R) = x^T R L."""
    from .matrices import trace

    word = p.word or ()
    for k, a in enumerate(word):
        if a == X:
            return _scalar(replace(p, word=word[k + 1:] + word[:k] + (a,)))
        if a == XT:
            return _scalar(replace(p, word=(a,) + word[k + 1:] + word[:k]))
    return replace(p, number=(*p.number, trace(_word(word))), word=None)


def _flipped(word: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(XT if a == X else X if a == XT else _transposed(a) for a in reversed(word))


def _transposed(a: Any) -> Any:
    from .matrices import transpose

    return transpose(a)


def _degree(p: Product) -> int:
    return sum(a in (X, XT) for w in (*p.scalars, p.word or ()) for a in w)


def _second(p: Product, law: NormalVector) -> Any:
    """The expectation of the product with e = x - m in the two places of x."""
    words = [*p.scalars, *([] if p.word is None else [p.word])]
    places = [(k, j) for k, w in enumerate(words) for j, a in enumerate(w) if a in (X, XT)]
    if len(places) > 2:
        raise StatementError("of a normal vector expectations of degree up to 2 are read; this one has degree "
                             f"{len(places)}", "expectation")
    (k, i), (n, j) = places
    if k == n:
        second = _pair(words[k], i, j, law)
    else:
        row, other = _row(words[k], i), words[n]         # the scalar word is row e
        middle = (law.covariance, *_flipped(row)) if other[j] == X else (*row, law.covariance)
        second = _word((*other[:j], *middle, *other[j + 1:]))
    return _times((*p.number, *(_word(w) for h, w in enumerate(words) if h not in (k, n)), second))


def _row(word: tuple[Any, ...], i: int) -> tuple[Any, ...]:
    """The row u^T with word = u^T e: what stands on the far side of e is 1 x 1."""
    return word[:i] + word[i + 1:] if word[i] == X else _flipped(word[i + 1:]) + word[:i]


def _pair(word: tuple[Any, ...], i: int, j: int, law: NormalVector) -> Any:
    from .matrices import trace

    left, between, right = word[:i], word[i + 1:j], word[j + 1:]
    s = law.covariance
    if (word[i], word[j]) == (XT, X):
        value = trace(_word((*between, s)))
        return _times((value, _word((*left, *right)))) if left or right else value
    if (word[i], word[j]) == (X, XT):
        outer = _word((*left, s, *right))
        return _times((_word(between), outer)) if between else outer
    if word[i] == X:
        return _word((*left, s, *_flipped(between), *right))
    return _word((*left, *_flipped(between), s, *right))


def _word(factors: Sequence[Any]) -> Any:
    from .matrices import product

    return reduce(product, factors)


def _times(factors: Sequence[Any]) -> Any:
    """Numbers times at most one matrix."""
    matrices = [a for a in factors if shape(a)]
    numbers = [a for a in factors if not shape(a) and a != 1]
    if not matrices:
        return sympy.Mul(*numbers, evaluate=False) if len(numbers) != 1 else numbers[0]
    return reduce(lambda m, c: c*m, numbers, matrices[0])


def _sum(terms: Sequence[Any]) -> Any:
    return reduce(lambda a, b: a + b, terms) if any(shape(t) for t in terms) else (
        terms[0] if len(terms) == 1 else sympy.Add(*terms, evaluate=False))


def _minus(a: Any, b: Any) -> Any:
    if shape(a):
        return a - b
    return sympy.Add(a, sympy.Mul(-1, b, evaluate=False), evaluate=False)


__all__ = ["NormalVector", "covariance", "expected", "normal_vector"]
