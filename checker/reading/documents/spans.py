r"""Where a formula in running text ends, and what to do where it does not.

A formula that is not closed is refused up to the end of its paragraph (a display: up to the next
display or heading), and reading goes on there: so the time stays linear, and the rest is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..latex.source import Place, Unread
from ..latex.tokens import Source

_IN_DOLLARS = re.compile(r"\\.|%[^\n]*|\$\$?|[{}]|\n[ \t]*(?=\n)", re.DOTALL)
_IN_MARKDOWN = re.compile(r"\\.|\$\$?|[{}]|\n[ \t]*(?=\n)", re.DOTALL)
_BLANK = re.compile(r"\n[ \t]*\n")
_STOP = (r"\\(?:part|chapter|section|subsection|subsubsection|paragraph)\*?\s*\{|\\question(?![A-Za-z])"
         r"|\\end\s*\{document\}"
         r"|\\(?:begin|end)\s*\{(?:problem|exercise|question|task|solution|proof|theorem|lemma|proposition|document)\*?\}")


@dataclass(frozen=True, slots=True)
class Span:
    """A formula's own text, and where reading goes on.  ``fault``: it is not closed."""

    inner: Source
    behind: int
    fault: Unread | None = None


def dollars(source: Source, at: int, end: int, blanks: bool = False, markdown: bool = False) -> Span:
    r"""The formula whose ``$`` or ``$$`` stands at an offset; ``\text{a $x$}`` may be in it.

    ``blanks``: an empty line does not end it.  In Markdown a ``%`` does not hide the ``$`` behind it.
    """
    text = source.text
    opening = "$$" if text.startswith("$$", at) else "$"
    begin, depth = at + len(opening), 0
    for m in (_IN_MARKDOWN if markdown else _IN_DOLLARS).finditer(text, begin, end):
        found = m[0]
        if found == "{":
            depth += 1
        elif found == "}":
            depth -= 1
        elif found[0] == "\n" and not blanks:
            return _unclosed(source, at, begin, m.start(), opening)
        elif found == opening or (opening == "$" and found == "$$" and depth <= 0):
            if depth <= 0:
                return Span(source.cut(begin, m.start()), m.start() + len(opening))
    unclosed = _unclosed(source, at, begin, end, opening)
    if depth > 0 and text.find(opening, begin, end) >= 0:
        # the end is there, within braces: it is the brace that is missing
        told = Unread("unclosed", f"a {{ of this formula is not closed before its {opening}", source.place(at), "add }")
        return replace(unclosed, fault=told)
    return unclosed


def until(source: Source, at: int, begin: int, end: int, closing: str, name: str) -> Span:
    r"""The formula from ``begin`` up to a closing pattern: ``\]``, ``\)``, ``\end{align}``.

    ``name``: how its opening, which stands at ``at``, is written.
    """
    pattern = re.compile(rf"%[^\n]*|(?P<close>{closing})|(?P<stop>{_STOP}|{re.escape(name)})|\\.", re.DOTALL)
    for m in pattern.finditer(source.text, begin, end):
        if m["close"] is not None:
            return Span(source.cut(begin, m.start()), m.end())
        if m["stop"] is not None:
            return _unclosed(source, at, begin, m.start(), name)
    blank = _BLANK.search(source.text, begin, end)
    return _unclosed(source, at, begin, blank.start() if blank else end, name)


def _unclosed(source: Source, at: int, begin: int, stop: int, opening: str) -> Span:
    closing = {"$": "$", "$$": "$$", r"\[": r"\]", r"\(": r"\)"}.get(opening, opening.replace(r"\begin", r"\end"))
    place: Place = source.place(at)
    return Span(source.cut(at, stop), max(begin, stop),
                Unread("unclosed", f"{opening} is not closed", place, f"add {closing}"))
