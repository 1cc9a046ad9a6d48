"""Integrals: partition, antiderivative on each piece, what holds on it, values at the ends.

Method, for one integral between a and b: the zeros and corners of the integrand's parts inside (a, b) are
points of the partition; on each piece absolute values and cases are resolved by the signs at its middle;
``antiderivatives`` suggests F; where F has poles or corners of its own inside (a half-angle substitution),
the partition is refined by them.  At an end F is evaluated where it is visibly continuous, else its limit
is sought.  A divergent integral: a piece on which F tends to +-oo, or oscillates.

Everything goes to the kernel as one certificate (rules ``integrals``, ``divergent``).  Floats only choose.
Cannot do: integrands without an elementary antiderivative (erf and gamma apart), pieces whose ends are no
closed terms, contour integrals, symmetric tricks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.evidence import Reject
from ..kernel.field import CannotNormalise, Field
from ..kernel.prove import discharge
from ..kernel.rule_arc import bounds as arc_bounds
from ..kernel.rule_arc import read as read_arc
from ..kernel.rule_integral import MINUS_OO, Piece, opened, put_in, real_end
from ..kernel.rule_resolve import used
from ..kernel.term import (
    OO, REAL, RELATIONS, TRUE, App, Bind, Num, Term, Var, add, alpha, app, conjuncts, free_names, mul, negate, num,
    sub, substitute, subterms, to_json,
)
from .antiderivatives import antiderivatives, coefficients, simple
from .order_numeric import Unsupported, compiled, looks_false
import itertools

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
INFINITE = (OO, MINUS_OO)
MAX_BREAKS = 24
MAX_INTEGRALS = 6
MAX_ATTEMPTS = 4
_CORNERS = ("abs", "sign", "relu", "max", "min", "cases", "floor", "ceiling")


def is_integral(t: Term) -> bool:
    return isinstance(t, Bind) and t.head == "integral" and bool(t.outer) and t.sorts == (REAL,)


def free_integrals(t: Term) -> list[Bind]:
    """The integrals of ``t`` that stand under no binder."""
    if isinstance(t, Bind):
        return [t] if is_integral(t) else []
    return list(dict.fromkeys(u for a in t.args for u in free_integrals(a))) if isinstance(t, App) else []


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Certificates for goals about integrals (engine of the portfolio)."""
    goal = s.goal
    match goal:
        case App("not", (App("finite", (t,)),)) if is_integral(t):
            yield from divergent(s, t, search)
            return
        case App(head, _) if head in RELATIONS:
            pass
        case _:
            return
    integrals = free_integrals(goal)
    if not integrals or len(integrals) > MAX_INTEGRALS:
        return
    finite = {alpha(app("finite", t)) for t in integrals}
    given = s.assuming(*(c for c in definedness(goal, s) if alpha(c) not in finite))
    entries = []
    table: dict[Term, Term] = {}
    for t in integrals:
        if not search.budget.spend():
            return
        entry = value_entry(given, t, search)
        if entry is None:
            yield from by_order(s, t, search)
            return
        entries.append({"term": to_json(t), **entry[1], "value": to_json(entry[0])})
        table[alpha(t)] = entry[0]
    inner = given.with_goal(put_in(goal, table))
    proof = search.prove(inner)
    if proof is not None:
        yield {"rule": "integrals", "values": entries, "proof": proof}


def by_order(s: Sequent, t: Bind, search: Searcher) -> Iterator[Certificate]:
    """Cases by the order of the ends, where it is not known."""
    if set(t.outer) & set(INFINITE) or directions(s, t) != ["any"]:
        return
    split = app("cases by order")
    if search.depth > 4 or search.in_vain.get(split, 0) >= MAX_ATTEMPTS:
        return
    search.in_vain[split] = search.in_vain.get(split, 0) + 1
    on = sub(t.outer[1], t.outer[0])
    if any(isinstance(a, App) and a.head in ("<", "=", ">") and a.args == (on, num(0)) for a in s.assumptions):
        return
    parts = []
    for relation in ("<", "=", ">"):
        proof = search.prove(s.assuming(app(relation, on, num(0))))
        if proof is None:
            return
        parts.append(proof)
    yield {"rule": "cases", "on": to_json(on), "parts": parts}


def value_entry(s: Sequent, t: Bind, search: Searcher) -> tuple[Term, Certificate] | None:
    """The value and how it is shown, for one integral."""
    key = alpha(t)
    if search.in_vain.get(key, 0) >= MAX_ATTEMPTS:
        return None
    found = _value_entry(s, t, search)
    if found is None:
        search.in_vain[key] = search.in_vain.get(key, 0) + 1
    return found


def _value_entry(s: Sequent, t: Bind, search: Searcher) -> tuple[Term, Certificate] | None:
    for direction in directions(s, t):
        found = Integration(s, t, direction, search).entry()
        if found is not None:
            return found
    return gamma_entry(s, t, search)


def directions(s: Sequent, t: Bind) -> list[str]:
    low, high = t.outer
    if low == OO or high == MINUS_OO:
        return ["down"]
    if low == MINUS_OO or high == OO:
        return ["up"]
    try:
        order = Field(s).sign(sub(high, low))
    except CannotNormalise:
        order = None
    if order is None:
        try:
            d = compiled(sub(high, low))({})
            order = "+" if d > 0 else "-" if d < 0 else None
        except Unsupported:
            pass
    if order in ("+", "0+"):
        return ["up"]
    if order in ("-", "0-"):
        return ["down"]
    return ["any"]


class Integration:
    """The search for one integral in one direction."""

    def __init__(self, s: Sequent, t: Bind, direction: str, search: Searcher) -> None:
        self.s, self.t, self.direction, self.search = s, t, direction, search
        self.x, self.f, self.inner = opened(s, t)
        low, high = t.outer
        self.low, self.high = (high, low) if direction == "down" else (low, high)
        self.point = sample(s)
        self.memo: dict[tuple[tuple[Term, ...], Term], Certificate | None] = {}

    # ------------------------------------------------------------------ numbers

    def number(self, t: Term, x: float | None = None) -> float:
        try:
            return compiled(t)({**self.point, **({} if x is None else {self.x: x})})
        except Unsupported:
            return math.nan

    def end(self, t: Term) -> float:
        return math.inf if t == OO else -math.inf if t == MINUS_OO else self.number(t)

    # ------------------------------------------------------------------ certificate

    def entry(self) -> tuple[Term, Certificate] | None:
        for p in (self.low, self.high):
            if p not in INFINITE:
                try:
                    real_end(p, self.s)
                except Reject:
                    return None
        breaks: list[Term] = [] if self.direction == "any" else self.inside(breakpoints(self.f, self.x, self.inner))
        for _ in range(4):
            points = [self.low, *breaks, self.high]
            pieces, values = [], []
            more: list[Term] = []
            for low, high in itertools.pairwise(points):
                found = self.piece(low, high, more)
                if found is None:
                    break
                pieces.append(found[0])
                values += found[1]
            else:
                return self.whole(breaks, pieces, values)
            if not more or self.direction == "any":
                return None
            breaks = self.inside([*breaks, *more])
            if len(breaks) > MAX_BREAKS:
                return None
        return None

    def whole(self, breaks: list[Term], pieces: list[Certificate], values: list[Term]
              ) -> tuple[Term, Certificate] | None:
        total = add(*values) if values else num(0)
        if self.direction == "down":
            total = app("neg", total)
        short, i = simple(total, self.s), app("i")
        if i in set(subterms(short)) - set(subterms(total)):       # sines as exponentials: not what people write
            short = total
        for value in dict.fromkeys((short, total)):
            defined = [self.search.unconditionally(self.s.with_goal(c))
                       for c in discharge(definedness(value, self.s), self.s)]
            if None in defined:
                continue
            proof = self.search.unconditionally(self.s.with_goal(app("=", total, value)))
            if proof is not None:
                written = breaks[::-1] if self.direction == "down" else breaks
                return value, {"by": "antiderivative", "direction": self.direction,
                               "breaks": [to_json(b) for b in written], "pieces": pieces, "total": proof,
                               **({"defined": defined} if defined else {})}
        return None

    def inside(self, points: list[Term]) -> list[Term]:
        """Those between the ends, in order, without repetition."""
        low, high = self.end(self.low), self.end(self.high)
        out: list[tuple[float, Term]] = []
        for p in points:
            v = self.number(p)
            if math.isnan(v) or not low + 1e-9 < v < high - 1e-9 or any(abs(v - w) < 1e-9 for w, _ in out):
                continue
            out.append((v, p))
        return [p for _, p in sorted(out, key=lambda pair: pair[0])]

    def piece(self, low: Term, high: Term, more: list[Term]) -> tuple[Certificate, list[Term]] | None:
        here = Piece(self.s, self.x, low, high, self.direction == "any")
        within = here.inside()
        middle = self.middle(low, high)
        f, facts = self.resolved(self.f, within, middle)
        inner = self.inner_values(f, within)
        if inner is None:
            return None
        f = put_in(f, {alpha(t): v for t, v, _ in inner})
        for candidate in antiderivatives(f, self.x, within):
            own = [] if self.direction == "any" else [
                b for b in self.inside(breakpoints(candidate, self.x, within))
                if self.end(low) + 1e-9 < self.number(b) < self.end(high) - 1e-9]
            if own:
                more += own
                continue
            found = self.certificate(here, f, facts, candidate, [e for _, _, e in inner])
            if found is not None:
                return found
        return None

    def inner_values(self, f: Term, within: Sequent) -> list[tuple[Bind, Term, Certificate]] | None:
        """Values of the integrals that stand in the integrand."""
        out = []
        for t in free_integrals(f):
            found = value_entry(within, t, self.search)
            if found is None:
                return None
            out.append((t, found[0], {"term": to_json(t), **found[1], "value": to_json(found[0])}))
        return out

    def middle(self, low: Term, high: Term) -> float:
        a, b = self.end(low), self.end(high)
        if math.isinf(a) and math.isinf(b):
            return 0.2371
        if math.isinf(b):
            return a + 1.2371
        if math.isinf(a):
            return b - 1.2371
        return a + (b - a) * 0.4871

    def resolved(self, f: Term, within: Sequent, middle: float) -> tuple[Term, list[Certificate]]:
        """Absolute values and cases of f replaced by what holds at the middle, where that can be shown."""
        facts: list[Certificate] = []
        for _ in range(6):
            wanted = next(iter(self.facts(f, middle)), None)
            if wanted is None:
                break
            proof = self.search.unconditionally(within.with_goal(wanted))
            if proof is None:
                break
            new = used(f, wanted)
            if new == f:
                break
            f = new
            facts.append({"fact": to_json(wanted), "proof": proof})
        return f, facts

    def facts(self, f: Term, middle: float) -> Iterator[Term]:
        for u in subterms(f):
            if not isinstance(u, App) or self.x not in free_names(u):
                continue
            match u:
                case App("abs" | "relu" | "sign" as head, (v,)) if not _has_corner(v):
                    d = self.number(v, middle)
                    strict = head == "sign"
                    if d > 0:
                        yield app(">" if strict else ">=", v, num(0))
                    elif d < 0:
                        yield app("<" if strict else "<=", v, num(0))
                case App("max" | "min", (a, b)):
                    d = self.number(sub(a, b), middle)
                    if d > 0:
                        yield app(">=", a, b)
                    elif d < 0:
                        yield app(">=", b, a)
                case App("cases", args):
                    for guard in args[1::2]:
                        if guard == TRUE:
                            break
                        truth = _truth(guard, lambda v: self.number(v, middle))
                        if truth is not None:
                            yield guard if truth else negate(guard)
                        break

    def certificate(self, here: Piece, f: Term, facts: list[Certificate], candidate: Term,
                    inner: list[Certificate]) -> tuple[Certificate, list[Term]] | None:
        closed = (self.visible_end(here, candidate, False), self.visible_end(here, candidate, True))
        if here.free and not all(closed):
            return None
        try:
            slope, needed = here.needs(candidate, closed)
        except Reject:
            return None
        smooth: list[Certificate] = []
        for question in needed:
            proof = self.shown(question, list(zip(needed, smooth, strict=False)))
            if proof is None:
                self.search.notes.setdefault("integrals", f"not shown on the range: {_text(question.goal)}")
                return None
            smooth.append(proof)
        derivative = self.equation(here, facts, f, slope, needed, smooth, inner)
        if derivative is None:
            return None
        out: Certificate = {"antiderivative": to_json(candidate), "smooth": smooth, "derivative": derivative}
        if not (here.free or here.low == MINUS_OO or here.high == OO):
            order = self.search.unconditionally(self.s.with_goal(
                app("<=" if all(closed) else "<", here.low, here.high)))
            if order is None:
                return None
            out["order"] = order
        values = []
        for key, upper, kind in (("to", True, closed[1]), ("from", False, closed[0])):
            end = here.high if upper else here.low
            if kind:
                out[key] = {"kind": "value"}
                part = substitute(candidate, {self.x: end})
            else:
                limit = self.limit(here, candidate, upper)
                if limit is None:
                    return None
                part, proof = limit
                out[key] = {"kind": "limit", "limit": to_json(part), "proof": proof}
            values.append(part if upper else app("neg", part))
        return out, values

    def equation(self, here: Piece, facts: list[Certificate], f: Term, slope: Term, needed: list[Sequent],
                 smooth: list[Certificate], inner: list[Certificate] | None = None) -> Certificate | None:
        """f = F' on the open interval: by the normal form, with what it needs shown first."""
        within = here.inside()
        known = {q.goal: p for q, p in zip(needed, smooth, strict=True) if q.assumptions == within.assumptions}
        goal = within.with_goal(app("=", f, slope))
        proof: Certificate | None = {"rule": "field"}
        shown = self.search.accepted(goal, {"rule": "field"})
        if shown is None:
            proof = self.search.unconditionally(goal)
        else:
            for condition in reversed(shown.conditions):
                because = known.get(condition) or self.shown(
                    within.with_goal(condition), list(zip(needed, smooth, strict=True)))
                if because is None:
                    return None
                proof = {"rule": "have", "fact": to_json(condition), "because": because, "proof": proof}
        if proof is not None and inner:
            proof = {"rule": "integrals", "values": inner, "proof": proof}
        if proof is None or not facts:
            return proof
        return {"rule": "resolve", "facts": facts, "proof": proof}

    def shown(self, question: Sequent, earlier: list[tuple[Sequent, Certificate]]) -> Certificate | None:
        """A proof of a condition: by its sign, given the conditions shown before, or by a search."""
        facts = [(q.goal, c) for q, c in earlier if q.assumptions == question.assumptions]
        for given in ([], facts) if facts else ([],):
            proof: Certificate = {"rule": "sign"}
            for fact, because in reversed(given):
                proof = {"rule": "have", "fact": to_json(fact), "because": because, "proof": proof}
            found = self.search.accepted(question, proof)
            if found is not None and not found.conditions:
                return proof
        match question.goal:
            case App("!=", (u, zero)) if zero == num(0) and factors_of(u) != [u]:
                proof = {"rule": "sign"}
                for f in factors_of(u):
                    fact = app("!=", f, num(0))
                    because = self.shown(question.with_goal(fact), [])
                    if because is None:
                        return None
                    proof = {"rule": "have", "fact": to_json(fact), "because": because, "proof": proof}
                found = self.search.accepted(question, proof)
                if found is not None and not found.conditions:
                    return proof
        key = (question.assumptions, question.goal)
        if key not in self.memo:
            self.memo[key] = None if self.refuted(question) else self.search.unconditionally(question)
        return self.memo[key]

    @staticmethod
    def refuted(question: Sequent) -> bool:
        """Floats at which the condition is false: a search for a proof would be long and vain."""
        try:
            return looks_false(question, 60) is not None
        except (Unsupported, ArithmeticError, ValueError):
            return False

    def visible_end(self, here: Piece, candidate: Term, upper: bool) -> bool:
        """F is continuous at this end: every condition there follows by numbers or at once."""
        end = here.high if upper else here.low
        if end in INFINITE:
            return False
        if here.free:
            return True
        from ..kernel.continuity import NotContinuous, continuity

        try:
            guards = (*definedness(candidate, here.declared), *continuity(
                candidate, (self.x,), here.declared.declarations, False))
        except NotContinuous:
            return False
        for g in guards:
            at = substitute(g, {self.x: end})
            if not discharge((at,), self.s):
                continue
            truth = _truth(at, self.number)
            if truth is False or truth is None and self.search.unconditionally(self.s.with_goal(at)) is None:
                return False
        return True

    def unsteady(self, candidate: Term, low: Term, high: Term, upper: bool) -> bool:
        """Waves whose floats do not settle towards an infinite end."""
        end = self.end(high if upper else low)
        if not math.isinf(end) or not any(isinstance(u, App) and u.head in ("sin", "cos") for u in subterms(candidate)):
            return False
        values = [self.number(candidate, math.copysign(v, end)) for v in (1e3, 1.7e3, 3.1e3, 1e4)]
        return max(values) - min(values) > 0.05 * (1e-3 + max(map(abs, values)))

    def limit(self, here: Piece, candidate: Term, upper: bool) -> tuple[Term, Certificate] | None:
        from .limits import value_of

        limit = here.limit(candidate, upper)
        value = value_of(self.s, limit, self.search)
        if value is None or OO in subterms(value):
            return None
        proof = self.search.unconditionally(self.s.with_goal(app("=", limit, value)))
        return None if proof is None else (value, proof)


def divergent(s: Sequent, t: Bind, search: Searcher) -> Iterator[Certificate]:
    """Pieces at whose ends the antiderivative has no finite limit."""
    from .limits import value_of

    for direction in directions(s, t):
        if direction == "any":
            continue
        run = Integration(s, t, direction, search)
        breaks = run.inside(breakpoints(run.f, run.x, run.inner))
        points = [run.low, *breaks, run.high]
        for low, high in itertools.pairwise(points):
            here = Piece(s, run.x, low, high)
            f, facts = run.resolved(run.f, here.inside(), run.middle(low, high))
            for candidate in antiderivatives(f, run.x, here.inside()):
                try:
                    slope, needed = here.needs(candidate, (False, False))
                except Reject:
                    continue
                for upper in (True, False):
                    limit = here.limit(candidate, upper)
                    value = value_of(s, limit, search)
                    if value is not None and value not in INFINITE:
                        continue
                    if value is None:
                        if not run.unsteady(candidate, low, high, upper):
                            continue
                        declared = s.declaring({"L": REAL}) if "L" not in s.declarations else None
                        if declared is None:
                            continue
                        question = declared.with_goal(app("not", app("=", limit, Var("L"))))
                    else:
                        question = s.with_goal(app("=", limit, value))
                    proof = search.unconditionally(question)
                    if proof is None:
                        continue
                    smooth = [p for p in map(search.unconditionally, needed) if p is not None]
                    if len(smooth) < len(needed):
                        break
                    derivative = run.equation(here, facts, f, slope, needed, smooth)
                    if derivative is None:
                        break
                    out: Certificate = {
                        "rule": "divergent", "direction": direction, "low": to_json(low), "high": to_json(high),
                        "antiderivative": to_json(candidate), "smooth": smooth, "derivative": derivative,
                        "at": "upper" if upper else "lower", "proof": proof,
                        "to": "nothing" if value is None else to_json(value)}
                    left, right = run.low, run.high
                    orders = (("after", "<=", left, low), ("before", "<=", high, right), ("order", "<", low, high))
                    for key, relation, a, b in orders:
                        if a in INFINITE or b in INFINITE:
                            continue
                        shown = search.unconditionally(s.with_goal(app(relation, a, b)))
                        if shown is None:
                            break
                        out[key] = shown
                    else:
                        yield out
                        return


def arcs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """The sign of a sine or cosine, by the arc on which its argument lies at a sample point."""
    asked = read_arc(s.goal)
    if asked is None:
        return
    function, u, sign, strict = asked
    try:
        value = compiled(u)(sample(s))
    except Unsupported:
        return
    if math.isnan(value) or abs(value) > 1e6:
        return
    near = math.floor(value / math.pi + (0.5 if function == "cos" else 0.0))
    for k in (near, near - 1, near + 1):
        if sign and sign != (1 if k % 2 == 0 else -1):
            continue
        shown = []
        for bound in arc_bounds(function, u, k, strict):
            proof = next((c for c in ({"rule": "assumption"}, {"rule": "sign"}, {"rule": "evaluate"}) if (
                e := search.accepted(s.with_goal(bound), c)) is not None and not e.conditions), None)
            if proof is None:
                break
            shown.append(proof)
        else:
            yield {"rule": "arc", "k": k, "lower": shown[0], "upper": shown[1]}
            return


def gamma_entry(s: Sequent, t: Bind, search: Searcher) -> tuple[Term, Certificate] | None:
    """c x^u exp(-x) from 0 to oo with a symbolic exponent u: gamma(u + 1) by definition."""
    if t.outer != (num(0), OO):
        return None
    x, f, inner = opened(s, t)
    exponents = [u.args[1] for u in subterms(f) if isinstance(u, App) and u.head == "pow" and u.args[0] == Var(x)
                 and x not in free_names(u.args[1])]
    for u in [*exponents, num(0)][:2]:
        for extra in (num(0), num(1), num(-1)):
            e = u if extra == num(0) else simple(add(u, extra), s)
            form = mul(app("pow", Var(x), e), app("exp", app("neg", Var(x))))
            within = inner.assuming(app("<", num(0), Var(x))).with_goal(app("=", f, form))
            proof: Certificate = {"rule": "field"}          # by form only: a search would be long and vain
            shown = search.accepted(within, proof)
            if shown is None or shown.conditions:
                continue
            positive = search.unconditionally(s.with_goal(app(">", e, num(-1))))
            value = app("gamma", simple(add(e, num(1)), s))
            total = search.unconditionally(s.with_goal(app("=", app("gamma", add(e, num(1))), value)))
            if positive is None or total is None:
                return None
            return value, {"by": "gamma", "exponent": to_json(e), "positive": positive, "form": proof, "total": total}
    return None


# ------------------------------------------------------------------ points of the partition


def breakpoints(f: Term, x: str, s: Sequent) -> list[Term]:
    """Closed terms where a part of f has a corner, a jump or a pole: candidates, not all of them inside."""
    out: list[Term] = []
    for u in dict.fromkeys(subterms(f)):
        if not isinstance(u, App) or x not in free_names(u):
            continue
        match u:
            case App("abs" | "relu" | "sign" | "log" | "acot", (v,)):
                out += zeros(v, x, s)
            case App("max" | "min", (a, b)):
                out += zeros(sub(a, b), x, s)
            case App("cases", args):
                for g in args[1::2]:
                    for r in subterms(g):
                        if isinstance(r, App) and r.head in RELATIONS:
                            out += zeros(sub(*r.args), x, s)
            case App("div", (_, b)):
                out += zeros(b, x, s)
            case App("pow", (a, Num(e))) if e < 0:
                out += zeros(a, x, s)
            case App("sqrt", (a,)):
                out += zeros(a, x, s)
            case App("tan" | "sec", (v,)):
                out += zeros(app("cos", v), x, s)
            case App("cot" | "csc", (v,)):
                out += zeros(app("sin", v), x, s)
            case App("floor" | "ceiling", (v,)):
                out += [p for k in range(-12, 13) for p in zeros(sub(v, num(k)), x, s)]
    return list(dict.fromkeys(out))


def zeros(u: Term, x: str, s: Sequent) -> list[Term]:
    """Closed terms for the zeros of u, as far as inversion reaches."""
    match u:
        case App("mul", args):
            return [p for a in args if x in free_names(a) for p in zeros(a, x, s)]
        case App("div", (a, _)):
            return zeros(a, x, s)
        case App("neg" | "abs" | "sqrt", (a,)):
            return zeros(a, x, s)
        case App("pow", (a, Num(e))) if e > 0:
            return zeros(a, x, s)
        case App("log", (a,)):
            return zeros(sub(a, num(1)), x, s)
        case App("sin" | "cos" | "tan" | "cot" as head, (a,)):
            shift = num(0) if head in ("sin", "tan") else num(Fraction(1, 2))
            return [p for k in range(-8, 9) for p in zeros(sub(a, _turn(add(num(k), shift), s)), x, s)]
    c = coefficients(u, x, s)
    if c is None:
        return _by_inversion(u, x, s)
    if len(c) == 2:
        return [simple(app("neg", app("div", c[0], c[1])), s)]
    if len(c) == 3:
        gap = simple(sub(app("pow", c[1], num(2)), mul(num(4), c[2], c[0])), s)
        if Field(s).sign(gap) not in ("+", "0+", "0"):
            return []
        root = app("sqrt", gap)
        return [simple(app("div", add(app("neg", c[1]), r), mul(num(2), c[2])), s) for r in (app("neg", root), root)]
    if len(c) > 3:
        from .antiderivatives import factors

        parts = factors(u, x, s) or []
        return [p for g, _ in parts if g != u and len(coefficients(g, x, s) or c) < len(c) for p in zeros(g, x, s)]
    return []


def _turn(k: Term, s: Sequent) -> Term:
    return simple(mul(k, app("pi")), s)


def _by_inversion(u: Term, x: str, s: Sequent) -> list[Term]:
    """c + a h(v) = 0 for one invertible function h."""
    if not (isinstance(u, App) and u.head == "add"):
        return []
    moving = [a for a in u.args if x in free_names(a)]
    if len(moving) == len(u.args) == 2:
        return _equal_exponentials(*moving, x, s)
    rest = [a for a in u.args if x not in free_names(a)]
    if len(moving) != 1:
        return []
    (m,) = moving
    target: Term = app("neg", add(*rest)) if rest else num(0)
    while True:
        match m:
            case App("neg", (a,)):
                m, target = a, app("neg", target)
            case App("mul", args) if sum(x in free_names(a) for a in args) == 1:
                target = app("div", target, mul(*(a for a in args if x not in free_names(a))))
                m = next(a for a in args if x in free_names(a))
            case App("div", (a, b)) if x not in free_names(b):
                m, target = a, mul(target, b)
            case _:
                break
    target = simple(target, s)
    match m:
        case App("exp", (v,)) if Field(s).sign(target) == "+":
            return zeros(sub(v, app("log", target)), x, s)
        case App("log", (v,)):
            return zeros(sub(v, app("exp", target)), x, s)
        case App("sin", (v,)):
            angles = {num(1): Fraction(1, 2), num(-1): Fraction(3, 2)}
            if target in angles:
                return [p for k in range(-4, 5) for p in zeros(
                    sub(v, _turn(num(angles[target] + 2*k), s)), x, s)]  # type: ignore[index]
            half = {num(Fraction(1, 2)): (Fraction(1, 6), Fraction(5, 6)),
                    num(Fraction(-1, 2)): (Fraction(7, 6), Fraction(11, 6))}.get(target, ())  # type: ignore[arg-type]
            return [p for k in range(-4, 5) for q in half for p in zeros(sub(v, _turn(num(q + 2*k), s)), x, s)]
        case App("cos", (v,)):
            table = {num(1): (Fraction(0),), num(-1): (Fraction(1),), num(Fraction(1, 2)): (
                Fraction(1, 3), Fraction(5, 3)), num(Fraction(-1, 2)): (Fraction(2, 3), Fraction(4, 3))}
            return [p for k in range(-4, 5) for q in table.get(target, ())  # type: ignore[arg-type]
                    for p in zeros(sub(v, _turn(num(q + 2*k), s)), x, s)]
    return []


def _equal_exponentials(a: Term, b: Term, x: str, s: Sequent) -> list[Term]:
    """c exp(v) + d exp(w) = 0: v - w = log(-d/c).  Where two densities are equal."""
    first, second = _exponential(a, x), _exponential(b, x)
    if first is None or second is None:
        return []
    (c, v), (d, w) = first, second
    ratio = simple(app("neg", app("div", d, c)), s)
    if Field(s).sign(ratio) != "+":
        return []
    return zeros(sub(sub(v, w), simple(app("log", ratio), s)), x, s)


def _exponential(t: Term, x: str) -> tuple[Term, Term] | None:
    """(c, v) with t = c exp(v), c free of x."""
    if x not in free_names(t):
        return t, num(0)
    match t:
        case App("exp", (v,)):
            return num(1), v
        case App("neg", (a,)) if (found := _exponential(a, x)) is not None:
            return app("neg", found[0]), found[1]
        case App("div", (a, b)) if x not in free_names(b) and (found := _exponential(a, x)) is not None:
            return app("div", found[0], b), found[1]
        case App("mul", args):
            parts = [_exponential(a, x) for a in args]
            if all(p is not None for p in parts):
                return mul(*(p[0] for p in parts if p)), add(*(p[1] for p in parts if p))
    return None


def factors_of(u: Term) -> list[Term]:
    """Terms whose product, powers and quotients make up ``u``."""
    match u:
        case App("mul" | "div", args):
            return [f for a in args for f in factors_of(a) if not isinstance(f, Num)]
        case App("neg" | "sqrt", (a,)) | App("pow", (a, Num())):
            return factors_of(a)
        case _:
            return [u]


def _has_corner(t: Term) -> bool:
    return any(isinstance(u, App) and u.head in _CORNERS for u in subterms(t))


def _truth(formula: Term, number: Any) -> bool | None:
    """By floats; None where they are too close or undefined."""
    match formula:
        case App("and", parts):
            found = [_truth(p, number) for p in parts]
            return False if False in found else None if None in found else True
        case App("or", parts):
            found = [_truth(p, number) for p in parts]
            return True if True in found else None if None in found else False
        case App(head, (a, b)) if head in RELATIONS:
            d = number(sub(a, b))
            if abs(d) < 1e-11:
                return False if head == "!=" else None
            if math.isnan(d):
                return None
            return {"<": d < 0, "<=": d < 0, ">": d > 0, ">=": d > 0, "=": False, "!=": True}[head]
        case _:
            return None


def sample(s: Sequent) -> dict[str, float]:
    """Numbers for the parameters at which the assumptions hold, to choose by."""
    from .order_numeric import Sampler

    try:
        for point in Sampler(s).points(1):
            return dict(point)
    except (Unsupported, ArithmeticError, ValueError):      # no floats: any numbers will do
        return {n: 1.37 + 0.11 * k for k, n in enumerate(s.declarations)}
    return {n: 1.37 + 0.11 * k for k, n in enumerate(s.declarations)}


def _text(t: Term) -> str:
    from ..kernel.term import show

    return show(t)[:80]


__all__ = ["conjuncts", "divergent", "free_integrals", "proofs", "value_entry"]
