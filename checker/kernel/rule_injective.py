"""Functions that take no value twice, and the zeros of the sine: how equations are solved.

    G |- f(a) = f(b)      a, b in a set on which f is injective
    -----------------------------------------------------------      conditions: the definedness of a = b
    G |- a = b

==============  ==================================  =====================================================
``exp``         exp(c t), c a nonzero real number   t real
``log``         the principal logarithm             t != 0 (its exponential is t)
``sqrt``        the principal root                  every complex t (its square is t)
``power``       t^n, n >= 1                         t real, n odd; or t >= 0
``sinh`` ...    sinh, asinh, tanh, atan, erf        t real: strictly increasing
``inverse``     1/t                                 t != 0
``distance``    |a - b| = 0 in place of the images  every complex a, b
==============  ==================================  =====================================================

FAILURE: a side that is not certainly in the set (over C exp(0) = exp(2 pi i)); a premise under a condition.

Certificate: ``function``; ``scale`` (exp: c), ``power`` (n); ``proof``; ``left``, ``right``: proofs that the
sides are >= 0 (even n).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness
from .evidence import Evidence, Reject
from .field import Field
from .kinds import is_real, kind
from .rule_logic import unconditional
from .rule_sos import declared
from .term import OO, App, Term, app, from_json, mul, num, show, sub, subterms

if TYPE_CHECKING:
    from .prove import Prover

INCREASING = ("sinh", "asinh", "tanh", "atan", "erf")
#: Heads whose value depends on the values of the arguments alone.
FUNCTIONS = (
    "add", "mul", "neg", "div", "sqrt", "exp", "log", "sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan",
    "acot", "sinh", "cosh", "tanh", "coth", "asinh", "acosh", "atanh", "atan2", "erf", "abs", "sign", "re", "im",
    "conj", "arg", "floor", "ceiling", "max", "min")
MAX_POWER = 60


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    from .prove import discharge

    if not (isinstance(s.goal, App) and s.goal.head == "="):
        raise Reject("injective", show(s.goal)[:80], "is no equation")
    a, b = s.goal.args
    if any(kind(t, s.declarations) == "other" or OO in subterms(t) for t in (a, b)):
        raise Reject("injective", show(s.goal)[:80], "is no equation between numbers")
    conditions = discharge(definedness(s.goal, s), s)
    here = s.assuming(*conditions)
    evidence = Evidence(conditions)
    field = Field(here)
    real = all(is_real(t, s.declarations) or field.real(t) for t in (a, b))

    def image(t: Term) -> Term:
        match c["function"]:
            case "exp" if real:
                scale = declared(from_json(c.get("scale", "1")), here, "injective")
                if field.sign(scale) not in ("+", "-", "+-") or not (
                        is_real(scale, s.declarations) or field.real(scale)):
                    raise Reject("injective", show(scale)[:80], "is not certainly a nonzero real number")
                return app("exp", mul(scale, t))
            case "log":
                if field.sign(t) not in ("+", "-", "+-"):
                    raise Reject("injective", show(t)[:80], "is not certainly nonzero")
                return app("log", t)
            case "sqrt":
                return app("sqrt", t)
            case "inverse":
                if field.sign(t) not in ("+", "-", "+-"):
                    raise Reject("injective", show(t)[:80], "is not certainly nonzero")
                return app("div", num(1), t)
            case "power" if real:
                n = c["power"]
                if not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= MAX_POWER:
                    raise Reject("injective", "power", f"is not from 1 to {MAX_POWER}")
                return app("pow", t, num(n))
            case function if function in INCREASING and real:
                return app(function, t)
        raise Reject("injective", str(c["function"])[:40], "is not known to be injective there")

    if c["function"] == "distance":
        goal = app("=", app("abs", sub(a, b)), num(0))
    else:
        goal = app("=", image(a), image(b))
    if c["function"] == "power" and c["power"] % 2 == 0:
        for t, key in ((a, "left"), (b, "right")):
            evidence += unconditional(prove(here.with_goal(app(">=", t, num(0))), c[key]), "injective", key)
    return evidence + unconditional(prove(here.with_goal(goal), c["proof"]), "injective", "proof")


def check_integer(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    """
        G |- sin(pi t) = 0
        ------------------      conditions: the definedness of t
        G |- t in integers

    The zeros of the complex sine are the multiples of pi (Ahlfors, Complex Analysis, 3rd ed., ch. 2, sec. 3.3).
    With it exp(z) = 1 and cos u = 0: exp(z) - 1 = 2 i exp(z/2) sin(z/(2 i)), cos u = sin(u + pi/2).
    """
    from .prove import discharge

    match s.goal:
        case App("in", (t, App("integers", ()))):
            conditions = discharge(definedness(t, s), s)
            goal = app("=", app("sin", mul(app("pi"), t)), num(0))
            here = s.assuming(*conditions).with_goal(goal)
            return Evidence(conditions) + unconditional(prove(here, c["proof"]), "sine", "proof")
    raise Reject("sine", show(s.goal)[:80], "does not say that a number is an integer")


def check_congruent(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    """
        G |- a_1 = b_1, ..., G |- a_n = b_n
        -----------------------------------      conditions: the definedness of the goal
        G |- f(a_1, ..., a_n) = f(b_1, ..., b_n)

    FAILURE: two different heads; a head that is no function of numbers; a premise under a condition that does not
    follow from the goal's definedness (that integrals are finite does).
    """
    from .prove import discharge

    match s.goal:
        case App("=", (App(f, args), App(g, others))) if f == g and len(args) == len(others) and f in FUNCTIONS:
            conditions = discharge(definedness(s.goal, s), s)
            evidence, here = Evidence(conditions), s.assuming(*conditions)
            for a, b, proof in zip(args, others, c["parts"], strict=True):
                shown = prove(here.with_goal(app("=", a, b)), proof)
                if foreign := discharge(shown.conditions, here):    # what the goal's definedness gives is listed above
                    raise Reject("congruent", show(a)[:60], f"is shown only if {show(foreign[0])[:80]}")
                evidence += Evidence((), shown.axioms)
            return evidence
    raise Reject("congruent", show(s.goal)[:80], "does not equate two values of one function")


def check_imaginary(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    """
        G |- a - b = i w      a, b, w real
        ----------------------------------      conditions: the definedness of a = b
        G |- a = b

    A real number that is i times a real number is 0.  FAILURE: a, b or w not certainly real.
    """
    from .prove import discharge

    if not (isinstance(s.goal, App) and s.goal.head == "="):
        raise Reject("imaginary", show(s.goal)[:80], "is no equation")
    a, b = s.goal.args
    conditions = discharge(definedness(s.goal, s), s)
    here = s.assuming(*conditions)
    w = declared(from_json(c["times"]), here, "imaginary")
    field = Field(here)
    if not all(is_real(t, s.declarations) or field.real(t) for t in (a, b, w)):
        raise Reject("imaginary", show(s.goal)[:80], "a part is not certainly real")
    goal = app("=", sub(a, b), mul(app("i"), w))
    return Evidence(conditions) + unconditional(prove(here.with_goal(goal), c["proof"]), "imaginary", "proof")


__all__ = ["FUNCTIONS", "INCREASING", "check", "check_congruent", "check_imaginary", "check_integer"]
