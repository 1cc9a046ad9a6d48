r"""LaTeX documents: preamble, headings, problem environments, lists, displays, formulas in sentences, \input.

One walk over the text with one regular expression; nothing is executed.  What has no meaning for a
checker (figures, tables, listings, spacing) is passed over; what looks like mathematics and cannot be
cut into rows is a ``Refused`` part, and the walk goes on behind it.

Left out: catcode changes, conditionals other than ``\iffalse``, packages that define environments for
problems under other names than those below (``\newtheorem{hausaufgabe}{Exercise}`` is understood by its title).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..latex import limits
from ..latex.source import Place, Unread
from ..latex.tokens import Source, group
from .builder import Builder
from .files import Files, inside
from .gate import text_of
from .macros import defines
from .rows import DISPLAYS
from .shared import read_course, take_macros
from .spans import dollars, until
from .structure import DROPPED, KEPT, LEVELS, LISTS, MEASURED, PARTS, PROBLEM_LEVEL, PROBLEMS, SKIPPED, UNREAD
from .unfold import unfold

_EVENT = re.compile(r"""
    (?P<comment> %[^\n]* )
  | (?P<blank> \n[ \t]*\n\s* )
  | \\begin \s* \{ (?P<begin> [^{}\n]* ) \}
  | \\end \s* \{ (?P<end> [^{}\n]* ) \}
  | (?P<math> \\\[ | \\\( | \$\$? )
  | \\verb\*? (?P<verb> [^A-Za-z\s] )
  | \\ (?P<command> [A-Za-z@]+ ) \*?
  | \\ (?P<escaped> . )
  | (?P<brace> [{}] )
""", re.VERBOSE | re.DOTALL)
_NEXT = re.compile(r"\\(?:(?:sub)*section\*?\s*\{|chapter\*?\s*\{|question(?![A-Za-z])|begin\s*\{(?:"
                   + "|".join(sorted(PROBLEMS)) + r")\*?\})")
_NOTATION = re.compile(r"%+[ \t]*notation[ \t]*:[ \t]*([^\n]*)")
_CHECKER = re.compile(r"%+[ \t]*checker[ \t]*:([^\n]*)")
_COMMENT_LINE = re.compile(r"[ \t]*(%+[ \t]?)([^\n]*)(?:\n|$)")
_THEOREM = re.compile(r"\\(?:newtheorem|newmdtheoremenv|declaretheorem)\*?\s*\{([A-Za-z]+\*?)\}\s*(?:\[[^\]\n]*\]\s*)?"
                      r"\{([^{}\n]*)\}")
_TAKES = re.compile(r"\\(?:re)?newenvironment\*?\s*\{([A-Za-z]+)\}\s*\[(\d)\]\s*(\[[^\]\n]*\])?")
_OPTION = re.compile(r"\s*\[((?:[^\]\n]|\n(?![ \t]*\n)){0,300})\]")
_FILE = re.compile(r"\s*(?:\{([^{}\n]*)\}|([^\s{}\\%]+))")
_LOOKS = re.compile(r"\\(?:text(?:bf|it|rm|sf|tt)|emph|large|Large|bfseries|itshape|noindent|hfill|quad)(?![A-Za-z])"
                    r"|\\label\{[^{}]*\}|\\\\|[{}$]|%[^\n]*")
_SPECIAL = {"~": " ", "\\": " ", ",": " ", ";": " ", ":": " ", "!": "", " ": " ", "\n": " ", "/": "", "-": "", "@": ""}


def read_tex(name: str, files: Files) -> Builder:
    """The document in a file.  Raises ``Unread`` where nothing of it can be read."""
    builder = Builder(name)
    walk = _Walk(builder, files)
    walk.file(Source.of(text_of(files.read(name))), name)
    return builder


@dataclass
class _Walk:
    builder: Builder
    files: Files
    preamble: bool = False
    ended: bool = False
    titles: dict[str, str] = field(default_factory=dict)        # environments of \newtheorem, and their titles
    arguments: dict[str, int] = field(default_factory=dict)     # of \newenvironment: how many each takes
    stack: list[str] = field(default_factory=list)              # files that are being read
    read: int = 0
    groups: list[str] = field(default_factory=list)             # open environments that are lists or parts
    questions: int = 0
    packages: set[str] = field(default_factory=set)
    absent: set[tuple[str, str]] = field(default_factory=set)   # files, and environments that are not closed in them

    def file(self, source: Source, name: str) -> None:
        self.stack.append(name)
        for m in _THEOREM.finditer(source.text):
            self.titles[m[1].rstrip("*")] = m[2]
        for m in _TAKES.finditer(source.text):
            self.arguments[m[1]] = int(m[2]) - (m[3] is not None)
        known = PROBLEMS | PARTS.keys() | LISTS.keys() | DISPLAYS.keys() | self.titles.keys()
        source = unfold(source, self.builder.macros, known)
        outer = self.preamble
        if re.search(r"^[^%\n]*\\begin\s*\{document\}", source.text, re.MULTILINE):
            self.preamble = True
        self._walk(source)
        self.preamble = outer and self.preamble
        self.stack.pop()

    def _walk(self, source: Source) -> None:
        text, at, end, b = source.text, 0, len(source.text), self.builder
        while at < end and not self.ended and not b.full:
            if b.section_full:
                behind = _NEXT.search(text, at)
                if behind is None:
                    break
                at = behind.start()
            m = _EVENT.search(text, at)
            stop = m.start() if m else end
            if not self.preamble and stop > at:
                b.words(text[at:stop].replace("~", " "), source.place(at))
            if m is None:
                break
            b.step(source, m.start())
            at = self._event(source, m)

    def _event(self, source: Source, m: re.Match[str]) -> int:
        """What an event does; where to go on."""
        b, text = self.builder, source.text
        if m["comment"] is not None:
            return self._comment(source, m)
        if m["begin"] is not None:
            return self._begin(source, m, m["begin"].strip())
        if m["end"] is not None:
            return self._end(m, m["end"].strip())
        if m["command"] is not None:
            return self._command(source, m, m["command"])
        if self.preamble:
            return m.end()
        if m["blank"] is not None:
            b.paragraph()
        elif m["math"] is not None:
            return self._math(source, m, m["math"])
        elif m["verb"] is not None:
            close = text.find(m["verb"], m.end(), m.end() + 500)
            return close + 1 if close >= 0 else m.end()
        elif m["brace"] == "{":
            b.macros.open()
        elif m["brace"] == "}":
            b.macros.close()
        elif m["escaped"] is not None:
            b.words(_SPECIAL.get(m["escaped"], m["escaped"]), source.place(m.start()))
        return m.end()

    # --- comments ------------------------------------------------------------------------------------

    def _comment(self, source: Source, m: re.Match[str]) -> int:
        b, text = self.builder, source.text
        behind = min(m.end() + 1, len(text))
        if (mark := _CHECKER.match(m[0])) is not None:
            b.mark(mark[1])
        elif (n := _NOTATION.match(m[0])) is not None:
            if n[1].strip():
                read_course(b, self.files, n[1].strip(), self._folder(), source.place(m.start()))
                return behind
            lines, first = [], None
            while (line := _COMMENT_LINE.match(text, behind)) is not None and line.end() > behind:
                if _CHECKER.match(line[0].lstrip()):
                    break
                first = source.place(line.start(2)) if first is None else first
                lines.append(line[2])
                behind = line.end()
            if first is not None:
                b.declare(take_macros("\n".join(lines), first, b.macros, b.now), first)
        return behind

    def _folder(self) -> str:
        name = self.stack[-1] if self.stack else ""
        return name.rpartition("/")[0]

    # --- environments --------------------------------------------------------------------------------

    def _begin(self, source: Source, m: re.Match[str], name: str) -> int:
        b, text, at = self.builder, source.text, m.end()
        if name == "document":
            self.preamble = False
            return at
        if name in SKIPPED:
            if (self.stack[-1], name) in self.absent:
                return at
            close = text.find(rf"\end{{{name}}}", at)
            if close < 0:
                self.absent.add((self.stack[-1], name))
            return close + len(name) + 6 if close >= 0 else at
        if self.preamble:
            return at
        plain = name.rstrip("*")
        if name in DISPLAYS:
            span = until(source, m.start(), at, len(text), rf"\\end\s*\{{{re.escape(name)}\}}", m[0])
            if span.fault is not None:
                b.refuse_part(span.fault, span.inner)
            elif name == "math":
                b.formula(span.inner)
            else:
                b.display(name, span.inner, source.place(m.start()))
            return span.behind
        if plain in UNREAD:
            span = until(source, m.start(), at, len(text), rf"\\end\s*\{{{re.escape(name)}\}}", m[0])
            b.refuse_part(Unread("environment", rf"\begin{{{name}}} outside a display is not read",
                                 source.place(m.start()), r"write it within \[ ... \]"), span.inner)
            return span.behind
        kind = self._kind(plain)
        if kind == "problem" or kind in PARTS.values():
            option = _OPTION.match(text, at)
            at = option.end() if option else at
            title = _plain(option[1]) if option else ""
            if kind == "problem":
                self.questions += 1
                called = self.titles.get(plain, plain.capitalize())
                for _ in range(self.arguments.get(plain, 0)):
                    close = _behind_groups(text, at, 1)
                    number, at = _plain(text[at:close]), close
                    title = title or f"{called} {number}"
                title = title or f"{called} {self.questions}"
                b.heading(title, PROBLEM_LEVEL, source.place(m.start()), problem="problem")
                self.groups.clear()
            else:
                b.begin(kind)
            self.groups.append(kind)
        elif plain in LISTS:
            option = _OPTION.match(text, at)
            at = option.end() if option else at
            if LISTS[plain] != "questions":
                b.begin_list(LISTS[plain])
            self.groups.append(plain)
        else:
            b.paragraph()
            option = _OPTION.match(text, at)
            at = option.end() if option else at
            if plain in MEASURED:
                at = _behind_groups(text, at, 1)
        return at

    def _kind(self, name: str) -> str:
        if name in PROBLEMS:
            return "problem"
        if name in PARTS:
            return PARTS[name]
        title = self.titles.get(name, "").strip().lower()
        return "problem" if title in PROBLEMS else PARTS.get(title, "")

    def _end(self, m: re.Match[str], name: str) -> int:
        b, plain = self.builder, name.rstrip("*")
        if name == "document":
            b.paragraph()
            self.ended = True
        elif self.preamble:
            pass
        elif (kind := self._kind(plain)) or plain in LISTS:
            if (kind or plain) in self.groups:
                while (opened := self.groups.pop()) != (kind or plain):
                    self._close(opened)
                self._close(opened)
        else:
            b.paragraph()
        return m.end()

    def _close(self, opened: str) -> None:
        if opened not in LISTS:
            self.builder.end(opened)
        elif LISTS[opened] != "questions":
            self.builder.end_list()

    # --- formulas ------------------------------------------------------------------------------------

    def _math(self, source: Source, m: re.Match[str], opening: str) -> int:
        end = len(source.text)
        if opening[0] == "$":
            span = dollars(source, m.start(), end)
        else:
            span = until(source, m.start(), m.end(), end, r"\\\]" if opening == r"\[" else r"\\\)", opening)
        return self.builder.span(span, opening in ("$", r"\("), source.place(m.start()))

    # --- commands ------------------------------------------------------------------------------------

    def _command(self, source: Source, m: re.Match[str], name: str) -> int:
        b, text, at, here = self.builder, source.text, m.end(), source.place(m.start())
        if defines(text, m.start()):
            try:
                return b.macros.define(source, m.start())
            except Unread:
                return at
        if name in ("newtheorem", "newmdtheoremenv", "declaretheorem"):
            t = _THEOREM.match(text, m.start())
            at = t.end() if t else at
            option = _OPTION.match(text, at)
            return option.end() if option else at
        if name in ("newenvironment", "renewenvironment"):
            option_free = re.compile(r"\*?\s*\{[^{}]*\}(?:\s*\[[^\]]*\])*").match(text, at)
            return _behind_groups(text, option_free.end() if option_free else at, 2)
        if name in ("input", "include", "subfile", "usepackage"):
            return self._input(source, name, at, here)
        if name == "iffalse":
            fi = re.compile(r"\\fi(?![A-Za-z])").search(text, at)
            if fi is None and not self.preamble:
                b.refuse_part(Unread("unclosed", r"\iffalse has no \fi", here, r"add \fi"), source.cut(m.start(), at))
            return fi.end() if fi else len(text)
        if name == "title":
            close = group(text, at) if text.startswith("{", at) else -1
            if close > 0:
                b.meta.setdefault("title", _plain(text[at + 1: close - 1]))
                return close
            return at
        if name in DROPPED:
            while (option := _OPTION.match(text, at)) is not None:
                at = option.end()
            return _behind_groups(text, at, DROPPED[name])
        if self.preamble:
            return at
        if name in LEVELS and not (name == "part" and "parts" in self.groups):
            option = _OPTION.match(text, at)
            at = option.end() if option else at
            opened = re.compile(r"\s*(?=\{)").match(text, at)
            close = group(text, opened.end()) if opened else -1
            if opened and close > 0:
                b.heading(_plain(text[opened.end() + 1: close - 1]), LEVELS[name], here)
                self.groups.clear()
                return close
            return at
        if name == "question":
            self.questions += 1
            option = _OPTION.match(text, at)
            b.heading(f"Question {self.questions}", PROBLEM_LEVEL, here, problem="problem")
            return option.end() if option else at
        if name in ("item", "part", "subpart", "task"):
            option = _OPTION.match(text, at)
            b.next_item(_plain(option[1]) if option and name == "item" else "")
            return option.end() if option else at
        if name == "label":
            close = group(text, at) if text.startswith("{", at) else -1
            if close > 0:
                b.label(text[at + 1: close - 1].strip())
            return max(at, close)
        if name in ("textbf", "underline", "textsc") and text.startswith("{", at):
            close = group(text, at)
            if 0 < close < at + 80 and b.bold(_plain(text[at + 1: close - 1]), here):
                return close
        if name in KEPT:
            close = group(text, at) if text.startswith("{", at) else -1
            b.words(text[m.start(): max(at, close)], here)
            return max(at, close)
        if name == "par":
            b.paragraph()
        elif "\\" + name in b.macros:
            macro = b.macros["\\" + name]
            if macro.arguments == 0 and "$" in macro.text:
                b.formula(Source(macro.text.strip("$ "), (0,), (here,), b.now))
            elif macro.arguments == 0:
                b.words(_plain(macro.text), here)
        return at

    def _input(self, source: Source, command: str, at: int, here: Place) -> int:
        b = self.builder
        if command == "usepackage":
            option = _OPTION.match(source.text, at)
            at = option.end() if option else at
        m = _FILE.match(source.text, at)
        if m is None:
            return at
        name = (m[1] if m[1] is not None else m[2]).strip()
        if command == "usepackage":
            if name in self.packages or len(self.packages) >= 200:
                return m.end()
            self.packages.add(name)
        try:
            if self.read >= limits.INPUTS:
                raise Unread("input", f"more than {limits.INPUTS} files")
            self.read += command != "usepackage"
            path = self._found(name, (".sty",) if command == "usepackage" else ("", ".tex"))
            if command == "usepackage" and not self.files.has(path):
                return m.end()              # a package of the distribution
            if path in self.stack:
                raise Unread("input", f"{path} reads itself", None, rf"delete this \{command}")
            if len(self.stack) > 10:
                raise Unread("input", "files within files, more than 10 deep")
            inner = Source.of(text_of(self.files.read(path)), file=path)
        except Unread as refusal:
            if command != "usepackage":
                b.refuse_part(Unread(refusal.code, refusal.message, here, refusal.hint),
                              source.cut(at, m.end()))
            return m.end()
        b.inputs.append(path)
        outer, b.now = b.now, path
        self.file(inner, path)
        b.now = outer
        return m.end()

    def _found(self, name: str, suffixes: tuple[str, ...]) -> str:
        """As LaTeX finds a file: from the folder of the main document; then from that of this file."""
        main = self.stack[0].rpartition("/")[0]
        tried = [inside(name + s, folder) for folder in (main, self._folder()) for s in suffixes]
        return next((path for path in tried if self.files.has(path)), tried[-1])


def _behind_groups(text: str, at: int, count: int) -> int:
    for _ in range(count):
        opened = re.compile(r"[ \t]*(?=\{)").match(text, at)
        close = group(text, opened.end()) if opened else -1
        if close < 0:
            break
        at = close
        option = _OPTION.match(text, at)
        if option is not None and text[at] == "[":
            at = option.end()
    return at


def _plain(text: str) -> str:
    """A title in words: its commands and braces left out, formulas as they are written."""
    return " ".join(_LOOKS.sub(" ", text).replace("~", " ").split())
