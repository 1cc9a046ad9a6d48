"""Zips that lead out, blow up, lie or are broken: builders, and what each comes to."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

GOOD = "\\documentclass{article}\\begin{document}\\section{Good}\\[ 1 + 1 = 2 \\]\\end{document}"


def made(*entries: tuple[str | zipfile.ZipInfo, str | bytes], how: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in entries:
            archive.writestr(name, content)
        archive.comment = comment
    return out.getvalue()


def beside(name: str | zipfile.ZipInfo, content: str | bytes = "x", how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A good document, and one entry more."""
    return made(("main.tex", GOOD), (name, content), how=how)


def of_kind(mode: int) -> bytes:
    info = zipfile.ZipInfo("a.tex")
    info.external_attr = mode << 16
    return beside(info, "/etc/passwd")


def patched(data: bytes, before: bytes, after: bytes, count: int = -1) -> bytes:
    assert before in data
    return data.replace(before, after, count)


def renamed(after: bytes) -> bytes:
    """An entry by a name that no program for zips would write."""
    return patched(beside("x" * len(after)), b"x" * len(after), after)


def with_field(offset: int, form: str, value: int) -> bytes:
    """A field of the first entry of the directory, overwritten."""
    data = bytearray(made(("main.tex", GOOD)))
    struct.pack_into(form, data, data.index(b"PK\1\2") + offset, value)
    return bytes(data)


def flagged(bit: int) -> bytes:
    data = bytearray(made(("main.tex", GOOD)))
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        struct.pack_into("<H", data, data.index(mark) + at, bit)
    return bytes(data)


def overlapping() -> bytes:
    """Many entries of the directory that all stand for one and the same content."""
    data = made(("a00.tex", b" " * 900_000))
    at, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    entry = data[at:end]
    directory = b"".join(entry.replace(b"a00", b"a%02d" % k) for k in range(60))
    tail = bytearray(data[end:])
    struct.pack_into("<HHI", tail, 8, 60, 60, len(directory))
    return data[:at] + directory + bytes(tail)


def lying(size: int) -> bytes:
    """Its directory says that a large content is small."""
    data = bytearray(made(("main.tex", GOOD + " " * 3_000_000)))
    for mark, at in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        struct.pack_into("<I", data, data.index(mark) + at, size)
    return bytes(data)


def within(times: int) -> bytes:
    data = made(("main.tex", GOOD))
    for _ in range(times):
        data = made(("inner.zip", data))
    return data


#: name -> (how to make it, the code, a word of the message); "" for one that is read.
ARCHIVES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "good": (lambda: made(("main.tex", GOOD)), "", ""),
    "up": (lambda: beside("../evil.tex"), "zip", "leads out"), "up-twice": (lambda: beside("a/../../evil.tex"), "zip", "leads out"),
    "up-within": (lambda: beside("a/../b.tex"), "zip", "leads out"), "absolute": (lambda: beside("/etc/evil.tex"), "input", "relative"),
    "drive": (lambda: beside("C:/evil.tex"), "input", "relative"), "backslashes": (lambda: renamed(b"..\\..\\evil.tex"), "input", "relative"),
    "network": (lambda: renamed(b"\\\\host\\share.tex"), "input", "relative"), "home": (lambda: beside("~/evil.tex"), "input", "relative"),
    "pipe-name": (lambda: beside("|id.tex"), "input", "relative"), "null-in-name": (lambda: renamed(b"evil\0x.tex"), "", ""),
    "escape-in-name": (lambda: beside("\x1b[2Jevil.tex"), "input", "U+001B"), "newline-in-name": (lambda: beside("a\n::error::b.tex"), "input", "::error::b.tex"),
    "long-name": (lambda: beside("x" * 60_000 + ".tex"), "", ""), "deep-name": (lambda: beside("x/" * 5_000 + "a.tex"), "", ""),
    "no-utf8-name": (lambda: renamed(b"\xff\xfe\xfd.tex"), "", ""), "empty-name": (lambda: with_field(28, "<H", 0), "zip", "no zip"),
    "dot-name": (lambda: beside("./."), "input", "outside"), "only-slash": (lambda: beside("/"), "input", "relative"),
    "twice": (lambda: patched(beside("twin.tex", "y"), b"twin.tex", b"main.tex"), "zip", "more than once"),
    "twice-by-dot": (lambda: beside("./main.tex"), "zip", "more than once"), "folder-of-name": (lambda: beside("main.tex/"), "zip", "more than once"),
    "link": (lambda: of_kind(0o120777), "zip", "a link"), "pipe": (lambda: of_kind(0o010644), "zip", "ordinary"),
    "device": (lambda: of_kind(0o020666), "zip", "ordinary"), "block-device": (lambda: of_kind(0o060666), "zip", "ordinary"),
    "socket": (lambda: of_kind(0o140755), "zip", "ordinary"), "setuid": (lambda: of_kind(0o104755), "", ""),
    "ratio": (lambda: beside("a.tex", b" " * 3_900_000), "zip", "unpack to"), "ratio-of-a-picture": (lambda: beside("a.png", b"\0" * 30_000_000), "zip", "unpack to"),
    "sum": (lambda: made(*((f"{k}.tex", b"xy" * 480_000 + bytes([65 + k])) for k in range(9))), "zip", "more than"),
    "entries": (lambda: made(*((f"{k}.tex", "x") for k in range(501)), how=0), "zip", "501 entries"),
    "directory-flood": (lambda: made(("main.tex", GOOD)) + b"PK\1\2" * 3_000, "zip", "entries"),
    "overlapping": (overlapping, "zip", "more than"), "within": (lambda: within(1), "zip", "no .tex"), "within-within": (lambda: within(40), "zip", "no .tex"),
    "lies-small": (lambda: lying(10), "zip", "no zip"), "lies-large": (lambda: with_field(24, "<I", 0xFFFFFFFE), "zip", "unpack to"),
    "checksum": (lambda: with_field(16, "<I", 12345), "zip", "CRC"), "encrypted": (lambda: flagged(1), "zip", "encrypted"),
    "strong-encryption": (lambda: flagged(0x41), "zip", "encrypted"), "patched-data": (lambda: flagged(0x20), "zip", "no zip"),
    "method": (lambda: with_field(10, "<H", 99), "zip", "compressed"), "bzip2": (lambda: beside("a.tex", b" " * 900_000, zipfile.ZIP_BZIP2), "zip", "compressed"),
    "lzma": (lambda: beside("a.tex", b" " * 900_000, zipfile.ZIP_LZMA), "zip", "compressed"), "offset": (lambda: with_field(42, "<I", 10_000), "zip", "no zip"),
    "offset-negative": (lambda: with_field(42, "<I", 0x7FFFFFFF), "zip", "no zip"), "version": (lambda: with_field(6, "<H", 200), "zip", "no zip"),
    "name-length": (lambda: with_field(28, "<H", 60_000), "", ""), "truncated": (lambda: made(("main.tex", GOOD))[:-30], "zip", "no zip"),
    "cut-data": (lambda: made(("main.tex", GOOD))[40:], "zip", "no zip"),
    "corrupt": (lambda: made(("main.tex", GOOD))[:38] + b"$" + made(("main.tex", GOOD))[39:], "zip", "no zip"),
    "empty": (lambda: made(), "zip", "no .tex"), "no-bytes": (lambda: b"", "zip", "no zip"), "no-zip": (lambda: b"\x1f\x8b" * 500, "zip", "no zip"),
    "only-end": (lambda: b"PK\5\6" + b"\0" * 18, "zip", "no .tex"), "program-before": (lambda: b"MZ" * 500 + made(("main.tex", GOOD)), "", ""),
    "comment": (lambda: made(("main.tex", GOOD), comment=b"\x1b[2J" * 9_000), "", ""), "pictures-only": (lambda: made(("a.png", "x")), "zip", "no .tex"),
    "resource-forks": (lambda: beside("__MACOSX/._main.tex", "\0" * 50), "", ""), "python": (lambda: beside("setup.py", "import os"), "", ""),
    "pdf-inside": (lambda: made(("a.tex", b"%PDF-1.7")), "not-text", "PDF"), "utf16-inside": (lambda: made(("a.tex", GOOD.encode("utf-16"))), "encoding", "UTF-16"),
    "bomb-notebook": (lambda: made(("a.ipynb", "[" * 200_000)), "not-text", "JSON"),
    "input-loop": (lambda: made(("main.tex", GOOD + r"\input{a}"), ("a.tex", r"\input{b}"), ("b.tex", r"\input{a}")), "", ""),
    "inputs-double": (lambda: made(("main.tex", GOOD.replace(r"\section", r"\input{f0}\section")), *((f"f{k}.tex", rf"\input{{f{k + 1}}}\input{{f{k + 1}}}") for k in range(30))), "input", ""),
    "input-up": (lambda: made(("main.tex", GOOD.replace(r"\section", r"\input{../../etc/passwd}\section"))), "input", "outside"),
    "input-absolute": (lambda: made(("main.tex", GOOD.replace(r"\section", r"\input{/etc/passwd}\section"))), "input", "relative"),
    "style-file": (lambda: made(("main.tex", GOOD.replace(r"\begin{d", r"\usepackage{x}\begin{d")), ("x.sty", r"\def\x{\x}" * 3_000)), "", ""),
    "notation-bomb": (lambda: made(("a.md", "---\ncourse: n.notation\n---\n# Good\n$$ 1 + 1 = 2 $$\n"), ("n.notation", "x: real\n" * 9_000)), "notation-twice", "twice"),
}
