"""Tangents of log and exp: Kullback-Leibler divergences, entropies, Jensen for two points, weighted means.

Method: facts log u <= u - 1 for quotients u of the arguments in sight, and exp E >= exp E' (1 + E - E') for
pairs of the exponents in sight (0 and logarithms of positive terms among them), each times known positive
factors; an exact simplex looks for a combination.  Where the two sides agree, every fact that is used must
vanish, so floats at such points drop most of them first.
Source: Hardy, Littlewood, Polya, Inequalities, ch. 2 and 4 (no page); Cover, Thomas, Elements of Information
Theory, 2nd ed., Theorem 2.7.1.
Cannot: bounds that need a second derivative (Pinsker); tangents at points that are not in sight.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import fmpq_mpoly

from ..kernel.field import _GENS, _ONE, CannotNormalise, Frac
from ..kernel.term import App, Num, Term, app, free_names, mul, num, sub, subterms, to_json
from .order_numeric import Relation, Sampler, Unsupported, compiled, relation_of
from .order_view import Fact, View

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
_SIGN = {"rule": "sign"}
MAX_TANGENTS = 120
MAX_PRODUCTS = 1_400


def tangents(view: View, search: Searcher) -> Certificate | None:
    from .order import Target, _closure, _combine, _facts, spend

    target = Target(view)
    used = view.used(target.poly)
    logs = [k for k in used if view.field.generators[k].kind == "log"]
    exps = [k for k in used if view.field.generators[k].kind == "exp"]
    if not logs and not exps or len(logs) > 10:
        return None
    inner = view.used(*(p for k in logs if (f := view.field.generators[k].value) is not None
                        for p in (f.num, f.den)))
    facts = _closure(view, target.poly, _facts(view, sorted({*used, *inner})))
    zeros = _agreements(view)
    found = _distinct(itertools.chain(_exponents(view, used), _log_facts(view, logs, used, target.poly),
                                      _exp_facts(view, exps), _monotone_facts(view, logs, exps)))
    if not found:
        return None
    simple = [f for f in facts if len(f.frac.num) <= 4][:8]
    for k in logs:
        c = target.poly.derivative(k)
        sign = view.field.signs.polynomial(c)
        if sign in ("-", "0-"):
            c, sign = -c, sign.replace("-", "+")
        if sign in ("+", "0+") and not c.is_constant() and not any(f.frac.num == c for f in simple):
            simple.append(Fact(Frac(c, _ONE), sign == "+", view.by_sign(view.written(c), sign == "+")))
    pairs = [list(p) for p in itertools.combinations_with_replacement(simple[:8], 2)]
    plain = [[f] for f in facts] + [list(p) for p in itertools.combinations_with_replacement(simple[:5], 2)]
    scales: list[fmpq_mpoly] = [_ONE, *_denominators(view, found)]
    for multipliers in ([[]] + [[m] for m in simple], [[]] + [[m] for m in simple] + pairs):
        products = [[*m, t] for m in multipliers for t in found
                    if all(_vanishes(view, [f.frac.num for f in (*m, t)], z) for z in zeros)] + plain
        for scale in scales[:4]:
            if not spend(search, 250):
                return None
            aim = target
            if scale != _ONE:
                fact = Fact(Frac(scale, _ONE), True, view.by_sign(view.written(scale), True))
                aim = target.times(view, fact, target.poly * scale)
            certificate = _combine(view, aim, products[:MAX_PRODUCTS], large=True)
            if certificate is not None:
                return certificate
    return None


def _denominators(view: View, tangents_: list[Fact]) -> list[fmpq_mpoly]:
    """Positive factors by which the target may have to be multiplied: logs' arguments."""
    out: list[fmpq_mpoly] = []
    for g in view.field.generators:
        if g.kind == "log" and g.value is not None:
            for p in (g.value.num, g.value.den):
                if not p.is_constant() and p not in out and view.field.signs.polynomial(p) == "+":
                    out.append(p)
    return out


# ------------------------------------------------------------------------- where the sides agree


def _agreements(view: View) -> list[dict[int, float]]:
    """Values of the generators at points where the two sides are equal."""
    relation = relation_of(view.s.goal)
    if relation is None:
        return []
    try:
        sampler, test = Sampler(view.s), Relation(relation)
        margins = [(test.margin(p), p) for p in sampler.points(200)]
        points = [p for m, p in margins if m == 0][:6]
        if not points and relation.head in ("<=", ">="):      # no agreement on the grid: go down from the lowest
            margins = sorted((mp for mp in margins if mp[0] > 0), key=lambda mp: mp[0])[:2]
            points = [q for _, p in margins if (q := lowest(sampler, test, p)) is not None]
    except Unsupported:
        return []
    out = []
    for p in points:
        values: dict[int, float] = {}
        for k in range(len(view.field.generators)):
            try:
                values[k] = compiled(view.back(view.generator(k)))(p)
            except Exception:
                values[k] = math.nan
        out.append(values)
    return out


def lowest(sampler: Sampler, test: Relation, p: dict[str, float]) -> dict[str, float] | None:
    """By coordinate descent: a point where the sides agree up to rounding."""
    best, size, point = test.margin(p), 0.25, dict(p)
    for _ in range(120):
        moved = False
        for n in sampler.free:
            for d in (size, -size):
                r = sampler.complete({**point, n: point[n] + d * max(1.0, abs(point[n]))})
                m = test.margin(r) if r is not None else math.nan
                if m < best:
                    point, best, moved = r, m, True  # type: ignore[assignment]
        if best < 1e-11:
            return point
        if not moved:
            size /= 2
            if size < 1e-9:
                break
    return point if best < 1e-9 else None


def _vanishes(view: View, factors: list[fmpq_mpoly], values: dict[int, float]) -> bool:
    """Whether the product seems to be 0 (or has no float) where the generators have these values."""
    for p in factors:
        total, size = 0.0, 0.0
        for e, c in p.to_dict().items():
            try:
                term = float(int(c.p)) / float(int(c.q)) * math.prod(
                    values.get(k, math.nan) ** int(d) for k, d in enumerate(e) if int(d))
            except OverflowError:
                return True
            total, size = total + term, size + abs(term)
        if math.isnan(total) or abs(total) <= 1e-7 * (1 + size):
            return True
    return False


def _distinct(facts: Iterator[Fact]) -> list[Fact]:
    out: list[Fact] = []
    seen = set()
    for f in facts:
        key = str(f.frac.num)
        if key not in seen:
            seen.add(key)
            out.append(f)
        if len(out) == MAX_TANGENTS:
            break
    return out


# ------------------------------------------------------------------------- logarithms


def _log_facts(view: View, logs: list[int], used: list[int], target: fmpq_mpoly) -> Iterator[Fact]:
    """g (u - 1 - log u) >= 0 for u = f/g."""
    arguments: list[Frac] = []

    def offer(f: Frac) -> None:
        if f.num != 0 and f not in arguments and view.field.as_rational(f) is None:
            arguments.append(f)

    for t in (view.abstracted.goal, *view.abstracted.assumptions):
        for u in subterms(t):
            if isinstance(u, App) and u.head == "log":
                offer(view.field.frac(u.args[0]))
    values = [view.field.generators[k].value for k in logs]
    whole = [f for f in values if f is not None and view.field.as_rational(f) is None]
    for f in list(whole):       # log f = k log f^(1/k)
        for k in used:
            g = view.field.generators[k]
            if g.kind == "root" and g.value == f:
                offer(Frac(_GENS[k], _ONE))
    for f in whole:
        offer(f)
    inner = view.used(*(p for f in values if f is not None for p in (f.num, f.den)))
    bases = [Frac(_GENS[k], _ONE) for k in sorted({*used, *inner})
             if view.field.generators[k].kind == "exp"] if len(logs) <= 3 else []
    pairs = list(itertools.permutations([*whole, *bases[:3]], 2))
    for f, g in pairs:
        offer(view.field.times(f, view.field._inverse(g)))
    scales = [view.field.constant(c) for c in _number_scales(view, target, logs)]
    for k in used:
        g = view.field.generators[k]
        if g.kind == "exp" and g.value is not None and view.field.as_rational(g.value) is not None:
            scales += [Frac(_GENS[k], _ONE), view.field._inverse(Frac(_GENS[k], _ONE))]
    for c in scales:
        for f in whole:
            offer(view.field.times(c, f))
    if len(pairs) <= 6:
        for c in scales:
            for f, g in pairs:
                offer(view.field.times(c, view.field.times(f, view.field._inverse(g))))
    for f in arguments[:48]:
        for u in (f, view.field._inverse(f)):
            if view.field.signs.frac(u) != "+":
                continue
            try:
                bound = view.field._subtract(view.field._subtract(u, view.field.constant(1)),
                                             view.field.logarithm(u))
                written = view.written_frac(u)
            except CannotNormalise:
                continue
            sign = view.field.signs.frac(view.field._subtract(u, view.field.constant(1)))
            strict = sign in ("+", "-", "+-")
            proof = {"rule": "bound", "kind": "log-tangent", "argument": to_json(written),
                     "positive": _SIGN, "different": _SIGN}
            t = sub(sub(written, num(1)), app("log", written))
            yield from _cleared(view, bound, t, strict, proof)


def _cleared(view: View, bound: Frac, t: Term, strict: bool, proof: Certificate) -> Iterator[Fact]:
    """The fact t >= 0 times its positive denominator."""
    data = {"term": to_json(t), "strict": strict, "proof": proof}
    if bound.den.is_constant():
        yield Fact(Frac(bound.num / bound.den.leading_coefficient(), _ONE), strict, data)
        return
    sign = view.field.signs.polynomial(bound.den)
    if sign not in ("+", "-"):
        return
    den = bound.den if sign == "+" else -bound.den
    whole = mul(view.written(den), t)
    inner = {"rule": "sos", "facts": [view.by_sign(view.written(den), True), data], "sum": [["1", [0, 1], None]]}
    yield Fact(Frac(bound.num if sign == "+" else -bound.num, _ONE), strict,
               {"term": to_json(whole), "strict": strict, "proof": inner})


def _number_scales(view: View, target: fmpq_mpoly, logs: list[int]) -> list[Fraction]:
    """Rational numbers whose logarithm stands in the target (with the constants that multiply it)."""
    out: list[Fraction] = []
    product = Fraction(1)
    for k in logs:
        value = view.field.generators[k].value
        q = view.field.as_rational(value) if value is not None else None
        if q is None:
            continue
        out += [q, 1 / q]
        c = target.derivative(k)
        if c.is_constant() and c != 0 and int(c.leading_coefficient().q) == 1:
            e = int(c.leading_coefficient().p)
            if abs(e) <= 12:
                product *= q**e
    out += [product, 1 / product]
    out += [q for q in (Fraction(2), Fraction(1, 2)) if out]
    return [q for q in dict.fromkeys(out) if q != 1]


# ------------------------------------------------------------------------- exponentials


def _monotone_facts(view: View, logs: list[int], exps: list[int]) -> Iterator[Fact]:
    """exp u <= exp v, log u <= log v where u <= v is visible."""
    for function, other, kind in (("exp", "log", exps), ("log", "exp", logs)):
        for j, k in itertools.permutations(kind[:6], 2):
            u, v = view.field.generators[j].value, view.field.generators[k].value
            if u is None or v is None or view.field.signs.frac(view.field._subtract(v, u)) not in ("+", "0+"):
                continue
            small, large = app(function, view.written_frac(u)), app(function, view.written_frac(v))
            because = {"rule": "both-sides", "function": other, "small": _SIGN, "large": _SIGN, "proof": _SIGN}
            proof = {"rule": "have", "fact": to_json(app("<=", small, large)), "because": because,
                     "proof": _SIGN}
            yield Fact(Frac(_GENS[k] - _GENS[j], _ONE), False, {
                "term": to_json(sub(large, small)), "strict": False, "proof": proof})


def _exp_facts(view: View, exps: list[int]) -> Iterator[Fact]:
    """exp u >= 1 + u for the exponents in sight and small multiples."""
    for k in exps:
        exponent = view.field.generators[k].value
        if exponent is None:
            continue
        for q in (1, -1, 2, -2):
            u = view.field.times(exponent, view.field.constant(q))
            if not view.field.signs.real(u):
                continue
            try:
                e = view.field.exponential(u)
                written = view.written_frac(u)
            except CannotNormalise:
                continue
            bound = view.field._subtract(e, view.field._plus(u, view.field.constant(1)))
            yield from _cleared(view, bound, *_exp_bound(view, u, written))


def _exp_bound(view: View, u: Frac, written: Term) -> tuple[Term, bool, Certificate]:
    strict = view.field.signs.frac(u) in ("+", "-", "+-")
    proof = {"rule": "bound", "kind": "exp-tangent", "argument": to_json(written), "different": _SIGN}
    return sub(app("exp", written), app("add", num(1), written)), strict, proof


def _exponents(view: View, used: list[int]) -> Iterator[Fact]:
    """exp E - exp E' (1 + E - E') >= 0 for the exponents E, E' that the goal is made of."""
    field = view.field
    found: list[tuple[Frac, Frac]] = []                    # exponent, value

    def offer(e: Frac) -> None:
        if len(found) < 9 and not any(e == f for f, _ in found) and field.signs.real(e):
            try:
                v = field.exponential(e)
            except CannotNormalise:
                return
            if field.signs.frac(v) == "+":
                found.append((e, v))

    for u in subterms(view.abstracted.goal):
        match u:
            case App("exp", (e,)) if free_names(e):
                offer(field.frac(e))
            case App("pow", (b, e)) if not isinstance(e, Num) and (free_names(e) or free_names(b)):
                base = field.frac(b)
                if field.signs.frac(base) == "+":
                    whole = field.times(field.frac(e), field.logarithm(base))
                    offer(whole)
                    offer(field.logarithm(base))
    for e in _products(view):
        offer(e)
    if not found:
        return
    offer(field.constant(0))
    for k in used:
        g = field.generators[k]
        if g.kind == "name" and g.sign == "+":
            offer(field.logarithm(Frac(_GENS[k], _ONE)))
    for (e, v), (f, w) in itertools.permutations(found, 2):
        u = field._subtract(e, f)
        if field.as_rational(u) is not None:
            continue
        try:
            bound = field._subtract(v, field.times(w, field._plus(u, field.constant(1))))
            written, below = view.written_frac(u), view.written_frac(w)
        except CannotNormalise:
            continue
        t, strict, proof = _exp_bound(view, u, written)
        whole = mul(below, t)
        inner = {"rule": "sos", "facts": [view.by_sign(below, True), {
            "term": to_json(t), "strict": strict, "proof": proof}], "sum": [["1", [0, 1], None]]}
        yield from _cleared(view, bound, whole, strict, inner)


def _products(view: View) -> Iterator[Frac]:
    """Exponents of the products that stand in the goal: log a + log b for a b, t log a + s log b."""
    field = view.field
    goal = view.abstracted.goal
    if not isinstance(goal, App):
        return
    for side in goal.args:
        for part in side.args if isinstance(side, App) and side.head == "add" else (side,):
            if isinstance(part, App) and part.head == "mul":
                f = field.frac(part)
                if field.signs.frac(f) == "+" and len(f.num) == 1 and len(f.den) == 1:
                    c = f.num.leading_coefficient() / f.den.leading_coefficient()
                    try:
                        yield field.logarithm(field.times(f, field.constant(Fraction(int(c.q), int(c.p)))))
                    except CannotNormalise:
                        continue


__all__ = ["tangents"]
