"""Points: a value for every declared name, read from a witness and checked against the domains.

A value is an exact number (a rational, or a closed term such as ``sqrt(2)``), a table for a family
over finite index ranges, a ``lambda`` for a function or a family, or a finite law.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .claim import Sequent
from .definedness import definedness, power_conditions
from .evaluate import Evaluator, Table, Undefined, Unknown, Value, at_precisions, truth
from .evidence import Reject
from .kinds import ORDER, is_real, kind
from .term import (
    App, Bind, Index, Joint, Law, Malformed, Map, Num, Scalar, Sort, Space, Term, Var, app, free_names, from_json,
    num, rebuild, rename, show, substitute, substitute_sort,
)

MAX_TABLE = 4_096


@dataclass(frozen=True)
class Model:
    values: Mapping[str, Value]
    sorts: Mapping[str, Sort]

    def instance(self, sequent: Sequent) -> Sequent:
        """The sequent at this point: numbers and lambdas put in for their names.  Tables, laws and
        states stay as names whose values the evaluation rule looks up here."""
        by = {n: v for n, v in self.values.items() if isinstance(v, (Num, App, Bind))}
        left = {n: substitute_sort(s, by) for n, s in sequent.declarations.items() if n not in by}
        put: Callable[[Term], Term] = lambda t: beta(substitute(t, by), left)  # noqa: E731
        for t in (*sequent.assumptions, sequent.goal):
            for c in power_conditions(t, sequent.declarations, by):
                self._holds(c, put(c), left)
        return Sequent(left, tuple(put(a) for a in sequent.assumptions), put(sequent.goal))

    def _holds(self, condition: Term, here: Term, sorts: Mapping[str, Sort]) -> None:
        """``condition``, by its value; or, over an infinite range, by the visible signs of ``here``."""
        from .prove import discharge

        try:
            if self.truth(condition):
                return
        except (Undefined, Unknown):
            if not discharge((here,), Sequent(sorts, (), here)):
                return
        raise Reject("witness", show(condition)[:80], "is needed for a power, and not so at the point")

    @property
    def unsubstituted(self) -> Mapping[str, Value]:
        """The values that ``instance`` leaves to be looked up.  Only these: a name whose number was put
        in is free again, and a quantifier may have taken it since."""
        return {n: v for n, v in self.values.items() if not isinstance(v, (Num, App, Bind))}

    def truth(self, formula: Term) -> bool:
        """Raises Undefined, Unknown."""
        return truth(formula, self.values, self.sorts)


def beta(t: Term, sorts: Mapping[str, Sort]) -> Term:
    """Apply lambdas to their arguments, wherever these are certainly defined and in the domain (else the
    value would be there where the application has none)."""
    inside = {**sorts, **dict(zip(t.names, t.sorts, strict=True))} if isinstance(t, Bind) else sorts
    if isinstance(t, Bind):
        t = Bind(t.head, t.names, t.sorts, tuple(beta(u, sorts) for u in t.outer),
                 tuple(beta(u, inside) for u in t.inner))
    else:
        t = rebuild(t, lambda u: beta(u, sorts))
    if isinstance(t, App) and t.head == "at":
        f = t.args[0]
        if isinstance(f, Bind) and f.head == "lambda" and len(f.names) == len(t.args) - 1 and all(
                _fits(a, s, sorts) for a, s in zip(t.args[1:], f.sorts, strict=True)):
            return beta(substitute(f.inner[0], dict(zip(f.names, t.args[1:], strict=True))), sorts)
    return t


def _fits(t: Term, s: Sort, sorts: Mapping[str, Sort]) -> bool:
    if isinstance(t, Num) and isinstance(s, Index) and isinstance(s.size, Num):
        return t.value.denominator == 1 and 1 <= t.value <= s.size.value
    if isinstance(t, Var) and sorts.get(t.name) == s:
        return True
    if isinstance(s, Map) and isinstance(t, Bind) and t.head == "lambda" and t.sorts == s.args:
        t = rename(t, set(sorts))
        return _fits(t.inner[0], s.result, {**sorts, **dict(zip(t.names, t.sorts, strict=True))})
    if not isinstance(s, Scalar) or kind(t, sorts) == "other":
        return False
    return ORDER.index(kind(t, sorts)) <= ORDER.index(s.kind) and not definedness(
        t, Sequent(sorts, (), t))


def read_model(sequent: Sequent, witness: Mapping[str, Any]) -> Model:
    """Read ``witness["point"]``; every declared name needs a value in its domain.

    Raises :class:`Reject`.
    """
    point = witness.get("point")
    if not isinstance(point, dict):
        raise Reject("witness", "point", "there is no point")
    if unknown := set(point) - set(sequent.declarations):
        raise Reject("witness", "point", f"{sorted(unknown)[0]!r} is not declared")
    values: dict[str, Value] = {}
    try:
        for name, sort in sequent.declarations.items():
            if name not in point:
                raise Reject("witness", name, "has no value")
            values[name] = _value(point[name], sort, values, name, sequent, witness)
    except (Malformed, Undefined, Unknown) as error:
        raise Reject("witness", "point", str(error)) from error
    return Model(values, sequent.declarations)


def _value(data: Any, sort: Sort, values: Mapping[str, Value], name: str, sequent: Sequent,
           witness: Mapping[str, Any]) -> Value:
    if isinstance(sort, (Law, Space)) or isinstance(sort, Map) and any(
            isinstance(a, Space) for a in sort.args):
        from .finite import read_value

        return read_value(data, sort, name, sequent, witness)
    if isinstance(sort.result if isinstance(sort, Map) else sort, Joint):
        from .joint_laws import read_joint

        return read_joint(data, sort, name, lambda s: _size(s, values, name))
    match data, sort:
        case (str() | {"term": _}), (Scalar() | Index()):
            t = from_json(data["term"] if isinstance(data, dict) else data)
            _check_number(t, sort, values, name)
            return t
        case {"table": rows}, Map(args, result):
            shape = tuple(_size(s, values, name) for s in args)
            count = 1
            for n in shape:
                count *= n
            if count > MAX_TABLE:
                raise Reject("witness", name, f"a table of more than {MAX_TABLE} entries")
            entries: dict[tuple[int, ...], Term] = {}
            for where in itertools.product(*(range(1, n + 1) for n in shape)):
                entry: Any = rows
                for k in where:
                    entry = entry[k - 1] if isinstance(entry, list) and len(entry) >= k else None
                if entry is None:
                    raise Reject("witness", name, f"the table has no entry {where}")
                t = from_json(entry)
                _check_number(t, result, values, name)
                entries[where] = t
            if data.get("function") is True:
                by = {n: v for n, v in values.items() if isinstance(v, (Num, App))}
                return _written_out(entries, tuple(substitute_sort(a, by) for a in args))
            return Table(shape, entries)
        case {"lambda": body}, Map(args, result):
            f = from_json(body)
            by = {n: v for n, v in values.items() if isinstance(v, (Num, App))}
            expected = tuple(substitute_sort(s, by) for s in args)
            if not (isinstance(f, Bind) and f.head == "lambda" and f.sorts == expected):
                raise Reject("witness", name, "the function takes other arguments than declared")
            f2 = substitute(f, by)
            if free_names(f2):
                raise Reject("witness", name, "the function's values use undeclared names")
            if isinstance(f2, Bind) and not _within(f2, result):
                raise Reject("witness", name, f"the values are not certainly {show_sort(result)}")
            if isinstance(f2, Bind) and not _total(f2):
                raise Reject("witness", name, "the function is not certainly defined on its domain")
            return f2
        case _:
            raise Reject("witness", name, f"not a value of its domain: {str(data)[:60]}")


def _written_out(entries: Mapping[tuple[int, ...], Term], args: tuple[Sort, ...]) -> Bind:
    """A table as a function of its indices, a sum of deltas: rules that do not evaluate can read it."""
    names = tuple(f"i{k}'" for k in range(len(args)))
    parts = tuple(
        app("mul", value, *(app("delta", Var(n), num(k)) for n, k in zip(names, where, strict=True)))
        for where, value in entries.items() if value != num(0)
    )
    return Bind("lambda", names, args, (), (App("add", parts),))


def _within(f: Bind, result: Sort) -> bool:
    order = ("integer", "rational", "real", "complex")
    found = kind(f.inner[0], dict(zip(f.names, f.sorts, strict=True)))
    return isinstance(result, Scalar) and found in order and order.index(found) <= order.index(result.kind)


def _total(f: Bind) -> bool:
    from .prove import discharge

    inside = Sequent(dict(zip(f.names, f.sorts, strict=True)), (), f.inner[0])
    return not discharge(definedness(f.inner[0], inside), inside)


def show_sort(s: Sort) -> str:
    match s:
        case Scalar(kind_):
            return kind_
        case Index(size):
            return f"an index from 1 to {show(size)}"
        case _:
            return type(s).__name__.lower()


def _size(s: Sort, values: Mapping[str, Value], name: str) -> int:
    if not isinstance(s, Index):
        raise Reject("witness", name, "a table needs index ranges")
    n: int = at_precisions(values, {}, lambda e: e.index(s.size))
    if not 0 <= n <= MAX_TABLE:
        raise Reject("witness", name, "a size out of bounds")
    return n


def _check_number(t: Term, sort: Sort, values: Mapping[str, Value], name: str) -> None:
    if free_names(t) or isinstance(t, (Var, Bind)):
        raise Reject("witness", name, "a value must be a closed number")

    def within(e: Evaluator) -> bool:
        x = e.number(t)
        exact = isinstance(t, Num)
        match sort:
            case Scalar("complex"):
                return True
            case Scalar("real"):
                return exact or is_real(t, {})
            case Scalar("rational"):
                return exact
            case Scalar("integer"):
                return isinstance(t, Num) and t.value.denominator == 1
            case Index(size):
                limit = Evaluator(values, {}, e.precision).index(size)
                return isinstance(t, Num) and t.value.denominator == 1 and 1 <= t.value <= limit
        return x is None

    if not at_precisions({}, {}, within):
        raise Reject("witness", name, f"{show(t)} is not {show_sort(sort)}")


def satisfies(model: Model, sequent: Sequent, formulas: Sequence[Term], data: Mapping[str, Any],
              where: str, lemmas: Mapping[str, Any]) -> None:
    """Every formula holds at the model: by evaluation, or by a proof in ``data["because"]`` (keyed
    by the formula's position).  Raises :class:`Reject`."""
    from .prove import prove

    because = data.get("because") or {}
    for k, formula in enumerate(formulas):
        proof = because.get(str(k)) if isinstance(because, dict) else None
        if isinstance(proof, dict):
            # nothing is assumed here: what is to be shown is that the assumptions hold at the point
            alone = Sequent(sequent.declarations, (), formula)
            evidence = prove(model.instance(alone), proof, lemmas, model)
            if evidence.conditions:
                raise Reject(where, show(formula), "is shown only under a condition")
            continue
        try:
            if model.truth(formula):
                continue
        except (Undefined, Unknown) as error:
            raise Reject(where, show(formula), f"is not decided at the point: {error}") from error
        raise Reject(where, show(formula), "is false at the point")


__all__ = ["Model", "beta", "num", "read_model", "satisfies"]
