"""Sentences for the rules of discrete mathematics (see ``proof_rules``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..kernel.claim import Sequent
from ..kernel.rule_discrete import generalised, inequalities, undischarged
from ..kernel.rule_exponential_series import replacement as exponential_replacement
from ..kernel.rule_ideal import equations
from ..kernel.rule_induction import parts
from ..kernel.rule_residues import part
from ..kernel.rule_summation import replaced, replacement, series, sums
from ..kernel.term import ONE, OO, App, Term, Var, add, app, from_json, mul, num, sub
from .proof_rules import C, told

if TYPE_CHECKING:
    from .proof import Narrator, Step


def discrete(n: Narrator, s: Sequent, c: C) -> Step:
    if c.get("multipliers"):
        known = inequalities(s)
        used = [(from_json(data), known[int(k)]) for k, data in c["multipliers"]]
        goal = s.goal.args if isinstance(s.goal, App) else (num(0), num(0))
        greater = isinstance(s.goal, App) and s.goal.head in (">", ">=")
        left = sub(*(goal if greater else goal[::-1]))
        parts_: list[Term] = [sub(x, y) if factor == ONE else mul(factor, sub(x, y)) for factor, (x, y, _) in used]
        return told(n, s, c, frame="discrete_combined", left=left, used=[
            app(">" if strict else ">=", x, y) for _, (x, y, strict) in used], subtracted=parts_)
    used_equations = [app("=", *equations(s)[int(k)]) for k in c.get("use", ())]
    return told(n, s, c, frame="discrete", used=used_equations, recurrent=c.get("recurrent") is True)


def generic(n: Narrator, s: Sequent, c: C) -> Step:
    here = generalised(s, frozenset(map(str, c["names"])), c.get("avoid", ()), c.get("fractional", ()))
    here = here.assuming(*undischarged(here.goal, here))
    return told(n, s, c, n.tell(here, c["proof"]), names=[Var(str(x)) for x in c["names"]])


def integer_induction(n: Narrator, s: Sequent, c: C) -> Step:
    name, least, down = str(c["name"]), from_json(c["least"]), c.get("down") is True
    first, step = parts(s, name, least, len(c["bases"]), down, c.get("carry", ()))
    children = [n.tell(p, proof, label=n.say("integer_base", s, name=Var(name), value=add(least, num(
        -k if down else k)) if k else least)) for k, (p, proof) in enumerate(zip(first, c["bases"], strict=True))]
    children.append(n.tell(step, c["step"], label=n.say("induction_step", s, name=Var(name))))
    return told(n, s, c, *children, name=Var(name), least=least, down=down, order=len(first))


def summation(n: Narrator, s: Sequent, c: C) -> Step:
    target, name = sums(s.goal)[int(c["sum"])], str(c["name"])
    t = from_json(c["antidifference"])
    here = s.assuming(*undischarged(s.goal, s))
    if target.outer[1] == OO:
        equation, limit, new = series(here, target, name, t, from_json(c["value"]))
        children = [n.tell(equation, c["step"]), n.tell(limit, c["limit"])]
    else:
        rest = [(from_json(a), from_json(b)) for a, b in c.get("rest", ())]
        equation, new = replacement(here, target, name, t, rest, int(c.get("peel", 0)))
        children = [n.tell(equation, c["step"])]
    children.append(n.tell(here.with_goal(replaced(s.goal, target, new)), c["proof"]))
    return told(n, s, c, *children, target=target, value=new, equation=equation.goal)


def exponential_series(n: Narrator, s: Sequent, c: C) -> Step:
    target, name = sums(s.goal)[int(c["sum"])], str(c["name"])
    here = s.assuming(*undischarged(s.goal, s))
    equation, new = exponential_replacement(
        here, target, name, from_json(c["u"]), [from_json(x) for x in c["coefficients"]])
    return told(n, s, c, n.tell(equation, c["step"]),
                n.tell(here.with_goal(replaced(s.goal, target, new)), c["proof"]), target=target, value=new)


def residues(n: Narrator, s: Sequent, c: C) -> Step:
    name, modulus = str(c["name"]), int(c["modulus"])
    children = []
    for r, proof in enumerate(c["parts"]):
        here = part(s, name, modulus, r, str(c["new"]))
        whole = mul(num(modulus), Var(str(c["new"])))
        shown = app("=", Var(name), add(whole, num(r)) if r else whole)
        children.append(n.tell(here, proof, label=n.say("case", s, branch=shown)))
    return told(n, s, c, *children, name=Var(name), modulus=modulus)


def modular(n: Narrator, s: Sequent, c: C) -> Step:
    return told(n, s, c, modulus=int(c.get("modulus", 1)))


RULES: dict[str, Callable[[Narrator, Sequent, C], Step]] = {
    "discrete": discrete, "generic": generic, "integer-induction": integer_induction, "summation": summation,
    "exponential-series": exponential_series, "residues": residues, "modular": modular,
}
