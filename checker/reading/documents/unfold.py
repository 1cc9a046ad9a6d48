r"""Macros that stand for the structure of a document, put in before it is read.

``\def\be{\begin{equation}}``, ``\newcommand{\problem}[1]{\section*{Problem #1}}`` and
``\newenvironment{al}{\begin{align*}}{\end{align*}}`` are common in templates.  They are replaced in the
text; every character keeps its place, and what a macro brought has the place of its use.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from ..latex.source import Unread
from ..latex.tokens import Source, group
from .macros import Macro, Macros, definitions

_STRUCTURE = re.compile(r"\\(?:begin|end|\[|\]|(?:sub)*section|chapter|item|paragraph)(?![a-zA-Z])|\$\$")
_ENVIRONMENT = re.compile(r"\\(?:re)?newenvironment\*?\s*\{([A-Za-z]+\*?)\}(?:\s*\[\d\])?(?:\s*\[[^\]\n]*\])?\s*(?=\{)")
_USE = re.compile(r"\\(?:re)?newenvironment|\\(?P<edge>begin|end)\s*\{(?P<name>[A-Za-z]+\*?)\}"
                  r"|\\[A-Za-z@]+|\\.|%[^\n]*", re.DOTALL)
_GROWTH = 200_000       # characters that the replacements may add


def unfold(source: Source, macros: Macros, known: Collection[str]) -> Source:
    """The source with its structural macros replaced; ``known``: environments that are read as they are."""
    for _ in range(3):
        environments = _environments(source, known)
        structural = {m.name: m for m in _defined(source, macros).values() if _STRUCTURE.search(m.text)}
        if not environments and not structural:
            return source
        source, changed = _replaced(source, structural, environments)
        if not changed:
            break
    return source


def _defined(source: Source, macros: Macros) -> Mapping[str, Macro]:
    found, behind = Macros(dict(macros.defined)), 0
    for m in definitions(source.text):
        if m.start() >= behind:
            try:
                behind = found.define(source, m.start())
            except Unread as refusal:
                if refusal.code == "macros":
                    break
                behind = m.end()
    return found.defined


def _environments(source: Source, known: Collection[str]) -> dict[str, tuple[str, str]]:
    out = {}
    for m in _ENVIRONMENT.finditer(source.text):
        middle = group(source.text, m.end())
        opened = re.compile(r"\s*(?=\{)").match(source.text, middle) if middle > 0 else None
        close = group(source.text, opened.end()) if opened else -1
        if opened and close > 0 and m[1] not in known:
            begin, end = source.text[m.end() + 1: middle - 1], source.text[opened.end() + 1: close - 1]
            if _STRUCTURE.search(begin) and "#" not in begin + end:
                out[m[1]] = (begin, end)
    return out


def _replaced(source: Source, structural: Mapping[str, Macro],
              environments: Mapping[str, tuple[str, str]]) -> tuple[Source, bool]:
    text, pieces, last, skip, added, changed = source.text, [], 0, 0, 0, False
    defined = {m.start() for m in definitions(text)}
    for m in _USE.finditer(text):
        if m.start() < skip or m.start() < last:
            continue
        if m.start() in defined or m[0].endswith("newenvironment"):
            skip = _behind_definition(text, m.end(), 2 if m[0].endswith("newenvironment") else 1)
            continue
        if m["name"] in environments:
            put, behind = [environments[m["name"]][m["edge"] == "end"]], m.end()
        elif m[0] in structural:
            filled = _filled(source, structural[m[0]], m.end())
            if filled is None:
                continue
            put, behind = filled
        else:
            continue
        added += sum(len(p) if isinstance(p, str) else len(p.text) for p in put)
        if added > _GROWTH:
            raise Unread("macro-budget", "the macros of this document expand to too much text", source.place(m.start()))
        pieces.append(source.cut(last, m.start()))
        at = source.place(m.start())
        pieces += [Source(p, (0,), (at,), source.file) if isinstance(p, str) else p for p in put]
        last, changed = behind, True
    pieces.append(source.cut(last, len(text)))
    return (Source.join(pieces), True) if changed else (source, False)


def _behind_definition(text: str, at: int, groups: int) -> int:
    """Behind the body of a definition: its name may stand in braces, which are the first."""
    m = re.compile(r"\*?\s*(?:\{[^{}]*\}|\\[A-Za-z@]+)\s*(?:\[[^\]]*\]|#\d|\s)*").match(text, at)
    at = m.end() if m else at
    for _ in range(groups):
        opened = re.compile(r"\s*(?=\{)").match(text, at)
        close = group(text, opened.end()) if opened else -1
        at = close if close > 0 else at
    return at


def _filled(source: Source, macro: Macro, at: int) -> tuple[list[str | Source], int] | None:
    """The body with its arguments, which keep their places; None if they do not stand there in braces."""
    arguments: list[Source] = []
    for _ in range(max(0, macro.arguments)):
        opened = re.compile(r"\s*(?=\{)").match(source.text, at)
        close = group(source.text, opened.end()) if opened else -1
        if opened is None or close < 0:
            return None
        arguments.append(source.cut(opened.end() + 1, close - 1))
        at = close
    out: list[str | Source] = []
    for piece in re.split(r"(#\d)", macro.text):
        k = int(piece[1]) if re.fullmatch(r"#\d", piece) else 0
        out.append(arguments[k - 1] if 0 < k <= len(arguments) else piece)
    return out, at

