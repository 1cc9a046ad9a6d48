"""Independent draws of a law that has a density: Monte Carlo and importance sampling.

    X = D.sample("X", n, law=q(x))                      X[1], ..., X[n] independent, each with the density q
    X, Y = D.sample("X Y", n, law=p(x, y))              independent pairs
    E(total(i, p(X[i])/q(X[i])*f(X[i]))/n), Var(mean(X))

An expectation of sums of functions of single draws *unfolds* into expectations under the law, by linearity and
independence alone: with a_i, b_j functions of one draw,

    E a(X_i)                        =  E_q a
    E (sum_i a_i(X_i))              =  sum_i E_q a_i                             n E_q a, where a is the same for all i
    Cov(a(X_i), b(X_j))             =  delta(i, j) Cov_q(a, b)
    Cov(sum_i a_i(X_i), b(X_j))     =  Cov_q(a_j, b)
    Cov(sum_i a_i(X_i), sum_j b_j)  =  sum_i Cov_q(a_i, b_i)
    E F G                           =  Cov(F, G) + E F E G

for every size n >= 1, sums over all n draws.  A sample of a number of draws, ``D.sample("X", 2, law=q(x))``, has an
expectation of anything: over two variables with the density q(x_1) q(x_2).  So are quotients of sums stated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from ..kernel import term as T
from .densities import Density, E, Normal, RandomVariable, free_variables, own_variables
from .errors import StatementError
from .families import ScalarDensity
from .indices import Family, _size_term, _words, delta, total
from .nodes import Binder, BinderStatement, Declared, IndexName, Node, expression
from .samples import quantities

MAX_LISTED = 3      # draws of a sample whose size is a number


class DrawLaw:
    """The law of one draw: a density, its variables, the names that are drawn together."""

    def __init__(self, names: Sequence[str], size: Any, density: Any) -> None:
        self.names, self.size, self.density = tuple(names), expression(size), density
        if not (self.size.is_integer and self.size.is_positive):
            raise StatementError(f"{names[0]}: the size {size} is no positive integer: declare it, {size} = "
                                 f"D.sizes(\"{size}\")", "sizes")
        self.variables = _variables(density, self.names)
        bound = {x for b in density.atoms(Binder, BinderStatement) for x in b.args[1]}
        if loose := sorted(map(str, density.atoms(IndexName) - set(self.variables) - bound)):
            raise StatementError(
                f"law={density}: all draws have one law, and this one changes with the index {loose[0]}", "density")

    def all(self, i: Any) -> bool:
        """Whether an index runs over all draws."""
        return isinstance(i, IndexName) and isinstance(i.sort, T.Index) and i.sort.size == _size_term(self.size)

    def has(self, place: Any) -> bool:
        """Whether there is such a draw, whatever the size."""
        return self.all(place) or place == 1 or bool(
            place.is_Integer and self.size.is_Integer and 1 <= place <= self.size)


def _variables(density: Any, names: Sequence[str]) -> tuple[Any, ...]:
    if not isinstance(density, sympy.Basic) or not density.atoms(Density, ScalarDensity, Normal):
        raise StatementError(
            f"law={density}: the law of a draw is a density, D.sample(\"{names[0]}\", n, law=q(x)) or "
            f"law=normal(x, mu, s2)", "density")
    found = own_variables(density)
    if len(found) != len(names):
        raise StatementError(
            f"law={density} is a law of {', '.join(map(str, found)) or 'nothing that shows'}, and {len(names)} "
            f"name{'s are' if len(names) > 1 else ' is'} drawn: {', '.join(names)}", "density")
    if not _mass_one(density):
        raise StatementError(
            f"law={density} is no density that shows: q(x), a product of such or a mixture whose weights add up to 1",
            "density")
    return found


def _mass_one(w: Any) -> bool:
    """A density, a product p(x | y) q(y) of densities, a marginal of these, a mixture."""
    if isinstance(w, sympy.Add):
        own = set(own_variables(w))
        weights = []
        for a in w.args:
            factors = a.args if isinstance(a, sympy.Mul) else (a,)
            weights.append(_times(*(f for f in factors if not own_variables(f))))
            if not _mass_one(_times(*(f for f in factors if own_variables(f)))):
                return False
        with sympy.evaluate(True):
            shares = [u.doit() for u in weights]
            numbers = not any(own & _mentioned(u) or u.is_negative for u in shares)
            return numbers and bool(sympy.expand(sum(shares)) == 1)
    if isinstance(w, sympy.Mul):
        names = [v for a in w.args for v in own_variables(a)]
        return len(set(names)) == len(names) and all(own_variables(a) and _mass_one(a) for a in w.args) and (
            _one_after_the_other(w.args))
    if isinstance(w, Binder) and w.head == "integral":
        return set(w.args[1]) <= set(own_variables(w.args[3][0])) and _mass_one(w.args[3][0])
    return isinstance(w, (Density, ScalarDensity, Normal))


def _mentioned(e: Any) -> set[Any]:
    return set(e.atoms(sympy.Symbol, Declared))


def _one_after_the_other(factors: Sequence[Any]) -> bool:
    """Whether the variables of some factor stand in no other, and so on for the rest: no p(x | y) q(y | x)."""
    left = list(factors)
    while left:
        free = (a for a in left if not any(set(own_variables(a)) & _mentioned(b) for b in left if b is not a))
        last = next(free, None)
        if last is None:
            return False
        left.remove(last)
    return True


class Draw(RandomVariable):
    """``X[i]``: it stands where the variable of its law may stand, in densities and in functions."""

    sample: Draws
    place: Any

    def __new__(cls, sample: Draws, place: Any) -> Any:
        variable = sample.variable
        sort = variable.sort if isinstance(variable, Declared) else T.REAL
        self = super().__new__(cls, f"{sample.name}[{place}]", sort,
                               variable if isinstance(variable, RandomVariable) else None)
        self.sample, self.place = sample, expression(place)
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.sample, self.place)

    def _hashable_content(self) -> tuple[Any, ...]:
        law = self.sample.law
        return (*super()._hashable_content(), self.place, law.size, law.density)

    def read_into(self, reading: Any) -> T.Term:
        raise StatementError(
            f"{self.name} is drawn at random: it stands inside E, Var or Cov, E(mean({self.sample.name})). An "
            "estimator is written out there, or named in Python; D.define would hide the draws", "draws")


class Draws(Family):
    """``X = D.sample("X", n, law=q(x))``."""

    law: DrawLaw
    variable: Any

    def __getitem__(self, indices: Any) -> Any:
        super().__getitem__(indices)
        return self.entry(indices)

    def entry(self, *at: Any) -> Any:
        return Draw(self, *at)


def draws(names: str, size: Any, law: Any) -> Any:
    words = _words(names)
    shared = DrawLaw(words, size, law)
    out = []
    for word, variable in zip(words, shared.variables, strict=True):
        one = Draws(word, T.Map((T.Index(_size_term(size)),), T.REAL))
        one.needs, one.law, one.variable = (size,), shared, variable
        out.append(one)
    return out[0] if len(out) == 1 else tuple(out)


def drawn(*expressions: Any) -> set[Draw]:
    """The draws in some expressions."""
    return {d for e in expressions if isinstance(e, sympy.Basic) for d in e.atoms(Draw)}


# ------------------------------------------------------------------------ sums of functions of single draws


class Factor:
    """c h(X_k), a number times a function of one draw; ``over`` an index where it is the sum over all of its values."""

    def __init__(self, f: Any, place: Any, over: Any = None) -> None:
        factors = f.args if isinstance(f, sympy.Mul) else (f,)
        self.c = _times(*(a for a in factors if not drawn(a)))
        self.h = _times(*(a for a in factors if drawn(a)))
        self.place, self.over = place, over
        self.law = next(iter(drawn(f))).sample.law

    def at(self, place: Any) -> Factor:
        """With another index."""
        return Factor(_put(_times(self.c, self.h), self.place, place), place)


Term = tuple[Any, tuple[Factor, ...]]       # a coefficient without draws, and what it multiplies


class _Unread(Exception):
    """No polynomial in sums of functions of single draws."""


def _times(*factors: Any) -> Any:
    kept = [f for f in factors if f != 1]
    return sympy.Mul(*kept, evaluate=False) if len(kept) > 1 else kept[0] if kept else sympy.S.One


def _plus(parts: Sequence[Any]) -> Any:
    kept = [p for p in parts if p != 0]
    return sympy.Add(*kept, evaluate=False) if len(kept) > 1 else kept[0] if kept else sympy.S.Zero


def _minus(a: Any, b: Any) -> Any:
    return _plus([a, _times(sympy.Integer(-1), b)])


def _terms(f: Any) -> list[Term]:
    """f as a sum of products.  Raises :class:`_Unread`."""
    found = drawn(f)
    if not found:
        return [(f, ())]
    summed = any(drawn(b) for b in f.atoms(Binder, BinderStatement))
    places = {d.place for d in found}
    if not summed and len(places) == 1 and not isinstance(f, sympy.Add):
        return [(sympy.S.One, (Factor(f, places.pop()),))]
    if isinstance(f, sympy.Add):
        return [t for a in f.args for t in _terms(a)]
    if isinstance(f, sympy.Mul):
        out: list[Term] = [(sympy.S.One, ())]
        for a in f.args:
            out = [(_times(c, d), (*u, *v)) for c, u in out for d, v in _terms(a)]
        return out
    if isinstance(f, sympy.Pow) and f.exp == 2:
        return _terms(sympy.Mul(f.base, f.base, evaluate=False))
    if (whole := _whole_sum(f)) is not None:
        i, body = whole
        if not any(drawn(b) for b in body.atoms(Binder, BinderStatement)) and {d.place for d in drawn(body)} == {i}:
            return [(sympy.S.One, (Factor(body, i, i),))]
    raise _Unread


def _whole_sum(f: Any) -> Any:
    """The index and the summand of a sum without a condition over all draws."""
    if isinstance(f, Binder) and f.head == "sum" and len(f.args[1]) == 1 and not f.args[2] and (
            f.args[3][0] == sympy.true and (found := drawn(f.args[3][1]))) and all(
            d.sample.law.all(f.args[1][0]) for d in found):
        return f.args[1][0], f.args[3][1]
    return None


def _of_law(h: Any, law: DrawLaw) -> Any:
    """h with the law's own variables for its draws; others, where h speaks of these too."""
    here = drawn(h)
    if any(d.sample.law is not law for d in here):
        raise _together(here)
    rest = h.xreplace({d: sympy.Integer(0) if not isinstance(d.sample.variable, RandomVariable) else d for d in here})
    taken = {u for u in rest.atoms(sympy.Symbol, Declared) if not isinstance(u, Draw)}
    names = _names(rest, law.density)
    own = {v: v if v not in taken else _other(v, names) for v in law.variables}
    density = law.density.xreplace({v: w for v, w in own.items() if v is not w})
    return h.xreplace({d: own[d.sample.variable] for d in here}), tuple(own.values()), density


def _names(*expressions: Any) -> set[str]:
    """What a new variable may not be called: the names in the expressions, bound ones too."""
    return {str(u) for e in expressions if isinstance(e, sympy.Basic)
            for u in e.atoms(sympy.Symbol, Declared) if not isinstance(u, Draw)}


def _other(v: Any, names: set[str]) -> Any:
    k = 1
    while f"{v}_{k}" in names:
        k += 1
    names.add(f"{v}_{k}")
    return _named(v, f"{v}_{k}")


def _named(v: Any, name: str) -> Any:
    if isinstance(v, RandomVariable):
        return RandomVariable(name, v.sort, v)
    if isinstance(v, IndexName):
        one = IndexName(name, v.sort)
        one.needs = getattr(v, "needs", ())
        return one
    return sympy.Symbol(name, **v.assumptions0)


def _mean(h: Any) -> Any:
    """E_q h."""
    if not drawn(h):
        return h
    law = next(iter(drawn(h))).sample.law
    body, names, density = _of_law(h, law)
    return E(body, names, density)


def _covariance(a: Any, b: Any, centred: bool) -> Any:
    if centred and a == b:
        return _mean(sympy.Pow(_minus(a, _mean(a)), 2, evaluate=False))
    if centred:
        return _mean(_times(_minus(a, _mean(a)), _minus(b, _mean(b))))
    return _minus(_mean(_times(a, b)), _times(_mean(a), _mean(b)))


def _over(i: Any, value: Any, law: DrawLaw) -> Any:
    """The sum over all draws; n times the value where it is the same for all."""
    return total(i, value) if value.has(i) else _times(law.size, value)


def _expected(u: Factor) -> Any:
    mean = _mean(u.h)
    return _times(u.c, mean) if u.over is None else _summed(u.over, u.c, mean, u.law)


def _summed(i: Any, c: Any, value: Any, law: DrawLaw) -> Any:
    """The sum of c v over all draws."""
    if value.has(i):
        return total(i, _times(c, value))
    return _times(_over(i, c, law), value)


def _cov(u: Factor, v: Factor, centred: bool) -> Any:
    if u.law is not v.law:
        raise _together({*drawn(u.h), *drawn(v.h)})
    if u.over is None and v.over is not None:
        u, v = v, u
    if not all(v.law.has(w.place) for w in (u, v)):
        raise _Unread
    if u.over is None:
        same = u.place == v.place
        if not same and u.place.is_Integer and v.place.is_Integer:
            return sympy.S.Zero
        value = _times(u.c, v.c, _covariance(u.h, v.at(u.place).h, centred))
        return value if same else _times(delta(u.place, v.place), value)
    if v.over is None:
        at = u.at(v.place)
        return _times(at.c, v.c, _covariance(at.h, v.h, centred))
    if v.over != u.over and (v.h.has(u.over) or v.c.has(u.over)):
        raise _Unread       # its index would be caught
    at = v.at(u.over)
    return _summed(u.over, _times(u.c, at.c), _covariance(u.h, at.h, centred), u.law)


def _together(found: set[Draw]) -> StatementError:
    names = sorted({d.sample.name for d in found})
    return StatementError(
        f"how are {' and '.join(names)} drawn together? Draw pairs, {', '.join(names)} = D.sample("
        f"\"{' '.join(names)}\", n, law=p(x, y)) or law=p(x)*q(y)", "draws")


def _unread(f: Any) -> StatementError:
    name = min(d.sample.name for d in drawn(f))
    return StatementError(
        f"{str(f)[:80]} is no polynomial of degree 2 in sums over all draws of {name}, each of a function of one draw: "
        "such sums, total(i, f(X[i])), their products, and Var, Cov of them are read. For anything else take a number "
        f"of draws, {name} = D.sample(\"{name}\", 2, law=...)", "draws")


def _only_draws(*expressions: Any) -> None:
    for e in expressions:
        others = [v for v in free_variables(e) if not isinstance(v, Draw)]
        if others or quantities(e):
            one = others[0] if others else next(iter(quantities(e)))
            raise StatementError(
                f"E, Var, Cov over the draws of {min(d.sample.name for d in drawn(*expressions))}: how is {one} drawn "
                f"with them? Draw it with them, law=q(x)*p(y), or declare it D.real(\"{one}\") if it is held fixed",
                "draws")


def expectation(f: Any) -> Any:
    """E f, for ``f`` with draws in it."""
    _only_draws(f)
    listed = _listed(f)
    if listed is not None:
        return listed
    try:
        return _plus([_times(c, _product(u)) for c, u in _linear(f)])
    except _Unread as error:
        raise _unread(f) from error


def _linear(f: Any) -> list[Term]:
    """The terms; a sum of what is no function of one draw is taken under the sum."""
    try:
        return _terms(f)
    except _Unread:
        if isinstance(f, sympy.Add):
            return [t for a in f.args for t in _linear(a)]
        if isinstance(f, sympy.Mul) and sum(bool(drawn(a)) for a in f.args) == 1:
            rest = _times(*(a for a in f.args if not drawn(a)))
            return [(_times(rest, c), u) for a in f.args if drawn(a) for c, u in _linear(a)]
        if isinstance(f, Binder) and f.head == "sum" and len(f.args[1]) == 1 and not f.args[2]:
            (i,), (where, body) = f.args[1], f.args[3]
            if not drawn(where):
                value = _plus([_times(c, _product(u)) for c, u in _linear(body)])
                law = next(iter(drawn(body))).sample.law
                return [(_over(i, value, law) if _whole_sum(f) else total(i, value, where), ())]
        raise


def _product(factors: tuple[Factor, ...]) -> Any:
    if len(factors) > 2:
        raise _Unread
    if len(factors) < 2:
        return _expected(factors[0]) if factors else sympy.S.One
    u, v = factors
    if u.over is None and v.over is None and u.place == v.place and u.law is v.law:
        return _times(u.c, v.c, _mean(_times(u.h, v.h)))
    return _plus([_cov(u, v, False), _times(_expected(u), _expected(v))])


def covariance(f: Any, g: Any) -> Any:
    """Cov(f, g), for ``f`` and ``g`` with draws in them."""
    _only_draws(f, g)
    listed = _listed(f, g)
    if listed is not None:
        return listed
    try:
        left, right = ([(c, u[0]) for c, u in _terms(e) if u and _single(u)] for e in (f, g))
        return _plus([_times(c, d, _cov(u, v, True)) for c, u in left for d, v in right])
    except _Unread as error:
        raise _unread(_times(f, g)) from error


def _single(factors: tuple[Factor, ...]) -> bool:
    if len(factors) > 1:
        raise _Unread
    return True


# ------------------------------------------------------------------------ a number of draws


def _listed(f: Any, g: Any = None) -> Any:
    """E f (Cov(f, g)) over one variable for each draw; None if the number of draws is a symbol."""
    found = drawn(f, g)
    laws = list(dict.fromkeys(d.sample.law for d in found))
    if len(laws) > 1 or not laws[0].size.is_Integer or laws[0].size > MAX_LISTED:
        return None
    law = laws[0]
    count = int(law.size)
    f, g = (None if e is None else _spelled(e, law) for e in (f, g))
    if any(not d.place.is_Integer for d in drawn(f, g)):
        return None
    places: dict[Any, Any] = {}
    taken = _names(f, g, law.density)
    names: list[Any] = []
    weights: list[Any] = []
    for k in range(1, count + 1):
        own = {v: _other(v, taken) for v in law.variables}
        names += own.values()
        weights.append(law.density.xreplace(own))
        places |= {Draw(s, k): own[s.variable] for s in {d.sample for d in found}}
    mean = lambda h: E(h.xreplace(places), tuple(names), _times(*weights))  # noqa: E731
    if g is None:
        return mean(f)
    return mean(_times(_minus(f, mean(f)), _minus(g, mean(g))))


def _spelled(e: Any, law: DrawLaw) -> Any:
    """Sums over all draws, written out."""
    if not isinstance(e, sympy.Basic) or not drawn(e):
        return e
    if (whole := _whole_sum(e)) is not None:
        i, body = whole
        return _plus([_spelled(_put(body, i, sympy.Integer(k)), law) for k in range(1, int(law.size) + 1)])
    if not e.args or isinstance(e, (Density, Node, Binder)):
        return e
    with sympy.evaluate(False):
        return e.func(*(_spelled(a, law) for a in e.args))


def _put(e: Any, i: Any, k: Any) -> Any:
    """``k`` for the free index ``i``, in draws too."""
    if isinstance(e, Draw):
        return Draw(e.sample, k) if e.place == i else e
    if e == i:
        return k
    if not isinstance(e, sympy.Basic) or not e.args or isinstance(e, (Binder, BinderStatement)) and i in e.args[1]:
        return e
    with sympy.evaluate(False):
        return e.func(*(_put(a, i, k) for a in e.args))


__all__ = ["Draw", "Draws", "covariance", "drawn", "draws", "expectation"]
