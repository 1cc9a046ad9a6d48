"""The one entry point: a file to a page, whatever its kind.  Never raises for what a file holds."""

from __future__ import annotations

from pathlib import Path

from ..latex.source import Place, Unread
from ..latex.tokens import Source
from .builder import Builder
from .files import Files, Folder
from .pages import Page
from .tex import read_tex


def read_page(path: Path, root: Path | None = None) -> Page:
    """The document in a file.  What it reads (\\input, a notation file) lies below ``root``, its own folder if none.

    A file that cannot be read at all is a page with one refused part.
    """
    root = root or path.parent
    try:
        name = path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return failed(path.name, Unread("input", "the document lies outside its root", Place(1, 1)))
    return read_within(name, Folder(root))


def read_within(name: str, files: Files) -> Page:
    """The document of that name among files."""
    suffix = name[name.rfind("."):].lower()
    try:
        if suffix in (".tex", ".ltx"):
            return read_tex(name, files).page()
        raise Unread("kind", f"documents of the kind {suffix or 'without suffix'} are not read", Place(1, 1),
                     "hand in .tex, .md or .ipynb")
    except Unread as refusal:
        return failed(name, refusal)


def failed(name: str, refusal: Unread) -> Page:
    builder = Builder(name)
    builder.refuse_part(Unread(refusal.code, refusal.message, refusal.place or Place(1, 1), refusal.hint), Source(""))
    return builder.page()
