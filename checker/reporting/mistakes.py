"""What slip a refuted line looks like, in a sentence: the repair that was tested and proved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..kernel.term import App, Malformed, from_json
from ..records import Decision
from .blocks import Code, Emph, Inline, Link, Math, Ref, Str, Strong
from .compose import layout as layout_of
from .context import Context, context_of
from .latex import latex
from .sentences import say
from .text import spell

#: The kinds of engines/repairs.py, as people call them.
NAMES: Mapping[str, str] = {
    "sign": "a sign", "factor": "a factor", "exponent": "an exponent", "number": "a number", "bound": "a bound",
    "index": "an index", "name": "a name", "term-missing": "a missing term", "term-extra": "a term too many",
    "inverted": "an inverted fraction", "swapped": "swapped arguments",
    "operation": "a sum for a product, or the reverse",
    "function": "a function", "transposed": "a transposition", "inner-derivative": "the inner derivative",
    "direction": "the direction of the relation", "strictness": "a strict relation", "condition": "a missing condition",
    "gains": "the step gains solutions", "loses": "the step loses solutions",
}


def repair_sentence(decision: Decision, context: Context | None = None) -> tuple[Inline, ...]:
    """The sentence about the repair, () if there is none."""
    context = context or context_of(decision.stated.claim)
    read = _read(decision)
    if read is None:
        return ()
    kind, old, new, statement = read
    right = statement.args[1] if isinstance(statement, App) and len(statement.args) == 2 else statement
    if kind in ("direction", "strictness", "condition", "gains", "loses", "term-missing"):
        frame = f"repair_{kind.replace('-', '_')}"
        return say(frame, context, new=new, statement=statement, right=layout_of(right, context))
    return say("repair", context, mistake=NAMES[kind], old=old, new=new)


def repair_text(decision: Decision) -> str:
    """The same as plain text, "" if there is none."""
    return plain(repair_sentence(decision))


def as_json(decision: Decision) -> dict[str, Any] | None:
    """For programs: the kind, the parts as LaTeX, and the sentence."""
    read = _read(decision)
    if read is None:
        return None
    kind, old, new, statement = read
    context = context_of(decision.stated.claim)
    return {"kind": kind, "name": NAMES[kind], "old": None if old is None else latex(old, context),
            "new": latex(new, context), "statement": latex(statement, context), "text": repair_text(decision)}


def _read(decision: Decision) -> tuple[str, Any, Any, Any] | None:
    data = decision.repair
    if not data or data.get("kind") not in NAMES:
        return None
    try:
        old = None if data["old"] is None else from_json(data["old"])
        return str(data["kind"]), old, from_json(data["new"]), from_json(data["statement"])
    except (KeyError, Malformed):
        return None


def plain(parts: Sequence[Inline]) -> str:
    """A sentence as text."""
    def one(p: Inline) -> str:
        match p:
            case Math(formula):
                return spell(formula)
            case Str(words) | Code(words) | Ref(words):
                return words
            case Emph(items) | Strong(items) | Link(items):
                return plain(items)

    return "".join(map(one, parts))
