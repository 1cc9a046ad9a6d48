"""The page that a reader of documents fills: paragraphs, displays, items, parts and problems, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..latex import limits
from ..latex.characters import fault, hidden, visible
from ..latex.source import Place, Unread
from ..latex.tokens import Source
from .macros import Macros, definitions
from .pages import Display, Inline, Page, Prose, Refused, Section
from .rows import inline, refused, rows
from .spans import Span

#: Headings that continue the problem before them.
CONTINUES = re.compile(r"\W*(solution|proof|answer|hint|lösung|beweis|antwort)s?\b[\W\d]*", re.IGNORECASE)
#: What begins a problem, or a part of one, where somebody sets it in bold instead of as a heading.
BOLD_PROBLEM = re.compile(r"(?:problem|exercise|question|task|aufgabe)\s*\(?\d+[\w.()]*(?:\s*\([^()]{1,40}\))?[.:]?",
                          re.IGNORECASE)
_MARK = re.compile(r"%+[ \t]*checker[ \t]*:([^\n]*)")
_ENGLISH = {"lösung": "solution", "beweis": "proof", "antwort": "answer"}
_BOLD_LEVEL = 8
_LISTS = 8          # lists within lists whose items are counted
_NOT_OF_IDS = re.compile(r"[^a-z0-9]+")


@dataclass
class _Open:
    """A section that is being filled."""

    id: str
    title: str
    level: int
    place: Place
    parts: list[Prose | Display | Refused] = field(default_factory=list)
    notation: str = ""
    notation_place: Place | None = None
    spent: int = 0
    steps: int = 0
    rows: int = 0


@dataclass
class Builder:
    """State of a walk through a document, which may go through several files."""

    file: str
    macros: Macros = field(default_factory=Macros)
    now: str = ""                                   # the file the walk is in, "" for the page's own
    meta: dict[str, str] = field(default_factory=dict)
    notation: str = ""
    notation_place: Place | None = None
    course: str = ""
    course_file: str = ""
    course_lost: Unread | None = None
    inputs: list[str] = field(default_factory=list)
    _sections: list[_Open] = field(default_factory=list)
    _pieces: list[str | Inline | Refused] = field(default_factory=list)
    _begins: Place | None = None
    _named: list[str] = field(default_factory=list)         # open environments that name a part
    _heading: str = ""                                      # "solution" under a heading of that name
    _items: list[tuple[str, int, str]] = field(default_factory=list)    # kind of list, count, label
    _deeper: int = 0                                        # lists within more lists than are counted
    _marks: dict[str, str] = field(default_factory=dict)
    _spent: int = 0
    _rows: int = 0
    full: bool = False                              # too much was found: the walk ends
    section_full: bool = False                      # ... or goes on at the next heading

    def __post_init__(self) -> None:
        self._sections.append(_Open("", "", 0, Place(1, 1)))

    # --- paragraphs --------------------------------------------------------------------------------

    def words(self, words: str, at: Place) -> None:
        """A stretch of a sentence."""
        if not words:
            return
        if (bad := hidden(words)) is not None:
            code, message, hint = fault(bad[0])
            before = words[: bad.start()]
            at = Place(at.line + before.count("\n"),
                       len(before) - before.rfind("\n") if "\n" in before else at.column + len(before))
            self._piece(Refused(code, message, at, hint, visible(words.strip()), self.now), at)
            return
        if self._pieces:
            self._pieces.append(words)
        elif words.strip():
            begin = len(words) - len(words.lstrip())
            lines = words.count("\n", 0, begin)
            at = Place(at.line + lines, begin - words.rfind("\n", 0, begin) if lines else at.column + begin)
            self._piece(words.lstrip(), at)

    def formula(self, source: Source) -> None:
        """A formula of a sentence."""
        source = self._without_definitions(source)
        self._spend(source)
        if source.text.strip():
            self._piece(inline(source, self.macros), source.place(0))

    def refuse(self, refusal: Unread, source: Source) -> None:
        """A part of a sentence that is refused."""
        self._spend(source)
        part = refused(refusal, source)
        self._piece(part, part.place)

    def _piece(self, piece: str | Inline | Refused, at: Place) -> None:
        if self._begins is None:
            self._begins = at
        self._pieces.append(piece)

    def paragraph(self) -> None:
        """The paragraph ends."""
        if not self._pieces:
            return
        pieces: list[str | Inline | Refused] = []
        said: list[str] = []
        for piece in [*self._pieces, None]:
            if isinstance(piece, str):
                said.append(piece)
                continue
            words = re.sub(r"\s+", " ", "".join(said))
            said.clear()
            words = words.rstrip() if piece is None else words
            if words:
                pieces.append(words)
            if piece is not None:
                pieces.append(piece)
        if pieces:
            self._spend(Source.of("", self._begins or Place(1, 1), self.now))
            self._section.parts.append(
                Prose(tuple(pieces), self._begins or Place(1, 1), self.within, self.item, self.now))
        self._pieces, self._begins = [], None

    # --- displays ----------------------------------------------------------------------------------

    def display(self, environment: str, source: Source, at: Place) -> None:
        """A displayed formula."""
        self.paragraph()
        self._spend(source)
        for m in _MARK.finditer(source.text):
            self.mark(m[1])
        source = self._without_definitions(source)
        try:
            name, found = rows(environment, source, self.macros)
        except Unread as refusal:
            self._section.parts.append(refused(refusal, source))
            return
        room = max(0, min(limits.SECTION_ROWS - self._section.rows, limits.ROWS - self._rows))
        if found and room:
            self._section.parts.append(
                Display(name, found[:room], at, dict(self._marks), self.within, self.item, self.now))
            self._marks.clear()
        self._section.rows += min(len(found), room)
        self._rows += min(len(found), room)
        if len(found) > room and not self.section_full:
            self.full = self._rows == limits.ROWS
            what, most = ("document", limits.ROWS) if self.full else ("problem", limits.SECTION_ROWS)
            self._enough(f"{most:,} rows of formulas", found[room].place, what)

    def _without_definitions(self, source: Source) -> Source:
        r"""``$$\newcommand{\E}{...}$$``: in Markdown macros are defined within formulas."""
        kept, last = [], 0
        for m in definitions(source.text):
            if m.start() >= last:
                try:
                    behind = self.macros.define(source, m.start())
                except Unread:
                    continue            # the row that holds it is refused for its command
                kept.append(source.cut(last, m.start()))
                last = behind
        return Source.join([*kept, source.cut(last, len(source.text))]) if kept else source

    def span(self, found: Span, in_sentence: bool, at: Place) -> int:
        """A formula that was opened, in a sentence or displayed; where reading goes on."""
        if in_sentence:
            if found.fault is not None:
                self.refuse(found.fault, found.inner)
            else:
                self.formula(found.inner)
        elif found.fault is not None:
            self.refuse_part(found.fault, found.inner)
        else:
            self.display("display", found.inner, at)
        return found.behind

    def refuse_part(self, refusal: Unread, source: Source) -> None:
        """A display, or another part that stands by itself, that is refused."""
        self.paragraph()
        self._spend(source)
        if self._section.rows < limits.SECTION_ROWS:
            self._section.rows += 1
            self._section.parts.append(refused(refusal, source))
        elif not self.section_full:
            self._enough(f"{limits.SECTION_ROWS:,} rows of formulas", source.place(0))

    def _spend(self, source: Source) -> None:
        self._spent += 1
        self._section.spent += 1
        self.full = self.full or self._spent > limits.FORMULAS
        if self._section.spent > limits.SECTION_FORMULAS and not self.section_full:
            self._enough(f"{limits.SECTION_FORMULAS:,} formulas and paragraphs", source.place(0))

    def step(self, source: Source, at: int) -> None:
        """One more command, brace or formula is looked at."""
        self._section.steps += 1
        if self._section.steps > limits.SECTION_STEPS and not self.section_full:
            self._enough(f"{limits.SECTION_STEPS:,} commands", source.place(at))

    def _enough(self, what: str, at: Place, whole: str = "problem") -> None:
        self.section_full = True
        refusal = Unread("too-large", f"this {whole} has more than {what}; it is read up to here", at,
                         "divide it by headings" if whole == "problem" else "divide it into several")
        self._section.parts.append(refused(refusal, Source.of("", at, self.now)))

    def mark(self, text: str) -> None:
        """``expected=refuted, id=bound``: for the next display; a title and a source are the page's."""
        for piece in re.split(r"[,;]", visible(text)):
            key, _, value = (x.strip() for x in piece.partition("="))
            if key in ("title", "source"):
                self.meta[key] = value
            elif key:
                self._marks[key] = value

    # --- parts and problems ------------------------------------------------------------------------

    @property
    def _section(self) -> _Open:
        return self._sections[-1]

    @property
    def within(self) -> str:
        return self._named[-1] if self._named else self._heading

    @property
    def item(self) -> str:
        return ".".join(label for _, _, label in self._items if label)

    def begin(self, name: str) -> None:
        """A named part begins: theorem, proof, solution."""
        self.paragraph()
        self._named.append(name)

    def end(self, name: str) -> None:
        self.paragraph()
        if name in self._named:
            while self._named.pop() != name:
                pass

    def begin_list(self, kind: str, start: int = 1) -> None:
        self.paragraph()
        if len(self._items) == _LISTS:
            self._deeper += 1
        else:
            self._items.append((kind, start - 1, ""))

    def end_list(self) -> None:
        self.paragraph()
        if self._deeper:
            self._deeper -= 1
        elif self._items:
            self._items.pop()

    def next_item(self, label: str = "") -> None:
        self.paragraph()
        if self._items and not self._deeper:
            kind, count, _ = self._items.pop()
            depth = sum(k == "ordered" for k, _, _ in self._items)
            if kind == "ordered" and not label:
                label = str(count + 1) if depth % 2 == 0 else chr(ord("a") + count % 26)
            self._items.append((kind, count + 1, visible(label.strip(" ().[]"), 40)))

    def heading(self, title: str, level: int, at: Place, id: str = "", problem: str = "") -> None:
        """A heading, or the beginning of a problem environment: a new section."""
        self.paragraph()
        self._named = [problem] if problem else []
        self._items.clear()
        self._deeper = 0
        self._heading = ""
        title = visible(" ".join(title.split()), 200)
        if not problem and not id and (m := CONTINUES.fullmatch(title)) is not None:
            self._heading = _ENGLISH.get(m[1].lower(), m[1].lower())
            return
        self.section_full = False
        self._sections.append(_Open(id, title, level, at))

    def bold(self, words: str, at: Place) -> bool:
        """Whether words in bold at the beginning of a paragraph are a heading in all but name: it is begun then."""
        words = " ".join(words.split())
        if self._pieces or self._named:
            return False
        if BOLD_PROBLEM.fullmatch(words):
            beside = (s.level for s in reversed(self._sections) if BOLD_PROBLEM.match(s.title))
            self.heading(words.rstrip(".: "), next(beside, _BOLD_LEVEL), at)
            return True
        if (m := CONTINUES.fullmatch(words)) is not None:
            self._heading = _ENGLISH.get(m[1].lower(), m[1].lower())
        return False

    def label(self, name: str) -> None:
        """A label right behind the heading names the problem."""
        if self._section.level and not self._section.id and not self._section.parts and not self._pieces:
            self._section.id = visible(name, 80)

    def declare(self, text: str, at: Place) -> None:
        """A notation block: of the page before its first heading, else of the problem."""
        if hidden(text) is not None or len(text) > 64_000:
            bad = hidden(text)
            code, message, hint = fault(bad[0]) if bad else ("too-long", "this notation block is too long", "")
            self.refuse_part(Unread(code, message, at, hint), Source.of(text, at, self.now))
            return
        target: Builder | _Open = self if self._section.level == 0 else self._section
        if target.notation:      # a second block continues the first: its lines keep their places
            begin = target.notation_place or at
            missing = at.line - begin.line - target.notation.count("\n")
            target.notation += "\n" * max(1, missing) + text
        else:
            target.notation, target.notation_place = text, at

    def page(self) -> Page:
        """The page, every section with an id of its own."""
        self.paragraph()
        taken: set[str] = set()
        sections: list[Section] = []
        for s in self._sections:
            if not s.parts and (s.level == 0 or not s.title) and not s.notation:
                continue
            base = s.id or _NOT_OF_IDS.sub("-", s.title.lower()).strip("-")[:60] or str(len(sections) + 1)
            name, k = base, 2
            while name in taken:
                name, k = f"{base}-{k}", k + 1
            taken.add(name)
            sections.append(Section(name, s.title, s.place, tuple(s.parts), self.macros.written_out(s.notation),
                                    s.notation_place, s.level))
        return Page(self.file, tuple(sections), self.macros.written_out(self.notation), self.notation_place,
                    dict(self.meta), tuple(self.inputs), self.macros, self.macros.written_out(self.course),
                    self.course_file, self.course_lost)
