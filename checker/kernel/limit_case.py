"""The limit of one term in one case: parameters fixed, assumptions without alternatives.

    the expansion of f at the point, under G
    ----------------------------------------
    limit of f: a constant, oo or -oo

Equations of G are solved for a name first, so that equal exponents become one (e^(pt) + e^(qt) under
p = q has one leading term, not two).  FAILURE: as ``expansion`` says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .claim import Sequent
from .constants import Constants
from .corners import corners
from .definedness import definedness
from .evidence import Reject
from .expand import Expander
from .expansion import Limit, Lost
from .field import CannotNormalise, Field, Frac
from .kinds import is_real
from .prove import discharge
from .term import (
    OO, TRUE, App, Bind, Index, Scalar, Sort, Term, Var, app, conj, conjuncts, free_names, fresh, negate, num,
    show, sort_terms, sub, substitute, substitute_sort,
)

MAX_ORDER = 24


def settled(field: Field, question: Callable[[], Any]) -> Any:
    """``Field._settled``: the question is asked again where an exponent needs a finer denominator."""
    return field._settled(question)  # type: ignore[no-untyped-call,unused-ignore]


def case_limit(
    s: Sequent, variable: str, body: Term, at: tuple[str, Term], order: int, integer: bool,
    then: Callable[[Limit, Constants, Callable[[Term], Term]], Any] | None = None,
    between: bool = False,
) -> tuple[Limit, Any]:
    """The limit of ``body`` as the variable goes where ``at`` says, under the assumptions of ``s``.

    Equations among the assumptions are solved for a name and put in first.  ``then`` is asked with the
    limit, the constants, and the substitution.  ``between``: the limit that all corners share (``corners``).
    Raises Open, Lost, Nowhere, Unexpandable.
    """
    if not 1 <= order <= MAX_ORDER:
        raise Reject("limit", "order", f"must be from 1 to {MAX_ORDER}")
    s, put = solved(s)
    field = Field(s)

    def ask() -> tuple[Limit, Any]:
        constants = Constants(field)
        e = expander(constants, variable, (at[0], put(at[1])), order, integer)
        if between:
            values = [e.limit(e.expand(t)) for t in corners(e, put(body))]
            if any(v.infinite != values[0].infinite or v.value != values[0].value for v in values):
                raise Lost("the corners have different limits")
            found = values[0]
        else:
            found = e.limit(e.expand(put(body)))
        if found.infinite:
            e.need_real(put(body))
        return found, (then(found, constants, put) if then else None)

    result: tuple[Limit, Any] = settled(field, ask)
    return result


def expander(
    constants: Constants, variable: str, at: tuple[str, Term], order: int, integer: bool
) -> Expander:
    """The variable is t, -t, a + 1/t or a - 1/t with t -> +oo."""
    e = Expander(constants, variable, order, integer)
    match at:
        case "up", _:
            pass
        case "down", _:
            e.at = e.negative(e.power_of_t(1))
        case ("above" | "below") as how, point:
            back = e.power_of_t(-1)
            e.at = e.plus(e.constant(constants.read(point)), back if how == "above" else e.negative(back))
        case _:
            raise Reject("limit", "point", "no such approach")
    return e


def eventual_sign(s: Sequent, variable: str, t: Term, order: int) -> int:
    s, put = solved(s)
    field = Field(s)

    def ask() -> int:
        e = expander(Constants(field), variable, ("up", OO), order, True)
        return e.sign_of(put(t))

    sign: int = settled(field, ask)
    return sign


def solved(s: Sequent) -> tuple[Sequent, Callable[[Term], Term]]:
    """Use the equations of the assumptions: each that is linear in a name (with a rational coefficient,
    the rest free of it) puts the solution in for the name, everywhere."""
    assumptions = [*s.assumptions, *_without_bars(s), *_ranges(s)]
    table: list[tuple[str, Term]] = []
    sizes = {n for sort in s.declarations.values() for t in sort_terms(sort) for n in free_names(t)}

    def put(t: Term) -> Term:
        for name, by in table:
            t = substitute(t, {name: by})
        return t

    for _ in range(8):
        step = None
        for formula in (f for a in assumptions for f in conjuncts(a)):
            if isinstance(formula, App) and formula.head == "=":
                step = _solve(Sequent(s.declarations, (), s.goal), formula, sizes)
                if step is not None:
                    break
        if step is None:
            break
        name, by = step
        assumptions = [substitute(a, {name: by}) for a in assumptions]
        table = [(n, substitute(t, {name: by})) for n, t in table] + [(name, by)]
    return Sequent(s.declarations, tuple(assumptions), s.goal), put


def constant_conditions(t: Term, moving: frozenset[str], s: Sequent) -> list[Term]:
    """The definedness of the largest subterms without a moving name; under a binder, for all its values.

    A branch whose guard moves may never be reached: a condition from inside it must follow (else Reject),
    for as a condition of the claim it would leave out points at which everything is defined."""
    if not free_names(t) & moving:
        return list(definedness(t, s))
    match t:
        case App("cases", args):
            out: list[Term] = []
            path: list[Term] = []
            for value, guard in zip(args[0::2], args[1::2], strict=True):
                out += _reached(constant_conditions(guard, moving, s), path, moving, s)
                out += _reached(constant_conditions(value, moving, s), [*path, guard], moving, s)
                path.append(negate(guard))
            return out
        case App(_, args):
            return [c for a in args for c in constant_conditions(a, moving, s)]
        case Bind("sum" | "prod", names, sorts, outer, (guard, body)):
            out = [c for u in outer for c in constant_conditions(u, moving, s)]
            taken = set(s.declarations) | moving
            by: dict[str, Term] = {}
            declared: dict[str, Sort] = {}
            for n, k in zip(names, sorts, strict=True):
                new = fresh(n, taken)
                taken.add(new)
                declared[new], by[n] = substitute_sort(k, by), Var(new)
            guard, body = substitute(guard, by), substitute(body, by)
            if outer and not free_names(outer[0]) & moving and not free_names(outer[1]) & moving:
                first = Var(next(iter(declared)))
                guard = conj(app("<=", outer[0], first), app("<=", first, outer[1]), guard)
            inner = constant_conditions(body, moving, s.declaring(declared))
            if outer and not free_names(outer[0]) & moving and free_names(outer[1]) & moving:
                # how far the range goes moves: they must hold from its start on
                start = app("<=", outer[0], Var(next(iter(declared))))
                return out + _reached(inner, [conj(start, guard), app("<=", Var(next(iter(declared))), outer[1])],
                                      moving, s.declaring(declared))
            if free_names(guard) & moving:      # perhaps no term is there
                return out + _reached(inner, [guard], moving, s.declaring(declared))
            return out + [
                Bind("forall", tuple(declared), tuple(declared.values()), (), (guard, c))
                if free_names(c) & set(declared) else c for c in inner]
        case _:
            return []


def _reached(conditions: list[Term], path: list[Term], moving: frozenset[str], s: Sequent) -> list[Term]:
    """The conditions where ``path`` holds; where the path moves they must follow from what is assumed."""
    fixed = [g for g in path if not free_names(g) & moving and g != TRUE]
    if len(fixed) < len([g for g in path if g != TRUE]):
        if missing := discharge(tuple(conditions), s.assuming(*fixed)):
            raise Reject("limit", "body", f"{show(missing[0])[:60]} is needed in a branch that may not be reached")
        return []
    return [app("implies", conj(*fixed), c) if fixed else c for c in conditions]


def _ranges(s: Sequent) -> list[Term]:
    """1 <= i <= size for every declared index."""
    out: list[Term] = []
    for name, sort in s.declarations.items():
        if isinstance(sort, Index):
            out += [app(">=", Var(name), num(1)), app("<=", Var(name), sort.size)]
    return out


def _without_bars(s: Sequent) -> list[Term]:
    """|u| < v gives u < v and -u < v (u real); so for <=."""
    out: list[Term] = []
    for formula in (f for a in s.assumptions for f in conjuncts(a)):
        match formula:
            case (App("<" | "<=" as relation, (App("abs", (u,)), v))
                  | App(">" | ">=" as relation, (v, App("abs", (u,))))) if is_real(u, s.declarations):
                less = "<" if relation in ("<", ">") else "<="
                out += [app(less, u, v), app(less, app("neg", u), v)]
    return out


def _solve(s: Sequent, formula: App, sizes: set[str]) -> tuple[str, Term] | None:
    names: Mapping[str, Sort] = s.declarations
    for side in formula.args:
        if not is_real(side, names):
            return None
    field = Field(s)

    def ask() -> tuple[str, Term] | None:
        constants = Constants(field)
        d = field.frac(sub(formula.args[0], formula.args[1]))
        for k, g in enumerate(field.generators):
            if g.kind != "name" or not isinstance(g.term, Var):
                continue
            if not isinstance(names.get(g.term.name), Scalar):
                continue
            if g.term.name in sizes or d.num == 0 or int(d.num.degrees()[k]) != 1:
                continue
            solution = _linear(field, d, k)
            if solution is None:
                continue
            t = constants.term(solution)
            if g.term.name not in free_names(t):
                return g.term.name, t
        return None

    try:
        found: tuple[str, Term] | None = settled(field, ask)
        return found
    except CannotNormalise:
        return None


def _linear(field: Field, d: Frac, k: int) -> Frac | None:
    """-rest/a where the numerator is a*g_k + rest with a rational number a."""
    slope = d.num.derivative(k)
    if not slope.is_constant() or slope == 0:
        return None
    rest = d.num - slope * d.num.context().gens()[k]
    return Frac(-rest / slope.leading_coefficient(), field.constant(1).den)


__all__ = ["case_limit", "constant_conditions", "eventual_sign", "expander", "settled", "solved"]
