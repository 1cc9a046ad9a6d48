"""One run in n parts, on n machines: each takes its share of the files, and ``checker merge`` puts the parts together.

Which file is whose depends on its place in the sorted list alone, so the machines need not speak to each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from .loader import UsageError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shard:
    """Part ``number`` (from 1) of ``of``."""

    number: int
    of: int

    def share(self, items: Sequence[T]) -> list[T]:
        """Every ``of``-th, so that the shares of any list differ by one at the most."""
        return list(items[self.number - 1::self.of])

    def header(self, names: Sequence[str]) -> dict[str, Any]:
        """What a part says of itself, so that parts of different runs are not put together.  ``names``: all files of
        the run, in their order."""
        from ..kernel.verdict import RULE_SET   # the kernel, which a run that prints a table need not load

        return {"number": self.number, "of": self.of, "rule_set": RULE_SET, "names": list(names)}


def parse_shard(text: str) -> Shard:
    """``2/5``.  Raises :class:`~.loader.UsageError`."""
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise UsageError(f"--shard {text[:40]!r} is no part of a run: write 1/4, 2/4, ... 4/4")
    return Shard(int(found[1]), int(found[2]))


def split(files: Sequence[Path], shard: Shard) -> tuple[list[Path], set[Path]]:
    """The files to load, and which of them are this part's own: a claim in Python may rest on one in another file."""
    own = set(shard.share(files))
    return [f for f in files if f in own or f.suffix == ".py"], own
