"""Front matter: what stands between two lines ``---`` at the top of a Markdown file.

    ---
    title: Sheet 3
    course: ../course.notation
    notation: |
      x, y: real
      n: integer >= 1
    ---

Two forms only: ``key: value`` on a line, and ``key: |`` with an indented block below it.  That is the
part of YAML that a notation block needs; it keeps the place of every line, which a YAML loader does
not hand out for the lines of a block, and it has no tags, anchors or types to abuse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..latex.source import Place

_LINES = 2_000      # of front matter
_KEY = re.compile(r"([A-Za-z][\w-]*)[ \t]*:(?:[ \t]+(.*?))?[ \t]*$")
_BLOCK = re.compile(r"[|>][-+]?$")


@dataclass(frozen=True, slots=True)
class Entry:
    """``value`` of a key, and the place of its first character; ``block``: it stood indented below the key."""

    key: str
    value: str
    place: Place
    block: bool = False


def front_matter(lines: list[str], first_line: int = 1) -> tuple[list[Entry], int]:
    """The entries, and how many lines they take; none and 0 where there is no front matter."""
    if not lines or lines[0].rstrip() != "---":
        return [], 0
    close = next((k for k, line in enumerate(lines[1:_LINES], 1) if line.rstrip() in ("---", "...")), 0)
    if not close:
        return [], 0
    out: list[Entry] = []
    k = 1
    while k < close:
        m = _KEY.match(lines[k])
        if m is None:
            k += 1
            continue
        value, at = m[2] or "", Place(first_line + k, (m.start(2) if m[2] else m.end()) + 1)
        k += 1
        if value and not _BLOCK.match(value):
            out.append(Entry(m[1].lower(), _bare(value), at))
            continue
        begin = k
        while k < close and (not lines[k].strip() or lines[k][0] in " \t"):
            k += 1
        block = lines[begin:k]
        indent = min((len(x) - len(x.lstrip()) for x in block if x.strip()), default=0)
        out.append(Entry(m[1].lower(), "\n".join(x[indent:] for x in block).rstrip(),
                         Place(first_line + begin, indent + 1), True))
    return out, close + 1


def _bare(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else re.sub(r"[ \t]+#.*$", "", value)
