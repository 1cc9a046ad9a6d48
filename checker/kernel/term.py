"""Terms and sorts: the language in which every claim is decided.

The promise of this module: **no evaluation**.  ``x/x`` stays ``x/x`` until a rule says otherwise,
and that rule must also say ``x != 0``.  A term is one of four things:

========  =====================================================================================
``Num``   an exact rational number
``Var``   a name: declared by the claim, or bound by an enclosing ``Bind``
``App``   a head applied to arguments: ``add``, ``div``, ``exp``, ``at`` (an entry of a family), ...
``Bind``  a head that binds names: sums, integrals, limits, quantifiers, expectations, iterations
========  =====================================================================================

In ``Bind`` the terms in ``outer`` (bounds, the point of a limit) stand outside the scope of the
bound names; the terms in ``inner`` (guards, the body) stand inside.  Formulas are terms too.
``HEADS`` and ``BINDERS`` list every head with its meaning; anything else is refused when a term is
read.  Bound names are compared up to renaming by ``alpha`` (de Bruijn, Indag. Math. 34 (1972)
381-392), and substitution renames binders rather than capture a free name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

# Limits on what may be read at all: they come before any computation (DESIGN.md 3).
MAX_NODES = 60_000
MAX_DEPTH = 150
MAX_DIGITS = 4_000


class Malformed(ValueError):
    """A term, sort or claim that cannot be read: unknown head, wrong arity, over a size limit."""


# --------------------------------------------------------------------------------------- sorts


@dataclass(frozen=True, slots=True)
class Scalar:
    """Numbers: ``complex``, ``real``, ``rational`` or ``integer``."""

    kind: str


@dataclass(frozen=True, slots=True)
class Index:
    """The indices 1, 2, ..., size.  Nominal: ``Index(m)`` and ``Index(n)`` are different sorts."""

    size: Term


@dataclass(frozen=True, slots=True)
class Map:
    """Functions from ``args`` to ``result``: families and matrices (all ``args`` are ``Index``),
    opaque functions (otherwise)."""

    args: tuple[Sort, ...]
    result: Sort


@dataclass(frozen=True, slots=True)
class Space:
    """The range of a random variable with its base measure: ``unspecified`` (any sigma-finite
    measure), ``counting`` (discrete) or ``lebesgue`` (the real line)."""

    measure: str


@dataclass(frozen=True, slots=True)
class Law:
    """A probability kernel: a density in the ``own`` labels given the ``given`` labels.
    A label names a declared variable of sort ``Space``."""

    own: tuple[str, ...]
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Joint:
    """A joint law of finitely many real random quantities, all of whose moments are finite; ``members``
    are their names, ``slots`` the indices of each (of a random vector).  ``values``: the numbers that
    they may take, () for any; ``within``: between which they lie.  A family of laws is a ``Map`` to it."""

    members: tuple[str, ...]
    slots: tuple[tuple[Index, ...], ...]
    values: tuple[Fraction, ...] = ()
    within: tuple[Fraction | None, Fraction | None] = (None, None)


Sort: TypeAlias = Scalar | Index | Map | Space | Law | Joint

COMPLEX, REAL, RATIONAL, INTEGER = (Scalar(k) for k in ("complex", "real", "rational", "integer"))

# --------------------------------------------------------------------------------------- terms


@dataclass(frozen=True, slots=True)
class Num:
    value: Fraction


@dataclass(frozen=True, slots=True)
class Var:
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class App:
    head: str
    args: tuple[Term, ...]
    _hash: int = field(init=False, repr=False)
    _free: frozenset[str] | None = field(init=False, repr=False)     # see ``free_names``

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.head, self.args)))
        object.__setattr__(self, "_free", None)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, App)
            and self._hash == other._hash
            and self.head == other.head
            and self.args == other.args
        )


@dataclass(frozen=True, slots=True, eq=False)
class Bind:
    head: str
    names: tuple[str, ...]
    sorts: tuple[Sort, ...]
    outer: tuple[Term, ...]
    inner: tuple[Term, ...]
    _hash: int = field(init=False, repr=False)
    _free: frozenset[str] | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.head, self.names, self.outer, self.inner)))
        object.__setattr__(self, "_free", None)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Bind)
            and self._hash == other._hash
            and self.head == other.head
            and self.names == other.names
            and self.sorts == other.sorts
            and self.outer == other.outer
            and self.inner == other.inner
        )


Term: TypeAlias = Num | Var | App | Bind

#: head -> (least, most) number of arguments; None: any number.
HEADS: dict[str, tuple[int, int | None]] = {
    # arithmetic
    "add": (0, None), "mul": (0, None), "neg": (1, 1), "div": (2, 2), "pow": (2, 2), "sqrt": (1, 1),
    # constants (no arguments); "oo" stands only in bounds, points and values of limits
    "pi": (0, 0), "e": (0, 0), "i": (0, 0), "oo": (0, 0),
    # elementary functions, principal branches
    "exp": (1, 1), "log": (1, 1), "sin": (1, 1), "cos": (1, 1), "tan": (1, 1), "cot": (1, 1),
    "sec": (1, 1), "csc": (1, 1), "asin": (1, 1), "acos": (1, 1), "atan": (1, 1), "acot": (1, 1),
    "sinh": (1, 1), "cosh": (1, 1), "tanh": (1, 1), "coth": (1, 1), "asinh": (1, 1),
    "acosh": (1, 1), "atanh": (1, 1), "atan2": (2, 2), "erf": (1, 1),
    "abs": (1, 1), "sign": (1, 1), "re": (1, 1), "im": (1, 1), "conj": (1, 1), "arg": (1, 1),
    "floor": (1, 1), "ceiling": (1, 1), "max": (1, None), "min": (1, None), "relu": (1, 1),
    # discrete
    "factorial": (1, 1), "binomial": (2, 2), "gamma": (1, 1), "rising": (2, 2), "falling": (2, 2),
    "fibonacci": (1, 1), "harmonic": (1, 1), "mod": (2, 2), "digamma": (1, 1),
    "factorial2": (1, 1),    # n!! = n (n-2) (n-4) ..., for integers n >= -1 (0!! = (-1)!! = 1)
    "tribonacci": (1, 1),    # T(0) = 0, T(1) = T(2) = 1, T(n+3) = T(n+2) + T(n+1) + T(n), all integers n
    "rgamma": (1, 1),    # 1/gamma, continued by 0 at the poles: defined everywhere
    # structure: entry of a family or value of an opaque function; Kronecker's delta;
    # value/condition pairs, last one may be "true"; tuples and their components (from 1)
    "at": (2, None), "delta": (2, 2), "cases": (2, None), "tuple": (0, None), "item": (2, 2),
    "assign": (2, 2),  # assign(name or tuple of names, expression): a line of an iteration
    # relations and logic
    "=": (2, 2), "!=": (2, 2), "<": (2, 2), "<=": (2, 2), ">": (2, 2), ">=": (2, 2),
    "and": (0, None), "or": (0, None), "not": (1, 1), "implies": (2, 2), "iff": (2, 2),
    "true": (0, 0), "false": (0, 0),
    "in": (2, 2), "integers": (0, 0), "rationals": (0, 0), "reals": (0, 0),
    # sides of a limit
    "two-sided": (0, 0), "from-above": (0, 0), "from-below": (0, 0),
    # no side was named: proved only if it holds two-sided, refuted only if it fails from above
    "unstated-side": (0, 0),
    # density(law, k, value, ..., given, j, value, ...): k, j are positions of the law's labels (own
    # labels first, then given ones, from 1), so no renaming of variables ever touches a label
    "density": (1, None), "given": (0, 0),
    # matrices (see matrix_terms.py): products, sums, a number times a matrix, ... of matrix terms; a vector is
    # n x 1, a term of shape 1 x 1 is a number; identity(n), zeros(n, m), ones(n, m) of sizes; block(A, B, C, D)
    # is [A B; C D], vec stacks the columns, diag makes a matrix of a vector and diagonal a vector of a matrix
    "matmul": (2, None), "matadd": (1, None), "scale": (2, 2), "transpose": (1, 1), "inverse": (1, 1),
    "matpow": (2, 2), "hadamard": (1, None), "kron": (2, 2), "diag": (1, 1), "diagonal": (1, 1), "vec": (1, 1),
    "identity": (1, 1), "zeros": (2, 2), "ones": (2, 2), "block": (4, 4),
    "trace": (1, 1), "det": (1, 1), "rank": (1, 1),
    "maxeig": (1, 1),    # the largest eigenvalue of a real symmetric matrix
    # statements: the same entries; an inverse exists; symmetric with x^T A x >= 0, > 0 for x != 0
    "mat=": (2, 2), "invertible": (1, 1), "psd": (1, 1), "pd": (1, 1),
    # derivative-of(G, f): f, a function of a vector, is continuously differentiable, and G(x, .., i) is the
    # partial derivative of f(x, ..) along x_i, for every x
    "derivative-of": (2, 2),
    # finite(t): the sum, integral, limit, derivative or expectation t exists and is finite
    "finite": (1, 1),
    # regular(t): whatever expectations arise from those of the claim by expanding products and by differentiating
    # densities and integrands in t are finite, and derivatives in t may be taken under them
    "regular": (1, 1),
}

#: head -> (outer terms, inner terms).  Names and sorts are one or more.
BINDERS: dict[str, tuple[int, int]] = {
    "sum": (2, 2),       # over an integer range: outer (lower, upper); inner (guard, body)
    "prod": (2, 2),      # ... as for sum.  Over an Index sort: outer is empty
    "maximum": (0, 1),   # the largest value over an Index sort (sorts), which are not empty
    "integral": (2, 1),  # outer (lower, upper); over a Space or all reals: outer is empty
    "limit": (2, 1),     # outer (point, side)
    "diff": (1, 1),      # outer (point): the derivative of the body, at the point
    # the derivative of the body along one entry of the bound family (or along the bound number), the other
    # entries held; outer (the family or number, tuple of the entry's indices).  By the chain rule: where an
    # argument of abs, relu, max is at the kink and moves, it has no value
    "partial": (2, 1),
    "forall": (0, 2),    # inner (guard, body)
    "exists": (0, 2),
    "lambda": (0, 1),    # a function or family given by its values: only in witnesses
    # names are the state; outer (number of steps, tuple of the start); inner: assign lines,
    # done one after the other.  The value is the tuple of the state after that many steps.
    "iterate": (2, -1),
    # converges: the body is a sequence in the bound integer (from 0): it has a finite limit
    "converges": (0, 1),
    # orders of growth: names are the variables that grow; inner (regime, f, g)
    "big-o": (0, 3), "big-omega": (0, 3), "big-theta": (0, 3), "little-o": (0, 3), "similar": (0, 3),
    # E: names are random variables; inner (density, integrand)
    "E": (0, 2),
    # names are random quantities, law by law in the order of outer (a tuple of declared laws).  A name
    # with more indices than its law's member has is that many independent draws.  inner: the integrand
    "expect": (1, 1),
    "KL": (0, 2),        # inner (density q, density p): E_q log(q/p), in [0, oo]
}

TRUE, FALSE = App("true", ()), App("false", ())
OO = App("oo", ())
ZERO, ONE = Num(Fraction(0)), Num(Fraction(1))


def num(value: int | str | Fraction) -> Num:
    return Num(Fraction(value))


def app(head: str, *args: Term) -> App:
    return App(head, args)


def add(*args: Term) -> Term:
    return args[0] if len(args) == 1 else App("add", args) if args else ZERO


def mul(*args: Term) -> Term:
    return args[0] if len(args) == 1 else App("mul", args) if args else ONE


def sub(a: Term, b: Term) -> Term:
    return App("add", (a, App("neg", (b,))))


def conj(*formulas: Term) -> Term:
    parts = [p for f in formulas for p in conjuncts(f)]
    return TRUE if not parts else parts[0] if len(parts) == 1 else App("and", tuple(parts))


def conjuncts(formula: Term) -> list[Term]:
    if isinstance(formula, App) and formula.head == "and":
        return [p for f in formula.args for p in conjuncts(f)]
    return [] if formula == TRUE else [formula]


RELATIONS = ("=", "!=", "<", "<=", ">", ">=")
NEGATED = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def negate(formula: Term) -> Term:
    """The formula that is true where ``formula`` is false (and defined where it is defined).

    A relation asserts that its limits exist, so the opposite of ``limit(f) = L`` is not ``!=``.
    """
    if isinstance(formula, App):
        if formula.head in NEGATED:
            if any(isinstance(u, Bind) and u.head == "limit" for u in subterms(formula)):
                return App("not", (formula,))
            return App(NEGATED[formula.head], formula.args)
        if formula.head == "not":
            return formula.args[0]
        if formula.head == "and":
            return App("or", tuple(negate(f) for f in formula.args))
        if formula.head == "or":
            return App("and", tuple(negate(f) for f in formula.args))
        if formula.head == "implies":
            return App("and", (formula.args[0], negate(formula.args[1])))
        if formula.head == "true":
            return FALSE
        if formula.head == "false":
            return TRUE
    if isinstance(formula, Bind) and formula.head in ("forall", "exists"):
        guard, body = formula.inner
        other = "exists" if formula.head == "forall" else "forall"
        return Bind(other, formula.names, formula.sorts, (), (guard, negate(body)))
    return App("not", (formula,))


# ------------------------------------------------------------------------- walking, names


def children(t: Term) -> tuple[Term, ...]:
    match t:
        case App():
            return t.args
        case Bind():
            return t.outer + t.inner
        case _:
            return ()


def subterms(t: Term) -> Iterator[Term]:
    stack = [t]
    while stack:
        u = stack.pop()
        yield u
        stack.extend(children(u))


def sort_terms(s: Sort) -> tuple[Term, ...]:
    """The terms inside a sort (sizes)."""
    match s:
        case Index(size):
            return (size,)
        case Map(args, result):
            return tuple(t for a in (*args, result) for t in sort_terms(a))
        case Joint(_, slots):
            return tuple(k.size for ks in slots for k in ks)
        case _:
            return ()


_NO_NAMES: frozenset[str] = frozenset()


def free_names(t: Term) -> frozenset[str]:
    """Computed once for each term and kept with it: terms do not change."""
    if isinstance(t, (App, Bind)):
        if t._free is None:
            object.__setattr__(t, "_free", _free_names(t))
        return t._free or _NO_NAMES
    return frozenset((t.name,)) if isinstance(t, Var) else _NO_NAMES


def _free_names(t: App | Bind) -> frozenset[str]:
    match t:
        case App():
            return _NO_NAMES.union(*(free_names(a) for a in t.args))
        case Bind():
            names: set[str] = set()
            for u in t.inner:
                names |= free_names(u)
            names -= set(t.names)
            for u in t.outer:
                names |= free_names(u)
            for s in t.sorts:
                for u in sort_terms(s):
                    names |= free_names(u)
            return frozenset(names)


def fresh(name: str, taken: frozenset[str] | set[str]) -> str:
    """``name`` itself, or with a prime count that nobody uses: ``x``, ``x'1``, ``x'2``, ..."""
    if name not in taken:
        return name
    stem, n = name.split("'")[0], 1
    while f"{stem}'{n}" in taken:
        n += 1
    return f"{stem}'{n}"


def substitute_sort(s: Sort, by: Mapping[str, Term]) -> Sort:
    match s:
        case Index(size):
            return Index(substitute(size, by))
        case Map(args, result):
            return Map(tuple(substitute_sort(a, by) for a in args), substitute_sort(result, by))
        case Joint(members, slots, values, within):
            new = tuple(tuple(Index(substitute(k.size, by)) for k in ks) for ks in slots)
            return Joint(members, new, values, within)
        case _:
            return s


def substitute(t: Term, by: Mapping[str, Term]) -> Term:
    """Replace free names, renaming binders so that nothing is captured."""
    match t:
        case Num():
            return t
        case Var(name):
            return by.get(name, t)
        case App():
            args = tuple(substitute(a, by) for a in t.args)
            return t if args == t.args else App(t.head, args)
        case Bind():
            inside = {n: u for n, u in by.items() if n not in t.names}
            free_in_values = frozenset().union(*(free_names(u) for u in inside.values()), frozenset())
            names = list(t.names)
            if free_in_values & set(names):
                body_names = frozenset().union(*(free_names(u) for u in t.inner), frozenset())
                relevant = frozenset().union(
                    *(free_names(u) for n, u in inside.items() if n in body_names), frozenset()
                )
                taken = set(relevant | body_names | set(names))
                for k, name in enumerate(t.names):
                    if name in relevant:
                        names[k] = fresh(name, taken)
                        taken.add(names[k])
                        inside[name] = Var(names[k])
            return Bind(
                t.head,
                tuple(names),
                tuple(substitute_sort(s, by) for s in t.sorts),
                tuple(substitute(u, by) for u in t.outer),
                tuple(substitute(u, inside) for u in t.inner),
            )


def rename(t: Bind, taken: set[str] | frozenset[str]) -> Bind:
    """``t`` with bound names that are not in ``taken`` (and capture nothing)."""
    if not set(t.names) & set(taken):
        return t
    used = set(taken) | set(t.names)
    for u in t.inner:
        used |= free_names(u)
    names: list[str] = []
    for name in t.names:
        names.append(fresh(name, used) if name in taken else name)
        used.add(names[-1])
    by: dict[str, Term] = {n: Var(m) for n, m in zip(t.names, names, strict=True)}
    return Bind(t.head, tuple(names), t.sorts, t.outer, tuple(substitute(u, by) for u in t.inner))


def rebuild(t: Term, change: Callable[[Term], Term]) -> Term:
    """``t`` with ``change`` applied to each child; heads and binders stay (no capture check:
    for changes that introduce no free name)."""
    match t:
        case App():
            return App(t.head, tuple(change(a) for a in t.args))
        case Bind():
            return Bind(
                t.head, t.names, t.sorts,
                tuple(change(u) for u in t.outer), tuple(change(u) for u in t.inner),
            )
        case _:
            return t


def apart(t: Term, taken: set[str] | frozenset[str]) -> Term:
    """Rename every binder of ``t`` so that no name is bound twice and none is in ``taken``."""
    used = set(taken) | free_names(t)

    def go(u: Term) -> Term:
        if isinstance(u, Bind):
            renaming: dict[str, Term] = {}
            names = []
            for name in u.names:
                new = fresh(name, used)
                used.add(new)
                names.append(new)
                if new != name:
                    renaming[name] = Var(new)
            inner = tuple(substitute(v, renaming) if renaming else v for v in u.inner)
            return Bind(
                u.head, tuple(names), u.sorts,
                tuple(go(v) for v in u.outer), tuple(go(v) for v in inner),
            )
        return rebuild(u, go)

    return go(t)


def alpha(t: Term) -> Term:
    """Bound names replaced by their binding depth: equal results mean equal up to renaming."""

    def go(u: Term, env: Mapping[str, Term], depth: int) -> Term:
        match u:
            case Var(name):
                return env.get(name, u)
            case App():
                return App(u.head, tuple(go(a, env, depth) for a in u.args))
            case Bind():
                # no declared or bound name can be one of these: they are not printable (`check_name`)
                names = tuple(f"\0{depth + k}" for k in range(len(u.names)))
                inside = {**env, **{n: Var(m) for n, m in zip(u.names, names, strict=True)}}
                return Bind(
                    u.head, names, tuple(substitute_sort(s, env) for s in u.sorts),
                    tuple(go(v, env, depth) for v in u.outer),
                    tuple(go(v, inside, depth + len(names)) for v in u.inner),
                )
            case _:
                return u

    return go(t, {}, 0)


def spoken(t: Term) -> Term:
    """``t`` with bound names that can be written and read again: those of ``alpha`` cannot."""
    used = set(free_names(t)) | {n for u in subterms(t) if isinstance(u, Bind) for n in u.names}

    def go(u: Term) -> Term:
        if isinstance(u, Bind) and not all(n.isprintable() for n in u.names):
            names, renaming = [], dict[str, Term]()
            for n in u.names:
                names.append(n if n.isprintable() else fresh("u", used))
                used.add(names[-1])
                renaming[n] = Var(names[-1])
            sorts = tuple(substitute_sort(s, renaming) for s in u.sorts)
            u = Bind(u.head, tuple(names), sorts, u.outer, tuple(substitute(v, renaming) for v in u.inner))
        return rebuild(u, go)

    return go(t)


# ------------------------------------------------------------------------------- JSON


def sort_to_json(s: Sort) -> Any:
    match s:
        case Scalar(kind):
            return kind
        case Index(size):
            return {"index": to_json(size)}
        case Map(args, result):
            return {"map": [sort_to_json(a) for a in args], "to": sort_to_json(result)}
        case Space(measure):
            return {"space": measure}
        case Law(own, given):
            return {"law": list(own), "given": list(given)}
        case Joint(members, slots, values, within):
            return {"joint": list(members), "slots": [[to_json(k.size) for k in ks] for ks in slots],
                    "values": [str(v) for v in values], "within": [None if v is None else str(v) for v in within]}


def to_json(t: Term) -> Any:
    match t:
        case Num(value):
            return str(value)
        case Var(name):
            return {"v": name}
        case App(head, args):
            return [head, *(to_json(a) for a in args)]
        case Bind():
            return {
                "b": t.head,
                "vars": [[n, sort_to_json(s)] for n, s in zip(t.names, t.sorts, strict=True)],
                "outer": [to_json(u) for u in t.outer],
                "inner": [to_json(u) for u in t.inner],
            }


def well_formed(t: Bind) -> None:
    """The names, sorts and lines that a binder may have.  Raises :class:`Malformed`."""
    for name in t.names:
        check_name(name)
    if len(set(t.names)) != len(t.names):
        raise Malformed(f"{t.head} binds a name twice")
    if any(free_names(u) & set(t.names) for s in t.sorts for u in sort_terms(s)):
        raise Malformed(f"{t.head}: the size of a bound name mentions a name bound with it")
    ranged = t.head in ("sum", "prod", "integral")
    if len(t.outer) != BINDERS[t.head][0] and (t.outer or not ranged):
        raise Malformed(f"{t.head} has the wrong number of parts")
    one = t.sorts[0] if len(t.sorts) == 1 else None
    if t.head in ("sum", "prod"):
        fits = one == INTEGER if t.outer else all(isinstance(s, (Index, Space)) for s in t.sorts)
    elif t.head == "integral":
        fits = one == REAL if t.outer else all(s == REAL or isinstance(s, Space) for s in t.sorts)
    elif t.head == "maximum":
        fits = all(isinstance(s, Index) for s in t.sorts)
    elif t.head in ("limit", "diff"):
        fits = isinstance(one, Scalar)
    elif t.head == "partial":
        slots = one.args if isinstance(one, Map) and one.result == REAL else None if one != REAL else ()
        fits = slots is not None and all(isinstance(s, Index) for s in slots) and (
            isinstance(t.outer[1], App) and t.outer[1].head == "tuple" and len(t.outer[1].args) == len(slots))
    elif t.head == "converges":
        fits = one == INTEGER
    elif t.head == "expect":
        fits = all(s == REAL or isinstance(s, Map) and s.result == REAL
                   and all(isinstance(a, Index) for a in s.args) for s in t.sorts)
    elif t.head == "iterate":
        fits = all(isinstance(s, Scalar) for s in t.sorts)
    else:
        fits = True
    if not fits:
        raise Malformed(f"{t.head} binds a name of a sort it does not range over")
    for line in t.inner if t.head == "iterate" else ():
        match line:
            case App("assign", (Var(name), _)) if name in t.names:
                continue
            case App("assign", (App("tuple", targets), App("tuple", new))) if (
                    len(targets) == len(new) == len(set(targets))
                    and all(isinstance(u, Var) and u.name in t.names for u in targets)):
                continue
        raise Malformed("a line of an iteration assigns values to names of its state")


def check_name(data: Any) -> str:
    # "#" opens the kernel's own marks (bound positions, states), "~" the bound names of its normal forms of
    # integrals: a name that begins so could be one
    if not isinstance(data, str) or not 0 < len(data) <= 80 or not data.isprintable() or data[0] in "#~":
        raise Malformed(f"not a name: {str(data)[:40]!r}")
    return data


class _Reader:
    """Reads JSON into terms and sorts, counting nodes so that a bomb stops early."""

    def __init__(self) -> None:
        self.nodes = 0

    def tick(self, depth: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise Malformed(f"more than {MAX_NODES} nodes")
        if depth > MAX_DEPTH:
            raise Malformed(f"nested more than {MAX_DEPTH} deep")

    def sort(self, data: Any, depth: int = 0) -> Sort:
        self.tick(depth)
        match data:
            case "complex" | "real" | "rational" | "integer":
                return Scalar(data)
            case {"index": size}:
                return Index(self.term(size, depth + 1))
            case {"map": [*args], "to": result}:
                return Map(tuple(self.sort(a, depth + 1) for a in args), self.sort(result, depth + 1))
            case {"space": ("unspecified" | "counting" | "lebesgue") as measure}:
                return Space(measure)
            case {"law": [*own], "given": [*given]}:
                return Law(tuple(map(check_name, own)), tuple(map(check_name, given)))
            case {"joint": [_, *_] as members, "slots": [*slots], "values": [*values], "within": [low, high]} if (
                    len(members) == len(slots)):
                return Joint(
                    tuple(map(check_name, members)),
                    tuple(tuple(Index(self.term(k, depth + 1)) for k in ks) for ks in slots),
                    tuple(_fraction(str(v)) for v in values),
                    (None if low is None else _fraction(str(low)), None if high is None else _fraction(str(high))))
            case _:
                raise Malformed(f"not a sort: {str(data)[:60]!r}")

    def term(self, data: Any, depth: int = 0) -> Term:
        self.tick(depth)
        match data:
            case str():
                if len(data) > MAX_DIGITS:
                    raise Malformed(f"a number of more than {MAX_DIGITS} digits")
                return Num(_fraction(data))
            case {"v": name}:
                return Var(check_name(name))
            case [str(head), *args]:
                if head not in HEADS and not head.startswith("@"):
                    raise Malformed(f"unknown head {head[:40]!r}")
                least, most = HEADS.get(head, (0, None))
                if len(args) < least or (most is not None and len(args) > most):
                    raise Malformed(f"{head} takes {least} to {most} arguments, not {len(args)}")
                return App(head, tuple(self.term(a, depth + 1) for a in args))
            case {"b": str(head), "vars": [_, *_] as variables, "outer": [*outer], "inner": [*inner]}:
                if head not in BINDERS:
                    raise Malformed(f"unknown binder {head[:40]!r}")
                n_outer, n_inner = BINDERS[head]
                if len(outer) not in (0, n_outer) or (n_inner >= 0 and len(inner) != n_inner):
                    raise Malformed(f"{head} has the wrong number of parts")
                made = Bind(
                    head, tuple(check_name(v[0]) for v in variables),
                    tuple(self.sort(v[1], depth + 1) for v in variables),
                    tuple(self.term(u, depth + 1) for u in outer),
                    tuple(self.term(u, depth + 1) for u in inner),
                )
                well_formed(made)
                return made
            case _:
                raise Malformed(f"not a term: {str(data)[:60]!r}")


def _fraction(text: str) -> Fraction:
    body = text[1:] if text.startswith("-") else text
    top, bar, bottom = body.partition("/")
    if not (top.isascii() and top.isdigit()) or (bar and not (bottom.isascii() and bottom.isdigit())):
        raise Malformed(f"not a rational number: {text[:40]!r}")
    if bar and int(bottom) == 0:
        raise Malformed("a rational number with denominator 0")
    return Fraction(text)


def from_json(data: Any) -> Term:
    """Raises :class:`Malformed`."""
    return _Reader().term(data)


def sort_from_json(data: Any) -> Sort:
    return _Reader().sort(data)


def digest(data: Any) -> str:
    """SHA-256 of canonical JSON."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def show(t: Term) -> str:
    """A term as plain text, for messages and logs (reports typeset through reporting/)."""
    infix = {"add": " + ", "mul": "*", "and": " and ", "or": " or ", "implies": " implies ", "iff": " iff "}
    match t:
        case Num(value):
            return str(value)
        case Var(name):
            return name
        case App("neg", (a,)):
            return f"-{_tight(a)}"
        case App("div", (a, b)):
            return f"{_tight(a)}/{_tight(b)}"
        case App("pow", (a, b)):
            return f"{_tight(a)}^{_tight(b)}"
        case App("at", args):
            return f"{show(args[0])}[{', '.join(map(show, args[1:]))}]"
        case App("add", args) if len(args) > 1:
            out = show(args[0])
            for a in args[1:]:
                neg = isinstance(a, App) and a.head == "neg"
                out += f" - {_tight(a.args[0])}" if neg and isinstance(a, App) else f" + {show(a)}"
            return out
        case App(head, args) if head in infix and len(args) > 1:
            return infix[head].join(map(_tight, args))
        case App(head, (a, b)) if head in RELATIONS or head == "in":
            return f"{show(a)} {head} {show(b)}"
        case App(head, args):
            return f"{head.lstrip('@')}({', '.join(map(show, args))})" if args else head.lstrip("@")
        case Bind():
            names = ", ".join(t.names)
            outer = f" over {', '.join(map(show, t.outer))}" if t.outer else ""
            inner = [u for u in t.inner if u != TRUE]
            return f"{t.head}({names}{outer}: {'; '.join(map(show, inner))})"


def _tight(t: Term) -> str:
    text = show(t)
    loose = isinstance(t, App) and t.head in ("add", "mul", "div", "neg", "and", "or", "implies", "iff")
    loose = loose or (isinstance(t, App) and t.head in RELATIONS)
    return f"({text})" if loose or (isinstance(t, Num) and (t.value < 0 or t.value.denominator > 1)) else text
