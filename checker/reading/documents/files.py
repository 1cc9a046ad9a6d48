"""The files that one document may read: below one folder, or within one zip; nothing else.

A name is a relative path of plain names.  Refused: absolute paths, ``..`` that leads out of the root,
drive letters, symbolic links that leave the root, and what is no ordinary file.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ..latex import limits
from ..latex.characters import visible
from ..latex.source import Unread


_NO_PATH = re.compile(r"[\x00-\x1f\\]|^\s*[/~|]|^[A-Za-z]:|^$")


class Files(Protocol):
    """Reads a file by its path from the root.  Raises ``Unread``."""

    def read(self, name: str) -> bytes: ...

    def has(self, name: str) -> bool: ...


def inside(name: str, folder: str = "") -> str:
    """The path from the root of a name that stands in a file of a folder.  Raises ``Unread``."""
    if _NO_PATH.search(name):
        raise Unread("input", f"the file name {visible(name, 80)} is not a relative path", None,
                     "name a file of this folder, as in chapters/one.tex")
    path = posixpath.normpath(posixpath.join(folder, name))
    if path.startswith("../") or path in (".", "..") or posixpath.isabs(path):
        raise Unread("input", f"{visible(name, 80)} lies outside the document's folder", None,
                     "put the file into the folder of the document")
    return path


@dataclass
class Folder:
    """A folder and what lies below it.  The bytes of all files together are capped."""

    root: Path
    _taken: int = 0
    _known: dict[str, bool] = field(default_factory=dict)

    def _path(self, name: str) -> Path:
        path = self.root / inside(name)
        try:
            real, root = path.resolve(), self.root.resolve()
        except (OSError, RuntimeError, ValueError):
            raise Unread("input", f"{visible(name, 80)} cannot be opened") from None
        if not real.is_relative_to(root):
            raise Unread("input", f"{visible(name, 80)} leads out of the document's folder", None,
                         "put the file itself into the folder, not a link to it")
        return real

    def has(self, name: str) -> bool:
        if name not in self._known:
            try:
                self._known[name] = self._path(name).is_file()
            except (Unread, OSError):
                self._known[name] = False
        return self._known[name]

    def read(self, name: str) -> bytes:
        path = self._path(name)
        try:
            if not path.is_file():
                raise Unread("input", f"there is no file {visible(name, 80)}", None,
                             "hand it in with the document, at that place, or correct its name")
            with path.open("rb") as file:
                data = file.read(limits.FILE_BYTES + 1)
        except OSError as error:
            raise Unread("input", f"{visible(name, 80)} cannot be read: {error.strerror}") from None
        self._taken += len(data)
        return _capped(data, self._taken, name)


@dataclass
class Single(Folder):
    """One file of a folder, and nothing beside it: what lies there is other people's."""

    only: str = ""

    def has(self, name: str) -> bool:
        return name == self.only and super().has(name)

    def read(self, name: str) -> bytes:
        if name != self.only:
            raise Unread("input", f"{visible(name, 80)} is another file; this document is handed in by itself", None,
                         "hand in a folder or a zip of both files, or paste the text")
        return super().read(name)



@dataclass
class Memory:
    """Files that are held already: those of a zip."""

    held: Mapping[str, bytes]
    _taken: int = field(default=0)

    def has(self, name: str) -> bool:
        return name in self.held

    def read(self, name: str) -> bytes:
        path = inside(name)
        if path not in self.held:
            raise Unread("input", f"there is no file {visible(name, 80)} in the zip", None,
                         "put it into the zip, at that place, or correct its name")
        self._taken += len(self.held[path])
        return _capped(self.held[path], self._taken, name)


def _capped(data: bytes, taken: int, name: str) -> bytes:
    if len(data) > limits.FILE_BYTES or taken > 2 * limits.FILE_BYTES:
        raise Unread("too-large", f"{visible(name, 80)} is too large: {limits.FILE_BYTES:,} bytes are read", None,
                     "hand in the text only")
    return data
