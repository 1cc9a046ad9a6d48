"""Wide formulas over several lines, broken where a person would break them.

A line ends after a quantifier's colon, before a connective, before a relation, and only then before
a plus or minus sign.  A fraction, a root or a bracket is never broken (a page makes it smaller).
"""

from __future__ import annotations

from collections.abc import Callable

from .layout import SIGNS, Layout, Lines, Row, Sign, Space, Text, row, width

LIMIT = 72.0
_LEVELS = (("iff",), ("implies",), ("or",), ("and",))
_EMPTY = Row(())


def broken(layout: Layout, limit: float = LIMIT) -> Layout:
    """``layout`` as one display; over several lines if it is wider than ``limit``."""
    if width(layout) <= limit or not isinstance(layout, Row):
        return layout
    aligned = _aligned(layout, limit)
    if aligned is not None:
        return aligned
    lines = _lines(layout.items, limit)
    return Lines(tuple((_EMPTY, line) for line in lines)) if len(lines) > 1 else layout


def _aligned(layout: Row, limit: float) -> Lines | None:
    """A short left side stands beside the first relation, the others below it."""
    if _prefix(layout.items) or any(len(_split(layout.items, _one_of(keys))) > 1 for keys in _LEVELS):
        return None
    first, *rest = _split(layout.items, _is_relation)
    if not rest or width(row(*first)) > limit * 0.4:
        return None
    rows: list[tuple[Layout, Layout]] = []
    for piece in rest:
        for line in _filled(piece, limit * 0.75):
            rows.append((_EMPTY if rows else row(*first), line))
    return Lines(tuple(rows))


def _lines(items: tuple[Layout, ...], limit: float) -> list[Layout]:
    while items and isinstance(items[0], Space):
        items = items[1:]
    whole = row(*items)
    if width(whole) <= limit:
        return [whole]
    if prefix := _prefix(items):
        return [*_prefix_lines(items[:prefix], limit), *_lines(items[prefix:], limit)]
    for keys in _LEVELS:
        pieces = _split(items, _one_of(keys))
        if len(pieces) > 1:
            return [line for piece in pieces for line in _led(piece, limit)]
    pieces = _split(items, _is_relation)
    if len(pieces) > 1:
        return [
            line if n == 0 and k == 0 else row(Space("quad"), line)
            for k, piece in enumerate(pieces) for n, line in enumerate(_filled(piece, limit))
        ]
    return _filled(list(items), limit)


def _led(piece: list[Layout], limit: float) -> list[Layout]:
    """A connective, and what it connects, which may need lines of its own."""
    if isinstance(piece[0], Sign) and any(piece[0].key in keys for keys in _LEVELS):
        first, *rest = _lines(tuple(piece[1:]), limit)
        return [row(piece[0], Space("thin"), first), *(row(Space("quad"), line) for line in rest)]
    return _lines(tuple(piece), limit)


def _filled(piece: list[Layout], limit: float) -> list[Layout]:
    """Lines broken before plus and minus signs, each as full as it gets; later ones are indented."""
    out: list[Layout] = []
    for part in _split(tuple(piece), _is_binary):
        joined = row(out[-1], *part) if out else row(*part)
        if out and width(joined) > limit:
            out.append(row(Space("quad"), *part))
        elif out:
            out[-1] = joined
        else:
            out.append(joined)
    return out


def _prefix(items: tuple[Layout, ...]) -> int:
    """How many items the leading quantifier takes, with its colon."""
    if not (items and isinstance(items[0], Sign) and items[0].key in ("forall", "exists")):
        return 0
    return next((k + 1 for k, item in enumerate(items) if item == Sign(":")), 0)


def _prefix_lines(items: tuple[Layout, ...], limit: float) -> list[Layout]:
    out: list[Layout] = []
    for part in _split(items, lambda sign: sign.key == ",", after=True):
        joined = row(out[-1], *part) if out else row(*part)
        if out and width(joined) > limit:
            out.append(row(Space("quad"), *part))
        elif out:
            out[-1] = joined
        else:
            out.append(joined)
    return out


def source_lines(node: Row) -> list[Row]:
    """A row cut where its source may have line ends: after the quantifiers, then before its loosest
    connectives, or before its relations."""
    prefix = _prefix(node.items)
    body = node.items[prefix:]
    cuts = [_split(body, _one_of(keys)) for keys in _LEVELS]
    pieces = next((c for c in cuts if len(c) > 1), None) or _split(body, _is_relation)
    return [Row(p) for p in ([node.items[:prefix]] if prefix else [])] + [Row(tuple(p)) for p in pieces if p]


def punctuated(layout: Layout, mark: str) -> Layout:
    """A display with a full stop, comma or colon at its end."""
    if isinstance(layout, Lines):
        *rest, (left, right) = layout.rows
        return Lines((*rest, (left, row(right, Text(mark)))))
    return row(layout, Text(mark))


def _one_of(keys: tuple[str, ...]) -> Callable[[Sign], bool]:
    return lambda sign: sign.key in keys


def _is_relation(sign: Sign) -> bool:
    return SIGNS[sign.key][0] == "rel" and sign.key not in ("mid", "typed")


def _is_binary(sign: Sign) -> bool:
    return SIGNS[sign.key][0] == "bin"


def _split(items: tuple[Layout, ...], at: Callable[[Sign], bool], after: bool = False) -> list[list[Layout]]:
    """``items`` cut before (or after) each sign that ``at`` accepts."""
    pieces: list[list[Layout]] = [[]]
    for item in items:
        cut = isinstance(item, Sign) and at(item)
        if cut and not after and pieces[-1]:
            pieces.append([])
        pieces[-1].append(item)
        if cut and after:
            pieces.append([])
    return [p for p in pieces if p]
