"""Names as people write them: ``alpha_a`` is a Greek letter with a subscript, ``x'1`` is x prime."""

from __future__ import annotations

import re

from .layout import ACCENTS, GREEK, Accent, Ident, Layout, Number, Script, Sign, joined, parens, row

_TAIL = re.compile(r"^(?P<stem>[^\W\d_]+)(?P<digits>\d+)$")


def name_layout(name: str) -> Layout:
    """A declared or bound name.  Names are untrusted text: printers escape what is in an ``Ident``."""
    stem, _, primes = name.strip().partition("'")
    stem, _, label = stem.partition("^")            # W^(1)
    base, *subs = [part for part in stem.lstrip("\\").split("_") if part] or [stem or name]
    if not subs and (found := _TAIL.match(base)) and is_letter(found["stem"]):
        base, subs = found["stem"], [found["digits"]]
    sub = joined(",", [_part(s) for s in subs]) if subs else None
    sup = _part(label) if label else _marks("'" in name, primes)
    if base.endswith("*") and len(base) > 1 and sup is None:
        base, sup = base.rstrip("*"), Sign("star")
    return Script(_part(base), sub, sup) if sub or sup else _part(base)


def _marks(primed: bool, rest: str) -> Layout | None:
    """``x'`` and ``x'1`` have one mark, ``x''`` and ``x'2`` two; from four on they are counted."""
    if not primed:
        return None
    count = int(rest) if rest.isdigit() else 1 + rest.count("'")
    return prime_marks(count) if 1 <= count <= 3 else parens(Number(str(count)))


def prime_marks(count: int) -> Layout:
    return row(*[Sign("prime")] * count)


def is_letter(text: str) -> bool:
    return len(text) == 1 or text in GREEK


def _part(text: str) -> Layout:
    if text.isascii() and text.isdigit():
        return Number(text)
    if text == "cdot":                              # the family x_i beside a number x: x with its place left open
        return Sign("cdot")
    if text.startswith("∇") and len(text) > 1:      # the derivative of a declared function: ∇f, ∇²f
        second = text.startswith("∇²")
        sign = Script(Sign("nabla"), None, Number("2")) if second else Sign("nabla")
        return row(sign, _part(text[2 if second else 1:]))
    if len(text) > 1 and text[-1] in ACCENTS:       # a letter with a combining accent, from a document in LaTeX
        return Accent(_part(text[:-1]), ACCENTS[text[-1]])
    return Ident(GREEK[text][0] if text in GREEK else text)
