r"""A display to rows: its environments, cut at ``\\``, labels and tags taken off, macros expanded.

Each row is read by itself, so that a row that is refused does not take its neighbours along.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..latex import limits
from ..latex.characters import visible
from ..latex.source import Token, Unread
from ..latex.tokens import Source, group, tokenize
from .macros import Macros
from .pages import Inline, Refused, Row

#: Environments that display formulas; with the number of arguments that stand behind \begin{...}.
DISPLAYS: dict[str, int] = {
    "align": 0, "align*": 0, "aligned": 0, "alignat": 1, "alignat*": 1, "alignedat": 1, "xalignat": 1, "xalignat*": 1,
    "flalign": 0, "flalign*": 0, "equation": 0, "equation*": 0, "displaymath": 0, "math": 0, "gather": 0, "gather*": 0,
    "gathered": 0, "multline": 0, "multline*": 0, "multlined": 0, "split": 0, "eqnarray": 0, "eqnarray*": 0,
    "dmath": 0, "dmath*": 0, "IEEEeqnarray": 1, "IEEEeqnarray*": 1, "array": 1,
}
#: ... those that may be all there is within another: \[ \begin{aligned} ... \end{aligned} \].
INNER = frozenset(("aligned", "alignedat", "split", "gathered", "multlined", "array",
                   "align", "align*", "alignat", "alignat*", "flalign", "flalign*", "equation", "equation*",
                   "gather", "gather*", "multline", "multline*", "eqnarray", "eqnarray*"))

_CUT = re.compile(r"""
    %[^\n]*
  | \\begin\s*\{(?P<begin>[^{}\n]*)\} | \\end\s*\{(?P<end>[^{}\n]*)\}
  | (?P<row> (?: \\\\ \*? (?: \[ \s* [-+]? \s* [\d.]+ \s* (?:pt|em|ex|mu|cm|mm|in|\\jot|\\baselineskip) \s* \] )?
               | \\(?: newline | cr | tabularnewline)(?![A-Za-z]) ) )
  | (?P<said> \\ (?:short)?intertext (?![A-Za-z]) )
  | \\(?:[A-Za-z]+|.) | [{}]
""", re.VERBOSE | re.DOTALL)
_BEGIN = re.compile(r"\s*(?:%[^\n]*\n\s*)*\\begin\s*\{([^{}\n]*)\}")
_POSITION = re.compile(r"\s*\[[a-zA-Z]*\]")
_MARKS = re.compile(r"\\label\s*\{[^{}]*\}|\\tag\*?\s*\{[^{}]*\}|\\(?:nonumber|notag)(?![A-Za-z])")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*\n?")
_PUNCTUATION = re.compile(r"(?:[\s.,;&]|\\[,;:! ]|\\q?quad(?![A-Za-z])|%[^\n]*(?:\n|$)"
                          r"|\\label\s*\{[^{}]*\}|\\tag\*?\s*\{[^{}]*\}|\\(?:nonumber|notag|qedhere)(?![A-Za-z]))*")
_DROPPED = frozenset((r"\nonumber", r"\notag"))


def rows(environment: str, source: Source, macros: Macros) -> tuple[str, tuple[Row | Refused, ...]]:
    """The innermost environment of a display, and its rows.  Raises ``Unread`` if it is too long."""
    if len(source.text) > limits.DISPLAY_CHARACTERS:
        raise Unread("too-long", f"this display has {len(source.text):,} characters; "
                     f"{limits.DISPLAY_CHARACTERS:,} are read", source.place(0), "break it into several displays")
    source = _behind_arguments(environment, source)
    for _ in range(4):
        inner = _unwrapped(source)
        if inner is None:
            break
        environment, source = inner
    out: list[Row | Refused] = []
    for part in _cut(source):
        out.extend(_row(part, macros))
    return environment, tuple(out)


def inline(source: Source, macros: Macros) -> Inline | Refused:
    """A formula of a sentence."""
    try:
        tokens = macros.expand(_without_marks(tokenize(source)))
    except Unread as refusal:
        return refused(refusal, source)
    return Inline(tokens, source.text.strip(), source.place(0))


def refused(refusal: Unread, source: Source, limit: int = 400) -> Refused:
    """A refusal as a part of a page; its text can be printed whatever the source holds."""
    return Refused(refusal.code, visible(refusal.message), refusal.place or source.place(0), visible(refusal.hint),
                   visible(source.text.strip(), limit), source.file)


def _behind_arguments(environment: str, source: Source) -> Source:
    at = 0
    if (m := _POSITION.match(source.text)) is not None and environment in DISPLAYS:
        at = m.end()
    for _ in range(DISPLAYS.get(environment, 0)):
        opened = re.compile(r"\s*(?=\{)").match(source.text, at)
        close = group(source.text, opened.end()) if opened else -1
        if close > 0:
            at = close
    return source.cut(at, len(source.text))


def _unwrapped(source: Source) -> tuple[str, Source] | None:
    r"""The environment that is all there is in the source, but for punctuation behind it, and what it holds.

    With words before it (``L = \begin{aligned} ...``) the first row begins with them.
    """
    depth, first = 0, None
    for m in _CUT.finditer(source.text):
        found = m[0]
        if found == "{":
            depth += 1
        elif found == "}":
            depth -= 1
        elif m["row"] and depth == 0 and first is None:
            return None
        elif found in (r"\left", r"\right", r"\bigl", r"\big", r"\Big", r"\Bigl", r"\{", r"\lbrace") and first is None:
            return None                      # a system in a brace, or a matrix
        elif m["begin"] is not None:
            name = m["begin"].strip()
            if depth == 0 and first is None:
                if name not in INNER or (name == "array" and source.text[: m.start()].strip()):
                    return None
                first = (name, m)
            depth += 1
        elif m["end"] is not None:
            depth -= 1
            if depth == 0 and first is not None:
                name, begin = first
                if not _PUNCTUATION.fullmatch(source.text, m.end()):
                    return None
                body = _behind_arguments(name, source.cut(begin.end(), m.start()))
                before, behind = source.text[: begin.start()], source.text[m.end():]
                if not before.strip() and not behind.strip(" \t\n.,;"):
                    return name, body
                return name, Source.join((source.cut(0, begin.start()), body, source.cut(m.end(), len(source.text))))
    return None


def _cut(source: Source) -> list[Source]:
    r"""At each ``\\`` that stands in no brace and in no inner environment; an \intertext is a row of its own."""
    out, last, braces, inner = [], 0, 0, 0
    closing: list[int] = []          # ends of the \intertext groups, to be cut behind
    for m in _CUT.finditer(source.text):
        found = m[0]
        if closing and m.start() >= closing[-1]:
            out.append(source.cut(last, closing[-1]))
            last = closing.pop()
        if found == "{":
            braces += 1
        elif found == "}":
            braces -= 1
        elif m["begin"] is not None:
            inner += 1
        elif m["end"] is not None:
            inner = max(0, inner - 1)
        elif m["row"] and braces == 0 and inner == 0:
            out.append(source.cut(last, m.start()))
            last = m.end()
        elif m["said"] and braces == 0 and inner == 0:
            opened = source.text.find("{", m.end())
            close = group(source.text, opened) if opened >= 0 else -1
            if close > 0:
                out.append(source.cut(last, m.start()))
                last = m.start()
                closing.append(close)
    if closing:
        out.append(source.cut(last, closing[-1]))
        last = closing.pop()
    out.append(source.cut(last, len(source.text)))
    if braces != 0 or inner != 0:            # then the row with the odd brace is to be named, not the whole display
        out, last = [], 0
        for m in _CUT.finditer(source.text):
            if m["row"]:
                out.append(source.cut(last, m.start()))
                last = m.end()
        out.append(source.cut(last, len(source.text)))
    return out


def _without_marks(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Without labels, tags and \\nonumber."""
    return tuple(_unmarked(tokens, {}))


def _unmarked(tokens: tuple[Token, ...], found: dict[str, str]) -> Iterator[Token]:
    k = 0
    while k < len(tokens):
        t = tokens[k]
        named = k + 2 < len(tokens) and tokens[k + 2].kind == "text"
        if named and t.kind == "command" and t.text in (r"\label", r"\tag"):
            found[t.text] = tokens[k + 2].text
            k += 4
            continue
        if not (t.kind == "command" and t.text in _DROPPED):
            yield t
        k += 1


def _row(source: Source, macros: Macros) -> Iterator[Row | Refused]:
    found: dict[str, str] = {}
    written = " ".join(_MARKS.sub("", _COMMENT.sub("", source.text)).split())
    if not written:
        return
    try:
        tokens = macros.expand(tuple(_unmarked(tokenize(source), found)))
        tokens = tuple(_unmarked(tokens, found))
        _environments(tokens)
    except Unread as refusal:
        yield refused(refusal, source)
        return
    if not any(t.text != "&" and t.kind != "symbol" or t.text not in "&.,;" for t in tokens):
        return
    label, tag = found.get(r"\label", ""), found.get(r"\tag", "").strip("$ ")
    for part in _lines(tokens):
        yield Row(part, written, part[0].place, source.file, label, tag)


def _environments(tokens: tuple[Token, ...]) -> None:
    r"""Raises ``Unread`` where \begin and \end do not match."""
    names: list[Token] = []
    for k, t in enumerate(tokens):
        if t.kind == "command" and t.text in (r"\begin", r"\end"):
            name = tokens[k + 2] if k + 2 < len(tokens) and tokens[k + 1].text == "{" else t
            if t.text == r"\begin":
                names.append(name)
            elif not names or names.pop().text != name.text:
                raise Unread("unclosed", rf"\end{{{visible(name.text, 40)}}} does not close what is open", t.place)
    if names:
        raise Unread("unclosed", rf"\begin{{{visible(names[-1].text, 40)}}} is not closed", names[-1].place,
                     rf"add \end{{{visible(names[-1].text, 40)}}}")


def _lines(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    r"""Cut once more where a macro brought a ``\\``."""
    braces, inner, last = 0, 0, 0
    for k, t in enumerate(tokens):
        if t.kind == "symbol":
            braces += {"{": 1, "}": -1}.get(t.text, 0)
        elif t.kind == "command":
            inner += {r"\begin": 1, r"\end": -1}.get(t.text, 0)
            if t.text == r"\\" and braces == 0 and inner == 0:
                if k > last:
                    yield tokens[last:k]
                last = k + 1
    if last < len(tokens):
        yield tokens[last:]
