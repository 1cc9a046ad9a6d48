"""Names as people write them: ``alpha_a`` is a Greek letter with a subscript, ``x'1`` is x prime."""

from __future__ import annotations

import re

from .layout import GREEK, Ident, Layout, Number, Script, Sign, joined, row

_TAIL = re.compile(r"^(?P<stem>[^\W\d_]+)(?P<digits>\d+)$")


def name_layout(name: str) -> Layout:
    """A declared or bound name.  Names are untrusted text: printers escape what is in an ``Ident``."""
    stem, _, primes = name.strip().partition("'")
    base, *subs = [part for part in stem.lstrip("\\").split("_") if part] or [stem or name]
    if not subs and (found := _TAIL.match(base)) and is_letter(found["stem"]):
        base, subs = found["stem"], [found["digits"]]
    sub = joined(",", [_part(s) for s in subs]) if subs else None
    sup = prime_marks(int(primes) if primes.isdigit() and int(primes) < 4 else 1) if "'" in name else None
    return Script(_part(base), sub, sup) if sub or sup else _part(base)


def prime_marks(count: int) -> Layout:
    return row(*[Sign("prime")] * count)


def is_letter(text: str) -> bool:
    return len(text) == 1 or text in GREEK


def _part(text: str) -> Layout:
    if text.isascii() and text.isdigit():
        return Number(text)
    return Ident(GREEK[text][0] if text in GREEK else text)
