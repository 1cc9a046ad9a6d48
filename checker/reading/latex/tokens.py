r"""Source text to tokens, each with its place.

By hand: the usual libraries recurse on nested braces, and a formula comes from somebody we do not
know.  One regular expression finds the next token; there is no going back, so the time is linear.

What TeX's own rules leave out on purpose: category codes do not change, ``^^41`` is not a letter,
and a control word of the user is never executed here (macros.py expands it, with a budget).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log10

from . import limits
from .characters import READ_AS, SPACES, fault, name
from .source import Place, Token, Unread


_START = Place(1, 1)


@dataclass(frozen=True, slots=True)
class Source:
    """A stretch of a file, line by line: what stands in it and where each line of it begins.

    In Markdown a formula may stand in a quotation or a list, so its lines begin at other columns.
    """

    text: str
    starts: tuple[int, ...] = (0,)              # offsets at which a line begins
    places: tuple[Place, ...] = (Place(1, 1),)  # ... and the place of each
    file: str = ""

    @staticmethod
    def of(text: str, place: Place = _START, file: str = "") -> Source:
        """A text whose later lines begin in column 1."""
        starts, places, at = [0], [place], text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            places.append(Place(place.line + len(places), 1))
            at = text.find("\n", at + 1)
        return Source(text, tuple(starts), tuple(places), file)

    def place(self, offset: int) -> Place:
        k = bisect_right(self.starts, offset) - 1
        begin = self.places[k]
        return Place(begin.line, begin.column + offset - self.starts[k])

    def cut(self, start: int, end: int) -> Source:
        """The part from one offset to another, with its places."""
        first, last = bisect_right(self.starts, start), bisect_right(self.starts, max(start, end - 1))
        return Source(self.text[start:end], (0, *(s - start for s in self.starts[first:last])),
                      (self.place(start), *self.places[first:last]), self.file)

    @staticmethod
    def join(parts: Sequence[Source]) -> Source:
        """Parts of one file as one text, each with its places."""
        texts: list[str] = []
        starts: list[int] = []
        places: list[Place] = []
        length = 0
        for p in parts:
            if p.text:
                starts += [length + s for s in p.starts]
                places += p.places
                texts.append(p.text)
                length += len(p.text)
        return Source("".join(texts), tuple(starts) or (0,), tuple(places) or parts[0].places[:1], parts[0].file)


#: Commands whose argument is words, not mathematics: one token of kind ``text``.
TEXT = frozenset(rf"\{c}" for c in (
    "text textrm textit textbf textsf texttt textnormal textup textsl textsc emph mbox hbox intertext "
    "shortintertext qq").split())
#: Commands whose argument is a name, a length or a colour: the command, ``{``, its text, ``}``.
NAMED = frozenset(rf"\{c}" for c in (
    "begin end label tag ref eqref cref Cref autoref cite citep citet hspace vspace color textcolor "
    "hypertarget raisebox colorbox").split())
#: Commands that have a starred form which means the same.
STARRED = frozenset((r"\operatorname", r"\tag", r"\hspace", r"\vspace"))

_TOKEN = re.compile(r"""
    (?P<space> [ \t\n]+ | %[^\n]*(?:\n[ \t]*)?
             | \\(?:kern|mkern|hskip|mskip) \s* [-+]? \s* [\d.]+ \s* (?:pt|em|ex|mu|cm|mm|in)(?![A-Za-z]) )
  | (?P<row> \\\\ \*? (?: \[ \s* [-+]? \s* [\d.]+ \s* (?:pt|em|ex|mu|cm|mm|in|\\jot|\\baselineskip) \s* \] )? )
  | (?P<command> \\ (?: [A-Za-z]+ | [^A-Za-z] ) )
  | (?P<number> \d+ (?: \. \d+ )? )
  | (?P<letter> [A-Za-z] )
  | (?P<symbol> [-+=<>()\[\]|/,;:!'&^_{}*.~?] )
""", re.VERBOSE | re.ASCII)
_FRACTION = re.compile(r"\.\d+", re.ASCII)
_GROUP = re.compile(r"\\.|%[^\n]*|[{}]", re.DOTALL)
_DOLLARS = re.compile(r"(?<!\\)\$([^$]*)\$|\\\((.*?)\\\)", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+")
_ESCAPED = re.compile(r"\\([%$&#_{}])")
_BARE = {'"': r"write '' for two primes, or \text{...} for words", "#": r"\# is the sign for a number of things",
         "@": "", "`": "", "$": "a formula within a formula needs no $"}


def tokenize(text: str | Source, place: Place = _START, file: str = "", parameters: bool = False) -> tuple[Token, ...]:
    r"""The tokens of a formula; comments are left out.  Raises ``Unread``.

    ``parameters``: the text is a macro's body, ``#1`` stands for its argument (a token of kind ``text``).

    >>> [t.text for t in tokenize(r"\frac{1}{2} x^10 \text{ for } x")]
    ['\\frac', '{', '1', '}', '{', '2', '}', 'x', '^', '10', ' for ', 'x']
    """
    source = text if isinstance(text, Source) else Source.of(text, place, file)
    if len(source.text) > limits.ROW_CHARACTERS:
        raise Unread("too-long", f"this formula has {len(source.text):,} characters; "
                     f"{limits.ROW_CHARACTERS:,} are read", source.place(0), "break it into several lines")
    out: list[Token] = []
    _scan(source, 0, len(source.text), out, parameters)
    guard(out)
    return tuple(out)


def group(text: str, at: int) -> int:
    """Where the brace that opens at ``at`` is closed (the offset behind it), or -1."""
    return _braces(text).get(at, -1)


@lru_cache(maxsize=4)
def _braces(text: str) -> dict[int, int]:
    """All pairs of braces at once: asked brace by brace, a text of unclosed ones would cost its square."""
    pairs: dict[int, int] = {}
    stack: list[int] = []
    for m in _GROUP.finditer(text):
        if m[0] == "{":
            stack.append(m.start())
        elif m[0] == "}" and stack:
            pairs[stack.pop()] = m.end()
    return pairs


def _scan(source: Source, at: int, end: int, out: list[Token], parameters: bool = False) -> None:
    text, file, space = source.text, source.file, False
    while at < end:
        m = _TOKEN.match(text, at, end)
        if m is None and parameters and text[at] == "#" and text[at + 1: at + 2].isdigit():
            out.append(Token("text", text[at: at + 2], source.place(at), space, file))
            at, space = at + 2, False
            continue
        if m is None:
            at = _other(source, at, space, out)
            space = text[at - 1] in SPACES
            continue
        kind, found, place = m.lastgroup, m[0], source.place(at)
        at = m.end()
        if kind == "space":
            space = True
            continue
        if kind == "symbol":
            # ".5" is a number unless something stands before it that could end in a full stop
            if found == "." and (f := _FRACTION.match(text, at - 1, end)) and not (
                    out and (out[-1].kind in ("number", "letter") or out[-1].text in (".", "}", ")", "]"))):
                kind, found, at = "number", f[0], f.end()
        elif kind == "row":
            kind, found = "command", r"\\"
        elif kind == "command":
            if found in STARRED and text.startswith("*", at):
                at += 1
            if found in ("\\ ", "\\\n", "\\\t"):
                found = "\\ "
            elif not (found[1:].isascii() and found.isprintable()):
                raise Unread("character", f"a backslash before {name(found[1])}", place, "delete the backslash")
            elif found in TEXT or found in NAMED:
                behind = _argument(source, found, place, space, at, end, out)
                if behind:
                    at, space = behind, False
                    continue
        out.append(Token(kind, found, place, space, file))  # type: ignore[arg-type]
        space = False


def _argument(source: Source, command: str, place: Place, space: bool, at: int, end: int, out: list[Token]) -> int:
    """The words in braces behind a command; where to go on, 0 if no brace follows."""
    text = source.text
    while at < end and text[at] in " \n":
        at += 1
    if at >= end or text[at] != "{":
        return 0
    close = group(text, at)
    if not 0 < close <= end:
        raise Unread("brace", f"the brace behind {command} is not closed", source.place(at), "add a }")
    words = source.cut(at + 1, close - 1)
    if command in NAMED:
        _seen(words)
        out.append(Token("command", command, place, space, source.file))
        out.append(Token("symbol", "{", source.place(at), False, source.file))
        out.append(Token("text", " ".join(words.text.split()), source.place(at + 1), False, source.file))
        out.append(Token("symbol", "}", source.place(close - 1), False, source.file))
        return close
    last = 0
    several = _DOLLARS.search(words.text) is not None
    grouped = several and bool(out) and out[-1].text in ("^", "_")
    if grouped:
        out.append(Token("symbol", "{", source.place(at), space, source.file))
    for m in _DOLLARS.finditer(words.text):
        if m.start() > last:
            out.append(_words(words.cut(last, m.start()), space))
        k = 1 if m[1] is not None else 2
        _scan(words, m.start(k), m.end(k), out)
        last = m.end()
    if last < len(words.text) or not several:
        out.append(_words(words.cut(last, len(words.text)), space))
    if grouped:
        out.append(Token("symbol", "}", source.place(close - 1), False, source.file))
    return close


def _words(words: Source, space: bool) -> Token:
    _seen(words)
    said = _ESCAPED.sub(r"\1", re.sub(r"[ \t\n~]+|\\[ ,;:]|\\(?:quad|qquad)\b", " ", words.text))
    return Token("text", said, words.place(0), space, words.file)


def _seen(words: Source) -> None:
    """Words may be of any language, but not of two alphabets at once, and nothing in them is invisible."""
    if words.text.isascii() and words.text.isprintable():
        return
    for k, c in enumerate(words.text):
        if not c.isprintable() and c not in SPACES:
            code, message, hint = fault(c)
            raise Unread(code, message, words.place(k), hint)
    for m in _WORD.finditer(words.text):
        if not m[0].isascii():
            alphabets = {name(c).split()[1] for c in m[0]} & {"LATIN", "CYRILLIC", "GREEK"}
            if len(alphabets) > 1:
                odd = next(c for c in m[0] if not c.isascii())
                raise Unread("look-alike", f"a word of two alphabets: {name(odd)}", words.place(m.start()),
                             "write the word in one alphabet")


def _other(source: Source, at: int, space: bool, out: list[Token]) -> int:
    """A character beyond ASCII that the table knows, or white space; anything else is refused."""
    c = source.text[at]
    if c in SPACES:
        return at + 1
    if c in READ_AS:
        place = source.place(at)
        out.extend(Token(t.kind, t.text, place, space and k == 0, source.file)
                   for k, t in enumerate(_read_as(READ_AS[c])))
        return at + 1
    if c in _BARE:
        raise Unread("character", f"{c} has no meaning in a formula", source.place(at), _BARE[c])
    if c == "\\":
        raise Unread("character", "a backslash at the end", source.place(at), "delete it")
    code, message, hint = fault(c)
    raise Unread(code, message, source.place(at), hint)


def _read_as(latex: str) -> list[Token]:
    out: list[Token] = []
    _scan(Source(latex), 0, len(latex), out)
    return out


_OPEN, _CLOSE = frozenset(("(", "[", r"\left", r"\begin")), frozenset((")", "]", r"\right", r"\end"))


def guard(tokens: Sequence[Token]) -> None:
    """Raises ``Unread`` where a formula is larger than limits.py allows, or its braces do not match."""
    if len(tokens) > limits.ROW_TOKENS:
        raise Unread("too-long", f"this formula has {len(tokens):,} tokens; {limits.ROW_TOKENS:,} are read",
                     tokens[0].place, "break it into several lines")
    braces: list[Token] = []
    exponents: list[int] = []       # depths of braces at which an exponent began
    depth, raised = 0, False        # raised: the token before was ^
    for k, t in enumerate(tokens):
        if t.kind == "symbol" and t.text == "{":
            if raised:
                exponents.append(len(braces))
            braces.append(t)
        elif t.kind == "symbol" and t.text == "}":
            if not braces:
                raise Unread("brace", "this } closes nothing", t.place, "delete it, or add the { it belongs to")
            braces.pop()
            if exponents and exponents[-1] == len(braces):
                exponents.pop()
        elif t.kind == "number":
            _number(t, bool(exponents) or raised, tokens[k + 1: k + 4])
        elif t.text in _OPEN:
            depth += 1
        elif t.text in _CLOSE:
            depth = max(0, depth - 1)
        if len(braces) + depth > limits.DEPTH:
            raise Unread("depth", f"brackets within brackets, {limits.DEPTH} deep", t.place,
                         "give a name to a part of it")
        raised = t.text == "^"
    if braces:
        raise Unread("brace", "this { is not closed", braces[-1].place, "add a }")


def _number(t: Token, in_exponent: bool, behind: Sequence[Token]) -> None:
    digits = len(t.text) - t.text.count(".")
    if digits > limits.DIGITS:
        raise Unread("digits", f"a number of {digits:,} digits; {limits.DIGITS} are read", t.place)
    if not in_exponent:
        return
    size = log10(max(float(t.text), 1.0))           # compared as logarithms: no power is computed
    above = [b for b in behind if b.text != "{"][:2]
    if len(above) == 2 and above[0].text == "^" and above[1].kind == "number":
        size *= float(above[1].text)
    if size > log10(limits.EXPONENT):
        raise Unread("exponent", f"an exponent beyond {limits.EXPONENT:,}", t.place, "give it a name")
