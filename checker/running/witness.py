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

from ..kernel.definedness import definedness
from ..kernel.evaluate import Undefined, Unknown, at_precisions
from ..kernel.evidence import Reject
from ..kernel.model import Model, read_model
from ..kernel.rule_integral import put_in
from ..kernel.term import (
    RELATIONS, App, Bind, Law, Malformed, Num, Space, Term, alpha, free_names, from_json, show, substitute, to_json,
)
from ..kernel.verdict import Refuted
from .logs import exact_text

#: How many instances of a ``forall`` over a range are tried for one that fails.
INSTANCES = 8


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
        if instance:
            shown["instance"] = instance
        shown.update(_solution(sequent.goal, model))
        shown.update(_shown_by(certificate.get("proof", {}), failing, model))
        if "left" not in shown and isinstance(failing, App) and failing.head in RELATIONS:
            found = _integrals(certificate.get("proof", {}))
            here = {n: v for n, v in model.values.items() if isinstance(v, (Num, App, Bind))}
            left, right = (_value(put_in(substitute(a, here), found) if found else a, model) for a in failing.args)
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
            for name in goal.names:
                if name not in proof["witness"]:
                    return goal
                by[name] = from_json(proof["witness"][name])
                if isinstance(by[name], Num):
                    instance[name] = proof["witness"][name]
            return _failing(substitute(goal.inner[1], by), model, proof.get("proof", {}), instance)
        case Bind("forall"):
            found = _false_instance(goal, model, instance)
            return goal if found is None else _failing(found, model, {}, instance)
        case App("and", parts):
            k = proof.get("index")
            if proof.get("rule") == "or" and isinstance(k, int) and k < len(parts):
                return _failing(parts[k], model, proof.get("proof", {}), instance)
            false = next((p for p in parts if _truth(p, model) is False), None)
            return goal if false is None else _failing(false, model, {}, instance)
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
    except Undefined:
        return "undefined"
    except Unknown:
        return None


def number_text(x: Any) -> str:
    """A rational exactly, a certified ball to 12 digits.

    >>> number_text(Fraction(-1, 3))
    '-1/3'
    """
    if isinstance(x, Fraction):
        return str(x)
    real = x.real.str(12, radius=False)
    return f"≈ {real}" if x.imag.is_zero() else f"≈ {real} + {x.imag.str(12, radius=False)}*i"
