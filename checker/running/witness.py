"""A counterexample for people: the point in exact numbers, and what each side is worth there.

Runs beside the mint, on a refutation that the mint has just checked; what is computed here is shown,
never relied on, so anything that cannot be computed is simply left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flint import acb

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.evaluate import Number, Table, value
from ..kernel.evidence import Reject
from ..kernel.model import Model, read_model
from ..kernel.term import RELATIONS, App, Term, conjuncts, show
from ..kernel.verdict import Refuted

#: A value whose text is longer than this is given by its decimals only.
MAX_TEXT = 120


def for_people(refuted: Refuted) -> dict[str, Any]:
    """``{"kind": "point", "point": {"p": "1"}, "left": "3", "right": "2"}`` and its kin."""
    data, sequent = refuted.witness, refuted.claim.sequent
    shown: dict[str, Any] = {"kind": str(data.get("kind"))}
    if shown["kind"] == "undefined":
        conditions, k = definedness(sequent.goal, sequent), data.get("condition")
        if isinstance(k, int) and 0 <= k < len(conditions):
            shown["condition"] = show(conditions[k])
        return shown
    try:
        model = read_model(sequent, data)
    except Reject:
        return shown
    shown["point"] = {name: _value_text(v, data, name) for name, v in model.values.items()}
    shown.update(_sides(model, sequent))
    return shown


def _sides(model: Model, sequent: Sequent) -> dict[str, str]:
    """Both sides of the relation that fails."""
    for part in conjuncts(sequent.goal):
        if not (isinstance(part, App) and part.head in RELATIONS):
            return {}
        try:
            if model.truth(part):
                continue
        except Exception:  # noqa: S110  (undefined or unknown: perhaps the sides can still be shown)
            pass
        sides: dict[str, str] = {"relation": part.head}
        closed = model.instance(sequent.with_goal(part)).goal
        for name, side, at_point in zip(("left", "right"), part.args, _args(closed), strict=True):
            text = _side_text(side, at_point, model)
            if text is not None:
                sides[name] = text
        return sides
    return {}


def _args(t: Term) -> tuple[Term, ...]:
    return t.args if isinstance(t, App) else ()


def _side_text(side: Term, at_point: Term, model: Model) -> str | None:
    """Exact if the value is rational; else the closed term and its decimals."""
    try:
        number = value(side, model.values, model.sorts)
    except Exception:
        number = None
    exact = show(at_point)
    if number is None:
        return exact if len(exact) <= MAX_TEXT else None
    text, decimals = number_text(number)
    if not decimals:
        return text
    return f"{exact} = {text}" if len(exact) <= MAX_TEXT and exact != text else text


def number_text(number: Number) -> tuple[str, bool]:
    """The text, and whether it is decimals (of a certified ball) rather than exact.

    >>> from fractions import Fraction
    >>> number_text(Fraction(-1, 3))
    ('-1/3', False)
    """
    if not isinstance(number, acb):
        return str(number), False
    real = number.real.str(12, radius=False)
    if number.imag.is_zero():
        return f"{real}...", True
    return f"{real}... + {number.imag.str(12, radius=False)}...*i", True


def _value_text(v: Any, data: Mapping[str, Any], name: str) -> Any:
    if isinstance(v, Table):
        return _rows(v, ())
    try:
        return show(v)
    except Exception:  # a finite law: as the witness gives it
        point = data.get("point")
        return point.get(name) if isinstance(point, dict) else None


def _rows(table: Table, where: tuple[int, ...]) -> Any:
    if len(where) == len(table.shape):
        return show(table.entries[where])
    return [_rows(table, (*where, k)) for k in range(1, table.shape[len(where)] + 1)]
