"""Cases over the place of one number, with the thin cases put in.

    G, x < c |- P    G[c/x] |- P[c/x]    G, c < x |- P                 (x real; c a real number, perhaps more than one)
    ------------------------------------------------------
    G |- P

    G, im z > 0 |- P    G, im z < 0 |- P    G[x/z] |- P[x/z]           (z complex; x a new real name; or with re z
    ------------------------------------------------------
    G |- P                                                              and i x in place of x)

    G[0/z] |- P[0/z]    G[r exp(i t)/z], r > 0, -pi < t <= pi |- P[r exp(i t)/z]     (z complex; r, t new real names)
    ----------------------------------------------------------------------------
    G |- P                      (where G says |z| = c, a real number: c in place of r, and no case of 0)

    not A without conditions from the rest of G
    -------------------------------------------  (``absurd``: no point satisfies the assumptions)
    G, A |- P

Conditions of a case stand under that case.  Points c_1, c_2, ... make the cases x < c_1, x = c_1, c_1 < x < c_2, ...:
they cover the line in whatever order they are.
FAILURE: a point that is not certainly a real number; conditions of a thin case (there the name is gone); a power
of P that needs more of its base there (an assumption with such a power is left aside).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness, narrows, power_conditions
from .evidence import Evidence, Reject
from .kinds import is_real
from .term import (
    REAL, App, Scalar, Term, Var, app, conjuncts, free_names, fresh, from_json, negate, num, show, substitute,
)

if TYPE_CHECKING:
    from .prove import Prover

MAX_POINTS = 12


def cells(s: Sequent, name: str, points: list[Term], part: str = "im") -> list[tuple[Term | None, Sequent]]:
    """The cases in order: the formula that holds in each (None: a value is put in) and its sequent."""
    x = Var(name)
    sort = s.declarations.get(name)
    if not isinstance(sort, Scalar):
        raise Reject("cells", name, "is no number")
    out: list[tuple[Term | None, Sequent]] = []

    def thin(t: Term, declarations: dict[str, Any]) -> Sequent:
        by = {name: t}
        if narrows(s.goal, s.declarations, by, declarations):
            raise Reject("cells", show(s.goal)[:80], "has a power that needs more of its base in a thin case")
        kept = tuple(a for a in s.assumptions if not narrows(a, s.declarations, by, declarations))
        return Sequent(declarations, tuple(substitute(a, by) for a in kept), substitute(s.goal, by))

    if sort.kind == "complex":
        if part in ("polar", "circle"):
            return _polar(s, x, part)
        if part not in ("re", "im"):
            raise Reject("cells", "part", "is none of re, im, polar, circle")
        zero = num(0)
        for relation in (">", "<"):
            case = app(relation, app(part, x), zero)
            out.append((case, s.assuming(case)))
        new = fresh(name, set(s.declarations))
        declarations = {n: k for n, k in s.declarations.items() if n != name}
        axis = Var(new) if part == "im" else app("mul", app("i"), Var(new))
        out.append((None, thin(axis, {**declarations, new: REAL})))
        return out
    if not 1 <= len(points) <= MAX_POINTS:
        raise Reject("cells", "points", "too few or too many")
    before: Term | None = None
    x_above = app("<", points[-1], x)
    for c in points:
        if free_names(c) or not is_real(c, {}) or definedness(c, Sequent({}, (), c)):
            raise Reject("cells", "points", f"{show(c)} is not certainly a real number")
        below = app("<", x, c)
        case = below if before is None else app("and", before, below)
        out.append((case, s.assuming(*conjuncts(case))))
        out.append((None, thin(c, dict(s.declarations))))
        before = app("<", c, x)
    out.append((x_above, s.assuming(x_above)))
    return out


def _polar(s: Sequent, x: Var, part: str) -> list[tuple[Term | None, Sequent]]:
    """z = r exp(i t) with -pi < t <= pi: r > 0 (and z = 0 apart), or r = c where |z| = c is assumed."""
    turn = fresh("t", set(s.declarations))
    left = {n: k for n, k in s.declarations.items() if n != x.name}
    declarations = {**left, turn: REAL}
    pi, t = app("pi"), Var(turn)
    bounds = [app("<", app("neg", pi), t), app("<=", t, pi)]
    cases: list[tuple[Term | None, Sequent]] = []
    if part == "circle":
        radii = [r for a in s.assumptions for r in _radii(a, x) if is_real(r, {})]
        if not radii:
            raise Reject("cells", x.name, "its absolute value is not assumed to be a number")
        radius = radii[0]
    else:
        name = fresh("r", set(declarations))
        declarations[name] = REAL
        radius = Var(name)
        bounds.append(app(">", radius, num(0)))
        zero = {x.name: num(0)}
        cases.append((None, Sequent(left, tuple(substitute(a, zero) for a in s.assumptions),
                                    substitute(s.goal, zero))))
    by = {x.name: app("mul", radius, app("exp", app("mul", app("i"), t)))}
    cases.append((None, Sequent(declarations, (*(substitute(a, by) for a in s.assumptions), *bounds),
                                substitute(s.goal, by))))
    return cases


def _radii(a: Term, x: Var) -> list[Term]:
    size = app("abs", x)
    return [q for c in conjuncts(a) if isinstance(c, App) and c.head == "="
            for p, q in (c.args, c.args[::-1]) if p == size and not free_names(q)]


def check(s: Sequent, c: Any, prove: Prover) -> Evidence:
    from .prove import discharge

    name = str(c["name"])
    cases = cells(s, name, [from_json(t) for t in c.get("points", [])], str(c.get("part", "im")))
    if len(cases) != len(c["parts"]):
        raise Reject("cells", "parts", f"{len(cases)} cases, {len(c['parts'])} proofs")
    total = Evidence(discharge(power_conditions(s.goal, s.declarations, (name,)), s))
    for (case, inner), proof in zip(cases, c["parts"], strict=True):
        shown = prove(inner, proof)
        if case is None and shown.conditions:
            raise Reject("cells", "parts", f"a thin case is shown only if {show(shown.conditions[0])}")
        total += Evidence(tuple(
            x if case is None else app("implies", case, x) for x in shown.conditions), shown.axioms)
    return total


def check_absurd(s: Sequent, c: Any, prove: Prover) -> Evidence:
    k = c["assumption"]
    if not isinstance(k, int) or not 0 <= k < len(s.assumptions):
        raise Reject("absurd", "assumption", f"there is no assumption {k}")
    rest = s.assumptions[:k] + s.assumptions[k + 1:]
    against = s.assumptions[k]
    shown = prove(Sequent(s.declarations, rest, negate(against)), c["proof"])
    if shown.conditions:
        raise Reject("absurd", "proof", f"rests on {show(shown.conditions[0])}")
    return shown


__all__ = ["cells", "check", "check_absurd"]
