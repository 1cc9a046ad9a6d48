r"""Macros: what a document defines, what physics, mathtools and amsmath define, and their expansion.

A macro is replaced by its body, token by token; nothing is executed.  A token that a macro brought has
the place of the macro's use.  Two guards: a macro that leads back to itself is refused before it is
used (``\def\x{\x}``), and a row has a budget of calls and of tokens, so that doubling bodies end.

What is left out: delimited parameters (``\def\f(#1){...}``), conditionals, counters, ``\csname``,
``\NewDocumentCommand``; groups do not end a definition (it holds from its place to the end of the file).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..latex.source import Token


@dataclass(frozen=True, slots=True)
class Macro:
    r"""``\newcommand{\name}[arguments][default]{body}``.  In the body ``#1`` is a token of kind ``text``.

    ``frozen``: ``\let\old\new`` where ``\new`` was no macro: its token is final.
    """

    name: str
    arguments: int = 0
    body: tuple[Token, ...] = ()
    default: tuple[Token, ...] | None = None     # of the first argument, where it is optional
    frozen: bool = False
    calls: frozenset[str] = field(default_factory=frozenset)   # the commands in its body
