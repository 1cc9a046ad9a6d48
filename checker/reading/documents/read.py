r"""The entry points: a file to a page, a zip to its pages.  They never raise for what a file holds."""

from __future__ import annotations

from pathlib import Path

from ..latex import limits
from ..latex.characters import visible
from ..latex.source import Place, Unread
from ..latex.tokens import Source
from .archive import documents, unpack
from .builder import Builder
from .files import Files, Folder, Single
from .markdown import read_markdown
from .notebook import read_notebook
from .pages import Page
from .tex import read_tex

_READERS = {".tex": read_tex, ".ltx": read_tex, ".md": read_markdown, ".markdown": read_markdown,
            ".ipynb": read_notebook}
_ZIP_BYTES = 50_000_000     # with its pictures


def read_page(path: Path, root: Path | None = None, single: bool = False) -> Page:
    r"""The document in a file.  What it reads (\input, a notation file) lies below ``root``; its own folder if none;
    ``single``: it reads nothing.  A file that cannot be read at all is a page with one refused part.
    """
    root = root or path.parent
    try:
        name = path.resolve().relative_to(root.resolve()).as_posix()
    except (ValueError, OSError, RuntimeError):
        return _failed(path.name, Unread("input", "the document lies outside its root", Place(1, 1)))
    return read_within(name, Single(root, only=name) if single else Folder(root))


def read_pages(path: Path) -> tuple[Page, ...]:
    """The documents in a zip: its main LaTeX document, or each of its files where there is none."""
    try:
        if not path.is_file():
            raise Unread("input", f"{visible(path.name, 80)} is no ordinary file", Place(1, 1))
        with path.open("rb") as file:
            data = file.read(_ZIP_BYTES + 1)
        if len(data) > _ZIP_BYTES:
            raise Unread("zip", f"this zip has more than {_ZIP_BYTES:,} bytes", Place(1, 1), "hand in the text only")
        files = unpack(data)
        names = documents(files)
        if not names:
            raise Unread("zip", "this zip holds no .tex, .md or .ipynb file", Place(1, 1))
    except OSError as error:
        told = f"{visible(path.name, 80)} cannot be read: {error.strerror}"
        return (_failed(path.name, Unread("input", told, Place(1, 1))),)
    except Unread as refusal:
        return (_failed(path.name, refusal),)
    return tuple(read_within(name, files) for name in names[: limits.INPUTS])


def read_within(name: str, files: Files) -> Page:
    """The document of that name among files."""
    suffix = name[name.rfind("."):].lower() if "." in name else ""
    try:
        if suffix not in _READERS:
            raise Unread("kind", f"documents of the kind {suffix or '(no suffix)'} are not read", Place(1, 1),
                         "hand in .tex, .md or .ipynb, or a zip of them")
        return _READERS[suffix](name, files).page()
    except Unread as refusal:
        return _failed(name, refusal)


def _failed(name: str, refusal: Unread) -> Page:
    builder = Builder(name)
    builder.refuse_part(Unread(refusal.code, refusal.message, refusal.place or Place(1, 1), refusal.hint), Source(""))
    return builder.page()
