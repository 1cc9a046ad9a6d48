"""How much is computed, in steps: one count for everything a search does, the same on every machine.

The kernel's own limits bound one rule; a search applies thousands.  So the operations that cost time - normal
forms, signs, values, definedness - count their steps here, and a search opens an ``allowance``.  When it is used
up :class:`Spent` is raised and reaches who opened it.  A count decides nothing: it can end a computation, never
change its result.  The mint replays ``unlimited``, for a certificate that was found is worth its replay.

A result that was kept costs no steps, so a search that begins makes the kernel ``forget`` what others computed:
the same claim takes the same steps after any other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_left = math.inf
_memories: list[dict[Any, Any]] = []


class Spent(BaseException):
    """The allowance is used up.  Not an ``Exception``: rules and engines go on after failures of their own, and
    none of them may go on after this one."""


def spend(steps: int) -> None:
    """Raises :class:`Spent` if fewer are left."""
    global _left
    _left -= steps
    if _left < 0:
        raise Spent


def left() -> float:
    return _left


def memory() -> dict[Any, Any]:
    """A table of results of pure functions, emptied by ``forget``."""
    _memories.append({})
    return _memories[-1]


def forget() -> None:
    for kept in _memories:
        kept.clear()


@contextmanager
def allowance(steps: float) -> Iterator[None]:
    """At most ``steps``, and no more than is left of the allowance around it, which pays for them."""
    global _left
    outside = _left
    given = min(steps, outside)
    _left = given
    try:
        yield
    finally:
        _left = outside - (given - max(_left, 0))


@contextmanager
def unlimited() -> Iterator[None]:
    global _left
    outside = _left
    _left = math.inf
    try:
        yield
    finally:
        _left = outside


__all__ = ["Spent", "allowance", "forget", "left", "memory", "spend", "unlimited"]
