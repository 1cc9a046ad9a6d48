"""Where the grammar stands in a formula, what it knows there, and how it refuses."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn, TypeVar

from ..notation import Notation, Role
from ..source import Place, Token, Unread
from . import words
from .tidy import DEEPEST, Tidied

T = TypeVar("T")


class Cursor:
    """Tokens with a position, the names in force, and what brackets and integrals around make of a bar or a d.

    ``bar``: the plain bar that closes what is open (``|``, ``\\|``); ``given``: it separates what is conditioned on.
    ``differentials``: integrals around that still wait for their ``dx``.
    ``scope``: bound variables; ``inferred``: names that nobody declared; ``loose``: names that an unbracketed
    sum at the end of the last term binds (they may not occur in the next term).
    ``integrated``: the variables of the integrals that this formula is a step of.
    """

    __slots__ = (
        "alone",
        "bar",
        "depth",
        "differentials",
        "given",
        "inferred",
        "integrated",
        "loose",
        "mark",
        "match",
        "notation",
        "pos",
        "scope",
        "single",
        "spaced",
        "tokens",
    )

    def __init__(self, tidied: Tidied, notation: Notation, integrated: frozenset[str] = frozenset()) -> None:
        self.tokens: list[Token] = tidied.tokens
        self.match: dict[int, int] = tidied.match
        self.pos = 0
        self.notation = notation
        self.scope: dict[str, Role] = {}
        self.inferred: dict[str, Role] = {}
        self.bar = ""
        self.given = False
        self.differentials = 0
        self.integrated = integrated
        self.depth = 0
        self.spaced = False         # "d x" is a differential although d is declared
        self.loose: frozenset[str] = frozenset()
        self.single = False         # the last term was one factor
        self.alone: frozenset[str] | None = None
        self.mark: tuple[int, int] | None = None   # the differential that a fraction of this integral holds

    # -- moving ----------------------------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.pos]

    @property
    def ended(self) -> bool:
        return self.pos == len(self.tokens) - 1

    def ahead(self, n: int) -> Token:
        return self.tokens[min(self.pos + n, len(self.tokens) - 1)]

    def at(self, text: str) -> bool:
        return self.tokens[self.pos].text == text and self.tokens[self.pos].kind != "text"

    def accept(self, text: str) -> bool:
        if self.at(text):
            self.pos += 1
            return True
        return False

    def expect(self, text: str, what: str) -> Token:
        t = self.token
        if not self.at(text):
            self.fail("expected", f"{what} needs {text}" + (f", not {t.text}" if t.text else " at its end"), t.place)
        self.pos += 1
        return t

    # -- refusing --------------------------------------------------------------------------------------------------

    def fail(self, code: str, message: str, place: Place | None = None, hint: str = "",
             readings: tuple[str, ...] = ()) -> NoReturn:
        raise Unread(code, message, place or self.token.place, hint, readings)

    def source(self, start: int, stop: int) -> str:
        """Tokens start..stop as LaTeX again, for a hint."""
        out = ""
        for t in self.tokens[start:stop]:
            text = rf"\operatorname{{{t.text}}}" if t.kind == "word" else t.text
            if t.kind == "text":
                text = rf"\text{{{text}}}"
            if out[-1:].isalpha() and "\\" in out and text[:1].isalpha() and _ends_in_command(out):
                out += " "
            out += text
        return out

    # -- knowing ---------------------------------------------------------------------------------------------------

    def role(self, key: str) -> Role | None:
        found = self.scope.get(key)
        if found is None:
            found = self.notation.roles.get(key)
            if found is None:
                found = self.inferred.get(key)
        return found

    def declared(self, key: str) -> bool:
        return key in self.scope or key in self.notation.roles

    def setting(self, name: str, otherwise: str = "") -> str:
        return self.notation.settings.get(name, otherwise)

    def infer(self, key: str, place: Place, kind: str, domain: str = "real") -> Role:
        """A role for a name that nobody declared: allowed only where the document declares nothing."""
        if self.notation.complete:
            self.undeclared(key, place)
        role = Role(key, kind, domain, inferred=True, place=place)
        self.inferred[key] = role
        return role

    def undeclared(self, key: str, place: Place) -> NoReturn:
        near = difflib.get_close_matches(key, [k for k in self.notation.roles if not k.endswith("cdot")], 1, 0.75)
        if not near and len(key) <= 2:
            near = [k for k in self.notation.roles if k.casefold() == key.casefold()]
        hint = f"the nearest declared name is {near[0]}; " if near else ""
        self.fail("undeclared", f"{key} is not declared", place, hint + f"declare it in the notation: {key}: real")

    def unexpected(self) -> NoReturn:
        """The formula goes on in a way that no rule reads."""
        t = self.token
        if t.text in words.RELATIONS:
            self.fail("relation", f"a relation {t.text} within an expression", t.place,
                      r"an indicator is written \mathbf 1[...]")
        if t.text == "|" or t.text == r"\|":
            self.fail("bar", "this bar may open, close or separate", t.place,
                      r"write \lvert x \rvert for an absolute value, \mid for given")
        if t.kind == "text":
            self.fail("text", f"the words “{t.text.strip()}” within a formula", t.place,
                      "write words outside the formula")
        if t.text == r"\dots":
            self.fail("dots", "what the dots stand for is not certain", t.place, "write a sum, a product or a range")
        if t.text in (r"\quad", r"\qquad"):
            self.fail("two-formulas", "two formulas beside each other", t.place, "write each in a row of its own, or a comma")
        self.fail("unexpected", f"{t.text} is not expected here" if t.text else "the formula ends too early", t.place)

    # -- contexts --------------------------------------------------------------------------------------------------

    @contextmanager
    def inside(self, bar: str = "", given: bool = False) -> Iterator[None]:
        """Within brackets: bars and differentials of the outside mean nothing here."""
        before = self.bar, self.given, self.differentials
        self.bar, self.given, self.differentials = bar, given, 0
        yield
        self.bar, self.given, self.differentials = before

    def enclosed(self, read: Callable[[Cursor], T]) -> T:
        """What ``read`` finds between the bracket here and the one that closes it, all of it; then behind that one."""
        stop = self.match.get(self.pos)
        self.pos += 1
        with self.inside():
            found = read(self)
        if self.pos != stop:
            self.unexpected()
        self.pos += 1
        return found

    def within(self, where: tuple[int, int], read: Callable[[Cursor], T]) -> T:
        """What ``read`` finds in the tokens start..stop, all of them; the position stays."""
        start, stop = where
        before, saved = self.pos, self.tokens[stop]
        flags = self.bar, self.given, self.differentials, self.loose
        self.bar, self.given, self.differentials = "", False, 0
        self.tokens[stop] = Token("symbol", "", saved.place)
        self.pos = start
        try:
            found = read(self)
            if self.pos != stop:
                self.unexpected()
        finally:
            self.tokens[stop] = saved
            self.pos = before
        self.bar, self.given, self.differentials, self.loose = flags
        return found

    @contextmanager
    def binding(self, bound: dict[str, Role]) -> Iterator[None]:
        before = self.scope
        self.scope = {**before, **bound}
        yield
        self.scope = before

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail("too-deep", f"this formula nests more than {DEEPEST} deep", None, "name an inner part")


def _ends_in_command(out: str) -> bool:
    k = len(out) - 1
    while k >= 0 and out[k].isalpha():
        k -= 1
    return k >= 0 and out[k] == "\\"
