"""Sentences for the rules about orbits: limits, recurrences, invariant sets, closed forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.rule_definition import replaced
from ..kernel.rule_orbit_invariant import Premises
from ..kernel.rule_recurrence import as_orbit
from ..kernel.term import App, Term, Var, add, app, from_json, mul, num, substitute

if TYPE_CHECKING:
    from .proof import Narrator, Step

C = Any


def _told(n: Narrator, s: Sequent, c: C, *children: Step, **data: Any) -> Step:
    from .proof_rules import told

    return told(n, s, c, *children, **data)


def _polynomial(lower: list[Any], z: Term) -> Term:
    """z^r + ... + p_0 of the certificate's lower coefficients."""
    powers = [num(1), z, *(app("pow", z, num(k)) for k in range(2, len(lower) + 1))]
    parts = [mul(from_json(a), p) if k else from_json(a) for k, (a, p) in enumerate(zip(lower, powers, strict=False))]
    parts = [p for p in parts if not (p == num(0) or isinstance(p, App) and p.head == "mul" and num(0) in p.args)]
    return add(*[powers[len(lower)], *parts[::-1]])


def orbit_limit(n: Narrator, s: Sequent, c: C) -> Step:
    data: dict[str, Any] = {
        "how": str(c["how"]), "polynomial": None, "value": None, "low": None, "high": None, "rate": None,
        "steps": int(c.get("steps", 0)), "period": int(c.get("period", 0)), "one": c.get("one") is True,
        "below": c.get("side") == "below", "order": 0}
    if "polynomial" in c:
        data |= {"polynomial": _polynomial(list(c["polynomial"]), Var("z")), "order": len(c["polynomial"])}
    for key, name in (("value", "value"), ("lower", "low"), ("upper", "high"), ("rate", "rate"), ("bound", "low"),
                      ("step", "rate")):
        if key in c:
            data[name] = from_json(c[key])
    return _told(n, s, c, **data)


def recurrence(n: Narrator, s: Sequent, c: C) -> Step:
    r, premise = as_orbit(s, str(c["function"]), c["law"], list(c["starts"]))
    return _told(n, s, c, n.tell(premise, c["proof"]), law=s.assumptions[c["law"]], name=Var(r.f),
                 starts=[s.assumptions[k] for k in c["starts"]])


def definition(n: Narrator, s: Sequent, c: C) -> Step:
    premise = replaced(s, str(c["function"]), c["law"])
    return _told(n, s, c, n.tell(premise, c["proof"]), law=s.assumptions[c["law"]], name=Var(str(c["function"])),
                 becomes=premise.goal)


def orbit_invariant(n: Narrator, s: Sequent, c: C) -> Step:
    from ..kernel.rule_iteration import closed_orbit

    orbit: Any = from_json(c["orbit"])
    p = Premises(s, closed_orbit(orbit, num(0)), str(c["name"]), int(c["least"]), list(c["names"]),
                 from_json(c["invariant"]))
    children = [n.tell(p.start(), c["start"]), n.tell(p.stays(), c["stays"])]
    if "direct" in c:
        children.append(n.tell(p.direct(), c["direct"]))
    else:
        children += [n.tell(p.base(), c["base"]), n.tell(p.step(), c["step"])]
    return _told(n, s, c, *children, invariant=p.invariant, least=p.least, direct="direct" in c, name=Var(p.name))


def orbit_closed(n: Narrator, s: Sequent, c: C) -> Step:
    order = len(c["polynomial"])
    left, right = s.goal.args[::-1] if c.get("flip") is True else s.goal.args      # type: ignore[union-attr]
    name = str(c["name"])
    firsts = [app("=", substitute(left, {name: num(i)}), substitute(right, {name: num(i)})) for i in range(order)]
    return _told(n, s, c, polynomial=_polynomial(list(c["polynomial"]), Var("z")), order=order, firsts=firsts,
                 sequence=left)


__all__ = ["definition", "orbit_closed", "orbit_invariant", "orbit_limit", "recurrence"]
