r"""Tokens as a student types them -> tokens the grammar reads: spacing gone, sizes gone, names in one piece.

What a name is made of becomes one token of kind "name" (``\hat{\mathbf x}``, ``\theta``, ``\mathcal N``), an upright
word one of kind "word" (``\operatorname{Var}``), and every bar says what is known about it:

    \lvert \rvert    opens, closes (``\left|``, ``\bigl|``; ``\right|``)
    |                anything
    \mid             given
    \atbar           "evaluated at": ``\left. ... \right|``, ``\Big|_``

``match`` gives for each opening bracket the position of the closing one, and back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..source import Place, Token, Unread
from . import words

OPENING = {"{": "}", "(": ")", "[": "]", r"\{": r"\}", r"\lfloor": r"\rfloor", r"\lceil": r"\rceil",
           r"\langle": r"\rangle", r"\lvert": r"\rvert", r"\lVert": r"\rVert", r"\lnull": r"\rnull"}
CLOSING = {close: opened for opened, close in OPENING.items()}
MOST_TOKENS = 1500
DEEPEST = 60
LONGEST_NUMBER = 60


@dataclass(slots=True)
class Tidied:
    tokens: list[Token]
    match: dict[int, int]


def name_text(command: str, argument: str) -> str:
    r"""The key of an accent or font over a name: ``\bar x``, ``\hat\theta``, ``\hat{\mathbf x}``."""
    if len(argument) == 1:
        return f"{command} {argument}"
    if argument in words.GREEK:
        return command + argument
    return f"{command}{{{argument}}}"


def tidy(tokens: tuple[Token, ...] | list[Token], place: Place | None = None) -> Tidied:
    if len(tokens) > MOST_TOKENS:
        raise Unread("too-long", f"this formula has {len(tokens)} tokens; at most {MOST_TOKENS} are read",
                     tokens[0].place, "break it into steps")
    out = _Tidier(list(tokens)).run()
    if any(t.text in WIDE for t in out):
        out = _without_wide(out)
    end = tokens[-1].place if tokens else (place or Place(1, 1))
    out.append(Token("symbol", "", Place(end.line, end.column + (len(tokens[-1].text) if tokens else 0))))
    return Tidied(out, _matches(out))


DELIMITERS = frozenset({*OPENING, *CLOSING, "|", r"\|", ".", "/"}) - {"{", "}"}
#: Wide spaces part formulas: no product is read across them.
WIDE = frozenset({r"\quad", r"\qquad"})
_PARTS = frozenset({"", "+", "-", ",", ";", ":", "(", "[", r"\{", "{", "}", ")", "]", "&", r"\\", ".", r"\cdot", r"\times", "*",
                    r"\implies", r"\iff", r"\forall", r"\exists", r"\end", r"\wedge", r"\vee", r"\mid", "|", r"\|",
                    *words.RELATIONS})


def _without_wide(tokens: list[Token]) -> list[Token]:
    """Wide spaces go where a sign or the end stands beside them; else they stay, and the grammar refuses them."""
    out: list[Token] = []
    for k, t in enumerate(tokens):
        if t.text in WIDE and t.kind == "command":
            after = next((u for u in tokens[k + 1:] if u.text not in WIDE), None)
            if not out or after is None or out[-1].text in WIDE or out[-1].kind == "text" or after.kind == "text" \
                    or after.text in _PARTS or out[-1].text in _PARTS - {")", "]", "}", "|"}:
                continue
        out.append(t)
    return out


class _Tidier:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.pos, self.out = tokens, 0, []  # type: list[Token], int, list[Token]
        self.lefts: list[tuple[str, int]] = []   # delimiters after \left, with their place in ``out``
        self.environments = 0
        self.levels: list[list[tuple[str, int]]] = []

    def run(self) -> list[Token]:
        while self.pos < len(self.tokens):
            self.step()
        if self.lefts:
            raise Unread("unbalanced", r"a \left has no \right", self.out[self.lefts[-1][1]].place,
                         r"write \right with its bracket, or \right. for none")
        return self.out

    def step(self) -> None:
        t = self.tokens[self.pos]
        if t.kind == "letter":
            self.out.append(t)
            self.pos += 1
        elif t.kind == "number":
            if len(t.text) > LONGEST_NUMBER:
                raise Unread("too-long", f"a number of {len(t.text)} digits", t.place,
                             f"at most {LONGEST_NUMBER} digits are read")
            self.out.append(t)
            self.pos += 1
        elif t.kind == "command":
            self.command(t)
        elif t.kind == "symbol":
            self.symbol(t)
        else:
            self.pos += 1
            if t.text == "d":
                t = replace(t, kind="command", text=r"\dd")
            elif t.text in words.UPRIGHT_WORDS:
                t = replace(t, kind="word")
            self.out.append(t)

    def symbol(self, t: Token) -> None:
        self.pos += 1
        if t.text == "~":
            return
        if t.text == "&" and not self.environments:
            return
        if t.text == ":" and self.pos < len(self.tokens) and self.tokens[self.pos].text == "=":
            self.pos += 1
            t = replace(t, text=r"\coloneqq", kind="command")
        self.out.append(t)

    def command(self, t: Token) -> None:
        text = words.SYNONYMS.get(t.text, t.text)
        if t.text in WIDE:
            self.pos += 1
            self.out.append(t)
        elif text in words.SPACES or not text:
            self.pos += 1
            if self.pos < len(self.tokens) and not self.tokens[self.pos].space:
                self.tokens[self.pos] = replace(self.tokens[self.pos], space=True)
        elif text in words.GREEK:
            self.pos += 1
            self.out.append(replace(t, kind="name"))
        elif text in (r"\left", r"\right"):
            self.sized(t, text)
        elif text in words.SIZES or text in words.SIZES_LEFT or text in words.SIZES_RIGHT or text in words.SIZES_MIDDLE:
            self.big(text)
        elif text in words.ACCENTS:
            self.accent(t, words.ACCENTS[text])
        elif text in words.FONTS:
            self.font(t, words.FONTS[text])
        elif text in words.UPRIGHT:
            self.upright(t)
        elif text in words.SPACES_WITH_ARGUMENT:
            self.pos += 1
            self.argument(t)
        elif text in words.WRAPPERS:
            self.pos += 1
            for _ in range(words.WRAPPERS[text]):
                self.argument(t)
            self.wrapped(t)
        elif text in (r"\begin", r"\end"):
            self.environments += 1 if text == r"\begin" else -1
            self.environment(t, text)
        elif text.startswith((r"\mathbb ", )):
            self.pos += 1
            self.out.append(replace(t, text=text, kind="name"))
        elif text == r"\not":
            self.pos += 1
            self.negated(t)
        elif text in (r"\overset", r"\stackrel", r"\underset"):
            self.pos += 1
            self.argument(t)                       # what stands over a relation is a remark
            self.wrapped(t)
        else:
            self.pos += 1
            self.out.append(t if text is t.text else
                            replace(t, text=text, kind="command" if text[0] == "\\" else "symbol"))

    # -- pieces ----------------------------------------------------------------------------------------------------

    def next(self, t: Token) -> Token:
        if self.pos >= len(self.tokens):
            raise Unread("unfinished", f"{t.text} has nothing after it", t.place, "write its argument in braces")
        return self.tokens[self.pos]

    def argument(self, t: Token) -> list[Token]:
        """The tokens of the next argument, a brace group or one token."""
        first = self.next(t)
        start = self.pos
        if first.text != "{" or first.kind != "symbol":
            self.pos += 1
            return [first]
        depth = 0
        while self.pos < len(self.tokens):
            u = self.tokens[self.pos]
            self.pos += 1
            if u.kind == "symbol" and u.text in "{}":
                depth += 1 if u.text == "{" else -1
                if not depth:
                    return self.tokens[start + 1:self.pos - 1]
        raise Unread("unbalanced", "a { has no }", first.place, "write the closing brace")

    def wrapped(self, t: Token) -> None:
        r"""``\boxed{...}``: the argument as it stands; a note below or above (``\underbrace{...}_{...}``) goes."""
        inner = self.argument(t)
        if len(inner) == 1 or any(u.text in words.RELATIONS or words.SYNONYMS.get(u.text) in words.RELATIONS for u in inner):
            self.splice(inner)
        else:
            place = t.place
            self.splice([Token("symbol", "{", place, t.space), *inner, Token("symbol", "}", place)])
        if t.text in (r"\underbrace", r"\overbrace") and self.pos < len(self.tokens) \
                and self.tokens[self.pos].text in ("_", "^"):
            self.pos += 1
            self.argument(t)

    def splice(self, tokens: list[Token]) -> None:
        inside = _Tidier(list(tokens))
        inside.environments = self.environments
        self.out.extend(inside.run())

    def negated(self, t: Token) -> None:
        u = self.next(t)
        self.pos += 1
        text = {"=": r"\ne", r"\in": r"\notin", r"\mid": r"\nmid", r"\equiv": r"\not\equiv"}.get(
            words.SYNONYMS.get(u.text, u.text))
        if text is None:
            raise Unread("unknown-command", rf"\not before {u.text} is not read", t.place,
                         "write the opposite relation")
        self.out.append(replace(t, text=text))

    def environment(self, t: Token, text: str) -> None:
        """``\\begin`` ``{`` name ``}`` as two tokens: the command and a text token."""
        self.pos += 1
        inner = self.argument(t)
        name = "".join(u.text for u in inner)
        self.out.append(replace(t, text=text))
        self.out.append(Token("text", name, t.place))
        if text == r"\begin" and name in ("array", "tabular") and self.next(t).text == "{":
            self.argument(t)

    # -- delimiters ------------------------------------------------------------------------------------------------

    def sized(self, t: Token, text: str) -> None:
        self.pos += 1
        d = self.next(t)
        self.pos += 1
        delimiter = words.SYNONYMS.get(d.text, d.text)
        if delimiter not in DELIMITERS:
            raise Unread("unbalanced", rf"{text} before {d.text}", t.place, f"write {text} and its bracket")
        if text == r"\left":
            known = {"|": r"\lvert", r"\|": r"\lVert", ".": r"\lnull"}.get(delimiter, delimiter)
            self.lefts.append((known, len(self.out)))
        else:
            if not self.lefts:
                raise Unread("unbalanced", r"a \right has no \left", t.place, r"write \left with its bracket")
            opened, _ = self.lefts.pop()
            known = {"|": r"\atbar" if opened == r"\lnull" else r"\rvert", r"\|": r"\rVert", ".": r"\rnull"}.get(
                delimiter, delimiter)
        self.out.append(Token("command" if known[0] == "\\" else "symbol", known, t.place, t.space))

    def big(self, text: str) -> None:
        t = self.tokens[self.pos]
        self.pos += 1
        d = self.next(t)
        self.pos += 1
        delimiter = words.SYNONYMS.get(d.text, d.text)
        if delimiter == "|":
            if text in words.SIZES_LEFT:
                delimiter = r"\lvert"
            elif text in words.SIZES_MIDDLE:
                delimiter = r"\mid"
            elif self.pos < len(self.tokens) and self.tokens[self.pos].text == "_":
                delimiter = r"\atbar"
            elif text in words.SIZES_RIGHT:
                delimiter = r"\rvert"
        elif delimiter == r"\|":
            delimiter = r"\lVert" if text in words.SIZES_LEFT else r"\rVert" if text in words.SIZES_RIGHT else r"\|"
        self.out.append(Token("command" if delimiter[0] == "\\" else "symbol", delimiter, t.place, t.space))

    # -- names -----------------------------------------------------------------------------------------------------

    def one_name(self, inner: list[Token]) -> str | None:
        """The key of what an accent or a font stands over, if that is one name."""
        if len(inner) == 1 and inner[0].kind == "letter":
            return inner[0].text
        tidied = _Tidier(list(inner)).run()
        if len(tidied) == 1 and tidied[0].kind in ("letter", "name"):
            return tidied[0].text
        if len(tidied) == 3 and tidied[0].text == "{" and tidied[1].kind in ("letter", "name"):
            return tidied[1].text
        return None

    def atom(self, t: Token) -> list[Token]:
        r"""The argument of an accent: ``\bar x``, ``\hat{\theta}``, ``\hat\mathbf{x}``."""
        first = self.next(t)
        if first.kind == "command" and (first.text in words.ACCENTS or first.text in words.FONTS
                                        or first.text in words.UPRIGHT):
            start = self.pos
            self.pos += 1
            self.atom(first)
            return self.tokens[start:self.pos]
        return self.argument(t)

    def accent(self, t: Token, command: str) -> None:
        self.pos += 1
        inner = self.atom(t)
        name = self.one_name(inner)
        if name is not None:
            self.out.append(replace(t, kind="name", text=name_text(command, name)))
            return
        for k, u in enumerate(inner):               # \hat{x_i} is \hat{x}_i
            if u.kind == "symbol" and u.text in ("_", "^") and (base := self.one_name(inner[:k])) is not None:
                self.out.append(replace(t, kind="name", text=name_text(command, base)))
                self.splice(inner[k:])
                return
        written = "".join(u.text for u in inner)
        raise Unread("accent", f"{t.text} stands over {written}, which is not one name", t.place,
                     f"declare {t.text}{{...}} of one name, or write what it means")

    def font(self, t: Token, command: str) -> None:
        self.pos += 1
        inner = self.atom(t)
        if len(inner) == 1 and inner[0].text == "1" and command in (r"\mathbb", r"\mathbf"):
            self.out.append(replace(t, kind="name", text=f"{command} 1"))
            return
        name = self.one_name(inner)
        if name is not None:
            self.out.append(replace(t, kind="name", text=name_text(command, name) if command else name))
        elif all(u.kind == "letter" for u in inner) and inner:
            self.out.append(replace(t, kind="word", text="".join(u.text for u in inner)))
        else:                                       # \mathbf{x}^\top and \mathbf{x_i}: the font is over several
            for k, u in enumerate(inner):
                if u.kind == "symbol" and u.text in ("_", "^") and (base := self.one_name(inner[:k])) is not None:
                    self.out.append(replace(t, kind="name", text=name_text(command, base) if command else base))
                    self.splice(inner[k:])
                    return
            raise Unread("font", f"{t.text} stands over several things", t.place, f"write {t.text} over one name")

    def upright(self, t: Token) -> None:
        self.pos += 1
        inner = self.atom(t)
        written = "".join(u.text for u in inner if u.kind in ("letter", "text", "number") or u.text == "-").strip()
        if any(u.kind == "symbol" and u.text not in "-*" or u.kind == "command" and u.text not in words.SPACES
               for u in inner) or not written:
            raise Unread("font", f"{t.text} stands over {''.join(u.text for u in inner)}", t.place,
                         "an upright name is made of letters")
        if written == "d":
            self.out.append(replace(t, text=r"\dd"))
        elif t.text in (r"\mathsf", r"\mathtt", r"\textbf", r"\textsf", r"\texttt") and written not in ("T",) \
                and len(written) == 1:
            self.out.append(replace(t, kind="name", text=f"{t.text} {written}"))
        else:
            self.out.append(replace(t, kind="word", text=written))


def _matches(tokens: list[Token]) -> dict[int, int]:
    """Pairs of brackets.  ``(0, 1]`` pairs too: only an interval may, and its reader says so."""
    match: dict[int, int] = {}
    stack: list[int] = []
    for k, t in enumerate(tokens):
        text = t.text
        if t.kind not in ("symbol", "command"):
            continue
        if text in OPENING:
            stack.append(k)
            if len(stack) > DEEPEST:
                raise Unread("too-deep", f"brackets nest more than {DEEPEST} deep", t.place, "name an inner part")
        elif text in CLOSING or text == r"\atbar":
            opened = tokens[stack[-1]].text if stack else ""
            if text == r"\atbar":
                if opened == r"\lnull":
                    match[stack[-1]], match[k] = k, stack[-1]
                    stack.pop()
                continue
            if text == r"\rvert" and opened != r"\lvert":
                continue                            # \bigr| that nobody opened: "evaluated at", or an error later
            fits = opened == CLOSING[text] or opened in ("(", "[") and text in (")", "]") \
                or text == r"\rnull" and opened or opened == r"\lnull"
            if not fits:
                if not opened:
                    raise Unread("unbalanced", f"a {text} closes nothing", t.place, "write the opening bracket")
                raise Unread("unbalanced", f"{text} does not close {opened} of column {tokens[stack[-1]].place.column}",
                             t.place, f"write {OPENING[opened]} before it")
            k0 = stack.pop()
            match[k0], match[k] = k, k0
    if stack:
        t = tokens[stack[-1]]
        raise Unread("unbalanced", f"a {t.text} is not closed", t.place, f"write {OPENING[t.text]}")
    return match
