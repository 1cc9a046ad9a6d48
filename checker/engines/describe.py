"""A refutation for people: the point, and the values of both sides there.

The kernel has checked the refutation already; this reads it.  Statements are followed to the part
that fails (the conclusion of an implication, the failing part of a conjunction, the step of a
``forall`` that the proof names), and that relation's sides are evaluated exactly or to 12 digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..kernel.claim import Claim
from ..kernel.evaluate import Undefined, Unknown, at_precisions
from ..kernel.evidence import Reject
from ..kernel.model import Model, read_model
from ..kernel.term import RELATIONS, App, Bind, Num, Term, from_json, show, substitute, to_json


def describe(claim: Claim, certificate: Mapping[str, Any]) -> dict[str, Any]:
    """``{"kind", "point", "left", "right", "relation", "at"}``: what a person needs to see."""
    witness = dict(certificate["witness"])
    if witness.get("kind") == "undefined":
        from ..kernel.definedness import definedness

        condition = definedness(claim.sequent.goal, claim.sequent)[witness["condition"]]
        witness["fails"] = to_json(condition)
        witness["text"] = f"never defined: {show(condition)} fails at every admissible point"
        return witness
    try:
        model = read_model(claim.sequent, witness)
    except Reject:
        return witness
    instance: dict[str, Any] = {}
    failing = _failing(claim.sequent.goal, model, certificate.get("proof", {}), instance)
    if instance:
        witness["instance"] = instance
    witness.update(_shown_by(certificate.get("proof", {}), failing, model))
    if "left" not in witness and isinstance(failing, App) and failing.head in RELATIONS:
        left, right = (_value(a, model) for a in failing.args)
        if left is not None and right is not None:
            witness.update(left=left, right=right, relation=failing.head)
    return witness


def _shown_by(proof: Mapping[str, Any], failing: Term, model: Model) -> dict[str, Any]:
    """What refutes an order of growth (a ray) or a limit (its value, its sides, a subsequence)."""
    match proof:
        case {"rule": "ray", "ray": {**ray}}:
            return {"kind": "ray", "ray": {name: show(from_json(t)) for name, t in ray.items()}}
        case {"rule": "limit", "parts": [*parts]} if parts:
            along = [f"{show(from_json(p['value']))} along {show(from_json(p['map']))}" for p in parts]
            out: dict[str, Any] = {"kind": "subsequences", "left": ", ".join(along)}
        case {"rule": "limit", "sides": [above, below]}:
            out = {"kind": "limit",
                   "left": f"{show(from_json(above))} from above, {show(from_json(below))} from below"}
        case {"rule": "limit", "value": value}:
            out = {"kind": "limit", "left": show(from_json(value))}
        case {"rule": "or", "proof": {**inner}}:
            return _shown_by(inner, failing, model)
        case _:
            return {}
    if isinstance(failing, App) and failing.head in RELATIONS:
        claimed = [a for a in failing.args if not (isinstance(a, Bind) and a.head == "limit")]
        if len(claimed) == 1:
            right = _value(claimed[0], model) or show(claimed[0])
            out.update(right=right, relation=failing.head)
    return out


def _failing(goal: Term, model: Model, proof: Mapping[str, Any], instance: dict[str, Any]) -> Term:
    """The relation that is false at the point, with the steps named by the proof put in."""
    match goal:
        case Bind("forall") if proof.get("rule") == "exists":
            by: dict[str, Term] = {}
            for name in goal.names:
                data = proof["witness"].get(name)
                if data is None:
                    return goal
                by[name] = from_json(data)
                if isinstance(by[name], Num):
                    instance[name] = data
            return _failing(substitute(goal.inner[1], by), model, proof.get("proof", {}), instance)
        case Bind("forall"):
            found = _false_instance(goal, model, instance)
            return goal if found is None else _failing(found, model, {}, instance)
        case App("and", parts):
            k = proof.get("index")
            if proof.get("rule") == "or" and isinstance(k, int) and k < len(parts):
                return _failing(parts[k], model, proof.get("proof", {}), instance)
            for part in parts:
                if _truth(part, model) is False:
                    return _failing(part, model, {}, instance)
            return goal
        case App("implies", (_, conclusion)):
            parts_ = proof.get("parts") or [{}, {}]
            return _failing(conclusion, model, parts_[-1], instance)
        case App("iff", (a, b)):
            return a if _truth(a, model) is False else b
        case _:
            return goal


def _false_instance(goal: Bind, model: Model, instance: dict[str, Any]) -> Term | None:
    """The first index values at which the body of a finite ``forall`` is false."""
    if len(goal.names) != 1:
        return None
    for k in range(1, 9):
        t = Num(Fraction(k))
        by: dict[str, Term] = {goal.names[0]: t}
        if _truth(substitute(goal.inner[0], by), model) is not False:
            if _truth(substitute(goal.inner[1], by), model) is False:
                instance[goal.names[0]] = str(k)
                return substitute(goal.inner[1], by)
    return None


def _truth(t: Term, model: Model) -> bool | None:
    try:
        return model.truth(t)
    except (Undefined, Unknown):
        return None


def _value(t: Term, model: Model) -> str | None:
    def ask(e: Any) -> str:
        if isinstance(t, App) and t.head == "tuple" or isinstance(t, Bind) and t.head == "iterate":
            return "(" + ", ".join(_text(x) for x in e.items(t)) + ")"
        return _text(e.number(t))

    try:
        return str(at_precisions(model.values, model.sorts, ask))
    except Undefined:
        return "undefined"
    except Unknown:
        return None


def _text(x: Any) -> str:
    if isinstance(x, Fraction):
        return str(x)
    real = x.real.str(12, radius=False)
    if x.imag.is_zero():
        return f"≈ {real}"
    return f"≈ {real} + {x.imag.str(12, radius=False)}*I"
