"""Sentences for the rules about matrices (see ``proof_rules``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.kinds import entry_kind
from ..kernel.matrix_terms import is_one, shape
from ..kernel.prove import introduce
from ..kernel.rule_blocks import cells
from ..kernel.rule_eigen import with_spectrum
from ..kernel.rule_eigenbasis import reduced
from ..kernel.rule_entries import expanded
from ..kernel.rule_matrix_equals import exchanged
from ..kernel.rule_semidefinite import factored, forms, weights
from ..kernel.term import ONE, ZERO, App, Term, Var, add, app, from_json, mul, num, sub
from .proof_rules import C, told

if TYPE_CHECKING:
    from .proof import Narrator, Step


def matrix_form(n: Narrator, s: Sequent, c: C) -> Step:
    """The inverses whose defining equations are used, and what the equation was multiplied by."""
    inverted = [d.args[0] for d in definedness(s.goal, s) if isinstance(d, App) and d.head == "invertible"]
    return told(n, s, c, inverted=inverted, multiplied=bool(c.get("multiply")), derived=bool(c.get("derived")))


def entries(n: Narrator, s: Sequent, c: C) -> Step:
    opened = expanded(s.goal, s)
    return told(n, s, c, n.tell(s.with_goal(opened), c["proof"]), opened=opened)


def definite(n: Narrator, s: Sequent, c: C) -> Step:
    strict = isinstance(s.goal, App) and s.goal.head in ("pd", ">", "<")
    return told(n, s, c, numbers=isinstance(s.goal, App) and s.goal.head not in ("psd", "pd"), strict=strict)


def squares(n: Narrator, s: Sequent, c: C) -> Step:
    """The sum of squares, and why each weight and middle is not negative."""
    goal = s.goal
    numbers = isinstance(goal, App) and goal.head not in ("psd", "pd")
    parts: list[Term] = []
    children: list[Step] = []
    for k, one in enumerate(c["squares"]):
        z, weight = from_json(one["factor"]), from_json(one.get("weight", "1"))
        sharp = c.get("strict") == k
        inner = [app("transpose", z), z]
        if "middle" in one:
            middle = from_json(one["middle"])
            inner.insert(1, middle)
            children.append(n.tell(s.with_goal(app("pd" if sharp else "psd", middle)), one["definite"]))
        if "sign" in one:
            children.append(n.tell(s.with_goal(app(">" if sharp else ">=", weight, ZERO)), one["sign"]))
        whole: Term = App("matmul", tuple(inner))
        if numbers:
            if not is_one(shape(z, s.declarations)[1]):
                whole = app("trace", whole)
            parts.append(whole if weight == ONE else mul(weight, whole))
        else:
            parts.append(whole if weight == ONE else app("scale", weight, whole))
    equal: Term
    match goal:
        case App("psd" | "pd", (m,)):
            total = parts[0] if len(parts) == 1 else App("matadd", tuple(parts))
            equal = app("mat=", m, total)
        case App(">=" | ">", (a, b)) | App("<=" | "<", (b, a)):
            equal = app("=", a if b == ZERO else sub(a, b), add(*parts))
        case _:
            equal = goal    # an equation already
    return told(n, s, c, *children, equal=equal, real=all(
        entry_kind(from_json(one["factor"]), s.declarations) != "complex" for one in c["squares"]))


def isolated(n: Narrator, s: Sequent, c: C) -> Step:
    low, high = from_json(c["low"]), from_json(c["high"])
    squared = app("<=", app("pow", low, from_json("2")), app("pow", high, from_json("2")))
    return told(n, s, c, n.tell(s.with_goal(squared), c["squared"]), low=low, high=high)


def semidefinite(n: Narrator, s: Sequent, c: C) -> Step:
    return told(n, s, c)


def regular(n: Narrator, s: Sequent, c: C) -> Step:
    (m,) = s.goal.args if isinstance(s.goal, App) else (s.goal,)
    return told(n, s, c, n.tell(s.with_goal(app("psd", m)), c["semidefinite"]),
                n.tell(s.with_goal(app("invertible", m)), c["invertible"]))


def invertible(n: Narrator, s: Sequent, c: C) -> Step:
    inverse = from_json(c["inverse"]) if "inverse" in c else None
    children = []
    if inverse is not None and isinstance(s.goal, App):
        one = app("identity", shape(inverse, s.declarations)[0])
        children.append(n.tell(s.with_goal(app("mat=", app("matmul", s.goal.args[0], inverse), one)), c["proof"]))
    return told(n, s, c, *children, inverse=inverse)


def by_forms(n: Narrator, s: Sequent, c: C) -> Step:
    symmetric, sign = forms(s)
    inner, (v,) = introduce(s, sign)
    return told(n, s, c, n.tell(s.with_goal(symmetric), c["symmetric"]), n.tell(inner, c["form"]), vector=Var(v))


def root(n: Narrator, s: Sequent, c: C) -> Step:
    inner, name = factored(s, int(c["assumption"]))
    return told(n, s, c, n.tell(inner, c["proof"]), known=s.assumptions[int(c["assumption"])], root=Var(name),
                opened=inner.goal)


def congruence(n: Narrator, s: Sequent, c: C) -> Step:
    new = from_json(c["new"])
    head = s.goal.head if isinstance(s.goal, App) else "psd"
    return told(n, s, c, n.tell(s.with_goal(app(head, new)), c["proof"]), by=from_json(c["by"]), new=new)


def equal_matrices(n: Narrator, s: Sequent, c: C) -> Step:
    inner, old, new = exchanged(s, c)
    return told(n, s, c, n.tell(inner, c["proof"]), old=old, new=new, opened=inner.goal)


def trace_order(n: Narrator, s: Sequent, c: C) -> Step:
    head = "pd" if isinstance(s.goal, App) and s.goal.head in ("<", ">") else "psd"
    rest = app(head, from_json(c["matrix"]))
    return told(n, s, c, n.tell(s.with_goal(rest), c["proof"]), rest=rest)


def cancel(n: Narrator, s: Sequent, c: C) -> Step:
    """The factor that both sides are multiplied by, and what is left to compare with 0."""
    if not isinstance(s.goal, App):
        return told(n, s, c, factor=from_json(c["factor"]), rest=s.goal)
    relation, (a, b) = s.goal.head, s.goal.args
    factor = from_json(c["factor"])
    if relation == "=":
        rest = app("=", mul(factor, sub(a, b)), ZERO)
        return told(n, s, c, n.tell(s.with_goal(rest), c["equal"]), factor=factor, rest=rest)
    rest = app(relation, from_json(c["new"]), ZERO)
    kept = tuple(x for k, x in enumerate(s.assumptions) if k != c.get("without"))
    return told(n, s, c, n.tell(Sequent(s.declarations, kept, rest), c["proof"]), factor=factor, rest=rest)


def singular(n: Narrator, s: Sequent, c: C) -> Step:
    return told(n, s, c, vector=from_json(c["vector"]))


def largest(n: Narrator, s: Sequent, c: C) -> Step:
    m, bound = from_json(c["matrix"]), from_json(c["bound"])
    square = app("pow", bound, num(2)) if c.get("root") is True else bound
    rest = app("matadd", app("scale", square, app("identity", shape(m, s.declarations)[0])), app("scale", num(-1), m))
    head = "pd" if isinstance(s.goal, App) and s.goal.head in ("<", ">") else "psd"
    return told(n, s, c, n.tell(s.with_goal(app(head, rest)), c["proof"]), rest=app(head, rest))


def spectrum(n: Narrator, s: Sequent, c: C) -> Step:
    m = from_json(c["matrix"])
    inner, _ = with_spectrum(s, m, c.get("vector") is True)
    return told(n, s, c, n.tell(inner, c["proof"]), matrix=m, opened=inner.goal)


def eigenbasis(n: Narrator, s: Sequent, c: C) -> Step:
    work = reduced(s, c)
    inner = work.sequent()
    names = [Var(x) for x in (work.definite, work.other) if x is not None]
    return told(n, s, c, n.tell(inner, c["proof"]), matrices=names, opened=inner.goal, values=Var(work.values))


def blockwise(n: Narrator, s: Sequent, c: C) -> Step:
    goals = cells(s)
    return told(n, s, c, *(n.tell(s.with_goal(g), p) for g, p in zip(goals, c["parts"], strict=True)))


def inverse_of(n: Narrator, s: Sequent, c: C) -> Step:
    args = s.goal.args if isinstance(s.goal, App) else ()
    one, other = args if c.get("turned") is not True else args[::-1]
    (m,) = one.args if isinstance(one, App) else (one,)
    whole = app("mat=", app("matmul", m, other), app("identity", shape(m, s.declarations)[0]))
    return told(n, s, c, n.tell(s.with_goal(whole), c["proof"]))


def complement(n: Narrator, s: Sequent, c: C) -> Step:
    known = s.assumptions[int(c["assumption"])] if "assumption" in c else None
    return told(n, s, c, known=known)


def diagonal(n: Narrator, s: Sequent, c: C) -> Step:
    head, (m,) = (s.goal.head, s.goal.args) if isinstance(s.goal, App) else ("psd", (s.goal,))
    entries = weights(m.args[0] if isinstance(m, App) else m, head, s)
    return told(n, s, c, n.tell(s.with_goal(entries), c["proof"]), entries=entries)


RULES: dict[str, Callable[[Narrator, Sequent, C], Step]] = {
    "matrix-form": matrix_form, "entries": entries, "definite": definite, "squares": squares, "isolated": isolated,
    "semidefinite": semidefinite, "regular": regular, "invertible": invertible, "forms": by_forms, "root": root,
    "congruence": congruence, "cancel": cancel, "singular": singular, "largest-eigenvalue": largest,
    "spectrum": spectrum, "eigenbasis": eigenbasis,
    "blocks": blockwise, "inverse-of": inverse_of, "complement": complement,
    "diagonal": diagonal, "equal-matrices": equal_matrices, "trace-order": trace_order,
}

__all__ = ["RULES"]
