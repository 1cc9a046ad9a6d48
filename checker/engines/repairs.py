"""What kind of mistake a refuted link looks like, found by testing typical repairs.

Method: edit the right side of the refuted statement once, in every place and in every way that people slip (a sign, a
factor, an exponent, a term left out, an inverted fraction, swapped arguments, a shifted index or bound, an inner
derivative forgotten, a condition not said).  An edit that holds at the witness of the refutation and at a few
other points is put to the search; the first one whose statement is **proved** is the repair.  So a repair is never a
guess: "with - in place of + the line is right" is itself a theorem.

The kinds of mistake and their order follow the errors found in published course solutions (sign flips lead, then
squares, factors of 2, indices).  What it cannot do: two slips in one line, a slip on the left side (that is the line
before), a missing term that is no multiple of a product of two names.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ..kernel.claim import Claim
from ..kernel.effort import Spent, allowance
from ..kernel.evaluate import Undefined, Unknown, at_precisions
from ..kernel.evidence import Reject
from ..kernel.model import Model, read_model
from ..kernel.term import (
    INTEGER, REAL, RELATIONS, TRUE, App, Bind, Index, Malformed, Map, Num, Scalar, Sort, Term, Var, add, app,
    free_names, mul, num, subterms, to_json,
)
from .points import may_hold, overlap, points
from .portfolio import decide

#: Steps for one candidate's proof and for all of them; edits looked at, proofs tried, points beside the witness.
STEPS, ALL, EDITS, PROOFS, POINTS = 330_000, 1_600_000, 1_500, 10, 4
_TWINS = {"sin": "cos", "cos": "sin", "sinh": "cosh", "cosh": "sinh", "tan": "cot", "max": "min", "min": "max",
          "floor": "ceiling", "ceiling": "floor", "exp": "log"}
_SWAPPED = ("pow", "binomial", "atan2", "rising", "falling", "matmul", "kron")
_DIRECTIONS = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_STRICT = {"<": "<=", ">": ">="}
_CONNECTIVES = ("implies", "iff")


@dataclass(frozen=True, slots=True)
class Repair:
    """``kind``: sign, factor, exponent, number, bound, index, name, term-missing, term-extra, inverted, swapped,
    operation,
    function, transposed, inner-derivative, direction, strictness, condition, gains, loses.

    ``old`` in the right side is replaced by ``new`` (for ``condition``: ``new`` is what has to be assumed);
    ``statement`` is then proved.
    """

    kind: str
    old: Term | None
    new: Term
    statement: Term

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "old": None if self.old is None else to_json(self.old), "new": to_json(self.new),
                "statement": to_json(self.statement)}


def repair(claim: Claim, witness: Mapping[str, Any] | None) -> tuple[Repair, Mapping[str, Any]] | None:
    """The simplest typical repair of a refuted claim that is proved, with its certificate, or None.  ``witness``: the
    refutation's."""
    try:
        with allowance(ALL):
            return _first_proved(claim, _plausible(claim, witness))
    except (Spent, Malformed, RecursionError):
        return None


def _first_proved(claim: Claim, candidates: Iterator[tuple[Repair, Claim]]
                  ) -> tuple[Repair, Mapping[str, Any]] | None:
    for found, repaired in itertools.islice(candidates, PROOFS):
        try:
            with allowance(STEPS):
                outcome = decide(repaired, {})
        except Spent:
            continue
        certificate = outcome.certificate or {}
        if certificate.get("verdict") == "proved" and not certificate.get("vacuous"):
            return found, certificate
    return None


def _plausible(claim: Claim, witness: Mapping[str, Any] | None) -> Iterator[tuple[Repair, Claim]]:
    """The repairs that hold where they can be evaluated, with the repaired claims."""
    places = [] if witness is None or "point" not in witness else [witness]
    places += list(itertools.islice(points(claim.sequent, POINTS), POINTS))
    models: list[Model] = []
    for place in places:
        try:
            models.append(read_model(claim.sequent, place))
        except Reject:
            continue
    seen: set[Term] = {claim.statement}
    for found in itertools.islice(_repairs(claim, models), EDITS):
        if found.kind != "condition" and found.statement in seen:
            continue
        seen.add(found.statement)
        assumed = (*claim.assumptions, found.new) if found.kind == "condition" else claim.assumptions
        try:
            repaired = replace(claim, statement=found.statement, assumptions=assumed)
            goal = repaired.sequent.goal
        except Malformed:
            continue
        if found.kind == "condition" or _holds(goal, models):
            yield found, repaired


def _holds(goal: Term, models: Sequence[Model]) -> bool:
    """Whether the goal may hold at the points: none speaks against it, and it has a value at one of them."""
    known = False
    for model in models:
        try:
            if not _may_hold(goal, model):
                return False
            known = True
        except (Undefined, Unknown, ArithmeticError, ValueError):
            continue
    return known or not models


def _may_hold(goal: Term, model: Model) -> bool:
    """As ``points.may_hold``, for sides that are sums, integrals or derivatives too.  Raises Undefined, Unknown."""
    match goal:
        case App("=", (left, right)):
            try:
                return overlap(left, right, model)
            except (Unknown, ValueError, TypeError):
                pass
    return may_hold(goal, model)


# --------------------------------------------------------------------------- candidates


def _repairs(claim: Claim, models: Sequence[Model]) -> Iterator[Repair]:
    statement, sorts = claim.statement, dict(claim.declarations)
    match statement:
        case App(connective, (before, after)) if connective in _CONNECTIVES:
            if connective == "iff":
                yield Repair("gains", None, after, app("implies", before, after))
                yield Repair("loses", None, after, app("implies", after, before))
            for turned in _turned(after):
                yield Repair("direction", after, turned, app(connective, before, turned))
            for kind, old, new, whole in (*_edits(after, sorts), *_recomputed(after, models)):
                yield Repair(kind, old, new, app(connective, before, whole))
        case App(relation, (left, right)) if relation in (*RELATIONS, "mat="):
            if relation in _STRICT:
                weak = app(_STRICT[relation], left, right)
                yield Repair("strictness", None, weak, weak)
            for turned in _turned(statement):
                yield Repair("direction", None, turned, turned)
            edits = [*_edits(right, sorts), *_inner_derivatives(left, right), *_missing_terms(left, right)]
            edits.sort(key=lambda e: _RANK[e[0]])
            for kind, old, new, whole in edits:
                yield Repair(kind, old, new, app(relation, left, whole))
            if relation == "=":
                for kind, old, new, whole in _by_values(claim, left, right, models):
                    yield Repair(kind, old, new, app(relation, left, whole))
            for condition in _conditions(statement, sorts):
                yield Repair("condition", None, condition, statement)


def _turned(t: Term) -> Iterator[Term]:
    """An order the other way round, strict or not as it is, then weak."""
    if isinstance(t, App) and t.head in _DIRECTIONS:
        other = _DIRECTIONS[t.head]
        yield from dict.fromkeys((App(other, t.args), App(_STRICT.get(other, other), t.args)))


def _recomputed(after: Term, models: Sequence[Model]) -> Iterator[_Edit]:
    """The number on the right of a step between equations, as the left side has it where the line before holds."""
    match after:
        case App(relation, (left, Num() as right)) if relation in RELATIONS:
            for model in models[:1]:
                try:
                    value = at_precisions(model.values, model.sorts, lambda e: e.number(left))
                except (Undefined, Unknown, ArithmeticError, ValueError):
                    continue
                if isinstance(value, Fraction) and value != right.value:
                    yield "number", right, Num(value), App(relation, (left, Num(value)))


#: In the order in which they are tried.
_KINDS = ("sign", "inverted", "swapped", "exponent", "factor", "transposed", "bound", "index", "inner-derivative",
          "number", "operation", "function", "term-missing", "term-extra", "name")
_RANK = {kind: k for k, kind in enumerate(_KINDS)}
_Edit = tuple[str, Term, Term, Term]     # kind, old part, new part, the whole


def _edits(t: Term, sorts: Mapping[str, Sort], where: str = "side") -> Iterator[_Edit]:
    """Each way to change ``t`` in one place.  ``where``: side, summand, factor, exponent, bound, index or argument."""
    for kind, new in _local(t, sorts, where):
        yield kind, t, new, new
    match t:
        case App(head, parts):
            for k, part in enumerate(parts):
                if _fixed(t, k):
                    continue
                for kind, old, new, whole in _edits(part, sorts, _role(head, k)):
                    yield kind, old, new, App(head, (*parts[:k], whole, *parts[k + 1:]))
        case Bind():
            inside = {**sorts, **dict(zip(t.names, t.sorts, strict=True))}
            for k, part in enumerate(t.outer):
                if t.head in ("sum", "prod", "integral"):
                    for kind, old, new, whole in _edits(part, sorts, "bound"):
                        yield kind, old, new, _with_outer(t, k, whole)
            for k, part in enumerate(t.inner):
                if part == TRUE:
                    continue
                for kind, old, new, whole in _edits(part, inside, "side"):
                    inner = (*t.inner[:k], whole, *t.inner[k + 1:])
                    yield kind, old, new, Bind(t.head, t.names, t.sorts, t.outer, inner)


def _with_outer(t: Bind, k: int, new: Term) -> Bind:
    return Bind(t.head, t.names, t.sorts, (*t.outer[:k], new, *t.outer[k + 1:]), t.inner)


def _fixed(t: App, k: int) -> bool:
    """The law, positions and labels of a density, and the name of a family or function, are no places to edit."""
    return t.head == "density" or t.head == "at" and k == 0


def _role(head: str, k: int) -> str:
    if head == "add":
        return "summand"
    if head in ("mul", "neg", "div"):
        return "factor"
    if head == "pow" and k == 1:
        return "exponent"
    return "index" if head == "at" else "argument"


def _local(t: Term, sorts: Mapping[str, Sort], where: str) -> Iterator[tuple[str, Term]]:
    match t:
        case Num(value):
            yield from _numbers(value, where)
        case App("neg", (u,)):
            yield "sign", u
        case App("add", parts):
            yield "operation", mul(*parts)
            for k, part in enumerate(parts):
                without = [*parts[:k], *parts[k + 1:]]
                yield "sign", add(*parts[:k], _negative(part), *parts[k + 1:])
                yield "term-extra", add(*without)
        case App("mul", parts):
            yield "operation", add(*parts)
            for k in range(len(parts)):
                yield "factor", mul(*parts[:k], *parts[k + 1:])
        case App("div", (a, b)):
            yield "inverted", app("div", b, a)
            yield "factor", a
            if a != num(1):
                yield "factor", app("div", num(1), b)
            if where == "factor":
                yield "inverted", mul(a, b)
        case App("pow", (u, _)) | App("sqrt", (u,)):
            yield "exponent", u
        case App("transpose" | "inverse" as head, (u,)):
            yield ("transposed" if head == "transpose" else "inverted"), u
        case App("log", (u,)) | App("exp", (u,)) | App("abs", (u,)):
            yield "function", u
        case App("true" | "false", ()):
            return
    if isinstance(t, App) and t.head in _TWINS:
        yield "function", App(_TWINS[t.head], t.args)
    if isinstance(t, App) and t.head in _SWAPPED and len(t.args) == 2 and t.args[0] != t.args[1]:
        yield "swapped", App(t.head, (t.args[1], t.args[0]))
    if isinstance(t, Bind) and t.head == "KL":
        yield "swapped", Bind("KL", t.names, t.sorts, t.outer, (t.inner[1], t.inner[0]))
    if _is_number(t, sorts):
        yield from _of_numbers(t, sorts, where)
    elif _is_matrix(t, sorts):
        if not (isinstance(t, App) and t.head == "transpose"):
            yield "transposed", app("transpose", t)
        yield "inverted", app("inverse", t)
        yield "sign", app("scale", num(-1), t)
        yield "factor", app("scale", num(2), t)


def _of_numbers(t: Term, sorts: Mapping[str, Sort], where: str) -> Iterator[tuple[str, Term]]:
    """Changes that make sense for any number."""
    if where == "index":
        for name, sort in sorts.items():
            if isinstance(t, Var) and sort == sorts.get(t.name) and name != t.name:
                yield "index", Var(name)
        if isinstance(sorts.get(getattr(t, "name", "")), Scalar) or not isinstance(t, Var):
            yield "index", add(t, num(1))
            yield "index", add(t, num(-1))
        return
    if where == "bound":
        yield "bound", add(t, num(-1))
        yield "bound", add(t, num(1))
        return
    if where in ("side", "argument", "exponent", "factor") and not (isinstance(t, App) and t.head == "neg"):
        if where != "factor" or isinstance(t, App) and t.head == "add":
            yield "sign", _negative(t)
    if where in ("side", "summand", "argument", "exponent"):
        for factor in (Fraction(2), Fraction(1, 2)):
            yield "factor", _times(factor, t)
    if where in ("side", "summand", "factor", "argument") and not isinstance(t, Num):
        if isinstance(t, (Var, Bind)) or isinstance(t, App) and t.head not in ("mul", "neg", "div", "pow"):
            yield "exponent", app("pow", t, num(2))
        if where != "argument":
            yield "exponent", app("sqrt", t)
    if isinstance(t, Var) and isinstance(sorts.get(t.name), Scalar):
        for name, sort in sorts.items():
            if name != t.name and isinstance(sort, Scalar):
                yield "name", Var(name)
    if where in ("side", "summand") and not isinstance(t, Num):
        for name, sort in sorts.items():
            if isinstance(sort, Scalar):
                yield "factor", mul(Var(name), t)
                yield "factor", app("div", t, Var(name))
        yield "function", app("abs", t)
        yield "function", app("log", t)


def _numbers(value: Fraction, where: str) -> Iterator[tuple[str, Term]]:
    kind = {"exponent": "exponent", "bound": "bound", "index": "index"}.get(where, "number")
    for other in dict.fromkeys((value + 1, value - 1, 2*value, value/2, 1/value if value else value, 3*value, value/3)):
        if other != value and (other.denominator == 1 or value.denominator != 1 or where not in ("bound", "index")):
            yield kind, Num(other)
    if value and where != "factor":
        yield "sign", Num(-value)


def _negative(t: Term) -> Term:
    return t.args[0] if isinstance(t, App) and t.head == "neg" else app("neg", t)


def _times(factor: Fraction, t: Term) -> Term:
    if factor.numerator != 1:
        t = mul(Num(Fraction(factor.numerator)), *(t.args if isinstance(t, App) and t.head == "mul" else (t,)))
    return t if factor.denominator == 1 else app("div", t, num(factor.denominator))


def _is_number(t: Term, sorts: Mapping[str, Sort]) -> bool:
    match t:
        case Num():
            return True
        case Var(name):
            return isinstance(sorts.get(name), (Scalar, Index))
        case App(head, _):
            others = (*_LOGIC, *_MATRICES, *RELATIONS, "density", "tuple", "assign")
            return head not in others and not head.startswith("@")
        case Bind(head):
            return head in ("sum", "prod", "integral", "limit", "diff", "partial", "E", "expect", "KL")
    return False


_LOGIC = ("and", "or", "not", "implies", "iff", "true", "false", "in", "integers", "rationals", "reals", "cases",
          "given", "finite", "regular", "two-sided", "from-above", "from-below", "unstated-side", "oo", "mat=", "psd",
          "pd", "invertible", "derivative-of")
_MATRICES = ("matmul", "matadd", "scale", "transpose", "inverse", "matpow", "hadamard", "kron", "diag", "diagonal",
             "vec", "identity", "zeros", "ones", "block")


def _is_matrix(t: Term, sorts: Mapping[str, Sort]) -> bool:
    if isinstance(t, Var):
        sort = sorts.get(t.name)
        return isinstance(sort, Map) and len(sort.args) == 2 and all(isinstance(a, Index) for a in sort.args)
    return isinstance(t, App) and t.head in _MATRICES


def _inner_derivatives(left: Term, right: Term) -> Iterator[_Edit]:
    """The chain rule's factor: the right side times, or over, the derivative of an argument within the left side."""
    for d in subterms(left):
        if not (isinstance(d, Bind) and d.head == "diff"):
            continue
        (x,), point = d.names, d.outer[0]
        for u in dict.fromkeys(subterms(d.inner[0])):
            if isinstance(u, App) and u.args and u.head not in ("add", "mul", "neg") and x in free_names(u.args[0]):
                inner = u.args[0]
                if inner == Var(x):
                    continue
                factor = Bind("diff", (x,), d.sorts, (point,), (inner,))
                for new in (mul(right, factor), app("div", right, factor)):
                    yield "inner-derivative", right, new, new


def _missing_terms(left: Term, right: Term) -> Iterator[_Edit]:
    """Summands of the left side that the right side may have lost, or one of the numbers and names."""
    single = [num(1), *(Var(n) for n in sorted(free_names(left) & free_names(right)))]
    for part in single:
        for new in (add(right, part), add(right, _negative(part))):
            yield "term-missing", right, new, new
    for u in dict.fromkeys(subterms(left)):
        if isinstance(u, App) and u.head == "add" and len(u.args) <= 8:
            for part in u.args:
                if free_names(part) <= free_names(left):
                    for new in (add(right, part), add(right, _negative(part))):
                        yield "term-missing", right, new, new


def _conditions(statement: Term, sorts: Mapping[str, Sort]) -> Iterator[Term]:
    zero = num(0)
    names = [n for n in sorted(free_names(statement)) if sorts.get(n) in (REAL, INTEGER)]
    for n in names:
        for relation in (">=", ">", "<="):
            yield app(relation, Var(n), zero)
    for a, b in itertools.combinations(names, 2):
        yield app(">=", Var(a), Var(b))
        yield app("<=", Var(a), Var(b))


def _by_values(claim: Claim, left: Term, right: Term, models: Sequence[Model]) -> Iterator[_Edit]:
    """A rational factor, or a missing multiple of a product of names, that the values at the points suggest."""
    sorts = dict(claim.declarations)
    rows: list[tuple[Fraction, Fraction, dict[str, Fraction]]] = []
    for model in models:
        try:
            values = [at_precisions(model.values, model.sorts, lambda e, t=t: e.number(t)) for t in (left, right)]
        except (Undefined, Unknown, ArithmeticError, ValueError):
            continue
        at = {n: v.value for n, v in model.values.items() if isinstance(v, Num)}
        if all(isinstance(v, Fraction) for v in values):
            rows.append((values[0], values[1], at))
    if len(rows) < 3:
        return
    if (c := _constant([(a, b) for a, b, _ in rows])) is not None:
        new = _times(c, right) if c > 0 else app("neg", _times(-c, right))
        yield "factor", right, new, new
    names = [n for n in sorts if n in free_names(claim.statement) and isinstance(sorts[n], Scalar)
             and all(n in at for _, _, at in rows)]
    singles: list[tuple[str, ...]] = [(), *((n,) for n in names)]
    for group in (*singles, *itertools.combinations_with_replacement(names, 2)):
        product = [_value(group, at) for _, _, at in rows]
        c = _constant([(a - b, m) for (a, b, _), m in zip(rows, product, strict=True)])
        if c is not None:
            missing = mul(*(Var(n) for n in group)) if group else num(1)
            part = _times(abs(c), missing)
            new = add(right, part if c > 0 else app("neg", part))
            yield "term-missing", right, new, new


def _value(group: Sequence[str], at: Mapping[str, Fraction]) -> Fraction:
    out = Fraction(1)
    for n in group:
        out *= at[n]
    return out


def _constant(pairs: Sequence[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The number c != 0 with a = c b in all pairs, if b is other than 0 in two of them."""
    ratios = {a / b for a, b in pairs if b}
    if len(ratios) != 1 or any(a for a, b in pairs if not b) or sum(1 for _, b in pairs if b) < 2:
        return None
    c = ratios.pop()
    return c if c and c.denominator <= 64 and abs(c.numerator) <= 64 else None


__all__ = ["Repair", "repair"]
