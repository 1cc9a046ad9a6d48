"""``-k``: words that must occur in a claim's id, with ``and``, ``or``, ``not`` and brackets, as in pytest.

>>> select("game and not period")("game.invariant"), select("game and not period")("game.period-six")
(True, False)
"""

from __future__ import annotations

import re
from collections.abc import Callable

Test = Callable[[str], bool]


class SelectionError(ValueError):
    """An expression that cannot be read."""


def select(expression: str) -> Test:
    """Raises :class:`SelectionError`."""
    words = re.findall(r"[()]|[^\s()]+", expression)
    if not words:
        return lambda name: True
    test, rest = _any(words)
    if rest:
        raise SelectionError(f"-k {expression!r}: `{rest[0]}` is not expected there")
    return test


def _any(words: list[str]) -> tuple[Test, list[str]]:
    left, words = _all(words)
    while words[:1] == ["or"]:
        right, words = _all(words[1:])
        left = _either(left, right)
    return left, words


def _all(words: list[str]) -> tuple[Test, list[str]]:
    left, words = _one(words)
    while words[:1] == ["and"]:
        right, words = _one(words[1:])
        left = _both(left, right)
    return left, words


def _one(words: list[str]) -> tuple[Test, list[str]]:
    match words:
        case ["not", *rest]:
            test, rest = _one(rest)
            return (lambda name: not test(name)), rest
        case ["(", *rest]:
            test, rest = _any(rest)
            if rest[:1] != [")"]:
                raise SelectionError("-k: a bracket is not closed")
            return test, rest[1:]
        case [word, *rest] if word not in ("and", "or", ")"):
            return (lambda name: word.lower() in name.lower()), rest
        case _:
            raise SelectionError("-k: a word is missing; for example: -k 'game and not period'")


def _either(a: Test, b: Test) -> Test:
    return lambda name: a(name) or b(name)


def _both(a: Test, b: Test) -> Test:
    return lambda name: a(name) and b(name)
