"""Numbers, names, sums, powers, and functions of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sympy
from sympy.core.expr import Expr
from sympy.core.function import UndefinedFunction

from ....kernel import term as T
from ....language.densities import RandomVariable
from ....language.densities import functions as functions_of_variables
from ....language.functions import VectorFunction, concave, convex
from ....language.functions import functions as functions_of_vectors
from ....language.indices import ENTRYWISE, FunctionName, logsumexp, relu, shape, sigmoid, softmax
from ....language.matrices import _size_expression, identity, inverse
from ....language.matrices import power as matrix_power
from ....language.nodes import Node
from .. import limits
from ..notation import Role
from ..source import Unread
from ..tree import Tree
from .common import key_of, names_in, negative, no_meaning, over, plus, power, scaled
from .objects import HARMLESS

if TYPE_CHECKING:
    from ..meaning import Meaning

MAX_ARGUMENTS = 50
#: letters that are a certain function in most courses: as an unknown function they are not read in silence
_WHICH = frozenset({r"\sigma", r"\Phi", r"\Gamma", r"\zeta", r"\delta", r"\psi", r"\phi"})

#: the grammar's words -> SymPy's function of one number
_ONE: dict[str, Any] = {
    "exp": sympy.exp, "log": sympy.log, "ln": sympy.log, "sin": sympy.sin, "cos": sympy.cos, "tan": sympy.tan,
    "cot": sympy.cot, "sec": sympy.sec, "csc": sympy.csc, "sinh": sympy.sinh, "cosh": sympy.cosh, "tanh": sympy.tanh,
    "coth": sympy.coth, "arcsin": sympy.asin, "arccos": sympy.acos, "arctan": sympy.atan, "arccot": sympy.acot,
    "asin": sympy.asin, "acos": sympy.acos, "atan": sympy.atan, "acot": sympy.acot, "arsinh": sympy.asinh,
    "arcosh": sympy.acosh, "artanh": sympy.atanh, "asinh": sympy.asinh, "acosh": sympy.acosh, "atanh": sympy.atanh,
    "arcsinh": sympy.asinh, "arccosh": sympy.acosh, "arctanh": sympy.atanh, "erf": sympy.erf, "sign": sympy.sign,
    "sgn": sympy.sign, "re": sympy.re, "Re": sympy.re, "im": sympy.im, "Im": sympy.im, "conj": sympy.conjugate,
    "arg": sympy.arg, "floor": sympy.floor, "ceil": sympy.ceiling, "ceiling": sympy.ceiling, "abs": sympy.Abs,
    "gamma": sympy.gamma, "Gamma": sympy.gamma, "digamma": sympy.digamma, "psi": sympy.digamma,
    "factorial": sympy.factorial, "fibonacci": sympy.fibonacci, "harmonic": sympy.harmonic,
}
_SEVERAL: dict[str, str] = {"max": "max", "min": "min"}
_TWO: dict[str, str] = {"mod": "mod", "binomial": "binomial", "binom": "binomial", "delta": "delta", "atan2": "atan2"}


def number(m: Meaning, t: Tree) -> Any:
    return sympy.Rational(t.value.numerator, t.value.denominator)


def name(m: Meaning, t: Tree) -> Any:
    bound = m.bound(t.value)
    if bound is not None:
        return bound
    role = m.notation.role(t.value)
    if role is None and t.value in _LETTERS:
        return _LETTERS[t.value]
    if role is not None and "identity" in role.properties and not role.sizes:
        return identity_matrix(m, t)
    found = m.objects.get(t.value, t)
    if isinstance(found, (Expr, sympy.Basic)) and not isinstance(found, UndefinedFunction):
        return found
    if isinstance(found, Role):
        raise no_meaning(f"{t.value} is defined for {len(found.params)} names and stands alone here", t,
                         f"write {t.value}(...) or {t.value}_i")
    raise no_meaning(f"{t.value} is a function or a law and stands alone here", t, f"write its argument, {t.value}(x)")


#: letters that are constants where nobody declares them
_LETTERS = {"e": sympy.E, r"\pi": sympy.pi}
_CONSTANTS = {"pi": sympy.pi, "e": sympy.E, "i": sympy.I, "oo": sympy.oo}


def constant(m: Meaning, t: Tree) -> Any:
    if t.value in _CONSTANTS:
        return _CONSTANTS[t.value]
    if t.value == "true":
        return sympy.true
    raise no_meaning(f"{t.value} stands alone here", t, "a set stands behind \\in")


def add(m: Meaning, t: Tree) -> Any:
    return plus(*together(m, t.parts))


class SizeMissing(Unread):
    """The identity matrix stands where no size is known: the sum or the relation around it may know one."""


def together(m: Meaning, parts: Sequence[Tree]) -> list[Any]:
    """What stands in one sum, or on the two sides of a relation: the identity I takes its size from the others."""
    found: list[Any] = []
    for p in parts:
        try:
            found.append(m.read(p))
        except SizeMissing:
            found.append(None)
    if None not in found:
        return found
    square = next((e for e in found if e is not None and len(shape(e)) == 2), None)
    if square is None:
        return [m.read(p) for p in parts]       # with a size from further out, or the refusal
    before, m.square = m.square, _size_expression(shape(square)[0].size, (square,))
    try:
        return [m.read(p) if e is None else e for p, e in zip(parts, found, strict=True)]
    finally:
        m.square = before


def identity_matrix(m: Meaning, t: Tree) -> Any:
    if m.square is None:
        raise SizeMissing("size", "the identity matrix: of which size?", t.place,
                          "it takes its size from what it is added to or compared with")
    return identity(m.square)


def neg(m: Meaning, t: Tree) -> Any:
    return negative(m.read(t.parts[0]))


def div(m: Meaning, t: Tree) -> Any:
    top, bottom = (m.read(p) for p in t.parts)
    if shape(bottom):
        raise no_meaning("a vector or matrix is no divisor", t, "write the inverse on its side, A^{-1}")
    if shape(top):
        return scaled(sympy.Pow(bottom, -1, evaluate=False), top)
    if isinstance(top, sympy.Integer) and isinstance(bottom, sympy.Integer) and bottom > 1:
        value = sympy.Rational(top, bottom)
        if value.q == bottom:              # in lowest terms: the number; 6/3 stays a quotient
            return value
    return over(top, bottom)


def pow_(m: Meaning, t: Tree) -> Any:
    base, exponent = t.parts
    if base.head == "constant" and base.value == "e":
        return _applied_to(m, sympy.exp, m.read(exponent), t)
    b, k = m.read(base), m.read(exponent)
    if b == sympy.E:
        return _applied_to(m, sympy.exp, k, t)
    if shape(k):
        raise no_meaning("a vector or matrix as an exponent", t)
    if len(shape(b)) == 1:
        raise no_meaning("a power of a vector", t,
                         r"\|x\|^2 is the squared length, x \odot x has the squares of the entries")
    if shape(b):
        if k == -1:
            return inverse(b)
        if not k.is_integer:
            raise no_meaning("a power of a matrix that is no integer", t,
                             "declare the root as a matrix of its own, with R^T R = A as an assumption")
        return matrix_power(b, k)
    return power(b, k)


def sqrt(m: Meaning, t: Tree) -> Any:
    inside = m.read(t.parts[0])
    if shape(inside):
        raise no_meaning("a root of a vector or matrix", t)
    return power(inside, sympy.Rational(1, 2))


def root(m: Meaning, t: Tree) -> Any:
    inside, degree = (m.read(p) for p in t.parts)
    if shape(inside) or shape(degree):
        raise no_meaning("a root of a vector or matrix", t)
    if degree == 2:
        return power(inside, sympy.Rational(1, 2))
    if isinstance(degree, sympy.Integer) and degree > 0:
        if degree % 2:
            m.note("an odd root is the power with exponent 1/n: of a negative number it is not the real root")
        return power(inside, sympy.Rational(1, degree))
    return power(inside, over(sympy.Integer(1), degree))


def factorial(m: Meaning, t: Tree) -> Any:
    inside = m.read(t.parts[0])
    if t.value == 2:
        return Node("factorial2", inside)
    return sympy.factorial(inside, evaluate=False)


# ------------------------------------------------------------------ functions


def function(m: Meaning, t: Tree) -> Any:
    return known_function(m, str(t.value), t.parts, t)


def known_function(m: Meaning, word: str, arguments: tuple[Tree, ...], t: Tree) -> Any:
    """A function of the language by its name."""
    from . import products

    if word == "identity" and not arguments:
        return identity_matrix(m, t)
    if word == "indicator":
        from .chance import indicator_of

        return indicator_of(m, arguments[0])
    if word in products.OF_MATRICES:
        return products.OF_MATRICES[word](m, t, *(m.read(a) for a in arguments))
    args = [m.read(a) for a in arguments]
    if word == "log" and len(args) == 2:
        top = _applied_to(m, sympy.log, args[0], t)
        return over(top, sympy.log(args[1], evaluate=False))
    if word in _SEVERAL and args:
        if any(map(shape, args)):
            raise no_meaning(f"{word} of a vector", t, "write the entries, \\max_i is not in the language")
        return args[0] if len(args) == 1 else Node(_SEVERAL[word], *args)
    if word in _TWO and len(args) == 2:
        if any(map(shape, args)):
            raise no_meaning(f"{word} of a vector", t)
        if word in ("binomial", "binom"):
            return sympy.binomial(*args, evaluate=False)
        return Node(_TWO[word], *args)
    if len(args) == 1:
        if word in _ENTRIES:
            if shape(args[0]) and word not in ("softmax", "logsumexp", "LSE"):
                m.note(f"{word} of a vector is taken entry by entry")
            return _ENTRIES[word](args[0])
        if word in _ONE:
            return _applied_to(m, _ONE[word], args[0], t)
    if word == "lg" and len(args) == 1:
        return over(_applied_to(m, sympy.log, args[0], t), sympy.log(sympy.Integer(
            int(m.notation.settings.get(r"\lg", "base 10").split()[-1])), evaluate=False))
    if word == "sqrt" and len(args) == 1 and not shape(args[0]):
        return power(args[0], sympy.Rational(1, 2))
    if word == "beta" and len(args) == 2:
        return over(sympy.Mul(sympy.gamma(args[0], evaluate=False), sympy.gamma(args[1], evaluate=False),
                              evaluate=False), sympy.gamma(plus(*args), evaluate=False))
    raise no_meaning(f"the function {word} of {len(args)} arguments", t)


def _softplus(u: Any) -> Any:
    return sympy.log(plus(sympy.Integer(1), sympy.exp(u, evaluate=False)), evaluate=False)


def _logit(u: Any) -> Any:
    return sympy.log(over(u, plus(sympy.Integer(1), negative(u))), evaluate=False)


_ENTRIES: dict[str, Any] = {"sigmoid": sigmoid, "relu": relu, "ReLU": relu, "softmax": softmax, "logsumexp": logsumexp,
                            "LSE": logsumexp, "softplus": _softplus, "logit": _logit}


def _applied_to(m: Meaning, f: Any, u: Any, t: Tree) -> Any:
    if shape(u):
        if len(shape(u)) != 1 or f.__name__ not in ENTRYWISE:
            what = "vector" if len(shape(u)) == 1 else "matrix"
            raise no_meaning(f"{f.__name__} of a {what}", t, "write it for the entries")
        m.note(f"{f.__name__} of a vector is taken entry by entry")
    return f(u, evaluate=False)


def call(m: Meaning, t: Tree) -> Any:
    """``f(x, y)``: an unknown function, one of the language under another name, or a definition."""
    head, *arguments = t.parts
    if head.head != "name":
        if head.head == "prime" or head.head == "entry":
            return applied(m, head, tuple(arguments), t)
        raise no_meaning("what stands before the brackets is no function", head, "write \\cdot for a product")
    return applied(m, head, tuple(arguments), t)


def applied(m: Meaning, head: Tree, arguments: tuple[Tree, ...], t: Tree, primes: int = 0) -> Any:
    """The value of a function at arguments; ``primes``: of its derivative."""
    if head.head == "prime":
        return applied(m, head.parts[0], arguments, t, primes + int(head.value or 1))
    if head.head == "entry":                      # f_i(x): entry of F(x), or a family of functions
        what, *indices = head.parts
        whole = applied(m, what, arguments, t, primes)
        return whole[tuple(m.read(i) for i in indices)]
    key = key_of(head, "a function")
    if m.bound(key) is not None:
        raise no_meaning(f"{key} is bound here and is no function", head)
    role = m.objects.role(key, head)
    if role.kind == "alias":
        return _of_alias(m, str(role.value), arguments, t, primes)
    if role.kind == "definition" and role.params:
        return _defined(m, role, arguments, t, primes)
    if role.kind == "sequence" and not primes:
        return m.objects.get(key, head)(*(m.read(a) for a in arguments))
    if role.kind != "function":
        raise Unread("product-or-call", f"{key} is no function: is this a product?", t.place,
                     f"write \\cdot, or declare  {key}: function")
    if role.inferred and key in _WHICH:
        raise Unread("undeclared", f"{key} is used as a function, and not declared", head.place,
                     f"declare  {key}: sigmoid,  or  {key}: function")
    args = [m.read(a) for a in arguments]
    f = function_object(m, role, args, t)
    if isinstance(f, UndefinedFunction):
        if primes:
            raise no_meaning(f"{key}' of a function of {len(args)} arguments", t, "write the partial derivative")
        return f(*args, evaluate=False)
    if isinstance(f, FunctionName):
        if len(args) != 1:
            raise no_meaning(f"{key} takes one argument", t)
        if shape(args[0]):
            _refuse_vector(role, args[0], t)
        return f.prime(args[0], primes) if primes else f(args[0])
    if isinstance(f, VectorFunction):
        if primes:
            raise no_meaning(f"{key}' of a function of vectors", t, rf"write \nabla {key}(x)")
        return f(*args)
    if primes:
        raise no_meaning(f"{key}' of a function of random variables", t)
    return f(*args)


def function_object(m: Meaning, role: Role, args: list[Any], t: Tree) -> Any:
    """The function of a role: of numbers, of a vector, or of random variables, by what it is applied to."""
    key = role.key
    if args and all(isinstance(a, RandomVariable) for a in args):
        place = f"{key} of {', '.join(str(a.sort) for a in args)}"
        return m.objects._made.setdefault(place, functions_of_variables(m.objects.name(key), *args))
    if of_vector := vector_argument(m, role):
        slot = f"{key} of vectors"
        if slot not in m.objects._made:
            with m.outside():
                size = m.objects.size(of_vector[0])
            if len(of_vector) != 1:
                raise no_meaning(f"{key} is declared as a function of a matrix", t)
            m.objects._conditions(role)
            m.objects._made[slot] = functions_of_vectors(
                m.objects.name(key), size,
                differentiable="nondifferentiable" not in role.properties)
            m.objects.facts += _of_vector_function(role, m.objects._made[slot], t)
        return m.objects._made[slot]
    return m.objects.get(key, t)


def _of_vector_function(role: Role, f: Any, t: Tree) -> list[Any]:
    """"convex function of x", as the language says it."""
    known = {"convex": convex, "concave": concave}
    words = sorted(role.properties - HARMLESS - {"nondifferentiable"})
    for word in words:
        if word not in known:
            raise no_meaning(f"{role.key}: the property {word} of a function of vectors", t,
                             "state the inequality that it stands for as an assumption")
    return [known[word](f) for word in words]


def vector_argument(m: Meaning, role: Role) -> tuple[Tree, ...]:
    """The sizes of the vector that a function takes, () for a function of numbers.

    "function of x", with x declared as a vector; or "function of vectors in R^n"."""
    if "of vectors" in role.properties:
        return role.sizes[:1]
    if len(role.sizes) == 1 and role.sizes[0].head == "name":
        of = m.notation.role(role.sizes[0].value)
        if of is not None and of.kind in ("vector", "matrix"):
            return of.sizes
    return ()


def _refuse_vector(role: Role, u: Any, t: Tree) -> None:
    if not role.properties & {"entrywise", "activation", "elementwise"}:
        raise Unread("function-of-vector", f"{role.key} is declared as a function of a number, and its argument is a "
                     "vector", t.place,
                     f"declare  {role.key}: function of x  (a vector), or an entrywise function")


def _of_alias(m: Meaning, word: str, arguments: tuple[Tree, ...], t: Tree, primes: int) -> Any:
    if not primes:
        return known_function(m, word, arguments, t)
    if len(arguments) != 1:
        raise no_meaning(f"a derivative of {word}", t)
    u = m.read(arguments[0])
    if shape(u):
        raise no_meaning(f"the derivative of {word} entry by entry", t, "write it for the entries")
    from .slopes import slope_of

    x = sympy.Symbol(m.objects.name("slope"), real=True)
    return slope_of(lambda y: _one(m, word, y, t), x, u, primes)


def _one(m: Meaning, word: str, u: Any, t: Tree) -> Any:
    if word in _ENTRIES:
        return _ENTRIES[word](u)
    if word in _ONE:
        return _ONE[word](u, evaluate=False)
    raise no_meaning(f"a derivative of {word}", t)


def _defined(m: Meaning, role: Role, arguments: tuple[Tree, ...], t: Tree, primes: int = 0) -> Any:
    """A definition with parameters, written out: its body where its parameters are what they stand for here."""
    if len(arguments) != len(role.params) or not isinstance(role.value, Tree):
        raise no_meaning(f"{role.key} is defined for {len(role.params)} names, not {len(arguments)}", t)
    keys = [key_of(p, f"a parameter of {role.key}") for p in role.params]
    if role.key in m.objects._defining:
        raise Unread("circular", f"{role.key} is defined by itself", t.place)
    m.objects.unfolded += 1
    if m.objects.unfolded > limits.UNFOLDED:
        raise Unread("too-large", f"the definitions of this line are put in more than {limits.UNFOLDED} times", t.place,
                     "state what is needed of them as a claim of its own")
    values = [m.read(a) for a in arguments]
    m.objects._defining.append(role.key)
    try:
        if primes:
            from .slopes import slope_of

            if len(keys) != 1:
                raise no_meaning(f"{role.key}' of {len(keys)} names", t)
            x = sympy.Symbol(m.objects.name(keys[0]), real=True)
            body = role.value

            def value(y: Any) -> Any:
                with m.outside(), m.scope({keys[0]: y}):
                    return m.read(body)

            return slope_of(value, x, values[0], primes)
        with m.outside(), m.scope(dict(zip(keys, values, strict=True))):
            return m.read(role.value)
    finally:
        m.objects._defining.pop()


def entry(m: Meaning, t: Tree) -> Any:
    """``x_i``, ``W_{ij}``, ``(AB)_{ij}``, ``a_n`` of a sequence, ``\\alpha_i`` of a definition."""
    what, *indices = t.parts
    if what.head == "name" and m.bound(what.value) is None:
        role = m.objects.role(what.value, what)
        if role.kind == "definition" and role.params:
            return _defined(m, role, tuple(indices), t)
        if role.kind == "sequence":
            at = [m.read(i) for i in indices]
            _refuse_fraction(at, t)
            return m.objects.get(what.value, what)(*at, evaluate=False)
        if role.kind in ("scalar", "constant", "index"):
            raise Unread("index-on-number", f"{what.value} is a number and has no entries", t.place,
                         f"declare  {what.value}: vector n,  or {what.value} with this index as a name of its own")
    whole = m.read(what)
    at = [m.read(i) for i in indices]
    _refuse_fraction(at, t)
    if not shape(whole) and not hasattr(whole, "__getitem__"):
        raise Unread("index-on-number", "a number has no entries", t.place)
    _refuse_outside(whole, at, t)
    slots = len(shape(whole)) or len(at)
    if len(at) > slots:
        raise no_meaning(f"{len(at)} indices, where {slots} belong", t)
    if len(at) == 1 and slots == 2 and what.head == "name" and m.objects.kind(what) == "matrix":
        m.note(f"{what.value}_i is the i-th row of {what.value}, as a column")
    from ....language.indices import component
    from ....language.matrices import entry as matrix_entry

    if m.objects.kind(what) == "random" and not shape(whole):
        raise Unread("size", f"how many {what.value}_i are there?", t.place,
                     "write the range of the index, \\sum_{i=1}^n, or declare  i: index 1..n")
    if hasattr(whole, "__getitem__"):
        return whole[tuple(at)] if len(at) > 1 else whole[at[0]]
    if len(at) == len(shape(whole)) == 1:
        return component(whole, at[0])
    return matrix_entry(whole, tuple(at))


def _refuse_fraction(at: list[Any], t: Tree) -> None:
    for i in at:
        if isinstance(i, sympy.Rational) and not i.is_Integer or shape(i):
            raise no_meaning("an index is an integer", t)


def _refuse_outside(what: Any, at: list[Any], t: Tree) -> None:
    """x_0 of a family that starts at 1."""
    for i, sort in zip(at, shape(what), strict=False):
        last = sort.size.value if isinstance(sort.size, T.Num) else None
        if isinstance(i, sympy.Integer) and (i < 1 or last is not None and i > last):
            raise Unread("index-outside", f"the index {i} is outside of 1, ..., {T.show(sort.size)}", t.place,
                         "families count from 1; declare a sequence for other indices, or the name with this index")


def prime(m: Meaning, t: Tree) -> Any:
    """``f'(x)``; ``f'`` alone is a function, and no number."""
    inside = t.parts[0]
    if inside.head == "call":
        return applied(m, inside.parts[0], inside.parts[1:], t, int(t.value or 1))
    if inside.head == "function":
        return _of_alias(m, str(inside.value), inside.parts, t, int(t.value or 1))
    raise no_meaning("a derivative without its argument", t, "write f'(x)")


def cases(m: Meaning, t: Tree) -> Any:
    parts: list[Any] = []
    for value, condition in zip(t.parts[0::2], t.parts[1::2], strict=True):
        v = m.read(value)
        if shape(v):
            raise no_meaning("cases of vectors", t, "write them for the entries")
        sure = condition.head == "constant" and condition.value == "true"
        from . import formulas

        parts += [v, sympy.true if sure else formulas.statement(m, condition)]
    return Node("cases", *parts)


def tuple_(m: Meaning, t: Tree) -> Any:
    if len(t.parts) > MAX_ARGUMENTS:
        raise no_meaning("a tuple of so many members", t)
    return Node("tuple", *(m.read(p) for p in t.parts))


READS = {"number": number, "name": name, "constant": constant, "add": add, "neg": neg, "div": div, "pow": pow_,
         "sqrt": sqrt, "root": root, "factorial": factorial, "function": function, "call": call, "entry": entry,
         "prime": prime, "cases": cases, "tuple": tuple_}

__all__ = ["READS", "T", "applied", "function_object", "known_function", "names_in", "vector_argument"]
