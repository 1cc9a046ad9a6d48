"""A document's Markdown, read into blocks.

Markdown --(markdown-it)--> tokens --(the walk below)--> blocks.  Only what the walk knows reaches a
report: no raw HTML, no images, links to http(s) and to places in the document only.  Formulas are
read by ``mathread``; one that is not understood is shown as code.

``{{ claim("id") }}`` alone in a paragraph is the place of a claim; inside a sentence it names the
claim.  ``{{ plot("id") }}`` alone in a paragraph is the place of a plot.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from .blocks import (
    Block, Code, CodeBlock, Emph, Grid, Heading, Inline, Items, Link, Math, Para, PlotSlot, Quote, Ref,
    Slot, Str, Strong,
)
from .mathread import Unreadable, read_tex

_SLOT = re.compile(r"\{\{\s*(claim|plot)\(\s*[\"']([^\"'{}]{1,120})[\"']\s*\)\s*\}\}")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 40})
    return parser.enable("table").disable("image").use(dollarmath_plugin, double_inline=True)


def read_prose(source: str) -> list[Block]:
    """The blocks of a Markdown text."""
    tokens = _parser().parse(source)
    blocks, end = _blocks(tokens, 0, None)
    return [b for b in blocks if end or b]


def read_line(source: str) -> tuple[Inline, ...]:
    """A sentence or two of Markdown (a claim's text, an erratum) as one line, with a full stop."""
    words = source.strip()
    if words and words[-1] not in ".!?:":
        words += "."
    out: list[Inline] = []
    for block in read_prose(words):
        items = block.items if isinstance(block, (Para, Heading)) else (Str(words),)
        out += [Str(" "), *items] if out else items
    return tuple(out)


def _blocks(tokens: Sequence[Token], k: int, until: str | None) -> tuple[list[Block], int]:
    out: list[Block] = []
    while k < len(tokens):
        token = tokens[k]
        if token.type == until:
            return out, k + 1
        match token.type:
            case "paragraph_open":
                out += _paragraph(_line(tokens[k + 1]))
                k += 3
            case "heading_open":
                out.append(Heading(int(token.tag[1:]), _line(tokens[k + 1])))
                k += 3
            case "bullet_list_open" | "ordered_list_open":
                ordered = token.type.startswith("ordered")
                items, k = _items(tokens, k + 1, token.type.replace("open", "close"))
                out.append(Items(ordered, items))
            case "blockquote_open":
                inside, k = _blocks(tokens, k + 1, "blockquote_close")
                out.append(Quote(tuple(inside)))
            case "fence" | "code_block" | "html_block":
                out.append(CodeBlock(token.content.rstrip("\n")))
                k += 1
            case "math_block" | "math_block_label":
                out.append(Para((_formula(token.content, True),)))
                k += 1
            case "table_open":
                grid, k = _table(tokens, k + 1)
                out.append(grid)
            case _:
                k += 1
    return out, k


def _items(tokens: Sequence[Token], k: int, until: str) -> tuple[tuple[tuple[Block, ...], ...], int]:
    items: list[tuple[Block, ...]] = []
    while k < len(tokens) and tokens[k].type != until:
        if tokens[k].type == "list_item_open":
            inside, k = _blocks(tokens, k + 1, "list_item_close")
            items.append(tuple(inside))
        else:
            k += 1
    return tuple(items), k + 1


def _table(tokens: Sequence[Token], k: int) -> tuple[Grid, int]:
    rows: list[list[tuple[Inline, ...]]] = []
    while k < len(tokens) and tokens[k].type != "table_close":
        if tokens[k].type == "tr_open":
            rows.append([])
        elif tokens[k].type == "inline":
            rows[-1].append(_line(tokens[k]))
        k += 1
    return Grid(tuple(tuple(r) for r in rows)), k + 1


def _paragraph(items: tuple[Inline, ...]) -> list[Block]:
    """A paragraph; if it holds nothing but slots, the slots."""
    solid = [i for i in items if not (isinstance(i, Str) and not i.text.strip())]
    if solid and all(isinstance(i, (Ref, _Plot)) for i in solid):
        return [
            Slot(i.id) if isinstance(i, Ref) else PlotSlot(i.id) for i in solid if isinstance(i, (Ref, _Plot))
        ]
    return [Para(tuple(Ref(i.id) if isinstance(i, _Plot) else i for i in items))]


class _Plot(Ref):
    """A plot's slot, before it is known whether it stands alone."""


def _line(token: Token) -> tuple[Inline, ...]:
    items, _ = _inlines(token.children or [], 0, None)
    return tuple(items)


def _inlines(tokens: Sequence[Token], k: int, until: str | None) -> tuple[list[Inline], int]:
    out: list[Inline] = []
    while k < len(tokens):
        token = tokens[k]
        if token.type == until:
            return out, k + 1
        match token.type:
            case "text" | "text_special" | "html_inline":
                out += _text(token.content)
                k += 1
            case "softbreak" | "hardbreak":
                out.append(Str("\n"))
                k += 1
            case "code_inline":
                out.append(Code(token.content))
                k += 1
            case "math_inline" | "math_inline_double" | "math_single":
                out.append(_formula(token.content, token.type == "math_inline_double"))
                k += 1
            case "em_open" | "strong_open" | "link_open":
                inside, k = _inlines(tokens, k + 1, token.type.replace("open", "close"))
                out.append(_wrapped(token, tuple(inside)))
            case _:
                out += _text(token.content)
                k += 1
    return out, k


def _wrapped(token: Token, inside: tuple[Inline, ...]) -> Inline:
    if token.type == "em_open":
        return Emph(inside)
    if token.type == "strong_open":
        return Strong(inside)
    href = str(token.attrs.get("href", ""))
    safe = re.fullmatch(r"https?://[A-Za-z0-9./_~:?#@!$&'()*+,;=%-]+", href)
    return Link(inside, href) if safe else Emph(inside)


def _text(content: str) -> list[Inline]:
    out: list[Inline] = []
    place = 0
    for found in _SLOT.finditer(content):
        if content[place:found.start()]:
            out.append(Str(content[place:found.start()]))
        out.append(Ref(found[2]) if found[1] == "claim" else _Plot(found[2]))
        place = found.end()
    return [*out, Str(content[place:])] if content[place:] else out


def _formula(source: str, display: bool) -> Inline:
    try:
        return Math(read_tex(source.strip()), display)
    except Unreadable:
        return Code(source.strip())
