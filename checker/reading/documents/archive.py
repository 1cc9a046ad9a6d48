"""A zip as Overleaf writes it: its files are held in memory, nothing is unpacked to a disk.

Every entry is looked at before one is read: paths are relative and plain, no entry is a link or is
encrypted, and what the entries say they hold is capped, as is what they really hold.

The main document is chosen as Overleaf does: of the .tex files with a \\documentclass, main.tex
before others, those near the root before deeper ones, then by name.  Without one, every .tex, .md and
.ipynb file is a document (a file that another one reads with \\input is not).
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib

from ..latex import limits
from ..latex.characters import visible
from ..latex.source import Place, Unread
from .files import Memory, inside

_ENTRIES = 500
_ENTRY = b"PK\1\2"     # how each entry of a zip's directory begins
_RATIO = 200            # a text is not compressed to less than a two hundredth
_SUFFIXES = (".tex", ".ltx", ".md", ".markdown", ".ipynb", ".sty", ".cls", ".notation", ".txt", ".bib")
_CLASS = re.compile(rb"^[^%\n]*\\documentclass", re.MULTILINE)


def unpack(data: bytes) -> Memory:
    """The texts of a zip.  Raises ``Unread`` for a zip that is not what it should be."""
    start = Place(1, 1)
    if (found := data.count(_ENTRY)) > 4 * _ENTRIES:        # before a million of them are made objects
        raise Unread("zip", f"this zip holds about {found:,} entries; {_ENTRIES} are read", start)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > _ENTRIES:
                raise Unread("zip", f"this zip holds {len(entries):,} entries; {_ENTRIES} are read", start)
            paths: set[str] = set()
            for e in entries:
                path = _looked_at(e, start)
                if path in paths:       # programs differ in which of the two they show
                    raise Unread("zip", f"{visible(path, 80)} stands in this zip more than once", start)
                paths.add(path)
            texts = [e for e in entries if not e.is_dir() and e.filename.lower().endswith(_SUFFIXES)
                     and not e.filename.startswith("__MACOSX/")]
            if sum(e.file_size for e in texts) > 2 * limits.FILE_BYTES:
                raise Unread("zip", f"the texts of this zip hold more than {2 * limits.FILE_BYTES:,} bytes", start)
            held: dict[str, bytes] = {}
            for e in texts:
                with archive.open(e) as file:
                    held[inside(e.filename)] = file.read(limits.FILE_BYTES + 1)[: limits.FILE_BYTES + 1]
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError, EOFError,
            ValueError, zlib.error, struct.error) as error:
        raise Unread("zip", f"this is no zip that can be read: {visible(str(error), 120)}", start) from None
    return Memory(held)


def _looked_at(e: zipfile.ZipInfo, start: Place) -> str:
    """The path of an entry that may be read."""
    shown = visible(e.filename, 80)
    kind = stat.S_IFMT(e.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        what = "a link" if kind == stat.S_IFLNK else "no ordinary file"
        raise Unread("zip", f"{shown} in this zip is {what}", start, "put the file itself into the zip")
    if e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unread("zip", f"{shown} in this zip is compressed in a way that is not read", start,
                     "make the zip with an ordinary program")
    if e.flag_bits & 1:
        raise Unread("zip", f"{shown} in this zip is encrypted", start, "make the zip without a password")
    if ".." in e.filename.split("/"):
        raise Unread("zip", f"{shown} in this zip leads out of it", start, "zip the folder of the document")
    path = inside(e.filename.rstrip("/") or "/")
    if e.file_size > 1_000_000 and e.file_size > _RATIO * max(1, e.compress_size):
        raise Unread("zip", f"{shown} in this zip would unpack to {e.file_size:,} bytes", start)
    return path


def documents(files: Memory) -> list[str]:
    """The names of the documents in a zip, in order."""
    tex = [n for n in files.held if n.lower().endswith((".tex", ".ltx"))]
    mains = [n for n in tex if _CLASS.search(files.held[n])]
    if mains:
        return [min(mains, key=lambda n: (n.rpartition("/")[2] != "main.tex", n.count("/"), n))]
    read = {x for n in tex for x in _inputs(files.held[n])}
    out = [n for n in files.held if n.lower().endswith((".tex", ".ltx", ".md", ".markdown", ".ipynb"))
           and n not in read and n.removesuffix(".tex") not in read]
    return sorted(out, key=lambda n: (n.count("/"), n))


def _inputs(data: bytes) -> list[str]:
    return [m[1].decode("utf-8", "replace").strip() for m in
            re.finditer(rb"^[^%\n]*\\(?:input|include)\s*\{([^{}\n]*)\}", data, re.MULTILINE)]
