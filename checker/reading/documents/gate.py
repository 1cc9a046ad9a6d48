"""Bytes to text.  What is wrong at one place is left in the text, marked, so that only that place is refused.

A file is text in UTF-8 (with or without a byte order mark), or says in its preamble that it is in
Latin-1.  Of a byte that is not UTF-8 its code is kept as a lone surrogate (U+DC80 to U+DCFF, as
``surrogateescape`` does); the tokenizer and the builder refuse the formula or sentence that holds it,
by name, as they do null bytes, direction marks and letters that look like others.
"""

from __future__ import annotations

import re

from ..latex import limits
from ..latex.source import Place, Unread

_KINDS = (
    (b"%PDF", "a PDF", "hand in the .tex or .md file it was made from; a PDF is for a person to read"),
    (b"PK\x03\x04", "a zip archive", "name it with the suffix .zip"),
    (b"\xd0\xcf\x11\xe0", "a Word document", "export it as text or LaTeX"),
    (b"\x89PNG", "a picture", "type the solution; a picture is for a person to read"),
    (b"\xff\xd8\xff", "a picture", "type the solution; a picture is for a person to read"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
)
_OTHER_UNICODE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_LATIN = re.compile(rb"^[^%\n]*\\usepackage\[(latin1|latin9|ansinew|cp1252)\]\{inputenc\}", re.MULTILINE)
_NOT_TEXT = re.compile("[\0\udc80-\udcff]")
_CODECS = {b"latin1": "cp1252", b"ansinew": "cp1252", b"cp1252": "cp1252", b"latin9": "iso8859-15"}


def text_of(data: bytes) -> str:
    """The text of a file, its lines ended by ``\\n``.  Raises ``Unread`` if it is no text at all."""
    start = Place(1, 1)
    if len(data) > limits.FILE_BYTES:
        raise Unread("too-large", f"this file has {len(data):,} bytes; {limits.FILE_BYTES:,} are read", start,
                     "hand in the text only")
    for magic, what, hint in _KINDS:
        if data.startswith(magic):
            raise Unread("not-text", f"this is {what}, not a text", start, hint)
    if data.startswith(_OTHER_UNICODE):
        raise Unread("encoding", "this file is in UTF-16 or UTF-32", start, "save it as UTF-8")
    declared = _LATIN.search(data[:20_000])
    if declared is not None:
        text = data.decode(_CODECS[declared[1]], errors="replace")
    else:
        text = data.decode("utf-8", errors="surrogateescape")
        bad = len(_NOT_TEXT.findall(text))
        if bad > 20 and bad * 20 > len(text):
            raise Unread("not-text", f"this file is no text in UTF-8: {bad:,} of its characters are not", start,
                         "save it as UTF-8")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") >= limits.FILE_LINES:
        raise Unread("too-large", f"this file has {text.count(chr(10)):,} lines; {limits.FILE_LINES:,} are read", start,
                     "hand in the text only")
    return text
