r"""Macros of a document: their definitions, and their expansion.

A macro is replaced by its body, token by token; nothing is executed.  A token that a macro brought has
the place of the macro's use.  Two guards: a macro that leads back to itself is refused before it is
used (``\def\x{\x}``), and a row has a budget of calls and of tokens, so that doubling bodies end.

What is left out: delimited parameters (``\def\f(#1){...}``), conditionals, counters, ``\csname``,
``\NewDocumentCommand``; ``\gdef`` ends with its group, as ``\def`` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..latex import limits
from ..latex.source import Place, Token, Unread
from ..latex.tokens import Source, group, guard, tokenize
from .packages import BOXES, LOOKS, PACKAGES


@dataclass(frozen=True, slots=True)
class Macro:
    r"""``\newcommand{\name}[arguments][default]{body}``; ``text`` is the body as written.

    ``frozen``: ``\let\old\new`` where ``\new`` was no macro: its token is final.
    ``fault``: why the body is no formula; raised where the macro is used in one.
    """

    name: str
    arguments: int = 0
    body: tuple[Token, ...] = ()
    default: tuple[Token, ...] | None = None     # of the first argument, where it is optional
    text: str = ""
    frozen: bool = False
    fault: str = ""


_DEFINITION = re.compile(
    r"\\(newcommand|renewcommand|providecommand|DeclareRobustCommand|DeclareMathOperator|DeclarePairedDelimiter"
    r"|def|gdef|let|newcommandx|NewDocumentCommand|RenewDocumentCommand|ProvideDocumentCommand"
    r"|DeclareDocumentCommand|DeclarePairedDelimiterX|DeclarePairedDelimiterXPP|edef|xdef)(?![A-Za-z@])\*?")
_NAME = re.compile(r"[\s%]*(?:\{\s*(\\(?:[A-Za-z@]+|[^A-Za-z]))\s*\}|(\\(?:[A-Za-z@]+|[^A-Za-z])))")
_COMMAND = re.compile(r"\\[A-Za-z]+")
_OPERATOR = re.compile(r"(?:[A-Za-z0-9\s*-]|\\[,;:! ]|\\(?:rm|mathrm|text|textrm)(?![A-Za-z])|[{}])*")
_OPENED = re.compile(r"\s*(?=\{)")
_COUNT = re.compile(r"\s*\[\s*(\d)\s*\]")
_PARAMETERS = re.compile(r"((?:#\d)*)\s*(?=\{)")
_OTHER_FORM = "only \\newcommand, \\DeclareMathOperator, \\DeclarePairedDelimiter, \\let and simple \\def are read"


@dataclass
class Macros(Mapping[str, Macro]):
    """The macros in force, in the order of the document."""

    defined: dict[str, Macro] = field(default_factory=dict)
    _endless: dict[str, bool] = field(default_factory=dict)
    _added: int = 0
    _groups: list[list[tuple[str, Macro | None]]] = field(default_factory=list)

    def __getitem__(self, name: str) -> Macro:
        return self.defined[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.defined)

    def __len__(self) -> int:
        return len(self.defined)

    def open(self) -> None:
        """A group begins: what is defined in it ends with it."""
        self._groups.append([])

    def close(self) -> None:
        for name, old in reversed(self._groups.pop() if self._groups else []):
            if old is None:
                self.defined.pop(name, None)
            else:
                self.defined[name] = old
            self._endless.clear()

    def add(self, macro: Macro) -> None:
        if self._groups:
            self._groups[-1].append((macro.name, self.defined.get(macro.name)))
        self.defined[macro.name] = macro
        self._endless.clear()

    def endless(self, name: str) -> bool:
        """Whether a macro leads back to itself."""
        if name not in self._endless:
            seen: set[str] = set()
            todo = [name]
            while todo:
                macro = self.defined[todo.pop()]
                for t in () if macro.frozen else macro.body:
                    if t.text in self.defined and t.kind == "command" and t.text not in seen:
                        seen.add(t.text)
                        todo.append(t.text)
            self._endless[name] = name in seen
        return self._endless[name]

    def expand(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """The tokens without macros.  Raises ``Unread``."""
        if not any(t.kind == "command" and (t.text in self.defined or t.text in PACKAGES) for t in tokens):
            return tuple(tokens)
        stack, out, calls = list(reversed(tokens)), [], 0
        while stack:
            t = stack.pop()
            macro = self.defined.get(t.text) if t.kind == "command" else None
            if t.kind != "command" or (macro is None and t.text not in PACKAGES):
                out.append(t)
                continue
            calls += 1
            if calls > limits.EXPANSIONS or len(stack) + len(out) > 4 * limits.ROW_TOKENS:
                raise Unread("macro-budget", f"the macros of this row expand to more than {limits.ROW_TOKENS:,} tokens",
                             t.place, "write the formula out")
            if macro is None:
                body, arguments = _of_package(t, stack)
                if t.text in LOOKS and (out and out[-1].text in _BINDS
                                        or t.text in BOXES and not (_edge(out, "{([") and _edge(stack, "})]"))):
                    body = (*_BRACES[:1], *body, *_BRACES[1:])
            elif macro.frozen:
                out.append(replace(macro.body[0], place=t.place, space=t.space, file=t.file))
                continue
            else:
                if macro.fault:
                    raise Unread("macro-form", f"{macro.name}: {macro.fault}", t.place, _OTHER_FORM)
                if self.endless(t.text):
                    raise Unread("macro-recursion", f"the macro {t.text} leads back to itself", t.place,
                                 "define it without itself")
                body, arguments = macro.body, _arguments(macro, t, stack)
            stack.extend(reversed(_filled(body, arguments, t)))
        guard(out)
        return tuple(out)

    def written_out(self, text: str) -> str:
        r"""A notation block with the macros of its names written out: ``\bx: vector`` is ``\mathbf{x}: vector``.

        Only what the document defines is replaced; a line whose macros cannot be expanded stays as it is.
        """
        if not any(name in text for name in self.defined):
            return text
        return "\n".join(self._line(line) for line in text.split("\n"))

    def _line(self, line: str) -> str:
        out, last = [], 0
        for m in _COMMAND.finditer(line):
            macro = self.defined.get(m[0])
            if macro is None or m.start() < last:
                continue
            behind = m.end()
            for _ in range(max(0, macro.arguments)):
                opened = _OPENED.match(line, behind)
                behind = max(behind, group(line, opened.end())) if opened else behind
            try:
                tokens = self.expand(tokenize(line[m.start(): behind]))
            except Unread:
                continue
            put = "".join(t.text + (" " if t.kind == "command" and t.text[-1].isalpha() else "") for t in tokens)
            out += [line[last: m.start()], put.rstrip()]
            last = behind
        return "".join(out) + line[last:]

    def define(self, source: Source, at: int) -> int:
        r"""Takes up the definition whose ``\newcommand`` stands at an offset; the offset behind it.

        A form that is not read defines a macro with a fault, so that the rest of the document is read.
        Raises ``Unread`` where not even the name can be found.
        """
        text = source.text
        self._added += 1
        if self._added > limits.MACROS:
            raise Unread("macros", f"more than {limits.MACROS:,} definitions", source.place(at))
        m = _DEFINITION.match(text, at)
        n = _NAME.match(text, m.end()) if m else None
        if m is None or n is None:
            raise Unread("macro-form", "a definition without a name", source.place(at), _OTHER_FORM)
        name, form, at = n[1] or n[2], m[1], n.end()
        if form == "let":
            return self._let(source, name, at)
        if form == "DeclarePairedDelimiter":
            left, at = _braced(source, at)
            right, at = _braced(source, at)
            body = (*tokenize(r"\left"), *tokenize(left), _parameter(1), *tokenize(r"\right"), *tokenize(right))
            self.add(Macro(name, -1, body))
            return at
        if form == "DeclareMathOperator":
            inner, at = _braced(source, at)
            words = _OPERATOR.fullmatch(inner.text) is not None         # else \mathbb{E}, which is a sign
            text = rf"\operatorname{{{inner.text}}}" if words else inner.text
            self.add(_macro(name, 0, Source.of(text, inner.place(0), inner.file)))
            return at
        if form not in ("newcommand", "renewcommand", "providecommand", "DeclareRobustCommand", "def", "gdef"):
            self.add(Macro(name, fault=f"\\{form} is not read"))
            return at
        count, default = 0, None
        if form in ("def", "gdef"):
            p = _PARAMETERS.match(text, at)
            if p is None:
                self.add(Macro(name, fault="a \\def with delimited parameters is not read"))
                opened = text.find("{", at, at + 200)
                return at if opened < 0 else max(at, group(text, opened))
            count, at = p[1].count("#"), p.end()
        else:
            c = _COUNT.match(text, at)
            if c is not None:
                count, at = int(c[1]), c.end()
                if text.startswith("[", at):
                    close = _bracket(text, at)
                    default = tokenize(source.cut(at + 1, close - 1)) if close > 0 else None
                    at = max(at, close)
        inner, at = _braced(source, at)
        if form != "providecommand" or name not in self.defined:
            self.add(_macro(name, count, inner, default))
        return at

    def _let(self, source: Source, name: str, at: int) -> int:
        m = re.compile(r"\s*=?\s*(\\(?:[A-Za-z@]+|[^A-Za-z]))").match(source.text, at)
        if m is None:
            self.add(Macro(name, fault=r"\let to a character is not read"))
            return at
        old = self.defined.get(m[1])
        if old is not None:
            self.add(replace(old, name=name))
        elif m[1] in PACKAGES:
            self.add(Macro(name, body=tokenize(m[1])))
        else:
            self.add(Macro(name, body=tokenize(m[1]), frozen=True))
        return m.end()


def definitions(text: str) -> Iterator[re.Match[str]]:
    return _DEFINITION.finditer(text)


def defines(text: str, at: int) -> bool:
    """Whether a definition stands at an offset."""
    return _DEFINITION.match(text, at) is not None


def _macro(name: str, count: int, body: Source, default: tuple[Token, ...] | None = None) -> Macro:
    try:
        return Macro(name, count, tokenize(body, parameters=True), default, body.text)
    except Unread as refusal:
        return Macro(name, count, (), default, body.text, fault=refusal.message)


def _braced(source: Source, at: int) -> tuple[Source, int]:
    text = source.text
    while at < len(text) and text[at] in " \t\n":
        at += 1
    close = group(text, at) if text.startswith("{", at) else -1
    if close < 0:
        raise Unread("macro-form", "a definition without a body in braces", source.place(at), _OTHER_FORM)
    return source.cut(at + 1, close - 1), close


def _bracket(text: str, at: int) -> int:
    """Behind the bracket that opens at an offset, or -1."""
    depth = 0
    for m in re.compile(r"\\.|[{}\]]", re.DOTALL).finditer(text, at, at + 200):
        depth += {"{": 1, "}": -1}.get(m[0], 0)
        if m[0] == "]" and depth == 0:
            return m.end()
    return -1


def _parameter(k: int) -> Token:
    return replace(tokenize(f"#{k}", parameters=True)[0])


# --- arguments -----------------------------------------------------------------------------------

_BRACES = tokenize("{}")
#: What takes the next group: there a part that is only coloured or boxed stays together.
_BINDS = frozenset(("^", "_", r"\frac", r"\dfrac", r"\tfrac", r"\sqrt", r"\hat", r"\bar", r"\tilde", r"\vec"))
#: What a box may stand beside without changing the meaning of what is in it.
_EDGES = frozenset(("&", "=", "<", ">", ".", ",", ";", r"\\", r"\le", r"\ge", r"\leq", r"\geq", r"\implies", r"\iff",
                    r"\Rightarrow", r"\Leftrightarrow", r"\therefore", r"\quad", r"\qquad", r"\,", r"\;", r"\ "))
_CLOSING = {"{": "}", "[": "]", "(": ")", "|": "|"}


def _take(t: Token, stack: list[Token], opening: str = "") -> list[Token]:
    """The next argument: what stands within the named brackets, else a group or one token."""
    if not stack:
        raise Unread("macro-arguments", f"{t.text} lacks an argument", t.place, "give it in braces")
    first = stack.pop()
    opening = opening or ("{" if first.kind == "symbol" and first.text == "{" else "")
    if not opening:
        if first.kind == "number" and len(first.text) > 1:      # \sq12 is \sq{1}2
            stack.append(replace(first, text=first.text[1:], place=Place(first.place.line, first.place.column + 1)))
            first = replace(first, text=first.text[0])
        return [first]
    out: list[Token] = []
    braces, depth = 0, 1
    while stack:
        x = stack.pop()
        if x.kind == "symbol":
            if braces == 0 and x.text == _CLOSING[opening]:
                depth -= 1
                if depth == 0:
                    return out
            elif braces == 0 and x.text == opening:
                depth += 1
            braces += {"{": 1, "}": -1}.get(x.text, 0) if opening != "{" else 0
        out.append(x)
    raise Unread("macro-arguments", f"the argument of {t.text} is not closed", t.place,
                 f"add a {_CLOSING[opening]}")


def _next_is(stack: Sequence[Token], text: str) -> bool:
    return bool(stack) and stack[-1].kind == "symbol" and stack[-1].text == text


def _edge(side: Sequence[Token], brackets: str) -> bool:
    """Whether nothing stands on this side (the nearest token is the last) that would join what is boxed."""
    return not side or side[-1].text in _EDGES or side[-1].text in brackets


def _arguments(macro: Macro, t: Token, stack: list[Token]) -> list[list[Token]]:
    if macro.arguments < 0:                        # a paired delimiter: \abs*{x}, \abs[\big]{x}
        if _next_is(stack, "*"):
            stack.pop()
        elif _next_is(stack, "["):
            _take(t, stack, "[")
        return [_take(t, stack)]
    out: list[list[Token]] = []
    if macro.default is not None:
        out.append(_take(t, stack, "[") if _next_is(stack, "[") else list(macro.default))
    while len(out) < macro.arguments:
        out.append(_take(t, stack))
    return out


def _of_package(t: Token, stack: list[Token]) -> tuple[tuple[Token, ...], list[list[Token]]]:
    """The first row of the package's table whose brackets stand behind the command."""
    rows = PACKAGES[t.text]
    for k, (shape, body) in enumerate(rows):
        rest = list(stack) if len(rows) > 1 else stack
        arguments: list[list[Token]] = []
        for opening in shape:
            if opening == "*":
                if not _next_is(rest, "*"):
                    break
                rest.pop()
            elif _next_is(rest, opening):
                arguments.append(_take(t, rest, opening))
            elif opening == "{" and k == len(rows) - 1:
                arguments.append(_take(t, rest))
            else:
                break
        else:
            if rest is not stack:
                stack[:] = rest
            return body, arguments
    raise Unread("macro-arguments", f"{t.text} is not followed by its argument", t.place, "give it in braces")


def _filled(body: Sequence[Token], arguments: Sequence[Sequence[Token]], t: Token) -> list[Token]:
    out: list[Token] = []
    for k, b in enumerate(body):
        space = t.space if k == 0 else b.space
        if b.kind == "text" and "#" in b.text:
            if len(b.text) == 2 and b.text[1:].isdigit():
                out += _argument(b.text, arguments, t)
                continue
            words = re.sub(r"#\d", lambda m: _words(_argument(m[0], arguments, t)), b.text)
            b = replace(b, text=words)
        out.append(replace(b, place=t.place, space=space, file=t.file))
    return out


def _argument(parameter: str, arguments: Sequence[Sequence[Token]], t: Token) -> Sequence[Token]:
    k = int(parameter[1:])
    if not 0 < k <= len(arguments):
        raise Unread("macro-form", f"the body of {t.text} names {parameter}, which it does not take", t.place)
    return arguments[k - 1]


def _words(tokens: Sequence[Token]) -> str:
    return "".join((" " if x.space else "") + x.text for x in tokens)
