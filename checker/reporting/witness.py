"""A refutation in one sentence: the point, and what both sides are worth there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..kernel.term import RELATIONS, Joint, Law, Malformed, Map, from_json
from ..records import Decision
from .blocks import Inline
from .compose import layout as layout_of
from .context import Context
from .layout import Fence, Ident, Layout, Matrix, Number, Row, Sign, Text, joined, parens, row
from .plaintext import read_line
from .names import name_layout
from .sentences import say


def witness_sentence(decision: Decision, context: Context) -> tuple[Inline, ...]:
    told = _solution(decision.witness or {}, context)
    return told if told else _at_point(decision, context)


def _solution(witness: Mapping[str, Any], context: Context) -> tuple[Inline, ...]:
    """The root that a step gains or loses, by name."""
    solution, point = witness.get("solution"), _point(witness.get("point"), context)
    if not isinstance(solution, Mapping) or solution.get("kind") not in ("gained", "lost", "premise") or not point:
        return ()
    try:
        holds, fails = (layout_of(from_json(solution[k]), context) for k in ("holds", "fails"))
    except (Malformed, KeyError):
        return ()
    return say(f"solution_{solution['kind']}", context, point=point, holds=holds, fails=fails)


def _at_point(decision: Decision, context: Context) -> tuple[Inline, ...]:
    witness = decision.witness or {}
    point = _point(witness.get("point"), context)
    instance = _point(witness.get("instance"), context) or _taken(decision, context)
    left, right, relation = witness.get("left"), witness.get("right"), witness.get("relation")
    if witness.get("kind") == "undefined":
        return say("witness_undefined", context, condition=_condition(witness, context))
    if left is not None and right is not None:
        sign = Sign(relation if relation in RELATIONS else "=")
        shown = value_layout(left, context), value_layout(right, context)
        exact = not any("≈" in str(v) or "..." in str(v) for v in (left, right))
        return say("witness_sides", context, point=point, instance=instance, left=shown[0], right=shown[1],
                   relation=row(shown[0], sign, shown[1]) if exact else None)
    if point and witness.get("kind") == "ray":
        return say("witness_ray", context, point=point)
    if point or instance:
        return say("witness_point", context, point=point or instance, instance=instance if point else [])
    return say("witness_other", context)


def _taken(decision: Decision, context: Context) -> list[Layout]:
    """The values that the proof of the negation takes for quantified names."""
    from .proof_rules import applied    # loads the kernel, which most reports need not

    out: list[Layout] = []
    step: Any = (decision.certificate or {}).get("proof")
    while isinstance(step, Mapping):
        if step.get("rule") == "exists" and isinstance(step.get("witness"), Mapping):
            for name, data in step["witness"].items():
                try:
                    out.append(
                        row(name_layout(str(name)), Sign("="), layout_of(applied(from_json(data)), context))
                    )
                except (Malformed, TypeError, ValueError):
                    return []
        step = step.get("proof")
    return out


def _condition(witness: Mapping[str, Any], context: Context) -> Layout | None:
    if "fails" in witness:
        try:
            return layout_of(from_json(witness["fails"]), context)
        except Malformed:
            pass
    return Text(str(witness["condition"])) if isinstance(witness.get("condition"), str) else None


def _point(point: Any, context: Context) -> list[Layout]:
    if not isinstance(point, Mapping):
        return []
    return [named_value(str(k), v, context) for k, v in point.items()]


def named_value(name: str, value: Any, context: Context) -> Layout:
    """``p = 1``; a finite law with its arguments: q(z | x) = a table, rows by z, columns by x."""
    sort = context.sorts.get(name)
    joint = sort.result if isinstance(sort, Map) else sort
    if isinstance(value, Mapping) and isinstance(joint, Joint):
        return _joint_law(joint, value, context)
    if isinstance(value, Mapping) and isinstance(value.get("sequence"), Mapping):
        values = [row(name_layout(name), parens(_text_value(k, context)), Sign("="), value_layout(v, context))
                  for k, v in value["sequence"].items()]
        return joined(",", values)
    if isinstance(value, Mapping) and isinstance(value.get("one of"), list):
        choices = joined(",", [value_layout(v, context) for v in value["one of"]])
        return row(name_layout(name), Sign("in"), Fence("{", choices, "}"))
    inner = next((value[k] for k in ("state", "value", "values", "law") if k in value), None) if (
        isinstance(value, Mapping)) else None
    if inner is None:
        return row(name_layout(name), Sign("="), value_layout(value, context))
    left = name_layout(name)
    if isinstance(value, Mapping) and "slope" in value:
        plain = named_value(name, {"law": value["law"]}, context)
        return row(plain, Text(", with derivatives "), value_layout(value["slope"], context))
    if isinstance(sort, Law) and isinstance(value, Mapping) and isinstance(value.get("cell"), str):
        plain = named_value(name, {"law": inner}, context)
        return row(plain, Text(" on cells of width "), value_layout(value["cell"], context))
    if isinstance(sort, Law):
        own, given = (joined(",", [name_layout(x) for x in labels]) for labels in (sort.own, sort.given))
        left = row(left, parens(row(own, Sign("mid"), given) if sort.given else own))
        labels = sort.own + sort.given
        if len(labels) == 2 and isinstance(inner, list) and all(isinstance(r, list) for r in inner):
            places = Text(f" (rows: {labels[0]}, columns: {labels[1]})")
            return row(left, Sign("="), value_layout(inner, context), places)
    return row(left, Sign("="), value_layout(inner, context))


def _joint_law(joint: Joint, value: Mapping[str, Any], context: Context) -> Layout:
    """``P(X = -1) = 1/2, P(X = 1) = 1/2``; for laws that differ from draw to draw one after the other."""
    def one(atoms: Any, place: tuple[int, ...]) -> list[Layout]:
        names = [row(name_layout(m), *([parens(joined(",", [Number(str(k)) for k in place]))] if place else []))
                 for m in joint.members]
        return [row(Ident("P"), parens(joined(",", [row(n, Sign("="), value_layout(v, context))
                                                   for n, v in zip(names, values, strict=True)])),
                    Sign("="), value_layout(mass, context)) for mass, values in atoms]

    def every(rows: Any, place: tuple[int, ...]) -> list[Layout]:
        if rows and isinstance(rows[0][0], str):
            return one(rows, place)
        return [x for k, r in enumerate(rows, 1) for x in every(r, (*place, k))]

    return joined(",", one(value["joint"], ()) if "joint" in value else every(value.get("joints", []), ()))


def value_layout(value: Any, context: Context) -> Layout:
    """A value as witnesses give it: exact numbers as text, terms, tables, finite laws."""
    if isinstance(value, bool) or value is None:
        return Text(str(value))
    if isinstance(value, int):
        return _number(Fraction(value))
    if isinstance(value, str):
        return _text_value(value, context)
    if isinstance(value, Mapping):
        return _mapping(value, context)
    if isinstance(value, Sequence):
        try:
            return layout_of(from_json(list(value)), context)
        except (Malformed, TypeError, ValueError):
            return _table(value, context)
    return Text(str(value))


def _table(value: Sequence[Any], context: Context) -> Layout:
    """A list is a tuple, a list of equally long lists is a matrix."""
    lists = [v for v in value if isinstance(v, Sequence) and not isinstance(v, str)]
    flat = all(not isinstance(x, (Mapping, Sequence)) or isinstance(x, str) for v in lists for x in v)
    if value and len(lists) == len(value) and flat and len({len(v) for v in lists}) == 1 and lists[0]:
        return Matrix(tuple(tuple(value_layout(x, context) for x in v) for v in lists))
    return parens(joined(",", [value_layout(v, context) for v in value]))


def _mapping(value: Mapping[str, Any], context: Context) -> Layout:
    for key in ("term", "lambda"):
        if key in value:
            return layout_of(from_json(value[key]), context)
    if "table" in value:
        return value_layout(value["table"], context)
    if "v" in value or "b" in value:
        return layout_of(from_json(value), context)
    pairs = [
        row(value_layout(str(k), context), Sign("maps-to"), value_layout(v, context))
        for k, v in value.items()
    ]
    return Fence("{", joined(",", pairs), "}") if pairs else Row((Sign("false"),))


def _text_value(text: str, context: Context) -> Layout:
    """An exact value, a decimal (``-0.25...`` or ``≈ 0.25``), or a line that says both."""
    body = text.strip()
    if body.startswith("≈"):
        return row(Sign("approx"), _text_value(body[1:], context))
    if " ≈ " in body:
        first, last = body.rsplit(" ≈ ", 1)
        return row(_text_value(first, context), Sign("approx"), _text_value(last, context))
    if " = " in body:
        first, last = body.rsplit(" = ", 1)
        return row(_text_value(first, context), Sign("="), _text_value(last, context))
    digits = body.removesuffix("...")
    if "." in digits and digits.lstrip("-").replace(".", "", 1).isdigit():
        size: Layout = Number(digits.lstrip("-"))
        shown = row(Sign("neg"), size) if digits.startswith("-") else size
        return row(shown, Sign("dots")) if body != digits else shown
    term = read_line(body)
    return Text(body) if term is None else layout_of(term, context)


def _number(value: Fraction) -> Layout:
    from .compose import compose
    from ..kernel.term import Num

    return compose(Num(value), Context())[0]
