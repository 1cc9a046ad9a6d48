"""One function per rule of the kernel: what its certificate says, handed to its sentence frame.

The function's name is the rule's name (hyphens as underscores).  ``n`` is the narrator, ``s`` the
sequent whose goal the certificate shows, ``c`` the certificate.  An exception means only that the
certificate has another shape than expected: the narrator then names the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.definedness import atomic_conditions
from ..kernel.prove import introduce
from ..kernel.rule_logic import unfolded
from ..kernel.term import (
    FALSE, REAL, RELATIONS, TRUE, App, Bind, Num, Term, Var, add, alpha, app, conjuncts, from_json, mul, negate,
    num, rebuild, sub, substitute,
)
from .compose import domain
from .layout import Layout, Sign, joined, row
from .names import name_layout
from .proof_orbits import definition, orbit_closed, orbit_invariant, orbit_limit, recurrence

if TYPE_CHECKING:
    from .proof import Narrator, Step

C = Mapping[str, Any]


def told(n: Narrator, s: Sequent, c: C, *children: Step, frame: str = "", **data: Any) -> Step:
    """The rule's sentence (frame: the rule's name), over its children."""
    from .proof import Step

    return Step(str(c["rule"]), n.say(frame or str(c["rule"]).replace("-", "_"), s, **data), children)


# ------------------------------------------------------------------------------ closed steps


def field(n: Narrator, s: Sequent, c: C) -> Step:
    return told(n, s, c, frame="field_")


def sign(n: Narrator, s: Sequent, c: C) -> Step:
    return told(n, s, c)


def evaluate(n: Narrator, s: Sequent, c: C) -> Step:
    return told(n, s, c)


def assumption(n: Narrator, s: Sequent, c: C) -> Step:
    return told(n, s, c)


# ------------------------------------------------------------------------------------ logic


def and_(n: Narrator, s: Sequent, c: C) -> Step:
    parts = s.goal.args if isinstance(s.goal, App) else ()
    children = [n.tell(s.with_goal(p), proof) for p, proof in zip(parts, c["parts"], strict=True)]
    if len(children) == 1:
        return children[0]
    rules = {k.rule for k in children}
    if len(rules) == 1 and len(children) > 1 and rules <= {"field", "sign", "evaluate"}:
        return told(n, s, c, frame=f"all_{children[0].rule}")
    return told(n, s, c, *children, frame="and_", count=len(children))


def or_(n: Narrator, s: Sequent, c: C) -> Step:
    parts = s.goal.args if isinstance(s.goal, App) else ()
    part = parts[int(c["index"])]
    others = [p for p in parts if p is not part]
    helped = c.get("assume-others") is True
    inner = s.assuming(*(negate(p) for p in others)) if helped else s
    child = n.tell(inner.with_goal(part), c["proof"])
    if not helped and not child.children:
        return child
    return told(n, s, c, child, frame="or_", part=part,
                 others=[negate(p) for p in others] if helped else [])


def implies(n: Narrator, s: Sequent, c: C) -> Step:
    premise, conclusion = _two(s.goal)
    n.announced.add(conclusion)
    return told(n, s, c, n.tell(s.assuming(premise).with_goal(conclusion), c["proof"]),
                 premise=premise, conclusion=conclusion)


def iff(n: Narrator, s: Sequent, c: C) -> Step:
    a, b = _two(s.goal)
    return told(n, s, c, n.tell(s.with_goal(app("implies", a, b)), c["forward"]),
                 n.tell(s.with_goal(app("implies", b, a)), c["backward"]))


def forall(n: Narrator, s: Sequent, c: C) -> Step:
    from .proof import opened

    if not isinstance(s.goal, Bind):
        return n.generic(s, c)
    inner, names, sorts, guards = opened(s, s.goal)
    body = inner.goal
    n.announced.add(body)
    return told(
        n, inner, c, n.tell(inner, c["proof"]), names=_members(names, sorts), guards=guards, body=body
    )


def exists(n: Narrator, s: Sequent, c: C) -> Step:
    goal = s.goal
    if not isinstance(goal, Bind):
        return n.generic(s, c)
    by = {name: from_json(c["witness"][name]) for name in goal.names}
    guard, body = (counted(applied(substitute(x, by))) for x in goal.inner)
    children = _guard(n, s, c, guard)
    children.append(n.tell(s.with_goal(body), c["proof"]))
    return told(n, s, c, *children, taken=_taken(by), body=body)


def _taken(by: Mapping[str, Term]) -> list[Term]:
    return [app("=", Var(k), applied(v)) for k, v in by.items()]


def _guard(n: Narrator, s: Sequent, c: C, guard: Term) -> list[Step]:
    """The proof of a guard, unless it is plain arithmetic."""
    if guard == TRUE or "guard" not in c or c["guard"].get("rule") in ("evaluate", "assumption", "sign"):
        return []
    return [n.tell(s.with_goal(guard), c["guard"])]


def cases(n: Narrator, s: Sequent, c: C) -> Step:
    on = from_json(c["on"])
    logical = isinstance(on, App) and (on.head in RELATIONS or on.head in ("and", "or", "not"))
    branches: list[Term] = [on, negate(on)] if logical else [app(r, on, num(0)) for r in ("<", "=", ">")]
    return _branches(n, s, c, branches, lambda b: s.assuming(b))


def split(n: Narrator, s: Sequent, c: C) -> Step:
    k = int(c["assumption"])
    assumed = s.assumptions[k]
    parts = assumed.args if isinstance(assumed, App) else ()
    rest = s.assumptions[:k] + s.assumptions[k + 1:]
    return _branches(n, s, c, list(parts), lambda b: Sequent(s.declarations, (*rest, b), s.goal))


def _branches(n: Narrator, s: Sequent, c: C, branches: list[Term], inside: Any) -> Step:
    children = [
        n.tell(inside(b), proof, label=n.say("case", s, branch=b))
        for b, proof in zip(branches, c["parts"], strict=True)
    ]
    return told(n, s, c, *children, frame="cases", branches=branches)


def instance(n: Narrator, s: Sequent, c: C) -> Step:
    law = s.assumptions[int(c["assumption"])]
    if not isinstance(law, Bind):
        return n.generic(s, c)
    by = {name: from_json(c["terms"][name]) for name in law.names}
    guard, body = (applied(substitute(x, by)) for x in law.inner)
    children = _guard(n, s, c, guard)
    children.append(n.tell(s.assuming(body), c["proof"]))
    return told(n, s, c, *children, law=law, taken=_taken(by), fact=body)


def have(n: Narrator, s: Sequent, c: C) -> Step:
    fact = from_json(c["fact"])
    return told(
        n, s, c, n.tell(s.with_goal(fact), c["because"]), n.tell(s.assuming(fact), c["proof"]), fact=fact
    )


def substitute_(n: Narrator, s: Sequent, c: C) -> Step:
    equation = s.assumptions[int(c["assumption"])]
    left, right = _two(equation)
    if c.get("flip") is True:
        left, right = right, left
    by = {left.name: right} if isinstance(left, Var) else {}
    inner = Sequent(
        s.declarations, (*(substitute(a, by) for a in s.assumptions), equation), substitute(s.goal, by)
    )
    n.announced.add(inner.goal)
    return told(n, inner, c, n.tell(inner, c["proof"]), equation=app("=", left, right), body=inner.goal)


def contradiction(n: Narrator, s: Sequent, c: C) -> Step:
    opposite = negate(s.goal)
    return told(n, s, c, n.tell(s.assuming(opposite).with_goal(FALSE), c["proof"]), opposite=opposite)


def conflict(n: Narrator, s: Sequent, c: C) -> Step:
    against = s.assumptions[int(c["assumption"])]
    return told(n, s, c, n.tell(s.with_goal(negate(against)), c["proof"]), against=against)


def through(n: Narrator, s: Sequent, c: C) -> Step:
    first, last = _two(s.goal)
    terms = [first, *(from_json(t) for t in c["terms"]), last]
    links = [app(r, terms[k], terms[k + 1]) for k, r in enumerate(c["relations"])]
    children = [n.tell(s.with_goal(link), proof) for link, proof in zip(links, c["parts"], strict=True)]
    return told(n, s, c, *children, links=links)


def lemma(n: Narrator, s: Sequent, c: C) -> Step:
    premises = [n.tell(s.with_goal(TRUE), p) for p in c.get("premises", []) if p.get("rule") != "assumption"]
    terms = {k: from_json(v) for k, v in c.get("terms", {}).items()}
    values = [app("=", Var(k), v) for k, v in terms.items() if v != Var(k)]
    rest = n.tell(s, c["proof"])
    direct = rest.rule in ("assumption", "field") and not premises
    return told(n, s, c, *([] if direct else [*premises, rest]), id=n.lemmas.get(str(c["hash"]), "a lemma"),
                 values=values)


def unfold(n: Narrator, s: Sequent, c: C) -> Step:
    """Taking connectives apart needs no words among the assumptions; the goal is named anew."""
    if "assumption" not in c:
        goal = unfolded(s.goal)
        if goal is None:
            return n.generic(s, c)
        n.announced.add(goal)
        return told(n, s, c, n.tell(s.with_goal(goal), c["proof"]), before=s.goal, after=goal)
    k = int(c["assumption"])
    formula = s.assumptions[k]
    new = conjuncts(formula) if isinstance(formula, App) and formula.head == "and" else [unfolded(formula) or TRUE]
    rest = s.assumptions[:k] + s.assumptions[k + 1:]
    return n.tell(Sequent(s.declarations, (*rest, *new), s.goal), c["proof"])


def obtain(n: Narrator, s: Sequent, c: C) -> Step:
    if "assumption" in c:
        k = int(c["assumption"])
        some, rest = s.assumptions[k], s.assumptions[:k] + s.assumptions[k + 1:]
    else:
        some, rest = from_json(c["formula"]), s.assumptions
    if not isinstance(some, Bind):
        return n.generic(s, c)
    inner, names = introduce(Sequent(s.declarations, rest, s.goal), some)
    there = inner.assuming(*conjuncts(inner.goal)).with_goal(s.goal)
    children = [n.tell(s.with_goal(some), c["because"])] if "because" in c and some.sorts != (REAL,) else []
    return told(n, there, c, *children, n.tell(there, c["proof"]), named=_members(names, some.sorts), fact=inner.goal)


def greatest(n: Narrator, s: Sequent, c: C) -> Step:
    """The index where the values are largest gets a name."""
    from ..kernel.rule_greatest import opened

    m = from_json(c["term"])
    there, names = opened(s, m, c.get("bare") is True)
    sorts = tuple(there.declarations[name] for name in names)
    return told(n, there, c, n.tell(there, c["proof"]), named=_members(names, sorts), largest=m)


def member(n: Narrator, s: Sequent, c: C) -> Step:
    if isinstance(s.goal, Bind) and "proof" in c:
        t = s.goal.inner[1].args[1] if isinstance(s.goal.inner[1], App) else TRUE
        return n.tell(s.with_goal(app("in", t, app("integers"))), c["proof"])
    return told(n, s, c)


def defined(n: Narrator, s: Sequent, c: C) -> Step:
    assumed = s.assumptions[int(c["assumption"])]
    facts = atomic_conditions(assumed, s)
    there = s.assuming(*facts)
    return told(n, there, c, n.tell(there, c["proof"]), assumed=assumed, facts=list(facts))


def injective(n: Narrator, s: Sequent, c: C) -> Step:
    a, b = _two(s.goal)
    f = str(c["function"])
    if f == "distance":
        images = app("=", app("abs", difference(a, b)), num(0))
    elif f == "power":
        images = app("=", app("pow", a, num(c["power"])), app("pow", b, num(c["power"])))
    elif f == "inverse":
        images = app("=", app("div", num(1), a), app("div", num(1), b))
    else:
        scale = from_json(c.get("scale", "1"))
        images = app("=", *(app(f, t if scale == num(1) or f != "exp" else mul(scale, t)) for t in (a, b)))
    return told(n, s, c, n.tell(s.with_goal(images), c["proof"]), images=images)


def sine(n: Narrator, s: Sequent, c: C) -> Step:
    zero = app("=", app("sin", mul(App("pi", ()), _two(s.goal)[0])), num(0))
    return told(n, s, c, n.tell(s.with_goal(zero), c["proof"]), zero=zero)


def congruent(n: Narrator, s: Sequent, c: C) -> Step:
    return told(n, s, c)


def imaginary(n: Narrator, s: Sequent, c: C) -> Step:
    equal = mul(App("i", ()), from_json(c["times"]))
    goal = app("=", sub(*_two(s.goal)), equal)
    return told(n, s, c, n.tell(s.with_goal(goal), c["proof"]), equal=equal)


def intermediate(n: Narrator, s: Sequent, c: C) -> Step:
    x, f = str(c["name"]), from_json(c["function"])
    lower, upper = from_json(c["lower"]), from_json(c["upper"])
    zero = app("=", f, num(0))
    there = s.declaring({x: REAL}).assuming(app("<=", lower, Var(x)), app("<=", Var(x), upper), zero)
    return told(n, there, c, n.tell(there, c["proof"]), name=Var(x), lower=lower, upper=upper, zero=zero)


# ------------------------------------------------------------------------------ mathematics


def ideal(n: Narrator, s: Sequent, c: C) -> Step:
    known = _equations(s)
    goal = s.goal
    if isinstance(goal, App) and goal.head == "!=":
        known = [*known, *_pairs(*goal.args)]
    identities = []
    goals = _pairs(*goal.args) if isinstance(goal, App) and goal.head == "=" else []
    if isinstance(goal, App) and goal.head == "or":       # one of the factors is 0
        goals = [(mul(*(difference(*_two(p)) for p in goal.args)), num(0))]
    parts = c.get("parts", [c])
    for k, part in enumerate(parts):
        target = difference(*goals[k]) if k < len(goals) else num(1)
        power = part.get("power", 1)
        left: list[Term] = (
            [] if target == num(1) else [app("pow", target, num(power)) if power != 1 else target]
        )
        left += powers([plain(from_json(t)) for t in part.get("nonzero", [])])
        right = [
            (difference(*known[i]) if (f := from_json(t)) == num(1) else mul(f, difference(*known[i])))
            for i, t in part["cofactors"] if i < len(known)
        ]
        if len(right) != len(part["cofactors"]):
            return n.generic(s, c)
        identities.append(app("=", mul(*left) if left else num(1), add(*right) if right else num(0)))
    nonzero = list(dict.fromkeys(plain(from_json(t)) for part in parts for t in part.get("nonzero", [])))
    used = sorted({i for part in parts for i, _ in part["cofactors"]})
    return told(n, s, c, identities=identities, nonzero=nonzero,
                 equations=[app("=", *known[i]) for i in used], absurd=not goals)


def periodic(n: Narrator, s: Sequent, c: C) -> Step:
    name, period = str(c["name"]), int(c["period"])
    orbit = from_json(c["orbit"])
    children = []
    for r, proof in enumerate(c["parts"]):
        goal = _at_remainder(s.goal, orbit, name, r, period)
        label = n.say("remainder", s, name=Var(name), period=period, remainder=r)
        children.append(n.tell(s.with_goal(goal), proof, label=label))
    back = _with_steps(orbit, num(period))
    plain = {c.rule for c in children} <= {"field", "sign", "evaluate", "assumption"}
    goals = [_at_remainder(s.goal, orbit, name, r, period) for r in range(period)]
    return told(n, s, c, *([] if plain else children), name=Var(name), period=period,
                 closing=app("=", back, _start(orbit)), plain=plain, goals=goals if plain else [])


def induction(n: Narrator, s: Sequent, c: C) -> Step:
    name, least = str(c["name"]), int(c["least"])
    base = s.with_goal(substitute(s.goal, {name: num(least)}))
    after = s.assuming(s.goal).with_goal(substitute(s.goal, {name: add(Var(name), num(1))}))
    return told(
        n,
        s,
        c,
        n.tell(base, c["base"], label=n.say("base", s, name=Var(name), least=least)),
        n.tell(after, c["step"], label=n.say("induction_step", s, name=Var(name))),
        name=Var(name),
        least=least,
    )


def not_convergent(n: Narrator, s: Sequent, c: C) -> Step:
    goal, negative = s.goal, False
    if isinstance(goal, App) and goal.head == "not":
        goal, negative = goal.args[0], True
    if not isinstance(goal, Bind):
        return n.generic(s, c)
    period = int(c["period"])
    orbit = from_json(c["orbit"])
    name = goal.names[0]
    values = [_at_remainder(goal.inner[0], orbit, name, r, period) for r in range(period)]
    relation, head = ("!=", "or") if negative else ("=", "and")
    wanted = App(head, tuple(app(relation, values[r], values[(r + 1) % period]) for r in range(period)))
    return told(
        n,
        s,
        c,
        n.tell(s.with_goal(wanted), c["proof"]),
        period=period,
        negative=negative,
        sequence=goal.inner[0],
        name=Var(name),
        closing=app("=", _with_steps(orbit, num(period)), _start(orbit)),
    )


# ---------------------------------------------------------------------------------- helpers


def difference(a: Term, b: Term) -> Term:
    """``a - b`` as a person writes it: ``a`` if b is 0."""
    if b == num(0):
        return a
    return app("neg", b) if a == num(0) else sub(a, b)


def counted(t: Term) -> Term:
    """Sums of numbers added up: the step ``1 + 1`` of an orbit is step 2."""
    out = rebuild(t, counted)
    if isinstance(out, App) and out.head == "add" and out.args and all(isinstance(a, Num) for a in out.args):
        return Num(sum((a.value for a in out.args if isinstance(a, Num)), Fraction(0)))
    return out


def applied(t: Term) -> Term:
    """A function given by its values, applied: ``(i -> v(i)) at 3`` is ``v(3)``; factors 1 go."""
    out = rebuild(t, applied)
    match out:
        case App("at", (Bind("lambda") as f, *where)) if len(f.names) == len(where):
            return substitute(f.inner[0], dict(zip(f.names, where, strict=True)))
        case App("mul", factors) if num(1) in factors:
            return mul(*(f for f in factors if f != num(1)))
        case _:
            return out


def plain(t: Term) -> Term:
    """``x - 0`` is shown as ``x``."""
    match t:
        case App("add", (a, App("neg", (b,)))):
            return difference(a, b)
        case _:
            return t


def powers(factors: list[Term]) -> list[Term]:
    """Repeated factors as powers."""
    count: dict[Term, int] = {}
    for f in factors:
        count[f] = count.get(f, 0) + 1
    return [f if k == 1 else app("pow", f, num(k)) for f, k in count.items()]


def _two(t: Term) -> tuple[Term, Term]:
    if not (isinstance(t, App) and len(t.args) == 2):
        raise ValueError("two parts expected")
    return t.args[0], t.args[1]


def _members(names: tuple[str, ...], sorts: Any) -> list[Layout]:
    """``i, j in {1, ..., m}``: names of one sort together."""
    out: list[Layout] = []
    group: list[Layout] = []
    for k, (name, sort) in enumerate(zip(names, sorts, strict=True)):
        group.append(name_layout(name))
        if k + 1 == len(names) or sorts[k + 1] != sort:
            where = domain(sort)
            out.append(joined(",", group) if where is None else row(joined(",", group), Sign("in"), where))
            group = []
    return out


def _pairs(a: Term, b: Term) -> list[tuple[Term, Term]]:
    size = _arity(a) or _arity(b)
    if size is None:
        return [(a, b)]
    return [(_item(a, k), _item(b, k)) for k in range(1, size + 1)]


def _arity(t: Term) -> int | None:
    if isinstance(t, App) and t.head == "tuple":
        return len(t.args)
    return len(t.names) if isinstance(t, Bind) and t.head == "iterate" else None


def _item(t: Term, k: int) -> Term:
    return t.args[k - 1] if isinstance(t, App) and t.head == "tuple" else app("item", t, num(k))


def _equations(s: Sequent) -> list[tuple[Term, Term]]:
    return [
        pair for a in s.assumptions for e in conjuncts(a) if isinstance(e, App) and e.head == "="
        for pair in _pairs(*e.args)
    ]


def _with_steps(orbit: Term, steps: Term) -> Term:
    if not isinstance(orbit, Bind):
        raise ValueError("an iteration expected")
    return Bind(orbit.head, orbit.names, orbit.sorts, (steps, orbit.outer[1]), orbit.inner)


def _start(orbit: Term) -> Term:
    return orbit.outer[1] if isinstance(orbit, Bind) else orbit


def _at_remainder(t: Term, orbit: Term, name: str, remainder: int, period: int) -> Term:
    """``t`` with the orbit at name + k read at its remainder; other step counts stay."""
    mark = alpha(_with_steps(orbit, num(0)))

    def go(u: Term) -> Term:
        if isinstance(u, Bind) and u.head == "iterate" and u.outer and alpha(_with_steps(u, num(0))) == mark:
            shift = _offset(u.outer[0], name)
            if shift is not None:
                return _with_steps(orbit, num((remainder + shift) % period))
        return rebuild(u, go)

    return go(t)


def _offset(steps: Term, name: str) -> int | None:
    """k if ``steps`` reads ``name + k``."""
    parts = list(steps.args) if isinstance(steps, App) and steps.head == "add" else [steps]
    if sum(p == Var(name) for p in parts) != 1:
        return None
    total = Fraction(0)
    for p in parts:
        if p == Var(name):
            continue
        if isinstance(p, App) and p.head == "neg" and isinstance(p.args[0], Num):
            total -= p.args[0].value
        elif isinstance(p, Num):
            total += p.value
        else:
            return None
    return int(total) if total.denominator == 1 else None


RULES: dict[str, Callable[[Narrator, Sequent, C], Step]] = {
    "field": field, "sign": sign, "evaluate": evaluate, "assumption": assumption, "and": and_, "or": or_,
    "implies": implies, "iff": iff, "forall": forall, "exists": exists, "cases": cases, "split": split,
    "instance": instance, "have": have, "substitute": substitute_, "contradiction": contradiction,
    "conflict": conflict, "through": through, "lemma": lemma, "ideal": ideal, "periodic": periodic,
    "induction": induction, "not-convergent": not_convergent,
    "unfold": unfold, "obtain": obtain, "greatest": greatest,
    "member": member, "defined": defined, "injective": injective, "sine": sine,
    "congruent": congruent, "imaginary": imaginary, "intermediate": intermediate,
    "orbit-limit": orbit_limit, "recurrence": recurrence, "orbit-invariant": orbit_invariant,
    "orbit-closed": orbit_closed, "definition": definition,
}
