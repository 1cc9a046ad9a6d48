"""Which problem a derivation answers: by its heading or label."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path


def answered(id: str, title: str, problems: Sequence[tuple[str, str]]) -> int | None:
    """The place among ``problems`` (id and title) of the one that a document answers: by the last parts of its id, or
    by its title.  With one problem only, every derivation is for that one."""
    words = _words(id.split(".", 1)[-1]), _words(title), _words(id)
    for k, names in enumerate(problems):
        own = {_words(name) for name in names} - {""}
        if any(w in own or w.split(" ")[-len(o.split(" ")):] == o.split(" ") for w in words for o in own):
            return k
    for k, (name, _) in enumerate(problems):
        if any(f" {_words(name)} " in f" {w} " for w in words):
            return k
    return 0 if len(problems) == 1 else None


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


class Asked:
    """The problems of a grading with their notations, as a reader of submissions is told."""

    def __init__(self, problems: Sequence[tuple[str, str, str]]) -> None:
        """``problems``: id, title, notation."""
        self.problems = [(id, title) for id, title, _ in problems]
        self._of = [notation for _, _, notation in problems]

    def notations(self) -> Iterator[str]:
        yield from dict.fromkeys(self._of)

    def wanted(self, id: str, title: str, notation: str) -> bool:
        """Is this derivation read with this notation?  One that answers no problem with the first."""
        k = answered(id, title, self.problems)
        return notation == self._of[k or 0]

    def write(self, path: Path) -> None:
        path.write_text(json.dumps([[*p, n] for p, n in zip(self.problems, self._of, strict=True)]), encoding="utf-8")

    @staticmethod
    def read(path: Path) -> Asked:
        return Asked([(str(i), str(t), str(n)) for i, t, n in json.loads(path.read_text(encoding="utf-8"))])


__all__ = ["Asked", "answered"]
