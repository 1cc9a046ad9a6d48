"""Sentences for the rules of limits, growth, index sums and densities (see ``proof_rules``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.prove import discharge
from ..kernel.term import (
    TRUE, App, Bind, Term, Var, app, children, free_names, from_json, num, substitute, subterms,
)
from .proof_rules import C, told

if TYPE_CHECKING:
    from .proof import Narrator, Step


def limit(n: Narrator, s: Sequent, c: C) -> Step:
    if "values" in c:
        parts = [app("=", from_json(v["limit"]), from_json(v["value"])) for v in c["values"]]
        children = [n.tell(s.with_goal(p), v["proof"]) for p, v in zip(parts, c["values"], strict=True)]
        return told(n, s, c, *children, frame="limit_values", parts=parts)
    goal, negated = s.goal, False
    if isinstance(goal, App) and goal.head == "not":
        goal, negated = goal.args[0], True
    found = next(
        (u for u in reversed(list(subterms(goal))) if isinstance(u, Bind) and u.head == "limit"), None
    )
    if found is None:
        return n.generic(s, c)
    name, point = Var(found.names[0]), found.outer[0]
    inside = s.declaring({found.names[0]: found.sorts[0]}) if found.names[0] not in s.declarations else s
    rewritten = from_json(c["rewrite"]["body"]) if "rewrite" in c else None
    children = [n.tell(s.with_goal(TRUE), c["compare"])] if "compare" in c else []
    if "parts" in c:
        along = [app("=", name, from_json(p["map"])) for p in c["parts"]]
        return told(n, inside, c, frame="limit_subsequences", shown=s.goal, along=along,
                    values=[from_json(p["value"]) for p in c["parts"]])
    if "sides" in c:
        above, below = (from_json(v) for v in c["sides"])
        return told(n, inside, c, frame="limit_sides", name=name, point=point, above=above, below=below)
    value = from_json(c["value"]) if "value" in c else None
    if value is None and isinstance(goal, App) and goal.head == "=":
        value = goal.args[1] if goal.args[0] == found else goal.args[0]
    splits = [p for tree in c.values() if isinstance(tree, Mapping) for p in _splits(tree)]
    return told(n, inside, c, *children, frame="limit_expansion", name=name, point=point, body=found.inner[0],
                value=value, rewritten=rewritten, splits=list(dict.fromkeys(splits)), negated=negated,
                structural="structure" in c)


def _splits(tree: Mapping[str, Any]) -> list[Term]:
    if "split" not in tree:
        return []
    inner = [p for key in ("-", "0", "+") if isinstance(tree.get(key), Mapping) for p in _splits(tree[key])]
    return [from_json(tree["split"]), *inner]


def domination(n: Narrator, s: Sequent, c: C) -> Step:
    if not isinstance(s.goal, Bind):
        return n.generic(s, c)
    inside = _inside(s, s.goal)
    regime, f, g = s.goal.inner
    split = [from_json(t) for t in c["split"]] if "split" in c else []
    cases = [app("<=", *split), app(">=", *split)] if split else []
    return told(
        n,
        inside,
        c,
        frame="domination",
        f=f,
        g=g,
        order=s.goal.head,
        regime=[]
        if regime == TRUE
        else list(regime.args)
        if isinstance(regime, App) and regime.head == "and"
        else [regime],
        cases=cases,
        quotient="quotient" in c,
    )


def ray(n: Narrator, s: Sequent, c: C) -> Step:
    goal = s.goal.args[0] if isinstance(s.goal, App) and s.goal.head == "not" else s.goal
    if not isinstance(goal, Bind):
        return n.generic(s, c)
    regime, f, g = goal.inner
    upper = c.get("side", "upper") == "upper"
    along = [app("=", Var(k), from_json(v)) for k, v in c["ray"].items()]
    return told(n, _inside(s, goal), c, frame="ray", along=along, parameter=Var("s"), order=goal.head,
                quotient=app("div", f, g) if upper else app("div", g, f), regime=regime != TRUE)


def series(n: Narrator, s: Sequent, c: C) -> Step:
    tests = list(dict.fromkeys(_tests(c["tree"])))
    rewritten = from_json(c["rewrite"]["body"]) if "rewrite" in c else None
    return told(n, s, c, frame="series_test", tests=tests, rewritten=rewritten,
                splits=list(dict.fromkeys(_splits(c["tree"]))))


def _tests(tree: Any) -> list[str]:
    if not isinstance(tree, Mapping):
        return []
    inner = [t for key in ("-", "0", "+") for t in _tests(tree.get(key))]
    inner += [t for _, child in tree.get("of", ()) for t in _tests(child)]
    return ([str(tree["test"])] if tree.get("test", "parts") != "parts" else []) + inner


def order_recurrence(n: Narrator, s: Sequent, c: C) -> Step:
    root = from_json(c["root"]) if "root" in c else None
    return told(n, s, c, frame="order_recurrence", kind=str(c["kind"]), root=root)


def _inside(s: Sequent, goal: Bind) -> Sequent:
    new = {k: v for k, v in zip(goal.names, goal.sorts, strict=True) if k not in s.declarations}
    return s.declaring(new)


def index_form(n: Narrator, s: Sequent, c: C) -> Step:
    used = [
        s.assumptions[e["assumption"]] for e in c.get("use") or [] if e["assumption"] < len(s.assumptions)
    ]
    difference = from_json(c["as"]) if "as" in c else None
    return told(n, s, c, frame="index_form", used=list(dict.fromkeys(used)), difference=difference,
                derivatives=any(isinstance(t, Bind) and t.head == "partial" for t in subterms(s.goal)),
                equation=_is_equation(s.goal))


def _is_equation(goal: Term) -> bool:
    """Whether the goal, its quantifiers and premises aside, is an equation."""
    match goal:
        case Bind("forall", inner=(_, body)):
            return _is_equation(body)
        case App("implies", (_, conclusion)):
            return _is_equation(conclusion)
        case App("and", parts):
            return all(_is_equation(p) for p in parts)
        case _:
            return isinstance(goal, App) and goal.head == "="


def density_equal(n: Narrator, s: Sequent, c: C) -> Step:
    children = [n.tell(s.with_goal(TRUE), c["remainder"])] if isinstance(c.get("remainder"), Mapping) else []
    return told(n, s, c, *children, frame="density_equal", measures=_measures(c))


def expectation(n: Narrator, s: Sequent, c: C) -> Step:
    children = [n.tell(s.with_goal(TRUE), c["remainder"])] if isinstance(c.get("remainder"), Mapping) else []
    entries = c.get("terms") or ()
    return told(n, s, c, *children, frame="expectation", terms=[from_json(e["term"]) for e in entries],
                equation=_is_equation(s.goal), pointwise=any("proof" in e for e in entries))


def gibbs(n: Narrator, s: Sequent, c: C) -> Step:
    return told(n, s, c, frame="gibbs", uses=_uses(c), others=sorted(_kinds(c) - {"log"}))


def gibbs_equal(n: Narrator, s: Sequent, c: C) -> Step:
    assumed = s.assumptions[int(c["assumption"])]
    return told(n, s, c, frame="gibbs_equal", assumed=assumed, uses=_uses(c))


def _measures(c: C) -> list[Term]:
    found = [_own_names(g, from_json(g["measure"])) for g in c.get("groups", [])]
    return [m for m in dict.fromkeys(found) if m != num(1)]


def _own_names(group: Mapping[str, Any], t: Term) -> Term:
    """``t`` with the names of the claim for the group's own (z for z3), where that is unambiguous."""
    back: dict[str, Term] = {}
    for use in group.get("uses", []):
        for old, new in use.get("rename", {}).items():
            if back.setdefault(new, Var(old.split("'")[0])) != Var(old.split("'")[0]):
                return t
    return substitute(t, back) if len(set(back.values())) == len(back) else t


def _uses(c: C) -> list[tuple[Term, Term]]:
    """(u = ..., measure) for each use of log u <= u - 1."""
    return [
        (app("=", Var("u"), _own_names(g, from_json(part["u"]))), _own_names(g, from_json(g["measure"])))
        for g in c.get("groups", []) for entry in g.get("terms", []) if entry.get("kind") == "log"
        for part in entry.get("parts", [])
    ]


def _kinds(c: C) -> set[str]:
    return {str(e.get("kind")) for g in c.get("groups", []) for e in g.get("terms", [])}


def where_defined(n: Narrator, s: Sequent, c: C) -> Step:
    """What stands below rests on the definedness of the goal, as in the kernel's rule."""
    return told(n, s, c, n.tell(s.assuming(*discharge(definedness(s.goal, s), s)), c["proof"]))


def values_put_in(n: Narrator, s: Sequent, c: C) -> Step:
    """Integrals or sums replaced by their values: the goal below is another one, not in the certificate."""
    return told(n, s, c, n.tell(s.with_goal(TRUE), c["proof"]))


def moments(n: Narrator, s: Sequent, c: C) -> Step:
    """The expectations of the goal with their values in cumulants; below, the goal with these put in."""
    from ..kernel.rule_moments import reduce

    reduced = reduce(s, sums=c.get("sums") is True)
    found: list[Term] = []
    for u in _outermost(s.goal):
        if u not in found and free_names(u) <= set(s.declarations):
            found.append(u)
    values = [(u, reduced.read(u)) for u in found]
    short = [app("=", u, v) for u, v in values if sum(1 for _ in subterms(v)) <= 40]
    return told(n, s, c, n.tell(reduced.sequent, c["proof"]), values=short[:4])


def numbers(n: Narrator, s: Sequent, c: C) -> Step:
    """Names for the expectations; below, the goal with these."""
    from ..kernel.rule_numbers import numbers_put_in

    return told(n, s, c, n.tell(numbers_put_in(s), c["proof"]))


def two_densities(n: Narrator, s: Sequent, c: C) -> Step:
    """One inequality in u = p/q, below."""
    from ..kernel.rule_two_densities import premises

    below = [n.tell(premise, proof) for premise, proof in zip(premises(s, c), c["proofs"], strict=True)]
    return told(n, s, c, *below, squared="share" in c)


def processing(n: Narrator, s: Sequent, c: C) -> Step:
    """A function above its tangents, below."""
    from ..kernel.rule_processing import premises

    return told(n, s, c, *(n.tell(premise, proof) for premise, proof in zip(premises(s, c), c["proofs"], strict=True)))


def exchange(n: Narrator, s: Sequent, c: C) -> Step:
    """Derivatives taken under the expectations; what is left are numbers, told by one sentence."""
    return told(n, s, c)


def _outermost(t: Term) -> list[Term]:
    if isinstance(t, Bind) and t.head == "expect":
        return [t]
    return [v for u in children(t) for v in _outermost(u)]


RULES: dict[str, Callable[[Narrator, Sequent, C], Step]] = {
    "moments": moments, "exchange": exchange, "numbers": numbers, "two-densities": two_densities,
    "processing": processing,
    "limit": limit, "domination": domination, "ray": ray, "index-form": index_form,
    "series": series, "order-recurrence": order_recurrence,
    "where-defined": where_defined, "integrate": values_put_in, "closed-sum": values_put_in,
    "density-equal": density_equal, "expectation": expectation, "gibbs": gibbs, "gibbs-equal": gibbs_equal,
}
