"""A refutation for people: the point, and what both sides are worth there.

Runs beside the mint, on a refutation that the mint has just checked; what is computed here is shown,
never relied on, so whatever cannot be computed is left out.  The statement is followed to the part
that fails (the conclusion of an implication, the false part of a conjunction, the instance of a
``forall`` that the proof names), and that relation's sides are evaluated: exactly, or to 12 digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.evaluate import Infinite, Undefined, Unknown, at_precisions
from ..kernel.evidence import Reject
from ..kernel.model import Model, read_model
from ..kernel.rule_integral import put_in
from ..kernel.term import (
    RELATIONS, App, Bind, Index, Law, Malformed, Map, Num, Space, Term, Var, alpha, app, free_names, from_json, num,
    show, substitute, subterms, to_json,
)
from ..kernel.verdict import Refuted
from .logs import exact_text

#: How many instances of a ``forall`` over a range are tried for one that fails.
INSTANCES = 8
#: How many values of a sequence are shown, from index 0.
VALUES = 4
#: Matrices up to this size are shown whole, of larger ones the first entry that differs.
WHOLE = 3
#: Where the part of a conjunction that fails is kept among the instances: no name is empty.
PART = ""


def for_people(refuted: Refuted, certificate: Mapping[str, Any]) -> dict[str, Any]:
    """``{"kind": "point", "point": {"p": "1"}, "relation": "=", "left": "3", "right": "2"}`` and its kin.

    ``point`` is as the certificate has it; ``instance`` holds the values of bound names.
    """
    sequent = refuted.claim.sequent
    shown: dict[str, Any] = dict(refuted.witness)
    try:
        if shown.get("kind") == "undefined":
            condition = definedness(sequent.goal, sequent)[shown["condition"]]
            return {"kind": "undefined", "condition": show(condition), "fails": to_json(condition)}
        model = read_model(sequent, shown)
        shown["point"] = _random_values(sequent, shown)
        shown.pop("because", None)  # proofs about the point: they are in the certificate
        instance: dict[str, Any] = {}
        failing = _failing(sequent.goal, model, certificate.get("proof", {}), instance)
        shown["point"] = _sequences(sequent, model, shown["point"])
        if (part := instance.pop(PART, None)) is not None:
            shown["part"] = part
        if instance:
            shown["instance"] = instance
        shown.update(_solution(sequent.goal, model))
        shown.update(_shown_by(certificate.get("proof", {}), failing, model))
        if isinstance(failing, App) and failing.head == "mat=":
            shown.update(_matrices(failing, model))
        if "left" not in shown and isinstance(failing, App) and failing.head in RELATIONS:
            found = _integrals(certificate.get("proof", {}))
            here = {n: v for n, v in model.values.items() if isinstance(v, (Num, App, Bind))}
            left, right = (_value(put_in(substitute(a, here), found) if found else a, model) or
                           _in_closed_form(substitute(a, here), model) for a in failing.args)
            shown["relation"] = failing.head
            shown.update({k: v for k, v in (("left", left), ("right", right)) if v is not None})
    except (Reject, Malformed, KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError):
        pass
    return shown


def _random_values(sequent: Any, shown: Mapping[str, Any]) -> dict[str, Any]:
    """The point, with numbers for the states of random variables that have values.  A variable that only names a place
    of a law has no value of its own: what it may be is said, if the claim uses its numbers."""
    free = {n for t in (sequent.goal, *sequent.assumptions) for n in free_names(t)}
    out: dict[str, Any] = {}
    for name, value in shown["point"].items():
        sort = sequent.declarations.get(name)
        if isinstance(sort, Law) and isinstance(value, dict) and "law" in value and len(sort.own + sort.given) > 1:
            value = {**value, "of": ", ".join(sort.own) + (f" | {', '.join(sort.given)}" if sort.given else "")}
        if isinstance(sort, Law) and isinstance(value, dict) and "law" in value:
            spaces = [sequent.declarations.get(n) for n in sort.own]
            widths = {((shown.get("spaces") or {}).get(x.measure) or {}).get("cell", "1")
                      for x in spaces if isinstance(x, Space)}
            if len(widths) == 1 and widths != {"1"}:
                value = {**value, "cell": widths.pop()}
        points = (shown.get("spaces") or {}).get(sort.measure, {}).get("values") if isinstance(sort, Space) else None
        if not isinstance(sort, Space):
            out[name] = value
        elif name in free:
            out[name] = points[value["state"] - 1] if points and "state" in value else value
        elif points:
            out[name] = {"one of": list(points)}
    return out


def _solution(goal: Term, model: Model) -> dict[str, Any]:
    """Which side of an implication or equivalence the point satisfies.  On the way from A to B, a point of B
    alone is gained, a point of A alone is lost."""
    match goal:
        case App("implies" | "iff", (a, b)):
            left, right = _truth(a, model), _truth(b, model)
            if right is False and (left or left is None):
                kind = "premise" if goal.head == "implies" else "lost"
                return {"solution": {"kind": kind, "holds": to_json(a), "fails": to_json(b)}}
            if left is False and goal.head == "iff":
                return {"solution": {"kind": "gained", "holds": to_json(b), "fails": to_json(a)}}
    return {}


def _shown_by(proof: Mapping[str, Any], failing: Term, model: Model) -> dict[str, Any]:
    """What refutes an order of growth (a ray) or a limit (its value, its sides, a subsequence)."""
    match proof:
        case {"rule": "ray", "ray": dict(ray)}:
            return {"kind": "ray", "ray": {name: show(from_json(t)) for name, t in ray.items()}}
        case {"rule": "limit", "parts": [*parts]} if parts:
            along = [f"{show(from_json(p['value']))} along {show(from_json(p['map']))}" for p in parts]
            out: dict[str, Any] = {"kind": "subsequences", "left": ", ".join(along)}
        case {"rule": "limit", "sides": [above, below]}:
            out = {"kind": "limit",
                   "left": f"{show(from_json(above))} from above, {show(from_json(below))} from below"}
        case {"rule": "limit", "values": [*values]} if isinstance(failing, App) and failing.head in RELATIONS:
            found = {from_json(v["limit"]): from_json(v["value"]) for v in values}
            sides = [show(found[a]) if a in found else _value(a, model) for a in failing.args]
            told = {"kind": "limit", "left": sides[0], "right": sides[1], "relation": failing.head}
            return told if all(sides) else {}
        case {"rule": "limit", "value": value}:
            out = {"kind": "limit", "left": show(from_json(value))}
        case {"rule": "or", "proof": dict(inner)}:
            return _shown_by(inner, failing, model)
        case _:
            return {}
    if isinstance(failing, App) and failing.head in RELATIONS:
        claimed = [a for a in failing.args if not (isinstance(a, Bind) and a.head == "limit")]
        if len(claimed) == 1:
            out.update(right=_value(claimed[0], model) or show(claimed[0]), relation=failing.head)
    return out


def _integrals(proof: Any) -> dict[Term, Term]:
    """The values of integrals that the refutation shows on its way."""
    found: dict[Term, Term] = {}
    match proof:
        case {"rule": "integrals", "values": [*values], "proof": dict(inner)}:
            found = {alpha(from_json(v["term"])): from_json(v["value"]) for v in values if "value" in v}
            found |= _integrals(inner)
        case {"proof": dict(inner)}:
            found = _integrals(inner)
    return found


def _failing(goal: Term, model: Model, proof: Mapping[str, Any], instance: dict[str, Any]) -> Term:
    """The part of ``goal`` that is false at the point, with the instances that the proof names put in."""
    match goal:
        case Bind("forall") if proof.get("rule") == "exists":
            by: dict[str, Term] = {}
            for name, sort in zip(goal.names, goal.sorts, strict=True):
                if name not in proof["witness"]:
                    return goal
                by[name] = from_json(proof["witness"][name])
                if isinstance(by[name], Num):
                    instance[name] = proof["witness"][name]
                elif isinstance(sort, Map) and (table := _table(by[name], sort, model)) is not None:
                    by[name], instance[name] = table
                elif not isinstance(sort, Map) and (number := _value(by[name], model)) is not None:
                    instance[name] = number
            return _failing(substitute(goal.inner[1], by), model, proof.get("proof", {}), instance)
        case Bind("forall"):
            found = _false_instance(goal, model, instance)
            return goal if found is None else _failing(found, model, {}, instance)
        case App("and", parts):
            k = proof.get("index")
            if proof.get("rule") == "or" and isinstance(k, int) and k < len(parts):
                instance.setdefault(PART, {"number": k + 1, "fails": to_json(parts[k])})
                return _failing(parts[k], model, proof.get("proof", {}), instance)
            k = next((k for k, p in enumerate(parts) if _truth(p, model) is False), None)
            if k is None:
                return goal
            instance.setdefault(PART, {"number": k + 1, "fails": to_json(parts[k])})
            return _failing(parts[k], model, {}, instance)
        case App("implies", (_, conclusion)):
            proofs = proof.get("parts") or [{}, {}]
            return _failing(conclusion, model, proofs[-1], instance)
        case App("iff", (a, b)):
            return a if _truth(a, model) is False else b
        case _:
            return goal


def _false_instance(goal: Bind, model: Model, instance: dict[str, Any]) -> Term | None:
    """The body at the first index that makes it false."""
    if len(goal.names) != 1:
        return None
    for k in range(1, INSTANCES + 1):
        by: dict[str, Term] = {goal.names[0]: Num(Fraction(k))}
        guard, body = (substitute(t, by) for t in goal.inner)
        if _truth(guard, model) is not False and _truth(body, model) is False:
            instance[goal.names[0]] = str(k)
            return body
    return None


def _table(value: Term, sort: Map, model: Model) -> tuple[Term, dict[str, Any]] | None:
    """A family that a proof names, as a function over the quantifier's own ranges, and its table of rationals."""
    names = tuple(f"i{k}'" for k in range(len(sort.args)))

    def rows(e: Any, *where: int) -> tuple[list[Term], Any]:
        if len(where) == len(sort.args):
            x = e.number(app("at", value, *map(num, where)))
            if not isinstance(x, Fraction):
                raise Unknown("not exact")
            here = (app("delta", Var(n), num(k)) for n, k in zip(names, where, strict=True))
            return [app("mul", Num(x), *here)], str(x)
        size = sort.args[len(where)]
        if not isinstance(size, Index):
            raise Unknown("no table")
        parts = [rows(e, *where, k) for k in range(1, e.index(size.size) + 1)]
        return [t for p, _ in parts for t in p], [r for _, r in parts]

    try:
        terms, table = at_precisions(model.values, model.sorts, rows)
    except (Undefined, Unknown):
        return None
    return Bind("lambda", names, sort.args, (), (App("add", tuple(terms)),)), {"table": table}


def _sequences(sequent: Any, model: Model, point: Mapping[str, Any]) -> dict[str, Any]:
    """The first values of the sequences that are given by a recursion."""
    out = dict(point)
    for name in point:
        value = model.values.get(name)
        if not (isinstance(value, Bind) and value.head == "lambda" and len(value.names) == 1
                and any(isinstance(u, Bind) and u.head == "iterate" for u in subterms(value))):
            continue
        values = {str(k): v for k in range(VALUES) if (v := _value(app("at", value, num(k)), model)) not in (
            None, "undefined")}
        if values:
            out[name] = {"sequence": values}
    return out


def _matrices(equation: App, model: Model) -> dict[str, Any]:
    """Both sides of a false equation between small matrices; of larger ones the first entries that differ."""
    from ..kernel.matrix_values import Matrices

    def both(e: Any) -> list[list[list[str]]]:
        at = Matrices(e)
        return [[[number_text(x) for x in row] for row in at.rows(side)] for side in equation.args]

    try:
        left, right = at_precisions(model.values, model.sorts, both)
    except (Undefined, Unknown):
        return {}
    if len(left) <= WHOLE and len(left[0]) <= WHOLE:
        return {"relation": "=", "left": _written(left), "right": _written(right)}
    for i, (u, v) in enumerate(zip(left, right, strict=True), 1):
        for j, (x, y) in enumerate(zip(u, v, strict=True), 1):
            if x != y:
                return {"relation": "=", "left": x, "right": y, "entry": [i, j]}
    return {}


def _written(rows: list[list[str]]) -> str:
    """``((1, 0), (0, 1))``; a column as ``(1, 2)``."""
    lines = [r[0] if len(r) == 1 else f"({', '.join(r)})" for r in rows]
    return lines[0] if len(rows) == len(rows[0]) == 1 else f"({', '.join(lines)})"


def _truth(t: Term, model: Model) -> bool | None:
    try:
        return model.truth(t)
    except (Undefined, Unknown):
        return None


def _value(t: Term, model: Model) -> str | None:
    def ask(e: Any) -> str:
        if isinstance(t, (App, Bind)) and t.head in ("tuple", "iterate"):
            return "(" + ", ".join(number_text(x) for x in e.items(t)) + ")"
        return number_text(e.number(t))

    if any(isinstance(k, (Law, Space)) for k in model.sorts.values()):
        exact = exact_text(t, model)     # a rational combination of logarithms
        if exact is not None:
            return exact
    try:
        return str(at_precisions(model.values, model.sorts, ask))
    except Infinite as error:
        return "oo" if error.divergence == t else "undefined"
    except Undefined:
        return "undefined"
    except Unknown:
        return None


def _in_closed_form(t: Term, model: Model) -> str | None:
    """The value of a side with integrals or series that have closed forms at the point."""
    from ..kernel.rule_functional import values_put_in

    left = {n: s for n, s in model.sorts.items() if n not in model.values}
    try:
        equation, _ = values_put_in(Sequent(left, (), app("=", t, t)))
    except Reject:
        return None
    return _value(equation.args[0], model) if isinstance(equation, App) else None


def number_text(x: Any) -> str:
    """A rational exactly, a certified ball to 12 digits.

    >>> number_text(Fraction(-1, 3))
    '-1/3'
    """
    if isinstance(x, Fraction):
        return str(x)
    real = x.real.str(12, radius=False)
    return f"≈ {real}" if x.imag.is_zero() else f"≈ {real} + {x.imag.str(12, radius=False)}*i"
