r"""Markdown: headings, lists, displays (``$$``, ```` ```math ````, ``\[``, ``\begin{align}``), formulas in sentences.

markdown-it finds the blocks, by CommonMark's rules and one rule of ours that keeps the lines of a display
together (a line ``- c`` within ``$$`` is no list).  What stands in a block is read here, because a
library's inline tokens have no places, and every formula is to keep its line and column.

In force, as on GitHub and in notebooks: a ``$`` that is not closed, or has a space on one side only, is a
dollar; code and indented code is code.  ```` ```notation ````, the front matter's key ``notation`` and
``<!-- notation: ... -->`` declare names; ``<!-- checker: expected=refuted -->`` marks the next display.
HTML is not read, but for the words and formulas between its tags.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token as Block

from ..latex import limits
from ..latex.characters import visible
from ..latex.source import Place, Unread
from ..latex.tokens import Source
from .builder import Builder
from .files import Files
from .front import front_matter
from .gate import text_of
from .rows import DISPLAYS
from .shared import read_course, take_macros
from .spans import dollars, until

_EVENT = re.compile(r"""
    (?P<code> `+ )
  | (?P<comment> <!-- )
  | \\begin \s* \{ (?P<begin> [^{}\n]* ) \}
  | (?P<math> \\{1,2}\[ | \\{1,2}\( | \$\$? )
  | (?P<tag> </?[A-Za-z][^<>\n]{0,200}> )
  | \\ (?P<escaped> [!-/:-@\[-`{-~] )
  | (?P<emphasis> \*{1,3} | (?<!\w)_{1,2} | _{1,2}(?!\w) )
""", re.VERBOSE | re.DOTALL)
_OPENING = re.compile(r"\$\$|\\{1,2}\[|\\begin\s*\{([^{}\n]*)\}")
_HEADING_LINE = re.compile(r"#{1,6}[ \t]")
_ID = re.compile(r"\s*\{\s*#([\w:.-]+)[^{}]*\}\s*$")
_COMMENT_KEY = re.compile(r"\s*(notation|checker)\s*:[ \t]*\n?", re.IGNORECASE)
_BOLD = re.compile(r"\s*(?:\*\*|__)([^*_\n]{1,80})(?:\*\*|__)")
_PERSONAL = frozenset(("author", "authors", "name", "student", "email"))     # names of people are not kept
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "nbsp": " "}
_ENTITY = re.compile("&(" + "|".join(_ENTITIES) + ");")
_NESTING = 16       # lists and quotations within each other, two levels for a list
_FORMULA_LIKE = re.compile(r"[\\^_={}<>]")


def read_markdown(name: str, files: Files) -> Builder:
    """The document in a file.  Raises ``Unread`` where nothing of it can be read."""
    builder = Builder(name)
    read_text(builder, files, text_of(files.read(name)), name)
    return builder


def read_text(builder: Builder, files: Files, text: str, name: str, before: int = 0) -> None:
    """A Markdown text whose first line is number ``before + 1``."""
    walk = _Walk(builder, files, text, name.rpartition("/")[0], before)
    walk.blocks()
    builder.paragraph()


def _display_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """markdown-it's rule for a display: from its opening line to the line with its closing."""
    if state.is_code_block(start):
        return False
    line = state.src[state.bMarks[start] + state.tShift[start]: state.eMarks[start]]
    m = _OPENING.match(line)
    if m is None or (m[1] is not None and m[1].strip() not in DISPLAYS):
        return False
    closing = rf"\end{{{m[1].strip()}}}" if m[1] is not None else {"[": m[0][:-1] + "]"}.get(m[0][-1], "$$")
    rest = line[m.end():]
    last = start
    while closing not in rest:
        last += 1
        if last >= end or (state.sCount[last] < state.blkIndent and not state.isEmpty(last)):
            return False
        rest = state.src[state.bMarks[last] + state.tShift[last]: state.eMarks[last]]
        if _HEADING_LINE.match(rest) or (m[0] != "$$" and rest.startswith(m[0])):
            return False
    if not silent:
        token = state.push("display", "", 0)
        token.map = [start, last + 1]
        token.content = state.getLines(start, last + 1, state.blkIndent, False)
    state.line = last + 1
    return True


def _depth_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """markdown-it skips what is nested deeper than its limit, and all behind it; here a line at a time is refused."""
    if state.level < _NESTING:
        return False
    if not silent:
        state.push("too_deep", "", 0).map = [start, start + 1]
    state.line = start + 1
    return True


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": 2 * _NESTING}).disable("reference")
    parser.block.ruler.before("code", "depth", _depth_rule)
    parser.block.ruler.before("fence", "display", _display_rule, {"alt": ["paragraph", "blockquote", "list"]})
    parser.core.ruler.enableOnly(["block"])
    return parser


class _Walk:
    def __init__(self, builder: Builder, files: Files, text: str, folder: str, before: int) -> None:
        self.b, self.files, self.folder, self.before = builder, files, folder, before
        self.deep = False               # said once
        self.lines = text.split("\n")
        taken = self._front()
        self.text = "\n".join([""] * taken + self.lines[taken:])

    def _front(self) -> int:
        entries, taken = front_matter(self.lines, self.before + 1)
        for e in entries:
            if e.key == "notation" and e.block:
                self.b.declare(take_macros(e.value, e.place, self.b.macros), e.place)
            elif e.key in ("notation", "course"):
                read_course(self.b, self.files, e.value, self.folder, e.place)
            elif e.key == "macros":
                take_macros(e.value, e.place, self.b.macros)
            elif near := difflib.get_close_matches(e.key, ("notation", "course"), 1, 0.85):
                self.b.refuse_part(Unread("front-matter", f"the front matter's {e.key} says nothing here", e.place,
                                          f"did you mean {near[0]}?"), Source.of(e.key, e.place, self.b.now))
            elif e.key not in _PERSONAL:
                self.b.meta[e.key] = visible(e.value, 2_000)
        return taken

    def blocks(self) -> None:
        blocks = _parser().parse(self.text)
        for k, block in enumerate(blocks):
            self._block(block, blocks[k - 1] if k else None)

    def _block(self, t: Block, before: Block | None) -> None:
        b = self.b
        match t.type:
            case "inline" if before is not None and before.type == "heading_open":
                self._heading(t, int(before.tag[1:]))
            case "inline" | "html_block":
                self._flow(self._source(t))
                b.paragraph()
            case "display":
                self._flow(self._source(t), blanks=True)
                b.paragraph()
            case "fence":
                self._fence(t)
            case "too_deep":
                self._too_deep(t)
            case "bullet_list_open":
                b.begin_list("bullets")
            case "ordered_list_open":
                b.begin_list("ordered", int(t.attrs.get("start", 1)))
            case "list_item_open":
                b.next_item()
            case "bullet_list_close" | "ordered_list_close":
                b.end_list()

    def _source(self, t: Block, skip: int = 0) -> Source:
        """A block's text, with the place of each of its lines in the file."""
        first = (t.map[0] if t.map else 0) + skip
        starts, places, length = [], [], 0
        for k, line in enumerate(t.content.split("\n")):
            raw = self.lines[first + k] if first + k < len(self.lines) else ""
            column = len(raw) - len(line) if raw.endswith(line) else max(0, raw.find(line))
            starts.append(length)
            places.append(Place(self.before + first + k + 1, column + 1))
            length += len(line) + 1
        return Source(t.content, tuple(starts), tuple(places), self.b.now)

    def _heading(self, t: Block, level: int) -> None:
        m = _ID.search(t.content)
        title = t.content[: m.start()] if m else t.content
        self.b.heading(title.replace("**", "").replace("$", ""), level, self._source(t).place(0), m[1] if m else "")

    def _too_deep(self, t: Block) -> None:
        place = Place(self.before + (t.map[0] if t.map else 0) + 1, 1)
        if not self.deep:
            self.b.refuse_part(Unread("depth", "lists and quotations within each other, too deep to be read", place,
                                      "write it without indenting"), Source.of("", place, self.b.now))
        self.deep = True

    def _fence(self, t: Block) -> None:
        kind = (t.info.split() or [""])[0].lower()
        if kind not in ("math", "notation"):
            return
        source = self._source(t, skip=1)
        self.b.paragraph()
        if kind == "math":
            self.b.display("display", source, source.place(0))
        else:
            self._declare(source)

    def _declare(self, source: Source) -> None:
        first = source.place(0)
        self.b.declare(take_macros(source.text.rstrip(), first, self.b.macros), first)

    # --- what stands in a block --------------------------------------------------------------------

    def _flow(self, source: Source, blanks: bool = False) -> None:
        if "&" in source.text:      # entities, replaced by as many characters: the places stay
            source = replace(source, text=_ENTITY.sub(lambda m: _ENTITIES[m[1]].ljust(len(m[0])), source.text))
        text, at, end = source.text, 0, len(source.text)
        if end > limits.DISPLAY_CHARACTERS:
            self.b.refuse_part(Unread("too-long", f"a paragraph of {end:,} characters; {limits.DISPLAY_CHARACTERS:,} "
                                      "are read", source.place(0), "break it into several"), source)
            return
        if (m := _BOLD.match(text)) is not None and self.b.bold(m[1], source.place(0)):
            at = m.end()
        while at < end and not self.b.full and not self.b.section_full:
            m = _EVENT.search(text, at)
            self.b.words(text[at: m.start() if m else end], source.place(at))
            if m is None:
                break
            at = self._event(source, m, blanks)

    def _event(self, source: Source, m: re.Match[str], blanks: bool) -> int:
        b, end = self.b, len(source.text)
        if m["code"] is not None:
            return self._code(source, m)
        if m["comment"] is not None:
            close = source.text.find("-->", m.end())
            if close >= 0:
                self._comment(source.cut(m.end(), close))
            return close + 3 if close >= 0 else end
        if m["begin"] is not None:
            name = m["begin"].strip()
            if name not in DISPLAYS:
                near = difflib.get_close_matches(name, DISPLAYS, 1, 0.75)
                b.refuse_part(Unread("environment", rf"\begin{{{visible(name, 40)}}} does not stand in a display",
                                     source.place(m.start()), (f"did you mean {near[0]}? Else " if near else "")
                                     + "write it within $$ ... $$"), source.cut(m.start(), end))
                return end
            span = until(source, m.start(), m.end(), end, rf"\\end\s*\{{{re.escape(name)}\}}", m[0])
            if span.fault is not None:
                b.refuse_part(span.fault, span.inner)
            else:
                b.display(name, span.inner, source.place(m.start()))
            return span.behind
        elif m["math"] is not None:
            return self._math(source, m, blanks)
        elif m["escaped"] is not None:
            b.words(m["escaped"], source.place(m.start()))
        elif m["tag"] is not None:
            b.words(" ", source.place(m.start()))
        return m.end()

    def _math(self, source: Source, m: re.Match[str], blanks: bool) -> int:
        b, text, end, opening = self.b, source.text, len(source.text), m["math"]
        here = source.place(m.start())
        if opening == "$" and text.startswith("`", m.end()):       # GitHub's $`...`$
            close = text.find("`$", m.end() + 1)
            if close > 0:
                b.formula(source.cut(m.end() + 1, close))
                return close + 2
        if opening == "$":
            span = dollars(source, m.start(), end, markdown=True)
            inner = span.inner.text
            if span.fault is not None and _FORMULA_LIKE.search(inner):
                b.refuse(span.fault, span.inner)
                return span.behind
            spaced = inner[:1].isspace() != inner[-1:].isspace()
            if span.fault is not None or spaced or text[span.behind: span.behind + 1].isdigit():
                b.words("$", here)
                return m.end()
            b.formula(span.inner)
            return span.behind
        if opening == "$$":
            span = dollars(source, m.start(), end, blanks, markdown=True)
        else:
            closing = re.escape(opening[:-1] + {"[": "]", "(": ")"}[opening[-1]])
            span = until(source, m.start(), m.end(), end, closing, opening)
        return b.span(span, opening.endswith("("), here)

    def _code(self, source: Source, m: re.Match[str]) -> int:
        """A span of code is words."""
        text, ticks = source.text, m["code"]
        close = re.compile(rf"(?<!`){ticks}(?!`)").search(text, m.end())
        if close is None:
            return m.end()
        self.b.words(text[m.end(): close.start()], source.place(m.end()))
        return close.end()

    def _comment(self, source: Source) -> None:
        key = _COMMENT_KEY.match(source.text)
        if key is None:
            return
        rest = source.cut(key.end(), len(source.text))
        if key[1].lower() == "checker":
            self.b.mark(" ".join(rest.text.split()))
        elif "\n" not in key[0] and re.fullmatch(r"[\w./-]+", rest.text.strip()):
            read_course(self.b, self.files, rest.text.strip(), self.folder, rest.place(0))
        else:
            self._declare(rest)
